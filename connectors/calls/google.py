"""How Google is reached and signed in to, for YouTube.

google-api-python-client would talk through httplib2. It is given :class:`Http` instead, which talks
through ``requests``: then all platforms have the same timeouts, proxy settings, certificates and errors,
one refresh of the token is one refresh, and nothing is sent again behind our back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httplib2
import requests
from google.auth import exceptions as google_errors
from google.auth.transport import Response as TokenResponse
from google.auth.transport.requests import Request as TokenRequest
from google.oauth2.credentials import Credentials

from connectors import sessions, transport
from connectors.base import TIMEOUT, BugOrConfig, ConnectorError, PermissionMissing, Transient
from connectors.meter import Meter

TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address

READ_UNITS = 1
WRITE_UNITS = 50
"""What YouTube charges for a request that reads, and for one that changes something."""

NO_CONTENT = 204
"""How YouTube says that a change was made."""

LONGEST_SIGN_IN = 400 * 24 * 3600
"""Seconds; a sign-in that is said to last longer is one without an end."""

_SIGN_IN = ("refresh_token", "client_id", "client_secret", "token_uri")
_API_KEY = re.compile(r"AIza[0-9A-Za-z_\-]{35}")


@dataclass(frozen=True, slots=True)
class Granted:
    """What Google said when it gave the newest access token; ``None`` where it was silent.

    ``refresh_seconds`` is how long the sign-in itself lasts: Google says so for an app that is still in
    testing, whose sign-ins end after seven days.
    """

    scopes: tuple[str, ...] | None = None
    refresh_seconds: float | None = None


class Http:
    """What google-api-python-client wants of httplib2, over a ``requests`` session that ``meter`` counts."""

    def __init__(self, credentials: Credentials, base_url: str | None, meter: Meter) -> None:
        self._credentials = credentials
        self._meter = meter
        self._session = sessions.open_session(base_url, meter=meter)
        self._tokens = _TokenRequest(base_url, meter)
        self._renewed = False

    @property
    def granted(self) -> Granted:
        """What Google said of the sign-in when it was last asked for a token."""
        return self._tokens.granted

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> tuple[httplib2.Response, bytes]:
        """Send one request, with one new token when the old one is refused, and judge the answer."""
        sent = dict(headers or {})
        self._authorise(sent, method, uri)
        response = self._send(uri, method, body, sent)
        if response.status_code == 401 and self._credentials.refresh_token and not self._renewed:
            self._credentials.token = None
            self._authorise(sent, method, uri)
            response = self._send(uri, method, body, sent)
        if response.status_code == NO_CONTENT:
            return httplib2.Response({"status": str(NO_CONTENT)}), b""
        transport.json_answer(response, "YouTube")
        clean = response.content.decode("utf-8", errors="replace").encode()
        return httplib2.Response({"status": str(response.status_code)}), clean

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _send(self, uri: str, method: str, body: Any, headers: Mapping[str, str]) -> requests.Response:
        units = READ_UNITS if method == "GET" else WRITE_UNITS
        try:
            response = self._session.request(
                method, uri, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
            )
        except OSError as error:
            self._meter.units += 0 if transport.never_sent(error) else units
            raise
        self._meter.units += units  # a refused request costs as well
        return response

    def _authorise(self, headers: dict[str, str], method: str, uri: str) -> None:
        """Write the token into ``headers``, a new one when there is none."""
        if self._credentials.token is None:
            self._renewed = True
        try:
            self._credentials.before_request(self._tokens, method, uri, headers)  # type: ignore[no-untyped-call]
            return
        except google_errors.RefreshError as error:
            problem = _token_problem(error)
        except google_errors.GoogleAuthError:
            problem = Transient("Google's sign-in could not be reached. The next poll tries again.")
        raise problem  # outside, so that the token server's words are not its context


class _TokenRequest(TokenRequest):
    """How google-auth asks for a token: with our timeout, and once (it would repeat a server's error)."""

    def __init__(self, base_url: str | None, meter: Meter) -> None:
        super().__init__(sessions.open_session(base_url, meter=meter))
        self.granted = Granted()

    def __call__(self, *args: Any, **kwargs: Any) -> TokenResponse:
        answer = super().__call__(*args, **{**kwargs, "timeout": TIMEOUT, "allow_redirects": False})  # type: ignore[no-untyped-call]
        told = _object(answer.data)
        if answer.status >= 500 or answer.status == 429 or told is None:
            raise google_errors.TransportError(f"status {answer.status}")  # type: ignore[no-untyped-call]
        self.granted = _granted(told)
        return answer  # type: ignore[no-any-return]


def _granted(told: Mapping[str, object]) -> Granted:
    scope, seconds = told.get("scope"), told.get("refresh_token_expires_in")
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    is_believed = is_number and 0 < seconds <= LONGEST_SIGN_IN  # type: ignore[operator]
    return Granted(
        scopes=tuple(scope.split()) if isinstance(scope, str) else None,
        refresh_seconds=float(seconds) if is_believed else None,  # type: ignore[arg-type]
    )


def credentials(token: str) -> Credentials:
    """Read what the token file holds: an access token, or Google's JSON of an authorised user.

    Raises :class:`BugOrConfig` when it is neither, and :class:`PermissionMissing` for an API key or a service
    account: both are of Google's, and neither can act for a channel.
    """
    if _API_KEY.fullmatch(token.strip()):
        raise PermissionMissing(
            "YouTube's token file holds an API key, which shows public comments only. Sign the channel in "
            "instead; that writes the file anew."
        )
    if not token.lstrip().startswith("{"):
        return Credentials(token=token)  # type: ignore[no-untyped-call]
    told = _object(token)
    if told is None:
        fault = "is not JSON"
    elif told.get("type") == "service_account" or "private_key" in told:
        raise PermissionMissing(
            "YouTube's token file holds a service account, and YouTube gives those no channel. Sign the "
            "channel's own Google account in instead; that writes the file anew."
        )
    else:
        needed = {"token_uri": TOKEN_URI} | {name: told[name] for name in _SIGN_IN if name in told}
        wrong = [name for name in _SIGN_IN if not isinstance(needed.get(name), str)]
        if not wrong:
            return Credentials(token=None, **needed)  # type: ignore[no-untyped-call]
        fault = f"cannot be used: {wrong[0]} is missing or is not text"
    raise BugOrConfig(f"YouTube's token file {fault}. Sign the channel in again; that writes the file anew.")


def _token_problem(error: google_errors.RefreshError) -> ConnectorError:
    told = error.args[1] if len(error.args) > 1 else None
    if isinstance(told, Mapping) and told.get("error") in ("invalid_client", "unauthorized_client"):
        return BugOrConfig(
            "Google does not know the app that YouTube's token was made for. See that client_id and "
            "client_secret in the token file are those of the school's Google Cloud project."
        )
    return transport.auth_expired("YouTube")


def _object(body: object) -> Mapping[str, object] | None:
    """Return the JSON object in an answer, ``None`` when there is none."""
    try:
        told = json.loads(body if isinstance(body, (str, bytes)) else "")
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None
