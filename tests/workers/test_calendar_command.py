"""The ``calendar`` command: closed days for scripts and people, and what a person should look at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.schools import ROOT, write_settings
from tests.sla.ics_files import all_day, calendar
from workers.cli import main

OAKFIELD = str(ROOT / "config" / "calendars" / "oakfield-2025-27.csv")
FEED = calendar(
    all_day("20261019", "20261102", "Autumn half term"),
    all_day("20261019", "20261020", "INSET day"),
    all_day("20261025", "20261026", "Cover day"),
    all_day("20261127", "20261126", "INSET day"),
)


@pytest.fixture
def feed(tmp_path: Path) -> str:
    """Return the name of a feed that was saved."""
    path = tmp_path / "oakfield.ics"
    path.write_bytes(FEED)
    return str(path)


def said(capsys: pytest.CaptureFixture[str]) -> list[Any]:
    """Return the JSON lines that were printed."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_days_of_a_file_are_printed_as_one_object(feed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exactly the four keys of the contract; weekdays only in closed; 1 because an event was rejected."""
    code = main(["calendar", feed, "--from", "2026-10-20", "--to", "2026-10-27", "--json"])
    [shown] = said(capsys)

    assert code == 1
    assert set(shown) == {"closed", "staff_days", "rejected", "warnings"}
    assert shown["closed"] == [f"2026-10-{day}" for day in (20, 21, 22, 23, 26, 27)]
    assert shown["staff_days"] == ["2026-10-25"]
    assert [set(each) for each in shown["rejected"]] == [{"uid", "reason"}]
    assert "DTEND lies before DTSTART" in shown["rejected"][0]["reason"]
    assert "INSET on 2026-10-19 lies inside a closure" in shown["warnings"][0]


def test_without_a_span_it_is_that_of_the_file(feed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Either end may be left out."""
    main(["calendar", feed, "--json"])
    main(["calendar", feed, "--from", "2026-10-28", "--json"])
    main(["calendar", feed, "--to", "2026-10-20", "--json"])
    everything, later, earlier = said(capsys)

    assert len(everything["closed"]) == 9
    assert everything["staff_days"] == ["2026-10-19", "2026-10-25"]
    assert later["closed"] == ["2026-10-28", "2026-10-29", "2026-10-30"]
    assert (earlier["closed"], earlier["staff_days"]) == (["2026-10-20"], ["2026-10-19"])


def test_a_csv_file_names_its_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They stand where a feed has UIDs."""
    path = tmp_path / "dates.txt"
    path.write_text("kind,start,end_inclusive\nhalf_term,2026-10-26,2026-10-30\nparty,2026-10-31,\n")

    assert main(["calendar", str(path), "--json"]) == 1
    [shown] = said(capsys)
    assert [each["uid"] for each in shown["rejected"]] == ["line 3"]


def test_a_sound_file_is_shown_to_people(capsys: pytest.CaptureFixture[str]) -> None:
    """Days under one name stand in one line, weekends left out; nothing is wrong, so it ends with 0."""
    code = main(["calendar", OAKFIELD, "--from", "2026-10-01", "--to", "2027-01-04"])
    shown = capsys.readouterr().out

    assert code == 0
    assert "2026-10-26 Mon" in shown
    assert "2026-10-30 Fri" in shown
    assert "Christmas holiday" in shown
    assert "staff work" in shown


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["missing.ics"], "cannot be read: No such file"),
        (["."], "cannot be read: Is a directory"),
        (["page.html"], "is no calendar: this is a web page"),
        (["empty.ics"], "is no calendar: the file is empty"),
        (["cut.ics"], "is no calendar: the file was cut off"),
        (["\0"], "the name is no name of a file"),
        (["feed.ics", "--from", "1 September"], "--from is no date"),
        (["feed.ics", "--to", "2026-09-31"], "--to is no date"),
        (["feed.ics", "--from", "2026-09-02", "--to", "2026-09-01"], "--from lies after --to"),
        (["feed.ics", "other.ics"], "knows no feed.ics"),
        (["check", "feed.ics"], "say with --nation"),
        (["check", "feed.ics", "--nation", "UK"], "one of ENG, WLS, SCT, NIR"),
        (["check", "page.html", "--nation", "ENG"], "is no calendar"),
        (["check", "feed.ics", "--nation", "ENG", "--today", "now"], "--today is no date"),
        (["accept", "feed.ics", "--as", "priya"], "accept takes no file"),
        (["versions", "feed.ics"], "versions takes no file"),
    ],
)
def test_wrong_use_is_one_line_and_nothing_on_stdout(
    words: list[str],
    complaint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A script that reads the answer never takes an error for a calendar."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.html").write_text("<html>Term dates have moved</html>")
    (tmp_path / "empty.ics").touch()
    (tmp_path / "cut.ics").write_bytes(FEED[:-20])
    (tmp_path / "feed.ics").write_bytes(FEED)

    code = main(["calendar", *words, "--json"])
    shown = capsys.readouterr()

    assert code == 2
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1
    assert complaint in shown.err


