"""A played demo week, and what can be read from it afterwards."""

from __future__ import annotations

import email
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from connectors.practice.content import sample_week
from connectors.practice.server import PracticePlatforms

COMMAND = (sys.executable, "-c", "import sys; from workers.cli import main; sys.exit(main())")


@dataclass(frozen=True)
class Week:
    """What a demo left in ``folder``; ``stdout`` and ``stderr`` are what it said."""

    folder: Path
    code: int
    stdout: str
    stderr: str

    @property
    def database(self) -> Path:
        """The demo's database."""
        return next((self.folder / "demo").glob("*/socialduty.db"))

    def rows(self, query: str) -> list[Any]:
        """Return the rows of a query on the demo's database."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def letters(self) -> list[EmailMessage]:
        """Return every message in the outbox."""
        paths = sorted((self.folder / "outbox").glob("*.eml"))
        return [email.message_from_bytes(path.read_bytes(), policy=default) for path in paths]

    def told(self) -> Counter[tuple[str, str, str, str]]:
        """Return who was told what, in words that do not depend on the order of work."""
        rows = self.rows(
            """
            select a.subject_kind, a.step, d.recipient, d.state,
                   coalesce(i.external_id, a.subject) as about
            from deliveries d join alerts a on a.id = d.alert
            left join escalations e on a.subject_kind = 'escalation' and e.id = a.subject
            left join cases c on c.id = case a.subject_kind when 'case' then a.subject else e.lead end
            left join items i on i.id = c.opening_item
            """
        )
        return Counter((row["about"], row["step"], row["recipient"], row["state"]) for row in rows)

    def handed_over(self) -> list[str]:
        """Return the names of the messages that went out, each as often as it did by our own record."""
        rows = self.rows("select message_id from dispatches where state = 'delivered'")
        return [row["message_id"] for row in rows]

    def clocks(self) -> dict[str, tuple[str, str | None, str | None]]:
        """Return due time, stop and how of every clock, by the platform's id of the message that began it."""
        rows = self.rows(
            "select i.external_id, k.due_at, k.stopped_at, k.stopped_how"
            " from clocks k join items i on i.id = k.item"
        )
        return {row["external_id"]: (row["due_at"], row["stopped_at"], row["stopped_how"]) for row in rows}

    def received(self) -> set[str]:
        """Return the platform's ids of everything that was stored."""
        return {row["external_id"] for row in self.rows("select external_id from items")}


def environment() -> dict[str, str]:
    """Return the environment for a command: no colours."""
    return {**os.environ, "NO_COLOR": "1"}


def play_week(folder: Path, *words: str) -> Week:
    """Play the sample week in ``folder`` to its end, saying everything that it has to say."""
    done = subprocess.run(
        [*COMMAND, "--log-level", "debug", "demo", "--json", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        env=environment(),
        check=False,
    )
    return Week(folder, done.returncode, done.stdout, done.stderr)


def external_ids() -> dict[str, str]:
    """Return the ids under which the lines of the sample week are stored.

    Facebook writes one comment in two ways; what both have in common is the part after the last ``_``.
    """
    content = sample_week()
    platforms = PracticePlatforms(content, now=lambda: datetime(2026, 11, 23, tzinfo=UTC))
    return {thing.key: platforms.external_id(thing.key).rpartition("_")[2] for thing in content.things}
