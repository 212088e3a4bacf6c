"""Where items are on their platforms, and what follows from it for clocks and for the words that we keep.

Only a lookup by id may say that something is gone. What a listing leaves out may be anything.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from moderation.actions import ActionKind
from moderation.alerting import CaseAlert, plan_for_case
from moderation.alerts import AlertStep
from moderation.cases import Act, CaseId, needs_a_person
from moderation.edits import next_digest
from moderation.items import ItemId, Presence, StoredItem
from moderation.ports import ItemFact, Ports, Unit, system_event
from moderation.response import settle, settle_answered
from moderation.tasks import Claim, NewTask, TaskKind
from sla.clocks import FactKind

FORGOTTEN_AFTER = timedelta(hours=20)
"""When the words of what was deleted on its platform are removed here too: platforms want it within a day."""

_FACT_OF = {Presence.DELETED: FactKind.DELETE, Presence.HIDDEN: FactKind.HIDE}

_DONE_BY = {
    Presence.DELETED: frozenset({ActionKind.DELETE, ActionKind.BLOCK}),
    Presence.HIDDEN: frozenset({ActionKind.HIDE, ActionKind.BLOCK}),
}
"""The orders that put an item there. On some platforms blocking its author removes it too."""

_ACTED_ON = frozenset({ActionKind.HIDE, ActionKind.DELETE, ActionKind.BLOCK, ActionKind.REPORT})
"""What was ordered about an item makes its words evidence, whatever they are."""

_WORDS = {
    Presence.DELETED: "is deleted on its platform",
    Presence.HIDDEN: "is hidden on its platform",
    Presence.PRESENT: "is shown again on its platform",
}


def shown_as(hidden: bool | None, was: Presence) -> Presence:
    """Return where an item is that the platform shows us; one that we hid stays so where it does not say."""
    if hidden is None:
        return was if was is Presence.HIDDEN else Presence.PRESENT
    return Presence.HIDDEN if hidden else Presence.PRESENT


def moved(ports: Ports, unit: Unit, item: ItemId, was: Presence, now_at: Presence) -> None:
    """Write down that an item is somewhere else on its platform than before, and the work that follows.

    1. Remember where it is. Invisible and unknown say nothing: nothing follows from them.
    2. Deleted: a fact for the clock rules. It was the school where it was ordered from here, or our own post
       went with all under it; otherwise whoever wrote it.
    3. Hidden: a fact only where it was ordered from here. Whether a colleague hid it on the platform, or the
       platform's own filter did, nobody can tell: a person is asked.
    4. Shown again: what was so is so no longer, and a clock that it had stopped runs on.
    """
    at = ports.now()
    seen = Presence.PRESENT if now_at is Presence.EDITED else now_at
    if seen is was:
        return
    unit.places.note(item, seen, at)
    if seen in (Presence.INVISIBLE, Presence.UNKNOWN):
        return
    stored = unit.items.get(item)
    by_us = _by_us(ports, unit, stored, seen)
    if seen is Presence.PRESENT and not _shown_again(unit, stored, at):
        return
    if seen is Presence.DELETED or (seen is Presence.HIDDEN and by_us is not None):
        fact = ItemFact(item, _FACT_OF[seen], max(at, stored.received_at), by_us)
        unit.facts.add(fact, at)
    elif seen is Presence.HIDDEN:
        _ask_who_hid_it(ports, unit, stored)
    if stored.case is not None:
        unit.cases.note(CaseId(stored.case), system_event(Act.NOTED, at, f"item {item} {_WORDS[seen]}"))
    occasion = f"{item}:{seen}:{at.isoformat()}"
    tasks = [NewTask(TaskKind.SETTLE_ITEM, occasion, str(item), at)]
    if seen is Presence.DELETED:
        tasks.append(NewTask(TaskKind.FORGET_TEXT, occasion, str(item), at + FORGOTTEN_AFTER))
    unit.tasks.add(tasks, at)


def _by_us(ports: Ports, unit: Unit, item: StoredItem, seen: Presence) -> str | None:
    """Return the school's own id where the school did it: ordered from here, or its own post went."""
    own = ports.accounts[item.account].external_id
    if unit.orders.about(item.id, _DONE_BY.get(seen, ())):
        return own
    return own if seen is Presence.DELETED and unit.places.own_post_is_gone(item.id) else None


def _shown_again(unit: Unit, item: StoredItem, at: datetime) -> bool:
    """End what was known to have happened to an item; say whether there was anything."""
    ended = unit.facts.end_all(item.id, at)
    if item.case is not None:
        event = system_event(Act.NOTED, at, f"item {item.id} is shown again, so it waits again")
        for fact in ended:
            if unit.facts.undo_stop(CaseId(item.case), fact, event):
                # Its watching may have ended with it, or still lie before the next look.
                unit.tasks.reopen(TaskKind.WATCH_CLOCK, [str(item.case)], at)
                unit.tasks.hurry(TaskKind.WATCH_CLOCK, [str(item.case)], at)
    return bool(ended)


def _ask_who_hid_it(ports: Ports, unit: Unit, item: StoredItem) -> None:
    """Ask the desk: no answer is owed to what a colleague hid, and somebody waits where a filter did."""
    case = unit.cases.not_closed(item)
    if case is None:
        return
    occasion = f"{item.id}:{ports.now():%Y%m%d}"
    at = next_digest(ports.schools[case.school], ports.now())
    plan_for_case(ports, unit, case, CaseAlert(AlertStep.HIDDEN_THERE, occasion, at))


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
        elif not item.is_older_than(ports.accounts[item.account].go_live) and _was_scored(unit, item):
            settle(ports, unit, item, item.author_key)


def forget_text(ports: Ports, claim: Claim) -> None:
    """Remove the words of an item that its platform no longer has, unless it is back or they are evidence.

    What nobody has judged yet is looked at again in an hour.
    """
    with ports.store.begin() as unit:
        item = unit.items.get(ItemId(int(claim.subject)))
        waits = item.presence is Presence.DELETED and not item.is_own and not _was_scored(unit, item)
    if waits:
        with ports.store.continuing(claim, ports.now() + timedelta(hours=1)):
            return
    with ports.store.finishing(claim) as unit:
        item = unit.items.get(item.id)
        if item.presence is Presence.DELETED and not _is_evidence(unit, item):
            unit.places.remove_text(item.id, ports.now())


def _was_scored(unit: Unit, item: StoredItem) -> bool:
    return unit.assessments.latest(item.id) is not None


def _is_evidence(unit: Unit, item: StoredItem) -> bool:
    """Say whether somebody may need the words: they are serious or doubtful, or were acted on."""
    said = unit.assessments.latest(item.id)
    if (said is not None and needs_a_person(said)) or unit.orders.about(item.id, _ACTED_ON):
        return True
    return item.case is not None and needs_a_person(unit.cases.get(CaseId(item.case)))
