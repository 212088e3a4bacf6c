"""Practice alerts: which there were, and who answered them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from moderation.alert_ports import Drill, DrillLine
from moderation.alerts import DeliveryState
from store import tables
from store.rows import insert_new, take_turns

_KIND = "drill"


@dataclass(frozen=True, slots=True)
class Drills:
    """Queries over practice alerts, inside one transaction."""

    connection: Connection

    def new_number(self, school: str) -> int:
        """Return the number of a school's next drill; nobody else gets it until this transaction ends."""
        take_turns(self.connection, f"drill:{school}")
        return max((drill.number for drill in self.of(school)), default=0) + 1

    def of(self, school: str) -> list[Drill]:
        """Return the drills of a school, the first one first."""
        alert = tables.alerts.c
        query = (
            select(tables.alerts)
            .where(alert.subject_kind == _KIND, alert.subject.startswith(f"{school}:", autoescape=True))
            .order_by(alert.id)
        )
        return [
            Drill(row.id, school, int(row.subject.rpartition(":")[2]), row.planned_at, row.occasion)
            for row in self.connection.execute(query)
        ]

    def answer(self, alert: int, person: str, at: datetime) -> bool:
        """Note that somebody says a practice alert reached them; return whether for the first time."""
        answers = tables.drill_answers.c
        mine = (answers.alert == alert, answers.person == person)
        known = self.connection.execute(select(answers.at).where(*mine)).first() is not None
        insert_new(self.connection, tables.drill_answers, [{"alert": alert, "person": person, "at": at}])
        return not known

    def lines(self, alert: int) -> list[DrillLine]:
        """Return what became of each message of a practice alert, by person, in the order of the channels."""
        each, sent, answers = tables.deliveries.c, tables.dispatches.c, tables.drill_answers.c
        query = (
            select(
                each.recipient,
                each.channel,
                each.state,
                each.changed_at,
                sent.handed_at,
                answers.at,
            )
            .outerjoin(tables.dispatches, sent.id == each.dispatch)
            .outerjoin(
                tables.drill_answers, (answers.alert == each.alert) & (answers.person == each.recipient)
            )
            .where(each.alert == alert)
            .order_by(each.recipient, each.id)
        )
        return [
            DrillLine(
                person=row.recipient,
                channel=row.channel,
                state=DeliveryState(row.state),
                handed_at=row.handed_at or (row.changed_at if row.state == DeliveryState.DELIVERED else None),
                answered_at=row.at,
            )
            for row in self.connection.execute(query)
        ]
