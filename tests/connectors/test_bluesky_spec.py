"""The Bluesky connector's requests, and our recorded answers, held against Bluesky's own lexicons."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from connectors.base import Connector
from moderation.actions import Action, ActionKind
from moderation.items import ItemKind, Reference
from tests.connectors.wire import (
    BLUESKY,
    CID,
    KERRY,
    ME,
    NOW,
    SHARED,
    bsky_node,
    bsky_notification,
    bsky_post,
    bsky_record,
    bsky_time,
    bsky_uri,
    connector,
    poll,
    serve_bsky,
    serve_bsky_sign_in,
)

LEXICONS = SHARED / "specs" / "bluesky" / "lexicons"
SCHOOL = ME["bluesky"].external_id

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not LEXICONS.is_dir() and os.environ.get("CI") != "true",
        reason="the lexicons of Bluesky are not beside the repository",
    ),
]

FORMATS = {
    "at-uri": r"at://did:[a-z]+:[a-zA-Z0-9._:%-]+(/[a-zA-Z0-9.-]+(/[a-zA-Z0-9._:~-]+)?)?",
    "did": r"did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]",
    "cid": r"baf[a-z2-7]{56}",
    "nsid": r"[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+){2,}",
    "record-key": r"[a-zA-Z0-9._:~-]{1,512}",
    "handle": r"([a-z0-9-]+\.)+[a-z]{2,}",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
}
FORMATS["at-identifier"] = f"{FORMATS['did']}|{FORMATS['handle']}"


@cache
def _lexicon(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((LEXICONS / f"{name.replace('.', '/')}.json").read_text())
    return found


def _definition(reference: str, within: str) -> tuple[dict[str, Any], str]:
    """Return what a reference points to, and the lexicon that it stands in."""
    name, _, part = reference.partition("#")
    home = name or within
    return _lexicon(home)["defs"][part or "main"], home


def _violations(value: object, schema: Mapping[str, Any], within: str, where: str) -> Iterator[str]:
    """Yield what a schema has against a value."""
    check = {
        "ref": _of_reference,
        "union": _of_union,
        "object": _of_object,
        "params": _of_object,
        "array": _of_array,
        "string": _of_string,
        "integer": _of_number,
    }.get(schema["type"])
    if schema["type"] == "boolean" and not isinstance(value, bool):
        yield f"{where} is no truth value"
    elif schema["type"] == "unknown":
        yield from _of_record(value, where)
    elif schema["type"] == "record":
        yield from _of_object(value, schema["record"], within, where)
    elif check is not None:
        yield from check(value, schema, within, where)


def _of_reference(value: object, schema: Mapping[str, Any], within: str, where: str) -> Iterator[str]:
    found, home = _definition(schema["ref"], within)
    yield from _violations(value, found, home, where)


def _of_union(value: object, schema: Mapping[str, Any], within: str, where: str) -> Iterator[str]:
    kind = value.get("$type") if isinstance(value, dict) else None
    known = {(each if each[0] != "#" else within + each) for each in schema["refs"]}
    if kind not in known:
        yield f"{where} is none of the kinds that are named"
    else:
        found, home = _definition(str(kind), within)
        yield from _violations(value, found, home, where)


def _of_object(value: object, schema: Mapping[str, Any], within: str, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} is no object"
        return
    properties = schema.get("properties", {})
    yield from (f"{where}.{name} is missing" for name in schema.get("required", ()) if name not in value)
    for name, inner in value.items():
        if name == "$type" or (inner is None and name in schema.get("nullable", ())):
            continue
        if name not in properties:
            yield f"{where}.{name} is not known"
        else:
            yield from _violations(inner, properties[name], within, f"{where}.{name}")


def _of_array(value: object, schema: Mapping[str, Any], within: str, where: str) -> Iterator[str]:
    if not isinstance(value, list) or len(value) > schema.get("maxLength", len(value)):
        yield f"{where} is no list, or too long"
        return
    for number, each in enumerate(value):
        yield from _violations(each, schema["items"], within, f"{where}[{number}]")


def _of_string(value: object, schema: Mapping[str, Any], within: str, where: str) -> Iterator[str]:
    if not isinstance(value, str) or len(value.encode()) > schema.get("maxLength", 1_000_000):
        yield f"{where} is no text, or too long"
    elif "format" in schema and not re.fullmatch(FORMATS.get(schema["format"], ".*"), value):
        yield f"{where} is no {schema['format']}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{where} is none of the words that are allowed"


def _of_number(value: object, schema: Mapping[str, Any], within: str, where: str) -> Iterator[str]:
    least, most = schema.get("minimum", -(2**53)), schema.get("maximum", 2**53)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        yield f"{where} is no whole number, or out of range"


def _of_record(value: object, where: str) -> Iterator[str]:
    if isinstance(value, dict) and "$type" in value:
        yield from _violations(value, _lexicon(value["$type"])["defs"]["main"], value["$type"], where)


def _parameters(url: str, schema: Mapping[str, Any]) -> dict[str, object]:
    """Return the parameters of a request as what they are meant to be."""
    read: dict[str, object] = {}
    for name, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items():
        kind = schema.get("properties", {}).get(name, {}).get("type")
        if kind == "array":
            read[name] = values
        elif kind in ("integer", "boolean"):
            read[name] = json.loads(values[0])
        else:
            read[name] = values[0]
    return read


def _all_violations() -> list[str]:
    """Return what the lexicons have against every request that was sent and every answer that was given."""
    found: list[str] = []
    for call in responses.calls:
        url = str(call.request.url)
        name = urlsplit(url).path.rpartition("/")[2]
        main = _lexicon(name)["defs"]["main"]
        asked = main.get("parameters", {"type": "params"})
        found += _violations(_parameters(url, asked), asked, name, f"{name}?")
        if ("GET" if main["type"] == "query" else "POST") != call.request.method:
            found.append(f"{name} is asked in the wrong way")
        if "input" in main:
            body = json.loads(call.request.body)  # type: ignore[arg-type]
            found += _violations(body, main["input"]["schema"], name, f"{name}<")
        if call.response.status_code == 200 and "output" in main:  # type: ignore[union-attr]
            found += _violations(call.response.json(), main["output"]["schema"], name, f"{name}>")  # type: ignore[union-attr]
    return found


@pytest.fixture
def reader() -> Iterator[Connector]:
    """Return the school's account, which can sign in."""
    with responses.mock:
        serve_bsky_sign_in()
        yield connector("bluesky")


