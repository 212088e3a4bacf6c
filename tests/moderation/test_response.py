"""Who is owed an answer, by when, and whether they got it: the thread rules through the real store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.acts import answered, close
from moderation.assessing import score_item
from moderation.assessment import Route, Severity
from moderation.cases import CaseState, CloseReason
from moderation.items import ItemKind, Sighting
from moderation.response import settle
from moderation.tasks import Claim, TaskKind
from sla.calendar import calendar_for
from sla.clocks import Outcome, SlaStatus, StoppedHow, outcome, status
from store import tables
from store.engine import open_engine
from tests.fakes import assessment
from tests.worlds import GO_LIVE, NINE, OUR_ID, World, at_once, reply, sighting, world_on

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def test_a_comment_starts_one_clock_that_is_due_a_day_later(world: World) -> None:
    """What arrives on a Tuesday is due on Wednesday, counted from the platform's time."""
    world.show(sighting("a1"))
    clock = world.clock("a1")
    assert clock is not None
    assert (clock.received_at, clock.due_at) == (NINE, NINE + 24 * HOUR)
    assert (clock.stopped_at, clock.late_discovery) == (None, False)
    assert clock.why
    assert clock.trace
    assert world.case("a1").reference == "2026-0001"


def test_a_nudge_joins_and_does_not_start_the_clock_again(world: World) -> None:
    """T4: a persistent parent does not get a later deadline."""
    world.show(sighting("a1"), sighting("a2", "Hello?", at=NINE + 20 * MINUTE))
    world.show(sighting("a3", "Anybody there?", at=NINE + 40 * MINUTE))
    assert world.case("a1") == world.case("a2") == world.case("a3")
    clock = world.clock("a3")
    assert clock is not None
    assert clock.received_at == NINE
    assert world.history(world.case("a1").id) == ["opened", "joined", "joined"]


def test_each_author_of_a_thread_has_a_clock(world: World) -> None:
    """Ann's answer is no answer to Bob."""
    world.show(sighting("a1", by="ann"), sighting("b1", by="bob"))
    world.show(reply("r1", "a1"))
    assert (world.case("a1").state, world.case("b1").state) == (CaseState.ANSWERED, CaseState.NEW)


def test_one_author_in_two_threads_has_two_clocks(world: World) -> None:
    """T6: an answer in one thread says nothing in the other."""
    world.show(sighting("a1"), sighting("a2", thread="t2"))
    world.show(reply("r1", "a1"))
    assert (world.case("a1").state, world.case("a2").state) == (CaseState.ANSWERED, CaseState.NEW)


def test_hidden_authors_are_nobody_else(world: World) -> None:
    """Two authors whom the platform hides are not taken for one, and each is answered by a reply to them."""
    world.show(sighting("h1", by=None), sighting("h2", by=None))
    world.show(reply("r1", "h2"))
    assert (world.case("h1").state, world.case("h2").state) == (CaseState.NEW, CaseState.ANSWERED)


def test_an_answer_stops_the_clock_with_its_own_time(world: World) -> None:
    """T1: the answer counts from when it was given, not from when we saw it."""
    world.show(sighting("a1"))
    world.now.pass_by(hours=3)
    world.show(reply("r1", "a1", at=NINE + HOUR))
    clock = world.clock("a1")
    assert clock is not None
    assert (clock.stopped_at, clock.stopped_how) == (NINE + HOUR, StoppedHow.ANSWERED)
    assert clock.answer_item == world.item("r1").id
    assert world.case("a1").state is CaseState.ANSWERED


def test_an_answer_that_names_the_author_counts(world: World) -> None:
    """T1: a message of ours that mentions somebody answers them, whatever it replies to."""
    world.show(sighting("a1"))
    world.show(reply("r1", "post-1", mentions=("kerry-walsh",)))
    assert world.case("a1").state is CaseState.ANSWERED


