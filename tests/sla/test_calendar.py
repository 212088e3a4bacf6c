"""The school's calendar agrees with GOV.UK, explains every closed day, and refuses to guess."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import holidays
import pytest

from sla.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    PUBLISHED_UNTIL,
    Nation,
    NoWorkingDayError,
    SchoolCalendar,
    UnknownYearError,
    bank_holidays,
    calendar_for,
    faults_in,
    years_warning,
)
from sla.target import ResponseTarget

NATIONS = ("ENG", "WLS", "SCT", "NIR")
DEFAULT = ResponseTarget()
HALF_TERM = {date(2026, 10, 26) + timedelta(days=n): "half term" for n in range(5)}


@pytest.mark.parametrize("nation", NATIONS)
def test_every_day_2018_to_2028_is_a_bank_holiday_exactly_where_gov_uk_lists_it(
    nation: str, shared: Path
) -> None:
    """Substitutes, one-off days and what is special in each nation: all of them, and nothing more."""
    listed = json.loads((shared / "data/calendars/uk-bank-holidays-2018-2028.json").read_text())[nation]
    calendar = calendar_for(nation)
    every_day = ResponseTarget(weekend=frozenset())
    days = [date(2018, 1, 1) + timedelta(days=n) for n in range(4018)]

    closed = {day.isoformat() for day in days if calendar.is_closed(day, every_day)}

    assert days[-1] == date(2028, 12, 31)
    assert closed == set(listed)


@pytest.mark.parametrize("nation", NATIONS)
def test_bank_holidays_carry_the_names_that_gov_uk_gives_them(nation: str, shared: Path) -> None:
    """People find the name that they know; where the list says substitute, so do we."""
    listed = json.loads((shared / "data/calendars/uk-bank-holidays-2018-2028.json").read_text())[nation]
    special = {"2nd January": "2 January", "Early May bank holiday (VE day)": "Early May bank holiday"}
    days = bank_holidays(Nation(nation))

    for written, gov_uk in listed.items():
        name = days[date.fromisoformat(written)]
        words = special.get(gov_uk["title"], gov_uk["title"])
        assert name.startswith("substitute for ") is gov_uk["substitute"], (written, name)
        assert _essence(name) & _essence(words), (written, name, words)


def _essence(name: str) -> set[str]:
    """Return the telling words of a name."""
    return set(name.lower().replace("'s", "").split()) - {
        "bank",
        "holiday",
        "day",
        "for",
        "the",
        "of",
        "substitute",
    }


def test_closed_days_say_why() -> None:
    """Weekend, bank holiday with its name, closure with its label; a working day says nothing."""
    calendar = calendar_for("ENG", HALF_TERM)

    assert calendar.closed_because(date(2026, 11, 21), DEFAULT) == "weekend"
    assert calendar.closed_because(date(2026, 4, 3), DEFAULT) == "bank holiday: Good Friday"
    assert calendar.closed_because(date(2026, 10, 28), DEFAULT) == "school closure: half term"
    assert calendar.closed_because(date(2026, 11, 24), DEFAULT) is None
    assert (
        calendar_for("ENG", [date(2026, 11, 24)]).closed_because(date(2026, 11, 24), DEFAULT)
        == "school closure"
    )


def test_a_day_is_closed_for_the_reason_that_people_would_name() -> None:
    """A Saturday in the holidays is a weekend, Easter Monday in the holidays a bank holiday."""
    easter = {date(2026, 3, 28) + timedelta(days=n): "Easter holiday" for n in range(16)}
    calendar = calendar_for("ENG", easter)

    assert calendar.closed_because(date(2026, 4, 4), DEFAULT) == "weekend"
    assert calendar.closed_because(date(2026, 4, 6), DEFAULT) == "bank holiday: Easter Monday"
    assert calendar.closed_because(date(2026, 4, 7), DEFAULT) == "school closure: Easter holiday"
    without = ResponseTarget(bank_holidays=False)
    assert calendar.closed_because(date(2026, 4, 6), without) == "school closure: Easter holiday"


def test_a_cover_day_is_open_whoever_names_it() -> None:
    """The rule and the calendar can both reopen a day, a weekend day included."""
    cover, saturday = date(2026, 10, 29), date(2026, 10, 31)
    by_rule = ResponseTarget(extra_working=frozenset({cover}))

    assert calendar_for("ENG", HALF_TERM).closed_because(cover, by_rule) is None
    reopened = calendar_for("ENG", HALF_TERM, extra_working=[cover, saturday])
    assert reopened.closed_because(cover, DEFAULT) is None
    assert reopened.closed_because(saturday, DEFAULT) is None


def test_the_world_cup_day_is_scotlands_alone() -> None:
    """15 June 2026 was proclaimed for one nation, and published lists lacked it for months."""
    closed = {nation for nation in NATIONS if date(2026, 6, 15) in bank_holidays(Nation(nation))}

    assert closed == {"SCT"}


def test_a_list_that_lacks_known_days_is_noticed_at_the_start() -> None:
    """An outdated holidays package is refused before it can move one due time."""
    scottish = dict(bank_holidays(Nation.SCT))
    assert faults_in(Nation.SCT, scottish) == ()

    del scottish[date(2023, 5, 8)]
    del scottish[date(2026, 6, 15)]
    english = {**bank_holidays(Nation.ENG), date(2026, 6, 15): "a mistake"}

    assert faults_in(Nation.SCT, scottish) == ("2023-05-08 is missing", "2026-06-15 is missing")
    assert faults_in(Nation.ENG, english) == ("2026-06-15 is not one here",)


def test_the_known_special_days_are_all_asked_for() -> None:
    """The coronation in every nation, and the day that Scotland alone had."""
    for nation in Nation:
        days = dict(bank_holidays(nation))
        del days[date(2023, 5, 8)]
        assert faults_in(nation, days) == ("2023-05-08 is missing",)
    assert faults_in(Nation.ENG, bank_holidays(Nation.SCT)) == ("2026-06-15 is not one here",)


@pytest.mark.parametrize("nation", NATIONS)
def test_the_list_read_alone_is_the_one_that_the_package_gives(nation: str) -> None:
    """Reading one country's file saves time and changes nothing."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    usual = holidays.country_holidays("GB", subdiv=nation, years=years)

    assert set(bank_holidays(Nation(nation))) == {day for day in usual if day.weekday() < 5}


