"""What people's judgements teach: lines for the next training, and how often scoring was wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from moderation.assessment import Assessment, Label, Severity
from moderation.items import StoredItem
from moderation.judgements import EVEN_CHANCE, Judgement, agree, as_judged, in_force

HAND = "feedback"
"""What the ids of these lines begin with, as those of the corpus begin with their writer."""

URGENT = "urgent"
"""What stands in the figures for severity medium or worse, where a label has its name."""


def by_version(judgements: Iterable[Judgement]) -> list[list[Judgement]]:
    """Return the judgements that count, together for each wording, the newest of them last."""
    together: dict[tuple[int, int], list[Judgement]] = {}
    for each in in_force(judgements):
        together.setdefault((each.item, each.version), []).append(each)
    return list(together.values())


def lesson(item: StoredItem, text: str, judged: Sequence[Judgement], author: str) -> dict[str, Any]:
    """Return one line for the next training: a message of the corpus, and how its answers came about.

    ``text`` is the wording that was judged, ``judged`` what counts of it, the newest last: that one is
    believed. What nobody corrected stands as scoring said it, so ``known`` names the answers that a person
    gave; the others are no lesson. ``agreed`` is false where people said different things. Nobody is named:
    ``author`` stands for who wrote it and must tell nothing of them. One author's lines share a ``batch``, so
    that no author is both learnt from and measured on.
    """
    newest = judged[-1]
    said, right = newest.said, newest.right
    answer = as_judged(said, right)
    return {
        "id": f"{HAND}-{newest.item}-{newest.version}",
        "batch": f"{HAND}-{author}",
        "platform": item.platform,
        "kind": str(item.kind),
        "role": "unknown",
        "text": text,
        "abuse": said.abuse >= EVEN_CHANCE if right.abuse is None else right.abuse,
        "severity": answer.severity.word,
        "labels": [str(label) for label in answer.labels],
        "intent": str(answer.intent),
        "route": str(right.route or said.route),
        "target": str(answer.target),
        "marks": [],
        "known": list(right.known),
        "mark": str(newest.mark),
        "said": _as_said(said),
        "model": said.model,
        "people": len(judged),
        "agreed": agree(judged),
        "at": newest.at.isoformat().replace("+00:00", "Z"),
    }


def _as_said(said: Assessment) -> dict[str, Any]:
    return {
        "score": said.score,
        "abuse": said.abuse,
        "severity": said.severity.word,
        "labels": [str(label) for label in said.labels],
        "intent": str(said.intent),
        "route": str(said.route),
        "target": str(said.target),
        "uncertain": said.uncertain,
    }


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one thing was said of an item, and how often people marked that as an error.

    ``said`` counts items by what was said of them last, the others wordings that somebody judged; ``judged``
    are those of which it was said. Nobody judges everything: the shares are the least that was wrong, None
    where there is nothing to divide by.
    """

    what: str
    said: int
    judged: int
    false_alarms: int
    missed: int

    @property
    def false_alarm_share(self) -> float | None:
        """Of what was said: how much of it was wrong by a person's word."""
        return round(min(self.false_alarms / self.said, 1.0), 4) if self.said else None

    @property
    def missed_share(self) -> float | None:
        """Of what should have been said, as far as anybody knows: how much was not."""
        there = max(self.said - self.false_alarms, 0) + self.missed
        return round(self.missed / there, 4) if there else None


def tallies(judgements: Iterable[Judgement], said: Iterable[tuple[Severity, Sequence[Label]]]) -> list[Tally]:
    """Return the figures: urgency first, then every label that was said or missed, in the usual order.

    ``said`` is what scoring said last of each item. Where a person said nothing about the labels, or about
    the severity, they count as right.
    """
    looked_at, alarms, misses = Counter[str](), Counter[str](), Counter[str]()
    for judged in by_version(judgements):
        newest = judged[-1]
        before, after = _things(newest.said.severity, newest.said.labels), _things_right(newest)
        looked_at.update(before)
        alarms.update(before - after)
        misses.update(after - before)
    given = Counter[str]()
    for severity, labels in said:
        given.update(_things(severity, labels))
    names = (URGENT, *(str(label) for label in Label))
    return [
        Tally(name, given[name], looked_at[name], alarms[name], misses[name])
        for name in names
        if name == URGENT or given[name] or alarms[name] or misses[name]
    ]


def _things_right(judgement: Judgement) -> set[str]:
    said, right = judgement.said, judgement.right
    return _things(
        said.severity if right.severity is None else right.severity,
        said.labels if right.labels is None else right.labels,
    )


def _things(severity: Severity, labels: Iterable[Label]) -> set[str]:
    return {*(str(label) for label in labels), *([URGENT] if severity >= Severity.MEDIUM else [])}
