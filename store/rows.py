"""Small things that every room of queries needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Value = TypeVar("Value")

CHUNK = 500
"""Most values in one list of a statement; SQLite allows a limited number of parameters."""


def row_of(value: DataclassInstance) -> dict[str, Any]:
    """Return the fields of a value by name, as they are: nothing in them is copied."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


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


def take_turns(connection: Connection, name: str) -> None:
    """Make everybody else who takes turns at ``name`` wait until this transaction ends.

    No row is locked, so that nobody waits who wants no turn. SQLite lets one transaction write at a time.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
