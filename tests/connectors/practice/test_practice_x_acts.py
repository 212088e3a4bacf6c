"""X on the practice platforms changes: edits, deletions, quotes, messages, and what an account does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors.practice.identities import TOKEN, X_USER_ID, Platform
from connectors.practice.server import PracticePlatforms
from connectors.practice.x_words import Vocabulary
from tests.connectors.practice.rehearsal import Body, content, get
from tests.connectors.practice.x_description import SPECIFICATIONS, Specification, everything

Serve = Callable[..., PracticePlatforms]

DAY = datetime(2026, 11, 20, tzinfo=UTC)
LINES: tuple[dict[str, Any], ...] = tuple(
    {"platform": "x", **line}
    for line in (
        {"id": "post", "by": "school", "text": "Snow: we are open.", "at": "2026-11-20T07:00:00Z"},
        {"id": "ask", "by": "kerry", "text": "Buses too?", "at": "2026-11-20T07:10:00Z", "under": "post"},
        {"id": "aside", "by": "dan", "text": "They are", "at": "2026-11-20T07:20:00Z", "under": "ask"},
        {"id": "quote", "by": "mo", "text": "Brave!", "at": "2026-11-20T07:30:00Z", "quotes": "post"},
        {"id": "own", "by": "ada", "text": "Good morning", "at": "2026-11-20T07:35:00Z"},
        {"id": "note", "by": "kerry", "text": "A word?", "at": "2026-11-20T07:40:00Z", "private": True},
        {"id": "hello", "by": "dan", "text": "Hello", "at": "2026-11-20T07:45:00Z", "private": True},
        {"change": "edit", "of": "ask", "at": "2026-11-20T07:50:00Z", "text": "Buses as well?"},
    )
)
MENTIONS = f"/2/users/{X_USER_ID}/mentions"
REFERENCES = {
    "tweet.fields": "referenced_tweets,public_metrics,created_at",
    "expansions": "referenced_tweets.id",
}


class Clock:
    """The practice platforms' time, which a test moves."""

    def __init__(self) -> None:
        self.now = DAY + timedelta(hours=8)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock at eight in the morning."""
    return Clock()


@pytest.fixture
def x(serve: Serve, clock: Clock) -> PracticePlatforms:
    """Return X with a morning's conversation."""
    return serve(content(*LINES), now=clock)


@pytest.fixture(params=list(Vocabulary))
def specification(request: pytest.FixtureRequest, shared: Path) -> Specification:
    """Return X's description of either version."""
    return Specification(shared / "specs" / SPECIFICATIONS[request.param], request.param)


def send(x: PracticePlatforms, method: str, path: str, body: Any = None) -> requests.Response:
    """Send one request that changes something."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return requests.request(method, x.url + path, json=body, headers=headers, timeout=5)


def read(x: PracticePlatforms, path: str, **query: Any) -> Body:
    """Return the body of a good answer."""
    answer = get(x.url, path, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def texts(found: Body) -> list[str]:
    """Return the texts on a page."""
    return [each["text"] for each in found.get("data", [])]


def id_of(x: PracticePlatforms, key: str) -> str:
    """Return a line's id as it is now."""
    return x.world(Platform.X).by_key[key].id


def reply(x: PracticePlatforms, text: str, to: str) -> requests.Response:
    """Answer a post."""
    return send(x, "POST", "/2/tweets", {"text": text, "reply": {"in_reply_to_tweet_id": to}})


def test_an_edit_gives_a_new_id_and_the_old_one_keeps_its_words(x: PracticePlatforms, clock: Clock) -> None:
    """Listings show the newest version; every id finds its own, with the whole chain."""
    first, second = x.external_id("ask"), id_of(x, "ask")
    assert first != second
    assert texts(read(x, MENTIONS)) == ["Buses as well?", "Good morning"]
    found = read(x, "/2/tweets", ids=f"{first},{second}", tweet__fields="created_at,conversation_id")["data"]
    assert [post["text"] for post in found] == ["Buses too?", "Buses as well?"]
    assert [post["edit_history_tweet_ids"] for post in found] == [[first, second]] * 2
    assert {post["conversation_id"] for post in found} == {x.external_id("post")}
    assert found[1]["created_at"] == "2026-11-20T07:50:00.000Z"
    clock.now = DAY + timedelta(hours=7, minutes=45)
    assert texts(read(x, MENTIONS)) == ["Good morning", "Buses too?"]
    assert [error["resource_id"] for error in read(x, "/2/tweets", ids=second)["errors"]] == [second]


