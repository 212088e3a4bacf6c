"""Reading one account: every stream for itself, then, once a day, everything of the last days again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError

from connectors.base import (
    AuthExpired,
    Connector,
    ConnectorError,
    NeedsPerson,
    NotFound,
    Page,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    Refused,
    Scope,
    Transient,
    Unexpected,
)
from moderation.intake import Arrival, receive
from moderation.items import ItemKind, Sighting
from moderation.ports import Account
from moderation.tasks import LeaseLost
from store.streams import StreamState
from workers.desk import Desk
from workers.pace import ASK_AGAIN

log = structlog.get_logger()

LOOKED_UP_TOGETHER = 100
MOST_LOOKED_UP = 1_000
"""Items that one sweep looks up at most; the next one goes on."""


@dataclass(slots=True)
class Reading:
    """What one reading brought: how many new items, how many only a sweep found, and what did not work."""

    found: int = 0
    found_by_sweep: int = 0
    first: str = ""
    failed: dict[str, ConnectorError] = field(default_factory=dict)
    skipped: dict[str, StreamState] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)

    @property
    def works(self) -> bool:
        """Whether every stream that was to be read was read to its end."""
        return not self.failed and not self.skipped


def read_account(
    desk: Desk, account: Account, connector: Connector, started: datetime, keep: Callable[[], None]
) -> Reading:
    """Read every stream of an account to its end. One that breaks off keeps its cursor and stops no other.

    What concerns the whole account, such as a dead token, ends the reading: the other streams would only
    meet the same. ``keep`` is called between pages, so that whoever holds the task goes on holding it.
    """
    reading = Reading()
    with desk.store.begin() as unit:
        states = unit.streams.states(account.name)
    streams = wanted(connector, account)
    reading.first = streams[0] if streams else ""
    for stream in streams:
        state = states.get(stream, StreamState())
        if _rests(state, started):
            reading.skipped[stream] = state
            continue
        error = _try_stream(desk, account, connector, stream, reading, (started, keep))
        if error is None:
            reading.read.append(stream)
            continue
        reading.failed[stream] = error
        if _concerns_all(error):
            break
    return reading


def _try_stream(
    desk: Desk,
    account: Account,
    connector: Connector,
    stream: str,
    reading: Reading,
    turn: tuple[datetime, Callable[[], None]],
) -> ConnectorError | None:
    """Read one stream; return why it broke off, whatever that was."""
    started, keep = turn
    try:
        reading.found += _read_stream(desk, account, connector, stream, started, keep)
    except LeaseLost:
        raise
    except ConnectorError as error:
        return error
    except OperationalError:
        return Transient("Our own database was busy. The next poll tries again.")
    except Exception as error:  # noqa: BLE001 - one stream's surprise must not end the others for ever
        log.warning("stream broke off", account=account.name, stream=stream, error=type(error).__name__)
        return Unexpected(f"{type(error).__name__} while polling: report it")
    return None


def wanted(connector: Connector, account: Account) -> list[str]:
    """Return the streams that the school wants read, in their order."""
    return [stream for stream in connector.streams() if stream not in account.leave_out]


def _rests(state: StreamState, now: datetime) -> bool:
    """Say whether only a person can mend a stream, and it was looked at within the hour."""
    if state.failing_reason not in _FOR_PEOPLE or state.tried_at is None:
        return False
    return now - state.tried_at < ASK_AGAIN


_FOR_PEOPLE = frozenset({PermissionMissing.reason, Refused.reason, NotFound.reason})


def _concerns_all(error: ConnectorError) -> bool:
    """Say whether the other streams would meet the same: then they are not even tried."""
    if isinstance(error, RateLimited | QuotaExhausted):
        return error.scope is not Scope.STREAM
    return isinstance(error, AuthExpired) or type(error) is Transient


def _read_stream(
    desk: Desk,
    account: Account,
    connector: Connector,
    stream: str,
    started: datetime,
    keep: Callable[[], None],
) -> int:
    with desk.store.begin() as unit:
        state, earliest = unit.cursors.get(account.name, stream)
    new, shape = 0, _Shape()
    for page in connector.poll(stream, state, started):
        keep()
        shape.add(page)
        arrival = Arrival(
            account=account.name,
            stream=stream,
            items=page.items,
            rejected=page.rejected,
            cursor=None if shape.is_lost else page.cursor,
            earliest=earliest,
            started_at=started,
        )
        new += receive(desk.ports, arrival)
        _note_missed(desk, account, page)
    if shape.is_lost:
        raise Unexpected("Most of what came cannot be read: the platform may have renamed its fields.")
    with desk.store.begin() as unit:
        unit.streams.read(account.name, stream, started)
    return new


SHAPE_LOST_AT = 3
"""One broken item waits for a person; so many, and more than the good ones, are a changed platform."""


@dataclass(slots=True)
class _Shape:
    """How much of a stream could be read. A comment without words and picture has lost its words."""

    good: int = 0
    broken: int = 0

    def add(self, page: Page) -> None:
        wordless = sum(_is_wordless(item) for item in page.items)
        self.good += len(page.items) - wordless
        self.broken += len(page.rejected) + wordless

    @property
    def is_lost(self) -> bool:
        return self.broken >= SHAPE_LOST_AT and self.broken > self.good


def _is_wordless(item: Sighting) -> bool:
    return item.kind in (ItemKind.COMMENT, ItemKind.REPLY) and not item.text and not item.media


def _note_missed(desk: Desk, account: Account, page: Page) -> None:
    if not page.missed:
        return
    with desk.store.begin() as unit:
        for missed in page.missed:
            unit.watching.missed(account.name, missed.began_at, missed.ended_at, missed.reason)
    log.warning("a listing did not reach back far enough", account=account.name)


def worst(reading: Reading) -> ConnectorError | None:
    """Return the error for which an account counts as not read; ``None`` when it is read in the main.

    It is read in the main when its first stream was, which is the public one, and whatever failed beside it
    is that stream's own: it lacks a permission, or its allowance is spent. That is told by itself.
    """
    for error in reading.failed.values():
        if not _is_the_streams_own(error):
            return error
    if reading.first in reading.failed:
        return reading.failed[reading.first]
    if reading.first in reading.skipped:
        return _as_before(reading.skipped[reading.first])
    if reading.read or not (reading.failed or reading.skipped):
        return None
    return next(iter(reading.failed.values()), None) or _as_before(next(iter(reading.skipped.values())))


def _is_the_streams_own(error: ConnectorError) -> bool:
    """Say whether an error concerns one stream alone: it needs a person, or its allowance is spent."""
    if isinstance(error, RateLimited | QuotaExhausted):
        return error.scope is Scope.STREAM
    return isinstance(error, NeedsPerson) and not _concerns_all(error)


def _as_before(state: StreamState) -> ConnectorError:
    """Return the error of a stream that was not even asked, because only a person can mend it."""
    kinds = {kind.reason: kind for kind in (PermissionMissing, Refused, NotFound)}
    return kinds[state.failing_reason or Refused.reason]("It was asked within the hour, and refused.")
