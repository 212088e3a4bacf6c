"""Work as rows: written once, claimed by one, counted before it is begun, finished by whoever holds it."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from moderation.tasks import LANE_OF, Claim, LeaseLost, NewTask, TaskKind, TaskState
from store import tables
from store.tasks import ABANDONED, BATCH
from tests.worlds import World, at_once

SCORE = TaskKind.SCORE_ITEM
ENDED = -1.0
"""Seconds of a lease that is over the moment it is given."""

CLAIMS_ALL = """
import sys, threading
from datetime import datetime, UTC
from moderation.tasks import TaskKind
from store.engine import open_engine
from store.store import Store
store = Store(open_engine(sys.argv[1]), lambda: datetime(2026, 11, 17, 12, tzinfo=UTC))
done = []

def work():
    while claims := store.claim(TaskKind.SCORE_ITEM, 60):
        with store.begin() as unit:
            for claim in claims:
                unit.tasks.finish(claim, store.now())
        done.extend(claim.key for claim in claims)

threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(*done)
"""


def write(world: World, *keys: str, kind: TaskKind = SCORE, **later: float) -> None:
    """Write work down; what it is about does not matter here."""
    with world.store.begin() as unit:
        due = world.now() + timedelta(**later)
        unit.tasks.add([NewTask(kind, key, key, due) for key in keys], world.now())


def finish(world: World, claim: Claim) -> None:
    """Do a task."""
    with world.store.finishing(claim):
        pass


def standing(world: World) -> dict[str, tuple[str, int]]:
    """Return state and attempts of every task, by key."""
    return {row.key: (row.state, row.attempts) for row in world.rows(tables.tasks)}


# Written once


def test_the_same_work_is_written_down_once(world: World) -> None:
    """I6: kind and key say which work it is; a second note of it changes nothing."""
    write(world, "one")
    write(world, "one", hours=5)
    write(world, "one", kind=TaskKind.DELIVER)
    assert [(row.kind, row.key, row.next_at) for row in world.rows(tables.tasks)] == [
        (SCORE, "one", world.now()),
        (TaskKind.DELIVER, "one", world.now()),
    ]


def test_done_work_stays_done_when_it_is_written_down_again(world: World) -> None:
    """What was delivered is not delivered again because somebody planned it twice."""
    write(world, "one")
    finish(world, world.claim(SCORE))
    write(world, "one")
    assert world.store.claim(SCORE, 60) == []


def test_work_knows_its_lane(world: World) -> None:
    """Alerts never wait behind anything else."""
    for kind in TaskKind:
        write(world, kind, kind=kind)
    assert {row.kind: row.lane for row in world.rows(tables.tasks)} == LANE_OF


# Claimed by one


def test_a_claim_takes_at_most_64_rows_the_oldest_first(world: World) -> None:
    """I3: whatever is asked for."""
    write(world, *(f"late-{n:03}" for n in range(70)))
    write(world, *(f"early-{n:03}" for n in range(30)), hours=-1)
    keys = [claim.key for claim in world.store.claim(SCORE, 60, limit=1000)]
    assert len(keys) == BATCH == 64
    assert keys == sorted(keys)
    assert [claim.key for claim in world.store.claim(SCORE, 60, limit=3)] == [
        "late-034",
        "late-035",
        "late-036",
    ]


def test_an_attempt_is_counted_before_the_work_is_begun(world: World) -> None:
    """I3: a worker that dies with it in its hands has made one."""
    write(world, "one")
    claim = world.claim(SCORE)
    assert claim.attempts == 1
    assert standing(world) == {"one": (TaskState.LEASED, 1)}


def test_what_is_not_due_is_not_claimed(world: World) -> None:
    """Due is counted in the time that is passed in."""
    write(world, "one", minutes=5)
    assert world.store.claim(SCORE, 60) == []
    assert world.store.due() == []
    world.now.pass_by(minutes=5)
    assert len(world.store.due()) == len(world.store.claim(SCORE, 60)) == 1


def test_a_lease_is_counted_in_database_time(world: World) -> None:
    """A host whose clock is years ahead takes nothing away from the others."""
    write(world, "one")
    world.claim(SCORE)
    world.now.pass_by(days=3000)
    assert world.store.claim(SCORE, 60) == []
    assert world.store.due() == []


def test_two_processes_with_four_threads_each_do_everything_once(world: World, root: Path) -> None:
    """2,000 tasks, eight workers: each task is claimed by one of them, and none is left."""
    with world.store.begin() as unit:
        now = world.now()
        unit.tasks.add([NewTask(SCORE, str(n), str(n), now) for n in range(2000)], now)
    address = world.store.engine.url.set(drivername=world.store.engine.dialect.name)
    command = [sys.executable, "-c", CLAIMS_ALL, address.render_as_string(hide_password=False)]
    workers = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    done = [worker.communicate(timeout=60)[0].split() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert Counter(done[0] + done[1]) == Counter(str(n) for n in range(2000))
    assert all(row.state == TaskState.DONE and row.attempts == 1 for row in world.rows(tables.tasks))


def test_four_who_claim_at_once_share_what_is_there(world: World) -> None:
    """Each gets rows of its own."""
    write(world, *(f"{n:02}" for n in range(80)))
    taken: list[Claim] = []
    at_once(4, lambda number: taken.extend(world.store.claim(SCORE, 60, limit=20)))
    assert sorted(claim.key for claim in taken) == [f"{n:02}" for n in range(80)]


@pytest.mark.parametrize("engine", [pytest.param("postgresql", marks=pytest.mark.server)], indirect=True)
def test_what_somebody_is_claiming_is_passed_over_without_waiting(world: World) -> None:
    """I3: a host that is slow in the middle of its claim holds up no other one."""
    write(world, *(f"{n:02}" for n in range(10)))
    with world.store.begin() as slow:
        held = slow.tasks.claim(SCORE, world.now(), 60, limit=5)
        others = world.store.claim(SCORE, 60)
    assert [claim.key for claim in held + others] == [f"{n:02}" for n in range(10)]


# Leases


def test_work_whose_lease_has_ended_can_be_claimed_again(world: World) -> None:
    """Whoever had it is dead or too slow; the attempts say so."""
    write(world, "one")
    assert world.claim(SCORE, ENDED).attempts == 1
    assert [kind for kind, _, _ in world.store.due()] == [SCORE]
    assert world.claim(SCORE).attempts == 2


@pytest.mark.parametrize("how", ["finishing", "continuing"])
def test_whoever_lost_the_lease_changes_nothing(world: World, how: str) -> None:
    """What was written along with it is rolled back."""
    write(world, "one")
    stale = world.claim(SCORE, ENDED)
    world.claim(SCORE)
    ways: dict[str, Callable[[], Any]] = {
        "finishing": lambda: world.store.finishing(stale),
        "continuing": lambda: world.store.continuing(stale, world.now()),
    }
    with pytest.raises(LeaseLost), ways[how]() as unit:
        unit.tasks.add([NewTask(SCORE, "more", "more", world.now())], world.now())
    with pytest.raises(LeaseLost):
        world.store.failed(stale, "ValueError", 3, timedelta())
    assert standing(world) == {"one": (TaskState.LEASED, 2)}


def test_a_task_that_is_done_cannot_be_finished_again(world: World) -> None:
    """Not by the one who did it either."""
    write(world, "one")
    claim = world.claim(SCORE)
    finish(world, claim)
    with pytest.raises(LeaseLost):
        finish(world, claim)


def test_a_block_that_raises_leaves_the_task_as_it_was(world: World) -> None:
    """I2: the work and its end become true together."""
    write(world, "one")
    claim = world.claim(SCORE)

    def break_off() -> None:
        with world.store.finishing(claim) as unit:
            unit.tasks.add([NewTask(SCORE, "more", "more", world.now())], world.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert standing(world) == {"one": (TaskState.LEASED, 1)}
    finish(world, claim)


@pytest.mark.parametrize("again", [False, True], ids=["nobody else has it", "somebody else has it"])
def test_what_must_not_be_begun_twice_needs_a_lease_that_lives(world: World, again: bool) -> None:
    """Nothing is sent under a lease that has ended, taken up by somebody else or not."""
    write(world, "one")
    stale = world.claim(SCORE, ENDED)
    if again:
        world.claim(SCORE)
    with pytest.raises(LeaseLost), world.store.holding(stale):
        pytest.fail("held what it had lost")


def test_a_lease_that_was_renewed_lives_on(world: World) -> None:
    """Those who waited in a batch get their full time; a lease that is lost is not won back."""
    write(world, "one", "two")
    lost, kept = world.store.claim(SCORE, ENDED, limit=2)
    world.store.renew([kept], 60)
    assert world.claim(SCORE).key == "one"
    world.store.renew([lost], 60)
    with pytest.raises(LeaseLost):
        finish(world, lost)
    finish(world, kept)


def test_what_was_not_begun_is_given_back_with_no_attempt_counted(world: World) -> None:
    """Somebody else takes it at once; what is somebody else's already is left alone."""
    write(world, "one", "two")
    first = world.store.claim(SCORE, ENDED)
    world.claim(SCORE)
    world.store.give_back(first)
    assert standing(world) == {"one": (TaskState.LEASED, 2), "two": (TaskState.WAITING, 0)}


