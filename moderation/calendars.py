"""Which term calendar a school's clocks run by: the last good one, until a better one is taken in.

A calendar that lost much of what it held may be a mistake of whoever edits it. It waits for a person: a
closure that vanishes by accident makes messages late, and one that stays by accident is seen by everybody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from moderation.alerting import plan_for_role
from moderation.alerts import AlertStep, Role, Topic
from moderation.cases import CaseId
from moderation.ports import Ports, School, Unit
from moderation.promises import BATCH, running_clock
from moderation.stored_calendar import CalendarState, StoredCalendar
from moderation.tasks import TaskKind
from sla.calendar import SchoolCalendar, calendar_for
from sla.figures import Week
from sla.redating import Redating, redated
from sla.term_dates import FindingKind, TermDates, check_calendar, shrinks


class Verdict(StrEnum):
    """What became of a calendar that was read."""

    UNCHANGED = "unchanged"
    IN_FORCE = "in_force"
    WAITING = "waiting"


class NothingWaits(Exception):
    """There is no calendar that waits for a decision."""


def calendar_of(nation: str, dates: TermDates) -> SchoolCalendar:
    """Return the days on which a school works, by its nation's bank holidays and its own term dates."""
    return calendar_for(nation, dates.closures, dates.cover_days)


def take_in(ports: Ports, unit: Unit, school: School, dates: TermDates) -> Verdict:
    """Put term dates in force that were just read, unless they lost so much that a person has to look.

    Taking in the same dates again changes nothing. Where the calendar changes, the school's running clocks
    are counted again. What is wrong with it is told to the network manager.
    """
    version = calendar_of(school.nation, dates).version
    verdict = _settle(ports, unit, school, dates, version)
    today = ports.now().astimezone(school.target.zone).date()
    if verdict is Verdict.WAITING:
        tell(ports, unit, school.id, "shrunk", version)
    elif not dates.closures:
        tell(ports, unit, school.id, "empty", version)
    if verdict is Verdict.IN_FORCE and _is_long_closed(school, dates, today):
        tell(ports, unit, school.id, "long", version)
    if dates.rejected:
        tell(ports, unit, school.id, "rejected", version)
    return verdict


def _settle(ports: Ports, unit: Unit, school: School, dates: TermDates, version: str) -> Verdict:
    now = ports.now()
    current = unit.calendars.one(school.id, CalendarState.IN_FORCE)
    waiting = unit.calendars.one(school.id, CalendarState.WAITING)
    if current is not None and (current.version, current.dates.as_json()) == (version, dates.as_json()):
        unit.calendars.retire(school.id, CalendarState.WAITING)
        return Verdict.UNCHANGED
    today = now.astimezone(school.target.zone).date()
    if current is not None and shrinks(current.dates, dates, today):
        if waiting is None or waiting.version != version:
            unit.calendars.retire(school.id, CalendarState.WAITING)
            unit.calendars.add(school.id, version, dates, CalendarState.WAITING, now)
        return Verdict.WAITING
    unit.calendars.retire(school.id, CalendarState.WAITING)
    unit.calendars.retire(school.id, CalendarState.IN_FORCE)
    unit.calendars.add(school.id, version, dates, CalendarState.IN_FORCE, now)
    unit.tasks.hurry(TaskKind.REDATE_CLOCKS, [school.id], now)
    return Verdict.IN_FORCE


def _is_long_closed(school: School, dates: TermDates, today: date) -> bool:
    """Say whether a closure that is not over yet is so long that its year may be mistyped."""
    covered = dates.with_cover_days(dict.fromkeys(school.target.extra_working, "cover day"))
    found = check_calendar(covered, school.nation, today)
    return any(each.kind is FindingKind.LONG_CLOSURE and each.days[-1] >= today for each in found)


def accept(ports: Ports, school: str, by: str) -> StoredCalendar:
    """Put the waiting calendar of ``school`` in force by the decision of ``by``.

    Raises:
        NothingWaits: there is none; perhaps somebody was quicker.
    """
    now = ports.now()
    with ports.store.begin() as unit:
        waiting = unit.calendars.one(school, CalendarState.WAITING)
        if waiting is None:
            raise NothingWaits(f"no calendar of {school} waits for a decision")
        unit.calendars.retire(school, CalendarState.IN_FORCE)
        unit.calendars.put_in_force(waiting.id, by, now)
        unit.tasks.hurry(TaskKind.REDATE_CLOCKS, [school], now)
        return waiting


def tell_not_read(ports: Ports, unit: Unit, school: str, reason: str) -> None:
    """Tell that a school's calendar could not be read: no_calendar, unreadable or unexpected.

    Where none has ever been in force, that is worse than any of these, and it is what is told.
    """
    known = unit.calendars.one(school, CalendarState.IN_FORCE) is not None
    tell(ports, unit, school, reason if known else "never_read")


def tell(ports: Ports, unit: Unit, school: str, reason: str, version: str = "") -> None:
    """Tell the network manager that a school's calendar needs a person.

    It is told once a week for each reason and ``version``, not at every reading: it may last, and it may
    come again months later. ``reason`` is one of the stable words that the wording knows: shrunk, empty,
    long, rejected, no_calendar, unreadable, unexpected, never_read, no_deadline.
    """
    occasion = f"{reason}:{version}@{Week.of(ports.now()).name}"
    topic = Topic("calendar", school, AlertStep.CALENDAR, occasion)
    plan_for_role(ports, unit, school, Role.NETWORK_MANAGER, topic)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a calendar would do: these running clocks would move. What is late or has ended never does."""

    moved: tuple[Redating, ...]
    unmoved: int


def preview(ports: Ports, school: School, dates: TermDates) -> Preview:
    """Return which of the school's running clocks would get another due time by these term dates."""
    then = replace(school, calendar=calendar_of(school.nation, dates))
    now = ports.now()
    found: list[Redating] = []
    looked_at = 0
    after = CaseId(0)
    while True:
        with ports.store.begin() as unit:
            clocks = unit.cases.counted_otherwise(then, now, after, BATCH)
        running = (running_clock(clock, seen) for clock, seen in clocks)
        found += [each for each in redated(running, then.target, then.calendar, now) if each.moves]
        looked_at += len(clocks)
        if len(clocks) < BATCH:
            return Preview(tuple(found), looked_at - len(found))
        after = clocks[-1][0].case
