"""What the commands by which a moderator acts on a case share."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime

from moderation.alerts import Person
from moderation.cases import CaseId, IllegalMove
from moderation.ports import Ports
from workers.shell import Trouble, case_from, desk_for, person_from, settings_from


def acting_arguments(parser: argparse.ArgumentParser, *, several: bool = False) -> None:
    """Add which case (or cases), and who acts."""
    if several:
        parser.add_argument("cases", nargs="+", metavar="case", help="the cases, for example 2026-0443")
    else:
        parser.add_argument("case", help="the case, for example 2026-0443")
    parser.add_argument("--as", dest="person", required=True, metavar="PERSON", help="your short name")
    parser.add_argument("--school", help="the school, where several have a case of that number")


@contextlib.contextmanager
def acting(args: argparse.Namespace) -> Iterator[tuple[Ports, CaseId, Person]]:
    """Open what an act needs: the ports, the case and the person who acts.

    Raises:
        Trouble: the person or case is unknown (2), or the case is past that act (1).
    """
    with acting_on(args, [args.case]) as (ports, cases, person):
        try:
            yield ports, cases[0], person
        except IllegalMove as refused:
            raise Trouble(f"Case {args.case}: {refused}.", exit_code=1) from None


@contextlib.contextmanager
def acting_on(
    args: argparse.Namespace, references: Sequence[str]
) -> Iterator[tuple[Ports, list[CaseId], Person]]:
    """Open what an act on several cases needs; either all of them are known, or nothing is begun.

    Raises:
        Trouble: the person or a case is unknown (2).
    """
    person = person_from(settings_from(args), args.person)
    with desk_for(args, works=False) as desk:
        with desk.store.begin() as unit:
            cases = [case_from(unit.connection, reference, args.school) for reference in references]
            schools = {unit.cases.get(case).school for case in cases}
        if not schools <= person.schools:
            raise Trouble(f"{person.name} has no role at that school")
        yield desk.ports, cases, person


def moment(words: str) -> datetime:
    """Return a time given on the command line; it has to say its offset."""
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError("write it like 2026-11-18T15:30:00+00:00") from None
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError("add the offset, like 2026-11-18T15:30:00+00:00")
    return at
