"""``feedback``: how often people found scoring wrong, and their judgements as lines for the next training."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.shell import Trouble, listing_arguments, reading, show

if TYPE_CHECKING:
    from sqlalchemy import Connection

HELP = "Show how often people found scoring wrong, or write their judgements for the next training."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        HELP
        + " `feedback` counts false alarms and misses for urgency and for each label, `feedback each` lists "
        "every judgement, `feedback export FILE --words` writes what people wrote with the right answers."
    )
    listing_arguments(parser, words=True)
    parser.add_argument("what", nargs="?", choices=["each", "export"], help="left out: the counts")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="export: the file to be made")


def run(args: argparse.Namespace) -> int:
    """Print the counts or the judgements, or write the file."""
    if (args.what == "export") != (args.file is not None):
        raise Trouble("say where to: feedback export FILE --words")
    with reading(args) as connection:
        if args.what == "export":
            return _export(connection, args.file, words=args.words)
        rows = _each(connection, args) if args.what == "each" else _counts(connection)
    show(rows, as_json=args.json, title="judgements" if args.what else "feedback")
    return 0


def _counts(connection: Connection) -> list[dict[str, Any]]:
    from moderation.lessons import tallies
    from store.feedback import Feedback

    feedback = Feedback(connection)
    return [
        {
            "what": each.what,
            "said": each.said,
            "judged": each.judged,
            "false_alarms": each.false_alarms,
            "missed": each.missed,
            "false_alarm_share": each.false_alarm_share,
            "missed_share": each.missed_share,
        }
        for each in tallies(feedback.all(), feedback.said_of_all())
    ]


def _each(connection: Connection, args: argparse.Namespace) -> list[dict[str, Any]]:
    from store.feedback import Feedback

    newest_first = Feedback(connection).all()[::-1][: args.limit]
    rows = []
    for each in newest_first:
        right = each.right
        row = {
            "item": each.item,
            "version": each.version,
            "mark": str(each.mark),
            "said": each.said.severity.word,
            "said_labels": [str(label) for label in each.said.labels],
            "severity": None if right.severity is None else right.severity.word,
            "labels": None if right.labels is None else [str(label) for label in right.labels],
            "intent": right.intent,
            "route": right.route,
            "by": each.by,
            "at": each.at,
            "model": each.said.model,
        }
        rows.append(row | {"why": each.why} if args.words else row)
    return rows


def _export(connection: Connection, file: Path, *, words: bool) -> int:
    """Write a file that only this user can read; one that is there already is left alone."""
    if not words:
        raise Trouble("the file would hold what people wrote: add --words if that is what you want")
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Trouble(f"{file} is there already: choose another name") from None
    except OSError as error:
        raise Trouble(f"{file} cannot be written: {error.strerror}") from None
    count = 0
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as opened:
            for line in _lessons(connection):
                opened.write(json.dumps(line, ensure_ascii=False) + "\n")
                count += 1
    except BaseException:
        file.unlink(missing_ok=True)  # half a file would be taken for all there is
        raise
    print(
        f"{count} judged items are in {file}. It holds what people wrote: keep it on the school's own "
        "machines, and delete it after the training.",
        file=sys.stderr,
    )
    return 0


def _lessons(connection: Connection) -> Iterator[dict[str, Any]]:
    from moderation.lessons import by_version, lesson
    from store.feedback import Feedback
    from store.items import Items

    items = Items(connection)
    judged = by_version(Feedback(connection).all())
    versions = items.versions_of({each[-1].item for each in judged})
    authors: dict[tuple[str, str], str] = {}
    for each in judged:
        newest = each[-1]
        text = next(found.text for found in versions[newest.item] if found.number == newest.version)
        item = items.get(newest.item)
        # Names that mean nothing, known to this run alone: a digest of a public id could be looked up.
        author = authors.setdefault((item.account, item.author_key), secrets.token_hex(6))
        yield lesson(item, text, each, author)
