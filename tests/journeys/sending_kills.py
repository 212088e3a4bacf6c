"""The long proof of telling: kill -9 at every arrow of the sending path, then compare with what arrived.

    python tests/journeys/sending_kills.py --kills 500 [--seed 7]

A process hears comments, scores them, lets what is severe climb and tells people, by a real mail server and
two text providers that live in this process and fail now and then. It is killed while it writes, before and
after each commit, before a provider is spoken to, between the provider's yes and our record, and at any
moment; then the next one goes on. At the end everything is sent that is left, and what the providers took is
compared with what was planned. Ends with 1 when anything was lost, or came twice without a kill between yes
and record. Needs ``fork``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

if __name__ in {"__main__", "__mp_main__"}:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from sqlalchemy import select

from config.settings import Settings, load
from moderation.acts import close, take
from moderation.cases import CaseId, CaseState, CloseReason
from store import tables
from tests.fakes import PassingTime
from tests.journeys.alert_stage import MailServer, Stage, settings_at
from tests.journeys.sending_life import (
    ARROWS,
    DOING,
    DOINGS,
    NOW,
    RECORDED,
    SENT,
    Place,
    Target,
    be_quiet,
    live,
    untaken,
)
from tests.journeys.sending_truth import Comparison, compare
from tests.notifications.notify_server import Notify, refused
from tests.notifications.twilio_server import Twilio
from workers.bootstrap import open_desk

BEGIN = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)

EVENING = 16
"""The hour at which a day ends here; the next one begins where the first one did."""

FAILS = 0.08
"""How often a provider asks to come back later."""

PATIENCE = 300.0
"""Seconds after which a process that does not end has failed the test."""


# The providers


class _Post(MailServer):
    """Fails now and then; tells the killer of every letter that it has taken."""

    def __init__(self, killer: _Killer) -> None:
        super().__init__()
        self._killer = killer

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self._killer.fails():
            return "451 come back later"
        return await super().handle_RCPT(server, session, envelope, address, options)

    def letter_came(self) -> None:
        self._killer.was_taken(str(self.letters[-1]["Message-ID"]))


class _Notify(Notify):
    """Fails now and then; delivers what it takes, and tells the killer."""

    def __init__(self, killer: _Killer) -> None:
        super().__init__()
        self._killer = killer

    def _take(self, text: dict[str, Any]) -> tuple[int, object]:
        if self._killer.fails():
            return refused(500, "Exception", "Internal server error")
        answer = super()._take(text)
        self.statuses[self.taken[-1]["id"]] = "delivered"
        self._killer.was_taken(f"<{text['reference']}>")
        return answer


class _Twilio(Twilio):
    """Delivers what it takes, and tells the killer."""

    def __init__(self, killer: _Killer) -> None:
        super().__init__()
        self._killer = killer

    def _take(self, form: dict[str, str]) -> tuple[int, object]:
        self.created = self._killer.now()
        answer = super()._take(form)
        sid = self.taken[-1]["sid"]
        self.statuses[sid] = ("delivered", None)
        self._killer.was_taken(sid)
        return answer


# The process that kills


@dataclass(slots=True)
class Outcome:
    """What came of it. ``doubted`` counts the kills between yes and record, by the name of the message."""

    killed: Counter[tuple[Place, str]] = field(default_factory=Counter)
    doubted: Counter[str] = field(default_factory=Counter)
    finished: int = 0
    seconds: float = 0.0
    comparison: Comparison = field(default_factory=Comparison)

    @property
    def kills(self) -> int:
        """How often it was killed."""
        return self.killed.total()

    def __str__(self) -> str:
        places = Counter[Place]()
        for (place, _), count in self.killed.items():
            places[place] += count
        where = ", ".join(f"{count} {place}" for place, count in places.most_common())
        return (
            f"{self.kills} kills in {self.seconds:.0f} s: {where}; {self.finished} left to finish\n"
            f"{self.comparison}, after {self.doubted.total()} kills between yes and record"
        )


class _Killer:
    """Has one process after the other tell people, and kills it."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.outcome = Outcome()
        self.failing = True
        self._context = multiprocessing.get_context("forkserver")
        # All that a process needs is there when it is forked: it starts at once
        self._context.set_forkserver_preload(["tests.journeys.sending_life", "notifications_python_client"])
        self.board = self._context.Array("q", [int(BEGIN.timestamp()), 0, 0, 0], lock=False)
        self._child: ForkServerProcess | None = None
        self._target: Target | None = None
        self._left = 0
        self._takings: list[tuple[str, int]] = []

    def now(self) -> datetime:
        """Return the school's time."""
        return datetime.fromtimestamp(self.board[NOW], UTC)

    def sleep_at_night(self) -> None:
        """Let the evening and the night pass at once: nothing that is not urgent is told in them."""
        if self.now().hour >= EVENING:
            self.board[NOW] += 17 * 3600

    def fails(self) -> bool:
        """Say whether a provider fails this time."""
        return self.failing and self.chance.random() < FAILS

    def was_taken(self, name: str) -> None:
        """A provider has taken a message: whoever sent it may die now, and never hear so."""
        self._takings.append((name, self.board[SENT]))
        if self._target is None or self._target[:2] != (Place.TAKEN, DOINGS[self.board[DOING]]):
            return
        self._left -= 1
        if not self._left and self._child is not None and self._child.pid is not None:
            os.kill(self._child.pid, signal.SIGKILL)  # it waits for our answer, so the number is its own

    def round(self, settings: Settings, target: Target) -> None:
        """Let a process live, until its end or its target."""
        self._takings.clear()
        self._target, self._left = target, target.nth
        given = (settings, self.chance.getrandbits(40), target, self.board)
        self._child = self._context.Process(target=live, args=given)
        self._child.start()
        self._child.join(PATIENCE)
        code = self._child.exitcode
        if code not in (0, -signal.SIGKILL):
            raise AssertionError(f"a process ended with {code}")
        self._child.close()
        self._target = None
        if code == 0:
            self.outcome.finished += 1
        else:
            self.outcome.killed[target.place, target.doing] += 1
            self._note_doubts()

    def _note_doubts(self) -> None:
        """Note what a provider took from a process that died before it had written that down."""
        if self.board[RECORDED] < self.board[SENT]:
            self.outcome.doubted.update(name for name, sent in self._takings if sent == self.board[SENT])
        self.board[RECORDED] = self.board[SENT]


