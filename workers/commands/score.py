"""The ``score`` command: texts in, assessments out, one JSON object on each line."""

from __future__ import annotations

import argparse
import io
import json
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from workers.json_lines import LONGEST_LINE, Row, lines_of, print_answers, sendable

if TYPE_CHECKING:
    from moderation.assessment import Assessment, SchoolNames, Subject

HELP = "Score texts: JSON lines in, one assessment a line out, in the same order."

MAX_LINE = LONGEST_LINE
"""Bytes of one line that are read; a longer line is passed over and reported."""

TOGETHER = 32
"""Most lines that are scored together."""

PATIENCE_SECONDS = 0.02
"""A line waits so long for others to be scored with: whoever sends one and waits gets the answer."""

MODES = ("encoder", "linear", "rules")

_OPTIONAL = ("platform", "kind", "author_name")


@dataclass(frozen=True, slots=True)
class Asked:
    """One line: whose answer it is, and either a subject or the reason why there is none."""

    item_id: object
    subject: Subject | None
    fault: str = ""


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
    parser.add_argument(
        "--mode", choices=MODES, help="what judges: see [scoring] in the settings, which this overrides"
    )
    parser.add_argument(
        "--school", metavar="ID", help="whose names from the settings tell who is meant; without it: nobody's"
    )


def run(args: argparse.Namespace) -> int:
    """Score every line. Return 0, 1 when something needs a person, 2 when the file could not be read.

    A person is needed when a line could not be read, or when the models had no say in an assessment.
    """
    from workers.scoring import scores

    score = scores(args.mode or _mode_set(args.settings))
    names = names_set(args.settings, args.school) if args.school else None
    try:
        stream = _opened(args.file)
    except OSError as error:
        print(f"score: cannot read the file: {error.strerror}. Name another, or none for standard input.",
              file=sys.stderr)  # fmt: skip
        return 2
    lacks: set[str] = set()
    answers = (
        _answer(asked, said, lacks)
        for batch in batches(stream)
        for asked, said in zip(batch, _scored([_named(each, names) for each in batch], score), strict=True)
    )
    code = print_answers(answers)
    if lacks:
        print(
            f"score: the rules judged some texts alone ({', '.join(sorted(lacks))}): run 'socialduty check'.",
            file=sys.stderr,
        )
    return 1 if lacks else code


def _opened(name: str) -> BinaryIO:
    if name != "-":
        return Path(name).open("rb")
    try:
        # A stream of our own: the thread that waits on it must not hold up the end of the process.
        return os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    except io.UnsupportedOperation:
        return sys.stdin.buffer  # it is no real file


def _mode_set(settings: Path) -> str:
    """Return the mode that the settings name, or the usual one where there are no settings.

    Raises:
        Trouble: the settings are wrong.
    """
    if not settings.exists():
        return MODES[0]
    from config.settings import SettingsError, load
    from workers.shell import Trouble

    try:
        return load(settings, secrets=False).scoring.mode
    except SettingsError as error:
        raise Trouble(
            f"{settings}: {len(error.problems)} problem(s), see 'check'; or say --mode to do without them"
        ) from None


def names_set(settings: Path, school: str) -> SchoolNames:
    """Return the names that the settings list for a school.

    Raises:
        Trouble: there are no settings, they are wrong, or they name no such school.
    """
    from config.settings import SettingsError, load
    from workers.bootstrap import names_of
    from workers.shell import Trouble

    if not settings.exists():
        raise Trouble(
            f"--school needs settings, and there is no settings file {settings}: "
            "name yours with --settings, or begin one with 'init'"
        )
    try:
        return names_of(load(settings, secrets=False).school(school))
    except SettingsError as error:
        raise Trouble(f"{settings}: {len(error.problems)} problem(s), see 'check'") from None
    except KeyError:
        raise Trouble("the settings name no such school: see the ids under [[schools]]") from None


