"""Instagram: what its answers become, what is read again, and what is said of what it does not show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from connectors.base import (
    AuthExpired,
    BadResponse,
    BugOrConfig,
    Capability,
    Connector,
    PermissionMissing,
    RateLimited,
    Refused,
    Unsure,
)
from moderation.actions import Action, ActionKind, Done
from moderation.items import Author, ItemKind, Presence, Reference, Sighting, digest
from tests.connectors.wire import (
    GRAPH,
    IG_ID,
    IG_MEDIA,
    IG_OWN,
    IG_PAGE,
    NOW,
    PAGE_ID,
    TOKEN,
    Polled,
    connector,
    graph_answer,
    ig_comment,
    ig_media,
    ig_message,
    poll,
    serve,
    serve_instagram,
)

COMMENTS = f"{GRAPH}/700/comments"
CONVERSATIONS = f"{GRAPH}/{PAGE_ID}/conversations"
GONE = {"error": {"message": "no", "code": 100, "error_subcode": 33}}
SINCE = NOW - timedelta(days=7)


def _paths() -> list[str]:
    return [urlsplit(str(call.request.url)).path.removeprefix("/v26.0/") for call in responses.calls]


def _asked(path: str) -> dict[str, str]:
    """Return the parameters of the last request to a path."""
    calls = [call for call in responses.calls if urlsplit(str(call.request.url)).path.endswith(path)]
    return {name: values[0] for name, values in parse_qs(urlsplit(str(calls[-1].request.url)).query).items()}


def _sent() -> dict[str, str]:
    """Return the parameters of the last write."""
    body = [call.request.body for call in responses.calls if call.request.method == "POST"][-1]
    return {name: values[0] for name, values in parse_qs(str(body)).items()}


def _next(path: str, after: str) -> str:
    return f"https://graph.facebook.com/v26.0/{path}?access_token={TOKEN}&limit=50&after={after}"


def _swept(reader: Connector, stream: str) -> Polled:
    return Polled(list(reader.sweep(stream, SINCE, NOW)))


def _reference(number: int = 1, kind: ItemKind = ItemKind.COMMENT, **more: Any) -> Reference:
    given: dict[str, Any] = {"thread_id": "1", "post_id": "700", "author_id": "4455"} | more
    return Reference(str(number), kind, digest=digest(f"Question {number}"), **given)


def _action(kind: ActionKind, item: Reference | None = None, words: str = "") -> Action:
    return Action(kind, item or _reference(), "our-reference", NOW, words)


# Comments


@responses.activate
def test_reply_is_read_whole() -> None:
    """Who, when, under what, in whose thread, hidden or not, and the media's link, for it has none itself."""
    reply = ig_comment(2, text="@OakfieldAcademy see this", hidden=True, parent_id="1")
    serve_instagram(ig_media())
    serve(COMMENTS, graph_answer([ig_comment(1, reply)]))
    assert poll(connector("instagram")).one("2") == Sighting(
        external_id="2",
        kind=ItemKind.REPLY,
        thread_id="1",
        parent_id="1",
        post_id="700",
        author=Author("4455", "kerry.walsh"),
        is_own=False,
        text="@OakfieldAcademy see this",
        created_at=datetime(2026, 11, 20, 10, 1, 2, tzinfo=UTC),
        permalink="https://www.instagram.com/p/700/",
        names_school=True,
        hidden=True,
    )


@responses.activate
def test_own_media_are_items_that_comments_stand_under() -> None:
    """The school's captions are kept as its own posts; media that it only shares are somebody else's."""
    shared = ig_media(701, owner={"id": "99"}, username="oakfield.town", media_type="CAROUSEL_ALBUM")
    serve_instagram(ig_media(), shared)
    serve(COMMENTS, graph_answer([]))
    serve(f"{GRAPH}/701/comments", graph_answer([]))
    polled = poll(connector("instagram"))
    assert polled.one("700").is_own
    assert polled.one("700").kind is ItemKind.POST
    assert polled.one("701").author == Author("99", "oakfield.town")
    assert not polled.one("701").is_own


@pytest.mark.parametrize("told", [IG_OWN, {"from": {"id": "777"}, "username": "OakfieldAcademy"}])
@responses.activate
def test_own_reply_is_recognised_by_id_and_by_name(told: dict[str, Any]) -> None:
    """Instagram gives our own account another id in some answers; the name is the same everywhere."""
    serve_instagram(ig_media())
    serve(COMMENTS, graph_answer([ig_comment(1, ig_comment(2, **told))]))
    reply = poll(connector("instagram")).one("2")
    assert (reply.is_own, reply.parent_id) == (True, "1")
    assert reply.author.external_id == IG_ID


