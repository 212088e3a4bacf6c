"""The brokers carry "look at row N" and nothing else; losing one loses no work."""

from __future__ import annotations

import threading

import dramatiq
import pytest
from dramatiq import Worker
from dramatiq.errors import QueueNotFound

from workers.broker import BrokerError, LocalBroker, broker_for, redis_broker


def test_a_message_reaches_its_actor_and_the_queue_is_then_joined() -> None:
    """Joining a queue returns when its messages were answered, not before."""
    broker = LocalBroker()
    seen: list[int] = []

    def look(number: int) -> None:
        seen.append(number)

    dramatiq.actor(broker=broker, actor_name="look", queue_name="alerts", max_retries=0)(look)
    worker = Worker(broker, worker_threads=2, worker_timeout=50)
    worker.start()
    try:
        for number in range(50):
            broker.actors["look"].send(number)
        broker.join("alerts", timeout=5_000)
    finally:
        worker.stop()
    assert sorted(seen) == list(range(50))


def test_an_actor_that_raises_is_answered_once_and_not_again() -> None:
    """Retries are rows: the broker makes none, and keeps no dead letters that could grow."""
    broker, calls = LocalBroker(), []

    def fall_over(number: int) -> None:
        calls.append(number)
        raise RuntimeError

    dramatiq.actor(broker=broker, actor_name="look", queue_name="alerts", max_retries=0)(fall_over)
    worker = Worker(broker, worker_threads=1, worker_timeout=50)
    worker.start()
    try:
        broker.actors["look"].send(1)
        broker.join("alerts", timeout=5_000)
    finally:
        worker.stop()
    assert calls == [1]


def test_messages_that_were_fetched_but_not_begun_do_not_block_a_stopping_worker() -> None:
    """A worker that stops lets go of what it holds; the rows are rung for again."""
    broker, begun, go_on = LocalBroker(), threading.Event(), threading.Event()

    def wait(number: int) -> None:
        begun.set()
        go_on.wait(5)

    dramatiq.actor(broker=broker, actor_name="look", queue_name="alerts", max_retries=0)(wait)
    worker = Worker(broker, worker_threads=1, worker_timeout=50)
    worker.start()
    for number in range(5):
        broker.actors["look"].send(number)
    assert begun.wait(5)
    go_on.set()
    worker.stop(timeout=5_000)
    broker.flush_all()
    broker.join("alerts", timeout=2_000)


def test_a_delay_is_refused() -> None:
    """What is due later is a row with a time, never a message that a restart would strand."""
    broker = LocalBroker()
    dramatiq.actor(broker=broker, actor_name="look", queue_name="alerts", max_retries=0)(print)
    with pytest.raises(ValueError, match="task row"):
        broker.actors["look"].send_with_options(args=(1,), delay=1_000)


def test_an_unknown_queue_is_an_error() -> None:
    """A misspelt queue is noticed at once."""
    with pytest.raises(QueueNotFound):
        LocalBroker().join("nowhere")


def test_without_a_redis_address_the_broker_is_our_own() -> None:
    """One host needs no Redis."""
    assert isinstance(broker_for(None), LocalBroker)


def test_a_redis_that_is_not_there_is_one_clear_sentence() -> None:
    """Somebody reads this in a log at night: it says what to check."""
    with pytest.raises(BrokerError, match="cannot be reached: check redis_url"):
        redis_broker("redis://127.0.0.1:1/0")


def test_a_redis_that_may_evict_is_refused(redis_url: str) -> None:
    """An evicting Redis would drop bells silently; the set-up is refused instead."""
    from redis import Redis

    with Redis.from_url(redis_url) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            with pytest.raises(BrokerError, match="noeviction"):
                redis_broker(redis_url)
        finally:
            client.config_set("maxmemory-policy", "noeviction")
    redis_broker(redis_url).close()
