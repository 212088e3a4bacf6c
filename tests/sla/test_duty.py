"""Who is there, and who is on duty: absences, leavers, nights, clock changes and gaps."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sla.duty import (
    ALWAYS_THERE,
    Attendance,
    DateSpan,
    Gap,
    Rota,
    RotaRule,
    Shift,
    can_be_reached,
    is_employed,
    is_here,
    own_hours,
)
from sla.staffed import StaffedHours

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 11, 23)
MINUTE = timedelta(minutes=1)


def london(text: str) -> datetime:
    """Return a London time written like 2026-11-23 17:00."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def always(person: str, day: date) -> bool:
    """Say that everybody is there every day."""
    return True


# Who is there


def test_who_is_away_is_not_here_and_cannot_be_reached() -> None:
    """The first and the last day of an absence count."""
    person = Attendance(away=(DateSpan(MONDAY, date(2026, 11, 25)),))

    days = [MONDAY + timedelta(days=number) for number in range(-1, 4)]
    assert [is_here(person, day) for day in days] == [True, False, False, False, True]
    assert [can_be_reached(person, day) for day in days] == [True, False, False, False, True]


def test_a_part_time_colleague_is_not_here_on_free_weekdays_but_can_be_reached() -> None:
    """A free Wednesday is no absence: what is severe may still come to whoever is on duty."""
    person = Attendance(hours={2: None, 4: (time(8), time(12))})

    assert [is_here(person, MONDAY + timedelta(days=n)) for n in range(5)] == [True, True, False, True, True]
    assert can_be_reached(person, date(2026, 11, 25))


def test_own_hours_replace_those_of_the_school_weekday_by_weekday() -> None:
    """What a person says nothing of is as the school has it."""
    school = StaffedHours(by_weekday={4: (time(8), time(15, 30))})
    person = Attendance(hours={2: None, 4: (time(8), time(12))})

    hours = own_hours(person, school)

    assert (hours.on(0), hours.on(2), hours.on(4)) == ((time(8), time(17)), None, (time(8), time(12)))
    assert own_hours(ALWAYS_THERE, school) == school


def test_the_day_of_leaving_is_the_last_one() -> None:
    """It ends at midnight at the school, which in summer is 11pm by UTC."""
    person = Attendance(leaves_on=date(2026, 7, 17))

    assert is_employed(person, datetime(2026, 7, 17, 22, 59, tzinfo=UTC), LONDON)
    assert not is_employed(person, datetime(2026, 7, 17, 23, tzinfo=UTC), LONDON)
    assert not is_here(person, date(2026, 7, 18))
    assert is_employed(ALWAYS_THERE, datetime(2036, 1, 1, tzinfo=UTC), LONDON)


# Who is on duty


def test_several_people_are_on_duty_at_once_in_the_order_of_the_rota() -> None:
    """Each is named once, whatever the number of shifts; second duty is apart."""
    rota = Rota(
        (RotaRule("tom"), RotaRule("priya", start=time(8), end=time(17)), RotaRule("miriam", second=True)),
        listed=(Shift("gareth", london("2026-11-23 09:00"), london("2026-11-23 12:00")),
                Shift("tom", london("2026-11-23 09:00"), london("2026-11-23 12:00"))),
    )  # fmt: skip

    assert rota.on_duty(london("2026-11-23 10:00")) == ("tom", "priya", "gareth")
    assert rota.on_duty(london("2026-11-23 17:00")) == ("tom",)
    assert rota.on_duty(london("2026-11-23 10:00"), second=True) == ("miriam",)


def test_a_shift_begins_with_its_first_second_and_ends_before_its_last() -> None:
    """At 5pm the day is over, and the night has begun."""
    day = RotaRule("priya", start=time(8), end=time(17))
    night = RotaRule("tom", start=time(17), end=time(8))
    rota = Rota((day, night))

    turns = ["07:59:59", "08:00:00", "16:59:59", "17:00:00"]
    assert [rota.on_duty(london(f"2026-11-23 {at}")) for at in turns] == [
        ("tom",),
        ("priya",),
        ("priya",),
        ("tom",),
    ]


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    """Friday's night goes on until Saturday morning; Sunday's night is nobody's."""
    friday = Rota((RotaRule("tom", weekdays=frozenset({4}), start=time(17), end=time(8)),))

    assert friday.on_duty(london("2026-11-28 07:59")) == ("tom",)
    assert friday.on_duty(london("2026-11-28 08:00")) == ()
    assert friday.on_duty(london("2026-11-27 07:59")) == ()


