"""Remarks that are bullying only together are raised together; anger, praise and banter never are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.abuse.threads import (
    WINDOW,
    Remark,
    ThreadVerdict,
    is_jibe,
    raised_to,
    why_raised,
    with_thread,
)
from moderation.assessment import Assessment, Finding, Intent, Label, Route, Severity, Target
from moderation.items import ItemId

NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
NICE = Assessment(0.02, 0.02, Severity.NONE, (), Intent.PRAISE, Route.MODERATOR, (), "told-1")
JIBE = Assessment(
    0.30, 0.40, Severity.LOW, (Label.INSULT,), Intent.COMMENT, Route.MODERATOR,
    (Finding("model", "insult", 0, 4),), "told-1", target=Target.CHILD,
)  # fmt: skip
ANGRY = replace(NICE, abuse=0.15, intent=Intent.COMPLAINT, route=Route.SLT, target=Target.SCHOOL)


def remark(
    number: int,
    said: Assessment = JIBE,
    *,
    by: str | None = None,
    minute: float | None = None,
    thread: int = 1,
) -> Remark:
    """Return item ``number``, by an author of its own and a minute after the one before, unless told."""
    at = NOON + timedelta(minutes=number if minute is None else minute)
    return Remark(ItemId(number), 1, thread, by or f"author-{number}", at, said)


def thread(*said: Assessment, first: int = 1, by: str | None = None) -> list[Remark]:
    """Return one remark for each assessment, the oldest first."""
    return [remark(first + number, each, by=by) for number, each in enumerate(said)]


def played(remarks: Iterable[Remark]) -> tuple[dict[ItemId, Assessment], list[ThreadVerdict]]:
    """Let the remarks come one after another; return what is said of each at the end, and every verdict."""
    stored: dict[ItemId, Remark] = {}
    verdicts = []
    for each in remarks:
        verdict = with_thread(each, [other for other in stored.values() if other.item != each.item])
        stored[each.item] = replace(each, said=verdict.assessment)
        stored |= {other.item: other for other in verdict.raised}
        verdicts.append(verdict)
    return {item: each.said for item, each in stored.items()}, verdicts


def raised(remarks: Iterable[Remark]) -> dict[int, Severity]:
    """Return which items their thread has raised at the end, and how far."""
    said, _ = played(remarks)
    levels = {item: raised_to(each) for item, each in said.items()}
    return {item: level for item, level in levels.items() if level is not None}


def test_three_mild_jibes_at_one_pupil_are_bullying_together() -> None:
    """None of them would be told to anybody by itself."""
    first, second, third = thread(JIBE, JIBE, JIBE)
    assert with_thread(second, [first]) == ThreadVerdict(JIBE)
    verdict = with_thread(third, [first, second])
    said = verdict.assessment
    assert (said.severity, said.labels) == (Severity.MEDIUM, (Label.INSULT, Label.BULLYING))
    assert (said.route, said.abuse, said.intent) == (Route.DSL, JIBE.abuse, JIBE.intent)
    assert said.score >= 0.5
    assert said.findings == (*JIBE.findings, Finding("thread", "several people against a pupil", 0, 0))
    assert [each.item for each in verdict.raised] == [1, 2]
    assert {each.said for each in verdict.raised} == {said}
    assert verdict.joins == ()


def test_what_comes_later_is_raised_and_is_no_news() -> None:
    """People were told of the thread; they are not told of every further remark in it."""
    said, verdicts = played(thread(*[JIBE] * 6))
    assert all(each.severity is Severity.MEDIUM for each in said.values())
    assert [(len(each.raised), bool(each.joins)) for each in verdicts[2:]] == [(2, False), *[(0, True)] * 3]


def test_many_people_at_one_pupil_is_high_and_news_once_more() -> None:
    """From eight people on somebody has to know now."""
    said, verdicts = played(thread(*[JIBE] * 10))
    assert {each.severity for each in said.values()} == {Severity.HIGH}
    assert {why_raised(each) for each in said.values()} == {"many people against a pupil"}
    news = [
        number for number, each in enumerate(verdicts, start=1) if each.assessment != JIBE and not each.joins
    ]
    assert news == [3, 8]
    assert all(sum(finding.by == "thread" for finding in each.findings) == 1 for each in said.values())


@pytest.mark.parametrize(
    ("target", "people", "route", "words"),
    [
        (Target.STAFF, 3, Route.SLT, "several people against a member of staff"),
        (Target.HEAD, 3, Route.SLT, "several people against the head"),
        (Target.ADULT, 3, Route.SLT, "several people against an adult"),
        (Target.GROUP, 5, Route.SLT, "several people against a group of people"),
        (Target.UNKNOWN, 5, Route.DSL, "several people against somebody"),
    ],
)
def test_who_is_meant_decides_how_many_it_takes_and_whose_desk_it_is(
    target: Target, people: int, route: Route, words: str
) -> None:
    """However many join, only a pupil makes it high. Somebody unknown may be a pupil."""
    jibe = replace(JIBE, target=target)
    assert raised(thread(*[jibe] * (people - 1))) == {}
    said, _ = played(thread(*[jibe] * 12))
    assert {(each.severity, each.route, why_raised(each)) for each in said.values()} == {
        (Severity.MEDIUM, route, words)
    }


def test_remarks_at_nobody_who_is_named_count_with_the_others() -> None:
    """``lol her face`` under the same picture is at the same pupil."""
    unknown = replace(JIBE, target=Target.UNKNOWN)
    assert len(raised(thread(JIBE, unknown, unknown))) == 3
    assert raised(thread(replace(JIBE, target=Target.STAFF), JIBE, replace(JIBE, target=Target.ADULT))) == {}


def test_another_desk_keeps_what_is_its_own() -> None:
    """A journalist stays with the media desk, an accusation of staff with the head."""
    accused = replace(JIBE, target=Target.STAFF, route=Route.HEADTEACHER)
    press = replace(JIBE, route=Route.MEDIA)
    assert played(thread(*[accused] * 3))[0][ItemId(3)].route is Route.HEADTEACHER
    assert played(thread(*[press] * 3))[0][ItemId(3)].route is Route.MEDIA


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([NICE] * 5, id="five people praise"),
        pytest.param([replace(NICE, intent=Intent.COMMENT, abuse=0.2)] * 60, id="banter after the match"),
        pytest.param(
            [replace(JIBE, labels=(Label.PROFANITY,), target=Target.UNKNOWN)] * 60, id="swearing at the score"
        ),
        pytest.param([replace(JIBE, target=Target.GROUP, abuse=0.2)] * 60, id="teasing the other team"),
        pytest.param([ANGRY] * 300, id="three hundred complaints about a decision"),
        pytest.param([replace(ANGRY, severity=Severity.LOW, abuse=0.9)] * 300, id="rage at the school"),
        pytest.param([replace(ANGRY, target=Target.HEAD, abuse=0.9)] * 50, id="criticism of no severity"),
        pytest.param(
            [replace(JIBE, intent=Intent.COMPLAINT, target=Target.STAFF)] * 50, id="sharp complaints of staff"
        ),
        pytest.param([replace(JIBE, intent=Intent.DISCLOSURE)] * 50, id="telling what others did"),
        pytest.param(
            [JIBE, JIBE, *[NICE] * 50, *[replace(JIBE, abuse=0.1)] * 50], id="two jibes on a busy day"
        ),
        pytest.param(
            [replace(JIBE, target=Target.UNKNOWN), *[NICE] * 11] * 15, id="a twelfth of a busy day misread"
        ),
    ],
)
def test_friendly_and_angry_threads_are_never_raised(said: Sequence[Assessment]) -> None:
    """The criticism shield holds for threads as it does for single texts."""
    assert raised(thread(*said)) == {}


def test_complaints_that_are_abuse_of_a_person_do_count() -> None:
    """The shield is for criticism: more likely than not abuse is not criticism."""
    assert len(raised(thread(*[replace(JIBE, intent=Intent.COMPLAINT, abuse=0.6)] * 3))) == 3


def test_one_person_again_and_again() -> None:
    """Four snipes at one pupil by one author, whatever others wrote; one of somebody else does not join."""
    by_one = thread(*[JIBE] * 5, by="zoe")
    assert raised(by_one[:3]) == {}
    said, verdicts = played([*by_one, remark(6, replace(JIBE, target=Target.STAFF))])
    assert {why_raised(said[ItemId(number)]) for number in range(1, 6)} == {
        "one person again and again against a pupil"
    }
    assert said[ItemId(6)] == replace(JIBE, target=Target.STAFF)
    assert [bool(each.joins) for each in verdicts] == [False, False, False, False, True, False]


@pytest.mark.parametrize(("hours", "count"), [(WINDOW.total_seconds() / 3600, 3), (25, 0)])
def test_only_what_lies_within_a_day_counts_together(hours: float, count: int) -> None:
    """A remark of last week is over."""
    late = remark(3, minute=hours * 60)
    assert len(raised([remark(1, minute=0), remark(2, minute=0), late])) == count


def test_a_thread_under_a_busy_post_is_not_drowned() -> None:
    """Four hundred friendly comments stand beside the four replies that gang up on somebody."""
    friendly = [remark(number, NICE, minute=number / 10, thread=number) for number in range(100, 500)]
    gang = [remark(number, replace(JIBE, target=Target.STAFF), thread=7) for number in range(1, 5)]
    assert raised([*friendly, *gang]) == dict.fromkeys(range(1, 5), Severity.MEDIUM)
    scattered = [replace(each, thread=each.item) for each in gang]
    assert raised([*friendly, *scattered]) == {}


def test_remarks_side_by_side_under_one_post_count_together() -> None:
    """On some platforms every comment under a picture begins a thread of its own."""
    assert len(raised([remark(number, thread=number) for number in range(1, 4)])) == 3


def test_a_sudden_burst_is_raised_whoever_is_meant() -> None:
    """Six unkind remarks within an hour, after a quiet day: at this one and that one."""
    quiet = [remark(number, NICE, minute=-60 * number) for number in range(1, 20)]
    targets = (Target.STAFF, Target.ADULT, Target.GROUP)
    burst = [remark(100 + n, replace(JIBE, target=targets[n // 2]), by=f"a{n % 3}") for n in range(6)]
    assert raised([*quiet, *burst[:5]]) == {}
    said, _ = played([*quiet, *burst])
    assert {why_raised(said[each.item]) for each in burst} == {"a sudden burst of unkind remarks"}
    assert raised([*quiet, *[replace(each, author="zoe") for each in burst]]) == {}


def test_the_usual_pace_of_a_lively_thread_is_no_burst() -> None:
    """The same six among thirty in the hour, or at the pace of the whole day, are not sudden."""
    targets = (Target.STAFF, Target.ADULT, Target.GROUP)
    jibes = [remark(100 + n, replace(JIBE, target=targets[n // 2]), by=f"a{n % 3}") for n in range(6)]
    friendly = [remark(200 + n, NICE) for n in range(-30, 0)]
    crowd = [replace(each, received_at=NOON + timedelta(minutes=100)) for each in friendly]
    assert raised([*crowd, *jibes]) == {}
    everyday = [remark(500 + n, NICE, minute=-15 * n) for n in range(1, 90)]
    assert raised([*everyday, *jibes]) == {}


def test_an_edit_to_friendly_words_leaves_the_thread() -> None:
    """Its new words count, not its old ones; what was raised before stays raised."""
    first, second, third, fourth = thread(JIBE, JIBE, JIBE, JIBE)
    assert raised([first, replace(second, said=NICE, version=2), third]) == {}
    before, _ = played([first, second, third])
    after, _ = played([first, second, third, replace(second, said=NICE, version=2), fourth])
    assert after[second.item] == NICE
    assert after[first.item] == before[first.item]
    assert after[fourth.item].severity is Severity.MEDIUM


def test_an_edited_remark_is_raised_again_and_nobody_else_is() -> None:
    """New words are scored anew, with the same thread around them."""
    said, verdicts = played([*thread(JIBE, JIBE, JIBE), replace(remark(2), version=2)])
    assert said[ItemId(2)].severity is Severity.MEDIUM
    assert (verdicts[-1].raised, bool(verdicts[-1].joins)) == ((), True)


def test_what_is_serious_by_itself_counts_and_never_becomes_less() -> None:
    """A threat in the middle of it stays critical; it says now what it belongs to."""
    threat = replace(JIBE, severity=Severity.CRITICAL, score=0.97, abuse=0.9, labels=(Label.THREAT,))
    said, _ = played(thread(JIBE, threat, JIBE))
    assert (said[ItemId(2)].severity, said[ItemId(2)].score) == (Severity.CRITICAL, 0.97)
    assert said[ItemId(2)].labels == (Label.BULLYING, Label.THREAT)


def test_another_victim_in_the_same_thread_is_news() -> None:
    """Whoever was told of a teacher does not know of the pupil."""
    at_staff = replace(JIBE, target=Target.STAFF)
    _, verdicts = played([*thread(*[at_staff] * 4), *thread(JIBE, JIBE, JIBE, first=10)])
    news = [each for each in verdicts if raised_to(each.assessment) is not None and not each.joins]
    assert [why_raised(each.assessment) for each in news] == [
        "several people against a member of staff",
        "several people against a pupil",
    ]


def test_the_model_name_stays_short_enough_for_its_column() -> None:
    """A long name loses its end, not the mark that its thread raised the item."""
    said, _ = played(thread(*[replace(JIBE, model="m" * 64)] * 3))
    assert {len(each.model) for each in said.values()} == {64}
    assert {raised_to(each) for each in said.values()} == {Severity.MEDIUM}


SCORES = (0.1, 0.3, 0.55, 0.75, 0.95)
SAID = st.builds(
    lambda abuse, severity, intent, target, labels: replace(
        JIBE,
        score=SCORES[severity],
        abuse=abuse,
        severity=severity,
        intent=intent,
        target=target,
        labels=labels,
    ),
    st.sampled_from([0.0, 0.2, 0.3, 0.45, 0.7]),
    st.sampled_from(Severity),
    st.sampled_from([Intent.COMMENT, Intent.COMMENT, Intent.COMPLAINT, Intent.PRAISE]),
    st.sampled_from([Target.CHILD, Target.CHILD, Target.STAFF, Target.UNKNOWN, Target.SCHOOL]),
    st.sampled_from([(), (Label.INSULT,), (Label.PROFANITY,)]),
)
PLACES = st.tuples(SAID, st.sampled_from("abcdefghijk"), st.integers(0, 150), st.integers(1, 2))
THREADS = st.lists(PLACES, min_size=3, max_size=30).map(
    lambda places: [
        remark(number, said, by=by, minute=minute, thread=thread)
        for number, (said, by, minute, thread) in enumerate(places, start=1)
    ]
)


def levels(new: Remark, others: Iterable[Remark]) -> dict[ItemId, Severity]:
    """Return what a verdict makes of every item that it names."""
    verdict = with_thread(new, others)
    return {each.item: each.said.severity for each in verdict.raised} | {
        new.item: verdict.assessment.severity
    }


@settings(max_examples=150)
@given(THREADS, st.randoms(use_true_random=False))
def test_the_order_of_a_thread_does_not_matter(remarks: list[Remark], shuffle: object) -> None:
    """The others may be named in any order."""
    new, *others = remarks
    mixed = list(others)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    assert with_thread(new, others) == with_thread(new, mixed)


@settings(max_examples=150)
@given(THREADS)
def test_whichever_of_two_comes_last_the_thread_is_the_same(remarks: list[Remark]) -> None:
    """Of items of one thread that are raised together, each raises the same others."""
    remarks = [replace(each, thread=1) for each in remarks]
    first, second, *rest = remarks
    by_first = with_thread(first, [second, *rest])
    if any(each.item == second.item for each in by_first.raised):
        by_second = with_thread(second, [first, *rest])
        assert any(each.item == first.item for each in by_second.raised)


@settings(max_examples=150)
@given(THREADS, st.data())
def test_more_abuse_never_makes_less_of_a_thread(remarks: list[Remark], data: st.DataObject) -> None:
    """Neither in the new item nor in another one."""
    number = data.draw(st.integers(0, len(remarks) - 1))
    said = remarks[number].said
    worse = replace(
        said,
        abuse=data.draw(st.floats(said.abuse, 1.0)),
        severity=data.draw(st.sampled_from([each for each in Severity if each >= said.severity])),
    )
    changed = [*remarks]
    changed[number] = replace(remarks[number], said=worse)
    before, after = levels(remarks[0], remarks[1:]), levels(changed[0], changed[1:])
    assert all(after.get(item, Severity.NONE) >= severity for item, severity in before.items())


@settings(max_examples=150)
@given(THREADS)
def test_the_second_time_nothing_is_raised(remarks: list[Remark]) -> None:
    """What was raised as far is not raised again, and the item itself comes out the same."""
    new, *others = remarks
    once = with_thread(new, others)
    stored = {each.item: each for each in others} | {each.item: each for each in once.raised}
    twice = with_thread(new, stored.values())
    assert (twice.assessment, twice.raised) == (once.assessment, ())
    assert twice.joins or not once.raised


@settings(max_examples=150)
@given(THREADS)
def test_a_thread_only_ever_adds(remarks: list[Remark]) -> None:
    """Severity and score never fall, labels stay, and the score still says what is urgent."""
    alone = {each.item: each.said for each in remarks}
    for item, said in played(remarks)[0].items():
        assert said.severity >= alone[item].severity
        assert set(said.labels) >= set(alone[item].labels)
        if raised_to(said) is None:
            assert said == alone[item]
        else:
            assert is_jibe(alone[item])
            assert said.score >= max(alone[item].score, 0.5)
