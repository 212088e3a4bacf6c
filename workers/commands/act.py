"""``act``: reply, hide, delete, block or report on the platform, because a person says so."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from moderation.actions import ActionKind
from workers.acting import acting, acting_arguments
from workers.shell import Trouble, person_from, settings_from

HELP = "Act on the platform: reply, hide, unhide, delete, block, unblock or report."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    acting_arguments(parser)
    parser.add_argument("kind", choices=[str(kind) for kind in ActionKind], help="what is to be done")
    parser.add_argument("--item", type=int, help="the item; without it the one that opened the case")
    parser.add_argument(
        "--words", metavar="FILE", help="a file with the words of a reply; - reads what you type"
    )
    parser.add_argument("--why", default="", help="the reason, kept with the case; a reply needs none")
    parser.add_argument(
        "--approved-by", metavar="PERSON", help="who else agreed: needed to delete and to block"
    )


def run(args: argparse.Namespace) -> int:
    """Write the order down; it is carried out by whoever runs the workers."""
    from moderation.actions import Order
    from moderation.items import ItemId
    from moderation.orders import NotAllowed, place

    settings = settings_from(args)
    second = person_from(settings, args.approved_by) if args.approved_by else None
    words = _words(args.words)
    with acting(args) as (ports, case, person):
        with ports.store.begin() as unit:
            read = unit.cases.get(case)
            item = ItemId(args.item) if args.item is not None else read.opening_item
        _refuse_what_is_not_offered(settings, read.account, args.kind)
        order = Order(ActionKind(args.kind), item, words, args.why)
        try:
            number = place(ports, case, order, person, second)
        except NotAllowed as refused:
            raise Trouble(f"Case {args.case}: {refused}.", exit_code=1) from None
    print(f"Order {number} is written down; 'cases {args.case}' shows what became of it.", file=sys.stderr)
    return 0


def _words(name: str | None) -> str:
    if name is None:
        return ""
    if name == "-":
        return sys.stdin.read().strip()
    try:
        return Path(name).read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"the file with the words cannot be read ({type(error).__name__})") from None


def _refuse_what_is_not_offered(settings: object, account: str, kind: str) -> None:
    """Say at once, with the way by hand, what the account's platform does not offer at all."""
    from config.settings import Settings
    from connectors.base import Capability, ConnectorError
    from moderation.items import AccountName
    from workers.bootstrap import connector_without_token

    assert isinstance(settings, Settings)  # noqa: S101 - the type is imported only when the command runs
    try:
        missing = connector_without_token(settings, AccountName(account)).capabilities()[Capability(kind)]
    except (ConnectorError, KeyError):
        return  # the order itself will say what is wrong
    if missing is not None and not missing.partly:
        raise Trouble(f"{missing.reason} {missing.manual_way}", exit_code=1)
    if missing is not None:
        print(f"Note: {missing.reason} {missing.manual_way}", file=sys.stderr)
