"""How far two labellings of the same messages agree: ``python -m moderation.abuse.training.agreement``.

``corpus/second-labelling.json`` holds both answers to 840 messages, as they were before they were compared.
Agreement is Cohen's kappa: 1 is full agreement, 0 what chance gives.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from moderation.abuse.training.corpus import FOLDER
from moderation.assessment import Label, Severity

Answers = dict[str, Any]

QUESTIONS: dict[str, Callable[[Answers], Hashable]] = {
    "author abusive": lambda told: told["abuse"],
    "urgent (medium or worse)": lambda told: Severity[told["severity"].upper()] >= Severity.MEDIUM,
    "severity": lambda told: told["severity"],
    "intent": lambda told: told["intent"],
    "route": lambda told: told["route"],
    "target": lambda told: told["target"],
}


def labelled_twice() -> list[tuple[Answers, Answers]]:
    """Return the first and the second answers to each message."""
    rows = json.loads((FOLDER / "second-labelling.json").read_text("utf-8"))
    return [(row["first"], row["second"]) for row in rows]


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Return Cohen's kappa of two rows of answers; 1 where both always gave one and the same."""
    same = sum(one == other for one, other in pairs) / len(pairs)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(first[answer] * second[answer] for answer in first) / len(pairs) ** 2
    return 1.0 if chance == 1 else (same - chance) / (1 - chance)


def main() -> int:
    """Print the tables of the model card."""
    told = labelled_twice()
    rows = [
        (name, [(asked(first), asked(second)) for first, second in told]) for name, asked in QUESTIONS.items()
    ]
    rows += [
        (str(label), [(label in first["labels"], label in second["labels"]) for first, second in told])
        for label in Label
    ]
    lines = ["| Question or label | Kappa | Same answer |", "|---|---|---|"]
    lines += [
        f"| {name} | {kappa(pairs):.2f} | {sum(one == other for one, other in pairs) / len(pairs):.1%} |"
        for name, pairs in rows
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
