"""An item: one public comment, reply, mention or message that reached one of the school's accounts."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from sla.messages import BELIEVED_SKEW, FIRST_BELIEVED

AccountName = NewType("AccountName", str)
"""The account's name in the settings, for example ``oakfield-facebook``."""

ItemId = NewType("ItemId", int)

MAX_TEXT = 20_000
"""Characters of an item's text that are kept; the digest is always that of the whole."""

LONGEST_ID = 256
"""Characters of the longest id that is believed to be one."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class ItemKind(StrEnum):
    """What an item is on its platform."""

    POST = "post"
    COMMENT = "comment"
    REPLY = "reply"
    MENTION = "mention"
    MESSAGE = "message"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote an item, as far as the platform tells.

    ``external_id`` is the platform's id of the author; ``None`` when the platform hides the author.
    Such an item is kept, and its author is treated as somebody nobody else is.
    """

    external_id: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """One item as a connector saw it in one answer of the platform. The same item may be seen many times.

    ``external_id`` identifies the item on its account, whatever form the platform writes it in today.
    ``thread_id`` groups what belongs to one conversation: a top-level comment with its replies on
    Facebook and YouTube, the conversation on X. ``post_id`` is our post or video it stands under.
    ``parent_id`` is the external id of the item or post that this one replies to.
    ``created_at`` is the platform's clock (UTC), ``None`` when the platform did not say.
    ``mentions`` are the platform's ids of the people named in it; ``names_school`` says that our own
    account is one of them. ``media`` holds kinds only (``photo``, ``video``): media are never fetched.
    ``hidden``: we hid it, or the platform holds it back until we decide; ``None`` where it does not say.
    """

    external_id: str
    kind: ItemKind
    thread_id: str
    parent_id: str | None
    post_id: str | None
    author: Author
    is_own: bool
    text: str
    created_at: datetime | None
    permalink: str
    mentions: tuple[str, ...] = ()
    names_school: bool = False
    media: tuple[str, ...] = ()
    hidden: bool | None = None


class Presence(StrEnum):
    """Where an item is on its platform. Only looking it up tells: a listing may leave out what is there.

    ``HIDDEN`` by us, or held back for us; ``INVISIBLE``: there, but not shown to us (its author blocked us or
    was suspended); ``UNKNOWN``: the platform does not say which.
    """

    PRESENT = "present"
    EDITED = "edited"
    DELETED = "deleted"
    HIDDEN = "hidden"
    INVISIBLE = "invisible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a connector needs to find a stored item again; the fields are those of :class:`Sighting`.

    ``digest`` is that of the words we know, so that other words are noticed.
    """

    external_id: str
    kind: ItemKind
    thread_id: str
    parent_id: str | None = None
    post_id: str | None = None
    author_id: str | None = None
    permalink: str = ""
    digest: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Where an item was found to be; ``item`` is what the platform shows of it, if anything."""

    external_id: str
    presence: Presence
    item: Sighting | None = None


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item as it is remembered, with the words of its newest version.

    ``first_seen_at`` is our clock at the first sighting; ``earliest_possible_at`` is when the poll before
    that one began, so the item cannot have been visible earlier than that without being seen.
    """

    id: ItemId
    account: AccountName
    platform: str
    thread: int
    external_id: str
    kind: ItemKind
    parent_id: str | None
    author: Author
    is_own: bool
    text: str
    version: int
    created_at: datetime | None
    first_seen_at: datetime
    earliest_possible_at: datetime | None
    permalink: str
    mentions: tuple[str, ...]
    names_school: bool
    case: int | None
    presence: Presence = Presence.PRESENT
    post_id: str | None = None

    @property
    def received_at(self) -> datetime:
        """When it reached the school: the platform's time where that can be true, else our first sight."""
        return believed(self.created_at, self.first_seen_at, self.earliest_possible_at)

    @property
    def told_at(self) -> datetime | None:
        """The platform's time as far as it counts: later where it surfaced late."""
        return self.received_at if self.surfaced_late else self.created_at

    def is_older_than(self, go_live: datetime) -> bool:
        """Say whether it was written before the school began: such items are listed, and nobody waits."""
        written = self.created_at
        if written is not None and FIRST_BELIEVED <= written < go_live:
            return True
        return self.received_at < go_live

    @property
    def surfaced_late(self) -> bool:
        """Whether it says that it was written at a time when it was surely not shown yet."""
        earliest = self.earliest_possible_at
        return (
            earliest is not None
            and self.created_at is not None
            and FIRST_BELIEVED <= self.created_at < earliest - BELIEVED_SKEW
        )

    @property
    def author_key(self) -> str:
        """Who wrote it, for telling authors apart; an author the platform hides is nobody else."""
        return author_key(self.author.external_id, self.external_id)


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of an item, by number from 1. ``seen_at`` is our clock, ``scored`` that it was assessed."""

    number: int
    text: str
    seen_at: datetime
    scored: bool


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something in a platform's answer that could not be read as an item: it waits for a person.

    ``reason`` names the missing or broken field and never quotes a value.
    """

    external_id: str | None
    reason: str


def author_key(author_id: str | None, item_id: str) -> str:
    """Return what tells the authors of items apart, from the platform's ids of author and item."""
    return author_id or f"hidden:{item_id}"


def believed(created_at: datetime | None, seen_at: datetime, earliest: datetime | None = None) -> datetime:
    """Return when an item was received: the platform's time, or ours where that is missing or impossible.

    What was written before ``earliest``, when everything there was read, cannot have been shown then: it
    surfaced late or is dated back, and nobody could answer it any sooner than that.
    """
    if created_at is None or not FIRST_BELIEVED <= created_at <= seen_at + BELIEVED_SKEW:
        return seen_at
    if earliest is not None and created_at < earliest - BELIEVED_SKEW:
        return min(earliest, seen_at)
    return created_at


def storable(text: str) -> str:
    """Return ``text`` without what databases and mail refuse: NUL and lone surrogates become U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def kept_text(text: str) -> str:
    """Return the part of ``text`` that is stored: storable, at most :data:`MAX_TEXT` characters."""
    return storable(text[:MAX_TEXT])


def says_the_same(text: str, other: str) -> bool:
    """Say whether two texts differ in nothing but capitals, blanks and punctuation."""
    return bare_words(text) == bare_words(other)


def bare_words(text: str) -> str:
    """Return a text without capitals, blanks and punctuation: what is left when nothing else counts."""
    return "".join(letter for letter in text.casefold() if letter.isalnum() or not letter.isascii())


def digest(text: str) -> str:
    """Return the SHA-256 of the whole text, so that an edit past the kept part is still noticed."""
    return hashlib.sha256(storable(text).encode()).hexdigest()
