"""A school's term calendar as it is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sla.term_dates import TermDates


class CalendarState(StrEnum):
    """``waiting`` until a person decides; ``replaced`` by one that came later."""

    IN_FORCE = "in_force"
    WAITING = "waiting"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class StoredCalendar:
    """A school's term dates as they were read at ``read_at``. ``decided_by`` put them in force by hand."""

    id: int
    school: str
    version: str
    dates: TermDates
    state: CalendarState
    read_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
