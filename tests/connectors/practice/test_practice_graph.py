"""Graph on the practice platforms: fields, edges and parameters are those that Meta publishes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.practice import graph, graph_nodes
from connectors.practice.graph_fields import as_text, parse_fields
from connectors.practice.identities import EXPIRED_TOKEN, FACEBOOK_PAGE_ID, USER_TOKEN, Platform
from connectors.practice.wire import Request
from connectors.practice.world import World
from tests.connectors.practice.rehearsal import (
    A_WEEK,
    NOW,
    Body,
    ask,
    body,
    content,
    request,
    said,
    walk_graph,
    worlds,
)

POSTS = f"/v26.0/{FACEBOOK_PAGE_ID}/published_posts"
PYTHON_TYPES = {
    "string": str,
    "datetime": str,
    "bool": bool,
    "int": int,
    "unsigned int": int,
    "Object": dict,
    "Comment": dict,
    "list": list,
}


@pytest.fixture
def world() -> World:
    """Return Facebook as it is in the little week."""
    return worlds(content(*A_WEEK))[Platform.FACEBOOK]


@pytest.fixture
def edges(shared: Path) -> Body:
    """Return the nodes of Graph v26.0 as Meta's own SDK knows them."""
    file = shared / "specs" / "meta" / "graph-v26-edges-from-sdk.json"
    return json.loads(file.read_text(encoding="utf-8"))["nodes"]


def meta_types(shared: Path, node: str) -> dict[str, str]:
    """Return the fields of a node with their types, as Meta generates its SDKs from."""
    document = json.loads((shared / "specs" / "meta" / f"{node}.json").read_text(encoding="utf-8"))
    return {field["name"]: field["type"].partition("<")[0] for field in document["fields"]}


def test_every_field_is_one_of_metas(edges: Body) -> None:
    """No field is made up: those of comments all, those of posts and the Page as far as they go."""
    assert set(graph_nodes.COMMENT_FIELDS) == set(edges["Comment"]["fields"])
    assert set(graph_nodes.POST_FIELDS) <= set(edges["PagePost"]["fields"])
    assert set(graph_nodes.PAGE) <= set(edges["Page"]["fields"])


def test_every_edge_and_its_parameters_are_metas(edges: Body, shared: Path) -> None:
    """The edges exist on v26.0 with the parameters and choices that are taken here."""

    def reading(node: str, edge: str) -> Body:
        found = [
            each for each in edges[node]["edges"] if (each["endpoint"], each["method"]) == (f"/{edge}", "GET")
        ]
        return found[0]["params"]

    assert {"filter", "order", "since", "live_filter"} <= set(reading("PagePost", "comments"))
    assert {"filter", "order", "since", "live_filter"} <= set(reading("Comment", "comments"))
    assert "limit" in reading("Page", "published_posts")
    assert "limit" in reading("Page", "feed")
    listed = json.loads((shared / "specs" / "meta" / "enum_types.json").read_text(encoding="utf-8"))
    choices = {each["name"]: set(each["values"]) for each in listed}
    for name, words in graph._CHOICES.items():
        assert set(words) == choices[f"pagepostcomments_{name}_enum_param"]


@pytest.mark.parametrize(
    ("node", "key", "known"),
    [("PagePost", "f-1", graph_nodes.POST_FIELDS), ("Comment", "f-3", graph_nodes.COMMENT_FIELDS)],
)
def test_every_value_has_metas_type(
    shared: Path, world: World, node: str, key: str, known: dict[str, Any]
) -> None:
    """All fields asked for at once, each of the published type; times in Graph's own form."""
    types = meta_types(shared, node)
    address = f"/v26.0/{world.by_key[key].id}"
    written = said(world, Platform.FACEBOOK, address, fields=",".join(known))
    assert {"id", "message", "created_time", "from", "permalink_url"} <= set(written)
    for name, value in written.items():
        assert isinstance(value, PYTHON_TYPES[types[name]]), name
        if types[name] == "datetime":
            assert datetime.strptime(str(value), "%Y-%m-%dT%H:%M:%S%z").utcoffset() is not None
            assert str(value).endswith("+0000")


