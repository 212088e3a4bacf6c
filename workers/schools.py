"""The schools as they are now: what their settings say, with the term calendars that are in force."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from config import tables as settings
from moderation.calendars import calendar_of
from moderation.ports import School
from sla.duty import Rota
from store.store import Store

Source = Path | str
"""Where a school keeps its term dates: a file, or the address of a feed."""


ROTAS_EVERY = timedelta(hours=1)
"""How often rota files are read again: people swap their turns."""

Rotas = Callable[[datetime], Mapping[str, Rota]]
"""Reads the rotas of the schools that keep one in a file."""


def no_rotas(now: datetime) -> Mapping[str, Rota]:
    """Return that no school keeps its rota in a file."""
    return {}


class Schools(Mapping[str, School]):
    """The schools of the settings, each with the calendar that is in force and its rota as it stands.

    What the settings say never changes while a process runs; which calendar is in force does, and so do rota
    files. So ``refresh`` asks the store, which costs one small query, and reads the files every hour.
    """

    def __init__(
        self, schools: Mapping[str, School], sources: Mapping[str, Source], rotas: Rotas = no_rotas
    ) -> None:
        self._rotas = rotas
        self._rotas_read_at: datetime | None = None
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
        """Take over the calendars that have come in force since the last time, and what rota files say now.

        One thread at a time: a slower one must never put an older calendar back.
        """
        with self._refreshing:
            self._take_over(store, rotas_changed=self._read_rotas(store.now()))

    def _read_rotas(self, now: datetime) -> bool:
        """Read the rota files when it is time to; return whether they were read."""
        if self._rotas_read_at is not None and now - self._rotas_read_at < ROTAS_EVERY:
            return False
        for name, rota in self._rotas(now).items():
            self._as_set[name] = replace(self._as_set[name], rota=rota)
        self._rotas_read_at = now
        return True

    def _take_over(self, store: Store, *, rotas_changed: bool) -> None:
        with store.begin() as unit:
            marks = unit.calendars.marks()
            if marks == self._marks and not rotas_changed:
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
