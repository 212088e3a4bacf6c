"""Keeping watch over deadlines: one reminder in time, one alarm after it, nothing once it was answered."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from moderation.acts import close, take
from moderation.alerts import AlertStep, CaseNotice
from moderation.assessment import Severity
from moderation.cases import CloseReason
from moderation.oversight import reminder_times
from moderation.tasks import NewTask, TaskKind, TaskState
from store import tables
from tests.fakes import assessment
from tests.worlds import NINE, World, reply, sighting

DUE = NINE + timedelta(days=1)
WATCH = (TaskKind.WATCH_CLOCK, TaskKind.DELIVER)


def watch_until(world: World, end: datetime, every: timedelta = timedelta(minutes=15)) -> None:
    """Let time pass until ``end``, with a look at everything that is due every now and then."""
    while world.now() < end:
        world.work(*WATCH)
        world.now.at += every
    world.work(*WATCH)


def watching(world: World) -> list[str]:
    """Return the state of every watch."""
    return [row.state for row in world.rows(tables.tasks) if row.kind == TaskKind.WATCH_CLOCK]


def test_an_unanswered_comment_is_reminded_of_once_and_reported_late_once(world: World) -> None:
    """Half time and last call before the deadline, the alarm after it, a day later the headteacher."""
    world.show(sighting("a1"))
    watch_until(world, DUE + timedelta(days=5))
    assert world.post.letters() == [
        ("ada-moss", "reminder"),
        ("ben-hart", "reminder"),
        ("ada-moss", "reminder"),
        ("ben-hart", "reminder"),
        ("ada-moss", "late"),
        ("ben-hart", "late"),
        ("hal-king", "late"),
        ("sue-dale", "late"),
        ("hal-king", "still_late"),
    ]
    half, last, late, head = (row.send_at for row in world.rows(tables.alerts))
    assert (half, last) == (NINE.replace(hour=13, minute=30), NINE.replace(hour=15, minute=30))
    assert DUE < late <= DUE + timedelta(minutes=30)
    assert late + timedelta(days=1) == head
    assert watching(world) == [TaskState.DONE]


def test_what_watching_tells_of_has_no_reason_that_nobody_gave(world: World) -> None:
    """Reminders and late notices are about a time; nobody has judged anything."""
    world.show(sighting("a1"))
    watch_until(world, DUE + timedelta(days=5))
    notices = [notice for notice, _, _ in world.post.taken]
    assert len(notices) == 9
    assert [notice.reasons for notice in notices if isinstance(notice, CaseNotice)] == [()] * 9


def test_the_watch_sleeps_until_there_is_something_to_say(world: World) -> None:
    """An early look only sets the time of the next one."""
    world.show(sighting("a1"))
    clock = world.clock("a1")
    assert clock is not None
    times = reminder_times(clock.received_at, DUE, world.ports.schools["oakfield"])
    world.work(*WATCH)
    for at in (times.half_time, times.last_call, times.late_at, times.headteacher_at):
        assert at is not None
        assert next_look(world) == at
        world.now.at = at
        world.work(*WATCH)
    assert watching(world) == [TaskState.DONE]


@pytest.mark.parametrize("end", ["answer", "close"])
def test_nothing_is_said_after_the_duty_has_ended(world: World, end: str) -> None:
    """Neither a reminder nor an alarm; the watch ends by itself."""
    world.show(sighting("a1"))
    world.work(*WATCH)
    if end == "answer":
        world.show(reply("r1", "a1"))
    else:
        close(world.ports, world.case("a1").id, "ada-moss", CloseReason.SPAM)
    watch_until(world, DUE + timedelta(days=2), every=timedelta(hours=1))
    assert world.post.letters() == []
    assert watching(world) == [TaskState.DONE]


def test_a_case_that_somebody_took_is_reminded_of_and_late_all_the_same(world: World) -> None:
    """Taking is not answering."""
    world.show(sighting("a1"))
    take(world.ports, world.case("a1").id, "ada-moss")
    watch_until(world, DUE + timedelta(days=1), every=timedelta(hours=1))
    assert {step for _, step in world.post.letters()} == {AlertStep.REMINDER, AlertStep.LATE}


def test_looking_again_and_again_says_nothing_more(world: World) -> None:
    """However often the watch is woken, and at whatever time."""
    world.show(sighting("a1"))
    for _ in range(3 * 24):
        with world.store.begin() as unit:
            unit.tasks.hurry(TaskKind.WATCH_CLOCK, ["1"], world.now())
        world.work(*WATCH)
        world.now.pass_by(hours=1)
    assert len(world.post.letters()) == 9
    told = [(row.alert, row.recipient) for row in world.rows(tables.deliveries)]
    assert len(told) == len(set(told)) == 9


def test_a_watch_that_was_away_for_days_raises_the_alarm_only(world: World) -> None:
    """There is no point in reminding of what is late already. Late for a day, the headteacher hears of it."""
    world.show(sighting("a1"))
    world.now.pass_by(days=2)
    world.work(*WATCH)
    assert {step for _, step in world.post.letters()} == {AlertStep.LATE, AlertStep.STILL_LATE}
    assert watching(world) == [TaskState.DONE]


def test_what_is_found_to_be_late_at_the_weekend_is_told_on_monday(world: World) -> None:
    """A late answer cannot be given sooner; the alarm is planned, and sent when somebody is at work."""
    world.show(sighting("a1"))
    world.now.pass_by(days=4)
    world.work(*WATCH)
    assert world.post.letters() == []
    assert [row.send_at for row in world.rows(tables.alerts)] == [NINE.replace(day=23, hour=8)] * 2
    world.now.at = NINE.replace(day=23, hour=8)
    world.work(*WATCH)
    assert {step for _, step in world.post.letters()} == {AlertStep.LATE, AlertStep.STILL_LATE}


def test_a_deadline_that_moved_forward_is_reminded_of_in_time(world: World) -> None:
    """An earlier message turns up: the reminder does not wait for the old hour."""
    world.show(sighting("a2", at=NINE + timedelta(hours=2, minutes=30)))
    world.work(*WATCH)
    world.now.at = NINE + timedelta(hours=20)
    world.show(sighting("a1", at=NINE - timedelta(hours=12)))
    world.work(*WATCH)
    world.now.at = NINE.replace(day=18, hour=8)
    world.work(*WATCH)
    assert ("ada-moss", "late") in world.post.letters()


def test_a_case_without_a_clock_needs_no_watch(world: World) -> None:
    """A watch that finds no clock ends quietly."""
    world.scorer.says["\N{BOMB}"] = assessment(Severity.HIGH)
    world.show(sighting("a1", "\N{BOMB}"))
    with world.store.begin() as unit:
        unit.tasks.add([NewTask(TaskKind.WATCH_CLOCK, "1", "1", world.now())], world.now())
    world.work(TaskKind.WATCH_CLOCK)
    assert watching(world) == [TaskState.DONE]
    assert {row.step for row in world.rows(tables.alerts)} == {AlertStep.URGENT}


def test_a_task_that_was_set_aside_is_told_to_the_network_manager_once(world: World) -> None:
    """With its number and kind, so that it can be found; no words of anybody."""
    world.receive(sighting("a1"))
    world.store.failed(world.claim(TaskKind.SCORE_ITEM), "ValueError", 1, timedelta())
    world.work()
    world.work()
    assert world.post.letters() == [("ned-wood", "set_aside")]
    assert [(row.subject, row.occasion) for row in world.rows(tables.alerts)] == [("1", "score_item")]


@pytest.mark.parametrize("kind", [TaskKind.SET_ASIDE, TaskKind.DELIVER])
def test_trouble_with_telling_of_trouble_makes_no_more_trouble(world: World, kind: TaskKind) -> None:
    """A message about a task that cannot be made is set aside; it is not followed by another about itself."""
    world.receive(sighting("a1"))
    world.store.failed(world.claim(TaskKind.SCORE_ITEM), "ValueError", 1, timedelta())
    if kind is TaskKind.DELIVER:
        world.work(TaskKind.SET_ASIDE)
    world.store.failed(world.claim(kind), "TemplateError", 1, timedelta())
    world.work()
    assert world.post.letters() == []
    assert len(world.rows(tables.alerts)) == (1 if kind is TaskKind.DELIVER else 0)


def next_look(world: World) -> datetime:
    """Return when the watch looks again."""
    found: datetime = next(
        row for row in world.rows(tables.tasks) if row.kind == TaskKind.WATCH_CLOCK
    ).next_at
    return found
