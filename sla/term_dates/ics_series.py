"""The days of an event that repeats, with a limit on the work that one file may cause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sla.term_dates.ics_event import Event, component, moment, own_day
from sla.term_dates.ics_rule import FIRST_DAY, LAST_DAY, Rule, rule_of
from sla.term_dates.ics_text import EventText
from sla.term_dates.values import Kind

MOST_STEPS = 50_000
"""Steps that the repeating events of one file may take together, of some ten microseconds each.

A bank holiday of every year takes some 250, a day of every week some two thousand.
"""

_STEPS_OF_A_SERIES = 200
_ONE_DAY = timedelta(days=1)
_AND_LATER = "THISANDFUTURE"

_FAR = 7_600
"""Years by which a series is moved before it is followed.

The calendar repeats itself every 400 years, weekdays included. A rule that names no day (30 February) is
followed to the year 9999: from so late that takes milliseconds, from today it would take seconds.
"""


class Allowance:
    """The steps that the repeating events of one file may still take."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self._left = steps

    def spend(self, steps: int) -> None:
        """Take steps.

        Raises:
            ValueError: there are not so many left.
        """
        self._left -= steps
        if self._left < 0:
            raise ValueError("the file repeats too many events too often: give them an end, or list the days")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a series takes place: its days in London, and the event that says what it is."""

    event: Event
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Followed:
    """When a series takes place in the years that are known. ``is_endless``: its rule says no end."""

    occurrences: tuple[Occurrence, ...]
    is_endless: bool


def repeats(text: EventText) -> bool:
    """Return whether an event says that it takes place more than once."""
    return not text.lines.keys().isdisjoint({"RRULE", "RDATE", "EXRULE"})


def is_change(text: EventText) -> bool:
    """Return whether an event only changes one time of a series."""
    return "RECURRENCE-ID" in text.lines


def follow(master: Event, changes: Sequence[Event], allowance: Allowance) -> Followed:
    """Return when a series takes place. A change that closes nothing takes its time out of the series.

    Raises:
        ValueError: it cannot be followed, or takes too many steps; the text says what to do.
    """
    try:
        return _followed(master, changes, allowance)
    except OverflowError:
        raise ValueError("its dates lie beyond all years: correct the year") from None


def _followed(master: Event, changes: Sequence[Event], allowance: Allowance) -> Followed:
    if "EXRULE" in master.text.lines:
        raise ValueError("it takes days out by a rule (EXRULE): list those days as EXDATE")
    allowance.spend(_STEPS_OF_A_SERIES + _listed_days(master.text))
    lines = component(master.text, "RRULE", "RDATE", "EXDATE")
    rules = [rule_of(each, master) for each in _as_list(lines.get("RRULE"))]
    if master.start > LAST_DAY:
        return Followed((), is_endless=False)
    # Long events cost more: each of their days is closed.
    allowance.spend(sum(rule.periods for rule in rules) * (1 + master.days // 10))
    found = _occurrences(master, changes, rules, lines)
    allowance.spend(len(found))
    if len(found) <= 1:
        allowance.spend(sum(rule.barren_steps for rule in rules))
    return Followed(tuple(found), bool(found) and any(rule.is_endless for rule in rules))


def _listed_days(text: EventText) -> int:
    return sum(line.count(",") + 1 for name in ("RDATE", "EXDATE") for line in text.lines.get(name, ()))


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _occurrences(
    master: Event, changes: Sequence[Event], rules: Iterable[Rule], lines: Any
) -> list[Occurrence]:
    """Let the library follow the series: moved far away, in days without times."""
    removed, added = _days_in(lines, "EXDATE", master), _days_in(lines, "RDATE", master)
    kept: dict[date, Event] = {}
    later: set[date] = set()
    last = LAST_DAY
    for change in changes:
        day, and_later = _changed_day(change, master)
        if day > LAST_DAY:
            continue
        if isinstance(change.what, Kind) and change.first_day <= LAST_DAY:
            kept[day] = change
            later |= {day} if and_later else set()
        else:
            removed.add(day)
            last = min(last, day - _ONE_DAY) if and_later else last
    parts = [_far_series(master, rules, added, removed)]
    parts += [_far_change(change, day, master, and_later=day in later) for day, change in kept.items()]
    return [
        _occurrence(time, master, kept) for time in _expanded(parts, _far(FIRST_DAY), _far(last + _ONE_DAY))
    ]


def _expanded(parts: Iterable[Any], first: date, end: date) -> list[Any]:
    import icalendar
    import recurring_ical_events

    calendar = icalendar.Calendar()
    for part in parts:
        calendar.add_component(part)
    try:
        [series] = recurring_ical_events.of(calendar).series
        return list(series.between(first, end))
    except Exception as fault:  # noqa: BLE001 - whatever a rule does to the library, the other events count
        raise ValueError(f"its rule cannot be followed ({type(fault).__name__}): list its days") from None


def _far_series(master: Event, rules: Iterable[Rule], added: Iterable[date], removed: Iterable[date]) -> Any:
    """Return the series as the library takes it."""
    part = _far_event(master.start, master.days)
    for rule in rules:
        if rule.until is not None:
            rule.parts["UNTIL"] = [_far(min(rule.until, LAST_DAY))]
        part.add("RRULE", rule.parts)
    for name, days in (("RDATE", added), ("EXDATE", removed)):
        if known := sorted(_far(day) for day in days if day <= LAST_DAY):
            part.add(name, known)
    return part


def _far_change(change: Event, day: date, master: Event, *, and_later: bool) -> Any:
    """Return a change of the time on ``day`` as the library takes it."""
    part = _far_event(change.first_day - timedelta(days=master.shift), change.days)
    part.add("RECURRENCE-ID", _far(day), parameters={"RANGE": _AND_LATER} if and_later else None)
    return part


def _far_event(start: date, days: int) -> Any:
    import icalendar

    part = icalendar.Event()
    part.add("UID", "series")
    part.add("DTSTART", _far(start))
    part.add("DTEND", _far(start + timedelta(days=days)))
    return part


def _far(day: date) -> date:
    return day.replace(year=day.year + _FAR)


def _days_in(lines: Any, name: str, master: Event) -> set[date]:
    """Return the days of RDATE or EXDATE, by the clock of the series."""
    import icalendar

    found: set[date] = set()
    for each in _as_list(lines.get(name)):
        for value in each.dts if isinstance(each, icalendar.vDDDLists) else [None]:
            if value is None or not isinstance(value.dt, date):
                raise ValueError(f"{name} holds something that is no date: write dates like 20261026")
            found.add(own_day(value.dt, master.zone))
    return found


def _changed_day(change: Event, master: Event) -> tuple[date, bool]:
    """Return which time of the series is changed, by its day, and whether all later ones are."""
    line = component(change.text, "RECURRENCE-ID")
    day = moment(line, "RECURRENCE-ID")
    if day is None:
        raise ValueError("RECURRENCE-ID is no date: write it like 20261026")
    return own_day(day, master.zone), line["RECURRENCE-ID"].params.get("RANGE", "").upper() == _AND_LATER


def _occurrence(time: Any, master: Event, kept: dict[date, Event]) -> Occurrence:
    changed = time.recurrence_ids
    event = kept[_near(changed[0].date())] if changed else master
    shift = timedelta(days=master.shift)
    return Occurrence(event, _near(time.start) + shift, _near(time.end) + shift - _ONE_DAY)


def _near(day: date) -> date:
    return day.replace(year=day.year - _FAR)
