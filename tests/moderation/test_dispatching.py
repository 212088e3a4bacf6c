"""Each message on its way: to the right person, once, until it has arrived or somebody else was told."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from moderation.acts import answered, close, take
from moderation.alert_ports import Dispatch
from moderation.alert_rules import AlertRules
from moderation.alerting import CaseAlert, plan_for_case, plan_for_role
from moderation.alerts import (
    EMAIL,
    SMS,
    AlertStep,
    CaseNotice,
    DeliveryState,
    Handed,
    Outgoing,
    Person,
    Role,
    SystemNotice,
    Topic,
)
from moderation.assessment import Route, Severity
from moderation.cases import CaseState, CloseReason
from moderation.dispatching import GIVE_UP_AFTER, send_due
from moderation.mailboxes import Urgency
from moderation.ports import Ports
from moderation.tasks import LeaseLost, TaskKind, TaskState
from sla.duty import Attendance
from store import tables
from tests.fakes import assessment
from tests.worlds import NINE, World, reply, sighting

LEADERS = {"hal-king", "sue-dale"}
TOLD_URGENTLY = {*LEADERS, "dee-lane"}
MINUTE = timedelta(minutes=1)
TEMPORARY, PERMANENT = DeliveryState.TEMPORARY_FAILURE, DeliveryState.PERMANENT_FAILURE
URGENTLY = (TaskKind.CLIMB, TaskKind.DELIVER_URGENT, TaskKind.DELIVER_TEXT, TaskKind.DELIVER)


def urgent(world: World) -> None:
    """Let an urgent message to the two leaders and the safeguarding lead be planned."""
    world.scorer.says["I will come for you."] = assessment(Severity.HIGH, Route.SLT)
    world.show(sighting("a1", "I will come for you."))
    world.work(TaskKind.CLIMB)


def routine(world: World, *subjects: str) -> None:
    """Let the network manager be told about tasks, in staffed hours."""
    with world.store.begin() as unit:
        for subject in subjects or ("7",):
            topic = Topic("task", subject, AlertStep.SET_ASIDE, "score_item")
            plan_for_role(world.ports, unit, "oakfield", Role.NETWORK_MANAGER, topic)


def states(world: World) -> dict[str, str]:
    """Return how each recipient's newest delivery stands."""
    return {row.recipient: row.state for row in world.rows(tables.deliveries)}


def to(world: World, name: str) -> list[Outgoing]:
    """Return the messages that somebody was sent, in order."""
    return [outgoing for outgoing, person in world.post.taken if person.name == name]


def times_of(world: World, channel: str) -> list[datetime]:
    """Return when the leader's first message over a channel was tried."""
    tries = [each for each in to(world, "sue-dale") if each.channel == channel]
    return [each.notices[0].now for each in tries if each.id == tries[0].id]


def sending(world: World, send: Callable[[Outgoing, Person], Handed]) -> Ports:
    """Return the world's ports with another way of sending."""
    return dataclasses.replace(world.ports, send=send)


def failing(
    world: World, state: DeliveryState, *channels: str, but: tuple[str, ...] = (), seconds: float = 0
) -> World:
    """Return the world in which some channels fail, for everybody except some, and take their time."""

    def send(outgoing: Outgoing, person: Person) -> Handed:
        world.post.taken.append((outgoing, person))
        world.now.pass_by(seconds=seconds)
        fails = outgoing.channel in (channels or (EMAIL,)) and person.name not in but
        return Handed(state if fails else DeliveryState.DELIVERED)

    return world.with_ports(send=send)


# Once


def test_a_message_is_delivered_once_and_noted_in_the_history(world: World) -> None:
    """Who was told stands in the case; running everything again tells nobody."""
    urgent(world)
    world.work()
    world.work()
    assert sorted(world.post.letters()) == [(name, "urgent") for name in sorted(TOLD_URGENTLY)]
    assert states(world) == dict.fromkeys(TOLD_URGENTLY, DeliveryState.DELIVERED)
    told = [row.detail for row in world.rows(tables.case_events) if row.act == "told"]
    assert sorted(told) == [f"urgent to {name} by email" for name in sorted(TOLD_URGENTLY)]