def _own_records(collection: str = "app.bsky.feed.post", value: object = None) -> dict[str, Any]:
    record = {"uri": bsky_uri(1, SCHOOL), "cid": CID, "value": bsky_record(1) if value is None else value}
    record["uri"] = str(record["uri"]).replace("app.bsky.feed.post", collection)
    return {"records": [record], "cursor": "next"}


def _conversation() -> dict[str, Any]:
    member = {"did": KERRY, "handle": "kerry.example", "displayName": "Kerry Walsh"}
    return {
        "id": "c1",
        "rev": "1",
        "members": [member],
        "muted": False,
        "unreadCount": 0,
        "lastMessage": _message(),
    }


def _message() -> dict[str, Any]:
    return {
        "$type": "chat.bsky.convo.defs#messageView",
        "id": "m1",
        "rev": "1",
        "text": "Are you open?",
        "sender": {"did": KERRY},
        "sentAt": bsky_time(timedelta(minutes=5)),
    }


def test_reading_asks_and_is_answered_as_the_lexicons_say(reader: Connector) -> None:
    """Every listing, its second page, a thread, and messages."""
    notifications = "app.bsky.notification.listNotifications"
    serve_bsky(notifications, {"notifications": [bsky_notification(2)], "cursor": "a"}, {"notifications": []})
    serve_bsky("com.atproto.repo.listRecords", _own_records(), {"records": []})
    reply = bsky_post(3, bsky_record(3, under=bsky_uri(1, SCHOOL)))
    gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": bsky_uri(7), "notFound": True}
    thread = bsky_node(bsky_post(1, by=SCHOOL), bsky_node(reply), gone)
    serve_bsky("app.bsky.feed.getPostThread", {"thread": thread})
    serve_bsky("chat.bsky.convo.listConvos", {"convos": [_conversation()]})
    serve_bsky("chat.bsky.convo.getMessages", {"messages": [_message()], "cursor": "b"}, {"messages": []})
    found = 0
    for stream in reader.streams():
        found += len(poll(reader, stream).items)
        list(reader.sweep(stream, NOW - timedelta(days=7), NOW))
    assert found >= 4
    assert len(responses.calls) > 10
    assert _all_violations() == []


