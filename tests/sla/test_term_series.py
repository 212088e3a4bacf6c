"""Events that repeat are followed as RFC 5545 says, and none of them can keep the program busy."""

from __future__ import annotations

import random
import time
from datetime import date, timedelta

import icalendar
import pytest
import recurring_ical_events

from tests.sla.ics_files import all_day, calendar, closed, event, read

SEPTEMBER = "DTSTART;VALUE=DATE:20260907"
WEEKLY = ["2026-09-07", "2026-09-14", "2026-09-21", "2026-09-28"]


def repeated(*lines: str, uid: str | None = "") -> str:
    """Return a closure that begins on Monday 7 September 2026 and repeats by these lines."""
    return event(SEPTEMBER, *lines, uid=uid, summary="School closed")


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (("RRULE:FREQ=WEEKLY;COUNT=4",), WEEKLY),
        (("RRULE:FREQ=WEEKLY;UNTIL=20260928",), WEEKLY),
        (("RRULE:FREQ=WEEKLY;UNTIL=20260928T000000Z",), WEEKLY),
        (("RRULE:FREQ=WEEKLY;UNTIL=20260927T230000Z",), WEEKLY),
        (("RRULE:FREQ=WEEKLY;UNTIL=20260927T235959Z",), WEEKLY[:3]),
        (("RRULE:FREQ=WEEKLY;UNTIL=20260928T235959",), WEEKLY),
        (("RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2",), [WEEKLY[0], WEEKLY[2]]),
        (("RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20260914,20260928"), [WEEKLY[0], WEEKLY[2]]),
        (("RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20260914", "EXDATE:20260928"), [WEEKLY[0], WEEKLY[2]]),
        (("RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;TZID=Europe/London:20260907T000000"), WEEKLY[1:]),
        (("RDATE:20260914,20260921", "RDATE;VALUE=DATE:20260928"), WEEKLY),
        (("RDATE:",), WEEKLY[:1]),
        (("RRULE:FREQ=WEEKLY;COUNT=2", "RDATE:20260909"), [WEEKLY[0], "2026-09-09", WEEKLY[1]]),
        (("RRULE:FREQ=DAILY;COUNT=2;",), [WEEKLY[0], "2026-09-08"]),
        (("RRULE:FREQ=MONTHLY;BYDAY=1MO;COUNT=3",), ["2026-09-07", "2026-10-05", "2026-11-02"]),
        (("RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1;COUNT=2",), ["2026-09-07", "2026-10-05"]),
        (("RRULE:FREQ=YEARLY;UNTIL=20280907",), ["2026-09-07", "2027-09-07", "2028-09-07"]),
        (("RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3;WKST=SU",), [WEEKLY[0], "2026-09-09", WEEKLY[1]]),
        (("RRULE:FREQ=WEEKLY;UNTIL=20260901",), []),
    ],
)
def test_a_rule_its_exceptions_and_its_additions_are_followed(
    lines: tuple[str, ...], days: list[str]
) -> None:
    """UNTIL counts whichever way it is written, for a day as for a midnight."""
    assert closed(repeated(*lines)) == days


def test_the_early_may_bank_holiday_is_found_every_year() -> None:
    """The first Monday of May, as calendar programs write it."""
    days = closed(
        event("DTSTART:20240506", "RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=1MO", summary="May Day holiday")
    )

    assert days[:4] == ["2024-05-06", "2025-05-05", "2026-05-04", "2027-05-03"]
    assert days[-1] == "2036-05-05"


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (
            ("DTSTART:20260601T230000Z", "DTEND:20260602T230000Z", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2"),
            (2, 9),
        ),
        (
            (
                "DTSTART;TZID=Europe/London:20260602T000000",
                "DTEND;TZID=Europe/London:20260603T000000",
                "RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20260608T230000Z",
            ),
            (2, 9),
        ),
        (
            (
                "DTSTART;TZID=Europe/London:20260602T000000",
                "DTEND;TZID=Europe/London:20260603T000000",
                "RRULE:FREQ=WEEKLY;COUNT=3",
                "EXDATE:20260608T230000Z",
            ),
            (2, 16),
        ),
        (
            ("DTSTART:20260602T000000", "DTEND:20260602T235900", "RRULE:FREQ=WEEKLY;COUNT=2"),
            (2, 9),
        ),
    ],
)
def test_midnights_repeat_as_days_in_london(lines: tuple[str, ...], days: tuple[int, ...]) -> None:
    """The weekday of the rule is that of the event's own clock: Monday 23:00 UTC is Tuesday in London."""
    assert closed(event(*lines)) == [f"2026-06-{day:02}" for day in days]


