"""From mild remarks to one telling: what is bullying only together is raised together, and told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from moderation.acts import close
from moderation.alerts import CaseNotice
from moderation.assessing import score_item
from moderation.assessment import Assessment, Intent, Label, Route, Severity, Target
from moderation.cases import CloseReason
from moderation.tasks import LeaseLost, TaskKind
from store import tables
from tests.fakes import assessment
from tests.moderation.tellings import climbing, tellings
from tests.worlds import GO_LIVE, NINE, World, at_once, reply, sighting

MINUTE = timedelta(minutes=1)
LEADS = ("dee-lane", "eve-ford")
JIBE = replace(assessment(Severity.LOW), score=0.3, abuse=0.4, labels=(Label.INSULT,), target=Target.CHILD)
GRUMBLE = replace(
    assessment(), abuse=0.2, intent=Intent.COMPLAINT, route=Route.MODERATOR, target=Target.SCHOOL
)
"""Two things to say; what the scorer makes of the words ``jibe 1`` is ``JIBE``."""


@pytest.fixture
def world(world: World) -> World:
    """A world whose scorer knows jibes, grumbles and a threat."""
    for number in range(60):
        world.scorer.says |= {f"jibe {number}": JIBE, f"grumble {number}": GRUMBLE}
    world.scorer.says["threat"] = replace(JIBE, severity=Severity.HIGH, score=0.8, labels=(Label.THREAT,))
    return world


def say(world: World, number: int, what: str = "jibe", **more: Any) -> None:
    """Let one more person comment under the picture, each in a thread of their own, and score it."""
    told: dict[str, Any] = {
        "by": f"author-{number}",
        "at": NINE + number * MINUTE,
        "thread": f"t{number}",
    } | more
    world.show(sighting(f"c{number}", f"{what} {number}", **told))


def latest(world: World, number: int) -> Assessment:
    """Return what is said of a comment now."""
    item = world.item(f"c{number}")
    with world.store.begin() as unit:
        said = unit.assessments.latest(item.id)
    assert said is not None
    return said


def test_three_jibes_at_a_pupil_become_medium_and_are_told_once(world: World) -> None:
    """The newest one stands for all; each case is on the safeguarding lead's desk."""
    for number in range(1, 4):
        assert climbing(world) == []
        say(world, number)
    assert [latest(world, number).severity for number in (1, 2, 3)] == [Severity.MEDIUM] * 3
    cases = [world.case(f"c{number}") for number in (1, 2, 3)]
    assert {(case.severity, case.route) for case in cases} == {(Severity.MEDIUM, Route.DSL)}
    assert all(Label.BULLYING in case.labels for case in cases)
    assert climbing(world) == [("abuse", "c3")]
    assert [world.history(case.id) for case in cases] == [["opened", "noted"]] * 3
    details = [row.detail for row in world.rows(tables.case_events) if row.act == "noted"]
    assert details[0] == "item 1 raised with its thread: several people against a pupil"


def test_who_is_told_is_the_safeguarding_lead(world: World) -> None:
    """In one letter to each of them, and who joins in next brings no further one at once."""
    for number in range(1, 7):
        say(world, number)
    world.work(TaskKind.CLIMB, TaskKind.DELIVER)
    say(world, 7)
    world.work(TaskKind.CLIMB, TaskKind.DELIVER)
    letters = [(person.name, outgoing) for outgoing, person in world.post.taken if person.name in LEADS]
    assert [name for name, _ in letters] == sorted(LEADS)
    for _, outgoing in letters:
        first = outgoing.notices[0]
        assert isinstance(first, CaseNotice)
        assert (first.step, first.severity, first.text) == ("new", Severity.MEDIUM, "jibe 3")


def test_the_first_assessment_is_kept_beside_the_raised_one(world: World) -> None:
    """What the words alone were worth stays on record."""
    for number in range(1, 4):
        say(world, number)
    said = [(row.item, row.model, row.severity) for row in world.rows(tables.assessments)]
    assert sorted(said) == [
        (number, model, severity)
        for number in (1, 2, 3)
        for model, severity in (("told-1", Severity.LOW), ("told-1+thread-medium", Severity.MEDIUM))
    ]


