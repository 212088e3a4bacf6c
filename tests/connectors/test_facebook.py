"""Facebook: what Graph's answers become, which posts are read again, and what its errors mean."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import responses
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.answers.graph import WindowClosed
from connectors.base import (
    AuthExpired,
    BadResponse,
    BugOrConfig,
    ConnectorError,
    NotFound,
    PermissionMissing,
    RateLimited,
    Refused,
    Transient,
)
from connectors.calls.graph import Graph
from moderation.items import Author, ItemKind, Sighting
from tests.connectors.wire import (
    FEED,
    GRAPH,
    ME,
    NOW,
    PAGE_ID,
    POST_ID,
    POSTS,
    TOKEN,
    comments_of,
    connector,
    fb_comment,
    fb_post,
    graph_answer,
    graph_time,
    poll,
    serve,
    serve_page,
)


def _asked(call: int = -1) -> dict[str, list[str]]:
    return parse_qs(urlsplit(str(responses.calls[call].request.url)).query)


def _paths() -> list[str]:
    return [urlsplit(str(call.request.url)).path.removeprefix("/v26.0/") for call in responses.calls]


def _next(address: str, after: str, host: str = "https://graph.facebook.com") -> str:
    query = urlencode({"access_token": TOKEN, "limit": "1", "after": after, "fields": "id"})
    return f"{host}{urlsplit(address).path}?{query}"


@responses.activate
def test_comment_is_read_whole() -> None:
    """Who, when, under what, in whose thread, who is tagged, what kind of media, and the link."""
    serve_page(fb_post())
    comment = fb_comment(
        98765,
        parent={"id": "500_98700"},
        message_tags=[
            {"id": PAGE_ID, "name": "Oakfield Academy"},
            {"id": "66", "name": "Sam"},
            {"name": "all"},
        ],
        attachment={"type": "video_inline", "url": "https://video.example/1"},
    )
    serve(comments_of(), graph_answer([fb_comment(98700), comment]))
    assert poll(connector("facebook")).one("98765") == Sighting(
        external_id="98765",
        kind=ItemKind.REPLY,
        thread_id="98700",
        parent_id="98700",
        post_id="500",
        author=Author("4455", "Kerry Walsh"),
        is_own=False,
        text="Question 98765",
        created_at=datetime(2026, 11, 20, 10, 1, 2, tzinfo=UTC),
        permalink="https://www.facebook.com/oakfield/posts/500?comment_id=98765",
        mentions=(PAGE_ID, "66"),
        names_school=True,
        media=("video",),
    )


@responses.activate
def test_post_of_the_page_is_an_item_of_its_own() -> None:
    """The school's own posts are kept, because answers and evidence stand under them."""
    serve_page(fb_post(message=None, story="Oakfield Academy updated its cover photo.", **{"from": None}))
    serve(comments_of(), graph_answer([]))
    (post,) = poll(connector("facebook")).items
    assert (post.external_id, post.kind, post.thread_id) == ("500", ItemKind.POST, "500")
    assert (post.is_own, post.author.external_id, post.parent_id) == (True, PAGE_ID, None)
    assert post.text == "Oakfield Academy updated its cover photo."


@responses.activate
def test_visitors_post_is_an_item_to_answer() -> None:
    """What visitors post on the Page is read, and its comments; the Page's own posts are not read twice."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    visitor = {"from": {"id": "4455", "name": "Kerry Walsh"}, "message": "My son lost his coat"}
    serve(FEED, graph_answer([fb_post(), fb_post(501, **visitor)]))
    serve(
        comments_of(f"{PAGE_ID}_501"), graph_answer([fb_comment(7, **{"from": {"id": PAGE_ID, "name": "O"}})])
    )
    post, answer = poll(connector("facebook"), "visitor_posts").items
    assert (post.external_id, post.is_own, post.kind) == ("501", False, ItemKind.POST)
    assert (answer.is_own, answer.post_id, answer.kind) == (True, "501", ItemKind.REPLY)
    assert (answer.thread_id, answer.parent_id) == (post.thread_id, post.external_id)


@responses.activate
def test_comment_of_unknown_author_is_kept() -> None:
    """Facebook leaves out whom it may not show; the comment still waits for an answer."""
    serve_page(fb_post())
    serve(comments_of(), graph_answer([fb_comment(1, **{"from": None}), fb_comment(2, message=None)]))
    polled = poll(connector("facebook"))
    assert polled.one("1").author == Author(None, "")
    assert not polled.one("1").is_own
    assert polled.one("2").text == ""


@responses.activate
def test_own_reply_is_recognised() -> None:
    """A reply in the Page's name stops the clock, however it was written."""
    serve_page(fb_post())
    reply = fb_comment(2, parent={"id": "1"}, **{"from": {"id": PAGE_ID, "name": "Oakfield Academy"}})
    serve(comments_of(), graph_answer([fb_comment(1), reply]))
    polled = poll(connector("facebook"))
    assert [item.is_own for item in polled.items] == [True, False, True]
    assert polled.one("2").parent_id == "1"


