"""Threads as they really go: who is owed an answer, since when, and what counts as one.

The week is that of Monday 23 November 2026, without closures. Ann, Bob and Cid are parents, ``school`` is
the school's own account and ``head`` an authorised responder.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.calendar import calendar_for
from sla.clocks import Clock, ClockState, Fact, FactKind, Message, MessageKind, StoppedHow, evaluate
from sla.target import ResponseTarget

CALENDAR = calendar_for("ENG")
SCHOOL = frozenset({"school"})
HEAD = frozenset({"head"})


def on(words: str) -> datetime:
    """Read "Tue 09:00" as a time in the week of 23 November 2026, in which London keeps UTC."""
    day, clock = words.split()
    number = 23 + ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun").index(day)
    return datetime.fromisoformat(f"2026-11-{number} {clock}+00:00")


def said(name: str, by: str, at: str, parent: str | None = None, **more: Any) -> Message:
    """Return a message that was seen a minute after it was written."""
    written = on(at)
    return Message(name, by, written, more.pop("seen", written + timedelta(minutes=1)), parent, **more)


def fact(kind: str, of: str, at: str, by: str | None = None) -> Fact:
    """Return something that happened to a message."""
    return Fact(FactKind(kind), of, on(at), by)


def clocks_of(
    messages: list[Message], facts: list[Fact] | None = None, *, now: str = "Sun 23:00", **more: Any
) -> dict[str, Clock]:
    """Judge a thread by the default promise."""
    return evaluate(
        messages,
        facts or [],
        own=SCHOOL,
        responders=HEAD,
        target=more.get("target", ResponseTarget()),
        calendar=more.get("calendar", CALENDAR),
        now=on(now),
        go_live=more.get("go_live"),
    )


@dataclass(frozen=True)
class Thread:
    """One line of the table: a rule's number, what happened, and every clock that must come out."""

    rule: str
    because: str
    messages: list[Message]
    states: dict[str, str]
    facts: list[Fact] = field(default_factory=list)
    now: str = "Sun 23:00"


ANN = said("a1", "Ann", "Tue 09:00")
REPLY = said("s1", "school", "Tue 15:00", "a1")

