"""The morning message: what is watched, what waits and who is on duty, so that silence is noticed."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from moderation.alert_ports import PlannedAlert
from moderation.alerting import plan
from moderation.alerts import AlertStep, HeartbeatNotice, Role, Topic, WatchedAccount
from moderation.desks import SAFEGUARDING, first_there
from moderation.duty import is_working_day
from moderation.ports import Account, Ports, School, Unit
from moderation.tasks import Claim
from sla.calendar import NoDeadlineError
from sla.duty import can_be_reached
from sla.staffed import at_clock

STILL_MORNING = timedelta(hours=9)
"""After a start as late as this the message still goes out; later it would wake somebody."""

UNDELIVERED_FOR = timedelta(days=1)
"""How far back the message looks for others that did not arrive."""

NOT_RUNNING = "not_running"
"""Why an account is not read where nothing failed: nobody reads it."""

_READERS = ((Role.NETWORK_MANAGER,), (Role.SLT,), (Role.HEADTEACHER,))


def send_heartbeat(ports: Ports, claim: Claim) -> None:
    """Have the network manager of a school told what is watched, once every working day at the set time.

    It then waits for the next working day. Where the message is switched off there is nothing to wait for.
    """
    school, at = ports.schools.get(claim.subject), ports.alerting.heartbeat_at
    if school is None or at is None:
        with ports.store.finishing(claim):
            return
    now = ports.now()
    today = now.astimezone(school.target.zone).date()
    is_time = timedelta() <= now - at_clock(today, at, school.target.zone) < STILL_MORNING
    with ports.store.continuing(claim, _next_time(school, at, now)) as unit:
        if is_time and is_working_day(school, today):
            topic = Topic("watch", school.id, AlertStep.HEARTBEAT, today.isoformat())
            readers = first_there(ports.people.values(), school, _READERS, now, any_day=False)
            plan(ports, unit, PlannedAlert(topic, readers, now))


def _next_time(school: School, at: time, now: datetime) -> datetime:
    """Return the next set time that lies ahead on a working day."""
    zone = school.target.zone
    today = now.astimezone(zone).date()
    if is_working_day(school, today) and (still := at_clock(today, at, zone)) > now:
        return still
    try:
        day = school.calendar.next_working_day(today, school.target)
    except NoDeadlineError:
        day = today + timedelta(days=1)
    return at_clock(day, at, zone)


def heartbeat_notice(
    ports: Ports, unit: Unit, school: School, topic: Topic, now: datetime, because: Role
) -> HeartbeatNotice:
    """Return what the morning message of a school says, as it stands now."""
    open_cases, late = unit.cases.to_do(school.id, now)
    recipients = [person.name for person in ports.people.values() if school.id in person.schools]
    accounts = sorted(
        (account for account in ports.accounts.values() if account.school == school.id),
        key=lambda account: account.name,
    )
    return HeartbeatNotice(
        school_name=school.name,
        step=topic.step,
        accounts=tuple(_watched(unit, account, now) for account in accounts),
        open_cases=open_cases,
        late=late,
        undelivered=unit.alerts.undelivered_since(now - UNDELIVERED_FOR, recipients),
        on_duty=_on_duty(ports, school, now),
        now=now,
        because=because,
    )


def _watched(unit: Unit, account: Account, now: datetime) -> WatchedAccount:
    """Return how an account stands; one that nothing has read for too long is not read, whatever it says."""
    if unit.watching.is_by_hand(account.name):
        return WatchedAccount(account.platform, account.name, None, by_hand=True)
    last = unit.watching.last_read_at(account.name)
    if (failing := unit.watching.not_watched(account.name)) is not None:
        return WatchedAccount(account.platform, account.name, last, failing[0])
    if last is not None and now - last > account.allowed_gap:
        return WatchedAccount(account.platform, account.name, last, NOT_RUNNING)
    return WatchedAccount(account.platform, account.name, unit.watching.watched_since(account.name))


def _on_duty(ports: Ports, school: School, now: datetime) -> tuple[str, ...]:
    """Return the full names of who is on duty: by the rota, else the safeguarding lead or who stands in."""
    day = now.astimezone(school.target.zone).date()
    on_rota = [
        name
        for name in school.rota.on_duty(now)
        if name in ports.people and can_be_reached(ports.people[name].attendance, day)
    ]
    names = on_rota or first_there(ports.people.values(), school, SAFEGUARDING, now, any_day=True)
    return tuple(ports.people[name].full_name for name in names)
