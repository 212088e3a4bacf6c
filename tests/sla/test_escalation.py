"""Abuse is told at any hour that it deserves, and climbs the ladder until somebody takes it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sla.escalation import (
    CRITICAL_LADDER,
    SEVERE_LADDER,
    Ladder,
    Rung,
    RungDue,
    Taken,
    Urgency,
    WakingHours,
    abuse_alert_at,
    abuse_due,
    next_rung_at,
    rungs_due,
)

LONDON = ZoneInfo("Europe/London")
ALERTED = datetime(2026, 11, 22, 3, 7, 30, tzinfo=UTC)
NEVER_TAKEN: tuple[Taken, ...] = ()


def london(words: str) -> datetime:
    """Read a time of the school's clock."""
    return datetime.fromisoformat(words).replace(tzinfo=LONDON)


def minutes(count: float) -> timedelta:
    """Return so many minutes."""
    return timedelta(minutes=count)


def after(count: float) -> datetime:
    """Return the moment so many minutes after the alert."""
    return ALERTED + minutes(count)


def tellings(ladder: Ladder, taken: tuple[Taken, ...], until: float) -> list[tuple[float, str]]:
    """Return who is told how many minutes after the alert, looking whenever the ladder says so."""
    told: dict[tuple[int, int], RungDue] = {}
    now: datetime | None = ALERTED
    while now is not None and now <= after(until):
        told |= {(each.rung, each.occurrence): each for each in rungs_due(ladder, ALERTED, taken, now)}
        now = next_rung_at(ladder, ALERTED, taken, now)
    return sorted(((each.at - ALERTED) / minutes(1), "+".join(each.who)) for each in told.values())


# The ladders that are shipped


def test_the_severe_ladder_asks_every_15_minutes_and_then_the_next_person() -> None:
    """DSL and duty at once, then four times in an hour; the second person; hourly until somebody takes it."""
    assert tellings(SEVERE_LADDER, NEVER_TAKEN, until=240) == [
        (0, "dsl+on_duty"),
        (15, "dsl+on_duty"),
        (30, "dsl+on_duty"),
        (45, "dsl+on_duty"),
        (60, "second_on_duty"),
        (75, "second_on_duty"),
        (90, "second_on_duty"),
        (105, "second_on_duty"),
        (120, "dsl+slt"),
        (180, "dsl+slt"),
        (240, "dsl+slt"),
    ]


def test_the_critical_ladder_reaches_the_head_in_40_minutes() -> None:
    """Second person after 10 minutes, leadership and DSL after 20, the head after 40, then hourly."""
    first: dict[str, float] = {}
    for at, who in tellings(CRITICAL_LADDER, NEVER_TAKEN, until=300):
        first.setdefault(who, at)

    assert first == {
        "on_duty": 0,
        "second_on_duty": 10,
        "slt+dsl": 20,
        "headteacher": 40,
        "on_duty+slt+dsl+headteacher": 100,
    }
    assert [at for at, who in tellings(CRITICAL_LADDER, NEVER_TAKEN, until=300) if at >= 100] == [
        100,
        160,
        220,
        280,
    ]
    assert len(tellings(CRITICAL_LADDER, NEVER_TAKEN, until=99)) <= 20


# What stops it


@pytest.mark.parametrize("ladder", [SEVERE_LADDER, CRITICAL_LADDER])
def test_nothing_climbs_once_somebody_has_it(ladder: Ladder) -> None:
    """What was told stays told, and nothing comes, for as long as anybody waits."""
    taken = (Taken(after(12)),)
    then = rungs_due(ladder, ALERTED, taken, after(12))

    assert then == rungs_due(ladder, ALERTED, NEVER_TAKEN, after(11.9))
    assert rungs_due(ladder, ALERTED, taken, after(60 * 24 * 30)) == then
    assert next_rung_at(ladder, ALERTED, taken, after(12)) is None


def test_a_rung_of_the_very_second_of_the_taking_is_not_told() -> None:
    """Whoever takes it on the stroke of ten minutes wakes no second person."""
    taken = (Taken(after(10)),)

    assert [each.rung for each in rungs_due(CRITICAL_LADDER, ALERTED, taken, after(10))] == [1]
    assert max(at for at, _ in tellings(CRITICAL_LADDER, taken, until=600)) == 5


