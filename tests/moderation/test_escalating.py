"""What somebody has to look at goes from person to person until one of them takes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from moderation.acts import answered, close, give_back, take
from moderation.alert_rules import EscalationLane
from moderation.alerts import CHAT, EMAIL, SMS, AlertStep, CaseNotice, Role
from moderation.assessment import Route, Severity
from moderation.cases import CaseState, CloseReason
from moderation.escalating import climb
from moderation.tasks import LeaseLost, TaskKind
from sla.duty import Attendance, DateSpan, Rota, Shift
from store import tables
from tests.fakes import assessment
from tests.worlds import World, reply, sighting

TELLING = (TaskKind.CLIMB, TaskKind.DELIVER_URGENT, TaskKind.DELIVER_TEXT, TaskKind.DELIVER)
SATURDAY_NIGHT = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)


def arrives(
    world: World,
    name: str = "a1",
    severity: Severity = Severity.CRITICAL,
    route: Route = Route.SLT,
    *,
    uncertain: bool = False,
    **more: str,
) -> None:
    """Let somebody write what scoring calls so; nobody is told anything yet."""
    world.scorer.says[f"Words of {name}."] = assessment(severity, route, uncertain=uncertain)
    by = more.pop("by", f"author-{name}")
    world.show(sighting(name, f"Words of {name}.", by=by, at=world.now(), **more))


def told(world: World) -> set[str]:
    """Let everything due be told, and return who was told since the last look."""
    before = len(world.post.taken)
    world.work(*TELLING)
    return {person.name for _, person in world.post.taken[before:]}


def letters(world: World) -> list[tuple[str, str]]:
    """Let everything due be told, and return what was told to whom since the last look."""
    before = len(world.post.letters())
    world.work(*TELLING)
    return sorted(world.post.letters()[before:])


def minutes_until(world: World, name: str, most: int = 200) -> int:
    """Let the minutes pass, and return after how many somebody is told."""
    for minute in range(most):
        if name in told(world):
            return minute
        world.now.pass_by(minutes=1)
    raise AssertionError(f"{name} is never told")


# At any hour


def test_danger_to_life_reaches_everybody_by_and_by(world: World) -> None:
    """At night: on duty at once, a deputy after 10 minutes, leadership after 20, the head after 40."""
    world.now.at = SATURDAY_NIGHT
    world = world.with_roles("hal-king", Role.HEADTEACHER)
    arrives(world, route=Route.MODERATOR)
    assert told(world) == {"ada-moss", "ben-hart", "dee-lane"}
    assert minutes_until(world, "eve-ford") == 10
    assert minutes_until(world, "sue-dale") == 10
    assert minutes_until(world, "hal-king") == 20


def test_danger_goes_out_over_every_channel(world: World) -> None:
    """The phone rings where the email is not read."""
    world = world.with_phones()
    arrives(world)
    world.work(*TELLING)
    channels = {outgoing.channel for outgoing, person in world.post.taken if person.name == "sue-dale"}
    assert channels == {EMAIL, SMS, CHAT}


def test_while_nobody_takes_it_people_are_told_again_without_end(world: World) -> None:
    """Days later somebody is told of it every hour, on the hour."""
    arrives(world)
    for _ in range(20):
        world.work(*TELLING)
        world.now.pass_by(minutes=10)
    world.now.at = datetime(2026, 11, 19, 3, 30, tzinfo=UTC)
    told(world)
    world.now.at = datetime(2026, 11, 19, 4, 0, tzinfo=UTC)
    assert {"hal-king", "sue-dale", "dee-lane"} <= told(world)


def test_no_rung_is_left_out_after_an_outage_and_no_repeat_made_up_for(world: World) -> None:
    """The machine was off for 45 minutes: each person has one message, not nine."""
    world.now.at = SATURDAY_NIGHT
    arrives(world, route=Route.MODERATOR)
    world.now.pass_by(minutes=45)
    world.work(*TELLING)
    names = [person.name for _, person in world.post.taken]
    assert set(names) >= {"ada-moss", "ben-hart", "dee-lane", "eve-ford", "sue-dale", "hal-king"}
    assert len([row for row in world.rows(tables.alerts) if row.step == AlertStep.URGENT]) <= 5


def test_a_rung_that_reaches_nobody_new_lets_nobody_wait(world: World) -> None:
    """Without a deputy the second rung is the leadership, and the next ones follow at once."""
    world.now.at = SATURDAY_NIGHT
    world = world.without("eve-ford", "hal-king", "ada-moss", "ben-hart").with_roles("sue-dale", Role.SLT)
    arrives(world)
    assert told(world) == {"sue-dale", "dee-lane"}
    world.now.pass_by(minutes=10)
    occasions = {row.occasion for row in world.rows(tables.alerts)}
    world.work(*TELLING)
    assert {row.occasion for row in world.rows(tables.alerts)} - occasions >= {"2.1", "3.1", "4.1"}


def test_in_staffed_hours_the_desk_hears_of_it_with_the_first(world: World) -> None:
    """Whoever is on duty is told by the rota; whose case it is hears of it too."""
    shift = Shift("ben-hart", datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC))
    world = world.with_school(rota=Rota(listed=(shift,)))
    arrives(world)
    assert told(world) == {"ben-hart", "hal-king", "sue-dale"}
    take(world.ports, world.case("a1").id, "ben-hart")
    close(world.ports, world.case("a1").id, "ben-hart", CloseReason.ABUSE_HANDLED)
    world.now.at = SATURDAY_NIGHT
    arrives(world, "b1", post_id="post-2")
    assert told(world) == {"ben-hart"}


def test_a_message_says_who_is_told_next_and_when(world: World) -> None:
    """Unless somebody takes it before."""
    arrives(world)
    began = world.now()
    world.work(*TELLING)
    notice = world.post.notices()[0]
    assert isinstance(notice, CaseNotice)
    assert (notice.next_at, notice.next_who) == (began + timedelta(minutes=10), ("Eve Ford",))


# Taken


@pytest.mark.parametrize("end", ["taken", "answered", "closed"])
def test_from_the_second_of_the_taking_on_nobody_is_told(world: World, end: str) -> None:
    """Whatever a person does about it; also what was planned and not yet sent is dropped."""
    arrives(world)
    world.work(TaskKind.CLIMB)
    case = world.case("a1").id
    match end:
        case "taken":
            take(world.ports, case, "sue-dale")
        case "answered":
            answered(world.ports, case, "sue-dale", "on the phone")
        case _:
            close(world.ports, case, "sue-dale", CloseReason.ABUSE_HANDLED)
    for _ in range(30):
        assert letters(world) == []
        world.now.pass_by(minutes=5)


def test_given_back_it_climbs_on_where_it_stood(world: World) -> None:
    """Nine minutes had passed: after one more the next person is told."""
    arrives(world)
    assert told(world)
    world.now.pass_by(minutes=9)
    told(world)
    case = world.case("a1").id
    take(world.ports, case, "sue-dale")
    world.now.pass_by(hours=1)
    told(world)
    give_back(world.ports, case, "sue-dale")
    assert minutes_until(world, "eve-ford") == 1


def test_a_reply_on_the_platform_ends_no_danger_but_ends_what_is_none(world: World) -> None:
    """Who replied may not have seen what was behind it."""
    arrives(world)
    arrives(world, "b1", Severity.MEDIUM, post_id="post-2", by="bob")
    told(world)
    world.show(reply("r1", "a1", at=world.now()), reply("r2", "b1", at=world.now(), post_id="post-2"))
    world.now.pass_by(minutes=10)
    assert "eve-ford" in told(world)
    world.now.pass_by(days=1)
    world.work(*TELLING)
    assert ("ada-moss", "waiting") not in world.post.letters()


def test_after_a_reply_danger_can_still_be_taken(world: World) -> None:
    """And then it is over."""
    arrives(world)
    told(world)
    world.show(reply("r1", "a1", at=world.now()))
    take(world.ports, world.case("a1").id, "sue-dale")
    world.now.pass_by(minutes=30)
    assert told(world) == set()
    assert [row.ended_at is None for row in world.rows(tables.escalations)] == [False]


def test_what_was_taken_and_is_still_open_is_told_again(world: World) -> None:
    """To whoever has it: after four hours, then every working day; not after it was closed."""
    arrives(world, severity=Severity.HIGH)
    told(world)
    case = world.case("a1").id
    take(world.ports, case, "sue-dale")
    world.now.pass_by(hours=3, minutes=59)
    assert letters(world) == []
    world.now.pass_by(minutes=1)
    assert letters(world) == [("sue-dale", "still_open")]
    world.now.at = datetime(2026, 11, 18, 8, 15, tzinfo=UTC)
    assert letters(world) == [("sue-dale", "still_open")]
    close(world.ports, case, "sue-dale", CloseReason.ABUSE_HANDLED)
    world.now.pass_by(days=1)
    assert letters(world) == []


def test_the_reminder_is_about_what_is_still_open(world: World) -> None:
    """Of two cases taken by two people the first is closed: the second one is told, of the second."""
    arrives(world, "a1", Severity.HIGH)
    arrives(world, "a2", Severity.HIGH)
    told(world)
    take(world.ports, world.case("a1").id, "sue-dale")
    take(world.ports, world.case("a2").id, "hal-king")
    close(world.ports, world.case("a1").id, "sue-dale", CloseReason.ABUSE_HANDLED)
    world.now.pass_by(hours=4)
    assert letters(world) == [("hal-king", "still_open")]
    notice = world.post.notices()[-1]
    assert isinstance(notice, CaseNotice)
    assert notice.reference == world.case("a2").reference


@pytest.mark.parametrize(
    "attendance",
    [
        Attendance(leaves_on=date(2026, 11, 16)),
        Attendance(away=(DateSpan(date(2026, 11, 17), date(2026, 11, 20)),)),
    ],
)
def test_what_is_open_with_somebody_who_is_not_there_is_told_to_the_desk(
    world: World, attendance: Attendance
) -> None:
    """It was taken in the morning by somebody who went home ill."""
    arrives(world, severity=Severity.HIGH)
    told(world)
    take(world.ports, world.case("a1").id, "sue-dale")
    world = world.with_person("sue-dale", attendance=attendance)
    world.now.pass_by(hours=4)
    assert letters(world) == [("hal-king", "still_open")]


def test_whoever_takes_while_a_worker_looks_is_not_overrun(world: World) -> None:
    """What the worker plans in that moment is dropped when it would be sent."""
    arrives(world)
    claim = world.claim(TaskKind.CLIMB)
    climb(world.ports, claim)
    take(world.ports, world.case("a1").id, "sue-dale")
    with pytest.raises(LeaseLost):
        climb(world.ports, claim)
    assert letters(world) == []


def test_while_its_school_is_missing_in_the_settings_it_waits(world: World) -> None:
    """Perhaps it was left out by mistake: when it is back, it climbs on."""
    arrives(world)
    world.with_ports(schools={}).work(TaskKind.CLIMB)
    world.now.pass_by(hours=1)
    assert told(world)


# In staffed hours


def test_what_is_doubtful_waits_for_the_morning(world: World) -> None:
    """The desk hears of it with the digest, by email alone."""
    world = world.with_phones()
    world.now.at = SATURDAY_NIGHT
    arrives(world, severity=Severity.LOW, route=Route.MODERATOR, uncertain=True)
    assert told(world) == set()
    world.now.at = datetime(2026, 11, 23, 8, 15, tzinfo=UTC)
    assert letters(world) == [("ada-moss", "new"), ("ben-hart", "new")]
    assert {outgoing.channel for outgoing, _ in world.post.taken} == {EMAIL}


def test_abuse_reaches_the_safeguarding_lead_two_hours_later(world: World) -> None:
    """And on the next working day the leadership too."""
    arrives(world, severity=Severity.MEDIUM, route=Route.MODERATOR)
    assert letters(world) == [("ada-moss", "new"), ("ben-hart", "new")]
    world.now.pass_by(hours=2)
    assert letters(world) == [(name, "waiting") for name in ("ada-moss", "ben-hart", "dee-lane")]
    world.now.at = datetime(2026, 11, 18, 8, 15, tzinfo=UTC)
    assert {"hal-king", "sue-dale"} <= told(world)


def test_each_step_is_told_once_however_often_somebody_looks(world: World) -> None:
    """A worker that dies and another that starts anew change nothing."""
    arrives(world, severity=Severity.MEDIUM, route=Route.MODERATOR)
    for _ in range(3):
        with world.store.begin() as unit:
            unit.tasks.hurry(TaskKind.CLIMB, ["1"], world.now())
        world.work(*TELLING)
    assert len(world.post.taken) == 2


# More of the same


def test_what_joins_is_told_together_at_set_moments(world: World) -> None:
    """Four threats under one post within minutes: one message, then one that counts the others."""
    arrives(world, "a1", Severity.HIGH)
    assert told(world) == {"hal-king", "sue-dale", "dee-lane"}
    for name in ("a2", "a3", "a4"):
        world.now.pass_by(minutes=1)
        arrives(world, name, Severity.HIGH)
        assert told(world) == set()
    world.now.pass_by(minutes=7)
    assert letters(world) == [(name, "more") for name in ("dee-lane", "hal-king", "sue-dale")]
    notice = world.post.notices()[-1]
    assert isinstance(notice, CaseNotice)
    assert notice.more == 3


def test_what_joins_danger_is_told_after_a_minute(world: World) -> None:
    """A second child may be in it. It came in the moment in which the first message went out."""
    arrives(world, "a1")
    told(world)
    arrives(world, "a2")
    assert told(world) == set()
    world.now.pass_by(minutes=1)
    assert ("sue-dale", "more") in letters(world)


def test_what_a_later_message_has_counted_is_not_told_once_more(world: World) -> None:
    """It joined after four minutes, and after five everybody was told again, of both."""
    arrives(world, "a1")
    told(world)
    world.now.pass_by(minutes=4)
    arrives(world, "a2")
    world.now.pass_by(minutes=1)
    assert ("sue-dale", "urgent") in letters(world)
    world.now.pass_by(minutes=5)
    assert ("sue-dale", "more") not in letters(world)


def test_after_each_moment_there_is_a_next_one(world: World) -> None:
    """What joins late is not told of in a message that went out before."""
    arrives(world, "a1", Severity.HIGH)
    told(world)
    slots = []
    for name, minute in (("a2", 5), ("a3", 12), ("a4", 45)):
        world.now.at = datetime(2026, 11, 17, 12, minute, tzinfo=UTC)
        arrives(world, name, Severity.HIGH)
        alerts = [row for row in world.rows(tables.alerts) if row.step == AlertStep.MORE]
        slots.append((alerts[-1].send_at - datetime(2026, 11, 17, 12, tzinfo=UTC)) // timedelta(minutes=1))
        world.work(*TELLING)
    assert slots == [10, 40, 70]


def test_when_the_first_is_taken_the_others_climb_on(world: World) -> None:
    """Who took one has not taken the others; the message is then about one that nobody has."""
    arrives(world, "a1", Severity.HIGH)
    arrives(world, "a2", Severity.HIGH)
    told(world)
    take(world.ports, world.case("a1").id, "sue-dale")
    world.now.pass_by(minutes=15)
    assert told(world)
    notice = world.post.notices()[-1]
    assert isinstance(notice, CaseNotice)
    assert (notice.reference, notice.more) == (world.case("a2").reference, 0)


# Worse than it was


def test_whoever_has_it_is_told_of_new_words_and_nobody_else_is(world: World) -> None:
    """Once for each wording."""
    arrives(world, "a1", Severity.HIGH, by="bob")
    told(world)
    take(world.ports, world.case("a1").id, "sue-dale")
    world.now.pass_by(minutes=1)
    arrives(world, "a2", Severity.HIGH, by="bob")
    assert world.case("a2").id == world.case("a1").id
    assert told(world) == {"sue-dale"}
    assert told(world) == set()


def test_what_becomes_more_urgent_than_what_was_taken_climbs_anew(world: World) -> None:
    """Whoever took it may be asleep: everybody on the ladder is told, until somebody takes it again."""
    arrives(world, "a1", Severity.MEDIUM, by="bob")
    told(world)
    take(world.ports, world.case("a1").id, "ada-moss")
    world.now.pass_by(minutes=1)
    arrives(world, "a2", Severity.CRITICAL, by="bob")
    assert {"hal-king", "sue-dale", "dee-lane"} <= told(world)
    take(world.ports, world.case("a1").id, "sue-dale")
    world.now.pass_by(minutes=30)
    assert told(world) == set()
    assert world.case("a1").taken_by == "sue-dale"


def test_while_it_climbs_as_fast_already_nothing_more_is_told(world: World) -> None:
    """Whoever takes the case sees all of it."""
    arrives(world, "a1", Severity.CRITICAL, by="bob")
    told(world)
    world.now.pass_by(minutes=1)
    arrives(world, "a2", Severity.HIGH, by="bob")
    assert told(world) == set()
    assert [row.lane for row in world.rows(tables.escalations)] == [EscalationLane.CRITICAL]


def test_what_was_answered_and_is_changed_to_abuse_is_told(world: World) -> None:
    """The answer had ended its climbing, and nobody has it: so it climbs anew."""
    arrives(world, "a1", Severity.MEDIUM, Route.MODERATOR, by="bob")
    told(world)
    world.show(reply("r1", "a1", at=world.now()))
    assert world.case("a1").state is CaseState.ANSWERED
    world.now.pass_by(minutes=15)
    world.scorer.says["Worse words."] = assessment(Severity.MEDIUM)
    world.show(sighting("a1", "Worse words.", by="bob", at=world.now() - timedelta(minutes=15)))
    assert ("ada-moss", "new") in letters(world)


# People


def test_with_everybody_excluded_or_gone_it_waits_and_is_told_when_there_is_somebody(world: World) -> None:
    """A ladder with nobody on it does not stumble, nor does it end."""
    nobody = world.with_ports(people={})
    arrives(nobody)
    for _ in range(3):
        nobody.work(*TELLING)
        nobody.now.pass_by(minutes=10)
    assert world.post.taken == []
    world.now.pass_by(hours=3)
    world.work(TaskKind.CLIMB)
    world.now.pass_by(hours=1)
    assert told(world)


def test_what_turns_out_to_be_about_somebody_reaches_them_no_more(world: World) -> None:
    """Not even what was planned for them before."""
    arrives(world)
    world.work(TaskKind.CLIMB)
    case = world.case("a1").id
    with world.store.begin() as unit:
        unit.cases.exclude(case, ["sue-dale"])
    for _ in range(30):
        assert "sue-dale" not in told(world)
        world.now.pass_by(minutes=5)
