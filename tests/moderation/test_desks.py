"""Who is told: the right desk, whoever stands in, whoever is on duty, and never whom it is about."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest

from moderation.acts import answered, close, take
from moderation.alerts import CHAT, EMAIL, SMS, Role
from moderation.assessment import Assessment, Finding, Intent, Route, Severity, Subject, Target
from moderation.cases import Case, CloseReason, IllegalMove
from moderation.desks import HEAD_ACCUSED, address_digest, channels_for, desk, may_read, who, whom_it_is_about
from sla.duty import Attendance, DateSpan, Rota, Shift
from tests.fakes import assessment
from tests.worlds import World, person, sighting
from workers.scoring import scorer_in

NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 17)
AWAY = Attendance(away=(DateSpan(TODAY, TODAY),))
LEFT = Attendance(leaves_on=TODAY - timedelta(days=1))
TUESDAYS_OFF = Attendance(hours={1: None})


def case_at(world: World, route: Route, severity: Severity = Severity.HIGH) -> Case:
    """Return a case on the desk of a route."""
    world.scorer.says["Some words."] = assessment(severity, route)
    world.show(sighting("a1", "Some words."))
    return world.case("a1")


@pytest.mark.parametrize(
    ("route", "people"),
    [
        (Route.MODERATOR, {"ada-moss", "ben-hart"}),
        (Route.SLT, {"hal-king", "sue-dale"}),
        (Route.DSL, {"dee-lane", "eve-ford"}),
        (Route.HEADTEACHER, {"hal-king"}),
        (Route.DATA_PROTECTION, {"hal-king", "sue-dale"}),
        (Route.MEDIA, {"hal-king"}),
        (Route.GOVERNORS, {"dee-lane", "eve-ford"}),
    ],
)
def test_every_route_leads_to_somebody(world: World, route: Route, people: set[str]) -> None:
    """A school without governors' contact, media or data protection lead has somebody who stands in."""
    assert set(desk(world.ports, case_at(world, route), NOON)) == people


def test_whoever_holds_the_role_comes_before_who_stands_in(world: World) -> None:
    """The media lead is told, and the head is left alone."""
    world = world.with_roles("meg-lowe", Role.MEDIA)
    assert desk(world.ports, case_at(world, Route.MEDIA), NOON) == {"meg-lowe": Role.MEDIA}


def test_nobody_at_another_school_is_told(world: World) -> None:
    """Roles count at the schools that a person belongs to."""
    elsewhere = dataclasses.replace(person("meg-lowe", Role.MEDIA), schools=frozenset({"elsewhere"}))
    world = world.with_ports(people={**world.ports.people, "meg-lowe": elsewhere})
    assert set(desk(world.ports, case_at(world, Route.MEDIA), NOON)) == {"hal-king"}


def test_an_accounts_own_moderators_have_its_cases(world: World) -> None:
    """While one of them is there; otherwise all moderators do."""
    world = world.with_account(moderators=("ada-moss",))
    case = case_at(world, Route.MODERATOR)
    assert set(desk(world.ports, case, NOON)) == {"ada-moss"}
    away = world.with_person("ada-moss", attendance=AWAY)
    assert set(desk(away.ports, case, NOON)) == {"ben-hart"}


@pytest.mark.parametrize("attendance", [AWAY, LEFT, TUESDAYS_OFF])
def test_whoever_is_not_there_is_stood_in_for(world: World, attendance: Attendance) -> None:
    """First by colleagues of the same desk, then by the desk behind it."""
    case = case_at(world, Route.SLT)
    one = world.with_person("sue-dale", attendance=attendance)
    assert set(desk(one.ports, case, NOON)) == {"hal-king"}
    world = world.with_roles("hal-king", Role.HEADTEACHER).with_person("sue-dale", attendance=attendance)
    assert desk(world.ports, case, NOON) == {"hal-king": Role.HEADTEACHER}


def test_a_day_off_keeps_nobody_from_hearing_of_danger(world: World) -> None:
    """Being away does; and where everybody is away they are told after all."""
    case = case_at(world, Route.SLT)
    off = world.with_person("sue-dale", attendance=TUESDAYS_OFF)
    assert set(desk(off.ports, case, NOON, any_day=True)) == {"hal-king", "sue-dale"}
    away = world.with_person("sue-dale", attendance=AWAY)
    assert set(desk(away.ports, case, NOON, any_day=True)) == {"hal-king"}
    nobody = away.with_person("hal-king", attendance=AWAY)
    assert set(desk(nobody.ports, case, NOON, any_day=True)) == {"hal-king", "sue-dale"}


