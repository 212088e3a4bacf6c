"""Fetching a school's term calendar from the address at which it is published."""

from __future__ import annotations

import time
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from connectors.base import TIMEOUT, BadResponse, BugOrConfig, ConnectorError, NotFound, Transient
from connectors.transport import network_problem, open_session

WHO = "the term calendar's server"
MOST_BYTES = 5 * 2**20
"""A school's calendar of many years has some hundred thousand bytes."""

MOST_SECONDS = 60.0
"""A server that sends byte after byte is not waited for any longer."""

MOST_REDIRECTS = 5
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def fetch(address: str) -> bytes:
    """Return what is published at ``address``, be it a calendar or not.

    Redirects are followed, but never to where nothing protects the way. The address may hold a secret, so
    no error quotes it.

    Raises:
        ConnectorError: nothing usable came back; the text says what to do.
    """
    try:
        return _content(address)
    except (OSError, HTTPError, UnicodeError) as error:
        problem = network_problem(WHO, error)
    raise problem


def _content(address: str) -> bytes:
    ends = time.monotonic() + MOST_SECONDS
    is_here = urlsplit(address).hostname in _LOOPBACK
    with open_session(address if is_here else None) as session:
        for _ in range(MOST_REDIRECTS + 1):
            _refuse_unprotected(address)
            with session.get(address, timeout=TIMEOUT, allow_redirects=False, stream=True) as response:
                if not response.is_redirect:
                    return _body(response, ends)
                address = urljoin(address, response.headers["location"])
    raise BadResponse(f"{WHO[0].upper()}{WHO[1:]} sends us from one address to the next without an end.")


def _refuse_unprotected(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise BugOrConfig(
        "The term calendar's address, or one that it leads to, is not protected: use one with https."
    )


def _body(response: requests.Response, ends: float) -> bytes:
    if response.status_code != requests.codes.ok:
        raise _refused(response.status_code)
    body = bytearray()
    for part in response.iter_content(64 * 1024):
        body += part
        if len(body) > MOST_BYTES:
            raise BadResponse(
                "The term calendar is larger than any school's: see whether its address is right."
            )
        if time.monotonic() > ends:
            raise Transient("The term calendar came too slowly to wait for its end.")
    return bytes(body)


def _refused(status: int) -> ConnectorError:
    if status in (404, 410):
        return NotFound(
            "The term calendar is not at its address any more: look up where it is published now."
        )
    if status in (401, 403):
        return BugOrConfig("The term calendar is not public at its address: publish it, or use a file.")
    return Transient(f"{WHO[0].upper()}{WHO[1:]} has trouble ({status}).")
