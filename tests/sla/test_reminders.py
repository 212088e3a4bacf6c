"""Reminders come while somebody is at work, early enough to act, and never before the message."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.calendar import NoDeadlineError, NoWorkingDayError, SchoolCalendar, calendar_for
from sla.deadline import deadline
from sla.reminders import (
    APART,
    Reminders,
    ReminderStep,
    StaffedHours,
    StepDue,
    digest_time,
    due_steps,
    first_staffed_after,
    half_time,
    is_staffed,
    last_call,
    next_daily_digest,
    next_look,
    next_staffed,
    reminders,
)
from sla.target import Mode, ResponseTarget

LONDON = ZoneInfo("Europe/London")
HOURS = StaffedHours()
TARGET = ResponseTarget()
HALF_TERM = {date(2026, 10, 26) + timedelta(days=n): "half term" for n in range(5)}
CALENDAR = calendar_for("ENG", HALF_TERM)
CHRISTMAS = {date(2026, 12, 19) + timedelta(days=n): "Christmas holiday" for n in range(16)}

CALENDARS = {
    "England": CALENDAR,
    "Scotland": calendar_for("SCT", HALF_TERM),
    "Christmas": calendar_for("ENG", CHRISTMAS),
    "INSET on Friday": calendar_for("ENG", {day: "half term" for day in HALF_TERM if day.weekday() != 4}),
}
TARGETS = {
    "strict": TARGET,
    "pause": ResponseTarget(mode=Mode.PAUSE),
    "carry": ResponseTarget(mode=Mode.CARRY),
    "by 10am": ResponseTarget(next_day_time=time(10)),
    "cover 29 Oct": ResponseTarget(extra_working=frozenset({date(2026, 10, 29)})),
    "Saturday school": ResponseTarget(weekend=frozenset({6})),
    "4 h": ResponseTarget(hours=4),
}
ROTAS = {
    "8 to 5": HOURS,
    "short Friday": StaffedHours(by_weekday={4: (time(8), time(15, 30))}),
    "no Wednesday": StaffedHours(by_weekday={2: None}),
    "12 to 1": StaffedHours(time(12), time(13)),
    "12 to 12:10": StaffedHours(time(12), time(12, 10)),
    "short Tuesday": StaffedHours(time(12), time(13), {1: (time(12), time(12, 20))}),
    "late Thursday": StaffedHours(by_weekday={3: (time(10), time(19))}),
}


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


def test_where_somebody_looks_in_for_a_moment_the_digest_comes_at_once() -> None:
    """A quarter of an hour after noon, nobody would be there any more."""
    told = digest_time(london("2026-11-24 09:00"), ROTAS["12 to 12:10"], TARGET, CALENDAR)

    assert told == london("2026-11-24 12:00")


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
        ("2026-11-24 08:00", "2026-11-24 08:00"),
        ("2026-11-24 16:59:59", "2026-11-24 16:59:59"),
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


@pytest.mark.parametrize("weekday", [-1, 7, "Friday", True, 4.0])
def test_a_weekday_that_there_is_not_is_refused(weekday: Any) -> None:
    """Weekdays are numbers, Monday 0 to Sunday 6."""
    with pytest.raises(ValueError, match="Monday 0 to Sunday 6"):
        StaffedHours(by_weekday={weekday: None})


@pytest.mark.parametrize(
    ("differing", "why"),
    [
        ((time(15, 30), time(8)), "of weekday 4 must end after they start"),
        ((time(8), time(8)), "of weekday 4 must end after they start"),
        ((time(8), time(15, tzinfo=UTC)), "of weekday 4 are two plain times"),
        ((time(8),), "of weekday 4 are two plain times"),
        (("08:00", "15:30"), "of weekday 4 are two plain times"),
    ],
)
def test_a_weekday_whose_hours_make_no_day_is_refused(differing: Any, why: str) -> None:
    """The refusal names the weekday."""
    with pytest.raises(ValueError, match=why):
        StaffedHours(by_weekday={4: differing})


def test_a_week_without_hours_is_refused() -> None:
    """Somebody has to look on some day."""
    with pytest.raises(ValueError, match="no hour of the week"):
        StaffedHours(by_weekday=dict.fromkeys(range(7)))


def test_hours_cannot_be_changed_and_are_compared_by_what_they_say() -> None:
    """Changing what they were made from changes nothing, and equal ones are one key."""
    friday: dict[int, tuple[time, time] | None] = {4: (time(8), time(15, 30))}
    hours = StaffedHours(by_weekday=friday)
    friday[4] = None

    assert hours == ROTAS["short Friday"]
    assert hours != HOURS
    assert len({hours, ROTAS["short Friday"], HOURS}) == 2
    with pytest.raises(TypeError):
        hours.by_weekday[4] = None  # type: ignore[index]


@pytest.mark.parametrize(
    ("rota", "at", "following"),
    [
        ("short Friday", "2026-11-27 15:29:59", "2026-11-27 15:29:59"),
        ("short Friday", "2026-11-27 15:30", "2026-11-30 08:00"),
        ("short Friday", "2026-11-26 15:30", "2026-11-26 15:30"),
        ("no Wednesday", "2026-11-24 17:00", "2026-11-26 08:00"),
        ("no Wednesday", "2026-11-25 10:00", "2026-11-26 08:00"),
        ("late Thursday", "2026-11-26 08:00", "2026-11-26 10:00"),
        ("late Thursday", "2026-11-26 18:59:59", "2026-11-26 18:59:59"),
    ],
)
def test_hours_may_differ_by_weekday(rota: str, at: str, following: str) -> None:
    """Friday may end early, and on Wednesday there may be nobody."""
    hours = ROTAS[rota]

    assert next_staffed(london(at), hours, TARGET, CALENDAR) == london(following)
    assert is_staffed(london(at), hours, TARGET, CALENDAR) is (at == following)


def test_working_days_without_any_hours_are_refused_with_a_reason() -> None:
    """A school that names hours for the weekend alone, and is closed at weekends, is told so."""
    hours = StaffedHours(by_weekday=dict.fromkeys(range(5)))

    with pytest.raises(NoWorkingDayError, match="no staffed hours within 366 days after 2026-11-24"):
        next_staffed(london("2026-11-24 10:00"), hours, TARGET, CALENDAR)


def test_hours_that_a_change_of_clocks_swallows_are_no_hours() -> None:
    """On 29 March 2026 the clock goes from 1am to 2am, so that 1:30 to 2:15 is over before it begins."""
    every_day = ResponseTarget(weekend=frozenset())
    hours = StaffedHours(time(1, 30), time(2, 15))

    assert not any(
        is_staffed(london("2026-03-29 00:00") + timedelta(minutes=n), hours, every_day, CALENDAR)
        for n in range(240)
    )
    assert next_staffed(london("2026-03-29 00:00"), hours, every_day, CALENDAR) == london("2026-03-30 01:30")


TABLE = Path(__file__).with_name("reminder_times.txt")
"""One message a line, from the news to the head: a head teacher can check them with a wall calendar."""


def lines() -> list[str]:
    """Return the lines of the table that hold a message."""
    return [line for line in TABLE.read_text(encoding="utf-8").splitlines() if "|" in line and line[0] != "#"]


def moment(words: str) -> datetime | None:
    """Read a moment like "Tue 24 Nov 10:00", of 2026 or of January 2027; None for a dash."""
    if words == "-":
        return None
    weekday, day, month, clock = words.split()
    number = {"Jan": 1, "Mar": 3, "Apr": 4, "Oct": 10, "Nov": 11, "Dec": 12}[month]
    read = london(f"{2027 if month == 'Jan' else 2026}-{number:02}-{day} {clock}")
    assert read.strftime("%a") == weekday, words
    return read


@pytest.mark.parametrize("line", lines())
def test_a_message_is_told_of_when_a_moderator_would_want_it(line: str) -> None:
    """The news, half time, the last call, late and the head, as a wall calendar has them."""
    rota, calendar, reading, *times = (cell.strip() for cell in line.split("|"))
    received, due, *wanted = (moment(words) for words in times)
    assert received is not None
    assert due is not None
    rules = (ROTAS[rota], TARGETS[reading], CALENDARS[calendar])
    assert deadline(received, *rules[1:]).due == due

    made = reminders(received, due, *rules)

    assert [made.new_item_at, made.half_time, made.last_call, made.late_at, made.headteacher_at] == wanted
    assert made.half_time == half_time(received, due, *rules)
    assert made.last_call == last_call(received, due, *rules)


@pytest.mark.parametrize(
    ("told", "again"),
    [
        ("2026-11-24 08:00", "2026-11-25 08:15"),
        ("2026-11-24 16:59", "2026-11-25 08:15"),
        ("2026-11-25 08:15", "2026-11-26 08:15"),
        ("2026-11-27 12:00", "2026-11-30 08:15"),
        ("2026-10-23 10:00", "2026-11-02 08:15"),
        ("2026-04-02 10:00", "2026-04-07 08:15"),
    ],
)
def test_what_stays_open_is_told_again_on_the_next_working_morning(told: str, again: str) -> None:
    """A late message is in the digest of every working day, and never twice on one day."""
    assert next_daily_digest(london(told), HOURS, TARGET, CALENDAR) == london(again)


WEDNESDAY = reminders(london("2026-11-24 10:00"), london("2026-11-25 10:00"), HOURS, TARGET, CALENDAR)
SATURDAY = reminders(london("2026-11-20 10:00"), london("2026-11-21 10:00"), HOURS, TARGET, CALENDAR)
MONDAY = reminders(london("2026-11-22 19:42"), london("2026-11-23 23:59:59"), HOURS, TARGET, CALENDAR)
OVER_THE_WEEKEND = reminders(london("2026-11-20 16:00"), london("2026-11-23 16:00"), HOURS, TARGET, CALENDAR)


@pytest.mark.parametrize(
    ("times", "now", "told"),
    [
        (WEDNESDAY, "2026-11-24 09:59:59", {}),
        (WEDNESDAY, "2026-11-24 10:00", {"new": "2026-11-24 10:00"}),
        (WEDNESDAY, "2026-11-24 11:00", {"new": "2026-11-24 11:00"}),
        (WEDNESDAY, "2026-11-24 14:30", {"half-time": "2026-11-24 14:30"}),
        (WEDNESDAY, "2026-11-24 21:00", {"half-time": "2026-11-25 08:00"}),
        (WEDNESDAY, "2026-11-25 09:59:59", {"last-call": "2026-11-25 09:59:59"}),
        (WEDNESDAY, "2026-11-25 10:00", {}),
        (WEDNESDAY, "2026-11-25 10:00:01", {"late": "2026-11-25 10:00:01"}),
        (WEDNESDAY, "2026-11-25 21:00", {"late": "2026-11-26 08:00"}),
        (WEDNESDAY, "2026-11-28 12:00", {"late": "2026-11-30 08:00", "headteacher": "2026-11-30 08:00"}),
        (SATURDAY, "2026-11-20 16:59", {"last-call": "2026-11-20 16:59"}),
        (SATURDAY, "2026-11-20 17:00", {}),
        (SATURDAY, "2026-11-21 09:00", {}),
        (SATURDAY, "2026-11-22 09:00", {}),
        (SATURDAY, "2026-11-23 08:00", {"late": "2026-11-23 08:00"}),
        (MONDAY, "2026-11-23 08:00", {}),
        (MONDAY, "2026-11-23 08:15", {"new": "2026-11-23 08:15"}),
        (MONDAY, "2026-11-23 18:00", {}),
        (OVER_THE_WEEKEND, "2026-11-20 16:30", {"new": "2026-11-20 16:30"}),
        (OVER_THE_WEEKEND, "2026-11-20 18:00", {"new": "2026-11-23 08:15"}),
        (OVER_THE_WEEKEND, "2026-11-23 08:05", {"new": "2026-11-23 08:05"}),
    ],
)
def test_after_an_outage_only_what_still_helps_is_told(
    times: Reminders, now: str, told: dict[str, str]
) -> None:
    """The latest reminder, if somebody hears it before the due time; late and the head in any case."""
    steps = due_steps(times, london(now), HOURS, TARGET, CALENDAR)

    assert steps == tuple(StepDue(ReminderStep(step), london(at)) for step, at in told.items())


def test_a_reminder_that_would_be_heard_with_the_next_one_is_left_out() -> None:
    """Half time slept through in the evening gives way to a last call first thing in the morning."""
    rules = (HOURS, TARGET, CALENDAR)
    times = reminders(london("2026-11-24 09:30"), london("2026-11-25 09:30"), *rules)
    assert times.last_call == london("2026-11-25 08:00")

    assert due_steps(times, london("2026-11-24 20:00"), *rules) == ()
    assert next_look(times, london("2026-11-24 20:00")) == times.last_call


def test_a_school_without_a_working_day_has_no_reminders() -> None:
    """What has no deadline has no reminder, and says why."""
    closed = calendar_for("ENG", [date(2026, 11, 25) + timedelta(days=n) for n in range(400)])

    with pytest.raises(NoDeadlineError, match="no working day within 366 days"):
        reminders(london("2026-11-24 10:00"), london("2026-11-25 10:00"), HOURS, TARGET, closed)


@pytest.mark.parametrize(
    "ask", [is_staffed, next_staffed, first_staffed_after, digest_time, next_daily_digest]
)
def test_a_moment_without_an_offset_is_refused(ask: Callable[..., object]) -> None:
    """Guessing the offset would be an hour wrong for seven months."""
    with pytest.raises(ValueError, match="no offset"):
        ask(datetime(2026, 11, 24, 10), HOURS, TARGET, CALENDAR)  # noqa: DTZ001 - that is what is refused


@pytest.mark.parametrize("ask", [half_time, last_call, reminders])
def test_a_receipt_or_a_due_time_without_an_offset_is_refused(ask: Callable[..., object]) -> None:
    """Both need one, and so does the moment of asking."""
    aware, naive = london("2026-11-24 10:00"), datetime(2026, 11, 25, 10)  # noqa: DTZ001 - as above

    for pair in ((aware, naive), (naive, aware)):
        with pytest.raises(ValueError, match="no offset"):
            ask(*pair, HOURS, TARGET, CALENDAR)
    with pytest.raises(ValueError, match="no offset"):
        due_steps(WEDNESDAY, naive, HOURS, TARGET, CALENDAR)


# What holds for every message


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


clocks = st.integers(0, 23 * 60 + 59).map(lambda minute: time(minute // 60, minute % 60))
spans = st.lists(clocks, min_size=2, max_size=2, unique=True).map(lambda pair: (min(pair), max(pair)))
rotas = st.sampled_from(list(ROTAS.values())) | st.builds(
    lambda span, by_weekday: StaffedHours(span[0], span[1], by_weekday),
    spans,
    # Mondays keep their hours, so that every school below has some
    st.dictionaries(st.integers(1, 6), st.none() | spans, max_size=4),
)
targets = st.builds(
    ResponseTarget,
    mode=st.sampled_from(Mode),
    hours=st.sampled_from([2, 4, 24, 48]),
    weekend=st.sampled_from([frozenset({5, 6}), frozenset({6})]),
)
Rules = tuple[StaffedHours, ResponseTarget, SchoolCalendar]


@st.composite
def lives(draw: st.DrawFn) -> tuple[datetime, datetime, Rules]:
    """Draw a message with its due time, and the school that it came to."""
    received = draw(moments)
    first, length = draw(st.integers(-9, 9)), draw(st.integers(0, 16))
    closed = [received.date() + timedelta(days=first + n) for n in range(length)]
    target, calendar = draw(targets), calendar_for(draw(st.sampled_from(["ENG", "SCT"])), closed)
    return received, deadline(received, target, calendar).due, (draw(rotas), target, calendar)


@given(lives())
def test_every_step_is_staffed_and_in_order(life: tuple[datetime, datetime, Rules]) -> None:
    """News, half time and last call lie half an hour apart before the due time, late and head after it."""
    received, due, rules = life

    made = reminders(received, due, *rules)

    before = [at for at in (made.new_item_at, made.half_time, made.last_call) if at is not None]
    assert all(received <= at < due for at in before)
    assert all(later - earlier >= APART for earlier, later in pairwise(before))
    assert made.half_time is None or (made.half_time > received and made.last_call is not None)
    assert due < made.late_at < made.headteacher_at
    assert all(is_staffed(at, *rules) and at.tzinfo is UTC for _, at in made.in_order())


@given(lives())
def test_staff_hear_of_every_message_that_they_can_still_answer(
    life: tuple[datetime, datetime, Rules],
) -> None:
    """Where somebody is at work in time there is a last call, and somebody is told as early as ever."""
    received, due, rules = life

    made = reminders(received, due, *rules)

    assert (made.last_call is None) is (next_staffed(received, *rules) >= due)
    if made.last_call is not None:
        assert made.in_order()[0][1] <= digest_time(received, *rules)


@given(lives())
def test_staff_have_a_working_day_before_the_head_is_told(life: tuple[datetime, datetime, Rules]) -> None:
    """Between late and the head lies one day's staffed time at least, and not a staffed day too many."""
    received, due, (hours, target, calendar) = life

    made = reminders(received, due, hours, target, calendar)

    late, head = (at.astimezone(target.zone) for at in (made.late_at, made.headteacher_at))
    days = [late.date() + timedelta(days=n) for n in range((head.date() - late.date()).days + 1)]
    worked = [day for day in days if hours.on(day.weekday()) and not calendar.is_closed(day, target)]
    assert 2 <= len(worked) <= 3
    if len(worked) == 2 and hours.on(late.weekday()) == hours.on(head.weekday()):
        assert late.time() == head.time()


