"""What the Bluesky connector promises of sessions, pages, threads and messages, on recorded answers."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests
import responses

from connectors.base import (
    AuthExpired,
    BadResponse,
    BugOrConfig,
    Capability,
    Connector,
    ConnectorContext,
    NotFound,
    PermissionMissing,
    RateLimited,
    Refused,
    Transient,
    Unsure,
    completed,
)
from connectors.registry import connector_for
from moderation.actions import Action, ActionKind
from moderation.items import ItemKind, Presence, Reference, digest
from tests.connectors.wire import (
    BLUESKY,
    CID,
    KERRY,
    ME,
    NOW,
    TOKEN,
    bsky_node,
    bsky_notification,
    bsky_post,
    bsky_record,
    bsky_session,
    bsky_time,
    bsky_token,
    bsky_uri,
    connector,
    poll,
    serve_bsky,
    serve_bsky_sign_in,
)

SCHOOL = ME["bluesky"].external_id
NOTIFICATIONS = "app.bsky.notification.listNotifications"
THREAD = "app.bsky.feed.getPostThread"
RECORDS = "com.atproto.repo.listRecords"
CONVERSATIONS = "chat.bsky.convo.listConvos"
MESSAGES = "chat.bsky.convo.getMessages"


@pytest.fixture(autouse=True)
def recorded() -> Iterator[responses.RequestsMock]:
    """Answer every request from recordings; one that has none fails."""
    with responses.mock as mock:
        yield mock


@pytest.fixture
def reader() -> Connector:
    """Return the school's account, which can sign in."""
    serve_bsky_sign_in()
    return connector("bluesky")


def _asked(method: str) -> list[dict[str, str]]:
    """Return the parameters of every question of a kind, in order."""
    calls = [call.request for call in responses.calls if method in str(call.request.url)]
    return [dict(request.params) for request in calls]  # type: ignore[attr-defined]


def _stored(session: dict[str, Any], password: str | None = None) -> str:
    parts = (
        session["handle"],
        session["did"],
        session["accessJwt"],
        session["refreshJwt"],
        "https://bsky.social",
    )
    kept = {"session": ":::".join(parts)}
    return json.dumps(kept | ({} if password is None else {"app_password": password}))


def _with_token(token: str, kept: list[str]) -> Connector:
    return connector_for("bluesky", {}, ConnectorContext(ME["bluesky"], token, None, kept.append))


# Sessions


def test_session_is_kept_before_it_is_used() -> None:
    """What the sign-in gave is handed out before the first question, with the password for later."""
    serve_bsky_sign_in()
    serve_bsky(NOTIFICATIONS, {"notifications": []})
    asked_before: list[int] = []
    kept: list[str] = []

    def keep(token: str) -> None:
        asked_before.append(len(_asked(NOTIFICATIONS)))
        kept.append(token)

    poll(connector_for("bluesky", {}, ConnectorContext(ME["bluesky"], TOKEN, None, keep)))
    assert asked_before == [0]
    assert [each.replace("/xrpc", "") for each in kept] == [_stored(bsky_session(), TOKEN)]


def test_kept_session_is_used_without_signing_in() -> None:
    """Creating sessions is limited: a kept one is used as it is, and sent to whoever it belongs to."""
    serve_bsky(NOTIFICATIONS, {"notifications": []})
    kept: list[str] = []
    poll(_with_token(_stored(bsky_session()), kept))
    assert [str(call.request.url).split("?")[0] for call in responses.calls] == [f"{BLUESKY}/{NOTIFICATIONS}"]
    assert responses.calls[0].request.headers["Authorization"] == f"Bearer {bsky_token()}"
    assert kept == []


