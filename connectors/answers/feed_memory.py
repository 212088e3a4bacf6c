"""What is kept of a feed from poll to poll, and whether a fetch reaches back to the one before it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from connectors.answers.feed_document import Document
from connectors.base import Missed, Page, State
from moderation.items import Sighting

MARKS = 200
"""Entries whose marks are kept."""

NEWEST = 5
"""Some of so many newest entries have to be seen again. Among more there may be pinned ones, always seen."""

ENOUGH = 2
"""How many of them, where they stand above what is new: a single one there may have been pinned since, and
would be seen however much was missed."""

THREADS = 300
"""Entries whose thread is remembered."""

_VALIDATORS = {"etag": "If-None-Match", "modified": "If-Modified-Since"}
_FOUND_AS = {"etag": "etag", "modified": "last-modified"}
_LONGEST_VALIDATOR = 500
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """A feed that was fetched, and what HTTP said of it."""

    document: Document
    headers: Mapping[str, str]


def validators(state: State) -> dict[str, str]:
    """Return the headers by which a server sees that we have its feed already."""
    return {header: value for name, header in _VALIDATORS.items() if (value := _header(state.get(name)))}


def unchanged(state: State) -> dict[str, object]:
    """Return what a state says beside its time."""
    names = (*_VALIDATORS, "marks", "newest", "threads")
    return {name: state[name] for name in names if name in state}


def threads(state: State) -> dict[str, str]:
    """Return to which thread earlier entries belong."""
    kept = state.get("threads")
    entries = kept.items() if isinstance(kept, Mapping) else ()
    return {str(entry): thread for entry, thread in entries if isinstance(thread, str)}


@dataclass(slots=True)
class Fetched:
    """The entries of one poll, held against what the poll before it kept."""

    before: State
    items: list[Sighting] = field(default_factory=list)
    sound: bool = True

    def add(self, page: Page) -> None:
        """Take up one page."""
        self.items += page.items
        self.sound = self.sound and not page.rejected

    def reaches_back(self) -> bool:
        """Say whether nothing can have come and gone between the fetch before and this one."""
        known = self.before.get("marks")
        if not isinstance(known, list) or not known:
            return True
        marks = {_mark(item): item for item in self.items}
        fresh = [item for mark, item in marks.items() if mark not in known]
        again = [mark for mark in known[:NEWEST] if mark in marks]
        if not fresh or len(again) >= min(ENOUGH, len(known)) or self._is_below(again, known):
            return True
        newest = _time(self.before.get("newest"))
        times = [item.created_at for item in fresh if item.created_at is not None]
        return newest is not None and len(times) == len(fresh) and min(times) <= newest

    def _is_below(self, again: list[str], known: list[object]) -> bool:
        """Say whether one of ``again`` stands below all that is new: nobody pins an entry there."""
        order = list(dict.fromkeys(_mark(item) for item in self.items))
        below = order[max(place for place, mark in enumerate(order) if mark not in known) :]
        return any(mark in below for mark in again)

    def missed(self, now: datetime) -> tuple[Missed, ...]:
        """Return the time in which entries may have come and gone."""
        if self.reaches_back():
            return ()
        times = [item.created_at for item in self.items if item.created_at is not None]
        newest = _time(self.before.get("newest")) or _time(self.before.get("complete_from")) or now
        later = [moment for moment in times if moment > newest]
        reason = "the feed is too short: its oldest entry is newer than what was read before"
        return (Missed(min(newest, now), min([*later, now]), reason),)

    def state(self, headers: Mapping[str, str], remembered: Mapping[str, str]) -> dict[str, object]:
        """Return what the next poll needs. A feed with broken entries is asked for in full again."""
        ordered = sorted(self.items, key=lambda item: item.created_at or _EVER, reverse=True)
        kept: dict[str, object] = {
            "marks": [_mark(item) for item in ordered][:MARKS],
            "threads": dict(list(remembered.items())[-THREADS:]),
        }
        times = [item.created_at for item in self.items if item.created_at is not None]
        if times:
            kept["newest"] = max(times).isoformat()
        if not self.items:
            kept.update({name: self.before[name] for name in ("marks", "newest") if name in self.before})
        if self.sound:
            found = {name: _header(headers.get(header)) for name, header in _FOUND_AS.items()}
            kept.update({name: value for name, value in found.items() if value})
        return kept


def _mark(item: Sighting) -> str:
    return hashlib.sha256(item.external_id.encode()).hexdigest()[:12]


def _time(value: object) -> datetime | None:
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return read if read is not None and read.tzinfo is not None else None


def _header(value: object) -> str:
    """Return what can be sent back as a header, empty when it cannot."""
    told = value.strip() if isinstance(value, str) else ""
    return told if told.isascii() and told.isprintable() and len(told) <= _LONGEST_VALIDATOR else ""
