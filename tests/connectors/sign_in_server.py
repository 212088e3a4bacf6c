"""A loopback server that gives tokens as the platforms do, and takes nothing that they would not take.

The parts are common: a person in a browser (:meth:`Authority.allow`), codes that are good once and only with
their PKCE verifier, redirect address and app, and answers that a test lays out by path.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

APP = ("app-1", "app-secret-that-nobody-may-see")


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    method: str
    path: str
    query: dict[str, str]
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def client(self) -> tuple[str, str] | None:
        """The app by its Basic header."""
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        if kind != "Basic":
            return None
        name, _, secret = base64.b64decode(value).decode().partition(":")
        return name, secret

    @property
    def bearer(self) -> str:
        """The token in the header, or in the query as Graph has it."""
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        return value if kind == "Bearer" else self.query.get("access_token", "")


Answer = tuple[int, object]


class Authority:
    """What a platform's authorisation server remembers. ``routes`` answer requests by their path."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.routes: dict[str, Callable[[Asked], Answer]] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.allowed: list[dict[str, str]] = []

    def to(self, path: str) -> list[Asked]:
        """Return the requests that came for a path."""
        return [each for each in self.asked if each.path == path]

    def allow(self, address: str, **changed: str) -> str:
        """Be the person who allows the access: return the address that the browser is sent to."""
        wanted = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.allowed.append(wanted)
        code = f"code-{len(self.allowed)}"
        self.codes[code] = wanted
        back = {"state": wanted["state"], "code": code} | changed
        return f"{wanted['redirect_uri']}?{urlencode(back)}"

    def redeem(self, asked: Asked, *, pkce: bool = True) -> dict[str, str] | None:
        """Take a code out of a token request; ``None`` when the request is not the one that belongs to it."""
        form = asked.body or asked.query
        wanted = self.codes.pop(form.get("code", ""), None)
        if wanted is None or form.get("redirect_uri") != wanted["redirect_uri"]:
            return None
        if pkce:
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != wanted.get("code_challenge"):
                return None
        return wanted


@dataclass
class XAuthority:
    """X's token address: one use of every code and refresh token, and an old one ends the family."""

    authority: Authority
    user: str = "7700900100"
    scope: str | None = None
    refreshes: int = 0
    family_ended: bool = False
    newest: str = ""
    trouble: Answer | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.authority.routes["/2/oauth2/token"] = self.token
        self.authority.routes["/2/oauth2/revoke"] = lambda asked: (200, {"revoked": True})
        self.authority.routes["/2/users/me"] = self.me

    def token(self, asked: Asked) -> Answer:
        if asked.client != APP and asked.body.get("client_id") != "public-app":
            return 401, {"error": "unauthorized_client", "error_description": "Missing valid header"}
        with self.lock:
            if asked.body["grant_type"] == "refresh_token":
                return self._refresh(asked)
            wanted = self.authority.redeem(asked)
            if wanted is None:
                return 400, {"error": "invalid_request", "error_description": "code was invalid"}
            return 200, self._pair(wanted["scope"])

    def _refresh(self, asked: Asked) -> Answer:
        self.refreshes += 1
        if self.trouble is not None:
            return self.trouble
        if asked.body["refresh_token"] != self.newest or self.family_ended:
            self.family_ended = True
            return 400, {"error": "invalid_request", "error_description": "Value passed was invalid."}
        return 200, self._pair(self.scope or "tweet.read users.read offline.access")

    def _pair(self, scope: str) -> dict[str, object]:
        self.scope = self.scope or scope
        number = self.refreshes
        self.newest = f"refresh-{number}-that-nobody-may-see"
        return {
            "token_type": "bearer",
            "expires_in": 7200,
            "access_token": f"access-{number}-that-nobody-may-see",
            "scope": self.scope,
            "refresh_token": self.newest,
        }

    def me(self, asked: Asked) -> Answer:
        if asked.bearer != f"access-{self.refreshes}-that-nobody-may-see":
            return 401, {"title": "Unauthorized"}
        return 200, {"data": {"id": self.user, "name": "Oakfield Academy", "username": "OakfieldAcademy"}}


@contextmanager
def listening(authority: Authority) -> Iterator[Authority]:
    """Let the server listen on this computer until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        """Hands every request to the authority."""

        def answer(self) -> None:
            parts = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            body = json.loads(raw) if raw.startswith("{") else _flat(raw)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, parts.path, _flat(parts.query), body, headers)
            authority.asked.append(asked)
            status, told = authority.routes.get(parts.path, _nowhere)(asked)
            content = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815 - http.server names them so

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    authority.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _nowhere(asked: Asked) -> Answer:
    return 404, {"error": "not_found"}


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
