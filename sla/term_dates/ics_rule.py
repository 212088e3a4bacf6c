"""The rule by which an event repeats: only rules that days can follow, and what following them may cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sla.calendar import FIRST_YEAR, LAST_YEAR
from sla.term_dates.ics_event import LONDON, Event

FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
"""The days for which bank holidays are known. Nothing is followed beyond them."""

MOST_NUMBERS = 100
"""Numbers and weekdays in one rule; a rule with more is no rule of a school."""

_HOW_OFTEN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_WHICH_DAYS = {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Frequency:
    """How many days pass at least from one period to the next, and what a rule costs that names no day."""

    days: int
    barren_steps: int


_FREQUENCIES = {
    "DAILY": _Frequency(1, 13_000),
    "WEEKLY": _Frequency(7, 4_500),
    "MONTHLY": _Frequency(28, 1_500),
    "YEARLY": _Frequency(365, 800),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that can be followed: the ``parts`` of its RRULE, and the last day on which it may start again.

    ``periods`` are the days, weeks, months or years to walk through; ``barren_steps`` what it costs besides
    if it turns out to name no day.
    """

    parts: Any
    until: date | None
    periods: int
    barren_steps: int

    @property
    def is_endless(self) -> bool:
        """Whether it says neither when nor after how many times it ends."""
        return self.until is None and "COUNT" not in self.parts


def rule_of(parts: Any, event: Event) -> Rule:
    """Return the rule of an event from the parts of its RRULE.

    Raises:
        ValueError: it is none that days can follow; the text says what to do.
    """
    import icalendar

    if not isinstance(parts, icalendar.vRecur):
        raise ValueError("its rule cannot be read: set the repetition anew")
    names = {name.upper() for name in parts}
    frequency = _FREQUENCIES.get(str(parts.get("FREQ", [""])[0]).upper())
    if frequency is None:
        raise ValueError("it repeats neither daily, weekly, monthly nor yearly: set the repetition anew")
    _refuse_unusual(parts, names)
    until = _last_start(parts["UNTIL"][0], event) if "UNTIL" in names else None
    # Months, weeks and numbers together may name no day at all. Every week has its Monday.
    has_days = names <= _HOW_OFTEN or (
        frequency is _FREQUENCIES["WEEKLY"] and names <= _HOW_OFTEN | {"BYDAY"}
    )
    last = LAST_DAY if until is None else min(until, LAST_DAY)
    periods = max((last - event.start).days, 0) // (frequency.days * _number(parts, "INTERVAL")) + 1
    if "COUNT" in names:
        count = _number(parts, "COUNT")
        periods = min(periods, count) if has_days else periods
    return Rule(parts, until, periods, 0 if has_days else frequency.barren_steps)


def _refuse_unusual(parts: Any, names: set[str]) -> None:
    if unknown := names - _HOW_OFTEN - _WHICH_DAYS:
        raise ValueError(f"its rule says {', '.join(sorted(unknown))}, which is not read: list its days")
    if {"COUNT", "UNTIL"} <= names:
        raise ValueError("its rule has both COUNT and UNTIL: keep one of them")
    if sum(len(values) for values in parts.values()) > MOST_NUMBERS:
        raise ValueError("its rule names too many days: list the days themselves")


def _number(parts: Any, name: str) -> int:
    number = int(parts.get(name, [1])[0])
    if number < 1:
        raise ValueError(f"{name} of its rule must be 1 or more: set the repetition anew")
    return number


def _last_start(until: object, event: Event) -> date:
    """Return the last day, by the event's own clock, on which the series may start once more.

    For an all-day event a time in UTC is midnight in London if it can be; else its day is meant.
    """
    if not isinstance(until, date):
        raise ValueError("UNTIL of its rule is no date: write it like 20261026")
    if not isinstance(until, datetime):
        return until
    if until.tzinfo is not None:
        local = until.astimezone(event.zone or LONDON)
        until = local if event.zone or local.time() == event.clock else until
    return until.date() if until.time() >= event.clock else until.date() - _ONE_DAY
