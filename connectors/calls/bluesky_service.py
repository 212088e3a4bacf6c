"""The way to Bluesky: signing in, keeping the session, asking and writing, over the product's own HTTP.

The SDK brings the session with its renewal; its typed answers are not used, because they refuse a whole page
for one item that they do not understand. It talks through ``httpx``; :class:`_OverRequests` puts a
``requests`` session under it, so that timeouts, proxies, counting and errors are those of every connector.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import requests
from atproto_client import Client, SessionEvent
from atproto_client.client.session import Session
from atproto_client.models.dot_dict import DotDict
from atproto_client.request import Request
from atproto_core.exceptions import AtProtocolError

from connectors import sessions, transport
from connectors.answers import bluesky as answers
from connectors.base import (
    AuthExpired,
    BadResponse,
    BugOrConfig,
    ConnectorContext,
    ConnectorError,
)
from connectors.meter import Meter, Window
from moderation.items import storable

CHAT = {"atproto-proxy": f"{Client.BSKY_CHAT_DID}#{Client.AtprotoServiceType.BSKY_CHAT.value}"}
"""The header that sends a request on to the service for private messages."""

_OURS = frozenset({"host", "content-length", "connection", "accept-encoding", "transfer-encoding"})
_POLICY = re.compile(r"(\d+);w=(\d+)")

_ENDING = 20 * 60
"""Seconds before its end in which a session is renewed before a write; the SDK does so at 15 minutes."""

Explain = Callable[[transport.StatusError, datetime], ConnectorError]


class _Expired(AuthExpired):
    """The access token is past its time; the refresh token may still be good."""


class Service:
    """One account's way to its server. Nothing is sent before the first question."""

    def __init__(self, context: ConnectorContext, meter: Meter) -> None:
        self._context = context
        self._base_url = context.base_url
        session = sessions.open_session(context.base_url, meter=meter)
        session.hooks["response"].append(_noting(meter))
        # `Client` takes any `Request`; whatever is given here is passed on to httpx
        self._client = Client(context.base_url, request=Request(transport=_OverRequests(session)))
        self._client.on_session_change(self._changed)
        self._session: Session | None = None
        self._password: str | None = None
        _keep_addresses_out_of_logs()

    def ask(
        self, method: str, parameters: Mapping[str, object], now: datetime, headers: Mapping[str, str] = {}
    ) -> dict[str, object]:
        """Return what Bluesky answers to a question. Raises :class:`ConnectorError`."""

        def call() -> object:
            return self._client.invoke_query(
                method, params=DotDict(dict(parameters)), headers=dict(headers)
            ).content

        return self._signed_in(now, lambda: transport.ask("Bluesky", _answered(call), self._explain(now)))

    def write(
        self,
        method: str,
        body: Mapping[str, object],
        now: datetime,
        headers: Mapping[str, str] = {},
        explain: Explain = answers.problem,
    ) -> dict[str, object]:
        """Send something that changes Bluesky, once. Raises ``Unsure`` or :class:`ConnectorError`."""

        def call() -> object:
            return self._client.invoke_procedure(
                method, data=DotDict(dict(body)), input_encoding="application/json", headers=dict(headers)
            ).content

        if self._is_ending(now):
            self._renew(now)  # Or the SDK did it on the way, and a lost renewal would look like a lost write
        how = self._explain(now, explain)
        return self._signed_in(now, lambda: transport.write("Bluesky", _answered(call), how))

    def session(self, now: datetime) -> Session:
        """Return the session, signed in if need be."""
        if self._session is None:
            self._sign_in(now)
        if self._session is None:
            raise BadResponse("Bluesky signed us in without a session. The next poll tries again.")
        return self._session

    def _is_ending(self, now: datetime) -> bool:
        payload = self.session(now).access_jwt_payload
        return payload is not None and payload.exp is not None and payload.exp - now.timestamp() < _ENDING

    def _signed_in(self, now: datetime, call: Callable[[], dict[str, object]]) -> dict[str, object]:
        """Run ``call`` in a session; renew it once where Bluesky finds it too old sooner than our clock does.

        A request that is refused for its age was not carried out, so writes may be sent again too.
        """
        self.session(now)
        try:
            return call()
        except _Expired:
            pass
        self._renew(now)
        return call()

    def _sign_in(self, now: datetime) -> None:
        stored, self._password = _stored(self._context.token)
        if stored is None:
            self._sign_in_anew(now)
        else:
            self._take(stored)

    def _take(self, stored: str) -> None:
        """Go on with a session from before. Creating one is limited to 300 a day."""
        try:
            session = Session.decode(stored)
            readable = bool(session.access_jwt_payload and session.refresh_jwt_payload)
            self._client.login(session_string=stored, fetch_bsky_profile=False)
        except (AtProtocolError, ValueError, TypeError):
            readable = False
        if not readable:
            self._session = None
            raise BugOrConfig("The account's stored session cannot be read. Sign the account in again.")

    def _sign_in_anew(self, now: datetime) -> None:
        identity = self._context.identity

        def call() -> object:
            name = identity.handle or identity.external_id
            self._client.login(name, self._password, fetch_bsky_profile=False)
            return {}

        transport.ask("Bluesky", _answered(call), self._explain(now))

    def _renew(self, now: datetime) -> None:
        """Exchange the refresh token for a new session; where that is too old as well, sign in anew."""
        old = self.session(now)

        def call() -> object:
            return self._client.invoke_procedure(
                "com.atproto.server.refreshSession",
                headers={"Authorization": f"Bearer {old.refresh_jwt}"},
                ignore_session_check=True,
            ).content

        try:
            answer = transport.ask("Bluesky", _answered(call), self._explain(now))
        except AuthExpired:
            if self._password is None:
                raise
            answer = {}
        if not answer:
            self._sign_in_anew(now)
            return
        tokens = [answer.get(name) for name in ("handle", "did", "accessJwt", "refreshJwt")]
        if not all(isinstance(token, str) and token for token in tokens):
            raise BadResponse("Bluesky renewed the session without saying how. The next poll tries again.")
        renewed = Session(*(str(token) for token in tokens), pds_endpoint=old.pds_endpoint)
        self._keep(renewed)
        self._take(renewed.encode())

    def _changed(self, event: SessionEvent, session: Session) -> None:
        """Take over a session that the SDK made or renewed; it is kept before anything is sent with it."""
        if session.did != self._context.identity.external_id:
            raise BugOrConfig(
                "The app password or session belongs to another Bluesky account than the settings name. "
                "Sign in again, or correct the account's id (its did) in the settings."
            )
        if self._base_url is not None:
            self._client.update_base_url(self._base_url)  # The SDK goes to where the account says it lives
        if event is not SessionEvent.IMPORT:
            self._keep(session)
        self._session = session

    def _keep(self, session: Session) -> None:
        kept = {"session": session.encode()}
        if self._password is not None:
            kept["app_password"] = self._password
        self._context.keep_token(json.dumps(kept))

    def _explain(
        self, now: datetime, explain: Explain = answers.problem
    ) -> Callable[[transport.StatusError], ConnectorError]:
        def explained(refusal: transport.StatusError) -> ConnectorError:
            problem = explain(refusal, now)
            if answers.error_name(refusal) == "ExpiredToken":
                return _Expired(*problem.args)
            return problem

        return explained


