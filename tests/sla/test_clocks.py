"""What a clock says beside its state, and what holds for every thread whatever happens in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.calendar import calendar_for
from sla.clocks import (
    Clock,
    ClockState,
    Fact,
    FactKind,
    Message,
    MessageKind,
    StoppedHow,
    ThreadRules,
    evaluate,
)
from sla.target import ResponseTarget
from tests.sla.thread_week import ANN, CALENDAR, HEAD, REPLY, SCHOOL, STAFF, clocks_of, fact, on, said


def test_a_met_clock_says_when_it_was_due_and_what_answered_it() -> None:
    """Everything that a case shows is in the clock."""
    clock = clocks_of([ANN, REPLY])["a1"]

    assert clock.due is not None
    assert clock.due.due == on("Wed 09:00")
    assert (clock.received, clock.acked, clock.acked_by_message) == (on("Tue 09:00"), on("Tue 15:00"), "s1")
    assert (clock.stopped_at, clock.stopped_how) == (on("Tue 15:00"), StoppedHow.ANSWERED)
    assert not clock.late_discovery


def test_a_joined_message_names_the_one_it_waits_with() -> None:
    """It has no due time of its own."""
    clock = clocks_of([ANN, said("a2", "Ann", "Tue 10:00")])["a2"]

    assert (clock.state, clock.opener, clock.due, clock.acked) == (ClockState.JOINED, "a1", None, None)


def test_answers_given_elsewhere_are_told_apart() -> None:
    """A private reply and a telephone call count, and the report can show them apart."""
    private = clocks_of([ANN], [fact("private", "a1", "Tue 15:00")])["a1"]
    called = clocks_of([ANN], [fact("acked", "a1", "Tue 15:00", "jo")])["a1"]

    assert (private.acked, private.acked_by_message, private.stopped_how) == (
        on("Tue 15:00"),
        None,
        "answered",
    )
    assert (called.acked, called.acked_by_message, called.stopped_how) == (on("Tue 15:00"), None, "recorded")


def test_what_ends_a_wait_without_an_answer_is_no_acknowledgement() -> None:
    """An exemption after the due time leaves the breach, and nobody is said to have answered."""
    clock = clocks_of([ANN], [fact("no_reply", "a1", "Thu 09:00", "jo")])["a1"]

    assert (clock.state, clock.acked, clock.stopped_how) == (ClockState.LATE, None, StoppedHow.EXEMPT)


def test_an_automatic_reply_is_shown_but_is_no_answer() -> None:
    """The time is kept, whether it is told of the comment or of the school's message."""
    for of in ("a1", "s1"):
        clock = clocks_of([ANN, REPLY], [fact("auto", of, "Tue 09:01")], now="Tue 20:00")["a1"]
        assert clock.auto_acknowledged == (on("Tue 15:00") if of == "s1" else on("Tue 09:01"))


def test_of_several_automatic_replies_the_first_is_shown() -> None:
    """When the parent first heard anything at all."""
    clock = clocks_of([ANN], [fact("auto", "a1", "Tue 11:00"), fact("auto", "a1", "Tue 09:01")])["a1"]

    assert clock.auto_acknowledged == on("Tue 09:01")


@pytest.mark.parametrize(
    ("messages", "facts", "answer"),
    [
        ([ANN, REPLY], [fact("auto", "s1", "Tue 15:00")], "s1"),
        ([ANN, said("s1", "school", "Tue 09:00", "a1")], [fact("auto", "s1", "Tue 09:00")], "s1"),
        ([ANN], [fact("auto", "a1", "Tue 09:00")], None),
        ([ANN], [fact("auto", "a1", "Wed 09:00", "school")], None),
    ],
)
def test_a_school_can_let_automatic_replies_count(
    messages: list[Message], facts: list[Fact], answer: str | None
) -> None:
    """T7: by default they never do, at once or later; where they do, the clock still says what they were."""
    strict = clocks_of(messages, facts)["a1"]
    lenient = clocks_of(messages, facts, auto_ack_counts=True)["a1"]

    assert (strict.state, strict.acked) == (ClockState.OVERDUE, None)
    assert (lenient.state, lenient.acked_by_message) == (ClockState.MET, answer)
    assert strict.auto_acknowledged == lenient.auto_acknowledged == lenient.acked is not None


def test_an_automatic_reply_that_counts_is_late_like_any_other() -> None:
    """The promise is the same; only who may keep it is not."""
    found = clocks_of([ANN], [fact("auto", "a1", "Wed 09:00:01")], auto_ack_counts=True)

    assert found["a1"].state is ClockState.LATE


