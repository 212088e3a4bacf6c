"""The rota that a school keeps in a calendar program."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sla.duty import Rota, Shift
from sla.term_dates import NotACalendarError
from tests.sla.ics_files import all_day, calendar, event
from workers.rota_feed import read_rota

LONDON = ZoneInfo("Europe/London")
PEOPLE = {
    "tom": ("Tom Ashdown", "t.ashdown@oakfield.example"),
    "miriam": ("Miriam Osei", "m.osei@oakfield.example"),
    "priya": ("Priya Raman",),
}


def london(text: str) -> datetime:
    """Return a London time written like 2026-11-23 17:00."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


SINCE, UNTIL = london("2026-11-23 00:00"), london("2026-11-30 00:00")


def timed(first: str, after: str, summary: str, *lines: str, uid: str = "") -> str:
    """Return an event with London times written like 20261123T170000."""
    zone = "TZID=Europe/London"
    return event(f"DTSTART;{zone}:{first}", f"DTEND;{zone}:{after}", *lines, uid=uid, summary=summary)


class RotaFile:
    """A rota file that a test writes and reads."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "rota.ics"
        self.problems: dict[str, str] = {}

    def read(self, *components: str, since: datetime = SINCE, until: datetime = UNTIL) -> list[Shift]:
        """Write a file of these events and return its shifts; ``problems`` are by the event's UID."""
        self.path.write_bytes(calendar(*components))
        shifts, problems = read_rota(self.path, PEOPLE, LONDON, since, until)
        self.problems = {problem.where: problem.reason for problem in problems}
        return list(shifts)


@pytest.fixture
def rota(tmp_path: Path) -> RotaFile:
    """Return a rota file in the test's own folder."""
    return RotaFile(tmp_path)


@pytest.mark.parametrize(
    "summary", ["tom", "Tom", "Tom  Ashdown", "TOM ASHDOWN", "t.ashdown@oakfield.example"]
)
def test_an_event_calls_a_person_by_any_of_their_names(rota: RotaFile, summary: str) -> None:
    """Capitals and blanks do not matter: several people keep the calendar."""
    assert rota.read(timed("20261123T170000", "20261124T080000", summary)) == [
        Shift("tom", london("2026-11-23 17:00"), london("2026-11-24 08:00"))
    ]
    assert rota.problems == {}


@pytest.mark.parametrize("summary", ["second: tom", "Second:Tom Ashdown", "SECOND : tom"])
def test_a_word_before_the_name_makes_the_second_person(rota: RotaFile, summary: str) -> None:
    """Who is asked when the first does not answer."""
    (shift,) = rota.read(timed("20261123T170000", "20261124T080000", summary))
    assert (shift.person, shift.second) == ("tom", True)


def test_an_all_day_event_lasts_from_midnight_to_midnight(rota: RotaFile) -> None:
    """Several days are one shift, and its last midnight is the school's."""
    assert rota.read(all_day("20261124", "20261127", "miriam")) == [
        Shift("miriam", london("2026-11-24 00:00"), london("2026-11-27 00:00"))
    ]


def test_a_weekly_event_comes_at_the_same_time_by_the_clock(rota: RotaFile) -> None:
    """Sundays at 5pm, before and after the clocks change, and not on the day that was taken out."""
    weekly = timed(
        "20261004T170000", "20261005T080000", "tom",
        "RRULE:FREQ=WEEKLY", "EXDATE;TZID=Europe/London:20261018T170000",
    )  # fmt: skip

    shifts = rota.read(weekly, since=london("2026-10-01 00:00"), until=london("2026-11-05 00:00"))

    days = [date(2026, 10, 4), date(2026, 10, 11), date(2026, 10, 25), date(2026, 11, 1)]
    assert [shift.start.astimezone(LONDON) for shift in shifts] == [
        datetime(day.year, day.month, day.day, 17, tzinfo=LONDON) for day in days
    ]
    assert {shift.end.astimezone(LONDON).hour for shift in shifts} == {8}


