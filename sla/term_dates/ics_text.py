"""The events of an iCalendar file as lines of text, each apart from the others.

One damaged event then spoils nothing but itself. Only the lines that say what and when an event is are kept:
who is invited, and what is written about it, is none of our business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sla.term_dates.text import ensure_size, text_of
from sla.term_dates.values import MOST_ENTRIES, NotACalendarError

LONGEST_TEXT = 500
"""Characters of a line of words; of a longer one the beginning is enough."""

LONGEST_DATES = 50_000
"""Characters of a line of dates; room for some five thousand days."""

LONGEST_RULE = 1_000
"""Characters of a line that says how an event repeats."""

MOST_LINES = 5_000
"""Lines of one name in one event: dates may stand one in each line. Of words a few are enough."""

_MOST_LINES_OF_WORDS = 20

CALENDAR = "VCALENDAR"
_EVENT = "VEVENT"
_ZONE = "VTIMEZONE"

_FOLD = re.compile(rb"(?:\r\n|\r|\n)[ \t]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_NAME = re.compile(r"[A-Za-z-]+(?=[;:])")
_SMALL_NUMBER = re.compile(r"[0-9]{1,9}")
_WORDS = {"UID", "SUMMARY", "CATEGORIES", "STATUS", "SEQUENCE", "DTSTAMP"}
_DATES = {"DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "RDATE", "EXDATE", "EXRULE"}


@dataclass(slots=True)
class Head:
    """What a calendar says about all of its events: its method, its time zone, and the zones it defines."""

    method: str = ""
    zone: str = ""
    own_zones: set[str] = field(default_factory=set)

    @property
    def calls_off(self) -> bool:
        """Whether it was sent to call off its events, and not to announce them."""
        return self.method.upper() == "CANCEL"


@dataclass(slots=True)
class EventText:
    """One event: its place among the events of the file, and its lines by the name of their property."""

    number: int
    head: Head = field(default_factory=Head)
    lines: dict[str, list[str]] = field(default_factory=dict)
    is_whole: bool = False

    def value(self, name: str) -> str:
        """Return the text after the colon of the first line of this name; empty if there is none."""
        return next(iter(self.lines.get(name, ())), "").partition(":")[2].strip()

    @property
    def where(self) -> str:
        """How a person finds the event again: by its UID, or by its place where it has none."""
        uid = "".join(each for each in self.value("UID") if each.isprintable())
        return uid or f"event {self.number}"

    @property
    def is_cancelled(self) -> bool:
        """Whether it, or the whole calendar, says that it does not take place."""
        return self.value("STATUS").upper() == "CANCELLED" or self.head.calls_off

    @property
    def version(self) -> tuple[int, str]:
        """Which of two texts about the same time is the later one: its SEQUENCE, then its DTSTAMP."""
        sequence = self.value("SEQUENCE")
        return int(sequence) if _SMALL_NUMBER.fullmatch(sequence) else 0, self.value("DTSTAMP")

    def add(self, line: str) -> None:
        """Keep a line if it says what or when the event is."""
        found = _NAME.match(line)
        name = found[0].upper() if found else ""
        if name in _WORDS:
            self._keep(name, line[:LONGEST_TEXT], _MOST_LINES_OF_WORDS)
        elif name in _DATES:
            # One character and one line too many show that there were more.
            self._keep(name, line[: LONGEST_DATES + 1], MOST_LINES + 1)

    def _keep(self, name: str, line: str, most: int) -> None:
        lines = self.lines.setdefault(name, [])
        if len(lines) < most:
            lines.append(line)


def events_in(content: bytes) -> list[EventText]:
    """Return the events of an iCalendar file; tasks, time zones and alarms are passed over.

    Raises:
        NotACalendarError: it is no such file, it was cut off, or it is larger than any school's.
    """
    ensure_size(content)
    # Lines are folded by bytes, so a fold may lie inside a letter: unfold first, decode then.
    reading = _Reading()
    for line in _LINE_END.split(text_of(_FOLD.sub(b"", content))):
        if line := line.strip():
            reading.take(line)
    if not reading.ended:
        raise NotACalendarError("the file was cut off, it has no END:VCALENDAR: export or download it again")
    return reading.events


class _Reading:
    """Where in the file we are: inside which components, and in which event."""

    def __init__(self) -> None:
        self.events: list[EventText] = []
        self.ended = False
        self._inside: list[str] = []
        self._head = Head()

    def take(self, line: str) -> None:
        name, _, value = line.partition(":")
        match name.strip().upper():
            case "BEGIN":
                self._begin(value.strip().upper())
            case "END":
                self._end(value.strip().upper())
            case _ if not self._inside and not self.events and not self.ended:
                raise NotACalendarError("the file does not begin with BEGIN:VCALENDAR")
            case _ if self._inside and self._inside[-1] == _EVENT:
                self.events[-1].add(line)
            case head:
                self._say(head, value.strip(' "'))

    def _say(self, name: str, value: str) -> None:
        """Keep what the calendar says about all of its events."""
        match self._inside, name:
            case [calendar], "METHOD" if calendar == CALENDAR:
                self._head.method = value
            case [calendar], "X-WR-TIMEZONE" if calendar == CALENDAR:
                self._head.zone = value
            case [_, part], "TZID" if part == _ZONE:
                self._head.own_zones.add(value)

    def _begin(self, what: str) -> None:
        if what == CALENDAR:
            self._inside, self.ended, self._head = [what], False, Head()
        elif what == _EVENT and self._inside:
            # Should the event before lack its end, it is left as it is: not whole.
            self._inside = [CALENDAR, what]
            self.events.append(EventText(len(self.events) + 1, self._head))
            if len(self.events) > MOST_ENTRIES:
                raise NotACalendarError(
                    f"the file has more than {MOST_ENTRIES} events: export the term dates alone"
                )
        elif self._inside:
            self._inside.append(what)

    def _end(self, what: str) -> None:
        if what not in self._inside:
            return
        if what == _EVENT:
            # With a part of it still open, lines that say when it is may have been taken for that part's.
            self.events[-1].is_whole = self._inside[-1] == _EVENT
        del self._inside[self._inside.index(what) :]
        self.ended = what == CALENDAR
