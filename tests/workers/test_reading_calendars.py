"""A school's calendar file or feed is read again and again; the last good one counts."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from config.settings import load
from moderation.stored_calendar import CalendarState
from moderation.tasks import TaskKind
from sla.calendar import SchoolCalendar
from store import tables
from tests.schools import ROOT, write_settings
from tests.workers.conftest import Clock
from workers.bootstrap import SetUpError, open_desk
from workers.calendars import READ_EVERY, read_calendar
from workers.cli import main
from workers.desk import Desk
from workers.jobs import JOBS, work_through

HEAD = "kind,start,end_inclusive,label,staff_working\n"
CHRISTMAS = HEAD + "holiday,2026-12-21,2027-01-01,Christmas,no\n"
LONGER = CHRISTMAS + "half_term,2027-02-15,2027-02-19,February half term,no\n"
FEED = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Oakfield//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    "DTSTAMP:20260901T000000Z\r\nDTSTART;VALUE=DATE:20261221\r\nDTEND;VALUE=DATE:20270102\r\n"
    "SUMMARY:Christmas holiday\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
WHERE = f'"{(ROOT / "config" / "calendars" / "oakfield-2025-27.csv").as_posix()}"'


class School:
    """The example school whose calendar a test writes, and starts again as often as it likes."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder, self.clock = folder, clock
        self.file = folder / "terms.csv"
        self.file.write_text(CHRISTMAS)
        self.settings = write_settings(folder, "http://127.0.0.1:9", (WHERE, f'"{self.file.as_posix()}"'))

    @contextmanager
    def open(self) -> Iterator[Desk]:
        """Start socialduty once."""
        with open_desk(load(self.settings), self.clock) as desk:
            yield desk

    def read_feed(self, address: str) -> None:
        """Let the calendar be a feed."""
        text = self.settings.read_text()
        line = f'term_calendar = "{self.file.as_posix()}"'
        self.settings.write_text(text.replace(line, f'term_calendar_feed = "{address}"'))


@pytest.fixture
def school(tmp_path: Path, clock: Clock) -> School:
    """The example school with a calendar of its own."""
    return School(tmp_path, clock)


def calendar(desk: Desk) -> SchoolCalendar:
    """Return the calendar that the school's clocks run by."""
    return desk.ports.schools["oakfield"].calendar


def read_again(desk: Desk) -> None:
    """Do the calendar's task when its time has come."""
    (claim,) = desk.store.claim(TaskKind.READ_CALENDAR, 60)
    read_calendar(desk, claim)


def told(desk: Desk) -> list[str]:
    """Return what people were told about calendars."""
    with desk.store.begin() as unit:
        rows = unit.connection.execute(tables.alerts.select().order_by(tables.alerts.c.id))
        return [row.occasion.partition(":")[0] for row in rows if row.subject_kind == "calendar"]


def test_the_file_counts_from_the_first_message_on(school: School) -> None:
    """No clock is counted before the school's holidays are known."""
    with school.open() as desk:
        assert date(2026, 12, 22) in calendar(desk).closures


def test_a_file_that_changes_counts_without_a_restart(school: School) -> None:
    """Six hours later at the latest, for this process and for every other one."""
    with school.open() as desk:
        read_again(desk)
        school.file.write_text(LONGER)
        school.clock.at += READ_EVERY
        read_again(desk)
        assert date(2027, 2, 16) in calendar(desk).closures


def test_another_process_takes_over_what_one_has_read(school: School) -> None:
    """Whoever compares the clocks looks first which calendar is in force; the others look with every beat."""
    with school.open() as desk:
        elsewhere = open_desk(load(school.settings), school.clock, works=False)
        with elsewhere as other:
            school.file.write_text(LONGER)
            read_again(desk)
            work_through(other, JOBS[TaskKind.REDATE_CLOCKS])
            assert date(2027, 2, 16) in calendar(other).closures


@pytest.mark.parametrize(
    "page", ["", "<!DOCTYPE html><html><body>Not found</body></html>", "BEGIN:VCALENDAR\n"]
)
def test_what_is_no_calendar_keeps_the_last_good_one(school: School, page: str) -> None:
    """While it runs, and at the next start: somebody is told once, not four times a day."""
    with school.open() as desk:
        school.file.write_text(page)
        for _ in range(3):
            read_again(desk)
            school.clock.at += READ_EVERY
        assert date(2026, 12, 22) in calendar(desk).closures
        assert told(desk) == ["no_calendar"]
    with school.open() as desk:
        assert date(2026, 12, 22) in calendar(desk).closures


