"""Signing in, platform by platform, against a server that takes nothing that the platforms would refuse."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from atproto_client.client.session import Session

from connectors import registry
from connectors.base import (
    AuthExpired,
    BugOrConfig,
    ConnectorError,
    Identity,
    NotFound,
    PermissionMissing,
    Refused,
    Unsure,
)
from connectors.calls.google import credentials
from connectors.sign_in.base import Grant, Opening, SignIn, SignInContext, code_in
from tests.connectors.sign_in_server import APP, Asked, Authority, XAuthority, listening
from tests.connectors.wire import NOW

PAGE_ID = "104500770090010"
GIVEN = {"client_id": APP[0], "client_secret": APP[1], "callback": "https://oakfield.example/callback"}
SECRET = "that-nobody-may-see"


@pytest.fixture
def authority() -> Iterator[Authority]:
    """Return a platform's authorisation server, with no answers yet."""
    with listening(Authority()) as opened:
        yield opened


def sign_in(authority: Authority, platform: str, external_id: str, **more: Any) -> SignIn:
    """Return a platform's sign-in whose every address is the server's."""
    found = registry.sign_in_for(
        platform, SignInContext(Identity(external_id, "oakfield.bsky.social"), base_url=authority.url, **more)
    )
    assert found is not None
    return found


def signed_in(authority: Authority, platform: str, external_id: str, **more: Any) -> tuple[SignIn, Grant]:
    """Go through a whole sign-in, as a person who pastes the whole address would."""
    signing = sign_in(authority, platform, external_id, **more)
    answers = {**{each.name: each.default for each in signing.questions()}, **GIVEN}
    opening = signing.open(answers, NOW)
    pasted = authority.allow(opening.address or "")
    return signing, signing.finish(opening, {**answers, "pasted": pasted}, NOW)


@pytest.mark.parametrize("platform", ["feed", "manual"])
def test_what_needs_no_token_has_no_sign_in(platform: str) -> None:
    """A public feed and forwarded mail belong to nobody who could allow anything."""
    assert registry.sign_in_for(platform, SignInContext(Identity("1"))) is None


@pytest.mark.parametrize("platform", ["x", "facebook", "instagram", "youtube", "mastodon"])
def test_addresses_of_the_real_platforms_are_their_own(platform: str) -> None:
    """Without base_url a sign-in speaks to the platform itself, over TLS; Mastodon has no one place."""
    signing = registry.sign_in_for(platform, SignInContext(Identity("1")))
    assert signing is not None
    answers = {**{each.name: each.default for each in signing.questions()}, **GIVEN}
    if platform == "mastodon":
        with pytest.raises(BugOrConfig, match="base_url"):
            signing.open(answers, NOW)
        return
    opening = signing.open(answers, NOW)
    host = urlsplit(opening.address or "").netloc
    assert host in {"x.com", "www.facebook.com", "accounts.google.com"}
    assert (opening.address or "").startswith("https://")
    assert APP[1] not in (opening.address or "")


# What a person pastes


@pytest.mark.parametrize(
    "pasted",
    [
        "the-code",
        "  the-code\n",
        "http://127.0.0.1/?state=s1&code=the-code",
        "http://127.0.0.1/?code=the-code&state=s1#_=_",
        "code=the-code&state=s1",
        "?code=the-code&state=s1",
        "the-code#_",
    ],
)
def test_the_code_is_found_in_whatever_is_pasted(pasted: str) -> None:
    """The whole address, its end, or the code alone: people copy what they see."""
    assert code_in(pasted, "s1") == "the-code"


@pytest.mark.parametrize(
    ("pasted", "kind"),
    [
        ("http://127.0.0.1/?code=the-code&state=another", Refused),
        ("http://127.0.0.1/?code=the-code", Refused),
        ("http://127.0.0.1/?error=access_denied&state=s1", Refused),
        ("http://127.0.0.1/?state=s1", BugOrConfig),
        ("", BugOrConfig),
        ("two words", BugOrConfig),
    ],
)
def test_what_is_not_ours_is_refused(pasted: str, kind: type[ConnectorError]) -> None:
    """An address of another sign-in, or none at all, is never sent on; the error quotes nothing of it."""
    with pytest.raises(kind) as caught:
        code_in(pasted, "s1")
    assert "the-code" not in str(caught.value)


