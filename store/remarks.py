"""What was said around one item, as its thread sees it: who, when, and what scoring makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, bindparam, select, union

from moderation.abuse.threads import Remark
from moderation.items import AccountName, ItemId, StoredItem, author_key
from store import tables
from store.assessments import assessment_from
from store.rows import take_turns

NEAREST = 100
"""How many messages before an item, and how many after it, are read of its thread, and of its post."""


@dataclass(frozen=True, slots=True)
class Remarks:
    """Queries over what stands beside an item, inside one transaction."""

    connection: Connection

    def take_turns(self, account: AccountName) -> None:
        """Make everybody else who looks at threads of this account wait until this transaction ends.

        Two messages that are bullying only together would else be scored side by side, neither knowing of
        the other. It is asked for before anything is locked.
        """
        take_turns(self.connection, f"threads of {account}")

    def near(self, item: StoredItem, window: timedelta, earliest: datetime) -> list[Remark]:
        """Return the scored messages of others in the item's thread or under its post, within ``window``.

        They are the nearest before it and after it, the item itself left out, none from before
        ``earliest``; our own messages are nobody's remarks.
        """
        rows = self.connection.execute(
            _NEAR,
            {
                "this": item.id,
                "account": item.account,
                "thread": item.thread,
                "at": item.received_at,
                "since": max(item.received_at - window, earliest),
                "until": item.received_at + window,
            },
        )
        return [
            Remark(
                item=ItemId(row.item),
                version=row.version,
                thread=row.thread,
                author=author_key(row.author_id, row.external_id),
                received_at=row.received_at,
                said=assessment_from(row),
            )
            for row in rows
        ]


def _near() -> Select[tuple[object, ...]]:
    """Return the question for :meth:`Remarks.near`, which is built once.

    Every part of it walks along one index from the item and stops: a thread may hold ten thousand messages.
    """
    items, said, here = tables.items, tables.assessments, tables.items.alias()
    post = select(here.c.post_id).where(here.c.id == bindparam("this")).scalar_subquery()
    at = items.c.received_at
    parts = []
    for place in (
        (items.c.thread == bindparam("thread"),),
        (items.c.account == bindparam("account"), items.c.post_id == post),
    ):
        beside = select(items.c.id).where(*place, ~items.c.is_own, items.c.id != bindparam("this"))
        before = beside.where(at >= bindparam("since"), at <= bindparam("at")).order_by(at.desc())
        after = beside.where(at > bindparam("at"), at <= bindparam("until")).order_by(at)
        parts += [select(part.limit(NEAREST).subquery().c.id) for part in (before, after)]
    nearest = union(*parts).subquery()
    newest = (
        select(said.c.id)
        .where(said.c.item == items.c.id)
        .order_by(said.c.version.desc(), said.c.id.desc())
        .limit(1)
        .correlate(items)
        .scalar_subquery()
    )
    return (
        select(items.c.thread, items.c.author_id, items.c.external_id, at, said)
        .join(nearest, nearest.c.id == items.c.id)
        .join(said, said.c.id == newest)
    )


_NEAR = _near()
