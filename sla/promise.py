"""What the school owes for one message, in every way in which the report counts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sla.calendar import NoDeadlineError, SchoolCalendar
from sla.deadline import Deadline, deadline
from sla.target import ResponseTarget, other_reading


@dataclass(frozen=True, slots=True)
class Promise:
    """The due time in force, and the two that are shown beside it (UTC, whole seconds).

    ``team_due`` counts the same promise from when we first saw the message: what the people who answer
    could do. ``other_due`` is the due time under the reading that is not in force. Either is None where it
    cannot be told. All three are kept with the clock, so that a later calendar never rewrites a report.
    """

    deadline: Deadline
    team_due: datetime | None
    other_due: datetime | None


def promise(received: datetime, seen: datetime, target: ResponseTarget, calendar: SchoolCalendar) -> Promise:
    """Return what is owed for a message received at ``received`` that we first saw at ``seen``.

    Raises:
        ValueError: a time is naive.
        NoDeadlineError: no due time can be told.
    """
    made = deadline(received, target, calendar)
    other = other_reading(target)
    return Promise(
        deadline=made,
        team_due=_due(max(received, seen), target, calendar),
        other_due=None if other is None else _due(received, other, calendar),
    )


def _due(moment: datetime, target: ResponseTarget, calendar: SchoolCalendar) -> datetime | None:
    try:
        return deadline(moment, target, calendar).due
    except NoDeadlineError:
        return None
