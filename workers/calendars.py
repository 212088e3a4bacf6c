"""Reading the schools' term calendars, from files and from feeds, again and again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import structlog

from connectors.base import ConnectorError
from moderation.calendars import Verdict, calendar_of, take_in, tell
from moderation.promises import redate_clocks
from moderation.tasks import Claim
from sla.figures import Week
from sla.term_dates import NotACalendarError, TermDates, read
from workers.calendar_feed import fetch
from workers.desk import Desk
from workers.schools import Source

log = structlog.get_logger()

READ_EVERY = timedelta(hours=6)
"""A calendar is read again after this: a snow day that the office enters counts the same day."""


def term_dates_at(source: Source) -> TermDates:
    """Read a school's term dates now.

    Raises:
        NotACalendarError: what is there is no calendar.
        ConnectorError: the feed cannot be fetched.
        OSError: the file cannot be read.
    """
    return read(source.read_bytes() if isinstance(source, Path) else fetch(source))


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
    except (NotACalendarError, ConnectorError, OSError) as error:
        reason = "no_calendar" if isinstance(error, NotACalendarError) else "unreadable"
        log.warning("calendar not read", school=school.id, error=type(error).__name__)
        with desk.store.continuing(claim, now + READ_EVERY) as unit:
            # Once a week, not four times a day: it lasts, and somebody was told.
            tell(desk.ports, unit, school.id, reason, Week.of(now).name)
        return
    with desk.store.continuing(claim, now + READ_EVERY) as unit:
        verdict = take_in(desk.ports, unit, school, dates)
        if dates.rejected:
            tell(desk.ports, unit, school.id, "rejected", calendar_of(school.nation, dates).version)
    _report(school.id, dates, verdict)
    desk.schools.refresh(desk.store)


def compare_clocks(desk: Desk, claim: Claim) -> None:
    """Count one school's running clocks again where another calendar or rule has come in force."""
    desk.schools.refresh(desk.store)
    redate_clocks(desk.ports, claim)


def read_files(desk: Desk) -> None:
    """Read the calendars that are files, so that no clock is counted before its school's calendar is known.

    Raises:
        NotACalendarError: a file is no calendar, and the school has had none before; the text names it.
    """
    desk.schools.refresh(desk.store)
    for name, source in desk.schools.sources.items():
        if not isinstance(source, Path):
            continue
        try:
            dates = term_dates_at(source)
        except (NotACalendarError, OSError) as error:
            if not _has_had_one(desk, name):
                raise NotACalendarError(f"{source.name} is no calendar: {error}") from None
            log.warning("calendar not read", school=name, error=type(error).__name__)
            continue  # its task reads it again and tells a person
        with desk.store.begin() as unit:
            verdict = take_in(desk.ports, unit, desk.schools[name], dates)
        _report(name, dates, verdict)
    desk.schools.refresh(desk.store)


def _has_had_one(desk: Desk, school: str) -> bool:
    with desk.store.begin() as unit:
        return any(each.school == school for each in unit.calendars.in_force())


def _report(school: str, dates: TermDates, verdict: Verdict) -> None:
    if verdict is Verdict.UNCHANGED:
        return
    log.info("calendar read", school=school, verdict=str(verdict), closed_days=len(dates.closures))
    for each in dates.rejected:
        log.warning("calendar entry not read", school=school, where=each.where, reason=each.reason)
    for warning in dates.warnings:
        log.warning("calendar looks odd", school=school, warning=warning)
