"""The brokers: our own in-process one, and Redis when there are several hosts.

A broker carries nothing but "look at row N". Losing a message loses no work: whoever rings the bell
looks into the database again a moment later.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from queue import Empty, Queue
from typing import Any

from dramatiq import Broker, Message, Middleware
from dramatiq.broker import Consumer, MessageProxy
from dramatiq.common import join_queue
from dramatiq.errors import QueueNotFound
from dramatiq.middleware import AgeLimit, Retries, ShutdownNotifications
from pydantic import SecretStr


class BrokerError(Exception):
    """The broker cannot be used as it is. The text says what to do."""


MESSAGE_LIFE_MS = 60_000
"""A bell older than this is not worth answering: the row has been rung for again since."""


def middleware() -> list[Middleware]:
    """Return what every broker of ours runs with; retries are rows, so dramatiq makes none."""
    return [AgeLimit(max_age=MESSAGE_LIFE_MS), ShutdownNotifications(), Retries(max_retries=0)]


class LocalBroker(Broker):
    """Queues in this process's memory, for one host without Redis. It keeps no dead letters."""

    def __init__(self) -> None:
        super().__init__(middleware=middleware())
        self.queues: dict[str, Queue[Message[Any]]] = {}

    def declare_queue(self, queue_name: str) -> None:
        """Make a queue; declaring it again changes nothing."""
        if queue_name in self.queues:
            return
        self.emit_before("declare_queue", queue_name)
        self.queues[queue_name] = Queue()
        self.emit_after("declare_queue", queue_name)

    def get_declared_queues(self) -> set[str]:
        """Return the names of all queues."""
        return set(self.queues)

    def get_declared_delay_queues(self) -> set[str]:
        """Return nothing: what is due later is a row, never a delayed message."""
        return set()

    def enqueue(self, message: Message[Any], *, delay: int | None = None) -> Message[Any]:
        """Put a message at the end of its queue. A delay is refused: due times are rows."""
        if delay is not None:
            raise ValueError("work that is due later is a task row, not a delayed message")
        queue = self._queue(message.queue_name)
        self.emit_before("enqueue", message, delay)
        queue.put(message)
        self.emit_after("enqueue", message, delay)
        return message

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 1000) -> Consumer:
        """Return a consumer that waits up to ``timeout`` milliseconds for each message."""
        return _LocalConsumer(self._queue(queue_name), prefetch, timeout)

    def flush(self, queue_name: str) -> None:
        """Throw a queue's messages away; the rows that they spoke of are still there."""
        queue = self._queue(queue_name)
        while True:
            try:
                queue.get_nowait()
            except Empty:
                return
            queue.task_done()

    def flush_all(self) -> None:
        """Throw all messages away."""
        for name in self.queues:
            self.flush(name)

    def join(self, queue_name: str, *, timeout: int | None = None) -> None:
        """Wait until every message of a queue was answered; ``timeout`` in milliseconds."""
        seconds = None if timeout is None else timeout / 1000
        join_queue(self._queue(queue_name), timeout=seconds)  # type: ignore[no-untyped-call]  # dramatiq's

    def _queue(self, name: str) -> Queue[Message[Any]]:
        try:
            return self.queues[name]
        except KeyError:
            raise QueueNotFound(name) from None  # type: ignore[no-untyped-call]  # dramatiq's


class _LocalConsumer(Consumer):
    def __init__(self, queue: Queue[Message[Any]], prefetch: int, timeout: int) -> None:
        self._queue = queue
        self._timeout = timeout / 1000
        self._places = threading.Semaphore(prefetch)

    def __next__(self) -> MessageProxy | None:
        if not self._places.acquire(timeout=self._timeout):
            return None
        try:
            return MessageProxy(self._queue.get(timeout=self._timeout))
        except Empty:
            self._places.release()
            return None

    def ack(self, message: MessageProxy) -> None:
        self._queue.task_done()
        self._places.release()

    def nack(self, message: MessageProxy) -> None:
        self.ack(message)

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        """Let go of what was fetched and not begun, when a worker stops."""
        for message in messages:
            self.ack(message)

    def close(self) -> None:
        """Nothing is held open."""


def redis_broker(url: str) -> Broker:
    """Return a broker on Redis, after making sure that it will not silently drop messages.

    Raises:
        BrokerError: Redis cannot be reached, or may evict what we put there.
    """
    import redis
    from dramatiq.brokers.redis import RedisBroker

    broker = RedisBroker(  # type: ignore[no-untyped-call]  # dramatiq's
        url=url,
        middleware=middleware(),
    )
    pool = broker.client.connection_pool.connection_kwargs
    pool.update(socket_connect_timeout=5, socket_timeout=30, health_check_interval=30)
    try:
        policy = broker.client.config_get("maxmemory-policy").get("maxmemory-policy", "noeviction")
    except redis.exceptions.ResponseError:
        policy = "noeviction"  # a managed Redis may forbid the question; the database repairs what it loses
    except redis.exceptions.RedisError as error:
        raise BrokerError("Redis cannot be reached: check redis_url and that the server runs") from error
    if policy != "noeviction":
        raise BrokerError("Redis may evict messages: set maxmemory-policy to noeviction")
    return broker


def broker_for(redis_address: SecretStr | None) -> Broker:
    """Return the broker of the settings: Redis where its address is set, else our own.

    Raises:
        BrokerError: Redis cannot be used as it is.
    """
    return LocalBroker() if redis_address is None else redis_broker(redis_address.get_secret_value())