@pytest.mark.parametrize("to", ["post-1", "b1", None], ids=["to nobody", "to somebody else", "to the top"])
def test_a_message_of_ours_that_is_not_for_the_author_is_no_answer(world: World, to: str | None) -> None:
    """T3: Ann got no answer when we spoke to Bob or to everybody."""
    world.show(sighting("a1", by="ann"), sighting("b1", by="bob"))
    world.show(reply("r1", to))
    assert world.case("a1").state is CaseState.NEW


def test_a_message_of_ours_from_before_the_comment_is_no_answer(world: World) -> None:
    """T2: nobody is answered before they asked."""
    world.show(sighting("a1"), reply("r1", "a1", at=NINE - HOUR))
    assert world.case("a1").state is CaseState.NEW


def test_a_reply_that_is_seen_before_its_comment_counts_all_the_same(world: World) -> None:
    """R6: what counts is when things were written, not in which order we learnt of them."""
    world.show(reply("r1", "a1"))
    world.show(sighting("a1"))
    assert world.case("a1").state is CaseState.ANSWERED


def test_a_message_after_an_answer_opens_a_new_case(world: World) -> None:
    """T5: the conversation goes on, and so does the duty."""
    world.show(sighting("a1"), reply("r1", "a1"))
    world.show(sighting("a2", "And where?", at=NINE + 2 * HOUR))
    assert world.case("a1").state is CaseState.ANSWERED
    assert world.case("a2").state is CaseState.NEW
    clock = world.clock("a2")
    assert clock is not None
    assert clock.received_at == NINE + 2 * HOUR


def test_an_answer_learnt_late_parts_what_had_joined(world: World) -> None:
    """A question, our answer, a new question: when the answer is seen last, the new question is still owed.

    This is the usual order on platforms where our own messages come in a stream of their own.
    """
    world.show(sighting("a1"), sighting("a2", "And where?", at=NINE + 2 * HOUR))
    assert world.case("a1") == world.case("a2")
    world.show(reply("r1", "a1", at=NINE + HOUR))
    first, second = world.case("a1"), world.case("a2")
    assert (first.state, second.state) == (CaseState.ANSWERED, CaseState.NEW)
    clock = world.clock("a2")
    assert clock is not None
    assert (clock.received_at, clock.stopped_at) == (NINE + 2 * HOUR, None)


def test_the_later_question_keeps_its_case_when_an_older_one_is_found_to_be_answered(world: World) -> None:
    """Newest first is how most platforms list: the same three messages, the other way round."""
    world.show(sighting("a2", "And where?", at=NINE + 2 * HOUR))
    later = world.case("a2")
    world.show(reply("r1", "a1", at=NINE + HOUR))
    world.show(sighting("a1"))
    assert world.case("a2").id == later.id
    assert (world.case("a1").state, world.case("a2").state) == (CaseState.ANSWERED, CaseState.NEW)


def test_a_message_whose_case_was_parted_takes_its_severity_along(world: World) -> None:
    """The new case knows what scoring said about the messages that moved into it."""
    world.scorer.says["I will come for you."] = assessment(Severity.HIGH, Route.SLT)
    world.show(
        sighting("a1"),
        sighting("a2", "And where?", at=NINE + 2 * HOUR),
        sighting("a3", "I will come for you.", at=NINE + 3 * HOUR),
    )
    world.show(reply("r1", "a1", at=NINE + HOUR))
    assert world.case("a3") == world.case("a2") != world.case("a1")
    assert (world.case("a3").severity, world.case("a3").route) == (Severity.HIGH, Route.SLT)


def test_an_earlier_answer_that_is_seen_later_counts(world: World) -> None:
    """R6: what was answered in time is not late because we saw the second reply first."""
    world.show(sighting("a1"))
    world.now.pass_by(days=2)
    world.show(reply("r2", "a1", at=world.now()))
    world.show(reply("r1", "a1", at=NINE + HOUR))
    clock = world.clock("a1")
    assert clock is not None
    assert (clock.stopped_at, clock.answer_item) == (NINE + HOUR, world.item("r1").id)
    assert world.history(world.case("a1").id) == ["opened", "answered", "noted"]


