"""A school's clocks run by the last good calendar, and what looks like a mistake waits for a person."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from moderation.calendars import (
    NothingWaits,
    Verdict,
    accept,
    calendar_of,
    preview,
    take_in,
    tell_not_read,
)
from moderation.stored_calendar import CalendarState, StoredCalendar
from moderation.tasks import TaskKind
from sla.target import Mode, ResponseTarget
from sla.term_dates import TermDates, read_csv
from store import tables
from tests.worlds import World, at_once, sighting

HEAD = "kind,start,end_inclusive,label,staff_working\n"
CHRISTMAS = "holiday,2026-12-19,2027-01-03,Christmas,no\n"
FEBRUARY = "half_term,2027-02-15,2027-02-19,February half term,no\n"
EASTER = "holiday,2027-03-26,2027-04-11,Easter,no\n"
SNOW = "closure,2026-11-18,2026-11-18,snow day,no\n"
WHOLE = CHRISTMAS + FEBRUARY + EASTER


def dates_of(rows: str) -> TermDates:
    """Return the term dates of a sheet with these rows."""
    return read_csv((HEAD + rows).encode())


def take(world: World, rows: str) -> Verdict:
    """Take a calendar in as it was just read."""
    with world.store.begin() as unit:
        return take_in(world.ports, unit, world.ports.schools["oakfield"], dates_of(rows))


def stored(world: World, state: CalendarState) -> StoredCalendar | None:
    """Return the school's calendar in that state."""
    with world.store.begin() as unit:
        return unit.calendars.one("oakfield", state)


def waiting_redatings(world: World) -> list[datetime]:
    """Return when the school's clocks are compared with its calendar next."""
    return [row.next_at for row in world.rows(tables.tasks) if row.kind == TaskKind.REDATE_CLOCKS]


def test_the_first_calendar_comes_in_force_by_itself(world: World) -> None:
    """What is stored is what was read, day for day."""
    world.redate()
    assert take(world, WHOLE) is Verdict.IN_FORCE
    calendar = stored(world, CalendarState.IN_FORCE)
    assert calendar is not None
    assert dict(calendar.dates.closures) == dict(dates_of(WHOLE).closures)
    assert calendar.version == calendar_of("ENG", dates_of(WHOLE)).version
    assert waiting_redatings(world) == [world.now()]


def test_reading_the_same_again_changes_nothing(world: World) -> None:
    """Four times a day, for years."""
    take(world, WHOLE)
    for _ in range(3):
        assert take(world, WHOLE) is Verdict.UNCHANGED
    assert len(world.rows(tables.calendars)) == 1


def test_a_snow_day_comes_in_force_and_the_calendar_before_is_kept(world: World) -> None:
    """Every clock names the version it was counted by, so that every version can be looked up."""
    take(world, WHOLE)
    assert take(world, WHOLE + SNOW) is Verdict.IN_FORCE
    assert [row.state for row in world.rows(tables.calendars)] == ["replaced", "in_force"]


def test_a_calendar_that_lost_much_waits_and_the_network_manager_is_told_once(world: World) -> None:
    """Half of the closures ahead are gone: the one from before stays in force."""
    take(world, WHOLE)
    for _ in range(3):
        assert take(world, CHRISTMAS) is Verdict.WAITING
    in_force = stored(world, CalendarState.IN_FORCE)
    assert in_force is not None
    assert dict(in_force.dates.closures) == dict(dates_of(WHOLE).closures)
    world.work()
    assert world.post.letters() == [("ned-wood", "calendar")]
    assert len(world.rows(tables.calendars)) == 2


def reasons(world: World) -> list[str]:
    """Return why people were told about calendars, in order."""
    told = [row.occasion for row in world.rows(tables.alerts) if row.subject_kind == "calendar"]
    return [occasion.partition(":")[0] for occasion in told]


def test_a_loss_that_lasts_or_comes_again_is_told_again_next_week(world: World) -> None:
    """Four readings a day make one letter a week; months later nobody remembers the first."""
    take(world, WHOLE)
    for _ in range(8):
        take(world, CHRISTMAS)
        world.now.pass_by(hours=6)
    assert reasons(world) == ["shrunk"]
    take(world, WHOLE)
    world.now.pass_by(days=14)
    assert take(world, CHRISTMAS) is Verdict.WAITING
    assert reasons(world) == ["shrunk", "shrunk"]


@pytest.mark.parametrize(
    "rows", ["term,2026-09-03,2026-12-18,Autumn term,yes\n", "inset,2026-11-27,,INSET day,yes\n"]
)
def test_a_calendar_that_closes_nothing_is_told(world: World, rows: str) -> None:
    """It comes in force where there was none, and every school has holidays."""
    assert take(world, rows) is Verdict.IN_FORCE
    assert take(world, rows) is Verdict.UNCHANGED
    assert reasons(world) == ["empty"]
    world.now.pass_by(days=7)
    take(world, rows)
    assert reasons(world) == ["empty", "empty"]
    take(world, WHOLE)
    assert reasons(world) == ["empty", "empty"]


