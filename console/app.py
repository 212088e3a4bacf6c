"""The console in its first form: a status page, health checks and the page behind the links in alerts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from jinja2 import Environment
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.allowance import Allowance
from console.forms import Forms
from console.links import LinkDesk
from console.pages import page_maker, problem, safe_headers
from console.take import TakePages


@dataclass(frozen=True, slots=True)
class StatusView:
    """What the status page shows. ``problems`` are sentences; ``accounts`` and ``loops`` are rows."""

    at: datetime
    problems: list[str]
    totals: Mapping[str, int]
    accounts: list[Mapping[str, Any]] = field(default_factory=list)
    loops: list[Mapping[str, Any]] = field(default_factory=list)


def make_app(
    status: Callable[[], StatusView],
    links: LinkDesk | None = None,
    *,
    secure: bool = True,
    clock: Callable[[], float] = time.monotonic,
) -> Starlette:
    """Return the console.

    ``status`` looks at everything once; it raises when the database is away. ``links`` are the use cases
    behind the links in alerts; without them there is no such page. ``secure``: people reach the console over
    https. ``clock`` gives seconds, by which requests are counted.
    """
    pages = page_maker()
    routes = _status_routes(status, pages)
    if links is not None:
        routes += TakePages(links, pages, Forms(secure), Allowance(clock)).routes()
    return Starlette(
        routes=routes,
        middleware=[Middleware(_SafeHeaders, headers=safe_headers(pages))],
        exception_handlers={HTTPException: partial(problem, pages)},
    )


def _status_routes(status: Callable[[], StatusView], pages: Environment) -> list[Route]:
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

    return [Route("/", page), Route("/healthz", alive), Route("/readyz", ready)]


class _SafeHeaders:
    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, send_safely)
