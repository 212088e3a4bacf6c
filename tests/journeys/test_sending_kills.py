"""kill -9 at the arrows of the sending path: nothing is lost, and nothing comes twice without a reason."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from tests.journeys.sending_kills import kill_many


@pytest.mark.slow
@pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(), reason="this system has no fork"
)
def test_killed_while_it_tells_people_everybody_is_told_all_the_same(tmp_path: Path) -> None:
    """Six kills; what came twice came twice because the provider's yes was not heard or not written down."""
    outcome = kill_many(tmp_path, kills=6, chosen=20261117)
    assert outcome.kills == 6
    found = outcome.comparison
    assert found.planned > 10
    assert found.letters > 5
    assert not found.lost, found.lost
    assert not found.wrong, found.wrong
    assert found.letters_twice <= outcome.doubted.total()
    assert found.texts_twice == 0
