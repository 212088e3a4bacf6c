"""Signing in to a YouTube channel: Google's way for installed programs, the address pasted back by hand."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from connectors.base import PermissionMissing
from connectors.sign_in import base
from connectors.sign_in.base import CALLBACK, Answers, Grant, NotRenewed, Opening, Question, SignInContext
from connectors.sign_in.web import Web

PAGE = "https://accounts.google.com"
TOKENS = "https://oauth2.googleapis.com"
API = "https://youtube.googleapis.com"

CALLBACK_ADDRESS = "http://127.0.0.1"
"""Where Google sends the browser. Nothing listens there: the code is in the address that it shows."""

SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
"""Google has no smaller permission that shows comments held for review."""


class SignIn(NotRenewed):
    """One channel. The connector renews access tokens by itself, with a refresh token that stays the same."""

    platform: ClassVar[str] = "youtube"

    def __init__(self, context: SignInContext) -> None:
        self._context = context
        self._web = Web("YouTube", context.base_url)

    def scopes(self) -> tuple[str, ...]:
        """One permission for reading and for acting."""
        return (SCOPE,)

    def questions(self) -> tuple[Question, ...]:
        """Return what the school's Google Cloud project is known by."""
        return (
            Question("client_id", "Client ID of the school's OAuth client (Google Cloud, type Desktop app)"),
            Question("client_secret", "Client secret of that OAuth client", secret=True),
        )

    def open(self, answers: Answers, now: datetime) -> Opening:
        """Return Google's page. Consent is asked for each time: only then comes a refresh token."""
        kept = base.fresh_state()
        page = base.address(
            self._context.base_url,
            PAGE,
            "/o/oauth2/v2/auth",
            {
                "client_id": answers["client_id"],
                "redirect_uri": CALLBACK_ADDRESS,
                "response_type": "code",
                "scope": SCOPE,
                "access_type": "offline",
                "prompt": "consent",
                "state": kept["state"],
                "code_challenge": base.challenge(kept["verifier"]),
                "code_challenge_method": "S256",
            },
        )
        steps = (
            "Open this address in a browser, signed in to the Google account that owns the school's channel.",
            "Choose the channel itself when Google asks (a brand channel is listed by its own name), and "
            "allow the access.",
            "The browser then goes to 127.0.0.1 and says that it cannot be reached: that is as it should "
            "be. Copy the whole address of that page and paste it here.",
        )
        return Opening(steps, page, (CALLBACK,), kept)

    def finish(self, opening: Opening, answers: Answers, now: datetime) -> Grant:
        """Exchange the code, and ask YouTube which channel was chosen."""
        form = {
            "grant_type": "authorization_code",
            "code": base.code_in(answers["pasted"], opening.kept["state"]),
            "redirect_uri": CALLBACK_ADDRESS,
            "client_id": answers["client_id"],
            "client_secret": answers["client_secret"],
            "code_verifier": opening.kept["verifier"],
        }
        tokens = base.address(self._context.base_url, TOKENS, "/token")
        answer = self._web.post(tokens, now, form)
        if not isinstance(answer.get("refresh_token"), str):
            raise PermissionMissing(
                "Google gave no lasting token. Take the app out of the Google account's third-party access "
                "(myaccount.google.com), then connect the account again."
            )
        scopes = base.scopes_in(answer.get("scope"))
        if SCOPE not in scopes:
            raise PermissionMissing("The permission for YouTube was not ticked. Connect again, and tick it.")
        channel = self._channel(base.text_in(answer, "access_token", "YouTube"), now)
        secret = base.secret_of(
            type="authorized_user",
            refresh_token=base.text_in(answer, "refresh_token", "YouTube"),
            client_id=answers["client_id"],
            client_secret=answers["client_secret"],
            token_uri=tokens,
        )
        ends = base.ahead(answer.get("refresh_token_expires_in"), now)
        remarks = (
            ("The token ends soon because Google's consent screen is in Testing: publish the app there.",)
            if ends is not None
            else (
                'See that the consent screen in Google Cloud is "In production": tokens of an app in '
                '"Testing" '
                "end after 7 days.",
            )
        )
        return Grant(secret, channel, scopes, ends, None, remarks)

    def token(self, secret: str) -> str:
        """Return Google's JSON of an authorised user, from which the connector makes access tokens."""
        return secret

    def revoke(self, secret: str, now: datetime) -> bool:
        """End the refresh token and all that came from it."""
        form = {"token": base.kept_in(secret).get("refresh_token", "")}
        self._web.post(base.address(self._context.base_url, TOKENS, "/revoke"), now, form)
        return True

    def _channel(self, token: str, now: datetime) -> str:
        """Return the id of the channel that was chosen; the register's own where there are several."""
        place = base.address(self._context.base_url, API, "/youtube/v3/channels")
        told = self._web.get(place, now, {"part": "id", "mine": "true"}, token).get("items")
        found = (
            [str(each.get("id")) for each in told if isinstance(each, dict)] if isinstance(told, list) else []
        )
        if not found:
            raise PermissionMissing(
                "That Google account has no channel. Connect again, and choose the school's channel."
            )
        owned = self._context.identity.external_id
        return owned if owned in found else found[0]
