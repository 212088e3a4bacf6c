"""Accounts, answers and polls that the connectors' tests share. Everybody in them is invented."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import responses

from connectors.base import Connector, ConnectorContext, Identity, Page, State
from connectors.registry import connector_for
from moderation.items import ItemKind, Reference, Rejected, Sighting, digest

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
"""The specifications beside the repository."""

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TOKEN = "a-token-that-nobody-may-see"
ME = {
    "bluesky": Identity("did:plc:oakfieldacademypractices", "academy.oakfield.example"),
    "x": Identity("7700900100", "OakfieldAcademy"),
    "facebook": Identity("104500770090010", ""),
    "youtube": Identity("UCOakfieldAcademyPractice", "OakfieldAcademy"),
    "instagram": Identity("17841400770090010", "oakfieldacademy"),
    "mastodon": Identity("109900", "oakfield"),
    "feed": Identity("oakfield-forum", ""),
    "manual": Identity("oakfield-group", ""),
}
OPTIONS: dict[str, dict[str, object]] = {
    "mastodon": {"server": "https://social.oakfield.example"},
    "feed": {"urls": ["https://forum.oakfield.example/posts.rss"], "school_authors": ["Oakfield Academy"]},
}
"""What an account cannot do without, on platforms that are many servers."""


def _comment(external_id: str, thread_id: str, author_id: str, post_id: str | None = None) -> Reference:
    return Reference(
        external_id,
        ItemKind.REPLY,
        thread_id,
        parent_id=thread_id,
        post_id=post_id,
        author_id=author_id,
        digest=digest("When does term end?"),
        created_at=NOW - timedelta(hours=2),
    )


COMMENTS = {
    "bluesky": _comment(
        "at://did:plc:kerrywalshkerrywalshkerr/app.bsky.feed.post/3m5zq2aaaaa2b",
        "at://did:plc:oakfieldacademypractices/app.bsky.feed.post/3m5zq2aaaaa2a",
        "did:plc:kerrywalshkerrywalshkerr",
        "at://did:plc:oakfieldacademypractices/app.bsky.feed.post/3m5zq2aaaaa2a",
    ),
    "x": _comment("1990000000000000001", "1990000000000000000", "55"),
    "facebook": _comment("9002", "9001", "4455", "104500770090010_500"),
    "youtube": _comment("UgwComment4AaABAg.reply", "UgwComment4AaABAg", "UCKerryWalsh", "dQw4w9WgXcQ"),
    "instagram": _comment("17900000000000002", "17900000000000001", "4455", "17900000000000000"),
    "mastodon": _comment("1002", "1001", "2001"),
    "feed": _comment("https://forum.oakfield.example/t/term/12/2", "term-12", "Kerry Walsh"),
    "manual": _comment("term-2", "term-1", "kerry"),
}
"""Somebody's reply in a thread, as it is remembered, under ids of the forms that each platform has."""


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
    chosen = OPTIONS.get(platform, {}) | options
    return connector_for(platform, chosen, ConnectorContext(ME[platform], token, base_url))


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
LOOKUP = f"{X}/tweets"
X_MESSAGES = f"{X}/dm_events"
X_TALK = f"55-{ME['x'].external_id}"


def quotes_of(number: int) -> str:
    """Return the address of what quotes a post on X."""
    return f"{X}/tweets/{number}/quote_tweets"


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


def x_message(number: int, **more: object) -> dict[str, Any]:
    """Return a direct message to the school on X; a field given as ``None`` is left out."""
    event = {
        "id": str(number),
        "event_type": "MessageCreate",
        "text": f"Private question {number}",
        "sender_id": "55",
        "dm_conversation_id": X_TALK,
        "created_at": "2026-11-20T09:58:01.000Z",
    }
    return {name: value for name, value in (event | more).items() if value is not None}


def x_absent(number: object, kind: str, parameter: str = "ids") -> dict[str, Any]:
    """Return what X says beside the data of a post that it does not show."""
    return {
        "resource_id": str(number),
        "value": str(number),
        "parameter": parameter,
        "resource_type": "tweet",
        "title": "Not shown",
        "detail": "words of X",
        "type": f"https://api.twitter.com/2/problems/{kind}",
    }


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


# Instagram

IG_ID = ME["instagram"].external_id
IG_MEDIA = f"{GRAPH}/{IG_ID}/media"
IG_PAGE = {"id": PAGE_ID, "instagram_business_account": {"id": IG_ID, "username": "oakfieldacademy"}}
IG_OWN = {"from": {"id": IG_ID, "username": "oakfieldacademy"}, "username": "oakfieldacademy"}


def ig_media(
    number: int = 700, age: timedelta = timedelta(hours=3), /, *, count: object = 1, **more: object
) -> dict[str, Any]:
    """Return one of the school's media; a field given as ``None`` is left out."""
    media = {
        "id": str(number),
        "caption": "Open evening on Thursday.",
        "media_type": "IMAGE",
        "media_product_type": "FEED",
        "permalink": f"https://www.instagram.com/p/{number}/",
        "timestamp": graph_time(NOW - age),
        "comments_count": count,
        "owner": {"id": IG_ID},
        "username": "oakfieldacademy",
    }
    return {name: value for name, value in (media | more).items() if value is not None}


def ig_comment(number: int, *replies: object, following: object = None, **more: object) -> dict[str, Any]:
    """Return a comment with the replies shown under it; a field given as ``None`` is left out."""
    comment = {
        "id": str(number),
        "text": f"Question {number}",
        "timestamp": "2026-11-20T10:01:02+0000",
        "username": "kerry.walsh",
        "from": {"id": "4455", "username": "kerry.walsh"},
        "hidden": False,
        "replies": graph_answer(replies, following) if replies else None,
    }
    return {name: value for name, value in (comment | more).items() if value is not None}


