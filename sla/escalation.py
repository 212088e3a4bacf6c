"""How fast abuse is told, on any day of the year, and who is told next while nobody takes it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from sla.messages import refuse_naive
from sla.staffed import at_clock

SHORTEST_PAUSE = timedelta(minutes=1)
"""Nobody is told the same thing more often than this."""

ABUSE_ALLOWANCE = timedelta(hours=2)
"""Within this much of the waking hours somebody has to have taken abuse that is not severe."""

_ONE_DAY = timedelta(days=1)
_NEVER = datetime.max.replace(tzinfo=UTC)
_WORD = re.compile("[a-z][a-z0-9_-]*")


# Who is told next


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: who is told, how long after the alert, and how often again.

    ``who`` are words that the caller knows, such as ``on_duty`` or ``slt``. With ``every`` they are told
    again after that time, ``repeats`` more times, or until somebody takes it if ``repeats`` is None.

    Raises:
        ValueError: the parts make no step; the text says why.
    """

    after: timedelta
    who: tuple[str, ...]
    every: timedelta | None = None
    repeats: int | None = None

    def __post_init__(self) -> None:
        if self.after < timedelta():
            raise ValueError("after must not be negative: nobody can be told before the alert")
        if not self.who or not all(_WORD.fullmatch(word) for word in self.who):
            raise ValueError("who must name at least one role in small letters, such as on_duty or slt")
        if self.every is not None and self.every < SHORTEST_PAUSE:
            raise ValueError("every must be a minute or more")
        if self.repeats is not None and (self.every is None or self.repeats < 1):
            raise ValueError("repeats must be 1 or more and needs every: leave it out to tell them once")

    @property
    def most(self) -> float:
        """How often they are told at most; infinity if until somebody takes it."""
        if self.every is None:
            return 1
        return math.inf if self.repeats is None else 1 + self.repeats


@dataclass(frozen=True, slots=True)
class Ladder:
    """Who is told of an alert, one after the other, until somebody takes it.

    Raises:
        ValueError: there is no rung, a rung does not come after the one before, or nobody is told any more
            in the end although nobody has taken it.
    """

    rungs: tuple[Rung, ...]

    def __post_init__(self) -> None:
        if not self.rungs:
            raise ValueError("the ladder has no rung, so nobody would be told: name one")
        for number, (lower, upper) in enumerate(pairwise(self.rungs), start=2):
            if upper.after <= lower.after:
                raise ValueError(
                    f"rung {number} does not come after rung {number - 1}: give it a later after"
                )
        if all(rung.most < math.inf for rung in self.rungs):
            raise ValueError(
                "the ladder falls silent while nobody has taken the alert: give the last rung every, "
                "without repeats"
            )


SEVERE_LADDER = Ladder(
    (
        Rung(timedelta(), ("dsl", "on_duty"), every=timedelta(minutes=15), repeats=3),
        Rung(timedelta(hours=1), ("second_on_duty",), every=timedelta(minutes=15), repeats=3),
        Rung(timedelta(hours=2), ("dsl", "slt"), every=timedelta(hours=1)),
    )
)
"""Threats, sexual content, grooming, self-harm, hate: every 15 minutes for an hour, then the next person."""

CRITICAL_LADDER = Ladder(
    (
        Rung(timedelta(), ("on_duty",), every=timedelta(minutes=5), repeats=7),
        Rung(timedelta(minutes=10), ("second_on_duty",), every=timedelta(minutes=5), repeats=5),
        Rung(timedelta(minutes=20), ("slt", "dsl"), every=timedelta(minutes=10), repeats=1),
        Rung(timedelta(minutes=40), ("headteacher",)),
        Rung(timedelta(minutes=100), ("on_duty", "slt", "dsl", "headteacher"), every=timedelta(hours=1)),
    )
)
"""Danger to life: second person after 10 minutes, leadership and DSL after 20, head after 40, then hourly."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody had the alert from ``at`` on, until it was given back at ``undone_at``; None if it was not.

    Both become UTC.

    Raises:
        ValueError: a time has no offset, or the end lies before the start.
    """

    at: datetime
    undone_at: datetime | None = None

    def __post_init__(self) -> None:
        refuse_naive(self.at, self.undone_at)
        object.__setattr__(self, "at", self.at.astimezone(UTC))
        if self.undone_at is not None:
            object.__setattr__(self, "undone_at", self.undone_at.astimezone(UTC))
            if self.undone_at < self.at:
                raise ValueError("undone_at lies before at: nothing can be given back before it is taken")


@dataclass(frozen=True, slots=True)
class RungDue:
    """A rung that has come: its number, how often it has come so far, whom to tell, and since when (UTC).

    Both numbers begin with 1. Their pair names one telling: whoever tells each pair once tells nothing twice.
    """

    rung: int
    occurrence: int
    who: tuple[str, ...]
    at: datetime


