"""What a person brings in by hand is an item like any other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from moderation.by_hand import BroughtIn, NotUsable, bring_in
from moderation.items import ItemKind
from moderation.tasks import TaskKind
from store import tables
from tests.worlds import FACEBOOK, NINE, World

WORDS = "Does anybody know whether the school is open on Monday?"


def brought(**more: object) -> BroughtIn:
    """Return a find in a local group."""
    usual = {"text": WORDS, "author": "Kerry Walsh", "link": "https://group.example/7", "written_at": NINE}
    return BroughtIn(**{**usual, "private": False, **more})  # type: ignore[arg-type]


def test_it_is_scored_and_gets_a_clock(world: World) -> None:
    """From when it was written, as the person says."""
    assert bring_in(world.ports, FACEBOOK, brought())
    world.work(TaskKind.SCORE_ITEM)
    [row] = world.rows(tables.clocks)
    assert row.received_at == NINE


def test_the_same_find_twice_is_one(world: World) -> None:
    """Two colleagues bring in the same; line ends and blanks differ."""
    assert bring_in(world.ports, FACEBOOK, brought())
    assert not bring_in(world.ports, FACEBOOK, brought(text=WORDS.replace(" ", "  ") + "\n"))
    assert len(world.rows(tables.items)) == 1


def test_without_a_time_the_clock_starts_now(world: World) -> None:
    """Nobody knows when it was written."""
    bring_in(world.ports, FACEBOOK, brought(written_at=None))
    [row] = world.rows(tables.items)
    assert row.received_at == world.now()


def test_a_link_alone_is_enough(world: World) -> None:
    """Somebody has to open it; the item says so."""
    bring_in(world.ports, FACEBOOK, brought(text="  "))
    [row] = world.rows(tables.item_versions)
    assert "open it" in row.text


def test_what_was_private_is_a_private_message(world: World) -> None:
    """It is shown to few."""
    bring_in(world.ports, FACEBOOK, brought(private=True))
    [row] = world.rows(tables.items)
    assert row.kind == ItemKind.MESSAGE


@pytest.mark.parametrize(
    "change",
    [
        {"text": "", "link": ""},
        {"link": "javascript:alert(1)"},
        {"written_at": NINE + timedelta(days=2)},
        {"written_at": NINE - timedelta(days=400)},
    ],
    ids=["nothing at all", "no web address", "in the future", "mistyped year"],
)
def test_what_cannot_be_right_is_refused(world: World, change: dict[str, object]) -> None:
    """With a reason, and nothing is stored."""
    with pytest.raises(NotUsable):
        bring_in(world.ports, FACEBOOK, brought(**change))
    assert world.rows(tables.items) == []


def test_the_same_words_on_another_day_are_another_matter(world: World) -> None:
    """Somebody asks again, weeks later: that is a new wait."""
    assert bring_in(world.ports, FACEBOOK, brought(author="", link="", written_at=None))
    world.now.pass_by(days=20)
    assert bring_in(world.ports, FACEBOOK, brought(author="", link="", written_at=None))