def test_a_long_pile_on_is_told_when_it_begins_and_when_it_is_grave(world: World) -> None:
    """Ten remarks, two tellings: the second, from eight people on, at once."""
    for number in range(1, 11):
        say(world, number)
    assert climbing(world) == [("abuse", "c3"), ("severe", "c8")]
    assert {latest(world, number).severity for number in range(1, 11)} == {Severity.HIGH}
    assert {row.severity for row in world.rows(tables.cases)} == {Severity.HIGH}
    models = [row.model for row in world.rows(tables.assessments) if row.item == 10]
    assert models == ["told-1", "told-1+thread-high"]


def test_what_goes_on_after_its_case_was_closed_is_told_again(world: World) -> None:
    """Whoever has dealt with it does not know that it goes on; of the new case they hear once."""
    for number in range(1, 5):
        say(world, number)
    for number in (1, 3):
        close(world.ports, world.case(f"c{number}").id, "dee-lane", CloseReason.ABUSE_HANDLED)
    for number in range(5, 8):
        say(world, number)
    assert climbing(world) == [("abuse", "c3"), ("abuse", "c5")]


def test_what_one_person_goes_on_with_after_the_close_is_told_again(world: World) -> None:
    """The same thread, the same author, a new case."""
    for number in range(1, 5):
        say(world, number, by="zoe", thread="t1")
    close(world.ports, world.case("c1").id, "dee-lane", CloseReason.ABUSE_HANDLED)
    world.now.pass_by(hours=1)
    for number in (5, 6):
        say(world, number, by="zoe", thread="t1", at=world.now() - (10 - number) * MINUTE)
    assert climbing(world) == [("abuse", "c1"), ("abuse", "c5")]


def test_what_goes_on_for_more_than_a_day_is_told_again(world: World) -> None:
    """A telling of the day before yesterday says nothing of today."""
    for number in range(1, 5):
        say(world, number)
    world.now.pass_by(hours=22)
    say(world, 5, at=NINE + timedelta(hours=23))
    assert len(climbing(world)) == 1
    world.now.pass_by(hours=4)
    for number in (6, 7):
        say(world, number, at=NINE + timedelta(hours=24, minutes=number - 6))
    assert climbing(world) == [("abuse", "c3"), ("abuse", "c6")]


def test_a_threat_within_a_known_pile_on_is_told_for_itself(world: World) -> None:
    """That people know of the thread is no reason to miss what is worse in it."""
    for number in range(1, 5):
        say(world, number)
    world.show(sighting("c5", "threat", by="author-5", at=NINE + 5 * MINUTE, thread="t5"))
    assert climbing(world) == [("abuse", "c3"), ("severe", "c5")]


def test_a_storm_of_complaints_is_left_alone(world: World) -> None:
    """Ten parents against a decision: ten answers owed, and nothing else."""
    for number in range(1, 11):
        say(world, number, "grumble")
    assert climbing(world) == []
    assert {row.model for row in world.rows(tables.assessments)} == {"told-1"}


def test_replies_that_owe_no_answer_get_a_case_only_when_they_are_raised(world: World) -> None:
    """One parent mocking another's child: no reply is owed, somebody has to look."""
    world.show(sighting("p1", by="kim", thread="t0"))
    for number in range(1, 4):
        say(world, number, thread="t0", parent="p1")
        assert (world.item("c1").case is None) == (number < 3)
    assert {world.case(f"c{number}").severity for number in (1, 2, 3)} == {Severity.MEDIUM}
    assert [world.clock(f"c{number}") for number in (1, 2, 3)] == [None] * 3
    say(world, 4, thread="t0", parent="p1")
    assert world.case("c4").severity is Severity.MEDIUM
    assert len(climbing(world)) == 1


def test_what_a_person_has_closed_is_raised_but_not_opened_again(world: World) -> None:
    """The newest one is told of; the assessment of the closed one still says what it was part of."""
    say(world, 1)
    close(world.ports, world.case("c1").id, "ada-moss", CloseReason.NO_REPLY_NEEDED)
    say(world, 2)
    say(world, 3)
    assert latest(world, 1).severity is Severity.MEDIUM
    assert world.case("c1").severity is Severity.LOW
    assert len(world.rows(tables.cases)) == 3


