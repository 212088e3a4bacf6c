"""The socket side of the practice platforms: reads requests, sends answers, and breaks off when asked to."""

from __future__ import annotations

import json
import logging
import socket
import struct
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread, current_thread
from typing import cast
from urllib.parse import parse_qs, unquote, urlsplit

from connectors.practice.faults import Fault, FaultKind
from connectors.practice.wire import Answer, Json, Request

HOST = "127.0.0.1"
LARGEST_BODY = 1_000_000
IDLE_SECONDS = 60
WRONG_TYPE = "text/plain; charset=utf-8"

_END_SECONDS = 5.0
_ABORT = struct.pack("ii", 1, 0)
"""Close with a reset, not with a goodbye."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sending:
    """An answer and how it is sent. ``moment`` is the platform's clock, for the ``Date`` header."""

    answer: Answer
    moment: datetime
    fault: Fault | None = None

    def has(self, kind: FaultKind) -> bool:
        """Say whether it meets a fault of this kind."""
        return self.fault is not None and self.fault.kind is kind


Receive = Callable[[Request], Sending]


class Listener(ThreadingHTTPServer):
    """Listens on this machine only, one thread per connection. ``receive`` answers."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, receive: Receive) -> None:
        self.receive = receive
        self.ending = Event()
        self._open: dict[Thread, socket.socket] = {}
        self._lock = Lock()
        super().__init__((HOST, port), _Handler)

    def process_request_thread(self, request: object, client_address: object) -> None:
        """Serve one connection, and know of it as long as it lasts."""
        assert isinstance(request, socket.socket)  # noqa: S101 - the listener is a TCP one
        with self._lock:
            self._open[current_thread()] = request
        if self.ending.is_set():
            _hang_up(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                del self._open[current_thread()]

    def end(self) -> None:
        """Stop listening and end every connection, in the middle of an answer if need be."""
        self.ending.set()
        self.shutdown()
        with self._lock:
            connections = dict(self._open)
        for connection in connections.values():
            _hang_up(connection)
        for thread in connections:
            thread.join(_END_SECONDS)
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say what went wrong by its class name: an error's text could hold words of a comment."""
        error = sys.exception()
        if not isinstance(error, OSError):
            _log.error("practice answer failed error=%s", type(error).__name__)


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        _log.debug("practice connection was closed already")


class _Handler(BaseHTTPRequestHandler):
    """Reads the requests of one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    server: Listener

    def do_GET(self) -> None:
        """Answer a request."""
        request = self._request()
        if request is None:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        self._send(self.server.receive(request))

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names that http.server looks for

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: addresses hold tokens."""

    def _request(self) -> Request | None:
        length = self.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            self.close_connection = True
            return None
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        is_json = "json" in self.headers.get("content-type", "").lower()
        address = urlsplit(self.path)
        return Request(
            method=self.command,
            path=unquote(address.path),
            query=_parameters(address.query),
            form={} if is_json else _parameters(body),
            body=_json(body) if is_json else None,
            headers={name.lower(): value for name, value in self.headers.items()},
            token=_token(self.headers.get("authorization", "")),
        )

    def _send(self, sending: Sending) -> None:
        """Send an answer whole, or break it the way its fault says."""
        if sending.fault is not None and sending.has(FaultKind.SLOW):
            self.server.ending.wait(sending.fault.seconds)
        if sending.has(FaultKind.DOWN) or sending.has(FaultKind.LOST):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
            self.connection.close()
            self.close_connection = True
            return
        body = sending.answer.encoded()
        if sending.has(FaultKind.HALF):
            body = body[: len(body) // 2]
        head = self._head(sending, len(body))
        if sending.has(FaultKind.CUT):
            body = body[: len(body) // 2]
            self.close_connection = True
        self.wfile.write(head + body)

    def _head(self, sending: Sending, length: int) -> bytes:
        answer = sending.answer
        headers = {
            "date": format_datetime(sending.moment, usegmt=True),
            "content-type": WRONG_TYPE if sending.has(FaultKind.TYPE) else answer.content_type,
            "content-length": str(length),
        } | dict(answer.headers)
        lines = [f"{self.protocol_version} {answer.status} {HTTPStatus(answer.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _parameters(text: str) -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in parse_qs(text, keep_blank_values=True).items()}


def _json(text: str) -> Json:
    """Return what a body says, ``None`` when that is no JSON."""
    try:
        return cast("Json", json.loads(text))
    except (ValueError, RecursionError):
        return None


def _token(header: str) -> str | None:
    kind, _, token = header.partition(" ")
    return token.strip() if kind.lower() in {"bearer", "oauth"} and token else None
