"""One author's time in one thread: when they began to wait for an answer, and what ended each wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from sla.messages import Message
from sla.outcomes import StoppedHow

_STRONGEST_END = (StoppedHow.HELD, StoppedHow.EXEMPT, StoppedHow.WITHDRAWN)
"""When messages of one wait ended differently, what the school did counts before what the author did."""


class Act(IntEnum):
    """What a step does. At one and the same moment they are taken in this order.

    An answer comes before a comment of the same second, which so starts a new wait: the safer reading.
    Only a comment that is itself answered in that second comes first.
    """

    COMMENT_ANSWERED_AT_ONCE = 0
    ANSWER = 1
    AUTO = 2
    COMMENT = 3
    END_MESSAGE = 4
    END_WAIT = 5


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One step at ``at``. ``id`` is the comment, the public answer, or the message that ended."""

    at: datetime
    act: Act
    id: str
    how: StoppedHow = StoppedHow.ANSWERED


@dataclass(slots=True)
class Wait:
    """One author waiting for an answer: since which message, which ones joined, and how it ended."""

    opener: Message
    joined: list[Message] = field(default_factory=list)
    ended: dict[str, StoppedHow] = field(default_factory=dict)
    auto_at: datetime | None = None
    stopped_at: datetime | None = None
    how: StoppedHow | None = None
    answer: str | None = None
    ids: set[str] = field(default_factory=set)

    def join(self, message: Message) -> None:
        """Let a later message of the same author wait with the first."""
        self.joined.append(message)
        self.ids.add(message.id)

    def take(self, step: Step) -> None:
        """Let a step that is no comment change the wait."""
        match step.act:
            case Act.ANSWER:
                self._stop(step.at, step.how)
                self.answer = step.id or None
            case Act.AUTO:
                self.auto_at = self.auto_at or step.at
            case Act.END_WAIT if step.id == self.opener.id:
                self._stop(step.at, step.how)
            case _:
                self._end_message(step)

    def _end_message(self, step: Step) -> None:
        if step.id == self.opener.id or step.id in self.ids:
            self.ended.setdefault(step.id, step.how)
        if len(self.ended) == 1 + len(self.ids):
            self._stop(step.at, min(self.ended.values(), key=_STRONGEST_END.index))

    def _stop(self, at: datetime, how: StoppedHow) -> None:
        self.stopped_at, self.how = at, how


def waits(steps: Iterable[Step], known: Mapping[str, Message]) -> Iterator[Wait]:
    """Yield one author's waits in order; an answer to nobody who waits changes nothing."""
    wait: Wait | None = None
    for step in sorted(steps):
        if step.act in {Act.COMMENT, Act.COMMENT_ANSWERED_AT_ONCE}:
            if wait is None:
                wait = Wait(known[step.id])
            else:
                wait.join(known[step.id])
        elif wait is not None:
            wait.take(step)
            if wait.stopped_at is not None:
                yield wait
                wait = None
    if wait is not None:
        yield wait
