"""What a model learns from: texts with the answers that are known of them, and what is not known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moderation.abuse import heads
from moderation.abuse.training.corpus import Message

UNKNOWN = -1.0
"""Stands where nobody has said what the answer is: nothing is learnt there."""


@dataclass(frozen=True, slots=True)
class Examples:
    """``answers[i]`` are the :data:`heads.WIDTH` answers of ``texts[i]``: 1 yes, 0 no, -1 not known."""

    texts: list[str]
    answers: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.texts)

    def __add__(self, other: Examples) -> Examples:
        return Examples(
            self.texts + other.texts,
            np.concatenate([self.answers, other.answers]),
            np.concatenate([self.weights, other.weights]),
        )

    def sample(self, count: int, seed: int) -> Examples:
        """Return ``count`` of the examples at most, drawn at random."""
        drawn = np.random.default_rng(seed).permutation(len(self))[:count]
        return Examples([self.texts[i] for i in drawn], self.answers[drawn], self.weights[drawn])

    def weighted(self, weight: float) -> Examples:
        """Return the same examples, each with its weight multiplied."""
        return Examples(self.texts, self.answers, self.weights * np.float32(weight))


def answers_of(message: Message) -> npt.NDArray[np.float32]:
    """Return everything that is known of a message of the corpus, in the order of the heads."""
    row = np.zeros(heads.WIDTH, dtype=np.float32)
    row[heads.ABUSE] = message.abuse
    for column, step in enumerate(heads.STEPS, heads.SEVERITY_AT.start):
        row[column] = message.severity >= step
    for column, label in enumerate(heads.LABELS, heads.LABELS_AT.start):
        row[column] = label in message.labels
    row[heads.INTENT_AT.start + heads.INTENTS.index(message.intent)] = 1
    row[heads.ROUTE_AT.start + heads.ROUTES.index(message.route)] = 1
    row[heads.TARGET_AT.start + heads.TARGETS.index(message.target)] = 1
    return row


def from_messages(messages: Sequence[Message]) -> Examples:
    """Return the examples that messages of the corpus make, each with weight 1."""
    return Examples(
        [message.text for message in messages],
        np.array([answers_of(message) for message in messages], dtype=np.float32).reshape(-1, heads.WIDTH),
        np.ones(len(messages), dtype=np.float32),
    )
