"""What a changed calendar or rule does to running clocks: they are counted again; what is past is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sla.calendar import NoDeadlineError, SchoolCalendar
from sla.deadline import Deadline, deadline
from sla.promise import Promise, promise
from sla.sentence import day_words
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
    """A clock counted again: what it owes by the rule and the calendar that are in force now.

    ``promise`` counts from the receipt. Where its due time has passed already, ``from_now`` counts from the
    moment of the change, because nobody could keep a time that was not known.
    """

    clock: RunningClock
    promise: Promise
    from_now: Deadline | None = None

    @property
    def due(self) -> datetime:
        """The last second that is in time; never before the change itself."""
        if self.from_now is None:
            return self.promise.deadline.due
        return self.from_now.due if self.clock.due is None else min(self.clock.due, self.from_now.due)

    @property
    def why(self) -> str:
        """One sentence, in the words of a head teacher."""
        if self.from_now is None:
            return self.promise.deadline.why
        zone = self.from_now.target.zone
        passed = day_words(self.promise.deadline.due.astimezone(zone))
        stays = self.due == self.clock.due
        how = "the due time stays as it was" if stays else f"so it is counted anew: {self.from_now.why}"
        return f"The calendar or the rule was changed when it would already have been due, on {passed}; {how}"

    @property
    def trace(self) -> tuple[str, ...]:
        """What the due time was made from, as :attr:`Deadline.trace` tells it; the change as well."""
        if self.from_now is None:
            return self.promise.deadline.trace
        return (
            *self.promise.deadline.trace,
            f"changed={self.from_now.received:%Y-%m-%dT%H:%M:%SZ}",
            f"due={self.due:%Y-%m-%dT%H:%M:%SZ}",
        )

    @property
    def moves(self) -> bool:
        """Whether the due time is another one; if not, only its reasons may be."""
        return self.due != self.clock.due


def redated(
    clocks: Iterable[RunningClock], target: ResponseTarget, calendar: SchoolCalendar, now: datetime
) -> Iterator[Redating]:
    """Yield the clocks that have to be counted by ``target`` and ``calendar`` from now on.

    1. A clock that was counted by both of them already is left alone.
    2. A clock that is past its due time is frozen: a closure declared afterwards saves nobody.
    3. No clock becomes late by a change: where the new due time has passed already, it is counted from now,
       and never ends later than it did. So a mistyped closure that is put right hides nothing.
    4. Where no due time can be told any more, the old one stays.
    """
    current = (target.version, calendar.version)
    moment = now.replace(microsecond=0)
    for clock in clocks:
        if (clock.rule_version, clock.calendar_version) == current:
            continue
        if clock.due is not None and clock.due < moment:
            continue
        try:
            owed = promise(clock.received, clock.seen, target, calendar)
            passed = owed.deadline.due < moment
            yield Redating(clock, owed, deadline(now, target, calendar) if passed else None)
        except NoDeadlineError:
            continue
