"""X: what is done there, what X refuses, what is read back, and where items are when asked by id."""

from __future__ import annotations

import json
import ssl
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses
from urllib3.exceptions import MaxRetryError, SSLError

from connectors.base import (
    AuthExpired,
    BugOrConfig,
    ConnectorError,
    NotFound,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    Refused,
    Scope,
    Transient,
    Unsure,
)
from moderation.actions import Action, ActionKind, Done
from moderation.items import Found, ItemKind, Presence, Reference, digest
from tests.connectors.wire import (
    LOOKUP,
    ME,
    NOW,
    OWN,
    X_MESSAGES,
    X_TALK,
    X,
    connector,
    serve,
    x_absent,
    x_answer,
    x_message,
    x_post,
)

SCHOOL = ME["x"].external_id
WORDS = "Doors open at 6 & close at 8."
HIDDEN = f"{LOOKUP}/40/hidden"
TALK = f"{X}/dm_conversations/{X_TALK}"


def _reference(number: int = 40, kind: ItemKind = ItemKind.REPLY, **more: object) -> Reference:
    fields: dict[str, object] = {"thread_id": "30", "author_id": "55"} | more
    return Reference(str(number), kind, **fields)  # type: ignore[arg-type]


MESSAGE = _reference(90, ItemKind.MESSAGE, thread_id=X_TALK)
OURS = _reference(30, ItemKind.POST, author_id=SCHOOL)


def _action(kind: ActionKind, item: Reference | None = None, words: str = WORDS) -> Action:
    return Action(kind, item or _reference(), "ours-1", NOW - timedelta(minutes=1), words)


def _act(kind: ActionKind, item: Reference | None = None, words: str = WORDS, **settings: object) -> Done:
    return connector("x", **settings).act(_action(kind, item, words), NOW)  # type: ignore[arg-type]


def _sent(method: str) -> list[object]:
    calls = [call.request for call in responses.calls if call.request.method == method]
    return [json.loads(str(request.body, "utf-8")) for request in calls if isinstance(request.body, bytes)]


def _our_reply(number: int = 70, parent: str = "40", **more: object) -> dict[str, object]:
    return x_post(
        number,
        author_id=SCHOOL,
        text="@kerry_walsh Doors open at 6 &amp; close at 8.",
        conversation_id="30",
        created_at="2026-11-20T11:59:30.000Z",
        referenced_tweets=[{"type": "replied_to", "id": parent}],
        **more,
    )


# Replies


@responses.activate
def test_reply_is_sent_once_and_read_back() -> None:
    """The words go under the item, X is asked for the reply, and the price of a reply is counted."""
    responses.post(LOOKUP, json={"data": {"id": "70", "text": "..."}}, status=201)
    serve(LOOKUP, x_answer([_our_reply()]))
    reader = connector("x")
    assert reader.act(_action(ActionKind.REPLY), NOW) == Done("70", confirmed=True)
    assert _sent("POST") == [{"text": WORDS, "reply": {"in_reply_to_tweet_id": "40"}}]
    assert reader.meter.cost == Decimal("0.015")


@responses.activate
@pytest.mark.parametrize(
    ("shown", "confirmed", "remark"),
    [
        (x_answer([_our_reply(parent="41")]), True, "another post"),
        (x_answer([x_post(70, author_id=SCHOOL)]), True, "of its own"),
        ({"errors": [x_absent(70, "resource-not-found")]}, False, "not show it yet"),
        ({"title": "Service Unavailable"}, False, "not show it yet"),
    ],
)
def test_reply_that_is_shown_otherwise_is_told(shown: object, confirmed: bool, remark: str) -> None:
    """A reply elsewhere, or one that X does not show yet, is done, and a person learns what to look at."""
    responses.post(LOOKUP, json={"data": {"id": "70", "text": "..."}}, status=201)
    serve(LOOKUP, shown, status=503 if "title" in shown else 200)  # type: ignore[operator]
    done = _act(ActionKind.REPLY)
    assert (done.external_id, done.confirmed) == ("70", confirmed)
    assert remark in done.remark