def test_the_last_night_of_a_rule_is_finished() -> None:
    """First and last day are about when a shift begins."""
    rule = RotaRule("tom", start=time(17), end=time(8), first=MONDAY, last=date(2026, 11, 24))
    rota = Rota((rule,))

    assert rota.on_duty(london("2026-11-23 07:00")) == ()
    assert rota.on_duty(london("2026-11-25 07:59")) == ("tom",)
    assert rota.on_duty(london("2026-11-25 17:00")) == ()


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-23", 24)])
def test_a_whole_day_has_as_many_hours_as_the_clock_gives_it(day: str, hours: int) -> None:
    """On the nights when clocks change, a day is an hour shorter or longer."""
    rule = RotaRule("tom", first=date.fromisoformat(day), last=date.fromisoformat(day))

    (shift,) = Rota((rule,)).shifts(london(f"{day} 00:00"), london(f"{day} 23:59"))

    assert shift.end - shift.start == timedelta(hours=hours)


def test_a_shift_that_the_clock_change_swallows_leaves_no_gap() -> None:
    """2:15am comes before 1:30am on that night by the hours that really pass: the next shift has begun."""
    turns = [time(), time(1, 30), time(2, 15), time(8)]
    rules = tuple(RotaRule(f"p{n}", start=start, end=end) for n, (start, end) in enumerate(pairwise(turns)))
    rota = Rota((*rules, RotaRule("p3", start=time(8))))

    assert rota.gaps(london("2026-03-28 00:00"), london("2026-03-31 00:00"), always) == ()
    assert rules[1].shift_on(date(2026, 3, 29), LONDON) is None


def test_shifts_come_by_their_start_and_only_those_asked_for() -> None:
    """A shift that touches the time asked for only with its end is none of it."""
    rota = Rota(
        (RotaRule("tom", start=time(17), end=time(8)), RotaRule("priya", start=time(8), end=time(17)))
    )

    found = rota.shifts(london("2026-11-23 08:00"), london("2026-11-24 08:00"))

    assert [shift.person for shift in found] == ["priya", "tom"]


# Gaps


def test_an_empty_rota_is_no_rota_and_has_no_gaps() -> None:
    """A school that keeps none is not told for ever that nobody is on duty."""
    rota = Rota()

    assert not rota.is_kept
    assert rota.gaps(london("2026-11-23 00:00"), london("2026-11-30 00:00"), always) == ()


def test_a_calendar_file_that_lists_nothing_is_one_long_gap() -> None:
    """A rota that became empty is not the same as none."""
    since, until = london("2026-11-23 00:00"), london("2026-11-30 00:00")

    assert Rota(listed=()).gaps(since, until, always) == (Gap(since, until),)


def test_who_is_away_or_second_leaves_a_gap() -> None:
    """Tom's night is cut at midnight, when his absence begins; who is second on duty does not fill it."""
    rota = Rota(
        (
            RotaRule("priya", start=time(8), end=time(17)),
            RotaRule("tom", start=time(17), end=time(8)),
            RotaRule("miriam", second=True),
        )
    )
    absences = {"tom": Attendance(away=(DateSpan(date(2026, 11, 24), date(2026, 11, 24)),))}

    found = rota.gaps(
        london("2026-11-23 00:00"),
        london("2026-11-30 00:00"),
        lambda person, day: can_be_reached(absences.get(person, ALWAYS_THERE), day),
    )

    assert found == (
        Gap(london("2026-11-24 00:00"), london("2026-11-24 08:00")),
        Gap(london("2026-11-24 17:00"), london("2026-11-25 00:00")),
    )


def test_a_gap_over_several_days_is_one() -> None:
    """From Friday evening to Monday morning somebody has to be found once, and not three times."""
    rota = Rota((RotaRule("priya", weekdays=frozenset(range(5)), start=time(17), end=time(8)),
                 RotaRule("tom", weekdays=frozenset(range(5)), start=time(8), end=time(17))))  # fmt: skip

    found = rota.gaps(
        london("2026-11-23 08:00"), london("2026-11-30 08:00"), lambda person, day: day.weekday() < 5
    )

    assert found == (Gap(london("2026-11-28 00:00"), london("2026-11-30 08:00")),)


