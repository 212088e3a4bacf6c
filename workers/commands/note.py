"""``note``: a person's note in a case's history, or the leadership's reason why a late answer is excused."""

from __future__ import annotations

import argparse
import sys

from workers.acting import acting, acting_arguments
from workers.shell import Trouble, reason

HELP = "Add a note to the history of a case."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    acting_arguments(parser)
    parser.add_argument("words", type=reason, help="the note")
    parser.add_argument(
        "--excuses",
        action="store_true",
        help="the note says why a late answer could not be helped; the report shows it beside the lateness "
        "(for the leadership team)",
    )


def run(args: argparse.Namespace) -> int:
    """Write the note."""
    from moderation.acts import EXCUSERS, excuse, note

    with acting(args) as (ports, case, person):
        if not args.excuses:
            note(ports, case, person.name, args.words)
        elif EXCUSERS.isdisjoint(person.roles):
            raise Trouble("a late answer is excused by the leadership team: slt, headteacher or governors")
        else:
            excuse(ports, case, person.name, args.words)
    print("Noted.", file=sys.stderr)
    return 0
