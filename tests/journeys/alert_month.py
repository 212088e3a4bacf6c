"""The long proof of alerts: a month at a school, compared with the plainest telling of the rules.

    python tests/journeys/alert_month.py --items 3000 --seed 7 [--days 35] [--no-texts]

December with its term, weekends, holidays and bank holidays; a rota with gaps, people who work part of the
week, go away, or leave; some have no telephone. Thousands of things are said at any hour, of every severity
and for every desk, some of them about a colleague. People take, give back, answer, close or ignore them. All
of it goes through the real store and the real jobs. Then everything that people were told is compared with
``naive_alerts``. Ends with 1 when anybody was told anything else, at another time, or not at all.
"""

from __future__ import annotations

import argparse
import dataclasses
import logging
import random
import sys
import tempfile
import time as wall
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import structlog
from sqlalchemy import Row, Table, event, select

from moderation.acts import answered, close, give_back, take
from moderation.alerts import EMAIL, SMS, DeliveryState, Person, Role
from moderation.assessment import Route, Severity
from moderation.cases import CaseId, CloseReason
from sla.calendar import calendar_for
from sla.duty import Attendance, DateSpan, Rota, RotaRule
from store import tables
from store.engine import open_engine
from tests.fakes import assessment
from tests.journeys.naive_alerts import Message, Telling, all_tellings, beyond_the_limits, is_open
from tests.journeys.naive_school import (
    DAY,
    HOUR,
    MINUTE,
    ROUTINE,
    Colleague,
    Done,
    Duty,
    Said,
    School,
    moment,
)
from tests.worlds import JOBS, World, sighting, world_on

FIRST = date(2026, 11, 30)
WEEKDAYS, WEEKEND = frozenset(range(5)), frozenset({5, 6})
HOLIDAYS = frozenset(date(2026, 12, 21) + number * DAY for number in range(14))
"""Two weeks at Christmas, with the bank holidays in them: Christmas Day, Boxing Day's Monday, New Year."""

INSET = frozenset({date(2026, 12, 4)})
"""A Friday on which the school is closed."""

PEOPLE = (
    Colleague("ada-moss", frozenset({"moderator"}), {2: None, 4: (time(8), time(13))}),
    Colleague(
        "ben-hart", frozenset({"moderator"}), away=((date(2026, 12, 7), date(2026, 12, 11)),), has_phone=False
    ),
    Colleague("cat-rowe", frozenset({"moderator"}), leaves_on=date(2026, 12, 16)),
    Colleague("dee-lane", frozenset({"dsl"}), away=((date(2026, 12, 14), date(2026, 12, 18)),)),
    Colleague("eve-ford", frozenset({"deputy_dsl"}), {0: (time(9, 30), time(15))}),
    Colleague("hal-king", frozenset({"headteacher", "slt"})),
    Colleague("sue-dale", frozenset({"slt"}), {3: None}, ((date(2026, 12, 24), date(2027, 1, 1)),)),
    Colleague("tom-wells", frozenset({"slt"}), has_phone=False),
    Colleague("kim-shaw", frozenset({"data_protection"}), {0: None, 1: None}),
    Colleague("meg-ross", frozenset({"media"})),
    Colleague("gwen-park", frozenset({"governors"})),
    Colleague("ned-wood", frozenset({"network_manager"})),
)

DUTIES = (
    Duty("dee-lane", frozenset({0, 2, 4}), 17, 8),
    Duty("sue-dale", frozenset({1, 3}), 17, 8),
    Duty("eve-ford", WEEKEND, 8, 20),
    Duty("sue-dale", frozenset(range(7)), 0, 0, second=True),
)

ROUTES = {
    "moderator": 60,
    "slt": 10,
    "dsl": 12,
    "headteacher": 6,
    "data_protection": 5,
    "governors": 4,
    "media": 3,
}
SEVERITIES = {0: 52, 1: 12, 2: 20, 3: 11, 4: 5}

Plan = list[tuple[datetime, str, object]]


def invent(items: int, days: int, chance: random.Random) -> tuple[list[Said], dict[str, list[Done]]]:
    """Return what is said in so many days, in order, and what is done about each thing."""
    start, minutes = moment(FIRST, 0), days * 24 * 60
    said = []
    for number, at in enumerate(sorted(chance.choices(range(60, minutes - 60), k=items))):
        [route] = chance.choices(list(ROUTES), list(ROUTES.values()))
        [severity] = chance.choices(list(SEVERITIES), list(SEVERITIES.values()))
        about = chance.choice([each.name for each in PEOPLE]) if chance.random() < 0.06 else ""
        post = f"post-{chance.randrange(number // 20 + 1) if chance.random() < 0.3 else f'own-{number}'}"
        said.append(Said(f"c{number}", start + at * MINUTE, severity, route, post, about))
    if len(said) > 20:
        said = _some_together(said, chance)
    return said, {each.name: _what_is_done(each, days, chance) for each in said}


