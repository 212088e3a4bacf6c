"""From a stored item to a case: what is severe is told at once, and what is uncertain is never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.acts import answered, close, take
from moderation.assessing import score_item, score_together
from moderation.assessment import Finding, Route, Severity
from moderation.cases import CaseState, CloseReason
from moderation.tasks import LeaseLost, TaskKind
from sla.calendar import calendar_for
from store import tables
from tests.fakes import assessment
from tests.moderation.tellings import climbing, tellings
from tests.worlds import FACEBOOK, GO_LIVE, NINE, OUR_ID, World, X, at_once, reply, sighting

SEVERE = "I will come for you."
UPSET = "You lot are useless."


@pytest.fixture
def told(world: World) -> World:
    """A world whose scorer knows one severe text and one for the leadership."""
    world.scorer.says[SEVERE] = assessment(Severity.HIGH, Route.SLT)
    world.scorer.says[UPSET] = assessment(Severity.MEDIUM, Route.SLT)
    return world


def test_an_ordinary_comment_is_told_once_to_those_who_answer(world: World) -> None:
    """In one email to each moderator; it climbs to nobody, its deadline is reminded of."""
    world.show(sighting("a1"))
    world.work()
    assert (tellings(world), climbing(world)) == ([("new", "a1")], [])
    assert world.post.letters() == [("ada-moss", "new"), ("ben-hart", "new")]
    assert {outgoing.channel for outgoing, _ in world.post.taken} == {"email"}
    assert [row.severity for row in world.rows(tables.assessments)] == [Severity.NONE]


def test_a_comment_for_which_no_deadline_can_be_told_is_told_to_a_person(world: World) -> None:
    """A mistyped closure that leaves no working day must not leave a parent without an answer."""
    days = [world.now().date() + timedelta(days=number) for number in range(-10, 500)]
    world = world.with_school(calendar=calendar_for("ENG", dict.fromkeys(days, "closed")))
    world.show(sighting("a1"))
    assert world.case("a1").state is CaseState.NEW
    assert tellings(world) == [("calendar", "no_deadline"), ("new", "a1")]


def test_a_severe_comment_is_told_at_once_at_any_hour(told: World) -> None:
    """Half past two on a Sunday morning is no reason to wait."""
    told.now.at = NINE.replace(day=22, hour=2, minute=30)
    told.show(sighting("a1", SEVERE, at=told.now()))
    assert tellings(told) == [("urgent", "a1")]
    assert [row.send_at for row in told.rows(tables.alerts)] == [told.now()]
    assert told.case("a1").severity is Severity.HIGH


def test_what_can_wait_until_morning_waits(told: World) -> None:
    """An insult on Saturday night is told on Monday at a quarter past eight, school time."""
    told.now.at = NINE.replace(day=21, hour=22)
    told.show(sighting("a1", UPSET, at=told.now()))
    told.work()
    told.now.at = NINE.replace(day=23, hour=8, minute=14)
    told.work()
    assert told.post.letters() == []
    told.now.pass_by(minutes=1)
    told.work()
    assert told.post.letters() == [("hal-king", "new"), ("sue-dale", "new")]


@pytest.mark.parametrize("error", [ValueError("words"), RecursionError(), MemoryError()])
def test_a_scorer_that_fails_leaves_an_item_for_a_person(world: World, error: Exception) -> None:
    """I12: uncertain, medium, told the same day; never clean, and the words are in no log."""
    world.scorer.says["Odd words."] = error
    world.show(sighting("a1", "Odd words."))
    case = world.case("a1")
    assert (case.uncertain, case.severity, case.route) == (True, Severity.MEDIUM, Route.MODERATOR)
    assert (tellings(world), climbing(world)) == ([("new", "a1")], [("abuse", "a1")])
    assert [row.state for row in world.rows(tables.tasks) if row.kind == TaskKind.SCORE_ITEM] == ["done"]


def test_one_odd_text_is_no_outage_and_hides_none(world: World) -> None:
    """A text that the models stumble over on Monday; on Tuesday they are out, which is told once a day."""
    odd = ["Odd words.", "1", "2", "3", "4"]
    world.scorer.says |= dict.fromkeys(odd, RecursionError())
    for number, text in enumerate(["Odd words.", "When?", "1", "2"]):
        world.show(sighting(f"a{number}", text, by=f"by-{number}"))
    assert outages(world) == []
    world.now.pass_by(days=1)
    for text in ("3", "4"):
        world.show(sighting(f"b{text}", text, by=f"by-{text}"))
    assert outages(world) == [("20261118", "failed")]


def test_models_that_are_not_there_are_told_at_once(world: World) -> None:
    """No text can be to blame for that."""
    lack = Finding("model", "not loaded: OSError", 0, 0)
    world.scorer.says["When?"] = replace(assessment(uncertain=True), findings=(lack,))
    for number in range(2):
        world.show(sighting(f"a{number}", "When?", by=f"by-{number}"))
        world.now.pass_by(days=1)
    assert outages(world) == [("20261117", "not loaded"), ("20261118", "not loaded")]


def outages(world: World) -> list[tuple[str, str]]:
    """Return day and reason of what the network manager is told about the models."""
    told = [row for row in world.rows(tables.alerts) if row.step == "rules_alone"]
    return [(row.subject, row.occasion) for row in told]


def test_items_of_an_account_that_has_gone_cost_their_neighbours_nothing(world: World) -> None:
    """The others of a batch are scored together all the same."""
    world.receive(sighting("a1", "One."), sighting("a2", "Two."))
    world.receive(sighting("x1", "Gone."), account=X)
    claims = world.store.claim(TaskKind.SCORE_ITEM, 60)
    accounts = {FACEBOOK: world.ports.accounts[FACEBOOK]}
    scored = score_together(replace(world.ports, accounts=accounts), claims)
    assert world.scorer.calls == [["One.", "Two."]]
    assert sorted(scored) == [(world.item("a1").id, 1), (world.item("a2").id, 1)]
    assert score_together(replace(world.ports, accounts={}), claims) == {}


def test_what_the_scorer_doubts_goes_to_a_person_even_where_no_reply_is_owed(world: World) -> None:
    """Emoji owe no answer, but a scorer in doubt is always heard."""
    world.scorer.says["\N{BOMB}"] = assessment(uncertain=True)
    world.show(sighting("a1", "\N{BOMB}"))
    assert world.case("a1").uncertain
    assert world.clock("a1") is None


def test_history_is_scored_and_nothing_else(told: World) -> None:
    """R5: connecting an account alarms nobody about the past."""
    told.show(sighting("a1", SEVERE, at=GO_LIVE - timedelta(days=400)))
    assert len(told.rows(tables.assessments)) == 1
    assert told.rows(tables.cases) == told.rows(tables.alerts) == []


def test_a_severe_item_without_a_clock_gets_a_case(told: World) -> None:
    """One parent threatens another: nobody is owed an answer, somebody has to act."""
    told.show(sighting("a1", by="ann"))
    told.show(sighting("b1", SEVERE, by="bob", parent="a1"))
    assert told.case("b1").severity is Severity.HIGH
    assert told.clock("b1") is None
    assert tellings(told) == [("new", "a1"), ("urgent", "b1")]


def test_scoring_one_item_twice_at_once_opens_one_case(told: World) -> None:
    """Two versions of one item are scored by two workers at the same moment."""
    told.show(sighting("a1", by="ann"))
    told.receive(sighting("b1", SEVERE, by="bob", parent="a1"))
    told.receive(sighting("b1", SEVERE + "!", by="bob", parent="a1"))
    told.scorer.says[SEVERE + "!"] = assessment(Severity.HIGH, Route.SLT)
    claims = told.store.claim(TaskKind.SCORE_ITEM, 60)
    assert len(claims) == 2
    at_once(2, lambda number: score_item(told.ports, claims[number]))
    assert len(told.rows(tables.cases)) == 2


def test_a_second_severe_message_in_a_case_climbs_with_the_first(told: World) -> None:
    """While nobody has the case nobody is told twice: whoever takes it sees all of it."""
    told.scorer.says["I mean it."] = assessment(Severity.HIGH, Route.SLT)
    told.show(sighting("a1", SEVERE))
    told.show(sighting("a2", "I mean it.", at=NINE + timedelta(minutes=1)))
    assert told.case("a1") == told.case("a2")
    assert (tellings(told), climbing(told)) == ([("urgent", "a1")], [("severe", "a1")])


def test_who_has_taken_a_case_is_told_at_once_of_the_next_severe_message_in_it(told: World) -> None:
    """They know of the first one only, and they alone are woken for the second."""
    told.scorer.says["I mean it."] = assessment(Severity.HIGH, Route.SLT)
    told.show(sighting("a1", SEVERE))
    told.work()
    take(told.ports, told.case("a1").id, "sue-dale")
    told.now.pass_by(hours=8)
    told.post.taken.clear()
    told.show(sighting("a2", "I mean it.", at=told.now()))
    told.work()
    assert {name for name, step in told.post.letters() if step == "urgent"} == {"sue-dale"}
    assert any(getattr(notice, "text", "") == "I mean it." for notice in told.post.notices())


def test_the_same_words_are_never_told_twice(told: World) -> None:
    """A platform that shows now the old words, now the edited ones, causes no storm."""
    for text in (SEVERE, "Edited.", SEVERE, "Edited.", SEVERE):
        told.show(sighting("a1", text))
    assert told.item("a1").version == 5
    assert tellings(told) == [("urgent", "a1")]
    take(told.ports, told.case("a1").id, "sue-dale")
    for text in ("Edited.", SEVERE, "Edited.", SEVERE):
        told.show(sighting("a1", text))
    assert [step for step, _ in tellings(told)].count("urgent") == 2


def test_severe_words_that_come_by_edit_climb_as_fast_as_they_call_for(told: World) -> None:
    """An edit is new words: from owed an answer to severe, from severe to danger to life."""
    told.scorer.says["Much worse."] = assessment(Severity.CRITICAL, Route.DSL)
    for text in ("Hello.", SEVERE, "Much worse."):
        told.show(sighting("a1", text))
    assert tellings(told) == [("new", "a1"), ("urgent", "a1"), ("urgent", "a1")]
    assert [lane for lane, _ in climbing(told)] == ["severe", "critical"]
    assert told.case("a1").severity is Severity.CRITICAL


def test_severe_words_after_the_close_open_a_case_of_their_own(told: World) -> None:
    """Nobody looks into a closed case again: what is edited in after the close is a new matter."""
    told.show(sighting("a1"))
    first = told.case("a1")
    close(told.ports, first.id, "ada-moss", CloseReason.NO_REPLY_NEEDED)
    told.show(sighting("a1", SEVERE))
    told.work()
    second = told.rows(tables.cases)[1]
    assert (second.state, second.severity) == (CaseState.NEW, Severity.HIGH)
    assert sorted(told.post.letters()) == [
        ("dee-lane", "urgent"), ("hal-king", "urgent"), ("sue-dale", "urgent")
    ]  # fmt: skip
    assert told.case("a1").id == first.id


def test_more_severe_words_join_the_case_that_the_first_ones_opened(told: World) -> None:
    """One follow-up case is enough, as long as somebody is still at it."""
    told.show(sighting("a1"))
    close(told.ports, told.case("a1").id, "ada-moss", CloseReason.NO_REPLY_NEEDED)
    told.show(sighting("a1", SEVERE))
    told.show(sighting("a1", UPSET))
    assert len(told.rows(tables.cases)) == 2
    assert climbing(told) == [("severe", "a1")]


def test_a_severe_message_that_turns_up_after_the_close_is_not_lost(told: World) -> None:
    """Written before the close and seen after it: it belongs to what was closed, but somebody is told."""
    told.show(sighting("a1"))
    close(told.ports, told.case("a1").id, "ada-moss", CloseReason.SPAM)
    told.show(sighting("a2", SEVERE, at=NINE + timedelta(hours=1)))
    told.work()
    assert ("sue-dale", "urgent") in told.post.letters()
    assert told.rows(tables.cases)[1].state == CaseState.NEW


def test_a_severe_comment_that_was_answered_before_we_saw_it_is_told(told: World) -> None:
    """A friendly reply to a threat ends the wait, not the danger."""
    told.show(reply("r1", "a1"))
    told.show(sighting("a1", SEVERE))
    told.work()
    assert told.case("a1").state is CaseState.ANSWERED
    assert ("sue-dale", "urgent") in told.post.letters()
    assert len(told.rows(tables.cases)) == 1


def test_a_case_grows_worse_and_never_better(told: World) -> None:
    """A friendly second message does not take the first one back."""
    told.show(sighting("a1", SEVERE), sighting("a2", "Thanks!", at=NINE + timedelta(hours=1)))
    assert (told.case("a1").severity, told.case("a1").route) == (Severity.HIGH, Route.SLT)


@pytest.mark.parametrize(
    ("first", "then", "route"),
    [
        ((Severity.HIGH, Route.SLT), (Severity.LOW, Route.DSL), Route.DSL),
        ((Severity.LOW, Route.DSL), (Severity.HIGH, Route.SLT), Route.DSL),
        ((Severity.MEDIUM, Route.SLT), (Severity.LOW, Route.GOVERNORS), Route.GOVERNORS),
        ((Severity.LOW, Route.GOVERNORS), (Severity.HIGH, Route.SLT), Route.GOVERNORS),
        ((Severity.LOW, Route.GOVERNORS), (Severity.LOW, Route.DSL), Route.DSL),
        ((Severity.LOW, Route.SLT), (Severity.MEDIUM, Route.HEADTEACHER), Route.HEADTEACHER),
        ((Severity.MEDIUM, Route.SLT), (Severity.LOW, Route.HEADTEACHER), Route.SLT),
        ((Severity.NONE, Route.MODERATOR), (Severity.NONE, Route.MEDIA), Route.MEDIA),
    ],
)
def test_a_case_follows_its_worst_message_but_never_away_from_the_dsl_or_to_the_head_who_is_accused(
    world: World, first: tuple[Severity, Route], then: tuple[Severity, Route], route: Route
) -> None:
    """Two routes are never left for another, whatever is more severe."""
    world.scorer.says |= {"First.": assessment(*first), "Then.": assessment(*then)}
    world.show(sighting("a1", "First."), sighting("a2", "Then.", at=NINE + timedelta(hours=1)))
    assert world.case("a1").route is route


def test_a_worker_whose_lease_ended_writes_nothing(told: World) -> None:
    """Assessment, case and alert of a late finisher are rolled back together."""
    told.receive(sighting("a1", SEVERE))
    stale = told.claim(TaskKind.SCORE_ITEM, lease_seconds=-1)
    fresh = told.claim(TaskKind.SCORE_ITEM)
    with pytest.raises(LeaseLost):
        score_item(told.ports, stale)
    assert told.rows(tables.assessments) == told.rows(tables.cases) == told.rows(tables.escalations) == []
    score_item(told.ports, fresh)
    assert tellings(told) == [("urgent", "a1")]


def test_scoring_holds_no_transaction_open(world: World) -> None:
    """I4: while a slow scorer thinks, everybody else can write."""
    world.receive(sighting("a1"), sighting("b1", by="bob"))
    claim = world.claim(TaskKind.SCORE_ITEM)

    class Thinking(dict[str, object]):
        def get(self, *key: object) -> object:
            world.receive(sighting("c1", by="cid"))
            return assessment()

    world.scorer.says = Thinking()  # type: ignore[assignment]
    score_item(world.ports, claim)
    assert world.item("c1").version == 1


def test_an_answered_case_is_not_reopened_by_scoring_again(world: World) -> None:
    """An edit after an answer is scored, and the answer stands."""
    world.show(sighting("a1"))
    answered(world.ports, world.case("a1").id, "ada-moss", "on the phone")
    world.show(sighting("a1", "When is the concert, and where?"))
    assert world.case("a1").state is CaseState.ANSWERED
    assert len(world.rows(tables.assessments)) == 2


def test_words_that_changed_after_the_answer_go_to_a_person(world: World) -> None:
    """R8: the answer may not fit them any more. No new clock starts, and the case is not open again."""
    world.show(sighting("a1", "When is the concert?"))
    world.show(reply("r1", to="a1"))
    world.now.pass_by(hours=1)
    world.show(sighting("a1", "When is the refund for the concert?"))
    assert tellings(world) == [("new", "a1"), ("edited", "a1")]
    assert world.case("a1").state is CaseState.ANSWERED
    assert len(world.rows(tables.clocks)) == 1


@pytest.mark.parametrize("other", ["when is the concert", "When is  the CONCERT??"])
def test_a_comma_or_a_capital_changes_nothing_about_an_answer(world: World, other: str) -> None:
    """R8: only a material edit is worth somebody's time."""
    world.show(sighting("a1", "When is the concert?"))
    world.show(reply("r1", to="a1"))
    world.now.pass_by(hours=1)
    world.show(sighting("a1", other))
    assert tellings(world) == [("new", "a1")]


