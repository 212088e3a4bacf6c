"""Who was told what, and what nobody has taken, for people and scripts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func, select

from store import tables
from store.listings import Row
from store.rows import in_chunks


def alerts(connection: Connection, *, limit: int) -> list[Row]:
    """Return who was told what, newest first."""
    query = (
        select(
            tables.deliveries,
            tables.alerts,
            tables.dispatches.c.attempts,
            tables.dispatches.c.provider,
            tables.dispatches.c.id.label("message"),
        )
        .join(tables.alerts, tables.alerts.c.id == tables.deliveries.c.alert)
        .outerjoin(tables.dispatches, tables.dispatches.c.id == tables.deliveries.c.dispatch)
        .order_by(tables.deliveries.c.id.desc())
        .limit(limit)
    )
    rows = list(connection.execute(query))
    called = _references(connection, rows)
    return [
        {
            "delivery": row.id,
            "about": called.get((row.subject_kind, row.subject), f"{row.subject_kind} {row.subject}"),
            "step": row.step,
            "recipient": row.recipient,
            "because": row.because,
            "channel": row.channel,
            "state": row.state,
            "attempts": row.attempts or 0,
            "message": row.message,
            "provider": row.provider or "",
            "planned": row.planned_at,
            "send_at": row.send_at,
            "changed": row.changed_at,
        }
        for row in rows
    ]


def _references(connection: Connection, rows: Iterable[Any]) -> dict[tuple[str, str], str]:
    """Return what people call the cases that alerts are about; an escalation is called by its first case."""
    numbers = {kind: {row.subject for row in rows if row.subject_kind == kind} for kind in _OF_CASES}
    called = {}
    for kind, subjects in numbers.items():
        for chunk in in_chunks(int(subject) for subject in subjects):
            query = select(tables.cases.c.id, tables.cases.c.year, tables.cases.c.number)
            of = tables.cases.c.id
            if kind == "escalation":
                of = tables.escalations.c.id
                query = select(of, tables.cases.c.year, tables.cases.c.number).join(
                    tables.cases, tables.cases.c.id == tables.escalations.c.lead
                )
            for number, year, case in connection.execute(query.where(of.in_(chunk))):
                called[kind, str(number)] = f"case {year}-{case:04d}"
    return called


_OF_CASES = ("case", "escalation")


def climbing(connection: Connection) -> list[Row]:
    """Return what climbs because nobody has taken it: since when, how urgent, and how many cases."""
    members = tables.escalation_cases.c
    query = (
        select(
            tables.escalations,
            tables.cases.c.year,
            tables.cases.c.number,
            func.count().label("untaken"),
        )
        .join(tables.escalation_cases, members.escalation == tables.escalations.c.id)
        .join(tables.cases, tables.cases.c.id == tables.escalations.c.lead)
        .where(members.had_at.is_(None), tables.escalations.c.ended_at.is_(None))
        .group_by(*tables.escalations.c, tables.cases.c.year, tables.cases.c.number)
        .order_by(tables.escalations.c.began_at)
    )
    return [
        {
            "case": f"{row.year}-{row.number:04d}",
            "urgency": row.lane,
            "since": row.began_at,
            "cases": row.untaken,
        }
        for row in connection.execute(query)
    ]


def message_ids(connection: Connection) -> list[str]:
    """Return the names of all messages that were ever planned."""
    return list(connection.execute(select(tables.deliveries.c.message_id)).scalars())