# X


def test_x_gives_a_pair_for_the_code_and_its_verifier(authority: Authority) -> None:
    """The app shows its secret in the header, the verifier fits the challenge, and X says whose it is."""
    XAuthority(authority)
    signing, grant = signed_in(authority, "x", "7700900100")
    assert grant.external_id == "7700900100"
    assert json.loads(signing.token(grant.secret)) == {
        "access_token": f"access-0-{SECRET}",
        "scope": "tweet.read users.read offline.access dm.read",
    }
    assert grant.expires_at == NOW + timedelta(hours=2)
    assert grant.renew_before is not None
    assert grant.renew_before < grant.expires_at
    assert signing.can_renew(grant.secret, NOW)
    assert SECRET not in repr(grant)
    [exchange] = authority.to("/2/oauth2/token")
    assert APP[1] not in json.dumps(exchange.body)


@pytest.mark.parametrize(
    ("may_act", "reads_messages", "more"),
    [
        (False, False, set()),
        (False, True, {"dm.read"}),
        (True, False, {"tweet.write", "tweet.moderate.write", "dm.write"}),
        (True, True, {"dm.read", "dm.write", "tweet.write", "tweet.moderate.write"}),
    ],
)
def test_x_is_asked_for_no_more_than_the_account_is_for(
    authority: Authority, may_act: bool, reads_messages: bool, more: set[str]
) -> None:
    """Who only reads gets a token that can only read."""
    signing = sign_in(authority, "x", "1", may_act=may_act, reads_messages=reads_messages)
    opening = signing.open(GIVEN, NOW)
    asked = parse_qs(urlsplit(opening.address or "").query)
    assert set(asked["scope"][0].split()) == {"tweet.read", "users.read", "offline.access"} | more
    assert asked["code_challenge_method"] == ["S256"]
    assert any("30 seconds" in step for step in opening.steps)


def test_a_code_of_x_is_good_once(authority: Authority) -> None:
    """A second use, or one that came too late, says what to do."""
    XAuthority(authority)
    signing = sign_in(authority, "x", "7700900100")
    opening = signing.open(GIVEN, NOW)
    pasted = authority.allow(opening.address or "")
    signing.finish(opening, {**GIVEN, "pasted": pasted}, NOW)
    with pytest.raises(AuthExpired, match="30 seconds"):
        signing.finish(opening, {**GIVEN, "pasted": pasted}, NOW)


def test_a_code_of_x_is_worth_nothing_without_our_verifier(authority: Authority) -> None:
    """Whoever looks over a shoulder at the address cannot use the code."""
    XAuthority(authority)
    signing = sign_in(authority, "x", "7700900100")
    mine, other = signing.open(GIVEN, NOW), signing.open(GIVEN, NOW)
    code = parse_qs(urlsplit(authority.allow(mine.address or "")).query)["code"][0]
    with pytest.raises(AuthExpired):
        signing.finish(other, {**GIVEN, "pasted": code}, NOW)


def test_an_app_of_x_without_a_secret_names_itself(authority: Authority) -> None:
    """Native apps have none: their id goes into the form, and no empty header is sent."""
    XAuthority(authority)
    signing = sign_in(authority, "x", "7700900100")
    answers = {**GIVEN, "client_id": "public-app", "client_secret": ""}
    opening = signing.open(answers, NOW)
    grant = signing.finish(opening, {**answers, "pasted": authority.allow(opening.address or "")}, NOW)
    renewed = signing.renew(grant.secret, NOW + timedelta(hours=2))
    assert json.loads(signing.token(renewed.secret))["access_token"] == f"access-1-{SECRET}"
    assert all(each.client is None for each in authority.to("/2/oauth2/token"))


