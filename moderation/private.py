"""Private messages: kept like everything else, shown to few, and every look is written down."""

from __future__ import annotations

from moderation.alerts import Person, Role
from moderation.cases import Act, Case, CaseEvent, CaseId
from moderation.desks import DESKS, holders, may_read
from moderation.items import ItemKind, StoredItem
from moderation.ports import Ports
from sla.duty import is_employed

LEADS = frozenset({Role.DSL, Role.DEPUTY_DSL})
"""Who may read every private message: a child may have written it."""


class NotForYou(Exception):
    """This person may not read the private messages of this case. The text says who may."""


def read_messages(ports: Ports, case: CaseId, person: Person) -> list[StoredItem]:
    """Return the private conversation of a case, oldest first, and note in its history who looked.

    Raises:
        NotForYou: the case is on another desk.
    """
    with ports.store.begin() as unit:
        read = unit.cases.get(case)
        if not _may_look(ports, read, person):
            raise NotForYou(f"this case is for {read.route}; its desk and the safeguarding leads may read it")
        opener = unit.items.get(read.opening_item)
        talk = [
            each
            for each in unit.items.thread_of(opener.thread, [opener.author_key])
            if each.kind is ItemKind.MESSAGE
        ]
        if talk:
            event = CaseEvent(Act.VIEWED, person.name, ports.now(), f"{len(talk)} private message(s)")
            unit.cases.note(case, event)
    return talk


def _may_look(ports: Ports, case: Case, person: Person) -> bool:
    """Say whether somebody is a lead or at the case's desk; who stands in there is, where nobody sits."""
    if case.school not in ports.schools:
        return False
    zone, at = ports.schools[case.school].target.zone, ports.now()
    readers = [
        each
        for each in ports.people.values()
        if may_read(each, case) and is_employed(each.attendance, at, zone)
    ]
    desks = (holders(readers, case.school, roles) for roles in DESKS[case.route])
    desk = next((desk for desk in desks if desk), {})
    return person.name in holders(readers, case.school, LEADS) | desk