@responses.activate
def test_both_spellings_of_an_id_are_one_comment() -> None:
    """Facebook writes one comment as ``98765`` and as ``500_98765``."""
    serve_page(fb_post())
    serve(
        comments_of(),
        graph_answer([fb_comment(1, id="1"), fb_comment(2, id="500_2", parent={"id": "500_1"})]),
    )
    polled = poll(connector("facebook"))
    assert polled.ids == ["500", "1", "2"]
    assert polled.one("2").thread_id == "1"


@responses.activate
def test_deeper_replies_belong_to_the_top_comment() -> None:
    """A reply to a reply is in the thread of the comment at the top, across pages."""
    serve_page(fb_post())
    serve(
        comments_of(),
        graph_answer([fb_comment(1), fb_comment(2, parent={"id": "500_1"})], _next(comments_of(), "A")),
        graph_answer([fb_comment(3, parent={"id": "500_2"}), fb_comment(4, parent={"id": "500_99"})]),
    )
    polled = poll(connector("facebook"))
    assert [polled.one(each).thread_id for each in "1234"] == ["1", "1", "1", "99"]


@responses.activate
def test_link_that_leads_nowhere_safe_is_replaced() -> None:
    """A link is clicked by people: anything but https is not passed on."""
    serve_page(fb_post())
    serve(comments_of(), graph_answer([fb_comment(1, permalink_url="javascript:alert(1)")]))
    assert poll(connector("facebook")).one("1").permalink == "https://www.facebook.com/500_1"


@responses.activate
def test_all_levels_are_asked_for_in_the_order_of_time() -> None:
    """The default of Graph shows top-level comments only, best first."""
    serve_page(fb_post())
    serve(comments_of(), graph_answer([]))
    poll(connector("facebook"))
    asked = _asked()
    assert asked["filter"] == ["stream"]
    assert asked["order"] == ["chronological"]
    assert asked["access_token"] == [TOKEN]
    assert _paths() == ["me", f"{PAGE_ID}/published_posts", f"{POST_ID}/comments"]


@responses.activate
def test_token_of_a_person_is_found_out() -> None:
    """With a person's token Graph answers with empty lists and status 200: everything would look calm."""
    serve(f"{GRAPH}/me", {"id": "10202077009001", "name": "Pat Practice"})
    serve(POSTS, graph_answer([]))
    with pytest.raises(PermissionMissing, match="Page access token"):
        poll(connector("facebook"))
    assert _paths() == ["me"]


@responses.activate
@pytest.mark.parametrize("answer", [{}, {"id": None}, {"id": ["1"]}, {"name": "Oakfield"}])
def test_token_that_says_nothing_about_itself_is_not_trusted(answer: object) -> None:
    """No id is no proof."""
    serve(f"{GRAPH}/me", answer)
    with pytest.raises(BadResponse):
        poll(connector("facebook"))


@responses.activate
def test_only_a_missing_next_is_the_end() -> None:
    """Pages may be short or empty before the end; cursors alone do not mean that there is more."""
    serve_page(fb_post())
    serve(
        comments_of(),
        graph_answer([fb_comment(1)], _next(comments_of(), "one")),
        graph_answer([], _next(comments_of(), "two")),
        graph_answer([fb_comment(2)]),
    )
    assert poll(connector("facebook")).ids == ["500", "1", "2"]
    assert _asked()["after"] == ["two"]
    assert _asked()["limit"] == ["100"]


@responses.activate
def test_next_page_is_asked_of_graph_itself() -> None:
    """The host and the token in ``paging.next`` are not followed: only the cursor is taken."""
    serve_page(fb_post())
    evil = _next(comments_of(), "A", host="https://graph.facebook.example") + "&id=1&connection_name=x"
    serve(comments_of(), graph_answer([fb_comment(1)], evil), graph_answer([fb_comment(2)]))
    assert poll(connector("facebook")).ids == ["500", "1", "2"]
    assert {urlsplit(str(call.request.url)).hostname for call in responses.calls} == {"graph.facebook.com"}


