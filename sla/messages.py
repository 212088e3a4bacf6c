"""What a thread is made of: its messages, and what happened to them afterwards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

BELIEVED_SKEW = timedelta(minutes=5)
"""A platform's time may lie this far after the moment we saw the message; later ones are not believed."""

FIRST_BELIEVED = datetime(2000, 1, 1, tzinfo=UTC)
"""Older than any platform: such a time means that the platform did not know."""


class MessageKind(StrEnum):
    """What a message is made of. Emoji alone and a tagged friend alone ask for no answer."""

    TEXT = "text"
    EMOJI = "emoji"
    TAG = "tag"


class FactKind(StrEnum):
    """What happened to a message after it was written: on the platform, or by a person's mark.

    ``private`` is a private reply by the school. ``auto`` tells of an automatic one: either that the message
    is one, or that it got one. ``spam`` and ``no_reply`` are a person's word that no answer is owed,
    ``acked`` records an answer given elsewhere, ``held`` that staff must not answer (abuse confirmed, media
    policy).
    """

    EDIT = "edit"
    DELETE = "delete"
    HIDE = "hide"
    REACT = "react"
    PRIVATE = "private"
    AUTO = "auto"
    SPAM = "spam"
    NO_REPLY = "no_reply"
    ACKED = "acked"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread. ``by`` is the author's id, ``at`` the platform's time, ``seen`` ours.

    ``parent_by`` says whose message the parent is when the parent is not in the thread: None means a post
    of the school, or that nobody knows. On platforms with one level of replies the parent is the
    top-level comment. ``promised``: a clock was started for it before, so it goes on asking for an answer,
    whatever it says by now and whoever its author turns out to be.
    """

    id: str
    by: str
    at: datetime | None
    seen: datetime
    parent_id: str | None = None
    parent_by: str | None = None
    mentions: tuple[str, ...] = ()
    names_school: bool = False
    kind: MessageKind = MessageKind.TEXT
    promised: bool = False

    def __post_init__(self) -> None:
        refuse_naive(self.seen, self.at)

    @property
    def time_doubtful(self) -> bool:
        """Whether the platform's time is missing or cannot be true, so that ours counts instead."""
        return self.at is None or self.at < FIRST_BELIEVED or self.at - self.seen > BELIEVED_SKEW

    @property
    def received(self) -> datetime:
        """When the clock starts: the platform's time, or when we saw it if that time is doubtful."""
        return self.seen if self.at is None or self.time_doubtful else self.at


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to the message ``of`` at ``at``. ``by`` is None when nobody knows who."""

    kind: FactKind
    of: str
    at: datetime
    by: str | None = None

    def __post_init__(self) -> None:
        refuse_naive(self.at)


def kind_of(text: str) -> MessageKind:
    """Return what a text is made of. Only what is surely emoji or tags alone is called so.

    A photo without words and a question mark in any form are text: they may ask for something.
    """
    rest, tags = _TAG.subn(" ", text)
    rest = _BLANK.sub("", rest)
    if tags and not rest:
        return MessageKind.TAG
    return MessageKind.EMOJI if _EMOJI_ONLY.fullmatch(rest) else MessageKind.TEXT


def refuse_naive(*moments: datetime | None) -> None:
    """Refuse times without an offset.

    Raises:
        ValueError: one of them is naive.
    """
    if any(moment is not None and moment.utcoffset() is None for moment in moments):
        raise ValueError("a time has no offset: every time needs one, such as Z or +01:00")


_TAG = re.compile(r"(?<!\w)@[\w.\-]+")
_BLANK = re.compile("[\\s!.,&\u200b-\u200f\u2060\ufeff]")
_EMOJI_ONLY = re.compile(
    "(?:[0-9#*]\ufe0f?\u20e3|"
    "[\u00a9\u00ae\u203c\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u25a0-\u2752\u2756-\u27bf\u2934\u2935"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f])+"
)
"""Emoji, their joiners and flags; not the question marks U+2049, U+2753 to U+2755."""