def test_words_that_changed_before_the_answer_are_what_was_answered(world: World) -> None:
    """R8: the one who answered saw them."""
    world.show(sighting("a1", "When is the concert?"))
    world.show(sighting("a1", "When is the refund for the concert?"))
    world.show(reply("r1", to="a1", at=world.now() + timedelta(minutes=5)))
    assert tellings(world) == [("new", "a1")]


MONEY = "When do we get our money back?"


@pytest.mark.parametrize("first", [TaskKind.SCORE_ITEM, TaskKind.SETTLE_REPLY])
def test_an_edit_and_the_answer_before_it_may_come_in_one_page(world: World, first: TaskKind) -> None:
    """R8: whichever of them is dealt with first, a person is told, and once."""
    world.show(sighting("a1"))
    world.now.pass_by(minutes=5)
    world.receive(reply("r1", to="a1"), sighting("a1", MONEY))
    world.work(first)
    world.work(TaskKind.SCORE_ITEM, TaskKind.SETTLE_REPLY)
    assert tellings(world) == [("new", "a1"), ("edited", "a1")]


def test_an_edit_that_was_scored_before_the_answer_was_seen_is_not_forgotten(world: World) -> None:
    """R8: our replies may come in a slower stream. Settling again tells nobody again."""
    world.show(sighting("a1"))
    world.now.pass_by(minutes=5)
    world.show(sighting("a1", MONEY))
    assert tellings(world) == [("new", "a1")]
    world.now.pass_by(minutes=5)
    world.show(reply("r1", to="a1"))
    assert tellings(world) == [("new", "a1"), ("edited", "a1")]
    world.show(reply("r2", to="a1", at=NINE + timedelta(hours=2)), sighting("a1", MONEY + "!"))
    assert tellings(world) == [("new", "a1"), ("edited", "a1")]


