"""``take``: somebody is on it."""

from __future__ import annotations

import argparse
import sys

from workers.acting import acting, acting_arguments

HELP = "Take a case: you are on it. Escalation stops; the policy clock keeps running."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    acting_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Take the case."""
    from moderation.acts import take

    with acting(args) as (ports, case, person):
        taken = take(ports, case, person.name)
    print(
        f"Case {taken.reference} is yours. A reply is still owed: the clock keeps running.", file=sys.stderr
    )
    return 0
