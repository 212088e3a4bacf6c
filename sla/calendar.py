"""Which days the school works: weekends, the nation's bank holidays and the school's own closures."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache, partial
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import MappingProxyType
from typing import cast

from sla.target import ResponseTarget

FIRST_YEAR = 2017
LAST_YEAR = 2036
"""Bank holidays are known from the first day of FIRST_YEAR to the last day of LAST_YEAR."""

PUBLISHED_UNTIL = date(2028, 12, 31)
"""The last day of GOV.UK's list, as of November 2026.

GOV.UK adds a year about three years ahead. Later days are computed by the pattern of the law, which has held
for every day but the one-off ones: whoever proclaims those does not tell us.
"""

WARNED_FROM = date(2027, 7, 1)
"""A year and a half before the published days end, so that a new version is there in time."""

LONGEST_SEARCH = 366
"""Days in which a working day must be found; a longer gap is a mistake in the calendar."""

CLOSURE = "school closure"
WEEKEND = "weekend"

_ONE_DAY = timedelta(days=1)


class Nation(StrEnum):
    """The four nations with their own bank holidays. A school is in exactly one; there is no default."""

    ENG = "ENG"
    WLS = "WLS"
    SCT = "SCT"
    NIR = "NIR"


class NoDeadlineError(ValueError):
    """No due time can be told. The message stays visible as "no deadline" and a person is told why."""


class NoWorkingDayError(NoDeadlineError):
    """Every day of the next year is closed: a closure was mistyped."""


class UnknownYearError(NoDeadlineError):
    """The day lies outside the years whose bank holidays are known: guessing would be wrong in silence."""


class CalendarDataError(RuntimeError):
    """The installed bank holidays lack days that are known to be true: the package must be renewed."""


@dataclass(frozen=True, slots=True, eq=False)
class SchoolCalendar:
    """The closed days of one school, made by :func:`calendar_for`.

    ``bank_holidays`` and ``closures`` name each day's reason. ``extra_working`` are days on which somebody
    works all the same, such as cover days in the holidays. ``version`` changes when any of them does.
    """

    nation: Nation
    bank_holidays: Mapping[date, str]
    closures: Mapping[date, str]
    extra_working: frozenset[date]
    version: str

    def is_closed(self, day: date, target: ResponseTarget) -> bool:
        """Return whether nobody works on ``day``.

        Raises:
            UnknownYearError: bank holidays count and those of that year are not known.
        """
        if target.bank_holidays and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise UnknownYearError(
                f"the bank holidays of {day.year} are not known, only those of {FIRST_YEAR} to {LAST_YEAR}: "
                "correct the year, or install a newer version"
            )
        if (
            day.weekday() in target.weekend
            or day in self.closures
            or (target.bank_holidays and day in self.bank_holidays)
        ):
            return day not in target.extra_working and day not in self.extra_working
        return False

    def closed_because(self, day: date, target: ResponseTarget) -> str | None:
        """Return why nobody works on ``day``, for example "bank holiday: Good Friday"; None if it works.

        Raises:
            UnknownYearError: as for :meth:`is_closed`.
        """
        if not self.is_closed(day, target):
            return None
        if day.weekday() in target.weekend:
            return WEEKEND
        if target.bank_holidays and day in self.bank_holidays:
            return f"bank holiday: {self.bank_holidays[day]}"
        label = self.closures[day]
        return f"{CLOSURE}: {label}" if label else CLOSURE

    def next_working_day(self, day: date, target: ResponseTarget) -> date:
        """Return the first day after ``day`` on which the school works.

        Raises:
            NoWorkingDayError: there is none within 366 days.
            UnknownYearError: as for :meth:`is_closed`.
        """
        later = day
        for _ in range(LONGEST_SEARCH):
            later += _ONE_DAY
            if not self.is_closed(later, target):
                return later
        raise NoWorkingDayError(
            f"there is no working day within {LONGEST_SEARCH} days after {day.isoformat()}: shorten the "
            "closures, or leave a working day in weekend"
        )


def calendar_for(
    nation: str,
    closures: Mapping[date, str] | Iterable[date] = (),
    extra_working: Iterable[date] = (),
) -> SchoolCalendar:
    """Return the calendar of a school in ``nation`` (ENG, WLS, SCT or NIR) with its own closures.

    ``closures`` maps days to labels such as "half term", or only lists the days. Bank holidays need not
    be among them. ``extra_working`` are days on which somebody works all the same.

    Raises:
        ValueError: the nation is none of the four.
        CalendarDataError: the installed bank holidays are out of date.
    """
    if nation not in Nation.__members__:
        raise ValueError("nation must be one of ENG, WLS, SCT and NIR: each has its own bank holidays")
    known = Nation(nation)
    labels = dict(closures) if isinstance(closures, Mapping) else dict.fromkeys(closures, "")
    reopened = frozenset(extra_working)
    if any(isinstance(day, datetime) for day in (*labels, *reopened)):
        raise ValueError("a closed day is a date, not a time: a time could fall on the day before")
    days = _digest(_bank_digest(known), _listed(labels), _listed(dict.fromkeys(reopened, "")))
    return SchoolCalendar(
        nation=known,
        bank_holidays=bank_holidays(known),
        closures=MappingProxyType({day: _one_line(labels[day]) for day in sorted(labels)}),
        extra_working=reopened,
        version=f"{known}-{days}",
    )


@cache
def bank_holidays(nation: Nation) -> Mapping[date, str]:
    """Return the bank holidays of a nation from FIRST_YEAR to LAST_YEAR with their names.

    Only the days off themselves are listed, as GOV.UK does: of a holiday that falls on a weekend the
    substitute day, not the weekend day. The result cannot be changed and is the same object every time.

    Raises:
        CalendarDataError: the installed package lacks a day that is known to be a bank holiday.
    """
    listed = _united_kingdom()(
        subdiv=nation.value, years=range(FIRST_YEAR, LAST_YEAR + 1), expand=False, language="en_GB"
    )
    days = {day: _plain_name(name) for day, name in sorted(listed.items()) if day.weekday() not in {5, 6}}
    if faults := faults_in(nation, days):
        raise CalendarDataError(
            f"the bank holidays of {nation} are out of date ({'; '.join(faults)}): "
            "install a newer version of the holidays package"
        )
    return MappingProxyType(days)


@cache
def _united_kingdom() -> Callable[..., Mapping[date, str]]:
    """Return the part of the holidays package that knows the United Kingdom.

    Asked in the usual way, the package reads its files on all 250 countries first, which takes five times
    as long as all that is done here and would hold up every command that needs a calendar. So the one file
    is read alone; a version that keeps it elsewhere is asked in the usual way.
    """
    import holidays

    folders = [f"{folder}/countries" for folder in holidays.__path__]
    found = PathFinder.find_spec("united_kingdom", folders)
    if found is None or found.loader is None:
        return partial(holidays.country_holidays, "GB")
    alone = module_from_spec(found)
    found.loader.exec_module(alone)
    return cast("Callable[..., Mapping[date, str]]", alone.UnitedKingdom)


def years_warning(today: date) -> str | None:
    """Return what to say when the published bank holidays come to their end; None while they reach far."""
    if today < WARNED_FROM:
        return None
    last = PUBLISHED_UNTIL.year
    return (
        f"bank holidays after {last} are computed, not published: install a newer version, and until then "
        "write a day that is proclaimed into the school's closures"
    )


def faults_in(nation: Nation, days: Mapping[date, str]) -> tuple[str, ...]:
    """Return what a list of bank holidays has wrong, measured by one-off days that every list must know."""
    wanted = dict.fromkeys(_ONE_OFF_DAYS, True) | {_SCOTLAND_ONLY: nation is Nation.SCT}
    return tuple(
        f"{day.isoformat()} {'is missing' if off else 'is not one here'}"
        for day, off in wanted.items()
        if (day in days) is not off
    )


_ONE_OFF_DAYS = (date(2020, 5, 8), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8))
_SCOTLAND_ONLY = date(2026, 6, 15)

_SUBSTITUTE = " (observed)"
_GOV_UK_NAMES = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
    "Summer Bank Holiday": "Summer bank holiday",
    "New Year Holiday": "2 January",
    "Saint Andrew's Day": "St Andrew's Day",
    "Saint Patrick's Day": "St Patrick's Day",
    "Platinum Jubilee of Elizabeth II": "Platinum Jubilee",
    "Scotland's participation in the FIFA World Cup final": "Scotland World Cup bank holiday",
}


def _plain_name(listed: str) -> str:
    """Return the name that people know; where two holidays meet on one day, that of the last one."""
    name = listed.rpartition("; ")[2]
    plain = name.removesuffix(_SUBSTITUTE)
    plain = _GOV_UK_NAMES.get(plain, plain)
    return f"substitute for {plain}" if name.endswith(_SUBSTITUTE) else plain


def _one_line(label: str) -> str:
    return " ".join(label.split())


@cache
def _bank_digest(nation: Nation) -> str:
    return _digest(_listed(bank_holidays(nation)))


def _listed(days: Mapping[date, str]) -> str:
    return "\n".join(f"{day.isoformat()} {_one_line(days[day])}" for day in sorted(days))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n\n".join(parts).encode(errors="replace")).hexdigest()[:12]
