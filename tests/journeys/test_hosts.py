"""Several hosts: the same commands as separate processes, on a real Redis and a real PostgreSQL."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine, create_engine, make_url, text

from connectors.practice.content import read
from connectors.practice.server import PracticePlatforms
from tests.journeys.conftest import Run
from tests.journeys.week import COMMAND, environment
from tests.schools import write_settings

MESSAGES = 240
"""Comments that wait on the three platforms when the processes start."""


class Hosts:
    """Processes of one installation, each started as its own command in the same folder."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder = folder
        self.engine = engine
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command; what it says is kept in a file."""
        name = f"{'-'.join(words)}-{len(self.running)}.log"
        with (self.folder / name).open("wb") as log:
            process = subprocess.Popen(
                [*COMMAND, *words], cwd=self.folder, stdout=log, stderr=log, env=environment()
            )
        self.running.append(process)
        return process

    def count(self, query: str) -> int:
        """Return one number from the database."""
        with self.engine.connect() as connection:
            return int(connection.execute(text(query)).scalar_one())

    def wait_until(self, is_so: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until something is so; fail with the processes' own words when it does not come."""
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end:
                words = "\n".join(path.read_text()[-1_500:] for path in sorted(self.folder.glob("*.log")))
                pytest.fail(f"it did not come within {seconds} s:\n{words}")
            time.sleep(0.1)

    def stop_all(self) -> list[int]:
        """Ask every process to stop, as an operator does, and return their exit codes."""
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        return [process.wait(25) for process in self.running]


@pytest.fixture
def practice() -> Iterator[PracticePlatforms]:
    """Plain comments on three platforms, and one child in distress among them."""
    began = datetime.now(UTC) - timedelta(hours=2)
    lines = []
    for number in range(MESSAGES):
        platform = ("facebook", "x", "youtube")[number % 3]
        words = (
            "I can't do this any more, I want to die" if number == 7 else f"Is the hall open on day {number}?"
        )
        at = began + timedelta(seconds=number)
        lines.append(json.dumps({"platform": platform, "text": words, "at": at.isoformat()}).encode())
    with PracticePlatforms(read(lines), now=lambda: datetime.now(UTC)) as platforms:
        yield platforms


@pytest.fixture
def hosts(
    tmp_path: Path, run: Run, practice: PracticePlatforms, redis_url: str, postgres_url: str
) -> Iterator[Hosts]:
    """An installation on Redis and PostgreSQL, migrated and ready to start."""
    secret = tmp_path / "database-url"
    secret.write_text(postgres_url, encoding="utf-8")
    secret.chmod(0o600)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    write_settings(
        tmp_path,
        practice.url,
        ("2026-11-16T00:00:00Z", yesterday),
        top=f'database_url_file = "{secret.as_posix()}"\nredis_url = "{redis_url}"\n',
    )
    migrated = run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    engine = create_engine(make_url(postgres_url).set(drivername="postgresql+psycopg"))
    hosts = Hosts(tmp_path, engine)
    yield hosts
    for process in hosts.running:
        if process.poll() is None:
            process.kill()
            process.wait()
    engine.dispose()


def scored(hosts: Hosts) -> int:
    """Return how many items have been scored."""
    return hosts.count("select count(distinct item) from assessments")


def test_three_processes_do_all_the_work_and_stop_when_asked(hosts: Hosts) -> None:
    """schedule rings, two workers work, the alert goes out, and SIGTERM ends all within 25 seconds."""
    hosts.start("schedule")
    hosts.start("work", "--lanes", "alerts", "urgent", "texts", "mail", "ingest")
    hosts.start("work", "--lanes", "score", "report")
    hosts.wait_until(lambda: scored(hosts) == MESSAGES)
    urgent = (
        "select count(*) from deliveries d join alerts a on a.id = d.alert"
        " where a.step = 'urgent' and d.state = 'delivered'"
    )
    hosts.wait_until(lambda: hosts.count(urgent) >= 1)
    assert hosts.count("select count(*) from items where not is_own") == MESSAGES
    assert hosts.count("select count(*) from clocks") == MESSAGES
    assert hosts.stop_all() == [0, 0, 0]
    assert hosts.count("select count(*) from tasks where state = 'leased'") == 0


def test_a_worker_killed_in_the_middle_and_an_emptied_redis_lose_nothing(
    hosts: Hosts, redis_url: str
) -> None:
    """The database is the truth: leases run out, the bell is rung again, everything is scored once."""
    hosts.start("schedule")
    hosts.start("work", "--lanes", "ingest")
    victim = hosts.start("work", "--lanes", "score")
    hosts.wait_until(lambda: scored(hosts) >= 10)
    victim.kill()
    victim.wait()
    with Redis.from_url(redis_url) as client:
        client.flushdb()
    with hosts.engine.begin() as connection:  # as if a minute had passed: the dead worker's leases are over
        connection.execute(text("update tasks set lease_until = 0 where state = 'leased'"))
    hosts.start("work", "--lanes", "score", "alerts")
    hosts.wait_until(lambda: scored(hosts) == MESSAGES)
    assert (
        hosts.count("select count(*) from (select item from assessments group by item having count(*) > 1) a")
        == 0
    )
    assert hosts.count("select count(*) from clocks") == MESSAGES
    hosts.running.remove(victim)
    assert hosts.stop_all() == [0, 0, 0]


def test_processes_refuse_tables_that_are_not_up_to_date(hosts: Hosts) -> None:
    """A worker that starts before the migration says so instead of failing later."""
    with hosts.engine.begin() as connection:
        connection.execute(text("drop table alembic_version"))
    done = subprocess.run(
        [*COMMAND, "work"],
        cwd=hosts.folder,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(),
        check=False,
    )
    assert done.returncode == 2
    assert "socialduty migrate" in done.stderr


def test_one_host_runs_everything_until_it_is_stopped(tmp_path: Path, practice: PracticePlatforms) -> None:
    """`run` needs neither Redis nor PostgreSQL; SIGTERM ends it with nothing left in its hands."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    write_settings(
        tmp_path, practice.url, ("2026-11-16T00:00:00Z", yesterday), ("port = 8080", "port = 18743")
    )
    database = tmp_path / "data" / "socialduty.db"
    engine = create_engine(f"sqlite:///{database.as_posix()}")
    host = Hosts(tmp_path, engine)
    try:
        host.start("run")
        host.wait_until(database.exists)
        host.wait_until(lambda: _tables_are_there(engine))
        host.wait_until(lambda: scored(host) == MESSAGES)
        assert host.stop_all() == [0]
        assert host.count("select count(*) from tasks where state = 'leased'") == 0
    finally:
        for process in host.running:
            process.kill()
            process.wait()
        engine.dispose()


def _tables_are_there(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(
            connection.execute(text("select count(*) from sqlite_master where name = 'assessments'")).scalar()
        )
