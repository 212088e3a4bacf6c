"""Cases, their clocks and their history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, insert, or_, select, update

from moderation.assessment import Assessment, Intent, Label, Route, Severity
from moderation.cases import Act, Case, CaseEvent, CaseId, CaseState, Clock, after, states_before
from moderation.items import ItemId, StoredItem
from moderation.ports import School, system_event
from sla.clocks import StoppedHow
from store import tables
from store.escalations import Escalations
from store.rows import in_chunks, insert_new, row_of


@dataclass(frozen=True, slots=True)
class Cases:
    """Queries over cases, inside one transaction."""

    connection: Connection

    def open(self, item: StoredItem, school: str, assessment: Assessment | None, at: datetime) -> Case:
        """Open the case that ``item`` begins, with the next number of its school and year."""
        row = {
            "school": school,
            "year": at.year,
            "number": self._next_number(school, at.year),
            "account": item.account,
            "platform": item.platform,
            "thread": item.thread,
            "opening_item": item.id,
            "state": CaseState.NEW,
            "severity": int(assessment.severity if assessment else Severity.NONE),
            "labels": [str(label) for label in assessment.labels] if assessment else [],
            "intent": assessment.intent if assessment else Intent.COMMENT,
            "route": assessment.route if assessment else Route.MODERATOR,
            "uncertain": assessment.uncertain if assessment else False,
            "opened_at": at,
        }
        case = case_from(
            self.connection.execute(insert(tables.cases).values(row).returning(tables.cases)).one()
        )
        self.note(case.id, system_event(Act.OPENED, at, f"item {item.id}"))
        return case

    def _next_number(self, school: str, year: int) -> int:
        # The school's row is locked first, so that two hosts never hand out one number twice.
        its_row = select(tables.schools.c.id).where(tables.schools.c.id == school)
        self.connection.execute(its_row.with_for_update(key_share=True))
        query = select(func.max(tables.cases.c.number)).where(tables.cases.c.school == school)
        return (self.connection.execute(query.where(tables.cases.c.year == year)).scalar() or 0) + 1

    def get(self, case: CaseId) -> Case:
        """Return one case."""
        return case_from(self.connection.execute(select(tables.cases).where(tables.cases.c.id == case)).one())

    def standings(self, cases: Iterable[CaseId]) -> dict[CaseId, Case]:
        """Return many cases at once."""
        found: dict[CaseId, Case] = {}
        for chunk in in_chunks(set(cases)):
            query = select(tables.cases).where(tables.cases.c.id.in_(chunk))
            found.update({CaseId(row.id): case_from(row) for row in self.connection.execute(query)})
        return found

    def opened_since(self, school: str, since: datetime) -> int:
        """Return how many cases of a school were opened since a moment."""
        query = select(func.count()).where(tables.cases.c.school == school, tables.cases.c.opened_at >= since)
        return int(self.connection.execute(query).scalar_one())

    def to_do(self, school: str, now: datetime) -> tuple[int, int]:
        """Return how many cases of a school are open, and how many of their answers are late."""
        is_open = (
            tables.cases.c.school == school,
            tables.cases.c.state.in_([CaseState.NEW, CaseState.TAKEN]),
        )
        late = (
            select(func.count())
            .select_from(tables.cases)
            .join(tables.clocks, tables.clocks.c.case == tables.cases.c.id)
            .where(*is_open, tables.clocks.c.stopped_at.is_(None), tables.clocks.c.due_at < now)
        )
        number = self.connection.execute(select(func.count()).where(*is_open)).scalar_one()
        return int(number), int(self.connection.execute(late).scalar_one())

    def not_closed(self, item: StoredItem) -> Case | None:
        """Return the newest case that ``item`` belongs to or began, unless all of them are closed."""
        query = (
            select(tables.cases)
            .where(
                or_(tables.cases.c.id == item.case, tables.cases.c.opening_item == item.id),
                tables.cases.c.state != CaseState.CLOSED,
            )
            .order_by(tables.cases.c.id.desc())
            .limit(1)
        )
        row = self.connection.execute(query).one_or_none()
        return None if row is None else case_from(row)

    def raise_to(self, case: CaseId, assessment: Assessment) -> Case:
        """Let what a further item says count and return the case: severity only rises, labels only grow.

        The route follows the most severe item. Two routes are never left for another, whatever is more
        severe: to the safeguarding lead, and, except for that one, round the head who is accused.
        """
        current = self.get(case)
        rises = assessment.severity > current.severity
        raised = replace(
            current,
            severity=max(assessment.severity, current.severity),
            labels=tuple(sorted({*current.labels, *assessment.labels})),
            intent=assessment.intent if rises or current.intent is Intent.COMMENT else current.intent,
            route=_route(current.route, assessment.route, rises=rises),
            uncertain=assessment.uncertain or current.uncertain,
        )
        if raised != current:
            changed = {
                "severity": int(raised.severity),
                "labels": [str(label) for label in raised.labels],
                "intent": raised.intent,
                "route": raised.route,
                "uncertain": raised.uncertain,
            }
            self.connection.execute(update(tables.cases).where(tables.cases.c.id == case).values(changed))
        return raised

    def give_to(self, case: CaseId, route: Route) -> Case:
        """Put a case on the desk that a person has named, whichever it was on, and return it."""
        self.connection.execute(update(tables.cases).where(tables.cases.c.id == case).values(route=route))
        return self.get(case)

    def move(self, case: CaseId, event: CaseEvent) -> bool:
        """Make a legal move and write it down; return whether we were the one who made it."""
        before = states_before(event.act)
        values: dict[str, Any] = {"state": after(next(iter(before)), event.act)}
        if event.act is Act.TAKEN:
            values |= {"taken_by": event.by, "taken_at": event.at}
        if event.act is Act.GIVEN_BACK:
            values |= {"taken_by": None, "taken_at": None}
        moved = self.connection.execute(
            update(tables.cases)
            .where(tables.cases.c.id == case, tables.cases.c.state.in_([str(state) for state in before]))
            .values(values)
        )
        if moved.rowcount != 1:
            return False
        self.note(case, event)
        if event.act is Act.GIVEN_BACK:
            Escalations(self.connection).give_back(case, event.at)
        else:
            Escalations(self.connection).have(case, event.by, event.at)
        return True

    def exclude(self, case: CaseId, people: Collection[str]) -> Case:
        """Keep a case from further people whom it is about, and return it."""
        known = self.get(case)
        if not known.excluded.issuperset(people):
            names = sorted(known.excluded | frozenset(people))
            self.connection.execute(
                update(tables.cases).where(tables.cases.c.id == case).values(excluded=names)
            )
        return self.get(case)

    def take_over(self, case: CaseId, event: CaseEvent) -> None:
        """Note who has a case that was raised again after somebody had taken or answered it."""
        taken = {"taken_by": event.by, "taken_at": event.at}
        self.connection.execute(update(tables.cases).where(tables.cases.c.id == case).values(taken))
        self.note(case, event)
        Escalations(self.connection).have(case, event.by, event.at)

    def note(self, case: CaseId, event: CaseEvent) -> None:
        """Add one line to the history."""
        self.note_all({case: event})

    def note_all(self, events: Mapping[CaseId, CaseEvent]) -> None:
        """Add one line to the history of each of many cases."""
        if events:
            rows = [{"case": case, **row_of(event)} for case, event in events.items()]
            self.connection.execute(insert(tables.case_events), rows)

    def clock(self, case: CaseId) -> Clock | None:
        """Return the case's clock, if a reply was ever owed."""
        return self.clocks_of([case]).get(case)

    def clocks_of(self, cases: Iterable[CaseId]) -> dict[CaseId, Clock]:
        """Return the clocks of those of ``cases`` that have one."""
        found: dict[CaseId, Clock] = {}
        for chunk in in_chunks(cases):
            query = select(tables.clocks).where(tables.clocks.c.case.in_(chunk))
            found.update({CaseId(row.case): clock_from(row) for row in self.connection.execute(query)})
        return found

    def start_clock(self, clock: Clock) -> None:
        """Start a case's clock; a case has one."""
        insert_new(self.connection, tables.clocks, [_clock_row(clock)])

    def redate_clock(self, clock: Clock, now: datetime) -> bool:
        """Move a clock that is running and not yet due; a stopped or late one is frozen.

        Its case then begins with the message that the clock begins with.
        """
        changed = self.connection.execute(
            update(tables.clocks)
            .where(tables.clocks.c.case == clock.case, *_may_move(now))
            .values(_clock_row(clock))
        )
        if changed.rowcount != 1:
            return False
        self.connection.execute(
            update(tables.cases).where(tables.cases.c.id == clock.case).values(opening_item=clock.item)
        )
        return True

    def running(self, school: str, due_before: datetime | None = None) -> list[CaseId]:
        """Return the school's cases whose clocks nothing has stopped: all, or those that were due by then."""
        query = (
            select(tables.clocks.c.case)
            .join(tables.cases, tables.cases.c.id == tables.clocks.c.case)
            .where(tables.cases.c.school == school, tables.clocks.c.stopped_at.is_(None))
            .order_by(tables.clocks.c.case)
        )
        if due_before is not None:
            query = query.where(tables.clocks.c.due_at < due_before)
        return [CaseId(number) for number in self.connection.execute(query).scalars()]

    def counted_otherwise(
        self, school: School, now: datetime, after: CaseId, limit: int
    ) -> list[tuple[Clock, datetime]]:
        """Return the school's running clocks that another rule or calendar counted, and when we saw them.

        By case, from the first after ``after``. They stay as they are until this transaction ends.
        """
        query = (
            select(tables.clocks, tables.items.c.first_seen_at)
            .join(tables.cases, tables.cases.c.id == tables.clocks.c.case)
            .join(tables.items, tables.items.c.id == tables.clocks.c.item)
            .where(
                tables.cases.c.school == school.id,
                tables.clocks.c.case > after,
                *_may_move(now),
                or_(
                    tables.clocks.c.rule_version != school.target.version,
                    tables.clocks.c.calendar_version != school.calendar.version,
                ),
            )
            .order_by(tables.clocks.c.case)
            .limit(limit)
            .with_for_update(of=tables.clocks)
        )
        return [(clock_from(row), row.first_seen_at) for row in self.connection.execute(query)]

    def redate_clocks(self, clocks: Iterable[Clock], now: datetime) -> None:
        """Write down clocks that were counted again; the stopped and the late stay as they are."""
        rows = [{f"new_{name}": value for name, value in _clock_row(clock).items()} for clock in clocks]
        if not rows:
            return
        changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _REDATED}
        self.connection.execute(
            update(tables.clocks)
            .where(tables.clocks.c.case == bindparam("new_case"), *_may_move(now))
            .values(changed),
            rows,
        )

    def excuse(self, case: CaseId, why: str) -> None:
        """Keep the leadership's reason beside the clock, which stays as it is."""
        self.connection.execute(update(tables.clocks).where(tables.clocks.c.case == case).values(excused=why))

    def waiting_beside(self, case: CaseId, since: datetime) -> list[Case]:
        """Return the other cases whose author has waited since then under the same post or conversation."""
        this, its_item = tables.cases.alias(), tables.items.alias()
        here = (
            select(its_item.c.account, its_item.c.thread, its_item.c.post_id)
            .join(this, this.c.opening_item == its_item.c.id)
            .where(this.c.id == case)
        )
        place = self.connection.execute(here).one()
        same = tables.items.c.thread == place.thread
        if place.post_id is not None:
            same = or_(same, tables.items.c.post_id == place.post_id)
        query = (
            select(tables.cases)
            .join(tables.items, tables.items.c.id == tables.cases.c.opening_item)
            .join(tables.clocks, tables.clocks.c.case == tables.cases.c.id)
            .where(
                tables.cases.c.id != case,
                tables.items.c.account == place.account,
                same,
                tables.clocks.c.stopped_at.is_(None),
                tables.clocks.c.received_at <= since,
                tables.cases.c.state.in_([str(state) for state in states_before(Act.ANSWERED)]),
            )
            .order_by(tables.cases.c.id)
        )
        return [case_from(row) for row in self.connection.execute(query)]

    def stop_clock(self, case: CaseId, at: datetime, how: StoppedHow, answer: ItemId | None = None) -> bool:
        """Stop a running clock; return whether it was we who stopped it.

        An answer on the platform that turns out to have been given earlier moves the stop back to it: what
        was answered in time is not late because a later answer was seen first.
        """
        may_stop: ColumnElement[bool] = tables.clocks.c.stopped_at.is_(None)
        if how is StoppedHow.ANSWERED:
            may_stop = or_(may_stop, tables.clocks.c.stopped_at > at)
        stopped = self.connection.execute(
            update(tables.clocks)
            .where(tables.clocks.c.case == case, may_stop)
            .values(stopped_at=at, stopped_how=how, answer_item=answer)
        )
        return stopped.rowcount == 1


