"""YouTube: threads and their replies, when replies are read one by one, sign-in, errors and quota."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import cycle
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.answers.youtube_errors import quota_renewal
from connectors.base import (
    AuthExpired,
    BadResponse,
    BugOrConfig,
    ConnectorError,
    NotFound,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    Transient,
    completed,
)
from connectors.calls.google import TOKEN_URI
from moderation.items import Author, ItemKind, Sighting
from tests.connectors.wire import (
    CHANNEL,
    NOW,
    REPLIES,
    THREADS,
    TOKEN,
    connector,
    poll,
    serve,
    yt_answer,
    yt_comment,
    yt_error,
    yt_thread,
)


def _asked(call: int = -1) -> dict[str, list[str]]:
    return parse_qs(urlsplit(str(responses.calls[call].request.url)).query)


def _replies_asked() -> list[str]:
    sent = [urlsplit(str(call.request.url)) for call in responses.calls]
    return [parse_qs(each.query)["parentId"][0] for each in sent if each.path.endswith("/comments")]


@responses.activate
def test_thread_is_read_with_the_replies_that_came_with_it() -> None:
    """A comment and its reply: who, when, where it stands, and a link that opens it."""
    reply = yt_comment("UgT.8xy", by=CHANNEL, parent="UgT", textDisplay="@kerry-walsh On Monday.")
    serve(THREADS, yt_answer([yt_thread("UgT", reply, imageUrl="https://yt.example/1")]))
    top, answer = poll(connector("youtube")).items
    assert top == Sighting(
        external_id="UgT",
        kind=ItemKind.COMMENT,
        thread_id="UgT",
        parent_id=None,
        post_id="abc-DEF_123",
        author=Author("UC9", "@kerry-walsh"),
        is_own=False,
        text="Words of UgT",
        created_at=datetime(2026, 11, 20, 10, 0, tzinfo=UTC),
        permalink="https://www.youtube.com/watch?v=abc-DEF_123&lc=UgT",
        media=("photo",),
        hidden=False,
    )
    assert (answer.kind, answer.parent_id, answer.thread_id) == (ItemKind.REPLY, "UgT", "UgT")
    assert answer.is_own
    assert answer.mentions == ("UC9",)


@responses.activate
def test_request_asks_for_plain_text_of_the_whole_channel() -> None:
    """All videos at once, in the order of time, as plain text: YouTube's default is HTML."""
    serve(THREADS, yt_answer([]))
    poll(connector("youtube"), "held")
    assert _asked() == {
        "part": ["snippet,replies"],
        "allThreadsRelatedToChannelId": [CHANNEL],
        "moderationStatus": ["heldForReview"],
        "order": ["time"],
        "textFormat": ["plainText"],
        "maxResults": ["100"],
        "alt": ["json"],
    }
    assert responses.calls[0].request.headers["authorization"] == f"Bearer {TOKEN}"


@responses.activate
def test_names_in_the_text_are_understood_by_their_handles() -> None:
    """YouTube gives no ids of who is named; within the thread the handles lead to them."""
    replies = [
        yt_comment("UgT.1", by="UC5", authorDisplayName="@Sam.Reed", textDisplay="@oakfieldacademy please!"),
        yt_comment("UgT.2", by=CHANNEL, textDisplay="@sam.reed, @kerry-walsh: yes. @nobody-here"),
        yt_comment("UgT.3", by="UC6", authorDisplayName="Old Name", textDisplay="an@email.example"),
    ]
    serve(THREADS, yt_answer([yt_thread("UgT", *replies)]))
    polled = poll(connector("youtube"))
    assert polled.one("UgT.1").mentions == (CHANNEL,)
    assert polled.one("UgT.1").names_school
    assert polled.one("UgT.2").mentions == ("UC5", "UC9")
    assert not polled.one("UgT.2").names_school
    assert polled.one("UgT.3").mentions == ()


