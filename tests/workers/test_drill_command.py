"""``drill`` as people use it: beginning one, answering it, and seeing who did."""

from __future__ import annotations

import dataclasses
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.settings import load
from moderation.alerts import DeliveryState, Handed
from moderation.dispatching import send_due
from moderation.tasks import TaskKind
from store.heartbeats import beat
from tests.schools import write_settings
from workers.bootstrap import open_desk, utc_now
from workers.cli import main
from workers.desk import Desk

Printed = pytest.CaptureFixture[str]

PEOPLE = {"priya", "tom", "miriam", "gareth", "helen", "dev"}
"""Everybody of the example school who could be told something urgent."""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Return the settings of the example school."""
    return write_settings(
        tmp_path,
        "http://127.0.0.1:9",
        ('folder = "outbox"', f'folder = "{(tmp_path / "outbox").as_posix()}"'),
    )


@pytest.fixture
def desk(settings: Path) -> Iterator[Desk]:
    """Return the desk of these settings."""
    with open_desk(load(settings), works=False) as opened:
        yield opened


@pytest.fixture
def drill(settings: Path, desk: Desk) -> Callable[..., int]:
    """Run the command with these words; return its exit code."""
    return lambda *words: main(["--settings", str(settings), "drill", *words])


def send(desk: Desk, state: DeliveryState = DeliveryState.DELIVERED) -> None:
    """Hand everything that is due to people, as a running process does."""
    ports = dataclasses.replace(desk.ports, send=lambda outgoing, person: Handed(state))
    for kind in (TaskKind.DELIVER_URGENT, TaskKind.DELIVER_TEXT):
        while claims := desk.store.claim(kind, 60):
            for claim in claims:
                send_due(ports, claim)


def rows(printed: Printed) -> list[dict[str, Any]]:
    """Return the rows of a report that was just printed as JSON."""
    return [json.loads(line) for line in printed.readouterr().out.splitlines()]


def test_beginning_says_what_will_happen(drill: Callable[..., int], desk: Desk, capsys: Printed) -> None:
    """How many hear of it, that it is harmless, and where the result will be."""
    beat(desk.store.engine, "run", "another-host", utc_now())
    assert drill("--as", "dev") == 0
    said = capsys.readouterr().out
    assert "Practice alert 1 of Oakfield Academy goes to 6 people" in said
    assert "marked as practice. No case is opened" in said
    assert "socialduty drill report 1" in said


def test_beginning_warns_where_nothing_would_send_it(
    drill: Callable[..., int], desk: Desk, capsys: Printed
) -> None:
    """Otherwise people would wait for a message that does not come. A schedule alone sends nothing."""
    beat(desk.store.engine, "schedule", socket.gethostname(), utc_now())
    assert drill("--as", "dev") == 1
    assert "! Nothing sends it at the moment: start 'run'" in capsys.readouterr().out


def test_the_report_shows_everybody_and_who_answered(
    drill: Callable[..., int], desk: Desk, capsys: Printed
) -> None:
    """It ends with 1 until the last one has."""
    drill("--as", "dev")
    send(desk)
    assert drill("answered", "1", "--as", "miriam") == 0
    capsys.readouterr()
    assert drill("report", "--json") == 1
    found = {row["person"]: row for row in rows(capsys)}
    assert set(found) == PEOPLE
    assert {row["state"] for row in found.values()} == {"delivered"}
    assert {name for name, row in found.items() if row["answered_after"] is not None} == {"miriam"}
    for name in PEOPLE - {"miriam"}:
        assert drill("answered", "1", "--as", name) == 0
    assert drill("report", "1") == 0
    assert "6 of 6 people have answered" in capsys.readouterr().out


def test_the_report_is_a_table_for_people(drill: Callable[..., int], desk: Desk, capsys: Printed) -> None:
    """With who began it, and in words who has not answered."""
    drill("--as", "dev")
    send(desk)
    drill("answered", "1", "--as", "miriam")
    capsys.readouterr()
    assert drill("report") == 1
    shown = capsys.readouterr().out
    assert shown.count("not answered") == 5
    assert "Begun by dev" in shown
    assert "1 of 6 people have answered" in shown


def test_a_message_that_did_not_arrive_needs_a_person(
    drill: Callable[..., int], desk: Desk, capsys: Printed
) -> None:
    """Though everybody answered: they may have heard of it from each other."""
    drill("--as", "dev")
    send(desk, DeliveryState.TECHNICAL_FAILURE)
    for name in PEOPLE:
        drill("answered", "1", "--as", name)
    capsys.readouterr()
    assert drill("report", "--json") == 1
    assert {row["state"] for row in rows(capsys)} == {"technical-failure"}


def test_answering_twice_says_that_the_first_answer_counts(
    drill: Callable[..., int], desk: Desk, capsys: Printed
) -> None:
    """It is no mistake."""
    drill("--as", "dev")
    drill("answered", "1", "--as", "tom")
    assert drill("answered", "1", "--as", "tom") == 0
    assert "the first answer counts" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ((), 2, "say who begins the drill"),
        (("--as", "nobody"), 2, "nobody is called 'nobody'"),
        (("--as", "dev", "--school", "elm"), 2, "say which school with --school: oakfield"),
        (("answered", "1"), 2, "say which drill, and who you are"),
        (("answered", "--as", "tom"), 2, "say which drill, and who you are"),
        (("answered", "7", "--as", "tom"), 1, "tom was told of no practice alert 7"),
        (("report",), 2, "has had no practice alert yet"),
        (("report", "7"), 2, "has had no practice alert 7"),
    ],
)
def test_a_wrong_use_is_explained(
    drill: Callable[..., int], capsys: Printed, words: tuple[str, ...], code: int, sentence: str
) -> None:
    """In one sentence that says what to do."""
    assert drill(*words) == code
    assert sentence in capsys.readouterr().err


def test_who_took_no_part_has_nothing_to_answer(drill: Callable[..., int], capsys: Printed) -> None:
    """The governors' contact is told nothing urgent."""
    drill("--as", "dev")
    assert drill("answered", "1", "--as", "frank") == 1
    assert "frank was told of no practice alert 1" in capsys.readouterr().err


def test_the_school_may_be_named(drill: Callable[..., int], capsys: Printed) -> None:
    """Where there are several it has to be; the sentences name it then."""
    drill("--as", "dev", "--school", "oakfield")
    assert "socialduty drill report 1 --school oakfield" in capsys.readouterr().out
