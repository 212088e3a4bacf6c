"""YouTube on the practice platforms: answers and parameters are those of Google's own discovery document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.practice import youtube
from connectors.practice.identities import (
    EXPIRED_TOKEN,
    TOKEN,
    YOUTUBE_CHANNEL_ID,
    YOUTUBE_UPLOADS_ID,
    Platform,
)
from connectors.practice.wire import Request
from connectors.practice.world import World
from tests.connectors.practice.rehearsal import (
    A_WEEK,
    ALL_THREADS,
    NOW,
    Body,
    ask,
    body,
    content,
    request,
    said,
    walk_youtube,
    worlds,
)

ROOT = "/youtube/v3"
THREADS = f"{ROOT}/commentThreads"
COMMENTS = f"{ROOT}/comments"
JSON_TYPES = {"string": str, "boolean": bool, "integer": int, "array": list, "object": dict}


class Discovery:
    """Google's description of the interface, read strictly: what it does not name may not be there."""

    def __init__(self, document: Body) -> None:
        self._schemas = document["schemas"]
        self._resources = document["resources"]

    def method(self, resource: str) -> Body:
        return self._resources[resource]["methods"]["list"]

    def check(self, schema: Body, value: Body, place: str = "answer") -> None:
        """Fail on a property that is not named, a wrong type, a wrong word or a wrong time."""
        if "$ref" in schema:
            schema = self._schemas[schema["$ref"]]
        assert isinstance(value, JSON_TYPES[schema["type"]]), place
        assert not (schema["type"] == "integer" and isinstance(value, bool)), place
        for name, part, each in self._inside(schema, value):
            self.check(part, each, f"{place}.{name}")
        assert "enum" not in schema or value in schema["enum"], place
        if schema.get("format") == "date-time":
            assert datetime.fromisoformat(str(value)).utcoffset() is not None, place
        if schema.get("format") in {"uint32", "int32"}:
            assert 0 <= int(str(value)) < 2**31, place

    def _inside(self, schema: Body, value: Body) -> Iterator[tuple[str, Body, Body]]:
        if schema["type"] == "array":
            yield from ((str(number), schema["items"], each) for number, each in enumerate(value))
        if schema["type"] == "object":
            assert set(value) <= set(schema["properties"])
            yield from ((name, schema["properties"][name], each) for name, each in value.items())


@pytest.fixture
def discovery(shared: Path) -> Discovery:
    """Return Google's description."""
    file = shared / "specs" / "youtube" / "youtube.v3.discovery.json"
    return Discovery(json.loads(file.read_text(encoding="utf-8")))


@pytest.fixture
def world() -> World:
    """Return YouTube as it is in the little week."""
    return worlds(content(*A_WEEK))[Platform.YOUTUBE]


def requests_for(world: World) -> list[tuple[str, dict[str, Any]]]:
    """Return every endpoint in each of its forms, with everything asked for."""
    top, reply, video = (world.by_key[key].id for key in ("y-2", "y-3", "y-1"))
    threads = {"part": "id,snippet,replies"}
    return [
        ("channels", {"part": "id,snippet,contentDetails", "mine": "true"}),
        ("channels", {"part": "id", "id": YOUTUBE_CHANNEL_ID}),
        ("commentThreads", {**threads, **ALL_THREADS, "order": "time", "moderationStatus": "published"}),
        ("commentThreads", {**threads, "videoId": video, "textFormat": "plainText", "maxResults": 1}),
        ("commentThreads", {**threads, "id": top}),
        ("comments", {"part": "id,snippet", "parentId": top, "maxResults": 1}),
        ("comments", {"part": "snippet", "id": f"{top},{reply}", "textFormat": "html"}),
        (
            "playlistItems",
            {"part": "id,snippet,contentDetails", "playlistId": YOUTUBE_UPLOADS_ID, "maxResults": 50},
        ),
    ]


def test_every_answer_keeps_to_the_discovery_document(discovery: Discovery, world: World) -> None:
    """No property that Google does not name, no wrong type, no wrong word."""
    for resource, query in requests_for(world):
        answer = said(world, Platform.YOUTUBE, f"{ROOT}/{resource}", **query)
        discovery.check(discovery.method(resource)["response"], answer)
        assert answer["items"], resource


def test_every_parameter_is_in_the_discovery_document(discovery: Discovery, world: World) -> None:
    """Those served are Google's, with Google's limits; any other is refused."""
    for resource, query in requests_for(world):
        known = discovery.method(resource)["parameters"]
        assert set(query) <= set(known)
        assert discovery.method(resource)["path"] == f"youtube/v3/{resource}"
        assert (
            ask(world, Platform.YOUTUBE, request(f"{ROOT}/{resource}", **query, colour="red")).status == 400
        )
        if "id" not in query and "mine" not in query:
            for size in (int(known["maxResults"]["minimum"]) - 1, int(known["maxResults"]["maximum"]) + 1):
                refused = ask(
                    world, Platform.YOUTUBE, request(f"{ROOT}/{resource}", **{**query, "maxResults": size})
                )
                assert refused.status == 400


