"""Who is told about what, and each message on its way: to the right people, once, until it has arrived."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row

from moderation.acts import answered, close
from moderation.alerting import GIVE_UP_AFTER, deliver, desk, plan_for_case, plan_for_role
from moderation.alerts import AlertStep, CaseNotice, DeliveryState, Role, SystemNotice, Topic
from moderation.assessment import Route, Severity
from moderation.cases import CaseState, CloseReason
from moderation.ports import Ports
from moderation.tasks import LeaseLost, TaskKind, TaskState
from store import tables
from tests.fakes import assessment
from tests.worlds import NINE, World, reply, sighting

SAFEGUARDING = {"dee-lane", "eve-ford"}
LEADERS = {"hal-king", "sue-dale"}


def told_by(world: World, *said: tuple[Severity, Route], step: AlertStep = AlertStep.URGENT) -> set[str]:
    """Return who is told at ``step`` about a case whose messages scoring called ``said``."""
    for number, (severity, route) in enumerate(said):
        world.scorer.says[f"Message {number}."] = assessment(severity, route)
        world.show(sighting(f"a{number}", f"Message {number}.", at=NINE + timedelta(minutes=number)))
    case = world.case("a0")
    with world.store.begin() as unit:
        unit.connection.execute(tables.deliveries.delete())
        plan_for_case(world.ports, unit, case, step, "1:tested", world.now())
    return {row.recipient for row in world.rows(tables.deliveries)}


def urgent(world: World) -> None:
    """Let an urgent message to the two leaders be planned."""
    world.scorer.says["I will come for you."] = assessment(Severity.HIGH, Route.SLT)
    world.show(sighting("a1", "I will come for you."))


def states(world: World) -> dict[str, str]:
    """Return how each recipient's newest delivery stands."""
    return {row.recipient: row.state for row in world.rows(tables.deliveries)}


# Who


@pytest.mark.parametrize(
    ("route", "people"),
    [
        (Route.MODERATOR, {"ada-moss", "ben-hart"}),
        (Route.SLT, LEADERS),
        (Route.DSL, SAFEGUARDING),
        (Route.HEADTEACHER, {"hal-king"}),
        (Route.DATA_PROTECTION, LEADERS),
        (Route.MEDIA, {"hal-king"}),
        (Route.GOVERNORS, SAFEGUARDING),
    ],
)
def test_every_route_leads_to_somebody(world: World, route: Route, people: set[str]) -> None:
    """A school without governors' contact, media or data protection lead has somebody who stands in."""
    assert set(desk(world.ports, "oakfield", route)) == people


def test_whoever_holds_the_role_comes_before_who_stands_in(world: World) -> None:
    """The media lead is told, and the head is left alone."""
    world = world.with_roles("meg-lowe", Role.MEDIA)
    assert desk(world.ports, "oakfield", Route.MEDIA) == {"meg-lowe": Role.MEDIA}


def test_nobody_at_another_school_is_told(world: World) -> None:
    """Roles count at the schools that a person belongs to."""
    assert desk(world.ports, "elsewhere", Route.SLT) == {}


@pytest.mark.parametrize("step", [AlertStep.NEW, AlertStep.URGENT, AlertStep.REMINDER, AlertStep.LATE])
@pytest.mark.parametrize("severity", [Severity.LOW, Severity.CRITICAL])
def test_the_head_is_never_told_what_the_head_is_accused_of(
    world: World, severity: Severity, step: AlertStep
) -> None:
    """Whichever roles the head holds beside, and however late or dangerous it is."""
    world = world.with_roles("hal-king", Role.HEADTEACHER, Role.SLT, Role.DSL, Role.GOVERNORS)
    told = told_by(world, (severity, Route.GOVERNORS), step=step)
    assert "hal-king" not in told
    assert told >= SAFEGUARDING - {"hal-king"}


def test_where_only_the_head_could_be_told_the_other_leaders_are(world: World) -> None:
    """A head who is also the only safeguarding lead is passed over."""
    world = world.without("dee-lane", "eve-ford").with_roles("hal-king", Role.HEADTEACHER, Role.DSL)
    assert told_by(world, (Severity.HIGH, Route.GOVERNORS)) == {"sue-dale"}


