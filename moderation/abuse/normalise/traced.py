"""A changed text that still knows where each of its characters stood in the original."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Edit = tuple[int, int, str]
"""What stands from the first to before the second place becomes the third."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text as scoring reads it. Its character ``i`` came from ``positions[i]`` to before ``ends[i]``."""

    text: str
    positions: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def unchanged(cls, text: str) -> Normalised:
        """Return the text as it is."""
        return cls(text, range(len(text)), range(1, len(text) + 1))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the characters of the original from which ``text[start:end]`` came."""
        if start >= end:
            return (0, 0)
        return self.positions[start], self.ends[end - 1]

    def respelt(self, text: str) -> Normalised:
        """Return another text of the same length in this one's place, character for character."""
        return Normalised(text, self.positions, self.ends)

    def edited(self, edits: Iterable[Edit]) -> Normalised:
        """Return the text with some places changed; the places come in order and do not overlap.

        A replacement as long as what it replaces keeps its characters' places; any other stands as a
        whole for the whole.
        """
        pieces, positions, ends, done = list[str](), list[int](), list[int](), 0
        for start, end, new in edits:
            pieces += [self.text[done:start], new]
            positions += self.positions[done:start]
            ends += self.ends[done:start]
            if len(new) == end - start:
                positions += self.positions[start:end]
                ends += self.ends[start:end]
            elif new:
                positions += [self.positions[start]] * len(new)
                ends += [self.ends[end - 1]] * len(new)
            done = end
        if not done:
            return self
        pieces.append(self.text[done:])
        positions += self.positions[done:]
        ends += self.ends[done:]
        return Normalised("".join(pieces), positions, ends)
