"""The moves of thresholds that are stored, at hand for every scoring without asking the store each time."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from moderation.threshold_moves import Move
from store.store import Store


class StoredMoves:
    """Calling it returns the moves as they were at the last ``refresh``, the oldest first."""

    def __init__(self) -> None:
        self._moves: tuple[Move, ...] = ()
        self._refreshing = threading.Lock()

    def __call__(self) -> Sequence[Move]:
        return self._moves

    def refresh(self, store: Store) -> None:
        """Take over the moves that were made since the last time; asking costs one small query.

        Moves are only ever added, so the number of the newest says whether there are further ones.
        """
        with self._refreshing, store.begin() as unit:
            known = self._moves[-1].number if self._moves else 0
            if unit.thresholds.mark() != known:
                self._moves = tuple(unit.thresholds.moves())
