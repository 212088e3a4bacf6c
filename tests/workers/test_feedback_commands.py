"""``judge``, ``feedback`` and ``thresholds``: what a person says of the scoring, from the shell."""

from __future__ import annotations

import json
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from config.settings import load
from moderation.abuse.opinion import Opinion
from moderation.abuse.verdict import Cuts
from moderation.assessing import score_item
from moderation.assessment import Intent, Label, Route, Severity, Subject, Target
from moderation.escalating import climb
from moderation.intake import Arrival, receive
from moderation.tasks import TaskKind
from tests.schools import write_settings
from tests.worlds import FACEBOOK, sighting
from workers import models
from workers.bootstrap import open_desk
from workers.cli import main
from workers.desk import Desk

INSULT = "Mr Hale is a thick idiot"
CUTS = {"low": 0.3, "medium": 0.4, "high": 0.45, "critical": 0.3}


class Doubtful:
    """A model that holds every text for serious by half."""

    name = "school-1"

    def opinions(self, texts: Sequence[str], rules: object) -> list[Opinion]:
        severity = {Severity.LOW: 0.6, Severity.MEDIUM: 0.5, Severity.HIGH: 0.1, Severity.CRITICAL: 0.01}
        opinion = Opinion(
            abuse=0.5,
            severity=severity,
            labels=dict.fromkeys(Label, 0.0) | {Label.INSULT: 0.6},
            intent=dict.fromkeys(Intent, 0.0) | {Intent.COMMENT: 1.0},
            route=dict.fromkeys(Route, 0.0) | {Route.MODERATOR: 1.0},
            target=dict.fromkeys(Target, 0.0) | {Target.STAFF: 1.0},
            parts_differ=False,
            loudest=lambda: (0, 0),
        )
        return [opinion for _ in texts]


@pytest.fixture(autouse=True)
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the doubtful model be the one that ships."""
    card = {
        "name": "school-1",
        "cuts": {"encoder": {"severity": CUTS, "labels": dict.fromkeys(map(str, Label), 0.5), "doubt": 0.08}},
    }
    (tmp_path / "calibration.json").write_text(json.dumps(card))
    monkeypatch.setattr(models, "FOLDER", tmp_path)

    def loaded(*, with_encoder: bool) -> tuple[Any, Cuts]:
        return Doubtful(), models.shipped_cuts(with_encoder=with_encoder)[1]

    monkeypatch.setattr(models, "load", loaded)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """The settings of the example school, whose database holds one scored comment."""
    path = write_settings(tmp_path, "http://127.0.0.1:9")
    with open_desk(load(path)) as desk:
        take_in(desk, INSULT)
    return path


def take_in(desk: Desk, text: str, name: str = "c1") -> None:
    """Receive and score one comment."""
    page: dict[str, Any] = {"stream": "comments", "rejected": (), "cursor": None, "earliest": None}
    comment = sighting(name, text, at=None, thread=name)
    receive(desk.ports, Arrival(account=FACEBOOK, items=(comment,), started_at=desk.ports.now(), **page))
    for claim in desk.store.claim(TaskKind.SCORE_ITEM, 60):
        score_item(desk.ports, claim)


@pytest.fixture
def shell(settings: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run one command as a person does; return its exit code, its JSON lines and what it said."""

    def run(*words: str) -> tuple[int, list[Any], str]:
        code = main(["--settings", str(settings), *words])
        said = capsys.readouterr()
        return code, [json.loads(line) for line in said.out.splitlines() if line.startswith("{")], said.err

    return run


def test_a_false_alarm_is_recorded_and_counted(shell: Any) -> None:
    """One word from a moderator; the counts hold nobody's words."""
    code, _, said = shell("judge", "1", "--as", "priya", "--false-alarm")
    assert (code, said.splitlines()[0]) == (0, "Item 1 is recorded as false alarm.")
    assert "stays as it is" in said
    code, rows, _ = shell("feedback", "--json")
    assert (code, rows[0]) == (
        0,
        {
            "what": "urgent",
            "said": 1,
            "judged": 1,
            "false_alarms": 1,
            "missed": 0,
            "false_alarm_share": 1.0,
            "missed_share": None,
        },
    )


