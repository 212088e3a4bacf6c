"""Who is told about what, and handing each message over until it has arrived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from moderation.abuse.explanation import reasons_of
from moderation.alerts import (
    ENDED,
    AccountNotice,
    AlertStep,
    CalendarNotice,
    CaseNotice,
    DeliveryState,
    Notice,
    Person,
    ReportNotice,
    Role,
    SystemNotice,
    Topic,
)
from moderation.assessment import Assessment, Route, Severity
from moderation.cases import Act, Case, CaseId, CaseState, Clock, is_open
from moderation.items import ItemId, ItemKind
from moderation.ports import Delivery, PlannedAlert, Ports, School, Unit, system_event
from moderation.tasks import Claim

DESKS: Mapping[Route, tuple[tuple[Role, ...], ...]] = {
    Route.MEDIA: ((Role.MEDIA,), (Role.HEADTEACHER,)),
    Route.DSL: ((Role.DSL, Role.DEPUTY_DSL),),
    Route.GOVERNORS: ((Role.GOVERNORS,), (Role.DSL, Role.DEPUTY_DSL), (Role.SLT,)),
    Route.HEADTEACHER: ((Role.HEADTEACHER,), (Role.SLT,)),
    Route.DATA_PROTECTION: ((Role.DATA_PROTECTION,), (Role.SLT,)),
    Route.SLT: ((Role.SLT,), (Role.HEADTEACHER,)),
    Route.MODERATOR: ((Role.MODERATOR,),),
}
"""The roles of each route; where nobody holds the first ones, the next group stands in."""

RETRY_MINUTES = (1, 2, 5, 10, 20, 30)
"""Minutes between tries of one message; the last one repeats until :data:`GIVE_UP_AFTER`."""

GIVE_UP_AFTER = timedelta(hours=72)

_ABOUT_ONE_ITEM = frozenset(
    {
        AlertStep.URGENT,
        AlertStep.NEW,
        AlertStep.EDITED,
        AlertStep.STAFF_ACCOUNT,
        AlertStep.NOT_DONE,
        AlertStep.HIDDEN_THERE,
        AlertStep.APPROVAL_NAMED,
    }
)

_ABOUT_AN_ORDER = frozenset({AlertStep.NOT_DONE, AlertStep.APPROVAL_NAMED})

_WHILE_OWED = frozenset({AlertStep.REMINDER, AlertStep.LATE, AlertStep.STILL_LATE})

_MISSED = frozenset(
    {
        DeliveryState.TEMPORARY_FAILURE,
        DeliveryState.PERMANENT_FAILURE,
        DeliveryState.TECHNICAL_FAILURE,
    }
)


def holders(people: Iterable[Person], school: str, roles: Iterable[Role]) -> dict[str, Role]:
    """Return who holds one of ``roles`` at ``school``, with the role that brings them in."""
    wanted = list(roles)
    return {
        person.name: next(role for role in wanted if role in person.roles)
        for person in people
        if school in person.schools and any(role in person.roles for role in wanted)
    }


def desk(ports: Ports, school: str, route: Route) -> dict[str, Role]:
    """Return who sits at a route's desk, or at the first desk behind it where somebody does."""
    return _first_holders(ports.people.values(), school, route)


def _first_holders(people: Iterable[Person], school: str, route: Route) -> dict[str, Role]:
    known = list(people)
    for roles in DESKS[route]:
        if found := holders(known, school, roles):
            return found
    return {}


def may_read(person: Person, case: Case) -> bool:
    """What the head is accused of is kept from the head, whatever other role that person holds."""
    return not (case.route is Route.GOVERNORS and Role.HEADTEACHER in person.roles)


def plan_for_case(
    ports: Ports,
    unit: Unit,
    case: Case,
    step: AlertStep,
    occasion: str,
    at: datetime,
) -> None:
    """Write down who is to be told about a case at one step; the same step and occasion is told once.

    Danger to life also goes to the safeguarding leads, whatever desk the case is on. Late cases also go
    to the leadership team, and what is late for a day to the headteacher.
    """
    readers = [person for person in ports.people.values() if may_read(person, case)]
    recipients = _first_holders(readers, case.school, case.route)
    if case.severity is Severity.CRITICAL:
        recipients = _first_holders(readers, case.school, Route.DSL) | recipients
    if step is AlertStep.LATE:
        recipients = _first_holders(readers, case.school, Route.SLT) | recipients
    if step is AlertStep.STILL_LATE:
        head = holders(readers, case.school, [Role.HEADTEACHER])
        recipients = head or _first_holders(readers, case.school, Route.GOVERNORS)
    topic = Topic("case", str(case.id), step, occasion)
    unit.alerts.plan(PlannedAlert(topic, recipients, at), ports.now())


