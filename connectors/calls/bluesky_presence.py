"""Where a post on Bluesky is now: our own by our own server, the others by what Bluesky shows of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from connectors.answers import bluesky as answers
from connectors.answers import fields
from connectors.base import BugOrConfig, Identity, NotFound, Refused, found
from connectors.calls.bluesky_service import Service
from moderation.items import Found, Presence, Reference, Sighting

GATE = "app.bsky.feed.threadgate"
"""The records in which the owner of a thread says who may reply, and which replies are hidden."""

POSTS_AT_ONCE = 25
"""Posts that one question may name."""

Answer = Mapping[str, object]


def record(service: Service, did: str, collection: str, key: str, now: datetime) -> Answer | None:
    """Return one record with its ``cid`` and ``value``, ``None`` when there is none."""
    asked = {"repo": did, "collection": collection, "rkey": key}
    try:
        return service.ask("com.atproto.repo.getRecord", asked, now)
    except NotFound:
        return None


def hidden_replies(gate: Answer | None) -> list[str]:
    """Return the replies that the owner of a thread hides, in order."""
    value = (gate or {}).get("value")
    listed = value.get("hiddenReplies") if isinstance(value, Mapping) else None
    return [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []


def look_up(service: Service, me: Identity, references: Sequence[Reference], now: datetime) -> list[Found]:
    """Say where each post is. What a listing leaves out is asked for by itself before it counts as gone."""
    looking = _Looking(service, me, now)
    wanted = [each for each in references if answers.address(each.external_id) is not None]
    others = [each.external_id for each in wanted if not looking.is_own(each)]
    for first in range(0, len(others), POSTS_AT_ONCE):
        looking.show(others[first : first + POSTS_AT_ONCE])
    known = {each.external_id for each in wanted}
    return [
        looking.place(each) if each.external_id in known else Found(each.external_id, Presence.UNKNOWN)
        for each in references
    ]


class _Looking:
    """One round of looking up, which asks for each thing once."""

    def __init__(self, service: Service, me: Identity, now: datetime) -> None:
        self._service = service
        self._me = me
        self._now = now
        self._shown: dict[str, Sighting] = {}
        self._unreadable: set[str] = set()
        self._hidden: dict[str, frozenset[str]] = {}

    def is_own(self, reference: Reference) -> bool:
        where = answers.address(reference.external_id)
        return where is not None and where.did == self._me.external_id

    def show(self, addresses: Sequence[str]) -> None:
        """Ask for up to 25 posts at once."""
        page = answers.posts(
            self._service.ask("app.bsky.feed.getPosts", {"uris": list(addresses)}, self._now), self._me
        )
        self._shown |= {item.external_id: item for item in page.items}
        self._unreadable |= {each.external_id for each in page.rejected if each.external_id is not None}

    def place(self, reference: Reference) -> Found:
        if self.is_own(reference):
            return self._own(reference)
        if reference.external_id in self._unreadable:
            return Found(reference.external_id, Presence.UNKNOWN)
        item = self._shown.get(reference.external_id)
        if item is not None:
            return found(reference, replace(item, hidden=self._is_hidden(item)))
        return Found(reference.external_id, self._absent(reference))

    def _own(self, reference: Reference) -> Found:
        where = answers.address(reference.external_id)
        kept = where and record(self._service, where.did, where.collection, where.key, self._now)
        if not kept:
            return Found(reference.external_id, Presence.DELETED)
        items = answers.records({"records": [{**kept, "uri": reference.external_id}]}, self._me).items
        return found(reference, items[0]) if items else Found(reference.external_id, Presence.UNKNOWN)

    def _is_hidden(self, item: Sighting) -> bool:
        """Say whether we hide a reply: the gate has the key of the post that the thread began with."""
        root = answers.address(item.post_id)
        if root is None:
            return False
        if root.key not in self._hidden:
            gate = record(self._service, self._me.external_id, GATE, root.key, self._now)
            self._hidden[root.key] = frozenset(hidden_replies(gate))
        return item.external_id in self._hidden[root.key]

    def _absent(self, reference: Reference) -> Presence:
        """Say why a post is not shown: only one whose author is there and hides nothing from us is gone."""
        asked = {"uri": reference.external_id, "depth": 0, "parentHeight": 0}
        try:
            top = self._service.ask("app.bsky.feed.getPostThread", asked, self._now).get("thread")
        except NotFound:
            return self._without_post(reference)
        if not isinstance(top, Mapping):
            return Presence.UNKNOWN
        if top.get("blocked"):
            return Presence.INVISIBLE
        return self._without_post(reference) if top.get("notFound") else Presence.UNKNOWN

    def _without_post(self, reference: Reference) -> Presence:
        where = answers.address(reference.external_id)
        asked = {"actor": where.did if where else ""}
        try:
            profile = self._service.ask("app.bsky.actor.getProfile", asked, self._now)
        except (Refused, NotFound):
            return Presence.INVISIBLE  # Suspended, taken down or paused: its posts may come back
        except BugOrConfig:
            return Presence.UNKNOWN  # No such profile: removed, or not known to Bluesky at the moment
        viewer = fields.mapping(profile, "viewer") if isinstance(profile.get("viewer"), Mapping) else {}
        hides = any(viewer.get(sign) for sign in ("blockedBy", "blocking", "blockingByList"))
        return Presence.INVISIBLE if hides else Presence.DELETED
