"""Handing messages over until they have arrived, and finding another way where they cannot."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from moderation.alert_ports import Dispatch, Sent
from moderation.alerting import REFUSED_FOR, plan_for_role
from moderation.alerts import (
    AlertStep,
    DeliveryState,
    Handed,
    Outgoing,
    Person,
    Role,
    Topic,
)
from moderation.cases import Act
from moderation.desks import address_digest, channels_for, has_left, zone_of
from moderation.links import link_for
from moderation.mailboxes import Mailbox
from moderation.other_ways import cases_of, not_told, not_told_yet, takes_long
from moderation.pacing import Pacing, pace
from moderation.ports import Ports, School, Unit, system_event
from moderation.tasks import Claim, NewTask, TaskKind
from moderation.telling import OtherTelling, Telling, notices_of, sort_out
from sla.calendar import NoDeadlineError
from sla.duty import DateSpan, own_hours
from sla.reminders import next_staffed
from sla.staffed import at_clock

RETRY_MINUTES = (1, 2, 5, 10, 20, 30)
"""Minutes between tries of one message; the last one repeats until :data:`GIVE_UP_AFTER`."""

TEXT_RETRY = timedelta(seconds=30)
"""A text is tried again after this: first by the same provider, then by the other one."""

TEXT_TRIES = 4
"""From then on a text waits as long as an email."""

GIVE_UP_AFTER = timedelta(hours=72)

MENDED_WITHIN = timedelta(minutes=30)
"""What failed because our set-up is wrong is tried again after this: somebody was told to put it right."""

OTHER_WAY_AFTER = timedelta(minutes=5)
"""What is urgent goes another way when it could not be handed over for so long."""

ARRIVES_WITHIN = timedelta(minutes=10)
"""What a provider has taken and not delivered in this time goes another way."""

ASK_AFTER = (30, 60, 120, 300, 600, 1800)
"""Seconds between two questions to a provider; the last one repeats."""

ADMIN_AFTER = timedelta(hours=1)
"""When the network manager hears that routine messages cannot be handed over."""

COUNTED_AFTER = timedelta(seconds=10)
"""Of a case that joined only just before a message was begun, nobody knows whether the message counts it."""

_AT_ANY_HOUR = frozenset({AlertStep.WEEKLY_REPORT, AlertStep.HEARTBEAT, AlertStep.DRILL})


def send_due(ports: Ports, claim: Claim) -> None:
    """Send one message from a mailbox: what is tried again first, then what is due, as much as fits together.

    1. Look again whether it is still needed: nobody is told of what was answered, taken or closed meanwhile.
    2. Write down the message and count the try, send it with no transaction open, and record how that went.
    3. The mailbox is looked at again at once, until nothing in it is due.

    Raises:
        LeaseLost: somebody else empties this mailbox, so nothing was sent here.
    """
    mailbox = Mailbox.of(claim.key)
    person = ports.people.get(mailbox.recipient)
    with ports.store.holding(claim) as unit:
        now = ports.now()
        if person is None or has_left(ports, person, now):
            _nobody(ports, unit, mailbox, now)
            _rest(unit, mailbox, claim, now)
            return
        ready = _to_retry(ports, unit, mailbox, person, now) or _next(ports, unit, mailbox, person, now)
        if ready is None or isinstance(ready, datetime):
            _rest(unit, mailbox, claim, now, ready)
            return
        dispatch, outgoing = ready
    handed = ports.send(outgoing, person)
    with ports.store.continuing(claim, ports.now()) as unit:
        _record(ports, unit, dispatch, handed, person, ports.now())


def _rest(
    unit: Unit, mailbox: Mailbox, claim: Claim, now: datetime, held_until: datetime | None = None
) -> None:
    """Put a mailbox away until something in it comes due, or until what is held back may go."""
    moments = [held_until, unit.dispatches.next_at(mailbox, now)]
    at = min((moment for moment in moments if moment is not None), default=None)
    if at is None:
        unit.tasks.finish(claim, now)
    else:
        unit.tasks.put_back(claim, at)


def _to_retry(
    ports: Ports, unit: Unit, mailbox: Mailbox, person: Person, now: datetime
) -> tuple[Dispatch, Outgoing] | None:
    """Begin a further try of a message that failed, or that a crash cut off; drop what nobody needs now.

    What is not urgent is tried again in the person's own hours. Of a ladder's repeats that pile up while a
    server is away only the last one is needed.
    """
    opens = _hours_open(ports, person, mailbox, now)
    while (dispatch := unit.dispatches.to_retry(mailbox, now)) is not None:
        told, needless = sort_out(ports, unit, dispatch.deliveries, person)
        if now - dispatch.begun_at > OTHER_WAY_AFTER:
            again = unit.dispatches.told_again(dispatch.deliveries, now)
            needless += [each.delivery for each in told if each.delivery.id in again]
            told = [each for each in told if each.delivery.id not in again]
        unit.dispatches.drop((each.id for each in needless), now)
        if told and opens > now and not any(_goes_at_any_hour(each) for each in told):
            failed = Handed(DeliveryState.TEMPORARY_FAILURE)
            unit.dispatches.record(dispatch.id, failed, now, next_at=opens)
        elif told:
            unit.dispatches.begin_again(dispatch.id, now)
            begun = unit.dispatches.get(dispatch.id)
            return begun, _outgoing(ports, unit, begun, told, person, now)
        else:
            unit.dispatches.record(dispatch.id, Handed(DeliveryState.NOT_NEEDED), now)
    return None


def _goes_at_any_hour(telling: Telling) -> bool:
    return telling.delivery.topic.step in _AT_ANY_HOUR


def _next(
    ports: Ports, unit: Unit, mailbox: Mailbox, person: Person, now: datetime
) -> tuple[Dispatch, Outgoing] | datetime | None:
    """Begin the next message of a mailbox; a moment says when to look again, None that nothing is due."""
    waiting = unit.dispatches.waiting(mailbox, now)
    told, needless = sort_out(ports, unit, waiting, person)
    unit.dispatches.drop((each.id for each in needless), now)
    if not told:
        return None
    opens = _hours_open(ports, person, mailbox, now)
    if opens > now:
        told = [each for each in told if _goes_at_any_hour(each)]
        if not told:
            return opens
    sent = unit.dispatches.sent(mailbox, now - timedelta(hours=25))
    stale = [each.delivery.id for each in told if _was_told_since(each, sent)]
    unit.dispatches.drop(stale, now)
    told = [each for each in told if each.delivery.id not in stale]
    rules = Pacing(ports.alerting, zone_of(ports, person), _is_only_way(ports, unit, mailbox, person, now))
    choice = pace(mailbox, [each.delivery for each in told], sent, now, rules)
    if choice.storm:
        _tell_of_storm(ports, unit, told, now)
    if choice.dropped:
        unit.dispatches.drop((each.id for each in choice.dropped), now)
        return now
    if not choice.now:
        return choice.look_at or now
    dispatch = unit.dispatches.begin(mailbox, choice.now, now)
    chosen = {each.id for each in choice.now}
    going = [each for each in told if each.delivery.id in chosen]
    return dispatch, _outgoing(ports, unit, dispatch, going, person, now)


def _was_told_since(telling: Telling, sent: Iterable[Sent]) -> bool:
    """Say whether a message that went out since the last case joined has told of that one too."""
    delivery = telling.delivery
    if delivery.topic.step is not AlertStep.MORE or isinstance(telling, OtherTelling):
        return False
    escalation = telling.escalation
    about = (delivery.topic.kind, delivery.topic.subject)
    return escalation is not None and any(
        about in each.topics and each.at > escalation.newest_at + COUNTED_AFTER for each in sent
    )


def _outgoing(
    ports: Ports, unit: Unit, dispatch: Dispatch, told: list[Telling], person: Person, now: datetime
) -> Outgoing:
    notices, more = notices_of(ports, unit, told, now)
    return Outgoing(
        id=dispatch.id,
        channel=dispatch.mailbox.channel,
        message_id=dispatch.message_id,
        attempt=dispatch.attempts,
        notices=notices,
        more=more,
        link=link_for(ports, unit, dispatch, told, person, now),
    )


def _hours_open(ports: Ports, person: Person, mailbox: Mailbox, now: datetime) -> datetime:
    """Return when somebody may be told what is not urgent: now, or when their hours begin at a school."""
    if mailbox.urgent:
        return now
    schools = [ports.schools[name] for name in sorted(person.schools & ports.schools.keys())]
    try:
        return min((_first_hours(person, school, now) for school in schools), default=now)
    except NoDeadlineError:
        return now  # the calendar has no working day at all: late is better than never


def _first_hours(person: Person, school: School, now: datetime) -> datetime:
    """Return the first moment of somebody's own hours on a day on which they are not away."""
    try:
        hours = own_hours(person.attendance, school.staffed)
    except ValueError:
        hours = school.staffed
    zone = school.target.zone
    at = next_staffed(now, hours, school.target, school.calendar)
    while (absence := _absence(person, at.astimezone(zone).date())) is not None:
        back = at_clock(absence.last + timedelta(days=1), time(), zone)
        at = next_staffed(back, hours, school.target, school.calendar)
    return at


