"""kill -9 in the middle of the demo, then the same command: nothing is lost and nothing is sent twice."""

from __future__ import annotations

import random
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.journeys.week import COMMAND, Week, environment, play_week


def kill_once(folder: Path, after: float) -> bool:
    """Start the demo and kill it ``after`` seconds later; return whether it was still running then."""
    process = subprocess.Popen(
        [*COMMAND, "demo", "--json"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


@pytest.mark.slow
def test_killed_three_times_the_week_ends_as_if_nothing_had_happened(week: Week, tmp_path: Path) -> None:
    """Items, clocks and what people are told are the same as in the week that was left alone."""
    chance = random.Random(20261116)
    killed = sum(kill_once(tmp_path, chance.uniform(1.5, 4.0)) for _ in range(3))
    assert killed >= 1
    assert_same(play_week(tmp_path), week)


def assert_same(again: Week, week: Week) -> None:
    """Compare a killed week with one that was not, in words that do not depend on the order of work.

    A program that starts again reads at once. So a message may be seen before its answer, and told as new, of
    which the other week saw both together.
    """
    assert again.code == 0, again.stderr[-2_000:]
    assert again.received() == week.received()
    assert again.clocks() == week.clocks()
    assert _but_news(again) == _but_news(week)
    names = [str(letter["Message-ID"]) for letter in again.letters()]
    assert sorted(names) == sorted(again.handed_over())


def _but_news(week: Week) -> Counter[tuple[str, str, str, str]]:
    return Counter({what: times for what, times in week.told().items() if what[1] not in ("new", "more")})
