"""Every test here is run on SQLite and on PostgreSQL."""

from __future__ import annotations

from tests.worlds import database, engine, kept_postgres, world

__all__ = ["database", "engine", "kept_postgres", "world"]
