"""Whether the network manager hears every working day what is watched, so that silence is noticed."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from moderation.alerts import AlertStep, DeliveryState, HeartbeatNotice, Role, Topic, WatchedAccount
from moderation.items import AccountName
from moderation.morning import heartbeat_notice, send_heartbeat
from moderation.tasks import NewTask, TaskKind
from sla.calendar import calendar_for
from sla.duty import Attendance, DateSpan, Rota, RotaRule
from store import tables
from tests.worlds import FACEBOOK, World, X, sighting

WITHIN = timedelta(minutes=32)
"""The longest time between two readings that still counts as watched, as the world's accounts are set."""


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a time of November 2026, when the school's clock shows UTC. The 17th is a Tuesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def start(world: World, moment: datetime | None = None) -> World:
    """Start a process at ``moment``: the work is written down, and done if it is due."""
    world.now.at = moment or world.now()
    task = NewTask(TaskKind.HEARTBEAT, "oakfield", "oakfield", world.now())
    with world.store.begin() as unit:
        unit.tasks.add([task], world.now())
        unit.tasks.hurry(task.kind, [task.key], world.now())
    for claim in world.store.claim(TaskKind.HEARTBEAT, 60):
        send_heartbeat(world.ports, claim)
    world.work(TaskKind.DELIVER)
    return world


def wait(world: World) -> datetime:
    """Let time pass until the message comes due again; return when that is."""
    world.now.at = next_time(world)
    start(world)
    return world.now()


def next_time(world: World) -> datetime:
    """Return when the message comes due again."""
    waits: datetime = next(row for row in world.rows(tables.tasks) if row.kind == TaskKind.HEARTBEAT).next_at
    return waits


def with_rules(world: World, **changed: Any) -> World:
    """Return the same world in which people want to be told otherwise."""
    rules = dataclasses.replace(world.ports.alerting, **changed)
    return dataclasses.replace(world, ports=dataclasses.replace(world.ports, alerting=rules))


def with_attendance(world: World, name: str, attendance: Attendance) -> World:
    """Return the same world in which somebody is there at other times."""
    person = dataclasses.replace(world.ports.people[name], attendance=attendance)
    people = {**world.ports.people, name: person}
    return dataclasses.replace(world, ports=dataclasses.replace(world.ports, people=people))


def told(world: World) -> list[str]:
    """Return who got the morning message, in order."""
    return [name for name, step in world.post.letters() if step == AlertStep.HEARTBEAT]


def says(world: World) -> HeartbeatNotice:
    """Return what the message says now."""
    school = world.ports.schools["oakfield"]
    topic = Topic("watch", "oakfield", AlertStep.HEARTBEAT, "2026-11-17")
    with world.store.begin() as unit:
        return heartbeat_notice(world.ports, unit, school, topic, world.now(), Role.NETWORK_MANAGER)


def account(world: World) -> WatchedAccount:
    """Return what the message says now of the Facebook account."""
    return next(each for each in says(world).accounts if each.name == FACEBOOK)


def read(world: World, moment: datetime) -> None:
    """Read the Facebook account to the end at ``moment``."""
    with world.store.begin() as unit:
        unit.watching.read(FACEBOOK, moment, WITHIN)


def test_the_network_manager_is_told_at_the_set_time(world: World) -> None:
    """And nobody else."""
    start(world, at(17, 8))
    assert told(world) == ["ned-wood"]


def test_it_comes_once_a_day_however_often_processes_start(world: World) -> None:
    """Two hosts, a restart, an update: one message."""
    for hour in (8, 9, 10, 15):
        start(world, at(17, hour))
    assert told(world) == ["ned-wood"]


def test_it_comes_on_every_working_day_and_on_no_other(world: World) -> None:
    """From Thursday on: Friday, Monday, Tuesday."""
    start(world, at(19, 8))
    assert [wait(world) for _ in range(3)] == [at(20, 8), at(23, 8), at(24, 8)]
    assert len(told(world)) == 4