def rungs_due(
    ladder: Ladder, alerted_at: datetime, taken: Sequence[Taken], now: datetime
) -> tuple[RungDue, ...]:
    """Return every rung that has come by ``now``, each with its latest occurrence.

    1. The time counts from ``alerted_at``, at any hour of any day. It stands still while somebody has the
       alert: after an undo the ladder goes on where it stood.
    2. From the second of the taking on nothing comes. What came before stays in the list.
    3. Of repeats that were slept through in an outage only the latest counts; no rung is left out.

    Raises:
        ValueError: a time has no offset, or ``taken`` is not in order.
    """
    since = _start(alerted_at, taken, now)
    return tuple(
        RungDue(number, times, rung.who, _moment(rung, times, since, taken))
        for number, rung in enumerate(ladder.rungs, start=1)
        if (times := _times_come(rung, since, taken, now))
    )


def next_rung_at(
    ladder: Ladder, alerted_at: datetime, taken: Sequence[Taken], now: datetime
) -> datetime | None:
    """Return when the next rung or repeat comes after ``now`` (UTC); None while somebody has the alert.

    Raises:
        ValueError: as for :func:`rungs_due`.
    """
    since = _start(alerted_at, taken, now)
    following = ((rung, _times_come(rung, since, taken, now) + 1) for rung in ladder.rungs)
    at = min(_moment(rung, occurrence, since, taken) for rung, occurrence in following)
    return at if at < _NEVER else None


def _start(alerted_at: datetime, taken: Sequence[Taken], now: datetime) -> datetime:
    refuse_naive(alerted_at, now)
    for earlier, later in pairwise(taken):
        if earlier.undone_at is None or earlier.undone_at > later.at:
            raise ValueError("taken is not in order: an alert is given back before somebody takes it again")
    return alerted_at.astimezone(UTC)


def _times_come(rung: Rung, since: datetime, taken: Sequence[Taken], now: datetime) -> int:
    """Return how many occurrences of a rung have come by ``now``."""
    stood_still = (min(each.undone_at or now, now) - max(each.at, since) for each in taken)
    left = now - since - sum((max(still, timedelta()) for still in stood_still), timedelta()) - rung.after
    if left < timedelta():
        return 0
    times = 1 if rung.every is None else int(min(1 + left // rung.every, rung.most))
    # What would come in the very second of the taking waits until that is undone.
    return times if _moment(rung, times, since, taken) <= now else times - 1


def _moment(rung: Rung, occurrence: int, since: datetime, taken: Sequence[Taken]) -> datetime:
    """Return when an occurrence of a rung comes: never if somebody has the alert by then for good."""
    if occurrence > rung.most:
        return _NEVER
    at = since + rung.after + (occurrence - 1) * (rung.every or timedelta())
    for each in taken:
        if at < each.at:
            break
        if each.undone_at is None:
            return _NEVER
        at += max(each.undone_at - max(each.at, since), timedelta())
    return at


# How fast


class Urgency(StrEnum):
    """Whether abuse is severe (a threat, sexual content, grooming, self-harm, hate) or not."""

    SEVERE = "severe"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class WakingHours:
    """The hours of every day in which people may be disturbed for abuse that is not severe.

    Raises:
        ValueError: they are no plain times of day, or the end does not lie after the start.
    """

    start: time = time(7)
    end: time = time(22)

    def __post_init__(self) -> None:
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise ValueError("waking hours are plain times of day, like 07:00 to 22:00")
        if self.end <= self.start:
            raise ValueError("waking hours must end after they start, on the same day")


WAKING_HOURS = WakingHours()


def abuse_alert_at(
    received: datetime, urgency: Urgency, zone: ZoneInfo, waking: WakingHours = WAKING_HOURS
) -> datetime:
    """Return when to tell of abuse (UTC): severe at once, other at once from 7am to 10pm, else at 7am.

    Weekends and holidays make no difference.

    Raises:
        ValueError: ``received`` has no offset.
    """
    refuse_naive(received)
    start = received.astimezone(UTC)
    if urgency is Urgency.SEVERE:
        return start
    return next(max(start, opens) for opens, _ in _waking_from(start, zone, waking))


def abuse_due(
    received: datetime,
    urgency: Urgency,
    zone: ZoneInfo,
    waking: WakingHours = WAKING_HOURS,
    allowance: timedelta = ABUSE_ALLOWANCE,
) -> datetime:
    """Return by when somebody has to have taken abuse (UTC): severe at once, other within two waking hours.

    Received at 9:30pm, other abuse is due at 8:30am on the next day, whatever day that is. Until then it is
    the moderators' business, afterwards the DSL's as well.

    Raises:
        ValueError: ``received`` has no offset, or ``allowance`` is not more than nothing.
    """
    refuse_naive(received)
    if allowance <= timedelta():
        raise ValueError("allowance must be more than nothing, for example 2 hours")
    start, left = received.astimezone(UTC), allowance
    if urgency is Urgency.SEVERE:
        return start
    hours = _waking_from(start, zone, waking)
    opens, closes = next(hours)
    while left > closes - max(start, opens):
        left -= closes - max(start, opens)
        opens, closes = next(hours)
    return max(start, opens) + left


def _waking_from(start: datetime, zone: ZoneInfo, waking: WakingHours) -> Iterator[tuple[datetime, datetime]]:
    """Yield the waking hours of every day (UTC), beginning with those that are not over at ``start``."""
    day = start.astimezone(zone).date()
    while True:
        opens, closes = at_clock(day, waking.start, zone), at_clock(day, waking.end, zone)
        if max(start, opens) < closes:
            yield opens, closes
        day += _ONE_DAY
