"""Whether people hear a week ahead that nobody who is needed will be there, and hear it once."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from moderation.alerts import AlertStep, DutyNotice, Role, Topic
from moderation.duty import Uncovered, duty_is_uncovered, duty_notice, gaps_ahead, look_ahead
from moderation.tasks import NewTask, TaskKind
from sla.calendar import calendar_for
from sla.duty import Attendance, DateSpan, Rota, RotaRule, Shift
from sla.staffed import StaffedHours
from store import tables
from tests.worlds import World

MONDAY = date(2026, 11, 23)
"""The day six days after the world's time begins, which is a Tuesday at noon."""


def at(day: int, hour: int = 0, *, month: int = 11) -> datetime:
    """Return an hour of that day of November 2026, when the school's clock shows UTC."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def with_attendance(world: World, **attendances: Attendance) -> World:
    """Return the same world in which people (``dee_lane`` is dee-lane) are there at other times."""
    people = dict(world.ports.people)
    for name, attendance in attendances.items():
        known = name.replace("_", "-")
        people[known] = dataclasses.replace(people[known], attendance=attendance)
    return dataclasses.replace(world, ports=dataclasses.replace(world.ports, people=people))


def away(first: date, last: date) -> Attendance:
    """Return somebody who is away on these days."""
    return Attendance(away=(DateSpan(first, last),))


def leads_away(world: World, first: date = MONDAY, last: date = MONDAY) -> World:
    """Return the same world in which the DSL and her deputy are away at once."""
    return with_attendance(world, dee_lane=away(first, last), eve_ford=away(first, last))


def ahead(world: World) -> list[Uncovered]:
    """Return what the school finds uncovered now."""
    return gaps_ahead(world.ports.people, world.ports.schools["oakfield"], world.now())


def look(world: World) -> None:
    """Let the school look ahead now."""
    task = NewTask(TaskKind.LOOK_AHEAD, "oakfield", "oakfield", world.now())
    with world.store.begin() as unit:
        unit.tasks.add([task], world.now())
        unit.tasks.hurry(task.kind, [task.key], world.now())
    look_ahead(world.ports, world.claim(TaskKind.LOOK_AHEAD))


def told(world: World) -> list[tuple[str, DutyNotice]]:
    """Send what is due, and return who was told of duty ahead, and what."""
    world.work(TaskKind.DELIVER)
    return [
        (person.name, notice)
        for outgoing, person in world.post.taken
        for notice in outgoing.notices
        if isinstance(notice, DutyNotice)
    ]


def names(world: World) -> set[str]:
    """Return who was told of duty ahead."""
    return {name for name, _ in told(world)}


def next_look(world: World) -> datetime:
    """Return when the school looks ahead again."""
    waits: datetime = next(row for row in world.rows(tables.tasks) if row.kind == TaskKind.LOOK_AHEAD).next_at
    return waits


def test_nothing_is_said_while_somebody_of_every_kind_is_there(world: World) -> None:
    """Silence is the good news here."""
    look(world)
    assert ahead(world) == []
    assert told(world) == []


def test_a_day_without_a_lead_and_a_deputy_is_told_a_week_ahead(world: World) -> None:
    """To the network manager and the leadership team, and to nobody else."""
    world = leads_away(world)
    look(world)
    assert names(world) == {"ned-wood", "hal-king", "sue-dale"}
    notice = told(world)[0][1]
    assert notice.step is AlertStep.NOBODY_ON_DUTY
    assert notice.gaps == ((at(23), at(24)),)
    assert notice.roles == (Role.DSL, Role.DEPUTY_DSL)


def test_a_deputy_covers_for_the_lead(world: World) -> None:
    """And a lead for a deputy: one of them is enough."""
    assert ahead(with_attendance(world, dee_lane=away(MONDAY, MONDAY))) == []


def test_a_lead_is_needed_at_weekends_too(world: World) -> None:
    """Danger keeps no school hours."""
    saturday = date(2026, 11, 21)
    (found,) = ahead(leads_away(world, saturday, saturday))
    assert (found.kind, found.spans) == ("safeguarding", ((at(21), at(22)),))


def test_what_lies_further_ahead_is_told_in_its_time(world: World) -> None:
    """A week before it begins, or sooner."""
    world = leads_away(world, date(2026, 12, 1), date(2026, 12, 1))
    assert ahead(world) == []
    world.now.at = at(24, 8)
    assert len(ahead(world)) == 1


def test_what_begins_in_the_holidays_is_told_before_they_begin(world: World) -> None:
    """Nobody looks ahead while the school is closed."""
    closed = {date(2026, 12, 19) + timedelta(days=number): "holidays" for number in range(16)}
    world = world.with_school(calendar=calendar_for("ENG", closed))
    world = leads_away(world, date(2026, 12, 30), date(2026, 12, 30))
    world.now.at = at(18, 12, month=12)
    assert [each.kind for each in ahead(world)] == ["safeguarding"]


def test_a_working_day_without_moderators_is_told(world: World) -> None:
    """One is on holiday, the other never works on Wednesdays."""
    wednesday = date(2026, 11, 18)
    world = with_attendance(world, ada_moss=away(wednesday, wednesday), ben_hart=Attendance({2: None}))
    (found,) = ahead(world)
    assert (found.roles, found.spans) == ((Role.MODERATOR,), ((at(18), at(19)),))


def test_nobody_has_to_moderate_on_days_off(world: World) -> None:
    """What is routine waits until Monday."""
    saturday = date(2026, 11, 21)
    absent = away(saturday, saturday + timedelta(days=1))
    assert ahead(with_attendance(world, ada_moss=absent, ben_hart=absent)) == []


def test_nobody_has_to_moderate_on_weekdays_without_staffed_hours(world: World) -> None:
    """The settings say that nobody looks then."""
    thursday = date(2026, 11, 19)
    world = world.with_school(staffed=StaffedHours(by_weekday={3: None}))
    absent = away(thursday, thursday)
    assert ahead(with_attendance(world, ada_moss=absent, ben_hart=absent)) == []


def test_days_off_do_not_end_an_absence(world: World) -> None:
    """From Friday to Monday is one gap, and its end is shown though it lies more than a week ahead."""
    absent = away(date(2026, 11, 20), date(2026, 11, 30))
    (found,) = ahead(with_attendance(world, ada_moss=absent, ben_hart=absent))
    assert found.spans == ((at(20), at(1, month=12)),)


def test_a_working_day_without_leadership_is_told(world: World) -> None:
    """Somebody who decides is needed while the school is open."""
    gone = away(MONDAY, MONDAY)
    (found,) = ahead(with_attendance(world, hal_king=gone, sue_dale=gone))
    assert found.roles == (Role.SLT, Role.HEADTEACHER)


def test_somebody_who_leaves_and_has_no_successor_is_told_of(world: World) -> None:
    """From the day after the last one on."""
    last = Attendance(leaves_on=date(2026, 11, 19))
    (found,) = ahead(with_attendance(world, dee_lane=last, eve_ford=last))
    assert found.spans[0][0] == at(20)


def test_a_gap_in_the_rota_is_told_with_its_hours(world: World) -> None:
    """An hour in the morning is enough."""
    rules = (
        RotaRule("dee-lane", start=time(8), end=time(20)),
        RotaRule("sue-dale", start=time(20), end=time(7)),
    )
    world = world.with_school(rota=Rota(rules))
    look(world)
    notice = told(world)[0][1]
    assert notice.roles == ()
    assert notice.gaps[0] == (at(18, 7), at(18, 8))


def test_a_school_without_a_rota_has_no_gaps_in_it(world: World) -> None:
    """It told nobody to be on duty."""
    assert ahead(world.with_school(rota=Rota())) == []


def test_a_rota_that_lists_nobody_is_one_long_gap(world: World) -> None:
    """A calendar that was emptied by mistake is noticed."""
    (found,) = ahead(world.with_school(rota=Rota(listed=())))
    assert (found.kind, len(found.spans)) == ("rota", 1)


@pytest.mark.parametrize("gone", ["away", "left", "stranger", "another school"])
def test_a_shift_of_somebody_who_is_not_there_is_a_gap(world: World, gone: str) -> None:
    """The rota alone does not show it."""
    world = world.with_school(
        rota=Rota((RotaRule("dee-lane"), RotaRule("sue-dale", last=date(2026, 11, 20))))
    )
    attendance = {"away": away(MONDAY, MONDAY), "left": Attendance(leaves_on=date(2026, 11, 22))}
    if gone in attendance:
        world = with_attendance(world, dee_lane=attendance[gone])
    else:
        known = world.ports.people["dee-lane"]
        there = {} if gone == "stranger" else {"dee-lane": dataclasses.replace(known, schools=frozenset())}
        world = world.without("dee-lane")
        people = {**world.ports.people, **there}
        world = dataclasses.replace(world, ports=dataclasses.replace(world.ports, people=people))
    spans = {each.kind: each.spans for each in ahead(world)}
    assert any(start <= at(23) < end for start, end in spans["rota"])


def test_the_same_gap_is_told_once_however_often_one_looks(world: World) -> None:
    """The days pass, and the gap comes nearer."""
    world = leads_away(world)
    for _ in range(4):
        look(world)
        world.now.at = next_look(world)
    assert len(told(world)) == 3


def test_a_gap_that_has_begun_is_not_told_again(world: World) -> None:
    """Not even while it lasts into the next week."""
    world = leads_away(world, date(2026, 11, 19), date(2026, 11, 27))
    while world.now() < at(28):
        look(world)
        told(world)
        world.now.at = next_look(world)
    assert len(told(world)) == 3


def test_a_gap_that_has_grown_is_told_again(world: World) -> None:
    """Whoever arranged cover for one day has to know of the others."""
    look(leads_away(world))
    assert len(told(leads_away(world))) == 3
    grown = leads_away(world, MONDAY, date(2026, 11, 25))
    look(grown)
    assert len(told(grown)) == 6
    assert told(grown)[-1][1].gaps == ((at(23), at(26)),)


def test_a_gap_without_an_end_is_told_again_once_a_week(world: World) -> None:
    """It must not be forgotten, nor be noise."""
    world = with_attendance(
        world,
        dee_lane=Attendance(leaves_on=date(2026, 11, 16)),
        eve_ford=Attendance(leaves_on=date(2026, 11, 16)),
    )
    weeks = 8
    while world.now() < at(17, 12) + timedelta(weeks=weeks):
        look(world)
        told(world)
        world.now.at = next_look(world)
    assert 6 <= len(told(world)) / 3 <= weeks + 1


def test_gaps_of_the_same_kind_come_in_one_message(world: World) -> None:
    """Every night of the week, in one list."""
    world = world.with_school(rota=Rota((RotaRule("dee-lane", end=time(22)),)))
    look(world)
    assert len(ahead(world)[0].spans) > 7
    world.work(TaskKind.DELIVER)
    assert len(world.post.taken) == 3


def test_gaps_of_different_kinds_are_all_told(world: World) -> None:
    """Whether in one message or in several, nobody misses one for another."""
    gone = away(MONDAY, MONDAY)
    world = leads_away(with_attendance(world, ada_moss=gone, ben_hart=gone))
    look(world)
    world.work(TaskKind.DELIVER)
    # The wording of a message about duty says the first of its notices.
    first = [outgoing.notices[0] for outgoing, _ in world.post.taken]
    said = {notice.roles for notice in first if isinstance(notice, DutyNotice)}
    assert said == {(Role.DSL, Role.DEPUTY_DSL), (Role.MODERATOR,)}


def test_people_are_told_in_staffed_hours(world: World) -> None:
    """It is not worth a night's sleep."""
    world = leads_away(world)
    world.now.at = at(17, 22)
    look(world)
    assert told(world) == []
    world.now.at = at(18, 8) + timedelta(minutes=15)
    assert names(world) == {"ned-wood", "hal-king", "sue-dale"}


