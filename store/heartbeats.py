"""Silence is a fault: every loop says that it is alive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select, update

from store import tables
from store.rows import insert_new


def beat(engine: Engine, loop: str, host: str, at: datetime) -> None:
    """Note that ``loop`` is alive on ``host``."""
    with engine.begin() as connection:
        insert_new(connection, tables.heartbeats, [{"loop": loop, "host": host, "at": at}])
        connection.execute(
            update(tables.heartbeats)
            .where(tables.heartbeats.c.loop == loop, tables.heartbeats.c.host == host)
            .values(at=at)
        )


def last_beats(engine: Engine) -> dict[tuple[str, str], datetime]:
    """Return when each loop was last alive on each host."""
    with engine.begin() as connection:
        rows = connection.execute(select(tables.heartbeats))
        return {(row.loop, row.host): row.at for row in rows}
