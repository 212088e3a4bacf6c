"""Every request that goes to Graph is one that Meta publishes: nothing in it is made up."""

from __future__ import annotations

import os
from typing import Any

import pytest
import responses

from connectors.practice.content import Thing
from connectors.practice.identities import Platform
from moderation.actions import Action, ActionKind
from moderation.items import ItemKind
from tests.connectors.graph_spec import META, violations
from tests.connectors.graph_stage import GraphStage, reference_to
from tests.connectors.wire import (
    GRAPH,
    NOW,
    PAGE_ID,
    POST_ID,
    comments_of,
    connector,
    fb_post,
    graph_answer,
    poll,
)

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not META.is_dir() and os.environ.get("CI") != "true",
        reason="Meta's specifications are not beside the repository",
    ),
]

LINES: list[dict[str, Any]] = [
    {"id": "post", "by": "school", "text": "Open evening.", "at": "2026-11-18T08:00:00Z"},
    {
        "id": "asked",
        "by": "kerry",
        "text": "Is there parking?",
        "under": "post",
        "at": "2026-11-20T09:00:00Z",
    },
    {"id": "rude", "by": "sam", "text": "A shambles", "under": "post", "at": "2026-11-20T09:10:00Z"},
    {"id": "praise", "by": "dan", "text": "Kind.", "review": True, "rating": 5, "at": "2026-11-19T10:00:00Z"},
    *(
        {
            "id": f"letter-{each}",
            "by": "kerry",
            "text": f"Question {each}",
            "private": True,
            "at": "2026-11-20T10:00:00Z",
        }
        for each in range(2)
    ),
]


def kind_of(name: str) -> str:
    """Return which kind of node an id of Facebook stands for in these tests."""
    if name in {"me", PAGE_ID}:
        return "Page"
    if name.startswith("m_"):
        return "UnifiedMessage"
    if name.startswith("t_"):
        return "UnifiedThread"
    if name.startswith("photo"):
        return "Photo"
    if name.startswith("video"):
        return "AdVideo"
    return "PagePost" if name.startswith(f"{PAGE_ID}_") else "Comment"


def _wrong(sent: list[Any]) -> list[str]:
    return [
        f"{each.method} {wrong}"
        for each in sent
        for wrong in violations(str(each.method), str(each.url), each.body, kind_of)
    ]


def test_reading_acting_and_looking_up_ask_for_nothing_made_up() -> None:
    """All streams, sweeps, acts of every kind, reading back, lookups and the proof of the token."""
    page = GraphStage(LINES)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        page.listen(recorded)
        reader = page.reader(ads=True, conversations_updated_after=True, human_agent=True)
        reader.prove(NOW)
        seen = {}
        cursors = {}
        for stream in reader.streams():
            polled = poll(reader, stream)
            cursors[stream] = polled.cursor
            seen.update({item.text: reference_to(item) for item in polled.items})
            list(reader.sweep(stream, NOW, NOW))
        for each in range(25):
            page.stage.say(_letter(each))
        assert poll(reader, "messages", cursors["messages"]).rejected
        reader.lookup(list(seen.values()), NOW)
        for kind, words in (
            (ActionKind.REPLY, "Thank you."),
            (ActionKind.BLOCK, ""),
            (ActionKind.UNBLOCK, ""),
            (ActionKind.HIDE, ""),
            (ActionKind.UNHIDE, ""),
            (ActionKind.DELETE, ""),
        ):
            for item in seen.values():
                if kind is ActionKind.REPLY or (item.author_id != PAGE_ID and item.kind is ItemKind.COMMENT):
                    action = Action(kind, item, "one", NOW, words)
                    reader.act(action, NOW)
                    reader.verify(action, NOW)
        for kind in (ActionKind.BLOCK, ActionKind.UNBLOCK):
            reader.act(Action(kind, seen["Question 1"], "one", NOW), NOW)
        reader.lookup(list(seen.values()), NOW)
    assert len(page.sent) > 60
    assert {each.method for each in page.sent} == {"GET", "POST", "DELETE"}
    assert _wrong(page.sent) == []


def _letter(number: int) -> Thing:
    text, key = f"Another question {number}", f"another-{number}"
    return Thing(0, key, Platform.FACEBOOK, by="kerry", name="Kerry Walsh", text=text, at=NOW, private=True)


def test_photos_and_videos_are_asked_for_as_meta_says() -> None:
    """Their own edges, and the comments edge of a photo and of a video."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        recorded.get(f"{GRAPH}/me", json={"id": PAGE_ID})
        for edge in ("photos", "videos"):
            name = f"{edge[:-1]}7"
            recorded.get(f"{GRAPH}/{PAGE_ID}/{edge}", json=graph_answer([fb_post(7, id=name)]))
            recorded.get(comments_of(name), json=graph_answer([]))
            poll(connector("facebook"), edge)
        sent = [call.request for call in recorded.calls]
    assert len(sent) == 6
    assert _wrong(sent) == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"{PAGE_ID}/published_posts?colour=red", None),
        ("GET", f"{PAGE_ID}/published_posts?fields=id,colour", None),
        ("GET", f"{PAGE_ID}/feed?include_hidden=True", None),
        ("GET", f"{PAGE_ID}/conversations?platform=telegraph", None),
        ("GET", f"{PAGE_ID}/conversations?fields=messages.limit(3){{id,colour}}", None),
        ("GET", f"{PAGE_ID}/conversations?updated_after_ms=soon", None),
        ("GET", f"{PAGE_ID}/no_such_edge", None),
        ("GET", f"{POST_ID}/comments?filter=everything", None),
        ("GET", f"{POST_ID}/comments?since=yesterday", None),
        ("GET", "500_1?fields=parent{id,colour}", None),
        ("POST", "500_1", "hidden=true"),
        ("POST", "500_1", "is_hidden=1"),
        ("POST", f"{PAGE_ID}/moderate_conversations", 'actions=["SHOUT"]'),
        ("POST", f"{PAGE_ID}/blocked", "psid=7"),
        ("POST", f"{PAGE_ID}/messages", 'recipient={"id"'),
        ("PUT", "500_1", None),
    ],
)
def test_what_is_made_up_is_noticed(method: str, path: str, body: str | None) -> None:
    """The check itself can fail: on edges, parameters, types, words and fields."""
    assert violations(method, f"{GRAPH}/{path}", body, kind_of)