@responses.activate
def test_reply_to_an_edited_item_counts_as_under_it() -> None:
    """An item is known by its first version; a reply names the version it was made under."""
    responses.post(LOOKUP, json={"data": {"id": "70", "text": "..."}}, status=201)
    edited = {"id": "42", "text": "edited", "edit_history_tweet_ids": ["40", "42"]}
    serve(LOOKUP, x_answer([_our_reply(parent="42")], tweets=[edited]))
    assert _act(ActionKind.REPLY) == Done("70", confirmed=True)


@responses.activate
@pytest.mark.parametrize(
    "words",
    [
        "See https://oakfield.example/term-dates",
        "See oakfield.uk",
        "See short.ly/term",
        "WWW.oakfield.example",
    ],
)
def test_reply_with_a_link_costs_more(words: str) -> None:
    """X takes twenty times as much for a link, also for one that it makes of bare words."""
    responses.post(LOOKUP, json={"data": {"id": "70", "text": "..."}}, status=201)
    serve(LOOKUP, {"errors": [x_absent(70, "resource-not-found")]})
    reader = connector("x")
    reader.act(_action(ActionKind.REPLY, words=words), NOW)
    assert reader.meter.cost == Decimal("0.200")


@pytest.mark.parametrize("item", [_reference(), MESSAGE])
def test_reply_without_words_is_not_sent(item: Reference) -> None:
    """An empty reply is our own mistake."""
    with pytest.raises(BugOrConfig):
        _act(ActionKind.REPLY, item, "  ")


PROBLEM = "https://api.twitter.com/2/problems/"
NOT_SUMMONED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged "
    "by the author of the post you are replying to."
)
REFUSALS: list[tuple[int, object, type[ConnectorError], str]] = [
    (403, {"title": "Forbidden", "type": "about:blank", "detail": NOT_SUMMONED}, Refused, "names or quotes"),
    (403, {"type": PROBLEM + "not-authorized-for-resource"}, Refused, "reply there"),
    (
        403,
        {"detail": "You are not allowed to create a Tweet with duplicate content."},
        Refused,
        "same before",
    ),
    (403, {"detail": "Your Tweet text is too long."}, Refused, "280"),
    (400, {"type": PROBLEM + "invalid-request", "errors": [{"message": "too long"}]}, Refused, "280"),
    (403, {"type": PROBLEM + "client-forbidden"}, PermissionMissing, "developer console"),
    (403, {"type": PROBLEM + "oauth1-permissions"}, PermissionMissing, r"OAuth 2\.0"),
    (403, {"title": "UsageCapExceeded"}, QuotaExhausted, "allowance"),
    (402, {"title": "CreditsDepleted"}, QuotaExhausted, "credit"),
    (429, {"title": "Too Many Requests"}, RateLimited, "slow down"),
    (401, {"title": "Unauthorized"}, AuthExpired, "Sign the account in"),
    (404, {"title": "Not Found"}, NotFound, "deleted"),
    (
        403,
        {"detail": "You attempted to reply to a Tweet that is deleted or not visible to you."},
        NotFound,
        "deleted",
    ),
    (403, {"title": "Forbidden", "type": PROBLEM + "user-suspended"}, PermissionMissing, "suspended"),
]


@responses.activate
@pytest.mark.parametrize(("status", "body", "kind", "said"), REFUSALS)
def test_refused_reply_says_why_and_is_not_repeated(
    status: int, body: object, kind: type[ConnectorError], said: str
) -> None:
    """What X refuses was not done: a person is told why and what to do instead, in words of ours."""
    responses.post(LOOKUP, json=body, status=status)
    with pytest.raises(kind, match=said) as caught:
        _act(ActionKind.REPLY)
    assert type(caught.value) is kind
    assert "otherwise engaged" not in str(caught.value)
    assert len(responses.calls) == 1


def _broken_connection(cause: ssl.SSLError) -> requests.exceptions.SSLError:
    """Wrap what went wrong as the two libraries below do."""
    return requests.exceptions.SSLError(MaxRetryError(None, "/", SSLError(cause)))  # type: ignore[arg-type]