def test_a_comment_is_written_as_the_reference_shows(world: World) -> None:
    """Ids with their post, the parent of a reply, links that lead to it."""
    post, top, reply = (world.by_key[key].id for key in ("f-1", "f-2", "f-3"))
    assert post.startswith(f"{FACEBOOK_PAGE_ID}_")
    assert top.partition("_")[0] == post.partition("_")[2]
    fields = (
        "id,message,created_time,from{id,name},parent{id},permalink_url,comment_count,message_tags,object"
    )
    found = said(world, Platform.FACEBOOK, f"/v26.0/{reply}", fields=fields)
    number = reply.partition("_")[2]
    assert found == {
        "id": reply,
        "message": "Yes, Kerry Walsh, by the gate.",
        "created_time": "2026-11-16T10:00:00+0000",
        "from": {"id": FACEBOOK_PAGE_ID, "name": "Oakfield Academy"},
        "parent": {"id": top},
        "permalink_url": f"https://www.facebook.com/{FACEBOOK_PAGE_ID}/posts/{post.partition('_')[2]}"
        f"?comment_id={top.partition('_')[2]}&reply_comment_id={number}",
        "comment_count": 0,
        "message_tags": [
            {
                "id": world.by_key["f-2"].author.id,
                "name": "Kerry Walsh",
                "type": "user",
                "offset": 5,
                "length": 11,
            }
        ],
        "object": {"id": post},
    }
    assert said(world, Platform.FACEBOOK, f"/v26.0/{number}", fields="id") == {"id": reply}


def test_a_comment_on_a_reply_lands_under_the_top_comment(world: World) -> None:
    """Facebook flattens threads to two levels."""
    top, deepest = world.by_key["f-2"].id, world.by_key["f-4"].id
    assert said(world, Platform.FACEBOOK, f"/v26.0/{deepest}", fields="parent")["parent"]["id"] == top
    assert list(walk_graph(world, f"{top}/comments", 10)) == [world.by_key[key].id for key in ("f-3", "f-4")]
    assert list(walk_graph(world, f"{deepest}/comments", 10)) == []
    assert said(world, Platform.FACEBOOK, f"/v26.0/{top}", fields="comment_count")["comment_count"] == 2


def test_the_stream_holds_all_levels_and_the_top_level_does_not(world: World) -> None:
    """``filter=stream`` is the one for moderation; ``toplevel`` is the default."""
    post = world.by_key["f-1"].id
    stream = [world.by_key[key].id for key in ("f-2", "f-3", "f-4", "f-5")]
    assert list(walk_graph(world, f"{post}/comments", 10, filter="stream")) == stream
    assert list(walk_graph(world, f"{post}/comments", 10)) == [stream[0], stream[3]]
    reverse: dict[str, Any] = {"filter": "stream", "order": "reverse_chronological"}
    assert list(walk_graph(world, f"{post}/comments", 10, **reverse)) == stream[::-1]


@pytest.mark.parametrize("since", ["2026-11-16T11:00:00+0000", "2026-11-16T11:00:00", "1794826800"])
def test_since_leaves_out_what_is_older(world: World, since: str) -> None:
    """As a time or as seconds since 1970."""
    post = world.by_key["f-1"].id
    assert int(datetime(2026, 11, 16, 11, tzinfo=UTC).timestamp()) == 1794826800
    found = list(walk_graph(world, f"{post}/comments", 10, filter="stream", since=since))
    assert found == [world.by_key[key].id for key in ("f-4", "f-5")]


def test_without_fields_come_the_usual_ones(world: World) -> None:
    """An id always, and what Graph sends of itself."""
    post = world.by_key["f-1"].id
    assert set(said(world, Platform.FACEBOOK, f"/v26.0/{post}")) == {"id", "created_time", "message"}
    comments = said(world, Platform.FACEBOOK, f"/v26.0/{post}/comments")["data"]
    assert set(comments[0]) == {"id", "created_time", "message", "from"}
    assert set(said(world, Platform.FACEBOOK, "/v26.0/me")) == {"id", "name"}