def test_single_times_are_moved_renamed_and_cancelled() -> None:
    """RECURRENCE-ID says which time of the series is meant."""
    dates = read(
        repeated("RRULE:FREQ=WEEKLY;COUNT=4", uid="s"),
        event(
            "DTSTART:20260915", "RECURRENCE-ID;VALUE=DATE:20260914", uid="s", summary="School closed: moved"
        ),
        event("DTSTART:20260921", "RECURRENCE-ID:20260921", "STATUS:CANCELLED", uid="s"),
        event("DTSTART:20260928", "RECURRENCE-ID:20260928", uid="s", summary="INSET day"),
    )

    assert dict(dates.closures) == {
        date(2026, 9, 7): "School closed",
        date(2026, 9, 15): "School closed: moved",
    }
    assert set(dates.staff_days) == {date(2026, 9, 28)}
    assert dates.warnings == ("left aside: 1 that are cancelled (2026-09-21)",)


def test_a_change_of_all_later_times_moves_them_all_or_ends_the_series() -> None:
    """RANGE=THISANDFUTURE."""
    series = repeated("RRULE:FREQ=WEEKLY;COUNT=4", uid="s")
    later = "RECURRENCE-ID;RANGE=THISANDFUTURE:20260914"
    moved = event("DTSTART:20260915", later, uid="s", summary="School closed")
    ended = event("DTSTART:20260914", later, "STATUS:CANCELLED", uid="s")

    assert closed(series, moved) == ["2026-09-07", "2026-09-15", "2026-09-22", "2026-09-29"]
    assert closed(series, ended) == ["2026-09-07"]


def test_a_change_without_its_series_and_one_of_another_event_stand_for_themselves() -> None:
    """An export of one year holds changes of older series; an assembly may give way to INSET."""
    lonely = event("DTSTART:20260915", "RECURRENCE-ID:20260914", summary="School closed")
    weekly = event("DTSTART:20260907", "RRULE:FREQ=WEEKLY", uid="a", summary="Assembly")
    instead = event("DTSTART:20260921", "RECURRENCE-ID:20260921", uid="a", summary="INSET day")

    assert closed(lonely) == ["2026-09-15"]
    assert set(read(weekly, instead).staff_days) == {date(2026, 9, 21)}


