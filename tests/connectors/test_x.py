"""X: what its answers become, in both of its vocabularies, and how far a poll reads."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.answers.x_meter import id_at
from connectors.base import (
    AuthExpired,
    BadResponse,
    BugOrConfig,
    ConnectorError,
    Identity,
    NotFound,
    Pausing,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    completed,
)
from connectors.calls.x_reading import QUERY_LENGTH, queries
from moderation.items import Author, ItemKind, Sighting
from tests.connectors.wire import ME, MENTIONS, NOW, OWN, SEARCH, connector, poll, serve, x_answer, x_post

SCHOOL = ME["x"].external_id


def _asked(call: int = -1) -> dict[str, list[str]]:
    return parse_qs(urlsplit(str(responses.calls[call].request.url)).query)


def _in_new_words(answer: dict[str, Any]) -> dict[str, Any]:
    """Say the same in the words that X uses since summer 2026."""
    text = json.dumps(answer)
    for old, new in (
        ("edit_history_tweet_ids", "edit_history_post_ids"),
        ("referenced_tweets", "referenced_posts"),
        ("note_tweet", "note_post"),
        ('"tweets":', '"posts":'),
    ):
        text = text.replace(old, new)
    said: dict[str, Any] = json.loads(text)
    return said


FULL = x_answer(
    [
        x_post(
            1990000000000000003,
            text="@OakfieldAcademy the first 280 characters…",
            note_tweet={"text": "@OakfieldAcademy the whole long text"},
            conversation_id="1990000000000000001",
            in_reply_to_user_id=SCHOOL,
            referenced_tweets=[
                {"type": "quoted", "id": "1980000000000000000"},
                {"type": "replied_to", "id": "1990000000000000002"},
            ],
            edit_history_tweet_ids=["1990000000000000002", "1990000000000000003"],
            attachments={"media_keys": ["3_1", "7_2", "16_3", "9_9"]},
            entities={
                "mentions": [
                    {"username": "oakfieldacademy", "id": SCHOOL},
                    {"username": "year9parent", "id": "77"},
                ]
            },
        )
    ],
    tweets=[
        {
            "id": "1990000000000000002",
            "text": "Open evening",
            "edit_history_tweet_ids": ["1990000000000000001", "1990000000000000002"],
        }
    ],
    media=[
        {"media_key": "3_1", "type": "photo", "url": "https://pbs.example/1.jpg"},
        {"media_key": "7_2", "type": "video"},
        {"media_key": "16_3", "type": "animated_gif"},
    ],
)


@responses.activate
@pytest.mark.parametrize("answer", [FULL, _in_new_words(FULL)], ids=["until July 2026", "since August 2026"])
def test_post_is_read_whole_in_either_vocabulary(answer: dict[str, Any]) -> None:
    """Edits, long text, who is named, what it replies to, media kinds: the same in both sets of words."""
    serve(MENTIONS, answer)
    assert poll(connector("x"), "mentions").items == [
        Sighting(
            external_id="1990000000000000002",
            kind=ItemKind.REPLY,
            thread_id="1990000000000000001",
            parent_id="1990000000000000001",
            post_id="1990000000000000001",
            author=Author("55", "Kerry Walsh"),
            is_own=False,
            text="@OakfieldAcademy the whole long text",
            created_at=datetime(2026, 11, 20, 9, 58, 1, tzinfo=UTC),
            permalink="https://x.com/kerry_walsh/status/1990000000000000003",
            mentions=(SCHOOL, "77"),
            names_school=True,
            media=("photo", "video", "photo", "other"),
        )
    ]


@responses.activate
def test_post_without_anything_optional_is_kept() -> None:
    """Nothing but id and text: the item is there, its author and time unknown."""
    serve(MENTIONS, x_answer([{"id": "9", "text": "hello"}, x_post(8)]))
    item = poll(connector("x"), "mentions").one("9")
    assert item.author == Author(None, "")
    assert item.created_at is None
    assert (item.thread_id, item.parent_id, item.kind) == ("9", None, ItemKind.MENTION)
    assert item.permalink == "https://x.com/i/web/status/9"


@responses.activate
def test_nameless_page_is_kept_and_pointed_out() -> None:
    """When X stops sending authors at all, the posts are kept and a person is told why that may be."""
    serve(MENTIONS, x_answer([{"id": "9", "text": "hello"}]))
    polled = poll(connector("x"), "mentions")
    assert polled.ids == ["9"]
    assert [each.external_id for each in polled.rejected] == [None]
    assert "vocabulary" in polled.rejected[0].reason


@responses.activate
def test_empty_page_is_not_the_end() -> None:
    """X sends empty pages with a next token; the listing ends where there is none."""
    serve(MENTIONS, x_answer([x_post(3)], "two"), x_answer([], "three"), x_answer([x_post(1)]))
    assert poll(connector("x"), "mentions").ids == ["3", "1"]
    assert _asked()["pagination_token"] == ["three"]


@responses.activate
def test_listing_that_runs_in_a_circle_is_stopped() -> None:
    """A token that comes again ends the poll with an error, and the cursor stays."""
    for token in ("a", "b", "a"):
        serve(MENTIONS, x_answer([x_post(3)], token))
    with pytest.raises(BadResponse, match="circle"):
        poll(connector("x"), "mentions")
    assert len(responses.calls) == 3


@responses.activate
def test_listing_without_end_is_stopped() -> None:
    """A listing may not cost more pages than the setting says."""
    for number in range(6):
        serve(MENTIONS, x_answer([], f"token-{number}"))
    with pytest.raises(BadResponse, match="max_pages"):
        poll(connector("x", max_pages=4), "mentions")
    assert len(responses.calls) == 4


@responses.activate
@pytest.mark.parametrize("token", [7, "", [], True])
def test_next_token_that_is_no_token_is_a_bad_response(token: object) -> None:
    """A page token that cannot be read is not taken for the end."""
    serve(MENTIONS, x_answer([x_post(3)], token))
    with pytest.raises(BadResponse):
        poll(connector("x"), "mentions")


def test_id_is_a_time() -> None:
    """The pair of id and time in X's own specification."""
    moment = datetime(2021, 1, 6, 18, 40, 40, tzinfo=UTC)
    assert int(id_at(moment)) <= 1346889436626259968 < int(id_at(moment + timedelta(seconds=1)))
    assert id_at(datetime(2000, 1, 1, tzinfo=UTC)) == "1"


