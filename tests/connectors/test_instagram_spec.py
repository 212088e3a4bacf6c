"""The requests that the Instagram connector sends, held against Meta's own specifications."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from requests import PreparedRequest

from connectors.practice.graph_fields import Fields, parse_fields
from moderation.actions import Action, ActionKind
from moderation.items import ItemKind, Reference
from tests.connectors.wire import (
    GRAPH,
    IG_ID,
    IG_PAGE,
    NOW,
    PAGE_ID,
    SHARED,
    connector,
    graph_answer,
    graph_time,
    ig_comment,
    ig_media,
    ig_message,
    poll,
    serve,
)

META = SHARED / "specs" / "meta"
ON_INSTAGRAM = "https://graph.instagram.com/v26.0"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not META.is_dir() and os.environ.get("CI") != "true",
        reason="the specifications of Meta are not beside the repository",
    ),
]

LOGINS = {
    "facebook": (GRAPH, {"me": "Page", IG_ID: "IGUser", PAGE_ID: "Page"}),
    "instagram": (ON_INSTAGRAM, {"me": "IGUserForIGOnlyAPI", IG_ID: "IGUserForIGOnlyAPI"}),
}
NODES = {"700": "IGMedia", "800": "IGMedia", "1": "IGComment", "50": "IGComment", "c1": "UnifiedThread"}
PAGING = frozenset({"access_token", "fields", "limit", "after"})
SAME = {"Media": "IGMedia", "User": "IGUserForIGOnlyAPI"}
"""What the older files call by another name."""

Request = tuple[str, str, dict[str, str]]


@cache
def _edges() -> dict[str, list[dict[str, Any]]]:
    nodes = json.loads((META / "graph-v26-edges-from-sdk.json").read_text())["nodes"]
    return {name: node["edges"] for name, node in nodes.items()}


@cache
def _known(node: str) -> dict[str, str]:
    """Return what a node's fields and listings lead to, by name; what leads nowhere is named too."""
    read = json.loads((META / f"{node}.json").read_text())
    found = {each["name"]: SAME.get(each["type"], each["type"]) for each in read["fields"]}
    for each in read["apis"]:
        if each["method"] == "GET" and "endpoint" in each:
            found[each["endpoint"]] = SAME.get(each["return"], each["return"])
    newer = {"conversations": "UnifiedThread"}
    found |= {name: kind for name, kind in newer.items() if any(_named(node, "GET", name))}
    return found


def _named(node: str, method: str, edge: str) -> Iterator[dict[str, Any]]:
    return (
        each
        for each in _edges().get(node, [])
        if each["method"] == method and each["endpoint"].strip("/") == edge
    )


def _wrong_fields(node: str, asked: Fields) -> Iterator[str]:
    """Yield the fields that a node has not, at every depth. Of messages Meta publishes no specification."""
    if not (META / f"{node}.json").is_file():
        return
    for name, each in asked.items():
        if name not in _known(node):
            yield f"{node} has no field {name}"
        elif each.fields is not None:
            yield from _wrong_fields(_known(node)[name], each.fields)


def _wrong_parameters(edge: Mapping[str, Any], parameters: Mapping[str, str]) -> Iterator[str]:
    for name, value in parameters.items():
        kind = edge["params"].get(name)
        allowed = edge["enums"].get(str(kind).removeprefix("list<").removesuffix(">"))
        said = json.loads(value) if value[:1] in "[{" else [value]
        if kind is None and name not in PAGING:
            yield f"{edge['endpoint']} has no parameter {name}"
        elif kind == "bool" and value not in ("true", "false"):
            yield f"{name} is no truth value"
        elif isinstance(allowed, list) and not {str(each).upper() for each in said} <= set(allowed):
            yield f"{name} is none of the values"


def _violations(login: str, method: str, path: str, parameters: Mapping[str, str]) -> list[str]:
    """Return what the specification has against a request; empty when it is one that Meta takes."""
    name, _, edge = path.partition("/")
    node = (LOGINS[login][1] | NODES).get(name)
    if node is None:
        return [f"nobody knows {name}"]
    found = next(_named(node, method, edge), None)
    if found is None:
        return [f"{node} takes no {method} of {edge}"]
    shown = _known(node)[edge] if edge and method == "GET" else node
    asked = parse_fields(parameters["fields"]) if "fields" in parameters else {}
    return [*_wrong_parameters(found, parameters), *_wrong_fields(shown, asked)]


