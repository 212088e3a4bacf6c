"""Who is to be told: desks, stand-ins, the rota, and those who must not read what is about them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from moderation.alerts import EMAIL, Person, Role
from moderation.assessment import Assessment, Intent, Route, Severity, Target
from moderation.cases import Case
from moderation.items import AccountName
from moderation.ports import Ports, School
from sla.duty import can_be_reached, is_employed, is_here

Groups = Sequence[tuple[Role, ...]]
"""Roles, group after group: where nobody of the first group is there, the next one stands in."""

DESKS: Mapping[Route, Groups] = {
    Route.MEDIA: ((Role.MEDIA,), (Role.HEADTEACHER,)),
    Route.DSL: ((Role.DSL, Role.DEPUTY_DSL), (Role.SLT,), (Role.HEADTEACHER,)),
    Route.GOVERNORS: ((Role.GOVERNORS,), (Role.DSL, Role.DEPUTY_DSL), (Role.SLT,)),
    Route.HEADTEACHER: ((Role.HEADTEACHER,), (Role.SLT,)),
    Route.DATA_PROTECTION: ((Role.DATA_PROTECTION,), (Role.SLT,), (Role.HEADTEACHER,)),
    Route.SLT: ((Role.SLT,), (Role.HEADTEACHER,)),
    Route.MODERATOR: ((Role.MODERATOR,), (Role.SLT,), (Role.HEADTEACHER,)),
}
"""The roles of each route."""

SAFEGUARDING: Groups = ((Role.DSL,), (Role.DEPUTY_DSL,), (Role.SLT,))
"""The safeguarding lead comes first; where no lead can be reached, a deputy."""

_ANYBODY: Groups = tuple(
    (role,)
    for role in (
        Role.DSL,
        Role.DEPUTY_DSL,
        Role.SLT,
        Role.HEADTEACHER,
        Role.GOVERNORS,
        Role.MODERATOR,
        Role.NETWORK_MANAGER,
    )
)
"""Who is told where everybody at a desk, and behind it, must not read a case: it is lost otherwise."""

_ALONE: Mapping[str, Groups] = {
    "moderator": ((Role.MODERATOR,),),
    "dsl": SAFEGUARDING,
    "deputy_dsl": ((Role.DEPUTY_DSL,),),
    "slt": ((Role.SLT,), (Role.HEADTEACHER,)),
    "headteacher": ((Role.HEADTEACHER,), (Role.SLT,)),
    "governors": ((Role.GOVERNORS,),),
    "network_manager": ((Role.NETWORK_MANAGER,),),
}
"""The words of a ladder that name roles."""


def holders(people: Iterable[Person], school: str, roles: Iterable[Role]) -> dict[str, Role]:
    """Return who holds one of ``roles`` at ``school``, with the role that brings them in."""
    wanted = list(roles)
    return {
        person.name: next(role for role in wanted if role in person.roles)
        for person in people
        if school in person.schools and any(role in person.roles for role in wanted)
    }


def first_there(
    people: Iterable[Person], school: School, groups: Groups, at: datetime, *, any_day: bool
) -> dict[str, Role]:
    """Return who of the first group with somebody there is told at ``at``.

    There is who has not left and is not away; unless ``any_day``, also who works on that day. Where nobody
    of any group is there, all who have not left and hold a role of the first group are told after all: an
    alert that nobody gets helps nobody.
    """
    day = at.astimezone(school.target.zone).date()
    known = [each for each in people if is_employed(each.attendance, at, school.target.zone)]
    there = can_be_reached if any_day else is_here
    for roles in groups:
        found = holders((each for each in known if there(each.attendance, day)), school.id, roles)
        if found:
            return found
    return next((found for roles in groups if (found := holders(known, school.id, roles))), {})


def desk(ports: Ports, case: Case, at: datetime, *, any_day: bool = False) -> dict[str, Role]:
    """Return who sits at the desk of a case at ``at``, or at the first desk behind it where somebody does."""
    return who(ports, case, "desk", at, any_day=any_day)


def who(ports: Ports, case: Case, word: str, at: datetime, *, any_day: bool = True) -> dict[str, Role]:
    """Return whom a word of a ladder means for a case at ``at``; nobody who must not read it.

    ``on_duty``: whoever the rota says; without a rota the desk of the case, and the safeguarding lead where
    somebody may be in danger. ``second_on_duty``: the rota's second person; without, a deputy.
    """
    school = ports.schools[case.school]
    readers = [person for person in ports.people.values() if may_read(person, case)]
    if word == "on_duty":
        return _on_duty(readers, ports.schools[case.school], case, at) or first_there(
            readers, school, _ANYBODY, at, any_day=True
        )
    if word == "second_on_duty":
        return _from_rota(readers, school, at, second=True) or first_there(
            readers, school, ((Role.DEPUTY_DSL,), (Role.SLT,)), at, any_day=True
        )
    if word == "desk":
        return _desk(ports, readers, case, at, any_day=any_day) or first_there(
            readers, school, _ANYBODY, at, any_day=any_day
        )
    return first_there(readers, school, _ALONE[word], at, any_day=any_day)


def _desk(
    ports: Ports, readers: Collection[Person], case: Case, at: datetime, *, any_day: bool
) -> dict[str, Role]:
    school = ports.schools[case.school]
    if case.route is Route.MODERATOR:
        account = ports.accounts.get(AccountName(case.account))
        own = [each for each in readers if account is not None and each.name in account.moderators]
        day = at.astimezone(school.target.zone).date()
        if any(is_here(each.attendance, day) and Role.MODERATOR in each.roles for each in own):
            readers = own
    return first_there(readers, school, DESKS[case.route], at, any_day=any_day)


def _on_duty(readers: Collection[Person], school: School, case: Case, at: datetime) -> dict[str, Role]:
    if named := _from_rota(readers, school, at, second=False):
        return named
    groups = SAFEGUARDING if case.route is Route.DSL else DESKS[case.route]
    found = first_there(readers, school, groups, at, any_day=True)
    if case.severity is Severity.CRITICAL:
        found = first_there(readers, school, SAFEGUARDING, at, any_day=True) | found
    return found


def _from_rota(readers: Iterable[Person], school: School, at: datetime, *, second: bool) -> dict[str, Role]:
    day = at.astimezone(school.target.zone).date()
    known = {each.name: each for each in readers if school.id in each.schools}
    names = school.rota.on_duty(at, second=second)
    there = (known[name] for name in names if name in known)
    return {person.name: _duty_of(person) for person in there if can_be_reached(person.attendance, day)}


def _duty_of(person: Person) -> Role:
    """Return as what somebody on the rota is told: a safeguarding lead is told what leads have to do."""
    leads = (Role.DSL, Role.DEPUTY_DSL)
    return next((role for role in leads if role in person.roles), Role.ON_DUTY)


def has_left(ports: Ports, person: Person, at: datetime) -> bool:
    """Say whether somebody has left the school: the day of leaving is the last one."""
    return not is_employed(person.attendance, at, zone_of(ports, person))


def zone_of(ports: Ports, person: Person) -> ZoneInfo:
    """Return the time zone in which somebody works."""
    names = sorted(person.schools & ports.schools.keys())
    return ports.schools[names[0]].target.zone if names else ZoneInfo("Europe/London")


def a_school_of(ports: Ports, name: str) -> str:
    """Return a school where somebody works: the first by name, of all where nobody knows them any more."""
    person = ports.people.get(name)
    theirs = [school for school in ports.schools if person is None or school in person.schools]
    return min(theirs or ports.schools)


def may_read(person: Person, case: Case) -> bool:
    """Say whether a case may reach somebody at all.

    What the head is accused of is kept from the head, whatever other role that person holds; what is about
    somebody is kept from them.
    """
    if person.name in case.excluded:
        return False
    return not (case.route is Route.GOVERNORS and Role.HEADTEACHER in person.roles)


# Who a message is about

_TOO_COMMON = 3
"""A name of fewer letters is a word of the language more often than a name."""


def whom_it_is_about(people: Collection[Person], text: str, said: Assessment) -> frozenset[str]:
    """Return the short names of those whom a message is about, so that somebody else deals with it.

    Praise and ordinary questions may name anybody. Only full names, names with a title and what the settings
    say people are called count: half a school may share a first name. What accuses or insults the head is
    about whoever is head, named or not.
    """
    heads = {person.name for person in people if Role.HEADTEACHER in person.roles and _is_about_head(said)}
    harmless = said.severity is Severity.NONE and said.route is Route.MODERATOR
    if harmless and said.intent not in (Intent.COMPLAINT, Intent.DISCLOSURE):
        return frozenset(heads)
    words = f" {_plain(text)} "
    named = {person.name for person in people if any(f" {name} " in words for name in _names_of(person))}
    return frozenset(heads | named)


def _is_about_head(said: Assessment) -> bool:
    if any(finding.by == HEAD_ACCUSED for finding in said.findings):
        return True
    return said.target is Target.HEAD and said.severity >= Severity.MEDIUM


HEAD_ACCUSED = "head-accused"
"""The name of the rule that finds an accusation against the head."""


def _names_of(person: Person) -> set[str]:
    names = {_plain(name) for name in (person.full_name, *person.known_as)}
    surname = _plain(person.full_name).rpartition(" ")[2]
    if len(surname) > _TOO_COMMON:
        names |= {f"{title} {surname}" for title in ("mr", "mrs", "ms", "miss", "mx", "dr", "sir")}
    return {name for name in names if len(name) > _TOO_COMMON}


def _plain(text: str) -> str:
    """Return ``text`` in small letters without accents, every run of other signs as one blank."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("'s ", " ").replace("’s ", " "))
    letters = "".join(each for each in folded if not unicodedata.combining(each))
    return re.sub(r"[^\w]+", " ", letters).strip()


# How they are reached


def address_digest(address: str) -> str:
    """Return what stands for an address where it must not be kept."""
    return hashlib.sha256(address.encode()).hexdigest()


def channels_for(
    ports: Ports, person: Person, bad: Collection[tuple[str, str, str]], wanted: Iterable[str]
) -> tuple[str, ...]:
    """Return over which of ``wanted`` somebody can be told now: set up, with an address, not refused lately.

    Where every address of theirs was refused, email is tried all the same: nothing may be lost for a list.
    """
    usable = [
        channel
        for channel in ports.channels
        if (address := person.address(channel)) and (person.name, channel, address_digest(address)) not in bad
    ]
    return tuple(channel for channel in wanted if channel in usable) or tuple(usable) or (EMAIL,)
