"""``messages``: the private messages of one case. Every look is written into the case's history."""

from __future__ import annotations

import argparse

from workers.acting import acting, acting_arguments
from workers.shell import Trouble, show

HELP = "Read the private messages of a case; the look is written into its history."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    acting_arguments(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(args: argparse.Namespace) -> int:
    """Print the conversation, oldest first."""
    from moderation.private import NotForYou, read_messages

    with acting(args) as (ports, case, person):
        try:
            talk = read_messages(ports, case, person)
        except NotForYou as refused:
            raise Trouble(f"Case {args.case}: {refused}.", exit_code=1) from None
    rows = [
        {
            "item": each.id,
            "received": each.received_at,
            "from": "the school" if each.is_own else each.author.name,
            "text": each.text,
        }
        for each in talk
    ]
    show(rows, as_json=args.json, title=f"private messages of case {args.case}")
    return 0
