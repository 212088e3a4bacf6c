"""Signs that tell only together: two harmless things, near each other, that are not harmless as a pair."""

from __future__ import annotations

from collections.abc import Iterator

from moderation.abuse.phrases import Phrase, phrase, phrases
from moderation.abuse.reading import Reading

_MOST = 12
"""How many places of each kind are looked at; a text with more of them shows the pair early enough."""


class Together:
    """Finds a place of ``first`` and one of ``second`` at most ``within`` characters apart, in any order.

    Both are blocks of the small language. ``texts`` are all their phrases: the words in them are words
    that a hidden word may turn out to be.
    """

    def __init__(self, first: str, second: str, *, within: int = 160) -> None:
        self.texts = (*phrases(first), *phrases(second))
        self._first = tuple(phrase(text) for text in phrases(first))
        self._second = tuple(phrase(text) for text in phrases(second))
        self._keys = (_keys(self._first), _keys(self._second))
        self._within = within

    def __call__(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """Yield the stretch from the one place to the other, once for each place of the first kind."""
        if any(keys.isdisjoint(reading.words) for keys in self._keys):
            return
        others = _places(self._second, reading)
        for start, end in _places(self._first, reading) if others else ():
            near = [each for each in others if max(each[0] - end, start - each[1]) <= self._within]
            if near:
                other = min(near, key=lambda place: abs(place[0] - start))
                yield min(start, other[0]), max(end, other[1])


def _keys(block: tuple[Phrase, ...]) -> frozenset[str]:
    return frozenset().union(*(each.keys for each in block))


def _places(block: tuple[Phrase, ...], reading: Reading) -> list[tuple[int, int]]:
    found = list[tuple[int, int]]()
    for each in block:
        if not each.keys.isdisjoint(reading.words) and each.may_stand_among(reading.words):
            found += list(each.spans(reading.text, 0, len(reading.text)))[:_MOST]
    return sorted(found)[:_MOST]
