"""The console in its first form: a status page and health checks. It shows no words and no names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class StatusView:
    """What the status page shows. ``problems`` are sentences; ``accounts`` and ``loops`` are rows."""

    at: datetime
    problems: list[str]
    totals: Mapping[str, int]
    accounts: list[Mapping[str, Any]] = field(default_factory=list)
    loops: list[Mapping[str, Any]] = field(default_factory=list)


def make_app(status: Callable[[], StatusView]) -> Starlette:
    """Return the console. ``status`` looks at everything once; it raises when the database is away."""
    pages = Environment(
        loader=PackageLoader("console"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    pages.filters["when"] = lambda at: "not yet" if at is None else f"{at:%a %d %b %H:%M} UTC"

    async def alive(request: Request) -> Response:
        return PlainTextResponse("ok")

    async def ready(request: Request) -> Response:
        try:
            await run_in_threadpool(status)
        except Exception:  # noqa: BLE001 - whatever is the matter, the answer is the same
            return PlainTextResponse("not ready: the database cannot be read", status_code=503)
        return PlainTextResponse("ok")

    async def page(request: Request) -> Response:
        try:
            view = await run_in_threadpool(status)
        except Exception:  # noqa: BLE001 - a person gets a sentence, never a traceback
            return PlainTextResponse("The database cannot be read: see the log.", status_code=503)
        return HTMLResponse(pages.get_template("status.html").render(view=view))

    return Starlette(
        routes=[Route("/", page), Route("/healthz", alive), Route("/readyz", ready)],
        middleware=[Middleware(_SafeHeaders)],
    )


class _SafeHeaders(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        response.headers.update(HEADERS)
        return response
