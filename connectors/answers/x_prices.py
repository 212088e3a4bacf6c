"""What X charges, and what a month of reading will come to before any of it is spent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_DAYS = Decimal(365) / 12
_CENT = Decimal("0.01")
_LINK = re.compile(
    r"https?://|\bwww\.|[a-z0-9]\.(com|org|net|uk|eu|info)\b|[a-z0-9]\.[a-z]{2,}/\S", re.IGNORECASE
)

_MESSAGES = Decimal("0.2")
"""The part of what comes in that is private, for an estimate."""

_OWN_POSTS = 2
"""Posts of our own in a day beside our answers, for an estimate."""


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars for each thing read or done. ``timeline`` is for mentions and for our own posts."""

    timeline: Decimal
    post: Decimal
    message: Decimal
    user: Decimal
    reply: Decimal
    link: Decimal
    sent_message: Decimal
    act: Decimal

    def of_reply(self, words: str) -> Decimal:
        """Return what a public reply costs. X takes much more for one with a link in it."""
        return self.link if _LINK.search(words) else self.reply


@dataclass(frozen=True, slots=True)
class Habits:
    """Days that are read again: by each poll (a part of one), by the daily sweep, for conversations."""

    overlap: Decimal
    sweep: int
    conversation: int


def monthly(items_per_day: float, prices: Prices, habits: Habits) -> Decimal:
    """Return what a month of reading costs in dollars when so many items come in a day, to the cent.

    Each thing is charged on every day on which it is read: on its own, again shortly after midnight, and by
    the sweep of each following day. It is assumed that each item is answered once, that one in five is
    a message, and that the sweep meets every mention in the search too.
    """
    items = max(Decimal(0), Decimal(str(items_per_day)))
    public, private = items * (1 - _MESSAGES), items * _MESSAGES
    once = 1 + habits.overlap
    swept = max(prices.timeline, prices.post)
    in_a_day = (
        public * (prices.timeline * once + swept * habits.sweep)
        + 2 * private * prices.message * (once + habits.sweep)
        + public * prices.timeline * (once + habits.sweep)
        + _OWN_POSTS * prices.timeline * (1 + max(habits.sweep, habits.conversation))
    )
    return (in_a_day * _DAYS).quantize(_CENT)
