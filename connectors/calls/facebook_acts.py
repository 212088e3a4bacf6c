"""What a person decides about an item of a Page, done once on Facebook, and read back.

A comment is never posted to (``POST /{comment}`` with a message edits it): replies go to its ``comments``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from connectors import transport
from connectors.answers import facebook as answers
from connectors.answers import facebook_messages, fields
from connectors.answers.graph import WindowClosed
from connectors.base import Capabilities, ConnectorError, NotFound, Refused, unsupported
from connectors.calls.facebook_lookup import Lookup
from connectors.calls.graph import Client
from moderation.actions import Action, ActionKind, Done
from moderation.items import ItemKind, Presence, Reference, says_the_same

Answer = Mapping[str, object]

LONGEST_MESSAGE = 2000
"""Characters that Messenger takes in one message."""

HUMAN_AGENT_FOR = timedelta(days=7)
"""How long after a person's message the human agent tag lets it be answered."""

CLOCKS_APART = timedelta(minutes=5)
"""How far our clock may be ahead of Facebook's when a reply that was sent is looked for."""

_RIGHTS = "id,parent{id,parent{id}},can_comment,can_hide,can_remove,is_hidden"
_REPLY_FIELDS = "id,message,from,created_time,parent{id}"
_ON_PAGE = frozenset({ItemKind.COMMENT, ItemKind.REPLY, ItemKind.POST})
_SWITCH = {ActionKind.HIDE: True, ActionKind.UNHIDE: False}
_ACCEPTED = "Facebook accepted this and does not show it yet. Open the item's link to see it."


