"""How a school wants to be told: who climbs which ladder, and how much is too much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from types import MappingProxyType

from sla.escalation import CRITICAL_LADDER, SEVERE_LADDER, Ladder


class EscalationLane(StrEnum):
    """How fast what nobody takes climbs.

    ``critical``: danger to life. ``severe``: a threat, sexual content, hate and the like. Both climb their
    ladders at any hour. ``abuse`` and ``desk`` climb in staffed hours: other abuse reaches the safeguarding
    lead two waking hours later, what is only doubtful or for another desk waits for the next working day.
    """

    CRITICAL = "critical"
    SEVERE = "severe"
    ABUSE = "abuse"
    DESK = "desk"

    @property
    def at_any_hour(self) -> bool:
        """Whether people are told of it in the night and at weekends."""
        return self in (EscalationLane.CRITICAL, EscalationLane.SEVERE)

    def outranks(self, other: EscalationLane) -> bool:
        """Say whether this is the faster one."""
        lanes = list(EscalationLane)
        return lanes.index(self) < lanes.index(other)


_LADDERS = MappingProxyType({EscalationLane.CRITICAL: CRITICAL_LADDER, EscalationLane.SEVERE: SEVERE_LADDER})


@dataclass(frozen=True, slots=True)
class AlertRules:
    """What the settings say about alerts.

    ``ladders``: whom to tell next, by lane. ``texts_a_day`` and ``alerts_an_hour`` are what one person
    gets at most before things are gathered. ``still_open_after``: when whoever took a case is reminded of it.
    ``heartbeat_at``: when the network manager hears every working day that all is watched, in school time;
    None is never. ``links``: whether messages lead to a page that takes cases, for ``link_life``.
    """

    ladders: Mapping[EscalationLane, Ladder] = field(default_factory=lambda: _LADDERS)
    texts_a_day: int = 6
    alerts_an_hour: int = 10
    still_open_after: timedelta = timedelta(hours=4)
    heartbeat_at: time | None = time(8)
    links: bool = False
    link_life: timedelta = timedelta(hours=72)
