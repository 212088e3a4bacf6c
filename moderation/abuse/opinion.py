"""What the trained models think of a text: probabilities for every answer, from all parts together.

Three parts speak: the encoder, the linear model and the rules. A last layer of small logistic regressions,
fitted on messages that none of the parts had seen, weighs them and makes their answers calibrated
probabilities. In linear-only mode the encoder is left out and the last layer is another one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
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
    ``loudest`` finds the characters of the original, start and end, that speak loudest for urgency.
    """

    abuse: float
    severity: Mapping[Severity, float]
    labels: Mapping[Label, float]
    intent: Mapping[Intent, float]
    route: Mapping[Route, float]
    target: Mapping[Target, float]
    parts_differ: bool
    loudest: Callable[[], tuple[int, int]]

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
        """Return what the models think of original texts, given what the rules alone made of each.

        Raises:
            ValueError: a model answered with something that is no number.
        """
        plain = [model_text(text) for text in texts]
        linear = self._linear.logits([each.text for each in plain])
        encoder = None if self._encoder is None else self._encoder.logits([each.text for each in plain])
        features = features_of(encoder, linear, rules)
        answers = features @ self._last.weights + self._last.bias
        if not np.isfinite(answers).all():
            raise ValueError("a model answered with something that is no number")
        asked = _logistic(answers[:, : heads.YES_OR_NO])
        at_least = np.minimum.accumulate(asked[:, heads.SEVERITY_AT], axis=1).tolist()
        labels = asked[:, heads.LABELS_AT].tolist()
        intents, routes, targets = (_chosen(answers[:, columns]).tolist() for columns in heads.CHOICES)
        differ = _far_apart(encoder, linear)
        return [
            Opinion(
                abuse=float(asked[at, heads.ABUSE]),
                severity={Severity.NONE: 1.0, **dict(zip(heads.STEPS, at_least[at], strict=True))},
                labels=dict(zip(heads.LABELS, labels[at], strict=True)),
                intent=dict(zip(heads.INTENTS, intents[at], strict=True)),
                route=dict(zip(heads.ROUTES, routes[at], strict=True)),
                target=dict(zip(heads.TARGETS, targets[at], strict=True)),
                parts_differ=bool(differ[at]),
                loudest=partial(self._loudest, each),
            )
            for at, each in enumerate(plain)
        ]

    def _loudest(self, plain: ModelText) -> tuple[int, int]:
        """Return the stretch of the original that speaks loudest for urgency, by the linear weights."""
        if not plain.text:
            return 0, 0
        stretch = _loudest_stretch(self._linear.weights_at(plain.text, heads.URGENT))
        return plain.original(*_whole_words(plain.text, *stretch))


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


_STRETCH = 24
_FAR = 4.0


def _loudest_stretch(weights: Logits) -> tuple[int, int]:
    """Return the run of characters with the largest sum of weights, each lowered a little to stay short.

    It ends where the running sum stands highest above its lowest point before (Kadane's algorithm).
    """
    sums = np.concatenate([[0.0], np.cumsum(weights - max(0.0, float(weights.mean())))])
    rise = sums - np.minimum.accumulate(sums)
    end = int(rise.argmax())
    if end == 0:
        return 0, min(_STRETCH, len(weights))
    return int(sums[: end + 1].argmin()), end


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch without cut words: nobody can read half of one."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def _far_apart(encoder: Logits | None, linear: Logits) -> npt.NDArray[np.bool_]:
    """Say for each text whether encoder and linear model, each alone, hold opposite views of its urgency."""
    if encoder is None:
        return np.zeros(len(linear), dtype=np.bool_)
    one, other = encoder[:, heads.URGENT], linear[:, heads.URGENT]
    return np.asarray((np.abs(one - other) > _FAR) & ((one > 0) != (other > 0)))


def _logistic(logits: Logits) -> Logits:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)


def _chosen(logits: Logits) -> Logits:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)
