"""Migrations: from nothing to what the code expects, all or nothing, once, and never backwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, UniqueConstraint, inspect, select, text
from sqlalchemy.exc import IntegrityError

from store import migrate, tables
from store.engine import StoreError, check, open_engine
from store.migrate import current, head, require_current, upgrade
from tests.worlds import at_once

KILLED = """
import os, signal, sys
from sqlalchemy import event
from store.engine import open_engine
from store.migrate import upgrade
engine = open_engine(sys.argv[1])
made = 0

def count(connection, cursor, statement, *rest):
    global made
    made += statement.lstrip().upper().startswith("CREATE")
    if str(made) == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(engine, "before_cursor_execute", count)
event.listen(engine, "commit", lambda connection: os.kill(os.getpid(), signal.SIGKILL))

upgrade(engine)
"""


FIRST_ROWS = (
    "insert into schools (id, name, nation) values ('oakfield', 'Oakfield Academy', 'ENG')",
    "insert into accounts (name, school, platform, external_id, handle, go_live)"
    " values ('page', 'oakfield', 'facebook', '1', 'Oakfield', '2026-11-16 00:00:00')",
    "insert into threads (id, account, external_id) values (1, 'page', 't1')",
    "insert into items (id, account, platform, kind, external_id, thread, author_name, is_own, created_at,"
    " first_seen_at, received_at, permalink, mentions, names_school, media, version, digest)"
    " values (1, 'page', 'facebook', 'comment', 'c1', 1, 'Somebody', false, '2026-11-17 09:00:00',"
    " '2026-11-17 09:01:00', '2026-11-17 09:00:00', '', '[]', false, '[]', 1, '')",
    "insert into cases (id, school, year, number, account, platform, thread, opening_item, state, severity,"
    " labels, intent, route, uncertain, opened_at) values (1, 'oakfield', 2026, 1, 'page', 'facebook', 1, 1,"
    " 'new', 0, '[]', 'comment', 'moderator', false, '2026-11-17 09:01:00')",
    'insert into clocks ("case", item, received_at, due_at, why, trace, rule_version, calendar_version,'
    " late_discovery)"
    " values (1, 1, '2026-11-17 09:00:00', '2026-11-18 09:00:00', 'why', '[]', 'r', 'c', false)",
)
"""A case with its clock, as the first tables held it."""

FIRST_ASSESSMENT = (
    "insert into assessments (item, version, model, score, abuse, severity, labels, intent, route, findings,"
    " uncertain, made_at) values (1, 1, 'rules-1', 0.5, 0.5, 2, '[\"insult\"]', 'comment', 'slt', '[]',"
    " false, '2026-11-17 09:01:00')"
)


@pytest.fixture
def empty(database: str) -> Iterator[Engine]:
    """An engine on a database without any tables."""
    engine = open_engine(database)
    yield engine
    engine.dispose()


def migrate_to(connection: Connection, revision: str) -> None:
    """Take the steps up to ``revision``, as an earlier version did."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def existing(engine: Engine) -> set[str]:
    """Return the names of the tables that are there."""
    return set(inspect(engine).get_table_names())


def test_migrations_make_exactly_the_tables_that_the_code_uses(empty: Engine) -> None:
    """Columns, types, keys and indexes: what is compared differs in nothing."""
    assert upgrade(empty)
    with empty.begin() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, tables.metadata) == []
        assert current(connection) == head()
    assert existing(empty) == set(tables.metadata.tables) | {"alembic_version"}


def test_unique_keys_are_those_of_the_tables(empty: Engine) -> None:
    """What makes "once" true is in the database, not only in the code."""
    upgrade(empty)
    look = inspect(empty)
    for table in tables.metadata.sorted_tables:
        wanted = {
            tuple(column.name for column in constraint.columns)
            for constraint in table.constraints
            if isinstance(constraint, UniqueConstraint)
        }
        assert {tuple(key["column_names"]) for key in look.get_unique_constraints(table.name)} == wanted


def test_upgrading_twice_does_nothing_the_second_time(empty: Engine) -> None:
    """Every start may try."""
    assert [upgrade(empty), upgrade(empty)] == [True, False]
    require_current(empty)


def test_hosts_that_upgrade_at_once_take_turns(empty: Engine) -> None:
    """One of them does the work; the others find it done."""
    done: list[bool] = []
    at_once(4, lambda number: done.append(upgrade(empty)))
    assert sorted(done) == [False, False, False, True]


def test_the_clocks_of_the_first_tables_live_on(empty: Engine) -> None:
    """A school that upgrades loses no clock: each keeps its times, and runs by the rules that counted it."""
    with empty.begin() as connection:
        migrate_to(connection, "0001")
        for statement in FIRST_ROWS:
            connection.execute(text(statement))
    assert upgrade(empty)
    with empty.begin() as connection:
        (clock,) = connection.execute(select(tables.clocks))
        assert (clock.case, clock.item, clock.why) == (1, 1, "why")
        assert clock.due_at == datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
        assert (clock.team_due_at, clock.other_due_at, clock.excused) == (None, None, None)
        assert clock.due_on_closed_day is False
        connection.execute(tables.clocks.update().values(due_at=None))
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(tables.clocks.update().values(item=99))


def test_what_was_scored_before_targets_were_kept_lives_on(empty: Engine) -> None:
    """A school that upgrades keeps every assessment; whom it was about nobody knew then."""
    with empty.begin() as connection:
        migrate_to(connection, "0002")
        for statement in (*FIRST_ROWS, FIRST_ASSESSMENT):
            connection.execute(text(statement))
    assert upgrade(empty)
    with empty.begin() as connection:
        (said,) = connection.execute(select(tables.assessments))
        assert (said.item, said.severity, said.model, said.target) == (1, 2, "rules-1", "unknown")
        assert connection.execute(select(tables.clocks.c.why)).scalars().all() == ["why"]
        assert connection.execute(select(tables.judgements)).all() == []


def test_there_is_one_head() -> None:
    """Two would mean that somebody's step is never taken."""
    scripts = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    assert scripts.get_heads() == [head()]
    assert [step.revision for step in scripts.walk_revisions()][-1] == "0001"


@pytest.mark.parametrize("look", [upgrade, require_current])
def test_tables_of_a_newer_version_are_refused(empty: Engine, look: object) -> None:
    """The text names the step that is needed, and nothing is touched."""
    upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer socialduty \(step 9999\): install that version"):
        look(empty)  # type: ignore[operator]
    with empty.begin() as connection:
        assert current(connection) == "9999"


def test_a_database_without_tables_is_refused_where_they_must_be_there(empty: Engine) -> None:
    """On a shared database a person decides when to migrate."""
    with pytest.raises(StoreError, match="run 'socialduty migrate' once"):
        require_current(empty)
    check(empty)


@pytest.mark.parametrize("when", ["2", "17", "before the commit"])
def test_a_kill_in_the_middle_leaves_the_old_state(database: str, root: Path, when: str) -> None:
    """Tables are made in one transaction, on SQLite too: the next start begins from what was there before."""
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, database, when],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    engine = open_engine(database)
    assert existing(engine) == set()
    assert upgrade(engine)
    engine.dispose()


def test_a_step_that_fails_leaves_the_old_state(empty: Engine) -> None:
    """A table in the way makes the step fail, and nothing of it stays."""
    with empty.begin() as connection:
        connection.execute(text("create table threads (id integer)"))
    with pytest.raises(Exception, match="already exists"):
        upgrade(empty)
    assert existing(empty) == {"threads"}