def test_a_wrong_app_is_a_setting_to_mend(authority: Authority) -> None:
    """It is not the token's fault, and the error holds no secret."""
    XAuthority(authority)
    signing = sign_in(authority, "x", "7700900100")
    answers = {**GIVEN, "client_secret": "a-mistyped-secret"}
    opening = signing.open(answers, NOW)
    with pytest.raises(BugOrConfig, match="does not know the app") as caught:
        signing.finish(opening, {**answers, "pasted": authority.allow(opening.address or "")}, NOW)
    assert "mistyped" not in str(caught.value)


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        ((503, b"<html>Over capacity</html>"), Unsure),
        ((200, b"<html>Sign in to the network</html>"), Unsure),
        ((400, {"error": "invalid_request"}), AuthExpired),
        ((401, {"error": "unauthorized_client"}), BugOrConfig),
    ],
)
def test_renewal_says_whether_it_may_have_happened(
    authority: Authority, trouble: tuple[int, object], kind: type[ConnectorError]
) -> None:
    """What X may have done is told apart from what it surely did not do: the first is never tried again."""
    x = XAuthority(authority)
    signing, grant = signed_in(authority, "x", "7700900100")
    x.trouble = trouble
    with pytest.raises(kind):
        signing.renew(grant.secret, NOW)
    assert x.refreshes == 1


def test_x_is_told_that_a_token_is_not_needed(authority: Authority) -> None:
    """Disconnecting ends the refresh token."""
    XAuthority(authority)
    signing, grant = signed_in(authority, "x", "7700900100")
    assert signing.revoke(grant.secret, NOW)
    [told] = authority.to("/2/oauth2/revoke")
    assert told.body["token"].startswith("refresh-")


# Facebook and Instagram


def graph(authority: Authority, *, linked: str | None = None, **debug: object) -> None:
    """Let the server be Facebook: a person who manages two Pages, on two pages of the listing."""
    told: dict[str, object] = {
        "app_id": APP[0],
        "type": "PAGE",
        "profile_id": PAGE_ID,
        "is_valid": True,
        "expires_at": 0,
        "data_access_expires_at": 1_805_000_000,
        "scopes": ["pages_show_list", "pages_read_engagement"],
    }

    def debugged(asked: Asked) -> tuple[int, object]:
        return (200, {"data": told | debug}) if asked.bearer == "|".join(APP) else DEAD

    authority.routes |= {
        "/v26.0/oauth/access_token": lambda asked: graph_token(authority, asked),
        "/v26.0/me/accounts": lambda asked: graph_pages(authority, asked, linked),
        "/v26.0/debug_token": debugged,
    }


DEAD: tuple[int, object] = (400, {"error": {"code": 190}})
"""How Graph refuses a token."""


def graph_token(authority: Authority, asked: Asked) -> tuple[int, object]:
    """Give a short token for a code, and a long one for a short one."""
    if (asked.query["client_id"], asked.query["client_secret"]) != APP:
        return 400, {"error": {"code": 101, "message": "Error validating application."}}
    if asked.query.get("grant_type") == "fb_exchange_token":
        known = asked.query["fb_exchange_token"] in ("short-token", "EAAexplorer")
        return (200, {"access_token": "long-token"}) if known else DEAD
    if authority.redeem(asked, pkce=False) is None:
        return 400, {"error": {"code": 100, "message": "This authorization code has been used."}}
    return 200, {"access_token": "short-token", "token_type": "bearer"}


def graph_pages(authority: Authority, asked: Asked, linked: str | None) -> tuple[int, object]:
    """List the Pages of a person, the school's on the second page."""
    if asked.bearer != "long-token":
        return DEAD
    if "after" not in asked.query:
        first = {"id": "999", "access_token": "another-page"}
        following = f"{authority.url}/v26.0/me/accounts?access_token=long-token&after=A"
        return 200, {"data": [first], "paging": {"next": following}}
    page: dict[str, object] = {"id": PAGE_ID, "access_token": f"page-token-{SECRET}"}
    if linked is not None:
        page["instagram_business_account"] = {"id": linked}
    return 200, {"data": [page]}


