"""The page that a message leads to: one button takes what the message told of, for one person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from moderation.acts import answered, close, give_back, take
from moderation.alert_rules import AlertRules
from moderation.assessment import Route, Severity
from moderation.cases import CaseState, CloseReason
from moderation.drills import drill_report, start_drill
from moderation.links import UNDO_WITHIN, linked, take_by_link, undo_link
from moderation.tasks import TaskKind
from sla.duty import Attendance
from store import tables
from tests.fakes import assessment
from tests.worlds import World, at_once, reply, sighting

URGENTLY = (TaskKind.CLIMB, TaskKind.DELIVER_URGENT)


@pytest.fixture
def linking(world: World) -> World:
    """Return the world in which messages lead to pages."""
    return world.with_ports(alerting=AlertRules(links=True))


def threat(world: World, name: str = "a1", severity: Severity = Severity.HIGH, **more: Any) -> None:
    """Let somebody threaten, and everybody who has to know be told."""
    world.scorer.says[f"Threat {name}."] = assessment(severity, Route.SLT)
    world.show(sighting(name, f"Threat {name}.", by=f"author-{name}", **more))
    world.work(*URGENTLY)


def page(world: World, name: str) -> str:
    """Return the page of the newest message to somebody."""
    pages = [outgoing.link for outgoing, person in world.post.taken if person.name == name]
    assert pages[-1] is not None
    return pages[-1]


def untaken(world: World, escalation: int = 1) -> int:
    """Return how many cases of an escalation nobody has."""
    with world.store.begin() as unit:
        return unit.escalations.get(escalation).untaken


def test_one_press_takes_the_case_for_its_reader(linking: World) -> None:
    """And the ladder stands still; the history says how."""
    threat(linking)
    assert take_by_link(linking.ports, page(linking, "sue-dale"))
    case = linking.case("a1")
    assert (case.state, case.taken_by) == (CaseState.TAKEN, "sue-dale")
    assert untaken(linking) == 0
    [taken] = [row for row in linking.rows(tables.case_events) if row.act == "taken"]
    assert (taken.by, taken.detail) == ("sue-dale", "by link")


def test_without_links_messages_lead_nowhere(world: World) -> None:
    """So it is until the settings say otherwise."""
    threat(world)
    assert {outgoing.link for outgoing, _ in world.post.taken} == {None}


def test_every_message_has_a_page_of_its_own_that_nobody_can_guess(linking: World) -> None:
    """At a further try it is the same one."""
    threat(linking)
    pages = [outgoing.link for outgoing, _ in linking.post.taken]
    assert len(set(pages)) == 3
    assert all(each is not None and len(each) == 16 for each in pages)


def test_an_unknown_page_is_none(linking: World) -> None:
    """Whoever guesses finds nothing, and does nothing."""
    assert not take_by_link(linking.ports, "no-such-page")
    assert not undo_link(linking.ports, "no-such-page")
    with linking.store.begin() as unit:
        assert linked(unit, "no-such-page") is None


def test_pressed_by_two_at_once_one_has_it(linking: World) -> None:
    """And one who presses twice has it once."""
    threat(linking)
    pages = [page(linking, name) for name in ("sue-dale", "hal-king", "dee-lane")] * 2
    at_once(6, lambda number: take_by_link(linking.ports, pages[number]))
    assert linking.history(linking.case("a1").id).count("taken") == 1


def test_it_takes_what_stood_behind_the_message_when_it_was_sent_and_nothing_else(linking: World) -> None:
    """Nobody takes what they were not told of."""
    for name in ("a1", "a2"):
        linking.scorer.says[f"Threat {name}."] = assessment(Severity.HIGH, Route.SLT)
        linking.show(sighting(name, f"Threat {name}.", by=f"author-{name}"))
    linking.work(*URGENTLY)
    name = page(linking, "sue-dale")
    linking.now.pass_by(minutes=1)
    threat(linking, "a3")
    take_by_link(linking.ports, name)
    assert [linking.case(each).taken_by for each in ("a1", "a2", "a3")] == ["sue-dale", "sue-dale", None]
    assert untaken(linking) == 1


def test_it_leaves_what_somebody_else_has_taken_or_closed(linking: World) -> None:
    """The rest is taken all the same."""
    for name in ("a1", "a2", "a3"):
        linking.scorer.says[f"Threat {name}."] = assessment(Severity.HIGH, Route.SLT)
        linking.show(sighting(name, f"Threat {name}.", by=f"author-{name}"))
    linking.work(*URGENTLY)
    take(linking.ports, linking.case("a1").id, "dee-lane")
    close(linking.ports, linking.case("a2").id, "dee-lane", CloseReason.ABUSE_HANDLED)
    assert take_by_link(linking.ports, page(linking, "sue-dale"))
    assert [linking.case(each).taken_by for each in ("a1", "a2", "a3")] == ["dee-lane", None, "sue-dale"]


@pytest.mark.parametrize("why", ["expired", "left the settings", "has left"])
def test_a_page_that_is_too_old_or_whose_person_has_left_takes_nothing(linking: World, why: str) -> None:
    """It says so; somebody else has to take it."""
    threat(linking)
    name = page(linking, "sue-dale")
    after = linking
    if why == "expired":
        linking.now.pass_by(hours=72)
    elif why == "has left":
        after = linking.with_person("sue-dale", attendance=Attendance(leaves_on=date(2026, 11, 16)))
    else:
        after = linking.without("sue-dale")
    assert take_by_link(after.ports, name)
    assert linking.case("a1").state is CaseState.NEW
    assert untaken(linking) == 1


@pytest.mark.parametrize("why", ["about them", "the head is accused"])
def test_nobody_takes_what_turned_out_to_be_about_them(linking: World, why: str) -> None:
    """The message was sent before that was known; pressing may not silence it."""
    threat(linking)
    case = linking.case("a1").id
    with linking.store.begin() as unit:
        if why == "about them":
            unit.cases.exclude(case, ["hal-king"])
        else:
            unit.cases.give_to(case, Route.GOVERNORS)
    take_by_link(linking.ports, page(linking, "hal-king"))
    assert untaken(linking) == 1
    take_by_link(linking.ports, page(linking, "sue-dale"))
    assert linking.case("a1").taken_by == "sue-dale"


# Undone


def test_within_ten_minutes_it_is_undone(linking: World) -> None:
    """The ladder goes on where it stood; pressed again it takes again."""
    threat(linking)
    name = page(linking, "sue-dale")
    take_by_link(linking.ports, name)
    linking.now.at += UNDO_WITHIN
    assert undo_link(linking.ports, name)
    assert linking.case("a1").state is CaseState.NEW
    assert untaken(linking) == 1
    assert not undo_link(linking.ports, name)
    take_by_link(linking.ports, name)
    assert linking.case("a1").taken_by == "sue-dale"


def test_after_ten_minutes_it_stays(linking: World) -> None:
    """Somebody relies on it by then: it is given back like any other case."""
    threat(linking)
    name = page(linking, "sue-dale")
    take_by_link(linking.ports, name)
    linking.now.at += UNDO_WITHIN + timedelta(seconds=1)
    assert not undo_link(linking.ports, name)
    assert linking.case("a1").taken_by == "sue-dale"


def test_only_what_the_press_took_is_given_back(linking: World) -> None:
    """What the same person had taken before stays theirs."""
    for name in ("a1", "a2"):
        linking.scorer.says[f"Threat {name}."] = assessment(Severity.HIGH, Route.SLT)
        linking.show(sighting(name, f"Threat {name}.", by=f"author-{name}"))
    linking.work(*URGENTLY)
    take(linking.ports, linking.case("a1").id, "sue-dale")
    linking.now.pass_by(minutes=1)
    name = page(linking, "sue-dale")
    take_by_link(linking.ports, name)
    undo_link(linking.ports, name)
    assert [linking.case(each).taken_by for each in ("a1", "a2")] == ["sue-dale", None]


def test_what_somebody_else_took_meanwhile_is_not_given_back(linking: World) -> None:
    """The first one gave it back by hand, the second one has it now."""
    threat(linking)
    name = page(linking, "sue-dale")
    take_by_link(linking.ports, name)
    give_back(linking.ports, linking.case("a1").id, "sue-dale")
    take(linking.ports, linking.case("a1").id, "dee-lane")
    undo_link(linking.ports, name)
    assert linking.case("a1").taken_by == "dee-lane"


@pytest.mark.parametrize("end", ["closed", "answered by them"])
def test_what_was_ended_by_a_person_stays_ended(linking: World, end: str) -> None:
    """Undoing the press does not undo the work that followed it."""
    threat(linking)
    name = page(linking, "sue-dale")
    take_by_link(linking.ports, name)
    if end == "closed":
        close(linking.ports, linking.case("a1").id, "sue-dale", CloseReason.ABUSE_HANDLED)
    else:
        linking.now.pass_by(minutes=1)
        answered(linking.ports, linking.case("a1").id, "sue-dale", "on the phone")
    undo_link(linking.ports, name)
    assert linking.case("a1").state in (CaseState.CLOSED, CaseState.ANSWERED)
    assert untaken(linking) == (0 if end == "closed" else untaken(linking))


def test_an_alarm_about_an_answered_case_climbs_on_after_an_undo(linking: World) -> None:
    """A reply was seen, the danger was not looked at: a press and its undo may not end the alarm."""
    threat(linking, severity=Severity.CRITICAL)
    linking.show(reply("r1", "a1"))
    assert linking.case("a1").state is CaseState.ANSWERED
    name = page(linking, "sue-dale")
    take_by_link(linking.ports, name)
    assert untaken(linking) == 0
    undo_link(linking.ports, name)
    assert untaken(linking) == 1


# Practice


def test_the_page_of_a_practice_alert_answers_it(linking: World) -> None:
    """It takes no case, and can be opened by every mail scanner without that."""
    start_drill(linking.ports, linking.ports.schools["oakfield"], "sue-dale")
    linking.work(TaskKind.DELIVER_URGENT)
    linking.now.pass_by(minutes=2)
    take_by_link(linking.ports, page(linking, "ada-moss"))
    with linking.store.begin() as unit:
        rows = drill_report(unit, linking.ports.schools["oakfield"])
    assert {row.person: row.answered_after for row in rows if row.answered_after} == {"ada-moss": 120}