def test_after_an_undo_the_ladder_goes_on_where_it_stood() -> None:
    """Taken from the 12th to the 17th minute: what would come at 15 comes at 20, and 20 at 25."""
    taken = (Taken(after(12), after(17)),)

    told = tellings(CRITICAL_LADDER, taken, until=106)

    assert [at for at, who in told if who == "slt+dsl"] == [25, 35]
    assert [at for at, who in told if who == "second_on_duty"] == [10, 20, 25, 30, 35, 40]
    assert [at for at, who in told if who == "headteacher"] == [45]
    assert next_rung_at(CRITICAL_LADDER, ALERTED, taken, after(12)) == after(20)


def test_an_undo_in_the_second_of_a_rung_tells_it_then() -> None:
    """What the taking held back comes as soon as it is undone."""
    taken = (Taken(after(10), after(18)),)

    assert next_rung_at(CRITICAL_LADDER, ALERTED, taken, after(10)) == after(18)
    assert [(each.rung, each.at) for each in rungs_due(CRITICAL_LADDER, ALERTED, taken, after(18))] == [
        (1, after(18)),
        (2, after(18)),
    ]


def test_it_may_be_taken_given_back_and_taken_again() -> None:
    """Only the minutes in which nobody has it count, also when it was taken before the alert went out."""
    early = (Taken(after(-9), after(-6)), Taken(after(-5), after(2)))
    taken = (*early, Taken(after(9), after(30)), Taken(after(34)))

    told = tellings(CRITICAL_LADDER, taken, until=6000)

    # Nobody has it in minutes 2 to 9 and 30 to 34: eleven minutes in all
    assert told == [(2, "on_duty"), (7, "on_duty"), (33, "on_duty"), (33, "second_on_duty")]


def test_after_an_outage_every_rung_is_told_but_no_repeat_is_made_up_for() -> None:
    """Three hours slept through: each rung once, with its latest repeat, and the next one in its turn."""
    assert rungs_due(SEVERE_LADDER, ALERTED, NEVER_TAKEN, after(200)) == (
        RungDue(1, 4, ("dsl", "on_duty"), after(45)),
        RungDue(2, 4, ("second_on_duty",), after(105)),
        RungDue(3, 2, ("dsl", "slt"), after(180)),
    )
    assert next_rung_at(SEVERE_LADDER, ALERTED, NEVER_TAKEN, after(200)) == after(240)


def test_before_the_alert_nothing_has_come() -> None:
    """A clock that is set back tells nobody anything twice or too soon."""
    assert rungs_due(SEVERE_LADDER, ALERTED, NEVER_TAKEN, after(-1)) == ()
    assert next_rung_at(SEVERE_LADDER, ALERTED, NEVER_TAKEN, after(-1)) == ALERTED


def test_fifteen_minutes_are_fifteen_minutes_in_the_night_of_a_clock_change() -> None:
    """At 1:50am on 25 October 2026 the clock is about to show 1am again: nobody waits an hour longer."""
    alerted = london("2026-10-25 01:50")
    taken = (Taken(alerted + minutes(15), london("2026-10-25 02:05")),)

    assert next_rung_at(SEVERE_LADDER, alerted, (), alerted) == datetime(2026, 10, 25, 1, 5, tzinfo=UTC)
    assert taken[0].at == datetime(2026, 10, 25, 2, 5, tzinfo=UTC)
    # Written in London: from 1:05am the second time round, which is 1:05 UTC, until 2:05am
    again = (Taken(london("2026-10-25 01:05").replace(fold=1), london("2026-10-25 02:05")),)
    assert next_rung_at(SEVERE_LADDER, alerted, again, alerted) == datetime(2026, 10, 25, 2, 5, tzinfo=UTC)


# What is no ladder


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"after": minutes(-1)}, "after must not be negative"),
        ({"who": ()}, "who must name"),
        ({"who": ("",)}, "who must name"),
        ({"who": ("slt", "Mrs Oak")}, "who must name"),
        ({"every": timedelta(seconds=59)}, "every must be a minute"),
        ({"every": minutes(0)}, "every must be a minute"),
        ({"every": minutes(5), "repeats": 0}, "repeats must be 1 or more"),
        ({"repeats": 2}, "repeats must be 1 or more and needs every"),
    ],
)
def test_a_rung_that_tells_nobody_or_too_often_is_refused(parts: dict[str, Any], why: str) -> None:
    """Every refusal names the field and the remedy."""
    with pytest.raises(ValueError, match=why):
        Rung(**{"after": minutes(0), "who": ("slt",), **parts})


