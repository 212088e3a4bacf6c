"""When to tell staff about a message: only in staffed hours, and never too late to act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sla.calendar import SchoolCalendar
from sla.target import ResponseTarget

LAST_CALL_BEFORE = timedelta(minutes=90)
"""The last reminder leaves this much staffed time to answer, wherever there is as much."""

DIGEST_AFTER_START = timedelta(minutes=15)
"""What arrived out of hours is told this long after work begins, at 8:15am by default."""

_ONE_DAY = timedelta(days=1)
_ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class StaffedHours:
    """The hours of a working day in which somebody looks; ``end`` itself is no longer staffed.

    Raises:
        ValueError: they are no plain times of day, or the end does not lie after the start.
    """

    start: time = time(8)
    end: time = time(17)

    def __post_init__(self) -> None:
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise ValueError("staffed hours are plain times of day, like 08:00 to 17:00")
        if self.end <= self.start:
            raise ValueError("staffed hours must end after they start, on the same day")


def is_staffed(at: datetime, hours: StaffedHours, target: ResponseTarget, calendar: SchoolCalendar) -> bool:
    """Return whether somebody is at work at ``at``: in the staffed hours of a working day."""
    local = at.astimezone(target.zone)
    return hours.start <= local.time() < hours.end and not calendar.is_closed(local.date(), target)


def next_staffed(
    at: datetime, hours: StaffedHours, target: ResponseTarget, calendar: SchoolCalendar
) -> datetime:
    """Return the first staffed moment at or after ``at`` (UTC): ``at`` itself when it is staffed.

    Raises:
        NoDeadlineError: there is none within 366 days, or the calendar does not reach so far.
    """
    local = at.astimezone(target.zone)
    day = local.date()
    if local.time() >= hours.end or calendar.is_closed(day, target):
        day = calendar.next_working_day(day, target)
    return max(at.astimezone(UTC), _at(day, hours.start, target))


def first_staffed_after(
    due: datetime, hours: StaffedHours, target: ResponseTarget, calendar: SchoolCalendar
) -> datetime:
    """Return the first staffed moment after the due second (UTC): when a late answer is reported.

    Raises:
        NoDeadlineError: as for :func:`next_staffed`.
    """
    return next_staffed(due + _ONE_SECOND, hours, target, calendar)


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
    None if nobody is at work between the receipt and the due time.

    Raises:
        NoDeadlineError: as for :func:`next_staffed`.
    """
    call = received
    for start, end in _staffed_backwards(due, received, hours, target, calendar):
        last = max(start, min(due, end) - LAST_CALL_BEFORE)
        if min(due, end) - last >= min(LAST_CALL_BEFORE, end - start):
            call = max(received, last)
            break
    staffed = next_staffed(call, hours, target, calendar)
    return staffed if staffed < due else None


def digest_time(
    received: datetime, hours: StaffedHours, target: ResponseTarget, calendar: SchoolCalendar
) -> datetime:
    """Return when to tell staff of a new message (UTC): at once in staffed hours.

    Otherwise 15 minutes after the next staffed hours begin, which is 8:15am on the next working day.

    Raises:
        NoDeadlineError: as for :func:`next_staffed`.
    """
    if is_staffed(received, hours, target, calendar):
        return received.astimezone(UTC)
    return next_staffed(received, hours, target, calendar) + DIGEST_AFTER_START


def _staffed_backwards(
    due: datetime,
    received: datetime,
    hours: StaffedHours,
    target: ResponseTarget,
    calendar: SchoolCalendar,
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the staffed hours that lie between ``received`` and ``due`` even in part, the last ones first."""
    day, first = due.astimezone(target.zone).date(), received.astimezone(target.zone).date()
    while day >= first:
        start, end = _at(day, hours.start, target), _at(day, hours.end, target)
        if start < due and end > received and not calendar.is_closed(day, target):
            yield start, end
        day -= _ONE_DAY


def _at(day: date, clock: time, target: ResponseTarget) -> datetime:
    return datetime.combine(day, clock, target.zone).astimezone(UTC)
