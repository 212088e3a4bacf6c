"""The long proof of reading: kill -9 between and within pages, many times, and compare with what is there.

    python tests/kill_between_pages.py --kills 1000 [--seed 7]

A process reads four practice platforms with the real connectors, the poll task and a SQLite file, in pages of
three things, while people go on writing, editing and deleting. It is killed in four ways: at any moment,
while a request waits for its answer, while a page is being stored, and after a page was stored, before the
next request. Then it starts again. At the end everything is read once more, and the store is compared with
what is there: ends with 1 when anything was lost, doubled, invented or different. Needs ``fork``.
"""

from __future__ import annotations

import argparse
import gc
import logging
import mmap
import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import IO

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import requests
import structlog

from connectors.base import Connector
from connectors.practice.content import Content
from connectors.practice.identities import Platform
from connectors.practice.wire import Request
from moderation.items import AccountName
from store.engine import check
from tests.fakes import PassingTime
from tests.journeys import desks
from tests.journeys.crowd import BEGIN, Crowd, Difference, SmallPages, compare, kept

SAYING = ("post", "comment", "comment", "reply", "reply", "own_reply", "message", "own_message", "quote")
CHANGING = ("edit", "edit", "delete", "hide", "unhide", "late")
LONGEST = timedelta(days=4)
"""Time that passes while it is killed: a week later, sweeps no longer reach back to the beginning."""

PATIENCE = 60.0
"""Seconds after which a poll that does not end has failed the test."""


class Doing(IntEnum):
    """What the reading process is doing."""

    STARTING = 0
    ASKING = 1
    STORING = 2
    STORED = 3
    HELD = 4
    ENDING = 5


class Way(StrEnum):
    """How a process is killed."""

    NOT = "left alone"
    MOMENT = "at any moment"
    ASKING = "while a request waits"
    STORING = "while a page is stored"
    STORED = "after a page was stored"


class Board:
    """What both processes see, however one of them ends: four numbers in a file that both have in memory."""

    _NOW, _DOING, _PAGES, _HOLD = range(4)

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(32))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 32)

    def _get(self, place: int) -> int:
        number: int = struct.unpack_from("<q", self._memory, place * 8)[0]
        return number

    def _put(self, place: int, number: int) -> None:
        struct.pack_into("<q", self._memory, place * 8, number)

    def now(self) -> datetime:
        """Return the school's time."""
        return datetime.fromtimestamp(self._get(self._NOW), UTC)

    def set_now(self, now: datetime) -> None:
        """Set the school's time, in whole seconds."""
        self._put(self._NOW, int(now.timestamp()))

    @property
    def doing(self) -> Doing:
        """What the reading process is doing, or was doing when it ended."""
        return Doing(self._get(self._DOING))

    @doing.setter
    def doing(self, doing: Doing) -> None:
        self._put(self._DOING, doing)

    @property
    def pages(self) -> int:
        """How many pages were stored, by all processes so far."""
        return self._get(self._PAGES)

    @pages.setter
    def pages(self, pages: int) -> None:
        self._put(self._PAGES, pages)

    @property
    def hold(self) -> int:
        """After which page the reading process waits to be killed; 0 for none."""
        return self._get(self._HOLD)

    @hold.setter
    def hold(self, pages: int) -> None:
        self._put(self._HOLD, pages)


# The process that is killed


class _Marked(desks.Watched):
    """A real connector that says what is being done, and stands still between two pages when told to."""

    def __init__(self, inner: Connector, board: Board) -> None:
        super().__init__(inner, lambda item: None)
        self._board = board

    def page_came(self) -> None:
        """Say it."""
        self._board.doing = Doing.STORING

    def page_stored(self) -> None:
        """Say it, and wait for the end if this is the page to wait after."""
        self._board.doing = Doing.STORED
        self._board.pages += 1
        if self._board.pages == self._board.hold:
            self._board.doing = Doing.HELD
            time.sleep(PATIENCE)


def _read_once(folder: Path, urls: dict[Platform, str], platform: Platform, board: Board) -> None:
    """Start, read one account, and end: what a process does between two kills."""

    def connector(name: AccountName) -> Connector:
        return _Marked(desks.connector_at(platform, urls[platform]), board)

    desk = desks.open_desk(folder / "socialduty.sqlite", board.now, connector)
    claim = desks.claim_of(desk, desks.account_name(platform))
    if claim is not None:
        desks.poll(desk, claim)
    board.doing = Doing.ENDING


def nursery(folder: Path, url: str) -> int:
    """Fork a process for every platform that is named on the input, and say when it has ended.

    Everything is imported here once; there are no threads and no connections, so each child is as new. A
    child that has ended stays until a further line is read: its number cannot become another process's.
    """
    _be_quiet()
    board = Board(folder / "board")
    urls = {each: url + ("/instagram" if each is Platform.INSTAGRAM else "") for each in Platform}
    _say_when_asking(board)
    for each in Platform:
        desks.connector_at(each, urls[each])
    gc.freeze()
    _say("ready")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _live(folder, urls, Platform(line.strip()), board)
        _say(child)
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        _say("ended")
        sys.stdin.readline()
        _say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    return 0


