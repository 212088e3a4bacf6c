"""What a person should look at in a calendar is found, said with its remedy, and nothing else is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sla.term_dates import Finding, FindingKind, TermDates, check_calendar, read_csv, shrinks
from tests.sla.ics_files import all_day
from tests.sla.ics_files import read as read_events

HEADER = "kind,start,end_inclusive,label,staff_working"
TODAY = date(2026, 9, 1)
YEAR = (
    "half_term,2026-10-26,2026-10-30,October half term,no",
    "holiday,2026-12-21,2027-01-01,Christmas,no",
    "holiday,2027-03-26,2027-04-05,Easter,no",
    "bank_holiday,2027-05-03,,May Day,no",
    "half_term,2027-05-31,2027-06-04,May half term,no",
)


def dates(*rows: str) -> TermDates:
    """Read a file of these rows."""
    return read_csv("\n".join((HEADER, *rows)).encode())


def found(kind: FindingKind, *rows: str, nation: str = "ENG", today: date = TODAY) -> list[Finding]:
    """Return what is found of one kind."""
    return [each for each in check_calendar(dates(*rows), nation, today) if each.kind is kind]


def test_an_ordinary_calendar_only_tells_how_far_it_reaches() -> None:
    """Nothing else is said, and nothing needs a person."""
    [finding] = check_calendar(dates(*YEAR), "ENG", TODAY)

    assert finding.kind is FindingKind.KNOWN_UNTIL
    assert finding.what.startswith("No school closure is known after Friday 4 June 2027")
    assert finding.days == (date(2027, 6, 4),)
    assert not finding.needs_person


def test_a_bank_holiday_that_the_calendar_leaves_out_is_told() -> None:
    """It is closed all the same in England; a day in the past is not worth a word."""
    without = [row for row in YEAR if "May Day" not in row]
    [finding] = found(FindingKind.BANK_HOLIDAY, *without)

    assert finding.days == (date(2027, 5, 3),)
    assert "Early May bank holiday, Monday 3 May 2027" in finding.what
    assert not finding.needs_person
    assert found(FindingKind.BANK_HOLIDAY, *without, today=date(2027, 5, 4)) == []


def test_a_bank_holiday_named_as_a_staff_or_cover_day_is_covered() -> None:
    """The school thought of it."""
    without = [row for row in YEAR if "May Day" not in row]

    assert not found(FindingKind.BANK_HOLIDAY, *without, "cover,2027-05-03,,Somebody looks,yes")
    assert not found(FindingKind.BANK_HOLIDAY, *without, "inset,2027-05-03,,INSET,yes")


def test_in_scotland_every_bank_holiday_is_a_question() -> None:
    """Councils decide for schools there: each one needs an answer."""
    questions = found(FindingKind.BANK_HOLIDAY, *YEAR[:4], nation="SCT")

    assert [each.days[0] for each in questions] == [date(2026, 11, 30), date(2027, 1, 4)]
    assert questions[0].what.startswith("Is the school closed on Monday 30 November 2026 (St Andrew's Day)?")
    assert all(each.needs_person for each in questions)


def test_a_calendar_of_the_past_is_checked_from_its_first_day() -> None:
    """Otherwise nothing at all could be said of it."""
    [finding] = found(FindingKind.BANK_HOLIDAY, *YEAR[:3], YEAR[4], today=date(2030, 1, 1))

    assert finding.days == (date(2027, 5, 3),)


def test_inset_inside_a_holiday_is_listed_with_what_to_do() -> None:
    """Staff are in, so it is a working day, unless the school says otherwise."""
    [finding] = found(FindingKind.INSET_IN_HOLIDAY, *YEAR, "inset,2026-10-26,2026-10-27,INSET,yes")

    assert finding.days == (date(2026, 10, 26), date(2026, 10, 27))
    assert "enter them as closed if nobody is in" in finding.what
    assert not finding.needs_person


def test_inset_on_a_weekend_or_a_bank_holiday_is_a_contradiction() -> None:
    """It stays closed until a person corrects the date or names a cover day."""
    rows = (*YEAR, "inset,2026-09-05,,INSET,yes", "inset,2027-03-29,,INSET,yes")
    [finding] = found(FindingKind.INSET_IN_HOLIDAY, *rows)

    assert finding.days == (date(2026, 9, 5), date(2027, 3, 29))
    assert finding.needs_person
    cover = ("cover,2026-09-05,,x,", "cover,2027-03-29,,x,")
    assert not found(FindingKind.INSET_IN_HOLIDAY, *rows, *cover)


@pytest.mark.parametrize(
    ("row", "named", "day"),
    [
        ("inset,2027-01-05,,INSET Monday,yes", "Monday", "Tuesday 5 January 2027"),
        (
            "holiday,2026-12-21,2027-01-04,Until Tuesday 4th January 2027,no",
            "Tuesday",
            "Monday 4 January 2027",
        ),
        ("holiday,2026-12-21,2027-01-04,Until Tue 4 Jan,no", "Tuesday", "Monday 4 January 2027"),
        ("holiday,2026-12-21,2027-01-04,back on Mon 05/01/2027,no", "Monday", "Tuesday 5 January 2027"),
        ("closure,2027-02-11,2027-02-12,Thursday and Sunday,no", "Sunday", "Thursday 11 February 2027"),
        ("inset,2026-09-30,,Thursday 31st September,yes", "Thursday", "no such day"),
    ],
)
def test_a_weekday_that_does_not_fit_its_date_is_told(row: str, named: str, day: str) -> None:
    """One of the two was mistyped, and only the school knows which."""
    [finding] = found(FindingKind.WEEKDAY, *YEAR, row)

    assert f"says {named}, but" in finding.what
    assert day in finding.what
    assert finding.needs_person


@pytest.mark.parametrize(
    "row",
    [
        "inset,2027-01-04,,INSET Monday,yes",
        "inset,2027-01-04,,INSET: pupils return on Tuesday,yes",
        "holiday,2027-03-26,2027-04-05,Good Friday to Easter Monday,no",
        "holiday,2026-12-21,2027-01-04,Monday 21st December to Monday 4 January,no",
        "closure,2026-11-05,,SATs and sun safety: Thursday,no",
        "closure,2027-02-11,2027-02-12,Thursday 11/02/2027 and Friday 12 Feb,no",
    ],
)
def test_a_weekday_that_fits_or_means_another_day_is_fine(row: str) -> None:
    """No finding cries at what is right."""
    assert found(FindingKind.WEEKDAY, *YEAR, row) == []


@pytest.mark.parametrize(
    ("today", "words", "needs_person"),
    [
        (date(2027, 4, 1), "No school closure is known after", False),
        (date(2027, 4, 6), "THE CALENDAR ENDS SOON", True),
        (date(2027, 6, 4), "THE CALENDAR ENDS SOON", True),
        (date(2027, 6, 5), "THE CALENDAR IS OVER", True),
    ],
)
def test_the_end_of_a_calendar_is_told_ever_louder(today: date, words: str, needs_person: bool) -> None:
    """Sixty days before, and after it, when holidays count as working days without anybody noticing."""
    [finding] = found(FindingKind.KNOWN_UNTIL, *YEAR, today=today)

    assert finding.what.startswith(words)
    assert finding.needs_person is needs_person


def test_a_calendar_without_any_closure_is_told_loudest() -> None:
    """A feed that holds nothing but assemblies."""
    [finding, *_] = check_calendar(read_events(all_day("20261026", "20261027", "Assembly")), "ENG", TODAY)

    assert finding.what.startswith("NO CLOSURE IS KNOWN")
    assert finding.needs_person


def test_a_closure_of_more_than_50_days_is_told_even_in_pieces() -> None:
    """Two entries that follow each other over a weekend are one closure."""
    pieces = ("holiday,2027-07-21,2027-08-13,Summer,no", "holiday,2027-08-16,2027-09-10,Summer 2,no")
    [finding] = found(FindingKind.LONG_CLOSURE, *YEAR, *pieces)

    assert finding.days == (date(2027, 7, 21), date(2027, 9, 10))
    assert "52 days on end" in finding.what
    assert finding.needs_person
    assert not found(FindingKind.LONG_CLOSURE, *YEAR, *pieces, "cover,2027-08-10,,Somebody looks,yes")


def test_a_closure_of_more_than_14_days_without_a_cover_day_is_told() -> None:
    """A message may wait as long; a day with staff in the middle is enough, one at its edge is not."""
    summer = "holiday,2027-07-21,2027-08-31,Summer,no"
    [finding] = found(FindingKind.NO_COVER_DAY, *YEAR, summer)

    assert finding.days == (date(2027, 7, 21), date(2027, 8, 31))
    assert "nobody looks for 42 days" in finding.what
    assert not found(FindingKind.NO_COVER_DAY, *YEAR, summer, "cover,2027-08-10,,Somebody looks,")
    assert not found(FindingKind.NO_COVER_DAY, *YEAR, summer, "closure,2027-08-19,,Results,yes")
    assert found(FindingKind.NO_COVER_DAY, *YEAR, summer, "inset,2027-08-31,,INSET,yes")
    assert not found(FindingKind.NO_COVER_DAY, *YEAR, summer, today=date(2027, 9, 1))


def test_cover_days_of_the_settings_count_like_those_of_the_file() -> None:
    """A school may name them in either place."""
    named = dates(*YEAR, "holiday,2027-07-21,2027-08-31,Summer,no").with_cover_days(
        {date(2027, 8, 10): "cover day"}
    )

    assert date(2027, 8, 10) not in named.closures
    assert not [each for each in check_calendar(named, "ENG", TODAY) if each.kind is FindingKind.NO_COVER_DAY]


def test_what_was_ignored_and_what_could_not_be_read_is_told() -> None:
    """The first as a list to glance over, the second as work for a person."""
    feed = read_events(
        all_day("20261026", "20261031"),
        all_day("20261023", "20261024", "Last day of half term: Thursday"),
        all_day("20261001", "20261002", "Harvest festival"),
        all_day("20261101", "20261031"),
    )
    told = check_calendar(feed, "ENG", TODAY)
    kinds = [each.kind for each in told]

    assert kinds.count(FindingKind.IGNORED) == 2
    assert [each.needs_person for each in told if each.kind is FindingKind.REJECTED] == [True]
    assert [each.days for each in told if each.kind is FindingKind.WEEKDAY] == [(date(2026, 10, 23),)]


def test_an_unknown_nation_is_refused() -> None:
    """There is no default."""
    with pytest.raises(ValueError, match="UK"):
        check_calendar(dates(*YEAR), "UK", TODAY)


def weeks(count: int, label: str = "closed") -> TermDates:
    """Return a calendar that closes this many weeks from Monday 7 September 2026."""
    first = date(2026, 9, 7)
    days = {first + timedelta(days=7 * week + day): label for week in range(count) for day in range(7)}
    return TermDates(closures=days, staff_days={})


def test_a_calendar_that_loses_more_than_a_third_of_what_is_to_come_shrinks() -> None:
    """Exactly a third may go; growing, renaming and days of the past are never a loss."""
    assert not shrinks(weeks(3), weeks(2), TODAY)
    assert shrinks(weeks(6), weeks(3), TODAY)
    assert shrinks(weeks(1), weeks(0), TODAY)
    assert not shrinks(weeks(2), weeks(6), TODAY)
    assert not shrinks(weeks(3), weeks(3, "renamed"), TODAY)
    assert not shrinks(weeks(0), weeks(0), TODAY)
    assert not shrinks(weeks(3), weeks(0), date(2026, 10, 1))


def test_a_calendar_of_other_days_shrinks_though_it_is_as_long() -> None:
    """The feed of another school has as many holidays: what counts is what is lost."""
    moved = TermDates(closures={day + timedelta(days=70): "x" for day in weeks(3).closures}, staff_days={})

    assert shrinks(weeks(3), moved, TODAY)


def test_weekends_are_neither_kept_nor_lost() -> None:
    """One calendar lists them and another does not, and both mean the same."""
    weekdays = TermDates(closures={day: "x" for day in weeks(3).closures if day.weekday() < 5}, staff_days={})

    assert not shrinks(weeks(3), weekdays, TODAY)
