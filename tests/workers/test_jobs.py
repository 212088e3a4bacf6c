"""Jobs: every failure ends as a row, lanes keep apart, and a stopping process gives work back."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import String, select

from moderation.alerting import plan_for_role
from moderation.alerts import AlertStep, DeliveryState, Handed, Outgoing, Person, Role, Topic
from moderation.assessment import Assessment, Subject
from moderation.intake import Arrival, receive
from moderation.mailboxes import Urgency
from moderation.tasks import LANE_OF, Claim, Lane, LeaseLost, NewTask, TaskKind, TaskState
from store import tables
from store.types import database_epoch
from tests import tiny_models
from tests.fakes import Scorer
from tests.hard_texts import HARD_TEXTS
from tests.workers.conftest import Clock
from tests.worlds import FACEBOOK, sighting
from workers import jobs, models
from workers.broker import LocalBroker
from workers.desk import Desk
from workers.health import health
from workers.jobs import JOBS, LANE_THREADS, Job, declare, ring, work_through
from workers.running import crew, drain
from workers.scoring import Score, TimeBox, scores


def write(desk: Desk, *keys: str) -> None:
    """Write down scoring work that is due now; what it is about does not matter here."""
    now = desk.ports.now()
    with desk.store.begin() as unit:
        unit.tasks.add([NewTask(TaskKind.SCORE_ITEM, key, key, now) for key in keys], now)


def rows(desk: Desk) -> dict[str, tuple[str, int, str | None]]:
    """Return state, attempts and failure of the scoring tasks, by key."""
    with desk.store.begin() as unit:
        found = unit.connection.execute(
            select(tables.tasks).where(tables.tasks.c.kind == TaskKind.SCORE_ITEM)
        )
        return {row.key: (row.state, row.attempts, row.failure) for row in found}


def scoring(function: Callable[[Desk, Claim], None]) -> Job:
    """Return a job that does scoring tasks with ``function``."""
    return Job(TaskKind.SCORE_ITEM, function, wait=timedelta(seconds=30))


def take_in(desk: Desk, *texts: str) -> None:
    """Receive comments, each by somebody else; the first is ``m0``."""
    page = [
        sighting(f"m{number}", text, by=f"by-{number}", thread=f"t{number}", at=desk.ports.now())
        for number, text in enumerate(texts)
    ]
    receive(desk.ports, Arrival(FACEBOOK, "comments", tuple(page), (), None, None, desk.ports.now()))


def with_scorer(desk: Desk, score: Score) -> Desk:
    """Return the desk with another scorer."""
    return dataclasses.replace(desk, ports=dataclasses.replace(desk.ports, score=score))


def assessed(desk: Desk) -> dict[int, Assessment]:
    """Return what was last said about each item, by its number."""
    with desk.store.begin() as unit:
        found = unit.connection.execute(select(tables.items.c.id)).scalars()
        said = {item: unit.assessments.latest(item) for item in found}
    return {item: each for item, each in said.items() if each is not None}


def finish(desk: Desk, claim: Claim) -> None:
    """Do nothing, well."""
    with desk.store.finishing(claim):
        pass


def test_a_poisoned_task_is_set_aside_after_three_attempts_and_its_neighbours_are_done(
    desk: Desk, clock: Clock
) -> None:
    """One bad row is quarantined, a person is to be told, and the queue goes on."""
    write(desk, "good-1", "poison", "good-2")

    def work(desk: Desk, claim: Claim) -> None:
        if claim.key == "poison":
            raise ZeroDivisionError("words that nobody may read in a log")
        finish(desk, claim)

    for _ in range(3):
        work_through(desk, scoring(work))
        clock.pass_by(minutes=10)
    assert rows(desk) == {
        "good-1": (TaskState.DONE, 1, None),
        "good-2": (TaskState.DONE, 1, None),
        "poison": (TaskState.SET_ASIDE, 3, "ZeroDivisionError"),
    }
    with desk.store.begin() as unit:
        told = unit.connection.execute(
            select(tables.tasks.c.subject).where(tables.tasks.c.kind == TaskKind.SET_ASIDE)
        ).scalar_one()
    assert told.endswith(":score_item")


def test_a_failed_attempt_waits_before_the_next(desk: Desk, clock: Clock) -> None:
    """Trying again at once would only fail again; the pause grows."""
    calls: list[int] = []

    def fail(desk: Desk, claim: Claim) -> None:
        calls.append(claim.attempts)
        raise OSError

    write(desk, "one")
    for seconds in (0, 29, 1, 59, 1):
        clock.pass_by(seconds=seconds)
        work_through(desk, scoring(fail))
    assert calls == [1, 2, 3]


def test_the_late_finisher_loses(desk: Desk) -> None:
    """A process that slept past its lease cannot finish what somebody else has done since."""
    write(desk, "one")
    done: list[str] = []

    def slow(desk: Desk, claim: Claim) -> None:
        with desk.store.begin() as unit:
            unit.connection.execute(tables.tasks.update().values(lease_until=0.0))
        other = desk.store.claim(TaskKind.SCORE_ITEM, 60)[0]
        finish(desk, other)
        done.append("other")
        finish(desk, claim)
        done.append("slow")

    work_through(desk, scoring(slow))
    assert done == ["other"]
    assert rows(desk)["one"][0] == TaskState.DONE


def test_whoever_waited_in_a_batch_still_has_nearly_the_full_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch is leased at once; the slowness of the first must not eat up the lease of the last.

    Each task takes 200 seconds that only seem to pass: for the process, and for the leases in the database.
    """
    left: list[float] = []
    monkeypatch.setattr(jobs, "time", SimpleNamespace(monotonic=lambda: 200.0 * len(left)))

    def work(desk: Desk, claim: Claim) -> None:
        with desk.store.begin() as unit:
            row = select(tables.tasks.c.lease_until - database_epoch()).where(tables.tasks.c.id == claim.id)
            left.append(unit.connection.execute(row).scalar_one())
            sooner = tables.tasks.c.lease_until - 200
            unit.connection.execute(tables.tasks.update().values(lease_until=sooner))
        finish(desk, claim)

    write(desk, "one", "two", "three", "four")
    work_through(desk, dataclasses.replace(scoring(work), lease_seconds=1000.0))
    assert len(left) == 4
    assert min(left) > 900


