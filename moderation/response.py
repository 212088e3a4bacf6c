"""Who is owed an answer, by when, and whether they got it: threads become cases with clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from moderation.calendars import tell as tell_calendar
from moderation.cases import Act, Case, CaseEvent, CaseId, Clock, is_open, needs_a_person
from moderation.edits import tell_changed
from moderation.items import ItemId, ItemKind, StoredItem
from moderation.ports import Account, Ports, School, Unit, system_event
from moderation.promises import clock_for
from moderation.tasks import Claim, NewTask, TaskKind
from sla import clocks
from sla.clocks import ClockState, FactKind, StoppedHow

_FACT_OF = {
    StoppedHow.RECORDED: FactKind.ACKED,
    StoppedHow.EXEMPT: FactKind.NO_REPLY,
    StoppedHow.WITHDRAWN: FactKind.NO_REPLY,
    StoppedHow.HELD: FactKind.HELD,
}
"""What a recorded end is to the clock rules; an answer seen on the platform speaks for itself."""


@dataclass(frozen=True, slots=True)
class _Waits:
    """What words do not tell: which messages clocks were started for, and since when an edited one asks."""

    promised: Set[ItemId]
    asking_since: Mapping[ItemId, datetime]


@dataclass(frozen=True, slots=True)
class _Group:
    """One duty: the message that opened it, the messages that joined it, and what the clock rules say."""

    opener: StoredItem
    members: tuple[StoredItem, ...]
    clock: clocks.Clock
    answer: ItemId | None

    @property
    def messages(self) -> tuple[StoredItem, ...]:
        """Everything that waits, or waited, for the one answer."""
        return (self.opener, *self.members)


def settle_reply(ports: Ports, claim: Claim) -> None:
    """Our own message was seen: settle everybody whom it may have answered."""
    with ports.store.finishing(claim) as unit:
        reply = unit.items.get(ItemId(int(claim.subject)))
        unit.items.lock_thread(reply.thread)
        settle_answered(ports, unit, reply)


def settle_answered(ports: Ports, unit: Unit, reply: StoredItem) -> None:
    """Settle everybody whom a reply of the school, or of somebody authorised, may have answered."""
    answered = set(reply.mentions) | {unit.items.parent_authors([reply])[reply.id]}
    if reply.kind is ItemKind.MESSAGE and (partner := _partner(unit, reply.thread)):
        answered.add(partner)
    for author in sorted(name for name in answered if name is not None):
        settle(ports, unit, reply, author)


def settle(ports: Ports, unit: Unit, item: StoredItem, author: str) -> dict[ItemId, Case]:
    """Bring one author's cases in one thread up to date with what is known now.

    1. Read the author's messages and our own in the thread, with what people recorded about them.
    2. Let the clock rules say which messages opened a duty, which joined one, and which were answered.
    3. Open a case with a clock for every duty that has none; stop the clocks that were answered.

    Running it twice changes nothing. Returns the case of each message that belongs to a duty.
    """
    school, account = ports.school_of(item.account), ports.accounts[item.account]
    own = account.external_id
    items = unit.items.thread_of(item.thread, [author, *sorted(account.responders)])
    mine = [each for each in items if not each.is_own and each.author_key == author]
    known = unit.cases.clocks_of({CaseId(each.case) for each in mine if each.case is not None})
    waits = _Waits({clock.item for clock in known.values()}, _asking_since(unit, mine, known))
    spoken = _with_partner(items, author, _partner(unit, item.thread))
    result = clocks.evaluate(
        _messages(spoken, unit.items.parent_authors(items), account, waits),
        [*_recorded(known, mine), *_automatic(items, account), *_on_the_platform(unit, items)],
        clocks.ThreadRules(
            own=frozenset({own}),
            responders=account.responders,
            staff=account.staff,
            target=school.target,
            calendar=school.calendar,
            go_live=account.go_live,
            auto_ack_counts=school.auto_ack_counts,
        ),
        ports.now(),
    )
    groups = _groups(mine, items, result)
    homes = _homes(unit, groups, known)
    found: dict[ItemId, Case] = {}
    for group in groups:
        case = _case_of(ports, unit, group, homes.get(group.opener.id), waits.promised)
        _keep_clock(ports, unit, school, case, group)
        found.update(dict.fromkeys((each.id for each in group.messages), case))
    return found


def _partner(unit: Unit, thread: int) -> str | None:
    """Return with whom alone we talk in private in a thread; ``None`` where that is nobody, or several."""
    others = unit.items.others_in_private(thread)
    return others.pop() if len(others) == 1 else None


def _with_partner(items: Iterable[StoredItem], author: str, partner: str | None) -> list[StoredItem]:
    """Let what we wrote in a private talk name the one whom we talk with: nothing there is a reply."""
    return [
        replace(each, mentions=(*each.mentions, author))
        if author == partner and each.is_own and each.kind is ItemKind.MESSAGE
        else each
        for each in items
    ]


def _asking_since(
    unit: Unit, mine: Iterable[StoredItem], known: Mapping[CaseId, Clock]
) -> dict[ItemId, datetime]:
    """Return since when those messages ask that began to do so by an edit, R8: no clock starts in the past.

    A version that was scored and left without a clock asked for nothing: emoji, or one parent to another. The
    first version after it counts, from when we saw it. What such a message once started stays as it is, and
    one that has joined an earlier wait is no reason to date that one back.
    """
    started = {clock.item: clock for clock in known.values()}
    edited = {each.id: each for each in mine if each.version > 1}
    versions = unit.items.versions_of(edited)
    since: dict[ItemId, datetime] = {}
    for number, item in edited.items():
        clock = started.get(number) or (None if item.case is None else known.get(CaseId(item.case)))
        if clock is not None:
            since[number] = max(item.received_at, clock.received_at)
            continue
        asked_nothing = [each.number for each in versions[number][:-1] if each.scored]
        if asked_nothing:
            began = next(each for each in versions[number] if each.number > asked_nothing[-1])
            since[number] = max(item.received_at, began.seen_at)
    return {number: at for number, at in since.items() if at != edited[number].received_at}


def _messages(
    items: Iterable[StoredItem], parents: Mapping[ItemId, str | None], account: Account, waits: _Waits
) -> list[clocks.Message]:
    return [
        clocks.Message(
            id=item.external_id,
            by=account.external_id if item.is_own else item.author_key,
            at=waits.asking_since.get(item.id, _written(item, account)),
            seen=max(item.first_seen_at, waits.asking_since.get(item.id, item.first_seen_at)),
            parent_id=item.parent_id,
            parent_by=parents[item.id],
            mentions=item.mentions,
            names_school=item.names_school,
            kind=clocks.kind_of(item.text),
            promised=item.id in waits.promised,
        )
        for item in items
    ]


def _written(item: StoredItem, account: Account) -> datetime | None:
    """Return when a message counts as written; what is older than the school's beginning stays as old."""
    return item.created_at if item.is_older_than(account.go_live) else item.told_at


