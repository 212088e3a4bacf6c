"""Counting the figures of one week with pandas, which is imported only when there is something to count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sla.figures.lines import CoverageLine, ReportLine, other_outcome, team_outcome
from sla.figures.tables import Counted, counted_in, is_open_in, numbers_of
from sla.figures.values import (
    NO_REASON,
    AccountRow,
    Count,
    DayRow,
    Exempt,
    Headline,
    LateLine,
    Marks,
    OtherReading,
    RouteRow,
    Waiting,
    WeeklyFigures,
)
from sla.figures.weeks import Week
from sla.outcomes import Outcome

if TYPE_CHECKING:
    from pandas import DataFrame, Series

SEVERITIES = ("critical", "high", "medium", "low", "none")
TOTAL = "All accounts"

_LONDON = "Europe/London"


def weekly_figures(  # noqa: PLR0913 - a report has this many facts; all are named
    lines: Sequence[ReportLine],
    coverage: Iterable[CoverageLine],
    *,
    school: str,
    school_name: str,
    week: str,
    now: datetime,
    previous: Headline | None = None,
    reading: str = "strict",
    other_reading: str | None = None,
    hours: float = 24,
) -> WeeklyFigures:
    """Count one week.

    ``lines`` may reach beyond the week: every line is counted where it belongs. Give at least everything
    received in the week, everything due in it, and what is open and due in the week after. ``now``
    (aware) is when the report is made. ``previous`` is last week's :func:`headline`. ``reading`` is the
    name of the reading in force, ``other_reading`` of the one that the lines' ``other_due_at`` are by;
    None where there is no other. ``hours`` is the time that the promise allows.

    Raises:
        ValueError: ``week`` is not a week.
    """
    span = Week.named(week)
    counted = counted_in(lines, span)
    watched = tuple(sorted(coverage, key=lambda line: line.account))
    decided = _waits(counted.due, now)
    return WeeklyFigures(
        week=span.name,
        school=school,
        school_name=school_name,
        made_at=now,
        first_day=span.monday,
        last_day=span.sunday,
        headline=_headline(counted.due["outcome"], span),
        team=_headline(_judged(lines, counted.due, now, team_outcome), span),
        previous=previous,
        days=_days(counted.due, span),
        accounts=_account_rows(counted.received, [line.account for line in watched]),
        total=_row(TOTAL, counted.received["outcome"]),
        severities=_in_order(_counts(counted.received["severity"])),
        labels=_counts(counted.received["labels"].explode().dropna()),
        intents=_counts(counted.received["intent"]),
        routes=_routes(counted.received),
        exempt=_exempt(counted.received),
        without_deadline=int(counted.received["without_deadline"].sum()),
        waiting=_waiting(decided),
        waiting_in_term=_waiting(decided[~decided["in_holidays"]]),
        waiting_in_holidays=_waiting(decided[decided["in_holidays"]]),
        marks=_marks(counted.due),
        late=_late(lines, counted.due, now),
        coverage=watched,
        due_next_week=int(is_open_in(counted.frame, span.after).sum()),
        reading=reading,
        by_earlier_reading=int((~counted.due["reading"].isin(["", reading])).sum()),
        other_reading=None if other_reading is None else _other(lines, counted.due, other_reading, span, now),
        lines=_lines_of(lines, counted),
        hours=hours,
    )


def headline(lines: Sequence[ReportLine], week: str) -> Headline:
    """Count only the headline of ``week``, for example last week's.

    Raises:
        ValueError: ``week`` is not a week.
    """
    span = Week.named(week)
    return _headline(counted_in(lines, span).due["outcome"], span)


# The clocks that fell due


def _headline(outcomes: Series, week: Week) -> Headline:
    numbers = numbers_of(outcomes)
    return Headline(
        week=week.name,
        met=numbers[Outcome.MET],
        late=numbers[Outcome.LATE],
        running=numbers[Outcome.OPEN],
        withdrawn=numbers[Outcome.WITHDRAWN],
        not_needed=numbers[Outcome.NOT_NEEDED],
        held=numbers[Outcome.HELD],
    )


def _judged(
    lines: Sequence[ReportLine],
    due: DataFrame,
    now: datetime,
    judge: Callable[[ReportLine, datetime], Outcome],
) -> Series:
    """Return the outcomes of the clocks that fell due, as ``judge`` has them."""
    import pandas as pd

    outcomes = [str(judge(lines[int(position)], now)) for position in due.index]
    return pd.Series(outcomes, index=due.index, dtype="object")


def _other(lines: Sequence[ReportLine], due: DataFrame, name: str, week: Week, now: datetime) -> OtherReading:
    outcomes = _judged(lines, due, now, other_outcome)

    def moved(here: Outcome, there: Outcome) -> int:
        return int(((due["outcome"] == str(here)) & (outcomes == str(there))).sum())

    return OtherReading(
        name=name,
        counted=_headline(outcomes, week),
        late_in_time=moved(Outcome.LATE, Outcome.MET),
        late_running=moved(Outcome.LATE, Outcome.OPEN),
        met_late=moved(Outcome.MET, Outcome.LATE),
    )


def _days(due: DataFrame, week: Week) -> tuple[DayRow, ...]:
    dates = due["due_at"].dt.tz_convert(_LONDON).dt.date
    groups = {day: numbers_of(outcomes) for day, outcomes in due["outcome"].groupby(dates)}
    nothing = dict.fromkeys(Outcome, 0)
    days = ((day, groups.get(day, nothing)) for day in week.days)
    return tuple(DayRow(day, n[Outcome.MET], n[Outcome.LATE], n[Outcome.OPEN]) for day, n in days)


def _waits(due: DataFrame, now: datetime) -> DataFrame:
    """Return how many hours everybody waited whose reply is decided, and whether it still waits."""
    decided = due[due["outcome"].isin([str(Outcome.MET), str(Outcome.LATE)])]
    waited = decided["stopped_at"].fillna(now) - decided["received_at"]
    return decided.assign(hours=waited.dt.total_seconds() / 3600, unanswered=decided["stopped_at"].isna())


def _waiting(decided: DataFrame) -> Waiting:
    if decided.empty:
        return Waiting(0, 0, None, None)
    hours = decided["hours"]
    return Waiting(len(decided), int(decided["unanswered"].sum()), float(hours.median()), float(hours.max()))


def _marks(due: DataFrame) -> Marks:
    late = due[due["outcome"] == str(Outcome.LATE)]
    return Marks(
        late_discovery=int(late["late_discovery"].sum()),
        due_on_closed_day=int(late["due_on_closed_day"].sum()),
        excused=int(late["excused"].sum()),
    )


def _late(lines: Sequence[ReportLine], due: DataFrame, now: datetime) -> tuple[LateLine, ...]:
    positions = due.index[due["outcome"] == str(Outcome.LATE)]
    late = (_late_line(lines[int(position)], now) for position in positions)
    return tuple(sorted(late, key=lambda line: (line.due_at, line.reference)))


def _late_line(line: ReportLine, now: datetime) -> LateLine:
    due_at = line.due_at or line.received_at
    return LateLine(
        reference=line.reference or f"item {line.item}",
        account=line.account,
        due_at=due_at,
        waited=(line.stopped_at or now) - line.received_at,
        is_answered=line.stopped_at is not None,
        late_discovery=line.late_discovery,
        due_on_closed_day=line.due_on_closed_day,
        reason=line.reason or ("" if line.excused else NO_REASON),
        excused=line.excused,
    )


# The items that were received


def _row(account: str, outcomes: Series) -> AccountRow:
    numbers = numbers_of(outcomes)
    return AccountRow(
        account=account,
        received=len(outcomes),
        met=numbers[Outcome.MET],
        late=numbers[Outcome.LATE],
        open=numbers[Outcome.OPEN],
        withdrawn=numbers[Outcome.WITHDRAWN],
        not_needed=numbers[Outcome.NOT_NEEDED],
        held=numbers[Outcome.HELD],
    )


def _account_rows(received: DataFrame, watched: Sequence[str]) -> tuple[AccountRow, ...]:
    """Count by account; one that was watched and received nothing has a row of noughts."""
    rows = {name: _row(str(name), group["outcome"]) for name, group in received.groupby("account")}
    none = received["outcome"].iloc[:0]
    return tuple(rows.get(name) or _row(name, none) for name in sorted({*watched, *map(str, rows)}))


def _counts(values: Series) -> tuple[Count, ...]:
    counted = [Count(str(name), int(number)) for name, number in values.value_counts().items()]
    return tuple(sorted(counted, key=lambda count: (-count.number, count.name)))


def _in_order(severities: tuple[Count, ...]) -> tuple[Count, ...]:
    """Put the severities gravest first, with a nought for those that did not occur."""
    numbers = {count.name: count.number for count in severities}
    others = sorted(set(numbers) - set(SEVERITIES))
    return tuple(Count(name, numbers.get(name, 0)) for name in (*SEVERITIES, *others))


def _routes(received: DataFrame) -> tuple[RouteRow, ...]:
    rows = [
        RouteRow(str(route), len(group), int((group["outcome"] == str(Outcome.LATE)).sum()))
        for route, group in received.groupby("route")
    ]
    return tuple(sorted(rows, key=lambda row: (-row.received, row.route)))


def _exempt(received: DataFrame) -> Exempt:
    """Count by whom: what no person let go never asked for anything."""
    by_person = int(received["by_person"].sum())
    return Exempt(int((received["outcome"] == str(Outcome.NOT_NEEDED)).sum()) - by_person, by_person)


def _lines_of(lines: Sequence[ReportLine], counted: Counted) -> tuple[ReportLine, ...]:
    """Return the lines that were counted, by arrival."""
    positions = counted.received.index.union(counted.due.index)
    kept = (lines[int(position)] for position in positions)
    return tuple(sorted(kept, key=lambda line: (line.received_at, line.item)))