@responses.activate
@pytest.mark.parametrize(
    "following", [_next(comments_of(), "same"), "https://graph.facebook.com/", "http://[", 7, ""]
)
def test_next_page_that_leads_nowhere_new_is_a_bad_response(following: object) -> None:
    """A circle or a link without a cursor stops the poll; the cursor stays where it was."""
    serve_page(fb_post())
    serve(comments_of(), graph_answer([fb_comment(1)], following))
    with pytest.raises(BadResponse):
        poll(connector("facebook"))
    assert len(responses.calls) <= 4


def _poll_again(state: dict[str, object], now: datetime, *posts: object) -> list[str]:
    """Poll with other posts and return whose comments were read."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        recorded.get(f"{GRAPH}/me", json={"id": PAGE_ID})
        recorded.get(POSTS, json=graph_answer(posts))
        for number in (500, 501, 502):
            recorded.get(comments_of(f"{PAGE_ID}_{number}"), json=graph_answer([]))
        poll(connector("facebook"), None, state, now)
        paths = [urlsplit(str(call.request.url)).path for call in recorded.calls]
    return [path.split("_")[1].split("/")[0] for path in paths if path.endswith("/comments")]


def _state(*posts: object) -> dict[str, object]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        recorded.get(f"{GRAPH}/me", json={"id": PAGE_ID})
        recorded.get(POSTS, json=graph_answer(posts))
        recorded.get(re.compile(r".*/comments"), json=graph_answer([]))
        return poll(connector("facebook")).cursor


def test_comments_on_old_posts_are_noticed() -> None:
    """An old post is read again when its time or its number of comments changed, and only then."""
    old = timedelta(days=20)
    state = _state(fb_post(500, old), fb_post(501, old), fb_post(502, old))
    later = NOW + timedelta(days=3)
    moved = graph_time(NOW - timedelta(days=10))
    assert _poll_again(state, later, fb_post(500, old), fb_post(501, old), fb_post(502, old)) == []
    assert _poll_again(
        state, later, fb_post(500, old), fb_post(501, old, count=2), fb_post(502, old, updated_time=moved)
    ) == ["501", "502"]


def test_first_poll_reads_recent_posts_and_remembers_the_older() -> None:
    """Years of comments are not read at first; from then on they are noticed when something happens."""
    posts = [fb_post(500), fb_post(501, timedelta(days=29)), fb_post(502, timedelta(days=60))]
    assert _poll_again({}, NOW, *posts) == ["500", "501"]
    state = _state(*posts)
    later = NOW + timedelta(days=3)
    changed = fb_post(502, timedelta(days=60), count=9)
    assert _poll_again(state, later, *posts[:2], changed) == ["500", "502"]


def test_what_moved_within_the_overlap_is_read_again() -> None:
    """Comments show late: a post that moved in the 48 hours before the last poll is read once more."""
    recent, before = fb_post(500, timedelta(hours=47)), fb_post(501, timedelta(hours=49))
    assert _poll_again(_state(recent, before), NOW + timedelta(minutes=5), recent, before) == ["500"]


def test_post_without_readable_times_is_always_read() -> None:
    """When it cannot be told whether something happened, it is read."""
    odd = [
        fb_post(500, updated_time=None),
        fb_post(501, updated_time=float("nan")),
        fb_post(502, created_time=7),
    ]
    assert _poll_again(_state(*odd), NOW + timedelta(days=9), *odd) == ["500", "501", "502"]


@responses.activate
def test_posts_too_old_to_matter_end_the_listing() -> None:
    """Once a whole page of posts is older than the setting, the rest is not listed."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(
        POSTS,
        graph_answer([fb_post(500, timedelta(days=20)), fb_post(501, timedelta(days=90))], _next(POSTS, "1")),
        graph_answer([fb_post(502, timedelta(days=91))], _next(POSTS, "2")),
        graph_answer([fb_post(503, timedelta(days=99))], _next(POSTS, "3")),
    )
    serve(comments_of(), graph_answer([]))
    assert poll(connector("facebook", post_days=30)).ids == ["500", "501", "502"]


@responses.activate
def test_post_that_vanishes_midway_does_not_stop_the_others() -> None:
    """A post deleted between listing and reading is a row for a person; the other posts are read."""
    serve_page(fb_post(500), fb_post(501))
    serve(
        comments_of(), {"error": {"code": 100, "error_subcode": 33, "message": "Unsupported get"}}, status=400
    )
    serve(comments_of(f"{PAGE_ID}_501"), graph_answer([fb_comment(1)]))
    polled = poll(connector("facebook"))
    assert polled.ids == ["500", "501", "1"]
    assert [each.external_id for each in polled.rejected] == ["500"]
    assert "comments" in polled.rejected[0].reason


