"""The invented school with a real store, in which everything outside is a stand-in that a test can set.

``tests/store`` and ``tests/moderation`` take their fixtures from here: what they prove, they prove on SQLite
and on PostgreSQL.
"""

from __future__ import annotations

import dataclasses
import os
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Row, Table, create_engine, make_url, select, text

from moderation import response
from moderation.alerts import CHAT, EMAIL, SMS, Person, Role
from moderation.assessing import score_item
from moderation.cases import Case, CaseId, Clock
from moderation.dispatching import ask_delivery, send_due
from moderation.escalating import climb
from moderation.intake import Arrival, receive
from moderation.items import AccountName, Author, ItemKind, Rejected, Sighting, StoredItem
from moderation.oversight import tell_set_aside, watch_clock
from moderation.ports import Account, Ports, School
from moderation.presence import forget_text, settle_item
from moderation.promises import redate_clocks
from moderation.tasks import Claim, NewTask, TaskKind
from sla.calendar import calendar_for
from sla.reminders import StaffedHours
from sla.target import ResponseTarget
from store import tables
from store.engine import open_engine
from store.store import Store
from tests.fakes import PassingTime, Post, Scorer

FACEBOOK = AccountName("oakfield-facebook")
X = AccountName("oakfield-x")
OUR_ID = "104500770090010"
GO_LIVE = datetime(2026, 11, 16, tzinfo=UTC)
NINE = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
"""Tuesday morning, three hours before the world's time begins: when messages are written, if not told."""

PEOPLE = {
    "ada-moss": {Role.MODERATOR},
    "ben-hart": {Role.MODERATOR},
    "dee-lane": {Role.DSL},
    "eve-ford": {Role.DEPUTY_DSL},
    "hal-king": {Role.HEADTEACHER, Role.SLT},
    "sue-dale": {Role.SLT},
    "ned-wood": {Role.NETWORK_MANAGER},
}

JOBS: Mapping[TaskKind, Callable[[Ports, Claim], None]] = {
    TaskKind.SCORE_ITEM: score_item,
    TaskKind.SETTLE_REPLY: response.settle_reply,
    TaskKind.WATCH_CLOCK: watch_clock,
    TaskKind.CLIMB: climb,
    TaskKind.DELIVER_URGENT: send_due,
    TaskKind.DELIVER_TEXT: send_due,
    TaskKind.DELIVER: send_due,
    TaskKind.ASK_DELIVERY: ask_delivery,
    TaskKind.SET_ASIDE: tell_set_aside,
    TaskKind.SETTLE_ITEM: settle_item,
    TaskKind.FORGET_TEXT: forget_text,
}


def sighting(
    name: str,
    text: str = "When is the concert?",
    *,
    by: str | None = "kerry-walsh",
    at: datetime | None = NINE,
    thread: str = "t1",
    parent: str | None = "post-1",
    **more: Any,
) -> Sighting:
    """Return a comment as a connector would see it; ``by`` is the author's id, ``None`` a hidden author."""
    return dataclasses.replace(
        Sighting(
            external_id=name,
            kind=ItemKind.COMMENT,
            thread_id=thread,
            parent_id=parent,
            post_id="post-1",
            author=Author(by, "Somebody"),
            is_own=by == OUR_ID,
            text=text,
            created_at=at,
            permalink="https://social.example/c",
        ),
        **more,
    )


def reply(name: str, to: str | None, *, at: datetime | None = None, **more: Any) -> Sighting:
    """Return an answer of the school to the message ``to``, an hour after nine unless told otherwise."""
    return sighting(
        name, "At six, in the hall.", by=OUR_ID, at=at or NINE + timedelta(hours=1), parent=to, **more
    )


