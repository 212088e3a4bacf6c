"""Disguises undone, word by word, and only where a known word comes out.

``k1ll``, ``k i l l``, ``kiiill``, ``f**k``, ``di©k``: year groups, times, postcodes and names keep
their shape.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product

from moderation.abuse.normalise import emoji, hashtags, spellings
from moderation.abuse.normalise.traced import Edit, Normalised

_STAND_IN = "©®⭕❌✝€¢"
SUSPECT = re.compile(
    rf"[a-z][0-9@$!|*#%_.{_STAND_IN}]{{1,8}}[a-z]|[0-9@${_STAND_IN}][a-z]{{2}}|([a-z])\1\1|[a-z][*#]|"
    rf"[a-z]{{2}}(?:[${_STAND_IN}]|[0-9]{{2}}(?!\w))|(?<!\w)[a-z][\s.,*/|~_-]{{1,2}}[a-z](?!\w)"
)
_LEET = (
    str.maketrans(f"0134578@$!|9{_STAND_IN}", "oieastbasilg" + "croxtec"),
    str.maketrans(f"0134578@$!|9{_STAND_IN}", "oleastbaslig" + "croxtec"),
)
_TWO_WAYS = re.compile(r"[1!|]")
_HIDDEN = re.compile(rf"[a-z0-9@$!|*#%_.{_STAND_IN}]{{1,40}}")
_SPACED = re.compile(
    r"(?<![\w'])(?:[a-z0-9@$!][\s.,*/|~_-]{1,2}){2,200}[a-z0-9@$!](?![\w'])",
    re.ASCII,
)
_SPACED_WORD = re.compile(r"\S(?:\S|\s(?=\S))*")
_LATIN = re.compile(r"[a-z]")
_NOT_LEET = re.compile(r"[^a-z0-9@$!]")
THRICE = re.compile(r"([a-z])\1{2,}")
_RUN = re.compile(r"([a-z])\1*")
_MASK = re.compile(r"[*#%@$!_.]+")
_GRADE = re.compile(r"[a-e]\*+s?$")
_TAG = re.compile(r"#([a-z]{5,48})(?![a-z])")

_LONGEST_MASKED = 16
_MOST_RUNS = 4
_ALSO_MASKED = (
    "kill killed killing kills rape raped rapist suicide murder porn nudes nude paedo pedo nonce stab".split()
)


class Vocabulary:
    """The words that hidden ones may turn out to be: ``known`` for all, ``maskable`` for ``f**k`` and kin."""

    def __init__(self, known: Iterable[str], maskable: Sequence[str]) -> None:
        self.known = frozenset(known)
        self._maskable = maskable
        self._masked: dict[str, list[str]] = defaultdict(list)
        for word in (*maskable, *(word for word in _ALSO_MASKED if word in self.known)):
            self._masked[word[0]].append(word)

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Other spellings of words that are known: text speak, dialect and doubled letters."""
        return _doubled(self._maskable, self.known) | spellings.unknown_to(self.known)

    @cached_property
    def costs(self) -> dict[str, float]:
        """What each word costs in a run of letters without spaces."""
        return hashtags.costs_of(self.known)

    def behind(self, token: str) -> str | None:
        """Return the word that hides behind ``token``, ``None`` when it seems to be what it is."""
        token = token.strip("._!")
        if not _LATIN.search(token) or (token.isalpha() and token.isascii() and not THRICE.search(token)):
            return None
        for leet in _LEET if _TWO_WAYS.search(token) else _LEET[:1]:
            swapped = token.translate(leet)
            for form in dict.fromkeys((swapped, _joined(swapped))):
                if (word := squeezed(form, self.known)) is not None and word != token:
                    return word
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


