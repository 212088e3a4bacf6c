"""What every channel offers, and the errors it may raise.

ChannelError
    TemporaryError    waiting helps: the server is away, slow, or asked us to come back
        Unknown           the answer was lost after the message had left: it may have been taken
    PermanentError    waiting does not help: this address or this message is refused
    TechnicalError    our set-up is wrong: certificate, sign-in, settings

An error's text never holds an address, a name or words of a post.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol

from moderation.alerts import DeliveryState, Handed


class ChannelError(Exception):
    """A message could not be handed over. ``state`` is what its delivery becomes."""

    state: ClassVar[DeliveryState] = DeliveryState.TECHNICAL_FAILURE


class TemporaryError(ChannelError):
    """Waiting helps."""

    state = DeliveryState.TEMPORARY_FAILURE


class Unknown(TemporaryError):
    """The message may have been taken: ask before sending it again, where that can be asked."""


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

    ``to`` is what the channel sends to: an email address, a phone number as in ``+447700900417``, the
    address of a chat room. ``attempt`` counts the tries of this message, from 1.
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
    attempt: int = 1


class Channel(Protocol):
    """One way to reach a person."""

    @property
    def name(self) -> str:
        """What this way is called in the settings and on a delivery: ``email``, ``sms`` or ``chat``."""
        ...

    def send(self, message: Message) -> Handed:
        """Hand ``message`` over for delivery. Raises :class:`ChannelError`."""
        ...


class Tracked(Channel, Protocol):
    """A channel that can be asked later what became of a message."""

    def state_of(self, reference: str) -> DeliveryState | None:
        """Return where a message stands that was taken as ``reference``, ``None`` while that is open.

        Raises :class:`ChannelError`.
        """
        ...

    def find(self, message: Message) -> Handed | None:
        """Return what an earlier try of ``message`` came to, ``None`` when none is on its way or arrived.

        Raises :class:`ChannelError`.
        """
        ...