def _recorded(known: Mapping[CaseId, Clock], mine: Iterable[StoredItem]) -> list[clocks.Fact]:
    """What people recorded about earlier duties, in the words of the clock rules.

    It holds for every message that the case had by then, so that it does not matter which of them turns
    out to be the first. What a person recorded comes after the message that it is about, be it by a hair.
    """
    facts = []
    for item in mine:
        clock = None if item.case is None else known.get(CaseId(item.case))
        if clock is None or clock.stopped_at is None or clock.stopped_how not in _FACT_OF:
            continue
        if item.received_at <= clock.stopped_at:
            at = max(clock.stopped_at, item.received_at + timedelta(microseconds=1))
            facts.append(clocks.Fact(_FACT_OF[clock.stopped_how], of=item.external_id, at=at))
    return facts


def _automatic(items: Iterable[StoredItem], account: Account) -> list[clocks.Fact]:
    """Which of our own messages no person wrote, told by the words that the platform was given for them."""
    wanted = {_plain(text) for text in account.automatic_replies}
    return [
        clocks.Fact(FactKind.AUTO, of=item.external_id, at=item.received_at)
        for item in items
        if item.is_own and wanted and _plain(item.text) in wanted
    ]


def _on_the_platform(unit: Unit, items: Iterable[StoredItem]) -> list[clocks.Fact]:
    """What happened to messages on the platform itself: deleted, hidden."""
    numbers = {item.id: item.external_id for item in items}
    return [
        clocks.Fact(fact.kind, of=numbers[fact.item], at=fact.at, by=fact.by)
        for fact in unit.facts.of(numbers)
    ]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _groups(
    mine: Iterable[StoredItem], items: Iterable[StoredItem], result: Mapping[str, clocks.Clock]
) -> list[_Group]:
    numbers = {item.external_id: item.id for item in items}
    members: dict[str, list[StoredItem]] = {}
    openers: list[StoredItem] = []
    for item in mine:
        clock = result[item.external_id]
        if clock.state is ClockState.JOINED and clock.opener is not None:
            members.setdefault(clock.opener, []).append(item)
        elif clock.due is not None or clock.stopped_at is not None or clock.state is ClockState.OPEN:
            openers.append(item)
    return [
        _Group(
            opener=item,
            members=tuple(members.get(item.external_id, ())),
            clock=result[item.external_id],
            answer=numbers.get(result[item.external_id].acked_by_message or ""),
        )
        for item in openers
    ]


