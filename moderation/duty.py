"""Duty ahead: when nobody who is needed will be there, told at least a week before it comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from moderation.alerting import plan_for_role
from moderation.alerts import AlertStep, DutyNotice, Person, Role, Topic
from moderation.desks import holders
from moderation.ports import Ports, School
from moderation.tasks import Claim
from sla.calendar import NoDeadlineError, UnknownYearError
from sla.duty import can_be_reached, is_here
from sla.staffed import Window, at_clock, window_after

AHEAD = timedelta(days=7)
"""So long before it begins a gap is told at the latest, as far as it is known then."""

ROTA = "rota"
SAFEGUARDING = "safeguarding"

_NEEDED: Mapping[str, tuple[Role, ...]] = {
    SAFEGUARDING: (Role.DSL, Role.DEPUTY_DSL),
    "moderators": (Role.MODERATOR,),
    "leadership": (Role.SLT, Role.HEADTEACHER),
}
"""Of each of these groups one is needed: for safeguarding on any day, of the others on working days."""

_BACK, _ONWARD = timedelta(weeks=4), timedelta(weeks=12)
"""How far gaps are followed to where they begin and end. What lasts longer is told again every week."""

_ONE_DAY = timedelta(days=1)

People = Mapping[str, Person]
"""The people of the register by short name."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """What nobody covers in the days ahead: ``spans`` (UTC) in order, never none.

    ``roles`` are those of which nobody is there; none where it is the rota that has the gaps.
    """

    kind: str
    roles: tuple[Role, ...]
    spans: tuple[Window, ...]


def look_ahead(ports: Ports, claim: Claim) -> None:
    """Have told what nobody covers in the days ahead at one school, and look again on its next working day.

    The network manager and the leadership team hear of it in staffed hours; of the same gap once.
    """
    now = ports.now()
    school = ports.schools.get(claim.subject)
    if school is None:
        with ports.store.finishing(claim):
            return
    with ports.store.continuing(claim, _next_look(school, now)) as unit:
        for uncovered in gaps_ahead(ports.people, school, now):
            for span in uncovered.spans:
                topic = Topic("duty", school.id, AlertStep.NOBODY_ON_DUTY, _occasion(uncovered.kind, span))
                for role in (Role.NETWORK_MANAGER, Role.SLT):
                    plan_for_role(ports, unit, school.id, role, topic)


def gaps_ahead(people: People, school: School, now: datetime) -> list[Uncovered]:
    """Return what nobody covers of the days ahead: at least a week, and a week beyond the next working day.

    A gap that has begun counts until it is over. One that goes on beyond those days is shown to its end, as
    far as that lies within twelve weeks.
    """
    until = _next_look(school, now) + AHEAD
    since, end = _monday(school, now) - _BACK, _monday(school, now) + _ONWARD
    found = {ROTA: _rota_gaps(people, school, since, end)} | {
        kind: _days_without(people, school, roles, since, end, any_day=kind == SAFEGUARDING)
        for kind, roles in _NEEDED.items()
    }
    ahead = [
        Uncovered(
            kind, _NEEDED.get(kind, ()), tuple(each for each in spans if each[0] < until and each[1] > now)
        )
        for kind, spans in found.items()
    ]
    return [uncovered for uncovered in ahead if uncovered.spans]


def duty_is_uncovered(ports: Ports, school: School, topic: Topic, now: datetime) -> bool:
    """Say whether what a message is about is still uncovered, if only in part."""
    kind, _, span = topic.occasion.partition(":")
    start, end = (datetime.fromisoformat(moment) for moment in span.split("/"))
    return any(begins < end and ends > start for begins, ends in _spans_of(ports, school, kind, now))


def duty_notice(ports: Ports, school: School, topic: Topic, now: datetime, because: Role) -> DutyNotice:
    """Return what a message about the days ahead says: everything of its kind that is uncovered now."""
    kind, _, _ = topic.occasion.partition(":")
    spans = tuple((max(start, now), end) for start, end in _spans_of(ports, school, kind, now))
    return DutyNotice(school.name, topic.step, spans, _NEEDED.get(kind, ()), now, because)


def _spans_of(ports: Ports, school: School, kind: str, now: datetime) -> tuple[Window, ...]:
    return next((each.spans for each in gaps_ahead(ports.people, school, now) if each.kind == kind), ())


def _occasion(kind: str, span: Window) -> str:
    """Return what tells one gap from another: a gap that has grown is told again."""
    return f"{kind}:" + "/".join(moment.isoformat(timespec="minutes") for moment in span)


def _next_look(school: School, now: datetime) -> datetime:
    """Return when staffed hours begin on the next working day."""
    today = now.astimezone(school.target.zone).date()
    try:
        return window_after(today, school.staffed, school.target, school.calendar)[0]
    except NoDeadlineError:
        return now + _ONE_DAY  # the calendar has no working day left: all the more is there to look at


def _monday(school: School, at: datetime) -> datetime:
    """Return when a week begins: what is cut off there is the same gap all week."""
    day = at.astimezone(school.target.zone).date()
    return _begin(school, day - timedelta(days=day.weekday()))


def _begin(school: School, day: date) -> datetime:
    return at_clock(day, time(), school.target.zone)


# What is uncovered


def _rota_gaps(people: People, school: School, since: datetime, until: datetime) -> list[Window]:
    def is_there(name: str, day: date) -> bool:
        person = people.get(name)
        return person is not None and school.id in person.schools and can_be_reached(person.attendance, day)

    return [(gap.start, gap.end) for gap in school.rota.gaps(since, until, is_there)]


def _days_without(
    people: People,
    school: School,
    roles: tuple[Role, ...],
    since: datetime,
    until: datetime,
    *,
    any_day: bool,
) -> list[Window]:
    """Return the runs of days on which nobody with one of ``roles`` is there; days off do not end a run."""
    known = [people[name].attendance for name in holders(people.values(), school.id, roles)]
    there = can_be_reached if any_day else is_here
    days = (day for day in _days(school, since, until) if any_day or is_working_day(school, day))
    runs = groupby(days, lambda day: any(there(person, day) for person in known))
    without = [list(run) for is_covered, run in runs if not is_covered]
    return [(_begin(school, run[0]), _begin(school, run[-1] + _ONE_DAY)) for run in without]


def _days(school: School, since: datetime, until: datetime) -> Iterator[date]:
    day, last = (moment.astimezone(school.target.zone).date() for moment in (since, until))
    while day < last:
        yield day
        day += _ONE_DAY


def is_working_day(school: School, day: date) -> bool:
    """Say whether somebody looks on a day: it has staffed hours, and the school is not closed."""
    if school.staffed.on(day.weekday()) is None:
        return False
    try:
        return not school.calendar.is_closed(day, school.target)
    except UnknownYearError:
        return True  # a day too many is noticed, a day too few is not
