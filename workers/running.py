"""Running the jobs: a crew of worker threads on a broker, and the bell that wakes them."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Iterable, Iterator
from datetime import datetime
from types import FrameType

import structlog
from dramatiq import Broker, Worker

from moderation.tasks import LANE_OF, Lane
from store.heartbeats import beat
from workers.broker import LocalBroker
from workers.desk import Desk
from workers.jobs import JOBS, LANE_THREADS, declare, ring, work_through

log = structlog.get_logger()

TICK_SECONDS = 1.0
"""How often the database is asked what is due."""

BEAT_SECONDS = 15.0
"""How often a loop says that it is alive."""

_TELLING = frozenset({Lane.ALERTS, Lane.URGENT, Lane.TEXTS, Lane.MAIL})
"""The lanes on which people are told."""

STOP_MS = 20_000
"""How long a stopping crew waits for the tasks in its hands."""


@contextlib.contextmanager
def crew(desk: Desk, broker: Broker, lanes: Iterable[Lane] = tuple(Lane)) -> Iterator[None]:
    """Let worker threads answer the bells of ``lanes`` while the block runs.

    One worker serves all lanes; the places that each lane has (see ``jobs.declare``) keep them apart.
    """
    chosen = tuple(lanes)
    declare(broker, desk, chosen)
    broker.emit_after("process_boot")
    threads = sum(LANE_THREADS[lane] for lane in chosen)
    worker = Worker(broker, queues={str(lane) for lane in chosen}, worker_threads=threads, worker_timeout=250)
    worker.start()
    try:
        yield
    finally:
        desk.closing.set()
        worker.stop(timeout=STOP_MS)
        broker.close()


@contextlib.contextmanager
def stopping_on_signals(desk: Desk) -> Iterator[None]:
    """Close the desk when the process is asked to stop (SIGTERM or SIGINT) while the block runs."""

    def close(number: int, frame: FrameType | None) -> None:
        desk.closing.set()

    before = {number: signal.signal(number, close) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ring_until_closing(desk: Desk, broker: Broker, loop: str) -> None:
    """Ring for what is due, again and again, until the desk closes; say every few seconds that we live.

    A broker or database that is away for a while is a warning, not an end: the rows are still there.
    """
    beaten: float = -BEAT_SECONDS
    elapsed = 0.0
    while not desk.closing.is_set():
        try:
            if elapsed - beaten >= BEAT_SECONDS:
                beat(desk.store.engine, loop, socket.gethostname(), desk.ports.now())
                beaten = elapsed
                desk.keep_up()
            _ring_or_send(desk, broker, loop)
        except Exception as error:  # noqa: BLE001 - a database that is away now may be back at the next tick
            log.warning("loop stumbled", loop=loop, error=type(error).__name__)
        desk.closing.wait(TICK_SECONDS)
        elapsed += TICK_SECONDS


def _ring_or_send(desk: Desk, broker: Broker, loop: str) -> None:
    """Ring for what is due; while the broker is away, tell people right here."""
    due = desk.store.due()
    try:
        ring(broker, due)
    except Exception as error:  # noqa: BLE001 - every broker has its own errors for being away
        log.warning("bell not rung", loop=loop, error=type(error).__name__)
        for kind, _, _ in due:
            if LANE_OF[kind] in _TELLING:
                work_through(desk, JOBS[kind])


def beat_until_closing(desk: Desk, loop: str) -> None:
    """Say every few seconds that ``loop`` is alive, and keep up with others, until the desk closes."""
    while not desk.closing.is_set():
        try:
            beat(desk.store.engine, loop, socket.gethostname(), desk.ports.now())
            desk.keep_up()
        except Exception as error:  # noqa: BLE001 - a database that is away may be back at the next beat
            log.warning("heartbeat not written", loop=loop, error=type(error).__name__)
        desk.closing.wait(BEAT_SECONDS)


def drain(desk: Desk, broker: LocalBroker, lanes: Iterable[Lane] = tuple(Lane)) -> None:
    """Do everything that is due now on ``lanes``, what follows from it there included, then return.

    Needs a running crew.
    """
    wanted = set(lanes)
    while not desk.closing.is_set():
        due = [each for each in desk.store.due() if LANE_OF[each[0]] in wanted]
        if not ring(broker, due):
            return
        for queue in broker.get_declared_queues():
            broker.join(queue)


def next_due(desk: Desk) -> datetime | None:
    """Return when the next waiting task comes due."""
    with desk.store.begin() as unit:
        return unit.tasks.next_at()
