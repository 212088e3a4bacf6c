"""A school's calendar file or feed is read again and again; the last good one counts."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from config.settings import load
from moderation.calendars import calendar_of
from moderation.stored_calendar import CalendarState
from moderation.tasks import TaskKind
from sla.calendar import SchoolCalendar
from sla.term_dates import TermDates
from store import tables
from tests.schools import ROOT, write_settings
from tests.workers.conftest import Clock
from workers import calendars, schools
from workers.bootstrap import SetUpError, open_desk
from workers.calendars import ASK_AGAIN, READ_EVERY, read_calendar
from workers.cli import main
from workers.desk import Desk
from workers.jobs import JOBS, work_through
from workers.schools import Schools
from workers.shell import log_to_stderr

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
    school.file.unlink()
    with pytest.raises(SetUpError, match=r"terms\.csv cannot be read: No such file"), school.open():
        pass
    school.file.mkdir()
    with pytest.raises(SetUpError, match=r"terms\.csv cannot be read: It is no file"), school.open():
        pass


def test_a_first_start_says_when_reading_breaks_off(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever trips the reading: one sentence, no traceback."""
    monkeypatch.setattr(calendars, "read", _trip)
    with pytest.raises(SetUpError, match=r"terms\.csv cannot be read: RecursionError"), school.open():
        pass


def _trip(content: bytes) -> TermDates:
    raise RecursionError("words of an event")


def test_a_file_that_is_away_later_ends_no_start(school: School, capsys: pytest.CaptureFixture[str]) -> None:
    """The shared folder is down: the stored calendar counts, a person is told, and `check` says broken."""
    with school.open():
        pass
    school.file.unlink()
    with school.open() as desk:
        assert date(2026, 12, 22) in calendar(desk).closures
        assert told(desk) == ["unreadable"]
    assert main(["--settings", str(school.settings), "status"]) in {0, 1}
    capsys.readouterr()
    assert main(["--settings", str(school.settings), "check"]) == 2
    said = capsys.readouterr().out
    assert "broken  calendar of oakfield: terms.csv cannot be read" in said
    assert "There is no such file." in said


def test_whatever_trips_the_reading_is_told_and_tried_again(
    school: School, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At the start and at work: no start is stopped, no task fails for ever in silence, no word is logged."""
    with school.open():
        pass
    monkeypatch.setattr(calendars, "read", _trip)
    with school.open() as desk:
        assert told(desk) == ["unexpected"]
        for _ in range(3):
            school.clock.at += READ_EVERY
            read_again(desk)
        assert told(desk) == ["unexpected"]
        assert date(2026, 12, 22) in calendar(desk).closures
        school.clock.at += timedelta(days=7)
        read_again(desk)
        assert told(desk) == ["unexpected", "unexpected"]
        monkeypatch.undo()
        school.file.write_text(LONGER)
        school.clock.at += READ_EVERY
        read_again(desk)
        assert date(2027, 2, 16) in calendar(desk).closures
    assert "words of an event" not in capsys.readouterr().err


def test_what_trips_the_taking_in_is_told_too(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of that reading stays behind, and the task is put back for the next one."""
    with school.open() as desk:
        monkeypatch.setattr(calendars, "take_in", lambda *given: _trip(b""))
        school.file.write_text(LONGER)
        read_again(desk)
        assert told(desk) == ["unexpected"]
        monkeypatch.undo()
        school.clock.at += READ_EVERY
        read_again(desk)
        assert date(2027, 2, 16) in calendar(desk).closures


def test_no_title_of_an_event_is_logged(school: School, capsys: pytest.CaptureFixture[str]) -> None:
    """Timed events and first or last days may name people: the log has numbers."""
    timed = "DTSTART:20261204T100000Z\r\nDTEND:20261204T110000Z\r\nSUMMARY:School closed to Kerry Walsh"
    marker = "DTSTART;VALUE=DATE:20261218\r\nSUMMARY:Last day of term for Kerry Walsh"
    broken = "DTSTART;VALUE=DATE:20269918\r\nSUMMARY:School closed for Kerry Walsh"
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\nDTSTAMP:20260901T000000Z\r\n{lines}\r\nEND:VEVENT\r\n"
        for number, lines in enumerate([timed, marker, broken], 2)
    )
    school.file.write_text(FEED.replace("END:VCALENDAR", f"{events}END:VCALENDAR"))
    log_to_stderr("info")
    with school.open() as desk:
        read_again(desk)
        assert date(2026, 12, 22) in calendar(desk).closures
    said = capsys.readouterr().err
    assert '"not_read": 1' in said
    assert "Kerry" not in said


