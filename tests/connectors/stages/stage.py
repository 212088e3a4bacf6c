"""What a stage is: a platform as real as a test can have it, on which people speak and a connector reads.

Each platform has a module of its name here with a function ``place()``, which opens it for several tests, and
gives a function that sets up a new :class:`Stage`. ``MARKS``, if there are any, are the marks of its tests.
Everybody on a stage is invented.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar
from urllib.parse import urlsplit

import pytest
import requests

from connectors import sessions
from connectors.base import Capability, Connector
from moderation.actions import ActionKind

AT_ONCE = timedelta(0)

KERRY, ROWAN = "kerry", "rowan"
"""Two parents who speak on every stage."""


class LackingError(Exception):
    """The stage cannot show this; the text says why."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something said on a stage. ``key`` is the stage's own name for it, ``external_id`` the connector's."""

    key: str
    external_id: str
    words: str
    by: str


class Stage(ABC):
    """One school's account on one platform.

    ``unseen`` are the acts that the platform shows nobody once they are done. ``lacks`` is what the platform
    has and this stage has not, with the reason; ``unread`` are the streams that it therefore has not either.
    """

    platform: ClassVar[str]
    unseen: ClassVar[frozenset[ActionKind]] = frozenset()
    lacks: ClassVar[Mapping[Capability, str]] = {}
    unread: ClassVar[frozenset[str]] = frozenset()
    host: str

    @property
    @abstractmethod
    def now(self) -> datetime:
        """The time on the stage (UTC)."""

    @abstractmethod
    def settle(self) -> None:
        """Let what was said reach everybody; a little time passes."""

    @abstractmethod
    def reader(self) -> Connector:
        """Make a connector for the school's account, as the product does."""

    @abstractmethod
    def wrong_reader(self) -> Connector:
        """Make a connector with a token that the platform knows and that is not the right one."""

    @abstractmethod
    def post(self, words: str) -> Said:
        """The school says something that others can answer."""

    @abstractmethod
    def comment(self, words: str, under: Said, by: str = KERRY, claimed: timedelta = AT_ONCE) -> Said:
        """Somebody answers a post or a comment now; the platform says that it was ``claimed`` ago."""

    @abstractmethod
    def answer(self, words: str, under: Said) -> Said:
        """A person at the school answers on the platform itself."""

    @abstractmethod
    def message(self, words: str, by: str = KERRY) -> Said:
        """Somebody writes to the school in private."""

    @abstractmethod
    def edit(self, said: Said, words: str) -> None:
        """Whoever said it changes the words."""

    @abstractmethod
    def delete(self, said: Said) -> None:
        """Whoever said it takes it away."""

    @abstractmethod
    def unlisted(self) -> AbstractContextManager[None]:
        """For a while the platform's listings leave out what is there."""

    @abstractmethod
    def count(self, kind: ActionKind, said: Said) -> int:
        """Count how often an act was done, as the platform has it: its replies, 1 for hidden and so on."""

    def editable(self, words: str) -> Said:
        """Say something that can be edited on this platform."""
        return self.comment(words, self.post("Term dates are on the website."))

    def target(self, kind: ActionKind, words: str) -> Said:
        """Say something about which this can be done on this platform."""
        return self.comment(words, self.post("Open evening is on Thursday."))


Place = Callable[[], AbstractContextManager[Stage]]
"""Sets up a new stage at a place; left, it is taken down."""


@dataclass
class Line:
    """The line between connectors and their platform: it counts what is sent, and can be cut for writes.

    ``loses``: a write arrives and its answer does not come back. ``cut``: a write does not get away.
    """

    hosts: set[str] = field(default_factory=set)
    calls: int = 0
    writes: int = 0
    loses: bool = False
    cut: bool = False

    def carry(
        self, request: requests.PreparedRequest, send: Callable[[], requests.Response]
    ) -> requests.Response:
        """Send a request, unless the line is cut."""
        is_write = request.method != "GET" and not _is_sign_in(str(request.url))
        if is_write and self.cut:
            raise requests.exceptions.ConnectTimeout
        response = send()
        self.hosts.add(urlsplit(str(request.url)).netloc)
        self.calls += 1
        self.writes += is_write
        if is_write and self.loses:
            response.close()
            raise requests.exceptions.ReadTimeout
        return response


def _is_sign_in(address: str) -> bool:
    """Say whether an address gives out tokens; what is sent there changes nothing that anybody sees."""
    path = urlsplit(address).path
    return path.endswith(("/token", "createSession", "refreshSession"))


def _carried(
    line: Line, send: Callable[..., requests.Response], request: requests.PreparedRequest, **more: object
) -> requests.Response:
    return line.carry(request, lambda: send(request, **more))


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """Put every connector that is made from now on behind one line."""
    line, original = Line(), sessions.open_session

    def open_session(*given: object, **named: object) -> requests.Session:
        session = original(*given, **named)  # type: ignore[arg-type]
        for adapter in session.adapters.values():
            adapter.send = partial(_carried, line, adapter.send)  # type: ignore[method-assign]
        return session

    with monkeypatch.context() as patched:
        patched.setattr(sessions, "open_session", open_session)
        yield line