@pytest.mark.parametrize("ends", [1_577_836_800, 4_102_444_800], ids=["by our clock", "by Bluesky's clock"])
def test_old_session_is_renewed_and_kept(ends: int) -> None:
    """A session past its time is renewed once, whoever notices first, and the new one is kept."""
    old, new = (
        bsky_session(accessJwt=bsky_token(ends=ends)),
        bsky_session(accessJwt=bsky_token(ends=4_102_444_801)),
    )
    responses.post(f"{BLUESKY}/com.atproto.server.refreshSession", json=new)
    if ends > 4_000_000_000:
        serve_bsky(NOTIFICATIONS, {"error": "ExpiredToken", "message": "Token has expired"}, status=400)
    serve_bsky(NOTIFICATIONS, {"notifications": [bsky_notification(1)]})
    kept: list[str] = []
    assert poll(_with_token(_stored(old, TOKEN), kept)).ids == [bsky_uri(1)]
    assert [each.replace("/xrpc", "") for each in kept] == [_stored(new, TOKEN)]
    renewing = next(call.request for call in responses.calls if "refreshSession" in str(call.request.url))
    assert renewing.headers["Authorization"] == f"Bearer {old['refreshJwt']}"


@pytest.mark.parametrize("password", [None, TOKEN])
def test_dead_session_is_begun_anew_where_the_password_is_known(password: str | None) -> None:
    """When even the renewal is refused, the app password helps; without it somebody has to sign in."""
    old = bsky_session(accessJwt=bsky_token(ends=1_577_836_800))
    refusal = {"error": "ExpiredToken", "message": "Token has expired"}
    responses.post(f"{BLUESKY}/com.atproto.server.refreshSession", json=refusal, status=400)
    serve_bsky_sign_in()
    serve_bsky(NOTIFICATIONS, {"notifications": []})
    reader = _with_token(_stored(old, password), [])
    if password is None:
        with pytest.raises(AuthExpired):
            poll(reader)
    else:
        assert poll(reader).items == []


@pytest.mark.parametrize(
    "token", ["{}", '{"session": "a:::b"}', '{"session": 7}', "{", '{"session": "a:::b:::c:::d"}']
)
def test_unreadable_session_is_a_setting_to_mend(token: str) -> None:
    """A stored session that is none costs no question."""
    with pytest.raises(BugOrConfig):
        poll(_with_token(token, []))
    assert len(responses.calls) == 0


def test_session_of_another_account_is_neither_used_nor_kept() -> None:
    """Somebody else's app password would read the wrong account."""
    serve_bsky_sign_in(did=KERRY)
    kept: list[str] = []
    with pytest.raises(BugOrConfig):
        poll(_with_token(TOKEN, kept))
    assert (kept, len(responses.calls)) == ([], 1)


@pytest.mark.parametrize(
    ("status", "name", "kind"),
    [
        (400, "InvalidToken", AuthExpired),
        (401, "AuthenticationRequired", AuthExpired),
        (401, "AuthFactorTokenRequired", AuthExpired),
        (401, "AccountTakedown", Refused),
        (400, "InvalidRequest", BugOrConfig),
        (501, "MethodNotImplemented", BugOrConfig),
        (502, "UpstreamFailure", Transient),
        (429, "RateLimitExceeded", RateLimited),
    ],
)
def test_errors_are_told_by_their_names(
    reader: Connector, status: int, name: str, kind: type[Exception]
) -> None:
    """Each error of Bluesky says who has to do something."""
    serve_bsky(NOTIFICATIONS, {"error": name, "message": "Words of Zeta"}, status=status)
    with pytest.raises(kind) as caught:
        poll(reader)
    assert "Zeta" not in str(caught.value)


def test_rate_limit_ends_when_bluesky_says(reader: Connector) -> None:
    """The headers say when the window begins again, in Unix seconds, and how much of it is left."""
    until = NOW + timedelta(minutes=3)
    headers = {
        "ratelimit-limit": "3000",
        "ratelimit-remaining": "0",
        "ratelimit-reset": str(int(until.timestamp())),
        "ratelimit-policy": "3000;w=300",
    }
    responses.get(
        f"{BLUESKY}/{NOTIFICATIONS}", json={"error": "RateLimitExceeded"}, status=429, headers=headers
    )
    with pytest.raises(RateLimited) as caught:
        poll(reader)
    assert caught.value.until == until
    window = reader.meter.windows["requests in 300 seconds, of 3000"]
    assert (window.limit, window.remaining, window.resets_at) == (3000, 0, until)
    assert reader.meter.calls == 2


def test_addresses_of_posts_stay_out_of_logs(reader: Connector, caplog: pytest.LogCaptureFixture) -> None:
    """The SDK's HTTP library writes a line for every request, with whose post it is about."""
    caplog.set_level(logging.DEBUG)
    serve_bsky(RECORDS, {"records": []})
    poll(reader, "own")
    assert SCHOOL not in caplog.text


