"""What a person does about a case: take it, record an answer given elsewhere, close it, write a note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.alerts import Role
from moderation.cases import (
    Act,
    Case,
    CaseEvent,
    CaseId,
    CaseState,
    Clock,
    CloseReason,
    IllegalMove,
    after,
    needs_a_person,
)
from moderation.desks import may_read
from moderation.edits import tell_changed
from moderation.items import StoredItem
from moderation.ports import Ports, Unit
from moderation.response import settle
from sla.clocks import Outcome, StoppedHow, outcome

STOPPED_BY: Mapping[CloseReason, StoppedHow] = {
    CloseReason.NO_REPLY_NEEDED: StoppedHow.EXEMPT,
    CloseReason.SPAM: StoppedHow.EXEMPT,
    CloseReason.WITHDRAWN: StoppedHow.WITHDRAWN,
    CloseReason.ABUSE_HANDLED: StoppedHow.HELD,
    CloseReason.MEDIA_POLICY: StoppedHow.HELD,
}
"""What a person's reason for closing a case makes of its running clock."""


EXCUSERS = frozenset({Role.SLT, Role.HEADTEACHER, Role.GOVERNORS})
"""Who may say that a late answer could not be helped."""


def take(ports: Ports, case: CaseId, by: str) -> Case:
    """``by`` is on it: escalation stops, the policy clock runs on.

    What climbs again after somebody had taken or answered it can be taken once more.

    Raises:
        IllegalMove: somebody was quicker, the case is past that, or it is about ``by``.
    """
    with ports.store.begin() as unit:
        _refuse_if_about(ports, unit, case, by)
        return take_in(unit, case, by, ports.now())


def take_in(unit: Unit, case: CaseId, by: str, at: datetime, how: str = "") -> Case:
    """Do what :func:`take` does inside a transaction; ``how`` is added to the history.

    Raises:
        IllegalMove: as there.
    """
    event = CaseEvent(Act.TAKEN, by, at, how)
    if unit.cases.move(case, event):
        return unit.cases.get(case)
    escalation = unit.escalations.of_case(case)
    climbs = escalation is not None and case in unit.escalations.untaken_cases(escalation.id)
    known = unit.cases.get(case)
    if not climbs or known.state is CaseState.CLOSED:
        after(known.state, Act.TAKEN)
        raise IllegalMove(f"the case is already {known.state}")
    unit.cases.take_over(case, event)
    return unit.cases.get(case)


def give_back(ports: Ports, case: CaseId, by: str, why: str = "") -> Case:
    """Nobody has the case any more: what climbed until it was taken climbs on.

    Raises:
        IllegalMove: nobody had taken it.
    """
    with ports.store.begin() as unit:
        return give_back_in(unit, case, by, ports.now(), why)


def give_back_in(unit: Unit, case: CaseId, by: str, at: datetime, why: str) -> Case:
    """Do what :func:`give_back` does inside a transaction.

    Raises:
        IllegalMove: as there.
    """
    return _moved(unit, case, CaseEvent(Act.GIVEN_BACK, by, at, why))


@dataclass(frozen=True, slots=True)
class AnsweredForAll:
    """What one answer for everybody did: the cases that it answered, the named one first, and those of other
    desks, which it left open.
    """

    answered: tuple[Case, ...]
    left: tuple[Case, ...]


def answered(ports: Ports, case: CaseId, by: str, how: str, at: datetime | None = None) -> Case:
    """Record an answer that was given outside the platform, for example on the phone: the clock stops.

    ``at`` is when it was given, by default now; it can be neither in the future nor before the message. What
    the author wrote after it starts a new wait, in a case of its own.

    Raises:
        IllegalMove: the case was answered or closed before, or ``at`` cannot be right.
    """
    now = ports.now()
    with ports.store.begin() as unit:
        _refuse_if_about(ports, unit, case, by)
        unit.items.lock_thread(unit.cases.get(case).thread)
        _record_answer(unit, case, CaseEvent(Act.ANSWERED, by, now, how), at)
        _settle_after(ports, unit, [case])
        return unit.cases.get(case)


def answered_for_all(
    ports: Ports, case: CaseId, by: str, how: str, at: datetime | None = None
) -> AnsweredForAll:
    """Record one answer for everybody who waits under the same post, or in the same conversation.

    A reply to one parent, or a word under the post, answers nobody else by itself: a person says that it
    did. Who wrote after ``at`` goes on waiting. What is serious, doubtful, for another desk or not yet scored
    needs an answer of its own and stays open; only ``case`` itself is answered whatever it is. All of it is
    written at once.

    Raises:
        IllegalMove: ``case`` itself was answered or closed before, or ``at`` cannot be right.
    """
    now = ports.now()
    given = at if at is not None else now
    with ports.store.begin() as unit:
        _refuse_if_about(ports, unit, case, by)
        named = unit.cases.get(case)
        threads = {named.thread, *(each.thread for each in unit.cases.waiting_beside(case, given))}
        for thread in sorted(threads):
            unit.items.lock_thread(thread)
        # Asked again, now that nobody else can settle them.
        beside = [each for each in unit.cases.waiting_beside(case, given) if each.thread in threads]
        covered = {each.id for each in beside if _is_ordinary(unit, each)}
        done = [case]
        for number in sorted({case, *covered}):
            words = how if number == case else f"{how} (answered for all with {named.reference})"
            event = CaseEvent(Act.ANSWERED, by, now, words)
            if number == case:
                _record_answer(unit, case, event, at)
            elif unit.cases.stop_clock(number, given, StoppedHow.RECORDED):
                # Else somebody has just closed it.
                _moved(unit, number, event)
                done.append(number)
        _settle_after(ports, unit, done)
        return AnsweredForAll(
            answered=tuple(unit.cases.get(number) for number in done),
            left=tuple(each for each in beside if each.id not in covered),
        )


