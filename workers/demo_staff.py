"""The staff of the demo: they take what they were told of after a while, as people do, but not all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.acts import take
from moderation.alert_ports import Escalation
from moderation.alert_rules import EscalationLane
from moderation.cases import CaseId, IllegalMove
from moderation.ports import Ports
from sla.reminders import next_staffed

TAKES_AFTER: Mapping[EscalationLane, timedelta] = {
    EscalationLane.CRITICAL: timedelta(minutes=12),
    EscalationLane.SEVERE: timedelta(minutes=35),
    EscalationLane.ABUSE: timedelta(minutes=80),
    EscalationLane.DESK: timedelta(hours=3),
}
"""How long after the alarm somebody takes it; what can wait is taken by people at work."""

LEFT_EVERY = 6
"""Of so many one is left, so that a reader sees what climbs."""


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """Invented people at work. What they do goes through the same act as a moderator's."""

    ports: Ports

    def next_at(self) -> datetime | None:
        """Return when somebody takes something next; None where nothing is left to take."""
        return min((at for at, _ in self._to_take()), default=None)

    def work(self) -> None:
        """Take what is due to be taken now, each by the first person who was told of it."""
        for at, escalation in list(self._to_take()):
            if at <= self.ports.now():
                self._take(escalation)

    def _to_take(self) -> Iterator[tuple[datetime, Escalation]]:
        with self.ports.store.begin() as unit:
            climbing = unit.escalations.climbing()
        for escalation in climbing:
            if escalation.id % LEFT_EVERY:
                yield self._taken_at(escalation), escalation

    def _taken_at(self, escalation: Escalation) -> datetime:
        school = self.ports.schools[escalation.school]
        at = escalation.began_at
        if not escalation.lane.at_any_hour:
            at = next_staffed(at, school.staffed, school.target, school.calendar)
        return at + TAKES_AFTER[escalation.lane]

    def _take(self, escalation: Escalation) -> None:
        with self.ports.store.begin() as unit:
            told = unit.alerts.told_about("escalation", str(escalation.id))
            cases = unit.escalations.untaken_cases(escalation.id)
        for case in cases if told else ():
            self._take_one(case, next(iter(told)))

    def _take_one(self, case: CaseId, person: str) -> None:
        try:
            take(self.ports, case, person)
        except IllegalMove:
            return  # it was answered or closed meanwhile
