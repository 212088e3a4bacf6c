"""``give-back``: nobody has the case any more."""

from __future__ import annotations

import argparse
import sys

from workers.acting import acting, acting_arguments
from workers.shell import reason

HELP = "Give a case back that somebody has taken: what climbed until then climbs on."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    acting_arguments(parser)
    parser.add_argument("--why", type=reason, default="", help="why, for the history of the case")


def run(args: argparse.Namespace) -> int:
    """Give the case back."""
    from moderation.acts import give_back

    with acting(args) as (ports, case, person):
        given = give_back(ports, case, person.name, args.why)
    print(f"Nobody has case {given.reference} any more: people are told of it again.", file=sys.stderr)
    return 0
