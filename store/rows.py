"""Small things that every room of queries needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Value = TypeVar("Value")

CHUNK = 500
"""Most values in one list of a statement; SQLite allows a limited number of parameters."""


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows whose unique keys are not there yet; the others change nothing."""
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))


def in_chunks(values: Iterable[Value]) -> Iterator[list[Value]]:
    """Yield ``values`` in lists short enough for one statement."""
    everything = list(values)
    for start in range(0, len(everything), CHUNK):
        yield everything[start : start + CHUNK]