@dataclasses.dataclass(slots=True)
class World:
    """A school with its store. ``now``, ``scorer`` and ``post`` do what the test tells them."""

    store: Store
    ports: Ports
    now: PassingTime
    scorer: Scorer
    post: Post

    def receive(self, *items: Sighting, account: AccountName = FACEBOOK, **more: Any) -> int:
        """Take in one page; ``more`` may hold its ``rejected`` and its ``cursor``."""
        page: dict[str, Any] = {
            "stream": "comments",
            "rejected": (),
            "cursor": None,
            "earliest": None,
            "started_at": self.now(),
        }
        return receive(self.ports, Arrival(account=account, items=items, **(page | more)))

    def reject(self, *rejected: Rejected) -> None:
        """Take in a page on which nothing could be read."""
        self.receive(rejected=rejected)

    def claim(self, kind: TaskKind, lease_seconds: float = 60) -> Claim:
        """Lease the task of a kind that is due first."""
        return self.store.claim(kind, lease_seconds, limit=1)[0]

    def work(self, *kinds: TaskKind) -> None:
        """Do everything of ``kinds`` (all, if none is named) that is due now, follow-up work included."""
        wanted = kinds or tuple(JOBS)
        while sum(self._work_through(kind) for kind in wanted):
            pass

    def do(self, claim: Claim) -> None:
        """Do one task that was leased."""
        JOBS[claim.kind](self.ports, claim)

    def _work_through(self, kind: TaskKind) -> int:
        claims = self.store.claim(kind, 60)
        for claim in claims:
            self.do(claim)
        return len(claims)

    def show(self, *items: Sighting, account: AccountName = FACEBOOK) -> None:
        """Take in one page and settle what follows from it; nobody is told anything yet."""
        self.receive(*items, account=account)
        self.work(TaskKind.SCORE_ITEM, TaskKind.SETTLE_REPLY)

    def rows(self, table: Table) -> list[Row[Any]]:
        """Return all rows of a table, the oldest first."""
        with self.store.begin() as unit:
            return list(unit.connection.execute(select(table).order_by(*table.primary_key.columns)))

    def item(self, name: str) -> StoredItem:
        """Return the item that its platform calls ``name``."""
        number = next(row.id for row in self.rows(tables.items) if row.external_id == name)
        with self.store.begin() as unit:
            return unit.items.get(number)

    def case(self, name: str) -> Case:
        """Return the case to which the item ``name`` belongs."""
        number = self.item(name).case
        assert number is not None, f"{name} belongs to no case"
        with self.store.begin() as unit:
            return unit.cases.get(CaseId(number))

    def clock(self, name: str) -> Clock | None:
        """Return the clock of the case to which the item ``name`` belongs."""
        case = self.case(name)
        with self.store.begin() as unit:
            return unit.cases.clock(case.id)

    def history(self, case: CaseId) -> list[str]:
        """Return the acts in a case's history, in order."""
        return [row.act for row in self.rows(tables.case_events) if row.case == case]

    def without(self, *names: str) -> World:
        """Return the same world after people have left the school."""
        people = {name: person for name, person in self.ports.people.items() if name not in names}
        return dataclasses.replace(self, ports=dataclasses.replace(self.ports, people=people))

    def with_school(self, **changed: Any) -> World:
        """Return the same world in which the school has another calendar, rule or anything else."""
        school = dataclasses.replace(self.ports.schools["oakfield"], **changed)
        return dataclasses.replace(self, ports=dataclasses.replace(self.ports, schools={school.id: school}))

    def with_account(self, **changed: Any) -> World:
        """Return the same world in which the Facebook account is set up otherwise."""
        account = dataclasses.replace(self.ports.accounts[FACEBOOK], **changed)
        accounts = {**self.ports.accounts, FACEBOOK: account}
        return dataclasses.replace(self, ports=dataclasses.replace(self.ports, accounts=accounts))

    def redate(self) -> None:
        """Count the school's running clocks again that were counted by another rule or calendar."""
        task = NewTask(TaskKind.REDATE_CLOCKS, "oakfield", "oakfield", self.now())
        with self.store.begin() as unit:
            unit.tasks.add([task], self.now())
            unit.tasks.hurry(task.kind, [task.key], self.now())
        redate_clocks(self.ports, self.claim(task.kind))

    def with_ports(self, **changed: Any) -> World:
        """Return the same world with another way of sending, other rules or anything else."""
        return dataclasses.replace(self, ports=dataclasses.replace(self.ports, **changed))

    def with_person(self, name: str, **changed: Any) -> World:
        """Return the same world in which one person is away, has another address or anything else."""
        known = dataclasses.replace(self.ports.people[name], **changed)
        return self.with_ports(people={**self.ports.people, name: known})

    def with_phones(self) -> World:
        """Return the same world in which everybody is reached by email, by text and over chat."""
        reached = {
            name: dataclasses.replace(known, phone=f"+4477009000{number:02}", chat=f"chat-{name}")
            for number, (name, known) in enumerate(self.ports.people.items())
        }
        return self.with_ports(people=reached, channels=(EMAIL, SMS, CHAT))

    def with_roles(self, name: str, *roles: Role) -> World:
        """Return the same world in which somebody holds other roles, or has joined with them."""
        people = {**self.ports.people, name: person(name, *roles)}
        return dataclasses.replace(self, ports=dataclasses.replace(self.ports, people=people))