ONCE, HOURLY = Rung(minutes(0), ("dsl",)), Rung(minutes(60), ("slt",), every=minutes(60))


@pytest.mark.parametrize(
    ("rungs", "why"),
    [
        ((), "has no rung"),
        ((HOURLY, ONCE), "rung 2 does not come after rung 1"),
        ((ONCE, HOURLY, HOURLY), "rung 3 does not come after rung 2"),
        ((ONCE,), "falls silent"),
        ((Rung(minutes(0), ("dsl",), every=minutes(5), repeats=500),), "falls silent"),
    ],
)
def test_a_ladder_that_ends_before_anybody_has_it_is_refused(rungs: tuple[Rung, ...], why: str) -> None:
    """Rungs climb, and the ladder goes on until a person takes the alert."""
    with pytest.raises(ValueError, match=why):
        Ladder(rungs)


@pytest.mark.parametrize(
    "taken",
    [
        (Taken(after(5)), Taken(after(9))),
        (Taken(after(5), after(9)), Taken(after(8))),
        (Taken(after(9), after(10)), Taken(after(5), after(6))),
    ],
)
def test_takings_out_of_order_are_refused(taken: tuple[Taken, ...]) -> None:
    """An alert is given back before somebody takes it again."""
    for ask in (rungs_due, next_rung_at):
        with pytest.raises(ValueError, match="taken is not in order"):
            ask(SEVERE_LADDER, ALERTED, taken, after(30))


def test_a_taking_that_ends_before_it_begins_is_refused() -> None:
    """Nothing can be given back before it is taken."""
    with pytest.raises(ValueError, match="undone_at lies before at"):
        Taken(after(5), after(4))


def test_moments_without_an_offset_are_refused() -> None:
    """Guessing the offset would be an hour wrong for seven months."""
    naive = ALERTED.replace(tzinfo=None)
    for ask in (rungs_due, next_rung_at):
        for moments in ((naive, (), ALERTED), (ALERTED, (), naive)):
            with pytest.raises(ValueError, match="no offset"):
                ask(SEVERE_LADDER, *moments)
    for periods in ((naive,), (ALERTED, naive)):
        with pytest.raises(ValueError, match="no offset"):
            Taken(*periods)
    for urgency in Urgency:
        with pytest.raises(ValueError, match="no offset"):
            abuse_due(naive, urgency, LONDON)
        with pytest.raises(ValueError, match="no offset"):
            abuse_alert_at(naive, urgency, LONDON)


# What holds for every ladder

whole_minutes = st.integers(1, 90).map(minutes)


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """Draw a ladder of up to five rungs; the last one never ends."""
    starts = sorted(draw(st.sets(st.integers(0, 120), min_size=1, max_size=5)))
    rungs = [
        Rung(
            minutes(start),
            (f"person_{start}",),
            every,
            draw(st.none() | st.integers(1, 4)) if every else None,
        )
        for start in starts[:-1]
        for every in [draw(st.none() | whole_minutes)]
    ]
    return Ladder((*rungs, Rung(minutes(starts[-1]), ("everybody",), draw(whole_minutes))))


@st.composite
def takings(draw: st.DrawFn) -> tuple[Taken, ...]:
    """Draw up to three periods in which somebody had it, the last one perhaps for good."""
    ends = sorted(draw(st.lists(st.integers(-30, 240), max_size=6)))
    periods = [Taken(after(first), after(last)) for first, last in zip(ends[::2], ends[1::2], strict=False)]
    if len(ends) % 2:
        periods.append(Taken(after(ends[-1])))
    return tuple(periods)


