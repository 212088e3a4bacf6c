"""What the Mastodon connector keeps from poll to poll: how far notifications were read, and conversations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.answers import fields
from connectors.answers import mastodon as answers
from connectors.base import State

REMEMBERED = 200
"""Statuses whose conversation is remembered from poll to poll."""

Answer = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Roots:
    """Which conversation a status belongs to, by its id, as far as is known."""

    known: dict[str, str]

    def of(self, status: Answer) -> str | None:
        """Return the first status of the conversation; ``None`` when the server has to be asked."""
        own = fields.identifier(status, "id")
        if own in self.known:
            return self.known[own]
        parent = fields.optional_identifier(status, "in_reply_to_id")
        root = own if parent is None else self.known.get(parent)
        if root is not None:
            self.known[own] = root
        return root

    def learn(self, context: Answer, status: str, otherwise: str) -> str:
        """Note all that the context of ``status`` tells; return the conversation's first status.

        What is known stays: a conversation keeps its name when its first status is deleted. ``otherwise``
        is the name when the server shows nothing above the status.
        """
        line = [*_ids(context.get("ancestors")), status]
        first = line[0] if len(line) > 1 else otherwise
        root = next((self.known[each] for each in line if each in self.known), first)
        for each in (*line, *_ids(context.get("descendants"))):
            self.known.setdefault(each, root)
        return root

    def recall(self, state: State) -> None:
        """Take up what an earlier poll kept."""
        for status, root in texts(state.get("roots")).items():
            self.known.setdefault(status, root)

    def kept(self) -> dict[str, str]:
        """Return what is worth keeping: the newest."""
        return dict(list(self.known.items())[-REMEMBERED:])


def _ids(entries: object) -> list[str]:
    found = (fields.known_identifier(entry) for entry in fields.mappings_in(entries))
    return [each for each in found if each]


def newest(listed: list[object]) -> str:
    """Return the highest id of a page, empty when it has none."""
    return max((fields.known_identifier(entry) or "" for entry in listed), key=answers.key, default="")


def marks(state: State, highest: str, now: datetime, overlap: timedelta) -> dict[str, object]:
    """Return from where the next poll reads: a notification that was the newest at least ``overlap`` ago."""
    kept = {name: state[name] for name in ("from", "next", "next_at") if isinstance(state.get(name), str)}
    try:
        rests = now - datetime.fromisoformat(str(kept["next_at"])) < overlap
    except (KeyError, ValueError, TypeError):
        rests = False
    if rests or not highest:
        return kept
    return {"from": kept.get("next", ""), "next": highest, "next_at": now.isoformat()}


def until(pages: Iterator[list[object]], since: datetime) -> Iterator[list[object]]:
    """Yield pages, newest first, up to the one that reaches back to ``since``."""
    for listed in pages:
        yield listed
        times = [moment for entry in listed if (moment := answers.time_of(entry)) is not None]
        if times and min(times) < since:
            return


def text(value: object) -> str:
    """Return a text of a state, empty when it is none."""
    return value if isinstance(value, str) else ""


def texts(value: object) -> dict[str, str]:
    """Return the texts of a state by their names; anything else in it is passed over."""
    entries = value.items() if isinstance(value, Mapping) else ()
    return {str(key): each for key, each in entries if isinstance(each, str)}
