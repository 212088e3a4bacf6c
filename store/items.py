"""What was received: items with their versions, threads, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, select, update

from moderation.cases import CaseId
from moderation.items import (
    LONGEST_ID,
    AccountName,
    Author,
    ItemId,
    ItemKind,
    Presence,
    Rejected,
    Sighting,
    StoredItem,
    Version,
    author_key,
    believed,
    digest,
    kept_text,
    storable,
)
from moderation.ports import Recorded
from sla.messages import BELIEVED_SKEW
from store import tables
from store.places import Places
from store.rows import in_chunks, insert_new

_HIDDEN = "hidden:"

STREAM_LENGTH = 64
"""Characters of a stream's name that are kept."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """How items were seen: when, since when at the earliest, in which stream, and whether in a sweep."""

    at: datetime
    earliest: datetime | None
    swept_after: datetime | None
    stream: str


@dataclass(frozen=True, slots=True)
class Items:
    """Queries over items, inside one transaction."""

    connection: Connection

    def record(
        self,
        account: AccountName,
        sightings: Sequence[Sighting],
        seen_at: datetime,
        earliest: datetime | None,
        swept_after: datetime | None = None,
        stream: str = "",
    ) -> list[Recorded]:
        """Store what was seen, in order; a known item with new words gets a new version.

        ``earliest`` is kept with new items: none of them can have been visible before it. ``swept_after`` is
        given by a sweep: when everything was last polled. Only the sweep found what is older than that.
        """
        if not sightings:
            return []
        known = self._known(account, sightings)
        fresh = [each for each in sightings if storable(each.external_id) not in known]
        self._add_items(account, fresh, _Seen(seen_at, earliest, swept_after, stream))
        stored = known | self._known(account, fresh)
        recorded = []
        for sighting in sightings:
            key = storable(sighting.external_id)
            recorded.append(self._recorded(sighting, stored[key], is_new=key not in known, at=seen_at))
        return recorded

    def _known(self, account: AccountName, sightings: Iterable[Sighting]) -> dict[str, Row[Any]]:
        found: dict[str, Row[Any]] = {}
        columns = (
            tables.items.c.id,
            tables.items.c.external_id,
            tables.items.c.version,
            tables.items.c.digest,
            tables.items.c.presence,
            tables.items.c.text_removed_at,
        )
        for keys in in_chunks(storable(each.external_id) for each in sightings):
            query = select(*columns).where(
                tables.items.c.account == account, tables.items.c.external_id.in_(keys)
            )
            found.update({row.external_id: row for row in self.connection.execute(query)})
        return found

    def _add_items(self, account: AccountName, fresh: Sequence[Sighting], seen: _Seen) -> None:
        if not fresh:
            return
        threads = self._threads(account, fresh)
        platform = self.connection.execute(
            select(tables.accounts.c.platform).where(tables.accounts.c.name == account)
        ).scalar_one()
        rows = [
            {
                "account": account,
                "platform": platform,
                "kind": each.kind,
                "external_id": storable(each.external_id),
                "thread": threads[storable(each.thread_id)],
                "parent_id": _storable(each.parent_id),
                "post_id": _storable(each.post_id),
                "author_id": _storable(each.author.external_id),
                "author_name": kept_text(each.author.name),
                "is_own": each.is_own,
                "created_at": each.created_at,
                "first_seen_at": seen.at,
                "received_at": believed(each.created_at, seen.at, seen.earliest),
                "earliest_possible_at": seen.earliest,
                "stream": seen.stream[:STREAM_LENGTH] or None,
                "permalink": storable(each.permalink),
                **_named_in(each),
                "version": 1,
                "digest": digest(each.text),
                "presence": Presence.HIDDEN if each.hidden else Presence.PRESENT,
                "found_by": "sweep" if _only_swept(each, seen.swept_after) else "poll",
            }
            for each in fresh
        ]
        insert_new(self.connection, tables.items, rows)
        numbers = self._known(account, fresh)
        insert_new(
            self.connection,
            tables.item_versions,
            [_version(numbers[storable(each.external_id)].id, 1, each.text, seen.at) for each in fresh],
        )

    def _threads(self, account: AccountName, sightings: Iterable[Sighting]) -> dict[str, int]:
        keys = sorted({storable(each.thread_id) for each in sightings})
        insert_new(
            self.connection, tables.threads, [{"account": account, "external_id": key} for key in keys]
        )
        query = select(tables.threads.c.external_id, tables.threads.c.id).where(
            tables.threads.c.account == account
        )
        return {
            row.external_id: row.id
            for chunk in in_chunks(keys)
            for row in self.connection.execute(query.where(tables.threads.c.external_id.in_(chunk)))
        }

    def _recorded(self, sighting: Sighting, row: Row[Any], *, is_new: bool, at: datetime) -> Recorded:
        item = ItemId(row.id)
        if is_new:
            return Recorded(item, 1, is_new=True, text_changed=True)
        was = Presence(row.presence)
        if row.text_removed_at is not None:
            Places(self.connection).bring_back(item, row.version, sighting)
        if row.digest == digest(sighting.text):
            return Recorded(item, row.version, is_new=False, text_changed=False, was=was)
        number = row.version + 1
        insert_new(self.connection, tables.item_versions, [_version(item, number, sighting.text, at)])
        self.connection.execute(
            update(tables.items)
            .where(tables.items.c.id == item)
            .values(version=number, digest=digest(sighting.text), **_named_in(sighting))
        )
        return Recorded(item, number, is_new=False, text_changed=True, was=was)

    def reject(self, account: AccountName, stream: str, rejected: Iterable[Rejected], at: datetime) -> None:
        """Keep what could not be read, once each, for a person to look at on the platform."""
        rows = [
            {
                "account": account,
                "stream": stream,
                "external_id": storable(each.external_id or "")[:LONGEST_ID],
                "reason": storable(each.reason),
                "seen_at": at,
            }
            for each in rejected
        ]
        insert_new(self.connection, tables.rejected_items, rows)

    def get(self, item: ItemId) -> StoredItem:
        """Return one item with its newest words."""
        return _item(self.connection.execute(_items().where(tables.items.c.id == item)).one())

    def versions_of(self, items: Iterable[ItemId]) -> dict[ItemId, list[Version]]:
        """Return every wording that each of ``items`` ever had, the first one first."""
        words, said = tables.item_versions.c, tables.assessments.c
        scored = exists().where(said.item == words.item, said.version == words.number)
        found: dict[ItemId, list[Version]] = {}
        for chunk in in_chunks(items):
            query = (
                select(words.item, words.number, words.text, words.seen_at, scored.label("scored"))
                .where(words.item.in_(chunk))
                .order_by(words.item, words.number)
            )
            for row in self.connection.execute(query):
                version = Version(row.number, row.text, row.seen_at, bool(row.scored))
                found.setdefault(ItemId(row.item), []).append(version)
        return found

    def thread_of(self, thread: int, authors: Iterable[str]) -> list[StoredItem]:
        """Return what ``authors`` wrote in a thread and what we wrote there ourselves, oldest first."""
        names = list(authors)
        hidden = [name.removeprefix(_HIDDEN) for name in names if name.startswith(_HIDDEN)]
        found: dict[int, StoredItem] = {}
        # One question each, so that every one finds its index: a thread may hold ten thousand messages.
        whose: tuple[ColumnElement[bool], ...] = (
            tables.items.c.is_own.is_(True),
            tables.items.c.author_id.in_(names),
            and_(tables.items.c.author_id.is_(None), tables.items.c.external_id.in_(hidden)),
        )
        for condition in whose:
            query = _items().where(tables.items.c.thread == thread, condition)
            found.update({row.id: _item(row) for row in self.connection.execute(query)})
        return sorted(found.values(), key=lambda each: (each.received_at, each.id))

    def others_in_private(self, thread: int) -> set[str]:
        """Return who else than ourselves has written private messages in a thread."""
        items = tables.items.c
        query = select(items.author_id, items.external_id).where(
            items.thread == thread, items.is_own.is_(False), items.kind == ItemKind.MESSAGE
        )
        return {author_key(row.author_id, row.external_id) for row in self.connection.execute(query)}

    def parent_authors(self, items: Iterable[StoredItem]) -> dict[ItemId, str | None]:
        """Return for each item whose message it replies to; ``None`` where that is not a stored message."""
        wanted = list(items)
        authors: dict[tuple[str, str], str] = {}
        for account in {each.account for each in wanted}:
            parents = {each.parent_id for each in wanted if each.account == account and each.parent_id}
            for keys in in_chunks(sorted(parents)):
                query = select(tables.items.c.external_id, tables.items.c.author_id).where(
                    tables.items.c.account == account, tables.items.c.external_id.in_(keys)
                )
                for row in self.connection.execute(query):
                    authors[account, row.external_id] = row.author_id or f"{_HIDDEN}{row.external_id}"
        return {each.id: authors.get((each.account, each.parent_id or "")) for each in wanted}

    def put_in_case(self, items: Iterable[ItemId], case: CaseId) -> None:
        """Note that ``items`` belong to a case from now on."""
        for chunk in in_chunks(items):
            self.connection.execute(
                update(tables.items).where(tables.items.c.id.in_(chunk)).values(case=case)
            )

    def lock_thread(self, thread: int) -> None:
        """Make everybody else who settles this thread wait until this transaction ends."""
        self.connection.execute(
            update(tables.threads)
            .where(tables.threads.c.id == thread)
            .values(settled=tables.threads.c.settled + 1)
        )


