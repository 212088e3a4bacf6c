"""iCalendar files are read as calendar programs write them, traps included, and always as days in London."""

from __future__ import annotations

import time
from datetime import date

import pytest

from sla.term_dates import NotACalendarError, Why, read, read_ics
from tests.sla.ics_files import all_day, calendar, closed, event
from tests.sla.ics_files import read as read_events

HALF_TERM = ["2026-10-26", "2026-10-27", "2026-10-28", "2026-10-29", "2026-10-30"]
GOOD = all_day("20261026", "20261031")
TWO_DAYS = ["2026-07-27", "2026-07-28"]


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART;VALUE=DATE:20261026", "DTEND;VALUE=DATE:20261031"),
        ("DTSTART:20261026", "DTEND:20261031"),
        ("DTSTART;VALUE=DATE:20261026", "DURATION:P5D"),
        ("DTSTART;VALUE=DATE:20261026", "DURATION:PT120H"),
        ("dtstart;value=date:20261026", "dtend;value=date:20261031"),
        ("DTSTART;VALUE=DATE:20261026 ", "DTEND;VALUE=DATE:20261031"),
    ],
)
def test_the_end_is_the_day_after_the_last(lines: tuple[str, ...]) -> None:
    """DTEND is exclusive; a duration says the same, with or without VALUE=DATE."""
    assert closed(event(*lines)) == HALF_TERM


def test_a_week_is_seven_days_and_no_end_is_one_day() -> None:
    """As RFC 5545 has it."""
    assert len(closed(event("DTSTART;VALUE=DATE:20261026", "DURATION:P1W"))) == 7
    assert closed(event("DTSTART;VALUE=DATE:20261026")) == HALF_TERM[:1]


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART;VALUE=DATE:20261026", "DTEND;VALUE=DATE:20261026"),
        ("DTSTART;VALUE=DATE:20261026", "DURATION:P0D"),
        ("DTSTART:20261026T000000", "DTEND:20261026T000000"),
    ],
)
def test_an_event_that_ends_when_it_starts_is_one_day(lines: tuple[str, ...]) -> None:
    """Many programs write a single day so; by the letter it would be lost without a word."""
    dates = read_events(event(*lines, uid="inset-1"))

    assert [day.isoformat() for day in dates.closures] == HALF_TERM[:1]
    assert dates.warnings == ("inset-1: ends when it starts: it was read as one day",)


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART;TZID=Europe/London:20260727T000000", "DTEND;TZID=Europe/London:20260729T000000"),
        ("DTSTART;TZID=GMT Standard Time:20260727T000000", "DTEND;TZID=GMT Standard Time:20260729T000000"),
        ('DTSTART;TZID="Oakfield Time":20260727T000000', 'DTEND;TZID="Oakfield Time":20260729T000000'),
        ("DTSTART:20260726T230000Z", "DTEND:20260728T230000Z"),
        ("DTSTART:20260727T000000Z", "DTEND:20260729T000000Z"),
        ("DTSTART:20260727T000000", "DTEND:20260729T000000"),
        ("DTSTART:20260727T000000", "DURATION:P2D"),
        ("DTSTART:20260727T000000", "DTEND:20260728T235900"),
        ("DTSTART;TZID=Europe/London:20260727T000000", "DTEND;TZID=Europe/London:20260728T235959"),
        ("DTSTART;TZID=Europe/London:20260727T000000", "DTEND:20260728T230000Z"),
    ],
)
def test_midnight_to_midnight_is_whole_days_in_london(lines: tuple[str, ...]) -> None:
    """Floating, zoned by any name, or in UTC: in summer that is 23:00 of the day before."""
    assert closed(event(*lines)) == TWO_DAYS