def plan_for_role(ports: Ports, unit: Unit, school: str, role: Role, topic: Topic) -> None:
    """Write down that whoever holds ``role`` at ``school`` is to be told about ``topic`` now."""
    recipients = holders(ports.people.values(), school, [role])
    now = ports.now()
    unit.alerts.plan(PlannedAlert(topic, recipients, now), now)


def deliver(ports: Ports, claim: Claim) -> None:
    """Hand one message over.

    1. Look again whether it is still needed: nobody is reminded of what was answered meanwhile.
    2. Mark it as being sent, send it with no transaction open, and record how that went.
    3. What may yet arrive is tried again for three days; what cannot arrive is somebody's business.

    Raises:
        LeaseLost: somebody else is sending it, so nothing was sent here.
    """
    with ports.store.holding(claim) as unit:
        delivery = unit.alerts.delivery(int(claim.subject))
        person = ports.people.get(delivery.recipient)
        notice = _notice(ports, unit, delivery, person) if person and delivery.state not in ENDED else None
        if notice is not None:
            unit.alerts.begin_sending(delivery.id, ports.now())
    if person is None or notice is None:
        with ports.store.finishing(claim) as unit:
            # Somebody who has left the register is told nothing, and that must not go unnoticed.
            state = DeliveryState.NOT_NEEDED if person else DeliveryState.PERMANENT_FAILURE
            _record_end(ports, unit, delivery, state, ports.now())
        return
    state = ports.send(notice, person, delivery)
    now = ports.now()
    if state is DeliveryState.TEMPORARY_FAILURE and delivery.attempts < _tries_allowed():
        wait = RETRY_MINUTES[min(delivery.attempts, len(RETRY_MINUTES) - 1)]
        with ports.store.continuing(claim, now + timedelta(minutes=wait)) as unit:
            unit.alerts.record(delivery.id, state, now)
        return
    with ports.store.finishing(claim) as unit:
        _record_end(ports, unit, delivery, state, now)


def _tries_allowed() -> int:
    """Return how many tries fit into :data:`GIVE_UP_AFTER`."""
    first = sum(RETRY_MINUTES)
    rest = (GIVE_UP_AFTER - timedelta(minutes=first)) // timedelta(minutes=RETRY_MINUTES[-1])
    return len(RETRY_MINUTES) + rest


def _record_end(ports: Ports, unit: Unit, delivery: Delivery, state: DeliveryState, now: datetime) -> None:
    unit.alerts.record(delivery.id, state, now)
    if delivery.topic.kind == "case" and state is DeliveryState.DELIVERED:
        detail = f"{delivery.topic.step} to {delivery.recipient} by {delivery.channel}"
        unit.cases.note(CaseId(int(delivery.topic.subject)), system_event(Act.TOLD, now, detail))
    if state in _MISSED and delivery.topic.step is not AlertStep.NOT_DELIVERED:
        school = _school_of(ports, unit, delivery).id
        topic = Topic("delivery", str(delivery.id), AlertStep.NOT_DELIVERED, str(state))
        plan_for_role(ports, unit, school, Role.NETWORK_MANAGER, topic)


def _school_of(ports: Ports, unit: Unit, delivery: Delivery) -> School:
    match delivery.topic.kind:
        case "case":
            return ports.schools[unit.cases.get(CaseId(int(delivery.topic.subject))).school]
        case "account":
            return next(
                ports.schools[account.school]
                for account in ports.accounts.values()
                if account.name == delivery.topic.subject
            )
        case "report":
            return ports.schools[delivery.topic.subject.partition(":")[0]]
        case "calendar":
            return ports.schools[delivery.topic.subject]
        case _:
            person = ports.people.get(delivery.recipient)
            theirs = [name for name in ports.schools if person is None or name in person.schools]
            return ports.schools[min(theirs)]


