"""Facebook: acts are done once, read back, found again when an answer was lost; lookups never guess."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
import responses

from connectors.base import (
    AuthExpired,
    Capability,
    NotFound,
    PermissionMissing,
    RateLimited,
    Refused,
    Unsure,
)
from connectors.practice.changes import Change, ChangeKind
from connectors.practice.graph import READING_TOKEN
from connectors.practice.identities import EXPIRED_TOKEN, USER_TOKEN
from moderation.actions import Action, ActionKind, Done
from moderation.items import ItemKind, Presence, Reference, Sighting
from tests.connectors.graph_stage import GraphStage, reference_to
from tests.connectors.wire import GRAPH, NOW, PAGE_ID, POST_ID, connector, graph_time, poll, serve

GONE = {"error": {"code": 100, "error_subcode": 33, "message": "Unsupported get request"}}

LINES: list[dict[str, Any]] = [
    {"id": "post", "by": "school", "text": "Open evening on Thursday.", "at": "2026-11-18T08:00:00Z"},
    {"id": "other", "by": "school", "text": "The concert is on Friday.", "at": "2026-11-18T09:00:00Z"},
    {
        "id": "asked",
        "by": "kerry",
        "text": "Is there parking?",
        "under": "post",
        "at": "2026-11-20T09:00:00Z",
    },
    {"id": "told", "by": "dan", "text": "At the gate.", "under": "asked", "at": "2026-11-20T09:05:00Z"},
    {"id": "rude", "by": "sam", "text": "What a shambles", "under": "post", "at": "2026-11-20T09:10:00Z"},
    {
        "id": "letter",
        "by": "kerry",
        "text": "My son lost his coat.",
        "private": True,
        "at": "2026-11-20T10:00:00Z",
    },
    {
        "id": "praise",
        "by": "dan",
        "text": "Kind teachers.",
        "review": True,
        "rating": 5,
        "at": "2026-11-19T10:00:00Z",
    },
]


@pytest.fixture
def page() -> Iterator[GraphStage]:
    """Return a Page with comments, a message and a review."""
    found = GraphStage(LINES)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        found.listen(recorded)
        yield found


def _items(page: GraphStage) -> dict[str, Sighting]:
    """Return everything that the connector reads, by the words."""
    reader = page.reader()
    return {item.text: item for stream in reader.streams() for item in poll(reader, stream).items}


def _reference(page: GraphStage, key: str) -> Reference:
    return reference_to(_items(page)[page.node(key).text])


def _action(kind: ActionKind, item: Reference, words: str = "") -> Action:
    return Action(kind, item, "one", NOW, words)


def _where(page: GraphStage, *items: Reference) -> list[Presence]:
    return [each.presence for each in page.reader().lookup(items, page.moment)]


def _happens(page: GraphStage, kind: ChangeKind, key: str, text: str | None = None) -> None:
    page.stage.change(Change(of=key, kind=kind, at=page.moment, text=text))


def test_everything_on_the_page_is_read(page: GraphStage) -> None:
    """Posts, comments, replies, reviews and messages, each of its kind; messages name the school."""
    items = _items(page)
    assert {text: item.kind for text, item in items.items()} == {
        "Open evening on Thursday.": ItemKind.POST,
        "The concert is on Friday.": ItemKind.POST,
        "Is there parking?": ItemKind.COMMENT,
        "At the gate.": ItemKind.REPLY,
        "What a shambles": ItemKind.COMMENT,
        "My son lost his coat.": ItemKind.MESSAGE,
        "Kind teachers.": ItemKind.REVIEW,
    }
    letter = items["My son lost his coat."]
    assert letter.names_school
    assert letter.thread_id.startswith("t_")
    assert letter.permalink.startswith("https://www.facebook.com/")


def test_reply_stands_under_its_comment_and_is_recognised(page: GraphStage) -> None:
    """It goes to the comment's own comments, is read back, and the next poll knows it as ours."""
    asked = _reference(page, "asked")
    done = page.reader().act(_action(ActionKind.REPLY, asked, "Yes, behind the hall."), NOW)
    assert (done.confirmed, done.remark) == (True, "")
    assert page.wrote() == [f"POST {page.node('asked').id}/comments"]
    reply = _items(page)["Yes, behind the hall."]
    assert (reply.external_id, reply.is_own, reply.parent_id) == (done.external_id, True, asked.external_id)