def test_facebook_gives_the_pages_own_token(authority: Authority) -> None:
    """From the code to a short, a long and then the Page's token, which has no end."""
    graph(authority)
    signing, grant = signed_in(authority, "facebook", PAGE_ID)
    assert signing.token(grant.secret) == f"page-token-{SECRET}"
    assert (grant.external_id, grant.expires_at) == (PAGE_ID, None)
    assert grant.scopes == ("pages_show_list", "pages_read_engagement")
    assert "2027" in grant.remarks[0]
    assert not signing.can_renew(grant.secret, NOW)
    assert "long-token" not in grant.secret


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        ({"code": 101, "type": "OAuthException"}, BugOrConfig, "does not know the app"),
        ({"code": 1, "type": "OAuthException"}, BugOrConfig, "does not know the app"),
        ({"code": 100, "error_subcode": 36009}, AuthExpired, "used before"),
        ({"code": 100, "type": "OAuthException"}, AuthExpired, "redirect address"),
        ({"code": 190}, AuthExpired, "accounts connect"),
    ],
)
def test_facebook_says_what_was_mistyped(
    authority: Authority, error: dict[str, object], kind: type[ConnectorError], says: str
) -> None:
    """A wrong secret and a used code are the two things that go wrong: nobody has to report them to us."""
    authority.routes["/v26.0/oauth/access_token"] = lambda asked: (400, {"error": error | {"message": "x"}})
    with pytest.raises(kind, match=says):
        signed_in(authority, "facebook", PAGE_ID)


def test_a_token_from_the_explorer_is_taken_too(authority: Authority) -> None:
    """Some network managers make it there; it is exchanged all the same."""
    graph(authority)
    signing = sign_in(authority, "facebook", PAGE_ID)
    opening = signing.open(GIVEN, NOW)
    grant = signing.finish(opening, {**GIVEN, "pasted": "EAAexplorer"}, NOW)
    assert signing.token(grant.secret) == f"page-token-{SECRET}"


def test_a_person_without_the_page_cannot_connect_it(authority: Authority) -> None:
    """Another Page's token is never taken for the school's."""
    graph(authority)
    with pytest.raises(PermissionMissing, match="None of the Pages"):
        signed_in(authority, "facebook", "555")


@pytest.mark.parametrize(
    "debug", [{"is_valid": False}, {"app_id": "another"}, {"type": "USER"}, {"profile_id": "999"}]
)
def test_a_token_that_facebook_knows_otherwise_is_refused(
    authority: Authority, debug: dict[str, Any]
) -> None:
    """A user token would answer with empty lists for ever."""
    graph(authority, **debug)
    with pytest.raises(ConnectorError):
        signed_in(authority, "facebook", PAGE_ID)


def test_instagram_by_facebook_takes_the_linked_pages_token(authority: Authority) -> None:
    """The account's id is the one that the Page is linked to."""
    graph(authority, linked="17841400")
    signing, grant = signed_in(authority, "instagram", "17841400")
    assert signing.token(grant.secret) == f"page-token-{SECRET}"
    assert grant.external_id == "17841400"
    assert not signing.can_renew(grant.secret, NOW + timedelta(days=2))


def instagram(authority: Authority) -> None:
    """Let the server be Instagram's own sign-in."""

    def code(asked: Asked) -> tuple[int, object]:
        app = (asked.body["client_id"], asked.body["client_secret"])
        if app != APP or authority.redeem(asked, pkce=False) is None:
            return 400, {
                "error_type": "OAuthException",
                "code": 400,
                "error_message": "Matching code not found",
            }
        first = {"access_token": "short-ig", "user_id": 17841400, "permissions": "instagram_business_basic"}
        return 200, {"data": [first]}

    def exchange(asked: Asked) -> tuple[int, object]:
        if (asked.bearer, asked.query.get("client_secret")) != ("short-ig", APP[1]):
            return 400, {"error": {"code": 190}}
        return 200, {"access_token": "long-ig", "token_type": "bearer", "expires_in": 5_184_000}

    def refresh(asked: Asked) -> tuple[int, object]:
        if (asked.bearer, asked.query["grant_type"]) != ("long-ig", "ig_refresh_token"):
            return 400, {"error": {"code": 190}}
        return 200, {"access_token": "longer-ig", "token_type": "bearer", "expires_in": 5_184_000}

    authority.routes |= {
        "/oauth/access_token": code,
        "/access_token": exchange,
        "/refresh_access_token": refresh,
        "/v26.0/me": lambda asked: (200, {"id": "other-kind-of-id", "user_id": "17841400"}),
    }


