"""What reading costs: kept after every reading, looked at before the next, and told before it runs out."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import replace
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

BELIEVED_FOR = timedelta(hours=1)
"""How long an allowance without an end is believed after it was seen."""

WARN_AT = 0.8
"""The part of the month's budget at which the network manager is told."""


def keep(unit: Unit, account: Account, meter: Meter, reading: Reading, now: datetime) -> None:
    """Remember what one reading used and what is left."""
    spent = Spending(meter.calls, meter.units, meter.cost, reading.found, reading.found_by_sweep)
    unit.usage.add(account.name, now, spent)
    before = {row["name"]: window_of(row) for row in unit.usage.windows(account.name)}
    windows = [_added_up(window, before.get(name)) for name, window in meter.windows.items()]
    unit.usage.keep_windows(account.name, [_row(window, now) for window in windows])


def _added_up(window: Window, before: Window | None) -> Window:
    """Return a window that we count ourselves with what was used of it before, since it began."""
    if not window.counted or before is None or before.resets_at != window.resets_at:
        return window
    return replace(window, remaining=max(0.0, before.remaining - (window.limit - window.remaining)))


def still_telling(rows: Iterable[Mapping[str, Any]], now: datetime) -> list[Window]:
    """Return the allowances that are worth looking at: what every account of an app counted is added up.

    One that names no end was true when it was seen, and is not believed for longer than an hour.
    """
    told: list[Window] = []
    counted: dict[str, Window] = {}
    for row in rows:
        window = window_of(row)
        if window.resets_at is None and now - datetime.fromisoformat(str(row["seen_at"])) > BELIEVED_FOR:
            continue
        if not (window.counted and window.shared):
            told.append(window)
        elif (sum_of := counted.get(window.name)) is None or sum_of.resets_at != window.resets_at:
            newer = sum_of is None or (window.resets_at or now) > (sum_of.resets_at or now)
            counted[window.name] = window if newer else counted[window.name]
        else:
            used = sum_of.limit - sum_of.remaining + window.limit - window.remaining
            counted[window.name] = replace(sum_of, remaining=max(0.0, sum_of.limit - used))
    return [*told, *counted.values()]


def pause(unit: Unit, account: Account, error: ConnectorError, now: datetime) -> None:
    """Let every account of an app rest when the app's allowance is spent, and this one when its own is."""
    if not isinstance(error, RateLimited | QuotaExhausted) or error.scope is Scope.STREAM:
        return
    until = min(error.until or now + UNSAID_PAUSE, now + LONGEST_REST)
    if until <= now:
        return
    if error.scope is Scope.APP and account.app is not None:
        unit.usage.pause_app(account.platform, account.app, until, error.reason)
    else:
        unit.usage.pause(account.name, until, error.reason)


UNSAID_PAUSE = timedelta(minutes=15)
"""How long to wait when a platform asks us to slow down and does not say for how long."""

LONGEST_REST = timedelta(minutes=30)
"""An account is tried again after this, whatever was asked for: allowances come back early at times."""


def next_wait(desk: Desk, account: Account, now: datetime) -> timedelta:
    """Return how long to wait before the next reading, and tell the network manager of money running out."""
    usual = timedelta(minutes=account.poll_every_minutes)
    with desk.store.begin() as unit:
        own = [row for row in unit.usage.windows(account.name) if not row["shared"]]
        windows = [*own, *unit.usage.shared_windows(account.platform, account.app)]
        money = _money_used(desk, unit, account, now)
        # From what is stored, not from this reading: one that is done again after a death finds nothing new.
        found = unit.usage.came_since(account.name, now - usual)
    return next_reading(
        Pace(usual, timedelta(minutes=account.longest_gap_minutes)),
        now,
        still_telling(windows, now),
        found=found,
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
        "counted": window.counted,
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
        bool(row.get("counted")),
    )
