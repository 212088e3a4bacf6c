"""What reading and writing an account costs: calls, units, money, and how much of each allowance is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Window:
    """One allowance of the platform: ``remaining`` of ``limit`` until ``resets_at`` (UTC, if it said).

    ``name`` tells the allowances of one account apart. ``shared`` says that all accounts of the same app
    draw on it. ``counted``: the platform does not tell, so ``remaining`` leaves out only what this connector
    used itself; whoever keeps it adds up the rest.
    """

    name: str
    limit: float
    remaining: float
    resets_at: datetime | None = None
    shared: bool = False
    counted: bool = False

    @property
    def used(self) -> float:
        """The part that is used up, 0 to 1 or a little more."""
        return 0.0 if self.limit <= 0 else 1 - self.remaining / self.limit

    def used_at(self, now: datetime) -> float:
        """The part that is used up at ``now``: nothing of one that has begun again since."""
        return 0.0 if self.resets_at is not None and self.resets_at <= now else self.used


@dataclass(slots=True)
class Meter:
    """Counts the requests of one connector.

    ``units`` are what the platform counts (YouTube's quota units, the points of writes); ``cost`` is money
    in US dollars; ``windows`` holds the newest state of each allowance, by its name. ``server_time`` is the
    platform's clock in its newest answer.
    """

    calls: int = 0
    units: int = 0
    cost: Decimal = Decimal(0)
    windows: dict[str, Window] = field(default_factory=dict)
    server_time: datetime | None = None

    def called(self, units: int = 0) -> None:
        """Count one request, and the ``units`` that the platform charges for it."""
        self.calls += 1
        self.units += units

    def spent(self, dollars: Decimal) -> None:
        """Count money that the platform charges."""
        self.cost += dollars

    def note(self, window: Window) -> None:
        """Remember the newest state of an allowance."""
        self.windows[window.name] = window
