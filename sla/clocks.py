"""Which messages of a thread the school owes an answer, since when, until when, and what became of it.

Everything is computed from stored facts. The order in which they were learnt, and how often, changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sla.calendar import NoDeadlineError
from sla.deadline import Deadline, deadline
from sla.messages import Fact, FactKind, Message, MessageKind, kind_of, refuse_naive
from sla.outcomes import ClockState, Outcome, SlaStatus, StoppedHow, outcome, outcome_of, status
from sla.threads import Thread, ThreadRules, prepared, steps
from sla.timeline import Step, Wait, waits

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
    "ThreadRules",
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
    ``late_discovery``: we saw it only after it was due. ``auto_acknowledged``: an automatic reply went out.
    ``answer_removed``: the answer was deleted later; it stands all the same. ``edited_after_answer``: what
    was answered reads differently now, so a person should look. ``by_staff``: somebody who works at the
    school wrote it from a personal account, which answers nobody and calls for an alert.
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
    edited_after_answer: bool = False
    time_doubtful: bool = False
    by_staff: bool = False


def evaluate(
    messages: Iterable[Message], facts: Iterable[Fact], rules: ThreadRules, now: datetime
) -> dict[str, Clock]:
    """Return the clock of every message of one thread, by message id, in the order of ``messages``.

    1. Messages that ask for no answer get none: the school's own, emoji alone, one parent to another.
    2. Every author has at most one running clock: it starts with the earliest unanswered message, later
       ones join it, and a message after an answer starts the next.
    3. An answer by the school to any of the author's messages, or naming the author, stops it; so do a
       private or recorded answer, a mark on its first message, confirmed abuse in any of them, or the end
       of them all. What a person decides covers the messages that had been seen by then.
    4. What ends after the due time stays late, whatever ended it.

    Raises:
        ValueError: ``now`` is naive.
    """
    refuse_naive(now)
    thread = prepared(messages, facts, rules)
    clocks: dict[str, Clock | None] = {
        message.id: _without_clock(message, thread) for message in thread.known.values()
    }
    timelines: defaultdict[str, list[Step]] = defaultdict(list)
    for author, step in steps(thread, {name for name, clock in clocks.items() if clock is None}):
        timelines[author].append(step)
    for timeline in timelines.values():
        for wait in waits(timeline, thread.known, thread.noticed):
            clocks[wait.opener.id] = _clock_of(wait, thread, now)
            for message in wait.messages[1:]:
                clocks[message.id] = _joined(message, wait.opener)
    return {name: clock for name, clock in clocks.items() if clock is not None}


def _without_clock(message: Message, thread: Thread) -> Clock | None:
    """Return the clock of a message that asks for no answer; None when the school owes or promised one.

    A tag of the school itself is no tagged friend: with a photo it may be all that a parent sends.
    """
    rules = thread.rules
    if message.promised:
        return None
    named = message.names_school or not rules.own.isdisjoint(message.mentions)
    by_staff, state = False, None
    if message.by in thread.voices or (rules.go_live is not None and message.received < rules.go_live):
        state = ClockState.NONE
    elif message.by in rules.staff:
        by_staff, state = True, ClockState.NONE
    elif message.kind is MessageKind.EMOJI or (message.kind is MessageKind.TAG and not named):
        state = ClockState.EXEMPT
    elif not named and _is_to_another_parent(message, thread):
        state = ClockState.NONE
    if state is None:
        return None
    return Clock(state, message.received, by_staff=by_staff, time_doubtful=message.time_doubtful)


def _is_to_another_parent(message: Message, thread: Thread) -> bool:
    addressed = thread.author_replied_to(message)
    return addressed is not None and addressed not in {message.by} | thread.voices | thread.rules.staff


def _clock_of(wait: Wait, thread: Thread, now: datetime) -> Clock:
    opener, due = wait.opener, _due(wait.opener, thread.rules)
    acked = wait.stopped_at if wait.how in {StoppedHow.ANSWERED, StoppedHow.RECORDED} else None
    return Clock(
        state=_state(due, wait, now),
        received=opener.received,
        due=due,
        acked=acked,
        acked_by_message=wait.answer,
        late_discovery=due is not None and opener.seen.replace(microsecond=0) > due.due,
        stopped_at=wait.stopped_at,
        stopped_how=wait.how,
        auto_acknowledged=wait.auto_at,
        answer_removed=wait.answer in thread.removed,
        edited_after_answer=acked is not None
        and any(thread.edited.get(message.id, acked) > acked for message in wait.messages),
        time_doubtful=opener.time_doubtful,
    )


def _due(opener: Message, rules: ThreadRules) -> Deadline | None:
    try:
        return deadline(opener.received, rules.target, rules.calendar)
    except NoDeadlineError:
        return None


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
