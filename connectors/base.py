"""What every platform connector offers, and the errors it may raise.

ConnectorError
    Pausing               nothing is lost by waiting
        RateLimited           the platform asked us to slow down, until a time; ``scope`` says who has to
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
    Unsure                a write was sent and its answer was lost: it may have been done

An error's text says what happened and what to do. It never holds a token, a name or words of a post.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Protocol

from connectors.meter import Meter
from moderation.actions import Action, Done
from moderation.items import Found, Presence, Reference, Rejected, Sighting, digest

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


class Scope(StrEnum):
    """Whose allowance a limit is: that of one stream, of the whole account, or of every account of an app."""

    STREAM = "stream"
    ACCOUNT = "account"
    APP = "app"


class RateLimited(Pausing):
    """The platform asked us to slow down. ``scope`` says how much has to wait."""

    reason = "rate_limited"

    def __init__(self, message: str, until: datetime | None = None, scope: Scope = Scope.ACCOUNT) -> None:
        super().__init__(message, until)
        self.scope = scope


class QuotaExhausted(Pausing):
    """The day's or month's allowance is spent: nothing more is read until it starts again."""

    reason = "quota_exhausted"

    def __init__(self, message: str, until: datetime | None = None, scope: Scope = Scope.APP) -> None:
        super().__init__(message, until)
        self.scope = scope


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


class Unsure(ConnectorError):
    """A write was sent and its answer was lost: only reading back can tell whether it was done."""

    reason = "unsure"


class Capability(StrEnum):
    """What a connector may be able to do on its platform."""

    READ_COMMENTS = "read_comments"
    READ_MENTIONS = "read_mentions"
    READ_MESSAGES = "read_messages"
    READ_REVIEWS = "read_reviews"
    SEE_OWN_REPLIES = "see_own_replies"
    SEE_EDITS = "see_edits"
    SEE_DELETIONS = "see_deletions"
    REPLY = "reply"
    HIDE = "hide"
    UNHIDE = "unhide"
    DELETE = "delete"
    BLOCK = "block"
    UNBLOCK = "unblock"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a capability is missing, or works ``partly``, and what a person does instead."""

    reason: str
    manual_way: str
    partly: bool = False


Capabilities = Mapping[Capability, Missing | None]
"""Every capability: ``None`` when it works throughout, or what of it does not and why."""

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
class Missed:
    """A time in which items may have come and gone unseen: a listing that does not reach far enough back."""

    began_at: datetime
    ended_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a stream. It is stored before the next one is asked for.

    ``cursor`` is ``None`` until the listing is complete; the last page carries the new state, which
    is stored in the same transaction as that page's items. A listing that breaks off moves nothing.
    """

    items: tuple[Sighting, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    cursor: State | None = None
    missed: tuple[Missed, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What a platform says of the account's token. ``expires_at`` and ``scopes``: ``None`` when it is silent.

    ``lacking`` are the capabilities that the token's permissions leave out.
    """

    expires_at: datetime | None = None
    scopes: tuple[str, ...] | None = None
    lacking: tuple[Capability, ...] = ()


def _forget(token: str) -> None:
    """Keep nothing: for tokens that only live as long as the process."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The school's own account as the platform knows it."""

    external_id: str
    handle: str = ""


@dataclass(frozen=True, slots=True)
class ConnectorContext:
    """What every connector is given beside its own options.

    ``base_url`` points a connector at the practice platforms; ``None`` means the real platform.
    ``token`` is a bare access token, or the JSON that the platform's sign-in made. ``keep_token`` is called
    with new JSON when the platform's own SDK renews it, before the new token is used.
    """

    identity: Identity
    token: str = field(repr=False)
    base_url: str | None = None
    keep_token: Callable[[str], None] = field(default=_forget, repr=False)


def unsupported(action: Action, capabilities: Capabilities) -> Refused:
    """Return the error for what a platform does not offer: it names the way by hand."""
    missing = capabilities.get(Capability(str(action.kind)))
    if missing is None:
        return Refused("This cannot be done here by program.")
    return Refused(f"{missing.reason} {missing.manual_way}")


def found(reference: Reference, item: Sighting) -> Found:
    """Return what it means that a platform shows ``item`` under ``reference``: there, hidden, or reworded."""
    if item.hidden:
        presence = Presence.HIDDEN
    elif reference.digest and digest(item.text) != reference.digest:
        presence = Presence.EDITED
    else:
        presence = Presence.PRESENT
    return Found(reference.external_id, presence, item)


class Connector(Protocol):
    """One account on one platform.

    A connector holds its SDK's client, which is not thread safe: one connector per poll, one thread.
    ``meter`` counts what its requests cost.
    """

    platform: ClassVar[str]
    meter: Meter

    def capabilities(self) -> Capabilities:
        """Say what works on this platform, and for the rest why not and what to do by hand."""
        ...

    def streams(self) -> tuple[str, ...]:
        """Name the streams to poll, in order: public first. Own posts and replies are part of them."""
        ...

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        """Read ``stream`` from its overlap window to the end of paging.

        Yields at least one page. Raises :class:`ConnectorError`; pages already yielded stay stored.
        """
        ...

    def sweep_days(self) -> int:
        """Return how many days a sweep reads back on this platform."""
        ...

    def sweep(self, stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        """Read all of ``stream`` from ``since`` on, whatever the watermarks say. Its pages have no cursor.

        Raises :class:`ConnectorError` when it breaks off: then what it left out says nothing.
        """
        ...

    def lookup(self, references: Sequence[Reference], now: datetime) -> list[Found]:
        """Say of each item where it is now, in order. Only this may declare an item gone.

        What the platform will not say is ``Presence.UNKNOWN``, never a guess. Raises :class:`ConnectorError`.
        """
        ...

    def act(self, action: Action, now: datetime) -> Done:
        """Do what a person decided, once, and read back what came of it. Nothing is sent twice.

        Raises:
            Unsure: it was sent and the answer was lost; ask :meth:`verify`.
            ConnectorError: it was surely not done.
        """
        ...

    def verify(self, action: Action, now: datetime) -> Done | None:
        """Read back whether ``action`` was done since ``action.began_at``; ``None`` when nothing shows it."""
        ...

    def monthly_estimate(self, items_per_day: float) -> Decimal:
        """Return what a month of reading will cost in US dollars, when so many items come in a day."""
        ...

    def prove(self, now: datetime) -> Proof:
        """Make sure that the token is of the right kind and the account's own. Reads only.

        Raises:
            NeedsPerson: it is not, and reading would look empty or fail.
        """
        ...
