"""Who is to be told what, written down so that nothing is told twice and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from moderation.alert_ports import PlannedAlert
from moderation.alerts import CHAT, EMAIL, SMS, AlertStep, DeliveryState, Handed, Role, Topic
from moderation.mailboxes import Mailbox, Urgency
from moderation.tasks import TaskKind, TaskState
from store import tables
from tests.worlds import World, at_once

TOPIC = Topic("task", "7", AlertStep.SET_ASIDE, "score_item")
NED = {"ned-wood": Role.NETWORK_MANAGER}


def plan(
    world: World,
    recipients: dict[str, Role],
    *,
    topic: Topic = TOPIC,
    urgency: Urgency = Urgency.ROUTINE,
    channels: Iterable[str] = (EMAIL,),
    **later: float,
) -> None:
    """Write down that people are to be told, now or after a while."""
    now = world.now()
    ways = dict.fromkeys(recipients, tuple(channels))
    with world.store.begin() as unit:
        unit.alerts.plan(
            PlannedAlert(topic, recipients, now + timedelta(**later), urgency, channels=ways), now
        )


def mailboxes(world: World) -> list[tuple[str, str]]:
    """Return kind and key of every task that empties a mailbox."""
    return [(row.kind, row.key) for row in world.rows(tables.tasks) if row.kind.startswith("deliver")]


def test_the_same_topic_is_told_once_to_each_person_over_each_channel(world: World) -> None:
    """Planning again adds only who, and which channel, is new."""
    plan(world, NED)
    plan(world, NED, channels=(EMAIL, SMS))
    plan(world, {**NED, "sue-dale": Role.SLT})
    assert [(row.recipient, row.channel) for row in world.rows(tables.deliveries)] == [
        ("ned-wood", EMAIL),
        ("ned-wood", SMS),
        ("sue-dale", EMAIL),
    ]
    assert len(world.rows(tables.alerts)) == 1


def test_each_person_channel_and_hurry_has_a_mailbox_of_its_own(world: World) -> None:
    """What is urgent waits behind nothing else, and a text behind no email."""
    plan(world, NED)
    plan(
        world,
        NED,
        topic=Topic("task", "8", AlertStep.SET_ASIDE),
        urgency=Urgency.CRITICAL,
        channels=(EMAIL, SMS, CHAT),
    )
    assert sorted(mailboxes(world)) == [
        (TaskKind.DELIVER, "ned-wood:email:routine"),
        (TaskKind.DELIVER_TEXT, "ned-wood:sms:urgent"),
        (TaskKind.DELIVER_URGENT, "ned-wood:chat:urgent"),
        (TaskKind.DELIVER_URGENT, "ned-wood:email:urgent"),
    ]


@pytest.mark.parametrize("channel", [EMAIL, SMS, CHAT])
@pytest.mark.parametrize("urgent", [True, False])
def test_a_mailbox_is_found_again_by_its_key(channel: str, urgent: bool) -> None:
    """The key of the task is all that a worker is given."""
    box = Mailbox("ned-wood", channel, urgent)
    assert Mailbox.of(box.key) == box


def test_a_mailbox_that_was_emptied_is_looked_at_again(world: World) -> None:
    """At the moment that is planned, or before."""
    plan(world, NED)
    world.work(TaskKind.DELIVER)
    [done] = [row for row in world.rows(tables.tasks) if row.kind == TaskKind.DELIVER]
    assert done.state == TaskState.DONE
    plan(world, NED, topic=Topic("task", "8", AlertStep.SET_ASIDE), hours=2)
    [again] = [row for row in world.rows(tables.tasks) if row.kind == TaskKind.DELIVER]
    assert (again.state, again.next_at) == (TaskState.WAITING, world.now() + timedelta(hours=2))
    plan(world, NED, topic=Topic("task", "9", AlertStep.SET_ASIDE), hours=1)
    [again] = [row for row in world.rows(tables.tasks) if row.kind == TaskKind.DELIVER]
    assert again.next_at == world.now() + timedelta(hours=1)


def test_what_is_planned_while_a_mailbox_is_being_emptied_is_not_forgotten(world: World) -> None:
    """Whoever empties it looks once more."""
    plan(world, NED)
    claim = world.claim(TaskKind.DELIVER)
    plan(world, NED, topic=Topic("task", "8", AlertStep.SET_ASIDE))
    with world.store.finishing(claim):
        pass
    assert world.claim(TaskKind.DELIVER).key == "ned-wood:email:routine"


def test_what_was_not_needed_and_is_planned_again_is_told_in_a_message_of_another_name(world: World) -> None:
    """A mail program would hide the second one behind the first, which may have gone out with others."""
    box, later = Mailbox("ned-wood", EMAIL, False), world.now() + timedelta(hours=1)
    plan(world, NED)
    with world.store.begin() as unit:
        first = unit.dispatches.begin(box, unit.dispatches.waiting(box, world.now()), world.now())
        unit.dispatches.drop([1], world.now())
    plan(world, NED)
    with world.store.begin() as unit:
        second = unit.dispatches.begin(box, unit.dispatches.waiting(box, later), later)
    assert second.message_id != first.message_id
    assert [each.id for each in second.deliveries] == [1]


def test_only_whom_it_is_for_now_is_told_after_all(world: World) -> None:
    """Whoever was to be told before, and is not any more, stays in peace."""
    plan(world, {**NED, "sue-dale": Role.SLT})
    with world.store.begin() as unit:
        unit.dispatches.drop([1, 2], world.now())
    plan(world, {"sue-dale": Role.SLT})
    assert {row.recipient: row.state for row in world.rows(tables.deliveries)} == {
        "ned-wood": DeliveryState.NOT_NEEDED,
        "sue-dale": DeliveryState.CREATED,
    }


@pytest.mark.parametrize(
    "end",
    [DeliveryState.DELIVERED, DeliveryState.PERMANENT_FAILURE, DeliveryState.TECHNICAL_FAILURE],
)
def test_what_has_come_to_its_end_is_not_told_again(world: World, end: DeliveryState) -> None:
    """However often it is planned."""
    plan(world, NED)
    with world.store.begin() as unit:
        begun = unit.dispatches.begin(
            Mailbox("ned-wood", EMAIL, False), [unit.alerts.delivery(1)], world.now()
        )
        unit.dispatches.record(begun.id, Handed(end), world.now())
    plan(world, NED)
    assert [row.state for row in world.rows(tables.deliveries)] == [end]


def test_no_two_messages_ever_have_one_name(world: World) -> None:
    """Not even when a new database uses old numbers again."""
    plan(world, {**NED, "sue-dale": Role.SLT}, channels=(EMAIL, SMS))
    names = {row.message_id for row in world.rows(tables.deliveries)}
    assert len(names) == 4
    assert all(name.startswith("<set-aside.") and name.endswith("@socialduty.invalid>") for name in names)


def test_who_was_told_of_a_subject_is_known_with_the_first_role(world: World) -> None:
    """At all steps, or at some of them."""
    plan(world, NED)
    plan(world, {**NED, "sue-dale": Role.SLT}, topic=Topic("task", "7", AlertStep.NOT_DELIVERED))
    with world.store.begin() as unit:
        assert unit.alerts.told_about("task", "7") == {**NED, "sue-dale": Role.SLT}
        assert unit.alerts.told_about("task", "7", [AlertStep.SET_ASIDE]) == NED
        assert unit.alerts.told_about("task", "8") == {}
        assert unit.alerts.told_by(2) == ("ned-wood", "sue-dale")
        assert unit.alerts.planned("task", "7", [AlertStep.SET_ASIDE]) == {"score_item"}


def test_it_has_arrived_when_it_has_over_any_channel(world: World) -> None:
    """And what failed over one and arrived over another is not counted as undelivered."""
    plan(world, NED, channels=(EMAIL, SMS))
    for number, channel, state in (
        (1, EMAIL, DeliveryState.PERMANENT_FAILURE),
        (2, SMS, DeliveryState.DELIVERED),
    ):
        with world.store.begin() as unit:
            assert not unit.alerts.arrived(1, "ned-wood")
            begun = unit.dispatches.begin(
                Mailbox("ned-wood", channel, False), [unit.alerts.delivery(number)], world.now()
            )
            unit.dispatches.record(begun.id, Handed(state), world.now())
            failed = unit.alerts.undelivered_since(world.now(), ["ned-wood"])
            assert failed == (1 if channel == EMAIL else 0)
    with world.store.begin() as unit:
        assert unit.alerts.arrived(1, "ned-wood")


def test_a_refused_address_is_remembered_from_its_last_refusal_on(world: World) -> None:
    """Only as what stands for it: the address itself is not kept."""
    with world.store.begin() as unit:
        unit.alerts.refuse_address("ned-wood", EMAIL, "digest", world.now())
        unit.alerts.refuse_address("ned-wood", EMAIL, "digest", world.now() + timedelta(hours=5))
        later = world.now() + timedelta(hours=4)
        assert unit.alerts.bad_addresses(later) == {("ned-wood", EMAIL, "digest")}
        assert unit.alerts.bad_addresses(later + timedelta(hours=2)) == set()


def test_many_who_plan_the_same_at_once_write_it_once(world: World) -> None:
    """And the mailbox is looked at once for all of them."""
    at_once(6, lambda number: plan(world, {**NED, f"person-{number % 2}": Role.SLT}))
    assert len(world.rows(tables.alerts)) == 1
    assert len(world.rows(tables.deliveries)) == 3
    assert len(mailboxes(world)) == 3