LOST: dict[str, dict[str, object]] = {
    "no answer": {"body": requests.exceptions.ReadTimeout("...")},
    "a cut connection": {"body": requests.exceptions.ConnectionError("reset")},
    "a secure connection that broke": {"body": _broken_connection(ssl.SSLError(1, "bad record mac"))},
    "a server's error": {"json": {}, "status": 503},
    "a page": {"body": "<html>Bad gateway</html>", "status": 200},
    "a filter's page": {"body": "<html>Blocked</html>", "status": 403},
    "no data": {"json": {"errors": [{"title": "odd"}]}, "status": 200},
    "an empty answer": {"json": {"data": {}}, "status": 200},
}
WRITES = {
    ActionKind.REPLY: ("POST", LOOKUP, None),
    ActionKind.HIDE: ("PUT", HIDDEN, None),
    ActionKind.UNHIDE: ("PUT", HIDDEN, None),
    ActionKind.DELETE: ("DELETE", f"{LOOKUP}/30", OURS),
    ActionKind.BLOCK: ("POST", f"{X}/users/55/dm/block", MESSAGE),
    ActionKind.UNBLOCK: ("POST", f"{X}/users/55/dm/unblock", MESSAGE),
}


@responses.activate
@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
@pytest.mark.parametrize("kind", WRITES)
def test_lost_answer_is_unsure_and_nothing_is_sent_again(kind: ActionKind, lost: dict[str, object]) -> None:
    """Whether it was done is not guessed, and no second request is made."""
    method, address, item = WRITES[kind]
    responses.add(method, address, **lost)  # type: ignore[arg-type]
    reader = connector("x")
    with pytest.raises(Unsure):
        reader.act(_action(kind, item), NOW)
    assert len(responses.calls) == 1
    assert reader.meter.cost == Decimal("0.010" if kind is ActionKind.REPLY else "0.015")  # perhaps charged


@responses.activate
@pytest.mark.parametrize(
    "problem",
    [
        requests.exceptions.ConnectTimeout("..."),
        _broken_connection(ssl.SSLCertVerificationError(1, "self-signed certificate")),
    ],
)
def test_what_never_left_was_not_done(problem: Exception) -> None:
    """Where no connection came about, the act may be tried again, and cost nothing."""
    responses.post(LOOKUP, body=problem)
    reader = connector("x")
    with pytest.raises(Transient):
        reader.act(_action(ActionKind.REPLY), NOW)
    assert reader.meter.cost == 0


# Messages


@responses.activate
def test_message_is_answered_in_its_conversation() -> None:
    """Sent once, read back by its id."""
    made = {"dm_event_id": "95", "dm_conversation_id": X_TALK}
    responses.post(f"{TALK}/messages", json={"data": made}, status=201)
    serve(f"{X_MESSAGES}/95", {"data": x_message(95, sender_id=SCHOOL)})
    reader = connector("x")
    assert reader.act(_action(ActionKind.REPLY, MESSAGE), NOW) == Done("95", confirmed=True)
    assert _sent("POST") == [{"text": WORDS}]
    assert reader.meter.cost == Decimal("0.025")


@responses.activate
def test_message_in_another_conversation_or_not_shown_is_told() -> None:
    """X may open another conversation with the same people."""
    made = {"dm_event_id": "95", "dm_conversation_id": "55-77"}
    responses.post(f"{TALK}/messages", json={"data": made}, status=201)
    serve(f"{X_MESSAGES}/95", {"title": "Too Many Requests"}, status=429)
    done = _act(ActionKind.REPLY, MESSAGE)
    assert not done.confirmed
    assert "another conversation" in done.remark


@responses.activate
def test_message_that_x_does_not_deliver_is_refused() -> None:
    """The other side may take none, or the chat is encrypted now."""
    responses.post(f"{TALK}/messages", json={"title": "Forbidden"}, status=403)
    with pytest.raises(Refused, match="encrypted"):
        _act(ActionKind.REPLY, MESSAGE)
    with pytest.raises(Refused):
        _act(ActionKind.REPLY, _reference(90, ItemKind.MESSAGE, thread_id="90"))
    assert len(responses.calls) == 1


