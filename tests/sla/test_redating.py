"""Running clocks are counted again by a changed calendar or rule; what is past stays as it was."""

from __future__ import annotations

import dataclasses
import random
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sla.calendar import SchoolCalendar, calendar_for
from sla.deadline import deadline
from sla.redating import Redating, RunningClock, redated
from sla.target import Mode, ResponseTarget

ORDINARY = calendar_for("ENG")
SNOW = calendar_for("ENG", {date(2026, 11, 25): "snow day"})
STRICT, CARRY = ResponseTarget(), ResponseTarget(mode=Mode.CARRY)
TUESDAY = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def running(
    received: datetime = TUESDAY,
    target: ResponseTarget = CARRY,
    calendar: SchoolCalendar = ORDINARY,
    **more: object,
) -> RunningClock:
    """Return a clock as it was counted by a rule and a calendar."""
    clock = RunningClock(
        key=1,
        received=received,
        seen=received,
        due=deadline(received, target, calendar).due,
        rule_version=target.version,
        calendar_version=calendar.version,
    )
    return dataclasses.replace(clock, **more)  # type: ignore[arg-type]


def redate(
    clock: RunningClock,
    now: datetime,
    target: ResponseTarget = CARRY,
    calendar: SchoolCalendar = SNOW,
) -> Redating | None:
    """Count one clock again; None where it is left alone."""
    found = list(redated([clock], target, calendar, now))
    return found[0] if found else None


def test_a_snow_day_lengthens_an_answer_that_is_not_due_yet() -> None:
    """Carried over Wednesday's closure, Tuesday's message is due on Thursday, with reasons to match."""
    redating = redate(running(), TUESDAY + timedelta(hours=3))
    assert redating is not None
    assert redating.moves
    assert redating.promise.deadline.due == datetime(2026, 11, 26, 23, 59, 59, tzinfo=UTC)
    assert "2026-11-25=school closure: snow day" in redating.promise.deadline.trace


def test_a_closure_declared_after_the_due_time_saves_nobody() -> None:
    """One second past the due second the clock is frozen; in the due second it is not."""
    clock = running()
    assert clock.due is not None
    assert redate(clock, clock.due + timedelta(seconds=1)) is None
    assert redate(clock, clock.due + timedelta(milliseconds=999)) is not None


def test_a_clock_counted_by_both_already_is_left_alone() -> None:
    """Counting again twice is the same as once."""
    assert redate(running(), TUESDAY, calendar=ORDINARY) is None


def test_reasons_are_renewed_even_where_the_due_time_stays() -> None:
    """By the letter Wednesday's closure moves nothing, but the trace has to name it."""
    redating = redate(running(target=STRICT), TUESDAY, target=STRICT)
    assert redating is not None
    assert not redating.moves
    assert "2026-11-25=school closure: snow day" in redating.promise.deadline.trace


def test_a_changed_rule_counts_from_the_same_moment_on() -> None:
    """Governors choose another reading on Friday afternoon: Friday's open messages are read by it."""
    friday = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
    redating = redate(running(friday, STRICT), friday + timedelta(hours=1), CARRY, ORDINARY)
    assert redating is not None
    assert redating.promise.deadline.due == datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)


def test_no_change_makes_an_answer_late_that_was_not() -> None:
    """A cover day entered afterwards would put the due time into the past: it is counted from then."""
    half_term = calendar_for("ENG", [date(2026, 10, 26) + timedelta(days=n) for n in range(5)])
    covered = calendar_for("ENG", half_term.closures, [date(2026, 10, 27), date(2026, 10, 28)])
    monday = datetime(2026, 10, 26, 10, 0, tzinfo=UTC)
    clock = running(monday, STRICT, half_term)
    late = redate(clock, datetime(2026, 10, 28, 9, 0, tzinfo=UTC), STRICT, covered)
    assert late is not None
    assert late.due == datetime(2026, 10, 29, 9, 0, tzinfo=UTC)
    assert late.why == (
        "The calendar or the rule was changed when it would already have been due, on Tuesday 27 October; "
        "so it is counted anew: Received 9am on Wednesday, so it is due 24 hours later, "
        "by 9am on Thursday 29 October"
    )
    assert late.trace[-2:] == ("changed=2026-10-28T09:00:00Z", "due=2026-10-29T09:00:00Z")
    earlier = redate(clock, datetime(2026, 10, 26, 12, 0, tzinfo=UTC), STRICT, covered)
    assert earlier is not None
    assert earlier.due == datetime(2026, 10, 27, 23, 59, 59, tzinfo=UTC)


