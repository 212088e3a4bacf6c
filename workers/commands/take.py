"""``take``: somebody is on it."""

from __future__ import annotations

import argparse
import sys

from moderation.alerts import Person
from moderation.cases import Case, IllegalMove
from moderation.ports import Ports
from workers.acting import acting, acting_arguments
from workers.shell import Trouble

HELP = "Take a case: you are on it. Escalation stops; the policy clock keeps running."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    acting_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Take the case; 1 when somebody has it, or when it is about the person who asks."""
    from moderation.acts import take
    from moderation.cases import CaseState

    with acting(args) as (ports, case, person):
        with ports.store.begin() as unit:
            known = unit.cases.get(case)
        try:
            taken = take(ports, case, person.name)
        except IllegalMove:
            if known.state is CaseState.TAKEN and known.taken_by:
                raise Trouble(_who_has_it(ports, known, person), exit_code=1) from None
            raise
    print(f"Case {taken.reference} is yours. The policy clock keeps running.", file=sys.stderr)
    return 0


def _who_has_it(ports: Ports, case: Case, person: Person) -> str:
    taker = ports.people.get(case.taken_by or "")
    who = "You have" if case.taken_by == person.name else f"{taker.full_name if taker else case.taken_by} has"
    return f"{who} case {case.reference} already."
