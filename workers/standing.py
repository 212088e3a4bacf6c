"""Work that never ends: each account's next poll and each school's next weekly report."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from moderation.tasks import NewTask, TaskKind
from sla.figures import Week
from workers.desk import Desk


def write_standing_work(desk: Desk) -> None:
    """Write down the first poll of every account and what is done for every school again and again.

    A school's calendar is read, its running clocks are compared with it, and the report about the current
    week is made. Everything puts itself back, a report writes down the next one; so nothing here runs twice
    or is missed, however often processes start.
    """
    now = desk.ports.now()
    calendars = [NewTask(TaskKind.READ_CALENDAR, name, name, now) for name in desk.schools.sources]
    clocks = [NewTask(TaskKind.REDATE_CLOCKS, name, name, now) for name in desk.ports.schools]
    polls = [NewTask(TaskKind.POLL_ACCOUNT, name, name, now) for name in desk.ports.accounts]
    reports = [report_task(desk, school, Week.of(now)) for school in desk.ports.schools]
    daily = [
        NewTask(kind, school, school, now)
        for kind in (TaskKind.LOOK_AHEAD, TaskKind.HEARTBEAT)
        for school in desk.ports.schools
    ]
    pings = [NewTask(TaskKind.PING, "ping", "ping", now)] if desk.ping_url is not None else []
    with desk.store.begin() as unit:
        unit.tasks.add([*calendars, *clocks, *polls, *reports], now)
        for task in (*daily, *pings):  # these end where the settings switch them off, and may be wanted again
            unit.tasks.need(task, now)
        # The settings may have changed since the last start: what they say counts from now on.
        unit.tasks.hurry(TaskKind.REDATE_CLOCKS, desk.ports.schools, now)
        unit.tasks.hurry(TaskKind.POLL_ACCOUNT, desk.ports.accounts, now)
        unit.watching.prove_again(desk.ports.accounts)
        for school in desk.ports.schools:
            watched = [str(case) for case in unit.cases.running(school)]
            unit.tasks.hurry(TaskKind.WATCH_CLOCK, watched, now)


def report_task(desk: Desk, school: str, week: Week) -> NewTask:
    """Return the task that makes the report about ``week``, due on the set day of the week after it."""
    subject = f"{school}:{week.name}"
    day = week.after.monday + timedelta(days=desk.report.weekday)
    due = datetime.combine(day, desk.report.send_at, ZoneInfo(desk.ports.schools[school].target.tz))
    return NewTask(TaskKind.WEEKLY_REPORT, subject, subject, due)
