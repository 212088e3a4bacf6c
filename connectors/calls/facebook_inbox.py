"""A Page's inbox on Messenger: conversations that moved, and their newest messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial

from connectors.answers import facebook_messages as answers
from connectors.answers import fields
from connectors.base import Missed, Page, State, completed, watermark
from connectors.calls.graph import Client
from moderation.items import Rejected

Marks = dict[str, object]

_AT_ONCE = 20
"""Conversations in one answer, each with its newest messages: more and Graph refuses the amount."""


_NOT_SHOWN = "messages: Facebook lists this conversation and does not show the messages in it"


class Inbox:
    """Reads the conversations of one Page.

    ``updated_after``: ask Graph itself for those that moved; otherwise the listing, newest first, is
    followed to the first page that holds nothing newer.
    """

    def __init__(self, client: Client, page: str, *, updated_after: bool) -> None:
        self._client = client
        self._page = page
        self._updated_after = updated_after

    def poll(self, state: State, now: datetime, overlap: timedelta, first: timedelta) -> Iterator[Page]:
        """Read what moved since the overlap, and say which messages can no longer be read."""
        since = watermark(state, now, overlap, first)
        known = state.get("conversations")
        before = known if isinstance(known, Mapping) else None
        complete = None if before is None else watermark(state, now, timedelta(), first)
        marks: Marks = {}
        for conversation in self._conversations(since, now):
            yield self._page_of(conversation, since)
            name = fields.known_identifier(conversation)
            if name is None or not isinstance(conversation, Mapping):
                continue
            total = answers.count(conversation)
            if complete is not None and before is not None:
                new = _difference(total, before.get(name))
                yield from self._lost(name, conversation, new, complete, now)
            marks[name] = total
        yield Page(cursor=completed(now, conversations=marks))

    def sweep(self, since: datetime, now: datetime) -> Iterator[Page]:
        """Read again what can still be read of every conversation that moved since then."""
        for conversation in self._conversations(since, now):
            yield self._page_of(conversation, since)

    def messages(self, conversation: str, asked: str, now: datetime) -> Iterator[list[object]]:
        """Yield the messages of a conversation, the newest first."""
        yield from self._client.listing(conversation, "messages", {"fields": asked, "limit": 100}, now)

    def _conversations(self, since: datetime, now: datetime) -> Iterator[object]:
        nested = f"messages.limit({answers.READABLE}){{{answers.MESSAGE_FIELDS}}}"
        asked: dict[str, object] = {
            "platform": "messenger",
            "fields": f"{answers.CONVERSATION_FIELDS},{nested}",
            "limit": _AT_ONCE,
        }
        if self._updated_after:
            asked["updated_after_ms"] = int(since.timestamp() * 1000)
        for entries in self._client.listing(self._page, "conversations", asked, now):
            moved = [
                each
                for each in entries
                if not isinstance(each, Mapping) or answers.changed_since(each, since)
            ]
            yield from moved
            if entries and not moved:
                return

    def _page_of(self, conversation: object, since: datetime) -> Page:
        name = fields.known_identifier(conversation)
        if name is None or not isinstance(conversation, Mapping):
            return Page(rejected=(Rejected(None, "conversation: its id cannot be read"),))
        told = conversation.get("messages")
        entries = told.get("data") if isinstance(told, Mapping) else None
        if not isinstance(entries, list):
            return Page(rejected=(Rejected(name, _NOT_SHOWN),))
        recent = [
            each for each in entries if not isinstance(each, Mapping) or answers.sent_since(each, since)
        ]
        link = answers.link_of(conversation)
        read = partial(answers.message, page=self._page, conversation=name, link=link)
        return Page(*fields.sort_out(recent, read))

    def _lost(
        self,
        name: str,
        conversation: Mapping[str, object],
        new: int | None,
        complete: datetime,
        now: datetime,
    ) -> Iterator[Page]:
        """Yield a row when messages that came since the last poll are already out of reach.

        One row for all of them: somebody reads that conversation, and many would look like a broken answer.
        """
        told = conversation.get("messages")
        shown = fields.mappings_in(told.get("data") if isinstance(told, Mapping) else [])
        if len(shown) < answers.READABLE or (new is not None and new <= len(shown)):
            return
        if not answers.sent_since(shown[-1], complete):
            return
        ids = [each for page in self.messages(name, "id,created_time", now) for each in page]
        beyond = ids[len(shown) : new]
        gone = [each for each in beyond if answers.sent_since(each, complete)]
        if not gone:
            return
        ended = answers.sent_at(shown[-1]) or now
        reason = "more messages came in one conversation than Facebook tells the words of"
        missed = (Missed(complete, max(ended, complete), reason),)
        yield Page(rejected=(answers.lost(gone[0]),), missed=missed)


def _difference(total: int | None, before: object) -> int | None:
    if total is None or not isinstance(before, int):
        return None
    return max(total - before, 0)
