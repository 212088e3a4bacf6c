"""A YouTube channel, through google-api-python-client: the comments on all its videos, and their replies.

YouTube lists threads by when they began, so a new reply to an old comment moves nothing. A poll therefore
lists back to ``reply_days`` and looks at each thread's number of replies and at the few that the listing
shows: where they changed, or where not all are shown, the replies are read one by one. The daily sweep does
so for every thread back to ``sweep_reply_days``.

What is sent is in :mod:`connectors.calls.youtube_calls`, where an item is in ``youtube_lookup``, what can
be done about it in ``youtube_acts``. :mod:`connectors.calls.google` reaches Google and signs in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from connectors.answers import youtube as answers
from connectors.answers import youtube_errors as errors
from connectors.answers.youtube import Thread
from connectors.base import (
    BugOrConfig,
    Capabilities,
    Capability,
    ConnectorContext,
    Missing,
    Page,
    Proof,
    State,
    completed,
    unsupported,
    watermark,
)
from connectors.calls import youtube_acts as acts
from connectors.calls.youtube_calls import Calls
from connectors.calls.youtube_lookup import look_up
from connectors.meter import Meter
from connectors.options import ReadingOptions
from moderation.actions import Action, ActionKind, Done
from moderation.items import Found, Reference, Rejected
from sla.messages import FIRST_BELIEVED

STREAMS = {"comments": "published", "held": "heldForReview", "likely_spam": "likelySpam"}
"""The streams, and YouTube's word for what is in each."""

SETTLING = timedelta(hours=2)
"""After a thread's replies changed, all of them are read at every poll for this long, because the number can
be ahead of the list."""

MOST_SHOWN = 5
"""Replies that a listing shows of a thread; a sweep trusts no number of replies that is this or more."""

_DONE_HERE = frozenset(
    {ActionKind.REPLY, ActionKind.HIDE, ActionKind.UNHIDE, ActionKind.DELETE, ActionKind.BLOCK}
)


class Options(ReadingOptions):
    """The settings of a YouTube channel."""

    overlap_hours: float = Field(
        default=48, ge=0.1, le=720, description="Hours before the last complete poll that are read again."
    )
    first_poll_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="Days that the very first poll reads back, or sweep_reply_days if those are more: what a "
        "later sweep meets for the first time would else count as new.",
    )
    reply_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="Age of a comment, in days, up to which new replies are noticed.",
    )
    sweep_days: int = Field(
        default=7, ge=1, le=3650, description="Days that the daily sweep reads back in full."
    )
    sweep_reply_days: int = Field(
        default=365,
        ge=1,
        le=3650,
        description="Age of a comment, in days, up to which the daily sweep notices new replies.",
    )
    daily_units: int = Field(
        default=10_000,
        ge=1,
        description="Quota units that Google gives the school's project for a day.",
    )


