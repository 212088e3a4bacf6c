"""The encoder over a session: stretches, and how their answers become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from moderation.abuse import heads
from moderation.abuse.encoder import StretchEncoder


@dataclass
class Words:
    """What a tokenizer gives for one text."""

    ids: list[int]


class LengthTokenizer:
    """A word is a token, and its length is its number."""

    def encode_batch(self, input: list[str], add_special_tokens: bool = True) -> Sequence[Words]:
        return [Words([len(word) for word in text.split()]) for text in input]

    def token_to_id(self, token: str) -> int | None:
        return {"[CLS]": 101, "[SEP]": 102}[token]


class LongestWord:
    """Answers every question with the longest word of what it is given; remembers what that was."""

    def __init__(self) -> None:
        self.given: list[list[int]] = []

    def run(self, output_names: None, input_feed: Mapping[str, npt.NDArray[np.int64]]) -> Sequence[Any]:
        self.given += input_feed["ids"].tolist()
        return [np.full((1, heads.WIDTH), input_feed["ids"][0, 1:-1].max(initial=0), dtype=np.float32)]


def test_each_text_is_run_alone_between_its_marks() -> None:
    """A text's answers cannot depend on what else is scored with it."""
    session = LongestWord()
    answers = StretchEncoder(session, LengthTokenizer()).logits(["aa bbb", "c"])
    assert session.given == [[101, 2, 3, 102], [101, 1, 102]]
    assert answers[:, 0].tolist() == [3, 1]


def test_the_loudest_stretch_of_a_long_text_answers() -> None:
    """A threat after a page of chatter counts as much as alone, and its stretch chooses desk and intent."""
    text = "hi " * 150 + "threatening"
    answers = StretchEncoder(LongestWord(), LengthTokenizer()).logits([text])
    assert answers[0, heads.URGENT] == len("threatening")
    assert answers[0, heads.ROUTE_AT.start] == len("threatening")


def test_of_a_very_long_text_beginning_and_end_are_read() -> None:
    """Twenty thousand characters cost no more than six stretches, and their end is among them."""
    session = LongestWord()
    answers = StretchEncoder(session, LengthTokenizer()).logits(["a " * 5_000 + "ending"])
    assert len(session.given) == 6
    assert answers[0, 0] == len("ending")


def test_an_empty_text_is_answered() -> None:
    """Nothing to read is still something to answer."""
    assert StretchEncoder(LongestWord(), LengthTokenizer()).logits([""]).shape == (1, heads.WIDTH)