def person(name: str, *roles: Role) -> Person:
    """Return somebody of the invented school."""
    full_name = name.replace("-", " ").title()
    return Person(name, full_name, f"{name}@oakfield.example", frozenset(roles), frozenset({"oakfield"}))


def at_once(count: int, work: Callable[[int], object]) -> None:
    """Do ``work(n)`` for every n below ``count``, each in a thread of its own, all begun at one moment."""
    start = threading.Barrier(count)

    def begin(number: int) -> None:
        start.wait(timeout=10)
        work(number)

    with ThreadPoolExecutor(count) as threads:
        for done in [threads.submit(begin, number) for number in range(count)]:
            done.result()


def world_on(engine: Engine) -> World:
    """Return the invented school on a database whose tables are there."""
    now, scorer, post = PassingTime(), Scorer(), Post()
    store = Store(engine, now)
    school = School(
        "oakfield", "Oakfield Academy", "ENG", ResponseTarget(), calendar_for("ENG"), StaffedHours()
    )
    accounts = {
        name: Account(name, school.id, platform, OUR_ID, "OakfieldAcademy", GO_LIVE, 5)
        for name, platform in ((FACEBOOK, "facebook"), (X, "x"))
    }
    store.mirror([school], accounts.values())
    people = {name: person(name, *roles) for name, roles in PEOPLE.items()}
    return World(
        store, Ports(store, now, scorer, post, accounts, {school.id: school}, people), now, scorer, post
    )


DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)]
"""What a test of the store is run on."""


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database, without tables: a file, then one on a PostgreSQL server."""
    if request.param == "sqlite":
        return f"sqlite:///{(tmp_path / 'socialduty.sqlite').as_posix()}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(params=DATABASES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Return an engine on a database with all tables and no rows.

    That migrations make the same tables is proven once, in ``tests/store``.
    """
    if request.param == "sqlite":
        opened = open_engine(f"sqlite:///{(tmp_path / 'socialduty.sqlite').as_posix()}")
        tables.metadata.create_all(opened)
        yield opened
        opened.dispose()
    else:
        yield from _emptied(request.getfixturevalue("kept_postgres"))


@pytest.fixture(scope="session")
def kept_postgres() -> Iterator[Engine]:
    """Return an engine on a PostgreSQL database that tests use one after another: to make one takes long."""
    address = os.environ.get("DATABASE_URL")
    if not address:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
            "DATABASE_URL names no PostgreSQL server"
        )
    name = f"test_{uuid.uuid4().hex}"
    url = make_url(address).set(drivername="postgresql+psycopg")
    server = create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 5})
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    opened = open_engine(url.set(database=name).render_as_string(hide_password=False))
    tables.metadata.create_all(opened)
    yield opened
    opened.dispose()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def _emptied(kept: Engine) -> Iterator[Engine]:
    names = ", ".join(table.name for table in tables.metadata.sorted_tables)
    yield kept
    with kept.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))


@pytest.fixture
def world(engine: Engine) -> World:
    """Return the invented school on an empty store."""
    return world_on(engine)
