"""Who was told what: alerts and their deliveries."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, String, cast, or_, select, update

from moderation.alerts import ENDED, AlertStep, DeliveryState, Role, Topic
from moderation.cases import CaseState
from moderation.items import ItemId
from moderation.ports import Delivery, PlannedAlert
from moderation.tasks import NewTask, TaskKind
from store import tables
from store.rows import in_chunks, insert_new
from store.tasks import Tasks


@dataclass(frozen=True, slots=True)
class Alerts:
    """Queries over alerts, inside one transaction."""

    connection: Connection
    channels: tuple[str, ...]

    def plan(self, alert: PlannedAlert, now: datetime) -> None:
        """Write down an alert, a delivery for each person and channel, and the work of sending them.

        The same subject, step and occasion is planned once; a recipient who joins later is added. What was
        not needed when it was to be sent, and is planned again, may be needed now: it is looked at again.
        """
        key = {
            "subject_kind": alert.topic.kind,
            "subject": alert.topic.subject,
            "step": alert.topic.step,
            "occasion": alert.topic.occasion,
        }
        insert_new(self.connection, tables.alerts, [{**key, "planned_at": now, "send_at": alert.at}])
        where = [tables.alerts.c[name] == value for name, value in key.items()]
        number = self.connection.execute(select(tables.alerts.c.id).where(*where)).scalar_one()
        insert_new(
            self.connection,
            tables.deliveries,
            [
                {
                    "alert": number,
                    "recipient": recipient,
                    "channel": channel,
                    "because": role,
                    "message_id": _message_id(alert.topic, recipient, channel, now),
                    "state": DeliveryState.CREATED,
                    "attempts": 0,
                    "changed_at": now,
                }
                for recipient, role in alert.recipients.items()
                for channel in self.channels
            ],
        )
        revived = self.connection.execute(
            update(tables.deliveries)
            .where(tables.deliveries.c.alert == number, tables.deliveries.c.state == DeliveryState.NOT_NEEDED)
            .values(state=DeliveryState.CREATED, changed_at=now)
            .returning(tables.deliveries.c.id)
        ).scalars()
        Tasks(self.connection).reopen(TaskKind.DELIVER, [str(each) for each in revived], alert.at)
        created = self.connection.execute(
            select(tables.deliveries.c.id).where(
                tables.deliveries.c.alert == number, tables.deliveries.c.state == DeliveryState.CREATED
            )
        ).scalars()
        Tasks(self.connection).add(
            [NewTask(TaskKind.DELIVER, str(each), str(each), alert.at) for each in created], now
        )

    def delivery(self, delivery: int) -> Delivery:
        """Return one delivery with the alert that it belongs to."""
        query = (
            select(
                tables.deliveries,
                tables.alerts.c.subject_kind,
                tables.alerts.c.subject,
                tables.alerts.c.step,
                tables.alerts.c.occasion,
            )
            .join(tables.alerts, tables.alerts.c.id == tables.deliveries.c.alert)
            .where(tables.deliveries.c.id == delivery)
        )
        row = self.connection.execute(query).one()
        return Delivery(
            id=row.id,
            recipient=row.recipient,
            channel=row.channel,
            state=DeliveryState(row.state),
            attempts=row.attempts,
            message_id=row.message_id,
            topic=Topic(row.subject_kind, row.subject, AlertStep(row.step), row.occasion),
            because=Role(row.because),
        )

    def also_told(self, delivery: Delivery) -> tuple[str, ...]:
        """Return the short names of the others who are told by the same alert."""
        mine = select(tables.deliveries.c.alert).where(tables.deliveries.c.id == delivery.id)
        query = (
            select(tables.deliveries.c.recipient)
            .where(
                tables.deliveries.c.alert == mine.scalar_subquery(),
                tables.deliveries.c.recipient != delivery.recipient,
            )
            .distinct()
            .order_by(tables.deliveries.c.recipient)
        )
        return tuple(self.connection.execute(query).scalars())

    def told_of(self, items: Iterable[ItemId], steps: Collection[AlertStep], since: datetime) -> bool:
        """Say whether somebody was told of one of ``items`` since a moment, in a case that is not closed."""
        item, case, alert = tables.items, tables.cases, tables.alerts
        for chunk in in_chunks(items):
            query = (
                select(item.c.id, alert.c.occasion)
                .join(case, or_(case.c.id == item.c.case, case.c.opening_item == item.c.id))
                .join(alert, (alert.c.subject_kind == "case") & (alert.c.subject == cast(case.c.id, String)))
                .where(
                    item.c.id.in_(chunk),
                    case.c.state != CaseState.CLOSED,
                    alert.c.step.in_([str(step) for step in steps]),
                    alert.c.planned_at >= since,
                )
            )
            if any(row.occasion.startswith(f"{row.id}:") for row in self.connection.execute(query)):
                return True
        return False

    def begin_sending(self, delivery: int, at: datetime) -> None:
        """Count a try before it is made, so that a crash in the middle of it is known."""
        self.connection.execute(
            update(tables.deliveries)
            .where(tables.deliveries.c.id == delivery)
            .values(state=DeliveryState.SENDING, attempts=tables.deliveries.c.attempts + 1, changed_at=at)
        )

    def record(self, delivery: int, state: DeliveryState, at: datetime) -> None:
        """Record how a delivery went; one that has come to its end stays as it ended."""
        self.connection.execute(
            update(tables.deliveries)
            .where(tables.deliveries.c.id == delivery, tables.deliveries.c.state.not_in(ENDED))
            .values(state=state, changed_at=at)
        )


def _message_id(topic: Topic, recipient: str, channel: str, planned_at: datetime) -> str:
    """Name a message so that every try has one name, and no other message ever has it.

    The moment of planning is part of it: a new database may use old numbers again.
    """
    facts = (topic.kind, topic.subject, topic.occasion, recipient, channel, planned_at.isoformat())
    name = hashlib.sha256("\x1f".join(facts).encode()).hexdigest()[:20]
    return f"<{topic.step.replace('_', '-')}.{name}@socialduty.invalid>"
