"""The requests that are sent to YouTube: what each asks for, what it costs, and how its listings are read.

Every request goes through google-api-python-client, is sent once, and raises a ``ConnectorError`` of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from googleapiclient.discovery import build

from connectors import transport
from connectors.answers import fields
from connectors.answers import youtube_errors as errors
from connectors.answers.youtube_errors import ForbiddenItem, StartAgain
from connectors.base import BadResponse, ConnectorContext, ConnectorError, NotFound, QuotaExhausted, Refused
from connectors.calls.google import Granted, Http, credentials
from connectors.meter import Meter, Window

MOST_IDS = 50
"""Things that are asked for by id at once."""

RESTARTS = 1
"""How often a listing that breaks off in the middle is begun again."""

_PAGE = 100
_TEXT = {"textFormat": "plainText"}  # the default is HTML
_WINDOW = "units"


class Calls:
    """For one channel. ``max_pages`` ends endless listings; ``daily_units`` is the project's quota."""

    def __init__(self, context: ConnectorContext, meter: Meter, max_pages: int, daily_units: int) -> None:
        self._me = context.identity
        self._meter = meter
        self._max_pages = max_pages
        self._daily_units = daily_units
        self._http = Http(credentials(context.token), context.base_url, meter)
        self._youtube: Any = build(
            "youtube",
            "v3",
            http=self._http,
            static_discovery=True,
            cache_discovery=False,
            client_options={"api_endpoint": context.base_url} if context.base_url else None,
        )

    @property
    def granted(self) -> Granted:
        """What Google said of the sign-in, once a request was sent."""
        return self._http.granted

    def threads(self, status: str, now: datetime) -> Iterator[list[object]]:
        """Yield the channel's threads of a moderation status, those that began last first.

        A channel whose comments are switched off has none.
        """
        asked = {
            "part": "snippet,replies",
            "allThreadsRelatedToChannelId": self._me.external_id,
            "moderationStatus": status,
            "order": "time",
            "maxResults": _PAGE,
            **_TEXT,
        }
        try:
            yield from self._listing(self._youtube.commentThreads(), asked, now)
        except Refused:
            return

    def replies(self, thread_id: str, now: datetime) -> Iterator[list[object]]:
        """Yield all replies of a thread; none when it is not there or takes none.

        Raises :class:`ForbiddenItem` when YouTube will not show them to the channel.
        """
        asked = {"part": "snippet", "parentId": thread_id, "maxResults": _PAGE, **_TEXT}
        try:
            yield from self._listing(self._youtube.comments(), asked, now)
        except (NotFound, Refused):
            return

    def threads_by_id(self, ids: Sequence[str], now: datetime) -> tuple[list[object], set[str]]:
        """Return the threads with these ids that YouTube shows, and the ids that it will not show us."""
        return self._by_id(self._youtube.commentThreads(), ids, {"part": "snippet", **_TEXT}, now)

    def comments_by_id(self, ids: Sequence[str], now: datetime) -> tuple[list[object], set[str]]:
        """Return the replies with these ids that YouTube shows, and the ids that it will not show us."""
        return self._by_id(self._youtube.comments(), ids, {"part": "snippet", **_TEXT}, now)

    def visible_videos(self, ids: Sequence[str], now: datetime) -> set[str]:
        """Return which of these videos are there, not private, and show comments."""
        entries, _ = self._by_id(self._youtube.videos(), ids, {"part": "status"}, now)
        shown = {
            name
            for each in fields.mappings_in(entries)
            if (name := fields.known_identifier(each)) and not _is_private(each)
        }
        return {name for name in shown if self._shows_comments(name, now)}

    def own_channels(self, now: datetime) -> set[str]:
        """Return the ids of the channels that the sign-in is for."""
        answer = self._ask(self._youtube.channels(), {"part": "id", "mine": True}, now)
        if "items" not in answer and "kind" not in answer:  # an account without a channel has no items
            raise BadResponse("YouTube did not say whose sign-in it is. The next poll asks again.")
        found = {fields.known_identifier(each) for each in fields.mappings_in(answer.get("items"))}
        return {each for each in found if each}

    def reply(self, thread_id: str, words: str, now: datetime) -> Mapping[str, object]:
        """Add a reply to a thread, and return it as YouTube made it."""
        body = {"snippet": {"parentId": thread_id, "textOriginal": words}}
        return self._write(self._youtube.comments().insert(part="snippet", body=body), now)

    def set_status(self, comment_id: str, status: str, now: datetime, *, ban: bool = False) -> None:
        """Hold back, publish or reject a comment; ``ban`` hides its author from the channel as well."""
        asked: dict[str, object] = {"id": comment_id, "moderationStatus": status}
        if ban:
            asked["banAuthor"] = True
        self._write(self._youtube.comments().setModerationStatus(**asked), now)

    def delete(self, comment_id: str, now: datetime) -> None:
        """Delete a comment of our own."""
        self._write(self._youtube.comments().delete(id=comment_id), now)

    def _shows_comments(self, video_id: str, now: datetime) -> bool:
        try:
            self._ask(
                self._youtube.commentThreads(), {"part": "id", "videoId": video_id, "maxResults": 1}, now
            )
        except (Refused, NotFound, ForbiddenItem):
            return False
        return True

    def _by_id(
        self, of: Any, ids: Sequence[str], asked: Mapping[str, object], now: datetime
    ) -> tuple[list[object], set[str]]:
        """Ask for things by id. One that is missing or forbidden may fail all of them: then by halves."""
        shown: list[object] = []
        forbidden: set[str] = set()
        every = list(dict.fromkeys(ids))
        waiting = [every[start : start + MOST_IDS] for start in range(0, len(every), MOST_IDS)]
        while waiting:
            some = waiting.pop()
            try:
                shown.extend(_entries(self._ask(of, {**asked, "id": ",".join(some)}, now)))
            except (NotFound, ForbiddenItem) as problem:
                middle = len(some) // 2
                if middle:
                    waiting += [some[:middle], some[middle:]]
                elif isinstance(problem, ForbiddenItem):
                    forbidden.update(some)
        return shown, forbidden

    def _listing(self, of: Any, asked: Mapping[str, object], now: datetime) -> Iterator[list[object]]:
        """Yield the entries of every answer of a listing, to its end.

        Page tokens break when somebody moderates meanwhile. The listing is then read again from its start:
        what comes twice is stored once.
        """
        for restarts_left in range(RESTARTS, -1, -1):
            try:
                yield from self._pages(of, asked, now)
                return
            except StartAgain:
                if not restarts_left:
                    raise

    def _pages(self, of: Any, asked: Mapping[str, object], now: datetime) -> Iterator[list[object]]:
        seen: set[str] = set()
        token: str | None = None
        while True:
            answer = self._ask(of, {**asked, "pageToken": token} if token else asked, now)
            yield _entries(answer)
            if answer.get("error"):
                raise BadResponse("YouTube left something out of a page. The next poll reads it again.")
            token = transport.next_page("YouTube", answer.get("nextPageToken"), seen, self._max_pages)
            if token is None:
                return

    def _ask(self, of: Any, asked: Mapping[str, object], now: datetime) -> dict[str, object]:
        def call() -> dict[str, object]:
            answer: dict[str, object] = of.list(**asked).execute(num_retries=0)
            return answer

        def explain(refusal: transport.StatusError) -> ConnectorError:
            return self._noted(errors.problem(refusal, now, mid_listing="pageToken" in asked), now)

        answer = transport.ask("YouTube", call, explain)
        self._note(self._daily_units - self._meter.units, now)
        return answer

    def _write(self, request: Any, now: datetime) -> dict[str, object]:
        def call() -> dict[str, object]:
            answer = request.execute(num_retries=0)
            return answer if isinstance(answer, dict) else {}

        def explain(refusal: transport.StatusError) -> ConnectorError:
            return self._noted(errors.problem_of_write(refusal, now), now)

        answer = transport.write("YouTube", call, explain)
        self._note(self._daily_units - self._meter.units, now)
        return answer

    def _noted(self, problem: ConnectorError, now: datetime) -> ConnectorError:
        if isinstance(problem, QuotaExhausted):
            self._note(0, now)
        return problem

    def _note(self, remaining: int, now: datetime) -> None:
        self._meter.note(
            Window(
                _WINDOW,
                self._daily_units,
                max(0, remaining),
                resets_at=errors.quota_renewal(now),
                shared=True,
                counted=True,
            )
        )


def _entries(answer: Mapping[str, object]) -> list[object]:
    entries = answer.get("items")
    if not isinstance(entries, list):
        raise BadResponse("YouTube answered with something else than a list. The next poll tries again.")
    return entries


def _is_private(video: Mapping[str, object]) -> bool:
    status = video.get("status")
    return isinstance(status, Mapping) and status.get("privacyStatus") == "private"
