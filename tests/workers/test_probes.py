"""What ``check`` says of how people are told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import load
from tests.schools import write_settings
from workers.probes import Verdict, probe

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

URL = '#public_url = "https://socialduty.oakfield.example"'
SIGN_IN = "require_sign_in_to_take = false"
ROTA = '#rota_file = "rota.ics"'
GARETH = 'person = "gareth"\nweekdays = ["friday", "saturday"]'


def said(folder: Path, where: str, *changes: tuple[str, str]) -> list[tuple[Verdict, str]]:
    """Return what ``check`` says under one heading, with these changes to the example settings."""
    settings = load(write_settings(folder, "http://127.0.0.1:9", ('"encoder"', '"rules"'), *changes))
    return [(each.verdict, each.what) for each in probe(settings, MONDAY) if each.probe == where]


@pytest.mark.parametrize(
    ("changes", "verdict", "words"),
    [
        ((), Verdict.LOOK, "messages have no button to take a case: set public_url"),
        (
            ((URL, URL[1:]),),
            Verdict.FINE,
            "the button in messages leads to https://socialduty.oakfield.example",
        ),
        (
            ((URL, URL[1:]), (SIGN_IN, SIGN_IN.replace("false", "true"))),
            Verdict.LOOK,
            "a button takes no case (require_sign_in_to_take): use the shell",
        ),
    ],
)
def test_check_says_where_the_button_leads(
    tmp_path: Path, changes: tuple[tuple[str, str], ...], verdict: Verdict, words: str
) -> None:
    """An address that nobody can reach is seen by reading it once."""
    assert said(tmp_path, "links", *changes) == [(verdict, words)]


def test_a_gap_in_the_rota_is_said_with_its_whole_length(tmp_path: Path) -> None:
    """In the times that messages use, so that nobody has to look up when it ends."""
    assert said(tmp_path, "duty at oakfield", (GARETH, GARETH.replace("friday", "sunday"))) == [
        (
            Verdict.LOOK,
            "nobody on the rota: Friday 27 November, 8am to 8am on Saturday 28 November",
        )
    ]


def test_a_rota_file_that_is_away_or_broken_is_said_without_its_path(tmp_path: Path) -> None:
    """What is wrong, and what it means for tonight."""
    where, line = "duty at oakfield", (ROTA, ROTA[1:])
    (away, *_) = said(tmp_path, where, line)
    (tmp_path / "rota.ics").write_text("a page that asks for a password")
    (broken, *_) = said(tmp_path, where, line)

    ending = "; nobody is on duty by it"
    assert away == (Verdict.BROKEN, f"rota_file cannot be read: No such file or directory{ending}")
    assert broken[0] is Verdict.BROKEN
    assert broken[1].startswith("rota_file is no calendar: ")
    assert broken[1].endswith(ending)
