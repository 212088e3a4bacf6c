"""Orders: written before they are sent, sent once, read back, and never guessed about."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from connectors.base import AuthExpired, Connector, RateLimited, Refused, Transient, Unsure
from moderation.actions import Action, ActionKind, Done, Order
from moderation.acts import close
from moderation.alerts import Role
from moderation.cases import CaseId, CloseReason
from moderation.intake import Arrival, receive
from moderation.items import AccountName, Author, ItemId
from moderation.orders import NotAllowed, place
from moderation.ports import Ports
from moderation.tasks import Claim, TaskKind
from store import tables
from tests.fakes import QuietConnector
from tests.workers.conftest import Clock
from tests.workers.test_polling import sighting, steps_told
from workers.carrying_out import carry_out
from workers.desk import Desk
from workers.jobs import JOBS, work_through


class Acting(QuietConnector):
    """Remembers what it was asked to do; plays what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Action] = []
        self.looked: list[Action] = []
        self.answers: Done | Exception = Done(external_id="r1", confirmed=True)
        self.shows: Done | Exception | None = None

    def act(self, action: Action, now: datetime) -> Done:
        self.sent.append(action)
        if isinstance(self.answers, Exception):
            raise self.answers
        return self.answers

    def verify(self, action: Action, now: datetime) -> Done | None:
        self.looked.append(action)
        if isinstance(self.shows, Exception):
            raise self.shows
        return self.shows


class Room:
    """One account that may be acted on, with one case on it."""

    def __init__(self, desk: Desk, connector: Connector) -> None:
        name = next(iter(desk.ports.accounts))
        acting = dataclasses.replace(desk.ports.accounts[name], may_act=True)
        ports = dataclasses.replace(desk.ports, accounts={**desk.ports.accounts, name: acting})
        self.desk = dataclasses.replace(desk, ports=ports, connector=lambda each: connector)
        now = desk.ports.now()
        item = dataclasses.replace(sighting(1), created_at=now)
        receive(ports, Arrival(name, "comments", (item,), (), None, None, now))
        work_through(self.desk, JOBS[TaskKind.SCORE_ITEM])
        with desk.store.begin() as unit:
            self.case = CaseId(unit.connection.execute(select(tables.cases.c.id)).scalar_one())
        self.item = ItemId(1)

    @property
    def ports(self) -> Ports:
        return self.desk.ports

    def order(self, kind: ActionKind = ActionKind.HIDE, by: str = "priya", **more: Any) -> int:
        """Order something about the case's item."""
        second = more.pop("second", None)
        words = {"words": "Yes, at six."} if kind is ActionKind.REPLY else {"why": "names a pupil"}
        order = Order(kind, self.item, **{**words, **more})
        people = self.ports.people
        return place(self.ports, self.case, order, people[by], None if second is None else people[second])

    def claim(self) -> Claim:
        """Lease the order that is due."""
        return self.desk.store.claim(TaskKind.CARRY_OUT, 60)[0]

    def row(self) -> Any:
        """Return the order as it is remembered."""
        with self.desk.store.begin() as unit:
            return unit.connection.execute(select(tables.actions)).one()

    def presence(self) -> str:
        """Return where the item is."""
        with self.desk.store.begin() as unit:
            return str(unit.connection.execute(select(tables.items.c.presence)).scalar_one())


@pytest.fixture
def acting() -> Acting:
    """Return a platform that does what it is told."""
    return Acting()


@pytest.fixture
def placed(desk: Desk, acting: Acting) -> Room:
    """Return a case about which something can be ordered."""
    return Room(desk, acting)


def test_an_order_is_sent_once_and_its_outcome_kept(placed: Room, acting: Acting) -> None:
    """Who, what, when, and that the platform shows it; the item is where the order put it."""
    placed.order()
    carry_out(placed.desk, placed.claim())
    row = placed.row()
    assert (row.state, row.confirmed, row.by) == ("done", True, "priya")
    assert [each.kind for each in acting.sent] == [ActionKind.HIDE]
    assert placed.presence() == "hidden"
    assert placed.desk.store.claim(TaskKind.CARRY_OUT, 60) == []


def test_the_evidence_is_written_before_anything_is_sent(placed: Room, acting: Acting) -> None:
    """The history holds the digest of the words as they stood, and no words."""
    placed.order()
    with placed.desk.store.begin() as unit:
        details = list(unit.connection.execute(select(tables.case_events.c.detail)).scalars())
        digest = unit.places.digest_of(placed.item)
    assert acting.sent == []
    assert any(digest in detail for detail in details)
    assert not any("hall" in detail for detail in details)


def test_a_refusal_is_told_to_whoever_ordered_it(placed: Room, acting: Acting) -> None:
    """With the reason in the case; it is not tried again."""
    acting.answers = Refused("The platform lets nobody hide this.")
    placed.order()
    carry_out(placed.desk, placed.claim())
    assert placed.row().state == "refused"
    assert "lets nobody" in placed.row().remark
    assert "not_done" in steps_told(placed.desk)
    assert placed.presence() == "present"


