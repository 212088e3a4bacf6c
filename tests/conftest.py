"""What every test may ask for: the shared folder, and servers that hold nothing but the test's own rows.

A test whose server or data is missing says so and is skipped. Where ``CI`` is ``true`` it fails instead:
there everything has to be proven.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

settings.register_profile("steady", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark a test by what it asks for, so that ``-m "not server"`` needs no marks by hand."""
    for item in items:
        wanted = set(getattr(item, "fixturenames", ()))
        if wanted & {"redis_url", "postgres_url"}:
            item.add_marker(pytest.mark.server)
        if "shared" in wanted:
            item.add_marker(pytest.mark.shared)


def _without(reason: str) -> NoReturn:
    """End a test that cannot run here."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}, and CI may not skip")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the repository."""
    return ROOT


@pytest.fixture
def shared() -> Path:
    """Return the folder with the platforms' specifications and the data, which lies beside the repository."""
    if not SHARED.is_dir():
        _without("there is no folder 'shared' beside the repository")
    return SHARED


@pytest.fixture
def redis_url() -> Iterator[str]:
    """Return the address of a real Redis database that is empty, and empty it again afterwards.

    One that holds something is somebody's: it is left alone and the test fails. Tests that run side by side
    have one each: those after the one that is named.
    """
    named = os.environ.get("REDIS_URL") or _without("REDIS_URL names no Redis server")
    from redis import Redis

    url = _further(named, int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")))

    with Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
        if client.dbsize():
            pytest.fail("the database in REDIS_URL is not empty: name one that the tests may clear")
        yield url
        client.flushdb()


def _further(url: str, places: int) -> str:
    """Return the address of the Redis database so many places after the one of ``url``."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{int(parts.path.strip('/') or 0) + places}"))


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """Return the address of a new, empty PostgreSQL database, which is dropped after the test."""
    url = os.environ.get("DATABASE_URL") or _without("DATABASE_URL names no PostgreSQL server")
    from sqlalchemy import create_engine, make_url, text

    name = f"test_{uuid.uuid4().hex}"
    address = make_url(url).set(drivername="postgresql+psycopg")
    server = create_engine(address, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 5})
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield address.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        server.dispose()
