"""What people see of a doubt: in the listings, as JSON, and at the end of a demo without the models."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from config.settings import load
from connectors.practice.content import Content
from moderation.assessing import score_item
from moderation.assessment import Assessment, Severity, Subject, Target
from moderation.intake import Arrival, receive
from moderation.tasks import TaskKind
from sla.figures import Week
from tests.fakes import assessment
from tests.schools import write_settings
from tests.worlds import FACEBOOK, sighting
from workers import demo, models
from workers.bootstrap import open_desk, utc_now
from workers.cli import main
from workers.desk import Desk
from workers.scoring import scores

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Return the settings of the example school, with nothing received so far."""
    return write_settings(tmp_path, "http://127.0.0.1:9")


@pytest.fixture
def desk(settings: Path) -> Iterator[Desk]:
    """Return the desk of these settings."""
    with open_desk(load(settings), works=False) as opened:
        yield opened


def take_in(desk: Desk, *texts: str) -> None:
    """Receive and score comments, each by somebody else."""
    page = tuple(
        sighting(f"m{number}", each, by=f"by-{number}", thread=f"t{number}", at=desk.ports.now())
        for number, each in enumerate(texts)
    )
    receive(desk.ports, Arrival(FACEBOOK, "comments", page, (), None, None, desk.ports.now()))
    for claim in desk.store.claim(TaskKind.SCORE_ITEM, 60):
        score_item(desk.ports, claim)


def told(subjects: Sequence[Subject]) -> list[Assessment]:
    """Say of every text that it is of medium severity; the word "sure" leaves no doubt."""
    return [
        replace(
            assessment(Severity.MEDIUM, uncertain="sure" not in each.text), abuse=0.75, target=Target.STAFF
        )
        for each in subjects
    ]


@pytest.mark.parametrize("listing", ["items", "cases"])
def test_a_doubt_is_shown(desk: Desk, settings: Path, capsys: Printed, listing: str) -> None:
    """As fields for scripts, and for people as a question mark behind the severity."""
    take_in(replace(desk, ports=replace(desk.ports, score=told)), "for sure", "who knows")
    words = ["--settings", str(settings), listing]
    assert main([*words, "--json"]) == 0
    rows = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert sorted((each["severity"], each["uncertain"]) for each in rows) == [
        ("medium", False),
        ("medium", True),
    ]
    assert {(each["abuse"], each["target"]) for each in rows} == {(0.75, "staff")}
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert (shown.count("medium"), shown.count("medium?")) == (2, 1)


def end_of_demo(desk: Desk, settings: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the demo as if its week had been played at this desk."""
    now = utc_now()
    plan = replace(demo.plan_for(Content(()), settings.parent), week=Week.of(now))
    played = demo._played(desk, plan, load(settings), was_resumed=False, at=plan.ends_at)
    monkeypatch.setattr(demo, "play", lambda plan, tell: played)
    return main(["demo", *words])


def test_a_demo_in_which_nothing_is_worth_a_line_ends_well(
    desk: Desk, settings: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    """Such as one with a post of the school alone: a sentence stands in place of the table."""
    assert end_of_demo(desk, settings, monkeypatch) == 0
    assert "No case was more than routine" in capsys.readouterr().out


def test_a_demo_without_the_models_says_so(
    desk: Desk, settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    """Whoever tries the program must not take the rules alone for what it can do."""
    monkeypatch.setattr(models, "FOLDER", tmp_path / "none")
    models.load.cache_clear()
    take_in(replace(desk, ports=replace(desk.ports, score=scores("encoder"))), "You are a bellend", "Hello")
    assert end_of_demo(desk, settings, monkeypatch) == 1
    shown = capsys.readouterr().out
    assert "! The trained models had no say (not loaded) in 2 of 2 messages" in shown
    assert "medium?" in shown
    assert end_of_demo(desk, settings, monkeypatch, "--json") == 1
    assert json.loads(capsys.readouterr().out)["without_models"] == {"not loaded": 2}
