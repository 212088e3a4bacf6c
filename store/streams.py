"""How each stream of an account is read: since when it fails and why, when it was last swept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from moderation.items import AccountName
from store import tables
from store.rows import insert_new


@dataclass(frozen=True, slots=True)
class StreamState:
    """How one stream is read. ``failing_since`` is ``None`` while it works."""

    failing_since: datetime | None = None
    failing_reason: str | None = None
    tried_at: datetime | None = None
    swept_at: datetime | None = None
    sweep_tried_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Streams:
    """Queries over the streams' health, inside one transaction."""

    connection: Connection

    def states(self, account: AccountName) -> dict[str, StreamState]:
        """Return the state of every stream of an account that was ever tried, by its name."""
        rows = self.connection.execute(
            select(tables.stream_health).where(tables.stream_health.c.account == account)
        )
        return {
            row.stream: StreamState(
                row.failing_since, row.failing_reason, row.tried_at, row.swept_at, row.sweep_tried_at
            )
            for row in rows
        }

    def read(self, account: AccountName, stream: str, at: datetime) -> None:
        """Note that a stream was read to its end. When people were told of it stays: it may fail again."""
        self._set(account, stream, failing_since=None, failing_reason=None, failing_detail=None, tried_at=at)

    def failed(self, account: AccountName, stream: str, at: datetime, reason: str, detail: str) -> datetime:
        """Note that a stream could not be read, with our sentence about it; return since when that is so."""
        state = self.states(account).get(stream, StreamState())
        since = state.failing_since or at
        self._set(
            account, stream, failing_since=since, failing_reason=reason, failing_detail=detail, tried_at=at
        )
        return since

    def swept(self, account: AccountName, stream: str, at: datetime) -> None:
        """Note that everything of the last days was read again, beginning at ``at``."""
        self._set(account, stream, swept_at=at, sweep_tried_at=at)

    def sweep_tried(self, account: AccountName, stream: str, at: datetime) -> None:
        """Note that a sweep was begun."""
        self._set(account, stream, sweep_tried_at=at)

    def alarm(self, account: AccountName, stream: str, at: datetime, again_after: timedelta) -> bool:
        """Note that people are told; return whether nobody had been told within ``again_after``."""
        health = tables.stream_health.c
        changed = self.connection.execute(
            update(tables.stream_health)
            .where(
                health.account == account,
                health.stream == stream,
                or_(health.alarmed_at.is_(None), health.alarmed_at <= at - again_after),
            )
            .values(alarmed_at=at)
        )
        return changed.rowcount == 1

    def _set(self, account: AccountName, stream: str, **values: datetime | str | None) -> None:
        key = {"account": account, "stream": stream}
        insert_new(self.connection, tables.stream_health, [key])
        health = tables.stream_health.c
        self.connection.execute(
            update(tables.stream_health)
            .where(health.account == account, health.stream == stream)
            .values(values)
        )
