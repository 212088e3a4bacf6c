"""What climbs until somebody takes it: escalations, their cases, and who has them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update
from sqlalchemy import case as case_when

from moderation.alert_ports import Escalation
from moderation.alert_rules import EscalationLane
from moderation.assessment import Route, Severity
from moderation.cases import CaseId, CaseState
from moderation.items import ItemId
from moderation.ports import SYSTEM
from moderation.tasks import NewTask, TaskKind
from sla.escalation import Taken
from store import tables
from store.rows import in_chunks, insert_new, take_turns
from store.tasks import Tasks

_MEMBERS = tables.escalation_cases.c
_HOLDS = tables.escalation_holds.c


@dataclass(frozen=True, slots=True)
class Escalations:
    """Queries over escalations, inside one transaction."""

    connection: Connection

    def of_case(self, case: CaseId) -> Escalation | None:
        """Return the newest escalation of a case, over or not."""
        query = (
            select(_MEMBERS.escalation)
            .where(_MEMBERS.case == case)
            .order_by(_MEMBERS.escalation.desc())
            .limit(1)
        )
        number = self.connection.execute(query).scalar()
        return None if number is None else self.get(number)

    def to_join(self, group: str, lane: EscalationLane, since: datetime) -> Escalation | None:
        """Return the escalation of a group that began since then and that nobody has taken any of.

        Until this transaction ends nobody takes any of it, and nobody else begins or joins one of the group:
        what joins while somebody takes the rest would climb with nobody told.
        """
        take_turns(self.connection, f"escalation {group}")
        number = self._to_join(group, lane, since)
        if number is None:
            return None
        self._lock([number])
        number = self._to_join(group, lane, since)
        return None if number is None else self.get(number)

    def _to_join(self, group: str, lane: EscalationLane, since: datetime) -> int | None:
        escalation = tables.escalations.c
        taken = select(_MEMBERS.case).where(
            _MEMBERS.escalation == escalation.id, _MEMBERS.had_at.is_not(None)
        )
        query = (
            select(escalation.id)
            .where(
                escalation.group_key == group,
                escalation.lane == lane,
                escalation.ended_at.is_(None),
                escalation.began_at > since,
                ~taken.exists(),
            )
            .order_by(escalation.id.desc())
            .limit(1)
        )
        number: int | None = self.connection.execute(query).scalar()
        return number

    def _lock(self, escalations: Iterable[int]) -> None:
        """Hold escalations in one order everywhere, so that no two block each other."""
        wanted = select(tables.escalations.c.id).where(tables.escalations.c.id.in_(list(escalations)))
        self.connection.execute(wanted.order_by(tables.escalations.c.id).with_for_update())

    def begin(
        self, school: str, lane: EscalationLane, group: str, case: CaseId, at: datetime, word: str
    ) -> Escalation:
        """Begin an escalation with its first case."""
        number = self.connection.execute(
            insert(tables.escalations)
            .values(school=school, lane=lane, group_key=group, lead=case, began_at=at, word=word)
            .returning(tables.escalations.c.id)
        ).scalar_one()
        self.join(number, case, at)
        return self.get(number)

    def join(self, escalation: int, case: CaseId, at: datetime) -> None:
        """Let a further case climb with an escalation; one that is in it already changes nothing."""
        row = {"escalation": escalation, "case": case, "joined_at": at}
        insert_new(self.connection, tables.escalation_cases, [row])

    def get(self, escalation: int) -> Escalation:
        """Return one escalation with how much of it is left."""
        row = self.connection.execute(
            select(tables.escalations).where(tables.escalations.c.id == escalation)
        ).one()
        is_open = tables.cases.c.state.in_([CaseState.NEW, CaseState.TAKEN])
        counts = self.connection.execute(
            select(
                func.count(),
                func.max(_MEMBERS.joined_at),
                func.sum(case_when((_MEMBERS.had_at.is_(None), 1), else_=0)),
                func.sum(case_when((is_open, 1), else_=0)),
            )
            .select_from(tables.escalation_cases)
            .join(tables.cases, tables.cases.c.id == _MEMBERS.case)
            .where(_MEMBERS.escalation == escalation)
        ).one()
        holds = self.connection.execute(
            select(_HOLDS.at, _HOLDS.undone_at).where(_HOLDS.escalation == escalation).order_by(_HOLDS.id)
        )
        newest_at = counts[1]
        cases, untaken, open_cases = (int(count or 0) for count in (counts[0], *counts[2:]))
        return Escalation(
            id=row.id,
            school=row.school,
            lane=EscalationLane(row.lane),
            lead=CaseId(row.lead),
            began_at=row.began_at,
            newest_at=newest_at,
            ended_at=row.ended_at,
            cases=cases,
            untaken=untaken,
            open_cases=open_cases,
            holds=tuple(Taken(at, undone_at) for at, undone_at in holds),
            holder=None if untaken else self._newest_holder(escalation),
            word=row.word,
        )

    def _newest_holder(self, escalation: int) -> str | None:
        query = (
            select(_MEMBERS.had_by)
            .where(_MEMBERS.escalation == escalation)
            .order_by(_MEMBERS.had_at.desc())
            .limit(1)
        )
        return self.connection.execute(query).scalar()

    def climbing(self) -> list[Escalation]:
        """Return the escalations in which there is something that nobody has, the oldest first."""
        query = (
            select(_MEMBERS.escalation)
            .join(tables.escalations, tables.escalations.c.id == _MEMBERS.escalation)
            .where(_MEMBERS.had_at.is_(None), tables.escalations.c.ended_at.is_(None))
            .order_by(_MEMBERS.escalation)
            .distinct()
        )
        return [self.get(number) for number in self.connection.execute(query).scalars()]

    def climbs(self, case: CaseId) -> bool:
        """Say whether a case climbs, with nobody who has it."""
        query = select(_MEMBERS.case).where(_MEMBERS.case == case, _MEMBERS.had_at.is_(None))
        return self.connection.execute(query.limit(1)).first() is not None

    def untaken_cases(self, escalation: int) -> list[CaseId]:
        """Return the cases of an escalation that nobody has, the first one first."""
        query = (
            select(_MEMBERS.case)
            .where(_MEMBERS.escalation == escalation, _MEMBERS.had_at.is_(None))
            .order_by(_MEMBERS.case)
        )
        return [CaseId(number) for number in self.connection.execute(query).scalars()]

    def joined_by(self, escalation: int, at: datetime) -> list[CaseId]:
        """Return the cases that were in an escalation at a moment, the first one first."""
        query = (
            select(_MEMBERS.case)
            .where(_MEMBERS.escalation == escalation, _MEMBERS.joined_at <= at)
            .order_by(_MEMBERS.case)
        )
        return [CaseId(number) for number in self.connection.execute(query).scalars()]

    def have(self, case: CaseId, by: str, at: datetime) -> None:
        """Note that somebody has a case, wherever it climbs: where nothing is left, the ladder stands still.

        What the system notices by itself, such as a reply on the platform, ends no alarm about danger: only a
        person does.
        """
        mine: list[ColumnElement[bool]] = [_MEMBERS.case == case, _MEMBERS.had_at.is_(None)]
        if by == SYSTEM:
            patient = [str(lane) for lane in EscalationLane if not lane.at_any_hour]
            of_those = select(tables.escalations.c.id).where(tables.escalations.c.lane.in_(patient))
            mine.append(_MEMBERS.escalation.in_(of_those))
        touched = self._touch(*mine, had_by=by, had_at=at)
        self._lock(touched)  # of two who take the last two cases at once, the second one sees the first
        for number in touched:
            if self._is_left(number):
                continue
            row = {"escalation": number, "at": max(at, self._last_undone(number) or at)}
            self.connection.execute(insert(tables.escalation_holds).values(row))
            self._look_at(number, at)  # whoever has it is reminded after some hours

    def _last_undone(self, escalation: int) -> datetime | None:
        """Return when it was given back last: one machine's clock may be behind another's."""
        query = select(func.max(_HOLDS.undone_at)).where(_HOLDS.escalation == escalation)
        return self.connection.execute(query).scalar()

    def give_back(self, case: CaseId, at: datetime) -> None:
        """Note that nobody has a case any more: what it climbs in goes on where it stood."""
        newest = select(func.max(_MEMBERS.escalation)).where(_MEMBERS.case == case).scalar_subquery()
        touched = self._touch(
            _MEMBERS.case == case,
            _MEMBERS.escalation == newest,
            _MEMBERS.had_at.is_not(None),
            had_by=None,
            had_at=None,
        )
        self._lock(touched)  # whoever takes the others at this moment sees that this one is back, or we them
        for number in touched:
            self.connection.execute(
                update(tables.escalation_holds)
                .where(_HOLDS.escalation == number, _HOLDS.undone_at.is_(None))
                .values(undone_at=case_when((_HOLDS.at > at, _HOLDS.at), else_=at))
            )
            self._look_at(number, at)

    def _look_at(self, escalation: int, at: datetime) -> None:
        key = str(escalation)
        Tasks(self.connection).need(NewTask(TaskKind.CLIMB, key, key, at), at)

    def _touch(self, *where: ColumnElement[bool], **values: object) -> list[int]:
        touched = self.connection.execute(
            update(tables.escalation_cases).where(*where).values(**values).returning(_MEMBERS.escalation)
        )
        return sorted(set(touched.scalars()))

    def _is_left(self, escalation: int) -> bool:
        query = select(_MEMBERS.case).where(_MEMBERS.escalation == escalation, _MEMBERS.had_at.is_(None))
        return self.connection.execute(query.limit(1)).first() is not None

    def told_of(self, items: Iterable[ItemId], lanes: Collection[EscalationLane], since: datetime) -> bool:
        """Say whether a case of one of ``items`` that is not closed climbs, or climbed, since a moment."""
        item, known = tables.items.c, tables.cases.c
        for chunk in in_chunks(items):
            query = (
                select(known.id)
                .join(tables.items, or_(known.id == item.case, known.opening_item == item.id))
                .join(tables.escalation_cases, _MEMBERS.case == known.id)
                .join(tables.escalations, tables.escalations.c.id == _MEMBERS.escalation)
                .where(
                    item.id.in_(chunk),
                    known.state != CaseState.CLOSED,
                    tables.escalations.c.lane.in_([str(lane) for lane in lanes]),
                    _MEMBERS.joined_at >= since,
                )
                .limit(1)
            )
            if self.connection.execute(query).first() is not None:
                return True
        return False

    def end(self, escalation: int, at: datetime) -> None:
        """Note that nothing of an escalation is left to do."""
        self.connection.execute(
            update(tables.escalations)
            .where(tables.escalations.c.id == escalation, tables.escalations.c.ended_at.is_(None))
            .values(ended_at=at)
        )

    def never_begun(self, schools: Collection[str]) -> list[CaseId]:
        """Return the cases that somebody has to look at, that nobody has taken, and that climb nowhere.

        There are such only from before anything climbed.
        """
        known = tables.cases.c
        climbs = select(_MEMBERS.case).where(_MEMBERS.case == known.id)
        query = (
            select(known.id)
            .where(
                known.state == CaseState.NEW,
                known.school.in_(list(schools)),
                or_(
                    known.severity >= int(Severity.MEDIUM),
                    known.route != Route.MODERATOR,
                    known.uncertain.is_(True),
                ),
                ~climbs.exists(),
            )
            .order_by(known.id)
        )
        return [CaseId(number) for number in self.connection.execute(query).scalars()]
