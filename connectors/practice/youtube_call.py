"""The parameters of a request to YouTube, read as strictly as it does, and what it says to wrong ones."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import NoReturn

from connectors.practice.timeline import Order
from connectors.practice.wire import Answer, Json, RefusedError, Request, whole_number
from connectors.practice.world import Node, World
from connectors.practice.youtube_moderation import moderations
from connectors.practice.youtube_resources import View, etag

PAGING = frozenset({"maxResults", "pageToken"})
FORMATS = frozenset({"html", "plainText", "textFormatUnspecified"})
MOST_IDS = 50

_COMMON = frozenset({"alt", "key", "fields", "prettyPrint", "quotaUser", "access_token", "oauth_token"})
_STATUS_WORDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
}
_CURSOR = "QURTSl9p"


@dataclass(frozen=True, slots=True)
class Call:
    """A request on its way through an endpoint. ``last`` is the newest place in time visible at ``now``."""

    world: World
    request: Request
    last: Order
    now: datetime


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many things a page holds: at least, at most, and when the request does not say."""

    least: int = 1
    most: int = 100
    usual: int = 20


def error(status: int, reason: str, message: str, parameter: str = "", domain: str = "") -> Answer:
    """Write an error as Google does."""
    detail = {"message": message, "domain": domain or "youtube.parameter", "reason": reason}
    if parameter:
        detail |= {"location": parameter, "locationType": "parameter"}
    body: dict[str, Json] = {"code": status, "message": message, "errors": [detail]}
    return Answer(status, {"error": body | {"status": _STATUS_WORDS.get(status, "UNKNOWN")}})


def unauthorized() -> Answer:
    """Return what YouTube says to a token that is wrong or has expired."""
    plain = error(401, "authError", "Invalid Credentials", domain="global")
    return replace(plain, headers={"www-authenticate": 'Bearer realm="https://accounts.google.com/"'})


def refuse(status: int, reason: str, message: str, parameter: str = "") -> NoReturn:
    """Refuse the request."""
    raise RefusedError(error(status, reason, message, parameter))


def check_names(call: Call, known: Iterable[str]) -> None:
    """Refuse a parameter that the endpoint does not have."""
    allowed = _COMMON.union(known)
    for name in call.request.query:
        if name not in allowed:
            message = f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.'
            refuse(400, "badRequest", message, name)


def view(call: Call, known: Iterable[str]) -> View:
    """Read which parts are wanted, of those there are, and in which form the text."""
    asked = call.request.many("part")
    if not asked:
        refuse(400, "missingRequiredParameter", "Required parameter: part", "part")
    allowed = frozenset(known)
    for part in asked:
        if part not in allowed:
            refuse(400, "unknownPart", f"'{part}'", "part")
    is_html = choice(call, "textFormat", FORMATS, "html") != "plainText"
    return View(call.world, call.last, call.now, frozenset(asked), is_html)


def choice(call: Call, name: str, allowed: frozenset[str], usual: str) -> str:
    """Return the word that a parameter says, of those allowed."""
    word = call.request.one(name, usual)
    if word not in allowed:
        refuse(400, "invalidParameter", f"Invalid value '{word}'", name)
    return word


def one_filter(call: Call, *names: str) -> str:
    """Return the only filter that the request says, of those the endpoint has."""
    said = [name for name in names if name in call.request.query]
    if not said:
        message = f"No filter selected. Expected one of: {', '.join(names)}"
        refuse(400, "missingRequiredParameter", message, "parameters.")
    if len(said) > 1:
        refuse(400, "incompatibleParameters", f"Incompatible parameters: {', '.join(said)}", said[0])
    return said[0]


def none_of(call: Call, *names: str) -> None:
    """Refuse parameters that do not go with asking by id."""
    for name in names:
        if name in call.request.query:
            refuse(400, "incompatibleParameters", f"Incompatible parameters: id, {name}", name)


def visible(call: Call, name: str) -> Node | None:
    """Return the video, comment or reply with this id, when it is there already."""
    node = call.world.nodes.get(name)
    return node if node is not None and node.order <= call.last else None


def by_ids(call: Call) -> list[Node]:
    """Return what the ``id`` parameter names and is there; the rest is left out without a word."""
    ids = dict.fromkeys(call.request.many("id"))
    if not 1 <= len(ids) <= MOST_IDS:
        refuse(400, "invalidParameter", f"Between 1 and {MOST_IDS} ids are allowed", "id")
    return [node for node in (visible(call, each) for each in ids) if node is not None]


def upper_bound(call: Call) -> Order:
    """Return the newest place in time that this page may show."""
    place = _place(call)
    return call.last if place is None else min(call.last, place - 1)


def _place(call: Call) -> int | None:
    """Return where the page before this one ended. Its token is refused once somebody has moderated since."""
    text = call.request.one("pageToken")
    if not text:
        return None
    try:
        place, moderated = urlsafe_b64decode(text.removeprefix(_CURSOR)).split(b".")
        if int(moderated) == moderations(call.request.stage, call.now):
            return int(place)
    except (ValueError, binascii.Error):
        pass
    refuse(400, "invalidPageToken", "The request specifies an invalid page token.", "pageToken")


def page(call: Call, kind: str, found: Iterable[Node], write: Callable[[Node], Json], sizes: Sizes) -> Json:
    """Write a page of a listing, newest first; the token of the next one says where this one ended."""
    size = _size(call, sizes)
    nodes = list(islice(found, size + 1))
    shown = [] if call.request.is_empty else nodes[:size]
    body = listing(kind, [write(node) for node in shown], size)
    if len(nodes) > len(shown):
        body["nextPageToken"] = _token(call, shown[-1].order if shown else upper_bound(call) + 1)
    return body


def ranked_page(call: Call, kind: str, found: Iterable[Node], write: Callable[[Node], Json]) -> Json:
    """Write a page of a listing in an order that has nothing to do with time, as *relevance* has."""
    size = _size(call, Sizes())
    start = _place(call) or 0
    nodes = sorted(found, key=lambda node: etag(node.id))
    shown = [] if call.request.is_empty else nodes[start : start + size]
    body = listing(kind, [write(node) for node in shown], size)
    if len(nodes) > start + len(shown):
        body["nextPageToken"] = _token(call, start + len(shown))
    return body


def _token(call: Call, place: int) -> str:
    words = f"{place:020d}.{moderations(call.request.stage, call.now)}"
    return _CURSOR + urlsafe_b64encode(words.encode()).decode()


def listing(kind: str, items: list[Json], size: int) -> dict[str, Json]:
    """Write a list of resources."""
    info = {"totalResults": len(items), "resultsPerPage": size}
    return {"kind": f"youtube#{kind}", "etag": etag(kind, str(len(items))), "pageInfo": info, "items": items}


def _size(call: Call, sizes: Sizes) -> int:
    text = call.request.one("maxResults", str(sizes.usual))
    size = whole_number(text)
    if size is None or not sizes.least <= size <= sizes.most:
        message = f"Invalid value '{text}'. Values must be within the range: [{sizes.least}, {sizes.most}]"
        refuse(400, "invalidParameter", message, "maxResults")
    return size