def test_a_closure_of_many_weeks_is_told_when_it_comes_in_force(world: World) -> None:
    """A mistyped year makes answers wait as long; what is over, or has a cover day in it, does not."""
    take(world, WHOLE + "holiday,2026-07-01,2026-09-01,Summer,no\n")
    covered = world.with_school(target=ResponseTarget(extra_working=frozenset({date(2027, 8, 12)})))
    take(covered, WHOLE + "holiday,2027-07-20,2027-09-10,Summer,no\n")
    assert reasons(world) == []
    for _ in range(3):
        take(world, WHOLE + "holiday,2027-07-20,2027-09-12,Summer,no\n")
        world.now.pass_by(days=7)
    assert reasons(world) == ["long"]


def test_rows_that_cannot_be_read_are_told_with_the_calendar(world: World) -> None:
    """Once a week for as long as they stand there."""
    for _ in range(3):
        take(world, WHOLE + "holiday,31 September,,A day that is none,no\n")
    assert reasons(world) == ["rejected"]
    world.now.pass_by(days=7)
    take(world, WHOLE + "holiday,31 September,,A day that is none,no\n")
    assert reasons(world) == ["rejected", "rejected"]


def test_what_is_not_read_sounds_worse_where_there_is_nothing_to_go_by(world: World) -> None:
    """A good calendar from before makes it harmless for today; without one, no holiday is known."""
    for _ in range(2):
        with world.store.begin() as unit:
            tell_not_read(world.ports, unit, "oakfield", "unreadable")
    assert reasons(world) == ["never_read"]
    take(world, WHOLE)
    with world.store.begin() as unit:
        tell_not_read(world.ports, unit, "oakfield", "unreadable")
    assert reasons(world) == ["never_read", "unreadable"]


def test_schools_whose_calendar_waits_are_known(world: World) -> None:
    """The status lists them until somebody decides."""

    def waiting() -> list[str]:
        with world.store.begin() as unit:
            return unit.calendars.waiting_schools()

    take(world, WHOLE)
    assert waiting() == []
    take(world, CHRISTMAS)
    assert waiting() == ["oakfield"]
    accept(world.ports, "oakfield", "ned-wood")
    assert waiting() == []


def test_what_waits_comes_in_force_by_a_persons_decision(world: World) -> None:
    """The row says who decided and when."""
    take(world, WHOLE)
    take(world, CHRISTMAS)
    world.redate()
    accept(world.ports, "oakfield", "ned-wood")
    calendar = stored(world, CalendarState.IN_FORCE)
    assert calendar is not None
    assert dict(calendar.dates.closures) == dict(dates_of(CHRISTMAS).closures)
    assert (calendar.decided_by, calendar.decided_at) == ("ned-wood", world.now())
    assert stored(world, CalendarState.WAITING) is None
    assert waiting_redatings(world) == [world.now()]
    assert take(world, CHRISTMAS) is Verdict.UNCHANGED


def test_only_one_of_several_who_accept_at_once_decides(world: World) -> None:
    """The others hear that nothing waits any more."""
    take(world, WHOLE)
    take(world, CHRISTMAS)
    refused: list[int] = []

    def decide(number: int) -> None:
        try:
            accept(world.ports, "oakfield", f"person-{number}")
        except NothingWaits:
            refused.append(number)

    at_once(4, decide)
    assert len(refused) == 3
    assert [row.state for row in world.rows(tables.calendars)].count("in_force") == 1


def test_a_mistake_that_is_put_right_no_longer_waits(world: World) -> None:
    """The office restores the lost rows: nobody has to decide anything."""
    take(world, WHOLE)
    take(world, CHRISTMAS)
    assert take(world, WHOLE) is Verdict.UNCHANGED
    assert stored(world, CalendarState.WAITING) is None
    with pytest.raises(NothingWaits):
        accept(world.ports, "oakfield", "ned-wood")


def test_closures_that_have_passed_are_no_loss(world: World) -> None:
    """A new school year's calendar lists none of last year's holidays."""
    take(world, "holiday,2026-07-20,2026-08-31,Summer,no\n" + CHRISTMAS)
    assert take(world, CHRISTMAS + FEBRUARY) is Verdict.IN_FORCE


def test_a_preview_says_what_would_move_and_moves_nothing(world: World) -> None:
    """A closure added in the past, or for tomorrow: seen before it counts."""
    world = world.with_school(target=ResponseTarget(mode=Mode.CARRY))
    world.show(
        sighting("a1"), sighting("b1", by="sam-doyle", thread="t2", at=world.now() - timedelta(days=6))
    )
    before = world.rows(tables.clocks)
    seen = preview(world.ports, world.ports.schools["oakfield"], dates_of(SNOW))
    assert [each.clock.key for each in seen.moved] == [world.case("a1").id]
    assert seen.moved[0].promise.deadline.due == datetime(2026, 11, 19, 23, 59, 59, tzinfo=UTC)
    assert seen.unmoved == 0
    assert world.rows(tables.clocks) == before


def test_a_cover_day_is_a_working_day_even_on_a_bank_holiday(world: World) -> None:
    """Somebody looks on Boxing Day's Monday: the school says so in its calendar."""
    calendar = calendar_of("ENG", dates_of(CHRISTMAS + "cover,2026-12-28,2026-12-28,office staffed,yes\n"))
    assert not calendar.is_closed(date(2026, 12, 28), ResponseTarget())
    assert calendar.is_closed(date(2026, 12, 29), ResponseTarget())