# Notifications


def test_notification_says_who_wrote_what_where(reader: Connector) -> None:
    """All that is known of a reply under our own post."""
    post = bsky_uri(1, SCHOOL)
    facet = {"index": {}, "features": [{"$type": "app.bsky.richtext.facet#mention", "did": SCHOOL}]}
    record = bsky_record(5, under=bsky_uri(3), root=post, facets=[facet, None, {"features": "odd"}])
    serve_bsky(NOTIFICATIONS, {"notifications": [bsky_notification(5, "reply", record=record)]})
    item = poll(reader).items[0]
    assert (item.kind, item.external_id) == (ItemKind.REPLY, bsky_uri(5))
    assert (item.thread_id, item.post_id, item.parent_id) == (post, post, bsky_uri(3))
    assert (item.author.external_id, item.author.name) == (KERRY, "Kerry Walsh")
    assert (item.mentions, item.names_school, item.is_own) == ((SCHOOL,), True, False)
    assert item.permalink == f"https://bsky.app/profile/{KERRY}/post/{bsky_uri(5)[-13:]}"


def test_listing_is_asked_for_without_marking_it_read(reader: Connector) -> None:
    """Everybody's posts are asked for, and nothing tells Bluesky that they were seen."""
    serve_bsky(NOTIFICATIONS, {"notifications": [], "cursor": "a"}, {"notifications": [bsky_notification(2)]})
    assert poll(reader).ids == [bsky_uri(2)]
    assert [each.get("cursor") for each in _asked(NOTIFICATIONS)] == [None, "a"]
    assert all(each["priority"] == "false" for each in _asked(NOTIFICATIONS))
    assert not any("updateSeen" in str(call.request.url) for call in responses.calls)


def test_reading_goes_back_to_the_overlap_and_no_further(reader: Connector) -> None:
    """A page with one post inside the overlap is not the last one, a page wholly before it is."""
    old = bsky_notification(1, indexedAt=bsky_time(timedelta(hours=9)))
    new = bsky_notification(2)
    serve_bsky(
        NOTIFICATIONS,
        *({"notifications": page, "cursor": str(n)} for n, page in enumerate([[new, old], [old]])),
    )
    assert len(poll(reader, state=completed(NOW - timedelta(hours=3))).items) == 3


@pytest.mark.parametrize(
    ("said", "seen", "believed"),
    [
        (timedelta(hours=1), timedelta(minutes=59), timedelta(hours=1)),
        (timedelta(days=3), timedelta(minutes=5), timedelta(minutes=5)),
        (timedelta(days=-30), timedelta(minutes=5), timedelta(minutes=5)),
        (timedelta(days=3), timedelta(days=3), timedelta(days=3)),
    ],
    ids=["as usual", "dated back", "dated ahead", "before our time"],
)
def test_authors_date_is_believed_where_it_can_be_true(
    reader: Connector, said: timedelta, seen: timedelta, believed: timedelta
) -> None:
    """When our time to answer began is never the author's invention."""
    record = bsky_record(1, createdAt=bsky_time(said))
    serve_bsky(
        NOTIFICATIONS, {"notifications": [bsky_notification(1, record=record, indexedAt=bsky_time(seen))]}
    )
    assert poll(reader).items[0].created_at == NOW - believed


def test_odd_date_of_an_author_hides_no_post(reader: Connector) -> None:
    """A date that is none is as good as none: Bluesky's own holds."""
    record = bsky_record(1, createdAt="yesterday")
    serve_bsky(NOTIFICATIONS, {"notifications": [bsky_notification(1, record=record)]})
    assert poll(reader).items[0].created_at is not None


def test_missing_author_keeps_the_post(reader: Connector) -> None:
    """Who wrote a post stands in its address too."""
    serve_bsky(NOTIFICATIONS, {"notifications": [bsky_notification(1, author=None)]})
    author = poll(reader).items[0].author
    assert (author.external_id, author.name) == (KERRY, "")