def test_a_cancelled_series_is_gone_with_all_its_changes() -> None:
    """What is left of it in the file closes nothing."""
    dates = read(
        repeated("RRULE:FREQ=WEEKLY;COUNT=4", "STATUS:CANCELLED", uid="s"),
        event("DTSTART:20260915", "RECURRENCE-ID:20260914", uid="s", summary="School closed"),
    )

    assert not dates.closures


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("RRULE:FREQ=SECONDLY",), "repeats neither daily"),
        (("RRULE:FREQ=MINUTELY;COUNT=5",), "repeats neither daily"),
        (("RRULE:FREQ=HOURLY;INTERVAL=24",), "repeats neither daily"),
        (("RRULE:COUNT=5",), "repeats neither daily"),
        (("RRULE:",), "repeats neither daily"),
        (("RRULE:FREQ=FORTNIGHTLY",), "its rule cannot be read"),
        (("RRULE:FREQ=DAILY;UNTIL=2026-10-01",), "its rule cannot be read"),
        (("RRULE:FREQ=DAILY;UNTIL=120000",), "UNTIL of its rule is no date"),
        (("RRULE:FREQ=YEARLY;BYDAY=99MO",), "its rule cannot be followed"),
        (("RRULE:FREQ=MONTHLY;BYSETPOS=999",), "its rule cannot be followed"),
        (("RRULE:FREQ=DAILY;BYHOUR=1,2,3",), "its rule says BYHOUR"),
        (("RRULE:FREQ=DAILY;BYMINUTE=1;BYSECOND=1",), "its rule says BYMINUTE, BYSECOND"),
        (("RRULE:FREQ=YEARLY;BYEASTER=1",), "its rule says BYEASTER"),
        (("RRULE:FREQ=DAILY;INTERVAL=0",), "INTERVAL of its rule must be 1 or more"),
        (("RRULE:FREQ=DAILY;INTERVAL=-1",), "INTERVAL of its rule must be 1 or more"),
        (("RRULE:FREQ=DAILY;COUNT=0",), "COUNT of its rule must be 1 or more"),
        (("RRULE:FREQ=DAILY;COUNT=5;UNTIL=20270101",), "both COUNT and UNTIL"),
        (("RRULE:FREQ=YEARLY;BYYEARDAY=" + ",".join(map(str, range(1, 200))),), "names too many days"),
        (("RRULE:FREQ=MONTHLY;BYMONTHDAY=99",), None),
        (("EXRULE:FREQ=WEEKLY", "RRULE:FREQ=DAILY;COUNT=9"), "EXRULE"),
        (("RDATE;VALUE=PERIOD:20260914T000000Z/P1D",), "RDATE holds something that is no date"),
        (("RDATE:20260931",), "RDATE holds something that is no date"),
        (("RRULE:FREQ=DAILY;COUNT=9", "EXDATE:soon"), "EXDATE holds something that is no date"),
        (("RDATE:" + ",".join(["20260914"] * 6000),), "its list of dates is too long"),
    ],
)
def test_a_rule_that_days_cannot_follow_is_told_and_costs_nothing_else(
    lines: tuple[str, ...], reason: str | None
) -> None:
    """Half a rule would be wrong in silence; the other events count."""
    dates = read(repeated(*lines, uid="odd"), all_day("20261026", "20261027"))

    assert date(2026, 10, 26) in dates.closures
    if reason is None:
        assert dates.rejected == ()
    else:
        assert [each.where for each in dates.rejected] == ["odd"]
        assert reason in dates.rejected[0].reason


def test_a_series_that_lies_beyond_the_known_years_closes_nothing() -> None:
    """Nor does a change of a time out there, or an exception at the beginning of all years do any harm."""
    later = event("DTSTART:20400101", "RRULE:FREQ=YEARLY", summary="School closed")
    series = repeated("RRULE:FREQ=WEEKLY;COUNT=2", uid="s")
    change = event("DTSTART:20500101", "RECURRENCE-ID:20500101", uid="s", summary="School closed")
    away = event("DTSTART:20500102", "RECURRENCE-ID:20260914", uid="s", summary="School closed")
    early = event(
        "DTSTART;TZID=Europe/London:20260907T000000",
        "DURATION:P1D",
        "RRULE:FREQ=WEEKLY;COUNT=2",
        "EXDATE:00010101T000000Z",
        uid="e",
    )

    assert closed(later, series, change) == WEEKLY[:2]
    assert closed(series, away) == WEEKLY[:1]
    assert "beyond all years" in read(early).rejected[0].reason


def test_a_rule_without_an_end_is_followed_to_the_last_known_day_and_told() -> None:
    """It began in 1970 and has no end: what counts is what lies between."""
    dates = read(event("DTSTART:19700101", "RRULE:FREQ=DAILY", uid="d", summary="School closed"))

    assert (min(dates.closures), max(dates.closures)) == (date(2017, 1, 1), date(2036, 12, 31))
    assert len(dates.closures) == 7305
    assert dates.warnings == (
        "d: repeats without an end: it was followed to 2036-12-31",
        "d: the school is closed for 7305 days on end, from 2017-01-01 to 2036-12-31; check the year",
    )


ENDLESS = (
    "FREQ=SECONDLY",
    "FREQ=MINUTELY",
    "FREQ=HOURLY",
    "FREQ=DAILY",
    "FREQ=DAILY;COUNT=999999999",
    "FREQ=DAILY;INTERVAL=999999999",
    "FREQ=WEEKLY",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=5;BYDAY=1MO",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
    "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
)


@pytest.mark.parametrize("rule", ENDLESS)
@pytest.mark.parametrize("start", ["19700101", "20260101"])
def test_a_rule_without_an_end_ends_whatever_it_says(rule: str, start: str) -> None:
    """Fertile or barren, every second or once in a million days: the rest of the file is read."""
    endless = event(f"DTSTART:{start}", f"RRULE:{rule}", summary="School closed")
    began = time.process_time()
    dates = read(endless, all_day("20261026", "20261031"))

    assert time.process_time() - began < 2
    assert date(2026, 10, 26) in dates.closures


