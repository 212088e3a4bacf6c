"""A thread made ready for judging: every message once, who speaks for the school, and who was told what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from sla.calendar import SchoolCalendar
from sla.messages import Fact, FactKind, Message, refuse_naive
from sla.outcomes import StoppedHow
from sla.target import ResponseTarget
from sla.timeline import Act, Step

_DECISIONS = {
    FactKind.SPAM: (Act.EXEMPT, StoppedHow.EXEMPT),
    FactKind.NO_REPLY: (Act.EXEMPT, StoppedHow.EXEMPT),
    FactKind.HELD: (Act.HOLD, StoppedHow.HELD),
}
"""What a person decides about a message, and so about the wait that it opened."""


@dataclass(frozen=True, slots=True)
class ThreadRules:
    """What the threads of one account are judged by: who speaks for the school, and what it promised.

    ``own`` are the author ids of the school itself, ``responders`` those of people authorised to answer for
    it, ``staff`` the personal accounts of people who work there. Messages from before ``go_live`` get no
    clock. ``auto_ack_counts`` lets an automatic acknowledgement count as an answer: every figure is then
    nearly perfect and says little, so it is off unless a school decides otherwise.

    Raises:
        ValueError: ``go_live`` is naive.
    """

    own: frozenset[str]
    target: ResponseTarget
    calendar: SchoolCalendar
    responders: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    go_live: datetime | None = None
    auto_ack_counts: bool = False

    def __post_init__(self) -> None:
        refuse_naive(self.go_live)


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread made ready: every message once, all who speak for the school, and what is asked of the facts.

    ``automatic`` are the messages that no person wrote, ``removed`` those that were deleted. ``noticed`` says
    when somebody on our side first saw each message, ``edited`` when a message was last changed.
    """

    known: Mapping[str, Message]
    facts: tuple[Fact, ...]
    rules: ThreadRules
    voices: frozenset[str]
    automatic: frozenset[str]
    removed: frozenset[str]
    noticed: Mapping[str, datetime]
    edited: Mapping[str, datetime]

    def author_replied_to(self, message: Message) -> str | None:
        """Return whose message this one replies to; None for a post of the school, or when nobody knows."""
        parent = None if message.parent_id is None else self.known.get(message.parent_id)
        return message.parent_by if parent is None else parent.by


def prepared(messages: Iterable[Message], facts: Iterable[Fact], rules: ThreadRules) -> Thread:
    """Return the thread made ready for judging by ``rules``."""
    known, happened = _once(messages), tuple(facts)
    noticed = {message.id: message.seen for message in known.values()}
    edited: dict[str, datetime] = {}
    for fact in happened:
        if fact.of in noticed and fact.kind in _DECISIONS:
            # Whoever decided on a message had seen it, whatever the poll says.
            noticed[fact.of] = min(noticed[fact.of], fact.at)
        elif fact.kind is FactKind.EDIT:
            edited[fact.of] = max(edited.get(fact.of, fact.at), fact.at)
    return Thread(
        known=known,
        facts=happened,
        rules=rules,
        voices=rules.own | rules.responders,
        automatic=frozenset(fact.of for fact in happened if fact.kind is FactKind.AUTO),
        removed=frozenset(fact.of for fact in happened if fact.kind is FactKind.DELETE),
        noticed=noticed,
        edited=edited,
    )


def _once(messages: Iterable[Message]) -> dict[str, Message]:
    """Return every message once, as it was first seen: platforms tell the same thing many times.

    A platform's time counts as soon as any delivery told it.
    """
    known: dict[str, Message] = {}
    seen: dict[str, datetime] = {}
    for message in messages:
        before = known.setdefault(message.id, message)
        seen[message.id] = min(seen.get(message.id, message.seen), message.seen)
        if before != message:
            known[message.id] = min(
                before, message, key=lambda each: (each.at is None, each.seen, repr(each))
            )
    return {
        name: message if message.seen == seen[name] else replace(message, seen=seen[name])
        for name, message in known.items()
    }


def steps(thread: Thread, waiting: AbstractSet[str]) -> Iterator[tuple[str, Step]]:
    """Yield every step with the author whose timeline it belongs to.

    ``waiting`` are the ids of the messages that ask for an answer.
    """
    at_once = _answered_at(thread)
    # Who was promised an answer is waiting for it, even if that person speaks for the school by now.
    nobody = thread.voices - {thread.known[name].by for name in waiting}
    for message in thread.known.values():
        if message.id in waiting:
            answered = (message.id, message.received) in at_once
            act = Act.COMMENT_ANSWERED_AT_ONCE if answered else Act.COMMENT
            yield message.by, Step(message.received, act, message.id)
        for author in _addressed(message, thread) - nobody:
            act = _automatic_act(thread) if message.id in thread.automatic else Act.ANSWER
            yield author, Step(message.received, act, message.id)
    for fact in thread.facts:
        about = thread.known.get(fact.of)
        if about is not None and (step := _step_of(fact, about, thread)) is not None:
            yield about.by, step


def _answered_at(thread: Thread) -> set[tuple[str | None, datetime]]:
    """Return which message was answered when, directly: such an answer never came before its message."""
    replies = {
        (message.parent_id, message.received)
        for message in thread.known.values()
        if message.by in thread.voices and message.id not in thread.automatic
    }
    return replies | {(fact.of, fact.at) for fact in thread.facts if _is_answer(fact, thread)}


def _addressed(message: Message, thread: Thread) -> set[str]:
    """Return whom a message of the school answers: the author it replies to, and those it names."""
    if message.by not in thread.voices:
        return set()
    replied_to = thread.author_replied_to(message)
    return {*message.mentions, *(() if replied_to is None else (replied_to,))} - {message.by}


def _step_of(fact: Fact, message: Message, thread: Thread) -> Step | None:
    """Return what a fact does to its author's wait; None for what changes nothing (edits, reactions)."""
    if _is_answer(fact, thread):
        recorded = fact.kind is FactKind.ACKED
        return Step(fact.at, Act.ANSWER, "", StoppedHow.RECORDED if recorded else StoppedHow.ANSWERED)
    if fact.kind is FactKind.AUTO:
        return Step(fact.at, _automatic_act(thread), "")
    end = _end(fact, thread)
    return None if end is None else Step(max(fact.at, message.received), end[0], message.id, end[1])


def _end(fact: Fact, thread: Thread) -> tuple[Act, StoppedHow] | None:
    """Return how a fact ends its message. Only the school hides; who deletes unnamed is the author."""
    by_school = fact.by in thread.voices
    if fact.kind is FactKind.HIDE and (by_school or fact.by is None):
        return Act.GO, StoppedHow.HELD
    if fact.kind is FactKind.DELETE:
        return Act.GO, StoppedHow.HELD if by_school else StoppedHow.WITHDRAWN
    return _DECISIONS.get(fact.kind)


def _is_answer(fact: Fact, thread: Thread) -> bool:
    """Whether the author got an answer that is no message of the thread. Nobody named means the school."""
    if fact.kind is FactKind.PRIVATE:
        return fact.by is None or fact.by in thread.voices
    return fact.kind is FactKind.ACKED


def _automatic_act(thread: Thread) -> Act:
    return Act.AUTO_ANSWER if thread.rules.auto_ack_counts else Act.AUTO