def test_instagrams_own_sign_in_lasts_sixty_days(authority: Authority) -> None:
    """The id that counts is ``user_id``; it is renewed at half its life, never in its first day."""
    instagram(authority)
    signing, grant = signed_in(authority, "instagram", "17841400", options={"login": "instagram"})
    assert (signing.token(grant.secret), grant.external_id) == ("long-ig", "17841400")
    assert grant.expires_at == NOW + timedelta(days=60)
    assert grant.renew_before == NOW + timedelta(days=30)
    assert not signing.can_renew(grant.secret, NOW + timedelta(hours=23))
    assert signing.can_renew(grant.secret, NOW + timedelta(hours=24))
    later = NOW + timedelta(days=30)
    renewed = signing.renew(grant.secret, later)
    assert (signing.token(renewed.secret), renewed.expires_at) == ("longer-ig", later + timedelta(days=60))
    assert renewed.scopes == grant.scopes == ("instagram_business_basic",)


def test_a_used_code_of_instagram_says_what_to_do(authority: Authority) -> None:
    """Instagram's code page has an error shape of its own."""
    instagram(authority)
    signing = sign_in(authority, "instagram", "17841400", options={"login": "instagram"})
    with pytest.raises(AuthExpired, match="Connect the account again"):
        signing.finish(signing.open(GIVEN, NOW), {**GIVEN, "pasted": "an-old-code"}, NOW)


# YouTube


def google(authority: Authority, **more: object) -> None:
    """Let the server be Google."""

    def token(asked: Asked) -> tuple[int, object]:
        if (asked.body["client_id"], asked.body["client_secret"]) != APP:
            return 401, {"error": "invalid_client"}
        wanted = authority.redeem(asked)
        if wanted is None or (wanted["access_type"], wanted["prompt"]) != ("offline", "consent"):
            return 400, {"error": "invalid_grant"}
        told = {"access_token": "ya29", "expires_in": 3599, "refresh_token": f"1//{SECRET}"} | more
        return 200, {"scope": wanted["scope"]} | told

    def channels(asked: Asked) -> tuple[int, object]:
        if asked.bearer != "ya29" or asked.query != {"part": "id", "mine": "true"}:
            return 401, {"error": {"code": 401}}
        return 200, {"items": [{"id": "UCOakfieldAcademyPractice"}]}

    authority.routes |= {
        "/token": token,
        "/youtube/v3/channels": channels,
        "/revoke": lambda asked: (200, {}),
    }


def test_youtube_gives_what_the_connector_reads(authority: Authority) -> None:
    """The browser is sent to this computer, where nothing listens; the secret is Google's own JSON."""
    google(authority)
    signing, grant = signed_in(authority, "youtube", "UCOakfieldAcademyPractice")
    assert authority.allowed[0]["redirect_uri"] == "http://127.0.0.1"
    assert grant.external_id == "UCOakfieldAcademyPractice"
    assert grant.expires_at is None
    read = credentials(signing.token(grant.secret))
    assert (read.refresh_token, read.client_id, read.token_uri) == (
        f"1//{SECRET}",
        APP[0],
        f"{authority.url}/token",
    )
    assert signing.revoke(grant.secret, NOW)


def test_an_app_in_testing_is_noticed(authority: Authority) -> None:
    """Its tokens end after seven days: Google says so, and so do we."""
    google(authority, refresh_token_expires_in=604_799)
    _, grant = signed_in(authority, "youtube", "UCOakfieldAcademyPractice")
    assert grant.expires_at == NOW + timedelta(seconds=604_799)
    assert "Testing" in grant.remarks[0]


