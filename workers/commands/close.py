"""``close``: nothing more is to be done about a case."""

from __future__ import annotations

import argparse
import sys

from moderation.cases import CloseReason
from workers.acting import acting, acting_arguments

HELP = "Close a case, with the reason that the report will show."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    acting_arguments(parser)
    parser.add_argument(
        "--reason",
        required=True,
        choices=[str(reason) for reason in CloseReason],
        help="why it can be closed",
    )
    parser.add_argument("--detail", default="", help="more about it, for the case's history")


def run(args: argparse.Namespace) -> int:
    """Close the case."""
    from moderation.acts import close

    with acting(args) as (ports, case, person):
        closed = close(ports, case, person.name, CloseReason(args.reason), args.detail)
    print(f"Case {closed.reference} is closed.", file=sys.stderr)
    return 0
