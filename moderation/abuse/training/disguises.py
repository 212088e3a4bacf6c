"""Disguises: what people do to a word to slip it past a filter, done to texts while learning."""

from __future__ import annotations

import numpy as np

_LOOKALIKES = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7", "b": "8", "g": "9"}
_HOMOGLYPHS = {"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "x": "х", "i": "і", "y": "у"}
_NEIGHBOURS = dict(
    zip("qwertyuiopasdfghjklzxcvbnm", "wertyuioplsdfghjklkxcvbnmn", strict=True)
)  # the next key on a British keyboard


def disguised(text: str, random: np.random.Generator) -> str:
    """Return the text with one to three of its words disguised or mistyped."""
    words = text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) >= 3 and word.isascii()]
    if not long:
        return text
    for at in random.choice(long, size=min(len(long), int(random.integers(1, 4))), replace=False):
        words[at] = _WAYS[int(random.integers(len(_WAYS)))](words[at], random)
    return " ".join(words)


def _in_digits(word: str, random: np.random.Generator) -> str:
    swaps = [(at, _LOOKALIKES[letter]) for at, letter in enumerate(word.lower()) if letter in _LOOKALIKES]
    for at, signs in swaps:
        if random.random() < 0.6:
            word = word[:at] + signs[int(random.integers(len(signs)))] + word[at + 1 :]
    return word


def _in_other_letters(word: str, random: np.random.Generator) -> str:
    return "".join(_HOMOGLYPHS.get(c, c) if random.random() < 0.5 else c for c in word)


def _spaced(word: str, random: np.random.Generator) -> str:
    return str(random.choice([" ", ".", "-", "_"])).join(word)


def _masked(word: str, random: np.random.Generator) -> str:
    at = int(random.integers(1, len(word) - 1)) if len(word) > 2 else 1
    return word[:at] + "*" + word[at + 1 :]


def _drawn_out(word: str, random: np.random.Generator) -> str:
    at = int(random.integers(len(word)))
    return word[:at] + word[at] * int(random.integers(3, 6)) + word[at + 1 :]


def _without_a_letter(word: str, random: np.random.Generator) -> str:
    at = int(random.integers(1, len(word)))
    return word[:at] + word[at + 1 :]


def _swapped(word: str, random: np.random.Generator) -> str:
    at = int(random.integers(len(word) - 1))
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _slipped(word: str, random: np.random.Generator) -> str:
    at = int(random.integers(len(word)))
    return word[:at] + _NEIGHBOURS.get(word[at].lower(), word[at]) + word[at + 1 :]


_WAYS = (
    _in_digits, _in_other_letters, _spaced, _masked, _drawn_out,
    _without_a_letter, _without_a_letter, _swapped, _swapped, _slipped, _slipped,
)  # fmt: skip
