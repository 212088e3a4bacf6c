"""The due times of the folder ``due_times``, which a head teacher can check with a wall calendar.

One file for each nation, and one for schools that set something else than the default. Every line says when a
message was received, in which nation, in which closure of the school, under which rule, when an answer is
due, and why. This module only reads them: what is right stands there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sla.calendar import SchoolCalendar, bank_holidays, calendar_for
from sla.deadline import deadline
from sla.target import Mode, ResponseTarget, target_from

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

FOLDER = Path(__file__).with_name("due_times")
NATIONS = {"ENG": "england", "WLS": "wales", "SCT": "scotland", "NIR": "northern_ireland"}
FILES = (*NATIONS.values(), "settings")
YEARS = range(2018, 2031)
FEWEST = 150
"""Cases of each nation: enough for every bank holiday, mode and year, few enough to be read."""

SETTINGS: dict[str, dict[str, Any]] = {
    "-": {},
    "carry": {"mode": "carry"},
    "pause": {"mode": "pause"},
    "any day": {"mode": "ignore_calendar"},
    "no bank holidays": {"bank_holidays": False},
    "wall": {"clock": "wall"},
    "no weekend": {"weekend": []},
    "Saturday school": {"weekend": [6]},
    "Friday and Saturday off": {"weekend": [4, 5]},
    "Monday off too": {"weekend": [0, 5, 6]},
    "Wednesday only": {"weekend": [0, 1, 3, 4, 5, 6]},
    "days of UTC": {"tz": "UTC"},
    "days of Cyprus": {"tz": "Asia/Nicosia"},
}
"""The words of the column "rule", beside "8 h", "24 h at least", "by 5pm" and "cover" with a day."""

A_DAY = re.compile(rf"\b({'|'.join(WEEKDAYS)}) (\d+) ({'|'.join(MONTHS)}) (\d{{4}})\b")
A_DAY_IN_A_SENTENCE = re.compile(
    rf"\b({'|'.join(WEEKDAYS)})[a-z]*day,? (\d+) ({'|'.join(MONTHS)})[a-z]*(?: (\d{{4}}))?"
)
HOURS = re.compile(r"([\d.]+) h( at least)?")
NEXT_DAY_TIME = re.compile(r"by (\d+)(?::(\d\d))?(am|pm)")


@dataclass(frozen=True, slots=True)
class Closure:
    """A closure of the school: its days, and those days inside it on which staff are in."""

    days: frozenset[date]
    staffed: frozenset[date]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table, as it is written, with the closures that its file names."""

    file: str
    received: str
    nation: str
    closed: str
    rule: str
    due: str
    because: str
    closures: tuple[Closure, ...]

    @property
    def target(self) -> ResponseTarget:
        """The promise that the rule describes."""
        return target_from(rule_of(self.rule))

    @property
    def calendar(self) -> SchoolCalendar:
        """The school's days off and the days on which staff are in all the same."""
        days = frozenset[date]().union(*(closure.days for closure in self.closures))
        staffed = frozenset[date]().union(*(closure.staffed for closure in self.closures))
        return calendar_for(self.nation, days, staffed)

    def __str__(self) -> str:
        """The columns that tell this line from every other."""
        closed = "" if self.closed == "-" else f", {self.closed}"
        rule = "" if self.rule == "-" else f": {self.rule}"
        return f"{self.nation} {self.received}{closed}{rule}"


def day(words: str) -> date:
    """Read "Sun 22 Nov 2026"; whether it was a Sunday is a promise of its own."""
    _, number, month, year = words.split()
    return date(int(year), MONTHS.index(month) + 1, int(number))


def moment(words: str) -> datetime:
    """Read "Sun 22 Nov 2026 19:42" as London time, or a time in ISO form with its offset."""
    if words[0].isdigit():
        return datetime.fromisoformat(words)
    words, _, clock = words.rpartition(" ")
    return datetime.combine(day(words), time.fromisoformat(clock), LONDON)


def rule_of(words: str) -> dict[str, Any]:
    """Return the settings that the words of the column "rule" stand for."""
    settings: dict[str, Any] = {}
    for word in words.split(", "):
        if word.startswith("cover "):
            covered = settings.setdefault("extra_working", [])
            covered.append(day(word.removeprefix("cover ")))
        elif hours := HOURS.fullmatch(word):
            settings |= {"hours": float(hours[1])} | ({"floor": True} if hours[2] else {})
        elif clock := NEXT_DAY_TIME.fullmatch(word):
            hour = int(clock[1]) % 12 + (12 if clock[3] == "pm" else 0)
            settings["next_day_time"] = time(hour, int(clock[2] or 0))
        else:
            settings |= SETTINGS[word]
    return settings