def test_a_message_weeks_after_the_answer_starts_a_new_clock() -> None:
    """T5: an old thread is no closed thread."""
    weeks_later = ANN.received + timedelta(weeks=5)
    again = Message("a2", "Ann", weeks_later, weeks_later, "a1")

    found = clocks_of([ANN, REPLY, again])

    assert (found["a1"].state, found["a2"].state) == (ClockState.MET, ClockState.OPEN)
    assert found["a2"].received == weeks_later


def test_one_author_in_two_threads_has_two_clocks() -> None:
    """T6: an answer in one thread or platform is none in the other."""
    elsewhere = said("x1", "Ann", "Tue 10:00")

    assert clocks_of([ANN, REPLY])["a1"].state is ClockState.MET
    assert clocks_of([elsewhere], [fact("private", "a1", "Tue 11:00")])["x1"].state is ClockState.OVERDUE


def test_what_staff_write_from_their_own_accounts_is_told_apart() -> None:
    """T19: somebody has to speak to them. An authorised responder is no such account, nor is old history."""
    thread = [
        ANN,
        said("t1", "teacher", "Tue 10:00", "a1"),
        said("t2", "teacher", "Tue 10:30", kind=MessageKind.EMOJI),
    ]
    found = clocks_of(thread)

    assert [name for name, clock in found.items() if clock.by_staff] == ["t1", "t2"]
    assert not clocks_of(thread, responders=STAFF)["t1"].by_staff
    assert clocks_of(thread, responders=STAFF)["a1"].state is ClockState.MET
    assert not clocks_of(thread, go_live=on("Tue 10:15"))["t1"].by_staff


def test_an_edit_after_the_answer_is_marked_and_starts_no_clock() -> None:
    """R8: a person looks whether it asks for more; an edit before the answer was answered with it."""
    joined = said("a2", "Ann", "Tue 10:00")
    early, late = fact("edit", "a1", "Tue 14:00", "Ann"), fact("edit", "a2", "Tue 16:00", "Ann")

    assert not clocks_of([ANN, joined, REPLY], [early])["a1"].edited_after_answer
    assert not clocks_of([ANN, joined], [early, late])["a1"].edited_after_answer
    earlier = fact("edit", "a2", "Tue 11:00", "Ann")
    for facts in ([late, earlier], [earlier, late]):
        edited = clocks_of([ANN, joined, REPLY], facts)["a1"]
        assert (edited.state, edited.edited_after_answer) == (ClockState.MET, True)


def test_an_answer_that_was_deleted_later_is_marked() -> None:
    """The answer stands, since the parent had it, and the mark lets a person look."""
    kept, removed = clocks_of([ANN, REPLY]), clocks_of([ANN, REPLY], [fact("delete", "s1", "Thu 09:00")])

    assert not kept["a1"].answer_removed
    assert removed["a1"].answer_removed


def test_a_message_found_late_keeps_its_due_time_and_says_so() -> None:
    """The parent has waited since writing, whatever kept us from seeing it."""
    found = clocks_of([said("a1", "Ann", "Mon 09:00", seen=on("Tue 12:00"))])["a1"]

    assert found.due is not None
    assert found.due.due == on("Tue 09:00")
    assert found.late_discovery
    assert found.state is ClockState.OVERDUE


@pytest.mark.parametrize(
    ("at", "start", "doubtful"),
    [
        (None, "Tue 10:00", True),
        (on("Tue 09:00"), "Tue 09:00", False),
        (on("Tue 10:05"), "Tue 10:05", False),
        (on("Tue 10:05:01"), "Tue 10:00", True),
        (datetime(1970, 1, 1, tzinfo=UTC), "Tue 10:00", True),
    ],
)
def test_a_time_that_cannot_be_true_gives_way_to_when_we_saw_it(
    at: datetime | None, start: str, doubtful: bool
) -> None:
    """Missing, more than five minutes in the future, or from before there were platforms."""
    clock = clocks_of([Message("a1", "Ann", at, on("Tue 10:00"))])["a1"]

    assert (clock.received, clock.time_doubtful) == (on(start), doubtful)


def test_a_message_delivered_again_keeps_the_time_when_it_was_first_seen() -> None:
    """Where the platform tells no time, a second poll must not give the school more time."""
    first, again = (Message("a1", "Ann", None, on(seen)) for seen in ("Tue 10:00", "Tue 12:00"))

    for messages in ([first, again], [again, first]):
        assert clocks_of(messages)["a1"].received == on("Tue 10:00")


