"""Where items are on their platforms: what a listing may say, what only a lookup may, and what follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from moderation.actions import ActionKind, Done, Order
from moderation.acts import close
from moderation.alerts import AlertStep
from moderation.assessment import Severity
from moderation.cases import CaseId, CaseState, CloseReason
from moderation.items import Presence
from moderation.orders import done
from moderation.presence import moved
from moderation.tasks import TaskKind
from sla.clocks import StoppedHow
from store import tables
from tests.fakes import assessment
from tests.worlds import GO_LIVE, NINE, OUR_ID, World, reply, sighting

DANGER = "I cannot go on any more and I have a plan for tonight"


def look_up(world: World, name: str, presence: Presence) -> None:
    """Let a lookup have said where an item is, and do the work that follows."""
    item = world.item(name)
    with world.store.begin() as unit:
        moved(world.ports, unit, item.id, item.presence, presence)
    world.work(TaskKind.SETTLE_ITEM)


def test_a_listing_that_leaves_an_item_out_clears_nothing(world: World) -> None:
    """Disappearing is not being deleted: the clock runs on."""
    world.show(sighting("a1"), sighting("b1", by="bob", thread="t2"))
    world.now.pass_by(hours=1)
    world.show(sighting("b1", by="bob", thread="t2"))
    clock = world.clock("a1")
    assert clock is not None
    assert clock.stopped_at is None
    assert world.item("a1").presence is Presence.PRESENT


def test_what_its_author_deleted_is_withdrawn(world: World) -> None:
    """A lookup says that it is gone: nobody waits any more, and the history says so."""
    world.show(sighting("a1"))
    world.now.pass_by(hours=1)
    look_up(world, "a1", Presence.DELETED)
    clock = world.clock("a1")
    assert clock is not None
    assert (clock.stopped_how, clock.stopped_at) == (StoppedHow.WITHDRAWN, world.now())
    case = world.case("a1")
    assert case.state is CaseState.CLOSED
    assert any("deleted" in row.detail for row in world.rows(tables.case_events))


def hide_from_here(world: World, name: str, kind: ActionKind = ActionKind.HIDE) -> None:
    """Let a person have ordered it, and the order have been carried out."""
    item = world.item(name)
    assert item.case is not None
    with world.store.begin() as unit:
        order = Order(kind, item.id, why="names a pupil")
        number = unit.orders.add(CaseId(item.case), order, "ada-moss", "sue-dale", world.now())
        unit.orders.begin(number, world.now())
        done(world.ports, unit, unit.orders.get(number), Done(confirmed=True))
    world.work(TaskKind.SETTLE_ITEM)


def how_stopped(world: World, name: str) -> StoppedHow | None:
    """Return how the clock of an item was stopped."""
    clock = world.clock(name)
    assert clock is not None
    return clock.stopped_how


def test_what_was_hidden_from_here_is_held_and_not_answered(world: World) -> None:
    """A person ordered it: that is no answer, and no reply is owed."""
    world.show(sighting("a1"))
    world.now.pass_by(hours=1)
    hide_from_here(world, "a1")
    assert how_stopped(world, "a1") is StoppedHow.HELD
    assert world.item("a1").presence is Presence.HIDDEN


def test_what_was_hidden_by_nobody_knows_whom_is_asked_about(world: World) -> None:
    """A colleague on the platform, or its own filter: the clock runs on, and the desk is told."""
    world.show(sighting("a1"))
    world.now.pass_by(hours=1)
    world.show(sighting("a1", hidden=True))
    world.work(TaskKind.SETTLE_ITEM)
    assert how_stopped(world, "a1") is None
    assert [row.step for row in world.rows(tables.alerts)] == [AlertStep.NEW, AlertStep.HIDDEN_THERE]


def test_a_mistaken_hide_that_is_taken_back_lets_the_clock_run_on(world: World) -> None:
    """The parent waits again, until the same time as before; the case is open again."""
    world.show(sighting("a1"))
    before = world.clock("a1")
    hide_from_here(world, "a1")
    assert world.case("a1").state is CaseState.CLOSED
    world.now.pass_by(hours=1)
    world.show(sighting("a1", hidden=False))
    world.work(TaskKind.SETTLE_ITEM)
    assert world.clock("a1") == before
    assert world.case("a1").state is CaseState.NEW


def test_a_clock_that_runs_on_is_watched_again(world: World) -> None:
    """It was let go of when it stopped; nobody must wait for ever because of a mistake."""
    world.show(sighting("a1"))
    hide_from_here(world, "a1")
    world.work(TaskKind.WATCH_CLOCK)
    world.now.pass_by(hours=1)
    world.show(sighting("a1", hidden=False))
    world.now.pass_by(days=3)
    world.work(TaskKind.WATCH_CLOCK)
    assert AlertStep.LATE in {row.step for row in world.rows(tables.alerts)}


def test_what_a_person_closed_meanwhile_stays_closed(world: World) -> None:
    """Coming back on the platform undoes nobody's decision."""
    world.show(sighting("a1"))
    close(world.ports, world.case("a1").id, "ada-moss", CloseReason.NO_REPLY_NEEDED)
    hide_from_here(world, "a1")
    world.show(sighting("a1", hidden=False))
    world.work(TaskKind.SETTLE_ITEM)
    assert world.case("a1").state is CaseState.CLOSED


