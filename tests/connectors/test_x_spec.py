"""The requests that the X connector sends, held against X's own specifications."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest
import requests
import responses

from moderation.actions import Action, ActionKind
from moderation.items import ItemKind, Reference
from tests.connectors.wire import (
    LOOKUP,
    ME,
    MENTIONS,
    NOW,
    OWN,
    SEARCH,
    SHARED,
    X_MESSAGES,
    X_TALK,
    X,
    connector,
    poll,
    quotes_of,
    serve,
    x_answer,
    x_message,
    x_post,
)

SPECIFICATIONS = {
    "tweet": "x-api-v2.166-2026-07-06.openapi.json",
    "post": "x-api-v2.167-2026-08-22.openapi.json",
}
SCHOOL = ME["x"].external_id
POST = 1990000000000000001

pytestmark = [
    pytest.mark.shared,
    pytest.mark.filterwarnings("ignore:The 'warn' method is deprecated:DeprecationWarning"),
    pytest.mark.skipif(
        not (SHARED / "specs" / "x").is_dir() and os.environ.get("CI") != "true",
        reason="the specifications of X are not beside the repository",
    ),
]


@cache
def _specification(vocabulary: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SHARED / "specs" / "x" / SPECIFICATIONS[vocabulary]).read_text())
    return read


def _resolved(specification: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Return a part of the specification, its own reference followed."""
    while "$ref" in part:
        node: Any = specification
        for step in part["$ref"].removeprefix("#/").split("/"):
            node = node[step]
        part = node
    return part


def _validator(specification: dict[str, Any], schema: dict[str, Any]) -> jsonschema.Draft7Validator:
    """Return a check that follows every reference of a schema, however deep."""
    return jsonschema.Draft7Validator({**schema, "components": specification["components"]})


def _operation(specification: dict[str, Any], method: str, path: str) -> tuple[str, dict[str, Any]]:
    """Return the path's template and what X says of it; a written path goes before one with places."""
    for template in sorted(specification["paths"], key=lambda each: each.count("{")):
        fits = re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)), path)
        if fits and method.lower() in specification["paths"][template]:
            return template, specification["paths"][template][method.lower()]
    return "", {}


def _violations(vocabulary: str, request: requests.PreparedRequest) -> list[str]:
    """Return what the specification has against a request; empty when it is one that X takes."""
    specification, address = _specification(vocabulary), urlsplit(str(request.url))
    template, operation = _operation(specification, str(request.method), address.path)
    if not operation:
        return [f"there is no {request.method} {address.path}"]
    parameters = [_resolved(specification, each) for each in operation.get("parameters", [])]
    places = dict(zip(re.findall(r"{(\w+)}", template), _filled(template, address.path), strict=True))
    sent = parse_qs(address.query, strict_parsing=bool(address.query))
    given = sent | {name: [value] for name, value in places.items()}
    known = {each["name"]: each for each in parameters}
    found = [f"{template} has no parameter {name}" for name in given if name not in known]
    needed = [name for name, each in known.items() if each.get("required")]
    found += [f"{name} is missing" for name in needed if name not in given]
    for name in given.keys() & known.keys():
        found += _wrong_values(specification, known[name], given[name])
    return found + list(_wrong_body(specification, operation, request.body))


def _filled(template: str, path: str) -> list[str]:
    return [
        value
        for name, value in zip(template.split("/"), path.split("/"), strict=True)
        if name.startswith("{")
    ]


def _wrong_values(specification: dict[str, Any], parameter: dict[str, Any], values: list[str]) -> list[str]:
    schema = _resolved(specification, parameter["schema"])
    value: Any = values[0]
    if schema["type"] == "array":
        value = value.split(",")
    if schema["type"] == "integer":
        value = int(value)
    wrong = [error.message for error in _validator(specification, schema).iter_errors(value)]
    return wrong + ([f"{parameter['name']} was sent twice"] if len(values) > 1 else [])


def _wrong_body(specification: dict[str, Any], operation: dict[str, Any], body: object) -> Iterator[str]:
    expected = operation.get("requestBody")
    if expected is None:
        if body:
            yield "there should be no body"
        return
    if not isinstance(body, bytes | str):
        if _resolved(specification, expected).get("required"):
            yield "the body is missing"
        return
    schema = _resolved(specification, expected)["content"]["application/json"]["schema"]
    yield from (error.message for error in _validator(specification, schema).iter_errors(json.loads(body)))


def _serve_everything(recorded: responses.RequestsMock) -> None:
    """Answer whatever the connector may ask, first and later pages."""
    root = x_post(POST, author_id=SCHOOL, edit_history_tweet_ids=[str(POST)])
    for address in (MENTIONS, OWN, SEARCH, quotes_of(POST)):
        recorded.get(address, json=x_answer([root], "7140dibdnow9c7btw3z"))
        recorded.get(address, json=x_answer([root]))
    for address in (X_MESSAGES, f"{X}/dm_conversations/{X_TALK}/dm_events"):
        recorded.get(address, json=x_answer([x_message(7)], "7140dibdnow9c7btw3z"))
        recorded.get(address, json=x_answer([]))
    recorded.get(LOOKUP, json=x_answer([root]))
    recorded.get(re.compile(f"{X_MESSAGES}/[0-9]+"), json={"data": x_message(7)})
    recorded.get(f"{X}/users/me", json={"data": {"id": SCHOOL}})
    recorded.post(LOOKUP, json={"data": {"id": "70", "text": "..."}}, status=201)
    sent = {"data": {"dm_event_id": "71", "dm_conversation_id": X_TALK}}
    recorded.post(f"{X}/dm_conversations/{X_TALK}/messages", json=sent, status=201)
    for hidden in (True, False):
        recorded.put(f"{LOOKUP}/{POST}/hidden", json={"data": {"hidden": hidden}})
    recorded.delete(f"{LOOKUP}/{POST}", json={"data": {"deleted": True}})
    recorded.post(f"{X}/users/55/dm/block", json={"data": {"blocked": True}})
    recorded.post(f"{X}/users/55/dm/unblock", json={"data": {"blocked": False}})