# Hiding, deleting, blocking


@responses.activate
@pytest.mark.parametrize(("kind", "hidden"), [(ActionKind.HIDE, True), (ActionKind.UNHIDE, False)])
def test_reply_is_hidden_and_shown_again(kind: ActionKind, hidden: bool) -> None:
    """X says in its answer what is hidden now, and nowhere else: so it is done, but not confirmed."""
    responses.put(HIDDEN, json={"data": {"hidden": hidden}})
    done = _act(kind)
    assert _sent("PUT") == [{"hidden": hidden}]
    assert not done.confirmed
    assert "Open the item's link" in done.remark


@responses.activate
@pytest.mark.parametrize(
    ("status", "body"), [(403, {"title": "Forbidden"}), (200, {"data": {"hidden": False}})]
)
def test_only_replies_under_our_posts_can_be_hidden(status: int, body: object) -> None:
    """X refuses the others, by an error or by an answer that nothing changed."""
    responses.put(HIDDEN, json=body, status=status)
    with pytest.raises(Refused, match="own posts began"):
        _act(ActionKind.HIDE)


@responses.activate
def test_own_post_is_deleted_and_looked_for() -> None:
    """Deleted is what X does not find any more."""
    responses.delete(f"{LOOKUP}/30", json={"data": {"deleted": True}})
    serve(LOOKUP, {"errors": [x_absent(30, "resource-not-found")]}, x_answer([x_post(30)]))
    assert _act(ActionKind.DELETE, OURS) == Done(confirmed=True)
    assert not _act(ActionKind.DELETE, OURS).confirmed


@responses.activate
@pytest.mark.parametrize(
    ("kind", "word", "blocked"), [(ActionKind.BLOCK, "block", True), (ActionKind.UNBLOCK, "unblock", False)]
)
def test_messages_of_an_author_are_blocked(kind: ActionKind, word: str, blocked: bool) -> None:
    """Only messages, and only of somebody who wrote one."""
    responses.post(f"{X}/users/55/dm/{word}", json={"data": {"blocked": blocked}})
    assert not _act(kind, MESSAGE).confirmed
    assert len(responses.calls) == 1


@pytest.mark.parametrize(
    ("kind", "item", "said"),
    [
        (ActionKind.HIDE, _reference(kind=ItemKind.MENTION), "own posts began"),
        (ActionKind.HIDE, MESSAGE, "own posts began"),
        (ActionKind.DELETE, _reference(), "nobody delete another"),
        (ActionKind.DELETE, MESSAGE, "nobody delete another"),
        (ActionKind.BLOCK, _reference(), "author's profile"),
        (ActionKind.UNBLOCK, _reference(90, ItemKind.MESSAGE, author_id=None), "author's profile"),
        (ActionKind.REPORT, _reference(), "Report post"),
    ],
)
def test_what_x_does_not_offer_is_refused_with_the_way_by_hand(
    kind: ActionKind, item: Reference, said: str
) -> None:
    """Nothing is sent, and a person learns where to do it."""
    with pytest.raises(Refused, match=said):
        _act(kind, item)


@pytest.mark.parametrize(
    ("kind", "scope"),
    [
        (ActionKind.REPLY, r"tweet\.write"),
        (ActionKind.HIDE, r"tweet\.moderate\.write"),
        (ActionKind.DELETE, r"tweet\.write"),
        (ActionKind.BLOCK, r"dm\.write"),
    ],
)
def test_scope_that_was_not_granted_is_named_before_anything_is_sent(kind: ActionKind, scope: str) -> None:
    """Where the sign-in kept the scopes, a missing one is not left to X's guesses."""
    token = json.dumps({"access_token": "a", "scope": "tweet.read users.read dm.read"})
    with pytest.raises(PermissionMissing, match=scope):
        connector("x", token=token).act(_action(kind, WRITES[kind][2]), NOW)


# Reading back


