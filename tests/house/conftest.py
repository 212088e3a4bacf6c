"""What the tests about the house itself look at."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

LEFT_BEHIND = {
    ".venv",
    ".git",
    "__pycache__",
    "data",
    "demo",
    "outbox",
    "reports",
    "secrets",
    "dist",
    "build",
}
"""Folders in which nothing of ours lies, for a copy that git knows nothing of."""


@pytest.fixture(scope="session")
def pyproject(root: Path) -> dict[str, Any]:
    """Return what pyproject.toml says."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def rooms(pyproject: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of our top-level packages."""
    return tuple(pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])


@pytest.fixture(scope="session")
def our_files(root: Path) -> tuple[Path, ...]:
    """Return every file that belongs to the project: what git keeps or would keep, else what lies here."""
    names = _names_by_git(root) or [path.relative_to(root).as_posix() for path in root.rglob("*")]
    paths = (root / name for name in names if not LEFT_BEHIND & set(Path(name).parts))
    return tuple(sorted(path for path in paths if path.is_file()))


@pytest.fixture(scope="session")
def our_python(our_files: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return every Python file of the project."""
    return tuple(path for path in our_files if path.suffix == ".py")


def _names_by_git(root: Path) -> list[str]:
    if not (root / ".git").exists() or shutil.which("git") is None:
        return []
    listing = subprocess.run(
        [
            "git",
            "-c",
            f"safe.directory={root}",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return listing.stdout.split("\0")[:-1]
