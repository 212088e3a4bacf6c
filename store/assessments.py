"""What scoring said about items."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from moderation.abuse.threads import RAISED
from moderation.assessment import Assessment, Finding, Intent, Label, Route, Severity, Target
from moderation.items import ItemId
from store import tables
from store.rows import insert_new


@dataclass(frozen=True, slots=True)
class Assessments:
    """Queries over assessments, inside one transaction."""

    connection: Connection

    def add(self, item: ItemId, version: int, assessment: Assessment, at: datetime) -> None:
        """Keep what one model said about one version; saying it twice changes nothing."""
        row = {
            "item": item,
            "version": version,
            "model": assessment.model,
            "score": assessment.score,
            "abuse": assessment.abuse,
            "severity": int(assessment.severity),
            "labels": [str(label) for label in assessment.labels],
            "intent": assessment.intent,
            "route": assessment.route,
            "findings": [asdict(finding) for finding in assessment.findings],
            "uncertain": assessment.uncertain,
            "made_at": at,
            "target": assessment.target,
        }
        insert_new(self.connection, tables.assessments, [row])

    def latest(self, item: ItemId) -> Assessment | None:
        """Return the newest assessment of the newest version that was scored."""
        query = (
            select(tables.assessments)
            .where(tables.assessments.c.item == item)
            .order_by(tables.assessments.c.version.desc(), tables.assessments.c.id.desc())
            .limit(1)
        )
        row = self.connection.execute(query).one_or_none()
        return None if row is None else assessment_from(row)

    def newest(self, count: int) -> list[tuple[ItemId, Assessment]]:
        """Return the newest assessments of the words of items, the last one first."""
        said = tables.assessments
        query = select(said).where(~said.c.model.contains(RAISED, autoescape=True))
        newest = self.connection.execute(query.order_by(said.c.id.desc()).limit(count))
        return [(ItemId(row.item), assessment_from(row)) for row in newest]


def assessment_from(row: Row[Any]) -> Assessment:
    """Read an assessment from a row that has all of its columns."""
    return Assessment(
        score=row.score,
        abuse=row.abuse,
        severity=Severity(row.severity),
        labels=tuple(Label(label) for label in row.labels),
        intent=Intent(row.intent),
        route=Route(row.route),
        findings=tuple(Finding(**finding) for finding in row.findings),
        model=row.model,
        uncertain=row.uncertain,
        target=Target(row.target),
    )
