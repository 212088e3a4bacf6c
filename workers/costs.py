"""What reading each account costs: used so far, what is left, and what a month will come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from connectors.base import Connector, ConnectorError
from moderation.items import AccountName
from moderation.ports import Account
from store.usage import Usage
from workers.allowances import still_telling

USUAL_ITEMS_PER_DAY = 20.0
"""What a month is estimated from before anything was counted."""

COUNTED = timedelta(days=14)
"""The time that the expected number of items is taken from."""


def costs(
    usage: Usage,
    accounts: Mapping[AccountName, Account],
    connector: Callable[[AccountName], Connector],
    now: datetime,
) -> list[dict[str, Any]]:
    """Return for every account: calls and units today, money this month, the estimate, what is left.

    ``month_estimate`` is what the platform will charge for a month at the present number of items, in US
    dollars; before anything was read, at twenty a day. ``fullest`` names the allowance that is used up most.
    """
    return [_cost(usage, account, connector, now) for account in accounts.values()]


def _cost(
    usage: Usage, account: Account, connector: Callable[[AccountName], Connector], now: datetime
) -> dict[str, Any]:
    today = usage.on_day(account.name, now)
    month = usage.in_month(account.name, now)
    own = [row for row in usage.windows(account.name) if not row["shared"]]
    windows = still_telling([*own, *usage.shared_windows(account.platform, account.app)], now)
    fullest = max(windows, key=lambda each: each.used_at(now), default=None)
    return {
        "account": account.name,
        "calls_today": today.calls,
        "units_today": today.units,
        "month_dollars": _cents(month.dollars),
        "month_estimate": _estimate(usage, account, connector, now),
        "month_budget": account.monthly_budget_dollars,
        "fullest": None if fullest is None else fullest.name,
        "used": None if fullest is None else f"{fullest.used_at(now):.0%}",
        "rests_until": _rests_until(usage, account, now),
        "found_only_by_sweep": month.found_by_sweep,
    }


def _estimate(
    usage: Usage, account: Account, connector: Callable[[AccountName], Connector], now: datetime
) -> str | None:
    begins = max(account.go_live, now - COUNTED)
    days = (now - begins) / timedelta(days=1)
    per_day = usage.received(account.name, begins) / days if days >= 1 else USUAL_ITEMS_PER_DAY
    try:
        return _cents(connector(account.name).monthly_estimate(per_day))
    except ConnectorError:
        return None  # it has no token yet, or a setting is wrong: other lines say so


def _rests_until(usage: Usage, account: Account, now: datetime) -> datetime | None:
    pause = usage.pause_of(account.name)
    return pause[0] if pause is not None and pause[0] > now else None


def _cents(dollars: Decimal) -> str:
    return f"{dollars:.2f}"