def _absence(person: Person, day: date) -> DateSpan | None:
    return next((span for span in person.attendance.away if day in span), None)


def _is_only_way(ports: Ports, unit: Unit, mailbox: Mailbox, person: Person, now: datetime) -> bool:
    """Say whether every other address of somebody was refused lately, or there is none."""
    others = [channel for channel in ports.channels if channel != mailbox.channel]
    bad = unit.alerts.bad_addresses(now - REFUSED_FOR)
    return mailbox.channel in channels_for(ports, person, bad, others)


def _nobody(ports: Ports, unit: Unit, mailbox: Mailbox, now: datetime) -> None:
    """Find somebody else for everything that waits for a person who has left: it must not go unnoticed."""
    if waiting := unit.dispatches.waiting(mailbox, now):
        unit.dispatches.begin(mailbox, waiting, now)
    while (dispatch := unit.dispatches.to_retry(mailbox, now)) is not None:
        unit.dispatches.record(dispatch.id, Handed(DeliveryState.PERMANENT_FAILURE), now)
        if dispatch.deliveries:
            not_told(ports, unit, dispatch, DeliveryState.PERMANENT_FAILURE, now)


# How it went


def _record(
    ports: Ports, unit: Unit, dispatch: Dispatch, handed: Handed, person: Person, now: datetime
) -> None:
    match handed.state:
        case DeliveryState.DELIVERED:
            unit.dispatches.record(dispatch.id, handed, now)
            _note_told(unit, dispatch, now)
        case DeliveryState.SENDING:
            unit.dispatches.record(dispatch.id, handed, now)
            key = str(dispatch.id)
            at = now + timedelta(seconds=ASK_AFTER[0])
            unit.tasks.need(NewTask(TaskKind.ASK_DELIVERY, key, key, at), now)
        case DeliveryState.TEMPORARY_FAILURE if now - dispatch.begun_at < GIVE_UP_AFTER:
            _try_again(ports, unit, dispatch, handed, now)
        case DeliveryState.TECHNICAL_FAILURE if _may_be_mended(dispatch, now):
            unit.dispatches.record(dispatch.id, handed, now, next_at=now + MENDED_WITHIN)
            not_told_yet(ports, unit, dispatch, handed.state, now)
        case state:
            unit.dispatches.record(dispatch.id, handed, now)
            if state is DeliveryState.PERMANENT_FAILURE:
                _refuse_address(unit, dispatch, person, now)
            not_told(ports, unit, dispatch, state, now)


