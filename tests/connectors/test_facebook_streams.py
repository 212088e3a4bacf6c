"""Facebook beside posts and comments: tags elsewhere, photos, reviews, the inbox, and the daily sweep."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from connectors.base import PermissionMissing
from connectors.practice.changes import Change, ChangeKind
from moderation.items import Author, ItemKind
from tests.connectors.graph_stage import GraphStage
from tests.connectors.wire import (
    GRAPH,
    NOW,
    PAGE_ID,
    POST_ID,
    POSTS,
    comments_of,
    connector,
    fb_comment,
    fb_post,
    graph_answer,
    graph_time,
    poll,
    serve,
)

OWN = {"from": {"id": PAGE_ID, "name": "Oakfield Academy"}}


def _edge(name: str) -> str:
    return f"{GRAPH}/{PAGE_ID}/{name}"


def _serve(edge: str, *entries: object) -> None:
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(_edge(edge), graph_answer(entries))


def _asked_for(ending: str) -> list[str]:
    return [str(each.request.url) for each in responses.calls if ending in str(each.request.url)]


def test_public_streams_come_first_and_ads_only_when_wanted() -> None:
    """A child at risk waits for nobody; ads need a permission of their own."""
    assert connector("facebook").streams() == (
        "page_posts",
        "visitor_posts",
        "tagged",
        "photos",
        "videos",
        "reviews",
        "messages",
    )
    assert "ads_posts" in connector("facebook", ads=True).streams()


@responses.activate
def test_post_elsewhere_that_tags_the_page_is_a_mention() -> None:
    """It names the school, its id stays whole, and of the comments under it only our own are read."""
    tagged = fb_post(7, id="990_7", **{"from": {"id": "990", "name": "Town Council"}})
    _serve("tagged", tagged, fb_post(500))
    serve(comments_of("990_7"), graph_answer([fb_comment(1, id="7_1"), fb_comment(2, id="7_2", **OWN)]))
    mention, answer = poll(connector("facebook"), "tagged").items
    assert (mention.external_id, mention.kind, mention.names_school) == ("990_7", ItemKind.MENTION, True)
    assert mention.author == Author("990", "Town Council")
    assert (answer.external_id, answer.is_own, answer.post_id) == ("2", True, "990_7")
    assert _asked_for("500/comments") == []


@responses.activate
@pytest.mark.parametrize("error", [{"code": 10}, {"code": 100, "error_subcode": 33}])
def test_comments_elsewhere_that_are_not_shown_are_no_fault(error: dict[str, object]) -> None:
    """Other Pages' comments are theirs: the mention itself is kept, and nothing waits for a person."""
    _serve("tagged", fb_post(7, id="990_7"))
    serve(comments_of("990_7"), {"error": error}, status=400)
    polled = poll(connector("facebook"), "tagged")
    assert (polled.ids, polled.rejected) == (["990_7"], [])


@responses.activate
def test_missing_permission_under_our_own_posts_is_one() -> None:
    """Code 10 under our own post means that the token lost a permission."""
    _serve("published_posts", fb_post())
    serve(comments_of(), {"error": {"code": 10}}, status=403)
    with pytest.raises(PermissionMissing):
        poll(connector("facebook"))


@responses.activate
def test_comments_on_single_photos_are_read() -> None:
    """Each photo of an album has comments that no post shows; the photo itself is no item."""
    _serve("photos", fb_post(7, id="7007"))
    serve(comments_of("7007"), graph_answer([fb_comment(1, id="7007_1")]))
    (comment,) = poll(connector("facebook"), "photos").items
    assert (comment.external_id, comment.post_id, comment.kind) == ("1", "7007", ItemKind.COMMENT)
    assert parse_qs(urlsplit(_asked_for("/photos")[0]).query)["type"] == ["uploaded"]


@responses.activate
def test_comments_on_advertisements_are_read_when_wanted() -> None:
    """Ads have posts that the Page's list does not show."""
    _serve("ads_posts", fb_post(9))
    serve(comments_of(f"{PAGE_ID}_9"), graph_answer([fb_comment(1, id="9_1")]))
    assert poll(connector("facebook", ads=True), "ads_posts").ids == ["9", "1"]
    assert "include_inline_create=true" in _asked_for("ads_posts")[0]


