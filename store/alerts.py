"""Who has to be told what: alerts and their deliveries."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, func, select, update

from moderation.alert_ports import Delivery, PlannedAlert
from moderation.alerts import EMAIL, AlertStep, DeliveryState, Role, Topic
from moderation.mailboxes import Mailbox, Urgency
from moderation.tasks import NewTask
from store import tables
from store.rows import insert_new
from store.tasks import Tasks

_FAILED = (
    DeliveryState.TEMPORARY_FAILURE,
    DeliveryState.PERMANENT_FAILURE,
    DeliveryState.TECHNICAL_FAILURE,
)


@dataclass(frozen=True, slots=True)
class Alerts:
    """Queries over alerts, inside one transaction."""

    connection: Connection

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
        for recipient, role in alert.recipients.items():
            channels = alert.channels.get(recipient, (EMAIL,))
            self._write(number, alert.topic, {recipient: role}, channels, alert.urgency, now)
        self._revive(number, alert, now)
        self._have_sent(number, alert.at, now)

    def _revive(self, number: int, alert: PlannedAlert, now: datetime) -> None:
        """Let what was not needed be told after all, to those for whom it is now."""
        each = tables.deliveries.c
        is_theirs = each.recipient.in_(list(alert.recipients))
        self.connection.execute(
            update(tables.deliveries)
            .where(each.alert == number, each.state == DeliveryState.NOT_NEEDED, is_theirs)
            .values(state=DeliveryState.CREATED, dispatch=None, changed_at=now)
        )

    def add(
        self,
        alert: int,
        recipients: Mapping[str, Role],
        channels: Sequence[str],
        urgency: Urgency,
        now: datetime,
    ) -> None:
        """Let further people, or the same ones over further channels, be told now of what was planned."""
        row = self.connection.execute(select(tables.alerts).where(tables.alerts.c.id == alert)).one()
        topic = Topic(row.subject_kind, row.subject, AlertStep(row.step), row.occasion)
        self._write(alert, topic, recipients, channels, urgency, now)
        self._have_sent(alert, now, now)

    def _write(
        self,
        alert: int,
        topic: Topic,
        recipients: Mapping[str, Role],
        channels: Sequence[str],
        urgency: Urgency,
        now: datetime,
    ) -> None:
        rows = [
            {
                "alert": alert,
                "recipient": recipient,
                "channel": channel,
                "because": role,
                "message_id": _message_id(topic, recipient, channel, now),
                "state": DeliveryState.CREATED,
                "changed_at": now,
                "urgency": int(urgency),
            }
            for recipient, role in recipients.items()
            for channel in channels
        ]
        insert_new(self.connection, tables.deliveries, rows)

    def _have_sent(self, alert: int, at: datetime, now: datetime) -> None:
        for mailbox in self._waiting_for(alert):
            Tasks(self.connection).need(NewTask(mailbox.kind, mailbox.key, mailbox.key, at), now)

    def _waiting_for(self, alert: int) -> Iterator[Mailbox]:
        """Yield the mailboxes in which this alert waits; in one order everywhere, so that no two block."""
        query = select(tables.deliveries).where(
            tables.deliveries.c.alert == alert, tables.deliveries.c.state == DeliveryState.CREATED
        )
        boxes = {
            Mailbox(row.recipient, row.channel, row.urgency > Urgency.ROUTINE)
            for row in self.connection.execute(query)
        }
        yield from sorted(boxes, key=lambda box: box.key)

    def delivery(self, delivery: int) -> Delivery:
        """Return one delivery with the alert that it belongs to."""
        query = deliveries().where(tables.deliveries.c.id == delivery)
        return delivery_from(self.connection.execute(query).one())

    def told_by(self, alert: int) -> tuple[str, ...]:
        """Return the short names of those whom an alert tells, in order."""
        names = select(tables.deliveries.c.recipient).where(tables.deliveries.c.alert == alert)
        return tuple(sorted(set(self.connection.execute(names).scalars())))

    def told_about(
        self, kind: str, subject: str, steps: Collection[AlertStep] = tuple(AlertStep)
    ) -> dict[str, Role]:
        """Return who was to be told of a subject at one of ``steps``, with the role that brings them in."""
        query = (
            select(tables.deliveries.c.recipient, tables.deliveries.c.because)
            .join(tables.alerts, tables.alerts.c.id == tables.deliveries.c.alert)
            .where(
                tables.alerts.c.subject_kind == kind,
                tables.alerts.c.subject == subject,
                tables.alerts.c.step.in_([str(step) for step in steps]),
            )
            .order_by(tables.deliveries.c.id)
        )
        return {row.recipient: Role(row.because) for row in self.connection.execute(query)}

    def planned(self, kind: str, subject: str, steps: Collection[AlertStep]) -> set[str]:
        """Return the occasions at which something was to be told of a subject at one of ``steps``."""
        alert = tables.alerts.c
        query = select(alert.occasion).where(
            alert.subject_kind == kind,
            alert.subject == subject,
            alert.step.in_([str(each) for each in steps]),
        )
        return set(self.connection.execute(query).scalars())

    def arrived(self, alert: int, recipient: str) -> bool:
        """Say whether an alert reached somebody over any channel, as far as we know."""
        query = select(tables.deliveries.c.id).where(
            tables.deliveries.c.alert == alert,
            tables.deliveries.c.recipient == recipient,
            tables.deliveries.c.state == DeliveryState.DELIVERED,
        )
        return self.connection.execute(query.limit(1)).first() is not None

    def undelivered_since(self, since: datetime, recipients: Collection[str] | None) -> int:
        """Return how many messages failed since then and reached their people no other way.

        ``recipients`` None is everybody. Practice alerts are not counted.
        """
        each, other = tables.deliveries.c, tables.deliveries.alias()
        arrived = exists().where(
            other.c.alert == each.alert,
            other.c.recipient == each.recipient,
            other.c.state == DeliveryState.DELIVERED,
        )
        query = (
            select(func.count())
            .select_from(tables.deliveries.join(tables.alerts, tables.alerts.c.id == each.alert))
            .where(
                each.state.in_([str(state) for state in _FAILED]),
                each.changed_at >= since,
                tables.alerts.c.step != AlertStep.DRILL,
                ~arrived,
            )
        )
        if recipients is not None:
            query = query.where(each.recipient.in_(list(recipients)))
        return int(self.connection.execute(query).scalar_one())

    def bad_addresses(self, since: datetime) -> set[tuple[str, str, str]]:
        """Return person, channel and digest of the addresses that were refused for good since a moment."""
        bad = tables.bad_addresses.c
        query = select(bad.person, bad.channel, bad.digest).where(bad.since >= since)
        return {(row.person, row.channel, row.digest) for row in self.connection.execute(query)}

    def refuse_address(self, person: str, channel: str, digest: str, at: datetime) -> None:
        """Remember that an address was refused for good."""
        key = {"person": person, "channel": channel, "digest": digest}
        insert_new(self.connection, tables.bad_addresses, [{**key, "since": at}])
        self.connection.execute(update(tables.bad_addresses).filter_by(**key).values(since=at))


def deliveries() -> Select[Any]:
    """Select deliveries with the alerts that they belong to."""
    alert = tables.alerts.c
    return select(
        tables.deliveries, alert.subject_kind, alert.subject, alert.step, alert.occasion, alert.send_at
    ).join(tables.alerts, alert.id == tables.deliveries.c.alert)


def delivery_from(row: Row[Any]) -> Delivery:
    """Return what :func:`deliveries` selected."""
    return Delivery(
        id=row.id,
        alert=row.alert,
        recipient=row.recipient,
        channel=row.channel,
        state=DeliveryState(row.state),
        message_id=row.message_id,
        topic=Topic(row.subject_kind, row.subject, AlertStep(row.step), row.occasion),
        because=Role(row.because),
        urgency=Urgency(row.urgency),
        send_at=row.send_at,
    )


def _message_id(topic: Topic, recipient: str, channel: str, planned_at: datetime) -> str:
    """Name a message so that every try has one name, and no other message ever has it.

    The moment of planning is part of it: a new database may use old numbers again.
    """
    facts = (topic.kind, topic.subject, topic.occasion, recipient, channel, planned_at.isoformat())
    name = hashlib.sha256("\x1f".join(facts).encode()).hexdigest()[:20]
    return f"<{topic.step.replace('_', '-')}.{name}@socialduty.invalid>"
