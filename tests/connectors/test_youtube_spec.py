"""Every request that the YouTube connector sends, and every answer of the practice YouTube, held against
Google's own description of the interface: its discovery document, read strictly."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from connectors.base import Connector
from connectors.practice import youtube
from connectors.practice.changes import Change, ChangeKind
from connectors.practice.identities import TOKEN, YOUTUBE_CHANNEL_ID
from connectors.practice.server import PracticePlatforms
from connectors.practice.wire import Answer, Request
from connectors.practice.world import World
from connectors.practice.youtube_moderation import SPAM_FILTER
from moderation.actions import Action, ActionKind
from moderation.items import ItemKind, Reference
from tests.connectors.practice.rehearsal import content
from tests.connectors.wire import SHARED, connector, poll

DISCOVERY = SHARED / "specs" / "youtube" / "youtube.v3.discovery.json"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not DISCOVERY.is_file() and os.environ.get("CI") != "true",
        reason="the description of YouTube is not beside the repository",
    ),
]

_TYPES: dict[str, Any] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": float,
    "array": list,
    "object": dict,
}
_BOUNDS = {"uint32": (0, 2**32 - 1), "int32": (-(2**31), 2**31 - 1)}


@cache
def _document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(DISCOVERY.read_text(encoding="utf-8"))
    return read


def _method(request: Request) -> dict[str, Any] | None:
    for resource in _document()["resources"].values():
        for method in resource.get("methods", {}).values():
            if (method["httpMethod"], f"/{method['path']}") == (request.method, request.path):
                found: dict[str, Any] = method
                return found
    return None


def wrong_in_request(request: Request) -> list[str]:
    """Return what Google's description has against a request; empty when it is one that YouTube takes."""
    method = _method(request)
    if method is None:
        return [f"there is no {request.method} {request.path}"]
    known = method.get("parameters", {})
    wrong = [f"{name} is missing" for name, each in known.items() if _is_left_out(each, name, request)]
    for name, values in request.query.items():
        schema = known.get(name) or _document()["parameters"].get(name)
        if schema is None:
            wrong.append(f"there is no parameter {name}")
            continue
        if len(values) > 1 and not schema.get("repeated"):
            wrong.append(f"{name} was sent twice")
        parts = [
            part for value in values for part in (value.split(",") if schema.get("repeated") else [value])
        ]
        wrong.extend(each for part in parts for each in _wrong_word(schema, part, name))
    if "request" not in method:
        return wrong + (["there is a body"] if request.body is not None or request.form else [])
    return wrong + list(_wrong_value(method["request"], request.body, "body"))


def _is_left_out(schema: dict[str, Any], name: str, request: Request) -> bool:
    return bool(schema.get("required")) and not request.one(name)


def _wrong_word(schema: dict[str, Any], word: str, name: str) -> Iterator[str]:
    if not word:
        yield f"{name} is empty"
    if "enum" in schema and word not in schema["enum"]:
        yield f"{name} is not one of its words"
    if schema["type"] == "boolean" and word not in {"true", "false"}:
        yield f"{name} is neither true nor false"
    if schema["type"] == "integer":
        least, most = _BOUNDS[schema["format"]]
        least, most = int(schema.get("minimum", least)), int(schema.get("maximum", most))
        if not word.isdigit() or not least <= int(word) <= most:
            yield f"{name} is out of range"


def wrong_in_answer(request: Request, answer: Answer) -> list[str]:
    """Return what the description has against a good answer to a request that it knows."""
    method = _method(request)
    assert method is not None
    if "response" not in method:
        return [] if (answer.status, answer.encoded()) == (204, b"") else ["there is an answer"]
    if answer.status != 200:
        return [f"the status is {answer.status}"]
    return list(_wrong_value(method["response"], json.loads(answer.encoded()), "answer"))


def _wrong_value(schema: dict[str, Any], value: Any, place: str) -> Iterator[str]:
    while "$ref" in schema:
        schema = _document()["schemas"][schema["$ref"]]
    kind = _TYPES[schema["type"]]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        yield f"{place} is no {schema['type']}"
        return
    yield from _wrong_form(schema, value, place)
    for name, part, each in _parts(schema, value):
        if part is None:
            yield f"{place} has no {name}"
        else:
            yield from _wrong_value(part, each, f"{place}.{name}")