@responses.activate
def test_comments_of_live_broadcasts_are_not_filtered() -> None:
    """Facebook leaves out what it finds poor: that is ours to judge."""
    _serve("published_posts", fb_post())
    serve(comments_of(), graph_answer([]))
    poll(connector("facebook"))
    assert "live_filter=no_filter" in _asked_for("/comments")[0]


@responses.activate
def test_hidden_comment_is_known_to_be_hidden() -> None:
    """Whoever hid it: its audience does not see it. Where Facebook does not say, nothing is claimed."""
    _serve("published_posts", fb_post())
    shown = [fb_comment(1, is_hidden=True), fb_comment(2, is_hidden=False), fb_comment(3)]
    serve(comments_of(), graph_answer(shown))
    polled = poll(connector("facebook"))
    assert [polled.one(each).hidden for each in "123"] == [True, False, None]


@responses.activate
def test_ranked_comments_keep_their_threads() -> None:
    """Where Facebook ranks, replies may come before what they reply to."""
    _serve("published_posts", fb_post())
    deep = fb_comment(3, parent={"id": "500_2", "parent": {"id": "500_1"}})
    serve(comments_of(), graph_answer([deep, fb_comment(2, parent={"id": "500_1"}), fb_comment(1)]))
    polled = poll(connector("facebook"))
    assert [polled.one(each).thread_id for each in "321"] == ["1", "1", "1"]


def _review(number: int, **more: object) -> dict[str, Any]:
    review = {
        "created_time": graph_time(NOW - timedelta(hours=3)),
        "has_rating": False,
        "has_review": True,
        "recommendation_type": "negative",
        "review_text": "Nobody answers the telephone.",
        "reviewer": {"id": "4455", "name": "Kerry Walsh"},
        "open_graph_story": {"id": f"{PAGE_ID}_{number}"},
    }
    return {name: value for name, value in (review | more).items() if value is not None}


@responses.activate
def test_review_is_read_with_the_answers_under_it() -> None:
    """Its story is its id; our comment under the story is the answer."""
    _serve("ratings", _review(80))
    serve(comments_of(f"{PAGE_ID}_80"), graph_answer([fb_comment(1, id="80_1", **OWN)]))
    review, answer = poll(connector("facebook"), "reviews").items
    assert (review.kind, review.external_id, review.text) == (
        ItemKind.REVIEW,
        f"{PAGE_ID}_80",
        "Nobody answers the telephone.",
    )
    assert (answer.is_own, answer.post_id) == (True, review.external_id)


@responses.activate
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"recommendation_type": "positive"}, "(recommends the school, without words)"),
        ({}, "(does not recommend the school, without words)"),
        ({"recommendation_type": None, "rating": 2}, "(2 of 5 stars, without words)"),
        ({"recommendation_type": None}, ""),
    ],
)
def test_review_without_words_says_what_it_is(more: dict[str, object], words: str) -> None:
    """A bare rating is an item too."""
    _serve("ratings", _review(80, review_text=None, **more))
    serve(comments_of(f"{PAGE_ID}_80"), graph_answer([]))
    assert poll(connector("facebook"), "reviews").items[0].text == words


@responses.activate
def test_broken_reviews_are_set_aside() -> None:
    """A review that cannot be told apart or read waits for a person; the others are kept."""
    _serve("ratings", _review(80, open_graph_story=None), _review(81, rating="x"), _review(82, review_text=7))
    serve(comments_of(f"{PAGE_ID}_81"), graph_answer([]))
    polled = poll(connector("facebook"), "reviews")
    assert polled.ids == [f"{PAGE_ID}_81"]
    assert [each.external_id for each in polled.rejected] == [None, f"{PAGE_ID}_82"]


def _letters(count: int, start: int = 0, by: str = "kerry") -> list[dict[str, Any]]:
    return [
        {
            "id": f"letter-{by}-{each}",
            "by": by,
            "text": f"Letter {each} of {by}",
            "private": True,
            "at": (NOW - timedelta(minutes=500 - each)).isoformat(),
        }
        for each in range(start, start + count)
    ]


def _inbox(lines: list[dict[str, Any]], state: dict[str, object], **options: Any) -> Any:
    page = GraphStage(lines)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        page.listen(recorded)
        return poll(page.reader(**options), "messages", state), page


