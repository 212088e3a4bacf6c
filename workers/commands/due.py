"""The ``due`` command: a filter from times of receipt to due times, one JSON object per line."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sla.calendar import SchoolCalendar
    from sla.deadline import Deadline
    from sla.target import ResponseTarget

HELP = "Read times of receipt as JSON lines and write when each answer is due, and why."

_KEPT = 256
"""Rules and calendars that are kept at hand: lines of one school usually share theirs."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command takes no arguments: it reads standard input and writes standard output."""
    parser.description = (
        HELP + ' A line in: {"id", "received", "nation", "rule"?, "closures"?}. '
        'A line out: {"id", "due", "why", "trace"} or {"id", "error"}.'
    )


def run(args: argparse.Namespace) -> int:
    """Answer every line of standard input in order; 1 if any of them could not be answered."""
    failed = False
    for answer in answers(sys.stdin.buffer):
        failed = failed or "error" in answer
        print(json.dumps(answer))
    return int(failed)


def answers(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Yield one answer per line that is not blank: a due time, or an error that says what to change."""
    due_of = _counter()
    for line in lines:
        if line.strip():
            yield _answer(line, due_of)


def _answer(line: bytes, due_of: Callable[[dict[str, Any]], Deadline]) -> dict[str, Any]:
    name: Any = None
    try:
        asked = _asked(line)
        name = _sendable(asked.get("id"))
        made = due_of(asked)
    except ValueError as fault:
        return {"id": name, "error": str(fault)}
    except RecursionError:
        return {"id": name, "error": "the line is nested too deeply to be read"}
    return {"id": name, "due": f"{made.due:%Y-%m-%dT%H:%M:%SZ}", "why": made.why, "trace": list(made.trace)}


def _asked(line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except ValueError:
        raise ValueError("the line is no JSON: write one object per line, in UTF-8") from None
    if not isinstance(asked, dict):
        raise ValueError('the line is no JSON object: write {"id": ..., "received": ..., "nation": ...}')
    return asked


def _sendable(name: object) -> object:
    """Return an id that JSON can carry back: texts and finite numbers."""
    if isinstance(name, float):
        return name if math.isfinite(name) else None
    return name if isinstance(name, str | int) else None


def _counter() -> Callable[[dict[str, Any]], Deadline]:
    """Return the function that answers one question, with the rules and calendars it has met at hand."""
    from sla.calendar import calendar_for
    from sla.deadline import deadline
    from sla.target import date_from, target_from

    @lru_cache(_KEPT)
    def target_of(rule: str) -> ResponseTarget:
        return target_from(json.loads(rule))

    @lru_cache(_KEPT)
    def calendar_of(nation: str, closures: tuple[str, ...]) -> SchoolCalendar:
        return calendar_for(nation, [date_from("closures", day) for day in closures])

    def due_of(asked: dict[str, Any]) -> Deadline:
        target = target_of(json.dumps(_table(asked.get("rule")), sort_keys=True))
        return deadline(_moment(asked), target, calendar_of(_nation(asked), _closures(asked.get("closures"))))

    return due_of


def _table(rule: object) -> dict[str, Any]:
    if rule is None:
        return {}
    if not isinstance(rule, dict):
        raise ValueError('rule must be an object, for example {"mode": "pause"}')
    return rule


def _moment(asked: dict[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(asked["received"])
    except (KeyError, TypeError, ValueError):
        raise ValueError("received must be a time with an offset, like 2026-11-22T19:42:00+00:00") from None
    if moment.utcoffset() is None:
        raise ValueError("received has no offset: add Z or one like +01:00, because guessing could be wrong")
    return moment


def _nation(asked: dict[str, Any]) -> str:
    nation = asked.get("nation")
    return nation if isinstance(nation, str) else ""


def _closures(days: object) -> tuple[str, ...]:
    if days is None:
        return ()
    if not isinstance(days, list) or not all(isinstance(day, str) for day in days):
        raise ValueError("closures must be a list of dates like 2026-10-26")
    return tuple(days)
