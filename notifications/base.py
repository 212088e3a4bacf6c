"""What every channel offers, and the errors it may raise.

ChannelError
    TemporaryError    waiting helps: the server is away, slow, or asked us to come back
    PermanentError    waiting does not help: this address or this message is refused
    TechnicalError    our set-up is wrong: certificate, sign-in, settings

An error's text never holds an address, a name or words of a post.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol

from moderation.alerts import DeliveryState


class ChannelError(Exception):
    """A message could not be handed over. ``state`` is what its delivery becomes."""

    state: ClassVar[DeliveryState] = DeliveryState.TECHNICAL_FAILURE


class TemporaryError(ChannelError):
    """Waiting helps."""

    state = DeliveryState.TEMPORARY_FAILURE


class PermanentError(ChannelError):
    """Waiting does not help: the person has to be told another way."""

    state = DeliveryState.PERMANENT_FAILURE


class TechnicalError(ChannelError):
    """Nobody can be reached this way until our set-up is put right."""

    state = DeliveryState.TECHNICAL_FAILURE


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels with a message."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """One message for one person, ready to hand over.

    ``message_id`` is the same at every try, so that a receiver can tell a repeat.
    ``thread_id`` joins all messages about one case. ``html`` is optional; ``text`` is always complete.
    ``sent_at`` (aware) is the moment of sending that the reader sees.
    """

    message_id: str
    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    sent_at: datetime
    html: str | None = field(default=None, repr=False)
    thread_id: str | None = None
    attachments: tuple[Attachment, ...] = ()


class Channel(Protocol):
    """One way to reach a person."""

    name: ClassVar[str]

    def send(self, message: Message) -> None:
        """Hand ``message`` over for delivery. Raises :class:`ChannelError`."""
        ...
