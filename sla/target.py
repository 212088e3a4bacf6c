"""The promise: how long the school may take to answer, and how that time is counted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

END_OF_DAY = time(23, 59, 59)
"""The last second of a day. "On the next working day" is kept at any time of that day."""

LONGEST_HOURS = 24 * 366
SHORTEST_WALL_HOURS = 2

_MIDNIGHT_AFTER = ("24", "T24")
"""The end of a day in ISO 8601. A Python that reads it makes 00:00 of it, which is a whole day too early."""

_KEPT = 32
"""Promises whose other reading is kept at hand: it is told for every single message."""


class Basis(StrEnum):
    """Which part of a promise set a due time."""

    HOURS = "hours"
    NEXT_WORKING_DAY = "next-working-day"
    FLOOR = "floor"


class ClockKind(StrEnum):
    """``elapsed`` counts real hours; ``wall`` means the same reading of the clock on the wall, days later."""

    ELAPSED = "elapsed"
    WALL = "wall"


class Mode(StrEnum):
    """What happens when the hours of a message received on a working day run into a closed day.

    ``strict`` lets them end there, as the policy's words do. ``carry`` moves the end to the next working
    day. ``pause`` counts only hours of working days. ``ignore_calendar`` knows no closed day at all.
    """

    STRICT = "strict"
    CARRY = "carry"
    PAUSE = "pause"
    IGNORE_CALENDAR = "ignore_calendar"


@dataclass(frozen=True, slots=True)
class ResponseTarget:
    """One promise to answer, for example "within 24 hours, or on the next working day".

    ``tz`` is where the school's days begin and end. ``hours`` is the time allowed, counted by ``clock``.
    ``weekend`` holds weekday numbers, Monday 0. ``bank_holidays`` says whether bank holidays are closed
    days. ``extra_working`` reopens days that would be closed. What arrives on a closed day is due on the
    next working day at ``next_day_time``; with ``floor`` it always has at least ``hours``.

    ``version`` is a name for exactly this promise: readable, short, and the same on every machine.
    ``zone`` and ``allowance`` are ``tz`` and ``hours`` made ready for counting.

    Raises:
        ValueError: the parts do not make a promise that can be kept; the text names the part and the remedy.
    """

    tz: str = "Europe/London"
    hours: float = 24
    clock: ClockKind = ClockKind.ELAPSED
    weekend: frozenset[int] = frozenset({5, 6})
    bank_holidays: bool = True
    extra_working: frozenset[date] = frozenset()
    mode: Mode = Mode.STRICT
    next_day_time: time = END_OF_DAY
    floor: bool = False
    version: str = field(init=False, repr=False, compare=False)
    zone: ZoneInfo = field(init=False, repr=False, compare=False)
    allowance: timedelta = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, read in _READERS.items():
            object.__setattr__(self, name, read(name, getattr(self, name)))
        _refuse_odd_hours(self.hours, self.clock)
        _refuse_odd_weekend(self)
        _refuse_odd_end(self)
        object.__setattr__(self, "version", _version(self))
        object.__setattr__(self, "zone", _zone(self.tz))
        object.__setattr__(self, "allowance", timedelta(hours=self.hours))

    def __hash__(self) -> int:
        """Return the number by which every due time finds what is known of its promise, so a cheap one."""
        return hash(self.version)


@lru_cache(_KEPT)
def other_reading(target: ResponseTarget) -> ResponseTarget | None:
    """Return the same promise under the reading that is not in force; None where it does not fit the rest.

    Beside ``strict`` stands ``pause``, and beside every other mode stands ``strict``: the report shows how
    many late replies would be in time under it.
    """
    mode = Mode.PAUSE if target.mode is Mode.STRICT else Mode.STRICT
    try:
        return replace(target, mode=mode)
    except ValueError:
        return None


def target_from(words: Mapping[str, Any]) -> ResponseTarget:
    """Return the promise that a JSON or TOML table describes; what it leaves out keeps its default.

    Raises:
        ValueError: a word is unknown or its value cannot be used; the text names it and the remedy.
    """
    if unknown := sorted(set(words) - set(_READERS)):
        raise ValueError(f"the rule has no {', '.join(unknown)}: use {', '.join(_READERS)}")
    return ResponseTarget(**words)


def _version(target: ResponseTarget) -> str:
    words = "|".join(
        (
            target.tz,
            repr(float(target.hours)),
            target.clock,
            ",".join(str(day) for day in sorted(target.weekend)),
            str(target.bank_holidays),
            ",".join(day.isoformat() for day in sorted(target.extra_working)),
            target.mode,
            target.next_day_time.isoformat(),
            str(target.floor),
        )
    )
    digest = hashlib.sha256(words.encode()).hexdigest()[:8]
    return f"{target.mode}-{target.hours:g}h-{target.clock}-{digest}"


def date_from(name: str, value: object) -> date:
    """Return a date written as 2026-11-23.

    Raises:
        ValueError: it is not one; the text names the field.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(f"{name} holds something that is no date: write dates like 2026-11-23") from None


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a text, for example Europe/London")
    return value


