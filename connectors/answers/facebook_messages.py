"""What Graph answers about a Page's inbox: conversations, and the messages in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from connectors.answers import fields
from connectors.answers.facebook import SITE, moved_since
from moderation.items import Author, ItemKind, Rejected, Sighting

Answer = Mapping[str, object]

READABLE = 20
"""The newest messages of a conversation whose words Facebook tells; older ones it answers as deleted."""

MESSAGE_FIELDS = "id,created_time,from,message,attachments{mime_type},sticker,shares{id},is_unsupported"
CONVERSATION_FIELDS = "id,updated_time,message_count,link"

LOST = (
    "message: Facebook tells the words of a conversation's 20 newest messages only, and more came between "
    "two polls; read this one, and what came before it, in the inbox"
)


def message(entry: Answer, page: str, conversation: str, link: str) -> Sighting:
    """Read one private message; the person's email address, which Facebook tells too, is not kept."""
    by = fields.mapping(entry, "from")
    author = fields.optional_identifier(by, "id")
    return Sighting(
        external_id=fields.identifier(entry, "id"),
        kind=ItemKind.MESSAGE,
        thread_id=conversation,
        parent_id=None,
        post_id=None,
        author=Author(author, fields.optional_string(by, "name") or ""),
        is_own=author == page,
        text=fields.optional_string(entry, "message") or "",
        created_at=fields.optional_time(entry, "created_time"),
        permalink=link,
        names_school=True,
        media=_media(entry),
    )


def link_of(conversation: object) -> str:
    """Return where a person reads a conversation. Facebook writes a path."""
    told = conversation.get("link") if isinstance(conversation, Mapping) else None
    if isinstance(told, str) and told.startswith("https://www.facebook.com/"):
        return told
    return f"{SITE}{told}" if isinstance(told, str) and told.startswith("/") else f"{SITE}/latest/inbox"


def changed_since(conversation: object, since: datetime) -> bool:
    """Whether something was said in a conversation since then; yes also when that cannot be told."""
    return moved_since(conversation, since, "updated_time")


def sent_since(message: object, since: datetime) -> bool:
    """Whether a message was sent since then; yes also when that cannot be told."""
    return moved_since(message, since, "created_time")


def count(conversation: Answer) -> int | None:
    """Return how many messages a conversation has, ``None`` when Facebook does not say."""
    told = conversation.get("message_count")
    return told if isinstance(told, int) and not isinstance(told, bool) else None


def sent_at(message: object) -> datetime | None:
    """Return when a message was sent, ``None`` when that cannot be told."""
    try:
        return fields.optional_time(message, "created_time") if isinstance(message, Mapping) else None
    except fields.FieldError:
        return None


def lost(entry: object) -> Rejected:
    """Return the row for the newest message whose words cannot be had any more."""
    return Rejected(fields.known_identifier(entry), LOST)


def _media(entry: Answer) -> tuple[str, ...]:
    kinds = [_kind(each) for each in fields.mappings_in(fields.mapping(entry, "attachments").get("data"))]
    if isinstance(entry.get("sticker"), str):
        kinds.append("photo")
    if fields.mapping(entry, "shares").get("data") or entry.get("is_unsupported") is True:
        kinds.append("other")
    return tuple(dict.fromkeys(kinds))


def _kind(attachment: Answer) -> str:
    told = attachment.get("mime_type")
    kind = told.partition("/")[0] if isinstance(told, str) else ""
    return {"image": "photo", "video": "video"}.get(kind, "other")