def test_an_answer_that_is_found_to_precede_the_close_counts(world: World) -> None:
    """Somebody closed it because the reply could not be seen; the reply was there all the time."""
    world.show(sighting("a1"))
    world.now.pass_by(days=2)
    close(world.ports, world.case("a1").id, "ada-moss", CloseReason.NO_REPLY_NEEDED)
    world.show(reply("r1", "a1", at=NINE + HOUR))
    clock = world.clock("a1")
    assert clock is not None
    assert (clock.stopped_at, clock.stopped_how) == (NINE + HOUR, StoppedHow.ANSWERED)
    assert world.case("a1").state is CaseState.CLOSED


def test_a_later_answer_changes_nothing(world: World) -> None:
    """The first one counts."""
    world.show(sighting("a1"), reply("r1", "a1"))
    before = world.clock("a1")
    world.show(reply("r2", "a1", at=NINE + 2 * HOUR))
    assert world.clock("a1") == before


CONVERSATION = (
    sighting("a1"),
    sighting("b1", by="bob", at=NINE + 5 * MINUTE),
    sighting("a2", "Hello?", at=NINE + 10 * MINUTE),
    reply("r1", "a1", at=NINE + 20 * MINUTE),
    sighting("a3", "And where?", at=NINE + 30 * MINUTE),
    reply("r2", "a3", at=NINE + 40 * MINUTE),
    sighting("a4", "And how much?", at=NINE + 50 * MINUTE),
    sighting("a5", "Anybody?", at=NINE + 60 * MINUTE),
)


@settings(max_examples=25)
@given(order=st.permutations(CONVERSATION), page=st.integers(1, len(CONVERSATION)))
def test_the_order_in_which_a_conversation_is_learnt_changes_nothing(
    order: list[Sighting], page: int
) -> None:
    """R6: in whatever order and pages it is learnt, the same is owed and the same was answered."""
    engine = open_engine("sqlite://")
    tables.metadata.create_all(engine)
    world = world_on(engine)
    for start in range(0, len(order), page):
        world.show(*order[start : start + page])
    ends = {name: world.clock(name) for name in ("a1", "a2", "a3", "a4", "a5", "b1")}
    duties = {row.case for row in world.rows(tables.items) if row.case is not None}
    engine.dispose()
    assert {name: (clock.stopped_at, clock.stopped_how) for name, clock in ends.items() if clock} == {
        "a1": (NINE + 20 * MINUTE, StoppedHow.ANSWERED),
        "a2": (NINE + 20 * MINUTE, StoppedHow.ANSWERED),
        "a3": (NINE + 40 * MINUTE, StoppedHow.ANSWERED),
        "a4": (None, None),
        "a5": (None, None),
        "b1": (None, None),
    }
    assert len(duties) == len({clock.case for clock in ends.values() if clock}) == 4
    assert {clock.received_at for clock in ends.values() if clock and clock.stopped_at is None} == {
        NINE + 5 * MINUTE,
        NINE + 50 * MINUTE,
    }


def test_an_earlier_message_that_arrives_late_dates_the_open_clock_back(world: World) -> None:
    """T4, R6: the clock runs from the earliest unanswered message, and the case begins with it."""
    world.show(sighting("a2", at=NINE + HOUR))
    case = world.case("a2")
    world.show(sighting("a1"))
    clock = world.clock("a2")
    assert clock is not None
    assert (clock.item, clock.received_at, clock.due_at) == (world.item("a1").id, NINE, NINE + 24 * HOUR)
    assert world.case("a1").id == case.id
    assert world.case("a1").opening_item == world.item("a1").id


def test_a_clock_that_was_dated_back_is_looked_at_again_at_once(world: World) -> None:
    """The reminder and the alarm move with the deadline: the watch does not sleep until the old one."""
    world.show(sighting("a2", at=NINE + HOUR))
    world.work(TaskKind.WATCH_CLOCK)
    world.show(sighting("a1", at=GO_LIVE + 10 * HOUR))
    watch = next(row for row in world.rows(tables.tasks) if row.kind == TaskKind.WATCH_CLOCK)
    assert watch.next_at <= world.now()