@pytest.mark.parametrize("more", [{"refresh_token": None}, {"scope": "openid"}])
def test_half_a_permission_of_google_is_refused(authority: Authority, more: dict[str, object]) -> None:
    """Without a lasting token, or with the box unticked, reading would end within the hour."""
    google(authority, **more)
    with pytest.raises(PermissionMissing):
        signed_in(authority, "youtube", "UCOakfieldAcademyPractice")


# Bluesky


def jwt(**told: object) -> str:
    """Return a token that says something of itself, as Bluesky's do."""
    part = base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()
    return f"e30.{part}.c2ln"


def bluesky(authority: Authority, scope: str) -> None:
    """Let the server be a PDS."""
    ends = int(datetime(2027, 2, 18, tzinfo=UTC).timestamp())

    def session(asked: Asked) -> tuple[int, object]:
        if asked.body != {"identifier": "oakfield.bsky.social", "password": "abcd-efgh-ijkl-mnop"}:
            return 401, {"error": "AuthenticationRequired", "message": "Invalid identifier or password"}
        place = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": authority.url}
        return 200, {
            "did": "did:plc:oakfield",
            "handle": "oakfield.bsky.social",
            "accessJwt": jwt(scope=scope),
            "refreshJwt": jwt(scope="com.atproto.refresh", exp=ends),
            "didDoc": {"service": [place]},
        }

    authority.routes["/xrpc/com.atproto.server.createSession"] = session
    authority.routes["/xrpc/com.atproto.server.deleteSession"] = lambda asked: (200, b"")


def bluesky_grant(authority: Authority, password: str = "abcd-efgh-ijkl-mnop") -> tuple[SignIn, Grant]:
    """Sign in with the handle of the settings and an app password."""
    signing = sign_in(authority, "bluesky", "did:plc:oakfield")
    handle, _ = signing.questions()
    answers = {"handle": handle.default, "password": password}
    assert signing.open(answers, NOW) == Opening()
    return signing, signing.finish(Opening(), answers, NOW)


def test_bluesky_keeps_the_session_and_not_the_password(authority: Authority) -> None:
    """What is stored can be ended alone; it says itself until when it lasts and whether it reads messages."""
    bluesky(authority, "com.atproto.appPassPrivileged")
    signing, grant = bluesky_grant(authority)
    assert grant.external_id == "did:plc:oakfield"
    assert grant.scopes == ("com.atproto.appPassPrivileged",)
    assert grant.expires_at == datetime(2027, 2, 18, tzinfo=UTC)
    assert "abcd" not in grant.secret
    assert Session.decode(json.loads(signing.token(grant.secret))["session"]).did == "did:plc:oakfield"
    assert signing.revoke(grant.secret, NOW)
    [ended] = authority.to("/xrpc/com.atproto.server.deleteSession")
    assert ended.bearer == json.loads(grant.secret)["session"].split(":::")[3]


@pytest.mark.parametrize(("reads_messages", "remarks"), [(True, 1), (False, 0)])
def test_an_app_password_without_messages_is_noticed(
    authority: Authority, reads_messages: bool, remarks: int
) -> None:
    """Bluesky asks with a small box that is easily left empty; who leaves messages out needs none of it."""
    bluesky(authority, "com.atproto.appPass")
    signing = sign_in(authority, "bluesky", "did:plc:oakfield", reads_messages=reads_messages)
    answers = {"handle": "oakfield.bsky.social", "password": "abcd-efgh-ijkl-mnop"}
    grant = signing.finish(Opening(), answers, NOW)
    assert len(grant.remarks) == remarks
    assert signing.lives_on_use


def test_the_accounts_own_password_is_not_taken(authority: Authority) -> None:
    """It could change the account; the session that it made is ended at once."""
    bluesky(authority, "com.atproto.access")
    with pytest.raises(PermissionMissing, match="app password"):
        bluesky_grant(authority)
    assert len(authority.to("/xrpc/com.atproto.server.deleteSession")) == 1