def test_a_zone_that_the_file_defines_itself_is_read_by_its_own_clock() -> None:
    """Outlook brings its own zones; their midnight is a midnight whatever they are called."""
    zone = "\r\n".join(
        (
            "BEGIN:VTIMEZONE",
            "TZID:Oakfield Time",
            "BEGIN:STANDARD",
            "DTSTART:16010101T020000",
            "RRULE:FREQ=SECONDLY",
            "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0000",
            "END:STANDARD",
            "END:VTIMEZONE",
        )
    )
    days = event('DTSTART;TZID="Oakfield Time":20260727T000000', "DURATION:P2D")

    assert closed(zone, days) == TWO_DAYS


def test_days_over_a_change_of_clocks_stay_whole() -> None:
    """The holiday begins in winter time and ends in summer time."""
    easter = event("DTSTART:20260328T000000Z", "DTEND:20260330T230000Z")

    assert closed(easter) == ["2026-03-28", "2026-03-29", "2026-03-30"]


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:20261026T090000", "DTEND:20261026T150000"),
        ("DTSTART;TZID=Europe/London:20261023T153000", "DTEND;TZID=Europe/London:20261102T084500"),
        ("DTSTART:20261026T230000Z", "DTEND:20261027T230000Z"),
        ("DTSTART:20261026T090000",),
    ],
)
def test_an_event_with_times_of_day_closes_nothing_and_is_told(lines: tuple[str, ...]) -> None:
    """Who writes a time does not mean the whole day; a person sees it and can make it one."""
    dates = read_events(event(*lines, summary="School closed"), GOOD)

    assert [day.isoformat() for day in dates.closures] == HALF_TERM
    assert [each.why for each in dates.ignored] == [Why.TIMED]
    assert "make them all-day if the school is closed ('School closed' on 2026-10-" in dates.warnings[0]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ((), "it has no DTSTART"),
        (("DTSTART;VALUE=DATE:20260931",), "DTSTART is no date"),
        (("DTSTART;VALUE=DATE:soon",), "DTSTART is no date"),
        (("DTSTART;VALUE=TEXT:20260930",), "DTSTART is no date"),
        (("DTSTART;VALUE=PERIOD:20260930T000000Z/P1D",), "DTSTART is no date"),
        (("DTSTART:20260930", "DTSTART:20260929"), "DTSTART stands there more than once"),
        (("DTSTART:20260930", "DTEND:20260931"), "DTEND is no date"),
        (("DTSTART:20260930", "DTEND:20260929"), "DTEND lies before DTSTART"),
        (("DTSTART:20260930T120000", "DTEND:20260930T110000"), "DTEND lies before DTSTART"),
        (("DTSTART:20260930", "DURATION:-P1D"), "DTEND lies before DTSTART"),
        (("DTSTART:20260930", "DURATION:a while"), "DURATION is no length of time"),
        (("DTSTART:20260930", "DTEND:20261001T000000"), "make it an all-day event"),
        (("DTSTART:20260930T000000", "DTEND:20261001"), "make it an all-day event"),
        (("DTSTART:20260930", "DTEND:20271002"), "longer than 366 days"),
        (("DTSTART:20260930T000000", "DTEND:20271002T000000"), "longer than 366 days"),
        (("DTSTART:99991231",), "its dates lie beyond all years"),
        (("DTSTART:20260930", "DURATION:P9999999D"), "its dates lie beyond all years"),
        (("DTSTART:00010101", "RRULE:FREQ=DAILY"), "too many events"),
        (("DTSTART:00010101T000000Z", "DTEND:00010102T000000Z"), "its dates lie beyond all years"),
    ],
)
def test_one_bad_event_is_told_with_its_remedy_and_never_costs_the_rest(
    lines: tuple[str, ...], reason: str
) -> None:
    """The other closures count, and a person learns which event to mend."""
    dates = read_events(all_day("20261219", "20270104"), event(*lines, uid="broken@oakfield"), GOOD)

    assert len(dates.closures) == 21
    assert [each.where for each in dates.rejected] == ["broken@oakfield"]
    assert reason in dates.rejected[0].reason


