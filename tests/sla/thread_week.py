"""The week in which the example threads are set, and the people in them.

It is that of Monday 23 November 2026, without closures. Ann, Bob and Cid are parents, ``school`` is the
school's own account, ``head`` an authorised responder and ``teacher`` a staff member's personal account.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sla.calendar import calendar_for
from sla.clocks import Clock, Fact, FactKind, Message, ThreadRules, evaluate
from sla.target import ResponseTarget

CALENDAR = calendar_for("ENG")
SCHOOL = frozenset({"school"})
HEAD = frozenset({"head"})
STAFF = frozenset({"teacher"})


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
    words: dict[str, Any] = {
        "responders": HEAD,
        "staff": STAFF,
        "target": ResponseTarget(),
        "calendar": CALENDAR,
    } | more
    return evaluate(messages, facts or [], ThreadRules(own=SCHOOL, **words), on(now))


ANN = said("a1", "Ann", "Tue 09:00")
REPLY = said("s1", "school", "Tue 15:00", "a1")
