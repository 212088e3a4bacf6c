"""Term dates in an iCalendar file, as calendar programs export and publish them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from sla.term_dates.assembling import term_dates
from sla.term_dates.ics_event import Event, event_from
from sla.term_dates.ics_rule import LAST_DAY
from sla.term_dates.ics_series import (
    Allowance,
    Followed,
    Occurrence,
    Series,
    changed_day,
    follow,
    is_change,
    latest_changes,
    repeats,
    series_of,
)
from sla.term_dates.ics_text import EventText, events_in
from sla.term_dates.values import Entry, Ignored, Kind, Rejected, TermDates, Why

_T = TypeVar("_T")

_EXAMPLES = 3
_ONE_DAY = "ends when it starts: it was read as one day"
_ENDLESS = f"repeats without an end: it was followed to {LAST_DAY.isoformat()}"
_SAME_UID = "is the UID of several events: all of them were read"
_UNKNOWN_ZONE = "names a time zone that nobody knows: its times were read as London's"
_CALLED_OFF = (
    "the calendar was sent to call off its events (METHOD:CANCEL), so they close nothing: export the term "
    "dates themselves"
)
_NO_EVENTS = "the calendar holds no events: check that it is the right one, and export it again"


def read_ics(content: bytes) -> TermDates:
    """Read term dates from an iCalendar file.

    What an event means is told by its categories (TERM, HOLIDAY, HALF_TERM, INSET, BANK_HOLIDAY, CLOSURE,
    COVER) or else by its summary. Only whole days count, as they are in London. Events that mean nothing to
    us are left aside; one that cannot be read is reported, and the rest is kept.

    Raises:
        NotACalendarError: it is no such file, it was cut off, or it is larger than any school's.
    """
    texts = events_in(content)
    reading = _Reading()
    for same in _by_uid(texts):
        reading.take(same)
    reading.follow_series()
    return term_dates(
        _in_file_order(reading.entries),
        rejected=_in_file_order(reading.rejected),
        ignored=_in_file_order(reading.ignored),
        warnings=[*_of_the_whole(texts), *reading.warnings],
    )


def _by_uid(texts: Iterable[EventText]) -> Iterable[list[EventText]]:
    """Return the events that belong together; one without a UID stands alone."""
    groups: dict[str, list[EventText]] = defaultdict(list)
    for text in texts:
        groups[text.where].append(text)
    return groups.values()


def _of_the_whole(texts: Sequence[EventText]) -> Iterator[str]:
    """Yield what is odd about the calendar itself."""
    if not texts:
        yield _NO_EVENTS
    if any(text.head.calls_off for text in texts):
        yield _CALLED_OFF


def _in_file_order(found: Iterable[tuple[int, _T]]) -> list[_T]:
    """Return what was found in the events of a file by their places in it."""
    return [what for _, what in sorted(found, key=lambda each: each[0])]


@dataclass(slots=True)
class _Reading:
    """What has been read so far, each with the place of its event in the file."""

    entries: list[tuple[int, Entry]] = field(default_factory=list)
    rejected: list[tuple[int, Rejected]] = field(default_factory=list)
    ignored: list[tuple[int, Ignored]] = field(default_factory=list)
    odd: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    series: list[Series] = field(default_factory=list)

    @property
    def warnings(self) -> list[str]:
        """What was odd, each with the first few events that it was odd in."""
        return [f"{_first_few(where)}: {what}" for what, where in self.odd.items()]

    def take(self, texts: Sequence[EventText]) -> None:
        """Take the events of one UID: single ones, and a series with the changes of some of its times.

        The series itself waits until all events are known: see :meth:`follow_series`.
        """
        events = [event for text in texts if (event := self._event(text))]
        masters = [event for event in events if not is_change(event.text)]
        changes = latest_changes([event for event in events if is_change(event.text)], masters)
        if len(masters) > 1:
            self.odd[_SAME_UID].append(masters[0].where)
        repeating = any(repeats(event.text) for event in masters)
        for event in masters:
            if not repeats(event.text):
                # A change of the only time of an event stands for it.
                if repeating or not any(changed_day(each, event.zone) == event.start for each in changes):
                    self._single(event)
            elif isinstance(event.what, Kind):
                self._wait(event, changes)
                changes = []
            else:
                self._single(event)
                # Who cancels a series cancels its changes; a change of anything else may close the school.
                changes = [] if event.what is Why.CANCELLED else changes
        for event in changes:
            self._single(event)

    def _event(self, text: EventText) -> Event | None:
        try:
            event = event_from(text)
        except ValueError as fault:
            if not text.is_cancelled:
                self._reject(text, fault)
            return None
        if event.is_doubtful and isinstance(event.what, Kind):
            self.odd[_ONE_DAY].append(event.where)
        if event.has_unknown_zone and isinstance(event.what, Kind):
            self.odd[_UNKNOWN_ZONE].append(event.where)
        return event

    def _reject(self, text: EventText, fault: ValueError) -> None:
        self.rejected.append((text.number, Rejected(text.where, str(fault))))

    def _ignore(self, event: Event, why: Why) -> None:
        self.ignored.append((event.text.number, Ignored(event.where, event.label, event.first_day, why)))

    def _single(self, event: Event) -> None:
        last_day = event.first_day + timedelta(days=event.days - 1)
        if isinstance(event.what, Kind):
            self._enter(Occurrence(event, event.first_day, last_day))
        else:
            self._ignore(event, event.what)

    def _wait(self, master: Event, changes: Sequence[Event]) -> None:
        try:
            self.series.append(series_of(master, changes))
        except ValueError as fault:
            self._reject(master.text, fault)

    def follow_series(self) -> None:
        """Follow every series, the modest ones first, as far as the steps of one file go."""
        allowance = Allowance()
        for series in sorted(self.series, key=lambda each: each.greed):
            try:
                self._follow(series, follow(series, allowance))
            except ValueError as fault:
                self._reject(series.master.text, fault)

    def _follow(self, series: Series, followed: Followed) -> None:
        if followed.is_endless:
            self.odd[_ENDLESS].append(series.master.where)
        for occurrence in followed.occurrences:
            self._enter(occurrence)
        if not followed.occurrences:
            self._ignore(series.master, Why.OUT_OF_YEARS)
        for change in series.changes:
            if not isinstance(change.what, Kind):
                self._single(change)

    def _enter(self, occurrence: Occurrence) -> None:
        kind = occurrence.event.what
        if isinstance(kind, Kind):
            entry = Entry(
                where=occurrence.event.where,
                kind=kind,
                start=occurrence.first_day,
                end=occurrence.last_day,
                label=occurrence.event.label,
                staff_working=not kind.is_closed,
            )
            self.entries.append((occurrence.event.text.number, entry))


def _first_few(where: Sequence[str]) -> str:
    more = len(where) - _EXAMPLES
    shown = ", ".join(where[:_EXAMPLES])
    return f"{shown} and {more} more" if more > 0 else shown
