"""Signing in to Bluesky: the handle and an app password make a session, and only the session is kept."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar

from connectors import transport
from connectors.base import AuthExpired, ConnectorError, PermissionMissing
from connectors.sign_in import base
from connectors.sign_in.base import Answers, Grant, NotRenewed, Opening, Question, SignInContext
from connectors.sign_in.web import Answer, Web

SERVER = "https://bsky.social"

_BETWEEN = ":::"
"""What the SDK writes between the parts of a session: handle, did, access token, refresh token, server."""

MAIN_PASSWORD, WITH_MESSAGES = "com.atproto.access", "com.atproto.appPassPrivileged"
"""What a session says of itself: made with the account's own password, or with an app password that may
read messages."""

WITHOUT_MESSAGES = "com.atproto.appPass"
"""What a session says of itself that was made with an app password which may not."""


_DEAF = (
    "This app password may not read private messages. Make another one on Bluesky with 'Allow access to your "
    "direct messages' ticked and connect with that, or put messages into leave_out in the settings."
)


class SignIn(NotRenewed):
    """One account. The session renews itself as long as it is used within 90 days; its own SDK does so."""

    platform: ClassVar[str] = "bluesky"
    lives_on_use: ClassVar[bool] = True

    def __init__(self, context: SignInContext) -> None:
        self._context = context
        self._web = Web("Bluesky", context.base_url, _problem)
        self._server = (context.base_url or SERVER).rstrip("/").removesuffix("/xrpc")

    def scopes(self) -> tuple[str, ...]:
        """An app password, with access to messages unless they are left out."""
        return (WITH_MESSAGES,) if self._context.reads_messages else (WITHOUT_MESSAGES,)

    def questions(self) -> tuple[Question, ...]:
        """Return what to sign in with: never the account's own password."""
        messages = ', and tick "Allow access to your direct messages"' if self._context.reads_messages else ""
        return (
            Question("handle", "Handle of the account", default=self._context.identity.handle),
            Question(
                "password",
                "App password (make one on Bluesky: Settings, Privacy and security, App "
                f"passwords{messages})",
                secret=True,
            ),
        )

    def open(self, answers: Answers, now: datetime) -> Opening:
        """Nothing has to be opened."""
        return Opening()

    def finish(self, opening: Opening, answers: Answers, now: datetime) -> Grant:
        """Make the session. Bluesky allows 300 a day, so it is made once and kept."""
        data = {"identifier": answers["handle"].removeprefix("@"), "password": answers["password"]}
        answer = self._web.post(self._at("createSession"), now, data=data)
        access, refresh = (base.text_in(answer, name, "Bluesky") for name in ("accessJwt", "refreshJwt"))
        scope = _told_by(access).get("scope")
        if scope == MAIN_PASSWORD:
            self._end(refresh, now)
            raise PermissionMissing(
                "That is the account's own password. Make an app password on Bluesky and connect with "
                "that: it can be taken back alone, and cannot change the account."
            )
        names = [base.text_in(answer, name, "Bluesky") for name in ("handle", "did")]
        parts = (*names, access, refresh, _server_of(answer) or self._server)
        secret = base.secret_of(session=_BETWEEN.join(parts))
        scopes = (scope,) if isinstance(scope, str) else ()
        remarks = (_DEAF,) if scope == WITHOUT_MESSAGES and self._context.reads_messages else ()
        return Grant(secret, names[1], scopes, self.expires_at(secret), remarks=remarks)

    def token(self, secret: str) -> str:
        """Return the session, from which the connector goes on."""
        return secret

    def expires_at(self, secret: str) -> datetime | None:
        """Return when the session ends if it is not used before."""
        ends = _told_by(_refresh_token(secret)).get("exp")
        if isinstance(ends, bool) or not isinstance(ends, int) or not 0 < ends < 4_102_444_800:
            return None
        return datetime.fromtimestamp(ends, UTC)

    def revoke(self, secret: str, now: datetime) -> bool:
        """End the session. The app password itself is taken back on Bluesky."""
        self._end(_refresh_token(secret), now)
        return True

    def _end(self, refresh: str, now: datetime) -> None:
        self._web.post(self._at("deleteSession"), now, bearer=refresh)

    def _at(self, method: str) -> str:
        return f"{self._server}/xrpc/com.atproto.server.{method}"


def _refresh_token(secret: str) -> str:
    parts = base.kept_in(secret).get("session", "").split(_BETWEEN)
    return parts[3] if len(parts) > 3 else ""


def _told_by(token: str) -> Mapping[str, object]:
    """Return what a JWT says of itself. It was just given to us by its maker: nothing is verified here."""
    try:
        part = token.split(".")[1]
        told = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _server_of(answer: Answer) -> str | None:
    """Return the server where the account lives, from its DID document."""
    document = answer.get("didDoc")
    services = document.get("service") if isinstance(document, dict) else None
    for service in services if isinstance(services, list) else []:
        if isinstance(service, dict) and str(service.get("id")).endswith("#atproto_pds"):
            place = service.get("serviceEndpoint")
            return place if isinstance(place, str) else None
    return None


def _problem(refusal: transport.StatusError, now: datetime) -> ConnectorError:
    if refusal.status == 401:
        return AuthExpired(
            "Bluesky does not accept the handle and password. See that the handle is the whole one "
            "(name.bsky.social) and that the app password is typed as Bluesky showed it, then connect again."
        )
    return transport.by_status("Bluesky", refusal, now)
