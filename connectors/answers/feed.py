"""What a forum's feed says: RSS and Atom entries as items, and what is known of them from poll to poll.

A feed knows no accounts. An author is the name that stands there, and so is the school: what it posts is
recognised by the names that the settings give. Titles are words too: a topic's title may be all there is.
"""

from __future__ import annotations

import calendar
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import feedparser

from connectors.answers.feed_document import Document
from connectors.answers.fields import FieldError
from connectors.answers.markup import plain
from connectors.base import BadResponse, Page
from moderation.items import LONGEST_ID, Author, ItemKind, Rejected, Sighting
from sla.messages import BELIEVED_SKEW

_ANSWERS = re.compile(r"^\s*(re|aw|fwd?)\s*:", re.IGNORECASE)
_TOPICS = (
    re.compile(r"(.*/t/[^/?#]+/\d+)(?:/\d+)?/?$"),  # Discourse
    re.compile(r"(.*/threads/[^/?#]+)(?:/.*)?$"),  # XenForo, vBulletin
)
_TOPIC_NUMBERS = ("t", "topic", "tid", "threadid")
_MEDIA = {"image": "photo", "video": "video", "audio": "audio"}


@dataclass(frozen=True, slots=True)
class Feed:
    """One fetch of a feed: what was read, and the address of its next page, if it has pages."""

    page: Page
    following: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """How the entries of one feed are read.

    ``host`` makes ids of its own out of bare numbers; ``school`` are the names under which it posts, in
    small letters; ``threads`` remembers to which thread earlier entries belong.
    """

    host: str
    school: frozenset[str]
    now: datetime
    threads: dict[str, str]

    def feed(self, document: Document) -> Feed:
        """Read a feed. Raises :class:`BadResponse` when it is none: that is never "nothing new"."""
        # Bare bytes would be taken for the name of a file, if there is one of that name
        read = feedparser.parse(
            io.BytesIO(document.content),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,  # We keep no markup at all
            resolve_relative_uris=False,
        )
        entries = read.get("entries") or []
        if not read.get("version") or (read.get("bozo") and not entries):
            raise BadResponse(
                "The address answered with something else than a feed: a page, or a sign-in. Open it in a "
                "browser and see what it shows."
            )
        items: list[Sighting] = []
        rejected: list[Rejected] = []
        known = set(self.threads)
        for entry in entries:
            try:
                items.append(self._sighting(entry))
            except FieldError as fault:
                rejected.append(Rejected(None, str(fault)))
        if document.cut:
            rejected.append(Rejected(None, "the feed breaks off: what follows could not be read"))
        if document.left_out:
            rejected.append(Rejected(None, "an entry of the feed has a name or an address without end"))
        return Feed(Page(tuple(self._gathered(items, known)), tuple(rejected)), _next(read))

    def _gathered(self, items: list[Sighting], known: set[str]) -> Iterator[Sighting]:
        """Put answers to answers into the thread of the first one: feeds show the newest before it."""
        shown = {item.external_id: item for item in items}
        for item in items:
            path = [item.external_id]
            while path[-1] not in known and (above := shown[path[-1]].parent_id) in shown:
                known.add(path[-1])  # also the end of a circle
                path.append(above)
            thread = self.threads[path[-1]]
            known.update(path)
            self.threads.update(dict.fromkeys(path, thread))
            yield replace(item, thread_id=thread)

    def _sighting(self, entry: Any) -> Sighting:
        link = _text(entry, "link")
        author = _author(entry)
        title, body = _text(entry, "title"), _body(entry)
        told = _text(entry, "id") or link
        if not told and not (title or body):
            raise FieldError("id", "is missing, and so is everything else")
        named = told or hashlib.sha256("\n".join((author, title, body)).encode()).hexdigest()
        external_id = self._identifier(named)
        parent = self._parent(entry)
        thread = self._thread(external_id, parent, link)
        is_own = author.casefold().strip() in self.school
        return Sighting(
            external_id=external_id,
            kind=_kind(is_own=is_own, is_reply=parent is not None or (is_own and thread != external_id)),
            thread_id=thread,
            parent_id=parent,
            post_id=None,
            author=Author(_short(author) if author else None, author),
            is_own=is_own,
            text=_words(title, body),
            created_at=self._time(entry),
            permalink=link if link.startswith(("https://", "http://")) else "",
            media=_media(entry),
        )

    def _identifier(self, told: str) -> str:
        """Return an id that no other forum's entry has."""
        return _short(told if ":" in told else f"{self.host} {told}")

    def _parent(self, entry: Any) -> str | None:
        above = _raw(entry, "thr_in-reply-to") or _raw(entry, "in-reply-to")
        told = above.get("ref") if isinstance(above, Mapping) else None
        return self._identifier(told.strip()) if isinstance(told, str) and told.strip() else None

    def _thread(self, external_id: str, parent: str | None, link: str) -> str:
        """Return the thread: that of the entry replied to, else the topic that the link leads into."""
        if external_id not in self.threads:
            above = self.threads.get(parent, parent) if parent else None
            self.threads[external_id] = above or _topic(link) or external_id
        return self.threads[external_id]

    def _time(self, entry: Any) -> datetime | None:
        for name in ("published_parsed", "updated_parsed", "created_parsed"):
            told = _raw(entry, name)
            try:
                moment = datetime.fromtimestamp(calendar.timegm(told), UTC) if told else None
            except (ValueError, TypeError, OverflowError, OSError):
                moment = None
            if moment is not None:
                return moment if moment <= self.now + BELIEVED_SKEW else None
        return None