def test_a_time_that_a_later_delivery_tells_is_believed() -> None:
    """The parent waits since writing; that the first delivery did not say when does not change it."""
    first = Message("a1", "Ann", None, on("Tue 10:00"))
    again = said("a1", "Ann", "Tue 09:00", seen=on("Thu 12:00"))

    for messages in ([first, again], [again, first], [again, first, again]):
        clock = clocks_of(messages)["a1"]
        assert (clock.received, clock.time_doubtful) == (on("Tue 09:00"), False)
        assert not clock.late_discovery


def test_a_message_delivered_again_after_the_deadline_was_not_found_late() -> None:
    """R7 and R2: what counts is when we saw it first."""
    again = said("a1", "Ann", "Tue 09:00", seen=on("Thu 12:00"))

    assert not clocks_of([again, ANN])["a1"].late_discovery
    assert clocks_of([again])["a1"].late_discovery


@pytest.mark.parametrize(
    ("seen", "late"), [("Wed 08:59:59", False), ("Wed 09:00", False), ("Wed 09:00:01", True)]
)
def test_late_discovery_begins_with_the_second_after_the_deadline(seen: str, late: bool) -> None:
    """R2: the due second itself was still enough for an answer, and fractions are dropped."""
    moment = on(seen) + timedelta(milliseconds=999)

    assert clocks_of([said("a1", "Ann", "Tue 09:00", seen=moment)])["a1"].late_discovery is late


def test_times_at_the_ends_of_all_years_break_nothing() -> None:
    """Garbage from a platform leaves the message without a due time and everybody else with theirs."""
    last, first = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)

    found = clocks_of([ANN, Message("b1", "Bob", last, last), Message("c1", "Cid", first, last)])

    assert [found[name].state for name in ("a1", "b1", "c1")] == ["overdue", "open", "open"]
    assert found["b1"].due is None


def test_messages_from_before_go_live_have_no_clock() -> None:
    """The first poll brings years of comments: none of them is a breach, and none hides a new one."""
    later = said("a2", "Ann", "Tue 10:00")

    found = clocks_of([ANN, later], go_live=on("Tue 10:00"), now="Tue 20:00")

    assert (found["a1"].state, found["a1"].due) == (ClockState.NONE, None)
    assert found["a2"].state is ClockState.OPEN


def test_without_a_working_day_the_message_stays_open_without_a_due_time() -> None:
    """A mistyped closure hides nothing; an answer is still an answer."""
    forever = calendar_for("ENG", [date(2026, 11, 1) + timedelta(days=n) for n in range(500)])

    assert clocks_of([ANN], calendar=forever)["a1"] == Clock(ClockState.OPEN, on("Tue 09:00"))
    assert clocks_of([ANN, REPLY], calendar=forever)["a1"].state is ClockState.MET


def test_naive_times_are_refused() -> None:
    """In messages, in facts, in the rules, and for now itself."""
    naive = datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001

    with pytest.raises(ValueError, match="no offset"):
        Message("a1", "Ann", naive, on("Tue 09:00"))
    with pytest.raises(ValueError, match="no offset"):
        Fact(FactKind.DELETE, "a1", naive)
    with pytest.raises(ValueError, match="no offset"):
        clocks_of([], go_live=naive)
    with pytest.raises(ValueError, match="no offset"):
        evaluate([], [], ThreadRules(SCHOOL, ResponseTarget(), CALENDAR), naive)


def test_a_thread_of_thousands_is_judged_in_a_moment() -> None:
    """A pile-on of one author, every message of which is then deleted, takes no more than its length."""
    start = on("Tue 09:00")
    messages = [
        Message(f"m{n}", "Ann", start + timedelta(seconds=n), start + timedelta(seconds=n))
        for n in range(5_000)
    ]
    facts = [Fact(FactKind.DELETE, f"m{n}", start + timedelta(hours=2, seconds=n)) for n in range(5_000)]

    found = clocks_of(messages, facts)

    assert found["m0"].state is ClockState.WITHDRAWN
    assert found["m4999"].opener == "m0"


# Whatever happens


_CLOCK = st.integers(0, 6 * 24 * 60).map(lambda minutes: on("Mon 00:00") + timedelta(minutes=minutes))


