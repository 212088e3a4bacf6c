"""What a person should look at in a school's calendar, each in a sentence with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sla.calendar import Nation, bank_holidays
from sla.term_dates.assembling import left_aside_in_words
from sla.term_dates.stretches import Stretch, stretches
from sla.term_dates.values import LONGEST_USUAL_CLOSURE, TermDates, Why, is_weekday
from sla.term_dates.weekdays import mismatches

HORIZON = timedelta(days=60)
"""How far ahead a calendar has to reach, so that next year's dates come in before they are needed."""

LONGEST_UNCOVERED = 14
"""Days; in a longer closure somebody should look now and then."""


class FindingKind(StrEnum):
    """What was found."""

    REJECTED = "rejected"
    BANK_HOLIDAY = "bank_holiday"
    INSET_IN_HOLIDAY = "inset_in_holiday"
    WEEKDAY = "weekday"
    KNOWN_UNTIL = "known_until"
    LONG_CLOSURE = "long_closure"
    NO_COVER_DAY = "no_cover_day"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a calendar, in a sentence. ``days`` are those meant; of a closure first and last.

    ``needs_person`` says that a decision or a correction is due; the others are good to know.
    """

    kind: FindingKind
    what: str
    days: tuple[date, ...]
    needs_person: bool


def check_calendar(dates: TermDates, nation: str, today: date) -> tuple[Finding, ...]:
    """Return what a person should know about a school's calendar, as it was read from its file.

    Raises:
        ValueError: the nation is none of ENG, WLS, SCT and NIR.
    """
    whose = Nation(nation)
    return tuple(finding for check in _CHECKS for finding in check(dates, whose, today))


def _rejected(dates: TermDates, nation: Nation, today: date) -> Iterator[Finding]:
    for each in dates.rejected:
        yield Finding(FindingKind.REJECTED, f"{each.where} was not read: {each.reason}", (), True)


def _bank_holidays(dates: TermDates, nation: Nation, today: date) -> Iterator[Finding]:
    """Bank holidays that the school's own calendar leaves out. Most leave out those that everybody knows."""
    missing = {day: name for day, name in _ahead(dates, nation, today) if not _is_named(day, dates)}
    if nation is Nation.SCT:
        for day, name in missing.items():
            what = (
                f"Is the school closed on {spoken(day)} ({name})? In Scotland the council decides. "
                "It counts as closed; if staff are in, add it as a cover day"
            )
            yield Finding(FindingKind.BANK_HOLIDAY, what, (day,), True)
    elif missing:
        listed = "; ".join(f"{name}, {spoken(day)}" for day, name in missing.items())
        what = (
            f"The calendar does not list {listed}. As bank holidays they count as closed all the same; add a "
            "cover day if staff are in"
        )
        yield Finding(FindingKind.BANK_HOLIDAY, what, tuple(missing), False)


def _ahead(dates: TermDates, nation: Nation, today: date) -> Iterator[tuple[date, str]]:
    """Yield the bank holidays in the time of the calendar that is still to come, or in all of an old one."""
    named = sorted((*dates.closures, *dates.staff_days, *dates.cover_days, *(e.start for e in dates.entries)))
    last = dates.last_day
    if last is None:
        return
    first = max(named[0], today) if last >= today else named[0]
    for day, name in bank_holidays(nation).items():
        if first <= day <= last:
            yield day, name


def _is_named(day: date, dates: TermDates) -> bool:
    return day in dates.closures or day in dates.staff_days or day in dates.cover_days


def _inset(dates: TermDates, nation: Nation, today: date) -> Iterator[Finding]:
    """INSET on days that are otherwise closed: a decision in a holiday, a contradiction on a day off."""
    closing = {day for entry in dates.entries if entry.closes for day in entry.days}
    off = bank_holidays(nation)
    staffed = [day for day in dates.staff_days if day not in dates.cover_days]
    if inside := [day for day in staffed if day in closing and is_weekday(day) and day not in off]:
        what = (
            f"Staff days lie inside a holiday: {_list(inside)}. They count as working days; enter them as "
            "closed if nobody is in, for example because the INSET is held in the evenings"
        )
        yield Finding(FindingKind.INSET_IN_HOLIDAY, what, tuple(inside), False)
    if shut := [day for day in staffed if not is_weekday(day) or day in off]:
        what = (
            f"Staff days lie on a weekend or a bank holiday: {_list(shut)}. They stay closed; correct the "
            "date, or add a cover day if staff are really in"
        )
        yield Finding(FindingKind.INSET_IN_HOLIDAY, what, tuple(shut), True)