def test_a_process_that_has_the_database_alone_frees_everything_at_once(world: World) -> None:
    """After a kill -9 nothing waits for leases to end; the attempts stay counted."""
    write(world, "one", "two")
    world.store.claim(SCORE, 3600)
    assert world.store.release_all() == 2
    assert world.claim(SCORE).attempts == 2


# What goes wrong


def test_a_failed_task_waits_and_keeps_its_attempts(world: World) -> None:
    """Trying again at once would only fail again."""
    write(world, "one")
    assert world.store.failed(world.claim(SCORE), "OSError", 3, timedelta(seconds=30)) is False
    assert world.store.claim(SCORE, 60) == []
    world.now.pass_by(seconds=30)
    assert world.claim(SCORE).attempts == 2
    assert [row.failure for row in world.rows(tables.tasks)] == ["OSError"]


def test_a_task_that_is_put_back_to_wait_begins_anew(world: World) -> None:
    """A poll or a watch that did its work has failed at nothing."""
    write(world, "one")
    world.store.failed(world.claim(SCORE), "OSError", 3, timedelta())
    with world.store.continuing(world.claim(SCORE), world.now()):
        pass
    assert standing(world) == {"one": (TaskState.WAITING, 0)}
    assert [row.failure for row in world.rows(tables.tasks)] == [None]


