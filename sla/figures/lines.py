"""The lines that a week is counted from, and what each counts as. Nobody who wrote is named in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.calendar import CLOSURE
from sla.outcomes import Outcome, StoppedHow, outcome


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One item as the report counts it. Times are UTC.

    ``outcome`` is that of the clock that the item belongs to, as it stands when the report is made.
    ``opener`` items started that clock; the others joined it or never had one. ``severity``, ``labels``,
    ``intent`` and ``route`` are the words of the assessment. ``late_discovery``: we saw it only after it
    was due. ``reason`` is why it is late, chosen by a person.

    ``due_at`` is None without a clock, and where an opener's calendar told no due time. The rest was kept
    with the clock when its due time was set, so that no later calendar rewrites a report. ``team_due_at``
    counts the promise from when we first saw the message, ``other_due_at`` by the reading that is not in
    force; None where that is not known. ``reading`` is the one that the clock runs by, empty without a
    clock. ``received_in_holidays``: see :func:`came_in_holidays`. ``excused`` is the leadership's reason: it
    stands beside the lateness.
    """

    item: int
    account: str
    platform: str
    received_at: datetime
    seen_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    stopped_how: StoppedHow | None
    outcome: Outcome
    opener: bool
    severity: str
    labels: tuple[str, ...]
    intent: str
    route: str
    reference: str | None = None
    late_discovery: bool = False
    due_on_closed_day: bool = False
    reason: str = ""
    team_due_at: datetime | None = None
    other_due_at: datetime | None = None
    reading: str = ""
    received_in_holidays: bool = False
    excused: str | None = None

    @property
    def has_no_deadline(self) -> bool:
        """An answer is owed and nobody can say until when."""
        return self.opener and self.due_at is None and self.outcome is Outcome.OPEN

    @property
    def is_exempt_by_person(self) -> bool:
        """Somebody said that it needs no reply; it was not exempt by itself."""
        return self.outcome is Outcome.NOT_NEEDED and self.stopped_how is StoppedHow.EXEMPT


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """How much of the week one account was watched. ``last_read`` is ``None`` when it never was."""

    account: str
    platform: str
    watched_minutes: int
    blind_minutes: int
    last_read: datetime | None

    @property
    def is_blind_all_week(self) -> bool:
        """Nothing is known about the account: its figures are not measured."""
        return self.watched_minutes == 0 and self.blind_minutes > 0

    @property
    def blind_for(self) -> timedelta:
        """How long nobody could have seen what arrived."""
        return timedelta(minutes=self.blind_minutes)


def team_outcome(line: ReportLine, now: datetime) -> Outcome:
    """Return what a line counts as when the time runs from when we first saw the message.

    It can only clear what is late: what was in time for its author was in time for us too. Where it is
    not known when the time would have ended, the line counts as it does by the policy.
    """
    if line.outcome is not Outcome.LATE or line.team_due_at is None:
        return line.outcome
    return outcome(line.team_due_at, line.stopped_at, line.stopped_how, now)


def other_outcome(line: ReportLine, now: datetime) -> Outcome:
    """Return what a line counts as by the reading that is not in force.

    A line that keeps no due time by that reading counts as it does by the reading in force.
    """
    if line.other_due_at is None:
        return line.outcome
    return outcome(line.other_due_at, line.stopped_at, line.stopped_how, now)


def came_in_holidays(trace: Iterable[str]) -> bool:
    """Say by a clock's trace whether its message came while the school was closed by its own calendar.

    The weekend at the beginning of a half term and the bank holidays inside one belong to it: the day of
    receipt is closed, and a school closure lies before the next working day.
    """
    for entry in trace:
        day, _, state = entry.partition("=")
        if not day[:1].isdigit():
            continue  # the times and the basis stand beside the days
        if state == "working":
            return False
        if state.startswith(CLOSURE):
            return True
    return False