@responses.activate
def test_lost_reply_is_found_by_its_words() -> None:
    """Names before it, rewritten signs and shortened links do not hide it; other replies are not it."""
    other = _our_reply(72) | {"text": "@kerry_walsh Thank you."}
    elsewhere = _our_reply(71, parent="41")
    serve(OWN, x_answer([other, elsewhere], "more"), x_answer([_our_reply()]))
    reader = connector("x")
    assert reader.verify(_action(ActionKind.REPLY), NOW) == Done("70", confirmed=True)
    linked = _our_reply(73) | {"text": "@kerry_walsh Dates: https://t.co/abc"}
    responses.replace(responses.GET, OWN, json=x_answer([linked]))
    words = "Dates: https://oakfield.example/term-dates"
    assert reader.verify(_action(ActionKind.REPLY, words=words), NOW) == Done("73", confirmed=True)


@responses.activate
def test_reply_from_before_the_action_is_not_it() -> None:
    """The same words may have been said last week."""
    serve(OWN, x_answer([_our_reply() | {"created_at": "2026-11-20T11:50:00.000Z"}]))
    assert connector("x").verify(_action(ActionKind.REPLY), NOW) is None


@responses.activate
def test_lost_message_is_found_in_its_conversation() -> None:
    """Only ours, only since the action began, and no further back."""
    theirs = x_message(96, text=WORDS, created_at="2026-11-20T11:59:40Z")
    ours = x_message(95, text=WORDS, sender_id=SCHOOL, created_at="2026-11-20T11:59:30Z")
    old = x_message(94, text=WORDS, sender_id=SCHOOL)
    serve(
        f"{TALK}/dm_events", x_answer([theirs, ours, old]), x_answer([theirs, old], "n"), x_answer([old], "o")
    )
    reader = connector("x")
    assert reader.verify(_action(ActionKind.REPLY, MESSAGE), NOW) == Done("95", confirmed=True)
    assert reader.verify(_action(ActionKind.REPLY, MESSAGE), NOW) is None
    assert len(responses.calls) == 3


@responses.activate
def test_lost_deletion_is_found_by_lookup() -> None:
    """Gone is gone; anything else shows nothing."""
    serve(
        LOOKUP,
        {"errors": [x_absent(30, "resource-not-found")]},
        {"errors": [x_absent(30, "not-authorized-for-resource")]},
    )
    reader = connector("x")
    assert reader.verify(_action(ActionKind.DELETE, OURS), NOW) == Done(confirmed=True)
    assert reader.verify(_action(ActionKind.DELETE, OURS), NOW) is None


@pytest.mark.parametrize("kind", [ActionKind.HIDE, ActionKind.UNHIDE, ActionKind.BLOCK, ActionKind.REPORT])
def test_what_x_shows_nobody_stays_open(kind: ActionKind) -> None:
    """Which replies are hidden and whose messages are blocked cannot be asked: nothing is guessed or sent."""
    assert connector("x").verify(_action(kind, MESSAGE), NOW) is None
    assert connector("x").verify(_action(ActionKind.DELETE, MESSAGE), NOW) is None


# Lookup


def _looked_up(*references: Reference) -> list[Found]:
    return connector("x").lookup(references, NOW)


@responses.activate
def test_lookup_says_where_each_post_is() -> None:
    """Shown, reworded, and each of X's reasons for showing nothing; what it does not explain is unknown."""
    words = digest("@OakfieldAcademy question 1")
    serve(
        LOOKUP,
        x_answer([x_post(1), x_post(2)])
        | {
            "errors": [
                x_absent(3, "resource-not-found"),
                x_absent(4, "not-authorized-for-resource"),
                x_absent(5, "resource-unavailable"),
                x_absent(6, "something-new"),
                x_absent(7, "resource-not-found", "referenced_tweets.id"),
                "odd",
            ]
        },
    )
    wanted = [_reference(number, digest=words) for number in range(1, 9)]
    found = _looked_up(*reversed(wanted), _reference(9, thread_id="x"))
    assert [(each.external_id, each.presence) for each in found] == [
        ("8", Presence.UNKNOWN),
        ("7", Presence.UNKNOWN),
        ("6", Presence.UNKNOWN),
        ("5", Presence.UNKNOWN),
        ("4", Presence.INVISIBLE),
        ("3", Presence.DELETED),
        ("2", Presence.EDITED),
        ("1", Presence.PRESENT),
        ("9", Presence.UNKNOWN),
    ]
    assert found[6].item is not None
    assert len(responses.calls) == 1


