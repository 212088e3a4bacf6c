"""What X answers, in the words it used until summer 2026 and in those it uses since."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.answers import fields
from connectors.base import BadResponse, Identity, Page
from moderation.items import Author, ItemKind, Rejected, Sighting

Answer = Mapping[str, object]


def page(answer: Answer, me: Identity) -> Page:
    """Read one answer of a listing: its posts in order, and apart what could not be read."""
    data = answer.get("data")
    if data is not None and not isinstance(data, list):
        raise BadResponse("X answered with something else than a list of posts. The next poll tries again.")
    included = Included(answer)
    items, rejected = fields.sort_out(data or (), lambda post: _sighting(post, included, me), first_id)
    if items and all(item.author.external_id is None for item in items):
        hint = "author_id is missing everywhere: X may have renamed its fields; try the other vocabulary"
        rejected = (*rejected, Rejected(None, hint))
    return Page(items, rejected)


class Included:
    """What X sends beside the posts: people, media, and the posts that they refer to."""

    def __init__(self, answer: Answer) -> None:
        beside = answer.get("includes")
        beside = beside if isinstance(beside, Mapping) else {}
        posts = (*fields.mappings_in(beside.get("tweets")), *fields.mappings_in(beside.get("posts")))
        self.users = {str(user.get("id")): user for user in fields.mappings_in(beside.get("users"))}
        self.first_ids = {str(post.get("id")): first for post in posts if (first := first_id(post))}
        media = fields.mappings_in(beside.get("media"))
        self.media = {str(each.get("media_key")): str(each.get("type")) for each in media}


def _sighting(post: Answer, included: Included, me: Identity) -> Sighting:
    current = fields.identifier(post, "id")
    external_id = _versions(post)[0]
    author_id = fields.optional_identifier(post, "author_id")
    user = included.users.get(author_id or "", {})
    parent = _replied_to(post)
    parent = included.first_ids.get(parent, parent) if parent else None
    conversation = fields.optional_identifier(post, "conversation_id") or parent or external_id
    mentions, names_school = _mentions(post, me)
    is_own = author_id == me.external_id
    to_us = fields.optional_identifier(post, "in_reply_to_user_id") == me.external_id
    return Sighting(
        external_id=external_id,
        kind=_kind(is_own=is_own, is_reply=parent is not None or conversation not in (external_id, current)),
        thread_id=conversation,
        parent_id=parent,
        post_id=conversation if to_us and parent == conversation else None,
        author=Author(author_id, known_text(user, "name") or known_text(user, "username")),
        is_own=is_own,
        text=_text(post),
        created_at=fields.optional_time(post, "created_at"),
        permalink=f"https://x.com/{_handle(user)}/status/{current}",
        mentions=mentions,
        names_school=names_school,
        media=media(post, included),
    )


def _kind(*, is_own: bool, is_reply: bool) -> ItemKind:
    if is_reply:
        return ItemKind.REPLY
    return ItemKind.POST if is_own else ItemKind.MENTION


def _versions(post: Answer) -> list[str]:
    """Return the ids of all versions of a post, the first one first; an edit gives a post a new id."""
    for name in ("edit_history_tweet_ids", "edit_history_post_ids"):
        versions = post.get(name)
        if isinstance(versions, list) and versions:
            return [fields.identifier({name: version}, name) for version in versions]
    return [fields.identifier(post, "id")]


def known_versions(post: object) -> list[str]:
    """Return the ids of all versions of a post, whatever else is wrong with it; empty without any id."""
    try:
        return _versions(post) if isinstance(post, Mapping) else []
    except fields.FieldError:
        current = fields.known_identifier(post)
        return [] if current is None else [current]


def first_id(post: object) -> str | None:
    """Return the id of a post's first version, whatever else is wrong with it; ``None`` without any id."""
    return next(iter(known_versions(post)), None)


def ids(answer: Answer) -> list[str]:
    """Return the ids of everything in an answer that has one: what X charges for."""
    return [
        each for thing in fields.mappings_in(answer.get("data")) if (each := fields.known_identifier(thing))
    ]


def _replied_to(post: Answer) -> str | None:
    for name in ("referenced_tweets", "referenced_posts"):
        for reference in fields.mappings(post, name):
            if reference.get("type") == "replied_to":
                return fields.identifier(reference, "id")
    return None


def _text(post: Answer) -> str:
    """Return the whole text; ``text`` itself ends after 280 characters."""
    for name in ("note_tweet", "note_post"):
        whole = fields.optional_string(fields.mapping(post, name), "text")
        if whole:
            return whole
    return fields.string(post, "text")


def _mentions(post: Answer, me: Identity) -> tuple[tuple[str, ...], bool]:
    """Return the ids of the people named, and whether the school is one of them."""
    found: dict[str, None] = {}
    names_school = False
    for mention in fields.mappings(fields.mapping(post, "entities"), "mentions"):
        named = fields.optional_identifier(mention, "id")
        handle = fields.optional_string(mention, "username") or ""
        is_school = named == me.external_id or (bool(me.handle) and handle.casefold() == me.handle.casefold())
        names_school = names_school or is_school
        if is_school or named:
            found[me.external_id if is_school else str(named)] = None
    return tuple(found), names_school


def media(post: Answer, included: Included) -> tuple[str, ...]:
    """Return the kinds of what is attached to a post or message."""
    keys = fields.sequence(fields.mapping(post, "attachments"), "media_keys")
    kinds = {"photo": "photo", "video": "video", "animated_gif": "photo"}
    return tuple(kinds.get(included.media.get(str(key), ""), "other") for key in keys)


def _handle(user: Answer) -> str:
    """Return the author's part of a link; X also understands ``i/web`` when we do not know it."""
    handle = known_text(user, "username")
    return handle if handle.isascii() and handle.replace("_", "").isalnum() else "i/web"


def known_text(user: Answer, name: str) -> str:
    """Return what a user's entry says, empty when it says nothing that can be read."""
    value = user.get(name)
    return value if isinstance(value, str) else ""