@responses.activate
def test_comment_of_unknown_author_is_kept() -> None:
    """Without the comments permission nobody is named; the comment still waits for an answer."""
    serve_instagram(ig_media())
    serve(COMMENTS, graph_answer([ig_comment(1, **{"from": None, "username": None})]))
    assert poll(connector("instagram")).one("1").author == Author(None, "")


@responses.activate
def test_replies_beyond_those_shown_are_read() -> None:
    """Where the page says that a comment has more replies, all of them are listed."""
    serve_instagram(ig_media())
    shown = ig_comment(1, ig_comment(2), following=_next("1/replies", "R1"))
    serve(COMMENTS, graph_answer([shown]))
    serve(
        f"{GRAPH}/1/replies",
        graph_answer([ig_comment(2)], _next("1/replies", "R1")),
        graph_answer([ig_comment(3)]),
    )
    polled = poll(connector("instagram"))
    assert {"1", "2", "3"} <= set(polled.ids)
    assert polled.one("3").thread_id == "1"


@responses.activate
def test_reading_goes_on_past_what_is_known_and_past_empty_pages() -> None:
    """Comments come newest first, and the oldest may have a new reply: no page is the last for its age."""
    serve_instagram(ig_media())
    serve(
        COMMENTS,
        graph_answer([ig_comment(9)], _next("700/comments", "A")),
        graph_answer([], _next("700/comments", "B")),
        graph_answer([ig_comment(1)]),
    )
    first = poll(connector("instagram"))
    assert {"9", "1"} <= set(first.ids)
    assert _asked("700/comments")["after"] == "B"
    assert _asked("700/comments")["limit"] == "50"


@responses.activate
def test_looping_listing_moves_nothing() -> None:
    """A next page that was there before is no listing, and the state stays where it was."""
    serve_instagram(ig_media())
    serve(COMMENTS, graph_answer([ig_comment(1)], _next("700/comments", "A")))
    with pytest.raises(BadResponse):
        poll(connector("instagram"))


@responses.activate
def test_old_media_is_read_again_when_its_count_changed() -> None:
    """What is neither recent nor changed costs no request."""
    old, months = ig_media(701, timedelta(days=90), count=3), timedelta(days=91)
    serve_instagram(old, ig_media(702, months, count=5))
    before = poll(connector("instagram"))
    assert not [path for path in _paths() if path.endswith("comments")]
    responses.replace("GET", IG_MEDIA, json=graph_answer([old, ig_media(702, months, count=6)]))
    serve(f"{GRAPH}/702/comments", graph_answer([ig_comment(1)]))
    after = poll(connector("instagram"), state=before.cursor)
    assert "1" in after.ids
    assert "701/comments" not in _paths()


@responses.activate
def test_broken_comment_costs_nobody_else() -> None:
    """What cannot be read waits for a person, by its id; its neighbours and replies go on."""
    serve_instagram(ig_media())
    broken = ig_comment(1, ig_comment(2), timestamp="yesterday")
    odd = ig_comment(3, replies="many")
    serve(COMMENTS, graph_answer([broken, "text", odd, ig_comment(4)]))
    polled = poll(connector("instagram"))
    assert {"2", "3", "4"} <= set(polled.ids)
    assert [each.external_id for each in polled.rejected] == ["1", None, "3"]
    assert "yesterday" not in str(polled.rejected)


@responses.activate
def test_hidden_comment_that_listings_leave_out_is_asked_for() -> None:
    """What was hidden is remembered, so that we notice when somebody shows it again."""
    serve_instagram(ig_media())
    serve(COMMENTS, graph_answer([ig_comment(1, hidden=True)]), graph_answer([]))
    reader = connector("instagram")
    before = poll(reader)
    shown_again = ig_comment(1, media={"id": "700", "permalink": "https://www.instagram.com/p/700/"})
    serve(f"{GRAPH}/1", shown_again)
    after = poll(reader, state=before.cursor)
    assert before.one("1").hidden
    assert not after.one("1").hidden
    assert after.one("1").post_id == "700"
    responses.replace("GET", f"{GRAPH}/1", json=GONE, status=400)
    assert "1" not in poll(reader, state=after.cursor).ids


@responses.activate
def test_hidden_comment_under_media_that_lies_still_costs_nothing() -> None:
    """It stays remembered, and is asked for only when its media was read again without it."""
    serve_instagram(ig_media(700, timedelta(days=3)))
    serve(COMMENTS, graph_answer([ig_comment(1, hidden=True)]))
    reader = connector("instagram")
    before = poll(reader)
    after = poll(reader, state=before.cursor)
    assert "1" not in _paths()
    assert after.cursor["hidden"] == before.cursor["hidden"] == {"1": "700"}


@responses.activate
def test_media_whose_comments_are_not_shown_waits_for_a_person() -> None:
    """One media that answers with an error stops neither the others nor the state."""
    serve_instagram(ig_media(), ig_media(701))
    serve(COMMENTS, GONE, status=400)
    serve(f"{GRAPH}/701/comments", graph_answer([ig_comment(5)]))
    polled = poll(connector("instagram"))
    assert "5" in polled.ids
    assert [each.external_id for each in polled.rejected] == ["700"]
    assert polled.cursor


