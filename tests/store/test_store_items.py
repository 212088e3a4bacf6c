"""Items and threads as they are asked for: by author, with their parents, and quickly in long threads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from moderation.items import ItemId, Version
from store import tables
from store.rows import CHUNK
from tests.worlds import NINE, World, X, reply, sighting


def names(world: World, *authors: str) -> list[str]:
    """Return what is in the first thread of these authors and of us, in order."""
    with world.store.begin() as unit:
        return [item.external_id for item in unit.items.thread_of(1, authors)]


def test_a_thread_shows_one_authors_messages_and_ours_as_they_were_written(world: World) -> None:
    """Nothing of others, nothing of other threads, in the order of the platform's times."""
    world.receive(
        sighting("a2", at=NINE + timedelta(hours=2)),
        sighting("a1"),
        reply("r1", "a1", at=NINE + timedelta(hours=1)),
        sighting("b1", by="bob"),
        sighting("c1", thread="t2"),
    )
    assert names(world, "kerry-walsh") == ["a1", "r1", "a2"]
    assert names(world) == ["r1"]
    assert names(world, "kerry-walsh", "bob") == ["a1", "b1", "r1", "a2"]


def test_a_hidden_author_is_asked_for_by_message(world: World) -> None:
    """Hidden authors of one thread are not each other."""
    world.receive(sighting("h1", by=None), sighting("h2", by=None), sighting("a1"))
    assert names(world, world.item("h1").author_key) == ["h1"]


def test_threads_of_two_accounts_are_two(world: World) -> None:
    """The same conversation id on two accounts is a coincidence."""
    world.receive(sighting("a1"))
    world.receive(sighting("a2"), account=X)
    assert names(world, "kerry-walsh") == ["a1"]


def test_whose_message_was_replied_to_is_found_in_any_thread_of_the_account(world: World) -> None:
    """Many at once; a parent that is not stored is nobody's."""
    world.receive(sighting("p1", by="ann", thread="t2"), sighting("p2", by=None))
    world.receive(sighting("p1", by="not-ann"), account=X)
    replies = [sighting(f"c{n}", parent=("p1", "p2", "gone", None)[n % 4]) for n in range(CHUNK + 10)]
    world.receive(*replies)
    thread = world.item("c0").thread
    with world.store.begin() as unit:
        items = unit.items.thread_of(thread, ["kerry-walsh"])
        parents = unit.items.parent_authors(items)
    assert len(items) == CHUNK + 10
    assert {item.parent_id: parents[item.id] for item in items} == {
        "p1": "ann",
        "p2": "hidden:p2",
        "gone": None,
        None: None,
    }


def test_every_wording_of_an_item_is_remembered(world: World) -> None:
    """In the order in which we saw them, with whether scoring has judged them; of an unknown item, none."""
    world.show(sighting("a1", "First."), sighting("b1", "Other.", by="bob"))
    for text in ("Second.", "Third."):
        world.now.pass_by(minutes=5)
        world.receive(sighting("a1", text))
    item = world.item("a1").id
    with world.store.begin() as unit:
        found = unit.items.versions_of([item, ItemId(999)])
    now = world.now()
    assert found == {
        item: [
            Version(1, "First.", now - timedelta(minutes=10), scored=True),
            Version(2, "Second.", now - timedelta(minutes=5), scored=False),
            Version(3, "Third.", now, scored=False),
        ]
    }


def test_more_items_than_fit_into_one_statement_can_be_recorded_and_moved(world: World) -> None:
    """A page of any size is one transaction."""
    count = 2 * CHUNK + 1
    world.show(sighting("a1", thread="own"))
    case = world.case("a1").id
    assert world.receive(*[sighting(f"c{n}", thread=f"t{n}") for n in range(count)]) == count
    everything = [ItemId(row.id) for row in world.rows(tables.items)]
    with world.store.begin() as unit:
        unit.items.put_in_case(everything, case)
    assert {row.case for row in world.rows(tables.items)} == {case}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_an_author_is_found_in_a_pile_on_without_reading_the_rest(world: World) -> None:
    """10,000 people under one post are one thread on X: settling each must not cost a look at all others."""

    def steps_to_find(author: str) -> int:
        counted = []
        with world.store.begin() as unit:
            driver = unit.connection.connection.driver_connection
            assert driver is not None
            driver.set_progress_handler(lambda: counted.append(1), 10)
            unit.items.thread_of(1, [author])
            driver.set_progress_handler(None, 0)
        return len(counted)

    world.receive(*[sighting(f"c{n}", by=f"author-{n}") for n in range(10)], reply("r1", "c1"))
    few = steps_to_find("author-3")
    world.receive(*[sighting(f"c{n}", by=f"author-{n}") for n in range(2000)])
    assert few <= steps_to_find("author-3") < 2 * few
