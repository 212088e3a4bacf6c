"""Jobs: every failure ends as a row, lanes keep apart, and a stopping process gives work back."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from moderation.alerting import plan_for_role
from moderation.alerts import AlertStep, Role, Topic
from moderation.assessment import Assessment, Subject
from moderation.tasks import LANE_OF, Claim, Lane, NewTask, TaskKind, TaskState
from store import tables
from tests.workers.conftest import Clock
from workers.broker import LocalBroker
from workers.desk import Desk
from workers.jobs import JOBS, LANE_THREADS, Job, declare, ring, work_through
from workers.running import crew, drain


def write(desk: Desk, *keys: str) -> None:
    """Write down scoring work that is due now; what it is about does not matter here."""
    now = desk.ports.now()
    with desk.store.begin() as unit:
        unit.tasks.add([NewTask(TaskKind.SCORE_ITEM, key, key, now) for key in keys], now)


def rows(desk: Desk) -> dict[str, tuple[str, int, str | None]]:
    """Return state, attempts and failure of the scoring tasks, by key."""
    with desk.store.begin() as unit:
        found = unit.connection.execute(
            select(tables.tasks).where(tables.tasks.c.kind == TaskKind.SCORE_ITEM)
        )
        return {row.key: (row.state, row.attempts, row.failure) for row in found}


def scoring(function: Callable[[Desk, Claim], None]) -> Job:
    """Return a job that does scoring tasks with ``function``."""
    return Job(TaskKind.SCORE_ITEM, function, wait=timedelta(seconds=30))


def finish(desk: Desk, claim: Claim) -> None:
    """Do nothing, well."""
    with desk.store.finishing(claim):
        pass


def test_a_poisoned_task_is_set_aside_after_three_attempts_and_its_neighbours_are_done(
    desk: Desk, clock: Clock
) -> None:
    """One bad row is quarantined, a person is to be told, and the queue goes on."""
    write(desk, "good-1", "poison", "good-2")

    def work(desk: Desk, claim: Claim) -> None:
        if claim.key == "poison":
            raise ZeroDivisionError("words that nobody may read in a log")
        finish(desk, claim)

    for _ in range(3):
        work_through(desk, scoring(work))
        clock.pass_by(minutes=10)
    assert rows(desk) == {
        "good-1": (TaskState.DONE, 1, None),
        "good-2": (TaskState.DONE, 1, None),
        "poison": (TaskState.SET_ASIDE, 3, "ZeroDivisionError"),
    }
    with desk.store.begin() as unit:
        told = unit.connection.execute(
            select(tables.tasks.c.subject).where(tables.tasks.c.kind == TaskKind.SET_ASIDE)
        ).scalar_one()
    assert told.endswith(":score_item")


def test_a_failed_attempt_waits_before_the_next(desk: Desk, clock: Clock) -> None:
    """Trying again at once would only fail again; the pause grows."""
    calls: list[int] = []

    def fail(desk: Desk, claim: Claim) -> None:
        calls.append(claim.attempts)
        raise OSError

    write(desk, "one")
    for seconds in (0, 29, 1, 59, 1):
        clock.pass_by(seconds=seconds)
        work_through(desk, scoring(fail))
    assert calls == [1, 2, 3]


def test_the_late_finisher_loses(desk: Desk) -> None:
    """A process that slept past its lease cannot finish what somebody else has done since."""
    write(desk, "one")
    done: list[str] = []

    def slow(desk: Desk, claim: Claim) -> None:
        with desk.store.begin() as unit:
            unit.connection.execute(tables.tasks.update().values(lease_until=0.0))
        other = desk.store.claim(TaskKind.SCORE_ITEM, 60)[0]
        finish(desk, other)
        done.append("other")
        finish(desk, claim)
        done.append("slow")

    work_through(desk, scoring(slow))
    assert done == ["other"]
    assert rows(desk)["one"][0] == TaskState.DONE


def test_a_stopping_process_gives_back_what_it_had_not_begun(desk: Desk) -> None:
    """Whoever comes next finds it at once, with no attempt counted."""
    write(desk, "one", "two", "three")

    def work(desk: Desk, claim: Claim) -> None:
        finish(desk, claim)
        desk.closing.set()

    work_through(desk, scoring(work))
    assert rows(desk) == {
        "one": (TaskState.DONE, 1, None),
        "two": (TaskState.WAITING, 0, None),
        "three": (TaskState.WAITING, 0, None),
    }


def test_alerts_go_out_while_scoring_hangs(desk: Desk) -> None:
    """An alert never waits behind a slow scorer: its lane has threads of its own."""
    go_on, sent = threading.Event(), threading.Event()

    def hang(subject: Subject) -> Assessment:
        go_on.wait(10)
        raise RuntimeError

    real_send = desk.ports.send

    def send(*args):  # type: ignore[no-untyped-def]  # the port's own arguments, passed on
        sent.set()
        return real_send(*args)

    busy = dataclasses.replace(desk, ports=dataclasses.replace(desk.ports, score=hang, send=send))
    broker = LocalBroker()
    with crew(busy, broker):
        write(busy, *[f"slow-{number}" for number in range(20)])
        ring(broker, [due for due in busy.store.due() if due[0] is TaskKind.SCORE_ITEM] * 5)
        topic = Topic("task", "1", AlertStep.SET_ASIDE, "test")
        with busy.store.begin() as unit:
            plan_for_role(busy.ports, unit, "oakfield", Role.NETWORK_MANAGER, topic)
        ring(broker, [due for due in busy.store.due() if due[0] is TaskKind.DELIVER])
        assert sent.wait(5)
        go_on.set()


def test_an_emptied_broker_loses_nothing(desk: Desk) -> None:
    """The broker only says where to look: after FLUSHALL the rows are still there and are done."""
    broker = LocalBroker()
    write(desk, "1", "2")
    declare(broker, desk)
    ring(broker, desk.store.due())
    broker.flush_all()
    fresh = LocalBroker()
    with crew(desk, fresh):
        drain(desk, fresh)
    assert {state for state, _, _ in rows(desk).values()} <= {TaskState.WAITING, TaskState.SET_ASIDE}
    assert all(attempts >= 1 for _, attempts, _ in rows(desk).values())


def test_every_kind_of_task_has_a_job_and_every_lane_has_threads() -> None:
    """A kind without a job would wait for ever without a word."""
    assert set(JOBS) == set(TaskKind) == set(LANE_OF)
    assert set(LANE_THREADS) == set(Lane)
    assert all(threads >= 1 for threads in LANE_THREADS.values())