def test_what_is_worse_than_was_said_tells_people(shell: Any, settings: Path) -> None:
    """The correction raises the case in the same breath, and the safeguarding lead hears of it at once."""
    words = ("--severity", "critical", "--labels", "threat, insult", "--route", "dsl", "--intent", "comment")
    code, _, said = shell("judge", "1", "--as", "priya", *words, "--why", "he means it")
    assert code == 0
    assert "tells who has to know" in said
    _, [case], _ = shell("cases", "--json")
    assert (case["severity"], case["route"], case["labels"]) == ("critical", "dsl", ["insult", "threat"])
    with open_desk(load(settings)) as desk:
        for claim in desk.store.claim(TaskKind.CLIMB, 60):
            climb(desk.ports, claim)
    _, alerts, _ = shell("alerts", "--json")
    urgent = {(row["recipient"], row["about"]) for row in alerts if row["step"] == "urgent"}
    assert ("miriam", f"case {case['case']}") in urgent


def test_what_cannot_be_is_refused_with_a_sentence(shell: Any) -> None:
    """2 for wrong use, 1 where a person has to think again."""
    for words, code, said in (
        (("99", "--as", "priya", "--missed"), 2, "there is no item 99"),
        (("1", "--as", "nobody", "--missed"), 2, "nobody is called"),
        (("1", "--as", "dev", "--false-alarm"), 1, "no role at that school for which items are read"),
        (("1", "--as", "priya"), 1, "say what is right"),
        (("1", "--as", "priya", "--missed"), 1, "it was called medium already"),
    ):
        found, _, told = shell("judge", *words)
        assert (found, said in told) == (code, True), told


