"""The school on a stage: real connectors, practice platforms and database, and a middleman that lies.

``python -m tests.journeys.fault_stage 10000`` plays a pile-on of so many comments and prints how long
storing and scoring them took.
"""

from __future__ import annotations

import email
import http.client
import json
import socket
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from sqlalchemy import Row, Table, event, select

from config.settings import Settings, load
from connectors.base import Connector
from connectors.practice.content import Content, read
from connectors.practice.identities import TOKEN, Platform
from connectors.practice.server import PracticePlatforms
from moderation.items import AccountName, StoredItem
from moderation.tasks import TaskKind
from store import tables
from store.engine import open_engine
from store.store import Store
from tests.fakes import PassingTime
from tests.schools import write_settings
from workers.bootstrap import connector_with, make_desk
from workers.desk import Desk
from workers.jobs import JOBS, work_through
from workers.polling import poll_account
from workers.standing import write_standing_work

PLATFORMS = ("facebook", "x", "youtube")
NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
"""Tuesday. The school went live on Monday."""

DANGER = "I am going to kill myself tonight"

Line = Mapping[str, Any]


def post(platform: str, key: str = "post", **more: Any) -> Line:
    """Return a post or video of the school, of Monday morning."""
    line = {
        "id": f"{platform}-{key}",
        "platform": platform,
        "by": "school",
        "text": "Open evening on Thursday.",
    }
    return {"at": "2026-11-16T08:00:00+00:00"} | line | more


def comment(platform: str, number: int, text: str = "", **more: Any) -> Line:
    """Return a comment under the school's post: the higher its number, the older, minute by minute."""
    at = NOON - timedelta(minutes=10 + number)
    line = {
        "id": f"{platform}-{number}",
        "platform": platform,
        "by": f"parent-{number}",
        "under": f"{platform}-post",
        "text": text or f"Question {number}",
        "at": at.isoformat(),
    }
    return line | more


def comments(platform: str, count: int) -> list[Line]:
    """Return the school's post and so many comments under it."""
    return [post(platform), *(comment(platform, number) for number in range(count))]


def content_of(lines: Iterable[Line]) -> Content:
    """Return content of these lines; one that cannot be used fails the test."""
    content = read(json.dumps(line).encode() for line in lines)
    assert not content.rejected, content.rejected
    return content


