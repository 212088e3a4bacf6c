"""What the tests of wording share: messages composed for an invented school, and how to read them."""

from __future__ import annotations

import html
import re

from moderation.alerts import EMAIL, Notice, Outgoing
from notifications.base import Message
from notifications.wording import compose

ID = "<case-2026-0443-new@oakfield.example>"
PUBLIC_URL = "https://sm.oakfield.example"
LINK = "7GQ2KX9M3TQWEYBD"
ADDRESS = f"{PUBLIC_URL}/t/{LINK}"


def told(
    *notices: Notice, channel: str = EMAIL, more: int = 0, link: str | None = None, url: str = PUBLIC_URL
) -> Message:
    """Compose the message that tells ``notices``."""
    outgoing = Outgoing(7, channel, ID, 1, notices, more, link)
    return compose(outgoing, "priya.nair@oakfield.example", public_url=url)


def page_of(message: Message) -> str:
    """Return the HTML of a letter."""
    assert message.html is not None
    return message.html


def both(message: Message) -> tuple[str, str]:
    """Return the plain text and the HTML."""
    return message.text, page_of(message)


def flat(text: str) -> str:
    """Return ``text`` on one line."""
    return " ".join(text.split())


def seen(message: Message) -> str:
    """Return what a reader of the HTML sees, on one line."""
    main = page_of(message).partition('role="main"')[2].partition(">")[2]
    return flat(html.unescape(re.sub(r"<[^>]+>", " ", main)))