def test_the_head_is_not_sent_what_was_planned_before_the_accusation(world: World) -> None:
    """A first message goes to the leadership on Monday; on Sunday the next one accuses the head."""
    world.now.at = NINE.replace(day=21, hour=22)
    world.scorer.says |= {
        "You are all useless.": assessment(Severity.MEDIUM, Route.SLT),
        "The head hit my boy.": assessment(Severity.MEDIUM, Route.GOVERNORS),
    }
    world.show(sighting("a1", "You are all useless.", at=world.now()))
    world.now.pass_by(hours=1)
    world.show(sighting("a2", "The head hit my boy.", at=world.now()))
    world.now.pass_by(days=2)
    world.work(TaskKind.DELIVER)
    assert "hal-king" not in {who for who, _ in world.post.letters()}
    assert ("sue-dale", "new") in world.post.letters()


def test_danger_to_life_also_goes_to_the_safeguarding_leads(world: World) -> None:
    """Whatever desk the case is on."""
    assert told_by(world, (Severity.CRITICAL, Route.MODERATOR)) == {"ada-moss", "ben-hart", *SAFEGUARDING}


def test_what_is_late_also_goes_to_the_leadership(world: World) -> None:
    """And who is told as both is told as the one whose desk it is."""
    assert told_by(world, (Severity.NONE, Route.MODERATOR), step=AlertStep.LATE) == {
        "ada-moss",
        "ben-hart",
        *LEADERS,
    }
    assert {row.because for row in world.rows(tables.deliveries)} == {Role.MODERATOR, Role.SLT}


def test_the_same_topic_is_told_once(world: World) -> None:
    """Planning again adds nobody but those who joined since."""
    topic = Topic("task", "7", AlertStep.SET_ASIDE, "deliver")
    for each in (world, world, world.with_roles("new-hand", Role.NETWORK_MANAGER)):
        with each.store.begin() as unit:
            plan_for_role(each.ports, unit, "oakfield", Role.NETWORK_MANAGER, topic)
    assert [row.recipient for row in world.rows(tables.deliveries)] == ["ned-wood", "new-hand"]
    assert len(world.rows(tables.alerts)) == 1
    assert len([row for row in world.rows(tables.tasks) if row.kind == TaskKind.DELIVER]) == 2


# Handing over


def test_a_message_is_delivered_once_and_noted_in_the_history(world: World) -> None:
    """Who was told stands in the case; running everything again tells nobody."""
    urgent(world)
    world.work(TaskKind.DELIVER)
    world.work(TaskKind.DELIVER)
    assert world.post.letters() == [("hal-king", "urgent"), ("sue-dale", "urgent")]
    assert states(world) == dict.fromkeys(LEADERS, DeliveryState.DELIVERED)
    told = [row.detail for row in world.rows(tables.case_events) if row.act == "told"]
    assert told == ["urgent to hal-king by email", "urgent to sue-dale by email"]


def test_a_message_says_who_else_was_told_and_about_which_words(world: World) -> None:
    """The notice is about the item of its occasion, not about the first of the case."""
    world.show(sighting("a0"))
    world.scorer.says["I will come for you."] = assessment(Severity.HIGH, Route.SLT)
    world.show(sighting("a1", "I will come for you.", at=NINE + timedelta(minutes=1)))
    world.work(TaskKind.DELIVER)
    notice = world.post.taken[0][0]
    assert isinstance(notice, CaseNotice)
    assert (notice.text, notice.told, notice.because) == ("I will come for you.", ("Sue Dale",), Role.SLT)
    assert notice.due_at == NINE + timedelta(days=1)


def test_a_job_that_runs_again_after_the_delivery_sends_nothing(world: World) -> None:
    """The row says that it has arrived, whatever the queue says."""
    urgent(world)
    world.work(TaskKind.DELIVER)
    with world.store.begin() as unit:
        unit.connection.execute(
            tables.tasks.update()
            .where(tables.tasks.c.kind == TaskKind.DELIVER)
            .values(state=TaskState.WAITING, attempts=0)
        )
    world.work(TaskKind.DELIVER)
    assert len(world.post.taken) == 2
    assert states(world) == dict.fromkeys(LEADERS, DeliveryState.DELIVERED)