def test_a_gap_that_was_closed_before_the_message_left_is_not_told(world: World) -> None:
    """Somebody was quicker."""
    world.now.at = at(17, 22)
    look(leads_away(world))
    world.now.at = at(18, 9)
    assert told(world) == []


def test_what_is_left_of_a_gap_is_told(world: World) -> None:
    """Somebody stands in on the first of two days: the message names the other."""
    world.now.at = at(17, 22)
    look(leads_away(world, MONDAY, date(2026, 11, 24)))
    world.now.at = at(18, 9)
    world = leads_away(world, date(2026, 11, 24), date(2026, 11, 24))
    assert told(world)[0][1].gaps == ((at(24), at(25)),)


def test_hours_that_are_over_are_not_told(world: World) -> None:
    """A gap that has begun is shown from now on, and one that is over never."""
    school = world.with_school(rota=Rota(listed=())).ports.schools["oakfield"]
    topic = Topic(
        "duty", "oakfield", AlertStep.NOBODY_ON_DUTY, "rota:2026-11-17T01:00+00:00/2026-12-17T02:00+00:00"
    )
    notice = duty_notice(world.ports, school, topic, world.now(), Role.SLT)
    assert notice.gaps[0][0] == world.now()
    passed = dataclasses.replace(topic, occasion="safeguarding:2026-11-16T00:00+00:00/2026-11-17T00:00+00:00")
    assert not duty_is_uncovered(
        leads_away(world, date(2026, 11, 16), date(2026, 11, 16)).ports, school, passed, world.now()
    )


