"""Writing down who has to be told about what. Sending it is ``moderation.dispatching``."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from moderation.alert_ports import PlannedAlert
from moderation.alerts import CHAT, EMAIL, SMS, AlertStep, Role, Topic
from moderation.assessment import Assessment
from moderation.cases import Case, CaseState
from moderation.desks import channels_for, desk, first_there, holders, may_read, who
from moderation.mailboxes import Urgency
from moderation.ports import Ports, Unit
from sla.calendar import NoDeadlineError
from sla.duty import can_be_reached, is_here
from sla.reminders import digest_time

REFUSED_FOR = timedelta(hours=24)
"""An address that was refused for good is not used for so long, unless it is corrected before."""

_EVERY_CHANNEL = (EMAIL, SMS, CHAT)

_TEXTED = frozenset({AlertStep.NOT_WATCHED, AlertStep.NOT_DELIVERED})
"""Of these a text tells too, urgent or not: the way that email takes may be what fails."""


def plan(ports: Ports, unit: Unit, alert: PlannedAlert) -> None:
    """Write down that people are to be told about a topic; the same topic is told once.

    What is urgent goes out over every channel that reaches them.
    """
    now = ports.now()
    bad = unit.alerts.bad_addresses(now - REFUSED_FOR)
    wanted: tuple[str, ...] = (EMAIL,)
    if alert.urgency > Urgency.ROUTINE:
        wanted = _EVERY_CHANNEL
    elif alert.texts or alert.topic.step in _TEXTED:
        wanted = (EMAIL, SMS)
    channels = {
        name: channels_for(ports, ports.people[name], bad, wanted)
        for name in alert.recipients
        if name in ports.people
    }
    unit.alerts.plan(replace(alert, channels=channels), now)


@dataclass(frozen=True, slots=True)
class CaseAlert:
    """What is to be told about a case: at one step once for each occasion, not before ``at``."""

    step: AlertStep
    occasion: str
    at: datetime
    urgency: Urgency = Urgency.ROUTINE
    texts: bool = False


def plan_for_case(ports: Ports, unit: Unit, case: Case, alert: CaseAlert) -> None:
    """Write down who is to be told about a case.

    It is for the desk; once somebody has taken the case, for them. Late cases go to the desk and to the
    leadership team, what is late for a day to the headteacher.
    """
    topic = Topic("case", str(case.id), alert.step, alert.occasion)
    recipients = _recipients(ports, case, alert.step, alert.at, any_day=alert.urgency > Urgency.ROUTINE)
    planned = PlannedAlert(topic, recipients, alert.at, alert.urgency, texts=alert.texts)
    plan(ports, unit, planned)


def _recipients(ports: Ports, case: Case, step: AlertStep, at: datetime, *, any_day: bool) -> dict[str, Role]:
    if step is AlertStep.STILL_LATE:
        return who(ports, case, "headteacher", at, any_day=False) or who(ports, case, "governors", at)
    at_the_desk = desk(ports, case, at, any_day=any_day)
    if step is AlertStep.LATE:
        return who(ports, case, "slt", at, any_day=False) | at_the_desk
    return taker(ports, case, at, any_day=any_day) or at_the_desk


def taker(ports: Ports, case: Case, at: datetime, *, any_day: bool = True) -> dict[str, Role]:
    """Return who has a case, if they are there and may still read it; nobody where nobody has it."""
    person = ports.people.get(case.taken_by or "")
    if case.state is not CaseState.TAKEN or person is None or not may_read(person, case):
        return {}
    day = at.astimezone(ports.schools[case.school].target.zone).date()
    is_there = (can_be_reached if any_day else is_here)(person.attendance, day)
    return holders([person], case.school, Role) if is_there else {}


def plan_for_role(
    ports: Ports,
    unit: Unit,
    school: str,
    role: Role,
    topic: Topic,
    urgency: Urgency = Urgency.ROUTINE,
) -> None:
    """Write down that whoever holds ``role`` at ``school`` is to be told about ``topic``: in staffed hours.

    What keeps something urgent from being told is urgent itself, and told at any hour.
    """
    at, known = ports.now(), ports.schools[school]
    if urgency is Urgency.ROUTINE:
        # Where the calendar has no working day at all, late is better than never.
        with contextlib.suppress(NoDeadlineError):
            at = digest_time(at, known.staffed, known.target, known.calendar)
    groups = ((role,), (Role.NETWORK_MANAGER,), (Role.SLT,), (Role.HEADTEACHER,))
    any_day = urgency > Urgency.ROUTINE
    recipients = first_there(ports.people.values(), known, groups, at, any_day=any_day)
    plan(ports, unit, PlannedAlert(topic, recipients, at, urgency))


def occasion(due: datetime, step: str = "") -> str:
    """Return what tells one telling about a due time from another: when the due time moves, so does it."""
    return f"{due:%Y-%m-%dT%H:%M:%SZ} {step}".rstrip()


def by_a_person(about: str, judged: Assessment) -> str:
    """Return the occasion of telling what a person called an item; ``about`` is that of the item itself."""
    return f"{about}:{judged.severity.word}:{judged.route}"