@pytest.mark.parametrize(("stream", "edge"), [("stories", "stories"), ("live", "live_media")])
@responses.activate
def test_stories_and_broadcasts_are_read_as_long_as_they_last(stream: str, edge: str) -> None:
    """Comments there vanish after a day, so they have streams of their own."""
    serve(f"{GRAPH}/me", IG_PAGE)
    serve(f"{GRAPH}/{IG_ID}/{edge}", graph_answer([ig_media()]))
    serve(COMMENTS, graph_answer([ig_comment(1)]))
    assert "1" in poll(connector("instagram"), stream).ids


@responses.activate
def test_sweep_reads_old_media_that_have_comments() -> None:
    """A reply under an old comment changes no count when another was deleted: the sweep finds it."""
    old, never = ig_media(700, timedelta(days=90), count=3), ig_media(701, timedelta(days=91), count=0)
    serve_instagram(old, never)
    serve(COMMENTS, graph_answer([ig_comment(1, ig_comment(2))]))
    swept = _swept(connector("instagram"), "comments")
    assert {"1", "2"} <= set(swept.ids)
    assert all(page.cursor is None for page in swept.pages)
    assert "701/comments" not in _paths()


# Mentions


@responses.activate
def test_media_that_tag_the_school_are_mentions() -> None:
    """Somebody else's media that names us is read with its author's name; what we tag ourselves is not."""
    serve(f"{GRAPH}/me", IG_PAGE)
    theirs = ig_media(800, owner=None, username="oakfield.pta", caption="Thank you!", media_type="VIDEO")
    serve(f"{GRAPH}/{IG_ID}/tags", graph_answer([theirs, ig_media(700)]))
    (item,) = poll(connector("instagram"), "mentions").items
    assert (item.kind, item.author, item.names_school) == (
        ItemKind.MENTION,
        Author(None, "oakfield.pta"),
        True,
    )
    assert item.media == ("video",)


# Messages


def _serve_inbox(*conversations: object) -> None:
    serve(f"{GRAPH}/me", IG_PAGE)
    serve(CONVERSATIONS, graph_answer(conversations))


def _conversation(name: str, age: timedelta = timedelta(minutes=5)) -> dict[str, Any]:
    return {"id": name, "updated_time": (NOW - age).isoformat()}


@responses.activate
def test_messages_of_conversations_that_moved_are_read() -> None:
    """Kind, thread and names; of attachments only the kinds; what lies still costs no request."""
    _serve_inbox(_conversation("c1"), _conversation("c2", timedelta(days=40)))
    picture = {"data": [{"mime_type": "image/jpeg", "image_data": {"url": "https://picture.example/1"}}]}
    own = ig_message(2, message="At four.", **{"from": {"id": IG_ID, "username": "oakfieldacademy"}})
    serve(f"{GRAPH}/c1/messages", graph_answer([own, ig_message(1, message=None, attachments=picture)]))
    reader = connector("instagram")
    polled = poll(reader, "messages")
    first, answer = polled.one("aWdf1"), polled.one("aWdf2")
    assert (first.kind, first.thread_id, first.names_school) == (ItemKind.MESSAGE, "c1", True)
    assert (first.media, first.text, first.author) == (("photo",), "", Author("4455", "kerry.walsh"))
    assert answer.is_own
    assert _asked("conversations")["platform"] == "instagram"
    assert "c2/messages" not in _paths()


@responses.activate
def test_messages_out_of_reach_are_said_to_be_missed() -> None:
    """More than twenty between two polls: the rest has no words, and the time is reported as not seen."""
    _serve_inbox(_conversation("c1"))
    newest = [ig_message(number, timedelta(minutes=number)) for number in range(1, 21)]
    beyond = ig_message(21, timedelta(minutes=21), message=None, **{"from": None})
    serve(
        f"{GRAPH}/c1/messages",
        graph_answer(newest, _next("c1/messages", "A")),
        graph_answer([beyond]),
    )
    last = NOW - timedelta(hours=1)
    reader = connector("instagram")
    polled = poll(reader, "messages", {"complete_from": last.isoformat()})
    assert len(polled.items) == 20
    assert [each.external_id for each in polled.rejected] == ["aWdf21"]
    (missed,) = [each for page in polled.pages for each in page.missed]
    assert (missed.began_at, missed.ended_at) == (last, NOW - timedelta(minutes=20))


