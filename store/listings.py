"""What is there, for people and scripts: ids, states and times; words only when asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from moderation.abuse.explanation import reasons
from moderation.assessment import Finding, Severity, Target
from moderation.cases import CaseId, CaseState
from moderation.items import ItemKind
from sla.clocks import StoppedHow, status
from store import tables
from store.assessments import assessment_from

Row = Mapping[str, Any]

NO_DEADLINE = "no deadline"
"""What stands for the urgency of an answer that is owed while no due time can be told."""


PRIVATE = "(private: read it with 'messages')"
"""What stands for the words of a private message in listings."""

_ENDED_OTHERWISE = {
    StoppedHow.HELD: "held",
    StoppedHow.WITHDRAWN: "withdrawn",
    StoppedHow.EXEMPT: "no reply needed",
}
"""What a clock is called that no answer stopped: it is neither in time nor late."""

NEWEST = 50
"""Among so many of the newest assessments is looked for those in which the trained models had no say."""


def case_number(connection: Connection, reference: str, school: str | None) -> list[CaseId]:
    """Return the cases that people call ``reference`` (``2026-0443``), one per school that has one."""
    year, _, number = reference.partition("-")
    if not (year.isdecimal() and number.isdecimal()):
        return []
    query = select(tables.cases.c.id).where(
        tables.cases.c.year == int(year), tables.cases.c.number == int(number)
    )
    if school is not None:
        query = query.where(tables.cases.c.school == school)
    return [CaseId(each) for each in connection.execute(query).scalars()]


def items(connection: Connection, *, limit: int, words: bool, account: str | None = None) -> list[Row]:
    """Return what was received, newest first."""
    newest = tables.item_versions.alias()
    latest = _newest_assessments()
    query = (
        select(
            tables.items,
            newest.c.text,
            tables.assessments.c.severity,
            tables.assessments.c.score,
            tables.assessments.c.abuse,
            tables.assessments.c.labels,
            tables.assessments.c.intent,
            tables.assessments.c.route,
            tables.assessments.c.findings,
            tables.assessments.c.uncertain.label("said_uncertain"),
            tables.assessments.c.target,
            tables.cases.c.year,
            tables.cases.c.number.label("case_number"),
        )
        .join(newest, (newest.c.item == tables.items.c.id) & (newest.c.number == tables.items.c.version))
        .outerjoin(latest, latest.c.item == tables.items.c.id)
        .outerjoin(tables.assessments, tables.assessments.c.id == latest.c.id)
        .outerjoin(tables.cases, tables.cases.c.id == tables.items.c.case)
        .order_by(tables.items.c.received_at.desc(), tables.items.c.id.desc())
        .limit(limit)
    )
    if account is not None:
        query = query.where(tables.items.c.account == account)
    return [_item(row, words=words) for row in connection.execute(query)]


def _item(row: Any, *, words: bool) -> Row:
    shown = {
        "item": row.id,
        "account": row.account,
        "kind": row.kind,
        "external_id": row.external_id,
        "own": row.is_own,
        "received": row.received_at,
        "seen": row.first_seen_at,
        "version": row.version,
        "presence": row.presence,
        "found_by": row.found_by,
        "score": row.score,
        "abuse": row.abuse,
        "severity": None if row.severity is None else Severity(row.severity).word,
        "uncertain": row.said_uncertain,
        "target": row.target,
        "labels": row.labels or [],
        "intent": row.intent,
        "route": row.route,
        "reasons": _reasons(row),
        "case": None if row.year is None else f"{row.year}-{row.case_number:04d}",
    }
    return shown | _said(row) if words else shown


def _said(row: Any) -> dict[str, str]:
    """Return who wrote an item and what; of a private message neither: those are read case by case."""
    if row.kind == ItemKind.MESSAGE:
        return {"author": "", "text": PRIVATE}
    return {"author": row.author_name, "text": row.text}


def _reasons(row: Any) -> list[str]:
    """Return in plain words why an item was judged as it was; nothing where it was not scored."""
    if row.findings is None:
        return []
    findings = [Finding(**finding) for finding in row.findings]
    return list(reasons(findings, uncertain=row.said_uncertain, target=Target(row.target)))


def _newest_assessments() -> Any:
    """Return the newest assessment of each item, as something to join with."""
    return (
        select(tables.assessments.c.item, func.max(tables.assessments.c.id).label("id"))
        .group_by(tables.assessments.c.item)
        .subquery()
    )


def cases(
    connection: Connection,
    *,
    now: datetime,
    limit: int,
    words: bool,
    only_open: bool = False,
    number: CaseId | None = None,
) -> list[Row]:
    """Return cases with their clocks: what is due first comes first, then what owes no reply."""
    latest = _newest_assessments()
    query: Select[Any] = (
        select(
            tables.cases,
            tables.clocks.c.received_at,
            tables.clocks.c.due_at,
            tables.clocks.c.stopped_at,
            tables.clocks.c.stopped_how,
            tables.clocks.c.why,
            tables.clocks.c.trace,
            tables.clocks.c.rule_version,
            tables.clocks.c.calendar_version,
            tables.clocks.c.excused,
            tables.item_versions.c.text,
            tables.items.c.author_name,
            tables.items.c.kind,
            tables.items.c.permalink,
            tables.assessments.c.abuse,
            tables.assessments.c.findings,
            tables.assessments.c.uncertain.label("said_uncertain"),
            tables.assessments.c.target,
        )
        .outerjoin(tables.clocks, tables.clocks.c.case == tables.cases.c.id)
        .join(tables.items, tables.items.c.id == tables.cases.c.opening_item)
        .outerjoin(latest, latest.c.item == tables.items.c.id)
        .outerjoin(tables.assessments, tables.assessments.c.id == latest.c.id)
        .join(
            tables.item_versions,
            (tables.item_versions.c.item == tables.items.c.id)
            & (tables.item_versions.c.number == tables.items.c.version),
        )
        .order_by(
            tables.clocks.c.case.is_(None),
            tables.clocks.c.due_at.is_not(None),  # what has no deadline needs a person first
            tables.clocks.c.due_at,
            tables.cases.c.id,
        )
        .limit(limit)
    )
    if number is not None:
        query = query.where(tables.cases.c.id == number)
    if only_open:
        query = query.where(tables.cases.c.state.in_([CaseState.NEW, CaseState.TAKEN]))
    return [_case(row, now, words=words) for row in connection.execute(query)]


def _case(row: Any, now: datetime, *, words: bool) -> Row:
    how = None if row.stopped_how is None else StoppedHow(row.stopped_how)
    shown = {
        "case": f"{row.year}-{row.number:04d}",
        "account": row.account,
        "state": row.state,
        "severity": Severity(row.severity).word,
        "uncertain": row.uncertain,
        "abuse": row.abuse,
        "target": row.target,
        "labels": row.labels,
        "intent": row.intent,
        "route": row.route,
        "reasons": _reasons(row),
        "received": row.received_at or row.opened_at,
        "due": row.due_at,
        "clock": _clock_words(row, now),
        "stopped": row.stopped_at,
        "stopped_how": how,
        "taken_by": row.taken_by,
        "why": row.why,
        "trace": row.trace,
        "rule_version": row.rule_version,
        "calendar_version": row.calendar_version,
        "excused": row.excused,
    }
    if words:
        shown |= {**_said(row), "permalink": row.permalink}
    return shown


def _clock_words(row: Any, now: datetime) -> str | None:
    """Return how urgent an answer is; None where none is owed."""
    if row.received_at is None:
        return None
    if row.stopped_how in _ENDED_OTHERWISE:
        return _ENDED_OTHERWISE[row.stopped_how]
    if row.due_at is None:
        return NO_DEADLINE
    return str(status(row.received_at, row.due_at, row.stopped_at, now))


def rejected(connection: Connection, *, limit: int, account: str | None = None) -> list[Row]:
    """Return what could not be read as an item, newest first: a person has to look on the platform."""
    query = select(tables.rejected_items).order_by(tables.rejected_items.c.id.desc()).limit(limit)
    if account is not None:
        query = query.where(tables.rejected_items.c.account == account)
    return [
        {
            "account": row.account,
            "stream": row.stream,
            "external_id": row.external_id,
            "reason": row.reason,
            "seen": row.seen_at,
        }
        for row in connection.execute(query)
    ]


def history(connection: Connection, case: CaseId) -> list[Row]:
    """Return what happened to one case, oldest first."""
    query = (
        select(tables.case_events)
        .where(tables.case_events.c.case == case)
        .order_by(tables.case_events.c.at, tables.case_events.c.id)
    )
    return [
        {"at": row.at, "act": row.act, "by": row.by, "detail": row.detail}
        for row in connection.execute(query)
    ]


def accounts(connection: Connection) -> list[Row]:
    """Return the register: since when each account is read, and what is in the way if it is not."""
    received = (
        select(tables.items.c.account, func.count().label("number"))
        .where(~tables.items.c.is_own)
        .group_by(tables.items.c.account)
        .subquery()
    )
    query = (
        select(tables.accounts, func.coalesce(received.c.number, 0).label("number"))
        .outerjoin(received, received.c.account == tables.accounts.c.name)
        .order_by(tables.accounts.c.name)
    )
    failing = _failing_streams(connection)
    return [
        {
            "account": row.name,
            "platform": row.platform,
            "school": row.school,
            "go_live": row.go_live,
            "last_read": "by hand" if row.by_hand else row.last_read_at,
            "not_read_since": row.failing_since,
            "reason": row.failing_reason,
            "detail": row.failing_detail,
            "parts_not_read": failing.get(row.name, []),
            "token_ends": row.token_expires_at,
            "lacking": row.lacking or [],
            "items": row.number,
        }
        for row in connection.execute(query)
    ]


def _failing_streams(connection: Connection) -> dict[str, list[str]]:
    """Return the streams of each account that cannot be read, each with the reason."""
    health = tables.stream_health.c
    query = select(tables.stream_health).where(health.failing_since.is_not(None)).order_by(health.stream)
    found: dict[str, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.account, []).append(f"{row.stream} ({row.failing_reason})")
    return found


def tasks(connection: Connection, *, limit: int, state: str | None) -> list[Row]:
    """Return work, what is due next first."""
    query = select(tables.tasks).order_by(tables.tasks.c.next_at, tables.tasks.c.id).limit(limit)
    if state is not None:
        query = query.where(tables.tasks.c.state == state)
    return [
        {
            "task": row.id,
            "kind": row.kind,
            "lane": row.lane,
            "subject": row.subject,
            "state": row.state,
            "next": row.next_at,
            "attempts": row.attempts,
            "failure": row.failure,
        }
        for row in connection.execute(query)
    ]


def totals(connection: Connection) -> dict[str, int]:
    """Return how much of everything there is: the counts of the path, stage by stage."""
    counts = {
        "items": select(func.count()).select_from(tables.items),
        "received": select(func.count()).select_from(tables.items).where(~tables.items.c.is_own),
        "own": select(func.count()).select_from(tables.items).where(tables.items.c.is_own),
        "rejected": select(func.count()).select_from(tables.rejected_items),
        "scored": select(func.count(tables.assessments.c.item.distinct())),
        "cases": select(func.count()).select_from(tables.cases),
        "clocks": select(func.count()).select_from(tables.clocks),
        "alerts": select(func.count()).select_from(tables.alerts),
        "deliveries": select(func.count()).select_from(tables.deliveries),
    }
    return {name: connection.execute(query).scalar_one() for name, query in counts.items()}


def without_models(connection: Connection, since: datetime, newest: int = NEWEST) -> dict[str, int]:
    """Return why, and how often, the trained models had no say in the newest assessments since a moment."""
    # No condition on the time: where little is recent, it would be looked for through the whole table.
    query = select(tables.assessments).order_by(tables.assessments.c.id.desc()).limit(newest)
    lacks = [assessment_from(row).lacks for row in connection.execute(query) if row.made_at >= since]
    return dict(Counter(str(lack) for lack in lacks if lack is not None))


def waiting(connection: Connection, now: datetime) -> dict[str, int]:
    """Return what waits: tasks that are overdue and tasks that were set aside for a person."""
    overdue = select(func.count()).where(tables.tasks.c.state == "waiting", tables.tasks.c.next_at < now)
    aside = select(func.count()).where(tables.tasks.c.state == "set_aside")
    return {
        "due": connection.execute(overdue).scalar_one(),
        "set_aside": connection.execute(aside).scalar_one(),
    }
