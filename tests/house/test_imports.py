"""Who may import whom."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

LINT = (
    "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True, no_logo=True))"
)


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of the pyproject.toml in ``folder`` on the rooms in ``folder``."""
    # PYTHONPATH goes before the installed path, which leads to the real rooms
    return subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_imports_point_down(root: Path) -> None:
    """Every import keeps the contracts in pyproject.toml."""
    result = _lint(root)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


def test_an_import_that_points_up_is_caught(root: Path, tmp_path: Path, rooms: tuple[str, ...]) -> None:
    """The check sees what it should: a pure room that reads settings and the system breaks two contracts."""
    shutil.copy(root / "pyproject.toml", tmp_path)
    for room in rooms:
        shutil.copytree(root / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "moderation" / "astray.py").write_text("import os\n\nimport config\n", encoding="utf-8")
    result = _lint(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "2 broken" in result.stdout