def test_a_stopping_process_gives_back_what_it_had_not_begun(desk: Desk) -> None:
    """Whoever comes next finds it at once, with no attempt counted."""
    write(desk, "one", "two", "three")

    def work(desk: Desk, claim: Claim) -> None:
        finish(desk, claim)
        desk.closing.set()

    work_through(desk, scoring(work))
    assert rows(desk) == {
        "one": (TaskState.DONE, 1, None),
        "two": (TaskState.WAITING, 0, None),
        "three": (TaskState.WAITING, 0, None),
    }


def test_alerts_go_out_while_scoring_hangs(desk: Desk) -> None:
    """An alert never waits behind a slow scorer: its lane has threads of its own."""
    go_on, hangs, sent = threading.Event(), threading.Event(), threading.Event()

    def hang(subjects: Sequence[Subject]) -> list[Assessment]:
        hangs.set()
        go_on.wait(10)
        raise RuntimeError

    real_send = desk.ports.send

    def send(*args):  # type: ignore[no-untyped-def]  # the port's own arguments, passed on
        sent.set()
        return real_send(*args)

    busy = dataclasses.replace(desk, ports=dataclasses.replace(desk.ports, score=hang, send=send))
    broker = LocalBroker()
    with crew(busy, broker):
        take_in(busy, *[f"Message {number}." for number in range(20)])
        ring(broker, [due for due in busy.store.due() if due[0] is TaskKind.SCORE_ITEM] * 5)
        assert hangs.wait(5)
        topic = Topic("task", "1", AlertStep.SET_ASIDE, "test")
        with busy.store.begin() as unit:
            plan_for_role(busy.ports, unit, "oakfield", Role.NETWORK_MANAGER, topic)
        ring(broker, [due for due in busy.store.due() if due[0] is TaskKind.DELIVER])
        assert sent.wait(5)
        go_on.set()


