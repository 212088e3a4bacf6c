"""The ``score`` command: texts in, assessments out, one JSON object on each line."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from workers.json_lines import LONGEST_LINE, lines_of, print_answers

if TYPE_CHECKING:
    from moderation.assessment import Assessment, Subject

HELP = "Score texts: JSON lines in, one assessment a line out, in the same order."

MAX_LINE = LONGEST_LINE
"""Bytes of one line that are read; a longer line is passed over and reported."""

_OPTIONAL = ("platform", "kind", "author_name")


class UnreadableLineError(ValueError):
    """A line is not what the command reads. The text says why and quotes nothing of it."""

    def __init__(self, reason: str, item_id: object = None) -> None:
        super().__init__(reason)
        self.item_id = item_id


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "file",
        nargs="?",
        default="-",
        help='JSON lines with "id" and "text", perhaps "platform", "kind", "author_name" (else: stdin)',
    )


def run(args: argparse.Namespace) -> int:
    """Score every line. Return 0, 1 when some line could not be read, 2 when the file could not be."""
    try:
        source = _opened(args.file)
    except OSError as error:
        print(f"score: cannot read the file: {error.strerror}. Name another, or none for standard input.",
              file=sys.stderr)  # fmt: skip
        return 2
    with source as stream:
        return print_answers(_answer(number, line) for number, line in lines_of(stream, MAX_LINE))


def _opened(name: str) -> AbstractContextManager[BinaryIO]:
    if name == "-":
        return nullcontext(sys.stdin.buffer)
    return Path(name).open("rb")


def _answer(number: int, line: bytes | None) -> dict[str, Any]:
    from moderation.abuse.score import assess

    try:
        item_id, subject = _read(number, line)
    except UnreadableLineError as error:
        return {"id": error.item_id, "error": str(error)}
    try:
        return _shown(item_id, assess(subject))
    except Exception as error:  # noqa: BLE001  one text that cannot be scored must not cost the others theirs
        return {"id": item_id, "error": f"scoring failed: {type(error).__name__}"}


def _read(number: int, line: bytes | None) -> tuple[object, Subject]:
    """Return the id and the subject that a line holds.

    Raises:
        UnreadableLineError: the line is too long, not JSON, not an object, or has no text.
    """
    from moderation.assessment import Subject

    if line is None:
        raise UnreadableLineError(f"line {number} is longer than {MAX_LINE // 1024 // 1024} MB")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise UnreadableLineError(f"line {number} is not JSON") from None
    if not isinstance(row, dict):
        raise UnreadableLineError(f"line {number} is not a JSON object")
    item_id = row.get("id")
    if not isinstance(row.get("text"), str):
        raise UnreadableLineError(f'line {number} has no "text" that is a string', item_id)
    extra = {name: row[name] for name in _OPTIONAL if row.get(name) is not None}
    for name, value in extra.items():
        if not isinstance(value, str):
            raise UnreadableLineError(f'line {number}: "{name}" is not a string', item_id)
    return item_id, Subject(text=row["text"], **extra)


def _shown(item_id: object, assessment: Assessment) -> dict[str, Any]:
    return {
        "id": item_id,
        "score": assessment.score,
        "abuse": assessment.abuse,
        "severity": assessment.severity.word,
        "labels": [str(label) for label in assessment.labels],
        "intent": str(assessment.intent),
        "route": str(assessment.route),
        "findings": [
            {"by": finding.by, "label": finding.label, "start": finding.start, "end": finding.end}
            for finding in assessment.findings
        ],
        "model": assessment.model,
    }