def _some_together(said: list[Said], chance: random.Random) -> list[Said]:
    """Let every tenth thing come a little after another one, of the same kind and in the same place."""
    for number in range(1, len(said), 10):
        first = said[number - 1]
        at = min(first.at + chance.randint(1, 50) * MINUTE, said[-1].at)
        said[number] = dataclasses.replace(first, name=said[number].name, at=at)
    ordered = sorted(said, key=lambda each: each.at)
    return [dataclasses.replace(each, name=f"c{number}") for number, each in enumerate(ordered)]


def _what_is_done(said: Said, days: int, chance: random.Random) -> list[Done]:
    """Return what people do about one thing: most is taken soon, some late, some never."""
    readers = [each.name for each in PEOPLE if said.may_be_read_by(each)]
    hurry = {"critical": 12, "severe": 60}.get(said.lane, 500)
    if chance.random() < (0.004 if said.urgency else 0.05):
        return []
    at, done = said.at + 30 * timedelta(seconds=1), []
    kinds = ["take end", "take give_back take end", "end", "take", "take give_back"]
    [way] = chance.choices(kinds, [50, 12, 20, 10, 0 if said.urgency else 3])
    for what in way.split():
        at += round(chance.expovariate(1 / hurry) + (3 if what == "give_back" else 0)) * MINUTE
        by = chance.choice(readers)
        done.append(Done(at, chance.choice(("answer", "close")) if what == "end" else what, by))
        hurry = max(hurry, 90)
    return done


# The real school


@dataclasses.dataclass(slots=True)
class Month:
    """A school with a real store, in which a month is played."""

    world: World
    said: list[Said]
    done: dict[str, list[Done]]
    until: datetime

    def play(self) -> None:
        """Let everything happen, and do at every moment what is due then."""
        happens: Plan = [(each.at, "said", each) for each in self.said]
        happens += [(each.at, name, each) for name, done in self.done.items() for each in done]
        happens = sorted((each for each in happens if each[0] < self.until), key=lambda each: each[0])
        for at, what, thing in [*happens, (self.until, "end", None)]:
            self._work_until(at)
            if isinstance(thing, Said):
                self._show(thing)
            elif isinstance(thing, Done):
                self._act(what, thing)

    def _work_until(self, at: datetime) -> None:
        while True:
            while due := self.world.store.due():
                for kind, _, _ in due:
                    for claim in self.world.store.claim(kind, 60):
                        JOBS[kind](self.world.ports, claim)
            with self.world.store.begin() as unit:
                following = unit.tasks.next_at(JOBS)
            if following is None or following >= at:
                break
            self.world.now.at = max(following, self.world.now.at)
        self.world.now.at = at

    def _show(self, said: Said) -> None:
        words = f"This is what {said.name} says"
        if said.about:
            words += f" about {said.about.replace('-', ' ').title()}"
        judged = assessment(Severity(said.severity), Route(said.route))
        self.world.scorer.says[words] = dataclasses.replace(judged, abuse=0.0)
        self.world.receive(
            sighting(said.name, words, by=said.name, at=said.at, thread=said.name, post_id=said.post)
        )

    def _act(self, name: str, done: Done) -> None:
        case, ports = self.case_of(name), self.world.ports
        match done.what:
            case "take":
                take(ports, case, done.by)
            case "give_back":
                give_back(ports, case, done.by)
            case "answer":
                answered(ports, case, done.by, "on the phone")
            case _:
                close(ports, case, done.by, CloseReason.ABUSE_HANDLED)

    def case_of(self, name: str) -> CaseId:
        """Return the case of what was said."""
        query = select(tables.items.c.case).where(tables.items.c.external_id == name)
        with self.world.store.begin() as unit:
            return CaseId(unit.connection.execute(query).scalar_one())

    def rows(self, table: Table) -> list[Row[Any]]:
        """Return all rows of a table, the oldest first."""
        return self.world.rows(table)


