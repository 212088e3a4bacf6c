"""Where an item on Instagram is now: asking for it by its id, and proving that it is gone.

Graph answers "gone" and "not shown to you" with the same error, and its lists leave out what people wrote who
blocked the account. Gone is therefore only what is left out of a list that withholds nothing of its author:

- a comment, when others of the same person are listed under the media, or as many as Instagram counts;
- a message, when older ones of its conversation are listed, or as many as Instagram counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from connectors.answers import fields
from connectors.answers import instagram as answers
from connectors.answers import instagram_messages as messages
from connectors.answers.instagram import Media, School
from connectors.base import BugOrConfig, NotFound, PermissionMissing, Refused, found
from connectors.calls.graph import REFUSALS, Client
from connectors.calls.instagram_reader import Reader
from moderation.items import Found, ItemKind, Presence, Reference, Sighting

Answer = Mapping[str, object]


class Lookup:
    """Looks for items of one account at one moment. What it has listed once, it does not list again."""

    def __init__(self, client: Client, school: School, now: datetime) -> None:
        self._client = client
        self._school = school
        self._now = now
        self._reader = Reader(client, school, now)
        self._tags: dict[str, Sighting] | None = None
        self._under: dict[str, dict[str, Sighting] | None] = {}

    def where(self, reference: Reference) -> Found:
        """Say where an item is."""
        if reference.kind is ItemKind.MENTION:
            return self._tagging(reference)
        try:
            item = self._asked_for(reference)
        except fields.FieldError:
            return _unknown(reference)
        except NotFound:
            return self._missing(reference)
        except (PermissionMissing, Refused, BugOrConfig):  # of this one item, which then costs no other
            return self._missing(reference) if reference.kind is ItemKind.MESSAGE else _unknown(reference)
        return found(reference, item)

    def _asked_for(self, reference: Reference) -> Sighting:
        match reference.kind:
            case ItemKind.POST:
                asked, read = answers.MEDIA_FIELDS, partial(answers.media, school=self._school)
            case ItemKind.MESSAGE:
                asked = messages.MESSAGE_FIELDS
                read = partial(messages.message, school=self._school, conversation=reference.thread_id)
            case _:
                asked = answers.ONE_COMMENT_FIELDS
                read = partial(answers.comment_alone, school=self._school, media=reference.post_id)
        return read(self._client.get(reference.external_id, {"fields": asked}, self._now))

    def _tagging(self, reference: Reference) -> Found:
        """Look for media of somebody else, which cannot be asked for. Not listed: deleted or untagged."""
        if self._tags is None:
            try:
                pages = list(self._reader.mentions())
            except REFUSALS:
                pages = []
            self._tags = {item.external_id: item for page in pages for item in page.items}
        item = self._tags.get(reference.external_id)
        return found(reference, item) if item else _unknown(reference)

    def _missing(self, reference: Reference) -> Found:
        match reference.kind:
            case ItemKind.COMMENT | ItemKind.REPLY if reference.post_id:
                return self._missing_comment(reference, reference.post_id)
            case ItemKind.MESSAGE:
                return self._missing_message(reference)
            case _:
                return _unknown(reference)

    def _missing_comment(self, reference: Reference, media: str) -> Found:
        if media not in self._under:
            self._under[media] = self._comments_under(Media(media, reference.permalink))
        listed = self._under[media]
        if listed is None:
            return _unknown(reference)
        item = listed.get(reference.external_id)
        if item is not None:
            return found(reference, item)
        gone = self._nothing_is_withheld(reference, media, listed)
        return _at(reference, Presence.DELETED) if gone else _unknown(reference)

    def _nothing_is_withheld(self, reference: Reference, media: str, listed: Mapping[str, Sighting]) -> bool:
        """Say whether a list would have shown the item: its author's others are there, or all that count."""
        shown = {each.author.external_id for each in listed.values()}
        if listed and reference.author_id is not None and reference.author_id in {*shown, self._school.id}:
            return True
        try:
            told = self._client.get(media, {"fields": "id,comments_count"}, self._now)
        except REFUSALS:
            return False
        return answers.mark(told) == len(listed)

    def _comments_under(self, media: Media) -> dict[str, Sighting] | None:
        """Return all comments under a media by id; ``None`` when Instagram does not show them whole."""
        try:
            pages = list(self._reader.all_comments(media))
        except REFUSALS:
            return None
        if any(page.rejected for page in pages):
            return None
        return {item.external_id: item for page in pages for item in page.items}

    def _missing_message(self, reference: Reference) -> Found:
        """Tell from the ids of its conversation: of older messages Instagram tells these, but no words.

        A list that does not reach back to the message says nothing.
        """
        asked = {"fields": "id,created_time", "limit": 100}
        try:
            pages = list(self._client.listing(reference.thread_id, "messages", asked, self._now))
        except REFUSALS:  # of a conversation that is gone, any
            return _unknown(reference)
        listed = [each for page in pages for each in page]
        if reference.external_id in map(fields.known_identifier, listed):
            return _at(reference, Presence.PRESENT)
        sent, times = reference.created_at, map(messages.sent_at, listed)
        reaches = sent is not None and any(time is not None and time <= sent for time in times)
        gone = bool(listed) and (reaches or self._messages_in(reference.thread_id) == len(listed))
        return _at(reference, Presence.DELETED) if gone else _unknown(reference)

    def _messages_in(self, conversation: str) -> object:
        """Return how many messages Instagram counts in a conversation, ``None`` when it does not say."""
        try:
            return self._client.get(conversation, {"fields": "id,message_count"}, self._now).get(
                "message_count"
            )
        except REFUSALS:
            return None


def _at(reference: Reference, presence: Presence) -> Found:
    return Found(reference.external_id, presence)


def _unknown(reference: Reference) -> Found:
    return _at(reference, Presence.UNKNOWN)
