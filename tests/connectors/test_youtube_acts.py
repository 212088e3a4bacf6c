"""YouTube: what a person decided is done once and read back; the sign-in is proved; requests are counted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses
from responses import matchers
from urllib3.exceptions import NewConnectionError

from connectors.base import (
    AuthExpired,
    BadResponse,
    BugOrConfig,
    Capability,
    ConnectorError,
    NotFound,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    Refused,
    Transient,
    Unsure,
)
from connectors.calls.google import TOKEN_URI
from connectors.meter import Window
from connectors.youtube import Options
from moderation.actions import Action, ActionKind, Done
from moderation.items import ItemKind, Reference
from tests.connectors.wire import (
    CHANNEL,
    CHANNELS,
    MODERATION,
    NOW,
    REPLIES,
    THREADS,
    TOKEN,
    VIDEOS,
    connector,
    poll,
    serve,
    yt_answer,
    yt_comment,
    yt_error,
    yt_thread,
)

VIDEO = "abc-DEF_123"
COMMENT = Reference("UgT", ItemKind.COMMENT, "UgT", post_id=VIDEO, author_id="UC9", created_at=NOW)
REPLY = replace(COMMENT, external_id="UgT.1", kind=ItemKind.REPLY)
OWN = replace(COMMENT, author_id=CHANNEL)
WORDS = "On Monday, at four."
FORCE_SSL = "https://www.googleapis.com/auth/youtube.force-ssl"


def _action(kind: ActionKind, item: Reference = COMMENT, words: str = "") -> Action:
    return Action(kind, item, reference="act-1", began_at=NOW, words=words)


def _act(kind: ActionKind, item: Reference = COMMENT, words: str = "") -> Done:
    return connector("youtube").act(_action(kind, item, words), NOW)


def _sent(method: str) -> list[requests.PreparedRequest]:
    return [call.request for call in responses.calls if call.request.method == method]


def _body(request: requests.PreparedRequest) -> Any:
    assert isinstance(request.body, str | bytes)
    return json.loads(request.body)


def _query(request: requests.PreparedRequest) -> dict[str, list[str]]:
    return parse_qs(urlsplit(str(request.url)).query)


def _lists(**threads: list[object]) -> None:
    """Serve the lists of what is not public; those not named are empty."""
    for status in ("heldForReview", "likelySpam", "rejected"):
        query = matchers.query_param_matcher({"moderationStatus": status}, strict_match=False)
        responses.get(THREADS, json=yt_answer(threads.get(status, [])), match=[query])


def _by_id(*threads: object) -> None:
    query = matchers.query_param_matcher({"id": "UgT"}, strict_match=False)
    responses.get(THREADS, json=yt_answer(threads), match=[query])


def _video() -> None:
    serve(VIDEOS, yt_answer([{"id": VIDEO, "status": {"privacyStatus": "public"}}]))
    query = matchers.query_param_matcher({"videoId": VIDEO}, strict_match=False)
    responses.get(THREADS, json=yt_answer([]), match=[query])


def _public(thread_id: str = "UgT") -> dict[str, Any]:
    return yt_thread(thread_id)


def _hidden(status: str = "heldForReview") -> dict[str, Any]:
    thread = yt_thread("UgT", moderationStatus=status)
    thread["snippet"]["isPublic"] = False
    return thread


# Replies


@responses.activate
def test_reply_is_sent_once_under_its_comment_and_read_back() -> None:
    """The words as they are, under the top-level comment; then YouTube is asked for it."""
    made = yt_comment("UgT.9", by=CHANNEL, parent="UgT", textDisplay=WORDS)
    responses.post(REPLIES, json=made)
    serve(REPLIES, yt_answer([made]))
    assert _act(ActionKind.REPLY, words=WORDS) == Done("UgT.9", confirmed=True)
    (sent,) = _sent("POST")
    assert _body(sent) == {"snippet": {"parentId": "UgT", "textOriginal": WORDS}}
    assert _query(sent) == {"part": ["snippet"], "alt": ["json"]}


@responses.activate
def test_reply_to_a_reply_says_where_it_stands() -> None:
    """YouTube keeps replies flat, so the person is told."""
    made = yt_comment("UgT.9", by=CHANNEL, parent="UgT")
    responses.post(REPLIES, json=made)
    serve(REPLIES, yt_answer([made]))
    done = _act(ActionKind.REPLY, REPLY, WORDS)
    assert done.confirmed
    assert "one list" in done.remark
    assert _body(_sent("POST")[0])["snippet"]["parentId"] == "UgT"


@responses.activate
def test_reply_that_landed_elsewhere_is_said() -> None:
    """Under another comment than the one that was answered."""
    made = yt_comment("UgZ.9", by=CHANNEL, parent="UgZ")
    responses.post(REPLIES, json=made)
    serve(REPLIES, yt_answer([made]))
    assert "another comment" in _act(ActionKind.REPLY, words=WORDS).remark


@responses.activate
@pytest.mark.parametrize("answer", [(200, yt_answer([])), (500, {}), (403, yt_error("quotaExceeded"))])
def test_reply_that_cannot_be_read_back_is_done_but_not_confirmed(answer: tuple[int, Any]) -> None:
    """It was made; trouble afterwards does not make it undone."""
    responses.post(REPLIES, json=yt_comment("UgT.9", by=CHANNEL, parent="UgT"))
    serve(REPLIES, answer[1], status=answer[0])
    done = _act(ActionKind.REPLY, words=WORDS)
    assert (done.external_id, done.confirmed) == ("UgT.9", False)
    assert done.remark


LOST: list[Any] = [
    (500, "{}"),
    (503, "<html>"),
    (200, "<html>"),
    (200, ""),
    (200, "{}"),
    (302, ""),
    (400, json.dumps(yt_error("processingFailure"))),
    requests.exceptions.ReadTimeout(TOKEN),
    requests.exceptions.ConnectionError(TOKEN),
    requests.exceptions.ChunkedEncodingError(TOKEN),
]


@responses.activate
@pytest.mark.parametrize("lost", LOST)
def test_reply_whose_answer_was_lost_is_unsure_and_never_sent_again(lost: Any) -> None:
    """It may stand on YouTube: only reading back can tell."""
    if isinstance(lost, Exception):
        responses.post(REPLIES, body=lost)
    else:
        responses.post(REPLIES, body=lost[1], status=lost[0])
    reader = connector("youtube")
    with pytest.raises(Unsure) as caught:
        reader.act(_action(ActionKind.REPLY, words=WORDS), NOW)
    assert len(responses.calls) == 1
    assert reader.meter.units == 50  # it may have been done, so it may have cost
    assert caught.value.__context__ is None


REFUSALS: list[tuple[int, object, type[ConnectorError]]] = [
    *[
        (400, yt_error(reason), Refused)
        for reason in (
            "commentTextTooLong",
            "commentTextRequired",
            "invalidCommentMetadata",
            "parentIdMissing",
            "parentCommentIsPrivate",
            "invalidCustomEmoji",
            "banWithoutReject",
            "operationNotSupported",
        )
    ],
    (403, yt_error("commentsDisabled"), Refused),
    (403, yt_error("forbidden"), Refused),
    (403, yt_error("insufficientPermissions"), PermissionMissing),
    (403, yt_error("ineligibleAccount"), PermissionMissing),
    (403, yt_error("quotaExceeded"), QuotaExhausted),
    (403, yt_error("userRateLimitExceeded"), RateLimited),
    (401, yt_error("authError"), AuthExpired),
    (404, yt_error("parentCommentNotFound"), NotFound),
    (404, yt_error("commentNotFound"), NotFound),
]


@responses.activate
@pytest.mark.parametrize(("status", "body", "kind"), REFUSALS)
@pytest.mark.parametrize("act", [ActionKind.REPLY, ActionKind.HIDE])
def test_refused_act_is_surely_not_done(
    act: ActionKind, status: int, body: object, kind: type[ConnectorError]
) -> None:
    """YouTube's reason decides what the person is told; nothing is tried again."""
    responses.post(REPLIES, json=body, status=status)
    responses.post(MODERATION, json=body, status=status)
    with pytest.raises(ConnectorError) as caught:
        _act(act, words=WORDS)
    assert type(caught.value) is kind
    assert len(responses.calls) == 1