def _every_request(vocabulary: str) -> list[requests.PreparedRequest]:
    """Make the connector do everything it can, and return what it sent."""
    item = Reference(str(POST), ItemKind.REPLY, str(POST))
    message = Reference("7", ItemKind.MESSAGE, X_TALK, author_id="55")
    with responses.RequestsMock() as recorded:
        _serve_everything(recorded)
        reader = connector("x", vocabulary=vocabulary)
        for stream in reader.streams():
            poll(reader, stream)
        reader = connector("x", vocabulary=vocabulary)
        for stream in reader.streams():
            list(reader.sweep(stream, NOW.replace(day=13), NOW))
        reader.lookup([item, message], NOW)
        reader.prove(NOW)
        for kind in (ActionKind.REPLY, ActionKind.HIDE, ActionKind.UNHIDE, ActionKind.DELETE):
            reader.act(Action(kind, item, "ours", NOW, "Thank you."), NOW)
        for kind in (ActionKind.REPLY, ActionKind.BLOCK, ActionKind.UNBLOCK):
            reader.act(Action(kind, message, "ours", NOW, "Thank you."), NOW)
        for kind, where in ((ActionKind.REPLY, item), (ActionKind.DELETE, item), (ActionKind.REPLY, message)):
            reader.verify(Action(kind, where, "ours", NOW - timedelta(days=1), "Thank you."), NOW)
        return [call.request for call in recorded.calls]


@pytest.mark.parametrize("vocabulary", SPECIFICATIONS)
def test_every_request_is_one_that_x_specifies(vocabulary: str) -> None:
    """Polls, sweeps, lookups, acts, reading back and the proof: addresses, names, values, ranges, bodies."""
    sent = _every_request(vocabulary)
    specification = _specification(vocabulary)
    asked = [(str(each.method), urlsplit(str(each.url)).path) for each in sent]
    assert {(method, _operation(specification, method, path)[0]) for method, path in asked} == EVERYTHING
    assert [found for each in sent for found in _violations(vocabulary, each)] == []


EVERYTHING = {
    ("GET", "/2/users/{id}/mentions"),
    ("GET", "/2/users/{id}/tweets"),
    ("GET", "/2/tweets/search/recent"),
    ("GET", "/2/tweets/{id}/quote_tweets"),
    ("GET", "/2/dm_events"),
    ("GET", "/2/dm_events/{event_id}"),
    ("GET", "/2/dm_conversations/{id}/dm_events"),
    ("GET", "/2/tweets"),
    ("GET", "/2/users/me"),
    ("POST", "/2/tweets"),
    ("POST", "/2/dm_conversations/{dm_conversation_id}/messages"),
    ("PUT", "/2/tweets/{tweet_id}/hidden"),
    ("DELETE", "/2/tweets/{id}"),
    ("POST", "/2/users/{id}/dm/block"),
    ("POST", "/2/users/{id}/dm/unblock"),
}


@pytest.mark.parametrize("vocabulary", SPECIFICATIONS)
@pytest.mark.parametrize(
    ("method", "address", "body", "faults"),
    [
        ("GET", f"{MENTIONS}?max_results=3&user.fields=mood&colour=blue&since_id=x", None, 4),
        ("GET", f"{X}/users/x/mentions", None, 1),
        ("GET", f"{MENTIONS}?max_results=5&max_results=6", None, 1),
        ("GET", LOOKUP, None, 1),
        ("GET", f"{LOOKUP}?ids={','.join(['1'] * 101)}", None, 1),
        ("GET", f"{X_MESSAGES}?event_types=Whisper", None, 1),
        ("GET", f"{X}/tweets/1/likes", None, 1),
        ("POST", LOOKUP, {"text": "a", "reply": {"in_reply_to": "1"}}, 2),
        ("POST", LOOKUP, {"text": 7, "colour": "blue"}, 2),
        ("PUT", f"{LOOKUP}/1/hidden", {"hidden": "yes"}, 1),
        ("PUT", f"{LOOKUP}/1/hidden", {}, 1),
        ("POST", f"{X}/dm_conversations/{X_TALK}/messages", {"text": ""}, 1),
        ("DELETE", f"{LOOKUP}/1", {"hidden": True}, 1),
    ],
)
def test_the_check_finds_what_is_wrong(
    vocabulary: str, method: str, address: str, body: object, faults: int
) -> None:
    """The check itself can fail: wrong names, values, ranges, places and bodies are found in both."""
    request = requests.Request(method, address, json=body).prepare()  # type: ignore[arg-type]
    assert len(_violations(vocabulary, request)) >= faults


@responses.activate
def test_only_fields_that_are_used_are_asked_for() -> None:
    """Data that nobody needs is not fetched: no metrics, places, polls or addresses of media."""
    serve(MENTIONS, x_answer([]))
    serve(X_MESSAGES, x_answer([]))
    for stream in ("mentions", "messages"):
        poll(connector("x"), stream)
    posts, messages = (parse_qs(urlsplit(str(call.request.url)).query) for call in responses.calls)
    assert posts["user.fields"] == messages["user.fields"] == ["name,username"]
    assert posts["media.fields"] == messages["media.fields"] == ["type"]
    assert "geo" not in posts["tweet.fields"][0]
    assert "public_metrics" not in posts["tweet.fields"][0]
    assert "participant_ids" not in messages["dm_event.fields"][0]
