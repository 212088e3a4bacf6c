"""A school's days made ready for counting: each is worked out once and looked up ever after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import TypeVar

from sla.calendar import SchoolCalendar
from sla.target import ClockKind, ResponseTarget

_KEPT = 32
"""Pairs of promise and calendar that are kept at hand. A school has two: both readings are always told."""

_MIDNIGHT = time()

_Answer = TypeVar("_Answer")


class Remembered(dict[date, _Answer]):
    """An answer for every day, worked out when the day is first asked for.

    That makes a due time cost a few look-ups, however long the holidays are. The answers never change,
    because what they are worked out from never does; so threads may share them, and at worst two of them
    work out the same.
    """

    __slots__ = ("_work_out",)

    def __init__(self, work_out: Callable[[date], _Answer]) -> None:
        self._work_out = work_out

    def __missing__(self, day: date) -> _Answer:
        answer = self[day] = self._work_out(day)
        return answer


class SchoolDays:
    """What counting needs to know of the days of one school under one promise.

    ``closed`` says whether nobody works on a day, ``next_working`` which working day comes after it, and
    ``next_due`` (UTC) when an answer is due that is owed on that next working day. ``begins`` is when a day
    begins, on the scale on which hours are counted: UTC for elapsed hours, the clock on the wall for others.
    All four raise what the calendar raises for a day of which it knows nothing.
    """

    __slots__ = ("begins", "closed", "next_due", "next_working")

    def __init__(self, target: ResponseTarget, calendar: SchoolCalendar) -> None:
        def begins(day: date) -> datetime:
            if target.clock is ClockKind.WALL:
                return datetime.combine(day, _MIDNIGHT)
            return off_the_wall(datetime.combine(day, _MIDNIGHT), target)

        def next_due(day: date) -> datetime:
            return off_the_wall(datetime.combine(self.next_working[day], target.next_day_time), target)

        self.closed = Remembered(lambda day: calendar.is_closed(day, target))
        self.next_working = Remembered(lambda day: calendar.next_working_day(day, target))
        self.next_due = Remembered(next_due)
        self.begins = Remembered(begins)


@lru_cache(_KEPT)
def school_days(target: ResponseTarget, calendar: SchoolCalendar) -> SchoolDays:
    """Return the days of a school under a promise: the same object for the same pair while it is in use."""
    return SchoolDays(target, calendar)


def on_the_wall(moment: datetime, target: ResponseTarget) -> datetime:
    """Return what the school's clock on the wall shows, as a plain reading without an offset."""
    return moment.astimezone(target.zone).replace(tzinfo=None)


def off_the_wall(reading: datetime, target: ResponseTarget) -> datetime:
    """Return when (UTC) the school's clock shows a reading.

    Where clocks go back, a reading comes twice and the first time counts; where they go forward, a skipped
    one is counted by the offset before.
    """
    return reading.replace(tzinfo=target.zone).astimezone(UTC)