def test_somebody_hidden_has_no_from(world: World) -> None:
    """The comment comes, without its author."""
    written = said(world, Platform.FACEBOOK, f"/v26.0/{world.by_key['f-5'].id}", fields="from,message")
    assert set(written) == {"id", "message"}


def test_a_posts_time_moves_with_its_comments(world: World) -> None:
    """``updated_time`` is how new comments on old posts are noticed."""
    fields: dict[str, Any] = {"fields": "updated_time,comments.filter(stream).limit(0).summary(true)"}
    before = said(world, Platform.FACEBOOK, POSTS, datetime(2026, 11, 16, 9, 30, tzinfo=UTC), **fields)[
        "data"
    ][0]
    after = said(world, Platform.FACEBOOK, POSTS, **fields)["data"][0]
    assert before["updated_time"] == "2026-11-16T09:00:00+0000"
    assert after["updated_time"] == "2026-11-17T08:00:00+0000"
    summary = {"order": "chronological", "can_comment": True}
    assert before["comments"] == {"data": [], "summary": {**summary, "total_count": 1}}
    assert after["comments"] == {"data": [], "summary": {**summary, "total_count": 4}}


def test_an_edge_inside_fields_pages_on_by_its_own_address(world: World) -> None:
    """The address of the next page asks for the same fields and leads to the rest."""
    fields = "comments.filter(stream).limit(3){message,from{name}}"
    edge = said(world, Platform.FACEBOOK, POSTS, fields=fields, access_token="practice-token")["data"][0][
        "comments"
    ]
    assert [set(each) for each in edge["data"]] == [{"id", "message", "from"}] * 3
    rest = list(
        walk_graph(world, f"{world.by_key['f-1'].id}/comments", 3, filter="stream", fields="message")
    )[3:]
    following = edge["paging"]["next"]
    assert following.startswith("http://127.0.0.1:1/v26.0/")
    address, _, query = following.removeprefix("http://127.0.0.1:1").partition("?")
    parameters = {name: (value,) for name, value in (pair.split("=", 1) for pair in query.split("&"))}
    parameters["fields"] = ("message,from{name}",)
    page = body(graph.answer(world, Request("GET", address, parameters), NOW))
    assert [each["id"] for each in page["data"]] == rest


def test_fields_are_written_the_way_they_are_read() -> None:
    """What goes into the address of a next page means the same."""
    text = "id,from{id,name},comments.filter(stream).limit(0).summary(true){id,parent{id}}"
    assert as_text(parse_fields(text)) == text
    assert parse_fields(" id , message ") == parse_fields("id,message")


@pytest.mark.parametrize(
    "fields",
    ["colour", "id,", "from{id", "from}", "comments.limit{id}", "a" + "{a" * 50, ",", "comments.limit(2"],
)
def test_fields_that_graph_does_not_have_are_refused(world: World, fields: str) -> None:
    """A misspelt field is an error on Graph, not an empty value."""
    answer = ask(world, Platform.FACEBOOK, request(POSTS, fields=fields))
    assert answer.status == 400
    assert body(answer)["error"]["code"] == 100


def test_a_users_token_shows_no_comments_and_no_error(world: World) -> None:
    """The trap of Graph: status 200 and nothing."""
    post, comment = world.by_key["f-1"].id, world.by_key["f-2"].id
    assert body(ask(world, Platform.FACEBOOK, request(f"/v26.0/{post}/comments", USER_TOKEN))) == {"data": []}
    me = body(ask(world, Platform.FACEBOOK, request("/v26.0/me", USER_TOKEN, fields="id")))
    assert me["id"] != FACEBOOK_PAGE_ID
    assert ask(world, Platform.FACEBOOK, request(f"/v26.0/{comment}", USER_TOKEN)).status == 400