@responses.activate
def test_comment_with_little_in_it_is_kept() -> None:
    """No author, no time, no video: the comment is still there to answer."""
    bare = {"id": "UgT", "snippet": {"textOriginal": "hello"}}
    thread = yt_thread("UgT", top=bare)
    del thread["snippet"]["videoId"]
    serve(THREADS, yt_answer([thread]))
    (item,) = poll(connector("youtube")).items
    assert (item.author, item.text, item.created_at, item.post_id) == (Author(None, ""), "hello", None, None)
    assert item.permalink == f"https://www.youtube.com/channel/{CHANNEL}"


@responses.activate
def test_replies_that_the_listing_does_not_show_are_read() -> None:
    """The listing shows about five replies; the others are read page by page."""
    shown = [yt_comment(f"UgT.{number}", parent="UgT") for number in range(5)]
    rest = [yt_comment(f"UgT.{number}", parent="UgT") for number in range(8)]
    serve(THREADS, yt_answer([yt_thread("UgT", *shown, total=8)]))
    serve(REPLIES, yt_answer(rest[:4], "more"), yt_answer([], "last"), yt_answer(rest[4:]))
    polled = poll(connector("youtube"))
    assert set(polled.ids) == {"UgT", *(f"UgT.{number}" for number in range(8))}
    assert _asked()["pageToken"] == ["last"]
    assert _replies_asked() == ["UgT"] * 3


@responses.activate
def test_replies_that_the_listing_shows_cost_nothing_more() -> None:
    """A thread that came whole is not read again."""
    serve(THREADS, yt_answer([yt_thread("UgT", yt_comment("UgT.1")), yt_thread("UgU")]))
    poll(connector("youtube"))
    assert _replies_asked() == []


@responses.activate
def test_number_of_replies_that_cannot_be_read_means_reading_them() -> None:
    """When YouTube does not say how many there are, we look."""
    thread = yt_thread("UgT", total="many")
    del (unsaid := yt_thread("UgU"))["snippet"]["totalReplyCount"]
    serve(THREADS, yt_answer([thread, unsaid]))
    serve(REPLIES, yt_answer([]))
    poll(connector("youtube"))
    assert _replies_asked() == ["UgT", "UgU"]


def _walked(state: dict[str, object], now: datetime, *threads: object) -> tuple[list[str], dict[str, object]]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        recorded.get(THREADS, json=yt_answer(threads))
        recorded.get(REPLIES, json=yt_answer([]))
        polled = poll(connector("youtube"), None, state, now)
        sent = [urlsplit(str(call.request.url)) for call in recorded.calls]
    return [
        parse_qs(each.query)["parentId"][0] for each in sent if each.path.endswith("/comments")
    ], polled.cursor


def test_new_reply_to_an_old_comment_is_found() -> None:
    """A reply moves nothing in YouTube's listing; its number of replies gives it away."""
    old = "2026-11-02T10:00:00Z"
    walked, state = _walked({}, NOW, yt_thread("UgT", total=7, publishedAt=old))
    assert walked == ["UgT"]
    later = NOW + timedelta(hours=6)
    walked, state = _walked(state, later, yt_thread("UgT", total=7, publishedAt=old))
    assert walked == []
    walked, state = _walked(state, later, yt_thread("UgT", total=8, publishedAt=old))
    assert walked == ["UgT"]


def test_reply_that_took_the_place_of_a_deleted_one_is_found() -> None:
    """The number is the same, but the newest reply that the listing shows is another one."""
    old, new = (
        yt_comment(f"UgT.{at}", parent="UgT", publishedAt=f"2026-11-20T{at}:00:00Z") for at in ("10", "15")
    )
    _, state = _walked({}, NOW, yt_thread("UgT", old, total=7))
    later = NOW + timedelta(hours=6)
    walked, state = _walked(state, later, yt_thread("UgT", old, total=7))
    assert walked == []
    walked, state = _walked(state, later, yt_thread("UgT", new, total=7))
    assert walked == ["UgT"]
    walked, _ = _walked(state, later + timedelta(hours=3), yt_thread("UgT", old, total=7))
    assert walked == []