@responses.activate
def test_first_poll_and_old_messages_miss_nothing() -> None:
    """What came before the first poll, or was read by the one before, is not called missed."""
    _serve_inbox(_conversation("c1"))
    newest = [ig_message(number, timedelta(minutes=number)) for number in range(1, 21)]
    pages = (
        graph_answer(newest, _next("c1/messages", "A")),
        graph_answer([ig_message(21, timedelta(hours=2))]),
    )
    serve(f"{GRAPH}/c1/messages", *pages, *pages)
    first = poll(connector("instagram"), "messages")
    later = poll(
        connector("instagram"), "messages", {"complete_from": (NOW - timedelta(hours=1)).isoformat()}
    )
    assert [each for page in (*first.pages, *later.pages) for each in page.missed] == []


@responses.activate
def test_conversations_are_listed_until_a_page_lies_still() -> None:
    """What moved stands on the first pages; of a conversation that moved only the new messages are taken."""
    serve(f"{GRAPH}/me", IG_PAGE)
    still = timedelta(days=9)
    serve(
        CONVERSATIONS,
        graph_answer([_conversation("c1")], _next(f"{PAGE_ID}/conversations", "A")),
        graph_answer([_conversation("c2")], _next(f"{PAGE_ID}/conversations", "B")),
        graph_answer([_conversation("c3", still)], _next(f"{PAGE_ID}/conversations", "C")),
        graph_answer([_conversation("c4")]),
    )
    serve(f"{GRAPH}/c1/messages", graph_answer([ig_message(1), ig_message(2, still)]))
    serve(f"{GRAPH}/c2/messages", graph_answer([ig_message(3)]))
    polled = poll(connector("instagram"), "messages", {"complete_from": NOW.isoformat()})
    assert polled.ids == ["aWdf1", "aWdf3"]


@responses.activate
def test_conversation_that_is_not_shown_stops_no_other() -> None:
    """A closed account's conversation waits for a person."""
    _serve_inbox(_conversation("c1"), _conversation("c2"))
    serve(f"{GRAPH}/c1/messages", GONE, status=400)
    serve(f"{GRAPH}/c2/messages", graph_answer([ig_message(1)]))
    polled = poll(connector("instagram"), "messages")
    assert polled.ids == ["aWdf1"]
    assert [each.external_id for each in polled.rejected] == ["c1"]


# The token


@responses.activate
def test_instagram_login_has_its_own_host_and_id() -> None:
    """There the token is the account's, the id is user_id, and the inbox is the account's own."""
    host = "https://graph.instagram.com/v26.0"
    serve(f"{host}/me", {"id": "26001", "user_id": IG_ID, "username": "oakfieldacademy"})
    serve(f"{host}/{IG_ID}/conversations", graph_answer([]))
    serve(f"{host}/{IG_ID}/media", graph_answer([]))
    reader = connector("instagram", login="instagram")
    poll(reader)
    poll(reader, "messages")
    assert _asked("me")["fields"] == "user_id,username"
    assert _paths().count("me") == 1
    assert reader.prove(NOW).expires_at is None


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"error": {"message": "no field", "code": 100}}, 400),
        ({"id": PAGE_ID}, 200),
        ({"id": PAGE_ID, "instagram_business_account": {"id": "17841499999999999"}}, 200),
    ],
    ids=["a person's token", "no account", "another account"],
)
@responses.activate
def test_token_of_somebody_else_is_noticed(answer: dict[str, Any], status: int) -> None:
    """Such a token would show nothing or another school's comments; a person has to put in the right one."""
    serve(f"{GRAPH}/me", answer, status=status)
    with pytest.raises(PermissionMissing):
        poll(connector("instagram"))
    with pytest.raises(PermissionMissing):
        connector("instagram").prove(NOW)


@responses.activate
def test_instagram_logins_app_id_is_not_the_accounts() -> None:
    """The field that is called id is another number there, and not believed."""
    serve("https://graph.instagram.com/v26.0/me", {"id": IG_ID, "user_id": "26001"})
    with pytest.raises(PermissionMissing):
        poll(connector("instagram", login="instagram"))


@responses.activate
def test_proof_names_the_end_and_what_the_permissions_leave_out() -> None:
    """A token that may only read says so before somebody wants to answer."""
    serve(f"{GRAPH}/me", IG_PAGE)
    ends = datetime(2027, 1, 1, tzinfo=UTC)
    facts = {"is_valid": True, "scopes": ["instagram_basic"], "expires_at": int(ends.timestamp())}
    serve(f"{GRAPH}/debug_token", {"data": facts})
    proof = connector("instagram").prove(NOW)
    assert proof.expires_at == ends
    assert {Capability.REPLY, Capability.HIDE, Capability.READ_MESSAGES} <= set(proof.lacking)
    assert Capability.READ_COMMENTS not in proof.lacking


@responses.activate
def test_dead_token_is_expired() -> None:
    """Meta's word that the token is not valid is enough."""
    serve(f"{GRAPH}/me", IG_PAGE)
    serve(f"{GRAPH}/debug_token", {"data": {"is_valid": False}})
    with pytest.raises(AuthExpired):
        connector("instagram").prove(NOW)