def test_what_is_urgent_goes_out_while_ordinary_mail_hangs(desk: Desk) -> None:
    """A mail server that takes its time over what can wait holds up no alarm: each has its own threads."""
    go_on, hangs, sent = threading.Event(), threading.Event(), threading.Event()
    delivered = Handed(DeliveryState.DELIVERED)

    def send(outgoing: Outgoing, person: Person) -> Handed:
        if outgoing.notices[0].step is AlertStep.NOT_DELIVERED:
            sent.set()
            return delivered
        hangs.set()
        go_on.wait(10)
        return delivered

    busy = dataclasses.replace(desk, ports=dataclasses.replace(desk.ports, send=send))
    broker = LocalBroker()
    with crew(busy, broker):
        with busy.store.begin() as unit:
            for role in (Role.NETWORK_MANAGER, Role.MODERATOR, Role.SLT, Role.HEADTEACHER, Role.DSL):
                topic = Topic("task", "1", AlertStep.SET_ASIDE, role)
                plan_for_role(busy.ports, unit, "oakfield", role, topic)
        ring(broker, [due for due in busy.store.due() if due[0] is TaskKind.DELIVER] * 5)
        assert hangs.wait(5)
        topic = Topic("task", "9", AlertStep.NOT_DELIVERED, "test")
        with busy.store.begin() as unit:
            plan_for_role(busy.ports, unit, "oakfield", Role.NETWORK_MANAGER, topic, Urgency.URGENT)
        ring(broker, [due for due in busy.store.due() if due[0] is TaskKind.DELIVER_URGENT])
        assert sent.wait(5)
        go_on.set()


def test_an_emptied_broker_loses_nothing(desk: Desk) -> None:
    """The broker only says where to look: after FLUSHALL the rows are still there and are done."""
    broker = LocalBroker()
    write(desk, "1", "2")
    declare(broker, desk)
    ring(broker, desk.store.due())
    broker.flush_all()
    fresh = LocalBroker()
    with crew(desk, fresh):
        drain(desk, fresh)
    assert {state for state, _, _ in rows(desk).values()} <= {TaskState.WAITING, TaskState.SET_ASIDE}
    assert all(attempts >= 1 for _, attempts, _ in rows(desk).values())


def test_every_kind_of_task_has_a_job_and_every_lane_has_threads() -> None:
    """A kind without a job would wait for ever without a word."""
    assert set(JOBS) == set(TaskKind) == set(LANE_OF)
    assert set(LANE_THREADS) == set(Lane)
    assert all(threads >= 1 for threads in LANE_THREADS.values())


def test_a_worker_of_any_lanes_can_say_that_it_is_alive() -> None:
    """The name of its loop, which holds the names of its lanes, has room in the table on every database."""
    kept = tables.heartbeats.c.loop.type
    assert isinstance(kept, String)
    assert kept.length is not None
    assert len("-".join(["work", *Lane])) <= kept.length


SCORING = JOBS[TaskKind.SCORE_ITEM]


def test_what_is_claimed_together_is_scored_in_one_call(desk: Desk) -> None:
    """Models are quicker with many texts at once; each item is still settled by itself."""
    scorer = Scorer()
    texts = [f"Message {number}." for number in range(SCORING.batch + 2)]
    take_in(desk, *texts)
    assert work_through(with_scorer(desk, scorer), SCORING) == len(texts)
    assert scorer.calls == [texts[: SCORING.batch], texts[SCORING.batch :]]
    assert len(assessed(desk)) == len(texts)
    assert {state for state, _, _ in rows(desk).values()} == {TaskState.DONE}


def test_a_text_that_breaks_the_scorer_costs_its_neighbours_nothing(desk: Desk) -> None:
    """It goes to a person; the others are scored one by one."""
    scorer = Scorer()
    scorer.says["poison"] = ZeroDivisionError("words that nobody may read in a log")
    take_in(desk, "Before.", "poison", "After.")
    work_through(with_scorer(desk, scorer), SCORING)
    assert [said.uncertain for said in assessed(desk).values()] == [False, True, False]
    assert {state for state, _, _ in rows(desk).values()} == {TaskState.DONE}


def test_a_row_that_cannot_be_read_costs_its_neighbours_nothing(desk: Desk) -> None:
    """Reading a batch fails as a whole; each alone, only the bad one does."""
    take_in(desk, "Before.", "After.")
    write(desk, "no number")
    work_through(with_scorer(desk, Scorer()), SCORING)
    assert len(assessed(desk)) == 2
    assert rows(desk)["no number"] == (TaskState.WAITING, 1, "ValueError")