def _homes(unit: Unit, groups: Iterable[_Group], known: Mapping[CaseId, Clock]) -> dict[ItemId, CaseId]:
    """Return the case in which each duty goes on, by the duty's first message; some need one of their own.

    A case goes with the message that its clock was started for, and so holds one duty only: of two messages
    that had joined and turn out to lie on two sides of an answer, the later one gets a case of its own. A
    case without a clock, in which somebody looks at one of the messages, becomes the case of its duty.
    """
    duties = list(groups)
    clock_of = {clock.item: case for case, clock in known.items()}
    homes: dict[ItemId, CaseId] = {}
    for group in duties:
        theirs = [clock_of[each.id] for each in group.messages if each.id in clock_of]
        numbers = {CaseId(each.case) for each in group.messages if each.case is not None}
        for case in sorted(numbers - set(homes.values())):
            if case not in known and is_open(unit.cases.get(case).state):
                theirs.append(case)
        if theirs:
            homes[group.opener.id] = theirs[0]
    return homes


def _case_of(ports: Ports, unit: Unit, group: _Group, home: CaseId | None, fixed: Set[ItemId]) -> Case:
    """Return the case of one duty, opened if it has none, with the duty's messages in it.

    ``fixed`` are the messages that clocks were started for: they stay where they are.
    """
    now = ports.now()
    if home is not None:
        case = unit.cases.get(home)
    else:
        school = ports.accounts[group.opener.account].school
        case = unit.cases.open(group.opener, school, unit.assessments.latest(group.opener.id), now)
    newcomers = [each for each in group.messages if each.case != case.id and each.id not in fixed]
    unit.items.put_in_case([each.id for each in newcomers], case.id)
    for each in newcomers:
        if each.id == case.opening_item:
            continue
        unit.cases.note(case.id, system_event(Act.JOINED, now, f"item {each.id}"))
        assessment = unit.assessments.latest(each.id)
        if assessment is not None:
            unit.cases.raise_to(case.id, assessment)
    return case


def _keep_clock(ports: Ports, unit: Unit, school: School, case: Case, group: _Group) -> None:
    """Start the case's clock, move one that turns out to have begun earlier, stop one that was answered."""
    now = ports.now()
    wanted = clock_for(case.id, group.opener, group.clock.received, school)
    current = unit.cases.clock(case.id)
    if current is None:
        unit.cases.start_clock(wanted)
        unit.tasks.add(
            [NewTask(TaskKind.WATCH_CLOCK, key=str(case.id), subject=str(case.id), next_at=now)], now
        )
        if wanted.due_at is None:
            tell_calendar(ports, unit, school.id, "no_deadline", school.calendar.version)
    elif wanted.received_at < current.received_at:
        _date_back(ports, unit, school, current, wanted)
    stopped_at, how = group.clock.stopped_at, group.clock.stopped_how
    if stopped_at is None or how is None:
        return
    if unit.cases.stop_clock(case.id, stopped_at, how, group.answer):
        end = _end_of(how, now)
        # What is serious stays open although no answer is owed any more: a person closes it.
        stays = end.act is Act.CLOSED and needs_a_person(unit.cases.get(case.id))
        if stays or not unit.cases.move(case.id, end):
            unit.cases.note(case.id, replace(end, act=Act.NOTED))
        tell_changed(ports, unit, group.messages)


def _date_back(ports: Ports, unit: Unit, school: School, current: Clock, wanted: Clock) -> None:
    """Let a clock begin with an earlier message; no due time that is there is given up for none."""
    now = ports.now()
    if wanted.due_at is None and current.due_at is not None:
        tell_calendar(ports, unit, school.id, "no_deadline", school.calendar.version)
    elif unit.cases.redate_clock(wanted, now):
        unit.tasks.hurry(TaskKind.WATCH_CLOCK, [str(wanted.case)], now)


def _end_of(how: StoppedHow, now: datetime) -> CaseEvent:
    if how is StoppedHow.ANSWERED:
        return system_event(Act.ANSWERED, now, "our reply was seen on the platform")
    if how is StoppedHow.WITHDRAWN:
        return system_event(Act.CLOSED, now, "its author deleted it, or it was recorded as withdrawn")
    if how is StoppedHow.HELD:
        return system_event(Act.CLOSED, now, "it was hidden or removed, or must not be answered")
    act = Act.ANSWERED if how is StoppedHow.RECORDED else Act.CLOSED
    return system_event(act, now, "what was recorded for an earlier message covers it")
