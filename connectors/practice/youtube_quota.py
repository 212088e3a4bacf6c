"""What practice requests cost, counted by California's days. There is a limit only once one is set."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from connectors.practice.stage import Stage

USUAL_UNITS = 10_000
"""Units that Google gives a project for a day."""

READ_UNITS = 1
WRITE_UNITS = 50

_ZONE = ZoneInfo("America/Los_Angeles")


@dataclass(slots=True)
class _Account:
    limit: int | None = None
    days: Counter[str] = field(default_factory=Counter)


_accounts: WeakKeyDictionary[Stage, _Account] = WeakKeyDictionary()
_lock = Lock()


def allow(stage: Stage, units: int = USUAL_UNITS) -> None:
    """Give a stage this many units a day from now on; without it there is no end of them."""
    with _lock:
        _accounts.setdefault(stage, _Account()).limit = units


def charge(stage: Stage, now: datetime, units: int) -> bool:
    """Spend units of the day. Return whether there were as many left; a refused request costs one."""
    with _lock:
        account = _accounts.setdefault(stage, _Account())
        day = _day(now)
        is_covered = account.limit is None or account.days[day] + units <= account.limit
        account.days[day] += units if is_covered else READ_UNITS
        return is_covered


def spent(stage: Stage, now: datetime) -> int:
    """Return the units spent on the day."""
    with _lock:
        return _accounts.setdefault(stage, _Account()).days[_day(now)]


def _day(now: datetime) -> str:
    return now.astimezone(_ZONE).date().isoformat()