@responses.activate
def test_poll_reads_from_a_time_and_not_from_the_newest_id() -> None:
    """The lower bound is the start of the last complete poll less the overlap, whatever was seen then."""
    serve(MENTIONS, x_answer([x_post(1999999999999999999)]))
    first = poll(connector("x"), "mentions")
    assert _asked()["since_id"] == [id_at(NOW - timedelta(days=30))]
    poll(connector("x"), "mentions", first.cursor, NOW + timedelta(minutes=5))
    assert _asked()["since_id"] == [id_at(NOW - timedelta(hours=2))]
    poll(connector("x", overlap_hours=24), "mentions", first.cursor, NOW + timedelta(days=3))
    assert _asked()["since_id"] == [id_at(NOW - timedelta(hours=24))]


@responses.activate
@pytest.mark.parametrize(
    "state", [{"complete_from": 7}, {"complete_from": "x"}, {"other": 1}, {"complete_from": None}]
)
def test_state_that_cannot_be_read_counts_as_none(state: dict[str, object]) -> None:
    """A damaged cursor costs a longer reading, never an item."""
    serve(MENTIONS, x_answer([]))
    poll(connector("x"), "mentions", state)
    assert _asked()["since_id"] == [id_at(NOW - timedelta(days=30))]


@responses.activate
def test_own_posts_and_replies_are_recognised() -> None:
    """What the school wrote is marked as its own, by hand in the app or not: it stops the clock."""
    reply = x_post(
        5,
        author_id=SCHOOL,
        conversation_id="3",
        referenced_tweets=[{"type": "replied_to", "id": "3"}],
        in_reply_to_user_id="55",
        entities={"mentions": [{"username": "kerry_walsh", "id": "55"}]},
    )
    serve(OWN, x_answer([x_post(6, author_id=SCHOOL, entities=None), reply]))
    post, answer = poll(connector("x"), "own").items
    assert (post.is_own, post.kind, post.parent_id) == (True, ItemKind.POST, None)
    assert (answer.is_own, answer.kind, answer.parent_id) == (True, ItemKind.REPLY, "3")
    assert answer.mentions == ("55",)
    assert not answer.names_school


