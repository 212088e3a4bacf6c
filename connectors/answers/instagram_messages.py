"""What Graph answers about an Instagram account's inbox: conversations and the messages in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from connectors.answers import fields
from connectors.answers.instagram import SITE, School
from connectors.base import Missed
from moderation.items import Author, ItemKind, Rejected, Sighting

Answer = Mapping[str, object]

CONVERSATION_FIELDS = "id,updated_time"
MESSAGE_FIELDS = "id,created_time,from,message,attachments{mime_type},shares{id},is_unsupported"

READABLE = 20
"""The newest messages of a conversation whose words Instagram tells; older ones it answers as deleted."""

LOST = (
    "message: Instagram tells the words of a conversation's 20 newest messages only, and more came between "
    "two polls; read this one, and what came before it, in the inbox"
)

INBOX = f"{SITE}/direct/inbox/"


def message(entry: Answer, school: School, conversation: str) -> Sighting:
    """Read one private message."""
    by = fields.mapping(entry, "from")
    name = fields.optional_string(by, "username") or fields.optional_string(by, "name") or ""
    is_own = school.wrote(entry)
    return Sighting(
        external_id=fields.identifier(entry, "id"),
        kind=ItemKind.MESSAGE,
        thread_id=conversation,
        parent_id=None,
        post_id=None,
        author=Author(school.id if is_own else fields.optional_identifier(by, "id"), name),
        is_own=is_own,
        text=fields.optional_string(entry, "message") or "",
        created_at=fields.optional_time(entry, "created_time"),
        permalink=INBOX,
        names_school=True,
        media=_media(entry),
    )


def moved_since(conversation: object, since: datetime) -> bool:
    """Whether something was said in a conversation since then; yes also when that cannot be told."""
    return _at_or_after(conversation, "updated_time", since)


def sent_since(message: object, since: datetime) -> bool:
    """Whether a message was sent since then; yes also when that cannot be told."""
    return _at_or_after(message, "created_time", since)


def without_id(conversations: Sequence[object]) -> tuple[Rejected, ...]:
    """Return a row for each conversation that cannot be asked for."""
    broken = [each for each in conversations if fields.known_identifier(each) is None]
    return tuple(Rejected(None, "conversation: has no id") for _ in broken)


def lost(
    newest_first: Sequence[object], last: datetime | None
) -> tuple[tuple[Rejected, ...], tuple[Missed, ...]]:
    """Return the newest message that came since the poll before (``last``) and is out of reach, and the gap.

    One row for all such messages: somebody reads that conversation, and many would look like a broken answer.
    ``last`` is ``None`` for the first poll: nothing was expected of the time before it.
    """
    beyond = [each for each in newest_first[READABLE:] if last is not None and sent_since(each, last)]
    if last is None or not beyond:
        return (), ()
    rows = (Rejected(fields.known_identifier(beyond[0]), LOST),)
    until = max(_oldest(newest_first[:READABLE]) or last, last)
    return rows, (Missed(last, until, "more messages came in one conversation than Instagram shows"),)


def _oldest(messages: Sequence[object]) -> datetime | None:
    return min((time for time in map(sent_at, messages) if time is not None), default=None)


def sent_at(message: object) -> datetime | None:
    """Return when a message was sent, ``None`` when that cannot be told."""
    try:
        return fields.optional_time(message, "created_time") if isinstance(message, Mapping) else None
    except fields.FieldError:
        return None


def _at_or_after(thing: object, field: str, since: datetime) -> bool:
    if not isinstance(thing, Mapping):
        return False
    try:
        time = fields.optional_time(thing, field)
    except fields.FieldError:
        return True
    return time is None or time >= since


def _media(entry: Answer) -> tuple[str, ...]:
    """Return the kinds of what is attached; what Instagram will not show by program is ``other``."""
    kinds = [_kind(each) for each in fields.mappings_in(fields.mapping(entry, "attachments").get("data"))]
    if fields.mapping(entry, "shares").get("data") or entry.get("is_unsupported") is True:
        kinds.append("other")
    return tuple(dict.fromkeys(kinds))


def _kind(attachment: Answer) -> str:
    told = attachment.get("mime_type")
    kind = told.partition("/")[0] if isinstance(told, str) else ""
    return {"image": "photo", "video": "video"}.get(kind, "other")
