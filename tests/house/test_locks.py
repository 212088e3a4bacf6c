"""The three lock files: what runs, what tests, what checks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TO_RUN, TO_TEST, TO_CHECK = "requirements.lock", "tests/requirements.lock", ".ci/requirements.lock"

EXTRAS = {TO_RUN: (), TO_TEST: ("test",), TO_CHECK: ("test", "check")}
"""The optional dependencies that each lock file fulfils besides the plain ones."""

_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Locked:
    """One pinned distribution, where it is wanted, and how many files of it are allowed."""

    version: str
    marker: Marker | None
    hashes: int


def _read(path: Path) -> dict[str, list[Locked]]:
    """Return what a lock file pins, by name; anything that is neither a pin nor a hash fails the test."""
    pins: dict[str, list[Locked]] = {}
    for entry in path.read_text(encoding="utf-8").replace("\\\n", "").splitlines():
        requirement, *hashes = re.split(r"\s+(?=--)", entry.strip())
        assert all(_HASH.fullmatch(option) for option in hashes), f"more than hashes: {requirement}"
        wanted = Requirement(requirement)
        assert wanted.url is None, f"an address: {requirement}"
        [pin] = list(wanted.specifier)
        assert pin.operator == "==", f"not pinned to one version: {requirement}"
        locked = Locked(pin.version, wanted.marker, len(hashes))
        pins.setdefault(canonicalize_name(wanted.name), []).append(locked)
    return pins


@pytest.fixture(scope="session")
def locks(root: Path) -> dict[str, dict[str, list[Locked]]]:
    """Return what each lock file pins."""
    return {lock: _read(root / lock) for lock in EXTRAS}


@pytest.mark.parametrize("lock", EXTRAS)
def test_a_lock_fulfils_what_the_project_asks_for(
    lock: str, locks: dict[str, dict[str, list[Locked]]], pyproject: dict[str, Any]
) -> None:
    """Every dependency is pinned to a version that pyproject.toml allows."""
    project = pyproject["project"]
    asked = [*project["dependencies"]]
    for extra in EXTRAS[lock]:
        asked += project["optional-dependencies"][extra]
    for line in asked:
        wanted = Requirement(line)
        pins = locks[lock].get(canonicalize_name(wanted.name), [])
        assert pins, f"{wanted.name} is not in {lock}"
        assert all(wanted.specifier.contains(pin.version) for pin in pins), line


@pytest.mark.parametrize("lock", EXTRAS)
def test_every_pin_has_its_hashes(lock: str, locks: dict[str, dict[str, list[Locked]]]) -> None:
    """Nothing can be installed that was not looked at when it was locked."""
    assert [name for name, pins in locks[lock].items() if not all(pin.hashes for pin in pins)] == []


@pytest.mark.parametrize("lock", EXTRAS)
def test_a_lock_names_no_address(lock: str, root: Path) -> None:
    """Where packages come from is each machine's own setting."""
    text = (root / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash=)", text, re.MULTILINE)


@pytest.mark.parametrize(("smaller", "larger"), [(TO_RUN, TO_TEST), (TO_TEST, TO_CHECK)])
def test_what_is_tested_is_what_runs(
    smaller: str, larger: str, locks: dict[str, dict[str, list[Locked]]]
) -> None:
    """The larger lock holds the smaller one pin by pin, so one environment can fulfil both."""
    assert locks[smaller].items() <= locks[larger].items()
