"""What people do with a case: take it, record an answer, close it, add a note."""

from __future__ import annotations

from datetime import timedelta

import pytest

from moderation.acts import answered, answered_for_all, close, excuse, note, take
from moderation.assessment import Severity
from moderation.cases import CaseId, CaseState, CloseReason, IllegalMove
from sla.clocks import Outcome, StoppedHow, outcome
from store import tables
from tests.fakes import assessment
from tests.worlds import NINE, World, at_once, reply, sighting

HOUR = timedelta(hours=1)


@pytest.fixture
def case(world: World) -> CaseId:
    """A new case about a question from nine o'clock."""
    world.show(sighting("a1"))
    return world.case("a1").id


def test_whoever_takes_a_case_is_on_it_and_the_clock_runs_on(world: World, case: CaseId) -> None:
    """Taking stops escalation, not the promise."""
    taken = take(world.ports, case, "ada-moss")
    assert (taken.state, taken.taken_by) == (CaseState.TAKEN, "ada-moss")
    clock = world.clock("a1")
    assert clock is not None
    assert clock.stopped_at is None


def test_of_two_who_take_a_case_at_once_one_has_it(world: World, case: CaseId) -> None:
    """The other is told that somebody was quicker, and the history names one person."""
    refused: list[str] = []

    def try_to_take(number: int) -> None:
        try:
            take(world.ports, case, f"person-{number}")
        except IllegalMove as error:
            refused.append(str(error))

    at_once(4, try_to_take)
    assert refused == ["the case is already taken, so it cannot be taken any more"] * 3
    assert world.history(case) == ["opened", "taken"]
    assert world.case("a1").taken_by == world.rows(tables.case_events)[-1].by


def test_a_recorded_answer_stops_the_clock_when_it_was_given(world: World, case: CaseId) -> None:
    """T9: an answer on the phone counts, and is told apart from one on the platform."""
    assert answered(world.ports, case, "ada-moss", "on the phone", NINE + HOUR).state is CaseState.ANSWERED
    clock = world.clock("a1")
    assert clock is not None
    assert (clock.stopped_at, clock.stopped_how) == (NINE + HOUR, StoppedHow.RECORDED)
    assert clock.answer_item is None
    last = world.rows(tables.case_events)[-1]
    assert (last.by, last.detail, last.at) == ("ada-moss", "on the phone", world.now())


@pytest.mark.parametrize("hours", [-0.001, 3.1], ids=["before the message", "in the future"])
def test_an_answer_at_an_impossible_time_is_refused(world: World, case: CaseId, hours: float) -> None:
    """Nobody answers before the question, or later than now; nothing is changed by the attempt."""
    with pytest.raises(IllegalMove, match="future or before the message"):
        answered(world.ports, case, "ada-moss", "on the phone", NINE + hours * HOUR)
    clock = world.clock("a1")
    assert clock is not None
    assert clock.stopped_at is None
    assert world.history(case) == ["opened"]


def test_a_platform_whose_clock_is_ahead_does_not_forbid_to_act(world: World) -> None:
    """A message "from in four minutes" is answered or closed now; no clock stops before it starts."""
    ahead = world.now() + timedelta(minutes=4)
    world.show(sighting("a1", at=ahead), sighting("b1", by="bob", at=ahead))
    answered(world.ports, world.case("a1").id, "ada-moss", "at the gate")
    close(world.ports, world.case("b1").id, "ada-moss", CloseReason.SPAM)
    assert [row.stopped_at for row in world.rows(tables.clocks)] == [ahead, ahead]


@pytest.mark.parametrize(
    ("reason", "how", "counted"),
    [
        (CloseReason.NO_REPLY_NEEDED, StoppedHow.EXEMPT, Outcome.NOT_NEEDED),
        (CloseReason.SPAM, StoppedHow.EXEMPT, Outcome.NOT_NEEDED),
        (CloseReason.WITHDRAWN, StoppedHow.WITHDRAWN, Outcome.WITHDRAWN),
        (CloseReason.ABUSE_HANDLED, StoppedHow.HELD, Outcome.HELD),
        (CloseReason.MEDIA_POLICY, StoppedHow.HELD, Outcome.HELD),
    ],
)
def test_each_reason_for_closing_says_what_the_clock_becomes(
    world: World, case: CaseId, reason: CloseReason, how: StoppedHow, counted: Outcome
) -> None:
    """The report counts a close by its reason, and only a person gives one."""
    assert close(world.ports, case, "ada-moss", reason, "seen by SLT").state is CaseState.CLOSED
    clock = world.clock("a1")
    assert clock is not None
    assert (clock.stopped_at, clock.stopped_how) == (world.now(), how)
    assert outcome(clock.due_at, clock.stopped_at, clock.stopped_how, world.now()) is counted
    assert world.rows(tables.case_events)[-1].detail == f"{reason}: seen by SLT"


def test_done_is_no_reason_while_an_answer_is_owed(world: World, case: CaseId) -> None:
    """A case cannot be tidied away to make the figures better."""
    with pytest.raises(IllegalMove, match="still owed"):
        close(world.ports, case, "ada-moss", CloseReason.DONE)
    world.show(reply("r1", "a1"))
    assert close(world.ports, case, "ada-moss", CloseReason.DONE).state is CaseState.CLOSED
    clock = world.clock("a1")
    assert clock is not None
    assert clock.stopped_how is StoppedHow.ANSWERED