@pytest.mark.parametrize(
    "garbage",
    [
        "no property at all",
        ";;;===:::",
        "\x00\x01\x02\xff",
        "DESCRIPTION;ENCODING=QUOTED-PRINTABLE:=",
        'X-ODD;A="unclosed:quotation',
        "ATTENDEE:mailto:nobody",
        "RECURRENCE-ID",
        "END:VALARM",
        "SUMMARY",
    ],
)
def test_damaged_lines_inside_an_event_do_not_matter(garbage: str) -> None:
    """Only what says when the event is is looked at."""
    dates = read_events(event("DTSTART:20261026", garbage, "DTEND:20261031"), all_day("20261219", "20261220"))

    assert [day.isoformat() for day in dates.closures] == [*HALF_TERM, "2026-12-19"]
    assert dates.rejected == ()


def test_an_event_without_its_end_is_told_and_the_next_one_counts() -> None:
    """A file that was put together by hand."""
    open_ended = GOOD.removesuffix("\r\nEND:VEVENT")
    inner = "BEGIN:VALARM\r\nACTION:DISPLAY"
    dates = read_events(open_ended, all_day("20261219", "20261220"), event("DTSTART:20261026", inner))

    assert [day.isoformat() for day in dates.closures] == ["2026-12-19"]
    assert [each.reason.partition(",")[0] for each in dates.rejected] == ["it is not whole"] * 2


def test_alarms_tasks_and_zones_are_none_of_our_business() -> None:
    """A reminder has a summary and a duration of its own, and a task looks like an event."""
    alarm = "BEGIN:VALARM\r\nSUMMARY:Concert\r\nDURATION:P9D\r\nDTSTART:20260101\r\nEND:VALARM"
    task = "BEGIN:VTODO\r\nUID:t\r\nSUMMARY:Half term\r\nDTSTART:20260101\r\nEND:VTODO"
    note = "BEGIN:VJOURNAL\r\nSUMMARY:School closed\r\nDTSTART:20260102\r\nEND:VJOURNAL"

    assert closed(task, event("DTSTART:20261026", alarm, "DTEND:20261031"), note) == HALF_TERM


def test_cancelled_events_are_left_out_and_counted() -> None:
    """They are no mistake: a strike that was called off."""
    called_off = event("DTSTART:20261201", "STATUS:Cancelled", summary="School closed: strike")
    broken = event("DTSTART:20261231T25", "STATUS:CANCELLED")
    dates = read_events(called_off, broken, GOOD)

    assert [day.isoformat() for day in dates.closures] == HALF_TERM
    assert dates.rejected == ()
    assert dates.warnings == ("left aside: 1 that are cancelled (2026-12-01)",)


def test_two_events_with_one_uid_are_both_read() -> None:
    """A program that copies events may copy their UID; a closure must not vanish for it."""
    dates = read_events(
        event("DTSTART:20261026", uid="copy"),
        event("DTSTART:20261219", uid="copy"),
        event("DTSTART:20261220"),
    )

    assert [f"{day}" for day in dates.closures] == ["2026-10-26", "2026-12-19", "2026-12-20"]
    assert dates.warnings == ("copy: is the UID of several events: all of them were read",)


def test_events_without_a_uid_are_named_by_their_place() -> None:
    """They are read all the same, and a person can count to them."""
    dates = read_events(event("DTSTART:20261026", uid=None), event("DTSTART:soon", uid=None))

    assert list(dates.closures) == [date(2026, 10, 26)]
    assert dates.rejected[0].where == "event 2"
    assert dates.warnings == ()


def test_folded_lines_escapes_and_mixed_line_ends_are_read() -> None:
    """A fold may lie in the middle of a letter, for it counts bytes."""
    text = (
        "\ufeff\n\nBEGIN:VCALENDAR\rBEGIN:VEVENT\r\nUID:a\n"
        "SUMMARY;LANGUAGE=en-GB:Half ter\r\n m\\, for\\nall: caf"
    ).encode()
    content = text + b"\xc3\r\n \xa9\r\nDTSTART;VALUE=DA\n\tTE:20261026\r\rEND:VEVENT\nEND:VCALENDAR"

    assert dict(read(content).closures) == {date(2026, 10, 26): "Half term, for all: café"}