def test_a_lost_answer_is_looked_for_and_found(placed: Room, acting: Acting) -> None:
    """The reply stands there: it was done."""
    acting.answers, acting.shows = Unsure("lost"), Done(external_id="r9", confirmed=True)
    placed.order(ActionKind.REPLY)
    carry_out(placed.desk, placed.claim())
    assert (placed.row().state, placed.row().external_id) == ("done", "r9")
    assert len(acting.sent) == 1


def test_a_lost_answer_that_nothing_shows_is_a_persons(placed: Room, acting: Acting) -> None:
    """It is never sent a second time on a guess: parents must not read everything twice."""
    acting.answers = Unsure("lost")
    placed.order(ActionKind.REPLY)
    carry_out(placed.desk, placed.claim())
    assert placed.row().state == "unsure"
    assert len(acting.sent) == 1
    assert "not_done" in steps_told(placed.desk)


def test_a_lost_answer_is_never_sent_again_while_looking_fails(
    placed: Room, acting: Acting, clock: Clock
) -> None:
    """The platform is away right after the lost answer: only looking is tried again."""
    acting.answers, acting.shows = Unsure("lost"), Transient("away")
    placed.order(ActionKind.REPLY)
    carry_out(placed.desk, placed.claim())
    clock.pass_by(minutes=2)
    acting.shows = Done(confirmed=True)
    carry_out(placed.desk, placed.claim())
    assert (len(acting.sent), len(acting.looked)) == (1, 2)
    assert placed.row().state == "done"


def test_who_died_in_the_middle_leaves_it_to_be_looked_for(placed: Room, acting: Acting) -> None:
    """The row says that it was begun; whoever comes next sends nothing."""
    number = placed.order()
    claim = placed.claim()
    with placed.desk.store.begin() as unit:
        assert unit.orders.begin(number, placed.ports.now())
    acting.shows = Done(confirmed=True)
    carry_out(placed.desk, claim)
    assert acting.sent == []
    assert placed.row().state == "done"


@pytest.mark.parametrize("error", [Transient("no connection"), RateLimited("wait")], ids=["away", "limited"])
def test_what_was_surely_not_sent_is_tried_again_and_given_up_after_an_hour(
    placed: Room, acting: Acting, clock: Clock, error: Exception
) -> None:
    """Then the person is told: an hour later the reply may not fit any more."""
    acting.answers = error
    placed.order()
    for _ in range(7):
        if claims := placed.desk.store.claim(TaskKind.CARRY_OUT, 60):
            carry_out(placed.desk, claims[0])
        clock.pass_by(minutes=11)
    assert len(acting.sent) > 1
    assert placed.row().state == "refused"
    assert "not_done" in steps_told(placed.desk)


def test_carrying_out_twice_is_once(placed: Room, acting: Acting) -> None:
    """A task that is done again finds the order over."""
    number = placed.order()
    carry_out(placed.desk, placed.claim())
    with placed.desk.store.begin() as unit:
        assert not unit.orders.begin(number, placed.ports.now())
    assert len(acting.sent) == 1


Refusal = Callable[[Room], object]


@pytest.mark.parametrize(
    ("refused", "says"),
    [
        (lambda room: room.order(ActionKind.DELETE), "second person"),
        (lambda room: room.order(ActionKind.BLOCK, second="priya"), "second person"),
        (lambda room: room.order(ActionKind.DELETE, second="tom"), "leadership"),
        (lambda room: room.order(why=" "), "reason"),
        (lambda room: room.order(ActionKind.REPLY, words=""), "words"),
    ],
    ids=["deleting alone", "approving oneself", "approved by no leader", "no reason", "no words"],
)
def test_what_is_missing_is_said_and_nothing_is_written(placed: Room, refused: Refusal, says: str) -> None:
    """Deleting and blocking need two; everything but a reply needs a reason."""
    with pytest.raises(NotAllowed, match=says):
        refused(placed)
    assert placed.desk.store.claim(TaskKind.CARRY_OUT, 60) == []


def test_an_account_that_is_only_read_is_not_acted_on(desk: Desk, acting: Acting) -> None:
    """Nothing is written anywhere until the school allows it for that account."""
    room = Room(desk, acting)
    name = AccountName(next(iter(desk.ports.accounts)))
    reads = dataclasses.replace(room.ports.accounts[name], may_act=False)
    ports = dataclasses.replace(room.ports, accounts={**room.ports.accounts, name: reads})
    room.desk = dataclasses.replace(room.desk, ports=ports)
    with pytest.raises(NotAllowed, match="may_act"):
        room.order()


