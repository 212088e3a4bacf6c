"""Accounts, answers and polls that the connectors' tests share. Everybody in them is invented."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import responses

from connectors.base import Connector, ConnectorContext, Identity, Page, State
from connectors.registry import connector_for
from moderation.items import Rejected, Sighting

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
"""The specifications beside the repository."""

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TOKEN = "a-token-that-nobody-may-see"
ME = {
    "x": Identity("7700900100", "OakfieldAcademy"),
    "facebook": Identity("104500770090010", ""),
    "youtube": Identity("UCOakfieldAcademyPractice", "OakfieldAcademy"),
}


@dataclass
class Polled:
    """What a poll brought: its pages, and their contents one after the other."""

    pages: list[Page] = field(default_factory=list)

    @property
    def items(self) -> list[Sighting]:
        return [item for page in self.pages for item in page.items]

    @property
    def rejected(self) -> list[Rejected]:
        return [each for page in self.pages for each in page.rejected]

    @property
    def ids(self) -> list[str]:
        return [item.external_id for item in self.items]

    @property
    def cursor(self) -> dict[str, object]:
        """The new state, as it comes back from the database."""
        last = self.pages[-1].cursor
        assert last is not None
        assert all(page.cursor is None for page in self.pages[:-1])
        restored = json.loads(json.dumps(last))
        assert isinstance(restored, dict)
        return restored

    def one(self, external_id: str) -> Sighting:
        found = {item.external_id: item for item in self.items}
        return found[external_id]


def connector(
    platform: str, *, token: str = TOKEN, base_url: str | None = None, **options: object
) -> Connector:
    """Make a connector as the product does: by its platform's name."""
    return connector_for(platform, options, ConnectorContext(ME[platform], token, base_url))


def poll(
    reader: Connector, stream: str | None = None, state: State | None = None, now: datetime = NOW
) -> Polled:
    """Poll a stream, the first one unless said, to its end."""
    polled = Polled()
    for page in reader.poll(stream or reader.streams()[0], state or {}, now):
        polled.pages.append(page)
    return polled


def serve(address: str, *answers: object, status: int = 200) -> None:
    """Register answers for an address, one after the other; the last one is given again and again."""
    for answer in answers:
        responses.get(address, json=answer, status=status)


# X


X = "https://api.twitter.com/2"
MENTIONS = f"{X}/users/{ME['x'].external_id}/mentions"
OWN = f"{X}/users/{ME['x'].external_id}/tweets"
SEARCH = f"{X}/tweets/search/recent"


def x_post(number: int, **more: object) -> dict[str, Any]:
    """Return a post on X that mentions the school; a field given as ``None`` is left out."""
    post = {
        "id": str(number),
        "text": f"@OakfieldAcademy question {number}",
        "author_id": "55",
        "conversation_id": str(number),
        "created_at": "2026-11-20T09:58:01.000Z",
        "edit_history_tweet_ids": [str(number)],
        "entities": {
            "mentions": [{"start": 0, "end": 16, "username": "OakfieldAcademy", "id": "7700900100"}]
        },
    }
    return {name: value for name, value in (post | more).items() if value is not None}


def x_answer(posts: Iterable[object], token: object = None, **includes: object) -> dict[str, Any]:
    """Return one page of a listing of X."""
    data = list(posts)
    users = [{"id": "55", "username": "kerry_walsh", "name": "Kerry Walsh"}]
    answer: dict[str, Any] = {
        "includes": {"users": users} | includes,
        "meta": {"result_count": len(data)} | ({} if token is None else {"next_token": token}),
    }
    return answer | ({"data": data} if data else {})


# Facebook

GRAPH = "https://graph.facebook.com/v26.0"
PAGE_ID = ME["facebook"].external_id
POSTS = f"{GRAPH}/{PAGE_ID}/published_posts"
FEED = f"{GRAPH}/{PAGE_ID}/feed"
POST_ID = f"{PAGE_ID}_500"