@pytest.mark.parametrize(
    "make",
    [
        lambda: DateSpan(date(2026, 11, 24), MONDAY),
        lambda: RotaRule("tom", first=date(2026, 11, 24), last=MONDAY),
        lambda: RotaRule("tom", weekdays=frozenset()),
        lambda: RotaRule("tom", weekdays=frozenset({7})),
        lambda: RotaRule("tom", start=time(8, tzinfo=UTC)),
        lambda: Shift("tom", london("2026-11-23 08:00"), london("2026-11-23 08:00")),
        lambda: Shift("tom", datetime(2026, 11, 23), london("2026-11-23 08:00")),  # noqa: DTZ001
        lambda: Rota().on_duty(datetime(2026, 11, 23)),  # noqa: DTZ001
    ],
)
def test_what_makes_no_shift_is_refused(make: object) -> None:
    """Nobody is on duty backwards, never, or at a time without an offset."""
    with pytest.raises(ValueError):
        make()  # type: ignore[operator]


# What always holds

_days = some.dates(date(2026, 3, 20), date(2026, 11, 5))
_clocks = some.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
_people = some.sampled_from(["priya", "tom", "miriam"])
_rules = some.builds(
    RotaRule,
    person=_people,
    second=some.booleans(),
    weekdays=some.frozensets(some.integers(0, 6), min_size=1),
    start=_clocks,
    end=_clocks,
)
_listed = some.builds(
    lambda person, day, clock, hours, second: Shift(
        person,
        datetime.combine(day, clock, LONDON),
        datetime.combine(day, clock, LONDON).astimezone(UTC) + timedelta(hours=hours),
        second,
    ),
    _people, _days, _clocks, some.integers(1, 80), some.booleans(),
)  # fmt: skip
_rotas = some.builds(
    Rota, some.lists(_rules, max_size=4).map(tuple), some.lists(_listed, max_size=6).map(tuple)
)


@given(_rotas, _days, some.integers(1, 200), some.sets(some.tuples(_people, _days), max_size=40))
def test_gaps_are_exactly_when_nobody_who_is_there_is_on_duty(
    rota: Rota, first: date, quarters: int, absent: set[tuple[str, date]]
) -> None:
    """Asked quarter by quarter, duty and gaps say the same; gaps come in order and never touch."""
    since = datetime.combine(first, time(), LONDON).astimezone(UTC)
    times = [since + timedelta(minutes=15 * number) for number in range(quarters)]

    gaps = rota.gaps(since, times[-1] + 15 * MINUTE, lambda person, day: (person, day) not in absent)

    def somebody(at: datetime) -> bool:
        return any((one, at.astimezone(LONDON).date()) not in absent for one in rota.on_duty(at))

    assert [somebody(at) for at in times] == [not any(g.start <= at < g.end for g in gaps) for at in times]
    assert all(one.start < one.end < other.start for one, other in pairwise(gaps))


@given(_rotas, _days, some.integers(1, 60))
def test_on_duty_says_what_the_shifts_say(rota: Rota, first: date, hours: int) -> None:
    """A moment is in a shift exactly when its person is on duty then."""
    at = datetime.combine(first, time(), LONDON).astimezone(UTC) + timedelta(hours=hours)

    found = {shift for shift in rota.shifts(at - MINUTE, at + MINUTE) if shift.start <= at < shift.end}

    assert set(rota.on_duty(at)) == {shift.person for shift in found if not shift.second}
    assert set(rota.on_duty(at, second=True)) == {shift.person for shift in found if shift.second}


@given(some.lists(_clocks, min_size=1, max_size=5, unique=True), _days)
def test_who_takes_over_from_each_other_leaves_no_gap(clocks: list[time], first: date) -> None:
    """Whatever the times, and in the nights when clocks change too."""
    turns = sorted(clocks)
    rules = [RotaRule(str(start), start=start, end=end) for start, end in pairwise([*turns, turns[0]])]
    since = datetime.combine(first, time(), LONDON).astimezone(UTC)

    assert Rota(tuple(rules)).gaps(since, since + timedelta(days=10), always) == ()
