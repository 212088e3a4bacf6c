"""The jobs: which function does which kind of task, on which lane, under which limits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import dramatiq
import structlog
from dramatiq import Broker

from moderation.assessing import score_item, score_together
from moderation.dispatching import ask_delivery, send_due
from moderation.duty import look_ahead
from moderation.escalating import climb
from moderation.morning import send_heartbeat
from moderation.oversight import tell_set_aside, watch_clock
from moderation.presence import forget_text, settle_item
from moderation.response import settle_reply
from moderation.tasks import LANE_OF, Claim, Lane, LeaseLost, TaskId, TaskKind
from workers.calendars import compare_clocks, read_calendar
from workers.carrying_out import carry_out
from workers.desk import Desk
from workers.ping import ping
from workers.polling import poll_account
from workers.reporting import make_weekly_report

log = structlog.get_logger()


Work = Callable[[Desk, Claim], None]
"""What does one task, from reading its row to finishing it."""


@dataclass(frozen=True, slots=True)
class Job:
    """How one kind of task is done.

    ``batch`` rows are claimed together; ``lease_seconds`` is the time for one of them; after
    ``max_attempts`` failures a person is told, with ``None`` it is tried for ever. ``wait`` is the pause
    before the second attempt and doubles with each further one, up to :data:`LONGEST_WAIT`.

    ``together`` does what several rows need in one go, writes nothing, and returns what then does each of
    them in place of ``function``. If it fails, ``function`` does them as if it had never been tried.
    """

    kind: TaskKind
    function: Work
    lease_seconds: float = 60.0
    max_attempts: int | None = 3
    wait: timedelta = timedelta(seconds=30)
    batch: int = 64
    together: Callable[[Desk, Sequence[Claim]], Work] | None = None


def _score_together(desk: Desk, claims: Sequence[Claim]) -> Work:
    scored = score_together(desk.ports, claims)
    return lambda desk, claim: score_item(desk.ports, claim, scored)


def _on_ports(function: Callable[[Any, Claim], None]) -> Work:
    """Adapt a use case, which knows only its ports."""

    def run(desk: Desk, claim: Claim) -> None:
        function(desk.ports, claim)

    return run


JOBS: Mapping[TaskKind, Job] = {
    job.kind: job
    for job in (
        Job(TaskKind.POLL_ACCOUNT, poll_account, lease_seconds=900, max_attempts=None, batch=1),
        Job(TaskKind.SCORE_ITEM, _on_ports(score_item), batch=32, together=_score_together),
        Job(TaskKind.SETTLE_REPLY, _on_ports(settle_reply)),
        Job(TaskKind.CARRY_OUT, carry_out, lease_seconds=300, batch=1),
        Job(TaskKind.SETTLE_ITEM, _on_ports(settle_item)),
        Job(TaskKind.FORGET_TEXT, _on_ports(forget_text)),
        Job(TaskKind.WATCH_CLOCK, _on_ports(watch_clock)),
        Job(TaskKind.CLIMB, _on_ports(climb), max_attempts=None),
        Job(TaskKind.DELIVER_URGENT, _on_ports(send_due), lease_seconds=330, max_attempts=None, batch=1),
        Job(TaskKind.DELIVER_TEXT, _on_ports(send_due), lease_seconds=240, max_attempts=None, batch=1),
        Job(TaskKind.DELIVER, _on_ports(send_due), lease_seconds=330, max_attempts=None, batch=1),
        Job(TaskKind.ASK_DELIVERY, _on_ports(ask_delivery), lease_seconds=120, max_attempts=None, batch=1),
        Job(TaskKind.LOOK_AHEAD, _on_ports(look_ahead), max_attempts=None, batch=1),
        Job(TaskKind.HEARTBEAT, _on_ports(send_heartbeat), max_attempts=None, batch=1),
        Job(TaskKind.PING, ping, max_attempts=None, batch=1),
        Job(TaskKind.SET_ASIDE, _on_ports(tell_set_aside)),
        Job(TaskKind.READ_CALENDAR, read_calendar, lease_seconds=300, max_attempts=None, batch=1),
        Job(TaskKind.REDATE_CLOCKS, compare_clocks, lease_seconds=600, max_attempts=None, batch=1),
        Job(TaskKind.WEEKLY_REPORT, make_weekly_report, lease_seconds=600, batch=1),
    )
}

LONGEST_WAIT = timedelta(minutes=15)

LANE_THREADS: Mapping[Lane, int] = {
    Lane.ALERTS: 2,
    Lane.URGENT: 3,
    Lane.TEXTS: 2,
    Lane.MAIL: 2,
    Lane.INGEST: 4,
    Lane.SCORE: 1,
    Lane.REPORT: 1,
}
"""Threads that each lane has to itself. A lane never uses more, so alerts always find one free."""


def declare(broker: Broker, desk: Desk, lanes: Iterable[Lane] = tuple(Lane)) -> None:
    """Bind every job to ``broker`` as an actor named after its kind.

    A bell that finds its lane fully busy has nothing to add: whoever works there goes on until nothing
    is due. So it is let go, and the lane's threads stay its own.
    """
    places = {lane: threading.BoundedSemaphore(LANE_THREADS[lane]) for lane in lanes}
    for job in JOBS.values():
        lane = LANE_OF[job.kind]
        if lane not in places:
            continue
        as_actor = dramatiq.actor(
            broker=broker, actor_name=str(job.kind), queue_name=str(lane), max_retries=0
        )
        as_actor(_look(desk, job, places[lane]))


def _look(desk: Desk, job: Job, places: threading.BoundedSemaphore) -> Callable[[int], None]:
    def look(task: int) -> None:
        if not places.acquire(blocking=False):
            return
        try:
            work_through(desk, job)
        finally:
            places.release()

    return look


def work_through(desk: Desk, job: Job) -> int:
    """Claim and do due tasks of one kind until none is left or the desk is closing; return how many."""
    done = 0
    while not desk.closing.is_set():
        claims = desk.store.claim(job.kind, job.lease_seconds, job.batch, job.max_attempts)
        if not claims:
            break
        done += _do_batch(desk, job, claims)
    return done


def _do_batch(desk: Desk, job: Job, claims: list[Claim]) -> int:
    leased_at = time.monotonic()
    work = _work_for(desk, job, claims)
    for number, claim in enumerate(claims):
        if desk.closing.is_set():
            desk.store.give_back(claims[number:])
            return number
        if time.monotonic() - leased_at > job.lease_seconds / 10:
            # The whole batch was leased at once: those who wait still get nearly their full time.
            leased_at = time.monotonic()
            desk.store.renew(claims[number:], job.lease_seconds)
        _do(desk, job, work, claim)
    return len(claims)


def _work_for(desk: Desk, job: Job, claims: list[Claim]) -> Work:
    """Return what does each of the claims, after doing together what a batch can do together."""
    if job.together is None or len(claims) == 1:
        return job.function
    try:
        return job.together(desk, claims)
    except Exception as error:  # noqa: BLE001 - one row may be at fault: each alone shows which
        log.warning("batch is done one by one", kind=job.kind, error=type(error).__name__)
        return job.function


def _do(desk: Desk, job: Job, work: Work, claim: Claim) -> None:
    """Do one task. Whatever goes wrong is recorded by class name only: texts may quote people."""
    try:
        work(desk, claim)
    except LeaseLost:
        log.info("task left to its new holder", task=claim.id, kind=claim.kind)
    except Exception as error:  # noqa: BLE001 - every failure becomes a row that is tried again or told
        name = type(error).__name__
        wait = min(job.wait * 2 ** min(claim.attempts - 1, 10), LONGEST_WAIT)
        try:
            aside = desk.store.failed(claim, name, job.max_attempts, wait)
        except LeaseLost:
            log.info("task left to its new holder", task=claim.id, kind=claim.kind)
            return
        word = "task set aside" if aside else "task failed"
        log.warning(word, task=claim.id, kind=claim.kind, attempt=claim.attempts, error=name)


def ring(broker: Broker, due: Iterable[tuple[TaskKind, TaskId, int]]) -> int:
    """Send "look at row N" for each kind that has due rows; return how many bells were rung.

    Raises whatever the broker raises when it is away: the rows wait in the database.
    """
    rung = 0
    for kind, task, count in due:
        actor = broker.actors.get(str(kind))
        if actor is None:
            continue  # a newer version's kind waits for a worker that knows it
        for _ in range(min(LANE_THREADS[LANE_OF[kind]], count)):
            actor.send(int(task))
            rung += 1
    return rung
