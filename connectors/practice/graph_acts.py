"""What a Page does on the practice Graph: replies, hides, deletes, blocks and answers messages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NoReturn

from connectors.practice.changes import Change, ChangeKind
from connectors.practice.content import Thing
from connectors.practice.graph_call import Call, error, need_permission, not_there, refuse
from connectors.practice.identities import FACEBOOK_PAGE_ID, SCHOOL, SCHOOL_NAME, Platform
from connectors.practice.wire import Json, RefusedError
from connectors.practice.world import Account, Node

WINDOW = timedelta(hours=24)
AGENT_WINDOW = timedelta(days=7)
LONGEST_MESSAGE = 2000

_TAKEN: Mapping[tuple[str, str], frozenset[str]] = {
    ("POST", "comments"): frozenset({"message", "attachment_id", "attachment_url", "attachment_share_url"}),
    ("POST", ""): frozenset({"is_hidden", "message", "attachment_id", "attachment_url"}),
    ("DELETE", ""): frozenset(),
    ("POST", "blocked"): frozenset({"asid", "psid", "uid", "user"}),
    ("DELETE", "blocked"): frozenset({"asid", "psid", "uid", "user"}),
    ("POST", "messages"): frozenset({"recipient", "message", "messaging_type", "tag", "reply_to"}),
    ("POST", "moderate_conversations"): frozenset({"user_ids", "actions"}),
}
"""The parameters that each write takes beside the token."""

_OF_THE_PAGE = frozenset({"blocked", "messages", "moderate_conversations"})

_MODERATION = {
    "BAN_USER": ChangeKind.BAN,
    "BLOCK_USER": ChangeKind.BAN,
    "MOVE_TO_SPAM": None,
    "UNBAN_USER": ChangeKind.UNBAN,
    "UNBLOCK_USER": ChangeKind.UNBAN,
}


def write(call: Call, name: str, edge: str) -> Json:
    """Do what a POST or DELETE asks for. ``name`` is a node, ``edge`` empty for the node itself."""
    asked = _asked(call)
    _check(call, name, edge, asked)
    match edge:
        case "comments":
            return _comment(call, name, asked)
        case "blocked":
            return _block(call, asked)
        case "messages":
            return _send(call, asked)
        case "moderate_conversations":
            return _moderate(call, asked)
        case _:
            return _delete(call, name) if call.request.method == "DELETE" else _update(call, name, asked)


def _check(call: Call, name: str, edge: str, asked: Mapping[str, str]) -> None:
    """Refuse what cannot be written, a person's token, and parameters that there are not."""
    method = call.request.method
    taken = _TAKEN.get((method, edge))
    if taken is None or (edge in _OF_THE_PAGE) != (name == FACEBOOK_PAGE_ID):
        raise RefusedError(error(400, 100, f"Unsupported {method.lower()} request.", 33))
    if not call.is_page:
        raise RefusedError(error(403, 200, "(#200) A Page access token is required"))
    for each in asked:
        if each not in taken:
            refuse(f"Unknown parameter {each} on edge {edge or 'node'}")


def blocked(call: Call, arguments: Mapping[str, str]) -> Json:
    """List who is blocked from the Page, or only the one who is asked for."""
    wanted = arguments.get("user") or arguments.get("uid")
    people = [each for each in call.world.accounts.values() if each.key in call.world.banned]
    return {
        "data": [{"name": each.name, "id": each.id} for each in people if wanted is None or each.id == wanted]
    }


def _asked(call: Call) -> dict[str, str]:
    query = {} if call.request.method == "POST" else call.request.query
    sent = {name: values[-1] for name, values in {**query, **call.request.form}.items()}
    sent.pop("access_token", None)
    return sent


def _target(call: Call, name: str) -> Node:
    """Return a post, review or comment that is there."""
    node = call.world.nodes.get(name)
    if node is None or node.order > call.last or node.conversation is not None:
        not_there(name)
    return node


def _comment(call: Call, name: str, asked: Mapping[str, str]) -> Json:
    """Comment under a post or comment; a reply to a reply lands under the comment at the top."""
    need_permission(call.request, "pages_manage_engagement")
    target = _target(call, name)
    words = asked.get("message", "")
    if not words:
        refuse("Param message must be a non-empty string")
    under = target.up_to_top or target
    said = call.request.stage.say(_thing(call, words, under=under.thing.key))
    return {"id": said.id}


def _thing(call: Call, words: str, under: str, *, private: bool = False) -> Thing:
    return Thing(
        line=0,
        key="",
        platform=Platform.FACEBOOK,
        by=SCHOOL,
        name=SCHOOL_NAME,
        text=words,
        at=call.now,
        under=under,
        private=private,
    )


