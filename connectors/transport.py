"""What answers and failures of HTTP mean to connectors, in errors that never hold a token.

A connector wraps every SDK call that reads in :func:`ask` and every one that writes in :func:`write`; what
comes back is a JSON object, what goes wrong is a :class:`ConnectorError`.
"""

from __future__ import annotations

import json
import math
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
)

from connectors.base import (
    AuthExpired,
    BadResponse,
    BugOrConfig,
    ConnectorError,
    NotFound,
    PermissionMissing,
    RateLimited,
    Transient,
    Unsure,
)
from connectors.sessions import date_in

LONGEST_PAUSE = timedelta(days=1)
"""However long a platform asks us to wait, it is asked again after this time."""


class StatusError(Exception):
    """A platform answered with an error. ``body`` is its JSON, ``None`` when it sent none."""

    def __init__(self, status: int, headers: Mapping[str, str], body: Mapping[str, object] | None) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.headers = headers
        self.body = body


def json_answer(response: requests.Response, platform: str) -> dict[str, object]:
    """Return the JSON object in ``response``; judge by its content, because its headers may lie.

    Raises :class:`StatusError` for an error status and :class:`BadResponse` for anything else that is
    no JSON object: an HTML page, an empty or cut body, a redirect.
    """
    body = json_value(response, platform)
    if isinstance(body, dict):
        return body
    raise _no_data(response.status_code, platform)


def json_value(response: requests.Response, platform: str) -> object:
    """Return the JSON object or list in ``response``, for platforms whose listings are bare lists.

    Raises as :func:`json_answer` does.
    """
    status = response.status_code
    if 300 <= status < 400:
        raise BadResponse(
            f"{platform} sent us to another address ({status}). If this goes on, see whether a filter or "
            "a sign-in page of your network stands in the way."
        )
    body = _parsed(response.content)
    if status >= 400:
        known = body if isinstance(body, dict) else {} if isinstance(body, list) else None
        raise StatusError(status, response.headers, known)
    if not isinstance(body, dict | list):
        raise _no_data(status, platform)
    return body


def _no_data(status: int, platform: str) -> BadResponse:
    return BadResponse(
        f"{platform} answered with something else than data ({status}): a page, or an answer that was "
        "cut off. Nothing is lost; the next poll reads it again."
    )


def _parsed(content: bytes) -> object:
    """Return the JSON value; bytes that are no UTF-8 become U+FFFD, so that one comment stops nobody."""
    try:
        return json.loads(content.decode("utf-8", errors="replace"))
    except (ValueError, RecursionError):
        return None


def ask(
    platform: str,
    call: Callable[[], dict[str, object]],
    explain: Callable[[StatusError], ConnectorError],
) -> dict[str, object]:
    """Run one SDK call and return its answer, or raise the :class:`ConnectorError` that fits.

    The error is raised outside the ``except`` block: the original, whose text may hold a URL with the
    token, is then not even its context.
    """
    try:
        return call()
    except StatusError as refusal:
        problem = explain(refusal)
    except (OSError, HTTPError, UnicodeError) as error:
        problem = network_problem(platform, error)
    raise problem


def write(
    platform: str,
    call: Callable[[], dict[str, object]],
    explain: Callable[[StatusError], ConnectorError],
) -> dict[str, object]:
    """Run one SDK call that changes something, once, and return its answer.

    Raises:
        Unsure: it was sent and its answer was lost, or says nothing: a timeout, a server's error, a page.
        ConnectorError: it was surely not done: refused, or never sent.
    """
    try:
        return call()
    except StatusError as refusal:
        problem = explain(refusal)
        if isinstance(problem, Transient):
            problem = unsure(platform)
    except BadResponse:
        problem = unsure(platform)
    except (OSError, HTTPError, UnicodeError) as error:
        problem = network_problem(platform, error) if never_sent(error) else unsure(platform)
    raise problem


def unsure(platform: str) -> Unsure:
    """Return the error for a write whose answer was lost."""
    return Unsure(f"{platform} did not say whether it was done. It is not sent again; look there.")


def never_sent(error: Exception) -> bool:
    """Say whether a request surely did not reach the platform: no connection, or nothing to be sent.

    A certificate is refused before anything is sent; a secure connection may break afterwards too.
    """
    refused = (
        requests.exceptions.ConnectTimeout,
        requests.exceptions.InvalidHeader,
        requests.exceptions.InvalidURL,
        UnicodeError,
    )
    before = (NewConnectionError, ConnectTimeoutError, ssl.SSLCertVerificationError)
    return isinstance(error, refused) or any(isinstance(each, before) for each in _causes(error))


def _causes(error: object) -> Iterator[object]:
    """Yield an error and those that it was made of: two libraries wrap the first one."""
    yield error
    for cause in (*getattr(error, "args", ()), getattr(error, "reason", None)):
        if isinstance(cause, Exception):
            yield from _causes(cause)


