"""The due times of ``due_times.txt``, which a head teacher can check with a wall calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sla.calendar import calendar_for
from sla.deadline import deadline
from sla.target import target_from

LONDON = ZoneInfo("Europe/London")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

CLOSURES: dict[str, tuple[date, date]] = {
    "Easter": (date(2026, 3, 28), date(2026, 4, 12)),
    "summer": (date(2026, 7, 21), date(2026, 8, 31)),
    "half term": (date(2026, 10, 26), date(2026, 10, 30)),
    "snow": (date(2026, 11, 24), date(2026, 11, 24)),
    "Christmas": (date(2026, 12, 19), date(2027, 1, 3)),
    "polling": (date(2027, 5, 6), date(2027, 5, 6)),
}

RULES: dict[str, dict[str, Any]] = {
    "-": {},
    "carry": {"mode": "carry"},
    "pause": {"mode": "pause"},
    "any day": {"mode": "ignore_calendar"},
    "any day, 2 h": {"mode": "ignore_calendar", "hours": 2},
    "no bank holidays": {"bank_holidays": False},
    "by 5pm": {"next_day_time": "17:00"},
    "by 5pm, 24 h at least": {"next_day_time": "17:00", "floor": True},
    "carry by 5pm": {"mode": "carry", "next_day_time": "17:00"},
    "cover 29 Oct": {"extra_working": ["2026-10-29"]},
    "cover 6 Aug": {"extra_working": ["2026-08-06"]},
    "8 h": {"hours": 8},
    "48 h": {"hours": 48},
    "pause, 48 h": {"mode": "pause", "hours": 48},
    "pause, 8 h": {"mode": "pause", "hours": 8},
    "Saturday school": {"weekend": [6]},
    "Saturday school, pause": {"weekend": [6], "mode": "pause"},
    "Saturday school, wall": {"weekend": [6], "clock": "wall"},
    "Friday and Saturday off": {"weekend": [4, 5]},
}

TABLE = Path(__file__).with_name("due_times.txt")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    received: datetime
    nation: str
    closures: str
    rule: str
    due: datetime
    because: str


def moment(words: str) -> datetime:
    """Read "Sun 22 Nov 2026 19:42" as London time, or a time in ISO form; refuse a wrong weekday."""
    if "T" in words[:11] and words[0].isdigit():
        return datetime.fromisoformat(words)
    weekday, day, month, year, clock = words.split()
    when = date(int(year), MONTHS.index(month) + 1, int(day))
    assert WEEKDAYS[when.weekday()] == weekday, f"{words} is no {weekday}"
    return datetime.combine(when, time.fromisoformat(clock), LONDON)


def lines() -> list[Line]:
    """Read the table that lies beside this file."""
    found = []
    for text in TABLE.read_text(encoding="utf-8").splitlines():
        if text and not text.startswith("#"):
            received, nation, closures, rule, due, because = (cell.strip() for cell in text.split("|"))
            found.append(Line(moment(received), nation, closures, rule, moment(due), because))
    return found


def closed_days(name: str) -> dict[date, str]:
    """Return the days of one closure with its name as label."""
    if name == "-":
        return {}
    first, last = CLOSURES[name]
    return {first + timedelta(days=n): name for n in range((last - first).days + 1)}


@pytest.mark.parametrize("line", lines(), ids=lambda line: f"{line.rule} {line.received:%F %T} {line.nation}")
def test_every_line_of_the_table_is_due_as_written(line: Line) -> None:
    """The due time is the one that a person finds with the policy and a wall calendar."""
    made = deadline(
        line.received, target_from(RULES[line.rule]), calendar_for(line.nation, closed_days(line.closures))
    )

    assert made.due == line.due.astimezone(UTC), line.because
    assert made.due.utcoffset() == timedelta(0)
    assert made.due.microsecond == 0


def test_the_table_covers_the_four_nations_and_all_modes() -> None:
    """The table is large enough to be worth reading, and forgets no nation and no mode."""
    found = lines()

    assert len(found) >= 120
    assert {line.nation for line in found} == {"ENG", "WLS", "SCT", "NIR"}
    assert {RULES[line.rule].get("mode", "strict") for line in found} == {
        "strict",
        "carry",
        "pause",
        "ignore_calendar",
    }
