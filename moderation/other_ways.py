"""Another way: what does not arrive reaches the same person otherwise, the next one, and whoever mends it."""

from __future__ import annotations

from datetime import datetime, timedelta

from moderation.alert_ports import Delivery, Dispatch, PlannedAlert
from moderation.alerting import REFUSED_FOR, plan, plan_for_role
from moderation.alerts import EMAIL, SMS, AlertStep, DeliveryState, Role, Topic
from moderation.cases import CaseId
from moderation.desks import a_school_of, channels_for, first_there, has_left, may_read
from moderation.mailboxes import Urgency
from moderation.ports import Ports, Unit
from moderation.telling import LISTED

TELL_AGAIN_AFTER = timedelta(hours=24)
"""The network manager hears again after this that nothing gets through to somebody, or over a channel."""

_NOT_TOLD_OF = frozenset({AlertStep.NOT_DELIVERED, AlertStep.DRILL})
"""That these did not arrive is told to nobody: no message about a message, and a drill has its own report."""


def not_told(ports: Ports, unit: Unit, dispatch: Dispatch, state: DeliveryState, now: datetime) -> None:
    """See that somebody is told what did not arrive, and that the network manager knows."""
    _other_way(ports, unit, dispatch, now, state)
    _tell_admin(ports, unit, dispatch, state)


def not_told_yet(ports: Ports, unit: Unit, dispatch: Dispatch, state: DeliveryState, now: datetime) -> None:
    """Do what :func:`not_told` does, once for a message that is tried again."""
    subject = str(dispatch.deliveries[0].id)
    if str(state) not in unit.alerts.planned("delivery", subject, [AlertStep.NOT_DELIVERED]):
        not_told(ports, unit, dispatch, state, now)


def _other_way(ports: Ports, unit: Unit, dispatch: Dispatch, now: datetime, state: DeliveryState) -> None:
    """Tell the same person over another channel and, where nothing reached them yet, the next person too.

    Where our set-up is at fault everybody's messages fail: who has another one on its way is waited for, or
    the whole ladder would be woken in one second.
    """
    person = ports.people.get(dispatch.mailbox.recipient)
    for each in dispatch.deliveries:
        if each.topic.step is AlertStep.DRILL or unit.alerts.arrived(each.alert, each.recipient):
            continue  # a practice alert that does not arrive has shown what it was for
        if person is not None and not has_left(ports, person, now):
            others = [
                channel for channel in ports.channels if channel != each.channel and person.address(channel)
            ]
            unit.alerts.add(each.alert, {person.name: each.because}, others, each.urgency, now)
        if state is DeliveryState.TECHNICAL_FAILURE and unit.dispatches.goes_another_way(each):
            continue
        for name, role in _stand_in(ports, unit, each, now).items():
            channels = _channels_of(ports, unit, name, each, now)
            unit.alerts.add(each.alert, {name: role}, channels, each.urgency, now)


def _channels_of(ports: Ports, unit: Unit, name: str, delivery: Delivery, now: datetime) -> tuple[str, ...]:
    wanted = [EMAIL] if delivery.urgency is Urgency.ROUTINE else [EMAIL, SMS]
    return channels_for(ports, ports.people[name], unit.alerts.bad_addresses(now - REFUSED_FOR), wanted)


def _stand_in(ports: Ports, unit: Unit, delivery: Delivery, now: datetime) -> dict[str, Role]:
    """Return who is told instead: the next one who may read it and was not told of it by this alert."""
    told = unit.alerts.told_by(delivery.alert)
    case = None
    if delivery.topic.kind in ("case", "escalation"):
        case = unit.cases.get(next(iter(cases_of(unit, delivery))))
        if case.school not in ports.schools:
            return {}
    readers = [
        person
        for person in ports.people.values()
        if person.name not in told and (case is None or may_read(person, case))
    ]
    if case is not None:
        order = (Role.MODERATOR, Role.DSL, Role.DEPUTY_DSL, Role.SLT, Role.HEADTEACHER)
        start = 0 if delivery.because is Role.MODERATOR else 1
        groups = [(role,) for role in order[start:]]
        school = ports.schools[case.school]
    else:
        groups = [(delivery.because,), (Role.NETWORK_MANAGER,), (Role.SLT,), (Role.HEADTEACHER,)]
        school = ports.schools[a_school_of(ports, delivery.recipient)]
    if delivery.topic.step is AlertStep.WEEKLY_REPORT:
        return {}
    found = first_there(readers, school, groups, now, any_day=delivery.urgency > Urgency.ROUTINE)
    return dict([next(iter(found.items()))]) if found else {}


def _tell_admin(ports: Ports, unit: Unit, dispatch: Dispatch, state: DeliveryState) -> None:
    """Tell the network manager, by every way there is: once a day while nothing gets through.

    Of messages about that nobody is told.
    """
    first = dispatch.deliveries[0]
    topic = Topic("delivery", str(first.id), AlertStep.NOT_DELIVERED, str(state))
    urgency = Urgency.URGENT if dispatch.mailbox.urgent else Urgency.ROUTINE
    is_known = unit.dispatches.is_known_to_fail(dispatch.mailbox, state, ports.now() - TELL_AGAIN_AFTER)
    if is_known or any(each.topic.step in _NOT_TOLD_OF for each in dispatch.deliveries):
        plan(ports, unit, PlannedAlert(topic, {}, ports.now(), urgency))  # so that it is found once
        return
    school = a_school_of(ports, first.recipient)
    plan_for_role(ports, unit, school, Role.NETWORK_MANAGER, topic, urgency)


def takes_long(
    ports: Ports, unit: Unit, dispatch: Dispatch, now: datetime, *, goes_another_way: bool
) -> None:
    """Tell the network manager, once for each message, and find another way where it cannot wait.

    However long a try takes or the system stood still, it is not missed.
    """
    failing = DeliveryState.TEMPORARY_FAILURE
    subject = str(dispatch.deliveries[0].id)
    if str(failing) in unit.alerts.planned("delivery", subject, [AlertStep.NOT_DELIVERED]):
        return
    if goes_another_way:
        _other_way(ports, unit, dispatch, now, failing)
    _tell_admin(ports, unit, dispatch, failing)


def cases_of(unit: Unit, delivery: Delivery) -> list[CaseId]:
    """Return the cases that a delivery tells of, as far as a message names them."""
    topic = delivery.topic
    if topic.kind == "case":
        return [CaseId(int(topic.subject))]
    if topic.kind == "escalation":
        escalation = unit.escalations.get(int(topic.subject))
        return unit.escalations.untaken_cases(escalation.id)[:LISTED] or [escalation.lead]
    return []
