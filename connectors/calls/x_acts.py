"""What a person decides, done on X: replies, messages, hiding, deleting, blocking messages.

Each request that changes something is sent once. Afterwards X is asked what it shows, except where it shows
nobody: which replies are hidden and whose messages are blocked is only in its answer to the act itself.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from connectors import transport
from connectors.answers import fields, x, x_errors, x_lookup, x_messages
from connectors.answers.x_meter import Bill
from connectors.answers.x_prices import Prices
from connectors.base import (
    BugOrConfig,
    Capabilities,
    ConnectorError,
    Identity,
    PermissionMissing,
    Refused,
    unsupported,
)
from connectors.calls.x_client import Answer, Client, Explain, by_id
from moderation.actions import Action, ActionKind, Done
from moderation.items import ItemKind, Presence, Sighting, bare_words

SKEW = timedelta(minutes=2)
"""How far X's clock and ours may be apart when a reply of ours is looked for."""

_PAGES = 20
"""Pages of our own posts, or of one conversation, in which a reply of ours is looked for."""

_NAMED_FIRST = re.compile(r"\A(\s*@\w+)+")
_LINK = re.compile(r"\b(https?://|www\.)\S+")

_NOT_SHOWN = "X took it; it does not say by program what became of it. Open the item's link to see it."
_NOT_YET = "X took the reply and does not show it yet. Open the item's link to see it."
_ELSEWHERE = "The reply stands under another post of the conversation."
_ALONE = "X shows the reply as a post of its own, not under the item."
_OTHER_CONVERSATION = "The message went into another conversation with the same person."


class Acts:
    """Does and reads back what one account is told to do. ``scopes`` is ``None`` when nobody knows them."""

    def __init__(
        self, client: Client, me: Identity, bill: Bill, prices: Prices, scopes: tuple[str, ...] | None
    ) -> None:
        self._client = client
        self._me = me
        self._bill = bill
        self._prices = prices
        self._scopes = scopes

    def act(self, action: Action, now: datetime, capabilities: Capabilities) -> Done:
        """Do it once. Raises :class:`Unsure` when the answer was lost, else that it was not done."""
        is_message = action.item.kind is ItemKind.MESSAGE
        match action.kind:
            case ActionKind.REPLY if is_message:
                return self._answer_message(action, now)
            case ActionKind.REPLY:
                return self._reply(action, now)
            case ActionKind.HIDE | ActionKind.UNHIDE if action.item.kind is ItemKind.REPLY:
                return self._hide(action, now)
            case ActionKind.DELETE if not is_message and self._may_be_ours(action):
                return self._delete(action, now)
            case ActionKind.BLOCK | ActionKind.UNBLOCK if is_message and action.item.author_id:
                return self._block(action, action.item.author_id, now)
        raise unsupported(action, capabilities)

    def verify(self, action: Action, now: datetime) -> Done | None:
        """Look whether it was done. What X shows nobody stays open."""
        match action.kind:
            case ActionKind.REPLY:
                return self._find_reply(action, now)
            case ActionKind.DELETE if action.item.kind is not ItemKind.MESSAGE:
                return self._deleted(action, now)
        return None

    # Replies

    def _reply(self, action: Action, now: datetime) -> Done:
        self._need("tweet.write")
        explain = _explaining(now, x_errors.REPLY_REFUSED, x_errors.REPLY_UNFIT)
        with self._bill.writing(self._prices.of_reply(action.words)):
            answer = self._client.reply(action.item.external_id, _words(action), explain)
        made = _told(answer, "id")
        try:
            shown = self._shown(made, now)
        except ConnectorError:
            shown = None
        if shown is None:
            return Done(made, remark=_NOT_YET)
        if shown.parent_id == action.item.external_id:
            return Done(made, confirmed=True)
        return Done(made, confirmed=True, remark=_ELSEWHERE if shown.parent_id else _ALONE)

    def _shown(self, post_id: str, now: datetime) -> Sighting | None:
        answer = self._client.posts([post_id], now)
        self._bill.read(x.ids(answer), self._prices.post, now)
        return next(iter(x.page(answer, self._me).items), None)

    def _answer_message(self, action: Action, now: datetime) -> Done:
        self._need("dm.write")
        conversation = _conversation(action)
        explain = _explaining(now, x_errors.MESSAGE_REFUSED)
        with self._bill.writing(self._prices.sent_message):
            answer = self._client.send(conversation, _words(action), explain)
        made = _told(answer, "dm_event_id")
        landed = fields.known_identifier(answer["data"], "dm_conversation_id")
        remark = _OTHER_CONVERSATION if landed not in (None, conversation) else ""
        try:
            self._bill.read([made], self._prices.message, now)
            shown = self._client.message(made, now).get("data")
        except ConnectorError:
            shown = None
        confirmed = fields.known_identifier(shown) == made
        return Done(made, confirmed, remark or ("" if confirmed else _NOT_YET))

    def _find_reply(self, action: Action, now: datetime) -> Done | None:
        """Look through what we wrote since the action began for the same words under the item."""
        since = action.began_at - SKEW
        if action.item.kind is ItemKind.MESSAGE:
            written = self._written_messages(_conversation(action), since, now)
        else:
            written = self._written_posts(action.item.external_id, since, now)
        for item in written:
            recent = item.created_at is None or item.created_at >= since
            if item.is_own and recent and _same_words(item.text, action.words):
                return Done(item.external_id, confirmed=True)
        return None

    def _written_posts(self, parent_id: str, since: datetime, now: datetime) -> Iterator[Sighting]:
        call = self._client.own_posts(by_id(since))
        for answer in self._client.listing(call, now, _PAGES):
            self._bill.read(x.ids(answer), self._prices.timeline, now)
            items = x.page(answer, self._me).items
            yield from (item for item in items if item.parent_id == parent_id)

    def _written_messages(self, conversation: str, since: datetime, now: datetime) -> Iterator[Sighting]:
        call = self._client.messages(conversation)
        for answer in self._client.listing(call, now, _PAGES):
            self._bill.read(x.ids(answer), self._prices.message, now)
            page = x_messages.page(answer, self._me)
            yield from page.items
            if x_messages.all_before(page, since):
                return

    # Other acts

    def _hide(self, action: Action, now: datetime) -> Done:
        self._need("tweet.moderate.write")
        wanted = action.kind is ActionKind.HIDE
        explain = _explaining(now, x_errors.HIDING_REFUSED)
        with self._bill.writing(self._prices.act):
            answer = self._client.hide(action.item.external_id, explain, hidden=wanted)
        return _taken(answer, "hidden", x_errors.HIDING_REFUSED, wanted=wanted)

    def _block(self, action: Action, author_id: str, now: datetime) -> Done:
        self._need("dm.write")
        wanted = action.kind is ActionKind.BLOCK
        explain = _explaining(now, x_errors.BLOCKING_REFUSED)
        with self._bill.writing(self._prices.act):
            answer = self._client.block_messages(author_id, explain, blocked=wanted)
        return _taken(answer, "blocked", x_errors.BLOCKING_REFUSED, wanted=wanted)

    def _may_be_ours(self, action: Action) -> bool:
        return action.item.author_id in (None, self._me.external_id)

    def _delete(self, action: Action, now: datetime) -> Done:
        self._need("tweet.write")
        explain = _explaining(now, x_errors.DELETING_REFUSED)
        with self._bill.writing(self._prices.act):
            answer = self._client.delete(action.item.external_id, explain)
        _taken(answer, "deleted", x_errors.DELETING_REFUSED, wanted=True)
        try:
            return self._deleted(action, now) or Done(remark=_NOT_SHOWN)
        except ConnectorError:
            return Done(remark=_NOT_SHOWN)

    def _deleted(self, action: Action, now: datetime) -> Done | None:
        def ask(ids: object) -> Answer:
            return self._client.posts([action.item.external_id], now)

        (found,) = x_lookup.posts_found([action.item], ask, self._me)
        return Done(confirmed=True) if found.presence is Presence.DELETED else None

    def _need(self, scope: str) -> None:
        if self._scopes is not None and scope not in self._scopes:
            raise PermissionMissing(
                f"The account's token may not do that. Sign the account in again with the scope {scope}."
            )