@responses.activate
def test_broken_comments_are_set_aside_and_the_rest_is_kept() -> None:
    """Every broken comment is a row for a person that names the field."""
    broken: list[object] = [
        fb_comment(1, id=None),
        fb_comment(2, created_time=float("nan")),
        fb_comment(3, message={"text": "x"}),
        fb_comment(4, parent="500"),
        fb_comment(5, **{"from": "Kerry"}),
        fb_comment(6, message_tags=7),
        fb_comment(7, permalink_url=7),
        fb_comment(8, attachment={"type": []}),
        3.5,
    ]
    serve_page(fb_post())
    serve(comments_of(), graph_answer([fb_comment(11), *broken, fb_comment(12)]))
    polled = poll(connector("facebook"))
    assert polled.ids == ["500", "11", "12"]
    assert [each.external_id for each in polled.rejected] == [None, *"2345678", None]
    assert [each.reason.split()[0] for each in polled.rejected] == [
        *["id", "created_time", "message", "parent", "from", "message_tags", "permalink_url", "type", "item"]
    ]


@responses.activate
def test_broken_post_is_set_aside_and_its_comments_are_read() -> None:
    """A post whose own text cannot be read still has comments to answer."""
    serve_page(fb_post(500, message=7), {"message": "no id"})
    serve(comments_of(), graph_answer([fb_comment(1)]))
    polled = poll(connector("facebook"))
    assert polled.ids == ["1"]
    assert [(each.external_id, each.reason) for each in polled.rejected] == [
        ("500", "message is not text"),
        (None, "id is missing"),
    ]


@responses.activate
def test_tags_by_place_are_read() -> None:
    """Some answers group the tags by where they stand in the text."""
    serve_page(fb_post(message_tags={"0": [{"id": "66"}], "9": [{"id": PAGE_ID}]}))
    serve(comments_of(), graph_answer([]))
    assert poll(connector("facebook")).items[0].mentions == ("66", PAGE_ID)


def _error(code: object, subcode: object = None, **more: object) -> dict[str, Any]:
    told = {"message": "words", "type": "OAuthException", "code": code, "fbtrace_id": "A"} | more
    return {"error": told | ({} if subcode is None else {"error_subcode": subcode})}


ERRORS: list[tuple[int, object, type[ConnectorError]]] = [
    *[(400, _error(code), Transient) for code in (1, 2)],
    (500, _error(999, is_transient=True), Transient),
    *[(400, _error(code), RateLimited) for code in (4, 17, 32, 341, 613, 80001, 80002, 80006)],
    (403, _error(613, 1996), RateLimited),
    (400, _error("4"), RateLimited),
    *[(400, _error(190, sub), AuthExpired) for sub in (None, 458, 459, 460, 463, 464, 467)],
    (400, _error(102), AuthExpired),
    (400, _error(190, 492), PermissionMissing),
    *[(400, _error(code), PermissionMissing) for code in (3, 10, 200, 210, 299, 1705)],
    (400, _error(10, 2018278), WindowClosed),
    *[(400, _error(code), Refused) for code in (368, 551, 506, 1609005)],
    (400, _error(100, 33), NotFound),
    (400, _error(100), BugOrConfig),
    (400, _error(100, 7), BugOrConfig),
    (400, _error(2500), BugOrConfig),
    (400, _error(None), BugOrConfig),
    (400, _error([1]), BugOrConfig),
    (400, {"error": "broken"}, BugOrConfig),
    (200, _error(190, 463), AuthExpired),
    (200, _error(4), RateLimited),
    (200, _error(999), BadResponse),
    (503, _error(999), Transient),
    (404, {}, NotFound),
]


@responses.activate
@pytest.mark.parametrize(("status", "body", "kind"), ERRORS)
def test_error_is_sorted_by_its_code(status: int, body: object, kind: type[ConnectorError]) -> None:
    """The table of Graph's errors: codes decide, not the HTTP status; asked once."""
    serve(f"{GRAPH}/me", body, status=status)
    with pytest.raises(ConnectorError) as caught:
        poll(connector("facebook"))
    assert type(caught.value) is kind
    assert len(responses.calls) == 1


