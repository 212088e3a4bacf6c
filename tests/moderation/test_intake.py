"""Taking in pages: everything once, with the work that follows from it, whatever a platform sends."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import SQLAlchemyError

from connectors.base import Page, Transient, completed
from moderation.items import MAX_TEXT, Author, Rejected, digest
from moderation.tasks import TaskKind
from store import tables
from tests.fakes import FakeConnector
from tests.worlds import FACEBOOK, NINE, World, X, at_once, reply, sighting


def remembered(world: World) -> list[object]:
    """Return all rows that intake may write."""
    names = ("threads", "items", "item_versions", "rejected_items", "tasks", "cursors")
    return [world.rows(tables.metadata.tables[name]) for name in names]


def test_the_same_page_twice_changes_nothing(world: World) -> None:
    """Polls overlap on purpose; the second look finds everything known."""
    page = (sighting("a1"), sighting("b1", by="bob"), reply("r1", "a1"))
    assert world.receive(*page) == 3
    before = remembered(world)
    world.now.pass_by(minutes=5)
    assert world.receive(*page) == 0
    assert remembered(world) == before


def test_each_new_item_brings_its_work(world: World) -> None:
    """Somebody else's words are to be scored; ours may have answered somebody."""
    world.receive(sighting("a1"), reply("r1", "a1"))
    work = {(row.kind, row.subject, row.next_at) for row in world.rows(tables.tasks)}
    now = world.now()
    assert work == {
        (TaskKind.SCORE_ITEM, str(world.item("a1").id), now),
        (TaskKind.SETTLE_REPLY, str(world.item("r1").id), now),
    }


def test_an_edit_is_a_new_version_that_is_scored_again(world: World) -> None:
    """The first words stay, and so do the times; the newest words are what is read."""
    world.receive(sighting("a1"))
    seen = world.now()
    world.now.pass_by(hours=1)
    world.receive(sighting("a1", "When is the concert, please?", at=world.now()))
    item = world.item("a1")
    assert (item.version, item.text) == (2, "When is the concert, please?")
    assert (item.created_at, item.first_seen_at) == (NINE, seen)
    assert [row.text for row in world.rows(tables.item_versions)] == [
        "When is the concert?",
        "When is the concert, please?",
    ]
    assert [row.key for row in world.rows(tables.tasks)] == ["1:1", "1:2"]


def test_an_edit_beyond_the_part_that_is_kept_is_noticed(world: World) -> None:
    """The digest is that of the whole text."""
    world.receive(sighting("a1", "a" * MAX_TEXT + "b"))
    world.receive(sighting("a1", "a" * MAX_TEXT + "c"))
    assert world.item("a1").version == 2


def test_two_sightings_in_one_page_are_one_item(world: World) -> None:
    """A page that holds an item twice gives it once, with the words that came last."""
    assert world.receive(sighting("a1"), sighting("b1", by="bob"), sighting("a1", "Edited since.")) == 2
    assert (world.item("a1").version, world.item("a1").text) == (1, "Edited since.")


def test_the_same_id_on_two_accounts_is_two_items(world: World) -> None:
    """Ids are unique on an account, not in the world."""
    world.receive(sighting("1"))
    assert world.receive(sighting("1"), account=X) == 1
    assert [row.account for row in world.rows(tables.items)] == [FACEBOOK, X]


def test_items_may_come_in_any_order(world: World) -> None:
    """A reply whose parent is not there yet is stored like any other."""
    world.receive(reply("r1", "a1"))
    world.receive(sighting("a1"))
    with world.store.begin() as unit:
        thread = unit.items.thread_of(1, ["kerry-walsh"])
        parents = unit.items.parent_authors(thread)
    assert [(item.external_id, parents[item.id]) for item in thread] == [("a1", None), ("r1", "kerry-walsh")]


def test_the_cursor_moves_with_the_last_page_only(world: World) -> None:
    """A listing that breaks off is read again from the same place; what it brought stays."""
    connector = FakeConnector(comments=(Page((sighting("a1"),)), Transient("the platform went away")))
    started = world.now()

    def poll() -> None:
        with world.store.begin() as unit:
            state, earliest = unit.cursors.get(FACEBOOK, "comments")
        for page in connector.poll("comments", state, started):
            world.receive(*page.items, cursor=page.cursor, earliest=earliest, started_at=started)

    with pytest.raises(Transient):
        poll()
    connector.pages = {"comments": (Page((sighting("a1"), sighting("a2"))), Page(cursor=completed(started)))}
    poll()
    assert connector.states == [{}, {}]
    assert len(world.rows(tables.items)) == 2
    with world.store.begin() as unit:
        assert unit.cursors.get(FACEBOOK, "comments") == (completed(started), started)


