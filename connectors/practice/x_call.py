"""The parameters of a request to X, read as strictly as X does, and what X says to wrong ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from connectors.practice.lines import EARLIEST
from connectors.practice.timeline import BEGINNING, Order, first_order_at, last_order_at
from connectors.practice.wire import Answer, Json, RefusedError, Request, aware_time, whole_number
from connectors.practice.world import Node, World
from connectors.practice.x_limits import Tally
from connectors.practice.x_words import WORDS, Selection, Vocabulary, Words, older_names

SEARCH_REACH = timedelta(days=7)

_SHOWING = frozenset({"expansions", "user.fields", "media.fields", "poll.fields", "place.fields"})
BOUNDS = frozenset({"since_id", "until_id", "start_time", "end_time", "max_results", "pagination_token"})
"""The parameters of every listing."""

_TOKEN_HEAD = "7140dibdnow"  # noqa: S105 - how a paging token begins
_TOKEN = re.compile(f"{_TOKEN_HEAD}([0-9a-z]{{1,13}})")
_MOST_RESULTS = 100
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Depth:
    """How far back X lets a listing reach, in posts; for search in time, ``None`` is everything there is."""

    mentions: int = 800
    posts: int = 3200
    posts_without_replies: int = 800
    search: timedelta | None = SEARCH_REACH


@dataclass(frozen=True, slots=True)
class Rules:
    """What X allows an account. ``summoned_only`` allows replies only to those who name or quote the school.

    ``hold_to_limits`` refuses what goes beyond an endpoint's allowance; without it there is always one more.
    ``tally`` counts each endpoint's requests; without it the number of a request is taken for their count.
    """

    summoned_only: bool = False
    hold_to_limits: bool = False
    tally: Tally | None = None


WHOLE_HISTORY = Depth(10**9, 10**9, 10**9, None)


@dataclass(frozen=True, slots=True)
class Call:
    """A request on its way through an endpoint."""

    world: World
    request: Request
    now: datetime
    words: Words
    depth: Depth
    rules: Rules = Rules()

    def node(self, post_id: str) -> Node | None:
        """Return a post that is there and visible by now; messages are no posts."""
        node = self.world.nodes.get(post_id)
        is_there = node is not None and node.conversation is None and int(post_id) <= last_order_at(self.now)
        return node if is_there else None


def selection(call: Call) -> Selection:
    """Read what the request wants to see; names that the vocabulary does not have are refused."""
    older, newer = WORDS[Vocabulary.TWEETS], WORDS[Vocabulary.POSTS]
    speaks_older = call.words is older or older.fields_parameter in call.request.query
    expansions = (older.expansions if speaks_older else frozenset()) | (
        newer.expansions if call.words is newer else frozenset()
    )
    return Selection(
        words=call.words,
        post_fields=older_names(
            listed(call, older.fields_parameter, older.post_fields)
            | listed(call, newer.fields_parameter, newer.post_fields)
        ),
        expansions=older_names(listed(call, "expansions", expansions)),
        user_fields=listed(call, "user.fields", call.words.user_fields),
    )


def listed(call: Call, name: str, allowed: frozenset[str]) -> frozenset[str]:
    """Return the values of a parameter that lists words; a word that is not allowed is refused."""
    values = call.request.many(name)
    for value in values:
        if value not in allowed:
            invalid(call, name, value, f"is not one of [{','.join(sorted(allowed))}]")
    return frozenset(values)


def check_names(call: Call, known: frozenset[str]) -> None:
    """Refuse a parameter that the endpoint does not have."""
    allowed = known | _SHOWING | {words.fields_parameter for words in WORDS.values()}
    for name in call.request.query:
        if name not in allowed:
            message = f"The query parameter [{name}] is not one of [{','.join(sorted(allowed))}]"
            refuse(call, [{"parameters": {name: [call.request.one(name)]}, "message": message}])


def said(call: Call, known: frozenset[str]) -> Mapping[str, Json]:
    """Return what the JSON body says; another body is refused, and what the endpoint does not know."""
    body = call.request.body
    if not isinstance(body, Mapping):
        refuse(call, [{"message": "Requests with bodies must have content-type of application/json."}])
    for name in body:
        if name not in known:
            message = f"$.{name}: is not defined in the schema and the schema does not allow it"
            refuse(call, [{"parameters": {}, "message": message}])
    return body


def text_in(call: Call, body: Mapping[str, Json], name: str) -> str:
    """Return a text that the body says; an empty one is refused, and what is none."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        refuse(call, [{"parameters": {}, "message": f"$.{name}: is missing but it is required"}])
    return value


