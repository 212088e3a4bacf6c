"""A school week: Monday 00:00 to Monday 00:00, London time, named as in ISO 8601."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_NAME = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One week, by its Monday."""

    monday: date

    @classmethod
    def named(cls, name: str) -> Self:
        """Return the week called ``name``, for example ``2026-W47``.

        Raises:
            ValueError: there is no such week.
        """
        if not (match := _NAME.fullmatch(name)):
            raise ValueError("a week is written like 2026-W47")
        return cls(date.fromisocalendar(int(match[1]), int(match[2]), 1))

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """Return the week in which ``moment`` (aware) falls in London."""
        day = moment.astimezone(LONDON).date()
        return cls(day - timedelta(days=day.weekday()))

    @property
    def name(self) -> str:
        """The name in ISO 8601."""
        year, week, _ = self.monday.isocalendar()
        return f"{year}-W{week:02d}"

    @property
    def sunday(self) -> date:
        """The last day."""
        return self.monday + timedelta(days=6)

    @property
    def days(self) -> tuple[date, ...]:
        """The seven days."""
        return tuple(self.monday + timedelta(days=number) for number in range(7))

    @property
    def starts_at(self) -> datetime:
        """The first instant (UTC)."""
        return datetime.combine(self.monday, time(), LONDON).astimezone(UTC)

    @property
    def ends_at(self) -> datetime:
        """The first instant that is no longer in the week (UTC)."""
        return self.after.starts_at

    @property
    def after(self) -> Week:
        """The next week."""
        return Week(self.monday + timedelta(days=7))

    @property
    def before(self) -> Week:
        """The week before."""
        return Week(self.monday - timedelta(days=7))
