"""What climbs, kept so that nothing falls silent however many people and machines do things at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from moderation.acts import answered, close, give_back, take
from moderation.alert_ports import Escalation
from moderation.alert_rules import EscalationLane
from moderation.assessment import Route, Severity
from moderation.cases import CaseId, CloseReason, IllegalMove
from moderation.escalating import TOGETHER, adopt
from moderation.ports import SYSTEM
from moderation.tasks import TaskKind, TaskState
from sla.escalation import Taken
from store import tables
from tests.fakes import assessment
from tests.worlds import World, at_once, sighting


def arrive(world: World, *names: str, severity: Severity = Severity.HIGH) -> list[CaseId]:
    """Let somebody else write each of ``names`` under one post, and return their cases."""
    for name in names:
        world.scorer.says[f"Words of {name}."] = assessment(severity)
        world.show(sighting(name, f"Words of {name}.", by=f"author-{name}"))
    return [world.case(name).id for name in names]


def stands(world: World, number: int = 1) -> Escalation:
    """Return an escalation as it stands."""
    with world.store.begin() as unit:
        return unit.escalations.get(number)


def group_of(world: World) -> str:
    """Return the group of the first escalation."""
    return str(world.rows(tables.escalations)[0].group_key)


def test_it_counts_what_is_taken_and_what_is_open(world: World) -> None:
    """Of three cases one is taken and one closed: one is untaken, two are open."""
    first, second, _ = arrive(world, "m1", "m2", "m3")
    take(world.ports, first, "dee-lane")
    close(world.ports, second, "dee-lane", CloseReason.ABUSE_HANDLED)
    known = stands(world)
    assert (known.cases, known.untaken, known.open_cases, known.holder) == (3, 1, 2, None)
    assert known.holds == ()


def test_it_stands_still_only_while_somebody_has_all_of_it(world: World) -> None:
    """From the second taking on, until one of them is given back."""
    first, second = arrive(world, "m1", "m2")
    take(world.ports, first, "dee-lane")
    assert stands(world).holds == ()
    world.now.pass_by(minutes=5)
    take(world.ports, second, "eve-ford")
    held_at = world.now()
    assert (stands(world).holds, stands(world).holder) == ((Taken(held_at),), "eve-ford")
    world.now.pass_by(minutes=5)
    give_back(world.ports, first, "dee-lane")
    assert stands(world).holds == (Taken(held_at, world.now()),)
    assert stands(world).untaken == 1


def test_what_is_given_back_is_looked_at_again_at_once(world: World) -> None:
    """Its ladder had put itself away until the reminder hours later."""
    [case] = arrive(world, "m1")
    take(world.ports, case, "dee-lane")
    world.work(TaskKind.CLIMB)
    world.now.pass_by(minutes=30)
    give_back(world.ports, case, "dee-lane")
    [task] = [row for row in world.rows(tables.tasks) if row.kind == TaskKind.CLIMB]
    assert (task.state, task.next_at) == (TaskState.WAITING, world.now())


def test_what_the_system_sees_by_itself_ends_no_alarm_about_danger(world: World) -> None:
    """Somebody answered in public; whether anybody went to see the child nobody knows."""
    [danger] = arrive(world, "m1")
    [nuisance] = arrive(world, "m2", severity=Severity.MEDIUM)
    with world.store.begin() as unit:
        for case in (danger, nuisance):
            unit.escalations.have(case, SYSTEM, world.now())
    assert (stands(world, 1).untaken, stands(world, 2).untaken) == (1, 0)


@pytest.mark.parametrize("how", ["taken", "answered", "closed"])
def test_whatever_a_person_does_about_a_case_ends_its_climbing(world: World, how: str) -> None:
    """Be it danger or not."""
    [case] = arrive(world, "m1", severity=Severity.CRITICAL)
    match how:
        case "taken":
            take(world.ports, case, "dee-lane")
        case "answered":
            answered(world.ports, case, "dee-lane", "on the phone")
        case _:
            close(world.ports, case, "dee-lane", CloseReason.ABUSE_HANDLED)
    assert stands(world).untaken == 0


def test_a_clock_that_is_behind_cannot_muddle_the_order_of_the_takings(world: World) -> None:
    """Two machines: the second taking is dated before the giving back that it follows."""
    [case] = arrive(world, "m1")
    take(world.ports, case, "dee-lane")
    world.now.pass_by(minutes=10)
    give_back(world.ports, case, "dee-lane")
    given_back = world.now()
    world.now.pass_by(seconds=-2)
    take(world.ports, case, "eve-ford")
    assert stands(world).holds[-1] == Taken(given_back)
    world.now.pass_by(minutes=1)
    world.work(TaskKind.CLIMB)


def test_what_joins_comes_within_an_hour_while_nobody_has_taken_any_of_it(world: World) -> None:
    """Afterwards it climbs by itself: whoever took the first has not seen it."""
    first, *_ = arrive(world, "m1", "m2")
    assert stands(world).cases == 2
    take(world.ports, first, "dee-lane")
    arrive(world, "m3")
    assert [row.escalation for row in world.rows(tables.escalation_cases)] == [1, 1, 2]
    world.now.pass_by(seconds=TOGETHER.total_seconds())
    arrive(world, "m4")
    assert len(world.rows(tables.escalations)) == 3


def test_another_desk_another_kind_or_another_place_is_told_by_itself(world: World) -> None:
    """Only what the same people may read is told together."""
    arrive(world, "m1")
    arrive(world, "m2", severity=Severity.CRITICAL)
    world.scorer.says["For the governors."] = assessment(Severity.HIGH, Route.GOVERNORS)
    world.show(sighting("m3", "For the governors.", by="author-m3"))
    world.scorer.says["Elsewhere."] = assessment(Severity.HIGH)
    world.show(sighting("m4", "Elsewhere.", by="author-m4", post_id="post-2", thread="t2"))
    assert [row.lead for row in world.rows(tables.escalations)] == [
        world.case(name).id for name in ("m1", "m2", "m3", "m4")
    ]


def test_of_many_who_take_one_case_at_once_one_has_it(world: World) -> None:
    """The others are told that somebody was quicker; the ladder stands still once."""
    [case] = arrive(world, "m1")
    refused = []

    def try_it(number: int) -> None:
        try:
            take(world.ports, case, f"person-{number}")
        except IllegalMove:
            refused.append(number)

    at_once(8, try_it)
    assert len(refused) == 7
    assert len(stands(world).holds) == 1
    assert world.history(case).count("taken") == 1


def test_two_who_take_the_last_two_cases_at_once_stop_the_ladder(world: World) -> None:
    """Neither of them sees the other's taking before it is written, and still it stands still, once."""
    for turn in range(5):
        world.now.pass_by(hours=2)
        both = arrive(world, f"a{turn}", f"b{turn}")
        at_once(2, lambda number, both=both: take(world.ports, both[number], "dee-lane"))  # type: ignore[misc]
        assert len(stands(world, turn + 1).holds) == 1