def test_words_that_change_while_their_batch_is_scored_are_scored_again(desk: Desk) -> None:
    """What was said about the old words never stands for the new ones."""

    class Edited(Scorer):
        def __call__(self, subjects: Sequence[Subject]) -> list[Assessment]:
            if not self.calls:
                take_in(desk, "First.", "Second, but worse.")
            return super().__call__(subjects)

    scorer = Edited()
    take_in(desk, "First.", "Second.")
    work_through(with_scorer(desk, scorer), SCORING)
    assert scorer.calls[:2] == [["First.", "Second."], ["Second, but worse."]]
    with desk.store.begin() as unit:
        versions = unit.connection.execute(
            select(tables.assessments.c.item, tables.assessments.c.version)
        ).all()
    assert sorted(versions) == [(1, 1), (2, 2)]


def test_a_batch_whose_lease_ends_while_it_is_scored_is_left_to_others(desk: Desk) -> None:
    """The late scorer writes nothing; whoever took the items over has the say."""

    class Late(Scorer):
        def __call__(self, subjects: Sequence[Subject]) -> list[Assessment]:
            with desk.store.begin() as unit:
                unit.connection.execute(tables.tasks.update().values(lease_until=0.0))
            assert len(desk.store.claim(TaskKind.SCORE_ITEM, 60)) == 1
            return super().__call__(subjects)

    take_in(desk, "First.", "Second.")
    claims = desk.store.claim(TaskKind.SCORE_ITEM, 60)
    late = with_scorer(desk, Late())
    assert SCORING.together is not None
    work = SCORING.together(late, claims)
    with pytest.raises(LeaseLost):
        work(late, claims[0])
    assert assessed(desk) == {}


def test_a_process_that_is_stopped_while_a_batch_is_scored_gives_it_back(desk: Desk) -> None:
    """Nothing of it was begun: no attempt is counted."""

    class Stopped(Scorer):
        def __call__(self, subjects: Sequence[Subject]) -> list[Assessment]:
            desk.closing.set()
            return super().__call__(subjects)

    take_in(desk, "First.", "Second.")
    work_through(with_scorer(desk, Stopped()), SCORING)
    assert set(rows(desk).values()) == {(TaskState.WAITING, 0, None)}


@pytest.fixture
def model_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder, not there so far, in which the models' files are looked for."""
    monkeypatch.setattr(models, "FOLDER", tmp_path / "model")
    models.load.cache_clear()
    yield tmp_path / "model"
    models.load.cache_clear()


def test_hard_texts_are_all_assessed(desk: Desk, model_folder: Path) -> None:
    """No item is lost, whatever somebody sends: it is judged, or a person is told to look."""
    tiny_models.write(model_folder)
    take_in(desk, *HARD_TEXTS.values())
    work_through(with_scorer(desk, TimeBox(scores("linear"))), SCORING)
    said = dict(zip(HARD_TEXTS, assessed(desk).values(), strict=True))
    assert {name for name, each in said.items() if each.lacks or each.model == "none"} == set()
    assert {name for name, each in said.items() if each.uncertain} >= {"empty", "blank", "Arabic", "Chinese"}
    assert {state for state, _, _ in rows(desk).values()} == {TaskState.DONE}


def test_missing_models_are_told_once_and_shown(desk: Desk, clock: Clock, model_folder: Path) -> None:
    """The network manager gets one message a day, and the status says so until they are back."""
    without = with_scorer(desk, TimeBox(scores("linear")))
    take_in(desk, "Is the hall open?", "And the gym?")
    work_through(without, SCORING)
    with desk.store.begin() as unit:
        told = unit.connection.execute(
            select(tables.deliveries.c.because)
            .join(tables.alerts)
            .where(tables.alerts.c.step == AlertStep.RULES_ALONE)
        ).scalars()
        assert list(told) == [Role.NETWORK_MANAGER]
        problems = health(unit.connection, clock()).problems
    assert "the models had no say (not loaded) in 2 of the newest 50 messages: run 'check'" in problems
    clock.pass_by(days=2)
    with desk.store.begin() as unit:
        assert "models" not in " ".join(health(unit.connection, clock()).problems)
