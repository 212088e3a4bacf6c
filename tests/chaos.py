"""The long proof: kill the demo at random moments, many times, and compare with a week left alone.

    python tests/chaos.py --kills 100

Needs nothing but the project itself. Prints how often it killed and what it compared; ends with 1 when
anything was lost, doubled or different.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.journeys.test_kill import assert_same, kill_once
from tests.journeys.week import play_week


def main() -> int:
    """Kill, compare, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=47)
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        (base / "alone").mkdir()
        began = time.monotonic()
        alone = play_week(base / "alone")
        usual = time.monotonic() - began
        killed = weeks = 0
        while killed < wanted.kills:
            weeks += 1
            (base / str(weeks)).mkdir()
            while killed < wanted.kills and kill_once(base / str(weeks), chance.uniform(0.5, usual)):
                killed += 1
            assert_same(play_week(base / str(weeks)), alone)
            print(f"{killed} kills, {weeks} weeks: nothing lost, nothing doubled", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
