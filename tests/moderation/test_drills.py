"""Whether a practice alert reaches everybody who could be told something urgent, and nobody else."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest

from moderation.alerts import CHAT, EMAIL, SMS, AlertStep, DeliveryState, DrillNotice, Handed, Role
from moderation.drills import DrillRow, NoSuchDrill, answer, drill_report, find, start_drill, taking_part
from moderation.ports import School
from moderation.tasks import TaskKind
from sla.duty import Attendance, DateSpan, Rota, RotaRule
from store import tables
from tests.worlds import World, at_once, person

PEOPLE = ["ada-moss", "ben-hart", "dee-lane", "eve-ford", "hal-king", "ned-wood", "sue-dale"]


def school(world: World) -> School:
    """Return the invented school."""
    return world.ports.schools["oakfield"]


def with_texts(world: World) -> World:
    """Return the same world in which Ada has a phone and a chat, and texts and chats can be sent."""
    ada = dataclasses.replace(world.ports.people["ada-moss"], phone="+447700900123", chat="chat-of-ada")
    people = {**world.ports.people, ada.name: ada}
    ports = dataclasses.replace(world.ports, people=people, channels=(EMAIL, SMS, CHAT))
    return dataclasses.replace(world, ports=ports)


def with_attendance(world: World, name: str, attendance: Attendance) -> World:
    """Return the same world in which somebody is there at other times."""
    changed = dataclasses.replace(world.ports.people[name], attendance=attendance)
    people = {**world.ports.people, name: changed}
    return dataclasses.replace(world, ports=dataclasses.replace(world.ports, people=people))


def start(world: World) -> str:
    """Begin a drill and send everything that is due."""
    number = start_drill(world.ports, school(world), "ned-wood")
    world.work(TaskKind.DELIVER_URGENT, TaskKind.DELIVER_TEXT)
    return number


def said(world: World, name: str, number: str = "1") -> bool:
    """Let somebody answer now."""
    return answer(world.ports, school(world), number, name, world.now())


def report(world: World, number: str | None = None) -> list[DrillRow]:
    """Return what became of a drill."""
    with world.store.begin() as unit:
        return drill_report(unit, school(world), number)


def of(world: World, name: str, channel: str = EMAIL) -> DrillRow:
    """Return what became of the message to somebody."""
    return next(row for row in report(world) if (row.person, row.channel) == (name, channel))


def told(world: World) -> list[str]:
    """Return everybody who got any message, in order of their names."""
    return sorted(person.name for _, person in world.post.taken)


def test_everybody_who_could_be_told_something_urgent_gets_it(world: World) -> None:
    """At any hour, once each."""
    world.now.at = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    start(world)
    assert told(world) == PEOPLE


def test_it_goes_over_every_channel_that_reaches_somebody(world: World) -> None:
    """Whoever has a phone gets a text with the email."""
    world = with_texts(world)
    start(world)
    assert [row.channel for row in report(world) if row.person == "ada-moss"] == [EMAIL, SMS, CHAT]
    assert len(report(world)) == len(PEOPLE) + 2


def test_what_people_get_is_marked_as_practice(world: World) -> None:
    """It is a notice of its own kind, with the number that the answer names."""
    number = start(world)
    notices = world.post.notices()
    assert all(isinstance(notice, DrillNotice) and notice.number == number for notice in notices)


def test_others_are_left_in_peace(world: World) -> None:
    """Governors, the data protection lead and the press lead are told nothing urgent by their roles."""
    for role in (Role.GOVERNORS, Role.DATA_PROTECTION, Role.MEDIA):
        world = world.with_roles(f"only-{role.replace('_', '-')}", role)
    assert sorted(taking_part(world.ports, school(world), world.now())) == PEOPLE


def test_people_of_another_school_are_left_in_peace(world: World) -> None:
    """Even a moderator, and even where the rota of this school names somebody by mistake."""
    world = world.with_school(rota=Rota((RotaRule("mo-elm"),)))
    stranger = dataclasses.replace(person("mo-elm", Role.MODERATOR), schools=frozenset({"elm"}))
    people = {**world.ports.people, stranger.name: stranger}
    world = dataclasses.replace(world, ports=dataclasses.replace(world.ports, people=people))
    assert sorted(taking_part(world.ports, school(world), world.now())) == PEOPLE


def test_whoever_is_on_the_rota_takes_part(world: World) -> None:
    """Whatever else they are; a name that nobody has is passed over."""
    rules = (RotaRule("gus-bell"), RotaRule("dee-lane"), RotaRule("no-one"))
    world = world.with_school(rota=Rota(rules)).with_roles("gus-bell", Role.GOVERNORS)
    people = taking_part(world.ports, school(world), world.now())
    assert people["gus-bell"] is Role.ON_DUTY
    assert people["dee-lane"] is Role.DSL
    assert "no-one" not in people


def test_whoever_is_away_or_has_left_is_left_in_peace(world: World) -> None:
    """A practice is no reason to disturb a holiday."""
    holiday = Attendance(away=(DateSpan(date(2026, 11, 17), date(2026, 11, 20)),))
    world = with_attendance(world, "ada-moss", holiday)
    world = with_attendance(world, "ben-hart", Attendance(leaves_on=date(2026, 11, 16)))
    start(world)
    assert told(world) == PEOPLE[2:]


def test_drills_are_numbered_at_each_school(world: World) -> None:
    """The numbers of one do not run on from those of another whose id begins alike."""
    elm = dataclasses.replace(school(world), id="oakfield_1")
    assert [start(world), start(world)] == ["1", "2"]
    assert start_drill(world.ports, elm, "ned-wood") == "1"
    assert start(world) == "3"


def test_two_drills_that_begin_at_once_have_two_numbers(world: World) -> None:
    """Neither is lost in the other."""
    numbers: list[str] = []
    at_once(4, lambda _: numbers.append(start_drill(world.ports, school(world), "ned-wood")))
    assert sorted(numbers) == ["1", "2", "3", "4"]


def test_the_report_says_how_fast_somebody_answered(world: World) -> None:
    """From the start of the drill, whatever channel it was that they saw."""
    world = with_texts(world)
    start(world)
    begun = world.now()
    world.now.pass_by(seconds=95)
    assert said(world, "ada-moss")
    for channel in (EMAIL, SMS, CHAT):
        row = of(world, "ada-moss", channel)
        assert (row.handed_at, row.answered_after, row.is_well) == (begun, 95, True)


def test_whoever_has_not_answered_is_in_the_report(world: World) -> None:
    """Their message arrived, and that is not enough."""
    start(world)
    row = of(world, "ben-hart")
    assert row == DrillRow("ben-hart", EMAIL, DeliveryState.DELIVERED, world.now(), None)
    assert not row.is_well


def test_the_first_answer_counts(world: World) -> None:
    """A second press of the button makes nobody slower."""
    start(world)
    world.now.pass_by(seconds=10)
    assert said(world, "ada-moss")
    world.now.pass_by(seconds=90)
    assert not said(world, "ada-moss")
    assert of(world, "ada-moss").answered_after == 10


def test_an_answer_pressed_twice_at_once_is_one(world: World) -> None:
    """Whoever presses a link and types a command in the same moment."""
    start(world)
    at_once(4, lambda _: said(world, "ada-moss"))
    assert len(world.rows(tables.drill_answers)) == 1


@pytest.mark.parametrize(("number", "name"), [("2", "ada-moss"), ("1", "no-one"), ("one", "ada-moss")])
def test_nobody_answers_what_they_were_not_told(world: World, number: str, name: str) -> None:
    """A drill that there was not, or a person who took no part."""
    start(world)
    with pytest.raises(NoSuchDrill):
        said(world, name, number)
    assert world.rows(tables.drill_answers) == []


def test_the_newest_drill_is_reported_unless_another_is_named(world: World) -> None:
    """With who began it."""
    start(world)
    said(world, "ada-moss", "1")
    world.now.pass_by(hours=1)
    start(world)
    assert {row.answered_after for row in report(world)} == {None}
    assert {row.person for row in report(world, "1") if row.answered_after is not None} == {"ada-moss"}
    with world.store.begin() as unit:
        newest = find(unit, school(world))
    assert (newest.number, newest.by, newest.began_at) == (2, "ned-wood", world.now())


@pytest.mark.parametrize("number", [None, "1"])
def test_a_school_without_a_drill_has_no_report(world: World, number: str | None) -> None:
    """It is said, not shown as an empty success."""
    with pytest.raises(NoSuchDrill):
        report(world, number)


def test_a_message_that_did_not_arrive_is_in_the_report(world: World) -> None:
    """It was what the drill was for; somebody who answered all the same is not well either."""
    world.post.answers = [DeliveryState.PERMANENT_FAILURE]
    start(world)
    missed = next(row for row in report(world) if row.state is not DeliveryState.DELIVERED)
    assert (missed.state, missed.handed_at) == (DeliveryState.PERMANENT_FAILURE, None)
    said(world, missed.person)
    assert not of(world, missed.person).is_well


def test_before_it_is_sent_nothing_has_arrived(world: World) -> None:
    """Where nothing runs that sends it, the report shows that."""
    start_drill(world.ports, school(world), "ned-wood")
    assert {(row.state, row.handed_at) for row in report(world)} == {(DeliveryState.CREATED, None)}


def test_a_text_that_its_provider_has_is_on_its_way(world: World) -> None:
    """It was handed over, and has not arrived yet."""
    send = world.ports.send
    world = with_texts(world)
    ports = dataclasses.replace(
        world.ports,
        send=lambda outgoing, to: (
            Handed(DeliveryState.SENDING, "twilio", "r1") if outgoing.channel == SMS else send(outgoing, to)
        ),
    )
    world = dataclasses.replace(world, ports=ports)
    start(world)
    row = of(world, "ada-moss", SMS)
    assert (row.state, row.handed_at, row.is_well) == (DeliveryState.SENDING, world.now(), False)


def test_an_unanswered_drill_opens_no_case_and_tells_nobody_else(world: World) -> None:
    """Neither later that day nor when messages fail: the people who took part are all who hear of it."""
    world.post.answers = [DeliveryState.PERMANENT_FAILURE, DeliveryState.TECHNICAL_FAILURE]
    start(world)
    for _ in range(8):
        world.now.pass_by(minutes=30)
        world.work()
    assert set(told(world)) == set(PEOPLE)
    assert world.rows(tables.cases) == []
    assert world.rows(tables.escalations) == []
    steps = [step for _, step in world.post.letters()]
    assert steps.count(AlertStep.DRILL) == len(PEOPLE)


def test_a_drill_is_not_counted_among_what_did_not_arrive(world: World) -> None:
    """The morning message tells of real ones."""
    world.post.answers = [DeliveryState.TECHNICAL_FAILURE]
    start(world)
    with world.store.begin() as unit:
        assert unit.alerts.undelivered_since(world.now() - timedelta(days=1), PEOPLE) == 0