@responses.activate
def test_broken_posts_are_set_aside_and_the_rest_is_kept() -> None:
    """Every broken post is a row for a person with the name of the field; the page goes on."""
    broken: list[object] = [
        x_post(11, id=None, edit_history_tweet_ids=None),
        x_post(12, created_at=float("nan")),
        x_post(13, created_at="yesterday"),
        x_post(14, created_at="2026-11-20T09:58:01"),
        x_post(15, text=7),
        x_post(16, text=None),
        x_post(17, author_id={"id": "55"}),
        x_post(18, entities=[]),
        x_post(19, referenced_tweets=[{"type": "replied_to"}]),
        x_post(20, id="../../me", edit_history_tweet_ids=None),
        "a post",
        None,
    ]
    serve(MENTIONS, x_answer([x_post(1), *broken, x_post(2)]))
    polled = poll(connector("x"), "mentions")
    assert polled.ids == ["1", "2"]
    assert [(each.external_id, each.reason) for each in polled.rejected] == [
        (None, "id is missing"),
        ("12", "created_at is not a time"),
        ("13", "created_at is not a time"),
        ("14", "created_at is a time without an offset"),
        ("15", "text is not text"),
        ("16", "text is missing"),
        ("17", "author_id is not an id"),
        ("18", "entities is not an object"),
        ("19", "id is missing"),
        (None, "id is not an id"),
        (None, "item is not an object"),
        (None, "item is not an object"),
    ]


@responses.activate
def test_unknown_words_of_the_platform_are_no_error() -> None:
    """New kinds of references, media and fields pass by."""
    post = x_post(
        1, referenced_tweets=[{"type": "remixed", "id": "9"}], attachments={"media_keys": ["1"]}, mood="!"
    )
    serve(
        MENTIONS,
        x_answer([post], media=[{"media_key": "1", "type": "hologram"}, 7], users=[None, {"id": "55"}]),
    )
    item = poll(connector("x"), "mentions").one("1")
    assert item.media == ("other",)
    assert item.author == Author("55", "")


@responses.activate
def test_text_arrives_as_it_was_sent() -> None:
    """NUL, lone surrogates, a megabyte: nothing is lost here; cleaning is the door's work."""
    odd = "\ud800 and \x00 and \udfff"
    serve(MENTIONS, x_answer([x_post(1, text=odd), x_post(2, text="a" * 1_000_000)]))
    polled = poll(connector("x"), "mentions")
    assert polled.one("1").text == odd
    assert len(polled.one("2").text) == 1_000_000


@responses.activate
def test_bytes_that_are_no_text_cost_one_letter() -> None:
    """A comment that breaks the encoding of the whole answer does not hide the others."""
    body = json.dumps(x_answer([x_post(1, text="caf@"), x_post(2)])).encode().replace(b"caf@", b"caf\xe9")
    responses.get(MENTIONS, body=body, content_type="application/json; charset=utf-8")
    polled = poll(connector("x"), "mentions")
    assert polled.ids == ["1", "2"]
    assert polled.one("1").text == "caf\ufffd"


@responses.activate
def test_conversations_under_own_posts_are_searched() -> None:
    """Replies that do not mention us are found; what the other streams bring is left out."""
    roots = [
        x_post(30, author_id=SCHOOL),
        x_post(31, author_id=SCHOOL),
        x_post(33, author_id=SCHOOL, conversation_id="7"),
    ]
    serve(OWN, x_answer(roots))
    serve(SEARCH, x_answer([x_post(40, conversation_id="30", entities=None)], "n"), x_answer([x_post(41)]))
    polled = poll(connector("x"), "conversations")
    assert polled.ids == ["40", "41"]
    assert (polled.one("40").kind, polled.one("40").thread_id) == (ItemKind.REPLY, "30")
    asked = _asked()
    assert asked["query"] == ["(conversation_id:30 OR conversation_id:31) -from:7700900100 -@OakfieldAcademy"]
    assert asked["next_token"] == ["n"]
    oldest = int(asked["since_id"][0])
    assert int(id_at(NOW - timedelta(days=7))) < oldest <= int(id_at(NOW - timedelta(days=6, hours=23)))


