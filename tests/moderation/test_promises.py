"""A case's clock is counted with everything that the report shows, and counted again by a new calendar."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest

from moderation.cases import Clock
from moderation.tasks import TaskKind
from sla.calendar import calendar_for
from sla.target import Mode, ResponseTarget
from store import tables
from tests.worlds import NINE, World, reply, sighting

SNOW = calendar_for("ENG", {date(2026, 11, 18): "snow day"})
CARRY = ResponseTarget(mode=Mode.CARRY)
CLOSED_FOR_EVER = calendar_for("ENG", [date(2026, 11, 1) + timedelta(days=n) for n in range(800)])
WEDNESDAY_NINE = NINE + timedelta(days=1)
THURSDAY_NIGHT = datetime(2026, 11, 19, 23, 59, 59, tzinfo=UTC)


def clock_of(world: World, name: str = "c1") -> Clock:
    """Return the clock of an item's case, which has one."""
    clock = world.clock(name)
    assert clock is not None
    return clock


def test_a_clock_keeps_what_the_report_shows_beside_its_due_time(world: World) -> None:
    """Written on Friday at 4pm, seen on Sunday: by the letter, by the other reading, from our sight."""
    friday, sunday = datetime(2026, 11, 20, 16, 0, tzinfo=UTC), datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    world.now.at = sunday
    world.show(sighting("c1", at=friday))
    clock = clock_of(world)
    assert clock.due_at == datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
    assert clock.due_on_closed_day
    assert clock.late_discovery
    assert clock.team_due_at == datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)
    assert clock.other_due_at == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


def test_a_snow_day_moves_what_is_not_due_and_the_history_keeps_the_old_time(world: World) -> None:
    """The reminder moves along: the clock is looked at again at once."""
    world = world.with_school(target=CARRY)
    world.show(sighting("c1"))
    world.work(TaskKind.WATCH_CLOCK)
    before = clock_of(world)
    assert before.due_at == WEDNESDAY_NINE
    world = world.with_school(target=CARRY, calendar=SNOW)
    world.redate()
    after = clock_of(world)
    assert after.due_at == THURSDAY_NIGHT
    assert after.calendar_version == SNOW.version
    assert "2026-11-18=school closure: snow day" in after.trace
    redated = [row for row in world.rows(tables.case_events) if row.act == "redated"]
    assert [row.detail for row in redated] == [
        "due 2026-11-19T23:59:59Z instead of 2026-11-18T09:00:00Z; "
        f"calendar {SNOW.version} instead of {before.calendar_version}"
    ]
    watch = [row for row in world.rows(tables.tasks) if row.kind == TaskKind.WATCH_CLOCK]
    assert [row.next_at for row in watch] == [world.now()]


def test_counting_again_twice_changes_nothing_more(world: World) -> None:
    """The task may run as often as it likes, on as many hosts as there are."""
    world = world.with_school(target=CARRY)
    world.show(sighting("c1"))
    world = world.with_school(target=CARRY, calendar=SNOW)
    world.redate()
    once = clock_of(world), world.history(world.case("c1").id)
    world.now.pass_by(hours=2)
    world.redate()
    assert (clock_of(world), world.history(world.case("c1").id)) == once


def test_what_is_answered_or_late_stays_as_it_was_counted(world: World) -> None:
    """No snow day declared afterwards turns late into met, or rewrites what was met."""
    world = world.with_school(target=CARRY)
    world.show(sighting("c1"), sighting("c2", by="sam-doyle", thread="t2"))
    world.show(reply("r1", to="c1", at=NINE + timedelta(hours=2)))
    world.now.at = WEDNESDAY_NINE + timedelta(seconds=1)
    before = clock_of(world), clock_of(world, "c2")
    assert before[0].stopped_at is not None
    world = world.with_school(target=CARRY, calendar=SNOW)
    world.redate()
    assert (clock_of(world), clock_of(world, "c2")) == before


def test_a_changed_rule_is_counted_by_from_then_on(world: World) -> None:
    """The governors' decision names itself with every clock that it moved."""
    friday = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    world.now.at = friday + timedelta(hours=1)
    world.show(sighting("c1", at=friday))
    world = world.with_school(target=CARRY)
    world.redate()
    clock = clock_of(world)
    assert clock.due_at == datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)
    assert clock.rule_version == CARRY.version
    assert clock.rule_version.startswith("carry-24h")


