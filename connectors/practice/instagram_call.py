"""A request to the practice Instagram on its way: what it says, what it sees, and where its listings go on.

Tokens, errors, fields and the form of pages are Graph's: they are those of
:mod:`connectors.practice.graph_call`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from connectors.practice import graph_call
from connectors.practice.graph_call import not_there, place, refuse, size_of
from connectors.practice.graph_fields import Field, Fields
from connectors.practice.instagram_nodes import picked
from connectors.practice.timeline import BEGINNING, Order
from connectors.practice.wire import Json
from connectors.practice.world import Node, Nodes


@dataclass(frozen=True, slots=True)
class Call(graph_call.Call):
    """One request with the world of its moment."""

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


def visible(call: Call, name: str) -> Node:
    """Return what has this id, if it is there and visible."""
    node = call.world.nodes.get(name)
    if node is None or node.order > call.last or not call.is_page:
        not_there(name)
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
    size = size_of(asked, most, refuses_more=False)
    if not size:
        refuse("Param limit must be a positive integer")
    after = place(asked.arguments.get("after", ""))
    last = call.last if after is None else min(call.last, after - 1)
    found = list(islice(nodes.newest_first(BEGINNING, last), size + 1))
    page = [] if call.request.is_empty else found[:size]
    if len(found) <= len(page):
        return page, None
    return page, page[-1].order if page else last + 1


def paging(call: Call, path: str, asked: Field, after: Order | None) -> dict[str, Json]:
    """Write where the next page is; only an absent ``next`` is the end."""
    return {} if after is None else {"paging": graph_call.paging(call, path, asked, [after], after)}