@pytest.mark.parametrize(
    "broken",
    [
        {"uri": "at://nobody"},
        {"uri": bsky_uri(9).replace("feed.post", "feed.like")},
        {"record": {"text": 7}},
        {"record": {"text": "a", "reply": {"parent": {"uri": "b"}}}},
        {"indexedAt": "soon"},
    ],
)
def test_broken_post_costs_itself_only(reader: Connector, broken: dict[str, Any]) -> None:
    """One post that cannot be read waits for a person; the SDK's own reader would refuse the page."""
    serve_bsky(NOTIFICATIONS, {"notifications": [bsky_notification(1, **broken), bsky_notification(2), 7]})
    polled = poll(reader)
    assert polled.ids == [bsky_uri(2)]
    assert len(polled.rejected) == 2


@pytest.mark.parametrize(
    ("embed", "kinds"),
    [
        ({"$type": "app.bsky.embed.images", "images": [{}, {}]}, ("photo", "photo")),
        ({"$type": "app.bsky.embed.video"}, ("video",)),
        ({"$type": "app.bsky.embed.recordWithMedia", "media": {"$type": "app.bsky.embed.video"}}, ("video",)),
        ({"$type": "app.bsky.embed.external"}, ()),
        ("odd", ()),
    ],
)
def test_media_are_kinds_only(reader: Connector, embed: object, kinds: tuple[str, ...]) -> None:
    """What hangs on a post is told by kind, never fetched."""
    serve_bsky(NOTIFICATIONS, {"notifications": [bsky_notification(1, record=bsky_record(1, embed=embed))]})
    assert poll(reader).items[0].media == kinds


def test_quote_beside_a_picture_names_the_school(reader: Connector) -> None:
    """A quote of our post speaks to us, though nobody is named in it."""
    quoted = {"record": {"uri": bsky_uri(1, SCHOOL), "cid": CID}}
    embed = {"$type": "app.bsky.embed.recordWithMedia", "record": quoted, "media": {}}
    serve_bsky(
        NOTIFICATIONS, {"notifications": [bsky_notification(2, "quote", record=bsky_record(2, embed=embed))]}
    )
    assert poll(reader).items[0].names_school


def test_endless_listing_moves_nothing(reader: Connector) -> None:
    """A cursor that comes again runs in a circle."""
    serve_bsky(NOTIFICATIONS, {"notifications": [], "cursor": "a"})
    with pytest.raises(BadResponse):
        poll(reader)


# Threads


def _own(*numbers: int, **more: Any) -> dict[str, Any]:
    return {
        "records": [
            {"uri": bsky_uri(n, SCHOOL), "cid": CID, "value": bsky_record(n, **more)} for n in numbers
        ]
    }


def _reply(number: int, under: str, **more: object) -> dict[str, Any]:
    return bsky_post(number, bsky_record(number, under=under, root=bsky_uri(1, SCHOOL)), **more)  # type: ignore[arg-type]


def test_thread_is_read_past_what_is_gone(reader: Connector) -> None:
    """Deleted and blocked posts in a thread are no items, and what stands beside them is read."""
    gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": bsky_uri(2), "notFound": True}
    blocked = {
        "$type": "app.bsky.feed.defs#blockedPost",
        "uri": bsky_uri(3),
        "blocked": True,
        "author": {"did": KERRY},
    }
    root = bsky_post(1, by=SCHOOL)
    serve_bsky(RECORDS, _own(1))
    serve_bsky(THREAD, {"thread": bsky_node(root, gone, blocked, bsky_node(_reply(4, bsky_uri(1, SCHOOL))))})
    assert poll(reader, "threads").ids == [bsky_uri(1, SCHOOL), bsky_uri(4)]


def test_thread_cut_off_for_depth_is_gone_on_with(reader: Connector) -> None:
    """Where an answer ends for depth, the next question begins; a hidden subtree is not asked for again."""
    root = bsky_uri(1, SCHOOL)
    cut = bsky_node(_reply(2, root, replyCount=1), cut=True)
    closed = bsky_node(_reply(3, root, replyCount=4))
    serve_bsky(RECORDS, _own(1))
    serve_bsky(
        THREAD,
        {"thread": bsky_node(bsky_post(1, by=SCHOOL), cut, closed)},
        {"thread": bsky_node(_reply(2, root, replyCount=1), bsky_node(_reply(4, bsky_uri(2))))},
    )
    assert set(poll(reader, "threads").ids) == {root, *map(bsky_uri, (2, 3, 4))}
    assert [each["uri"] for each in _asked(THREAD)] == [root, bsky_uri(2)]


