"""The sessions in which connectors talk HTTP: timeouts, no redirects, no retries, counted, and no leaks.

All SDKs run over ``requests`` sessions made here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import DecodeError, ProtocolError, ReadTimeoutError

from connectors.base import TIMEOUT, BugOrConfig
from connectors.meter import Meter

LONGEST_ANSWER = 120.0
"""Seconds in which an answer has to be there as a whole."""

CHUNK = 65_536

_CHATTY = (
    "urllib3.connectionpool",  # whole URLs: facebook-sdk has the token in them
    "google.auth.transport.requests",  # token requests
    "google.oauth2._client",
    "googleapiclient.discovery",
)
_TALKS_OF_PARAMETERS = "tweepy.client"
"""Headers and bodies at debug, and a warning for each of X's new words, which tweepy does not know yet."""


class _Adapter(HTTPAdapter):
    """Gives every request a timeout and, for practice, another address than the SDK insists on."""

    def __init__(self, sdk_host: str, base_url: str | None) -> None:
        super().__init__(max_retries=0)
        self._sdk_host = sdk_host
        self._base_url = base_url

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: object = None,
        verify: bool | str = True,
        cert: object = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        if self._base_url and self._sdk_host and request.url:
            request.url = request.url.replace(self._sdk_host, self._base_url, 1)
        wait = timeout or TIMEOUT
        response = super().send(request, stream, wait, verify, cert, proxies)  # type: ignore[arg-type]
        if not stream:
            _read_in_time(response)
        return response


def _read_in_time(response: requests.Response) -> None:
    """Read the whole answer, as ``requests`` would do next, but within :data:`LONGEST_ANSWER`.

    The timeout of a request begins anew with every byte: what drips would hold its thread for hours.
    Raises what ``requests`` raises.
    """
    ends = time.monotonic() + LONGEST_ANSWER
    parts: list[bytes] = []
    try:
        while part := response.raw.read1(CHUNK, decode_content=True):
            parts.append(part)
            if time.monotonic() > ends:
                response.close()
                raise requests.exceptions.ReadTimeout("the answer drips")
    except ProtocolError as error:
        raise requests.exceptions.ChunkedEncodingError(error) from None
    except DecodeError as error:
        raise requests.exceptions.ContentDecodingError(error) from None
    except ReadTimeoutError as error:
        raise requests.exceptions.ReadTimeout(error) from None
    response._content, response._content_consumed = b"".join(parts), True


def open_session(
    base_url: str | None = None, sdk_host: str = "", meter: Meter | None = None
) -> requests.Session:
    """Return a session for one connector, whose requests ``meter`` counts.

    ``sdk_host`` is an address that an SDK has built in; with ``base_url`` its requests go there
    instead. Practice never goes through a proxy; the real platforms use the host's proxy settings.
    Raises :class:`BugOrConfig` for an address that is none.
    """
    if base_url is not None and not base_url.startswith(("http://", "https://")):
        raise BugOrConfig("The account's base_url does not start with http:// or https://.")
    _keep_requests_out_of_logs()
    session = requests.Session()
    session.trust_env = base_url is None
    session.auth = _as_it_is  # or a .netrc on the host would replace the token
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Adapter(sdk_host, base_url and base_url.rstrip("/")))
    if meter is not None:
        session.hooks["response"].append(_counting(meter))
    return session


def _counting(meter: Meter) -> Callable[..., None]:
    def count(response: requests.Response, *_: object, **__: object) -> None:
        meter.called()
        meter.server_time = date_in(response.headers.get("date")) or meter.server_time

    return count


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _not_debug(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


def _not_warning(record: logging.LogRecord) -> bool:
    return record.levelno > logging.WARNING


def _without_address(record: logging.LogRecord) -> bool:
    """Say no to the warning about odd headers: it names the whole address, on Graph with the token."""
    return "url=" not in str(record.msg)


def _keep_requests_out_of_logs() -> None:
    """Drop the debug lines of the libraries below: they hold tokens and people's words."""
    for name in _CHATTY:
        logging.getLogger(name).addFilter(_not_debug)
    logging.getLogger("urllib3.connection").addFilter(_without_address)
    logging.getLogger(_TALKS_OF_PARAMETERS).addFilter(_not_warning)


def date_in(value: str | None) -> datetime | None:
    """Return the time that a header gives as a date (UTC); ``None`` when it gives none."""
    try:
        read = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError):
        return None
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
