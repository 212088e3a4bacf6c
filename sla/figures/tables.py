"""The lines of a week as tables: the ground on which its figures are counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sla.figures.lines import ReportLine
from sla.figures.weeks import Week
from sla.outcomes import Outcome

if TYPE_CHECKING:
    from pandas import DataFrame, Series


@dataclass(frozen=True, slots=True)
class Counted:
    """What was ``received`` in a week, the clocks that fell ``due`` in it, and the whole ``frame``.

    The index of each table is the position of its lines in what was given.
    """

    received: DataFrame
    due: DataFrame
    frame: DataFrame


def counted_in(lines: Sequence[ReportLine], week: Week) -> Counted:
    """Return the lines that count in ``week``; a clock is counted once, with the item that started it."""
    frame = _frame(lines)
    received = frame[_within(frame["received_at"], week)]
    due = frame[_within(frame["due_at"], week) & frame["opener"]]
    return Counted(received, due, frame)


def is_open_in(frame: DataFrame, week: Week) -> Series:
    """Say of every line whether it starts a clock that still runs and is due in ``week``."""
    is_open = frame["outcome"] == str(Outcome.OPEN)
    return _within(frame["due_at"], week) & frame["opener"] & is_open


def numbers_of(outcomes: Series) -> dict[Outcome, int]:
    """Count outcomes, with a nought for those that did not occur."""
    counted = outcomes.value_counts()
    return {outcome: int(counted.get(str(outcome), 0)) for outcome in Outcome}


def _frame(lines: Sequence[ReportLine]) -> DataFrame:
    import pandas as pd

    def moments(values: list[datetime | None]) -> Series:
        return pd.to_datetime(pd.Series(values, dtype="object"), utc=True)

    def words(values: list[str]) -> Series:
        return pd.Series(values, dtype="object")

    def claims(values: list[bool]) -> Series:
        return pd.Series(values, dtype="bool")

    return pd.DataFrame(
        {
            "account": words([line.account for line in lines]),
            "received_at": moments([line.received_at for line in lines]),
            "due_at": moments([line.due_at for line in lines]),
            "stopped_at": moments([line.stopped_at for line in lines]),
            "outcome": words([str(line.outcome) for line in lines]),
            "opener": claims([line.opener for line in lines]),
            "severity": words([line.severity for line in lines]),
            "labels": pd.Series([line.labels for line in lines], dtype="object"),
            "intent": words([line.intent for line in lines]),
            "route": words([line.route for line in lines]),
            "late_discovery": claims([line.late_discovery for line in lines]),
            "due_on_closed_day": claims([line.due_on_closed_day for line in lines]),
            "excused": claims([bool(line.excused) for line in lines]),
            "by_person": claims([line.is_exempt_by_person for line in lines]),
            "without_deadline": claims([line.has_no_deadline for line in lines]),
            "reading": words([line.reading for line in lines]),
            "in_holidays": claims([line.received_in_holidays for line in lines]),
        }
    )


def _within(moments: Series, week: Week) -> Series:
    return (moments >= week.starts_at) & (moments < week.ends_at)
