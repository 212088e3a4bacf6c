"""What every request to Graph has in common on the practice platforms: tokens, errors, paging, parameters."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn
from urllib.parse import urlencode

from connectors.practice.graph_fields import Field, Fields, FieldsError, as_text, parse_fields
from connectors.practice.identities import EXPIRED_TOKEN, FACEBOOK_PAGE_ID, TOKEN, USER_TOKEN
from connectors.practice.timeline import BEGINNING, Order, first_order_at, last_order_at
from connectors.practice.wire import Answer, Json, RefusedError, Request, whole_number
from connectors.practice.world import Node, World

VERSION = "v26.0"
LIVING = frozenset({"v21.0", "v22.0", "v23.0", "v24.0", "v25.0", VERSION})
PAGE_SIZE = 25
"""Things on a page when the request does not say."""

MOST_POSTS = 100
MOST_COMMENTS = 100
"""A larger limit is cut down without a word, as Graph does with comments."""

READING_TOKEN = "reading-token"  # noqa: S105 - opens nothing but the practice server
"""The Page's token without the permissions to act and for messages: nobody used them for 90 days."""

PERSON = {"name": "Pat Practice", "id": "10202077009001"}
"""Whose token :data:`connectors.practice.identities.USER_TOKEN` is."""

TRACE = "APracticeTraceOakfield"

_EVERYWHERE = frozenset(
    {"access_token", "appsecret_proof", "fields", "limit", "after", "before", "summary", "pretty", "format"}
)
_LISTS_OF_POSTS = frozenset({"include_hidden", "show_expired", "with"})
_PARAMETERS: Mapping[str, frozenset[str]] = {
    "published_posts": _LISTS_OF_POSTS,
    "feed": _LISTS_OF_POSTS,
    "visitor_posts": _LISTS_OF_POSTS,
    "ads_posts": frozenset({"exclude_dynamic_ads", "include_inline_create", "since", "until"}),
    "photos": frozenset({"biz_tag_id", "business_id", "type"}),
    "videos": frozenset({"type"}),
    "comments": frozenset({"filter", "live_filter", "order", "since"}),
    "reactions": frozenset({"type"}),
    "conversations": frozenset(
        {"folder", "platform", "tags", "updated_after_ms", "updated_before_ms", "user_id"}
    ),
    "messages": frozenset({"source"}),
    "blocked": frozenset({"uid", "user"}),
    "debug_token": frozenset({"input_token"}),
}
"""The parameters of each edge beside those that all have; an edge that is not named has no others."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "filter": ("toplevel", "stream"),
    "order": ("chronological", "reverse_chronological"),
    "live_filter": ("filter_low_quality", "no_filter"),
    "platform": ("messenger", "instagram"),
    "source": ("all", "participants"),
}
"""The words that a parameter takes, the usual one first."""

_TYPES = {"photos": ("profile", "tagged", "uploaded"), "videos": ("tagged", "uploaded")}


@dataclass(frozen=True, slots=True)
class Call:
    """A request on its way: what it may see, and when. ``is_page``: it bears the Page's own token."""

    world: World
    request: Request
    now: datetime
    version: str
    is_page: bool

    @property
    def last(self) -> Order:
        """The newest place in time that is visible."""
        return last_order_at(self.now)


def usage_headers(
    percent: int, minutes: int = 0, kind: str = "pages", owner: str = FACEBOOK_PAGE_ID
) -> dict[str, str]:
    """Return Graph's headers: how much of the allowance is used, and the minutes until there is more.

    ``kind`` and ``owner`` say what is limited, and whose.
    """
    app = {"call_count": percent, "total_time": percent, "total_cputime": percent}
    used = {"type": kind, **app, "estimated_time_to_regain_access": minutes}
    return {
        "x-app-usage": json.dumps(app),
        "x-business-use-case-usage": json.dumps({owner: [used]}),
        "facebook-api-version": VERSION,
        "x-fb-trace-id": TRACE,
    }


def error(status: int, code: int, message: str, subcode: int | None = None) -> Answer:
    """Write an error as Graph does."""
    body: dict[str, Json] = {"message": message, "type": "OAuthException", "code": code}
    if subcode is not None:
        body["error_subcode"] = subcode
    return Answer(status, {"error": body | {"fbtrace_id": TRACE}})


def expired() -> Answer:
    """Return what Graph says to a token that has expired."""
    return error(400, 190, "Error validating access token: Session has expired.", 463)


def refuse(message: str) -> NoReturn:
    """Answer that the request is wrong."""
    raise RefusedError(error(400, 100, f"(#100) {message}"))


def not_there(name: str) -> NoReturn:
    """Answer as Graph does to what is gone, not there yet, or not to be seen."""
    message = (
        f"Unsupported get request. Object with ID '{name}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation"
    )
    raise RefusedError(error(400, 100, message, 33))


