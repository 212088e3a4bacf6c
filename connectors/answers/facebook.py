"""What Graph answers about a Page: its posts, the comments under them, and reviews."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors.answers import fields
from moderation.items import Author, ItemKind, Sighting

Answer = Mapping[str, object]

SITE = "https://www.facebook.com"


def post(entry: Answer, page: str, *, by_page: bool) -> Sighting:
    """Read one post on the Page. ``by_page`` says that the listing holds the Page's own posts only."""
    external_id = own_part(fields.identifier(entry, "id"))
    author = _author(entry)
    unsigned = by_page and author.external_id is None
    mentions = _mentions(entry)
    return Sighting(
        external_id=external_id,
        kind=ItemKind.POST,
        thread_id=external_id,
        parent_id=None,
        post_id=None,
        author=Author(page, author.name) if unsigned else author,
        is_own=unsigned or author.external_id == page,
        text=fields.optional_string(entry, "message") or fields.optional_string(entry, "story") or "",
        created_at=fields.optional_time(entry, "created_time"),
        permalink=_link(entry),
        mentions=mentions,
        names_school=page in mentions,
        hidden=_hidden(entry),
    )


def mention(entry: Answer, page: str) -> Sighting:
    """Read a post elsewhere that tags the Page. Its id is kept whole: only so can it be asked for again."""
    external_id = fields.identifier(entry, "id")
    author = _author(entry)
    return Sighting(
        external_id=external_id,
        kind=ItemKind.MENTION,
        thread_id=external_id,
        parent_id=None,
        post_id=None,
        author=author,
        is_own=author.external_id == page,
        text=fields.optional_string(entry, "message") or fields.optional_string(entry, "story") or "",
        created_at=fields.optional_time(entry, "created_time"),
        permalink=_link(entry),
        mentions=tuple(dict.fromkeys((page, *_mentions(entry)))),
        names_school=True,
    )


def review(entry: Answer, page: str) -> Sighting:
    """Read a review. It has no id of its own: that of its story serves, which is what is replied to.

    A review without words says at least what it is: Facebook allows a bare rating.
    """
    story = fields.identifier(fields.mapping(entry, "open_graph_story"), "id")
    by = fields.mapping(entry, "reviewer")
    author = fields.optional_identifier(by, "id")
    return Sighting(
        external_id=story,
        kind=ItemKind.REVIEW,
        thread_id=story,
        parent_id=None,
        post_id=None,
        author=Author(author, fields.optional_string(by, "name") or ""),
        is_own=author == page,
        text=fields.optional_string(entry, "review_text") or _bare_rating(entry),
        created_at=fields.optional_time(entry, "created_time"),
        permalink=f"{SITE}/{story}",
        names_school=True,
    )


def _bare_rating(entry: Answer) -> str:
    match fields.optional_string(entry, "recommendation_type"):
        case "positive":
            return "(recommends the school, without words)"
        case "negative":
            return "(does not recommend the school, without words)"
        case _:
            stars = fields.optional_count(entry, "rating")
            return "" if stars is None else f"({stars} of 5 stars, without words)"


def id_of_broken_review(entry: object) -> str | None:
    """Return what identifies a review that could not be read, as far as it has it."""
    return fields.known_identifier(_told(entry, "open_graph_story"))


def comment(
    entry: Answer, page: str, post_id: str, threads: dict[str, str], *, of_others: bool = False
) -> Sighting:
    """Read one comment or reply; ``page`` is our Page's id, ``post_id`` what the item calls its post.

    ``of_others``: somebody else wrote the post, or it is a review; what we write under it is our answer.
    ``threads`` remembers, for each comment read, the top-level one it is under. The parent's own parent
    is asked for too, because replies may be listed before what they reply to.
    """
    external_id = own_part(fields.identifier(entry, "id"))
    parent = parent_of(entry)
    above = parent_of(fields.mapping(entry, "parent")) or parent
    threads[external_id] = threads.get(parent, threads.get(above, above)) if parent and above else external_id
    author = _author(entry)
    mentions = _mentions(entry)
    answers_post = of_others and not parent and author.external_id == page
    return Sighting(
        external_id=external_id,
        kind=ItemKind.REPLY if parent or answers_post else ItemKind.COMMENT,
        thread_id=post_id if answers_post else threads[external_id],
        parent_id=post_id if answers_post else parent,
        post_id=post_id,
        author=author,
        is_own=author.external_id == page,
        text=fields.optional_string(entry, "message") or "",
        created_at=fields.optional_time(entry, "created_time"),
        permalink=_link(entry),
        mentions=mentions,
        names_school=page in mentions,
        media=_media(entry),
        hidden=_hidden(entry),
    )


