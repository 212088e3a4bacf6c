"""``calendar``: what a school's term dates say, and what is wrong with them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.shell import Trouble, settings_from, show

if TYPE_CHECKING:
    from sla.term_dates import Finding, TermDates
    from workers.calendar_acts import Told

HELP = "Read a calendar file and show its closed days, or check the schools' calendars."

_FINE, _NEEDS_PERSON, _BROKEN = 0, 1, 2


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        HELP
        + " `calendar FILE` reads an ICS or CSV file. `calendar check` lists what a person should look at "
        "in the calendars of the settings, `calendar check FILE --nation ENG` in one file. "
        "`calendar preview [FILE]` shows which open answers a calendar would move, `calendar accept` puts "
        "the one that waits in force, `calendar versions` lists what there was. "
        "A file that is called like one of these words is written ./check."
    )
    parser.add_argument(
        "what", metavar="FILE|ACTION", help="a calendar file, or what to do: " + ", ".join(_ACTIONS)
    )
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, help="check, preview: this file alone")
    parser.add_argument("--from", dest="first", metavar="DATE", help="only from this day on, like 2026-09-01")
    parser.add_argument("--to", dest="last", metavar="DATE", help="only up to and with this day")
    parser.add_argument("--nation", help="check: whose bank holidays apply to FILE: ENG, WLS, SCT or NIR")
    parser.add_argument("--today", metavar="DATE", help="check: as if today were this day")
    parser.add_argument("--school", help="preview, accept, versions: the school, where there are several")
    parser.add_argument("--as", dest="person", metavar="PERSON", help="accept: your short name")
    parser.add_argument("--json", action="store_true", help="one JSON object; check: one for each finding")


def run(args: argparse.Namespace) -> int:
    """Show a calendar, or do what the first word says; 1 when something needs a person."""
    return _ACTIONS.get(args.what, _show_days)(args)


def _show_days(args: argparse.Namespace) -> int:
    """Print the days of one file: 1 if an entry of it could not be read, or if it says nothing at all."""
    if args.file is not None:
        raise Trouble(
            f"calendar knows no {args.what}: write `calendar FILE`, or one of {', '.join(_ACTIONS)}"
        )
    first, last = _span(args)
    dates = _dates_in(Path(args.what))
    days = _within(dates, first, last)
    if args.json:
        print(json.dumps(days, ensure_ascii=False))
    else:
        _print_days(days, dates)
    return _NEEDS_PERSON if dates.rejected or dates.last_day is None else _FINE


def _dates_in(file: Path) -> TermDates:
    """Read one file.

    Raises:
        Trouble: it cannot be read, or it is no calendar.
    """
    from sla.term_dates import MOST_BYTES, NotACalendarError, read

    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is no name of a file"
        raise Trouble(f"{file} cannot be read: {reason}") from None
    try:
        return read(content)
    except NotACalendarError as error:
        raise Trouble(f"{file} is no calendar: {error}") from None


def _span(args: argparse.Namespace) -> tuple[date, date]:
    """Return the first and the last day that are asked for: all that the file has, if nothing is said."""
    first, last = _day("--from", args.first) or date.min, _day("--to", args.last) or date.max
    if first > last:
        raise Trouble("--from lies after --to: swap them")
    return first, last


def _day(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Trouble(f"{name} is no date: write it like 2026-09-01") from None


def _within(dates: TermDates, first: date, last: date) -> dict[str, Any]:
    """Return what scripts rely on: days as text, weekdays only among the closed ones."""
    working = sorted({*dates.staff_days, *dates.cover_days})
    return {
        "closed": [f"{day}" for day in dates.closures if first <= day <= last and day.weekday() < 5],
        "staff_days": [f"{day}" for day in working if first <= day <= last],
        "rejected": [{"uid": each.where, "reason": each.reason} for each in dates.rejected],
        "warnings": list(dates.warnings),
    }


def _print_days(days: Mapping[str, Any], dates: TermDates) -> None:
    """Print the days as people read them: what follows each other under one name in one line."""
    rows = [
        *_rows("closed", days["closed"], dates.closures),
        *_rows("staff work", days["staff_days"], {**dates.staff_days, **dates.cover_days}),
    ]
    show(sorted(rows, key=lambda row: str(row["from"])), as_json=False, title="closed days")
    for each in dates.rejected:
        print(f"! {each.where} was not read: {each.reason}")
    for warning in dates.warnings:
        print(f"- {warning}")


@dataclass(slots=True)
class _Run:
    """Days of one name that follow each other but for weekends."""

    first: date
    last: date
    label: str
    count: int = 1


def _rows(what: str, days: list[str], labels: Mapping[date, str]) -> Iterator[dict[str, Any]]:
    runs: list[_Run] = []
    for day in map(date.fromisoformat, days):
        before = runs[-1] if runs else None
        gap = (day - before.last).days if before else 0
        if before and before.label == labels[day] and (gap == 1 or (gap == 3 and day.weekday() == 0)):
            before.last, before.count = day, before.count + 1
        else:
            runs.append(_Run(day, day, labels[day]))
    for run_ in runs:
        yield {
            "days": what,
            "from": f"{run_.first} {run_.first:%a}",
            "to": f"{run_.last} {run_.last:%a}",
            "number": run_.count,
            "label": run_.label,
        }


def _check(args: argparse.Namespace) -> int:
    """Print what a person should look at; 1 if a decision or a correction is due, 2 if a calendar is none."""
    from sla.calendar import Nation
    from sla.target import ResponseTarget
    from sla.term_dates import check_calendar
    from workers.bootstrap import utc_now

    today = _day("--today", args.today) or utc_now().astimezone(ResponseTarget().zone).date()
    if args.file is None:
        rows, code = _of_all_schools(args, today)
    elif args.nation in Nation.__members__:
        findings = check_calendar(_dates_in(args.file), args.nation, today)
        rows, code = [_row(args.file.name, each) for each in findings], _code(findings)
    else:
        raise Trouble(f"say with --nation whose bank holidays apply: one of {', '.join(Nation)}")
    if args.json:
        show(rows, as_json=True)
    else:
        _print_findings(rows)
    return code


def _print_findings(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print the findings under the name of their calendar; those that need a person stand out."""
    for whose, findings in groupby(rows, key=lambda row: row["calendar"]):
        print(whose)
        for row in findings:
            print(f"  {'!' if row['needs_person'] else '-'} {row['what']}")


