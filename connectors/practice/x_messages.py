"""Direct messages on X: the events of both directions, one conversation, one event, sending and deleting."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

from connectors.practice.changes import Change, ChangeKind
from connectors.practice.content import Thing
from connectors.practice.identities import SCHOOL, SCHOOL_NAME, X_USER_ID, Platform
from connectors.practice.timeline import first_order_at
from connectors.practice.wire import Answer, Json, RefusedError
from connectors.practice.world import NOTHING, Account, Node, Nodes
from connectors.practice.x_call import (
    Call,
    bounds,
    check_names,
    forbid,
    invalid,
    listed,
    missing,
    next_token,
    said,
    size,
    text_in,
)
from connectors.practice.x_words import older_names, user, wire_time

REACH = timedelta(days=30)
"""How far back messages are listed."""

PARAMETERS = frozenset({"max_results", "pagination_token", "event_types", "dm_event.fields"})
_TYPES = frozenset({"MessageCreate", "ParticipantsJoin", "ParticipantsLeave"})
_FIELDS = frozenset(
    {"attachments", "created_at", "dm_conversation_id", "entities", "event_type", "id", "participant_ids"}
    | {"referenced_tweets", "sender_id", "text"}
)
_EXPANSIONS = frozenset(
    {"attachments.media_keys", "participant_ids", "referenced_tweets.id", "referenced_posts", "sender_id"}
)


def events(call: Call, conversation: str | None = None) -> Answer:
    """``GET /2/dm_events`` and that of one conversation: newest first, thirty days, no lower bound to say."""
    check_names(call, PARAMETERS)
    types = listed(call, "event_types", _TYPES)
    found = call.world.messages if conversation is None else call.world.talks.get(conversation, NOTHING)
    most = size(call, 1, 100)
    first, last = bounds(call)
    first = max(first, first_order_at(call.now - REACH))
    shown = found if not types or "MessageCreate" in types else NOTHING
    nodes = list(islice(shown.newest_first(first, last), most + 1))
    page = [] if call.request.is_empty else nodes[:most]
    meta: dict[str, Json] = {"result_count": len(page)}
    if len(nodes) > len(page):
        meta["next_token"] = next_token(page[-1].order if page else last + 1)
    body: dict[str, Json] = {"data": [_event(call, node) for node in page]} if page else {}
    return Answer(200, body | _people(call, page) | {"meta": meta})


def with_participant(call: Call, participant: str) -> Answer:
    """``GET /2/dm_conversations/with/ID/dm_events``."""
    return events(call, _conversation_with(_participant(call, participant)))


def event(call: Call, name: str) -> Answer:
    """``GET /2/dm_events/ID``."""
    check_names(call, frozenset({"dm_event.fields"}))
    node = _message(call, name)
    return Answer(200, {"data": _event(call, node)} | _people(call, [node]))


def delete(call: Call, name: str) -> Answer:
    """``DELETE /2/dm_events/ID``: it is gone for the school only, and the school sees no more of it."""
    node = _message(call, name)
    call.request.stage.change(Change(node.thing.key, ChangeKind.DELETE, call.now))
    return Answer(200, {"data": {"deleted": True}})


def send(call: Call, conversation: str) -> Answer:
    """``POST /2/dm_conversations/ID/messages``."""
    other = next((part for part in conversation.split("-") if part != X_USER_ID), "")
    if X_USER_ID not in conversation.split("-") or other not in call.world.accounts:
        forbid("You are not permitted to perform this action.")
    return send_to(call, other)


def send_to(call: Call, participant: str) -> Answer:
    """``POST /2/dm_conversations/with/ID/messages``: into the conversation there is, or a new one."""
    text = text_in(call, said(call, frozenset({"text", "attachments"})), "text")
    account = _participant(call, participant)
    talk: Nodes = call.world.talks.get(_conversation_with(account), NOTHING)
    newest = talk.newest(bounds(call)[1])
    node = call.request.stage.say(
        Thing(
            line=0,
            key="",
            platform=Platform.X,
            by=SCHOOL,
            name=SCHOOL_NAME,
            text=text,
            at=call.now,
            under=newest.thing.key if newest is not None else None,
            mentions=(account.key,),
            private=True,
        )
    )
    return Answer(201, {"data": {"dm_conversation_id": node.conversation, "dm_event_id": node.id}})


def _message(call: Call, name: str) -> Node:
    node = call.world.nodes.get(name)
    if node is None or node.conversation is None or node.order > bounds(call)[1]:
        body = {"title": "Not Found", "type": "about:blank", "status": 404, "detail": "Not Found"}
        raise RefusedError(Answer(404, body))
    return node


def _participant(call: Call, account: str) -> Account:
    if not account.isdigit():
        invalid(call, "participant_id", account, "does not match ^[0-9]{1,19}$")
    if account not in call.world.accounts:
        raise RefusedError(Answer(200, {"errors": [missing(call, "participant_id", account, "user")]}))
    return call.world.accounts[account]


def _conversation_with(account: Account) -> str:
    return "-".join(sorted([account.id, X_USER_ID], key=int))


def _event(call: Call, node: Node) -> Json:
    """Write an event: id, type and text always, of the rest what was asked for."""
    fields = older_names(listed(call, "dm_event.fields", _FIELDS))
    brought = {"sender_id"} if "sender_id" in _expansions(call) else set()
    facts: dict[str, Json] = {
        "sender_id": node.author.id,
        "dm_conversation_id": node.conversation,
        "created_at": wire_time(node.at),
    }
    written: dict[str, Json] = {"id": node.id, "event_type": "MessageCreate", "text": node.text}
    return written | {name: value for name, value in facts.items() if name in fields | brought}


def _people(call: Call, nodes: list[Node]) -> dict[str, Json]:
    if "sender_id" not in _expansions(call):
        return {}
    people = dict.fromkeys(node.author for node in nodes if not node.author.is_hidden)
    fields = listed(call, "user.fields", call.words.user_fields)
    return {"includes": {"users": [user(account, fields) for account in people]}} if people else {}


def _expansions(call: Call) -> frozenset[str]:
    return listed(call, "expansions", _EXPANSIONS)
