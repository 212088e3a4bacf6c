"""Who is there and when, told in the plainest way: what the real rules are compared with.

Nothing here comes from ``moderation`` or ``sla``. Times are UTC, which in the month that is played is the
school's time: it is winter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)

ROUTINE, URGENT, DANGER = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody at the school. ``hours`` are those of weekdays, Monday 0, that differ; None is a day off."""

    name: str
    roles: frozenset[str]
    hours: dict[int, tuple[time, time] | None] = field(default_factory=dict)
    away: tuple[tuple[date, date], ...] = ()
    leaves_on: date | None = None
    has_phone: bool = True

    def is_employed(self, day: date) -> bool:
        """Say whether they have not left."""
        return self.leaves_on is None or day <= self.leaves_on

    def is_present(self, day: date) -> bool:
        """Say whether they can be reached on a day."""
        return self.is_employed(day) and not any(first <= day <= last for first, last in self.away)

    def works(self, day: date) -> bool:
        """Say whether they work on a day on which the school does."""
        return self.is_present(day) and self.hours.get(day.weekday(), (time(8), time(17))) is not None


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift of every week: on weekdays from one hour until another, of the next day if it is not later."""

    person: str
    weekdays: frozenset[int]
    start: int
    end: int
    second: bool = False

    def covers(self, at: datetime) -> bool:
        """Say whether the shift goes on at a moment."""
        if self.end > self.start:
            return at.weekday() in self.weekdays and self.start <= at.hour < self.end
        evening = at.weekday() in self.weekdays and at.hour >= self.start
        return evening or ((at.weekday() - 1) % 7 in self.weekdays and at.hour < self.end)


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was said, of a severity from 0 to 4, for a desk, under a post, about somebody."""

    name: str
    at: datetime
    severity: int
    route: str
    post: str
    about: str = ""

    @property
    def lane(self) -> str:
        """How fast it climbs; empty where it only waits for an answer."""
        if self.severity == 0 and self.route == "moderator":
            return ""
        if self.severity <= 1:
            return "desk" if self.route != "moderator" else ""
        return {2: "abuse", 3: "severe", 4: "critical"}[self.severity]

    @property
    def urgency(self) -> int:
        """How urgently people are told of it."""
        return {"critical": DANGER, "severe": URGENT}.get(self.lane, ROUTINE)

    def may_be_read_by(self, person: Colleague) -> bool:
        """Say whether somebody may know of it: nobody whom it is about, nor the head who is accused."""
        is_harmless = self.severity == 0 and self.route == "moderator"
        if self.about == person.name and not is_harmless:
            return False
        return not (self.route == "governors" and "headteacher" in person.roles)


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody did: ``take``, ``give_back``, ``answer`` or ``close``."""

    at: datetime
    what: str
    by: str


DESKS = {
    "media": ("media", "headteacher"),
    "dsl": ("dsl deputy_dsl", "slt", "headteacher"),
    "governors": ("governors", "dsl deputy_dsl", "slt"),
    "headteacher": ("headteacher", "slt"),
    "data_protection": ("data_protection", "slt", "headteacher"),
    "slt": ("slt", "headteacher"),
    "moderator": ("moderator", "slt", "headteacher"),
}
SAFEGUARDING = ("dsl", "deputy_dsl", "slt")
ANYBODY = ("dsl", "deputy_dsl", "slt", "headteacher", "governors")
OTHER_WORDS = {
    "dsl": SAFEGUARDING,
    "slt": ("slt", "headteacher"),
    "headteacher": ("headteacher", "slt"),
    "governors": ("governors",),
}


@dataclass(frozen=True, slots=True)
class School:
    """The people, the shifts and the closed days."""

    people: tuple[Colleague, ...]
    duties: tuple[Duty, ...]
    closed: frozenset[date]
    until: datetime

    def is_open(self, day: date) -> bool:
        """Say whether it is a working day."""
        return day.weekday() < 5 and day not in self.closed

    def next_open(self, day: date) -> date:
        """Return the next working day."""
        day += DAY
        while not self.is_open(day):
            day += DAY
        return day

    def is_staffed(self, at: datetime) -> bool:
        """Say whether somebody is at work."""
        return self.is_open(at.date()) and 8 <= at.hour < 17

    def next_staffed(self, at: datetime) -> datetime:
        """Return the first moment from then on at which somebody is at work."""
        if self.is_staffed(at):
            return at
        early = self.is_open(at.date()) and at.hour < 8
        return moment(at.date() if early else self.next_open(at.date()), 8)

    def digest(self, at: datetime) -> datetime:
        """Return when to tell what can wait."""
        return at if self.is_staffed(at) else self.next_staffed(at) + 15 * MINUTE

    def daily(self, at: datetime) -> datetime:
        """Return when to tell again what was told on this day."""
        return moment(self.next_open(at.date()), 8) + 15 * MINUTE

    def has_hours(self, person: Colleague, at: datetime) -> bool:
        """Say whether somebody may be told what can wait: the day is one of theirs, and so is the hour."""
        hours = person.hours.get(at.weekday(), (time(8), time(17)))
        is_theirs = hours is not None and hours[0] <= at.time() < hours[1]
        return is_theirs and self.is_open(at.date()) and person.is_present(at.date())

    def first(self, said: Said, groups: tuple[str, ...], at: datetime, *, any_day: bool) -> set[str]:
        """Return who of the first group with somebody there is told."""
        readers = [each for each in self.people if said.may_be_read_by(each)]
        for group in groups:
            there = {
                each.name
                for each in readers
                if set(group.split()) & each.roles
                and (each.is_present(at.date()) if any_day else each.works(at.date()))
            }
            if there:
                return there
        return set()

    def who(self, said: Said, word: str, at: datetime, *, any_day: bool = True) -> set[str]:
        """Return whom a word means."""
        if word in ("on_duty", "second_on_duty"):
            return self._by_rota(said, word, at)
        groups = DESKS[said.route] if word == "desk" else OTHER_WORDS[word]
        found = self.first(said, groups, at, any_day=any_day)
        return found or (self.first(said, ANYBODY, at, any_day=any_day) if word == "desk" else set())

    def _by_rota(self, said: Said, word: str, at: datetime) -> set[str]:
        second = word == "second_on_duty"
        known = {each.name: each for each in self.people if said.may_be_read_by(each)}
        on_rota = {each.person for each in self.duties if each.second is second and each.covers(at)}
        found = {name for name in on_rota & known.keys() if known[name].is_present(at.date())}
        if found:
            return found
        if second:
            return self.first(said, ("deputy_dsl", "slt"), at, any_day=True)
        groups = SAFEGUARDING if said.route == "dsl" else DESKS[said.route]
        found = self.first(said, groups, at, any_day=True)
        if said.severity == 4:
            found |= self.first(said, SAFEGUARDING, at, any_day=True)
        return found or self.first(said, ANYBODY, at, any_day=True)

    def channels(self, name: str, urgency: int, *, texts: bool = False) -> tuple[str, ...]:
        """Return over what somebody is told."""
        has_phone = next(each.has_phone for each in self.people if each.name == name)
        return ("email", "sms") if has_phone and (urgency > ROUTINE or texts) else ("email",)


def moment(day: date, hour: int) -> datetime:
    """Return a full hour of a day."""
    return datetime.combine(day, time(hour), UTC)


# When an answer is due


def due_time(school: School, received: datetime) -> datetime:
    """Return the last second in which an answer is in time."""
    if school.is_open(received.date()):
        return received + DAY
    return moment(school.next_open(received.date()) + DAY, 0) - timedelta(seconds=1)


def reminder_moments(
    school: School, received: datetime
) -> tuple[datetime | None, datetime | None, datetime, datetime]:
    """Return when half the staffed time is over, the last call, when it is late, and when the head hears."""
    due = due_time(school, received)
    told = school.digest(received)
    windows = []
    day = received.date()
    while day <= due.date():
        if school.is_open(day) and moment(day, 8) < due and moment(day, 17) > received:
            windows.append((moment(day, 8), moment(day, 17)))
        day += DAY
    call = _last_call(windows, received, due, told)
    half = _half(windows, received, due)
    if half is None or call is None or half - told < 30 * MINUTE or call - half < 30 * MINUTE:
        half = None
    late = school.next_staffed(due + timedelta(seconds=1))
    return (
        half,
        call,
        late,
        school.next_staffed(datetime.combine(school.next_open(late.date()), late.time(), UTC)),
    )


def _last_call(
    windows: list[tuple[datetime, datetime]], received: datetime, due: datetime, told: datetime
) -> datetime | None:
    call = received
    for start, end in reversed(windows):
        if min(due, end) - start >= 90 * MINUTE:
            call = max(received, min(due, end) - 90 * MINUTE)
            break
    staffed = next((max(call, start) for start, end in windows if call < end), None)
    if staffed is None:
        return None
    return told if told <= staffed < told + 30 * MINUTE else staffed


def _half(windows: list[tuple[datetime, datetime]], received: datetime, due: datetime) -> datetime | None:
    spans = [(max(start, received), min(end, due)) for start, end in windows]
    left = sum(((end - start) for start, end in spans), timedelta()) / 2
    for start, end in spans:
        if left < end - start:
            return (start + left).replace(microsecond=0)
        left -= end - start
    return None
