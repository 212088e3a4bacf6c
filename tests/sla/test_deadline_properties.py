"""What holds of every due time, whatever the school, the day and the reading of the policy."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sla.calendar import NoDeadlineError, NoWorkingDayError, SchoolCalendar, UnknownYearError, calendar_for
from sla.deadline import Basis, deadline
from sla.target import END_OF_DAY, ClockKind, Mode, ResponseTarget, target_from

LONDON = ZoneInfo("Europe/London")
A_DAY = timedelta(hours=24)
COUNTED = [Mode.STRICT, Mode.CARRY, Mode.PAUSE]

moments = st.builds(
    lambda seconds, part: datetime(2018, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds, microseconds=part),
    st.integers(0, 13 * 365 * 86_400),
    st.sampled_from([0, 1, 999_999]),
)
nations = st.sampled_from(["ENG", "WLS", "SCT", "NIR"])
weekends = st.sampled_from([(5, 6), (6,), (5,), (4, 5), (), (0, 2, 4, 5, 6)]).map(frozenset)


def promises(modes: list[Mode], ends: list[time], **settings: Any) -> st.SearchStrategy[ResponseTarget]:
    """Draw promises of some modes; one that pauses always counts whole days."""
    return st.sampled_from(modes).flatmap(
        lambda mode: st.builds(
            ResponseTarget,
            mode=st.just(mode),
            next_day_time=st.sampled_from([END_OF_DAY] if mode is Mode.PAUSE else ends),
            floor=st.booleans(),
            bank_holidays=st.booleans(),
            **settings,
        )
    )


any_promise = promises(
    list(Mode),
    [END_OF_DAY, time(17), time(9), time(1, 30), time()],
    hours=st.sampled_from([24, 2, 8, 23.75, 36, 72]),
    clock=st.sampled_from(ClockKind),
    weekend=weekends,
)
"""Every kind of promise that is allowed, however odd."""

usual_promise = promises(COUNTED, [END_OF_DAY, time(17), time(9), time()])
"""24 real hours, Saturday and Sunday closed."""


@st.composite
def schools(draw: st.DrawFn, near: datetime) -> SchoolCalendar:
    """Draw a school with up to four closures of up to six weeks around a moment, and cover days in them."""
    blocks = st.tuples(st.integers(-40, 40), st.integers(1, 42))
    days = {
        near.date() + timedelta(days=first + n)
        for first, length in draw(st.lists(blocks, max_size=4))
        for n in range(length)
    }
    weekdays = sorted(day for day in days if day.weekday() < 5)
    cover = draw(st.sets(st.sampled_from(weekdays), max_size=3)) if weekdays else set()
    return calendar_for(draw(nations), days, cover)


@given(st.data(), moments, any_promise)
def test_due_is_after_the_receipt_and_in_whole_seconds(
    data: st.DataObject, received: datetime, target: ResponseTarget
) -> None:
    """Nothing is due before it came, and the due time is UTC in whole seconds."""
    made = deadline(received, target, data.draw(schools(received)))

    assert made.due > received
    assert made.due.microsecond == 0
    assert made.due.tzinfo is UTC
    assert made.received == received.replace(microsecond=0)


@given(st.data(), moments, usual_promise, st.integers(0, 86_400 * 4))
def test_a_later_message_is_never_due_earlier(
    data: st.DataObject, received: datetime, target: ResponseTarget, seconds: int
) -> None:
    """Whoever writes later never gets the earlier due time."""
    calendar = data.draw(schools(received))

    first = deadline(received, target, calendar)
    second = deadline(received + timedelta(seconds=seconds), target, calendar)

    assert first.due <= second.due


@pytest.mark.parametrize("start", [date(2026, 3, 24), date(2026, 10, 20)])
@pytest.mark.parametrize(
    "rule",
    [
        *(
            {"mode": mode, "next_day_time": end, "floor": floor}
            for mode in ("strict", "carry")
            for end in ("23:59:59", "17:00", "09:00", "00:00")
            for floor in (False, True)
        ),
        *({"mode": mode, "clock": "wall"} for mode in ("strict", "carry", "pause")),
        {"mode": "strict", "hours": 17, "next_day_time": "17:00"},
        {"mode": "carry", "hours": 8, "next_day_time": "08:00"},
        {"mode": "pause"},
        {"mode": "pause", "floor": True},
    ],
    ids=str,
)
def test_no_message_overtakes_another_in_three_weeks_with_a_clock_change(
    rule: dict[str, Any], start: date
) -> None:
    """Every half hour and the seconds around it, with a closed Wednesday and a long weekend.

    It holds for every promise of at most 24 hours, and no less than ``next_day_time`` is into the day,
    where Saturday and Sunday are closed. ``pause`` needs 24 hours; ``wall`` goes without ``floor``.
    """
    closures = [start + timedelta(days=n) for n in (1, 9, 10, 13)]
    calendar, target = calendar_for("ENG", closures), target_from(rule)
    midnight = datetime.combine(start, time(), UTC)

    dues = [
        deadline(midnight + timedelta(minutes=30 * n, seconds=second), target, calendar).due
        for n in range(21 * 48)
        for second in (-1, 0, 1)
    ]

    assert all(earlier <= later for earlier, later in pairwise(dues))


@pytest.mark.parametrize(
    ("rule", "earlier", "later"),
    [
        ({"hours": 2}, "2026-11-22T23:30+00:00", "2026-11-23T00:30+00:00"),
        ({"hours": 8, "mode": "pause"}, "2026-11-22T23:30+00:00", "2026-11-23T00:30+00:00"),
        ({"hours": 96}, "2026-11-20T23:30+00:00", "2026-11-21T00:30+00:00"),
        ({"hours": 48, "mode": "pause"}, "2026-11-20T23:30+00:00", "2026-11-21T00:30+00:00"),
        ({"hours": 36, "mode": "carry"}, "2025-12-31T11:30+00:00", "2025-12-31T12:30+00:00"),
        ({"weekend": [6], "mode": "carry"}, "2026-03-28T22:30+00:00", "2026-03-28T23:30+00:00"),
        ({"weekend": [6], "clock": "wall"}, "2026-03-28T01:45+00:00", "2026-03-28T02:15+00:00"),
        ({"weekend": [5]}, "2026-10-24T22:30+00:00", "2026-10-24T23:00+00:00"),
    ],
)
def test_a_promise_of_odd_hours_is_allowed_and_can_let_a_message_overtake(
    rule: dict[str, Any], earlier: str, later: str
) -> None:
    """The manual says so: other hours than 24, or Saturdays and Sundays worked, have such edges.

    They are counted as they are written, because nobody else's rule could be meant.
    """
    target, calendar = target_from(rule), calendar_for("ENG")

    first = deadline(datetime.fromisoformat(earlier), target, calendar)
    second = deadline(datetime.fromisoformat(later), target, calendar)

    assert first.received < second.received
    assert first.due > second.due


@given(st.data(), moments, usual_promise)
def test_everybody_is_given_at_least_24_hours_where_days_end_at_midnight(
    data: st.DataObject, received: datetime, target: ResponseTarget
) -> None:
    """With the whole next working day, or with the floor, no wait is set shorter than 24 hours."""
    assume(target.floor or target.next_day_time == END_OF_DAY)

    made = deadline(received, target, data.draw(schools(received)))

    assert made.due - received.replace(microsecond=0) >= A_DAY


@given(st.data(), moments, any_promise)
def test_what_comes_on_a_closed_day_is_due_on_a_working_day(
    data: st.DataObject, received: datetime, target: ResponseTarget
) -> None:
    """A message from a closed day is due when somebody works, unless a floor of many hours ends later."""
    calendar = data.draw(schools(received))
    assume(target.mode is not Mode.IGNORE_CALENDAR)
    assume(calendar.is_closed(received.astimezone(LONDON).date(), target))

    made = deadline(received, target, calendar)

    assert made.basis is Basis.FLOOR or made.due_on_closed_day is None


@given(st.data(), moments, usual_promise)
def test_a_floor_of_24_hours_never_moves_an_answer_to_a_closed_day(
    data: st.DataObject, received: datetime, target: ResponseTarget
) -> None:
    """24 hours end tomorrow: on the next working day, or before it."""
    calendar = data.draw(schools(received))
    assume(calendar.is_closed(received.astimezone(LONDON).date(), target))

    assert deadline(received, target, calendar).due_on_closed_day is None


@given(st.data(), moments, usual_promise)
def test_only_the_reading_by_the_letter_ends_on_a_closed_day(
    data: st.DataObject, received: datetime, target: ResponseTarget
) -> None:
    """Carry and pause never end on a closed day, but for the very second in which a working day ends."""
    assume(target.mode is not Mode.STRICT)

    made = deadline(received, target, data.draw(schools(received)))

    ends_at_midnight = made.due.astimezone(LONDON).time() == time()
    assert made.due_on_closed_day is None or (target.mode is Mode.PAUSE and ends_at_midnight)


@given(st.data(), moments, any_promise, st.integers(-23 * 60, 23 * 60))
def test_the_same_moment_in_any_offset_is_due_at_the_same_time(
    data: st.DataObject, received: datetime, target: ResponseTarget, minutes: int
) -> None:
    """What counts is the moment, not how a platform writes it."""
    calendar = data.draw(schools(received))
    here = deadline(received, target, calendar)

    assert deadline(received.astimezone(timezone(timedelta(minutes=minutes))), target, calendar) == here
    assert deadline(received.astimezone(LONDON), target, calendar) == here


@given(st.data(), moments, usual_promise, st.integers(-3, 20))
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
    snowed_in = calendar_for(calendar.nation, {*calendar.closures, snow}, calendar.extra_working - {snow})

    assert deadline(received, target, calendar).due <= deadline(received, target, snowed_in).due


@given(st.data(), moments, any_promise)
def test_wales_counts_as_england_does(
    data: st.DataObject, received: datetime, target: ResponseTarget
) -> None:
    """The two nations share one list of bank holidays."""
    closures = data.draw(schools(received)).closures

    english = deadline(received, target, calendar_for("ENG", closures))
    welsh = deadline(received, target, calendar_for("WLS", closures))

    assert english.due == welsh.due


@given(moments, st.sampled_from(COUNTED), nations)
def test_clock_changes_shift_nothing_in_an_ordinary_week(received: datetime, mode: Mode, nation: str) -> None:
    """Clocks change on Sundays, which are closed: real hours and the clock on the wall agree."""
    calendar = calendar_for(nation)

    elapsed = deadline(received, ResponseTarget(mode=mode), calendar)
    wall = deadline(received, ResponseTarget(mode=mode, clock=ClockKind.WALL), calendar)

    assert elapsed.due == wall.due


@given(st.data(), moments, usual_promise)
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


@given(st.data(), moments, any_promise)
def test_what_was_counted_before_changes_nothing(
    data: st.DataObject, received: datetime, target: ResponseTarget
) -> None:
    """What is remembered of a school's days gives the same due time as a school that was never asked."""
    asked = data.draw(schools(received))
    for hours in (-60, -1, 30):
        deadline(received + timedelta(hours=hours), target, asked)
    fresh = calendar_for(asked.nation, asked.closures, asked.extra_working)

    assert deadline(received, target, asked) == deadline(received, target, fresh)
    assert deadline(received, target, asked).trace == deadline(received, target, fresh).trace