def test_a_message_says_who_else_was_told_and_about_which_words(world: World) -> None:
    """And whom it brings to the reader by which role, and by when an answer is due."""
    urgent(world)
    world.work()
    [outgoing] = to(world, "hal-king")
    [notice] = outgoing.notices
    assert isinstance(notice, CaseNotice)
    assert (notice.text, notice.told) == ("I will come for you.", ("Dee Lane", "Sue Dale"))
    assert notice.due_at == NINE + timedelta(days=1)


def test_a_job_that_runs_again_after_the_delivery_sends_nothing(world: World) -> None:
    """The row says that it has arrived, whatever the queue says."""
    urgent(world)
    world.work(TaskKind.DELIVER_URGENT)
    with world.store.begin() as unit:
        unit.connection.execute(
            tables.tasks.update()
            .where(tables.tasks.c.kind == TaskKind.DELIVER_URGENT)
            .values(state=TaskState.WAITING, attempts=0)
        )
    world.work(TaskKind.DELIVER_URGENT)
    assert len(world.post.taken) == 3


def test_whoever_lost_the_lease_sends_nothing(world: World) -> None:
    """Two workers with one mailbox in their hands: only the one who holds it now sends."""
    urgent(world)
    stale = world.claim(TaskKind.DELIVER_URGENT, lease_seconds=-1)
    with pytest.raises(LeaseLost):
        send_due(world.ports, stale)
    fresh = world.claim(TaskKind.DELIVER_URGENT)
    with pytest.raises(LeaseLost):
        send_due(world.ports, stale)
    assert world.post.taken == []
    send_due(world.ports, fresh)
    assert len(world.post.taken) == 1


def test_a_message_whose_sender_died_in_the_middle_is_sent_again(world: World) -> None:
    """Before the provider's yes is known, a second message is better than none; it has the same name."""
    urgent(world)
    first = world.claim(TaskKind.DELIVER_URGENT)
    begun: list[Outgoing] = []

    def die(outgoing: Outgoing, person: Person) -> Handed:
        begun.append(outgoing)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_due(sending(world, die), first)
    world.store.release_all()
    world.work(TaskKind.DELIVER_URGENT)
    assert states(world) == dict.fromkeys(TOLD_URGENTLY, DeliveryState.DELIVERED)
    again = [outgoing for outgoing, _ in world.post.taken if outgoing.attempt == 2]
    assert [each.message_id for each in again] == [begun[0].message_id]


def test_sending_holds_no_transaction_open(world: World) -> None:
    """I4: a mail server that hangs stops nobody from writing."""
    urgent(world)

    def send(*_: object) -> Handed:
        world.receive(sighting("b1", by="bob"))
        return Handed(DeliveryState.DELIVERED)

    send_due(sending(world, send), world.claim(TaskKind.DELIVER_URGENT))
    assert world.item("b1").version == 1


def test_what_is_urgent_does_not_wait_behind_a_routine_message(world: World) -> None:
    """While one worker sends something routine to the network manager, another tells the same person."""
    routine(world)
    with world.store.begin() as unit:
        topic = Topic("delivery", "1", AlertStep.NOT_DELIVERED)
        plan_for_role(world.ports, unit, "oakfield", Role.NETWORK_MANAGER, topic, Urgency.URGENT)
    world.claim(TaskKind.DELIVER)
    world.work(TaskKind.DELIVER_URGENT)
    assert world.post.letters() == [("ned-wood", "not_delivered")]


# Only what is still needed


@pytest.mark.parametrize("step", [AlertStep.REMINDER, AlertStep.LATE])
@pytest.mark.parametrize("end", ["replied", "recorded", "closed"])
def test_nobody_is_reminded_of_what_was_answered_meanwhile(world: World, step: AlertStep, end: str) -> None:
    """The last look is right before the sending."""
    world.show(sighting("a1"))
    late = world.case("a1")
    with world.store.begin() as unit:
        unit.connection.execute(tables.deliveries.delete())
        plan_for_case(world.ports, unit, late, CaseAlert(step, "2026-11-18", world.now()))
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