def _is_ordinary(unit: Unit, case: Case) -> bool:
    """Say whether a word for everybody may answer a case: for all that its author has written there.

    What has not been scored yet may be anything.
    """
    theirs = [each.id for each in _by_its_author(unit, case)]
    return not needs_a_person(case) and all(
        each[-1].scored for each in unit.items.versions_of(theirs).values()
    )


def _by_its_author(unit: Unit, case: Case) -> list[StoredItem]:
    author = unit.items.get(case.opening_item).author_key
    return [each for each in unit.items.thread_of(case.thread, [author]) if each.author_key == author]


def _record_answer(unit: Unit, case: CaseId, event: CaseEvent, at: datetime | None) -> None:
    clock = unit.cases.clock(case)
    given = at if at is not None else _no_earlier(event.at, clock)
    if given > event.at + timedelta(minutes=5) or (clock is not None and given < clock.received_at):
        raise IllegalMove("the answer's time is in the future or before the message came")
    unit.cases.stop_clock(case, given, StoppedHow.RECORDED)
    _moved(unit, case, event)


def _settle_after(ports: Ports, unit: Unit, cases: Iterable[CaseId]) -> None:
    """Let what was written after a recorded answer start a new wait; tell of what was changed after it."""
    for case in cases:
        known = unit.cases.get(case)
        if known.account not in ports.accounts:
            continue  # it has left the register: nobody is owed anything there any more
        opener = unit.items.get(known.opening_item)
        settle(ports, unit, opener, opener.author_key)
        tell_changed(ports, unit, [each for each in _by_its_author(unit, known) if each.case == case])


def excuse(ports: Ports, case: CaseId, by: str, why: str) -> None:
    """Keep the leadership's reason why a late answer could not be helped. The answer stays late.

    Raises:
        IllegalMove: the case is not late.
    """
    now = ports.now()
    with ports.store.begin() as unit:
        clock = unit.cases.clock(case)
        if (
            clock is None
            or outcome(clock.due_at, clock.stopped_at, clock.stopped_how, now) is not Outcome.LATE
        ):
            raise IllegalMove("there is nothing to excuse: its answer is not late")
        unit.cases.excuse(case, why)
        unit.cases.note(case, CaseEvent(Act.EXCUSED, by, now, why))


def close(ports: Ports, case: CaseId, by: str, reason: CloseReason, detail: str = "") -> Case:
    """Close a case without a further public answer, for a reason that the report shows.

    Raises:
        IllegalMove: the case was closed before, or ``done`` was given while an answer is still owed.
    """
    now = ports.now()
    with ports.store.begin() as unit:
        _refuse_if_about(ports, unit, case, by)
        clock = unit.cases.clock(case)
        running = clock is not None and clock.stopped_at is None
        if running and reason not in STOPPED_BY:
            raise IllegalMove(
                "an answer is still owed: record it, or close with the reason why none is needed"
            )
        if running:
            unit.cases.stop_clock(case, _no_earlier(now, clock), STOPPED_BY[reason])
        return _moved(
            unit, case, CaseEvent(Act.CLOSED, by, now, f"{reason}: {detail}" if detail else str(reason))
        )


def _no_earlier(now: datetime, clock: Clock | None) -> datetime:
    """Return ``now``, but no time before the message: a platform's clock may be minutes ahead of ours."""
    return now if clock is None else max(now, clock.received_at)


def note(ports: Ports, case: CaseId, by: str, words: str) -> None:
    """Add a person's note to the history of a case."""
    with ports.store.begin() as unit:
        unit.cases.get(case)
        unit.cases.note(case, CaseEvent(Act.NOTED, by, ports.now(), words))


def _refuse_if_about(ports: Ports, unit: Unit, case: CaseId, by: str) -> None:
    """Refuse that somebody deals with what is about themselves, or is not for them to know."""
    person = ports.people.get(by)
    if person is not None and not may_read(person, unit.cases.get(case)):
        raise IllegalMove("it is for somebody else to deal with")


def _moved(unit: Unit, case: CaseId, event: CaseEvent) -> Case:
    """Carry out a move that must succeed; the conditional update decides between two who try at once."""
    if not unit.cases.move(case, event):
        current = unit.cases.get(case).state
        after(current, event.act)
        raise IllegalMove(f"the case is already {current}")
    return unit.cases.get(case)
