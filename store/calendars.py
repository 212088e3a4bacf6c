"""The term calendars of each school: the one in force, one that waits for a person, and what went before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from moderation.stored_calendar import CalendarState, StoredCalendar
from sla.term_dates import TermDates
from store import tables


@dataclass(frozen=True, slots=True)
class Calendars:
    """Queries over calendars, inside one transaction."""

    connection: Connection

    def one(self, school: str, state: CalendarState) -> StoredCalendar | None:
        """Return the school's newest calendar in that state, and keep others from deciding meanwhile."""
        # The school's row is locked first, so that two hosts that read one feed take turns.
        self.connection.execute(
            select(tables.schools.c.id).where(tables.schools.c.id == school).with_for_update()
        )
        query = (
            select(tables.calendars)
            .where(tables.calendars.c.school == school, tables.calendars.c.state == state)
            .order_by(tables.calendars.c.id.desc())
            .limit(1)
        )
        row = self.connection.execute(query).one_or_none()
        return None if row is None else _calendar(row)

    def in_force(self) -> list[StoredCalendar]:
        """Return the calendar in force of every school that has one."""
        query = select(tables.calendars).where(tables.calendars.c.state == CalendarState.IN_FORCE)
        return [_calendar(row) for row in self.connection.execute(query.order_by(tables.calendars.c.id))]

    def waiting_schools(self) -> list[str]:
        """Return the schools of which a calendar waits for a person's decision."""
        query = (
            select(tables.calendars.c.school)
            .where(tables.calendars.c.state == CalendarState.WAITING)
            .distinct()
            .order_by(tables.calendars.c.school)
        )
        return list(self.connection.execute(query).scalars())

    def marks(self) -> tuple[int, ...]:
        """Return what changes whenever another calendar comes in force: quick to ask, again and again."""
        query = (
            select(tables.calendars.c.id)
            .where(tables.calendars.c.state == CalendarState.IN_FORCE)
            .order_by(tables.calendars.c.id)
        )
        return tuple(self.connection.execute(query).scalars())

    def all_of(self, school: str) -> list[StoredCalendar]:
        """Return every calendar that a school ever had, newest first."""
        query = select(tables.calendars).where(tables.calendars.c.school == school)
        return [
            _calendar(row) for row in self.connection.execute(query.order_by(tables.calendars.c.id.desc()))
        ]

    def add(self, school: str, version: str, dates: TermDates, state: CalendarState, at: datetime) -> None:
        """Remember a calendar that was read."""
        self.connection.execute(
            insert(tables.calendars).values(
                school=school, version=version, dates=dates.as_json(), state=state, read_at=at
            )
        )

    def retire(self, school: str, state: CalendarState) -> None:
        """Let the school's calendars in that state be history."""
        self.connection.execute(
            update(tables.calendars)
            .where(tables.calendars.c.school == school, tables.calendars.c.state == state)
            .values(state=CalendarState.REPLACED)
        )

    def put_in_force(self, calendar: int, by: str, at: datetime) -> None:
        """Let a calendar count from now on, by a person's decision."""
        self.connection.execute(
            update(tables.calendars)
            .where(tables.calendars.c.id == calendar)
            .values(state=CalendarState.IN_FORCE, decided_at=at, decided_by=by)
        )


def _calendar(row: Row[Any]) -> StoredCalendar:
    return StoredCalendar(
        id=row.id,
        school=row.school,
        version=row.version,
        dates=TermDates.from_json(row.dates),
        state=CalendarState(row.state),
        read_at=row.read_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )
