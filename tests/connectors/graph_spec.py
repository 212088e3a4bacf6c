"""Holds requests to Graph against what Meta publishes of v26: edges, parameters, their types, words, fields.

It is for every connector that speaks Graph: give it a request and a function that says which kind of node an
id in its path stands for (``Page``, ``Comment``, ``IGMedia`` and so on).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.practice.graph_fields import Field, Fields, parse_fields
from tests.connectors.wire import SHARED

META = SHARED / "specs" / "meta"

KindOf = Callable[[str], str]
"""Which kind of node an id stands for."""

EVERYWHERE = {"access_token", "appsecret_proof", "fields", "limit", "after"}
"""What every request may say."""

NOT_PUBLISHED: Mapping[str, set[str]] = {
    # Meta publishes no specification of messages; these are the fields that its documentation names.
    "UnifiedMessage": {
        "id",
        "created_time",
        "from",
        "to",
        "message",
        "attachments",
        "shares",
        "sticker",
        "tags",
        "reactions",
        "is_unsupported",
        "reply_to",
    }
}
_WITHOUT_SPEC = {"debug_token": {"input_token"}, "refresh_access_token": {"grant_type"}}
"""What stands beside the nodes, with its parameters."""


@cache
def _nodes() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((META / "graph-v26-edges-from-sdk.json").read_text())["nodes"]
    return found


@cache
def _words() -> dict[str, set[str]]:
    listed = json.loads((META / "enum_types.json").read_text())
    return {each["name"]: {value.lower() for value in each["values"]} for each in listed}


@cache
def _document(kind: str) -> dict[str, Any]:
    file = META / f"{kind}.json"
    return json.loads(file.read_text()) if file.is_file() else {}


def violations(method: str, url: str, body: object, kind_of: KindOf) -> list[str]:
    """Return everything about a request that Graph does not know; nothing is the good answer."""
    address = urlsplit(url)
    parts = address.path.strip("/").split("/")
    if not parts[0].startswith("v"):
        parts = ["", *parts]
    node, edge = parts[1], "/".join(parts[2:])
    sent = {name: values[-1] for name, values in parse_qs(address.query).items()}
    if isinstance(body, (str, bytes)) and body:
        text = body.decode() if isinstance(body, bytes) else body
        sent |= {name: values[-1] for name, values in parse_qs(text).items()}
    if node in _WITHOUT_SPEC:
        extra = set(sent) - EVERYWHERE - _WITHOUT_SPEC[node]
        return [f"{node}: unknown {each}" for each in sorted(extra)]
    return list(_of_node(method, kind_of(node), edge, sent))


def _of_node(method: str, kind: str, edge: str, sent: Mapping[str, str]) -> Iterator[str]:
    known = _edge(method, kind, edge)
    if known is None:
        yield f"{method} /{kind}/{edge} is not there"
        return
    yield from _parameters(kind, edge, known, sent)
    if "fields" in sent:
        yield from _fields(_returned(kind, edge) if edge else kind, parse_fields(sent["fields"]))


def _edge(method: str, kind: str, edge: str) -> Mapping[str, Any] | None:
    if kind in NOT_PUBLISHED:
        return {"params": {}, "enums": {}} if not edge and method == "GET" else None
    found = [
        each for each in _nodes()[kind]["edges"] if (each["method"], each["endpoint"]) == (method, f"/{edge}")
    ]
    return found[0] if found else None


def _parameters(kind: str, edge: str, known: Mapping[str, Any], sent: Mapping[str, str]) -> Iterator[str]:
    for name, value in sent.items():
        where = f"/{kind}/{edge}?{name}"
        if name not in known["params"]:
            if name not in EVERYWHERE and not (name == "summary" and edge == "comments"):
                yield f"{where} is unknown"
            continue
        wanted = known["params"][name]
        if wanted.startswith("list<"):
            values = _json(value)
            if not isinstance(values, list):
                yield f"{where} is not a list"
                continue
            inner = wanted.removeprefix("list<").removesuffix(">")
            for each in values:
                yield from _value(kind, edge, name, where, inner, each, known["enums"])
        else:
            yield from _value(kind, edge, name, where, wanted, value, known["enums"])


def _value(
    kind: str, edge: str, name: str, where: str, wanted: str, value: object, enums: Mapping[str, Any]
) -> Iterator[str]:
    text = str(value)
    if wanted.endswith("_enum"):
        listed = enums.get(wanted)
        published = _words().get(_word_list(kind, edge, name))
        words = {each.lower() for each in listed} if isinstance(listed, list) else published
        if words is None or text.lower() not in words:
            yield f"{where} is not one of the words that it takes"
    elif wanted == "bool" and text not in {"true", "false"}:
        yield f"{where} is not true or false"
    elif wanted in {"int", "unsigned int"} and not text.isdecimal():
        yield f"{where} is not a number"
    elif wanted == "datetime" and not _is_time(text):
        yield f"{where} is not a time"
    elif wanted in {"Object", "map"} and not isinstance(value, dict) and _is_broken(text):
        yield f"{where} is not JSON"


def _word_list(kind: str, edge: str, name: str) -> str:
    """Return what Meta calls the words that a parameter takes."""
    for api in _document(kind).get("apis", []):
        for each in api["params"] if api.get("endpoint") == edge else ():
            if each["name"] == name and each["type"].endswith("_enum_param"):
                return str(each["type"])
    return f"{kind}{edge}_{name}_enum_param".lower()


def _is_broken(text: str) -> bool:
    return text.startswith(("{", "[")) and _json(text) is None


def _fields(kind: str, asked: Fields) -> Iterator[str]:
    known = _known_fields(kind)
    if known is None:
        return
    for name, field in asked.items():
        edge = _edge("GET", kind, name) if kind in _nodes() else None
        if edge is not None:
            yield from _parameters(kind, name, edge, field.arguments)
            if field.fields is not None:
                yield from _fields(_returned(kind, name), field.fields)
        elif name not in known:
            yield f"{kind} has no field {name}"
        else:
            yield from _inside(kind, name, field)


def _inside(kind: str, name: str, field: Field) -> Iterator[str]:
    """Check what is asked for inside of a field whose kind of node is published."""
    types = {each["name"]: each["type"] for each in _document(kind).get("fields", [])}
    inner = types.get(name, "").removeprefix("list<").removesuffix(">")
    if field.fields is not None and inner in _nodes():
        yield from _fields(inner, field.fields)


def _known_fields(kind: str) -> set[str] | None:
    """Return the fields of a kind of node, ``None`` where Meta publishes none."""
    if kind in NOT_PUBLISHED:
        return NOT_PUBLISHED[kind]
    if kind in _nodes():
        return {*_nodes()[kind]["fields"], "id"}
    published = {each["name"] for each in _document(kind).get("fields", [])}
    return published or None


def _returned(kind: str, edge: str) -> str:
    """Return the kind of node that an edge lists."""
    for each in _document(kind).get("apis", []):
        if each.get("method") == "GET" and each.get("endpoint") == edge:
            return str(each["return"])
    return ""


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _is_time(text: str) -> bool:
    if text.isdecimal():
        return True
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
