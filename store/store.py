"""The store: transactions over everything that is remembered."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from moderation.ports import Account, School
from moderation.tasks import Claim, TaskId, TaskKind
from store.accounts import Cursors, Register, Watching
from store.alerts import Alerts
from store.assessments import Assessments
from store.calendars import Calendars
from store.cases import Cases
from store.dispatches import Dispatches
from store.drills import Drills
from store.escalations import Escalations
from store.facts import Facts
from store.feedback import Feedback, Thresholds
from store.items import Items
from store.links import Links
from store.orders import Orders
from store.places import Places
from store.remarks import Remarks
from store.streams import Streams
from store.tasks import BATCH, Tasks
from store.tokens import Tokens
from store.usage import Usage


class Unit:
    """One transaction: everything written through it becomes true together, or not at all."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.items = Items(connection)
        self.facts = Facts(connection)
        self.places = Places(connection)
        self.assessments = Assessments(connection)
        self.remarks = Remarks(connection)
        self.cases = Cases(connection)
        self.orders = Orders(connection)
        self.alerts = Alerts(connection)
        self.dispatches = Dispatches(connection)
        self.escalations = Escalations(connection)
        self.links = Links(connection)
        self.drills = Drills(connection)
        self.tasks = Tasks(connection)
        self.cursors = Cursors(connection)
        self.watching = Watching(connection)
        self.streams = Streams(connection)
        self.usage = Usage(connection)
        self.calendars = Calendars(connection)
        self.feedback = Feedback(connection)
        self.thresholds = Thresholds(connection)
        self.tokens = Tokens(connection)


class Store:
    """Opens transactions. Holds the engine and the school's clock; safe to share between threads."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self.engine = engine
        self.now = now

    @contextlib.contextmanager
    def begin(self) -> Iterator[Unit]:
        """Open a transaction that commits when the block ends well and rolls back when it raises."""
        with self.engine.begin() as connection:
            yield Unit(connection)

    @contextlib.contextmanager
    def holding(self, claim: Claim) -> Iterator[Unit]:
        """Open a transaction that holds only while a task is ours: for what must not be begun twice.

        Raises:
            LeaseLost: the task is not ours any more.
        """
        with self.begin() as unit:
            unit.tasks.hold(claim)
            yield unit

    @contextlib.contextmanager
    def finishing(self, claim: Claim) -> Iterator[Unit]:
        """Open a transaction in which a task is done.

        Raises:
            LeaseLost: the task is not ours any more; what the block wrote is rolled back.
        """
        with self.begin() as unit:
            unit.tasks.finish(claim, self.now())
            yield unit

    @contextlib.contextmanager
    def continuing(self, claim: Claim, next_at: datetime) -> Iterator[Unit]:
        """Open a transaction in which a task is put back, to be looked at again at ``next_at``.

        Raises:
            LeaseLost: the task is not ours any more; what the block wrote is rolled back.
        """
        with self.begin() as unit:
            unit.tasks.put_back(claim, next_at)
            yield unit

    def claim(
        self, kind: TaskKind, lease_seconds: float, limit: int = BATCH, max_attempts: int | None = None
    ) -> list[Claim]:
        """Lease due work of one kind, in a transaction of its own.

        What ``max_attempts`` workers died of is set aside for a person instead of killing the next one.
        """
        with self.begin() as unit:
            if max_attempts is not None:
                unit.tasks.set_aside_abandoned(kind, max_attempts, self.now())
            return unit.tasks.claim(kind, self.now(), lease_seconds, limit)

    def failed(self, claim: Claim, failure: str, max_attempts: int | None, wait: timedelta) -> bool:
        """Record a failed attempt: try again after ``wait``, or set the task aside for a person.

        ``failure`` is a class name, never a message: messages may quote people. Returns whether it was
        set aside.
        """
        with self.begin() as unit:
            if max_attempts is not None and claim.attempts >= max_attempts:
                unit.tasks.set_aside(claim, failure, self.now())
                return True
            unit.tasks.put_back(claim, self.now() + wait, failure)
            return False

    def renew(self, claims: Iterable[Claim], lease_seconds: float) -> None:
        """Push out the end of leases that are still ours."""
        with self.begin() as unit:
            unit.tasks.renew(claims, lease_seconds)

    def give_back(self, claims: Iterable[Claim]) -> None:
        """Undo claims whose work was not begun."""
        with self.begin() as unit:
            unit.tasks.give_back(claims)

    def due(self) -> list[tuple[TaskKind, TaskId, int]]:
        """Return for each kind with due rows: the kind, the id of one of them, and how many there are."""
        with self.begin() as unit:
            return unit.tasks.due(self.now())

    def release_all(self) -> int:
        """Free every lease: only for a process that holds the database alone and has just started."""
        with self.begin() as unit:
            return unit.tasks.release_all()

    def mirror(self, schools: Iterable[School], accounts: Iterable[Account]) -> None:
        """Bring the mirrored register up to date with the settings."""
        with self.begin() as unit:
            Register(unit.connection).mirror(schools, accounts)
