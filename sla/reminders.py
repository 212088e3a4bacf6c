"""When to tell staff about a message: only in staffed hours, and never too late to act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sla.calendar import SchoolCalendar
from sla.messages import refuse_naive
from sla.staffed import (
    StaffedHours,
    Window,
    at_clock,
    is_staffed,
    next_staffed,
    next_window,
    staffed_between,
    window_after,
)
from sla.target import ResponseTarget

__all__ = [
    "ReminderStep",
    "Reminders",
    "StaffedHours",
    "StepDue",
    "digest_time",
    "due_steps",
    "first_staffed_after",
    "half_time",
    "is_staffed",
    "last_call",
    "next_daily_digest",
    "next_look",
    "next_staffed",
    "reminders",
]

LAST_CALL_BEFORE = timedelta(minutes=90)
"""The last reminder leaves this much staffed time to answer, wherever there is as much."""

DIGEST_AFTER_START = timedelta(minutes=15)
"""What arrived out of hours is told this long after work begins, at 8:15am by default."""

APART = timedelta(minutes=30)
"""Before the due time, messages lie at least this far apart: one says more than two."""

_ONE_SECOND = timedelta(seconds=1)


def first_staffed_after(
    due: datetime, hours: StaffedHours, target: ResponseTarget, calendar: SchoolCalendar
) -> datetime:
    """Return the first staffed moment after the due second (UTC): when a late answer is reported.

    Raises:
        NoDeadlineError: as for :func:`next_staffed`.
    """
    refuse_naive(due)
    return next_staffed(due.astimezone(UTC) + _ONE_SECOND, hours, target, calendar)


def digest_time(
    received: datetime, hours: StaffedHours, target: ResponseTarget, calendar: SchoolCalendar
) -> datetime:
    """Return when to tell staff of a new message (UTC): at once in staffed hours.

    Otherwise 15 minutes after the next staffed hours begin, which is 8:15am on the next working day; at
    their beginning where they are no longer than that.

    Raises:
        NoDeadlineError: as for :func:`next_staffed`.
    """
    start, end = next_window(received, hours, target, calendar)
    return received.astimezone(UTC) if start <= received else _digest_in(start, end)


def next_daily_digest(
    told: datetime, hours: StaffedHours, target: ResponseTarget, calendar: SchoolCalendar
) -> datetime:
    """Return when to tell again what was told at ``told`` and is still open (UTC): 8:15am, a working day on.

    ``told`` counts for its whole day, so that nobody reads the same thing twice in a day.

    Raises:
        NoDeadlineError: as for :func:`next_staffed`.
    """
    refuse_naive(told)
    return _digest_in(*window_after(told.astimezone(target.zone).date(), hours, target, calendar))


# When to remind


class ReminderStep(StrEnum):
    """Why staff are told of a message that waits for an answer, each step more urgent than the one before."""

    NEW = "new"
    HALF_TIME = "half-time"
    LAST_CALL = "last-call"
    LATE = "late"
    HEADTEACHER = "headteacher"


_AFTER_DUE = frozenset({ReminderStep.LATE, ReminderStep.HEADTEACHER})


@dataclass(frozen=True, slots=True)
class Reminders:
    """When to tell whom of one message that is not yet answered, each later than the one before (UTC).

    ``new_item_at``, ``half_time`` and ``last_call`` are for moderators and lie before ``due``, half an hour
    apart or more; None where another step says it, or where nobody is at work in time. ``late_at`` is for
    moderators and the leadership team: once, then :func:`next_daily_digest`. ``headteacher_at`` is for the
    head: the same reading of the clock on the next staffed day after ``late_at``, or the first staffed
    moment after it, so that staff have had a whole working day.
    """

    due: datetime
    new_item_at: datetime | None
    half_time: datetime | None
    last_call: datetime | None
    late_at: datetime
    headteacher_at: datetime

    def in_order(self) -> tuple[tuple[ReminderStep, datetime], ...]:
        """Return the steps that there are with their moments, the first one first."""
        moments = (self.new_item_at, self.half_time, self.last_call, self.late_at, self.headteacher_at)
        return tuple((step, at) for step, at in zip(ReminderStep, moments, strict=True) if at is not None)


@dataclass(frozen=True, slots=True)
class StepDue:
    """A step that has come, and the staffed moment at which to tell it (UTC)."""

    step: ReminderStep
    at: datetime


def reminders(
    received: datetime,
    due: datetime,
    hours: StaffedHours,
    target: ResponseTarget,
    calendar: SchoolCalendar,
) -> Reminders:
    """Return when to tell staff of a message that came at ``received`` and is due at ``due``.

    They follow from these five values alone: when the due time moves, ask again. After an answer none of
    them is told any more.

    Raises:
        ValueError: a time has no offset.
        NoDeadlineError: as for :func:`next_staffed`.
    """
    rules = (hours, target, calendar)
    received, due = _utc(received, due)
    windows = staffed_between(received, due, *rules)
    told = digest_time(received, *rules)
    call = _last_call_in(windows, received, due, told)
    late_at = first_staffed_after(due, *rules)
    return Reminders(
        due=due,
        new_item_at=told if call is not None and told < call else None,
        half_time=_half_time_in(windows, received, due, told),
        last_call=call,
        late_at=late_at,
        headteacher_at=_one_working_day_later(late_at, *rules),
    )


def half_time(
    received: datetime,
    due: datetime,
    hours: StaffedHours,
    target: ResponseTarget,
    calendar: SchoolCalendar,
) -> datetime | None:
    """Return when half of the staffed time between receipt and due time is over (UTC).

    Only staffed time counts: the middle of 24 hours is mostly a night. Received at 10am on Tuesday and due
    at 10am on Wednesday, half time is 2:30pm on Tuesday. Received at 7:42pm on Sunday and due by 11:59pm on
    Monday, it is 12:30pm on Monday, between the digest at 8:15am and the last call at 3:30pm.
    None unless 30 minutes or more lie between it and the message before it, and the last call after it.

    Raises:
        ValueError: a time has no offset.
        NoDeadlineError: as for :func:`next_staffed`.
    """
    received, due = _utc(received, due)
    windows = staffed_between(received, due, hours, target, calendar)
    return _half_time_in(windows, received, due, digest_time(received, hours, target, calendar))


def last_call(
    received: datetime,
    due: datetime,
    hours: StaffedHours,
    target: ResponseTarget,
    calendar: SchoolCalendar,
) -> datetime | None:
    """Return when to remind staff for the last time (UTC), in staffed hours and never before ``received``.

    1. It is 90 minutes before the due time or the end of the last staffed hours before it, whichever
       comes first.
    2. Where a day begins less than 90 minutes before the due time, the afternoon before is the last call.
    3. Where that lies before the receipt, it is the first staffed moment after the receipt.
    4. Where staff are told of the message less than 30 minutes before, that is the last call too.
    None if nobody is at work between the receipt and the due time.

    Raises:
        ValueError: a time has no offset.
        NoDeadlineError: as for :func:`next_staffed`.
    """
    received, due = _utc(received, due)
    windows = staffed_between(received, due, hours, target, calendar)
    return _last_call_in(windows, received, due, digest_time(received, hours, target, calendar))


def due_steps(
    times: Reminders, now: datetime, hours: StaffedHours, target: ResponseTarget, calendar: SchoolCalendar
) -> tuple[StepDue, ...]:
    """Return what staff are to be told of a message that is not answered at ``now``, and when.

    1. Before the due time it is the latest step that has come. Those slept through in an outage are not
       made up for, and nothing is told that would be heard after the due time or together with what follows.
    2. After it, late and headteacher are told however long they were slept through: they go to different
       people.
    What is told out of hours waits for the next staffed moment. Asking again names the same steps, so that
    a step that is told once for each due time is told once.

    Raises:
        ValueError: ``now`` has no offset.
        NoDeadlineError: as for :func:`next_staffed`.
    """
    refuse_naive(now)
    come = [step for step, at in times.in_order() if at <= now]
    if not come:
        return ()
    at = next_staffed(now, hours, target, calendar)
    if alarms := tuple(StepDue(step, at) for step in come if step in _AFTER_DUE):
        return alarms
    if come[-1] is ReminderStep.NEW:
        at = digest_time(now, hours, target, calendar)
    too_late = min(times.due, *(later for _, later in times.in_order() if later > now))
    return (StepDue(come[-1], at),) if at < too_late else ()


def next_look(times: Reminders, now: datetime) -> datetime | None:
    """Return when the next step comes after ``now`` (UTC); None when the headteacher has been reached."""
    return next((at for _, at in times.in_order() if at > now), None)


# How it is counted


def _utc(received: datetime, due: datetime) -> tuple[datetime, datetime]:
    """Return both times in UTC, because Python counts local times by the clock on the wall."""
    refuse_naive(received, due)
    return received.astimezone(UTC), due.astimezone(UTC)


def _half_time_in(
    windows: list[Window], received: datetime, due: datetime, told: datetime
) -> datetime | None:
    call, half = _last_call_in(windows, received, due, told), _middle(windows, received, due)
    if call is None or half is None or half - told < APART or call - half < APART:
        return None
    return half


def _middle(windows: list[Window], received: datetime, due: datetime) -> datetime | None:
    """Return when half of the staffed time is over, in whole seconds; None if there is none."""
    spans = [(max(start, received), min(end, due)) for start, end in windows]
    left = sum((end - start for start, end in spans), timedelta()) / 2
    for start, end in spans:
        if left < end - start:
            return (start + left).replace(microsecond=0)
        left -= end - start
    return None


def _last_call_in(
    windows: list[Window], received: datetime, due: datetime, told: datetime
) -> datetime | None:
    call = received
    for start, end in reversed(windows):
        last = max(start, min(due, end) - LAST_CALL_BEFORE)
        if min(due, end) - last >= min(LAST_CALL_BEFORE, end - start):
            call = max(received, last)
            break
    staffed = next((max(call, start) for start, end in windows if call < end), None)
    return told if staffed is not None and told <= staffed < told + APART else staffed


def _one_working_day_later(
    late_at: datetime, hours: StaffedHours, target: ResponseTarget, calendar: SchoolCalendar
) -> datetime:
    """Return the first staffed moment from the same reading of the clock on, one staffed day later.

    Whether it was late in the morning or towards evening, staff have then had one working day's hours.
    """
    local = late_at.astimezone(target.zone)
    start, _ = window_after(local.date(), hours, target, calendar)
    same_reading = at_clock(start.astimezone(target.zone).date(), local.time(), target.zone)
    return next_staffed(same_reading, hours, target, calendar)


def _digest_in(start: datetime, end: datetime) -> datetime:
    return start + DIGEST_AFTER_START if start + DIGEST_AFTER_START < end else start
