"""X, API version 2: requests in, answers out. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from connectors.practice.identities import TOKEN, X_USER_ID
from connectors.practice.timeline import BEGINNING, Order, first_order_at, last_order_at
from connectors.practice.wire import Answer, Json, RefusedError, Request, whole_number
from connectors.practice.world import NOTHING, Account, Node, World
from connectors.practice.x_call import (
    BOUNDS,
    Call,
    Depth,
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
)
from connectors.practice.x_search import QueryError, parse, search
from connectors.practice.x_words import WORDS, Selection, Vocabulary, post, user, wire_time

WINDOW = 900
"""Seconds in a window of the rate limit."""

LIMITS = {"mentions": 300, "tweets": 900, "recent": 300, "me": 75}
"""Requests in a window, by the last word of the address; looking up by id has more."""

LOOKUP_LIMIT = 5000
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
) -> Answer:
    """Answer one request to ``/2/...`` as X would at ``now``, in the words of ``vocabulary``.

    A request that says ``post.fields`` is always answered in the newer words.
    """
    spoken = Vocabulary.POSTS if "post.fields" in request.query else vocabulary
    call = Call(world, request, now, WORDS[spoken], depth or Depth())
    try:
        plain = _answered(call)
    except RefusedError as refused:
        plain = refused.answer
    return replace(plain, headers=rate_limit_headers(request, now))


def rate_limit_headers(request: Request, now: datetime) -> dict[str, str]:
    """Return the headers that every answer of X carries; at least one request always remains."""
    last_word = request.path.rpartition("/")[2]
    limit = LIMITS.get(last_word, LOOKUP_LIMIT) if request.path.count("/") > 2 else LOOKUP_LIMIT
    return {
        "x-rate-limit-limit": str(limit),
        "x-rate-limit-remaining": str(max(1, limit - request.number)),
        "x-rate-limit-reset": str((int(now.timestamp()) // WINDOW + 1) * WINDOW),
    }


def plain_problem(status: int, title: str) -> Answer:
    """Return what X says when the status alone says it all."""
    return Answer(status, {"title": title, "type": "about:blank", "status": status, "detail": title})


def _answered(call: Call) -> Answer:
    if call.request.token != TOKEN:
        return plain_problem(401, "Unauthorized")
    endpoint = _endpoint(call.request.path) if call.request.method == "GET" else None
    return endpoint(call) if endpoint is not None else plain_problem(404, "Not Found")


def _endpoint(path: str) -> Callable[[Call], Answer] | None:
    match path.strip("/").split("/"):
        case ["2", "users", "me"]:
            return _me
        case ["2", "users", account, "mentions"]:
            return lambda call: _mentions(call, account)
        case ["2", "users", account, "tweets"]:
            return lambda call: _posts(call, account)
        case ["2", "tweets", "search", "recent"]:
            return _search
        case ["2", "tweets"]:
            return _lookup
    return None


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


def _lookup(call: Call) -> Answer:
    check_names(call, frozenset({"ids"}))
    ids = list(dict.fromkeys(call.request.many("ids")))
    if not 1 <= len(ids) <= MOST_IDS:
        invalid(call, "ids", ",".join(ids), f"must hold between 1 and {MOST_IDS} ids")
    for each in ids:
        post_id(call, "ids", each)
    last = last_order_at(call.now)
    found = [call.world.nodes[each] for each in ids if each in call.world.nodes]
    visible = {node.id: node for node in found if node.order <= last}
    body = _written(list(visible.values()), selection(call))
    if unseen := [missing(call, "ids", each, "tweet") for each in ids if each not in visible]:
        body["errors"] = unseen
    return Answer(200, body)


def _known(call: Call, account: str) -> str:
    if whole_number(account) is None:
        invalid(call, "id", account, "does not match ^[0-9]{1,19}$")
    if account not in call.world.accounts:
        raise RefusedError(Answer(200, {"errors": [missing(call, "id", account, "user")]}))
    return account


def _listing(call: Call, found: Iterable[Node], last: Order, most: int) -> Answer:
    """Write a page of a listing; the token of the next one says where this one ended."""
    shown = selection(call)
    nodes = list(islice(found, most + 1))
    page = [] if call.request.is_empty else nodes[:most]
    meta: dict[str, Json] = {"result_count": len(page)}
    if page:
        meta |= {"newest_id": page[0].id, "oldest_id": page[-1].id}
    if len(nodes) > len(page):
        meta["next_token"] = next_token(page[-1].order if page else last + 1)
    return Answer(200, _written(page, shown) | {"meta": meta})


def _written(nodes: list[Node], shown: Selection) -> dict[str, Json]:
    """Write posts and what they bring along; what is empty is left out, as X does."""
    if not nodes:
        return {}
    body: dict[str, Json] = {"data": [post(node, shown) for node in nodes]}
    includes: dict[str, Json] = {}
    if people := _people(nodes, shown.expansions):
        includes["users"] = [user(account, shown.user_fields) for account in people]
    parents = dict.fromkeys(node.parent for node in nodes if node.parent is not None)
    if parents and "referenced_tweets.id" in shown.expansions:
        includes[shown.words.included] = [post(parent, shown) for parent in parents]
    return body | ({"includes": includes} if includes else {})


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