class Acts:
    """Acts on items of one Page at one moment. All of it raises :class:`connectors.base.ConnectorError`."""

    def __init__(
        self,
        client: Client,
        page: str,
        capabilities: Capabilities,
        now: datetime,
        *,
        may_use_human_agent: bool,
    ) -> None:
        self._client = client
        self._page = page
        self._capabilities = capabilities
        self._now = now
        self._may_use_human_agent = may_use_human_agent
        self._lookup = Lookup(client, page, now)

    def act(self, action: Action) -> Done:
        """Do it once. Raises :class:`connectors.base.Unsure` when it was sent and the answer was lost."""
        match action.kind:
            case ActionKind.REPLY if action.item.kind is ItemKind.MESSAGE:
                return self._send(action)
            case ActionKind.REPLY:
                return self._reply(action)
            case ActionKind.BLOCK | ActionKind.UNBLOCK:
                return self._block(action)
            case ActionKind.HIDE | ActionKind.UNHIDE | ActionKind.DELETE if action.item.kind in _ON_PAGE:
                return self._remove_or_hide(action)
            case _:
                raise unsupported(action, self._capabilities)

    def verify(self, action: Action) -> Done | None:
        """Return what shows that it was done since ``action.began_at``, ``None`` when nothing does."""
        item = action.item
        match action.kind:
            case ActionKind.REPLY if item.kind is ItemKind.MESSAGE:
                return self._message_sent(action)
            case ActionKind.REPLY:
                return self._reply_made(action)
            case ActionKind.HIDE | ActionKind.UNHIDE:
                entry = self._lookup.node(item, "id,is_hidden")
                done = entry is not None and entry.get("is_hidden") is _SWITCH[action.kind]
            case ActionKind.DELETE:
                done = self._lookup.where(item).presence is Presence.DELETED
            case ActionKind.BLOCK if item.kind is not ItemKind.MESSAGE:
                done = self._is_blocked(self._person(item))
            case _:
                done = False
        return Done(confirmed=True) if done else None

    # Replies

    def _reply(self, action: Action) -> Done:
        """Comment under a comment, post, mention or review, and read where the reply landed."""
        target = self._target(action.item)
        if target.get("can_comment") is False:
            raise Refused(
                "Facebook lets nobody reply to this any more. Open the item's link, or answer in another way."
            )
        name = fields.known_identifier(target) or action.item.external_id
        answer = self._client.post(name, "comments", {"message": action.words}, self._now)
        made = fields.known_identifier(answer)
        if made is None:
            raise transport.unsure("Facebook")
        try:
            shown = self._client.get(made, {"fields": _REPLY_FIELDS}, self._now)
            remark = _landed(shown, action)
        except (ConnectorError, fields.FieldError):
            return Done(answers.own_part(made), confirmed=False, remark=_ACCEPTED)
        return Done(answers.own_part(made), confirmed=True, remark=remark)

    def _send(self, action: Action) -> Done:
        """Answer a private message; with the human agent tag once the plain way is refused for its age."""
        if len(action.words) > LONGEST_MESSAGE:
            raise Refused(f"Messenger takes {LONGEST_MESSAGE} characters at most. Shorten the answer.")
        sent: dict[str, object] = {
            "recipient": {"id": self._person(action.item)},
            "message": {"text": action.words},
        }
        try:
            answer = self._message({**sent, "messaging_type": "RESPONSE"})
        except WindowClosed:
            if not self._may_tag(action.item):
                raise
            answer = None
        if answer is None:
            answer = self._message({**sent, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"})
        made = fields.known_identifier(answer, "message_id")
        if made is None:
            raise transport.unsure("Facebook")
        try:
            shown = self._client.get(made, {"fields": "id,message,from"}, self._now)
        except ConnectorError:
            return Done(made, confirmed=False, remark=_ACCEPTED)
        return Done(made, confirmed=True, remark=_same_words(shown, action.words))

    def _message(self, sent: Mapping[str, object]) -> Answer:
        return self._client.post(self._page, "messages", sent, self._now)

    def _may_tag(self, item: Reference) -> bool:
        age = None if item.created_at is None else self._now - item.created_at
        return self._may_use_human_agent and age is not None and age < HUMAN_AGENT_FOR

    def _reply_made(self, action: Action) -> Done | None:
        """Look for our reply under the item and, because Facebook flattens threads, under its top comment."""
        item = action.item
        names = [self._lookup.names_of(item)]
        if item.thread_id != item.external_id and item.kind is ItemKind.REPLY:
            top = Reference(item.thread_id, ItemKind.COMMENT, item.thread_id, post_id=item.post_id)
            names.append(self._lookup.names_of(top))
        for each in names:
            node = self._lookup.first_shown(each, "id")
            if node is None:
                continue
            for entry in self._comments(fields.known_identifier(node) or each[0]):
                if self._is_ours(entry, action) and _may_answer(entry, item):
                    made = answers.own_part(fields.known_identifier(entry) or "")
                    return Done(made, confirmed=True, remark=_landed(entry, action))
        return None

    def _comments(self, name: str) -> Iterator[Answer]:
        asked = {"filter": "stream", "live_filter": "no_filter", "fields": _REPLY_FIELDS, "limit": 100}
        try:
            for entries in self._client.listing(name, "comments", asked, self._now):
                yield from fields.mappings_in(entries)
        except NotFound:
            return

    def _message_sent(self, action: Action) -> Done | None:
        asked = {"fields": "id,created_time,from,message", "limit": facebook_messages.READABLE}
        answer = self._client.edge(action.item.thread_id, "messages", asked, self._now)
        for entry in fields.mappings_in(answer.get("data")):
            if self._is_ours(entry, action):
                return Done(fields.known_identifier(entry), confirmed=True)
        return None

    def _is_ours(self, entry: Answer, action: Action) -> bool:
        """Say whether this is what the Page said since the action began, in the same words."""
        words = entry.get("message")
        return (
            answers.author_id(entry) == self._page
            and isinstance(words, str)
            and says_the_same(words, action.words)
            and answers.moved_since(entry, action.began_at - CLOCKS_APART, "created_time")
        )

    # Hiding and deleting

    def _remove_or_hide(self, action: Action) -> Done:
        target = self._target(action.item)
        name = fields.known_identifier(target) or action.item.external_id
        if action.kind is ActionKind.DELETE:
            return self._delete(action, target, name)
        wanted = _SWITCH[action.kind]
        if target.get("is_hidden") is wanted:
            return Done(confirmed=True, remark="It was so already.")
        if target.get("can_hide") is False:
            raise Refused(
                "Facebook does not let the Page hide this one. Open the item's link and look there."
            )
        self._succeed(self._client.post(name, None, {"is_hidden": wanted}, self._now))
        try:
            shown = self._client.get(name, {"fields": "id,is_hidden"}, self._now)
        except ConnectorError:
            return Done(remark=_ACCEPTED)
        return Done(confirmed=True) if shown.get("is_hidden") is wanted else Done(remark=_ACCEPTED)

    def _delete(self, action: Action, target: Answer, name: str) -> Done:
        if target.get("can_remove") is False:
            raise Refused("Facebook does not let the Page delete this one. Hide it, or open the item's link.")
        self._succeed(self._client.delete(name, None, {}, self._now))
        try:
            still = self._lookup.node(action.item, "id")
        except ConnectorError:
            return Done(remark=_ACCEPTED)
        return Done(confirmed=True) if still is None else Done(remark=_ACCEPTED)

    def _target(self, item: Reference) -> Answer:
        """Return the item with what may be done about it, under the id that Facebook uses itself."""
        asked = _RIGHTS if item.kind in (ItemKind.COMMENT, ItemKind.REPLY) else "id,is_hidden"
        target = self._lookup.node(item, "id" if item.kind is ItemKind.REVIEW else asked)
        if target is None:
            raise NotFound(
                "Facebook does not show this item any more, so nothing was done. Open its link to see why."
            )
        return target

    @staticmethod
    def _succeed(answer: Answer) -> None:
        """Make sure that Graph says the write was done; anything else leaves it open."""
        if answer.get("success") is not True:
            raise transport.unsure("Facebook")

    # People

    def _person(self, item: Reference) -> str:
        """Return whom an item is from, as the Page knows them."""
        if item.author_id is None or not item.author_id.isdecimal():
            raise Refused(
                "Facebook does not tell the Page who wrote this, so nobody can be addressed by program. Open "
                "the item's link and do it there."
            )
        if item.author_id == self._page:
            raise Refused("This is the Page's own item: there is nobody else to address.")
        return item.author_id

    def _block(self, action: Action) -> Done:
        """Block from the Page, or in the inbox whoever wrote a message; or take that back."""
        person = self._person(action.item)
        is_block = action.kind is ActionKind.BLOCK
        if action.item.kind is ItemKind.MESSAGE:
            verb = "BLOCK_USER" if is_block else "UNBLOCK_USER"
            asked = {"user_ids": [{"id": person}], "actions": [verb]}
            answer = self._client.post(self._page, "moderate_conversations", asked, self._now)
            if answer.get("success") is False or "error" in answer:
                raise transport.unsure("Facebook")
            return Done(remark="Facebook accepted this and shows it in the Page's inbox only.")
        was_listed = not is_block and self._is_blocked(person)
        if is_block:
            answer = self._client.post(self._page, "blocked", {"psid": [int(person)]}, self._now)
            if answer.get(person) is False:
                raise Refused("Facebook did not block this person. Open the item's link and block there.")
        else:
            self._client.delete(self._page, "blocked", {"psid": int(person)}, self._now)
        try:
            is_listed = self._is_blocked(person)
        except ConnectorError:
            return Done(remark=_ACCEPTED)
        shows = is_listed if is_block else was_listed and not is_listed
        return Done(confirmed=True) if shows else Done(remark=_ACCEPTED)

    def _is_blocked(self, person: str) -> bool:
        """Say whether the Page's list of blocked people shows somebody."""
        answer = self._client.edge(self._page, "blocked", {"user": int(person)}, self._now)
        return any(fields.known_identifier(each) == person for each in fields.mappings_in(answer.get("data")))


def _may_answer(entry: Answer, item: Reference) -> bool:
    """Say whether our comment can be the reply to an item: one under a comment answers no post or review."""
    try:
        parent = answers.parent_of(entry)
    except fields.FieldError:
        return False
    return (parent is not None) is (item.kind in (ItemKind.COMMENT, ItemKind.REPLY))


def _landed(shown: Answer, action: Action) -> str:
    """Return what to say about where a reply landed; nothing when it is under the item itself."""
    remarks = [_same_words(shown, action.words)]
    parent = answers.parent_of(shown)
    wanted = action.item.external_id if action.item.kind in (ItemKind.COMMENT, ItemKind.REPLY) else None
    if parent != wanted:
        top = parent is not None and parent == action.item.thread_id
        where = "the comment at the top of the thread" if top else "something else than this item"
        remarks.append(f"Facebook put the reply under {where}.")
    return " ".join(filter(None, remarks))


def _same_words(shown: Answer, words: str) -> str:
    told = shown.get("message")
    same = isinstance(told, str) and says_the_same(told, words)
    return "" if same else "Facebook shows other words than were sent: look at them."