def test_replies_are_read_again_until_the_number_has_settled() -> None:
    """The number of replies can be ahead of the list, so for two hours they are read at every poll."""
    thread = yt_thread("UgT", total=7)
    walked, state = _walked(dict(completed(NOW)), NOW, thread)
    for minutes in (5, 60, 119):
        walked, state = _walked(state, NOW + timedelta(minutes=minutes), thread)
        assert walked == ["UgT"], minutes
    walked, state = _walked(state, NOW + timedelta(minutes=121), thread)
    assert walked == []


def test_first_poll_reads_the_replies_of_old_comments_once() -> None:
    """A year of comments, read again at every poll for two hours, would use up the day's quota."""
    old = yt_thread("UgT", total=7, publishedAt="2026-11-02T10:00:00Z")
    fresh = yt_thread("UgU", total=7, publishedAt="2026-11-20T11:00:00Z")
    walked, state = _walked({}, NOW, old, fresh)
    assert walked == ["UgT", "UgU"]
    walked, _ = _walked(state, NOW + timedelta(minutes=15), old, fresh)
    assert walked == ["UgU"]


def test_first_poll_reaches_as_far_back_as_the_sweep() -> None:
    """What the sweep met first would count as new: a year of old comments, all waiting for an answer."""
    comments = [
        yt_thread(f"Ug{days}", publishedAt=(NOW - timedelta(days=days)).isoformat())
        for days in (29, 200, 364, 366)
    ]
    with responses.RequestsMock() as recorded:
        recorded.get(THREADS, json=yt_answer(comments))
        first = poll(connector("youtube"))
        pages = list(connector("youtube").sweep("comments", NOW - timedelta(days=7), NOW))
    assert first.ids == ["Ug29", "Ug200", "Ug364"]
    assert {item.external_id for page in pages for item in page.items} <= set(first.ids)


def test_state_does_not_grow_with_the_comments() -> None:
    """Only what the listing does not show whole is remembered, and only as far back as is listed."""
    state: dict[str, object] = {}
    for turn in range(20):
        now = NOW + timedelta(days=turn)
        times = [(now - timedelta(hours=hours)).isoformat() for hours in range(1, 101)]
        threads = [yt_thread(f"Ug{turn}-{number}", publishedAt=at) for number, at in enumerate(times)]
        busy = yt_thread(f"UgBusy{turn}", total=7, publishedAt=times[0])
        _, state = _walked(state, now, busy, *threads)
        assert len(json.dumps(state)) < 300


@pytest.mark.parametrize(
    "threads",
    [7, {"UgT": 7}, {"UgT": [7]}, {"UgT": [7, "x", None]}, {"UgT": [7, "2026-11-01", None]}, {}],
)
def test_damaged_memory_of_threads_means_reading_them(threads: object) -> None:
    """A state that cannot be read costs a request, never a reply."""
    walked, _ = _walked(dict(completed(NOW, threads=threads)), NOW, yt_thread("UgT", total=7))
    assert walked == ["UgT"]


@responses.activate
def test_listing_goes_back_as_far_as_replies_count_and_no_further() -> None:
    """A page with one thread that is recent enough is followed by another; a page of old ones is the last.

    Which old ones a page shows depends on what was deleted since, so none of them surfaces as new.
    """

    def day(number: int) -> str:
        return (NOW - timedelta(days=number)).isoformat()

    serve(
        THREADS,
        yt_answer([yt_thread("A", publishedAt=day(1)), yt_thread("B", publishedAt=day(40))], "2"),
        yt_answer([yt_thread("C", publishedAt=day(31)), yt_thread("D", publishedAt=day(29))], "3"),
        yt_answer([], "4"),
        yt_answer([yt_thread("E", publishedAt=day(31)), yt_thread("F", publishedAt=day(32))], "5"),
        yt_answer([yt_thread("G", publishedAt=day(33))], "6"),
    )
    assert poll(connector("youtube"), None, completed(NOW)).ids == ["A", "D"]
    assert len(responses.calls) == 4


