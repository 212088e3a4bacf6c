"""Whether another service hears from us while all is well, and only then."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from moderation.tasks import NewTask, TaskKind, TaskState
from store import tables
from tests.notifications.loopback import Loopback
from tests.workers.conftest import Clock
from workers import ping as pinging
from workers.desk import Desk
from workers.ping import ping

SECRET = "/5f0c9d2e"


@pytest.fixture
def service() -> Iterator[Loopback]:
    """The service that listens."""
    with Loopback() as server:
        yield server


@pytest.fixture
def watched(desk: Desk, service: Loopback) -> Desk:
    """A desk whose service listens, pinged every three minutes."""
    return dataclasses.replace(desk, ping_url=service.url + SECRET, ping_every=timedelta(minutes=3))


def turn(desk: Desk) -> list[str]:
    """Take the next turn at once; return the names of everything that was logged."""
    task = NewTask(TaskKind.PING, "ping", "ping", desk.ports.now())
    with desk.store.begin() as unit:
        unit.tasks.need(task, desk.ports.now())
    (claim,) = desk.store.claim(TaskKind.PING, 60)
    with capture_logs() as logs:
        ping(desk, claim)
    assert SECRET.strip("/") not in repr(logs)
    return [str(each["event"]) for each in logs]


def standing(desk: Desk) -> tuple[str, timedelta]:
    """Return the state of the ping's task, and how long it waits."""
    with desk.store.begin() as unit:
        row = unit.connection.execute(tables.tasks.select().where(tables.tasks.c.kind == TaskKind.PING)).one()
    return row.state, row.next_at - desk.ports.now()


def urgent(desk: Desk, kind: TaskKind) -> None:
    """Let something urgent come due now."""
    with desk.store.begin() as unit:
        unit.tasks.add([NewTask(kind, "somebody", "somebody", desk.ports.now())], desk.ports.now())


def test_the_service_hears_from_us_at_every_turn(watched: Desk, service: Loopback) -> None:
    """By a plain GET of its address, after the set time again."""
    assert turn(watched) == []
    assert [(each.method, each.path) for each in service.asked] == [("GET", SECRET)]
    assert standing(watched) == (TaskState.WAITING, timedelta(minutes=3))
    turn(watched)
    assert len(service.asked) == 2


@pytest.mark.parametrize("kind", [TaskKind.DELIVER_URGENT, TaskKind.DELIVER_TEXT, TaskKind.CLIMB])
def test_nothing_is_pinged_while_something_urgent_waits(
    watched: Desk, service: Loopback, clock: Clock, kind: TaskKind
) -> None:
    """Five minutes are allowed; after that the service has to raise the alarm, until it is done."""
    urgent(watched, kind)
    clock.pass_by(minutes=5)
    assert turn(watched) == []
    clock.pass_by(minutes=1)
    assert turn(watched) == ["ping withheld"]
    assert standing(watched) == (TaskState.WAITING, timedelta(minutes=3))
    (claim,) = watched.store.claim(kind, 60)
    assert turn(watched) == ["ping withheld"], "a task that hangs in somebody's hands is not done"
    with watched.store.finishing(claim):
        pass
    assert turn(watched) == []
    assert len(service.asked) == 2


def test_what_is_not_urgent_may_wait(watched: Desk, service: Loopback, clock: Clock) -> None:
    """Mail in the night, and a poll of a platform that is away."""
    urgent(watched, TaskKind.DELIVER)
    clock.pass_by(hours=10)
    turn(watched)
    assert len(service.asked) == 1


def test_what_is_urgent_later_is_not_late(watched: Desk, service: Loopback, clock: Clock) -> None:
    """A message that is tried again in half an hour."""
    urgent(watched, TaskKind.DELIVER_URGENT)
    clock.at -= timedelta(minutes=30)
    turn(watched)
    assert len(service.asked) == 1


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_ping_that_is_refused_is_logged_and_tried_again(
    watched: Desk, service: Loopback, status: int
) -> None:
    """With its status, without its address; where the service sends us elsewhere we do not go."""
    service.instead = [(status, "no")]
    assert turn(watched) == ["ping refused"]
    assert [each.path for each in service.asked] == [SECRET]
    assert standing(watched) == (TaskState.WAITING, timedelta(minutes=3))
    assert turn(watched) == []


def test_a_line_that_is_cut_is_logged_and_tried_again(watched: Desk, service: Loopback) -> None:
    """By the name of what happened: its text would quote the address."""
    service.lose = True
    assert turn(watched) == ["ping failed"]
    assert turn(watched) == []


def test_a_service_that_never_answers_holds_nothing_up(
    watched: Desk, service: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait has an end."""
    monkeypatch.setattr(pinging, "TIMEOUTS", (1, 0.2))
    service.hang = True
    assert turn(watched) == ["ping failed"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/5f0c9d2e", "http:///5f0c9d2e", "http://[::1/5f0c9d2e"])
def test_an_address_where_nobody_is_ends_nothing(watched: Desk, url: str) -> None:
    """Nor does one that is none."""
    assert turn(dataclasses.replace(watched, ping_url=url)) == ["ping failed"]


def test_without_an_address_there_is_nothing_to_do(desk: Desk) -> None:
    """The work of a school that took it out of its settings is done."""
    assert turn(desk) == []
    assert standing(desk)[0] == TaskState.DONE
