"""Reading a calendar file of either kind."""

from __future__ import annotations

from sla.term_dates.csv_file import read_csv
from sla.term_dates.ics import read_ics
from sla.term_dates.values import NotACalendarError, TermDates

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ICS = b"BEGIN:VCALENDAR"


def read(content: bytes) -> TermDates:
    """Read term dates from an iCalendar or a CSV file, whichever it is.

    Raises:
        NotACalendarError: it is neither. Whatever calendar was in force stays.
    """
    beginning = content.lstrip().removeprefix(_BYTE_ORDER_MARK).lstrip()[: len(_ICS)]
    if not beginning:
        raise NotACalendarError("the file is empty: export the calendar again")
    if beginning.upper() == _ICS:
        return read_ics(content)
    if beginning.startswith(b"<"):
        raise NotACalendarError("this is a web page and no calendar: save the ICS feed or a CSV file instead")
    return read_csv(content)
