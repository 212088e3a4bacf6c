"""The lines of a content file, each read alone: what it says, or why it cannot be used."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from connectors.practice.identities import Platform

EARLIEST = datetime(2011, 1, 1, tzinfo=UTC)
LATEST = datetime(2080, 1, 1, tzinfo=UTC)
"""Times outside cannot be written into an id of X, so no platform takes them."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line that could not be used, and why. The reason never quotes the line."""

    line: int
    reason: str


class _BrokenLineError(ValueError):
    """This line cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A line that can be used, before its gaps are filled."""

    line: int
    key: str
    platform: Platform | None
    by: str | None
    name: str | None
    text: str
    at: datetime | None
    under: str | None
    mentions: tuple[str, ...]


def read_lines(lines: Iterable[bytes]) -> tuple[list[Draft], list[RejectedLine]]:
    """Return the lines that can be used, and the others. Empty lines are neither."""
    drafts: list[Draft] = []
    rejected: list[RejectedLine] = []
    taken: set[str] = set()
    for number, line in enumerate(lines, start=1):
        whole = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
        if not whole.strip():
            continue
        try:
            draft = _draft(number, whole)
        except _BrokenLineError as broken:
            rejected.append(RejectedLine(number, str(broken)))
            continue
        if draft.key in taken:
            draft = replace(draft, key=_unused(f"line-{number}", taken))
        taken.add(draft.key)
        drafts.append(draft)
    return drafts, rejected


def _draft(number: int, line: bytes) -> Draft:
    try:
        fields = json.loads(line.decode())
    except UnicodeDecodeError:
        raise _BrokenLineError("is not UTF-8") from None
    except (ValueError, RecursionError):
        raise _BrokenLineError("is not JSON") from None
    if not isinstance(fields, dict):
        raise _BrokenLineError("is not a JSON object")
    if not isinstance(fields.get("text"), str):
        raise _BrokenLineError("has no text")
    return Draft(
        line=number,
        key=_word(fields, "id") or f"line-{number}",
        platform=_platform(fields),
        by=_word(fields, "by"),
        name=_word(fields, "name"),
        text=fields["text"],
        at=_time(fields),
        under=_word(fields, "under"),
        mentions=_words(fields, "mentions"),
    )


def _word(fields: Mapping[str, object], name: str) -> str | None:
    value = fields.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _BrokenLineError(f"{name} is not a word")
    return str(value)


def _words(fields: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = fields.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise _BrokenLineError(f"{name} is not a list of words")
    return tuple(dict.fromkeys(value))


def _platform(fields: Mapping[str, object]) -> Platform | None:
    word = _word(fields, "platform")
    if word is None:
        return None
    try:
        return Platform(word)
    except ValueError:
        raise _BrokenLineError(f"platform is none of {', '.join(Platform)}") from None


def _time(fields: Mapping[str, object]) -> datetime | None:
    word = _word(fields, "at")
    if word is None:
        return None
    try:
        at = datetime.fromisoformat(word)
    except ValueError:
        raise _BrokenLineError("at is not an ISO 8601 time") from None
    if at.tzinfo is None:
        raise _BrokenLineError("at has no offset from UTC")
    if not EARLIEST <= at < LATEST:
        raise _BrokenLineError(f"at is not between {EARLIEST.year} and {LATEST.year}")
    return whole_milliseconds(at.astimezone(UTC))


def whole_milliseconds(at: datetime) -> datetime:
    """Return the time without what is smaller than a millisecond."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _unused(key: str, taken: set[str]) -> str:
    while key in taken:
        key += "+"
    return key
