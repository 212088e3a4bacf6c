"""A school's own term dates: read from a CSV or an iCalendar file, checked, and compared.

:func:`read` gives the days on which nobody works, those on which only staff do, and what was wrong with the
file. :func:`check_calendar` says what a person should look at, :func:`shrinks` whether a newer calendar lost
too much to be believed.
"""

from __future__ import annotations

from sla.term_dates.changes import shrinks
from sla.term_dates.csv_file import read_csv
from sla.term_dates.findings import Finding, FindingKind, check_calendar
from sla.term_dates.ics import read_ics
from sla.term_dates.reading import read
from sla.term_dates.values import (
    MOST_BYTES,
    Entry,
    Ignored,
    Kind,
    NotACalendarError,
    Rejected,
    TermDates,
    Why,
)

__all__ = [
    "MOST_BYTES",
    "Entry",
    "Finding",
    "FindingKind",
    "Ignored",
    "Kind",
    "NotACalendarError",
    "Rejected",
    "TermDates",
    "Why",
    "check_calendar",
    "read",
    "read_csv",
    "read_ics",
    "shrinks",
]