def kill_many(folder: Path, kills: int, chosen: int) -> Outcome:
    """Kill so often, send what is left, and return what came of it."""
    chance = random.Random(chosen)
    killer = _Killer(chance)
    began = time.monotonic()
    with ExitStack() as servers:
        post = servers.enter_context(_Post(killer))
        notify = servers.enter_context(_Notify(killer))
        twilio = servers.enter_context(_Twilio(killer))
        settings = load(settings_at(folder, post, notify.url, twilio.url))
        while killer.outcome.kills < kills:
            killer.sleep_at_night()
            place, doing = chance.choice(ARROWS)
            killer.round(settings, Target(place, doing, chance.randint(1, 3)))
        killer.failing = False
        now = PassingTime(killer.now())
        with open_desk(settings, now) as desk:
            stage = Stage(desk, now, post, notify, twilio)
            _finish(stage)
            killer.outcome.comparison = compare(stage, killer.outcome.doubted, killer.now())
    killer.outcome.seconds = time.monotonic() - began
    return killer.outcome


def _finish(stage: Stage) -> None:
    """Let everything go out, then take and close what is left, so that it comes to an end."""
    stage.play(minutes=40)
    for number in untaken(stage.desk):
        take(stage.desk.ports, number, "gareth")
    stage.play(minutes=40)
    cases = tables.cases.c
    with stage.desk.store.begin() as unit:
        found = unit.connection.execute(select(cases.id).where(cases.state != CaseState.CLOSED))
        left = [CaseId(number) for number in found.scalars()]
    for number in left:
        close(stage.desk.ports, number, "gareth", next(iter(CloseReason)))
    stage.play(hours=24)


def main() -> int:
    """Kill, compare, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    wanted = parser.parse_args()
    be_quiet()
    with tempfile.TemporaryDirectory() as folder:
        outcome = kill_many(Path(folder), wanted.kills, wanted.seed)
    sys.stdout.write(f"{outcome}\n")
    wrong = outcome.comparison.lost + outcome.comparison.wrong
    sys.stdout.writelines(f"{each}\n" for each in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
