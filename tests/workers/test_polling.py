"""Polling: complete or not at all for a cursor, alone for an account, and never silent for long."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from connectors.base import (
    AuthExpired,
    Connector,
    ConnectorError,
    Page,
    RateLimited,
    State,
    Transient,
)
from moderation.items import Author, ItemKind, Rejected, Sighting
from moderation.tasks import Claim, TaskKind, TaskState
from store import listings, tables
from tests.fakes import QuietConnector
from tests.workers.conftest import Clock
from workers.desk import Desk
from workers.polling import ALARM_AFTER, LONGEST_PAUSE, poll_account


def sighting(number: int, text: str = "Is the hall open?") -> Sighting:
    """Return a comment by its own author in its own thread."""
    return Sighting(
        external_id=f"c{number}",
        kind=ItemKind.COMMENT,
        thread_id=f"c{number}",
        parent_id="p1",
        post_id="p1",
        author=Author(f"a{number}", "Somebody"),
        is_own=False,
        text=text,
        created_at=datetime(2026, 11, 17, 9, 0, tzinfo=UTC),
        permalink="https://social.example/c",
    )


class Script(QuietConnector):
    """A connector that plays a list of pages; an error among them is raised in its place."""

    def __init__(self, *steps: Page | Exception) -> None:
        super().__init__()
        self.steps = steps
        self.states: list[State] = []

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        self.states.append(state)
        for step in self.steps:
            if isinstance(step, Exception):
                raise step
            yield step


With = Callable[[Connector], Desk]
Take = Callable[[TaskKind], Claim]


def again(desk: Desk, account: Claim) -> Claim:
    """Lease the next poll of the same account."""
    return next(each for each in desk.store.claim(TaskKind.POLL_ACCOUNT, 60) if each.key == account.key)


def counts(desk: Desk) -> dict[str, int]:
    """Return how much of everything there is."""
    with desk.store.begin() as unit:
        return listings.totals(unit.connection)


def steps_told(desk: Desk) -> list[str]:
    """Return the steps of every alert, in order."""
    with desk.store.begin() as unit:
        return list(
            unit.connection.execute(select(tables.alerts.c.step).order_by(tables.alerts.c.id)).scalars()
        )


def test_a_listing_that_breaks_off_keeps_its_pages_and_moves_no_cursor(
    with_connector: With, claim: Take, clock: Clock
) -> None:
    """What was read is stored; the next poll reads the same again, and nothing is doubled."""
    broken = with_connector(Script(Page((sighting(1), sighting(2))), Transient("away")))
    account = claim(TaskKind.POLL_ACCOUNT)
    poll_account(broken, account)
    assert counts(broken)["received"] == 2
    clock.pass_by(minutes=6)
    whole = Script(Page((sighting(1), sighting(2))), Page((sighting(3),), cursor={"upto": "c3"}))
    poll_account(with_connector(whole), again(broken, account))
    assert whole.states == [{}]
    assert counts(broken)["received"] == 3


def test_the_cursor_moves_with_the_last_page(with_connector: With, claim: Take, clock: Clock) -> None:
    """The next poll starts from the state that the complete one left."""
    script = Script(Page((sighting(1),)), Page(cursor={"upto": "c1"}))
    desk = with_connector(script)
    account = claim(TaskKind.POLL_ACCOUNT)
    poll_account(desk, account)
    clock.pass_by(hours=1)
    poll_account(desk, again(desk, account))
    assert script.states == [{}, {"upto": "c1"}]


def test_what_could_not_be_read_waits_for_a_person(with_connector: With, claim: Take) -> None:
    """A broken item is kept as such, once, and the rest of its page goes on."""
    page = Page((sighting(1),), (Rejected("c9", "created_at is no time"),), cursor={})
    desk = with_connector(Script(page, page))
    poll_account(desk, claim(TaskKind.POLL_ACCOUNT))
    assert counts(desk)["rejected"] == 1
    with desk.store.begin() as unit:
        (row,) = listings.rejected(unit.connection, limit=10)
    assert (row["external_id"], row["reason"]) == ("c9", "created_at is no time")
    assert counts(desk)["received"] == 1


@pytest.mark.parametrize("error", [AuthExpired("dead"), ValueError("a surprise")])
def test_what_only_a_person_can_mend_is_told_at_once_and_only_once(
    with_connector: With, claim: Take, clock: Clock, error: Exception
) -> None:
    """Silence is a fault: the network manager and the leadership hear of it, not at every poll."""
    desk = with_connector(Script(error))
    account = claim(TaskKind.POLL_ACCOUNT)
    poll_account(desk, account)
    for _ in range(3):
        clock.pass_by(hours=1)
        poll_account(desk, again(desk, account))
    assert steps_told(desk) == ["not_watched"]


def test_a_passing_failure_is_told_only_when_it_lasts(
    with_connector: With, claim: Take, clock: Clock
) -> None:
    """Half a minute of network trouble wakes nobody; half an hour without reading does."""
    desk = with_connector(Script(Transient("away")))
    account = claim(TaskKind.POLL_ACCOUNT)
    poll_account(desk, account)
    assert steps_told(desk) == []
    clock.at += ALARM_AFTER
    poll_account(desk, again(desk, account))
    assert steps_told(desk) == ["not_watched"]


def test_recovery_is_announced_and_the_gap_is_written_down(
    with_connector: With, claim: Take, clock: Clock
) -> None:
    """Who was told that nobody watches is told that somebody does; the report knows how long it was."""
    account = claim(TaskKind.POLL_ACCOUNT)
    began = clock.at
    fine = with_connector(Script(Page(cursor={})))
    poll_account(fine, account)
    broken = with_connector(Script(AuthExpired("dead")))

    clock.pass_by(hours=1)
    poll_account(broken, again(fine, account))
    clock.pass_by(hours=2)
    poll_account(fine, again(fine, account))
    assert steps_told(fine) == ["not_watched", "watched_again"]
    with fine.store.begin() as unit:
        gap = unit.connection.execute(select(tables.gaps)).one()
    assert (gap.began_at, gap.ended_at, gap.reason) == (began, clock.at, "auth_expired")


def test_a_host_that_was_off_leaves_a_gap(with_connector: With, claim: Take, clock: Clock) -> None:
    """Time in which nobody polled is blind time too, although nothing failed."""
    desk = with_connector(Script(Page(cursor={})))
    account = claim(TaskKind.POLL_ACCOUNT)
    poll_account(desk, account)
    clock.pass_by(days=3)
    poll_account(desk, again(desk, account))
    with desk.store.begin() as unit:
        assert unit.connection.execute(select(tables.gaps.c.reason)).scalars().all() == ["not_running"]


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        (timedelta(minutes=12), timedelta(minutes=12)),
        (timedelta(hours=9), LONGEST_PAUSE),
        (-timedelta(hours=1), None),
    ],
)
def test_a_platform_may_ask_for_patience_within_reason(
    with_connector: With, claim: Take, clock: Clock, asked: timedelta, waits: timedelta | None
) -> None:
    """Its wish is kept, but nobody is left unread for longer than half an hour, or polled in a frenzy."""
    account = claim(TaskKind.POLL_ACCOUNT)
    desk = with_connector(Script(RateLimited("slow down", clock.at + asked)))
    poll_account(desk, account)
    with desk.store.begin() as unit:
        row = unit.connection.execute(select(tables.tasks).where(tables.tasks.c.id == account.id)).one()
        usual = desk.ports.accounts[account.key].poll_every_minutes  # type: ignore[index]  # keys are names
    assert row.state == TaskState.WAITING
    assert row.next_at - clock.at == (waits or timedelta(minutes=usual))


def test_an_account_that_left_the_register_is_not_read_until_it_is_back(
    with_connector: With, claim: Take, clock: Clock
) -> None:
    """What nobody has approved any more is left alone, without an alarm; its task waits for its return."""
    account = claim(TaskKind.POLL_ACCOUNT)
    script = Script(Page((sighting(1),), cursor={}))
    desk = with_connector(script)
    register = {name: each for name, each in desk.ports.accounts.items() if name != account.key}
    without = dataclasses.replace(desk, ports=dataclasses.replace(desk.ports, accounts=register))
    poll_account(without, account)
    assert script.states == []
    clock.at += LONGEST_PAUSE
    poll_account(desk, again(desk, account))
    assert counts(desk)["received"] == 1


def test_one_broken_account_never_delays_another(with_connector: With, desk: Desk) -> None:
    """Each account is its own task with its own time."""
    claims = desk.store.claim(TaskKind.POLL_ACCOUNT, 60)
    poll_account(with_connector(Script(AuthExpired("dead"))), claims[0])
    for each in claims[1:]:
        poll_account(with_connector(Script(Page((sighting(1),), cursor={}))), each)
    with desk.store.begin() as unit:
        rows = listings.accounts(unit.connection)
    assert sum(row["not_read_since"] is None for row in rows) == len(rows) - 1
    assert sum(row["items"] for row in rows) == len(rows) - 1


def test_every_connector_error_has_a_stable_word() -> None:
    """The status page and the report show these words; none is missing and none is doubled."""

    def family(kind: type[ConnectorError]) -> list[type[ConnectorError]]:
        below = [each for each in kind.__subclasses__() if each.__module__ == "connectors.base"]
        return [kind, *(each for child in below for each in family(child))]

    words = [kind.reason for kind in family(ConnectorError)]
    assert len(words) == len(set(words))
