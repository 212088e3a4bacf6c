"""What is said on the practice platforms: a content file (JSON lines), read leniently and never fatally.

One thing per line::

    {"id": "f-012", "platform": "facebook", "by": "kerry-walsh", "name": "Kerry Walsh",
     "text": "Is the office open?", "at": "2026-11-16T08:12:00+00:00", "under": "f-010",
     "mentions": ["school"]}     (on one line; mentions are author keys)

Only ``text`` must be there. What is missing (or ``null``) is filled, the same way each time:

- ``platform``: that of the thing it stands ``under``, else facebook, x and youtube in turn;
- ``by``: an author of its own; ``name``: made from the author key;
- ``at``: spread over the sample week, in the order of the lines;
- ``id``: made from the line number, also when an earlier line has already taken the id.

Nothing else has to be there, but may:

- ``"seen_from"``: when it becomes visible; ``at`` is then only what the platform claims (it surfaced late,
  or was back-dated);
- ``"private": true``: a direct message, ``under`` another one or alone: the conversation is the one between
  the school and whoever wrote to it, or whom the school mentions first. What stands under a message is one;
- ``"review": true`` and ``"rating": 1..5``: a review or recommendation, under nothing;
- ``"hidden_author": true``: the platform does not say who wrote this one;
- ``"quotes"``: the id of what it quotes (X).

A line with ``change`` says what happens to something later (see :mod:`connectors.practice.changes`)::

    {"change": "edit|delete|hide|unhide|hold|reject|publish|ban|unban|mute|unmute", "of": "f-012",
     "at": "...", "text": "the new words of an edit", "by": "who does it"}

``by`` is the author for edit and delete, else the school; ``at`` a minute after what it changes came.

A line that cannot be used (no JSON object, no text, a time without an offset) is reported by its number.
An ``under`` that leads nowhere (no such id, another platform, a circle) is dropped, and the line is
listed as loose. Nothing is ever older than what it stands under: it is moved to one second after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from connectors.practice.changes import OF_AUTHORS, Change, ChangeKind, in_order
from connectors.practice.identities import SCHOOL, WEEK, WEEK_START, Platform
from connectors.practice.lines import (
    EARLIEST,
    LATEST,
    ChangeDraft,
    Draft,
    RejectedLine,
    read_lines,
    whole_milliseconds,
)

IN_TURN = (Platform.FACEBOOK, Platform.X, Platform.YOUTUBE)
"""Who gets lines that name no platform. Others are left out so that existing content stays where it is."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One post, comment or reply, complete. ``line`` is its place in the file, from 1; made ones have 0.

    ``at`` (UTC, whole milliseconds) is when it was written, as the platform tells it. It becomes visible
    then, or at ``seen_from`` when that is later. ``text`` goes out exactly as it came in. ``private`` is a
    direct message, ``review`` a review with a ``rating`` (1 to 5) or without. ``quotes`` is the key of what
    it quotes.
    """

    line: int
    key: str
    platform: Platform
    by: str
    name: str
    text: str
    at: datetime
    under: str | None = None
    mentions: tuple[str, ...] = ()
    seen_from: datetime | None = None
    private: bool = False
    review: bool = False
    rating: int | None = None
    hidden_author: bool = False
    quotes: str | None = None

    @property
    def visible_from(self) -> datetime:
        """When it becomes visible (UTC)."""
        return self.at if self.seen_from is None else max(self.at, self.seen_from)


@dataclass(frozen=True, slots=True)
class Content:
    """A content file as it was read. ``loose`` are the lines whose ``under`` or ``of`` led nowhere."""

    things: tuple[Thing, ...]
    rejected: tuple[RejectedLine, ...] = ()
    loose: tuple[int, ...] = ()
    changes: tuple[Change, ...] = ()


def sample_week() -> Content:
    """Return the sample week that ships with the product."""
    with files("connectors.practice").joinpath("sample_week.jsonl").open("rb") as lines:
        return read(lines)


def load(path: Path) -> Content:
    """Read a content file. Raises :class:`OSError` when the file itself cannot be opened."""
    with path.open("rb") as lines:
        return read(lines)


def beginning_at(content: Content, moment: datetime) -> Content:
    """Return the same content, moved in time so that its first thing arrives at ``moment`` (UTC).

    Raises :class:`ValueError` when a part would fall outside the times that the platforms take.
    """
    if not content.things:
        return content
    first = min(thing.at for thing in content.things)
    last = max([thing.visible_from for thing in content.things] + [change.at for change in content.changes])
    if not EARLIEST <= moment <= LATEST - (last - first):
        raise ValueError(f"everything has to lie between {EARLIEST.year} and {LATEST.year}")
    by = whole_milliseconds(moment) - first
    return replace(
        content,
        things=tuple(_moved(thing, by) for thing in content.things),
        changes=tuple(replace(change, at=change.at + by) for change in content.changes),
    )


def read(lines: Iterable[bytes]) -> Content:
    """Read content: 1. each line alone, 2. what stands under what, 3. platforms, 4. times, 5. changes."""
    drafts, change_drafts, rejected = read_lines(lines)
    under, loose = _links(drafts)
    platforms, strangers = _platforms(drafts, under)
    for key in strangers:
        under.pop(key)
    times = _times(drafts, under)
    private = _private(drafts, under)
    things = tuple(
        Thing(
            line=draft.line,
            key=draft.key,
            platform=platforms[draft.key],
            by=draft.by or f"visitor-{draft.line}",
            name=draft.name or name_of(draft.by or f"visitor-{draft.line}"),
            text=draft.text,
            at=times[draft.key],
            under=under.get(draft.key),
            mentions=draft.mentions,
            seen_from=draft.seen_from,
            private=draft.key in private,
            review=draft.review,
            rating=draft.rating,
            hidden_author=draft.hidden_author,
            quotes=draft.quotes,
        )
        for draft in drafts
    )
    changes, aimless = _changes(change_drafts, things)
    numbers = {draft.key: draft.line for draft in drafts}
    unlinked = [numbers[key] for key in (*loose, *strangers)]
    return Content(things, tuple(rejected), tuple(sorted(unlinked + aimless)), changes)


def name_of(author: str) -> str:
    """Return a name to show for an author key: ``kerry-walsh`` is Kerry Walsh."""
    return author.replace("-", " ").replace("_", " ").strip().title() or author


def _links(drafts: list[Draft]) -> tuple[dict[str, str], list[str]]:
    """Return what each key stands under, without dead ends and circles, and the keys that lost theirs."""
    known = {draft.key for draft in drafts}
    under = {draft.key: draft.under for draft in drafts if draft.under is not None}
    loose = [key for key, parent in under.items() if parent not in known]
    for key in loose:
        del under[key]
    sound: set[str] = set()
    for key in list(under):
        path: dict[str, None] = {}
        step = key
        while step in under and step not in sound and step not in path:
            path[step] = None
            step = under[step]
        if step in path:
            loose.append(step)
            del under[step]
        sound.update(path)
    return under, loose


def _parents_first(drafts: list[Draft], under: Mapping[str, str]) -> Iterator[Draft]:
    """Yield every draft after the one it stands under, otherwise in the order of the file."""
    by_key = {draft.key: draft for draft in drafts}
    done: set[str] = set()
    for draft in drafts:
        waiting: list[Draft] = []
        step: Draft | None = draft
        while step is not None and step.key not in done:
            waiting.append(step)
            parent = under.get(step.key)
            step = by_key[parent] if parent is not None else None
        for ready in reversed(waiting):
            done.add(ready.key)
            yield ready


def _platforms(drafts: list[Draft], under: Mapping[str, str]) -> tuple[dict[str, Platform], list[str]]:
    """Return every key's platform, and the keys that stand under something on another platform."""
    turn = {draft.key: IN_TURN[place % len(IN_TURN)] for place, draft in enumerate(drafts)}
    platforms: dict[str, Platform] = {}
    strangers: list[str] = []
    for draft in _parents_first(drafts, under):
        parent = under.get(draft.key)
        inherited = platforms[parent] if parent is not None else None
        platforms[draft.key] = draft.platform or inherited or turn[draft.key]
        if inherited is not None and platforms[draft.key] is not inherited:
            strangers.append(draft.key)
    return platforms, strangers