# Whom it is about


@pytest.mark.parametrize("word", ["desk", "on_duty", "dsl", "slt", "headteacher", "second_on_duty"])
@pytest.mark.parametrize("severity", [Severity.LOW, Severity.CRITICAL])
def test_the_head_is_never_told_what_the_head_is_accused_of(
    world: World, severity: Severity, word: str
) -> None:
    """Whichever roles the head holds beside, whatever the rota says, and however dangerous it is."""
    world = world.with_roles("hal-king", Role.HEADTEACHER, Role.SLT, Role.DSL, Role.GOVERNORS)
    shift = Shift("hal-king", NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    world = world.with_school(rota=Rota(listed=(shift,)))
    told = who(world.ports, case_at(world, Route.GOVERNORS, severity), word, NOON)
    assert told
    assert "hal-king" not in told


def test_nobody_is_told_what_is_about_them(world: World) -> None:
    """The next one at the desk is, then the desk behind it, then anybody who may read it."""
    case = case_at(world, Route.SLT)
    about = dataclasses.replace(case, excluded=frozenset({"sue-dale"}))
    assert set(desk(world.ports, about, NOON)) == {"hal-king"}
    about = dataclasses.replace(case, excluded=frozenset({"sue-dale", "hal-king"}))
    assert set(desk(world.ports, about, NOON)) == {"dee-lane"}
    assert not may_read(world.ports.people["sue-dale"], about)


def test_where_it_is_about_nearly_everybody_whoever_is_left_is_told(world: World) -> None:
    """A moderator rather than nobody, and the network manager rather than nobody."""
    case = case_at(world, Route.SLT)
    everybody = frozenset(world.ports.people)
    for left in ("ben-hart", "ned-wood"):
        about = dataclasses.replace(case, excluded=everybody - {left})
        assert set(desk(world.ports, about, NOON)) == {left}
        assert set(who(world.ports, about, "on_duty", NOON)) == {left}
    assert desk(world.ports, dataclasses.replace(case, excluded=everybody), NOON) == {}


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Sue Dale never rang back.", {"sue-dale"}),
        ("MRS DALE'S lesson was a joke", {"sue-dale"}),
        ("Ask Mr. King, or mrs dale!", {"hal-king", "sue-dale"}),
        ("Sue was lovely", set()),
        ("the dale is pretty, king size", set()),
        ("Mr Kingsley is fine", set()),
    ],
)
def test_full_names_and_names_with_a_title_say_whom_it_is_about(
    world: World, text: str, about: set[str]
) -> None:
    """Half a school may share a first name."""
    complaint = dataclasses.replace(assessment(Severity.LOW), intent=Intent.COMPLAINT)
    assert whom_it_is_about(world.ports.people.values(), text, complaint) == about


def test_what_people_call_somebody_counts_as_their_name(world: World) -> None:
    """As the settings say."""
    world = world.with_person("sue-dale", known_as=("Dozy Dale",))
    said = assessment(Severity.MEDIUM)
    assert whom_it_is_about(world.ports.people.values(), "That DOZY  Dale again", said) == {"sue-dale"}


def test_praise_and_questions_may_name_anybody(world: World) -> None:
    """Who is thanked may read it."""
    said: Assessment = assessment()
    assert whom_it_is_about(world.ports.people.values(), "Thank you, Mrs Dale!", said) == frozenset()


# On duty


def test_the_rota_says_who_is_on_duty(world: World) -> None:
    """From the first second of a shift to just before its end; outside of it the desk is told."""
    shift = Shift("ben-hart", NOON, NOON + timedelta(hours=1))
    world = world.with_school(rota=Rota(listed=(shift,)))
    case = case_at(world, Route.SLT)
    assert who(world.ports, case, "on_duty", NOON) == {"ben-hart": Role.ON_DUTY}
    assert set(who(world.ports, case, "on_duty", NOON + timedelta(hours=1))) == {"hal-king", "sue-dale"}


