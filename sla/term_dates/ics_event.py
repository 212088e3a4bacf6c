"""One event of an iCalendar file: what it means, and which whole days it takes in London."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sla.term_dates.ics_text import LONGEST_DATES, MOST_LINES, EventText
from sla.term_dates.text import label_of
from sla.term_dates.values import LONGEST_ENTRY, Kind, Why
from sla.term_dates.words import meaning

LONDON = ZoneInfo("Europe/London")

_MIDNIGHT = time()
_LAST_MINUTE = time(23, 59)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``start`` is its first day by its own clock; in London that is ``shift`` days later.

    An event that closes nothing has its reason in ``what``. ``is_doubtful`` says that it ends when it starts,
    ``has_unknown_zone`` that nobody knows the zone of its times, so that they were read as London's.
    """

    text: EventText
    label: str
    what: Kind | Why
    start: date
    days: int
    shift: int = 0
    clock: time = _MIDNIGHT
    zone: tzinfo | None = None
    is_doubtful: bool = False
    has_unknown_zone: bool = False

    @property
    def where(self) -> str:
        """How a person finds the event again."""
        return self.text.where

    @property
    def first_day(self) -> date:
        """Its first day in London."""
        return self.start + timedelta(days=self.shift)


def event_from(text: EventText) -> Event:
    """Return the event that the lines describe.

    Raises:
        ValueError: they describe none; the text says what to do.
    """
    if not text.is_whole:
        raise ValueError("it is not whole, an END is missing: export the calendar again")
    event = component(text, "SUMMARY", "CATEGORIES", "DTSTART", "DTEND", "DURATION")
    try:
        found = _event(text, event)
    except OverflowError:
        raise ValueError("its dates lie beyond all years: correct the year") from None
    return replace(found, what=Why.CANCELLED) if text.is_cancelled else found


def component(text: EventText, *names: str) -> Any:
    """Return the icalendar component that these lines of an event make.

    Raises:
        ValueError: they cannot be read.
    """
    import icalendar

    lines = [line for name in names for line in text.lines.get(name, ())]
    if any(len(line) > LONGEST_DATES for line in lines) or any(
        len(text.lines.get(name, ())) > MOST_LINES for name in names
    ):
        raise ValueError("its list of dates is too long: give it a rule, or list fewer days")
    try:
        return icalendar.Event.from_ical("\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT")))
    except Exception as fault:  # noqa: BLE001 - a damaged event may trip the parser in any way; the rest counts
        raise ValueError(f"it cannot be read ({type(fault).__name__}): enter it anew") from None


def moment(event: Any, name: str) -> date | datetime | None:
    """Return the day or the time of a property; None if there is none.

    Raises:
        ValueError: it is neither, or there are two of them.
    """
    value = _value(event, name)
    if value is not None and not isinstance(value, date):
        raise ValueError(f"{name} is no date: write it like 20261026")
    return value


def _value(event: Any, name: str) -> object:
    """Return what a property says; None if there is none, the property itself if it says nothing."""
    import icalendar

    found = event.get(name)
    if isinstance(found, list):
        raise ValueError(f"{name} stands there more than once: enter the event anew")
    # A property that icalendar could not read raises when it is asked for anything.
    return found if isinstance(found, icalendar.vBroken) else getattr(found, "dt", found)


def own_day(value: date | datetime, zone: tzinfo | None) -> date:
    """Return the date of ``value`` by the clock of an event."""
    if not isinstance(value, datetime):
        return value
    return (value.astimezone(zone) if value.tzinfo and zone else value).date()


def _event(text: EventText, event: Any) -> Event:
    start = moment(event, "DTSTART")
    if start is None:
        raise ValueError("it has no DTSTART: give it a first day")
    end = _end(event, start)
    label, categories = _label(event), _categories(event)
    if isinstance(start, datetime) and isinstance(end, datetime):
        found = _with_times(text, label, categories, start, end)
        return replace(found, has_unknown_zone=_is_unknown_zone(event["DTSTART"], start, text))
    length = (end - start).days
    days = _sensible(length)
    what = meaning(label, categories, days, start)
    return Event(text, label, what, start, days, is_doubtful=length == 0)


