"""What YouTube answers: comment threads, replies, and errors by their reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from connectors import transport
from connectors.answers import fields
from connectors.base import (
    BadResponse,
    ConnectorError,
    Identity,
    NotFound,
    Page,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    Refused,
    Transient,
)
from moderation.items import Author, ItemKind, Rejected, Sighting

Answer = Mapping[str, object]

QUOTA_ZONE = ZoneInfo("America/Los_Angeles")
"""A day's quota starts at midnight there."""

_HANDLE = re.compile(r"@([\w.\-·]{1,60})")


@dataclass(frozen=True, slots=True)
class Thread:
    """A top-level comment's conversation. ``handles`` leads from the handles in it to channel ids."""

    id: str
    video_id: str | None
    total: int | None
    shown: int
    handles: dict[str, str] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether the listing itself showed all replies; it shows about five at most."""
        return self.total is not None and self.total <= self.shown


def thread_of(entry: object) -> Thread | None:
    """Return what a listed thread says about itself, ``None`` when it does not even have an id."""
    thread_id = fields.known_identifier(entry)
    if thread_id is None or not isinstance(entry, Mapping):
        return None
    snippet = _inside(entry, "snippet")
    shown = _inside(entry, "replies").get("comments")
    try:
        total = fields.optional_count(snippet, "totalReplyCount")
    except fields.FieldError:
        total = None
    return Thread(
        id=thread_id,
        video_id=fields.known_identifier(snippet, "videoId"),
        total=total,
        shown=len(shown) if isinstance(shown, list) else 0,
    )


def is_older(entry: object, horizon: datetime) -> bool:
    """Whether a listed thread surely began before ``horizon``."""
    top = _inside(_inside(entry, "snippet"), "topLevelComment")
    try:
        began = fields.optional_time(_inside(top, "snippet"), "publishedAt")
    except fields.FieldError:
        return False
    return began is not None and began < horizon


def page_of_threads(entries: Sequence[object], threads: Mapping[str, Thread], me: Identity) -> Page:
    """Read a page of threads: every top-level comment, followed by the replies that came with it."""
    items: list[Sighting] = []
    rejected: list[Rejected] = []
    for entry in entries:
        thread = threads.get(fields.known_identifier(entry) or "")
        if thread is None or not isinstance(entry, Mapping):
            rejected.append(Rejected(None, "id of the thread is missing or is not an id"))
            continue
        comments = [_inside(entry, "snippet").get("topLevelComment")]
        try:
            comments.extend(fields.sequence(fields.mapping(entry, "replies"), "comments"))
        except fields.FieldError as fault:
            rejected.append(Rejected(thread.id, str(fault)))
        page = page_of_comments(comments, thread, me)
        items.extend(page.items)
        rejected.extend(page.rejected)
    return Page(tuple(items), tuple(rejected))


def page_of_comments(entries: Iterable[object], thread: Thread, me: Identity) -> Page:
    """Read comments of one thread, and remember the handles of who wrote them."""
    comments = list(entries)
    for each in comments:
        snippet = _inside(each, "snippet")
        channel, name = _inside(snippet, "authorChannelId").get("value"), snippet.get("authorDisplayName")
        if isinstance(channel, str) and isinstance(name, str) and name.startswith("@"):
            thread.handles[_plain(name)] = channel
    return Page(*fields.sort_out(comments, partial(_comment, thread=thread, me=me)))


def _comment(entry: Answer, thread: Thread, me: Identity) -> Sighting:
    external_id = fields.identifier(entry, "id")
    snippet = fields.mapping(entry, "snippet")
    is_top = external_id == thread.id
    parent = None if is_top else fields.optional_identifier(snippet, "parentId") or thread.id
    author_id = fields.optional_identifier(fields.mapping(snippet, "authorChannelId"), "value")
    text = fields.optional_string(snippet, "textDisplay")
    text = fields.string(snippet, "textOriginal") if text is None else text
    named = [_plain(found) for found in _HANDLE.findall(text)]
    known = {**thread.handles, **({_plain(me.handle): me.external_id} if me.handle else {})}
    mentions = tuple(dict.fromkeys(known[handle] for handle in named if handle in known))
    return Sighting(
        external_id=external_id,
        kind=ItemKind.COMMENT if is_top else ItemKind.REPLY,
        thread_id=thread.id,
        parent_id=parent,
        post_id=thread.video_id,
        author=Author(author_id, fields.optional_string(snippet, "authorDisplayName") or ""),
        is_own=author_id == me.external_id,
        text=text,
        created_at=fields.optional_time(snippet, "publishedAt"),
        permalink=_link(external_id, thread.video_id, me),
        mentions=mentions,
        names_school=me.external_id in mentions,
        media=("photo",) if snippet.get("imageUrl") else (),
    )


def _link(comment_id: str, video_id: str | None, me: Identity) -> str:
    if video_id is None:
        return f"https://www.youtube.com/channel/{me.external_id}"
    return f"https://www.youtube.com/watch?v={video_id}&lc={comment_id}"


def _plain(handle: str) -> str:
    return handle.lstrip("@").rstrip(".-·").casefold()


def _inside(thing: object, name: str) -> Answer:
    value = thing.get(name) if isinstance(thing, Mapping) else None
    return value if isinstance(value, Mapping) else {}


# What an error says

_QUOTA = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
_SLOW_DOWN = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_TROUBLE = frozenset({"backendError", "internalError", "processingFailure"})
_GONE = frozenset(
    {"commentThreadNotFound", "commentNotFound", "parentCommentNotFound", "videoNotFound", "channelNotFound"}
)
_REFUSED = frozenset({"commentsDisabled", "parentCommentIsPrivate"})
_SWITCHED_OFF = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_CHANNEL = frozenset(
    {
        "channelClosed",
        "channelSuspended",
        "ineligibleAccount",
        "authenticatedUserNotChannel",
        "authenticatedUserAccountClosed",
        "authenticatedUserAccountSuspended",
        "accountDelegationForbidden",
    }
)


def problem(refusal: transport.StatusError, now: datetime, *, mid_listing: bool) -> ConnectorError:
    """Return what an error of YouTube means. ``mid_listing`` says that a page token was sent."""
    reasons = _reasons(refusal.body or {})
    if reasons & _QUOTA or ("RESOURCE_EXHAUSTED" in reasons and not reasons & _SLOW_DOWN):
        return QuotaExhausted(
            "The day's allowance for reading YouTube is used up. Reading goes on at midnight in California; "
            "if this happens often, ask Google for more or poll less often.",
            quota_renewal(now),
        )
    if reasons & _SLOW_DOWN or refusal.status == 429:
        return RateLimited("YouTube asked us to slow down.", transport.pause_until(refusal.headers, now))
    if refusal.status == 401 or reasons & {"authError"}:
        return transport.auth_expired("YouTube")
    if reasons & _TROUBLE:
        until = transport.pause_until(refusal.headers, now)
        return Transient("YouTube has trouble. The next poll tries again.", until)
    if refusal.status == 400 and mid_listing:
        return BadResponse("YouTube did not take its own page token back. The next poll starts again.")
    return _person_needed(reasons) or transport.by_status("YouTube", refusal, now)


def _person_needed(reasons: set[str]) -> ConnectorError | None:
    if reasons & _GONE:
        return NotFound("YouTube does not find the channel or comment. See whether it was removed.")
    if reasons & _REFUSED:
        return Refused("Comments are switched off there, or the comment is private.")
    if reasons & _SWITCHED_OFF:
        return PermissionMissing(
            "The YouTube Data API is not switched on for the school's Google Cloud project. Switch it on in "
            "Google's console."
        )
    if reasons & _CHANNEL:
        return PermissionMissing(
            "The Google account that signed in cannot act for this channel. See on YouTube whether the "
            "channel is in order, then sign in again and choose the channel."
        )
    return None


def quota_renewal(now: datetime) -> datetime:
    """Return the next midnight in Los Angeles (UTC)."""
    day = now.astimezone(QUOTA_ZONE).date() + timedelta(days=1)
    return datetime.combine(day, time(), QUOTA_ZONE).astimezone(UTC)


def _reasons(body: Answer) -> set[str]:
    error = _inside(body, "error")
    told = [*fields.mappings_in(error.get("errors")), *fields.mappings_in(error.get("details"))]
    return {str(each.get("reason")) for each in told} | {str(error.get("status"))}