def test_old_encodings_are_read() -> None:
    """Some programs still write the letters of Windows."""
    content = calendar(event("DTSTART:20261026", summary="Autumn – half term")).decode().encode("cp1252")

    assert set(read(content).closures.values()) == {"Autumn – half term"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"  \r\n\xef\xbb\xbf\n", "is empty"),
        (b"<!DOCTYPE html><html>BEGIN:VCALENDAR</html>", "a web page"),
        (b'\xef\xbb\xbf\n<?xml version="1.0"?>', "a web page"),
        (b"Sign in to see this calendar", "no column kind"),
        (b"BEGIN:VCARD\nEND:VCARD", "no column kind"),
        (GOOD.encode(), "no column kind"),
        (calendar(GOOD)[:-20], "cut off"),
        (calendar(GOOD)[:-4], "cut off"),
        (calendar(GOOD)[:60], "cut off"),
        (calendar(GOOD) + calendar(GOOD)[:-20], "cut off"),
        (b"BEGIN:VCALENDAR", "cut off"),
        (b"BEGIN:VCALENDAR\n" + b"x" * 5 * 2**20, "larger than 5 MB"),
    ],
)
def test_what_is_no_calendar_is_refused(content: bytes, reason: str) -> None:
    """Whatever was in force then stays in force."""
    with pytest.raises(NotACalendarError, match=reason):
        read(content)


def test_what_does_not_begin_like_a_calendar_is_none() -> None:
    """The reader of iCalendar files says so itself, for whoever calls it alone."""
    with pytest.raises(NotACalendarError, match="does not begin with BEGIN:VCALENDAR"):
        read_ics(b"kind,start,end_inclusive\n")


def test_a_calendar_without_term_dates_is_one_all_the_same() -> None:
    """It closes nothing; that it held more before is for whoever compares the two."""
    dates = read_events()

    assert not dates.closures
    assert dates.last_day is None


def test_two_calendars_in_one_file_are_both_read() -> None:
    """Some exports put one after the other."""
    assert [day.month for day in read(calendar(GOOD) + calendar(event("DTSTART:20261219"))).closures] == [
        10
    ] * 5 + [12]


def test_the_content_decides_how_a_file_is_read() -> None:
    """Nobody has to say which kind it is, and no file name is believed."""
    rows = b"kind,start,end_inclusive\nhalf_term,26/10/2026,30/10/2026\n"

    assert read(rows).closures.keys() == read(b"\n \xef\xbb\xbf" + calendar(GOOD).lower()).closures.keys()


def test_inset_wins_over_the_holiday_and_cover_over_everything() -> None:
    """As in a CSV file: staff are in, or somebody looks."""
    dates = read_events(
        all_day("20261219", "20270104", "Christmas holidays"),
        all_day("20270104", "20270105", "INSET day"),
        all_day("20261221", "20261222", "INSET"),
        all_day("20261225", "20261226", "Cover day: somebody looks"),
    )

    assert len(dates.closures) == 14
    assert set(dates.staff_days) == {date(2026, 12, 21), date(2027, 1, 4)}
    assert set(dates.cover_days) == {date(2026, 12, 25)}
    assert [warning for warning in dates.warnings if "INSET on 2026-12-21 lies inside a closure" in warning]


def test_a_feed_of_terms_closes_the_days_between_them_and_ignores_its_markers() -> None:
    """The other polarity: what is not term is holiday."""
    dates = read_events(
        all_day("20260903", "20261024", "Autumn Term 1"),
        all_day("20261102", "20261219", "Autumn Term 2"),
        all_day("20260903", "20260904", "First day of term"),
        all_day("20261218", "20261219", "Last day of term"),
        all_day("20261127", "20261128", "INSET Day (school closed)"),
    )

    assert list(dates.closures) == [date(2026, 10, day) for day in range(24, 32)] + [date(2026, 11, 1)]
    assert set(dates.staff_days) == {date(2026, 11, 27)}
    assert "left aside: 2 that mark a first, last or shortened day" in dates.warnings[0]


