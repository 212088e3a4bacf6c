"""What Bluesky answers: posts as notifications, in threads, as records of a repository, and its errors.

A post's id is its ``at://`` address, which never changes: an edit gives the same address new words and a new
``cid``. Who wrote it stands in the address, so an author that is missing beside it costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connectors import transport
from connectors.answers import fields
from connectors.base import (
    AuthExpired,
    BadResponse,
    BugOrConfig,
    ConnectorError,
    Identity,
    NotFound,
    Page,
    PermissionMissing,
    RateLimited,
    Refused,
    Transient,
)
from moderation.items import LONGEST_ID, Author, ItemKind, Rejected, Sighting

POST = "app.bsky.feed.post"

BACKDATED = timedelta(hours=1)
"""How much earlier than Bluesky saw it a post may say that it was written: an app that was offline."""

_ADDRESS = re.compile(r"at://(did:[a-z]+:[A-Za-z0-9._:%-]+)/([A-Za-z0-9.-]+)/([A-Za-z0-9._:~-]+)")
_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"

Answer = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an ``at://`` address: whose repository, which collection, which record."""

    did: str
    collection: str
    key: str


def address(written: object) -> Address | None:
    """Return the parts of an ``at://`` address, ``None`` when it is none that can be stored."""
    match = _ADDRESS.fullmatch(written) if isinstance(written, str) and len(written) <= LONGEST_ID else None
    return Address(*match.groups()) if match else None


def uri(did: str, collection: str, key: str) -> str:
    """Return the address of a record."""
    return f"at://{did}/{collection}/{key}"


def key_at(moment: datetime, salt: int = 0) -> str:
    """Return the record key (TID) of a record made at ``moment``; ``salt`` fills its lowest ten bits."""
    microseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    number = (max(0, microseconds) << 10) | (salt & 1023)
    return "".join(_SORTABLE[(number >> shift) & 31] for shift in range(60, -1, -5))


def time_of(key: str) -> datetime | None:
    """Return when a record with this key says it was made, ``None`` when the key is no TID."""
    if len(key) != 13 or key[0] not in _SORTABLE[:16] or any(letter not in _SORTABLE for letter in key):
        return None
    number = 0
    for letter in key:
        number = number << 5 | _SORTABLE.index(letter)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number >> 10)


def permalink(did: str, key: str) -> str:
    """Return the address at which a person sees a post."""
    return f"https://bsky.app/profile/{did}/post/{key}"


def entries(answer: Answer, name: str) -> Sequence[object]:
    """Return the list that an answer promises under ``name``. Raises :class:`BadResponse` without it."""
    found = answer.get(name)
    if not isinstance(found, list):
        raise BadResponse(f"Bluesky answered without a list of {name}. The next poll tries again.")
    return found


# Posts


def notifications(answer: Answer, me: Identity) -> Page:
    """Read one page of notifications: each is a post that replies to us, names us or quotes us."""
    return Page(*fields.sort_out(entries(answer, "notifications"), lambda each: post(each, me), name_of))


def posts(answer: Answer, me: Identity) -> Page:
    """Read the posts of one answer that shows posts by their addresses."""
    return Page(*fields.sort_out(entries(answer, "posts"), lambda each: post(each, me), name_of))


def records(answer: Answer, me: Identity) -> Page:
    """Read one page of our own posts and replies, as our own server keeps them."""
    return Page(*fields.sort_out(entries(answer, "records"), lambda each: own_record(each, me), name_of))


def own_record(entry: Answer, me: Identity) -> Sighting:
    """Read one of our own records. Its only clock is that of the app that wrote it."""
    return post({"uri": entry.get("uri"), "record": entry.get("value")}, me)


def name_of(entry: object) -> str | None:
    """Return the address of a post that may be broken in any way, ``None`` when it cannot be told."""
    written = entry.get("uri") if isinstance(entry, Mapping) else None
    return written if isinstance(written, str) and address(written) is not None else None


def clock_of(entry: object, name: str) -> datetime | None:
    """Return the time of an entry that may be broken in any way, ``None`` when it cannot be told."""
    try:
        return fields.optional_time(entry, name) if isinstance(entry, Mapping) else None
    except fields.FieldError:
        return None


