"""When an account is read next: often enough for the school, seldom enough for the platform. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.meter import Window

SHORTEST = timedelta(minutes=1)
"""No account is read more often."""

MARGIN = timedelta(minutes=1)
"""How much sooner than the longest gap an account is read."""

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(minutes=15)
PROBE = timedelta(minutes=5)
"""An account that has failed for long is tried again after this time, for as long as waiting may help."""

ASK_AGAIN = timedelta(hours=1)
"""What only a person can mend is looked at again after this time."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What the school wants: ``usual`` between two readings, never more than ``longest``."""

    usual: timedelta
    longest: timedelta


def next_reading(
    pace: Pace, now: datetime, windows: Iterable[Window], *, found: int, staffed: bool, money_used: float
) -> timedelta:
    """Return how long to wait after a reading that went well.

    The usual time; half of it where something new came while staff are there; more as the fullest of the
    ``windows`` fills up or as ``money_used`` (1: the whole month's money at this rate) comes near the budget,
    twice that where nothing comes and nobody is there. Never more than the school's longest gap.
    """
    load = max([money_used, *(window.used_at(now + pace.usual) for window in windows)], default=0.0)
    wait = pace.usual * _slower(load)
    if load < 0.5 and found and staffed:
        wait = pace.usual / 2
    elif load >= 0.5 and not found and not staffed:
        wait *= 2
    # The bell and the reading itself take their time too.
    longest = max(pace.longest - MARGIN, min(pace.longest, SHORTEST))
    return min(max(wait, SHORTEST), longest)


def _slower(load: float) -> float:
    for at_least, factor in ((0.95, 1000.0), (0.9, 6.0), (0.75, 3.0), (0.5, 1.5)):
        if load >= at_least:
            return factor
    return 1.0


def next_try(account: str, now: datetime, failing_for: timedelta) -> timedelta:
    """Return how long to wait after a failure that may pass: it doubles, and is spread a little.

    Half a minute first, at most a quarter of an hour; what has failed for an hour is tried every five
    minutes, so that nobody waits long once it works again.
    """
    longest = PROBE if failing_for >= timedelta(hours=1) else LONGEST_RETRY
    wait = min(max(failing_for, FIRST_RETRY), longest)
    spread = zlib.crc32(f"{account}{now.isoformat()}".encode()) % 200 / 1000
    return wait * (1 + spread)
