"""What goes wrong becomes a clear line or a row for a person; nothing is lost and the others go on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.practice.content import read
from connectors.practice.server import PracticePlatforms
from store.engine import only_process, open_engine
from tests.journeys.conftest import Run
from tests.schools import write_settings

NOW = datetime.now(UTC)


def line(number: int, platform: str, text: str) -> bytes:
    """Return one line of a content file, an hour old."""
    at = NOW - timedelta(hours=1, seconds=-number)
    return json.dumps({"id": f"m{number}", "platform": platform, "text": text, "at": at.isoformat()}).encode()


HARD = {
    "long": "word " * 200_000,
    "nul": "before\x00after",
    "surrogate": "half \ud83d a pair \udc00",
    "emoji": "\U0001f600" * 10_000,
    "marks": "a" + "\u0301" * 5_000,
    "bidi": "\u202eTHE HALL\u202c \u200b\u200d open?",
    "empty": " ",
}


@pytest.fixture
def practice() -> Iterator[PracticePlatforms]:
    """The practice platforms with two plain comments and one of each hard kind on every platform."""
    lines: list[bytes] = []
    for platform in ("facebook", "x", "youtube"):
        texts = ["Is the hall open?", "Lovely concert!", *HARD.values()]
        lines += [line(len(lines) + place, platform, text) for place, text in enumerate(texts)]
    with PracticePlatforms(read(lines), now=lambda: datetime.now(UTC)) as platforms:
        yield platforms


def settings(folder: Path, url: str, *changes: tuple[str, str]) -> None:
    """Write settings that went live yesterday."""
    yesterday = (NOW - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    write_settings(folder, url, ("2026-11-16T00:00:00Z", yesterday), *changes)


def totals(run: Run, *words: str) -> tuple[int, dict[str, int]]:
    """Poll once; return the exit code and the counts."""
    done = run("poll", "--json", *words)
    assert "Traceback" not in done.stderr, done.stderr[-2_000:]
    return done.returncode, json.loads(done.stdout)


def test_texts_of_every_hard_kind_are_stored_and_scored(
    run: Run, tmp_path: Path, practice: PracticePlatforms
) -> None:
    """A megabyte, NUL bytes, lone surrogates, emoji and mark stacks: all kept, and nothing stops for them."""
    settings(tmp_path, practice.url)
    code, counts = totals(run)
    assert code == 0
    assert counts["received"] == counts["scored"] == 3 * (2 + len(HARD)) - counts["rejected"]
    assert counts["rejected"] <= 3
    shown = run("items", "--json", "--words", "--limit", "500")
    rows = [json.loads(row) for row in shown.stdout.splitlines()]
    assert len(rows) == counts["items"]
    assert max(len(row["text"]) for row in rows) == 20_000


@pytest.mark.parametrize("fault", ["500", "cut", "html", "down", "expired"])
def test_one_platform_in_trouble_leaves_the_others_alone(
    run: Run, tmp_path: Path, practice: PracticePlatforms, fault: str
) -> None:
    """The broken account says so and keeps its cursor; what it held back comes with the next good poll."""
    settings(tmp_path, practice.url)
    practice.set_faults(f"youtube:{fault}")
    code, counts = totals(run)
    assert code == 1
    assert counts["received"] == 2 * (2 + len(HARD))
    status = run("accounts", "--json")
    broken = [row for row in map(json.loads, status.stdout.splitlines()) if row["not_read_since"]]
    assert [row["account"] for row in broken] == ["oakfield-youtube"]
    practice.set_faults("")
    code, counts = totals(run)
    assert (code, counts["received"]) == (0, 3 * (2 + len(HARD)))


def test_an_unreachable_platform_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    """Nobody has to read a traceback to learn that a server is away."""
    settings(tmp_path, "http://127.0.0.1:9")
    done = run("poll")
    assert done.returncode == 1
    assert "oakfield-x could not be read: X could not be reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_all_problems_of_a_settings_file_are_told_at_once(run: Run, tmp_path: Path) -> None:
    """Each with its key and what to do, and with exit code 2."""
    settings(
        tmp_path, "http://127.0.0.1:9", ('nation = "ENG"', 'nation = "UK"'), ("hours = 24", 'hours = "day"')
    )
    done = run("poll")
    assert done.returncode == 2
    assert "schools[0].nation" in done.stderr
    assert "schools[0].target.hours" in done.stderr


def test_broken_lines_of_a_content_file_are_numbered_and_the_rest_is_played(run: Run, tmp_path: Path) -> None:
    """A corpus with a few bad lines is still a corpus."""
    lines = [
        '{"text": "Is the hall open?"}',
        "{broken",
        '["no object"]',
        '{"id": "x"}',
        '{"text": "Thanks!"}',
    ]
    (tmp_path / "odd.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = run("demo", "--from", "odd.jsonl", "--json")
    assert done.returncode == 1
    for number in (2, 3, 4):
        assert f"line {number}:" in done.stderr
    assert json.loads(done.stdout)["totals"]["received"] == 2


def test_a_second_process_on_the_same_data_is_refused(
    run: Run, tmp_path: Path, practice: PracticePlatforms
) -> None:
    """Two would each believe the other's work to be abandoned."""
    settings(tmp_path, practice.url)
    engine = open_engine(f"sqlite:///{(tmp_path / 'data' / 'socialduty.db').as_posix()}")
    with only_process(engine):
        done = run("poll")
    engine.dispose()
    assert done.returncode == 2
    assert "another socialduty is running" in done.stderr
