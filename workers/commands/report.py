"""``report``: the weekly report for the leadership."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from workers.shell import Trouble, desk_for

if TYPE_CHECKING:
    from sla.figures import Week, WeeklyFigures

HELP = "Make the weekly report as HTML, PDF and XLSX."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--week", help="for example 2026-W47; left out: the last complete week")
    parser.add_argument(
        "--out", type=Path, help="where to put it; left out: the report folder of the settings"
    )
    parser.add_argument("--school", help="only this school")
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object per school")


def run(args: argparse.Namespace) -> int:
    """Make the report; 1 when its figures do not add up."""
    from sla.figures import Week, check
    from workers.reporting import figures_of, render_into

    code = 0
    with desk_for(args, works=False) as desk:
        week = _week(args.week) if args.week else Week.of(desk.ports.now()).before
        schools = [school for school in desk.ports.schools.values() if args.school in (None, school.id)]
        if not schools:
            raise Trouble(f"there is no school {args.school} in the settings")
        for school in schools:
            figures = figures_of(desk, school, week)
            folder = render_into(args.out or desk.report.folder, figures)
            faults = check(figures)
            code = 1 if faults else code
            _say(figures_summary(figures) | {"folder": str(folder), "faults": list(faults)}, args.json)
    return code


def _week(name: str) -> Week:
    from sla.figures import Week

    try:
        return Week.named(name)
    except ValueError:
        raise Trouble("a week is written like 2026-W47") from None


def figures_summary(figures: WeeklyFigures) -> dict[str, object]:
    """Return the figures that people ask for first."""
    total, other = figures.total, figures.other_reading
    return {
        "school": figures.school,
        "week": figures.week,
        "due": figures.headline.due,
        "on_time": figures.headline.met,
        "late_or_unanswered": figures.headline.late,
        "percent": figures.headline.percent,
        "received": total.received,
        "met": total.met,
        "late": total.late,
        "open": total.open,
        "withdrawn": total.withdrawn,
        "not_needed": total.not_needed,
        "held": total.held,
        "exempt_automatically": figures.exempt.automatically,
        "exempt_by_person": figures.exempt.by_person,
        "without_deadline": figures.without_deadline,
        "on_time_from_first_seen": figures.team.met,
        "late_discovery": figures.marks.late_discovery,
        "due_on_closed_day": figures.marks.due_on_closed_day,
        "excused": figures.marks.excused,
        "reading": figures.reading,
        "other_reading": None if other is None else other.name,
        "late_that_would_be_in_time": None if other is None else other.late_in_time,
    }


def _say(summary: dict[str, object], as_json: bool) -> None:
    if as_json:
        print(json.dumps(summary, ensure_ascii=False))
        return
    for name, value in summary.items():
        print(f"{name.replace('_', ' ')}: {value}")