def ig_message(number: int, age: timedelta = timedelta(minutes=5), /, **more: object) -> dict[str, Any]:
    """Return a private message to the school; a field given as ``None`` is left out."""
    message = {
        "id": f"aWdf{number}",
        "created_time": graph_time(NOW - age),
        "from": {"id": "4455", "username": "kerry.walsh"},
        "message": f"Words {number}",
    }
    return {name: value for name, value in (message | more).items() if value is not None}


def serve_instagram(*media: object) -> None:
    """Serve an account that has these media, behind the token of its Page."""
    serve(f"{GRAPH}/me", IG_PAGE)
    serve(IG_MEDIA, graph_answer(media))


# YouTube

YOUTUBE = "https://youtube.googleapis.com/youtube/v3"
THREADS = f"{YOUTUBE}/commentThreads"
REPLIES = f"{YOUTUBE}/comments"
MODERATION = f"{REPLIES}/setModerationStatus"
CHANNELS = f"{YOUTUBE}/channels"
VIDEOS = f"{YOUTUBE}/videos"
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


# Bluesky

BLUESKY = "https://bsky.social/xrpc"
KERRY = "did:plc:kerrywalshkerrywalshkerr"
CID = "bafyreihyrpefhacm6kkp4ql6j6udakdit7g3dmkzfriqfykhjw6cad5lrm"


def bsky_token(scope: str = "com.atproto.appPassPrivileged", ends: int = 4_102_444_800) -> str:
    """Return a token as Bluesky makes them; it says when it ends, in Unix seconds, and what it may do."""
    parts = ({"alg": "HS256", "typ": "JWT"}, {"scope": scope, "sub": ME["bluesky"].external_id, "exp": ends})
    head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return f"{head}.{body}.c2lnbmF0dXJl"


def bsky_session(**more: object) -> dict[str, Any]:
    """Return what Bluesky answers to a sign-in."""
    session = {
        "accessJwt": bsky_token(),
        "refreshJwt": bsky_token("com.atproto.refresh"),
        "handle": ME["bluesky"].handle,
        "did": ME["bluesky"].external_id,
        "active": True,
    }
    return session | more


def bsky_uri(number: int, by: str = KERRY) -> str:
    """Return the address of a post; a higher number is a later post, by seconds."""
    made = NOW - timedelta(hours=1) + timedelta(seconds=number)
    count, key = int(made.timestamp() * 1_000_000) << 10, ""
    for _ in range(13):
        count, digit = divmod(count, 32)
        key = "234567abcdefghijklmnopqrstuvwxyz"[digit] + key
    return f"at://{by}/app.bsky.feed.post/{key}"


def bsky_record(
    number: int, under: str | None = None, root: str | None = None, **more: object
) -> dict[str, Any]:
    """Return a post's record; with ``under`` it is a reply. A field given as ``None`` is left out."""
    record: dict[str, Any] = {
        "$type": "app.bsky.feed.post",
        "text": f"Question {number}",
        "createdAt": bsky_time(timedelta(hours=1) - timedelta(seconds=number)),
        "langs": ["en"],
    }
    if under is not None:
        record["reply"] = {"parent": {"uri": under, "cid": CID}, "root": {"uri": root or under, "cid": CID}}
    return {name: value for name, value in (record | more).items() if value is not None}


def bsky_time(age: timedelta) -> str:
    """Write a time as Bluesky does, from how long ago it is."""
    return (NOW - age).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def bsky_post(number: int, record: object = None, by: str = KERRY, **more: object) -> dict[str, Any]:
    """Return a post as Bluesky shows it; a field given as ``None`` is left out."""
    post = {
        "uri": bsky_uri(number, by),
        "cid": CID,
        "author": {"did": by, "handle": "kerry.example", "displayName": "Kerry Walsh"},
        "record": bsky_record(number) if record is None else record,
        "indexedAt": bsky_time(timedelta(hours=1) - timedelta(seconds=number + 1)),
        "replyCount": 0,
    }
    return {name: value for name, value in (post | more).items() if value is not None}


def bsky_notification(number: int, reason: str = "mention", **more: object) -> dict[str, Any]:
    """Return a post as Bluesky notifies us of it; a field given as ``None`` is left out."""
    told: dict[str, Any] = {"reason": reason, "isRead": False, "replyCount": None}
    return bsky_post(number, **(told | more))


def bsky_node(post: object, *replies: object, cut: bool = False) -> dict[str, Any]:
    """Return a post in a thread with what stands below it; ``cut`` leaves that out for depth."""
    node = {"$type": "app.bsky.feed.defs#threadViewPost", "post": post}
    return node if cut else node | {"replies": list(replies)}


def serve_bsky(method: str, *answers: object, status: int = 200) -> None:
    """Register answers to a question that Bluesky is asked, one after the other."""
    serve(f"{BLUESKY}/{method}", *answers, status=status)


def serve_bsky_sign_in(**more: object) -> None:
    """Let the school sign in."""
    responses.post(f"{BLUESKY}/com.atproto.server.createSession", json=bsky_session(**more))


def yt_error(reason: object, **more: object) -> dict[str, Any]:
    """Return an error of YouTube that gives this reason."""
    detail = {"reason": reason, "message": "words"}
    return {"error": {"code": 403, "message": "words", "errors": [detail]} | more}
