"""Keeping watch: reminders before a deadline, alarms after it, and work that a person has to look at."""

from __future__ import annotations

from datetime import datetime

from moderation.alerting import plan_for_case, plan_for_role
from moderation.alerts import AlertStep, Role, Topic
from moderation.cases import CaseId, Clock
from moderation.ports import Ports, School
from moderation.tasks import Claim, TaskKind
from sla.reminders import first_staffed_after, last_call, next_staffed

_ABOUT_OURSELVES = frozenset({AlertStep.SET_ASIDE, AlertStep.NOT_DELIVERED})


def watch_clock(ports: Ports, claim: Claim) -> None:
    """Look at one running clock: remind before it is due, alarm once it is late, then look no more.

    A look that comes too early only moves the next look; a clock that has stopped needs none. Whatever
    the hour of the look, people hear of it in staffed hours.
    """
    case_id = CaseId(int(claim.subject))
    with ports.store.begin() as unit:
        clock = unit.cases.clock(case_id)
        case = unit.cases.get(case_id)
    now = ports.now()
    if clock is None or clock.stopped_at is not None:
        with ports.store.finishing(claim):
            return
    school = ports.schools[case.school]
    remind_at, late_at = reminder_times(clock, school)
    staffed = next_staffed(now, school.staffed, school.target, school.calendar)
    if now >= late_at:
        with ports.store.finishing(claim) as unit:
            plan_for_case(ports, unit, case, AlertStep.LATE, str(clock.due_at.date()), staffed)
    elif remind_at is not None and now >= remind_at:
        with ports.store.continuing(claim, late_at) as unit:
            if staffed < clock.due_at:
                plan_for_case(ports, unit, case, AlertStep.REMINDER, str(clock.due_at.date()), staffed)
    else:
        with ports.store.continuing(claim, remind_at if remind_at is not None else late_at):
            return


def reminder_times(clock: Clock, school: School) -> tuple[datetime | None, datetime]:
    """Return when to remind (``None``: no staffed time is left for it) and when to say that it is late."""
    rules = (school.staffed, school.target, school.calendar)
    return (
        last_call(clock.received_at, clock.due_at, *rules),
        first_staffed_after(clock.due_at, *rules),
    )


def tell_set_aside(ports: Ports, claim: Claim) -> None:
    """Tell the network manager of every school that a task failed too often and waits for a person.

    A message of this sort that could not be sent is not followed by another one about it.
    """
    number, _, rest = claim.subject.partition(":")
    subject, _, kind = rest.rpartition(":")
    with ports.store.finishing(claim) as unit:
        if kind == TaskKind.DELIVER and unit.alerts.delivery(int(subject)).topic.step in _ABOUT_OURSELVES:
            return
        for school in ports.schools:
            topic = Topic("task", number, AlertStep.SET_ASIDE, kind)
            plan_for_role(ports, unit, school, Role.NETWORK_MANAGER, topic)