@responses.activate
def test_allowance_is_noted_and_not_overdrawn() -> None:
    """A quiet account has next to nothing: the header's minutes are kept, and nothing more is asked."""
    usage = f'{{"{IG_ID}":[{{"type":"instagram","call_count":100,"estimated_time_to_regain_access":19}}]}}'
    error = {"error": {"message": "slow", "code": 80002}}
    responses.get(f"{GRAPH}/me", json=error, status=400, headers={"x-business-use-case-usage": usage})
    reader = connector("instagram")
    for _ in range(2):
        with pytest.raises(RateLimited) as caught:
            poll(reader)
        assert caught.value.until == NOW + timedelta(minutes=19)
    assert len(responses.calls) == 1
    assert reader.meter.windows[f"instagram {IG_ID}"].used == 1


# Looking up


@pytest.mark.parametrize(
    ("answer", "presence"),
    [
        (ig_comment(1), Presence.PRESENT),
        (ig_comment(1, text="Other words"), Presence.EDITED),
        (ig_comment(1, hidden=True), Presence.HIDDEN),
        (ig_comment(1, timestamp=7), Presence.UNKNOWN),
    ],
)
@responses.activate
def test_comment_is_found_as_it_is(answer: dict[str, Any], presence: Presence) -> None:
    """There, reworded or hidden; an answer that cannot be read says nothing."""
    serve(f"{GRAPH}/me", IG_PAGE)
    serve(f"{GRAPH}/1", answer | {"media": {"id": "700"}})
    (told,) = connector("instagram").lookup([_reference()], NOW)
    assert told.presence is presence


@pytest.mark.parametrize(
    ("listing", "status", "presence"),
    [
        (graph_answer([ig_comment(8)]), 200, Presence.DELETED),
        (graph_answer([ig_comment(8, ig_comment(1))]), 200, Presence.PRESENT),
        (graph_answer([ig_comment(8), "broken"]), 200, Presence.UNKNOWN),
        (GONE, 400, Presence.UNKNOWN),
        ({"error": {"message": "may not", "code": 10}}, 403, Presence.UNKNOWN),
    ],
    ids=["left out", "listed", "not whole", "media gone too", "not permitted"],
)
@responses.activate
def test_gone_is_only_what_a_whole_list_leaves_out(
    listing: dict[str, Any], status: int, presence: Presence
) -> None:
    """Graph's error means gone or not shown to us: the comments under the media tell which."""
    serve(f"{GRAPH}/me", IG_PAGE)
    serve(f"{GRAPH}/1", GONE, status=400)
    serve(COMMENTS, listing, status=status)
    told = connector("instagram").lookup([_reference(), _reference()], NOW)
    assert [each.presence for each in told] == [presence, presence]
    assert _paths().count("700/comments") == 1


@responses.activate
def test_message_is_gone_when_its_conversation_lists_others() -> None:
    """Old messages have ids and no words: they are there all the same. A list cut short says nothing."""
    serve(f"{GRAPH}/me", IG_PAGE)
    for number in (1, 2):
        serve(f"{GRAPH}/{number}", GONE, status=400)
    serve(f"{GRAPH}/3", {"error": {"message": "as it likes", "code": 100}}, status=400)
    serve(f"{GRAPH}/c1/messages", graph_answer([ig_message(2, timedelta(hours=2), id="2")]))
    serve(f"{GRAPH}/c1", {"id": "c1", "message_count": 5})
    ages = {1: timedelta(hours=1), 2: timedelta(hours=2), 3: timedelta(hours=3)}
    wanted = [
        _reference(number, ItemKind.MESSAGE, thread_id="c1", created_at=NOW - age)
        for number, age in ages.items()
    ]
    told = connector("instagram").lookup(wanted, NOW)
    assert [each.presence for each in told] == [Presence.DELETED, Presence.PRESENT, Presence.UNKNOWN]


@responses.activate
def test_a_message_that_is_refused_keeps_no_other_item_from_being_found() -> None:
    """One old message is refused, one conversation is gone: the comment is found all the same."""
    refused = {"error": {"message": "(#100) Message has been deleted", "code": 100}}
    serve(f"{GRAPH}/me", IG_PAGE)
    for number in (1, 2):
        serve(f"{GRAPH}/{number}", refused, status=400)
    serve(f"{GRAPH}/3", ig_comment(3) | {"media": {"id": "700"}})
    serve(f"{GRAPH}/c1/messages", graph_answer([{"id": "1"}]))
    serve(f"{GRAPH}/c2/messages", refused, status=400)
    wanted = [
        _reference(1, ItemKind.MESSAGE, thread_id="c1"),
        _reference(2, ItemKind.MESSAGE, thread_id="c2"),
        _reference(3),
    ]
    told = connector("instagram").lookup(wanted, NOW)
    assert [each.presence for each in told[:2]] == [Presence.PRESENT, Presence.UNKNOWN]
    assert told[2].item is not None