def _wrong_form(schema: dict[str, Any], value: Any, place: str) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place} is not one of its words"
    if schema.get("format") == "date-time" and datetime.fromisoformat(value).utcoffset() is None:
        yield f"{place} has no offset"
    if schema.get("format") in _BOUNDS:
        least, most = _BOUNDS[schema["format"]]
        if not least <= int(value) <= most:
            yield f"{place} is out of range"


def _parts(schema: dict[str, Any], value: Any) -> Iterator[tuple[str, dict[str, Any] | None, Any]]:
    """Yield what a value holds, each with its description, which is ``None`` for what may not be there."""
    if schema["type"] == "array":
        yield from ((str(number), schema["items"], each) for number, each in enumerate(value))
    if schema["type"] == "object":
        known = schema.get("properties", {})
        yield from ((name, known.get(name), each) for name, each in value.items())


@dataclass
class Heard:
    """Everything that went over the wire."""

    calls: list[tuple[Request, Answer]]

    def wrong(self) -> list[str]:
        """Return every violation in a request or in a good answer."""
        found = [f"{request.path}: {each}" for request, _ in self.calls for each in wrong_in_request(request)]
        return found + [
            f"{request.path}: {each}"
            for request, answer in self.calls
            if answer.status < 400
            for each in wrong_in_answer(request, answer)
        ]

    def methods(self) -> set[str]:
        """Return the names of the methods that were asked."""
        return {method["id"] for request, _ in self.calls if (method := _method(request))}


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """Return what is said between the connector and the practice YouTube, as it is said."""
    listening = Heard([])
    answer = youtube.answer

    def recorded(world: World, request: Request, now: datetime) -> Answer:
        answered = answer(world, request, now)
        listening.calls.append((request, answered))
        return answered

    monkeypatch.setattr(youtube, "answer", recorded)
    return listening


def _line(key: str, by: str, under: str | None, hour: int) -> dict[str, Any]:
    at = (NOW - timedelta(hours=hour)).isoformat()
    return {"id": key, "platform": "youtube", "by": by, "under": under, "text": f"Words of {key}", "at": at}


LINES = (
    _line("video", "school", None, 90),
    _line("quiet", "school", None, 89),
    _line("hushed", "kerry-walsh", "quiet", 40),
    _line("top", "kerry-walsh", "video", 30),
    *(_line(f"reply-{number}", "dan-moss", "top", 29 - number) for number in range(8)),
    _line("own", "school", "top", 12),
    _line("held", "dan-moss", "video", 11),
    _line("spam", "sam-reed", "video", 10),
    _line("edited", "sam-reed", "video", 9),
    _line("gone", "sam-reed", "video", 8),
    _line("rude", "sam-reed", "video", 7),
)
CHANGES = (
    Change("hushed", ChangeKind.EDIT, NOW - timedelta(hours=30), "Other words"),
    Change("quiet", ChangeKind.HIDE, NOW - timedelta(hours=20)),
    Change("held", ChangeKind.HOLD, NOW - timedelta(hours=9)),
    Change("spam", ChangeKind.HOLD, NOW - timedelta(hours=9), by=SPAM_FILTER),
    Change("edited", ChangeKind.EDIT, NOW - timedelta(hours=5), "Other words"),
    Change("gone", ChangeKind.DELETE, NOW - timedelta(hours=4), by="sam-reed"),
)


@pytest.fixture
def platforms() -> Iterator[PracticePlatforms]:
    """Return practice platforms on which everything has happened that YouTube knows."""
    started = PracticePlatforms(content(*LINES), lambda: NOW)
    for change in CHANGES:
        started.change(change)
    with started:
        yield started


def _reference(platforms: PracticePlatforms, key: str) -> Reference:
    name = platforms.external_id(key)
    thread = name.split(".", maxsplit=1)[0]
    is_own = key in {"own", "said"}
    return Reference(
        name,
        ItemKind.COMMENT if thread == name else ItemKind.REPLY,
        thread,
        post_id=platforms.external_id("quiet" if key == "hushed" else "video"),
        author_id=YOUTUBE_CHANNEL_ID if is_own else "UCSomebody",
        created_at=NOW - timedelta(hours=40),
    )