def parent_of(entry: Answer) -> str | None:
    """Return the id of the comment that a comment replies to."""
    above = fields.optional_identifier(fields.mapping(entry, "parent"), "id")
    return own_part(above) if above else None


def own_part(identifier: str) -> str:
    """Return the part of an id that stays the same: Facebook writes ``98765`` also as ``1122_98765``."""
    return identifier.rpartition("_")[2] or identifier


def is_on_page(identifier: str, page: str) -> bool:
    """Say whether a post stands on the Page: ids of posts begin with whose they are."""
    return identifier.startswith(f"{page}_")


def id_of_broken(entry: object) -> str | None:
    """Return the id of an entry that could not be read, as far as it has one."""
    known = fields.known_identifier(entry)
    return own_part(known) if known else None


def mark(post: Answer) -> list[object]:
    """Return what changes when something happens under a post: its time and its number of comments."""
    return [_told(post, "updated_time"), number_of_comments(post)]


def number_of_comments(post: Answer) -> int | None:
    """Return how many comments Graph counts under a post, ``None`` when it does not say."""
    told = _told(_told(_told(post, "comments"), "summary"), "total_count")
    return told if isinstance(told, int) and not isinstance(told, bool) else None


def _told(thing: object, name: str) -> Any:
    value = thing.get(name) if isinstance(thing, Mapping) else None
    return value if isinstance(value, (Mapping, str, int)) else None


def moved_since(post: object, since: datetime, *names: str) -> bool:
    """Whether a post was made or changed since then; yes also when that cannot be told.

    ``names`` are the fields that hold its times.
    """
    if not isinstance(post, Mapping):
        return False
    asked = names or ("created_time", "updated_time")
    try:
        times = [fields.optional_time(post, name) for name in asked]
    except fields.FieldError:
        return True
    told = [time for time in times if time is not None]
    return len(told) < len(times) or max(told) >= since


def author_id(thing: object) -> str | None:
    """Return the id of who wrote it, ``None`` when Facebook does not tell."""
    return fields.known_identifier(_told(thing, "from"))


def _author(thing: Answer) -> Author:
    """Return who wrote it; Facebook leaves ``from`` out when it may not tell us."""
    by = fields.mapping(thing, "from")
    return Author(fields.optional_identifier(by, "id"), fields.optional_string(by, "name") or "")


def _mentions(thing: Answer) -> tuple[str, ...]:
    """Return the ids of who is tagged: a list of tags, or for some posts lists by their place."""
    tags = thing.get("message_tags")
    grouped = [thing] if not isinstance(tags, Mapping) else [{"message_tags": each} for each in tags.values()]
    found = [
        fields.optional_identifier(tag, "id")
        for group in grouped
        for tag in fields.mappings(group, "message_tags")
    ]
    return tuple(dict.fromkeys(tag for tag in found if tag))


def _hidden(thing: Answer) -> bool | None:
    """Return whether it is hidden, ``None`` when Facebook does not say."""
    told = thing.get("is_hidden")
    return told if isinstance(told, bool) else None


def _media(comment: Answer) -> tuple[str, ...]:
    kind = fields.optional_string(fields.mapping(comment, "attachment"), "type")
    if kind is None:
        return ()
    if "video" in kind:
        return ("video",)
    return ("photo",) if any(word in kind for word in ("photo", "sticker", "animated")) else ("other",)


def _link(thing: Answer) -> str:
    link = fields.optional_string(thing, "permalink_url") or ""
    return link if link.startswith("https://") else f"{SITE}/{fields.identifier(thing, 'id')}"