class Connector:
    """One channel. Needs the owner's sign-in with the scope youtube.force-ssl."""

    platform: ClassVar[str] = "youtube"

    def __init__(self, options: Options, context: ConnectorContext) -> None:
        self.meter = Meter()
        self._options = options
        self._me = context.identity
        self._calls = Calls(context, self.meter, options.max_pages, options.daily_units)

    def capabilities(self) -> Capabilities:
        """Say what YouTube offers the owner of a channel."""
        return {
            Capability.READ_COMMENTS: Missing(
                "The chat beside a live stream and the comments on community posts are not read.",
                "Have somebody watch the chat while a stream runs, and look at community posts in YouTube "
                "Studio.",
                partly=True,
            ),
            Capability.READ_MENTIONS: Missing(
                "YouTube does not say where else the channel is mentioned.",
                "Look at the channel's notifications in YouTube Studio.",
            ),
            Capability.READ_MESSAGES: Missing("YouTube has no private messages.", "Nothing to do."),
            Capability.READ_REVIEWS: Missing("YouTube has no reviews.", "Nothing to do."),
            Capability.SEE_OWN_REPLIES: None,
            Capability.SEE_EDITS: None,
            Capability.SEE_DELETIONS: None,
            Capability.REPLY: None,
            Capability.HIDE: None,
            Capability.UNHIDE: None,
            Capability.DELETE: Missing(
                "YouTube lets the school delete its own comments only. Those of others can be hidden here, "
                "or removed for good on YouTube.",
                "Open the item's link and choose Remove.",
                partly=True,
            ),
            Capability.BLOCK: Missing(
                "Blocking also removes the comment for good: YouTube offers no other way.",
                "To keep the comment, hide the author in YouTube Studio under Settings, Community.",
                partly=True,
            ),
            Capability.UNBLOCK: Missing(
                "YouTube lets no program lift a block.",
                "Take the author off the list of hidden users in YouTube Studio under Settings, Community.",
            ),
            Capability.REPORT: Missing(
                "YouTube no longer takes reports of comments by program.",
                "Open the item's link and choose Report.",
            ),
        }

    def streams(self) -> tuple[str, ...]:
        """Name the public comments, those that YouTube holds for the owner, and those it takes for spam."""
        return tuple(STREAMS)

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        """Read one stream: 1. list threads back to where replies still count, 2. read grown threads."""
        status, options = _status(stream), self._options
        first = timedelta(days=max(options.first_poll_days, options.sweep_reply_days))
        since = watermark(state, now, timedelta(hours=options.overlap_hours), first)
        known = state.get("threads")
        known = known if isinstance(known, Mapping) else {}
        kept: dict[str, object] = {}
        for page, threads in self._threads(status, min(since, now - timedelta(days=options.reply_days)), now):
            yield page
            for thread in threads:
                if thread.is_whole:
                    continue  # the listing shows all of it, so there is nothing to remember
                memory = (
                    _Memory.of(thread, known.get(thread.id), now) if state else _Memory.begun(thread, now)
                )
                kept[thread.id] = memory.written()
                if not state or now - memory.changed_at < SETTLING:
                    yield from self._replies(thread, now)
        yield Page(cursor=completed(now, threads=kept))

    def sweep(self, stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        """Read every thread that may have had a reply since ``since``, and every reply of each."""
        horizon = min(since, now - timedelta(days=self._options.sweep_reply_days))
        for page, threads in self._threads(_status(stream), horizon, now):
            yield page
            for thread in threads:
                if not thread.is_whole or thread.shown >= MOST_SHOWN:
                    yield from self._replies(thread, now)

    def lookup(self, references: Sequence[Reference], now: datetime) -> list[Found]:
        """Say of each comment where it is. Costs a handful of units, whatever their number up to 50."""
        return [place.found for place in look_up(self._calls, self._me, references, now)]

    def act(self, action: Action, now: datetime) -> Done:
        """Reply, hide (hold for review), unhide, delete an own comment, or block; then read it back."""
        self._refuse_what_is_missing(action)
        return acts.do(self._calls, self._me, action, now)

    def verify(self, action: Action, now: datetime) -> Done | None:
        """Read back whether an action was done whose answer was lost. A block itself is never shown."""
        self._refuse_what_is_missing(action)
        return acts.look(self._calls, self._me, action, now)

    def prove(self, now: datetime) -> Proof:
        """Make sure that the sign-in is for this channel and may manage its comments.

        The end of the sign-in is known only where Google tells it: for an app that is still in testing, whose
        sign-ins last seven days.
        """
        channels = self._calls.own_channels(now)
        granted = self._calls.granted
        if self._me.external_id not in channels:
            raise errors.other_channel()
        if granted.scopes is not None and errors.MANAGE_COMMENTS not in granted.scopes:
            raise errors.scope_missing()
        seconds = granted.refresh_seconds
        return Proof(
            expires_at=None if seconds is None else now + timedelta(seconds=seconds), scopes=granted.scopes
        )

    def sweep_days(self) -> int:
        """Return how many days a sweep reads back in full; new replies it notices on older comments too."""
        return self._options.sweep_days

    def monthly_estimate(self, items_per_day: float) -> Decimal:
        """Return what a month costs in US dollars: YouTube counts units, which cost nothing."""
        return Decimal(0)

    def _refuse_what_is_missing(self, action: Action) -> None:
        is_others = action.kind is ActionKind.DELETE and not acts.is_own(action, self._me)
        if action.kind not in _DONE_HERE or is_others:
            raise unsupported(action, self.capabilities())

    def _threads(self, status: str, horizon: datetime, now: datetime) -> Iterator[tuple[Page, list[Thread]]]:
        """Yield the threads page by page, back to a page on which all began before the horizon.

        What else is older on the pages is left out: which of it they show depends on what was deleted since.
        """
        for entries in self._calls.threads(status, now):
            threads = {each.id: each for entry in entries if (each := answers.thread_of(entry))}
            page = answers.page_of_threads(entries, threads, self._me, status)
            items = tuple(item for item in page.items if not _is_before(item.created_at, horizon))
            recent = [each for each in threads.values() if not _is_before(each.began, horizon)]
            yield Page(items, page.rejected), recent
            if entries and all(answers.is_older(entry, horizon) for entry in entries):
                return

    def _replies(self, thread: Thread, now: datetime) -> Iterator[Page]:
        try:
            for entries in self._calls.replies(thread.id, now):
                yield answers.page_of_comments(entries, thread, self._me)
        except errors.ForbiddenItem:
            yield Page(rejected=(Rejected(thread.id, "replies to it are not shown to the channel"),))


def _is_before(moment: datetime | None, horizon: datetime) -> bool:
    # A time before any platform means that nobody knows it: what came with it may be new.
    return moment is not None and FIRST_BELIEVED <= moment < horizon


def _status(stream: str) -> str:
    if stream not in STREAMS:
        raise BugOrConfig(f"YouTube has no stream of this name; it has {', '.join(STREAMS)}.")
    return STREAMS[stream]


@dataclass(frozen=True, slots=True)
class _Memory:
    """What a poll remembers of a thread: its number of replies, the newest one shown, and when that changed.

    The newest one tells where one reply went and another one came.
    """

    total: int | None
    changed_at: datetime
    newest: datetime | None

    @classmethod
    def of(cls, thread: Thread, before: object, now: datetime) -> _Memory:
        """Compare a thread with what was remembered; what cannot be read counts as changed just now."""
        total, changed, newest = before if isinstance(before, list) and len(before) == 3 else (None,) * 3
        changed_at, newest_then = _time(changed), _time(newest)
        has_newer = thread.newest is not None and (newest_then is None or thread.newest > newest_then)
        if changed_at is None or thread.total is None or total != thread.total or has_newer:
            return cls(thread.total, now, thread.newest)
        return cls(thread.total, changed_at, newest_then)

    @classmethod
    def begun(cls, thread: Thread, now: datetime) -> _Memory:
        """Remember a thread that the very first poll meets: it changed when its newest reply was written."""
        changed_at = min(now, thread.newest or thread.began or now)
        return cls(thread.total, changed_at, thread.newest)

    def written(self) -> list[object]:
        """Return it as JSON values."""
        return [self.total, self.changed_at.isoformat(), self.newest.isoformat() if self.newest else None]


def _time(value: object) -> datetime | None:
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return read if read is not None and read.tzinfo is not None else None