def test_a_series_whose_times_say_utc_keeps_utc(rota: RotaFile) -> None:
    """What a calendar program exports so moves by an hour at school."""
    weekly = event(
        "DTSTART:20261018T160000Z", "DTEND:20261019T070000Z", "RRULE:FREQ=WEEKLY;COUNT=2", summary="tom"
    )

    shifts = rota.read(weekly, since=london("2026-10-01 00:00"))

    assert [shift.start.astimezone(LONDON).hour for shift in shifts] == [17, 16]


def test_a_whole_rota_of_endless_series_is_followed(rota: RotaFile) -> None:
    """Ten people have a night each week for years, and nobody gives such events an end."""
    nights = [
        timed(f"202001{day:02}T170000", f"202001{day + 1:02}T080000", "tom", "RRULE:FREQ=WEEKLY;INTERVAL=2")
        for day in range(1, 15)
    ] * 3

    assert len(rota.read(*nights)) == 3 * 8
    assert rota.problems == {}


def test_one_changed_time_of_a_series_replaces_it(rota: RotaFile) -> None:
    """Miriam takes Tom's Tuesday, and on Wednesday nobody comes."""
    change = "RECURRENCE-ID;TZID=Europe/London:202611{}T170000"
    shifts = rota.read(
        timed("20261123T170000", "20261124T080000", "tom", "RRULE:FREQ=DAILY;COUNT=4", uid="week"),
        timed("20261124T180000", "20261125T070000", "miriam", change.format(24), uid="week"),
        timed("20261125T170000", "20261126T080000", "tom", change.format(25), "STATUS:CANCELLED", uid="week"),
    )

    assert [(shift.person, shift.start.astimezone(LONDON)) for shift in shifts] == [
        ("tom", london("2026-11-23 17:00")),
        ("miriam", london("2026-11-24 18:00")),
        ("tom", london("2026-11-26 17:00")),
    ]


def test_a_cancelled_event_is_no_shift(rota: RotaFile) -> None:
    """Neither is a series that was cancelled as a whole, with its changes."""
    assert (
        rota.read(
            timed("20261123T170000", "20261124T080000", "tom", "STATUS:CANCELLED"),
            timed(
                "20261123T170000", "20261124T080000", "tom", "RRULE:FREQ=DAILY", "STATUS:CANCELLED", uid="w"
            ),
            timed("20261124T170000", "20261125T080000", "tom", "RECURRENCE-ID:20261124T170000Z", uid="w"),
        )
        == []
    )
    assert rota.problems == {}


def test_a_length_stands_for_an_end_and_a_zone_for_none(rota: RotaFile) -> None:
    """Programs write ends in several ways; Outlook calls London's zone its own name."""
    shifts = rota.read(
        event("DTSTART:20261123T170000", "DURATION:PT15H", summary="tom"),
        event("DTSTART;TZID=GMT Standard Time:20261124T170000", "DURATION:PT15H", summary="tom"),
        event("DTSTART;TZID=School:20261125T170000", "DTEND;TZID=School:20261126T080000", summary="tom"),
        event("DTSTART;VALUE=DATE:20261127", summary="tom"),
    )

    assert [shift.start.astimezone(LONDON).hour for shift in shifts] == [17, 17, 17, 0]
    assert [(shift.end - shift.start) / timedelta(hours=1) for shift in shifts] == [15, 15, 15, 24]


def test_only_shifts_of_the_time_asked_for_come_in_order(rota: RotaFile) -> None:
    """One that ends with the beginning is over; one that has begun before still counts."""
    shifts = rota.read(
        timed("20261129T170000", "20261130T080000", "tom"),
        timed("20261122T170000", "20261123T080000", "miriam"),
        timed("20261122T170000", "20261123T000000", "priya"),
        timed("20261130T000000", "20261130T080000", "priya"),
    )
    assert [shift.person for shift in shifts] == ["miriam", "tom"]


def test_an_event_that_calls_nobody_is_a_problem_and_the_rest_counts(rota: RotaFile) -> None:
    """It is told once for a series, by its UID and day; its words are not repeated."""
    shifts = rota.read(
        timed("20261123T170000", "20261124T080000", "Mr Kowalski", "RRULE:FREQ=DAILY", uid="night"),
        timed("20261123T080000", "20261123T170000", "priya"),
    )

    assert [shift.person for shift in shifts] == ["priya"]
    assert set(rota.problems) == {"night"}
    assert "2026-11-22" not in rota.problems["night"]
    assert "on 2026-11-23 it calls nobody" in rota.problems["night"]
    assert "Kowalski" not in str(rota.problems)


