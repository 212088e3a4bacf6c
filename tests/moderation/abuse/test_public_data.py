"""The rules on public labelled comments that nobody here wrote; ``-s`` shows the figures."""

from __future__ import annotations

import csv
import gzip
import os
import random
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from pathlib import Path

import pytest

from moderation.abuse.score import by_rules
from moderation.assessment import Assessment, Severity, Subject

SHARED = Path(__file__).parents[3].parent / "shared" / "data" / "abuse"
ROWS_OF_A_SET = 2_500
SEED = 20_261_122

pytestmark = pytest.mark.shared

Row = dict[str, str]


def rows(name: str, wanted: Callable[[Row], bool]) -> list[str]:
    """Return up to 2,500 texts of one public set, always the same ones."""
    path = SHARED / f"{name}.csv.gz"
    if not path.exists():
        reason = f"the public data set {name} is not beside the repository"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        found = [row["text"] for row in csv.DictReader(lines) if wanted(row)]
    return random.Random(SEED).sample(found, min(ROWS_OF_A_SET, len(found)))


def is_abusive(row: Row) -> bool:
    """Say whether the set's makers labelled the row as abuse."""
    return row["label"] == "1"


def is_ordinary(row: Row) -> bool:
    """Say whether the row is neither abuse nor spam."""
    return row["label"] == "0" and row["subtype"] != "spam"


def assessed(name: str, texts: list[str]) -> list[Assessment]:
    """Score the texts and show how that went."""
    for text in texts[:500]:  # Expressions are compiled at their first use
        by_rules(Subject(text))
    began = time.process_time()
    found = [by_rules(Subject(text)) for text in texts]
    speed = len(texts) / (time.process_time() - began)
    urgent = sum(a.severity >= Severity.MEDIUM for a in found) / len(found)
    likely = sum(a.abuse >= 0.5 for a in found) / len(found)
    sys.stdout.write(
        f"{name:18} {len(texts):5} texts  medium or worse {urgent:6.1%}  "
        f"abuse >= 0.5 {likely:6.1%}  {speed:6.0f} texts/s\n"
    )
    return found


def area_under_curve(abusive: list[Assessment], ordinary: list[Assessment]) -> float:
    """Return how often an abusive text gets a higher ``abuse`` than an ordinary one; ties count half."""
    lower = sorted(assessment.abuse for assessment in ordinary)
    wins = sum(bisect_left(lower, a.abuse) + bisect_right(lower, a.abuse) for a in abusive) / 2
    return wins / (len(abusive) * len(lower))


ORDINARY = ("goemotions_benign", "sms_spam", "wiki_cat")


@pytest.fixture(scope="module")
def ordinary() -> dict[str, list[Assessment]]:
    """Score the sets of ordinary talk once for all tests."""
    return {name: assessed(name, rows(name, is_ordinary)) for name in ORDINARY}


@pytest.mark.parametrize(
    ("name", "most"), [("goemotions_benign", 0.01), ("sms_spam", 0.02), ("wiki_cat", 0.01)]
)
def test_ordinary_talk_is_left_alone(ordinary: dict[str, list[Assessment]], name: str, most: float) -> None:
    """Few ordinary comments are called urgent; some of those few are in truth not ordinary."""
    found = ordinary[name]
    assert sum(a.severity >= Severity.MEDIUM for a in found) / len(found) <= most


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("civil_toxic_spans", 0.88),
        ("convabuse", 0.78),
        ("cad", 0.68),
        ("hatemojibuild", 0.56),
        ("sbic_test", 0.62),
    ],
)
def test_abuse_stands_above_ordinary_talk(
    ordinary: dict[str, list[Assessment]], name: str, least: float
) -> None:
    """Abusive comments of strangers mostly get a higher probability than ordinary ones."""
    found = assessed(name, rows(name, is_abusive))
    area = area_under_curve(found, [a for each in ordinary.values() for a in each])
    sys.stdout.write(f"{name:18} ROC-AUC of abuse against ordinary talk {area:.3f}\n")
    assert area >= least


def test_rules_keep_up_with_a_pile_on() -> None:
    """Ten thousand comments must be scored within a minute, on a slow and busy machine too."""
    texts = rows("goemotions_benign", is_ordinary)
    began = time.process_time()
    for text in texts:
        by_rules(Subject(text))
    assert len(texts) / (time.process_time() - began) > 300
