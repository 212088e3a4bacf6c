"""What Graph answers about a Page: posts, comments, and errors by code and subcode."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from connectors import transport
from connectors.answers import fields
from connectors.base import (
    BadResponse,
    BugOrConfig,
    ConnectorError,
    NeedsPerson,
    NotFound,
    PermissionMissing,
    RateLimited,
    Refused,
    Transient,
)
from moderation.items import Author, ItemKind, Sighting

Answer = Mapping[str, object]

_CURSORS = frozenset({"after", "until", "since", "offset", "__paging_token"})
"""How Graph writes the place where the next page begins."""

_SLOW_DOWN = frozenset({4, 17, 32, 341, 613, 80001, 80002, 80006})
_TROUBLE = frozenset({1, 2})
_TOKEN = frozenset({102, 190})
_ROLE_LOST = 492

Code = tuple[int, int | None]
_FOR_PEOPLE: tuple[tuple[frozenset[Code], type[NeedsPerson], str], ...] = (
    (
        frozenset({(102, _ROLE_LOST), (190, _ROLE_LOST)}),
        PermissionMissing,
        "The person who made the token no longer has a role on the Page. Give the role back, or have another "
        "person of the Page make a token.",
    ),
    (
        frozenset({(10, 2018278), (368, None), (506, None), (551, None), (1609005, None)}),
        Refused,
        "Facebook refuses this to the account for now. See the Page's Support inbox.",
    ),
    (
        frozenset({(code, None) for code in (3, 10, 1705, *range(200, 300))}),
        PermissionMissing,
        "The token may not read this. Make a Page token with pages_read_engagement and "
        "pages_read_user_content; Facebook takes away permissions that nobody used for 90 days.",
    ),
    (
        frozenset({(100, 33)}),
        NotFound,
        "Facebook does not show this Page or post. See whether it was removed or unpublished.",
    ),
    (
        frozenset({(100, None)}),
        BugOrConfig,
        "Facebook did not understand our request. See whether the Page id and api_version are right.",
    ),
)


def post(entry: Answer, page: str, *, by_page: bool) -> Sighting:
    """Read one post. ``by_page`` says that the listing holds the Page's own posts only."""
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
    )


def comment(entry: Answer, page: str, post_id: str, threads: dict[str, str]) -> Sighting:
    """Read one comment or reply; ``page`` is our Page's id, ``post_id`` the post's.

    ``threads`` remembers, for each comment read, the top-level one it is under.
    """
    external_id = own_part(fields.identifier(entry, "id"))
    above = fields.optional_identifier(fields.mapping(entry, "parent"), "id")
    parent = own_part(above) if above else None
    threads[external_id] = threads.get(parent, parent) if parent else external_id
    author = _author(entry)
    mentions = _mentions(entry)
    return Sighting(
        external_id=external_id,
        kind=ItemKind.REPLY if parent else ItemKind.COMMENT,
        thread_id=threads[external_id],
        parent_id=parent,
        post_id=own_part(post_id),
        author=author,
        is_own=author.external_id == page,
        text=fields.optional_string(entry, "message") or "",
        created_at=fields.optional_time(entry, "created_time"),
        permalink=_link(entry),
        mentions=mentions,
        names_school=page in mentions,
        media=_media(entry),
    )


def own_part(identifier: str) -> str:
    """Return the part of an id that stays the same: Facebook writes ``98765`` also as ``1122_98765``."""
    return identifier.rpartition("_")[2] or identifier


def id_of_broken(entry: object) -> str | None:
    """Return the id of an entry that could not be read, as far as it has one."""
    known = fields.known_identifier(entry)
    return own_part(known) if known else None


def next_query(answer: Answer) -> object:
    """Return what to ask the next page with, ``None`` at the end of the listing.

    Only the cursor is taken from ``paging.next``: its host and path are not followed, its token not kept.
    """
    paging = answer.get("paging")
    following = paging.get("next") if isinstance(paging, Mapping) else None
    if not isinstance(following, str):
        return following
    try:
        pairs = parse_qsl(urlsplit(following).query)
    except ValueError:
        return ""
    return urlencode([(name, value) for name, value in pairs if name in _CURSORS])


def mark(post: Answer) -> list[object]:
    """Return what changes when something happens under a post: its time and its number of comments."""
    return [_told(post, "updated_time"), _told(_told(_told(post, "comments"), "summary"), "total_count")]


def _told(thing: object, name: str) -> Any:
    value = thing.get(name) if isinstance(thing, Mapping) else None
    return value if isinstance(value, (Mapping, str, int)) else None


def moved_since(post: object, since: datetime) -> bool:
    """Whether a post was made or changed since then; yes also when that cannot be told."""
    if not isinstance(post, Mapping):
        return False
    try:
        times = [fields.optional_time(post, name) for name in ("created_time", "updated_time")]
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


def _media(comment: Answer) -> tuple[str, ...]:
    kind = fields.optional_string(fields.mapping(comment, "attachment"), "type")
    if kind is None:
        return ()
    if "video" in kind:
        return ("video",)
    return ("photo",) if any(word in kind for word in ("photo", "sticker", "animated")) else ("other",)


def _link(thing: Answer) -> str:
    link = fields.optional_string(thing, "permalink_url") or ""
    return (
        link if link.startswith("https://") else f"https://www.facebook.com/{fields.identifier(thing, 'id')}"
    )


def problem(refusal: transport.StatusError, now: datetime) -> ConnectorError:
    """Return what an error of Graph means: by its code and subcode, then by the HTTP status."""
    told = (refusal.body or {}).get("error")
    error = told if isinstance(told, Mapping) else {}
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    until = transport.pause_until(refusal.headers, now, [_regained(refusal.headers, now)])
    if code in _SLOW_DOWN or (refusal.status == 429 and code not in _TOKEN):
        return RateLimited("Facebook asked us to slow down.", until)
    if code in _TROUBLE:
        return Transient("Facebook has trouble. The next poll tries again.", until)
    person = _person_needed(code, subcode)
    if person is not None:
        return person
    if error.get("is_transient") is True:
        return Transient("Facebook has trouble. The next poll tries again.", until)
    if refusal.status < 400:
        return BadResponse(
            "Facebook answered with an error that it does not explain. The next poll tries again."
        )
    return transport.by_status("Facebook", refusal, now)


def _person_needed(code: int | None, subcode: int | None) -> ConnectorError | None:
    if code in _TOKEN and subcode != _ROLE_LOST:
        return transport.auth_expired("Facebook")
    for matches, kind, text in _FOR_PEOPLE:
        if (code, subcode) in matches or (code, None) in matches:
            return kind(text)
    return None


def _number(value: object) -> int | None:
    try:
        return int(value) if isinstance(value, (int, str)) else None
    except ValueError:
        return None


def _regained(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when the Page may call again, from the usage header. It gives minutes, and may repeat a key."""
    minutes: list[object] = []

    def collect(pairs: list[tuple[str, object]]) -> dict[str, object]:
        minutes.extend(value for name, value in pairs if name == "estimated_time_to_regain_access")
        return dict(pairs)

    try:
        json.loads(headers.get("x-business-use-case-usage", "null"), object_pairs_hook=collect)
    except (ValueError, RecursionError):
        return None
    times = [transport.seconds_ahead(60 * each, now) for each in minutes if isinstance(each, (int, float))]
    return max((time for time in times if time is not None), default=None)