def test_the_end_of_the_published_years_is_told_a_year_and_a_half_before() -> None:
    """Early enough to install a newer version, and never while there is nothing to do."""
    assert years_warning(date(2027, 6, 30)) is None
    warning = years_warning(date(2027, 7, 1))

    assert warning is not None
    assert warning.startswith("bank holidays after 2028 are computed, not published: install a newer version")
    assert years_warning(PUBLISHED_UNTIL) == years_warning(date(2033, 1, 1)) == warning


def test_gov_uk_has_published_no_more_than_we_say(shared: Path) -> None:
    """The warning comes when the list that we know really ends."""
    lists = json.loads((shared / "data/calendars/uk-bank-holidays-2018-2028.json").read_text())

    last = {max(date.fromisoformat(day) for day in days) for days in lists.values()}
    assert {day.year for day in last} == {PUBLISHED_UNTIL.year}


@pytest.mark.parametrize("nation", ["GB", "UK", "eng", "", "GB-ENG", "England"])
def test_an_unknown_nation_is_refused(nation: str) -> None:
    """There is no default: Scotland differs from England on five days a year."""
    with pytest.raises(ValueError, match="ENG, WLS, SCT and NIR"):
        calendar_for(nation)


def test_a_time_is_no_closed_day() -> None:
    """A closure given as a time in UTC could mean the day before in London."""
    with pytest.raises(ValueError, match="a date, not a time"):
        calendar_for("ENG", [datetime(2026, 10, 25, 23, tzinfo=UTC)])


def test_days_outside_the_known_years_are_refused_where_bank_holidays_count() -> None:
    """What is not known is not taken for an ordinary weekday."""
    calendar = calendar_for("ENG")

    with pytest.raises(UnknownYearError):
        calendar.is_closed(date(LAST_YEAR + 1, 6, 1), DEFAULT)
    assert not calendar.is_closed(date(LAST_YEAR + 1, 6, 1), ResponseTarget(bank_holidays=False))


def test_the_next_working_day_is_found_or_its_lack_is_told() -> None:
    """A closure of a year is a mistake in the calendar."""
    open_again = date(2026, 11, 2)
    forever = [date(2026, 1, 1) + timedelta(days=n) for n in range(500)]

    assert calendar_for("ENG", HALF_TERM).next_working_day(date(2026, 10, 23), DEFAULT) == open_again
    with pytest.raises(NoWorkingDayError, match="after 2026-01-02: shorten the closures"):
        calendar_for("ENG", forever).next_working_day(date(2026, 1, 2), DEFAULT)


def test_the_version_changes_with_what_is_in_the_calendar_and_with_nothing_else() -> None:
    """A clock that keeps the version can tell later by which calendar it was set."""

    def version(calendar: SchoolCalendar) -> str:
        return calendar.version

    base = version(calendar_for("ENG", HALF_TERM))
    reordered = dict(reversed(list(HALF_TERM.items())))
    longer = {**HALF_TERM, date(2026, 11, 2): "half term"}

    assert base == version(calendar_for("ENG", reordered))
    assert base.startswith("ENG-")
    others = {
        version(calendar_for("ENG")),
        version(calendar_for("WLS", HALF_TERM)),
        version(calendar_for("ENG", longer)),
        version(calendar_for("ENG", dict.fromkeys(HALF_TERM, "autumn break"))),
        version(calendar_for("ENG", HALF_TERM, extra_working=[date(2026, 10, 29)])),
    }
    assert len(others | {base}) == 6


def test_bank_holidays_are_made_once_and_cannot_be_changed() -> None:
    """Two schools of one nation share one list, which neither can spoil for the other."""
    first = calendar_for("NIR").bank_holidays

    assert first is calendar_for("NIR").bank_holidays
    assert not hasattr(first, "__setitem__")