def test_a_first_start_without_a_calendar_is_refused(school: School) -> None:
    """Nothing good has ever been there: a school without its holidays would be wrong in silence."""
    school.file.write_text("<html></html>")
    with pytest.raises(SetUpError, match=r"terms\.csv is no calendar"), school.open():
        pass


def test_a_calendar_that_shrinks_waits_for_a_person(school: School) -> None:
    """The one from before counts on; the shell shows both."""
    school.file.write_text(LONGER)
    with school.open() as desk:
        school.file.write_text(HEAD + "half_term,2027-02-15,2027-02-19,February half term,no\n")
        read_again(desk)
        assert date(2026, 12, 22) in calendar(desk).closures
        assert told(desk) == ["shrunk"]


def test_entries_that_cannot_be_read_are_told_and_the_rest_counts(school: School) -> None:
    """One bad row takes nothing from the others."""
    school.file.write_text(CHRISTMAS + "holiday,31 September,,A day that is none,no\n")
    with school.open() as desk:
        read_again(desk)
        assert date(2026, 12, 22) in calendar(desk).closures
        assert told(desk) == ["rejected"]


@pytest.fixture
def feed() -> Iterator[tuple[str, dict[str, bytes | int]]]:
    """Return a feed's address, and what it answers with."""
    answer: dict[str, bytes | int] = {"status": 200, "body": FEED.encode()}

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answer["body"]
            assert isinstance(body, bytes)
            self.send_response(int(answer["status"]))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/terms.ics?key=secret-7", answer
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_feed_counts_once_it_has_been_read(
    school: School, feed: tuple[str, dict[str, bytes | int]]
) -> None:
    """No start waits for the internet: until then the bank holidays count."""
    school.read_feed(feed[0])
    with school.open() as desk:
        assert date(2026, 12, 22) not in calendar(desk).closures
        read_again(desk)
        assert date(2026, 12, 22) in calendar(desk).closures
        assert date(2027, 1, 2) not in calendar(desk).closures
    with school.open() as desk:
        assert date(2026, 12, 22) in calendar(desk).closures


def test_a_feed_that_fails_keeps_the_last_good_calendar(
    school: School,
    feed: tuple[str, dict[str, bytes | int]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is asked again, people are told once a week, and its address is in no log."""
    address, answer = feed
    school.read_feed(address)
    with school.open() as desk:
        read_again(desk)
        answer["status"] = 503
        for _ in range(4):
            school.clock.at += READ_EVERY
            read_again(desk)
        assert date(2026, 12, 22) in calendar(desk).closures
        assert told(desk) == ["unreadable"]
    said = capsys.readouterr()
    assert "secret-7" not in said.err + said.out


def test_a_task_whose_school_has_no_calendar_any_more_waits_quietly(school: School) -> None:
    """The setting was taken out: bank holidays count again, and nothing fails."""
    with school.open():
        pass
    text = school.settings.read_text()
    school.settings.write_text(text.replace(f'term_calendar = "{school.file.as_posix()}"', ""))
    with school.open() as desk:
        assert calendar(desk).closures == {}
        read_again(desk)


def calendar_command(school: School, *words: str) -> int:
    """Run the calendar command as a person does."""
    return main(["--settings", str(school.settings), "calendar", *words])


def test_the_shell_shows_previews_and_accepts_what_waits(
    school: School, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the mail to the decision: see what would move, accept it, see who did."""
    school.file.write_text(LONGER)
    with school.open() as desk:
        school.file.write_text(HEAD + "half_term,2027-02-15,2027-02-19,February half term,no\n")
        read_again(desk)
    capsys.readouterr()
    assert calendar_command(school, "versions", "--json") == 1
    states = [json.loads(line)["state"] for line in capsys.readouterr().out.splitlines()]
    assert states == ["waiting", "in_force"]
    assert calendar_command(school, "preview") == 0
    assert "0 of 0 answers" in capsys.readouterr().err
    assert calendar_command(school, "accept", "--as", "nobody") == 2
    assert calendar_command(school, "accept") == 2
    capsys.readouterr()
    assert calendar_command(school, "accept", "--as", "priya") == 0
    assert "is in force" in capsys.readouterr().err
    assert calendar_command(school, "accept", "--as", "priya") == 1
    assert calendar_command(school, "versions", "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert [(row["state"], row["accepted_by"]) for row in rows] == [("in_force", "priya"), ("replaced", None)]
    with school.open() as desk, desk.store.begin() as unit:
        assert unit.calendars.one("oakfield", CalendarState.WAITING) is None