def test_what_joins_while_the_rest_is_being_taken_does_not_fall_silent(world: World) -> None:
    """A message arrives in the moment in which somebody takes all that there was before."""
    [first] = arrive(world, "m1")
    [second] = arrive(world, "m2", severity=Severity.LOW)
    joined = threading.Event()
    if world.store.engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time")

    def join() -> None:
        with world.store.begin() as unit:
            others = unit.escalations.to_join(group_of(world), EscalationLane.SEVERE, world.now() - TOGETHER)
            assert others is not None
            unit.escalations.join(others.id, second, world.now())
            joined.set()
            taking.join(timeout=0.5)  # it has to wait for us, whatever it found before

    taking = threading.Thread(target=lambda: (joined.wait(5), take(world.ports, first, "dee-lane")))
    taking.start()
    join()
    taking.join(timeout=10)
    assert (stands(world).untaken, stands(world).holds) == (1, ())


def test_whoever_comes_while_somebody_takes_the_first_begins_anew(world: World) -> None:
    """The one who took has not seen it; so it waits for them, and then does not join."""
    [first] = arrive(world, "m1")
    if world.store.engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time")
    found: list[Escalation | None] = []

    def look() -> None:
        with world.store.begin() as unit:
            since = world.now() - TOGETHER
            found.append(unit.escalations.to_join(group_of(world), EscalationLane.SEVERE, since))

    looking = threading.Thread(target=look)
    with world.store.begin() as unit:
        unit.escalations.have(first, "dee-lane", world.now())
        looking.start()
        looking.join(timeout=0.5)
    looking.join(timeout=10)
    assert found == [None]


def test_giving_back_one_while_another_takes_the_rest_lets_it_climb_on(world: World) -> None:
    """Whichever of the two is written first."""
    first, second = arrive(world, "m1", "m2")
    take(world.ports, first, "dee-lane")
    if world.store.engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time")
    giving = threading.Thread(target=lambda: give_back(world.ports, first, "dee-lane"))
    with world.store.begin() as unit:
        unit.escalations.have(second, "eve-ford", world.now())
        giving.start()
        giving.join(timeout=0.5)
    giving.join(timeout=10)
    known = stands(world)
    assert known.untaken == 1
    assert all(hold.undone_at is not None for hold in known.holds)


def test_two_that_come_at_once_begin_one_escalation(world: World) -> None:
    """The second one waits until the first has begun, and then joins it."""
    [first] = arrive(world, "m1", severity=Severity.NONE)
    if world.store.engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time")
    severe, since = EscalationLane.SEVERE, world.now() - TOGETHER
    found: list[Escalation | None] = []

    def look() -> None:
        with world.store.begin() as unit:
            found.append(unit.escalations.to_join("group", severe, since))

    looking = threading.Thread(target=look)
    with world.store.begin() as unit:
        assert unit.escalations.to_join("group", severe, since) is None
        looking.start()
        looking.join(timeout=0.5)
        unit.escalations.begin("oakfield", severe, "group", first, world.now(), "")
    looking.join(timeout=10)
    assert [each.lead for each in found if each is not None] == [first]


def test_what_waited_before_anything_climbed_is_adopted_once(world: World) -> None:
    """What nobody has taken climbs from now on; what somebody has, and what is ordinary, does not."""
    waits, taken, _ = arrive(world, "m1", "m2", "m3")
    take(world.ports, taken, "dee-lane")
    arrive(world, "m4", severity=Severity.NONE)
    with world.store.begin() as unit:
        for table in (tables.escalation_holds, tables.escalation_cases, tables.escalations):
            unit.connection.execute(table.delete())
    adopt(world.ports)
    adopt(world.ports)
    assert [row.lead for row in world.rows(tables.escalations)] == [waits, world.case("m3").id]


def test_what_is_told_of_lately_is_found_by_its_items(world: World) -> None:
    """By lane and moment; what is closed is found no more."""
    [case] = arrive(world, "m1")
    item, severe, began = world.item("m1").id, [EscalationLane.SEVERE], world.now()
    with world.store.begin() as unit:
        assert unit.escalations.told_of([item], severe, began)
        assert not unit.escalations.told_of([item], [EscalationLane.CRITICAL], began)
        assert not unit.escalations.told_of([item], severe, began + timedelta(seconds=1))
    close(world.ports, case, "dee-lane", CloseReason.ABUSE_HANDLED)
    with world.store.begin() as unit:
        assert not unit.escalations.told_of([item], severe, began)
