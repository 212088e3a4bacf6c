"""Normalising a text for scoring only: the original is what is kept, shown and quoted.

1. :func:`clean` makes one spelling of many: lower case, compatibility forms and accents folded (NFKC
   and more), invisible and direction-changing characters gone, look-alike letters of other alphabets
   and squared or regional letters read as Latin, one kind of quote mark. Emoji stay.
2. :func:`unmask` undoes hiding, word by word, and only where a word of ``known`` comes out: ``k1ll``,
   ``k i l l``, ``kiiill``, ``f**k``. So year groups, times, postcodes and names keep their shape.

Every step remembers where each character came from.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text as scoring reads it. ``positions[i]`` is where its character ``i`` stands in the original."""

    text: str
    positions: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the characters of the original from which ``text[start:end]`` came."""
        if start >= end:
            return (0, 0)
        return self.positions[start], self.positions[end - 1] + 1


_LOOK_ALIKES = {
    # Cyrillic, Greek and Armenian letters that are drawn like Latin ones
    "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "һ": "h", "і": "i", "ї": "i",
    "ј": "j", "к": "k", "ӏ": "l", "м": "m", "н": "h", "о": "o", "р": "p", "ԛ": "q", "ѕ": "s",
    "т": "t", "и": "n", "п": "n", "у": "y", "ү": "y", "ѵ": "v", "ԝ": "w", "х": "x", "г": "r",
    "я": "r", "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "μ": "u", "ν": "v",
    "ο": "o", "π": "n", "ρ": "p", "σ": "o", "ς": "s", "τ": "t", "υ": "u", "χ": "x", "ω": "w",
    "γ": "y", "ա": "w", "ո": "n", "ս": "u", "օ": "o", "հ": "h", "ց": "g", "ք": "p",
    # Latin letters that compatibility forms do not fold
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ß": "ss", "æ": "ae", "œ": "oe", "ɑ": "a",
    "ɡ": "g", "ɩ": "i", "ʟ": "l", "ɪ": "i", "ɴ": "n", "ʀ": "r", "ʙ": "b", "ɢ": "g", "ʜ": "h",
    "ᴀ": "a", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ᴊ": "j", "ᴋ": "k", "ᴍ": "m", "ᴏ": "o", "ᴘ": "p",
    "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ᴢ": "z", "ʏ": "y", "ꜱ": "s", "ꜰ": "f", "ⅼ": "l",
    "ǃ": "!", "∨": "v",
}  # fmt: skip
_QUOTES = {
    "‘": "'", "’": "'", "‛": "'", "ʼ": "'", "´": "'", "`": "'", "′": "'", "“": '"', "”": '"',
    "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-",
    "—": "-", "−": "-",
}  # fmt: skip
_SPACES = {"\n": "\n", **dict.fromkeys("\t\r\v\f\x00\x85", " ")}
_LATIN = re.compile(r"[a-z]")
_OTHER_ALPHABET = re.compile(r"[\u0370-\u058f][^\W\d_]*")


_DRAWN_LETTERS = ((0x1F1E6, " "), (0x1F130, ""), (0x1F150, ""), (0x1F170, ""))
"""Where the regional, squared and circled letters start. Flags are letters too, so those stand apart."""

_LONGEST_FOLD = 4
"""A few characters stand for a whole sentence; more than this would let a short text grow long."""


class _Folding(dict[str, str]):
    """What each character becomes, worked out at its first sight."""

    def __missing__(self, character: str) -> str:
        self[character] = folded = _fold(character)
        return folded


def _fold(character: str) -> str:
    if character in _QUOTES:
        return _QUOTES[character]
    if character in _SPACES:
        return _SPACES[character]
    if unicodedata.category(character) in {"Cf", "Mn", "Me", "Cc", "Cs"}:
        return ""
    for first, before in _DRAWN_LETTERS:
        if 0 <= ord(character) - first < 26:
            return before + chr(ord("a") + ord(character) - first)
    plain = unicodedata.normalize("NFKD", character).lower()
    kept = [c for c in plain if unicodedata.category(c) not in {"Mn", "Cf"}][:_LONGEST_FOLD]
    return "".join(c if "\u0370" <= c <= "\u058f" else _LOOK_ALIKES.get(c, c) for c in kept)


_folding = _Folding()
_ASCII_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


def clean(text: str) -> Normalised:
    """Return the text in one spelling; nothing is judged or guessed here."""
    if text.isascii():
        return Normalised(_ASCII_CONTROLS.sub(" ", text).lower(), range(len(text)))
    pieces, positions = [], list[int]()
    for position, folded in enumerate(map(_folding.__getitem__, text)):
        if folded:
            pieces.append(folded)
            if len(folded) == 1:
                positions.append(position)
            else:
                positions.extend([position] * len(folded))
    folded_text = "".join(pieces)
    if _LATIN.search(folded_text):  # A text all in another alphabet is not pretending to be Latin
        folded_text = _OTHER_ALPHABET.sub(_latin_look, folded_text)
    return Normalised(folded_text, positions)


def _latin_look(match: re.Match[str]) -> str:
    """Read a word of another alphabet as Latin when every letter has a Latin look: real words have not."""
    word = match[0]
    looks = [_LOOK_ALIKES.get(c, c) for c in word]
    return "".join(looks) if all(len(c) == 1 and c.isascii() for c in looks) else word


_SUSPECT = re.compile(
    r"[a-z][0-9@$!|*#%_.]{1,8}[a-z]|[0-9@$][a-z]{2}|([a-z])\1\1|[a-z][*#]|(?<!\w)[a-z][ .,*/|"
    r"~_-]{1,2}[a-z](?!\w)"
)
_LEET = str.maketrans("0134578@$!|", "oieastbasil")
_HIDDEN = re.compile(r"[a-z0-9@$!|*#%_.]{1,40}", re.ASCII)
_SPACED = re.compile(r"(?<![\w'])(?:[a-z0-9@$!][ .,*/|~_-]{1,2}){2,}[a-z0-9@$!](?![\w'])", re.ASCII)
_THRICE = re.compile(r"([a-z])\1{2,}")
_TWICE = re.compile(r"([a-z])\1+")
_MASK = re.compile(r"[*#%@$!_.]+")
_GRADE = re.compile(r"[a-e]\*+s?$")


_LONGEST_MASKED = 16


class Vocabulary:
    """The words that hidden ones may turn out to be: ``known`` for all, ``maskable`` for ``f**k`` and kin."""

    def __init__(self, known: Iterable[str], maskable: Sequence[str]) -> None:
        self.known = frozenset(known)
        self._masked: dict[str, list[str]] = defaultdict(list)
        for word in maskable:
            self._masked[word[0]].append(word)

    def behind(self, token: str) -> str | None:
        """Return the word that hides behind ``token``, ``None`` when it seems to be what it is."""
        token = token.strip("._!")
        if not _LATIN.search(token) or (token.isalpha() and not _THRICE.search(token)):
            return None
        swapped = token.translate(_LEET)
        for form in (swapped, _THRICE.sub(r"\1\1", swapped), _TWICE.sub(r"\1", swapped), _joined(swapped)):
            if form != token and form in self.known and len(form) > 2:
                return form
        return self._unmasked(token) if _MASK.search(token) else None

    def _unmasked(self, token: str) -> str | None:
        if not 3 <= len(token) <= _LONGEST_MASKED or _GRADE.match(token):
            return None
        bare = re.sub(r"[^a-z*#%@$!_.]", "", token)
        guesses = ["".join("." if _MASK.match(c) else c for c in bare)]
        if ("*" in token or "#" in token) and not _MASK.search(token[-1]):
            guesses.append(_MASK.sub(".{1,5}", bare))
        for guess in guesses:
            for word in self._masked.get(bare[:1], ()):
                if re.fullmatch(guess, word):
                    return word
        return None


def _joined(token: str) -> str:
    return re.sub(r"[^a-z]", "", token)


def unmask(cleaned: Normalised, vocabulary: Vocabulary) -> Normalised:
    """Return the text with hidden words made plain, the rest untouched."""
    if not _SUSPECT.search(cleaned.text):
        return cleaned
    edits = [*_spaced_words(cleaned.text, vocabulary)]
    taken = [(start, end) for start, end, _ in edits]
    for match in _HIDDEN.finditer(cleaned.text):
        token = match[0]
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        if (word := vocabulary.behind(token)) is not None:
            edits.append((match.start(), match.start() + len(token), word))
    return _edited(cleaned, sorted(edits)) if edits else cleaned


def _spaced_words(text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, int, str]]:
    for match in _SPACED.finditer(text):
        for part in re.finditer(r"\S(?:\S| (?=\S))*", match[0]):
            letters = re.sub(r"[^a-z0-9@$!]", "", part[0]).translate(_LEET)
            if len(letters) > 2 and letters in vocabulary.known:
                yield match.start() + part.start(), match.start() + part.end(), letters


def _edited(before: Normalised, edits: Iterable[tuple[int, int, str]]) -> Normalised:
    pieces, positions, done = [], list[int](), 0
    for start, end, word in edits:
        pieces += [before.text[done:start], word]
        positions += before.positions[done:start]
        inside = [before.positions[min(start + i, end - 1)] for i in range(len(word) - 1)]
        positions += [*inside, before.positions[end - 1]]
        done = end
    pieces.append(before.text[done:])
    positions += before.positions[done:]
    return Normalised("".join(pieces), positions)