def test_reply_that_facebook_flattens_is_said(page: GraphStage) -> None:
    """A reply to a reply lands under the comment at the top: whoever asked for it is told."""
    done = page.reader().act(_action(ActionKind.REPLY, _reference(page, "told"), "Thank you."), NOW)
    assert done.confirmed
    assert "the comment at the top of the thread" in done.remark


@pytest.mark.parametrize("key", ["post", "praise"])
def test_posts_and_reviews_are_replied_to_by_comments(page: GraphStage, key: str) -> None:
    """The reply is a comment under the post, or under the review's story."""
    done = page.reader().act(_action(ActionKind.REPLY, _reference(page, key), "Thank you all."), NOW)
    assert done == Done(done.external_id, confirmed=True)
    assert _items(page)["Thank you all."].is_own


def test_message_is_answered_in_its_conversation(page: GraphStage) -> None:
    """To the person, as a response; the answer is read back and recognised as ours."""
    done = page.reader().act(_action(ActionKind.REPLY, _reference(page, "letter"), "It is here."), NOW)
    assert done.confirmed
    sent = parse_qs(str(page.sent[-2].body))
    assert json.loads(sent["message"][0]) == {"text": "It is here."}
    assert sent["messaging_type"] == ["RESPONSE"]
    assert _items(page)["It is here."].is_own


def test_message_after_the_window_is_refused_with_the_way_by_hand(page: GraphStage) -> None:
    """After 24 hours Facebook refuses; with the tag that it allows some apps, it takes it for seven days."""
    letter = _reference(page, "letter")
    page.moment = NOW + timedelta(days=2)
    action = _action(ActionKind.REPLY, letter, "It is here.")
    with pytest.raises(Refused, match=r"24 hours.*inbox"):
        page.reader().act(action, page.moment)
    assert page.reader(human_agent=True).act(action, page.moment).confirmed
    assert parse_qs(str(page.sent[-2].body))["tag"] == ["HUMAN_AGENT"]
    page.moment = NOW + timedelta(days=9)
    with pytest.raises(Refused):
        page.reader(human_agent=True).act(action, page.moment)


def test_message_that_is_too_long_is_not_sent(page: GraphStage) -> None:
    """Messenger would refuse it; nothing is sent."""
    with pytest.raises(Refused, match="2000"):
        page.reader().act(_action(ActionKind.REPLY, _reference(page, "letter"), "a" * 2001), NOW)
    assert page.wrote() == []


def test_hiding_and_showing_again_are_read_back(page: GraphStage) -> None:
    """What we hid is hidden when looked up and when read again; doing it twice sends nothing."""
    rude = _reference(page, "rude")
    assert page.reader().act(_action(ActionKind.HIDE, rude), NOW) == Done(confirmed=True)
    assert _where(page, rude) == [Presence.HIDDEN]
    assert _items(page)["What a shambles"].hidden
    again = page.reader().act(_action(ActionKind.HIDE, rude), NOW)
    assert (again.confirmed, again.remark) == (True, "It was so already.")
    assert page.reader().act(_action(ActionKind.UNHIDE, rude), NOW).confirmed
    assert _where(page, rude) == [Presence.PRESENT]
    assert page.wrote() == [f"POST {page.node('rude').id}"] * 2


def test_own_comments_are_not_hidden(page: GraphStage) -> None:
    """Facebook says what may be hidden; then nothing is sent."""
    reader = page.reader()
    done = reader.act(_action(ActionKind.REPLY, _reference(page, "asked"), "Yes."), NOW)
    own = reference_to(_items(page)["Yes."])
    assert own.external_id == done.external_id
    with pytest.raises(Refused, match="hide"):
        reader.act(_action(ActionKind.HIDE, own), NOW)


def test_deleting_is_read_back(page: GraphStage) -> None:
    """The comment is gone for the lookup too, and a second delete finds nothing to do."""
    rude = _reference(page, "rude")
    action = _action(ActionKind.DELETE, rude)
    assert page.reader().act(action, NOW) == Done(confirmed=True)
    assert _where(page, rude) == [Presence.DELETED]
    assert page.reader().verify(action, NOW) == Done(confirmed=True)
    with pytest.raises(NotFound):
        page.reader().act(action, NOW)


def test_author_is_blocked_and_unblocked(page: GraphStage) -> None:
    """From the Page, and the Page's list shows it."""
    rude = _reference(page, "rude")
    reader = page.reader()
    assert reader.act(_action(ActionKind.BLOCK, rude), NOW) == Done(confirmed=True)
    assert reader.verify(_action(ActionKind.BLOCK, rude), NOW) == Done(confirmed=True)
    assert reader.act(_action(ActionKind.UNBLOCK, rude), NOW) == Done(confirmed=True)
    assert reader.verify(_action(ActionKind.BLOCK, rude), NOW) is None


