"""A promise is read from a settings table, has a stable name, and is refused when it cannot be kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from sla.calendar import NoWorkingDayError, calendar_for
from sla.deadline import deadline
from sla.target import ClockKind, Mode, ResponseTarget, other_reading, target_from


def test_the_default_promise_is_the_policy_by_the_letter() -> None:
    """24 real hours; what comes on a closed day is due on the next working day, any time."""
    target = target_from({})

    assert target == ResponseTarget()
    assert (target.mode, target.hours, target.clock) == (Mode.STRICT, 24, ClockKind.ELAPSED)
    assert target.next_day_time == time(23, 59, 59)


def test_every_word_of_a_rule_is_understood() -> None:
    """All nine words of the ``due`` command's rule reach the promise."""
    target = target_from(
        {
            "tz": "Europe/London",
            "hours": 36,
            "clock": "wall",
            "weekend": [6],
            "bank_holidays": False,
            "extra_working": ["2026-10-29", date(2026, 10, 30)],
            "mode": "carry",
            "next_day_time": "17:00",
            "floor": True,
        }
    )

    assert target == ResponseTarget(
        hours=36,
        clock=ClockKind.WALL,
        weekend=frozenset({6}),
        bank_holidays=False,
        extra_working=frozenset({date(2026, 10, 29), date(2026, 10, 30)}),
        mode=Mode.CARRY,
        next_day_time=time(17),
        floor=True,
    )


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ({"modus": "pause"}, "no modus: use tz, hours"),
        ({"tz": 1}, "tz must be a text"),
        ({"tz": "Oakfield"}, "tz names no time zone"),
        ({"tz": "../../etc/passwd"}, "tz names no time zone"),
        ({"tz": ""}, "tz names no time zone"),
        ({"hours": "24"}, "hours must be a number"),
        ({"hours": True}, "hours must be a number"),
        ({"hours": 0}, "hours must be more than 0"),
        ({"hours": -24}, "hours must be more than 0"),
        ({"hours": 1e9}, "at most 8784"),
        ({"hours": float("nan")}, "hours must be more than 0"),
        ({"hours": float("inf")}, "hours must be more than 0"),
        ({"hours": 10**400}, "hours must be more than 0"),
        ({"hours": None}, "hours must be a number"),
        ({"hours": 0.0001}, "whole seconds"),
        ({"hours": 1, "clock": "wall"}, "clock wall needs hours of 2 or more"),
        ({"clock": "sundial"}, "clock must be one of elapsed, wall"),
        ({"clock": None}, "clock must be one of elapsed, wall"),
        ({"weekend": 5}, "weekend must be a list"),
        ({"weekend": ["Sat"]}, "weekend must be a list of weekday numbers"),
        ({"weekend": [True]}, "weekend must be a list of weekday numbers"),
        ({"weekend": [7]}, "weekend must hold weekday numbers"),
        ({"weekend": [-1]}, "weekend must hold weekday numbers"),
        ({"weekend": [5.0]}, "weekend must be a list of weekday numbers"),
        ({"weekend": [0, 1, 2, 3, 4, 5, 6]}, "all seven days"),
        ({"bank_holidays": "no"}, "bank_holidays must be true or false"),
        ({"floor": 1}, "floor must be true or false"),
        ({"extra_working": "2026-10-29"}, "extra_working must be a list of dates"),
        (
            {"extra_working": ["2026-02-29"]},
            "extra_working holds something that is no date: write dates like",
        ),
        ({"extra_working": ["29 October"]}, "extra_working holds something that is no date"),
        ({"extra_working": [datetime(2026, 10, 29)]}, "extra_working holds something that is no date"),  # noqa: DTZ001
        ({"mode": "lenient"}, "mode must be one of strict, carry, pause, ignore_calendar"),
        ({"mode": ["pause"]}, "mode must be one of"),
        ({"next_day_time": "5pm"}, "next_day_time must be a time of day"),
        ({"next_day_time": 17}, "next_day_time must be a time of day"),
        ({"next_day_time": "24:00"}, "next_day_time must be a time of day like 17:00 or 23:59:59"),
        ({"next_day_time": ""}, "next_day_time must be a time of day"),
        ({"next_day_time": "17:00:00.5"}, "whole seconds"),
        ({"next_day_time": "17:00+01:00"}, "plain time of day"),
        ({"mode": "pause", "next_day_time": "17:00"}, "a later message could be due before an earlier one"),
        ({"mode": "pause", "next_day_time": "23:59:58", "floor": True}, "mode pause needs next_day_time"),
    ],
)
def test_a_promise_that_cannot_be_kept_is_refused_with_the_reason(
    words: dict[str, Any], complaint: str
) -> None:
    """The refusal names the word and what to write instead."""
    with pytest.raises(ValueError, match=complaint):
        target_from(words)