def test_it_does_not_come_before_its_time(world: World) -> None:
    """A process that starts at night wakes nobody, and the message of that day still comes."""
    start(world, at(17, 3))
    assert told(world) == []
    assert wait(world) == at(17, 8)
    assert told(world) == ["ned-wood"]


def test_a_start_in_the_afternoon_still_sends_it(world: World) -> None:
    """Whoever missed it in the morning learns that all is well again."""
    start(world, at(17, 15))
    assert told(world) == ["ned-wood"]
    assert next_time(world) == at(18, 8)


def test_a_start_at_night_sends_no_message_of_the_morning(world: World) -> None:
    """It comes the next morning."""
    start(world, at(17, 22))
    assert told(world) == []
    assert next_time(world) == at(18, 8)


def test_it_may_come_before_staffed_hours_begin(world: World) -> None:
    """The settings say when."""
    start(with_rules(world, heartbeat_at=time(6, 30)), at(17, 6, 30))
    assert told(world) == ["ned-wood"]


def test_the_set_time_is_the_schools_own(world: World) -> None:
    """In summer eight o'clock is seven in UTC."""
    start(world, datetime(2027, 6, 1, 6, 59, tzinfo=UTC))
    assert next_time(world) == datetime(2027, 6, 1, 7, tzinfo=UTC)


def test_switched_off_it_never_comes(world: World) -> None:
    """The work is done instead of waiting for ever."""
    start(with_rules(world, heartbeat_at=None), at(17, 8))
    assert told(world) == []
    assert [row.state for row in world.rows(tables.tasks)] == ["done"]


def test_a_school_that_left_the_settings_has_none(world: World) -> None:
    """Nobody is there to be told."""
    start(dataclasses.replace(world, ports=dataclasses.replace(world.ports, schools={})), at(17, 8))
    assert [row.state for row in world.rows(tables.tasks)] == ["done"]


def test_somebody_else_is_told_while_the_network_manager_is_away(world: World) -> None:
    """Silence has to be noticed by somebody."""
    absent = Attendance(away=(DateSpan(date(2026, 11, 17), date(2026, 11, 20)),))
    start(with_attendance(world, "ned-wood", absent), at(17, 8))
    assert sorted(told(world)) == ["hal-king", "sue-dale"]


def test_a_school_that_is_never_open_is_looked_at_every_day(world: World) -> None:
    """Its calendar may be put right."""
    closed = {date(2026, 1, 1) + timedelta(days=number): "closed" for number in range(1200)}
    start(world.with_school(calendar=calendar_for("ENG", closed)), at(17, 8))
    assert told(world) == []
    assert next_time(world) == at(18, 8)


def test_a_year_without_known_bank_holidays_is_no_silence(world: World) -> None:
    """It comes as on a working day."""
    start(world, datetime(2100, 1, 4, 8, tzinfo=UTC))
    assert told(world) == ["ned-wood"]


def test_an_account_is_watched_since_it_was_first_read(world: World) -> None:
    """As long as nothing came between."""
    for minute in (0, 20, 40):
        read(world, at(17, 11, minute))
    assert account(world) == WatchedAccount("facebook", FACEBOOK, at(17, 11))


def test_after_a_gap_an_account_is_watched_since_its_end(world: World) -> None:
    """What was missed before is not made good by what was read since."""
    for moment in (at(16, 9), at(17, 10), at(17, 11, 50)):
        read(world, moment)
    assert account(world).since == at(17, 11, 50)


def test_an_account_that_is_not_read_says_why_and_since_when(world: World) -> None:
    """With the time when it was read last."""
    read(world, at(17, 11))
    with world.store.begin() as unit:
        unit.watching.failed(FACEBOOK, at(17, 11, 30), "auth_expired")
    assert account(world) == WatchedAccount("facebook", FACEBOOK, at(17, 11), "auth_expired")


def test_an_account_that_was_never_read_says_so(world: World) -> None:
    """Be it new, or refused from the start."""
    assert account(world) == WatchedAccount("facebook", FACEBOOK, None)
    with world.store.begin() as unit:
        unit.watching.failed(FACEBOOK, at(17, 11, 30), "unreachable")
    assert account(world) == WatchedAccount("facebook", FACEBOOK, None, "unreachable")