def test_only_the_parts_asked_for_come(world: World) -> None:
    """Kind, mark and id always."""
    plain = said(world, Platform.YOUTUBE, THREADS, part="id", **ALL_THREADS)["items"][0]
    assert set(plain) == {"kind", "etag", "id"}
    some = said(world, Platform.YOUTUBE, THREADS, part="snippet", **ALL_THREADS)["items"][0]
    assert set(some) == {"kind", "etag", "id", "snippet"}


def test_a_thread_is_written_as_the_reference_shows(world: World) -> None:
    """The top comment, the number of replies, and the replies under it, flat."""
    top, reply = world.by_key["y-2"], world.by_key["y-3"]
    thread = said(world, Platform.YOUTUBE, THREADS, part="snippet,replies", **ALL_THREADS)["items"][0]
    assert thread["id"] == thread["snippet"]["topLevelComment"]["id"] == top.id
    assert thread["snippet"]["videoId"] == world.by_key["y-1"].id
    assert thread["snippet"]["totalReplyCount"] == 2
    assert [each["snippet"]["parentId"] for each in thread["replies"]["comments"]] == [top.id, top.id]
    assert reply.id.startswith(f"{top.id}.")
    author = thread["snippet"]["topLevelComment"]["snippet"]
    assert author["authorChannelId"] == {"value": top.author.id}
    assert author["publishedAt"] == author["updatedAt"] == "2026-11-16T13:00:00Z"


def test_text_comes_as_html_unless_it_is_asked_for_plain(world: World) -> None:
    """The default is the one that nobody wants to score."""

    def text(**query: Any) -> str:
        thread = said(world, Platform.YOUTUBE, THREADS, part="snippet", **ALL_THREADS, **query)["items"][0]
        shown: str = thread["snippet"]["topLevelComment"]["snippet"]["textDisplay"]
        return shown

    assert text(textFormat="plainText") == world.by_key["y-2"].text
    assert text() == "Who sang &quot;Autumn&quot; &amp; &lt;when&gt;?<br>Lovely!"


def test_the_original_text_is_for_its_author_only(world: World) -> None:
    """And somebody hidden has no channel."""
    replies = said(world, Platform.YOUTUBE, COMMENTS, part="snippet", parentId=world.by_key["y-2"].id)[
        "items"
    ]
    hidden, own = (each["snippet"] for each in replies)
    assert own["textOriginal"] == "Year 9 did."
    assert "textOriginal" not in hidden
    assert "authorChannelId" not in hidden


def test_five_replies_come_with_a_thread_and_the_others_on_demand() -> None:
    """The number says how many there are; the newest five are there."""
    lines = [
        {"id": "top", "platform": "youtube", "text": "top"},
        *({"text": "r", "under": "top"} for _ in range(12)),
    ]
    world = worlds(content(*lines))[Platform.YOUTUBE]
    later = datetime(2026, 11, 23, tzinfo=UTC)
    thread = said(world, Platform.YOUTUBE, THREADS, later, part="snippet,replies", **ALL_THREADS)["items"][0]
    assert thread["snippet"]["totalReplyCount"] == 12
    every = list(walk_youtube(world, "comments", 5, later, parentId=thread["id"]))
    assert len(every) == 12
    assert [each["id"] for each in thread["replies"]["comments"]] == every[:5]


def test_comments_by_id_have_no_moderation_status(world: World) -> None:
    """YouTube tells it in listings only; what is not there is left out without a word."""
    ids = [world.by_key["y-2"].id, "nothing", world.by_key["y-3"].id]
    found = said(world, Platform.YOUTUBE, COMMENTS, part="snippet", id=",".join(ids))["items"]
    assert [each["id"] for each in found] == [ids[0], ids[2]]
    assert all("moderationStatus" not in each["snippet"] for each in found)
    listed = said(world, Platform.YOUTUBE, THREADS, part="snippet", **ALL_THREADS)["items"][0]
    assert listed["snippet"]["topLevelComment"]["snippet"]["moderationStatus"] == "published"


@pytest.mark.parametrize("status", ["heldForReview", "likelySpam", "rejected"])
def test_nothing_is_held_back_on_the_practice_channel(world: World, status: str) -> None:
    """The other lists exist and are empty."""
    query = {"part": "snippet", "moderationStatus": status, **ALL_THREADS}
    assert said(world, Platform.YOUTUBE, THREADS, **query)["items"] == []


