"""How Google is reached and signed in to, for YouTube.

google-api-python-client would talk through httplib2. It is given :class:`Http` instead, which talks
through ``requests``: then all platforms have the same timeouts, proxy settings, certificates and errors,
one refresh of the token is one refresh, and nothing is sent again behind our back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httplib2
import requests
from google.auth import exceptions as google_errors
from google.auth.transport import Response as TokenResponse
from google.auth.transport.requests import Request as TokenRequest
from google.oauth2.credentials import Credentials

from connectors import transport
from connectors.answers import fields
from connectors.base import TIMEOUT, BugOrConfig, ConnectorError, Transient

TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address


class Http:
    """What google-api-python-client wants of httplib2, over a ``requests`` session."""

    def __init__(self, credentials: Credentials, base_url: str | None) -> None:
        self._credentials = credentials
        self._session = transport.open_session(base_url)
        self._tokens = _TokenRequest(base_url)
        self._renewed = False

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
        transport.json_answer(response, "YouTube")
        clean = response.content.decode("utf-8", errors="replace").encode()
        return httplib2.Response({"status": str(response.status_code)}), clean

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _send(self, uri: str, method: str, body: Any, headers: Mapping[str, str]) -> requests.Response:
        return self._session.request(
            method, uri, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
        )

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

    def __init__(self, base_url: str | None) -> None:
        super().__init__(transport.open_session(base_url))

    def __call__(self, *args: Any, **kwargs: Any) -> TokenResponse:
        answer = super().__call__(*args, **{**kwargs, "timeout": TIMEOUT, "allow_redirects": False})  # type: ignore[no-untyped-call]
        if answer.status >= 500 or answer.status == 429 or not _is_object(answer.data):
            raise google_errors.TransportError(f"status {answer.status}")  # type: ignore[no-untyped-call]
        return answer  # type: ignore[no-any-return]


def credentials(token: str) -> Credentials:
    """Read what the token file holds: an access token, or Google's JSON of an authorised user.

    Raises :class:`BugOrConfig` when it is neither.
    """
    if not token.lstrip().startswith("{"):
        return Credentials(token=token)  # type: ignore[no-untyped-call]
    try:
        told = json.loads(token)
        told.setdefault("token_uri", TOKEN_URI)
        needed = {
            name: fields.string(told, name)
            for name in ("refresh_token", "client_id", "client_secret", "token_uri")
        }
    except (ValueError, RecursionError):
        fault = "is not JSON"
    except fields.FieldError as error:
        fault = f"cannot be used: {error}"
    else:
        return Credentials(token=None, **needed)  # type: ignore[no-untyped-call]
    raise BugOrConfig(f"YouTube's token file {fault}. Sign the channel in again; that writes the file anew.")


def _token_problem(error: google_errors.RefreshError) -> ConnectorError:
    told = error.args[1] if len(error.args) > 1 else None
    if isinstance(told, Mapping) and told.get("error") in ("invalid_client", "unauthorized_client"):
        return BugOrConfig(
            "Google does not know the app that YouTube's token was made for. See that client_id and "
            "client_secret in the token file are those of the school's Google Cloud project."
        )
    return transport.auth_expired("YouTube")


def _is_object(body: object) -> bool:
    try:
        return isinstance(json.loads(body if isinstance(body, (str, bytes)) else ""), dict)
    except (ValueError, RecursionError):
        return False