def test_a_failed_message_is_not_tried_again_when_nobody_needs_it_any_more(world: World) -> None:
    """Somebody took the case while the mail server was away."""
    urgent(world)
    away = failing(world, TEMPORARY)
    away.work(TaskKind.DELIVER_URGENT)
    take(world.ports, world.case("a1").id, "dee-lane")
    world.now.pass_by(minutes=1)
    away.work(TaskKind.DELIVER_URGENT)
    assert len(world.post.taken) == 3
    assert set(states(world).values()) == {DeliveryState.NOT_NEEDED}


def test_what_was_tried_in_vain_and_dropped_can_be_told_after_all(world: World) -> None:
    """An answer is owed, then not, then again: each time the mail server is away, and then it is back."""
    world.show(sighting("a1"))
    case = world.case("a1")
    late = CaseAlert(AlertStep.LATE, "2026-11-18", world.now())
    with world.store.begin() as unit:
        unit.connection.execute(tables.deliveries.delete())
        plan_for_case(world.ports, unit, case, late)
    failing(world, TEMPORARY).work(TaskKind.DELIVER)
    with world.store.begin() as unit:
        unit.connection.execute(tables.clocks.update().values(stopped_at=world.now()))
    world.now.pass_by(minutes=1)
    world.work(TaskKind.DELIVER)
    with world.store.begin() as unit:
        unit.connection.execute(tables.clocks.update().values(stopped_at=None))
        plan_for_case(world.ports, unit, case, late)
    world.work(TaskKind.DELIVER)
    assert set(states(world).values()) == {DeliveryState.DELIVERED}


def test_an_urgent_message_about_an_answered_case_still_goes_out(world: World) -> None:
    """Only a person says that the danger was looked at."""
    urgent(world)
    world.show(reply("r1", "a1"))
    assert world.case("a1").state is CaseState.ANSWERED
    world.work(TaskKind.DELIVER_URGENT)
    assert ("sue-dale", "urgent") in world.post.letters()


# When


def test_routine_messages_wait_for_the_hours_of_their_reader(world: World) -> None:
    """The school's hours, with the person's own: it is noon, and this one comes at two."""
    world = world.with_person("ned-wood", attendance=Attendance(hours={1: (time(14), time(16))}))
    routine(world)
    for minutes in (0, 60, 59):
        world.now.pass_by(minutes=minutes)
        world.work(TaskKind.DELIVER)
        assert world.post.taken == []
    world.now.pass_by(minutes=1)
    world.work(TaskKind.DELIVER)
    assert world.post.letters() == [("ned-wood", "set_aside")]


def test_whoever_does_not_work_on_that_day_is_not_waited_for(world: World) -> None:
    """The next one is told: work does not wait for a day off."""
    world = world.with_person("ned-wood", attendance=Attendance(hours={1: None}))
    routine(world)
    world.work(TaskKind.DELIVER)
    assert {name for name, _ in world.post.letters()} == LEADERS


def test_a_routine_message_that_failed_is_not_tried_again_in_the_night(world: World) -> None:
    """It is tried again when work begins, until it arrives."""
    world.now.at = datetime(2026, 11, 20, 16, 59, 30, tzinfo=UTC)
    routine(world)
    failing(world, TEMPORARY).work(TaskKind.DELIVER)
    world.now.pass_by(minutes=1)
    world.work(TaskKind.DELIVER)
    assert len(world.post.taken) == 1
    [task] = [row for row in world.rows(tables.tasks) if row.kind == TaskKind.DELIVER]
    assert task.next_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    world.now.at = task.next_at
    world.work(TaskKind.DELIVER)
    assert states(world) == {"ned-wood": DeliveryState.DELIVERED}


def test_what_is_held_back_does_not_hold_up_a_further_try(world: World) -> None:
    """The third urgent message waits half an hour; the second one, which failed, is tried after a minute."""
    world = world.with_ports(alerting=AlertRules(alerts_an_hour=2)).without(
        "hal-king", "dee-lane", "eve-ford"
    )
    for number in range(3):
        world.scorer.says[f"Threat {number}."] = assessment(Severity.HIGH, Route.SLT)
        world.show(sighting(f"a{number}", f"Threat {number}.", by=f"b{number}", post_id=f"post-{number}"))
    world.post.answers = [DeliveryState.DELIVERED, TEMPORARY]
    world.work(TaskKind.CLIMB, TaskKind.DELIVER_URGENT)
    assert len(to(world, "sue-dale")) == 2
    world.now.pass_by(minutes=1)
    world.work(TaskKind.DELIVER_URGENT)
    assert [each.attempt for each in to(world, "sue-dale")] == [1, 1, 2]
    world.now.pass_by(minutes=30)
    world.work(TaskKind.DELIVER_URGENT)
    assert len(to(world, "sue-dale")) == 4