def test_a_file_is_checked_for_a_nation(feed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One line for each finding; 1 because the calendar ends soon and an event was rejected."""
    code = main(["calendar", "check", feed, "--nation", "ENG", "--today", "2026-10-01", "--json"])
    shown = said(capsys)

    assert code == 1
    assert {each["calendar"] for each in shown} == {"oakfield.ics"}
    assert [each["finding"] for each in shown] == ["rejected", "known_until", "inset_in_holiday"]
    assert [each["needs_person"] for each in shown] == [True, True, False]
    assert shown[2]["days"] == ["2026-10-19"]


def test_findings_are_shown_to_people_in_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    """What needs a person stands out; the sample needs none."""
    words = ["calendar", "check", OAKFIELD, "--nation", "ENG", "--today", "2026-11-22"]

    assert main(words) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("oakfield-2025-27.csv\n  - No school closure is known after")
    assert "!" not in shown
    assert main([*words[:-1], "2027-08-01"]) == 1
    assert "  ! THE CALENDAR ENDS SOON" in capsys.readouterr().out


def test_without_a_file_every_school_of_the_settings_is_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the cover days of the settings; a school without a calendar is told."""
    settings = write_settings(tmp_path, "http://127.0.0.1:9")
    words = ["--settings", str(settings), "calendar", "check", "--today", "2026-11-22", "--json"]

    assert main(words) == 0
    shown = said(capsys)
    assert {each["calendar"] for each in shown} == {"oakfield"}
    assert not [each for each in shown if each["finding"] == "no_cover_day" and "2026-12-21" in each["days"]]

    line = next(row for row in settings.read_text().splitlines() if row.startswith("term_calendar = "))
    settings.write_text(settings.read_text().replace(line, ""))
    assert main(words) == 1
    [told] = said(capsys)
    assert "school holidays count as working days" in told["what"]


def test_a_calendar_of_the_settings_that_is_none_is_broken_set_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other schools are checked all the same."""
    page = tmp_path / "page.html"
    page.write_text("<html></html>")
    settings = write_settings(tmp_path, "http://127.0.0.1:9", (OAKFIELD, page.as_posix()))

    assert main(["--settings", str(settings), "calendar", "check", "--json"]) == 2
    [told] = said(capsys)
    assert told["needs_person"]
    assert "this is a web page" in told["what"]


def test_a_file_called_check_is_read_by_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is locked out by a word."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "check").write_bytes(calendar(all_day("20261026", "20261031")))

    assert main(["calendar", "./check", "--json"]) == 0
    assert len(said(capsys)[0]["closed"]) == 5


def test_whatever_its_size_only_so_much_of_a_file_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is not a calendar at all may be as large as a film."""
    film = tmp_path / "film.ics"
    with film.open("wb") as opened:
        opened.truncate(2**33)

    assert main(["calendar", str(film)]) == 2
    assert "larger than 5 MB" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    [
        calendar(),
        calendar(all_day("20261026", "20261031", "Assembly")),
        FEED.replace(b"VERSION:2.0", b"METHOD:CANCEL"),
    ],
)
def test_a_calendar_that_says_nothing_at_all_needs_a_person(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is a calendar, but hardly the one that was meant."""
    path = tmp_path / "nothing.ics"
    path.write_bytes(content)

    assert main(["calendar", str(path), "--json"]) == 1
    [shown] = said(capsys)
    assert shown["closed"] == shown["staff_days"] == shown["rejected"] == []
    assert shown["warnings"]
