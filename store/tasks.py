"""Work that is due: claimed in batches, leased in database time, finished only by whoever holds the lease."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Update, and_, case, func, or_, select, update

from moderation.tasks import LANE_OF, Claim, LeaseLost, NewTask, TaskId, TaskKind, TaskState
from store import tables
from store.rows import in_chunks, insert_new
from store.types import database_epoch

ABANDONED = "Abandoned"
"""The failure of a task whose workers died before they could say what went wrong."""

BATCH = 64
"""Most rows that one claim takes."""


@dataclass(frozen=True, slots=True)
class Tasks:
    """Queries over tasks, inside one transaction."""

    connection: Connection

    def add(self, tasks: Iterable[NewTask], now: datetime) -> None:
        """Write work down; a task with the same kind and key is already written down."""
        rows = [
            {
                "kind": task.kind,
                "lane": LANE_OF[task.kind],
                "key": task.key,
                "subject": task.subject,
                "state": TaskState.WAITING,
                "next_at": task.next_at,
                "attempts": 0,
                "created_at": now,
            }
            for task in tasks
        ]
        insert_new(self.connection, tables.tasks, rows)

    def claim(self, kind: TaskKind, now: datetime, lease_seconds: float, limit: int = BATCH) -> list[Claim]:
        """Lease up to ``limit`` due rows of one kind, oldest first, and count the attempt before it is made.

        ``now`` decides what is due; the database's own clock decides which leases have ended. A row that
        was tried before is claimed alone, so that a poisoned one cannot take its neighbours with it.
        """
        due = (
            select(tables.tasks.c.id, tables.tasks.c.attempts)
            .where(tables.tasks.c.kind == kind, _is_due(now))
            .order_by(tables.tasks.c.next_at, tables.tasks.c.id)
            .limit(min(limit, BATCH))
            .with_for_update(skip_locked=True)
        )
        chosen = _alone_if_tried(self.connection.execute(due))
        return self._lease(kind, chosen, lease_seconds) if chosen else []

    def _lease(self, kind: TaskKind, chosen: list[int], lease_seconds: float) -> list[Claim]:
        token = secrets.token_hex(8)
        taken = self.connection.execute(
            update(tables.tasks)
            .where(tables.tasks.c.id.in_(chosen))
            .values(
                state=TaskState.LEASED,
                attempts=tables.tasks.c.attempts + 1,
                lease_token=token,
                lease_until=database_epoch() + lease_seconds,
            )
            .returning(
                tables.tasks.c.id,
                tables.tasks.c.key,
                tables.tasks.c.subject,
                tables.tasks.c.attempts,
            )
        )
        claims = {
            row.id: Claim(TaskId(row.id), kind, row.key, row.subject, row.attempts, token) for row in taken
        }
        return [claims[number] for number in chosen]

    def hold(self, claim: Claim) -> None:
        """Make sure that a task is ours, and keep it so until this transaction ends.

        Raises:
            LeaseLost: somebody else has it, or its lease has ended and somebody else may take it.
        """
        lives = tables.tasks.c.lease_until >= database_epoch()
        # A row that is written, be it with what it holds, can be claimed by nobody until we commit.
        held = self.connection.execute(_ours(claim).where(lives).values(lease_token=claim.token))
        _refuse_unless_ours(claim, held.rowcount)

    def finish(self, claim: Claim, now: datetime) -> None:
        """Mark a task done, unless somebody hurried it meanwhile: then it waits to be looked at again.

        Raises:
            LeaseLost: it is not ours any more.
        """
        hurried = tables.tasks.c.hurried_at
        self._release(
            claim,
            state=case((hurried.is_not(None), TaskState.WAITING), else_=TaskState.DONE),
            next_at=func.coalesce(hurried, tables.tasks.c.next_at),
            attempts=case((hurried.is_not(None), 0), else_=tables.tasks.c.attempts),
            finished_at=case((hurried.is_(None), now)),
        )

    def put_back(self, claim: Claim, next_at: datetime, failure: str | None = None) -> None:
        """Let a task wait until ``next_at``. Without a failure its attempts start from nothing again.

        A task that somebody hurried while it was in our hands waits no longer than until then.

        Raises:
            LeaseLost: it is not ours any more.
        """
        attempts: dict[str, Any] = {} if failure else {"attempts": 0}
        hurried = tables.tasks.c.hurried_at
        at = case((hurried < next_at, hurried), else_=next_at)
        self._release(claim, state=TaskState.WAITING, next_at=at, failure=failure, **attempts)

    def set_aside(self, claim: Claim, failure: str, now: datetime) -> None:
        """Take a task that failed too often out of the queue and have a person told.

        The telling itself, when it fails, is not told in turn: that would never end.
        """
        self._release(claim, state=TaskState.SET_ASIDE, failure=failure, finished_at=now)
        self._have_told(claim.kind, [(claim.id, claim.subject)], now)

    def set_aside_abandoned(self, kind: TaskKind, max_attempts: int, now: datetime) -> None:
        """Set aside what ``max_attempts`` workers left behind because they died with it in their hands."""
        left = self.connection.execute(
            update(tables.tasks)
            .where(tables.tasks.c.kind == kind, _is_abandoned(), tables.tasks.c.attempts >= max_attempts)
            .values(
                state=TaskState.SET_ASIDE,
                failure=ABANDONED,
                finished_at=now,
                lease_token=None,
                lease_until=None,
            )
            .returning(tables.tasks.c.id, tables.tasks.c.subject)
        )
        self._have_told(kind, [(row.id, row.subject) for row in left], now)

    def _have_told(self, kind: TaskKind, tasks: Iterable[tuple[int, str]], now: datetime) -> None:
        if kind is not TaskKind.SET_ASIDE:
            words = [
                NewTask(TaskKind.SET_ASIDE, str(task), f"{task}:{subject}:{kind}", now)
                for task, subject in tasks
            ]
            self.add(words, now)

    def renew(self, claims: Iterable[Claim], lease_seconds: float) -> None:
        """Push out the end of leases that are still ours."""
        for claim in claims:
            self.connection.execute(_ours(claim).values(lease_until=database_epoch() + lease_seconds))

    def give_back(self, claims: Iterable[Claim]) -> None:
        """Undo claims whose work was not begun, so that somebody else can take them at once."""
        for claim in claims:
            self.connection.execute(
                _ours(claim).values(
                    state=TaskState.WAITING,
                    lease_token=None,
                    lease_until=None,
                    attempts=tables.tasks.c.attempts - 1,
                )
            )

    def _release(self, claim: Claim, **values: Any) -> None:
        free = {"lease_token": None, "lease_until": None, "hurried_at": None}
        released = self.connection.execute(_ours(claim).values(**free, **values))
        _refuse_unless_ours(claim, released.rowcount)

    def hurry(self, kind: TaskKind, keys: Iterable[str], now: datetime) -> None:
        """Make waiting tasks due at once; those in a worker's hands are due again once they are put back."""
        for chunk in in_chunks(keys):
            named = and_(tables.tasks.c.kind == kind, tables.tasks.c.key.in_(chunk))
            waiting = and_(tables.tasks.c.state == TaskState.WAITING, tables.tasks.c.next_at > now)
            leased = tables.tasks.c.state == TaskState.LEASED
            self.connection.execute(update(tables.tasks).where(named, leased).values(hurried_at=now))
            self.connection.execute(update(tables.tasks).where(named, waiting).values(next_at=now))

    def need(self, task: NewTask, now: datetime) -> None:
        """See that a task is done at its ``next_at`` or before, whether it is new, waits, or was done before.

        One in a worker's hands is looked at again once it is put back. Its row is locked from here on: who
        finishes it meanwhile finds what was written with this, or is followed by another look.
        """
        self.add([task], now)
        named = and_(tables.tasks.c.kind == task.kind, tables.tasks.c.key == task.key)
        state, hurried = tables.tasks.c.state, tables.tasks.c.hurried_at
        self.connection.execute(
            update(tables.tasks)
            .where(named, state == TaskState.LEASED)
            .values(hurried_at=case((hurried < task.next_at, hurried), else_=task.next_at))
        )
        self.connection.execute(
            update(tables.tasks)
            .where(named, state == TaskState.WAITING, tables.tasks.c.next_at > task.next_at)
            .values(next_at=task.next_at)
        )
        self.connection.execute(
            update(tables.tasks)
            .where(named, state == TaskState.DONE)
            .values(state=TaskState.WAITING, next_at=task.next_at, attempts=0, finished_at=None)
        )

    def reopen(self, kind: TaskKind, keys: Iterable[str], next_at: datetime) -> None:
        """Let tasks that are done wait to be done once more."""
        for chunk in in_chunks(keys):
            self.connection.execute(
                update(tables.tasks)
                .where(
                    tables.tasks.c.kind == kind,
                    tables.tasks.c.key.in_(chunk),
                    tables.tasks.c.state == TaskState.DONE,
                )
                .values(state=TaskState.WAITING, next_at=next_at, attempts=0, finished_at=None)
            )

    def release_all(self) -> int:
        """Free every lease: only for a process that holds the database alone and has just started."""
        freed = self.connection.execute(
            update(tables.tasks)
            .where(tables.tasks.c.state == TaskState.LEASED)
            .values(lease_until=database_epoch() - 1.0)
        )
        return int(freed.rowcount)

    def due(self, now: datetime) -> list[tuple[TaskKind, TaskId, int]]:
        """Return for each kind with due rows: the kind, the id of one of them, and how many there are."""
        query = (
            select(tables.tasks.c.kind, func.min(tables.tasks.c.id), func.count())
            .where(_is_due(now))
            .group_by(tables.tasks.c.kind)
        )
        return [
            (TaskKind(kind), TaskId(number), count)
            for kind, number, count in self.connection.execute(query)
            if kind in LANE_OF
        ]

    def next_at(self, kinds: Iterable[TaskKind] | None = None) -> datetime | None:
        """Return when the next waiting row comes due, among ``kinds`` if given."""
        query = select(func.min(tables.tasks.c.next_at)).where(tables.tasks.c.state == TaskState.WAITING)
        if kinds is not None:
            query = query.where(tables.tasks.c.kind.in_([str(kind) for kind in kinds]))
        return self.connection.execute(query).scalar()


def _is_due(now: datetime) -> ColumnElement[bool]:
    waiting = and_(tables.tasks.c.state == TaskState.WAITING, tables.tasks.c.next_at <= now)
    return or_(waiting, _is_abandoned())


def _is_abandoned() -> ColumnElement[bool]:
    return and_(tables.tasks.c.state == TaskState.LEASED, tables.tasks.c.lease_until < database_epoch())


def _alone_if_tried(rows: Iterable[Any]) -> list[int]:
    """Return the ids to take: the first row alone if it was tried before, else all that were not."""
    everything = list(rows)
    if everything and everything[0].attempts > 0:
        return [everything[0].id]
    return [row.id for row in everything if row.attempts == 0]


def _refuse_unless_ours(claim: Claim, rows: int) -> None:
    if rows != 1:
        raise LeaseLost(f"task {claim.id} is not ours any more")


def _ours(claim: Claim) -> Update:
    """Address a row only while its lease is still the one we were given."""
    return update(tables.tasks).where(
        tables.tasks.c.id == claim.id,
        tables.tasks.c.state == TaskState.LEASED,
        tables.tasks.c.lease_token == claim.token,
    )
