"""How fast the clock counts, as ratios that are measured in one run and so hold on any machine.

    python tests/clock_speed.py

1. ``deadline`` against bare closed forms: functions written by hand that do what one reading needs and
   nothing else. They check nothing, explain nothing and hold only for the default promise.
2. ``deadline`` against the package businesstimedelta, for the one reading that it can express.
3. The time to build the calendars of four nations for seven years and to read one term calendar.
4. The time to date 10,000 running clocks again.

All sides give the same due times, which is checked first. Sides that are compared take turns, and of every
side the best round counts, because a busy machine only ever adds time. Prints what it measured; ends with 1
when a promise is missed.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sla.calendar import SchoolCalendar, calendar_for
from sla.deadline import deadline
from sla.redating import RunningClock, redated
from sla.target import Mode, ResponseTarget

ROOT = Path(__file__).resolve().parent.parent
LONDON = ZoneInfo("Europe/London")
A_DAY = timedelta(days=1)
END_OF_DAY = time(23, 59, 59)
FIRST_DAY = date(2024, 1, 1)
DAYS = 7 * 365

Due = Callable[[datetime], datetime]


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure beside what was promised of it."""

    what: str
    value: float
    promised: float
    unit: str

    @property
    def kept(self) -> bool:
        """Whether the promise is kept: a ratio is at least, a time at most what was promised."""
        return self.value <= self.promised if self.unit == "s" else self.value >= self.promised

    def __str__(self) -> str:
        bound = "at most" if self.unit == "s" else "at least"
        said = "" if self.kept else "  MISSED"
        return f"{self.what:<68} {self.value:8.3f} {self.unit:<2} ({bound} {self.promised:g}){said}"


def main() -> int:
    """Measure everything and say which promises are kept."""
    found = []
    for figure in figures():
        print(figure, flush=True)
        found.append(figure)
    return 0 if all(figure.kept for figure in found) else 1


def figures() -> Iterator[Measured]:
    """Measure one thing after the other."""
    yield from against_closed_forms()
    yield from against_businesstimedelta()
    yield building()
    yield redating()


def against_closed_forms(receipts: int = 2_000, rounds: int = 15) -> Iterator[Measured]:
    """Compare ``deadline`` with the bare function for each reading."""
    calendar, moments = a_school(), receipts_of(receipts)
    closed = closed_days(calendar)
    for mode, bare in ((Mode.STRICT, bare_strict), (Mode.CARRY, bare_carry), (Mode.PAUSE, bare_pause)):
        ours, theirs = due_by(mode, calendar), bare(closed)
        ratio = speed_ratio(ours, theirs, moments, rounds)
        yield Measured(f"due times by {mode} for each by a bare closed form", ratio, 0.2, "")


def against_businesstimedelta(receipts: int = 300, rounds: int = 5) -> Iterator[Measured]:
    """Compare ``deadline`` with businesstimedelta: 24 hours of working days, which we call pause."""
    calendar, moments = a_school(), receipts_of(receipts)
    ratio = speed_ratio(due_by(Mode.PAUSE, calendar), business_hours(calendar), moments, rounds)
    yield Measured("due times by pause for each by businesstimedelta", ratio, 20, "")


def speed_ratio(ours: Due, theirs: Due, moments: list[datetime], rounds: int) -> float:
    """Return how many due times ours gives while theirs gives one; both must give the same ones."""
    for moment in moments:
        assert ours(moment) == theirs(moment), moment
    times = [(seconds_of(theirs, moments), seconds_of(ours, moments)) for _ in range(rounds)]
    return min(took for took, _ in times) / min(took for _, took in times)


def seconds_of(due: Due, moments: list[datetime]) -> float:
    """Return how long the due times of all moments take."""
    began = perf_counter()
    for moment in moments:
        due(moment)
    return perf_counter() - began


# What is compared


def due_by(mode: Mode, calendar: SchoolCalendar) -> Due:
    """Return our own way, with everything that a school gets: checks, reasons and sentence at hand."""
    target = ResponseTarget(mode=mode)

    def due(received: datetime) -> datetime:
        return deadline(received, target, calendar).due

    return due


def bare_strict(closed: frozenset[date]) -> Due:
    """Return the least that strict needs: the London day, one look-up, and steps over closed days."""

    def due(received: datetime) -> datetime:
        day = received.astimezone(LONDON).date()
        if day not in closed:
            return received + A_DAY
        day += A_DAY
        while day in closed:
            day += A_DAY
        return datetime.combine(day, END_OF_DAY, LONDON).astimezone(UTC)

    return due


def bare_carry(closed: frozenset[date]) -> Due:
    """Return the least that carry needs: a day later, and on to the next working day if that is closed."""

    def due(received: datetime) -> datetime:
        day = received.astimezone(LONDON).date()
        if day not in closed:
            plain = received + A_DAY
            day = plain.astimezone(LONDON).date()
            if day not in closed:
                return plain
        day += A_DAY
        while day in closed:
            day += A_DAY
        return datetime.combine(day, END_OF_DAY, LONDON).astimezone(UTC)

    return due


def bare_pause(closed: frozenset[date]) -> Due:
    """Return the least that pause needs: the same time on the next working day.

    24 hours of working days come to just that where clocks change on closed days only, as they do on
    Sundays, and where nothing comes in the very second of midnight.
    """

    def due(received: datetime) -> datetime:
        local = received.astimezone(LONDON)
        day = local.date()
        clock = END_OF_DAY if day in closed else local.time()
        day += A_DAY
        while day in closed:
            day += A_DAY
        return datetime.combine(day, clock, LONDON).astimezone(UTC)

    return due


