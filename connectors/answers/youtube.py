"""What YouTube answers: comment threads and their replies. Its errors are in the module beside this one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from connectors.answers import fields
from connectors.base import Identity, Page
from moderation.items import Author, ItemKind, Rejected, Sighting, says_the_same

Answer = Mapping[str, object]

HELD = frozenset({"heldForReview", "likelySpam", "rejected"})
"""YouTube's words for what its audience does not see: held for the owner, taken for spam, removed."""

_HANDLE = re.compile(r"@([\w.\-·]{1,60})")


@dataclass(frozen=True, slots=True)
class Thread:
    """A top-level comment's conversation. ``handles`` leads from the handles in it to channel ids.

    ``total`` is the number of replies as YouTube counts them, ``shown`` how many of them the listing showed,
    ``newest`` the time of the latest of those. ``began`` is the time of the top-level comment. ``is_public``
    says that all of YouTube sees it.
    """

    id: str
    video_id: str | None
    total: int | None = None
    shown: int = 0
    newest: datetime | None = None
    began: datetime | None = None
    is_public: bool = False
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
    shown = shown if isinstance(shown, list) else []
    try:
        total = fields.optional_count(snippet, "totalReplyCount")
    except fields.FieldError:
        total = None
    return Thread(
        id=thread_id,
        video_id=fields.known_identifier(snippet, "videoId"),
        total=total,
        shown=len(shown),
        newest=max((at for each in shown if (at := _written(each))), default=None),
        began=_began(entry),
        is_public=snippet.get("isPublic") is True,
    )


def _began(entry: object) -> datetime | None:
    return _written(_inside(_inside(entry, "snippet"), "topLevelComment"))


def _written(comment: object) -> datetime | None:
    try:
        return fields.optional_time(_inside(comment, "snippet"), "publishedAt")
    except fields.FieldError:
        return None


def is_older(entry: object, horizon: datetime) -> bool:
    """Whether a listed thread surely began before ``horizon``."""
    began = _began(entry)
    return began is not None and began < horizon


def page_of_threads(
    entries: Sequence[object], threads: Mapping[str, Thread], me: Identity, status: str | None = None
) -> Page:
    """Read a page of threads: every top-level comment, followed by the replies that came with it.

    ``status`` is the listing's, ``None`` for threads asked for by id; a comment whose own YouTube does not
    say has the same.
    """
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
        page = page_of_comments(comments, thread, me, status)
        items.extend(page.items)
        rejected.extend(page.rejected)
    return Page(tuple(items), tuple(rejected))


def page_of_comments(
    entries: Iterable[object], thread: Thread, me: Identity, status: str | None = None
) -> Page:
    """Read comments of one thread, and remember the handles of who wrote them."""
    comments = list(entries)
    for each in comments:
        snippet = _inside(each, "snippet")
        channel, name = _inside(snippet, "authorChannelId").get("value"), snippet.get("authorDisplayName")
        if isinstance(channel, str) and isinstance(name, str) and name.startswith("@"):
            thread.handles[_plain(name)] = channel
    return Page(*fields.sort_out(comments, partial(_comment, thread=thread, me=me, status=status)))


def is_our_reply(entry: object, me: Identity, words: str, since: datetime) -> bool:
    """Whether a listed reply is our own, says ``words``, and is not older than ``since``."""
    snippet = _inside(entry, "snippet")
    written = _written(entry)
    shown = [snippet.get("textOriginal"), snippet.get("textDisplay")]
    return (
        _inside(snippet, "authorChannelId").get("value") == me.external_id
        and written is not None
        and written >= since
        and any(isinstance(text, str) and says_the_same(text, words) for text in shown)
    )


def parent_of(entry: object) -> str | None:
    """Return the top-level comment that a reply says it stands under."""
    return fields.known_identifier(_inside(entry, "snippet"), "parentId")


def _comment(entry: Answer, thread: Thread, me: Identity, status: str | None) -> Sighting:
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
        hidden=_is_hidden(snippet, status),
    )


def _is_hidden(snippet: Answer, otherwise: str | None) -> bool | None:
    told = snippet.get("moderationStatus")
    status = told if isinstance(told, str) else otherwise
    return None if status is None else status in HELD


def _link(comment_id: str, video_id: str | None, me: Identity) -> str:
    if video_id is None:
        return f"https://www.youtube.com/channel/{me.external_id}"
    return f"https://www.youtube.com/watch?v={video_id}&lc={comment_id}"


def _plain(handle: str) -> str:
    return handle.lstrip("@").rstrip(".-·").casefold()


def _inside(thing: object, name: str) -> Answer:
    value = thing.get(name) if isinstance(thing, Mapping) else None
    return value if isinstance(value, Mapping) else {}