@pytest.mark.parametrize("attendance", [AWAY, LEFT])
def test_whoever_is_on_duty_and_not_there_is_stood_in_for(world: World, attendance: Attendance) -> None:
    """The rota may be older than the illness."""
    shift = Shift("ben-hart", NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    world = world.with_school(rota=Rota(listed=(shift,))).with_person("ben-hart", attendance=attendance)
    case = case_at(world, Route.SLT)
    assert set(who(world.ports, case, "on_duty", NOON)) == {"hal-king", "sue-dale"}


def test_danger_to_life_without_a_rota_also_goes_to_the_safeguarding_lead(world: World) -> None:
    """Whatever desk the case is on."""
    case = case_at(world, Route.MODERATOR, Severity.CRITICAL)
    assert set(who(world.ports, case, "on_duty", NOON)) == {"ada-moss", "ben-hart", "dee-lane"}


def test_the_second_on_duty_is_a_deputy_where_the_rota_names_none(world: World) -> None:
    """Where there is no deputy, the leadership."""
    case = case_at(world, Route.SLT)
    assert set(who(world.ports, case, "second_on_duty", NOON)) == {"eve-ford"}
    world = world.without("eve-ford")
    assert set(who(world.ports, case, "second_on_duty", NOON)) == {"hal-king", "sue-dale"}


# How they are reached


def test_only_channels_with_an_address_that_was_not_refused_are_used(world: World) -> None:
    """Others that work take their place; where none does, email is tried all the same."""
    world = world.with_phones().with_person("sue-dale", chat="")
    sue = world.ports.people["sue-dale"]
    bad = {("sue-dale", EMAIL, address_digest(sue.email))}
    assert channels_for(world.ports, sue, (), (EMAIL, SMS, CHAT)) == (EMAIL, SMS)
    assert channels_for(world.ports, sue, bad, (EMAIL, SMS, CHAT)) == (SMS,)
    assert channels_for(world.ports, sue, bad, (EMAIL,)) == (SMS,)
    worse = bad | {("sue-dale", SMS, address_digest(sue.phone))}
    assert channels_for(world.ports, sue, worse, (EMAIL, SMS)) == (EMAIL,)
    corrected = world.with_person("sue-dale", email="new@oakfield.example")
    assert channels_for(corrected.ports, corrected.ports.people["sue-dale"], worse, (EMAIL, SMS)) == (EMAIL,)


def test_what_accuses_the_head_is_kept_from_every_head_named_or_not(world: World) -> None:
    """Also where a child is involved, so that it is for the safeguarding lead and not for the governors."""
    accused = dataclasses.replace(
        assessment(Severity.HIGH, Route.DSL), findings=(Finding(HEAD_ACCUSED, "defamation", 0, 9),)
    )
    world.scorer.says["The head hit my son."] = accused
    world.show(sighting("a1", "The head hit my son."))
    case = world.case("a1")
    assert case.excluded == {"hal-king"}
    everybody = [
        name for word in ("on_duty", "slt", "headteacher") for name in who(world.ports, case, word, NOON)
    ]
    assert "hal-king" not in everybody
    assert everybody


def test_an_insult_to_the_head_is_for_somebody_else(world: World) -> None:
    """A complaint that only mentions the head is not."""
    people = world.ports.people.values()
    insult = dataclasses.replace(assessment(Severity.MEDIUM, Route.SLT), target=Target.HEAD)
    assert whom_it_is_about(people, "The head is a pig.", insult) == {"hal-king"}
    complaint = dataclasses.replace(insult, severity=Severity.NONE, intent=Intent.COMPLAINT)
    assert whom_it_is_about(people, "The head never answers letters.", complaint) == frozenset()


def test_nobody_deals_with_what_is_about_themselves(world: World) -> None:
    """Not from the shell and not by a link: taking it would end the alarm for everybody else."""
    world.scorer.says["Hal King is a bully."] = assessment(Severity.MEDIUM, Route.SLT)
    world.show(sighting("a1", "Hal King is a bully."))
    case = world.case("a1").id
    with pytest.raises(IllegalMove, match="somebody else"):
        take(world.ports, case, "hal-king")
    with pytest.raises(IllegalMove, match="somebody else"):
        answered(world.ports, case, "hal-king", "a call")
    with pytest.raises(IllegalMove, match="somebody else"):
        close(world.ports, case, "hal-king", CloseReason.ABUSE_HANDLED)
    assert take(world.ports, case, "sue-dale").taken_by == "sue-dale"


def test_the_rule_that_finds_such_an_accusation_has_the_name_that_counts() -> None:
    """The rules may be written anew: what keeps it from the head must go on working."""
    said = scorer_in("rules").assess(Subject("The headteacher hit my son in her office."))
    assert HEAD_ACCUSED in {finding.by for finding in said.findings}