THREADS = [
    # What counts as an answer
    Thread("T1", "a reply to the comment", [ANN, REPLY], {"a1": "met", "s1": "none"}),
    Thread("T1", "a reply in the due second", [ANN, said("s1", "school", "Wed 09:00", "a1")], {"a1": "met"}),
    Thread(
        "T1", "a reply one second later", [ANN, said("s1", "school", "Wed 09:00:01", "a1")], {"a1": "late"}
    ),
    Thread(
        "T1",
        "a reply by an authorised responder",
        [ANN, said("h1", "head", "Tue 15:00", "a1")],
        {"a1": "met"},
    ),
    Thread(
        "T1",
        "the author is named",
        [ANN, said("s1", "school", "Tue 15:00", mentions=("Ann",))],
        {"a1": "met"},
    ),
    Thread(
        "T1",
        "a reply to a later message of the same author",
        [ANN, said("a2", "Ann", "Tue 10:00", "a1"), said("s1", "school", "Tue 15:00", "a2")],
        {"a1": "met", "a2": "joined"},
    ),
    Thread(
        "T1",
        "the replied-to message is known by its author only",
        [ANN, said("s1", "school", "Tue 15:00", "gone", parent_by="Ann")],
        {"a1": "met"},
    ),
    Thread("T1", "nobody answered, time is left", [ANN], {"a1": "open"}, now="Wed 09:00"),
    Thread("T1", "nobody answered, time is up", [ANN], {"a1": "overdue"}, now="Wed 09:00:01"),
    Thread(
        "T2",
        "the school wrote first",
        [said("s0", "school", "Tue 08:00", mentions=("Ann",)), ANN],
        {"a1": "open", "s0": "none"},
        now="Tue 20:00",
    ),
    Thread(
        "T2",
        "the school named the author in the very second of the comment",
        [said("s0", "school", "Tue 09:00", mentions=("Ann",)), ANN],
        {"a1": "open"},
        now="Tue 20:00",
    ),
    Thread(
        "T2",
        "a direct reply in the very second of the comment came after it",
        [ANN, said("s1", "school", "Tue 09:00", "a1")],
        {"a1": "met"},
    ),
    Thread(
        "T3",
        "the school answered somebody else",
        [ANN, said("b1", "Bob", "Tue 09:30"), said("s1", "school", "Tue 15:00", "b1")],
        {"a1": "open", "b1": "met"},
        now="Tue 20:00",
    ),
    Thread(
        "T3",
        "the school wrote under its own post, to nobody",
        [ANN, said("s1", "school", "Tue 15:00", "post")],
        {"a1": "open"},
        now="Tue 20:00",
    ),
    Thread(
        "T3",
        "one message names two of three who wait",
        [
            ANN,
            said("b1", "Bob", "Tue 09:30"),
            said("c1", "Cid", "Tue 09:40"),
            said("s1", "school", "Tue 15:00", mentions=("Ann", "Bob")),
        ],
        {"a1": "met", "b1": "met", "c1": "open"},
        now="Tue 20:00",
    ),
    # Several messages of one author
    Thread(
        "T4",
        "a nudge joins and restarts nothing",
        [ANN, said("a2", "Ann", "Tue 22:00", "a1"), said("s1", "school", "Wed 10:00", "a2")],
        {"a1": "late", "a2": "joined"},
    ),
    Thread(
        "T5",
        "a message after the answer starts anew",
        [ANN, REPLY, said("a2", "Ann", "Thu 09:00", "a1")],
        {"a1": "met", "a2": "open"},
        now="Thu 20:00",
    ),
    Thread(
        "T5",
        "and can be answered or missed on its own",
        [
            ANN,
            REPLY,
            said("a2", "Ann", "Wed 09:00", "a1"),
            said("a3", "Ann", "Wed 10:00", "a1"),
            said("s2", "school", "Thu 09:30", "a2"),
        ],
        {"a1": "met", "a2": "late", "a3": "joined", "s2": "none"},
    ),
    Thread(
        "T5",
        "a message in the very second of an answer to an earlier one starts anew",
        [ANN, REPLY, said("a2", "Ann", "Tue 15:00", "a1")],
        {"a1": "met", "a2": "open"},
        now="Tue 20:00",
    ),
    Thread(
        "T6",
        "two authors have two clocks",
        [ANN, said("b1", "Bob", "Tue 11:00"), said("s1", "school", "Wed 10:00", "b1")],
        {"a1": "overdue", "b1": "met"},
    ),
    # Answers of other kinds
    Thread(
        "T7",
        "an automatic reply",
        [ANN, REPLY],
        {"a1": "open"},
        [fact("auto", "s1", "Tue 15:00")],
        "Tue 20:00",
    ),
    Thread(
        "T7",
        "an automatic reply told of the comment",
        [ANN],
        {"a1": "open"},
        [fact("auto", "a1", "Tue 09:01")],
        "Tue 20:00",
    ),
    Thread(
        "T7",
        "a person's reply after the automatic one",
        [ANN, REPLY, said("s2", "school", "Wed 08:00", "a1")],
        {"a1": "met"},
        [fact("auto", "s1", "Tue 15:00")],
    ),
    Thread("T8", "a private reply", [ANN], {"a1": "met"}, [fact("private", "a1", "Tue 15:00", "school")]),
    Thread("T8", "a private reply, late", [ANN], {"a1": "late"}, [fact("private", "a1", "Thu 15:00")]),
    Thread(
        "T8",
        "a private message by somebody else",
        [ANN],
        {"a1": "overdue"},
        [fact("private", "a1", "Tue 15:00", "Bob")],
    ),
    Thread("T9", "answered by telephone", [ANN], {"a1": "met"}, [fact("acked", "a1", "Tue 15:00", "jo")]),
    Thread(
        "T9", "answered by telephone, late", [ANN], {"a1": "late"}, [fact("acked", "a1", "Wed 09:01", "jo")]
    ),
    Thread(
        "T9", "a call before the comment", [ANN], {"a1": "overdue"}, [fact("acked", "a1", "Tue 08:00", "jo")]
    ),
    Thread(
        "T10", "the school liked it", [ANN], {"a1": "overdue"}, [fact("react", "a1", "Tue 10:00", "school")]
    ),
    # Messages that ask for nothing
    Thread("T11", "emoji alone", [said("a1", "Ann", "Tue 09:00", kind=MessageKind.EMOJI)], {"a1": "exempt"}),
    Thread(
        "T11",
        "a tagged friend alone",
        [said("a1", "Ann", "Tue 09:00", kind=MessageKind.TAG, mentions=("Bob",))],
        {"a1": "exempt"},
    ),
    Thread(
        "T11",
        "the school itself tagged, perhaps under a photo",
        [said("a1", "Ann", "Tue 09:00", kind=MessageKind.TAG, names_school=True)],
        {"a1": "overdue"},
    ),
    Thread(
        "T11",
        "emoji neither join nor start",
        [
            said("a0", "Ann", "Tue 08:00", kind=MessageKind.EMOJI),
            ANN,
            said("a2", "Ann", "Tue 10:00", kind=MessageKind.EMOJI),
        ],
        {"a0": "exempt", "a1": "open", "a2": "exempt"},
        now="Wed 08:30",
    ),
    Thread(
        "T12",
        "no reply needed, in time",
        [ANN],
        {"a1": "exempt"},
        [fact("no_reply", "a1", "Wed 09:00", "jo")],
    ),
    Thread(
        "T13",
        "no reply needed, too late",
        [ANN],
        {"a1": "late"},
        [fact("no_reply", "a1", "Wed 09:00:01", "jo")],
    ),
    Thread("T13", "marked as spam, too late", [ANN], {"a1": "late"}, [fact("spam", "a1", "Thu 09:00", "jo")]),
    Thread(
        "T14",
        "a person marked spam in time",
        [ANN],
        {"a1": "exempt"},
        [fact("spam", "a1", "Tue 10:00", "jo")],
    ),
    Thread(
        "T12",
        "praise exempted, then a question",
        [ANN, said("a2", "Ann", "Tue 12:00")],
        {"a1": "exempt", "a2": "open"},
        [fact("no_reply", "a1", "Tue 10:00", "jo")],
        "Wed 11:00",
    ),
    Thread(
        "T12",
        "a mark on a message that joined does not free the first",
        [ANN, said("a2", "Ann", "Tue 12:00")],
        {"a1": "open", "a2": "joined"},
        [fact("no_reply", "a2", "Tue 13:00", "jo")],
        "Tue 20:00",
    ),
    Thread(
        "T12",
        "both marked",
        [ANN, said("a2", "Ann", "Tue 12:00")],
        {"a1": "exempt", "a2": "joined"},
        [fact("no_reply", "a2", "Tue 13:00", "jo"), fact("spam", "a1", "Tue 14:00", "jo")],
    ),
    # Messages that go away
    Thread(
        "T15",
        "deleted by the author in time",
        [ANN],
        {"a1": "withdrawn"},
        [fact("delete", "a1", "Tue 10:00", "Ann")],
    ),
    Thread(
        "T15",
        "deleted, nobody knows by whom",
        [ANN],
        {"a1": "withdrawn"},
        [fact("delete", "a1", "Tue 10:00")],
    ),
    Thread(
        "T15", "deleted after it was due", [ANN], {"a1": "late"}, [fact("delete", "a1", "Thu 10:00", "Ann")]
    ),
    Thread(
        "T15",
        "deleted after the answer",
        [ANN, REPLY],
        {"a1": "met"},
        [fact("delete", "a1", "Tue 16:00", "Ann")],
    ),
    Thread(
        "T15",
        "deleted, told with a time before the comment",
        [ANN],
        {"a1": "withdrawn"},
        [fact("delete", "a1", "Tue 08:59", "Ann")],
    ),
    Thread(
        "T15",
        "only one of two deleted",
        [ANN, said("a2", "Ann", "Tue 10:00")],
        {"a1": "open", "a2": "joined"},
        [fact("delete", "a1", "Tue 11:00", "Ann")],
        "Tue 20:00",
    ),
    Thread(
        "T15",
        "both deleted",
        [ANN, said("a2", "Ann", "Tue 10:00")],
        {"a1": "withdrawn", "a2": "joined"},
        [fact("delete", "a2", "Tue 11:00", "Ann"), fact("delete", "a1", "Tue 12:00", "Ann")],
    ),
    Thread(
        "T15",
        "deleted, then written again",
        [ANN, said("a2", "Ann", "Tue 12:00")],
        {"a1": "withdrawn", "a2": "open"},
        [fact("delete", "a1", "Tue 10:00", "Ann")],
        "Wed 11:00",
    ),
    Thread(
        "T16",
        "hidden by the school in time",
        [ANN],
        {"a1": "moderated"},
        [fact("hide", "a1", "Tue 10:00", "school")],
    ),
    Thread(
        "T16", "hidden after it was due", [ANN], {"a1": "late"}, [fact("hide", "a1", "Thu 10:00", "school")]
    ),
    Thread(
        "T16",
        "deleted by the school",
        [ANN],
        {"a1": "moderated"},
        [fact("delete", "a1", "Tue 10:00", "school")],
    ),
    Thread(
        "T16",
        "one hidden by the school, one deleted by the author",
        [ANN, said("a2", "Ann", "Tue 10:00")],
        {"a1": "moderated", "a2": "joined"},
        [fact("hide", "a1", "Tue 11:00"), fact("delete", "a2", "Tue 12:00", "Ann")],
    ),
    Thread(
        "T16",
        "hidden with a public explanation",
        [ANN, REPLY],
        {"a1": "met"},
        [fact("hide", "a1", "Tue 15:30")],
    ),
    Thread(
        "T17", "abuse confirmed in time", [ANN], {"a1": "moderated"}, [fact("held", "a1", "Tue 10:00", "jo")]
    ),
    Thread("T17", "abuse confirmed too late", [ANN], {"a1": "late"}, [fact("held", "a1", "Thu 10:00", "jo")]),
    # Who talks to whom
    Thread(
        "T18",
        "one parent to another",
        [ANN, said("b1", "Bob", "Tue 10:00", "a1")],
        {"a1": "open", "b1": "none"},
        now="Tue 20:00",
    ),
    Thread(
        "T18",
        "one parent to another, the school named",
        [ANN, said("b1", "Bob", "Tue 10:00", "a1", names_school=True)],
        {"a1": "open", "b1": "open"},
        now="Tue 20:00",
    ),
    Thread(
        "T18",
        "the school named among the mentions",
        [ANN, said("b1", "Bob", "Tue 10:00", "a1", mentions=("Ann", "school"))],
        {"b1": "open"},
        now="Tue 20:00",
    ),
    Thread(
        "T18",
        "a reply to a parent who is known by name only",
        [said("b1", "Bob", "Tue 10:00", "gone", parent_by="Ann")],
        {"b1": "none"},
    ),
    Thread(
        "T18",
        "a reply to the school",
        [REPLY, said("b1", "Bob", "Tue 16:00", "s1")],
        {"b1": "open"},
        now="Tue 20:00",
    ),
    Thread(
        "T18",
        "a reply to the responder",
        [said("h1", "head", "Tue 09:00"), said("b1", "Bob", "Tue 16:00", "h1")],
        {"b1": "open"},
        now="Tue 20:00",
    ),
    Thread(
        "T18",
        "a reply to oneself",
        [ANN, REPLY, said("a2", "Ann", "Tue 16:00", "a1")],
        {"a2": "open"},
        now="Tue 20:00",
    ),
    Thread(
        "T18",
        "a reply to a post of the school",
        [said("b1", "Bob", "Tue 16:00", "post")],
        {"b1": "open"},
        now="Tue 20:00",
    ),
    Thread(
        "T19",
        "a stranger's reply is no answer",
        [ANN, said("x1", "a teacher at home", "Tue 10:00", "a1")],
        {"a1": "open", "x1": "none"},
        now="Tue 20:00",
    ),
    Thread(
        "T20",
        "the school's own messages",
        [REPLY, said("h1", "head", "Tue 10:00")],
        {"s1": "none", "h1": "none"},
    ),
    Thread(
        "T21",
        "the answer was deleted later",
        [ANN, REPLY],
        {"a1": "met"},
        [fact("delete", "s1", "Wed 10:00", "school")],
    ),
    Thread(
        "R8", "an edit changes nothing", [ANN], {"a1": "overdue"}, [fact("edit", "a1", "Wed 08:00", "Ann")]
    ),
    Thread(
        "R6",
        "a fact about an unknown message",
        [ANN, REPLY],
        {"a1": "met"},
        [fact("delete", "zz", "Tue 09:30")],
    ),
]


