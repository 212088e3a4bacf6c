"""The rules: each finds its example, knows what it is not, and can fail without silencing the rest."""

from __future__ import annotations

import dataclasses
import re
import time
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.abuse import ruleset
from moderation.abuse.opinion import Models, Opinion
from moderation.abuse.phrases import Phrase, compiled, phrase
from moderation.abuse.reading import Reading
from moderation.abuse.rules.base import Rule
from moderation.abuse.score import RULES_VERSION, Scorer, by_rules
from moderation.abuse.verdict import Cuts
from moderation.assessment import Assessment, Finding, Intent, Label, Route, Severity, Subject
from moderation.items import MAX_TEXT

PHRASES: list[Phrase] = [phrase(text) for rule in ruleset.RULES for text in rule.phrases]


def scored(text: str) -> Assessment:
    """Return the assessment of a text by the shipped rules."""
    return by_rules(Subject(text))


def found_by(text: str) -> set[str]:
    """Return the names of the rules that noticed something in a text."""
    signs, trouble = ruleset.shipped().signs(Reading(text, ruleset.vocabulary()))
    assert not trouble
    return {sign.by for sign in signs}


@pytest.mark.parametrize("rule", ruleset.RULES, ids=lambda rule: rule.name)
def test_rule_finds_its_own_example(rule: Rule) -> None:
    """The example that explains a rule is one that it finds."""
    assert rule.name in found_by(rule.example)


@pytest.mark.parametrize("rule", ruleset.RULES, ids=lambda rule: rule.name)
def test_rule_explains_itself(rule: Rule) -> None:
    """A rule says in one line what it notices and where it comes from, and its name is used once."""
    assert rule.about[0].isupper()
    assert "\n" not in rule.about
    assert rule.source
    assert [other.name for other in ruleset.RULES].count(rule.name) == 1


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_phrase_never_sleeps_through_what_it_matches(data: st.DataObject) -> None:
    """Whatever a phrase's expression matches holds one of the words that wake it."""
    woken = data.draw(st.sampled_from(PHRASES))
    text = data.draw(st.from_regex(re.compile(woken.source, re.ASCII), fullmatch=True)).lower()
    if compiled(woken.source).fullmatch(text):
        tokens = {token for token, _, _ in Reading(text, ruleset.vocabulary()).tokens} | set(
            re.findall("[a-z0-9]+", text)
        )
        assert tokens & woken.keys


@pytest.mark.parametrize(
    "text",
    [
        'He said "you are an ugly little minger" to her face at the gates',
        "They keep calling my daughter a minger",
        "She is not an idiot, leave her alone",
        "I felt a right idiot turning up on the wrong day",
        "The word minger has no place in our school",
        "The policy is idiotic",
    ],
)
def test_insult_that_is_not_the_authors_gets_no_label(text: str) -> None:
    """Quoting, reporting, denying, naming a word, blaming oneself or a rule is not insulting."""
    assert Label.INSULT not in scored(text).labels


def test_victim_who_quotes_is_answered_by_the_safeguarding_lead() -> None:
    """A child's report of being insulted is low as abuse, but goes to the DSL as a disclosure."""
    assessment = scored("They keep calling my daughter a minger")
    assert (assessment.severity, assessment.intent, assessment.route) == (
        Severity.LOW,
        Intent.DISCLOSURE,
        Route.DSL,
    )
    assert assessment.abuse < 0.3


def test_quote_marks_do_not_hide_an_insult_thrown_at_somebody() -> None:
    """Wrapping one's own insult in quote marks changes nothing."""
    assert Label.INSULT in scored('well you\'re a "bellend" mate').labels


def test_denied_threat_is_no_threat() -> None:
    """Saying that one will not hurt somebody is not threatening it."""
    assert Label.THREAT not in scored("Nobody said we are not going to beat you, it's only a quiz").labels
    assert Label.THREAT in scored("I'm going to beat you up").labels


def test_idiom_beside_a_real_threat_does_not_cover_it() -> None:
    """A harmless phrase excuses itself only."""
    assert scored("I'd kill for a coffee and then I will stab you").severity >= Severity.HIGH


def test_laughing_does_not_excuse_danger() -> None:
    """A laugh softens teasing; it never softens a risk."""
    assert scored("gonna kill myself lol 😂😂").severity is Severity.CRITICAL
    assert scored("i'll stab you 😂").severity >= Severity.HIGH