def test_what_we_deleted_ourselves_is_no_withdrawal_and_its_words_stay(world: World) -> None:
    """Even where the sweep sees it before the order is noted; the words are the evidence for the order."""
    world.show(sighting("a1"))
    item = world.item("a1")
    with world.store.begin() as unit:
        order = Order(ActionKind.DELETE, item.id, why="an insult to a pupil by name")
        number = unit.orders.add(CaseId(item.case or 0), order, "ada-moss", "sue-dale", world.now())
        unit.orders.begin(number, world.now())
    look_up(world, "a1", Presence.DELETED)
    assert how_stopped(world, "a1") is StoppedHow.HELD
    world.now.pass_by(hours=30)
    world.work(TaskKind.FORGET_TEXT)
    assert world.item("a1").text == "When is the concert?"


def test_deleting_our_own_post_is_not_its_readers_withdrawal(world: World) -> None:
    """The comments under it went with it: the school did that."""
    post = sighting("post-1", "Concert on Friday.", by=OUR_ID, parent=None, thread="post-1", is_own=True)
    world.show(post, sighting("a1"))
    look_up(world, "post-1", Presence.DELETED)
    look_up(world, "a1", Presence.DELETED)
    assert how_stopped(world, "a1") is StoppedHow.HELD


def test_what_is_older_than_the_beginning_stays_history_however_late_it_surfaces(world: World) -> None:
    """A new comment under an old post makes a platform show all the old ones: nobody waits for those."""
    old = GO_LIVE - timedelta(days=60)
    world.receive(sighting("a1", at=old), sighting("b1", by="bob", thread="t2"), earliest=world.now())
    world.work(TaskKind.SCORE_ITEM)
    assert world.item("a1").case is None
    assert world.clock("b1") is not None


def test_what_the_platform_held_back_from_the_start_still_has_its_clock(world: World) -> None:
    """A filter of the platform held it, nobody at the school: a parent may be waiting behind it."""
    world.show(sighting("a1", hidden=True))
    clock = world.clock("a1")
    assert clock is not None
    assert clock.stopped_at is None
    assert world.item("a1").presence is Presence.HIDDEN


def test_danger_that_was_deleted_stays_with_a_person(world: World) -> None:
    """A child who deletes a cry for help has not taken it back: the case stays open."""
    world.scorer.says[DANGER] = assessment(Severity.CRITICAL)
    world.show(sighting("a1", DANGER))
    look_up(world, "a1", Presence.DELETED)
    assert world.case("a1").state is CaseState.NEW
    world.now.pass_by(hours=30)
    world.work(TaskKind.FORGET_TEXT)
    assert world.item("a1").text == DANGER


@pytest.mark.parametrize("presence", [Presence.INVISIBLE, Presence.UNKNOWN])
def test_what_nobody_knows_changes_no_clock(world: World, presence: Presence) -> None:
    """Its author blocked us, or the platform does not say: the duty stays, and nothing is written."""
    world.show(sighting("a1"))
    look_up(world, "a1", presence)
    clock = world.clock("a1")
    assert clock is not None
    assert clock.stopped_at is None


def test_words_that_a_platform_deleted_go_within_a_day(world: World) -> None:
    """What is ordinary is forgotten; its digest, its times and its clock stay."""
    world.show(sighting("a1"))
    look_up(world, "a1", Presence.DELETED)
    world.now.pass_by(hours=19)
    world.work(TaskKind.FORGET_TEXT)
    assert world.item("a1").text == "When is the concert?"
    world.now.pass_by(hours=2)
    world.work(TaskKind.FORGET_TEXT)
    item = world.item("a1")
    assert (item.text, item.author.name) == ("", "")
    assert [row.text for row in world.rows(tables.item_versions)] == [""]
    assert world.clock("a1") is not None


