"""A mailbox: everything that goes to one person over one channel, in one of two hurries, in one line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from moderation.alerts import SMS
from moderation.tasks import TaskKind


class Urgency(IntEnum):
    """How fast somebody has to be told. From ``urgent`` on at any hour; ``critical`` is danger to life."""

    ROUTINE = 0
    URGENT = 1
    CRITICAL = 2


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What waits for one person on one channel. One worker at a time empties it, so that it can be paced.

    What is urgent never waits behind what is not: it has a mailbox of its own.
    """

    recipient: str
    channel: str
    urgent: bool

    @property
    def key(self) -> str:
        """The key of the task that empties it."""
        return f"{self.recipient}:{self.channel}:{'urgent' if self.urgent else 'routine'}"

    @property
    def kind(self) -> TaskKind:
        """The kind of the task that empties it: each way of telling has threads of its own."""
        if self.channel == SMS:
            return TaskKind.DELIVER_TEXT
        return TaskKind.DELIVER_URGENT if self.urgent else TaskKind.DELIVER

    @classmethod
    def of(cls, key: str) -> Self:
        """Return the mailbox that a key names."""
        recipient, channel, hurry = key.rsplit(":", 2)
        return cls(recipient, channel, hurry == "urgent")
