"""Alerts over a real mail server: taken, refused, away for a while, and never sent twice."""

from __future__ import annotations

import email
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from connectors.practice.content import read
from connectors.practice.server import PracticePlatforms
from tests.journeys.conftest import Run
from tests.schools import write_settings

LEAD = "m.osei@oakfield.example"


class Post:
    """A mail server's memory: what it took, and what it says to each recipient."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.refusals: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names it so
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        answer = self.refusals.get(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def post() -> Iterator[tuple[Post, int]]:
    """A mail server on a free port of this machine."""
    handler = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


@pytest.fixture
def practice() -> Iterator[PracticePlatforms]:
    """One child in distress, just now."""
    line = {
        "platform": "youtube",
        "text": "I can't do this any more. I want to die.",
        "at": (datetime.now(UTC) - timedelta(minutes=2)).isoformat(),
    }
    with PracticePlatforms(read([json.dumps(line).encode()]), now=lambda: datetime.now(UTC)) as platforms:
        yield platforms


def settings(folder: Path, url: str, port: int) -> None:
    """Write settings that send by the mail server at ``port``."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    write_settings(
        folder,
        url,
        ("2026-11-16T00:00:00Z", yesterday),
        ('transport = "outbox"', 'transport = "smtp"\nhost = "127.0.0.1"'),
        ("port = 587", f"port = {port}"),
        ('security = "starttls"', 'security = "none"'),
    )


def states(run: Run) -> dict[str, tuple[str, int]]:
    """Return the state and the number of tries of each urgent delivery, by recipient."""
    rows = [json.loads(row) for row in run("alerts", "--json").stdout.splitlines()]
    return {row["recipient"]: (row["state"], row["attempts"]) for row in rows if row["step"] == "urgent"}


def test_the_safeguarding_leads_get_one_letter_each(
    run: Run, tmp_path: Path, practice: PracticePlatforms, post: tuple[Post, int]
) -> None:
    """The path ends in a real letter to the lead, by day to the deputy too; polling again sends no other."""
    server, port = post
    settings(tmp_path, practice.url, port)
    assert run("poll").returncode == 0
    assert run("poll").returncode == 0
    urgent = [letter["To"] for letter in server.letters if letter["Message-ID"].startswith("<urgent.")]
    assert set(urgent) in ({LEAD}, {LEAD, "g.pryce@oakfield.example"})
    assert len(urgent) == len(set(urgent))
    assert all("die" not in letter.as_string().split() for letter in server.letters)


def test_a_refused_recipient_is_told_to_somebody_and_the_others_get_theirs(
    run: Run, tmp_path: Path, practice: PracticePlatforms, post: tuple[Post, int]
) -> None:
    """A dead address is the network manager's business; the deputy is not held up by it."""
    server, port = post
    server.refusals[LEAD] = "550 no such mailbox"
    settings(tmp_path, practice.url, port)
    run("poll")
    assert states(run)["miriam"] == ("permanent-failure", 1)
    assert states(run)["gareth"] == ("delivered", 1)
    assert "d.chaudhary@oakfield.example" in [letter["To"] for letter in server.letters]


def test_greylisting_is_waited_out_and_never_counted_as_sent(
    run: Run, tmp_path: Path, practice: PracticePlatforms, post: tuple[Post, int]
) -> None:
    """ "Come back later" is not "delivered": the row waits for its next try."""
    server, port = post
    server.refusals[LEAD] = "451 try again later"
    settings(tmp_path, practice.url, port)
    run("poll")
    assert states(run)["miriam"] == ("temporary-failure", 1)
    waiting = [json.loads(row) for row in run("tasks", "--json", "--state", "waiting").stdout.splitlines()]
    assert any(row["kind"] == "deliver_urgent" for row in waiting)


def test_a_mail_server_that_is_away_loses_nothing(
    run: Run, tmp_path: Path, practice: PracticePlatforms
) -> None:
    """Everything else goes on; the letters wait as rows."""
    settings(tmp_path, practice.url, 9)
    run("poll")
    assert {state for state, _ in states(run).values()} == {"temporary-failure"}
