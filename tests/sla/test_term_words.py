"""The words of school calendars mean what a school secretary means by them."""

from __future__ import annotations

from datetime import date

import pytest

from sla.term_dates import Kind, Why
from sla.term_dates.words import meaning


@pytest.mark.parametrize(
    ("label", "days", "expected"),
    [
        # INSET, by all its names
        ("INSET Day (school closed)", 1, Kind.INSET),
        ("Inset day – school closed to pupils", 1, Kind.INSET),
        ("Staff training day", 1, Kind.INSET),
        ("In-service day", 1, Kind.INSET),
        ("Teachers in-service", 2, Kind.INSET),
        ("Non-pupil day", 1, Kind.INSET),
        ("Staff Development Day", 1, Kind.INSET),
        ("Teacher training", 1, Kind.INSET),
        ("Professional Development Day", 1, Kind.INSET),
        ("Planning day", 1, Kind.INSET),
        ("Closed to pupils", 1, Kind.INSET),
        ("HMS", 1, Kind.INSET),
        ("Twilight INSET", 1, Kind.INSET),
        ("HMS Belfast trip", 1, Why.OTHER),
        ("INSET day holiday club", 1, Why.OTHER),
        # One day that only marks a beginning or an end
        ("First day of term", 1, Why.MARKER),
        ("Last day of half term 2", 1, Why.MARKER),
        ("Autumn term begins", 1, Why.MARKER),
        ("Half term starts", 1, Why.MARKER),
        ("Easter holidays begin", 1, Why.MARKER),
        ("Back to school!", 1, Why.MARKER),
        ("Pupils return to school", 1, Why.MARKER),
        ("School breaks up for Christmas", 1, Why.MARKER),
        ("Break up", 1, Why.MARKER),
        ("Summer term ends", 1, Why.MARKER),
        ("School finishes 1.30pm", 1, Why.MARKER),
        ("School reopens", 1, Why.MARKER),
        ("Start of term", 1, Why.MARKER),
        ("Term 1", 1, Why.MARKER),
        ("Half day holiday", 1, Why.MARKER),
        ("School closed from 1pm", 1, Why.MARKER),
        ("Polling day – school is open", 1, Why.MARKER),
        ("Last week of half term", 5, Why.MARKER),
        # Several days of the same words are the thing itself
        ("Christmas holiday starts", 16, Kind.HOLIDAY),
        ("Half term begins", 9, Kind.HALF_TERM),
        # Half terms, and halves of terms
        ("October Half-Term", 5, Kind.HALF_TERM),
        ("Mid-term break", 2, Kind.HALF_TERM),
        ("Hanner tymor", 5, Kind.HALF_TERM),
        ("Half term 1", 38, Kind.TERM),
        # Bank holidays
        ("May Day Bank Holiday", 1, Kind.BANK_HOLIDAY),
        ("Early May bank holiday: school returns Tuesday", 1, Kind.BANK_HOLIDAY),
        ("Good Friday", 1, Kind.BANK_HOLIDAY),
        ("New Year’s Day", 1, Kind.BANK_HOLIDAY),
        ("Spring Bank Holiday", 9, Kind.HOLIDAY),
        ("May Day celebrations", 1, Why.OTHER),
        # Holidays and closures
        ("Summer holidays", 40, Kind.HOLIDAY),
        ("Spring break", 10, Kind.HOLIDAY),
        ("Christmas and New Year", 12, Kind.HOLIDAY),
        ("Easter", 15, Kind.HOLIDAY),
        ("Easter", 1, Why.OTHER),
        ("February week", 9, Kind.HOLIDAY),
        ("Local holiday", 1, Kind.HOLIDAY),
        ("Gwyliau'r Pasg", 10, Kind.HOLIDAY),
        ("Summer holiday (school and nursery)", 40, Kind.HOLIDAY),
        ("Occasional day", 1, Kind.CLOSURE),
        ("Polling day", 1, Kind.CLOSURE),
        ("Snow day", 1, Kind.CLOSURE),
        ("Strike day", 1, Kind.CLOSURE),
        ("SCHOOL CLOSED", 1, Kind.CLOSURE),
        ("School closed (see newsletter)", 1, Kind.CLOSURE),
        ("Ysgol ar gau", 1, Kind.CLOSURE),
        ("No school today", 1, Kind.CLOSURE),
        # What has the words and means something else
        ("Holiday club", 5, Why.OTHER),
        ("Summer camp in the holidays", 5, Why.OTHER),
        ("Easter holiday revision sessions", 10, Why.OTHER),
        ("Holiday homework due", 1, Why.OTHER),
        ("Summer holiday reading challenge", 40, Why.OTHER),
        ("Half term ski trip", 7, Why.OTHER),
        ("Holiday photo deadline", 1, Why.OTHER),
        ("Christmas break-time party", 1, Why.OTHER),
        ("Assessment week before half term", 5, Why.OTHER),
        ("Swimming pool closed", 1, Why.OTHER),
        ("Closed to Year 7", 1, Why.OTHER),
        ("Lunch break", 1, Why.OTHER),
        # Terms
        ("Autumn Term 2026", 75, Kind.TERM),
        ("Autumn term 2025 (Year 7 from 2 September)", 75, Kind.TERM),
        ("Tymor yr Hydref", 70, Kind.TERM),
        ("Summer 1", 35, Kind.TERM),
        ("Spring term swimming", 50, Why.OTHER),
        ("Year 7", 5, Why.OTHER),
        ("Week 1", 5, Why.OTHER),
        # Welsh
        ("Gwyliau'r Haf", 44, Kind.HOLIDAY),
        ("GWYLIAU HAF", 44, Kind.HOLIDAY),
        ("Gwyliau yr Haf", 44, Kind.HOLIDAY),
        ("Pasg", 14, Kind.HOLIDAY),
        ("HAF", 20, Why.OTHER),
        ("Clwb gwyliau", 5, Why.OTHER),
        ("Tymor yr Haf", 70, Kind.TERM),
        ("Ysgol wedi cau", 1, Kind.CLOSURE),
        ("Ysgol ar gau i ddisgyblion", 1, Kind.INSET),
        ("Diwrnod hyfforddiant", 1, Kind.INSET),
        ("Hyfforddiant staff", 1, Kind.INSET),
        ("Diwrnod Hyfforddi Staff", 1, Kind.INSET),
        ("Diwrnod cyntaf y tymor", 1, Why.MARKER),
        ("Diwrnod olaf y tymor", 1, Why.MARKER),
        # Called off, denied, or a part of the day, the school or the staff
        ("CANCELLED - school closed", 1, Why.CANCELLED),
        ("CANCELLED: INSET day", 1, Why.CANCELLED),
        ("School closed (postponed)", 2, Why.CANCELLED),
        ("Strike called off", 1, Why.CANCELLED),
        ("School closed - trip cancelled", 1, Kind.CLOSURE),
        ("No holiday", 2, Why.OTHER),
        ("No INSET", 1, Why.OTHER),
        ("Bank holiday Monday - school open", 2, Why.MARKER),
        ("Christmas holidays - school open again 5 January", 14, Kind.HOLIDAY),
        ("Good Friday agreement talk", 2, Why.OTHER),
        ("Library closed for half term", 2, Why.OTHER),
        ("School and library closed for half term", 5, Kind.HALF_TERM),
        ("Year 11 half term", 5, Why.OTHER),
        ("School closed to Year 7 only", 1, Why.OTHER),
        ("Pupils return from Christmas holidays", 2, Why.MARKER),
        ("Christmas holidays (pupils return after New Year)", 16, Kind.HOLIDAY),
        ("Early finish for Christmas holidays", 2, Why.MARKER),
        ("Early closure", 2, Why.MARKER),
        ("Training day", 1, Kind.INSET),
        ("Training day 2 (school closed to pupils)", 1, Kind.INSET),
        ("Safeguarding training day", 1, Kind.INSET),
        ("Training day - football", 1, Why.OTHER),
        ("First aid training day", 1, Why.OTHER),
        ("Recess", 5, Kind.HOLIDAY),
        ("Recess", 1, Why.OTHER),
        ("Day in lieu", 1, Kind.CLOSURE),
        ("Day in lieu for Mr Vale", 1, Why.OTHER),
        # Days that some councils close and others do not
        ("Victoria Day (local)", 1, Why.OTHER),
        ("Halloween", 2, Why.OTHER),
        # Cover, and all the rest
        ("Cover day in the holidays", 1, Kind.COVER),
        ("World Book Day", 1, Why.OTHER),
        ("Sports day", 1, Why.OTHER),
        ("", 1, Why.OTHER),
    ],
)
def test_a_summary_means_what_schools_mean_by_it(label: str, days: int, expected: Kind | Why) -> None:
    """What is doubtful closes nothing and is told."""
    assert meaning(label, (), days) is expected


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("TERM", Kind.TERM),
        ("Holiday", Kind.HOLIDAY),
        ("HALF_TERM", Kind.HALF_TERM),
        ("Half term", Kind.HALF_TERM),
        ("half-term", Kind.HALF_TERM),
        ("inset", Kind.INSET),
        ("BANK_HOLIDAY", Kind.BANK_HOLIDAY),
        ("Closure", Kind.CLOSURE),
        ("cover", Kind.COVER),
    ],
)
def test_a_category_decides_before_any_word(category: str, expected: Kind) -> None:
    """Whoever chose it meant it; categories of other kinds are passed over."""
    assert meaning("Holiday club", ("Whole school", category), 1) is expected
    assert meaning("Holiday club", ("Whole school",), 1) is Why.OTHER


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2027, 7, 22), 42, Kind.HOLIDAY),
        (date(2027, 7, 1), 62, Kind.HOLIDAY),
        (date(2027, 4, 12), 47, Why.OTHER),
        (date(2027, 7, 22), 1, Why.OTHER),
        (None, 42, Why.OTHER),
    ],
)
def test_summer_alone_is_a_holiday_only_in_the_summer(
    start: date | None, days: int, expected: Kind | Why
) -> None:
    """The first half of the summer term is as long and may be called the same."""
    assert meaning("Summer 2027", (), days, start) is expected
