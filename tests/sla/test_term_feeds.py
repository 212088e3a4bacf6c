"""Real calendars are read without loss, damaged ones never do harm, and what was read can be stored."""

from __future__ import annotations

import csv
import json
import random
import time
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.term_dates import NotACalendarError, TermDates, read, read_csv, read_ics
from tests.sla.ics_files import all_day, calendar, event


def test_the_real_term_calendars_are_read_without_loss(shared: Path) -> None:
    """Ten calendars of councils and schools in all four nations: ICS and CSV agree with a plain reading."""
    files = sorted((shared / "data/calendars").glob("*.csv"))
    assert len(files) == 10
    for file in files:
        rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
        closed = {day for row in rows if row["staff_working"] == "no" for day in days_of(row)}
        staff = {day for row in rows if row["kind"] == "inset" for day in days_of(row)}

        for dates in (read(file.read_bytes()), read(file.with_suffix(".ics").read_bytes())):
            assert dates.rejected == (), file.name
            assert dates.ignored == (), file.name
            assert weekdays(dates.closures) == weekdays(closed - staff), file.name
            assert set(dates.staff_days) == staff, file.name
            assert not dates.cover_days, file.name


def test_both_kinds_of_file_say_the_same_of_every_real_calendar(shared: Path) -> None:
    """Days with their labels, how far it reaches, and what was odd."""
    for file in sorted((shared / "data/calendars").glob("*.ics")):
        from_ics, from_csv = read_ics(file.read_bytes()), read_csv(file.with_suffix(".csv").read_bytes())

        assert from_ics.as_json() == from_csv.as_json(), file.name
        assert len(from_ics.entries) == len(from_csv.entries), file.name
        assert [words.partition(":")[2] for words in from_ics.warnings] == [
            words.partition(":")[2] for words in from_csv.warnings
        ], file.name


def test_most_real_calendars_are_understood_by_their_words_alone(shared: Path) -> None:
    """Feeds of schools have no categories of ours: lost are only a holiday called Halloween and the like."""
    lost = {
        "dundee-2023-24.ics": {date(2024, 5, 27)},
        "northern-ireland-2025-26.ics": {date(2025, 10, 30), date(2025, 10, 31), date(2026, 3, 17)},
    }
    for file in sorted((shared / "data/calendars").glob("*.ics")):
        content = file.read_bytes()
        with_categories = read_ics(content)
        by_words = read_ics(b"\r\n".join(_without_categories(content)))

        missing = weekdays(with_categories.closures) - weekdays(by_words.closures)
        assert missing == lost.get(file.name, set()) | _alone_as_bank_holidays(missing), file.name
        assert weekdays(by_words.closures) <= weekdays(with_categories.closures), file.name
        assert by_words.staff_days.keys() == with_categories.staff_days.keys(), file.name


def _without_categories(content: bytes) -> Iterator[bytes]:
    return (line for line in content.splitlines() if not line.startswith(b"CATEGORIES:"))


def _alone_as_bank_holidays(days: set[date]) -> set[date]:
    """May Day is called by its name alone; as a bank holiday it is closed anyway."""
    return {day for day in days if (day.month, day.weekday()) == (5, 0) and day.day <= 7}


PAIRS = st.dictionaries(st.dates(), st.text(max_size=30), max_size=20)


@given(PAIRS, PAIRS, PAIRS, st.none() | st.dates())
def test_the_days_of_a_calendar_survive_the_store(
    closures: dict[date, str], staff: dict[date, str], cover: dict[date, str], until: date | None
) -> None:
    """The last good calendar is stored as JSON and comes back as it was, whatever its labels hold."""
    dates = TermDates(closures=closures, staff_days=staff, cover_days=cover, known_until=until)

    back = TermDates.from_json(json.loads(json.dumps(dates.as_json())))

    assert back == dates
    assert back.as_json() == dates.as_json()
    assert back.last_day == dates.last_day
    assert list(back.closures) == sorted(closures)


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"closures": [], "staff_days": [], "cover_days": []},
        {"closures": [["soon", "x"]], "staff_days": [], "cover_days": [], "known_until": None},
        {"closures": [["2026-10-26"]], "staff_days": [], "cover_days": [], "known_until": None},
        {"closures": 5, "staff_days": [], "cover_days": [], "known_until": None},
        {"closures": [], "staff_days": [], "cover_days": [], "known_until": 5},
    ],
)
def test_what_is_no_stored_calendar_is_refused(stored: dict[str, object]) -> None:
    """A damaged row must not look like a year without holidays."""
    with pytest.raises(ValueError, match="no stored term dates"):
        TermDates.from_json(stored)


FEED = calendar(
    all_day("20261026", "20261031"),
    event("DTSTART;TZID=Europe/London:20261219T000000", "DURATION:P2W", summary="Christmas holidays"),
    event("DTSTART:20270104", "RRULE:FREQ=YEARLY;COUNT=3", "EXDATE:20280104", uid="i", summary="INSET day"),
    event("DTSTART:20290105", "RECURRENCE-ID;VALUE=DATE:20290104", uid="i", summary="INSET, moved"),
    event("DTSTART:20270215T000000Z", "DTEND:20270220T000000Z", "CATEGORIES:HALF_TERM,School"),
    all_day("20260903", "20261219", "Autumn term"),
)


def test_random_damage_never_does_more_than_spoil_the_file() -> None:
    """Bytes that flip, vanish or repeat: it is read or refused, at once, and nothing else happens."""
    rng = random.Random(3)
    for _ in range(400):
        content = bytearray(FEED)
        for _ in range(rng.randrange(1, 12)):
            _damage(content, rng)
        began = time.process_time()
        try:
            dates = read(bytes(content))
        except NotACalendarError:
            continue
        finally:
            assert time.process_time() - began < 2, bytes(content)
        assert json.dumps(dates.as_json()), bytes(content)


def _damage(content: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(content))
    match rng.randrange(5):
        case 0:
            content[at] = rng.randrange(256)
        case 1:
            del content[at : at + rng.randrange(1, 30)]
        case 2:
            content[at:at] = content[at : at + rng.randrange(1, 60)]
        case 3:
            content[at:at] = rng.choice(
                [b"\n", b"\r\n ", b";", b":", b"=", b'"', b",", b"\x00", b"-", b"9" * 9, b"END:VEVENT\n"]
            )
        case _:
            other = rng.randrange(len(content))
            content[at : at + 8], content[other : other + 8] = (
                content[other : other + 8],
                content[at : at + 8],
            )
    if len(content) < 100:
        content += FEED


def test_one_school_cannot_change_how_anothers_feed_is_read() -> None:
    """A time zone that one file defines means nothing in the next."""
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:School Time\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    )
    days = event("DTSTART;TZID=School Time:20261026T000000", "DURATION:P1D")
    before = read(calendar(days)).as_json()
    read(calendar(zone, days))

    assert read(calendar(days)).as_json() == before


def days_of(row: dict[str, str]) -> Iterator[date]:
    """Yield the days of a row of a calendar file."""
    first, last = date.fromisoformat(row["start"]), date.fromisoformat(row["end_inclusive"])
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def weekdays(days: Iterable[date]) -> set[date]:
    """Return those of the days that are Monday to Friday."""
    return {day for day in days if day.weekday() < 5}
