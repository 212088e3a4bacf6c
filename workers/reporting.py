"""The weekly report: counted from the store, written to its folder, and on its way to the leadership."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from moderation.alerting import holders
from moderation.alerts import AlertStep, Role, Topic
from moderation.ports import PlannedAlert, School
from moderation.tasks import Claim
from sla.calendar import NoDeadlineError
from sla.clocks import Outcome, outcome
from sla.deadline import deadline
from sla.figures import CoverageLine, OtherReading, ReportLine, Week, WeeklyFigures, headline, weekly_figures
from sla.target import Mode, ResponseTarget
from store.report_lines import CountedItem, Reading, counted_items, readings
from workers.desk import Desk
from workers.reports import report_folder, write_report
from workers.standing import report_task

log = structlog.get_logger()

READERS = (Role.SLT, Role.HEADTEACHER)
"""Who gets the weekly report."""


def make_weekly_report(desk: Desk, claim: Claim) -> None:
    """Make the report about one week, tell its readers, and write down the next one.

    The files are written first: when somebody is told, they are there. Making them twice gives the same.
    """
    number, _, name = claim.subject.partition(":")
    school = desk.ports.schools[number]
    week = Week.named(name)
    figures = figures_of(desk, school, week)
    render_into(desk.report.folder, figures)
    now = desk.ports.now()
    with desk.store.finishing(claim) as unit:
        recipients = holders(desk.ports.people.values(), school.id, READERS)
        unit.alerts.plan(
            PlannedAlert(Topic("report", claim.subject, AlertStep.WEEKLY_REPORT), recipients, now), now
        )
        unit.tasks.add([report_task(desk, school.id, week.after)], now)
    log.info("weekly report made", school=school.id, week=week.name)


def render_into(reports: Path, figures: WeeklyFigures) -> Path:
    """Render the report and write its files; return their folder."""
    from notifications.report import render

    folder = report_folder(reports, figures.school, figures.week)
    write_report(folder, render(figures))
    return folder


def figures_of(desk: Desk, school: School, week: Week) -> WeeklyFigures:
    """Count one school's week as it stands now."""
    now = desk.ports.now()
    accounts = [account.name for account in desk.ports.accounts.values() if account.school == school.id]
    with desk.store.begin() as unit:
        connection = unit.connection
        items = counted_items(connection, accounts, week.starts_at, week.ends_at, week.after.ends_at)
        before = counted_items(connection, accounts, week.before.starts_at, week.starts_at, week.starts_at)
        coverage = readings(connection, accounts, week.starts_at, week.ends_at)
    lines = [_line(item, school, now) for item in items]
    measured_before = any(reading.go_live < week.starts_at for reading in coverage)
    return weekly_figures(
        lines,
        [_coverage(desk, reading, week, now) for reading in coverage],
        school=school.id,
        school_name=school.name,
        week=week.name,
        now=now,
        previous=headline([_line(item, school, now) for item in before], week.before.name)
        if measured_before
        else None,
        reading=str(school.target.mode),
        other_reading=_other_reading(items, lines, school, week, now),
    )


def _line(item: CountedItem, school: School, now: datetime) -> ReportLine:
    due_day = None if item.due_at is None else item.due_at.astimezone(ZoneInfo(school.target.tz)).date()
    return ReportLine(
        item=item.item,
        account=item.account,
        platform=item.platform,
        received_at=item.received_at,
        seen_at=item.seen_at,
        due_at=item.due_at,
        stopped_at=item.stopped_at,
        stopped_how=item.stopped_how,
        outcome=_outcome(item, now),
        opener=item.opener,
        severity=item.severity.word,
        labels=item.labels,
        intent=item.intent,
        route=item.route,
        reference=item.reference,
        late_discovery=item.late_discovery,
        due_on_closed_day=due_day is not None
        and school.calendar.closed_because(due_day, school.target) is not None,
    )


def _outcome(item: CountedItem, now: datetime) -> Outcome:
    """Return what became of an item: what has no clock owes nothing, but what nobody looked at is open."""
    if item.due_at is None:
        return Outcome.NOT_NEEDED if item.is_scored else Outcome.OPEN
    return outcome(item.due_at, item.stopped_at, item.stopped_how, now)


def _coverage(desk: Desk, reading: Reading, week: Week, now: datetime) -> CoverageLine:
    """Return how long an account was watched: what was not read in time is blind, the present included."""
    start = max(week.starts_at, reading.go_live)
    end = min(week.ends_at, now)
    every = next(
        account.poll_every_minutes
        for account in desk.ports.accounts.values()
        if account.name == reading.account
    )
    gaps = list(reading.gaps)
    last = reading.last_read_at or start
    if now - last > timedelta(minutes=max(3 * every, 30)):
        gaps.append((last, now))
    blind = _minutes(max(timedelta(), min(until, end) - max(since, start)) for since, until in gaps)
    whole = _minutes([max(timedelta(), end - start)])
    return CoverageLine(reading.account, reading.platform, whole - blind, blind, reading.last_read_at)


def _minutes(spans: Iterable[timedelta]) -> int:
    return round(sum(spans, timedelta()) / timedelta(minutes=1))


def _other_reading(
    items: Iterable[CountedItem], lines: Iterable[ReportLine], school: School, week: Week, now: datetime
) -> OtherReading | None:
    """Count how many of the week's late replies would be in time under the reading that is not in force."""
    other = Mode.PAUSE if school.target.mode is Mode.STRICT else Mode.STRICT
    try:
        target = dataclasses.replace(school.target, mode=other)
    except ValueError:
        return None  # this school's other settings do not go together with that reading
    late = [
        item
        for item, line in zip(items, lines, strict=True)
        if line.opener and line.outcome is Outcome.LATE and _is_due_in(line, week)
    ]
    saved = sum(_is_in_time(item, target, school, now) for item in late)
    return OtherReading(str(other), saved, len(late))


def _is_in_time(item: CountedItem, target: ResponseTarget, school: School, now: datetime) -> bool:
    """Say whether a late reply would be in time, or not due yet, under ``target``."""
    if item.clock_received_at is None:
        return False
    try:
        due = deadline(item.clock_received_at, target, school.calendar).due
    except NoDeadlineError:
        return False
    return outcome(due, item.stopped_at, item.stopped_how, now) is not Outcome.LATE


def _is_due_in(line: ReportLine, week: Week) -> bool:
    return line.due_at is not None and week.starts_at <= line.due_at < week.ends_at
