"""Fitting the linear model: one logistic regression for each answer. Needs scikit-learn."""

from __future__ import annotations

import logging

import numpy as np
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression

from moderation.abuse import heads
from moderation.abuse.linear import BUCKETS, LinearModel, Pieces, pieces_of
from moderation.abuse.model_text import model_text
from moderation.abuse.training.examples import Examples

log = logging.getLogger("training")

_STRENGTH = 2.0


def matrix_of(texts: list[str]) -> csr_matrix:
    """Return one row for each text: how often each piece occurs, divided by the root of the text's pieces."""
    plain = [model_text(text).text for text in texts]
    parts = list[csr_matrix]()
    for first in range(0, len(plain), 256):
        batch = plain[first : first + 256]
        parts.append(hstack([_counted(pieces, len(batch)) for pieces in pieces_of(batch)], format="csr"))
    return vstack(parts, format="csr")


def fitted(examples: Examples) -> LinearModel:
    """Return the linear model that fits the examples, its weights rounded to small integers."""
    matrix = matrix_of(examples.texts)
    weights = np.zeros((2 * BUCKETS, heads.WIDTH), dtype=np.float32)
    bias = np.full(heads.WIDTH, -8.0, dtype=np.float32)
    for column in range(heads.WIDTH):
        known = _known(examples, column)
        answers = examples.answers[known, column]
        if not 0 < answers.sum() < len(answers):
            continue
        model = LogisticRegression(C=_STRENGTH, solver="liblinear", tol=1e-3, max_iter=300)
        model.fit(matrix[known], answers, sample_weight=examples.weights[known])
        weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
        log.info("linear answer %s of %s", column + 1, heads.WIDTH)
    return rounded(weights, bias)


def rounded(weights: np.ndarray, bias: np.ndarray) -> LinearModel:
    """Return the model with each column's weights as integers from -127 to 127; outliers are clipped."""
    most = np.quantile(np.abs(weights), 0.9999, axis=0).clip(min=1e-6)
    scale = (most / 127).astype(np.float32)
    tables = np.clip(np.rint(weights / scale), -127, 127).astype(np.int8)
    return LinearModel(tables.reshape(2, BUCKETS, heads.WIDTH), scale, bias)


def _known(examples: Examples, column: int) -> np.ndarray:
    """Return which examples say something about an answer: choices are known where one is given."""
    for columns in heads.CHOICES:
        if columns.start <= column < columns.stop:
            return np.flatnonzero(examples.answers[:, columns].max(1) > 0)
    return np.flatnonzero(examples.answers[:, column] >= 0)


def _counted(pieces: Pieces, texts: int) -> csr_matrix:
    values = 1.0 / np.sqrt(pieces.counts(texts))[pieces.owners, 0]
    return csr_matrix((values, (pieces.owners, pieces.rows)), shape=(texts, BUCKETS), dtype=np.float32)