def test_the_second_of_the_deadline_is_included_and_fractions_are_dropped() -> None:
    """Four tenths of a second are noise, in the receipt and so in the due time."""
    target, calendar = ResponseTarget(), calendar_for("ENG")
    on_time = datetime(2026, 11, 24, 9, 15, 7, tzinfo=UTC)

    assert deadline(on_time.replace(microsecond=999_999), target, calendar) == deadline(
        on_time, target, calendar
    )
    assert deadline(on_time, target, calendar).due == on_time + A_DAY


def test_a_naive_time_is_refused() -> None:
    """A time without an offset is an hour wrong for seven months of the year if guessed."""
    with pytest.raises(ValueError, match="received has no offset: add Z"):
        deadline(datetime(2026, 11, 22, 19, 42), ResponseTarget(), calendar_for("ENG"))  # noqa: DTZ001


def test_a_school_that_never_opens_has_no_due_time() -> None:
    """A mistyped closure is told to the operator instead of giving a date in some other year."""
    forever = {date(2026, 1, 1) + timedelta(days=n): "a typing mistake" for n in range(800)}
    calendar = calendar_for("ENG", forever)

    for _ in range(2):
        with pytest.raises(NoWorkingDayError, match="no working day within 366 days"):
            deadline(datetime(2026, 1, 3, 12, tzinfo=UTC), ResponseTarget(), calendar)


def test_the_day_before_an_endless_closure_is_still_counted_by_the_letter() -> None:
    """What needs no next working day does not ask for one."""
    forever = {date(2026, 1, 8) + timedelta(days=n): "a typing mistake" for n in range(800)}
    calendar, wednesday = calendar_for("ENG", forever), datetime(2026, 1, 7, 12, tzinfo=UTC)

    assert deadline(wednesday, ResponseTarget(), calendar).due == wednesday + A_DAY
    with pytest.raises(NoWorkingDayError):
        deadline(wednesday, ResponseTarget(mode=Mode.PAUSE), calendar)


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


@pytest.mark.parametrize("mode", list(Mode))
def test_the_end_of_all_years_is_no_crash(mode: Mode) -> None:
    """A platform's nonsense time is answered with words."""
    target = ResponseTarget(mode=mode, bank_holidays=False)
    calendar = calendar_for("ENG")

    with pytest.raises(NoDeadlineError, match="received lies outside all years"):
        deadline(datetime.max.replace(tzinfo=UTC), target, calendar)
    with pytest.raises(NoDeadlineError, match="received lies outside all years"):
        deadline(datetime.min.replace(tzinfo=timezone(timedelta(hours=1))), target, calendar)
