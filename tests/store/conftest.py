"""Every test here is run on SQLite and on PostgreSQL."""

from __future__ import annotations

from tests.worlds import database, engine, world

__all__ = ["database", "engine", "world"]
