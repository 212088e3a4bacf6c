"""iCalendar files of the invented school, made line by line."""

from __future__ import annotations

import itertools

from sla.term_dates import TermDates, read_ics

_numbers = itertools.count(1)


def event(*lines: str, uid: str | None = "", summary: str = "Half term") -> str:
    """Return an event of these lines with a UID of its own; ``uid`` None leaves it out."""
    uid = f"oakfield-{next(_numbers)}" if uid == "" else uid
    named = [] if uid is None else [f"UID:{uid}"]
    called = [f"SUMMARY:{summary}"] if summary else []
    return "\r\n".join(("BEGIN:VEVENT", *named, *called, *lines, "END:VEVENT"))


def all_day(first: str, after: str, summary: str = "Half term", *lines: str) -> str:
    """Return an all-day event that ends before the day ``after``."""
    return event(f"DTSTART;VALUE=DATE:{first}", f"DTEND;VALUE=DATE:{after}", *lines, summary=summary)


def calendar(*components: str) -> bytes:
    """Return a file of these components."""
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Oakfield Academy//Term dates//EN")
    return ("\r\n".join((*head, *components, "END:VCALENDAR")) + "\r\n").encode()


def read(*components: str) -> TermDates:
    """Read a file of these components."""
    return read_ics(calendar(*components))


def closed(*components: str) -> list[str]:
    """Return the closed days of a file, like 2026-10-26."""
    return [day.isoformat() for day in read(*components).closures]
