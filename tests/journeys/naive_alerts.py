"""Who is to be told what and when, told again in the plainest way: what the real rules are compared with.

Nothing here comes from ``moderation`` or ``sla``. Things are said at full minutes and done at half ones, so
that no two fall together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from tests.journeys.naive_school import (
    DANGER,
    DAY,
    HOUR,
    MINUTE,
    ROUTINE,
    Done,
    Said,
    School,
    reminder_moments,
)

LADDERS = {
    "critical": (
        (0, ("on_duty",), 5, 7),
        (10, ("second_on_duty",), 5, 5),
        (20, ("slt", "dsl"), 10, 1),
        (40, ("headteacher",), None, 0),
        (100, ("on_duty", "slt", "dsl", "headteacher"), 60, None),
    ),
    "severe": (
        (0, ("dsl", "on_duty"), 15, 3),
        (60, ("second_on_duty",), 15, 3),
        (120, ("dsl", "slt"), 60, None),
    ),
}
"""Minutes after the alert, who, minutes between repeats, and how many of them there are."""


@dataclass(frozen=True, slots=True, order=True)
class Telling:
    """Somebody is to be told at a step, over a channel, of the first of the things that are told together."""

    about: str
    step: str
    at: datetime
    person: str
    channel: str


# What climbs


@dataclass(slots=True)
class Climbing:
    """Things of one kind in one place that climb together, with what was done about each."""

    school: School
    members: list[Said]
    done: dict[str, list[Done]]
    told: list[Telling] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)

    @property
    def lead(self) -> Said:
        return self.members[0]

    @property
    def began(self) -> datetime:
        return self.lead.at

    def is_had(self, said: Said, at: datetime) -> bool:
        """Say whether somebody has, had answered or had closed one of them."""
        before = [each for each in self.done[said.name] if each.at <= at]
        return bool(before) and before[-1].what != "give_back"

    def all_had(self, at: datetime) -> bool:
        """Say whether nothing is left that nobody has."""
        return all(self.is_had(each, at) for each in self.members if each.at <= at)

    def stands_for_all(self, at: datetime) -> Said:
        """Return the first of those that nobody has, else of those that are open."""
        known = [each for each in self.members if each.at <= at]
        free = [each for each in known if not self.is_had(each, at)]
        return next(iter(free or [each for each in known if is_open(self.done[each.name], at)] or known))

    def holds(self) -> list[tuple[datetime, datetime]]:
        """Return the spans in which somebody had all of them."""
        moments = sorted(each.at for done in self.done.values() for each in done)
        spans: list[tuple[datetime, datetime]] = []
        since: datetime | None = None
        for at in moments:
            if self.all_had(at) and since is None:
                since = at
            elif since is not None and not self.all_had(at):
                spans.append((since, at))
                since = None
        return spans if since is None else [*spans, (since, self.school.until)]

    def tell(self, step: str, people: Iterable[str], at: datetime, urgency: int | None = None) -> None:
        """Note whom to tell."""
        hurry = self.lead.urgency if urgency is None else urgency
        for name in people:
            self.told += [
                Telling(self.lead.name, step, at, name, channel)
                for channel in self.school.channels(name, hurry)
            ]


def all_tellings(school: School, things: Iterable[Said], done: dict[str, list[Done]]) -> set[Telling]:
    """Return everything that people are to be told of things that were said, until the month is over."""
    told: set[Telling] = set()
    for group in _together(school, things, done):
        _up(group) if group.lead.lane in LADDERS else _patiently(group)
        _still_open(group)
        _more(group)
        told |= {each for each in group.told if each.at <= school.until}
    for said in things:
        told |= {each for each in _of_clock(school, said, done[said.name]) if each.at <= school.until}
    return told


def _together(school: School, things: Iterable[Said], done: dict[str, list[Done]]) -> list[Climbing]:
    """Put together what comes within an hour under one post, for one desk, while nobody has any of it."""
    newest: dict[tuple[str, str, str, str], Climbing] = {}
    groups: list[Climbing] = []
    for said in things:
        if not said.lane:
            continue
        key = (said.post, said.route, said.about, said.lane)
        known = newest.get(key)
        fresh = known is not None and known.began > said.at - HOUR
        if known is None or not fresh or any(known.is_had(each, said.at) for each in known.members):
            known = newest[key] = Climbing(school, [], {})
            groups.append(known)
        known.members.append(said)
        known.done[said.name] = done[said.name]
    return groups


def _real_time(group: Climbing, climbed: timedelta) -> datetime | None:
    """Return when a ladder has climbed for so long: it stands still while somebody has all of it."""
    at = group.began + climbed
    for start, end in group.holds():
        if at >= start:
            at += end - start
    return at if at < group.school.until else None


def _up(group: Climbing) -> None:
    """Tell rung after rung; one that reaches nobody new lets the next one be told at once."""
    rungs = LADDERS[group.lead.lane]
    first_told: set[int] = set()
    for climbed, number, occurrence in _moments(rungs):
        at = _real_time(group, climbed)
        if at is None:
            return
        if occurrence > 1:
            _tell_rung(group, number, occurrence, at)
            continue
        for further in range(number, len(rungs) + 1):
            if further in first_told:
                break
            first_told.add(further)
            if _tell_rung(group, further, 1, at):
                break


def _moments(
    rungs: tuple[tuple[int, tuple[str, ...], int | None, int | None], ...],
) -> Iterator[tuple[timedelta, int, int]]:
    """Yield how long it has climbed, which rung, and how often that one, for two months."""
    moments = []
    for number, (after, _, every, repeats) in enumerate(rungs, start=1):
        for occurrence in range(1, 2 + (1500 if repeats is None else repeats)):
            moments.append((timedelta(minutes=after + (every or 0) * (occurrence - 1)), number, occurrence))
    yield from sorted(moments)


def _tell_rung(group: Climbing, number: int, occurrence: int, at: datetime) -> bool:
    rungs = LADDERS[group.lead.lane]
    stands = group.stands_for_all(at)
    is_repeat_of_last = number == len(rungs) and occurrence > 1
    told_at = at.replace(minute=0, second=0) + HOUR if is_repeat_of_last else at
    people = {name for word in rungs[number - 1][1] for name in group.school.who(stands, word, told_at)}
    if number == 1 and occurrence == 1 and group.school.is_staffed(at):
        people |= group.school.who(stands, "desk", at)
    group.tell("urgent", people, told_at)
    new = bool(people - group.reached)
    group.reached |= people
    return new


def _patiently(group: Climbing) -> None:
    """Tell the desk in staffed hours, then more people, then every working day."""
    looks = sorted({*(at for at, _ in _patient_steps(group)), *(end for _, end in group.holds())})
    told: set[datetime] = set()
    for at in looks:
        if at > group.school.until or group.all_had(at):
            continue
        come = [(when, words) for when, words in _patient_steps(group) if when <= at]
        early = [each for each in come if not _is_daily(group, each[0])]
        daily = [each for each in come if _is_daily(group, each[0])]
        for when, words in (*early, *daily[-1:]):
            if when in told:
                continue
            told.add(when)
            stands = group.stands_for_all(at)
            people = {name for word in words for name in group.school.who(stands, word, at, any_day=False)}
            group.tell("new" if when == come[0][0] else "waiting", people, at)


def _patient_steps(group: Climbing) -> list[tuple[datetime, tuple[str, ...]]]:
    school, is_abuse = group.school, group.lead.lane == "abuse"
    told = school.digest(group.began)
    steps: list[tuple[datetime, tuple[str, ...]]] = [(told, ("desk",))]
    if is_abuse:
        overdue = school.next_staffed(_two_waking_hours_after(group.began))
        if overdue >= told + 30 * MINUTE:
            told = overdue
            steps.append((told, ("desk", "dsl")))
    later: tuple[str, ...] = ("desk", "dsl", "slt") if is_abuse else ("desk",)
    while (told := school.daily(told)) <= school.until + DAY:
        steps.append((told, later))
        later = later if is_abuse else ("desk", "slt")
    return steps


def _is_daily(group: Climbing, when: datetime) -> bool:
    steps = [at for at, _ in _patient_steps(group)]
    early = 2 if any(words == ("desk", "dsl") for _, words in _patient_steps(group)) else 1
    return steps.index(when) >= early


def _two_waking_hours_after(at: datetime) -> datetime:
    left = 120
    while left:
        left -= 7 <= at.hour < 22
        at += MINUTE
    return at


def _still_open(group: Climbing) -> None:
    """Remind whoever has something open: after four hours, then each working day."""
    school, is_danger = group.school, group.lead.urgency == DANGER
    for start, end in group.holds():
        at = start + 4 * HOUR
        while at < min(end, school.until):
            if not any(is_open(group.done[each.name], at) for each in group.members if each.at <= at):
                break
            when = at if is_danger else school.digest(at)
            stands = group.stands_for_all(at)
            taker = has_it(group.done[stands.name], at)
            people = _if_present(school, taker, when) or school.who(stands, "desk", when)
            group.tell("still_open", people, when, DANGER if is_danger else ROUTINE)
            at = school.daily(at)


def _if_present(school: School, name: str, at: datetime, *, any_day: bool = True) -> set[str]:
    """Return somebody, if they are there. Whoever has it is told even where it turns out to be about them."""
    person = next((each for each in school.people if each.name == name), None)
    if person is None:
        return set()
    return {name} if (person.is_present(at.date()) if any_day else person.works(at.date())) else set()


def _more(group: Climbing) -> None:
    """Tell those who were told of the first ones that others have joined, at set moments."""
    is_danger, is_patient = group.lead.urgency == DANGER, group.lead.lane not in LADDERS
    for joined in group.members[1:]:
        slots = [group.began + MINUTE] * is_danger + [group.began + 10 * MINUTE]
        while slots[-1] <= joined.at:
            slots.append(slots[-1] + 30 * MINUTE)
        at = next(slot for slot in slots if slot > joined.at)
        before = {each.person for each in group.told if each.at <= joined.at}
        at = group.school.digest(at) if is_patient else at
        group.tell("more", {name for name in before if _if_present(group.school, name, at)}, at)


# What is owed an answer


def is_open(done: list[Done], at: datetime) -> bool:
    """Say whether something was neither answered nor closed."""
    return not any(each.what in ("answer", "close") for each in done if each.at <= at)


def has_it(done: list[Done], at: datetime) -> str:
    """Return who has something that is open; empty where nobody has."""
    before = [each for each in done if each.at <= at]
    return before[-1].by if before and before[-1].what == "take" else ""


def _of_clock(school: School, said: Said, done: list[Done]) -> Iterator[Telling]:
    """Yield what is told of something that waits for an answer."""
    if not said.lane:
        at = school.digest(said.at)
        yield from _each(school, said, "new", school.who(said, "desk", at, any_day=False), at)
    half, call, late, head = reminder_moments(school, said.at)
    for due, texts in ((half, False), (call, True)):
        if due is not None and is_open(done, due):
            people = _if_present(school, has_it(done, due), due, any_day=False)
            people = people or school.who(said, "desk", due, any_day=False)
            yield from _each(school, said, "reminder", people, due, texts=texts)
    moments = [late, head]
    while moments[-1] <= school.until:
        moments.append(school.daily(moments[-1]))
    for at in moments:
        if is_open(done, at):
            people = school.who(said, "slt", at, any_day=False) | school.who(said, "desk", at, any_day=False)
            yield from _each(school, said, "late", people, at)
    if is_open(done, head):
        people = school.who(said, "headteacher", head, any_day=False)
        yield from _each(school, said, "still_late", people, head)


def _each(
    school: School, said: Said, step: str, people: Iterable[str], at: datetime, *, texts: bool = False
) -> Iterator[Telling]:
    for name in people:
        for channel in school.channels(name, ROUTINE, texts=texts):
            yield Telling(said.name, step, at, name, channel)


# How much is too much


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person over one channel, as urgent as the most urgent thing in it.

    ``due`` is since when the oldest thing in it waited.
    """

    person: str
    channel: str
    at: datetime
    urgency: int
    due: datetime


