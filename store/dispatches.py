"""The messages that tell people: what each carries, how often it was tried, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, func, insert, select, update

from moderation.alert_ports import Delivery, Dispatch, Sent
from moderation.alerts import ENDED, AlertStep, DeliveryState, Handed
from moderation.mailboxes import Mailbox, Urgency
from store import tables
from store.alerts import deliveries, delivery_from
from store.rows import in_chunks

_ON_ITS_WAY = (
    DeliveryState.CREATED,
    DeliveryState.SENDING,
    DeliveryState.TEMPORARY_FAILURE,
    DeliveryState.DELIVERED,
)


@dataclass(frozen=True, slots=True)
class Dispatches:
    """Queries over dispatches, inside one transaction."""

    connection: Connection

    def waiting(self, mailbox: Mailbox, now: datetime) -> list[Delivery]:
        """Return what is to be told now and is in no message yet, the most urgent and oldest first."""
        query = (
            deliveries()
            .where(*_waits_in(mailbox), tables.alerts.c.send_at <= now)
            .order_by(tables.deliveries.c.urgency.desc(), tables.deliveries.c.id)
        )
        return [delivery_from(row) for row in self.connection.execute(query)]

    def sent(self, mailbox: Mailbox, since: datetime) -> list[Sent]:
        """Return what went to this person over this channel since then, in either hurry, in order."""
        each = tables.dispatches.c
        query = (
            select(
                each.id, each.begun_at, each.urgency, tables.alerts.c.subject_kind, tables.alerts.c.subject
            )
            .join(tables.deliveries, tables.deliveries.c.dispatch == each.id)
            .join(tables.alerts, tables.alerts.c.id == tables.deliveries.c.alert)
            .where(
                each.recipient == mailbox.recipient, each.channel == mailbox.channel, each.begun_at > since
            )
            .order_by(each.begun_at, each.id)
            .distinct()
        )
        found: dict[int, tuple[datetime, Urgency, set[tuple[str, str]]]] = {}
        for row in self.connection.execute(query):
            known = found.setdefault(row.id, (row.begun_at, Urgency(row.urgency), set()))
            known[2].add((row.subject_kind, row.subject))
        return [Sent(at, urgency, frozenset(topics)) for at, urgency, topics in found.values()]

    def drop(self, deliveries: Iterable[int], at: datetime) -> None:
        """Note that these do not have to be told any more."""
        for chunk in in_chunks(deliveries):
            self.connection.execute(
                update(tables.deliveries)
                .where(tables.deliveries.c.id.in_(chunk), tables.deliveries.c.state.not_in(ENDED))
                .values(state=DeliveryState.NOT_NEEDED, dispatch=None, changed_at=at)
            )

    def begin(self, mailbox: Mailbox, deliveries: Sequence[Delivery], at: datetime) -> Dispatch:
        """Write down a message that tells ``deliveries``, and count its first try before it is made.

        It is named after the first of them: the same telling has the same name, whatever joins it. What was
        not needed after all, and is needed now, gets a further name: the first may have gone out with others.
        """
        number = self.connection.execute(
            insert(tables.dispatches)
            .values(
                recipient=mailbox.recipient,
                channel=mailbox.channel,
                urgency=max(each.urgency for each in deliveries),
                message_id=self._free_name(deliveries[0].message_id),
                state=DeliveryState.SENDING,
                attempts=1,
                begun_at=at,
                next_at=at,
                provider="",
                reference="",
                changed_at=at,
            )
            .returning(tables.dispatches.c.id)
        ).scalar_one()
        for chunk in in_chunks(each.id for each in deliveries):
            self.connection.execute(
                update(tables.deliveries)
                .where(tables.deliveries.c.id.in_(chunk))
                .values(state=DeliveryState.SENDING, dispatch=number, changed_at=at)
            )
        return self.get(number)

    def _free_name(self, name: str) -> str:
        """Return ``name``, or with a number before its domain when a message was called so before."""
        ids = tables.dispatches.c.message_id
        local, at, domain = name.partition("@")
        number, free = 1, name
        while self.connection.execute(select(ids).where(ids == free)).first() is not None:
            number += 1
            free = f"{local}.{number}{at}{domain}"
        return free

    def to_retry(self, mailbox: Mailbox, now: datetime) -> Dispatch | None:
        """Return the message that is to be tried again: one that failed, or that a crash cut off."""
        query = (
            select(tables.dispatches.c.id)
            .where(*_is_of(mailbox), tables.dispatches.c.next_at <= now)
            .order_by(tables.dispatches.c.next_at, tables.dispatches.c.id)
            .limit(1)
        )
        number = self.connection.execute(query).scalar()
        return None if number is None else self.get(number)

    def begin_again(self, dispatch: int, at: datetime) -> None:
        """Count a further try before it is made, so that a crash in the middle of it is known."""
        self.connection.execute(
            update(tables.dispatches)
            .where(tables.dispatches.c.id == dispatch)
            .values(
                state=DeliveryState.SENDING,
                attempts=tables.dispatches.c.attempts + 1,
                next_at=at,
                changed_at=at,
            )
        )

    def get(self, dispatch: int) -> Dispatch:
        """Return one message with what it carries."""
        row = self.connection.execute(
            select(tables.dispatches).where(tables.dispatches.c.id == dispatch)
        ).one()
        carried = (
            deliveries()
            .where(tables.deliveries.c.dispatch == dispatch)
            .order_by(tables.deliveries.c.urgency.desc(), tables.deliveries.c.id)
        )
        return _dispatch_from(row, [delivery_from(each) for each in self.connection.execute(carried)])

    def record(self, dispatch: int, handed: Handed, at: datetime, next_at: datetime | None = None) -> None:
        """Record how a try went, for the message and for all that it carries.

        With ``next_at`` it is tried again then; without, it has come to its end, or a provider has it.
        """
        values: dict[str, Any] = {"state": handed.state, "changed_at": at, "next_at": next_at}
        if handed.provider:
            values |= {"provider": handed.provider, "reference": handed.reference, "handed_at": at}
        self.connection.execute(
            update(tables.dispatches).where(tables.dispatches.c.id == dispatch).values(values)
        )
        self.connection.execute(
            update(tables.deliveries)
            .where(tables.deliveries.c.dispatch == dispatch, tables.deliveries.c.state.not_in(ENDED))
            .values(state=handed.state, changed_at=at)
        )

    def next_at(self, mailbox: Mailbox, after: datetime) -> datetime | None:
        """Return when something in a mailbox next comes due after a moment; None where nothing does."""
        planned = (
            select(func.min(tables.alerts.c.send_at))
            .join(tables.deliveries, tables.deliveries.c.alert == tables.alerts.c.id)
            .where(*_waits_in(mailbox), tables.alerts.c.send_at > after)
        )
        each = tables.dispatches.c
        tried = select(func.min(each.next_at)).where(*_is_of(mailbox), each.next_at > after)
        moments = [self.connection.execute(query).scalar() for query in (planned, tried)]
        return min((moment for moment in moments if moment is not None), default=None)

    def goes_another_way(self, delivery: Delivery) -> bool:
        """Say whether an alert is on its way to the same person over another channel, or has arrived."""
        each = tables.deliveries.c
        query = select(each.id).where(
            each.alert == delivery.alert,
            each.recipient == delivery.recipient,
            each.channel != delivery.channel,
            each.state.in_(_ON_ITS_WAY),
        )
        return self.connection.execute(query.limit(1)).first() is not None

    def told_again(self, carried: Sequence[Delivery], now: datetime) -> set[int]:
        """Return the ids of those of one message that a later one about the same escalation tells again."""
        climbing = [each for each in carried if each.topic.kind == "escalation"]
        newest: dict[tuple[str, str], int] = {}
        each, alert = tables.deliveries.c, tables.alerts.c
        for chunk in in_chunks({delivery.topic.subject for delivery in climbing}):
            query = (
                select(alert.subject, alert.step, func.max(each.id).label("newest"))
                .join(tables.deliveries, each.alert == alert.id)
                .where(
                    alert.subject_kind == "escalation",
                    alert.subject.in_(chunk),
                    alert.send_at <= now,
                    each.recipient == climbing[0].recipient,
                    each.channel == climbing[0].channel,
                    each.state.in_(_ON_ITS_WAY),
                )
                .group_by(alert.subject, alert.step)
            )
            newest |= {(row.subject, row.step): row.newest for row in self.connection.execute(query)}
        return {
            delivery.id
            for delivery in climbing
            if newest.get((delivery.topic.subject, str(delivery.topic.step)), 0) > delivery.id
        }

    def is_known_to_fail(self, mailbox: Mailbox, state: DeliveryState, since: datetime) -> bool:
        """Say whether somebody was told since then that messages fail, and none has arrived after that.

        A refused address is that of one person; whatever else is wrong is wrong with the whole channel.
        """
        told = self._told_to_fail(mailbox.channel, state, since)
        of_person = told.get(mailbox.recipient)
        if of_person is not None and not self._has_arrived(mailbox.channel, of_person, mailbox.recipient):
            return True
        if state is DeliveryState.PERMANENT_FAILURE or not told:
            return False
        return not self._has_arrived(mailbox.channel, max(told.values()))

    def _told_to_fail(self, channel: str, state: DeliveryState, since: datetime) -> dict[str, datetime]:
        """Return when it was last told that messages to somebody fail, by the person's short name."""
        alert, each = tables.alerts.c, tables.deliveries.c
        recent = select(alert.subject, alert.planned_at).where(
            alert.subject_kind == "delivery",
            alert.step == AlertStep.NOT_DELIVERED,
            alert.occasion == state,
            alert.planned_at > since,
            exists().where(each.alert == alert.id),
        )
        told = {int(row.subject): row.planned_at for row in self.connection.execute(recent)}
        found: dict[str, datetime] = {}
        for chunk in in_chunks(told):
            failed = select(each.id, each.recipient).where(each.id.in_(chunk), each.channel == channel)
            for row in self.connection.execute(failed):
                found[row.recipient] = max(told[row.id], found.get(row.recipient, told[row.id]))
        return found

    def _has_arrived(self, channel: str, since: datetime, recipient: str | None = None) -> bool:
        each = tables.dispatches.c
        query = select(each.id).where(
            each.channel == channel, each.state == DeliveryState.DELIVERED, each.changed_at > since
        )
        if recipient is not None:
            query = query.where(each.recipient == recipient)
        return self.connection.execute(query.limit(1)).first() is not None


def _waits_in(mailbox: Mailbox) -> tuple[ColumnElement[bool], ...]:
    each = tables.deliveries.c
    is_urgent = each.urgency > Urgency.ROUTINE if mailbox.urgent else each.urgency == Urgency.ROUTINE
    return (
        each.recipient == mailbox.recipient,
        each.channel == mailbox.channel,
        each.state == DeliveryState.CREATED,
        is_urgent,
    )


def _is_of(mailbox: Mailbox) -> tuple[ColumnElement[bool], ...]:
    each = tables.dispatches.c
    is_urgent = each.urgency > Urgency.ROUTINE if mailbox.urgent else each.urgency == Urgency.ROUTINE
    return (each.recipient == mailbox.recipient, each.channel == mailbox.channel, is_urgent)


def _dispatch_from(row: Row[Any], carried: Iterable[Delivery]) -> Dispatch:
    return Dispatch(
        id=row.id,
        mailbox=Mailbox(row.recipient, row.channel, row.urgency > Urgency.ROUTINE),
        message_id=row.message_id,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        begun_at=row.begun_at,
        handed_at=row.handed_at,
        provider=row.provider,
        reference=row.reference,
        deliveries=tuple(carried),
    )