def test_a_reply_refers_to_the_version_that_it_answered(x: PracticePlatforms) -> None:
    """Written before the edit it names the first id, afterwards the second."""
    first, second = x.external_id("ask"), id_of(x, "ask")
    assert reply(x, "Yes.", second).status_code == 201
    query = "from:danmoss OR from:dan OR from:OakfieldAcademy"
    later = read(x, "/2/tweets/search/recent", query=query, end_time="2026-11-20T07:59:00Z", **REFERENCES)
    aside = next(post for post in later["data"] if post["text"] == "They are")
    assert aside["referenced_tweets"] == [{"type": "replied_to", "id": first}]
    own = read(x, f"/2/users/{X_USER_ID}/tweets", **REFERENCES)["data"]
    assert own[0]["referenced_tweets"] == [{"type": "replied_to", "id": second}]
    assert own[1]["public_metrics"]["quote_count"] == 1


def test_quotes_are_found_by_what_they_quote(x: PracticePlatforms) -> None:
    """They need not mention the school: then the mentions do not show them."""
    post = x.external_id("post")
    found = read(x, f"/2/tweets/{post}/quote_tweets", **REFERENCES)
    assert texts(found) == ["Brave!"]
    assert found["data"][0]["referenced_tweets"] == [{"type": "quoted", "id": post}]
    assert texts(read(x, "/2/tweets/search/recent", query=f"quotes_of_tweet_id:{post}")) == ["Brave!"]
    assert texts(read(x, "/2/tweets/search/recent", query="is:quote")) == ["Brave!"]
    assert set(read(x, "/2/tweets/12/quote_tweets")) == {"errors"}


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        ("delete", "resource-not-found"),
        ("hold", "not-authorized-for-resource"),
        ("reject", "resource-unavailable"),
    ],
)
def test_looking_up_says_why_a_post_is_not_there(serve: Serve, clock: Clock, kind: str, problem: str) -> None:
    """Deleted, its author protected, or its author suspended; replies to it stay where they are."""
    x = serve(content(*LINES, {"change": kind, "of": "ask", "at": "2026-11-20T07:55:00Z"}), now=clock)
    first, aside = x.external_id("ask"), x.external_id("aside")
    found = read(x, "/2/tweets", ids=f"{first},{aside}", **REFERENCES)
    told = {error["parameter"]: error for error in found["errors"]}
    assert told["ids"]["resource_id"] == first
    assert told["ids"]["type"].endswith(f"/{problem}")
    assert told["referenced_tweets.id"]["type"].endswith(f"/{problem}")
    assert "includes" not in found
    assert texts(read(x, MENTIONS)) == ["Good morning"]
    assert texts(found) == ["They are"]


def test_a_reply_stands_where_it_was_sent_and_can_be_deleted(x: PracticePlatforms) -> None:
    """Own posts show it at once, a repetition is refused, and deleting it takes it away again."""
    answer = reply(x, "They run.", x.external_id("ask"))
    made = answer.json()["data"]["id"]
    assert answer.status_code == 201
    assert texts(read(x, f"/2/users/{X_USER_ID}/tweets"))[0] == "They run."
    again = reply(x, "They run.", x.external_id("ask"))
    assert again.status_code == 403
    assert "duplicate" in again.json()["detail"]
    assert send(x, "DELETE", f"/2/tweets/{made}").json() == {"data": {"deleted": True}}
    assert set(read(x, "/2/tweets", ids=made)) == {"errors"}
    assert send(x, "DELETE", f"/2/tweets/{made}").status_code == 404
    assert send(x, "DELETE", f"/2/tweets/{x.external_id('aside')}").status_code == 403
    assert reply(x, "Hello?", made).status_code == 403