@given(lives(), st.integers(-12, 14))
def test_the_offset_in_which_a_time_is_written_changes_nothing(
    life: tuple[datetime, datetime, Rules], hours: int
) -> None:
    """The same instant has the same reminders, in any zone, and in London on the night of a change."""
    received, due, rules = life
    made = reminders(received, due, *rules)

    for zone in (timezone(timedelta(hours=hours)), LONDON):
        written = reminders(received.astimezone(zone), due.astimezone(zone), *rules)
        assert written == made
        assert all(at.tzinfo is UTC for at in (written.due, *dict(written.in_order()).values()))


@given(st.integers(0, 3 * 365 * 24 * 60), st.sampled_from(list(Mode)), st.booleans())
def test_half_time_agrees_with_counting_every_minute(minutes: int, mode: Mode, short: bool) -> None:
    """Write down every staffed minute between receipt and due time: half time is the middle of the list."""
    received = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    target = ResponseTarget(mode=mode)
    due = deadline(received, target, CALENDAR).due
    friday_end = 15 * 60 + 30 if short else 17 * 60
    length = min(int((due - received).total_seconds() // 60), 8 * 24 * 60)

    staffed = []
    for n in range(length):
        at = received + timedelta(minutes=n)
        local = at.astimezone(LONDON)
        end = friday_end if local.weekday() == 4 else 17 * 60
        if 8 * 60 <= local.hour * 60 + local.minute < end and not CALENDAR.is_closed(local.date(), target):
            staffed.append(at)
    made = half_time(received, due, ROTAS["short Friday"] if short else HOURS, target, CALENDAR)

    if made is not None and length < 8 * 24 * 60:
        assert made == staffed[len(staffed) // 2] + timedelta(seconds=30 * (len(staffed) % 2))
    elif length < 8 * 24 * 60:
        assert len(staffed) <= 4 * 60 + 1


@given(lives())
def test_looking_whenever_asked_to_tells_every_step_at_its_moment(
    life: tuple[datetime, datetime, Rules],
) -> None:
    """Each look tells one step, at once, and says when to look next, until the head is told."""
    received, due, rules = life
    made = reminders(received, due, *rules)

    told, now = [], next_look(made, received - timedelta(seconds=1))
    while now is not None:
        told.append((due_steps(made, now, *rules)[-1].step, due_steps(made, now, *rules)[-1].at))
        now = next_look(made, now)

    assert tuple(told) == made.in_order()


@given(lives(), st.integers(0, 2**32), st.integers(1, 12))
def test_looks_at_any_moments_tell_each_step_once_and_none_too_late(
    life: tuple[datetime, datetime, Rules], seed: int, looks: int
) -> None:
    """However long nobody looked: no reminder after the due time, none in the wrong order, no alarm lost."""
    received, due, rules = life
    made = reminders(received, due, *rules)
    seconds = int((made.headteacher_at - received).total_seconds()) + 86_400
    chance = random.Random(seed)

    told: dict[ReminderStep, datetime] = {}
    last = received
    for now in sorted(received + timedelta(seconds=chance.randrange(seconds)) for _ in range(looks)):
        last = now
        for each in due_steps(made, now, *rules):
            told.setdefault(each.step, each.at)
        assert due_steps(made, now, *rules) == due_steps(made, now, *rules)

    moments_of = dict(made.in_order())
    assert list(told) == sorted(told, key=list(ReminderStep).index)
    for step, at in told.items():
        assert at >= moments_of[step]
        assert is_staffed(at, *rules)
        assert (at < due) is (step not in {ReminderStep.LATE, ReminderStep.HEADTEACHER})
    assert (ReminderStep.LATE in told) is (last >= made.late_at)
    assert (ReminderStep.HEADTEACHER in told) is (last >= made.headteacher_at)
    before = [at for step, at in told.items() if at < due]
    assert len(set(before)) == len(before)
