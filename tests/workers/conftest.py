"""A desk on a real SQLite database in the test's own folder, with a clock that the test moves."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.settings import load
from connectors.base import Connector
from moderation.tasks import Claim, TaskKind
from tests.schools import write_settings
from workers.bootstrap import open_desk
from workers.desk import Desk


class Clock:
    """The time that a test has set."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        """Let some time go by."""
        self.at += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    """Tuesday 17 November 2026, ten in the morning, until the test says otherwise."""
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    """A desk with the example school's register; nothing listens where its accounts point."""
    settings = load(
        write_settings(
            tmp_path,
            "http://127.0.0.1:9",
            ('folder = "outbox"', f'folder = "{(tmp_path / "outbox").as_posix()}"'),
        )
    )
    with open_desk(settings, clock) as opened:
        yield opened


@pytest.fixture
def with_connector(desk: Desk) -> Callable[[Connector], Desk]:
    """Return the desk with one connector for every account."""
    return lambda connector: dataclasses.replace(desk, connector=lambda name: connector)


@pytest.fixture
def claim(desk: Desk) -> Callable[[TaskKind], Claim]:
    """Lease the one task of a kind that is due."""

    def take(kind: TaskKind) -> Claim:
        return desk.store.claim(kind, 60, limit=1)[0]

    return take


@pytest.fixture
def account(claim: Callable[[TaskKind], Claim]) -> Claim:
    """The first account of the register whose poll is due, leased."""
    return claim(TaskKind.POLL_ACCOUNT)
