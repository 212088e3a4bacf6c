"""What no file of the project may hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HOMES = re.compile(r"(?<![\w.])(/(home|Users)/(?!\w*(you|me|user|socialduty)\b)\w+/|[A-Z]:\\Users\\)")
"""Folders that exist on one person's machine only."""


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def test_no_file_names_a_folder_of_the_machine_it_was_written_on(
    root: Path, our_files: tuple[Path, ...]
) -> None:
    """The project works wherever it is put."""
    if root.parent == Path(root.anchor):
        pytest.skip("the project lies in the root folder, whose name is everywhere")
    here = f"{root.parent}/"
    assert [str(path.relative_to(root)) for path in our_files if here in _text_of(path)] == []


def test_no_file_names_a_persons_home(root: Path, our_files: tuple[Path, ...]) -> None:
    """Nobody's user name is written into the project."""
    found = {str(path.relative_to(root)): HOMES.findall(_text_of(path)) for path in our_files}
    assert {name: homes for name, homes in found.items() if homes and not name.endswith(".lock")} == {}


def test_every_text_ends_its_lines_like_the_others(root: Path, our_files: tuple[Path, ...]) -> None:
    """Lines end in one newline, the last one too; no tab or blank stands at the end of a line of Python."""
    texts = [
        path for path in our_files if path.suffix in {".py", ".toml", ".md", ".yml", ".html", ".typ", ".csv"}
    ]
    for path in texts:
        raw = path.read_bytes()
        if raw:
            assert b"\r\n" not in raw or path.suffix == ".csv", path.relative_to(root)
            assert raw.endswith(b"\n"), path.relative_to(root)
