"""What Graph answers on every platform it serves: the next page, errors by code, usage, a token's facts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from connectors import transport
from connectors.base import (
    AuthExpired,
    BadResponse,
    BugOrConfig,
    ConnectorError,
    NotFound,
    PermissionMissing,
    RateLimited,
    Refused,
    Scope,
    Transient,
)
from connectors.meter import Window

Answer = Mapping[str, object]


class WindowClosed(Refused):
    """A message came too late for the way it was sent; nothing of it was delivered."""


class TooMuch(Transient):
    """More was asked for at once than Graph can gather: asking for less helps, waiting does not."""


_CURSORS = frozenset({"after", "until", "since", "offset", "__paging_token"})
"""How Graph writes the place where the next page begins."""

_SLOW_DOWN = {
    4: Scope.APP,
    341: Scope.APP,
    **dict.fromkeys((17, 32, 613, 80001, 80002), Scope.ACCOUNT),
    80006: Scope.STREAM,
}
"""Codes that ask us to slow down, and whose allowance is spent. The last is that of the inbox alone."""

_ASKED_TOO_MUCH = "reduce the amount of data"
"""What Graph says beside code 1, which otherwise means any trouble, when a page was too large for it."""

_TROUBLE = frozenset({1, 2})
_TOKEN = frozenset({102, 190})
_PERMISSION = frozenset({3, 10, 1705, *range(200, 300)})
_ROLE_LOST = 492
_WINDOW_CLOSED = 2018278
_NOT_SHOWN = 33

_TOKEN_DEATHS = {
    463: "it has expired",
    467: "it was withdrawn",
    460: "the person who made it changed the password",
    458: "the person who made it removed the app",
    459: "the person who made it has to confirm something on the platform first",
    464: "the person who made it has to confirm the account first",
}
"""Why a token died, by subcode."""

_BLOCKED = (
    "{platform} has blocked this account from doing that for now, because it looked like abuse. Write "
    "nothing more by program today, and see the account's Support inbox."
)
_ROLE = (
    "The person who made the token no longer has a role on the account. Give the role back, or have "
    "another person of the school make a token: a new one of the same person does not help."
)
_REFUSED = {
    368: _BLOCKED,
    506: "{platform} refuses the same words twice in a row. Change the words, or see whether they were sent.",
    551: "This person cannot be written to now. Open the conversation on {platform}, or find another way.",
    1609005: "{platform} refuses the link in these words. Leave it out, or answer on the platform itself.",
}
_MESSAGING_WINDOW = (
    "{platform} lets a message be answered by program only for 24 hours after the person's last one. Open "
    "the conversation in the account's inbox and answer there."
)


def problem(
    refusal: transport.StatusError, now: datetime, platform: str = "Facebook", permissions: str = ""
) -> ConnectorError:
    """Return what an error of Graph means: by its code and subcode, then by the HTTP status.

    ``permissions`` is a sentence that names those that a token of this platform needs.
    """
    error = _mapping((refusal.body or {}).get("error"))
    code, subcode = number(error.get("code")), number(error.get("error_subcode"))
    until = transport.pause_until(refusal.headers, now, [regained(refusal.headers, now)])
    if code in _SLOW_DOWN or (refusal.status == 429 and code not in _TOKEN):
        scope = _SLOW_DOWN.get(code or 0, Scope.ACCOUNT)
        return RateLimited(f"{platform} asked us to slow down.", until, scope)
    known = _person_needed(platform, permissions, code, subcode)
    if code == 1 and _ASKED_TOO_MUCH in str(error.get("message")).lower():
        return TooMuch(f"{platform} cannot gather so much at once. The next poll asks for less.", until)
    if code in _TROUBLE or (known is None and error.get("is_transient") is True):
        return Transient(f"{platform} has trouble. The next poll tries again.", until)
    if known is not None:
        return known
    if refusal.status < 400:
        return BadResponse(
            f"{platform} answered with an error that it does not explain. The next poll tries again."
        )
    return transport.by_status(platform, refusal, now)


def _dead_token(platform: str, subcode: int | None) -> ConnectorError:
    if subcode == _ROLE_LOST:
        return PermissionMissing(_ROLE)
    why = _TOKEN_DEATHS.get(subcode or 0)
    if why is None:
        return transport.auth_expired(platform)
    return AuthExpired(
        f"{platform} no longer accepts the account's token: {why}. Sign the account in again and put the "
        "new token in its file; what was missed is then read."
    )


def _refused(platform: str, code: int | None, subcode: int | None) -> Refused | None:
    if subcode == _WINDOW_CLOSED:
        return WindowClosed(_MESSAGING_WINDOW.format(platform=platform))
    words = _REFUSED.get(code or 0)
    return None if words is None else Refused(words.format(platform=platform))


def _person_needed(
    platform: str, permissions: str, code: int | None, subcode: int | None
) -> ConnectorError | None:
    if code in _TOKEN:
        return _dead_token(platform, subcode)
    refused = _refused(platform, code, subcode)
    if refused is not None:
        return refused
    if code in _PERMISSION:
        lapsed = f"{platform} takes away permissions that nobody used for 90 days."
        return PermissionMissing(" ".join(filter(None, ("The token may not do this.", permissions, lapsed))))
    if (code, subcode) == (100, _NOT_SHOWN):
        return NotFound(
            f"{platform} does not show this account, post or comment. See whether it was removed or "
            "unpublished."
        )
    if code == 100:
        return BugOrConfig(
            f"{platform} did not understand our request. See whether the account's id and api_version are "
            "right."
        )
    return None


def next_query(answer: Answer) -> object:
    """Return what to ask the next page with, ``None`` at the end of the listing.

    Only the cursor is taken from ``paging.next``: its host and path are not followed, its token not kept.
    """
    following = _mapping(answer.get("paging")).get("next")
    if not isinstance(following, str):
        return following
    try:
        pairs = parse_qsl(urlsplit(following).query)
    except ValueError:
        return ""
    return urlencode([(name, value) for name, value in pairs if name in _CURSORS])


def number(value: object) -> int | None:
    """Return a code that Graph writes as a number or as text; ``None`` for anything else."""
    try:
        return int(value) if isinstance(value, (int, str)) else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Usage:
    """One object of a usage header. ``owner`` is the id of the business or account, empty for the app."""

    owner: str
    told: Mapping[str, object]

    def percent(self) -> float:
        """The part of the allowance that is used, in percent: the highest of the three measures."""
        values = [self.told.get(name) for name in ("call_count", "total_cputime", "total_time")]
        known = [min(each, 1000) for each in values if isinstance(each, (int, float)) and each >= 0]
        return float(max(known, default=0))

    def until(self, now: datetime) -> datetime | None:
        """When there is more. Graph gives minutes."""
        minutes = self.told.get("estimated_time_to_regain_access")
        return transport.seconds_ahead(60 * minutes, now) if isinstance(minutes, (int, float)) else None


def windows(headers: Mapping[str, str], now: datetime) -> Iterator[Window]:
    """Yield how much is left of each allowance, in percent; where a header repeats one, the worse state.

    The app's is shared by all its accounts. Graph never says when a window that is not spent begins again.
    """
    for header, name, shared in (("x-app-usage", "app", True), ("x-page-usage", "page", False)):
        told = _parsed(headers.get(header))
        if isinstance(told, _Pairs):
            yield _window(name, [_Usage("", dict(told))], now, shared=shared)
    grouped: dict[str, list[_Usage]] = {}
    for usage in _business(headers):
        kind = usage.told.get("type")
        name = f"{kind if isinstance(kind, str) else 'calls'} {usage.owner}"
        grouped.setdefault(name[:100], []).append(usage)
    for name, usages in grouped.items():
        yield _window(name, usages, now, shared=False)


def _window(name: str, usages: list[_Usage], now: datetime, *, shared: bool) -> Window:
    used = max(each.percent() for each in usages)
    until = max((time for each in usages if (time := each.until(now)) is not None), default=None)
    return Window(name, 100, 100 - used, until, shared)


def regained(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when the account may call again, from the usage header: the longest wait in it holds."""
    times = [each.until(now) for each in _business(headers)]
    return max((time for time in times if time is not None), default=None)


