"""A case: one person's words that the school has to deal with, from the first message to the close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from moderation.assessment import Assessment, Intent, Label, Route, Severity
from moderation.items import ItemId
from sla.clocks import StoppedHow

CaseId = NewType("CaseId", int)


class CaseState(StrEnum):
    """``taken`` means that someone is on it; only ``answered`` and ``closed`` end the school's duty."""

    NEW = "new"
    TAKEN = "taken"
    ANSWERED = "answered"
    CLOSED = "closed"


class CloseReason(StrEnum):
    """Why a person closed a case without a public answer. Each one says what its clock becomes."""

    NO_REPLY_NEEDED = "no_reply_needed"
    SPAM = "spam"
    WITHDRAWN = "withdrawn"
    ABUSE_HANDLED = "abuse_handled"
    MEDIA_POLICY = "media_policy"
    FALSE_ALARM = "false_alarm"
    DONE = "done"


class Act(StrEnum):
    """What happened to a case; the words of its history."""

    OPENED = "opened"
    JOINED = "joined"
    TAKEN = "taken"
    ANSWERED = "answered"
    NOTED = "noted"
    CLOSED = "closed"
    TOLD = "told"
    REDATED = "redated"
    EXCUSED = "excused"
    JUDGED = "judged"
    VIEWED = "viewed"
    ACTED = "acted"
    ESCALATED = "escalated"
    GIVEN_BACK = "given_back"
    FALSE_ALARM = "false_alarm"


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it is remembered. ``reference`` is what people call it, for example ``2026-0443``.

    ``excluded`` are the short names of those whom it is about: somebody else deals with it.
    """

    id: CaseId
    reference: str
    school: str
    account: str
    platform: str
    thread: int
    opening_item: ItemId
    state: CaseState
    severity: Severity
    labels: tuple[Label, ...]
    intent: Intent
    route: Route
    uncertain: bool
    opened_at: datetime
    taken_by: str | None
    taken_at: datetime | None = None
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Clock:
    """The promise of an answer, with everything that it was computed from. Facts only: status is derived.

    ``received_at`` is where the time starts; ``due_at`` is the last second that is still in time, None
    where no due time can be told: then ``why`` says what to put right. ``team_due_at`` counts the same
    promise from when we first saw the message, ``other_due_at`` by the reading that is not in force; None
    where that cannot be told. ``stopped_at`` with ``stopped_how`` says when and by what the duty ended.
    ``excused`` is the leadership's reason why a late answer could not be helped: it stands beside the
    lateness and never instead of it.
    """

    case: CaseId
    item: ItemId
    received_at: datetime
    due_at: datetime | None
    why: str
    trace: tuple[str, ...]
    rule_version: str
    calendar_version: str
    stopped_at: datetime | None = None
    stopped_how: StoppedHow | None = None
    answer_item: ItemId | None = None
    late_discovery: bool = False
    team_due_at: datetime | None = None
    other_due_at: datetime | None = None
    due_on_closed_day: bool = False
    excused: str | None = None


class IllegalMove(Exception):
    """The case cannot go there from where it is. The text says where it is and what can be done."""


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One line of a case's history. ``by`` is a person's short name, or ``socialduty``."""

    act: Act
    by: str
    at: datetime
    detail: str = ""


_MOVES: dict[Act, tuple[frozenset[CaseState], CaseState]] = {
    Act.TAKEN: (frozenset({CaseState.NEW}), CaseState.TAKEN),
    Act.ANSWERED: (frozenset({CaseState.NEW, CaseState.TAKEN}), CaseState.ANSWERED),
    Act.GIVEN_BACK: (frozenset({CaseState.TAKEN}), CaseState.NEW),
    Act.CLOSED: (frozenset({CaseState.NEW, CaseState.TAKEN, CaseState.ANSWERED}), CaseState.CLOSED),
}


def after(state: CaseState, act: Act) -> CaseState:
    """Return the state that ``act`` leads to from ``state``.

    Raises:
        IllegalMove: the case is past that; the text tells the person why.
    """
    allowed, target = _MOVES[act]
    if state not in allowed:
        raise IllegalMove(f"the case is already {state}, so it cannot be {act} any more")
    return target


def states_before(act: Act) -> frozenset[CaseState]:
    """Return the states from which ``act`` is legal: the condition of the update that carries it out."""
    return _MOVES[act][0]


def needs_a_person(said: Case | Assessment) -> bool:
    """Say whether somebody has to look, reply or no reply: it is serious, doubtful or for another desk."""
    return said.severity >= Severity.MEDIUM or said.route is not Route.MODERATOR or said.uncertain


def is_open(state: CaseState) -> bool:
    """Say whether the school still has something to do."""
    return state in (CaseState.NEW, CaseState.TAKEN)
