"""What a newer calendar lost against the one in force."""

from __future__ import annotations

from datetime import date

from sla.term_dates.values import TermDates, is_weekday

ONE_OF = 3
"""Of this many closed weekdays to come, one may go without anybody asking."""


def shrinks(old: TermDates, new: TermDates, today: date) -> bool:
    """Return whether ``new`` lost more than a third of the closed weekdays that ``old`` has from today on.

    Days that lie in the past do not count, so a calendar may drop the years that are over. Where the old one
    closes nothing any more there is nothing to lose.
    """
    held = {day for day in old.closures if day >= today and is_weekday(day)}
    lost = held - new.closures.keys()
    return len(lost) * ONE_OF > len(held)