def _notice(ports: Ports, unit: Unit, delivery: Delivery, person: Person) -> Notice | None:
    """Return what the message is about, or None when it has nothing to say any more."""
    school = _school_of(ports, unit, delivery)
    now = ports.now()
    match delivery.topic.kind:
        case "case":
            case = unit.cases.get(CaseId(int(delivery.topic.subject)))
            return _case_notice(ports, unit, delivery, case, now) if may_read(person, case) else None
        case "account":
            account = next(each for each in ports.accounts.values() if each.name == delivery.topic.subject)
            reason, _, rest = delivery.topic.occasion.partition("@")
            since, _, part = rest.partition("#")
            return AccountNotice(
                school_name=school.name,
                platform=account.platform,
                account_name=account.name,
                step=delivery.topic.step,
                reason=reason,
                since=datetime.fromisoformat(since),
                now=now,
                because=delivery.because,
                stream=part.partition("@")[0],
                detail=unit.watching.detail(account.name, part.partition("@")[0]),
            )
        case "report":
            number, _, week = delivery.topic.subject.partition(":")
            return ReportNotice(school.name, number, week, delivery.topic.step, now, delivery.because)
        case "calendar":
            reason, _, _ = delivery.topic.occasion.partition(":")
            return CalendarNotice(school.name, school.id, delivery.topic.step, reason, now, delivery.because)
        case what:
            return SystemNotice(
                school.name,
                delivery.topic.step,
                what,
                int(delivery.topic.subject),
                delivery.topic.occasion,
                now,
                delivery.because,
            )


def occasion(due: datetime, step: str = "") -> str:
    """Return what tells one telling about a due time from another: when the due time moves, so does it."""
    return f"{due:%Y-%m-%dT%H:%M:%SZ} {step}".rstrip()


def by_a_person(about: str, judged: Assessment) -> str:
    """Return the occasion of telling what a person called an item; ``about`` is that of the item itself."""
    return f"{about}:{judged.severity.word}:{judged.route}"


def _persons_word(topic: Topic) -> tuple[str, ...]:
    """Return the reason that a person's word is, where :func:`by_a_person` made the occasion."""
    if topic.step not in _ABOUT_ONE_ITEM:
        return ()  # the occasion is a time, which holds colons too
    called = topic.occasion.split(":")[2:3]
    return tuple(f"somebody who read it calls it {word}" for word in called)


def _was_redated(delivery: Delivery, clock: Clock | None) -> bool:
    """Say whether a reminder is about a due time that has moved since: the new one has its own reminder."""
    if clock is None or clock.due_at is None:
        return False
    about, _, _ = delivery.topic.occasion.partition(" ")
    return not occasion(clock.due_at).startswith(about)


def _case_notice(
    ports: Ports, unit: Unit, delivery: Delivery, case: Case, now: datetime
) -> CaseNotice | None:
    clock = unit.cases.clock(case.id)
    owed = clock is not None and clock.stopped_at is None and clock.due_at is not None
    if case.state is CaseState.CLOSED and delivery.topic.step not in _ABOUT_AN_ORDER:
        return None
    if delivery.topic.step in _WHILE_OWED and not (owed and is_open(case.state)):
        return None
    if delivery.topic.step is AlertStep.REMINDER and _was_redated(delivery, clock):
        return None
    tells_of_one_item = delivery.topic.step in _ABOUT_ONE_ITEM
    number = int(delivery.topic.occasion.partition(":")[0]) if tells_of_one_item else case.opening_item
    about = unit.items.get(ItemId(number))
    ordered, result = _order_words(ports, unit, delivery.topic)
    account = ports.accounts.get(about.account)  # it may have left the register since
    return CaseNotice(
        reference=case.reference,
        school_name=ports.schools[case.school].name,
        platform=case.platform,
        account_handle=account.handle if account is not None else "",
        step=delivery.topic.step,
        severity=case.severity,
        labels=case.labels,
        intent=case.intent,
        route=case.route,
        uncertain=case.uncertain,
        text=about.text,
        author_name=about.author.name,
        permalink=about.permalink,
        received_at=clock.received_at if clock is not None else about.first_seen_at,
        due_at=clock.due_at if clock is not None and owed else None,
        why=clock.why if clock is not None and owed else "",
        now=now,
        because=delivery.because,
        told=tuple(
            ports.people[name].full_name for name in unit.alerts.also_told(delivery) if name in ports.people
        ),
        reasons=(*_persons_word(delivery.topic), *_reasons(unit, about.id)),
        private=about.kind is ItemKind.MESSAGE,
        ordered=ordered,
        result=result,
    )


def _order_words(ports: Ports, unit: Unit, topic: Topic) -> tuple[str, str]:
    """Return what was ordered and by whom, and what came of it, where a message is about an order."""
    if topic.step not in _ABOUT_AN_ORDER:
        return "", ""
    order = unit.orders.get(int(topic.occasion.partition(":")[2]))
    person = ports.people.get(order.by)
    who = order.by if person is None else person.full_name
    return f"{order.order.kind}, ordered by {who}", order.remark


def _reasons(unit: Unit, item: ItemId) -> tuple[str, ...]:
    said = unit.assessments.latest(item)
    return () if said is None else reasons_of(said)
