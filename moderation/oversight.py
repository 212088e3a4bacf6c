"""Keeping watch: reminders before a deadline, alarms after it, and work that a person has to look at."""

from __future__ import annotations

from datetime import datetime, timedelta

from moderation.alerting import CaseAlert, occasion, plan_for_case, plan_for_role
from moderation.alerts import AlertStep, Role, Topic
from moderation.calendars import tell as tell_calendar
from moderation.cases import CaseId
from moderation.ports import Ports, School, Unit
from moderation.tasks import Claim, TaskKind
from sla.calendar import NoDeadlineError
from sla.reminders import (
    Reminders,
    ReminderStep,
    due_steps,
    next_daily_digest,
    next_look,
    next_staffed,
    reminders,
)

LOOK_AGAIN = timedelta(hours=1)
"""A clock without a due time is looked at again after this: a mended calendar gives it one."""

_STEPS = {
    ReminderStep.HALF_TIME: AlertStep.REMINDER,
    ReminderStep.LAST_CALL: AlertStep.REMINDER,
    ReminderStep.LATE: AlertStep.LATE,
    ReminderStep.HEADTEACHER: AlertStep.STILL_LATE,
}
"""What is told at each step of a clock. Of a new message nobody is told by itself."""

_ALARMS = (AlertStep.LATE, AlertStep.STILL_LATE)

_ABOUT_OURSELVES = frozenset({AlertStep.SET_ASIDE, AlertStep.NOT_DELIVERED})


def watch_clock(ports: Ports, claim: Claim) -> None:
    """Look at one running clock: remind before it is due, alarm once it is late, then every working day.

    A look that comes too early only moves the next look; a clock that has stopped needs none. Whatever
    the hour of the look, people hear of it in staffed hours, and of each step once for each due time.
    """
    case_id = CaseId(int(claim.subject))
    with ports.store.begin() as unit:
        clock = unit.cases.clock(case_id)
        case = unit.cases.get(case_id)
    now = ports.now()
    if clock is None or clock.stopped_at is not None:
        with ports.store.finishing(claim):
            return
    if clock.due_at is None:
        with ports.store.continuing(claim, now + LOOK_AGAIN):
            return
    school = ports.schools.get(case.school)
    if school is None:
        # It has left the settings, perhaps by mistake: its clocks wait for it.
        with ports.store.continuing(claim, now + LOOK_AGAIN):
            return
    try:
        times = reminder_times(clock.received_at, clock.due_at, school)
        steps = due_steps(times, now, school.staffed, school.target, school.calendar)
        next_at = next_look(times, now) or next_digest_after(school, now)
    except NoDeadlineError:
        with ports.store.continuing(claim, now + LOOK_AGAIN) as unit:
            tell_calendar(ports, unit, school.id, "no_deadline", school.calendar.version)
        return
    with ports.store.continuing(claim, next_at) as unit:
        # A later look names the same alarms again, when other people are there.
        told = unit.alerts.planned("case", str(case_id), _ALARMS)
        for due in steps:
            about = occasion(clock.due_at, due.step)
            if due.step in _STEPS and about not in told:
                is_last = due.step is ReminderStep.LAST_CALL
                alert = CaseAlert(_STEPS[due.step], about, due.at, texts=is_last)
                plan_for_case(ports, unit, case, alert)
        if now.date() > times.late_at.date():
            at = next_staffed(now, school.staffed, school.target, school.calendar)
            about = occasion(clock.due_at, f"late {at.astimezone(school.target.zone):%Y-%m-%d}")
            plan_for_case(ports, unit, case, CaseAlert(AlertStep.LATE, about, at))


def next_digest_after(school: School, now: datetime) -> datetime:
    """Return when to tell again of what is late: with the digest of the next working day.

    Where the calendar knows none any more, that may be mended: it is looked at again.
    """
    try:
        return next_daily_digest(now, school.staffed, school.target, school.calendar)
    except NoDeadlineError:
        return now + LOOK_AGAIN


def reminder_times(received: datetime, due: datetime, school: School) -> Reminders:
    """Return when to remind of an answer that is owed, and when to say that it is late."""
    return reminders(received, due, school.staffed, school.target, school.calendar)


def tell_set_aside(ports: Ports, claim: Claim) -> None:
    """Tell the network manager of every school that a task failed too often and waits for a person.

    A message of this sort that could not be sent is not followed by another one about it.
    """
    number, _, rest = claim.subject.partition(":")
    subject, _, kind = rest.rpartition(":")
    with ports.store.finishing(claim) as unit:
        if kind == TaskKind.ASK_DELIVERY and _tells_of_ourselves(unit, int(subject)):
            return
        for school in ports.schools:
            topic = Topic("task", number, AlertStep.SET_ASIDE, kind)
            plan_for_role(ports, unit, school, Role.NETWORK_MANAGER, topic)


def _tells_of_ourselves(unit: Unit, dispatch: int) -> bool:
    return any(each.topic.step in _ABOUT_OURSELVES for each in unit.dispatches.get(dispatch).deliveries)
