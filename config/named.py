"""Names that have to lead somewhere in the same file, and what is said when they do not."""

from __future__ import annotations

from collections.abc import Iterable

from config.drafts import Draft
from config.problems import Problem, nearest, shown


def no_school(table: Draft, key: str, school_id: str, known: Iterable[str]) -> Problem:
    """Return the problem that ``key`` names a school that is none of the ``known`` ones."""
    return table.problem(
        key,
        f"There is no school {shown(school_id)}.",
        f"{nearest(school_id, known)}Use the id of one of the [[schools]] tables.",
    )


def nobody(table: Draft, key: str, name: str, known: Iterable[str]) -> Problem:
    """Return the problem that ``key`` names somebody who is none of the ``known`` people."""
    return table.problem(
        key,
        f"There is nobody called {shown(name)}.",
        f"{nearest(name, known)}Use the short names of [[people]] tables.",
    )


def works_at(person: Draft, school_id: str) -> bool:
    """Say whether somebody belongs to a school; who names no school belongs to all of them."""
    schools = person.get("schools", [])
    return not schools or school_id in schools
