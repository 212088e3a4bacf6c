"""X on the practice platforms: its answers and its parameters are those of X's own description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.practice import x
from connectors.practice.identities import EXPIRED_TOKEN, WEEK, WEEK_START, X_USER_ID, Platform
from connectors.practice.wire import Request
from connectors.practice.world import World
from connectors.practice.x_words import WORDS, Vocabulary
from tests.connectors.practice.rehearsal import (
    A_WEEK,
    NOW,
    SHALLOW,
    ask,
    body,
    content,
    request,
    said,
    walk_x,
    worlds,
)
from tests.connectors.practice.x_description import SPECIFICATIONS, Specification, everything

PATHS = {
    "/2/users/me": "/2/users/me",
    "/2/users/{id}/mentions": f"/2/users/{X_USER_ID}/mentions",
    "/2/users/{id}/tweets": f"/2/users/{X_USER_ID}/tweets",
    "/2/tweets/search/recent": "/2/tweets/search/recent",
    "/2/tweets": "/2/tweets",
}
MENTIONS = f"/2/users/{X_USER_ID}/mentions"
SEARCH = "/2/tweets/search/recent"


@pytest.fixture(params=list(Vocabulary))
def specification(request: pytest.FixtureRequest, shared: Path) -> Specification:
    """Return X's description of either version."""
    return Specification(shared / "specs" / SPECIFICATIONS[request.param], request.param)


@pytest.fixture
def world() -> World:
    """Return X as it is in the little week."""
    return worlds(content(*A_WEEK))[Platform.X]


def requests_for(world: World) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every endpoint with parameters that bring something."""
    yield "/2/users/me", {}
    yield "/2/users/{id}/mentions", {"max_results": 5}
    yield "/2/users/{id}/tweets", {"max_results": 5}
    yield "/2/tweets/search/recent", {"query": f"conversation_id:{world.by_key['x-1'].id}"}
    yield "/2/tweets", {"ids": f"{world.by_key['x-3'].id},1"}


def test_every_answer_keeps_to_the_description(specification: Specification, world: World) -> None:
    """All endpoints, everything asked for, in both vocabularies: no unknown property, no wrong type."""
    vocabulary = specification.vocabulary
    for path, query in requests_for(world):
        for wanted in (everything(vocabulary), {}):
            asked = request(PATHS[path], **{**query, **wanted})
            if path == "/2/users/me":
                asked = request(PATHS[path], **{"user.fields": "username,verified"})
            answer = ask(world, Platform.X, asked, vocabulary=vocabulary)
            assert answer.status == 200, answer.body
            written = body(answer)
            specification.check(path, written)
            assert "data" in written


def test_refusals_keep_to_the_description(specification: Specification, world: World) -> None:
    """A bad parameter is answered with a problem of X's own form."""
    answer = ask(world, Platform.X, request(MENTIONS, max_results=3), vocabulary=specification.vocabulary)
    assert answer.status == 400
    specification.check("/2/users/{id}/mentions", body(answer), status="default")


def test_every_parameter_of_the_description_is_taken_and_no_other(
    specification: Specification, world: World
) -> None:
    """A connector's misspelt parameter is found here, not at X."""
    good = {
        "since_id": "1",
        "until_id": "9000000000000000000",
        "start_time": "2026-11-16T00:00:00Z",
        "end_time": "2026-11-20T00:00:00Z",
        "max_results": "10",
        "sort_order": "recency",
        "exclude": "replies,retweets",
        "query": "from:OakfieldAcademy",
        "ids": world.by_key["x-1"].id,
    }
    for path, address in PATHS.items():
        needed: dict[str, Any] = {
            name: good[name] for name in ("query", "ids") if name in specification.parameters(path)
        }
        for name, schema in specification.parameters(path).items():
            values = schema.get("items", {}).get("enum")
            value = ",".join(values) if values else good.get(name)
            if (
                value is None
                or (path, name) == ("/2/users/me", "expansions")
                or ("since_id" in name and "search" in path)
            ):
                continue
            answer = ask(
                world,
                Platform.X,
                request(address, **(needed | {name: value})),
                vocabulary=specification.vocabulary,
            )
            assert answer.status == 200, (path, name, answer.body)
        refused = ask(world, Platform.X, request(address, **needed, tweet_fields="id"))
        assert refused.status == 400, path