def comments_of(post_id: str = POST_ID) -> str:
    """Return the address of a post's comments."""
    return f"{GRAPH}/{post_id}/comments"


def graph_time(moment: datetime) -> str:
    """Write a time as Graph does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S+0000")


def fb_post(
    number: int = 500, age: timedelta = timedelta(hours=3), /, *, count: object = 1, **more: object
) -> dict[str, Any]:
    """Return a post of the Page; a field given as ``None`` is left out."""
    post = {
        "id": f"{PAGE_ID}_{number}",
        "message": "Open evening on Thursday.",
        "created_time": graph_time(NOW - age),
        "updated_time": graph_time(NOW - age),
        "from": {"id": PAGE_ID, "name": "Oakfield Academy"},
        "permalink_url": f"https://www.facebook.com/{PAGE_ID}/posts/{number}",
        "comments": {"data": [], "summary": {"order": "chronological", "total_count": count}},
    }
    return {name: value for name, value in (post | more).items() if value is not None}


def fb_comment(number: int, **more: object) -> dict[str, Any]:
    """Return a comment under the post; a field given as ``None`` is left out."""
    comment = {
        "id": f"500_{number}",
        "message": f"Question {number}",
        "created_time": "2026-11-20T10:01:02+0000",
        "from": {"id": "4455", "name": "Kerry Walsh"},
        "permalink_url": f"https://www.facebook.com/oakfield/posts/500?comment_id={number}",
    }
    return {name: value for name, value in (comment | more).items() if value is not None}


def graph_answer(data: Iterable[object], following: object = None) -> dict[str, Any]:
    """Return one page of a listing of Graph."""
    paging: dict[str, object] = {"cursors": {"before": "B", "after": "A"}}
    return {"data": list(data), "paging": paging | ({} if following is None else {"next": following})}


def serve_page(*posts: object) -> None:
    """Serve a Page that has these posts."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(POSTS, graph_answer(posts))


# YouTube

YOUTUBE = "https://youtube.googleapis.com/youtube/v3"
THREADS = f"{YOUTUBE}/commentThreads"
REPLIES = f"{YOUTUBE}/comments"
CHANNEL = ME["youtube"].external_id


def yt_comment(comment_id: str, by: str = "UC9", parent: str | None = None, **more: object) -> dict[str, Any]:
    """Return a comment on YouTube; a part of its snippet given as ``None`` is left out."""
    snippet = {
        "textDisplay": f"Words of {comment_id}",
        "textOriginal": f"Words of {comment_id}",
        "authorDisplayName": "@kerry-walsh" if by == "UC9" else f"@{by.lower()}",
        "authorChannelId": {"value": by},
        "parentId": parent,
        "publishedAt": "2026-11-20T10:00:00Z",
        "updatedAt": "2026-11-20T10:00:00Z",
        "moderationStatus": "published",
    } | more
    return {
        "kind": "youtube#comment",
        "id": comment_id,
        "snippet": {name: value for name, value in snippet.items() if value is not None},
    }


def yt_thread(
    thread_id: str, *shown: object, total: object = None, top: object = None, **top_snippet: object
) -> dict[str, Any]:
    """Return a thread with the replies that the listing shows."""
    return {
        "kind": "youtube#commentThread",
        "id": thread_id,
        "snippet": {
            "channelId": CHANNEL,
            "videoId": "abc-DEF_123",
            "canReply": True,
            "isPublic": True,
            "totalReplyCount": len(shown) if total is None else total,
            "topLevelComment": yt_comment(thread_id, **top_snippet) if top is None else top,  # type: ignore[arg-type]
        },
        **({"replies": {"comments": list(shown)}} if shown else {}),
    }


def yt_answer(items: Iterable[object], token: object = None) -> dict[str, Any]:
    """Return one page of a listing of YouTube."""
    return {"items": list(items)} | ({} if token is None else {"nextPageToken": token})