def test_an_earlier_message_changes_nothing_about_a_clock_that_has_stopped(world: World) -> None:
    """Only an open clock is dated back."""
    world.show(sighting("a2", at=NINE + 30 * MINUTE), reply("r1", "a2"))
    before = world.clock("a2")
    world.show(sighting("a1"))
    assert world.clock("a2") == before
    assert world.case("a1") == world.case("a2")


def test_an_earlier_message_changes_nothing_about_a_clock_that_is_late(world: World) -> None:
    """Late is late: its due time is a fact that people were told."""
    world.show(sighting("a2", at=NINE + HOUR))
    world.now.pass_by(days=2)
    before = world.clock("a2")
    world.show(sighting("a1"))
    assert world.clock("a2") == before
    assert world.case("a1") == world.case("a2")


def test_an_edit_never_gives_the_school_more_time(world: World) -> None:
    """R8: when the first message is edited to an emoji, what had joined does not start anew."""
    world.show(sighting("a1"), sighting("a2", "Hello?", at=NINE + HOUR))
    world.show(sighting("a1", "\N{THUMBS UP SIGN}"))
    clock = world.clock("a2")
    assert clock is not None
    assert clock.received_at == NINE


def test_an_edit_of_an_answered_comment_starts_no_clock(world: World) -> None:
    """R8: the clock stands; the words are scored again."""
    world.show(sighting("a1"), reply("r1", "a1"))
    before = world.clock("a1")
    world.show(sighting("a1", "When is the concert, and where?"))
    assert world.clock("a1") == before
    assert len(world.rows(tables.cases)) == 1


PARENT: dict[str, Any] = {"by": "bob", "parent": "a1", "at": NINE + MINUTE}


@pytest.mark.parametrize(
    ("words", "names_school", "account"),
    [
        ("\N{THUMBS UP SIGN}", True, {}),
        ("@jo.bloggs", False, {}),
        ("Is it at six?", False, {}),
        ("Is it at six?", True, {"staff": frozenset({"bob"})}),
        ("Is it at six?", True, {"responders": frozenset({"bob"})}),
        ("Is it at six?", True, {"go_live": NINE + HOUR}),
    ],
    ids=["emoji", "tag", "not for the school", "a colleague", "somebody authorised", "history"],
)
def test_a_promise_stands_whatever_its_message_becomes(
    world: World, words: str, names_school: bool, account: dict[str, Any]
) -> None:
    """R8: a clock that runs can always be stopped by an answer, and until then it runs as it did."""
    world.show(sighting("a1"), sighting("b1", "Is it at six?", names_school=True, **PARENT))
    before = world.clock("b1")
    world = world.with_account(**account)
    world.show(sighting("b1", words, names_school=names_school, **PARENT))
    world.show(sighting("a2", "Hello?", at=NINE + 2 * MINUTE))
    assert world.clock("b1") == before
    world.show(reply("r1", "b1"))
    clock = world.clock("b1")
    assert clock is not None
    assert (clock.stopped_at, clock.stopped_how) == (NINE + HOUR, StoppedHow.ANSWERED)
    assert world.case("b1").state is CaseState.ANSWERED


