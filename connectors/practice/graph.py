"""Facebook's Graph API, version 26: requests in, answers out. Nothing here changes anything."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import NoReturn
from urllib.parse import urlencode

from connectors.practice.graph_fields import Field, Fields, FieldsError, as_text, parse_fields
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
from connectors.practice.timeline import BEGINNING, Order, first_order_at, last_order_at
from connectors.practice.wire import Answer, Json, RefusedError, Request, whole_number
from connectors.practice.world import Node, Nodes, World

VERSION = "v26.0"
LIVING = frozenset({"v21.0", "v22.0", "v23.0", "v24.0", "v25.0", VERSION})
PAGE_SIZE = 25
"""Things on a page when the request does not say."""

MOST_POSTS = 100
MOST_COMMENTS = 100
"""A larger limit is cut down without a word, as Graph does with comments."""

_TRACE = "APracticeTraceOakfield"
_USER = {"name": "Pat Practice", "id": "10202077009001"}
_PATH = re.compile(r"/(v\d+\.\d+)/([^/]+)(?:/([^/]+))?/?")
_PAGE_EDGES = frozenset({"published_posts", "feed"})
_EMPTY_EDGES = frozenset({"attachments", "likes", "reactions"})
_CHOICES = {
    "filter": ("toplevel", "stream"),
    "order": ("chronological", "reverse_chronological"),
    "live_filter": ("filter_low_quality", "no_filter"),
}


@dataclass(frozen=True, slots=True)
class _Call:
    """A request on its way: what it may see, and when."""

    world: World
    request: Request
    now: datetime
    version: str
    is_page: bool

    @property
    def last(self) -> Order:
        """The newest place in time that is visible."""
        return last_order_at(self.now)


def answer(world: World, request: Request, now: datetime) -> Answer:
    """Answer one request to ``/v26.0/...`` as Graph would at ``now``."""
    try:
        plain = Answer(200, _body(world, request, now))
    except RefusedError as refused:
        plain = refused.answer
    return replace(plain, headers=usage_headers(min(60, request.number // 100)))


def usage_headers(percent: int, minutes: int = 0) -> dict[str, str]:
    """Return Graph's headers: how much of the allowance is used, and the minutes until there is more."""
    app = {"call_count": percent, "total_time": percent, "total_cputime": percent}
    page = {"type": "pages", **app, "estimated_time_to_regain_access": minutes}
    return {
        "x-app-usage": json.dumps(app),
        "x-business-use-case-usage": json.dumps({FACEBOOK_PAGE_ID: [page]}),
        "facebook-api-version": VERSION,
        "x-fb-trace-id": _TRACE,
    }


def error(status: int, code: int, message: str, subcode: int | None = None) -> Answer:
    """Write an error as Graph does."""
    body: dict[str, Json] = {"message": message, "type": "OAuthException", "code": code}
    if subcode is not None:
        body["error_subcode"] = subcode
    return Answer(status, {"error": body | {"fbtrace_id": _TRACE}})


def expired() -> Answer:
    """Return what Graph says to a token that has expired."""
    return error(400, 190, "Error validating access token: Session has expired.", 463)


def _body(world: World, request: Request, now: datetime) -> Json:
    path = _PATH.fullmatch(request.path)
    if request.method != "GET" or path is None:
        raise RefusedError(error(400, 2500, "Unknown path components"))
    version = path[1] if path[1] in LIVING else min(LIVING)
    call = _Call(world, request, now, version, is_page=_check_token(request) == TOKEN)
    name = (FACEBOOK_PAGE_ID if call.is_page else _USER["id"]) if path[2] == "me" else path[2]
    wanted = _fields(request.one("fields")) if request.one("fields") else None
    if path[3] is None:
        return _node(call, name, wanted)
    arguments = {key: values[-1] for key, values in request.query.items()}
    return _edge(call, name, path[3], Field(arguments, wanted))


