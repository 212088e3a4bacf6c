"""Signing in to X: OAuth 2.0 with PKCE, in the school's own app.

An access token lives two hours. The refresh token that comes with it can be used once, and X ends the whole
family when an old one is used again: whoever renews must be the only one, and keep what comes first.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from connectors import transport
from connectors.base import AuthExpired, BadResponse, ConnectorError
from connectors.sign_in import base
from connectors.sign_in.base import CALLBACK, Answers, Grant, Opening, Question, SignInContext
from connectors.sign_in.web import Answer, Web, oauth_problem

PAGE = "https://x.com"
API = "https://api.x.com"

_EARLY = timedelta(minutes=5)
"""So long before its end a token that is wanted is renewed: it must not end in the middle of a poll."""

_READ = ("tweet.read", "users.read", "offline.access")
_ACT = ("tweet.write", "tweet.moderate.write", "dm.write")

_DEAD = frozenset({"invalid_grant", "invalid_request", "invalid_token"})
"""X calls a code or refresh token that is too old or was used ``invalid_request``."""


class SignIn:
    """One account on X."""

    platform: ClassVar[str] = "x"
    single_use: ClassVar[bool] = True
    lives_on_use: ClassVar[bool] = False

    def __init__(self, context: SignInContext) -> None:
        self._context = context
        self._web = Web("X", context.base_url, _problem)

    def scopes(self) -> tuple[str, ...]:
        """Reading posts always; messages unless they are left out; writing only where the account may act."""
        messages = ("dm.read",) if self._context.reads_messages else ()
        acting = _ACT if self._context.may_act else ()
        return (*_READ, *messages, *acting)

    def questions(self) -> tuple[Question, ...]:
        """Return what the school's app on X is known by."""
        return (
            Question("client_id", "Client ID of the school's app (developer portal, Keys and tokens)"),
            Question(
                "client_secret",
                "Client secret of the app (leave it empty for an app of the type Native App)",
                secret=True,
                optional=True,
            ),
            Question("callback", "Callback address, as the app has it", default="http://127.0.0.1/"),
        )

    def open(self, answers: Answers, now: datetime) -> Opening:
        """Return X's page for this app and these permissions."""
        kept = base.fresh_state()
        page = base.address(
            self._context.base_url,
            PAGE,
            "/i/oauth2/authorize",
            {
                "response_type": "code",
                "client_id": answers["client_id"],
                "redirect_uri": answers["callback"],
                "scope": " ".join(self.scopes()),
                "state": kept["state"],
                "code_challenge": base.challenge(kept["verifier"]),
                "code_challenge_method": "S256",
            },
        )
        steps = (
            "Open this address in a browser that is signed in to the school's account on X.",
            "Allow the access. The browser then goes to the callback address and may say that it cannot be "
            "reached: that is as it should be.",
            "Be quick now: X's code is good for 30 seconds only. Copy the whole address of that page and "
            "paste it here.",
        )
        return Opening(steps, page, (CALLBACK,), kept)

    def finish(self, opening: Opening, answers: Answers, now: datetime) -> Grant:
        """Exchange the code, and ask X whose account it was."""
        form = {
            "grant_type": "authorization_code",
            "code": base.code_in(answers["pasted"], opening.kept["state"]),
            "redirect_uri": answers["callback"],
            "code_verifier": opening.kept["verifier"],
        }
        app = {"client_id": answers["client_id"], "client_secret": answers.get("client_secret", "")}
        try:
            answer = self._exchange(form, app, now)
        except AuthExpired:
            answer = None
        if answer is None:
            raise AuthExpired(
                "X does not accept the code: it is good for 30 seconds and for one use, and the callback "
                "address has to be the app's own to the letter. Connect the account again, and be quick "
                "with the paste."
            )
        token = base.text_in(answer, "access_token", "X")
        told = self._web.get(base.address(self._context.base_url, API, "/2/users/me"), now, bearer=token).get(
            "data"
        )
        owner = base.identifier_in(told if isinstance(told, dict) else {}, "id", "X")
        return self._grant(answer, app, owner, now)

    def token(self, secret: str) -> str:
        """Return the access token and what it may do. The refresh token stays here."""
        kept = base.kept_in(secret)
        return base.secret_of(access_token=kept.get("access_token", ""), scope=kept.get("scope", ""))

    def expires_at(self, secret: str) -> datetime | None:
        """X says it beside the token, not in it."""
        return None

    def can_renew(self, secret: str, now: datetime) -> bool:
        """Only with the permission ``offline.access`` a refresh token came along."""
        return "refresh_token" in base.kept_in(secret)

    def renew(self, secret: str, now: datetime) -> Grant:
        """Use the refresh token, once."""
        kept = base.kept_in(secret)
        form = {"grant_type": "refresh_token", "refresh_token": kept["refresh_token"]}
        return self._grant(self._exchange(form, kept, now), kept, kept.get("owner", ""), now)

    def revoke(self, secret: str, now: datetime) -> bool:
        """End the refresh token, and with it the access."""
        kept = base.kept_in(secret)
        form, client = _as_client({"token": kept.get("refresh_token", kept.get("access_token", ""))}, kept)
        self._web.post(
            base.address(self._context.base_url, API, "/2/oauth2/revoke"), now, form, client=client
        )
        return True

    def _exchange(self, form: dict[str, str], app: Answers, now: datetime) -> Answer:
        sent, client = _as_client(form, app)
        place = base.address(self._context.base_url, API, "/2/oauth2/token")
        return self._web.post(place, now, sent, client=client)

    def _grant(self, answer: Answer, app: Answers, owner: str, now: datetime) -> Grant:
        scopes = base.scopes_in(answer.get("scope"), self.scopes())
        parts = {
            "access_token": base.text_in(answer, "access_token", "X"),
            "client_id": app["client_id"],
            "client_secret": app.get("client_secret", ""),
            "owner": owner,
            "scope": " ".join(scopes),
        }
        if "offline.access" in scopes or "refresh_token" in answer:
            parts["refresh_token"] = base.text_in(answer, "refresh_token", "X")
        expires_at = base.ahead(answer.get("expires_in"), now)
        if expires_at is None:
            raise BadResponse("X did not say how long the token lives. Begin again.")
        return Grant(base.secret_of(**parts), owner, scopes, expires_at, renew_before=expires_at - _EARLY)


def _as_client(form: dict[str, str], app: Answers) -> tuple[dict[str, str], tuple[str, str] | None]:
    """Say which app asks: with its secret in the header, or, for an app that has none, in the form."""
    if app.get("client_secret"):
        return form, (app["client_id"], app["client_secret"])
    return {**form, "client_id": app["client_id"]}, None


def _problem(refusal: transport.StatusError, now: datetime) -> ConnectorError:
    return oauth_problem("X", refusal, now, _DEAD)