def test_the_words_are_those_of_the_description(specification: Specification) -> None:
    """Fields and expansions, complete, in both vocabularies."""
    words = WORDS[specification.vocabulary]
    named = specification.parameters("/2/users/{id}/mentions")
    assert words.post_fields == set(named[words.fields_parameter]["items"]["enum"])
    assert words.expansions == set(named["expansions"]["items"]["enum"])
    assert words.user_fields == set(named["user.fields"]["items"]["enum"])


def test_only_what_was_asked_for_comes(world: World) -> None:
    """Without fields there is an id, a text and the edit history; nothing is ever null."""
    plain = said(world, Platform.X, MENTIONS)
    assert set(plain) == {"data", "meta"}
    assert all(set(post) == {"id", "text", "edit_history_tweet_ids"} for post in plain["data"])
    some = said(world, Platform.X, MENTIONS, tweet__fields="author_id,lang", expansions="author_id")
    assert all(
        set(post) == {"id", "text", "edit_history_tweet_ids", "author_id", "lang"} for post in some["data"]
    )
    assert set(some["includes"]) == {"users"}
    assert all(set(user) == {"id", "name", "username"} for user in some["includes"]["users"])


@pytest.mark.parametrize("vocabulary", list(Vocabulary))
def test_asking_with_post_fields_is_answered_in_the_newer_words(world: World, vocabulary: Vocabulary) -> None:
    """A server that still speaks the older vocabulary understands the newer one, and answers in it."""
    asked = request(
        MENTIONS, **{"post.fields": "created_at,note_post", "expansions": "referenced_posts,author_id"}
    )
    written = body(ask(world, Platform.X, asked, vocabulary=vocabulary))
    newest, reply = written["data"][1], written["data"][-1]
    assert newest["note_post"]["text"].startswith("Proud of")
    assert newest["edit_history_post_ids"] == [newest["id"]]
    assert reply["referenced_posts"] == [{"type": "replied_to", "id": world.by_key["x-1"].id}]
    assert [post["id"] for post in written["includes"]["posts"]] == [world.by_key["x-1"].id]


def test_a_newer_server_understands_the_older_words(world: World) -> None:
    """Asked in the words that tweepy speaks, it answers in its own."""
    asked = request(MENTIONS, tweet__fields="author_id,note_tweet", expansions="referenced_tweets.id")
    written = body(ask(world, Platform.X, asked, vocabulary=Vocabulary.POSTS))
    assert "note_post" in written["data"][1]
    assert "posts" in written["includes"]
    assert not [name for post in written["data"] for name in post if "tweet" in name]


def test_words_of_the_newer_vocabulary_that_it_does_not_have_are_refused(world: World) -> None:
    """``author_id`` is an expansion there, no field."""
    assert ask(world, Platform.X, request(MENTIONS, **{"post.fields": "author_id"})).status == 400
    assert ask(world, Platform.X, request(MENTIONS, **{"tweet.fields": "referenced_posts"})).status == 400


def test_ids_tell_the_time(world: World) -> None:
    """Milliseconds since X's own beginning stand in the upper bits, as on X."""
    for node in world.everything.newest_first(0, 2**63):
        milliseconds = (int(node.id) >> 22) + 1288834974657
        assert datetime.fromtimestamp(milliseconds / 1000, UTC) == node.at
    posts = said(world, Platform.X, MENTIONS, tweet__fields="created_at")["data"]
    assert posts[1]["created_at"] == "2026-11-18T07:00:00.250Z"


def test_newest_come_first_and_bounds_hold(world: World) -> None:
    """``since_id`` and ``until_id`` exclude themselves; ``start_time`` includes, ``end_time`` does not."""
    ids = list(walk_x(world, MENTIONS, 5))
    assert ids == [world.by_key[key].id for key in ("x-5", "x-4", "x-2")]
    assert list(walk_x(world, MENTIONS, 5, since_id=ids[1])) == ids[:1]
    assert list(walk_x(world, MENTIONS, 5, until_id=ids[1])) == ids[2:]
    at = "2026-11-18T07:00:00.250Z"
    assert list(walk_x(world, MENTIONS, 5, start_time=at)) == ids[:2]
    assert list(walk_x(world, MENTIONS, 5, end_time=at)) == ids[2:]