@pytest.mark.parametrize("thread", THREADS, ids=lambda thread: f"{thread.rule}: {thread.because}")
def test_every_thread_of_the_table_comes_out_as_the_rule_says(thread: Thread) -> None:
    """The states of all messages that the line names."""
    found = clocks_of(thread.messages, thread.facts, now=thread.now)

    assert {name: str(found[name].state) for name in thread.states} == thread.states
    assert set(found) == {message.id for message in thread.messages}


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
    """In messages, in facts, and for now itself."""
    naive = datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001

    with pytest.raises(ValueError, match="no offset"):
        Message("a1", "Ann", naive, on("Tue 09:00"))
    with pytest.raises(ValueError, match="no offset"):
        Fact(FactKind.DELETE, "a1", naive)
    with pytest.raises(ValueError, match="no offset"):
        clocks_of([], go_live=naive)


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
    people = st.sampled_from(["Ann", "Bob", "Cid", "school", "head"])
    messages = [
        Message(
            id=name,
            by=draw(people),
            at=draw(st.sampled_from(moments) | st.none()),
            seen=draw(st.sampled_from(moments)) + timedelta(days=1),
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


@given(threads())
def test_every_message_has_one_clock_and_every_author_at_most_one_waiting(
    thread: tuple[list[Message], list[Fact]],
) -> None:
    """Nothing is lost, and nobody waits twice in one thread."""
    messages, facts = thread

    found = clocks_of(messages, facts)

    assert set(found) == {message.id for message in messages}
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
