"""kill -9 between and within the pages of real connectors: nothing is lost and nothing is there twice."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from connectors.practice.identities import Platform
from tests.kill_between_pages import kill_many


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_killed_between_pages_the_store_holds_what_is_there(tmp_path: Path) -> None:
    """Ten kills, at any moment and between pages: then everything is there once, in its newest words."""
    outcome = kill_many(tmp_path, kills=10, chosen=20261117)
    assert outcome.kills == 10
    assert outcome.between >= 1
    assert outcome.items > 20
    assert set(outcome.differences) == set(Platform)
    assert not any(outcome.differences.values()), outcome.differences
