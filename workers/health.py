"""Whether the system does its duty: what is alive, what is blind, what waits for a person."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from moderation.alert_rules import EscalationLane
from store import alert_listings, listings, tables
from store.alerts import Alerts
from store.calendars import Calendars
from workers.scoring import broken_files, missing_files

SILENT_AFTER = timedelta(seconds=60)
"""A loop that has not spoken for so long is not alive."""

FORGOTTEN_AFTER = timedelta(days=1)
"""A loop that has not spoken for so long was stopped on purpose, or moved to another host."""

OVERDUE_AFTER = timedelta(minutes=5)
"""Work that waits for so long past its time has nobody who does it."""

WARNED_BEFORE = timedelta(days=14)
"""How long before a token ends it is named among the problems."""

RECENTLY = timedelta(days=1)
"""How far back it matters that messages were judged by the rules alone."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """What is wrong with the files of the trained models: names of those not there, and of damaged ones."""

    mode: str
    missing: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """One look at the whole. ``problems`` are sentences for a person; none means that all is well.

    ``models`` holds the files' state, where it was looked at, and under ``no_say`` why and how often the
    models had no say in the newest messages.
    """

    at: datetime
    totals: Mapping[str, int]
    waiting: Mapping[str, int]
    accounts: list[Mapping[str, Any]]
    loops: list[Mapping[str, Any]]
    models: Mapping[str, Any]
    problems: list[str]

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON values and times."""
        return asdict(self)


def model_files(mode: str) -> ModelFiles:
    """Look at the files that a mode of scoring needs, without loading them."""
    return ModelFiles(mode, tuple(missing_files(mode)), tuple(broken_files(mode)))


def health(connection: Connection, now: datetime, files: ModelFiles | None = None) -> Health:
    """Look at everything once; ``files`` is what was found about those of the trained models, if anything."""
    accounts = listings.accounts(connection)
    loops = _loops(connection, now)
    waiting = listings.waiting(connection, now)
    stuck = listings.waiting(connection, now - OVERDUE_AFTER)["due"]
    problems = [
        f"{row['account']} has not been read since {row['not_read_since']:%d %b %H:%M} UTC ({row['reason']})"
        + (f": {row['detail']}" if row["detail"] else "")
        for row in accounts
        if row["not_read_since"] is not None
    ]
    problems += [
        f"of {row['account']} these parts are not read: {', '.join(row['parts_not_read'])}"
        for row in accounts
        if row["parts_not_read"] and row["not_read_since"] is None
    ]
    problems += [
        f"the token of {row['account']} ends on {row['token_ends']:%d %B %Y}: run 'accounts connect'"
        for row in accounts
        if row["token_ends"] is not None and row["token_ends"] - now <= WARNED_BEFORE
    ]
    problems += [f"the loop {row['loop']} on {row['host']} is silent" for row in loops if not row["alive"]]
    no_say = listings.without_models(connection, now - RECENTLY)
    problems += [
        f"the models had no say ({lack}) in {count} of the newest {listings.NEWEST} messages: run 'check'"
        for lack, count in no_say.items()
    ]
    if files is not None and files.missing:
        problems.append(f"the trained models are not there ({', '.join(files.missing)}): run 'check'")
    if files is not None and files.broken:
        problems.append(f"the trained models cannot be read ({', '.join(files.broken)}): run 'check'")
    if waiting["set_aside"]:
        problems.append(f"{waiting['set_aside']} task(s) failed too often: see 'tasks --state set_aside'")
    problems += [
        f"a calendar of {school} waits for a decision: see 'calendar preview --school {school}'"
        for school in Calendars(connection).waiting_schools()
    ]
    problems += [
        f"case {row['case']}: nobody has taken it since {row['since']:%d %b %H:%M} UTC ({row['urgency']})"
        + (f", with {row['cases'] - 1} more" if row["cases"] > 1 else "")
        for row in alert_listings.climbing(connection)
        if EscalationLane(row["urgency"]).at_any_hour
    ]
    undelivered = Alerts(connection).undelivered_since(now - RECENTLY, None)
    if undelivered:
        problems.append(f"{undelivered} message(s) of the last day reached nobody: see 'alerts'")
    if stuck:
        problems.append(f"{stuck} task(s) are overdue and nobody does them: is 'run' running?")
    models = {**(asdict(files) if files is not None else {}), "no_say": no_say}
    return Health(now, listings.totals(connection), waiting, accounts, loops, models, problems)


def _loops(connection: Connection, now: datetime) -> list[Mapping[str, Any]]:
    rows = connection.execute(select(tables.heartbeats).order_by(tables.heartbeats.c.loop))
    return [
        {"loop": row.loop, "host": row.host, "last": row.at, "alive": now - row.at <= SILENT_AFTER}
        for row in rows
        if now - row.at <= FORGOTTEN_AFTER
    ]


def loop_is_alive(connection: Connection, loop: str, now: datetime) -> bool:
    """Say whether a loop spoke on this host a moment ago: the health check of its container."""
    query = select(tables.heartbeats.c.at).where(
        tables.heartbeats.c.loop.startswith(loop), tables.heartbeats.c.host == socket.gethostname()
    )
    return any(now - at <= SILENT_AFTER for at in connection.execute(query).scalars())
