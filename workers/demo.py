"""The demo: a whole week at an invented school, on the practice platforms, with every real part at work.

Time is the only thing that is not real: it jumps from one due task to the next. The moment that was
reached is stored, so a demo that was killed goes on from there and loses and repeats nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import config
from config.settings import Settings, parse
from connectors.practice.content import Content
from connectors.practice.server import PracticePlatforms
from moderation.tasks import Lane
from sla.figures import Week, WeeklyFigures
from store import alert_listings, listings
from store.engine import open_engine
from store.heartbeats import beat, last_beats
from store.migrate import upgrade
from workers.bootstrap import open_desk
from workers.broker import LocalBroker
from workers.demo_staff import DemoStaff
from workers.desk import Desk
from workers.example import write_example
from workers.reporting import figures_of
from workers.reports import report_folder
from workers.running import crew, drain, next_due

LOOP, MARK = "demo", "moment reached"
"""Under these names the heartbeats hold the moment that a demo has reached."""

POLL_EVERY_MINUTES = 120
"""A demo week reads each account every two hours: quick to watch, and no deadline depends on it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is played where: one week of ``content``, with everything that it leaves behind in ``folder``."""

    content: Content
    folder: Path
    week: Week

    @property
    def database(self) -> Path:
        """The demo's own database; other content has another one."""
        facts = repr((self.content.things, self.week)).encode(errors="surrogatepass")
        return self.folder / "demo" / f"week-{hashlib.sha256(facts).hexdigest()[:12]}" / "socialduty.db"

    @property
    def settings(self) -> Path:
        """Settings for the other commands, to look into the database."""
        return self.folder / "demo" / "socialduty.toml"

    @property
    def starts_at(self) -> datetime:
        """The first moment of the week."""
        return self.week.starts_at

    @property
    def ends_at(self) -> datetime:
        """A little after the report has gone out, on the Monday after."""
        return self.week.ends_at + timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Played:
    """What a demo left behind. ``faults`` are sums of the report that do not add up: there should be none.

    ``without_models`` says why, and for how many messages, the rules judged alone.
    """

    totals: dict[str, int]
    cases: list[Any]
    figures: WeeklyFigures
    outbox: Path
    report: Path
    database: Path
    was_resumed: bool
    is_complete: bool
    without_models: dict[str, int]


class PassingTime:
    """The demo's clock: it stands still until it is told how late it is."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """Return the demo's moment."""
        return self.at


def plan_for(content: Content, folder: Path) -> Plan:
    """Plan the week in which the first words of ``content`` that are not our own are written."""
    first = min((thing.at for thing in content.things if thing.by != "school"), default=datetime.now(UTC))
    return Plan(content, folder, Week.of(first))


def play(plan: Plan, tell: Callable[[str], None]) -> Played:
    """Play the week to its end, or on from where an earlier run was killed; ``tell`` hears how far it is.

    A week that was played to its end before is played afresh: its own files are removed first.
    """
    reached = _reached(plan)
    if reached is not None and reached >= plan.ends_at:
        _remove(plan)
        reached = None
    _leave_settings(plan)
    time = PassingTime(reached or plan.starts_at)
    with PracticePlatforms(plan.content, now=time) as platforms:
        settings = _settings(plan, platforms.url)
        with open_desk(settings, time) as desk:
            broker = LocalBroker()
            with crew(desk, broker):
                _pass_time(desk, broker, time, plan, tell)
            return _played(desk, plan, settings, was_resumed=reached is not None, at=time.at)


def _pass_time(
    desk: Desk, broker: LocalBroker, time: PassingTime, plan: Plan, tell: Callable[[str], None]
) -> None:
    day, staff = None, DemoStaff(desk.ports)
    while not desk.closing.is_set():
        if time.at.date() != day:
            day = time.at.date()
            tell(f"{time.at:%A %d %B}")
        _drain_in_order(desk, broker)
        staff.work()
        moments = [moment for moment in (next_due(desk), staff.next_at()) if moment is not None]
        due = min([*moments, plan.ends_at])
        if desk.closing.is_set():
            return
        beat(desk.store.engine, LOOP, MARK, due)
        if due >= plan.ends_at:
            time.at = plan.ends_at
            return
        time.at = max(due, time.at)