def _refuse_address(unit: Unit, dispatch: Dispatch, person: Person, now: datetime) -> None:
    channel = dispatch.mailbox.channel
    unit.alerts.refuse_address(person.name, channel, address_digest(person.address(channel)), now)


def _may_be_mended(dispatch: Dispatch, now: datetime) -> bool:
    """Say whether our set-up may be put right in time; a practice alert has shown what it was for."""
    is_drill = any(each.topic.step is AlertStep.DRILL for each in dispatch.deliveries)
    return not is_drill and now - dispatch.begun_at < GIVE_UP_AFTER


def _try_again(ports: Ports, unit: Unit, dispatch: Dispatch, handed: Handed, now: datetime) -> None:
    """Let a message wait for its next try; what is urgent goes another way too when that takes long."""
    wait = _wait(dispatch)
    unit.dispatches.record(dispatch.id, handed, now, next_at=now + wait)
    is_urgent = dispatch.mailbox.urgent
    if now + wait - dispatch.begun_at > (OTHER_WAY_AFTER if is_urgent else ADMIN_AFTER):
        takes_long(ports, unit, dispatch, now, goes_another_way=is_urgent)


def _wait(dispatch: Dispatch) -> timedelta:
    attempts = dispatch.attempts
    if dispatch.mailbox.kind is TaskKind.DELIVER_TEXT and attempts < TEXT_TRIES:
        return TEXT_RETRY
    return timedelta(minutes=RETRY_MINUTES[min(attempts, len(RETRY_MINUTES)) - 1])


