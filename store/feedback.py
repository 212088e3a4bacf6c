"""What people say of the scoring, and how its thresholds were moved: both are only ever added to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select

from moderation.abuse.threads import RAISED
from moderation.assessment import Assessment, Intent, Label, Route, Severity, Target
from moderation.items import ItemId
from moderation.judgements import Correction, Judgement, Mark
from moderation.threshold_moves import Move
from store import tables
from store.assessments import assessment_from
from store.rows import take_turns

_OF_WORDS = ~tables.assessments.c.model.contains(RAISED, autoescape=True)
"""What was said of an item by itself: people judge it within its thread, but only words can be learnt."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """Queries over judgements, inside one transaction."""

    connection: Connection

    def said_of(self, item: ItemId, version: int) -> Assessment | None:
        """Return what scoring said last of one version of an item, with its thread, if it was scored."""
        return self._newest(tables.assessments.c.item == item, tables.assessments.c.version == version)

    def said_of_words(self, item: ItemId, version: int) -> Assessment | None:
        """Return what scoring said last of one version of an item by itself, whatever its thread is."""
        said = tables.assessments
        return self._newest(said.c.item == item, said.c.version == version, _OF_WORDS)

    def _newest(self, *which: ColumnElement[bool]) -> Assessment | None:
        query = select(tables.assessments).where(*which).order_by(tables.assessments.c.id.desc()).limit(1)
        row = self.connection.execute(query).one_or_none()
        return None if row is None else assessment_from(row)

    def add(self, judgement: Judgement) -> None:
        """Write down what a person says; what anybody said before stays."""
        said, right = judgement.said, judgement.right
        row = {
            "item": judgement.item,
            "version": judgement.version,
            "mark": judgement.mark,
            "said_severity": int(said.severity),
            "said_labels": [str(label) for label in said.labels],
            "said_intent": said.intent,
            "said_route": said.route,
            "said_target": said.target,
            "said_abuse": said.abuse,
            "said_score": said.score,
            "said_uncertain": said.uncertain,
            "model": said.model,
            "severity": None if right.severity is None else int(right.severity),
            "labels": None if right.labels is None else [str(label) for label in right.labels],
            "intent": right.intent,
            "route": right.route,
            "target": right.target,
            "abuse": right.abuse,
            "why": judgement.why,
            "by": judgement.by,
            "at": judgement.at,
        }
        self.connection.execute(insert(tables.judgements).values(row))

    def all(self) -> list[Judgement]:
        """Return every judgement, the oldest first."""
        query = select(tables.judgements).order_by(tables.judgements.c.id)
        return [_judgement(row) for row in self.connection.execute(query)]

    def said_of_all(self) -> Iterator[tuple[Severity, tuple[Label, ...]]]:
        """Yield severity and labels of what scoring said last of the words of every item."""
        said = tables.assessments
        newest = select(func.max(said.c.id)).where(_OF_WORDS).group_by(said.c.item)
        query = select(said.c.severity, said.c.labels).where(said.c.id.in_(newest))
        for row in self.connection.execute(query):
            yield Severity(row.severity), tuple(Label(label) for label in row.labels)


def _judgement(row: Row[Any]) -> Judgement:
    said = Assessment(
        score=row.said_score,
        abuse=row.said_abuse,
        severity=Severity(row.said_severity),
        labels=tuple(Label(label) for label in row.said_labels),
        intent=Intent(row.said_intent),
        route=Route(row.said_route),
        findings=(),
        model=row.model,
        uncertain=row.said_uncertain,
        target=Target(row.said_target),
    )
    right = Correction(
        severity=None if row.severity is None else Severity(row.severity),
        labels=None if row.labels is None else tuple(Label(label) for label in row.labels),
        intent=None if row.intent is None else Intent(row.intent),
        route=None if row.route is None else Route(row.route),
        target=None if row.target is None else Target(row.target),
        abuse=row.abuse,
    )
    return Judgement(
        item=ItemId(row.item),
        version=row.version,
        mark=Mark(row.mark),
        said=said,
        right=right,
        why=row.why,
        by=row.by,
        at=row.at,
    )


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Queries over the moves of thresholds, inside one transaction."""

    connection: Connection

    def moves(self) -> list[Move]:
        """Return every move, the oldest first."""
        query = select(tables.threshold_moves).order_by(tables.threshold_moves.c.id)
        return [_move(row) for row in self.connection.execute(query)]

    def mark(self) -> int:
        """Return what changes with every further move: quick to ask, again and again."""
        return self.connection.execute(select(func.max(tables.threshold_moves.c.id))).scalar() or 0

    def take_turns(self) -> None:
        """Make everybody else who moves a threshold wait until this transaction ends."""
        take_turns(self.connection, "thresholds")

    def add(self, move: Move) -> None:
        """Write down a move; those before it stay."""
        row = {
            "step": move.step.word,
            "old": move.old,
            "new": move.new,
            "model": move.model,
            "why": move.why,
            "by": move.by,
            "at": move.at,
        }
        self.connection.execute(insert(tables.threshold_moves).values(row))


def _move(row: Row[Any]) -> Move:
    return Move(
        step=Severity[row.step.upper()],
        old=row.old,
        new=row.new,
        model=row.model,
        why=row.why,
        by=row.by,
        at=row.at,
        number=row.id,
    )
