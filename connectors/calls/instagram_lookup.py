"""Where an item on Instagram is now: asking for it by its id, and proving that it is gone.

Graph answers "gone" and "not shown to you" with the same error. Gone is therefore only what is left out of a
list that Instagram does show at that moment: of the comments under its media, of the messages of its
conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from connectors.answers import fields
from connectors.answers import instagram as answers
from connectors.answers import instagram_messages as messages
from connectors.answers.instagram import Media, School
from connectors.base import NotFound, PermissionMissing, Refused, found
from connectors.calls.graph import Client
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
            return _at(reference, Presence.UNKNOWN)
        except NotFound:
            return self._missing(reference)
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
            pages = self._reader.mentions()
            self._tags = {item.external_id: item for page in pages for item in page.items}
        item = self._tags.get(reference.external_id)
        return found(reference, item) if item else _at(reference, Presence.UNKNOWN)

    def _missing(self, reference: Reference) -> Found:
        match reference.kind:
            case ItemKind.COMMENT | ItemKind.REPLY if reference.post_id:
                return self._missing_comment(reference, reference.post_id)
            case ItemKind.MESSAGE:
                return self._missing_message(reference)
            case _:
                return _at(reference, Presence.UNKNOWN)

    def _missing_comment(self, reference: Reference, media: str) -> Found:
        if media not in self._under:
            self._under[media] = self._comments_under(Media(media, reference.permalink))
        listed = self._under[media]
        if listed is None:
            return _at(reference, Presence.UNKNOWN)
        item = listed.get(reference.external_id)
        return found(reference, item) if item else _at(reference, Presence.DELETED)

    def _comments_under(self, media: Media) -> dict[str, Sighting] | None:
        """Return all comments under a media by id; ``None`` when Instagram does not show them whole."""
        try:
            pages = list(self._reader.all_comments(media))
        except (NotFound, PermissionMissing):
            return None
        if any(page.rejected for page in pages):
            return None
        return {item.external_id: item for page in pages for item in page.items}

    def _missing_message(self, reference: Reference) -> Found:
        """Tell from the ids of its conversation: of older messages Instagram tells these, but no words."""
        try:
            listing = self._client.listing(
                reference.thread_id, "messages", {"fields": "id", "limit": 100}, self._now
            )
            ids = {fields.known_identifier(each) for page in listing for each in page}
        except (NotFound, PermissionMissing, Refused):
            return _at(reference, Presence.UNKNOWN)
        if reference.external_id in ids:
            return _at(reference, Presence.PRESENT)
        return _at(reference, Presence.DELETED if ids - {None} else Presence.UNKNOWN)


def _at(reference: Reference, presence: Presence) -> Found:
    return Found(reference.external_id, presence)
