"""What people say of the scoring: recorded for good, told at once where it is worse than was said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moderation.acts import close
from moderation.alerts import CaseNotice, Role
from moderation.assessment import Assessment, Intent, Label, Route, Severity, Target
from moderation.cases import CloseReason
from moderation.feedback import Judged, MayNotJudge, Says, judge
from moderation.judgements import Correction, Mark, NotFitting
from moderation.tasks import TaskKind
from store import tables
from tests.fakes import assessment
from tests.moderation.tellings import climbing
from tests.worlds import World, at_once, person, reply, sighting

EVENING = "Nobody sits with Noah on the bus, do they"
ADA = person("ada-moss", Role.MODERATOR)
FALSE_ALARM, MISSED = Says(Mark.FALSE_ALARM), Says(Mark.MISSED)


def worse(severity: Severity, route: Route | None = None, *labels: Label) -> Says:
    """Say that something was missed."""
    return Says(Mark.MISSED, Correction(severity=severity, route=route, labels=labels or None))


def shown(world: World, said: Assessment | None = None) -> World:
    """Return the world after one comment, of which scoring said what it is told to say."""
    world.scorer.says[EVENING] = said or assessment()
    world.show(sighting("c1", EVENING))
    return world


def judged(world: World, says: Says, by: str = "ada-moss", name: str = "c1") -> Judged:
    """Let somebody of the school judge the comment."""
    return judge(world.ports, world.item(name).id, world.ports.people[by], says)


def letters(world: World) -> list[tuple[str, str]]:
    """Return who has been told what until now."""
    world.work()
    return world.post.letters()


def test_a_miss_that_is_severe_is_told_at_once_to_its_desk(world: World) -> None:
    """As if scoring had said it: the case rises, and the safeguarding leads hear of it in that minute."""
    shown(world)
    assert {step for _, step in letters(world)} == {"new"}
    world.post.taken.clear()
    result = judged(world, worse(Severity.HIGH, Route.DSL, Label.BULLYING))
    case = world.case("c1")
    assert (case.severity, case.route, case.labels) == (Severity.HIGH, Route.DSL, (Label.BULLYING,))
    assert result.tells
    assert sorted(letters(world)) == [("dee-lane", "urgent"), ("eve-ford", "urgent")]


def test_a_severe_miss_without_a_desk_goes_to_the_safeguarding_lead(world: World) -> None:
    """Whoever is in a hurry names no desk; the moderators' own would be too little."""
    judged(shown(world), worse(Severity.HIGH))
    assert {("dee-lane", "urgent"), ("eve-ford", "urgent")} <= set(letters(world))
    assert not {("ada-moss", "urgent"), ("ben-hart", "urgent")} & set(letters(world))
    assert world.rows(tables.judgements)[0].route is None


def test_a_miss_of_medium_is_told_in_staffed_hours_and_climbs(world: World) -> None:
    """It has until the same working day, so nobody is called out for it; nobody forgets it either."""
    world.show(sighting("c1", "🐒🐒🐒"))
    world.now.pass_by(hours=9)
    judged(world, MISSED)
    assert world.case("c1").severity is Severity.MEDIUM
    assert letters(world) == []
    world.now.pass_by(hours=13)
    assert letters(world)[:2] == [("ada-moss", "new"), ("ben-hart", "new")]
    assert climbing(world) == [("abuse", "c1")]


def test_a_miss_is_told_though_the_comment_was_answered(world: World) -> None:
    """A friendly answer to it, from somebody who did not see what it was, is no reason to keep silent."""
    shown(world)
    world.show(reply("r1", "c1"))
    letters(world)
    world.post.taken.clear()
    judged(world, worse(Severity.MEDIUM, Route.DSL))
    assert letters(world) == [("dee-lane", "new"), ("eve-ford", "new")]