@pytest.mark.parametrize("kind", list(ActionKind))
def test_acts_are_written_as_the_lexicons_say(reader: Connector, kind: ActionKind) -> None:
    """Every act on a reply under our post; deleting is of our own reply."""
    by = SCHOOL if kind is ActionKind.DELETE else KERRY
    record = bsky_record(4, under=bsky_uri(1, SCHOOL))
    item = Reference(bsky_uri(4, by), ItemKind.REPLY, bsky_uri(1, SCHOOL), author_id=by)
    made = {"uri": bsky_uri(5, SCHOOL), "cid": CID}
    for method in ("createRecord", "putRecord"):
        responses.post(f"{BLUESKY}/com.atproto.repo.{method}", json=made)
    responses.post(f"{BLUESKY}/com.atproto.repo.deleteRecord", json={})
    serve_bsky("com.atproto.repo.getRecord", {"error": "RecordNotFound", "message": "-"}, status=400)
    serve_bsky("app.bsky.feed.getPosts", {"posts": [bsky_post(4, record)]})
    block = {"$type": "app.bsky.graph.block", "subject": KERRY, "createdAt": bsky_time(timedelta())}
    listed = _own_records("app.bsky.graph.block", block) if kind is ActionKind.UNBLOCK else {"records": []}
    serve_bsky("com.atproto.repo.listRecords", listed, {"records": []})
    report = {
        "id": 7,
        "reasonType": "com.atproto.moderation.defs#reasonRude",
        "subject": {"$type": "com.atproto.repo.strongRef", "uri": bsky_uri(4), "cid": CID},
        "reportedBy": SCHOOL,
        "createdAt": bsky_time(timedelta()),
    }
    responses.post(f"{BLUESKY}/com.atproto.moderation.createReport", json=report)
    reader.act(Action(kind, item, "reference-1", NOW, "See https://oakfield.example #news é"), NOW)
    assert [call for call in responses.calls[1:] if call.request.method == "POST"]
    assert _all_violations() == []


def test_private_answer_is_sent_as_the_lexicon_says(reader: Connector) -> None:
    """A private answer goes to the conversation's id."""
    responses.post(f"{BLUESKY}/chat.bsky.convo.sendMessage", json=_message())
    serve_bsky("chat.bsky.convo.getMessages", {"messages": []})
    item = Reference("c1:m1", ItemKind.MESSAGE, "c1", author_id=KERRY)
    reader.act(Action(ActionKind.REPLY, item, "reference-1", NOW, "Yes"), NOW)
    assert _all_violations() == []


def test_looking_up_asks_as_the_lexicons_say(reader: Connector) -> None:
    """A post that is not shown is asked for by itself, then its author."""
    serve_bsky("app.bsky.feed.getPosts", {"posts": []})
    serve_bsky("app.bsky.feed.getPostThread", {"error": "NotFound", "message": "-"}, status=400)
    serve_bsky(
        "app.bsky.actor.getProfile", {"did": KERRY, "handle": "kerry.example", "viewer": {"muted": False}}
    )
    serve_bsky("com.atproto.server.getSession", {"did": SCHOOL, "handle": "academy.oakfield.example"})
    reader.lookup([Reference(bsky_uri(4), ItemKind.REPLY, bsky_uri(1, SCHOOL))], NOW)
    reader.prove(NOW)
    assert _all_violations() == []


def test_wrong_requests_are_found() -> None:
    """The check can fail: each of these has one fault."""
    schema = _lexicon("app.bsky.feed.getPostThread")["defs"]["main"]["parameters"]
    wrong: list[dict[str, object]] = [
        {},
        {"uri": "https://a"},
        {"uri": bsky_uri(1), "depth": 1001},
        {"uri": bsky_uri(1), "deep": 1},
    ]
    assert [len(list(_violations(each, schema, "app.bsky.feed.getPostThread", "?"))) for each in wrong] == [
        1
    ] * 4
    post = _lexicon("app.bsky.feed.post")["defs"]["main"]
    broken = bsky_record(1, createdAt="20.11.2026")
    assert list(_violations(broken, post, "app.bsky.feed.post", "post")) == ["post.createdAt is no datetime"]