def _check_token(request: Request) -> str:
    token = request.one("access_token") or request.token or ""
    if not token:
        message = "An access token is required to request this resource."
        raise RefusedError(error(400, 104, message))
    if token == EXPIRED_TOKEN:
        raise RefusedError(expired())
    if token not in {TOKEN, USER_TOKEN}:
        raise RefusedError(error(400, 190, "Invalid OAuth access token - Cannot parse access token"))
    return token


def _fields(text: str) -> Fields:
    try:
        return parse_fields(text)
    except FieldsError:
        _refuse("Syntax error in the fields parameter")


def _node(call: _Call, name: str, wanted: Fields | None) -> Json:
    if name == FACEBOOK_PAGE_ID:
        return _page(call, wanted if wanted is not None else DEFAULT_PAGE)
    if name == _USER["id"] and not call.is_page:
        return _USER
    node = _visible(call, name)
    default = DEFAULT_POST if node.parent is None else DEFAULT_COMMENT
    return _written(call, node, wanted if wanted is not None else default)


def _visible(call: _Call, name: str) -> Node:
    """Return a post or comment; a comment is not there for a user's token."""
    node = call.world.nodes.get(name)
    if node is None or node.order > call.last or (node.parent is not None and not call.is_page):
        message = (
            f"Unsupported get request. Object with ID '{name}' does not exist, cannot be loaded due to "
            "missing permissions, or does not support this operation"
        )
        refused = error(400, 100, message, 33)
        raise RefusedError(refused)
    return node


def _page(call: _Call, wanted: Fields) -> Json:
    page: dict[str, Json] = {}
    for name, asked in wanted.items():
        if name in _PAGE_EDGES:
            page[name] = _edge(call, FACEBOOK_PAGE_ID, name, asked)
        elif name in PAGE:
            page[name] = PAGE[name]
        else:
            _refuse(f"Tried accessing nonexisting field ({name}) on node type (Page)")
    return page | {"id": FACEBOOK_PAGE_ID}


def _written(call: _Call, node: Node, wanted: Fields) -> Mapping[str, Json]:
    """Write a post or comment: its id always, of the rest what was asked for and is there."""
    kind, known = ("PagePost", POST_FIELDS) if node.parent is None else ("Comment", COMMENT_FIELDS)
    written: dict[str, Json] = {}
    for name, asked in wanted.items():
        if name == "comments":
            written[name] = _edge(call, node.id, name, asked)
        elif name in known:
            written[name] = _value(call, node, name, asked)
        elif name not in _EMPTY_EDGES:
            _refuse(f"Tried accessing nonexisting field ({name}) on node type ({kind})")
    return {name: value for name, value in written.items() if not is_empty(value)} | {"id": node.id}


def _value(call: _Call, node: Node, name: str, asked: Field) -> Json:
    known = POST_FIELDS if node.parent is None else COMMENT_FIELDS
    if name == "parent" and node.up_to_top is not None:
        return _written(call, node.up_to_top, asked.fields if asked.fields is not None else DEFAULT_COMMENT)
    value = known[name](node, call.world, call.now)
    if isinstance(value, dict):
        return reference(value, asked.fields, DEFAULT_REFERENCE)
    return value


def _edge(call: _Call, name: str, edge: str, asked: Field) -> Json:
    """Write one page of an edge."""
    if name == FACEBOOK_PAGE_ID and edge in _PAGE_EDGES:
        return _listing(call, f"{name}/{edge}", call.world.posts, asked, DEFAULT_POST)
    if edge in _EMPTY_EDGES:
        _visible(call, name)
        return {"data": []}
    if edge != "comments" or name == FACEBOOK_PAGE_ID:
        _refuse(f"Tried accessing nonexisting field ({edge})")
    whole_stream = _choice(asked, "filter") == "stream"
    if not call.is_page and name in call.world.nodes:
        return {"data": []}
    node = _visible(call, name)
    below = comments_below(node, call.world, whole_stream=whole_stream)
    return _listing(call, f"{node.id}/{edge}", below, asked, DEFAULT_COMMENT)


