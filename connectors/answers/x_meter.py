"""What X counts: requests in windows of a quarter of an hour or a day, and dollars for what it returns."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

from connectors.base import Unsure
from connectors.meter import Meter, Window

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=1_288_834_974_657)
_LONGEST = 64
"""Bits of the longest id that is believed to hold a time."""

_IDS = re.compile(r"(?<=/)[0-9]{2,}(-[0-9]+)?(?=/|$)")

_ALLOWANCES = {
    "x-rate-limit": ("", False),
    "x-user-limit-24hour": (" in 24 hours", False),
    "x-app-limit-24hour": (" in 24 hours, all accounts", True),
}
"""The headers' beginnings, what a window is called after its address, and whether accounts share it."""


def id_at(moment: datetime) -> str:
    """Return the smallest id that X can give to a post made at ``moment``."""
    milliseconds = (moment - _EPOCH) // timedelta(milliseconds=1)
    return str(max(1, milliseconds << 22))


def time_of(external_id: str) -> datetime | None:
    """Return when X gave out an id, ``None`` for one that holds no time."""
    if not (external_id.isascii() and external_id.isdigit()) or int(external_id).bit_length() > _LONGEST:
        return None
    return _EPOCH + timedelta(milliseconds=int(external_id) >> 22)


def address_name(method: str, url: str) -> str:
    """Return the name of a window: the address without the ids in it, as X counts it."""
    return f"{method} {_IDS.sub('{id}', urlsplit(url).path)}"


def windows(headers: Mapping[str, str], name: str) -> Iterator[Window]:
    """Yield the allowances that an answer tells of; what cannot be read is passed over."""
    for beginning, (addition, shared) in _ALLOWANCES.items():
        limit, remaining = _number(headers, f"{beginning}-limit"), _number(headers, f"{beginning}-remaining")
        if limit is not None and remaining is not None and limit > 0:
            resets_at = _instant(_number(headers, f"{beginning}-reset"))
            yield Window(f"{name}{addition}", limit, remaining, resets_at, shared)


def _number(headers: Mapping[str, str], name: str) -> float | None:
    try:
        number = float(headers.get(name, "nan"))
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _instant(seconds: float | None) -> datetime | None:
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


class Bill:
    """Counts money as X does: each thing that it returns, once in a UTC day.

    X remembers the day, this object only the life of its connector. So whoever polls says since when the
    same stream was already read today: what existed then has been paid.
    """

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._paid: set[tuple[date, str]] = set()

    def read(self, ids: Iterable[str], price: Decimal, now: datetime, last: datetime | None = None) -> None:
        """Count things that were returned at ``now``; ``last`` is when the same was read before, if ever."""
        paid_until = last if last is not None and last.date() == now.date() else None
        for each in ids:
            made = time_of(each)
            before = paid_until is not None and made is not None and made < paid_until
            if not before and (now.date(), each) not in self._paid:
                self._meter.spent(price)
            self._paid.add((now.date(), each))

    @contextmanager
    def writing(self, price: Decimal) -> Iterator[None]:
        """Count one request that changes something; one whose answer was lost may have been charged too."""
        try:
            yield
        except Unsure:
            self._meter.spent(price)
            raise
        self._meter.spent(price)
