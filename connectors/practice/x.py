"""X, API version 2: requests in, answers out.

Reading is here; what an account does is in ``x_acts``, direct messages are in ``x_messages``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from connectors.practice import x_acts, x_limits, x_messages
from connectors.practice.identities import TOKEN, X_USER_ID
from connectors.practice.timeline import BEGINNING, Order, first_order_at, last_order_at
from connectors.practice.wire import Answer, Json, RefusedError, Request, whole_number
from connectors.practice.world import NOTHING, Account, Node, World
from connectors.practice.x_call import (
    BOUNDS,
    Call,
    Depth,
    Rules,
    bounds,
    check_names,
    invalid,
    listed,
    missing,
    next_token,
    post_id,
    refuse,
    selection,
    size,
    time_of,
    unseen,
)
from connectors.practice.x_search import QueryError, parse, search
from connectors.practice.x_words import (
    WORDS,
    Counts,
    Selection,
    Vocabulary,
    post,
    referenced,
    user,
    wire_time,
)

Endpoint = Callable[[Call], Answer]


MOST_IDS = 100
LONGEST_QUERY = 4096
JUST_NOW = timedelta(seconds=30)
"""Search does not show what is newer, unless the request says until when it looks."""

NEAREST_END = timedelta(seconds=10)


def answer(
    world: World,
    request: Request,
    now: datetime,
    vocabulary: Vocabulary = Vocabulary.TWEETS,
    depth: Depth | None = None,
    rules: Rules | None = None,
) -> Answer:
    """Answer one request to ``/2/...`` as X would at ``now``, in the words of ``vocabulary``.

    A request that says ``post.fields`` is always answered in the newer words.
    """
    spoken = Vocabulary.POSTS if "post.fields" in request.query else vocabulary
    call = Call(world, request, now, WORDS[spoken], depth or Depth(), rules or Rules())
    name, endpoint = _endpoint(request)
    tally = call.rules.tally
    used = tally.count(name, now) if tally is not None else request.number
    if call.rules.hold_to_limits and x_limits.is_spent(name, used):
        spent = x_limits.headers(name, used, now, least=0)
        return replace(plain_problem(429, "Too Many Requests"), headers=spent)
    try:
        plain = _answered(call, endpoint)
    except RefusedError as refused:
        plain = refused.answer
    return replace(plain, headers=x_limits.headers(name, used, now))


def rate_limit_headers(request: Request, now: datetime) -> dict[str, str]:
    """Return the headers that an answer to this request carries."""
    return x_limits.headers(_endpoint(request)[0], request.number, now)


def plain_problem(status: int, title: str) -> Answer:
    """Return what X says when the status alone says it all."""
    return Answer(status, {"title": title, "type": "about:blank", "status": status, "detail": title})


def _answered(call: Call, endpoint: Endpoint | None) -> Answer:
    if call.request.token != TOKEN:
        return plain_problem(401, "Unauthorized")
    return endpoint(call) if endpoint is not None else plain_problem(404, "Not Found")


def _endpoint(request: Request) -> tuple[str, Endpoint | None]:
    """Return the name of the allowance that a request draws on, and what answers it."""
    for method, path, name, endpoint in _ENDPOINTS:
        found = re.fullmatch(path, request.path) if method == request.method else None
        if found is not None:
            return name, partial(_called, endpoint, found.groups())
    return "", None


def _called(endpoint: Callable[..., Answer], parts: tuple[str, ...], call: Call) -> Answer:
    return endpoint(call, *parts)


def _me(call: Call) -> Answer:
    check_names(call, frozenset())
    return Answer(200, {"data": user(call.world.accounts[X_USER_ID], selection(call).user_fields)})


def _mentions(call: Call, account: str) -> Answer:
    check_names(call, BOUNDS)
    listing = call.world.naming.get(_known(call, account), NOTHING)
    first, last = bounds(call)
    first = max(first, listing.newest_order(call.depth.mentions, last_order_at(call.now)))
    return _listing(call, listing.newest_first(first, last), last, size(call, 5))


def _posts(call: Call, account: str) -> Answer:
    check_names(call, BOUNDS | {"exclude"})
    listing = call.world.by_author.get(_known(call, account), NOTHING)
    only_roots = "replies" in listed(call, "exclude", frozenset({"replies", "retweets"}))
    depth = call.depth.posts_without_replies if only_roots else call.depth.posts
    first, last = bounds(call)
    first = max(first, listing.newest_order(depth, last_order_at(call.now)))
    found = (node for node in listing.newest_first(first, last) if not (only_roots and node.parent))
    return _listing(call, found, last, size(call, 5))


def _search(call: Call) -> Answer:
    check_names(call, BOUNDS | {"query", "sort_order", "next_token"})
    listed(call, "sort_order", frozenset({"recency", "relevancy"}))
    text = call.request.one("query")
    if not 1 <= len(text) <= LONGEST_QUERY:
        invalid(call, "query", text, f"must be between 1 and {LONGEST_QUERY} characters")
    try:
        query = parse(text, call.world)
    except QueryError as unreadable:
        refuse(call, [{"parameters": {"query": [text]}, "message": str(unreadable)}])
    first, last = bounds(call)
    first, last = max(first, _search_floor(call)), min(last, _search_ceiling(call))
    return _listing(call, search(call.world, query, first, last), last, size(call, 10))


def _search_floor(call: Call) -> Order:
    """Return where the last seven days begin; an earlier start is refused, as X does."""
    if call.depth.search is None:
        return BEGINNING
    oldest = call.now - call.depth.search
    if time_of(call, "start_time", oldest) < oldest:
        said = call.request.one("start_time")
        invalid(call, "start_time", said, f"must be on or after {wire_time(oldest)}")
    floor = first_order_at(oldest)
    since = call.request.one("since_id")
    if since and post_id(call, "since_id", since) < floor:
        invalid(call, "since_id", since, f"must be a tweet id created after {wire_time(oldest)}")
    return floor


def _search_ceiling(call: Call) -> Order:
    """Return how new a search may look: the newest 30 seconds are withheld unless an end is said."""
    if "end_time" not in call.request.query:
        return last_order_at(call.now - JUST_NOW)
    if time_of(call, "end_time", call.now) > call.now - NEAREST_END:
        invalid(call, "end_time", call.request.one("end_time"), "must be 10 seconds or more ago")
    return last_order_at(call.now)


def _quotes(call: Call, name: str) -> Answer:
    check_names(call, frozenset({"max_results", "pagination_token", "exclude"}))
    post_id(call, "id", name)
    only_roots = "replies" in listed(call, "exclude", frozenset({"replies", "retweets"}))
    quoted = call.node(name)
    if quoted is None or not quoted.known.is_public:
        raise RefusedError(Answer(200, {"errors": [unseen(call, "id", name)]}))
    first, last = bounds(call)
    quoting = call.world.quoting.get(quoted.first_id, NOTHING).newest_first(first, last)
    found = (node for node in quoting if not (only_roots and node.parent))
    return _listing(call, found, last, size(call, 10), says_ids=False)


def _single(call: Call, name: str) -> Answer:
    check_names(call, frozenset())
    body = _looked_up(call, [name], "id")
    match body.get("data"):
        case [written]:
            return Answer(200, body | {"data": written})
    return Answer(200, body)


def _lookup(call: Call) -> Answer:
    check_names(call, frozenset({"ids"}))
    ids = list(dict.fromkeys(call.request.many("ids")))
    if not 1 <= len(ids) <= MOST_IDS:
        invalid(call, "ids", ",".join(ids), f"must hold between 1 and {MOST_IDS} ids")
    return Answer(200, _looked_up(call, ids, "ids"))


def _looked_up(call: Call, ids: list[str], parameter: str) -> dict[str, Json]:
    """Write the versions that were asked for, and why the others are not there."""
    for each in ids:
        post_id(call, parameter, each)
    found = {each: call.node(each) for each in ids}
    there = {each: node for each, node in found.items() if node is not None and node.known.is_public}
    body = _written(call, list(there.items()), selection(call))
    if errors := [unseen(call, parameter, each) for each in ids if each not in there]:
        body["errors"] = [*errors, *_several(body.get("errors"))]
    return body


def _known(call: Call, account: str) -> str:
    if whole_number(account) is None:
        invalid(call, "id", account, "does not match ^[0-9]{1,19}$")
    if account not in call.world.accounts:
        raise RefusedError(Answer(200, {"errors": [missing(call, "id", account, "user")]}))
    return account


def _listing(call: Call, found: Iterable[Node], last: Order, most: int, *, says_ids: bool = True) -> Answer:
    """Write a page of a listing; the token of the next one says where this one ended."""
    shown = selection(call)
    nodes = list(islice(found, most + 1))
    page = [] if call.request.is_empty else nodes[:most]
    meta: dict[str, Json] = {"result_count": len(page)}
    if page and says_ids:
        meta |= {"newest_id": page[0].id, "oldest_id": page[-1].id}
    if len(nodes) > len(page):
        meta["next_token"] = next_token(page[-1].order if page else last + 1)
    return Answer(200, _written(call, [(node.id, node) for node in page], shown) | {"meta": meta})


def _written(call: Call, versions: list[tuple[str, Node]], shown: Selection) -> dict[str, Json]:
    """Write posts and what they bring along; what is empty is left out, as X does."""
    if not versions:
        return {}
    nodes = [node for _, node in versions]
    body: dict[str, Json] = {"data": [_post(call, node, shown, version) for version, node in versions]}
    includes: dict[str, Json] = {}
    if people := _people(nodes, shown.expansions):
        includes["users"] = [user(account, shown.user_fields) for account in people]
    if "referenced_tweets.id" in shown.expansions:
        others = {name: other for node in nodes for name, (_, other) in referenced(node).items()}
        living = {name: other for name, other in others.items() if call.world.nodes.get(name) is other}
        seen = {name: other for name, other in living.items() if other.known.is_public}
        if seen:
            included = [_post(call, other, shown, name) for name, other in seen.items()]
            includes[shown.words.included] = included
        if absent := [
            unseen(call, shown.words.reference_expansion, name) for name in others if name not in seen
        ]:
            body["errors"] = absent
    return body | ({"includes": includes} if includes else {})


def _post(call: Call, node: Node, shown: Selection, version: str) -> Json:
    last = last_order_at(call.now)
    replies = call.world.conversations.get(node.first_id, NOTHING).count(node.order + 1, last)
    quotes = call.world.quoting.get(node.first_id, NOTHING).count(BEGINNING, last)
    return post(node, shown, version, Counts(replies, quotes))


def _several(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _people(nodes: list[Node], wanted: frozenset[str]) -> list[Account]:
    people: dict[Account, None] = {}
    for node in nodes:
        if "author_id" in wanted:
            people[node.author] = None
        if "entities.mentions.username" in wanted:
            people |= dict.fromkeys(node.mentions)
        if node.parent is not None and wanted & {"in_reply_to_user_id", "referenced_tweets.id.author_id"}:
            people[node.parent.author] = None
    return [account for account in people if not account.is_hidden]


_ENDPOINTS: tuple[tuple[str, str, str, Callable[..., Answer]], ...] = (
    ("GET", "/2/users/me", "me", _me),
    ("GET", "/2/users/([^/]+)/mentions", "mentions", _mentions),
    ("GET", "/2/users/([^/]+)/tweets", "posts", _posts),
    ("GET", "/2/users/([^/]+)/muting", "mute", x_acts.muted),
    ("GET", "/2/users/([^/]+)/blocking", "mute", x_acts.blocked),
    ("POST", "/2/users/([^/]+)/muting", "mute", x_acts.mute),
    ("DELETE", "/2/users/([^/]+)/muting/([^/]+)", "mute", x_acts.unmute),
    ("POST", "/2/users/([^/]+)/dm/(block|unblock)", "block messages", x_acts.block_messages),
    ("GET", "/2/tweets/search/recent", "search", _search),
    ("GET", "/2/tweets", "lookup", _lookup),
    ("GET", "/2/tweets/([^/]+)", "lookup", _single),
    ("GET", "/2/tweets/([^/]+)/quote_tweets", "quotes", _quotes),
    ("POST", "/2/tweets", "create", x_acts.create),
    ("DELETE", "/2/tweets/([^/]+)", "delete", x_acts.delete),
    ("PUT", "/2/tweets/([^/]+)/hidden", "hide", x_acts.hide),
    ("GET", "/2/dm_events", "messages", x_messages.events),
    ("GET", "/2/dm_events/([^/]+)", "messages", x_messages.event),
    ("DELETE", "/2/dm_events/([^/]+)", "messages", x_messages.delete),
    ("GET", "/2/dm_conversations/with/([^/]+)/dm_events", "messages", x_messages.with_participant),
    ("GET", "/2/dm_conversations/([^/]+)/dm_events", "messages", x_messages.events),
    ("POST", "/2/dm_conversations/with/([^/]+)/messages", "send message", x_messages.send_to),
    ("POST", "/2/dm_conversations/([^/]+)/messages", "send message", x_messages.send),
)
"""Method, path, allowance, and what answers: it gets the call and the parts of the path that vary."""