def test_what_owed_no_reply_gets_a_case_by_a_miss(world: World) -> None:
    """Emoji wait for no answer and had no case; now somebody has to look."""
    world.show(sighting("c1", "🐒🐒🐒"))
    assert world.item("c1").case is None
    judged(world, worse(Severity.HIGH, Route.SLT, Label.HATE_RACE))
    assert world.clock("c1") is None
    assert world.history(world.case("c1").id) == ["opened", "judged"]
    told = [("dee-lane", "urgent"), ("hal-king", "urgent"), ("sue-dale", "urgent")]
    assert sorted(letters(world)) == told


def test_words_of_a_closed_case_that_were_missed_open_a_new_one(world: World) -> None:
    """A closed case tells nobody any more."""
    shown(world)
    first = world.case("c1").id
    close(world.ports, first, "ada-moss", CloseReason.NO_REPLY_NEEDED)
    result = judged(world, worse(Severity.CRITICAL, Route.DSL))
    assert result.case is not None
    assert result.case.id != first
    assert ("dee-lane", "urgent") in letters(world)


def test_who_was_told_of_less_is_told_that_it_is_worse(world: World) -> None:
    """The same words at the same step, and yet news: it is critical now, and for another desk."""
    shown(world, assessment(Severity.HIGH, Route.SLT))
    before = letters(world)
    assert {name for name, _ in before} == {"dee-lane", "hal-king", "sue-dale"}
    judged(world, worse(Severity.CRITICAL, Route.DSL))
    assert sorted(letters(world)[len(before) :]) == [("dee-lane", "urgent"), ("eve-ford", "urgent")]


def test_who_is_told_by_a_persons_word_reads_that_it_is_one(world: World) -> None:
    """Scoring saw nothing in it; its reasons alone would make no sense beside the new urgency."""
    judged(shown(world), worse(Severity.HIGH, Route.DSL))
    letters(world)
    urgent = [notice for notice in world.post.notices() if notice.step == "urgent"]
    assert urgent
    for notice in urgent:
        assert isinstance(notice, CaseNotice)
        assert notice.reasons[0] == "somebody who read it calls it high"


def test_the_same_desk_is_told_again_that_life_is_in_danger(world: World) -> None:
    """They knew of the item; what they did not know is that it cannot wait at all."""
    shown(world, assessment(Severity.HIGH, Route.DSL))
    before = letters(world)
    judged(world, worse(Severity.CRITICAL))
    assert sorted(letters(world)[len(before) :]) == sorted(before) != []


def test_saying_it_twice_or_at_once_tells_nobody_twice(world: World) -> None:
    """Every judgement is on record; there is one case, and the people who have to know hear of it once."""
    world.show(sighting("c1", "🐒🐒🐒"))
    at_once(3, lambda number: judged(world, worse(Severity.HIGH, Route.DSL)))
    judged(world, worse(Severity.HIGH, Route.DSL), by="ben-hart")
    assert len(world.rows(tables.judgements)) == 4
    assert len(world.rows(tables.cases)) == 1
    assert len(letters(world)) == 2


def test_a_false_alarm_quietens_nothing(world: World) -> None:
    """It is for the next training. The case stays as it is until a person closes it, its clock runs on."""
    shown(world, assessment(Severity.MEDIUM))
    before = world.case("c1"), world.clock("c1")
    result = judged(world, replace(FALSE_ALARM, why="they are friends"))
    assert (world.case("c1"), world.clock("c1")) == before
    assert not result.tells
    line = world.rows(tables.case_events)[-1]
    assert (line.act, line.by, line.at) == ("judged", "ada-moss", world.now())
    number = world.item("c1").id
    assert line.detail == f"item {number}: false alarm: none; was medium, comment, moderator"