def open_month(folder: Path, items: int, days: int, chosen: int, *, texts: bool = True) -> Month:
    """Open the school on a new database, with what is going to happen there."""
    engine = open_engine(f"sqlite:///{(folder / 'month.sqlite').as_posix()}")
    event.listen(engine, "connect", lambda connection, record: connection.execute("PRAGMA synchronous=OFF"))
    tables.metadata.create_all(engine)
    world = world_on(engine)
    school = dataclasses.replace(
        world.ports.schools["oakfield"], calendar=calendar_for("ENG", HOLIDAYS | INSET), rota=_rota()
    )
    ports = dataclasses.replace(
        world.ports,
        people={each.name: _person(each, number, texts=texts) for number, each in enumerate(PEOPLE)},
        schools={school.id: school},
        channels=(EMAIL, SMS) if texts else (EMAIL,),
    )
    world.now.at = moment(FIRST, 0)
    said, done = invent(items, days, random.Random(chosen))
    return Month(dataclasses.replace(world, ports=ports), said, done, moment(FIRST + days * DAY, 0))


def _person(who: Colleague, number: int, *, texts: bool) -> Person:
    return Person(
        name=who.name,
        full_name=who.name.replace("-", " ").title(),
        email=f"{who.name}@oakfield.example",
        roles=frozenset(Role(role) for role in who.roles),
        schools=frozenset({"oakfield"}),
        phone=f"+4477009001{number:02}" if who.has_phone and texts else "",
        attendance=Attendance(who.hours, tuple(DateSpan(*span) for span in who.away), who.leaves_on),
    )


def _rota() -> Rota:
    return Rota(
        tuple(
            RotaRule(each.person, each.second, each.weekdays, time(each.start), time(each.end))
            for each in DUTIES
        )
    )


# What is compared


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: what was told and should not have been, what was not told, and what else is wrong."""

    items: int
    planned: int
    messages: int
    seconds: float
    invented: list[Telling]
    missing: list[Telling]
    wrong: list[str]

    @property
    def is_well(self) -> bool:
        """Whether both tellings agree and every promise was kept."""
        return not (self.invented or self.missing or self.wrong)

    def __str__(self) -> str:
        return (
            f"{self.items} things said, {self.planned} tellings in {self.messages} messages, "
            f"{self.seconds:.0f} s: {len(self.invented)} that nobody should hear, {len(self.missing)} "
            f"missing, {len(self.wrong)} other faults"
        )


def play(folder: Path, items: int, days: int, chosen: int, *, texts: bool = True) -> Outcome:
    """Play a month and compare."""
    began = wall.monotonic()
    month = open_month(folder, items, days, chosen, texts=texts)
    month.play()
    people = PEOPLE if texts else tuple(dataclasses.replace(each, has_phone=False) for each in PEOPLE)
    school = School(people, DUTIES, HOLIDAYS | INSET, month.until)
    expected, found = all_tellings(school, month.said, month.done), planned(month)
    month.world.store.engine.dispose()
    return Outcome(
        items=items,
        planned=len(found),
        messages=len(month.rows(tables.dispatches)),
        seconds=wall.monotonic() - began,
        invented=sorted(_by_day(found) - _by_day(expected)),
        missing=sorted(_by_day(expected) - _by_day(found)),
        wrong=[*_in_hours(month, school), *_limits(month), *_silent(month, school), *_ended(month, school)],
    )


def _by_day(tellings: Iterable[Telling]) -> set[Telling]:
    """Return tellings in which reminders of what somebody has are those of a day: there is one a day."""
    return {
        dataclasses.replace(each, at=each.at.replace(hour=0, minute=0, second=0))
        if each.step == "still_open"
        else each
        for each in tellings
    }


def planned(month: Month) -> set[Telling]:
    """Return what was to be told by the real rules, in the words of the plain ones."""
    names = _names(month)
    alerts = {row.id: row for row in month.rows(tables.alerts)}
    found = set()
    for row in month.rows(tables.deliveries):
        alert = alerts[row.alert]
        name = names.get((alert.subject_kind, alert.subject))
        if name is not None and alert.send_at <= month.until:
            found.add(Telling(name, alert.step, alert.send_at, row.recipient, row.channel))
    return found


def _names(month: Month) -> dict[tuple[str, str], str]:
    """Return what things are called that alerts are about: that of an escalation is its first one's name."""
    items = {row.case: row.external_id for row in month.rows(tables.items)}
    cases = {("case", str(case)): name for case, name in items.items()}
    rows = month.rows(tables.escalations)
    return cases | {("escalation", str(row.id)): items[row.lead] for row in rows}


def _told(month: Month) -> Iterator[tuple[Row[Any], Row[Any], Row[Any]]]:
    """Yield every message with each of the tellings in it."""
    alerts = {row.id: row for row in month.rows(tables.alerts)}
    dispatches = {row.id: row for row in month.rows(tables.dispatches)}
    for row in month.rows(tables.deliveries):
        if row.dispatch is not None:
            yield dispatches[row.dispatch], row, alerts[row.alert]


