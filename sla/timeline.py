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
    Only a comment that is itself answered in that second comes first. Automatic replies come at once, so
    they follow the comment. ``GO`` ends one message, ``EXEMPT`` and ``HOLD`` are what a person decides.
    """

    COMMENT_ANSWERED_AT_ONCE = 0
    ANSWER = 1
    COMMENT = 2
    AUTO = 3
    AUTO_ANSWER = 4
    GO = 5
    EXEMPT = 6
    HOLD = 7


_COMMENTS = frozenset({Act.COMMENT, Act.COMMENT_ANSWERED_AT_ONCE})


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One step at ``at``. ``id`` is the comment, the public answer, or the message that something befell."""

    at: datetime
    act: Act
    id: str
    how: StoppedHow = StoppedHow.ANSWERED


@dataclass(slots=True)
class Wait:
    """One author waiting for one answer: the messages that ask for it, the earliest first, and its end."""

    messages: list[Message]
    ids: set[str] = field(init=False)
    ended: dict[str, StoppedHow] = field(default_factory=dict)
    auto_at: datetime | None = None
    stopped_at: datetime | None = None
    how: StoppedHow | None = None
    answer: str | None = None

    def __post_init__(self) -> None:
        self.ids = {message.id for message in self.messages}

    @property
    def opener(self) -> Message:
        """The message that the wait counts from."""
        return self.messages[0]

    def join(self, message: Message) -> None:
        """Let a later message of the same author wait with the first."""
        self.messages.append(message)
        self.ids.add(message.id)

    def take(self, step: Step, noticed: Mapping[str, datetime]) -> Wait | None:
        """Let a step that is no comment change the wait; return what still waits once it has ended."""
        match step.act:
            case Act.ANSWER:
                self._answer(step)
            case Act.AUTO | Act.AUTO_ANSWER:
                self.auto_at = self.auto_at or step.at
                if step.act is Act.AUTO_ANSWER:
                    self._answer(step)
            case Act.EXEMPT if step.id == self._first_noticed(step.at, noticed):
                return self._decide(step, noticed)
            case Act.HOLD if step.id in self.ids:
                return self._decide(step, noticed)
            case _:
                self._end_message(step)
        return None

    def _answer(self, step: Step) -> None:
        self._stop(step.at, step.how)
        self.answer = step.id or None

    def _first_noticed(self, at: datetime, noticed: Mapping[str, datetime]) -> str | None:
        return next((message.id for message in self.messages if noticed[message.id] <= at), None)

    def _decide(self, step: Step, noticed: Mapping[str, datetime]) -> Wait | None:
        """End the wait as a person decided. What nobody had seen by then waits on: no one decided on it."""
        unseen = [each for each in self.messages if noticed[each.id] > step.at and each.id not in self.ended]
        if unseen:
            rest = {each.id for each in unseen}
            self.messages = [each for each in self.messages if each.id not in rest]
        self._stop(step.at, step.how)
        return Wait(unseen) if unseen else None

    def _end_message(self, step: Step) -> None:
        if step.id in self.ids:
            self.ended.setdefault(step.id, step.how)
        if len(self.ended) == len(self.ids):
            self._stop(step.at, min(self.ended.values(), key=_STRONGEST_END.index))

    def _stop(self, at: datetime, how: StoppedHow) -> None:
        self.stopped_at, self.how = at, how


def waits(
    steps: Iterable[Step], known: Mapping[str, Message], noticed: Mapping[str, datetime]
) -> Iterator[Wait]:
    """Yield one author's waits; an answer to nobody who waits changes nothing.

    ``known`` are the messages by id, ``noticed`` says when somebody on our side first saw each of them.
    """
    wait: Wait | None = None
    for step in sorted(steps):
        if step.act in _COMMENTS:
            if wait is None:
                wait = Wait([known[step.id]])
            else:
                wait.join(known[step.id])
        elif wait is not None:
            rest = wait.take(step, noticed)
            if wait.stopped_at is not None:
                yield wait
                wait = rest
    if wait is not None:
        yield wait
