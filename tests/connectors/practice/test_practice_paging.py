"""Paging: whatever is visible is reached, once, with any page size; and a long listing is walked quickly."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.practice.content import read
from connectors.practice.identities import (
    FACEBOOK_PAGE_ID,
    WEEK_START,
    X_USER_ID,
    YOUTUBE_UPLOADS_ID,
    Platform,
)
from connectors.practice.timeline import last_order_at
from connectors.practice.world import Node, World
from tests.connectors.practice.rehearsal import (
    ALL_THREADS,
    ask,
    body,
    content,
    request,
    walk_graph,
    walk_x,
    walk_youtube,
    worlds,
)

Walk = Callable[[World, int, datetime], Iterator[str]]
STREAM = {"filter": "stream"}
NEWEST_FIRST = {"filter": "stream", "order": "reverse_chronological"}


def of_x(path: str, **query: Any) -> Walk:
    """Walk a listing of X, whose pages hold five posts or more, ten in a search."""
    least = 10 if "query" in query else 5
    return lambda world, size, now: walk_x(world, path, max(size, least), now, **query)


def of_posts(query: Mapping[str, Any]) -> Walk:
    """Walk the comments of every post of the Page."""

    def walk(world: World, size: int, now: datetime) -> Iterator[str]:
        for post in walk_graph(world, f"{FACEBOOK_PAGE_ID}/published_posts", size, now):
            yield post
            yield from walk_graph(world, f"{post}/comments", size, now, **query)

    return walk


def of_levels(world: World, size: int, now: datetime) -> Iterator[str]:
    """Walk posts, their top-level comments, and the replies of each."""
    for post in walk_graph(world, f"{FACEBOOK_PAGE_ID}/feed", size, now):
        yield post
        for top in walk_graph(world, f"{post}/comments", size, now):
            yield top
            yield from walk_graph(world, f"{top}/comments", size, now)


def of_channel(world: World, size: int, now: datetime) -> Iterator[str]:
    """Walk all threads of the channel, and the replies of each."""
    for thread in walk_youtube(world, "commentThreads", size, now, **ALL_THREADS):
        yield thread
        yield from walk_youtube(world, "comments", size, now, parentId=thread)


def of_videos(world: World, size: int, now: datetime) -> Iterator[str]:
    """Walk the videos, and the threads of each."""
    for entry in walk_youtube(world, "playlistItems", min(size, 50), now, playlistId=YOUTUBE_UPLOADS_ID):
        video = entry.partition(".")[2]
        yield video
        yield from walk_youtube(world, "commentThreads", size, now, videoId=video)


WALKS: dict[str, tuple[Platform, Walk, Callable[[Node], bool]]] = {
    "mentions": (
        Platform.X,
        of_x(f"/2/users/{X_USER_ID}/mentions"),
        lambda node: any(account.is_school for account in node.mentions),
    ),
    "own posts": (Platform.X, of_x(f"/2/users/{X_USER_ID}/tweets"), lambda node: node.author.is_school),
    "search": (
        Platform.X,
        of_x(
            "/2/tweets/search/recent",
            query="from:kerry OR to:kerry OR @kerry",
            end_time="2026-11-20T00:00:00Z",
        ),
        lambda node: "kerry" in {node.author.key, *(account.key for account in node.mentions)},
    ),
    "stream": (Platform.FACEBOOK, of_posts(STREAM), lambda node: True),
    "stream, newest first": (Platform.FACEBOOK, of_posts(NEWEST_FIRST), lambda node: True),
    "level by level": (Platform.FACEBOOK, of_levels, lambda node: True),
    "channel": (Platform.YOUTUBE, of_channel, lambda node: node.parent is not None),
    "videos": (Platform.YOUTUBE, of_videos, lambda node: not node.is_reply),
}

MOMENTS = st.integers(0, 40).map(lambda step: WEEK_START + timedelta(milliseconds=500 * step))
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "text": st.just("hi"),
            "by": st.sampled_from(["school", "kerry", "dan", "hidden"]),
            "at": MOMENTS.map(datetime.isoformat),
        },
        optional={"under": st.integers(1, 30).map(lambda line: f"line-{line}")},
    ),
    max_size=40,
)


@pytest.mark.parametrize("walk", WALKS)
@given(lines=LINES, size=st.integers(1, 12), now=MOMENTS)
def test_whatever_is_visible_is_reached_exactly_once(
    walk: str, lines: list[dict[str, Any]], size: int, now: datetime
) -> None:
    """For any content, any moment and any page size; things of the same millisecond included."""
    platform, steps, belongs = WALKS[walk]
    world = worlds(content(*({**line, "platform": platform} for line in lines)))[platform]
    now = now + timedelta(days=8) if walk == "search" else now
    last = last_order_at(now)
    expected = Counter(node.id for node in world.everything.newest_first(0, last) if belongs(node))
    assert Counter(steps(world, size, now)) == expected


@pytest.mark.parametrize(
    ("platform", "path", "size"),
    [
        (Platform.X, f"/2/users/{X_USER_ID}/mentions", {"max_results": 5}),
        (Platform.YOUTUBE, "/youtube/v3/commentThreads", {"maxResults": 5, "part": "id", **ALL_THREADS}),
    ],
)
def test_newcomers_between_two_pages_repeat_and_hide_nothing(
    platform: Platform, path: str, size: dict[str, Any]
) -> None:
    """The second page goes on where the first one ended, whatever has arrived meanwhile."""
    world = worlds(content(*({"platform": platform, "text": f"{each}"} for each in range(40))))[platform]

    def page(now: datetime, **query: Any) -> tuple[list[str], str]:
        answer = body(ask(world, platform, request(path, **size, **query), now))
        things = answer.get("data") or answer["items"]
        return [each["id"] for each in things], answer.get("nextPageToken") or answer["meta"]["next_token"]

    early, late = WEEK_START + timedelta(days=4), WEEK_START + timedelta(days=6)
    name = "pagination_token" if platform is Platform.X else "pageToken"
    first, token = page(early)
    assert page(late)[0] != first
    assert page(late, **{name: token})[0] == page(early, **{name: token})[0]


@pytest.mark.slow
def test_ten_thousand_comments_are_walked_in_seconds() -> None:
    """Under one post, under one thread, and in one conversation: a walk costs what its pages hold."""
    lines = [
        b'{"id": "f", "platform": "facebook", "by": "school", "text": "post"}',
        b'{"id": "x", "platform": "x", "by": "school", "text": "post"}',
        b'{"id": "y", "platform": "youtube", "text": "comment"}',
        *(b'{"text": "reply", "under": "%b"}' % key for key in (b"f", b"x", b"y") for _ in range(10_000)),
    ]
    built = worlds(read(lines))
    now = WEEK_START + timedelta(days=7)
    post, top = (
        built[each].by_key[key].id for each, key in ((Platform.FACEBOOK, "f"), (Platform.YOUTUBE, "y"))
    )
    mentions = partial(walk_x, built[Platform.X], f"/2/users/{X_USER_ID}/mentions", 100, now)
    comments = partial(walk_graph, built[Platform.FACEBOOK], f"{post}/comments", 100, now, filter="stream")
    replies = partial(walk_youtube, built[Platform.YOUTUBE], "comments", 100, now, parentId=top)
    for walk in (mentions, comments, replies):
        began = time.perf_counter()
        assert len(set(walk())) == 10_000
        assert time.perf_counter() - began < 5
