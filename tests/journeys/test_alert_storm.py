"""Many comments at once under one post: nobody is buried, and danger elsewhere is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.alert_storm import play


@pytest.mark.slow
def test_in_a_pile_on_a_cry_for_help_elsewhere_is_told_within_a_minute(tmp_path: Path) -> None:
    """And nobody gets more than is permitted, every case was told, and later messages count all of them."""
    outcome = play(tmp_path, 150, seconds=1.0, scoring="linear")
    assert all(seconds < 60 for seconds in outcome.told_after)
    assert outcome.needing > 25
    assert (outcome.beyond, outcome.untold, outcome.uncounted) == ([], [], [])
