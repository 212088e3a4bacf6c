"""What every platform connector offers, and the errors it may raise.

ConnectorError
    Pausing               nothing is lost by waiting
        RateLimited           the platform asked us to slow down, until a time
        QuotaExhausted        the day's or month's allowance is spent
        Transient             network, timeout, server error: try again later
            BadResponse       an answer that is not what the platform promises
    NeedsPerson           waiting does not help
        AuthExpired           the token is dead
        PermissionMissing     the token may not do this
        Refused               the platform will not do it, whoever asks
        NotFound              the account, post or item is not there
        BugOrConfig           our request or a setting is wrong
        Unexpected            reading broke off in a way that no connector foresaw

An error's text says what happened and what to do. It never holds a token, a name or words of a post.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol

from moderation.items import Rejected, Sighting

TIMEOUT = (5.0, 30.0)
"""Seconds to connect and to wait for an answer, on every call to a platform."""


class ConnectorError(Exception):
    """A platform could not be read or written. ``reason`` is a stable word for the status page."""

    reason: ClassVar[str] = "connector_error"


class Pausing(ConnectorError):
    """Waiting helps. ``until`` (UTC) is when to try again, ``None`` when the platform did not say."""

    reason = "paused"

    def __init__(self, message: str, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class RateLimited(Pausing):
    """The platform asked us to slow down."""

    reason = "rate_limited"


class QuotaExhausted(Pausing):
    """The day's or month's allowance is spent: nothing more is read until it starts again."""

    reason = "quota_exhausted"


class Transient(Pausing):
    """The network, the platform or its server had trouble; the next poll tries again."""

    reason = "unreachable"


class BadResponse(Transient):
    """The answer is not what the platform promises: a page, a cut body, an endless listing."""

    reason = "bad_response"


class NeedsPerson(ConnectorError):
    """Waiting does not help: somebody at the school has to act."""

    reason = "needs_person"


class AuthExpired(NeedsPerson):
    """The token is dead: somebody has to sign the account in again."""

    reason = "auth_expired"


class PermissionMissing(NeedsPerson):
    """The token is alive, but it may not do this."""

    reason = "permission_missing"


class Refused(NeedsPerson):
    """The platform will not do it, whoever asks."""

    reason = "refused"


class NotFound(NeedsPerson):
    """The account, post or item is not there, or no longer shown to us."""

    reason = "not_found"


class BugOrConfig(NeedsPerson):
    """Our request or a setting is wrong."""

    reason = "bug_or_config"


class Unexpected(NeedsPerson):
    """Reading broke off in a way that no connector foresaw; whoever polls raises it, not a connector."""

    reason = "unexpected_error"


class Capability(StrEnum):
    """What a connector may be able to do on its platform."""

    READ_COMMENTS = "read_comments"
    READ_MENTIONS = "read_mentions"
    READ_MESSAGES = "read_messages"
    SEE_OWN_REPLIES = "see_own_replies"
    REPLY = "reply"
    HIDE = "hide"
    DELETE = "delete"
    BLOCK = "block"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a capability is missing and what a person does instead."""

    reason: str
    manual_way: str


Capabilities = Mapping[Capability, Missing | None]
"""Every capability: ``None`` when it works, or why it does not."""

State = Mapping[str, object]
"""A stream's cursor: JSON values that only its connector understands. Empty before the first poll."""


_COMPLETE = "complete_from"


def completed(now: datetime, **more: object) -> State:
    """Return the state after a complete poll that started at ``now``; ``more`` is the connector's own."""
    return {_COMPLETE: now.isoformat(), **more}


def watermark(state: State, now: datetime, overlap: timedelta, first: timedelta) -> datetime:
    """Return the time from which a stream has to be read again.

    That is ``overlap`` before the start of the last complete poll, because platforms show items late
    and out of order; before the first poll it is ``first`` before ``now``. A state that cannot be read
    counts as none: reading too much loses nothing.
    """
    try:
        last = datetime.fromisoformat(str(state[_COMPLETE]))
        return min(last, now) - overlap
    except (KeyError, ValueError, TypeError, OverflowError):
        return now - first


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a stream. It is stored before the next one is asked for.

    ``cursor`` is ``None`` until the listing is complete; the last page carries the new state, which
    is stored in the same transaction as that page's items. A listing that breaks off moves nothing.
    """

    items: tuple[Sighting, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    cursor: State | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """The school's own account as the platform knows it."""

    external_id: str
    handle: str = ""


@dataclass(frozen=True, slots=True)
class ConnectorContext:
    """What every connector is given beside its own options.

    ``base_url`` points a connector at the practice platforms; ``None`` means the real platform.
    """

    identity: Identity
    token: str = field(repr=False)
    base_url: str | None = None


class Connector(Protocol):
    """One account on one platform.

    A connector holds its SDK's client, which is not thread safe: one connector per poll, one thread.
    """

    platform: ClassVar[str]

    def capabilities(self) -> Capabilities:
        """Say what works on this platform, and for the rest why not and what to do by hand."""
        ...

    def streams(self) -> tuple[str, ...]:
        """Name the streams to poll, in order. Own posts and replies are part of them."""
        ...

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        """Read ``stream`` from its overlap window to the end of paging.

        Yields at least one page. Raises :class:`ConnectorError`; pages already yielded stay stored.
        """
        ...