@pytest.mark.parametrize(
    ("words", "more"),
    [("\N{THUMBS UP SIGN}", {"by": "bob"}), ("At six.", PARENT)],
    ids=["emoji", "to another parent"],
)
def test_a_message_that_comes_to_ask_by_an_edit_waits_from_then_on(
    world: World, words: str, more: dict[str, Any]
) -> None:
    """R8: no clock starts in the past, let alone late; further edits and settling again change nothing."""
    world.show(sighting("a1"), sighting("b1", words, **more))
    assert world.item("b1").case is None
    world.now.pass_by(days=6)
    edited = world.now()
    world.show(sighting("b1", "School, when is it?", names_school=True, **more))
    clock = world.clock("b1")
    assert clock is not None
    assert (clock.received_at, clock.due_at, clock.late_discovery) == (edited, edited + 24 * HOUR, False)
    assert clock.team_due_at == clock.due_at
    world.now.pass_by(hours=1)
    world.show(sighting("b1", "School, when is it, and where?", names_school=True, **more))
    later = {**more, "at": world.now(), "names_school": True}
    world.show(sighting("b2", "Hello?", **later))
    assert world.clock("b1") == world.clock("b2") == clock
    answered(world.ports, world.case("b1").id, "ada-moss", "on the phone", edited)
    assert world.case("b2") != world.case("b1")


def test_an_answer_to_an_emoji_is_none_to_the_question_that_it_became(world: World) -> None:
    """T2: nobody is answered before they asked."""
    world.show(sighting("b1", "\N{THUMBS UP SIGN}"), reply("r1", "b1"))
    world.now.pass_by(hours=1)
    world.show(sighting("b1", "When is it?"))
    world.show(sighting("b2", "Hello?", at=world.now()))
    clock = world.clock("b1")
    assert clock is not None
    assert (clock.received_at, clock.stopped_at) == (world.now(), None)


def test_a_message_that_comes_to_ask_by_an_edit_does_not_date_an_earlier_wait_back(world: World) -> None:
    """T4: it joins the wait of its author and is answered with it."""
    world.show(sighting("a1", "\N{THUMBS UP SIGN}"), sighting("a2", at=NINE + HOUR))
    before = world.clock("a2")
    world.show(sighting("a1", "And where is it?"))
    world.show(sighting("a3", "Hello?", at=NINE + 2 * HOUR))
    assert world.case("a1") == world.case("a2") == world.case("a3")
    assert world.clock("a2") == before
    world.show(reply("r1", "a2", at=world.now()))
    assert len(world.rows(tables.clocks)) == 1


def test_what_was_edited_before_anybody_judged_it_counts_from_when_it_was_written(world: World) -> None:
    """Nobody knows that the first words asked for nothing, so the parent is given the benefit."""
    world.receive(sighting("a1", "When is it?"))
    world.now.pass_by(minutes=5)
    world.show(sighting("a1", "When is it, and where?"))
    clock = world.clock("a1")
    assert clock is not None
    assert clock.received_at == NINE


def test_no_due_time_is_given_up_because_a_calendar_allows_none(world: World) -> None:
    """An earlier message turns up while a mistyped closure is in force: the network manager is told."""
    world.show(sighting("a2", at=NINE + HOUR))
    before = world.clock("a2")
    days = [world.now().date() + timedelta(days=number) for number in range(-10, 500)]
    closed = world.with_school(calendar=calendar_for("ENG", dict.fromkeys(days, "closed")))
    closed.show(sighting("a1"))
    assert world.clock("a2") == before
    assert world.case("a1") == world.case("a2")
    told = [(row.step, row.occasion.partition(":")[0]) for row in world.rows(tables.alerts)]
    assert told.count(("calendar", "no_deadline")) == 1
    assert {step for step, _ in told} == {"calendar", "new"}
    world.show(sighting("a3", "Hello?", at=NINE + 2 * HOUR))
    clock = world.clock("a2")
    assert clock is not None
    assert (clock.received_at, clock.due_at) == (NINE, NINE + 24 * HOUR)


def test_settling_twice_changes_nothing(world: World) -> None:
    """A job that runs again finds everything as it left it."""
    world.show(sighting("a1"), sighting("a2", at=NINE + HOUR), reply("r1", "a1", at=NINE + 30 * MINUTE))
    remembered = [table for table in tables.metadata.sorted_tables if table is not tables.threads]
    before = [world.rows(table) for table in remembered]
    item = world.item("a1")
    with world.store.begin() as unit:
        settle(world.ports, unit, item, "kerry-walsh")
        settle(world.ports, unit, item, "kerry-walsh")
    assert before == [
        world.rows(table) for table in tables.metadata.sorted_tables if table is not tables.threads
    ]


