"""The pages that messages lead to, served from the store: what they show, and what their button does."""

from __future__ import annotations

from datetime import datetime

from console.links import LinkDesk, LinkState, LinkView
from moderation.cases import Case, CaseState, is_open
from moderation.links import UNDO_WITHIN, LinkedCases, linked, take_by_link, undo_link
from moderation.ports import Ports, Unit
from notifications.times import clock_words, deadline_words, moment_words

SHOWN = 20
"""Cases that a page names at most."""


def link_desk(ports: Ports) -> LinkDesk:
    """Return the use cases behind the pages."""

    def view(name: str) -> LinkView | None:
        with ports.store.begin() as unit:
            found = linked(unit, name)
            return None if found is None else _view(ports, unit, found)

    def opened(name: str) -> None:
        with ports.store.begin() as unit:
            unit.links.open(name, ports.now())

    def take(name: str) -> LinkView | None:
        take_by_link(ports, name)
        return view(name)

    def undo(name: str) -> LinkView | None:
        undo_link(ports, name)
        return view(name)

    return LinkDesk(view=view, opened=opened, take=take, undo=undo)


def _view(ports: Ports, unit: Unit, found: LinkedCases) -> LinkView:
    now, link = ports.now(), found.link
    person = ports.people.get(link.person)
    state, taker = _state(ports, unit, found, now)
    used = link.used_at if link.undone_at is None else None
    undo_until = used + UNDO_WITHIN if used is not None and state is LinkState.TAKEN else None
    shown = [case for case in found.cases if state is not LinkState.OPEN or case.state is CaseState.NEW]
    shown = shown or list(found.cases)
    due = [clock.due_at for clock in unit.cases.clocks_of(case.id for case in shown).values() if clock.due_at]
    return LinkView(
        school_name=_school_name(ports, found, link.person),
        person_name=person.full_name if person is not None else "",
        state=state,
        references=tuple(case.reference for case in shown[:SHOWN]),
        more=max(0, len(shown) - SHOWN),
        deadline=deadline_words(min(due), now) if due else "",
        taken_by=_name(ports, taker.taken_by) if taker is not None else "",
        taken_at=moment_words(taker.taken_at, now) if taker is not None and taker.taken_at else "",
        undo_until=clock_words(undo_until) if undo_until is not None and now < undo_until else "",
        practice=found.is_drill,
    )


def _state(ports: Ports, unit: Unit, found: LinkedCases, now: datetime) -> tuple[LinkState, Case | None]:
    """Return how things stand for the person whose link it is, and a case that somebody else has."""
    link = found.link
    used = link.used_at is not None and link.undone_at is None
    if found.is_drill:
        return (LinkState.TAKEN if used else _open_or_expired(found, now)), None
    to_take = [case for case in found.cases if _can_be_taken(unit, case)]
    if used and any(case.taken_by == link.person for case in found.cases):
        return LinkState.TAKEN, None
    if to_take:
        return (LinkState.SIGN_IN if not ports.alerting.links else _open_or_expired(found, now)), None
    others = [case for case in found.cases if case.state is CaseState.TAKEN]
    if any(case.taken_by == link.person for case in others):
        return LinkState.TAKEN, None
    return (LinkState.TAKEN_BY_OTHER, others[0]) if others else (LinkState.CLOSED, None)


def _can_be_taken(unit: Unit, case: Case) -> bool:
    if case.state is CaseState.NEW:
        return True
    escalation = unit.escalations.of_case(case.id)
    climbs = escalation is not None and case.id in unit.escalations.untaken_cases(escalation.id)
    return climbs and is_open(case.state)


def _open_or_expired(found: LinkedCases, now: datetime) -> LinkState:
    return LinkState.OPEN if now < found.link.expires_at else LinkState.EXPIRED


def _school_name(ports: Ports, found: LinkedCases, person: str) -> str:
    if found.cases:
        school = ports.schools.get(found.cases[0].school)
    else:
        known = ports.people.get(person)
        theirs = [ports.schools[name] for name in sorted(known.schools)] if known is not None else []
        school = next(iter(theirs), None)
    return school.name if school is not None else ""


def _name(ports: Ports, short: str | None) -> str:
    person = ports.people.get(short or "")
    return person.full_name if person is not None else short or ""