def beyond_the_limits(messages: Iterable[Message], an_hour: int = 10, texts_a_day: int = 6) -> list[str]:
    """Return what is more than one person may get over one channel.

    1. Up to the limit of an hour anything goes; from there to twice the limit only danger.
    2. Beyond, one summary each half hour, or of what has waited for so long; for danger it is a minute.
    3. So many texts a day; beyond that only urgent ones, and of those no more than the limit of an hour.
    """
    found: list[str] = []
    by_mailbox = sorted(messages, key=lambda each: (each.person, each.channel, each.at))
    for (person, channel), theirs in groupby(by_mailbox, key=lambda each: (each.person, each.channel)):
        known: list[Message] = []
        for each in theirs:
            if not _may_go(each, known, an_hour, texts_a_day):
                found.append(f"{person} gets too much by {channel} at {each.at:%d %b %H:%M:%S}")
            known.append(each)
    return found


def _may_go(message: Message, before: list[Message], an_hour: int, texts_a_day: int) -> bool:
    lately = [each for each in before if each.at > message.at - HOUR]
    is_danger = message.urgency == DANGER
    if message.channel == "sms":
        today = [each for each in before if each.at.date() == message.at.date()]
        return len(today) < texts_a_day or (message.urgency > ROUTINE and len(lately) < an_hour)
    if len(lately) < an_hour or (is_danger and len(lately) < 2 * an_hour):
        return True
    return message.at - min(lately[-1].at, message.due) >= (MINUTE if is_danger else 30 * MINUTE)
