"""Meta's Graph, through facebook-sdk: what Facebook and Instagram share.

facebook-sdk is of 2018: :class:`Graph` gives it today's version, a host of its own for each instance,
timeouts and errors that can be told apart. :class:`Client` is what a connector uses: readings, listings to
their end and writes, each with the errors of :mod:`connectors.base`, and the usage noted in a meter.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import requests

from connectors import sessions, transport
from connectors.answers import graph as answers
from connectors.base import (
    TIMEOUT,
    AuthExpired,
    BadResponse,
    BugOrConfig,
    ConnectorError,
    NeedsPerson,
    NotFound,
    Page,
    PermissionMissing,
    RateLimited,
    Refused,
    Scope,
    State,
)
from connectors.meter import Meter
from moderation.items import Rejected

with warnings.catch_warnings():
    # The SDK has an invalid escape in a pattern. Python warns when it first compiles the file, and where
    # warnings are errors the import itself would fail; the pattern is one that we never use.
    warnings.simplefilter("ignore")
    import facebook

FACEBOOK_HOST = "https://graph.facebook.com"
INSTAGRAM_HOST = "https://graph.instagram.com"

Answer = Mapping[str, object]
Parameters = Mapping[str, object]
"""What is sent with a request: truth values, numbers, texts, and objects or lists, which go as JSON."""

_FEWEST = 5
"""Entries on the smallest page that is asked for."""

_MOST_REFUSED = 3
"""Posts whose comments are refused, before any are shown, after which it is not the posts."""

_STOPPING = frozenset({"app", "page", "pages", "instagram"})
"""The kinds of allowance without which nothing can be read. Messages have one more, which stops only them."""


class Graph(facebook.GraphAPI):  # type: ignore[misc] # the SDK has no types
    """facebook-sdk on today's Graph. Everything in it calls :meth:`request`, which is ours.

    ``base_url`` points it at the practice server instead of ``host``. ``headers`` are those of the newest
    answer, errors included.
    """

    def __init__(
        self,
        token: str,
        api_version: str,
        base_url: str | None = None,
        *,
        host: str = FACEBOOK_HOST,
        meter: Meter | None = None,
    ) -> None:
        session = sessions.open_session(base_url, meter=meter)
        super().__init__(access_token=token, timeout=TIMEOUT, session=session)
        self.version = f"v{api_version}"  # its constructor knows versions up to 3.1 only
        self.headers: Mapping[str, str] = {}
        self._base = (base_url or host).rstrip("/")
        self.name = "Instagram" if host == INSTAGRAM_HOST else "Facebook"
        session.hooks["response"].append(self._remember)

    def __repr__(self) -> str:
        return f"Graph({self.version})"

    def _remember(self, response: requests.Response, *_: object, **__: object) -> None:
        self.headers = response.headers

    def request(
        self,
        path: str,
        args: Parameters | None = None,
        post_args: Parameters | None = None,
        files: Any = None,
        method: str | None = None,
    ) -> dict[str, object]:
        """Send one request and return the JSON object. A token among ``args`` takes the place of ours.

        Raises :class:`connectors.transport.StatusError` with status, headers and Graph's error for an
        error, whatever the HTTP status and the content type say.
        """
        token = {"access_token": self.access_token}
        self.headers = {}
        response = self.session.request(
            "POST" if post_args is not None else method or "GET",
            f"{self._base}/{path.lstrip('/')}",
            params={**(token if post_args is None else {}), **written(args or {})},
            data=None if post_args is None else {**token, **written(post_args)},
            files=files,
            timeout=self.timeout,
            allow_redirects=False,
        )
        answer = transport.json_answer(response, self.name)
        if answer.get("error"):
            raise transport.StatusError(response.status_code, response.headers, answer)
        return answer


def written(parameters: Parameters) -> dict[str, object]:
    """Return parameters as Graph reads them: truth as ``true`` and ``false``, objects and lists as JSON."""
    return {name: _written(value) for name, value in parameters.items() if value is not None}


def _halved(parameters: Parameters) -> dict[str, object]:
    """Return parameters that ask for half as many entries, empty when that would be too few."""
    limit = parameters.get("limit")
    few = not isinstance(limit, int) or limit < _FEWEST * 2
    return {} if few else {**parameters, "limit": limit // 2}  # type: ignore[operator] # a number, as checked


def _written(value: object) -> object:
    match value:
        case bool():
            return "true" if value else "false"
        case Mapping() | list() | tuple():
            return json.dumps(value)
        case _:
            return value


REFUSALS = (NotFound, PermissionMissing, Refused, BugOrConfig)
"""What may concern one post, or one edge, while everything else is shown."""


def was_shown(state: State) -> bool:
    """Say whether the platform ever showed what a stream is about, as far as its state knows."""
    return bool(state) and state.get("shown") is not False


@dataclass(slots=True)
class Refusals:
    """Posts of one reading whose comments are refused.

    One costs no other its comments; when all are refused, it is not they, but our token or request.
    ``reason`` is that of the row for each. ``is_shown``: comments were shown, in this reading or before.
    """

    reason: str
    is_shown: bool = False
    _posts: int = 0
    _shows: bool = False
    _newest: ConnectorError | None = None

    def shown(self) -> None:
        """Note that the comments under a post were shown."""
        self.is_shown = self._shows = True

    def one(self, post: str, error: ConnectorError) -> Page:
        """Return the row for one post. Raises ``error`` when several were refused and none was shown."""
        self._posts += 1
        if not isinstance(error, NotFound):
            self._newest = error
        if self._posts >= _MOST_REFUSED:
            self.check()
        return Page(rejected=(Rejected(post, self.reason),))

    def check(self) -> None:
        """Raise the newest refusal when no post showed its comments."""
        if self._newest is not None and not self._shows:
            raise self._newest


@dataclass(frozen=True, slots=True)
class Speaking:
    """How errors are put: the platform's name for people, and the permissions that its tokens need."""

    platform: str
    permissions: str = ""


