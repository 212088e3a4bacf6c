"""Each message with what it carries: known before it is tried, and never forgotten."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from moderation.alert_ports import Delivery, Dispatch, PlannedAlert, Sent
from moderation.alerts import EMAIL, AlertStep, DeliveryState, Handed, Role, Topic
from moderation.mailboxes import Mailbox, Urgency
from store import tables
from tests.worlds import World

BOX, URGENT = Mailbox("ned-wood", EMAIL, False), Mailbox("ned-wood", EMAIL, True)
MINUTE = timedelta(minutes=1)


def plan(world: World, subject: str, urgency: Urgency = Urgency.ROUTINE, **later: float) -> None:
    """Let the network manager be told about a task."""
    topic = Topic("task", subject, AlertStep.SET_ASIDE)
    at = world.now() + timedelta(**later)
    with world.store.begin() as unit:
        unit.alerts.plan(PlannedAlert(topic, {"ned-wood": Role.NETWORK_MANAGER}, at, urgency), world.now())


def waiting(world: World, box: Mailbox = BOX) -> list[Delivery]:
    """Return what waits in a mailbox now."""
    with world.store.begin() as unit:
        return unit.dispatches.waiting(box, world.now())


def begin(world: World, box: Mailbox = BOX) -> Dispatch:
    """Begin one message with all that waits."""
    with world.store.begin() as unit:
        return unit.dispatches.begin(box, unit.dispatches.waiting(box, world.now()), world.now())


def record(world: World, dispatch: Dispatch, handed: Handed, **again: float) -> None:
    """Record how a try went."""
    next_at = world.now() + timedelta(**again) if again else None
    with world.store.begin() as unit:
        unit.dispatches.record(dispatch.id, handed, world.now(), next_at)


def test_the_most_urgent_waits_first_and_the_rest_in_order(world: World) -> None:
    """What is not due yet does not wait, and each hurry has its own line."""
    plan(world, "1", Urgency.URGENT)
    plan(world, "2", Urgency.CRITICAL)
    plan(world, "3")
    plan(world, "4", Urgency.URGENT)
    plan(world, "5", Urgency.URGENT, minutes=1)
    assert [each.topic.subject for each in waiting(world, URGENT)] == ["2", "1", "4"]
    assert [each.topic.subject for each in waiting(world)] == ["3"]


def test_a_message_is_written_down_before_it_is_tried(world: World) -> None:
    """With what it carries, in one state, under the name of its first."""
    plan(world, "1")
    plan(world, "2")
    first = waiting(world)[0]
    begun = begin(world)
    assert (begun.attempts, begun.state, begun.message_id) == (1, DeliveryState.SENDING, first.message_id)
    assert [each.topic.subject for each in begun.deliveries] == ["1", "2"]
    assert {each.state for each in begun.deliveries} == {DeliveryState.SENDING}
    assert waiting(world) == []


def test_what_a_crash_cut_off_is_tried_again(world: World) -> None:
    """Nobody recorded how it went, so it counts as not sent; the further try is counted before it is made."""
    plan(world, "1")
    begun = begin(world)
    with world.store.begin() as unit:
        assert unit.dispatches.to_retry(BOX, world.now()) == begun
        assert unit.dispatches.to_retry(URGENT, world.now()) is None
        unit.dispatches.begin_again(begun.id, world.now())
        assert unit.dispatches.get(begun.id).attempts == 2


def test_what_failed_waits_for_its_next_try(world: World) -> None:
    """And of several the one that has waited longest comes first."""
    plan(world, "1")
    first = begin(world)
    record(world, first, Handed(DeliveryState.TEMPORARY_FAILURE), minutes=5)
    plan(world, "2")
    second = begin(world)
    record(world, second, Handed(DeliveryState.TEMPORARY_FAILURE), minutes=1)
    with world.store.begin() as unit:
        assert unit.dispatches.to_retry(BOX, world.now()) is None
        found = unit.dispatches.to_retry(BOX, world.now() + 5 * MINUTE)
        assert found is not None
        assert found.id == second.id


def test_what_a_provider_has_is_not_sent_again(world: World) -> None:
    """Its own name for it is kept, so that it can be asked."""
    plan(world, "1")
    begun = begin(world)
    record(world, begun, Handed(DeliveryState.SENDING, "govuk-notify", "reference-1"))
    with world.store.begin() as unit:
        known = unit.dispatches.get(begun.id)
        assert (known.provider, known.reference, known.handed_at) == (
            "govuk-notify",
            "reference-1",
            world.now(),
        )
        assert unit.dispatches.to_retry(BOX, world.now() + timedelta(days=9)) is None


def test_what_has_come_to_its_end_stays_there(world: World) -> None:
    """A provider that says something else later changes nothing for what was delivered."""
    plan(world, "1")
    begun = begin(world)
    record(world, begun, Handed(DeliveryState.DELIVERED))
    record(world, begun, Handed(DeliveryState.PERMANENT_FAILURE))
    with world.store.begin() as unit:
        unit.dispatches.drop([1], world.now())
    assert [row.state for row in world.rows(tables.deliveries)] == [DeliveryState.DELIVERED]


def test_what_is_dropped_is_carried_by_no_message(world: World) -> None:
    """The others in it are."""
    plan(world, "1")
    plan(world, "2")
    begun = begin(world)
    with world.store.begin() as unit:
        unit.dispatches.drop([begun.deliveries[0].id], world.now())
        assert [each.topic.subject for each in unit.dispatches.get(begun.id).deliveries] == ["2"]


def test_a_mailbox_knows_when_something_in_it_comes_due(world: World) -> None:
    """A planned one or a further try, whichever is first; what is held back now does not count."""
    plan(world, "1", minutes=20)
    plan(world, "2")
    record(world, begin(world), Handed(DeliveryState.TEMPORARY_FAILURE), minutes=5)
    plan(world, "3")
    with world.store.begin() as unit:
        assert unit.dispatches.next_at(BOX, world.now()) == world.now() + 5 * MINUTE
        assert unit.dispatches.next_at(BOX, world.now() + 5 * MINUTE) == world.now() + 20 * MINUTE
        assert unit.dispatches.next_at(BOX, world.now() + 20 * MINUTE) is None


def test_what_went_out_lately_is_known_with_its_subjects(world: World) -> None:
    """In either hurry, in order; what lies before the moment asked for is left out."""
    plan(world, "1", Urgency.CRITICAL)
    begin(world, URGENT)
    world.now.pass_by(minutes=1)
    plan(world, "2")
    plan(world, "3")
    begin(world)
    with world.store.begin() as unit:
        sent = unit.dispatches.sent(BOX, world.now() - 2 * MINUTE)
        assert sent == [
            Sent(world.now() - MINUTE, Urgency.CRITICAL, frozenset({("task", "1")})),
            Sent(world.now(), Urgency.ROUTINE, frozenset({("task", "2"), ("task", "3")})),
        ]
        assert len(unit.dispatches.sent(URGENT, world.now() - MINUTE)) == 1


def test_ten_thousand_deliveries_go_into_one_message(world: World) -> None:
    """And out of it again: no statement grows with them beyond what a database takes."""
    now, count = world.now(), 10_000
    with world.store.begin() as unit:
        unit.connection.execute(
            insert(tables.alerts),
            [
                {
                    "subject_kind": "task",
                    "subject": str(number),
                    "step": AlertStep.SET_ASIDE,
                    "occasion": "",
                    "planned_at": now,
                    "send_at": now,
                }
                for number in range(count)
            ],
        )
        unit.connection.execute(
            insert(tables.deliveries),
            [
                {
                    "alert": number + 1,
                    "recipient": "ned-wood",
                    "channel": EMAIL,
                    "because": Role.NETWORK_MANAGER,
                    "message_id": f"<{number}@socialduty.invalid>",
                    "state": DeliveryState.CREATED,
                    "changed_at": now,
                    "urgency": 0,
                }
                for number in range(count)
            ],
        )
    begun = begin(world)
    assert len(begun.deliveries) == count
    record(world, begun, Handed(DeliveryState.TEMPORARY_FAILURE), minutes=1)
    with world.store.begin() as unit:
        unit.dispatches.drop([each.id for each in begun.deliveries[1:]], now)
        assert len(unit.dispatches.get(begun.id).deliveries) == 1
