"""Days in a row on which nobody works, put together from whatever entries close them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sla.term_dates.values import days_between, is_weekday


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row on which nobody works. ``is_covered``: somebody looks in now and then all the same."""

    first: date
    last: date
    is_covered: bool

    @property
    def length(self) -> int:
        """How many days it has, weekends included."""
        return (self.last - self.first).days + 1


def stretches(
    closures: Mapping[date, str], staffed: Collection[date], off: Collection[date]
) -> Iterator[Stretch]:
    """Yield the closures, parted by the days with staff; ``closures`` are in order.

    Weekends and bank holidays (``off``) between two closures belong to them.
    """
    block: list[date] = []
    closed = list(closures)
    for day in days_between(closed[0], closed[-1] + timedelta(days=1)) if closed else ():
        if day in closures or day in staffed or day in off or not is_weekday(day):
            block.append(day)
        else:
            yield from _parted(block, closures, staffed)
            block = []
    yield from _parted(block, closures, staffed)


def _parted(
    block: Sequence[date], closures: Mapping[date, str], staffed: Collection[date]
) -> Iterator[Stretch]:
    """Part days off in a row by the days with staff among them."""
    holidays = [day for day in block if day in closures and is_weekday(day)]
    if not holidays:
        return
    is_covered = any(holidays[0] < day < holidays[-1] for day in block if day in staffed)
    run: list[date] = []
    for day in (*block, None):
        if day is not None and day not in staffed:
            run += [day] if day in closures else []
        elif run:
            yield Stretch(run[0], run[-1], is_covered)
            run = []
