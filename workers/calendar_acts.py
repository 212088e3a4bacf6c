"""What a person does about a school's term calendar: what it would change, accepting it, what there was."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moderation.calendars import NothingWaits
from moderation.calendars import accept as accepted
from moderation.calendars import preview as previewed
from moderation.cases import CaseId
from moderation.stored_calendar import CalendarState
from sla.term_dates import TermDates
from workers.desk import Desk
from workers.shell import Trouble, desk_for, person_from, settings_from


@dataclass(frozen=True, slots=True)
class Told:
    """What an act has to show: a listing with its title, a sentence, and the exit code."""

    rows: Sequence[Mapping[str, Any]] = ()
    title: str = ""
    sentence: str = ""
    code: int = 0


def preview(args: argparse.Namespace, dates: TermDates | None) -> Told:
    """Return which running clocks term dates would move: those of a file, or else the ones that wait."""
    with desk_for(args, works=False) as desk:
        school = desk.schools[_school(desk, args.school)]
        found = previewed(desk.ports, school, dates or _waiting(desk, school.id))
        with desk.store.begin() as unit:
            names = {each.clock.key: unit.cases.get(CaseId(each.clock.key)).reference for each in found.moved}
    rows = [
        {
            "case": names[each.clock.key],
            "due": each.clock.due,
            "would_be_due": each.due,
            "why": each.why,
        }
        for each in found.moved
    ]
    sentence = (
        f"It would move {len(rows)} of {len(rows) + found.unmoved} answers that are open and not yet due. "
        "What is late, answered or closed stays as it is."
    )
    return Told(rows, "answers with another due time", sentence)


def _waiting(desk: Desk, school: str) -> TermDates:
    with desk.store.begin() as unit:
        waiting = unit.calendars.one(school, CalendarState.WAITING)
    if waiting is None:
        raise Trouble(f"no calendar of {school} waits for a decision: name a file to preview it", exit_code=1)
    return waiting.dates


def accept(args: argparse.Namespace) -> Told:
    """Put the calendar that waits in force.

    Raises:
        Trouble: who accepts it is not named or has no role there (2), or no calendar waits (1).
    """
    if args.person is None:
        raise Trouble("say who accepts it: --as PERSON")
    person = person_from(settings_from(args), args.person)
    with desk_for(args, works=False) as desk:
        school = _school(desk, args.school)
        if school not in person.schools:
            raise Trouble(f"{person.name} has no role at that school")
        try:
            calendar = accepted(desk.ports, school, person.name)
        except NothingWaits as none:
            raise Trouble(f"{none}", exit_code=1) from None
    return Told(
        sentence=f"Calendar {calendar.version} is in force. While socialduty runs, open answers are counted "
        "again within a minute."
    )


def versions(args: argparse.Namespace) -> Told:
    """Return the calendars that the schools have had, newest first; 1 when one waits for a decision."""
    with desk_for(args, works=False) as desk:
        schools = [_school(desk, args.school)] if args.school else sorted(desk.schools)
        rows = [row for school in schools for row in _versions_of(desk, school)]
    waits = any(row["state"] == CalendarState.WAITING for row in rows)
    return Told(rows, "calendars", "A calendar waits for a decision." if waits else "", int(waits))


def _versions_of(desk: Desk, school: str) -> Iterator[dict[str, Any]]:
    with desk.store.begin() as unit:
        stored = unit.calendars.all_of(school)
    for each in stored:
        yield {
            "school": school,
            "version": each.version,
            "state": str(each.state),
            "read": each.read_at,
            "closed_days": len(each.dates.closures),
            "staff_days": len(each.dates.staff_days),
            "known_until": None if each.dates.last_day is None else each.dates.last_day.isoformat(),
            "accepted_by": each.decided_by,
            "accepted": each.decided_at,
        }


def _school(desk: Desk, named: str | None) -> str:
    """Return the school that is meant. Raises Trouble when that is not clear."""
    known = sorted(desk.schools)
    if named is None and len(known) == 1:
        return known[0]
    if named not in known:
        raise Trouble(f"say which school with --school: {', '.join(known)}")
    return named
