"""What holds of every due time, whatever the school, the day and the reading of the policy."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sla.calendar import NoWorkingDayError, SchoolCalendar, UnknownYearError, calendar_for
from sla.deadline import deadline
from sla.target import END_OF_DAY, ClockKind, Mode, ResponseTarget

LONDON = ZoneInfo("Europe/London")
A_DAY = timedelta(hours=24)

moments = st.builds(
    lambda seconds, part: datetime(2018, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds, microseconds=part),
    st.integers(0, 13 * 365 * 86_400),
    st.sampled_from([0, 1, 999_999]),
)
nations = st.sampled_from(["ENG", "WLS", "SCT", "NIR"])
targets = st.builds(
    ResponseTarget,
    mode=st.sampled_from([Mode.STRICT, Mode.CARRY]),
    next_day_time=st.sampled_from([END_OF_DAY, time(17), time(9)]),
    floor=st.booleans(),
    bank_holidays=st.booleans(),
) | st.builds(ResponseTarget, mode=st.just(Mode.PAUSE), floor=st.booleans(), bank_holidays=st.booleans())


@st.composite
def schools(draw: st.DrawFn, near: datetime) -> SchoolCalendar:
    """Draw a school with up to four closures of up to six weeks around a moment."""
    blocks = st.tuples(st.integers(-40, 40), st.integers(1, 42))
    days = {
        near.date() + timedelta(days=first + n)
        for first, length in draw(st.lists(blocks, max_size=4))
        for n in range(length)
    }
    return calendar_for(draw(nations), days)


@given(st.data(), moments, targets)
def test_due_is_after_the_receipt_and_in_whole_seconds(
    data: st.DataObject, received: datetime, target: ResponseTarget
) -> None:
    """Nothing is due before it came, and the due time is UTC in whole seconds."""
    made = deadline(received, target, data.draw(schools(received)))

    assert made.due > received
    assert made.due.microsecond == 0
    assert made.due.tzinfo is UTC


@given(st.data(), moments, targets, st.integers(0, 60 * 24 * 4))
def test_a_later_message_is_never_due_earlier(
    data: st.DataObject, received: datetime, target: ResponseTarget, minutes: int
) -> None:
    """Whoever writes later never gets the earlier due time."""
    calendar = data.draw(schools(received))

    first = deadline(received, target, calendar)
    second = deadline(received + timedelta(minutes=minutes), target, calendar)

    assert first.due <= second.due


@given(st.data(), moments, targets)
def test_everybody_is_given_at_least_24_hours_where_days_end_at_midnight(
    data: st.DataObject, received: datetime, target: ResponseTarget
) -> None:
    """With the whole next working day, or with the floor, no wait is set shorter than 24 hours."""
    assume(target.floor or target.next_day_time == END_OF_DAY)

    made = deadline(received, target, data.draw(schools(received)))

    assert made.due - received.replace(microsecond=0) >= A_DAY


@given(st.data(), moments, targets)
def test_what_comes_on_a_closed_day_is_due_on_a_working_day(
    data: st.DataObject, received: datetime, target: ResponseTarget
) -> None:
    """A message from a closed day is due on the next day on which somebody works."""
    calendar = data.draw(schools(received))
    assume(calendar.is_closed(received.astimezone(LONDON).date(), target))

    made = deadline(received, target, calendar)

    assert made.due_on_closed_day is None


@given(st.data(), moments, targets)
def test_only_the_reading_by_the_letter_ends_on_a_closed_day(
    data: st.DataObject, received: datetime, target: ResponseTarget
) -> None:
    """Carry and pause never end on a closed day, but for the very second in which a working day ends."""
    assume(target.mode is not Mode.STRICT)

    made = deadline(received, target, data.draw(schools(received)))

    ends_at_midnight = made.due.astimezone(LONDON).time() == time()
    assert made.due_on_closed_day is None or (target.mode is Mode.PAUSE and ends_at_midnight)


@given(st.data(), moments, targets, st.integers(-23 * 60, 23 * 60))
def test_the_same_moment_in_any_offset_is_due_at_the_same_time(
    data: st.DataObject, received: datetime, target: ResponseTarget, minutes: int
) -> None:
    """What counts is the moment, not how a platform writes it."""
    calendar = data.draw(schools(received))
    elsewhere = received.astimezone(timezone(timedelta(minutes=minutes)))

    assert deadline(elsewhere, target, calendar) == deadline(received, target, calendar)


@given(st.data(), moments, targets, st.integers(-3, 20))
def test_one_more_closure_never_makes_a_carried_or_paused_answer_due_earlier(
    data: st.DataObject, received: datetime, target: ResponseTarget, offset: int
) -> None:
    """A snow day never gives less time, where a working day counts to its end or 24 hours are sure.

    By 5pm it can give less: what came on Tuesday at 8pm was due on Wednesday at 8pm; once Tuesday is closed
    it is due on Wednesday at 5pm.
    """
    assume(target.mode is not Mode.STRICT)
    assume(target.floor or target.next_day_time == END_OF_DAY)
    calendar = data.draw(schools(received))
    snow = received.astimezone(LONDON).date() + timedelta(days=offset)
    snowed_in = calendar_for(calendar.nation, {*calendar.closures, snow})

    assert deadline(received, target, calendar).due <= deadline(received, target, snowed_in).due


@given(st.data(), moments, targets)
def test_wales_counts_as_england_does(
    data: st.DataObject, received: datetime, target: ResponseTarget
) -> None:
    """The two nations share one list of bank holidays."""
    closures = data.draw(schools(received)).closures

    english = deadline(received, target, calendar_for("ENG", closures))
    welsh = deadline(received, target, calendar_for("WLS", closures))

    assert english.due == welsh.due


@given(moments, st.sampled_from([Mode.STRICT, Mode.CARRY, Mode.PAUSE]), nations)
def test_clock_changes_shift_nothing_in_an_ordinary_week(received: datetime, mode: Mode, nation: str) -> None:
    """Clocks change on Sundays, which are closed: real hours and the clock on the wall agree."""
    calendar = calendar_for(nation)

    elapsed = deadline(received, ResponseTarget(mode=mode), calendar)
    wall = deadline(received, ResponseTarget(mode=mode, clock=ClockKind.WALL), calendar)

    assert elapsed.due == wall.due


@given(st.data(), moments, targets)
def test_strict_pause_and_carry_stand_in_this_order(
    data: st.DataObject, received: datetime, target: ResponseTarget
) -> None:
    """The letter asks most of the school, carrying asks least, on every single message."""
    calendar = data.draw(schools(received))
    strict, pause, carry = (
        deadline(received, ResponseTarget(mode=mode, bank_holidays=target.bank_holidays), calendar).due
        for mode in (Mode.STRICT, Mode.PAUSE, Mode.CARRY)
    )

    assert strict <= pause <= carry


@given(st.data(), moments)
def test_the_abuse_promise_knows_no_calendar(data: st.DataObject, received: datetime) -> None:
    """Two hours are two hours, on any day and in any nation."""
    target = ResponseTarget(mode=Mode.IGNORE_CALENDAR, hours=2)

    made = deadline(received, target, data.draw(schools(received)))

    assert made.due - received.replace(microsecond=0) == timedelta(hours=2)


def test_a_naive_time_is_refused() -> None:
    """A time without an offset is an hour wrong for seven months of the year if guessed."""
    with pytest.raises(ValueError, match="no offset"):
        deadline(datetime(2026, 11, 22, 19, 42), ResponseTarget(), calendar_for("ENG"))  # noqa: DTZ001


def test_a_school_that_never_opens_has_no_due_time() -> None:
    """A mistyped closure is told to the operator instead of giving a date in some other year."""
    forever = {date(2026, 1, 1) + timedelta(days=n): "a typing mistake" for n in range(800)}

    with pytest.raises(NoWorkingDayError, match="no working day within 366 days"):
        deadline(datetime(2026, 1, 3, 12, tzinfo=UTC), ResponseTarget(), calendar_for("ENG", forever))


@pytest.mark.parametrize("year", [2016, 2037])
def test_years_without_known_bank_holidays_have_no_due_time(year: int) -> None:
    """Missing data is an alarm, not an ordinary weekday."""
    received = datetime(year, 6, 6, 12, tzinfo=UTC)

    with pytest.raises(UnknownYearError, match=f"bank holidays of {year} are not known"):
        deadline(received, ResponseTarget(), calendar_for("ENG"))
    assert deadline(received, ResponseTarget(bank_holidays=False), calendar_for("ENG")).due > received


def test_a_due_time_past_the_known_years_is_refused_before_anybody_relies_on_it() -> None:
    """Whoever gets a due time also gets its sentence and its trace."""
    with pytest.raises(UnknownYearError):
        deadline(datetime(2036, 12, 31, 12, tzinfo=UTC), ResponseTarget(), calendar_for("ENG"))


def test_the_end_of_all_years_is_no_crash() -> None:
    """A platform's nonsense time is answered with words."""
    far = datetime.max.replace(tzinfo=UTC)

    with pytest.raises(ValueError, match="outside all years"):
        deadline(far, ResponseTarget(mode=Mode.IGNORE_CALENDAR), calendar_for("ENG"))
