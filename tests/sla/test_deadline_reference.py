"""A second way to count, slow and simple on purpose, agrees with the real one on thousands of random cases.

It shares nothing with the real one but the words of a rule. Bank holidays are worked out from the law's
pattern and the list of one-off days, days are looked at one by one, working time is summed day by day, and a
time on the clock in the hall is turned into UTC by trying out both offsets.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sla.calendar import Nation, bank_holidays, calendar_for
from sla.deadline import deadline
from sla.target import target_from

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NATIONS = ("ENG", "WLS", "SCT", "NIR")
YEARS = range(2018, 2031)

Rule = dict[str, Any]


# Bank holidays, worked out

MOVED = {(2020, "may"): date(2020, 5, 8), (2022, "spring"): date(2022, 6, 2)}
ADDED = (date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8))
ADDED_IN_SCOTLAND = (date(2026, 6, 15),)


def easter(year: int) -> date:
    """Return Easter Sunday, by the method of Meeus, Jones and Butcher."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    months = h + i - 7 * ((a + 11 * h + 22 * i) // 451) + 114
    return date(year, months // 31, months % 31 + 1)


def monday_from(day: date) -> date:
    """Return the first Monday from a day on."""
    return day + (-day.weekday()) % 7 * DAY


def days_off(year: int, nation: str) -> set[date]:
    """Return the weekdays off in one year: the usual ones, the one-off ones, and those for weekend days."""
    scottish, irish = nation == "SCT", nation == "NIR"
    off = {
        easter(year) - 2 * DAY,
        MOVED.get((year, "may")) or monday_from(date(year, 5, 1)),
        MOVED.get((year, "spring")) or monday_from(date(year, 5, 25)),
        monday_from(date(year, 8, 1 if scottish else 25)),
    }
    off |= set() if scottish else {easter(year) + DAY}
    off |= {day for day in ADDED + ADDED_IN_SCOTLAND * scottish if day.year == year}
    fixed = [
        (1, 1),
        *[(1, 2)] * scottish,
        *[(3, 17), (7, 12)] * irish,
        *[(11, 30)] * scottish,
        (12, 25),
        (12, 26),
    ]
    dates = [date(year, month, number) for month, number in fixed]
    off |= {day for day in dates if day.weekday() < 5}
    for day in dates:
        if day.weekday() >= 5:
            off.add(
                next(free for n in range(1, 5) if (free := day + n * DAY).weekday() < 5 and free not in off)
            )
    return off


@cache
def every_day_off(nation: str) -> frozenset[date]:
    """Return the days off of all years that a case can touch."""
    return frozenset(day for year in range(2017, 2034) for day in days_off(year, nation))


# The due time, the second way


def on_the_wall(moment: datetime, rule: Rule) -> datetime:
    """What the clock in the school's hall shows."""
    return moment.astimezone(ZoneInfo(rule["tz"])).replace(tzinfo=None)


def off_the_wall(reading: datetime, rule: Rule) -> datetime:
    """When the hall's clock shows it: the first time of two; if never, as if clocks had not changed yet."""
    for guess in (reading.replace(tzinfo=UTC) - HOUR, reading.replace(tzinfo=UTC)):
        if on_the_wall(guess, rule) == reading:
            return guess
    return reading.replace(tzinfo=UTC)


def works(day: date, nation: str, closures: set[date], rule: Rule) -> bool:
    """Say whether anybody works on a day."""
    if day.isoformat() in rule["extra_working"]:
        return True
    if day.weekday() in rule["weekend"] or day in closures:
        return False
    return not (rule["bank_holidays"] and day in every_day_off(nation))


def reference_due(received: datetime, nation: str, closures: set[date], rule: Rule) -> datetime:
    """Count the due time the slow way."""
    received = received.astimezone(UTC).replace(microsecond=0)
    plain = later(received, rule)
    if rule["mode"] == "ignore_calendar":
        return plain
    day = on_the_wall(received, rule).date()
    if not works(day, nation, closures, rule):
        due = end_of_next_working_day(day, nation, closures, rule)
        return max(due, plain) if rule["floor"] else due
    if rule["mode"] == "pause":
        return paused(received, nation, closures, rule)
    last = on_the_wall(plain, rule).date()
    if rule["mode"] == "carry" and not works(last, nation, closures, rule):
        return end_of_next_working_day(last, nation, closures, rule)
    return plain


def later(received: datetime, rule: Rule) -> datetime:
    """Add the hours, real ones or those of the hall's clock."""
    if rule["clock"] == "wall":
        return off_the_wall(on_the_wall(received, rule) + rule["hours"] * HOUR, rule)
    return received + float(rule["hours"]) * HOUR


def end_of_next_working_day(day: date, nation: str, closures: set[date], rule: Rule) -> datetime:
    """Look at one day after the other."""
    day += DAY
    while not works(day, nation, closures, rule):
        day += DAY
    return off_the_wall(datetime.combine(day, time.fromisoformat(rule["next_day_time"])), rule)


def paused(received: datetime, nation: str, closures: set[date], rule: Rule) -> datetime:
    """List every working day's stretch of time from the receipt on, and walk along until all is used up."""
    wall = rule["clock"] == "wall"
    left = rule["hours"] * HOUR
    first = on_the_wall(received, rule).date()
    for n in range(400):
        day = first + n * DAY
        if not works(day, nation, closures, rule):
            continue
        midnight = datetime.combine(day, time())
        begin = on_the_wall(received, rule) if n == 0 else midnight
        end = midnight + DAY
        if not wall:
            begin = received if n == 0 else off_the_wall(begin, rule)
            end = off_the_wall(end, rule)
        if left <= end - begin:
            return off_the_wall(begin + left, rule) if wall else begin + left
        left -= end - begin
    raise AssertionError("no working day in 400 days")


# Random cases

HOLIDAYS = sorted({day for nation in NATIONS for year in YEARS for day in days_off(year, nation)})
CLOCK_CHANGES = [monday_from(date(year, month, 26)) - DAY for year in YEARS for month in (3, 10)]


def random_rule(dice: random.Random, near: date) -> Rule:
    """Throw a rule; half of all cases keep to the usual week and 24 hours."""
    usual = dice.random() < 0.5
    mode = dice.choice(["strict", "carry", "pause", "ignore_calendar"])
    ends = ["23:59:59"] if mode == "pause" else ["23:59:59", "23:59:59", "17:00", "09:00", "01:30", "00:00"]
    weekends: list[list[int]] = [[6], [5], [4, 5], [2], [], [0, 1, 2, 3, 6]]
    return {
        "tz": "UTC" if dice.random() < 0.1 else "Europe/London",
        "hours": 24 if usual else dice.choice([2, 4.5, 8, 23.75, 24, 25, 36, 48, 72, 200]),
        "clock": dice.choice(["elapsed", "wall"]),
        "weekend": [5, 6] if usual else dice.choice(weekends),
        "bank_holidays": dice.random() < 0.8,
        "extra_working": sorted(
            {(near + dice.randrange(-8, 20) * DAY).isoformat() for _ in range(dice.choice([0, 0, 3]))}
        ),
        "mode": mode,
        "next_day_time": dice.choice(ends),
        "floor": dice.random() < 0.3,
    }


def random_moment(dice: random.Random) -> datetime:
    """Throw a moment of 2018 to 2030 in any offset; every second one is near a holiday or a clock change."""
    day = date(2018, 1, 1) + dice.randrange(365 * 13) * DAY
    if dice.random() < 0.5:
        day = dice.choice(dice.choice([HOLIDAYS, CLOCK_CHANGES])) + dice.choice([-3, -2, -1, 0, 1]) * DAY
    seconds = dice.choice(
        [0, 1, 3_599, 3_600, 5_400, 82_800, 86_399, dice.randrange(86_400), dice.randrange(86_400)]
    )
    moment = datetime.combine(day, time(), UTC) + timedelta(
        seconds=seconds, microseconds=dice.choice([0, 0, 1, 999_999])
    )
    return moment.astimezone(timezone(timedelta(minutes=dice.choice([0, 0, 60, -330, 765]))))


def random_closures(dice: random.Random, near: date) -> set[date]:
    """Throw up to three closures of up to six weeks near a day, so that they matter."""
    starts = [near + dice.randrange(-10, 10) * DAY for _ in range(dice.choice([0, 1, 1, 3]))]
    return {start + n * DAY for start in starts for n in range(dice.choice([1, 1, 5, 14, 42]))}


@pytest.mark.parametrize("seed", range(8))
def test_two_ways_to_count_agree_on_random_cases(seed: int) -> None:
    """1,500 random receipts, nations, closures and rules each have one due time, however it is counted."""
    dice = random.Random(seed)
    for _ in range(1_500):
        nation, received = dice.choice(NATIONS), random_moment(dice)
        near = received.date()
        rule, closures = random_rule(dice, near), random_closures(dice, near)

        made = deadline(received, target_from(rule), calendar_for(nation, closures))

        wanted = reference_due(received, nation, closures, rule)
        assert made.due == wanted, (received, nation, sorted(closures), rule)
        assert made.why.startswith("Received ")
        assert made.trace[-1] == f"due={made.due:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize("nation", NATIONS)
def test_bank_holidays_follow_from_the_law_and_the_one_off_days(nation: str) -> None:
    """Worked out by hand, every bank holiday of 2018 to 2030 is the same, the years not yet published too."""
    listed = {day for day in bank_holidays(Nation(nation)) if day.year in YEARS}

    assert listed == {day for year in YEARS for day in days_off(year, nation)}
