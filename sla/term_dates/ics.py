"""Term dates in an iCalendar file, as calendar programs export and publish them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sla.term_dates.assembling import term_dates
from sla.term_dates.ics_event import Event, event_from
from sla.term_dates.ics_rule import LAST_DAY
from sla.term_dates.ics_series import Allowance, Occurrence, follow, is_change, repeats
from sla.term_dates.ics_text import EventText, events_in
from sla.term_dates.values import Entry, Ignored, Kind, Rejected, TermDates, Why

_EXAMPLES = 3
_ONE_DAY = "ends when it starts: it was read as one day"
_ENDLESS = f"repeats without an end: it was followed to {LAST_DAY.isoformat()}"
_SAME_UID = "is the UID of several events: all of them were read"


def read_ics(content: bytes) -> TermDates:
    """Read term dates from an iCalendar file.

    What an event means is told by its categories (TERM, HOLIDAY, HALF_TERM, INSET, BANK_HOLIDAY, CLOSURE,
    COVER) or else by its summary. Only whole days count, as they are in London. Events that mean nothing to
    us are left aside; one that cannot be read is reported, and the rest is kept.

    Raises:
        NotACalendarError: it is no such file, it was cut off, or it is larger than any school's.
    """
    reading = _Reading()
    for same in _by_uid(events_in(content)):
        reading.take(same)
    return term_dates(
        reading.entries, rejected=reading.rejected, ignored=reading.ignored, warnings=reading.warnings
    )


def _by_uid(texts: Iterable[EventText]) -> Iterable[list[EventText]]:
    """Return the events that belong together; one without a UID stands alone."""
    groups: dict[str, list[EventText]] = defaultdict(list)
    for text in texts:
        groups[text.where].append(text)
    return groups.values()


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    entries: list[Entry] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    odd: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    allowance: Allowance = field(default_factory=Allowance)

    @property
    def warnings(self) -> list[str]:
        """What was odd, each with the first few events that it was odd in."""
        return [f"{_first_few(where)}: {what}" for what, where in self.odd.items()]

    def take(self, texts: Sequence[EventText]) -> None:
        """Take the events of one UID: single ones, and a series with the changes of some of its times."""
        events = [event for text in texts if (event := self._event(text))]
        changes = [event for event in events if is_change(event.text)]
        masters = [event for event in events if not is_change(event.text)]
        if len(masters) > 1:
            self.odd[_SAME_UID].append(masters[0].where)
        for event in masters:
            if not repeats(event.text):
                self._single(event)
            elif isinstance(event.what, Kind):
                self._series(event, changes)
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
                self.rejected.append(Rejected(text.where, str(fault)))
            return None
        if event.is_doubtful and isinstance(event.what, Kind):
            self.odd[_ONE_DAY].append(event.where)
        return event

    def _single(self, event: Event) -> None:
        last_day = event.first_day + timedelta(days=event.days - 1)
        if isinstance(event.what, Kind):
            self._enter(Occurrence(event, event.first_day, last_day))
        else:
            self.ignored.append(Ignored(event.where, event.label, event.first_day, event.what))

    def _series(self, series: Event, changes: Sequence[Event]) -> None:
        try:
            followed = follow(series, changes, self.allowance)
        except ValueError as fault:
            self.rejected.append(Rejected(series.where, str(fault)))
            return
        if followed.is_endless:
            self.odd[_ENDLESS].append(series.where)
        for occurrence in followed.occurrences:
            self._enter(occurrence)
        if not followed.occurrences:
            self.ignored.append(Ignored(series.where, series.label, series.first_day, Why.OUT_OF_YEARS))
        for change in changes:
            if not isinstance(change.what, Kind):
                self._single(change)

    def _enter(self, occurrence: Occurrence) -> None:
        kind = occurrence.event.what
        if isinstance(kind, Kind):
            self.entries.append(
                Entry(
                    where=occurrence.event.where,
                    kind=kind,
                    start=occurrence.first_day,
                    end=occurrence.last_day,
                    label=occurrence.event.label,
                    staff_working=not kind.is_closed,
                )
            )


def _first_few(where: Sequence[str]) -> str:
    more = len(where) - _EXAMPLES
    shown = ", ".join(where[:_EXAMPLES])
    return f"{shown} and {more} more" if more > 0 else shown