@pytest.mark.parametrize(
    ("words", "more", "owed"),
    [
        ("\N{THUMBS UP SIGN}\N{THUMBS UP SIGN}", {}, False),
        ("@jo.bloggs", {"mentions": ("jo",)}, False),
        ("Well done!", {}, True),
        ("@OakfieldAcademy", {"mentions": (OUR_ID,), "names_school": True}, True),
    ],
    ids=["emoji", "tag", "praise", "tag of the school"],
)
def test_what_asks_for_nothing_gets_no_clock(
    world: World, words: str, more: dict[str, Any], owed: bool
) -> None:
    """T11, T12: emoji and tagged friends are exempt; words are not, whatever they say."""
    world.show(sighting("a1", words, **more))
    assert (world.item("a1").case is not None) is owed


def test_a_parent_who_replies_to_a_parent_is_not_owed_an_answer(world: World) -> None:
    """T18: the school does not barge in, unless it is named."""
    world.show(sighting("a1", by="ann"))
    world.show(
        sighting("b1", "I think at six.", by="bob", parent="a1"),
        sighting("c1", "School, is it?", by="cid", parent="a1", names_school=True),
    )
    assert world.item("b1").case is None
    assert world.case("c1").state is CaseState.NEW


def test_an_edit_that_names_the_school_is_seen_to_do_so(world: World) -> None:
    """Whom a message names is part of its words."""
    world.show(sighting("a1", by="ann"), sighting("b1", "At six?", by="bob", parent="a1"))
    assert world.item("b1").case is None
    world.show(sighting("b1", "School, at six?", by="bob", parent="a1", names_school=True))
    assert world.case("b1").state is CaseState.NEW


def test_our_own_posts_and_comments_owe_nothing(world: World) -> None:
    """T20: nobody waits for an answer to us."""
    world.show(reply("r1", None), reply("r2", "r1", mentions=(OUR_ID,)))
    assert world.rows(tables.cases) == []


def test_what_was_written_before_going_live_gets_no_clock(world: World) -> None:
    """R5: connecting an account does not bring years of late answers."""
    world.show(sighting("a1", at=GO_LIVE - timedelta(seconds=1)), sighting("b1", by="bob", at=GO_LIVE))
    assert world.item("a1").case is None
    assert world.item("b1").case is not None


def test_what_was_found_after_it_was_due_is_marked(world: World) -> None:
    """R2: due from when it was written, with a mark that nobody could have known."""
    world.now.pass_by(days=3)
    world.show(sighting("a1"))
    clock = world.clock("a1")
    assert clock is not None
    assert (clock.due_at, clock.late_discovery) == (NINE + 24 * HOUR, True)


@pytest.mark.parametrize(
    "at",
    [None, datetime(1970, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)],
    ids=["missing", "1970", "next year"],
)
def test_a_time_that_cannot_be_true_gives_way_to_ours(world: World, at: datetime | None) -> None:
    """R3, R4: such an item is not taken for history, and its clock starts when we saw it."""
    world.show(sighting("a1", at=at))
    clock = world.clock("a1")
    assert clock is not None
    assert clock.received_at == world.now()
    assert world.item("a1").received_at == world.now()


def test_a_recorded_answer_holds_for_what_turns_up_later(world: World) -> None:
    """A message from before the phone call was answered by it; one from after it is owed an answer."""
    world.show(sighting("a1"))
    answered(world.ports, world.case("a1").id, "ada-moss", "on the phone")
    world.now.pass_by(hours=1)
    world.show(sighting("a2", "Hello?", at=NINE + HOUR), sighting("a3", "And?", at=world.now()))
    assert world.case("a2") == world.case("a1")
    assert world.case("a3").state is CaseState.NEW