USAGE = '{"104500770090010":[{"type":"pages","call_count":100,"estimated_time_to_regain_access":%s}]}'


@responses.activate
@pytest.mark.parametrize(
    ("header", "minutes"),
    [
        (USAGE % "19", 19),
        ('{"1":[{"estimated_time_to_regain_access":3}],"1":[{"estimated_time_to_regain_access":41}]}', 41),
        ('{"1":[{"estimated_time_to_regain_access":41}],"1":[{"estimated_time_to_regain_access":3}]}', 41),
        (USAGE % "99999999999", 24 * 60),
        (USAGE % "0", None),
        (USAGE % "-4", None),
        (USAGE % "NaN", None),
        (USAGE % '"soon"', None),
        (USAGE % "true", 1),
        ("not json", None),
        ("[" * 100_000, None),
        (None, None),
    ],
)
def test_throttled_page_waits_as_long_as_facebook_says(header: str | None, minutes: int | None) -> None:
    """The usage header gives minutes, for several objects, and may repeat a key: the longest holds."""
    headers = {} if header is None else {"x-business-use-case-usage": header}
    responses.get(f"{GRAPH}/me", json=_error(80001), status=400, headers=headers)
    with pytest.raises(RateLimited) as caught:
        poll(connector("facebook"))
    assert caught.value.until == (None if minutes is None else NOW + timedelta(minutes=minutes))


@responses.activate
def test_content_type_of_graph_is_not_believed() -> None:
    """Graph sends JSON as JavaScript at times, on which the SDK alone would fail."""
    responses.get(f"{GRAPH}/me", body=json.dumps({"id": PAGE_ID}), content_type="text/javascript")
    serve(POSTS, graph_answer([]))
    assert poll(connector("facebook")).items == []


@responses.activate
def test_writing_through_the_sdk_keeps_the_token_out_of_the_address() -> None:
    """The SDK's own methods run over our request: a comment goes out as a form, the token in it."""
    responses.post(comments_of(), json={"id": "500_1"})
    graph = Graph(TOKEN, "26.0")
    assert graph.put_comment(POST_ID, "Thank you") == {"id": "500_1"}
    request = responses.calls[0].request
    assert TOKEN not in str(request.url)
    assert parse_qs(str(request.body)) == {"message": ["Thank you"], "access_token": [TOKEN]}
    assert TOKEN not in repr(graph)


def test_sdk_can_be_imported_where_warnings_are_errors() -> None:
    """Python warns about the SDK's source when it first compiles it; that must not stop the program."""
    program = "import connectors.facebook"
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": os.devnull}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
NAMES = [*fb_comment(1), "parent", "message_tags", "attachment"]


@settings(max_examples=100, deadline=None)
@given(
    comment=st.dictionaries(st.sampled_from(NAMES), JSON, min_size=1, max_size=3),
    post=st.dictionaries(st.sampled_from([*fb_post()]), JSON, min_size=1, max_size=3),
)
def test_no_shape_of_a_comment_costs_the_others(comment: dict[str, object], post: dict[str, object]) -> None:
    """Whatever stands in one comment's or post's fields, the others are kept."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        recorded.get(f"{GRAPH}/me", json={"id": PAGE_ID})
        recorded.get(POSTS, json=graph_answer([fb_post(501) | post, fb_post()]))
        recorded.get(
            comments_of(), json=graph_answer([fb_comment(1), fb_comment(9) | comment, fb_comment(2)])
        )
        recorded.get(re.compile(r".*/comments"), json=graph_answer([]))
        polled = poll(connector("facebook"))
    assert {"1", "2"} <= set(polled.ids)
    assert len(polled.items) + len(polled.rejected) == 5


@settings(max_examples=100, deadline=None)
@given(answers=st.lists(JSON, min_size=1, max_size=3), status=st.sampled_from([200, 200, 200, 400, 403, 429]))
def test_no_answer_raises_anything_but_our_errors(answers: list[object], status: int) -> None:
    """Any JSON at all ends in items or in an error of ours."""
    turns = cycle([graph_answer([fb_post()], _next(POSTS, "x")), *answers])
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        recorded.get(f"{GRAPH}/me", json={"id": PAGE_ID})
        for _ in range(4):
            recorded.get(re.compile(r".*"), json=next(turns), status=status)
        with suppress(ConnectorError):
            poll(connector("facebook", max_pages=4))


def test_page_id_stands_for_the_school() -> None:
    """The Page's id in the settings is the one that marks its own comments."""
    assert ME["facebook"].external_id == PAGE_ID
