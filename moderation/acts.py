"""What a person does about a case: take it, record an answer given elsewhere, close it, write a note."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from moderation.alerts import Role
from moderation.cases import Act, Case, CaseEvent, CaseId, Clock, CloseReason, IllegalMove, after
from moderation.ports import Ports, Unit
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

    Raises:
        IllegalMove: somebody was quicker, or the case is past that.
    """
    return _move(ports, case, Act.TAKEN, by, "")


def answered(ports: Ports, case: CaseId, by: str, how: str, at: datetime | None = None) -> Case:
    """Record an answer that was given outside the platform, for example on the phone: the clock stops.

    ``at`` is when it was given, by default now; it can be neither in the future nor before the message.

    Raises:
        IllegalMove: the case was answered or closed before, or ``at`` cannot be right.
    """
    now = ports.now()
    with ports.store.begin() as unit:
        clock = unit.cases.clock(case)
        given = at if at is not None else _no_earlier(now, clock)
        if given > now + timedelta(minutes=5) or (clock is not None and given < clock.received_at):
            raise IllegalMove("the answer's time is in the future or before the message came")
        unit.cases.stop_clock(case, given, StoppedHow.RECORDED)
        return _moved(unit, case, CaseEvent(Act.ANSWERED, by, now, how))


def answered_for_all(ports: Ports, case: CaseId, by: str, how: str, at: datetime | None = None) -> list[Case]:
    """Record one answer for everybody who waits under the same post, or in the same conversation.

    A reply to one parent, or a word under the post, answers nobody else by itself: a person says that it
    did. Who wrote after ``at`` goes on waiting. Returns the cases that it answered, ``case`` first.

    Raises:
        IllegalMove: ``case`` itself was answered or closed before, or ``at`` cannot be right.
    """
    first = answered(ports, case, by, how, at)
    given = at if at is not None else ports.now()
    with ports.store.begin() as unit:
        beside = unit.cases.waiting_beside(case, given)
    done = [first]
    for other in beside:
        with contextlib.suppress(IllegalMove):  # somebody else was quicker with that one
            done.append(answered(ports, other, by, f"{how} (answered for all with {first.reference})", given))
    return done


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


def _move(ports: Ports, case: CaseId, act: Act, by: str, detail: str) -> Case:
    with ports.store.begin() as unit:
        return _moved(unit, case, CaseEvent(act, by, ports.now(), detail))


def _moved(unit: Unit, case: CaseId, event: CaseEvent) -> Case:
    """Carry out a move that must succeed; the conditional update decides between two who try at once."""
    if not unit.cases.move(case, event):
        current = unit.cases.get(case).state
        after(current, event.act)
        raise IllegalMove(f"the case is already {current}")
    return unit.cases.get(case)
