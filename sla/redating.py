"""What a changed calendar or rule does to running clocks: they are counted again; what is past is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sla.calendar import NoDeadlineError, SchoolCalendar
from sla.promise import Promise, promise
from sla.target import ResponseTarget


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A clock that nothing has stopped yet, as it was counted. ``key`` names it to whoever asks.

    ``due`` is None where no due time could be told.
    """

    key: int
    received: datetime
    seen: datetime
    due: datetime | None
    rule_version: str
    calendar_version: str


@dataclass(frozen=True, slots=True)
class Redating:
    """A clock counted again: what it owes by the rule and the calendar that are in force now."""

    clock: RunningClock
    promise: Promise

    @property
    def moves(self) -> bool:
        """Whether the due time is another one; if not, only its reasons may be."""
        return self.promise.deadline.due != self.clock.due


def redated(
    clocks: Iterable[RunningClock], target: ResponseTarget, calendar: SchoolCalendar, now: datetime
) -> Iterator[Redating]:
    """Yield the clocks that have to be counted by ``target`` and ``calendar`` from now on.

    1. A clock that was counted by both of them already is left alone.
    2. A clock that is past its due time is frozen: a closure declared afterwards saves nobody.
    3. No clock becomes late by a change: where the new due time has passed already, the old one stays.
    4. Where no due time can be told any more, the old one stays too.
    """
    current = (target.version, calendar.version)
    for clock in clocks:
        if (clock.rule_version, clock.calendar_version) == current:
            continue
        if clock.due is not None and clock.due < now.replace(microsecond=0):
            continue
        try:
            owed = promise(clock.received, clock.seen, target, calendar)
        except NoDeadlineError:
            continue
        if owed.deadline.due >= now.replace(microsecond=0) or clock.due is None:
            yield Redating(clock, owed)
