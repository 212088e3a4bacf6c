"""Nothing outside a connector asks for the platform's name: what differs is asked of the connector."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from connectors import registry

ROOMS = ("workers", "moderation", "store", "notifications", "console", "sla", "config")
WORDS_ONLY = {
    "config/tables.py": "the words of the settings file",
    "notifications/wording/lanes.py": "what people call the platforms",
}
"""Files that may name platforms, and why: none of them decides anything by the name."""

DISTINCT = tuple(name for name in registry.platforms() if name not in {"x", "feed", "manual"})
"""Names that are no ordinary words; the others are looked for where a platform is compared."""


def _strings(tree: ast.AST) -> list[str]:
    return [
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and type(node.value) is str
    ]


def _compared(tree: ast.AST) -> list[str]:
    """Return the words that something called platform is compared with."""
    found: list[str] = []
    for node in ast.walk(tree):
        sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
        if any("platform" in ast.unparse(side) for side in sides):
            found += [text for side in sides for text in _strings(side)]
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_decides_by_a_platforms_name(root: Path, room: str) -> None:
    """A platform is added in one file; nothing else has a branch for it."""
    for path in sorted((root / room).rglob("*.py")):
        place = path.relative_to(root).as_posix()
        if place in WORDS_ONLY or "/training/" in place:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {text for text in _strings(tree) if text in DISTINCT}
        assert named == set(), place
        assert [text for text in _compared(tree) if text in registry.platforms()] == [], place


def test_the_check_sees_a_branch() -> None:
    """The check itself can fail."""
    tree = ast.parse("if account.platform == 'x':\n    pass\n")
    assert _compared(tree) == ["x"]
