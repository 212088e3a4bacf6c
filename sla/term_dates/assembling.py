"""From the entries of a calendar to its days: what closes, what opens again, and what looks odd."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache

from sla.calendar import FIRST_YEAR, LAST_YEAR, Nation, bank_holidays
from sla.term_dates.stretches import Stretch, stretches
from sla.term_dates.values import (
    LONGEST_ENTRY,
    LONGEST_USUAL_CLOSURE,
    SHORTEST_TERM,
    Entry,
    Ignored,
    Kind,
    Rejected,
    TermDates,
    Why,
    days_between,
    in_order,
    is_weekday,
    written,
)

BETWEEN_TERMS = "school holiday"
"""The label of days that no entry names: they lie between two terms."""

_CLOSING = {Kind.HOLIDAY, Kind.HALF_TERM, Kind.CLOSURE}
"""Kinds that show that a file lists its holidays. A bank holiday alone does not."""

_TWILIGHT = re.compile(r"twilight|disaggregat", re.IGNORECASE)
_ONE_DAY = timedelta(days=1)
_SHORT_GAP = timedelta(days=8)
"""Weekends and bank holidays in a row are never longer than from Christmas to after New Year's weekend."""
_EXAMPLES = 3


def term_dates(
    entries: Iterable[Entry],
    *,
    rejected: Iterable[Rejected] = (),
    ignored: Iterable[Ignored] = (),
    warnings: Iterable[str] = (),
) -> TermDates:
    """Return the days that ``entries`` close and open.

    1. Every day of a closure is closed; so are the days between two terms where no holiday is listed.
    2. A staff day inside a closure is a working day.
    3. A cover day is a working day whatever else it is.
    """
    known, elsewhere = _in_known_years(entries)
    closed = _labels(entry for entry in known if entry.closes)
    staff = _labels(entry for entry in known if entry.is_staff_day)
    cover = _labels(entry for entry in known if entry.kind is Kind.COVER)
    told = [*warnings, *_odd_entries(known, closed)]
    gaps = list(_gaps(known))
    listed = _labels(entry for entry in known if gaps and entry.closes and entry.kind in _CLOSING)
    for gap in gaps:
        if any(day in listed for day in gap if is_weekday(day)):
            told += _left_open(gap, {**closed, **staff, **cover})
        else:
            told += _close(gap, closed)
    staffed = staff.keys() | cover.keys()
    closures = in_order({day: closed[day] for day in closed.keys() - staffed})
    told += _long_closures(closures, staffed, known)
    left_aside = (*ignored, *elsewhere)
    return TermDates(
        closures=closures,
        staff_days=in_order(staff),
        cover_days=in_order(cover),
        known_until=max((entry.end for entry in known), default=None),
        rejected=tuple(rejected),
        warnings=(*told, *left_aside_in_words(left_aside)),
        entries=tuple(known),
        ignored=left_aside,
    )


def _in_known_years(entries: Iterable[Entry]) -> tuple[list[Entry], list[Ignored]]:
    """Part entries from those that lie where no bank holiday is known, so that no due time can either."""
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    known: list[Entry] = []
    elsewhere: list[Ignored] = []
    for entry in entries:
        if entry.start <= last and entry.end >= first:
            known.append(entry)
        else:
            elsewhere.append(Ignored(entry.where, entry.label, entry.start, Why.OUT_OF_YEARS))
    return known, elsewhere


def _labels(entries: Iterable[Entry]) -> dict[date, str]:
    """Return the days of entries with the label of the first entry that names each."""
    found: dict[date, str] = {}
    for entry in entries:
        for day in entry.days:
            found.setdefault(day, entry.label)
    return found


def _gaps(entries: Iterable[Entry]) -> Iterator[list[date]]:
    """Yield the days between each term and the next, where they hold a weekday."""
    terms = (entry for entry in entries if entry.kind is Kind.TERM and entry.length >= SHORTEST_TERM)
    reached: date | None = None
    for term in sorted(terms, key=lambda each: each.start):
        if reached is not None:
            gap = list(days_between(reached + _ONE_DAY, term.start - _ONE_DAY))
            if any(is_weekday(day) for day in gap):
                yield gap
        reached = term.end if reached is None else max(reached, term.end)


def _close(gap: Sequence[date], closed: dict[date, str]) -> Iterator[str]:
    """Close the days between two terms, of which the file says nothing itself."""
    if len(gap) > LONGEST_ENTRY:
        yield (
            f"from {gap[0].isoformat()} to {gap[-1].isoformat()}, between two terms, the school is closed "
            f"for {len(gap)} days: that cannot be, so they stay open; add the terms in between"
        )
        return
    for day in gap:
        closed.setdefault(day, BETWEEN_TERMS)