def check_token(request: Request) -> str:
    """Return the token of a request, which may be in its address, its body or its header."""
    in_form = request.form.get("access_token", ("",))[-1]
    token = request.one("access_token") or in_form or request.token or ""
    if not token:
        raise RefusedError(error(400, 104, "An access token is required to request this resource."))
    if token == EXPIRED_TOKEN:
        raise RefusedError(expired())
    if token not in {TOKEN, USER_TOKEN, READING_TOKEN}:
        raise RefusedError(error(400, 190, "Invalid OAuth access token - Cannot parse access token"))
    return token


def need_permission(request: Request, name: str) -> None:
    """Refuse what the token may not do any more."""
    if check_token(request) == READING_TOKEN:
        raise RefusedError(error(403, 10, f"(#10) This needs {name}, which was granted no longer"))


def fields_of(text: str) -> Fields | None:
    """Return the fields that a request asks for, ``None`` when it says none."""
    if not text:
        return None
    try:
        return parse_fields(text)
    except FieldsError:
        refuse("Syntax error in the fields parameter")


def check_parameters(edge: str, asked: Field) -> None:
    """Refuse parameters that an edge does not have, and words that they do not take."""
    for name, value in asked.arguments.items():
        if name not in _EVERYWHERE | _PARAMETERS.get(edge, frozenset()):
            refuse(f"Unknown parameter {name} on edge {edge}")
        if name in CHOICES:
            choice(asked, name)
        if name == "type" and value.lower() not in _TYPES.get(edge, (value.lower(),)):
            refuse(f"Param type must be one of {{{', '.join(_TYPES[edge])}}}")
        if name in {"include_hidden", "show_expired", "include_inline_create"} and value not in {
            "true",
            "false",
        }:
            refuse(f"Param {name} must be a boolean")


def choice(asked: Field, name: str) -> str:
    """Return the word that a parameter says, or the usual one."""
    choices = CHOICES[name]
    said = asked.arguments.get(name, choices[0]).lower()
    if said not in choices:
        refuse(f"Param {name} must be one of {{{', '.join(choices).upper()}}}")
    return said


def size_of(asked: Field, most: int, *, refuses_more: bool) -> int:
    """Return how many things a page shall hold; some edges refuse a larger number, others cut it down."""
    size = whole_number(asked.arguments.get("limit", str(PAGE_SIZE)))
    if size is None:
        refuse("Param limit must be an integer")
    if refuses_more and size > most:
        refuse(f"Param limit must be a number less than or equal to {most}")
    return min(size, most)


def cursor(order: Order) -> str:
    """Write a place in a listing."""
    return urlsafe_b64encode(f"AQHS{order:020d}".encode()).decode()


def place(text: str) -> int | None:
    """Return the place in a listing that a cursor names, ``None`` without one."""
    if not text:
        return None
    try:
        return int(urlsafe_b64decode(text).decode().removeprefix("AQHS"))
    except ValueError:
        refuse("Invalid cursors values")


def since(text: str) -> Order:
    """Return where a ``since`` begins: seconds since 1970, or an ISO time (UTC when it has no offset)."""
    if not text:
        return BEGINNING
    seconds = whole_number(text)
    try:
        time = datetime.fromtimestamp(seconds, UTC) if seconds is not None else datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        refuse("Param since is not a time")
    return first_order_at(time if time.tzinfo is not None else time.replace(tzinfo=UTC))


def paging(call: Call, path: str, asked: Field, page: Sequence[int], after: int | None) -> dict[str, Json]:
    """Write where a page stands; ``after`` is the place of the next one, ``None`` at the end.

    ``page`` are the places of what is on it. The address of the next page is the same request, going on.
    """
    cursors: dict[str, Json] = {}
    if page:
        cursors = {"before": cursor(page[0]), "after": cursor(page[-1])}
    if after is None:
        return {"cursors": cursors} if cursors else {}
    arguments = dict(asked.arguments)
    if "access_token" in call.request.query:
        arguments["access_token"] = call.request.one("access_token")
    if asked.fields is not None:
        arguments["fields"] = as_text(asked.fields)
    query = urlencode(arguments | {"after": cursor(after)})
    address = f"{call.request.base_url}/{call.version}/{path}?{query}"
    return {"cursors": cursors or {"after": cursor(after)}, "next": address}


def sliced(
    call: Call, path: str, asked: Field, nodes: Sequence[Node], size: int
) -> tuple[Sequence[Node], dict[str, Json]]:
    """Return one page of things in a fixed order, by their number, and where it stands."""
    at = place(asked.arguments.get("after", ""))
    start = 0 if at is None else at + 1
    page = [] if call.request.is_empty else nodes[start : start + size]
    following = start + len(page)
    more = bool(size) and following < len(nodes)
    return page, paging(call, path, asked, range(start, following), following - 1 if more else None)
