"""What the trained models think of a text: probabilities for every answer, from all parts together.

Three parts speak: the encoder, the linear model and the rules. A last layer of small logistic regressions,
fitted on messages that none of the parts had seen, weighs them and makes their answers calibrated
probabilities. In linear-only mode the encoder is left out and the last layer is another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from moderation.abuse import heads
from moderation.abuse.linear import LinearModel
from moderation.abuse.model_text import ModelText, model_text
from moderation.assessment import Assessment, Intent, Label, Route, Severity, Target

Logits = npt.NDArray[np.float32]


class Encoder(Protocol):
    """A language model fine-tuned on school talk; whoever loads it lives outside this room."""

    def logits(self, texts: Sequence[str]) -> Logits:
        """Return the answers to model texts as logits, shape (texts, :data:`heads.WIDTH`)."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the models think of one text. All numbers are probabilities; ``severity`` holds "at least" ones.

    ``parts_differ`` says that encoder and linear model, each alone, are far apart on whether it is urgent.
    ``start`` and ``end`` are the characters of the original that speak loudest for urgency or abuse.
    """

    abuse: float
    severity: Mapping[Severity, float]
    labels: Mapping[Label, float]
    intent: Mapping[Intent, float]
    route: Mapping[Route, float]
    target: Mapping[Target, float]
    parts_differ: bool
    start: int
    end: int

    @property
    def urgent(self) -> float:
        """The probability that a person has to act the same working day."""
        return self.severity[Severity.MEDIUM]


@dataclass(frozen=True, slots=True)
class LastLayer:
    """Weights from the parts' logits to calibrated answers: ``answers = parts @ weights + bias``.

    ``weights`` is (features, WIDTH), ``bias`` (WIDTH,); the features are those of :func:`features_of`.
    """

    weights: Logits
    bias: Logits


class Models:
    """The trained parts and their last layer, as one thing that has opinions on texts."""

    def __init__(self, linear: LinearModel, last: LastLayer, encoder: Encoder | None, name: str) -> None:
        self.name = name
        self._linear = linear
        self._last = last
        self._encoder = encoder

    def opinions(self, texts: Sequence[str], rules: Sequence[Assessment]) -> list[Opinion]:
        """Return what the models think of original texts, given what the rules alone made of each."""
        plain = [model_text(text) for text in texts]
        linear = self._linear.logits([each.text for each in plain])
        encoder = None if self._encoder is None else self._encoder.logits([each.text for each in plain])
        features = features_of(encoder, linear, rules)
        answers = features @ self._last.weights + self._last.bias
        return [
            self._opinion(row, plain[at], None if encoder is None else encoder[at], linear[at])
            for at, row in enumerate(answers)
        ]

    def _opinion(self, answers: Logits, plain: ModelText, encoder: Logits | None, linear: Logits) -> Opinion:
        asked = _logistic(answers[: heads.YES_OR_NO])
        at_least = np.minimum.accumulate(asked[heads.SEVERITY_AT])
        start, end = self._loudest(plain, at_least)
        return Opinion(
            abuse=float(asked[heads.ABUSE]),
            severity={Severity.NONE: 1.0} | dict(zip(heads.STEPS, map(float, at_least), strict=True)),
            labels=dict(zip(heads.LABELS, map(float, asked[heads.LABELS_AT]), strict=True)),
            intent=dict(zip(heads.INTENTS, _chosen(answers[heads.INTENT_AT]), strict=True)),
            route=dict(zip(heads.ROUTES, _chosen(answers[heads.ROUTE_AT]), strict=True)),
            target=dict(zip(heads.TARGETS, _chosen(answers[heads.TARGET_AT]), strict=True)),
            parts_differ=encoder is not None and _far_apart(encoder[heads.URGENT], linear[heads.URGENT]),
            start=start,
            end=end,
        )

    def _loudest(self, plain: ModelText, at_least: Logits) -> tuple[int, int]:
        """Return the stretch of the original that speaks loudest for urgency, by the linear weights."""
        if not plain.text or at_least[1] < _WORTH_POINTING_AT:
            return 0, 0
        return plain.original(*_loudest_stretch(self._linear.weights_at(plain.text, heads.URGENT)))


def features_of(encoder: Logits | None, linear: Logits, rules: Sequence[Assessment]) -> Logits:
    """Return what the last layer sees of each text: the parts' logits, and what the rules made of it."""
    noticed = np.array([_noticed(each) for each in rules], dtype=np.float32).reshape(len(linear), -1)
    parts = [linear, noticed] if encoder is None else [encoder, linear, noticed]
    return np.concatenate(parts, axis=1)


RULE_FEATURES = len(heads.STEPS) + len(heads.LABELS) + 1 + len(heads.INTENTS) + len(heads.ROUTES)
"""How many numbers tell what the rules made of a text: severity reached, labels, abuse, intent, route."""


def _noticed(rules: Assessment) -> list[float]:
    return [
        *(float(rules.severity >= step) for step in heads.STEPS),
        *(float(label in rules.labels) for label in heads.LABELS),
        rules.abuse,
        *(float(rules.intent is intent) for intent in heads.INTENTS),
        *(float(rules.route is route) for route in heads.ROUTES),
    ]


_WORTH_POINTING_AT = 0.3
_STRETCH = 24
_FAR = 4.0


def _loudest_stretch(weights: Logits) -> tuple[int, int]:
    """Return the run of characters with the largest sum of weights, each lowered a little to stay short."""
    best, best_span, total, first = 0.0, (0, min(_STRETCH, len(weights))), 0.0, 0
    lowered = weights - max(0.0, float(weights.mean()))
    for at, weight in enumerate(lowered):
        total += float(weight)
        if total <= 0:
            total, first = 0.0, at + 1
        elif total > best:
            best, best_span = total, (first, at + 1)
    return best_span


def _far_apart(one: float, other: float) -> bool:
    return bool(abs(one - other) > _FAR and (one > 0) != (other > 0))


def _logistic(logits: Logits) -> Logits:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)


def _chosen(logits: Logits) -> list[float]:
    raised = np.exp(logits - logits.max())
    return [float(each) for each in raised / raised.sum()]
