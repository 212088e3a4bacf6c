"""What the report counts, and how urgent a case looks: computed from times, never stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sla.clocks import ClockState, Outcome, SlaStatus, StoppedHow, outcome, outcome_of, status

DUE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("how", "counted"),
    [
        (StoppedHow.ANSWERED, Outcome.MET),
        (StoppedHow.RECORDED, Outcome.MET),
        (StoppedHow.EXEMPT, Outcome.NOT_NEEDED),
        (StoppedHow.WITHDRAWN, Outcome.WITHDRAWN),
        (StoppedHow.HELD, Outcome.HELD),
    ],
)
def test_what_ended_in_time_counts_as_what_ended_it_and_later_as_late(
    how: StoppedHow, counted: Outcome
) -> None:
    """The due second is in time; after it no exemption, withdrawal or hold clears history."""
    much_later = DUE + 100 * HOUR

    assert outcome(DUE, DUE, how, much_later) is counted
    assert outcome(DUE, DUE + timedelta(milliseconds=999), how, much_later) is counted
    assert outcome(DUE, DUE + SECOND, how, much_later) is Outcome.LATE
    assert outcome(None, much_later, how, much_later) is counted


def test_what_still_waits_is_open_until_its_time_is_up() -> None:
    """Open and past due is late; without a due time it stays open."""
    assert outcome(DUE, None, None, DUE) is Outcome.OPEN
    assert outcome(DUE, None, None, DUE + SECOND) is Outcome.LATE
    assert outcome(None, None, None, DUE) is Outcome.OPEN


def test_a_stop_without_a_reason_is_refused() -> None:
    """A clock never ends by itself."""
    with pytest.raises(ValueError, match="how it was stopped"):
        outcome(DUE, DUE, None, DUE)


def test_every_state_is_counted_as_exactly_one_outcome() -> None:
    """The sum of the report's columns is everything that was received."""
    assert {state: outcome_of(state) for state in ClockState} == {
        ClockState.MET: Outcome.MET,
        ClockState.LATE: Outcome.LATE,
        ClockState.OVERDUE: Outcome.LATE,
        ClockState.OPEN: Outcome.OPEN,
        ClockState.WITHDRAWN: Outcome.WITHDRAWN,
        ClockState.MODERATED: Outcome.HELD,
        ClockState.EXEMPT: Outcome.NOT_NEEDED,
        ClockState.JOINED: Outcome.NOT_NEEDED,
        ClockState.NONE: Outcome.NOT_NEEDED,
    }


@pytest.mark.parametrize(
    ("received", "now", "expected"),
    [
        (DUE - 24 * HOUR, DUE - 24 * HOUR, SlaStatus.RUNNING),
        (DUE - 24 * HOUR, DUE - 4 * HOUR, SlaStatus.RUNNING),
        (DUE - 24 * HOUR, DUE - 4 * HOUR + SECOND, SlaStatus.DUE_SOON),
        (DUE - 8 * HOUR, DUE - 2 * HOUR, SlaStatus.RUNNING),
        (DUE - 8 * HOUR, DUE - 2 * HOUR + SECOND, SlaStatus.DUE_SOON),
        (DUE - 24 * HOUR, DUE, SlaStatus.DUE_SOON),
        (DUE - 24 * HOUR, DUE + SECOND, SlaStatus.LATE),
    ],
)
def test_due_soon_begins_with_the_last_quarter_but_at_most_four_hours_before(
    received: datetime, now: datetime, expected: SlaStatus
) -> None:
    """A short promise is not due soon from its first minute, a long one not for a whole day."""
    assert status(received, DUE, None, now) is expected


def test_an_answer_settles_the_status_for_ever() -> None:
    """Met stays met and late stays late, whatever the time is now."""
    assert status(DUE - 24 * HOUR, DUE, DUE, DUE + 99 * HOUR) is SlaStatus.MET
    assert status(DUE - 24 * HOUR, DUE, DUE + SECOND, DUE + 99 * HOUR) is SlaStatus.LATE