def test_findings_point_at_the_authors_own_characters() -> None:
    """A finding's span, cut from the original, is what a person should look at."""
    text = "Honestly just k 1 l l  y 0 urself, ok"
    texts = {text[finding.start : finding.end] for finding in scored("just k1ll y0urself ok").findings}
    assert all(0 <= finding.start <= finding.end <= len(text) for finding in scored(text).findings)
    assert texts


def test_failing_rule_is_recorded_and_the_rest_still_speak() -> None:
    """One broken rule makes the assessment uncertain, names itself and silences nobody."""

    def broken(_: Reading) -> Iterator[tuple[int, int]]:
        raise LookupError("words of a comment")

    faulty = dataclasses.replace(ruleset.RULES[0], name="faulty", words=frozenset(), phrases=(), find=broken)
    rules = ruleset.Ruleset((faulty, *ruleset.RULES))
    assessment = by_rules(Subject("You're a bellend"), rules)
    assert assessment.uncertain
    assert Finding("faulty", "failed: LookupError", 0, 0) in assessment.findings
    assert Label.INSULT in assessment.labels
    assert "words of a comment" not in repr(assessment)


def test_failing_models_are_recorded_and_the_rules_still_speak() -> None:
    """Models that break as a whole cost certainty and nothing else."""

    class Broken(Models):
        def __init__(self) -> None:
            self.name = "broken"

        def opinions(self, texts: Sequence[str], rules: Sequence[Assessment]) -> list[Opinion]:
            raise MemoryError(*texts)

    assessment = Scorer(Broken(), Cuts({}, {})).assess(Subject("You're a bellend"))
    assert assessment.uncertain
    assert assessment.findings[-1] == Finding("model", "failed: MemoryError", 0, 0)
    assert assessment.labels == (Label.INSULT,)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "شكرا جزيلا على كل شيء", "谢谢老师们的努力"])
def test_what_the_rules_cannot_read_is_uncertain(text: str) -> None:
    """Nothing to read, or letters the rules do not know, goes to a person and never passes as fine."""
    assert scored(text).uncertain


def test_only_emoji_is_a_reaction_and_certain() -> None:
    """A row of clapping hands needs nobody's second look."""
    assessment = scored("👏👏👏")
    assert (assessment.intent, assessment.uncertain) == (Intent.REACTION, False)


def test_text_longer_than_is_kept_is_uncertain() -> None:
    """Words past the kept part could hide anything, so a person looks."""
    assessment = scored("lovely concert " * 70_000 + "kill yourself")
    assert assessment.uncertain
    assert max(finding.end for finding in assessment.findings) <= MAX_TEXT


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec=None), max_size=300))
def test_any_text_gets_an_assessment(text: str) -> None:
    """Scoring never raises; scores lie in 0..1, spans in the text, and 0.5 parts urgent from not urgent."""
    assessment = scored(text)
    assert 0 <= assessment.score <= 1
    assert 0 <= assessment.abuse <= 1
    assert (assessment.score >= 0.5) == (assessment.severity >= Severity.MEDIUM)
    assert all(0 <= finding.start <= finding.end <= len(text) for finding in assessment.findings)
    assert assessment.model == RULES_VERSION


def _all_keys() -> str:
    keys = sorted({min(woken.keys) for woken in PHRASES})
    return (" ".join(keys) + " ") * 12


@pytest.mark.parametrize(
    "text",
    [
        _all_keys()[:MAX_TEXT],
        "kill you " * 2_200,
        "you are a " * 2_000,
        "i will " * 2_800,
        "going to kill " * 1_400,
        '"' * 20_000,
        "' " * 10_000,
        "my son " * 2_800,
        "0" * 20_000,
        "a@" * 10_000,
        "07700 900" * 2_000,
        "12 elm " * 2_800,
        "fuck " * 4_000,
        "not " * 5_000,
        "http://" * 2_800,
        "a" * 20_000,
        "she said he said " * 1_100,
        "he is so so so so " * 1_000,
        "?" * 20_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_no_text_can_hold_the_scorer_up(text: str) -> None:
    """Even 20,000 characters made to be slow are scored within a second of a shared core."""
    scored(text[:2_000])
    began = time.process_time()
    scored(text)
    assert time.process_time() - began < 1.0