@responses.activate
def test_untagged_and_deleted_media_of_others_are_not_told_apart() -> None:
    """What is still in the list of tags is there; of the rest nothing is known."""
    serve(f"{GRAPH}/me", IG_PAGE)
    serve(f"{GRAPH}/{IG_ID}/tags", graph_answer([ig_media(1, caption="Question 1", username="someone")]))
    told = connector("instagram").lookup(
        [_reference(1, ItemKind.MENTION), _reference(2, ItemKind.MENTION)], NOW
    )
    assert [each.presence for each in told] == [Presence.PRESENT, Presence.UNKNOWN]


# Acting


@pytest.mark.parametrize(("above", "remarked"), [("1", False), ("9", True)])
@responses.activate
def test_reply_is_read_back_and_said_where_it_stands(above: str, *, remarked: bool) -> None:
    """An answer to a reply stands under the comment at the top of the thread, and the person is told."""
    serve(f"{GRAPH}/me", IG_PAGE)
    serve(f"{GRAPH}/1", ig_comment(1))
    responses.post(f"{GRAPH}/1/replies", json={"id": "50"})
    serve(f"{GRAPH}/50", ig_comment(50, parent_id=above))
    done = connector("instagram").act(_action(ActionKind.REPLY, words="At four."), NOW)
    assert (done.external_id, done.confirmed, bool(done.remark)) == ("50", True, remarked)
    assert _sent()["message"] == "At four."


@responses.activate
def test_hidden_comment_is_not_answered() -> None:
    """Instagram refuses it, so nothing is sent."""
    serve(f"{GRAPH}/me", IG_PAGE)
    serve(f"{GRAPH}/1", ig_comment(1, hidden=True))
    with pytest.raises(Refused, match="hidden"):
        connector("instagram").act(_action(ActionKind.REPLY, words="At four."), NOW)
    assert {call.request.method for call in responses.calls} == {"GET"}


@pytest.mark.parametrize("lost", [requests.exceptions.ReadTimeout(), b"<html>", b"{}"])
@responses.activate
def test_reply_whose_answer_was_lost_is_unsure_and_looked_for(lost: Any) -> None:
    """It is sent once; afterwards our own words under the comment tell that it was done."""
    serve(f"{GRAPH}/me", IG_PAGE)
    serve(f"{GRAPH}/1", ig_comment(1))
    responses.post(f"{GRAPH}/1/replies", body=lost)
    action, reader = _action(ActionKind.REPLY, words="At four."), connector("instagram")
    with pytest.raises(Unsure):
        reader.act(action, NOW)
    made = {"timestamp": NOW.isoformat(), **IG_OWN}
    others = [ig_comment(60, text="At four."), ig_comment(61, text="At five.", **made)]
    serve(f"{GRAPH}/1/replies", graph_answer(others))
    assert reader.verify(action, NOW) is None
    responses.replace(
        "GET", f"{GRAPH}/1/replies", json=graph_answer([*others, ig_comment(62, text="At four.", **made)])
    )
    assert reader.verify(action, NOW) == Done("62", confirmed=True)
    assert sum(call.request.method == "POST" for call in responses.calls) == 1


@responses.activate
def test_earlier_answer_with_the_same_words_is_not_this_one() -> None:
    """Yesterday's thanks are not today's."""
    serve(f"{GRAPH}/me", IG_PAGE)
    serve(f"{GRAPH}/1/replies", graph_answer([ig_comment(60, text="Thank you", **IG_OWN)]))
    assert connector("instagram").verify(_action(ActionKind.REPLY, words="Thank you"), NOW) is None


@pytest.mark.parametrize(
    ("kind", "sent", "hidden", "confirmed"),
    [
        (ActionKind.HIDE, "true", True, True),
        (ActionKind.HIDE, "true", False, False),
        (ActionKind.UNHIDE, "false", False, True),
    ],
)
@responses.activate
def test_hiding_is_read_back(kind: ActionKind, sent: str, *, hidden: bool, confirmed: bool) -> None:
    """Hidden is what Instagram shows as hidden afterwards, whatever it said to the request."""
    serve(f"{GRAPH}/me", IG_PAGE)
    responses.post(f"{GRAPH}/1", json={"success": True})
    serve(f"{GRAPH}/1", {"id": "1", "hidden": hidden})
    reader, action = connector("instagram"), _action(kind)
    done = reader.act(action, NOW)
    assert (done.confirmed, bool(done.remark)) == (confirmed, not confirmed)
    assert _sent()["hide"] == sent
    assert (reader.verify(action, NOW) is not None) is confirmed


@responses.activate
def test_own_comment_is_never_hidden() -> None:
    """Instagram would say yes and do nothing."""
    serve(f"{GRAPH}/me", IG_PAGE)
    with pytest.raises(Refused, match="own"):
        connector("instagram").act(_action(ActionKind.HIDE, _reference(author_id=IG_ID)), NOW)


