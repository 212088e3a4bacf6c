"""A request to the practice Instagram on its way: whose token it has, what it sees, how it is refused."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import NoReturn
from urllib.parse import urlencode

from connectors.practice.graph import error, expired
from connectors.practice.graph_fields import Field, Fields, FieldsError, as_text, parse_fields
from connectors.practice.identities import EXPIRED_TOKEN, TOKEN, USER_TOKEN
from connectors.practice.instagram_nodes import picked
from connectors.practice.timeline import BEGINNING, Order, last_order_at
from connectors.practice.wire import Json, RefusedError, Request, whole_number
from connectors.practice.world import Node, Nodes, World

PAGE_SIZE = 25
"""Things on a page when the request does not say."""

Known = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Call:
    """One request with the world of its moment."""

    world: World
    request: Request
    now: datetime
    version: str
    is_page: bool

    @property
    def last(self) -> Order:
        """The newest place in time that is visible."""
        return last_order_at(self.now)

    def said(self, name: str) -> str:
        """Return a parameter, wherever the request has it."""
        form = self.request.form.get(name)
        return form[-1] if form else self.request.one(name)

    def thing(self, name: str) -> Json:
        """Return a parameter that is written in JSON."""
        try:
            value: Json = json.loads(self.said(name))
        except ValueError:
            refuse(f"Param {name} must be valid JSON")
        return value


def refuse(message: str) -> NoReturn:
    """Answer that the request makes no sense."""
    raise RefusedError(error(400, 100, f"(#100) {message}"))


def check_token(request: Request) -> str:
    """Return the token of a request. Raises :class:`RefusedError` when it opens nothing."""
    sent = request.form.get("access_token")
    token = (sent[-1] if sent else request.one("access_token")) or request.token or ""
    if not token:
        raise RefusedError(error(400, 104, "An access token is required to request this resource."))
    if token == EXPIRED_TOKEN:
        raise RefusedError(expired())
    if token not in {TOKEN, USER_TOKEN}:
        raise RefusedError(error(400, 190, "Invalid OAuth access token - Cannot parse access token"))
    return token


def fields_of(text: str) -> Fields:
    """Read a ``fields`` parameter."""
    try:
        return parse_fields(text)
    except FieldsError:
        refuse("Syntax error in the fields parameter")


def visible(call: Call, name: str) -> Node:
    """Return what has this id, if it is there and visible."""
    node = call.world.nodes.get(name)
    if node is None or node.order > call.last or not call.is_page:
        message = (
            f"Unsupported request. Object with ID '{name}' does not exist, cannot be loaded due to missing "
            "permissions, or does not support this operation"
        )
        raise RefusedError(error(400, 100, message, 33))
    return node


def pick(written: Mapping[str, Json], wanted: Fields, kind: str) -> Mapping[str, Json]:
    """Write the fields that were asked for of something that is no node."""
    for name in wanted:
        if name not in written:
            refuse(f"Tried accessing nonexisting field ({name}) on node type ({kind})")
    return {
        name: picked(value, wanted[name].fields) if isinstance(value, Mapping) else value
        for name, value in written.items()
        if name in wanted or name == "id"
    }


def newest_first(call: Call, nodes: Nodes, asked: Field, most: int) -> tuple[list[Node], Order | None]:
    """Return one page of a listing, and the place after which the next one begins, ``None`` at the end."""
    size = whole_number(asked.arguments.get("limit", str(PAGE_SIZE)))
    if not size:
        refuse("Param limit must be a positive integer")
    last = call.last
    if asked.arguments.get("after"):
        last = min(last, _place(asked.arguments["after"]) - 1)
    found = list(islice(nodes.newest_first(BEGINNING, last), min(size, most) + 1))
    page = [] if call.request.is_empty else found[: min(size, most)]
    if len(found) <= len(page):
        return page, None
    return page, page[-1].order if page else last + 1


def paging(call: Call, path: str, asked: Field, after: Order | None) -> dict[str, Json]:
    """Write where the next page is; only an absent ``next`` is the end."""
    if after is None:
        return {}
    cursor = urlsafe_b64encode(f"QVFI{after:020d}".encode()).decode()
    arguments = dict(asked.arguments) | {"after": cursor}
    if "access_token" in call.request.query:
        arguments["access_token"] = call.request.one("access_token")
    if asked.fields is not None:
        arguments["fields"] = as_text(asked.fields)
    address = f"{call.request.base_url}/{call.version}/{path}?{urlencode(arguments)}"
    return {"paging": {"cursors": {"after": cursor}, "next": address}}


def _place(cursor: str) -> Order:
    try:
        return int(urlsafe_b64decode(cursor).decode().removeprefix("QVFI"))
    except ValueError:
        refuse("Invalid cursors values")
