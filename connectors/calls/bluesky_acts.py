"""What is written to Bluesky: replies, hiding, deleting, blocking and reports, each read back.

A new record gets a key that follows from the action, so that the same action sent twice is there once. What
many may change is written only over the version that was read.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from atproto_client.utils import facet_detection

from connectors import transport
from connectors.answers import bluesky as answers
from connectors.answers import bluesky_messages as messages
from connectors.base import (
    BugOrConfig,
    Capabilities,
    ConnectorError,
    Identity,
    NotFound,
    Refused,
    unsupported,
)
from connectors.calls.bluesky_presence import GATE, hidden_replies, record
from connectors.calls.bluesky_service import CHAT, Service
from moderation.actions import Action, ActionKind, Done
from moderation.items import ItemKind, says_the_same

BLOCK = "app.bsky.graph.block"
LONGEST_POST = 300
LONGEST_MESSAGE = 1_000
MOST_HIDDEN = 300
"""Replies that the owner of a thread may hide in it."""

_TRIES = 3
_LONGEST_REASON = 2_000
_MOST_PAGES = 500

Answer = Mapping[str, object]


class _ChangedMeanwhile(Refused):
    """Somebody changed the record between our reading and our writing; nothing was written."""


class Acts:
    """The writes of one account. ``report_as`` is the reason that moderators are given with a report."""

    def __init__(self, service: Service, me: Identity, report_as: str) -> None:
        self._service = service
        self._me = me
        self._report_as = report_as

    def do(self, action: Action, now: datetime, capabilities: Capabilities) -> Done:
        """Do ``action`` once and read it back. Raises ``Unsure`` or another :class:`ConnectorError`."""
        match action.kind:
            case ActionKind.REPLY if action.item.kind is ItemKind.MESSAGE:
                return self._send(action, now)
            case ActionKind.REPLY:
                return self._reply(action, now)
            case ActionKind.HIDE | ActionKind.UNHIDE if self._root(action) is not None:
                return self._gate(action, now)
            case ActionKind.DELETE if self._own(action) is not None:
                return self._delete(action, now)
        others = {
            ActionKind.BLOCK: self._block,
            ActionKind.UNBLOCK: self._unblock,
            ActionKind.REPORT: self._report,
        }
        if action.kind not in others:
            raise unsupported(action, capabilities)
        return others[action.kind](action, now)

    def done(self, action: Action, now: datetime) -> Done | None:
        """Return what shows that ``action`` was done; ``None`` when nothing does."""
        match action.kind:
            case ActionKind.REPLY if action.item.kind is ItemKind.MESSAGE:
                return self._sent(action, now)
            case ActionKind.REPLY:
                there = self._record(answers.POST, _key(action), now)
                return Done(self._uri(answers.POST, action), confirmed=True) if there else None
            case ActionKind.HIDE | ActionKind.UNHIDE:
                root = self._root(action)
                is_done = root is not None and self._is_as_wanted(action, root.key, now)
            case ActionKind.DELETE:
                own = self._own(action)
                is_done = own is not None and self._record(own.collection, own.key, now) is None
            case ActionKind.BLOCK:
                is_done = bool(self._blocks(self._author(action), now))
            case ActionKind.UNBLOCK:
                is_done = not self._blocks(self._author(action), now)
            case _:
                is_done = False
        return Done(confirmed=True) if is_done else None

    # Replies

    def _reply(self, action: Action, now: datetime) -> Done:
        """Write a reply under the item, in the item's thread."""
        _fits(action.words, LONGEST_POST)
        parent = self._post(action, now)
        viewer = parent.get("viewer")
        if isinstance(viewer, Mapping) and viewer.get("replyDisabled"):
            raise Refused("Whoever began this thread does not let the account reply in it.")
        reference = {"uri": parent.get("uri"), "cid": parent.get("cid")}
        written = parent.get("record")
        above = written.get("reply") if isinstance(written, Mapping) else None
        root = above.get("root") if isinstance(above, Mapping) else None
        made: dict[str, object] = {
            "$type": answers.POST,
            "text": action.words,
            "createdAt": _moment(now),
            "reply": {"root": root if isinstance(root, Mapping) else reference, "parent": reference},
        }
        if facets := facet_detection.detect_facets(action.words):  # Or a link could not be followed
            made["facets"] = [each.model_dump(by_alias=True, exclude_none=True) for each in facets]
        self._create(answers.POST, action, made, now)
        shown = _holds(lambda: self._record(answers.POST, _key(action), now) is not None)
        return Done(self._uri(answers.POST, action), confirmed=shown)

    def _post(self, action: Action, now: datetime) -> Answer:
        """Return the item as it is now, with its ``cid``. Raises :class:`NotFound`."""
        own = self._own(action)
        if own is not None:
            kept = self._record(own.collection, own.key, now)
            if kept is not None:
                return {"uri": action.item.external_id, "cid": kept.get("cid"), "record": kept.get("value")}
        else:
            answer = self._service.ask("app.bsky.feed.getPosts", {"uris": [action.item.external_id]}, now)
            for entry in answers.entries(answer, "posts"):
                if answers.name_of(entry) == action.item.external_id and isinstance(entry, Mapping):
                    return entry
        raise NotFound("The post is not shown on Bluesky any more, so nothing was done about it.")

    def _send(self, action: Action, now: datetime) -> Done:
        """Send a private message in the item's conversation."""
        _fits(action.words, LONGEST_MESSAGE)
        body = {"convoId": action.item.thread_id, "message": {"text": action.words}}
        answer = self._service.write("chat.bsky.convo.sendMessage", body, now, CHAT)
        sent = str(answer.get("id", ""))
        shown = _holds(lambda: self._sent(action, now) is not None)
        return Done(messages.name(action.item.thread_id, sent) if sent else None, confirmed=shown)

    def _sent(self, action: Action, now: datetime) -> Done | None:
        where = messages.Talk(action.item.thread_id, {})
        asked = {"convoId": where.id, "limit": 100}
        answer = self._service.ask("chat.bsky.convo.getMessages", asked, now, CHAT)
        for item in messages.page(answer, where, self._me).items:
            late_enough = item.created_at is None or item.created_at >= action.began_at - timedelta(minutes=1)
            if item.is_own and late_enough and says_the_same(item.text, action.words):
                return Done(item.external_id, confirmed=True)
        return None

    # Hiding and deleting

    def _gate(self, action: Action, now: datetime) -> Done:
        """Put a reply on the list of hidden ones of its thread, or take it off, and leave the rest alone."""
        root = self._root(action)
        if root is None:
            raise BugOrConfig("The post has no thread of ours.")
        for attempt in range(_TRIES):
            try:
                self._write_gate(action, root, now)
                break
            except _ChangedMeanwhile:
                if attempt == _TRIES - 1:
                    raise
        return Done(confirmed=_holds(lambda: self._is_as_wanted(action, root.key, now)))

    def _write_gate(self, action: Action, root: answers.Address, now: datetime) -> None:
        gate = self._record(GATE, root.key, now)
        value = (gate or {}).get("value")
        kept = dict(value) if isinstance(value, Mapping) else {"$type": GATE, "createdAt": _moment(now)}
        hidden = [each for each in hidden_replies(gate) if each != action.item.external_id]
        if action.kind is ActionKind.HIDE:
            hidden.append(action.item.external_id)
        if len(hidden) > MOST_HIDDEN:
            raise Refused(
                f"Bluesky hides {MOST_HIDDEN} replies in one thread, and so many are hidden already. Block "
                "the author, or close the thread to new replies in the app."
            )
        post = answers.uri(root.did, root.collection, root.key)
        body = {
            "repo": self._me.external_id,
            "collection": GATE,
            "rkey": root.key,
            "record": {**kept, "post": post, "hiddenReplies": hidden},
            "swapRecord": gate.get("cid") if gate else None,  # Null: only if there is none
        }
        self._service.write("com.atproto.repo.putRecord", body, now, explain=_explain)

    def _is_as_wanted(self, action: Action, key: str, now: datetime) -> bool:
        is_hidden = action.item.external_id in hidden_replies(self._record(GATE, key, now))
        return is_hidden == (action.kind is ActionKind.HIDE)

    def _delete(self, action: Action, now: datetime) -> Done:
        own = self._own(action)
        if own is None:
            raise BugOrConfig("The post is not ours.")
        self._remove(own, now)
        return Done(confirmed=_holds(lambda: self._record(own.collection, own.key, now) is None))

    def _remove(self, where: answers.Address, now: datetime) -> None:
        body = {"repo": where.did, "collection": where.collection, "rkey": where.key}
        self._service.write("com.atproto.repo.deleteRecord", body, now)

    # Blocking and reporting

    def _block(self, action: Action, now: datetime) -> Done:
        author = self._author(action)
        if self._blocks(author, now):
            return Done(confirmed=True, remark="The author was blocked already.")
        made = {"$type": BLOCK, "subject": author, "createdAt": _moment(now)}
        self._create(BLOCK, action, made, now)
        return Done(confirmed=_holds(lambda: self._record(BLOCK, _key(action), now) is not None))

    def _unblock(self, action: Action, now: datetime) -> Done:
        author = self._author(action)
        blocks = self._blocks(author, now)
        for where in blocks:
            self._remove(where, now)
        remark = "" if blocks else "The author was not blocked."
        return Done(confirmed=_holds(lambda: not self._blocks(author, now)), remark=remark)

    def _blocks(self, author: str, now: datetime) -> list[answers.Address]:
        """Return the records by which we block somebody; people make some too, with keys of their own."""
        found: list[answers.Address] = []
        seen: set[str] = set()
        asked: dict[str, object] = {"repo": self._me.external_id, "collection": BLOCK, "limit": 100}
        cursor: str | None = None
        while True:
            given = {} if cursor is None else {"cursor": cursor}
            answer = self._service.ask("com.atproto.repo.listRecords", {**asked, **given}, now)
            for entry in answers.entries(answer, "records"):
                value = entry.get("value") if isinstance(entry, Mapping) else None
                where = answers.address(answers.name_of(entry))
                if isinstance(value, Mapping) and value.get("subject") == author and where is not None:
                    found.append(where)
            cursor = transport.next_page("Bluesky", answer.get("cursor"), seen, _MOST_PAGES)
            if cursor is None:
                return found

    def _report(self, action: Action, now: datetime) -> Done:
        """Report the post as it is now; a private message's author, because messages cannot be named."""
        subject: dict[str, object]
        if action.item.kind is ItemKind.MESSAGE:
            subject = {"$type": "com.atproto.admin.defs#repoRef", "did": self._author(action)}
            remark = "Bluesky took the report of the account; a single message cannot be reported by program."
        else:
            post = self._post(action, now)
            subject = {"$type": "com.atproto.repo.strongRef", "uri": post.get("uri"), "cid": post.get("cid")}
            remark = "Bluesky took the report; it shows nobody what became of it."
        body = {
            "reasonType": f"com.atproto.moderation.defs#reason{self._report_as.capitalize()}",
            "reason": action.words[:_LONGEST_REASON],
            "subject": subject,
        }
        self._service.write("com.atproto.moderation.createReport", body, now)
        return Done(remark=remark)

    # Our own records

    def _record(self, collection: str, key: str, now: datetime) -> Answer | None:
        return record(self._service, self._me.external_id, collection, key, now)

    def _create(self, collection: str, action: Action, made: Mapping[str, object], now: datetime) -> None:
        """Write a new record, unless an earlier try of the same action wrote it."""
        if self._record(collection, _key(action), now) is not None:
            return
        body = {
            "repo": self._me.external_id,
            "collection": collection,
            "rkey": _key(action),
            "record": made,
        }
        self._service.write("com.atproto.repo.createRecord", body, now)

    def _uri(self, collection: str, action: Action) -> str:
        return answers.uri(self._me.external_id, collection, _key(action))

    def _own(self, action: Action) -> answers.Address | None:
        """Return the address of an item that is ours, ``None`` for anybody else's."""
        where = answers.address(action.item.external_id)
        return where if where is not None and where.did == self._me.external_id else None

    def _root(self, action: Action) -> answers.Address | None:
        """Return the address of our post that began the item's thread; ``None`` when it is not ours."""
        root = answers.address(action.item.thread_id)
        replies = action.item.external_id != action.item.thread_id
        return root if replies and root is not None and root.did == self._me.external_id else None

    def _author(self, action: Action) -> str:
        where = answers.address(action.item.external_id)
        author = where.did if where is not None else action.item.author_id
        if author is None or author == self._me.external_id:
            raise Refused("There is nobody else's account behind this item.")
        return author


def _key(action: Action) -> str:
    """Return the key of the record that an action makes, the same whenever it is tried."""
    told = int.from_bytes(hashlib.sha256(action.reference.encode()).digest()[:8], "big")
    began = action.began_at.replace(microsecond=told % 1_000_000)
    return answers.key_at(began, told >> 32)


def _moment(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _fits(words: str, most: int) -> None:
    """Refuse words that are longer than Bluesky takes. A letter with its marks and joiners counts once."""
    length = sum(1 for letter in words if unicodedata.category(letter) not in ("Mn", "Me", "Cf", "Sk"))
    if not words.strip() or length > most:
        raise Refused(f"Bluesky takes 1 to {most} characters here, and this has {length}. Shorten it.")


def _holds(check: Callable[[], bool]) -> bool:
    """Read back after a write that was taken; when that fails, the write still was taken."""
    try:
        return check()
    except ConnectorError:
        return False


def _explain(refusal: transport.StatusError, now: datetime) -> ConnectorError:
    if answers.error_name(refusal) == "InvalidSwap":
        return _ChangedMeanwhile("Somebody changed the thread's settings at the same moment. Try again.")
    return answers.problem(refusal, now)
