"""``socialduty practice``: says where it is and what is there, serves, and ends when it is told to."""

from __future__ import annotations

import argparse
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.practice.changes import ChangeKind
from connectors.practice.faults import FaultKind
from connectors.practice.identities import X_USER_ID, Platform
from tests.connectors.practice.rehearsal import get
from workers.commands import practice
from workers.shell import Trouble

Start = Callable[..., "subprocess.Popen[str]"]

LINES = """\
{"id": "a", "platform": "x", "by": "school", "text": "Snow", "at": "2026-11-16T08:00:00Z"}
{"text": "Is it
{"text": "Open?", "under": "a"}
{"platform": "youtube", "text": "Lovely", "under": "nowhere"}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a content file with one broken line."""
    found = tmp_path / "week.jsonl"
    found.write_text(LINES, encoding="utf-8")
    return found


@pytest.fixture
def start(root: Path) -> Iterator[Start]:
    """Return what starts the command on any free port; what still runs after the test is killed."""
    running: list[subprocess.Popen[str]] = []

    def started(*words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "workers.cli", "practice", "--port", "0", *words]
        process = subprocess.Popen(
            command, cwd=root, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        )
        running.append(process)
        return process

    yield started
    for process in running:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> str:
    """Return what the command says before it serves: everything up to its last account."""
    assert process.stdout is not None
    text, accounts = "", 0
    for line in process.stdout:
        text += line
        accounts += line.startswith("base_url")
        if accounts == len(Platform):
            return text
    assert process.stderr is not None
    pytest.fail(f"it ended: {process.stderr.read()}")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_end(start: Start, file: Path, how: signal.Signals) -> None:
    """Counts and accounts on stdout, the broken line on stderr, which makes the exit code 1."""
    process = start("--from", str(file), "--faults", "x:500@2")
    text = said(process)
    url = re.search(r"http://127\.0\.0\.1:[0-9]+", text)
    assert url is not None
    assert "Lines used: 3; rejected: 1; under something that is not in the file: 1" in text
    assert f"x         account {X_USER_ID}: 2 posts and comments" in text
    path = f"/2/users/{X_USER_ID}/mentions"
    assert [get(url[0], path).status_code for _ in range(3)] == [200, 500, 200]
    process.send_signal(how)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert f"{file}, line 2: is not JSON" in errors
    assert "Is it" not in errors


def test_it_ends_well_when_every_line_was_good(start: Start, tmp_path: Path) -> None:
    """Exit code 0, and the accounts it prints are TOML that can be used as it stands."""
    file = tmp_path / "week.jsonl"
    file.write_text('{"text": "Lovely"}\n', encoding="utf-8")
    process = start("--from", str(file), "--begins", "now", "--vocabulary", "2.167", "--whole-history")
    text = said(process)
    accounts = tomllib.loads(text[text.index("[[accounts]]") :])["accounts"]
    assert [account["platform"] for account in accounts] == list(Platform)
    base_urls = {account["platform"]: account["base_url"] for account in accounts}
    assert base_urls.pop("instagram") == base_urls["x"] + "/instagram"
    assert len(set(base_urls.values())) == 1
    process.terminate()
    assert process.wait(timeout=20) == 0


def parsed(*words: str) -> argparse.Namespace:
    """Return what the command makes of its words."""
    parser = argparse.ArgumentParser()
    practice.arguments(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--from", "/nowhere.jsonl"], "/nowhere.jsonl: No such file or directory"),
        (["--faults", "x:never"], "--faults 'x:never': the kind is one of"),
        (["--begins", "2079-12-31T00:00:00Z"], "--begins: everything has to lie between 2011 and 2080"),
    ],
)
def test_wrong_use_is_one_clear_line(file: Path, words: list[str], complaint: str) -> None:
    """What was wrong, and nothing is started."""
    with pytest.raises(Trouble) as trouble:
        practice.run(parsed("--from", str(file), *words))
    assert str(trouble.value).startswith(complaint)
    assert len(str(trouble.value).splitlines()) == 1
    assert trouble.value.exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ["--port", "many"],
        ["--port", "70000"],
        ["--begins", "soon"],
        ["--begins", "2026-11-16"],
        ["--vocabulary", "3"],
    ],
)
def test_wrong_words_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is read."""
    with pytest.raises(SystemExit):
        parsed(*words)
    assert f"argument {words[0]}" in capsys.readouterr().err


def test_help_explains_every_fault(capsys: pytest.CaptureFixture[str]) -> None:
    """The grammar stands where it is looked for."""
    with pytest.raises(SystemExit):
        parsed("--help")
    text = capsys.readouterr().out
    assert "PLATFORM:KIND[=VALUE][@WHEN]" in text
    assert all(f"\n  {kind} " in text for kind in FaultKind)
    assert all(str(kind) in text for kind in ChangeKind)