@pytest.mark.parametrize(
    "rules",
    [
        ENDLESS,
        ("FREQ=DAILY;INTERVAL=999999999",),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=1MO",),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",),
    ],
)
def test_two_thousand_rules_without_an_end_are_bounded_together(rules: tuple[str, ...]) -> None:
    """Each of them is harmless alone; what is too much is told, and the single days count."""
    endless = [
        event("DTSTART:19700101", f"RRULE:{rules[n % len(rules)]}", summary="School closed")
        for n in range(2000)
    ]
    began = time.process_time()
    dates = read(*endless, all_day("20261026", "20261031"))

    assert time.process_time() - began < 2
    assert date(2026, 10, 26) in dates.closures
    assert "repeats too many events too often" in dates.rejected[-1].reason


def test_thousands_of_single_days_are_bounded_too() -> None:
    """A list of days is work as well."""
    days = ",".join(f"20{20 + n % 15}{1 + n % 12:02}{1 + n % 28:02}" for n in range(5000))
    listed = [event("DTSTART:20260101", f"RDATE:{days}", summary="School closed") for _ in range(90)]
    began = time.process_time()
    dates = read(*listed)

    assert time.process_time() - began < 2
    assert len(dates.closures) == 420
    assert "repeats too many events too often" in dates.rejected[-1].reason


def test_an_ordinary_school_never_meets_the_limit() -> None:
    """Eight bank holidays of every year, a closure of every week and ten holidays that are rules of days."""
    bank = [event("DTSTART:20200101", "RRULE:FREQ=YEARLY", summary="Bank holiday") for _ in range(8)]
    weekly = [event("DTSTART:20200107", "RRULE:FREQ=WEEKLY", summary="School closed") for _ in range(3)]
    daily = [event("DTSTART:20261026", "RRULE:FREQ=DAILY;COUNT=5") for _ in range(60)]

    assert read(*bank, *weekly, *daily).rejected == ()


def test_series_far_away_are_followed_like_those_of_today() -> None:
    """We follow them 7,600 years later, where the calendar is the same; the library itself is the proof."""
    rng = random.Random(20261122)
    for _ in range(60):
        start = date(2017, 1, 1) + timedelta(days=rng.randrange(5000))
        rule = _random_rule(rng)
        lines = (f"DTSTART;VALUE=DATE:{start:%Y%m%d}", f"RRULE:{rule}")

        today = icalendar.Calendar.from_ical(calendar(event(*lines)))
        found = recurring_ical_events.of(today).between(date(2017, 1, 1), date(2037, 1, 1))
        expected = sorted({f"{each['DTSTART'].dt}" for each in found})

        assert closed(event(*lines)) == expected, rule


def _random_rule(rng: random.Random) -> str:
    parts = {
        "DAILY": ("", ";BYDAY=MO,FR", ";BYMONTH=2,7"),
        "WEEKLY": ("", ";BYDAY=TU,TH", ";BYDAY=SU;WKST=SU", ";BYMONTH=5"),
        "MONTHLY": ("", ";BYMONTHDAY=-1,29", ";BYDAY=2WE", ";BYDAY=-1FR", ";BYDAY=MO,TU;BYSETPOS=-1"),
        "YEARLY": ("", ";BYMONTH=5;BYDAY=1MO", ";BYMONTH=2;BYMONTHDAY=29", ";BYWEEKNO=20", ";BYYEARDAY=366"),
    }
    frequency = rng.choice(list(parts))
    end = rng.choice(("", f";COUNT={rng.randrange(1, 30)}", f";UNTIL=20{rng.randrange(17, 40)}0615"))
    return f"FREQ={frequency};INTERVAL={rng.randrange(1, 4)}{rng.choice(parts[frequency])}{end}"


GOOD = event("DTSTART:20261102", "RRULE:FREQ=WEEKLY;COUNT=2", uid="good", summary="School closed")


