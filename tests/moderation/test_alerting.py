"""Who is to be told about a case, a task or a school, written down once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from moderation.acts import take
from moderation.alerting import CaseAlert, plan_for_case, plan_for_role, taker
from moderation.alerts import CHAT, EMAIL, SMS, AlertStep, Role, Topic
from moderation.assessment import Route, Severity
from moderation.mailboxes import Urgency
from moderation.tasks import TaskKind
from sla.calendar import calendar_for
from sla.duty import Attendance, DateSpan
from store import tables
from tests.fakes import assessment
from tests.worlds import World, sighting

LEADERS = {"hal-king", "sue-dale"}
TODAY = date(2026, 11, 17)
AWAY = Attendance(away=(DateSpan(TODAY, TODAY),))


def told_at(
    world: World,
    step: AlertStep,
    route: Route = Route.MODERATOR,
    *,
    urgency: Urgency = Urgency.ROUTINE,
    texts: bool = False,
    taken_by: str = "",
) -> dict[str, tuple[str, ...]]:
    """Return who is told at a step about a case on the desk of a route, over which channels."""
    world.scorer.says["Some words."] = assessment(Severity.LOW, route)
    world.show(sighting("a0", "Some words."))
    if taken_by:
        take(world.ports, world.case("a0").id, taken_by)
    case = world.case("a0")
    with world.store.begin() as unit:
        unit.connection.execute(tables.deliveries.delete())
        alert = CaseAlert(step, "1:tested", world.now(), urgency, texts)
        plan_for_case(world.ports, unit, case, alert)
    told: dict[str, tuple[str, ...]] = {}
    for row in world.rows(tables.deliveries):
        told[row.recipient] = (*told.get(row.recipient, ()), row.channel)
    return told


@pytest.mark.parametrize("step", [AlertStep.NEW, AlertStep.URGENT, AlertStep.REMINDER, AlertStep.EDITED])
def test_a_case_is_told_to_its_desk(world: World, step: AlertStep) -> None:
    """And to nobody else."""
    assert set(told_at(world, step)) == {"ada-moss", "ben-hart"}


def test_once_somebody_has_taken_it_only_they_are_told(world: World) -> None:
    """The others need not look any more."""
    assert set(told_at(world, AlertStep.REMINDER, taken_by="ben-hart")) == {"ben-hart"}


@pytest.mark.parametrize(
    "attendance", [AWAY, Attendance(leaves_on=date(2026, 11, 16)), Attendance(hours={1: None})]
)
def test_where_whoever_took_it_is_not_there_the_desk_is_told(world: World, attendance: Attendance) -> None:
    """Away, gone, or on a day off: a reminder that waits for their return reminds nobody."""
    world = world.with_person("ben-hart", attendance=attendance)
    assert set(told_at(world, AlertStep.REMINDER, taken_by="ben-hart")) == {"ada-moss"}


def test_on_a_day_off_whoever_has_it_hears_of_danger(world: World) -> None:
    """Only being away or gone keeps them from it."""
    world = world.with_person("ben-hart", attendance=Attendance(hours={1: None}))
    told = told_at(world, AlertStep.URGENT, urgency=Urgency.URGENT, taken_by="ben-hart")
    assert set(told) == {"ben-hart"}


def test_whoever_took_what_turned_out_to_be_about_them_is_not_told(world: World) -> None:
    """The desk is, without them."""
    world.show(sighting("a0"))
    case = world.case("a0")
    take(world.ports, case.id, "ben-hart")
    with world.store.begin() as unit:
        about_them = unit.cases.exclude(case.id, ["ben-hart"])
        assert taker(world.ports, about_them, world.now()) == {}
        unit.connection.execute(tables.deliveries.delete())
        plan_for_case(world.ports, unit, about_them, CaseAlert(AlertStep.REMINDER, "2026-11-18", world.now()))
    assert {row.recipient for row in world.rows(tables.deliveries)} == {"ada-moss"}


def test_what_is_late_also_goes_to_the_leadership(world: World) -> None:
    """And who is told as both is told as the one whose desk it is."""
    world = world.with_roles("ada-moss", Role.MODERATOR, Role.SLT)
    assert set(told_at(world, AlertStep.LATE)) == {"ada-moss", "ben-hart", *LEADERS}
    assert {row.recipient: row.because for row in world.rows(tables.deliveries)}["ada-moss"] == Role.MODERATOR


def test_what_is_late_for_a_day_goes_to_the_head(world: World) -> None:
    """Alone."""
    assert set(told_at(world, AlertStep.STILL_LATE)) == {"hal-king"}


def test_what_the_head_is_accused_of_never_goes_to_the_head_however_late(world: World) -> None:
    """Then somebody else is told, also where the head holds every other role."""
    world = world.with_roles("hal-king", Role.HEADTEACHER, Role.SLT, Role.DSL, Role.GOVERNORS)
    for step in (AlertStep.LATE, AlertStep.STILL_LATE):
        told = told_at(world, step, Route.GOVERNORS)
        assert told
        assert "hal-king" not in told


def test_where_only_the_head_could_be_told_the_other_leaders_are(world: World) -> None:
    """A head who is also the only safeguarding lead is passed over."""
    world = world.without("dee-lane", "eve-ford").with_roles("hal-king", Role.HEADTEACHER, Role.DSL)
    assert set(told_at(world, AlertStep.NEW, Route.GOVERNORS)) == {"sue-dale"}


def test_what_is_urgent_goes_out_over_every_channel(world: World) -> None:
    """What is not goes out by email, with a text where one was asked for."""
    world = world.with_phones()
    assert told_at(world, AlertStep.NEW)["ada-moss"] == (EMAIL,)
    assert told_at(world, AlertStep.REMINDER, texts=True)["ada-moss"] == (EMAIL, SMS)
    assert told_at(world, AlertStep.URGENT, urgency=Urgency.URGENT)["ada-moss"] == (EMAIL, SMS, CHAT)


def test_a_text_tells_the_network_manager_that_messages_or_accounts_fail(world: World) -> None:
    """The email that says so may be what fails."""
    with (reached := world.with_phones()).store.begin() as unit:
        topic = Topic("delivery", "1", AlertStep.NOT_DELIVERED)
        plan_for_role(reached.ports, unit, "oakfield", Role.NETWORK_MANAGER, topic)
    assert [row.channel for row in world.rows(tables.deliveries)] == [EMAIL, SMS]


def test_the_same_topic_is_told_once(world: World) -> None:
    """Planning again adds nobody but those who joined since."""
    topic = Topic("task", "7", AlertStep.SET_ASIDE, "deliver")
    for each in (world, world, world.with_roles("new-hand", Role.NETWORK_MANAGER)):
        with each.store.begin() as unit:
            plan_for_role(each.ports, unit, "oakfield", Role.NETWORK_MANAGER, topic)
    assert [row.recipient for row in world.rows(tables.deliveries)] == ["ned-wood", "new-hand"]
    assert len(world.rows(tables.alerts)) == 1
    assert len([row for row in world.rows(tables.tasks) if row.kind == TaskKind.DELIVER]) == 2


def test_what_can_wait_is_told_in_staffed_hours_and_what_is_urgent_at_once(world: World) -> None:
    """On a Saturday the first waits for Monday's digest."""
    world.now.at = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    for number, urgency in enumerate((Urgency.ROUTINE, Urgency.URGENT)):
        with world.store.begin() as unit:
            topic = Topic("task", str(number), AlertStep.SET_ASIDE)
            plan_for_role(world.ports, unit, "oakfield", Role.NETWORK_MANAGER, topic, urgency)
    assert [row.send_at for row in world.rows(tables.alerts)] == [
        datetime(2026, 11, 23, 8, 15, tzinfo=UTC),
        world.now(),
    ]


def test_a_calendar_without_any_working_day_keeps_nothing_from_being_told(world: World) -> None:
    """Late is better than never."""
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(3650)]
    world = world.with_school(calendar=calendar_for("ENG", days))
    with world.store.begin() as unit:
        topic = Topic("task", "7", AlertStep.SET_ASIDE)
        plan_for_role(world.ports, unit, "oakfield", Role.NETWORK_MANAGER, topic)
    world.work(TaskKind.DELIVER)
    assert world.post.letters() == [("ned-wood", "set_aside")]


def test_without_a_network_manager_the_leadership_is_told(world: World) -> None:
    """A school without one is told all the same."""
    world = world.without("ned-wood")
    with world.store.begin() as unit:
        topic = Topic("task", "7", AlertStep.SET_ASIDE)
        plan_for_role(world.ports, unit, "oakfield", Role.NETWORK_MANAGER, topic)
    assert {row.recipient for row in world.rows(tables.deliveries)} == LEADERS