def post(entry: Answer, me: Identity) -> Sighting:
    """Read a post: ``entry`` holds its ``uri`` and ``record``, and mostly ``author`` and ``indexedAt``."""
    written = fields.string(entry, "uri")
    where = address(written)
    if where is None or where.collection != POST:
        raise fields.FieldError("uri", "is not the address of a post")
    record = fields.mapping(entry, "record")
    parent, root = _replied_to(record)
    quoted = address(_quoted(record))
    mentions = _mentions(record)
    root_address = address(root)
    is_own = where.did == me.external_id
    return Sighting(
        external_id=written,
        kind=_kind(is_own=is_own, is_reply=parent is not None),
        thread_id=root or written,
        parent_id=parent,
        post_id=root if root_address is not None and root_address.did == me.external_id else None,
        author=Author(where.did, _name(entry.get("author"))),
        is_own=is_own,
        text=fields.string(record, "text"),
        created_at=written_at(record, entry),
        permalink=permalink(where.did, where.key),
        mentions=mentions,
        names_school=me.external_id in mentions or (quoted is not None and quoted.did == me.external_id),
        media=_media(record),
    )


def written_at(record: Answer, entry: Answer) -> datetime | None:
    """Return when a post was written, as far as its author's word can be taken.

    ``createdAt`` is whatever the author's app says, and it decides when our time to answer began: a post
    dated back would be overdue on arrival, one dated ahead would never be. So ``indexedAt``, when Bluesky
    itself saw it, holds wherever the two cannot both be true. A date that is none counts as not said: the
    author's mistake must not hide the post.
    """
    seen = fields.optional_time(entry, "indexedAt")
    try:
        said = fields.optional_time(record, "createdAt")
    except fields.FieldError:
        said = None
    if said is None or seen is None:
        return said or seen
    return said if seen - BACKDATED <= said <= seen else seen


def _kind(*, is_own: bool, is_reply: bool) -> ItemKind:
    if is_reply:
        return ItemKind.REPLY
    return ItemKind.POST if is_own else ItemKind.MENTION


def _replied_to(record: Answer) -> tuple[str | None, str | None]:
    """Return the addresses of the post that is replied to and of the one that the thread began with."""
    reply = fields.mapping(record, "reply")
    if not reply:
        return None, None
    parent = fields.string(fields.mapping(reply, "parent"), "uri")
    root = fields.optional_string(fields.mapping(reply, "root"), "uri") or parent
    if address(parent) is None or address(root) is None:
        raise fields.FieldError("reply", "names no post")
    return parent, root


def _quoted(record: Answer) -> object:
    """Return the address of the post that is quoted; beside pictures it lies one level deeper."""
    embed = record.get("embed")
    inner = embed.get("record") if isinstance(embed, Mapping) else None
    while isinstance(inner, Mapping) and isinstance(inner.get("record"), Mapping):
        inner = inner["record"]
    return inner.get("uri") if isinstance(inner, Mapping) else None


def _mentions(record: Answer) -> tuple[str, ...]:
    """Return the people who are named, from the facets, which an author's app may have written oddly."""
    features = (
        feature
        for facet in fields.mappings_in(record.get("facets"))
        for feature in fields.mappings_in(facet.get("features"))
    )
    named = (
        feature.get("did")
        for feature in features
        if feature.get("$type") == "app.bsky.richtext.facet#mention"
    )
    return tuple(dict.fromkeys(did for did in named if isinstance(did, str) and did.startswith("did:")))


def _media(record: Answer) -> tuple[str, ...]:
    embed = record.get("embed")
    if isinstance(embed, Mapping) and isinstance(embed.get("media"), Mapping):
        embed = embed["media"]
    if not isinstance(embed, Mapping):
        return ()
    match embed.get("$type"):
        case "app.bsky.embed.images":
            return ("photo",) * len(fields.mappings_in(embed.get("images")))
        case "app.bsky.embed.gallery":
            return ("photo",) * len(fields.mappings_in(embed.get("items")))
        case "app.bsky.embed.video":
            return ("video",)
        case _:
            return ()


def _name(author: object) -> str:
    if not isinstance(author, Mapping):
        return ""
    names = (author.get("displayName"), author.get("handle"))
    return next((name for name in names if isinstance(name, str) and name), "")


# Threads


@dataclass(slots=True)
class Walked:
    """What a thread showed: its posts, which of them lie below another one's, and where it was cut off.

    ``below`` are the replies to replies. ``cut`` are posts with replies that were left out for depth.
    """

    items: list[Sighting] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """The posts as a page of the stream."""
        return Page(tuple(self.items), tuple(self.rejected))


