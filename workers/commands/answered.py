"""``answered``: an answer was given where no connector can see it."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from workers.acting import acting, acting_arguments, moment

HELP = "Record an answer that was given elsewhere, for example on the phone: the clock stops."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    acting_arguments(parser)
    parser.add_argument("--how", required=True, help="how it was answered, for example 'phone call'")
    parser.add_argument(
        "--for-all",
        action="store_true",
        help="it answered everybody who was waiting under the same post or in the same conversation",
    )
    parser.add_argument("--at", type=moment, help="when, as ISO 8601 with an offset; left out: now")


def run(args: argparse.Namespace) -> int:
    """Record the answer."""
    from moderation.acts import answered, answered_for_all

    at: datetime | None = args.at
    with acting(args) as (ports, case, person):
        if args.for_all:
            result = answered_for_all(ports, case, person.name, args.how, at)
            done, left = result.answered, result.left
        else:
            done, left = (answered(ports, case, person.name, args.how, at),), ()
    for each in done:
        print(
            f"Case {each.reference} is recorded as answered elsewhere; the report shows it apart.",
            file=sys.stderr,
        )
    for each in left:
        print(f"Case {each.reference} is left open: it needs an answer of its own.", file=sys.stderr)
    return 0
