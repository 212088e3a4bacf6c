"""How a wait can end, and what the lists and the weekly report call it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

MOST_OF_DUE_SOON = timedelta(hours=4)


class ClockState(StrEnum):
    """``late`` ended after its time, ``overdue`` still waits; ``joined`` waits with an earlier message."""

    MET = "met"
    LATE = "late"
    OPEN = "open"
    OVERDUE = "overdue"
    WITHDRAWN = "withdrawn"
    MODERATED = "moderated"
    EXEMPT = "exempt"
    JOINED = "joined"
    NONE = "none"


class StoppedHow(StrEnum):
    """What ended a wait."""

    ANSWERED = "answered"
    RECORDED = "recorded"
    EXEMPT = "exempt"
    WITHDRAWN = "withdrawn"
    HELD = "held"


class Outcome(StrEnum):
    """What the weekly report counts: received = met + late + open + withdrawn + not needed + held."""

    MET = "met"
    LATE = "late"
    OPEN = "open"
    WITHDRAWN = "withdrawn"
    NOT_NEEDED = "not_needed"
    HELD = "held"


class SlaStatus(StrEnum):
    """How urgent an answer is, for lists and reminders."""

    RUNNING = "running"
    DUE_SOON = "due_soon"
    LATE = "late"
    MET = "met"


def outcome(
    due: datetime | None, stopped_at: datetime | None, stopped_how: StoppedHow | None, now: datetime
) -> Outcome:
    """Return what the report counts a clock as. The due second is in time; fractions are dropped.

    After the due time nothing but "late" is left: no exemption, withdrawal or hold clears history.
    ``due`` is None when no due time can be told: such a clock is never late.

    Raises:
        ValueError: it stopped, and nobody says how.
    """
    if due is not None and (stopped_at or now).replace(microsecond=0) > due:
        return Outcome.LATE
    if stopped_at is None:
        return Outcome.OPEN
    match stopped_how:
        case None:
            raise ValueError("a clock that stopped needs to say how it was stopped")
        case StoppedHow.ANSWERED | StoppedHow.RECORDED:
            return Outcome.MET
        case StoppedHow.EXEMPT:
            return Outcome.NOT_NEEDED
        case StoppedHow.WITHDRAWN:
            return Outcome.WITHDRAWN
        case StoppedHow.HELD:
            return Outcome.HELD
        case _:
            assert_never(stopped_how)


def outcome_of(state: ClockState) -> Outcome:
    """Return what the report counts a state as. Joined messages and those without a clock need no answer."""
    return _OUTCOMES[state]


def status(received: datetime, due: datetime, stopped_at: datetime | None, now: datetime) -> SlaStatus:
    """Return how urgent an answer is.

    ``due_soon`` begins when less than a quarter of the time from ``received`` to ``due`` is left, or less
    than 4 hours, whichever is the shorter.
    """
    if (stopped_at or now).replace(microsecond=0) > due:
        return SlaStatus.LATE
    if stopped_at is not None:
        return SlaStatus.MET
    if due - now < min((due - received) / 4, MOST_OF_DUE_SOON):
        return SlaStatus.DUE_SOON
    return SlaStatus.RUNNING


_OUTCOMES = {
    ClockState.MET: Outcome.MET,
    ClockState.LATE: Outcome.LATE,
    ClockState.OVERDUE: Outcome.LATE,
    ClockState.OPEN: Outcome.OPEN,
    ClockState.WITHDRAWN: Outcome.WITHDRAWN,
    ClockState.MODERATED: Outcome.HELD,
    ClockState.EXEMPT: Outcome.NOT_NEEDED,
    ClockState.JOINED: Outcome.NOT_NEEDED,
    ClockState.NONE: Outcome.NOT_NEEDED,
}