def test_the_record_holds_what_was_said_and_what_is_right(world: World) -> None:
    """Both sides, by which model, so that the next training and the audit need nothing else."""
    said = replace(
        assessment(Severity.HIGH, Route.SLT), labels=(Label.INSULT, Label.THREAT), target=Target.HEAD
    )
    shown(world, said)
    right = Correction(labels=(Label.INSULT,), intent=Intent.COMPLAINT, abuse=False)
    judged(world, Says(right=right, why="an idiom"), by="sue-dale")
    with world.store.begin() as unit:
        (stored,) = unit.feedback.all()
    assert stored.said == said
    assert (stored.mark, stored.right, stored.by) == (Mark.WRONG, right, "sue-dale")
    assert (stored.version, stored.at, stored.why) == (1, world.now(), "an idiom")
    assert stored.right.known == ("labels", "intent", "abuse")


def test_what_does_not_fit_changes_nothing(world: World) -> None:
    """A slip of the keyboard teaches nothing and tells nobody."""
    shown(world)
    with pytest.raises(NotFitting, match="no alarm was raised"):
        judged(world, FALSE_ALARM)
    with pytest.raises(NotFitting, match="medium at least"):
        judged(world, Says(Mark.MISSED, Correction(severity=Severity.LOW)))
    assert world.rows(tables.judgements) == []


def test_our_own_messages_and_new_words_are_not_judged(world: World) -> None:
    """There is no scoring yet that could have been wrong."""
    shown(world)
    world.receive(reply("r1", "c1"), sighting("c1", "other words"))
    world.work(TaskKind.SETTLE_REPLY)
    for name, why in (("r1", "own message"), ("c1", "not been scored yet")):
        with pytest.raises(NotFitting, match=why):
            judged(world, MISSED, name=name)


def test_a_judgement_is_about_the_newest_words(world: World) -> None:
    """What was right of the first wording may be wrong of the second."""
    shown(world)
    world.show(sighting("c1", "Nobody sits with him. Good."))
    judged(world, MISSED)
    assert [row.version for row in world.rows(tables.judgements)] == [2]


def test_who_has_no_role_for_items_judges_none(world: World) -> None:
    """Nobody of another school, and not the one who looks after the machine."""
    shown(world, assessment(Severity.MEDIUM))
    stranger = replace(ADA, schools=frozenset({"elsewhere"}))
    for who in (stranger, world.ports.people["ned-wood"]):
        with pytest.raises(MayNotJudge, match="has no role at that school"):
            judge(world.ports, world.item("c1").id, who, FALSE_ALARM)


def test_what_the_head_is_accused_of_is_not_judged_by_the_head(world: World) -> None:
    """Whatever other role that person holds."""
    shown(world, assessment(Severity.MEDIUM, Route.GOVERNORS))
    with pytest.raises(MayNotJudge, match="for the governors"):
        judged(world, FALSE_ALARM, by="hal-king")
    assert judged(world, FALSE_ALARM, by="sue-dale").case is not None


@pytest.mark.parametrize("says", [FALSE_ALARM, Says(right=Correction(route=Route.SLT))])
def test_only_the_safeguarding_leads_make_less_of_what_is_theirs(world: World, says: Says) -> None:
    """Anybody may say that it is worse."""
    shown(world, assessment(Severity.MEDIUM, Route.DSL))
    with pytest.raises(MayNotJudge, match="only the safeguarding lead"):
        judged(world, says)
    judged(world, worse(Severity.HIGH))
    judged(world, says, by="eve-ford")
    assert [row.by for row in world.rows(tables.judgements)] == ["ada-moss", "eve-ford"]


def moved(world: World, route: Route, by: str, name: str = "c1") -> list[tuple[str, str]]:
    """Let somebody name another desk on the next day; return who is told of it within the hour."""
    climbing_alone = (TaskKind.CLIMB, TaskKind.DELIVER)
    world.now.pass_by(days=1)
    world.work(*climbing_alone)
    before = len(world.post.letters())
    judged(world, Says(right=Correction(route=route)), by=by, name=name)
    world.now.pass_by(minutes=45)
    world.work(*climbing_alone)
    return sorted(each for each in world.post.letters()[before:] if each[1] in ("new", "urgent"))


