"""A forum's RSS or Atom feed, fetched with requests and read by feedparser.

A feed shows the last few dozen entries and tells of nothing else: no deletions, no accounts, no acts. Each
fetch is compared with the one before; where it does not reach back to that, entries may have come and gone
unseen, and that is told. feedparser never fetches by itself: it would wait for ever and read local files.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, ClassVar
from urllib.parse import urljoin, urlsplit

import requests
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors import sessions, transport
from connectors.answers import feed as answers
from connectors.answers import feed_memory as memory
from connectors.answers.feed_document import document
from connectors.base import (
    AuthExpired,
    BadResponse,
    BugOrConfig,
    Capabilities,
    Capability,
    ConnectorContext,
    ConnectorError,
    Missing,
    NotFound,
    Page,
    Proof,
    State,
    completed,
    found,
    unsupported,
)
from connectors.meter import Meter
from moderation.actions import Action, Done
from moderation.items import Found, Presence, Reference

FORUM = "The forum"

LONGEST_FETCH = 60.0
"""Seconds that a feed may take to come in, however slowly it drips."""

MOVED = (301, 308)
"""The statuses with which a server says that an address is no longer to be used."""


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.hostname or "@" in parts.netloc:
        raise ValueError("a feed's address starts with https:// or http:// and holds no password")
    return text


class Options(BaseModel):
    """The settings of a forum's feeds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    urls: tuple[Annotated[str, AfterValidator(_address)], ...] = Field(
        default=(), description="Addresses of the feeds, each read as a stream of its own."
    )
    school_authors: tuple[str, ...] = Field(
        default=(), description="Names under which the school itself posts, so that its answers count."
    )
    sweep_days: int = Field(
        default=7, ge=1, le=90, description="Days that the daily sweep reads again, as far as the feed goes."
    )
    max_megabytes: float = Field(default=2, gt=0, le=20, description="Size up to which a feed is read.")
    max_pages: int = Field(
        default=10, ge=1, description="Further pages that are read to close a gap, where a feed has pages."
    )


