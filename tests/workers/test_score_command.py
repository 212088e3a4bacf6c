"""The ``score`` command: the filter contract, line by line."""

from __future__ import annotations

import argparse
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests import tiny_models
from tests.hard_texts import HARD_TEXTS
from tests.schools import write_settings
from workers import models
from workers.commands import score
from workers.shell import Trouble

CONTRACT = ["id", "score", "abuse", "severity", "labels", "intent", "route", "findings", "model"]
FIELDS = [*CONTRACT, "uncertain", "target"]


def scored(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, given: bytes
) -> tuple[int, list[dict[str, Any]]]:
    """Run the command on standard input; return its exit code and the objects it printed."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given), "utf-8"))
    code = score.run(_arguments(["--mode", "rules"]))
    printed = capsys.readouterr()
    assert printed.err == ""
    return code, [json.loads(line) for line in printed.out.splitlines()]


def _arguments(words: list[str], settings: Path = Path("there-is-no-such-file.toml")) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    score.arguments(parser)
    return parser.parse_args(words, argparse.Namespace(settings=settings))


def lines(*rows: object) -> bytes:
    """Return rows as JSON lines."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def test_each_line_is_answered_in_order_with_every_field(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One object out for one in, the id as it came, the fields of the contract and no others."""
    code, answers = scored(
        capsys,
        monkeypatch,
        lines(
            {"id": "b", "text": "You're a bellend", "platform": "x", "kind": "reply", "author_name": "Sam"},
            {"id": 7, "text": "Lovely concert!"},
        ),
    )
    assert code == 0
    assert [answer["id"] for answer in answers] == ["b", 7]
    assert all(list(answer) == FIELDS for answer in answers)
    assert answers[0]["severity"] == "medium"
    assert answers[0]["labels"] == ["insult"]
    why = "a strong insulting word for a person"
    insult = {"by": "strong-insult", "label": "insult", "start": 9, "end": 16, "why": why}
    assert insult in answers[0]["findings"]
    assert answers[1]["severity"] == "none"
    assert answers[1]["findings"][0]["label"] == "praise"


def test_many_lines_keep_their_order_whatever_stands_between_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines are scored a few at a time; nobody sees where one batch ends and the next begins."""
    given = b"".join(
        b"no JSON\n" if number % 7 == 0 else lines({"id": number, "text": f"Is hall {number} open?"})
        for number in range(3 * score.TOGETHER)
    )
    code, answers = scored(capsys, monkeypatch, given)
    assert code == 1
    wanted = [None if number % 7 == 0 else number for number in range(3 * score.TOGETHER)]
    assert [answer["id"] for answer in answers] == wanted


def test_whoever_sends_one_line_and_waits_is_answered() -> None:
    """A line does not wait for others that may never come."""
    out, into = os.pipe()
    with os.fdopen(out, "rb") as reader, os.fdopen(into, "wb", buffering=0) as writer:
        writer.write(lines({"id": 1, "text": "hi"}))
        batches = score.batches(reader)
        assert [asked.item_id for asked in next(batches)] == [1]
        writer.write(lines({"id": 2, "text": "hi"}) + b'{"id": 3, "text": "the end"}')
        writer.close()
        assert [asked.item_id for batch in batches for asked in batch] == [2, 3]


def test_an_id_that_json_cannot_carry_is_left_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every answer is JSON, whatever the question was."""
    _, answers = scored(capsys, monkeypatch, b'{"id": NaN, "text": "hi"}\n{"id": NaN}\n')
    assert [answer["id"] for answer in answers] == [None, None]


def test_without_the_models_it_says_so_and_ends_with_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The rules answer alone, marked uncertain, and nobody takes that for the real thing."""
    monkeypatch.setattr(models, "FOLDER", tmp_path)
    path = tmp_path / "texts.jsonl"
    path.write_bytes(lines({"id": 1, "text": "kys"}))
    models.load.cache_clear()
    assert score.run(_arguments([str(path)])) == 1
    printed = capsys.readouterr()
    answer = json.loads(printed.out.splitlines()[-1])  # the log has no stream of its own here
    assert (answer["severity"], answer["uncertain"]) == ("critical", True)
    assert "the rules judged some texts alone (not loaded)" in printed.err


def test_the_mode_comes_from_the_settings_unless_it_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A machine that is too small for the large model scores the same by hand as in its workers."""
    tiny_models.write(tmp_path / "model")
    monkeypatch.setattr(models, "FOLDER", tmp_path / "model")
    models.load.cache_clear()
    settings = write_settings(tmp_path, "http://127.0.0.1:9", ('mode = "encoder"', 'mode = "linear"'))
    path = tmp_path / "texts.jsonl"
    path.write_bytes(lines({"id": 1, "text": "hello"}))
    said = []
    for words in ([], ["--mode", "rules"]):
        assert score.run(_arguments([str(path), *words], settings)) == 0
        said.append(json.loads(capsys.readouterr().out)["model"].rpartition("-")[0])
    models.load.cache_clear()
    assert said == ["tiny-linear+rules", "rules"]
    settings.write_text("people = 3", encoding="utf-8")
    with pytest.raises(Trouble, match="problem"):
        score.run(_arguments([str(path)], settings))


