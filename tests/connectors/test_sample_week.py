"""The sample week: our own invented school week that the demo plays."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.practice.content import Content, Thing, sample_week
from connectors.practice.identities import SCHOOL, WEEK, WEEK_START

FILE = Path(__file__).parents[2] / "connectors" / "practice" / "sample_week.jsonl"
TRUTH: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("sample_week_truth.json").read_text(encoding="utf-8")
)
DUE_ON_MONDAY = datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)
FROM_SATURDAY = datetime(2026, 11, 21, tzinfo=UTC)
DRAMA_NUMBERS = re.compile(r"07700 900\d{3}")
SEVERITIES = ("none", "low", "medium", "high", "critical")


@pytest.fixture(scope="module")
def week() -> Content:
    """Return the week as the practice platforms read it."""
    return sample_week()


@pytest.fixture(scope="module")
def things(week: Content) -> dict[str, Thing]:
    """Return everything that is said, by its id."""
    return {thing.key: thing for thing in week.things}


def test_every_line_is_read_as_it_was_meant(week: Content) -> None:
    """Nothing is rejected, nothing is loose, and no time had to be moved."""
    lines = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    assert (week.rejected, week.loose) == ((), ())
    assert [(thing.key, thing.at.isoformat()) for thing in week.things] == [
        (line["id"], line["at"]) for line in lines
    ]


def test_it_is_a_week_of_three_platforms_with_many_voices(week: Content) -> None:
    """There is enough on each platform to look at, and nobody but the school speaks all the time."""
    public = [thing for thing in week.things if thing.by != SCHOOL]
    assert 180 <= len(week.things) <= 220
    assert all(count >= 20 for count in Counter(thing.platform for thing in public).values())
    by_author = Counter(thing.by for thing in public)
    assert len(by_author) >= 40
    assert max(by_author.values()) <= 8


def test_everything_but_the_schools_own_posts_lies_in_the_week(week: Content) -> None:
    """The report about the week counts it all."""
    for thing in week.things:
        inside = WEEK_START <= thing.at < WEEK_START + WEEK
        assert inside or (thing.by == SCHOOL and thing.under is None), thing.key


def test_the_school_answers_what_was_said_before(things: dict[str, Thing]) -> None:
    """Every answer stands under a message that somebody else wrote earlier."""
    for thing in things.values():
        if thing.by == SCHOOL and thing.under is not None:
            asked = things[thing.under]
            assert asked.at < thing.at, thing.key
            assert asked.by != SCHOOL, thing.key


def test_phone_numbers_are_those_nobody_has() -> None:
    """The numbers set aside for drama, and no others; nor addresses anybody could write to."""
    text = FILE.read_text(encoding="utf-8")
    without_times = re.sub(r'"at": "[^"]+"', "", text)
    digits = re.findall(r"\+?\d[\d ]{8,}\d", without_times)
    assert digits
    assert all(DRAMA_NUMBERS.fullmatch(number) for number in digits)
    assert not re.search(r"https?://|www\.|\w@\w+\.\w", without_times)
    assert set(re.findall(r"\w\.([A-Za-z]{2,})", without_times)) == {"example"}


def test_every_expectation_is_about_a_message_of_the_week(things: dict[str, Thing]) -> None:
    """The expectations are written by hand; this keeps them about something."""
    assert len(TRUTH) >= 25
    for key, truth in TRUTH.items():
        assert things[key].by != SCHOOL
        for bound in ("severity_at_least", "severity_at_most"):
            assert truth.get(bound, "none") in SEVERITIES
        assert truth["why"].endswith(".")


@pytest.mark.parametrize("key", sorted(key for key, truth in TRUTH.items() if truth["due"]))
def test_an_expected_due_time_follows_the_rule(key: str, things: dict[str, Thing]) -> None:
    """24 hours on a working day, the end of Monday at the weekend; what came of it is there to be read."""
    asked, truth = things[key], TRUTH[key]
    due = datetime.fromisoformat(truth["due"])
    assert due == (DUE_ON_MONDAY if asked.at >= FROM_SATURDAY else asked.at + timedelta(hours=24))
    answers = [one.at for one in things.values() if one.by == SCHOOL and one.under == key]
    match truth["clock"]:
        case "met":
            assert min(answers) <= due
        case "late":
            assert min(answers) > due
        case _:
            assert not answers