def test_what_comes_back_is_read_again(world: World) -> None:
    """A suspended author returns: the words are there again, and no fact says that they are gone."""
    world.show(sighting("a1"))
    look_up(world, "a1", Presence.DELETED)
    world.now.pass_by(hours=30)
    world.work(TaskKind.FORGET_TEXT)
    world.show(sighting("a1"))
    item = world.item("a1")
    assert (item.text, item.presence, item.version) == ("When is the concert?", Presence.PRESENT, 1)
    assert item.author.name == "Somebody"
    with world.store.begin() as unit:
        assert unit.facts.of([item.id]) == []


def test_our_answer_that_was_deleted_still_stands(world: World) -> None:
    """The parent got it; the history says that it is gone."""
    world.show(sighting("a1"), reply("r1", "a1"))
    before = world.clock("a1")
    look_up(world, "r1", Presence.DELETED)
    assert world.clock("a1") == before


def test_the_same_news_twice_is_one(world: World) -> None:
    """A lookup that runs again changes nothing."""
    world.show(sighting("a1"))
    look_up(world, "a1", Presence.DELETED)
    before = world.rows(tables.item_facts)
    world.now.pass_by(hours=1)
    look_up(world, "a1", Presence.DELETED)
    assert world.rows(tables.item_facts) == before


def test_what_surfaces_late_counts_from_when_it_could_be_seen(world: World) -> None:
    """A platform showed it hours after it was written, although everything had been read since."""
    earliest = world.now()
    world.now.pass_by(minutes=5)
    world.receive(sighting("a1", at=NINE), earliest=earliest)
    world.work(TaskKind.SCORE_ITEM)
    clock = world.clock("a1")
    assert clock is not None
    assert clock.received_at == earliest
    assert world.item("a1").surfaced_late


def test_what_came_while_nobody_looked_counts_from_when_it_was_written(world: World) -> None:
    """The account was not read for hours: that is our delay, not the parent's."""
    world.receive(sighting("a1", at=NINE), earliest=NINE.replace(hour=7))
    world.work(TaskKind.SCORE_ITEM)
    clock = world.clock("a1")
    assert clock is not None
    assert clock.received_at == NINE


def test_of_two_messages_that_were_deleted_one_comes_back(world: World) -> None:
    """The parent visibly waits: the clock of both runs on."""
    world.show(sighting("a1"))
    world.now.pass_by(minutes=5)
    world.show(sighting("a2", "And where is it?", at=world.now()))
    for name in ("a1", "a2"):
        world.now.pass_by(minutes=30)
        look_up(world, name, Presence.DELETED)
    assert how_stopped(world, "a1") is StoppedHow.WITHDRAWN
    world.now.pass_by(hours=1)
    world.show(sighting("a1"))
    world.work(TaskKind.SETTLE_ITEM)
    assert how_stopped(world, "a1") is None


def test_deleted_brought_back_and_deleted_again_is_deleted(world: World) -> None:
    """Even where the platform's clock is ahead of ours, so that all of it has one time."""
    shown = sighting("a1", at=world.now() + timedelta(minutes=4))
    world.show(shown)
    look_up(world, "a1", Presence.DELETED)
    world.now.pass_by(minutes=1)
    world.show(shown)
    world.work(TaskKind.SETTLE_ITEM)
    world.now.pass_by(minutes=1)
    look_up(world, "a1", Presence.DELETED)
    assert how_stopped(world, "a1") is StoppedHow.WITHDRAWN


def test_what_a_person_closed_gets_no_late_clock_when_it_is_shown_again(world: World) -> None:
    """Serious, hidden from here, closed by a person as handled: that stays so."""
    world.scorer.says[DANGER] = assessment(Severity.HIGH)
    world.show(sighting("a1", DANGER))
    hide_from_here(world, "a1")
    close(world.ports, world.case("a1").id, "ada-moss", CloseReason.ABUSE_HANDLED)
    world.show(sighting("a1", DANGER, hidden=False))
    world.work(TaskKind.SETTLE_ITEM)
    assert how_stopped(world, "a1") is StoppedHow.HELD


def test_danger_is_told_whatever_date_it_bears(world: World) -> None:
    """An old comment that is changed into a cry for help, or one that was dated back: somebody sees it."""
    world.scorer.says[DANGER] = assessment(Severity.CRITICAL)
    old = GO_LIVE - timedelta(days=60)
    world.show(sighting("a1", at=old))
    assert world.item("a1").case is None
    world.show(sighting("a1", DANGER, at=old))
    world.receive(sighting("b1", DANGER, by="bob", thread="t2", at=old), earliest=world.now())
    world.work(TaskKind.SCORE_ITEM)
    assert world.item("a1").case is not None
    assert world.item("b1").case is not None
    assert world.clock("b1") is None
