"""The last layer and the cuts, fitted on messages that no part has learnt from. Needs scipy.

For each question the last layer weighs what the parts say of it, and what the rules found. A rule's weight
is never negative: a rule can raise, not lower. The cuts are then chosen on the same messages.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from moderation.abuse import heads
from moderation.abuse.opinion import RULE_FEATURES, LastLayer
from moderation.abuse.training.examples import Examples
from moderation.assessment import Severity

Matrix = npt.NDArray[np.float64]

_STIFFNESS = 4.0
_CHOICE_STIFFNESS = 12.0
_MOST_FALSE_ALARMS = 0.04
_RULE_SEVERITY = 0
_RULE_LABELS = _RULE_SEVERITY + len(heads.STEPS)
_RULE_ABUSE = _RULE_LABELS + len(heads.LABELS)
_RULE_INTENT = _RULE_ABUSE + 1
_RULE_ROUTE = _RULE_INTENT + len(heads.INTENTS)


def last_layer(features: npt.NDArray[np.float32], told: Examples, *, with_encoder: bool) -> LastLayer:
    """Return the last layer that fits the answers; ``features`` are those of ``opinion.features_of``."""
    weights = np.zeros((features.shape[1], heads.WIDTH), dtype=np.float32)
    bias = np.zeros(heads.WIDTH, dtype=np.float32)
    parts = [0, heads.WIDTH] if with_encoder else [0]
    rules = len(parts) * heads.WIDTH
    if features.shape[1] != rules + RULE_FEATURES:
        raise ValueError(f"the last layer is given {features.shape[1]} features, not {rules + RULE_FEATURES}")
    seen = features.astype(np.float64)
    for column in range(heads.YES_OR_NO):
        used, least = _used(column, parts, rules)
        found = _fit_question(seen[:, used], told.answers[:, column].astype(np.float64), least, len(parts))
        weights[used, column], bias[column] = found[:-1], found[-1]
    for columns, first in zip(heads.CHOICES, (_RULE_INTENT, _RULE_ROUTE, None), strict=True):
        width = columns.stop - columns.start
        own = [part + at for part in parts for at in range(columns.start, columns.stop)]
        used = own + ([rules + first + at for at in range(width)] if first is not None else [])
        chosen = told.answers[:, columns].argmax(1)
        found_choice = _fit_choice(seen[:, used], chosen, width, len(parts))
        weights[np.ix_(used, range(columns.start, columns.stop))] = found_choice[:-1]
        bias[columns] = found_choice[-1]
    return LastLayer(weights, bias)


def _used(column: int, parts: list[int], rules: int) -> tuple[list[int], list[float | None]]:
    """Return which features a question may use, and the least weight of each (None: any)."""
    used, least = [part + column for part in parts], [0.0] * len(parts)
    also: list[int] = [part + at for part in parts for at in (heads.URGENT, heads.ABUSE) if at != column]
    flags = [rules + _RULE_SEVERITY + at for at in range(len(heads.STEPS))] + [rules + _RULE_ABUSE]
    if heads.LABELS_AT.start <= column < heads.LABELS_AT.stop:
        flags = [rules + _RULE_LABELS + column - heads.LABELS_AT.start]
    return used + also + flags, [*least, *([None] * len(also)), *([0.0] * len(flags))]


def _fit_question(seen: Matrix, answers: Matrix, least: list[float | None], parts: int) -> Matrix:
    """Return weights and bias of a logistic regression that stays near the mean of its parts."""
    start = np.zeros(seen.shape[1] + 1)
    start[:parts] = 1 / parts

    def cost(point: Matrix) -> tuple[float, Matrix]:
        logits = seen @ point[:-1] + point[-1]
        away = point - start
        away[-1] = 0.0
        value = np.logaddexp(0, logits).sum() - answers @ logits + _STIFFNESS * away @ away
        wrong = 1 / (1 + np.exp(-logits)) - answers
        return float(value), np.append(seen.T @ wrong, wrong.sum()) + 2 * _STIFFNESS * away

    bounds = [(low, None) for low in least] + [(None, None)]
    return np.asarray(minimize(cost, start, jac=True, method="L-BFGS-B", bounds=bounds).x)


def _fit_choice(seen: Matrix, chosen: npt.NDArray[np.int64], width: int, parts: int) -> Matrix:
    """Return weights and bias, (features + 1, choices), of a softmax that stays near its parts' mean."""
    start = np.zeros((seen.shape[1] + 1, width))
    for part in range(parts):
        start[part * width : (part + 1) * width] = np.eye(width) / parts
    wanted = np.eye(width)[chosen]
    padded = np.hstack([seen, np.ones((len(seen), 1))])

    def cost(flat: Matrix) -> tuple[float, Matrix]:
        point = flat.reshape(start.shape)
        logits = padded @ point
        top = logits.max(1, keepdims=True)
        total = top[:, 0] + np.log(np.exp(logits - top).sum(1))
        away = point - start
        away[-1] = 0.0
        value = total.sum() - (logits * wanted).sum() + _CHOICE_STIFFNESS * (away * away).sum()
        slope = padded.T @ (np.exp(logits - total[:, None]) - wanted) + 2 * _CHOICE_STIFFNESS * away
        return float(value), slope.ravel()

    return np.asarray(minimize(cost, start.ravel(), jac=True, method="L-BFGS-B").x).reshape(start.shape)


def cuts(chances: npt.NDArray[np.float32], told: Examples) -> dict[str, Any]:
    """Return from which probability on each thing is said; ``chances`` are calibrated, (texts, YES_OR_NO).

    Urgency is cut where few harmless messages are alarmed; the steps above where exactness is best, but
    critical early, since to miss one costs most. A label is cut where finding and not overstating balance.
    """
    calm = told.answers[:, heads.URGENT] == 0
    urgent = round(float(np.quantile(chances[calm, heads.URGENT], 1 - _MOST_FALSE_ALARMS)), 3)
    severity = {
        Severity.LOW.word: 0.5,
        Severity.MEDIUM.word: urgent,
        Severity.HIGH.word: 0.5,
        Severity.CRITICAL.word: 0.35,
    }
    labels = {
        str(label): _balanced_cut(chances[:, column], told.answers[:, column])
        for column, label in enumerate(heads.LABELS, heads.LABELS_AT.start)
    }
    return {"severity": severity, "labels": labels, "doubt": 0.6}


def _balanced_cut(chances: npt.NDArray[np.float32], answers: npt.NDArray[np.float32]) -> float:
    """Return the cut with the best F-score, recall weighing more than precision, within sensible bounds."""

    def worth(cut: float) -> float:
        said, true = chances >= cut, answers == 1
        hits = float((said & true).sum())
        return 5 * hits / (4 * float(true.sum()) + float(said.sum())) if hits else 0.0

    return round(float(max(np.arange(0.15, 0.61, 0.05), key=worth)), 2)
