"""What is owed for one message is told in every way in which the report counts it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from sla.calendar import NoDeadlineError, NoWorkingDayError, calendar_for
from sla.deadline import deadline
from sla.promise import promise
from sla.target import Mode, ResponseTarget

ENGLAND = calendar_for("ENG")
FRIDAY = datetime(2026, 11, 20, 16, tzinfo=UTC)
SATURDAY, MONDAY = FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=3)
A_MINUTE = timedelta(minutes=1)


def test_the_due_time_in_force_is_that_of_the_receipt() -> None:
    """The parent's clock starts when the parent wrote, whenever we saw it."""
    owed = promise(FRIDAY, FRIDAY + timedelta(days=9), ResponseTarget(), ENGLAND)

    assert owed.deadline == deadline(FRIDAY, ResponseTarget(), ENGLAND)


def test_the_team_is_measured_from_when_it_could_know() -> None:
    """Found on Monday after an outage: the promise to the parent was Saturday, the team has until Tuesday."""
    owed = promise(FRIDAY, MONDAY, ResponseTarget(), ENGLAND)

    assert owed.deadline.due == SATURDAY
    assert owed.team_due == MONDAY + timedelta(days=1)


def test_the_team_never_has_less_time_than_the_promise() -> None:
    """A platform's time a little in the future does not start the team's clock before the parent's."""
    owed = promise(FRIDAY, FRIDAY - A_MINUTE, ResponseTarget(), ENGLAND)

    assert owed.team_due == owed.deadline.due


@pytest.mark.parametrize(
    ("mode", "other_due"),
    [(Mode.STRICT, MONDAY), (Mode.PAUSE, SATURDAY), (Mode.CARRY, SATURDAY)],
)
def test_the_other_reading_is_told_beside_the_one_in_force(mode: Mode, other_due: datetime) -> None:
    """Friday at 4pm is where the readings part, and the report shows by how much."""
    assert promise(FRIDAY, FRIDAY, ResponseTarget(mode=mode), ENGLAND).other_due == other_due


def test_what_cannot_be_told_beside_the_due_time_is_left_open() -> None:
    """An endless closure from Saturday on: by the letter there is a due time, by working hours none."""
    closed = {date(2026, 11, 21) + timedelta(days=n): "a typing mistake" for n in range(400)}
    owed = promise(FRIDAY, SATURDAY, ResponseTarget(), calendar_for("ENG", closed))

    assert owed.deadline.due == SATURDAY
    assert owed.team_due is None
    assert owed.other_due is None


def test_a_promise_without_another_reading_leaves_it_open() -> None:
    """``pause`` does not go with an earlier time of day, so nothing is made up."""
    target = ResponseTarget(next_day_time=FRIDAY.time().replace(hour=17))

    assert promise(FRIDAY, FRIDAY, target, ENGLAND).other_due is None


def test_where_no_due_time_can_be_told_the_reason_is() -> None:
    """The message stays visible as "no deadline", so whoever asks learns why."""
    closed = {date(2026, 11, 20) + timedelta(days=n): "a typing mistake" for n in range(400)}

    with pytest.raises(NoWorkingDayError, match="shorten the closures"):
        promise(FRIDAY, FRIDAY, ResponseTarget(), calendar_for("ENG", closed))
    with pytest.raises(NoDeadlineError, match="2040 are not known"):
        promise(FRIDAY.replace(year=2040), FRIDAY, ResponseTarget(), ENGLAND)