def test_what_is_not_there_yet_is_not_there(world: World) -> None:
    """Error 100 with subcode 33, as for what was deleted."""
    early = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
    answer = ask(world, Platform.FACEBOOK, request(f"/v26.0/{world.by_key['f-2'].id}"), early)
    error = body(answer)["error"]
    assert (answer.status, error["code"], error["error_subcode"]) == (400, 100, 33)
    assert error["fbtrace_id"]
    assert ask(world, Platform.FACEBOOK, request("/v26.0/12/comments")).status == 400


@pytest.mark.parametrize(
    ("token", "code", "subcode"), [(None, 104, None), (EXPIRED_TOKEN, 190, 463), ("nonsense", 190, None)]
)
def test_a_wrong_token_opens_nothing(world: World, token: str | None, code: int, subcode: int | None) -> None:
    """In the header or in the address."""
    for asked in (request("/v26.0/me", token), request("/v26.0/me", None, access_token=token)):
        error = body(ask(world, Platform.FACEBOOK, asked))["error"]
        assert (error["code"], error.get("error_subcode"), error["type"]) == (code, subcode, "OAuthException")


@pytest.mark.parametrize(
    ("edge", "query"),
    [
        ("published_posts", {"limit": 101}),
        ("published_posts", {"limit": "many"}),
        ("comments", {"filter": "everything"}),
        ("comments", {"order": "best"}),
        ("comments", {"since": "yesterday"}),
        ("comments", {"after": "nonsense"}),
        ("likes_and_more", {}),
    ],
)
def test_what_graph_refuses_is_refused(world: World, edge: str, query: dict[str, Any]) -> None:
    """Status 400 and code 100."""
    node = FACEBOOK_PAGE_ID if edge == "published_posts" else world.by_key["f-1"].id
    answer = ask(world, Platform.FACEBOOK, request(f"/v26.0/{node}/{edge}", **query))
    assert (answer.status, body(answer)["error"]["code"]) == (400, 100)


def test_feed_and_published_posts_come_newest_first() -> None:
    """The Page's posts, on both edges."""
    world = worlds(
        content(*({"platform": "facebook", "by": "school", "text": f"{each}"} for each in range(4)))
    )[Platform.FACEBOOK]
    newest_first = [node.id for node in world.posts.newest_first(0, 2**63)]
    later = datetime(2026, 11, 23, tzinfo=UTC)
    for edge in ("feed", "published_posts"):
        assert list(walk_graph(world, f"{FACEBOOK_PAGE_ID}/{edge}", 3, later)) == newest_first
        assert list(walk_graph(world, f"me/{edge}", 3, later)) == newest_first


def test_every_answer_says_how_much_is_used(world: World) -> None:
    """Percent of the allowance, for the app and for the Page; an answer of an error too."""
    for asked in (request("/v26.0/me"), request("/v26.0/me", None)):
        headers = ask(world, Platform.FACEBOOK, asked).headers
        page = json.loads(headers["x-business-use-case-usage"])[FACEBOOK_PAGE_ID][0]
        assert page["type"] == "pages"
        assert page["call_count"] < 75
        assert set(json.loads(headers["x-app-usage"])) == {"call_count", "total_time", "total_cputime"}
        assert headers["facebook-api-version"] == "v26.0"


def test_other_versions_are_served_and_the_page_itself_is_not_written_to(world: World) -> None:
    """An expired version is served by the oldest living one, in the addresses too."""
    assert said(world, Platform.FACEBOOK, "/v2.8/me") == {"id": FACEBOOK_PAGE_ID, "name": "Oakfield Academy"}
    post = world.by_key["f-1"].id
    old = said(world, Platform.FACEBOOK, f"/v2.8/{post}/comments", filter="stream", limit=1)
    assert "/v21.0/" in old["paging"]["next"]
    assert graph.answer(world, Request("POST", "/v26.0/me", token="practice-token"), NOW).status == 400
