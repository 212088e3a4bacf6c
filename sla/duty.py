"""Who is there on which day, and who is on duty: absences, leavers, and a rota of shifts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sla.messages import refuse_naive
from sla.staffed import StaffedHours, Window, at_clock

EVERY_DAY = frozenset(range(7))
"""The days of the week, Monday 0."""

_MIDNIGHT = time()
_ONE_DAY = timedelta(days=1)


# Who is there


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Days from ``first`` to ``last``, both included.

    Raises:
        ValueError: the last day lies before the first.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("the last day lies before the first: swap them or correct the year")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Attendance:
    """When one person is there, as far as that differs from the school.

    ``hours`` names the weekdays, Monday 0, that differ, as ``by_weekday`` of the school's staffed hours
    does; None is a day on which the person never works. It cannot be changed. After ``leaves_on`` the
    person is told nothing.
    """

    hours: Mapping[int, tuple[time, time] | None] = field(default_factory=dict, hash=False)
    away: tuple[DateSpan, ...] = ()
    leaves_on: date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "hours", MappingProxyType(dict(self.hours)))


ALWAYS_THERE = Attendance()
"""Somebody who keeps the school's hours and is never away."""


def is_employed(person: Attendance, at: datetime, zone: ZoneInfo) -> bool:
    """Return whether somebody has not left: the day of leaving is the last one.

    Raises:
        ValueError: ``at`` has no offset.
    """
    refuse_naive(at)
    return not _has_left(person, at.astimezone(zone).date())


def can_be_reached(person: Attendance, day: date) -> bool:
    """Return whether somebody has not left and is not away, be it a day on which they work or not."""
    return not _has_left(person, day) and not any(day in span for span in person.away)


def is_here(person: Attendance, day: date) -> bool:
    """Return whether somebody works on a working day: not left, not away, and it is one of their weekdays."""
    return can_be_reached(person, day) and person.hours.get(day.weekday(), ()) is not None


def own_hours(person: Attendance, school: StaffedHours) -> StaffedHours:
    """Return the hours in which somebody can be told what is not urgent: the school's, with their own.

    Raises:
        ValueError: no hour of the week is left.
    """
    return StaffedHours(school.start, school.end, {**school.by_weekday, **person.hours})


def _has_left(person: Attendance, day: date) -> bool:
    return person.leaves_on is not None and day > person.leaves_on


# Who is on duty


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody is on duty from ``start`` until just before ``end``, first or ``second``. Times become UTC.

    Raises:
        ValueError: a time has no offset, or the end does not lie after the start.
    """

    person: str
    start: datetime
    end: datetime
    second: bool = False

    def __post_init__(self) -> None:
        refuse_naive(self.start, self.end)
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end <= self.start:
            raise ValueError("a shift must end after it starts")


@dataclass(frozen=True, slots=True)
class RotaRule:
    """A shift that comes every week: on ``weekdays`` (Monday 0) from ``start`` to ``end``, school time.

    An ``end`` that is not later than ``start`` is on the next day; so midnight to midnight, which is the
    default, is the whole day. Weekdays, ``first`` and ``last`` are about the day on which a shift starts.

    Raises:
        ValueError: a weekday is none, no day is left, or a time is no plain time of day.
    """

    person: str
    second: bool = False
    weekdays: frozenset[int] = EVERY_DAY
    start: time = _MIDNIGHT
    end: time = _MIDNIGHT
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise ValueError("weekdays are numbers from Monday 0 to Sunday 6, at least one of them")
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise ValueError("a shift has plain times of day, like 17:00 to 08:00")
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ValueError("the last day lies before the first: swap them or correct the year")

    def shift_on(self, day: date, zone: ZoneInfo) -> Shift | None:
        """Return the shift that starts on ``day``; None if there is none."""
        if day.weekday() not in self.weekdays or not self._is_in_force(day):
            return None
        last_day = day if self.end > self.start else day + _ONE_DAY
        start, end = at_clock(day, self.start, zone), at_clock(last_day, self.end, zone)
        # In the night when clocks go forward, a shift can end before it starts: nobody has to be there.
        return Shift(self.person, start, end, self.second) if start < end else None

    def _is_in_force(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Gap:
    """From ``start`` until just before ``end`` (UTC) nobody is on duty."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Rota:
    """Who is on duty when: by ``rules``, and in the shifts that a calendar file lists besides.

    Several people may be on duty at once. ``listed`` is None where there is no such file, and empty where
    there is one that says nothing: then a rota is kept all the same, and nobody is on duty.
    """

    rules: tuple[RotaRule, ...] = ()
    listed: tuple[Shift, ...] | None = None
    zone: ZoneInfo = field(default=ZoneInfo("Europe/London"), repr=False)

    @property
    def is_kept(self) -> bool:
        """Whether the school keeps a rota at all."""
        return bool(self.rules) or self.listed is not None

    def shifts(self, since: datetime, until: datetime) -> list[Shift]:
        """Return the shifts that lie between two moments even in part, by their start.

        Raises:
            ValueError: a time has no offset.
        """
        return sorted(self._shifts(since, until), key=lambda shift: shift.start)

    def on_duty(self, at: datetime, *, second: bool = False) -> tuple[str, ...]:
        """Return who is on duty at a moment, or on ``second`` duty, each once, in the order of the rota.

        Raises:
            ValueError: ``at`` has no offset.
        """
        now = self._shifts(at, at + timedelta.resolution)
        return tuple(dict.fromkeys(shift.person for shift in now if shift.second is second))

    def gaps(
        self, since: datetime, until: datetime, is_there: Callable[[str, date], bool]
    ) -> tuple[Gap, ...]:
        """Return when nobody is first on duty from ``since`` to ``until``, in order; nothing without a rota.

        ``is_there`` says whether a person can be reached on a day. Who has left or is away leaves a gap.

        Raises:
            ValueError: a time has no offset.
        """
        if not self.is_kept:
            return ()
        first = (shift for shift in self._shifts(since, until) if not shift.second)
        kept = sorted(piece for shift in first for piece in self._pieces(shift, is_there))
        return tuple(_outside(kept, since.astimezone(UTC), until.astimezone(UTC)))

    def _shifts(self, since: datetime, until: datetime) -> Iterator[Shift]:
        """Yield the shifts between two moments in the order of the rota."""
        refuse_naive(since, until)
        # The shift of the day before may last until now.
        days = [*_days(since.astimezone(self.zone).date() - _ONE_DAY, until.astimezone(self.zone).date())]
        by_rule = (shift for rule in self.rules for day in days if (shift := rule.shift_on(day, self.zone)))
        for shifts in (by_rule, self.listed or ()):
            yield from (shift for shift in shifts if shift.start < until and shift.end > since)

    def _pieces(self, shift: Shift, is_there: Callable[[str, date], bool]) -> Iterator[Window]:
        """Yield the parts of a shift on the days on which its person can be reached."""
        first, last = (moment.astimezone(self.zone).date() for moment in (shift.start, shift.end))
        for day in _days(first, last):
            opens, closes = (at_clock(each, _MIDNIGHT, self.zone) for each in (day, day + _ONE_DAY))
            start, end = max(shift.start, opens), min(shift.end, closes)
            if start < end and is_there(shift.person, day):
                yield start, end


def _outside(windows: Iterable[Window], since: datetime, until: datetime) -> Iterator[Gap]:
    """Yield what lies from ``since`` to ``until`` in none of the windows, which come by their start."""
    reached = since
    for start, end in (*windows, (until, until)):
        if reached < min(start, until):
            yield Gap(reached, min(start, until))
        reached = max(reached, end)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
