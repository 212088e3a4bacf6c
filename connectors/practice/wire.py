"""What goes over the wire on every practice platform: a request, an answer, and how both are written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.practice.content import Content
from connectors.practice.lines import EARLIEST
from connectors.practice.stage import Stage

Json = object
"""Anything that JSON can hold."""

JSON_TYPE = "application/json; charset=utf-8"
HTML_TYPE = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as far as the platforms look at it.

    ``query`` holds the parameters of the address, ``form`` those of the body, ``body`` what the body says
    when it is JSON (else ``None``). ``headers`` have small names. ``token`` is the one of the
    ``Authorization`` header. ``number`` counts this platform's requests from 1. ``base_url`` is where the
    platform is, for addresses that answers name; ``path`` is what follows it. ``is_empty`` asks for a page
    without items that still has a next one. ``stage`` is what endpoints that write change
    (:mod:`connectors.practice.stage`).
    """

    method: str
    path: str
    query: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    token: str | None = field(default=None, repr=False)
    number: int = 1
    base_url: str = ""
    is_empty: bool = False
    body: Json = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    stage: Stage = field(default_factory=lambda: Stage(Content(()), lambda: EARLIEST), repr=False)

    def one(self, name: str, default: str = "") -> str:
        """Return the last value of a query parameter."""
        return self.query[name][-1] if name in self.query else default

    def many(self, name: str) -> tuple[str, ...]:
        """Return the values of a query parameter, whether repeated or joined by commas."""
        return tuple(part for value in self.query.get(name, ()) for part in value.split(",") if part)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, before it becomes bytes."""

    status: int
    body: Json
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = JSON_TYPE

    def encoded(self) -> bytes:
        """Return the body as it is sent: NUL and lone surrogates travel as JSON escapes."""
        if isinstance(self.body, str) and self.content_type == HTML_TYPE:
            return self.body.encode()
        return json.dumps(self.body, separators=(",", ":")).encode()


class RefusedError(Exception):
    """A request that gets an error for an answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"answered with status {answer.status}")
        self.answer = answer


def whole_number(text: str) -> int | None:
    """Return the number that a parameter says, ``None`` when it says none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def aware_time(text: str) -> datetime | None:
    """Return the time that a parameter says, ``None`` when it says none or has no offset."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo is not None else None
