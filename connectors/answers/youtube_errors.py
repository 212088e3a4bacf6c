"""What an error of YouTube means, by its reason; its status alone says little."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors import transport
from connectors.answers import fields
from connectors.base import (
    BadResponse,
    ConnectorError,
    NotFound,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    Refused,
    Scope,
    Transient,
)

Answer = Mapping[str, object]

QUOTA_ZONE = ZoneInfo("America/Los_Angeles")
"""A day's quota starts at midnight there."""

MANAGE_COMMENTS = "https://www.googleapis.com/auth/youtube.force-ssl"
"""The one permission that reading and moderating comments takes."""


class StartAgain(BadResponse):
    """A listing broke off in a way that reading it from its start may mend."""


class ForbiddenItem(PermissionMissing):
    """YouTube does not show this channel one of the things that were asked for by id."""


_QUOTA = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
_SLOW_DOWN = {
    "rateLimitExceeded": Scope.APP,
    "RATE_LIMIT_EXCEEDED": Scope.APP,
    "userRateLimitExceeded": Scope.ACCOUNT,
}
_TROUBLE = frozenset({"backendError", "internalError"})
_GONE = frozenset(
    {"commentThreadNotFound", "commentNotFound", "parentCommentNotFound", "videoNotFound", "channelNotFound"}
)
_REFUSED = {
    "commentsDisabled": "Comments are switched off there.",
    "parentCommentIsPrivate": "The comment is not public, so it takes no replies. Publish it first.",
    "commentTextTooLong": "YouTube finds the reply too long. Make it shorter.",
    "commentTextRequired": "The reply has no words.",
    "invalidCommentMetadata": "YouTube does not take this reply. Change its words.",
    "invalidCustomEmoji": "YouTube does not know an emoji in the reply. Take it out.",
    "parentIdMissing": "YouTube takes no reply without the comment that it belongs to.",
    "banWithoutReject": "YouTube hides nobody from the channel without removing the comment.",
}
_REFUSED_WRITE = {
    "forbidden": (
        "YouTube does not let the channel do that, or the comment is gone. Open the item's link and look."
    ),
    "operationNotSupported": "YouTube does not offer that for this comment. Open the item's link.",
}
_SWITCHED_OFF = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_SCOPES = frozenset({"insufficientPermissions", "insufficientScopes", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
_CHANNEL = frozenset(
    {
        "channelClosed",
        "channelSuspended",
        "ineligibleAccount",
        "authenticatedUserNotChannel",
        "authenticatedUserAccountClosed",
        "authenticatedUserAccountSuspended",
        "accountDelegationForbidden",
        "youtubeSignupRequired",
    }
)


def problem(refusal: transport.StatusError, now: datetime, *, mid_listing: bool = False) -> ConnectorError:
    """Return what an error to a reading request means. ``mid_listing`` says that a page token was sent."""
    reasons = reasons_of(refusal.body or {})
    known = _waiting_helps(refusal, reasons, now)
    if known is not None:
        return known
    if "processingFailure" in reasons:
        return StartAgain("YouTube could not work on the request. The next poll tries again.")
    if refusal.status == 400 and mid_listing:
        return StartAgain("YouTube did not take its own page token back. The next poll starts again.")
    return _person_needed(reasons) or transport.by_status("YouTube", refusal, now)


def problem_of_write(refusal: transport.StatusError, now: datetime) -> ConnectorError:
    """Return what an error to a request that changes something means."""
    reasons = reasons_of(refusal.body or {})
    for reason, meaning in _REFUSED_WRITE.items():
        if reason in reasons:
            return Refused(meaning)
    return problem(refusal, now)


def _waiting_helps(refusal: transport.StatusError, reasons: set[str], now: datetime) -> ConnectorError | None:
    slow_down = [_SLOW_DOWN[each] for each in reasons if each in _SLOW_DOWN]
    if reasons & _QUOTA or ("RESOURCE_EXHAUSTED" in reasons and not slow_down):
        return QuotaExhausted(
            "The day's allowance of YouTube is used up. Reading goes on at midnight in California; "
            "if this happens often, ask Google for more or poll less often.",
            quota_renewal(now),
        )
    if slow_down or refusal.status == 429:
        until = transport.pause_until(refusal.headers, now)
        scope = Scope.APP if Scope.APP in slow_down else Scope.ACCOUNT
        return RateLimited("YouTube asked us to slow down.", until, scope)
    if refusal.status == 401 or "authError" in reasons:
        return transport.auth_expired("YouTube")
    if reasons & _TROUBLE:
        until = transport.pause_until(refusal.headers, now)
        return Transient("YouTube has trouble. The next poll tries again.", until)
    return None


def _person_needed(reasons: set[str]) -> ConnectorError | None:
    if reasons & _GONE:
        return NotFound("YouTube does not find the channel or comment. See whether it was removed.")
    for reason, meaning in _REFUSED.items():
        if reason in reasons:
            return Refused(meaning)
    for words, error in _PERMISSION:
        if reasons & words:
            return error()
    return None


def _switched_off() -> PermissionMissing:
    return PermissionMissing(
        "The YouTube Data API is not switched on for the school's Google Cloud project. Switch it on in "
        "Google's console."
    )


def _forbidden() -> ForbiddenItem:
    return ForbiddenItem(
        "YouTube does not show that to the channel that signed in. See whether it is the school's own "
        "channel; if it is not, sign in again and choose the channel."
    )


def other_channel() -> PermissionMissing:
    """Return the error for a sign-in that is not that of the school's channel."""
    return PermissionMissing(
        "The Google account that signed in cannot act for this channel. See on YouTube whether the "
        "channel is in order, then sign in again and choose the channel."
    )


def scope_missing() -> PermissionMissing:
    """Return the error for a sign-in that left out the permission for comments."""
    return PermissionMissing(
        "The sign-in does not include managing YouTube comments (youtube.force-ssl). Sign the channel in "
        "again and leave every box ticked."
    )


def quota_renewal(now: datetime) -> datetime:
    """Return the next midnight in Los Angeles (UTC)."""
    day = now.astimezone(QUOTA_ZONE).date() + timedelta(days=1)
    return datetime.combine(day, time(), QUOTA_ZONE).astimezone(UTC)


def reasons_of(body: Answer) -> set[str]:
    """Return every word by which an error says what is wrong."""
    error = body.get("error")
    error = error if isinstance(error, Mapping) else {}
    told = [*fields.mappings_in(error.get("errors")), *fields.mappings_in(error.get("details"))]
    return {str(each.get("reason")) for each in told} | {str(error.get("status"))}


_PERMISSION: tuple[tuple[frozenset[str], Callable[[], PermissionMissing]], ...] = (
    (_SWITCHED_OFF, _switched_off),
    (_CHANNEL, other_channel),
    (_SCOPES, scope_missing),
    (frozenset({"forbidden"}), _forbidden),
)