@responses.activate
def test_post_of_a_suspended_author_is_not_called_deleted() -> None:
    """X gives it the type of a missing one; only its title says that it is kept from us."""
    trouble = [x_absent(number, "resource-not-found") for number in (1, 2, 3)]
    titles = ("Forbidden", "Authorization Error", "Not Found Error")
    told = [each | {"title": title} for each, title in zip(trouble, titles, strict=True)]
    serve(LOOKUP, {"errors": told})
    found = _looked_up(*(_reference(number) for number in (1, 2, 3)))
    invisible = Presence.INVISIBLE
    assert [each.presence for each in found] == [invisible, invisible, Presence.DELETED]


@responses.activate
def test_edited_post_is_read_in_its_newest_version() -> None:
    """The first version's id goes on showing the first words; the newest says what stands there now."""
    chain = ["1", "2"]
    first = x_post(1, text="first", edit_history_tweet_ids=chain)
    newest = x_post(2, text="newest", edit_history_tweet_ids=chain)
    serve(LOOKUP, x_answer([first]), x_answer([newest]))
    (found,) = _looked_up(_reference(1, digest=digest("first")))
    assert found.presence is Presence.EDITED
    assert found.item is not None
    assert (found.item.external_id, found.item.text) == ("1", "newest")
    responses.replace(responses.GET, LOOKUP, json=x_answer([first]))
    (again,) = _looked_up(_reference(1, digest=digest("first")))
    assert again.presence is Presence.UNKNOWN


@responses.activate
def test_lookup_asks_for_a_hundred_at_a_time_and_for_ids_only() -> None:
    """X takes a hundred; one that is no id would make it refuse them all."""
    serve(LOOKUP, {"errors": [x_absent(1, "resource-not-found")]})
    found = _looked_up(
        *(_reference(number) for number in range(1, 131)), Reference("odd", ItemKind.REPLY, "1")
    )
    asked = [parse_qs(urlsplit(str(call.request.url)).query)["ids"][0].split(",") for call in responses.calls]
    assert [len(ids) for ids in asked] == [100, 30]
    assert [each.presence for each in found[:2]] == [Presence.DELETED, Presence.UNKNOWN]
    assert found[-1] == Found("odd", Presence.UNKNOWN)


@responses.activate
def test_message_is_there_or_unknown() -> None:
    """X does not say that a message was deleted: it may only have been moved to encrypted chat."""
    serve(f"{X_MESSAGES}/90", {"data": x_message(90)})
    serve(f"{X_MESSAGES}/91", {"errors": [x_absent(91, "resource-not-found")]})
    serve(f"{X_MESSAGES}/92", {"data": x_message(92, created_at=7)})
    serve(f"{X_MESSAGES}/93", {"title": "Forbidden"}, status=403)
    serve(f"{X_MESSAGES}/94", {"title": "Too Many Requests"}, status=429)
    known = digest("Private question 90")
    wanted = [_reference(number, ItemKind.MESSAGE, digest=known) for number in range(90, 96)]
    assert [each.presence for each in _looked_up(*wanted)] == [Presence.PRESENT] + [Presence.UNKNOWN] * 5
    assert len(responses.calls) == 5


@responses.activate
def test_lookup_that_fails_says_so() -> None:
    """A dead token or a spent window is no answer about any item."""
    serve(LOOKUP, {"title": "Too Many Requests"}, status=429)
    with pytest.raises(RateLimited) as caught:
        _looked_up(_reference())
    assert caught.value.scope is Scope.STREAM
    serve(f"{X_MESSAGES}/90", {"title": "Unauthorized"}, status=401)
    with pytest.raises(AuthExpired):
        _looked_up(MESSAGE)
