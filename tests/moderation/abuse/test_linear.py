"""The linear model: the same pieces however a text is batched, and quick."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.abuse import heads
from moderation.abuse.linear import BUCKETS, LinearModel, pieces_of


@cache
def random_model() -> LinearModel:
    """Return a model with random weights, made once."""
    random = np.random.default_rng(7)
    tables = random.integers(-90, 90, (2, BUCKETS, heads.WIDTH)).astype(np.int8)
    ones = np.ones(heads.WIDTH, dtype=np.float32)
    return LinearModel(tables, ones * np.float32(0.02), ones * 0)


@pytest.fixture
def model() -> LinearModel:
    """A model with random weights."""
    return random_model()


@settings(max_examples=40)
@given(st.lists(st.text(max_size=60), max_size=12))
def test_a_text_is_judged_alike_alone_and_in_company(texts: list[str]) -> None:
    """A text's pieces never reach over into its neighbours'."""
    model = random_model()
    together = model.logits(texts)
    assert together.shape == (len(texts), heads.WIDTH)
    for text, row in zip(texts, together, strict=True):
        assert np.allclose(model.logits([text])[0], row, atol=1e-4)


def test_more_texts_than_one_batch_keep_their_order(model: LinearModel) -> None:
    """Two hundred texts are answered in the order they came in."""
    texts = [f"message number {number}" for number in range(200)]
    assert np.allclose(model.logits(texts)[137], model.logits([texts[137]])[0])


def test_capitals_make_no_difference(model: LinearModel) -> None:
    """Shouting is the encoder's to notice; the linear model reads words."""
    assert np.array_equal(model.logits(["GO HOME"]), model.logits(["go home"]))


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "👏👏", "a", "x" * 50_000])
def test_any_text_gets_an_answer(model: LinearModel, text: str) -> None:
    """Nothing a text can hold is too odd or too long."""
    assert np.isfinite(model.logits([text])).all()


def test_saying_it_again_changes_little(model: LinearModel) -> None:
    """A harmless paragraph sixteen times over is no more urgent than twice."""
    paragraph = "what a lovely fair it was, thank you to all who came. "
    twice, often = model.logits([paragraph * 2, paragraph * 16])
    assert np.allclose(twice, often)


def test_words_and_their_neighbours_are_pieces() -> None:
    """Two words next to each other, and two with one between, count as pieces of their own."""
    _, alone = pieces_of(["meet"])
    _, pair = pieces_of(["meet me"])
    _, three = pieces_of(["meet me there"])
    assert [len(each.rows) for each in (alone, pair, three)] == [1, 3, 6]


def test_a_stretch_that_speaks_loudest_can_be_pointed_at(model: LinearModel) -> None:
    """Every character of a text has a share of the weights, and no more characters than the text has."""
    assert model.weights_at("hello there", heads.URGENT).shape == (11,)


def test_tables_of_another_shape_are_refused() -> None:
    """A file made for other outputs is not taken for ours."""
    with pytest.raises(ValueError, match="tables of"):
        LinearModel(np.zeros((2, 8, 3), np.int8), np.ones(3, np.float32), np.zeros(3, np.float32))
