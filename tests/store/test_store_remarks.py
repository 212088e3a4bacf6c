"""What stands around an item: the nearest scored messages of its thread and its post, at a steady price."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select

from moderation.abuse.threads import Remark
from moderation.assessment import Label, Severity, Target
from store import tables
from store.engine import open_engine
from store.listings import without_models
from store.remarks import NEAREST
from store.store import Unit
from tests.fakes import assessment
from tests.worlds import GO_LIVE, NINE, World, X, reply, sighting, world_on

DAY = timedelta(hours=24)
SAID = replace(assessment(Severity.LOW), abuse=0.4, labels=(Label.INSULT,), target=Target.CHILD)


def near(world: World, name: str, **more: timedelta) -> list[Remark]:
    """Return what is near the item ``name``, the oldest first."""
    item = world.item(name)
    with world.store.begin() as unit:
        found = unit.remarks.near(item, more.get("window", DAY), GO_LIVE)
    return sorted(found, key=lambda each: (each.received_at, each.item))


def score(world: World, *names: str) -> None:
    """Let every named item be assessed in its newest version."""
    for name in names:
        item = world.item(name)
        with world.store.begin() as unit:
            unit.assessments.add(item.id, item.version, SAID, world.now())


def names(world: World, found: Sequence[Remark]) -> list[str]:
    """Return what the platform calls these items."""
    known = {row.id: row.external_id for row in world.rows(tables.items)}
    return [known[each.item] for each in found]


def test_what_was_said_in_the_thread_and_under_the_post_is_near(world: World) -> None:
    """Not ourselves, not other posts or accounts, nothing that is not scored, and not the item itself."""
    world.receive(
        sighting("here", thread="t1"),
        sighting("beside", by="bob", thread="t2"),
        sighting("deeper", by="cat", thread="t1", post_id=None),
        sighting("unscored", by="dan", thread="t1"),
        sighting("elsewhere", thread="t3", post_id="post-2"),
        reply("ours", "here"),
    )
    world.receive(sighting("other-account"), account=X)
    score(world, "here", "beside", "deeper", "elsewhere", "ours", "other-account")
    assert names(world, near(world, "here")) == ["beside", "deeper"]
    assert [each.author for each in near(world, "here")] == ["bob", "cat"]


def test_an_item_under_no_post_is_near_its_thread_only(world: World) -> None:
    """That two items stand under no post does not put them side by side."""
    world.receive(
        sighting("a", thread="t1", post_id=None),
        sighting("b", by="bob", thread="t1", post_id=None),
        sighting("c", by="cat", thread="t2", post_id=None),
    )
    score(world, "a", "b", "c")
    assert names(world, near(world, "a")) == ["b"]


def test_only_the_window_is_looked_at_and_nothing_before_go_live(world: World) -> None:
    """An hour on either side, both ends included; what was there before we watched is nobody's business."""
    for number, minutes in enumerate((-61, -60, 0, 60, 61)):
        world.receive(sighting(f"c{number}", by=f"a{number}", at=NINE + timedelta(minutes=minutes)))
    world.receive(sighting("first", by="old", at=GO_LIVE), sighting("old", at=GO_LIVE - timedelta(minutes=1)))
    score(world, *(f"c{number}" for number in range(5)), "first", "old")
    assert names(world, near(world, "c2", window=timedelta(hours=1))) == ["c1", "c3"]
    assert "old" not in names(world, near(world, "first"))


def test_the_newest_assessment_of_the_newest_version_counts(world: World) -> None:
    """An edited remark is what it is now; one that its thread raised says so."""
    world.receive(sighting("a"), sighting("b", "Ugh.", by="bob"))
    score(world, "a", "b")
    world.receive(sighting("b", "Lovely.", by="bob"))
    item = world.item("b")
    with world.store.begin() as unit:
        unit.assessments.add(item.id, 2, assessment(), world.now())
        unit.assessments.add(item.id, 2, replace(SAID, model="told-1+thread-medium"), world.now())
        unit.assessments.add(item.id, 1, replace(SAID, model="told-2"), world.now())
        latest = unit.assessments.latest(item.id)
    [found] = near(world, "a")
    assert (found.version, found.said) == (2, latest)
    assert found.said == replace(SAID, model="told-1+thread-medium")


def test_hidden_authors_are_not_each_other(world: World) -> None:
    """Nor are they the one whose item is looked at."""
    world.receive(*(sighting(name, by=None) for name in ("a", "b", "c")))
    score(world, "a", "b", "c")
    assert [each.author for each in near(world, "a")] == [world.item(name).author_key for name in ("b", "c")]


def filled(world: World, first: int, end: int) -> None:
    """Put scored comments ``first`` to ``end`` under one post, all in one thread, a second apart."""
    if first == 0:
        world.receive(sighting("c0"))
        score(world, "c0")
    with world.store.begin() as unit:
        item, words, said = (
            dict(unit.connection.execute(select(table).limit(1)).one()._mapping)
            for table in (tables.items, tables.item_versions, tables.assessments)
        )
        numbers = range(max(first, 1), end)
        for table, rows in (
            (tables.items, [item | comment(number) for number in numbers]),
            (tables.item_versions, [words | {"item": 1 + number} for number in numbers]),
            (tables.assessments, [said | {"id": 1 + number, "item": 1 + number} for number in numbers]),
        ):
            unit.connection.execute(insert(table), rows)


def comment(number: int) -> dict[str, object]:
    """Return what is another comment's own."""
    at = NINE + timedelta(seconds=number)
    name = {"external_id": f"c{number}", "author_id": f"a{number}"}
    return {"id": 1 + number, "created_at": at, "received_at": at, **name}


def test_the_nearest_of_a_long_thread_are_read(world: World) -> None:
    """So many before it and so many after it, the nearest of all."""
    filled(world, 0, 3 * NEAREST)
    middle = 2 * NEAREST - 50
    found = names(world, near(world, f"c{middle}"))
    nearest = range(middle - NEAREST, middle + NEAREST + 1)
    assert found == [f"c{number}" for number in nearest if number != middle]


def test_a_thread_of_ten_thousand_costs_no_more_than_one_of_a_thousand(tmp_path: Path) -> None:
    """A pile-on stays linear: what the database does for one more item is counted, not timed."""
    engine = open_engine(f"sqlite:///{(tmp_path / 'socialduty.sqlite').as_posix()}")
    tables.metadata.create_all(engine)
    world = world_on(engine)
    filled(world, 0, 1_000)
    few = steps(world, 500), steps(world, 999)
    filled(world, 1_000, 10_000)
    many = steps(world, 5_000), steps(world, 9_999)
    later = world.now() + DAY
    status = counted(world, lambda unit: without_models(unit.connection, later))
    engine.dispose()
    assert all(more < 1.5 * less for less, more in zip(few, many, strict=True))
    assert status < 50  # nor is the whole table read for the status of a quiet day


def steps(world: World, number: int) -> int:
    """Return how many times a hundred steps SQLite takes to find what is near one item."""
    item = world.item(f"c{number}")
    found: list[Remark] = []
    taken = counted(world, lambda unit: found.extend(unit.remarks.near(item, DAY, GO_LIVE)))
    assert len(found) >= NEAREST
    return taken


def counted(world: World, work: Callable[[Unit], object]) -> int:
    """Return how many times a hundred steps SQLite takes for some work."""
    taken = []

    def count() -> int:
        taken.append(1)
        return 0

    with world.store.begin() as unit:
        raw = unit.connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.set_progress_handler(count, 100)
        work(unit)
        raw.set_progress_handler(None, 0)
    return len(taken)