def test_a_reply_tells_what_it_answers(world: World) -> None:
    """Conversation, parent and addressee, and who is named where in the text."""
    wanted = "conversation_id,in_reply_to_user_id,referenced_tweets,entities,author_id"
    posts = {post["id"]: post for post in said(world, Platform.X, MENTIONS, tweet__fields=wanted)["data"]}
    reply = posts[world.by_key["x-2"].id]
    root = world.by_key["x-1"].id
    assert reply["conversation_id"] == root
    assert reply["in_reply_to_user_id"] == X_USER_ID
    assert reply["referenced_tweets"] == [{"type": "replied_to", "id": root}]
    assert reply["entities"]["mentions"] == [
        {"start": 0, "end": 16, "username": "OakfieldAcademy", "id": X_USER_ID}
    ]


def test_a_long_text_is_cut_and_whole_in_the_note(world: World) -> None:
    """Whoever does not ask for the note gets 280 characters."""
    whole = world.by_key["x-4"].text
    post = said(world, Platform.X, MENTIONS, tweet__fields="note_tweet")["data"][1]
    assert len(post["text"]) == 280
    assert post["text"].endswith("…")
    assert post["note_tweet"]["text"] == whole
    assert "note_tweet" not in said(world, Platform.X, MENTIONS)["data"][1]


def test_somebody_hidden_is_not_among_the_users(world: World) -> None:
    """The post comes, its author's name does not."""
    found = said(world, Platform.X, MENTIONS, tweet__fields="author_id", expansions="author_id")
    hidden = found["data"][0]["author_id"]
    assert hidden not in [user["id"] for user in found["includes"]["users"]]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("conversation_id:{x-1}", ["x-3", "x-2", "x-1"]),
        ("conversation_id:{x-1} -from:OakfieldAcademy", ["x-3", "x-2"]),
        ("to:OakfieldAcademy", ["x-2"]),
        ("to:@kerrywalsh", ["x-3"]),
        ("from:7700900100", ["x-1"]),
        ("@oakfieldacademy", ["x-5", "x-4", "x-2"]),
        ("(conversation_id:{x-1} OR conversation_id:{x-5}) -from:7700900100 -@OakfieldAcademy", ["x-3"]),
        (
            "conversation_id:{x-1} OR to:OakfieldAcademy OR @OakfieldAcademy",
            ["x-5", "x-4", "x-3", "x-2", "x-1"],
        ),
        ("buses", ["x-2"]),
        ('"just came" is:reply', ["x-3"]),
        ("from:OakfieldAcademy is:retweet", []),
        ("from:nobody", []),
        ("-(from:danmoss OR from:hidden) lang:en", ["x-2", "x-1"]),
    ],
)
def test_search_finds_what_the_query_says(world: World, query: str, keys: list[str]) -> None:
    """Newest first, each once, whatever way it is found."""
    for key, node in world.by_key.items():
        query = query.replace(f"{{{key}}}", node.id)
    found = list(walk_x(world, SEARCH, 10, query=query))
    assert found == [world.by_key[key].id for key in keys]


@pytest.mark.parametrize(
    "query", ["", "(", "from:a)", "a OR", "()", "near:london", "(" * 100 + "a" + ")" * 100]
)
def test_search_refuses_what_it_cannot_read(world: World, query: str) -> None:
    """A query that X would not take is not quietly empty."""
    assert ask(world, Platform.X, request(SEARCH, query=query)).status == 400


def test_search_sees_seven_days_and_nothing_of_the_last_half_minute() -> None:
    """As on X; the mentions have no such gap."""
    now = datetime(2026, 11, 23, 8, 0, 10, tzinfo=UTC)
    world = worlds(
        content(
            {"platform": "x", "text": "too old", "id": "old", "at": "2026-11-16T08:00:00Z"},
            {"platform": "x", "text": "in time", "id": "seen", "at": "2026-11-16T08:00:10Z"},
            {"platform": "x", "text": "just now", "id": "fresh", "at": "2026-11-23T08:00:00Z"},
        )
    )[Platform.X]

    def found(**query: Any) -> list[str]:
        posts = said(world, Platform.X, SEARCH, now, query="@OakfieldAcademy", **query).get("data", [])
        return [world.nodes[post["id"]].thing.key for post in posts]

    assert found() == ["seen"]
    assert found(end_time="2026-11-23T08:00:00Z") == ["seen"]
    assert len(said(world, Platform.X, MENTIONS, now)["data"]) == 3
    for early in ({"start_time": "2026-11-16T08:00:00Z"}, {"since_id": world.by_key["old"].id}):
        refused = ask(world, Platform.X, request(SEARCH, query="a", **early), now)
        assert refused.status == 400
    refused = ask(world, Platform.X, request(SEARCH, query="a", end_time="2026-11-23T08:00:05Z"), now)
    assert refused.status == 400


