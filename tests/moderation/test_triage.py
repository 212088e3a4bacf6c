"""Triage: from signs to severity, labels, intent, route and scores."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.assessment import Finding, Intent, Label, Route, Severity, Target
from moderation.triage import Fact, Sign, abuse_of, judge, labels_of, route_of, score_of


def sign(by: str = "rule", **said: object) -> Sign:
    """Return a sign at the first three characters."""
    return Sign(by=by, start=0, end=3, **said)  # type: ignore[arg-type]  # the tests name the fields


@pytest.mark.parametrize(
    ("signs", "intent", "route"),
    [
        ([], Intent.PRAISE, Route.MODERATOR),
        ([], Intent.COMPLAINT, Route.SLT),
        ([], Intent.JOURNALIST, Route.MEDIA),
        ([sign(labels=(Label.SELF_HARM,))], Intent.JOURNALIST, Route.MEDIA),
        ([sign(labels=(Label.SELF_HARM,))], Intent.COMPLAINT, Route.DSL),
        ([sign(labels=(Label.GROOMING,))], Intent.CONTACT_ATTEMPT, Route.DSL),
        ([sign(labels=(Label.EXTREMISM,))], Intent.COMMENT, Route.DSL),
        ([sign(facts=frozenset({Fact.CHILD_AT_RISK, Fact.HEAD_ACCUSED}))], Intent.COMMENT, Route.DSL),
        ([sign(facts=frozenset({Fact.HEAD_ACCUSED, Fact.STAFF_ACCUSED}))], Intent.COMPLAINT, Route.GOVERNORS),
        ([sign(facts=frozenset({Fact.STAFF_ACCUSED}))], Intent.COMPLAINT, Route.HEADTEACHER),
        ([sign(facts=frozenset({Fact.STAFF_CONTACT}))], Intent.CONTACT_ATTEMPT, Route.HEADTEACHER),
        ([sign(labels=(Label.THREAT,), target=Target.STAFF)], Intent.COMMENT, Route.HEADTEACHER),
        ([sign(labels=(Label.THREAT,), target=Target.CHILD)], Intent.COMMENT, Route.DSL),
        ([sign(labels=(Label.THREAT,))], Intent.COMMENT, Route.DSL),
        (
            [sign(labels=(Label.THREAT,), facts=frozenset({Fact.SITE_THREATENED}))],
            Intent.COMMENT,
            Route.HEADTEACHER,
        ),
        ([sign(facts=frozenset({Fact.RECORDS}))], Intent.COMPLAINT, Route.DATA_PROTECTION),
        ([sign(labels=(Label.PERSONAL_DATA,), target=Target.CHILD)], Intent.COMMENT, Route.DSL),
        ([sign(labels=(Label.PERSONAL_DATA,), target=Target.STAFF)], Intent.COMMENT, Route.DATA_PROTECTION),
        ([sign(labels=(Label.INSULT,))], Intent.COMMENT, Route.SLT),
        ([sign(labels=(Label.INSULT,), target=Target.CHILD)], Intent.COMMENT, Route.DSL),
        ([sign(labels=(Label.HATE_RACE,))], Intent.COMMENT, Route.SLT),
        ([sign(labels=(Label.BULLYING,))], Intent.COMMENT, Route.DSL),
        ([sign(labels=(Label.PROFANITY,))], Intent.COMMENT, Route.MODERATOR),
        ([sign(labels=(Label.SPAM,))], Intent.SPAM, Route.MODERATOR),
    ],
)
def test_first_matching_route_wins(signs: list[Sign], intent: Intent, route: Route) -> None:
    """In this order: the press, a child, the head, staff, records, adults, the rest."""
    assert route_of(signs, intent) is route


def test_labels_come_once_and_in_the_order_of_the_glossary() -> None:
    """Readers always meet the labels in the same order."""
    signs = [sign(labels=(Label.SPAM, Label.THREAT)), sign(labels=(Label.THREAT, Label.INSULT))]
    assert labels_of(signs) == (Label.INSULT, Label.THREAT, Label.SPAM)


def test_one_rule_speaks_once_however_often_it_finds_something() -> None:
    """A word repeated a hundred times does not make its author a hundred times more abusive."""
    once = [sign("swearing", abuse=0.3)]
    assert abuse_of(once * 100) == abuse_of(once)
    assert abuse_of([*once, sign("insult", abuse=0.3)]) > abuse_of(once)


@given(st.sampled_from(Severity), st.floats(0, 1), st.integers(0, 50))
def test_score_reaches_a_half_exactly_when_severity_is_medium(
    severity: Severity, abuse: float, signs: int
) -> None:
    """The score alone tells what must be acted on the same day."""
    score = score_of(severity, abuse, signs)
    assert 0 <= score <= 1
    assert (score >= 0.5) == (severity >= Severity.MEDIUM)


@given(st.floats(0, 1), st.floats(0, 1))
def test_worse_severity_always_stands_higher_in_the_queue(low: float, high: float) -> None:
    """No amount of evidence lifts a milder item over a graver one."""
    for milder, graver in zip(Severity, list(Severity)[1:], strict=False):
        assert score_of(milder, low, 9) < score_of(graver, high, 0)


def test_disclosure_has_a_high_score_and_a_low_probability_of_abuse() -> None:
    """The two figures answer two questions: how urgent it is, and whether the author is abusive."""
    told = sign(severity=Severity.HIGH, labels=(Label.SELF_HARM,), facts=frozenset({Fact.DISCLOSURE}))
    assessment = judge([told], Intent.DISCLOSURE, "test")
    assert assessment.score >= 0.7
    assert assessment.abuse < 0.1


def test_trouble_makes_the_assessment_uncertain_and_is_shown() -> None:
    """Whatever went wrong in scoring stands among the findings."""
    trouble = Finding("rule", "failed: ValueError", 0, 0)
    assessment = judge([], Intent.COMMENT, "test", [trouble])
    assert assessment.uncertain
    assert assessment.findings == (trouble,)


def test_faint_sign_moves_only_the_probability_and_is_not_shown() -> None:
    """A word that proves nothing is no reason to show a person."""
    assessment = judge([sign(abuse=0.1)], Intent.COMMENT, "test")
    assert assessment.findings == ()
    assert assessment.abuse > judge([], Intent.COMMENT, "test").abuse
    assert assessment.severity is Severity.NONE