# Trying again


def test_a_temporary_failure_is_tried_again_after_growing_waits_for_three_days(world: World) -> None:
    """1, 2, 5, 10, 20, then every 30 minutes; given up after 72 hours."""
    world = world.without("hal-king", "dee-lane", "eve-ford")
    urgent(world)
    away = failing(world, TEMPORARY)
    began = world.now()
    while world.now() - began < timedelta(hours=80):
        away.work(TaskKind.DELIVER_URGENT)
        world.now.pass_by(minutes=1 if world.now() - began < timedelta(minutes=118) else 10)
    tries = times_of(world, EMAIL)
    waits = [(later - earlier) // MINUTE for earlier, later in itertools.pairwise(tries)]
    assert waits[:7] == [1, 2, 5, 10, 20, 30, 30]
    assert set(waits[6:]) == {30}
    assert GIVE_UP_AFTER <= tries[-1] - began < GIVE_UP_AFTER + 30 * MINUTE
    assert states(world)["sue-dale"] == TEMPORARY


def test_a_temporary_failure_that_passes_ends_well(world: World) -> None:
    """Greylisting costs a minute, is never counted as sent, and changes the message's name never."""
    urgent(world)
    world.post.answers = [TEMPORARY] * 3
    world.work(TaskKind.DELIVER_URGENT)
    assert set(states(world).values()) == {TEMPORARY}
    world.now.pass_by(minutes=1)
    world.work(TaskKind.DELIVER_URGENT)
    assert set(states(world).values()) == {DeliveryState.DELIVERED}
    assert len({each.message_id for each in to(world, "hal-king")}) == 1


def test_a_text_is_tried_again_after_half_a_minute(world: World) -> None:
    """Four times, so that the second provider has its turn; then it waits as an email does."""
    world = world.with_phones().without("hal-king", "dee-lane", "eve-ford")
    urgent(world)
    away = failing(world, TEMPORARY, SMS)
    for _ in range(60):
        away.work(TaskKind.DELIVER_TEXT)
        world.now.pass_by(seconds=30)
    waits = [(later - earlier).seconds for earlier, later in itertools.pairwise(times_of(world, SMS))]
    assert waits == [30, 30, 30, 600, 1200][: len(waits)]
    assert len(waits) >= 4


# Another way


@pytest.mark.parametrize("end", [PERMANENT, DeliveryState.TECHNICAL_FAILURE])
def test_what_cannot_arrive_is_told_to_somebody_else_and_to_the_network_manager_once(
    world: World, end: DeliveryState
) -> None:
    """And when that cannot arrive either, it ends: our own faults are tried for three days."""
    urgent(world)
    nowhere = failing(world, end)
    told: list[int] = []
    for _ in range(12):
        nowhere.work(TaskKind.DELIVER_URGENT, TaskKind.DELIVER, TaskKind.SET_ASIDE)
        told.append(len(world.post.taken))
        world.now.pass_by(days=1)
    letters = world.post.letters()
    assert {name for name, step in letters if step == "urgent"} == TOLD_URGENTLY | {"eve-ford"}
    assert ("ned-wood", "not_delivered") in letters
    assert told[-3:] == told[-1:] * 3
    assert set(states(world).values()) == {end}


def test_what_failed_by_our_set_up_arrives_when_that_is_mended(world: World) -> None:
    """An expired certificate on a Monday morning does not cost the week's report."""
    world.show(sighting("a1"))
    broken = failing(world, DeliveryState.TECHNICAL_FAILURE)
    broken.work(TaskKind.DELIVER)
    assert set(states(world).values()) == {DeliveryState.TECHNICAL_FAILURE}
    world.post.answers.clear()
    world.now.pass_by(minutes=30)
    world.work(TaskKind.DELIVER)
    assert {states(world)[name] for name in ("ada-moss", "ben-hart")} == {DeliveryState.DELIVERED}


@pytest.mark.parametrize("seconds", [0, 20, 59.9, 60, 75, 200])
def test_what_is_urgent_and_fails_for_minutes_goes_another_way_once(world: World, seconds: float) -> None:
    """However long each try takes: a mail server that hangs may not swallow an alarm."""
    world = world.with_phones().without("hal-king", "dee-lane")
    world = world.with_person("sue-dale", phone="", chat="")
    urgent(world)
    began = world.now()
    slow = failing(world, TEMPORARY, EMAIL, but=("eve-ford", "ned-wood"), seconds=seconds)
    while world.now() - began < timedelta(minutes=90):
        slow.work(*URGENTLY[1:])
        world.now.pass_by(seconds=30)
    assert [each.channel for each in to(world, "ned-wood")].count(EMAIL) == 1
    notices = [notice for each in to(world, "ned-wood") for notice in each.notices]
    assert {notice.reason for notice in notices if isinstance(notice, SystemNotice)} == {TEMPORARY}


def test_what_is_urgent_goes_another_way_even_if_the_system_stood_still_meanwhile(world: World) -> None:
    """It failed once, then the machine was off for an hour, then it fails again."""
    world = world.without("hal-king", "dee-lane", "eve-ford")
    urgent(world)
    away = failing(world, TEMPORARY)
    away.work(TaskKind.DELIVER_URGENT)
    world.now.pass_by(hours=1)
    away.work(TaskKind.DELIVER_URGENT)
    assert "ned-wood" in {person.name for _, person in world.post.taken}


def test_routine_messages_that_fail_for_an_hour_are_told_to_the_network_manager(world: World) -> None:
    """Once, and nobody else is told instead: they still may arrive."""
    world.scorer.says["You are useless."] = assessment(Severity.MEDIUM)
    world = world.without("ben-hart")
    world.show(sighting("a1", "You are useless."))
    away = failing(world, TEMPORARY, but=("ned-wood",))
    for _ in range(80):
        away.work(TaskKind.CLIMB, TaskKind.DELIVER)
        world.now.pass_by(minutes=1)
    assert [step for name, step in world.post.letters() if name == "ned-wood"] == ["not_delivered"]
    assert {name for name, _ in world.post.letters()} == {"ada-moss", "ned-wood"}


def test_over_a_refused_address_nobody_is_told_until_it_is_corrected(world: World) -> None:
    """For a day; then, or with another address, it is tried again."""
    world = world.with_phones().without("hal-king", "dee-lane", "eve-ford")
    urgent(world)
    failing(world, PERMANENT, EMAIL, but=("ned-wood",)).work(*URGENTLY)
    world.post.taken.clear()
    world.scorer.says["And you."] = assessment(Severity.HIGH, Route.SLT)
    world.show(sighting("a2", "And you.", by="b2", post_id="post-2"))
    world.work(*URGENTLY)
    assert EMAIL not in [each.channel for each in to(world, "sue-dale")]
    assert to(world, "sue-dale")
    world.post.taken.clear()
    corrected = world.with_person("sue-dale", email="s.dale@oakfield.example")
    corrected.scorer.says["And him."] = assessment(Severity.HIGH, Route.SLT)
    corrected.show(sighting("a3", "And him.", by="b3", post_id="post-3"))
    corrected.work(*URGENTLY)
    assert EMAIL in [each.channel for each in to(world, "sue-dale")]


def test_where_all_addresses_of_somebody_are_refused_email_is_tried_all_the_same(world: World) -> None:
    """Nothing is lost for a list of bad addresses."""
    world = world.with_phones().without("hal-king", "dee-lane", "eve-ford")
    urgent(world)
    failing(world, PERMANENT, EMAIL, SMS, "chat", but=("ned-wood",)).work(*URGENTLY)
    world.post.taken.clear()
    world.scorer.says["And you."] = assessment(Severity.HIGH, Route.SLT)
    world.show(sighting("a2", "And you.", by="b2", post_id="post-2"))
    world.work(*URGENTLY)
    assert [each.channel for each in to(world, "sue-dale")] == [EMAIL]


def test_a_text_is_not_left_out_where_nothing_else_reaches_its_reader(world: World) -> None:
    """The limit of texts rests on the email that goes all the same: here they wait for a summary instead."""
    world = world.with_phones().without("hal-king", "dee-lane", "eve-ford")
    rules = AlertRules(texts_a_day=1, alerts_an_hour=1)
    world = failing(
        world.with_ports(alerting=rules, channels=(EMAIL, SMS)), PERMANENT, EMAIL, but=("ned-wood",)
    )
    for number in range(3):
        world.scorer.says[f"Threat {number}."] = assessment(Severity.HIGH, Route.SLT)
        world.show(sighting(f"a{number}", f"Threat {number}.", by=f"b{number}", post_id=f"post-{number}"))
        world.work(*URGENTLY)
    for _ in range(2):
        world.now.pass_by(minutes=15)
        world.work(*URGENTLY)
    texts = [each for each in to(world, "sue-dale") if each.channel == SMS]
    told = {notice.reference for each in texts for notice in each.notices if isinstance(notice, CaseNotice)}
    assert told == {world.case(f"a{number}").reference for number in range(3)}


def test_whoever_stands_in_is_told_over_the_channels_that_there_are(world: World) -> None:
    """A text to somebody without a phone would fail, and the next one would be told, and the next."""
    urgent(world)
    failing(world, PERMANENT, but=("eve-ford", "ned-wood", "sue-dale", "hal-king")).work(*URGENTLY)
    assert {row.channel for row in world.rows(tables.deliveries)} == {EMAIL}
    assert ("eve-ford", "urgent") in world.post.letters()


# Texts whose fate a provider tells


def with_provider(world: World, *answers: DeliveryState | None) -> World:
    """Return the world in which a provider takes texts and later says what became of them; then nothing."""
    said = list(answers)

    def send(outgoing: Outgoing, person: Person) -> Handed:
        world.post.taken.append((outgoing, person))
        if outgoing.channel != SMS:
            return Handed(DeliveryState.DELIVERED)
        return Handed(DeliveryState.SENDING, "govuk-notify", f"reference-{outgoing.id}")

    def ask(dispatch: Dispatch) -> DeliveryState | None:
        return said.pop(0) if said else None

    return world.with_ports(send=send, ask=ask)


def one_text(world: World) -> World:
    """Return the world in which one text to the leader has been handed to its provider, and nothing else."""
    world = world.with_phones().without("hal-king", "dee-lane", "eve-ford")
    world = world.with_roles("eve-ford", Role.DEPUTY_DSL).with_ports(channels=(SMS,))
    urgent(world)
    with world.store.begin() as unit:
        unit.connection.execute(tables.deliveries.delete().where(tables.deliveries.c.recipient != "sue-dale"))
    world.work(TaskKind.DELIVER_TEXT)
    return world


def test_what_a_provider_delivered_is_delivered(world: World) -> None:
    """It is asked until it says so, and then no more."""
    world = one_text(with_provider(world, None, DeliveryState.DELIVERED))
    for _ in range(4):
        world.now.pass_by(seconds=90)
        world.work(TaskKind.ASK_DELIVERY)
    assert states(world) == {"sue-dale": DeliveryState.DELIVERED}
    assert [row.state for row in world.rows(tables.tasks) if row.kind == TaskKind.ASK_DELIVERY] == ["done"]


@pytest.mark.parametrize("asleep", [timedelta(), timedelta(minutes=40)])
def test_a_text_that_does_not_arrive_in_ten_minutes_goes_another_way(world: World, asleep: timedelta) -> None:
    """To the minute, once, even where the system stood still meanwhile; the network manager hears of it."""
    world = one_text(with_provider(world))
    began = world.now()
    world.now.at += asleep
    while world.now() - began < timedelta(minutes=9, seconds=30):
        world.work(TaskKind.ASK_DELIVERY)
        world.now.pass_by(seconds=15)
    assert asleep or set(states(world)) == {"sue-dale"}
    while world.now() - began < max(asleep, timedelta(minutes=10)) + timedelta(seconds=30):
        world.work(TaskKind.ASK_DELIVERY)
        world.now.pass_by(seconds=15)
    assert set(states(world)) == {"sue-dale", "eve-ford", "ned-wood"}
    for _ in range(20):
        world.work(TaskKind.ASK_DELIVERY)
        world.now.pass_by(minutes=10)
    assert set(states(world)) == {"sue-dale", "eve-ford", "ned-wood"}


def test_a_text_that_a_provider_could_not_deliver_goes_another_way(world: World) -> None:
    """At once; a number that does not exist is not used again for a day."""
    world = one_text(with_provider(world, PERMANENT))
    world.now.pass_by(seconds=30)
    world.work(TaskKind.ASK_DELIVERY)
    assert states(world)["sue-dale"] == PERMANENT
    assert set(states(world)) == {"sue-dale", "eve-ford", "ned-wood"}
    assert [row.person for row in world.rows(tables.bad_addresses)] == ["sue-dale"]


def test_a_provider_that_never_says_is_asked_for_three_days(world: World) -> None:
    """Then it counts as failed."""
    world = one_text(with_provider(world))
    for _ in range(75):
        world.now.pass_by(hours=1)
        world.work(TaskKind.ASK_DELIVERY)
    assert states(world)["sue-dale"] == TEMPORARY
    assert [row.state for row in world.rows(tables.tasks) if row.kind == TaskKind.ASK_DELIVERY] == ["done"]


# People who left


@pytest.mark.parametrize("how", ["settings", "leaves_on"])
def test_somebody_who_left_is_told_nothing_and_holds_up_nobody(world: World, how: str) -> None:
    """The others get their message, the next one is told instead, the network manager knows."""
    urgent(world)
    gone = Attendance(leaves_on=date(2026, 11, 16))
    after = world.without("hal-king") if how == "settings" else world.with_person("hal-king", attendance=gone)
    after.work(TaskKind.DELIVER_URGENT)
    assert sorted(set(world.post.letters())) == [
        ("dee-lane", "urgent"),
        ("eve-ford", "urgent"),
        ("ned-wood", "not_delivered"),
        ("sue-dale", "urgent"),
    ]
    assert states(world)["hal-king"] == PERMANENT


def test_what_was_tried_in_vain_before_somebody_left_is_told_to_the_next(world: World) -> None:
    """The message had a try behind it, and further ones beside it that had none."""
    urgent(world)
    failing(world, TEMPORARY).work(TaskKind.DELIVER_URGENT)
    world.now.pass_by(minutes=1)
    after = world.without("hal-king")
    after.work(TaskKind.DELIVER_URGENT)
    assert states(world) == {
        "hal-king": PERMANENT,
        "sue-dale": DeliveryState.DELIVERED,
        "dee-lane": DeliveryState.DELIVERED,
        "eve-ford": DeliveryState.DELIVERED,
        "ned-wood": DeliveryState.DELIVERED,
    }


def test_what_waits_for_the_people_of_a_school_that_is_gone_ends(world: World) -> None:
    """Its cases are nobody's any more; whoever empties the mailbox does not stumble over them."""
    urgent(world)
    elsewhere = {"elsewhere": dataclasses.replace(world.ports.schools["oakfield"], id="elsewhere")}
    after = world.with_ports(schools=elsewhere, people={})
    after.work(TaskKind.DELIVER_URGENT)
    assert world.post.taken == []
    assert set(states(world).values()) == {PERMANENT}


def test_a_message_about_a_task_survives_its_readers_leaving(world: World) -> None:
    """The next one is told; the delivery ends instead of failing again and again."""
    routine(world)
    world.without("ned-wood").work(TaskKind.DELIVER)
    assert states(world)["ned-wood"] == PERMANENT
    assert {name for name, _ in world.post.letters()} <= LEADERS
    assert world.post.letters()


def test_a_notice_about_the_system_names_the_task(world: World) -> None:
    """The network manager is told which task, and what went wrong by its kind only."""
    routine(world)
    world.work(TaskKind.DELIVER)
    [notice] = world.post.notices()
    assert isinstance(notice, SystemNotice)
    assert (notice.what, notice.number, notice.reason) == ("task", 7, "score_item")