def test_the_next_look_is_when_staffed_hours_begin_on_the_next_working_day(world: World) -> None:
    """From Friday to Monday at eight."""
    world.now.at = at(20, 12)
    look(world)
    assert next_look(world) == at(23, 8)


def test_a_school_that_is_never_open_looks_ahead_all_the_same(world: World) -> None:
    """Its calendar is wrong: all the more reason."""
    closed = {date(2026, 1, 1) + timedelta(days=number): "closed" for number in range(1200)}
    world = leads_away(world.with_school(calendar=calendar_for("ENG", closed)))
    look(world)
    assert next_look(world) == world.now() + timedelta(days=1)
    assert names(world) == {"ned-wood", "hal-king", "sue-dale"}


def test_a_year_without_known_bank_holidays_counts_as_working_days(world: World) -> None:
    """A warning too many is better than none."""
    world.now.at = datetime(2100, 1, 4, 9, tzinfo=UTC)
    gone = away(date(2100, 1, 1), date(2100, 1, 10))
    assert [each.kind for each in ahead(with_attendance(world, ada_moss=gone, ben_hart=gone))] == [
        "moderators"
    ]


def test_a_school_that_left_the_settings_is_looked_at_no_more(world: World) -> None:
    """The work is done instead of failing for ever."""
    world = dataclasses.replace(world, ports=dataclasses.replace(world.ports, schools={}))
    look(world)
    assert [row.state for row in world.rows(tables.tasks) if row.kind == TaskKind.LOOK_AHEAD] == ["done"]


def test_shifts_may_overlap_and_meet(world: World) -> None:
    """Then there is no gap between them."""
    shifts: list[Any] = [Shift("dee-lane", at(1), at(20)), Shift("sue-dale", at(19), at(31, month=12))]
    assert ahead(world.with_school(rota=Rota(listed=tuple(shifts)))) == []
