"""Facebook's Graph API, version 26: requests in, answers out.

What it refuses, it refuses as Graph does: fields, parameters and words that there are not. A post whose line
in the content has an id that begins with ``ranked`` shows its comments in an order of its own, whatever is
asked.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice

from connectors.practice import graph_acts, graph_inbox
from connectors.practice.graph_call import (
    CHOICES,
    LIVING,
    MOST_COMMENTS,
    MOST_POSTS,
    PAGE_SIZE,
    PERSON,
    READING_TOKEN,
    VERSION,
    Call,
    check_parameters,
    check_token,
    choice,
    error,
    expired,
    fields_of,
    not_there,
    paging,
    place,
    refuse,
    since,
    size_of,
    sliced,
    usage_headers,
)
from connectors.practice.graph_fields import Field, Fields
from connectors.practice.graph_nodes import (
    COMMENT_FIELDS,
    DEFAULT_COMMENT,
    DEFAULT_PAGE,
    DEFAULT_POST,
    DEFAULT_REFERENCE,
    PAGE,
    POST_FIELDS,
    comments_below,
    is_empty,
    reference,
)
from connectors.practice.identities import EXPIRED_TOKEN, FACEBOOK_PAGE_ID, TOKEN, USER_TOKEN
from connectors.practice.timeline import BEGINNING, Order
from connectors.practice.wire import Answer, Json, RefusedError, Request
from connectors.practice.world import Node, Nodes, World

__all__ = [
    "LIVING",
    "MOST_COMMENTS",
    "MOST_POSTS",
    "PAGE_SIZE",
    "READING_TOKEN",
    "VERSION",
    "answer",
    "error",
    "expired",
    "usage_headers",
]

RANKED = "ranked"
"""How the id of a line begins whose comments Graph ranks."""

READING = ("pages_show_list", "pages_read_engagement", "pages_read_user_content")
ACTING = ("pages_manage_engagement", "pages_messaging", "pages_manage_metadata")
_CHOICES = {name: CHOICES[name] for name in ("filter", "order", "live_filter")}
_PATH = re.compile(r"/(v\d+\.\d+)/([^/]+)(?:/([^/]+))?/?")
_PAGE_EDGES = frozenset({"published_posts", "feed"})
_EMPTY_PAGE_EDGES = frozenset({"visitor_posts", "tagged", "ads_posts", "photos", "videos"})
_EMPTY_EDGES = frozenset({"attachments", "likes", "reactions"})
_INBOX_EDGES = {"conversations": graph_inbox.conversations, "ratings": graph_inbox.ratings}


def answer(world: World, request: Request, now: datetime) -> Answer:
    """Answer one request to ``/v26.0/...`` as Graph would at ``now``."""
    try:
        plain = Answer(200, _body(world, request, now))
    except RefusedError as refused:
        plain = refused.answer
    return replace(plain, headers=usage_headers(min(60, request.number // 100)))


def _body(world: World, request: Request, now: datetime) -> Json:
    path = _PATH.fullmatch(request.path)
    if path is None or request.method not in {"GET", "POST", "DELETE"}:
        raise RefusedError(error(400, 2500, "Unknown path components"))
    version = path[1] if path[1] in LIVING else min(LIVING)
    call = Call(world, request, now, version, is_page=check_token(request) != USER_TOKEN)
    name = (FACEBOOK_PAGE_ID if call.is_page else PERSON["id"]) if path[2] == "me" else path[2]
    if request.method != "GET":
        return graph_acts.write(call, name, path[3] or "")
    wanted = fields_of(request.one("fields"))
    asked = Field({name: values[-1] for name, values in request.query.items()}, wanted)
    if path[2] == "debug_token":
        check_parameters("debug_token", asked)
        return _debug_token(request)
    if path[3] is None:
        check_parameters("", asked)
        return _node(call, name, wanted)
    return _edge(call, name, path[3], asked)


def _debug_token(request: Request) -> Json:
    """Say what a token is: whose, until when, and what it may do."""
    token = request.one("input_token")
    if not token:
        refuse("Param input_token is required")
    known = token in {TOKEN, USER_TOKEN, READING_TOKEN}
    kind = "USER" if token == USER_TOKEN else "PAGE"
    told: dict[str, Json] = {"app_id": "770090010", "type": kind, "is_valid": known, "expires_at": 0}
    if not known:
        subcode = 463 if token == EXPIRED_TOKEN else 467
        told |= {"error": {"code": 190, "message": "This token cannot be used", "subcode": subcode}}
    scopes = list(READING if token == READING_TOKEN else (*READING, *ACTING)) if known else []
    return {"data": told | {"data_access_expires_at": 0, "scopes": scopes}}


def _node(call: Call, name: str, wanted: Fields | None) -> Json:
    if name == FACEBOOK_PAGE_ID:
        return _page(call, wanted if wanted is not None else DEFAULT_PAGE)
    if name == PERSON["id"] and not call.is_page:
        return PERSON
    if name in call.world.talks and call.is_page:
        return graph_inbox.conversation(call, name, wanted if wanted is not None else {})
    node = _visible(call, name)
    default = DEFAULT_POST if node.parent is None else DEFAULT_COMMENT
    if node.conversation is not None:
        return graph_inbox.message(call, node, wanted if wanted is not None else {})
    return _written(call, node, wanted if wanted is not None else default)


def _visible(call: Call, name: str) -> Node:
    """Return a post or comment; a comment or message is not there for a user's token."""
    node = call.world.nodes.get(name)
    if node is None or node.order > call.last:
        not_there(name)
    if not call.is_page and (node.parent is not None or node.conversation is not None):
        not_there(name)
    return node