def _explaining(now: datetime, why: str, unfit: str | None = None) -> Explain:
    return lambda refusal: x_errors.refused(refusal, now, why, unfit=unfit)


def _words(action: Action) -> str:
    if not action.words.strip():
        raise BugOrConfig("A reply without words cannot be sent. Write it, then send it.")
    return action.words


def _conversation(action: Action) -> str:
    """Return the id of a message's conversation; a person has to answer where it is none."""
    if not x_messages.CONVERSATION.fullmatch(action.item.thread_id):
        raise Refused(x_errors.MESSAGE_REFUSED)
    return action.item.thread_id


def _told(answer: Answer, name: str) -> str:
    """Return the id of what was made. An answer that does not name it says nothing."""
    made = fields.known_identifier(answer.get("data"), name)
    if made is None:
        raise transport.unsure("X")
    return made


def _taken(answer: Answer, name: str, why: str, *, wanted: bool) -> Done:
    """Return what X says of the state after the act; it may also say that nothing changed."""
    data = answer.get("data")
    state = data.get(name) if isinstance(data, Mapping) else None
    if not isinstance(state, bool):
        raise transport.unsure("X")
    if state is not wanted:
        raise Refused(why)
    return Done(remark=_NOT_SHOWN)


def _same_words(shown: str, written: str) -> bool:
    """Compare what X shows with what we sent: it puts names before replies, and rewrites links and signs."""
    return _bare(shown) == _bare(written)


def _bare(text: str) -> str:
    return bare_words(_LINK.sub("", _NAMED_FIRST.sub("", html.unescape(text))))