@responses.activate
def test_long_outage_is_read_back_in_full() -> None:
    """After weeks without a poll the listing goes back to the last complete one, less the overlap."""
    old = (NOW - timedelta(days=50)).isoformat()
    older = (NOW - timedelta(days=53)).isoformat()
    serve(
        THREADS,
        yt_answer([yt_thread("A", publishedAt=old)], "2"),
        yt_answer([yt_thread("B", publishedAt=older)], "3"),
        yt_answer([yt_thread("C", publishedAt=older)]),
    )
    state = completed(NOW - timedelta(days=50))
    assert poll(connector("youtube"), None, state).ids == ["A"]
    assert len(responses.calls) == 2


@responses.activate
@pytest.mark.parametrize(
    "reason", ["commentThreadNotFound", "parentCommentNotFound", "parentCommentIsPrivate"]
)
def test_thread_that_vanishes_midway_does_not_stop_the_others(reason: str) -> None:
    """A thread deleted between listing and reading is simply gone."""
    serve(THREADS, yt_answer([yt_thread("UgT", total=7), yt_thread("UgU")]))
    serve(REPLIES, yt_error(reason), status=404)
    assert poll(connector("youtube")).ids == ["UgT", "UgU"]


@responses.activate
def test_switched_off_comments_are_noyt_error() -> None:
    """A channel that allows no comments has none to read."""
    serve(THREADS, yt_error("commentsDisabled"), status=403)
    polled = poll(connector("youtube"))
    assert polled.items == []
    assert polled.cursor


@responses.activate
def test_broken_comments_are_set_aside_and_the_rest_is_kept() -> None:
    """Every broken comment is a row for a person that names the field."""
    broken: list[object] = [
        yt_thread("B1", top={"id": "B1", "snippet": {}}),
        yt_thread("B2", publishedAt=float("nan")),
        yt_thread("B3", textDisplay=["x"]),
        yt_thread("B4", authorChannelId="UC9"),
        yt_thread("B5", top="words"),
        yt_thread("B6", top={"snippet": {"textDisplay": "x"}}),
        {"id": "B7"},
        {"snippet": {}},
        "thread",
    ]
    good_reply = yt_comment("Ok.1", parent="Ok")
    serve(THREADS, yt_answer([*broken, yt_thread("Ok", good_reply, {"id": 1.5}, None, publishedAt="?")]))
    serve(REPLIES, yt_answer([]))
    polled = poll(connector("youtube"))
    assert polled.ids == ["Ok.1"]
    assert [(each.external_id, each.reason) for each in polled.rejected] == [
        ("B1", "textOriginal is missing"),
        ("B2", "publishedAt is not a time"),
        ("B3", "textDisplay is not text"),
        ("B4", "authorChannelId is not an object"),
        (None, "item is not an object"),
        (None, "id is missing"),
        (None, "item is not an object"),
        (None, "id of the thread is missing or is not an id"),
        (None, "id of the thread is missing or is not an id"),
        ("Ok", "publishedAt is not a time"),
        (None, "id is not an id"),
        (None, "item is not an object"),
    ]


@responses.activate
def test_broken_list_of_replies_leaves_the_comment() -> None:
    """What is shown of the replies may be broken; the comment is read, and the replies are fetched."""
    thread = yt_thread("UgT", total=1) | {"replies": {"comments": "broken"}}
    serve(THREADS, yt_answer([thread]))
    serve(REPLIES, yt_answer([yt_comment("UgT.1", parent="UgT")]))
    polled = poll(connector("youtube"))
    assert polled.ids == ["UgT", "UgT.1"]
    assert [each.reason for each in polled.rejected] == ["comments is not a list"]


