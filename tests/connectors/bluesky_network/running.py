"""Starts a Bluesky of our own for the tests: installs its packages once, and stops what it started."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest
import requests

HERE = Path(__file__).resolve().parent
LONGEST_INSTALL = 420
LONGEST_START = 60


def _without(reason: str) -> NoReturn:
    """End the tests that cannot run here; where ``CI`` is ``true`` they fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}, and CI may not skip")
    pytest.skip(reason)


def node() -> str:
    """Return the path of Node. A machine without it is no failure: it is needed by these tests only."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("there is no Node with npm here, so no real Bluesky server can be started")
    return str(shutil.which("node"))


def packages() -> Path:
    """Return the folder with the packages, in a cache outside the repository; install them if need be."""
    lock = (HERE / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "socialduty"
    folder = cache / f"bluesky-network-{hashlib.sha256(lock).hexdigest()[:16]}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "bluesky-network.lock").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)  # Tests that run side by side install it once
        if not (folder / "complete").exists():
            _install(folder)
    return folder


def _install(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    command = [str(shutil.which("npm")), "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=LONGEST_INSTALL, check=False)
    except subprocess.TimeoutExpired:
        _without("npm did not install the packages of a Bluesky server in time")
    if done.returncode:
        _without("npm could not install the packages of a Bluesky server; is its registry to be reached?")
    (folder / "complete").touch()


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
