"""What a message has to say when it is sent: what is still needed, with what is true at that moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from moderation.acts import close, give_back, take
from moderation.alert_ports import Delivery
from moderation.alerting import CaseAlert, occasion, plan_for_case
from moderation.alerts import (
    AccountNotice,
    AlertStep,
    CaseNotice,
    DeliveryState,
    Outgoing,
    Person,
    Role,
    StormNotice,
    Topic,
)
from moderation.assessment import Route, Severity
from moderation.cases import CloseReason
from moderation.mailboxes import Urgency
from moderation.tasks import TaskKind
from moderation.telling import LISTED, CaseTelling, OtherTelling, notices_of, sort_out
from store import tables
from tests.fakes import assessment
from tests.worlds import FACEBOOK, NINE, World, sighting


def arrives(world: World, name: str, severity: Severity = Severity.HIGH, **more: Any) -> None:
    """Let somebody write what scoring calls so, and let it climb; nothing is sent."""
    world.scorer.says[f"Words of {name}."] = assessment(severity, Route.SLT)
    by = more.pop("by", f"author-{name}")
    world.show(sighting(name, f"Words of {name}.", by=by, **more))
    world.work(TaskKind.CLIMB)


def delivery(
    world: World, kind: str, subject: str, step: AlertStep, occasion: str = "", number: int = 1
) -> Delivery:
    """Return something that waits for the leader."""
    topic, state = Topic(kind, subject, step, occasion), DeliveryState.CREATED
    name, urgency = f"<{number}@socialduty.invalid>", Urgency.ROUTINE
    return Delivery(number, 1, "sue-dale", "email", state, name, topic, Role.SLT, urgency, world.now())


def needed(world: World, *deliveries: Delivery, person: str = "sue-dale") -> list[int]:
    """Return which of these still have to be told."""
    with world.store.begin() as unit:
        told, needless = sort_out(world.ports, unit, deliveries, world.ports.people[person])
    assert len(told) + len(needless) == len(deliveries)
    return [each.delivery.id for each in told]


def messages(world: World, name: str = "sue-dale") -> list[Outgoing]:
    """Let everything be sent; return what somebody got."""
    world.work(TaskKind.DELIVER_URGENT, TaskKind.DELIVER)
    return [outgoing for outgoing, person in world.post.taken if person.name == name]


# Still needed


@pytest.mark.parametrize("step", [AlertStep.URGENT, AlertStep.MORE, AlertStep.WAITING, AlertStep.NEW])
def test_what_climbs_is_told_while_nobody_has_it(world: World, step: AlertStep) -> None:
    """Taken, it is not; given back, it is again."""
    arrives(world, "a1")
    waits, case = delivery(world, "escalation", "1", step, "1.1"), world.case("a1").id
    assert needed(world, waits) == [1]
    take(world.ports, case, "sue-dale")
    assert needed(world, waits) == []
    give_back(world.ports, case, "sue-dale")
    assert needed(world, waits) == [1]


def test_that_something_is_still_open_is_told_only_while_it_is_taken_and_open(world: World) -> None:
    """Given back it climbs instead, and closed it is over."""
    arrives(world, "a1")
    waits, case = delivery(world, "escalation", "1", AlertStep.STILL_OPEN, "2026-11-17"), world.case("a1").id
    assert needed(world, waits) == []
    take(world.ports, case, "sue-dale")
    assert needed(world, waits) == [1]
    close(world.ports, case, "sue-dale", CloseReason.ABUSE_HANDLED)
    assert needed(world, waits) == []


def test_of_a_new_message_only_whoever_has_it_is_told_once_it_is_taken(world: World) -> None:
    """The others need not look any more."""
    world.show(sighting("a1"))
    waits = delivery(world, "case", "1", AlertStep.NEW, f"{world.item('a1').id}:words")
    assert needed(world, waits) == [1]
    take(world.ports, world.case("a1").id, "ada-moss")
    assert needed(world, waits) == []
    give_back(world.ports, world.case("a1").id, "ada-moss")
    take(world.ports, world.case("a1").id, "sue-dale")
    assert needed(world, waits) == [1]


def test_a_reminder_of_a_due_time_that_has_moved_is_not_told(world: World) -> None:
    """The new due time has a reminder of its own."""
    world.show(sighting("a1"))
    clock = world.clock("a1")
    assert clock is not None
    assert clock.due_at is not None
    before = occasion(clock.due_at - timedelta(hours=1), "half-time")
    now = occasion(clock.due_at, "half-time")
    waits = [
        delivery(world, "case", "1", AlertStep.REMINDER, before, 1),
        delivery(world, "case", "1", AlertStep.REMINDER, now, 2),
    ]
    assert needed(world, *waits) == [2]


def test_nobody_is_told_what_must_not_reach_them(world: World) -> None:
    """What is about them, and what the head is accused of: the last look is right before the sending."""
    arrives(world, "a1")
    waits, case = delivery(world, "escalation", "1", AlertStep.URGENT, "1.1"), world.case("a1").id
    with world.store.begin() as unit:
        unit.cases.exclude(case, ["sue-dale"])
    assert needed(world, waits) == []
    assert needed(world, waits, person="hal-king") == [1]
    with world.store.begin() as unit:
        unit.cases.give_to(case, Route.GOVERNORS)
    assert needed(world, waits, person="hal-king") == []


def test_what_belongs_to_no_school_of_the_settings_is_not_told(world: World) -> None:
    """Nor is what belongs to an account that has left the register."""
    arrives(world, "a1")
    waits = delivery(world, "escalation", "1", AlertStep.URGENT, "1.1")
    assert needed(world.with_ports(schools={}), waits) == []
    watch = delivery(world, "account", FACEBOOK, AlertStep.WATCHED_AGAIN, f"ok@{NINE.isoformat()}")
    assert needed(world, watch) == [1]
    assert needed(world.with_ports(accounts={}), watch) == []


def test_that_an_account_is_not_read_is_told_only_while_it_is_not(world: World) -> None:
    """It may be read again since."""
    watch = delivery(world, "account", FACEBOOK, AlertStep.NOT_WATCHED, f"token@{NINE.isoformat()}")
    assert needed(world, watch) == []
    with world.store.begin() as unit:
        unit.watching.failed(FACEBOOK, world.now(), "token")
    assert needed(world, watch) == [1]


# What it says


def test_each_case_is_in_a_message_once_for_its_gravest_reason(world: World) -> None:
    """That it is new and that it is late are one line."""
    world.show(sighting("a1"))
    case = world.case("a1")
    with world.store.begin() as unit:
        unit.connection.execute(tables.deliveries.delete())
        for step, about in ((AlertStep.NEW, f"{case.opening_item}:words"), (AlertStep.LATE, "late today")):
            plan_for_case(world.ports, unit, case, CaseAlert(step, about, world.now()))
    [message] = messages(world, "ada-moss")
    assert [notice.step for notice in message.notices] == [AlertStep.LATE]


def test_a_message_names_twenty_cases_and_counts_the_others(world: World) -> None:
    """Together they are as many as there are, the gravest first."""
    world.show(*(sighting(f"q{number}", f"Question {number}?", by=f"b{number}") for number in range(25)))
    [message] = messages(world, "ada-moss")
    assert (len(message.notices), message.more) == (LISTED, 5)
    references = [notice.reference for notice in message.notices if isinstance(notice, CaseNotice)]
    assert len(set(references)) == LISTED


def test_what_stands_behind_an_escalation_is_counted(world: World) -> None:
    """By itself in its own line; among others in the sum of the message."""
    for name in ("a1", "a2", "a3"):
        arrives(world, name)
    arrives(world, "b1", post_id="post-2")
    with world.store.begin() as unit:
        waits = [
            delivery(world, "escalation", number, AlertStep.URGENT, "1.1", int(number)) for number in "12"
        ]
        told, _ = sort_out(world.ports, unit, waits, world.ports.people["sue-dale"])
        notices, more = notices_of(world.ports, unit, told[:1], world.now())
        assert [notice.more for notice in notices if isinstance(notice, CaseNotice)] == [2]
        assert more == 0
        assert notices_of(world.ports, unit, told, world.now())[1] == 2


def test_a_message_about_accounts_names_every_one_of_them(world: World) -> None:
    """However many a platform that is down takes with it."""
    accounts = {f"account-{number:02}": world.ports.accounts[FACEBOOK] for number in range(30)}
    world = world.with_ports(accounts=accounts)
    told = [
        OtherTelling(
            delivery(world, "account", name, AlertStep.NOT_WATCHED, f"down@{NINE.isoformat()}"), "oakfield"
        )
        for name in accounts
    ]
    with world.store.begin() as unit:
        notices, more = notices_of(world.ports, unit, told, world.now())
    assert (len(notices), more) == (30, 0)
    assert all(isinstance(notice, AccountNotice) for notice in notices)


def test_it_says_who_has_a_case_and_since_when(world: World) -> None:
    """By the full name; once given back, nobody has it."""
    world.show(sighting("a1"))
    case = take(world.ports, world.case("a1").id, "ben-hart")
    with world.store.begin() as unit:
        told = CaseTelling(delivery(world, "case", "1", AlertStep.LATE), case, None, None)
        [notice] = notices_of(world.ports, unit, [told], world.now())[0]
    assert isinstance(notice, CaseNotice)
    assert (notice.taken_by, notice.taken_at) == ("Ben Hart", world.now())


def test_it_says_when_an_answer_there_may_not_have_been_seen(world: World) -> None:
    """The account has not been read since then."""
    arrives(world, "a1")
    with world.store.begin() as unit:
        unit.watching.failed(FACEBOOK, world.now(), "token")
    [message] = messages(world)
    [notice] = message.notices
    assert isinstance(notice, CaseNotice)
    assert notice.blind_since == world.now()


def test_a_storm_is_told_with_the_number_of_cases(world: World) -> None:
    """Of the last day and night."""
    for number in range(3):
        arrives(world, f"a{number}", post_id=f"post-{number}")
    storm = OtherTelling(delivery(world, "storm", "oakfield", AlertStep.STORM, "2026-11-17"), "oakfield")
    with world.store.begin() as unit:
        [notice] = notices_of(world.ports, unit, [storm], world.now())[0]
    assert isinstance(notice, StormNotice)
    assert notice.cases == 3


def test_no_name_text_or_address_shows_in_what_is_logged_of_a_message(world: World) -> None:
    """Whatever prints a message, a person or a notice."""
    arrives(world, "a1")
    [message] = messages(world)
    shown = repr(message) + repr(world.ports.people["sue-dale"])
    person: Person = world.ports.people["sue-dale"]
    for word in ("Words of a1.", "Sue Dale", person.email, "Somebody"):
        assert word not in shown