def test_whoever_lost_the_lease_sends_nothing(world: World) -> None:
    """Two workers with one message in their hands: only the one who holds it now sends."""
    urgent(world)
    stale = world.claim(TaskKind.DELIVER, lease_seconds=-1)
    with pytest.raises(LeaseLost):
        deliver(world.ports, stale)
    fresh = world.claim(TaskKind.DELIVER)
    with pytest.raises(LeaseLost):
        deliver(world.ports, stale)
    assert world.post.taken == []
    deliver(world.ports, fresh)
    assert len(world.post.taken) == 1


def test_a_message_whose_sender_died_in_the_middle_is_sent_again(world: World) -> None:
    """Before the provider's yes is known, a second message is better than none."""
    urgent(world)
    first = world.claim(TaskKind.DELIVER)

    def die(*_: object) -> DeliveryState:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(world_sending(world, die), first)
    assert states(world)["hal-king"] == DeliveryState.SENDING
    world.store.release_all()
    world.work(TaskKind.DELIVER)
    assert states(world) == dict.fromkeys(LEADERS, DeliveryState.DELIVERED)
    assert [row.attempts for row in world.rows(tables.deliveries)] == [2, 1]


def test_sending_holds_no_transaction_open(world: World) -> None:
    """I4: a mail server that hangs stops nobody from writing."""
    urgent(world)

    def send(*_: object) -> DeliveryState:
        world.receive(sighting("b1", by="bob"))
        return DeliveryState.DELIVERED

    deliver(world_sending(world, send), world.claim(TaskKind.DELIVER))
    assert world.item("b1").version == 1


@pytest.mark.parametrize("step", [AlertStep.REMINDER, AlertStep.LATE])
@pytest.mark.parametrize("end", ["replied", "recorded", "closed"])
def test_nobody_is_reminded_of_what_was_answered_meanwhile(world: World, step: AlertStep, end: str) -> None:
    """The last look is right before the sending."""
    world.show(sighting("a1"))
    late = world.case("a1")
    with world.store.begin() as unit:
        plan_for_case(world.ports, unit, late, step, "2026-11-18", world.now())
    match end:
        case "replied":
            world.show(reply("r1", "a1"))
        case "recorded":
            answered(world.ports, late.id, "ada-moss", "on the phone")
        case _:
            close(world.ports, late.id, "ada-moss", CloseReason.SPAM)
    world.work(TaskKind.DELIVER)
    assert world.post.taken == []
    assert set(states(world).values()) == {DeliveryState.NOT_NEEDED}


def test_nobody_is_told_in_the_morning_what_was_closed_at_night(world: World) -> None:
    """A digest drops what somebody has dealt with."""
    world.now.at = NINE.replace(day=21, hour=22)
    world.scorer.says["You are useless."] = assessment(Severity.MEDIUM, Route.SLT)
    world.show(sighting("a1", "You are useless.", at=world.now()))
    close(world.ports, world.case("a1").id, "sue-dale", CloseReason.NO_REPLY_NEEDED)
    world.now.pass_by(days=3)
    world.work(TaskKind.DELIVER)
    assert world.post.taken == []


