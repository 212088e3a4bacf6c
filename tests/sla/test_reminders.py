"""Reminders come while somebody is at work, early enough to act, and never before the message."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.calendar import calendar_for
from sla.deadline import deadline
from sla.reminders import StaffedHours, digest_time, first_staffed_after, is_staffed, last_call, next_staffed
from sla.target import Mode, ResponseTarget

LONDON = ZoneInfo("Europe/London")
HOURS = StaffedHours()
TARGET = ResponseTarget()
HALF_TERM = {date(2026, 10, 26) + timedelta(days=n): "half term" for n in range(5)}
CALENDAR = calendar_for("ENG", HALF_TERM)


def london(words: str) -> datetime:
    """Read a time of the school's clock."""
    return datetime.fromisoformat(words).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("at", "staffed", "following"),
    [
        ("2026-11-24 07:59:59", False, "2026-11-24 08:00"),
        ("2026-11-24 08:00", True, "2026-11-24 08:00"),
        ("2026-11-24 12:34:56", True, "2026-11-24 12:34:56"),
        ("2026-11-24 16:59:59", True, "2026-11-24 16:59:59"),
        ("2026-11-24 17:00", False, "2026-11-25 08:00"),
        ("2026-11-27 17:30", False, "2026-11-30 08:00"),
        ("2026-11-28 10:00", False, "2026-11-30 08:00"),
        ("2026-04-03 10:00", False, "2026-04-07 08:00"),
        ("2026-10-23 18:00", False, "2026-11-02 08:00"),
        ("2026-10-28 10:00", False, "2026-11-02 08:00"),
        ("2026-07-03 08:00", True, "2026-07-03 08:00"),
    ],
)
def test_staffed_hours_are_those_of_working_days_on_the_schools_clock(
    at: str, staffed: bool, following: str
) -> None:
    """8am to 5pm in London, in winter and summer; not at weekends, on bank holidays or in half term."""
    moment = london(at)

    assert is_staffed(moment, HOURS, TARGET, CALENDAR) is staffed
    assert next_staffed(moment.astimezone(UTC), HOURS, TARGET, CALENDAR) == london(following)


@pytest.mark.parametrize(
    ("received", "due", "call"),
    [
        ("2026-11-24 12:00", "2026-11-25 12:00", "2026-11-25 10:30"),
        ("2026-11-24 20:00", "2026-11-25 20:00", "2026-11-25 15:30"),
        ("2026-11-20 16:00", "2026-11-21 16:00", "2026-11-20 16:00"),
        ("2026-11-20 10:00", "2026-11-21 10:00", "2026-11-20 15:30"),
        ("2026-11-22 19:42", "2026-11-23 23:59:59", "2026-11-23 15:30"),
        ("2026-11-24 09:30", "2026-11-25 09:30", "2026-11-25 08:00"),
        ("2026-11-24 08:30", "2026-11-25 08:30", "2026-11-24 15:30"),
        ("2026-11-24 16:30", "2026-11-25 08:30", "2026-11-24 16:30"),
        ("2026-11-24 18:00", "2026-11-25 08:30", "2026-11-25 08:00"),
        ("2026-11-23 03:00", "2026-11-24 03:00", "2026-11-23 15:30"),
        ("2026-10-28 10:00", "2026-11-02 23:59:59", "2026-11-02 15:30"),
        ("2026-10-23 09:00", "2026-11-02 09:00", "2026-10-23 15:30"),
    ],
)
def test_the_last_call_leaves_ninety_minutes_of_work(received: str, due: str, call: str) -> None:
    """On Friday afternoon for what is due on Saturday; the afternoon before for what is due at 8:30am."""
    assert last_call(london(received), london(due), HOURS, TARGET, CALENDAR) == london(call)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-20 18:00", "2026-11-21 18:00"),
        ("2026-11-20 17:00", "2026-11-21 17:00"),
        ("2026-11-24 18:00", "2026-11-25 08:00"),
        ("2026-10-23 17:30", "2026-10-24 17:30"),
    ],
)
def test_there_is_no_last_call_where_nobody_works_before_the_due_time(received: str, due: str) -> None:
    """What comes on Friday at 6pm and is due on Saturday cannot be called in staffed hours."""
    assert last_call(london(received), london(due), HOURS, TARGET, CALENDAR) is None


def test_short_working_hours_still_have_a_last_call() -> None:
    """Where somebody looks in for an hour a day, that hour is it."""
    hours = StaffedHours(time(12), time(13))

    assert last_call(
        london("2026-11-24 09:00"), london("2026-11-25 09:00"), hours, TARGET, CALENDAR
    ) == london("2026-11-24 12:00")


def test_a_late_answer_is_told_in_the_first_staffed_moment_after_the_due_second() -> None:
    """At once while somebody is at work, otherwise in the morning."""
    assert first_staffed_after(london("2026-11-24 12:00"), HOURS, TARGET, CALENDAR) == london(
        "2026-11-24 12:00:01"
    )
    assert first_staffed_after(london("2026-11-21 16:00"), HOURS, TARGET, CALENDAR) == london(
        "2026-11-23 08:00"
    )
    assert first_staffed_after(london("2026-11-23 23:59:59"), HOURS, TARGET, CALENDAR) == london(
        "2026-11-24 08:00"
    )
    assert first_staffed_after(london("2026-11-24 16:59:59"), HOURS, TARGET, CALENDAR) == london(
        "2026-11-25 08:00"
    )


@pytest.mark.parametrize(
    ("received", "told"),
    [
        ("2026-11-24 10:00", "2026-11-24 10:00"),
        ("2026-11-24 06:00", "2026-11-24 08:15"),
        ("2026-11-24 17:00", "2026-11-25 08:15"),
        ("2026-11-22 19:42", "2026-11-23 08:15"),
        ("2026-10-24 12:00", "2026-11-02 08:15"),
    ],
)
def test_new_messages_are_told_at_once_or_at_quarter_past_eight(received: str, told: str) -> None:
    """Nobody's evening is disturbed by an ordinary comment."""
    assert digest_time(london(received), HOURS, TARGET, CALENDAR) == london(told)


@pytest.mark.parametrize(
    ("start", "end"), [(time(17), time(8)), (time(8), time(8)), (time(8, tzinfo=UTC), time(17))]
)
def test_hours_that_make_no_day_are_refused(start: time, end: time) -> None:
    """The end lies after the start, and both are plain times of day."""
    with pytest.raises(ValueError, match="staffed hours"):
        StaffedHours(start, end)


moments = st.integers(0, 3 * 365 * 86_400).map(
    lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@given(moments, st.sampled_from(Mode))
def test_reminders_are_staffed_and_lie_between_receipt_and_due_time(received: datetime, mode: Mode) -> None:
    """For every message and every reading of the policy, all year round and across clock changes."""
    target = ResponseTarget(mode=mode)
    due = deadline(received, target, CALENDAR).due
    rules = (HOURS, target, CALENDAR)

    call = last_call(received, due, *rules)
    told, breach = digest_time(received, *rules), first_staffed_after(due, *rules)

    assert call is None or (received <= call < due and is_staffed(call, *rules))
    assert told >= received
    assert is_staffed(told, *rules)
    assert breach > due
    assert is_staffed(breach, *rules)
    if call is None:
        assert next_staffed(received, *rules) >= due