def test_one_person_again_and_again_is_one_case_raised(world: World) -> None:
    """Four snipes of one author wait for one answer, so they are one case, told once."""
    for number in range(1, 6):
        say(world, number, by="zoe", thread="t1")
    assert {world.case(f"c{number}").id for number in range(1, 6)} == {world.case("c1").id}
    assert world.case("c1").severity is Severity.MEDIUM
    assert climbing(world) == [("abuse", "c1")]


def test_the_order_in_which_a_thread_is_seen_does_not_matter(world: World) -> None:
    """A platform that lists the newest first leads to the same cases."""
    for number in range(8, 0, -1):
        say(world, number)
    assert {row.severity for row in world.rows(tables.cases)} == {Severity.HIGH}
    assert [lane for lane, _ in climbing(world)] == ["abuse", "severe"]


def test_an_edit_is_scored_with_the_thread_around_it(world: World) -> None:
    """New words of a raised comment: raised again if they are no better, and what they are if they are."""
    for number in range(1, 4):
        say(world, number)
    world.show(sighting("c1", "jibe 50", by="author-1", at=NINE + MINUTE, thread="t1"))
    assert latest(world, 1).severity is Severity.MEDIUM
    world.show(sighting("c2", "Sorry all.", by="author-2", at=NINE + 2 * MINUTE, thread="t2"))
    assert latest(world, 2).severity is Severity.NONE
    assert world.case("c2").severity is Severity.MEDIUM
    assert len(climbing(world)) == 1


def test_words_changed_after_their_answer_are_told_though_their_thread_was_raised(world: World) -> None:
    """Who was told of the thread was not told of this comment by name."""
    for number in range(1, 5):
        say(world, number)
    world.show(sighting("c4", "jibe 51", by="author-4", at=NINE + 4 * MINUTE, thread="t4"))
    world.show(reply("r1", "c4", at=world.now() - MINUTE, thread="t4", mentions=("author-4",)))
    assert ("edited", "c4") in tellings(world)


def test_nothing_of_before_go_live_is_raised(world: World) -> None:
    """The past alarms nobody, and it makes nothing of what comes after it."""
    for number in range(1, 4):
        say(world, number, at=GO_LIVE - number * MINUTE)
    say(world, 4, at=GO_LIVE + MINUTE)
    assert {row.model for row in world.rows(tables.assessments)} == {"told-1"}
    assert climbing(world) == []


def test_scoring_the_last_two_at_once_misses_nothing(world: World) -> None:
    """Two workers, two threads of one post: one of them knows of the other, and one telling is planned."""
    say(world, 1)
    for number in (2, 3):
        words = sighting(
            f"c{number}",
            f"jibe {number}",
            by=f"author-{number}",
            at=NINE + number * MINUTE,
            thread=f"t{number}",
        )
        world.receive(words)
    claims = world.store.claim(TaskKind.SCORE_ITEM, 60)
    assert len(claims) == 2
    at_once(2, lambda number: score_item(world.ports, claims[number]))
    assert [latest(world, number).severity for number in (1, 2, 3)] == [Severity.MEDIUM] * 3
    assert len(climbing(world)) == 1
    assert len(world.rows(tables.cases)) == 3


def test_a_worker_that_lost_its_lease_raises_nothing(world: World) -> None:
    """All of it is one transaction: the scoring that counts is the second one, and it is told once."""
    say(world, 1)
    say(world, 2)
    world.receive(sighting("c3", "jibe 3", by="author-3", at=NINE + 3 * MINUTE, thread="t3"))
    slow = world.claim(TaskKind.SCORE_ITEM, lease_seconds=-1)
    quick = world.claim(TaskKind.SCORE_ITEM)
    with pytest.raises(LeaseLost):
        score_item(world.ports, slow)
    assert {row.model for row in world.rows(tables.assessments)} == {"told-1"}
    score_item(world.ports, quick)
    with pytest.raises(LeaseLost):
        score_item(world.ports, quick)
    assert len(climbing(world)) == 1
    assert len([row for row in world.rows(tables.assessments) if "+thread" in row.model]) == 3
