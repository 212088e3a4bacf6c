"""What a message has to say at the moment when it is sent: what is still needed, and with what facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.abuse.explanation import reasons_of
from moderation.alert_ports import Delivery, Escalation
from moderation.alerting import occasion
from moderation.alerts import (
    AccountNotice,
    AlertStep,
    CalendarNotice,
    CaseNotice,
    DrillNotice,
    Notice,
    Person,
    ReportNotice,
    Role,
    StormNotice,
    SystemNotice,
    Topic,
)
from moderation.cases import Case, CaseId, CaseState, Clock, is_open
from moderation.desks import a_school_of, may_read
from moderation.duty import duty_is_uncovered, duty_notice
from moderation.escalating import stands_for, whom
from moderation.items import AccountName, ItemId, ItemKind, StoredItem
from moderation.morning import heartbeat_notice
from moderation.ports import Ports, School, Unit
from sla.escalation import next_rung_at, rungs_due

LISTED = 20
"""Cases that one message names at most; of the others it gives the number."""

_ABOUT_ONE_ITEM = frozenset(
    {
        AlertStep.URGENT,
        AlertStep.NEW,
        AlertStep.EDITED,
        AlertStep.NOT_DONE,
        AlertStep.HIDDEN_THERE,
        AlertStep.APPROVAL_NAMED,
    }
)
"""Steps of a case whose occasion begins with the number of an item."""

_ABOUT_AN_ORDER = frozenset({AlertStep.NOT_DONE, AlertStep.APPROVAL_NAMED})
_WHILE_OWED = frozenset({AlertStep.REMINDER, AlertStep.LATE, AlertStep.STILL_LATE})
_GRAVITY = (
    AlertStep.URGENT,
    AlertStep.MORE,
    AlertStep.STILL_OPEN,
    AlertStep.STILL_LATE,
    AlertStep.LATE,
    AlertStep.REMINDER,
    AlertStep.STAFF_ACCOUNT,
    AlertStep.WAITING,
)
"""Of several things to say about one case the first of these is said; others come after all of them."""


@dataclass(frozen=True, slots=True)
class CaseTelling:
    """A delivery that is still needed about a case, or about an escalation for which ``case`` stands."""

    delivery: Delivery
    case: Case
    clock: Clock | None
    escalation: Escalation | None

    @property
    def school(self) -> str:
        """The id of the school whose case it is."""
        return self.case.school

    @property
    def further(self) -> int:
        """How many untaken cases stand behind the one that is named."""
        return 0 if self.escalation is None else max(0, self.escalation.untaken - 1)


@dataclass(frozen=True, slots=True)
class OtherTelling:
    """A delivery that is still needed about anything else."""

    delivery: Delivery
    school: str


Telling = CaseTelling | OtherTelling


# What is still needed


def sort_out(
    ports: Ports, unit: Unit, deliveries: Sequence[Delivery], person: Person
) -> tuple[list[Telling], list[Delivery]]:
    """Return what still has to be told, in its order, and what nobody needs any more.

    Nobody is told of what was answered, taken or closed meanwhile, nor of what is about them.
    """
    about = _Cases(unit, deliveries, ports.now())
    told: list[Telling] = []
    needless: list[Delivery] = []
    for each in deliveries:
        telling = about.telling(each) or _other(ports, unit, each)
        if telling is not None and _is_for(ports, telling, person):
            told.append(telling)
        else:
            needless.append(each)
    return told, needless


class _Cases:
    """The cases of many deliveries, read together: a storm brings thousands of them."""

    def __init__(self, unit: Unit, deliveries: Iterable[Delivery], now: datetime) -> None:
        topics = {each.topic for each in deliveries}
        climbing = {int(each.subject) for each in topics if each.kind == "escalation"}
        self._escalations = {number: unit.escalations.get(number) for number in climbing}
        self._leads = {number: stands_for(unit, each, now) for number, each in self._escalations.items()}
        named = {CaseId(int(each.subject)) for each in topics if each.kind == "case"}
        self._cases = unit.cases.standings([*named, *self._leads.values()])
        self._clocks = unit.cases.clocks_of(self._cases)

    def telling(self, delivery: Delivery) -> CaseTelling | None:
        """Return what a delivery tells of a case; None where it is about something else."""
        escalation = None
        if delivery.topic.kind == "escalation":
            escalation = self._escalations[int(delivery.topic.subject)]
            case = self._cases[self._leads[escalation.id]]
        elif delivery.topic.kind == "case":
            case = self._cases[CaseId(int(delivery.topic.subject))]
        else:
            return None
        return CaseTelling(delivery, case, self._clocks.get(case.id), escalation)


def _is_for(ports: Ports, telling: Telling, person: Person) -> bool:
    if telling.school not in ports.schools:
        return False
    if isinstance(telling, OtherTelling):
        return True
    return may_read(person, telling.case) and _is_needed(telling)


def _is_needed(telling: CaseTelling) -> bool:
    step, case = telling.delivery.topic.step, telling.case
    if telling.escalation is not None:
        return _climbs(telling.escalation, step)
    if step in _ABOUT_AN_ORDER:
        return True
    if case.state is CaseState.CLOSED:
        return False
    if step in _WHILE_OWED:
        return _is_owed(telling.clock) and is_open(case.state) and not _was_redated(telling)
    if step is AlertStep.NEW:
        return case.state is CaseState.NEW or case.taken_by == telling.delivery.recipient
    return True


def _climbs(escalation: Escalation, step: AlertStep) -> bool:
    if escalation.ended_at is not None:
        return False
    if step is AlertStep.STILL_OPEN:
        return not escalation.untaken and escalation.open_cases > 0
    return escalation.untaken > 0


def _is_owed(clock: Clock | None) -> bool:
    return clock is not None and clock.stopped_at is None and clock.due_at is not None


def _was_redated(telling: CaseTelling) -> bool:
    """Say whether a reminder is about a due time that has moved since: the new one has its own reminder."""
    clock, topic = telling.clock, telling.delivery.topic
    if topic.step is not AlertStep.REMINDER or clock is None or clock.due_at is None:
        return False
    about, _, _ = topic.occasion.partition(" ")
    return not occasion(clock.due_at).startswith(about)


def _other(ports: Ports, unit: Unit, delivery: Delivery) -> OtherTelling | None:
    """Return what a delivery tells of anything but a case; None where it is not true any more."""
    topic = delivery.topic
    match topic.kind:
        case "account":
            return _about_account(ports, unit, delivery)
        case "duty":
            school = ports.schools.get(topic.subject)
            uncovered = school is not None and duty_is_uncovered(ports, school, topic, ports.now())
            return OtherTelling(delivery, topic.subject) if uncovered else None
        case "report" | "drill" | "calendar" | "storm" | "watch":
            return OtherTelling(delivery, topic.subject.partition(":")[0])
        case _:
            return OtherTelling(delivery, a_school_of(ports, delivery.recipient))


def _about_account(ports: Ports, unit: Unit, delivery: Delivery) -> OtherTelling | None:
    topic = delivery.topic
    account = ports.accounts.get(AccountName(topic.subject))
    if account is None:
        return None
    telling = OtherTelling(delivery, account.school)
    if topic.step is not AlertStep.NOT_WATCHED:
        return telling
    is_blind = unit.watching.not_watched(account.name) is not None
    _, _, part = topic.occasion.partition("#")
    is_part = bool(part) and not part.startswith("@")
    # While the whole account is not read, that one of its parts is not read says nothing more.
    return telling if is_part is not is_blind else None


# What it says


def notices_of(
    ports: Ports, unit: Unit, told: Sequence[Telling], now: datetime
) -> tuple[tuple[Notice, ...], int]:
    """Return what a message says: each case once, the gravest first, and how many it leaves out."""
    by_case: dict[CaseId, CaseTelling] = {}
    for each in sorted((each for each in told if isinstance(each, CaseTelling)), key=_gravity):
        by_case.setdefault(each.case.id, each)
    if not by_case:
        others = [each for each in told if isinstance(each, OtherTelling)]
        return tuple(_other_notice(ports, unit, each, now) for each in others), 0
    chosen = list(by_case.values())
    further = sum(each.further for each in chosen) if len(chosen) > 1 else 0
    listed = tuple(_case_notice(ports, unit, each, now) for each in chosen[:LISTED])
    return listed, len(chosen) - len(listed) + further


def _gravity(telling: CaseTelling) -> tuple[int, int, int]:
    step = telling.delivery.topic.step
    place = _GRAVITY.index(step) if step in _GRAVITY else len(_GRAVITY)
    return -int(telling.delivery.urgency), place, int(telling.case.id)


def _case_notice(ports: Ports, unit: Unit, telling: CaseTelling, now: datetime) -> CaseNotice:
    case, clock, delivery = telling.case, telling.clock, telling.delivery
    about = _item_of(unit, telling)
    ordered, result = _order_words(ports, unit, delivery.topic)
    account = ports.accounts.get(AccountName(case.account))  # it may have left the register since
    owed = clock if _is_owed(clock) else None
    next_at, next_who = _who_is_next(ports, telling, now)
    blind = unit.watching.not_watched(AccountName(case.account)) if account is not None else None
    taker = ports.people.get(case.taken_by or "")
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
        due_at=owed.due_at if owed is not None else None,
        why=owed.why if owed is not None else "",
        now=now,
        because=delivery.because,
        told=tuple(
            ports.people[name].full_name
            for name in unit.alerts.told_by(delivery.alert)
            if name in ports.people and name != delivery.recipient
        ),
        reasons=(*_persons_word(telling), *_reasons(unit, about.id)),
        private=about.kind is ItemKind.MESSAGE,
        ordered=ordered,
        result=result,
        more=telling.further,
        next_at=next_at,
        next_who=next_who,
        taken_by=taker.full_name if taker is not None and case.state is CaseState.TAKEN else "",
        taken_at=case.taken_at if case.state is CaseState.TAKEN else None,
        blind_since=None if blind is None else blind[1],
    )


def _item_of(unit: Unit, telling: CaseTelling) -> StoredItem:
    case, topic = telling.case, telling.delivery.topic
    if topic.kind == "case" and topic.step in _ABOUT_ONE_ITEM:
        return unit.items.get(ItemId(int(topic.occasion.partition(":")[0])))
    return unit.items.get(case.opening_item)


def _who_is_next(
    ports: Ports, telling: CaseTelling, now: datetime
) -> tuple[datetime | None, tuple[str, ...]]:
    """Return when and whom the next rung tells for the first time, unless somebody takes it before."""
    escalation, case = telling.escalation, telling.case
    ladder = ports.alerting.ladders.get(escalation.lane) if escalation is not None else None
    if escalation is None or ladder is None or not escalation.untaken:
        return None, ()
    come = {due.rung for due in rungs_due(ladder, escalation.began_at, escalation.holds, now)}
    for number, rung in enumerate(ladder.rungs, start=1):
        if number in come:
            continue
        paused = sum(((hold.undone_at or now) - hold.at for hold in escalation.holds), timedelta())
        people = whom(ports, case, rung.who, now)
        names = tuple(ports.people[name].full_name for name in people if name in ports.people)
        return escalation.began_at + paused + rung.after, names
    return next_rung_at(ladder, escalation.began_at, escalation.holds, now), ()


def _persons_word(telling: CaseTelling) -> tuple[str, ...]:
    """Return the reason that a person's word is, where a person's word is why it is told."""
    topic = telling.delivery.topic
    if telling.escalation is not None:
        word = telling.escalation.word
    else:
        called = topic.occasion.split(":")[2:3] if topic.step in _ABOUT_ONE_ITEM else []
        word = called[0] if called else ""
    return (f"somebody who read it calls it {word}",) if word else ()


def _order_words(ports: Ports, unit: Unit, topic: Topic) -> tuple[str, str]:
    """Return what was ordered and by whom, and what came of it, where a message is about an order."""
    if topic.step not in _ABOUT_AN_ORDER:
        return "", ""
    order = unit.orders.get(int(topic.occasion.partition(":")[2]))
    person = ports.people.get(order.by)
    name = order.by if person is None else person.full_name
    return f"{order.order.kind}, ordered by {name}", order.remark


def _reasons(unit: Unit, item: ItemId) -> tuple[str, ...]:
    said = unit.assessments.latest(item)
    return () if said is None else reasons_of(said)


def _other_notice(ports: Ports, unit: Unit, telling: OtherTelling, now: datetime) -> Notice:
    """Return what is said of anything but a case."""
    delivery, school = telling.delivery, ports.schools[telling.school]
    topic, because = delivery.topic, delivery.because
    if topic.kind == "account":
        return _account_notice(ports, unit, delivery, school, now)
    if topic.kind == "duty":
        return duty_notice(ports, school, topic, now, because)
    if topic.kind == "watch":
        return heartbeat_notice(ports, unit, school, topic, now, because)
    if topic.kind == "storm":
        cases = unit.cases.opened_since(school.id, now - _DAY)
        return StormNotice(school.name, topic.step, cases, now - _DAY, now, because)
    return _short_notice(school, topic, now, because)


def _short_notice(school: School, topic: Topic, now: datetime, because: Role) -> Notice:
    """Return what the topic itself says."""
    _, _, name = topic.subject.partition(":")
    match topic.kind:
        case "report":
            return ReportNotice(school.name, school.id, name, topic.step, now, because)
        case "drill":
            return DrillNotice(school.name, topic.step, name, now, because)
        case "calendar":
            reason, _, _ = topic.occasion.partition(":")
            return CalendarNotice(school.name, school.id, topic.step, reason, now, because)
        case what:
            number = int(topic.subject)
            return SystemNotice(school.name, topic.step, what, number, topic.occasion, now, because)


_DAY = timedelta(days=1)


def _account_notice(
    ports: Ports, unit: Unit, delivery: Delivery, school: School, now: datetime
) -> AccountNotice:
    account = ports.accounts[AccountName(delivery.topic.subject)]
    reason, _, rest = delivery.topic.occasion.partition("@")
    since, _, part = rest.partition("#")
    stream = part.partition("@")[0]
    return AccountNotice(
        school_name=school.name,
        platform=account.platform,
        account_name=account.name,
        step=delivery.topic.step,
        reason=reason,
        since=datetime.fromisoformat(since),
        now=now,
        because=delivery.because,
        stream=stream,
        detail=unit.watching.detail(account.name, stream),
    )
