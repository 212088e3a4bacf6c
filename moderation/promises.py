"""A case's clock: counted when it starts, and again when the rule or the calendar changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from moderation.cases import Act, CaseEvent, CaseId, Clock
from moderation.items import StoredItem
from moderation.ports import Ports, School, Unit, system_event
from moderation.tasks import Claim, TaskKind
from sla.calendar import NoDeadlineError
from sla.promise import Promise, promise
from sla.redating import RunningClock, redated

BATCH = 500
"""Clocks that are counted again in one transaction."""

LOOK_AGAIN = timedelta(hours=1)
"""A clock that another host started by an older calendar is noticed after this time at the latest."""


def clock_for(case: CaseId, opener: StoredItem, received: datetime, school: School) -> Clock:
    """Return the clock of a duty that ``opener`` began.

    Where no due time can be told, the clock says so instead: the duty stands, and a person is told.
    """
    clock = Clock(
        case=case,
        item=opener.id,
        received_at=received,
        due_at=None,
        why="",
        trace=(),
        rule_version=school.target.version,
        calendar_version=school.calendar.version,
    )
    try:
        owed = promise(received, opener.first_seen_at, school.target, school.calendar)
    except NoDeadlineError as fault:
        return replace(clock, why=f"No due time can be told: {fault}.")
    made = owed.deadline
    dated = replace(clock, due_at=made.due, why=made.why, trace=made.trace)
    return _promised(dated, made.due, owed, opener.first_seen_at, school)


def _promised(clock: Clock, due: datetime, owed: Promise, seen: datetime, school: School) -> Clock:
    """Return a clock that was given its due time with everything that is kept beside it."""
    closed = school.calendar.closed_because(due.astimezone(school.target.zone).date(), school.target)
    return replace(
        clock,
        rule_version=school.target.version,
        calendar_version=school.calendar.version,
        late_discovery=seen.replace(microsecond=0) > due,
        team_due_at=owed.team_due,
        other_due_at=owed.other_due,
        due_on_closed_day=closed is not None,
    )


def redate_clocks(ports: Ports, claim: Claim) -> None:
    """Count the running clocks of one school again that were counted by another rule or calendar.

    1. Only clocks that run and are not past their due time are touched: what is past stays as it was.
    2. Where the due time moves, the case's history keeps the old one.
    3. Reminders and alarms follow from the calendar too: what was counted again is looked at again, in the
       same transaction, and so is what is late, whenever this runs.
    4. The task then waits for its next turn: a clock that was missed is found an hour later.
    """
    school = ports.schools.get(claim.subject)
    now = ports.now()
    after = CaseId(0)
    while school is not None:
        with ports.store.begin() as unit:
            found = unit.cases.counted_otherwise(school, now, after, BATCH)
            _redate(unit, school, found, now)
            unit.tasks.hurry(TaskKind.WATCH_CLOCK, [str(clock.case) for clock, _ in found], now)
        if len(found) < BATCH:
            break
        after = found[-1][0].case
    with ports.store.continuing(claim, now + LOOK_AGAIN) as unit:
        if school is not None:
            late = unit.cases.running(school.id, due_before=now)
            unit.tasks.hurry(TaskKind.WATCH_CLOCK, [str(case) for case in late], now)


def _redate(unit: Unit, school: School, found: Iterable[tuple[Clock, datetime]], now: datetime) -> None:
    known = {clock.case: (clock, seen) for clock, seen in found}
    changed: list[Clock] = []
    moved: dict[CaseId, CaseEvent] = {}
    running = (running_clock(clock, seen) for clock, seen in known.values())
    for redating in redated(running, school.target, school.calendar, now):
        before, seen = known[CaseId(redating.clock.key)]
        counted = replace(before, due_at=redating.due, why=redating.why, trace=redating.trace)
        after = _promised(counted, redating.due, redating.promise, seen, school)
        changed.append(after)
        if redating.moves:
            moved[after.case] = system_event(Act.REDATED, now, _what_changed(before, after))
    unit.cases.redate_clocks(changed, now)
    unit.cases.note_all(moved)


def running_clock(clock: Clock, seen: datetime) -> RunningClock:
    """Return a case's clock as the rules for changed calendars see it; ``seen``: when we saw the message."""
    return RunningClock(
        key=clock.case,
        received=clock.received_at,
        seen=seen,
        due=clock.due_at,
        rule_version=clock.rule_version,
        calendar_version=clock.calendar_version,
    )


def _what_changed(before: Clock, after: Clock) -> str:
    parts = [f"due {_moment(after.due_at)} instead of {_moment(before.due_at)}"]
    for name in ("rule_version", "calendar_version"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            parts.append(f"{name.removesuffix('_version')} {new} instead of {old}")
    return "; ".join(parts)


def _moment(moment: datetime | None) -> str:
    return "none" if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