def _only_swept(sighting: Sighting, swept_after: datetime | None) -> bool:
    """Say whether polls had their chance to show it. What is newer than the last poll had not."""
    if swept_after is None:
        return False
    return sighting.created_at is None or sighting.created_at < swept_after - BELIEVED_SKEW


def _storable(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _named_in(sighting: Sighting) -> dict[str, Any]:
    """Return what a version of an item shows beside its words: an edit may name somebody else."""
    return {
        "mentions": [storable(name) for name in sighting.mentions],
        "names_school": sighting.names_school,
        "media": list(sighting.media),
    }


def _version(item: int, number: int, text: str, seen_at: datetime) -> dict[str, Any]:
    return {
        "item": item,
        "number": number,
        "text": kept_text(text),
        "digest": digest(text),
        "seen_at": seen_at,
    }


def _items() -> Select[Any]:
    return select(tables.items, tables.item_versions.c.text).join(
        tables.item_versions,
        and_(
            tables.item_versions.c.item == tables.items.c.id,
            tables.item_versions.c.number == tables.items.c.version,
        ),
    )


def _item(row: Row[Any]) -> StoredItem:
    return StoredItem(
        id=ItemId(row.id),
        account=AccountName(row.account),
        platform=row.platform,
        thread=row.thread,
        external_id=row.external_id,
        kind=ItemKind(row.kind),
        parent_id=row.parent_id,
        author=Author(row.author_id, row.author_name),
        is_own=row.is_own,
        text=row.text,
        version=row.version,
        created_at=row.created_at,
        first_seen_at=row.first_seen_at,
        earliest_possible_at=row.earliest_possible_at,
        permalink=row.permalink,
        mentions=tuple(row.mentions),
        names_school=row.names_school,
        case=row.case,
        presence=Presence(row.presence),
        post_id=row.post_id,
    )
