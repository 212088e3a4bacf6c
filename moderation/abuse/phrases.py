"""A small language for phrases: easier to read and to check than regular expressions, and never slow.

=============  ======================================================================
``word``       that word
``can't``      with or without the apostrophe
``threat*``    that beginning, up to eight more letters
``_``          any word
``(a|b c)``    one of these
``[so|very]``  one of these, or nothing
``<you>``      one of a list of :data:`moderation.abuse.lists.LISTS`
``[<your>]``   a list, or nothing
``~``          up to four words of the same sentence in between
``~~``         up to eight words in between, into the next sentence if need be
=============  ======================================================================

Words are parted by anything that is not a letter. A phrase knows its *keys*: a text without one of
these words, and one of those that it must hold *besides*, cannot hold the phrase, so a text of everyday
words wakes only a few phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cache

from moderation.abuse.lists import LISTS

_ELEMENT = re.compile(r"\[[^\]]*\]|\([^)]*\)|<\w+>|\S+")
_WORD = re.compile(r"[a-z0-9]+|[^\x00-\x7f]")
_APART = r"[^\w]{1,4}"
_GAP = r"(?:[^\w.!?\n]{1,3}[\w']{1,24}){0,4}?"

_LONG_GAP = r"(?:[^\w\n]{1,4}[\w']{1,24}){0,8}?"

_EVERYDAY = frozenset(
    "a about after again all already always am an and any are as at be been being but by can could cos "
    "did do does doing don done dont for from get getting go going gonna got had has have havent having "
    "he her here him his how i id if ill im in is it its ive just know let like ll make me mine more my "
    "need no not now of off on one or our out over re really s school see she should so some such t take "
    "tell than that the their them then there they theyre this to today tomorrow too u up ur us ve very "
    "want was way we well were what when where which who whats why will with would year you "
    "your youre".split()
)

_GAPS = {"~": _GAP, "~~": _LONG_GAP}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase: the regular expression it stands for, and the words of which a text must hold one.

    ``besides`` are words of another part of the phrase, of which it must hold one too; empty: no other part.
    """

    source: str
    keys: frozenset[str]
    besides: frozenset[str] = frozenset()

    def may_stand_among(self, words: Set[str]) -> bool:
        """Say whether a text of these words may hold the phrase, given that it holds one of its keys."""
        return not self.besides or not self.besides.isdisjoint(words)

    def spans(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """Return where the phrase stands in ``text[start:end]``."""
        return [match.span() for match in compiled(self.source).finditer(text, start, end)]


@cache
def compiled(source: str) -> re.Pattern[str]:
    """Return the compiled expression; compiling waits until a text holds a key, so commands start at once."""
    return re.compile(source)


def phrases(block: str) -> tuple[str, ...]:
    """Return the phrases of a block of text: one a line; a line set in further goes on with it."""
    lines = [line for line in block.splitlines() if line.strip()]
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    found = list[str]()
    for line in lines:
        if line[margin] != " ":
            found.append(line.strip())
        else:
            found[-1] += ("" if found[-1].endswith("|") else " ") + line.strip()
    return tuple(found)


def phrase(text: str) -> Phrase:
    """Read one phrase of the small language.

    Raises:
        ValueError: no element of it has fixed words, so nothing could wake it.
    """
    source, keys = "", list[frozenset[str]]()
    started = False
    for element in _ELEMENT.findall(text):
        if element in _GAPS:
            source += _GAPS[element]
            continue
        optional = element.startswith("[")
        choices = _choices(element)
        body = "|".join(_expression(choice) for choice in choices)
        if optional:
            source += f"(?:{_APART}(?:{body}))?" if started else f"(?:(?:{body}){_APART})?"
            continue
        source += (_APART if started else "") + f"(?:{body})"
        started = True
        if (found := _keys(choices)) is not None:
            keys.append(found)
    if not keys:
        raise ValueError(f"nothing wakes the phrase {text!r}")
    rarest = sorted(keys, key=_commonness)
    return Phrase(rf"(?<!\w){source}(?!\w|'t)", rarest[0], rarest[1] if len(rarest) > 1 else frozenset())


def _choices(element: str) -> list[str]:
    inner = element[1:-1] if element[0] in "[(" else element
    return [word for choice in inner.split("|") for word in _listed(choice)]


def _listed(choice: str) -> list[str]:
    return LISTS[choice[1:-1]].split("|") if choice.startswith("<") else [choice]


def _expression(choice: str) -> str:
    words = []
    for word in choice.split():
        if word == "_":
            words.append(r"[\w']{1,24}")
            continue
        literal = re.escape(word).replace("'", "'?").replace(r"\*", r"\w{0,8}")
        words.append(literal)
    return _APART.join(words)


def _keys(choices: list[str]) -> frozenset[str] | None:
    """Return one word for each choice, the rarest; ``None`` when a choice has no fixed word."""
    keys = set[str]()
    for choice in choices:
        words = [word for word in choice.split() if "*" not in word and word != "_"]
        if not words:
            return None
        best = min(words, key=lambda word: (word.replace("'", "") in _EVERYDAY, -len(word)))
        if not (pieces := _WORD.findall(best)):
            return None
        keys.add(best.replace("'", ""))
        keys.add(min(pieces, key=lambda piece: (piece in _EVERYDAY, -len(piece))))
    return frozenset(keys)


def _commonness(keys: frozenset[str]) -> tuple[int, int]:
    return len(keys & _EVERYDAY), len(keys)


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Return every plain word that the phrases and their lists use: what hidden words may turn out to be."""
    found = set[str]()
    for text in texts:
        found.update(re.findall(r"[a-z]{2,}", text.replace("'", "")))
    return frozenset(found)
