"""The page behind the link in an alert: one button, which takes the case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog
from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from console.allowance import Allowance
from console.forms import FIELD, Forms
from console.links import LinkDesk, LinkView

MOST_A_MINUTE = {"reading": {"address": 60, "link": 30}, "pressing": {"address": 20, "link": 10}}
"""What one address, and everybody together with one link, may ask for. A school's staff share an address."""

_Answer = TypeVar("_Answer")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TakePages:
    """Looking shows how things stand and changes nothing; only the button does, and may be pressed twice."""

    links: LinkDesk
    pages: Environment
    forms: Forms
    allowance: Allowance

    def routes(self) -> list[Route]:
        """Return where the pages lie."""
        return [
            Route("/t/{link}", self._page, methods=["GET", "POST"]),
            Route("/t/{link}/undo", self._undo, methods=["POST"]),
        ]

    async def _page(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._press(request, self.links.take)
        return await self._show(request)

    async def _undo(self, request: Request) -> Response:
        return await self._press(request, self.links.undo)

    async def _show(self, request: Request) -> Response:
        link = self._admit(request, "reading")
        view = _known(await _ask(self.links.view, link))
        if request.method == "GET":
            await _ask(self.links.opened, link)
        cookie, proof = self.forms.fill(request, link)
        text = self.pages.get_template("take.html").render(view=view, link=link, field=FIELD, proof=proof)
        response = HTMLResponse(text)
        self.forms.keep(response, link, cookie)
        return response

    async def _press(self, request: Request, act: Callable[[str], LinkView | None]) -> Response:
        link = self._admit(request, "pressing")
        await self.forms.check(request, link)
        _known(await _ask(act, link))
        return RedirectResponse(f"/t/{link}", 303)

    def _admit(self, request: Request, what: str) -> str:
        """Return the link that was asked for, unless too much is asked for."""
        link = str(request.path_params["link"])
        keys = {"address": request.client.host if request.client else "", "link": link}
        for kind, most in MOST_A_MINUTE[what].items():
            if not self.allowance.spend((what, kind, keys[kind]), most):
                raise HTTPException(429, headers={"Retry-After": str(self.allowance.seconds_left())})
        return link


async def _ask(question: Callable[[str], _Answer], link: str) -> _Answer:
    try:
        return await run_in_threadpool(question, link)
    except Exception as error:  # noqa: BLE001 - a person gets a sentence, and the log no words of a driver
        log.error("link page failed", error=type(error).__name__)
        raise HTTPException(503) from None


def _known(view: LinkView | None) -> LinkView:
    if view is None:
        raise HTTPException(404)
    return view
