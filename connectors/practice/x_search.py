"""The search language of X, as far as a school needs it.

``conversation_id:ID``, ``quotes_of_tweet_id:ID``, ``in_reply_to_tweet_id:ID``, ``to:HANDLE``,
``from:HANDLE``, ``@HANDLE``, ``is:reply``, ``is:quote``, ``lang:en``, words and "phrases"; a minus before
a term excludes; a space means and, ``OR`` means or, parentheses group.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import chain

from connectors.practice.timeline import Order
from connectors.practice.world import NOTHING, Index, Node, Nodes, World

_TOKEN = re.compile(r'[()]|-?[a-z_]+:"[^"]*"|-?"[^"]*"|[^\s()]+')
_DEEPEST = 20
_NOT, _OPEN = "-("
_NEVER = frozenset({"is:retweet", "is:nullcast", "has:media", "has:images", "has:videos"})
_BY_ID = frozenset({"conversation_id", "quotes_of_tweet_id", "in_reply_to_tweet_id"})
_KINDS: dict[str, Callable[[Node], bool]] = {
    "reply": lambda node: node.parent is not None,
    "quote": lambda node: node.quoted is not None,
}


class QueryError(ValueError):
    """A query that cannot be read; the text says why and quotes the operator."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read. ``places`` hold all that it can match; ``None`` when that is everything."""

    places: tuple[Nodes, ...] | None
    matches: Callable[[Node], bool]


def search(world: World, query: Query, first: Order, last: Order) -> Iterator[Node]:
    """Yield what matches between two places in time, newest first, each once."""
    places = (world.everything,) if query.places is None else query.places
    found = merge(*(place.newest_first(first, last) for place in places), key=lambda node: -node.order)
    before: Node | None = None
    for node in found:
        if node is not before and query.matches(node):
            yield node
        before = node


def parse(text: str, world: World) -> Query:
    """Read a query. Raises :class:`QueryError`."""
    reader = _Reader(_TOKEN.findall(text), world)
    query = reader.alternatives(0)
    if reader.tokens:
        raise QueryError("There was a closing parenthesis without an opening one")
    return query


class _Reader:
    """Reads a query's tokens from the left."""

    def __init__(self, tokens: list[str], world: World) -> None:
        self.tokens = tokens[::-1]
        self._world = world

    def alternatives(self, depth: int) -> Query:
        """Read terms joined by OR."""
        options = [self._together(depth)]
        while self.tokens and self.tokens[-1] == "OR":
            self.tokens.pop()
            options.append(self._together(depth))
        return _any_of(options)

    def _together(self, depth: int) -> Query:
        terms = []
        while self.tokens and self.tokens[-1] not in {"OR", ")"}:
            terms.append(self._term(depth))
        if not terms:
            raise QueryError("The query is empty, or a side of OR is")
        return _all_of(terms)

    def _term(self, depth: int) -> Query:
        token = self.tokens.pop()
        if token == _NOT and self.tokens and self.tokens[-1] == _OPEN:
            return _not(self._term(depth))
        if token != _OPEN:
            return self._single(token)
        if depth == _DEEPEST:
            raise QueryError("The query nests too deep")
        query = self.alternatives(depth + 1)
        if not self.tokens:
            raise QueryError("A parenthesis is not closed")
        self.tokens.pop()
        return query

    def _single(self, token: str) -> Query:
        if token.startswith("-") and len(token) > 1:
            return _not(self._single(token[1:]))
        if token.startswith("@"):
            return self._of_account(token, self._world.naming)
        operator, colon, value = token.partition(":")
        return self._operator(operator, value.strip('"')) if colon else _phrase(token)

    def _operator(self, operator: str, value: str) -> Query:
        if operator in _BY_ID:
            return self._of_post(operator, value)
        match operator:
            case "from":
                return self._of_account(value, self._world.by_author)
            case "to":
                return self._of_account(value, self._world.answering)
            case "is" if value in _KINDS:
                return Query(None, _KINDS[value])
            case "lang":
                return Query(None, lambda node: value == "en")
            case _ if f"{operator}:{value}" in _NEVER:
                return Query((), lambda node: False)
        raise QueryError(f"Reference to invalid operator '{operator}'")

    def _of_post(self, operator: str, value: str) -> Query:
        node = self._world.nodes.get(value)
        first = node.first_id if node is not None else value
        if operator == "conversation_id":
            return _within(self._world.conversations.get(value, NOTHING))
        if operator == "quotes_of_tweet_id":
            return _within(self._world.quoting.get(first, NOTHING))
        return Query(None, lambda found: found.parent is not None and found.parent.first_id == first)

    def _of_account(self, name: str, index: Index) -> Query:
        word = name.removeprefix("@").lower()
        account = self._world.handles.get(word) or self._world.accounts.get(word)
        return _within(index.get(account.id, NOTHING) if account else NOTHING)


def _within(place: Nodes) -> Query:
    return Query((place,), place.holds)


def _phrase(word: str) -> Query:
    wanted = word.strip('"').casefold()
    return Query(None, lambda node: wanted in node.text.casefold())


def _not(query: Query) -> Query:
    return Query(None, lambda node: not query.matches(node))


def _all_of(queries: list[Query]) -> Query:
    """Look where the fewest are."""
    limited = [query.places for query in queries if query.places is not None]
    places = min(limited, key=lambda some: sum(map(len, some)), default=None)
    return Query(places, lambda node: all(query.matches(node) for query in queries))


def _any_of(queries: list[Query]) -> Query:
    limited = [query.places for query in queries if query.places is not None]
    places = tuple(chain.from_iterable(limited)) if len(limited) == len(queries) else None
    return Query(places, lambda node: any(query.matches(node) for query in queries))
