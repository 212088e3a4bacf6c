"""What the corpus must be: enough of every kind, no message twice, no real telephone number or address."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from zlib import crc32

import numpy as np

from moderation.abuse.training.corpus import Message, pairs
from moderation.assessment import Label

LEAST_MESSAGES = 12_000
LEAST_OF_A_LABEL = 350
LEAST_HARD_NEGATIVES = 3_000
LEAST_PAIRS = 1_500
LEAST_IMPLICIT_SHARE = 1 / 3
ALIKE = 0.7
"""Two messages whose four-letter pieces overlap by this share (Jaccard) are the same message."""

_PLANES = 48
_ROWS_OF_A_BAND = 3
_DRAMA = re.compile(
    r"07700900\d{3}|0(?:113|114|115|116|117|118|121|131|141|151|161)4960\d{3}|02079460\d{3}"
    r"|0191498\d{4}|02896496\d{3}|02890180\d{3}|02920180\d{3}|01632960\d{3}|08081570\d{3}|09098790\d{3}|03069990\d{3}"
)
_PHONE = re.compile(r"(?<!\d)0\d(?:[\s-]?\d){8,9}(?!\d)")


def missing(messages: Sequence[Message]) -> list[str]:
    """Say what the corpus has too little of, one sentence each; nothing where it has enough."""
    labels = Counter(label for message in messages for label in message.labels)
    positives = [message for message in messages if message.urgent or message.abuse]
    implicit = sum("i" in message.marks for message in positives)
    found = {
        "messages": (len(messages), LEAST_MESSAGES),
        "harmless messages": (len(messages) - len(positives), len(messages) * 0.45),
        "hard negatives": (sum(is_hard_negative(message) for message in messages), LEAST_HARD_NEGATIVES),
        "contrast pairs": (sum(1 for _ in pairs(messages)), LEAST_PAIRS),
        "implicit among the harmful": (implicit, len(positives) * LEAST_IMPLICIT_SHARE),
        **{f"messages with {label}": (labels[label], LEAST_OF_A_LABEL) for label in Label},
    }
    return [f"{what}: {have}, wanted {least:.0f}" for what, (have, least) in found.items() if have < least]


def is_hard_negative(message: Message) -> bool:
    """Say whether a message is harmless but looks otherwise, such as one that quotes somebody's abuse."""
    return not message.abuse and not message.urgent and bool(message.marks & {"h", "q"})


def near_duplicates(messages: Sequence[Message]) -> Iterator[tuple[Message, Message]]:
    """Yield every two messages that are too much alike. The two halves of a contrast pair may be.

    Candidates come from min-hashing (Broder 1997), so a rare pair just above the line may be overlooked.
    """
    shingles = [_shingles(message.text) for message in messages]
    for one, other in sorted(_candidates(shingles)):
        if messages[one].pair is not None and messages[one].pair == messages[other].pair:
            continue
        if _overlap(shingles[one], shingles[other]) >= ALIKE:
            yield messages[one], messages[other]


def telephone_numbers(messages: Iterable[Message]) -> Iterator[Message]:
    """Yield messages with a telephone number that is not one of those kept free for drama (Ofcom)."""
    for message in messages:
        numbers = [re.sub(r"\D", "", found) for found in _PHONE.findall(message.text)]
        if any(not _DRAMA.fullmatch(number) for number in numbers):
            yield message


def _shingles(text: str) -> frozenset[str]:
    plain = re.sub(r"\W+", " ", text.lower()).strip() or text
    return frozenset(plain[at : at + 4] for at in range(max(1, len(plain) - 3)))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def _candidates(shingles: Sequence[frozenset[str]]) -> set[tuple[int, int]]:
    """Return the places of pairs that share a band of their min-hash signatures."""
    random = np.random.default_rng(0)
    factors = random.integers(1, 1 << 31, _PLANES, dtype=np.uint64) | np.uint64(1)
    shifts = random.integers(0, 1 << 31, _PLANES, dtype=np.uint64)
    bands: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for at, each in enumerate(shingles):
        hashed = np.array([crc32(piece.encode("utf-8", "surrogatepass")) for piece in each], dtype=np.uint64)
        mixed = (hashed[:, None] * factors + shifts) % np.uint64(4_294_967_291)
        signature = mixed.min(axis=0)
        for band in range(0, _PLANES, _ROWS_OF_A_BAND):
            bands[band, signature[band : band + _ROWS_OF_A_BAND].tobytes()].append(at)
    return {pair for places in bands.values() for pair in combinations(places, 2)}
