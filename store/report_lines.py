"""What the weekly report is counted from: items with their clocks, and when each account was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from moderation.assessment import Severity
from sla.clocks import StoppedHow
from store import tables


@dataclass(frozen=True, slots=True)
class CountedItem:
    """One received item with what scoring said and with the clock that it belongs to, if it has one.

    What the clock keeps comes as it was written when its due time was set: see ``moderation.cases.Clock``.
    ``opener``: the clock began with this item. ``rule_version`` is None without a clock; a clock without
    ``due_at`` is one whose due time cannot be told.
    """

    item: int
    account: str
    platform: str
    received_at: datetime
    seen_at: datetime
    is_scored: bool
    severity: Severity
    labels: tuple[str, ...]
    intent: str
    route: str
    reference: str | None
    opener: bool
    due_at: datetime | None
    team_due_at: datetime | None
    other_due_at: datetime | None
    due_on_closed_day: bool
    trace: tuple[str, ...]
    rule_version: str | None
    stopped_at: datetime | None
    stopped_how: StoppedHow | None
    late_discovery: bool
    excused: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """When an account was read last, and the gaps in which it was not."""

    account: str
    platform: str
    go_live: datetime
    first_read_at: datetime | None
    last_read_at: datetime | None
    failing_since: datetime | None
    gaps: tuple[tuple[datetime, datetime], ...]


def counted_items(
    connection: Connection, accounts: Iterable[str], start: datetime, end: datetime, look_ahead: datetime
) -> list[CountedItem]:
    """Return what was received from ``start`` to ``end`` or was due from ``start`` to ``look_ahead``."""
    received = and_(tables.items.c.received_at >= start, tables.items.c.received_at < end)
    due = and_(tables.clocks.c.due_at >= start, tables.clocks.c.due_at < look_ahead)
    query = _counted().where(
        tables.items.c.account.in_(list(accounts)),
        ~tables.items.c.is_own,
        tables.items.c.received_at >= tables.accounts.c.go_live,
        or_(received, due),
    )
    return [_counted_item(row) for row in connection.execute(query)]


def _counted() -> Select[Any]:
    latest = (
        select(tables.assessments.c.item, func.max(tables.assessments.c.id).label("id"))
        .group_by(tables.assessments.c.item)
        .subquery()
    )
    return (
        select(
            tables.items.c.id,
            tables.items.c.account,
            tables.items.c.platform,
            tables.items.c.received_at,
            tables.items.c.first_seen_at,
            tables.assessments.c.severity,
            tables.assessments.c.labels,
            tables.assessments.c.intent,
            tables.assessments.c.route,
            tables.cases.c.year,
            tables.cases.c.number,
            tables.clocks.c.item.label("opener"),
            tables.clocks.c.due_at,
            tables.clocks.c.team_due_at,
            tables.clocks.c.other_due_at,
            tables.clocks.c.due_on_closed_day,
            tables.clocks.c.trace,
            tables.clocks.c.rule_version,
            tables.clocks.c.stopped_at,
            tables.clocks.c.stopped_how,
            tables.clocks.c.late_discovery,
            tables.clocks.c.excused,
        )
        .join(tables.accounts, tables.accounts.c.name == tables.items.c.account)
        .outerjoin(latest, latest.c.item == tables.items.c.id)
        .outerjoin(tables.assessments, tables.assessments.c.id == latest.c.id)
        .outerjoin(tables.cases, tables.cases.c.id == tables.items.c.case)
        .outerjoin(tables.clocks, tables.clocks.c.case == tables.items.c.case)
        .order_by(tables.items.c.id)
    )


def _counted_item(row: Any) -> CountedItem:
    return CountedItem(
        item=row.id,
        account=row.account,
        platform=row.platform,
        received_at=row.received_at,
        seen_at=row.first_seen_at,
        is_scored=row.severity is not None,
        severity=Severity(row.severity or 0),
        labels=tuple(row.labels or ()),
        intent=row.intent or "comment",
        route=row.route or "moderator",
        reference=None if row.year is None else f"{row.year}-{row.number:04d}",
        opener=row.opener == row.id,
        due_at=row.due_at,
        team_due_at=row.team_due_at,
        other_due_at=row.other_due_at,
        due_on_closed_day=bool(row.due_on_closed_day),
        trace=tuple(row.trace or ()),
        rule_version=row.rule_version,
        stopped_at=row.stopped_at,
        stopped_how=None if row.stopped_how is None else StoppedHow(row.stopped_how),
        late_discovery=bool(row.late_discovery) and row.opener == row.id,
        excused=row.excused,
    )


def readings(
    connection: Connection, accounts: Iterable[str], start: datetime, end: datetime
) -> list[Reading]:
    """Return how each account was read, with the gaps that touch the time from ``start`` to ``end``.

    What no program reads has no times, and is left out.
    """
    names = list(accounts)
    gaps: dict[str, list[tuple[datetime, datetime]]] = {name: [] for name in names}
    query = (
        select(tables.gaps)
        .where(tables.gaps.c.account.in_(names), tables.gaps.c.began_at < end, tables.gaps.c.ended_at > start)
        .order_by(tables.gaps.c.began_at)
    )
    for gap in connection.execute(query):
        gaps[gap.account].append((gap.began_at, gap.ended_at))
    rows = connection.execute(
        select(tables.accounts).where(tables.accounts.c.name.in_(names), tables.accounts.c.by_hand.is_(False))
    )
    return [
        Reading(
            account=row.name,
            platform=row.platform,
            go_live=row.go_live,
            first_read_at=row.first_read_at,
            last_read_at=row.last_read_at,
            failing_since=row.failing_since,
            gaps=tuple(gaps[row.name]),
        )
        for row in rows
    ]
