"""Private messages on Bluesky: conversations and what was said in them.

A person can delete a message for himself only, so one that is shown to us as deleted is hidden from us, not
gone for the other side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.answers import bluesky as answers
from connectors.answers import fields
from connectors.base import Identity, Page, found
from moderation.items import Author, Found, ItemKind, Presence, Reference, Rejected, Sighting

_WITHOUT_WORDS = ("chat.bsky.convo.defs#deletedMessageView", "chat.bsky.convo.defs#systemMessageView")

Answer = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: its id, and the names of the people in it by their ids."""

    id: str
    names: Mapping[str, str]


def talk(conversation: object) -> Talk | None:
    """Read a conversation, ``None`` when it has no usable id."""
    known = fields.known_identifier(conversation)
    if known is None or not isinstance(conversation, Mapping):
        return None
    members = fields.mappings_in(conversation.get("members"))
    return Talk(known, {str(member.get("did")): _name(member) for member in members})


def is_older(conversation: object, since: datetime) -> bool:
    """Say whether the newest message of a conversation surely was sent before ``since``."""
    last = conversation.get("lastMessage") if isinstance(conversation, Mapping) else None
    sent = answers.clock_of(last, "sentAt")
    return sent is not None and sent < since


def unreadable() -> Page:
    """Return the page that stands for a conversation without an id."""
    return Page(rejected=(Rejected(None, "id of a conversation is missing"),))


def page(answer: Answer, where: Talk, me: Identity) -> Page:
    """Read one page of a conversation, without notes of the service and what was deleted for us."""
    spoken = [each for each in answers.entries(answer, "messages") if not _is_without_words(each)]
    return Page(
        *fields.sort_out(spoken, lambda each: message(each, where, me), lambda each: _id(each, where))
    )


def message(entry: Answer, where: Talk, me: Identity) -> Sighting:
    """Read one message. Its clock is the service's own."""
    external_id = name(where.id, fields.identifier(entry, "id"))
    sender = fields.optional_string(fields.mapping(entry, "sender"), "did")
    answered = fields.known_identifier(entry.get("replyTo"))
    return Sighting(
        external_id=external_id,
        kind=ItemKind.MESSAGE,
        thread_id=where.id,
        parent_id=name(where.id, answered) if answered else None,
        post_id=None,
        author=Author(sender, where.names.get(sender or "", "")),
        is_own=sender == me.external_id,
        text=fields.string(entry, "text"),
        created_at=fields.optional_time(entry, "sentAt"),
        permalink=f"https://bsky.app/messages/{where.id}",
        names_school=True,
    )


def name(conversation: str, message_id: str) -> str:
    """Return the external id of a message: Bluesky's own ids are told apart within a conversation only."""
    return f"{conversation}:{message_id}"


def look_up(reference: Reference, pages: Iterable[Answer], me: Identity) -> Found:
    """Say where a message is, from the pages of its conversation, newest first."""
    where = Talk(reference.thread_id, {})
    for answer in pages:
        for entry in answers.entries(answer, "messages"):
            if _id(entry, where) == reference.external_id:
                shown = page({"messages": [entry]}, where, me).items
                return (
                    found(reference, shown[0]) if shown else Found(reference.external_id, Presence.INVISIBLE)
                )
    return Found(reference.external_id, Presence.UNKNOWN)


def _is_without_words(entry: object) -> bool:
    return isinstance(entry, Mapping) and entry.get("$type") in _WITHOUT_WORDS


def _id(entry: object, where: Talk) -> str | None:
    known = fields.known_identifier(entry)
    return name(where.id, known) if known else None


def _name(member: Answer) -> str:
    names = (member.get("displayName"), member.get("handle"))
    return next((each for each in names if isinstance(each, str) and each), "")