@responses.activate
def test_act_that_was_never_sent_is_surely_not_done() -> None:
    """Without a connection nothing reached YouTube, and nothing was spent."""
    refused = NewConnectionError(None, "refused")  # type: ignore[arg-type]
    responses.post(MODERATION, body=requests.exceptions.ConnectionError(refused))
    reader = connector("youtube")
    with pytest.raises(Transient):
        reader.act(_action(ActionKind.HIDE), NOW)
    assert reader.meter.units == 0


# Hiding, deleting, blocking


@responses.activate
@pytest.mark.parametrize(
    ("kind", "status"), [(ActionKind.HIDE, "heldForReview"), (ActionKind.UNHIDE, "published")]
)
@pytest.mark.parametrize("is_shown", [True, False])
def test_hiding_holds_for_review_and_is_read_back(kind: ActionKind, status: str, is_shown: bool) -> None:
    """Never ``rejected``: that cannot be undone. Confirmed when YouTube shows it so."""
    responses.post(MODERATION, status=204)
    is_held = (kind is ActionKind.HIDE) is is_shown
    _by_id(_hidden() if is_held else _public())
    _lists(heldForReview=[_hidden()] if is_held else [])
    done = _act(kind)
    assert done.confirmed is is_shown
    assert bool(done.remark) is not is_shown
    assert _query(_sent("POST")[0]) == {"id": ["UgT"], "moderationStatus": [status]}


