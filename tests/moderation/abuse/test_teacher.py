"""What a teacher's answers make of examples: known answers keep half their say, unknown ones are filled."""

from __future__ import annotations

import numpy as np
import pytest

from moderation.abuse import heads
from moderation.abuse.training.examples import UNKNOWN, Examples
from moderation.abuse.training.teacher import chances, recombined, softened, unlabelled

LETTER = "Thank you for the concert. My son sang at last! Could we have the songs?"
NOTE = "see you at the gate"


def test_answers_of_a_choice_add_up_to_one() -> None:
    """Whatever the logits are, and however large."""
    found = chances(np.random.default_rng(1).normal(0, 60, (5, heads.WIDTH)).astype(np.float32))
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    for columns in heads.CHOICES:
        assert found[:, columns].sum(axis=1) == pytest.approx(np.ones(5), abs=1e-5)


def test_what_a_person_said_keeps_half_the_say() -> None:
    """A teacher that errs about a message cannot turn what a person said of it."""
    said = np.zeros((1, heads.WIDTH), dtype=np.float32)
    said[0, heads.URGENT] = 1
    for columns in heads.CHOICES:
        said[0, columns.start] = 1
    taught = np.full((1, heads.WIDTH), 0.2, dtype=np.float32)
    answers = softened(Examples([NOTE], said, np.ones(1, dtype=np.float32)), taught).answers
    assert answers[0, heads.URGENT] == pytest.approx(0.6)
    assert answers[0, heads.ABUSE] == pytest.approx(0.1)
    assert answers[0, heads.INTENT_AT.start] == pytest.approx(0.6)


def test_what_nobody_said_is_the_teachers_alone() -> None:
    """An unknown answer is no answer, not a no."""
    nothing = unlabelled([NOTE])
    assert (nothing.answers == UNKNOWN).all()
    taught = np.full((1, heads.WIDTH), 0.3, dtype=np.float32)
    assert softened(nothing, taught).answers == pytest.approx(taught)


def test_a_choice_that_nobody_made_is_not_half_made() -> None:
    """Public comments say nothing of desks: a row without any is unknown, whatever stands in it."""
    said = np.zeros((1, heads.WIDTH), dtype=np.float32)
    taught = np.full((1, heads.WIDTH), 0.25, dtype=np.float32)
    answers = softened(Examples([NOTE], said, np.ones(1, dtype=np.float32)), taught).answers
    assert answers[0, heads.ROUTE_AT] == pytest.approx(taught[0, heads.ROUTE_AT])


def test_texts_are_recombined_from_what_was_written() -> None:
    """Single sentences and halves joined: every word of them stood in a message, and none is a message."""
    texts = [LETTER, NOTE, "He was kind. He was late."]
    found = recombined(texts, 50, seed=3)
    assert "My son sang at last!" in found
    assert not set(found) & set(texts)
    words = set(" ".join(texts).split())
    assert all(set(text.split()) <= words for text in found)
    assert found == recombined(texts, 50, seed=3)
    assert len(recombined(texts, 2, seed=3)) == 2
