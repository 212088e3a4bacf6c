"""Web servers on this machine that stand in for a provider, and can be made to fail."""

from __future__ import annotations

import json
import socket
import ssl
import struct
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Self

Answer = tuple[int, object]
"""A status, and a body: text as it is, anything else as JSON."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: that a caller hangs up is what some tests are about."""


class Loopback:
    """A web server, up while it is entered. ``instead`` holds answers that come before its own.

    ``lose`` takes the next request as always and then cuts the line; ``hang`` never answers.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.instead: list[Answer] = []
        self.lose = self.hang = False
        self._over = Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer._serve(self)

            def do_POST(self) -> None:
                outer._serve(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on."""
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )

    def answer(self, asked: Asked) -> Answer:
        """Return what this provider says to a request."""
        return 200, {}

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        asked = Asked(handler.command, handler.path, dict(handler.headers), body)
        self.asked.append(asked)
        if self.hang:
            self._over.wait(10)
            handler.close_connection = True
            return
        status, content = self.instead.pop(0) if self.instead else self.answer(asked)
        if self.lose:
            self.lose = False
            _cut(handler)
            return
        raw = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(raw)))
        handler.send_header("Location", "/elsewhere")
        handler.end_headers()
        handler.wfile.write(raw)


def _cut(handler: BaseHTTPRequestHandler) -> None:
    """Reset the connection, as a broken line does."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()
