"""How fast the scorer is, beside two public ones: ``python tests/scoring_speed.py`` prints a table.

Each scorer runs in a process of its own on one core, on the same texts, one after the other. The two others,
``alt-profanity-check`` and ``better-profanity``, are measured where they are installed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from moderation.abuse.training import corpus
from moderation.abuse.training.corpus import Part

TEXTS = 1_500
BATCH = 32
Scoring = Callable[[Sequence[str]], object]


def ours(mode: str) -> Scoring:
    """Return our scorer in one of its modes."""
    from moderation.assessment import Subject
    from workers.models import scorer

    judge = scorer(with_encoder=mode == "encoder")
    return lambda texts: judge.assess_all([Subject(text) for text in texts])


def alt_profanity_check() -> Scoring:
    """Return the linear profanity model of alt-profanity-check."""
    from profanity_check import predict_prob

    return lambda texts: predict_prob(list(texts))


def better_profanity() -> Scoring:
    """Return the word list of better-profanity."""
    from better_profanity import profanity

    profanity.load_censor_words()
    return lambda texts: [profanity.contains_profanity(text) for text in texts]


SCORERS: dict[str, Callable[[], Scoring]] = {
    "encoder": lambda: ours("encoder"),
    "linear": lambda: ours("linear"),
    "alt-profanity-check": alt_profanity_check,
    "better-profanity": better_profanity,
}


def measured(name: str) -> dict[str, float]:
    """Measure one scorer in this process, on one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    texts = [message.text for message in corpus.of(Part.LEARN)[:TEXTS]]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    score = SCORERS[name]()
    score(["A first text"])
    loaded = time.perf_counter() - began
    for text in texts[:50]:
        score([text])
    few = texts if name != "better-profanity" else texts[:60]
    began = time.perf_counter()
    for first in range(0, len(few), BATCH):
        score(few[first : first + BATCH])
    speed = len(few) / (time.perf_counter() - began)
    single = list[float]()
    for text in few[:300]:
        began = time.perf_counter()
        score([text])
        single.append(time.perf_counter() - began)
    return {
        "texts a second": speed,
        "median of one text, ms": statistics.median(single) * 1_000,
        "loaded in, s": loaded,
        "peak memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "memory before loading, MB": before / 1024,
    }


def main() -> int:
    """Print the table, or with ``--one`` the figures of one scorer as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", choices=list(SCORERS))
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measured(args.one)))
        return 0
    print("| Scorer | Texts a second | One text, median ms | Loaded in s | Peak memory MB |")
    print("|---|---|---|---|---|")
    for name in SCORERS:
        ran = subprocess.run(
            [sys.executable, __file__, "--one", name], capture_output=True, text=True, check=False
        )
        if ran.returncode:
            print(f"| {name} | not installed | | | |")
            continue
        speed, median, loaded, peak, _ = json.loads(ran.stdout.splitlines()[-1]).values()
        print(f"| {name} | {speed:,.0f} | {median:.2f} | {loaded:.2f} | {peak:.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
