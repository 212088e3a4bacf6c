"""What a person decided about a comment, done on YouTube once and read back.

Hiding is holding for review: what is *rejected* can never be shown again, so that is used only where a person
asks for the author to be blocked, which YouTube offers in no other way.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from connectors import transport
from connectors.answers import fields
from connectors.answers import youtube as answers
from connectors.answers.youtube_errors import ForbiddenItem
from connectors.base import ConnectorError, Identity, Refused
from connectors.calls.youtube_calls import Calls
from connectors.calls.youtube_lookup import REJECTED, Place, look_up
from moderation.actions import Action, ActionKind, Done
from moderation.items import Presence

CLOCKS_APART = timedelta(minutes=1)
"""Our clock and YouTube's may differ by this when it is read back whether a reply was made."""

_STATUS = {ActionKind.HIDE: "heldForReview", ActionKind.UNHIDE: "published"}
_WANTED = {
    ActionKind.HIDE: frozenset({Presence.HIDDEN}),
    ActionKind.UNHIDE: frozenset({Presence.PRESENT, Presence.EDITED}),
    ActionKind.DELETE: frozenset({Presence.DELETED}),
}

NOT_SHOWN = "YouTube took it but does not show it yet. Open the item's link and look."
FLAT = (
    "YouTube keeps the replies to a comment in one list, so this one stands at its end, not under the reply "
    "that it answers."
)
ELSEWHERE = "YouTube put the reply under another comment. Open its link and look."
TOOK_REPLIES = "The replies to the comment went with it."
FOR_GOOD = (
    "The comment was removed for good, and its author cannot comment on the channel any more. Only YouTube "
    "Studio can undo that for the author; nothing can for the comment."
)
REMOVED = "The comment was removed for good. YouTube shows such a comment to nobody again."
BAN_UNSEEN = (
    "YouTube no longer shows the comment. Whether its author is hidden from the channel is shown in YouTube "
    "Studio only."
)


def do(calls: Calls, me: Identity, action: Action, now: datetime) -> Done:
    """Do what was decided, once, and read it back.

    Raises:
        Unsure: it was sent and the answer was lost.
        ConnectorError: it was surely not done.
    """
    match action.kind:
        case ActionKind.REPLY:
            return _reply(calls, me, action, now)
        case ActionKind.BLOCK:
            if is_own(action, me):
                raise Refused("That is the school's own comment; its author cannot be blocked.")
            calls.set_status(action.item.external_id, REJECTED, now, ban=True)
            return Done(confirmed=_was_rejected(calls, me, action, now), remark=FOR_GOOD)
        case ActionKind.DELETE:
            calls.delete(action.item.external_id, now)
            is_top = action.item.external_id == action.item.thread_id
            return _read_back(calls, me, action, now, TOOK_REPLIES if is_top else "")
        case _:
            if action.kind is ActionKind.UNHIDE and _place(calls, me, action, now).status == REJECTED:
                raise Refused(REMOVED)
            calls.set_status(action.item.external_id, _STATUS[action.kind], now)
            return _read_back(calls, me, action, now)


def look(calls: Calls, me: Identity, action: Action, now: datetime) -> Done | None:
    """Read back whether an action was done whose answer was lost; ``None`` when nothing shows it."""
    if action.kind is ActionKind.REPLY:
        return _own_reply(calls, me, action, now)
    place = _place(calls, me, action, now)
    if action.kind is ActionKind.BLOCK:
        return _block_of(place)
    return Done(confirmed=True) if place.found.presence in _WANTED.get(action.kind, ()) else None


def is_own(action: Action, me: Identity) -> bool:
    """Say whether the item is the school's own, as far as is known."""
    return action.item.author_id == me.external_id


def _reply(calls: Calls, me: Identity, action: Action, now: datetime) -> Done:
    """YouTube takes replies under the top-level comment only, whatever it is that they answer."""
    thread = action.item.thread_id
    made = calls.reply(thread, action.words, now)
    name = fields.known_identifier(made)
    if name is None:
        raise transport.unsure("YouTube")
    is_flat = action.item.external_id != thread
    try:
        shown, _ = calls.comments_by_id([name], now)
    except ConnectorError:
        shown = []  # it was made; that it cannot be read back now changes nothing
    if not shown:
        return Done(name, remark=NOT_SHOWN)
    if answers.parent_of(shown[0]) not in {None, thread}:
        return Done(name, confirmed=True, remark=ELSEWHERE)
    return Done(name, confirmed=True, remark=FLAT if is_flat else "")


def _own_reply(calls: Calls, me: Identity, action: Action, now: datetime) -> Done | None:
    since = action.began_at.replace(microsecond=0) - CLOCKS_APART  # YouTube tells whole seconds
    try:
        for entries in calls.replies(action.item.thread_id, now):
            for entry in entries:
                if answers.is_our_reply(entry, me, action.words, since):
                    return Done(fields.known_identifier(entry), confirmed=True)
    except ForbiddenItem:
        return None
    return None


def _read_back(calls: Calls, me: Identity, action: Action, now: datetime, remark: str = "") -> Done:
    try:
        is_shown = _place(calls, me, action, now).found.presence in _WANTED[action.kind]
    except ConnectorError:
        is_shown = False  # it was done; that it cannot be read back now changes nothing
    return Done(confirmed=is_shown, remark=remark if is_shown else f"{remark} {NOT_SHOWN}".strip())


def _was_rejected(calls: Calls, me: Identity, action: Action, now: datetime) -> bool:
    try:
        place = _place(calls, me, action, now)
    except ConnectorError:
        return False
    return place.status == REJECTED or place.found.presence is Presence.DELETED


def _block_of(place: Place) -> Done | None:
    if place.status == REJECTED:
        return Done(confirmed=True, remark=FOR_GOOD)
    if place.found.presence is Presence.DELETED:
        return Done(remark=BAN_UNSEEN)
    return None


def _place(calls: Calls, me: Identity, action: Action, now: datetime) -> Place:
    return look_up(calls, me, [action.item], now)[0]
