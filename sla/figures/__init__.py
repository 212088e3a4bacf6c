"""The figures of one week: what the school promised, what it kept, and what nobody could see.

``lines`` are what is counted, ``values`` are the figures, ``counting`` makes them, and ``checking`` proves
that they add up.
"""

from __future__ import annotations

from sla.figures.checking import check
from sla.figures.counting import headline, weekly_figures
from sla.figures.lines import CoverageLine, ReportLine, came_in_holidays, other_outcome, team_outcome
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

__all__ = [
    "NO_REASON",
    "AccountRow",
    "Count",
    "CoverageLine",
    "DayRow",
    "Exempt",
    "Headline",
    "LateLine",
    "Marks",
    "OtherReading",
    "ReportLine",
    "RouteRow",
    "Waiting",
    "Week",
    "WeeklyFigures",
    "came_in_holidays",
    "check",
    "headline",
    "other_outcome",
    "team_outcome",
    "weekly_figures",
]