def _update(call: Call, name: str, asked: Mapping[str, str]) -> Json:
    """Hide or show; with a message it is an edit, which is allowed of the Page's own words only."""
    need_permission(call.request, "pages_manage_engagement")
    target = _target(call, name)
    if "message" in asked:
        if not target.author.is_school:
            raise RefusedError(error(403, 200, "(#200) Permissions error"))
        _change(call, target.thing.key, ChangeKind.EDIT, asked["message"])
    if "is_hidden" in asked:
        if asked["is_hidden"] not in {"true", "false"}:
            refuse("Param is_hidden must be a boolean")
        if target.author.is_school:
            raise RefusedError(error(403, 200, "(#200) The comment cannot be hidden"))
        kind = ChangeKind.HIDE if asked["is_hidden"] == "true" else ChangeKind.UNHIDE
        _change(call, target.thing.key, kind)
    return {"success": True}


def _delete(call: Call, name: str) -> Json:
    need_permission(call.request, "pages_manage_engagement")
    _change(call, _target(call, name).thing.key, ChangeKind.DELETE)
    return {"success": True}


def _change(call: Call, of: str, kind: ChangeKind, text: str | None = None) -> None:
    platform = Platform.FACEBOOK
    call.request.stage.change(Change(of=of, kind=kind, at=call.now, text=text, platform=platform))


def _block(call: Call, asked: Mapping[str, str]) -> Json:
    if len(asked) != 1:
        refuse("Exactly one of asid, psid, uid and user is needed")
    ids = _json(next(iter(asked.values())))
    names = ids if isinstance(ids, list) else [ids]
    kind = ChangeKind.UNBAN if call.request.method == "DELETE" else ChangeKind.BAN
    for person in _people(call, names):
        _change(call, person.key, kind)
    return {"success": True} if kind is ChangeKind.UNBAN else {str(each): True for each in names}


def _moderate(call: Call, asked: Mapping[str, str]) -> Json:
    need_permission(call.request, "pages_messaging")
    users, actions = _json(asked.get("user_ids", "")), _json(asked.get("actions", ""))
    if not isinstance(users, list) or not isinstance(actions, list) or not users or not actions:
        refuse("Params user_ids and actions must be lists")
    if any(each not in _MODERATION for each in actions):
        refuse(f"Param actions must be among {{{', '.join(_MODERATION)}}}")
    for person in _people(call, [each.get("id") if isinstance(each, dict) else None for each in users]):
        for kind in filter(None, (_MODERATION[each] for each in actions)):
            _change(call, person.key, kind)
    return {"success": True}


def _people(call: Call, ids: Iterable[object]) -> list[Account]:
    people = [call.world.accounts.get(str(each)) for each in ids]
    if None in people:
        refuse("Invalid parameter: no such person")
    return [each for each in people if each is not None]


def _send(call: Call, asked: Mapping[str, str]) -> Json:
    """Answer in a conversation, or once privately to a comment."""
    need_permission(call.request, "pages_messaging")
    recipient, message = _json(asked.get("recipient", "")), _json(asked.get("message", ""))
    words = message.get("text") if isinstance(message, dict) else None
    if not isinstance(recipient, dict) or not isinstance(words, str) or not words:
        refuse("Params recipient and message must be objects")
    if len(words) > LONGEST_MESSAGE:
        refuse(f"Length of param message[text] must be less than or equal to {LONGEST_MESSAGE}")
    if "comment_id" in recipient:
        target = _target(call, str(recipient["comment_id"]))
    else:
        target = _last_message(call, str(recipient.get("id")))
        _check_window(call, target, asked)
    said = call.request.stage.say(_thing(call, words, target.thing.key, private=True))
    partner = said.partner
    return {"recipient_id": partner.id if partner is not None else "", "message_id": said.id}


def _last_message(call: Call, person: str) -> Node:
    """Return the newest message that somebody wrote to the Page."""
    newest_first = call.world.messages.newest_first(0, call.last)
    found = next((each for each in newest_first if each.author.id == person), None)
    if found is None:
        raise RefusedError(error(400, 551, "(#551) This person isn't available right now."))
    return found


def _check_window(call: Call, last: Node, asked: Mapping[str, str]) -> None:
    kind, tag = asked.get("messaging_type", "RESPONSE"), asked.get("tag")
    if kind not in {"RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"}:
        refuse("Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG, UTILITY}")
    if (kind == "MESSAGE_TAG") != (tag is not None) or tag not in {None, "HUMAN_AGENT"}:
        refuse("Param tag does not fit messaging_type")
    if call.now - last.at > (AGENT_WINDOW if tag else WINDOW):
        message = "(#10) This message is sent outside of allowed window."
        raise RefusedError(error(400, 10, message, 2018278))


def _json(text: str) -> Json:
    try:
        return json.loads(text)
    except ValueError:
        _not_json()


def _not_json() -> NoReturn:
    refuse("A parameter is not JSON")
