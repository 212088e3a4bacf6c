"""Signing in to Mastodon: an app is registered on the account's own server, a code copied from its page."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from urllib.parse import urlencode

from connectors.base import BugOrConfig
from connectors.sign_in import base
from connectors.sign_in.base import Answers, Grant, NotRenewed, Opening, Question, SignInContext
from connectors.sign_in.web import Web

SHOWN = "urn:ietf:wg:oauth:2.0:oob"
"""Instead of an address to go to: the server shows the code on its page."""

_READ = ("read:accounts", "read:notifications", "read:statuses", "read:search", "read:follows")
_ACT = ("write:statuses", "write:blocks", "write:reports")


class SignIn(NotRenewed):
    """One account. Its token has no end until it is taken back."""

    platform: ClassVar[str] = "mastodon"

    def __init__(self, context: SignInContext) -> None:
        self._context = context
        server = context.options.get("server")
        self._server = context.base_url or (server if isinstance(server, str) else None)
        self._web = Web("Mastodon", self._server)

    def scopes(self) -> tuple[str, ...]:
        """Reading always (private posts are posts too); writing only where the account may act."""
        return (*_READ, *(_ACT if self._context.may_act else ()))

    def questions(self) -> tuple[Question, ...]:
        """Mastodon asks for nothing beforehand: the app is registered by program."""
        return ()

    def open(self, answers: Answers, now: datetime) -> Opening:
        """Register an app on the server, and return its page."""
        app = self._web.post(
            self._at("/api/v1/apps"),
            now,
            {"client_name": "socialduty", "redirect_uris": SHOWN, "scopes": " ".join(self.scopes())},
        )
        kept = {
            **base.fresh_state(),
            "client_id": base.text_in(app, "client_id", "Mastodon"),
            "client_secret": base.text_in(app, "client_secret", "Mastodon"),
        }
        query = {
            "response_type": "code",
            "client_id": kept["client_id"],
            "redirect_uri": SHOWN,
            "scope": " ".join(self.scopes()),
            "state": kept["state"],
            "code_challenge": base.challenge(kept["verifier"]),
            "code_challenge_method": "S256",
        }
        steps = (
            "Open this address in a browser that is signed in to the school's account.",
            "Allow the access. The page then shows a code.",
            "Copy the code and paste it here.",
        )
        code = Question("pasted", "Paste the code that the page shows", secret=True)
        return Opening(steps, f"{self._at('/oauth/authorize')}?{urlencode(query)}", (code,), kept)

    def finish(self, opening: Opening, answers: Answers, now: datetime) -> Grant:
        """Exchange the code, and ask the server whose account it was."""
        app = {name: opening.kept[name] for name in ("client_id", "client_secret")}
        form = {
            **app,
            "grant_type": "authorization_code",
            "code": base.code_in(answers["pasted"], opening.kept["state"]),
            "redirect_uri": SHOWN,
            "code_verifier": opening.kept["verifier"],
        }
        answer = self._web.post(self._at("/oauth/token"), now, form)
        token = base.text_in(answer, "access_token", "Mastodon")
        told = self._web.get(self._at("/api/v1/accounts/verify_credentials"), now, bearer=token)
        owner = base.identifier_in(told, "id", "Mastodon")
        scopes = base.scopes_in(answer.get("scope"), self.scopes())
        return Grant(base.secret_of(access_token=token, **app), owner, scopes)

    def token(self, secret: str) -> str:
        """Return the access token alone."""
        return base.kept_in(secret).get("access_token", "")

    def revoke(self, secret: str, now: datetime) -> bool:
        """End the token."""
        kept = base.kept_in(secret)
        form = {name: kept.get(name, "") for name in ("client_id", "client_secret")}
        form["token"] = kept.get("access_token", "")
        self._web.post(self._at("/oauth/revoke"), now, form)
        return True

    def _at(self, path: str) -> str:
        """Return an address on the account's server, which the settings name: Mastodon is many servers."""
        if self._server is None:
            raise BugOrConfig(
                'The account\'s server is missing: write server = "https://..." below [accounts.options], '
                "or a base_url."
            )
        return f"{self._server.rstrip('/')}{path}"
