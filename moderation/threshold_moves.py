"""A move of a threshold, as it is remembered: which cut, from where to where, by whom and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from moderation.assessment import Severity


@dataclass(frozen=True, slots=True)
class Move:
    """One move of the cut of ``step``. Both cuts are probabilities; ``new`` is None for "as it ships".

    ``number`` counts the moves of this installation, 0 before it is stored. ``model`` names what scored
    when it was made.
    """

    step: Severity
    old: float
    new: float | None
    model: str
    why: str
    by: str
    at: datetime
    number: int = 0


def cuts_set(moves: Iterable[Move]) -> dict[Severity, float]:
    """Return the cuts that people have set, of ``moves`` from the oldest on; the others are as they ship."""
    newest = {each.step: each.new for each in moves}
    return {step: cut for step, cut in newest.items() if cut is not None}