def test_sender_of_a_message_is_blocked_in_the_inbox(page: GraphStage) -> None:
    """Messages have an edge of their own for that, which shows nothing back: it is not called confirmed."""
    letter = _reference(page, "letter")
    for kind in (ActionKind.BLOCK, ActionKind.UNBLOCK):
        done = page.reader().act(_action(kind, letter), NOW)
        assert not done.confirmed
        assert "inbox" in done.remark
    assert page.wrote() == [f"POST {PAGE_ID}/moderate_conversations"] * 2


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (ActionKind.REPORT, "rude"),
        (ActionKind.HIDE, "letter"),
        (ActionKind.DELETE, "praise"),
        (ActionKind.DELETE, "letter"),
    ],
)
def test_what_facebook_does_not_offer_names_the_way_by_hand(
    page: GraphStage, kind: ActionKind, key: str
) -> None:
    """Nothing is sent, and the refusal says what to open."""
    with pytest.raises(Refused, match="link"):
        page.reader().act(_action(kind, _reference(page, key)), NOW)
    assert page.wrote() == []


def test_unknown_author_cannot_be_blocked(page: GraphStage) -> None:
    """Where Facebook tells no author there is nobody to name."""
    nobody = Reference("1", ItemKind.COMMENT, "1", post_id="2")
    with pytest.raises(Refused, match="does not tell"):
        page.reader().act(_action(ActionKind.BLOCK, nobody), NOW)


def test_permission_that_lapsed_is_named(page: GraphStage) -> None:
    """After 90 days without use Facebook takes the permission to act away; reading goes on."""
    asked = _reference(page, "asked")
    reader = page.reader(token=READING_TOKEN)
    with pytest.raises(PermissionMissing, match=r"pages_manage_engagement.*90 days"):
        reader.act(_action(ActionKind.REPLY, asked, "Yes."), NOW)
    with pytest.raises(PermissionMissing, match="pages_messaging"):
        poll(reader, "messages")
    assert poll(reader).items


# Answers that are lost


@pytest.mark.parametrize(
    ("kind", "key", "words"),
    [
        (ActionKind.REPLY, "asked", "Yes, behind the hall."),
        (ActionKind.REPLY, "told", "Yes, behind the hall."),
        (ActionKind.REPLY, "post", "See you there."),
        (ActionKind.REPLY, "praise", "How kind."),
        (ActionKind.REPLY, "letter", "It is here."),
        (ActionKind.HIDE, "rude", ""),
        (ActionKind.DELETE, "rude", ""),
        (ActionKind.BLOCK, "rude", ""),
    ],
)
def test_lost_answer_is_found_out_and_nothing_is_sent_twice(
    page: GraphStage, kind: ActionKind, key: str, words: str
) -> None:
    """Before it was done nothing shows it; after a lost answer verify finds it; one write was sent."""
    action = _action(kind, _reference(page, key), words)
    assert page.reader().verify(action, NOW) is None
    page.loses_answers = True
    with pytest.raises(Unsure):
        page.reader().act(action, NOW)
    page.loses_answers = False
    found = page.reader().verify(action, NOW)
    assert found is not None
    assert found.confirmed
    assert (found.external_id is not None) == bool(words)
    assert len(page.wrote()) == 1


def test_same_words_said_long_before_do_not_count_as_the_reply(page: GraphStage) -> None:
    """Schools say the same sentence often: only what is younger than the action counts."""
    asked = _reference(page, "asked")
    page.reader().act(_action(ActionKind.REPLY, asked, "Yes."), NOW)
    later = Action(ActionKind.REPLY, asked, "two", NOW + timedelta(hours=1), "Yes.")
    assert page.reader().verify(later, NOW + timedelta(hours=1)) is None