def test_an_answer_recorded_in_the_second_of_the_message_still_ends_the_wait(world: World) -> None:
    """The next message of that author is a new duty and does not join one that is over."""
    world.show(sighting("a1"))
    answered(world.ports, world.case("a1").id, "ada-moss", "at the gate", at=NINE)
    world.show(sighting("a2", "And where?", at=NINE + HOUR))
    assert world.case("a2").state is CaseState.NEW


@pytest.mark.parametrize("reason", [CloseReason.NO_REPLY_NEEDED, CloseReason.SPAM, CloseReason.ABUSE_HANDLED])
def test_a_message_after_the_close_is_a_new_duty(world: World, reason: CloseReason) -> None:
    """Closing one message says nothing about the next one."""
    world.show(sighting("a1"))
    close(world.ports, world.case("a1").id, "ada-moss", reason)
    world.now.pass_by(hours=1)
    world.show(sighting("a2", "And now?", at=world.now()))
    assert (world.case("a1").state, world.case("a2").state) == (CaseState.CLOSED, CaseState.NEW)


def test_the_close_of_a_late_case_holds_for_the_earlier_message_that_had_joined_it(world: World) -> None:
    """A late clock keeps its first message; what is written after the close is a duty all the same."""
    world.show(sighting("a2", at=NINE + HOUR))
    world.now.pass_by(days=2)
    world.show(sighting("a1"))
    close(world.ports, world.case("a2").id, "ada-moss", CloseReason.NO_REPLY_NEEDED)
    world.show(sighting("a3", "Still waiting!", at=world.now() + MINUTE))
    assert world.case("a3").state is CaseState.NEW
    assert world.case("a3") != world.case("a2")


def test_what_a_person_closed_stays_closed_when_it_is_parted(world: World) -> None:
    """A late-learnt answer between two messages does not bring back what somebody had dealt with."""
    world.show(sighting("a1"), sighting("a2", "And where?", at=NINE + HOUR))
    close(world.ports, world.case("a1").id, "ada-moss", CloseReason.NO_REPLY_NEEDED)
    world.show(reply("r1", "a1", at=NINE + HOUR / 2))
    assert world.case("a2").state is CaseState.CLOSED
    clock = world.clock("a2")
    assert clock is not None
    assert clock.stopped_how is StoppedHow.EXEMPT


def test_an_end_after_the_due_time_clears_nothing(world: World) -> None:
    """T13: an exemption, a spam mark or a late answer leaves the breach standing."""
    world.show(sighting("a1"))
    world.now.pass_by(days=2)
    close(world.ports, world.case("a1").id, "ada-moss", CloseReason.SPAM)
    clock = world.clock("a1")
    assert clock is not None
    assert clock.due_at is not None
    assert outcome(clock.due_at, clock.stopped_at, clock.stopped_how, world.now()) is Outcome.LATE
    assert status(clock.received_at, clock.due_at, clock.stopped_at, world.now()) is SlaStatus.LATE


def test_an_answer_in_the_due_second_is_in_time(world: World) -> None:
    """D17: the last second counts, the one after it does not."""
    world.show(sighting("a1", by="ann"), sighting("b1", by="bob"))
    world.now.pass_by(days=1)
    world.show(
        reply("r1", "a1", at=NINE + 24 * HOUR), reply("r2", "b1", at=NINE + timedelta(days=1, seconds=1))
    )
    clocks = [world.clock(name) for name in ("a1", "b1")]
    assert [
        outcome(clock.due_at, clock.stopped_at, clock.stopped_how, world.now()) for clock in clocks if clock
    ] == [Outcome.MET, Outcome.LATE]


def test_many_workers_on_one_thread_make_one_case(world: World) -> None:
    """Two hosts score two messages of one author at the same moment: one duty, one case, one clock."""
    messages = [sighting(f"a{n}", f"Question {n}", at=NINE + n * MINUTE) for n in range(8)]
    world.receive(*messages)
    claims = world.store.claim(TaskKind.SCORE_ITEM, 60)
    at_once(len(claims), lambda n: score_item(world.ports, claims[n]))
    assert len(world.rows(tables.cases)) == len(world.rows(tables.clocks)) == 1
    assert {row.case for row in world.rows(tables.items)} == {1}


