"""How pages are made, and the headers that every answer carries."""

from __future__ import annotations

import base64
import hashlib

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_STYLES = ("page.css", "status.css")


def page_maker() -> Environment:
    """Return what makes pages from the templates; everything put into them is escaped."""
    pages = Environment(
        loader=PackageLoader("console"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    pages.filters["when"] = lambda at: "not yet" if at is None else f"{at:%a %d %b %H:%M} UTC"
    return pages


def safe_headers(pages: Environment) -> dict[str, str]:
    """Return the headers: nothing but our own style sheets, which are named by their digest, may act."""
    digests = (hashlib.sha256(pages.get_template(name).render().encode()).digest() for name in _STYLES)
    styles = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src {styles}; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        ),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }


def problem(pages: Environment, request: Request, error: HTTPException) -> Response:
    """Return the page that says what went wrong and what to do, in the same words whoever asks."""
    text = pages.get_template("problem.html").render(
        status=error.status_code, link=request.path_params.get("link")
    )
    return HTMLResponse(text, error.status_code, headers=error.headers)
