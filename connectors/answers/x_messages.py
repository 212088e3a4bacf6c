"""Direct messages of X, as its list of events tells of them. Encrypted chats are not in that list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from connectors.answers import fields, x
from connectors.base import BadResponse, Identity, Page
from moderation.items import Author, ItemKind, Rejected, Sighting

Answer = Mapping[str, object]

CONVERSATION = re.compile(r"[0-9]{1,19}-[0-9]{1,19}|[0-9]{15,19}")
"""What the id of a conversation looks like: two people joined, or a group's number."""


def page(answer: Answer, me: Identity) -> Page:
    """Read one answer of the list: its messages in order, and apart what could not be read."""
    data = answer.get("data")
    if data is not None and not isinstance(data, list):
        raise BadResponse(
            "X answered with something else than a list of messages. The next poll tries again."
        )
    included = x.Included(answer)
    events = [each for each in data or () if _is_message(each)]
    items, rejected = fields.sort_out(events, lambda event: _sighting(event, included, me))
    if items and all(item.author.external_id is None for item in items):
        hint = "sender_id is missing everywhere: X may have renamed its fields; try the other vocabulary"
        rejected = (*rejected, Rejected(None, hint))
    return Page(items, rejected)


def page_of_one(answer: Answer, me: Identity) -> tuple[Sighting, ...]:
    """Read the answer about a single message; empty when it cannot be read."""
    event = answer.get("data")
    return page({**answer, "data": [event] if isinstance(event, Mapping) else []}, me).items


def _is_message(event: object) -> bool:
    """Joining and leaving are no messages; what cannot be told is looked at."""
    kind = event.get("event_type") if isinstance(event, Mapping) else None
    return kind is None or kind == "MessageCreate"


def _sighting(event: Answer, included: x.Included, me: Identity) -> Sighting:
    """Pictures come with or without words."""
    external_id = fields.identifier(event, "id")
    sender = fields.optional_identifier(event, "sender_id")
    conversation = fields.optional_identifier(event, "dm_conversation_id") or _pair(sender, me) or external_id
    user = included.users.get(sender or "", {})
    is_own = sender == me.external_id
    return Sighting(
        external_id=external_id,
        kind=ItemKind.MESSAGE,
        thread_id=conversation,
        parent_id=None,
        post_id=None,
        author=Author(sender, x.known_text(user, "name") or x.known_text(user, "username")),
        is_own=is_own,
        text=fields.optional_string(event, "text") or "",
        created_at=fields.optional_time(event, "created_at"),
        permalink=f"https://x.com/messages/{conversation}",
        names_school=not is_own,
        media=x.media(event, included),
    )


def _pair(sender: str | None, me: Identity) -> str | None:
    """Return the id that X gives to the conversation of two people: the smaller id first."""
    ids = (sender, me.external_id)
    if sender is None or sender == me.external_id or not all(each and each.isdigit() for each in ids):
        return None
    return "-".join(sorted((sender, me.external_id), key=int))


def all_before(found: Page, since: datetime) -> bool:
    """Say whether a page is wholly from before ``since``, so that what follows it is too."""
    times = [item.created_at for item in found.items]
    return bool(times) and all(time is not None and time < since for time in times)