def business_hours(calendar: SchoolCalendar) -> Due:
    """Return the way of businesstimedelta, set up so that it agrees with ours to the second.

    Its day must end a microsecond before midnight, or every day that is crossed loses a second; the hours
    are shorter by as much. Bank holidays and closures are given as a set, which is what it reads fastest.
    """
    import pytz  # type: ignore[import-untyped]
    from businesstimedelta import BusinessTimeDelta, HolidayRule, Rules, WorkDayRule

    london = pytz.timezone("Europe/London")
    weekdays = WorkDayRule(start_time=time(), end_time=time.max, working_days=[0, 1, 2, 3, 4], tz=london)
    holidays = HolidayRule({*calendar.bank_holidays, *calendar.closures}, tz=london)
    hours = BusinessTimeDelta(Rules([weekdays, holidays]), timedelta=A_DAY - timedelta.resolution)

    def due(received: datetime) -> datetime:
        reached: datetime = received + hours
        return reached.astimezone(UTC).replace(microsecond=0)

    return due


# What is built


def building() -> Measured:
    """Time four nations' calendars and one term calendar in a fresh process, after its imports.

    Our calendars know twenty years of bank holidays, which is more than the seven that are asked for.
    """
    best = min(
        float(
            subprocess.run(
                [sys.executable, "-c", BUILD],
                input=invented_ics(),
                cwd=ROOT,
                stdout=subprocess.PIPE,
                check=True,
                timeout=60,
            ).stdout
        )
        for _ in range(3)
    )
    return Measured("calendars of four nations and one term calendar, from nothing", best, 0.1, "s")


BUILD = """
import sys
from time import perf_counter
sys.path.insert(0, "")
import holidays, icalendar, recurring_ical_events
from sla.calendar import calendar_for
from sla.term_dates import read_ics
content = sys.stdin.buffer.read()
began = perf_counter()
for nation in ("ENG", "WLS", "SCT", "NIR"):
    assert len({day.year for day in calendar_for(nation).bank_holidays}) >= 7
assert read_ics(content).closures
print(perf_counter() - began)
"""


def invented_ics() -> bytes:
    """Return a feed of 24 events as a school's web site offers it: blocks of holidays and INSET days."""
    events = []
    for number in range(24):
        start = date(2025, 9, 1) + timedelta(weeks=4 * number)
        kind, days = ("INSET day", 1) if number % 3 == 2 else ("School holiday", 5)
        events.append(
            f"BEGIN:VEVENT\r\nUID:{number}@oakfield.example\r\nDTSTAMP:20250701T090000Z\r\n"
            f"DTSTART;VALUE=DATE:{start:%Y%m%d}\r\nDTEND;VALUE=DATE:{start + timedelta(days=days):%Y%m%d}\r\n"
            f"SUMMARY:{kind}\r\nEND:VEVENT\r\n"
        )
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Oakfield Academy//Dates//EN\r\n"
    return f"{head}{''.join(events)}END:VCALENDAR\r\n".encode()


def redating(clocks: int = 10_000) -> Measured:
    """Time how long a changed calendar takes to move all running clocks of a very large trust."""
    target, before = ResponseTarget(), a_school()
    snow = date(2026, 11, 24)
    after = calendar_for("ENG", {**before.closures, snow: "snow"})
    now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    chance = random.Random(47)
    running = [
        RunningClock(
            key=key,
            received=received,
            seen=received + timedelta(minutes=2),
            due=deadline(received, target, before).due,
            rule_version=target.version,
            calendar_version=before.version,
        )
        for key, received in enumerate(
            now + timedelta(seconds=chance.randrange(14 * 86_400)) for _ in range(clocks)
        )
    ]
    best = min(seconds_of_redating(running, target, after, now) for _ in range(3))
    return Measured(f"{clocks:,} running clocks dated again", best, 1, "s")


def seconds_of_redating(
    running: Iterable[RunningClock], target: ResponseTarget, calendar: SchoolCalendar, now: datetime
) -> float:
    """Return how long it takes, and see that something moved."""
    began = perf_counter()
    moved = sum(one.moves for one in redated(running, target, calendar, now))
    assert moved
    return perf_counter() - began


# The invented school


def a_school() -> SchoolCalendar:
    """Return an English school without closures of its own.

    That is the hardest comparison: with long holidays the bare functions step through them anew for every
    message, while the clock remembers where they end.
    """
    return calendar_for("ENG")


def closed_days(calendar: SchoolCalendar) -> frozenset[date]:
    """Return every closed day as one set, which is all that the bare functions know of the school."""
    days = (FIRST_DAY + timedelta(days=n) for n in range(DAYS + 400))
    return frozenset(day for day in days if calendar.is_closed(day, ResponseTarget()))


def receipts_of(number: int) -> list[datetime]:
    """Return moments of seven years, any second alike."""
    chance = random.Random(47)
    first = datetime.combine(FIRST_DAY, time(), UTC)
    return [first + timedelta(seconds=chance.randrange(DAYS * 86_400)) for _ in range(number)]


if __name__ == "__main__":
    raise SystemExit(main())
