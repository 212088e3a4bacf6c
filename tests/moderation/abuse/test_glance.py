"""A glance chooses what is scored first, and nothing else."""

from __future__ import annotations

import time

import pytest

from moderation.abuse.glance import is_pressing
from moderation.intake import AHEAD
from moderation.tasks import TaskKind
from store import tables
from tests.worlds import World, sighting


@pytest.mark.parametrize(
    "text",
    [
        "I can't do this any more",
        "he says he will bring a knife tomorrow",
        "has anyone seen Jamie, he hasn\u2019t come home",
        "KYS nobody wants you",
        "meet me behind the shops and don't tell your mum",
    ],
)
def test_what_may_be_danger_is_pressing(text: str) -> None:
    """Plain words of danger, in the letters that phones write."""
    assert is_pressing(text)


@pytest.mark.parametrize(
    "text", ["When is the concert?", "The traffic outside is a disgrace", "Well done to all of year 7", ""]
)
def test_the_ordinary_waits_its_turn(text: str) -> None:
    """Otherwise everything would be first."""
    assert not is_pressing(text)


def test_ten_thousand_glances_cost_nothing_to_speak_of() -> None:
    """A pile-on is stored as fast as before; a hostile text of any length costs no more."""
    begun = time.process_time()
    for _ in range(10_000):
        is_pressing("The traffic outside the gate is a disgrace and nobody does anything about it. " * 2)
    is_pressing("don't come " * 100_000)
    assert time.process_time() - begun < 2


def test_the_pressing_is_claimed_first(world: World) -> None:
    """It came last of all, and is scored before the rest."""
    world.receive(*(sighting(f"a{number}", by=f"p{number}", thread=f"t{number}") for number in range(50)))
    world.receive(sighting("help", "I can't go on", by="child", thread="t99"))
    first = world.store.claim(TaskKind.SCORE_ITEM, 60, limit=1)[0]
    assert first.subject == str(world.item("help").id)
    assert min(row.next_at for row in world.rows(tables.tasks)) == world.now() - AHEAD