def test_a_calendar_of_ordinary_events_is_told_in_one_line() -> None:
    """Five hundred assemblies are counted, and their words stay where they are."""
    assemblies = [event("DTSTART:20261026T090000", summary=f"Assembly with Mrs Vale {n}") for n in range(500)]
    dates = read_events(*assemblies, GOOD)

    assert [day.isoformat() for day in dates.closures] == HALF_TERM
    assert len(dates.warnings) == 1
    assert dates.warnings[0].startswith(
        "left aside: 500 that are neither closures nor INSET days (2026-10-26"
    )
    assert "Vale" not in dates.warnings[0]


def test_more_events_than_any_school_has_are_refused() -> None:
    """The remedy is to export the term dates alone."""
    with pytest.raises(NotACalendarError, match="more than 5000 events"):
        read_events(*[GOOD] * 5001)


def test_the_largest_calendar_is_read_within_two_seconds() -> None:
    """Nobody can keep the program busy with a long file: a year of every kind of event, 5,000 in all."""
    components = (
        event("DTSTART:20170101", "DTEND:20180101", summary="School closed"),
        event("DTSTART:20170101T090000Z", summary="\\," * 300),
        event("DTSTART:20170101T090000Z", "DTEND;TZID=GMT Standard Time:20170101T100000", summary="Assembly"),
    )
    content = calendar(*[components[n % 3] for n in range(5000)])
    began = time.process_time()
    dates = read(content)

    assert time.process_time() - began < 2
    assert len(dates.closures) == 365


def test_a_calendar_without_any_event_says_so() -> None:
    """The wrong one was exported, or an empty one."""
    assert read_events().warnings[0].startswith("the calendar holds no events")
    assert read_events(GOOD).warnings == ()


def test_a_calendar_that_calls_off_its_events_closes_nothing() -> None:
    """METHOD:CANCEL is the opposite of what a school publishes."""
    dates = read(calendar(GOOD).replace(b"VERSION:2.0", b"METHOD:Cancel"))

    assert not dates.closures
    assert "METHOD:CANCEL" in dates.warnings[0]
    assert [each.why for each in dates.ignored] == [Why.CANCELLED]
    assert len(read(calendar(GOOD).replace(b"VERSION:2.0", b"METHOD:PUBLISH")).closures) == 5


def test_a_time_zone_that_nobody_knows_is_told() -> None:
    """Its times are read as London's; one that the file defines, and one that is known, need no word."""
    zone = "BEGIN:VTIMEZONE\r\nTZID:Oakfield Time\r\nEND:VTIMEZONE"
    days = event('DTSTART;TZID="Oakfield Time":20260727T000000', "DURATION:P2D", uid="z")
    london = event("DTSTART;TZID=Europe/London:20260727T000000", "DURATION:P2D")

    assert closed(days) == TWO_DAYS
    assert read_events(days).warnings == (
        "z: names a time zone that nobody knows: its times were read as London's",
    )
    assert read_events(zone, days).warnings == ()
    assert read_events(london).warnings == ()


@pytest.mark.parametrize(
    ("zone", "start", "end"),
    [
        ("Europe/Paris", "20260726T220000Z", "20260728T220000Z"),
        ("America/New_York", "20260727T040000Z", "20260729T040000Z"),
        ("UTC", "20260727T000000Z", "20260729T000000Z"),
        ("Europe/Paris", "20260726T230000Z", "20260728T230000Z"),
        ("Mars/Phobos", "20260726T230000Z", "20260728T230000Z"),
        ("../../etc", "20260726T230000Z", "20260728T230000Z"),
    ],
)
def test_midnights_in_the_zone_of_the_calendar_are_whole_days(zone: str, start: str, end: str) -> None:
    """X-WR-TIMEZONE; a midnight in London is one all the same, and an unknown zone does no harm."""
    content = calendar(event(f"DTSTART:{start}", f"DTEND:{end}"))

    found = read(content.replace(b"VERSION:2.0", f"X-WR-TIMEZONE:{zone}".encode()))
    assert [day.isoformat() for day in found.closures] == TWO_DAYS
