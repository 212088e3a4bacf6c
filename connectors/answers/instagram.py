"""What Graph answers about an Instagram account: its media, the comments under them, and tags of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from connectors.answers import fields
from connectors.base import Page
from moderation.items import Author, ItemKind, Rejected, Sighting

Answer = Mapping[str, object]

SITE = "https://www.instagram.com"

MOST = 50
"""Comments on a page: Instagram gives no more."""

_COMMENT = "id,text,timestamp,username,from{id,username},hidden,parent_id"

MEDIA_FIELDS = (
    "id,caption,media_type,media_product_type,permalink,timestamp,comments_count,owner{id},username"
)
COMMENT_FIELDS = f"{_COMMENT},replies.limit({MOST}){{{_COMMENT}}}"
REPLY_FIELDS = _COMMENT
ONE_COMMENT_FIELDS = f"{_COMMENT},media{{id,permalink}}"
TAG_FIELDS = "id,caption,media_type,permalink,timestamp,username"

_KINDS = {"IMAGE": ("photo",), "VIDEO": ("video",), "CAROUSEL_ALBUM": ("other",)}


@dataclass(frozen=True, slots=True)
class School:
    """The school's own account, as the token proves it. ``inbox`` is whose edge the conversations are."""

    id: str
    username: str
    inbox: str

    def wrote(self, entry: Answer) -> bool:
        """Say whether an entry is ours: Instagram tells of some authors the name only, of others the id."""
        by = _told(entry, "from")
        known = fields.known_identifier(by)
        if known == self.id:
            return True
        named = {str(each).casefold() for each in (entry.get("username"), by.get("username"))}
        return bool(self.username) and self.username.casefold() in named

    def named_in(self, text: str) -> bool:
        """Say whether a text names the account."""
        if not self.username:
            return False
        return (
            re.search(rf"(?<![\w.])@{re.escape(self.username)}(?![\w]|\.\w)", text, re.IGNORECASE) is not None
        )


@dataclass(frozen=True, slots=True)
class Media:
    """One of our media, as far as the comments under it need it."""

    id: str
    permalink: str


def media_of(entry: Answer) -> Media | None:
    """Return the media an entry is, ``None`` when it has no id: it waits for a person."""
    known = fields.known_identifier(entry)
    return None if known is None else Media(known, _link(entry))


def media(entry: Answer, school: School) -> Sighting:
    """Read one of our own media. Somebody else's, which we were invited to share, is theirs."""
    external_id = fields.identifier(entry, "id")
    owner = fields.optional_identifier(fields.mapping(entry, "owner"), "id")
    name = fields.optional_string(entry, "username") or ""
    is_own = owner == school.id or not name or name.casefold() == school.username.casefold()
    text = fields.optional_string(entry, "caption") or ""
    return Sighting(
        external_id=external_id,
        kind=ItemKind.POST,
        thread_id=external_id,
        parent_id=None,
        post_id=None,
        author=Author(school.id, school.username) if is_own else Author(owner, name),
        is_own=is_own,
        text=text,
        created_at=fields.optional_time(entry, "timestamp"),
        permalink=_link(entry),
        names_school=school.named_in(text),
        media=_kinds(entry),
    )


def tagged(entry: Answer, school: School) -> Sighting:
    """Read one media of somebody else that the school is tagged in. Of its author only the name is told."""
    external_id = fields.identifier(entry, "id")
    name = fields.optional_string(entry, "username") or ""
    is_own = school.wrote(entry)
    return Sighting(
        external_id=external_id,
        kind=ItemKind.MENTION,
        thread_id=external_id,
        parent_id=None,
        post_id=None,
        author=Author(school.id if is_own else None, name),
        is_own=is_own,
        text=fields.optional_string(entry, "caption") or "",
        created_at=fields.optional_time(entry, "timestamp"),
        permalink=_link(entry),
        mentions=(school.id,),
        names_school=True,
        media=_kinds(entry),
    )


def comment(entry: Answer, school: School, media: Media, above: str | None = None) -> Sighting:
    """Read one comment or reply under ``media``; ``above`` is the comment it was listed under."""
    external_id = fields.identifier(entry, "id")
    parent = fields.optional_identifier(entry, "parent_id") or above
    by = fields.mapping(entry, "from")
    name = fields.optional_string(entry, "username") or fields.optional_string(by, "username") or ""
    is_own = school.wrote(entry)
    text = fields.optional_string(entry, "text") or ""
    return Sighting(
        external_id=external_id,
        kind=ItemKind.REPLY if parent else ItemKind.COMMENT,
        thread_id=parent or external_id,
        parent_id=parent,
        post_id=media.id,
        author=Author(school.id if is_own else fields.optional_identifier(by, "id"), name),
        is_own=is_own,
        text=text,
        created_at=fields.optional_time(entry, "timestamp"),
        permalink=media.permalink,
        names_school=school.named_in(text),
        hidden=entry.get("hidden") is True,
    )


def comment_alone(entry: Answer, school: School, media: str | None = None) -> Sighting:
    """Read a comment that was asked for by its id, under the media it names, else ``media``."""
    told = fields.mapping(entry, "media")
    under = fields.optional_identifier(told, "id") or media
    if under is None:
        raise fields.FieldError("media", "is missing")
    return comment(entry, school, Media(under, _link(told)))


def comments(entries: list[object], school: School, media: Media) -> Page:
    """Read one page of comments with the replies that it shows under each."""
    items: list[Sighting] = []
    rejected: list[Rejected] = []
    for entry in entries:
        for listed, above in ((iter([entry]), None), (_shown_below(entry), fields.known_identifier(entry))):
            read = partial(comment, school=school, media=media, above=above)
            try:
                good, bad = fields.sort_out(listed, read)
            except fields.FieldError as fault:
                good, bad = (), (Rejected(above, str(fault)),)
            items.extend(good)
            rejected.extend(bad)
    return Page(tuple(items), tuple(rejected))


def _shown_below(entry: object) -> Iterator[object]:
    """Yield the replies shown under a comment. Raises :class:`fields.FieldError` when they are no list."""
    if isinstance(entry, Mapping):
        yield from fields.sequence(fields.mapping(entry, "replies"), "data")


def unfinished(entries: list[object]) -> Iterator[str]:
    """Yield the ids of the comments that have more replies than the page shows."""
    for entry in fields.mappings_in(entries):
        known = fields.known_identifier(entry)
        if known is not None and _told(_told(entry, "replies"), "paging").get("next") is not None:
            yield known


def mark(entry: Answer) -> object:
    """Return what changes when something is said under a media: its number of comments."""
    count = entry.get("comments_count")
    return count if isinstance(count, int) else None


def made_since(entry: object, since: datetime) -> bool:
    """Whether a media was made since then; yes also when that cannot be told."""
    if not isinstance(entry, Mapping):
        return False
    try:
        made = fields.optional_time(entry, "timestamp")
    except fields.FieldError:
        return True
    return made is None or made >= since


def _kinds(entry: Answer) -> tuple[str, ...]:
    kind = fields.optional_string(entry, "media_type")
    return () if kind is None else _KINDS.get(kind, ("other",))


def _link(entry: Answer) -> str:
    """Return the address of a media; comments have none of their own."""
    link = entry.get("permalink")
    return link if isinstance(link, str) and link.startswith("https://") else f"{SITE}/"


def _told(thing: object, name: str) -> Answer:
    value = thing.get(name) if isinstance(thing, Mapping) else None
    return value if isinstance(value, Mapping) else {}
