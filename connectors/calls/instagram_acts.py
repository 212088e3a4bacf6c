"""What can be done about an item on Instagram, and how what came of it is read back.

Instagram has two levels of comments: an answer to a reply stands under the comment above it. A comment that
is hidden takes no answer, and our own comments cannot be hidden. Who wrote a comment cannot be blocked by
program, only who wrote a private message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from connectors import transport
from connectors.answers import fields
from connectors.answers import instagram as answers
from connectors.answers import instagram_messages as messages
from connectors.base import ConnectorError, NotFound, Refused
from connectors.calls.graph import Client
from moderation.actions import Action, ActionKind, Done
from moderation.items import ItemKind, Reference, says_the_same

Answer = Mapping[str, object]

SKEW = timedelta(minutes=2)
"""How much the platform's clock may be behind ours, when an answer of ours is looked for."""

_COMMENTS = frozenset({ItemKind.COMMENT, ItemKind.REPLY})
_ELSEWHERE = (
    "Instagram keeps two levels of comments: the answer stands under the comment at the top of the thread, "
    "not under the reply that it answers."
)
_STILL_SHOWN = "Instagram took the request, and shows the comment as before. Look there."
_UNDER_OTHERS = "Instagram does not show by program what stands under the media of others. Look there."
_UNSEEN = "Instagram does not show by program whether this was done. Look into the conversation."


