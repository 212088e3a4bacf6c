"""Where items are on their platforms, and what follows from it for clocks and for the words that we keep.

Only a lookup by id may say that something is gone. What a listing leaves out may be anything.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from moderation.cases import Act, CaseId, needs_a_person
from moderation.items import ItemId, Presence, StoredItem
from moderation.ports import ItemFact, Ports, Unit, system_event
from moderation.response import settle, settle_answered
from moderation.tasks import Claim, NewTask, TaskKind
from sla.clocks import FactKind

FORGOTTEN_AFTER = timedelta(hours=20)
"""When the words of what was deleted on its platform are removed here too: platforms want it within a day."""

_FACT_OF = {Presence.DELETED: FactKind.DELETE, Presence.HIDDEN: FactKind.HIDE}

_WORDS = {
    Presence.DELETED: "is deleted on its platform",
    Presence.HIDDEN: "is hidden on its platform",
    Presence.INVISIBLE: "is no longer shown to us on its platform; nothing follows from that",
    Presence.UNKNOWN: "could not be looked up on its platform; nothing follows from that",
    Presence.PRESENT: "is shown again on its platform",
}


def shown_as(hidden: bool | None, was: Presence) -> Presence:
    """Return where an item is that the platform shows us; one that we hid stays so where it does not say."""
    if hidden is None:
        return was if was is Presence.HIDDEN else Presence.PRESENT
    return Presence.HIDDEN if hidden else Presence.PRESENT


def moved(
    ports: Ports, unit: Unit, item: ItemId, was: Presence, now_at: Presence, by_us_at: datetime | None = None
) -> None:
    """Write down that an item is somewhere else on its platform than before, and the work that follows.

    1. Remember where it is; a fact for the clock rules when it is gone or hidden, ended when it is back.
    2. Its case's history says so, and its author's clocks are settled anew.
    3. The words of what is deleted are removed within a day, unless they are evidence.

    ``by_us_at`` is when we did it ourselves from here, by a person's decision; otherwise whoever deletes is
    taken for the author, and whoever hides for somebody at the school, on the platform itself.
    """
    at = ports.now()
    seen = Presence.PRESENT if now_at is Presence.EDITED else now_at
    if seen is was:
        return
    unit.items.note_presence(item, seen, at)
    stored = unit.items.get(item)
    own = ports.accounts[stored.account].external_id
    if (gone := _FACT_OF.get(was)) is not None and seen in (Presence.PRESENT, *_FACT_OF):
        unit.facts.end(item, gone, at)
    if (fact := _FACT_OF.get(seen)) is not None:
        by = own if seen is Presence.HIDDEN or by_us_at is not None else None
        unit.facts.add(ItemFact(item, fact, max(by_us_at or at, stored.received_at), by), at)
    if stored.case is not None:
        unit.cases.note(CaseId(stored.case), system_event(Act.NOTED, at, f"item {item} {_WORDS[seen]}"))
    occasion = f"{item}:{seen}:{at.isoformat()}"
    tasks = [NewTask(TaskKind.SETTLE_ITEM, occasion, str(item), at)]
    if seen is Presence.DELETED:
        tasks.append(NewTask(TaskKind.FORGET_TEXT, occasion, str(item), at + FORGOTTEN_AFTER))
    unit.tasks.add(tasks, at)


def settle_item(ports: Ports, claim: Claim) -> None:
    """Something happened to an item on its platform: bring its author's clocks up to date.

    What was not scored yet is settled when it is.
    """
    with ports.store.finishing(claim) as unit:
        item = unit.items.get(ItemId(int(claim.subject)))
        if item.account not in ports.accounts:
            return
        unit.items.lock_thread(item.thread)
        if item.is_own:
            settle_answered(ports, unit, item)
        elif item.received_at >= ports.accounts[item.account].go_live and _was_scored(unit, item):
            settle(ports, unit, item, item.author_key)


def forget_text(ports: Ports, claim: Claim) -> None:
    """Remove the words of an item that its platform no longer has, unless it is back or they are evidence."""
    with ports.store.finishing(claim) as unit:
        item = unit.items.get(ItemId(int(claim.subject)))
        if item.presence is Presence.DELETED and not _is_evidence(unit, item):
            unit.items.remove_text(item.id, ports.now())


def _was_scored(unit: Unit, item: StoredItem) -> bool:
    return unit.assessments.latest(item.id) is not None


def _is_evidence(unit: Unit, item: StoredItem) -> bool:
    """Say whether somebody may need the words: they are serious, doubtful, or nobody has judged them yet."""
    said = unit.assessments.latest(item.id)
    if said is None or needs_a_person(said):
        return True
    return item.case is not None and needs_a_person(unit.cases.get(CaseId(item.case)))