@responses.activate
@pytest.mark.parametrize(("code", "subcode", "posts"), [(10, 2018278, 2), (368, None, 1), (506, None, 1)])
def test_only_a_closed_window_is_tried_with_the_human_agent_tag(
    code: int, subcode: int | None, posts: int
) -> None:
    """After a block for abuse or for the same words twice, a second request would be a second offence."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    error = {"code": code, "message": "words"} | ({} if subcode is None else {"error_subcode": subcode})
    responses.post(f"{GRAPH}/{PAGE_ID}/messages", json={"error": error}, status=400)
    item = Reference("m_1", ItemKind.MESSAGE, "t_1", author_id="4455", created_at=NOW - timedelta(days=2))
    with pytest.raises(Refused):
        connector("facebook", human_agent=True).act(_action(ActionKind.REPLY, item, "Yes."), NOW)
    assert [call.request.method for call in responses.calls].count("POST") == posts


@responses.activate
@pytest.mark.parametrize(("parent", "is_found"), [(None, True), ({"id": "5_9"}, False), (3, False)])
def test_our_answer_to_a_comment_is_not_taken_for_one_to_the_post(parent: object, *, is_found: bool) -> None:
    """The same words may have been sent to somebody under the same post a minute before."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(f"{GRAPH}/{PAGE_ID}_5", {"id": f"{PAGE_ID}_5"})
    ours = {"id": "5_8", "message": "Yes.", "created_time": graph_time(NOW), "from": {"id": PAGE_ID}}
    serve(f"{GRAPH}/{PAGE_ID}_5/comments", {"data": [ours | ({"parent": parent} if parent else {})]})
    post = Reference("5", ItemKind.POST, "5", author_id="66")
    done = connector("facebook").verify(_action(ActionKind.REPLY, post, "Yes."), NOW)
    assert (done is not None) is is_found


# Lookups


def test_edited_and_deleted_items_are_told_apart(page: GraphStage) -> None:
    """Other words are an edit; what its post's list leaves out is deleted; the rest is there."""
    items = [_reference(page, key) for key in ("asked", "rude", "told", "post", "praise", "letter")]
    page.moment = NOW + timedelta(minutes=1)
    _happens(page, ChangeKind.EDIT, "asked", "Is there any parking?")
    _happens(page, ChangeKind.DELETE, "rude")
    found = page.reader().lookup(items, page.moment)
    assert [each.presence for each in found] == [
        Presence.EDITED,
        Presence.DELETED,
        *[Presence.PRESENT] * 4,
    ]
    assert found[0].item is not None
    assert found[0].item.text == "Is there any parking?"


def test_comments_go_with_their_post(page: GraphStage) -> None:
    """When the post is proven gone, so are the comments under it."""
    items = [_reference(page, key) for key in ("post", "asked", "told")]
    page.moment = NOW + timedelta(minutes=1)
    _happens(page, ChangeKind.DELETE, "post")
    assert _where(page, *items) == [Presence.DELETED] * 3


def test_page_that_shows_nothing_proves_nothing() -> None:
    """An unpublished Page shows neither posts nor comments: that is not a deletion."""
    error = {"error": {"code": 100, "error_subcode": 33, "message": "Unsupported get request"}}
    comment = Reference("7", ItemKind.COMMENT, "7", post_id="5")
    post = Reference("5", ItemKind.POST, "5", author_id=PAGE_ID)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        for name in ("5_7", "7", f"{PAGE_ID}_5", "5", f"{PAGE_ID}_5/comments", "5/comments"):
            recorded.get(f"{GRAPH}/{name}", json=error, status=400)
        recorded.get(f"{GRAPH}/me", json={"id": PAGE_ID})
        recorded.get(f"{GRAPH}/{PAGE_ID}", json={"id": PAGE_ID, "is_published": False})
        recorded.get(f"{GRAPH}/{PAGE_ID}/published_posts", json={"data": []})
        found = connector("facebook").lookup([comment, post], NOW)
    assert [each.presence for each in found] == [Presence.UNKNOWN] * 2


def test_message_out_of_reach_is_there_and_a_removed_one_is_not(page: GraphStage) -> None:
    """Facebook calls old messages deleted; the list of ids tells the difference."""
    letter = _reference(page, "letter")
    gone = Reference("m_removed", ItemKind.MESSAGE, letter.thread_id, created_at=NOW)
    many = [
        {
            "id": f"more-{each}",
            "by": "kerry",
            "text": f"{each}",
            "private": True,
            "at": "2026-11-20T11:00:00Z",
        }
        for each in range(25)
    ]
    busy = GraphStage([*LINES, *many])
    with responses.RequestsMock(assert_all_requests_are_fired=False) as recorded:
        busy.listen(recorded)
        assert _where(busy, letter, gone) == [Presence.PRESENT, Presence.DELETED]


