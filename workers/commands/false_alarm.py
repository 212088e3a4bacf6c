"""``false-alarm``: what was told of a case was wrong; nobody is told any more."""

from __future__ import annotations

import argparse
import sys

from workers.acting import acting, acting_arguments
from workers.shell import Trouble, reason

HELP = "Say that an alarm was none, with the reason: nobody is told any more, and scoring learns from it."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    acting_arguments(parser)
    parser.add_argument("--why", type=reason, required=True, help="why it was no alarm")


def run(args: argparse.Namespace) -> int:
    """Record it; 1 when no alarm was raised about it, or it is not that person's to say."""
    from moderation.cases import CaseState
    from moderation.false_alarms import false_alarm
    from moderation.feedback import MayNotJudge
    from moderation.judgements import NotFitting

    if not args.why.strip():
        raise Trouble("say with --why why it was no alarm")
    with acting(args) as (ports, case, person):
        try:
            known = false_alarm(ports, case, person, args.why)
        except (MayNotJudge, NotFitting) as refused:
            raise Trouble(f"Case {args.case}: {refused}.", exit_code=1) from None
    print(
        f"Case {known.reference} is recorded as a false alarm; nobody is told of it any more.",
        file=sys.stderr,
    )
    if known.state is not CaseState.CLOSED:
        print("A reply is still owed: the clock keeps running.", file=sys.stderr)
    return 0
