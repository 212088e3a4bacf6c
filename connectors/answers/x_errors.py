"""What X's errors mean: those of reading, and those of writing, where being refused is common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from connectors import transport
from connectors.answers import fields, x_meter
from connectors.base import (
    BadResponse,
    ConnectorError,
    NotFound,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    Refused,
    Scope,
)

Answer = Mapping[str, object]

_NO_CREDIT = {"CreditsDepleted", "credits"}
_CAPPED = {"UsageCapExceeded", "usage-capped"}
_APP_SHUT_OUT = {"client-forbidden", "Client Forbidden"}
_WRONG_TOKEN = {"unsupported-authentication", "Unsupported Authentication", "oauth1-permissions"}
_SUSPENDED = {"user-suspended"}
_NOTHING_WORKS = _APP_SHUT_OUT | _WRONG_TOKEN | _SUSPENDED
_MISSING = {"resource-not-found", "Not Found Error"}


def kinds(body: Answer) -> set[str]:
    """Return the kinds of trouble in an error body: titles, and the last parts of the problem types.

    The host in a type changed in 2026, the last part did not.
    """
    told = [body, *fields.mappings_in(body.get("errors"))]
    types = {last_part(each.get("type")) for each in told}
    return types | {str(each.get("title", "")) for each in told}


def last_part(address: object) -> str:
    """Return the last part of a problem type's address."""
    return address.rpartition("/")[2] if isinstance(address, str) else ""


def problem(refusal: transport.StatusError, now: datetime, *, mid_listing: bool = False) -> ConnectorError:
    """Return what an error status and its body mean. ``mid_listing`` says that a page token was sent."""
    told = kinds(refusal.body or {})
    if refusal.status == 402 or told & _NO_CREDIT:
        return QuotaExhausted("The credit for X is used up. Buy credit in X's developer console.")
    if told & _CAPPED:
        return QuotaExhausted(
            "The plan's allowance for reading X is used up. Raise it in X's developer console, or wait "
            "until it starts again."
        )
    if refusal.status == 403 and refusal.body is not None:
        return _forbidden(told)
    if refusal.status == 400 and mid_listing:
        return BadResponse("X did not take its own page token back. The next poll starts the listing again.")
    if refusal.status == 429 or "Too Many Requests" in told:
        return _slow_down(refusal, now)
    return transport.by_status("X", refusal, now)


def _slow_down(refusal: transport.StatusError, now: datetime) -> RateLimited:
    """Each address has a window of its own; only a spent day of the app stops everything."""
    spent = [window for window in x_meter.windows(refusal.headers, "") if window.remaining <= 0]
    until = transport.pause_until(refusal.headers, now, [window.resets_at for window in spent])
    scope = Scope.APP if any(window.shared for window in spent) else Scope.STREAM
    return RateLimited("X asked us to slow down.", until, scope)


def _forbidden(told: set[str]) -> PermissionMissing:
    if told & _APP_SHUT_OUT:
        return PermissionMissing(
            "X does not let this app do that. Attach the app to a project with access to it in X's "
            "developer console."
        )
    if told & _SUSPENDED:
        return PermissionMissing(
            "X has suspended the school's account. Sign in on X to see why and what to do about it."
        )
    if told & _WRONG_TOKEN:
        return PermissionMissing(
            "X does not take this kind of token here. Sign the account in again with OAuth 2.0 and the "
            "scopes tweet.read, users.read, dm.read and offline.access."
        )
    return PermissionMissing(
        "X does not let this token read that. Sign the account in again with the scopes tweet.read, "
        "users.read and, for direct messages, dm.read, and see whether the account is locked."
    )


def problem_without_data(answer: Answer) -> ConnectorError:
    """Return what an answer means that came with status 200 and holds errors only, or nothing."""
    told = kinds(answer)
    if told & _MISSING:
        return NotFound("X does not find the account. See whether it was renamed, suspended or removed.")
    if told & {"not-authorized-for-resource", "Authorization Error", "Forbidden"}:
        return _forbidden(told)
    return BadResponse(
        "X answered without posts and without saying that there are none. The next poll tries again."
    )


# Writing

REPLY_REFUSED = (
    "X refuses this reply. By program it takes replies only where the author names or quotes the school, "
    "and only where the author lets everyone reply. Open the item's link and reply there; the next poll "
    "recognises the reply."
)
REPLY_REPEATED = (
    "X refuses this reply because the account has said the same before. Open the item's link and see "
    "whether the reply stands there already; if not, change its words."
)
REPLY_UNFIT = (
    "X does not take these words as a reply; it takes 280 characters, and a link counts as 23. Shorten the "
    "reply, or open the item's link and reply there."
)
MESSAGE_REFUSED = (
    "X does not deliver a message into this conversation. Its other side may take no messages, or it was "
    "moved to encrypted chat. Open the conversation on X and answer there."
)
HIDING_REFUSED = (
    "X hides only replies in conversations that the school's own posts began. Open the item's link and "
    "mute or report it there."
)
DELETING_REFUSED = (
    "X lets an account delete its own posts only. Open the item's link and hide or report it there."
)
BLOCKING_REFUSED = "X did not block this author. Open the author's profile and block there."


def refused(
    refusal: transport.StatusError, now: datetime, why: str, *, unfit: str | None = None
) -> ConnectorError:
    """Return what it means that X did not do something: ``why``, unless its body says something else.

    ``unfit`` is said when it was our words that X did not take.
    """
    told = kinds(refusal.body or {})
    general = problem(refusal, now)
    if isinstance(general, QuotaExhausted | RateLimited) or told & _NOTHING_WORKS:
        return general
    is_gone = refusal.body is not None and _says(refusal.body, "deleted or not visible")
    if refusal.status in (404, 410) or (refusal.status == 403 and is_gone):
        return NotFound("X does not find it any more. It may have been deleted; open the item's link.")
    if refusal.status == 403 and refusal.body is not None:
        return Refused(REPLY_REPEATED if _says(refusal.body, "duplicate") else _unfit_or(refusal, why, unfit))
    if refusal.status == 400 and unfit is not None:
        return Refused(unfit)
    return general


def _unfit_or(refusal: transport.StatusError, why: str, unfit: str | None) -> str:
    too_long = refusal.body is not None and _says(refusal.body, "too long")
    return unfit if unfit is not None and too_long else why


def _says(body: Answer, words: str) -> bool:
    """Look for words in what X explains. The explanation itself is never passed on."""
    told = [body, *fields.mappings_in(body.get("errors"))]
    return any(words in str(each.get(name, "")).casefold() for each in told for name in ("detail", "message"))
