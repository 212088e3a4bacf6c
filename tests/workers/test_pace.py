"""How often an account is read: as the school wants it, as the platform lets us, and never too seldom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from connectors.meter import Window
from workers.allowances import still_telling
from workers.pace import FIRST_RETRY, LONGEST_RETRY, MARGIN, PROBE, Pace, next_reading, next_try

NOW = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
PACE = Pace(timedelta(minutes=5), timedelta(minutes=30))


def wait(used: float = 0.0, *, found: int = 0, staffed: bool = True, money: float = 0.0) -> timedelta:
    """Return the wait with one allowance that is used up so far until tomorrow."""
    windows = [Window("calls", 100, 100 * (1 - used), NOW + timedelta(days=1))]
    return next_reading(PACE, NOW, windows, found=found, staffed=staffed, money_used=money)


def test_quiet_and_plenty_left_is_the_usual_time() -> None:
    """By day and by night: a child may write at eleven."""
    assert wait() == wait(staffed=False) == timedelta(minutes=5)


def test_what_comes_in_while_staff_are_there_is_looked_for_sooner() -> None:
    """Half the usual time, while there is plenty left."""
    assert wait(found=3) == timedelta(minutes=2.5)
    assert wait(0.6, found=3) > timedelta(minutes=5)


def test_it_slows_down_as_an_allowance_fills_up() -> None:
    """From half on a little, then more, and at the end as seldom as the school allows."""
    waits = [wait(used) for used in (0.4, 0.5, 0.75, 0.95)]
    assert waits == sorted(waits)
    assert waits[-1] == PACE.longest - MARGIN
    assert wait(money=0.96) == PACE.longest - MARGIN


def test_quiet_nights_save_where_it_is_scarce() -> None:
    """Only there."""
    assert wait(0.6, staffed=False) > wait(0.6, staffed=True)


def test_an_allowance_that_begins_again_soon_slows_nothing() -> None:
    """A window of a quarter of an hour that ends in a minute is full again by the next reading."""
    window = Window("calls", 100, 1, NOW + timedelta(minutes=1))
    assert next_reading(PACE, NOW, [window], found=0, staffed=True, money_used=0) == PACE.usual


@given(
    used=st.floats(0, 3),
    money=st.floats(0, 3),
    found=st.integers(0, 5),
    staffed=st.booleans(),
    usual=st.integers(1, 1440),
    longer=st.integers(0, 1440),
)
def test_never_beyond_the_longest_gap(
    used: float, money: float, found: int, staffed: bool, usual: int, longer: int
) -> None:
    """Whatever the platform says, the school's longest gap holds; and nobody is asked every second."""
    pace = Pace(timedelta(minutes=usual), timedelta(minutes=usual + longer))
    windows = [Window("calls", 100, 100 * (1 - used), NOW + timedelta(days=2))]
    chosen = next_reading(pace, NOW, windows, found=found, staffed=staffed, money_used=money)
    assert timedelta(minutes=1) <= chosen <= pace.longest


def test_a_failure_is_tried_again_soon_then_less_often_and_for_ever() -> None:
    """Half a minute first, a quarter of an hour at most, every five minutes in the long run."""
    assert FIRST_RETRY <= next_try("a", NOW, timedelta()) <= FIRST_RETRY * 1.2
    assert next_try("a", NOW, timedelta(minutes=4)) >= timedelta(minutes=4)
    assert next_try("a", NOW, timedelta(minutes=50)) <= LONGEST_RETRY * 1.2
    assert PROBE <= next_try("a", NOW, timedelta(days=3)) <= PROBE * 1.2


def test_accounts_that_fail_together_do_not_come_back_together() -> None:
    """The waits are spread, so that a platform that comes back is not met by all at once."""
    waits = {next_try(f"account-{number}", NOW, timedelta(minutes=5)) for number in range(20)}
    assert len(waits) > 10


def row(
    used: float, *, resets_at: datetime | None = NOW + timedelta(hours=9), **more: object
) -> dict[str, object]:
    """Return a shared allowance as one account's reading left it."""
    usual = {"name": "units", "limit": 100.0, "remaining": 100.0 - used, "shared": True, "counted": True}
    ends = None if resets_at is None else resets_at.isoformat()
    return {**usual, "resets_at": ends, "seen_at": NOW.isoformat(), **more}


def test_what_the_accounts_of_an_app_counted_is_added_up() -> None:
    """The platform tells nothing: three accounts used 30 each, so 10 are left; yesterday's is over."""
    yesterday = row(100, resets_at=NOW - timedelta(hours=15))
    [window] = still_telling([yesterday, row(30), row(30), row(30)], NOW)
    assert window.remaining == 10


def test_what_the_platform_told_each_account_is_not_added_up() -> None:
    """Each saw the same allowance; the fullest counts."""
    windows = still_telling([row(30, counted=False), row(60, counted=False)], NOW)
    assert max(each.used for each in windows) == 0.6


def test_an_allowance_without_an_end_is_believed_for_an_hour() -> None:
    """It was full yesterday: that says nothing of today."""
    old = row(100, resets_at=None, counted=False)
    assert still_telling([old], NOW + timedelta(minutes=59))
    assert still_telling([old], NOW + timedelta(minutes=61)) == []