def test_who_left_long_ago_is_no_problem_now(rota: RotaFile) -> None:
    """Old events stay in a calendar for years."""
    assert rota.read(timed("20250923T170000", "20250924T080000", "Mr Kowalski")) == []
    assert rota.problems == {}


def test_a_name_of_two_people_calls_neither(tmp_path: Path) -> None:
    """Nobody is guessed to be on duty."""
    path = tmp_path / "rota.ics"
    path.write_bytes(calendar(timed("20261123T170000", "20261124T080000", "Tom Ashdown")))
    people = {"tom": ("Tom Ashdown",), "tom-a": ("Tom Ashdown",)}

    shifts, (problem,) = read_rota(path, people, LONDON, SINCE, UNTIL)

    assert shifts == ()
    assert "several people" in problem.reason


@pytest.mark.parametrize(
    "lines",
    [
        ("SUMMARY:tom",),
        ("DTSTART:someday",),
        ("DTSTART:20261123T170000",),
        ("DTSTART:20261123T170000", "DTEND:20261123T170000"),
        ("DTSTART:20261123T170000", "DTEND:20261123T080000"),
        ("DTSTART:20261123T170000", "DTEND:20361123T080000"),
        ("DTSTART:20261123T170000", "DTEND;VALUE=DATE:20261124"),
        ("DTSTART:20261123T170000", "DURATION;VALUE=DATE:20261124"),
        ("DTSTART;TZID=Asia/Tokyo:00010101T000000", "DURATION:PT1H"),
        ("BEGIN:VALARM", "DTSTART:20261123T170000"),
        ("DTSTART:20261123T170000", "DTEND:20261124T080000", "RRULE:FREQ=SECONDLY"),
        ("DTSTART:20261123T170000", "DTEND:20261124T080000", "RRULE:FREQ=DAILY;BYHOUR=3,4"),
        ("DTSTART:20261123T170000", "DTEND:20261124T080000", "RRULE:sometimes"),
    ],
)
def test_an_event_that_cannot_be_read_is_a_problem_and_the_rest_counts(
    rota: RotaFile, lines: tuple[str, ...]
) -> None:
    """One slip must not leave the school without its rota."""
    shifts = rota.read(
        event(*lines, uid="odd", summary="tom"), timed("20261123T080000", "20261123T170000", "priya")
    )
    assert [shift.person for shift in shifts] == ["priya"]
    assert set(rota.problems) == {"odd"}
    assert "someday" not in str(rota.problems)


@pytest.mark.parametrize("content", [b"", b"person,start,end\n", b"<html></html>", calendar()[:-15]])
def test_a_file_that_is_no_calendar_is_refused(tmp_path: Path, content: bytes) -> None:
    """Whatever rota was known stays in force."""
    path = tmp_path / "rota.ics"
    path.write_bytes(content)
    with pytest.raises(NotACalendarError):
        read_rota(path, PEOPLE, LONDON, SINCE, UNTIL)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    """A pipe in its place would hold up a worker for ever."""
    path = tmp_path / "rota.ics"
    with pytest.raises(FileNotFoundError):
        read_rota(path, PEOPLE, LONDON, SINCE, UNTIL)
    os.mkfifo(path)
    with pytest.raises(OSError, match="no file"):
        read_rota(path, PEOPLE, LONDON, SINCE, UNTIL)


def test_the_file_says_who_is_on_duty(rota: RotaFile) -> None:
    """What was read goes into the rota as it is; an empty calendar is a rota on which nobody stands."""
    week = timed("20261123T170000", "20261124T080000", "tom", "RRULE:FREQ=DAILY;COUNT=7")

    found = Rota(listed=tuple(rota.read(week)))

    assert found.on_duty(london("2026-11-25 03:00")) == ("tom",)
    assert found.on_duty(london("2026-11-25 12:00")) == ()
    empty = Rota(listed=tuple(rota.read()))
    assert len(empty.gaps(SINCE, UNTIL, lambda person, day: True)) == 1
