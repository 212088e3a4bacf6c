"""The ``score`` command: the filter contract, line by line."""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path
from typing import Any

import pytest

from workers.commands import score

FIELDS = ["id", "score", "abuse", "severity", "labels", "intent", "route", "findings", "model"]


def scored(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, given: bytes
) -> tuple[int, list[dict[str, Any]]]:
    """Run the command on standard input; return its exit code and the objects it printed."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given), "utf-8"))
    code = score.run(_arguments([]))
    printed = capsys.readouterr()
    assert printed.err == ""
    return code, [json.loads(line) for line in printed.out.splitlines()]


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    score.arguments(parser)
    return parser.parse_args(words)


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
    assert {"by": "strong-insult", "label": "insult", "start": 9, "end": 16} in answers[0]["findings"]
    assert answers[1]["severity"] == "none"
    assert answers[1]["findings"][0]["label"] == "praise"


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


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00",
        "a\x00b",
        "\ud83d",
        "\udc00\ud800",
        "🇰",
        "x" * 1_000_000,
        "\u202e\u2066",
        "𝕳𝖎",
        "{{7*7}} <script>",
        "👍" * 5_000,
    ],
    ids=lambda text: ascii(text[:6]),
)
def test_hard_texts_are_scored(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Empty, NUL, lone surrogates, a megabyte: each gets an assessment."""
    code, answers = scored(capsys, monkeypatch, lines({"id": "hard", "text": text}))
    assert code == 0
    assert list(answers[0]) == FIELDS


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
    assert score.run(_arguments([str(path)])) == 0
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
