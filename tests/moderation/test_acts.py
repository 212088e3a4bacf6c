"""What people do with a case: take it, record an answer, close it, add a note."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from moderation.acts import answered, answered_for_all, close, excuse, note, take
from moderation.assessment import Assessment, Route, Severity
from moderation.cases import CaseId, CaseState, CloseReason, IllegalMove
from moderation.tasks import TaskKind
from sla.clocks import Outcome, StoppedHow, outcome
from store import tables
from tests.fakes import assessment
from tests.moderation.tellings import tellings
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
    assert [each.id for each in done.answered] == [case, world.case("b1").id]
    assert done.left == ()
    stopped = {name: world.clock(name) for name in ("a1", "b1", "c1", "d1")}
    assert [clock.stopped_at for clock in stopped.values() if clock] == [NINE + HOUR, NINE + HOUR, None, None]
    assert world.rows(tables.case_events)[-1].detail == (
        f"post of 10am (answered for all with {world.case('a1').reference})"
    )


@pytest.mark.parametrize(
    "said",
    [
        assessment(Severity.HIGH, Route.DSL),
        assessment(Severity.LOW, Route.DSL),
        assessment(Severity.NONE, Route.SLT),
        assessment(Severity.MEDIUM),
        assessment(uncertain=True),
    ],
    ids=["a child at risk", "a disclosure", "a complaint", "an insult", "in doubt"],
)
def test_one_word_for_everybody_is_no_answer_for_another_desk(
    world: World, case: CaseId, said: Assessment
) -> None:
    """What needs somebody of its own stays open, and whoever recorded the answer is told which cases."""
    world.scorer.says["They hurt me at home."] = said
    world.show(sighting("b1", "They hurt me at home.", by="bob", thread="t2"))
    done = answered_for_all(world.ports, case, "ada-moss", "post of 10am")
    assert [each.id for each in done.answered] == [case]
    assert done.left == (world.case("b1"),)
    clock = world.clock("b1")
    assert clock is not None
    assert (world.case("b1").state, clock.stopped_at) == (CaseState.NEW, None)


def test_what_is_not_scored_yet_is_not_answered_with_everybody(world: World, case: CaseId) -> None:
    """It may be a child at risk: an edit or a further message that waits for scoring keeps the case open."""
    world.show(sighting("b1", by="bob", thread="t2"), sighting("c1", by="cid", thread="t3"))
    world.receive(
        sighting("b1", "They hurt me at home.", by="bob", thread="t2"),
        sighting("c2", "They hurt me at home.", by="cid", thread="t3"),
    )
    done = answered_for_all(world.ports, case, "ada-moss", "post of 10am")
    assert [each.id for each in done.answered] == [case]
    assert {each.id for each in done.left} == {world.case("b1").id, world.case("c1").id}


def test_the_case_that_a_person_names_is_answered_whatever_its_desk(world: World, case: CaseId) -> None:
    """Who names a case has looked at it; that holds with and without the others."""
    world.scorer.says["You lot are useless."] = assessment(Severity.MEDIUM, Route.SLT)
    world.show(sighting("b1", "You lot are useless.", by="bob", thread="t2"))
    done = answered_for_all(world.ports, world.case("b1").id, "ada-moss", "post of 10am")
    assert [each.id for each in done.answered] == [world.case("b1").id, case]


def test_what_was_written_after_a_recorded_answer_waits_in_a_case_of_its_own(world: World) -> None:
    """T5: from the same moment on, with a clock and a watch; nothing has to arrive first."""
    world.show(sighting("a1"), sighting("a2", "And where?", at=NINE + 2 * HOUR))
    first = world.case("a1").id
    answered(world.ports, first, "ada-moss", "on the phone", NINE + HOUR)
    second, clock = world.case("a2"), world.clock("a2")
    assert clock is not None
    assert (clock.received_at, clock.stopped_at) == (NINE + 2 * HOUR, None)
    assert (world.case("a1").id, world.case("a1").state) == (first, CaseState.ANSWERED)
    assert (second.state, second.opening_item) == (CaseState.NEW, world.item("a2").id)
    watched = [row.subject for row in world.rows(tables.tasks) if row.kind == TaskKind.WATCH_CLOCK]
    assert watched == [str(first), str(second.id)]


def test_who_wrote_again_after_the_answer_to_all_waits_for_another(world: World, case: CaseId) -> None:
    """The first question is answered, the second one is not."""
    world.show(
        sighting("b1", by="bob", thread="t2"),
        sighting("b2", "And where?", by="bob", thread="t2", at=NINE + 2 * HOUR),
    )
    answered_for_all(world.ports, case, "ada-moss", "post of 10am", NINE + HOUR)
    clocks = [world.clock("b1"), world.clock("b2")]
    assert [clock.stopped_at for clock in clocks if clock] == [NINE + HOUR, None]


def test_words_that_changed_between_a_recorded_answer_and_its_record_go_to_a_person(
    world: World, case: CaseId
) -> None:
    """R8: the answer on the phone was about the words of that time."""
    world.now.pass_by(hours=1)
    world.show(sighting("a1", "When do we get our money back?"))
    world.now.pass_by(hours=1)
    answered(world.ports, case, "ada-moss", "on the phone", world.now() - 1.5 * HOUR)
    assert tellings(world) == [("new", "a1"), ("edited", "a1")]


def test_a_recorded_answer_is_about_the_words_that_stand_there(world: World, case: CaseId) -> None:
    """Who records it now has seen the edit."""
    world.show(sighting("a1", "When do we get our money back?"))
    answered(world.ports, case, "ada-moss", "on the phone")
    assert tellings(world) == [("new", "a1")]


def test_a_case_of_an_account_that_has_left_the_register_can_be_answered(world: World, case: CaseId) -> None:
    """Its clock runs, so somebody has to be able to stop it."""
    left = dataclasses.replace(world.ports, accounts={})
    assert answered(left, case, "ada-moss", "on the phone").state is CaseState.ANSWERED


def test_an_answer_for_all_that_breaks_off_has_answered_nobody(world: World, case: CaseId) -> None:
    """It is one transaction: it can be repeated, and then it answers everybody."""
    world.show(sighting("b1", by="bob", thread="t2"), sighting("c1", by="cid", thread="t3"))
    broken = dataclasses.replace(world.ports, schools={})
    with pytest.raises(KeyError):
        answered_for_all(broken, case, "ada-moss", "post of 10am")
    assert [row.stopped_at for row in world.rows(tables.clocks)] == [None, None, None]
    assert world.history(case) == ["opened"]
    assert len(answered_for_all(world.ports, case, "ada-moss", "post of 10am").answered) == 3


def test_two_who_answer_for_all_at_once_answer_everybody_once(world: World) -> None:
    """Neither waits for the other for ever; the second one is told that the case is answered."""
    names = [f"p{number}" for number in range(6)]
    world.show(*[sighting(name, by=name, thread=name) for name in names])
    cases = [world.case(name).id for name in names]
    refused: list[int] = []

    def answer(number: int) -> None:
        try:
            answered_for_all(world.ports, cases[-number], "ada-moss", "post of 10am")
        except IllegalMove:
            refused.append(number)

    at_once(2, answer)
    assert len(refused) == 1
    assert [world.history(case) for case in cases] == [["opened", "answered"]] * 6


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
