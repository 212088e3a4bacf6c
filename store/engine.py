"""Opening the database: one SQLite file by default, PostgreSQL by URL."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DatabaseError, OperationalError

BUSY_SECONDS = 30

_POSTGRESQL = {
    "connect_timeout": 10,
    "options": "-c timezone=UTC -c statement_timeout=60000",
    # A server that vanished without a word is noticed: the statement's own limit is kept by the server.
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 70_000,
}
"""Limits of a connection to PostgreSQL: seconds, but milliseconds for ``tcp_user_timeout``."""


class StoreError(Exception):
    """The database cannot be used as it is. The text says what to do."""


def open_engine(url: str) -> Engine:
    """Return an engine for ``url`` (``sqlite:///...`` or ``postgresql://...``) with safe settings.

    SQLite runs in WAL mode with ``synchronous=FULL``: what was committed survives a power cut.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url, parsed.database)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=10,
            connect_args=_POSTGRESQL,
        )
    raise StoreError("the database must be SQLite or PostgreSQL: see database_url in the settings")


def _sqlite(url: str, database: str | None) -> Engine:
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        hide_parameters=True,  # what people wrote must not travel in the text of an error
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "do_connect")
    def keep_private(dialect: Any, record: Any, arguments: list[Any], options: dict[str, Any]) -> None:
        if arguments[0] != ":memory:" and not options.get("uri"):
            _make_private(arguments[0])

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, so that reads and writes are one unit
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later would fail instead of waiting for its turn.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _make_private(database: str) -> None:
    """Make the file, where there is none, for its owner alone: SQLite lets it be read by all who may.

    The files that SQLite lays beside it (``-wal``, ``-shm``) become like it. One that is there already is
    never opened here: closing it would end the locks that this process holds on it.
    """
    with contextlib.suppress(OSError):  # what is in the way, SQLite says when it opens the file
        os.close(os.open(database, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def check(engine: Engine) -> None:
    """Make one cheap round trip, and on SQLite look for damage.

    Raises:
        StoreError: the file is damaged; restore the last backup.
    """
    if engine.dialect.name != "sqlite":
        with engine.connect() as connection:
            connection.execute(text("select 1"))
    elif not _is_sound(engine):
        raise StoreError("the database file is damaged: restore the last backup")


def _is_sound(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            return bool(connection.execute(text("PRAGMA quick_check(1)")).scalar() == "ok")
    except OperationalError:
        raise  # locked, or out of reach: that says nothing about what the file holds
    except DatabaseError:
        return False


@contextlib.contextmanager
def only_process(engine: Engine) -> Iterator[None]:
    """Hold the database for this process while the block runs; PostgreSQL needs no such thing.

    Two hosts on one SQLite file would each believe the other's work to be abandoned.

    Raises:
        StoreError: another process has it.
    """
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database:
        yield
        return
    path = Path(f"{database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as handle:
        if not _locked(handle.fileno()):
            raise StoreError(
                "another socialduty is running on this data folder: stop it first, or use PostgreSQL"
            )
        handle.truncate(0)
        handle.write(f"{socket.gethostname()} {os.getpid()}\n")
        handle.flush()
        yield


def _locked(descriptor: int) -> bool:
    """Take the operating system's lock, which ends with the process however it ends."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
