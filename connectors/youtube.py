"""A YouTube channel, through google-api-python-client: the comments on all its videos, and their replies.

YouTube lists threads by when they began, so a new reply to an old comment moves nothing. A poll therefore
lists back to ``reply_days`` and looks at each thread's number of replies: where it grew, or where the
listing does not show them all (it shows about five), the replies are read one by one.

How Google is reached and signed in to is in :mod:`connectors.google`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from googleapiclient.discovery import build
from pydantic import BaseModel, ConfigDict, Field

from connectors import transport
from connectors.answers import youtube as answers
from connectors.answers.youtube import Thread
from connectors.base import (
    BadResponse,
    BugOrConfig,
    Capabilities,
    Capability,
    ConnectorContext,
    ConnectorError,
    Missing,
    NotFound,
    Page,
    Refused,
    State,
    completed,
    watermark,
)
from connectors.google import Http, credentials

STREAMS = {"comments": "published", "held": "heldForReview", "likely_spam": "likelySpam"}
"""The streams, and YouTube's word for what is in each."""

SETTLING = timedelta(hours=2)
"""After a thread's number of replies changed, all its replies are read at every poll for this long,
because the number can be ahead of the list."""


class Options(BaseModel):
    """The settings of a YouTube channel."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    overlap_hours: float = Field(
        default=48, ge=0.1, le=720, description="Hours before the last complete poll that are read again."
    )
    first_poll_days: int = Field(
        default=30, ge=1, le=3650, description="Days that the very first poll reads back."
    )
    reply_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="Age of a comment, in days, up to which new replies are noticed.",
    )
    max_pages: int = Field(default=500, ge=1, description="Pages after which a listing counts as endless.")


class Connector:
    """One channel. Needs the owner's sign-in with the scope youtube.force-ssl."""

    platform: ClassVar[str] = "youtube"

    def __init__(self, options: Options, context: ConnectorContext) -> None:
        self._options = options
        self._me = context.identity
        self._youtube = build(
            "youtube",
            "v3",
            http=Http(credentials(context.token), context.base_url),
            static_discovery=True,
            cache_discovery=False,
            client_options={"api_endpoint": context.base_url} if context.base_url else None,
        )

    def capabilities(self) -> Capabilities:
        """Reading works; acts are done by hand on YouTube in this version."""
        unbuilt = "This version reads YouTube and does not write to it yet."
        return {
            Capability.READ_COMMENTS: None,
            Capability.READ_MENTIONS: Missing(
                "YouTube does not say where else the channel is mentioned.",
                "Look at the channel's notifications in YouTube Studio.",
            ),
            Capability.READ_MESSAGES: Missing("YouTube has no private messages.", "Nothing to do."),
            Capability.SEE_OWN_REPLIES: None,
            Capability.REPLY: Missing(
                unbuilt, "Open the item's link and reply as the channel; the next poll recognises the reply."
            ),
            Capability.HIDE: Missing(
                unbuilt,
                "Open the item's link and remove the comment, or hold it for review in YouTube Studio.",
            ),
            Capability.DELETE: Missing(
                "YouTube lets nobody delete another channel's comment; the owner can remove it from view.",
                "Open the item's link and choose Remove.",
            ),
            Capability.BLOCK: Missing(unbuilt, "Open the item's link and choose Hide user from channel."),
            Capability.REPORT: Missing(
                "YouTube takes no reports of comments by program.", "Open the item's link and choose Report."
            ),
        }

    def streams(self) -> tuple[str, ...]:
        """Name the public comments, those that YouTube holds for the owner, and those it takes for spam."""
        return tuple(STREAMS)

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        """Read one stream: 1. list threads back to where replies still count, 2. read grown threads."""
        if stream not in STREAMS:
            raise BugOrConfig(f"YouTube has no stream of this name; it has {', '.join(STREAMS)}.")
        horizon = min(
            now - timedelta(days=self._options.reply_days),
            watermark(
                state,
                now,
                timedelta(hours=self._options.overlap_hours),
                timedelta(days=self._options.first_poll_days),
            ),
        )
        known = state.get("threads")
        known = known if isinstance(known, Mapping) else {}
        listed: dict[str, object] = {}
        for entries in self._threads(STREAMS[stream], now):
            threads = {each.id: each for entry in entries if (each := answers.thread_of(entry))}
            yield answers.page_of_threads(entries, threads, self._me)
            for thread in threads.values():
                changed = _changed_at(thread, known.get(thread.id), now)
                listed[thread.id] = [thread.total, changed.isoformat()]
                if not thread.is_whole and now - changed < SETTLING:
                    yield from self._replies(thread, now)
            if entries and all(answers.is_older(entry, horizon) for entry in entries):
                break
        yield Page(cursor=completed(now, threads=listed))

    def _threads(self, status: str, now: datetime) -> Iterator[list[object]]:
        """Yield the threads, the newest first. A channel whose comments are switched off has none."""
        asked = {
            "part": "snippet,replies",
            "allThreadsRelatedToChannelId": self._me.external_id,
            "moderationStatus": status,
            "order": "time",
            "textFormat": "plainText",
            "maxResults": 100,
        }
        try:
            yield from self._listing(self._youtube.commentThreads(), asked, now)
        except Refused:
            return

    def _replies(self, thread: Thread, now: datetime) -> Iterator[Page]:
        """Yield all replies of a thread; none when it went away since it was listed."""
        asked = {"part": "snippet", "parentId": thread.id, "textFormat": "plainText", "maxResults": 100}
        try:
            for entries in self._listing(self._youtube.comments(), asked, now):
                yield answers.page_of_comments(entries, thread, self._me)
        except (NotFound, Refused):
            return

    def _listing(self, of: Any, asked: Mapping[str, object], now: datetime) -> Iterator[list[object]]:
        """Yield the entries of every answer of a listing, to its end."""
        seen: set[str] = set()
        token: str | None = None
        while True:
            answer = self._ask(of, {**asked, "pageToken": token} if token else asked, now)
            entries = answer.get("items")
            if not isinstance(entries, list):
                raise BadResponse(
                    "YouTube answered with something else than a list. The next poll tries again."
                )
            yield entries
            token = transport.next_page("YouTube", answer.get("nextPageToken"), seen, self._options.max_pages)
            if token is None:
                return

    def _ask(self, of: Any, asked: Mapping[str, object], now: datetime) -> dict[str, object]:
        def call() -> dict[str, object]:
            answer: dict[str, object] = of.list(**asked).execute(num_retries=0)
            return answer

        def explain(refusal: transport.StatusError) -> ConnectorError:
            return answers.problem(refusal, now, mid_listing="pageToken" in asked)

        return transport.ask("YouTube", call, explain)


def _changed_at(thread: Thread, before: object, now: datetime) -> datetime:
    """Return when the thread's number of replies was first seen as it is; now, when that is not known."""
    if not isinstance(before, list) or len(before) != 2 or thread.total is None or before[0] != thread.total:
        return now
    try:
        return datetime.fromisoformat(before[1])
    except (ValueError, TypeError):
        return now
