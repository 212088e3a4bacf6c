"""What happens to something after it was said: it is edited, deleted, hidden, held back, and so on.

A change is a line of a content file, or made while the practice platforms run::

    {"change": "edit", "of": "f-012", "at": "2026-11-16T09:00:00+00:00", "text": "Is the office open today?"}

How to use it (``node`` is a :class:`connectors.practice.world.Node`)::

    state = node.state(moment)            # text, version, edited_at, deleted, hidden, held, rejected
    request.stage.change(Change(of=node.thing.key, kind=ChangeKind.HIDE, at=now))
    request.stage.say(Thing(line=0, key="", platform=..., by=SCHOOL, name=SCHOOL_NAME, text=..., at=now,
                            under=node.thing.key))     # returns the new node, with its id

Everything is a function of the changes and the moment: the same content at the same moment is the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from connectors.practice.identities import SCHOOL, Platform


class ChangeKind(StrEnum):
    """What a change does."""

    EDIT = "edit"
    DELETE = "delete"
    HIDE = "hide"
    UNHIDE = "unhide"
    HOLD = "hold"
    REJECT = "reject"
    PUBLISH = "publish"
    BAN = "ban"
    UNBAN = "unban"
    MUTE = "mute"
    UNMUTE = "unmute"


OF_AUTHORS = frozenset({ChangeKind.BAN, ChangeKind.UNBAN, ChangeKind.MUTE, ChangeKind.UNMUTE})
"""The changes that concern somebody, not something."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change, from ``at`` (UTC, whole milliseconds) on.

    ``of`` is the id (key) of the content line it changes; for a ban, unban, mute or unmute the id of
    something by that author, or the author key itself. ``text`` are the new words of an edit. ``by`` is the
    author key of whoever does it. ``platform`` limits a ban by author key to one platform (``None``: all).
    ``line`` is its place in the file; made ones have 0 and get the next free number.
    """

    of: str
    kind: ChangeKind
    at: datetime
    text: str | None = None
    by: str = SCHOOL
    platform: Platform | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """How something is at a moment.

    ``version`` counts from 1, the words as first said; ``edited_at`` (UTC) is ``None`` for those.
    ``held`` waits for somebody's decision and is not public, ``rejected`` was decided against. X holds
    nothing back: ``held`` there means that the author is protected, ``rejected`` that they are suspended.
    ``deleted_by`` is the author key of whoever deleted it.
    """

    text: str
    version: int = 1
    edited_at: datetime | None = None
    deleted: bool = False
    deleted_by: str | None = None
    hidden: bool = False
    held: bool = False
    rejected: bool = False

    @property
    def is_public(self) -> bool:
        """Whether it stands where everybody can read it (hiding is left to the platform)."""
        return not (self.deleted or self.held or self.rejected)


def in_order(changes: Iterable[Change]) -> list[Change]:
    """Return changes as they happen: by time, then by line."""
    return sorted(changes, key=lambda change: (change.at, change.line))


def state_at(text: str, changes: Iterable[Change], moment: datetime | None) -> State:
    """Return how something is at ``moment`` (``None``: as first said). ``changes`` are in order."""
    state = State(text)
    if moment is None:
        return state
    for change in changes:
        if change.at <= moment and not state.deleted:
            state = _changed(state, change)
    return state


def _changed(state: State, change: Change) -> State:
    match change.kind:
        case ChangeKind.EDIT:
            words = state.text if change.text is None else change.text
            return replace(state, text=words, version=state.version + 1, edited_at=change.at)
        case ChangeKind.DELETE:
            return replace(state, deleted=True, deleted_by=change.by)
        case ChangeKind.HIDE | ChangeKind.UNHIDE:
            return replace(state, hidden=change.kind is ChangeKind.HIDE)
        case ChangeKind.HOLD | ChangeKind.REJECT | ChangeKind.PUBLISH:
            held, rejected = change.kind is ChangeKind.HOLD, change.kind is ChangeKind.REJECT
            return replace(state, held=held, rejected=rejected)
    return state