def network_problem(platform: str, error: Exception) -> ConnectorError:
    """Return what a failure below HTTP means. Its own text is never used."""
    match error:
        case requests.exceptions.InvalidHeader() | requests.exceptions.InvalidURL() | UnicodeError():
            return BugOrConfig(
                f"The request to {platform} could not be written. See that the token file holds the token "
                "alone on one line and that the address in the settings is right."
            )
        case requests.exceptions.ChunkedEncodingError() | requests.exceptions.ContentDecodingError():
            return BadResponse(f"{platform}'s answer was cut off. The next poll reads it again.")
        case requests.exceptions.SSLError():
            return Transient(
                f"No secure connection to {platform}: its certificate was not accepted. If this goes on, "
                "see whether your network's filter opens connections, and whether the clock is right."
            )
        case requests.exceptions.Timeout():
            return Transient(f"{platform} did not answer in time. The next poll tries again.")
        case _:
            return Transient(
                f"{platform} could not be reached. If this goes on, see whether the host is online and "
                "its proxy settings are right."
            )


def by_status(platform: str, refusal: StatusError, now: datetime) -> ConnectorError:
    """Return what an error status means on any platform; connectors ask here after their own tables."""
    status, until = refusal.status, pause_until(refusal.headers, now)
    if status == 429:
        return RateLimited(f"{platform} asked us to slow down.", until)
    if status >= 500 or status in (408, 425):
        # An allowance that begins again later says nothing about when the trouble ends.
        asked = pause_until({"retry-after": refusal.headers.get("retry-after", "")}, now)
        return Transient(f"{platform} has trouble ({status}). The next poll tries again.", asked)
    if status == 401:
        return auth_expired(platform)
    if refusal.body is None:
        return BadResponse(
            f"{platform} answered {status} without saying why. If this goes on, see whether a filter of "
            "your network blocks it."
        )
    return _person_needed(platform, status)


def _person_needed(platform: str, status: int) -> ConnectorError:
    match status:
        case 403:
            return PermissionMissing(
                f"{platform} does not let this token do that. Sign the account in again and grant every "
                "permission that the set-up page lists."
            )
        case 404 | 410:
            return NotFound(
                f"{platform} does not find the account. See whether it was renamed, hidden or removed."
            )
        case _:
            return BugOrConfig(
                f"{platform} did not understand our request ({status}). See whether the account's settings "
                "are right; if they are, report this to the makers."
            )


def auth_expired(platform: str) -> AuthExpired:
    """Return the error for a dead token."""
    return AuthExpired(
        f"{platform} no longer accepts the account's token. Sign the account in again: accounts connect "
        "and its name, or a new token in its file. What was missed is then read."
    )


def pause_until(
    headers: Mapping[str, str], now: datetime, also: Iterable[datetime | None] = ()
) -> datetime | None:
    """Return when the platform wants to be asked again, ``None`` when it named no usable time.

    Reads ``Retry-After`` (seconds or a date) and ``x-rate-limit-reset`` (Unix seconds). Times that are
    past or unreadable count as not said; the caller then waits its own default.
    """
    given = [
        _after(headers.get("retry-after"), now),
        _instant(headers.get("x-rate-limit-reset")),
        *also,
    ]
    ahead = [moment for moment in given if moment is not None and moment > now]
    return min(max(ahead), now + LONGEST_PAUSE) if ahead else None


def seconds_ahead(seconds: object, now: datetime) -> datetime | None:
    """Return the time ``seconds`` from ``now``; anything that is no positive finite number is ``None``."""
    try:
        amount = float(seconds)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    if not math.isfinite(amount) or amount <= 0:
        return None
    return now + min(timedelta(seconds=min(amount, LONGEST_PAUSE.total_seconds())), LONGEST_PAUSE)


def _after(value: str | None, now: datetime) -> datetime | None:
    if value is None:
        return None
    return date_in(value) or seconds_ahead(value, now)


def _instant(value: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(value or "nan"), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def next_page(platform: str, token: object, seen: set[str], most: int) -> str | None:
    """Return the token of the next page, ``None`` at the end of the listing.

    Raises :class:`BadResponse` when the token is no token, was given before (the listing runs in a
    circle) or when ``most`` pages were read: the cursor then stays where it was.
    """
    if token is None:
        return None
    if not isinstance(token, str) or not token:
        raise BadResponse(f"{platform}'s listing has a next page that cannot be read.")
    if token in seen:
        raise BadResponse(f"{platform}'s listing runs in a circle. The next poll starts again.")
    seen.add(token)
    if len(seen) >= most:
        raise BadResponse(
            f"{platform}'s listing did not end within {most} pages. If this goes on, raise max_pages in "
            "the account's settings."
        )
    return token