@responses.activate
def test_own_comment_is_deleted_and_looked_for() -> None:
    """Gone is confirmed; that its replies went with it is said."""
    responses.delete(REPLIES, status=204)
    _by_id()
    _lists()
    _video()
    done = _act(ActionKind.DELETE, OWN)
    assert done.confirmed
    assert "replies" in done.remark
    assert _query(_sent("DELETE")[0]) == {"id": ["UgT"]}


@responses.activate
def test_comment_of_others_is_not_deleted() -> None:
    """YouTube refuses, so nothing is sent; the way by hand is named."""
    for item in (COMMENT, replace(COMMENT, author_id=None)):
        with pytest.raises(Refused, match="Remove"):
            _act(ActionKind.DELETE, item)
    assert len(responses.calls) == 0


@responses.activate
@pytest.mark.parametrize("kind", [ActionKind.UNBLOCK, ActionKind.REPORT])
def test_what_youtube_does_not_offer_is_refused_with_the_way_by_hand(kind: ActionKind) -> None:
    """Neither sent nor looked for."""
    for ask in (connector("youtube").act, connector("youtube").verify):
        with pytest.raises(Refused, match=r"YouTube Studio|choose Report"):
            ask(_action(kind), NOW)
    assert len(responses.calls) == 0


@responses.activate
@pytest.mark.parametrize("status", ["rejected", "public"])
def test_blocking_removes_the_comment_and_says_that_this_is_for_good(status: str) -> None:
    """YouTube bans an author only together with removing the comment."""
    responses.post(MODERATION, status=204)
    is_gone = status == "rejected"
    _by_id(*([] if is_gone else [_hidden()]))
    _lists(rejected=[_hidden("rejected")] if is_gone else [])
    done = _act(ActionKind.BLOCK)
    assert done.confirmed is is_gone
    assert "for good" in done.remark
    assert _query(_sent("POST")[0]) == {
        "id": ["UgT"],
        "moderationStatus": ["rejected"],
        "banAuthor": ["true"],
    }


@responses.activate
def test_school_is_not_blocked_from_its_own_channel() -> None:
    """A slip of the mouse must not end in that."""
    with pytest.raises(Refused):
        _act(ActionKind.BLOCK, OWN)
    assert len(responses.calls) == 0


@responses.activate
def test_act_that_cannot_be_read_back_is_done_but_not_confirmed() -> None:
    """Trouble after the act does not make it undone."""
    responses.post(MODERATION, status=204)
    serve(THREADS, yt_error("quotaExceeded"), status=403)
    for kind in (ActionKind.HIDE, ActionKind.BLOCK):
        done = _act(kind)
        assert not done.confirmed
        assert done.remark


# Reading back what was unsure


def _verify(kind: ActionKind, item: Reference = COMMENT, words: str = "") -> Done | None:
    return connector("youtube").verify(_action(kind, item, words), NOW + timedelta(minutes=9))