def _request(sent: PreparedRequest) -> Request:
    address = urlsplit(str(sent.url))
    given = parse_qs(address.query, strict_parsing=bool(address.query)) | parse_qs(str(sent.body or ""))
    path = address.path.removeprefix("/v26.0/")
    return str(sent.method), path, {name: values[0] for name, values in given.items()}


def _serve_everything(host: str, inbox: str) -> None:
    serve(f"{host}/me", IG_PAGE | {"user_id": IG_ID, "username": "oakfieldacademy"})
    for edge in ("media", "stories", "live_media", "tags"):
        following = f"{host}/{IG_ID}/{edge}?after=A"
        serve(f"{host}/{IG_ID}/{edge}", graph_answer([ig_media()], following), graph_answer([]))
    more = ig_comment(1, ig_comment(50), following=f"{host}/1/replies?after=A")
    serve(f"{host}/700/comments", graph_answer([more]))
    serve(f"{host}/1/replies", graph_answer([ig_comment(50)]))
    serve(f"{host}/{inbox}/conversations", graph_answer([{"id": "c1", "updated_time": graph_time(NOW)}]))
    serve(f"{host}/c1/messages", graph_answer([ig_message(1)]))
    serve(f"{host}/700", ig_media())
    for number in (1, 50):
        serve(f"{host}/{number}", ig_comment(number, media={"id": "700"}))
    for path in (
        "1/replies",
        f"{IG_ID}/mentions",
        f"{inbox}/messages",
        "1",
        f"{IG_ID}/moderate_conversations",
    ):
        responses.post(f"{host}/{path}", json={"id": "50", "message_id": "50", "success": True})
    responses.delete(f"{host}/1", json={"success": True})


def _every_request(login: str) -> list[Request]:
    """Return every sort of request: all streams, the sweep, looking up, every act and its verification."""
    host = LOGINS[login][0]
    with responses.mock:
        _serve_everything(host, PAGE_ID if login == "facebook" else IG_ID)
        reader = connector("instagram", login=login)
        for stream in reader.streams():
            poll(reader, stream)
            list(reader.sweep(stream, NOW - timedelta(days=7), NOW))
        comment = Reference("1", ItemKind.COMMENT, "1", post_id="700", author_id="4455")
        message = Reference("1", ItemKind.MESSAGE, "c1", author_id="4455")
        mention = Reference("800", ItemKind.MENTION, "800")
        post = Reference("700", ItemKind.POST, "700")
        reader.lookup([comment, mention, post], NOW)
        acts = [Action(kind, comment, "r", NOW, "At four.") for kind in ActionKind][:4]
        acts += [Action(ActionKind.REPLY, each, "r", NOW, "At four.") for each in (message, mention)]
        if login == "facebook":
            acts += [Action(kind, message, "r", NOW) for kind in (ActionKind.BLOCK, ActionKind.UNBLOCK)]
        for action in acts:
            reader.act(action, NOW)
            reader.verify(action, NOW)
        return [_request(call.request) for call in responses.calls]


@pytest.mark.parametrize("login", LOGINS)
def test_every_request_is_one_that_meta_specifies(login: str) -> None:
    """Edges, parameters, values and fields at every depth, of everything that this connector ever asks."""
    sent = _every_request(login)
    assert {method for method, _, _ in sent} == {"GET", "POST", "DELETE"}
    assert [found for each in sent for found in _violations(login, *each)] == []
    assert len({path for _, path, _ in sent}) > 12


def test_the_check_finds_what_is_wrong() -> None:
    """The check itself can fail: an edge, a parameter, a value and fields at two depths."""
    assert _violations("instagram", "POST", f"{IG_ID}/moderate_conversations", {})
    assert _violations("facebook", "GET", "700/comments", {"since": "1"})
    assert _violations("facebook", "POST", "1", {"hide": "True"})
    assert _violations("facebook", "POST", f"{IG_ID}/moderate_conversations", {"actions": '["BAN_USER"]'})
    nested = {"fields": "id,message,replies{id,created_time}"}
    assert len(_violations("facebook", "GET", "700/comments", nested)) == 2


def test_no_media_and_no_more_of_people_than_their_names_is_asked_for() -> None:
    """Data that nobody needs is not fetched: no addresses of pictures, no likes, no profiles."""
    fields = {each.get("fields", "") for _, _, each in _every_request("facebook")}
    for word in ("media_url", "thumbnail_url", "like_count", "profile_picture_url", "image_data", "email"):
        assert not [each for each in fields if word in each]
