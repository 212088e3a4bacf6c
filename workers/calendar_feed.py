"""Fetching a school's term calendar from the address at which it is published."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from config.values import is_loopback
from connectors.base import TIMEOUT, BadResponse, BugOrConfig, ConnectorError, NotFound, Transient
from connectors.sessions import open_session
from connectors.transport import network_problem

WHO = "the term calendar's server"
MOST_BYTES = 5 * 2**20
"""A school's calendar of many years has some hundred thousand bytes."""

MOST_SECONDS = 60.0
"""A server that sends byte after byte is not waited for any longer."""

MOST_REDIRECTS = 5


def fetch(address: str) -> bytes:
    """Return what is published at ``address``, be it a calendar or not.

    Redirects are followed, but never to where nothing protects the way. The address may hold a secret, so
    no error quotes it. Once this computer is connected, the whole takes :data:`MOST_SECONDS` at most.

    Raises:
        ConnectorError: nothing usable came back; the text says what to do.
    """
    problem: ConnectorError | None = None
    content = b""
    hourglass = _Hourglass(MOST_SECONDS)
    try:
        content = _content(address, hourglass)
    except (OSError, HTTPError, UnicodeError) as error:
        problem = network_problem(WHO, error)
    except ValueError:  # requests looks at a redirect's address as soon as it comes
        problem = BadResponse(f"{WHO[0].upper()}{WHO[1:]} sends us to an address that is none.")
    finally:
        hourglass.close()
    if hourglass.has_run_out:  # what came by then may look whole and is not
        raise Transient("The term calendar came too slowly to wait for its end.")
    if problem is not None:
        raise problem
    return content


class _Hourglass(HTTPAdapter):
    """Ends all exchanges that go through it when their time has run out.

    The timeouts of a request only limit the silence between two bytes: a server that trickles would be
    listened to for ever. So the connections themselves are cut, wherever the reading stands.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(max_retries=0)
        self.has_run_out = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._run_out)
        self._timer.daemon = True
        self._timer.start()

    def get_connection_with_tls_context(self, *args: Any, **more: Any) -> Any:
        """Return a pool whose connections are known here as soon as they stand."""
        pool = super().get_connection_with_tls_context(*args, **more)
        pool.ConnectionCls = _noticed(type(pool).ConnectionCls, self._notice)
        return pool

    def close(self) -> None:
        """Stop the time and drop the connections."""
        self._timer.cancel()
        super().close()

    def _notice(self, connected: socket.socket) -> None:
        with self._lock:
            self._sockets.append(connected)
            if self.has_run_out:
                _cut(connected)

    def _run_out(self) -> None:
        with self._lock:
            self.has_run_out = True
            for each in self._sockets:
                _cut(each)


def _noticed(kind: type[Any], notice: Callable[[socket.socket], None]) -> type[Any]:
    """Return a kind of connection that gives its socket to ``notice`` once it is connected."""

    class Noticed(kind):  # type: ignore[misc]
        def connect(self) -> None:
            super().connect()
            notice(self.sock)

    return Noticed


def _cut(connected: socket.socket) -> None:
    """End a connection from another thread: whoever reads from it wakes up at once."""
    with contextlib.suppress(OSError):  # it may have ended by itself
        # A TLS socket's own way would also change what its reader is just using.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


def _content(address: str, hourglass: _Hourglass) -> bytes:
    is_here = is_loopback(urlsplit(address).hostname or "")
    with open_session(address if is_here else None) as session:
        for scheme in ("https://", "http://"):
            session.mount(scheme, hourglass)
        for _ in range(MOST_REDIRECTS + 1):
            _refuse_unprotected(address, is_here=is_here)
            with session.get(address, timeout=TIMEOUT, allow_redirects=False, stream=True) as response:
                if not response.is_redirect:
                    return _body(response)
                address = urljoin(address, response.headers["location"])
    raise BadResponse(f"{WHO[0].upper()}{WHO[1:]} sends us from one address to the next without an end.")


def _refuse_unprotected(address: str, *, is_here: bool) -> None:
    """Refuse a way that others could change; from outside, nobody is sent to this computer either."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return
    if parts.scheme == "http" and is_here and is_loopback(parts.hostname or ""):
        return
    raise BugOrConfig(
        "The term calendar's address, or one that it leads to, is not protected: use one with https."
    )


def _body(response: requests.Response) -> bytes:
    if response.status_code != requests.codes.ok:
        raise _refused(response.status_code)
    body = bytearray()
    for part in response.iter_content(64 * 1024):
        body += part
        if len(body) > MOST_BYTES:
            raise BadResponse(
                "The term calendar is larger than any school's: see whether its address is right."
            )
    return bytes(body)


def _refused(status: int) -> ConnectorError:
    if status in (404, 410):
        return NotFound(
            "The term calendar is not at its address any more: look up where it is published now."
        )
    if status in (401, 403):
        return BugOrConfig("The term calendar is not public at its address: publish it, or use a file.")
    return Transient(f"{WHO[0].upper()}{WHO[1:]} has trouble ({status}).")
