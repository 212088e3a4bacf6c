"""The weekly report: counted from the store, written to its folder, and on its way to the leadership."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from moderation.alert_ports import PlannedAlert
from moderation.alerting import plan
from moderation.alerts import AlertStep, Role, Topic
from moderation.desks import holders
from moderation.ports import School
from moderation.tasks import Claim
from sla.clocks import Outcome, outcome
from sla.figures import (
    CoverageLine,
    ReportLine,
    Week,
    WeeklyFigures,
    came_in_holidays,
    headline,
    weekly_figures,
)
from sla.target import other_reading
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
        topic = Topic("report", claim.subject, AlertStep.WEEKLY_REPORT)
        plan(desk.ports, unit, PlannedAlert(topic, recipients, now))
        unit.tasks.add([report_task(desk, school.id, week.after)], now)
    log.info("weekly report made", school=school.id, week=week.name)


def render_into(reports: Path, figures: WeeklyFigures) -> Path:
    """Render the report and write its files; return their folder."""
    from notifications.report import render

    folder = report_folder(reports, figures.school, figures.week)
    write_report(folder, render(figures))
    return folder


def figures_of(desk: Desk, school: School, week: Week) -> WeeklyFigures:
    """Count one school's week as it stands now.

    Due times, marks and both other ways of counting come from the clocks, which keep them as they were
    made. A clock from before they were kept has no others: it counts in those ways as it does by the
    policy, so that no late reply of its is said to be saved. So does, in the other reading, a clock that
    was made while another reading than today's was in force.
    """
    now = desk.ports.now()
    accounts = [account.name for account in desk.ports.accounts.values() if account.school == school.id]
    with desk.store.begin() as unit:
        connection = unit.connection
        items = counted_items(connection, accounts, week.starts_at, week.ends_at, week.after.ends_at)
        before = counted_items(connection, accounts, week.before.starts_at, week.starts_at, week.starts_at)
        coverage = readings(connection, accounts, week.starts_at, week.ends_at)
    measured_before = any(reading.go_live < week.starts_at for reading in coverage)
    reading, other = str(school.target.mode), other_reading(school.target)
    return weekly_figures(
        [_line(item, reading, now) for item in items],
        [_coverage(desk, reading, week, now) for reading in coverage],
        school=school.id,
        school_name=school.name,
        week=week.name,
        now=now,
        previous=headline([_line(item, reading, now) for item in before], week.before.name)
        if measured_before
        else None,
        reading=reading,
        other_reading=None if other is None else str(other.mode),
        hours=school.target.hours,
    )


def _line(item: CountedItem, reading: str, now: datetime) -> ReportLine:
    theirs = _reading_of(item)
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
        due_on_closed_day=item.due_on_closed_day,
        team_due_at=item.team_due_at,
        other_due_at=item.other_due_at if theirs == reading else None,
        reading=theirs,
        received_in_holidays=item.opener and came_in_holidays(item.trace),
        excused=item.excused,
    )


def _reading_of(item: CountedItem) -> str:
    """Return the reading that an item's clock runs by: every rule's version begins with it."""
    return (item.rule_version or "").partition("-")[0]


def _outcome(item: CountedItem, now: datetime) -> Outcome:
    """Return what became of an item: what has no clock owes nothing, but what nobody looked at is open."""
    if item.rule_version is None:
        return Outcome.NOT_NEEDED if item.is_scored else Outcome.OPEN
    return outcome(item.due_at, item.stopped_at, item.stopped_how, now)


def _coverage(desk: Desk, reading: Reading, week: Week, now: datetime) -> CoverageLine:
    """Return how long an account was watched: what was not read in time is blind, the present included."""
    start = max(week.starts_at, reading.go_live)
    end = min(week.ends_at, now)
    allowed = next(
        account.allowed_gap for account in desk.ports.accounts.values() if account.name == reading.account
    )
    gaps = list(reading.gaps)
    first, last = reading.first_read_at, reading.last_read_at or start
    if now - last > allowed:
        gaps.append((last, now))
    if first is not None and first - start > allowed:
        gaps.append((start, first))
    blind = _minutes(max(timedelta(), min(until, end) - max(since, start)) for since, until in gaps)
    whole = _minutes([max(timedelta(), end - start)])
    return CoverageLine(reading.account, reading.platform, whole - blind, blind, reading.last_read_at)


def _minutes(spans: Iterable[timedelta]) -> int:
    return round(sum(spans, timedelta()) / timedelta(minutes=1))