def test_an_order_that_waited_too_long_is_not_sent(placed: Room, acting: Acting, clock: Clock) -> None:
    """The workers were down for days: the reply may not fit any more. The person is told."""
    placed.order(ActionKind.REPLY)
    clock.pass_by(days=4)
    carry_out(placed.desk, placed.claim())
    assert acting.sent == []
    assert placed.row().state == "refused"
    assert "not_done" in steps_told(placed.desk)


def test_a_surprise_while_sending_leaves_it_to_a_person(placed: Room, acting: Acting) -> None:
    """Nobody knows whether it was done."""
    acting.answers = KeyError("surprise")
    placed.order()
    carry_out(placed.desk, placed.claim())
    assert placed.row().state == "unsure"
    assert "not_done" in steps_told(placed.desk)


def test_a_dead_token_is_renewed_and_the_order_sent_then(placed: Room, acting: Acting, clock: Clock) -> None:
    """Refused is not done: with the newer token it is sent for the first time."""

    class Renewing:
        def renew(self, account: str, used: str) -> bool:
            return True

        def renew_last(self, account: str) -> bool:
            return True

    placed.desk = dataclasses.replace(placed.desk, tokens=Renewing())
    acting.answers = AuthExpired("dead")
    placed.order()
    carry_out(placed.desk, placed.claim())
    acting.answers = Done(confirmed=True)
    clock.pass_by(minutes=2)
    carry_out(placed.desk, placed.claim())
    assert placed.row().state == "done"


def test_the_same_reply_is_not_ordered_twice(placed: Room) -> None:
    """Two moderators, or one who is in doubt: parents read it once."""
    placed.order(ActionKind.REPLY)
    with pytest.raises(NotAllowed, match="order 1"):
        placed.order(ActionKind.REPLY)


def test_who_keeps_the_network_does_not_answer_parents(placed: Room) -> None:
    """Acting for the school is not that person's office."""
    with pytest.raises(NotAllowed, match="not for this person"):
        placed.order(ActionKind.REPLY, by="dev")


def test_what_was_not_done_is_told_though_the_case_was_closed_meanwhile(placed: Room, acting: Acting) -> None:
    """Hide, then close, is how people work: they must not believe that it is hidden."""
    acting.answers = Refused("The platform lets nobody hide this.")
    placed.order()
    close(placed.ports, placed.case, "priya", CloseReason.ABUSE_HANDLED)
    carry_out(placed.desk, placed.claim())
    sent: list[str] = []
    work_through(placed.desk, JOBS[TaskKind.DELIVER])
    with placed.desk.store.begin() as unit:
        query = select(tables.deliveries.c.state, tables.alerts.c.step).join(
            tables.alerts, tables.alerts.c.id == tables.deliveries.c.alert
        )
        sent = [row.state for row in unit.connection.execute(query) if row.step == "not_done"]
    assert sent == ["delivered"]


def test_hiding_a_complaint_takes_two(placed: Room) -> None:
    """Criticism is not abuse: one person alone does not make it go away."""
    with placed.desk.store.begin() as unit:
        unit.connection.execute(tables.cases.update().values(intent="complaint"))
    with pytest.raises(NotAllowed, match="second person"):
        placed.order()
    assert placed.order(second="helen")


def test_hiding_what_is_with_the_safeguarding_lead_takes_the_lead_or_two(placed: Room) -> None:
    """It may take away what somebody has to see."""
    with placed.desk.store.begin() as unit:
        unit.connection.execute(tables.cases.update().values(route="dsl"))
    with pytest.raises(NotAllowed, match="second person"):
        placed.order()
    lead = next(name for name, each in placed.ports.people.items() if Role.DSL in each.roles)
    assert placed.order(by=lead)


def test_who_is_named_as_approving_is_told(placed: Room) -> None:
    """Whoever did not agree hears of it at once."""
    placed.order(ActionKind.DELETE, second="helen")
    assert "approval_named" in steps_told(placed.desk)


def test_no_rule_is_gone_round_by_a_neighbours_case(placed: Room) -> None:
    """A thread holds the cases of several people: what is ordered is judged by the item's own."""
    now = placed.ports.now()
    other = dataclasses.replace(
        sighting(2), thread_id="c1", external_id="c2", created_at=now, author=Author("bob", "Bob")
    )
    name = next(iter(placed.ports.accounts))
    receive(placed.ports, Arrival(name, "comments", (other,), (), None, None, now))
    work_through(placed.desk, JOBS[TaskKind.SCORE_ITEM])
    placed.item = ItemId(2)
    with pytest.raises(NotAllowed, match="does not belong"):
        placed.order()


def test_what_nobody_knows_of_may_be_ordered_again(placed: Room, acting: Acting) -> None:
    """The person has looked, as the letter asks: it is not there."""
    acting.answers = Unsure("lost")
    placed.order(ActionKind.REPLY)
    carry_out(placed.desk, placed.claim())
    assert placed.order(ActionKind.REPLY) == 2
