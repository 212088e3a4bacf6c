"""Starts a Bluesky of our own for the tests, and stops what it started.

Its packages are installed once, by ``python tests/connectors/bluesky_network/running.py``; a test itself
never fetches anything.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

HERE = Path(__file__).resolve().parent
LONGEST_INSTALL = 420
LONGEST_START = 60


def node() -> str:
    """Return the path of Node. A machine without it is no failure: it is needed by these tests only."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("there is no Node with npm here, so no real Bluesky server can be started")
    return str(shutil.which("node"))


def packages() -> Path:
    """Return the folder with the packages, in a cache outside the repository; skip where there are none."""
    folder = _place()
    if not (folder / "complete").exists():
        pytest.skip(
            "the packages of a Bluesky server are not installed: see tests/connectors/bluesky_network"
        )
    return folder


def _place() -> Path:
    lock = (HERE / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "socialduty"
    return cache / f"bluesky-network-{hashlib.sha256(lock).hexdigest()[:16]}"


def install() -> str:
    """Install the packages, unless they are there; return what is in the way, empty if nothing is."""
    folder = _place()
    if (folder / "complete").exists():
        return ""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "there is no Node with npm here"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    command = [str(shutil.which("npm")), "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=LONGEST_INSTALL, check=False)
    except subprocess.TimeoutExpired:
        return "npm did not install them in time"
    if done.returncode:
        return "npm could not install them; is its registry to be reached?"
    (folder / "complete").touch()
    return ""


@dataclass(frozen=True)
class Person:
    """Somebody with an account, who writes as any app does, without our connector and without its SDK."""

    pds: str
    did: str
    handle: str
    password: str
    ordinary: str
    privileged: str
    token: str = ""

    def signed_in(self) -> Person:
        answer = self.write(
            "com.atproto.server.createSession", identifier=self.handle, password=self.password
        )
        return Person(**{**vars(self), "token": answer["accessJwt"]})

    def write(self, method: str, **body: Any) -> Any:
        """Send something and return the answer."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = requests.post(f"{self.pds}/xrpc/{method}", json=body, headers=headers, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ask(self, method: str, **parameters: object) -> Any:
        """Ask something and return the answer."""
        headers = {"Authorization": f"Bearer {self.token}"}
        address = f"{self.pds}/xrpc/{method}"
        answer = requests.get(address, params=parameters, headers=headers, timeout=20)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, text: str, under: Any = None, **more: object) -> Any:
        """Write a post, or a reply ``under`` another one; return its address, cid and root."""
        record: dict[str, Any] = {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        } | more
        if under is not None:
            parent = {"uri": under["uri"], "cid": under["cid"]}
            record["reply"] = {"parent": parent, "root": under.get("root", parent)}
        made = self.create("app.bsky.feed.post", record)
        root = record["reply"]["root"] if under is not None else made
        return {"uri": made["uri"], "cid": made["cid"], "root": root}

    def create(self, collection: str, record: dict[str, Any]) -> Any:
        """Write a record and return its address and cid."""
        made = self.write(
            "com.atproto.repo.createRecord", repo=self.did, collection=collection, record=record
        )
        return {"uri": made["uri"], "cid": made["cid"]}

    def remove(self, uri: str) -> None:
        """Delete a record."""
        did, collection, key = uri.removeprefix("at://").split("/")
        self.write("com.atproto.repo.deleteRecord", repo=did, collection=collection, rkey=key)


@dataclass
class Network:
    """A running Bluesky: its server's address and the people on it."""

    pds: str
    people: dict[str, Person]
    process: subprocess.Popen[str]

    def settle(self) -> None:
        """Wait until all that was written has reached the AppView."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("settle\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n"


@contextmanager
def with_a_database_of_its_own() -> Iterator[Network]:
    """Run a Bluesky with a new database on the server that ``DATABASE_URL`` names, and drop it afterwards."""
    named = os.environ.get("DATABASE_URL")
    if named is None:
        reason = "DATABASE_URL names no PostgreSQL server, which Bluesky's AppView needs"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    node()
    from sqlalchemy import create_engine, make_url, text

    name = f"test_{uuid.uuid4().hex}"
    address = make_url(named).set(drivername="postgresql+psycopg")
    server = create_engine(address, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 5})
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        own = address.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        try:
            with network(own) as running:
                yield running
        finally:
            with server.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        server.dispose()


@contextmanager
def network(database: str) -> Iterator[Network]:
    """Run a Bluesky whose AppView keeps what it knows in the PostgreSQL database at this address."""
    with tempfile.TemporaryDirectory() as scratch:
        yield from _running(database, scratch)


def _running(database: str, scratch: str) -> Iterator[Network]:
    program, folder = node(), packages()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": scratch,
        "DATABASE_URL": database,
        "REDIS_HOST": "127.0.0.1:1",  # Asked for, and then used by nothing that runs here
        "LOG_ENABLED": "false",
        "NODE_ENV": "test",
    }
    process = subprocess.Popen(
        [program, "--no-deprecation", str(HERE / "network.mjs")],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        assert first, "the Bluesky of our own did not start"
        said = json.loads(first)
        pds = said["pds"].replace("localhost", "127.0.0.1")
        people = {name: Person(pds=pds, **account).signed_in() for name, account in said["accounts"].items()}
        yield Network(pds, people, process)
    finally:
        process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


if __name__ == "__main__":
    raise SystemExit(install() or None)