def test_an_account_that_nobody_reads_any_more_is_not_called_watched(world: World) -> None:
    """Nothing failed, and yet nothing was read since yesterday."""
    read(world, at(16, 11))
    assert account(world) == WatchedAccount("facebook", FACEBOOK, at(16, 11), "not_running")


def test_the_accounts_of_the_school_are_named_in_order(world: World) -> None:
    """Those of other schools are not."""
    elsewhere = dataclasses.replace(world.ports.accounts[X], name=AccountName("elm-x"), school="elm")
    accounts = {**world.ports.accounts, elsewhere.name: elsewhere}
    world = dataclasses.replace(world, ports=dataclasses.replace(world.ports, accounts=accounts))
    assert [each.name for each in says(world).accounts] == [FACEBOOK, X]


def test_it_counts_what_is_open_and_what_is_late(world: World) -> None:
    """Two questions wait; a week later nobody has answered, and both are late."""
    world.show(sighting("a", thread="t1"), sighting("b", thread="t2"))
    assert (says(world).open_cases, says(world).late) == (2, 0)
    world.now.pass_by(days=7)
    assert (says(world).open_cases, says(world).late) == (2, 2)


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        (DeliveryState.DELIVERED, 0),
        (DeliveryState.TEMPORARY_FAILURE, 1),
        (DeliveryState.TECHNICAL_FAILURE, 1),
    ],
)
def test_it_counts_what_did_not_arrive_in_the_last_day(
    world: World, answer: DeliveryState, count: int
) -> None:
    """One message failed yesterday evening; the day after tomorrow it is old news."""
    world.post.answers = [answer]
    start(world, at(17, 8))
    assert says(world).undelivered == count
    world.now.pass_by(days=2)
    assert says(world).undelivered == 0


def test_what_arrived_another_way_is_not_counted(world: World) -> None:
    """The email was refused, the text came."""
    start(world, at(17, 8))
    with world.store.begin() as unit:
        first = unit.alerts.delivery(1)
        unit.alerts.add(first.alert, {"ned-wood": Role.NETWORK_MANAGER}, ["sms"], first.urgency, world.now())
        unit.connection.execute(
            tables.deliveries.update()
            .where(tables.deliveries.c.channel == "sms")
            .values(state=DeliveryState.PERMANENT_FAILURE)
        )
    assert says(world).undelivered == 0


def test_what_people_of_another_school_missed_is_not_counted(world: World) -> None:
    """Each school hears of its own."""
    world.post.answers = [DeliveryState.TECHNICAL_FAILURE]
    start(world, at(17, 8))
    elsewhere = dataclasses.replace(world.ports.people["ned-wood"], schools=frozenset({"elm"}))
    people = {**world.ports.people, "ned-wood": elsewhere}
    world = dataclasses.replace(world, ports=dataclasses.replace(world.ports, people=people))
    assert says(world).undelivered == 0


def test_it_names_who_is_on_duty_by_the_rota(world: World) -> None:
    """By their full names."""
    world = world.with_school(rota=Rota((RotaRule("sue-dale"), RotaRule("eve-ford", second=True))))
    assert says(world).on_duty == ("Sue Dale",)


def test_without_a_rota_it_names_the_safeguarding_lead(world: World) -> None:
    """Or her deputy while she is away."""
    assert says(world).on_duty == ("Dee Lane",)
    absent = Attendance(away=(DateSpan(date(2026, 11, 17), date(2026, 11, 20)),))
    assert says(with_attendance(world, "dee-lane", absent)).on_duty == ("Eve Ford",)


def test_somebody_on_the_rota_who_is_away_is_not_named(world: World) -> None:
    """The lead stands in, as for an alert."""
    world = world.with_school(rota=Rota((RotaRule("sue-dale"), RotaRule("gone-by"))))
    absent = Attendance(away=(DateSpan(date(2026, 11, 17), date(2026, 11, 20)),))
    assert says(with_attendance(world, "sue-dale", absent)).on_duty == ("Dee Lane",)
