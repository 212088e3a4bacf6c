"""The models that ship: small enough, the same every time, and never a danger to those who complain."""

from __future__ import annotations

import pytest

from moderation.abuse.score import Scorer
from moderation.abuse.training import corpus
from moderation.abuse.training.corpus import Message, Part
from moderation.abuse.verdict import MODEL
from moderation.assessment import Assessment, Intent, Severity, Subject
from workers import models

Judged = list[tuple[Message, Assessment]]


@pytest.fixture(scope="module")
def judge() -> Scorer:
    """The scorer as it ships."""
    return models.scorer()


@pytest.fixture(scope="module")
def judged(judge: Scorer) -> Judged:
    """A sixth of the messages set aside for measuring and all complaints, and what is said of them."""
    told = [m for at, m in enumerate(corpus.of(Part.TEST)) if at % 6 == 0 or m.intent is Intent.COMPLAINT]
    if not told:
        pytest.skip("the corpus is not part of an installed copy")
    return list(zip(told, judge.assess_all([Subject(message.text) for message in told]), strict=True))


def test_files_stay_small() -> None:
    """All files together stay under 30 MB, so that a clone stays quick."""
    files = [path for path in models.FOLDER.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 30_000_000
    assert not models.missing(with_encoder=True)


@pytest.mark.parametrize("mode", ["encoder", "linear"])
def test_a_text_is_judged_alike_in_any_company(mode: str) -> None:
    """What stands beside a text in a batch changes nothing about it."""
    scorer = models.scorer(with_encoder=mode == "encoder")
    texts = ["see you at the fair", "nobody wants you here, go home", "what time does it start?" * 9]
    together = scorer.assess_all([Subject(text) for text in texts])
    assert together == [scorer.assess(Subject(text)) for text in texts]


def test_criticism_is_never_suggested_for_hiding(judged: Judged) -> None:
    """No complaint set aside, however angry, may be suggested for hiding. This blocks a release."""
    complaints = [(told, said) for told, said in judged if told.intent is Intent.COMPLAINT and not told.abuse]
    assert len(complaints) > 300
    assert [told.id for told, said in complaints if said.may_be_hidden] == []


def test_most_that_is_urgent_is_found_and_most_that_is_harmless_left_alone(judged: Judged) -> None:
    """A floor far under the measured figures (docs/scoring.md): it fails when files and code stop fitting."""
    urgent = [said.severity >= Severity.MEDIUM for told, said in judged if told.urgent]
    harmless = [said.severity >= Severity.MEDIUM for told, said in judged if not told.urgent]
    assert sum(urgent) / len(urgent) > FOUND
    assert sum(harmless) / len(harmless) < FLAGGED


FOUND = 0.6
FLAGGED = 0.12


def test_what_the_models_point_at_is_whole_words(judged: Judged) -> None:
    """A reason marks a stretch of what was written; half a word marked would look like a mistake."""
    pointed = [
        (told.text, finding)
        for told, said in judged
        for finding in said.findings
        if finding.by == MODEL and finding.end
    ]
    assert len(pointed) > 100
    assert [text for text, found in pointed if _cuts_a_word(text, found.start)] == []
    assert [text for text, found in pointed if _cuts_a_word(text, found.end)] == []


def _cuts_a_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and all(each.isascii() and each.isalpha() for each in text[at - 1 : at + 1])


def test_plain_danger_is_critical(judge: Scorer) -> None:
    """Nobody may have to wait for a person when they say plainly that a life is in danger."""
    texts = [
        "i am going to kill myself tonight, sorry everyone",
        "there is a bomb in the sports hall, it goes off at 2",
        "my daughter never came home from school and her phone is off, she is 12",
    ]
    assert [said.severity for said in judge.assess_all([Subject(text) for text in texts])] == [
        Severity.CRITICAL
    ] * 3