def test_inbox_is_read_with_few_requests() -> None:
    """Conversations come with their newest messages: one request for many of them."""
    polled, page = _inbox([*_letters(3), *_letters(2, by="dan")], {})
    assert {item.text for item in polled.items} == {
        *(f"Letter {each} of kerry" for each in range(3)),
        *(f"Letter {each} of dan" for each in range(2)),
    }
    assert len({item.thread_id for item in polled.items}) == 2
    assert all(item.kind is ItemKind.MESSAGE and item.names_school for item in polled.items)
    assert len(page.sent) == 2


def test_more_messages_than_facebook_tells_are_reported() -> None:
    """Of many new messages 20 can be read. One row sends a person to the inbox, and the gap is said.

    With a row for each, more would be broken than good: that counts as an answer in a new form, the stream
    would never get past them, and the account would be called not watched for good.
    """
    before, _ = _inbox(_letters(5), {})
    after, _ = _inbox(_letters(65), {**before.cursor, "complete_from": _at(4)})
    assert len(after.items) == 20
    (row,) = after.rejected
    assert row.external_id is not None
    assert "inbox" in row.reason
    (missed,) = [missed for page in after.pages for missed in page.missed]
    assert missed.began_at < missed.ended_at <= NOW


def _at(letter: int) -> str:
    return (NOW - timedelta(minutes=500 - letter, seconds=-30)).isoformat()


@pytest.mark.parametrize("new", [0, 1, 19, 20])
def test_as_many_messages_as_facebook_tells_are_all_read(new: int) -> None:
    """Up to twenty new messages nothing is lost, and nothing is said to be."""
    before, _ = _inbox(_letters(40), {})
    after, _ = _inbox(_letters(40 + new), {**before.cursor, "complete_from": _at(39)})
    assert (after.rejected, [each for page in after.pages for each in page.missed]) == ([], [])
    assert {f"Letter {each} of kerry" for each in range(40, 40 + new)} <= {item.text for item in after.items}


def test_first_poll_of_an_inbox_reports_no_history() -> None:
    """What came before the school began is not missed."""
    polled, _ = _inbox(_letters(60), {})
    assert (len(polled.items), polled.rejected) == (20, [])


def test_facebook_may_be_asked_for_what_moved_only() -> None:
    """With the setting the time goes along; the messages are the same."""
    without, _ = _inbox(_letters(2), {})
    polled, page = _inbox(_letters(2), {}, conversations_updated_after=True)
    assert polled.ids == without.ids
    asked = parse_qs(urlsplit(str(page.sent[-1].url)).query)
    assert int(asked["updated_after_ms"][0]) == int((NOW - timedelta(days=30)).timestamp() * 1000)


@responses.activate
def test_broken_conversations_and_messages_are_set_aside() -> None:
    """Each broken one waits for a person; the others are read, with kinds of media and no addresses."""
    letter = {
        "id": "m_1",
        "created_time": graph_time(NOW),
        "from": {"id": "4455", "name": "Kerry Walsh", "email": "kerry@example.org"},
        "message": "See these",
        "attachments": {"data": [{"mime_type": "image/png"}, {"mime_type": "video/mp4"}, {"id": "1"}]},
    }
    good = {"id": "t_1", "updated_time": graph_time(NOW), "messages": {"data": [letter, {"id": 1.5}, 7]}}
    _serve(
        "conversations", good, {"updated_time": graph_time(NOW)}, 3, {"id": "t_2", "messages": {"data": 1}}
    )
    polled = poll(connector("facebook"), "messages")
    (item,) = polled.items
    assert item.media == ("photo", "video", "other")
    assert "kerry@" not in repr(item)
    assert [each.external_id for each in polled.rejected] == [None, None, None, None, "t_2"]


@responses.activate
def test_conversation_whose_messages_are_left_out_waits_for_a_person() -> None:
    """It moved, so something was said: that must not look as if nothing was."""
    _serve("conversations", {"id": "t_1", "updated_time": graph_time(NOW), "message_count": 3})
    polled = poll(connector("facebook"), "messages")
    assert [each.external_id for each in polled.rejected] == ["t_1"]