def forbid(detail: str) -> NoReturn:
    """Refuse what the account may not do."""
    body = {"title": "Forbidden", "detail": detail, "type": "about:blank", "status": 403}
    raise RefusedError(Answer(403, body))


def bounds(call: Call) -> tuple[Order, Order]:
    """Return the first and last place in time that the request looks at."""
    first, last = BEGINNING, last_order_at(call.now)
    if since := call.request.one("since_id"):
        first = max(first, post_id(call, "since_id", since) + 1)
    if until := call.request.one("until_id"):
        last = min(last, post_id(call, "until_id", until) - 1)
    first = max(first, first_order_at(time_of(call, "start_time", EARLIEST)))
    if "end_time" in call.request.query:
        last = min(last, first_order_at(time_of(call, "end_time", call.now)) - 1)
    token = call.request.one("pagination_token") or call.request.one("next_token")
    if token:
        place = _TOKEN.fullmatch(token) or invalid(call, "pagination_token", token, "is not a valid token")
        last = min(last, int(place[1], 36) - 1)
    return first, last


def time_of(call: Call, name: str, default: datetime) -> datetime:
    """Return the time that a parameter says (UTC), or the default when it is not there."""
    if name not in call.request.query:
        return default
    text = call.request.one(name)
    time = aware_time(text)
    if time is None:
        invalid(call, name, text, "is not an RFC 3339 time")
    return time.astimezone(UTC)


def size(call: Call, least: int, usual: int = 10) -> int:
    """Return how many posts a page may hold."""
    text = call.request.one("max_results", str(usual))
    number = whole_number(text)
    if number is None or not least <= number <= _MOST_RESULTS:
        invalid(call, "max_results", text, f"is not between {least} and {_MOST_RESULTS}")
    return number


def post_id(call: Call, name: str, text: str) -> int:
    """Return the post id that a parameter says."""
    number = whole_number(text)
    if number is None:
        invalid(call, name, text, "does not match ^[0-9]{1,19}$")
    return number


def invalid(call: Call, name: str, value: str, complaint: str) -> NoReturn:
    """Refuse the request because of one parameter's value."""
    message = f"The `{name}` query parameter value [{value}] {complaint}"
    refuse(call, [{"parameters": {name: [value]}, "message": message}])


def refuse(call: Call, errors: list[Mapping[str, Json]]) -> NoReturn:
    """Refuse the request."""
    body = {
        "errors": errors,
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": f"{call.words.problems}invalid-request",
    }
    raise RefusedError(Answer(400, body))


def missing(call: Call, parameter: str, value: str, kind: str) -> Json:
    """Write the note about something that is not there, or not yet."""
    return {
        "value": value,
        "detail": f"Could not find {kind} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        "type": f"{call.words.problems}resource-not-found",
    }


def unseen(call: Call, parameter: str, value: str) -> Json:
    """Write the note about a post that is not shown.

    Somebody whose posts are held back has a protected account, somebody's that are rejected is suspended.
    """
    node = call.world.nodes.get(value)
    state = node.known if node is not None and node.conversation is None else None
    if state is not None and state.held:
        return {
            "value": value,
            "detail": f"Sorry, you are not authorized to see the Tweet with {parameter}: [{value}].",
            "title": "Authorization Error",
            "resource_type": "tweet",
            "parameter": parameter,
            "resource_id": value,
            "section": "data",
            "type": f"{call.words.problems}not-authorized-for-resource",
        }
    if state is not None and state.rejected:
        return {
            "detail": f"The Tweet with {parameter}: [{value}] is not available.",
            "title": "Resource Unavailable Error",
            "resource_type": "tweet",
            "parameter": parameter,
            "resource_id": value,
            "type": f"{call.words.problems}resource-unavailable",
        }
    return missing(call, parameter, value, "tweet")


def next_token(last: Order) -> str:
    """Return the token of the page that goes on below a place in time."""
    digits = ""
    while last:
        last, rest = divmod(last, 36)
        digits = _DIGITS[rest] + digits
    return _TOKEN_HEAD + (digits or "0")