@pytest.mark.parametrize(
    ("first", "then", "by", "told"),
    [
        (Route.SLT, Route.HEADTEACHER, "ada-moss", ["hal-king"]),
        (Route.SLT, Route.MODERATOR, "sue-dale", ["ada-moss", "ben-hart"]),
        (Route.MEDIA, Route.SLT, "ada-moss", ["hal-king", "sue-dale"]),
        (Route.DSL, Route.HEADTEACHER, "dee-lane", ["hal-king"]),
        (Route.GOVERNORS, Route.SLT, "gus-hill", ["hal-king", "sue-dale"]),
        (Route.GOVERNORS, Route.DSL, "ada-moss", ["dee-lane", "eve-ford"]),
    ],
)
def test_a_desk_that_a_person_names_takes_the_case_over_and_is_told(
    world: World, first: Route, then: Route, by: str, told: list[str]
) -> None:
    """It was on the wrong desk: from now on it is on the right one."""
    world = world.with_roles("gus-hill", Role.GOVERNORS)
    shown(world, assessment(Severity.MEDIUM, first))
    assert moved(world, then, by) == [(name, "new") for name in told]
    assert world.case("c1").route is then


def test_only_the_governors_or_the_safeguarding_leads_give_away_what_is_the_governors(world: World) -> None:
    """Else the head could be shown what the head is accused of."""
    shown(world, assessment(Severity.MEDIUM, Route.GOVERNORS))
    with pytest.raises(MayNotJudge, match="only the governors"):
        moved(world, Route.SLT, "ada-moss")
    assert world.case("c1").route is Route.GOVERNORS


def test_a_case_stays_with_the_safeguarding_lead_for_its_other_messages(world: World) -> None:
    """That one message of it is none of theirs takes no other one from them."""
    world.scorer.says["He hits me."] = assessment(Severity.MEDIUM, Route.DSL)
    shown(world, assessment(Severity.MEDIUM, Route.SLT))
    world.show(sighting("c2", "He hits me."))
    assert world.case("c1").id == world.case("c2").id
    assert moved(world, Route.HEADTEACHER, "dee-lane") == []
    assert world.case("c1").route is Route.DSL


def test_a_person_who_is_corrected_is_corrected_for_good(world: World) -> None:
    """A moderator sent it to the safeguarding lead, who sends it back; only that desk can."""
    shown(world)
    moved(world, Route.DSL, "ada-moss")
    moved(world, Route.MODERATOR, "ada-moss")
    assert world.case("c1").route is Route.DSL
    moved(world, Route.MODERATOR, "eve-ford")
    assert world.case("c1").route is Route.MODERATOR


JIBE = replace(assessment(Severity.LOW), abuse=0.4, labels=(Label.INSULT,), target=Target.CHILD)


def test_what_a_thread_raised_is_judged_as_raised_and_learnt_as_said(world: World) -> None:
    """Three jibes are a matter for the safeguarding lead; what is learnt is about one jibe's words."""
    world.scorer.says |= {f"jibe {number}": JIBE for number in range(3)}
    for number in range(3):
        world.show(sighting(f"j{number}", f"jibe {number}", by=f"by-{number}", thread=f"t{number}"))
    with pytest.raises(MayNotJudge, match="only the safeguarding lead"):
        judged(world, FALSE_ALARM, name="j0")
    judged(world, FALSE_ALARM, by="dee-lane", name="j0")
    judged(world, Says(Mark.RIGHT), by="dee-lane", name="j1")
    with world.store.begin() as unit:
        alarm, right = unit.feedback.all()
        assert list(unit.feedback.said_of_all()) == [(JIBE.severity, JIBE.labels)] * 3
    assert (alarm.said, right.said) == (JIBE, JIBE)
    assert (alarm.mark, alarm.right.severity) == (Mark.FALSE_ALARM, Severity.NONE)
    assert right.right.known == ("intent", "target", "abuse")
    details = [row.detail for row in world.rows(tables.case_events) if row.act == "judged"]
    assert details[0].endswith("false alarm: none; was medium, insult, bullying, comment, dsl")
