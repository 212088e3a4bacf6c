"""Reading one account: every stream for itself, then, once a day, everything of the last days again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from connectors.base import (
    AuthExpired,
    Connector,
    ConnectorError,
    NeedsPerson,
    Page,
    QuotaExhausted,
    RateLimited,
    Scope,
    Transient,
    Unexpected,
)
from moderation.intake import Arrival, receive
from moderation.items import Found, ItemId, ItemKind, Presence, Reference, Sighting
from moderation.ports import Account
from moderation.presence import moved
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
    for stream in _wanted(connector, account):
        state = states.get(stream, StreamState())
        if _rests(state, started):
            reading.skipped[stream] = state
            continue
        try:
            reading.found += _read_stream(desk, account, connector, stream, started, keep)
        except LeaseLost:
            raise
        except ConnectorError as error:
            reading.failed[stream] = error
            if _concerns_all(error):
                break
        except Exception as error:  # noqa: BLE001 - one stream's surprise must not end the others for ever
            log.warning("stream broke off", account=account.name, stream=stream, error=type(error).__name__)
            reading.failed[stream] = Unexpected(f"{type(error).__name__} while polling: report it")
        else:
            reading.read.append(stream)
    return reading


def _wanted(connector: Connector, account: Account) -> list[str]:
    return [stream for stream in connector.streams() if stream not in account.leave_out]


def _rests(state: StreamState, now: datetime) -> bool:
    """Say whether only a person can mend a stream, and it was looked at within the hour."""
    if state.failing_reason not in _FOR_PEOPLE or state.tried_at is None:
        return False
    return now - state.tried_at < ASK_AGAIN


_FOR_PEOPLE = frozenset({"permission_missing", "refused", "not_found"})


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


# The sweep


def sweep_due(desk: Desk, account: Account, connector: Connector, now: datetime) -> bool:
    """Say whether it is time to read everything of the last days again.

    The first complete poll of a stream read as much, so it counts as its first sweep.
    """
    every = timedelta(hours=account.sweep_every_hours)
    with desk.store.begin() as unit:
        states = unit.streams.states(account.name)
        due = False
        for stream in _wanted(connector, account):
            swept = states.get(stream, StreamState()).swept_at
            if swept is None:
                unit.streams.swept(account.name, stream, now)
            elif now - swept >= every:
                due = True
    return due


def sweep_account(
    desk: Desk,
    account: Account,
    connector: Connector,
    reading: Reading,
    started: datetime,
    keep: Callable[[], None],
) -> None:
    """Read all streams of the last days again, and look up by its id what they do not show any more.

    Comes right after a complete poll: what is older than that and new to us, polls had missed. That number is
    kept: it should be nought. A listing's silence is no proof, so whatever it leaves out is looked up.
    """
    since = started - timedelta(days=connector.sweep_days())
    seen: set[str] = set()
    for stream in _wanted(connector, account):
        with desk.store.begin() as unit:
            swept_at = unit.streams.states(account.name).get(stream, StreamState()).swept_at
            _, polled_at = unit.cursors.get(account.name, stream)
        for page in connector.sweep(stream, since, started):
            keep()
            seen.update(item.external_id for item in page.items)
            arrival = Arrival(
                account=account.name,
                stream=stream,
                items=page.items,
                rejected=page.rejected,
                cursor=None,
                earliest=swept_at,
                started_at=started,
                swept_after=polled_at,
            )
            receive(desk.ports, arrival)
        with desk.store.begin() as unit:
            unit.streams.swept(account.name, stream, started)
    with desk.store.begin() as unit:
        reading.found_by_sweep = unit.items.found_by_sweep(account.name, started)
        unseen = unit.items.not_among(account.name, seen, since)
    look_up(desk, account, connector, unseen[:MOST_LOOKED_UP], keep)


def look_up(
    desk: Desk,
    account: Account,
    connector: Connector,
    wanted: Iterable[tuple[ItemId, Reference]],
    keep: Callable[[], None],
) -> list[Found]:
    """Ask the platform where items are, and write down what became of them."""
    everything = list(wanted)
    answers: list[Found] = []
    for start in range(0, len(everything), LOOKED_UP_TOGETHER):
        batch = everything[start : start + LOOKED_UP_TOGETHER]
        keep()
        found = connector.lookup([reference for _, reference in batch], desk.ports.now())
        for (item, _), answer in zip(batch, found, strict=True):
            _take_over(desk, account, item, answer)
        answers += found
    return answers


def _take_over(desk: Desk, account: Account, item: ItemId, answer: Found) -> None:
    """Store what a lookup told: new words as an edit, anything else as where the item is."""
    shown = answer.item
    now = desk.ports.now()
    if shown is not None:
        receive(desk.ports, Arrival(account.name, "lookup", (shown,), (), None, None, now))
        if answer.presence in (Presence.PRESENT, Presence.EDITED):
            return
    with desk.store.begin() as unit:
        moved(desk.ports, unit, item, unit.items.get(item).presence, answer.presence)


def worst(reading: Reading) -> ConnectorError | None:
    """Return the error for which an account counts as not read; ``None`` when it is read in the main.

    It is read in the main when its first stream was and whatever failed beside it needs a person, such as a
    permission for messages: that is told by itself. Waiting errors always count: something was not seen.
    """
    for error in reading.failed.values():
        if not isinstance(error, NeedsPerson) or _concerns_all(error):
            return error
    if reading.read:
        return None
    return next(iter(reading.failed.values()), None)
