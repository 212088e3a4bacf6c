"""Where comments are on YouTube: shown, reworded, held back, gone, or out of sight with their video.

Asked for by id, YouTube says neither whether a comment is held back nor why one is missing. So the lists of
what is held for the owner, taken for spam, and removed are read as well, and before anything counts as
deleted, its video has to be there with its comments switched on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.answers import fields
from connectors.answers import youtube as answers
from connectors.answers.youtube import Thread
from connectors.answers.youtube_errors import ForbiddenItem, StartAgain
from connectors.base import BugOrConfig, Identity, PermissionMissing, found
from connectors.calls.youtube_calls import Calls
from moderation.items import Found, Presence, Reference, Sighting

REJECTED = "rejected"
"""YouTube's word for what was removed for good."""

_WAITING = ("heldForReview", "likelySpam")


@dataclass(frozen=True, slots=True)
class Place:
    """Where one item is. ``status`` is YouTube's word for it, where a list of what is held showed it."""

    found: Found
    status: str = ""


def look_up(calls: Calls, me: Identity, references: Sequence[Reference], now: datetime) -> list[Place]:
    """Return where each item is, in order. Raises :class:`ConnectorError`."""
    search = _Search(calls, me, references, now)
    search.ask_for(references)
    doubtful = [each for each in references if not search.is_public(each)]
    if doubtful:
        search.read_lists(_WAITING, doubtful)
        search.read_rejected([each for each in doubtful if not search.is_listed(each)])
        search.ask_for(search.missing())  # it may have moved between the lists meanwhile
    videos = {each.post_id for each in search.missing() if each.post_id}
    visible = calls.visible_videos(sorted(videos), now) if videos else set()
    return [search.place(each, visible) for each in references]


class _Search:
    """What has been learned so far about some items."""

    def __init__(self, calls: Calls, me: Identity, references: Sequence[Reference], now: datetime) -> None:
        self._calls = calls
        self._me = me
        self._now = now
        self._references = references
        self._items: dict[str, Sighting] = {}
        self._shown: set[str] = set()
        self._forbidden: set[str] = set()
        self._status: dict[str, str] = {}
        self._threads: dict[str, Thread] = {}

    def ask_for(self, references: Sequence[Reference]) -> None:
        """Ask for items by id: their threads, then those that are replies."""
        if not references:
            return
        entries, threads_refused = self._calls.threads_by_id(
            [each.thread_id for each in references], self._now
        )
        for entry in entries:
            thread = answers.thread_of(entry)
            if thread is not None:
                self._threads[thread.id] = thread
                self._take(answers.page_of_threads([entry], {thread.id: thread}, self._me).items)
                self._shown.add(thread.id)
        replies = {each.external_id: each for each in references if each.external_id != each.thread_id}
        entries, replies_refused = (
            self._calls.comments_by_id(list(replies), self._now) if replies else ([], set())
        )
        for entry in entries:
            name = fields.known_identifier(entry)
            if name in replies:
                self._shown.add(name)
                thread = self._thread(replies[name])
                self._take(answers.page_of_comments([entry], thread, self._me).items)
        self._forbidden |= threads_refused | replies_refused
        self._mind_permissions(references)

    def is_public(self, reference: Reference) -> bool:
        """Say whether all of YouTube surely sees it: a reply may be held back in a thread that is public."""
        thread = self._threads.get(reference.external_id)
        return thread is not None and thread.is_public

    def is_listed(self, reference: Reference) -> bool:
        """Say whether a list of what is not public has shown it."""
        return reference.external_id in self._status

    def missing(self) -> list[Reference]:
        """Return what has been seen nowhere yet."""
        seen = self._shown | set(self._status) | self._forbidden
        return [each for each in self._references if each.external_id not in seen]

    def read_lists(self, statuses: Sequence[str], wanted: Sequence[Reference]) -> None:
        """Read the lists of what is not public, as far back as the wanted items' threads began."""
        threads = {each.thread_id for each in wanted}
        since = self._since(wanted)
        for status in statuses:
            for entries in self._calls.threads(status, self._now):
                for entry in entries:
                    thread = answers.thread_of(entry)
                    if thread is not None and thread.id in threads:
                        self._read_thread(entry, thread, status)
                if since and entries and all(answers.is_older(entry, since) for entry in entries):
                    break

    def read_rejected(self, wanted: Sequence[Reference]) -> None:
        """Read the list of what was removed, where YouTube gives it: its documentation leaves it out."""
        if not wanted:
            return
        try:
            self.read_lists((REJECTED,), wanted)
        except (BugOrConfig, PermissionMissing, StartAgain):
            return

    def place(self, reference: Reference, visible_videos: set[str]) -> Place:
        """Return where an item is, after all that was learned."""
        name = reference.external_id
        item = self._items.get(name)
        if name in self._status:
            hidden = replace(item, hidden=True) if item else None
            return Place(Found(name, Presence.HIDDEN, hidden), self._status[name])
        if item is not None:
            return Place(found(reference, replace(item, hidden=False)))  # no list of what is held has it
        return Place(Found(name, self._absence(reference, visible_videos)))

    def _absence(self, reference: Reference, visible_videos: set[str]) -> Presence:
        name = reference.external_id
        if name in self._forbidden:
            return Presence.INVISIBLE
        if name in self._shown or reference.thread_id in self._status or reference.post_id is None:
            return (
                Presence.UNKNOWN
            )  # not readable, out of sight with its thread, or without a video to ask for
        return Presence.DELETED if reference.post_id in visible_videos else Presence.INVISIBLE

    def _read_thread(self, entry: object, thread: Thread, status: str) -> None:
        pages = [answers.page_of_threads([entry], {thread.id: thread}, self._me, status)]
        if not thread.is_whole:
            pages += [
                answers.page_of_comments(entries, thread, self._me)
                for entries in self._calls.replies(thread.id, self._now)
            ]
        for page in pages:
            held = [item for item in page.items if item.hidden]
            self._take(held)
            self._status.update({item.external_id: status for item in held})

    def _take(self, items: Sequence[Sighting]) -> None:
        self._items.update({item.external_id: item for item in items})

    def _thread(self, reference: Reference) -> Thread:
        known = self._threads.get(reference.thread_id)
        return known or Thread(reference.thread_id, reference.post_id)

    def _since(self, wanted: Sequence[Reference]) -> datetime | None:
        """Return when the oldest of the wanted items' threads began, ``None`` when that is not known."""
        began = [self._began(each) for each in wanted]
        known = [each for each in began if each is not None]
        return min(known) if len(known) == len(began) else None

    def _began(self, reference: Reference) -> datetime | None:
        thread = self._threads.get(reference.thread_id)
        if thread is not None:
            return thread.began
        return reference.created_at if reference.external_id == reference.thread_id else None

    def _mind_permissions(self, references: Sequence[Reference]) -> None:
        """Raise :class:`PermissionMissing` when YouTube shows nothing at all: it is the sign-in then."""
        names = {each.external_id for each in references}
        if len(names) > 1 and names <= self._forbidden:
            raise ForbiddenItem(
                "YouTube shows the channel that signed in none of its comments. See whether it is the "
                "school's own channel; if it is not, sign in again and choose the channel."
            )
