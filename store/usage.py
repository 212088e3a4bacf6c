"""What reading and writing the accounts cost, day by day (UTC), and what is left of the allowances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from moderation.items import AccountName
from store import tables
from store.rows import insert_new

MICRO = Decimal(1_000_000)
"""Money is kept in whole millionths of a US dollar."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What was used in some time; ``dollars`` is money in US dollars."""

    calls: int = 0
    units: int = 0
    dollars: Decimal = Decimal(0)
    found: int = 0
    found_by_sweep: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """Queries over what was used, inside one transaction."""

    connection: Connection

    def add(self, account: AccountName, at: datetime, spent: Spending) -> None:
        """Add what one reading or action used to the day's count."""
        usage, day = tables.usage.c, f"{at:%Y-%m-%d}"
        empty = {"calls": 0, "units": 0, "micro_dollars": 0, "found": 0, "found_by_sweep": 0}
        insert_new(self.connection, tables.usage, [{"account": account, "day": day, **empty}])
        self.connection.execute(
            update(tables.usage)
            .where(usage.account == account, usage.day == day)
            .values(
                calls=usage.calls + spent.calls,
                units=usage.units + spent.units,
                micro_dollars=usage.micro_dollars + int(spent.dollars * MICRO),
                found=usage.found + spent.found,
                found_by_sweep=usage.found_by_sweep + spent.found_by_sweep,
            )
        )

    def in_month(self, account: AccountName, at: datetime) -> Spending:
        """Return what an account has used in the month (UTC) of ``at``."""
        return self._sum(account, f"{at:%Y-%m}-")

    def on_day(self, account: AccountName, at: datetime) -> Spending:
        """Return what an account has used on the day (UTC) of ``at``."""
        return self._sum(account, f"{at:%Y-%m-%d}")

    def came_since(self, account: AccountName, since: datetime) -> int:
        """Return how many new items of the last two days were first seen since then, whoever wrote them."""
        items = tables.items.c
        query = select(func.count()).where(
            items.account == account,
            items.received_at >= since - timedelta(days=2),
            items.first_seen_at >= since,
        )
        return self.connection.execute(query).scalar_one()

    def received(self, account: AccountName, since: datetime) -> int:
        """Return how many items of others reached an account since then."""
        items = tables.items.c
        query = select(func.count()).where(
            items.account == account, items.received_at >= since, items.is_own.is_(False)
        )
        return self.connection.execute(query).scalar_one()

    def _sum(self, account: AccountName, begins: str) -> Spending:
        usage = tables.usage.c
        columns = (usage.calls, usage.units, usage.micro_dollars, usage.found, usage.found_by_sweep)
        calls, units, micro, found, swept = self.connection.execute(
            select(*(func.coalesce(func.sum(column), 0) for column in columns)).where(
                usage.account == account, usage.day.startswith(begins)
            )
        ).one()
        return Spending(int(calls), int(units), Decimal(int(micro)) / MICRO, int(found), int(swept))

    def keep_windows(self, account: AccountName, windows: Iterable[Mapping[str, Any]]) -> None:
        """Remember the newest state of an account's allowances; others stay as they were."""
        before = {each["name"]: each for each in self.windows(account)}
        after = before | {str(each["name"]): dict(each) for each in windows}
        if after != before:
            self.connection.execute(
                update(tables.accounts)
                .where(tables.accounts.c.name == account)
                .values(windows=list(after.values()))
            )

    def windows(self, account: AccountName) -> list[dict[str, Any]]:
        """Return what was remembered of an account's allowances."""
        query = select(tables.accounts.c.windows).where(tables.accounts.c.name == account)
        return list(self.connection.execute(query).scalar_one_or_none() or [])

    def shared_windows(self, platform: str, app: str | None) -> list[dict[str, Any]]:
        """Return the allowances that all accounts of one developer app share, as each account saw them."""
        accounts = tables.accounts.c
        same = accounts.app.is_(None) if app is None else accounts.app == app
        query = select(accounts.windows).where(accounts.platform == platform, same)
        found = [each for windows in self.connection.execute(query).scalars() for each in windows or []]
        return [each for each in found if each.get("shared")]

    def pause(self, account: AccountName, until: datetime, reason: str) -> None:
        """Let an account rest until then."""
        self._pause(tables.accounts.c.name == account, until, reason)

    def pause_app(self, platform: str, app: str, until: datetime, reason: str) -> None:
        """Let all accounts of an app rest until then."""
        accounts = tables.accounts.c
        self._pause((accounts.platform == platform) & (accounts.app == app), until, reason)

    def _pause(self, whose: ColumnElement[bool], until: datetime, reason: str) -> None:
        self.connection.execute(
            update(tables.accounts).where(whose).values(paused_until=until, paused_reason=reason)
        )

    def pause_of(self, account: AccountName) -> tuple[datetime, str] | None:
        """Return until when an account rests and why, ``None`` when it never had to."""
        accounts = tables.accounts.c
        query = select(accounts.paused_until, accounts.paused_reason).where(accounts.name == account)
        row = self.connection.execute(query).one_or_none()
        return (
            None if row is None or row.paused_until is None else (row.paused_until, row.paused_reason or "")
        )