def thread(answer: Answer, me: Identity, level: int = 0) -> Walked:
    """Read a thread in the order of the conversation; what is deleted or blocked in it is passed over.

    ``level`` is how deep in the conversation its first post stands.
    """
    top = answer.get("thread")
    if not isinstance(top, Mapping):
        raise BadResponse("Bluesky answered without a thread. The next poll tries again.")
    walked = Walked()
    for node, depth in _nodes(top):
        _read_node(node, depth, me, walked)
        known = name_of(node.get("post"))
        if known is not None and level + depth >= 2:
            walked.below.append(known)
    return walked


def _nodes(top: Answer) -> Iterator[tuple[Answer, int]]:
    """Yield every node of a thread with its depth. No recursion: strangers decide how deep it goes."""
    waiting = [(top, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((reply, depth + 1) for reply in reversed(fields.mappings_in(node.get("replies"))))


def _read_node(node: Answer, depth: int, me: Identity, walked: Walked) -> None:
    if node.get("notFound") or node.get("blocked"):
        return
    entry = node.get("post")
    items, rejected = fields.sort_out([entry], lambda each: post(each, me), name_of)
    walked.items.extend(items)
    walked.rejected.extend(rejected)
    known = name_of(entry)
    if known is None or not isinstance(entry, Mapping):
        return
    # Absent means cut for depth; an empty list means that nothing below may be seen
    if depth > 0 and node.get("replies") is None and entry.get("replyCount"):
        walked.cut.append(known)


# What an error says


def problem(refusal: transport.StatusError, now: datetime) -> ConnectorError:
    """Return what an error status and its body mean."""
    name = error_name(refusal)
    if refusal.status == 429 or name == "RateLimitExceeded":
        reset = _unix(refusal.headers.get("ratelimit-reset"))
        return RateLimited(
            "Bluesky asked us to slow down.", transport.pause_until(refusal.headers, now, (reset,))
        )
    if name in _KNOWN:
        return _KNOWN[name]()
    if refusal.status in (404, 501) and refusal.body is not None:
        return BugOrConfig("The account's server does not offer this part of Bluesky. See its base_url.")
    if name == "InvalidToken":
        message = (refusal.body or {}).get("message")
        may_not = message in ("Bad token method", "Bad token scope")  # By the name of a dead token
        return without_messages() if may_not else transport.auth_expired("Bluesky")
    return transport.by_status("Bluesky", refusal, now)


def error_name(refusal: transport.StatusError) -> str:
    """Return the name that Bluesky gives an error, empty when it gives none."""
    name = (refusal.body or {}).get("error")
    return name if isinstance(name, str) else ""


def without_messages() -> PermissionMissing:
    """Return the error for a live app password that may not see private messages."""
    return PermissionMissing(
        "Bluesky does not let this app password do that. For private messages make one in Bluesky's settings "
        "with 'Allow access to your direct messages', and sign the account in again with it."
    )


def _auth_expired() -> ConnectorError:
    return transport.auth_expired("Bluesky")


def _second_factor() -> ConnectorError:
    return AuthExpired(
        "Bluesky asked for a code by email: this is the account's main password. Make an app password in "
        "Bluesky's settings and put that in the token file."
    )


def _shut() -> ConnectorError:
    return Refused("Bluesky has shut or paused the account. Sign in at bsky.app and see what it says there.")


def _upstream() -> ConnectorError:
    return Transient("Bluesky's own server cannot reach the rest of Bluesky. The next poll tries again.")


def _gone() -> ConnectorError:
    return NotFound("Bluesky does not find it. See whether the account or the post was removed.")


_KNOWN = {
    "ExpiredToken": _auth_expired,
    "AuthMissing": _auth_expired,
    "AuthenticationRequired": _auth_expired,
    "AuthFactorTokenRequired": _second_factor,
    "AccountTakedown": _shut,
    "AccountSuspended": _shut,
    "AccountDeactivated": _shut,
    "UpstreamFailure": _upstream,
    "UpstreamTimeout": _upstream,
    "NotFound": _gone,
    "RecordNotFound": _gone,
    "InvalidConvo": _gone,
}


def _unix(value: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(value or "nan"), UTC)
    except (ValueError, OverflowError, OSError):
        return None
