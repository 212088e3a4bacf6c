"""The register of accounts, where each stream was read up to, and when an account was not being read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Row, exists, func, or_, select, update

from moderation.alerts import AlertStep
from moderation.items import AccountName
from moderation.ports import Account, School
from store import tables
from store.rows import insert_new

QUIET = timedelta(hours=1)
"""How long nobody is told again that an account is not read, however often it comes back in between."""

NOT_RUNNING = "not_running"
"""Why an account was not read when nothing failed: nobody was polling."""


@dataclass(frozen=True, slots=True)
class Register:
    """The schools and accounts of the settings, mirrored for the rows that refer to them."""

    connection: Connection

    def mirror(self, schools: Iterable[School], accounts: Iterable[Account]) -> None:
        """Bring the mirrored rows up to date with the settings; what left the settings stays remembered.

        Only rows that differ are written, in one order: a command that only looks waits for nobody, and no
        two processes that begin at once wait for each other.
        """
        self._keep(
            tables.schools.c.id,
            {school.id: {"name": school.name, "nation": school.nation} for school in schools},
        )
        self._keep(
            tables.accounts.c.name,
            {
                account.name: {
                    "school": account.school,
                    "platform": account.platform,
                    "external_id": account.external_id,
                    "handle": account.handle,
                    "go_live": account.go_live,
                    "app": account.app,
                }
                for account in accounts
            },
        )

    def _keep(self, key: Column[str], wanted: Mapping[str, dict[str, Any]]) -> None:
        """Insert or update the rows of ``key`` that are not as they are ``wanted``."""
        table = key.table
        known = {row[key.name]: row for row in self.connection.execute(select(table)).mappings()}
        for name, values in sorted(wanted.items()):
            there = known.get(name)
            if there is not None and all(there[column] == value for column, value in values.items()):
                continue
            insert_new(self.connection, table, [{key.name: name, **values}])
            self.connection.execute(update(table).where(key == name).values(values))


@dataclass(frozen=True, slots=True)
class Cursors:
    """Where each stream was read up to."""

    connection: Connection

    def get(self, account: AccountName, stream: str) -> tuple[Mapping[str, object], datetime | None]:
        """Return the stream's state and when its last complete poll began; empty before the first one."""
        query = select(tables.cursors.c.state, tables.cursors.c.started_at).where(
            tables.cursors.c.account == account, tables.cursors.c.stream == stream
        )
        row = self.connection.execute(query).one_or_none()
        return ({}, None) if row is None else (row.state, row.started_at)

    def move(
        self, account: AccountName, stream: str, state: Mapping[str, object], started_at: datetime
    ) -> None:
        """Remember that everything up to ``state`` is stored."""
        key = {"account": account, "stream": stream}
        values = {"state": dict(state), "started_at": started_at}
        insert_new(self.connection, tables.cursors, [{**key, **values}])
        self.connection.execute(
            update(tables.cursors)
            .where(tables.cursors.c.account == account, tables.cursors.c.stream == stream)
            .values(values)
        )


