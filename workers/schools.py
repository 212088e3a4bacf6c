"""The schools as they are now: what their settings say, with the term calendars that are in force."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from config import tables as settings
from moderation.calendars import calendar_of
from moderation.ports import School
from store.store import Store

Source = Path | str
"""Where a school keeps its term dates: a file, or the address of a feed."""


class Schools(Mapping[str, School]):
    """The schools of the settings, each with the calendar that is in force.

    What the settings say never changes while a process runs; which calendar is in force does. So ``refresh``
    asks the store, which costs one small query.
    """

    def __init__(self, schools: Mapping[str, School], sources: Mapping[str, Source]) -> None:
        self._as_set = dict(schools)
        self._now = dict(schools)
        self._marks: tuple[int, ...] = ()
        self._refreshing = threading.Lock()
        self.sources = dict(sources)

    def __getitem__(self, name: str) -> School:
        return self._now[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now)

    def __len__(self) -> int:
        return len(self._now)

    def refresh(self, store: Store) -> None:
        """Take over the calendars that have come in force since the last time.

        One thread at a time: a slower one must never put an older calendar back.
        """
        with self._refreshing:
            self._take_over(store)

    def _take_over(self, store: Store) -> None:
        with store.begin() as unit:
            marks = unit.calendars.marks()
            if marks == self._marks:
                return
            stored = unit.calendars.in_force()
        current = dict(self._as_set)
        for each in stored:
            if each.school in self.sources and each.school in current:
                school = current[each.school]
                current[each.school] = replace(school, calendar=calendar_of(school.nation, each.dates))
        self._now, self._marks = current, marks


def source_of(school: settings.School) -> Source | None:
    """Return where a school keeps its term dates, or None when it has named no calendar."""
    return school.term_calendar_feed or school.term_calendar