def _written(by: str = CHANNEL, at: str = "2026-11-20T12:00:04Z", **more: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"textDisplay": "on monday at four!", "textOriginal": WORDS} | more
    return yt_comment("UgT.9", by=by, parent="UgT", publishedAt=at, **told)


@responses.activate
@pytest.mark.parametrize(
    ("reply", "is_ours"),
    [
        (_written(), True),
        (_written(textDisplay="<b>On</b> Monday"), True),
        (_written(textOriginal=None), True),
        (_written(at="2026-11-20T11:59:30Z"), True),
        (_written(at="2026-11-20T11:50:00Z"), False),
        (_written(by="UC9"), False),
        (_written(textDisplay="Other words", textOriginal="Other words"), False),
        (_written(at="soon"), False),
        ("broken", False),
    ],
)
def test_lost_reply_is_found_by_its_words_and_time(reply: object, is_ours: bool) -> None:
    """Our own, in this thread, with these words, since it was sent: or else nothing is claimed."""
    serve(REPLIES, yt_answer([yt_comment("UgT.2", parent="UgT")], "2"), yt_answer([reply]))
    done = _verify(ActionKind.REPLY, words=WORDS)
    assert done == (Done("UgT.9", confirmed=True) if is_ours else None)


@responses.activate
@pytest.mark.parametrize("reason", ["commentNotFound", "forbidden"])
def test_lost_reply_to_a_comment_that_is_gone_is_not_claimed(reason: str) -> None:
    """There is nothing to find it under."""
    serve(REPLIES, yt_error(reason), status=403 if reason == "forbidden" else 404)
    assert _verify(ActionKind.REPLY, words=WORDS) is None


@responses.activate
@pytest.mark.parametrize("is_held", [True, False])
def test_lost_hiding_is_read_from_the_list_of_the_held(is_held: bool) -> None:
    """And showing again from its absence there."""
    _by_id(_hidden() if is_held else _public())
    _lists(heldForReview=[_hidden()] if is_held else [])
    assert (_verify(ActionKind.HIDE) == Done(confirmed=True)) is is_held
    assert (_verify(ActionKind.UNHIDE) == Done(confirmed=True)) is not is_held


@responses.activate
def test_lost_deletion_is_read_from_what_is_gone() -> None:
    """What is still there was not deleted."""
    _by_id(_public())
    assert _verify(ActionKind.DELETE, OWN) is None
    responses.reset()
    _by_id()
    _lists()
    _video()
    assert _verify(ActionKind.DELETE, OWN) == Done(confirmed=True)


@responses.activate
def test_lost_block_is_claimed_only_where_the_comment_was_removed() -> None:
    """Held is not removed, and of one that is gone nobody can tell who did it."""
    _by_id()
    _lists(rejected=[_hidden("rejected")])
    done = _verify(ActionKind.BLOCK)
    assert done is not None
    assert done.confirmed
    responses.reset()
    _by_id()
    _lists(heldForReview=[_hidden()])
    assert _verify(ActionKind.BLOCK) is None
    responses.reset()
    _by_id()
    _lists()
    _video()
    done = _verify(ActionKind.BLOCK)
    assert done is not None
    assert not done.confirmed
    assert "YouTube Studio" in done.remark


# The sign-in


def _sign_in(**more: object) -> str:
    return json.dumps({"refresh_token": "r", "client_id": "c", "client_secret": "s"} | more)


def _granting(**more: object) -> None:
    granted = {"access_token": "fresh", "expires_in": 3599, "token_type": "Bearer", "scope": FORCE_SSL}
    responses.post(TOKEN_URI, json=granted | more)


@responses.activate
def test_sign_in_of_the_channel_is_proved() -> None:
    """The channel is the school's, and the permission is there; no end is named, for there is none."""
    _granting()
    serve(CHANNELS, yt_answer([{"id": CHANNEL}]))
    proof = connector("youtube", token=_sign_in()).prove(NOW)
    assert (proof.expires_at, proof.scopes, proof.lacking) == (None, (FORCE_SSL,), ())
    assert _query(_sent("GET")[0]) == {"part": ["id"], "mine": ["true"], "alt": ["json"]}


