"""A bench for every test of the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Return a bench whose settings file lies in the test's own folder."""
    return Bench(tmp_path)
