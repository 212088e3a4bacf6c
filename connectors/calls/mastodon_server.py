"""One account's Mastodon server, asked through Mastodon.py, answering with its own JSON.

Mastodon.py turns what a server sends into types of its own, stumbles over odd headers and wraps every
network failure, whose text may quote the token. So each answer is judged and kept as it comes in, before
Mastodon.py sees it; what Mastodon.py makes of it afterwards is not used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import requests
from mastodon import Mastodon

from connectors import sessions, transport
from connectors.answers import fields
from connectors.answers import mastodon as answers
from connectors.base import TIMEOUT, BadResponse, BugOrConfig, ConnectorContext, ConnectorError
from connectors.meter import Meter

NAME = "The Mastodon server"

Answer = Mapping[str, object]
Call = Callable[[Mastodon], object]
"""One question: what to ask of Mastodon.py. Only the request that it makes counts."""


class Server:
    """The server of one account. Raises :class:`BugOrConfig` for an address that is none."""

    def __init__(self, address: str, context: ConnectorContext, meter: Meter) -> None:
        self._me = context.identity
        self._meter = meter
        self._answers: list[object] = []
        self._known = False
        self.headers: Mapping[str, str] = {}
        session = sessions.open_session(address, meter=meter)
        session.trust_env = address.startswith("https://")  # the host's proxy; practice needs none
        session.hooks["response"].append(self._judge)
        self._client = Mastodon(
            api_base_url=address,
            ratelimit_method="throw",
            version_check_mode="none",
            request_timeout=TIMEOUT,  # type: ignore[arg-type]  # requests takes the pair
            session=session,
        )
        self._client.access_token = context.token  # given to __init__ it could be taken for a file's name

    def read(self, call: Call, now: datetime) -> Any:
        """Ask something and return the JSON. Raises :class:`ConnectorError`."""
        return transport.ask(NAME, lambda: self._run(call), lambda refusal: answers.problem(refusal, now))[""]

    def read_object(self, call: Call, now: datetime) -> Answer:
        """Ask for one thing. Raises :class:`BadResponse` when a list comes."""
        answer = self.read(call, now)
        if isinstance(answer, Mapping):
            return answer
        raise BadResponse(f"{NAME} answered with a list where one thing was asked for.")

    def listing(
        self, call: Callable[[Mastodon, str | None], object], now: datetime, most: int
    ) -> Iterator[list[object]]:
        """Yield the pages of a listing, the newest first, to its end. ``call`` is given what to stay below.

        A page may be empty before the end: the end is where the server names no further one.
        """
        seen: set[str] = set()
        below: str | None = None
        while True:
            listed = answers.entries(self.read(partial(_below, call, below), now))
            following = answers.next_page(self.headers, listed)
            yield listed
            below = transport.next_page(NAME, following, seen, most)
            if below is None:
                return

    def write(self, call: Call, now: datetime) -> Answer:
        """Change something, once. Raises as :func:`transport.write` does."""

        def explain(refusal: transport.StatusError) -> ConnectorError:
            return answers.problem_of_write(refusal, now)

        answer = transport.write(NAME, lambda: self._run(call), explain)[""]
        if isinstance(answer, Mapping):
            return answer
        raise transport.unsure(NAME)

    def owner(self, now: datetime) -> None:
        """Make sure, once, that the token is that of the account.

        An empty list is a good answer to nearly every other question, so this is asked before all of them:
        whatever stands in the way and answers with nothing is noticed, and so is another account's token.
        """
        if self._known:
            return
        told = fields.known_identifier(self.read(lambda client: client.account_verify_credentials(), now))
        if told is None:
            raise BadResponse(f"{NAME} did not say whose the token is. The next poll tries again.")
        if told != self._me.external_id:
            raise BugOrConfig(
                "The token belongs to another Mastodon account than external_id names. Put the account's own "
                "token in place, or correct external_id."
            )
        self._known = True

    def _run(self, call: Call) -> dict[str, object]:
        """Make one request and return what was answered, under an empty name."""
        self._answers.clear()
        problem: BaseException | None = None
        try:
            call(self._client)
        except Exception as error:  # noqa: BLE001 - told below, unless the answer had already come in
            problem = error.__context__ or error
        if self._answers:
            return {"": self._answers[0]}
        raise problem or BadResponse(f"{NAME} gave no answer.")

    def _judge(self, response: requests.Response, *_: object, **__: object) -> None:
        answers.note_allowance(response, self._meter)
        self._answers.append(transport.json_value(response, NAME))
        self.headers = response.headers


def _below(call: Callable[[Mastodon, str | None], object], known: str | None, client: Mastodon) -> object:
    return call(client, known)
