"""Text made safe for a header or a line: an alert is never lost because of a character in it."""

from __future__ import annotations

import re
import unicodedata

_SEPARATORS = frozenset({"\n", "\r", "\t", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"})
_CUT = "…"
_BEFORE_COMBINING = 4
"""Combining marks allowed in a row; more than this is a stack that runs over other lines."""


def clean_line(text: str, limit: int | None = None) -> str:
    """Return ``text`` as one printable line, at most ``limit`` characters.

    1. Line ends of every kind, tabs and runs of spaces become one space.
    2. NUL, control, bidirectional and zero-width characters go; lone surrogates become U+FFFD.
    3. What is too long ends in "…".
    """
    line = " ".join("".join(_visible(text)).split())
    if limit is not None and len(line) > limit:
        return line[: limit - 1].rstrip() + _CUT
    return line


def clean_text(text: str) -> str:
    """Return ``text`` cleaned line by line, with plain ``\\n`` line ends."""
    return "\n".join(clean_line(line) for line in re.split(r"\r\n|[\n\r\x85\u2028\u2029]", text))


def _visible(text: str) -> list[str]:
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if character in _SEPARATORS or category == "Zs":
            kept.append(" ")
        elif category == "Cs":
            kept.append("\ufffd")
        elif category not in {"Cc", "Cf", "Cn", "Co"} and marks <= _BEFORE_COMBINING:
            kept.append(character)
    return kept
