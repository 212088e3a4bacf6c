"""A larger model teaches the small one. It is too slow to ship, but it can be asked about any text.

What it makes of a text says more than yes or no, and of texts that nobody has labelled it says something at
all. Source: Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from moderation.abuse import heads
from moderation.abuse.training.examples import UNKNOWN, Examples

Answers = npt.NDArray[np.float32]

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\s*\n\s*")
_FEWEST_WORDS = 4
_MOST_WORDS = 60


def chances(logits: npt.NDArray[np.float32]) -> Answers:
    """Return logits as answers: a probability each, those of one choice adding up to 1."""
    found = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    for columns in heads.CHOICES:
        raised = np.exp(logits[:, columns] - logits[:, columns].max(axis=1, keepdims=True))
        found[:, columns] = raised / raised.sum(axis=1, keepdims=True)
    return np.asarray(found, dtype=np.float32)


def softened(examples: Examples, taught: Answers) -> Examples:
    """Return the examples with the mean of the answers known and those taught; those alone where none was."""
    known = examples.answers != UNKNOWN
    for columns in heads.CHOICES:
        known[:, columns] = examples.answers[:, columns].max(axis=1, keepdims=True) > 0
    answers = np.where(known, (examples.answers + taught) / 2, taught)
    return Examples(examples.texts, answers.astype(np.float32), examples.weights)


def unlabelled(texts: Sequence[str]) -> Examples:
    """Return examples of which nothing is known."""
    answers = np.full((len(texts), heads.WIDTH), UNKNOWN, dtype=np.float32)
    return Examples(list(texts), answers, np.ones(len(texts), dtype=np.float32))


def recombined(texts: Sequence[str], count: int, seed: int) -> list[str]:
    """Return ``count`` texts at most that are made of these: single sentences, and halves of two joined.

    Nobody wrote them, so only the teacher can say what they are worth.
    """
    random = np.random.default_rng(seed)
    split = [[part for part in _SENTENCE.split(text) if part.strip()] for text in texts]
    sentences = [
        part for parts in split if len(parts) > 1 for part in parts if len(part.split()) >= _FEWEST_WORDS
    ]
    joined = list[str]()
    for one, other in zip(random.permutation(len(split)), random.permutation(len(split)), strict=True):
        first, last = split[one], split[other]
        text = " ".join([*first[: (len(first) + 1) // 2], *last[len(last) // 2 :]])
        if len(text.split()) <= _MOST_WORDS:
            joined.append(text)
    found = sorted((set(sentences) | set(joined)) - set(texts))
    return [found[at] for at in random.permutation(len(found))[:count]]
