"""What a Mastodon server answers: statuses, notifications and conversations, and what its errors mean.

Ids are the server's own and are only compared with ids of the same server. Times of statuses that came
from elsewhere are those of the other server's clock: one that lies in the future counts as not told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import requests

from connectors import transport
from connectors.answers import fields
from connectors.answers.markup import plain
from connectors.base import (
    BadResponse,
    ConnectorError,
    Identity,
    NotFound,
    Page,
    PermissionMissing,
    RateLimited,
    Refused,
)
from connectors.meter import Meter, Window
from moderation.items import Author, ItemKind, Rejected, Sighting
from sla.messages import BELIEVED_SKEW

Answer = Mapping[str, object]

_MEDIA = {"image": "photo", "gifv": "photo", "video": "video", "audio": "audio"}
_NEXT = re.compile(r"[?&]max_id=([^&>]+)[^>]*>[^,]*\brel=\"?next\b")


def key(identifier: str) -> tuple[int, str]:
    """Return what orders the ids of one server: they grow with time, in length first."""
    return len(identifier), identifier


def entries(answer: object) -> list[object]:
    """Return the entries of a listing. Raises :class:`BadResponse` when the answer is no list."""
    if not isinstance(answer, list):
        raise BadResponse(
            "The Mastodon server answered with something else than a list. The next poll tries again."
        )
    return answer


def next_page(headers: Mapping[str, str], listed: list[object]) -> str | None:
    """Return the id below which a listing goes on, ``None`` at its end.

    The server says it in its Link header. Where a proxy dropped that, the oldest entry tells it.
    """
    link = headers.get("link", "")
    if link:
        found = _NEXT.search(link[:4000])
        return found[1] if found else None
    ids = [each for entry in listed if (each := fields.known_identifier(entry))]
    return min(ids, key=key) if ids else None


def _id(entry: object) -> str | None:
    return fields.known_identifier(entry)


@dataclass(frozen=True, slots=True)
class Reading:
    """How statuses are read for one account, at one time. ``root`` finds a status's conversation."""

    me: Identity
    now: datetime
    root: Callable[[Answer], str]

    def notifications(self, listed: list[object]) -> Page:
        """Read the statuses that notifications are about. One without a status tells of nothing to answer."""
        about: list[object] = []
        lost: list[Rejected] = []
        for entry in listed:
            if not isinstance(entry, Mapping):
                lost.append(Rejected(None, "item is not an object"))
            elif entry.get("status") is not None:
                about.append({"status": entry["status"], "quoted": entry.get("type") == "quote"})
        items, rejected = fields.sort_out(about, self._notified, _status_id)
        return Page(items, (*lost, *rejected))

    def statuses(self, listed: list[object]) -> Page:
        """Read statuses. What somebody only passed on holds no words of theirs and is left out."""
        written = [each for each in listed if not (isinstance(each, Mapping) and each.get("reblog"))]
        items, rejected = fields.sort_out(written, self.status)
        return Page(items, rejected)

    def _notified(self, entry: Answer) -> Sighting:
        item = self.status(fields.mapping(entry, "status"))
        return replace(item, names_school=True) if entry.get("quoted") and not item.is_own else item

    def status(self, status: Answer) -> Sighting:
        """Read one status. Raises :class:`fields.FieldError`."""
        external_id = fields.identifier(status, "id")
        account = fields.mapping(status, "account")
        author_id = fields.optional_identifier(account, "id")
        parent = fields.optional_identifier(status, "in_reply_to_id")
        to_us = fields.optional_identifier(status, "in_reply_to_account_id") == self.me.external_id
        root = self.root(status)
        is_own = author_id == self.me.external_id
        mentions = _mentioned(status)
        private = fields.optional_string(status, "visibility") == "direct"
        return Sighting(
            external_id=external_id,
            kind=_kind(private=private, is_own=is_own, is_reply=parent is not None),
            thread_id=root,
            parent_id=parent,
            post_id=parent if to_us and parent == root else None,
            author=Author(author_id, _text(account, "display_name") or _text(account, "acct")),
            is_own=is_own,
            text=_words(status),
            created_at=self._time(status),
            permalink=_link(status),
            mentions=mentions,
            names_school=private or self.me.external_id in mentions or self._quotes_us(status, is_own),
            media=tuple(
                _MEDIA.get(str(each.get("type")), "other")
                for each in fields.mappings_in(status.get("media_attachments"))
            ),
        )

    def _time(self, status: Answer) -> datetime | None:
        moment = fields.optional_time(status, "created_at")
        return None if moment is not None and moment > self.now + BELIEVED_SKEW else moment

    def _quotes_us(self, status: Answer, is_own: bool) -> bool:
        quote = status.get("quote")
        quoted = quote.get("quoted_status") if isinstance(quote, Mapping) else None
        by = quoted.get("account") if isinstance(quoted, Mapping) else None
        return not is_own and isinstance(by, Mapping) and _id(by) == self.me.external_id


