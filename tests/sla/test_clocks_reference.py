"""A second, simple way to judge threads agrees with the real one on thousands of threads by chance."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from sla.calendar import calendar_for
from sla.clocks import Clock, ClockState, Fact, FactKind, Message, MessageKind, ThreadRules, evaluate
from sla.target import ResponseTarget
from tests.sla.naive_threads import judged, random_thread

CALENDAR, TARGET = calendar_for("ENG"), ResponseTarget()


def read(thread: dict[str, Any]) -> dict[str, Clock]:
    """Judge a thread by the product's rules."""
    go_live = thread.get("go_live")
    rules = ThreadRules(
        own=frozenset(thread["own"]),
        target=TARGET,
        calendar=CALENDAR,
        responders=frozenset(thread["responders"]),
        staff=frozenset(thread.get("staff", ())),
        go_live=None if go_live is None else moment(go_live),
        auto_ack_counts=thread.get("rule", {}).get("auto_ack_counts", False),
    )
    events = thread["events"]
    messages = [message(event) for event in events if event["t"] == "msg"]
    facts = [
        Fact(FactKind(event.get("as", event["t"])), event["of"], moment(event["at"]), event.get("by"))
        for event in events
        if event["t"] != "msg"
    ]
    return evaluate(messages, facts, rules, moment(thread["now"]))


def message(event: dict[str, Any]) -> Message:
    """Return a message of a thread."""
    return Message(
        event["id"],
        event["by"],
        None if event["at"] is None else moment(event["at"]),
        moment(event["seen"]),
        event["parent"],
        mentions=tuple(event["mentions"]),
        kind=MessageKind(event["kind"]),
    )


def moment(text: str) -> datetime:
    """Read a time."""
    return datetime.fromisoformat(text).astimezone(UTC)


def shown(clock: Clock) -> dict[str, Any]:
    """Return what both ways have to say alike."""
    found: dict[str, Any] = {"state": str(clock.state)}
    if clock.due is not None:
        found["due"] = f"{clock.due.due:%Y-%m-%dT%H:%M:%SZ}"
    if clock.acked is not None:
        found["acked"] = f"{clock.acked:%Y-%m-%dT%H:%M:%SZ}"
    if clock.late_discovery:
        found["late_discovery"] = True
    return found


@pytest.mark.parametrize("seed", range(6))
def test_both_ways_agree_on_threads_by_chance(seed: int) -> None:
    """State, due time, time of the answer and late discovery of every message, 3,000 threads in all."""
    dice = random.Random(seed)
    met: Counter[str] = Counter()
    for _ in range(500):
        thread = random_thread(dice)
        expected = judged(thread)
        found = {name: shown(clock) for name, clock in read(thread).items()}
        assert found == expected, thread
        met.update(each["state"] for each in expected.values())

    assert set(met) == {str(state) for state in ClockState}
    assert min(met.values()) > 10
