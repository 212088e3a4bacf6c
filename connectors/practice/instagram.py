"""Instagram's part of the Graph API, version 26: requests in, answers out.

Its base URL ends in ``/instagram``, which is taken off the path before it comes here. It answers for both
ways to sign in: the Page and its inbox with Facebook Login, the account itself with Instagram Login. Nobody
there tags the school, has a story or is live.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from connectors.practice import graph_call
from connectors.practice.graph_call import check_token, error, fields_of, not_there, refuse
from connectors.practice.graph_fields import Field, Fields, plain
from connectors.practice.graph_nodes import wire_time
from connectors.practice.identities import FACEBOOK_PAGE_ID, INSTAGRAM_ACCOUNT_ID, SCHOOL_NAME, TOKEN
from connectors.practice.instagram_acts import act
from connectors.practice.instagram_call import (
    Call,
    newest_first,
    paging,
    pick,
    visible,
)
from connectors.practice.instagram_nodes import (
    ACCOUNT,
    COMMENT,
    DEFAULT,
    DEFAULT_COMMENT,
    DEFAULT_MESSAGE,
    MEDIA,
    MESSAGE,
    OWN_ACCOUNT,
    Known,
    person,
    picked,
)
from connectors.practice.timeline import BEGINNING
from connectors.practice.wire import Answer, Json, RefusedError, Request
from connectors.practice.world import NOTHING, Node, Nodes, World

MOST_MEDIA = 100
MOST_COMMENTS = 50
READABLE = 20
"""The newest messages of a conversation that are told whole."""

_PATH = re.compile(r"/(v\d+\.\d+)/([^/]+)(?:/([^/]+))?/?")
_EMPTY_EDGES = frozenset({"stories", "live_media", "tags"})
_USER: Mapping[str, Json] = {"name": "Pat Practice", "id": "10202077009001"}
_PAGE: Mapping[str, Json] = {
    "id": FACEBOOK_PAGE_ID,
    "name": SCHOOL_NAME,
    "instagram_business_account": {"id": INSTAGRAM_ACCOUNT_ID, "username": ACCOUNT["username"]},
}
_SCOPES = ("instagram_basic", "instagram_manage_comments", "instagram_manage_messages", "pages_show_list")
_HOLDERS = frozenset({FACEBOOK_PAGE_ID, INSTAGRAM_ACCOUNT_ID})


def answer(world: World, request: Request, now: datetime) -> Answer:
    """Answer one request to ``/v26.0/...`` as Instagram would at ``now``."""
    try:
        plain_answer = Answer(200, _body(world, request, now))
    except RefusedError as refused:
        plain_answer = refused.answer
    return replace(plain_answer, headers=usage_headers(min(60, request.number // 100)))


def usage_headers(percent: int, minutes: int = 0) -> dict[str, str]:
    """Return Graph's headers: how much of the allowance is used, and the minutes until there is more."""
    return graph_call.usage_headers(percent, minutes, "instagram", INSTAGRAM_ACCOUNT_ID)


def _body(world: World, request: Request, now: datetime) -> Json:
    path = _PATH.fullmatch(request.path)
    if path is None:
        raise RefusedError(error(400, 2500, "Unknown path components"))
    call = Call(world, request, now, path[1], is_page=check_token(request) == TOKEN)
    if request.method != "GET":
        return act(call, path[2], path[3])
    wanted = fields_of(request.one("fields"))
    if path[3] is None:
        return _node(call, path[2], wanted)
    arguments = {key: values[-1] for key, values in request.query.items()}
    return _edge(call, path[2], path[3], Field(arguments, wanted))


def _node(call: Call, name: str, wanted: Fields | None) -> Json:
    if name == "debug_token":
        facts = {"is_valid": True, "type": "PAGE", "expires_at": 0, "scopes": list(_SCOPES)}
        return {"data": facts}
    asked = wanted if wanted is not None else plain("id", "name")
    if name == "me" and "user_id" in asked:
        return pick(OWN_ACCOUNT, asked, "User")
    if name in {"me", FACEBOOK_PAGE_ID}:
        return pick(_PAGE, asked, "Page") if call.is_page else pick(_USER, asked, "User")
    if name == INSTAGRAM_ACCOUNT_ID:
        return pick(ACCOUNT, asked, "IGUser")
    if name in call.world.talks:
        return pick(_conversation(call, name), asked, "UnifiedThread")
    return _thing(call, visible(call, name), wanted)


