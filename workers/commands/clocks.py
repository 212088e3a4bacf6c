"""The ``clocks`` command: a filter from threads, one per line, to what the school owes for each message."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from sla.clocks import Clock, Fact, FactKind, Message, MessageKind, ThreadRules, evaluate
from workers.json_lines import (
    Row,
    answer_each,
    lines_of,
    moment_from,
    print_answers,
    promises,
    table_from,
    zulu,
)

HELP = "Read threads as JSON lines and write what the school owes for each message, and whether it kept it."

_HAPPENED = ("edit", "delete", "hide", "react", "private", "auto")
_MARKS = ("spam", "no_reply", "acked", "held")
_KINDS = ("text", "emoji", "tag")
_EVENTS = ("msg", *_HAPPENED, "mark")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command takes no arguments: it reads standard input and writes standard output."""
    parser.description = (
        HELP + ' A line in: {"id", "now", "nation", "own", "events", "rule"?, "closures"?, "responders"?, '
        '"staff"?, "go_live"?}. A line out: {"id", "clocks": {MESSAGE: {"state", "due"?, "acked"?, '
        '"late_discovery"?}}} or {"id", "error"}.'
    )


def run(args: argparse.Namespace) -> int:
    """Judge the thread on every line of standard input, in order; 1 if any line could not be read."""
    return print_answers(answers(line for _, line in lines_of(sys.stdin.buffer)))


def answers(lines: Iterable[bytes | None]) -> Iterator[Row]:
    """Yield one answer per line that is not blank: the clocks, or an error that says what to change."""
    return answer_each(lines, _judge())


def _judge() -> Callable[[Row], Row]:
    """Return the function that judges one thread."""
    rules_of = _rules_reader()

    def judge(asked: Row) -> Row:
        now, rules = _moment("now", asked.get("now")), rules_of(asked)
        messages, facts = _events(asked.get("events"))
        found = evaluate(messages, facts, rules, now)
        return {"clocks": {name: _shown(clock) for name, clock in found.items()}}

    return judge


def _rules_reader() -> Callable[[Row], ThreadRules]:
    promise_of = promises()

    def rules_of(asked: Row) -> ThreadRules:
        rule = dict(table_from("rule", asked.get("rule")))
        auto_ack_counts = rule.pop("auto_ack_counts", False)
        if not isinstance(auto_ack_counts, bool):
            raise ValueError("auto_ack_counts must be true or false")
        if asked.get("own") is None:
            raise ValueError("own is missing: list the author ids of the school's own accounts")
        target, calendar = promise_of(asked.get("nation"), rule, asked.get("closures"))
        return ThreadRules(
            own=frozenset(_names("own", asked["own"])),
            target=target,
            calendar=calendar,
            responders=frozenset(_names("responders", asked.get("responders"))),
            staff=frozenset(_names("staff", asked.get("staff"))),
            go_live=None if asked.get("go_live") is None else _moment("go_live", asked["go_live"]),
            auto_ack_counts=auto_ack_counts,
        )

    return rules_of


def _shown(clock: Clock) -> Row:
    """Return what the contract tells of a clock; what does not apply is left out."""
    shown: Row = {"state": str(clock.state)}
    if clock.due is not None:
        shown["due"] = zulu(clock.due.due)
    if clock.acked is not None:
        shown["acked"] = zulu(clock.acked)
    if clock.late_discovery:
        shown["late_discovery"] = True
    return shown


# Reading a thread


def _events(events: object) -> tuple[list[Message], list[Fact]]:
    if not isinstance(events, list):
        raise ValueError('events must be a list of objects like {"t": "msg", ...}')
    messages: list[Message] = []
    facts: list[Fact] = []
    for number, event in enumerate(events):
        where = f"events[{number}]"
        if not isinstance(event, dict):
            raise ValueError(f'{where} must be an object like {{"t": "msg", ...}}')
        if _one_of(f"{where}.t", event.get("t"), _EVENTS) == "msg":
            messages.append(_message(where, event))
        else:
            facts.append(_fact(where, event))
    return messages, facts


def _message(where: str, event: Row) -> Message:
    """Return a message. Where nobody says when we saw it, we saw it when it was written."""
    at, seen = event.get("at"), event.get("seen")
    if at is None and seen is None:
        raise ValueError(f"{where} has neither at nor seen: the clock needs one of them to start from")
    kind = event.get("kind")
    return Message(
        id=_name(f"{where}.id", event.get("id")),
        by=_name(f"{where}.by", event.get("by")),
        at=None if at is None else _moment(f"{where}.at", at),
        seen=_moment(f"{where}.at", at) if seen is None else _moment(f"{where}.seen", seen),
        parent_id=_name_or_none(f"{where}.parent", event.get("parent")),
        mentions=_names(f"{where}.mentions", event.get("mentions")),
        kind=MessageKind.TEXT if kind is None else MessageKind(_one_of(f"{where}.kind", kind, _KINDS)),
    )


def _fact(where: str, event: Row) -> Fact:
    word = event["t"]
    if word == "mark":
        word = _one_of(f"{where}.as", event.get("as"), _MARKS)
    return Fact(
        FactKind(word),
        of=_name(f"{where}.of", event.get("of")),
        at=_moment(f"{where}.at", event.get("at")),
        by=_name_or_none(f"{where}.by", event.get("by")),
    )


def _one_of(field: str, value: object, words: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in words:
        raise ValueError(f"{field} must be one of {', '.join(words)}")
    return value


def _name(field: str, value: object) -> str:
    """Return an id as text: platforms write them both ways."""
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"{field} must be an id: a text or a whole number")


def _name_or_none(field: str, value: object) -> str | None:
    return None if value is None or value == "" else _name(field, value)


def _names(field: str, value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ValueError(f"{field} must be a list of author ids")
    return tuple(_name(field, each) for each in value)


def _moment(field: str, value: object) -> datetime:
    try:
        return moment_from(field, value).astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{field} lies outside all years that can be counted") from None
