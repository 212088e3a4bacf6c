"""The corpus of UK school talk: its messages, and which of them are learnt from, tuned on and measured on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from moderation.assessment import Intent, Label, Route, Severity, Target

FOLDER = Path(__file__).with_name("corpus")
"""One JSON-lines file for each writer; a line is one message."""

TEST_HANDS = frozenset({"K", "L"})
"""Writers whose every message is set aside for measuring: nobody tunes on them."""

_TEST_SHARE = 8
_TUNING_SHARE = 16


class Part(StrEnum):
    """What a message is used for. Whole batches go to one part, so no person is in two."""

    LEARN = "learn"
    TUNE = "tune"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the corpus with what a safeguarding lead would say of it.

    ``batch`` names the invented person who wrote it, ``hand`` the writer behind that person. ``pair`` is
    the same for the two halves of a contrast pair. ``marks`` are those of ``docs/labelling.md``.
    """

    id: str
    hand: str
    batch: str
    text: str
    platform: str
    kind: str
    role: str
    abuse: bool
    severity: Severity
    labels: frozenset[Label]
    intent: Intent
    route: Route
    target: Target
    marks: frozenset[str]
    pair: str | None

    @property
    def part(self) -> Part:
        """What this message is used for."""
        if self.hand in TEST_HANDS:
            return Part.TEST
        share = crc32(self.batch.encode()) % 100
        if share < _TEST_SHARE:
            return Part.TEST
        return Part.TUNE if share < _TEST_SHARE + _TUNING_SHARE else Part.LEARN

    @property
    def urgent(self) -> bool:
        """Whether a person has to act on it the same working day."""
        return self.severity >= Severity.MEDIUM


def _message(row: dict[str, Any]) -> Message:
    return Message(
        id=str(row["id"]),
        hand=str(row["id"]).split("-", 1)[0],
        batch=str(row["batch"]),
        text=str(row["text"]),
        platform=str(row["platform"]),
        kind=str(row["kind"]),
        role=str(row["role"]),
        abuse=bool(row["abuse"]),
        severity=Severity[str(row["severity"]).upper()],
        labels=frozenset(Label(label) for label in row["labels"]),
        intent=Intent(str(row["intent"])),
        route=Route(str(row["route"])),
        target=Target(str(row["target"])),
        marks=frozenset(str(mark) for mark in row["marks"]),
        pair=None if row.get("pair") is None else str(row["pair"]),
    )


@cache
def messages() -> tuple[Message, ...]:
    """Return the whole corpus, in the order of its files."""
    return tuple(
        _message(json.loads(line))
        for path in sorted(FOLDER.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    )


def of(part: Part) -> list[Message]:
    """Return the messages of one part."""
    return [message for message in messages() if message.part is part]


def pairs(among: Iterable[Message]) -> Iterator[tuple[Message, Message]]:
    """Yield the contrast pairs of which both halves are among the messages."""
    waiting: dict[str, Message] = {}
    for message in among:
        if message.pair is None:
            continue
        if (other := waiting.pop(message.pair, None)) is not None:
            yield other, message
        else:
            waiting[message.pair] = message