class Connector:
    """The feeds of one forum. Needs no token."""

    platform: ClassVar[str] = "feed"

    def __init__(self, options: Options, context: ConnectorContext) -> None:
        if not options.urls:
            raise BugOrConfig(
                "The feed's address is missing. Write it into the account's options: urls = [\"https://...\"]."
            )
        self.meter = Meter()
        self._options = options
        self._base_url = context.base_url and context.base_url.rstrip("/")
        self._feeds = {_stream(url): url for url in options.urls}
        names = (*options.school_authors, context.identity.handle)
        self._school = frozenset(name.casefold().strip() for name in names if name.strip())
        self._session = sessions.open_session(context.base_url, meter=self.meter)
        self._session.headers["User-Agent"] = "socialduty (reads this feed for the school it is about)"
        self._session.headers["Accept"] = "application/atom+xml, application/rss+xml, application/xml;q=0.9"

    def capabilities(self) -> Capabilities:
        """Reading, as far back as the feed shows; everything else is done on the forum."""
        reads = "A feed can only be read."
        open_it = "Open the item's link and"
        by_hand = Missing(reads, f"{open_it} do it there, or ask who runs the forum.")
        short = "A feed shows an entry for some days only."
        nothing = Missing("A feed has none.", "Look on the forum itself, where it offers that.")
        unnamed = Missing(
            "The school's names on the forum are not set.", "Set school_authors in the options."
        )
        return {
            Capability.READ_COMMENTS: None,
            Capability.READ_MENTIONS: nothing,
            Capability.READ_MESSAGES: nothing,
            Capability.READ_REVIEWS: nothing,
            Capability.SEE_OWN_REPLIES: None if self._school else unnamed,
            Capability.SEE_EDITS: Missing(short, f"{open_it} look how it reads now.", partly=True),
            Capability.SEE_DELETIONS: Missing(
                "A feed tells of no deletion.", f"{open_it} see if it is there."
            ),
            Capability.REPLY: Missing(
                reads, f"{open_it} reply there under one of the names in school_authors."
            ),
            Capability.HIDE: by_hand,
            Capability.UNHIDE: by_hand,
            Capability.DELETE: by_hand,
            Capability.BLOCK: by_hand,
            Capability.UNBLOCK: by_hand,
            Capability.REPORT: by_hand,
        }

    def streams(self) -> tuple[str, ...]:
        """One for each feed, named after its host."""
        return tuple(self._feeds)

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        """Read one feed, if it changed. Further pages are read only where the first leaves a gap."""
        url = self._url(stream)
        answer = self._fetch(url, now, memory.validators(state))
        if answer is None:
            yield Page(cursor=completed(now, **memory.unchanged(state)))
            return
        reading = self._reading(url, now, memory.threads(state))
        kept = memory.Fetched(state)
        for feed in self._pages(answer, reading, url):
            kept.add(feed.page)
            yield feed.page
            if kept.reaches_back():
                break
        cursor = completed(now, **kept.state(answer.headers, reading.threads))
        yield Page(cursor=cursor, missed=kept.missed(now))

    def sweep_days(self) -> int:
        """Return how many days a sweep reads back."""
        return self._options.sweep_days

    def sweep(self, stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        """Read all that one feed still shows of the time since then."""
        url = self._url(stream)
        answer = self._fetch(url, now, {})
        for feed in self._pages(answer, self._reading(url, now, {}), url) if answer else ():
            yield feed.page
            times = [item.created_at for item in feed.page.items if item.created_at is not None]
            if times and min(times) < since:
                break
        yield Page()

    def lookup(self, references: Sequence[Reference], now: datetime) -> list[Found]:
        """See which of them the feeds still show. What they no longer show may well be there."""
        shown = {}
        for url in self._feeds.values():
            answer = self._fetch(url, now, {})
            if answer is not None:
                page = self._reading(url, now, {}).feed(answer.document).page
                shown.update({item.external_id: item for item in page.items})
        return [
            found(each, shown[each.external_id])
            if each.external_id in shown
            else Found(each.external_id, Presence.UNKNOWN)
            for each in references
        ]

    def act(self, action: Action, now: datetime) -> Done:
        """Nothing can be done through a feed; the error names the way by hand."""
        raise unsupported(action, self.capabilities())

    def verify(self, action: Action, now: datetime) -> Done | None:
        """Nothing was done, so nothing shows it."""
        return None

    def monthly_estimate(self, items_per_day: float) -> Decimal:
        """A feed costs nothing."""
        return Decimal(0)

    def prove(self, now: datetime) -> Proof:
        """Make sure that every address holds a feed that can be read."""
        for url in self._feeds.values():
            answer = self._fetch(url, now, {})
            if answer is not None:
                self._reading(url, now, {}).feed(answer.document)
        return Proof()

    def _url(self, stream: str) -> str:
        if stream not in self._feeds:
            raise BugOrConfig(f"The forum has no stream of this name; it has {', '.join(self._feeds)}.")
        return self._feeds[stream]

    def _reading(self, url: str, now: datetime, threads: dict[str, str]) -> answers.Reading:
        return answers.Reading(urlsplit(url).hostname or "", self._school, now, threads)

    def _pages(self, answer: memory.Answer, reading: answers.Reading, url: str) -> Iterator[answers.Feed]:
        """Yield the feed and its further pages on the same host, as many as the options allow."""
        seen = {url}
        while True:
            feed = reading.feed(answer.document)
            yield feed
            following = _beside(url, feed.following)
            if following is None or following in seen or len(seen) > self._options.max_pages:
                return
            seen.add(following)
            further = self._fetch(following, reading.now, {})
            if further is None:
                return
            answer = further

    # Fetching

    def _fetch(self, url: str, now: datetime, validators: Mapping[str, str]) -> memory.Answer | None:
        """Return the feed, ``None`` when it is as it was. Raises :class:`ConnectorError`."""

        def call() -> dict[str, object]:
            return {"": self._get(self._at(url), validators)}

        got = transport.ask(FORUM, call, lambda refusal: _problem(refusal, now))[""]
        if not isinstance(got, _Got):
            return None
        return memory.Answer(document(got.body, got.charset), got.headers)

    def _get(self, url: str, validators: Mapping[str, str]) -> _Got | None:
        headers = dict(validators)
        with self._session.get(url, headers=headers, stream=True, allow_redirects=False) as response:
            if response.status_code == 304 and validators:
                return None
            if response.status_code in MOVED:
                raise BugOrConfig(
                    f"The feed has moved for good ({response.status_code}). Open it in a browser, and put "
                    "the address where it ends up into urls."
                )
            if 300 <= response.status_code < 400:
                raise BadResponse(
                    f"The forum sent us to another address ({response.status_code}), which is not followed. "
                    "Open the feed in a browser: put the address where it ends up into urls, or see whether "
                    "a sign-in page of your network stands in the way."
                )
            body = self._body(response)
            if response.status_code >= 400:
                raise transport.StatusError(response.status_code, response.headers, _told(body))
            return _Got(body, response)

    def _body(self, response: requests.Response) -> bytes:
        """Return the body, whose size and time are limited."""
        most = int(self._options.max_megabytes * 1_000_000)
        end = time.monotonic() + LONGEST_FETCH
        body = bytearray()
        for chunk in response.iter_content(65_536):
            body += chunk
            if len(body) > most:
                raise BadResponse(
                    "The feed is larger than max_megabytes in the account's options allows. If it really is "
                    "so large, raise that."
                )
            if time.monotonic() > end:
                raise requests.exceptions.ReadTimeout
        return bytes(body)

    def _at(self, url: str) -> str:
        """Return where a feed is fetched: at its own address, or in practice."""
        if self._base_url is None:
            return url
        parts = urlsplit(url)
        return self._base_url + (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


class _Got:
    """What came in for a feed."""

    def __init__(self, body: bytes, response: requests.Response) -> None:
        self.body = body
        self.headers: Mapping[str, str] = response.headers
        told = response.headers.get("content-type", "").lower()
        self.charset = told.partition("charset=")[2].strip(" \"'").partition(";")[0] or None


def _stream(url: str) -> str:
    """Name a feed's stream: its address may hold a key and is not shown."""
    host = urlsplit(url).hostname or "feed"
    return f"{host[:48]}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"


def _beside(url: str, following: str | None) -> str | None:
    """Return the whole address of a further page, ``None`` when it leads to another server, or nowhere."""
    try:
        whole = urljoin(url, following or "")
        return whole if following and urlsplit(whole)[:2] == urlsplit(url)[:2] else None
    except ValueError:
        return None


def _told(body: bytes) -> dict[str, object] | None:
    """Return the JSON of an error, ``None`` when it is a page."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else {}


def _problem(refusal: transport.StatusError, now: datetime) -> ConnectorError:
    if refusal.status == 401:
        return AuthExpired(
            "The forum shows the feed to nobody who has not signed in. Ask who runs it for an address that "
            "can be read without, and put it into urls."
        )
    if refusal.status in (404, 410):
        return NotFound("There is no feed at this address any more. Find its new address on the forum.")
    return transport.by_status(FORUM, refusal, now)