@responses.activate
def test_quiet_conversations_end_the_listing() -> None:
    """The newest come first: a page where nothing moved is the end."""
    old = {"id": "t_1", "updated_time": graph_time(NOW - timedelta(days=40))}
    following = f"{_edge('conversations')}?after=A"
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(_edge("conversations"), graph_answer([old], following))
    assert poll(connector("facebook"), "messages").items == []
    assert len(_asked_for("/conversations")) == 1


def test_sweep_finds_what_polls_missed() -> None:
    """A comment that surfaced under an old post without moving it, an edit, and a hidden comment."""
    lines: list[dict[str, Any]] = [
        {"id": "post", "by": "school", "text": "Open evening.", "at": "2026-11-01T08:00:00Z"},
        {"id": "one", "by": "dan", "text": "When?", "under": "post", "at": "2026-11-01T09:00:00Z"},
    ]
    page = GraphStage(lines)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        page.listen(recorded)
        reader = page.reader()
        cursor = poll(reader).cursor
        page.stage.change(Change(of="one", kind=ChangeKind.EDIT, at=NOW, text="When is it?"))
        page.stage.change(Change(of="one", kind=ChangeKind.HIDE, at=NOW))
        assert "When is it?" not in {item.text for item in poll(reader, None, cursor).items}
        pages = list(reader.sweep("page_posts", NOW - timedelta(days=7), NOW))
    assert all(each.cursor is None for each in pages)
    swept = {item.text: item.hidden for each in pages for item in each.items}
    assert swept == {"Open evening.": False, "When is it?": True}


def test_sweep_reads_messages_and_reviews_again() -> None:
    """Every stream has a sweep, and none of its pages moves a cursor."""
    praise = {"id": "p", "by": "dan", "text": "Kind.", "review": True, "at": "2026-11-19T10:00:00Z"}
    page = GraphStage([*_letters(3), praise])
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        page.listen(recorded)
        reader = page.reader()
        pages = [
            each for stream in reader.streams() for each in reader.sweep(stream, NOW - timedelta(days=7), NOW)
        ]
    assert len([item for each in pages for item in each.items]) == 4
    assert all(each.cursor is None for each in pages)


def test_ranked_comments_are_all_read() -> None:
    """Facebook ignores the order that is asked for where it ranks: every page is read, none is missed."""
    lines = [{"id": "ranked", "by": "school", "text": "Open evening.", "at": "2026-11-19T08:00:00Z"}]
    comments = [
        {"id": f"c-{each}", "by": "dan", "text": f"{each}", "under": "ranked", "at": "2026-11-20T09:00:00Z"}
        for each in range(130)
    ]
    page = GraphStage([*lines, *comments])
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        page.listen(recorded)
        polled = poll(page.reader())
    assert sorted(polled.ids) == sorted({item.external_id for item in polled.items})
    assert {item.text for item in polled.items if not item.is_own} == {str(each) for each in range(130)}
    assert [item.text for item in polled.items[1:4]] != ["0", "1", "2"]


def test_reading_costs_nothing_and_is_counted() -> None:
    """Calls and Facebook's own percentages are noted; money there is none."""
    polled, page = _inbox(_letters(1), {})
    assert polled.items
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        page.listen(recorded)
        reader = page.reader()
        poll(reader)
    assert reader.monthly_estimate(1000) == 0
    assert reader.meter.calls == 2
    assert {(name, each.shared) for name, each in reader.meter.windows.items()} == {
        ("app", True),
        (f"pages {PAGE_ID}", False),
    }


def test_page_id_marks_posts_on_the_page() -> None:
    """Ids of posts begin with whose they are."""
    assert POST_ID.startswith(f"{PAGE_ID}_")


MAY_NOT = {"error": {"code": 10, "message": "words"}}


