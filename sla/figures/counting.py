"""Counting the figures of one week with pandas, which is imported only when there is something to count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sla.clocks import Outcome
from sla.figures.values import (
    AccountRow,
    Count,
    CoverageLine,
    DayRow,
    Headline,
    LateLine,
    OtherReading,
    ReportLine,
    RouteRow,
    Waiting,
    WeeklyFigures,
)
from sla.figures.weeks import Week

if TYPE_CHECKING:
    from pandas import DataFrame, Series

NO_REASON = "no reason given"
SEVERITIES = ("critical", "high", "medium", "low", "none")
TOTAL = "All accounts"

_LONDON = "Europe/London"


@dataclass(frozen=True, slots=True)
class _Counted:
    """The lines of a week as tables: what was ``received`` in it, and the clocks that fell ``due`` in it."""

    received: DataFrame
    due: DataFrame


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
    other_reading: OtherReading | None = None,
) -> WeeklyFigures:
    """Count one week.

    ``lines`` may reach beyond the week: every line is counted where it belongs. Give at least everything
    received in the week, everything due in it, and what is open and due in the week after. ``now``
    (aware) is when the report is made. ``previous`` is last week's :func:`headline`.

    Raises:
        ValueError: ``week`` is not a week.
    """
    span = Week.named(week)
    counted, frame = _counted(lines, span)
    watched = tuple(sorted(coverage, key=lambda line: line.account))
    accounts = _account_rows(counted.received, [line.account for line in watched])
    return WeeklyFigures(
        week=span.name,
        school=school,
        school_name=school_name,
        made_at=now,
        first_day=span.monday,
        last_day=span.sunday,
        headline=_headline(counted.due, span),
        previous=previous,
        days=_days(counted.due, span),
        accounts=accounts,
        total=_row(TOTAL, counted.received["outcome"]),
        severities=_in_order(_counts(counted.received["severity"])),
        labels=_counts(counted.received["labels"].explode().dropna()),
        intents=_counts(counted.received["intent"]),
        routes=_routes(counted.received),
        waiting=_waiting(counted.due, now),
        late=_late(lines, counted.due, now),
        coverage=watched,
        due_next_week=_due_next_week(frame, span),
        reading=reading,
        other_reading=other_reading,
        lines=_lines_of(lines, counted),
    )


def headline(lines: Sequence[ReportLine], week: str) -> Headline:
    """Count only the headline of ``week``, for example last week's.

    Raises:
        ValueError: ``week`` is not a week.
    """
    span = Week.named(week)
    counted, _ = _counted(lines, span)
    return _headline(counted.due, span)


def _counted(lines: Sequence[ReportLine], week: Week) -> tuple[_Counted, DataFrame]:
    frame = _frame(lines)
    received = frame[_within(frame["received_at"], week)]
    due = frame[_within(frame["due_at"], week) & frame["opener"]]
    return _Counted(received, due), frame


def _frame(lines: Sequence[ReportLine]) -> DataFrame:
    """Put the lines into a table whose index is their position."""
    import pandas as pd

    def moments(values: list[datetime | None]) -> Series:
        return pd.to_datetime(pd.Series(values, dtype="object"), utc=True)

    return pd.DataFrame(
        {
            "account": pd.Series([line.account for line in lines], dtype="object"),
            "received_at": moments([line.received_at for line in lines]),
            "due_at": moments([line.due_at for line in lines]),
            "stopped_at": moments([line.stopped_at for line in lines]),
            "outcome": pd.Series([str(line.outcome) for line in lines], dtype="object"),
            "opener": pd.Series([line.opener for line in lines], dtype="bool"),
            "severity": pd.Series([line.severity for line in lines], dtype="object"),
            "labels": pd.Series([line.labels for line in lines], dtype="object"),
            "intent": pd.Series([line.intent for line in lines], dtype="object"),
            "route": pd.Series([line.route for line in lines], dtype="object"),
        }
    )


def _within(moments: Series, week: Week) -> Series:
    return (moments >= week.starts_at) & (moments < week.ends_at)


def _headline(due: DataFrame, week: Week) -> Headline:
    numbers = _numbers(due["outcome"])
    return Headline(
        week=week.name,
        met=numbers[Outcome.MET],
        late=numbers[Outcome.LATE],
        running=numbers[Outcome.OPEN],
        withdrawn=numbers[Outcome.WITHDRAWN],
        not_needed=numbers[Outcome.NOT_NEEDED],
        held=numbers[Outcome.HELD],
    )


def _numbers(outcomes: Series) -> dict[Outcome, int]:
    counted = outcomes.value_counts()
    return {outcome: int(counted.get(str(outcome), 0)) for outcome in Outcome}


def _row(account: str, outcomes: Series) -> AccountRow:
    numbers = _numbers(outcomes)
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


def _days(due: DataFrame, week: Week) -> tuple[DayRow, ...]:
    dates = due["due_at"].dt.tz_convert(_LONDON).dt.date
    groups = {day: _numbers(outcomes) for day, outcomes in due["outcome"].groupby(dates)}
    nothing = dict.fromkeys(Outcome, 0)
    days = ((day, groups.get(day, nothing)) for day in week.days)
    return tuple(DayRow(day, n[Outcome.MET], n[Outcome.LATE], n[Outcome.OPEN]) for day, n in days)


def _waiting(due: DataFrame, now: datetime) -> Waiting:
    decided = due[due["outcome"].isin([str(Outcome.MET), str(Outcome.LATE)])]
    if decided.empty:
        return Waiting(0, 0, None, None)
    hours = (decided["stopped_at"].fillna(now) - decided["received_at"]).dt.total_seconds() / 3600
    unanswered = int(decided["stopped_at"].isna().sum())
    return Waiting(len(decided), unanswered, float(hours.median()), float(hours.max()))


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
        reason=line.reason or NO_REASON,
    )


def _due_next_week(frame: DataFrame, week: Week) -> int:
    is_open = frame["outcome"] == str(Outcome.OPEN)
    return int((_within(frame["due_at"], week.after) & frame["opener"] & is_open).sum())


def _lines_of(lines: Sequence[ReportLine], counted: _Counted) -> tuple[ReportLine, ...]:
    """Return the lines that were counted, by arrival."""
    positions = counted.received.index.union(counted.due.index)
    kept = (lines[int(position)] for position in positions)
    return tuple(sorted(kept, key=lambda line: (line.received_at, line.item)))
