"""Keeping watch over deadlines: reminders in time, an alarm every day after it, nothing once answered."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from moderation.acts import close, take
from moderation.alerts import AlertStep, CaseNotice, DeliveryState
from moderation.assessment import Severity
from moderation.cases import CloseReason
from moderation.oversight import reminder_times
from moderation.tasks import NewTask, TaskKind, TaskState
from store import tables
from tests.fakes import assessment
from tests.moderation.tellings import tellings
from tests.worlds import NINE, World, reply, sighting

DUE = NINE + timedelta(days=1)
WATCH = (TaskKind.WATCH_CLOCK, TaskKind.DELIVER)


def watch_until(world: World, end: datetime, every: timedelta = timedelta(minutes=15)) -> None:
    """Let time pass until ``end``, with a look at everything that is due every now and then."""
    while world.now() < end:
        world.work(*WATCH)
        world.now.at += every
    world.work(*WATCH)


def told_at(world: World) -> list[tuple[str, datetime, list[str]]]:
    """Return of every step that was told when, and to whom."""
    told: dict[tuple[str, datetime], list[str]] = {}
    for outgoing, person in world.post.taken:
        for notice in outgoing.notices:
            told.setdefault((notice.step, notice.now), []).append(person.name)
    return [(step, at, sorted(names)) for (step, at), names in told.items()]


def watching(world: World) -> list[str]:
    """Return the state of every watch."""
    return [row.state for row in world.rows(tables.tasks) if row.kind == TaskKind.WATCH_CLOCK]


def test_an_unanswered_comment_is_told_of_until_it_is_answered(world: World) -> None:
    """At once, half time and last call before the deadline, the alarm after it, then every working day."""
    world.show(sighting("a1"))
    watch_until(world, DUE + timedelta(days=6))
    moderators, all_of_them = ["ada-moss", "ben-hart"], ["ada-moss", "ben-hart", "hal-king", "sue-dale"]
    told = told_at(world)
    a_day_later = DUE + timedelta(days=1, minutes=15)
    assert told == [
        ("new", NINE.replace(hour=12), moderators),
        ("reminder", NINE.replace(hour=13, minute=30), moderators),
        ("reminder", NINE.replace(hour=15, minute=30), moderators),
        ("late", DUE + timedelta(minutes=15), all_of_them),
        ("late", a_day_later, ["ada-moss", "ben-hart", "sue-dale"]),
        ("still_late", a_day_later, ["hal-king"]),
        *[("late", NINE.replace(day=day, hour=8, minute=15), all_of_them) for day in (20, 23, 24)],
    ]
    world.show(reply("r1", "a1", at=world.now()))
    watch_until(world, DUE + timedelta(days=9), every=timedelta(hours=1))
    assert told_at(world) == told
    assert watching(world) == [TaskState.DONE]


def test_what_watching_tells_of_has_no_reason_that_nobody_gave(world: World) -> None:
    """Reminders and late notices are about a time; nobody has judged anything."""
    world.show(sighting("a1"))
    watch_until(world, DUE + timedelta(days=2))
    reasons = [notice.reasons for notice in world.post.notices() if isinstance(notice, CaseNotice)]
    assert len(reasons) == len(world.post.notices()) > 9
    assert set(reasons) == {()}


def test_the_watch_sleeps_until_there_is_something_to_say(world: World) -> None:
    """An early look only sets the time of the next one; what is late is looked at with every digest."""
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
    assert next_look(world) == NINE.replace(day=20, hour=8, minute=15)


@pytest.mark.parametrize("end", ["answer", "close"])
def test_nothing_is_said_after_the_duty_has_ended(world: World, end: str) -> None:
    """Neither a reminder nor an alarm; the watch ends by itself."""
    world.show(sighting("a1"))
    world.work(*WATCH)
    world.post.taken.clear()
    if end == "answer":
        world.show(reply("r1", "a1"))
    else:
        close(world.ports, world.case("a1").id, "ada-moss", CloseReason.SPAM)
    watch_until(world, DUE + timedelta(days=2), every=timedelta(hours=1))
    assert world.post.letters() == []
    assert watching(world) == [TaskState.DONE]


def test_a_case_that_somebody_took_is_reminded_of_and_late_all_the_same(world: World) -> None:
    """Taking is not answering. Whoever has it is reminded of it, and nobody else before it is late."""
    world.show(sighting("a1"))
    take(world.ports, world.case("a1").id, "ada-moss")
    watch_until(world, DUE + timedelta(days=1), every=timedelta(hours=1))
    steps = {(name, step) for name, step in world.post.letters() if step in ("reminder", "late")}
    assert steps == {
        ("ada-moss", "reminder"),
        *[(name, "late") for name in ("ada-moss", "ben-hart", "hal-king", "sue-dale")],
    }


def test_looking_again_and_again_says_nothing_more(world: World) -> None:
    """However often the watch is woken, at whatever time, and on days on which nobody works."""
    world.show(sighting("a1"))
    for _ in range(7 * 24):
        with world.store.begin() as unit:
            unit.tasks.hurry(TaskKind.WATCH_CLOCK, ["1"], world.now())
        world.work(*WATCH)
        world.now.pass_by(hours=1)
    assert [row.recipient for row in world.rows(tables.deliveries) if row.state != "delivered"] == []
    days = [at.day for step, at, _ in told_at(world) if step == "late"]
    assert days == [18, 19, 20, 23, 24]


def test_a_watch_that_was_away_for_days_raises_the_alarm_only(world: World) -> None:
    """There is no point in reminding of what is late already. Late for a day, the headteacher hears of it."""
    world.show(sighting("a1"))
    world.now.pass_by(days=2)
    world.work(*WATCH)
    assert {step for _, step in world.post.letters()} == {AlertStep.LATE, AlertStep.STILL_LATE}


def test_what_is_found_to_be_late_at_the_weekend_is_told_on_monday(world: World) -> None:
    """A late answer cannot be given sooner; the alarm is planned, and sent when somebody is at work."""
    world.show(sighting("a1"))
    world.now.pass_by(days=4)
    world.work(*WATCH)
    assert world.post.letters() == []
    late = [row.send_at for row in world.rows(tables.alerts) if row.step != AlertStep.NEW]
    assert set(late) == {NINE.replace(day=23, hour=8)}
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
    assert tellings(world) == [("urgent", "a1")]


def test_a_task_that_was_set_aside_is_told_to_the_network_manager_once(world: World) -> None:
    """With its number and kind, so that it can be found; no words of anybody."""
    world.receive(sighting("a1"))
    world.store.failed(world.claim(TaskKind.SCORE_ITEM), "ValueError", 1, timedelta())
    world.work()
    world.work()
    assert world.post.letters() == [("ned-wood", "set_aside")]
    assert [(row.subject, row.occasion) for row in world.rows(tables.alerts)] == [("1", "score_item")]


@pytest.mark.parametrize("kind", [TaskKind.SET_ASIDE, TaskKind.ASK_DELIVERY])
def test_trouble_with_telling_of_trouble_makes_no_more_trouble(world: World, kind: TaskKind) -> None:
    """A message about a task that cannot be told is set aside; it is not followed by another about itself."""
    world.receive(sighting("a1"))
    world.store.failed(world.claim(TaskKind.SCORE_ITEM), "ValueError", 1, timedelta())
    told = []
    if kind is TaskKind.ASK_DELIVERY:
        world.post.answers = [DeliveryState.SENDING]
        world.work()
        world.now.pass_by(minutes=1)
        told = [("ned-wood", "set_aside")]
    world.store.failed(world.claim(kind), "TemplateError", 1, timedelta())
    world.work()
    assert world.post.letters() == told
    assert len(world.rows(tables.alerts)) == len(told)


def next_look(world: World) -> datetime:
    """Return when the watch looks again."""
    found: datetime = next(
        row for row in world.rows(tables.tasks) if row.kind == TaskKind.WATCH_CLOCK
    ).next_at
    return found
