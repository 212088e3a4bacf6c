"""Which messages of a thread the school owes an answer, since when, until when, and what became of it.

Everything is computed from stored facts. The order in which they were learnt, and how often, changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from sla.calendar import NoDeadlineError, SchoolCalendar
from sla.deadline import Deadline, deadline
from sla.messages import Fact, FactKind, Message, MessageKind, kind_of, refuse_naive
from sla.outcomes import ClockState, Outcome, SlaStatus, StoppedHow, outcome, outcome_of, status
from sla.target import ResponseTarget
from sla.timeline import Act, Step, Wait, waits

__all__ = [
    "Clock",
    "ClockState",
    "Fact",
    "FactKind",
    "Message",
    "MessageKind",
    "Outcome",
    "SlaStatus",
    "StoppedHow",
    "evaluate",
    "kind_of",
    "outcome",
    "outcome_of",
    "status",
]


@dataclass(frozen=True, slots=True)
class Clock:
    """What the school owes for one message, and what became of it.

    ``due`` is None where no clock runs and where no due time can be told. ``acked`` is when the author got
    an answer, ``acked_by_message`` the public one. ``stopped_at`` and ``stopped_how`` say how the wait
    ended, whatever ended it. ``opener`` is the earlier message that a joined one waits with.
    ``late_discovery``: we saw it only after it was due. ``auto_acknowledged``: an automatic reply went
    out, which is no answer. ``answer_removed``: the answer was deleted later; it stands all the same.
    """

    state: ClockState
    received: datetime
    due: Deadline | None = None
    acked: datetime | None = None
    acked_by_message: str | None = None
    opener: str | None = None
    late_discovery: bool = False
    stopped_at: datetime | None = None
    stopped_how: StoppedHow | None = None
    auto_acknowledged: datetime | None = None
    answer_removed: bool = False
    time_doubtful: bool = False


def evaluate(  # noqa: PLR0913 - a thread, its facts and the six things that they are judged by
    messages: Iterable[Message],
    facts: Iterable[Fact],
    *,
    own: frozenset[str],
    responders: frozenset[str],
    target: ResponseTarget,
    calendar: SchoolCalendar,
    now: datetime,
    go_live: datetime | None,
) -> dict[str, Clock]:
    """Return the clock of every message of one thread, by message id.

    1. Messages that ask for no answer get none: the school's own, emoji alone, one parent to another.
    2. Every author has at most one running clock: it starts with the earliest unanswered message, later
       ones join it, and a message after an answer starts the next.
    3. An answer by ``own`` or ``responders`` to any of the author's messages, or naming the author, stops
       it; so do a private or recorded answer, a mark on its first message, or the end of all its messages.
    4. What ends after the due time stays late, whatever ended it.
    ``go_live``: older messages get no clock.
    """
    refuse_naive(now, go_live)
    known = _once(messages)
    happened = tuple(facts)
    thread = _Thread(known, own, own | responders, _automatic(happened), go_live)
    clocks: dict[str, Clock] = {}
    timelines: defaultdict[str, list[Step]] = defaultdict(list)
    for message in known.values():
        if (state := _state_without_clock(message, thread)) is not None:
            clocks[message.id] = Clock(state, message.received, time_doubtful=message.time_doubtful)
    for author, step in _steps(thread, happened, waiting=known.keys() - clocks.keys()):
        timelines[author].append(step)
    removed = {fact.of for fact in happened if fact.kind is FactKind.DELETE}
    for steps in timelines.values():
        for wait in waits(steps, known):
            clocks[wait.opener.id] = _clock_of(wait, _due(wait.opener, target, calendar), now, removed)
            for message in wait.joined:
                clocks[message.id] = _joined(message, wait.opener)
    return clocks


# What each message is


@dataclass(frozen=True, slots=True)
class _Thread:
    """``voices`` are all who speak for the school; ``automatic`` are messages that no person wrote."""

    known: Mapping[str, Message]
    own: frozenset[str]
    voices: frozenset[str]
    automatic: frozenset[str]
    go_live: datetime | None


def _once(messages: Iterable[Message]) -> dict[str, Message]:
    """Return every message once, as it was first seen: platforms tell the same thing many times."""
    known: dict[str, Message] = {}
    for message in messages:
        before = known.get(message.id)
        if before is None or (message.seen, repr(message)) < (before.seen, repr(before)):
            known[message.id] = message
    return known


def _automatic(facts: Iterable[Fact]) -> frozenset[str]:
    return frozenset(fact.of for fact in facts if fact.kind is FactKind.AUTO)


def _state_without_clock(message: Message, thread: _Thread) -> ClockState | None:
    """Return the state of a message that asks for no answer; None when the school owes one.

    A tag of the school itself is no tagged friend: with a photo it may be all that a parent sends.
    """
    if message.by in thread.voices:
        return ClockState.NONE
    if thread.go_live is not None and message.received < thread.go_live:
        return ClockState.NONE
    names_school = message.names_school or not thread.own.isdisjoint(message.mentions)
    if message.kind is MessageKind.EMOJI or (message.kind is MessageKind.TAG and not names_school):
        return ClockState.EXEMPT
    if not names_school and _is_to_another_parent(message, thread):
        return ClockState.NONE
    return None


def _is_to_another_parent(message: Message, thread: _Thread) -> bool:
    addressed = _parent_author(message, thread)
    return addressed is not None and addressed != message.by and addressed not in thread.voices


def _parent_author(message: Message, thread: _Thread) -> str | None:
    parent = None if message.parent_id is None else thread.known.get(message.parent_id)
    return message.parent_by if parent is None else parent.by


# What happened to each message

_ENDS = {
    FactKind.SPAM: (Act.END_WAIT, StoppedHow.EXEMPT),
    FactKind.NO_REPLY: (Act.END_WAIT, StoppedHow.EXEMPT),
    FactKind.HELD: (Act.END_WAIT, StoppedHow.HELD),
    FactKind.HIDE: (Act.END_MESSAGE, StoppedHow.HELD),
    FactKind.DELETE: (Act.END_MESSAGE, StoppedHow.WITHDRAWN),
}


def _steps(thread: _Thread, facts: Iterable[Fact], waiting: Set[str]) -> Iterator[tuple[str, Step]]:
    """Yield every step with the author whose timeline it belongs to."""
    answered_at_once = {
        (message.parent_id, message.received)
        for message in thread.known.values()
        if message.by in thread.voices
    }
    for message in thread.known.values():
        if message.id in waiting:
            at_once = (message.id, message.received) in answered_at_once
            act = Act.COMMENT_ANSWERED_AT_ONCE if at_once else Act.COMMENT
            yield message.by, Step(message.received, act, message.id)
        for author in _addressed(message, thread):
            act = Act.AUTO if message.id in thread.automatic else Act.ANSWER
            yield author, Step(message.received, act, message.id)
    for fact in facts:
        message_of = thread.known.get(fact.of)
        if message_of is not None and (step := _step_of(fact, message_of, thread)) is not None:
            yield message_of.by, step


def _addressed(message: Message, thread: _Thread) -> set[str]:
    """Return whom a message of the school answers: the author it replies to, and those it names."""
    if message.by not in thread.voices:
        return set()
    replied_to = _parent_author(message, thread)
    return {*message.mentions, *(() if replied_to is None else (replied_to,))} - thread.voices


def _step_of(fact: Fact, message: Message, thread: _Thread) -> Step | None:
    """Return what a fact does to its author's wait; None for what changes nothing (edits, reactions)."""
    if fact.kind is FactKind.ACKED:
        return Step(fact.at, Act.ANSWER, "", StoppedHow.RECORDED)
    if fact.kind is FactKind.PRIVATE and (fact.by is None or fact.by in thread.voices):
        return Step(fact.at, Act.ANSWER, "")
    if fact.kind is FactKind.AUTO:
        return Step(fact.at, Act.AUTO, "")
    if fact.kind not in _ENDS:
        return None
    act, how = _ENDS[fact.kind]
    if fact.kind is FactKind.DELETE and fact.by in thread.voices:
        how = StoppedHow.HELD
    return Step(max(fact.at, message.received), act, message.id, how)


