"""A client of Graph that is not ours reads and writes the practice Page: a check on our own fake."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pyfacebook import FacebookApi, FacebookError, GraphAPI  # it has no types

from connectors.practice.identities import EXPIRED_TOKEN, FACEBOOK_PAGE_ID, TOKEN, USER_TOKEN, Platform
from connectors.practice.server import PracticePlatforms
from tests.connectors.practice.rehearsal import content

Serve = Callable[..., PracticePlatforms]

POST = {
    "id": "f",
    "platform": "facebook",
    "by": "school",
    "text": "Open evening",
    "at": "2026-11-16T08:00:00Z",
}
COMMENTS = [
    {"id": f"c-{each}", "by": "kerry", "text": f"Question {each}", "under": "f", "at": "2026-11-17T08:00:00Z"}
    for each in range(30)
]
LETTERS = [
    {
        "id": f"m-{each}",
        "platform": "facebook",
        "by": "kerry",
        "text": f"Letter {each}",
        "private": True,
        "at": "2026-11-20T11:00:00Z",
    }
    for each in range(22)
]
REVIEW = {
    "platform": "facebook",
    "by": "dan",
    "text": "Kind.",
    "review": True,
    "rating": 5,
    "at": "2026-11-18T08:00:00Z",
}


def _client(running: PracticePlatforms, token: str = TOKEN) -> GraphAPI:
    return GraphAPI(
        access_token=token, version="v26.0", base_url=f"{running.url}/", timeout=10, sleep_on_rate_limit=False
    )


@pytest.fixture
def page(serve: Serve) -> PracticePlatforms:
    """Return a running Page with comments, a long conversation and a review."""
    return serve(content(POST, *COMMENTS, *LETTERS, REVIEW))


def _key(page: PracticePlatforms, key: str) -> str:
    return page.world(Platform.FACEBOOK).by_key[key].id


def test_all_comments_are_found_by_its_own_paging(page: PracticePlatforms) -> None:
    """It follows ``paging.next`` in its own way and finds everything, once."""
    found = _client(page).get_full_connections(
        _key(page, "f"), "comments", count=None, limit=7, filter="stream", fields="id,message"
    )
    assert [each["message"] for each in found["data"]] == [f"Question {each}" for each in range(30)]


def test_its_models_can_read_our_answers(page: PracticePlatforms) -> None:
    """It asks for the fields it knows, and its typed models take what comes."""
    api = FacebookApi(
        access_token=TOKEN, version="v26.0", base_url=f"{page.url}/", timeout=10, sleep_on_rate_limit=False
    )
    fields = "id,message,created_time,from{id,name},permalink_url,can_hide,can_remove,comment_count,is_hidden"
    comment = api.comment.get_info(_key(page, "c-3"), fields=fields)
    assert (comment.message, comment.can_hide, comment.can_remove) == ("Question 3", True, True)
    assert comment.created_time == "2026-11-17T08:00:00+0000"
    assert api.page.get_info(FACEBOOK_PAGE_ID, fields="id,name").name == "Oakfield Academy"
    asked = {"fields": "id", "limit": 1}
    talk = api.get_connection(FACEBOOK_PAGE_ID, "conversations", **asked)["data"][0]["id"]
    told = api.conversation.get_info(talk, fields="id,updated_time,message_count,unread_count,link,snippet")
    assert (told.message_count, told.snippet) == (22, "Letter 21")


def test_conversation_tells_twenty_messages_and_only_ids_of_the_others(page: PracticePlatforms) -> None:
    """All ids are listed; the words of those beyond are not, and alone they are said to be deleted."""
    client = _client(page)
    (talk,) = client.get_connection(FACEBOOK_PAGE_ID, "conversations", platform="MESSENGER")["data"]
    told = client.get_full_connections(talk["id"], "messages", count=None, fields="id,message,from")["data"]
    assert [each.get("message") for each in told] == [
        *(f"Letter {each}" for each in reversed(range(2, 22))),
        None,
        None,
    ]
    assert client.get_object(told[0]["id"], "message")["message"] == "Letter 21"
    with pytest.raises(FacebookError, match="deleted"):
        client.get_object(told[-1]["id"], "message")


def test_reviews_have_stories(page: PracticePlatforms) -> None:
    """A review is answered under its story."""
    client = _client(page)
    fields = "review_text,rating,recommendation_type,reviewer,open_graph_story"
    (review,) = client.get_connection(FACEBOOK_PAGE_ID, "ratings", fields=fields)["data"]
    assert (review["review_text"], review["rating"], review["recommendation_type"]) == (
        "Kind.",
        5,
        "positive",
    )
    client.post_object(review["open_graph_story"]["id"], "comments", data={"message": "Thank you"})
    answers = client.get_connection(review["open_graph_story"]["id"], "comments")["data"]
    assert [each["message"] for each in answers] == ["Thank you"]


def test_acts_of_another_client_are_done(page: PracticePlatforms) -> None:
    """Reply (flattened), hide, delete, block and answer, as the wire says them."""
    client = _client(page)
    comment = _key(page, "c-1")
    first = client.post_object(comment, "comments", data={"message": "Yes"})["id"]
    second = client.post_object(first, "comments", data={"message": "Indeed"})["id"]
    assert client.get_object(second, "parent{id}")["parent"]["id"] == comment
    assert client.post_object(comment, data={"is_hidden": "true"}) == {"success": True}
    assert client.get_object(comment, "is_hidden")["is_hidden"] is True
    assert client.delete_object(_key(page, "c-2")) == {"success": True}
    author = client.get_object(comment, "from")["from"]["id"]
    assert client.post_object(FACEBOOK_PAGE_ID, "blocked", data={"psid": f"[{author}]"}) == {author: True}
    assert client.get_connection(FACEBOOK_PAGE_ID, "blocked")["data"][0]["id"] == author
    words = {"recipient": json.dumps({"id": author}), "message": json.dumps({"text": "It is here"})}
    sent = client.post_object(FACEBOOK_PAGE_ID, "messages", data={**words, "messaging_type": "RESPONSE"})
    assert sent["recipient_id"] == author
    assert client.get_object(sent["message_id"], "message")["message"] == "It is here"


@pytest.mark.parametrize(
    ("ask", "code", "subcode"),
    [
        (lambda graph, name: graph.get_connection(name, "comments", colour="red"), 100, None),
        (lambda graph, name: graph.get_connection(name, "comments", filter="some"), 100, None),
        (lambda graph, name: graph.get_object(name, "colour"), 100, None),
        (lambda graph, name: graph.get_object("123", "id"), 100, 33),
        (lambda graph, name: graph.post_object(name, data={"hidden": "true"}), 100, None),
        (lambda graph, name: graph.post_object(name, data={"is_hidden": "True"}), 100, None),
        (lambda graph, name: graph.post_object(name, data={"message": "Other words"}), 200, None),
        (lambda graph, name: graph.post_object(FACEBOOK_PAGE_ID, "messages", data={}), 100, None),
    ],
)
def test_what_graph_refuses_is_an_error_to_it(
    page: PracticePlatforms, ask: Callable[[GraphAPI, str], Any], code: int, subcode: int | None
) -> None:
    """Unknown parameters, words and fields, and another's comment that would be edited."""
    with pytest.raises(FacebookError) as caught:
        ask(_client(page), _key(page, "c-1"))
    assert caught.value.code == code
    assert getattr(caught.value, "error_subcode", None) == subcode


def test_tokens_are_told_apart(page: PracticePlatforms) -> None:
    """What ``debug_token`` says of the Page's, a person's and an expired token; a person may not write."""
    client = _client(page)
    told = [client.debug_token(each)["data"] for each in (TOKEN, USER_TOKEN, EXPIRED_TOKEN)]
    assert [(each["type"], each["is_valid"]) for each in told[:2]] == [("PAGE", True), ("USER", True)]
    assert not told[2]["is_valid"]
    person = _client(page, USER_TOKEN)
    assert person.get_connection(_key(page, "f"), "comments") == {"data": []}
    with pytest.raises(FacebookError):
        person.post_object(_key(page, "c-1"), "comments", data={"message": "Yes"})


def test_usage_headers_are_read_by_it(page: PracticePlatforms) -> None:
    """It finds the percentages where it looks for them."""
    client = _client(page)
    client.get_object("me", "id")
    assert client.rate_limit.get_limit(FACEBOOK_PAGE_ID, "pages").call_count < 75
