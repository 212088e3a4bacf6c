"""Taking a case from the page that a message leads to: one button, for one person, undone for ten minutes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.acts import give_back_in, take_in
from moderation.alert_ports import Dispatch, Link
from moderation.alerts import AlertStep, Person
from moderation.cases import Act, Case, CaseEvent, CaseId, CaseState, IllegalMove
from moderation.desks import has_left, may_read
from moderation.drills import answer_in
from moderation.ports import Ports, Unit
from moderation.telling import OtherTelling, Telling

UNDO_WITHIN = timedelta(minutes=10)
"""For so long a person can take back that they pressed the button."""

_ID_BYTES = 12

_TO_TAKE = frozenset(
    {
        AlertStep.URGENT,
        AlertStep.MORE,
        AlertStep.WAITING,
        AlertStep.NEW,
        AlertStep.STAFF_ACCOUNT,
        AlertStep.REMINDER,
        AlertStep.LATE,
        AlertStep.STILL_LATE,
        AlertStep.EDITED,
        AlertStep.HIDDEN_THERE,
        AlertStep.DRILL,
    }
)
"""The steps at which there is something to take."""


@dataclass(frozen=True, slots=True)
class LinkedCases:
    """What a link is about, as it stands now. ``is_drill``: a practice alert, which no case belongs to."""

    link: Link
    cases: tuple[Case, ...]
    is_drill: bool


def link_for(
    ports: Ports, unit: Unit, dispatch: Dispatch, told: Sequence[Telling], person: Person, now: datetime
) -> str | None:
    """Return the name of the page that takes what a message tells of; None where there is nothing to take."""
    to_take = [each for each in told if each.delivery.topic.step in _TO_TAKE and _is_to_take(each)]
    if not ports.alerting.links or not to_take:
        return None
    made = Link(
        id=secrets.token_urlsafe(_ID_BYTES),
        person=person.name,
        dispatch=dispatch.id,
        made_at=now,
        expires_at=now + ports.alerting.link_life,
        used_at=None,
        undone_at=None,
    )
    return unit.links.make(made).id


def _is_to_take(telling: Telling) -> bool:
    if isinstance(telling, OtherTelling):
        return telling.delivery.topic.step is AlertStep.DRILL
    if telling.escalation is not None:
        return telling.escalation.untaken > 0
    return telling.case.state is CaseState.NEW


def linked(unit: Unit, name: str) -> LinkedCases | None:
    """Return what a link is about; None where there is no such link.

    It is about the cases of which its message told, and those that stood behind them when it was sent.
    """
    link = unit.links.get(name)
    if link is None:
        return None
    dispatch = unit.dispatches.get(link.dispatch)
    numbers: dict[CaseId, None] = {}
    for each in dispatch.deliveries:
        if each.topic.kind == "case":
            numbers[CaseId(int(each.topic.subject))] = None
        elif each.topic.kind == "escalation":
            behind = unit.escalations.joined_by(int(each.topic.subject), dispatch.begun_at)
            numbers |= dict.fromkeys(behind)
    known = unit.cases.standings(numbers)
    is_drill = any(each.topic.step is AlertStep.DRILL for each in dispatch.deliveries)
    return LinkedCases(link, tuple(known[number] for number in numbers), is_drill)


def take_by_link(ports: Ports, name: str) -> bool:
    """Take everything that a link is about and that nobody has; return whether there was such a link.

    Pressed twice it is taken once. A link that has expired, or whose person has left, takes nothing.
    """
    now = ports.now()
    with ports.store.begin() as unit:
        found = linked(unit, name)
        person = None if found is None else ports.people.get(found.link.person)
        if found is None or person is None or now >= found.link.expires_at or has_left(ports, person, now):
            return found is not None
        if not unit.links.use(name, now):
            return True
        if found.is_drill:
            _answer_drill(unit, found, now)
        # What has turned out to be about this person since the message was sent is for somebody else.
        theirs = [case for case in found.cases if may_read(person, case)]
        for case in sorted(theirs, key=lambda each: each.id):
            try:
                take_in(unit, case.id, found.link.person, now, "by link")
            except IllegalMove:
                continue  # somebody was quicker, or it is answered: the page says so
    return True


def _answer_drill(unit: Unit, found: LinkedCases, now: datetime) -> None:
    for each in unit.dispatches.get(found.link.dispatch).deliveries:
        if each.topic.step is AlertStep.DRILL:
            answer_in(unit, each.alert, found.link.person, now)


def undo_link(ports: Ports, name: str) -> bool:
    """Give back what a link took in the last ten minutes; return whether there was anything to give back."""
    now = ports.now()
    with ports.store.begin() as unit:
        found = linked(unit, name)
        if found is None or not unit.links.undo(name, now, now - UNDO_WITHIN):
            return False
        for case in sorted(found.cases, key=lambda each: each.id):
            if case.taken_by == found.link.person and case.taken_at == found.link.used_at:
                _give_back(unit, case, found.link.person, now)
    return True


def _give_back(unit: Unit, case: Case, by: str, now: datetime) -> None:
    """Let nobody have a case again. An answer stays one; what was raised again since then climbs on."""
    if case.state is CaseState.TAKEN:
        give_back_in(unit, case.id, by, now, "undone by link")
        return
    climbed = unit.escalations.of_case(case.id)
    if case.state is CaseState.ANSWERED and climbed is not None and climbed.lane.at_any_hour:
        unit.escalations.give_back(case.id, now)
        unit.cases.note(case.id, CaseEvent(Act.GIVEN_BACK, by, now, "undone by link"))
