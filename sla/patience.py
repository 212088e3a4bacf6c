"""When to tell again, in staffed hours, of what nobody has taken and what is no danger to anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sla.calendar import SchoolCalendar
from sla.escalation import Urgency, abuse_due
from sla.messages import refuse_naive
from sla.reminders import digest_time, next_daily_digest, next_staffed
from sla.staffed import StaffedHours
from sla.target import ResponseTarget

_APART = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class PatientStep:
    """One telling: its number, from 1 on, when it comes (UTC), and whom it is for, in words of a ladder."""

    number: int
    at: datetime
    who: tuple[str, ...]


def patient_steps(
    began_at: datetime,
    now: datetime,
    hours: StaffedHours,
    target: ResponseTarget,
    calendar: SchoolCalendar,
    *,
    abuse: bool,
) -> tuple[list[PatientStep], datetime]:
    """Return the steps that have come by ``now``, and when the next one comes (UTC).

    1. At once in staffed hours, otherwise at the digest: the desk.
    2. Of abuse the safeguarding lead hears too once two waking hours have passed, in staffed hours.
    3. On every later working day, at the digest: the desk again. Of abuse the safeguarding lead and the
       leadership team hear with it, of the rest the leadership from the second of these days on. Of days
       slept through only the last one counts.

    Raises:
        ValueError: a time has no offset.
        NoDeadlineError: the calendar leaves no staffed hour ahead.
    """
    refuse_naive(began_at, now)
    come: list[PatientStep] = []
    for step in _steps(began_at.astimezone(UTC), hours, target, calendar, abuse=abuse):
        if step.at > now:
            return come, step.at
        if come and come[-1].number >= _DAILY:
            come.pop()
        come.append(step)
    raise AssertionError("the steps never end")


_DAILY = 3
"""From this number on a step comes every working day."""


def _steps(
    began_at: datetime, hours: StaffedHours, target: ResponseTarget, calendar: SchoolCalendar, *, abuse: bool
) -> Iterator[PatientStep]:
    rules = (hours, target, calendar)
    told = digest_time(began_at, *rules)
    yield PatientStep(1, told, ("desk",))
    if abuse:
        overdue = next_staffed(abuse_due(began_at, Urgency.OTHER, target.zone), *rules)
        if overdue >= told + _APART:
            told = overdue
            yield PatientStep(2, told, ("desk", "dsl"))
    number = _DAILY
    while True:
        told = next_daily_digest(told, *rules)
        if abuse:
            who: tuple[str, ...] = ("desk", "dsl", "slt")
        else:
            who = ("desk",) if number == _DAILY else ("desk", "slt")
        yield PatientStep(number, told, who)
        number += 1
