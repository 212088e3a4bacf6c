"""What a file of term dates says, as values: its entries, and the days that they close or open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

MOST_BYTES = 5 * 2**20
"""A larger file is no school's calendar."""

MOST_ENTRIES = 5_000
"""Rows or events of one file; a school has some thirty a year."""

LONGEST_ENTRY = 366
"""Days; a longer entry has a mistyped year."""

LONGEST_USUAL_CLOSURE = 50
"""Days; a longer closure is read, and worth a look."""

SHORTEST_TERM = 5
"""Days; a shorter "term" only marks its first or last day."""

_SATURDAY = 5


class NotACalendarError(ValueError):
    """The file holds no term dates at all. Whatever calendar was in force stays."""


class Kind(StrEnum):
    """What an entry says about its days."""

    TERM = "term"
    HOLIDAY = "holiday"
    HALF_TERM = "half_term"
    INSET = "inset"
    BANK_HOLIDAY = "bank_holiday"
    CLOSURE = "closure"
    COVER = "cover"

    @property
    def is_closed(self) -> bool:
        """Whether nobody works on such days unless the entry says otherwise."""
        return self not in {Kind.TERM, Kind.INSET, Kind.COVER}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a calendar, from its first to its last day. ``where`` is its line or its UID."""

    where: str
    kind: Kind
    start: date
    end: date
    label: str
    staff_working: bool

    @property
    def length(self) -> int:
        """How many days it has, weekends included."""
        return (self.end - self.start).days + 1

    @property
    def days(self) -> Iterator[date]:
        """Its days in order."""
        return days_between(self.start, self.end)

    @property
    def closes(self) -> bool:
        """Whether nobody works on its days."""
        return self.kind is not Kind.TERM and not self.staff_working

    @property
    def is_staff_day(self) -> bool:
        """Whether staff work on its days and pupils do not."""
        return self.staff_working and self.kind not in {Kind.TERM, Kind.COVER}


@dataclass(frozen=True, slots=True)
class Rejected:
    """One entry that could not be used: where it stands in the file, and what to do about it."""

    where: str
    reason: str


class Why(StrEnum):
    """Why an event that can be read says nothing about closed days."""

    MARKER = "marker"
    TIMED = "timed"
    CANCELLED = "cancelled"
    OUT_OF_YEARS = "out_of_years"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Ignored:
    """One entry that was read and left aside."""

    where: str
    label: str
    day: date
    why: Why


def _nothing() -> Mapping[date, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class TermDates:
    """What a file of term dates says.

    ``closures`` are the days on which nobody works, with their labels. ``staff_days`` are those on which
    staff work and pupils do not; ``cover_days`` those on which somebody looks all the same, be it a weekend
    or a bank holiday. ``known_until`` is the last day of any entry.

    ``rejected`` entries were left out, ``warnings`` are worth a look. They, ``entries`` and ``ignored`` tell
    how the file was read; only the days themselves are stored.
    """

    closures: Mapping[date, str]
    staff_days: Mapping[date, str]
    cover_days: Mapping[date, str] = field(default_factory=_nothing)
    known_until: date | None = None
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    ignored: tuple[Ignored, ...] = ()

    @property
    def last_day(self) -> date | None:
        """The last day of which the file says anything: after it no closure is known."""
        told = (*self.closures, *self.staff_days, *self.cover_days)
        return max(told if self.known_until is None else (*told, self.known_until), default=None)

    def with_cover_days(self, days: Mapping[date, str]) -> TermDates:
        """Return the same dates with more days on which somebody looks."""
        return replace(
            self,
            closures=in_order({day: label for day, label in self.closures.items() if day not in days}),
            cover_days=in_order({**days, **self.cover_days}),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the days as JSON can store them: lists of a date like 2026-10-26 with its label."""
        return {
            "closures": _pairs(self.closures),
            "staff_days": _pairs(self.staff_days),
            "cover_days": _pairs(self.cover_days),
            "known_until": None if self.known_until is None else self.known_until.isoformat(),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> TermDates:
        """Return the days that :meth:`as_json` made storable.

        Raises:
            ValueError: they are not what it makes.
        """
        try:
            until = stored["known_until"]
            return cls(
                closures=_from_pairs(stored["closures"]),
                staff_days=_from_pairs(stored["staff_days"]),
                cover_days=_from_pairs(stored["cover_days"]),
                known_until=None if until is None else date.fromisoformat(until),
            )
        except (KeyError, TypeError, ValueError):
            raise ValueError("these are no stored term dates: read the school's calendar again") from None


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every day from ``first`` to ``last``, both included."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def is_weekday(day: date) -> bool:
    """Return whether ``day`` is Monday to Friday."""
    return day.weekday() < _SATURDAY


def in_order(days: Mapping[date, str]) -> Mapping[date, str]:
    """Return days with their labels, in order and safe from change."""
    return MappingProxyType({day: days[day] for day in sorted(days)})


def written(days: list[date] | tuple[date, ...], most: int = 10) -> str:
    """Return days as text, like 2026-10-26; of many only the first and how many more there are."""
    shown = ", ".join(day.isoformat() for day in days[:most])
    return shown if len(days) <= most else f"{shown} and {len(days) - most} more"


def _pairs(days: Mapping[date, str]) -> list[list[str]]:
    return [[day.isoformat(), days[day]] for day in sorted(days)]


def _from_pairs(pairs: list[list[str]]) -> Mapping[date, str]:
    return in_order({date.fromisoformat(day): str(label) for day, label in pairs})
