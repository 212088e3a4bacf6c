"""Threads as they really go, rule by rule: who is owed an answer, since when, and what counts as one."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from sla.clocks import Fact, Message, MessageKind
from tests.sla.thread_week import ANN, REPLY, clocks_of, fact, on, said


@dataclass(frozen=True)
class Thread:
    """One line of the table: a rule's number, what happened, and every clock that must come out."""

    rule: str
    because: str
    messages: list[Message]
    states: dict[str, str]
    facts: list[Fact] = field(default_factory=list)
    now: str = "Sun 23:00"


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
        "the school replied to itself",
        [ANN, REPLY, said("a2", "Ann", "Tue 16:00"), said("s2", "school", "Tue 17:00", "s1")],
        {"a1": "met", "a2": "open"},
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
    Thread(
        "T3",
        "a person records one answer for all who wait",
        [
            ANN,
            said("b1", "Bob", "Tue 09:30"),
            said("b2", "Bob", "Tue 09:45"),
            said("s1", "school", "Tue 10:00"),
        ],
        {"a1": "met", "b1": "met", "b2": "joined", "s1": "none"},
        [fact("acked", "a1", "Tue 10:00", "jo"), fact("acked", "b2", "Tue 10:00", "jo")],
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
    Thread(
        "T7",
        "an automatic reply in the second in which an earlier message was answered",
        [ANN, REPLY, said("a2", "Ann", "Tue 15:00"), said("s2", "school", "Tue 15:00", "a2")],
        {"a1": "met", "a2": "open"},
        [fact("auto", "s2", "Tue 15:00")],
        "Tue 20:00",
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
    Thread(
        "T8",
        "a private reply in the very second of the comment came after it",
        [ANN, said("b1", "Bob", "Tue 09:00"), said("s1", "school", "Tue 15:00", "b1")],
        {"a1": "met", "b1": "met"},
        [fact("private", "a1", "Tue 09:00", "head")],
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
    Thread(
        "T12",
        "a mark on the first covers what had joined and been seen",
        [ANN, said("a2", "Ann", "Tue 12:00", seen=on("Tue 13:00"))],
        {"a1": "exempt", "a2": "joined"},
        [fact("no_reply", "a1", "Tue 13:00", "jo")],
    ),
    Thread(
        "T12",
        "what was found after the mark waits on: nobody exempted it",
        [ANN, said("a2", "Ann", "Tue 12:00", seen=on("Tue 14:00")), said("a3", "Ann", "Tue 16:00")],
        {"a1": "exempt", "a2": "open", "a3": "joined"},
        [fact("no_reply", "a1", "Tue 13:00", "jo")],
        "Wed 11:00",
    ),
    Thread(
        "T12",
        "so does an earlier message that was found after the mark",
        [said("a0", "Ann", "Tue 08:00", seen=on("Tue 14:00")), ANN],
        {"a0": "overdue", "a1": "exempt"},
        [fact("no_reply", "a1", "Tue 13:00", "jo")],
        "Wed 08:30",
    ),
    Thread(
        "T12",
        "a mark shows that the message had been seen, whatever the poll says",
        [ANN, said("a2", "Ann", "Tue 12:00", seen=on("Tue 14:00"))],
        {"a1": "exempt", "a2": "joined"},
        [fact("no_reply", "a1", "Tue 13:00", "jo"), fact("no_reply", "a2", "Tue 13:00", "jo")],
    ),
    Thread(
        "T12",
        "and so the first message is covered with all that were seen",
        [said("a1", "Ann", "Tue 09:00", seen=on("Tue 14:00")), said("a2", "Ann", "Tue 12:00")],
        {"a1": "exempt", "a2": "joined"},
        [fact("no_reply", "a1", "Tue 13:00", "jo")],
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
        "the last of two deleted after it was due",
        [ANN, said("a2", "Ann", "Tue 10:00")],
        {"a1": "late", "a2": "joined"},
        [fact("delete", "a1", "Tue 11:00", "Ann"), fact("delete", "a2", "Thu 10:00", "Ann")],
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
        "hidden by somebody who cannot speak for the school",
        [ANN],
        {"a1": "overdue"},
        [fact("hide", "a1", "Tue 10:00", "Bob")],
    ),
    Thread(
        "T16",
        "only one of two hidden",
        [ANN, said("a2", "Ann", "Tue 10:00")],
        {"a1": "open", "a2": "joined"},
        [fact("hide", "a2", "Tue 11:00", "school")],
        "Tue 20:00",
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
        "both deleted by the author, one of them hidden before",
        [ANN, said("a2", "Ann", "Tue 10:00")],
        {"a1": "moderated", "a2": "joined"},
        [
            fact("hide", "a2", "Tue 11:00"),
            fact("delete", "a2", "Tue 12:00", "Ann"),
            fact("delete", "a1", "Tue 13:00", "Ann"),
        ],
    ),
    Thread(
        "T16",
        "the first hidden, the other marked",
        [ANN, said("a2", "Ann", "Tue 10:00")],
        {"a1": "moderated", "a2": "joined"},
        [fact("hide", "a1", "Tue 11:00"), fact("no_reply", "a2", "Tue 12:00", "jo")],
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
    Thread("T17", "abuse suspected", [ANN], {"a1": "open"}, now="Wed 09:00"),
    Thread(
        "T17",
        "abuse confirmed in the second of the deadline",
        [ANN],
        {"a1": "moderated"},
        [fact("held", "a1", "Wed 09:00", "jo")],
    ),
    Thread(
        "T17",
        "abuse confirmed in what joined: staff must not answer its author",
        [ANN, said("a2", "Ann", "Tue 10:00"), said("b1", "Bob", "Tue 10:00")],
        {"a1": "moderated", "a2": "joined", "b1": "open"},
        [fact("held", "a2", "Tue 11:00", "jo")],
        "Tue 20:00",
    ),
    Thread(
        "T17",
        "the same author writes again after that",
        [ANN, said("a2", "Ann", "Tue 12:00")],
        {"a1": "moderated", "a2": "open"},
        [fact("held", "a1", "Tue 11:00", "jo")],
        "Tue 20:00",
    ),
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
        "T18",
        "a stranger's reply is no answer",
        [ANN, said("x1", "a former pupil", "Tue 10:00", "a1")],
        {"a1": "open", "x1": "none"},
        now="Tue 20:00",
    ),
    Thread(
        "T19",
        "nor is that of a staff member's own account, by reply, by name or in private",
        [
            ANN,
            said("t1", "teacher", "Tue 10:00", "a1", mentions=("Ann",)),
            said("t2", "teacher", "Tue 11:00"),
        ],
        {"a1": "overdue", "t1": "none", "t2": "none"},
        [fact("private", "a1", "Tue 12:00", "teacher"), fact("hide", "a1", "Tue 12:00", "teacher")],
    ),
    Thread(
        "T19",
        "a parent who replies to it is owed an answer by the school",
        [said("t1", "teacher", "Tue 10:00"), said("b1", "Bob", "Tue 11:00", "t1")],
        {"b1": "open"},
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
    Thread(
        "R6",
        "the reply was seen before the message",
        [said("a1", "Ann", "Tue 09:00", seen=on("Thu 09:00")), REPLY],
        {"a1": "met"},
    ),
]


@pytest.mark.parametrize("thread", THREADS, ids=lambda thread: f"{thread.rule}: {thread.because}")
def test_every_thread_of_the_table_comes_out_as_the_rule_says(thread: Thread) -> None:
    """The states of all messages that the line names."""
    found = clocks_of(thread.messages, thread.facts, now=thread.now)

    assert {name: str(found[name].state) for name in thread.states} == thread.states
    assert set(found) == {message.id for message in thread.messages}
