"""What happened to items on their platforms: deleted, hidden. Rows are added and ended, never removed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

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

    def end_all(self, item: ItemId, at: datetime) -> list[ItemFact]:
        """Note that nothing of it is so any longer: an item is shown again. Return what was so."""
        facts = tables.item_facts.c
        ended = self.of([item])
        self.connection.execute(
            update(tables.item_facts).where(facts.item == item, facts.ended_at.is_(None)).values(ended_at=at)
        )
        return ended

    def undo_stop(self, case: CaseId, fact: ItemFact, event: CaseEvent) -> bool:
        """Let a clock run on that ``fact`` alone had stopped; return whether it had.

        A case that was closed with it is open again, unless a person has closed it.
        """
        clocks, cases = tables.clocks.c, tables.cases.c
        again = self.connection.execute(
            update(tables.clocks)
            .where(clocks.case == case, clocks.stopped_at == fact.at, clocks.stopped_how.in_(_BY_FACTS))
            .values(stopped_at=None, stopped_how=None, answer_item=None)
        )
        if again.rowcount != 1:
            return False
        taken_by = self.connection.execute(select(cases.taken_by).where(cases.id == case)).scalar_one()
        if not self._closed_by_a_person(case):
            self.connection.execute(
                update(tables.cases)
                .where(cases.id == case, cases.state == CaseState.CLOSED)
                .values(state=CaseState.NEW if taken_by is None else CaseState.TAKEN)
            )
        self.connection.execute(insert(tables.case_events).values({"case": case, **row_of(event)}))
        return True

    def _closed_by_a_person(self, case: CaseId) -> bool:
        events = tables.case_events.c
        query = select(func.count()).where(events.case == case, events.act == Act.CLOSED, events.by != SYSTEM)
        return self.connection.execute(query).scalar_one() > 0

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
