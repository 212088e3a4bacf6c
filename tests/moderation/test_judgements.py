"""What a person says of an assessment, and what follows from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moderation.assessment import Assessment, Label, Route, Severity
from moderation.judgements import UNSAID, Correction, Mark, NotFitting, completed, of_the_words
from tests.fakes import assessment

RAISED = replace(assessment(Severity.MEDIUM, Route.DSL), abuse=0.4, labels=(Label.INSULT, Label.BULLYING))
BY_ITSELF = replace(RAISED, severity=Severity.LOW, labels=(Label.INSULT,), route=Route.MODERATOR)


@pytest.mark.parametrize(
    ("said", "right", "mark"),
    [
        (Severity.HIGH, Severity.LOW, Mark.FALSE_ALARM),
        (Severity.LOW, Severity.MEDIUM, Mark.MISSED),
        (Severity.MEDIUM, Severity.CRITICAL, Mark.WRONG),
        (Severity.LOW, Severity.NONE, Mark.WRONG),
        (Severity.HIGH, Severity.HIGH, Mark.RIGHT),
    ],
)
def test_a_severity_alone_tells_what_kind_of_error_it_was(
    said: Severity, right: Severity, mark: Mark
) -> None:
    """Medium is the line between an alarm and none."""
    given = Correction(severity=right)
    assert completed(assessment(said), None, given) == (mark, given)


@pytest.mark.parametrize(
    ("said", "mark", "given", "why"),
    [
        (assessment(), Mark.FALSE_ALARM, UNSAID, "no alarm was raised"),
        (assessment(Severity.HIGH), Mark.MISSED, UNSAID, "called high already"),
        (assessment(Severity.HIGH), None, UNSAID, "say what is right"),
        (assessment(Severity.HIGH), Mark.RIGHT, Correction(abuse=True), "needs no correction"),
        (assessment(Severity.HIGH), Mark.FALSE_ALARM, Correction(severity=Severity.HIGH), "none or low"),
    ],
)
def test_what_does_not_fit_is_refused(
    said: Assessment, mark: Mark | None, given: Correction, why: str
) -> None:
    """The sentence says what to say instead."""
    with pytest.raises(NotFitting, match=why):
        completed(said, mark, given)


def test_an_uncertain_item_can_be_a_false_alarm() -> None:
    """It was raised although it was called none."""
    mark, right = completed(assessment(uncertain=True), Mark.FALSE_ALARM, UNSAID)
    assert (mark, right) == (Mark.FALSE_ALARM, Correction(Severity.NONE, (), abuse=False))


def test_a_miss_is_medium_unless_the_person_says_more() -> None:
    """Below that nobody would have been told, so nothing would have been missed."""
    assert completed(assessment(), Mark.MISSED, UNSAID)[1].severity is Severity.MEDIUM
    given = Correction(severity=Severity.CRITICAL)
    assert completed(assessment(Severity.HIGH), Mark.MISSED, given) == (Mark.MISSED, given)


def test_to_agree_with_what_a_thread_made_of_words_teaches_nothing_about_them() -> None:
    """What the thread changed is left open; what it did not change is confirmed, and what differs counts."""
    _, right = completed(RAISED, Mark.RIGHT, UNSAID)
    assert of_the_words(right, RAISED, BY_ITSELF).known == ("intent", "target", "abuse")
    assert of_the_words(right, RAISED, RAISED) == right
    _, harmless = completed(RAISED, Mark.FALSE_ALARM, UNSAID)
    assert of_the_words(harmless, RAISED, BY_ITSELF) == harmless
    worse = Correction(severity=Severity.HIGH, route=Route.DSL)
    assert of_the_words(worse, RAISED, BY_ITSELF) == Correction(severity=Severity.HIGH)
