"""How easily an item is called medium, high or critical: people may move the cuts, within guard rails.

A cut is the probability from which on the models' word counts. The shipped ones were chosen on messages of
nobody's own school; a school may find that it is told too much or too little. Moved cuts hold for the whole
installation, and every move is recorded for good. None reaches beyond the rails: whatever was set, by whom
and for which earlier models, :func:`moved` keeps it inside those of the cuts that ship now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from moderation.abuse.verdict import Cuts
from moderation.alerts import Person, Role
from moderation.assessment import Severity
from moderation.ports import Ports
from moderation.threshold_moves import Move, cuts_set

STEPS = (Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)
"""The steps whose cuts may be moved."""

MOST_ODDS = 2.5
"""A cut's odds, p / (1 - p), are at most so many times the shipped ones, or so many times smaller."""

HIGHEST = 0.9
"""No cut is raised above this: what is likelier than that to be serious is always told."""

MOVERS = frozenset({Role.DSL, Role.SLT, Role.HEADTEACHER})
"""Who may move a cut: it decides what people are not told."""


class MayNotMove(Exception):
    """The cut stays where it is. The text says why."""


@dataclass(frozen=True, slots=True)
class Rail:
    """The lowest and the highest probability that a cut may have, both included."""

    lowest: float
    highest: float

    def nearest(self, cut: float) -> float:
        """Return ``cut``, or the end of the rail beyond which it lies."""
        return min(max(cut, self.lowest), self.highest)


def rail(step: Severity, shipped: float) -> Rail:
    """Return how far the cut of ``step`` may be moved from ``shipped``; critical may only be lowered."""
    lowest = _times_the_odds(shipped, 1 / MOST_ODDS)
    if step is Severity.CRITICAL:
        return Rail(lowest, shipped)
    # A cut that ships above the highest stays where it is; it only cannot be raised.
    return Rail(lowest, max(shipped, min(_times_the_odds(shipped, MOST_ODDS), HIGHEST)))


def _times_the_odds(probability: float, factor: float) -> float:
    """Return the probability whose odds are ``factor`` times those of another, to three places."""
    return round(probability * factor / (1 - probability + probability * factor), 3)


def moved(cuts: Cuts, changes: Mapping[Severity, float]) -> Cuts:
    """Return ``cuts``, as they ship, with those of ``changes`` in their place, each within its rail."""
    severity = {
        step: rail(step, cut).nearest(changes[step]) if step in changes and step in STEPS else cut
        for step, cut in cuts.severity.items()
    }
    return replace(cuts, severity=severity)


def version_of(cuts: Cuts, moves: Sequence[Move]) -> str:
    """Return the word for ``cuts``, as they ship, after ``moves``: which move was the last one.

    It stands in the version of what scores, so that an assessment tells by which cuts it was made. It is ""
    where all of them are as they ship.
    """
    return "" if moved(cuts, cuts_set(moves)) == cuts else f"cuts-{moves[-1].number}"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants moved: the cut of ``step`` to ``new``, or with None back to where it ships."""

    step: Severity
    new: float | None
    why: str


def move(ports: Ports, shipped: Cuts, model: str, wish: Wish, person: Person) -> Move:
    """Move one cut and record it. Return the move.

    ``shipped`` are the cuts of ``model``, which scores. Whoever moves one needs a role for it at every
    school of the installation, because the cuts hold for all of them.

    Raises:
        MayNotMove: the person may not, there is no reason, or the cut would leave the rails or stay.
    """
    step, new = wish.step, wish.new
    _may_move(ports, person, wish.why)
    if step not in shipped.severity or step not in STEPS:
        raise MayNotMove(f"the cut of {step.word} cannot be moved: only those of medium, high and critical")
    _within(step, shipped.severity[step], new)
    with ports.store.begin() as unit:
        unit.thresholds.take_turns()
        moves = unit.thresholds.moves()
        old = moved(shipped, cuts_set(moves)).severity[step]
        if old == (shipped.severity[step] if new is None else new):
            raise MayNotMove(f"the cut of {step.word} is {old:g} already")
        unit.thresholds.add(Move(step, old, new, model, wish.why, person.name, ports.now()))
        return unit.thresholds.moves()[-1]


def _may_move(ports: Ports, person: Person, why: str) -> None:
    if MOVERS.isdisjoint(person.roles):
        raise MayNotMove("cuts are moved by the safeguarding lead, the headteacher or the leadership team")
    if elsewhere := sorted(set(ports.schools) - person.schools):
        raise MayNotMove(
            f"the cuts hold for every school here, and {person.name} has no role at {', '.join(elsewhere)}"
        )
    if not why.strip():
        raise MayNotMove("say why: the reason is kept with the move")


def _within(step: Severity, shipped: float, new: float | None) -> None:
    allowed = rail(step, shipped)
    if new is None or allowed.lowest <= new <= allowed.highest:
        return
    between = f"it ships at {shipped:g} and may lie between {allowed.lowest:g} and {allowed.highest:g}"
    if step is Severity.CRITICAL and new > allowed.highest:
        raise MayNotMove(f"the cut of critical may only be lowered: {between}")
    raise MayNotMove(f"{new:g} is outside the guard rails of {step.word}: {between}")
