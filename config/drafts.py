"""The file as far as it could be read, so that one wrong value hides no other problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.problems import Problem, key_of

Place = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """One table of the file. Values that failed their own check are left out: they are reported already."""

    place: Place
    values: Mapping[str, Any]
    failed: frozenset[Place]

    def has(self, name: str) -> bool:
        """Say whether the setting stands in the table and passed its own check."""
        return name in self.values and self.is_sound(name)

    def lacks(self, name: str) -> bool:
        """Say whether the setting was left out (and that is not reported already)."""
        return name not in self.values and self.is_sound(name)

    def is_sound(self, name: str) -> bool:
        """Say whether nothing in the setting failed its own check."""
        place = (*self.place, name)
        return not any(one[: len(place)] == place for one in self.failed)

    def get(self, name: str, default: Any = None) -> Any:
        """Return the setting as TOML gave it, or ``default`` when it was left out or failed its check."""
        return self.values[name] if self.has(name) else default

    def table(self, name: str) -> Draft:
        """Return the table called ``name`` inside this one; an empty one when there is none."""
        inner = self.values.get(name)
        return Draft((*self.place, name), inner if isinstance(inner, dict) else {}, self.failed)

    def tables(self, name: str) -> tuple[Draft, ...]:
        """Return the tables of the list called ``name``; nothing when it is no list of tables."""
        inner = self.values.get(name)
        rows = inner if isinstance(inner, list) else []
        return tuple(
            Draft((*self.place, name, number), row, self.failed)
            for number, row in enumerate(rows)
            if isinstance(row, dict)
        )

    def problem(self, name: str, what: str, remedy: str) -> Problem:
        """Return a problem with the setting ``name`` of this table, or with the whole table for ``""``."""
        return Problem(key_of((*self.place, name) if name else self.place), what, remedy)
