"""The days of an event that repeats, with a limit on the work that one file may cause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any

from sla.term_dates.ics_event import Event, component, moment, own_day
from sla.term_dates.ics_rule import FIRST_DAY, LAST_DAY, Rule, rule_of
from sla.term_dates.ics_text import LONGEST_RULE, EventText
from sla.term_dates.values import Kind

MOST_STEPS = 50_000
"""Steps that the repeating events of one file may take together, of some ten microseconds each.

A bank holiday of every year takes some 250, a day of every week some two thousand.
"""

MOST_RULES = 10
"""Rules in one event; schools need one."""

_STEPS_OF_A_SERIES = 200
_STEPS_OF_A_CHANGE = 10
_STEPS_OF_A_NUMBER = 10
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
            ValueError: there are not so many left. None is taken then.
        """
        if steps > self._left:
            raise ValueError("the file repeats too many events too often: give them an end, or list the days")
        self._left -= steps

    def charge(self, steps: int) -> None:
        """Take steps that were made already, at most those that are left."""
        self._left -= min(steps, self._left)


@dataclass(frozen=True, slots=True)
class Series:
    """An event that repeats, the changes of some of its times, and the steps that following it takes.

    ``steps`` are known beforehand; ``barren_steps`` come on top if it turns out to name no day at all.
    """

    master: Event
    changes: tuple[Event, ...]
    rules: tuple[Rule, ...]
    steps: int
    barren_steps: int

    @property
    def greed(self) -> tuple[int, str, int]:
        """By what series are ordered: the modest ones are followed first, wherever they stand in the file.

        A greedy one then takes nothing away but from those that are as greedy.
        """
        return self.steps + self.barren_steps, self.master.where, self.master.text.number


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


def latest_changes(changes: Sequence[Event], masters: Sequence[Event]) -> list[Event]:
    """Return the changes of one UID without those that a later version of the same change replaced."""
    zone = masters[0].zone if masters else None
    latest: dict[object, Event] = {}
    for change in changes:
        day = changed_day(change, zone) or change.text.number
        if day not in latest or change.text.version >= latest[day].text.version:
            latest[day] = change
    kept = {change.text.number for change in latest.values()}
    return [change for change in changes if change.text.number in kept]


def changed_day(change: Event, zone: tzinfo | None) -> date | None:
    """Return which day of its event is changed, by that event's clock; None if the change does not say."""
    try:
        return _changed_day(change, zone)[0]
    except (ValueError, OverflowError):
        return None


def series_of(master: Event, changes: Sequence[Event]) -> Series:
    """Return an event that repeats as something that can be followed, with what that takes.

    Raises:
        ValueError: it cannot be followed; the text says what to do.
    """
    if "EXRULE" in master.text.lines:
        raise ValueError("it takes days out by a rule (EXRULE): list those days as EXDATE")
    written = master.text.lines.get("RRULE", ())
    if len(written) > MOST_RULES or any(len(line) > LONGEST_RULE for line in written):
        raise ValueError("its rule names too many days: list the days themselves")
    rules = tuple(rule_of(each, master) for each in _as_list(component(master.text, "RRULE").get("RRULE")))
    # Long events cost more: each of their days is closed.
    periods = sum(rule.periods for rule in rules) * (1 + master.days // 10)
    numbers = sum(len(values) for rule in rules for values in rule.parts.values())
    beside = _listed_days(master.text) + _STEPS_OF_A_CHANGE * len(changes) + _STEPS_OF_A_NUMBER * numbers
    return Series(
        master,
        tuple(changes),
        rules,
        steps=_STEPS_OF_A_SERIES + beside + periods,
        barren_steps=sum(rule.barren_steps for rule in rules),
    )


def follow(series: Series, allowance: Allowance) -> Followed:
    """Return when a series takes place. A change that closes nothing takes its time out of the series.

    Raises:
        ValueError: it cannot be followed, or takes too many steps; the text says what to do.
    """
    allowance.spend(series.steps)
    if series.master.start > LAST_DAY:
        return Followed((), is_endless=False)
    try:
        found = _occurrences(series)
    except OverflowError:
        raise ValueError("its dates lie beyond all years: correct the year") from None
    allowance.charge(len(found) if len(found) > 1 else series.barren_steps)
    return Followed(tuple(found), bool(found) and any(rule.is_endless for rule in series.rules))


def _listed_days(text: EventText) -> int:
    return sum(line.count(",") + 1 for name in ("RDATE", "EXDATE") for line in text.lines.get(name, ()))


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _occurrences(series: Series) -> list[Occurrence]:
    """Let the library follow the series: moved far away, in days without times."""
    master = series.master
    lines = component(master.text, "RDATE", "EXDATE")
    removed, added = _days_in(lines, "EXDATE", master), _days_in(lines, "RDATE", master)
    kept: dict[date, Event] = {}
    later: set[date] = set()
    last = LAST_DAY
    for change in series.changes:
        day, and_later = _changed_day(change, master.zone)
        if day > LAST_DAY:
            continue
        if isinstance(change.what, Kind) and change.first_day <= LAST_DAY:
            kept[day] = change
            later |= {day} if and_later else set()
        else:
            removed.add(day)
            last = min(last, day - _ONE_DAY) if and_later else last
    parts = [_far_series(master, series.rules, added, removed)]
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


def _changed_day(change: Event, zone: tzinfo | None) -> tuple[date, bool]:
    """Return which time of the series is changed, by its day, and whether all later ones are."""
    line = component(change.text, "RECURRENCE-ID")
    day = moment(line, "RECURRENCE-ID")
    if day is None:
        raise ValueError("RECURRENCE-ID is no date: write it like 20261026")
    return own_day(day, zone), line["RECURRENCE-ID"].params.get("RANGE", "").upper() == _AND_LATER


def _occurrence(time: Any, master: Event, kept: dict[date, Event]) -> Occurrence:
    changed = time.recurrence_ids
    event = kept[_near(changed[0].date())] if changed else master
    shift = timedelta(days=master.shift)
    return Occurrence(event, _near(time.start) + shift, _near(time.end) + shift - _ONE_DAY)


def _near(day: date) -> date:
    return day.replace(year=day.year - _FAR)
