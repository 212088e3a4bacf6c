"""The long proof of a pile-on: ten thousand comments in a minute, and one cry for help somewhere else.

    python tests/journeys/alert_storm.py --comments 10000 [--scoring encoder]

Comments of every sort arrive under one post at a school with a real store on disk, the real scoring, the real
crew of worker threads and an outbox. In the middle, and again when everybody has had many messages, somebody
in danger writes under another post. Then an hour and a half of the school's time pass. Ends with 1 when
either of the two was told later than after a minute, when anybody got more messages than is permitted, or
when anything that a person must see was not told, or not counted.
"""

from __future__ import annotations

import argparse
import dataclasses
import logging
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import structlog
from sqlalchemy import Row, Table, select

from connectors.base import Connector
from moderation.abuse.threads import RAISED
from moderation.alert_rules import AlertRules
from moderation.alerts import EMAIL, SMS, CaseNotice, DeliveryState, Handed, Outgoing, Person
from moderation.assessment import Route, Severity
from moderation.intake import Arrival, receive
from moderation.items import AccountName, Sighting
from moderation.tasks import Lane
from notifications import outbox
from store import tables
from store.cases import case_from
from store.engine import open_engine
from store.store import Store
from tests.journeys.naive_alerts import Message, beyond_the_limits
from tests.worlds import FACEBOOK, sighting, world_on
from workers.broker import LocalBroker
from workers.desk import Desk, ReportPlan
from workers.running import crew, drain, ring_until_closing
from workers.schools import Schools
from workers.scoring import TimeBox, scores
from workers.sending import Sender
from workers.stored_moves import StoredMoves

BEGIN = datetime(2026, 11, 17, 10, tzinfo=UTC)
PAGE = 100
PATIENCE = 400.0
"""Seconds after which something that is not told has failed the proof."""

LANES = (Lane.ALERTS, Lane.URGENT, Lane.TEXTS, Lane.MAIL, Lane.SCORE)

SAID = {
    60: (
        "When does the concert begin, and do we need tickets?",
        "Is the library open on Friday?",
        "Well done to everybody who ran today!",
        "Where can I find the new timetable?",
    ),
    28: (
        "You are a useless lot of idiots, every one of you.",
        "What a bunch of pathetic losers you all are.",
        "That fat ugly girl in the picture should stay at home.",
        "Foreigners like you should go back where you came from.",
    ),
    10: (
        "I will come to your school and break your legs.",
        "I know which bus you take, you will regret this.",
        "Send me pictures of the girls in year 9.",
    ),
    2: (
        "I have taken all the tablets and nobody cares.",
        "I have a knife and I am going to stab somebody at your gate today.",
    ),
}
"""Of a hundred comments so many are of each sort: ordinary, abusive, threatening, dangerous."""

CRY = "I can't go on, I have taken all my mum's tablets and I want to die."


class Clock:
    """The school's time: it passes as ours does, and can be moved on."""

    def __init__(self) -> None:
        self._ahead = BEGIN - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def pass_by(self, span: timedelta) -> None:
        """Move it on."""
        self._ahead += span


@dataclasses.dataclass(slots=True)
class Posted:
    """Sends over the real sender and remembers when each message was out, by its number."""

    send: Sender
    now: Clock
    sent: dict[int, tuple[datetime, Outgoing]] = dataclasses.field(default_factory=dict)

    def __call__(self, outgoing: Outgoing, person: Person) -> Handed:
        handed = self.send(outgoing, person)
        self.sent[outgoing.id] = self.now(), outgoing
        return handed

    def named_at(self, reference: str) -> datetime | None:
        """Return when the first message was out that names a case."""
        return min(
            (at for at, outgoing in list(self.sent.values()) if reference in _named(outgoing)), default=None
        )


