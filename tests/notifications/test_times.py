"""Times are said the way people say them, in the school's own time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from notifications.times import (
    clock_words,
    day_words,
    deadline_words,
    duration_words,
    moment_words,
    short_deadline_words,
)

FRIDAY = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (17, 0, "5pm"),
        (9, 15, "9:15am"),
        (12, 0, "midday"),
        (12, 1, "12:01pm"),
        (0, 5, "12:05am"),
        (23, 59, "11:59pm"),
    ],
)
def test_times_of_day_are_written_as_on_gov_uk(hour: int, minute: int, said: str) -> None:
    """Twelve hours, no ":00", midday as a word."""
    assert clock_words(datetime(2026, 11, 23, hour, minute, 59, tzinfo=UTC)) == said


def test_summer_times_are_the_schools_not_utc() -> None:
    """A quarter past eight in UTC is a quarter past nine in a British summer."""
    assert clock_words(datetime(2026, 7, 1, 8, 15, tzinfo=UTC)) == "9:15am"


def test_the_same_instant_is_said_alike_whatever_its_offset() -> None:
    """Only the instant counts."""
    abroad = FRIDAY.astimezone(timezone(timedelta(hours=9)))
    assert moment_words(abroad, FRIDAY) == moment_words(FRIDAY, FRIDAY) == "2:30pm today"


def test_another_day_is_named() -> None:
    """The words the design gives as its example."""
    due = datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)
    assert deadline_words(due, FRIDAY) == "11:59pm on Monday 23 November"


def test_a_day_far_away_is_said_with_its_year() -> None:
    """Last year's day is not mistaken for this year's."""
    assert (
        moment_words(datetime(2025, 11, 20, 9, 0, tzinfo=UTC), FRIDAY) == "9am on Thursday 20 November 2025"
    )


def test_a_deadline_at_the_first_second_of_a_day_is_said_as_the_minute_before() -> None:
    """Nobody reads 12am on Saturday as Friday night."""
    due = datetime(2026, 11, 21, 0, 0, 0, tzinfo=UTC)
    assert deadline_words(due, FRIDAY) == "11:59pm today"
    assert short_deadline_words(due, FRIDAY) == "11:59pm today"


def test_no_time_is_ever_called_midnight_or_twenty_three_fifty_nine() -> None:
    """Every minute of two days, clock change included."""
    start = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    said = {deadline_words(start + timedelta(minutes=minute), start) for minute in range(2880)}
    assert not [words for words in said if "midnight" in words or "23:59" in words]


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (datetime(2026, 11, 20, 17, 0, tzinfo=UTC), "5pm today"),
        (datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC), "11:59pm Monday"),
        (datetime(2026, 11, 27, 16, 0, tzinfo=UTC), "4pm 27 November"),
        (datetime(2026, 11, 19, 16, 0, tzinfo=UTC), "4pm 19 November"),
    ],
)
def test_a_subject_line_has_the_shortest_clear_deadline(due: datetime, said: str) -> None:
    """A weekday stands for the next seven days only."""
    assert short_deadline_words(due, FRIDAY) == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=-5), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=40), "40 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=2, minutes=5), "2 hours 5 minutes"),
        (timedelta(hours=27, minutes=50), "27 hours"),
        (timedelta(hours=95), "95 hours"),
        (timedelta(days=6, hours=3), "6 days"),
    ],
)
def test_durations_stay_in_hours_while_the_promise_does(length: timedelta, said: str) -> None:
    """27 hours is not "a day"."""
    assert duration_words(length) == said


def test_a_time_without_a_zone_is_refused() -> None:
    """Guessing would be an hour wrong for seven months."""
    with pytest.raises(ValueError, match="time zone"):
        clock_words(datetime(2026, 11, 20, 9, 0))  # noqa: DTZ001 - the point of the test


def test_days_are_named_in_full() -> None:
    """Weekday, day, month."""
    assert day_words(date(2026, 11, 23)) == "Monday 23 November"