@responses.activate
@pytest.mark.parametrize(
    ("stream", "edge"),
    [("tagged", "tagged"), ("photos", "photos"), ("videos", "videos"), ("reviews", "ratings")],
)
@pytest.mark.parametrize("error", [MAY_NOT, {"error": {"code": 100}}, {"error": {"code": 210}}])
def test_what_facebook_does_not_offer_a_page_is_no_alarm(
    stream: str, edge: str, error: dict[str, object]
) -> None:
    """A new school is not told every day of what it cannot have: one row says it, nothing moves or breaks."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(_edge(edge), error, status=403)
    polled = poll(connector("facebook"), stream)
    assert [each.external_id for each in polled.rejected] == [None]
    assert stream in polled.rejected[0].reason
    assert [page.cursor for page in polled.pages] == [None]
    assert list(connector("facebook").sweep(stream, NOW - timedelta(days=7), NOW)) == []


@responses.activate
@pytest.mark.parametrize(
    ("stream", "edge"), [("tagged", "tagged"), ("photos", "photos"), ("reviews", "ratings")]
)
def test_permission_that_was_lost_is_told(stream: str, edge: str) -> None:
    """What Facebook once showed and now refuses, somebody has to mend."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(_edge(edge), MAY_NOT, status=403)
    with pytest.raises(PermissionMissing):
        poll(connector("facebook"), stream, {"complete_from": (NOW - timedelta(hours=1)).isoformat()})


@responses.activate
@pytest.mark.parametrize(
    ("stream", "edge"), [("page_posts", "published_posts"), ("messages", "conversations")]
)
def test_what_every_page_has_is_told_when_it_is_refused(stream: str, edge: str) -> None:
    """Comments and messages are what the school wants watched, from the first day on."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(_edge(edge), MAY_NOT, status=403)
    with pytest.raises(PermissionMissing):
        poll(connector("facebook"), stream)


@responses.activate
def test_comments_under_photos_that_were_never_shown_are_no_alarm_later_either() -> None:
    """A Page without photos on its first day learns of the missing permission with its first photo."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(_edge("photos"), graph_answer([]), graph_answer([fb_post(7, id="7007")]))
    serve(comments_of("7007"), MAY_NOT, status=403)
    first = poll(connector("facebook"), "photos")
    later = poll(connector("facebook"), "photos", first.cursor)
    assert later.pages[-1].cursor is None
    assert "photos" in later.rejected[-1].reason


@responses.activate
@pytest.mark.parametrize("error", [MAY_NOT, {"error": {"code": 100}}])
def test_one_post_that_shows_no_comments_costs_no_other(error: dict[str, object]) -> None:
    """It waits for a person, the others are read, and the next poll asks for it again."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    old = timedelta(days=10)
    serve(POSTS, graph_answer([fb_post(501, old), fb_post(500, old)]))
    responses.get(comments_of(f"{PAGE_ID}_501"), json=error, status=403)
    serve(comments_of(f"{PAGE_ID}_501"), graph_answer([fb_comment(2)]))
    serve(comments_of(), graph_answer([fb_comment(1)]))
    first = poll(connector("facebook"))
    assert "1" in first.ids
    assert [each.external_id for each in first.rejected] == ["501"]
    second = poll(connector("facebook"), state=first.cursor)
    assert "2" in second.ids
    assert second.rejected == []


@responses.activate
def test_all_posts_that_show_no_comments_are_not_the_posts_fault() -> None:
    """The token or our request is wrong: that is said after a few, not after hundreds of requests."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(POSTS, graph_answer([fb_post(500 + each) for each in range(20)]))
    for each in range(20):
        serve(comments_of(f"{PAGE_ID}_{500 + each}"), MAY_NOT, status=403)
    with pytest.raises(PermissionMissing):
        poll(connector("facebook"))
    assert len(_asked_for("/comments")) == 3


@responses.activate
def test_what_is_remembered_of_a_large_page_stays_small_and_names_nobody() -> None:
    """Over months the state grows with the posts of a year, not with the polls, and holds ids and counts."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    posts = [fb_post(500 + each, timedelta(days=each / 2), message="Kerry Walsh") for each in range(600)]
    pages = [posts[start : start + 50] for start in range(0, 600, 50)]
    following = [f"{POSTS}?after={each}" for each in range(1, 12)]
    answers = [graph_answer(page, after) for page, after in zip(pages, [*following, None], strict=True)]
    serve(POSTS, *answers, *answers)
    for post in posts:
        serve(comments_of(post["id"]), graph_answer([fb_comment(1)]))
    first = poll(connector("facebook")).cursor
    second = poll(connector("facebook"), state=first).cursor
    written = json.dumps(second)
    assert len(written) == len(json.dumps(first)) < 60_000
    assert "Kerry" not in written
    assert "Question" not in written
