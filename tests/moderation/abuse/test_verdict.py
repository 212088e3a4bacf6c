"""The verdict: models set the level, rules raise it, and disagreement is said aloud."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.abuse.opinion import Opinion
from moderation.abuse.verdict import Cuts, verdict
from moderation.assessment import Assessment, Finding, Intent, Label, Route, Severity, Target

CUTS = Cuts(
    severity={Severity.LOW: 0.5, Severity.MEDIUM: 0.4, Severity.HIGH: 0.5, Severity.CRITICAL: 0.35},
    labels=dict.fromkeys(Label, 0.5),
)


def ruled(severity: Severity = Severity.NONE, *labels: Label) -> Assessment:
    """Return what the rules made of a text."""
    found = tuple(Finding("a-rule", str(label), 0, 4) for label in labels)
    return Assessment(0.1, 0.1, severity, labels, Intent.COMMENT, Route.MODERATOR, found, "rules-1")


def thought(urgent: float = 0.01, high: float = 0.0, critical: float = 0.0, **more: object) -> Opinion:
    """Return what the models think of a text: an ordinary comment unless something else is said."""
    opinion = Opinion(
        abuse=0.05,
        severity={
            Severity.NONE: 1.0,
            Severity.LOW: max(urgent, 0.02),
            Severity.MEDIUM: urgent,
            Severity.HIGH: high,
            Severity.CRITICAL: critical,
        },
        labels=dict.fromkeys(Label, 0.01),
        intent=dict.fromkeys(Intent, 0.0) | {Intent.COMMENT: 1.0},
        route=dict.fromkeys(Route, 0.0) | {Route.MODERATOR: 0.9, Route.MEDIA: 0.1},
        target=dict.fromkeys(Target, 0.0) | {Target.UNKNOWN: 1.0},
        parts_differ=False,
        loudest=lambda: (2, 9),
    )
    return replace(opinion, **more)  # type: ignore[arg-type]


def test_an_ordinary_comment_stays_ordinary() -> None:
    """Where neither side sees anything, nothing is said."""
    said = verdict(ruled(), Severity.NONE, thought(), CUTS)
    assert (said.severity, said.labels, said.findings, said.uncertain) == (Severity.NONE, (), (), False)
    assert said.score < 0.25


def test_low_says_what_is_to_be_noted() -> None:
    """A faint suspicion that names nothing is no severity; one with a label is low."""
    faint = thought(0.2, severity=dict.fromkeys(Severity, 0.0) | {Severity.LOW: 0.6, Severity.MEDIUM: 0.2})
    assert verdict(ruled(), Severity.NONE, faint, CUTS).severity is Severity.NONE
    swears = replace(faint, labels=dict.fromkeys(Label, 0.01) | {Label.PROFANITY: 0.9})
    assert verdict(ruled(), Severity.NONE, swears, CUTS).severity is Severity.LOW


def test_an_approach_to_a_pupil_is_never_low() -> None:
    """It is for a person at once or it is none; only somebody who tells of one can be low."""
    faint = thought(0.2, severity=dict.fromkeys(Severity, 0.0) | {Severity.LOW: 0.6, Severity.MEDIUM: 0.2})
    lured = replace(faint, labels=dict.fromkeys(Label, 0.01) | {Label.GROOMING: 0.5})
    assert verdict(ruled(), Severity.NONE, lured, CUTS).labels == ()
    told = replace(lured, intent=dict.fromkeys(Intent, 0.0) | {Intent.DISCLOSURE: 1.0})
    said = verdict(ruled(), Severity.NONE, told, CUTS)
    assert (said.severity, said.labels) == (Severity.LOW, (Label.GROOMING,))


def test_models_alone_can_call_for_a_person() -> None:
    """Bullying without a bad word is known to no rule; the models name it and point at it."""
    labels = dict.fromkeys(Label, 0.01) | {Label.BULLYING: 0.8}
    said = verdict(ruled(), Severity.NONE, thought(0.7, labels=labels), CUTS)
    assert (said.severity, said.labels) == (Severity.MEDIUM, (Label.BULLYING,))
    assert Finding("model", "bullying", 2, 9) in said.findings
    assert said.score >= 0.5


def test_a_sure_rule_holds_whatever_the_models_think() -> None:
    """A telephone number with a name stays serious although the models see a harmless text."""
    said = verdict(ruled(Severity.HIGH, Label.PERSONAL_DATA), Severity.HIGH, thought(0.01), CUTS)
    assert said.severity is Severity.HIGH
    assert Label.PERSONAL_DATA in said.labels


def test_a_rule_that_is_overruled_is_not_silent() -> None:
    """Where a rule says high and the models see nothing, a person looks, and the rule's finding stays."""
    said = verdict(ruled(Severity.HIGH, Label.THREAT), Severity.NONE, thought(0.01), CUTS)
    assert said.uncertain
    assert any(finding.by == "a-rule" for finding in said.findings)


@pytest.mark.parametrize("severity", [Severity.LOW, Severity.MEDIUM])
def test_no_rule_is_lowered_in_silence(severity: Severity) -> None:
    """What a rule wants noted stays noted; what it holds urgent and the models do not, a person looks at."""
    said = verdict(ruled(severity, Label.PROFANITY), Severity.NONE, thought(0.01), CUTS)
    assert said.severity >= Severity.LOW
    assert said.uncertain is (severity >= Severity.MEDIUM)