# The middleman


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what the practice platforms answered. ``number`` counts from 1."""

    number: int
    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    def raw(self, body: bytes | None = None, status: int | None = None, **headers: str | None) -> bytes:
        """Return the answer as it travels, with another body, status or headers; ``None`` drops a header."""
        sent = self.body if body is None else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        fixed = {"content-length": str(len(sent)), "connection": "close"}
        told = {**self.headers, **fixed, **named}
        lines = [f"HTTP/1.1 {status or self.status} Practice"]
        lines += [f"{name}: {value}" for name, value in told.items() if value is not None]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + sent

    def said(self) -> Any:
        """Return the JSON of the answer."""
        return json.loads(self.body)

    def saying(self, value: object) -> bytes:
        """Return the answer with other JSON."""
        return self.raw(json.dumps(value).encode())


class Reset(Exception):
    """The connection ends with a reset."""


Meddle = Callable[[Exchange], Iterable[bytes]]
"""What comes back instead of an answer, piece by piece. It may wait, or raise :class:`Reset`."""


def honest(exchange: Exchange) -> Iterable[bytes]:
    """Pass the answer on as it is."""
    return [exchange.raw()]


class Middleman(ThreadingHTTPServer):
    """Stands between connectors and the practice platforms; ``meddle`` decides what comes back."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Between)
        self.behind = urlsplit(behind).netloc
        self.meddle: Meddle = honest
        self.number = 0
        self.ending = threading.Event()
        self._lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def count(self) -> int:
        """Return the number of the next exchange."""
        with self._lock:
            self.number += 1
            return self.number

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone away is no matter."""

    def close(self) -> None:
        self.ending.set()
        self.shutdown()
        self.server_close()


class _Between(BaseHTTPRequestHandler):
    """Carries one request over and brings back what the middleman makes of the answer."""

    server: Middleman

    def do_GET(self) -> None:
        number = self.server.count()
        sent = self.rfile.read(int(self.headers.get("content-length", "0")))
        behind = http.client.HTTPConnection(self.server.behind, timeout=20)
        try:
            behind.request(self.command, self.path, sent or None, dict(self.headers.items()))
            answer = behind.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            exchange = Exchange(number, self.path, answer.status, headers, answer.read())
        finally:
            behind.close()
        self.close_connection = True
        try:
            for piece in self.server.meddle(exchange):
                self.wfile.write(piece)
        except Reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names that http.server looks for

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


# The school

_FOLLOWING = tuple(
    kind
    for kind in JOBS
    if kind not in (TaskKind.POLL_ACCOUNT, TaskKind.READ_CALENDAR, TaskKind.WEEKLY_REPORT)
)
"""What follows from what is read."""


@dataclass
class Tokens:
    """The tokens of the accounts: ``used`` are given to connectors, a renewal takes one of ``fresh``."""

    used: dict[str, str] = field(default_factory=dict)
    fresh: dict[str, list[str]] = field(default_factory=dict)
    renewals: int = 0

    def renew(self, account: str, used: str) -> bool:
        return self.renew_last(account)

    def renew_last(self, account: str) -> bool:
        """Put a newer token in place, if there is one."""
        self.renewals += 1
        if not self.fresh.get(account):
            return False
        self.used[account] = self.fresh[account].pop(0)
        return True


def _trust_the_power(connection: Any, _: object) -> None:
    """Wait for no disk: no test here is about a power cut."""
    connection.execute("PRAGMA synchronous=OFF")


class Stage:
    """The school's accounts, watched by the parts that watch real ones. Time passes when the test says so.

    A ``hasty`` one waits for no disk.
    """

    def __init__(
        self,
        folder: Path,
        lines: Iterable[Line],
        *changes: tuple[str, str],
        scoring: str = "rules",
        hasty: bool = True,
    ) -> None:
        self.clock = PassingTime(NOON)
        self.folder = folder
        self.tokens = Tokens()
        self.where: dict[str, str] = {}
        self._said = 0
        self._stack = ExitStack()
        self.practice = self._stack.enter_context(PracticePlatforms(content_of(lines), self.clock))
        self.settings = self._settings(changes, scoring)
        engine = open_engine(f"sqlite:///{(folder / 'socialduty.db').as_posix()}")
        if hasty:
            event.listen(engine, "connect", _trust_the_power)
        self._stack.callback(engine.dispose)
        tables.metadata.create_all(engine)
        self.store = Store(engine, self.clock)
        made = make_desk(self.settings, self.store, self.clock)
        self.desk: Desk = replace(made, connector=self._connector, tokens=self.tokens)
        self.store.mirror(self.desk.ports.schools.values(), self.desk.ports.accounts.values())
        write_standing_work(self.desk)

    def _settings(self, changes: Iterable[tuple[str, str]], scoring: str) -> Settings:
        outbox = ('folder = "outbox"', f'folder = "{(self.folder / "outbox").as_posix()}"')
        mode = ('mode = "encoder"', f'mode = "{scoring}"')
        return load(write_settings(self.folder, self.practice.url, outbox, mode, *changes))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _connector(self, name: AccountName) -> Connector:
        account = self.settings.account(name)
        moved = account.model_copy(update={"base_url": self.where.get(name, account.base_url)})
        return connector_with(moved, self.tokens.used.get(name, TOKEN))

    def meddle(self, platform: str, how: Meddle = honest) -> Middleman:
        """Put a middleman between an account and its platform."""
        between = Middleman(self.practice.url)
        between.meddle = how
        self._stack.callback(between.close)
        self.where[account_on(platform)] = between.url
        return between

    def say(self, line: Line) -> None:
        """Let somebody say one more thing."""
        [thing] = content_of([{**line, "under": None}]).things
        self._said += 1
        key = f"said-here-{self._said}"
        self.practice.say(replace(thing, line=0, key=key, under=line["under"]))

    def next_at(self, account: str) -> datetime:
        """Return when an account is read next."""
        with self.store.begin() as unit:
            query = select(tables.tasks.c.next_at).where(
                tables.tasks.c.kind == TaskKind.POLL_ACCOUNT, tables.tasks.c.key == account
            )
            at: datetime = unit.connection.execute(query).scalar_one()
        return at

    def poll(self, platform: str, account: str | None = None) -> timedelta:
        """Let time pass until an account's turn, let it have its turn, and return the wait until the next."""
        name = account or account_on(platform)
        self.clock.at = max(self.clock.at, self.next_at(name))
        claims = self.store.claim(TaskKind.POLL_ACCOUNT, 900)
        [mine] = [each for each in claims if each.key == name]
        self.store.give_back([each for each in claims if each is not mine])
        began = self.clock.at
        poll_account(self.desk, mine)
        return self.next_at(name) - began

    def poll_for(self, platform: str, span: timedelta) -> None:
        """Give an account all its turns within some time; then it is the end of that time."""
        end = self.clock.at + span
        while self.next_at(account_on(platform)) <= end:
            self.poll(platform)
        self.clock.at = end

    def work(self, *kinds: TaskKind) -> None:
        """Do everything of ``kinds`` that is due; without any, all but polls, calendars and reports."""
        while sum(work_through(self.desk, JOBS[kind]) for kind in kinds or _FOLLOWING):
            pass

    # What came of it

    def rows(self, table: Table) -> list[Row[Any]]:
        """Return all rows of a table, the oldest first."""
        with self.store.begin() as unit:
            return list(unit.connection.execute(select(table).order_by(*table.primary_key.columns)))

    def row(self, table: Table, **wanted: object) -> Row[Any]:
        """Return the one row of a table that holds what is wanted."""
        [found] = [
            each
            for each in self.rows(table)
            if all(getattr(each, name) == value for name, value in wanted.items())
        ]
        return found

    def items(self, platform: str) -> list[StoredItem]:
        """Return what others wrote on a platform, as it is remembered."""
        with self.store.begin() as unit:
            rows = [row for row in unit.connection.execute(select(tables.items)) if not row.is_own]
            return [unit.items.get(row.id) for row in rows if row.platform == platform]

    def words(self, platform: str) -> list[str]:
        """Return the words of what others wrote on a platform, in alphabetical order."""
        return sorted(item.text for item in self.items(platform))

    def cursors(self, platform: str) -> dict[str, datetime]:
        """Return for each stream that was ever read to its end when that was last begun."""
        name = account_on(platform)
        return {row.stream: row.started_at for row in self.rows(tables.cursors) if row.account == name}

    def reason(self, platform: str) -> str | None:
        """Return why an account counts as not watched, ``None`` when it is."""
        why: str | None = self.row(tables.accounts, name=account_on(platform)).failing_reason
        return why

    def told(self, *steps: str) -> list[tuple[str, str, str]]:
        """Return who is told what about which account or case: subject, step, short name; in order."""
        alerts = {row.id: row for row in self.rows(tables.alerts)}
        every = [(alerts[row.alert], row.recipient) for row in self.rows(tables.deliveries)]
        return [
            (alert.subject, alert.step, person) for alert, person in every if not steps or alert.step in steps
        ]

    def letters(self) -> list[EmailMessage]:
        """Send what is due and return every message that was ever sent."""
        self.work()
        paths = sorted((self.folder / "outbox").glob("*.eml"))
        return [email.message_from_bytes(path.read_bytes(), policy=default) for path in paths]