def test_a_closure_mistyped_for_months_hides_nothing_once_it_is_put_right() -> None:
    """The right due time has passed, so it is counted from the correction, and not left until February."""
    wrong = calendar_for("ENG", [date(2026, 11, 24) + timedelta(days=n) for n in range(90)])
    clock = running(TUESDAY, STRICT, wrong)
    assert clock.due is not None
    assert clock.due.year == 2027
    now = TUESDAY + timedelta(days=2, hours=1)
    redating = redate(clock, now, STRICT, ORDINARY)
    assert redating is not None
    assert redating.due == now + timedelta(days=1)
    assert redating.moves


def test_what_is_counted_from_the_correction_never_ends_later_than_it_did() -> None:
    """A due time is only ever brought forward that way."""
    wrong = calendar_for("ENG", [date(2026, 11, 24), date(2026, 11, 25)])
    clock = running(TUESDAY, STRICT, wrong)
    assert clock.due == datetime(2026, 11, 26, 23, 59, 59, tzinfo=UTC)
    redating = redate(clock, datetime(2026, 11, 26, 12, 0, tzinfo=UTC), STRICT, ORDINARY)
    assert redating is not None
    assert redating.due == clock.due
    assert not redating.moves
    assert redating.why.endswith("the due time stays as it was")


def test_a_calendar_without_a_working_day_leaves_the_old_due_time() -> None:
    """A closure that was mistyped for a year takes no due time away."""
    closed = calendar_for("ENG", [date(2026, 11, 25) + timedelta(days=n) for n in range(500)])
    assert redate(running(), TUESDAY, calendar=closed) is None


def test_a_mended_calendar_gives_a_due_time_to_what_had_none() -> None:
    """Nobody could keep a time that was not known: where it has passed, it is counted from now."""
    clock = running(due=None, calendar_version="mistyped")
    now = TUESDAY + timedelta(days=9)
    redating = redate(clock, now, calendar=ORDINARY)
    assert redating is not None
    assert redating.moves
    assert redating.due == now + timedelta(days=1)


def test_both_rates_and_both_readings_are_counted_again() -> None:
    """What is shown beside the due time is made of the same calendar as the due time."""
    friday = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
    monday_closed = calendar_for("ENG", [date(2026, 11, 30)])
    clock = running(friday, STRICT, seen=friday + timedelta(hours=30))
    redating = redate(clock, friday + timedelta(hours=1), STRICT, monday_closed)
    assert redating is not None
    assert redating.promise.team_due == datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC)
    assert redating.promise.other_due == datetime(2026, 12, 1, 16, 0, tzinfo=UTC)


@given(
    hours=st.integers(0, 24 * 40),
    later=st.integers(0, 24 * 6 * 60),
    closed=st.sets(st.integers(0, 60), max_size=12),
)
def test_a_change_of_calendar_after_the_due_time_changes_nothing(
    hours: int, later: int, closed: set[int]
) -> None:
    """Whatever closes, and whenever it is told: a clock past its due time is never counted again."""
    received = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(hours=hours)
    calendar = calendar_for("ENG", [date(2026, 9, 1) + timedelta(days=n) for n in closed])
    clock = running(received, STRICT)
    assert clock.due is not None
    now = clock.due + timedelta(minutes=later, seconds=1)
    assert redate(clock, now, STRICT, calendar) is None


def test_whatever_changes_a_running_clock_is_never_late_by_it() -> None:
    """On 3,000 random changes, what is counted again is due now or later, as plain counting says."""
    chance = random.Random(7)
    changed = 0
    for _ in range(3000):
        received = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(60 * 24 * 60))
        days = [received.date() + timedelta(days=chance.randrange(6)) for _ in range(chance.randrange(4))]
        target = chance.choice([STRICT, CARRY, ResponseTarget(mode=Mode.PAUSE)])
        clock, calendar = running(received, target), calendar_for("ENG", days)
        now = received + timedelta(hours=chance.randrange(96))
        redating = redate(clock, now, target, calendar)
        if redating is not None:
            changed += redating.moves
            assert redating.due >= now
            by_receipt = deadline(received, target, calendar).due
            assert redating.due == by_receipt or (by_receipt < now and redating.due <= clock.due)  # type: ignore[operator]
    assert changed > 200