def test_a_comma_after_the_edit_does_not_hide_it(world: World) -> None:
    """R8: what counts are the words that stood there when the answer came, not those of a moment ago."""
    world.show(sighting("a1"), reply("r1", to="a1"))
    for text in (MONEY, MONEY.lower()):
        world.now.pass_by(minutes=5)
        world.receive(sighting("a1", text))
    world.work(TaskKind.SCORE_ITEM)
    assert tellings(world) == [("new", "a1"), ("edited", "a1")]


def test_words_that_are_changed_back_need_nobody(world: World) -> None:
    """R8: what was answered stands there again by the time that anybody could look."""
    world.show(sighting("a1"), reply("r1", to="a1"))
    world.now.pass_by(minutes=5)
    world.receive(sighting("a1", MONEY))
    world.receive(sighting("a1"))
    world.work(TaskKind.SCORE_ITEM)
    assert tellings(world) == [("new", "a1")]


def test_an_edit_that_is_told_for_what_it_says_is_not_told_as_an_edit_too(told: World) -> None:
    """One message to a person about one wording is enough, in whatever order things are learnt."""
    told.show(sighting("a1"))
    told.now.pass_by(minutes=5)
    told.show(sighting("a1", UPSET))
    told.work()
    told.show(reply("r1", to="a1"))
    assert tellings(told) == [("new", "a1"), ("new", "a1")]


