"""Where a stored status is now. Mastodon answers 404 to what is gone and to what it may not show us.

So 404 alone says nothing: it is asked whether the author blocked the school or was suspended. Only when
the server shows the author, and shows no such thing, the status counts as deleted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice

from mastodon import Mastodon

from connectors.answers import fields
from connectors.answers import mastodon as answers
from connectors.base import BugOrConfig, Identity, NotFound, PermissionMissing, found
from connectors.calls.mastodon_acts import relationship
from connectors.calls.mastodon_server import Server
from moderation.items import Found, Presence, Reference

AT_ONCE = 20
"""Statuses that one question may name."""

Answer = Mapping[str, object]


class Lookup:
    """One look for stored statuses. An author is asked for once."""

    def __init__(self, server: Server, me: Identity, now: datetime) -> None:
        self._server = server
        self._me = me
        self._now = now
        self._authors: dict[str, Presence] = {}

    def find(self, references: Sequence[Reference]) -> list[Found]:
        """Say of each where it is, in order."""
        shown = self._shown([each.external_id for each in references])
        return [self._one(each, shown.get(each.external_id)) for each in references]

    def _shown(self, wanted: Sequence[str]) -> dict[str, Answer]:
        """Ask for many at once. Servers that cannot do that are asked for each."""
        shown: dict[str, Answer] = {}
        left = iter(wanted)
        while len(wanted) > 1 and (some := list(islice(left, AT_ONCE))):
            try:
                listed = self._server.read(partial(_statuses, some), self._now)
            except (NotFound, BugOrConfig):
                break
            for status in fields.mappings_in(listed):
                if known := fields.known_identifier(status):
                    shown[known] = status
        return shown

    def _one(self, reference: Reference, status: Answer | None) -> Found:
        try:
            status = status or self._server.read_object(
                lambda client: client.status(reference.external_id), self._now
            )
        except NotFound:
            return Found(reference.external_id, self._why(reference))
        reading = answers.Reading(self._me, self._now, lambda _: reference.thread_id)
        try:
            return found(reference, reading.status(status))
        except fields.FieldError:
            return Found(reference.external_id, Presence.UNKNOWN)

    def _why(self, reference: Reference) -> Presence:
        author = reference.author_id
        if author == self._me.external_id:
            return Presence.DELETED
        if author is None:
            return Presence.UNKNOWN
        if author not in self._authors:
            self._authors[author] = self._of(author)
        return self._authors[author]

    def _of(self, author: str) -> Presence:
        """Return what the absence of an author's status means."""
        try:
            account = self._server.read_object(lambda client: client.account(author), self._now)
            if account.get("suspended") is True:
                return Presence.INVISIBLE
            between = relationship(self._server, author, self._now)
        except (NotFound, PermissionMissing):
            return Presence.UNKNOWN
        if between.get("blocked_by") is True:
            return Presence.INVISIBLE
        return Presence.DELETED if between.get("blocked_by") is False else Presence.UNKNOWN


def _statuses(identifiers: list[str], client: Mastodon) -> object:
    return client.statuses(list(identifiers))