@responses.activate
def test_deletion_is_read_back() -> None:
    """Gone is what Instagram no longer shows."""
    serve(f"{GRAPH}/me", IG_PAGE)
    responses.delete(f"{GRAPH}/1", json={"success": True})
    serve(f"{GRAPH}/1", GONE, status=400)
    reader, action = connector("instagram"), _action(ActionKind.DELETE)
    assert reader.act(action, NOW) == Done(confirmed=True)
    assert reader.verify(action, NOW) == Done(confirmed=True)


@responses.activate
def test_private_message_is_sent_to_whoever_wrote() -> None:
    """Through the Page's inbox with Facebook Login; after a day a person has to answer by hand."""
    serve(f"{GRAPH}/me", IG_PAGE)
    message = _reference(1, ItemKind.MESSAGE, thread_id="c1", post_id=None)
    send = responses.post(f"{GRAPH}/{PAGE_ID}/messages", json={"recipient_id": "4455", "message_id": "m9"})
    serve(f"{GRAPH}/m9", {"id": "m9"})
    reader, action = connector("instagram"), _action(ActionKind.REPLY, message, "At four.")
    assert reader.act(action, NOW) == Done("m9", confirmed=True)
    assert _sent()["recipient"] == '{"id": "4455"}'
    own = {"from": {"id": IG_ID}, "message": "At four."}
    serve(f"{GRAPH}/c1/messages", graph_answer([ig_message(9, timedelta(0), **own)]))
    assert reader.verify(action, NOW) == Done("aWdf9", confirmed=True)
    responses.remove(send)
    closed = {"error": {"message": "late", "code": 10, "error_subcode": 2018278}}
    responses.post(f"{GRAPH}/{PAGE_ID}/messages", json=closed, status=400)
    with pytest.raises(Refused, match="24 hours"):
        reader.act(action, NOW)


@responses.activate
def test_only_who_wrote_a_message_can_be_blocked() -> None:
    """Of a comment's author the way by hand is said; with Instagram Login of everybody's."""
    serve(f"{GRAPH}/me", IG_PAGE)
    responses.post(f"{GRAPH}/{IG_ID}/moderate_conversations", json={"success": True})
    message = _reference(1, ItemKind.MESSAGE, thread_id="c1")
    done = connector("instagram").act(_action(ActionKind.BLOCK, message), NOW)
    assert not done.confirmed
    assert _sent()["actions"] == '["BLOCK_USER"]'
    for reader, item in (
        (connector("instagram"), _reference()),
        (connector("instagram", login="instagram"), message),
    ):
        with pytest.raises(Refused, match="Open the author's profile"):
            reader.act(_action(ActionKind.BLOCK, item), NOW)


@responses.activate
def test_report_is_done_by_hand() -> None:
    """Nothing is sent, and the person is told where to click."""
    with pytest.raises(Refused, match="choose Report"):
        connector("instagram").act(_action(ActionKind.REPORT), NOW)
    assert not responses.calls


@responses.activate
def test_mention_is_answered_under_the_media() -> None:
    """A comment in the school's name, by the id of the media that mentions it."""
    serve(f"{GRAPH}/me", IG_PAGE)
    responses.post(f"{GRAPH}/{IG_ID}/mentions", json={"id": "70"})
    mention = _reference(800, ItemKind.MENTION, post_id=None)
    done = connector("instagram").act(_action(ActionKind.REPLY, mention, "Thank you!"), NOW)
    assert (done.external_id, done.confirmed) == ("70", False)
    assert "Look there" in done.remark
    assert _sent()["media_id"] == "800"


def test_unknown_login_is_a_setting_to_mend() -> None:
    """There are two ways to sign in."""
    with pytest.raises(BugOrConfig, match="login"):
        connector("instagram", login="meta")


# What is refused

MAY_NOT = {"error": {"message": "may not", "code": 10}}


@responses.activate
@pytest.mark.parametrize(
    ("stream", "edge"), [("stories", "stories"), ("live", "live_media"), ("mentions", "tags")]
)
@pytest.mark.parametrize("error", [MAY_NOT, {"error": {"message": "no such edge", "code": 100}}])
def test_what_instagram_does_not_offer_an_account_is_no_alarm(
    stream: str, edge: str, error: dict[str, Any]
) -> None:
    """A new school is not told every day of what it cannot have: one row says it, nothing moves or breaks."""
    serve(f"{GRAPH}/me", IG_PAGE)
    serve(f"{GRAPH}/{IG_ID}/{edge}", error, status=403)
    polled = poll(connector("instagram"), stream)
    assert [each.external_id for each in polled.rejected] == [None]
    assert stream in polled.rejected[0].reason
    assert [page.cursor for page in polled.pages] == [None]
    assert _swept(connector("instagram"), stream).pages == []
    with pytest.raises((PermissionMissing, BugOrConfig)):
        poll(connector("instagram"), stream, {"complete_from": NOW.isoformat()})