def test_a_temporary_failure_is_tried_again_after_growing_waits_for_three_days(world: World) -> None:
    """1, 2, 5, 10, 20, then every 30 minutes; after 72 hours the network manager hears of it, once."""
    world = world.without("hal-king")
    urgent(world)
    world.post.answers = [DeliveryState.TEMPORARY_FAILURE] * 1000
    began = world.now()
    tries: list[datetime] = []
    while (waiting := [row for row in world.rows(tables.tasks) if due_to_send(row, "1")]) and len(
        tries
    ) < 400:
        world.now.at = waiting[0].next_at
        deliver(world.ports, world.claim(TaskKind.DELIVER))
        tries.append(world.now())
    minute = timedelta(minutes=1)
    waits = [(later - earlier) // minute for earlier, later in itertools.pairwise(tries)]
    assert waits[:7] == [1, 2, 5, 10, 20, 30, 30]
    assert set(waits[6:]) == {30}
    assert timedelta(hours=71) < tries[-1] - began <= GIVE_UP_AFTER
    assert states(world) == {"sue-dale": DeliveryState.TEMPORARY_FAILURE, "ned-wood": DeliveryState.CREATED}


def test_a_temporary_failure_that_passes_ends_well(world: World) -> None:
    """Greylisting costs a minute and is never counted as sent."""
    urgent(world)
    world.post.answers = [DeliveryState.TEMPORARY_FAILURE]
    world.work(TaskKind.DELIVER)
    assert states(world)["hal-king"] == DeliveryState.TEMPORARY_FAILURE
    world.now.pass_by(minutes=1)
    world.work(TaskKind.DELIVER)
    assert states(world)["hal-king"] == DeliveryState.DELIVERED
    assert (
        len({delivery.message_id for _, person, delivery in world.post.taken if person.name == "hal-king"})
        == 1
    )


@pytest.mark.parametrize("end", [DeliveryState.PERMANENT_FAILURE, DeliveryState.TECHNICAL_FAILURE])
def test_what_cannot_arrive_is_told_to_the_network_manager_once(world: World, end: DeliveryState) -> None:
    """And when that cannot arrive either, nobody is told for ever."""
    urgent(world)
    world.post.answers = [end] * 100
    for _ in range(5):
        world.work(TaskKind.DELIVER, TaskKind.SET_ASIDE)
        world.now.pass_by(days=1)
    assert sorted(world.post.letters()) == [
        ("hal-king", "urgent"),
        ("ned-wood", "not_delivered"),
        ("ned-wood", "not_delivered"),
        ("sue-dale", "urgent"),
    ]
    assert set(states(world).values()) == {end}


def test_somebody_who_left_is_told_nothing_and_holds_up_nobody(world: World) -> None:
    """The others get their message; the network manager learns that one had no reader."""
    urgent(world)
    after = world.without("hal-king")
    after.work(TaskKind.DELIVER)
    assert sorted(world.post.letters()) == [("ned-wood", "not_delivered"), ("sue-dale", "urgent")]
    assert states(world)["hal-king"] == DeliveryState.PERMANENT_FAILURE
    to_sue = next(notice for notice, person, _ in world.post.taken if person.name == "sue-dale")
    assert isinstance(to_sue, CaseNotice)
    assert to_sue.told == ()


def test_a_message_about_a_task_survives_its_readers_leaving(world: World) -> None:
    """The delivery ends instead of failing again and again."""
    with world.store.begin() as unit:
        topic = Topic("task", "7", AlertStep.SET_ASIDE, "score_item")
        plan_for_role(world.ports, unit, "oakfield", Role.NETWORK_MANAGER, topic)
    world.without("ned-wood").work(TaskKind.DELIVER)
    assert states(world) == {"ned-wood": DeliveryState.PERMANENT_FAILURE}


def test_a_notice_about_the_system_names_the_task(world: World) -> None:
    """The network manager is told which task, and what went wrong by its kind only."""
    with world.store.begin() as unit:
        topic = Topic("task", "7", AlertStep.SET_ASIDE, "score_item")
        plan_for_role(world.ports, unit, "oakfield", Role.NETWORK_MANAGER, topic)
    world.work(TaskKind.DELIVER)
    notice = world.post.taken[0][0]
    assert isinstance(notice, SystemNotice)
    assert (notice.what, notice.number, notice.reason) == ("task", 7, "score_item")


def test_an_urgent_message_about_an_answered_case_still_goes_out(world: World) -> None:
    """Only a person's close says that the danger was looked at."""
    urgent(world)
    world.show(reply("r1", "a1"))
    assert world.case("a1").state is CaseState.ANSWERED
    world.work(TaskKind.DELIVER)
    assert ("sue-dale", "urgent") in world.post.letters()


def due_to_send(row: Row[Any], subject: str) -> bool:
    """Say whether a task is the sending of one delivery and still to be done."""
    return (row.kind, row.subject, row.state) == (TaskKind.DELIVER, subject, TaskState.WAITING)


def world_sending(world: World, send: Callable[..., DeliveryState]) -> Ports:
    """Return the world's ports with another way of sending."""
    return dataclasses.replace(world.ports, send=send)
