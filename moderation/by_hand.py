"""What a person brings in by hand: it becomes an item like any other, scored, with a clock."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from moderation.intake import Arrival, receive
from moderation.items import AccountName, Author, ItemKind, Sighting
from moderation.ports import Ports
from sla.messages import BELIEVED_SKEW

STREAM = "by_hand"
"""The stream that such items are counted under."""

OLDEST = timedelta(days=365)
"""What is said to be older was surely mistyped."""


class NotUsable(Exception):
    """What was brought in cannot be taken. The text says why, and quotes nothing."""


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """Words that somebody found where no connector reads, or that came by email.

    ``written_at`` (UTC) is when they were written, ``None`` when nobody knows: then the clock starts now.
    ``link`` is where they stand; ``private`` says that they were not public.
    """

    text: str = field(repr=False)
    author: str = field(repr=False)
    link: str
    written_at: datetime | None
    private: bool


def bring_in(ports: Ports, account: AccountName, brought: BroughtIn) -> bool:
    """Take in what a person found; return whether it was new. The same words on one day are one item.

    Raises:
        NotUsable: there are no words and no link, the link is none, or the time cannot be right.
    """
    now = ports.now()
    if not brought.text.strip() and not brought.link:
        raise NotUsable("there are neither words nor a link")
    if brought.link and not brought.link.startswith(("https://", "http://")):
        raise NotUsable("the link is no web address")
    if brought.written_at is not None and not now - OLDEST <= brought.written_at <= now + BELIEVED_SKEW:
        raise NotUsable("the time is in the future, or more than a year ago")
    number = f"hand-{_digest(brought, brought.written_at or now)}"
    sighting = Sighting(
        external_id=number,
        kind=ItemKind.MESSAGE if brought.private else ItemKind.MENTION,
        thread_id=number,
        parent_id=None,
        post_id=None,
        author=Author(None, brought.author),
        is_own=False,
        text=brought.text
        if brought.text.strip()
        else "(nothing but a link was brought in: open it and read)",
        created_at=brought.written_at,
        permalink=brought.link,
        names_school=True,
    )
    return receive(ports, Arrival(account, STREAM, (sighting,), (), None, None, now)) == 1


def _digest(brought: BroughtIn, at: datetime) -> str:
    """Return what tells one thing that was brought in from another: its day too, but not blanks."""
    words = " ".join(brought.text.split())
    parts = (words, brought.author.strip().casefold(), brought.link.strip(), f"{at:%Y-%m-%d}")
    whole = "\x1f".join(parts)
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:32]