class Acts:
    """Acts on one account, each sent once. ``school`` is the account as its token proved it."""

    def __init__(self, client: Client, school: answers.School) -> None:
        self._client = client
        self._school = school

    def do(self, action: Action, now: datetime) -> Done | None:
        """Do what is asked; ``None`` when Instagram does not offer it for such an item."""
        match action.kind:
            case ActionKind.REPLY:
                return self._reply(action, now)
            case ActionKind.HIDE | ActionKind.UNHIDE if action.item.kind in _COMMENTS:
                return self._hide(action.item, now, hide=action.kind is ActionKind.HIDE)
            case ActionKind.DELETE if action.item.kind in _COMMENTS:
                return self._delete(action.item, now)
            case ActionKind.BLOCK | ActionKind.UNBLOCK if action.item.kind is ItemKind.MESSAGE:
                return self._block(action, now)
        return None

    def verify(self, action: Action, now: datetime) -> Done | None:
        """Read back whether it was done; ``None`` when nothing shows it."""
        match action.kind:
            case ActionKind.REPLY:
                return self._reply_since(action, now)
            case ActionKind.HIDE | ActionKind.UNHIDE if action.item.kind in _COMMENTS:
                hide = action.kind is ActionKind.HIDE
                return Done(confirmed=True) if self._is_hidden(action.item, now) is hide else None
            case ActionKind.DELETE if action.item.kind in _COMMENTS:
                return Done(confirmed=True) if self._is_gone(action.item, now) else None
        return None

    def _reply(self, action: Action, now: datetime) -> Done | None:
        item = action.item
        match item.kind:
            case ItemKind.COMMENT | ItemKind.REPLY:
                if self._is_hidden(item, now):
                    raise Refused("A hidden comment cannot be answered on Instagram. Show it again first.")
                answer = self._client.post(item.external_id, "replies", {"message": action.words}, now)
                return self._landed(_made(answer), item, now)
            case ItemKind.MENTION:
                sent = {"media_id": item.external_id, "message": action.words}
                made = _made(self._client.post(self._school.id, "mentions", sent, now))
                return Done(made, remark=_UNDER_OTHERS)
            case ItemKind.MESSAGE:
                return self._send(action, now)
        return None

    def _landed(self, reply: str, item: Reference, now: datetime) -> Done:
        """Read a new comment back: where does it stand?"""
        try:
            answer = self._client.get(reply, {"fields": answers.ONE_COMMENT_FIELDS}, now)
            above = fields.optional_identifier(answer, "parent_id")
        except (ConnectorError, fields.FieldError):
            return Done(reply)
        return Done(reply, confirmed=True, remark="" if above == item.external_id else _ELSEWHERE)

    def _send(self, action: Action, now: datetime) -> Done:
        """Send a private message. Instagram takes it for 24 hours after the person's last one."""
        sent = {
            "recipient": {"id": _person(action.item)},
            "message": {"text": action.words},
            "messaging_type": "RESPONSE",
        }
        answer = self._client.post(self._school.inbox, "messages", sent, now)
        message = _made(answer, "message_id")
        try:
            self._client.get(message, {"fields": "id"}, now)
        except ConnectorError:
            return Done(message)
        return Done(message, confirmed=True)

    def _hide(self, item: Reference, now: datetime, *, hide: bool) -> Done:
        if hide and item.author_id == self._school.id:
            raise Refused("Instagram does not hide the school's own comments. Delete it there instead.")
        _succeeded(self._client.post(item.external_id, None, {"hide": hide}, now))
        try:
            is_done = self._is_hidden(item, now) is hide
        except ConnectorError:
            return Done()
        return Done(confirmed=is_done, remark="" if is_done else _STILL_SHOWN)

    def _delete(self, item: Reference, now: datetime) -> Done:
        _succeeded(self._client.delete(item.external_id, None, {}, now))
        try:
            is_gone = self._is_gone(item, now)
        except ConnectorError:
            return Done()
        return Done(confirmed=is_gone, remark="" if is_gone else _STILL_SHOWN)

    def _block(self, action: Action, now: datetime) -> Done:
        word = "BLOCK_USER" if action.kind is ActionKind.BLOCK else "UNBLOCK_USER"
        sent = {"user_ids": [{"id": _person(action.item)}], "actions": [word]}
        _succeeded(self._client.post(self._school.id, "moderate_conversations", sent, now))
        return Done(remark=_UNSEEN)

    def _is_hidden(self, item: Reference, now: datetime) -> bool:
        return self._client.get(item.external_id, {"fields": "id,hidden"}, now).get("hidden") is True

    def _is_gone(self, item: Reference, now: datetime) -> bool:
        try:
            self._client.get(item.external_id, {"fields": "id"}, now)
        except NotFound:
            return True
        return False

    def _reply_since(self, action: Action, now: datetime) -> Done | None:
        """Look for an answer of ours with the same words, where Instagram would have put it.

        Under media of others nothing can be read, so an answer there is not found.
        """
        item = action.item
        if item.kind is ItemKind.MESSAGE:
            asked = {"fields": messages.MESSAGE_FIELDS, "limit": str(messages.READABLE)}
            newest = self._client.edge(item.thread_id, "messages", asked, now).get("data")
            return self._ours_among(newest, action, ("message", "created_time"))
        if item.kind not in _COMMENTS:
            return None
        asked = {"fields": answers.REPLY_FIELDS, "limit": str(answers.MOST)}
        try:
            for entries in self._client.listing(item.thread_id, "replies", asked, now):
                found = self._ours_among(entries, action, ("text", "timestamp"))
                if found is not None:
                    return replace(found, remark=_ELSEWHERE if item.kind is ItemKind.REPLY else "")
        except NotFound:
            return None  # gone with everything under it
        return None

    def _ours_among(self, entries: object, action: Action, named: tuple[str, str]) -> Done | None:
        for entry in fields.mappings_in(entries):
            if self._is_ours(entry, action, *named):
                return Done(fields.known_identifier(entry), confirmed=True)
        return None

    def _is_ours(self, entry: Answer, action: Action, words: str, time: str) -> bool:
        said = entry.get(words)
        if not self._school.wrote(entry) or not isinstance(said, str):
            return False
        try:
            at = fields.optional_time(entry, time)
        except fields.FieldError:
            return False
        return at is not None and at >= action.began_at - SKEW and says_the_same(said, action.words)


def _made(answer: Answer, field: str = "id") -> str:
    """Return the id of what was made. An answer without one says nothing of whether it was."""
    known = fields.known_identifier(answer, field)
    if known is None:
        raise transport.unsure("Instagram")
    return known


def _succeeded(answer: Answer) -> None:
    if answer.get("success") is False:
        raise Refused("Instagram did not do it and does not say why. Open the item's link and do it there.")


def _person(item: Reference) -> str:
    if item.author_id is None:
        raise Refused("Instagram does not say who wrote this message. Open the conversation there.")
    return item.author_id