@responses.activate
def test_list_of_messages_that_is_too_short_proves_nothing() -> None:
    """It ends before the message's time, and Facebook counts more than it lists."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(f"{GRAPH}/m_1", GONE, status=400)
    serve(f"{GRAPH}/t_1/messages", {"data": [{"id": "m_2", "created_time": graph_time(NOW)}]})
    serve(f"{GRAPH}/t_1", {"id": "t_1", "message_count": 2}, {"id": "t_1", "message_count": 1})
    message = Reference("m_1", ItemKind.MESSAGE, "t_1", created_at=NOW - timedelta(hours=1))
    found = connector("facebook").lookup([message, message], NOW)
    assert [each.presence for each in found] == [Presence.UNKNOWN, Presence.DELETED]


@responses.activate
@pytest.mark.parametrize(
    ("author", "listed", "total", "presence"),
    [
        ("66", "4455", 2, Presence.UNKNOWN),
        ("66", "4455", 1, Presence.DELETED),
        ("66", "4455", None, Presence.UNKNOWN),
        ("4455", "4455", 2, Presence.DELETED),
        (PAGE_ID, "4455", 2, Presence.DELETED),
        (None, "4455", 2, Presence.UNKNOWN),
        ("66", None, 1, Presence.UNKNOWN),
        (PAGE_ID, None, 1, Presence.UNKNOWN),
    ],
)
def test_comment_of_somebody_who_blocked_the_page_is_not_called_deleted(
    author: str | None, listed: str | None, total: int | None, presence: Presence
) -> None:
    """Both vanish alike. Gone is proven when the author is still shown, or when nothing is withheld."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    for name in ("5_7", "7"):
        serve(f"{GRAPH}/{name}", GONE, status=400)
    others = [] if listed is None else [{"id": "5_8", "from": {"id": listed, "name": "Somebody"}}]
    serve(f"{GRAPH}/{PAGE_ID}_5/comments", {"data": others})
    summary = {} if total is None else {"total_count": total}
    serve(f"{GRAPH}/{PAGE_ID}_5", {"id": f"{PAGE_ID}_5", "comments": {"data": [], "summary": summary}})
    comment = Reference("7", ItemKind.COMMENT, "7", post_id="5", author_id=author)
    (found,) = connector("facebook").lookup([comment], NOW)
    assert found.presence is presence


@responses.activate
def test_visitors_post_and_review_that_vanish_are_not_called_deleted() -> None:
    """Who wrote them may have blocked the Page; the comments under them vanish with them."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(f"{GRAPH}/{PAGE_ID}", {"id": PAGE_ID, "is_published": True})
    serve(f"{GRAPH}/{PAGE_ID}/published_posts", {"data": [{"id": POST_ID}]})
    serve(f"{GRAPH}/{PAGE_ID}/ratings", {"data": [{"open_graph_story": {"id": "82"}}]})
    for name in (f"{PAGE_ID}_5", "5", "5_7", "7", f"{PAGE_ID}_5/comments", "5/comments", "81"):
        serve(f"{GRAPH}/{name}", GONE, status=400)
    gone = [
        Reference("5", ItemKind.POST, "5", author_id="66"),
        Reference("7", ItemKind.COMMENT, "7", post_id="5", author_id="67"),
        Reference("81", ItemKind.REVIEW, "81", author_id="68"),
    ]
    found = connector("facebook").lookup(gone, NOW)
    assert [each.presence for each in found] == [Presence.UNKNOWN] * 3


@responses.activate
@pytest.mark.parametrize("error", [{"code": 10}, {"code": 100}, {"code": 368}])
def test_one_item_that_may_not_be_asked_for_costs_no_other_its_answer(error: dict[str, int]) -> None:
    """Posts of other people that tag the Page may not be read by id: of them nothing is known."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(f"{GRAPH}/990_7", {"error": error | {"message": "words"}}, status=403)
    serve(f"{GRAPH}/5_7", {"id": "5_7", "message": "Yes"})
    comment = Reference("7", ItemKind.COMMENT, "7", post_id="5")
    found = connector("facebook").lookup([Reference("990_7", ItemKind.MENTION, "990_7"), comment], NOW)
    assert [each.presence for each in found] == [Presence.UNKNOWN, Presence.PRESENT]


@responses.activate
def test_lookup_with_a_persons_token_says_nothing() -> None:
    """Everything would look deleted: the token is proven first."""
    serve(f"{GRAPH}/me", {"id": "10202077009001"})
    with pytest.raises(PermissionMissing):
        connector("facebook").lookup([Reference("7", ItemKind.COMMENT, "7", post_id="5")], NOW)
    assert len(responses.calls) == 1


# The token