def _listing(call: _Call, path: str, nodes: Nodes, asked: Field, default: Fields) -> Json:
    posts = default is DEFAULT_POST
    newest_first = posts or _choice(asked, "order") == "reverse_chronological"
    since = BEGINNING if posts else _since(asked.arguments.get("since", ""))
    first, last = _after(asked.arguments.get("after", ""), since, call.last, newest_first=newest_first)
    size = _size(asked.arguments.get("limit", str(PAGE_SIZE)), posts=posts)
    reading = nodes.newest_first if newest_first else nodes.oldest_first
    found = list(islice(reading(first, last), size + 1))
    page = [] if call.request.is_empty else found[:size]
    wanted = asked.fields if asked.fields is not None else default
    body: dict[str, Json] = {"data": [_written(call, node, wanted) for node in page]}
    if size and len(found) > len(page):
        start = last + 1 if newest_first else first - 1
        body["paging"] = _paging(call, path, asked, page, _cursor(page[-1].order if page else start))
    elif page:
        body["paging"] = {"cursors": _cursors(page)}
    if not posts and asked.arguments.get("summary") in {"true", "1", "True"}:
        total = nodes.count(BEGINNING, call.last)
        body["summary"] = {"order": _choice(asked, "order"), "total_count": total, "can_comment": True}
    return body


def _paging(call: _Call, path: str, asked: Field, page: list[Node], after: str) -> Json:
    """Write the address of the next page: the same request, going on after the last thing of this one."""
    arguments = dict(asked.arguments)
    if "access_token" in call.request.query:
        arguments["access_token"] = call.request.one("access_token")
    if asked.fields is not None:
        arguments["fields"] = as_text(asked.fields)
    query = urlencode(arguments | {"after": after})
    cursors = _cursors(page) if page else {"after": after}
    return {"cursors": cursors, "next": f"{call.request.base_url}/{call.version}/{path}?{query}"}


def _cursors(page: list[Node]) -> Json:
    return {"before": _cursor(page[0].order), "after": _cursor(page[-1].order)}


def _cursor(order: Order) -> str:
    return urlsafe_b64encode(f"AQHS{order:020d}".encode()).decode()


def _after(cursor: str, first: Order, last: Order, *, newest_first: bool) -> tuple[Order, Order]:
    if not cursor:
        return first, last
    try:
        place = int(urlsafe_b64decode(cursor).decode().removeprefix("AQHS"))
    except ValueError:
        _refuse("Invalid cursors values")
    return (first, min(last, place - 1)) if newest_first else (max(first, place + 1), last)


def _size(text: str, *, posts: bool) -> int:
    size = whole_number(text)
    if size is None:
        _refuse("Param limit must be an integer")
    if posts and size > MOST_POSTS:
        _refuse(f"Param limit must be a number less than or equal to {MOST_POSTS}")
    return min(size, MOST_COMMENTS)


def _since(text: str) -> Order:
    """Return where a ``since`` begins: seconds since 1970, or an ISO time (UTC when it has no offset)."""
    if not text:
        return BEGINNING
    seconds = whole_number(text)
    try:
        time = datetime.fromtimestamp(seconds, UTC) if seconds is not None else datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        _refuse("Param since is not a time")
    return first_order_at(time if time.tzinfo is not None else time.replace(tzinfo=UTC))


def _choice(asked: Field, name: str) -> str:
    choices = _CHOICES[name]
    said = asked.arguments.get(name, choices[0]).lower()
    if said not in choices:
        _refuse(f"Param {name} must be one of {{{', '.join(choices).upper()}}}")
    return said


def _refuse(message: str) -> NoReturn:
    raise RefusedError(error(400, 100, f"(#100) {message}"))
