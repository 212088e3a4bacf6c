"""Reading who is on duty from an iCalendar file, as calendar programs keep it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sla.duty import Shift
from sla.staffed import at_clock
from sla.term_dates import Kind, Rejected, Why
from sla.term_dates.ics_event import Event, component
from sla.term_dates.ics_series import (
    MOST_STEPS,
    Allowance,
    changed_day,
    follow,
    is_change,
    latest_changes,
    repeats,
    series_of,
)
from sla.term_dates.ics_text import EventText, events_in
from sla.term_dates.text import label_of
from sla.term_dates.values import LONGEST_ENTRY
from workers.calendar_files import content_of

SECOND = "second"
"""What stands before a name and a colon where an event says who is second on duty."""

_STEPS = 4 * MOST_STEPS
"""A rota is made of series, term dates are not: a hundred weekly ones take a second or two."""

_LONGEST = timedelta(days=LONGEST_ENTRY)

Names = Mapping[str, Collection[str]]
"""By short name: what else the file may call somebody, such as their full name and email address."""


def read_rota(
    path: Path, people: Names, zone: ZoneInfo, since: datetime, until: datetime
) -> tuple[tuple[Shift, ...], tuple[Rejected, ...]]:
    """Return the shifts of a rota file that lie between two moments even in part, and what is wrong with it.

    An event is a shift. It is called by a person's short name or any other of their names; ``second:`` before
    it is second duty. Times whose zone is not known are those of ``zone``. An event that cannot be read is
    reported without its words, and so is one between these moments that calls nobody; the rest counts.

    Raises:
        NotACalendarError: it is no such file, it was cut off, or it is larger than any school's.
        OSError: it cannot be read.
    """
    reading = _Reading(people, zone)
    shifts = [
        shift
        for turn, day in reading.turns(events_in(content_of(path)))
        if (shift := reading.shift(turn, day, since, until)) is not None
    ]
    return tuple(sorted(shifts, key=lambda each: each.start)), tuple(reading.problems.values())


@dataclass(frozen=True, slots=True)
class _Turn:
    """One event: as the days that it takes, and from when to when it lasts by its own clock."""

    event: Event
    start: date
    end: date

    def times(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return from when to when (UTC) it lasts where it starts on ``day``: its clock shows the same."""
        later = day - self.event.start
        return _in_utc(self.start + later, zone), _in_utc(self.end + later, zone)


def _in_utc(value: date, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        return at_clock(value, time(), zone)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


class _Reading:
    """The people of a school, and what was wrong with the events so far, by their places in the file."""

    def __init__(self, people: Names, zone: ZoneInfo) -> None:
        self.problems: dict[int, Rejected] = {}
        self._zone = zone
        self._allowance = Allowance(_STEPS)
        self._called: dict[str, set[str]] = defaultdict(set)
        for name, others in people.items():
            for each in (name, *others):
                self._called[_plain(each)].add(name)

    def turns(self, texts: Sequence[EventText]) -> Iterator[tuple[_Turn, date]]:
        """Yield every time that an event takes place, with the day on which it starts."""
        groups: dict[str, list[_Turn]] = defaultdict(list)
        for text in texts:
            if (turn := self._turn(text)) is not None:
                groups[text.where].append(turn)
        for same in groups.values():
            yield from self._times(same)

    def shift(self, turn: _Turn, day: date, since: datetime, until: datetime) -> Shift | None:
        """Return the shift that a turn is on a day; None if it lies elsewhere or calls nobody we know."""
        start, end = turn.times(day, self._zone)
        if not (start < end and start < until and end > since):
            return None
        before, colon, after = turn.event.label.partition(":")
        second = bool(colon) and _plain(before) == SECOND
        called = [*self._called.get(_plain(after if second else turn.event.label), ())]
        if len(called) != 1:
            whom = "several people" if called else "nobody"
            self._reject(
                turn.event.text,
                f"on {day.isoformat()} it calls {whom} of the school: write the short name of one person",
            )
            return None
        return Shift(called[0], start, end, second)

    def _reject(self, text: EventText, reason: str) -> None:
        self.problems.setdefault(text.number, Rejected(text.where, reason))

    def _turn(self, text: EventText) -> _Turn | None:
        try:
            return _turn_from(text)
        except Exception:  # noqa: BLE001 - a damaged event may trip the parser in any way; the rest counts
            if not text.is_cancelled:
                self._reject(text, "it has no start and end that can be read: enter it anew")
        return None

    def _times(self, same: Sequence[_Turn]) -> Iterator[tuple[_Turn, date]]:
        """Yield the times of the events of one UID: single ones, and a series with its changes."""
        by_place = {turn.event.text.number: turn for turn in same}
        masters = [turn.event for turn in same if not is_change(turn.event.text)]
        changes = latest_changes([turn.event for turn in same if is_change(turn.event.text)], masters)
        for master in masters:
            if master.what is Why.CANCELLED:
                changes = []
            elif repeats(master.text):
                for event, day in self._series(master, changes):
                    yield by_place[event.text.number], day
                changes = []
            elif not any(changed_day(each, master.zone) == master.start for each in changes):
                yield by_place[master.text.number], master.start
        for change in changes:
            if change.what is not Why.CANCELLED:
                yield by_place[change.text.number], change.start

    def _series(self, master: Event, changes: Sequence[Event]) -> list[tuple[Event, date]]:
        try:
            followed = follow(series_of(master, changes), self._allowance)
        except ValueError as fault:
            self._reject(master.text, str(fault))
            return []
        return [(each.event, each.first_day) for each in followed.occurrences]


def _turn_from(text: EventText) -> _Turn:
    """Return what an event says. Where that cannot be read, it raises whatever the parser does."""
    found = component(text, "SUMMARY", "DTSTART", "DTEND", "DURATION")
    start, end = found.start, found.end
    is_sensible = timedelta() < end - start <= _LONGEST and MINYEAR < start.year < MAXYEAR
    if not text.is_whole or not is_sensible:
        raise ValueError("it is no turn of duty")
    timed = isinstance(start, datetime)
    first_day = start.date() if timed else start
    event = Event(
        text,
        label_of(str(found.get("SUMMARY", ""))),
        Why.CANCELLED if text.is_cancelled else Kind.COVER,
        start=first_day,
        days=max(1, (end - start).days),
        clock=start.time() if timed else time(),
        zone=start.tzinfo if timed else None,
    )
    return _Turn(event, start, end)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
