"""``close``: nothing more is to be done about a case, or about several for the same reason."""

from __future__ import annotations

import argparse
import sys

from moderation.cases import CloseReason, IllegalMove
from workers.acting import acting_arguments, acting_on
from workers.shell import reason

HELP = "Close one case or several, with the reason that the report will show."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    acting_arguments(parser, several=True)
    parser.add_argument(
        "--reason",
        required=True,
        choices=[str(reason) for reason in CloseReason],
        help="why it can be closed",
    )
    parser.add_argument("--detail", type=reason, default="", help="more about it, for the case's history")


def run(args: argparse.Namespace) -> int:
    """Close every case that can be closed; 1 if one of them could not."""
    from moderation.acts import close

    refused = False
    with acting_on(args, args.cases) as (ports, cases, person):
        for reference, case in zip(args.cases, cases, strict=True):
            try:
                close(ports, case, person.name, CloseReason(args.reason), args.detail)
            except IllegalMove as reason:
                refused = True
                print(f"Case {reference}: {reason}.", file=sys.stderr)
            else:
                print(f"Case {reference} is closed.", file=sys.stderr)
    return int(refused)