def _page(call: Call, wanted: Fields) -> Json:
    page: dict[str, Json] = {}
    for name, asked in wanted.items():
        if name in _PAGE_EDGES:
            page[name] = _edge(call, FACEBOOK_PAGE_ID, name, asked)
        elif name in PAGE:
            page[name] = PAGE[name]
        else:
            refuse(f"Tried accessing nonexisting field ({name}) on node type (Page)")
    return page | {"id": FACEBOOK_PAGE_ID}


def _written(call: Call, node: Node, wanted: Fields) -> Mapping[str, Json]:
    """Write a post or comment: its id always, of the rest what was asked for and is there."""
    kind, known = ("PagePost", POST_FIELDS) if node.parent is None else ("Comment", COMMENT_FIELDS)
    written: dict[str, Json] = {}
    for name, asked in wanted.items():
        if name == "comments":
            written[name] = _edge(call, node.id, name, asked)
        elif name in known:
            written[name] = _value(call, node, name, asked)
        elif name not in _EMPTY_EDGES:
            refuse(f"Tried accessing nonexisting field ({name}) on node type ({kind})")
    return {name: value for name, value in written.items() if not is_empty(value)} | {"id": node.id}


def _value(call: Call, node: Node, name: str, asked: Field) -> Json:
    known = POST_FIELDS if node.parent is None else COMMENT_FIELDS
    if name == "parent" and node.up_to_top is not None:
        return _written(call, node.up_to_top, asked.fields if asked.fields is not None else DEFAULT_COMMENT)
    value = known[name](node, call.world, call.now)
    if isinstance(value, dict):
        return reference(value, asked.fields, DEFAULT_REFERENCE)
    return value


def _edge(call: Call, name: str, edge: str, asked: Field) -> Json:
    """Write one page of an edge."""
    check_parameters(edge, asked)
    if name == FACEBOOK_PAGE_ID:
        return _page_edge(call, edge, asked)
    if edge == "messages" and name in call.world.talks and call.is_page:
        return graph_inbox.messages(call, name, asked)
    if edge in _EMPTY_EDGES:
        _visible(call, name)
        return {"data": []}
    if edge != "comments":
        refuse(f"Tried accessing nonexisting field ({edge})")
    whole_stream = choice(asked, "filter") == "stream"
    if not call.is_page and name in call.world.nodes:
        return {"data": []}
    node = _visible(call, name)
    below = comments_below(node, call.world, whole_stream=whole_stream)
    if node.thing.key.startswith(RANKED):
        return _ranked(call, node, below, asked)
    return _listing(call, f"{node.id}/{edge}", below, asked, DEFAULT_COMMENT)


def _page_edge(call: Call, edge: str, asked: Field) -> Json:
    if edge in _PAGE_EDGES:
        return _listing(call, f"{FACEBOOK_PAGE_ID}/{edge}", call.world.posts, asked, DEFAULT_POST)
    if edge in _EMPTY_PAGE_EDGES:
        size_of(asked, MOST_POSTS, refuses_more=True)
        return {"data": []}
    if edge == "blocked":
        return graph_acts.blocked(call, asked.arguments)
    if edge not in _INBOX_EDGES:
        refuse(f"Tried accessing nonexisting field ({edge})")
    return _INBOX_EDGES[edge](call, asked) if call.is_page else {"data": []}


def _listing(call: Call, path: str, nodes: Nodes, asked: Field, default: Fields) -> Json:
    posts = default is DEFAULT_POST
    newest_first = posts or choice(asked, "order") == "reverse_chronological"
    begin = BEGINNING if posts else since(asked.arguments.get("since", ""))
    first, last = _after(asked.arguments.get("after", ""), begin, call.last, newest_first=newest_first)
    size = size_of(asked, MOST_POSTS if posts else MOST_COMMENTS, refuses_more=posts)
    reading = nodes.newest_first if newest_first else nodes.oldest_first
    found = list(islice(reading(first, last), size + 1))
    page = [] if call.request.is_empty else found[:size]
    wanted = asked.fields if asked.fields is not None else default
    body: dict[str, Json] = {"data": [_written(call, node, wanted) for node in page]}
    start = last + 1 if newest_first else first - 1
    after = page[-1].order if page else start
    more = bool(size) and len(found) > len(page)
    stands = paging(call, path, asked, [node.order for node in page], after if more else None)
    if stands:
        body["paging"] = stands
    if not posts:
        body |= _summary(call, nodes, asked, choice(asked, "order"))
    return body


def _ranked(call: Call, node: Node, below: Nodes, asked: Field) -> Json:
    """Write comments that Graph ranks: the order that is asked for changes nothing."""
    begin = since(asked.arguments.get("since", ""))
    order = sorted(
        below.oldest_first(begin, call.last), key=lambda each: hashlib.sha256(each.id.encode()).digest()
    )
    size = size_of(asked, MOST_COMMENTS, refuses_more=False)
    page, stands = sliced(call, f"{node.id}/comments", asked, order, size)
    wanted = asked.fields if asked.fields is not None else DEFAULT_COMMENT
    body: dict[str, Json] = {"data": [_written(call, each, wanted) for each in page]}
    if stands:
        body["paging"] = stands
    return body | _summary(call, below, asked, "ranked")


def _summary(call: Call, nodes: Nodes, asked: Field, order: str) -> dict[str, Json]:
    if asked.arguments.get("summary") not in {"true", "1", "True"}:
        return {}
    total = nodes.count(BEGINNING, call.last)
    return {"summary": {"order": order, "total_count": total, "can_comment": True}}


def _after(cursor: str, first: Order, last: Order, *, newest_first: bool) -> tuple[Order, Order]:
    at = place(cursor)
    if at is None:
        return first, last
    return (first, min(last, at - 1)) if newest_first else (max(first, at + 1), last)