@responses.activate
def test_comments_under_stories_that_were_never_shown_are_no_alarm_later_either() -> None:
    """An account without a story on its first day learns of the missing permission with its first story."""
    serve(f"{GRAPH}/me", IG_PAGE)
    serve(f"{GRAPH}/{IG_ID}/stories", graph_answer([]), graph_answer([ig_media()]))
    serve(COMMENTS, MAY_NOT, status=403)
    first = poll(connector("instagram"), "stories")
    later = poll(connector("instagram"), "stories", first.cursor)
    assert later.pages[-1].cursor is None
    assert "stories" in later.rejected[-1].reason


@responses.activate
@pytest.mark.parametrize("error", [MAY_NOT, {"error": {"message": "no such field", "code": 100}}])
def test_one_media_that_shows_no_comments_costs_no_other(error: dict[str, Any]) -> None:
    """It waits for a person, the others are read, and the next poll asks for it again."""
    old = timedelta(days=10)
    serve_instagram(ig_media(701, old), ig_media(700, old))
    responses.get(f"{GRAPH}/701/comments", json=error, status=403)
    serve(f"{GRAPH}/701/comments", graph_answer([ig_comment(2)]))
    serve(COMMENTS, graph_answer([ig_comment(1)]))
    first = poll(connector("instagram"))
    assert "1" in first.ids
    assert [each.external_id for each in first.rejected] == ["701"]
    second = poll(connector("instagram"), state=first.cursor)
    assert "2" in second.ids
    assert second.rejected == []


@responses.activate
def test_all_media_that_show_no_comments_are_not_the_medias_fault() -> None:
    """The token or our request is wrong: that is said after a few, not after hundreds of requests."""
    serve_instagram(*[ig_media(700 + each) for each in range(20)])
    for each in range(20):
        serve(f"{GRAPH}/{700 + each}/comments", MAY_NOT, status=403)
    with pytest.raises(PermissionMissing):
        poll(connector("instagram"))
    assert len([path for path in _paths() if path.endswith("/comments")]) == 3


@responses.activate
@pytest.mark.parametrize(
    ("author", "listed", "count", "presence"),
    [
        ("66", "4455", 2, Presence.UNKNOWN),
        ("66", "4455", 1, Presence.DELETED),
        ("66", "4455", None, Presence.UNKNOWN),
        ("4455", "4455", 2, Presence.DELETED),
        (IG_ID, "4455", 2, Presence.DELETED),
        (None, "4455", 2, Presence.UNKNOWN),
        ("66", None, 1, Presence.UNKNOWN),
    ],
)
def test_comment_of_somebody_who_blocked_the_account_is_not_called_deleted(
    author: str | None, listed: str | None, count: int | None, presence: Presence
) -> None:
    """Both vanish alike. Gone is proven when the author is still shown, or when nothing is withheld."""
    serve(f"{GRAPH}/me", IG_PAGE)
    serve(f"{GRAPH}/1", GONE, status=400)
    others = [] if listed is None else [ig_comment(8, **{"from": {"id": listed}})]
    serve(COMMENTS, graph_answer(others))
    serve(f"{GRAPH}/700", {"id": "700", "comments_count": count})
    (told,) = connector("instagram").lookup([_reference(author_id=author)], NOW)
    assert told.presence is presence


@responses.activate
def test_one_item_that_may_not_be_asked_for_costs_no_other_its_answer() -> None:
    """Of an item, or of tags, that the token may not read nothing is known."""
    serve(f"{GRAPH}/me", IG_PAGE)
    serve(f"{GRAPH}/1", MAY_NOT, status=403)
    serve(f"{GRAPH}/{IG_ID}/tags", MAY_NOT, status=403)
    serve(f"{GRAPH}/2", ig_comment(2))
    wanted = [_reference(1), _reference(9, ItemKind.MENTION), _reference(2)]
    told = connector("instagram").lookup(wanted, NOW)
    assert [each.presence for each in told] == [Presence.UNKNOWN, Presence.UNKNOWN, Presence.PRESENT]


@responses.activate
def test_many_messages_out_of_reach_are_one_row() -> None:
    """With a row for each, most would be broken: the stream would count as changed and never go on."""
    _serve_inbox(_conversation("c1"))
    newest = [ig_message(number, timedelta(minutes=number)) for number in range(1, 61)]
    serve(f"{GRAPH}/c1/messages", graph_answer(newest))
    last = {"complete_from": (NOW - timedelta(hours=2)).isoformat()}
    polled = poll(connector("instagram"), "messages", last)
    assert (len(polled.items), [each.external_id for each in polled.rejected]) == (20, ["aWdf21"])
