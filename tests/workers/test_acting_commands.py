"""``take`` and ``false-alarm`` as people type them, where somebody else has the case or is to have it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config.settings import load
from moderation.assessing import score_item
from moderation.cases import CaseId
from moderation.intake import Arrival, receive
from moderation.tasks import TaskKind
from tests.schools import write_settings
from tests.worlds import FACEBOOK, sighting
from workers.bootstrap import open_desk
from workers.cli import main

Shell = Callable[..., tuple[int, str]]


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Run one command about the one case, an insult at Tom Ashdown; return its exit code and what it said."""
    settings = write_settings(tmp_path, "http://127.0.0.1:9", ('mode = "encoder"', 'mode = "rules"'))
    page: dict[str, Any] = {"stream": "comments", "rejected": (), "cursor": None, "earliest": None}
    with open_desk(load(settings)) as desk:
        comment = sighting("c1", "Tom Ashdown is a fat useless idiot", at=None)
        receive(desk.ports, Arrival(account=FACEBOOK, items=(comment,), started_at=desk.ports.now(), **page))
        for claim in desk.store.claim(TaskKind.SCORE_ITEM, 60):
            score_item(desk.ports, claim)
        with desk.store.begin() as unit:
            reference = unit.cases.get(CaseId(1)).reference
    capsys.readouterr()

    def run(command: str, person: str, *words: str) -> tuple[int, str]:
        code = main(["--settings", str(settings), command, reference, "--as", person, *words])
        return code, capsys.readouterr().err.replace(reference, "NUMBER")

    return run


def test_whoever_comes_second_is_told_who_has_the_case(shell: Shell) -> None:
    """By full name, so that two people do not both begin; and whoever asks twice hears that it is theirs."""
    assert shell("take", "priya") == (0, "Case NUMBER is yours. The policy clock keeps running.\n")
    assert shell("take", "helen") == (1, "Priya Raman has case NUMBER already.\n")
    assert shell("take", "priya") == (1, "You have case NUMBER already.\n")


def test_nobody_takes_from_the_shell_what_is_about_themselves(shell: Shell) -> None:
    """Taking it would end the alarm for everybody else."""
    assert shell("take", "tom") == (1, "Case NUMBER: it is for somebody else to deal with.\n")
    assert shell("take", "priya")[0] == 0


@pytest.mark.parametrize("why", ["", "  "])
def test_a_false_alarm_without_a_reason_is_refused(shell: Shell, why: str) -> None:
    """The reason is what scoring and the next reader learn from."""
    assert shell("false-alarm", "priya", "--why", why) == (2, "say with --why why it was no alarm\n")
    assert shell("false-alarm", "helen", "--why", "a joke between friends")[0] == 0