class Client:
    """One account's way to Graph. Every method raises :class:`connectors.base.ConnectorError`."""

    def __init__(self, graph: Graph, speaking: Speaking, max_pages: int, meter: Meter) -> None:
        self._graph = graph
        self._speaking = speaking
        self._max_pages = max_pages
        self._meter = meter

    def get(self, node: str, parameters: Parameters, now: datetime) -> Answer:
        """Read one object."""
        return self._ask(node, None, parameters, now)

    def edge(self, node: str, edge: str, parameters: Parameters, now: datetime) -> Answer:
        """Read one page of an edge."""
        return self._ask(node, edge, parameters, now)

    def listing(self, node: str, edge: str, parameters: Parameters, now: datetime) -> Iterator[list[object]]:
        """Yield the entries of every page of an edge. Only an absent ``paging.next`` is the end.

        A page that is too large for Graph is asked for again in halves, down to a few entries.
        """
        seen: set[str] = set()
        asked = dict(parameters)
        while True:
            try:
                answer = self._ask(node, edge, asked, now)
            except answers.TooMuch:
                parameters, asked = _halved(parameters), _halved(asked)
                if not asked:
                    raise
                continue
            entries = answer.get("data")
            if not isinstance(entries, list):
                raise BadResponse(
                    f"{self._speaking.platform} answered with something else than a list. The next poll "
                    "tries again."
                )
            yield entries
            following = answers.next_query(answer)
            query = transport.next_page(self._speaking.platform, following, seen, self._max_pages)
            if query is None:
                return
            asked = {**parameters, **dict(parse_qsl(query))}

    def post(self, node: str, edge: str | None, parameters: Parameters, now: datetime) -> Answer:
        """Write once. Raises :class:`connectors.base.Unsure` when the answer was lost."""
        return self._write(self._path(node, edge), {"post_args": parameters}, now)

    def delete(self, node: str, edge: str | None, parameters: Parameters, now: datetime) -> Answer:
        """Delete once. Raises :class:`connectors.base.Unsure` when the answer was lost."""
        return self._write(self._path(node, edge), {"args": parameters, "method": "DELETE"}, now)

    def debug_token(self, now: datetime) -> answers.TokenFacts:
        """Ask what the token may do and when it ends; all unknown where the platform refuses to tell.

        Raises :class:`connectors.base.AuthExpired` when the platform says that it is dead.
        """
        try:
            answer = self.get("debug_token", {"input_token": self._graph.access_token}, now)
        except AuthExpired:
            raise
        except NeedsPerson:
            return answers.TokenFacts(None, None, None, "")
        facts = answers.token_facts(answer)
        if facts.is_valid is False:
            raise transport.auth_expired(self._speaking.platform)
        return facts

    def _path(self, node: str, edge: str | None) -> str:
        for part in (node, edge or ""):
            if not set(part).isdisjoint("/?#%"):
                raise BugOrConfig(f"An id for {self._speaking.platform} holds characters that no id has.")
        return "/".join(filter(None, (self._graph.version, node, edge)))

    def _ask(self, node: str, edge: str | None, parameters: Parameters, now: datetime) -> Answer:
        path = self._path(node, edge)
        self._stop_when_spent(now)
        try:
            return transport.ask(
                self._speaking.platform,
                lambda: self._graph.request(path, parameters),
                lambda refusal: self._problem(refusal, now),
            )
        finally:
            self._note(now)

    def _write(self, path: str, sent: Mapping[str, Any], now: datetime) -> Answer:
        self._stop_when_spent(now)
        try:
            return transport.write(
                self._speaking.platform,
                lambda: self._graph.request(path, **sent),
                lambda refusal: self._problem(refusal, now),
            )
        finally:
            self._note(now)

    def _problem(self, refusal: transport.StatusError, now: datetime) -> ConnectorError:
        return answers.problem(refusal, now, self._speaking.platform, self._speaking.permissions)

    def _note(self, now: datetime) -> None:
        for window in answers.windows(self._graph.headers, now):
            self._meter.note(window)

    def _stop_when_spent(self, now: datetime) -> None:
        """Ask nothing once an allowance is spent: calls that are refused keep counting against it."""
        for window in self._meter.windows.values():
            if window.used_at(now) >= 1 and window.name.split()[0] in _STOPPING:
                scope = Scope.APP if window.shared else Scope.ACCOUNT
                text = f"{self._speaking.platform}'s allowance is spent. Reading goes on when there is more."
                raise RateLimited(text, window.resets_at, scope)
