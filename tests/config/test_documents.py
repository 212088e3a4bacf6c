"""The example and the settings page say what the product takes, and cannot drift from it."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from config import reference
from config.duty_tables import EscalationStep
from config.settings import load, parse
from sla.escalation import CRITICAL_LADDER, SEVERE_LADDER, Rung

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config" / "example.toml"
CALENDAR = ROOT / "config" / "calendars" / "oakfield-2025-27.csv"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return the example as a school copies it: `cp config/example.toml socialduty.toml`."""
    place = tmp_path / "config" / "calendars" / CALENDAR.name
    place.parent.mkdir(parents=True)
    shutil.copy(CALENDAR, place)
    return Path(shutil.copy(EXAMPLE, tmp_path / "socialduty.toml"))


def test_the_example_works_as_it_stands(copied: Path) -> None:
    """A newcomer copies it and starts; nothing in it is even doubtful."""
    read = load(copied)
    assert [account.platform for account in read.accounts] == ["facebook", "x", "youtube"]
    assert read.warnings == ()


def test_the_containers_settings_work() -> None:
    """They are read where they lie; their secrets are mounted later. Only the console is doubtful."""
    read = load(ROOT / "config" / "compose.toml", secrets=False)
    assert read.uses_redis
    assert [warning.key for warning in read.warnings] == ["console.host"]


def test_the_example_shows_every_setting() -> None:
    """What is not in the example is not found."""
    shown = {(table, name) for table, name in _written(EXAMPLE.read_text(encoding="utf-8"))}
    assert {(setting.table, setting.name) for setting in reference.settings()} - shown == {
        ("[[accounts]]", "options")  # It stands there as a table of its own
    }
    assert "\n[accounts.options]\n" in EXAMPLE.read_text(encoding="utf-8")


def test_the_example_shows_nothing_that_is_no_setting() -> None:
    """Lines that are commented out are checked too."""
    known = {(setting.table, setting.name) for setting in reference.settings()}
    assert set(_written(EXAMPLE.read_text(encoding="utf-8"))) <= known


def test_the_steps_that_the_example_shows_are_those_that_count(copied: Path) -> None:
    """They stand there as comments: whoever takes the signs away changes nothing."""
    text = copied.read_text(encoding="utf-8")
    start = text.index("#[[escalation.critical]]")
    shown = re.sub(r"(?m)^#(?=[a-z\[])", "", text[start : text.index("# ---", start)])
    escalation = parse(text + "\n" + shown, copied.parent).escalation
    for steps, ladder in ((escalation.critical, CRITICAL_LADDER), (escalation.severe, SEVERE_LADDER)):
        assert tuple(_rung(step) for step in steps) == ladder.rungs


def _rung(step: EscalationStep) -> Rung:
    every = None if step.every_minutes is None else timedelta(minutes=step.every_minutes)
    return Rung(timedelta(minutes=step.after_minutes), step.who, every, step.repeats)


def test_the_settings_page_lists_every_setting() -> None:
    """The page's tables are made by `config.reference.page()`; copy its output there when this fails."""
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert reference.page() in page


def test_every_setting_has_its_sentence() -> None:
    """Type, default and meaning are said for each."""
    for setting in reference.settings():
        assert setting.kind, setting
        assert setting.default, setting
        assert setting.meaning.endswith("."), setting


def _written(text: str) -> list[tuple[str, str]]:
    """Return the table line and the key of every setting in the text, commented out or not."""
    table = ""
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        if re.fullmatch(r"#?\[+[a-z_.]+\]+", line):
            table = line.removeprefix("#")
        elif match := re.match(r"#?([a-z_]+) = ", line):
            found.append((table, match[1]))
    return found