@responses.activate
def test_no_recent_posts_means_no_search() -> None:
    """Searching costs money: without conversations there is none, and the stream is complete."""
    serve(OWN, x_answer([]))
    assert poll(connector("x"), "conversations").cursor == completed(NOW)
    assert len(responses.calls) == 1


@given(
    st.lists(st.integers(1, 2**63 - 1).map(str), unique=True, max_size=80),
    st.sampled_from(["", "OakfieldAcademy"]),
)
def test_queries_hold_every_conversation_once_and_fit(conversations: list[str], handle: str) -> None:
    """However many conversations there are, each is in exactly one query that X accepts."""
    made = list(queries(conversations, Identity(SCHOOL, handle)))
    assert all(len(query) <= QUERY_LENGTH for query in made)
    assert re.findall(r"conversation_id:(\d+)", " ".join(made)) == conversations


def test_queries_are_as_few_as_possible() -> None:
    """Twelve conversations of today's length fit in one query, the thirteenth needs another."""
    ids = [str(1990000000000000000 + number) for number in range(25)]
    assert [len(list(queries(ids[:count], ME["x"]))) for count in (0, 1, 12, 13, 24, 25)] == [
        0,
        1,
        1,
        2,
        2,
        3,
    ]


PROBLEM = "https://api.x.com/2/problems/"
ERRORS: list[tuple[int, object, type[ConnectorError]]] = [
    (429, {"title": "Too Many Requests", "type": "about:blank", "status": 429}, RateLimited),
    (429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, RateLimited),
    (429, [{"code": 88}], RateLimited),
    (429, {"title": "UsageCapExceeded", "type": PROBLEM + "usage-capped"}, QuotaExhausted),
    (429, {"type": "https://api.twitter.com/2/problems/usage-capped"}, QuotaExhausted),
    (403, {"title": "UsageCapExceeded"}, QuotaExhausted),
    (402, {"title": "CreditsDepleted", "type": PROBLEM + "credits"}, QuotaExhausted),
    (402, {}, QuotaExhausted),
    (401, {"title": "Unauthorized", "type": "about:blank", "status": 401}, AuthExpired),
    (
        403,
        {"title": "Unsupported Authentication", "type": PROBLEM + "unsupported-authentication"},
        PermissionMissing,
    ),
    (403, {"type": PROBLEM + "client-forbidden"}, PermissionMissing),
    (403, {"type": PROBLEM + "oauth1-permissions"}, PermissionMissing),
    (403, {"type": PROBLEM + "not-authorized-for-resource"}, PermissionMissing),
    (403, {}, PermissionMissing),
    (400, {"type": PROBLEM + "invalid-request", "errors": [{"parameters": {}}]}, BugOrConfig),
    (404, {"type": PROBLEM + "resource-not-found"}, NotFound),
    (410, {}, NotFound),
    (418, {}, BugOrConfig),
    (200, {"errors": [{"title": "Not Found Error", "type": PROBLEM + "resource-not-found"}]}, NotFound),
    (200, {"errors": [{"type": PROBLEM + "not-authorized-for-resource"}]}, PermissionMissing),
    (200, {"errors": [{"type": PROBLEM + "something-new"}]}, BadResponse),
    (200, {"errors": "broken"}, BadResponse),
    (200, {"data": {"id": "1"}, "meta": {}}, BadResponse),
    (200, {"data": []}, BadResponse),
]


@responses.activate
@pytest.mark.parametrize(("status", "body", "kind"), ERRORS)
def test_error_is_sorted_by_its_meaning(status: int, body: object, kind: type[ConnectorError]) -> None:
    """The table of X's errors: what to wait for, what needs a person, what is broken; asked once."""
    serve(MENTIONS, body, status=status)
    with pytest.raises(ConnectorError) as caught:
        poll(connector("x"), "mentions")
    assert type(caught.value) is kind
    assert len(responses.calls) == 1


