"""A second way to count, slow and simple on purpose, agrees with the real one on thousands of random cases.

It knows no shortcuts: days are looked at one by one, working time is summed day by day, and a time on the
London clock is turned into UTC by trying out both offsets.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest

from sla.calendar import calendar_for
from sla.deadline import deadline
from sla.target import ClockKind, Mode, ResponseTarget

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BANK = {
    nation: {
        day
        for day in holidays.country_holidays("GB", subdiv=nation, years=range(2018, 2034))
        if day.weekday() < 5
    }
    for nation in ("ENG", "WLS", "SCT", "NIR")
}

SCOTTISH_DAYS_OFF = [day for day in sorted(BANK["SCT"]) if day.year <= 2030]


def on_the_wall(moment: datetime) -> datetime:
    """What the clock in the school's hall shows."""
    return moment.astimezone(LONDON).replace(tzinfo=None)


def off_the_wall(reading: datetime) -> datetime:
    """When the hall's clock shows it: the first time of two; if never, as if clocks had not changed yet."""
    for guess in (reading.replace(tzinfo=UTC) - HOUR, reading.replace(tzinfo=UTC)):
        if on_the_wall(guess) == reading:
            return guess
    return reading.replace(tzinfo=UTC)


def works(day: date, nation: str, closures: set[date], target: ResponseTarget) -> bool:
    """Say whether anybody works on a day."""
    if day in target.extra_working:
        return True
    if day.weekday() in target.weekend or day in closures:
        return False
    return not (target.bank_holidays and day in BANK[nation])


def reference_due(received: datetime, nation: str, closures: set[date], target: ResponseTarget) -> datetime:
    """Count the due time the slow way."""
    received = received.astimezone(UTC).replace(microsecond=0)
    plain = later(received, target)
    if target.mode is Mode.IGNORE_CALENDAR:
        return plain
    day = on_the_wall(received).date()
    if not works(day, nation, closures, target):
        due = end_of_next_working_day(day, nation, closures, target)
        return max(due, plain) if target.floor else due
    if target.mode is Mode.PAUSE:
        return paused(received, nation, closures, target)
    last = on_the_wall(plain).date()
    if target.mode is Mode.CARRY and not works(last, nation, closures, target):
        return end_of_next_working_day(last, nation, closures, target)
    return plain


def later(received: datetime, target: ResponseTarget) -> datetime:
    """Add the hours, real ones or those of the hall's clock."""
    if target.clock is ClockKind.WALL:
        return off_the_wall(on_the_wall(received) + timedelta(hours=target.hours))
    return received + timedelta(hours=target.hours)


def end_of_next_working_day(day: date, nation: str, closures: set[date], target: ResponseTarget) -> datetime:
    """Find it among all the days of the next year."""
    open_days = [day + n * DAY for n in range(1, 367) if works(day + n * DAY, nation, closures, target)]
    return off_the_wall(datetime.combine(open_days[0], target.next_day_time))


def paused(received: datetime, nation: str, closures: set[date], target: ResponseTarget) -> datetime:
    """List every working day's stretch of time from the receipt on, and walk along until all is used up."""
    wall = target.clock is ClockKind.WALL
    left = timedelta(hours=target.hours)
    first = on_the_wall(received).date()
    for n in range(400):
        day = first + n * DAY
        if not works(day, nation, closures, target):
            continue
        midnight = datetime.combine(day, time())
        begin = on_the_wall(received) if n == 0 else midnight
        end = midnight + DAY
        if not wall:
            begin = received if n == 0 else off_the_wall(begin)
            end = off_the_wall(end)
        if left <= end - begin:
            return off_the_wall(begin + left) if wall else begin + left
        left -= end - begin
    raise AssertionError("no working day in 400 days")


def random_target(dice: random.Random) -> ResponseTarget:
    """Throw a promise; half of all cases keep to the default week and 24 hours."""
    mode = dice.choice(list(Mode))
    usual = dice.random() < 0.5
    return ResponseTarget(
        hours=24 if usual else dice.choice([2, 8, 24, 36, 48, 72]),
        clock=dice.choice(list(ClockKind)),
        weekend=frozenset({5, 6}) if usual else dice.choice([frozenset({6}), frozenset({4, 5}), frozenset()]),
        bank_holidays=dice.random() < 0.8,
        extra_working=frozenset(random_day(dice) for _ in range(dice.choice([0, 0, 40]))),
        mode=mode,
        next_day_time=time(23, 59, 59)
        if mode is Mode.PAUSE
        else dice.choice([time(23, 59, 59), time(17), time(9), time(1, 30), time(0)]),
        floor=dice.random() < 0.3,
    )


def random_day(dice: random.Random) -> date:
    """Throw a day of the years 2018 to 2030."""
    return date(2018, 1, 1) + timedelta(days=dice.randrange(365 * 13))


def random_moment(dice: random.Random) -> datetime:
    """Throw a moment, one in three near a midnight, a bank holiday or a change of clocks."""
    day = random_day(dice)
    if dice.random() < 0.33:
        day = dice.choice([*SCOTTISH_DAYS_OFF, date(2026, 3, 29), date(2026, 10, 25), date(2024, 2, 29)])
        day += dice.choice([-2, -1, 0, 1]) * DAY
    seconds = dice.choice([0, 1, 86_399, 5_400, 3_600, dice.randrange(86_400), dice.randrange(86_400)])
    return datetime.combine(day, time(), UTC) + timedelta(
        seconds=seconds, microseconds=dice.choice([0, 999_999])
    )


def random_closures(dice: random.Random, around: date) -> set[date]:
    """Throw up to three closures of up to six weeks near a day, so that they matter."""
    starts = [around + dice.randrange(-10, 10) * DAY for _ in range(dice.choice([0, 1, 1, 3]))]
    return {start + n * DAY for start in starts for n in range(dice.choice([1, 1, 5, 14, 42]))}


@pytest.mark.parametrize("seed", range(8))
def test_two_ways_to_count_agree_on_random_cases(seed: int) -> None:
    """500 random receipts, nations, closures and promises each have one due time, however it is counted."""
    dice = random.Random(seed)
    for _ in range(500):
        nation, received, target = dice.choice(list(BANK)), random_moment(dice), random_target(dice)
        closures = random_closures(dice, received.date())

        made = deadline(received, target, calendar_for(nation, closures))

        wanted = reference_due(received, nation, closures, target)
        assert made.due == wanted, (received, nation, sorted(closures), target)
        assert made.why.startswith("Received ")
        assert made.trace[-1] == f"due={made.due:%Y-%m-%dT%H:%M:%SZ}"