def _stored(token: str) -> tuple[str | None, str | None]:
    """Return the session and the app password that a token holds; one of them may be missing.

    A token is an app password, or JSON: ``session`` is what the SDK exports, ``app_password`` is kept
    beside it for the day when the session is too old.
    """
    written = token.strip()
    if written.startswith("{"):
        session, password = _in_json(written)
        if session or password:
            return session, password
    elif written.isascii() and written.isprintable() and written and " " not in written:
        return None, written
    raise BugOrConfig(
        "The account's token is neither an app password nor a stored session. See that its file holds the "
        "app password alone on one line."
    )


def _in_json(written: str) -> tuple[str | None, str | None]:
    try:
        held = json.loads(written)
    except (ValueError, RecursionError):
        return None, None
    values = [held.get(name) if isinstance(held, dict) else None for name in ("session", "app_password")]
    session, password = (value if isinstance(value, str) and value else None for value in values)
    return session, password


def _answered(call: Callable[[], object]) -> Callable[[], dict[str, object]]:
    """Return ``call`` with the SDK's own complaints turned into ours; they quote what they complain of."""

    def answer() -> dict[str, object]:
        content: object = None
        try:
            content = call()
        except (OSError, UnicodeError):
            raise
        except (AtProtocolError, ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            raise BadResponse(
                "Bluesky answered something that cannot be read. Nothing is lost; the next poll reads it "
                "again."
            )
        return content

    return answer


class _OverRequests(httpx.BaseTransport):
    """Sends what the SDK gives to ``httpx`` through a ``requests`` session, and judges the answer first.

    Errors leave here as :class:`transport.StatusError` and those of ``requests``; the SDK lets them pass.
    """

    def __init__(self, session: requests.Session) -> None:
        self._session = session

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {name: value for name, value in request.headers.items() if name not in _OURS}
        answer = self._session.request(
            request.method,
            str(request.url),
            data=request.content or None,
            headers=headers,
            allow_redirects=False,
        )
        body = transport.json_answer(answer, "Bluesky")
        # Written anew: what json_answer could mend has to be readable for the SDK's stricter parser too
        content = storable(json.dumps(body, ensure_ascii=False)).encode()
        return httpx.Response(
            answer.status_code, headers={"content-type": "application/json"}, content=content
        )


def _noting(meter: Meter) -> Callable[..., None]:
    def note(response: Any, *_: object, **__: object) -> None:
        headers = response.headers
        try:
            limit, remaining = float(headers["ratelimit-limit"]), float(headers["ratelimit-remaining"])
            resets_at = datetime.fromtimestamp(float(headers["ratelimit-reset"]), UTC)
        except (KeyError, ValueError, OverflowError, OSError):
            return
        policy = _POLICY.fullmatch(headers.get("ratelimit-policy", ""))
        name = f"requests in {policy[2]} seconds" if policy else "requests"
        meter.note(Window(f"{name}, of {limit:.0f}", limit, remaining, resets_at))

    return note


def _above_info(record: logging.LogRecord) -> bool:
    return record.levelno > logging.INFO


def _keep_addresses_out_of_logs() -> None:
    """Drop httpx's line for every request: its addresses name people and posts."""
    logging.getLogger("httpx").addFilter(_above_info)
