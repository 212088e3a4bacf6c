"""The register, the cursors, and whether each account was being read."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from store import tables
from store.heartbeats import beat, last_beats
from tests.worlds import FACEBOOK, World, X, at_once, sighting

HALF_HOUR = timedelta(minutes=30)


def read(world: World) -> str | None:
    """Note that the account was read to its end; up to half an hour between two readings is no gap."""
    with world.store.begin() as unit:
        return unit.watching.read(FACEBOOK, world.now(), HALF_HOUR)


def failed(world: World, reason: str) -> None:
    """Note that the account could not be read."""
    with world.store.begin() as unit:
        unit.watching.failed(FACEBOOK, world.now(), reason)


def test_a_register_that_is_as_it_was_is_not_written(world: World) -> None:
    """Every command mirrors it when it begins: one that changes nothing waits for nobody."""
    written: list[str] = []

    @event.listens_for(world.store.engine, "before_cursor_execute")
    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        written.extend([statement] if statement.startswith(("INSERT", "UPDATE")) else [])

    school, accounts = world.ports.schools["oakfield"], world.ports.accounts.values()
    try:
        world.store.mirror([school], accounts)
        assert written == []
        world.store.mirror([dataclasses.replace(school, name="Oakfield High")], accounts)
        assert len(written) == 2
    finally:
        event.remove(world.store.engine, "before_cursor_execute", note)
    assert [row.name for row in world.rows(tables.schools)] == ["Oakfield High"]


def test_a_changed_register_and_a_pile_on_do_not_wait_for_each_other(world: World) -> None:
    """A jibe is scored, and gets a case, while another process begins with other settings."""
    school = dataclasses.replace(world.ports.schools["oakfield"], name="Oakfield High")
    account = dataclasses.replace(world.ports.accounts[FACEBOOK], handle="OakfieldHigh")
    world.receive(sighting("c1"))
    item = world.item("c1")
    with ThreadPoolExecutor(1) as threads:
        with world.store.begin() as unit:
            unit.remarks.take_turns(FACEBOOK)
            mirrored = threads.submit(world.store.mirror, [school], [account])
            wait([mirrored], timeout=0.2)
            unit.cases.open(item, school.id, None, world.now())
        mirrored.result(timeout=10)
    assert len(world.rows(tables.cases)) == 1
    assert {row.handle for row in world.rows(tables.accounts)} == {"OakfieldHigh", "OakfieldAcademy"}


def test_regular_reading_leaves_no_gap(world: World) -> None:
    """The first reading begins the watch; each further one in time goes on with it."""
    for _ in range(3):
        assert read(world) is None
        world.now.pass_by(minutes=30)
    assert world.rows(tables.gaps) == []


def test_time_in_which_nobody_read_becomes_a_gap(world: World) -> None:
    """From the last reading to the next, with the reason where there was one."""
    read(world)
    began = world.now()
    world.now.pass_by(hours=2)
    read(world)
    failed(world, "auth_expired")
    world.now.pass_by(hours=3)
    read(world)
    hour = timedelta(hours=1)
    hours = [((row.ended_at - row.began_at) / hour, row.reason) for row in world.rows(tables.gaps)]
    assert hours == [(2, "not_running"), (3, "auth_expired")]
    assert world.rows(tables.gaps)[0].began_at == began


def test_an_account_has_been_failing_since_the_first_failure(world: World) -> None:
    """The reason is the latest one; a reading ends it."""
    began = world.now()
    failed(world, "unreachable")
    world.now.pass_by(hours=1)
    failed(world, "auth_expired")
    with world.store.begin() as unit:
        assert unit.watching.not_watched(FACEBOOK) == ("auth_expired", began)
        assert unit.watching.not_watched(X) is None
    read(world)
    with world.store.begin() as unit:
        assert unit.watching.not_watched(FACEBOOK) is None


def test_people_are_told_once_for_each_time_that_it_begins(world: World) -> None:
    """Of workers who notice at once, one tells; when reading works again, that is told if the other was."""
    for _ in range(2):
        read(world)
        since = world.now()
        world.now.pass_by(hours=1)
        failed(world, "auth_expired")
        first: list[bool] = []
        at_once(3, lambda number, first=first: first.append(alarm(world)))  # type: ignore[misc]
        assert sorted(first) == [False, False, True]
        assert read(world) == since.isoformat()
        assert read(world) is None


def alarm(world: World) -> bool:
    """Note that people are told; return whether it was we who were to tell them."""
    with world.store.begin() as unit:
        return unit.watching.alarm(FACEBOOK, world.now(), timedelta(days=1))


def test_a_cursor_is_what_was_stored_last(world: World) -> None:
    """It belongs to one stream of one account and is empty before the first poll."""
    with world.store.begin() as unit:
        assert unit.cursors.get(FACEBOOK, "comments") == ({}, None)
        for upto in ("one", "two"):
            unit.cursors.move(FACEBOOK, "comments", {"upto": upto, "\ufffd": [1, None]}, world.now())
    with world.store.begin() as unit:
        assert unit.cursors.get(FACEBOOK, "comments") == ({"upto": "two", "\ufffd": [1, None]}, world.now())
        assert unit.cursors.get(FACEBOOK, "mentions") == unit.cursors.get(X, "comments") == ({}, None)


def test_the_register_follows_the_settings(world: World) -> None:
    """A renamed school or account is renamed; what left the settings stays remembered with its items."""
    school = dataclasses.replace(world.ports.schools["oakfield"], name="Oakfield Primary Academy")
    account = dataclasses.replace(world.ports.accounts[FACEBOOK], handle="OakfieldPrimary")
    world.store.mirror([school], [account])
    world.store.mirror([school], [account])
    assert [row.name for row in world.rows(tables.schools)] == ["Oakfield Primary Academy"]
    assert [row.handle for row in world.rows(tables.accounts)] == ["OakfieldPrimary", "OakfieldAcademy"]


def test_each_loop_of_each_host_has_one_heartbeat(world: World) -> None:
    """The latest one counts."""
    engine = world.store.engine
    beat(engine, "schedule", "host-a", world.now())
    world.now.pass_by(minutes=1)
    beat(engine, "schedule", "host-a", world.now())
    beat(engine, "work", "host-b", world.now())
    assert last_beats(engine) == {("schedule", "host-a"): world.now(), ("work", "host-b"): world.now()}