def test_what_a_thread_loses_is_asked_for_as_long_as_it_is_walked(reader: Connector) -> None:
    """A deleted reply hides what stands below; of threads that are not walked any more nothing is kept."""
    root, lost = bsky_uri(1, SCHOOL), bsky_uri(3)
    shown = bsky_node(_reply(2, root), bsky_node(_reply(3, bsky_uri(2))))
    gone = {"uri": bsky_uri(2), "notFound": True}
    serve_bsky(RECORDS, _own(1), _own(1), {"records": []})
    serve_bsky(
        THREAD,
        {"thread": bsky_node(bsky_post(1, by=SCHOOL), shown)},
        {"thread": bsky_node(bsky_post(1, by=SCHOOL), gone)},
    )
    serve_bsky("app.bsky.feed.getPosts", {"posts": [_reply(3, bsky_uri(2))]})
    state = poll(reader, "threads").cursor
    assert state is not None
    assert state["below"] == {root: [lost]}
    again = poll(reader, "threads", state)
    assert lost in again.ids
    assert again.cursor is not None
    assert again.cursor["below"] == {root: [lost]}
    after = poll(reader, "threads", again.cursor)
    assert after.cursor is not None
    assert (after.ids, after.cursor["below"]) == ([], {})


def test_memory_of_threads_has_an_end_and_keeps_the_newest(
    reader: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy week must not push out what was posted today; a state that cannot be read is none."""
    monkeypatch.setattr("connectors.bluesky.REMEMBERED", 1)
    serve_bsky(RECORDS, _own(5, 1))
    threads = []
    for number in (5, 1):
        root = bsky_uri(number, SCHOOL)
        low = bsky_post(number + 2, bsky_record(number + 2, under=bsky_uri(number + 1), root=root))
        middle = bsky_post(number + 1, bsky_record(number + 1, under=root, root=root))
        threads.append({"thread": bsky_node(bsky_post(number, by=SCHOOL), bsky_node(middle, bsky_node(low)))})
    serve_bsky(THREAD, *threads)
    state = poll(reader, "threads", {"below": ["at://of/an/older/version"]}).cursor
    assert state is not None
    assert state["below"] == {bsky_uri(5, SCHOOL): [bsky_uri(7)]}


def test_post_that_bluesky_has_not_seen_yet_stops_nothing(reader: Connector) -> None:
    """Our own server knows a post before the rest of Bluesky does."""
    serve_bsky(RECORDS, _own(2, 1))
    serve_bsky(THREAD, {"error": "NotFound", "message": "Post not found"}, status=400)
    serve_bsky(THREAD, {"thread": bsky_node(bsky_post(1, by=SCHOOL))})
    assert poll(reader, "threads").ids == [bsky_uri(1, SCHOOL)]


def test_broken_thread_is_a_bad_response(reader: Connector) -> None:
    """An answer without a thread moves no cursor."""
    serve_bsky(RECORDS, _own(1))
    serve_bsky(THREAD, {"thread": "gone"})
    with pytest.raises(BadResponse):
        poll(reader, "threads")


# Messages


def _message(number: int, by: str = KERRY, **more: object) -> dict[str, Any]:
    sent = {
        "$type": "chat.bsky.convo.defs#messageView",
        "id": f"m{number}",
        "rev": "1",
        "text": f"Message {number}",
        "sender": {"did": by},
        "sentAt": bsky_time(timedelta(minutes=60 - number)),
    }
    return sent | more


def _conversation(name: str = "c1", age: timedelta = timedelta(minutes=5)) -> dict[str, Any]:
    return {
        "id": name,
        "rev": "1",
        "members": [{"did": KERRY, "handle": "kerry.example", "displayName": "Kerry Walsh"}],
        "lastMessage": _message(9, sentAt=bsky_time(age)),
        "muted": False,
        "unreadCount": 0,
    }


def test_messages_are_read_through_the_chat_service(reader: Connector) -> None:
    """Both sides of a conversation are read; notes of the service and what we deleted are no items."""
    system = {
        "$type": "chat.bsky.convo.defs#systemMessageView",
        "id": "s",
        "rev": "1",
        "sentAt": bsky_time(timedelta()),
    }
    deleted = {**system, "$type": "chat.bsky.convo.defs#deletedMessageView", "sender": {"did": KERRY}}
    serve_bsky(CONVERSATIONS, {"convos": [_conversation(), _conversation("old", timedelta(days=90))]})
    serve_bsky(MESSAGES, {"messages": [_message(2, SCHOOL), system, deleted, _message(1)]})
    polled = poll(reader, "messages")
    assert polled.ids == ["c1:m2", "c1:m1"]
    first = polled.one("c1:m1")
    assert (first.kind, first.thread_id, first.names_school) == (ItemKind.MESSAGE, "c1", True)
    assert (first.author.name, first.is_own) == ("Kerry Walsh", False)
    assert polled.one("c1:m2").is_own
    assert [each["convoId"] for each in _asked(MESSAGES)] == ["c1"]
    proxied = [call.request.headers.get("atproto-proxy") for call in responses.calls][1:]
    assert set(proxied) == {"did:web:api.bsky.chat#bsky_chat"}


def test_conversation_without_an_id_costs_itself_only(reader: Connector) -> None:
    """What cannot be read waits for a person."""
    serve_bsky(CONVERSATIONS, {"convos": [{"id": 7.5}, _conversation()]})
    serve_bsky(MESSAGES, {"messages": [_message(1), _message(2, text=None)]})
    polled = poll(reader, "messages")
    assert polled.ids == ["c1:m1"]
    assert [each.external_id for each in polled.rejected] == [None, "c1:m2"]


def test_bad_token_method_is_a_missing_permission(reader: Connector) -> None:
    """Bluesky gives an app password that may not read messages the name of a dead token."""
    serve_bsky(CONVERSATIONS, {"error": "InvalidToken", "message": "Bad token method"}, status=400)
    with pytest.raises(PermissionMissing):
        poll(reader, "messages")


def test_messages_are_looked_up_in_their_conversation(reader: Connector) -> None:
    """Shown, deleted for us, not there any more, or in a conversation that we left."""
    deleted = {
        "$type": "chat.bsky.convo.defs#deletedMessageView",
        "id": "m2",
        "sentAt": bsky_time(timedelta()),
    }
    page = {"messages": [_message(1), deleted]}
    serve_bsky(MESSAGES, page, page, page)
    serve_bsky(MESSAGES, {"error": "InvalidConvo", "message": "Convo not found"}, status=400)
    references = [
        Reference(f"c1:m{n}", ItemKind.MESSAGE, "c1", digest=digest("Message 1")) for n in (1, 2, 3, 4)
    ]
    found = [each.presence for each in reader.lookup(references, NOW)]
    assert found == [Presence.PRESENT, Presence.INVISIBLE, Presence.UNKNOWN, Presence.UNKNOWN]


def test_message_is_answered_and_found_again(reader: Connector) -> None:
    """A private answer goes into the conversation; after a lost answer the same words tell that it went."""
    item = Reference("c1:m1", ItemKind.MESSAGE, "c1", author_id=KERRY)
    action = Action(ActionKind.REPLY, item, "one", NOW - timedelta(minutes=1), "We will ring you.")
    responses.post(f"{BLUESKY}/chat.bsky.convo.sendMessage", json=_message(7, SCHOOL))
    sent = _message(7, SCHOOL, text="We will ring you.", sentAt=bsky_time(timedelta()))
    serve_bsky(MESSAGES, {"messages": [sent]}, {"messages": [sent]}, {"messages": [_message(7, SCHOOL)]})
    done = reader.act(action, NOW)
    assert (done.external_id, done.confirmed) == ("c1:m7", True)
    assert reader.verify(action, NOW) == done
    assert reader.verify(action, NOW) is None


# Looking up and acting


def test_suspended_author_is_not_a_deleted_post(reader: Connector) -> None:
    """A post of a suspended account may come back; one of an account that is not known, nobody can tell."""
    serve_bsky("app.bsky.feed.getPosts", {"posts": []})
    serve_bsky(THREAD, {"error": "NotFound", "message": "Post not found"}, status=400)
    serve_bsky("app.bsky.actor.getProfile", {"error": "AccountTakedown", "message": "-"}, status=400)
    serve_bsky(
        "app.bsky.actor.getProfile", {"error": "InvalidRequest", "message": "Profile not found"}, status=400
    )
    references = [Reference(bsky_uri(n), ItemKind.REPLY, bsky_uri(n)) for n in (1, 2)]
    found = [each.presence for each in reader.lookup(references, NOW)]
    assert found == [Presence.INVISIBLE, Presence.UNKNOWN]


def test_trouble_while_looking_up_says_nothing_of_the_post(reader: Connector) -> None:
    """An outage of the AppView declares nothing gone."""
    serve_bsky("app.bsky.feed.getPosts", {"error": "UpstreamFailure", "message": "-"}, status=502)
    with pytest.raises(Transient):
        reader.lookup([Reference(bsky_uri(1), ItemKind.REPLY, bsky_uri(1))], NOW)


def test_posts_are_looked_up_25_at_a_time(reader: Connector) -> None:
    """Bluesky takes 25 addresses in one question; what is no address is asked of nobody."""
    responses.get(f"{BLUESKY}/app.bsky.feed.getPosts", json={"posts": [bsky_post(n) for n in range(60)]})
    references = [Reference(bsky_uri(n), ItemKind.MENTION, bsky_uri(n)) for n in range(60)]
    found = reader.lookup([*references, Reference("odd", ItemKind.MENTION, "odd")], NOW)
    assert [each.presence for each in found] == [Presence.PRESENT] * 60 + [Presence.UNKNOWN]
    assert len(_asked("getPosts")) == 3


def _reply_action() -> Action:
    item = Reference(bsky_uri(4), ItemKind.REPLY, bsky_uri(1, SCHOOL), author_id=KERRY)
    return Action(ActionKind.REPLY, item, "reference-1", NOW, "At the north gate.")


def _serve_parent(**more: object) -> None:
    serve_bsky("com.atproto.repo.getRecord", {"error": "RecordNotFound", "message": "-"}, status=400)
    serve_bsky("app.bsky.feed.getPosts", {"posts": [_reply(4, bsky_uri(1, SCHOOL), **more)]})


@pytest.mark.parametrize(
    "trouble",
    [
        requests.exceptions.ReadTimeout("-"),
        b"<html>Sign in</html>",
        requests.exceptions.ChunkedEncodingError("-"),
    ],
    ids=["no answer", "a page", "a cut answer"],
)
def test_lost_answer_to_a_reply_is_unsure_and_sent_once(reader: Connector, trouble: Any) -> None:
    """Nobody knows whether it was written: it is not sent again by itself."""
    _serve_parent()
    address = f"{BLUESKY}/com.atproto.repo.createRecord"
    responses.post(address, body=trouble)
    with pytest.raises(Unsure):
        reader.act(_reply_action(), NOW)
    assert len([call for call in responses.calls if "createRecord" in str(call.request.url)]) == 1


def test_reply_waits_when_only_the_session_could_not_be_renewed() -> None:
    """What was lost was no reply: it is surely not there, and can be tried again without a person."""
    old = bsky_session(accessJwt=bsky_token(ends=int(NOW.timestamp())))
    responses.post(f"{BLUESKY}/com.atproto.server.refreshSession", body=requests.exceptions.ReadTimeout())
    sent = responses.post(f"{BLUESKY}/chat.bsky.convo.sendMessage", json={})
    action = Action(
        ActionKind.REPLY, Reference("c1:m1", ItemKind.MESSAGE, "c1"), "reference-1", NOW, "At six."
    )
    with pytest.raises(Transient):
        _with_token(_stored(old), []).act(action, NOW)
    assert sent.call_count == 0


def test_refused_reply_was_surely_not_written(reader: Connector) -> None:
    """A refusal is an answer."""
    _serve_parent()
    responses.post(
        f"{BLUESKY}/com.atproto.repo.createRecord",
        json={"error": "InvalidRequest", "message": "-"},
        status=400,
    )
    with pytest.raises(BugOrConfig):
        reader.act(_reply_action(), NOW)


def test_closed_thread_is_told_before_anything_is_sent(reader: Connector) -> None:
    """Where the account may not reply, a reply would be written and shown to nobody."""
    _serve_parent(viewer={"replyDisabled": True})
    with pytest.raises(Refused):
        reader.act(_reply_action(), NOW)


def test_reply_to_a_post_that_is_gone_is_not_sent(reader: Connector) -> None:
    """A reply needs the version of the post that it answers."""
    serve_bsky("app.bsky.feed.getPosts", {"posts": []})
    with pytest.raises(NotFound):
        reader.act(_reply_action(), NOW)


def test_failed_reading_back_does_not_undo_a_reply(reader: Connector) -> None:
    """A reply that was taken is made, even if it cannot be shown at once."""
    _serve_parent()
    serve_bsky("com.atproto.repo.getRecord", {"error": "InternalServerError"}, status=500)
    answer = {"uri": bsky_uri(8, SCHOOL), "cid": CID}
    responses.post(f"{BLUESKY}/com.atproto.repo.createRecord", json=answer)
    done = reader.act(_reply_action(), NOW)
    assert not done.confirmed
    assert done.external_id is not None


def test_gate_that_changed_meanwhile_is_read_again(reader: Connector) -> None:
    """Somebody who changes the thread's rules at the same moment loses nothing."""
    address = f"{BLUESKY}/com.atproto.repo.putRecord"
    gate = {
        "$type": "app.bsky.feed.threadgate",
        "post": bsky_uri(1, SCHOOL),
        "createdAt": bsky_time(timedelta()),
    }
    record = {"uri": "at://a/b/c", "cid": CID, "value": gate}
    hidden = {**record, "value": {**gate, "allow": [], "hiddenReplies": [bsky_uri(4)]}}
    serve_bsky("com.atproto.repo.getRecord", record, {**record, "value": {**gate, "allow": []}}, hidden)
    responses.post(address, json={"error": "InvalidSwap", "message": "-"}, status=400)
    responses.post(address, json={"uri": "at://a/b/c", "cid": CID})
    item = Reference(bsky_uri(4), ItemKind.REPLY, bsky_uri(1, SCHOOL))
    assert reader.act(Action(ActionKind.HIDE, item, "one", NOW), NOW).confirmed
    sent = [json.loads(call.request.body) for call in responses.calls if "putRecord" in str(call.request.url)]  # type: ignore[arg-type]
    assert [each["record"].get("allow") for each in sent] == [None, []]
    assert {each["swapRecord"] for each in sent} == {CID}


def test_full_list_of_hidden_replies_is_told(reader: Connector) -> None:
    """Bluesky hides 300 replies in a thread; the next one needs another way."""
    value = {"hiddenReplies": [bsky_uri(n) for n in range(300)]}
    serve_bsky("com.atproto.repo.getRecord", {"uri": "at://a/b/c", "cid": CID, "value": value})
    item = Reference(bsky_uri(900), ItemKind.REPLY, bsky_uri(1, SCHOOL))
    with pytest.raises(Refused, match="Block the author"):
        reader.act(Action(ActionKind.HIDE, item, "one", NOW), NOW)


def test_proof_reads_the_session(reader: Connector) -> None:
    """Until when, with what permission, and that the account is alive."""
    serve_bsky(
        "com.atproto.server.getSession", {"did": SCHOOL, "handle": ME["bluesky"].handle, "active": True}
    )
    proof = reader.prove(NOW)
    assert proof.expires_at == datetime.fromtimestamp(4_102_444_800, UTC)
    assert (proof.scopes, proof.lacking) == (("com.atproto.appPassPrivileged",), ())


def test_proof_refuses_a_paused_account(reader: Connector) -> None:
    """A paused account reads as an empty one."""
    serve_bsky("com.atproto.server.getSession", {"did": SCHOOL, "handle": "a.example", "active": False})
    with pytest.raises(Refused):
        reader.prove(NOW)


def test_nothing_costs_money(reader: Connector) -> None:
    """Bluesky takes no money."""
    assert reader.monthly_estimate(500) == Decimal(0)
    assert reader.capabilities()[Capability.REPLY] is None