def _note_told(unit: Unit, dispatch: Dispatch, now: datetime) -> None:
    """Write into the history of every case that a message told of who was told, and over what."""
    events = {}
    for each in dispatch.deliveries:
        for case in cases_of(unit, each):
            detail = f"{each.topic.step} to {each.recipient} by {each.channel}"
            events[case] = system_event(Act.TOLD, now, detail)
    unit.cases.note_all(events)


def ask_delivery(ports: Ports, claim: Claim) -> None:
    """Ask a provider what became of a message that it took; go another way when it does not arrive.

    A provider that cannot be asked is asked again: its silence says nothing about the message.
    """
    with ports.store.begin() as unit:
        dispatch = unit.dispatches.get(int(claim.subject))
    state = ports.ask(dispatch) if dispatch.state is DeliveryState.SENDING else dispatch.state
    now = ports.now()
    handed_at = dispatch.handed_at or dispatch.begun_at
    waited = now - handed_at
    if state is None and waited < GIVE_UP_AFTER:
        number = sum(handed_at + timedelta(seconds=sum(ASK_AFTER[:count])) <= now for count in range(1, 7))
        wait = timedelta(seconds=ASK_AFTER[min(number, len(ASK_AFTER) - 1)])
        late_at = handed_at + ARRIVES_WITHIN
        next_at = min(now + wait, late_at) if now < late_at else now + wait
        with ports.store.continuing(claim, next_at) as unit:
            if now >= late_at:
                takes_long(ports, unit, dispatch, now, goes_another_way=True)
        return
    with ports.store.finishing(claim) as unit:
        ended = state or DeliveryState.TEMPORARY_FAILURE
        if dispatch.state is not DeliveryState.SENDING:
            return
        unit.dispatches.record(dispatch.id, Handed(ended), now)
        if ended is DeliveryState.DELIVERED:
            _note_told(unit, dispatch, now)
        else:
            person = ports.people.get(dispatch.mailbox.recipient)
            if ended is DeliveryState.PERMANENT_FAILURE and person is not None:
                _refuse_address(unit, dispatch, person, now)
            not_told(ports, unit, dispatch, ended, now)


def _tell_of_storm(ports: Ports, unit: Unit, told: Iterable[Telling], now: datetime) -> None:
    """Tell the leadership team once a day that so much came that messages are gathered."""
    day = now.date().isoformat()
    for school in sorted({each.school for each in told}):
        if day not in unit.alerts.planned("storm", school, [AlertStep.STORM]):
            plan_for_role(ports, unit, school, Role.SLT, Topic("storm", school, AlertStep.STORM, day))
