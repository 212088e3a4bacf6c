"""What reading costs: kept after every reading, looked at before the next, and told before it runs out."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.base import ConnectorError, QuotaExhausted, RateLimited, Scope
from connectors.meter import Meter, Window
from moderation.alerting import plan_for_role
from moderation.alerts import AlertStep, Role, Topic
from moderation.ports import Account
from sla.calendar import NoDeadlineError
from sla.staffed import is_staffed
from store.store import Unit
from store.usage import Spending
from workers.desk import Desk
from workers.pace import Pace, next_reading
from workers.reading import Reading

WARN_AT = 0.8
"""The part of the month's budget at which the network manager is told."""


def keep(unit: Unit, account: Account, meter: Meter, reading: Reading, now: datetime) -> None:
    """Remember what one reading used and what is left."""
    spent = Spending(meter.calls, meter.units, meter.cost, reading.found, reading.found_by_sweep)
    unit.usage.add(account.name, now, spent)
    unit.usage.keep_windows(account.name, [_row(window, now) for window in meter.windows.values()])


def pause(unit: Unit, account: Account, error: ConnectorError, now: datetime) -> None:
    """Let every account of an app rest when the app's allowance is spent, and this one when its own is."""
    if not isinstance(error, RateLimited | QuotaExhausted) or error.until is None or error.until <= now:
        return
    whose = None if error.scope is Scope.APP else account.name
    if error.scope is not Scope.STREAM:
        unit.usage.pause(account.platform, account.app, whose, min(error.until, now + LONGEST_REST))


LONGEST_REST = timedelta(minutes=30)
"""An account is tried again after this, whatever was asked for: allowances come back early at times."""


def next_wait(desk: Desk, account: Account, reading: Reading, now: datetime) -> timedelta:
    """Return how long to wait before the next reading, and tell the network manager of money running out."""
    with desk.store.begin() as unit:
        windows = [*unit.usage.windows(account.name)]
        windows += unit.usage.shared_windows(account.platform, account.app)
        money = _money_used(desk, unit, account, now)
    return next_reading(
        Pace(timedelta(minutes=account.poll_every_minutes), timedelta(minutes=account.longest_gap_minutes)),
        now,
        [window_of(each) for each in windows],
        found=reading.found,
        staffed=_staffed(desk, account, now),
        money_used=money,
    )


def _money_used(desk: Desk, unit: Unit, account: Account, now: datetime) -> float:
    """Return how full the month's budget is, or will be at its end at this rate; 0 without a budget."""
    if account.monthly_budget_dollars is None:
        return 0.0
    spent = float(unit.usage.in_month(account.name, now).dollars)
    used = spent / account.monthly_budget_dollars
    if used >= WARN_AT:
        month = datetime(now.year, now.month, 1, tzinfo=UTC)
        topic = Topic("account", account.name, AlertStep.MONEY_ENDING, f"money@{month.isoformat()}")
        plan_for_role(desk.ports, unit, account.school, Role.NETWORK_MANAGER, topic)
    return max(used, min(0.9, used / _part_of_month(now)))


def _part_of_month(now: datetime) -> float:
    days = monthrange(now.year, now.month)[1]
    return max((now.day - 1 + now.hour / 24) / days, 1 / days)


def _staffed(desk: Desk, account: Account, now: datetime) -> bool:
    school = desk.ports.schools[account.school]
    try:
        return is_staffed(now, school.staffed, school.target, school.calendar)
    except NoDeadlineError:
        return False


def _row(window: Window, now: datetime) -> dict[str, Any]:
    return {
        "name": window.name,
        "limit": window.limit,
        "remaining": window.remaining,
        "resets_at": None if window.resets_at is None else window.resets_at.isoformat(),
        "shared": window.shared,
        "seen_at": now.isoformat(),
    }


def window_of(row: Mapping[str, Any]) -> Window:
    """Return an allowance as it was remembered."""
    resets_at = row.get("resets_at")
    return Window(
        str(row["name"]),
        float(row["limit"]),
        float(row["remaining"]),
        None if resets_at is None else datetime.fromisoformat(str(resets_at)),
        bool(row["shared"]),
    )
