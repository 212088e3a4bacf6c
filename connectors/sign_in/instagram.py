"""Signing in to Instagram, either way that Meta offers: by the linked Facebook Page, or on Instagram itself.

By Instagram the token lives 60 days and can be renewed from its second day on; 60 days without that and it is
dead. By Facebook it is the linked Page's token, which has no end of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from connectors import transport
from connectors.answers import graph as graph_answers
from connectors.base import AuthExpired, BadResponse, ConnectorError
from connectors.sign_in import base
from connectors.sign_in.base import CALLBACK, Answers, Grant, Opening, Question, SignInContext
from connectors.sign_in.graph import FacebookLogin
from connectors.sign_in.web import Answer, Web, oauth_problem

PAGE = "https://www.instagram.com"
CODES = "https://api.instagram.com"
GRAPH = "https://graph.instagram.com"

YOUNGEST = timedelta(hours=24)
"""A token younger than this is not renewed by Instagram."""

_BY_FACEBOOK_READ = (
    "instagram_basic",
    "instagram_manage_comments",
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
)
_BY_FACEBOOK_MESSAGES = ("instagram_manage_messages", "pages_manage_metadata")
_BY_INSTAGRAM_READ = ("instagram_business_basic", "instagram_business_manage_comments")
_BY_INSTAGRAM_MESSAGES = ("instagram_business_manage_messages",)


class SignIn:
    """One professional account. Instagram has no permission for reading comments without managing them."""

    platform: ClassVar[str] = "instagram"
    single_use: ClassVar[bool] = False
    lives_on_use: ClassVar[bool] = False

    def __init__(self, context: SignInContext) -> None:
        self._context = context
        self._login = FacebookLogin(context.base_url, context.options, "Instagram")
        self._by_instagram = context.options.get("login") == "instagram"
        self._version = f"v{context.options.get('api_version', '26.0')}"
        self._web = Web("Instagram", context.base_url, _problem)

    def scopes(self) -> tuple[str, ...]:
        """Comments always; messages unless they are left out. The words differ by the kind of sign-in."""
        if self._by_instagram:
            return (*_BY_INSTAGRAM_READ, *(_BY_INSTAGRAM_MESSAGES if self._context.reads_messages else ()))
        return (*_BY_FACEBOOK_READ, *(_BY_FACEBOOK_MESSAGES if self._context.reads_messages else ()))

    def questions(self) -> tuple[Question, ...]:
        """Return what the school's app is known by."""
        if not self._by_instagram:
            return self._login.questions()
        return (
            Question(
                "client_id",
                "Instagram app ID (developers.facebook.com, Instagram, API setup with Instagram login)",
            ),
            Question("client_secret", "Instagram app secret, from the same page", secret=True),
            Question("callback", "Redirect address, as the app has it (it begins with https://)"),
        )

    def open(self, answers: Answers, now: datetime) -> Opening:
        """Return Instagram's page, or Facebook's."""
        if not self._by_instagram:
            return self._login.open(answers, self.scopes())
        kept = base.fresh_state()
        page = base.address(
            self._context.base_url,
            PAGE,
            "/oauth/authorize",
            {
                "client_id": answers["client_id"],
                "redirect_uri": answers["callback"],
                "response_type": "code",
                "scope": ",".join(self.scopes()),
                "state": kept["state"],
            },
        )
        steps = (
            "Open this address in a browser that is signed in to the school's account on Instagram.",
            "Allow the access. The browser then goes to the redirect address.",
            "Copy the whole address of that page and paste it here. Its code is good for one hour and one "
            "use.",
        )
        return Opening(steps, page, (CALLBACK,), kept)

    def finish(self, opening: Opening, answers: Answers, now: datetime) -> Grant:
        """Go from the code to a token that lasts."""
        owned = self._context.identity.external_id
        if not self._by_instagram:
            linked = "instagram_business_account"
            return self._login.grant(self._login.page_token(opening, answers, owned, now, linked))
        form = {
            "client_id": answers["client_id"],
            "client_secret": answers["client_secret"],
            "grant_type": "authorization_code",
            "redirect_uri": answers["callback"],
            "code": base.code_in(answers["pasted"], opening.kept["state"]).removesuffix("#_"),
        }
        first = _first(self._web.post(self._at(CODES, "/oauth/access_token"), now, form))
        scopes = base.scopes_in(first.get("permissions"), self.scopes())
        asked = {
            "grant_type": "ig_exchange_token",
            "client_secret": answers["client_secret"],
            "access_token": base.text_in(first, "access_token", "Instagram"),
        }
        answer = self._web.get(self._at(GRAPH, "/access_token"), now, asked)
        mine = {"fields": "user_id", "access_token": base.text_in(answer, "access_token", "Instagram")}
        told = self._web.get(self._at(GRAPH, f"/{self._version}/me"), now, mine)
        return self._grant(answer, base.identifier_in(_first(told), "user_id", "Instagram"), scopes, now)

    def token(self, secret: str) -> str:
        """Return the token alone."""
        return base.kept_in(secret).get("access_token", "")

    def expires_at(self, secret: str) -> datetime | None:
        """Instagram says it beside the token, not in it."""
        return None

    def can_renew(self, secret: str, now: datetime) -> bool:
        """Only a token by Instagram's own sign-in, and only from its second day on."""
        made_at = _made_at(base.kept_in(secret))
        return made_at is not None and now - made_at >= YOUNGEST

    def renew(self, secret: str, now: datetime) -> Grant:
        """Ask for 60 more days."""
        kept = base.kept_in(secret)
        asked = {"grant_type": "ig_refresh_token", "access_token": kept["access_token"]}
        answer = self._web.get(self._at(GRAPH, "/refresh_access_token"), now, asked)
        scopes = tuple(kept.get("scopes", "").split())
        return self._grant(answer, kept.get("owner", ""), scopes, now)

    def revoke(self, secret: str, now: datetime) -> bool:
        """Instagram takes no such word from the token."""
        return False

    def _at(self, host: str, path: str) -> str:
        return base.address(self._context.base_url, host, path)

    def _grant(self, answer: Answer, owner: str, scopes: tuple[str, ...], now: datetime) -> Grant:
        expires_at = base.ahead(answer.get("expires_in"), now)
        if expires_at is None:
            raise BadResponse("Instagram did not say how long the token lives. Begin again.")
        secret = base.secret_of(
            access_token=base.text_in(answer, "access_token", "Instagram"),
            owner=owner,
            scopes=" ".join(scopes),
            made_at=now.isoformat(),
        )
        # Half of its life is left then: weeks of outages are no danger to it.
        return Grant(secret, owner, scopes, expires_at, renew_before=now + (expires_at - now) / 2)


def _first(answer: Answer) -> Answer:
    """Return what is told: Instagram puts it into a list of one, or not."""
    told = answer.get("data")
    return told[0] if isinstance(told, list) and told and isinstance(told[0], dict) else answer


def _made_at(kept: Mapping[str, str]) -> datetime | None:
    try:
        return datetime.fromisoformat(kept.get("made_at", ""))
    except ValueError:
        return None


def _problem(refusal: transport.StatusError, now: datetime) -> ConnectorError:
    """Judge by Instagram's two shapes: Graph's ``error`` object, and the code page's ``error_type``."""
    body = refusal.body or {}
    if isinstance(body.get("error"), Mapping):
        return graph_answers.problem(refusal, now, "Instagram")
    if body.get("error_type") == "OAuthException" and refusal.status == 400:
        return AuthExpired(
            "Instagram does not accept the code: it is too old or was used before, or the redirect address "
            "is not the app's own. Connect the account again."
        )
    return oauth_problem("Instagram", refusal, now)