@responses.activate
@pytest.mark.parametrize(
    ("told", "days"),
    [(604_800, 7), (86_400.0, 1), (0, None), (-5, None), (True, None), ("7", None), (1e300, None)],
)
def test_sign_in_of_an_app_in_testing_names_its_end(told: object, days: int | None) -> None:
    """Google ends it after seven days, and says so with the token."""
    _granting(refresh_token_expires_in=told)
    serve(CHANNELS, yt_answer([{"id": CHANNEL}]))
    proof = connector("youtube", token=_sign_in()).prove(NOW)
    assert proof.expires_at == (None if days is None else NOW + timedelta(days=days))


@responses.activate
def test_bare_token_says_nothing_of_its_permissions() -> None:
    """It is proved by the channel alone."""
    serve(CHANNELS, yt_answer([{"id": CHANNEL}]))
    assert connector("youtube").prove(NOW).scopes is None


@responses.activate
@pytest.mark.parametrize(
    "answer",
    [
        {"items": [{"id": "UCOther"}]},
        {"items": []},
        {"kind": "youtube#channelListResponse"},
    ],
)
def test_sign_in_of_another_channel_is_found_out(answer: dict[str, Any]) -> None:
    """It would read another channel's held comments, or none, without an error."""
    serve(CHANNELS, answer)
    with pytest.raises(PermissionMissing, match="choose the channel"):
        connector("youtube").prove(NOW)


@responses.activate
def test_sign_in_that_cannot_be_proved_now_is_no_verdict() -> None:
    """An empty answer says nothing about the channel."""
    serve(CHANNELS, {})
    with pytest.raises(BadResponse):
        connector("youtube").prove(NOW)


@responses.activate
def test_sign_in_without_the_permission_is_found_out() -> None:
    """Somebody unticked a box."""
    _granting(scope="https://www.googleapis.com/auth/youtube.readonly openid")
    serve(CHANNELS, yt_answer([{"id": CHANNEL}]))
    with pytest.raises(PermissionMissing, match=r"youtube\.force-ssl"):
        connector("youtube", token=_sign_in()).prove(NOW)


@pytest.mark.parametrize(
    ("token", "what"),
    [
        ("AIza" + "x" * 35, "API key"),
        (_sign_in(type="service_account"), "service account"),
        (json.dumps({"client_email": "a@b.example", "private_key": "SECRET"}), "service account"),
    ],
)
def test_wrong_kind_of_token_is_found_out_at_once(token: str, what: str) -> None:
    """An API key reads only what is public, and a service account has no channel: both would look empty."""
    with pytest.raises(PermissionMissing, match=what) as caught:
        connector("youtube", token=token)
    assert "SECRET" not in str(caught.value)


# What it costs


@responses.activate
def test_every_request_is_counted_in_units() -> None:
    """One for reading, fifty for writing, refused ones too; signing in costs none."""
    _granting()
    serve(THREADS, yt_answer([], "2"), yt_answer([]))
    responses.post(REPLIES, json=yt_error("forbidden"), status=403)
    reader = connector("youtube", token=_sign_in(), daily_units=500)
    poll(reader)
    with pytest.raises(Refused):
        reader.act(_action(ActionKind.REPLY, words=WORDS), NOW)
    assert (reader.meter.calls, reader.meter.units) == (4, 52)
    assert reader.meter.windows["units"] == Window(
        "units", 500, 498, datetime(2026, 11, 21, 8, 0, tzinfo=UTC), shared=True, counted=True
    )


@responses.activate
def test_spent_quota_is_noted_until_midnight_in_california() -> None:
    """Whatever was counted here: other accounts of the project draw on it too."""
    serve(THREADS, yt_error("quotaExceeded"), status=403)
    reader = connector("youtube")
    with pytest.raises(QuotaExhausted):
        poll(reader)
    window = reader.meter.windows["units"]
    assert (window.remaining, window.used, window.used_at(NOW + timedelta(days=1))) == (0, 1, 0)


def test_reading_costs_no_money() -> None:
    """However many comments there are."""
    reader = connector("youtube")
    assert reader.monthly_estimate(5000) == Decimal(0)


# Sweeping