def _is_unknown_zone(line: Any, start: datetime, text: EventText) -> bool:
    """Return whether a start names a zone that neither the file defines nor anybody else knows."""
    zone = line.params.get("TZID")
    return bool(zone) and start.tzinfo is None and zone not in text.head.own_zones


def _end(event: Any, start: date | datetime) -> date | datetime:
    """Return the first moment after the event, of the same type as its start."""
    end = moment(event, "DTEND")
    if end is None and "DURATION" in event:
        duration = _value(event, "DURATION")
        if not isinstance(duration, timedelta):
            raise ValueError("DURATION is no length of time: write it like P5D")
        return start + duration
    if end is None:
        return start if isinstance(start, datetime) else start + _ONE_DAY
    if isinstance(end, datetime) != isinstance(start, datetime):
        raise ValueError("one of DTSTART and DTEND is a day and the other a time: make it an all-day event")
    return end


def _with_times(
    text: EventText, label: str, categories: tuple[str, ...], start: datetime, end: datetime
) -> Event:
    """Return an event with times of day: whole days if it runs from midnight to midnight.

    Midnight may be meant in London, in the zone of the whole calendar or by the event's own clock: feeds
    write 23:00 UTC in summer, and some write 00:00 UTC all the year round.
    """
    if _in_london(end) < _in_london(start):
        raise ValueError("DTEND lies before DTSTART: swap them or correct the year")
    feed = _zone_called(text.head.zone)
    for first, last in (
        (_in_london(start), _to_midnight(_in_london(end))),
        (_in_feed(start, feed), _to_midnight(_in_feed(end, feed))),
        (_by_own_clock(start), _to_midnight(_by_own_clock(end))),
    ):
        if first.time() == last.time() == _MIDNIGHT and last >= first:
            length = (last - first).days
            days = _sensible(length)
            return Event(
                text,
                label,
                meaning(label, categories, days, first.date()),
                start=start.date(),
                days=days,
                shift=(first.date() - start.date()).days,
                clock=start.time(),
                zone=start.tzinfo,
                is_doubtful=length == 0,
            )
    first_day, last_day = _in_london(start).date(), _in_london(end).date()
    what = meaning(label, categories, (last_day - first_day).days + 1, first_day)
    return Event(text, label, Why.TIMED if isinstance(what, Kind) else what, first_day, 1)


def _in_london(moment: datetime) -> datetime:
    return moment.astimezone(LONDON).replace(tzinfo=None) if moment.tzinfo else moment


def _in_feed(moment: datetime, zone: ZoneInfo | None) -> datetime:
    """Return a time in UTC by the clock of the whole calendar; times with a zone of their own keep it."""
    if zone is None or str(moment.tzinfo) != "UTC":
        return _by_own_clock(moment)
    return moment.astimezone(zone).replace(tzinfo=None)


@lru_cache(maxsize=16)
def _zone_called(name: str) -> ZoneInfo | None:
    """Return the zone of a calendar; None where it names none that is known."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _by_own_clock(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _to_midnight(moment: datetime) -> datetime:
    """Return the midnight after an end at 23:59, by which many programs mean the whole day."""
    return datetime.combine(moment.date() + _ONE_DAY, _MIDNIGHT) if moment.time() >= _LAST_MINUTE else moment


def _sensible(length: int) -> int:
    """Return for how many days an event counts."""
    if length < 0:
        raise ValueError("DTEND lies before DTSTART: swap them or correct the year")
    if length > LONGEST_ENTRY:
        raise ValueError(f"it is longer than {LONGEST_ENTRY} days: correct the year")
    return max(length, 1)


def _label(event: Any) -> str:
    found = event.get("SUMMARY", "")
    return label_of(str(found[0] if isinstance(found, list) and found else found))


def _categories(event: Any) -> tuple[str, ...]:
    found = event.get("CATEGORIES", [])
    lists = found if isinstance(found, list) else [found]
    return tuple(str(each) for one in lists for each in getattr(one, "cats", ()))