def _doubled(words: Iterable[str], known: frozenset[str]) -> dict[str, str]:
    """Return each word with one letter doubled, as in ``biitch``, where that is no other word."""
    long = [word for word in words if len(word) >= 4]
    pairs = ((word[:i] + word[i] + word[i:], word) for word in long for i in range(len(word)))
    return {doubled: word for doubled, word in pairs if doubled not in known}


def squeezed(token: str, known: frozenset[str], shortest: int = 3) -> str | None:
    """Return the known word that ``token`` draws out, its repeated letters being one or two, or ``None``."""
    if len(token) < shortest:
        return None
    if token in known:
        return token
    runs = [match[0] for match in _RUN.finditer(token)]
    if "".join(runs) != token:
        return None
    drawn = sum(len(run) > 1 for run in runs)
    if not drawn:
        return None
    if drawn > _MOST_RUNS:
        choices: Iterable[tuple[int, ...]] = ((2,) * drawn, (1,) * drawn)
    else:
        choices = product((2, 1), repeat=drawn)
    for sizes in choices:
        left = iter(sizes)
        word = "".join(run[: next(left)] if len(run) > 1 else run for run in runs)
        if len(word) >= shortest and word in known:
            return word
    return None


def unmask(cleaned: Normalised, vocabulary: Vocabulary) -> Normalised:
    """Return the text with hidden words made plain and other spellings read, the rest untouched.

    1. Hashtags are taken apart into words.
    2. Emoji that stand for a word in a sentence become it.
    3. Spaced, masked, drawn-out and digit-ridden words become plain where a known word comes out.
    4. Text speak and dialect become the words that the rules know.
    """
    reading = cleaned
    if "#" in reading.text:
        reading = reading.edited(_tags_apart(reading.text, vocabulary))
    if not reading.text.isascii():
        reading = reading.edited(emoji.stand_ins(reading.text))
    reading = undisguised(reading, reading.text, vocabulary)
    return reading.edited(spellings.edits(reading.text, vocabulary.spellings))


def _tags_apart(text: str, vocabulary: Vocabulary) -> Iterator[Edit]:
    for tag in _TAG.finditer(text):
        yield from hashtags.apart(tag.start(1), hashtags.words_in(tag[1], vocabulary.costs))


def undisguised(before: Normalised, lower: str, vocabulary: Vocabulary) -> Normalised:
    """Return the text with hidden words made plain; ``lower`` is the same text in small letters."""
    if not SUSPECT.search(lower):
        return before
    edits = [*_spaced_words(lower, vocabulary)]
    taken = iter([*edits, (len(lower) + 1, len(lower) + 1, "")])
    start, end, _ = next(taken)
    hidden = list[Edit]()
    drawn = THRICE.search(lower) is not None
    for match in _HIDDEN.finditer(lower):
        if not drawn and match[0].isalpha() and match[0].isascii():
            continue
        while end <= match.start():
            start, end, _ = next(taken)
        if start < match.end():
            continue
        if (word := vocabulary.behind(match[0])) is not None:
            shouted = before.text[match.start() : match.end()].isupper()
            hidden.append((*match.span(), word.upper() if shouted else word))
    return before.edited(sorted(edits + hidden))


def _spaced_words(text: str, vocabulary: Vocabulary) -> Iterator[Edit]:
    for match in _SPACED.finditer(text):
        for part in _SPACED_WORD.finditer(match[0]):
            bare = _NOT_LEET.sub("", part[0])
            for leet in _LEET:
                letters = bare.translate(leet)
                word = letters if letters in vocabulary.known else _spaced_sentence(letters, vocabulary)
                if len(letters) > 2 and word:
                    yield match.start() + part.start(), match.start() + part.end(), word
                    break


def _spaced_sentence(letters: str, vocabulary: Vocabulary) -> str:
    """Return the words that letters spaced all alike make up, where one is long and known: else nothing."""
    words = hashtags.words_in(letters, vocabulary.costs)
    if any(len(word) > 3 and word in vocabulary.known for word in words):
        return " ".join(words)
    return ""