def counted(ladder: Ladder, taken: tuple[Taken, ...], until: int) -> list[tuple[float, str]]:
    """Go through the minutes one by one and write down who is told: slow and plain."""
    told: list[tuple[float, str]] = []
    waited = 0
    for minute in range(until + 1):
        now = after(minute)
        if any(each.at <= now and (each.undone_at is None or now < each.undone_at) for each in taken):
            continue
        for rung in ladder.rungs:
            since = minutes(waited) - rung.after
            if since == minutes(0) or (
                rung.every is not None
                and since > minutes(0)
                and since % rung.every == minutes(0)
                and (rung.repeats is None or since // rung.every <= rung.repeats)
            ):
                told.append((minute, "+".join(rung.who)))
        waited += 1
    return sorted(told)


@given(ladders(), takings(), st.integers(0, 400))
def test_a_ladder_agrees_with_counting_every_minute(
    ladder: Ladder, taken: tuple[Taken, ...], until: int
) -> None:
    """Looking only when the ladder says so tells the same people at the same minutes."""
    assert tellings(ladder, taken, until) == counted(ladder, taken, until)


@given(ladders(), takings(), st.lists(st.integers(-10, 24_000), min_size=1, max_size=8))
def test_asking_again_and_later_never_takes_anything_back(
    ladder: Ladder, taken: tuple[Taken, ...], seconds: list[int]
) -> None:
    """The same moment has the same answer; later ones only add rungs and repeats, while nobody has it."""
    answers = []
    for now in (ALERTED + timedelta(seconds=each) for each in sorted(seconds)):
        due = rungs_due(ladder, ALERTED, taken, now)
        following = next_rung_at(ladder, ALERTED, taken, now)

        assert due == rungs_due(ladder, ALERTED, taken, now.astimezone(LONDON))
        assert all(ALERTED <= each.at <= now for each in due)
        assert following is None or following > now
        for period in taken:
            end = period.undone_at or datetime.max.replace(tzinfo=UTC)
            assert not any(period.at <= each.at < end for each in due)
        answers.append({each.rung: each.occurrence for each in due})
    for earlier, later in pairwise(answers):
        assert all(later[rung] >= occurrence for rung, occurrence in earlier.items())


@given(ladders(), st.integers(0, 20_000), st.integers(0, 20_000))
def test_taking_it_earlier_never_tells_more(ladder: Ladder, one: int, other: int) -> None:
    """Whoever takes it sooner spares others."""
    sooner, later = (ALERTED + timedelta(seconds=each) for each in sorted((one, other)))
    now = ALERTED + timedelta(days=2)

    few = {each.rung: each.occurrence for each in rungs_due(ladder, ALERTED, (Taken(sooner),), now)}
    many = {each.rung: each.occurrence for each in rungs_due(ladder, ALERTED, (Taken(later),), now)}

    assert all(many.get(rung, 0) >= occurrence for rung, occurrence in few.items())


# How fast abuse is told

# received, told and due on the school's clock: written before running
OTHER_ABUSE = [
    ("2026-11-24 10:00", "2026-11-24 10:00", "2026-11-24 12:00"),
    ("2026-11-24 07:00", "2026-11-24 07:00", "2026-11-24 09:00"),
    ("2026-11-24 06:59:59", "2026-11-24 07:00", "2026-11-24 09:00"),
    ("2026-11-24 03:00", "2026-11-24 07:00", "2026-11-24 09:00"),
    ("2026-11-24 20:00", "2026-11-24 20:00", "2026-11-24 22:00"),
    ("2026-11-24 20:00:01", "2026-11-24 20:00:01", "2026-11-25 07:00:01"),
    ("2026-11-24 21:30", "2026-11-24 21:30", "2026-11-25 08:30"),
    ("2026-11-24 21:59:59", "2026-11-24 21:59:59", "2026-11-25 08:59:59"),
    ("2026-11-24 22:00", "2026-11-25 07:00", "2026-11-25 09:00"),
    ("2026-11-20 21:00", "2026-11-20 21:00", "2026-11-21 08:00"),  # Friday to Saturday
    ("2026-11-22 23:00", "2026-11-23 07:00", "2026-11-23 09:00"),
    ("2026-10-28 14:00", "2026-10-28 14:00", "2026-10-28 16:00"),  # half term
    ("2026-12-25 21:30", "2026-12-25 21:30", "2026-12-26 08:30"),  # Christmas Day
    ("2026-12-31 22:30", "2027-01-01 07:00", "2027-01-01 09:00"),
    ("2026-04-05 15:00", "2026-04-05 15:00", "2026-04-05 17:00"),  # Easter Sunday
    ("2026-03-28 21:30", "2026-03-28 21:30", "2026-03-29 08:30"),  # the clocks go forward in the night
    ("2026-03-29 00:30", "2026-03-29 07:00", "2026-03-29 09:00"),
    ("2026-10-24 21:30", "2026-10-24 21:30", "2026-10-25 08:30"),  # the clocks go back in the night
    ("2026-10-25 01:30", "2026-10-25 07:00", "2026-10-25 09:00"),
    ("2026-07-01 21:15", "2026-07-01 21:15", "2026-07-02 08:15"),
]


@pytest.mark.parametrize(("received", "told", "due"), OTHER_ABUSE)
def test_other_abuse_waits_for_the_morning_and_for_nothing_else(received: str, told: str, due: str) -> None:
    """Two hours between 7am and 10pm, on every day of the year."""
    assert abuse_alert_at(london(received), Urgency.OTHER, LONDON) == london(told)
    assert abuse_due(london(received), Urgency.OTHER, LONDON) == london(due)


@pytest.mark.parametrize("received", [received for received, _, _ in OTHER_ABUSE])
def test_severe_abuse_waits_for_nothing(received: str) -> None:
    """At once, at any hour of any day."""
    at = london(received)
    assert abuse_alert_at(at, Urgency.SEVERE, LONDON) == at.astimezone(UTC)
    assert abuse_due(at, Urgency.SEVERE, LONDON) == at.astimezone(UTC)


def test_hours_and_allowance_can_be_set() -> None:
    """Five hours between 8am and noon take two mornings."""
    waking = WakingHours(time(8), time(12))
    received = london("2026-11-24 13:00")

    assert abuse_alert_at(received, Urgency.OTHER, LONDON, waking) == london("2026-11-25 08:00")
    assert abuse_due(received, Urgency.OTHER, LONDON, waking, timedelta(hours=5)) == london(
        "2026-11-26 09:00"
    )


@pytest.mark.parametrize(
    ("start", "end"), [(time(22), time(7)), (time(7), time(7)), (time(7, tzinfo=UTC), time(22))]
)
def test_waking_hours_that_make_no_day_are_refused(start: time, end: time) -> None:
    """The end lies after the start, and both are plain times of day."""
    with pytest.raises(ValueError, match="waking hours"):
        WakingHours(start, end)


@pytest.mark.parametrize("allowance", [timedelta(), timedelta(seconds=-1)])
def test_an_allowance_of_nothing_is_refused(allowance: timedelta) -> None:
    """Nobody can act in no time."""
    with pytest.raises(ValueError, match="allowance must be more than nothing"):
        abuse_due(ALERTED, Urgency.OTHER, LONDON, allowance=allowance)


whole_moments = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda count: datetime(2025, 1, 1, tzinfo=UTC) + minutes(count)
)
nights_of_change = st.builds(
    lambda day, count: day + minutes(count),
    st.sampled_from([datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)]),
    st.integers(0, 3 * 24 * 60),
)
wakings = st.builds(
    lambda first, length: WakingHours(time(first), time(min(first + length, 23), 59)),
    st.integers(0, 22),
    st.integers(0, 22),
)


