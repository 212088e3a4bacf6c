"""When somebody is at work: the staffed hours of working days, weekday by weekday."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sla.calendar import LONGEST_SEARCH, NoWorkingDayError, SchoolCalendar
from sla.messages import refuse_naive
from sla.target import ResponseTarget

_ONE_DAY = timedelta(days=1)

Window = tuple[datetime, datetime]
"""The staffed hours of one day, in UTC; the end itself is no longer staffed."""


@dataclass(frozen=True, slots=True)
class StaffedHours:
    """The hours of a working day in which somebody looks; ``end`` itself is no longer staffed.

    ``by_weekday`` names the weekdays, Monday 0, that differ: ``{4: (time(8), time(15, 30)), 2: None}`` is
    a school that stops at 3:30pm on Fridays and where nobody looks on Wednesdays. It cannot be changed.

    Raises:
        ValueError: a time is no plain time of day, an end does not lie after its start, or there is no
            staffed hour in the whole week; the text says which.
    """

    start: time = time(8)
    end: time = time(17)
    by_weekday: Mapping[int, tuple[time, time] | None] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        _refuse_odd_hours("staffed hours", (self.start, self.end))
        for weekday, differing in self.by_weekday.items():
            if type(weekday) is not int or not 0 <= weekday <= 6:
                raise ValueError("staffed hours by_weekday needs weekday numbers, Monday 0 to Sunday 6")
            if differing is not None:
                _refuse_odd_hours(f"staffed hours of weekday {weekday}", differing)
        object.__setattr__(self, "by_weekday", MappingProxyType(dict(self.by_weekday)))
        if all(self.on(weekday) is None for weekday in range(7)):
            raise ValueError("staffed hours by_weekday leaves no hour of the week: name a day with hours")

    def on(self, weekday: int) -> tuple[time, time] | None:
        """Return the start and the end on a weekday, Monday 0; None if nobody looks on that day."""
        return self.by_weekday.get(weekday, (self.start, self.end))


def _refuse_odd_hours(what: str, hours: tuple[object, ...]) -> None:
    start, end = hours if len(hours) == 2 else (None, None)
    if not (isinstance(start, time) and isinstance(end, time)) or start.tzinfo or end.tzinfo:
        raise ValueError(f"{what} are two plain times of day, like 08:00 to 17:00")
    if end <= start:
        raise ValueError(f"{what} must end after they start, on the same day")


def is_staffed(at: datetime, hours: StaffedHours, target: ResponseTarget, calendar: SchoolCalendar) -> bool:
    """Return whether somebody is at work at ``at``: in the staffed hours of a working day.

    Raises:
        ValueError: ``at`` has no offset.
        UnknownYearError: the bank holidays of that year are not known.
    """
    refuse_naive(at)
    window = _window(at.astimezone(target.zone).date(), hours, target, calendar)
    return window is not None and window[0] <= at < window[1]


def next_staffed(
    at: datetime, hours: StaffedHours, target: ResponseTarget, calendar: SchoolCalendar
) -> datetime:
    """Return the first staffed moment at or after ``at`` (UTC): ``at`` itself when it is staffed.

    Raises:
        ValueError: ``at`` has no offset.
        NoDeadlineError: there is none within 366 days, or the calendar does not reach so far.
    """
    start, _ = next_window(at, hours, target, calendar)
    return max(at.astimezone(UTC), start)


def staffed_between(
    received: datetime, due: datetime, hours: StaffedHours, target: ResponseTarget, calendar: SchoolCalendar
) -> list[Window]:
    """Return the staffed hours that lie between ``received`` and ``due`` even in part, in order.

    Raises:
        ValueError: a time has no offset.
        UnknownYearError: the bank holidays of that year are not known.
    """
    refuse_naive(received, due)
    day, last = received.astimezone(target.zone).date(), due.astimezone(target.zone).date()
    windows = []
    while day <= last:
        window = _window(day, hours, target, calendar)
        if window is not None and window[0] < due and window[1] > received:
            windows.append(window)
        day += _ONE_DAY
    return windows


def next_window(
    at: datetime, hours: StaffedHours, target: ResponseTarget, calendar: SchoolCalendar
) -> Window:
    """Return the first staffed hours that are not over at ``at``.

    Raises:
        ValueError: ``at`` has no offset.
        NoDeadlineError: as for :func:`next_staffed`.
    """
    refuse_naive(at)
    day = at.astimezone(target.zone).date()
    window = _window(day, hours, target, calendar)
    if window is not None and at < window[1]:
        return window
    return window_after(day, hours, target, calendar)


def window_after(day: date, hours: StaffedHours, target: ResponseTarget, calendar: SchoolCalendar) -> Window:
    """Return the first staffed hours of a later day than ``day``.

    Raises:
        NoDeadlineError: as for :func:`next_staffed`.
    """
    later = calendar.next_working_day(day, target)
    while (later - day).days <= LONGEST_SEARCH:
        if (window := _window(later, hours, target, calendar)) is not None:
            return window
        later = calendar.next_working_day(later, target)
    raise NoWorkingDayError(
        f"there are no staffed hours within {LONGEST_SEARCH} days after {day.isoformat()}: give a weekday on "
        "which the school works its hours"
    )


def _window(
    day: date, hours: StaffedHours, target: ResponseTarget, calendar: SchoolCalendar
) -> Window | None:
    """Return the staffed hours of a day; None if it has none."""
    differing = hours.on(day.weekday())
    if differing is None or calendar.is_closed(day, target):
        return None
    start, end = (at_clock(day, clock, target.zone) for clock in differing)
    # In the night when clocks go forward, hours can end before they start: nobody is there.
    return (start, end) if start < end else None


def at_clock(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return a local time in UTC: of a repeated one the first, of a skipped one by the offset before."""
    return datetime.combine(day, clock, zone).astimezone(UTC)
