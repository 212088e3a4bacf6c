"""A table of school messages written by us, with what a safeguarding lead would say of each.

``own_messages.jsonl`` holds three sets. The rules were tuned on the first two and on the life-at-risk
rows of the third. ``misses`` names what the rules still get wrong: known limits, kept in the open.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from moderation.abuse.score import by_rules
from moderation.assessment import Label, Route, Severity, Subject

ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("own_messages.jsonl").read_text("utf-8").splitlines()
]
ASKED = ("severity", "labels", "intent", "route")


def answers(text: str) -> dict[str, object]:
    """Return what the assessment says of a text, in the words of the table."""
    assessment = by_rules(Subject(text))
    return {
        "severity": assessment.severity.word,
        "labels": sorted(assessment.labels),
        "intent": str(assessment.intent),
        "route": str(assessment.route),
    }


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row['group']}: {row['text'][:40]}".encode("ascii", "replace").decode()
)
def test_message_is_assessed_as_a_safeguarding_lead_would(row: dict[str, Any]) -> None:
    """Every answer that is asked for is right, and exactly those listed as missed are missed."""
    said = answers(row["text"])
    wanted = {name: sorted(row[name]) if name == "labels" else row[name] for name in ASKED if name in row}
    missed = [name for name, value in wanted.items() if said[name] != value]
    assert missed == row.get("misses", []), {name: said[name] for name in missed}


def test_table_is_large_and_covers_every_label() -> None:
    """The table cannot shrink unnoticed."""
    assert len(ROWS) >= 300
    assert {label for row in ROWS for label in row.get("labels", ())} == set(Label)


@pytest.mark.parametrize(
    "row", [r for r in ROWS if "self_harm" in r.get("labels", ())], ids=lambda row: row["text"][:40]
)
def test_life_at_risk_is_never_missed(row: dict[str, Any]) -> None:
    """Own, reported and encouraged self-harm reach the safeguarding lead at once, whatever else is wrong."""
    assessment = by_rules(Subject(row["text"]))
    assert assessment.severity >= Severity.HIGH
    assert assessment.route is Route.DSL
    assert assessment.score >= 0.7


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r["group"] == "criticism"], ids=lambda row: row["text"][:40]
)
def test_criticism_is_never_abuse(row: dict[str, Any]) -> None:
    """However angry, a complaint gets no conduct label, no urgency and a low probability of abuse."""
    assessment = by_rules(Subject(row["text"]))
    assert assessment.labels == ()
    assert assessment.severity is Severity.NONE
    assert assessment.abuse < 0.5


def test_case_and_shouting_change_nothing() -> None:
    """Capital letters are read like small ones."""
    for text in ("You're a bellend", "i want to kill myself", "meet me at the park after school, come alone"):
        assert answers(text.upper()) == answers(text)