def test_models_that_disagree_leave_it_to_a_person() -> None:
    """Encoder and linear model far apart: uncertain, and the reason is given."""
    said = verdict(ruled(), Severity.NONE, thought(0.3, parts_differ=True), CUTS)
    assert said.uncertain
    assert Finding("model", "the models disagree", 0, 0) in said.findings


def test_the_press_goes_to_the_press_desk_and_nobody_else_does() -> None:
    """A journalist is for the media desk whatever else is said; without one that desk gets nothing."""
    press = dict.fromkeys(Intent, 0.0) | {Intent.JOURNALIST: 1.0}
    desks = dict.fromkeys(Route, 0.0) | {Route.MEDIA: 0.6, Route.SLT: 0.4}
    assert verdict(ruled(), Severity.NONE, thought(intent=press), CUTS).route is Route.MEDIA
    assert verdict(ruled(), Severity.NONE, thought(route=desks), CUTS).route is Route.SLT


@pytest.mark.parametrize("desk", [Route.DSL, Route.GOVERNORS])
def test_a_child_at_risk_and_an_accused_head_keep_their_desk(desk: Route) -> None:
    """Where a rule sees a child at risk, or the head accused, no model sends the item to another desk."""
    rules = replace(ruled(Severity.HIGH), route=desk)
    assert verdict(rules, Severity.NONE, thought(0.9), CUTS).route is desk
    assert verdict(replace(rules, severity=Severity.NONE), Severity.NONE, thought(), CUTS).route is not desk


def test_nobody_who_tells_of_harm_is_thanked() -> None:
    """A disclosure that the models take for praise still reaches the DSL, as what it is."""
    told = replace(ruled(Severity.HIGH, Label.SEXUAL), route=Route.DSL, intent=Intent.DISCLOSURE)
    praise = dict.fromkeys(Intent, 0.0) | {Intent.PRAISE: 0.9}
    said = verdict(told, Severity.NONE, thought(0.02, intent=praise), CUTS)
    assert (said.uncertain, said.intent, said.route) == (True, Intent.DISCLOSURE, Route.DSL)
    assert said.score > verdict(ruled(), Severity.NONE, thought(0.2), CUTS).score
    urgent = verdict(ruled(), Severity.NONE, thought(0.9, high=0.9, intent=praise), CUTS)
    assert urgent.intent is not Intent.PRAISE
    assert urgent.route is not Route.MODERATOR


def test_a_sure_rule_names_the_desk() -> None:
    """What a sure rule says holds for the desk as for the severity."""
    rules = replace(ruled(Severity.HIGH), route=Route.HEADTEACHER)
    assert verdict(rules, Severity.HIGH, thought(0.01), CUTS).route is Route.HEADTEACHER


def test_a_likely_danger_below_the_cut_is_not_passed_over() -> None:
    """Likely high, but not likely enough to be urgent: the models contradict themselves, a person looks."""
    said = verdict(ruled(), Severity.NONE, thought(0.39, high=0.55), CUTS)
    assert said.severity < Severity.MEDIUM
    assert said.uncertain


def test_what_may_be_criticism_is_shielded() -> None:
    """Read as a comment, but perhaps a complaint: never suggested for hiding."""
    angry = dict.fromkeys(Intent, 0.0) | {Intent.COMMENT: 0.8, Intent.COMPLAINT: 0.2}
    rude = thought(0.95, high=0.9, abuse=0.99)
    assert verdict(ruled(), Severity.NONE, rude, CUTS).may_be_hidden
    assert not verdict(ruled(), Severity.NONE, replace(rude, intent=angry), CUTS).may_be_hidden
    complains = replace(ruled(), intent=Intent.COMPLAINT)
    assert not verdict(complains, Severity.NONE, rude, CUTS).may_be_hidden


def test_something_serious_is_never_without_a_reason() -> None:
    """Urgent with no label likely enough: the finding still says that the models find it serious."""
    said = verdict(ruled(), Severity.NONE, thought(0.9), CUTS)
    assert said.severity is Severity.MEDIUM
    assert said.findings


chances = st.floats(0, 1)


@given(
    urgent=chances, high=chances, critical=chances,
    rules=st.sampled_from(Severity), sure=st.sampled_from(Severity),
)  # fmt: skip
def test_score_and_severity_always_agree(
    urgent: float, high: float, critical: float, rules: Severity, sure: Severity
) -> None:
    """The score is at least 0.5 exactly when severity is medium or worse, and never outside 0 to 1."""
    opinion = thought(urgent, min(urgent, high), min(urgent, high, critical))
    said = verdict(ruled(rules), min(sure, rules), opinion, CUTS)
    assert (said.score >= 0.5) == (said.severity >= Severity.MEDIUM)
    assert 0 <= said.score <= 1
    assert said.severity >= min(sure, rules)


@pytest.mark.parametrize("intent", [Intent.COMPLAINT, Intent.DISCLOSURE, Intent.QUERY, Intent.JOURNALIST])
def test_criticism_is_never_suggested_for_hiding(intent: Intent) -> None:
    """Complaints, questions, disclosures and the press are shielded, however rude they sound."""
    loud = replace(ruled(Severity.HIGH, Label.INSULT), abuse=0.99, intent=intent)
    assert not loud.may_be_hidden
    assert replace(loud, intent=Intent.COMMENT).may_be_hidden
    assert not replace(loud, intent=Intent.COMMENT, uncertain=True).may_be_hidden