def _weekdays(dates: TermDates, nation: Nation, today: date) -> Iterator[Finding]:
    """Weekday names that do not fit: one of the name and the date is mistyped."""
    labels = [(entry.where, entry.label, entry.start, entry.end) for entry in dates.entries]
    labels += [
        (each.where, each.label, each.day, each.day) for each in dates.ignored if each.why is Why.MARKER
    ]
    for where, label, first, last in dict.fromkeys(labels):
        for wrong in mismatches(label, first, last):
            really = "there is no such day" if wrong.day is None else f"that is {spoken(wrong.day)}"
            what = f"{where}, '{label}', says {wrong.named}, but {really}: correct the name or the date"
            yield Finding(FindingKind.WEEKDAY, what, (wrong.day or first,), True)


def _known_until(dates: TermDates, nation: Nation, today: date) -> Iterator[Finding]:
    """The day after which every weekday counts as a working day, loudly when it is near."""
    last = dates.last_day
    if last is None:
        what = (
            "NO CLOSURE IS KNOWN: school holidays count as working days; add the school year to the calendar"
        )
        yield Finding(FindingKind.KNOWN_UNTIL, what, (), True)
        return
    until = f"no school closure is known after {spoken(last)}"
    if last < today:
        what = f"THE CALENDAR IS OVER: {until}, so holidays count as working days; add this school year now"
    elif last < today + HORIZON:
        what = f"THE CALENDAR ENDS SOON: {until}; add the next school year"
    else:
        what = f"{until[0].upper()}{until[1:]}; add the next school year before"
    yield Finding(FindingKind.KNOWN_UNTIL, what, (last,), last < today + HORIZON)


def _long_closures(dates: TermDates, nation: Nation, today: date) -> Iterator[Finding]:
    for stretch in _stretches(dates, nation):
        if stretch.length > LONGEST_USUAL_CLOSURE:
            what = (
                f"The school is closed for {stretch.length} days on end, from {spoken(stretch.first)} to "
                f"{spoken(stretch.last)}: check that the year and both days are right"
            )
            yield Finding(FindingKind.LONG_CLOSURE, what, (stretch.first, stretch.last), True)


def _no_cover_day(dates: TermDates, nation: Nation, today: date) -> Iterator[Finding]:
    """Closures to come in which a message may wait for weeks: the danger of counting holidays as closed."""
    for stretch in _stretches(dates, nation):
        if stretch.length > LONGEST_UNCOVERED and stretch.last >= today and not stretch.is_covered:
            what = (
                f"From {spoken(stretch.first)} to {spoken(stretch.last)} nobody looks for {stretch.length} "
                "days, and a message may wait as long: name a cover day on which somebody does"
            )
            yield Finding(FindingKind.NO_COVER_DAY, what, (stretch.first, stretch.last), False)


def _stretches(dates: TermDates, nation: Nation) -> Iterator[Stretch]:
    staffed = dates.staff_days.keys() | dates.cover_days.keys()
    return stretches(dates.closures, staffed, bank_holidays(nation))


def _ignored(dates: TermDates, nation: Nation, today: date) -> Iterator[Finding]:
    for why in Why:
        found = [each for each in dates.ignored if each.why is why]
        for sentence in left_aside_in_words(found):
            yield Finding(FindingKind.IGNORED, sentence, tuple(each.day for each in found), False)


_CHECKS: tuple[Callable[[TermDates, Nation, date], Iterator[Finding]], ...] = (
    _rejected,
    _known_until,
    _bank_holidays,
    _inset,
    _weekdays,
    _long_closures,
    _no_cover_day,
    _ignored,
)


def spoken(day: date) -> str:
    """Return a day as people say it, like Monday 4 May 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def _list(days: Sequence[date]) -> str:
    return ", ".join(spoken(day) for day in days)