def _named(outgoing: Outgoing) -> list[str]:
    return [each.reference for each in outgoing.notices if isinstance(each, CaseNotice)]


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. ``told_after``: seconds from the storing of each cry until it was told by name."""

    comments: int
    told_after: list[float]
    settled_after: float
    needing: int
    messages: Counter[tuple[str, str]]
    beyond: list[str]
    untold: list[int]
    uncounted: list[str]

    @property
    def is_well(self) -> bool:
        """Whether everything that was promised was kept."""
        in_time = all(seconds < 60 for seconds in self.told_after)
        return in_time and not (self.beyond or self.untold or self.uncounted)

    def __str__(self) -> str:
        most = max(self.messages.values(), default=0)
        cries = " and ".join(f"{seconds:.1f} s" for seconds in self.told_after)
        return (
            f"{self.comments} comments, all settled after {self.settled_after:.0f} s, {self.needing} cases "
            f"for a person; two cries for help told after {cries}; {self.messages.total()} messages in an "
            f"hour and a half, at most {most} to one person over one channel; {len(self.beyond)} beyond the "
            f"limits, {len(self.untold)} cases not told, {len(self.uncounted)} messages with a wrong count"
        )


def play(folder: Path, comments: int, *, seconds: float, scoring: str, chosen: int = 7) -> Outcome:
    """Let so many comments arrive within so many seconds; return what came of it."""
    with _school(folder, scoring) as stage:
        stage.warm_up()
        began = time.monotonic()
        cries = [stage.pile_on(comments, seconds, random.Random(chosen))]
        drain(stage.desk, stage.broker, LANES)
        settled = time.monotonic() - began, stage.clock()
        for _ in range(4):
            stage.pass_by(timedelta(minutes=3))
        cries.append(stage.cry("late"))
        told_after = [stage.told_after(name, stored) for name, stored in cries]
        for _ in range(18):
            stage.pass_by(timedelta(minutes=5))
        return _outcome(stage, comments, told_after, settled)


@dataclasses.dataclass(frozen=True, slots=True)
class _Stage:
    desk: Desk
    broker: LocalBroker
    posted: Posted
    clock: Clock

    def warm_up(self) -> None:
        """Let the models be loaded before the clock is looked at."""
        self.receive(
            sighting(
                "first", "Good morning!", by="early", at=self.clock(), thread="first", post_id="post-first"
            )
        )
        drain(self.desk, self.broker, LANES)

    def receive(self, *items: Sighting) -> None:
        arrival = Arrival(FACEBOOK, "comments", items, (), None, None, self.clock())
        receive(self.desk.ports, arrival)

    def pile_on(self, comments: int, seconds: float, chance: random.Random) -> tuple[str, datetime]:
        """Let comments arrive at an even pace, page by page; return the cry in the middle, with its time."""
        began, cry = time.monotonic(), ("", self.clock())
        for start in range(0, comments, PAGE):
            numbers = range(start, min(start + PAGE, comments))
            self.receive(*(_comment(number, chance, self.clock()) for number in numbers))
            if start <= comments // 2 < start + PAGE:
                cry = self.cry("middle")
            time.sleep(max(0.0, began + seconds * (numbers[-1] + 1) / comments - time.monotonic()))
        return cry

    def cry(self, name: str) -> tuple[str, datetime]:
        """Let somebody in danger write under a post of their own; return its name and when it was stored."""
        at = self.clock()
        self.receive(sighting(name, CRY, by=f"child-{name}", at=at, thread=name, post_id=f"post-{name}"))
        return name, at

    def told_after(self, name: str, stored: datetime) -> float:
        """Wait until somebody was told of a cry, and return after how many seconds that was."""
        given_up = time.monotonic() + PATIENCE
        while (at := self._told_at(name)) is None:
            if time.monotonic() > given_up:
                raise AssertionError(f"nobody was told of the cry for help {name}")
            time.sleep(0.05)
        return (at - stored).total_seconds()

    def _told_at(self, name: str) -> datetime | None:
        query = (
            select(tables.cases)
            .join(tables.items, tables.items.c.id == tables.cases.c.opening_item)
            .where(tables.items.c.external_id == name)
        )
        with self.desk.store.begin() as unit:
            found = unit.connection.execute(query).one_or_none()
        return None if found is None else self.posted.named_at(case_from(found).reference)

    def rows(self, table: Table) -> list[Row[Any]]:
        """Return all rows of a table, the oldest first."""
        with self.desk.store.begin() as unit:
            return list(unit.connection.execute(select(table).order_by(*table.primary_key.columns)))

    def pass_by(self, span: timedelta) -> None:
        """Let time go by, and do what is due then."""
        self.clock.pass_by(span)
        drain(self.desk, self.broker, LANES)


def _comment(number: int, chance: random.Random, at: datetime) -> Sighting:
    [among] = chance.choices(list(SAID.values()), list(SAID))
    words = f"{chance.choice(among)} ({number})"
    return sighting(f"c{number}", words, by=f"author-{number}", at=at, thread=f"t{number}")


@contextmanager
def _school(folder: Path, scoring: str) -> Iterator[_Stage]:
    """Open the school on a database of its own, with a crew at work, and close it again."""
    engine = open_engine(f"sqlite:///{(folder / 'socialduty.sqlite').as_posix()}")
    tables.metadata.create_all(engine)
    clock, box = Clock(), folder / "outbox"
    channels = {
        EMAIL: outbox.Channel(outbox.Options(folder=box)),
        SMS: outbox.Channel(outbox.Options(folder=box, name="sms")),
    }
    posted = Posted(Sender(channels, folder, "https://sm.oakfield.example"), clock)
    world = world_on(engine)
    store = Store(engine, clock)
    ports = dataclasses.replace(
        world.ports,
        store=store,
        now=clock,
        score=TimeBox(scores(scoring)),
        send=posted,
        people={
            each.name: dataclasses.replace(each, phone=f"+4477009001{number:02}")
            for number, each in enumerate(world.ports.people.values())
        },
        channels=(EMAIL, SMS),
        alerting=AlertRules(links=True),
    )
    desk = Desk(
        ports, store, Schools(ports.schools, {}), _unread, ReportPlan(folder, 0, BEGIN.time()), StoredMoves()
    )
    broker = LocalBroker()
    with crew(desk, broker, LANES):
        bell = threading.Thread(target=ring_until_closing, args=(desk, broker, "storm"))
        bell.start()
        yield _Stage(desk, broker, posted, clock)
        desk.closing.set()
        bell.join()
    engine.dispose()


def _unread(name: AccountName) -> Connector:
    raise AssertionError(f"{name} is not to be read")


def _outcome(
    stage: _Stage, comments: int, told_after: list[float], settled: tuple[float, datetime]
) -> Outcome:
    dispatches = stage.rows(tables.dispatches)
    told, due = _told(stage), _due(stage)
    return Outcome(
        comments=comments,
        told_after=told_after,
        settled_after=settled[0],
        needing=len(_needing(stage)),
        messages=Counter((row.recipient, row.channel) for row in dispatches),
        beyond=beyond_the_limits(
            Message(row.recipient, row.channel, row.begun_at, row.urgency, due[row.id]) for row in dispatches
        ),
        untold=sorted(_untold(stage, told)),
        uncounted=_wrongly_counted(stage, told, settled[1]),
    )


def _needing(stage: _Stage) -> set[int]:
    """Return the cases that somebody must look at because of their own words.

    What is only unkind together with others was told before, and the newest of it stands for all.
    """
    own = {
        row.item
        for row in stage.rows(tables.assessments)
        if RAISED not in row.model
        and (row.severity >= Severity.MEDIUM or row.route != Route.MODERATOR or row.uncertain)
    }
    return {row.id for row in stage.rows(tables.cases) if row.opening_item in own}


Told = dict[int, tuple[datetime, set[str], set[int]]]
"""Of every message that arrived: when it was begun, the escalations that it told of, and the single cases."""


def _told(stage: _Stage) -> Told:
    alerts = {row.id: row for row in stage.rows(tables.alerts)}
    told: Told = {
        row.id: (row.begun_at, set(), set())
        for row in stage.rows(tables.dispatches)
        if row.state == DeliveryState.DELIVERED
    }
    for row in stage.rows(tables.deliveries):
        alert = alerts[row.alert]
        if row.dispatch in told and alert.subject_kind == "escalation":
            told[row.dispatch][1].add(alert.subject)
        elif row.dispatch in told and alert.subject_kind == "case":
            told[row.dispatch][2].add(int(alert.subject))
    return told


def _due(stage: _Stage) -> dict[int, datetime]:
    """Return since when the oldest thing in each message waited."""
    send_at = {row.id: row.send_at for row in stage.rows(tables.alerts)}
    due: dict[int, datetime] = {}
    for row in stage.rows(tables.deliveries):
        if row.dispatch is not None:
            due[row.dispatch] = min(send_at[row.alert], due.get(row.dispatch, send_at[row.alert]))
    return due


def _untold(stage: _Stage, told: Told) -> set[int]:
    """Return the cases of which nobody was told, or that nobody was told of since they joined others."""
    last: dict[str, datetime] = {}
    alone: set[int] = set()
    for at, escalations, cases in told.values():
        last.update({each: max(at, last.get(each, at)) for each in escalations})
        alone |= cases
    climbing = {row.case for row in stage.rows(tables.escalation_cases)}
    heard = {
        row.case
        for row in stage.rows(tables.escalation_cases)
        if str(row.escalation) in last and last[str(row.escalation)] >= row.joined_at
    }
    everything = {row.id for row in stage.rows(tables.cases)}
    return (everything - heard - alone) | (_needing(stage) - climbing)


def _wrongly_counted(stage: _Stage, told: Told, since: datetime) -> list[str]:
    """Return the messages after a moment that do not stand for everything that was known by then."""
    members: dict[str, list[datetime]] = {}
    for row in stage.rows(tables.escalation_cases):
        members.setdefault(str(row.escalation), []).append(row.joined_at)
    wrong = []
    for number, (at, escalations, cases) in told.items():
        outgoing = stage.posted.sent[number][1]
        if at <= since or not (escalations or cases):
            continue
        expected = len(cases) + sum(moment <= at for each in escalations for moment in members[each])
        if (counted := _count(outgoing)) != expected:
            wrong.append(f"message {number} counts {counted} of {expected}")
    return wrong


def _count(outgoing: Outgoing) -> int:
    """Return of how many cases a message speaks, by name or by number."""
    notices = [each for each in outgoing.notices if isinstance(each, CaseNotice)]
    if len(notices) == 1:
        return 1 + notices[0].more + outgoing.more
    return len(notices) + outgoing.more


def main() -> int:
    """Play it, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--comments", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60.0, help="in which they arrive")
    parser.add_argument("--scoring", choices=("encoder", "linear", "rules"), default="encoder")
    parser.add_argument("--seed", type=int, default=7)
    wanted = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        outcome = play(
            Path(folder), wanted.comments, seconds=wanted.seconds, scoring=wanted.scoring, chosen=wanted.seed
        )
    sys.stdout.write(f"{outcome}\n")
    for trouble in (
        *outcome.beyond,
        *(f"not told: case {each}" for each in outcome.untold),
        *outcome.uncounted,
    ):
        sys.stdout.write(f"{trouble}\n")
    return 0 if outcome.is_well else 1


if __name__ == "__main__":
    raise SystemExit(main())
