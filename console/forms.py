"""Proof that a form which is sent in came from our own page, in the same browser."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

FIELD = "proof"
"""The name of the hidden field that every form carries."""

OPEN_FOR = 12 * 60 * 60
"""How long a page can lie open before its form is refused, in seconds."""

_LONGEST_FORM = 4096


@dataclass(frozen=True, slots=True)
class Forms:
    """Double submission: a random cookie, and a field that only a page which could read it can hold.

    Each link has a cookie of its own, because a strict cookie does not come along from an email: a second
    link, opened from there, would replace the cookie that the first one still needs. ``secure``: people
    come over https, and nothing on a neighbouring host can set our cookies.
    """

    secure: bool

    def fill(self, request: Request, link: str) -> tuple[str, str]:
        """Return this browser's cookie for the link, a new one if it has none, and the field beside it."""
        cookie = request.cookies.get(self._name(link)) or secrets.token_urlsafe(32)
        return cookie, _field(cookie, link)

    def keep(self, response: Response, link: str, cookie: str) -> None:
        """Let the browser keep the cookie."""
        response.set_cookie(
            self._name(link),
            cookie,
            max_age=OPEN_FOR,
            secure=self.secure,
            httponly=True,
            samesite="strict",
        )

    async def check(self, request: Request, link: str) -> None:
        """Let the request pass if field and cookie belong together.

        Raises:
            HTTPException: 403, they do not, or one is missing; 413, this is longer than any form of ours.
        """
        cookie = request.cookies.get(self._name(link), "")
        given = parse_qs(await _body(request)).get(FIELD, [""])[0]
        if not cookie or not hmac.compare_digest(given.encode(), _field(cookie, link).encode()):
            raise HTTPException(403)

    def _name(self, link: str) -> str:
        return f"__Host-take-{link}" if self.secure else f"take-{link}"


def _field(cookie: str, link: str) -> str:
    return hmac.new(cookie.encode(), link.encode(), "sha256").hexdigest()


async def _body(request: Request) -> str:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_FORM:
            raise HTTPException(413)
    return body.decode("utf-8", "replace")
