"""What a person orders to be done on a platform, and how far that has come.

An order is a row before anything is sent. It is sent once: whoever dies in the middle leaves it as
``sending``, and whoever comes next reads back what became of it and sends nothing.
"""

from __future__ import annotations

from moderation.actions import ActionKind, Done, Order, OrderState, StoredOrder
from moderation.alert_ports import PlannedAlert
from moderation.alerting import plan
from moderation.alerts import AlertStep, Person, Role, Topic
from moderation.assessment import Intent, Route, Severity
from moderation.cases import Act, Case, CaseEvent, CaseId
from moderation.desks import may_read
from moderation.items import Presence, StoredItem
from moderation.ports import Ports, Unit, system_event
from moderation.presence import moved
from moderation.tasks import NewTask, TaskKind


class NotAllowed(Exception):
    """This may not be done so. The text says why and what is needed."""


_WITH_REASON = frozenset(ActionKind) - {ActionKind.REPLY}
_BY_TWO = frozenset({ActionKind.DELETE, ActionKind.BLOCK})
_ACTING = frozenset(Role) - {Role.NETWORK_MANAGER, Role.GOVERNORS}
"""Who acts for the school on a platform, each within the rules below."""

_LEADERS = frozenset({Role.SLT, Role.HEADTEACHER, Role.DSL, Role.DEPUTY_DSL})

_SAFEGUARDING = frozenset({Role.DSL, Role.DEPUTY_DSL})

_SHOWN_AS = {
    ActionKind.HIDE: Presence.HIDDEN,
    ActionKind.UNHIDE: Presence.PRESENT,
    ActionKind.DELETE: Presence.DELETED,
}


def place(ports: Ports, case: CaseId, order: Order, by: Person, approved_by: Person | None = None) -> int:
    """Write an order down, with the evidence and the work that follows; return its number.

    1. The person may read the case, the account may be acted on, and there is a reason.
    2. Some of it needs a second person who leads, who is told. Journalists are answered by those whom the
       media policy names.
    3. The history gets the digest of the words as they stand, before anything is sent.

    Raises:
        NotAllowed: one of these is missing.
    """
    with ports.store.begin() as unit:
        read = unit.cases.get(case)
        item = unit.items.get(order.item)
        _refuse_what_may_not_be(ports, read, item, order, by)
        _refuse_alone(read, order, by, approved_by)
        if order.kind is ActionKind.REPLY and (before := unit.orders.same_reply(item.id, order.words)):
            raise NotAllowed(f"order {before} is the same reply to the same item")
        second = None if approved_by is None else approved_by.name
        number = unit.orders.add(case, order, by.name, second, ports.now())
        told = f"{order.kind} of item {item.id} ordered, order {number}; its words are version {item.version}"
        why = f"; reason: {order.why}" if order.why else ""
        evidence = f"{told}, digest {unit.places.digest_of(item.id)}{why}"
        unit.cases.note(case, CaseEvent(Act.ACTED, by.name, ports.now(), evidence))
        unit.tasks.add([NewTask(TaskKind.CARRY_OUT, str(number), str(number), ports.now())], ports.now())
        if approved_by is not None:
            _tell(ports, unit, read.id, AlertStep.APPROVAL_NAMED, f"{item.id}:{number}", approved_by)
        return number


def _refuse_what_may_not_be(ports: Ports, case: Case, item: StoredItem, order: Order, by: Person) -> None:
    account = ports.accounts.get(item.account)
    if account is None or not account.may_act:
        raise NotAllowed("the account may only be read: set may_act for it, with a token that may write")
    if case.school not in by.schools or not may_read(by, case) or not by.roles & _ACTING:
        raise NotAllowed("the case is not for this person")
    if item.thread != case.thread or item.case not in (None, case.id):
        raise NotAllowed("the item does not belong to this case")
    if order.kind is ActionKind.REPLY and not order.words.strip():
        raise NotAllowed("a reply needs words")
    if order.kind in _WITH_REASON and not order.why.strip():
        raise NotAllowed("a reason is needed: it is kept with the case")


