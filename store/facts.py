"""What happened to items on their platforms: deleted, hidden. Rows are added and ended, never removed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from moderation.cases import Act, CaseEvent, CaseId, CaseState
from moderation.items import ItemId
from moderation.ports import SYSTEM, ItemFact
from sla.clocks import FactKind, StoppedHow
from store import tables
from store.rows import in_chunks, insert_new, row_of

_BY_FACTS = (StoppedHow.WITHDRAWN, StoppedHow.HELD)
"""How a fact ends a wait."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Queries over the facts of items, inside one transaction."""

    connection: Connection

    def add(self, fact: ItemFact, noticed_at: datetime) -> None:
        """Remember a fact; the same one is remembered once."""
        row = {
            "item": fact.item,
            "kind": fact.kind,
            "at": fact.at,
            "noticed_at": noticed_at,
            "by": fact.by,
        }
        insert_new(self.connection, tables.item_facts, [row])
        facts = tables.item_facts.c
        self.connection.execute(  # it was so before, was undone, and is so again
            update(tables.item_facts)
            .where(facts.item == fact.item, facts.kind == fact.kind, facts.at == fact.at)
            .values(ended_at=None)
        )

    def end_all(self, item: ItemId, at: datetime) -> list[ItemFact]:
        """Note that nothing of it is so any longer: an item is shown again. Return what was so."""
        facts = tables.item_facts.c
        ended = self.of([item])
        self.connection.execute(
            update(tables.item_facts).where(facts.item == item, facts.ended_at.is_(None)).values(ended_at=at)
        )
        return ended

    def undo_stop(self, case: CaseId, fact: ItemFact, event: CaseEvent) -> bool:
        """Let a clock run on that facts about its messages had stopped; return whether they had.

        ``fact`` is one of them that is so no longer; where the others still stop it, settling does. The case
        is open again with it. What a person has closed since stays as it is, its clock too.
        """
        clocks, cases, facts, items = tables.clocks.c, tables.cases.c, tables.item_facts.c, tables.items.c
        if self._closed_by_a_person(case):
            return False
        moments = select(facts.at).join(tables.items, items.id == facts.item).where(items.case == case)
        by_a_fact = or_(clocks.stopped_at == fact.at, clocks.stopped_at.in_(moments))
        again = self.connection.execute(
            update(tables.clocks)
            .where(clocks.case == case, by_a_fact, clocks.stopped_how.in_(_BY_FACTS))
            .values(stopped_at=None, stopped_how=None, answer_item=None)
        )
        if again.rowcount != 1:
            return False
        taken_by = self.connection.execute(select(cases.taken_by).where(cases.id == case)).scalar_one()
        self.connection.execute(
            update(tables.cases)
            .where(cases.id == case, cases.state == CaseState.CLOSED)
            .values(state=CaseState.NEW if taken_by is None else CaseState.TAKEN)
        )
        self.connection.execute(insert(tables.case_events).values({"case": case, **row_of(event)}))
        return True

    def _closed_by_a_person(self, case: CaseId) -> bool:
        events = tables.case_events.c
        closings = select(events.by).where(events.case == case, events.act == Act.CLOSED)
        by = self.connection.execute(closings.order_by(events.id.desc()).limit(1)).scalar_one_or_none()
        return by is not None and by != SYSTEM

    def of(self, items: Iterable[ItemId]) -> list[ItemFact]:
        """Return what is still so of ``items``, the earliest first."""
        facts = tables.item_facts.c
        found = []
        for chunk in in_chunks(items):
            query = (
                select(facts.item, facts.kind, facts.at, facts.by)
                .where(facts.item.in_(chunk), facts.ended_at.is_(None))
                .order_by(facts.at, facts.id)
            )
            found += [
                ItemFact(ItemId(row.item), FactKind(row.kind), row.at, row.by)
                for row in self.connection.execute(query)
            ]
        return found
