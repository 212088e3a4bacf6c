"""Runs of letters without spaces, as in ``#killallteachers``, taken apart into words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from moderation.abuse.normalise.everyday import COMMON_FIRST
from moderation.abuse.normalise.traced import Edit

_WHOLE = frozenset(
    "therapist therapists assassin assassins analyst analysis arsenal cockpit cockerel peacock scunthorpe "
    "penistone essex sussex middlesex wessex grapefruit drapes scrape constitution classic classics pass "
    "passed bass grass glass mass assembly assess assessment assist association cumbria cumberland document "
    "dickens dickson hancock hitchcock babcock titan titanic title button buttons shiitake matsushita "
    "nightingale pakistan skillful saturday basement harassment embarrassment methane manslaughter together "
    "theatre also into without within upon everything nothing something anything somewhere".split()
)
"""Words that would fall into the wrong pieces."""

_LONGEST_RUN, _LONGEST_WORD = 48, 16
_SHORT = frozenset(
    "a i u am an as at be by do go he hi if in is it me my no of oh ok on or so to uk up ur us we".split()
)
_PER_WORD = 4.0


@cache
def _everyday_costs() -> dict[str, float]:
    words = [word for word in COMMON_FIRST if len(word) > 2 or word in _SHORT]
    return {word: math.log(rank + 20) for rank, word in enumerate(words)} | dict.fromkeys(_WHOLE, 0.0)


def costs_of(words: Iterable[str]) -> dict[str, float]:
    """Return what each word costs in a run: the everyday ones little, these others more."""
    rare = math.log(4 * len(COMMON_FIRST))
    return {word: rare for word in words if len(word) > 2} | _everyday_costs()


def words_in(run: str, costs: Mapping[str, float]) -> list[str]:
    """Return the likeliest words that make up all of a run of letters; none when nothing fits."""
    size = len(run)
    if run in costs or not 5 <= size <= _LONGEST_RUN:
        return []
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, size + 1):
        least, begin = math.inf, 0
        for start in range(max(0, end - _LONGEST_WORD), end):
            if best[start][0] < least and (cost := costs.get(run[start:end])) is not None:
                total = best[start][0] + cost + _PER_WORD
                if total < least:
                    least, begin = total, start
        best.append((least, begin))
    return [] if best[size][0] == math.inf else _followed_back(run, best)


def _followed_back(run: str, best: list[tuple[float, int]]) -> list[str]:
    words, end = list[str](), len(run)
    while end:
        words.append(run[best[end][1] : end])
        end = best[end][1]
    return words[::-1] if len(words) > 1 else []


def apart(place: int, words: list[str]) -> Iterator[Edit]:
    """Give the edits that put a space before each word but the first of a run that starts at ``place``."""
    for word in words:
        if word is not words[0]:
            yield place, place + 1, " " + word[0]
        place += len(word)
