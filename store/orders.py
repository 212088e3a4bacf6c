"""What people ordered to be done on platforms. A row is written before anything is sent."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from moderation.actions import ActionKind, Done, Order, OrderState, StoredOrder
from moderation.cases import CaseId
from moderation.items import ItemId
from store import tables


@dataclass(frozen=True, slots=True)
class Orders:
    """Queries over orders, inside one transaction."""

    connection: Connection

    def add(self, case: CaseId, order: Order, by: str, approved_by: str | None, at: datetime) -> int:
        """Write an order down and return its number."""
        row = {
            "case": case,
            "item": order.item,
            "kind": order.kind,
            "words": order.words,
            "why": order.why,
            "by": by,
            "approved_by": approved_by,
            "state": OrderState.ORDERED,
            "reference": f"socialduty-{secrets.token_hex(12)}",
            "ordered_at": at,
            "confirmed": False,
            "remark": "",
        }
        return int(
            self.connection.execute(
                insert(tables.actions).values(row).returning(tables.actions.c.id)
            ).scalar_one()
        )

    def get(self, number: int) -> StoredOrder:
        """Return one order."""
        query = select(tables.actions).where(tables.actions.c.id == number)
        return _order(self.connection.execute(query).one())

    def begin(self, number: int, at: datetime) -> bool:
        """Note that it is about to be sent; ``False`` when somebody began before or it is over."""
        changed = self.connection.execute(
            update(tables.actions)
            .where(tables.actions.c.id == number, tables.actions.c.state == OrderState.ORDERED)
            .values(state=OrderState.SENDING, began_at=at)
        )
        return changed.rowcount == 1

    def put_back(self, number: int) -> None:
        """Note that it was surely not sent, and may be tried again."""
        self.connection.execute(
            update(tables.actions)
            .where(tables.actions.c.id == number, tables.actions.c.state == OrderState.SENDING)
            .values(state=OrderState.ORDERED, began_at=None)
        )

    def about(self, item: ItemId, kinds: Collection[ActionKind]) -> bool:
        """Say whether one of ``kinds`` was done to an item from here, or is being done."""
        actions = tables.actions.c
        query = select(func.count()).where(
            actions.item == item,
            actions.kind.in_([str(kind) for kind in kinds]),
            actions.state.in_([OrderState.SENDING, OrderState.DONE, OrderState.UNSURE]),
        )
        return self.connection.execute(query).scalar_one() > 0

    def same_reply(self, item: ItemId, words: str) -> int | None:
        """Return the order that has sent, or will send, the same words to the same item."""
        actions = tables.actions.c
        query = select(actions.id).where(
            actions.item == item,
            actions.kind == ActionKind.REPLY,
            actions.words == words,
            actions.state.in_([OrderState.ORDERED, OrderState.SENDING, OrderState.DONE]),
        )
        number: int | None = self.connection.execute(query.limit(1)).scalar_one_or_none()
        return number

    def end(self, number: int, state: OrderState, at: datetime, result: Done) -> None:
        """Note what became of it."""
        self.connection.execute(
            update(tables.actions)
            .where(tables.actions.c.id == number)
            .values(
                state=state,
                ended_at=at,
                external_id=result.external_id,
                confirmed=result.confirmed,
                remark=result.remark,
            )
        )


def orders_of(connection: Connection, case: CaseId) -> list[dict[str, Any]]:
    """Return what was ordered in a case, oldest first; the words of replies are left out."""
    query = select(tables.actions).where(tables.actions.c.case == case).order_by(tables.actions.c.id)
    return [_listed(row) for row in _rows(connection, query)]


def _rows(connection: Connection, query: Any) -> Iterable[Row[Any]]:
    return connection.execute(query)


def _listed(row: Row[Any]) -> dict[str, Any]:
    names = ("kind", "item", "state", "by", "approved_by", "ordered_at", "ended_at", "confirmed", "remark")
    return {"order": row.id, **{name: getattr(row, name) for name in names}}


def _order(row: Row[Any]) -> StoredOrder:
    return StoredOrder(
        id=row.id,
        case=CaseId(row.case),
        order=Order(ActionKind(row.kind), ItemId(row.item), row.words, row.why),
        by=row.by,
        approved_by=row.approved_by,
        state=OrderState(row.state),
        reference=row.reference,
        ordered_at=row.ordered_at,
        began_at=row.began_at,
        remark=row.remark,
    )