def _thing(call: Call, node: Node, wanted: Fields | None) -> Json:
    """Write a message, a media or a comment."""
    if node.conversation is not None:
        return _written(call, node, wanted or DEFAULT_MESSAGE, MESSAGE)
    known = MEDIA if node.parent is None else COMMENT
    return _written(call, node, wanted or (DEFAULT if node.parent is None else DEFAULT_COMMENT), known)


def _written(call: Call, node: Node, wanted: Fields, known: Known) -> Mapping[str, Json]:
    """Write a thing: its id always, of the rest what was asked for and is there."""
    written: dict[str, Json] = {"id": node.id}
    for name, asked in wanted.items():
        if known is COMMENT and name == "replies":
            below = _listing(
                call, f"{node.id}/replies", call.world.replies.get(node.first_id, NOTHING), asked
            )
            written |= {name: below} if below["data"] or "paging" in below else {}
            continue
        if name not in known:
            refuse(f"Tried accessing nonexisting field ({name})")
        value = known[name](node, call.world, call.last)
        if value is not None:
            written[name] = (
                picked(value, asked.fields) if asked.fields and isinstance(value, Mapping) else value
            )
    return written


def _edge(call: Call, name: str, edge: str, asked: Field) -> Json:
    """Write one page of an edge."""
    if name == INSTAGRAM_ACCOUNT_ID and edge == "media":
        return _listing(call, f"{name}/{edge}", call.world.posts, asked)
    if name == INSTAGRAM_ACCOUNT_ID and edge in _EMPTY_EDGES:
        return {"data": []}
    if name in _HOLDERS and edge == "conversations":
        return _conversations(call, asked)
    if edge == "messages" and name in call.world.talks:
        return _messages(call, name, asked)
    if edge not in {"comments", "replies"} or name in _HOLDERS:
        refuse(f"Tried accessing nonexisting field ({edge})")
    node = visible(call, name)
    index = call.world.top_level if edge == "comments" else call.world.replies
    return _listing(call, f"{node.id}/{edge}", index.get(node.first_id, NOTHING), asked)


def _listing(call: Call, path: str, nodes: Nodes, asked: Field) -> dict[str, Json]:
    is_media = path.endswith("/media")
    known, default, most = (
        (MEDIA, DEFAULT, MOST_MEDIA) if is_media else (COMMENT, DEFAULT_COMMENT, MOST_COMMENTS)
    )
    page, after = newest_first(call, nodes, asked, most)
    data = [_written(call, node, asked.fields or default, known) for node in page]
    return {"data": data, **paging(call, path, asked, after)}


def _conversations(call: Call, asked: Field) -> Json:
    """Write the conversations, the one with the newest message first. All of them are on one page."""
    if asked.arguments.get("platform", "").lower() != "instagram":
        return {"data": []}
    newest = {name: talk.newest(call.last) for name, talk in call.world.talks.items()}
    begun = sorted((-node.order, name) for name, node in newest.items() if node is not None)
    wanted = asked.fields or DEFAULT
    return {"data": [pick(_conversation(call, name), wanted, "UnifiedThread") for _, name in begun]}


def _conversation(call: Call, name: str) -> Mapping[str, Json]:
    talk = call.world.talks[name]
    node = talk.newest(call.last)
    if node is None:
        not_there(name)
    return {
        "id": name,
        "updated_time": wire_time(node.at),
        "message_count": talk.count(BEGINNING, call.last),
        "participants": {"data": [person(node.partner)] if node.partner else []},
    }


def _messages(call: Call, name: str, asked: Field) -> Json:
    """Write messages, the newest first: the older ones without their words."""
    talk = call.world.talks[name]
    page, after = newest_first(call, talk, asked, MOST_MEDIA)
    told_from = talk.newest_order(READABLE, call.last)
    data = []
    for node in page:
        wanted = (asked.fields or DEFAULT_MESSAGE) if node.order >= told_from else DEFAULT_MESSAGE
        data.append(_written(call, node, wanted, MESSAGE))
    return {"data": data, **paging(call, f"{name}/messages", asked, after)}
