"""Telling another service that all is well, so that it raises the alarm when we fall silent."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select

from moderation.tasks import Claim, TaskKind, TaskState
from store import tables
from workers.desk import Desk

log = structlog.get_logger()

OVERDUE_AFTER = timedelta(minutes=5)
"""Something urgent that waits for so long past its time is not well: then no ping goes out."""

TIMEOUTS = (5, 10)
"""Seconds to connect, and to answer."""

_URGENT = (TaskKind.DELIVER_URGENT, TaskKind.DELIVER_TEXT, TaskKind.CLIMB)


def ping(desk: Desk, claim: Claim) -> None:
    """Ping the address of the settings once, if all is well, and again after the set time.

    All is well when the database answers and nothing urgent waits to be told or to climb. A ping that fails
    is tried again at its next turn; the address is a secret and is never logged.
    """
    if desk.ping_url is None:
        with desk.store.finishing(claim):
            return
    now = desk.ports.now()
    overdue = _overdue_for(desk, now)
    if overdue > OVERDUE_AFTER:
        log.warning("ping withheld", overdue_seconds=int(overdue.total_seconds()))
    else:
        _ping(desk.ping_url)
    with desk.store.continuing(claim, now + desk.ping_every):
        return


def _overdue_for(desk: Desk, now: datetime) -> timedelta:
    """Return how long the oldest urgent task, in somebody's hands or not, has been due."""
    task = tables.tasks.c
    query = select(func.min(task.next_at)).where(
        task.kind.in_([str(kind) for kind in _URGENT]),
        task.state.in_([str(state) for state in (TaskState.WAITING, TaskState.LEASED)]),
    )
    with desk.store.begin() as unit:
        due: datetime | None = unit.connection.execute(query).scalar()
    return timedelta() if due is None else now - due


def _ping(url: str) -> None:
    import requests

    try:
        with requests.get(url, timeout=TIMEOUTS, allow_redirects=False, stream=True) as answer:
            if answer.status_code // 100 != 2:
                log.warning("ping refused", status=answer.status_code)
    except (requests.RequestException, ValueError) as error:
        log.warning("ping failed", error=type(error).__name__)