class _Pairs(list[tuple[str, object]]):
    """A JSON object with its keys as often as they were sent: Graph repeats an id that has several types."""


def _parsed(text: str | None) -> object:
    try:
        return json.loads(text or "null", object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return None


def _business(headers: Mapping[str, str]) -> list[_Usage]:
    """Return every object of the usage header by business, at most as many as are worth reading."""
    told = _parsed(headers.get("x-business-use-case-usage"))
    found = [
        _Usage(owner, dict(each))
        for owner, entries in (told if isinstance(told, _Pairs) else ())
        for each in (entries if isinstance(entries, list) else ())
        if isinstance(each, _Pairs)
    ]
    return found[:200]


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What ``debug_token`` says. ``None``: it is silent about that.

    ``expires_at`` is the earlier of the token's own end and that of its access to data (UTC).
    """

    is_valid: bool | None
    expires_at: datetime | None
    scopes: tuple[str, ...] | None
    kind: str


def token_facts(answer: Answer) -> TokenFacts:
    """Read an answer of ``debug_token``; anything odd in it counts as not said."""
    told = _mapping(answer.get("data"))
    ends = [_moment(told.get(name)) for name in ("expires_at", "data_access_expires_at")]
    scopes = told.get("scopes")
    named = tuple(each for each in scopes if isinstance(each, str)) if isinstance(scopes, list) else None
    valid, kind = told.get("is_valid"), told.get("type")
    return TokenFacts(
        is_valid=valid if isinstance(valid, bool) else None,
        expires_at=min((end for end in ends if end is not None), default=None),
        scopes=named,
        kind=kind if isinstance(kind, str) else "",
    )


def _moment(seconds: object) -> datetime | None:
    """Return a time in Unix seconds; zero means never."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
