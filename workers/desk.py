"""Everything that the jobs of one process work with."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path

from connectors.base import Connector
from moderation.items import AccountName
from moderation.ports import Ports
from store.store import Store
from workers.schools import Schools
from workers.stored_moves import StoredMoves
from workers.tokens import NoTokens, Tokens


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """When and where the weekly report is made. ``weekday`` is 0 for Monday; ``send_at`` is school time."""

    folder: Path
    weekday: int
    send_at: time


@dataclass(frozen=True, slots=True)
class Desk:
    """One process's connections to the world, made once by ``bootstrap`` and passed to every job.

    ``schools`` are those of the ports, with their calendars kept up to date. ``connector`` makes a fresh
    connector for one poll, because SDK clients belong to one thread. ``closing`` is set when the process
    has been asked to stop: no new task is begun after that. ``moves`` are those of the thresholds.
    ``tokens`` are the stored ones of the accounts. ``ping_url`` is pinged every ``ping_every`` while all is
    well. ``public_url`` is where staff reach the pages that messages lead to.
    """

    ports: Ports
    store: Store
    schools: Schools
    connector: Callable[[AccountName], Connector]
    report: ReportPlan
    moves: StoredMoves
    closing: threading.Event = field(default_factory=threading.Event)
    tokens: Tokens = field(default_factory=NoTokens)
    public_url: str = ""
    ping_url: str | None = field(default=None, repr=False)
    ping_every: timedelta = timedelta(minutes=5)

    def renew_token(self, account: AccountName) -> bool:
        """Get a newer token for an account whose own is dead; say whether there is one to try."""
        return self.tokens.renew_last(account)

    def keep_up(self) -> None:
        """Take over what other processes have changed: calendars in force, thresholds that were moved."""
        self.schools.refresh(self.store)
        self.moves.refresh(self.store)
