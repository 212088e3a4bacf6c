"""The letters of a text message, and names made short enough for one."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterator

from notifications.cleaning import clean_line

SEGMENT = 160
"""Septets of one text message in the GSM 03.38 alphabet. More would travel in pieces, and cost more."""

ALPHABET = frozenset(string.ascii_letters + string.digits + " !\"#$%&'()*+,-./:;<=>?@_")
"""What is both ASCII and one septet of GSM 03.38. Brackets such as [] and {} would count as two."""

_SHORTEST_NAME = 12
"""Letters that the first words of a school's name must have to say which school it is."""

_MOST_INITIALS = 8
_LOOKS_LIKE = str.maketrans(
    {
        "€": "EUR",
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−~", "-"),
        **dict.fromkeys("[{", "("),
        **dict.fromkeys("]}", ")"),
        **dict.fromkeys("\\|⁄", "/"),
        **dict(zip("ÆæŒœØøŁłĐđÐðÞþßı", "Ae ae Oe oe O o L l D d D d Th th ss i".split(), strict=True)),
    }
)


def plain(text: str) -> str:
    """Return ``text`` in the letters of :data:`ALPHABET`: accents go, curly quotes become straight ones."""
    spelled = unicodedata.normalize("NFKD", clean_line(text).translate(_LOOKS_LIKE)).translate(_LOOKS_LIKE)
    return " ".join("".join(character for character in spelled if character in ALPHABET).split())


def one_segment(start: str, school: str, sentences: tuple[str, ...]) -> str:
    """Return the fullest of ``sentences`` that fits into one segment behind as much of the school's name.

    A sentence is never cut, so that what it ends in stays whole. The last one must fit by itself.
    """
    fitting = (
        text
        for sentence in sentences
        for name in _shorter_and_shorter(plain(school))
        if len(text := start + (f"{name}: {sentence}" if name else sentence[:1].upper() + sentence[1:]))
        <= SEGMENT
    )
    return next(fitting)


def _shorter_and_shorter(name: str) -> Iterator[str]:
    """Yield the whole name, then fewer of its words, then its initials, then nothing."""
    words = name.split()
    yield name
    for kept in range(len(words) - 1, 0, -1):
        if len(shorter := " ".join(words[:kept]).rstrip(" ,.-(&")) >= _SHORTEST_NAME:
            yield shorter
    yield "".join(word[0] for word in words if word[0].isalnum())[:_MOST_INITIALS].upper()
    yield ""