def test_proof_of_the_token(page: GraphStage) -> None:
    """A Page's token that ends nowhere and may do everything; one whose permissions lapsed lacks them."""
    proof = page.reader().prove(NOW)
    assert (proof.expires_at, proof.lacking) == (None, ())
    assert "pages_read_user_content" in (proof.scopes or ())
    lacking = page.reader(token=READING_TOKEN).prove(NOW).lacking
    assert set(lacking) == {
        Capability.READ_MESSAGES,
        Capability.REPLY,
        Capability.HIDE,
        Capability.UNHIDE,
        Capability.DELETE,
    }


@pytest.mark.parametrize(("token", "kind"), [(USER_TOKEN, PermissionMissing), (EXPIRED_TOKEN, AuthExpired)])
def test_wrong_tokens_fail_the_proof(page: GraphStage, token: str, kind: type[Exception]) -> None:
    """A person's token and one that expired."""
    with pytest.raises(kind):
        page.reader(token=token).prove(NOW)


@responses.activate
@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"expires_at": 0, "data_access_expires_at": 0}, None),
        ({"expires_at": 0, "data_access_expires_at": 1_800_000_000}, 1_800_000_000),
        ({"expires_at": 1_799_000_000, "data_access_expires_at": 1_800_000_000}, 1_799_000_000),
        ({"expires_at": "soon"}, None),
        ({"expires_at": 10**30}, None),
    ],
)
def test_end_of_the_token_is_the_earlier_of_both(told: dict[str, object], expected: int | None) -> None:
    """A token that never ends still loses its access to data; zero means never."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(f"{GRAPH}/{PAGE_ID}", {"id": PAGE_ID, "is_published": True})
    serve(f"{GRAPH}/debug_token", {"data": {"is_valid": True, **told}})
    proof = connector("facebook").prove(NOW)
    assert (proof.expires_at.timestamp() if proof.expires_at else None) == expected
    assert proof.scopes is None


@responses.activate
def test_refused_debugging_leaves_end_and_permissions_unknown() -> None:
    """Facebook lets some tokens not ask about themselves."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(f"{GRAPH}/{PAGE_ID}", {"id": PAGE_ID})
    serve(f"{GRAPH}/debug_token", {"error": {"code": 100, "message": "words"}}, status=400)
    proof = connector("facebook").prove(NOW)
    assert (proof.expires_at, proof.scopes, proof.lacking) == (None, None, ())


@responses.activate
def test_unpublished_page_is_found_out() -> None:
    """It would be polled for ever and stay silent."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(f"{GRAPH}/{PAGE_ID}", {"id": PAGE_ID, "is_published": False})
    with pytest.raises(NotFound, match="not published"):
        connector("facebook").prove(NOW)


# Writes that surely were not done


@responses.activate
@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [
        (368, None, Refused),
        (506, None, Refused),
        (10, None, PermissionMissing),
        (190, 492, PermissionMissing),
        (190, 460, AuthExpired),
        (32, None, RateLimited),
        (2, None, Unsure),
    ],
)
def test_refused_write_is_not_unsure(code: int, subcode: int | None, kind: type[Exception]) -> None:
    """A refusal is an answer: only trouble at Facebook leaves it open. It is sent once in any case."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(f"{GRAPH}/5_7", {"id": "5_7", "can_comment": True})
    error = {"code": code, "message": "words"} | ({} if subcode is None else {"error_subcode": subcode})
    responses.post(f"{GRAPH}/5_7/comments", json={"error": error}, status=400)
    item = Reference("7", ItemKind.COMMENT, "7", post_id="5")
    with pytest.raises(kind):
        connector("facebook").act(_action(ActionKind.REPLY, item, "Yes."), NOW)
    assert [call.request.method for call in responses.calls].count("POST") == 1


@responses.activate
def test_reply_that_cannot_be_read_back_is_not_called_confirmed() -> None:
    """Facebook shows some replies late: it was accepted, and that is all that is said."""
    serve(f"{GRAPH}/me", {"id": PAGE_ID})
    serve(f"{GRAPH}/5_7", {"id": "5_7"})
    responses.post(f"{GRAPH}/5_7/comments", json={"id": "5_8"})
    serve(f"{GRAPH}/5_8", {"error": {"code": 100, "error_subcode": 33}}, status=400)
    item = Reference("7", ItemKind.COMMENT, "7", post_id="5", created_at=NOW)
    done = connector("facebook").act(_action(ActionKind.REPLY, item, "Yes."), NOW)
    assert (done.external_id, done.confirmed) == ("8", False)
    assert "does not show it yet" in done.remark
    assert graph_time(NOW)
