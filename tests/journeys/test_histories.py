"""Histories by lot end with everything stored once, in its newest words, whatever went wrong meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from connectors.practice.identities import Platform
from tests.journeys.histories import play

EXAMPLES = int(os.environ.get("HISTORIES", "4"))
"""Histories for each platform. ``python tests/journeys/histories.py`` plays many more."""


@pytest.mark.slow
@pytest.mark.parametrize("platform", Platform)
def test_whatever_happens_the_store_holds_what_is_there(platform: Platform, tmp_path: Path) -> None:
    """Edits, deletions, late items, faults and deaths between pages lose, double and invent nothing."""
    play(platform, tmp_path, EXAMPLES, steps=15)