@responses.activate
def test_text_arrives_as_it_was_sent() -> None:
    """NUL, lone surrogates, a megabyte, bytes that are no text: the SDK stumbles over none of it."""
    odd = "\ud800 and \x00"
    answer = yt_answer(
        [yt_thread("A", textDisplay=odd), yt_thread("B", textDisplay="caf@" + "b" * 1_000_000)]
    )
    responses.get(THREADS, body=json.dumps(answer).encode().replace(b"caf@", b"caf\xe9"))
    polled = poll(connector("youtube"))
    assert polled.one("A").text == odd
    assert polled.one("B").text.startswith("caf\ufffdbbb")


@responses.activate
def test_listing_that_runs_in_a_circle_is_stopped() -> None:
    """A page token that comes again ends the poll, threads or replies."""
    serve(THREADS, yt_answer([yt_thread("UgT", total=9)]))
    serve(REPLIES, yt_answer([], "a"), yt_answer([], "b"), yt_answer([], "a"))
    with pytest.raises(BadResponse, match="circle"):
        poll(connector("youtube"))


# Sign-in

AUTHORISED = json.dumps(
    {"refresh_token": TOKEN, "client_id": "oakfield.apps.example", "client_secret": "secret-" + TOKEN}
)


@responses.activate
def test_authorised_user_gets_a_token_once_per_poll() -> None:
    """Google's own JSON works: one token is fetched, with our timeout, and used for the whole poll."""
    responses.post(TOKEN_URI, json={"access_token": "fresh", "expires_in": 3599, "token_type": "Bearer"})
    serve(THREADS, yt_answer([], "2"), yt_answer([]))
    poll(connector("youtube", token=AUTHORISED))
    assert [str(call.request.url).split("?")[0] for call in responses.calls] == [TOKEN_URI, THREADS, THREADS]
    assert responses.calls[2].request.headers["authorization"] == "Bearer fresh"
    assert responses.calls[0].request.req_kwargs["timeout"] == (5.0, 30.0)  # type: ignore[attr-defined]


@responses.activate
def test_refused_token_is_renewed_once() -> None:
    """A fresh token that is refused is not renewed again and again: one try, then a person."""
    responses.post(TOKEN_URI, json={"access_token": "fresh", "expires_in": 3599})
    serve(THREADS, yt_error("authError"), status=401)
    with pytest.raises(AuthExpired):
        poll(connector("youtube", token=AUTHORISED))
    assert len(responses.calls) == 2


@responses.activate
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"error": "invalid_grant", "error_description": f"about {TOKEN}"}, AuthExpired),
        (401, {"error": "invalid_client"}, BugOrConfig),
        (401, {"error": "unauthorized_client"}, BugOrConfig),
        (200, {"expires_in": 3599}, AuthExpired),
        (500, {"error": "internal_failure"}, Transient),
        (503, "<html>", Transient),
        (429, {}, Transient),
        (200, "<html>Sign in to the network</html>", Transient),
        (302, "", Transient),
        (200, [], Transient),
    ],
)
def test_trouble_with_the_sign_in_is_sorted(status: int, body: object, kind: type[ConnectorError]) -> None:
    """A dead sign-in needs a person, a sign-in that cannot be reached does not; it is asked once."""
    responses.post(TOKEN_URI, body=body if isinstance(body, str) else json.dumps(body), status=status)
    with pytest.raises(ConnectorError) as caught:
        poll(connector("youtube", token=AUTHORISED))
    assert type(caught.value) is kind
    assert len(responses.calls) == 1
    assert TOKEN not in str(caught.value)
    assert caught.value.__context__ is None


@responses.activate
def test_sign_in_that_does_not_answer_is_transient() -> None:
    """The token server is one more host that can be away."""
    responses.post(TOKEN_URI, body=ConnectionError(TOKEN))
    with pytest.raises(Transient):
        poll(connector("youtube", token=AUTHORISED))


@pytest.mark.parametrize(
    "token",
    [
        "{",
        '{"refresh_token": "SECRET"}',
        '{"refresh_token": 7, "client_id": "SECRET", "client_secret": "b"}',
    ],
)
def test_token_file_that_cannot_be_used_is_named(token: str) -> None:
    """A half-copied token file is a setting to mend; nothing of it is quoted."""
    with pytest.raises(BugOrConfig, match="token file") as caught:
        connector("youtube", token=token)
    assert "SECRET" not in str(caught.value)