def _live(folder: Path, urls: dict[Platform, str], platform: Platform, board: Board) -> None:
    code = 3
    try:
        _read_once(folder, urls, platform, board)
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it is, this process must not go on as its parent
        traceback.print_exc()
    finally:
        os._exit(code)


def _say_when_asking(board: Board) -> None:
    """Note on the board when a request goes out. All connectors talk through this one class."""
    send = requests.adapters.HTTPAdapter.send

    def noted(adapter: requests.adapters.HTTPAdapter, *given: object, **more: object) -> requests.Response:
        board.doing = Doing.ASKING
        return send(adapter, *given, **more)  # type: ignore[arg-type]

    requests.adapters.HTTPAdapter.send = noted  # type: ignore[method-assign,assignment]


def _be_quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def _say(words: object) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


# The process that kills


@dataclass(slots=True)
class Outcome:
    """What came of it. ``killed`` counts kills by what the process was doing then."""

    killed: Counter[Doing] = field(default_factory=Counter)
    finished: int = 0
    items: int = 0
    pages: int = 0
    seconds: float = 0.0
    differences: dict[Platform, Difference] = field(default_factory=dict)

    @property
    def kills(self) -> int:
        """How often it was killed."""
        return self.killed.total()

    @property
    def between(self) -> int:
        """How many kills came after a page was stored and before the next request."""
        return self.killed[Doing.STORED] + self.killed[Doing.HELD]

    def __str__(self) -> str:
        lost, double, invented, otherwise = (
            sum(len(getattr(each, name)) for each in self.differences.values())
            for name in ("lost", "double", "invented", "otherwise")
        )
        return (
            f"{self.kills} kills in {self.seconds:.0f} s: {self.between} between a stored page and the next "
            f"request, {self.killed[Doing.ASKING]} while a request waited or its answer was read, "
            f"{self.killed[Doing.STORING]} while a page was stored, "
            f"{self.killed[Doing.STARTING]} at the start, {self.killed[Doing.ENDING]} at the end; "
            f"{self.finished} polls left to finish; {self.items} items, {self.pages} pages: "
            f"{lost} lost, {double} double, {invented} invented, {otherwise} different"
        )


@dataclass(slots=True)
class _Usual:
    """What a poll of one platform took when it was last left to finish."""

    seconds: float = 0.2
    pages: int = 10
    requests: int = 10