def _of_all_schools(args: argparse.Namespace, today: date) -> tuple[list[dict[str, Any]], int]:
    """Check the calendar of every school, read as it is now, with the cover days of the settings."""
    from connectors.base import ConnectorError
    from sla.term_dates import NotACalendarError, check_calendar
    from workers.calendars import term_dates_at
    from workers.schools import source_of

    rows: list[dict[str, Any]] = []
    codes = [_FINE]
    for school in settings_from(args).schools:
        source = source_of(school)
        if source is None:
            rows.append(_told(school.id, "no calendar is set: school holidays count as working days"))
            codes.append(_NEEDS_PERSON)
            continue
        try:
            dates = term_dates_at(source)
        except (NotACalendarError, ConnectorError, OSError) as error:
            rows.append(_told(school.id, f"the calendar cannot be read: {error}"))
            codes.append(_BROKEN)
            continue
        except Exception as error:  # noqa: BLE001 - one school's calendar must not hide the others
            what = f"reading the calendar broke off ({type(error).__name__}): report it"
            rows.append(_told(school.id, what))
            codes.append(_BROKEN)
            continue
        dates = dates.with_cover_days(dict.fromkeys(school.cover_days, "cover day"))
        findings = check_calendar(dates, school.nation, today)
        rows += [_row(school.id, each) for each in findings]
        codes.append(_code(findings))
    return rows, max(codes)


def _row(whose: str, finding: Finding) -> dict[str, Any]:
    return {
        "calendar": whose,
        "finding": str(finding.kind),
        "needs_person": finding.needs_person,
        "what": finding.what,
        "days": [day.isoformat() for day in finding.days],
    }


def _told(whose: str, what: str) -> dict[str, Any]:
    return {"calendar": whose, "finding": "unreadable", "needs_person": True, "what": what, "days": []}


def _code(findings: Iterable[Finding]) -> int:
    return _NEEDS_PERSON if any(each.needs_person for each in findings) else _FINE


def _preview(args: argparse.Namespace) -> int:
    """Print which open answers a calendar would move."""
    from workers.calendar_acts import preview

    return _say(args, preview(args, None if args.file is None else _dates_in(args.file)))


def _accept(args: argparse.Namespace) -> int:
    """Put the calendar that waits in force."""
    _refuse_file(args, "it puts in force what was read and waits")
    from workers.calendar_acts import accept

    return _say(args, accept(args))


def _versions(args: argparse.Namespace) -> int:
    """Print the calendars that there were; 1 while one waits for a decision."""
    _refuse_file(args, "it lists what was read before")
    from workers.calendar_acts import versions

    return _say(args, versions(args))


def _refuse_file(args: argparse.Namespace, why: str) -> None:
    """Refuse a file: whoever names one to an act that takes none would see another calendar counted."""
    if args.file is not None:
        raise Trouble(f"calendar {args.what} takes no file: {why}. Leave the name out")


def _say(args: argparse.Namespace, told: Told) -> int:
    if told.title:
        show(told.rows, as_json=args.json, title=told.title)
    if told.sentence:
        print(told.sentence, file=sys.stderr)
    return told.code


_ACTIONS: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": _check,
    "preview": _preview,
    "accept": _accept,
    "versions": _versions,
}
"""What the first word can be besides a file. A new action is one more line."""