def test_after_three_failures_a_task_waits_for_a_person(world: World) -> None:
    """The person is told by a task of its own, written in the same transaction."""
    write(world, "one")
    aside = [world.store.failed(world.claim(SCORE), "ValueError", 3, timedelta()) for _ in range(3)]
    assert aside == [False, False, True]
    assert standing(world)["one"] == (TaskState.SET_ASIDE, 3)
    word = world.rows(tables.tasks)[-1]
    assert (word.kind, word.key, word.subject) == (TaskKind.SET_ASIDE, "1", "1:one:score_item")
    assert world.store.claim(SCORE, 60) == []


def test_a_task_without_a_limit_is_tried_for_ever(world: World) -> None:
    """An account is polled again, whatever happened."""
    write(world, "one")
    for _ in range(20):
        assert world.store.failed(world.claim(SCORE), "OSError", None, timedelta()) is False


def test_a_row_that_was_tried_before_is_claimed_alone(world: World) -> None:
    """A poisoned one cannot take its neighbours with it."""
    write(world, "one", "two", "three")
    world.store.claim(SCORE, ENDED, limit=1)
    assert [claim.key for claim in world.store.claim(SCORE, 60)] == ["one"]
    assert [claim.key for claim in world.store.claim(SCORE, 60)] == ["two", "three"]


def test_a_tried_row_further_back_holds_up_nobody(world: World) -> None:
    """It is left for a claim of its own."""
    write(world, "two")
    world.store.claim(SCORE, ENDED)
    write(world, "one", hours=-1)
    assert [claim.key for claim in world.store.claim(SCORE, 60)] == ["one"]
    assert [claim.key for claim in world.store.claim(SCORE, 60)] == ["two"]


