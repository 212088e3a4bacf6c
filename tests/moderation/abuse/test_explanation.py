"""Explanations: plain sentences for every finding there is, without the author's words and bare numbers."""

from __future__ import annotations

import pytest

from moderation.abuse import ruleset
from moderation.abuse.explanation import MOST, reasons, reasons_of, why
from moderation.abuse.score import by_rules
from moderation.assessment import Finding, Label, Lack, Severity, Subject, Target


@pytest.mark.parametrize("label", [*Label, "serious"])
def test_what_the_models_find_is_said_in_words(label: str) -> None:
    """No label goes out as it is called inside."""
    said = why(Finding("model", str(label), 3, 9))
    assert len(said.split()) > 1
    assert "_" not in said
    assert not any(character.isdigit() for character in said)


def test_whom_it_is_about_is_named_where_that_helps() -> None:
    """A safeguarding lead wants to know whether a child is bullied or a colleague."""
    bullying = Finding("model", "bullying", 0, 9)
    assert why(bullying, Target.CHILD) == "reads like bullying of a pupil"
    assert why(bullying) == "reads like bullying"
    assert why(Finding("model", "threat", 0, 9), Target.STAFF) == "reads like a threat to a member of staff"


def test_a_rule_says_what_it_is_about() -> None:
    """Each rule's own sentence is the reason that people read."""
    for rule in ruleset.RULES:
        said = why(Finding(rule.name, "insult", 0, 3))
        assert said[1:] == rule.about[1:]
        assert said[0].islower()


def test_why_a_thread_raised_it_is_said_as_it_stands() -> None:
    """The thread's reason is plain already."""
    assert why(Finding("thread", "several people against a pupil", 0, 0)) == "several people against a pupil"


@pytest.mark.parametrize(
    ("finding", "told"),
    [
        (Finding("reader", "nothing to read", 0, 0), "only a picture"),
        (Finding("reader", "letters that the rules cannot read", 0, 9), "not enough of it is English"),
        (Finding("reader", "only the beginning was read", 0, 9), "very long"),
        (Finding("model", "the models disagree", 0, 0), "disagree"),
        (Finding("model", f"{Lack.TOO_SLOW}: busy with earlier texts", 0, 0), "too long"),
        (Finding("model", str(Lack.TOO_SLOW), 0, 0), "too long"),
        (Finding("model", f"{Lack.NOT_LOADED}: OSError", 0, 0), "could not be loaded"),
        (Finding("scorer", f"{Lack.FAILED}: MemoryError", 0, 0), "failed"),
        (Finding("strong-insult", "failed: KeyError", 0, 0), "failed"),
        (Finding("swearing", "too many finds", 0, 0), "more signs"),
    ],
)
def test_why_it_is_uncertain_is_said_last_and_plainly(finding: Finding, told: str) -> None:
    """A person who has to look is told what the system could not do."""
    insult = Finding("strong-insult", "insult", 0, 4)
    *_, last = reasons([finding, insult], uncertain=True)
    assert last.startswith("uncertain: ")
    assert told in last


def test_doubt_without_a_finding_of_its_own_has_words_too() -> None:
    """Where a rule was overruled by the models, that is said."""
    found = [Finding("weapon-or-bomb", "threat", 0, 4)]
    assert "the models do not" in reasons(found, uncertain=True)[-1]
    assert reasons(found, uncertain=False) == (why(found[0]),)


def test_the_gravest_reason_comes_first_and_there_are_few() -> None:
    """Whoever reads only the first one has read the one that matters."""
    text = "you stupid fat bellend, shut up, send nudes or i leak your pics. kill yourself. is school open?"
    said = reasons_of(by_rules(Subject(text)))
    assert len(said) == MOST
    assert len(set(said)) == MOST
    severity = {rule.about[1:]: rule.severity for rule in ruleset.RULES}
    assert severity[said[0][1:]] is Severity.CRITICAL


def test_what_kind_of_message_it_is_counts_as_a_reason_only_alone() -> None:
    """That it asks something is no reason to look at a threat."""
    assert reasons_of(by_rules(Subject("when does term start?"))) == ("a question or a request",)
    assert "a question or a request" not in reasons_of(by_rules(Subject("shall I stab you at the gates?")))


def test_no_reason_repeats_the_authors_words() -> None:
    """Reasons go into emails, where no word of a post may stand."""
    text = "zebra quokka i will stab Quentin at 14 Elm Road where he lives, zebra quokka"
    said = reasons_of(by_rules(Subject(text)))
    assert said
    assert not {"zebra", "quokka", "quentin", "elm"} & set(" ".join(said).lower().split())


def test_an_unknown_finding_still_says_something() -> None:
    """An older version's finding, whose rule is gone, is no blank."""
    assert why(Finding("a-rule-of-last-year", "query", 0, 1))
