"""How YouTube writes channels, videos in a playlist, comment threads and comments."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from connectors.practice.identities import (
    SCHOOL_HANDLE,
    SCHOOL_NAME,
    YOUTUBE_CHANNEL_ID,
    YOUTUBE_UPLOADS_ID,
)
from connectors.practice.timeline import Order
from connectors.practice.wire import Json
from connectors.practice.world import Node, World
from connectors.practice.youtube_moderation import (
    PUBLISHED,
    count_of_replies,
    replies_of,
    shows_comments,
    status_of,
)

MOST_REPLIES = 5
"""Replies that come with a thread; the others have to be asked for."""

LONGEST_TITLE = 100
_CHANNEL_SINCE = "2016-09-01T08:00:00Z"

Parts = frozenset[str]


@dataclass(frozen=True, slots=True)
class View:
    """What a request wants to see. ``last`` is the newest place in time that is visible.

    ``status`` is that of the threads listed; ``None`` for what is asked for by id, where YouTube leaves out
    the status of every comment.
    """

    world: World
    last: Order
    now: datetime
    parts: Parts
    is_html: bool = True
    status: str | None = None


def wire_time(at: datetime) -> str:
    """Write a time as YouTube does: UTC, whole seconds, ``Z``."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def etag(*words: str) -> str:
    """Return a mark that changes with what it is made of."""
    return hashlib.sha256("\n".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:27]


def channel(view: View) -> Json:
    """Write the school's channel."""
    snippet = {
        "title": SCHOOL_NAME,
        "description": "",
        "customUrl": f"@{SCHOOL_HANDLE.lower()}",
        "publishedAt": _CHANNEL_SINCE,
    }
    uploads = {"relatedPlaylists": {"likes": "", "uploads": YOUTUBE_UPLOADS_ID}}
    written = _resource("channel", YOUTUBE_CHANNEL_ID)
    return written | _some(view.parts, {"snippet": snippet, "contentDetails": uploads})


def playlist_item(video: Node, view: View, position: int) -> Json:
    """Write a video of the channel, as an entry of its uploads."""
    published = wire_time(video.at)
    snippet = {
        "publishedAt": published,
        "channelId": YOUTUBE_CHANNEL_ID,
        "title": video.text[:LONGEST_TITLE],
        "description": video.text,
        "channelTitle": SCHOOL_NAME,
        "playlistId": YOUTUBE_UPLOADS_ID,
        "position": position,
        "resourceId": {"kind": "youtube#video", "videoId": video.id},
        "videoOwnerChannelTitle": SCHOOL_NAME,
        "videoOwnerChannelId": YOUTUBE_CHANNEL_ID,
    }
    details = {"videoId": video.id, "videoPublishedAt": published}
    written = _resource("playlistItem", f"{YOUTUBE_UPLOADS_ID}.{video.id}")
    return written | _some(view.parts, {"snippet": snippet, "contentDetails": details})


def video(node: Node, view: View) -> Json:
    """Write a video, as far as it says who may see it."""
    status = {
        "uploadStatus": "processed",
        "privacyStatus": "private" if node.known.held else "public",
        "license": "youtube",
        "embeddable": True,
        "publicStatsViewable": True,
        "madeForKids": False,
    }
    snippet = {
        "publishedAt": wire_time(node.at),
        "channelId": YOUTUBE_CHANNEL_ID,
        "title": node.text[:LONGEST_TITLE],
        "description": node.text,
        "channelTitle": SCHOOL_NAME,
    }
    return _resource("video", node.id) | _some(view.parts, {"snippet": snippet, "status": status})


def thread(top: Node, view: View) -> Json:
    """Write a top-level comment with how many replies it has, and the newest few of them."""
    statuses = frozenset({PUBLISHED, view.status or PUBLISHED})
    count = count_of_replies(view.world, top, statuses, view.now, view.last)
    replies = islice(replies_of(view.world, top, statuses, view.now, view.last), MOST_REPLIES)
    snippet = {
        "channelId": YOUTUBE_CHANNEL_ID,
        "videoId": top.post.id,
        "topLevelComment": comment(top, view, as_part="snippet"),
        "canReply": True,
        "totalReplyCount": count,
        "isPublic": shows_comments(top.post) and status_of(top, view.now) == PUBLISHED,
    }
    included = {"comments": [comment(node, view, as_part="snippet") for node in replies]}
    written = _resource("commentThread", top.id, str(count))
    return written | _some(view.parts, {"snippet": snippet} | ({"replies": included} if count else {}))


def comment(node: Node, view: View, as_part: str | None = None) -> Json:
    """Write a comment or reply. Its original text is for its author only."""
    edited = node.known.edited_at
    snippet: dict[str, Json] = {
        "channelId": YOUTUBE_CHANNEL_ID,
        "videoId": node.post.id,
        "textDisplay": _html(node.text) if view.is_html else node.text,
        "authorDisplayName": "" if node.author.is_hidden else f"@{node.author.handle}",
        "canRate": True,
        "viewerRating": "none",
        "likeCount": 0,
        "publishedAt": wire_time(node.at),
        "updatedAt": wire_time(edited or node.at),
    }
    if node.author.is_school:
        snippet["textOriginal"] = node.text
    if not node.author.is_hidden:
        snippet["authorChannelId"] = {"value": node.author.id}
        snippet["authorChannelUrl"] = f"http://www.youtube.com/@{node.author.handle}"
    if node.up_to_top is not None:
        snippet["parentId"] = node.up_to_top.id
    if view.status is not None:
        snippet["moderationStatus"] = status_of(node, view.now)
    parts = view.parts if as_part is None else frozenset({as_part})
    return _resource("comment", node.id) | _some(parts, {"snippet": snippet})


def _resource(kind: str, name: str, version: str = "") -> dict[str, Json]:
    return {"kind": f"youtube#{kind}", "etag": etag(kind, name, version), "id": name}


def _some(parts: Parts, written: Mapping[str, Json]) -> dict[str, Json]:
    return {part: value for part, value in written.items() if part in parts}


def _html(text: str) -> str:
    return html.escape(text).replace("&#x27;", "&#39;").replace("\n", "<br>")