def _named(asked: Asked, names: SchoolNames | None) -> Asked:
    if names is None or asked.subject is None:
        return asked
    return replace(asked, subject=replace(asked.subject, names=names))


def batches(stream: BinaryIO) -> Iterator[list[Asked]]:
    """Yield the lines in order, a few at a time: those that have come by the time that one is asked for."""
    come: queue.Queue[Asked | Exception | None] = queue.Queue(TOGETHER)
    threading.Thread(target=_read_into, args=(come, stream), daemon=True, name="reader").start()
    ended = False
    while not ended:
        batch, ended = _next_batch(come)
        if batch:
            yield batch


def _next_batch(come: queue.Queue[Asked | Exception | None]) -> tuple[list[Asked], bool]:
    """Wait for a line and take those that come close behind it; say whether it was the last of them."""
    batch: list[Asked] = []
    while len(batch) < TOGETHER:
        try:
            each = come.get(timeout=PATIENCE_SECONDS if batch else None)
        except queue.Empty:
            break
        if isinstance(each, Exception):
            raise each
        if each is None:
            return batch, True
        batch.append(each)
    return batch, False


def _read_into(come: queue.Queue[Asked | Exception | None], stream: BinaryIO) -> None:
    try:
        with stream:
            for number, line in lines_of(stream, MAX_LINE):
                come.put(_asked(number, line))
        come.put(None)
    except Exception as error:  # noqa: BLE001 - raised again where the lines are waited for
        come.put(error)


def _asked(number: int, line: bytes | None) -> Asked:
    try:
        return Asked(*_read(number, line))
    except UnreadableLineError as error:
        return Asked(sendable(error.item_id), None, str(error))


def _read(number: int, line: bytes | None) -> tuple[object, Subject]:
    """Return the id and the subject that a line holds.

    Raises:
        UnreadableLineError: the line is too long, not JSON, not an object, or has no text.
    """
    from moderation.assessment import Subject
    from moderation.items import MAX_TEXT

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
    # No more is read of it; one character more says that there was more.
    return sendable(item_id), Subject(text=row["text"][: MAX_TEXT + 1], **extra)


def _scored(
    batch: Sequence[Asked], score: Callable[[Sequence[Subject]], list[Assessment]]
) -> list[Assessment | str | None]:
    """Return for each line its assessment, what went wrong with it, or None where there was no subject."""
    subjects = [asked.subject for asked in batch if asked.subject is not None]
    try:
        said: Iterator[Assessment | str] = iter(score(subjects) if subjects else [])
    except Exception:  # noqa: BLE001 - one text that cannot be scored must not cost the others theirs
        said = (_alone(subject, score) for subject in subjects)
    return [None if asked.subject is None else next(said) for asked in batch]


def _alone(subject: Subject, score: Callable[[Sequence[Subject]], list[Assessment]]) -> Assessment | str:
    try:
        return score([subject])[0]
    except Exception as error:  # noqa: BLE001 - as above
        return f"scoring failed: {type(error).__name__}"


def _answer(asked: Asked, said: Assessment | str | None, lacks: set[str]) -> Row:
    if said is None or isinstance(said, str):
        return {"id": asked.item_id, "error": said or asked.fault}
    if said.lacks is not None:
        lacks.add(str(said.lacks))
    return {"id": asked.item_id, **_shown(said)}


def _shown(assessment: Assessment) -> dict[str, Any]:
    from moderation.abuse.explanation import why

    return {
        "score": assessment.score,
        "abuse": assessment.abuse,
        "severity": assessment.severity.word,
        "labels": [str(label) for label in assessment.labels],
        "intent": str(assessment.intent),
        "route": str(assessment.route),
        "findings": [
            {
                "by": finding.by,
                "label": finding.label,
                "start": finding.start,
                "end": finding.end,
                "why": why(finding, assessment.target),
            }
            for finding in assessment.findings
        ],
        "model": assessment.model,
        "uncertain": assessment.uncertain,
        "target": str(assessment.target),
    }