@st.composite
def threads(draw: st.DrawFn) -> tuple[list[Message], list[Fact]]:
    """Draw a thread of up to twelve messages by few people at few moments, so that much coincides."""
    moments = draw(st.lists(_CLOCK, min_size=1, max_size=5))
    names = [f"m{n}" for n in range(draw(st.integers(1, 12)))]
    people = st.sampled_from(["Ann", "Bob", "Cid", "school", "head", "teacher"])
    messages = [
        Message(
            id=name,
            by=draw(people),
            at=draw(st.sampled_from(moments) | st.none()),
            seen=draw(st.sampled_from(moments)) + timedelta(days=draw(st.integers(0, 1))),
            parent_id=draw(st.sampled_from(names) | st.none()),
            parent_by=draw(people | st.none()),
            mentions=tuple(draw(st.lists(people, max_size=2))),
            kind=draw(st.sampled_from([MessageKind.TEXT, MessageKind.TEXT, *MessageKind])),
        )
        for name in names
    ]
    facts = st.builds(
        Fact, st.sampled_from(FactKind), st.sampled_from(names), st.sampled_from(moments), people | st.none()
    )
    return messages, draw(st.lists(facts, max_size=8))


@given(threads(), st.randoms(use_true_random=False))
def test_the_order_and_number_of_deliveries_change_nothing(
    thread: tuple[list[Message], list[Fact]], dice: Any
) -> None:
    """Polls overlap, arrive out of order and are repeated: the clocks are the same."""
    messages, facts = thread
    shuffled, again = [*messages, *messages[::2]], [*facts, *facts[1::2]]
    dice.shuffle(shuffled)
    dice.shuffle(again)

    assert clocks_of(messages, facts) == clocks_of(shuffled, again)


@given(threads(), st.integers(1, 8 * 24))
def test_time_that_passes_makes_late_what_was_open_and_changes_nothing_else(
    thread: tuple[list[Message], list[Fact]], hours: int
) -> None:
    """Late once is late for ever, and so is every other end."""
    messages, facts = thread
    rules = ThreadRules(SCHOOL, ResponseTarget(), CALENDAR, HEAD, STAFF)
    now = on("Wed 12:00")
    before, after = (
        evaluate(messages, facts, rules, moment) for moment in (now, now + timedelta(hours=hours))
    )

    for name, clock in before.items():
        allowed = {clock.state}
        if clock.state is ClockState.OPEN:
            allowed.add(ClockState.OVERDUE)
        assert after[name].state in allowed
        assert replace(after[name], state=clock.state) == clock


@given(threads())
def test_every_message_has_one_clock_and_every_author_at_most_one_waiting(
    thread: tuple[list[Message], list[Fact]],
) -> None:
    """Nothing is lost, and nobody waits twice in one thread."""
    messages, facts = thread

    found = clocks_of(messages, facts)

    assert list(found) == [message.id for message in messages]
    for author in {message.by for message in messages}:
        waiting = [
            message.id
            for message in messages
            if message.by == author and found[message.id].state in {ClockState.OPEN, ClockState.OVERDUE}
        ]
        assert len(waiting) <= 1


@given(threads(), st.integers(0, 5))
def test_an_earlier_answer_never_looks_worse(thread: tuple[list[Message], list[Fact]], hours: int) -> None:
    """Whoever answers the last who waits sooner is never reported later for it."""
    messages, facts = thread
    waiting = [
        name
        for name, clock in clocks_of(messages, facts).items()
        if clock.state in {ClockState.OPEN, ClockState.OVERDUE}
    ]
    late = on("Sun 12:00") + timedelta(days=2)
    soon = late - timedelta(hours=hours)

    def state(at: datetime) -> dict[str, ClockState]:
        replies = [Message(f"reply-{name}", "school", at, at, name) for name in waiting]
        found = clocks_of([*messages, *replies], facts)
        return {name: found[name].state for name in waiting}

    after_soon, after_late = state(soon), state(late)

    assert set(after_soon.values()) <= {ClockState.MET, ClockState.LATE}
    assert all(after_soon[name] is ClockState.MET for name in waiting if after_late[name] is ClockState.MET)


@given(threads())
def test_a_joined_message_waits_with_an_earlier_one_of_its_own_author(
    thread: tuple[list[Message], list[Fact]],
) -> None:
    """Nobody's words are hidden behind somebody else's clock."""
    messages, facts = thread
    known = {message.id: message for message in messages}

    for name, clock in clocks_of(messages, facts).items():
        if clock.state is ClockState.JOINED:
            opener = known[str(clock.opener)]
            assert opener.by == known[name].by
            assert opener.received <= known[name].received
