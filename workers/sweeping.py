"""The sweep: everything of the last days read again, and what it no longer shows looked up by its id."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from connectors.base import Connector, ConnectorError, NeedsPerson
from moderation.intake import Arrival, receive
from moderation.items import Found, ItemId, Presence, Reference
from moderation.ports import Account
from moderation.presence import moved
from store.streams import StreamState
from workers.desk import Desk
from workers.pace import ASK_AGAIN
from workers.reading import Reading

LOOKED_UP_TOGETHER = 100
SETTLING = timedelta(hours=1)
"""What was first seen within this time is not looked up yet: a platform's servers may not all know of it."""


def due_streams(desk: Desk, account: Account, reading: Reading, now: datetime) -> list[str]:
    """Return which of the streams that were just read are to be swept too.

    The first complete poll of a stream read as much, so it counts as its first sweep. One that broke off is
    tried again after an hour.
    """
    every = timedelta(hours=account.sweep_every_hours)
    with desk.store.begin() as unit:
        states = unit.streams.states(account.name)
        due = []
        for stream in reading.read:
            state = states.get(stream, StreamState())
            if state.swept_at is None:
                unit.streams.swept(account.name, stream, now)
            elif now - state.swept_at >= every and _may_try(state, now):
                due.append(stream)
    return due


def _may_try(state: StreamState, now: datetime) -> bool:
    tried = state.sweep_tried_at
    return tried is None or tried == state.swept_at or now - tried >= ASK_AGAIN


def sweep(
    desk: Desk,
    account: Account,
    connector: Connector,
    reading: Reading,
    streams: list[str],
    keep: Callable[[], None],
) -> None:
    """Read ``streams`` of the last days again, and look up by its id what they do not show any more.

    Comes right after a complete poll: what is older than that and new to us, polls had missed. That number is
    kept: it should be nought. A listing's silence is no proof, so whatever it leaves out is looked up. Only
    then are the streams swept; one that breaks off keeps no other from it.

    Raises:
        ConnectorError: it broke off; nothing is concluded from what was not shown.
    """
    started = desk.ports.now()
    since = started - timedelta(days=connector.sweep_days())
    seen: set[str] = set()
    with desk.store.begin() as unit:
        for stream in streams:
            unit.streams.sweep_tried(account.name, stream, started)
    ended, broken = [], None
    for stream in streams:
        try:
            seen |= _sweep_stream(desk, account, connector, stream, (since, started), keep)
        except ConnectorError as error:
            broken = error  # the next one may be swept all the same
        else:
            ended.append(stream)
    with desk.store.begin() as unit:
        reading.found_by_sweep = unit.places.found_by_sweep(account.name, started)
        unseen = unit.places.to_look_up(account.name, seen, since, ended, started - SETTLING)
    try:
        look_up(desk, account, connector, unseen, keep)
    except NeedsPerson:
        _note_swept(desk, account, ended, started)  # asked again before tomorrow, it would say the same
        raise
    _note_swept(desk, account, ended, started)
    if broken is not None:
        raise broken


def _sweep_stream(
    desk: Desk,
    account: Account,
    connector: Connector,
    stream: str,
    times: tuple[datetime, datetime],
    keep: Callable[[], None],
) -> set[str]:
    """Read one stream from the first of ``times`` on; return the ids of what it showed."""
    since, started = times
    seen: set[str] = set()
    with desk.store.begin() as unit:
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
            earliest=None,  # that polls had missed it is our fault: its clock starts when it was written
            started_at=started,
            swept_after=polled_at,
        )
        receive(desk.ports, arrival)
    return seen


def _note_swept(desk: Desk, account: Account, streams: list[str], at: datetime) -> None:
    with desk.store.begin() as unit:
        for stream in streams:
            unit.streams.swept(account.name, stream, at)


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
        with desk.store.begin() as unit:
            unit.places.looked_up([item for item, _ in batch], desk.ports.now())
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