def test_an_unknown_label_is_refused_with_those_there_are(
    shell: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody has to guess how it is written."""
    with pytest.raises(SystemExit) as left:
        shell("judge", "1", "--as", "priya", "--labels", "rude")
    assert left.value.code == 2
    assert "rude is no label: use insult, bullying" in capsys.readouterr().err


def test_judgements_are_listed_without_reasons_unless_asked_for(shell: Any) -> None:
    """A reason may quote somebody."""
    shell("judge", "1", "--as", "priya", "--false-alarm", "--why", "Kerry always talks so")
    _, [row], _ = shell("feedback", "each", "--json")
    assert (row["item"], row["mark"], row["said"], row["severity"]) == (1, "false_alarm", "medium", "none")
    assert "Kerry" not in json.dumps(row)
    _, [case], _ = shell("cases", "--json")
    _, [case], _ = shell("cases", case["case"], "--json")
    assert case["history"][-1]["act"] == "judged"
    assert "Kerry" not in json.dumps(case)
    _, [row], _ = shell("feedback", "each", "--json", "--words")
    assert row["why"] == "Kerry always talks so"


def test_the_export_is_asked_for_by_name_and_closed_to_others(shell: Any, tmp_path: Path) -> None:
    """It holds what people wrote: only with --words, only for this user, and nothing is overwritten."""
    shell("judge", "1", "--as", "priya", "--false-alarm")
    file = tmp_path / "lessons.jsonl"
    assert shell("feedback", "export", str(file))[::2] == (
        2,
        "the file would hold what people wrote: add --words if that is what you want\n",
    )
    assert not file.exists()
    code, _, said = shell("feedback", "export", str(file), "--words")
    assert (code, "1 judged items are in" in said) == (0, True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    [line] = [json.loads(each) for each in file.read_text().splitlines()]
    assert (line["id"], line["text"], line["severity"], line["target"]) == (
        "feedback-1-1",
        INSULT,
        "none",
        "staff",
    )
    assert shell("feedback", "export", str(file), "--words")[0] == 2


def test_one_authors_lines_share_a_name_that_no_other_export_has(
    settings: Path, shell: Any, tmp_path: Path
) -> None:
    """Nothing in the file leads back to an account on a platform."""
    with open_desk(load(settings)) as desk:
        take_in(desk, "Mr Hale is a hero", "c2")
    for number in ("1", "2"):
        shell("judge", number, "--as", "priya", "--false-alarm")
    names = []
    for file in (tmp_path / "one.jsonl", tmp_path / "two.jsonl"):
        shell("feedback", "export", str(file), "--words")
        names.append([json.loads(each)["batch"] for each in file.read_text().splitlines()])
    (one, same), (two, _) = names
    assert one == same != two


def test_each_wording_is_exported_as_it_was_judged(settings: Path, shell: Any, tmp_path: Path) -> None:
    """An edit is another message: the judgement of the first stays with the first."""
    shell("judge", "1", "--as", "priya", "--right")
    with open_desk(load(settings)) as desk:
        take_in(desk, "Mr Hale is a hero")
    shell("judge", "1", "--as", "priya", "--false-alarm")
    shell("feedback", "export", str(tmp_path / "lessons.jsonl"), "--words")
    lines = [json.loads(each) for each in (tmp_path / "lessons.jsonl").read_text().splitlines()]
    assert [(each["text"], each["mark"]) for each in lines] == [
        (INSULT, "right"),
        ("Mr Hale is a hero", "false_alarm"),
    ]
    assert shell("feedback", "--json")[1][0]["said"] == 1


def test_a_moved_threshold_reaches_the_scorer_and_its_version(settings: Path, shell: Any) -> None:
    """Half a chance was medium and is none after the move; the assessment names it, then and later."""
    question = [Subject("Is the hall open tonight?")]
    with open_desk(load(settings), works=False) as desk:
        (before,) = desk.ports.score(question)
        shell("thresholds", "--set", "medium=0.6", "--as", "miriam", "--why", "too loud")
        desk.keep_up()
        (after,) = desk.ports.score(question)
    assert (before.severity, after.severity) == (Severity.MEDIUM, Severity.LOW)
    assert after.model == f"{before.model}+cuts-1"
    with open_desk(load(settings), works=False) as desk:
        assert desk.ports.score(question)[0].model == after.model


def test_thresholds_show_the_rails_and_every_move(shell: Any) -> None:
    """What is in force, what ships, how far it may go, and who moved it why."""
    assert shell("thresholds", "--set", "high=0.5", "--as", "miriam", "--why", "too loud")[0] == 0
    assert shell("thresholds", "--set", "high=shipped", "--as", "helen", "--why", "too quiet")[0] == 0
    code, rows, _ = shell("thresholds", "--json")
    high = {row["step"]: row for row in rows}["high"]
    assert code == 0
    assert [high[name] for name in ("in_force", "shipped", "lowest", "highest")] == [0.45, 0.45, 0.247, 0.672]
    assert [(each["from"], each["to"], each["by"], each["why"]) for each in high["moves"]] == [
        (0.45, 0.5, "miriam", "too loud"),
        (0.5, "shipped", "helen", "too quiet"),
    ]
    assert shell("thresholds")[0] == 0


def test_a_move_that_may_not_be_changes_nothing(shell: Any) -> None:
    """The sentence says what is allowed."""
    for words, code, said in (
        (("medium=0.9", "--as", "miriam", "--why", "quiet"), 1, "outside the guard rails of medium"),
        (("critical=0.4", "--as", "miriam", "--why", "quiet"), 1, "may only be lowered"),
        (("medium=0.5", "--as", "priya", "--why", "quiet"), 1, "by the safeguarding lead"),
        (("medium=0.5", "--as", "miriam"), 2, "say who moves it and why"),
    ):
        found, _, told = shell("thresholds", "--set", *words)
        assert (found, said in told) == (code, True), told
    assert all(row["moves"] == [] for row in shell("thresholds", "--json")[1])


def test_without_models_there_is_nothing_to_move(shell: Any, tmp_path: Path) -> None:
    """It says so, and what to do."""
    (tmp_path / "calibration.json").unlink()
    code, _, said = shell("thresholds")
    assert (code, "run 'check'" in said) == (2, True)


@pytest.mark.parametrize("number", ["9" * 23, "-1", "one"])
def test_what_is_no_items_number_is_wrong_use(shell: Any, number: str) -> None:
    """A number that no database holds is answered with a sentence, never with a fault."""
    with pytest.raises(SystemExit) as ended:
        shell("judge", number, "--as", "priya", "--right")
    assert ended.value.code == 2


@pytest.mark.parametrize("words", ["\x1b[31mred", "two\nlines", "x" * 1_001])
def test_a_reason_is_one_line_that_every_listing_can_show(
    shell: Any, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    """What a person types ends up on other people's screens, so it cannot colour or clear them."""
    with pytest.raises(SystemExit) as ended:
        shell("judge", "1", "--as", "priya", "--missed", "--why", words)
    assert ended.value.code == 2
    assert "argument --why: " in capsys.readouterr().err
    assert shell("feedback", "each", "--json")[1] == []
