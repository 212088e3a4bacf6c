"""What can be done on the practice Instagram: answer, hide, delete, write a message, block."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from connectors.practice.accounts import Account
from connectors.practice.changes import Change, ChangeKind
from connectors.practice.content import Thing
from connectors.practice.graph_call import error, refuse
from connectors.practice.identities import (
    FACEBOOK_PAGE_ID,
    INSTAGRAM_ACCOUNT_ID,
    SCHOOL,
    SCHOOL_NAME,
    Platform,
)
from connectors.practice.instagram_call import Call, visible
from connectors.practice.timeline import BEGINNING
from connectors.practice.wire import Json, RefusedError
from connectors.practice.world import Node

WINDOW = timedelta(hours=24)
"""How long after somebody's last message it can be answered."""

_MODERATING = {"BLOCK_USER": ChangeKind.BAN, "UNBLOCK_USER": ChangeKind.UNBAN}
_DONE: Mapping[str, Json] = {"success": True}


def act(call: Call, name: str, edge: str | None) -> Json:
    """Carry out one request that changes something."""
    if name in {FACEBOOK_PAGE_ID, INSTAGRAM_ACCOUNT_ID}:
        if edge == "messages":
            return _send(call)
        if edge == "moderate_conversations" and name == INSTAGRAM_ACCOUNT_ID:
            return _moderate(call)
        refuse(f"Tried accessing nonexisting field ({edge})")
    node = visible(call, name)
    if node.parent is None or node.conversation is not None:
        refuse("Object does not support this operation")
    if call.request.method == "DELETE" and edge is None:
        call.request.stage.change(Change(node.thing.key, ChangeKind.DELETE, call.now))
        return _DONE
    if call.request.method != "POST" or edge not in {None, "replies"}:
        refuse("Object does not support this operation")
    return _hide(call, node) if edge is None else _reply(call, node)


def _reply(call: Call, node: Node) -> Json:
    """Put an answer under the comment at the top, whichever was answered."""
    if node.known.hidden:
        refuse("A hidden comment cannot be replied to")
    above = node.up_to_top or node
    said = call.request.stage.say(_own(call, call.said("message"), above.thing.key))
    return {"id": said.id}


def _hide(call: Call, node: Node) -> Json:
    if call.said("hide") not in {"true", "false"}:
        refuse("Param hide must be a boolean")
    if not node.author.is_school:  # the school's own stay as they are
        kind = ChangeKind.HIDE if call.said("hide") == "true" else ChangeKind.UNHIDE
        call.request.stage.change(Change(node.thing.key, kind, call.now))
    return _DONE


def _send(call: Call) -> Json:
    recipient, message = call.thing("recipient"), call.thing("message")
    if not isinstance(recipient, Mapping) or not isinstance(message, Mapping):
        refuse("Params recipient and message must be objects")
    person = call.world.accounts.get(str(recipient.get("id")))
    if person is None:
        raise RefusedError(error(400, 100, "(#100) No matching user found", 2018001))
    messages = call.world.messages.newest_first(BEGINNING, call.last)
    newest = next((each for each in messages if each.author == person), None)
    if newest is None or newest.at < call.now - WINDOW:
        outside = "(#10) This message is sent outside of allowed window."
        raise RefusedError(error(400, 10, outside, 2018278))
    said = call.request.stage.say(_own(call, str(message.get("text")), newest.thing.key, private=True))
    return {"recipient_id": person.id, "message_id": said.id}


def _moderate(call: Call) -> Json:
    actions, people = call.thing("actions"), call.thing("user_ids")
    if not isinstance(actions, list) or not isinstance(people, list):
        refuse("Params actions and user_ids must be lists")
    for action in actions:
        if action not in _MODERATING:
            refuse("Param actions must be one of {BLOCK_USER, MOVE_TO_SPAM, UNBLOCK_USER}")
        for each in people:
            account = _account(call, each)
            change = Change(account.key, _MODERATING[action], call.now, platform=Platform.INSTAGRAM)
            call.request.stage.change(change)
    return _DONE


def _account(call: Call, person: Json) -> Account:
    account = call.world.accounts.get(str(person.get("id"))) if isinstance(person, Mapping) else None
    if account is None:
        refuse("Invalid user id")
    return account


def _own(call: Call, text: str, under: str, *, private: bool = False) -> Thing:
    return Thing(
        line=0,
        key="",
        platform=Platform.INSTAGRAM,
        by=SCHOOL,
        name=SCHOOL_NAME,
        text=text,
        at=call.now,
        under=under,
        private=private,
    )