def _times(drafts: list[Draft], under: Mapping[str, str]) -> dict[str, datetime]:
    gap = WEEK // max(1, len(drafts))
    spread = {draft.key: WEEK_START + gap * place for place, draft in enumerate(drafts)}
    times: dict[str, datetime] = {}
    for draft in _parents_first(drafts, under):
        at = draft.at or spread[draft.key].replace(microsecond=0)
        parent = under.get(draft.key)
        if parent is not None and at <= times[parent]:
            at = times[parent] + timedelta(seconds=1)
        times[draft.key] = at
    return times


def _moved(thing: Thing, by: timedelta) -> Thing:
    seen_from = None if thing.seen_from is None else thing.seen_from + by
    return replace(thing, at=thing.at + by, seen_from=seen_from)


def _private(drafts: list[Draft], under: Mapping[str, str]) -> set[str]:
    """Return the keys of all messages: what says so, and whatever stands under one."""
    private: set[str] = set()
    for draft in _parents_first(drafts, under):
        if draft.private or under.get(draft.key) in private:
            private.add(draft.key)
    return private


def _changes(drafts: list[ChangeDraft], things: tuple[Thing, ...]) -> tuple[tuple[Change, ...], list[int]]:
    """Return the changes as they happen, and the lines that change nothing that is there."""
    by_key = {thing.key: thing for thing in things}
    authors = {thing.by for thing in things}
    changes: list[Change] = []
    aimless: list[int] = []
    for draft in drafts:
        thing = by_key.get(draft.of)
        if thing is None and not (draft.kind in OF_AUTHORS and draft.of in authors):
            aimless.append(draft.line)
            continue
        changes.append(_change(draft, thing))
    return tuple(in_order(changes)), aimless


def _change(draft: ChangeDraft, thing: Thing | None) -> Change:
    """Fill a change's gaps. Nothing changes before it is there."""
    earliest = thing.at if thing is not None else EARLIEST
    is_own = draft.kind in {ChangeKind.EDIT, ChangeKind.DELETE} and thing is not None
    return Change(
        of=draft.of,
        kind=draft.kind,
        at=max(draft.at, earliest) if draft.at is not None else earliest + timedelta(minutes=1),
        text=draft.text,
        by=draft.by or (thing.by if is_own and thing is not None else SCHOOL),
        platform=draft.platform or (thing.platform if thing is not None else None),
        line=draft.line,
    )