def test_an_edit_for_a_person_is_told_though_an_earlier_answer_comes_before_the_morning(told: World) -> None:
    """R8: abuse edited in at night waits for the digest; the reply that then turns up was no reply to it."""
    told.show(sighting("a1"))
    told.now.pass_by(hours=10)
    told.show(sighting("a1", UPSET))
    told.work()
    told.show(reply("r1", to="a1", at=told.now() - timedelta(minutes=30)))
    told.post.taken.clear()
    told.now.pass_by(hours=11)
    told.work()
    assert {("hal-king", "edited"), ("sue-dale", "edited")} <= set(told.post.letters())


@pytest.mark.parametrize("words", [SEVERE, UPSET])
def test_what_is_edited_in_after_a_recorded_answer_climbs_anew(told: World, words: str) -> None:
    """Whoever answered the first threat has done with it: nobody has the second one."""
    told.scorer.says["First."] = assessment(Severity.HIGH, Route.SLT)
    told.show(sighting("a1", "First."))
    told.work()
    answered(told.ports, told.case("a1").id, "sue-dale", "on the phone")
    told.now.pass_by(minutes=5)
    told.show(sighting("a1", words))
    assert climbing(told) == [("severe", "a1"), ("severe" if words == SEVERE else "abuse", "a1")]
    told.post.taken.clear()
    told.work()
    assert {"hal-king", "sue-dale"} <= {name for name, _ in told.post.letters()}