def _hours(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} must be a number of hours, for example 24")
    return value


def _yes_or_no(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false")
    return value


def _one_of(kind: type[ClockKind] | type[Mode]) -> Callable[[str, object], ClockKind | Mode]:
    def read(name: str, value: object) -> ClockKind | Mode:
        try:
            return kind(value)  # type: ignore[arg-type]
        except ValueError:
            raise ValueError(f"{name} must be one of {', '.join(kind)}") from None

    return read


def _weekdays(name: str, value: object) -> frozenset[int]:
    if not isinstance(value, list | tuple | set | frozenset) or not all(type(day) is int for day in value):
        raise ValueError(f"{name} must be a list of weekday numbers, Monday 0 to Sunday 6")
    return frozenset(value)


def _dates(name: str, value: object) -> frozenset[date]:
    if not isinstance(value, list | tuple | set | frozenset):
        raise ValueError(f"{name} must be a list of dates like 2026-11-23")
    return frozenset(date_from(name, day) for day in value)


def _time(name: str, value: object) -> time:
    if isinstance(value, time):
        return value
    try:
        if str(value).startswith(_MIDNIGHT_AFTER):
            raise ValueError
        return time.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a time of day like 17:00 or 23:59:59") from None


_READERS: dict[str, Callable[[str, object], Any]] = {
    "tz": _text,
    "hours": _hours,
    "clock": _one_of(ClockKind),
    "weekend": _weekdays,
    "bank_holidays": _yes_or_no,
    "extra_working": _dates,
    "mode": _one_of(Mode),
    "next_day_time": _time,
    "floor": _yes_or_no,
}


def _zone(tz: str) -> ZoneInfo:
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("tz names no time zone: write one like Europe/London") from None


def _refuse_odd_hours(hours: float, clock: ClockKind) -> None:
    if not 0 < hours <= LONGEST_HOURS:
        raise ValueError(f"hours must be more than 0 and at most {LONGEST_HOURS}: write 24 for a day")
    if not float(hours * 3600).is_integer():
        raise ValueError("hours must come to whole seconds, like 24 or 1.5: platforms tell no smaller time")
    if clock is ClockKind.WALL and hours < SHORTEST_WALL_HOURS:
        raise ValueError(
            f"clock wall needs hours of {SHORTEST_WALL_HOURS} or more: in the night when clocks go back a "
            "shorter time could end before it begins; use clock elapsed"
        )


def _refuse_odd_weekend(target: ResponseTarget) -> None:
    if not target.weekend <= frozenset(range(7)):
        raise ValueError("weekend must hold weekday numbers, from 0 for Monday to 6 for Sunday")
    if len(target.weekend) == 7 and not target.extra_working:
        raise ValueError("weekend names all seven days, so nothing could ever be due: leave a working day")


def _refuse_odd_end(target: ResponseTarget) -> None:
    if target.next_day_time.tzinfo is not None or target.next_day_time.microsecond:
        raise ValueError("next_day_time must be a plain time of day in whole seconds, like 17:00 or 23:59:59")
    if target.mode is Mode.PAUSE and target.next_day_time < END_OF_DAY:
        raise ValueError(
            "mode pause needs next_day_time 23:59:59: with an earlier time a later message could be due "
            "before an earlier one; use mode strict or carry for an earlier time"
        )