# Errors


RESOURCES = {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "words"}}
ERRORS: list[tuple[int, object, type[ConnectorError]]] = [
    *[(403, yt_error(reason), QuotaExhausted) for reason in ("quotaExceeded", "dailyLimitExceeded")],
    (429, RESOURCES, QuotaExhausted),
    (429, yt_error("rateLimitExceeded", status="RESOURCE_EXHAUSTED"), RateLimited),
    *[(403, yt_error(reason), RateLimited) for reason in ("rateLimitExceeded", "userRateLimitExceeded")],
    (429, yt_error("rateLimitExceeded"), RateLimited),
    (429, {}, RateLimited),
    *[
        (403, yt_error(reason), PermissionMissing)
        for reason in (
            "forbidden",
            "insufficientPermissions",
            "ineligibleAccount",
            "authenticatedUserNotChannel",
            "accountDelegationForbidden",
            "authenticatedUserAccountClosed",
            "authenticatedUserAccountSuspended",
            "channelClosed",
            "channelSuspended",
            "accessNotConfigured",
            "somethingNew",
        )
    ],
    (401, yt_error("authError"), AuthExpired),
    (401, {}, AuthExpired),
    (404, yt_error("channelNotFound"), NotFound),
    (404, yt_error("videoNotFound"), NotFound),
    *[
        (400, yt_error(reason), BugOrConfig)
        for reason in (
            "invalidPageToken",
            "incompatibleParameters",
            "invalidFilters",
            "missingRequiredParameter",
        )
    ],
    (500, yt_error("backendError"), Transient),
    (503, yt_error("internalError"), Transient),
    (403, {"error": "broken"}, PermissionMissing),
    (403, yt_error(["odd"]), PermissionMissing),
    (200, {"kind": "youtube#commentThreadListResponse"}, BadResponse),
    (200, {"items": {}}, BadResponse),
    (200, {"items": [], "nextPageToken": 7}, BadResponse),
]


@responses.activate
@pytest.mark.parametrize(("status", "body", "kind"), ERRORS)
def test_error_is_sorted_by_its_reason(status: int, body: object, kind: type[ConnectorError]) -> None:
    """The table of YouTube's errors: reasons decide, not the HTTP status alone; asked once."""
    serve(THREADS, body, status=status)
    with pytest.raises(ConnectorError) as caught:
        poll(connector("youtube"))
    assert isinstance(caught.value, kind)
    assert caught.value.reason == kind.reason
    assert len(responses.calls) == 1


def _in_turn(address: str, *answers: tuple[int, object]) -> None:
    turns = iter(answers)

    def answer(_: object) -> tuple[int, dict[str, str], str]:
        status, body = next(turns)
        return status, {}, json.dumps(body)

    responses.add_callback(responses.GET, address, answer)


@responses.activate
def test_page_token_refused_midway_starts_the_listing_again() -> None:
    """Page tokens break when moderation changes something; the same poll then begins anew."""
    _in_turn(
        THREADS,
        (200, yt_answer([yt_thread("A")], "2")),
        (400, yt_error("invalidPageToken")),
        (200, yt_answer([yt_thread("B"), yt_thread("A")], "3")),
        (200, yt_answer([yt_thread("C")])),
    )
    polled = poll(connector("youtube"))
    assert polled.ids == ["A", "B", "A", "C"]
    assert polled.cursor
    assert "pageToken" not in _asked(2)


@responses.activate
def test_page_token_refused_again_and_again_waits_for_the_next_poll() -> None:
    """A listing is begun anew once; then the cursor stays, and what came is kept."""
    _in_turn(
        THREADS,
        (200, yt_answer([], "2")),
        (400, yt_error("invalidPageToken")),
        (200, yt_answer([], "3")),
        (400, yt_error("invalidPageToken")),
    )
    with pytest.raises(BadResponse):
        poll(connector("youtube"))


