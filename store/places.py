"""Where items are on their platforms: what was told of them, what is to be asked, and what is forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select, update

from moderation.items import (
    AccountName,
    ItemId,
    ItemKind,
    Presence,
    Reference,
    Sighting,
    digest,
    kept_text,
)
from store import tables
from store.rows import in_chunks

MOST_LOOKED_UP = 1_000
"""Items that one sweep looks up at most; the next one goes on with those that were asked longest ago."""


@dataclass(frozen=True, slots=True)
class Places:
    """Queries over where items are, inside one transaction."""

    connection: Connection

    def note(self, item: ItemId, presence: Presence, at: datetime) -> None:
        """Remember where an item is on its platform."""
        self.connection.execute(
            update(tables.items).where(tables.items.c.id == item).values(presence=presence, presence_at=at)
        )

    def own_post_is_gone(self, item: ItemId) -> bool:
        """Say whether a post of our own that an item stands under is known to be deleted."""
        own = tables.items.alias()
        under = tables.items.c
        query = (
            select(func.count())
            .select_from(tables.items)
            .join(
                own,
                (own.c.account == under.account)
                & or_(own.c.external_id == under.post_id, own.c.external_id == under.parent_id),
            )
            .where(under.id == item, own.c.is_own.is_(True), own.c.presence == Presence.DELETED)
        )
        return self.connection.execute(query).scalar_one() > 0

    def digest_of(self, item: ItemId) -> str:
        """Return the SHA-256 of an item's newest words, the part that is not kept included."""
        query = select(tables.items.c.digest).where(tables.items.c.id == item)
        return str(self.connection.execute(query).scalar_one())

    def remove_text(self, item: ItemId, at: datetime) -> None:
        """Remove the words of every version, and the author's name; digests and times stay."""
        self.connection.execute(
            update(tables.item_versions).where(tables.item_versions.c.item == item).values(text="")
        )
        self.connection.execute(
            update(tables.items).where(tables.items.c.id == item).values(author_name="", text_removed_at=at)
        )

    def bring_back(self, item: ItemId, version: int, sighting: Sighting) -> None:
        """Take over the words and the name again of an item that is shown again after it was forgotten."""
        words = tables.item_versions.c
        if digest(sighting.text) == self.digest_of(item):
            self.connection.execute(
                update(tables.item_versions)
                .where(words.item == item, words.number == version)
                .values(text=kept_text(sighting.text))
            )
        self.connection.execute(
            update(tables.items)
            .where(tables.items.c.id == item)
            .values(text_removed_at=None, author_name=kept_text(sighting.author.name))
        )

    def looked_up(self, items: Iterable[ItemId], at: datetime) -> None:
        """Note that the platform was asked about these."""
        for chunk in in_chunks(items):
            self.connection.execute(
                update(tables.items).where(tables.items.c.id.in_(chunk)).values(looked_up_at=at)
            )

    def to_look_up(
        self,
        account: AccountName,
        seen: Collection[str],
        since: datetime,
        streams: Collection[str],
        known_by: datetime,
    ) -> list[tuple[ItemId, Reference]]:
        """Return what ``streams`` showed first, was received ``since`` then, and is not among ``seen``.

        What is known to be gone is left out, and what was first seen after ``known_by``. What was never
        looked up comes first, then what was looked up longest ago; at most :data:`MOST_LOOKED_UP` of them.
        """
        columns = tables.items.c
        query = (
            select(columns.id, columns.external_id)
            .where(
                columns.account == account,
                columns.received_at >= since,
                columns.presence != Presence.DELETED,
                columns.stream.in_(list(streams)),
                columns.first_seen_at <= known_by,
            )
            .order_by(columns.looked_up_at.is_not(None), columns.looked_up_at, columns.id.desc())
        )
        unseen = [ItemId(row.id) for row in self.connection.execute(query) if row.external_id not in seen]
        return [(item, self.reference(item)) for item in sorted(unseen[:MOST_LOOKED_UP])]

    def found_by_sweep(self, account: AccountName, since: datetime) -> int:
        """Return how many items first seen ``since`` then no poll had shown."""
        items = tables.items.c
        query = select(func.count()).where(
            items.account == account, items.found_by == "sweep", items.first_seen_at >= since
        )
        return self.connection.execute(query).scalar_one()

    def reference(self, item: ItemId) -> Reference:
        """Return what a connector needs to find an item again."""
        return _reference(self.connection.execute(_references().where(tables.items.c.id == item)).one())


def _references() -> Select[Any]:
    return select(tables.items, tables.threads.c.external_id.label("thread_name")).join(
        tables.threads, tables.threads.c.id == tables.items.c.thread
    )


def _reference(row: Row[Any]) -> Reference:
    return Reference(
        external_id=row.external_id,
        kind=ItemKind(row.kind),
        thread_id=row.thread_name,
        parent_id=row.parent_id,
        post_id=row.post_id,
        author_id=row.author_id,
        permalink=row.permalink,
        digest=row.digest,
        created_at=row.created_at,
    )