def _route(current: Route, further: Route, *, rises: bool) -> Route:
    for kept in (Route.DSL, Route.GOVERNORS):
        if kept in (current, further):
            return kept
    return further if rises or current is Route.MODERATOR else current


_REDATED = (
    "due_at",
    "why",
    "trace",
    "rule_version",
    "calendar_version",
    "late_discovery",
    "team_due_at",
    "other_due_at",
    "due_on_closed_day",
)
"""The columns of a clock that depend on the rule and the calendar."""


def _may_move(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Only a clock that runs and is not past its due second may be counted again."""
    in_time = tables.clocks.c.due_at >= now.replace(microsecond=0)
    return tables.clocks.c.stopped_at.is_(None), or_(in_time, tables.clocks.c.due_at.is_(None))


def _clock_row(clock: Clock) -> dict[str, Any]:
    return row_of(clock) | {"trace": list(clock.trace)}


def clock_from(row: Row[Any]) -> Clock:
    """Read a clock from a row that has all of its columns."""
    return Clock(
        case=CaseId(row.case),
        item=ItemId(row.item),
        received_at=row.received_at,
        due_at=row.due_at,
        why=row.why,
        trace=tuple(row.trace),
        rule_version=row.rule_version,
        calendar_version=row.calendar_version,
        stopped_at=row.stopped_at,
        stopped_how=None if row.stopped_how is None else StoppedHow(row.stopped_how),
        answer_item=None if row.answer_item is None else ItemId(row.answer_item),
        late_discovery=row.late_discovery,
        team_due_at=row.team_due_at,
        other_due_at=row.other_due_at,
        due_on_closed_day=row.due_on_closed_day,
        excused=row.excused,
    )


def case_from(row: Row[Any]) -> Case:
    """Read a case from a row that has all of its columns."""
    return Case(
        id=CaseId(row.id),
        reference=f"{row.year}-{row.number:04d}",
        school=row.school,
        account=row.account,
        platform=row.platform,
        thread=row.thread,
        opening_item=ItemId(row.opening_item),
        state=CaseState(row.state),
        severity=Severity(row.severity),
        labels=tuple(Label(label) for label in row.labels),
        intent=Intent(row.intent),
        route=Route(row.route),
        uncertain=row.uncertain,
        opened_at=row.opened_at,
        taken_by=row.taken_by,
        taken_at=row.taken_at,
        excluded=frozenset(row.excluded or ()),
    )
