"""The ``due`` command is a filter for scripts: one JSON object per line in and out, in order."""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from workers.commands import due

SUNDAY = "2026-11-22T19:42:00+00:00"


def answer(**asked: Any) -> dict[str, Any]:
    """Ask one question."""
    return next(due.answers([json.dumps({"id": "q", "received": SUNDAY, "nation": "ENG", **asked}).encode()]))


def test_a_line_is_answered_with_the_due_time_the_sentence_and_the_trace() -> None:
    """Exactly the four keys of the contract, the time in UTC with a Z."""
    assert answer() == {
        "id": "q",
        "due": "2026-11-23T23:59:59Z",
        "why": "Received 7:42pm on Sunday, so it is due by 11:59pm on Monday 23 November",
        "trace": [
            "received=2026-11-22T19:42:00Z",
            "2026-11-22=weekend",
            "2026-11-23=working",
            "basis=next-working-day",
            "due=2026-11-23T23:59:59Z",
        ],
    }


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"received": "2026-11-20T16:00:00Z"}, "2026-11-21T16:00:00Z"),
        ({"received": "2026-07-03T23:30:00Z"}, "2026-07-06T22:59:59Z"),
        ({"received": "2026-06-15T09:00:00Z", "nation": "SCT"}, "2026-06-16T22:59:59Z"),
        ({"received": "2026-06-15T09:00:00Z", "nation": "NIR"}, "2026-06-16T09:00:00Z"),
        ({"closures": ["2026-11-23", "2026-11-24"]}, "2026-11-25T23:59:59Z"),
        ({"closures": [], "rule": {}}, "2026-11-23T23:59:59Z"),
        ({"closures": None, "rule": None}, "2026-11-23T23:59:59Z"),
        ({"closures": ["2026-11-23"], "rule": {"extra_working": ["2026-11-23"]}}, "2026-11-23T23:59:59Z"),
        ({"received": "2026-11-20T16:00:00Z", "rule": {"mode": "pause"}}, "2026-11-23T16:00:00Z"),
        ({"received": "2026-11-20T16:00:00Z", "rule": {"mode": "carry"}}, "2026-11-23T23:59:59Z"),
        ({"rule": {"mode": "ignore_calendar", "hours": 2}}, "2026-11-22T21:42:00Z"),
        ({"rule": {"next_day_time": "17:00", "floor": True}}, "2026-11-23T19:42:00Z"),
        ({"rule": {"weekend": [], "clock": "wall", "tz": "Europe/London"}}, "2026-11-23T19:42:00Z"),
        ({"received": "2026-04-06T09:00:00Z", "rule": {"bank_holidays": False}}, "2026-04-07T09:00:00Z"),
    ],
)
def test_nation_rule_and_closures_count(asked: dict[str, Any], expected: str) -> None:
    """Every word of the contract changes the answer as the rules say."""
    assert answer(**asked)["due"] == expected


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"received": "2026-11-22T19:42:00"}, "received has no offset"),
        ({"received": "2026-11-22"}, "received has no offset"),
        ({"received": "Sunday evening"}, "received must be a time with an offset"),
        ({"received": 1795376520}, "received must be a time with an offset"),
        ({"received": None}, "received must be a time with an offset"),
        ({"received": "0001-01-01T00:00:00+05:00"}, "outside all years"),
        ({"received": "2050-01-01T00:00:00Z"}, "bank holidays of 2050 are not known"),
        ({"nation": "UK"}, "nation must be one of ENG"),
        ({"nation": None}, "nation must be one of ENG"),
        ({"nation": ["ENG"]}, "nation must be one of ENG"),
        ({"closures": "2026-11-23"}, "closures must be a list of dates"),
        ({"closures": [20261123]}, "closures must be a list of dates"),
        ({"closures": ["23 November"]}, "closures holds something that is no date"),
        ({"rule": "strict"}, "rule must be an object"),
        ({"rule": {"grace": 5}}, "the rule has no grace"),
        ({"rule": {"mode": "pause", "next_day_time": "17:00"}}, "mode pause needs next_day_time 23:59:59"),
        ({"rule": {"weekend": list(range(7))}}, "all seven days"),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_to_change(
    asked: dict[str, Any], complaint: str
) -> None:
    """The error names the field; there is no due time beside it."""
    refused = answer(**asked)

    assert set(refused) == {"id", "error"}
    assert refused["id"] == "q"
    assert complaint in refused["error"]


def test_no_working_day_within_a_year_is_an_error_and_not_a_date() -> None:
    """A mistyped closure is told at once."""
    closures = [
        f"{year}-{month:02d}-{day:02d}"
        for year in (2026, 2027)
        for month in range(1, 13)
        for day in range(1, 29)
    ]
    closures += [
        f"{year}-{month:02d}-{day}"
        for year in (2026, 2027)
        for month in range(1, 13)
        for day in (29, 30)
        if month != 2
    ]
    closures += [f"{year}-{month:02d}-31" for year in (2026, 2027) for month in (1, 3, 5, 7, 8, 10, 12)]

    assert "no working day within 366 days" in answer(closures=closures)["error"]


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"null",
        b"[]",
        b'"2026-11-22"',
        b"\xff\xfe",
        b"\x00",
        b"[" * 100_000,
        b'{"id": "q", "received": ' + b"9" * 10_000 + b"}",
    ],
)
def test_a_line_that_cannot_be_read_gives_an_error_without_an_id(line: bytes) -> None:
    """Whatever comes down a pipe, the next line is answered."""
    good = json.dumps({"id": 2, "received": SUNDAY, "nation": "ENG"}).encode()

    broken, fine = due.answers([line, good])

    assert broken["id"] is None
    assert set(broken) == {"id", "error"}
    assert fine["due"] == "2026-11-23T23:59:59Z"


@pytest.mark.parametrize(
    ("written", "returned"),
    [
        ("17", 17),
        ('"x"', "x"),
        ("null", None),
        ("1.5", 1.5),
        ("1e999", None),
        ("NaN", None),
        ("[1]", [1]),
        ('"\\ud800"', "\ud800"),
    ],
)
def test_the_id_comes_back_as_it_was_wherever_json_can_carry_it(written: str, returned: object) -> None:
    """Every line of the output is valid JSON, whatever the id was."""
    line = f'{{"id": {written}, "received": "{SUNDAY}", "nation": "ENG"}}'.encode()

    found = next(due.answers([line]))

    assert found["id"] == returned
    json.dumps(found, allow_nan=False)


def test_the_command_keeps_the_order_skips_blank_lines_and_ends_with_one_after_doing_the_rest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1 says that something needs a person; all good lines are answered all the same."""
    good = [json.dumps({"id": n, "received": SUNDAY, "nation": "ENG"}) for n in range(3)]
    text = "\n".join([good[0], "", "broken", good[1], "   ", good[2]])

    codes = []
    for lines in (text, "\n".join(good), ""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
        codes.append(due.run(argparse.Namespace()))
    shown = [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()]

    assert codes == [1, 0, 0]
    assert shown == [0, None, 1, 2, 0, 1, 2]


def test_the_command_works_in_a_pipe(root: Path) -> None:
    """The real command line, as a script calls it."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from workers.cli import main; sys.exit(main(['due']))"],
        input=json.dumps({"id": "ü", "received": SUNDAY, "nation": "ENG"}) + "\nbroken\n",
        capture_output=True,
        text=True,
        cwd=root,
        encoding="utf-8",
        timeout=60,
        check=False,
    )

    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 1
    assert (first["id"], first["due"]) == ("ü", "2026-11-23T23:59:59Z")
    assert "error" in second
