"""``note``: a person's note in a case's history."""

from __future__ import annotations

import argparse
import sys

from workers.acting import acting, acting_arguments

HELP = "Add a note to the history of a case."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    acting_arguments(parser)
    parser.add_argument("words", help="the note")


def run(args: argparse.Namespace) -> int:
    """Write the note."""
    from moderation.acts import note

    with acting(args) as (ports, case, person):
        note(ports, case, person.name, args.words)
    print("Noted.", file=sys.stderr)
    return 0
