"""Speaking to a provider's web service: one session, and what it means when the answer is none."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator

from notifications.base import ChannelError, TechnicalError, TemporaryError, Unknown

if TYPE_CHECKING:
    import requests

Value = TypeVar("Value")

CONNECT_TIMEOUT = 10.0
ANSWER_TIMEOUT = 30.0
"""Seconds to connect and to wait for an answer, unless the settings say otherwise."""

_NOT_DONE = frozenset({500, 503})
"""What a service says itself when it did not do what it was asked; any other 5xx is a gateway's word."""


def _safe(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return url
    if parts.scheme == "http" and _is_here(parts.hostname or ""):
        return url
    raise ValueError("an address starts with https://; http:// is only for this machine")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


BaseUrl = Annotated[str, AfterValidator(_safe)]
"""Where a service is: encrypted, or a server on this machine that stands in for it."""


def prepare(session: requests.Session, base_url: str) -> requests.Session:
    """Return ``session`` without redirects, without another's sign-in, and without a word in the logs.

    A server on this machine is never asked through a proxy.
    """
    # Its lines hold whole addresses, and in those a phone number
    logging.getLogger("urllib3.connectionpool").addFilter(_not_debug)
    session.auth = session.auth or _as_it_is  # or a .netrc on the host would replace ours
    session.max_redirects = 0
    session.trust_env = base_url.startswith("https://")
    return session


def _not_debug(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def unanswered(error: BaseException | None, who: str) -> ChannelError:
    """Return what it means that no answer came from ``who``: whether the request had left already."""
    from requests import exceptions
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError

    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return TechnicalError(f"the certificate of {who} is not right: nothing was sent")
    if isinstance(error, exceptions.TooManyRedirects | ValueError):
        return TechnicalError(f"{who} is not at this address: check base_url")
    before = (exceptions.ConnectTimeout, ConnectTimeoutError, NewConnectionError, ProxyError)
    if any(isinstance(cause, before) for cause in causes):
        return TemporaryError(f"{who} cannot be reached: it will be tried again")
    return Unknown(f"the answer of {who} was lost: it may have the message")


def _causes(error: object) -> Iterator[BaseException]:
    """Yield an error and all that it wraps, in each of the ways of requests and urllib3."""
    while isinstance(error, BaseException):
        yield error
        inner = getattr(error, "reason", None)
        error = inner if isinstance(inner, BaseException) else next(iter(error.args), None)


def unreadable(who: str) -> Unknown:
    """Return the error for an answer that is not what ``who`` promises."""
    return Unknown(f"the answer of {who} cannot be read: it may have the message")


def value_in(answer: object, key: str, kind: type[Value], who: str) -> Value:
    """Return one value of an answer of ``who``. Raises :class:`Unknown` when it is not there."""
    value = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(value, kind):
        raise unreadable(who)
    return value


def refusal(status: int, who: str, remedy: str) -> ChannelError:
    """Return what an HTTP error status means where the provider's own words do not say more."""
    if status == 429:
        return TemporaryError(f"{who} asks us to come back later ({status})")
    if status in _NOT_DONE:
        return TemporaryError(f"{who} is not ready ({status}): it will be tried again")
    if status > 500:
        return Unknown(f"the answer of {who} was lost ({status}): it may have the message")
    return TechnicalError(f"{who} refuses the request ({status}): {remedy}")