def account_on(platform: str) -> str:
    """Return the name of the school's account on a platform."""
    return f"oakfield-{platform}"


def every(platform: str, count: int) -> list[str]:
    """Return the words of so many comments, in alphabetical order."""
    return sorted(str(line["text"]) for line in comments(platform, count)[1:])


@dataclass(frozen=True, slots=True)
class PileOn:
    """How long a pile-on took, in seconds of this machine; ``effort`` are those of its processors, in all.

    ``found`` and ``told`` are from the first request until somebody in danger, in its midst, was noticed and
    told of; 0 is never. ``letters`` were sent in all.
    """

    comments: int
    stored: float
    scored: float
    effort: float
    found: float
    told: float
    letters: int


def pile_on(folder: Path, count: int, scoring: str) -> PileOn:
    """Play a pile-on of so many comments within an hour, with somebody in danger in its midst."""
    apart = timedelta(hours=1) / count
    crowd = [comment("youtube", number, at=_before(apart * number)) for number in range(count)]
    danger = comment("youtube", count, DANGER, at=_before(apart * (count // 2)))
    with Stage(folder, [post("youtube"), *crowd, danger], scoring=scoring, hasty=False) as stage:
        stage.practice.visible(Platform.YOUTUBE)  # the platform's own work is not ours
        began, effort = time.perf_counter(), time.process_time()
        stage.poll("youtube")
        stored = time.perf_counter() - began
        assert len(stage.rows(tables.items)) == count + 1
        found, told, done = list[float](), list[float](), threading.Event()

        def watch() -> None:
            while not done.wait(0.05):
                if not found and stage.rows(tables.escalations):
                    found.append(time.perf_counter() - began)
                work_through(stage.desk, JOBS[TaskKind.CLIMB])
                if work_through(stage.desk, JOBS[TaskKind.DELIVER_URGENT]) and not told:
                    told.append(time.perf_counter() - began)

        alerts = threading.Thread(target=watch)
        alerts.start()
        scoring_began = time.perf_counter()
        work_through(stage.desk, JOBS[TaskKind.SCORE_ITEM])
        scored, effort = time.perf_counter() - scoring_began, time.process_time() - effort
        done.wait(0.5)
        done.set()
        alerts.join()
        letters = len(stage.letters())
        return PileOn(count, stored, scored, effort, sum(found), sum(told), letters)


def _before(span: timedelta) -> str:
    return (NOON - timedelta(minutes=5) - span).isoformat()


def main() -> None:
    """Play a pile-on and print how it went."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    for scoring in sys.argv[2:] or ("encoder",):
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(f"{scoring}: {pile_on(Path(folder), count, scoring)}\n")


if __name__ == "__main__":
    main()
