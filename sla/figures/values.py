"""The figures of one week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sla.figures.lines import CoverageLine, ReportLine

ENOUGH = 5
"""Below this many replies a percentage says more than is known: "3 of 4" is said instead."""

NO_REASON = "no reason given"
"""What a late reply says whose reason nobody recorded."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The promise in one week, by the week in which an answer was due.

    ``late`` were answered after that, or not at all. ``running`` are not due yet. The last three are
    clocks that ended without an answer being owed; they are shown beside the rate, never inside it.
    """

    week: str
    met: int
    late: int
    running: int
    withdrawn: int = 0
    not_needed: int = 0
    held: int = 0

    @property
    def due(self) -> int:
        """The replies that fell due in the week."""
        return self.met + self.late + self.running

    @property
    def decided(self) -> int:
        """The replies of which it is known whether they were in time."""
        return self.met + self.late

    @property
    def percent(self) -> int | None:
        """Whole percent in time, rounded down so that 100 means all; ``None`` for fewer than five."""
        return self.met * 100 // self.decided if self.decided >= ENOUGH else None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """What was received on one account in the week, and what became of it."""

    account: str
    received: int
    met: int
    late: int
    open: int
    withdrawn: int
    not_needed: int
    held: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many items received in the week are called ``name``."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class RouteRow:
    """What was received for one desk in the week, and how much of it is late."""

    route: str
    received: int
    late: int


@dataclass(frozen=True, slots=True)
class DayRow:
    """The replies that fell due on one day."""

    day: date
    met: int
    late: int
    running: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long people waited whose reply fell due in the week, in elapsed hours, closed days included.

    Whoever is still without an answer has waited until now. ``None`` when nobody waited.
    """

    people: int
    unanswered: int
    median_hours: float | None
    longest_hours: float | None


@dataclass(frozen=True, slots=True)
class LateLine:
    """One late reply. ``reason`` is empty where the leadership's excuse says why."""

    reference: str
    account: str
    due_at: datetime
    waited: timedelta
    is_answered: bool
    late_discovery: bool
    due_on_closed_day: bool
    reason: str
    excused: str | None


@dataclass(frozen=True, slots=True)
class Marks:
    """How many of the late replies carry a mark. It explains the lateness and takes nothing away from it.

    ``late_discovery``: we saw the message only after its answer was due. ``due_on_closed_day``: the
    promise ended on a day when nobody works. ``excused``: the leadership said why it could not be helped.
    """

    late_discovery: int
    due_on_closed_day: int
    excused: int


@dataclass(frozen=True, slots=True)
class Exempt:
    """How the items received in the week that needed no reply came to need none.

    ``automatically``: there was nothing in them to answer, so they never had a clock. ``by_person``:
    somebody said so before an answer was due.
    """

    automatically: int
    by_person: int


@dataclass(frozen=True, slots=True)
class OtherReading:
    """The same replies counted by the reading of the rule that is not in force.

    ``counted`` is the whole count; its rate is never mixed with the one in force. Of the late replies,
    ``late_in_time`` would be in time under it and ``late_running`` not due yet; of those in time,
    ``met_late`` would be late.
    """

    name: str
    counted: Headline
    late_in_time: int
    late_running: int
    met_late: int


@dataclass(frozen=True, slots=True)
class WeeklyFigures:
    """Everything that the weekly report says.

    ``headline`` and ``days`` count clocks by the week of their due time; ``accounts``, ``total``,
    ``severities``, ``labels``, ``intents``, ``routes`` and ``exempt`` count items by the week they were
    received, and so is ``without_deadline``: what is owed though nobody can say until when. ``previous``
    is ``None`` when last week was not measured.

    ``team`` and ``other_reading`` judge the clocks of ``headline`` in two more ways: with the time running
    from when we first saw each message, and by the reading that is not in force. ``waiting`` is made of
    ``waiting_in_term`` and ``waiting_in_holidays``. ``by_earlier_reading`` of the clocks of ``headline``
    still ran by a reading that is no longer in force. ``hours`` is the time that the promise allows.
    ``lines`` are what was counted.
    """

    week: str
    school: str
    school_name: str
    made_at: datetime
    first_day: date
    last_day: date
    headline: Headline
    team: Headline
    previous: Headline | None
    days: tuple[DayRow, ...]
    accounts: tuple[AccountRow, ...]
    total: AccountRow
    severities: tuple[Count, ...]
    labels: tuple[Count, ...]
    intents: tuple[Count, ...]
    routes: tuple[RouteRow, ...]
    exempt: Exempt
    without_deadline: int
    waiting: Waiting
    waiting_in_term: Waiting
    waiting_in_holidays: Waiting
    marks: Marks
    late: tuple[LateLine, ...]
    coverage: tuple[CoverageLine, ...]
    due_next_week: int
    reading: str
    by_earlier_reading: int
    other_reading: OtherReading | None
    lines: tuple[ReportLine, ...]
    hours: float = 24

    def coverage_of(self, account: str) -> CoverageLine | None:
        """Return how ``account`` was watched; ``None`` when nobody knows."""
        return next((line for line in self.coverage if line.account == account), None)

    @property
    def blind(self) -> tuple[CoverageLine, ...]:
        """The accounts that were not watched for some or all of the week, longest first."""
        gaps = (line for line in self.coverage if line.blind_minutes > 0)
        return tuple(sorted(gaps, key=lambda line: (-line.blind_minutes, line.account)))

    @property
    def unmeasured(self) -> tuple[str, ...]:
        """The accounts that something arrived on though nothing is known about how they were watched."""
        watched = {line.account for line in self.coverage}
        return tuple(row.account for row in self.accounts if row.account not in watched)