def _left_open(gap: Sequence[date], named: Mapping[date, str]) -> Iterator[str]:
    """Tell the days between two terms that the file leaves open, although it closes others of them."""
    if left := [day for day in gap if is_weekday(day) and day not in named]:
        yield (
            f"{len(left)} weekday(s) from {gap[0].isoformat()} to {gap[-1].isoformat()}, between two terms, "
            f"are in no holiday and count as working days ({written(left)}); add them if nobody is in"
        )


def _odd_entries(entries: Iterable[Entry], closed: Mapping[date, str]) -> Iterator[str]:
    """Yield what is usual in real files and yet worth a look."""
    for entry in entries:
        if entry.kind is Kind.INSET and entry.staff_working:
            yield from _odd_inset(entry, closed)
        if entry.kind is Kind.TERM and entry.length < SHORTEST_TERM:
            yield (
                f"{entry.where}: a term of {entry.length} day(s) only marks a beginning or an end and is not "
                "used; give the term its first and last day"
            )


def _long_closures(
    closures: Mapping[date, str], staffed: Collection[date], entries: Sequence[Entry]
) -> Iterator[str]:
    """Yield the closures that are longer than usual: days on end, whichever entries they come from.

    An entry that is as long by itself is told too, although a day with staff parts it.
    """
    found: list[Stretch] = []
    if _may_be_long(closures):
        found = [each for each in stretches(closures, staffed, _off_somewhere()) if _is_long(each.length)]
    first_days = [stretch.first for stretch in found]
    names: list[dict[str, None]] = [{} for _ in found]
    for entry in entries:
        if not entry.closes:
            continue
        last = at = bisect_right(first_days, entry.end) - 1
        while at >= 0 and found[at].last >= entry.start:
            names[at][entry.where] = None
            at -= 1
        if at == last and _is_long(entry.length):
            yield _too_long(Stretch(entry.start, entry.end, is_covered=True), [entry.where])
    for stretch, whose in zip(found, names, strict=True):
        yield _too_long(stretch, list(whose))


def _too_long(stretch: Stretch, names: Sequence[str]) -> str:
    span = f"from {stretch.first.isoformat()} to {stretch.last.isoformat()}"
    on_end = f"the school is closed for {stretch.length} days on end"
    if not names:
        return f"{span}, between two terms, {on_end}; check that no term is missing"
    more = f" and {len(names) - _EXAMPLES} more" if len(names) > _EXAMPLES else ""
    return f"{', '.join(names[:_EXAMPLES])}{more}: {on_end}, {span}; check the year"


def _may_be_long(closures: Iterable[date]) -> bool:
    """Return whether to look closer: with all short gaps closed, some closure would be long."""
    first = last = None
    for day in closures:
        if first is None or last is None or day - last > _SHORT_GAP:
            first = day
        last = day
        if _is_long((last - first).days + 1):
            return True
    return False


def _is_long(days: int) -> bool:
    return days > LONGEST_USUAL_CLOSURE


@cache
def _off_somewhere() -> frozenset[date]:
    """Return the bank holidays of any nation: a file does not say in which of them its school lies."""
    return frozenset(day for nation in Nation for day in bank_holidays(nation))


def _odd_inset(entry: Entry, closed: Mapping[date, str]) -> Iterator[str]:
    if inside := [day for day in entry.days if day in closed]:
        yield (
            f"{entry.where}: INSET on {written(inside)} lies inside a closure and counts as a working day; "
            "if nobody is in, set staff_working to no, or the category CLOSURE in an ICS file"
        )
    if _TWILIGHT.search(entry.label):
        yield (
            f"{entry.where}: this INSET seems to be held in the evenings, and its day counts as a working "
            "day; if nobody is in, set staff_working to no, or the category CLOSURE in an ICS file"
        )


_LEFT_ASIDE = {
    Why.MARKER: "mark a first, last or shortened day and close nothing",
    Why.TIMED: "have times of day and close nothing; make them all-day if the school is closed",
    Why.CANCELLED: "are cancelled",
    Why.OUT_OF_YEARS: f"have no day from {FIRST_YEAR} to {LAST_YEAR}; check the year",
    Why.OTHER: "are neither closures nor INSET days",
}


def left_aside_in_words(ignored: Iterable[Ignored]) -> Iterator[str]:
    """Yield one sentence for each reason why entries were left aside: how many, and the first few.

    Of events that are none of our business only the days are told: their words may name people.
    """
    everything = list(ignored)
    for why, what in _LEFT_ASIDE.items():
        if found := [each for each in everything if each.why is why]:
            examples = "; ".join(_example(each) for each in found[:_EXAMPLES])
            more = f"; and {len(found) - _EXAMPLES} more" if len(found) > _EXAMPLES else ""
            yield f"left aside: {len(found)} that {what} ({examples}{more})"


def _example(each: Ignored) -> str:
    if each.why in {Why.OTHER, Why.CANCELLED} or not each.label:
        return each.day.isoformat()
    return f"'{each.label}' on {each.day.isoformat()}"
