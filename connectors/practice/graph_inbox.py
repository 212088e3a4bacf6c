"""A Page's inbox and reviews on the practice Graph: conversations, their messages, and ratings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from connectors.practice.graph_call import (
    Call,
    check_parameters,
    choice,
    need_permission,
    not_there,
    refuse,
    size_of,
    sliced,
)
from connectors.practice.graph_fields import Field, Fields, plain
from connectors.practice.graph_nodes import DEFAULT_REFERENCE, author, is_empty, reference, wire_time
from connectors.practice.identities import FACEBOOK_PAGE_ID, SCHOOL_NAME
from connectors.practice.timeline import BEGINNING
from connectors.practice.wire import Json, whole_number
from connectors.practice.world import NOTHING, Node

READABLE = 20
"""The newest messages of a conversation whose words can be read."""

MOST = 100

CONVERSATION_FIELDS = frozenset(
    {"id", "updated_time", "message_count", "unread_count", "link", "snippet", "can_reply", "participants"}
)
MESSAGE_FIELDS = frozenset(
    {
        "id",
        "created_time",
        "from",
        "to",
        "message",
        "attachments",
        "shares",
        "sticker",
        "tags",
        "reactions",
        "is_unsupported",
        "reply_to",
    }
)
REVIEW_FIELDS = frozenset(
    {
        "created_time",
        "has_rating",
        "has_review",
        "rating",
        "recommendation_type",
        "review_text",
        "reviewer",
        "open_graph_story",
    }
)
_POSITIVE = 4
"""The smallest number of stars that counts as a recommendation."""


def conversations(call: Call, asked: Field) -> Json:
    """List the Page's conversations, the newest first; those of Instagram are on Instagram."""
    need_permission(call.request, "pages_messaging")
    if choice(asked, "platform") == "instagram":
        return {"data": []}
    after = _milliseconds(asked, "updated_after_ms")
    before = _milliseconds(asked, "updated_before_ms")
    newest = [_newest(call, name) for name in call.world.talks]
    talks = sorted((each for each in newest if each is not None), key=lambda each: -each.order)
    if after is not None:
        talks = [each for each in talks if each.at > after]
    if before is not None:
        talks = [each for each in talks if each.at < before]
    size = size_of(asked, MOST, refuses_more=False)
    page, paging = sliced(call, f"{FACEBOOK_PAGE_ID}/conversations", asked, talks, size)
    wanted = asked.fields if asked.fields is not None else plain("id", "link", "updated_time")
    data = [conversation(call, each.conversation or "", wanted) for each in page]
    return {"data": data} | ({"paging": paging} if paging else {})


def conversation(call: Call, name: str, wanted: Fields) -> Json:
    """Write one conversation."""
    need_permission(call.request, "pages_messaging")
    newest = _newest(call, name)
    if newest is None or newest.partner is None:
        not_there(name)
    count = call.world.talks[name].count(BEGINNING, call.last)
    known: dict[str, Json] = {
        "updated_time": wire_time(newest.at),
        "message_count": count,
        "unread_count": 0 if newest.author.is_school else 1,
        "link": f"/{FACEBOOK_PAGE_ID}/inbox/{newest.partner.id}/?section=messages",
        "snippet": newest.text[:80],
        "can_reply": True,
        "participants": {"data": [author(newest.partner), {"name": SCHOOL_NAME, "id": FACEBOOK_PAGE_ID}]},
    }
    written: dict[str, Json] = {}
    for each, field in wanted.items():
        if each == "messages":
            check_parameters(each, field)
            written[each] = messages(call, name, field)
        elif each in known:
            written[each] = known[each]
        elif each != "id":
            refuse(f"Tried accessing nonexisting field ({each}) on node type (UnifiedThread)")
    return written | {"id": name}


def messages(call: Call, name: str, asked: Field) -> Json:
    """List a conversation's messages, the newest first; of the older ones only id and time are told."""
    if _newest(call, name) is None:
        not_there(name)
    nodes = list(call.world.talks[name].newest_first(BEGINNING, call.last))
    readable = set(nodes[:READABLE])
    page, paging = sliced(call, f"{name}/messages", asked, nodes, size_of(asked, MOST, refuses_more=False))
    wanted = asked.fields if asked.fields is not None else plain("id", "created_time")
    short = {each: field for each, field in wanted.items() if each in {"id", "created_time"}}
    data = [_message(each, wanted if each in readable else short) for each in page]
    return {"data": data} | ({"paging": paging} if paging else {})


def message(call: Call, node: Node, wanted: Fields) -> Json:
    """Write one message; Graph says of older ones that they were deleted."""
    need_permission(call.request, "pages_messaging")
    newer = call.world.talks[node.conversation or ""].count(node.order + 1, call.last)
    if newer >= READABLE:
        refuse("Message has been deleted")
    return _message(node, wanted)


def _message(node: Node, wanted: Fields) -> Mapping[str, Json]:
    to = {"data": [{"name": SCHOOL_NAME, "id": FACEBOOK_PAGE_ID}]}
    if node.author.is_school and node.partner is not None:
        to = {"data": [{"name": node.partner.name, "id": node.partner.id}]}
    known: dict[str, Json] = {
        "created_time": wire_time(node.at),
        "from": author(node.author),
        "to": to,
        "message": node.text,
    }
    written: dict[str, Json] = {}
    for name, asked in wanted.items():
        if name not in MESSAGE_FIELDS:
            refuse(f"Tried accessing nonexisting field ({name}) on node type (UnifiedMessage)")
        value = known.get(name)
        if isinstance(value, dict) and name == "from":
            value = reference(value, asked.fields, DEFAULT_REFERENCE)
        if not is_empty(value):
            written[name] = value
    return written | {"id": node.id}


def ratings(call: Call, asked: Field) -> Json:
    """List the Page's reviews, the newest first. They have no ids of their own."""
    nodes: Sequence[Node] = list(call.world.reviews.newest_first(BEGINNING, call.last))
    size = size_of(asked, MOST, refuses_more=False)
    page, paging = sliced(call, f"{FACEBOOK_PAGE_ID}/ratings", asked, nodes, size)
    wanted = asked.fields if asked.fields is not None else plain("created_time", "reviewer", "review_text")
    return {"data": [_review(each, wanted) for each in page]} | ({"paging": paging} if paging else {})


def _review(node: Node, wanted: Fields) -> Mapping[str, Json]:
    rating = node.thing.rating
    known: dict[str, Json] = {
        "created_time": wire_time(node.at),
        "has_rating": rating is not None,
        "has_review": bool(node.text),
        "rating": rating,
        "recommendation_type": "positive" if rating is None or rating >= _POSITIVE else "negative",
        "review_text": node.text or None,
        "reviewer": author(node.author),
        "open_graph_story": {"id": node.id},
    }
    written: dict[str, Json] = {}
    for name, asked in wanted.items():
        if name not in REVIEW_FIELDS:
            refuse(f"Tried accessing nonexisting field ({name}) on node type (Recommendation)")
        value = known[name]
        if isinstance(value, dict):
            value = reference(value, asked.fields, DEFAULT_REFERENCE)
        if not is_empty(value):
            written[name] = value
    return written


def _newest(call: Call, name: str) -> Node | None:
    return call.world.talks.get(name, NOTHING).newest(call.last)


def _milliseconds(asked: Field, name: str) -> datetime | None:
    text = asked.arguments.get(name)
    if text is None:
        return None
    number = whole_number(text)
    if number is None:
        refuse(f"Param {name} must be an integer")
    return datetime.fromtimestamp(number / 1000, UTC)
