"""What happened to items on their platforms: deleted, hidden. Rows are added and ended, never removed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from moderation.items import ItemId
from moderation.ports import ItemFact
from sla.clocks import FactKind
from store import tables
from store.rows import in_chunks, insert_new


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

    def end(self, item: ItemId, kind: FactKind, at: datetime) -> None:
        """Note that it is so no longer: an item is shown again."""
        facts = tables.item_facts.c
        self.connection.execute(
            update(tables.item_facts)
            .where(facts.item == item, facts.kind == kind, facts.ended_at.is_(None))
            .values(ended_at=at)
        )

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