def test_closing_an_answered_case_for_another_reason_leaves_its_answer(world: World, case: CaseId) -> None:
    """What ended the wait stays what ended it."""
    world.show(reply("r1", "a1"))
    close(world.ports, case, "ada-moss", CloseReason.SPAM)
    clock = world.clock("a1")
    assert clock is not None
    assert clock.stopped_how is StoppedHow.ANSWERED


def test_a_case_that_is_past_an_act_refuses_it(world: World, case: CaseId) -> None:
    """The text says where the case is; a refusal changes nothing."""
    answered(world.ports, case, "ada-moss", "on the phone")
    with pytest.raises(IllegalMove, match="already answered"):
        take(world.ports, case, "ben-hart")
    with pytest.raises(IllegalMove, match="already answered"):
        answered(world.ports, case, "ben-hart", "by letter")
    close(world.ports, case, "ada-moss", CloseReason.DONE)
    with pytest.raises(IllegalMove, match="already closed"):
        close(world.ports, case, "ben-hart", CloseReason.DONE)
    assert world.history(case) == ["opened", "answered", "closed"]


def test_an_answer_and_a_close_at_once_leave_one_truth(world: World, case: CaseId) -> None:
    """Whoever comes second is refused or finds the case answered; the clock stops once."""

    def act(number: int) -> None:
        try:
            if number % 2:
                answered(world.ports, case, "ada-moss", "on the phone")
            else:
                close(world.ports, case, "ben-hart", CloseReason.SPAM)
        except IllegalMove:
            return

    at_once(2, act)
    clock = world.clock("a1")
    assert clock is not None
    first = world.history(case)[1]
    assert clock.stopped_how is {"answered": StoppedHow.RECORDED, "closed": StoppedHow.EXEMPT}[first]


def test_a_case_that_owes_no_answer_can_be_dealt_with_too(world: World) -> None:
    """One parent threatens another: no clock, but a case that somebody takes and closes."""
    world.scorer.says["I know where you live."] = assessment(Severity.HIGH)
    world.show(sighting("a1", by="ann"))
    world.show(sighting("b1", "I know where you live.", by="bob", parent="a1"))
    number = world.case("b1").id
    assert world.clock("b1") is None
    take(world.ports, number, "ada-moss")
    assert close(world.ports, number, "ada-moss", CloseReason.DONE).state is CaseState.CLOSED


def test_a_note_is_kept_in_the_history(world: World, case: CaseId) -> None:
    """At any state, with who wrote it and when."""
    close(world.ports, case, "ada-moss", CloseReason.SPAM)
    note(world.ports, case, "ben-hart", "Rang the author: a wrong number.")
    last = world.rows(tables.case_events)[-1]
    assert (last.act, last.by, last.detail) == ("noted", "ben-hart", "Rang the author: a wrong number.")


def test_one_word_under_a_post_can_be_recorded_as_the_answer_to_all(world: World) -> None:
    """T3: by a person, and with a line in every history. Who wrote later, or elsewhere, goes on waiting."""
    world.show(
        sighting("a1"),
        sighting("b1", by="sam-doyle", thread="t2", at=NINE + HOUR / 2),
        sighting("c1", by="uma-reid", thread="t3", at=NINE + 2 * HOUR),
        sighting("d1", by="val-marsh", thread="t4", post_id="post-2"),
    )
    case = world.case("a1").id
    done = answered_for_all(world.ports, case, "ada-moss", "post of 10am", NINE + HOUR)
    assert [each.id for each in done] == [case, world.case("b1").id]
    stopped = {name: world.clock(name) for name in ("a1", "b1", "c1", "d1")}
    assert [clock.stopped_at for clock in stopped.values() if clock] == [NINE + HOUR, NINE + HOUR, None, None]
    assert world.rows(tables.case_events)[-1].detail == (
        f"post of 10am (answered for all with {world.case('a1').reference})"
    )


def test_recording_an_answer_for_all_twice_answers_nobody_twice(world: World, case: CaseId) -> None:
    """The second person is told that the case is answered, and nothing changes."""
    answered_for_all(world.ports, case, "ada-moss", "post of 10am")
    before = world.history(case)
    with pytest.raises(IllegalMove):
        answered_for_all(world.ports, case, "ben-hart", "post of 11am")
    assert world.history(case) == before


def test_an_excuse_stands_beside_the_lateness_and_never_instead(world: World, case: CaseId) -> None:
    """What could not be helped is said; the clock stays as it is."""
    world.now.at = NINE + 30 * HOUR
    excuse(world.ports, case, "sue-dale", "the platform was down all day")
    clock = world.clock("a1")
    assert clock is not None
    assert clock.excused == "the platform was down all day"
    assert clock.due_at is not None
    assert outcome(clock.due_at, clock.stopped_at, clock.stopped_how, world.now()) is Outcome.LATE
    assert world.history(case)[-1] == "excused"


def test_what_is_not_late_needs_no_excuse(world: World, case: CaseId) -> None:
    """Nobody excuses in advance."""
    with pytest.raises(IllegalMove, match="not late"):
        excuse(world.ports, case, "sue-dale", "we may be busy")