def test_listings_reach_only_so_far_back(world: World) -> None:
    """800 mentions and 3,200 posts on X; here three. An older ``since_id`` is silently raised."""
    many = worlds(content(*({"platform": "x", "text": f"{each}"} for each in range(10))))[Platform.X]
    answer = ask(many, Platform.X, request(MENTIONS, since_id="1"), WEEK_START + WEEK, depth=SHALLOW)
    assert body(answer)["meta"]["result_count"] == 3
    assert len(list(walk_x(many, MENTIONS, 5, WEEK_START + WEEK))) == 10


def test_looking_up_says_what_is_not_there(world: World) -> None:
    """What is missing, or not there yet, is an error beside the data, with status 200."""
    known, later = world.by_key["x-1"].id, world.by_key["x-5"].id
    found = said(
        world, Platform.X, "/2/tweets", datetime(2026, 11, 17, tzinfo=UTC), ids=f"{known},{later},12"
    )
    assert [post["id"] for post in found["data"]] == [known]
    assert [error["resource_id"] for error in found["errors"]] == [later, "12"]
    assert found["errors"][0]["type"].endswith("/resource-not-found")
    assert set(said(world, Platform.X, "/2/tweets", ids="12")) == {"errors"}
    assert set(said(world, Platform.X, "/2/users/12/mentions")) == {"errors"}


def test_own_posts_may_leave_replies_out() -> None:
    """Both forms of the listing that shows whether the school has answered."""
    world = worlds(
        content(
            {"id": "a", "platform": "x", "by": "school", "text": "one"},
            {"id": "b", "text": "two", "under": "a"},
            {"id": "c", "by": "school", "text": "three", "under": "b"},
        )
    )[Platform.X]
    path = f"/2/users/{X_USER_ID}/tweets"
    assert list(walk_x(world, path, 5, WEEK_START + WEEK)) == [world.by_key["c"].id, world.by_key["a"].id]
    assert list(walk_x(world, path, 5, WEEK_START + WEEK, exclude="replies")) == [world.by_key["a"].id]


@pytest.mark.parametrize(
    "query",
    [
        {"max_results": 4},
        {"max_results": 101},
        {"max_results": "ten"},
        {"since_id": "abc"},
        {"until_id": "-1"},
        {"start_time": "yesterday"},
        {"start_time": "2026-11-20T10:00:00"},
        {"pagination_token": "nonsense"},
        {"pagination_token": "7140dibdnow!"},
        {"expansions": "author"},
        {"tweet.fields": "colour"},
        {"user.fields": "colour"},
        {"exclude": "replies"},
        {"nonsense": "1"},
    ],
)
def test_what_x_refuses_is_refused(world: World, query: dict[str, Any]) -> None:
    """Status 400, and the parameter is named."""
    answer = ask(world, Platform.X, request(MENTIONS, **query))
    assert answer.status == 400
    assert list(body(answer)["errors"][0]["parameters"]) == list(query)


@pytest.mark.parametrize("token", [None, "", EXPIRED_TOKEN, "user-token"])
def test_a_wrong_token_opens_nothing(world: World, token: str | None) -> None:
    """Status 401, whatever is asked."""
    answer = ask(world, Platform.X, request(MENTIONS, token))
    assert answer.status == 401
    assert body(answer) == {
        "title": "Unauthorized",
        "type": "about:blank",
        "status": 401,
        "detail": "Unauthorized",
    }


def test_other_addresses_are_not_there(world: World) -> None:
    """What no connector uses, and known addresses with another method."""
    assert ask(world, Platform.X, request("/2/users/7700900100/likes")).status == 404
    writing = Request("POST", MENTIONS, token="practice-token")
    assert x.answer(world, writing, NOW).status == 404


def test_every_answer_says_how_much_may_still_be_asked(world: World) -> None:
    """The reset is the end of the quarter of an hour, and something always remains."""
    for asked in (
        request(MENTIONS),
        request(MENTIONS, None),
        request("/2/nowhere"),
        request(MENTIONS, nonsense=1),
    ):
        headers = ask(world, Platform.X, asked, NOW + timedelta(minutes=7)).headers
        assert int(headers["x-rate-limit-reset"]) == NOW.timestamp() + 900
        assert 1 <= int(headers["x-rate-limit-remaining"]) < int(headers["x-rate-limit-limit"])