def _refuse_alone(case: Case, order: Order, by: Person, approved_by: Person | None) -> None:
    to_press = order.kind is ActionKind.REPLY and case.route is Route.MEDIA
    if to_press and not by.roles & {Role.MEDIA, Role.HEADTEACHER}:
        raise NotAllowed("journalists are answered by those whom the media policy names")
    if not _needs_a_second(case, order, by):
        return
    if approved_by is None or approved_by.name == by.name:
        raise NotAllowed("a second person has to approve this: --approved-by")
    if not approved_by.roles & _LEADERS or case.school not in approved_by.schools:
        raise NotAllowed("it is approved by the leadership team or a safeguarding lead")
    if not may_read(approved_by, case):
        raise NotAllowed("the case is not for the person who approved it")


def _needs_a_second(case: Case, order: Order, by: Person) -> bool:
    """Say whether one person alone may not order this.

    Deleting and blocking cannot be taken back. A reply where a life may be at risk is the leadership's.
    Criticism is not abuse: hiding a complaint takes two. What is with the safeguarding lead is hidden by the
    lead, or with one: hiding it may take away what somebody has to see.
    """
    if order.kind in _BY_TWO:
        return True
    if order.kind is ActionKind.REPLY:
        return case.severity is Severity.CRITICAL
    if order.kind is not ActionKind.HIDE:
        return False
    of_safeguarding = case.route is Route.DSL or case.severity is Severity.CRITICAL
    return case.intent is Intent.COMPLAINT or (of_safeguarding and not by.roles & _SAFEGUARDING)


def begin(ports: Ports, unit: Unit, number: int) -> StoredOrder | None:
    """Note that an order is about to be sent; ``None`` when it was begun before or is over."""
    return unit.orders.get(number) if unit.orders.begin(number, ports.now()) else None


def done(ports: Ports, unit: Unit, order: StoredOrder, result: Done) -> None:
    """Write down that it was done, and what follows for the item and its clock."""
    now = ports.now()
    unit.orders.end(order.id, OrderState.DONE, now, result)
    sure = "seen there" if result.confirmed else "the platform has not shown it yet"
    detail = f"order {order.id}: {order.order.kind} of item {order.order.item} done, {sure}"
    remark = f"; {result.remark}" if result.remark else ""
    unit.cases.note(order.case, system_event(Act.ACTED, now, detail + remark))
    item = unit.items.get(order.order.item)
    if (place_now := _SHOWN_AS.get(order.order.kind)) is not None:
        moved(ports, unit, item.id, item.presence, place_now)
    if order.order.kind is ActionKind.REPLY:
        # The next reading sees the reply where everybody sees it, and stops the clock.
        unit.tasks.hurry(TaskKind.POLL_ACCOUNT, [item.account], now)


def not_done(ports: Ports, unit: Unit, order: StoredOrder, state: OrderState, remark: str) -> None:
    """Write down that it was refused, or that nobody knows, and tell whoever ordered it."""
    now = ports.now()
    unit.orders.end(order.id, state, now, Done(remark=remark))
    detail = f"order {order.id}: {order.order.kind} of item {order.order.item} is {state}: {remark}"
    unit.cases.note(order.case, system_event(Act.ACTED, now, detail))
    person = ports.people.get(order.by)
    if person is not None:
        _tell(ports, unit, order.case, AlertStep.NOT_DONE, f"{order.order.item}:{order.id}", person)


def _tell(ports: Ports, unit: Unit, case: CaseId, step: AlertStep, occasion: str, person: Person) -> None:
    now = ports.now()
    role = min(person.roles, key=list(Role).index)
    topic = Topic("case", str(case), step, occasion)
    plan(ports, unit, PlannedAlert(topic, {person.name: role}, now))
