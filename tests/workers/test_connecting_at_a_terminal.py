"""``accounts connect`` at a real terminal, beside a real ``run`` on the same SQLite file."""

from __future__ import annotations

import contextlib
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy import select as selecting

from store import tables
from tests.connectors.sign_in_server import APP, Authority, XAuthority, listening
from tests.journeys.week import COMMAND, environment
from tests.schools import write_settings

if sys.platform == "win32":
    pytest.skip("terminals are opened as POSIX has them", allow_module_level=True)

import pty

NAME = "oakfield-x"
LONGEST = 30.0
SECRETS = (APP[1], "that-nobody-may-see", "code-1")


class Terminal:
    """One command at a terminal of its own: what it shows, and a person who types."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.shown = ""
        self.number, self._screen = pty.fork()
        if self.number == 0:
            os.chdir(folder)
            os.execve(COMMAND[0], [*COMMAND, *words], environment())

    def until(self, pattern: str) -> re.Match[str]:
        """Wait until the screen shows this."""
        end = time.monotonic() + LONGEST
        while (found := re.search(pattern, self.shown)) is None:
            assert time.monotonic() < end, f"waited for {pattern!r}; the screen shows:\n{self.shown}"
            if not self._look():
                raise AssertionError(f"ended without {pattern!r}; the screen shows:\n{self.shown}")
        return found

    def type(self, words: str) -> None:
        """Type a line."""
        os.write(self._screen, f"{words}\n".encode())

    def code(self) -> int:
        """Wait for the end; return the exit code."""
        while self._look():
            pass
        os.close(self._screen)
        return os.waitstatus_to_exitcode(os.waitpid(self.number, 0)[1])

    def _look(self) -> bool:
        if not select.select([self._screen], [], [], 1)[0]:
            return True
        try:
            read = os.read(self._screen, 65_536)
        except OSError:  # Linux: nobody has the other side open any more
            return False
        self.shown += read.decode()
        return bool(read)


@contextlib.contextmanager
def running(settings: Path) -> Iterator[None]:
    """Let ``run`` work on the data folder until the block ends."""
    command = [*COMMAND, "--settings", str(settings), "run"]
    with (settings.parent / "run.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=settings.parent, env=environment())
        try:
            _wait_for((settings.parent / "data" / "socialduty.db.lock").exists)
            yield
            assert process.poll() is None, "run did not live on"
        finally:
            process.terminate()
            process.wait(LONGEST)


def _wait_for(condition: object) -> None:
    end = time.monotonic() + LONGEST
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)


def test_connecting_beside_run_shows_no_secret(tmp_path: Path) -> None:
    """The one process that works on SQLite goes on; secrets are typed unseen and lie nowhere in plain."""
    with listening(Authority()) as authority:
        XAuthority(authority)
        settings = write_settings(tmp_path, authority.url, ('mode = "encoder"', 'mode = "rules"'))
        with running(settings):
            person = Terminal(tmp_path, "--settings", str(settings), "accounts", "connect", NAME)
            person.until("Client ID")
            person.type(APP[0])
            person.until("Client secret[^\n]*: $")
            person.type(APP[1])
            person.until("Callback")
            person.type("")
            address = person.until(r"http://127\.0\.0\.1:\S+")[0]
            person.until(r"or only the code in it\): $")
            person.type(authority.allow(address))
            assert (person.code(), bool(re.search("is connected", person.shown))) == (0, True), person.shown
            told = f"Bearer access-0-{SECRETS[1]}"
            _wait_for(lambda: any(each.headers.get("authorization") == told for each in authority.asked[2:]))
    assert not [secret for secret in SECRETS if secret in person.shown]
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in written if any(secret.encode() in path.read_bytes() for secret in SECRETS)]
    engine = create_engine(f"sqlite:///{(tmp_path / 'data' / 'socialduty.db').as_posix()}")
    with engine.connect() as connection:
        assert connection.execute(selecting(tables.tokens.c.account)).scalars().all() == [NAME]
    engine.dispose()
    assert (tmp_path / "data" / "token.key").stat().st_mode & 0o777 == 0o600