def _in_hours(month: Month, school: School) -> Iterable[str]:
    """Nobody is told outside their hours, except what is urgent; nobody who is not there or must not know."""
    people = {each.name: each for each in school.people}
    said = {each.name: each for each in month.said}
    names = _names(month)
    found = set()
    for message, telling, alert in _told(month):
        person, at = people[message.recipient], message.begun_at
        what = f"{person.name} at {at:%a %d %b %H:%M} of {alert.step} by {message.channel}"
        if telling.urgency == ROUTINE and not school.has_hours(person, at):
            found.add(f"outside their hours: {what}")
        if not person.is_present(at.date()):
            found.add(f"not there: {what}")
        name = names.get((alert.subject_kind, alert.subject))
        if name is not None and not said[name].may_be_read_by(person):
            found.add(f"about themselves: {what}")
    return sorted(found)


def _limits(month: Month) -> list[str]:
    """Nobody gets more messages about cases than is permitted."""
    due: dict[int, datetime] = {}
    for message, _, alert in _told(month):
        if alert.subject_kind in ("case", "escalation"):
            due[message.id] = min(alert.send_at, due.get(message.id, alert.send_at))
    return beyond_the_limits(
        Message(row.recipient, row.channel, row.begun_at, row.urgency, due[row.id])
        for row in month.rows(tables.dispatches)
        if row.id in due
    )


def _heard(month: Month) -> dict[str, list[datetime]]:
    """Return when messages about each thing arrived, also of those that it was told together with."""
    items = {row.case: row.external_id for row in month.rows(tables.items)}
    together = defaultdict(list)
    for row in month.rows(tables.escalation_cases):
        together[str(row.escalation)].append((items[row.case], row.joined_at))
    heard: dict[str, list[datetime]] = defaultdict(list)
    for message, _, alert in _told(month):
        if message.state != DeliveryState.DELIVERED:
            continue
        if alert.subject_kind == "escalation":
            for name, joined_at in together[alert.subject]:
                heard[name] += [message.begun_at] * (message.begun_at >= joined_at)
        elif alert.subject_kind == "case":
            heard[items[int(alert.subject)]].append(message.begun_at)
    return heard


def _silent(month: Month, school: School) -> Iterable[str]:
    """Nothing that nobody has is left without a message for more than one working day."""
    heard = _heard(month)
    for said in month.said:
        first = next((each.at for each in month.done[said.name]), month.until)
        days = [said.at.date() + number * DAY for number in range((first.date() - said.at.date()).days + 1)]
        whole = [
            day
            for day in days
            if school.is_open(day) and said.at < moment(day, 8) and moment(day, 17) < first
        ]
        for before, after in pairwise(whole):
            if not any(before <= at.date() <= after for at in heard[said.name]):
                yield f"{said.name} ({said.lane or 'answer'}) is not told from {before} to {after}"
                break


def _ended(month: Month, school: School) -> Iterable[str]:
    """Urgent things are told by mail at once, and nothing goes out after its end."""
    names = _names(month)
    said = {each.name: each for each in month.said}
    for message, telling, alert in _told(month):
        name = names.get((alert.subject_kind, alert.subject))
        if name is None:
            continue
        waited = message.begun_at - alert.send_at
        if waited < timedelta():
            yield f"{name}: {alert.step} told before its time"
        if said[name].urgency and telling.channel == EMAIL and alert.step == "urgent" and waited > HOUR / 2:
            yield f"{name}: {alert.step} {alert.occasion} waited {waited}"
        closed = [each.at for each in month.done[name] if each.what == "close"]
        alone = sum(each.post == said[name].post for each in month.said) == 1
        if alone and closed and message.begun_at > closed[0]:
            yield f"{name}: {alert.step} told after it was closed"
        if alone and alert.step in ("reminder", "late") and not is_open(month.done[name], message.begun_at):
            yield f"{name}: {alert.step} told after it was answered"


def main() -> int:
    """Play it, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--items", type=int, default=3000)
    parser.add_argument("--days", type=int, default=35)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--no-texts", action="store_true", help="the school sends no text messages")
    wanted = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        outcome = play(Path(folder), wanted.items, wanted.days, wanted.seed, texts=not wanted.no_texts)
    sys.stdout.write(f"{outcome}\n")
    for name in ("invented", "missing", "wrong"):
        found = getattr(outcome, name)
        steps = Counter(each.step for each in found if isinstance(each, Telling))
        sys.stdout.write(f"{name}: {dict(steps) or len(found)}\n" if found else "")
        sys.stdout.writelines(f"  {each}\n" for each in found[:20])
    return 0 if outcome.is_well else 1


if __name__ == "__main__":
    raise SystemExit(main())