@responses.activate
def test_sweep_reads_every_thread_of_its_horizon_and_every_reply() -> None:
    """Five replies are read one by one even where the number says that this is all; none has a cursor."""
    few = [yt_comment(f"A.{number}", parent="A") for number in range(4)]
    five = [yt_comment(f"B.{number}", parent="B") for number in range(5)]
    old = (NOW - timedelta(days=200)).isoformat()
    ancient = (NOW - timedelta(days=400)).isoformat()
    serve(
        THREADS,
        yt_answer([yt_thread("A", *few), yt_thread("B", *five)], "2"),
        yt_answer([yt_thread("C", total=2, publishedAt=old)], "3"),
        yt_answer([yt_thread("D", publishedAt=ancient)], "4"),
    )
    serve(REPLIES, yt_answer([yt_comment("B.9", parent="B")]), yt_answer([yt_comment("C.1", parent="C")]))
    reader = connector("youtube")
    pages = list(reader.sweep("comments", NOW - timedelta(days=7), NOW))
    found = {item.external_id for page in pages for item in page.items}
    assert {"A", "A.3", "B", "B.4", "B.9", "C", "C.1"} <= found
    assert "D" not in found
    assert all(page.cursor is None for page in pages)
    assert len(responses.calls) == 5


@responses.activate
def test_sweep_that_breaks_off_is_an_error() -> None:
    """What it left out says nothing."""
    serve(THREADS, yt_answer([yt_thread("A")], "2"))
    serve(THREADS, {}, status=500)
    with pytest.raises(Transient):
        list(connector("youtube").sweep("comments", NOW - timedelta(days=7), NOW))


def test_sweep_of_an_unknown_stream_is_refused() -> None:
    """As with a poll."""
    with pytest.raises(BugOrConfig):
        list(connector("youtube").sweep("no-such-stream", NOW, NOW))


@responses.activate
def test_replies_that_are_not_shown_to_us_are_a_row_for_a_person() -> None:
    """One such thread stops nobody, and is not silently incomplete."""
    serve(THREADS, yt_answer([yt_thread("A", total=7), yt_thread("B")]))
    serve(REPLIES, yt_error("forbidden"), status=403)
    polled = poll(connector("youtube"))
    assert polled.ids == ["A", "B"]
    assert [each.external_id for each in polled.rejected] == ["A"]


@responses.activate
@pytest.mark.parametrize(
    ("stream", "status", "hidden"),
    [
        ("comments", "published", False),
        ("comments", None, False),
        ("comments", "heldForReview", True),
        ("held", "heldForReview", True),
        ("held", None, True),
        ("held", "published", False),
        ("likely_spam", "likelySpam", True),
        ("held", ["odd"], True),
    ],
)
def test_what_the_audience_does_not_see_is_marked(stream: str, status: object, hidden: bool) -> None:
    """By the comment's own status; where YouTube does not say it, by the list that it stands in."""
    serve(THREADS, yt_answer([yt_thread("A", moderationStatus=status)]))
    assert poll(connector("youtube"), stream).one("A").hidden is hidden


@responses.activate
def test_replies_listed_without_a_status_say_nothing_of_being_hidden() -> None:
    """The list of a thread's replies holds what is public and what is held alike."""
    serve(THREADS, yt_answer([yt_thread("A", total=7)]))
    replies = [yt_comment("A.1", parent="A", moderationStatus=None), yt_comment("A.2", parent="A")]
    serve(REPLIES, yt_answer(replies))
    polled = poll(connector("youtube"), "held")
    assert [polled.one(name).hidden for name in ("A.1", "A.2")] == [None, False]


def test_every_capability_that_works_is_said_to_work() -> None:
    """And what works in part says which part does not."""
    declared = connector("youtube").capabilities()
    works = {each for each, missing in declared.items() if missing is None}
    assert works >= {Capability.REPLY, Capability.HIDE, Capability.UNHIDE, Capability.SEE_DELETIONS}
    partly = {each for each, missing in declared.items() if missing is not None and missing.partly}
    assert partly == {Capability.READ_COMMENTS, Capability.DELETE, Capability.BLOCK}
    chat, messages = declared[Capability.READ_COMMENTS], declared[Capability.READ_MESSAGES]
    assert chat is not None
    assert "live stream" in chat.reason
    assert messages is not None
    assert "no private messages" in messages.reason


def test_sweep_reads_back_a_week_unless_said_otherwise() -> None:
    """The name is the same on every platform."""
    assert Options().sweep_days == connector("youtube").sweep_days() == 7
    assert connector("youtube", sweep_days=3).sweep_days() == 3
