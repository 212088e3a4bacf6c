"""What signing in to Facebook and to Instagram by Facebook share: from a person's token to a Page's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from connectors import transport
from connectors.answers import graph as answers
from connectors.base import AuthExpired, BadResponse, BugOrConfig, ConnectorError, PermissionMissing
from connectors.sign_in import base
from connectors.sign_in.base import Answers, Grant, Opening, Question
from connectors.sign_in.web import Answer, Web

PAGE = "https://www.facebook.com"
GRAPH = "https://graph.facebook.com"

LANDING = "https://www.facebook.com/connect/login_success.html"
"""Facebook's own page for programs without a website: the code is in its address."""

_MOST_PAGES = 50

_EXCHANGE = "/oauth/access_token"

_CODES = (36007, 36008, 36009)
"""What Graph calls a code that is too old, goes with another redirect address, or was used before."""


@dataclass(frozen=True, slots=True)
class PageToken:
    """The token of one Page, and what Facebook says of it."""

    token: str = field(repr=False)
    page: str
    owner: str
    scopes: tuple[str, ...]
    expires_at: datetime | None
    remarks: tuple[str, ...]


class FacebookLogin:
    """Facebook's sign-in of a person, and the way from there to the token of a Page."""

    def __init__(self, base_url: str | None, options: Mapping[str, object], platform: str) -> None:
        self._base_url = base_url
        self._version = f"v{options.get('api_version', '26.0')}"
        self._platform = platform
        self._web = Web(platform, base_url, lambda refusal, now: answers.problem(refusal, now, platform))
        self._codes = Web(platform, base_url, lambda refusal, now: _problem(refusal, now, platform))

    def questions(self) -> tuple[Question, ...]:
        """Return what the school's app at Meta is known by."""
        return (
            Question(
                "client_id", "App ID of the school's app (developers.facebook.com, App settings, Basic)"
            ),
            Question("client_secret", "App secret of the app", secret=True),
            Question("callback", "Redirect address, as the app has it", default=LANDING),
        )

    def open(self, given: Answers, scopes: tuple[str, ...]) -> Opening:
        """Return Facebook's page for this app and these permissions."""
        kept = base.fresh_state()
        page = base.address(
            self._base_url,
            PAGE,
            f"/{self._version}/dialog/oauth",
            {
                "client_id": given["client_id"],
                "redirect_uri": given["callback"],
                "response_type": "code",
                "scope": ",".join(scopes),
                "state": kept["state"],
            },
        )
        steps = (
            "Open this address in a browser, signed in as somebody who has full control of the school's "
            "Page.",
            "Choose the school's Page when Facebook asks, and allow everything that is listed.",
            "Copy the whole address of the page that follows and paste it here. (A user access token of "
            "this app from Graph API Explorer, which begins with EAA, is taken too.)",
        )
        return Opening(steps, page, (base.CALLBACK,), kept)

    def page_token(
        self, opening: Opening, given: Answers, owned: str, now: datetime, linked: str | None = None
    ) -> PageToken:
        """Return the token of the Page whose own id is ``owned``, or that of what is ``linked`` to it.

        1. The code becomes a person's short token, and that a long one, about 60 days.
        2. Of the Pages that the person manages, the right one is chosen; its token has no end of its own.
        3. Facebook is asked what kind of token that is.
        """
        person = self._long_token(self._short_token(opening, given, now), given, now)
        page = self._choose(person, owned, now, linked)
        token = base.text_in(page, "access_token", self._platform)
        told = self._debug(token, given, now)
        number = base.identifier_in(page, "id", self._platform)
        scopes, expires_at, remarks = self._proven(told, number, given)
        return PageToken(token, number, owned, scopes, expires_at, remarks)

    def grant(self, found: PageToken) -> Grant:
        """Return the grant that a Page's token makes. It is not renewed: it lasts until something ends it."""
        secret = base.secret_of(access_token=found.token, page=found.page)
        return Grant(secret, found.owner, found.scopes, found.expires_at, None, found.remarks)

    def _short_token(self, opening: Opening, given: Answers, now: datetime) -> str:
        pasted = given["pasted"].strip()
        if pasted.startswith("EAA") and pasted.isalnum():
            return pasted
        asked = {
            "client_id": given["client_id"],
            "client_secret": given["client_secret"],
            "redirect_uri": given["callback"],
            "code": base.code_in(pasted, opening.kept["state"]),
        }
        return base.text_in(self._get(_EXCHANGE, asked, now), "access_token", self._platform)

    def _long_token(self, short: str, given: Answers, now: datetime) -> str:
        asked = {
            "grant_type": "fb_exchange_token",
            "client_id": given["client_id"],
            "client_secret": given["client_secret"],
            "fb_exchange_token": short,
        }
        return base.text_in(self._get(_EXCHANGE, asked, now), "access_token", self._platform)

    def _choose(self, person: str, owned: str, now: datetime, linked: str | None) -> Answer:
        fields = ",".join(filter(None, ("id", "access_token", linked and f"{linked}{{id}}")))
        asked = {"fields": fields, "limit": "100"}
        seen: set[str] = set()
        while True:
            answer = self._get("/me/accounts", asked, now, person)
            pages = answer.get("data")
            for page in pages if isinstance(pages, list) else []:
                holder = page.get(linked) if linked else page
                if isinstance(holder, dict) and str(holder.get("id")) == owned:
                    return dict(page)
            following = transport.next_page(self._platform, answers.next_query(answer), seen, _MOST_PAGES)
            if following is None:
                raise PermissionMissing(
                    f"None of the Pages that this person manages and allowed is the account {owned}. See "
                    "that external_id in the settings is right, that the person has full control of the "
                    "Page, and that they ticked it when Facebook asked."
                )
            asked = {**asked, **dict(parse_qsl(following))}

    def _debug(self, token: str, given: Answers, now: datetime) -> Answer:
        app = f"{given['client_id']}|{given['client_secret']}"
        told = self._get("/debug_token", {"input_token": token}, now, app).get("data")
        if not isinstance(told, dict):
            raise BadResponse(f"{self._platform} did not say what kind of token it gave. Begin again.")
        return told

    def _proven(
        self, told: Answer, page: str, given: Answers
    ) -> tuple[tuple[str, ...], datetime | None, tuple[str, ...]]:
        if told.get("is_valid") is not True:
            raise AuthExpired(f"{self._platform} says that the Page's token does not work. Begin again.")
        if str(told.get("app_id")) != given["client_id"]:
            raise BugOrConfig("That token was made for another app. Begin again with the school's own app.")
        if told.get("type") not in (None, "PAGE") or str(told.get("profile_id", page)) != page:
            raise PermissionMissing("That is not the Page's own token. Begin again, and choose the Page.")
        confirm = _moment(told.get("data_access_expires_at"))
        remarks = (
            ()
            if confirm is None
            else (
                f"Facebook wants the person who allowed this to confirm it before {confirm:%d %B %Y}: "
                "connect the account again by then.",
            )
        )
        return base.scopes_in(told.get("scopes")), _moment(told.get("expires_at")), remarks

    def _get(self, path: str, asked: Mapping[str, str], now: datetime, token: str | None = None) -> Answer:
        parameters = dict(asked) if token is None else {**asked, "access_token": token}
        web = self._codes if path == _EXCHANGE else self._web
        return web.get(base.address(self._base_url, GRAPH, f"/{self._version}{path}"), now, parameters)


def _problem(refusal: transport.StatusError, now: datetime, platform: str) -> ConnectorError:
    """Judge what the address for codes and tokens says; Graph's other addresses mean else by the same."""
    error = (refusal.body or {}).get("error")
    told = error if isinstance(error, Mapping) else {}
    match told.get("code"):
        case 101:
            return _unknown_app(platform)
        case 1 if refusal.status == 400 and told.get("type") == "OAuthException":
            return _unknown_app(platform)
        case 100 if told.get("error_subcode") in _CODES or told.get("type") == "OAuthException":
            return AuthExpired(
                f"{platform} does not accept the code: it is too old or was used before, or the redirect "
                "address is not one of the app's own to the letter. Connect the account again."
            )
        case _:
            return answers.problem(refusal, now, platform)


def _unknown_app(platform: str) -> BugOrConfig:
    return BugOrConfig(
        f"{platform} does not know the app by this id and secret. See that both are those of the school's "
        "own app (App settings, Basic); then connect the account again."
    )


def _moment(seconds: object) -> datetime | None:
    """Return a time that Graph gives in Unix seconds; 0 means never."""
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 < seconds < 4_102_444_800:
        return None
    return datetime.fromtimestamp(seconds, UTC)