@responses.activate
@pytest.mark.parametrize(
    ("reset", "until"),
    [
        (str(int((NOW + timedelta(minutes=4)).timestamp())), NOW + timedelta(minutes=4)),
        (str(int((NOW - timedelta(minutes=4)).timestamp())), None),
        ("-5", None),
        ("Fri, 20 Nov 2026 12:10:00 GMT", None),
        ("9" * 400, None),
        (None, None),
    ],
)
def test_window_of_the_rate_limit_is_waited_for(reset: str | None, until: datetime | None) -> None:
    """The reset header says when; where it says nothing usable, we do not pretend to know."""
    headers = {} if reset is None else {"x-rate-limit-reset": reset}
    responses.get(MENTIONS, json={"title": "Too Many Requests"}, status=429, headers=headers)
    with pytest.raises(RateLimited) as caught:
        poll(connector("x"), "mentions")
    assert caught.value.until == until


@responses.activate
def test_used_up_allowance_is_not_waited_for_by_the_window() -> None:
    """A spent plan answers 429 with a reset in minutes; believing it would hide that we are blind."""
    headers = {"x-rate-limit-remaining": "280", "x-rate-limit-reset": str(int(NOW.timestamp()) + 60)}
    responses.get(MENTIONS, json={"title": "UsageCapExceeded"}, status=429, headers=headers)
    with pytest.raises(QuotaExhausted) as caught:
        poll(connector("x"), "mentions")
    assert isinstance(caught.value, Pausing)
    assert caught.value.until is None


@responses.activate
def test_page_token_refused_midway_is_tried_again_next_time() -> None:
    """Page tokens expire; then the listing starts again, and nobody is woken for it."""
    serve(MENTIONS, x_answer([x_post(3)], "old"))
    serve(MENTIONS, {"type": PROBLEM + "invalid-request"}, status=400)
    with pytest.raises(BadResponse):
        poll(connector("x"), "mentions")


@responses.activate
@pytest.mark.filterwarnings("ignore:The 'warn' method is deprecated:DeprecationWarning")
def test_new_vocabulary_is_asked_for_by_setting() -> None:
    """When X drops the old words, one setting asks in the new ones, through the same SDK."""
    serve(MENTIONS, _in_new_words(FULL))
    assert poll(connector("x", vocabulary="post"), "mentions").ids == ["1990000000000000002"]
    asked = _asked()
    assert "note_post" in asked["post.fields"][0]
    assert "tweet.fields" not in asked


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
NAMES = [*sorted(FULL["data"][0]), "referenced_posts", "note_post", "edit_history_post_ids"]


@settings(max_examples=150, deadline=None)
@given(broken=st.dictionaries(st.sampled_from(NAMES), JSON, min_size=1, max_size=3), includes=JSON)
def test_no_shape_of_a_post_costs_the_others(broken: dict[str, object], includes: object) -> None:
    """Whatever stands in one post's fields or beside the posts, the other posts are kept."""
    answer = x_answer([x_post(1), FULL["data"][0] | broken, x_post(2)]) | {"includes": includes}
    with responses.RequestsMock() as recorded:
        recorded.get(MENTIONS, json=answer)
        polled = poll(connector("x"), "mentions")
    assert {"1", "2"} <= set(polled.ids)
    assert len(polled.items) + len([each for each in polled.rejected if "vocabulary" not in each.reason]) == 3


@settings(max_examples=100, deadline=None)
@given(answers=st.lists(JSON, min_size=1, max_size=3), status=st.sampled_from([200, 200, 200, 400, 403, 429]))
def test_no_answer_raises_anything_but_our_errors(answers: list[object], status: int) -> None:
    """Any JSON at all ends in items or in an error of ours."""
    turns = cycle([x_answer([x_post(1)], "next"), *answers])
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        for _ in range(4):
            recorded.get(MENTIONS, json=next(turns), status=status)
        with suppress(ConnectorError):
            poll(connector("x", max_pages=4), "mentions")
