"""Reads one Instagram account at one moment: media, comments, tags and the inbox, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from connectors.answers import fields
from connectors.answers import instagram as answers
from connectors.answers import instagram_messages as messages
from connectors.answers.instagram import Media, School
from connectors.base import NotFound, Page, Refused
from connectors.calls.graph import REFUSALS, Client, Refusals
from moderation.items import Rejected

Answer = Mapping[str, object]


class Reader:
    """The listings of one account. Everything in it raises :class:`connectors.base.ConnectorError`."""

    def __init__(self, client: Client, school: School, now: datetime) -> None:
        self._client = client
        self._school = school
        self._now = now

    def media(self, edge: str, horizon: datetime) -> Iterator[list[object]]:
        """Yield the media, newest first, until all of a page are older than ``horizon``."""
        asked = {"fields": answers.MEDIA_FIELDS, "limit": 50}
        for listing in self._client.listing(self._school.id, edge, asked, self._now):
            yield listing
            if listing and not any(answers.made_since(entry, horizon) for entry in listing):
                return

    def posts(self, listing: Iterable[object]) -> Page:
        """Read a page of our own media: comments stand under them."""
        return _sorted(listing, partial(answers.media, school=self._school))

    def comments(self, media: Media, refused: Refusals) -> Iterator[Page]:
        """Yield all comments under a media; when Instagram refuses them, a row for a person."""
        try:
            yield from self.all_comments(media)
        except REFUSALS as error:
            yield refused.one(media.id, error)
        else:
            refused.shown()

    def all_comments(self, media: Media) -> Iterator[Page]:
        """Yield all comments under a media, newest first, each with its replies.

        No page is the last one for its age: a reply may be new under the oldest comment. Raises
        :class:`connectors.base.NotFound` when Instagram does not show the media.
        """
        asked = {"fields": answers.COMMENT_FIELDS, "limit": answers.MOST}
        for entries in self._client.listing(media.id, "comments", asked, self._now):
            yield answers.comments(entries, self._school, media)
            for above in answers.unfinished(entries):
                yield from self._replies(above, media)

    def _replies(self, above: str, media: Media) -> Iterator[Page]:
        asked = {"fields": answers.REPLY_FIELDS, "limit": answers.MOST}
        read = partial(answers.comment, school=self._school, media=media, above=above)
        try:
            for entries in self._client.listing(above, "replies", asked, self._now):
                yield _sorted(entries, read)
        except NotFound:
            return  # deleted since the page before, with what stood under it

    def alone(self, comment: str) -> Page:
        """Return a comment that we know to be hidden: listings may leave such comments out."""
        try:
            entry = self._client.get(comment, {"fields": answers.ONE_COMMENT_FIELDS}, self._now)
        except REFUSALS:
            return Page()
        return _sorted([entry], partial(answers.comment_alone, school=self._school))

    def mentions(self) -> Iterator[Page]:
        """Yield the media of others that tag the school, to the end: old media may be tagged today."""
        asked = {"fields": answers.TAG_FIELDS, "limit": 50}
        for entries in self._client.listing(self._school.id, "tags", asked, self._now):
            others = [
                each for each in entries if not isinstance(each, Mapping) or not self._school.wrote(each)
            ]
            yield _sorted(others, partial(answers.tagged, school=self._school))

    def messages(self, since: datetime, last: datetime | None) -> Iterator[Page]:
        """Yield what is readable of every conversation that moved since then; ``last`` is the poll before."""
        asked = {"platform": "instagram", "fields": messages.CONVERSATION_FIELDS, "limit": 50}
        for listing in self._client.listing(self._school.inbox, "conversations", asked, self._now):
            moved = [each for each in listing if messages.moved_since(each, since)]
            yield Page(rejected=messages.without_id(moved))
            for conversation in filter(None, map(fields.known_identifier, moved)):
                yield self._conversation(conversation, since, last)
            if listing and not moved:
                return

    def _conversation(self, conversation: str, since: datetime, last: datetime | None) -> Page:
        """Return the messages since then, of the newest that are readable; say when there were more."""
        asked = {"fields": messages.MESSAGE_FIELDS, "limit": messages.READABLE}
        entries: list[object] = []
        try:
            for listing in self._client.listing(conversation, "messages", asked, self._now):
                entries.extend(listing)
                is_past = any(not messages.sent_since(each, since) for each in listing)
                if is_past or len(entries) > messages.READABLE:
                    break
        except (NotFound, Refused):
            closed = "conversation: Instagram lists it and does not show the messages in it"
            return Page(rejected=(Rejected(conversation, closed),))
        recent = [
            each
            for each in entries[: messages.READABLE]
            if not isinstance(each, Mapping) or messages.sent_since(each, since)
        ]
        read = partial(messages.message, school=self._school, conversation=conversation)
        page = _sorted(recent, read)
        lost, missed = messages.lost(entries, last)
        return replace(page, rejected=page.rejected + lost, missed=missed)


def _sorted(entries: Iterable[object], read: fields.Reader) -> Page:
    return Page(*fields.sort_out(entries, read))
