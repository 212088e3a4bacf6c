"""What the tests of the practice platforms share: content, requests, and walks through every page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from connectors.practice import graph, instagram, x, youtube
from connectors.practice.content import Content, read
from connectors.practice.identities import TOKEN, YOUTUBE_CHANNEL_ID, Platform
from connectors.practice.wire import Answer, Request
from connectors.practice.world import World, build
from connectors.practice.x_call import WHOLE_HISTORY, Depth
from connectors.practice.x_words import Vocabulary

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

Body = Any
"""An answer's body, as JSON gives it back."""

_PLATFORMS = {"f": "facebook", "x": "x", "y": "youtube"}
_NAMES = {"kerry-walsh": "Kerry Walsh"}
_ROWS = (
    ("f-1", "16T08:00:00", "school", None, "Open evening is on Thursday."),
    ("f-2", "16T09:00:00", "kerry-walsh", "f-1", "Is there parking?"),
    ("f-3", "16T10:00:00", "school", "f-2", "Yes, Kerry Walsh, by the gate."),
    ("f-4", "16T11:00:00", "dan-moss", "f-3", "Which gate?"),
    ("f-5", "17T08:00:00", "hidden", "f-1", "Lovely evening."),
    ("x-1", "16T07:00:00", "school", None, "Snow: we are open."),
    ("x-2", "16T07:30:00", "kerry-walsh", "x-1", "@OakfieldAcademy are the buses running?"),
    ("x-3", "16T07:40:00", "dan-moss", "x-2", "They are, number 12 just came"),
    ("x-4", "18T07:00:00.250", "dan-moss", None, "Proud of @oakfieldacademy. " + "Really. " * 60),
    ("x-5", "18T08:00:00", "hidden", None, "Hello?"),
    ("y-1", "16T12:00:00", "school", None, "The autumn concert"),
    ("y-2", "16T13:00:00", "kerry-walsh", "y-1", 'Who sang "Autumn" & <when>?\nLovely!'),
    ("y-3", "16T14:00:00", "school", "y-2", "Year 9 did."),
    ("y-4", "16T15:00:00", "hidden", "y-3", "Thank you"),
)
A_WEEK: tuple[Mapping[str, Any], ...] = tuple(
    {
        "id": key,
        "platform": _PLATFORMS[key[0]],
        "by": by,
        "name": _NAMES.get(by),
        "text": text,
        "at": f"2026-11-{at}Z",
        "under": under,
        "mentions": ["kerry-walsh"] if key == "f-3" else None,
    }
    for key, at, by, under, text in _ROWS
)
"""A little of everything: own posts, comments, replies to replies, long texts, somebody hidden."""


def content(*things: Mapping[str, Any]) -> Content:
    """Return content of these lines; lines that cannot be used fail the test."""
    found = read(json.dumps(thing).encode() for thing in things)
    assert not found.rejected
    return found


def worlds(found: Content) -> dict[Platform, World]:
    """Return what every platform makes of the content."""
    return {platform: build(found, platform) for platform in Platform}


def request(path: str, token: str | None = TOKEN, **query: Any) -> Request:
    """Return a request as the server would read it; two underscores stand for a dot in a name."""
    named = {name.replace("__", "."): (str(value),) for name, value in query.items() if value is not None}
    return Request("GET", path, named, token=token, base_url="http://127.0.0.1:1")


def ask(world: World, platform: Platform, asked: Request, now: datetime = NOW, **spoken: Any) -> Answer:
    """Return what a platform answers at a moment."""
    match platform:
        case Platform.X:
            return x.answer(world, asked, now, **spoken)
        case Platform.FACEBOOK:
            return graph.answer(world, asked, now)
        case Platform.YOUTUBE:
            return youtube.answer(world, asked, now)
        case Platform.INSTAGRAM:
            return instagram.answer(world, asked, now)


def body(answer: Answer) -> Body:
    """Return the body as a client reads it."""
    return json.loads(answer.encoded())


def said(world: World, platform: Platform, path: str, now: datetime = NOW, **query: Any) -> Body:
    """Return the body of an answer that has to be good."""
    answer = ask(world, platform, request(path, **query), now)
    assert answer.status == 200, answer.body
    return body(answer)


def walk_x(world: World, path: str, size: int, now: datetime = NOW, **query: Any) -> Iterator[str]:
    """Yield the ids that a listing of X shows, page after page."""
    token = None
    while True:
        asked = request(path, max_results=size, pagination_token=token, **query)
        answer = x.answer(world, asked, now, Vocabulary.TWEETS, WHOLE_HISTORY)
        page = body(answer)
        assert answer.status == 200, page
        assert page["meta"]["result_count"] == len(page.get("data", [])) <= size
        yield from (post["id"] for post in page.get("data", []))
        token = page["meta"].get("next_token")
        if token is None:
            return


def walk_graph(world: World, path: str, size: int, now: datetime = NOW, **query: Any) -> Iterator[str]:
    """Yield the ids that an edge of Graph shows, following ``paging.next`` as it stands."""
    asked = request(f"/v26.0/{path}", limit=size, access_token=TOKEN, **query)
    while True:
        page = body(graph.answer(world, asked, now))
        assert len(page["data"]) <= size
        yield from (node["id"] for node in page["data"])
        following = page.get("paging", {}).get("next")
        if following is None:
            return
        address = urlsplit(following)
        parameters = {name: tuple(values) for name, values in parse_qs(address.query).items()}
        asked = Request("GET", address.path, parameters)


def walk_youtube(world: World, name: str, size: int, now: datetime = NOW, **query: Any) -> Iterator[str]:
    """Yield the ids that a listing of YouTube shows, page after page."""
    token = None
    while True:
        path = f"/youtube/v3/{name}"
        page = said(
            world, Platform.YOUTUBE, path, now, maxResults=size, pageToken=token, part="snippet", **query
        )
        assert len(page["items"]) <= size
        yield from (item["id"] for item in page["items"])
        token = page.get("nextPageToken")
        if token is None:
            return


def get(url: str, path: str, token: str | None = TOKEN, **query: Any) -> requests.Response:
    """Send one real request to the server."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    named = {name.replace("__", "."): str(value) for name, value in query.items()}
    return requests.get(url + path, params=named, headers=headers, timeout=10)


ALL_THREADS: dict[str, Any] = {"allThreadsRelatedToChannelId": YOUTUBE_CHANNEL_ID}
SHALLOW = Depth(mentions=3, posts=3, posts_without_replies=2)