def test_unreadable_lines_are_answered_and_the_rest_is_done(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bad line becomes an error in its place, the others are scored, and the command ends with 1."""
    given = (
        b'{"id": 1, "text": "hello"}\n'
        b"not json at all\n"
        b'{"id": 3}\n'
        b'{"id": 4, "text": 12}\n'
        b"[1, 2]\n"
        b'{"id": 6, "text": "\xff\xfe"}\n'
        b'{"id": 7, "text": "ok", "platform": 5}\n' + b"[" * 100_000 + b"\n"
        b'{"id": 9, "text": "thanks"}'
    )
    code, answers = scored(capsys, monkeypatch, given)
    assert code == 1
    assert [answer["id"] for answer in answers] == [1, None, 3, 4, None, None, 7, None, 9]
    assert ["error" in answer for answer in answers] == [
        False,
        True,
        True,
        True,
        True,
        True,
        True,
        True,
        False,
    ]
    assert all(set(answer) == {"id", "error"} for answer in answers if "error" in answer)
    assert answers[1]["error"] == "line 2 is not JSON"


def test_error_quotes_nothing_of_the_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A comment's words never travel in an error."""
    _, answers = scored(capsys, monkeypatch, b'{"id": 1, "text": "secret words\n')
    assert "secret" not in answers[0]["error"]


def test_hard_texts_are_scored(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty, NUL, lone surrogates, a megabyte, markup: each gets an assessment, and its own."""
    hard = [{"id": name, "text": text} for name, text in HARD_TEXTS.items()]
    code, answers = scored(capsys, monkeypatch, lines(*hard, {"id": "last", "text": "You're a bellend"}))
    assert code == 0
    assert [answer["id"] for answer in answers] == [*HARD_TEXTS, "last"]
    assert all(list(answer) == FIELDS for answer in answers)
    uncertain = {answer["id"] for answer in answers if answer["uncertain"]}
    assert uncertain >= {"empty", "blank", "megabyte", "one long word", "Arabic", "Chinese"}
    assert answers[-1]["severity"] == "medium"


def test_half_exactly_parts_urgent_from_not_urgent(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``score`` is at least 0.5 exactly when severity is medium or worse."""
    texts = [
        "ta",
        "fucking brilliant",
        "You're a bellend",
        "I know where you live",
        "kys",
        "my son is being bullied",
    ]
    _, answers = scored(capsys, monkeypatch, lines(*({"id": text, "text": text} for text in texts)))
    urgent = {"medium", "high", "critical"}
    assert [answer["score"] >= 0.5 for answer in answers] == [
        answer["severity"] in urgent for answer in answers
    ]


def test_line_beyond_the_limit_is_passed_over(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line too long to hold in memory is reported, and the next one is read from its beginning."""
    monkeypatch.setattr(score, "MAX_LINE", 64)
    given = lines({"id": 1, "text": "x" * 500}, {"id": 2, "text": "thanks"})
    code, answers = scored(capsys, monkeypatch, given)
    assert code == 1
    assert [answer["id"] for answer in answers] == [None, 2]


def test_blank_lines_and_a_byte_order_mark_are_no_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that other programs wrote are read as they come."""
    code, answers = scored(capsys, monkeypatch, b"\xef\xbb\xbf" + lines({"id": 1, "text": "hi"}) + b"\r\n\n")
    assert code == 0
    assert [answer["id"] for answer in answers] == [1]


def test_file_may_be_named_instead(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """With a file as argument, its lines are scored."""
    path = tmp_path / "texts.jsonl"
    path.write_bytes(lines({"id": "f", "text": "thanks"}))
    assert score.run(_arguments([str(path), "--mode", "rules"])) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "f"


def test_file_that_is_not_there_is_one_line_and_exit_two(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Wrong use says what is wrong on standard error and prints no result."""
    assert score.run(_arguments([str(tmp_path / "none.jsonl")])) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1


def test_nothing_in_gives_nothing_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Empty input is fine."""
    assert scored(capsys, monkeypatch, b"") == (0, [])


def test_the_names_of_a_school_tell_who_is_meant(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """With --school the nicknames of the settings are known; they stand in no answer."""
    settings = write_settings(tmp_path, "http://127.0.0.1:1")  # the example names "Old Ferret" as the head
    (tmp_path / "in.jsonl").write_bytes(
        lines({"id": 1, "text": "old ferret has been pocketing the trip money"})
    )
    words = [str(tmp_path / "in.jsonl"), "--mode", "rules"]
    routes = []
    for extra in ([], ["--school", "oakfield"]):
        assert score.run(_arguments([*words, *extra], settings)) == 0
        printed = capsys.readouterr().out
        assert "Ferret" not in printed
        routes.append(json.loads(printed)["route"])
    assert routes == ["moderator", "governors"]
    with pytest.raises(Trouble):
        score.run(_arguments([*words, "--school", "no-such-school"], settings))
    with pytest.raises(Trouble, match=r"there is no settings file none\.toml"):
        score.run(_arguments([*words, "--school", "oakfield"], Path("none.toml")))
