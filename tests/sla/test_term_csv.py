"""Term dates are read from CSV files as schools make them: mistakes are told, and never cost the rest."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from sla.calendar import calendar_for
from sla.target import ResponseTarget
from sla.term_dates import MOST_BYTES, NotACalendarError, Rejected, TermDates, read_csv

HEADER = "kind,start,end_inclusive,label,staff_working"


def read(*rows: str) -> TermDates:
    """Read a file of these rows."""
    return read_csv("\n".join((HEADER, *rows)).encode())


def test_a_closure_runs_from_its_first_to_its_last_day() -> None:
    """The end is the last closed day, so a week of half term is five days, not four or six."""
    dates = read("half_term,2026-10-26,2026-10-30,October half term,no")

    assert dict(dates.closures) == {date(2026, 10, day): "October half term" for day in range(26, 31)}
    assert dates.rejected == ()
    assert dates.last_day == date(2026, 10, 30)


def test_an_inset_day_inside_a_holiday_is_a_working_day_and_worth_a_warning() -> None:
    """Staff are in, whichever row comes first."""
    holiday, inset = "holiday,2026-10-23,2026-11-01,School holiday,no", "inset,2026-10-23,,INSET day,yes"

    for dates in (read(holiday, inset), read(inset, holiday)):
        assert date(2026, 10, 23) not in dates.closures
        assert date(2026, 10, 24) in dates.closures
        assert dict(dates.staff_days) == {date(2026, 10, 23): "INSET day"}
        assert len(dates.warnings) == 1
        assert "INSET on 2026-10-23 lies inside a closure" in dates.warnings[0]


def test_an_inset_day_without_staff_is_closed() -> None:
    """Where INSET is done in twilight hours, nobody is in on the day itself."""
    dates = read("inset,2026-11-27,2026-11-27,INSET day,no")

    assert date(2026, 11, 27) in dates.closures
    assert not dates.staff_days


def test_a_day_in_the_holidays_with_the_office_staffed_is_a_working_day() -> None:
    """Results day shortens the longest wait of the year."""
    dates = read("holiday,2026-07-21,2026-08-31,Summer,no", "closure,2026-08-20,,Results day,yes")

    assert date(2026, 8, 20) not in dates.closures
    assert dates.warnings == ()


def test_a_file_that_lists_terms_only_closes_the_days_between_them() -> None:
    """Both kinds of file are in use; silence about holidays does not mean that the school is open."""
    dates = read("term,2026-09-03,2026-10-23,Autumn 1,yes", "term,2026-11-02,2026-12-18,Autumn 2,yes")

    assert min(dates.closures) == date(2026, 10, 24)
    assert max(dates.closures) == date(2026, 11, 1)
    assert set(dates.closures.values()) == {"school holiday"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            "party,2026-10-26,2026-10-30,x,no",
            "kind must be one of term, holiday, half_term, inset, bank_holiday, closure, cover",
        ),
        (",2026-10-26,2026-10-30,x,no", "kind must be one of"),
        ("holiday,26 October,2026-10-30,x,no", "start is no date"),
        ("holiday,2026-09-31,2026-10-30,x,no", "start is no date"),
        ("holiday,,,x,no", "start is no date"),
        ("holiday,2026-10-26,soon,x,no", "end_inclusive is no date"),
        ("holiday,2026-10-30,2026-10-26,x,no", "lies before start"),
        ("holiday,2026-10-26,2027-10-30,x,no", "longer than 366 days"),
        ("holiday,2026-10-26,2026-10-30,x,perhaps", "staff_working must be yes or no"),
        ("holiday,2026-10-26,2026-10-30,Half term, in autumn,no", "staff_working must be yes or no"),
        ("holiday", "start is no date"),
        ('holiday,"2026-10-26,2026-10-30,x,no', "start is no date"),
        (f"holiday,2026-10-26,,{'x' * 140_000},no", "kind must be one of"),
    ],
)
def test_a_bad_row_is_told_and_the_rest_is_kept(row: str, reason: str) -> None:
    """One typing mistake never costs the other holidays."""
    dates = read("holiday,2026-12-19,2027-01-03,Christmas,no", row, "inset,2027-01-04,,INSET,yes")

    assert len(dates.closures) == 16
    assert set(dates.staff_days) == {date(2027, 1, 4)}
    assert [rejected.where for rejected in dates.rejected] == ["line 3"]
    assert reason in dates.rejected[0].reason


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"<!DOCTYPE html>\n<html><body>Term dates have moved</body></html>",
        b"BEGIN:VCALENDAR\nEND:VCALENDAR",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"start,end\n2026-10-26,2026-10-30",
        HEADER.encode(),
        f"{HEADER}\nholiday,soon,later,x,no".encode(),
    ],
)
def test_a_file_that_is_no_calendar_is_refused(content: bytes) -> None:
    """Whatever was in force then stays in force, instead of a year without holidays."""
    with pytest.raises(NotACalendarError):
        read_csv(content)


def test_files_saved_by_excel_are_read() -> None:
    """A byte-order mark, Windows line ends, British dates, an old encoding, capitals and blank rows."""
    rows = [
        "Kind,Start,End_inclusive,Label,Staff_working",
        ",,,,",
        'Half_Term,26/10/2026,30/10/2026,"Autumn – half",NO',
    ]
    text = "\r\n".join(rows)

    for content in (text.encode("utf-8-sig"), text.encode("cp1252")):
        assert dict(read_csv(content).closures) == {
            date(2026, 10, day): "Autumn – half" for day in range(26, 31)
        }


def test_columns_may_stand_in_any_order_and_labels_may_be_missing() -> None:
    """Only kind, start and end are needed."""
    dates = read_csv(b"end_inclusive,kind,start\n2026-10-30,half_term,2026-10-26\n")

    assert dict(dates.closures) == {date(2026, 10, day): "" for day in range(26, 31)}


def test_a_closure_of_more_than_50_days_is_worth_a_warning() -> None:
    """It is read all the same: the school decides, but a wrong year looks just like this."""
    dates = read("holiday,2026-07-21,2026-09-30,Summer,no")

    assert len(dates.closures) == 72
    assert dates.warnings == (
        "line 2: the school is closed for 72 days on end, from 2026-07-21 to 2026-09-30; check the year",
    )


def test_days_on_end_are_counted_over_all_rows() -> None:
    """Weekends and bank holidays between two closures belong to them; a day with staff parts them."""
    rows = ("holiday,2026-07-20,2026-08-28,Summer,no", "holiday,2026-09-01,2026-09-18,Summer,no")

    assert read(*rows).warnings == (
        "line 2, line 3: the school is closed for 61 days on end, from 2026-07-20 to 2026-09-18; "
        "check the year",
    )
    assert read(*rows[:1], rows[1].replace("09-01", "09-02")).warnings == ()
    assert read(*rows, "closure,2026-08-20,,Results day,yes").warnings == ()
    [alone] = read("holiday,2026-07-21,2026-09-30,Summer,no", "closure,2026-08-20,,Results,yes").warnings
    assert "line 2: the school is closed for 72 days on end" in alone


def test_thousands_of_single_rows_are_one_long_closure() -> None:
    """The warning names the first few of them and how many more there are."""
    first = date(2020, 1, 1)
    dates = read(*(f"closure,{first + timedelta(days=number)},,x,no" for number in range(5000)))

    [warning] = dates.warnings
    assert warning.startswith(
        "line 2, line 3, line 4 and 4997 more: the school is closed for 5000 days on end"
    )


@pytest.mark.parametrize(
    "cut", ["holiday,2026-12-21", "holiday,2026-12-21,2026-12-3", "inset,2026-12-21,,Train"]
)
def test_a_row_in_which_the_file_was_cut_off_is_told(cut: str) -> None:
    """Half a row may look like one closed day, or like another last day."""
    dates = read_csv("\n".join((HEADER, "holiday,2026-10-26,2026-10-30,Half term,no", cut)).encode())

    assert len(dates.closures) == 5
    assert not dates.staff_days
    assert [each.where for each in dates.rejected] == ["line 3"]
    assert len(read(cut, "holiday,2026-10-26,2026-10-30,Half term,no").rejected) == (cut.count(",") < 2) + (
        cut.endswith("-3")
    )


def test_columns_that_no_row_fills_may_be_left_out() -> None:
    """Excel leaves commas out at the end of some rows; an empty end is still one day."""
    whole = "half_term,2026-10-26,2026-10-30,Half term,"
    dates = read(whole, "holiday,2026-12-21,,Christmas", "holiday,2026-12-22,2026-12-23,Christmas")

    assert dates.rejected == ()
    assert len(dates.closures) == 8
    assert read("closure,2026-10-26", "closure,2026-10-27").rejected == ()
    assert (
        read("closure,2026-10-26,,,", "closure,2026-10-27")
        .rejected[0]
        .reason.startswith("it has 2 fields where other rows have 3")
    )


def test_rejected_rows_are_values_that_can_be_shown() -> None:
    """The place and the reason are enough to mend the file."""
    assert read("term,2026-09-03,,x,", "holiday,x,,,").rejected == (
        Rejected("line 3", "start is no date: write it like 2026-10-26"),
    )


def test_a_cover_day_opens_whatever_else_is_closed() -> None:
    """Somebody looks on a weekend, in a holiday, on a bank holiday: a day of its own kind says so."""
    dates = read(
        "holiday,2026-12-19,2027-01-03,Christmas,no",
        "bank_holiday,2026-12-25,,Christmas Day,no",
        "cover,2026-12-25,2026-12-26,Somebody looks,",
        "cover,2026-12-30,,Somebody looks,yes",
    )

    assert dict(dates.cover_days) == dict.fromkeys(
        (date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 30)), "Somebody looks"
    )
    assert not dates.cover_days.keys() & dates.closures.keys()
    assert len(dates.closures) == 13
    assert not dates.staff_days


def test_a_cover_day_without_anybody_is_a_contradiction() -> None:
    """It is told, and the day stays closed."""
    dates = read("holiday,2026-12-19,2027-01-03,Christmas,no", "cover,2026-12-30,,x,no")

    assert not dates.cover_days
    assert "staff_working cannot be no" in dates.rejected[0].reason


TERMS = ("term,2026-09-03,2026-12-18,Autumn,yes", "term,2027-01-05,2027-03-25,Spring,yes")
CHRISTMAS = [date(2026, 12, 19) + timedelta(days=n) for n in range(17)]


def test_bank_holidays_alone_do_not_open_the_days_between_terms() -> None:
    """A file with terms and a few single days is still a file of terms."""
    dates = read(*TERMS, "bank_holiday,2026-12-25,,Christmas Day,no", "inset,2027-01-04,,INSET,yes")

    assert list(dates.closures) == CHRISTMAS[:-1]
    assert dates.closures[date(2026, 12, 25)] == "Christmas Day"
    assert dates.closures[date(2026, 12, 24)] == "school holiday"
    assert set(dates.staff_days) == {date(2027, 1, 4)}
    assert dates.warnings == ()


def test_a_listed_holiday_between_terms_decides_itself_and_what_it_leaves_open_is_told() -> None:
    """The school wrote down which days are closed; the others are counted, so that a typing mistake shows."""
    dates = read(*TERMS, "holiday,2026-12-21,2026-12-31,Christmas,no", "inset,2027-01-04,,INSET,yes")

    assert list(dates.closures) == [date(2026, 12, 21) + timedelta(days=n) for n in range(11)]
    assert len(dates.warnings) == 1
    assert dates.warnings[0].startswith("1 weekday(s) from 2026-12-19 to 2027-01-04, between two terms")
    assert "(2027-01-01)" in dates.warnings[0]


def test_each_gap_between_terms_is_judged_alone() -> None:
    """A school may list Christmas and leave Easter to the terms."""
    dates = read(
        *TERMS, "term,2027-04-12,2027-07-21,Summer,yes", "holiday,2026-12-19,2027-01-04,Christmas,no"
    )

    assert date(2027, 4, 1) in dates.closures
    assert dates.closures[date(2027, 4, 1)] == "school holiday"
    assert dates.closures[CHRISTMAS[3]] == "Christmas"


def test_results_days_do_not_open_the_holiday_around_them() -> None:
    """A staffed day in a gap says that staff are in on that day, and nothing of the others."""
    dates = read(*TERMS, "closure,2026-12-29,,Office open,yes")

    assert set(dates.closures) == set(CHRISTMAS) - {date(2026, 12, 29)}


def test_terms_that_overlap_or_lie_inside_each_other_close_nothing_of_themselves() -> None:
    """A whole term listed beside its two halves is no gap."""
    dates = read(
        "term,2026-09-03,2026-12-18,Autumn,yes", "term,2026-09-03,2026-10-23,Autumn 1,yes", *TERMS[1:]
    )

    assert list(dates.closures) == CHRISTMAS


def test_a_term_of_a_day_is_a_marker_and_closes_nothing() -> None:
    """Else the whole autumn would lie between "Autumn term begins" and "Autumn term ends"."""
    dates = read("term,2026-09-03,,Autumn begins,yes", "term,2026-12-18,,Autumn ends,yes")

    assert not dates.closures
    assert len(dates.warnings) == 2
    assert "line 2: a term of 1 day(s) only marks a beginning or an end" in dates.warnings[0]


def test_a_long_gap_between_terms_is_told_and_one_of_years_stays_open() -> None:
    """A missing term must not look like a holiday in silence."""
    summer = "term,2027-04-12,2027-07-21,Summer,yes"
    missing = read(TERMS[0], summer)
    years = read(TERMS[0], "term,2028-09-01,2028-12-20,Autumn,yes")

    assert "for 114 days on end; check that no term is missing" in missing.warnings[0]
    assert not years.closures
    assert "they stay open; add the terms in between" in years.warnings[0]


def test_rows_outside_the_years_that_are_known_are_left_aside() -> None:
    """A year like 2062 is a slip; no due time is known there anyway."""
    dates = read("holiday,2062-10-26,2062-10-30,Half term,no", "holiday,2026-10-26,2026-10-30,Half term,no")

    assert [day.year for day in dates.closures] == [2026] * 5
    assert [each.where for each in dates.ignored] == ["line 2"]
    assert "have no day from 2017 to 2036" in dates.warnings[0]


def test_inset_in_the_evenings_is_worth_a_warning() -> None:
    """Only the school knows whether somebody is in on the day itself."""
    assert "held in the evenings" in read("inset,2026-11-27,,Disaggregated INSET (twilights),yes").warnings[0]
    assert read("inset,2026-11-27,,Twilight INSET,no").warnings == ()


def test_a_file_that_is_larger_than_any_calendar_is_refused() -> None:
    """Whatever it is, nobody waits for it."""
    with pytest.raises(NotACalendarError, match="larger than 5 MB"):
        read_csv(b"x" * (MOST_BYTES + 1))
    with pytest.raises(NotACalendarError, match="more than 5000 rows"):
        read(*["holiday,2026-10-26,2026-10-30,Half term,no"] * 5001)


def test_labels_are_one_line_that_any_screen_can_show() -> None:
    """Control characters reach no terminal, and no label is longer than a line."""
    dates = read(f"half_term,2026-10-26,,Half\tterm\x1b[31m {'x' * 500},no")

    [label] = dates.closures.values()
    assert label.startswith("Half term [31m xxx")
    assert len(label) == 200


def test_the_last_day_counts_terms_too() -> None:
    """A file whose last row is a term is known to its end."""
    assert read(TERMS[0]).last_day == date(2026, 12, 18)


def test_the_sample_calendar_is_an_ordinary_english_school_year(root: Path) -> None:
    """190 days with pupils and 5 INSET days a year, and the dates on which the demo relies."""
    content = (root / "config/calendars/oakfield-2025-27.csv").read_bytes()
    dates = read_csv(content)
    calendar, target = calendar_for("ENG", dates.closures), ResponseTarget()
    rows = list(csv.DictReader(content.decode().splitlines()))

    assert dates.rejected == ()
    assert dates.warnings == ()
    for year in (2025, 2026):
        of_year = [
            row for row in rows if date(year, 9, 1) <= date.fromisoformat(row["start"]) < date(year + 1, 9, 1)
        ]
        inset = {day for row in of_year if row["kind"] == "inset" for day in days_of(row)}
        taught = {
            day
            for row in of_year
            if row["kind"] == "term"
            for day in days_of(row)
            if not calendar.is_closed(day, target)
        }
        assert len(inset) == 5
        assert len(taught - inset) == 190
    assert calendar.closed_because(date(2026, 10, 28), target) == "school closure: October half term"
    assert calendar.closed_because(date(2026, 12, 21), target) == "school closure: Christmas holiday"
    assert not any(calendar.is_closed(date(2026, 11, day), target) for day in (16, 17, 18, 19, 20, 23))


def days_of(row: dict[str, str]) -> Iterator[date]:
    """Yield the days of a row of a calendar file."""
    first, last = date.fromisoformat(row["start"]), date.fromisoformat(row["end_inclusive"])
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
