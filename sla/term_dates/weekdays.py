"""Weekday names in the labels of a calendar that do not fit the dates: somebody mistyped one of the two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sla.term_dates.values import days_between

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEK = 7
_FULL = "|".join(WEEKDAYS)
_ANY = (
    "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|"
    "sun(?:day)?"
)
_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in _MONTHS)
_DATED = re.compile(
    rf"\b(?P<weekday>{_ANY})[.,]? (?:the )?(?:"
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH})\b[.,]?(?: (?P<year>\d{{4}})\b)?"
    r"|(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})\b)",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"(?P<other>\b(?:returns?|returning|back|re-?opens?|resumes?|from|until|till|to|after|before|for|of) "
    rf"(?:on )?(?:the )?)?\b(?P<weekday>{_FULL})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A weekday that a label names, and the day that it should be. ``day`` is None where there is no such."""

    named: str
    day: date | None


def mismatches(label: str, first_day: date, last_day: date) -> Iterator[Mismatch]:
    """Yield the weekdays in the label of an entry that do not fit the dates.

    A weekday with a date must fit that date; where the year is missing, the one nearest to the entry is
    meant. A weekday alone must be one of the entry's own, unless something else is then ("returns Tuesday").
    """
    for found in _DATED.finditer(label):
        named = _weekday(found["weekday"])
        day = _date(found, first_day)
        if day is None or WEEKDAYS[day.weekday()] != named:
            yield Mismatch(named, day)
    own = {WEEKDAYS[day.weekday()] for day in days_between(first_day, last_day)}
    for found in _ALONE.finditer(_DATED.sub("", label)):
        if not found["other"] and _weekday(found["weekday"]) not in own:
            yield Mismatch(_weekday(found["weekday"]), first_day)


def _weekday(name: str) -> str:
    return next(each for each in WEEKDAYS if each.lower().startswith(name.lower()[:3]))


def _date(found: re.Match[str], near: date) -> date | None:
    """Return the date that was found; None if the calendar has none such."""
    if found["y"]:
        return _day(int(found["y"]), int(found["m"]), int(found["d"]))
    month = next(
        n for n, name in enumerate(_MONTHS, start=1) if name.lower().startswith(found["month"].lower()[:3])
    )
    years = [int(found["year"])] if found["year"] else [near.year - 1, near.year, near.year + 1]
    days = [day for year in years if (day := _day(year, month, int(found["day"])))]
    return min(days, key=lambda day: abs(day - near), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