def test_only_the_summoned_may_answer_where_x_says_so(x: PracticePlatforms) -> None:
    """To whom names or quotes the school; to others not, and not at all without the rule."""
    x.set_x_rules(summoned_only=True)
    assert reply(x, "Good morning!", x.external_id("own")).status_code == 201
    assert reply(x, "We try.", x.external_id("quote")).status_code == 201
    refused = reply(x, "Thanks, Dan.", x.external_id("aside"))
    assert refused.status_code == 403
    assert "not been mentioned" in refused.json()["detail"]
    x.set_x_rules()
    assert reply(x, "Thanks, Dan.", x.external_id("aside")).status_code == 201


def test_own_posts_may_be_edited_for_an_hour(x: PracticePlatforms, clock: Clock) -> None:
    """A new id of the same chain; replies and old posts are refused."""
    made = send(x, "POST", "/2/tweets", {"text": "We are open"}).json()["data"]["id"]
    clock.now += timedelta(minutes=10)
    edit = {"text": "We are open from ten", "edit_options": {"previous_post_id": made}}
    newer = send(x, "POST", "/2/tweets", edit).json()["data"]["id"]
    assert newer != made
    assert read(x, f"/2/tweets/{newer}")["data"]["edit_history_tweet_ids"] == [made, newer]
    clock.now += timedelta(hours=2)
    assert send(x, "POST", "/2/tweets", edit).status_code == 403


def test_replies_in_own_conversations_may_be_hidden(x: PracticePlatforms) -> None:
    """Nobody else's, not the school's own, and they stay readable behind a click."""
    path = f"/2/tweets/{x.external_id('aside')}/hidden"
    assert send(x, "PUT", path, {"hidden": True}).json() == {"data": {"hidden": True}}
    assert x.world(Platform.X).by_key["aside"].known.hidden
    assert texts(read(x, "/2/tweets", ids=x.external_id("aside"))) == ["They are"]
    assert send(x, "PUT", path, {"hidden": False}).json() == {"data": {"hidden": False}}
    assert not x.world(Platform.X).by_key["aside"].known.hidden
    assert send(x, "PUT", f"/2/tweets/{x.external_id('own')}/hidden", {"hidden": True}).status_code == 403
    assert send(x, "PUT", "/2/tweets/12/hidden", {"hidden": True}).status_code == 404
    assert send(x, "PUT", path, {"hidden": "yes"}).status_code == 400


def test_messages_are_apart_from_posts(x: PracticePlatforms) -> None:
    """Newest first, by conversation too; no post is a message and no message a post."""
    wanted = {"dm_event.fields": "id,sender_id,dm_conversation_id,created_at", "expansions": "sender_id"}
    found = read(x, "/2/dm_events", **wanted)
    assert texts(found) == ["Hello", "A word?"]
    assert {user["username"] for user in found["includes"]["users"]} == {"dan", "kerry"}
    talk = found["data"][1]["dm_conversation_id"]
    assert texts(read(x, f"/2/dm_conversations/{talk}/dm_events")) == ["A word?"]
    sender = found["data"][0]["sender_id"]
    assert texts(read(x, f"/2/dm_conversations/with/{sender}/dm_events")) == ["Hello"]
    note = x.external_id("note")
    assert set(read(x, "/2/tweets", ids=note)) == {"errors"}
    assert get(x.url, f"/2/dm_events/{x.external_id('ask')}").status_code == 404
    first = read(x, "/2/dm_events", max_results=1)
    second = read(x, "/2/dm_events", max_results=1, pagination_token=first["meta"]["next_token"])
    assert texts(first) + texts(second) == ["Hello", "A word?"]
    assert "next_token" not in second["meta"]
    assert get(x.url, "/2/dm_events", since_id=note).status_code == 400


