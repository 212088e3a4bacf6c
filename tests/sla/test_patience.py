"""What is no danger is told again in staffed hours, further and further up, until somebody takes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.calendar import calendar_for
from sla.patience import PatientStep, patient_steps
from sla.reminders import is_staffed
from sla.staffed import StaffedHours
from sla.target import ResponseTarget

ENGLAND = calendar_for("ENG")
RULES = (StaffedHours(), ResponseTarget(), ENGLAND)
TUESDAY = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)


def steps(began: datetime, now: datetime, *, abuse: bool) -> list[tuple[int, str, tuple[str, ...]]]:
    """Return the steps that have come: number, weekday and time, and whom they are for."""
    come, _ = patient_steps(began, now, *RULES, abuse=abuse)
    return [(each.number, f"{each.at:%a %H:%M}", each.who) for each in come]


@pytest.mark.parametrize("abuse", [True, False])
def test_in_staffed_hours_the_desk_hears_of_it_at_once(abuse: bool) -> None:
    """Nobody else does yet."""
    assert steps(TUESDAY, TUESDAY, abuse=abuse) == [(1, "Tue 10:00", ("desk",))]


@pytest.mark.parametrize(
    ("began", "told"),
    [
        (datetime(2026, 11, 17, 22, 0, tzinfo=UTC), "Wed 08:15"),
        (datetime(2026, 11, 20, 17, 30, tzinfo=UTC), "Mon 08:15"),
        (datetime(2026, 11, 18, 6, 0, tzinfo=UTC), "Wed 08:15"),
    ],
)
def test_out_of_hours_the_desk_hears_of_it_with_the_digest(began: datetime, told: str) -> None:
    """At no other moment, however early somebody asks."""
    assert steps(began, began, abuse=False) == []
    assert steps(began, began + timedelta(days=3), abuse=False)[0] == (1, told, ("desk",))


def test_two_waking_hours_later_the_safeguarding_lead_hears_of_abuse() -> None:
    """Of what is only doubtful the lead hears nothing."""
    at = TUESDAY + timedelta(hours=2)
    assert steps(TUESDAY, at - timedelta(seconds=1), abuse=True) == [(1, "Tue 10:00", ("desk",))]
    assert steps(TUESDAY, at, abuse=True)[1:] == [(2, "Tue 12:00", ("desk", "dsl"))]
    assert len(steps(TUESDAY, at, abuse=False)) == 1


def test_abuse_of_the_late_afternoon_reaches_the_lead_on_the_next_working_day() -> None:
    """Two waking hours have passed by then, but nobody is at work when they have."""
    began = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    assert steps(began, began + timedelta(days=2), abuse=True) == [(1, "Fri 16:00", ("desk",))]
    assert steps(began, datetime(2026, 11, 23, 8, 0, tzinfo=UTC), abuse=True)[1:] == [
        (2, "Mon 08:00", ("desk", "dsl"))
    ]


def test_what_the_lead_would_hear_with_the_desk_at_once_is_one_step() -> None:
    """Abuse of a Saturday is two waking hours old long before Monday's digest."""
    began = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    numbers = [number for number, *_ in steps(began, datetime(2026, 11, 24, 9, 0, tzinfo=UTC), abuse=True)]
    assert numbers == [1, 3]


def test_every_later_working_day_it_goes_further_up() -> None:
    """Abuse to the leadership on the first such day; what is doubtful only on the second."""
    wednesday, thursday = datetime(2026, 11, 18, 9, tzinfo=UTC), datetime(2026, 11, 19, 9, tzinfo=UTC)
    assert steps(TUESDAY, wednesday, abuse=True)[-1] == (3, "Wed 08:15", ("desk", "dsl", "slt"))
    assert steps(TUESDAY, wednesday, abuse=False)[-1] == (3, "Wed 08:15", ("desk",))
    assert steps(TUESDAY, thursday, abuse=False)[-1] == (4, "Thu 08:15", ("desk", "slt"))


def test_of_days_slept_through_only_the_last_one_counts() -> None:
    """A system that stood still for a week brings one message, not five."""
    come = steps(TUESDAY, datetime(2026, 11, 24, 9, tzinfo=UTC), abuse=False)
    assert [number for number, *_ in come] == [1, 7]


def test_the_time_of_the_next_step_lies_ahead_and_is_that_step() -> None:
    """Whoever sleeps until then finds it."""
    _, following = patient_steps(TUESDAY, TUESDAY, *RULES, abuse=True)
    assert following == TUESDAY + timedelta(hours=2)
    come, _ = patient_steps(TUESDAY, following, *RULES, abuse=True)
    assert come[-1] == PatientStep(2, following, ("desk", "dsl"))


def test_school_holidays_are_waited_for_like_weekends() -> None:
    """The calendar says when people are there."""
    half_term = calendar_for("ENG", [date(2026, 11, day) for day in range(18, 28)])
    rules = (StaffedHours(), ResponseTarget(), half_term)
    _, following = patient_steps(TUESDAY, TUESDAY + timedelta(hours=1), *rules, abuse=False)
    assert following == datetime(2026, 11, 30, 8, 15, tzinfo=UTC)


def test_a_time_without_an_offset_is_refused() -> None:
    """It could mean two moments."""
    with pytest.raises(ValueError, match="offset"):
        patient_steps(TUESDAY.replace(tzinfo=None), TUESDAY, *RULES, abuse=True)


@given(
    began=st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    hours=st.floats(0, 400),
    abuse=st.booleans(),
)
def test_every_step_comes_when_people_are_at_work_each_later_than_the_one_before(
    began: datetime, hours: float, abuse: bool
) -> None:
    """Whenever it began and whenever somebody looks; and the next one always lies ahead."""
    start = began
    now = start + timedelta(hours=hours)
    come, following = patient_steps(start, now, *RULES, abuse=abuse)
    moments = [each.at for each in come]
    assert moments == sorted(set(moments))
    assert all(start <= at <= now and is_staffed(at, *RULES) for at in moments)
    assert following > now
    assert [each.number for each in come] == sorted({each.number for each in come})
