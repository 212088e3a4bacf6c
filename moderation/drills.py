"""Practice alerts: whether alerts reach everybody who could be told something urgent, and how fast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.alert_ports import Drill, PlannedAlert
from moderation.alerting import plan
from moderation.alerts import AlertStep, DeliveryState, Role, Topic
from moderation.desks import holders
from moderation.mailboxes import Urgency
from moderation.ports import Ports, School, Unit
from sla.duty import can_be_reached

ROTA_AHEAD = timedelta(weeks=4)
"""Whoever is on duty in this time takes part."""

_TOLD_URGENTLY = (
    Role.MODERATOR,
    Role.DSL,
    Role.DEPUTY_DSL,
    Role.SLT,
    Role.HEADTEACHER,
    Role.NETWORK_MANAGER,
)


class NoSuchDrill(Exception):
    """The school has had no practice alert of this number, or the person was not told of it."""


@dataclass(frozen=True, slots=True)
class DrillRow:
    """What became of one message of a practice alert.

    ``handed_at`` is when it was handed over for good. ``answered_after`` are seconds from the start of the
    drill until the person answered, by whatever channel; None while they have not.
    """

    person: str
    channel: str
    state: DeliveryState
    handed_at: datetime | None
    answered_after: int | None

    @property
    def is_well(self) -> bool:
        """Whether the message arrived and was answered."""
        return self.state is DeliveryState.DELIVERED and self.answered_after is not None


def start_drill(ports: Ports, school: School, by: str) -> str:
    """Have everybody who could be told something urgent told of a practice alert; return its number.

    It goes out at once, over every channel that reaches them. Who is away is left in peace.
    """
    now = ports.now()
    with ports.store.begin() as unit:
        number = str(unit.drills.new_number(school.id))
        topic = Topic("drill", f"{school.id}:{number}", AlertStep.DRILL, by)
        plan(ports, unit, PlannedAlert(topic, taking_part(ports, school, now), now, Urgency.URGENT))
    return number


def taking_part(ports: Ports, school: School, now: datetime) -> dict[str, Role]:
    """Return who could be told something urgent today, with the role that brings them in."""
    on_rota = {shift.person for shift in school.rota.shifts(now, now + ROTA_AHEAD)}
    named = [ports.people[name] for name in sorted(on_rota & ports.people.keys())]
    by_rota = {person.name: Role.ON_DUTY for person in named if school.id in person.schools}
    everybody = by_rota | holders(ports.people.values(), school.id, _TOLD_URGENTLY)
    today = now.astimezone(school.target.zone).date()
    return {
        name: role for name, role in everybody.items() if can_be_reached(ports.people[name].attendance, today)
    }


def answer(ports: Ports, school: School, number: str, person: str, at: datetime) -> bool:
    """Note that a practice alert reached somebody; return whether they had not said so before.

    Raises:
        NoSuchDrill: there is none of this number, or the person was not told of it.
    """
    with ports.store.begin() as unit:
        drill = find(unit, school, number)
        if person not in unit.alerts.told_by(drill.alert):
            raise NoSuchDrill
        return answer_in(unit, drill.alert, person, at)


def answer_in(unit: Unit, alert: int, person: str, at: datetime) -> bool:
    """Note inside a transaction that a practice alert reached somebody; the first answer counts."""
    return unit.drills.answer(alert, person, at)


def find(unit: Unit, school: School, number: str | None = None) -> Drill:
    """Return a school's practice alert of this number; without one the newest.

    Raises:
        NoSuchDrill: there is none.
    """
    known: Sequence[Drill] = unit.drills.of(school.id)
    found = [drill for drill in known if number is None or str(drill.number) == number]
    if not found:
        raise NoSuchDrill
    return found[-1]


def drill_report(unit: Unit, school: School, number: str | None = None) -> list[DrillRow]:
    """Return what became of each message of a practice alert, by person; without a number of the newest.

    Raises:
        NoSuchDrill: there is none.
    """
    drill = find(unit, school, number)
    return [
        DrillRow(
            person=line.person,
            channel=line.channel,
            state=line.state,
            handed_at=line.handed_at,
            answered_after=None
            if line.answered_at is None
            else int((line.answered_at - drill.began_at).total_seconds()),
        )
        for line in unit.drills.lines(drill.alert)
    ]
