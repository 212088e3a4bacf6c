"""The requests that the X connector sends, held against X's own specifications."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest
import responses

from tests.connectors.wire import ME, MENTIONS, OWN, SEARCH, SHARED, connector, poll, serve, x_answer, x_post

SPECIFICATIONS = {
    "tweet": "x-api-v2.166-2026-07-06.openapi.json",
    "post": "x-api-v2.167-2026-08-22.openapi.json",
}

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


def _resolved(specification: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with its references followed."""
    while "$ref" in schema:
        node: Any = specification
        for part in schema["$ref"].removeprefix("#/").split("/"):
            node = node[part]
        schema = node
    if "items" in schema:
        return {**schema, "items": _resolved(specification, schema["items"])}
    return schema


def _violations(vocabulary: str, url: str) -> list[str]:
    """Return what the specification has against a request; empty when it is one that X takes."""
    specification = _specification(vocabulary)
    address = urlsplit(url)
    path = address.path.replace(ME["x"].external_id, "{id}")
    parameters = {
        each["name"]: each
        for each in (
            _resolved(specification, parameter)
            for parameter in specification["paths"][path]["get"]["parameters"]
        )
    }
    found = []
    for name, values in parse_qs(address.query, strict_parsing=True).items():
        if name not in parameters:
            found.append(f"{path} has no parameter {name}")
            continue
        schema = _resolved(specification, parameters[name]["schema"])
        value: Any = values[0]
        if schema["type"] == "array":
            value = value.split(",")
        if schema["type"] == "integer":
            value = int(value)
        found.extend(error.message for error in jsonschema.Draft7Validator(schema).iter_errors(value))
        if len(values) > 1:
            found.append(f"{name} was sent twice")
    return found


def _every_request(vocabulary: str) -> list[str]:
    with responses.RequestsMock() as recorded:
        for address in (MENTIONS, OWN, SEARCH):
            recorded.get(address, json=x_answer([x_post(1990000000000000001)], "7140dibdnow9c7btw3z"))
            recorded.get(address, json=x_answer([x_post(1990000000000000001)]))
        reader = connector("x", vocabulary=vocabulary)
        for stream in reader.streams():
            poll(reader, stream)
        return [str(call.request.url) for call in recorded.calls]


@pytest.mark.parametrize("vocabulary", SPECIFICATIONS)
def test_every_request_is_one_that_x_specifies(vocabulary: str) -> None:
    """Names, allowed values and ranges of all parameters of all streams, first and later pages."""
    sent = _every_request(vocabulary)
    assert len(sent) == 7
    assert [found for url in sent for found in _violations(vocabulary, url)] == []


def test_the_check_finds_what_is_wrong() -> None:
    """The check itself can fail: a wrong range, a wrong value and an unknown name are found."""
    wrong = f"{MENTIONS}?max_results=3&tweet.fields=mood&colour=blue&since_id=x"
    assert len(_violations("tweet", wrong)) == 4


@responses.activate
def test_only_fields_that_are_used_are_asked_for() -> None:
    """Data that nobody needs is not fetched: no metrics, places, polls or addresses of media."""
    serve(MENTIONS, x_answer([]))
    poll(connector("x"), "mentions")
    asked = parse_qs(urlsplit(str(responses.calls[0].request.url)).query)
    assert asked["user.fields"] == ["name,username"]
    assert asked["media.fields"] == ["type"]
    assert "geo" not in asked["tweet.fields"][0]