def test_a_page_that_cannot_be_stored_leaves_nothing_behind(world: World) -> None:
    """Items, their work and the cursor become true together or not at all."""
    before = remembered(world)
    with pytest.raises((TypeError, SQLAlchemyError)):
        world.receive(sighting("a1"), cursor={"no": object()})
    assert remembered(world) == before
    assert world.receive(sighting("a1"), cursor={"upto": "a1"}) == 1


def test_what_breaks_in_the_middle_of_an_intake_leaves_nothing_behind(world: World) -> None:
    """The same for an item that turns out to be unreadable after others were written."""
    before = remembered(world)
    broken = dataclasses.replace(sighting("a2"), author=Author("kerry-walsh", 7))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        world.receive(sighting("a1"), broken)
    assert remembered(world) == before


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("no\x00thing", "no\ufffdthing"),
        ("half \ud83d an emoji", "half \ufffd an emoji"),
        ("\udc00", "\ufffd"),
        ("\N{GRINNING FACE}" * 10_000, "\N{GRINNING FACE}" * 10_000),
        ("e" + "\N{COMBINING ACUTE ACCENT}" * 500, "e" + "\N{COMBINING ACUTE ACCENT}" * 500),
        ("\N{RIGHT-TO-LEFT OVERRIDE}txt.exe\N{ZERO WIDTH SPACE}", "\N{RIGHT-TO-LEFT OVERRIDE}txt.exe\u200b"),
        ("x" * 1_000_000, "x" * MAX_TEXT),
        ("", ""),
    ],
    ids=["NUL", "lone surrogate", "only a surrogate", "emoji", "accents", "bidi", "1 MB", "nothing"],
)
def test_any_text_can_be_stored(world: World, sent: str, kept: str) -> None:
    """What databases refuse is replaced, what is too long is cut; everything else stays as it was written."""
    world.show(sighting("a1", sent, author=Author("kerry-walsh", sent)))
    item = world.item("a1")
    assert (item.text, item.author.name) == (kept, kept)
    assert world.rows(tables.items)[0].digest == digest(sent)
    assert world.receive(sighting("a1", sent, author=Author("kerry-walsh", sent))) == 0
    assert world.item("a1").version == 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(exclude_categories=()), min_size=1, max_size=64), text=st.text(max_size=50))
def test_any_id_finds_its_item_again(world: World, name: str, text: str) -> None:
    """Ids are text: quotes, commas, colons, percent signs and broken characters are part of them."""
    world.receive(sighting(name, text, thread=name, by=name, parent=name))
    assert world.receive(sighting(name, text, thread=name, by=name, parent=name)) == 0


def test_ids_that_differ_only_in_what_cannot_be_stored_are_one(world: World) -> None:
    """Two names for one row in one page are no reason to lose the page."""
    assert world.receive(sighting("a\x00"), sighting("a\ufffd")) == 1


@pytest.mark.parametrize("where", ["external_id", "thread_id", "parent_id", "post_id"])
def test_an_id_that_cannot_be_one_is_left_to_a_person(world: World, where: str) -> None:
    """It holds up neither the rest of its page nor the cursor."""
    too_long: dict[str, Any] = {where: "x" * 257}
    odd = dataclasses.replace(sighting("a2"), **too_long)
    assert world.receive(sighting("a1"), odd, cursor={"upto": "a2"}) == 1
    assert [row.reason for row in world.rows(tables.rejected_items)] == ["an id is too long"]
    assert len(world.rows(tables.cursors)) == 1


def test_what_could_not_be_read_waits_for_a_person_once(world: World) -> None:
    """Each poll meets it again; it is one row, and the rest of the page goes on."""
    misread = (
        Rejected("a9", "no time"),
        Rejected(None, "no id"),
        Rejected("\x00", "no text"),
    )
    for _ in range(2):
        world.receive(sighting("a1"), rejected=misread)
    assert [(row.external_id, row.reason) for row in world.rows(tables.rejected_items)] == [
        ("a9", "no time"),
        ("", "no id"),
        ("\ufffd", "no text"),
    ]


def test_two_polls_that_bring_the_same_items_at_once_store_them_once(world: World) -> None:
    """A poll that outlived its lease and its successor may overlap."""
    pages = [sighting(f"a{n}", by=f"by-{n}", thread=f"t{n}") for n in range(20)]
    at_once(4, lambda number: world.receive(*pages))
    assert len(world.rows(tables.items)) == len(world.rows(tables.item_versions)) == 20
    assert len(world.rows(tables.tasks)) == 20