def test_what_kills_its_workers_is_set_aside(world: World) -> None:
    """A worker that dies says nothing: three leases that ended unfinished say it for it."""
    write(world, "poison", "good")
    for _ in range(3):
        assert world.store.claim(SCORE, ENDED, max_attempts=3)[0].key == "poison"
    assert [claim.key for claim in world.store.claim(SCORE, 60, max_attempts=3)] == ["good"]
    poison = world.rows(tables.tasks)[0]
    assert (poison.state, poison.failure, poison.lease_token) == (TaskState.SET_ASIDE, ABANDONED, None)
    assert world.rows(tables.tasks)[-1].subject == "1:poison:score_item"


def test_a_third_attempt_that_is_still_going_on_is_left_alone(world: World) -> None:
    """Only what was abandoned is set aside."""
    write(world, "slow")
    world.claim(SCORE, ENDED)
    world.claim(SCORE, ENDED)
    last = world.claim(SCORE)
    assert world.store.claim(SCORE, 60, max_attempts=3) == []
    finish(world, last)
    assert standing(world)["slow"] == (TaskState.DONE, 3)


# Looking


def test_what_is_due_is_told_by_kind(world: World) -> None:
    """The bell is rung for each kind with a row and how many there are."""
    write(world, "one", "two")
    write(world, "three", kind=TaskKind.DELIVER)
    write(world, "later", kind=TaskKind.WATCH_CLOCK, hours=1)
    assert sorted(world.store.due()) == [(TaskKind.DELIVER, 3, 1), (SCORE, 1, 2)]


def test_a_kind_of_a_newer_version_waits(world: World) -> None:
    """While hosts are renewed one by one, the old ones leave alone what they do not know."""
    write(world, "one")
    with world.store.begin() as unit:
        unit.connection.execute(update(tables.tasks).values(kind="read_minds"))
    assert world.store.due() == []
    assert [world.store.claim(kind, 60) for kind in TaskKind] == [[]] * len(TaskKind)
    assert standing(world) == {"one": (TaskState.WAITING, 0)}


def test_waiting_work_can_be_made_due_at_once(world: World) -> None:
    """Only what waits, and never later than it was."""
    write(world, "one", "two", hours=1)
    write(world, "now")
    with world.store.begin() as unit:
        unit.tasks.hurry(SCORE, ["one", "now"], world.now() + timedelta(minutes=5))
        assert unit.tasks.next_at() == world.now()
        assert unit.tasks.next_at([TaskKind.DELIVER]) is None
    moved = {row.key: (row.next_at - world.now()) // timedelta(minutes=1) for row in world.rows(tables.tasks)}
    assert moved == {"one": 5, "two": 60, "now": 0}


def test_a_task_that_is_hurried_in_somebodys_hands_is_looked_at_once_more(world: World) -> None:
    """Finished or put back: what was wanted meanwhile is not slept through, and wanted only once."""
    write(world, "a", "b")
    first, second = world.store.claim(SCORE, 60)
    with world.store.begin() as unit:
        unit.tasks.hurry(SCORE, ["a", "b"], world.now())
    finish(world, first)
    with world.store.continuing(second, world.now() + timedelta(hours=5)):
        pass
    again = world.store.claim(SCORE, 60)
    assert {claim.key for claim in again} == {"a", "b"}
    for claim in again:
        finish(world, claim)
    assert world.store.claim(SCORE, 60) == []


def test_a_task_that_is_put_back_sooner_than_it_was_hurried_keeps_its_time(world: World) -> None:
    """Hurrying brings a look forward and never puts one off."""
    write(world, "a")
    (claim,) = world.store.claim(SCORE, 60)
    world.now.pass_by(minutes=5)
    with world.store.begin() as unit:
        unit.tasks.hurry(SCORE, ["a"], world.now())
    with world.store.continuing(claim, world.now() - timedelta(minutes=1)):
        pass
    assert [row.next_at for row in world.rows(tables.tasks)] == [world.now() - timedelta(minutes=1)]
