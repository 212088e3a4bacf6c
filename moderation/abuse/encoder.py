"""The encoder as it runs: texts are cut into stretches, and each is put before a session.

Session and tokenizer are given: this room opens no files. They are an ``onnxruntime.InferenceSession`` and a
``tokenizers.Tokenizer``, or anything that answers alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from moderation.abuse import heads
from moderation.abuse.opinion import Logits


class Session(Protocol):
    """What runs the network: ``ids`` and ``mask``, (texts, tokens), in; answers, (texts, WIDTH), out."""

    def run(self, output_names: None, input_feed: Mapping[str, npt.NDArray[np.int64]]) -> Sequence[Any]:
        """Return the outputs of the network."""


class Tokenizer(Protocol):
    """What cuts texts into the network's tokens."""

    def encode_batch(self, input: list[str], *, add_special_tokens: bool = True) -> Sequence[Any]:
        """Return for each text something with ``ids``."""

    def token_to_id(self, token: str) -> int | None:
        """Return the number of a token."""


_TOKENS = 94
_FIRST_STRETCHES = 4
_LAST_STRETCHES = 2


class StretchEncoder:
    """The encoder over a session: a long text is read in stretches.

    Raises:
        ValueError: the tokenizer lacks the marks that a text begins and ends with.
    """

    def __init__(self, session: Session, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._first, self._last = (_number(tokenizer, mark) for mark in ("[CLS]", "[SEP]"))

    def logits(self, texts: Sequence[str]) -> Logits:
        """Return the answers to model texts as logits, shape (texts, :data:`heads.WIDTH`).

        Of several stretches of a text, the loudest answers each question; the most urgent one chooses.
        """
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        found = np.empty((len(texts), heads.WIDTH), dtype=np.float32)
        for row, each in zip(found, encoded, strict=True):
            own = np.array([self._run([self._first, *part, self._last]) for part in _stretches(each.ids)])
            row[: heads.YES_OR_NO] = own[:, : heads.YES_OR_NO].max(axis=0)
            row[heads.YES_OR_NO :] = own[own[:, heads.URGENT].argmax(), heads.YES_OR_NO :]
        return found

    def _run(self, stretch: list[int]) -> Logits:
        """Run one stretch by itself.

        The network's small integers are scaled by the largest number in what runs together: in company a
        text's answers would depend on its neighbours. Alone they never change, and no padding is needed.
        """
        ids = np.array([stretch], dtype=np.int64)
        answers = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})[0]
        return np.asarray(answers[0], dtype=np.float32)


def _number(tokenizer: Tokenizer, mark: str) -> int:
    number = tokenizer.token_to_id(mark)
    if number is None:
        raise ValueError(f"the tokenizer does not know {mark}")
    return number


def _stretches(ids: list[int]) -> list[list[int]]:
    """Cut tokens into stretches the encoder can read; of a very long text only the beginning and the end."""
    cut = [ids[first : first + _TOKENS] for first in range(0, max(1, len(ids)), _TOKENS)]
    if len(cut) > _FIRST_STRETCHES + _LAST_STRETCHES:
        return cut[:_FIRST_STRETCHES] + cut[-_LAST_STRETCHES:]
    return cut
