"""An alarm that was none: a person says so, with the reason, and nobody is told any more."""

from __future__ import annotations

from moderation.acts import close
from moderation.alerts import Person
from moderation.cases import Act, Case, CaseEvent, CaseId, CaseState, CloseReason, IllegalMove
from moderation.desks import may_read
from moderation.feedback import Says, judge
from moderation.judgements import Correction, Mark
from moderation.ports import Ports


def false_alarm(ports: Ports, case: CaseId, person: Person, why: str) -> Case:
    """Record that a case is a false alarm: what climbed stops, and scoring learns from it.

    Where an answer is owed the case stays open for it: it is an ordinary message then. Otherwise it is
    closed.

    Raises:
        IllegalMove: the case is closed.
        MayNotJudge: the person has no role for it.
        NotFitting: no alarm was raised about it.
    """
    with ports.store.begin() as unit:
        known = unit.cases.get(case)
        clock = unit.cases.clock(case)
    if known.state is CaseState.CLOSED:
        raise IllegalMove("the case is already closed")
    if not may_read(person, known):
        raise IllegalMove("it is for somebody else to deal with")
    judge(ports, known.opening_item, person, Says(Mark.FALSE_ALARM, Correction(), why))
    now = ports.now()
    with ports.store.begin() as unit:
        unit.cases.note(case, CaseEvent(Act.FALSE_ALARM, person.name, now))
        unit.escalations.have(case, person.name, now)
        if clock is not None and clock.stopped_at is None:
            return unit.cases.get(case)
    return close(ports, case, person.name, CloseReason.FALSE_ALARM)
