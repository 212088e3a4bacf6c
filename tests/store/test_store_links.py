"""The pages that messages lead to: one for each message, pressed once, undone once."""

from __future__ import annotations

from datetime import timedelta

from moderation.alert_ports import Link, PlannedAlert
from moderation.alerts import EMAIL, AlertStep, Role, Topic
from moderation.mailboxes import Mailbox
from store import tables
from tests.worlds import World, at_once

TEN = timedelta(minutes=10)


def made(world: World, name: str = "link-1") -> Link:
    """Return the link of the only message."""
    now, box = world.now(), Mailbox("ned-wood", EMAIL, False)
    is_first = not world.rows(tables.dispatches)
    with world.store.begin() as unit:
        if is_first:
            topic = Topic("task", "7", AlertStep.SET_ASIDE)
            unit.alerts.plan(PlannedAlert(topic, {"ned-wood": Role.NETWORK_MANAGER}, now), now)
            unit.dispatches.begin(box, unit.dispatches.waiting(box, now), now)
        return unit.links.make(Link(name, "ned-wood", 1, now, now + timedelta(hours=72), None, None))


def test_a_message_has_one_page_at_all_of_its_tries(world: World) -> None:
    """Else the page of a message that did arrive would be known to nobody."""
    first = made(world)
    assert made(world, "link-2") == first
    with world.store.begin() as unit:
        assert unit.links.get("link-1") == first
        assert unit.links.get("link-2") is None


def test_its_button_counts_once(world: World) -> None:
    """Of many who press at once one has pressed."""
    made(world)
    pressed = []

    def press(number: int) -> None:
        with world.store.begin() as unit:
            pressed.append(unit.links.use("link-1", world.now()))

    at_once(6, press)
    assert sorted(pressed) == [False] * 5 + [True]


def test_it_can_be_undone_once_in_time_and_pressed_again(world: World) -> None:
    """Not twice, and not after the time for it has passed."""
    made(world)
    with world.store.begin() as unit:
        now = world.now()
        assert not unit.links.undo("link-1", now, now - TEN)
        assert unit.links.use("link-1", now)
        assert not unit.links.undo("link-1", now + TEN, now + timedelta(seconds=1))
        assert unit.links.undo("link-1", now + TEN, now)
        assert not unit.links.undo("link-1", now + TEN, now)
        assert unit.links.use("link-1", now + TEN)


def test_when_it_was_first_opened_is_kept(world: World) -> None:
    """A mail server's scanner may have been the first; opening takes nothing."""
    made(world)
    with world.store.begin() as unit:
        unit.links.open("link-1", world.now())
        unit.links.open("link-1", world.now() + TEN)
    [row] = world.rows(tables.links)
    assert (row.opened_at, row.used_at) == (world.now(), None)
