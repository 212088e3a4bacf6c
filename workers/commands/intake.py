"""``intake``: bring in by hand what no connector reads: pasted words, a link, a forwarded email."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from workers.acting import moment
from workers.shell import Trouble, desk_for, person_from, settings_from

HELP = "Bring in what no program reads: pasted words, a link, a forwarded email."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("account", help="the account that it belongs to, as the settings name it")
    parser.add_argument("--as", dest="person", required=True, metavar="PERSON", help="your short name")
    words = parser.add_mutually_exclusive_group()
    words.add_argument("--text", metavar="FILE", help="a text file with the words; - reads what you paste")
    words.add_argument("--email", metavar="FILE", type=Path, help="an email saved as an .eml file")
    parser.add_argument("--link", default="", help="where it stands")
    parser.add_argument("--by", default="", metavar="NAME", help="who wrote it, as the place shows the name")
    parser.add_argument("--at", type=moment, help="when it was written; without it the clock starts now")
    parser.add_argument("--private", action="store_true", help="it was a private message")


def run(args: argparse.Namespace) -> int:
    """Take it in; 0 when it is stored, whether new or known."""
    from moderation.by_hand import BroughtIn, NotUsable, bring_in
    from moderation.items import AccountName

    person = person_from(settings_from(args), args.person)
    words, author, written_at = _words(args)
    with desk_for(args, works=False) as desk:
        account = desk.ports.accounts.get(AccountName(args.account))
        if account is None:
            raise Trouble(f"there is no account {args.account!r}: see 'accounts'")
        if account.school not in person.schools:
            raise Trouble(f"{person.name} has no role at that school")
        at = args.at.astimezone(UTC) if args.at else written_at
        brought = BroughtIn(words, args.by or author, args.link, at, private=args.private)
        try:
            new = bring_in(desk.ports, account.name, brought)
        except NotUsable as refused:
            raise Trouble(f"It cannot be taken in: {refused}.", exit_code=1) from None
    done = "Taken in: it is scored and gets its clock next." if new else "That was brought in before."
    print(done, file=sys.stderr)
    return 0


def _words(args: argparse.Namespace) -> tuple[str, str, datetime | None]:
    from workers.forwarded import NoEmail, read_email

    if args.email is not None:
        try:
            read = read_email(args.email.read_bytes())
        except OSError as error:
            raise Trouble(f"the email file cannot be read ({type(error).__name__})") from None
        except NoEmail as refused:
            raise Trouble(str(refused)) from None
        return read.words, read.sender, read.sent_at
    if args.text == "-":
        return sys.stdin.read(), "", None
    if args.text is None:
        return "", "", None
    try:
        return Path(args.text).read_text(encoding="utf-8-sig"), "", None
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"the text file cannot be read ({type(error).__name__})") from None