def test_more_clocks_than_one_transaction_takes_are_all_counted_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches follow each other to the last clock."""
    monkeypatch.setattr("moderation.promises.BATCH", 3)
    world = world.with_school(target=CARRY)
    world.show(*(sighting(f"c{n}", by=f"parent-{n}", thread=f"t{n}") for n in range(8)))
    world = world.with_school(target=CARRY, calendar=SNOW)
    world.redate()
    assert {row.due_at for row in world.rows(tables.clocks)} == {THURSDAY_NIGHT}


def test_without_a_working_day_the_duty_stands_and_the_network_manager_is_told(world: World) -> None:
    """Nobody is lost to a mistyped closure: the case has a clock without a due time, and says why."""
    world = world.with_school(calendar=CLOSED_FOR_EVER)
    world.show(sighting("c1"), sighting("c2", by="sam-doyle", thread="t2"))
    clock = clock_of(world)
    assert clock.due_at is None
    assert "no working day within 366 days" in clock.why
    world.work()
    told = world.post.letters()
    assert told.count(("ned-wood", "calendar")) == 1
    assert ("ada-moss", "new") in told


def test_a_mended_calendar_gives_the_duty_its_due_time(world: World) -> None:
    """From then on it is reminded of like any other."""
    closed = world.with_school(calendar=CLOSED_FOR_EVER)
    closed.show(sighting("c1"))
    closed.work()
    world.redate()
    clock = clock_of(world)
    assert clock.due_at == WEDNESDAY_NINE
    assert not clock.late_discovery
    assert clock.why.startswith("Received 9am on Tuesday")


def test_an_answer_stops_a_clock_that_has_no_due_time(world: World) -> None:
    """It was owed, and it was given: that counts as met."""
    world = world.with_school(calendar=CLOSED_FOR_EVER)
    world.show(sighting("c1"))
    world.show(reply("r1", to="c1"))
    clock = clock_of(world)
    assert clock.stopped_at == NINE + timedelta(hours=1)
    assert world.case("c1").state == "answered"


def test_a_reminder_for_a_due_time_that_moved_is_not_sent(world: World) -> None:
    """Planned for the morning, overtaken by a snow day in the night: nobody is hurried for nothing."""
    world = world.with_school(target=CARRY)
    evening = NINE + timedelta(hours=13)
    world.now.at = evening
    world.show(sighting("c1", at=evening - timedelta(hours=13)))
    world.work(TaskKind.WATCH_CLOCK)
    world = world.with_school(target=CARRY, calendar=SNOW)
    world.redate()
    world.now.at = WEDNESDAY_NINE - timedelta(minutes=10)
    world.work(TaskKind.DELIVER)
    assert world.post.letters() == []
    reminders = [row.id for row in world.rows(tables.alerts) if row.step == "reminder"]
    states = {row.state for row in world.rows(tables.deliveries) if row.alert in reminders}
    assert states == {"not-needed"}


def test_the_schools_reading_is_kept_with_every_clock(world: World) -> None:
    """Rule and calendar are named by versions that change with what is in them."""
    world.show(sighting("c1"))
    clock = clock_of(world)
    school = world.ports.schools["oakfield"]
    assert (clock.rule_version, clock.calendar_version) == (school.target.version, school.calendar.version)
    other = dataclasses.replace(school.target, floor=True)
    assert other.version != clock.rule_version


def test_a_closure_that_is_taken_out_brings_the_alarm_back(world: World) -> None:
    """By the letter the due time stays, yet the first staffed moment after it is another one now."""
    thursday = calendar_for("ENG", {date(2026, 11, 19): "polling day"})
    world = world.with_school(calendar=thursday)
    world.now.at = NINE + timedelta(days=1, hours=7)
    world.show(sighting("c1", at=world.now()))
    world.work(TaskKind.WATCH_CLOCK)
    world = world.with_school(calendar=calendar_for("ENG"))
    world.redate()
    world.now.at = NINE + timedelta(days=2, hours=7, minutes=1)
    world.work(TaskKind.WATCH_CLOCK)
    assert "late" in {row.step for row in world.rows(tables.alerts)}


def test_a_closure_mistyped_for_months_is_put_right_for_open_answers(world: World) -> None:
    """Two days later the file is corrected: the case is due tomorrow, and no longer in February."""
    wrong = calendar_for("ENG", [date(2026, 11, 17) + timedelta(days=n) for n in range(90)])
    world = world.with_school(calendar=wrong)
    world.show(sighting("c1"))
    world.now.pass_by(days=2)
    world = world.with_school(calendar=calendar_for("ENG"))
    world.redate()
    clock = clock_of(world)
    assert clock.due_at == world.now() + timedelta(days=1)
    assert clock.why.startswith("The calendar or the rule was changed when it would already have been due")
    assert clock.trace[-1] == f"due={clock.due_at:%Y-%m-%dT%H:%M:%SZ}"


def test_an_alarm_that_a_mistyped_year_put_off_comes_back_with_the_calendar(world: World) -> None:
    """The clock was late already, so it is not counted again; but its alarm was to wait for a year."""
    year_off = calendar_for("ENG", [date(2026, 11, 18) + timedelta(days=n) for n in range(300)])
    world.show(sighting("c1"))
    closed = world.with_school(calendar=year_off)
    closed.now.at = WEDNESDAY_NINE + timedelta(minutes=1)
    closed.redate()
    closed.work(TaskKind.WATCH_CLOCK)
    assert "late" not in {row.step for row in world.rows(tables.alerts)}
    world.now.pass_by(hours=1)
    world.redate()
    world.work(TaskKind.WATCH_CLOCK)
    assert "late" in {row.step for row in world.rows(tables.alerts)}


def test_a_calendar_without_staffed_time_sets_no_watch_aside(world: World) -> None:
    """Closed for a year by mistake: the watch waits, somebody is told, and mending brings the alarm back."""
    world.show(sighting("c1"))
    closed = world.with_school(calendar=CLOSED_FOR_EVER)
    for _ in range(5):
        with closed.store.begin() as unit:
            unit.tasks.hurry(TaskKind.WATCH_CLOCK, ["1"], closed.now())
        closed.work(TaskKind.WATCH_CLOCK)
    told = [row.occasion for row in world.rows(tables.alerts) if row.step != "new"]
    assert {occasion.partition(":")[0] for occasion in told} == {"no_deadline"}
    world.now.at = WEDNESDAY_NINE + timedelta(hours=1)
    world.work(TaskKind.WATCH_CLOCK)
    assert "late" in {row.step for row in world.rows(tables.alerts)}


def test_a_calendar_that_ends_after_the_alarm_leaves_the_alarm_and_the_watch(world: World) -> None:
    """Closed by mistake from Friday on: on Thursday all alarms come, and the watch goes on."""
    days = [date(2026, 11, 20) + timedelta(days=number) for number in range(500)]
    world = world.with_school(calendar=calendar_for("ENG", dict.fromkeys(days, "closed")))
    world.show(sighting("c1"))
    world.now.at = WEDNESDAY_NINE + timedelta(days=1, minutes=1)
    world.work(TaskKind.WATCH_CLOCK)
    (watch,) = (row for row in world.rows(tables.tasks) if row.kind == TaskKind.WATCH_CLOCK)
    assert watch.next_at == world.now() + timedelta(hours=1)
    told = {row.step for row in world.rows(tables.alerts)}
    assert {"late", "still_late"} <= told


def test_a_look_that_was_wanted_while_one_was_going_on_is_made_afterwards(world: World) -> None:
    """The re-dating came between the reading of a clock and its next look: nothing is slept through."""
    world.show(sighting("c1"))
    claim = world.claim(TaskKind.WATCH_CLOCK)
    with world.store.begin() as unit:
        unit.tasks.hurry(TaskKind.WATCH_CLOCK, ["1"], world.now())
    with world.store.continuing(claim, world.now() + timedelta(days=90)):
        pass
    (watch,) = (row for row in world.rows(tables.tasks) if row.kind == TaskKind.WATCH_CLOCK)
    assert watch.next_at == world.now()


def test_a_case_whose_school_has_left_the_settings_waits_for_it(world: World) -> None:
    """A table that was taken out by mistake comes back, and its clocks are watched as before."""
    world.show(sighting("c1"))
    away = dataclasses.replace(world, ports=dataclasses.replace(world.ports, schools={}))
    away.work(TaskKind.WATCH_CLOCK)
    world.now.at = WEDNESDAY_NINE + timedelta(hours=1)
    world.work(TaskKind.WATCH_CLOCK)
    assert "late" in {row.step for row in world.rows(tables.alerts)}


def test_a_reminder_that_a_moved_due_time_made_needless_is_sent_when_it_moves_back(world: World) -> None:
    """The snow day was entered by mistake, and taken out within the hour."""
    carry = world.with_school(target=CARRY)
    snowed = world.with_school(target=CARRY, calendar=SNOW)
    carry.now.at = NINE + timedelta(hours=13)
    carry.show(sighting("c1", at=NINE))
    carry.work(TaskKind.WATCH_CLOCK)
    snowed.redate()
    world.now.at = WEDNESDAY_NINE - timedelta(minutes=50)
    snowed.work(TaskKind.DELIVER)
    carry.redate()
    carry.work(TaskKind.WATCH_CLOCK, TaskKind.DELIVER)
    told = [each for each in world.post.letters() if each[1] != "new"]
    assert told == [("ada-moss", "reminder"), ("ben-hart", "reminder")]