def test_a_slower_thread_never_puts_an_older_calendar_back(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One thread has read version 1 and dawdles; meanwhile version 2 comes in force and is taken over."""
    with school.open() as desk:
        slow = Schools({"oakfield": desk.schools["oakfield"]}, desk.schools.sources)
        begun, go_on = threading.Event(), threading.Event()

        def dawdling(nation: str, dates: TermDates) -> SchoolCalendar:
            if not begun.is_set():
                begun.set()
                go_on.wait(10)
            return calendar_of(nation, dates)

        monkeypatch.setattr(schools, "calendar_of", dawdling)
        first = threading.Thread(target=slow.refresh, args=(desk.store,))
        first.start()
        assert begun.wait(10)
        school.file.write_text(LONGER)
        read_again(desk)
        second = threading.Thread(target=slow.refresh, args=(desk.store,))
        second.start()
        second.join(0.2)
        go_on.set()
        first.join()
        second.join()
        assert date(2027, 2, 16) in slow["oakfield"].calendar.closures


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


def test_a_feed_counts_from_the_first_message_on(
    school: School, feed: tuple[str, dict[str, bytes | int]]
) -> None:
    """A school that has never had a calendar waits for its feed before any work: its holidays are known."""
    school.read_feed(feed[0])
    with school.open() as desk:
        assert date(2026, 12, 22) in calendar(desk).closures
        assert date(2027, 1, 2) not in calendar(desk).closures


def test_no_later_start_waits_for_a_network(
    school: School, feed: tuple[str, dict[str, bytes | int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stored calendar counts; the feed is read while the work goes on."""
    school.read_feed(feed[0])
    with school.open():
        pass
    asked: list[str] = []
    monkeypatch.setattr(calendars, "fetch", asked.append)
    with school.open() as desk:
        assert date(2026, 12, 22) in calendar(desk).closures
    assert asked == []


def test_a_first_start_goes_on_without_its_feed(
    school: School, feed: tuple[str, dict[str, bytes | int]]
) -> None:
    """Watching matters more; people are told what counts meanwhile, and the feed is asked again soon."""
    address, answer = feed
    answer["status"] = 503
    school.read_feed(address)
    with school.open() as desk:
        assert calendar(desk).closures == {}
        assert told(desk) == ["never_read"]
        read_again(desk)
        assert told(desk) == ["never_read"]
        answer["status"] = 200
        school.clock.at += ASK_AGAIN
        read_again(desk)
        assert date(2026, 12, 22) in calendar(desk).closures
        answer["status"] = 503
        school.clock.at += READ_EVERY
        read_again(desk)
        assert told(desk) == ["never_read", "unreadable"]


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
    assert main(["--settings", str(school.settings), "status"]) == 1
    assert "! a calendar of oakfield waits for a decision" in capsys.readouterr().out
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
    main(["--settings", str(school.settings), "status"])
    assert "waits for a decision" not in capsys.readouterr().out
    assert calendar_command(school, "versions", "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert [(row["state"], row["accepted_by"]) for row in rows] == [("in_force", "priya"), ("replaced", None)]
    with school.open() as desk, desk.store.begin() as unit:
        assert unit.calendars.one("oakfield", CalendarState.WAITING) is None