def _everything(reader: Connector, platforms: PracticePlatforms) -> None:
    """Do everything that the connector can do."""
    reader.prove(NOW)
    for stream in reader.streams():
        poll(reader, stream, now=NOW)
        list(reader.sweep(stream, NOW - timedelta(days=7), NOW))
    keys = ("top", "reply-1", "held", "spam", "edited", "gone", "hushed")
    reader.lookup([_reference(platforms, key) for key in keys], NOW)
    acts = (
        (ActionKind.REPLY, "top"),
        (ActionKind.REPLY, "reply-1"),
        (ActionKind.HIDE, "top"),
        (ActionKind.UNHIDE, "top"),
        (ActionKind.DELETE, "own"),
        (ActionKind.BLOCK, "rude"),
    )
    for number, (kind, key) in enumerate(acts):
        action = Action(kind, _reference(platforms, key), f"act-{number}", NOW, words="On Monday.")
        assert reader.act(action, NOW).confirmed, (kind, key)
        assert reader.verify(action, NOW) is not None or kind is ActionKind.HIDE


def test_all_that_is_said_keeps_to_googles_description(heard: Heard, platforms: PracticePlatforms) -> None:
    """Names, words, ranges and bodies of every request; every field of every answer."""
    _everything(connector("youtube", token=TOKEN, base_url=platforms.url), platforms)
    assert heard.wrong() == []
    assert heard.methods() == {
        "youtube.channels.list",
        "youtube.commentThreads.list",
        "youtube.comments.list",
        "youtube.videos.list",
        "youtube.comments.insert",
        "youtube.comments.setModerationStatus",
        "youtube.comments.delete",
    }


def test_later_pages_keep_to_it_too(heard: Heard) -> None:
    """Page tokens of threads and of replies."""
    lines = [_line("video", "school", None, 90), _line("top", "kerry-walsh", "video", 80)]
    lines += [_line(f"r-{number}", "dan-moss", "top", 70) for number in range(120)]
    lines += [_line(f"c-{number}", "dan-moss", "video", 60) for number in range(120)]
    with PracticePlatforms(content(*lines), lambda: NOW) as platforms:
        poll(connector("youtube", token=TOKEN, base_url=platforms.url), now=NOW)
    paths = {request.path for request, _ in heard.calls if "pageToken" in request.query}
    assert paths == {"/youtube/v3/commentThreads", "/youtube/v3/comments"}
    assert heard.wrong() == []


@pytest.mark.parametrize(
    ("request_", "wrong"),
    [
        (Request("GET", "/youtube/v3/colours", {}), 1),
        (Request("PATCH", "/youtube/v3/comments", {}), 1),
        (Request("GET", "/youtube/v3/comments", {}), 1),
        (Request("GET", "/youtube/v3/comments", {"part": ("id",), "colour": ("red",)}), 1),
        (Request("GET", "/youtube/v3/comments", {"part": ("id",), "maxResults": ("101",)}), 1),
        (Request("GET", "/youtube/v3/comments", {"part": ("id",), "textFormat": ("pdf",)}), 1),
        (Request("GET", "/youtube/v3/comments", {"part": ("id",), "parentId": ("a", "b")}), 1),
        (Request("GET", "/youtube/v3/channels", {"part": ("id",), "mine": ("yes",)}), 1),
        (Request("DELETE", "/youtube/v3/comments", {"id": ("a",)}, body={}), 1),
        (Request("POST", "/youtube/v3/comments", {"part": ("id",)}, body={"snippet": {"text": "x"}}), 1),
        (Request("POST", "/youtube/v3/comments", {"part": ("id",)}), 1),
        (
            Request(
                "POST",
                "/youtube/v3/comments/setModerationStatus",
                {"id": ("a",), "moderationStatus": ("shown",), "banAuthor": ("1",)},
            ),
            2,
        ),
    ],
)
def test_the_check_finds_what_is_wrong_with_a_request(request_: Request, wrong: int) -> None:
    """The check itself can fail."""
    assert len(wrong_in_request(request_)) == wrong


def test_the_check_finds_what_is_wrong_with_an_answer() -> None:
    """Unknown fields, wrong types, words and times, at any depth; a body where there is none."""
    asked = Request("GET", "/youtube/v3/comments", {"part": ("id",)})
    snippet = {
        "textDisplay": 7,
        "moderationStatus": "shown",
        "publishedAt": "2026-11-20T10:00:00",
        "mood": "x",
    }
    answer = Answer(200, {"items": [{"id": "a", "snippet": snippet | {"likeCount": -1}}], "next": "x"})
    assert len(wrong_in_answer(asked, answer)) == 6
    assert wrong_in_answer(replace(asked, method="DELETE"), Answer(204, {})) == ["there is an answer"]
    assert wrong_in_answer(asked, Answer(204, "")) == ["the status is 204"]