def _raw(entry: Any, name: str) -> Any:
    """Return what stands in an entry under this very name; feedparser itself also looks under others."""
    return dict.get(entry, name)


def _text(entry: Any, name: str) -> str:
    value = _raw(entry, name)
    return value.strip() if isinstance(value, str) else ""


def _author(entry: Any) -> str:
    """Return the author's name; of an email address, which RSS wants there, only what stands before the @."""
    detail = _raw(entry, "author_detail")
    name = detail.get("name") if isinstance(detail, Mapping) else None
    told = name.strip() if isinstance(name, str) else _text(entry, "author")
    return told.partition("@")[0].strip() if "@" in told.lstrip("@") and " " not in told else told


def _body(entry: Any) -> str:
    """Return the words of an entry: the whole content where it is sent, else the summary."""
    contents = _raw(entry, "content") or []
    for part in (*contents, _raw(entry, "summary_detail")):
        value = part.get("value") if isinstance(part, Mapping) else None
        if isinstance(value, str) and value.strip():
            return value.strip() if part.get("type") == "text/plain" else plain(value)
    return plain(_text(entry, "summary"))


def _words(title: str, body: str) -> str:
    """Return title and body. The title of an answer only repeats that of the topic."""
    heading = plain(title)
    if not body:
        return heading
    if not heading or _ANSWERS.match(heading) or body.startswith(heading.rstrip("….")):
        return body
    return f"{heading}\n\n{body}"


def _kind(*, is_own: bool, is_reply: bool) -> ItemKind:
    if is_reply:
        return ItemKind.REPLY
    return ItemKind.POST if is_own else ItemKind.COMMENT


def _topic(link: str) -> str | None:
    """Return what names a topic in the address of one of its posts, ``None`` when nothing tells."""
    try:
        parts = urlsplit(link)
        query = parse_qs(parts.query, max_num_fields=50)
    except ValueError:
        return None
    page = f"{parts.scheme}://{parts.netloc}{parts.path}"
    for name in _TOPIC_NUMBERS:
        if name in query:
            return _short(f"{page}?{name}={query[name][0]}")
    for pattern in _TOPICS:
        if found := pattern.match(page):
            return _short(found[1])
    points_into_page = bool(parts.fragment) and not parts.query
    return _short(page) if points_into_page else None


def _media(entry: Any) -> tuple[str, ...]:
    links = [each for each in _raw(entry, "links") or () if isinstance(each, Mapping)]
    kinds = (str(each.get("type", "")) for each in links if each.get("rel") == "enclosure")
    return tuple(_MEDIA.get(kind.partition("/")[0], "other") for kind in kinds)


def _next(read: Any) -> str | None:
    """Return the address of the feed's next page (RFC 5005), ``None`` when it has none."""
    for link in read.get("feed", {}).get("links") or ():
        if isinstance(link, Mapping) and link.get("rel") == "next" and isinstance(link.get("href"), str):
            return str(link["href"])
    return None


def _short(told: str) -> str:
    """Return an id as it is, or its SHA-256 when it is longer than ids may be."""
    return told if len(told) <= LONGEST_ID else hashlib.sha256(told.encode()).hexdigest()
