"""What happens after something was said: the same content at the same moment is always the same world."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from connectors.practice.changes import Change, ChangeKind
from connectors.practice.content import Thing, beginning_at, read
from connectors.practice.identities import SCHOOL, SCHOOL_NAME, Platform
from connectors.practice.server import PracticePlatforms
from connectors.practice.stage import Stage
from connectors.practice.timeline import BEGINNING, last_order_at
from connectors.practice.world import World, build, turning_points
from tests.connectors.practice.rehearsal import NOW, content

Serve = Callable[..., PracticePlatforms]

LINES = (
    {
        "id": "post",
        "by": "school",
        "text": "Term dates",
        "at": "2026-11-16T08:00:00Z",
        "platform": "facebook",
    },
    {"id": "a", "by": "kerry", "text": "Thanks", "at": "2026-11-16T09:00:00Z", "under": "post"},
    {"id": "b", "by": "dan", "text": "You're welcome", "at": "2026-11-16T09:30:00Z", "under": "a"},
    {"change": "edit", "of": "a", "at": "2026-11-16T10:00:00Z", "text": "Thank you"},
    {"change": "edit", "of": "a", "at": "2026-11-16T11:00:00Z", "text": "Thanks a lot"},
    {"change": "hide", "of": "a", "at": "2026-11-16T12:00:00Z"},
    {"change": "ban", "of": "a", "at": "2026-11-16T12:30:00Z"},
    {"change": "unhide", "of": "a", "at": "2026-11-16T13:00:00Z"},
    {"change": "hold", "of": "a", "at": "2026-11-16T14:00:00Z"},
    {"change": "publish", "of": "a", "at": "2026-11-16T15:00:00Z"},
    {"change": "unban", "of": "kerry", "at": "2026-11-16T15:30:00Z"},
    {"change": "delete", "of": "a", "at": "2026-11-16T16:00:00Z"},
)


def at(hour: int, minute: int = 0) -> datetime:
    """Return a moment of the Monday."""
    return datetime(2026, 11, 16, hour, minute, tzinfo=UTC)


def keys(world: World) -> set[str]:
    """Return what is public."""
    return {node.thing.key for node in world.everything.newest_first(0, 2**63)}


def test_a_thing_has_a_state_at_every_moment() -> None:
    """Words, version, when they were edited; hidden, held and deleted from the millisecond on."""
    node = build(content(*LINES), Platform.FACEBOOK).by_key["a"]
    told = [
        (state.text, state.version, state.edited_at, state.hidden, state.held, state.deleted)
        for state in (node.state(at(hour)) for hour in (9, 10, 11, 12, 13, 14, 15, 16))
    ]
    last = ("Thanks a lot", 3, at(11))
    assert told == [
        ("Thanks", 1, None, False, False, False),
        ("Thank you", 2, at(10), False, False, False),
        (*last, False, False, False),
        (*last, True, False, False),
        (*last, False, False, False),
        (*last, False, True, False),
        (*last, False, False, False),
        (*last, False, False, True),
    ]
    assert node.state(at(16) - timedelta(milliseconds=1)).deleted is False
    assert node.state(at(16)).deleted_by == "kerry"
    assert node.state(None).text == node.text == "Thanks"


def test_a_world_is_that_of_a_moment() -> None:
    """Held things leave the public timelines with what is under them, deleted ones can no longer be found."""
    found = content(*LINES)
    held = build(found, Platform.FACEBOOK, at(14))
    assert keys(held) == {"post"}
    assert [node.thing.key for node in held.held.newest_first(0, 2**63)] == ["a"]
    assert held.by_key["a"].id in held.nodes
    assert keys(build(found, Platform.FACEBOOK, at(15))) == {"post", "a", "b"}
    gone = build(found, Platform.FACEBOOK, at(16))
    assert keys(gone) == {"post"}
    assert {node.thing.key for node in gone.gone.values()} == {"a", "b"}
    assert not set(gone.gone) & set(gone.nodes)
    assert [build(found, Platform.FACEBOOK, at(*when)).banned for when in ((12, 29), (12, 30), (15, 30))] == [
        frozenset(),
        {"kerry"},
        frozenset(),
    ]
    assert keys(build(found, Platform.FACEBOOK)) == {"post", "a", "b"}


def test_on_x_an_edit_gives_a_new_id_and_replies_outlive_a_deletion() -> None:
    """Every id of the chain leads to the post; the conversation keeps the first one."""
    found = content(*({**line, "platform": "x"} for line in LINES))
    world = build(found, Platform.X, at(11))
    first, second, third = world.by_key["a"].ids
    assert world.by_key["a"].id == third
    assert world.nodes[first] is world.nodes[second] is world.nodes[third]
    assert keys(build(found, Platform.X, at(16))) == {"post", "b"}
    assert set(build(found, Platform.X, at(16)).gone) == {first, second, third}


def test_something_may_surface_long_after_it_was_written() -> None:
    """It says when it was written; before it surfaces nobody can find it, nor what stands under it."""
    late = {"id": "c", "text": "Hi", "at": "2026-11-16T09:00:00Z", "seen_from": "2026-11-16T18:00:00Z"}
    below = {"id": "d", "text": "Who?", "at": "2026-11-16T09:30:00Z", "under": "c"}
    found = content(LINES[0], {**late, "under": "post"}, below)
    assert keys(build(found, Platform.FACEBOOK, at(17, 59))) == {"post"}
    world = build(found, Platform.FACEBOOK, at(18))
    assert keys(world) == {"post", "c", "d"}
    assert world.by_key["c"].at == at(9)
    assert turning_points(found, Platform.FACEBOOK) == [at(18)]
    moved = beginning_at(found, at(9))
    assert moved.things[1].seen_from == at(19)


@pytest.mark.parametrize("platform", [Platform.FACEBOOK, Platform.X, Platform.INSTAGRAM])
def test_messages_are_apart_and_in_conversations(platform: Platform) -> None:
    """One talk with everybody who writes; what stands under a message is one."""
    found = content(
        {"id": "m1", "by": "kerry", "text": "A word?", "private": True, "platform": platform},
        {"id": "m2", "by": "school", "text": "Of course.", "under": "m1"},
        {"id": "m3", "by": "dan", "text": "Hello", "private": True, "platform": platform},
        {
            "id": "m4",
            "by": "school",
            "text": "Hi",
            "private": True,
            "platform": platform,
            "mentions": ["dan"],
        },
        {"id": "r", "by": "dan", "text": "Good", "review": True, "rating": 5, "platform": platform},
    )
    world = build(found, platform)
    assert keys(world) == {"r"}
    assert [node.thing.rating for node in world.reviews.newest_first(0, 2**63)] == [5]
    talks = [[node.thing.key for node in talk.oldest_first(0, 2**63)] for talk in world.talks.values()]
    assert sorted(talks) == [["m1", "m2"], ["m3", "m4"]]
    assert len(world.messages) == 4
    assert len({node.id for node in world.by_key.values()}) == len(world.by_key)


def test_a_thread_may_be_as_deep_as_it_likes() -> None:
    """Two thousand replies below each other, one of them late: no answer fails for that."""
    chain = [{"id": f"d{each}", "text": "deep", "under": f"d{each - 1}"} for each in range(1, 2000)]
    found = content({"id": "d0", "text": "top", "seen_from": "2026-11-17T00:00:00Z"}, *chain)
    there = build(found, Platform.FACEBOOK, at(23)).everything.oldest_first(BEGINNING, last_order_at(at(23)))
    assert [node.thing.key for node in there] == ["facebook-made-post"]
    assert len(build(found, Platform.FACEBOOK, datetime(2026, 12, 1, tzinfo=UTC)).everything) == 2001


def test_an_author_may_be_hidden_for_one_thing() -> None:
    """The platform does not say who it was, and says it elsewhere."""
    lines = (
        {"by": "kerry", "text": "a", "hidden_author": True, "id": "a"},
        {"by": "kerry", "text": "b", "id": "b"},
    )
    world = build(content(*({**line, "platform": "facebook"} for line in lines)), Platform.FACEBOOK)
    assert world.by_key["a"].author.is_hidden
    assert not world.by_key["b"].author.is_hidden


def test_a_change_of_nothing_is_listed_as_loose() -> None:
    """It is no error: the rest of the file is good."""
    found = read(
        [b'{"text": "a", "id": "a"}', b'{"change": "delete", "of": "z"}', b'{"change": "hide", "of": "a"}']
    )
    assert found.loose == (2,)
    assert [(change.kind, change.by) for change in found.changes] == [(ChangeKind.HIDE, SCHOOL)]
    assert found.changes[0].at == found.things[0].at + timedelta(minutes=1)


def test_nothing_changes_before_it_is_there() -> None:
    """A time that is too early is moved."""
    found = content(LINES[0], {"change": "delete", "of": "post", "at": "2026-11-01T00:00:00Z"})
    assert found.changes[0].at == found.things[0].at


def test_what_is_done_while_it_runs_is_there_at_once(serve: Serve) -> None:
    """Said, edited and deleted, and visible from that moment on; ids that were given stay."""
    platforms = serve()
    before = {key: platforms.external_id(key) for key in ("x-1", "f-2", "y-2")}
    answer = Thing(0, "", Platform.X, SCHOOL, SCHOOL_NAME, "They are.", NOW, under="x-2")
    node = platforms.say(answer)
    assert node.parent is not None
    assert node.parent.id == platforms.external_id("x-2")
    assert platforms.external_id(node.thing.key) == node.id
    assert platforms.visible(Platform.X) == 6
    platforms.change(Change(node.thing.key, ChangeKind.EDIT, NOW, "They are, all of them."))
    assert platforms.world(Platform.X).by_key[node.thing.key].text == "They are, all of them."
    platforms.change(Change(node.thing.key, ChangeKind.DELETE, NOW))
    assert platforms.visible(Platform.X) == 5
    assert {key: platforms.external_id(key) for key in before} == before


def test_acts_on_nothing_are_refused() -> None:
    """Whoever writes hears at once that there is no such thing."""
    stage = Stage(content(*LINES), lambda: NOW)
    with pytest.raises(KeyError):
        stage.change(Change("nowhere", ChangeKind.HIDE, NOW))
    with pytest.raises(KeyError):
        stage.say(Thing(0, "", Platform.X, "dan", "Dan", "Hello", NOW, under="nowhere"))
    with pytest.raises(ValueError, match="taken"):
        stage.say(Thing(0, "a", Platform.X, "dan", "Dan", "Hello", NOW))
    assert stage.content == content(*LINES)


def test_many_may_act_at_once() -> None:
    """Nothing is lost, and no two things get the same id."""
    stage = Stage(content(*LINES), lambda: NOW)
    hello = Thing(0, "", Platform.X, "dan", "Dan", "Hello", NOW)
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: stage.say(hello).id, range(40)))
    assert len(set(ids)) == 40 == len(stage.world(Platform.X).everything)


def test_what_comes_after_a_change_is_shown_in_its_time() -> None:
    """A file with one change goes on: what arrives later is there later, whatever world was built before."""
    content = read(
        [
            b'{"id": "p", "platform": "facebook", "by": "school", "text": "A", "at": "2026-11-16T08:00:00Z"}',
            b'{"id": "a", "under": "p", "text": "Early?", "at": "2026-11-16T09:00:00Z"}',
            b'{"id": "b", "under": "p", "text": "Later?", "at": "2026-11-16T12:00:00Z"}',
            b'{"change": "edit", "of": "a", "text": "Early, edited?", "at": "2026-11-16T10:00:00Z"}',
        ]
    )
    world = build(content, Platform.FACEBOOK, datetime(2026, 11, 16, 11, 0, tzinfo=UTC))
    shown = {
        hour: [node.thing.key for node in world.comments.oldest_first(BEGINNING, last_order_at(moment))]
        for hour in (11, 13)
        for moment in [datetime(2026, 11, 16, hour, 0, tzinfo=UTC)]
    }
    assert shown == {11: ["a"], 13: ["a", "b"]}
