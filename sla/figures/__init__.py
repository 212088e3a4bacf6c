"""The figures of one week: what the school promised, what it kept, and what nobody could see.

``values`` are the figures, ``counting`` makes them, ``checking`` proves that they add up.
"""

from __future__ import annotations

from sla.figures.checking import check
from sla.figures.counting import headline, weekly_figures
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

__all__ = [
    "AccountRow",
    "Count",
    "CoverageLine",
    "DayRow",
    "Headline",
    "LateLine",
    "OtherReading",
    "ReportLine",
    "RouteRow",
    "Waiting",
    "Week",
    "WeeklyFigures",
    "check",
    "headline",
    "weekly_figures",
]
