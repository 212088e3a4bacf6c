"""X's allowances: how many requests each endpoint takes in a quarter of an hour, and what the headers say."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from threading import Lock

WINDOW = 900
"""Seconds in a window of the rate limit."""

LOOKUP_LIMIT = 5000
LIMITS = {
    "me": 75,
    "mentions": 300,
    "posts": 900,
    "search": 300,
    "quotes": 75,
    "messages": 15,
    "create": 100,
    "delete": 50,
    "hide": 50,
    "mute": 50,
    "block messages": 10,
    "send message": 15,
}
"""Requests in a window, by endpoint; looking up by id, and what is not there, has more."""


class Tally:
    """Counts the requests of each endpoint in the current window. May be used from several threads."""

    def __init__(self) -> None:
        self._window = 0
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def count(self, endpoint: str, now: datetime) -> int:
        """Count a request, and return how many the endpoint has had in this window."""
        with self._lock:
            if self._window != _window(now):
                self._window = _window(now)
                self._counts.clear()
            self._counts[endpoint] += 1
            return self._counts[endpoint]


def headers(endpoint: str, used: int, now: datetime, *, least: int = 1) -> dict[str, str]:
    """Return the headers that every answer carries; at least ``least`` requests always remain."""
    limit = LIMITS.get(endpoint, LOOKUP_LIMIT)
    return {
        "x-rate-limit-limit": str(limit),
        "x-rate-limit-remaining": str(max(least, limit - used)),
        "x-rate-limit-reset": str((_window(now) + 1) * WINDOW),
    }


def is_spent(endpoint: str, used: int) -> bool:
    """Say whether an endpoint has had more requests than it takes."""
    return used > LIMITS.get(endpoint, LOOKUP_LIMIT)


def _window(now: datetime) -> int:
    return int(now.timestamp()) // WINDOW
