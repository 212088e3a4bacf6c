"""How easily an item is called serious: people may move it within guard rails, and every move is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.abuse.verdict import Cuts
from moderation.alerts import Person
from moderation.assessment import Label, Severity
from moderation.threshold_moves import Move, cuts_set
from moderation.thresholds import (
    HIGHEST,
    MOST_ODDS,
    STEPS,
    MayNotMove,
    Wish,
    move,
    moved,
    rail,
    version_of,
)
from store import tables
from tests.worlds import World, at_once

SHIPPED = Cuts(
    severity={Severity.LOW: 0.5, Severity.MEDIUM: 0.4, Severity.HIGH: 0.45, Severity.CRITICAL: 0.3},
    labels=dict.fromkeys(Label, 0.5),
)
MODEL = "school-1+rules-1"
WHY = "too many false alarms about football"


def wish(step: Severity, new: float | None, why: str = WHY) -> Wish:
    """Return what somebody wants moved."""
    return Wish(step, new, why)


def done(world: World, wanted: Wish, by: str = "dee-lane", who: Person | None = None) -> Move:
    """Let somebody of the school move a cut."""
    return move(world.ports, SHIPPED, MODEL, wanted, who or world.ports.people[by])


def moves(world: World) -> list[Move]:
    """Return the record."""
    with world.store.begin() as unit:
        return unit.thresholds.moves()


def test_a_move_is_recorded_and_counts(world: World) -> None:
    """Who, when, why, from where, to where, and under which model; the cut is in force from then on."""
    stored = done(world, wish(Severity.MEDIUM, 0.5))
    assert stored == Move(Severity.MEDIUM, 0.4, 0.5, MODEL, WHY, "dee-lane", world.now(), number=1)
    assert moved(SHIPPED, cuts_set(moves(world))).severity[Severity.MEDIUM] == 0.5


def test_the_record_is_only_added_to(world: World) -> None:
    """The newest of each step counts, and what was before stays to be read."""
    done(world, wish(Severity.MEDIUM, 0.5))
    done(world, wish(Severity.HIGH, 0.35), by="sue-dale")
    done(world, wish(Severity.MEDIUM, None), by="hal-king")
    assert [(each.old, each.new) for each in moves(world)] == [(0.4, 0.5), (0.45, 0.35), (0.5, None)]
    assert cuts_set(moves(world)) == {Severity.HIGH: 0.35}


def test_two_who_move_one_cut_at_once_take_turns(world: World) -> None:
    """What stands as the old cut was the cut: none of them is lost from the chain."""
    at_once(8, lambda number: done(world, wish(Severity.MEDIUM, 0.41 + number / 100)))
    chain = moves(world)
    assert [each.old for each in chain] == [0.4, *[each.new for each in chain[:-1]]]


def test_what_leaves_the_guard_rails_is_refused(world: World) -> None:
    """The sentence says what is allowed, and nothing is recorded."""
    for step, new, why in (
        (Severity.MEDIUM, 0.63, "0.63 is outside the guard rails of medium: it ships at 0.4 and may lie "),
        (Severity.MEDIUM, 0.2, "between 0.211 and 0.625"),
        (Severity.HIGH, 0.71, "outside the guard rails of high"),
        (Severity.CRITICAL, 0.31, "the cut of critical may only be lowered"),
        (Severity.CRITICAL, 0.1, "outside the guard rails of critical"),
        (Severity.HIGH, float("nan"), "outside the guard rails"),
        (Severity.LOW, 0.4, "the cut of low cannot be moved"),
        (Severity.MEDIUM, 0.4, "is 0.4 already"),
    ):
        with pytest.raises(MayNotMove, match=why):
            done(world, wish(step, new))
    assert world.rows(tables.threshold_moves) == []


def test_only_who_answers_for_safeguarding_moves_a_cut_and_says_why(world: World) -> None:
    """It decides what people are not told; and it holds for every school of the installation."""
    with pytest.raises(MayNotMove, match="by the safeguarding lead"):
        done(world, wish(Severity.MEDIUM, 0.5), by="ada-moss")
    with pytest.raises(MayNotMove, match="say why"):
        done(world, wish(Severity.MEDIUM, 0.5, "  "))
    elsewhere = replace(world.ports.people["dee-lane"], schools=frozenset({"elsewhere"}))
    with pytest.raises(MayNotMove, match="no role at oakfield"):
        done(world, wish(Severity.MEDIUM, 0.5), who=elsewhere)


@given(shipped=st.floats(0.001, 0.999), wanted=st.floats(allow_nan=False), step=st.sampled_from(STEPS))
def test_no_move_reaches_beyond_the_rails(shipped: float, wanted: float, step: Severity) -> None:
    """Whatever is stored, made for whichever model: what scores stays near what was measured."""
    cuts = replace(SHIPPED, severity={step: shipped})
    cut = moved(cuts, {step: wanted}).severity[step]
    odds = cut / (1 - cut) / (shipped / (1 - shipped))
    assert cut <= max(HIGHEST, shipped)
    assert step is not Severity.CRITICAL or cut <= shipped
    assert cut == shipped or (cut - 0.001) / (1 - cut + 0.001) <= MOST_ODDS * shipped / (1 - shipped)
    assert odds >= 1 / MOST_ODDS or cut >= rail(step, shipped).lowest


def test_only_what_is_moved_changes() -> None:
    """The labels, the doubt and the other steps stay as they ship."""
    changed = moved(SHIPPED, {Severity.HIGH: 0.4})
    assert changed == replace(SHIPPED, severity={**SHIPPED.severity, Severity.HIGH: 0.4})
    assert moved(SHIPPED, {Severity.LOW: 0.1}) == SHIPPED


def test_the_version_says_whether_cuts_were_moved(world: World) -> None:
    """An assessment tells by which cuts it was made; back at the shipped ones, nothing is added."""
    assert version_of(SHIPPED, []) == ""
    done(world, wish(Severity.MEDIUM, 0.5))
    done(world, wish(Severity.HIGH, 0.35))
    assert version_of(SHIPPED, moves(world)) == "cuts-2"
    done(world, wish(Severity.HIGH, None))
    assert version_of(SHIPPED, moves(world)) == "cuts-3"
    done(world, wish(Severity.MEDIUM, None))
    assert version_of(SHIPPED, moves(world)) == ""
