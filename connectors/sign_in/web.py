"""How sign-ins talk to platforms: with the timeouts, errors and silence of :mod:`connectors.transport`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

import requests

from connectors import sessions, transport
from connectors.base import AuthExpired, BugOrConfig, ConnectorError, NotFound, PermissionMissing

Answer = dict[str, object]
Explain = Callable[[transport.StatusError, datetime], ConnectorError]

_DEAD = frozenset({"invalid_grant", "invalid_token", "expired_token"})
_UNKNOWN_APP = frozenset({"invalid_client", "unauthorized_client"})


def oauth_problem(
    platform: str, refusal: transport.StatusError, now: datetime, dead: frozenset[str] = _DEAD
) -> ConnectorError:
    """Return what an error of an OAuth token address means. ``dead`` are its words for a token or code."""
    told = (refusal.body or {}).get("error")
    if told in dead:
        return AuthExpired(
            f"{platform} does not accept the code or token: it is too old, was used before or belongs to "
            "another app. Connect the account again."
        )
    if told in _UNKNOWN_APP:
        return BugOrConfig(
            f"{platform} does not know the app. See that client id and secret are those of the school's "
            "own app, and that it is of the kind that the set-up page names; then connect the account again."
        )
    if told == "invalid_scope":
        return PermissionMissing(
            f"{platform} does not let this app ask for these permissions. Allow them in the app's "
            "settings, then connect the account again."
        )
    if refusal.status == 404:
        return NotFound(
            f"There is no sign-in to {platform} at this address. See that the server and the base_url in the "
            "account's settings are right."
        )
    return transport.by_status(platform, refusal, now)


class Web:
    """Requests of one sign-in. What goes wrong is a :class:`ConnectorError` that quotes nothing."""

    def __init__(self, platform: str, base_url: str | None, explain: Explain | None = None) -> None:
        self._platform = platform
        self._explain = explain
        # Where base_url is a real server (Mastodon has no other), the way there is the host's usual one.
        self._session = sessions.open_session(base_url if is_practice(base_url) else None)
        if base_url is not None and not base_url.startswith(("http://", "https://")):
            raise BugOrConfig("The account's base_url does not start with http:// or https://.")

    def get(
        self,
        address: str,
        now: datetime,
        parameters: Mapping[str, str] | None = None,
        bearer: str | None = None,
    ) -> Answer:
        """Read something."""
        return transport.ask(
            self._platform,
            lambda: self._send("GET", address, params=parameters, headers=_bearer(bearer)),
            lambda refusal: self._problem(refusal, now),
        )

    def post(
        self,
        address: str,
        now: datetime,
        form: Mapping[str, str] | None = None,
        *,
        data: Mapping[str, str] | None = None,
        client: tuple[str, str] | None = None,
        bearer: str | None = None,
    ) -> Answer:
        """Send a form, or ``data`` as JSON, once. Raises :class:`Unsure` when the answer was lost."""
        return transport.write(
            self._platform,
            lambda: self._send(
                "POST", address, data=form, json=data, auth=client, headers=_bearer(bearer), empty=True
            ),
            lambda refusal: self._problem(refusal, now),
        )

    def _send(self, method: str, address: str, *, empty: bool = False, **parts: object) -> Answer:
        response = self._session.request(
            method,
            address,
            allow_redirects=False,
            **{name: value for name, value in parts.items() if value is not None},  # type: ignore[arg-type]
        )
        if empty and response.status_code == 200 and _says_nothing(response):
            return {}
        return transport.json_answer(response, self._platform)

    def _problem(self, refusal: transport.StatusError, now: datetime) -> ConnectorError:
        if self._explain is not None:
            return self._explain(refusal, now)
        return oauth_problem(self._platform, refusal, now)


def is_practice(base_url: str | None) -> bool:
    """Say whether an address is on this computer."""
    return urlsplit(base_url or "").hostname in ("127.0.0.1", "localhost", "::1")


def _bearer(token: str | None) -> dict[str, str] | None:
    return None if token is None else {"Authorization": f"Bearer {token}"}


def _says_nothing(response: requests.Response) -> bool:
    """Say whether an answer is an empty one, as revoking a token has it."""
    text = response.content.strip()
    return not text or json.dumps({}).encode() == text
