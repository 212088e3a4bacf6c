"""X: messages, quotes, the sweep, what listings cannot reach, and what reading costs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from requests import PreparedRequest

from connectors.answers.x_meter import id_at, time_of
from connectors.base import (
    BadResponse,
    BugOrConfig,
    Capability,
    ConnectorError,
    Missed,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    Scope,
    completed,
)
from moderation.items import Author, ItemKind, Reference, Sighting
from tests.connectors.wire import (
    LOOKUP,
    ME,
    MENTIONS,
    NOW,
    OWN,
    SEARCH,
    X_MESSAGES,
    X_TALK,
    X,
    connector,
    poll,
    quotes_of,
    serve,
    x_answer,
    x_message,
    x_post,
)

SCHOOL = ME["x"].external_id
WEEK_AGO = NOW - timedelta(days=7)


def _asked(call: int = -1) -> dict[str, list[str]]:
    return parse_qs(urlsplit(str(responses.calls[call].request.url)).query)


def _paths() -> list[str]:
    return [urlsplit(str(call.request.url)).path for call in responses.calls]


def _number(age: timedelta) -> int:
    """Return the id of a post that is so old."""
    return int(id_at(NOW - age))


# Messages


@responses.activate
def test_message_is_read_with_its_conversation() -> None:
    """Who wrote what in which conversation; pictures only as kinds; both directions."""
    picture = x_message(9, text=None, attachments={"media_keys": ["3_1"]})
    ours = x_message(8, sender_id=SCHOOL)
    serve(X_MESSAGES, x_answer([picture, ours], media=[{"media_key": "3_1", "type": "photo"}]))
    first, second = poll(connector("x"), "messages").items
    assert first == Sighting(
        external_id="9",
        kind=ItemKind.MESSAGE,
        thread_id=X_TALK,
        parent_id=None,
        post_id=None,
        author=Author("55", "Kerry Walsh"),
        is_own=False,
        text="",
        created_at=datetime(2026, 11, 20, 9, 58, 1, tzinfo=UTC),
        permalink=f"https://x.com/messages/{X_TALK}",
        names_school=True,
        media=("photo",),
    )
    assert (second.is_own, second.thread_id) == (True, X_TALK)


@responses.activate
def test_message_without_a_conversation_gets_that_of_the_two() -> None:
    """The conversation of two people is their ids, the smaller first."""
    events = [x_message(9, dm_conversation_id=None), x_message(8, dm_conversation_id=None, sender_id=None)]
    serve(X_MESSAGES, x_answer(events))
    assert [item.thread_id for item in poll(connector("x"), "messages").items] == [X_TALK, "8"]


@responses.activate
def test_only_messages_are_asked_for_and_kept() -> None:
    """Who joined or left a group is no message; a broken one waits for a person."""
    joined = x_message(7, event_type="ParticipantsJoin", text=None)
    serve(X_MESSAGES, x_answer([joined, x_message(8), x_message(9, created_at="soon"), "?"]))
    polled = poll(connector("x"), "messages")
    assert polled.ids == ["8"]
    assert [each.external_id for each in polled.rejected] == ["9", None]
    assert _asked()["event_types"] == ["MessageCreate"]
    assert "since_id" not in _asked()


@responses.activate
def test_messages_are_read_to_a_page_wholly_before_the_overlap() -> None:
    """X has no lower bound here and sorts roughly: one old message is no end, an old page is."""
    fresh = {"created_at": "2026-11-20T11:59:00Z"}
    old = {"created_at": "2026-11-20T09:00:00Z"}
    serve(
        X_MESSAGES,
        x_answer([x_message(9, **fresh), x_message(8, **old), x_message(7, **fresh)], "two"),
        x_answer([], "three"),
        x_answer([x_message(6, **old), x_message(5, created_at=None)], "four"),
        x_answer([x_message(4, **old), x_message(3, **old)], "five"),
    )
    polled = poll(connector("x"), "messages", completed(NOW - timedelta(minutes=5)))
    assert polled.ids == ["9", "8", "7", "6", "5", "4", "3"]
    assert len(responses.calls) == 4
    assert polled.cursor == completed(NOW)


@responses.activate
def test_frequent_polls_read_short_pages_of_messages() -> None:
    """X charges for every message of the last page; after a silence the pages are long, for they are few."""
    serve(X_MESSAGES, x_answer([]))
    for last, together in ((timedelta(minutes=5), "25"), (timedelta(hours=2), "100")):
        poll(connector("x"), "messages", completed(NOW - last))
        assert _asked()["max_results"] == [together]


@responses.activate
def test_messages_that_nobody_read_for_longer_than_x_keeps_them_are_missed() -> None:
    """After more than thirty days of silence, that time counts as not seen."""
    serve(X_MESSAGES, x_answer([]))
    last = NOW - timedelta(days=40)
    polled = poll(connector("x"), "messages", completed(last))
    assert [page.missed for page in polled.pages if page.missed] == [
        (Missed(last, NOW - timedelta(days=30), "X lists direct messages only 30 days back"),)
    ]
    assert not any(page.missed for page in poll(connector("x", first_poll_days=60), "messages").pages)


@responses.activate
def test_token_without_the_scope_for_messages_lacks_a_permission() -> None:
    """Public streams go on; the one for messages says what it needs."""
    serve(X_MESSAGES, {"title": "Forbidden", "type": "about:blank"}, status=403)
    with pytest.raises(PermissionMissing, match=r"dm\.read"):
        poll(connector("x"), "messages")


def test_encrypted_chats_are_said_to_be_unreadable() -> None:
    """Nobody may think that all messages are read."""
    missing = connector("x").capabilities()[Capability.READ_MESSAGES]
    assert missing is not None
    assert missing.partly
    assert "encrypted" in missing.reason


def test_comments_that_nobody_searches_for_are_said_to_be_missing() -> None:
    """Replies to older posts that do not name the school: the setting decides how old."""
    for days in (14, 60):
        missing = connector("x", conversation_days=days).capabilities()[Capability.READ_COMMENTS]
        assert missing is not None
        assert missing.partly
        assert f"last {days} days" in missing.reason


@responses.activate
def test_more_messages_than_x_gives_at_once_do_not_stop_the_account() -> None:
    """The newest are kept and the rest is told, or every poll would fail in the same place for ever."""
    for number in range(12):
        fresh = {"created_at": (NOW - timedelta(minutes=number)).isoformat()}
        serve(X_MESSAGES, x_answer([x_message(100 - number, **fresh)], f"token-{number}"))
    responses.get(X_MESSAGES, status=429, json={})
    last = NOW - timedelta(days=3)
    polled = poll(connector("x"), "messages", completed(last))
    assert len(polled.ids) == 12
    assert polled.cursor == completed(NOW)
    (missed,) = [page.missed for page in polled.pages if page.missed]
    assert (missed[0].began_at, missed[0].ended_at) == (last, NOW - timedelta(minutes=11))


@responses.activate
def test_messages_refused_early_are_read_again() -> None:
    """Other polls may have used the quarter of an hour up; waiting helps."""
    serve(X_MESSAGES, x_answer([x_message(9)], "two"))
    responses.get(X_MESSAGES, status=429, json={})
    with pytest.raises(RateLimited):
        poll(connector("x"), "messages")


# Quotes


@responses.activate
def test_quotes_of_recent_posts_are_read() -> None:
    """Every version of a quoted post is asked for; posts that nobody quoted and replies are not."""
    serve(
        OWN,
        x_answer(
            [
                x_post(30, author_id=SCHOOL, public_metrics={"quote_count": 2}),
                x_post(31, author_id=SCHOOL, public_metrics={"quote_count": 0}),
                x_post(33, author_id=SCHOOL, conversation_id="32", edit_history_tweet_ids=["32", "33"]),
                x_post(34, author_id=SCHOOL, conversation_id="7"),
            ]
        ),
    )
    serve(quotes_of(30), x_answer([x_post(40)], "more"), x_answer([x_post(41, entities=None)]))
    serve(quotes_of(32), x_answer([]))
    serve(quotes_of(33), x_answer([x_post(42)]))
    polled = poll(connector("x"), "quotes")
    assert polled.ids == ["40", "41", "42"]
    assert polled.cursor == completed(NOW, quotes_counted={"30": 2, "32": None})
    assert _asked(0)["since_id"] == [id_at(NOW - timedelta(days=14))]
    assert _asked(0)["exclude"] == ["retweets,replies"]


@responses.activate
def test_quotes_of_a_post_deleted_meanwhile_end_nothing() -> None:
    """Between listing our posts and asking for quotes one may go; the others are still read."""
    serve(OWN, x_answer([x_post(30, author_id=SCHOOL), x_post(31, author_id=SCHOOL)]))
    serve(quotes_of(30), {"errors": [{"type": "https://api.x.com/2/problems/resource-not-found"}]})
    serve(quotes_of(31), x_answer([x_post(40)]))
    assert poll(connector("x"), "quotes").ids == ["40"]


def _quoted(number: int, count: object = 1) -> dict[str, object]:
    return x_post(number, author_id=SCHOOL, public_metrics={"quote_count": count})


class _Quotes:
    """X's listing of quotes: it counts requests and gives so many in a quarter of an hour."""

    def __init__(self, given: int = 75) -> None:
        self.given = given
        self.asked: list[str] = []
        address = re.compile(rf"{X}/tweets/\d+/quote_tweets")
        responses.add_callback("GET", address, self._answer, content_type="application/json")

    def _answer(self, request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        if len(self.asked) == self.given:
            return 429, {"x-rate-limit-reset": str(int(RESET.timestamp()))}, "{}"
        self.asked.append(urlsplit(str(request.url)).path.split("/")[-2])
        return 200, {}, json.dumps(x_answer([x_post(9)]))


def _polls(times: int, minutes: float, state: dict[str, object]) -> dict[str, object]:
    for turn in range(times):
        state = poll(connector("x"), "quotes", state, NOW + turn * timedelta(minutes=minutes)).cursor
    return state


@responses.activate
def test_many_quoted_posts_are_read_over_several_polls() -> None:
    """X takes 75 such requests in a quarter of an hour: the next poll reads the rest, then a few in turn."""
    serve(OWN, x_answer([_quoted(number) for number in range(1000, 1100)]))
    quotes = _Quotes(given=1000)
    state = _polls(2, 5, {})
    assert quotes.asked == [str(number) for number in range(1000, 1100)]
    state = _polls(20, 5, state)
    assert quotes.asked[100:] == [str(number) for number in range(1000, 1100)]
    assert "quotes_read_to" not in state
    assert len(json.dumps(state)) < 2000


@responses.activate
def test_new_quotes_are_asked_for_at_once() -> None:
    """X tells how often each post was quoted: where that number is another, nothing waits for its turn."""
    serve(OWN, x_answer([_quoted(number) for number in range(1000, 1040)]))
    quotes = _Quotes()
    state = _polls(1, 5, {})
    responses.remove("GET", OWN)
    serve(OWN, x_answer([_quoted(number, 2 if number >= 1033 else 1) for number in range(1000, 1040)]))
    _polls(1, 5, state)
    assert quotes.asked[40:] == [str(number) for number in range(1033, 1040)]


@responses.activate
@pytest.mark.parametrize("minutes", [5, 2.5])
def test_quotes_fit_into_what_x_gives_for_polls_and_the_sweep(minutes: float) -> None:
    """However many posts were quoted, a quarter of an hour of polls, the first too, and a sweep fit."""
    serve(OWN, x_answer([_quoted(number) for number in range(1000, 1050)]))
    quotes = _Quotes()
    turns = int(15 / minutes)
    state = _polls(turns, minutes, {})
    quotes.asked.clear()
    _polls(turns, minutes, state)
    list(connector("x").sweep("quotes", WEEK_AGO, NOW))
    assert len(quotes.asked) == turns * 5 + 40


@responses.activate
def test_refusal_in_the_middle_of_quotes_keeps_what_was_read() -> None:
    """The next poll goes on behind it; one that is refused at once fails, so that X is left alone."""
    serve(OWN, x_answer([_quoted(1000), _quoted(1001), _quoted(1002)]))
    quotes = _Quotes(given=1)
    first = poll(connector("x"), "quotes")
    assert first.cursor == completed(NOW, quotes_counted={"1000": 1})
    with pytest.raises(RateLimited):
        poll(connector("x"), "quotes", first.cursor)
    quotes.given = 75
    quotes.asked.clear()
    poll(connector("x"), "quotes", first.cursor)
    assert quotes.asked == ["1001", "1002", "1000"]


@responses.activate
def test_post_with_quotes_without_end_does_not_bar_the_others() -> None:
    """More than X gives at once would break off every poll in the same place."""
    serve(OWN, x_answer([_quoted(1000), _quoted(1001)]))
    serve(quotes_of(1000), x_answer([x_post(9)], "two"), x_answer([x_post(8)], "three"))
    responses.get(quotes_of(1000), status=429, json={})
    first = poll(connector("x"), "quotes")
    assert first.ids == ["9", "8"]
    serve(quotes_of(1001), x_answer([x_post(7)]))
    assert poll(connector("x"), "quotes", first.cursor).ids == ["7"]


@responses.activate
def test_own_posts_are_listed_once_for_conversations_and_quotes() -> None:
    """One connector reads a whole poll, so it need not list the same posts twice."""
    serve(OWN, x_answer([]))
    reader = connector("x")
    poll(reader, "conversations")
    poll(reader, "quotes")
    assert len(responses.calls) == 1


# The sweep


@responses.activate
def test_sweep_of_mentions_goes_by_time_and_by_search() -> None:
    """Whatever the polls asked for by id is asked for in two other ways; the pages move no cursor."""
    serve(MENTIONS, x_answer([x_post(3)]))
    serve(SEARCH, x_answer([x_post(4)], "n"), x_answer([x_post(5)]))
    pages = list(connector("x").sweep("mentions", NOW - timedelta(days=3), NOW))
    assert [item.external_id for page in pages for item in page.items] == ["3", "4", "5"]
    assert all(page.cursor is None for page in pages)
    assert _asked(0)["start_time"] == ["2026-11-17T12:00:00Z"]
    assert _asked(1)["query"] == [f"(to:{SCHOOL} OR @OakfieldAcademy) -from:{SCHOOL} -is:retweet"]
    assert _asked(1)["start_time"] == ["2026-11-17T12:00:00Z"]
    assert not any("since_id" in _asked(call) for call in range(3))


@responses.activate
def test_sweep_stays_within_what_x_searches() -> None:
    """An older start would be refused."""
    serve(MENTIONS, x_answer([]))
    serve(SEARCH, x_answer([]))
    list(connector("x").sweep("mentions", WEEK_AGO, NOW))
    assert _asked(0)["start_time"] == ["2026-11-13T12:00:00Z"]
    assert _asked(1)["start_time"] == ["2026-11-13T12:05:00Z"]


@responses.activate
def test_sweep_reads_all_other_streams_again() -> None:
    """Own posts by time, conversations by search, quotes even where X counts none, messages to the end."""
    root = x_post(30, author_id=SCHOOL, public_metrics={"quote_count": 0})
    serve(OWN, x_answer([root]))
    serve(SEARCH, x_answer([x_post(40, conversation_id="30")]))
    serve(quotes_of(30), x_answer([x_post(41)]))
    old = {"created_at": "2026-11-13T11:00:00Z"}
    serve(X_MESSAGES, x_answer([x_message(8)], "two"), x_answer([x_message(7, **old)], "three"))
    reader = connector("x")
    found = {
        stream: [item.external_id for page in reader.sweep(stream, WEEK_AGO, NOW) for item in page.items]
        for stream in ("own", "conversations", "quotes", "messages")
    }
    assert found == {"own": ["30"], "conversations": ["40"], "quotes": ["41"], "messages": ["8", "7"]}
    assert not any("since_id" in _asked(call) for call in range(len(responses.calls)))


def test_sweep_reaches_seven_days_at_most() -> None:
    """X searches no further, so no setting asks for more."""
    assert connector("x").sweep_days() == 7
    assert connector("x", sweep_days=3).sweep_days() == 3
    with pytest.raises(BugOrConfig, match="sweep_days"):
        connector("x", sweep_days=8)
    with pytest.raises(BugOrConfig):
        list(connector("x").sweep("no-such-stream", WEEK_AGO, NOW))


# What listings cannot reach


def _full_listing(count: int, youngest: timedelta) -> None:
    numbers = [_number(youngest + timedelta(seconds=each)) for each in range(count)]
    pages = [numbers[start : start + 100] for start in range(0, count, 100)]
    for place, page in enumerate(pages):
        token = None if place == len(pages) - 1 else f"page-{place + 1}"
        serve(MENTIONS, x_answer([x_post(number) for number in page], token))


@responses.activate
def test_more_mentions_than_x_lists_are_told() -> None:
    """X raises the lower bound without a word: the time between is not called seen."""
    _full_listing(800, timedelta(minutes=1))
    last = NOW - timedelta(hours=5)
    (missed,) = [
        page.missed for page in poll(connector("x"), "mentions", completed(last)).pages if page.missed
    ]
    assert missed[0].began_at == last
    assert missed[0].ended_at == NOW - timedelta(minutes=1, seconds=799)
    assert "800" in missed[0].reason


@responses.activate
@pytest.mark.parametrize(("count", "last"), [(700, timedelta(hours=5)), (800, timedelta(minutes=3))])
def test_listing_that_reached_far_enough_missed_nothing(count: int, last: timedelta) -> None:
    """Fewer than X lists, or back to what the last poll saw: nothing is lost, whatever the overlap."""
    _full_listing(count, timedelta(minutes=1))
    polled = poll(connector("x"), "mentions", completed(NOW - last))
    assert not any(page.missed for page in polled.pages)


@responses.activate
def test_conversations_that_nobody_searched_in_time_are_missed() -> None:
    """X searches seven days; a longer silence of ours is told."""
    serve(OWN, x_answer([]))
    last = NOW - timedelta(days=9)
    pages = poll(connector("x"), "conversations", completed(last)).pages
    assert [page.missed[0].began_at for page in pages if page.missed] == [last]


# Allowances


RESET = NOW + timedelta(minutes=9)


def _headers(kind: str, remaining: str, reset: datetime = RESET) -> dict[str, str]:
    return {
        f"{kind}-limit": "300",
        f"{kind}-remaining": remaining,
        f"{kind}-reset": str(int(reset.timestamp())),
    }


@responses.activate
def test_windows_are_kept_by_address() -> None:
    """Each address has an allowance of its own, whatever ids stand in it; odd headers are passed over."""
    responses.get(MENTIONS, json=x_answer([]), headers=_headers("x-rate-limit", "287"))
    responses.get(OWN, json=x_answer([]), headers=_headers("x-rate-limit", "many"))
    responses.get(X_MESSAGES, json=x_answer([]), headers=_headers("x-app-limit-24hour", "30"))
    reader = connector("x")
    for stream in ("mentions", "own", "messages"):
        poll(reader, stream)
    windows = reader.meter.windows
    assert set(windows) == {"GET /2/users/{id}/mentions", "GET /2/dm_events in 24 hours, all accounts"}
    mentions = windows["GET /2/users/{id}/mentions"]
    assert (mentions.limit, mentions.remaining, mentions.resets_at) == (300, 287, RESET)
    assert windows["GET /2/dm_events in 24 hours, all accounts"].shared
    assert reader.meter.calls == 3


@responses.activate
def test_spent_window_stops_its_stream_only() -> None:
    """Other addresses have windows of their own."""
    responses.get(
        MENTIONS, json={"title": "Too Many Requests"}, status=429, headers=_headers("x-rate-limit", "0")
    )
    with pytest.raises(RateLimited) as caught:
        poll(connector("x"), "mentions")
    assert (caught.value.scope, caught.value.until) == (Scope.STREAM, RESET)


@responses.activate
def test_spent_day_of_the_app_stops_every_account() -> None:
    """A window may have room while the app's day is spent; the later time is waited for."""
    tomorrow = NOW + timedelta(hours=8)
    headers = _headers("x-rate-limit", "290") | _headers("x-app-limit-24hour", "0", tomorrow)
    responses.get(MENTIONS, json={"title": "Too Many Requests"}, status=429, headers=headers)
    with pytest.raises(RateLimited) as caught:
        poll(connector("x"), "mentions")
    assert (caught.value.scope, caught.value.until) == (Scope.APP, tomorrow)


@responses.activate
@pytest.mark.parametrize(("status", "title"), [(402, "CreditsDepleted"), (429, "UsageCapExceeded")])
def test_spent_credit_stops_every_account(status: int, title: str) -> None:
    """Credit and cap are the app's."""
    serve(MENTIONS, {"title": title}, status=status)
    with pytest.raises(QuotaExhausted) as caught:
        poll(connector("x"), "mentions")
    assert caught.value.scope is Scope.APP


# Money


@responses.activate
def test_posts_are_charged_once_a_day() -> None:
    """What two streams bring is paid once; a message, a post and an own post have their prices."""
    post = x_post(_number(timedelta(hours=1)))
    serve(MENTIONS, x_answer([post, x_post(_number(timedelta(hours=2)))]))
    serve(OWN, x_answer([]))
    serve(X_MESSAGES, x_answer([x_message(_number(timedelta(hours=3)))]))
    reader = connector("x", owns_app=True)
    poll(reader, "mentions")
    assert reader.meter.cost == Decimal("0.002")
    poll(reader, "mentions")
    assert reader.meter.cost == Decimal("0.002")
    poll(reader, "messages")
    assert reader.meter.cost == Decimal("0.012")
    poll(reader, "mentions", now=NOW + timedelta(days=1))
    assert reader.meter.cost == Decimal("0.014")


@responses.activate
@pytest.mark.parametrize(
    ("last", "cost"), [(timedelta(minutes=30), "0.005"), (timedelta(days=1), "0.010"), (None, "0.010")]
)
def test_what_an_earlier_poll_of_the_day_read_is_paid(last: timedelta | None, cost: str) -> None:
    """The overlap is read every few minutes and charged once; the first poll of a day pays for it anew."""
    posts = [x_post(_number(timedelta(minutes=10))), x_post(_number(timedelta(hours=1)))]
    serve(MENTIONS, x_answer(posts))
    reader = connector("x")
    poll(reader, "mentions", {} if last is None else completed(NOW - last))
    assert reader.meter.cost == Decimal(cost)


def test_prices_are_settings() -> None:
    """X changes its prices; the numbers of the console are put into the settings."""
    assert connector("x", price_post=0.004).monthly_estimate(10) < connector("x").monthly_estimate(10)
    with pytest.raises(BugOrConfig, match="price_post"):
        connector("x", price_post=-1)


@pytest.mark.parametrize(("owns_app", "dollars"), [(False, "34.07"), (True, "21.49")])
def test_month_is_estimated_before_anything_is_asked(owns_app: bool, dollars: str) -> None:
    """Ten items a day: what was worked out by hand, from X's prices and what is read again."""
    assert connector("x", owns_app=owns_app).monthly_estimate(10) == Decimal(dollars)


def test_estimate_grows_with_what_comes_and_what_is_read() -> None:
    """More items, a longer sweep and dearer reading cost more; nothing at all costs little."""
    quiet = connector("x").monthly_estimate(0)
    assert Decimal(0) < quiet < Decimal(20)
    assert connector("x").monthly_estimate(-5) == quiet
    assert connector("x").monthly_estimate(20) > connector("x").monthly_estimate(10) > quiet
    assert connector("x", sweep_days=1).monthly_estimate(10) < connector("x").monthly_estimate(10)


# Tokens


def _secret(**parts: object) -> str:
    return json.dumps({"access_token": "inner-token", **parts})


@responses.activate
def test_token_of_the_sign_in_is_used_alone() -> None:
    """Of the sign-in's JSON only the access token is sent."""
    serve(MENTIONS, x_answer([]))
    poll(connector("x", token=_secret(refresh_token="r", client_id="c")), "mentions")
    assert responses.calls[0].request.headers["Authorization"] == "Bearer inner-token"


@pytest.mark.parametrize("secret", ["{", "{}", '{"access_token": 7}', '{"access_token": ""}', "{" * 9000])
def test_sign_in_without_a_token_is_a_setting_to_mend(secret: str) -> None:
    """A damaged secret is not sent to X as if it were one."""
    with pytest.raises(BugOrConfig, match="Connect the account again"):
        connector("x", token=secret)


@responses.activate
def test_proof_says_what_the_token_may_not() -> None:
    """The account is the one in the settings; scopes left out at the sign-in are named; so is the end."""
    serve(f"{X}/users/me", {"data": {"id": SCHOOL, "username": "OakfieldAcademy", "name": "Oakfield"}})
    secret = _secret(scope="tweet.read users.read tweet.write", expires_at="2026-11-20T14:00:00+00:00")
    proof = connector("x", token=secret).prove(NOW)
    assert proof.scopes == ("tweet.read", "users.read", "tweet.write")
    assert proof.expires_at == NOW + timedelta(hours=2)
    assert set(proof.lacking) == {
        Capability.READ_MESSAGES,
        Capability.HIDE,
        Capability.UNHIDE,
        Capability.BLOCK,
        Capability.UNBLOCK,
    }


@responses.activate
@pytest.mark.parametrize("ends", [1_795_000_000, "2026-11-20T14:00:00+00:00", "soon", None, True, 1e300])
def test_token_that_is_renewed_has_no_end(ends: object) -> None:
    """An access token lives two hours and is renewed: nobody is warned of that."""
    serve(f"{X}/users/me", {"data": {"id": SCHOOL}})
    proof = connector("x", token=_secret(refresh_token="r", expires_at=ends)).prove(NOW)
    assert proof.expires_at is None
    assert (proof.scopes, proof.lacking) == (None, ())


@responses.activate
def test_token_of_another_account_is_noticed() -> None:
    """Its mentions would be read as ours, and its replies would not count as the school's."""
    serve(f"{X}/users/me", {"data": {"id": "55", "username": "kerry_walsh"}})
    with pytest.raises(BugOrConfig, match="another account") as caught:
        connector("x").prove(NOW)
    assert "kerry" not in str(caught.value)


@responses.activate
def test_token_of_the_app_alone_is_noticed() -> None:
    """An app's token reads public posts, but is nobody's: X refuses to say whose it is."""
    serve(f"{X}/users/me", {"type": "https://api.x.com/2/problems/unsupported-authentication"}, status=403)
    with pytest.raises(PermissionMissing, match=r"OAuth 2\.0"):
        connector("x").prove(NOW)


@responses.activate
@pytest.mark.parametrize("body", [{"data": []}, {"data": None, "meta": {}}, {"data": {}}])
def test_proof_needs_an_answer(body: object) -> None:
    """An answer without an account is no proof."""
    serve(f"{X}/users/me", body)
    with pytest.raises(ConnectorError):
        connector("x").prove(NOW)


@responses.activate
def test_lookup_answer_of_wrong_shape_is_a_bad_response() -> None:
    """Nothing is gone because an answer was empty."""
    serve(LOOKUP, {})
    with pytest.raises(BadResponse):
        connector("x").lookup([Reference("1", ItemKind.MENTION, "1")], NOW)


def test_ids_of_x_are_times() -> None:
    """A time comes back out of its id; what is no id holds none."""
    moment = datetime(2026, 11, 20, 9, 58, 1, tzinfo=UTC)
    assert time_of(id_at(moment)) == moment
    for odd in ("", "x", "-5", "٣", "9" * 40):
        assert time_of(odd) is None
