"""Opening the database: what is committed is kept, one process holds a file, and damage is noticed."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import IntegrityError

from store import tables
from store.engine import StoreError, check, only_process, open_engine
from store.migrate import upgrade

HOLDER = """
import sys
from store.engine import only_process, open_engine
with only_process(open_engine(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the SQLite database of the test lies."""
    return tmp_path / "data of the school" / "socialduty.sqlite"


@pytest.fixture
def sqlite(file: Path) -> Iterator[Engine]:
    """A SQLite database with all tables."""
    engine = open_engine(f"sqlite:///{file.as_posix()}")
    upgrade(engine)
    yield engine
    engine.dispose()


@contextmanager
def another_process(engine: Engine, root: Path) -> Iterator[subprocess.Popen[str]]:
    """Let a process of its own hold the database while the block runs."""
    address = engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, address],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def pragma(engine: Engine, name: str) -> object:
    """Return what SQLite says about one of its settings."""
    with engine.connect() as connection:
        return connection.execute(text(f"PRAGMA {name}")).scalar()


def test_sqlite_keeps_what_was_committed_through_a_power_cut(sqlite: Engine) -> None:
    """Write-ahead log with a sync at every commit: 2 is FULL."""
    found = {
        name: pragma(sqlite, name) for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_what_was_committed_is_in_the_file(sqlite: Engine, file: Path) -> None:
    """A reader that comes straight after the commit, past our connection, finds the row."""
    with sqlite.begin() as connection:
        connection.execute(
            insert(tables.schools).values(id="oakfield", name="Oakfield Academy", nation="ENG")
        )
    with closing(sqlite3.connect(file)) as other:
        assert other.execute("select id from schools").fetchall() == [("oakfield",)]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_else_on_the_machine_may_read_what_people_wrote(sqlite: Engine, file: Path) -> None:
    """A new database is its owner's alone, with the files beside it; one that is there stays as it is."""
    with sqlite.begin() as connection:
        connection.execute(text("create table other (id)"))
        modes = {path.name.removeprefix(file.name): path.stat().st_mode & 0o777 for path in _beside(file)}
        assert modes == {"": 0o600, "-wal": 0o600, "-shm": 0o600}
    sqlite.dispose()
    file.chmod(0o640)
    with sqlite.begin() as connection:
        connection.execute(text("drop table other"))
    assert file.stat().st_mode & 0o777 == 0o640


def _beside(file: Path) -> list[Path]:
    return list(file.parent.glob(f"{file.name}*"))


def test_a_row_cannot_point_at_nothing(engine: Engine) -> None:
    """Foreign keys are kept on both databases."""
    row = {"account": "nobody", "external_id": "t1"}
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(tables.threads).values(row))


def test_a_transaction_that_reads_and_then_writes_waits_for_its_turn(sqlite: Engine, file: Path) -> None:
    """Reads take the writer's place at once: nobody fails in the middle because somebody else was quicker."""
    with sqlite.connect() as first, closing(sqlite3.connect(file, timeout=0)) as impatient:
        first.execute(text("select count(*) from tasks"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            impatient.execute("BEGIN IMMEDIATE")


def test_what_raises_in_a_transaction_leaves_nothing(engine: Engine) -> None:
    """A half-done unit does not exist."""

    def break_off() -> None:
        with engine.begin() as connection:
            connection.execute(
                insert(tables.schools).values(id="oakfield", name="Oakfield Academy", nation="ENG")
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    with engine.begin() as connection:
        assert connection.execute(text("select count(*) from schools")).scalar() == 0


def test_a_second_process_on_the_same_file_is_refused(sqlite: Engine, root: Path) -> None:
    """Two would each believe the other's work to be abandoned; the text says what to do."""
    refused = pytest.raises(StoreError, match="stop it first, or use PostgreSQL")
    with another_process(sqlite, root), refused, only_process(sqlite):
        pytest.fail("two processes hold one file")


def test_the_hold_ends_with_the_process_however_it_ends(sqlite: Engine, root: Path) -> None:
    """After a kill -9 the next start needs no tidying up."""
    with another_process(sqlite, root) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
        with only_process(sqlite):
            pass


def test_the_hold_is_given_back(sqlite: Engine) -> None:
    """One command after another may hold the file."""
    for _ in range(2):
        with only_process(sqlite):
            pass


def test_postgresql_may_be_shared(postgres_url: str) -> None:
    """Several hosts are what it is for."""
    engine = open_engine(postgres_url)
    with only_process(engine), only_process(engine):
        check(engine)
    engine.dispose()


def test_a_sound_database_passes_the_check(engine: Engine) -> None:
    """One cheap look, on both databases."""
    check(engine)


@pytest.mark.parametrize("damage", ["inside", "header", "not a database"])
def test_a_damaged_file_is_refused_with_a_remedy(sqlite: Engine, file: Path, damage: str) -> None:
    """Whatever SQLite says about it, a person reads what to do."""
    with sqlite.begin() as connection:
        rows = [{"id": f"s{n}", "name": "Oakfield Academy" * 20, "nation": "ENG"} for n in range(500)]
        connection.execute(insert(tables.schools), rows)
    sqlite.dispose()
    whole = file.read_bytes()
    match damage:
        case "inside":
            middle = len(whole) // 2
            file.write_bytes(whole[:middle] + b"\xff" * 8192 + whole[middle + 8192 :])
        case "header":
            file.write_bytes(b"\x00" * 100 + whole[100:])
        case _:
            file.write_bytes(b"these are no tables\n" * 1000)
    with pytest.raises(StoreError, match="damaged: restore the last backup"):
        check(sqlite)


def test_another_database_is_refused() -> None:
    """The text names the setting."""
    with pytest.raises(StoreError, match="SQLite or PostgreSQL"):
        open_engine("mysql://localhost/socialduty")


def test_an_address_never_shows_its_password() -> None:
    """What is printed of an engine holds no secret."""
    engine = open_engine("postgresql://socialduty:not-for-logs@127.0.0.1:1/socialduty")
    assert "not-for-logs" not in repr(engine) + str(engine.url)
    engine.dispose()