@dataclass(frozen=True, slots=True)
class Watching:
    """Whether each account is being read. A gap is written down when reading works again."""

    connection: Connection

    def read(self, account: AccountName, at: datetime, allowed_gap: timedelta) -> str | None:
        """Note that the account was read to the end of every stream.

        A pause longer than ``allowed_gap`` since the last time becomes a gap, with its reason.
        Returns when it was first missed (ISO 8601) if people had been told about that, else ``None``.
        """
        row = self._row(account)
        if row.last_read_at is not None and at - row.last_read_at > allowed_gap:
            gap = {
                "account": account,
                "began_at": row.last_read_at,
                "ended_at": at,
                "reason": row.failing_reason or NOT_RUNNING,
            }
            insert_new(self.connection, tables.gaps, [gap])
        self._set(
            account,
            first_read_at=row.first_read_at or at,
            last_read_at=at,
            failing_since=None,
            failing_reason=None,
            failing_detail=None,
            alarmed_at=None,
            by_hand=False,
        )
        missed = row.last_read_at or row.failing_since
        return missed.isoformat() if row.alarmed_at is not None and missed is not None else None

    def failed(self, account: AccountName, at: datetime, reason: str, detail: str = "") -> datetime:
        """Note that the account could not be read; return since when that is so.

        ``detail`` is our own sentence about it, for whoever mends it; without one the last one stays.
        """
        row = self._row(account)
        since: datetime = row.failing_since or at
        self._set(
            account, failing_since=since, failing_reason=reason, failing_detail=detail or row.failing_detail
        )
        return since

    def missed(self, account: AccountName, began_at: datetime, ended_at: datetime, reason: str) -> None:
        """Note a time in which something may have come and gone unseen, though the account was read."""
        gap = {"account": account, "began_at": began_at, "ended_at": ended_at, "reason": reason}
        insert_new(self.connection, tables.gaps, [gap])

    def alarm(self, account: AccountName, at: datetime, again_after: timedelta) -> bool:
        """Note that people are told; return whether nobody had been told within ``again_after``.

        Of one that comes and goes people are told at most once in :data:`QUIET`.
        """
        told, alerts = tables.accounts.c.alarmed_at, tables.alerts.c
        lately = exists().where(
            alerts.subject_kind == "account",
            alerts.subject == account,
            alerts.step == AlertStep.NOT_WATCHED,
            alerts.planned_at > at - QUIET,
            # Letters about a part of the account name it there, and say nothing of the whole.
            or_(~alerts.occasion.contains("#"), alerts.occasion.contains("#@")),
        )
        changed = self.connection.execute(
            update(tables.accounts)
            .where(tables.accounts.c.name == account, or_(told.is_(None), told <= at - again_after), ~lately)
            .values(alarmed_at=at)
        )
        return changed.rowcount == 1

    def proved(
        self, account: AccountName, at: datetime, expires_at: datetime | None, lacking: Iterable[str]
    ) -> None:
        """Note what the platform said of the account's token."""
        self._set(account, proved_at=at, token_expires_at=expires_at, lacking=list(lacking))

    def prove_again(self, accounts: Iterable[AccountName]) -> None:
        """Let every token be proved at the next reading: a new one may stand in its file."""
        for account in accounts:
            self._set(account, proved_at=None)

    def read_by_hand(self, account: AccountName) -> None:
        """Note that no program reads the account."""
        self._set(
            account,
            by_hand=True,
            alarmed_at=None,
            failing_since=None,
            failing_reason=None,
            failing_detail=None,
        )

    def last_read_at(self, account: AccountName) -> datetime | None:
        """Return when an account was last read to the end; ``None`` when never."""
        at: datetime | None = self._row(account).last_read_at
        return at

    def watched_since(self, account: AccountName) -> datetime | None:
        """Return since when an account has been read without a gap that is known; ``None`` when never."""
        gaps = tables.gaps.c
        query = select(func.max(gaps.ended_at)).where(gaps.account == account)
        first: datetime | None = self._row(account).first_read_at
        return self.connection.execute(query).scalar() or first

    def was_read(self, account: AccountName) -> bool:
        """Say whether an account was ever read to the end of every stream."""
        return self._row(account).first_read_at is not None

    def proved_at(self, account: AccountName) -> datetime | None:
        """Return when the platform was last asked about the token; ``None`` when never."""
        at: datetime | None = self._row(account).proved_at
        return at

    def token_expires_at(self, account: AccountName) -> datetime | None:
        """Return when the token ends, as far as the platform told."""
        at: datetime | None = self._row(account).token_expires_at
        return at

    def detail(self, account: AccountName, stream: str = "") -> str:
        """Return our sentence about why an account, or one of its streams, cannot be read; empty if none."""
        if not stream:
            return self._row(account).failing_detail or ""
        health = tables.stream_health.c
        query = select(health.failing_detail).where(health.account == account, health.stream == stream)
        return self.connection.execute(query).scalar_one_or_none() or ""

    def is_by_hand(self, account: AccountName) -> bool:
        """Say whether no program reads an account: people look there and bring in what they find."""
        return bool(self._row(account).by_hand)

    def not_watched(self, account: AccountName) -> tuple[str, datetime] | None:
        """Return why and since when an account cannot be read, or ``None`` when it can."""
        row = self._row(account)
        return None if row.failing_since is None else (row.failing_reason, row.failing_since)

    def _row(self, account: AccountName) -> Row[Any]:
        return self.connection.execute(select(tables.accounts).where(tables.accounts.c.name == account)).one()

    def _set(self, account: AccountName, **values: datetime | str | bool | list[str] | None) -> None:
        self.connection.execute(
            update(tables.accounts).where(tables.accounts.c.name == account).values(values)
        )
