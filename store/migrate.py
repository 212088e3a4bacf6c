"""Bringing the database's tables up to date, and refusing to work on ones that do not fit."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from store.engine import StoreError

_FOLDER = Path(__file__).parent / "migrations"


def head() -> str:
    """Return the number of the newest step that this version knows."""
    number = ScriptDirectory(str(_FOLDER)).get_current_head()
    if number is None:
        raise StoreError("this installation has lost its migrations: install it again")
    return number


def current(connection: Connection) -> str | None:
    """Return the number of the step that the database has reached, ``None`` for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> bool:
    """Take every missing step in one transaction; return whether there was any.

    Raises:
        StoreError: the database was made by a newer version.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Two hosts that start at once take turns; on SQLite every transaction does.
            connection.execute(text("select pg_advisory_xact_lock(hashtext('socialduty migrate'))"))
        reached = current(connection)
        if reached == head():
            return False
        _refuse_newer(reached)
        config = Config()
        config.set_main_option("script_location", str(_FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return True


def require_current(engine: Engine) -> None:
    """Make sure that the tables are what this version works on.

    Raises:
        StoreError: they are older, newer or not there; the text says what to do.
    """
    with engine.connect() as connection:
        reached = current(connection)
    if reached == head():
        return
    _refuse_newer(reached)
    raise StoreError("the database is not up to date: run 'socialduty migrate' once, then start again")


def _refuse_newer(reached: str | None) -> None:
    known = {step.revision for step in ScriptDirectory(str(_FOLDER)).walk_revisions()}
    if reached is not None and reached not in known:
        raise StoreError(
            f"the database was made by a newer socialduty (step {reached}): install that version again"
        )
