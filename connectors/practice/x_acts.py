"""What an account does on X: posts, replies and edits, hides, deletes, mutes, and blocks messages."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.practice.changes import Change, ChangeKind
from connectors.practice.content import Thing
from connectors.practice.identities import SCHOOL, SCHOOL_NAME, X_USER_ID, Platform
from connectors.practice.wire import Answer, Json, RefusedError
from connectors.practice.world import Account, Node
from connectors.practice.x_call import Call, forbid, invalid, missing, post_id, refuse, said, text_in
from connectors.practice.x_words import EDITABLE, EDITS, user

_CREATED = frozenset({"text", "reply", "quote_tweet_id", "quote_post_id", "edit_options", "reply_settings"})
_NOT_SUMMONED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by "
    "the author of the post you are replying to."
)


def create(call: Call) -> Answer:
    """``POST /2/tweets``: a post, a reply, a quote, or an edit."""
    body = said(call, _CREATED)
    text = text_in(call, body, "text")
    previous = _named(call, body, "edit_options", "previous_post_id")
    if previous is not None:
        return _created(_edited(call, previous, text), text)
    asked = _named(call, body, "reply", "in_reply_to_tweet_id", "in_reply_to_post_id")
    if asked is not None:
        _may_answer(call, asked, text)
    quoted = _named(call, body, None, "quote_tweet_id", "quote_post_id")
    node = call.request.stage.say(
        Thing(
            line=0,
            key="",
            platform=Platform.X,
            by=SCHOOL,
            name=SCHOOL_NAME,
            text=text,
            at=call.now,
            under=asked.thing.key if asked is not None else None,
            quotes=quoted.thing.key if quoted is not None else None,
        )
    )
    return _created(node, text)


def delete(call: Call, name: str) -> Answer:
    """``DELETE /2/tweets/ID``: any version takes the whole chain."""
    node = call.node(name)
    if node is None:
        raise RefusedError(_not_found())
    if not node.author.is_school:
        forbid("You are not authorized to delete this Tweet.")
    call.request.stage.change(Change(node.thing.key, ChangeKind.DELETE, call.now))
    return Answer(200, {"data": {"deleted": True}})


def hide(call: Call, name: str) -> Answer:
    """``PUT /2/tweets/ID/hidden``: replies in conversations that the school began."""
    hidden = said(call, frozenset({"hidden"})).get("hidden")
    if not isinstance(hidden, bool):
        refuse(call, [{"parameters": {}, "message": "$.hidden: is missing but it is required"}])
    node = call.node(name)
    if node is None:
        raise RefusedError(_not_found())
    if node.parent is None or not node.post.author.is_school or node.author.is_school:
        forbid("You are not allowed to hide this reply.")
    kind = ChangeKind.HIDE if hidden else ChangeKind.UNHIDE
    call.request.stage.change(Change(node.thing.key, kind, call.now))
    return Answer(200, {"data": {"hidden": hidden}})


def mute(call: Call, account: str) -> Answer:
    """``POST /2/users/ID/muting``."""
    _must_be_us(account)
    target = said(call, frozenset({"target_user_id"})).get("target_user_id")
    someone = _account(call, str(target), "target_user_id")
    _of_account(call, ChangeKind.MUTE, someone)
    return Answer(200, {"data": {"muting": True}})


def unmute(call: Call, account: str, target: str) -> Answer:
    """``DELETE /2/users/ID/muting/TARGET``."""
    _must_be_us(account)
    _of_account(call, ChangeKind.UNMUTE, _account(call, target, "target_user_id"))
    return Answer(200, {"data": {"muting": False}})


def block_messages(call: Call, account: str, word: str) -> Answer:
    """``POST /2/users/TARGET/dm/block`` and ``unblock``."""
    kind = ChangeKind.BAN if word == "block" else ChangeKind.UNBAN
    _of_account(call, kind, _account(call, account, "id"))
    return Answer(200, {"data": {"blocked": word == "block"}})


def muted(call: Call, account: str) -> Answer:
    """``GET /2/users/ID/muting``: everybody on one page."""
    return _people(call, account, call.world.muted)


def blocked(call: Call, account: str) -> Answer:
    """``GET /2/users/ID/blocking``: everybody on one page."""
    return _people(call, account, call.world.banned)


def _people(call: Call, account: str, keys: frozenset[str]) -> Answer:
    _must_be_us(account)
    found = [each for each in call.world.accounts.values() if each.key in keys]
    data: dict[str, Json] = {"data": [user(each, frozenset()) for each in found]} if found else {}
    return Answer(200, data | {"meta": {"result_count": len(found)}})


def _created(node: Node, text: str) -> Answer:
    return Answer(201, {"data": {"id": node.id, "text": text}})


def _edited(call: Call, node: Node, text: str) -> Node:
    if not node.author.is_school or node.parent is not None:
        forbid("You are not allowed to edit this Tweet.")
    if call.now > node.at + EDITABLE or len(node.ids) > EDITS:
        forbid("This Tweet can no longer be edited.")
    call.request.stage.change(Change(node.thing.key, ChangeKind.EDIT, call.now, text))
    return call.request.stage.world(Platform.X, call.now).by_key[node.thing.key]


def _may_answer(call: Call, asked: Node, text: str) -> None:
    """Refuse a reply that X would refuse."""
    school = call.world.accounts[X_USER_ID]
    is_summoned = school in asked.mentions or (asked.quoted is not None and asked.quoted.author.is_school)
    if call.rules.summoned_only and not is_summoned and not asked.author.is_school:
        forbid(_NOT_SUMMONED)
    answers = call.world.conversations[asked.post.first_id].newest_first(asked.order, 2**63)
    if any(each.parent is asked and each.author.is_school and each.text == text for each in answers):
        forbid("You are not allowed to create a Tweet with duplicate content.")


def _named(call: Call, body: Mapping[str, Json], inside: str | None, *names: str) -> Node | None:
    """Return the post that a body names, under one of the names; one that is not there is refused."""
    part = body if inside is None else body.get(inside)
    if part is None:
        return None
    value = next((part[name] for name in names if name in part), None) if isinstance(part, Mapping) else None
    if value is None and inside is None:
        return None
    if not isinstance(value, str):
        refuse(call, [{"parameters": {}, "message": f"$.{names[0]}: is missing but it is required"}])
    post_id(call, names[0], value)
    node = call.node(value)
    if node is None or not node.known.is_public:
        forbid("You attempted to reply to a Tweet that is deleted or not visible to you.")
    return node


def _must_be_us(account: str) -> None:
    if account != X_USER_ID:
        forbid("You are not permitted to perform this action.")


def _account(call: Call, account: str, parameter: str) -> Account:
    if not account.isdigit():
        invalid(call, parameter, account, "does not match ^[0-9]{1,19}$")
    found = call.world.accounts.get(account)
    if found is None:
        raise RefusedError(Answer(200, {"errors": [missing(call, parameter, account, "user")]}))
    if found.is_school:
        forbid("You are not permitted to perform this action.")
    return found


def _of_account(call: Call, kind: ChangeKind, account: Account) -> None:
    call.request.stage.change(Change(account.key, kind, call.now, platform=Platform.X))


def _not_found() -> Answer:
    return Answer(404, {"title": "Not Found", "type": "about:blank", "status": 404, "detail": "Not Found"})