@given(whole_moments | nights_of_change, wakings, st.integers(1, 300))
def test_other_abuse_agrees_with_counting_every_waking_minute(
    received: datetime, waking: WakingHours, allowed: int
) -> None:
    """Go through the minutes one by one and count those in the waking hours."""
    # In the hour that is skipped or comes twice, a reading of the clock is no moment
    assume(waking.start.hour not in {1, 2} and waking.end.hour not in {0, 1, 2})
    at, left, told = received, allowed, None
    while left:
        reading = at.astimezone(LONDON).time()
        if waking.start <= reading < waking.end:
            told = told or at
            left -= 1
        at += minutes(1)

    assert abuse_alert_at(received, Urgency.OTHER, LONDON, waking) == told
    assert abuse_due(received, Urgency.OTHER, LONDON, waking, minutes(allowed)) == at


@given(whole_moments | nights_of_change, wakings, st.integers(1, 3000), st.integers(0, 3000))
def test_later_abuse_is_never_due_or_told_earlier(
    received: datetime, waking: WakingHours, allowed: int, later: int
) -> None:
    """And it is never due before it is told, whatever the offset in which the time is written."""
    allowance = minutes(allowed)
    second = (received + minutes(later)).astimezone(timezone(timedelta(hours=5)))
    told = [abuse_alert_at(each, Urgency.OTHER, LONDON, waking) for each in (received, second)]
    due = [abuse_due(each, Urgency.OTHER, LONDON, waking, allowance) for each in (received, second)]

    assert told == sorted(told)
    assert due == sorted(due)
    assert received <= told[0] < due[0]
    assert due[0] - told[0] >= allowance
    assert abuse_due(received.astimezone(LONDON), Urgency.OTHER, LONDON, waking, allowance) == due[0]