def test_messages_reach_thirty_days_back(x: PracticePlatforms, clock: Clock) -> None:
    """What is older is not listed any more, and has no lower bound to ask for."""
    clock.now = DAY + timedelta(days=30, hours=7, minutes=42)
    assert texts(read(x, "/2/dm_events")) == ["Hello"]
    assert read(x, "/2/dm_events", event_types="ParticipantsJoin")["meta"]["result_count"] == 0


def test_a_message_can_be_answered_and_deleted(x: PracticePlatforms, clock: Clock) -> None:
    """In its conversation or to its author; deleted it is gone for the school."""
    talk = x.world(Platform.X).by_key["note"].conversation
    sent = send(x, "POST", f"/2/dm_conversations/{talk}/messages", {"text": "Of course."})
    assert sent.status_code == 201
    assert sent.json()["data"]["dm_conversation_id"] == talk
    kerry = x.world(Platform.X).by_key["note"].author.id
    clock.now += timedelta(seconds=5)
    send(x, "POST", f"/2/dm_conversations/with/{kerry}/messages", {"text": "At four?"})
    conversation = read(x, f"/2/dm_conversations/{talk}/dm_events")
    assert texts(conversation) == ["At four?", "Of course.", "A word?"]
    event = sent.json()["data"]["dm_event_id"]
    assert read(x, f"/2/dm_events/{event}")["data"]["text"] == "Of course."
    assert send(x, "DELETE", f"/2/dm_events/{event}").json() == {"data": {"deleted": True}}
    assert get(x.url, f"/2/dm_events/{event}").status_code == 404
    assert texts(read(x, f"/2/dm_conversations/{talk}/dm_events")) == ["At four?", "A word?"]
    assert send(x, "POST", "/2/dm_conversations/1-2/messages", {"text": "Hm"}).status_code == 403
    assert send(x, "POST", f"/2/dm_conversations/{talk}/messages", {"text": " "}).status_code == 400


def test_people_may_be_muted_and_their_messages_blocked(x: PracticePlatforms) -> None:
    """The lists tell, and both can be taken back."""
    dan = x.world(Platform.X).by_key["aside"].author.id
    muting = f"/2/users/{X_USER_ID}/muting"
    assert send(x, "POST", muting, {"target_user_id": dan}).json() == {"data": {"muting": True}}
    assert [user["id"] for user in read(x, muting)["data"]] == [dan]
    assert send(x, "DELETE", f"{muting}/{dan}").json() == {"data": {"muting": False}}
    assert read(x, muting) == {"meta": {"result_count": 0}}
    assert send(x, "POST", f"/2/users/{dan}/dm/block").json() == {"data": {"blocked": True}}
    assert x.world(Platform.X).banned == {"dan"}
    assert not x.world(Platform.FACEBOOK).banned
    assert send(x, "POST", f"/2/users/{dan}/dm/unblock").json() == {"data": {"blocked": False}}
    assert send(x, "POST", f"/2/users/{X_USER_ID}/dm/block").status_code == 403
    assert set(send(x, "POST", "/2/users/12/dm/block").json()) == {"errors"}


def test_a_post_may_surface_long_after_it_was_written(serve: Serve, clock: Clock) -> None:
    """``since_id`` from the newest post never finds it; reading back by time does."""
    late = {"id": "late", "platform": "x", "by": "eve", "text": "Me too", "at": "2026-11-20T07:05:00Z"}
    x = serve(content(*LINES, {**late, "seen_from": "2026-11-20T09:00:00Z"}), now=clock)
    newest = read(x, MENTIONS)["meta"]["newest_id"]
    clock.now = DAY + timedelta(hours=9)
    assert texts(read(x, MENTIONS, since_id=newest)) == []
    assert texts(read(x, MENTIONS, start_time="2026-11-20T07:00:00Z"))[-1] == "Me too"
    assert texts(read(x, "/2/tweets/search/recent", query='"me too"')) == ["Me too"]


