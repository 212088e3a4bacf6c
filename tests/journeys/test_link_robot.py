"""Mail scanners open every link that they find: nothing comes of it, until a person presses the button."""

from __future__ import annotations

import dataclasses
import email
import html
import itertools
import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from console.app import make_app
from console.forms import FIELD
from moderation.alert_rules import AlertRules
from moderation.alerts import EMAIL, SMS, Person
from moderation.assessment import Route, Severity
from moderation.cases import CaseState
from moderation.drills import start_drill
from notifications import outbox
from store import tables
from store.engine import open_engine
from tests.console.case_links import no_status, proof_on
from tests.fakes import assessment
from tests.worlds import World, sighting, world_on
from workers.link_desk import link_desk
from workers.sending import Sender

CONSOLE = "https://sm.oakfield.example"

ADDRESS = re.compile(r"https?://[^\s\"'<>]+")

ODD_HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"User-Agent": "MailScanner/9.1", "Accept": "*/*"},
    {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender", "X-Moz": "prefetch"},
    {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST", "X-HTTP-Method": "POST"},
    {"Range": "bytes=0-99", "If-None-Match": "*", "If-Modified-Since": "Tue, 17 Nov 2026 12:00:00 GMT"},
    {"Origin": "https://scanner.example", "Referer": "https://scanner.example/?take=1"},
    {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "take=1; proof=1"},
    {"X-Forwarded-For": "192.0.2.7", "X-Original-URL": "/t/x/undo", "Accept-Language": "cy"},
)

Rows = dict[str, list[tuple[Any, ...]]]


class Minutes:
    """Seconds of the console: every look at them is a minute later, so that no scanner is turned away."""

    def __init__(self) -> None:
        self._ticks = itertools.count(step=60)

    def __call__(self) -> float:
        return float(next(self._ticks))


@dataclasses.dataclass(frozen=True, slots=True)
class Stage:
    """A school with the real console, and a folder into which its messages go."""

    world: World
    browser: TestClient
    folder: Path

    def minute(self, minutes: int = 1) -> None:
        """Let minutes pass, and do in each what is due."""
        for _ in range(minutes):
            self.world.now.pass_by(minutes=1)
            self.world.work()

    def messages(self) -> list[EmailMessage]:
        """Return every message so far, read as a mail program reads it."""
        return [
            email.message_from_bytes(path.read_bytes(), policy=default)
            for path in sorted(self.folder.iterdir())
        ]

    def addresses(self) -> list[str]:
        """Return every address of the console in every part of every message."""
        parts = [
            html.unescape(str(part.get_content()))
            for message in self.messages()
            for part in message.walk()
            if part.get_content_maintype() == "text"
        ]
        found = {address.rstrip(".,)") for words in parts for address in ADDRESS.findall(words)}
        return sorted(address for address in found if address.startswith(CONSOLE))

    def rows(self) -> Rows:
        """Return everything that is stored, except when a page was first opened."""
        with self.world.store.begin() as unit:
            return {
                table.name: [
                    tuple(row)
                    for row in unit.connection.execute(
                        select(*(each for each in table.columns if each.name != "opened_at")).order_by(
                            *table.primary_key.columns
                        )
                    )
                ]
                for table in tables.metadata.sorted_tables
            }

    def told(self, since: int) -> list[tuple[str, str]]:
        """Return whom the messages after the first ``since`` went to, and over what."""
        begun = self.world.rows(tables.dispatches)[since:]
        return [(row.recipient, row.channel) for row in begun]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A school that texts too, and whose messages lead to the page that takes cases."""
    engine = open_engine(f"sqlite:///{(tmp_path / 'socialduty.sqlite').as_posix()}")
    tables.metadata.create_all(engine)
    world = world_on(engine)
    folder = tmp_path / "outbox"
    channels = {
        EMAIL: outbox.Channel(outbox.Options(folder=folder)),
        SMS: outbox.Channel(outbox.Options(folder=folder, name="sms")),
    }
    people = {each.name: _with_phone(each, number) for number, each in enumerate(world.ports.people.values())}
    ports = dataclasses.replace(
        world.ports,
        people=people,
        channels=(EMAIL, SMS),
        send=Sender(channels, tmp_path, CONSOLE),
        alerting=AlertRules(links=True),
    )
    world = dataclasses.replace(world, ports=ports)
    with TestClient(make_app(no_status, link_desk(ports), clock=Minutes()), base_url=CONSOLE) as browser:
        yield Stage(world, browser, folder)
    engine.dispose()


def _with_phone(person: Person, number: int) -> Person:
    return dataclasses.replace(person, phone=f"+4477009001{number:02}")


def _everything_happens(stage: Stage) -> None:
    """Let people be told of danger, of abuse, of what waits for an answer, and of a practice alert."""
    said = {
        "I have a knife.": assessment(Severity.CRITICAL, Route.DSL),
        "I will come for you.": assessment(Severity.HIGH, Route.SLT),
        "You are all useless.": assessment(Severity.MEDIUM),
        "May I see her file?": assessment(route=Route.DATA_PROTECTION),
    }
    stage.world.scorer.says.update(said)
    for number, words in enumerate((*said, "When is the concert?")):
        stage.world.receive(
            sighting(f"a{number}", words, by=f"author-{number}", thread=f"t{number}", post_id=f"p{number}")
        )
    stage.world.work()
    start_drill(stage.world.ports, stage.world.ports.schools["oakfield"], "ned-wood")
    stage.minute()


def test_a_robot_that_opens_every_link_changes_nothing_but_that_it_was_opened(stage: Stage) -> None:
    """GET and HEAD with the headers that scanners send leave every row as it was; no case is taken."""
    _everything_happens(stage)
    pages = [address for address in stage.addresses() if "/t/" in address]
    assert len(pages) == len(stage.world.rows(tables.links)) > 15
    before = stage.rows()
    for address, headers in itertools.product(pages, ODD_HEADERS):
        stage.browser.cookies.clear()
        for method in ("HEAD", "GET"):
            tried = stage.browser.request(method, address, headers=headers, follow_redirects=False)
            assert tried.status_code == 200, (method, headers)
        asked = stage.browser.get(f"{address}?{FIELD}=1&take=1&undo=1", headers=headers)
        assert asked.status_code == 200
        undo = stage.browser.get(f"{address}/undo", headers=headers, follow_redirects=False)
        assert undo.status_code == 405
    assert stage.rows() == before
    assert all(row.opened_at is not None for row in stage.world.rows(tables.links))


def test_a_head_request_alone_is_not_even_an_opening(stage: Stage) -> None:
    """Scanners that only ask whether a page is there leave no trace at all."""
    _everything_happens(stage)
    for address in stage.addresses():
        stage.browser.head(address)
    assert all(row.opened_at is None for row in stage.world.rows(tables.links))


def test_after_the_robot_a_person_takes_the_case_gives_it_back_and_the_ladder_goes_on(stage: Stage) -> None:
    """Only the button stops the ladder. After an undo it goes on where it stood: six minutes had passed, and
    the next people come in at ten.
    """
    stage.world.scorer.says["I have a knife."] = assessment(Severity.CRITICAL, Route.DSL)
    stage.world.receive(sighting("a0", "I have a knife."))
    stage.world.work()
    [address] = _links_of(stage, "dee-lane", EMAIL)
    for headers in ODD_HEADERS:
        stage.browser.get(address, headers=headers)
    stage.minute(4)
    told = len(stage.world.rows(tables.dispatches))
    stage.minute()
    assert stage.told(told), "the robot has stopped the ladder"

    stage.minute()
    told = len(stage.world.rows(tables.dispatches))
    page = stage.browser.get(address).text
    stage.browser.post(address, data={FIELD: proof_on(page)})
    assert stage.world.case("a0").taken_by == "dee-lane"
    stage.minute(9)
    assert stage.told(told) == []

    page = stage.browser.get(address).text
    stage.browser.post(f"{address}/undo", data={FIELD: proof_on(page)})
    assert stage.world.case("a0").state is CaseState.NEW
    stage.minute(3)
    assert stage.told(told) == []
    stage.minute()
    assert {("dee-lane", SMS), ("sue-dale", SMS)} <= {*stage.told(told)}


def _links_of(stage: Stage, name: str, channel: str) -> list[str]:
    """Return the pages that one person's messages over a channel lead to."""
    begun = {
        row.id
        for row in stage.world.rows(tables.dispatches)
        if (row.recipient, row.channel) == (name, channel)
    }
    return [f"{CONSOLE}/t/{row.id}" for row in stage.world.rows(tables.links) if row.dispatch in begun]


def test_a_link_that_a_robot_opened_for_days_takes_nothing_once_it_has_expired(stage: Stage) -> None:
    """Opening does not keep a link alive."""
    stage.world.scorer.says["I have a knife."] = assessment(Severity.CRITICAL, Route.DSL)
    stage.world.receive(sighting("a0", "I have a knife."))
    stage.world.work()
    [address] = _links_of(stage, "dee-lane", EMAIL)
    page = stage.browser.get(address).text
    stage.world.now.pass_by(hours=stage.world.ports.alerting.link_life / timedelta(hours=1))
    stage.browser.post(address, data={FIELD: proof_on(page)})
    assert stage.world.case("a0").state is CaseState.NEW