_IN_ORDER = (Lane.INGEST, Lane.SCORE, Lane.ALERTS, Lane.URGENT, Lane.TEXTS, Lane.MAIL, Lane.REPORT)


def _drain_in_order(desk: Desk, broker: LocalBroker) -> None:
    """Do everything that is due, lane after lane: played twice, a week has to come out the same.

    In real life the lanes run side by side, and a reminder may win against the poll that makes it needless.
    """
    while not desk.closing.is_set() and desk.store.due():
        for lane in _IN_ORDER:
            drain(desk, broker, (lane,))


def _reached(plan: Plan) -> datetime | None:
    if not plan.database.exists():
        return None
    engine = open_engine(_url(plan))
    try:
        upgrade(engine)
        return last_beats(engine).get((LOOP, MARK))
    finally:
        engine.dispose()


def _remove(plan: Plan) -> None:
    """Remove what an earlier run of this plan left: its database and the messages that it wrote."""
    from notifications.outbox import file_name

    engine = open_engine(_url(plan))
    try:
        with engine.connect() as connection:
            names = [file_name(each) for each in alert_listings.message_ids(connection)]
    finally:
        engine.dispose()
    for name in names:
        (plan.folder / "outbox" / name).unlink(missing_ok=True)
    for suffix in ("", "-wal", "-shm", ".lock"):
        plan.database.with_name(plan.database.name + suffix).unlink(missing_ok=True)


def _url(plan: Plan) -> str:
    return f"sqlite:///{plan.database.as_posix()}"


def _settings(plan: Plan, url: str) -> Settings:
    """Return the example school's settings, turned to the practice platforms and this folder."""
    root = Path(config.__file__).resolve().parent
    example = parse((root / "example.toml").read_text(encoding="utf-8"), root.parent)
    accounts = tuple(
        account.model_copy(
            update={
                "base_url": url,
                "go_live": plan.starts_at,
                "poll_every_minutes": POLL_EVERY_MINUTES,
            }
        )
        for account in example.accounts
    )
    return example.model_copy(
        update={
            "data_folder": plan.database.parent,
            "database_url": _url(plan),
            "accounts": accounts,
            "email": example.email.model_copy(
                update={"transport": "outbox", "folder": plan.folder / "outbox"}
            ),
            "sms": example.sms.model_copy(update={"provider": "outbox"}),
            "report": example.report.model_copy(update={"folder": plan.folder / "reports"}),
        }
    )


def _leave_settings(plan: Plan) -> None:
    """Write settings with which every other command looks into what the demo leaves."""
    plan.database.parent.mkdir(parents=True, exist_ok=True)
    changed = {
        'data_folder = "data"': f'data_folder = "{plan.database.parent.name}"',
        'folder = "outbox"': 'folder = "../outbox"',
        'folder = "reports"': 'folder = "../reports"',
    }
    write_example(plan.settings, changed, anew=True)


def _played(desk: Desk, plan: Plan, settings: Settings, *, was_resumed: bool, at: datetime) -> Played:
    with desk.store.begin() as unit:
        totals = listings.totals(unit.connection)
        cases = listings.cases(unit.connection, now=at, limit=100_000, words=False)
        without_models = listings.without_models(unit.connection, plan.starts_at, newest=100_000)
    school = next(iter(desk.ports.schools.values()))
    return Played(
        totals=totals,
        cases=cases,
        figures=figures_of(desk, school, plan.week),
        outbox=settings.email.folder,
        report=report_folder(settings.report.folder, school.id, plan.week.name),
        database=plan.database,
        was_resumed=was_resumed,
        is_complete=at >= plan.ends_at,
        without_models=without_models,
    )
