"""The process that tells people and is killed while it does: where it can be killed, and what it does."""

from __future__ import annotations

import logging
import os
import random
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Engine, event, select

from config.settings import Settings
from moderation.acts import take
from moderation.cases import CaseId, CaseState
from moderation.intake import Arrival, receive
from moderation.tasks import TaskKind
from store import tables
from tests.journeys.alert_stage import DANGER, KINDS, QUESTION, due_kinds
from tests.worlds import FACEBOOK, sighting
from workers.bootstrap import open_desk
from workers.desk import Desk
from workers.jobs import JOBS, work_through

WORDS = (DANGER, DANGER, "I will stab Mr Hughes tomorrow", "Mrs Okonkwo is a fat ugly cow", QUESTION)
POSTS = 12
"""So many posts are commented on: what comes under one of them within an hour is told together."""

TURNS = 30
LONGEST_PAUSE = 15
"""A process lives for so many turns at most; between two of them so many seconds pass at most."""


class Place(StrEnum):
    """Where on an arrow a process is killed."""

    WRITING = "while it writes"
    COMMITTING = "before a commit"
    COMMITTED = "after a commit"
    SENDING = "before a provider is spoken to"
    TAKEN = "after a provider's yes, before it is heard"
    HEARD = "after a provider's answer, before it is recorded"
    MOMENT = "at any moment"


HEAR, TAKE = "hear", "take"
_SENDS = (TaskKind.DELIVER_URGENT, TaskKind.DELIVER_TEXT, TaskKind.DELIVER)
_WORK = (HEAR, TAKE, TaskKind.SCORE_ITEM, TaskKind.CLIMB, TaskKind.ASK_DELIVERY, *_SENDS)
ARROWS: Sequence[tuple[Place, str]] = (
    *((place, doing) for place in (Place.WRITING, Place.COMMITTING, Place.COMMITTED) for doing in _WORK),
    *((place, doing) for place in (Place.SENDING, Place.TAKEN, Place.HEARD) for doing in _SENDS * 2),
    (Place.SENDING, TaskKind.ASK_DELIVERY),
    (Place.HEARD, TaskKind.ASK_DELIVERY),
    *([(Place.MOMENT, "")] * 3),
)


class Target(NamedTuple):
    """Where the next process dies: the ``nth`` time that it comes to ``place`` while ``doing`` that."""

    place: Place
    doing: str
    nth: int


NOW, SENT, RECORDED, DOING = range(4)
"""Places on the board, which both processes see: the time, sends begun and recorded, what is being done."""

DOINGS = (HEAR, TAKE, *KINDS)


class Fuse:
    """Kills this process at its target, and says on the board what it has come to."""

    def __init__(self, target: Target, board: Any) -> None:
        self._target = target
        self._left = target.nth
        self._board = board
        self.doing = ""

    def begin(self, doing: str) -> None:
        """Say what is done from now on."""
        self.doing = doing
        self._board[DOING] = DOINGS.index(doing)

    def reached(self, place: Place) -> None:
        """Die here, if this is the target."""
        if (place, self.doing) != self._target[:2]:
            return
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, engine: Engine) -> None:
        """Notice what is written and committed."""

        def written(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith(("INSERT", "UPDATE")):
                self.reached(Place.WRITING)

        def committed(*_: Any) -> None:
            self._board[RECORDED] = self._board[SENT]
            self.reached(Place.COMMITTED)

        event.listen(engine, "before_cursor_execute", written)
        event.listen(engine, "commit", lambda connection: self.reached(Place.COMMITTING))
        event.listen(engine, "checkin", committed)

    def around(self, speak: Callable[..., Any], *, counts: bool) -> Callable[..., Any]:
        """Return ``speak``, which speaks to a provider, with an arrow before and after it."""

        def spoken(*given: Any) -> Any:
            self.reached(Place.SENDING)
            self._board[SENT] += counts
            answer = speak(*given)
            self.reached(Place.HEARD)
            return answer

        return spoken


def live(settings: Settings, seed: int, target: Target, board: Any) -> None:
    """Start, hear and take something, do all that is due, and so on: the life between two kills."""
    be_quiet()
    chance, fuse = random.Random(seed), Fuse(target, board)
    if target.place is Place.MOMENT:
        timer = threading.Timer(chance.uniform(0, 1.0), os.kill, (os.getpid(), signal.SIGKILL))
        timer.daemon = True
        timer.start()
    with open_desk(settings, lambda: datetime.fromtimestamp(board[NOW], UTC)) as desk:
        fuse.watch(desk.store.engine)
        ports = replace(
            desk.ports,
            send=fuse.around(desk.ports.send, counts=True),
            ask=fuse.around(desk.ports.ask, counts=False),
        )
        for turn in range(TURNS):
            _play(replace(desk, ports=ports), chance, fuse, f"{seed}-{turn}")
            board[NOW] += chance.randint(1, LONGEST_PAUSE)
    # At once: what libraries do at the end of a process is no part of this
    os._exit(0)


def _play(desk: Desk, chance: random.Random, fuse: Fuse, name: str) -> None:
    fuse.begin(HEAR)
    if chance.random() < 0.3:
        _hear(desk, name, chance.choice(WORDS), chance.randrange(POSTS))
    fuse.begin(TAKE)
    if chance.random() < 0.1 and (open_cases := untaken(desk)):
        take(desk.ports, chance.choice(open_cases), "gareth")
    while due := due_kinds(desk):
        for kind in due:
            fuse.begin(kind)
            work_through(desk, JOBS[kind])


def _hear(desk: Desk, name: str, words: str, post: int) -> None:
    item = replace(
        sighting(name, words, at=desk.ports.now(), thread=f"thread-{name}", parent=None),
        post_id=f"post-{post}",
    )
    page: dict[str, Any] = {"stream": "comments", "rejected": (), "cursor": None, "earliest": None}
    receive(desk.ports, Arrival(FACEBOOK, items=(item,), started_at=desk.ports.now(), **page))


def untaken(desk: Desk) -> list[CaseId]:
    """Return the cases that nobody has."""
    cases = tables.cases.c
    with desk.store.begin() as unit:
        found = unit.connection.execute(select(cases.id).where(cases.state == CaseState.NEW))
        return [CaseId(number) for number in found.scalars()]


def be_quiet() -> None:
    """Write no log."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