def _status_id(entry: object) -> str | None:
    return _id(entry.get("status")) if isinstance(entry, Mapping) else None


def _kind(*, private: bool, is_own: bool, is_reply: bool) -> ItemKind:
    if private:
        return ItemKind.MESSAGE
    if is_reply:
        return ItemKind.REPLY
    return ItemKind.POST if is_own else ItemKind.MENTION


def _mentioned(status: Answer) -> tuple[str, ...]:
    named = [_id(each) for each in fields.mappings_in(status.get("mentions"))]
    return tuple(dict.fromkeys(each for each in named if each))


def _words(status: Answer) -> str:
    """Return all that its author wrote: the warning before it, the words, the choices of a poll."""
    warning = fields.optional_string(status, "spoiler_text") or ""
    words = plain(fields.string(status, "content"))
    poll = status.get("poll")
    options = fields.mappings_in(poll.get("options")) if isinstance(poll, Mapping) else []
    choices = "\n".join(f"- {_text(option, 'title')}" for option in options)
    return "\n\n".join(part for part in (warning, words, choices) if part)


def _link(status: Answer) -> str:
    """Return the address where people see the status, and nothing that is no web address."""
    for name in ("url", "uri"):
        address = _text(status, name)
        if address.startswith(("https://", "http://")):
            return address
    return ""


def _text(thing: Answer, name: str) -> str:
    value = thing.get(name)
    return value if isinstance(value, str) else ""


def last_statuses(listed: list[object]) -> list[object]:
    """Return the newest status of each conversation or request of a listing."""
    return [entry["last_status"] for entry in fields.mappings_in(listed) if entry.get("last_status")]


def time_of(entry: object, field: str = "created_at") -> datetime | None:
    """Return the time in an entry that may be broken in any way, ``None`` when it cannot be told."""
    try:
        return fields.optional_time(entry, field) if isinstance(entry, Mapping) else None
    except fields.FieldError:
        return None


# What errors and headers say


def problem(refusal: transport.StatusError, now: datetime) -> ConnectorError:
    """Return what an error status means when reading."""
    if refusal.status == 429:
        until = transport.pause_until(refusal.headers, now, [reset_time(refusal.headers)])
        return RateLimited("The Mastodon server asked us to slow down.", until)
    if refusal.status == 403 and refusal.body is not None:
        return PermissionMissing(
            "The Mastodon server does not let this token do that. See whether the account is locked or "
            "suspended; if it is not, sign it in again with the permissions that the set-up page lists."
        )
    if refusal.status in (404, 410) and refusal.body is not None:
        return NotFound("The Mastodon server does not find it, or no longer shows it to the account.")
    return transport.by_status("The Mastodon server", refusal, now)


def problem_of_write(refusal: transport.StatusError, now: datetime) -> ConnectorError:
    """Return what an error status means for something that was to be changed."""
    if refusal.status == 422:
        return Refused(
            "The Mastodon server did not take it. A reply may be too long (most servers take 500 "
            "characters, the author's name included), or the account may not be written to."
        )
    return problem(refusal, now)


def reset_time(headers: Mapping[str, str]) -> datetime | None:
    """Return when the allowance begins again: Mastodon writes a date, GoToSocial Unix seconds."""
    told = headers.get("x-ratelimit-reset", "")[:64]
    try:
        if told.isascii() and told.isdigit():
            return datetime.fromtimestamp(int(told), UTC)
        read = datetime.fromisoformat(told)
    except (ValueError, OverflowError, OSError):
        return None
    return read.astimezone(UTC) if read.tzinfo else None


def note_allowance(response: requests.Response, meter: Meter) -> None:
    """Note what the server says is left. Writing has allowances of its own beside that of all requests."""
    try:
        limit = float(response.headers["x-ratelimit-limit"])
        remaining = float(response.headers["x-ratelimit-remaining"])
    except (KeyError, ValueError):
        return
    method = str(response.request.method)
    name = {"GET": "requests", "DELETE": "deletions"}.get(method, "writes")
    if 0 <= remaining <= limit < float("inf"):
        meter.note(Window(name, limit, remaining, reset_time(response.headers)))
