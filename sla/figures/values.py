"""The figures of one week, and the lines that they are counted from. Nobody who wrote is named in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sla.clocks import Outcome, StoppedHow

ENOUGH = 5
"""Below this many replies a percentage says more than is known: "3 of 4" is said instead."""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One item as the report counts it. Times are UTC.

    ``outcome`` is that of the clock that the item belongs to, as it stands when the report is made.
    ``opener`` items started that clock; the others joined it or never had one. ``severity``, ``labels``,
    ``intent`` and ``route`` are the words of the assessment. ``late_discovery``: we saw it only after it
    was due. ``reason`` is why it is late, chosen by a person.
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
    """One late reply."""

    reference: str
    account: str
    due_at: datetime
    waited: timedelta
    is_answered: bool
    late_discovery: bool
    due_on_closed_day: bool
    reason: str


@dataclass(frozen=True, slots=True)
class OtherReading:
    """The reading of the rule that is not in force: so many of the late replies would be in time under it."""

    name: str
    late_in_time: int
    late: int


@dataclass(frozen=True, slots=True)
class WeeklyFigures:
    """Everything that the weekly report says.

    ``headline`` and ``days`` count clocks by the week of their due time; ``accounts``, ``total``,
    ``severities``, ``labels``, ``intents`` and ``routes`` count items by the week they were received.
    ``previous`` is ``None`` when last week was not measured. ``lines`` are what was counted.
    """

    week: str
    school: str
    school_name: str
    made_at: datetime
    first_day: date
    last_day: date
    headline: Headline
    previous: Headline | None
    days: tuple[DayRow, ...]
    accounts: tuple[AccountRow, ...]
    total: AccountRow
    severities: tuple[Count, ...]
    labels: tuple[Count, ...]
    intents: tuple[Count, ...]
    routes: tuple[RouteRow, ...]
    waiting: Waiting
    late: tuple[LateLine, ...]
    coverage: tuple[CoverageLine, ...]
    due_next_week: int
    reading: str
    other_reading: OtherReading | None
    lines: tuple[ReportLine, ...]

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