class _Killer:
    """Has one process after the other read, and kills it."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder = folder
        self.chance = chance
        self.now = PassingTime(BEGIN - timedelta(minutes=10))
        self.board = Board(folder / "board")
        self.platforms = SmallPages(Content(()), self.now)
        self.platforms.most = 3
        self.platforms.before = self._request_came
        self.crowds = {each: Crowd(self.platforms, each, self.now) for each in Platform}
        self.usual = {each: _Usual() for each in Platform}
        self.outcome = Outcome()
        self._child = 0
        self._seconds = 0.0
        self._requests = 0
        self._fatal_request = 0
        self._meanwhile: dict[int, str] = {}
        self._surprises: list[Exception] = []
        for number in range(6):
            for crowd in self.crowds.values():
                self.pass_by(1)
                crowd.comment(number)
        self.now.at = BEGIN
        self.board.set_now(BEGIN)

    # What the platforms do

    def pass_by(self, seconds: int) -> None:
        """Let time go by, here and for whoever reads."""
        self.now.pass_by(seconds=seconds)
        self.board.set_now(self.now.at)

    def happens(self, platform: Platform) -> None:
        """Somebody says or changes something on a platform."""
        what = self.chance.choice(SAYING if self.chance.random() < 0.65 else CHANGING)
        self.pass_by(1)
        if what == "delete":
            self.crowds[platform].delete(self.chance.randrange(1000), posts=self.chance.random() < 0.2)
        else:
            getattr(self.crowds[platform], what)(self.chance.randrange(1000))

    def _request_came(self, request: Request) -> None:
        """Before a request is answered: somebody writes, or whoever asks is killed."""
        self._requests += 1
        platform = self._meanwhile.pop(self._requests, None)
        try:
            if platform is not None:
                self._comment_or_edit(Platform(platform))
            if self._requests == self._fatal_request:
                os.kill(self._child, signal.SIGKILL)
        except Exception as surprise:  # noqa: BLE001 - the server's thread would swallow it
            self._surprises.append(surprise)

    def _comment_or_edit(self, platform: Platform) -> None:
        self.pass_by(1)
        what = self.chance.choice(("comment", "reply", "own_reply", "message", "edit"))
        getattr(self.crowds[platform], what)(self.chance.randrange(1000))

    # Killing

    def round(self, nest: subprocess.Popen[str], platform: Platform, way: Way) -> bool:
        """Have an account read once; return whether the process was killed."""
        usual, pages = self.usual[platform], self.board.pages
        self._prepare(platform, way)
        began = time.monotonic()
        _write(nest, f"{platform}\n")
        self._child = int(_line(nest))
        if way is Way.MOMENT:
            time.sleep(self.chance.uniform(0, usual.seconds * 1.1))
            os.kill(self._child, signal.SIGKILL)
        elif way is Way.STORING:
            self._kill_while_storing(began)
        elif way is Way.STORED:
            self._wait_for(Doing.HELD, began)
            os.kill(self._child, signal.SIGKILL)
        if _line(nest) != "ended":
            raise AssertionError("the nursery said something else")
        _write(nest, "\n")
        code = int(_line(nest))
        self._fatal_request, self._meanwhile = 0, {}
        if code == -signal.SIGKILL:
            self.outcome.killed[self.board.doing] += 1
            return True
        if code != 0:
            raise AssertionError(f"reading ended with {code}")
        self.outcome.finished += 1
        self.usual[platform] = _Usual(
            time.monotonic() - began, self.board.pages - pages, max(1, self._requests)
        )
        return False

    def _prepare(self, platform: Platform, way: Way) -> None:
        usual = self.usual[platform]
        self._seconds = usual.seconds * 0.8
        self._requests = 0
        self._fatal_request = self.chance.randint(1, usual.requests) if way is Way.ASKING else 0
        to_hold = self.chance.randint(1, max(1, usual.pages))
        self.board.hold = self.board.pages + to_hold if way is Way.STORED else 0
        self.board.doing = Doing.STARTING
        if way is not Way.NOT and self.chance.random() < 0.3:
            self._meanwhile = {self.chance.randint(1, usual.requests): platform}

    def _kill_while_storing(self, began: float) -> None:
        """Let some time pass, wait for the next page to be stored, and strike then or a moment later."""
        time.sleep(self.chance.uniform(0, self._seconds))
        self._wait_for(Doing.STORING, began)
        time.sleep(self.chance.choice((0.0, 0.001, 0.003)))
        os.kill(self._child, signal.SIGKILL)

    def _wait_for(self, doing: Doing, began: float) -> None:
        """Return when the process is doing this, or has come to its end."""
        while self.board.doing not in (doing, Doing.ENDING):
            if time.monotonic() - began > PATIENCE:
                raise AssertionError(f"a poll never came to {doing.name}")
            time.sleep(0.0002)

    def finish(self, nest: subprocess.Popen[str]) -> None:
        """A day later, read everything once more, and compare."""
        for hours in (2, 25):
            self.pass_by(hours * 3600)
            for platform in Platform:
                self.round(nest, platform, Way.NOT)
        desk = desks.open_desk(self.folder / "socialduty.sqlite", self.now, _never)
        check(desk.store.engine)
        for platform, crowd in self.crowds.items():
            account = desks.account_name(platform)
            self.outcome.items += len(kept(desk.store, account))
            self.outcome.differences[platform] = compare(crowd, desk.store, account, at_the_end=True)
        self.outcome.pages = self.board.pages
        desk.store.engine.dispose()
        if self._surprises:
            raise self._surprises[0]


def _never(name: AccountName) -> Connector:
    raise AssertionError(f"{name} is not to be read any more")


def kill_many(folder: Path, kills: int, chosen: int) -> Outcome:
    """Kill so often, read everything once more, and return what came of it."""
    chance = random.Random(chosen)
    killer = _Killer(folder, chance)
    desks.new_database(folder / "socialduty.sqlite")
    step = int(min(270.0, LONGEST.total_seconds() / (1.5 * kills)))
    began = time.monotonic()
    with killer.platforms, _nest(folder, killer.platforms.url) as nest:
        while killer.outcome.kills < kills:
            platform, way = chance.choice(list(Platform)), chance.choice((*Way, *Way, Way.STORED, Way.MOMENT))
            killer.pass_by(chance.randint(1, 2 * step))
            if chance.random() < 0.5:
                killer.happens(platform)
            killer.round(nest, platform, way)
        killer.finish(nest)
    killer.outcome.seconds = time.monotonic() - began
    return killer.outcome


@contextmanager
def _nest(folder: Path, url: str) -> Iterator[subprocess.Popen[str]]:
    """Start the process that forks those to be killed, and end it."""
    nest = subprocess.Popen(
        [sys.executable, str(Path(__file__).resolve()), "--nursery", str(folder), url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        if _line(nest) != "ready":
            raise AssertionError("the nursery did not start")
        yield nest
    finally:
        for stream in (nest.stdin, nest.stdout):
            if stream is not None:
                stream.close()
        nest.wait(PATIENCE)


def _write(nest: subprocess.Popen[str], words: str) -> None:
    stream: IO[str] | None = nest.stdin
    assert stream is not None
    stream.write(words)
    stream.flush()


def _line(nest: subprocess.Popen[str]) -> str:
    assert nest.stdout is not None
    return nest.stdout.readline().strip()


def main() -> int:
    """Kill, compare, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--nursery", nargs=2, metavar=("FOLDER", "URL"), help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.nursery:
        return nursery(Path(wanted.nursery[0]), wanted.nursery[1])
    with tempfile.TemporaryDirectory() as folder:
        outcome = kill_many(Path(folder), wanted.kills, wanted.seed)
    _say(outcome)
    wrong = {platform: each for platform, each in outcome.differences.items() if each}
    for platform, each in wrong.items():
        _say(f"{platform}: {each}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
