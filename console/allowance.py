"""How often somebody may ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable

_WINDOW = 60


class Allowance:
    """Counts what was asked for in the running minute. ``clock`` gives seconds that never run backwards."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._window = 0
        self._asked: Counter[Hashable] = Counter()

    def spend(self, key: Hashable, most: int) -> bool:
        """Count one more for ``key``; return whether that is within ``most`` a minute."""
        window = int(self._clock() // _WINDOW)
        if window != self._window:
            self._window = window
            self._asked.clear()  # so that strangers' addresses never pile up
        self._asked[key] += 1
        return self._asked[key] <= most

    def seconds_left(self) -> int:
        """Return in how many seconds the next minute begins, at least 1."""
        return _WINDOW - int(self._clock() % _WINDOW)
