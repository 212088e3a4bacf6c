"""``accounts``: the register, whether each account is being read, and connecting them to their platforms."""

from __future__ import annotations

import argparse
from pathlib import Path

from workers.shell import Trouble, desk_for, listing_arguments, person_from, reading, settings_from, show

HELP = "List the accounts of the register and whether each is being read; connect one to its platform."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        HELP + " `accounts show NAME` says what works on its platform, what does not, and what a person does "
        "instead. `accounts connect NAME` signs an account in, without a browser on this computer, and keeps "
        "its token encrypted; `accounts disconnect NAME` ends and deletes it; `accounts reseal` encrypts all "
        "tokens again with the first key of the key file."
    )
    listing_arguments(parser)
    parser.add_argument(
        "what", nargs="?", choices=["show", "connect", "disconnect", "reseal"], help="left out: the listing"
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="the account, by its short name")
    parser.add_argument("--as", dest="person", metavar="PERSON", help="connect: your short name")
    parser.add_argument(
        "--answers",
        type=Path,
        metavar="FILE",
        help="connect: a TOML file (mode 600) with answers that are then not asked for",
    )


def run(args: argparse.Namespace) -> int:
    """Print the listing (1 when an account cannot be read), or connect or disconnect an account."""
    if args.what == "reseal":
        return _reseal(args)
    if args.what is not None:
        if args.name is None:
            raise Trouble(f"say which account: accounts {args.what} NAME")
        return {"show": _show, "connect": _connect, "disconnect": _disconnect}[args.what](args)
    from store import listings

    with reading(args) as connection:
        rows = listings.accounts(connection)
    show(rows[: args.limit], as_json=args.json, title="accounts")
    return 1 if any(row["not_read_since"] for row in rows) else 0


def _show(args: argparse.Namespace) -> int:
    """Print what works on one account's platform; what does not has a reason and a way by hand."""
    from connectors.base import ConnectorError
    from moderation.items import AccountName
    from workers.bootstrap import connector_without_token

    settings = settings_from(args)
    try:
        connector = connector_without_token(settings, AccountName(args.name))
    except KeyError:
        raise Trouble(f"there is no account {args.name!r}: see 'accounts'") from None
    except ConnectorError as error:
        raise Trouble(str(error)) from None
    rows = [
        {
            "what": str(capability).replace("_", " "),
            "works": "yes" if missing is None else "partly" if missing.partly else "no",
            "because": "" if missing is None else missing.reason,
            "instead": "" if missing is None else missing.manual_way,
        }
        for capability, missing in connector.capabilities().items()
    ]
    left_out = settings.account(args.name).leave_out
    read = ", ".join(stream for stream in connector.streams() if stream not in left_out) or "nothing"
    show(rows, as_json=args.json, title=f"{args.name} on {connector.platform}; read are: {read}")
    return 0


def _connect(args: argparse.Namespace) -> int:
    from workers.connecting import Asking, answers_from, connect

    settings = settings_from(args)
    by = "shell" if args.person is None else person_from(settings, args.person).name
    asking = Asking(answers_from(args.answers) if args.answers is not None else {})
    with desk_for(args, works=False) as desk:
        for sentence in connect(desk, settings, args.name, by, asking):
            print(sentence)
    return 0


def _disconnect(args: argparse.Namespace) -> int:
    from workers.connecting import disconnect

    settings = settings_from(args)
    with desk_for(args, works=False) as desk:
        for sentence in disconnect(desk, settings, args.name):
            print(sentence)
    return 0


def _reseal(args: argparse.Namespace) -> int:
    from connectors.base import ConnectorError
    from workers.connecting import stored_tokens

    with desk_for(args, works=False) as desk:
        try:
            count = stored_tokens(desk).reseal()
        except ConnectorError as error:
            raise Trouble(str(error), exit_code=1) from None
    print(f"{count} stored tokens are sealed with the first key of the key file.")
    return 0
