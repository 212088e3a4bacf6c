"""When an answer is due, and one plain sentence that says why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

from sla.calendar import LAST_YEAR, NoDeadlineError, SchoolCalendar
from sla.school_days import SchoolDays, off_the_wall, on_the_wall, school_days
from sla.sentence import sentence
from sla.target import Basis, ClockKind, Mode, ResponseTarget

__all__ = ["Basis", "Deadline", "deadline"]

_ONE_DAY = timedelta(days=1)

_Counted: TypeAlias = "tuple[datetime, Basis]"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The due time of one message. A reply in the due second is still in time.

    ``received`` and ``due`` are UTC in whole seconds. The sentence and the trace are made when asked for,
    from the promise and the calendar that set the due time, which never change.
    """

    received: datetime
    due: datetime
    basis: Basis
    target: ResponseTarget
    calendar: SchoolCalendar = field(compare=False, repr=False)

    @property
    def why(self) -> str:
        """One sentence: "Received 7:42pm on Sunday, so it is due by 11:59pm on Monday 23 November"."""
        zone = self.target.zone
        reasons = [reason for _, reason in self._days()]
        return sentence(
            self.received.astimezone(zone), self.due.astimezone(zone), reasons, self.target, self.basis
        )

    @property
    def trace(self) -> tuple[str, ...]:
        """What the due time was made from, one ``key=value`` each: times, every day's state, the basis."""
        return (
            f"received={_zulu(self.received)}",
            *(f"{day.isoformat()}={reason or 'working'}" for day, reason in self._days()),
            f"basis={self.basis}",
            f"due={_zulu(self.due)}",
        )

    @property
    def due_on_closed_day(self) -> str | None:
        """Why the school is closed on the day it is due, such as "weekend"; None on a working day.

        By the letter (``strict``), with a floor and under ``ignore_calendar`` the hours can end on a closed
        day; under ``pause`` only in the very second in which a working day ends. The report marks a late
        item with it.
        """
        return self.calendar.closed_because(self.due.astimezone(self.target.zone).date(), self.target)

    def _days(self) -> Iterator[tuple[date, str | None]]:
        """Yield every day from the receipt to the due time with the reason why it is closed."""
        if self.target.mode is Mode.IGNORE_CALENDAR:
            return
        zone = self.target.zone
        day, last = self.received.astimezone(zone).date(), self.due.astimezone(zone).date()
        while day <= last:
            yield day, self.calendar.closed_because(day, self.target)
            day += _ONE_DAY


def deadline(received: datetime, target: ResponseTarget, calendar: SchoolCalendar) -> Deadline:
    """Return when an answer to a message received at ``received`` is due.

    1. On a working day the hours of the promise run; ``target.mode`` says what closed days do to them.
    2. On a closed day it is due on the next working day at ``target.next_day_time``.
    Fractions of a second are dropped. Days are those of ``target.tz``.

    Raises:
        ValueError: ``received`` is naive: guessing its offset would be an hour wrong for seven months.
        NoWorkingDayError: the school is closed for the next 366 days.
        UnknownYearError: the bank holidays of that year are not known.
    """
    try:
        start = received if received.tzinfo is UTC else _in_utc(received)  # as our own rows are
        if start.microsecond:
            start = start.replace(microsecond=0)
        due, basis = _due(start, target, calendar)
        if due.year > LAST_YEAR and target.mode is not Mode.IGNORE_CALENDAR:
            calendar.is_closed(due.date(), target)  # refuses a day of which it knows nothing
    except OverflowError:
        raise NoDeadlineError(
            "received lies outside all years that can be counted: correct its year"
        ) from None
    return Deadline(start, due, basis, target, calendar)


def _in_utc(received: datetime) -> datetime:
    if received.utcoffset() is None:
        raise ValueError("received has no offset: add Z or one like +01:00, because guessing could be wrong")
    return received.astimezone(UTC)


# How the due time is counted


def _due(start: datetime, target: ResponseTarget, calendar: SchoolCalendar) -> _Counted:
    from_working_day = _FROM_WORKING_DAY.get(target.mode)
    if from_working_day is None:
        return _after_hours(start, target), Basis.HOURS
    days = school_days(target, calendar)
    today = start.astimezone(target.zone).date()
    if days.closed[today]:
        return _from_closed_day(start, today, target, days)
    return from_working_day(start, today, target, days)


def _from_closed_day(start: datetime, today: date, target: ResponseTarget, days: SchoolDays) -> _Counted:
    due = days.next_due[today]
    if target.floor and (guaranteed := _after_hours(start, target)) > due:
        return guaranteed, Basis.FLOOR
    return due, Basis.NEXT_WORKING_DAY


def _strict(start: datetime, today: date, target: ResponseTarget, days: SchoolDays) -> _Counted:
    return _after_hours(start, target), Basis.HOURS


def _carry(start: datetime, today: date, target: ResponseTarget, days: SchoolDays) -> _Counted:
    due = _after_hours(start, target)
    last = due.astimezone(target.zone).date()
    if days.closed[last]:
        return days.next_due[last], Basis.NEXT_WORKING_DAY
    return due, Basis.HOURS


def _pause(start: datetime, today: date, target: ResponseTarget, days: SchoolDays) -> _Counted:
    """Use up the hours from midnight to midnight on working days only."""
    wall = target.clock is ClockKind.WALL
    day, begun = today, on_the_wall(start, target) if wall else start
    left = target.allowance
    while left > (room := days.begins[day + _ONE_DAY] - begun):
        left -= room
        day = days.next_working[day]
        begun = days.begins[day]
    return (off_the_wall(begun + left, target) if wall else begun + left), Basis.HOURS


_FROM_WORKING_DAY = {Mode.STRICT: _strict, Mode.CARRY: _carry, Mode.PAUSE: _pause}
"""What a message from a working day is owed, by mode. A mode that is not here knows no calendar."""


def _after_hours(start: datetime, target: ResponseTarget) -> datetime:
    if target.clock is ClockKind.WALL:
        return off_the_wall(on_the_wall(start, target) + target.allowance, target)
    return start + target.allowance


def _zulu(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
