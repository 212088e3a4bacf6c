"""What the filters share: one JSON object per line in, one answer per line out, in the same order."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from sla.calendar import SchoolCalendar
    from sla.target import ResponseTarget

Row = dict[str, Any]
"""One line as it was read, or as it will be written."""

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes of one line that are read; a longer line is passed over and reported, so memory stays small."""

_KEPT = 256
"""Rules and calendars that are kept at hand: lines of one school usually share theirs."""

_MARK = b"\xef\xbb\xbf"
"""What some editors put before the first line of a file in UTF-8."""


def lines_of(stream: BinaryIO, longest: int = LONGEST_LINE) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line with its number, ``None`` for one that is too long; blank lines are no lines."""
    number = 0
    while line := stream.readline(longest + 1):
        number += 1
        if len(line) > longest and not line.endswith(b"\n"):
            while (rest := stream.readline(longest)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        elif line.strip():
            yield number, line.removeprefix(_MARK) if number == 1 else line


def answer_each(lines: Iterable[bytes | None], answer: Callable[[Row], Row]) -> Iterator[Row]:
    """Yield the answer to every line that is not blank, with the line's id before it.

    ``answer`` raises ValueError for what it cannot answer; its text becomes the line's error.
    """
    for line in lines:
        if line is None or line.strip():
            yield _answered(line, answer)


def print_answers(answers: Iterable[Row]) -> int:
    """Print each answer as soon as it is there; return the exit code, 1 if any of them is an error."""
    failed = False
    for each in answers:
        failed = failed or "error" in each
        sys.stdout.write(json.dumps(each) + "\n")
        sys.stdout.flush()
    return int(failed)


def moment_from(field: str, value: object) -> datetime:
    """Return a time that was written with its offset.

    Raises:
        ValueError: it is none, or has no offset; the text names the field.
    """
    try:
        moment = datetime.fromisoformat(value.upper())  # type: ignore[attr-defined]
    except (AttributeError, ValueError):
        raise ValueError(f"{field} must be a time with an offset, like 2026-11-22T19:42:00+00:00") from None
    if moment.utcoffset() is None:
        raise ValueError(f"{field} has no offset: add Z or one like +01:00, because guessing could be wrong")
    return moment


def zulu(moment: datetime) -> str:
    """Return a time as the contracts write it: UTC in whole seconds, such as 2026-11-23T23:59:59Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def table_from(field: str, value: object) -> Row:
    """Return a JSON object that may be left out.

    Raises:
        ValueError: it is something else; the text names the field.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f'{field} must be an object, for example {{"mode": "pause"}}')
    return value


def promises() -> Callable[[object, object, object], tuple[ResponseTarget, SchoolCalendar]]:
    """Return what makes the promise and the calendar of a line from its nation, rule and closures.

    Those it has met are kept at hand. It raises ValueError for what it cannot read.
    """
    from sla.calendar import calendar_for
    from sla.target import date_from, target_from

    @lru_cache(_KEPT)
    def target_of(rule: str) -> ResponseTarget:
        return target_from(json.loads(rule))

    @lru_cache(_KEPT)
    def calendar_of(nation: str, closures: tuple[str, ...]) -> SchoolCalendar:
        return calendar_for(nation, [date_from("closures", day) for day in closures])

    def promise_of(nation: object, rule: object, closures: object) -> tuple[ResponseTarget, SchoolCalendar]:
        target = target_of(json.dumps(table_from("rule", rule), sort_keys=True))
        return target, calendar_of(nation if isinstance(nation, str) else "", _days(closures))

    return promise_of


def _answered(line: bytes | None, answer: Callable[[Row], Row]) -> Row:
    name: object = None
    try:
        asked = _object_on(line)
        name = sendable(asked.get("id"))
        return {"id": name, **answer(asked)}
    except ValueError as fault:
        return {"id": name, "error": str(fault)}
    except RecursionError:
        return {"id": name, "error": "the line is nested too deeply to be read"}


def _object_on(line: bytes | None) -> Row:
    if line is None:
        raise ValueError(f"the line is longer than {LONGEST_LINE // 1024 // 1024} MB")
    try:
        asked = json.loads(line)
    except ValueError:
        raise ValueError("the line is no JSON: write one object per line, in UTF-8") from None
    if not isinstance(asked, dict):
        raise ValueError('the line is no JSON object: write one object per line, like {"id": 1, ...}')
    return asked


def sendable(name: object) -> object:
    """Return an id that JSON can carry back, whatever it is; None for what it cannot, such as NaN."""
    try:
        json.dumps(name, allow_nan=False)
    except (ValueError, RecursionError):
        return None
    return name


def _days(closures: object) -> tuple[str, ...]:
    if closures is None:
        return ()
    if not isinstance(closures, list) or not all(isinstance(day, str) for day in closures):
        raise ValueError("closures must be a list of dates like 2026-10-26")
    return tuple(closures)
