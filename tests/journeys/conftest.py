"""Journeys run the commands as people do: as processes, in a folder of their own."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.week import COMMAND, Week, environment, play_week

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run one command in the test's folder and return how it ended."""

    def command(
        *words: str, given: str | None = None, limit: float = 120
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *words],
            cwd=tmp_path,
            input=given,
            capture_output=True,
            text=True,
            timeout=limit,
            env=environment(),
            check=False,
        )

    return command


@pytest.fixture(scope="session")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    """The sample week, played once to its end by the command that a newcomer types."""
    return play_week(tmp_path_factory.mktemp("a week"))
