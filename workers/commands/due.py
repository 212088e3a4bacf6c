"""The ``due`` command: a filter from times of receipt to due times, one JSON object per line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator

from workers.json_lines import Row, answer_each, lines_of, moment_from, print_answers, promises, zulu

HELP = "Read times of receipt as JSON lines and write when each answer is due, and why."


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command takes no arguments: it reads standard input and writes standard output."""
    parser.description = (
        HELP + ' A line in: {"id", "received", "nation", "rule"?, "closures"?}. '
        'A line out: {"id", "due", "why", "trace"} or {"id", "error"}.'
    )


def run(args: argparse.Namespace) -> int:
    """Answer every line of standard input in order; 1 if any of them could not be answered."""
    return print_answers(answers(line for _, line in lines_of(sys.stdin.buffer)))


def answers(lines: Iterable[bytes | None]) -> Iterator[Row]:
    """Yield one answer per line that is not blank: a due time, or an error that says what to change."""
    return answer_each(lines, _counter())


def _counter() -> Callable[[Row], Row]:
    """Return the function that answers one question."""
    from sla.deadline import deadline

    promise_of = promises()

    def due_of(asked: Row) -> Row:
        received = moment_from("received", asked.get("received"))
        target, calendar = promise_of(asked.get("nation"), asked.get("rule"), asked.get("closures"))
        made = deadline(received, target, calendar)
        return {"due": zulu(made.due), "why": made.why, "trace": list(made.trace)}

    return due_of