# The clocks


def _due(opener: Message, target: ResponseTarget, calendar: SchoolCalendar) -> Deadline | None:
    try:
        return deadline(opener.received, target, calendar)
    except NoDeadlineError:
        return None


def _clock_of(wait: Wait, due: Deadline | None, now: datetime, removed: set[str]) -> Clock:
    opener, acked = wait.opener, wait.how in {StoppedHow.ANSWERED, StoppedHow.RECORDED}
    return Clock(
        state=_state(due, wait, now),
        received=opener.received,
        due=due,
        acked=wait.stopped_at if acked else None,
        acked_by_message=wait.answer,
        late_discovery=due is not None and opener.seen.replace(microsecond=0) > due.due,
        stopped_at=wait.stopped_at,
        stopped_how=wait.how,
        auto_acknowledged=wait.auto_at,
        answer_removed=wait.answer in removed,
        time_doubtful=opener.time_doubtful,
    )


def _state(due: Deadline | None, wait: Wait, now: datetime) -> ClockState:
    match outcome(None if due is None else due.due, wait.stopped_at, wait.how, now):
        case Outcome.LATE:
            return ClockState.OVERDUE if wait.stopped_at is None else ClockState.LATE
        case Outcome.NOT_NEEDED:
            return ClockState.EXEMPT
        case Outcome.HELD:
            return ClockState.MODERATED
        case same:
            return ClockState(same)


def _joined(message: Message, opener: Message) -> Clock:
    return Clock(ClockState.JOINED, message.received, opener=opener.id, time_doubtful=message.time_doubtful)
