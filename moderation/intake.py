"""Taking in what a platform shows: each page is stored, with its work, before the next is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.abuse.glance import is_pressing
from moderation.items import LONGEST_ID, AccountName, Rejected, Sighting, storable
from moderation.ports import Ports, Recorded
from moderation.presence import moved, shown_as
from moderation.tasks import NewTask, TaskKind

AHEAD = timedelta(minutes=4)
"""How far what seems pressing goes ahead of what came before it. Work that is later than that is stuck."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One page of a stream, as it came in.

    ``cursor`` comes with the last page of a complete listing. ``earliest`` is when the complete poll
    before this one began, ``started_at`` when this one did. A sweep says with ``swept_after`` when the
    stream was last polled: what is older and new to us was found by the sweep only.
    """

    account: AccountName
    stream: str
    items: tuple[Sighting, ...]
    rejected: tuple[Rejected, ...]
    cursor: Mapping[str, object] | None
    earliest: datetime | None
    started_at: datetime
    swept_after: datetime | None = None


def receive(ports: Ports, arrival: Arrival) -> int:
    """Store one page and the work that follows from it; return how many items were new.

    1. Items already known change nothing, unless their words changed: that is a new version.
    2. Somebody else's new words are to be scored; our own may have answered somebody.
    3. What cannot be an item waits for a person; the others of its page go on.
    4. What is hidden, or shown again, is written down with what follows for the clocks.
    5. With the last page, the stream's cursor moves.
    """
    now = ports.now()
    account = arrival.account
    unique = list({storable(each.external_id): each for each in arrival.items if _ids_fit(each)}.values())
    misfits = [
        Rejected(each.external_id, "an id is too long") for each in arrival.items if not _ids_fit(each)
    ]
    with ports.store.begin() as unit:
        recorded = unit.items.record(
            account, unique, now, arrival.earliest, arrival.swept_after, arrival.stream
        )
        unit.items.reject(account, arrival.stream, [*arrival.rejected, *misfits], now)
        changed = [pair for pair in zip(unique, recorded, strict=True) if pair[1].text_changed]
        unit.tasks.add([_follow_up(sighting, result, now) for sighting, result in changed], now)
        # In one order everywhere, so that two who read at once do not wait for each other.
        seen = sorted(zip(unique, recorded, strict=True), key=lambda pair: pair[1].item)
        for sighting, result in seen:
            if not result.is_new:
                moved(ports, unit, result.item, result.was, shown_as(sighting.hidden, result.was))
        if arrival.cursor is not None:
            unit.cursors.move(account, arrival.stream, arrival.cursor, arrival.started_at)
    return sum(result.is_new for result in recorded)


def _ids_fit(sighting: Sighting) -> bool:
    ids = (
        sighting.external_id,
        sighting.thread_id,
        sighting.parent_id,
        sighting.post_id,
        sighting.author.external_id,
    )
    return all(len(each) <= LONGEST_ID for each in ids if each is not None)


def _follow_up(sighting: Sighting, recorded: Recorded, now: datetime) -> NewTask:
    kind = TaskKind.SETTLE_REPLY if sighting.is_own else TaskKind.SCORE_ITEM
    next_at = now - AHEAD if kind is TaskKind.SCORE_ITEM and is_pressing(sighting.text) else now
    return NewTask(kind, f"{recorded.item}:{recorded.version}", subject=str(recorded.item), next_at=next_at)
