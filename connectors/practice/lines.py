"""The lines of a content file, each read alone: what it says, or why it cannot be used."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from connectors.practice.changes import ChangeKind
from connectors.practice.identities import Platform

EARLIEST = datetime(2011, 1, 1, tzinfo=UTC)
LATEST = datetime(2080, 1, 1, tzinfo=UTC)
"""Times outside cannot be written into an id of X, so no platform takes them."""

BEST_RATING = 5

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
    seen_from: datetime | None = None
    private: bool = False
    review: bool = False
    rating: int | None = None
    hidden_author: bool = False
    quotes: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """A line that changes something, before its gaps are filled and before what it changes is known."""

    line: int
    of: str
    kind: ChangeKind
    at: datetime | None
    text: str | None
    by: str | None
    platform: Platform | None


def read_lines(lines: Iterable[bytes]) -> tuple[list[Draft], list[ChangeDraft], list[RejectedLine]]:
    """Return the lines that say something, those that change something, and the others but empty ones."""
    drafts: list[Draft] = []
    changes: list[ChangeDraft] = []
    rejected: list[RejectedLine] = []
    taken: set[str] = set()
    for number, line in enumerate(lines, start=1):
        whole = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
        if not whole.strip():
            continue
        try:
            fields = _fields(whole)
            if fields.get("change") is not None:
                changes.append(_change(number, fields))
                continue
            draft = _draft(number, fields)
        except _BrokenLineError as broken:
            rejected.append(RejectedLine(number, str(broken)))
            continue
        if draft.key in taken:
            draft = replace(draft, key=_unused(f"line-{number}", taken))
        taken.add(draft.key)
        drafts.append(draft)
    return drafts, changes, rejected


def _fields(line: bytes) -> Mapping[str, object]:
    try:
        fields = json.loads(line.decode())
    except UnicodeDecodeError:
        raise _BrokenLineError("is not UTF-8") from None
    except (ValueError, RecursionError):
        raise _BrokenLineError("is not JSON") from None
    if not isinstance(fields, dict):
        raise _BrokenLineError("is not a JSON object")
    return fields


def _draft(number: int, fields: Mapping[str, object]) -> Draft:
    text = fields.get("text")
    if not isinstance(text, str):
        raise _BrokenLineError("has no text")
    return Draft(
        line=number,
        key=_word(fields, "id") or f"line-{number}",
        platform=_platform(fields),
        by=_word(fields, "by"),
        name=_word(fields, "name"),
        text=text,
        at=_time(fields, "at"),
        under=_word(fields, "under"),
        mentions=_words(fields, "mentions"),
        seen_from=_time(fields, "seen_from"),
        private=_flag(fields, "private"),
        review=_flag(fields, "review"),
        rating=_rating(fields),
        hidden_author=_flag(fields, "hidden_author"),
        quotes=_word(fields, "quotes"),
    )


def _change(number: int, fields: Mapping[str, object]) -> ChangeDraft:
    of, text = _word(fields, "of"), fields.get("text")
    kind = _word(fields, "change") or ""
    if kind not in set(ChangeKind):
        raise _BrokenLineError(f"change is none of {', '.join(ChangeKind)}")
    if of is None:
        raise _BrokenLineError("does not say of what it is a change")
    if text is not None and not isinstance(text, str):
        raise _BrokenLineError("text is not text")
    if kind == ChangeKind.EDIT and text is None:
        raise _BrokenLineError("has no text")
    return ChangeDraft(
        line=number,
        of=of,
        kind=ChangeKind(kind),
        at=_time(fields, "at"),
        text=text,
        by=_word(fields, "by"),
        platform=_platform(fields),
    )


def _flag(fields: Mapping[str, object], name: str) -> bool:
    value = fields.get(name)
    if value is not None and not isinstance(value, bool):
        raise _BrokenLineError(f"{name} is neither true nor false")
    return value is True


def _rating(fields: Mapping[str, object]) -> int | None:
    value = fields.get("rating")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= BEST_RATING:
        raise _BrokenLineError(f"rating is not a whole number from 1 to {BEST_RATING}")
    return value


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


def _time(fields: Mapping[str, object], name: str) -> datetime | None:
    word = _word(fields, name)
    if word is None:
        return None
    try:
        at = datetime.fromisoformat(word)
    except ValueError:
        raise _BrokenLineError(f"{name} is not an ISO 8601 time") from None
    if at.tzinfo is None:
        raise _BrokenLineError(f"{name} has no offset from UTC")
    if not EARLIEST <= at < LATEST:
        raise _BrokenLineError(f"{name} is not between {EARLIEST.year} and {LATEST.year}")
    return whole_milliseconds(at.astimezone(UTC))


def whole_milliseconds(at: datetime) -> datetime:
    """Return the time without what is smaller than a millisecond."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _unused(key: str, taken: set[str]) -> str:
    while key in taken:
        key += "+"
    return key
