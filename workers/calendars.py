"""Reading the schools' term calendars, from files and from feeds, again and again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import structlog

from connectors.base import ConnectorError
from moderation.calendars import Verdict, take_in, tell_not_read
from moderation.promises import redate_clocks
from moderation.stored_calendar import CalendarState
from moderation.tasks import Claim, LeaseLost
from sla.term_dates import NotACalendarError, TermDates, read
from workers.calendar_feed import fetch
from workers.calendar_files import content_of
from workers.desk import Desk
from workers.schools import Source

log = structlog.get_logger()

READ_EVERY = timedelta(hours=6)
"""A calendar is read again after this: a snow day that the office enters counts the same day."""

ASK_AGAIN = timedelta(minutes=15)
"""While a school has had no calendar at all, it is looked for this often."""


class FirstCalendarError(Exception):
    """A school's file cannot be read, and there is no earlier calendar to go by. The text says what to do."""


def term_dates_at(source: Source) -> TermDates:
    """Read a school's term dates now.

    Raises:
        NotACalendarError: what is there is no calendar.
        ConnectorError: the feed cannot be fetched.
        OSError: the file cannot be read.
    """
    return read(content_of(source) if isinstance(source, Path) else fetch(source))


def read_calendar(desk: Desk, claim: Claim) -> None:
    """Read one school's term dates again and put them in force if they changed.

    Whatever is wrong with what is there now, the last good calendar stays in force and a person is told.
    """
    now = desk.ports.now()
    school, source = desk.schools.get(claim.subject), desk.schools.sources.get(claim.subject)
    if school is None or source is None:
        with desk.store.continuing(claim, now + READ_EVERY):
            return
    try:
        dates = term_dates_at(source)
        with desk.store.continuing(claim, now + READ_EVERY) as unit:
            verdict = take_in(desk.ports, unit, school, dates)
    except LeaseLost:
        raise
    except Exception as error:  # noqa: BLE001 - one calendar's surprise must not end its reading for ever
        again = READ_EVERY if _has_had_one(desk, school.id) else ASK_AGAIN
        with desk.store.continuing(claim, now + again) as unit:
            tell_not_read(desk.ports, unit, school.id, _reason(school.id, error))
        return
    _report(school.id, dates, verdict)
    desk.schools.refresh(desk.store)


def compare_clocks(desk: Desk, claim: Claim) -> None:
    """Count one school's running clocks again where another calendar or rule has come in force."""
    desk.schools.refresh(desk.store)
    redate_clocks(desk.ports, claim)


def read_before_work(desk: Desk) -> None:
    """Read the calendars, so that no clock is counted before its school's holidays are known.

    1. Files are read at every start.
    2. A feed is asked only where the school has never had a calendar; no other start waits for a network.
    3. What cannot be read is told. With a feed, or an earlier calendar, the start goes on all the same.

    Raises:
        FirstCalendarError: a file cannot be read, and the school has had no calendar before.
    """
    for name, source in desk.schools.sources.items():
        has_had_one = _has_had_one(desk, name)
        if isinstance(source, Path) or not has_had_one:
            _read_now(desk, name, source, has_had_one=has_had_one)
    desk.schools.refresh(desk.store)


def _read_now(desk: Desk, name: str, source: Source, *, has_had_one: bool) -> None:
    try:
        dates = term_dates_at(source)
        with desk.store.begin() as unit:
            verdict = take_in(desk.ports, unit, desk.schools[name], dates)
    except Exception as error:  # noqa: BLE001 - nothing about a new calendar may end a start with an old one
        if isinstance(source, Path) and not has_had_one:
            raise FirstCalendarError(_first_words(source, error)) from None
        with desk.store.begin() as unit:
            tell_not_read(desk.ports, unit, name, _reason(name, error))
        return
    _report(name, dates, verdict)


def _first_words(file: Path, error: Exception) -> str:
    match error:
        case NotACalendarError():
            return f"{file.name} is no calendar: {error}"
        case OSError():
            why = f"{error.strerror or type(error).__name__}: correct term_calendar, or put the file there"
        case _:
            why = f"{type(error).__name__}: report it"
    return f"{file.name} cannot be read: {why}"


def _reason(school: str, error: Exception) -> str:
    """Return why a calendar could not be read, in a word for people; the log names the error's class."""
    log.warning("calendar not read", school=school, error=type(error).__name__)
    match error:
        case NotACalendarError():
            return "no_calendar"
        case ConnectorError() | OSError():
            return "unreadable"
        case _:
            return "unexpected"


def _has_had_one(desk: Desk, school: str) -> bool:
    with desk.store.begin() as unit:
        return unit.calendars.one(school, CalendarState.IN_FORCE) is not None


def _report(school: str, dates: TermDates, verdict: Verdict) -> None:
    """Log what became of a calendar, in numbers: the words of its events may name people."""
    if verdict is Verdict.UNCHANGED:
        return
    log.info(
        "calendar read",
        school=school,
        verdict=str(verdict),
        closed_days=len(dates.closures),
        not_read=len(dates.rejected),
        warnings=len(dates.warnings),
    )
    if dates.rejected:
        log.warning(
            "calendar entries not read: see calendar check", school=school, number=len(dates.rejected)
        )