def test_case_numbers_are_given_out_once(world: World) -> None:
    """Sixteen cases opened by eight workers at once are numbered one to sixteen, and January begins anew."""
    world.receive(*[sighting(f"a{n}", by=f"author-{n}", thread=f"t{n}") for n in range(16)])
    claims = world.store.claim(TaskKind.SCORE_ITEM, 60)
    at_once(8, lambda n: score_all(world, claims[n::8]))
    assert sorted(row.number for row in world.rows(tables.cases)) == list(range(1, 17))
    world.now.at = datetime(2027, 1, 4, 10, tzinfo=UTC)
    world.show(sighting("new", by="somebody-new", thread="new", at=world.now()))
    assert world.case("new").reference == "2027-0001"


def score_all(world: World, claims: Iterable[Claim]) -> None:
    """Score several items, one after another."""
    for claim in claims:
        score_item(world.ports, claim)


def test_an_older_message_found_after_a_mark_is_owed_an_answer_of_its_own(world: World) -> None:
    """T12: a person said that a2 needs no reply. Nobody has seen a1, so nobody has exempted it."""
    world.show(sighting("a2", at=NINE + timedelta(hours=1)))
    close(world.ports, world.case("a2").id, "ada-moss", CloseReason.NO_REPLY_NEEDED)
    world.now.pass_by(minutes=5)
    world.show(sighting("a1"))
    assert world.case("a1").id != world.case("a2").id
    assert world.case("a1").state is CaseState.NEW
    first, second = world.clock("a1"), world.clock("a2")
    assert first is not None
    assert second is not None
    assert (first.stopped_at, second.stopped_how) == (None, StoppedHow.EXEMPT)


def private(name: str, **more: Any) -> Sighting:
    """Return a private message in one conversation."""
    return sighting(name, "Is the hall open?", thread="talk", parent=None, kind=ItemKind.MESSAGE, **more)


def test_what_we_write_in_a_private_conversation_answers_who_is_in_it(world: World) -> None:
    """Private messages reply to nothing in particular: ours stops the clock, theirs after it starts one."""
    world.show(private("m1"))
    world.now.pass_by(hours=1)
    ours = private("m2", by=OUR_ID, is_own=True, at=world.now())
    world.show(ours)
    world.work(TaskKind.SETTLE_REPLY)
    clock = world.clock("m1")
    assert clock is not None
    assert (clock.stopped_how, clock.stopped_at) == (StoppedHow.ANSWERED, world.now())
    world.now.pass_by(hours=1)
    world.show(private("m3", at=world.now()))
    later = world.clock("m3")
    assert later is not None
    assert later.stopped_at is None
    assert later.case != clock.case


def test_a_private_answer_to_one_person_answers_nobody_else(world: World) -> None:
    """Another conversation goes on waiting."""
    world.show(private("m1"), sighting("n1", by="bob", thread="other", parent=None, kind=ItemKind.MESSAGE))
    world.now.pass_by(hours=1)
    world.show(private("m2", by=OUR_ID, is_own=True, at=world.now()))
    world.work(TaskKind.SETTLE_REPLY)
    other = world.clock("n1")
    assert other is not None
    assert other.stopped_at is None


def test_a_private_answer_in_a_public_thread_answers_only_whom_it_is_for(world: World) -> None:
    """Some platforms keep both in one thread: whoever asked in public goes on waiting."""
    world.show(private("m1"), sighting("p1", by="bob", thread="talk", parent=None))
    world.now.pass_by(hours=1)
    world.show(private("m2", by=OUR_ID, is_own=True, at=world.now()))
    world.work(TaskKind.SETTLE_REPLY)
    ann, bob = world.clock("m1"), world.clock("p1")
    assert ann is not None
    assert bob is not None
    assert ann.stopped_how is StoppedHow.ANSWERED
    assert bob.stopped_at is None