def test_a_colleague_on_a_personal_account_is_for_the_headteacher(world: World) -> None:
    """T19: it is no answer, has no clock, and is told; the parent goes on waiting."""
    world = world.with_account(staff=frozenset({"mr-finch"}))
    world.show(sighting("a1"))
    world.show(sighting("s1", "At six!", by="mr-finch", parent="a1", at=NINE + timedelta(minutes=30)))
    clock = world.clock("a1")
    assert clock is not None
    assert clock.stopped_at is None
    assert world.clock("s1") is None
    assert world.case("s1").route is Route.HEADTEACHER
    assert tellings(world) == [("new", "a1"), ("staff_account", "s1")]
    world.work()
    assert [name for name, step in world.post.letters() if step == "staff_account"] == ["hal-king"]


def test_somebody_authorised_answers_for_the_school(world: World) -> None:
    """T1: the library's reply to a parent stops the parent's clock, whichever of them is seen first."""
    world = world.with_account(responders=frozenset({"library"}))
    answer = sighting("l1", "At six.", by="library", parent="a1", at=NINE + timedelta(hours=1))
    world.show(answer)
    world.show(sighting("a1"))
    world.show(sighting("a2", thread="t2", by="sam-doyle"))
    world.show(
        sighting("l2", "Ask us.", by="library", parent="a2", thread="t2", at=NINE + timedelta(hours=2))
    )
    for name, hours in (("a1", 1), ("a2", 2)):
        clock = world.clock(name)
        assert clock is not None
        assert clock.stopped_at == NINE + timedelta(hours=hours)


def test_an_automatic_reply_is_no_answer_unless_the_school_says_so(world: World) -> None:
    """T7: thanks for the message, says the platform; nobody has read it."""
    thanks = "Thanks for your message! We will answer soon."
    world = world.with_account(automatic_replies=frozenset({thanks}))
    auto = sighting("r1", f" {thanks} ", by=OUR_ID, parent="a1", at=NINE + timedelta(seconds=2))
    world.show(sighting("a1"), auto)
    clock = world.clock("a1")
    assert clock is not None
    assert clock.stopped_at is None
    lenient = world.with_school(auto_ack_counts=True)
    lenient.show(sighting("b1", by="sam-doyle", thread="t2"))
    lenient.show(sighting("r2", thanks, by=OUR_ID, parent="b1", thread="t2", at=NINE + timedelta(seconds=2)))
    clock = world.clock("b1")
    assert clock is not None
    assert clock.stopped_at == NINE + timedelta(seconds=2)
