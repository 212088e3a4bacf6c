"""How we write, as far as a machine can see it and ruff does not look."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house import faults
from tests.house.faults import Fault

MODULE_LINES, FUNCTION_LINES = 400, 60

LONGER_FOR_A_REASON = {
    "store/migrations/versions/0001_first_tables.py::upgrade": "a migration reads from top to bottom",
}
"""Files, or functions as ``file::name``, that are longer and why one piece reads better than two."""

VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "handlers", "stuff"}

EVERYWHERE = (faults.mocks, faults.swallowed_errors, faults.naive_times, faults.no_docstring)
IN_ROOMS = (faults.actors_made_at_import, faults.no_lazy_annotations)


@pytest.fixture(scope="session")
def trees(root: Path, our_python: tuple[Path, ...]) -> dict[str, ast.Module]:
    """Return the syntax tree of every Python file, by its path in the project."""
    return {
        path.relative_to(root).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in our_python
    }


@pytest.mark.parametrize("fault", EVERYWHERE, ids=lambda fault: fault.__name__)
def test_no_file_has(fault: Fault, trees: dict[str, ast.Module]) -> None:
    """No Python file of the project has this fault."""
    assert [f"{name}:{line}" for name, tree in trees.items() for line in fault(tree)] == []


@pytest.mark.parametrize("fault", IN_ROOMS, ids=lambda fault: fault.__name__)
def test_no_file_but_run_py_has(fault: Fault, trees: dict[str, ast.Module]) -> None:
    """No module or test has this fault; run.py must be readable by old Pythons and stands outside."""
    inside = {name: tree for name, tree in trees.items() if name != "run.py"}
    assert [f"{name}:{line}" for name, tree in inside.items() for line in fault(tree)] == []


def test_no_file_is_called_vaguely(trees: dict[str, ast.Module]) -> None:
    """A file's name says what is in it, and so keeps out what is not."""
    assert [name for name in trees if Path(name).stem in VAGUE or Path(name).parent.name in VAGUE] == []


def test_files_and_functions_stay_small(
    root: Path, trees: dict[str, ast.Module], rooms: tuple[str, ...]
) -> None:
    """What grew beyond the aim is listed with its reason, and the list holds nothing else."""
    long = set()
    for name, tree in trees.items():
        if name.split("/", 1)[0] in rooms:
            if len((root / name).read_text(encoding="utf-8").splitlines()) > MODULE_LINES:
                long.add(name)
            long |= {f"{name}::{function}" for function in faults.long_functions(tree, FUNCTION_LINES)}
    assert long == set(LONGER_FOR_A_REASON)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.mocks, "from unittest import mock"),
        (faults.mocks, "import unittest.mock as m"),
        (faults.mocks, "from unittest.mock import patch"),
        (faults.swallowed_errors, "try:\n    a()\nexcept Exception:\n    pass"),
        (faults.swallowed_errors, "for b in c:\n    try:\n        a()\n    except:\n        continue"),
        (faults.swallowed_errors, "try:\n    a()\nexcept (ValueError, Exception):\n    ..."),
        (faults.swallowed_errors, "with contextlib.suppress(Exception):\n    a()"),
        (faults.naive_times, "datetime.now()"),
        (faults.naive_times, "datetime.datetime.utcnow()"),
        (faults.naive_times, "date.today()"),
        (faults.actors_made_at_import, "@dramatiq.actor(queue_name='score')\ndef a() -> None: ..."),
        (faults.no_docstring, "import os"),
        (faults.no_lazy_annotations, "'''Words.'''\nimport os"),
    ],
)
def test_a_fault_is_seen(fault: Fault, code: str) -> None:
    """Each question finds the fault that it asks about."""
    assert list(fault(ast.parse(code)))


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.mocks, "import unittest\nfrom mockery import song"),
        (faults.swallowed_errors, "try:\n    a()\nexcept FileNotFoundError:\n    pass"),
        (faults.swallowed_errors, "try:\n    a()\nexcept Exception as error:\n    log(error)"),
        (faults.naive_times, "datetime.now(UTC)\nports.now()\ncalendar.today"),
        (faults.no_lazy_annotations, "'''Words.'''"),
        (faults.no_lazy_annotations, "'''Words.'''\nfrom __future__ import annotations\nimport os"),
    ],
)
def test_what_is_no_fault_is_not_seen(fault: Fault, code: str) -> None:
    """No question cries at what is right."""
    assert list(fault(ast.parse(code))) == []


def test_length_is_counted_in_lines() -> None:
    """A function of 61 lines is longer than 60."""
    code = "def long():\n" + "    a()\n" * 60 + "def short():\n" + "    a()\n" * 59
    assert list(faults.long_functions(ast.parse(code), 60)) == ["long"]