def closure(words: str) -> tuple[str, Closure]:
    """Read "snow = Thu 1 Mar 2018 to Fri 2 Mar 2018, staffed Fri 2 Mar 2018"."""
    name, _, days = words.partition(" = ")
    span, *staffed = days.split(", staffed ")
    first, _, last = span.partition(" to ")
    length = (day(last or first) - day(first)).days
    closed = frozenset(day(first) + n * ONE_DAY for n in range(length + 1))
    return name, Closure(closed, frozenset(day(one) for one in staffed))


def written(file: str) -> list[str]:
    """Return the lines of a file that are neither empty nor a comment."""
    lines = (FOLDER / f"{file}.txt").read_text(encoding="utf-8").splitlines()
    return [text for text in lines if text and not text.startswith("#")]


def closures(file: str) -> dict[str, Closure]:
    """Return the closures that a file names at its head."""
    return dict(
        closure(text.removeprefix("closed: ")) for text in written(file) if text.startswith("closed: ")
    )


def lines(file: str) -> Iterator[Line]:
    """Read the table of one file."""
    known = closures(file)
    for text in written(file):
        if not text.startswith("closed: "):
            received, nation, closed, rule, due, because = (cell.strip() for cell in text.split("|"))
            names = [] if closed == "-" else closed.split(", ")
            found = tuple(known[name] for name in names)
            yield Line(file, received, nation, closed, rule, due, because, found)


LINES = tuple(line for file in FILES for line in lines(file))


@pytest.mark.parametrize("line", LINES, ids=str)
def test_every_line_of_the_table_is_due_as_written(line: Line) -> None:
    """The due time is the one that a person finds with the policy and a wall calendar."""
    made = deadline(moment(line.received), line.target, line.calendar)

    assert made.due == moment(line.due).astimezone(UTC), line.because
    assert made.due.utcoffset() == timedelta(0)
    assert made.due.microsecond == 0


@pytest.mark.parametrize("nation", NATIONS)
def test_every_nation_has_a_table_of_its_own(nation: str) -> None:
    """The file of a nation holds at least 150 cases, all of that nation."""
    assert Counter(line.nation for line in LINES if line.file == NATIONS[nation]).keys() == {nation}
    assert sum(line.file == NATIONS[nation] for line in LINES) >= FEWEST


@pytest.mark.parametrize("nation", NATIONS)
def test_a_nations_table_visits_all_years_modes_and_bank_holidays(nation: str) -> None:
    """No year, no reading of the policy and no bank holiday or its eve is forgotten, substitutes included."""
    table = [line for line in LINES if line.file == NATIONS[nation]]
    received = [moment(line.received).astimezone(LONDON).date() for line in table]
    names = bank_holidays(table[0].calendar.nation)

    assert {when.year for when in received} == set(YEARS)
    assert {line.target.mode for line in table} == set(Mode)
    assert {names[when] for when in received if when in names} == set(names.values())
    assert {names[eve + ONE_DAY] for eve in received if eve + ONE_DAY in names} == set(names.values())


@pytest.mark.parametrize("file", FILES)
def test_weekdays_are_those_of_the_calendar(file: str) -> None:
    """Every weekday that a line, a closure or a cover day names is the weekday of its date."""
    found = A_DAY.findall("\n".join(written(file)))

    assert len(found) > len(written(file))
    assert not [" ".join(words) for words in found if WEEKDAYS[day(" ".join(words)).weekday()] != words[0]]


def test_weekdays_in_the_reasons_are_those_of_the_calendar() -> None:
    """A reason such as "Monday 2 December stands for it" speaks of a Monday in the year of its line."""
    wrong = []
    for line in LINES:
        years = {str(moment(words).astimezone(LONDON).year) for words in (line.received, line.due)}
        for weekday, number, month, year in A_DAY_IN_A_SENTENCE.findall(line.because):
            days = [day(f"{weekday} {number} {month} {one}") for one in ({year} if year else years)]
            if weekday not in {WEEKDAYS[when.weekday()] for when in days}:
                wrong.append(f"{line}: {line.because}")

    assert not wrong


def test_no_case_is_there_twice() -> None:
    """The same moment, nation, closed days and promise are asked about once, in whatever words."""
    cases = Counter(
        (moment(line.received).astimezone(UTC), line.calendar.version, line.target) for line in LINES
    )

    assert [case for case, times in cases.items() if times > 1] == []


@pytest.mark.parametrize("file", FILES)
def test_every_closure_that_a_file_names_is_used(file: str) -> None:
    """A closure at the head of a file has at least one line that shows what it does."""
    used = {name for line in LINES if line.file == file for name in line.closed.split(", ")}

    assert set(closures(file)) == used - {"-"}
