"""The requests that the Mastodon connector sends, and the answers our tests give it, against the OpenAPI."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest
from openapi_schema_validator import OAS31Validator
from requests import PreparedRequest

from moderation.actions import Action, ActionKind
from moderation.items import ItemKind, Reference
from tests.connectors.mastodon_instance import KERRY, ROWAN, US, Instance
from tests.connectors.wire import NOW, SHARED, connector, poll

OPENAPI = SHARED / "specs" / "mastodon" / "mastodon.openapi.json"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not OPENAPI.is_file() and os.environ.get("CI") != "true",
        reason="Mastodon's OpenAPI is not beside the repository",
    ),
]


@cache
def _specification() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(OPENAPI.read_text())
    return read


def _resolved(thing: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference leads to."""
    while "$ref" in thing:
        node: Any = _specification()
        for part in thing["$ref"].removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/")]
        thing = node
    return thing


@cache
def _operation(method: str, path: str) -> dict[str, Any] | None:
    """Return what the specification says of a request, ``None`` when it knows none; fixed paths first."""
    for named in sorted(_specification()["paths"], key=lambda each: each.count("{")):
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", named)
        if re.fullmatch(pattern, path) and method.lower() in _specification()["paths"][named]:
            found: dict[str, Any] = _specification()["paths"][named][method.lower()]
            return found
    return None


def _known(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the schemas of all parameters of a request, those of its body included."""
    known = {each["name"]: each.get("schema", {}) for each in map(_resolved, operation.get("parameters", []))}
    for content in operation.get("requestBody", {}).get("content", {}).values():
        known |= _properties(content["schema"])
    return known


def _properties(schema: dict[str, Any]) -> dict[str, Any]:
    """Return all properties that a body can have, in whatever parts they are described."""
    schema = _resolved(schema)
    known: dict[str, Any] = dict(schema.get("properties", {}))
    for part in (*schema.get("oneOf", []), *schema.get("allOf", [])):
        known |= _properties(part)
    return known


def _violations(request: PreparedRequest) -> list[str]:
    """Return what the specification has against a request."""
    address = urlsplit(str(request.url))
    path = address.path.rstrip("/")
    operation = _operation(str(request.method), path)
    if operation is None:
        return [f"there is no {request.method} {path}"]
    known, found = _known(operation), []
    given = parse_qs("&".join((address.query, str(request.body or ""))), strict_parsing=False)
    for name, values in given.items():
        schema = _resolved(known.get(name.removesuffix("[]"), known.get(name, {})))
        if not schema:
            found.append(f"{path} has no parameter {name}")
        elif schema.get("type") == "array":
            schema = _resolved(schema["items"])
        elif name.endswith("[]") or len(values) > 1:
            found.append(f"{name} is no list")
        for value in values:
            typed: Any = int(value) if schema.get("type") == "integer" and value.isdigit() else value
            typed = value == "1" if schema.get("type") == "boolean" else typed
            found += [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(typed)]
    return found


def _act_on_everything(instance: Instance) -> None:
    reader = connector("mastodon", forward_reports=True)
    reader.prove(NOW)
    for stream in reader.streams():
        state = poll(reader, stream).cursor
        poll(reader, stream, state | {"from": "1"})
        list(reader.sweep(stream, NOW, NOW))
    item = Reference("100", ItemKind.MENTION, "100", author_id=KERRY)
    own = Reference("102", ItemKind.POST, "102", author_id=US)
    gone = Reference("404", ItemKind.MENTION, "404", author_id=ROWAN)
    reader.lookup([item, own, gone], NOW)
    for kind in (ActionKind.REPLY, ActionKind.REPORT, ActionKind.BLOCK, ActionKind.UNBLOCK):
        reader.act(Action(kind, item, "act-1", NOW, "Words"), NOW)
        reader.verify(Action(kind, item, "act-1", NOW, "Words"), NOW)
    reader.act(Action(ActionKind.DELETE, own, "act-2", NOW), NOW)


@pytest.fixture(scope="module")
def used() -> Instance:
    """A server of which the connector asked everything that it ever asks."""
    instance = Instance()
    with instance.served():
        instance.mention(100, visibility="direct")
        instance.mention(101, by=ROWAN, above=100)
        instance.post(102, US)
        instance.post(103, above=102)
        instance.kept_back.add(ROWAN)
        _act_on_everything(instance)
    return instance


def test_every_request_is_one_that_mastodon_specifies(used: Instance) -> None:
    """Paths, names, types and allowed values of all reads and all writes."""
    assert {request.method for request in used.sent} == {"GET", "POST", "DELETE"}
    assert [found for request in used.sent for found in _violations(request)] == []


def test_every_answer_of_our_server_is_one_that_mastodon_specifies(used: Instance) -> None:
    """What the connector is tested with has the shapes of the real thing."""
    wrong = []
    checked = set()
    for method, path, status, body in used.told:
        operation = _operation(method, path)
        assert operation is not None
        answer = _resolved(operation["responses"][str(status)])
        schema = answer["content"]["application/json"]["schema"]
        whole = {**schema, "components": _specification()["components"]}
        wrong += [f"{path}: {error.message}" for error in OAS31Validator(whole).iter_errors(body)]
        checked.add((method, path))
    assert wrong == []
    assert len(checked) > 15


def test_the_check_finds_what_is_wrong(used: Instance) -> None:
    """The check itself can fail."""
    request = PreparedRequest()
    request.prepare("GET", "https://social.oakfield.example/api/v1/notifications?limit=many&colour=blue")
    assert len(_violations(request)) == 2
    request.prepare("GET", "https://social.oakfield.example/api/v9/nothing")
    assert len(_violations(request)) == 1


def test_every_request_carries_the_token_in_its_header(used: Instance) -> None:
    """Never in an address, where logs would keep it."""
    for request in used.sent:
        assert str(request.headers["Authorization"]).startswith("Bearer ")
        assert "token" not in str(request.url)


def test_a_reply_carries_its_key(used: Instance) -> None:
    """So that the server makes it once."""
    keys = {request.headers.get("Idempotency-Key") for request in used.sent if request.method == "POST"}
    assert keys == {"act-1", None}