@pytest.mark.parametrize(
    ("path", "query", "status", "reason"),
    [
        (THREADS, {"part": "snippet"}, 400, "missingRequiredParameter"),
        (THREADS, ALL_THREADS, 400, "missingRequiredParameter"),
        (THREADS, {"part": "colour", **ALL_THREADS}, 400, "unknownPart"),
        (THREADS, {"part": "snippet", "videoId": "a", "id": "b"}, 400, "incompatibleParameters"),
        (THREADS, {"part": "snippet", "id": "a", "maxResults": "5"}, 400, "incompatibleParameters"),
        (THREADS, {"part": "snippet", "pageToken": "nonsense", **ALL_THREADS}, 400, "invalidPageToken"),
        (THREADS, {"part": "snippet", "order": "best", **ALL_THREADS}, 400, "invalidParameter"),
        (THREADS, {"part": "snippet", "textFormat": "pdf", **ALL_THREADS}, 400, "invalidParameter"),
        (THREADS, {"part": "snippet", "videoId": "nothing"}, 404, "videoNotFound"),
        (THREADS, {"part": "snippet", "allThreadsRelatedToChannelId": "UCother"}, 404, "channelNotFound"),
        (COMMENTS, {"part": "snippet", "parentId": "nothing"}, 404, "commentNotFound"),
        (COMMENTS, {"part": "snippet", "id": ",".join(map(str, range(51)))}, 400, "invalidParameter"),
        (f"{ROOT}/playlistItems", {"part": "snippet", "playlistId": "UUother"}, 404, "playlistNotFound"),
        (f"{ROOT}/search", {"part": "snippet"}, 404, "notFound"),
    ],
)
def test_refusals_are_written_as_google_does(
    world: World, path: str, query: dict[str, Any], status: int, reason: str
) -> None:
    """A code, a message, and the reason that a connector goes by."""
    answer = ask(world, Platform.YOUTUBE, request(path, **query))
    error = body(answer)["error"]
    assert (answer.status, error["code"], error["errors"][0]["reason"]) == (status, status, reason)
    assert error["message"] == error["errors"][0]["message"]


def test_what_is_not_there_yet_is_not_there(world: World) -> None:
    """A thread begins with its first comment, and counts the replies that have arrived."""
    early = datetime(2026, 11, 16, 14, 30, tzinfo=UTC)
    thread = said(world, Platform.YOUTUBE, THREADS, early, part="snippet,replies", **ALL_THREADS)["items"][0]
    assert thread["snippet"]["totalReplyCount"] == len(thread["replies"]["comments"]) == 1
    before = datetime(2026, 11, 16, 12, 30, tzinfo=UTC)
    assert said(world, Platform.YOUTUBE, THREADS, before, part="snippet", **ALL_THREADS)["items"] == []
    assert (
        len(
            said(
                world,
                Platform.YOUTUBE,
                f"{ROOT}/playlistItems",
                before,
                part="id",
                playlistId=YOUTUBE_UPLOADS_ID,
            )["items"]
        )
        == 1
    )


@pytest.mark.parametrize(("token", "status"), [(None, 403), (EXPIRED_TOKEN, 401), ("nonsense", 401)])
def test_a_wrong_token_opens_nothing(world: World, token: str | None, status: int) -> None:
    """Without one, YouTube does not know who asks."""
    assert (
        ask(world, Platform.YOUTUBE, request(f"{ROOT}/channels", token, part="id", mine="true")).status
        == status
    )


def refreshing(token: str, kind: str = "refresh_token", method: str = "POST") -> Request:
    """Return a request for a new access token."""
    return Request(method, "/token", form={"grant_type": (kind,), "refresh_token": (token,)})


def test_a_refresh_token_brings_an_access_token(world: World) -> None:
    """And the access token opens YouTube."""
    granted = body(youtube.token_answer(refreshing(TOKEN)))
    assert granted["token_type"] == "Bearer"
    assert granted["expires_in"] > 0
    asked = request(f"{ROOT}/channels", granted["access_token"], part="id", mine="true")
    assert ask(world, Platform.YOUTUBE, asked, NOW).status == 200


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (refreshing(EXPIRED_TOKEN), "invalid_grant"),
        (refreshing("nonsense"), "invalid_grant"),
        (refreshing(TOKEN, kind="password"), "unsupported_grant_type"),
        (refreshing(TOKEN, method="GET"), "unsupported_grant_type"),
    ],
)
def test_a_dead_refresh_token_is_said_so(asked: Request, error: str) -> None:
    """In the words of OAuth, not of YouTube."""
    answer = youtube.token_answer(asked)
    assert (answer.status, body(answer)["error"]) == (400, error)