def test_each_endpoint_has_an_allowance_of_its_own(x: PracticePlatforms, clock: Clock) -> None:
    """Counted in quarters of an hour; beyond it X refuses where it is held to it."""
    x.set_x_rules(hold_to_limits=True)
    left = [get(x.url, "/2/dm_events").headers["x-rate-limit-remaining"] for _ in range(3)]
    assert left == ["14", "13", "12"]
    assert get(x.url, MENTIONS).headers["x-rate-limit-remaining"] == "299"
    codes = [get(x.url, "/2/dm_events").status_code for _ in range(13)]
    assert codes == [200] * 12 + [429]
    assert get(x.url, "/2/dm_events").headers["x-rate-limit-remaining"] == "0"
    assert get(x.url, MENTIONS).status_code == 200
    clock.now += timedelta(minutes=15)
    assert get(x.url, "/2/dm_events").status_code == 200


@pytest.mark.parametrize(
    ("fault", "is_done"), [("lost", True), ("cut", True), ("down", False), ("500", False)]
)
def test_a_write_whose_answer_is_lost_was_done_or_not(
    x: PracticePlatforms, fault: str, is_done: bool
) -> None:
    """Whoever writes cannot tell from the failure, and has to look."""
    x.set_faults(f"x:{fault}@1")
    try:
        assert reply(x, "They run.", x.external_id("ask")).status_code == 500
    except requests.RequestException:
        assert fault != "500"
    assert ("They run." in texts(read(x, f"/2/users/{X_USER_ID}/tweets"))) is is_done


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"text": ""}, {"text": 5}, {"text": "a", "colour": "blue"}, {"text": "a", "reply": {}}],
)
def test_a_body_that_x_does_not_take_is_refused(x: PracticePlatforms, body: object) -> None:
    """Status 400, and nothing is said."""
    assert send(x, "POST", "/2/tweets", body).status_code == 400
    assert len(read(x, f"/2/users/{X_USER_ID}/tweets")["data"]) == 1


def test_every_answer_keeps_to_the_description(
    serve: Serve, clock: Clock, specification: Specification
) -> None:
    """What changes something, quotes, versions and messages: in both vocabularies, no unknown property."""
    vocabulary = specification.vocabulary
    x = serve(content(*LINES), now=clock, vocabulary=vocabulary)
    ask, dan = id_of(x, "ask"), x.world(Platform.X).by_key["aside"].author.id
    wanted = everything(vocabulary)
    events = {**wanted, "expansions": "sender_id"}
    events["dm_event.fields"] = ",".join(
        specification.parameters("/2/dm_events")["dm_event.fields"]["items"]["enum"]
    )
    for path, address, query in (
        ("/2/tweets", "/2/tweets", {"ids": f"{ask},{x.external_id('ask')},12", **wanted}),
        ("/2/tweets/{id}", f"/2/tweets/{ask}", wanted),
        ("/2/tweets/{id}/quote_tweets", f"/2/tweets/{x.external_id('post')}/quote_tweets", wanted),
        ("/2/dm_events", "/2/dm_events", events),
        ("/2/dm_events/{event_id}", f"/2/dm_events/{x.external_id('note')}", events),
    ):
        found = read(x, address, **query)
        assert found["data"]
        specification.check(path, found)
    answered = reply(x, "They run.", ask)
    specification.check("/2/tweets", answered.json(), status="201", method="post")
    for method, path, address, body in (
        ("delete", "/2/tweets/{id}", f"/2/tweets/{answered.json()['data']['id']}", None),
        ("put", "/2/tweets/{tweet_id}/hidden", f"/2/tweets/{ask}/hidden", {"hidden": True}),
        ("post", "/2/users/{id}/muting", f"/2/users/{X_USER_ID}/muting", {"target_user_id": dan}),
        ("post", "/2/users/{id}/dm/block", f"/2/users/{dan}/dm/block", None),
        ("delete", "/2/dm_events/{event_id}", f"/2/dm_events/{x.external_id('hello')}", None),
    ):
        done = send(x, method.upper(), address, body)
        assert done.status_code == 200, done.text
        specification.check(path, done.json(), method=method)
    path = "/2/dm_conversations/with/{participant_id}/messages"
    sent = send(x, "POST", path.replace("{participant_id}", dan), {"text": "Hello, Dan"})
    specification.check(path, sent.json(), status="201", method="post")