@pytest.mark.parametrize(
    ("rule", "start", "number"),
    [
        ("FREQ=DAILY", "19000101", 1),
        ("FREQ=DAILY", "19700101", 200),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "20200101", 3),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "20200106", 300),
    ],
)
def test_a_greedy_series_starves_nobody_but_its_like(rule: str, start: str, number: int) -> None:
    """The modest ones are followed first, wherever they stand in the file."""
    hogs = [
        event(f"DTSTART:{start}", f"RRULE:{rule}", uid=f"hog-{each}", summary="School closed")
        for each in range(number)
    ]
    began = time.process_time()
    for file in ((*hogs, GOOD), (GOOD, *hogs)):
        dates = read(*file)

        assert {date(2026, 11, 2), date(2026, 11, 9)} <= dates.closures.keys()
        assert not [each for each in dates.rejected if each.where == "good"]
    assert time.process_time() - began < 4


@pytest.mark.parametrize(
    "event_",
    [
        event("DTSTART:20260101", *["CATEGORIES:School"] * 100_000, summary="School closed"),
        event("DTSTART:20260101", *["RRULE:FREQ=YEARLY;COUNT=1"] * 100_000, summary="School closed"),
        event("DTSTART:20260101", *["EXDATE:20260102"] * 100_000, summary="School closed"),
        event("DTSTART:20260101", "RRULE:FREQ=YEARLY;BYYEARDAY=" + "1," * 20_000, summary="School closed"),
    ],
    ids=["categories", "rules", "exceptions", "numbers"],
)
def test_an_event_of_a_hundred_thousand_lines_is_bounded(event_: str) -> None:
    """What is too much for one event costs that event alone."""
    began = time.process_time()
    dates = read(event_, GOOD)

    assert time.process_time() - began < 2
    assert {date(2026, 11, 2), date(2026, 11, 9)} <= dates.closures.keys()


def test_the_latest_of_two_changes_of_one_time_counts() -> None:
    """The highest SEQUENCE, then the latest DTSTAMP, in whatever order they stand in the file."""
    series = repeated("RRULE:FREQ=WEEKLY;COUNT=2", uid="s")
    recurrence = "RECURRENCE-ID;VALUE=DATE:20260914"
    gone = event("DTSTART:20260914", recurrence, "SEQUENCE:1", "STATUS:CANCELLED", uid="s")
    back = event("DTSTART:20260915", recurrence, "SEQUENCE:2", uid="s", summary="School closed")
    early = event(
        "DTSTART:20260916", recurrence, "DTSTAMP:20260101T000000Z", uid="s", summary="School closed"
    )
    late = event("DTSTART:20260917", recurrence, "DTSTAMP:20260201T000000Z", uid="s", summary="School closed")

    for one, other in ((gone, back), (back, gone)):
        assert closed(series, one, other) == ["2026-09-07", "2026-09-15"]
        assert read(series, one, other).warnings == ()
    for one, other in ((early, late), (late, early)):
        assert closed(one, series, other) == ["2026-09-07", "2026-09-17"]


def test_a_change_of_the_only_time_of_an_event_stands_for_it() -> None:
    """Some programs cancel a single event so; a change of another day leaves it as it is."""
    single = event("DTSTART:20261102", uid="q", summary="School closed")
    cancelled = event("DTSTART:20261102", "RECURRENCE-ID:20261102", "STATUS:CANCELLED", uid="q")
    moved = event("DTSTART:20261103", "RECURRENCE-ID:20261102", uid="q", summary="School closed")
    other = event("DTSTART:20261109", "RECURRENCE-ID:20261109", "STATUS:CANCELLED", uid="q")

    assert closed(single, cancelled) == []
    assert closed(cancelled, single) == []
    assert closed(single, moved) == ["2026-11-03"]
    assert closed(single, other) == ["2026-11-02"]


@pytest.mark.parametrize(
    "components",
    [
        (repeated("RRULE:FREQ=DAILY;COUNT=60"),),
        (repeated("RRULE:FREQ=DAILY;COUNT=100000000"),),
        tuple(
            all_day(
                f"{date(2026, 9, 7) + timedelta(14 * n):%Y%m%d}",
                f"{date(2026, 9, 21) + timedelta(14 * n):%Y%m%d}",
            )
            for n in range(10)
        ),
    ],
    ids=["sixty", "endless", "fortnights"],
)
def test_days_on_end_are_counted_over_all_times_and_events(components: tuple[str, ...]) -> None:
    """However a long closure was put together."""
    [warning] = read(*components).warnings

    assert "days on end, from 2026-09-07" in warning