@pytest.mark.parametrize(
    "words",
    [
        {"hours": 0.5},
        {"hours": 8784},
        {"hours": 2, "clock": "wall"},
        {"hours": 48, "mode": "pause"},
        {"mode": "pause", "floor": True, "next_day_time": "23:59:59"},
        {"mode": "carry", "next_day_time": "00:00"},
        {"mode": "ignore_calendar", "next_day_time": "17:00"},
        {"weekend": []},
        {"weekend": [6], "clock": "wall"},
        {"tz": "UTC"},
    ],
    ids=str,
)
def test_what_the_policy_does_not_forbid_is_allowed(words: dict[str, Any]) -> None:
    """An unusual promise is the school's to make; only one that cannot be kept is refused."""
    received = datetime(2026, 11, 20, 16, tzinfo=UTC)

    assert deadline(received, target_from(words), calendar_for("ENG")).due > received


def test_a_promise_made_in_code_is_checked_like_one_from_a_file() -> None:
    """No door leads past the checks: a word is understood or refused, never quietly taken for the default."""
    assert ResponseTarget(mode="pause") == ResponseTarget(mode=Mode.PAUSE)  # type: ignore[arg-type]
    assert ResponseTarget(weekend=[6]) == ResponseTarget(weekend=frozenset({6}))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="mode must be one of"):
        ResponseTarget(mode="lenient")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="mode pause needs next_day_time"):
        ResponseTarget(mode=Mode.PAUSE, next_day_time=time(17))


def test_a_school_without_weekends_works_every_day_but_bank_holidays() -> None:
    """An empty list of weekend days is a list, not a missing setting."""
    target, calendar = target_from({"weekend": [], "mode": "carry"}), calendar_for("ENG")

    saturday = deadline(datetime(2026, 11, 21, 9, tzinfo=UTC), target, calendar)
    christmas = deadline(datetime(2026, 12, 25, 9, tzinfo=UTC), target, calendar)

    assert saturday.due == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert christmas.due == datetime(2026, 12, 26, 23, 59, 59, tzinfo=UTC)


def test_all_days_may_be_weekend_where_some_are_reopened() -> None:
    """A school that answers on a few named days only can say so."""
    target = target_from({"weekend": list(range(7)), "extra_working": ["2026-11-24", "2026-12-03"]})
    calendar = calendar_for("ENG")

    before = deadline(datetime(2026, 11, 22, 9, tzinfo=UTC), target, calendar)
    after = deadline(datetime(2026, 11, 25, 9, tzinfo=UTC), target, calendar)

    assert before.due == datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC)
    assert after.due == datetime(2026, 12, 3, 23, 59, 59, tzinfo=UTC)
    with pytest.raises(NoWorkingDayError, match="leave a working day in weekend"):
        deadline(datetime(2026, 12, 4, 9, tzinfo=UTC), target, calendar)


@pytest.mark.parametrize(
    ("mode", "other"),
    [("strict", "pause"), ("pause", "strict"), ("carry", "strict"), ("ignore_calendar", "strict")],
)
def test_the_other_reading_differs_in_nothing_but_its_mode(mode: str, other: str) -> None:
    """The report shows by one figure what the choice of reading is worth."""
    words = {"hours": 24, "weekend": [6], "bank_holidays": False, "extra_working": ["2026-10-29"]}

    assert other_reading(target_from({**words, "mode": mode})) == target_from({**words, "mode": other})


def test_a_promise_that_cannot_be_read_otherwise_has_no_other_reading() -> None:
    """By 5pm and by working hours cannot both be meant, so nothing is shown instead of something wrong."""
    assert other_reading(target_from({"next_day_time": "17:00"})) is None
    assert other_reading(target_from({"next_day_time": "17:00", "mode": "carry"})) == target_from(
        {"next_day_time": "17:00"}
    )


def test_the_version_names_the_promise_and_nothing_else() -> None:
    """Equal promises have one name, on every machine; different ones never share it."""
    one = target_from({"weekend": [6, 5], "extra_working": ["2026-10-30", "2026-10-29"]})
    same = target_from({"weekend": [5, 6], "extra_working": ["2026-10-29", "2026-10-30"], "hours": 24.0})
    others = [
        target_from(words)
        for words in (
            {},
            {"hours": 25},
            {"clock": "wall"},
            {"weekend": [6]},
            {"bank_holidays": False},
            {"mode": "pause"},
            {"next_day_time": "17:00"},
            {"floor": True},
            {"tz": "Europe/Jersey"},
        )
    ]

    assert one.version == same.version
    assert (one, hash(one)) == (same, hash(same))
    assert ResponseTarget().version == "strict-24h-elapsed-bc40d071"
    assert len({one.version, *(other.version for other in others)}) == 1 + len(others)