@responses.activate
def test_failure_to_process_is_tried_once_more() -> None:
    """YouTube calls it sometimes transient: once more, and then at the next poll."""
    _in_turn(THREADS, (400, yt_error("processingFailure")), (200, yt_answer([yt_thread("A")])))
    assert poll(connector("youtube")).ids == ["A"]
    responses.reset()
    serve(THREADS, yt_error("processingFailure"), status=400)
    with pytest.raises(Transient):
        poll(connector("youtube"))
    assert len(responses.calls) == 2


@responses.activate
def test_page_that_left_something_out_is_kept_and_read_again() -> None:
    """An error beside the items: they are stored, and the cursor does not move."""
    serve(THREADS, yt_answer([yt_thread("A")]) | yt_error("backendError"))
    pages = connector("youtube").poll("comments", {}, NOW)
    assert [item.external_id for item in next(pages).items] == ["A"]
    with pytest.raises(BadResponse):
        list(pages)


@responses.activate
def test_spent_quota_names_when_it_starts_again() -> None:
    """The day of the quota ends at midnight in California."""
    serve(THREADS, yt_error("quotaExceeded"), status=403)
    with pytest.raises(QuotaExhausted) as caught:
        poll(connector("youtube"))
    assert caught.value.until == datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "renewal"),
    [
        ("2026-11-20T07:59:59+00:00", "2026-11-20T08:00:00+00:00"),
        ("2026-11-20T08:00:00+00:00", "2026-11-21T08:00:00+00:00"),
        ("2026-07-01T12:00:00+00:00", "2026-07-02T07:00:00+00:00"),
        ("2026-11-01T06:30:00+00:00", "2026-11-01T07:00:00+00:00"),
        ("2026-11-01T08:30:00+00:00", "2026-11-02T08:00:00+00:00"),
        ("2027-03-14T09:00:00+00:00", "2027-03-15T07:00:00+00:00"),
    ],
)
def test_quota_starts_again_at_midnight_in_los_angeles(now: str, renewal: str) -> None:
    """Summer time and the two days on which the clocks change included."""
    assert quota_renewal(datetime.fromisoformat(now)) == datetime.fromisoformat(renewal)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
SNIPPET = [*yt_comment("A", parent="B")["snippet"]]


@settings(max_examples=100, deadline=None)
@given(
    top=st.dictionaries(st.sampled_from(SNIPPET), JSON, max_size=3),
    thread=st.dictionaries(st.sampled_from(["id", "snippet", "replies"]), JSON, max_size=2),
    reply=st.dictionaries(st.sampled_from(["id", "snippet"]), JSON, max_size=2),
)
def test_no_shape_of_a_thread_costs_the_others(
    top: dict[str, object], thread: dict[str, object], reply: dict[str, object]
) -> None:
    """Whatever stands in one thread, comment or reply, the other threads are kept."""
    odd = yt_comment("Bad")
    odd["snippet"] |= top
    broken = yt_thread("Bad", yt_comment("Bad.1") | reply, top=odd) | thread
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        recorded.get(THREADS, json=yt_answer([yt_thread("A", yt_comment("A.1")), broken, yt_thread("B")]))
        recorded.get(REPLIES, json=yt_answer([]))
        polled = poll(connector("youtube"))
    assert {"A", "A.1", "B"} <= set(polled.ids)
    assert len(polled.items) + len(polled.rejected) >= 4


@settings(max_examples=60, deadline=None)
@given(answers=st.lists(JSON, min_size=1, max_size=3), status=st.sampled_from([200, 200, 200, 400, 403, 429]))
def test_no_answer_raises_anything_but_our_errors(answers: list[object], status: int) -> None:
    """Any JSON at all ends in items or in an error of ours."""
    turns = cycle([yt_answer([yt_thread("A", total=9)], "x"), *answers])
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        for _ in range(4):
            for address in (THREADS, REPLIES):
                recorded.get(address, json=next(turns), status=status)
        with suppress(ConnectorError):
            poll(connector("youtube", max_pages=4))