def test_a_wrong_app_password_is_said_without_repeating_it(authority: Authority) -> None:
    """Neither the handle nor the password is in the error."""
    bluesky(authority, "com.atproto.appPass")
    with pytest.raises(AuthExpired) as caught:
        bluesky_grant(authority, "my-cat-is-called-tom")
    assert "cat" not in str(caught.value)


# Mastodon


def mastodon(authority: Authority) -> None:
    """Let the server be a Mastodon server on which nobody has registered an app yet."""
    app: dict[str, str] = {}

    def register(asked: Asked) -> tuple[int, object]:
        app.update(asked.body)
        return 200, {
            "client_id": "made-id",
            "client_secret": "made-secret",
            "name": asked.body["client_name"],
        }

    def token(asked: Asked) -> tuple[int, object]:
        if (asked.body["client_id"], asked.body["client_secret"]) != ("made-id", "made-secret"):
            return 401, {"error": "invalid_client"}
        wanted = authority.redeem(asked)
        if wanted is None or wanted["scope"] != app["scopes"]:
            return 400, {"error": "invalid_grant"}
        return 200, {
            "access_token": SECRET,
            "token_type": "Bearer",
            "scope": wanted["scope"],
            "created_at": 1,
        }

    def me(asked: Asked) -> tuple[int, object]:
        return (200, {"id": "109", "acct": "oakfield"}) if asked.bearer == SECRET else (401, {"error": "no"})

    authority.routes |= {
        "/api/v1/apps": register,
        "/oauth/token": token,
        "/api/v1/accounts/verify_credentials": me,
        "/oauth/revoke": lambda asked: (200, {}),
    }


def test_a_server_that_is_no_mastodon_is_said(authority: Authority) -> None:
    """A mistyped server is not an account that was removed."""
    with pytest.raises(NotFound, match="server"):
        sign_in(authority, "mastodon", "109").open({}, NOW)


def test_mastodon_registers_an_app_and_takes_the_code_from_its_page(authority: Authority) -> None:
    """Nothing has to be known beforehand; the token is what the connector uses, and has no end."""
    mastodon(authority)
    signing = sign_in(authority, "mastodon", "109")
    assert signing.questions() == ()
    opening = signing.open({}, NOW)
    pasted = authority.allow(opening.address or "")
    assert pasted.startswith("urn:ietf:wg:oauth:2.0:oob?")
    code = parse_qs(urlsplit(pasted).query)["code"][0]
    grant = signing.finish(opening, {"pasted": code}, NOW)
    assert (signing.token(grant.secret), grant.external_id, grant.expires_at) == (SECRET, "109", None)
    assert not any(scope.startswith("write") for scope in grant.scopes)
    assert signing.revoke(grant.secret, NOW)


# All


@pytest.mark.parametrize("platform", ["x", "facebook", "instagram", "youtube", "bluesky", "mastodon"])
def test_what_is_secret_is_asked_for_unseen(platform: str) -> None:
    """Secrets, passwords and codes are never shown while they are typed, and every question is a sentence."""
    signing = registry.sign_in_for(
        platform, SignInContext(Identity("1"), base_url="http://127.0.0.1:9", options={"login": "instagram"})
    )
    assert signing is not None
    for question in signing.questions():
        assert question.secret == (question.name in ("client_secret", "password"))
        assert len(question.words) > 10


@pytest.mark.parametrize(
    "body", [b"<html>Sign in to the network</html>", b"", b"[]", {"data": "x"}, {"a": 1}]
)
def test_an_answer_that_is_none_ends_in_an_error_of_ours(authority: Authority, body: object) -> None:
    """A filter's page or half an answer is no token; nothing of it is quoted."""
    authority.routes["/2/oauth2/token"] = lambda asked: (200, body)
    with pytest.raises(ConnectorError) as caught:
        signed_in(authority, "x", "7700900100")
    assert "Sign in to the network" not in str(caught.value)
