"""The weekly report: three forms, one set of figures, and every number read back from the finished files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from statistics import median
from typing import Any

import openpyxl
import pypdf
import pytest

from moderation.alerts import AlertStep, ReportNotice, Role
from notifications.mime import mime_message
from notifications.report import RenderedReport, render, report_message
from notifications.report.view import LATE_SHOWN
from sla.clocks import Outcome, StoppedHow
from sla.figures import CoverageLine, Headline, OtherReading, ReportLine, Week, WeeklyFigures, weekly_figures

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
WEEK = Week.named("2026-W47")
HOUR = timedelta(hours=1)
ACCOUNTS = ("oakfield-facebook", "oakfield-x", "oakfield-youtube")
FULL = 7 * 24 * 60
LABELS = ("insult", "bullying", "hate_race", "self_harm", "spam")
ENDS = {
    Outcome.MET: StoppedHow.ANSWERED,
    Outcome.WITHDRAWN: StoppedHow.WITHDRAWN,
    Outcome.NOT_NEEDED: StoppedHow.EXEMPT,
    Outcome.HELD: StoppedHow.HELD,
}


def week_of(count: int) -> list[ReportLine]:
    """Return ``count`` items spread over a week, with every outcome, in a pattern that is never even."""
    return [_line(item) for item in range(count)]


def _line(item: int) -> ReportLine:
    received = MONDAY + (item * 37 % 168) * HOUR + timedelta(minutes=item % 60)
    due = received + 24 * HOUR
    outcome = (
        Outcome.MET,
        Outcome.MET,
        Outcome.LATE,
        Outcome.MET,
        Outcome.NOT_NEEDED,
        Outcome.WITHDRAWN,
        Outcome.HELD,
    )[item * item % 7]
    if due > NOW and outcome is Outcome.LATE:
        outcome = Outcome.OPEN
    stopped = {
        Outcome.LATE: due + 3 * HOUR if item % 2 else None,
        Outcome.OPEN: None,
    }.get(outcome, received + (1 + item % 5) * HOUR)
    return ReportLine(
        item=item + 1,
        account=ACCOUNTS[item % 3],
        platform=("facebook", "x", "youtube")[item % 3],
        received_at=received,
        seen_at=received + timedelta(minutes=4),
        due_at=due,
        stopped_at=stopped,
        stopped_how=ENDS.get(outcome, StoppedHow.ANSWERED if stopped else None),
        outcome=outcome,
        opener=item % 4 != 3,
        severity=("none", "none", "low", "medium", "high")[item * 3 % 5],
        labels=LABELS[: item % 3],
        intent=("query", "complaint", "comment")[item * 2 % 3],
        route=("moderator", "slt", "dsl")[item % 5 % 3],
        reference=f"2026-{item + 400:04d}",
        late_discovery=item % 11 == 0,
    )


def coverage(blind: int = 0) -> list[CoverageLine]:
    """Return three accounts, the last of them blind for so many minutes."""
    watched = [CoverageLine(account, "x", FULL, 0, NOW) for account in ACCOUNTS[:2]]
    return [
        *watched,
        CoverageLine(ACCOUNTS[2], "youtube", FULL - blind, blind, NOW if blind < FULL else None),
    ]


def figures(lines: Iterable[ReportLine], **changes: Any) -> WeeklyFigures:
    """Count the week of Oakfield Academy."""
    given: dict[str, Any] = {
        "coverage": coverage(),
        "school": "oakfield",
        "school_name": "Oakfield Academy",
        "week": WEEK.name,
        "now": NOW,
        **changes,
    }
    return weekly_figures(list(lines), **given)


def pdf_text(report: RenderedReport) -> str:
    """Return all words of the PDF with single spaces."""
    pages = pypdf.PdfReader(BytesIO(report.pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def email_text(report: RenderedReport) -> str:
    """Return all words of the HTML body with single spaces."""
    bare = re.sub(r"<style.*?</style>|<title.*?</title>", "", report.html, flags=re.S)
    bare = re.sub(r"<[^>]+>", " ", bare)
    return " ".join(bare.replace("&#39;", "'").replace("&amp;", "&").replace("&lt;", "<").split())


def plain_text(report: RenderedReport) -> str:
    """Return all words of the plain body with single spaces."""
    return " ".join(report.text.split())


def sheets(report: RenderedReport) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every sheet."""
    book = openpyxl.load_workbook(BytesIO(report.xlsx))
    return {sheet.title: [tuple(cell.value for cell in row) for row in sheet.iter_rows()] for sheet in book}


class Plain:
    """The same figures, counted with loops."""

    def __init__(self, lines: list[ReportLine]) -> None:
        self.received = [each for each in lines if WEEK.starts_at <= each.received_at < WEEK.ends_at]
        self.due = [
            each
            for each in lines
            if each.opener and each.due_at and WEEK.starts_at <= each.due_at < WEEK.ends_at
        ]
        self.met = sum(each.outcome is Outcome.MET for each in self.due)
        self.late = [each for each in self.due if each.outcome is Outcome.LATE]
        hours = [
            ((each.stopped_at or NOW) - each.received_at) / HOUR
            for each in self.due
            if each.outcome in (Outcome.MET, Outcome.LATE)
        ]
        self.median, self.longest = median(hours), max(hours)

    def row(self, account: str | None) -> tuple[int, ...]:
        """Return received, met, late, open, withdrawn, not needed, held of one account, or of all."""
        mine = [each for each in self.received if account in (None, each.account)]
        outcomes = Counter(each.outcome for each in mine)
        order = (Outcome.MET, Outcome.LATE, Outcome.OPEN, Outcome.WITHDRAWN, Outcome.NOT_NEEDED, Outcome.HELD)
        return (len(mine), *(outcomes[each] for each in order))


LINES = week_of(120)
PLAIN = Plain(LINES)
WORDS = {"hate_race": "hate: race", "self_harm": "self-harm", "slt": "SLT", "dsl": "DSL"}


@pytest.fixture(scope="module")
def report() -> RenderedReport:
    """Render a week of 120 items."""
    other = OtherReading("pause", 1, len(PLAIN.late))
    return render(figures(LINES, previous=Headline("2026-W46", 19, 2, 0), other_reading=other))


@pytest.mark.parametrize("read", [pdf_text, email_text, plain_text])
def test_the_headline_says_the_plain_count(read: Any, report: RenderedReport) -> None:
    """Counts before percent, in every form."""
    decided = PLAIN.met + len(PLAIN.late)
    words = read(report)
    assert f"{PLAIN.met} of {decided} replies were in time ({PLAIN.met * 100 // decided}%)." in words
    waiting = sum(each.stopped_at is None for each in PLAIN.late)
    assert f"{len(PLAIN.late)} replies were late. {waiting} of them still wait for an answer." in words
    assert "Last week: 19 of 21 in time (90%)." in words
    assert f"1 of {len(PLAIN.late)} late replies would be in time." in words
    assert "All 3 accounts were read all week." in words


@pytest.mark.parametrize("read", [pdf_text, email_text, plain_text])
def test_waiting_times_and_next_week_are_the_plain_ones(read: Any, report: RenderedReport) -> None:
    """Median, longest, due next week."""
    found = re.search(r"waited ([\d.]+) hours or less. The longest wait was ([\d.]+) hours", read(report))
    assert found
    assert float(found[1]) == pytest.approx(PLAIN.median, abs=0.06)
    assert float(found[2]) == pytest.approx(PLAIN.longest, abs=0.06)
    after = WEEK.after
    open_next = sum(
        each.opener and each.outcome is Outcome.OPEN and after.starts_at <= each.due_at < after.ends_at
        for each in LINES
        if each.due_at
    )
    assert f"{open_next} replies are due next week so far." in read(report)


def test_the_table_of_accounts_is_the_plain_count_on_paper(report: RenderedReport) -> None:
    """Every row, every column."""
    words = pdf_text(report)
    for account in ACCOUNTS:
        assert f"{account} {' '.join(map(str, PLAIN.row(account)))} all week" in words
    assert f"All accounts {' '.join(map(str, PLAIN.row(None)))} " in words


@pytest.mark.parametrize("read", [email_text, plain_text])
def test_the_table_of_accounts_is_the_plain_count_in_the_email(read: Any, report: RenderedReport) -> None:
    """The same in sentences, because seven columns do not fit a telephone."""
    words = read(report)
    for name, account in [*((each, each) for each in ACCOUNTS), ("All accounts", None)]:
        numbers = PLAIN.row(account)
        sentence = (
            "{} received: {} in time, {} late, {} open, {} withdrawn, {} no reply needed, {} held.".format(
                *numbers
            )
        )
        assert re.search(rf"{name}:? {re.escape(sentence)}", words)


def test_every_count_by_kind_is_the_plain_count(report: RenderedReport) -> None:
    """Severity, labels, intents and desks, on paper, in the email and in the sheet."""
    paper, email, plain = pdf_text(report), email_text(report), plain_text(report)
    summary = {str(row[0]): row[1] for row in sheets(report)["Summary"]}
    kinds = {
        "Severity": Counter(each.severity for each in PLAIN.received),
        "Label": Counter(label for each in PLAIN.received for label in each.labels),
        "Intent": Counter(each.intent for each in PLAIN.received),
    }
    for kind, counts in kinds.items():
        for name, number in counts.items():
            said = WORDS.get(name, name)
            assert f"{said} {number}" in paper
            assert f"{said} {number}" in email
            assert f"{said}: {number}" in plain
            assert summary[f"{kind}: {said}"] == number
    for route, number in Counter(each.route for each in PLAIN.received).items():
        late = sum(each.route == route and each.outcome is Outcome.LATE for each in PLAIN.received)
        said = WORDS.get(route, route)
        assert f"{said} {number} {late}" in paper
        assert f"{said} {number}, {late} late" in email
        assert f"{said}: {number}, late {late}" in plain
        assert (summary[f"Desk: {said}"], summary[f"Late on desk: {said}"]) == (number, late)


def test_the_chart_shows_the_plain_count_of_each_day(report: RenderedReport) -> None:
    """As bars with numbers on paper, as dots and words in the email."""
    paper, email, plain = pdf_text(report), email_text(report), plain_text(report)
    for day in WEEK.days:
        due = [each for each in PLAIN.due if each.due_at and each.due_at.date() == day]
        met = sum(each.outcome is Outcome.MET for each in due)
        late = sum(each.outcome is Outcome.LATE for each in due)
        on_paper = f"{met + late}, {late} late" if late else f"{met}"
        assert f"{on_paper} {day:%a} {day.day}" in paper
        assert f"{met} in time, {late} late" in email.partition(f"{day:%a} {day.day} ")[2][:60]
        assert "●" * met + "○" * late in email
        assert f"{day:%A} {day.day} November: {met} in time, {late} late" in plain


def test_late_replies_are_listed_without_names_and_with_their_reasons(report: RenderedReport) -> None:
    """Reference, account, waited, reason; the rest is in the sheet."""
    paper, email = pdf_text(report), email_text(report)
    shown = sorted(PLAIN.late, key=lambda each: (each.due_at or NOW, each.reference or ""))
    for each in shown[:LATE_SHOWN]:
        assert f"{each.reference} {each.account}" in paper
        assert f"{each.reference} {each.account}, was due" in email
    assert "no reason given" in paper
    if len(shown) > LATE_SHOWN:
        assert f"{len(shown) - LATE_SHOWN} more late repl" in paper


def test_the_spreadsheet_holds_the_figures_as_numbers(report: RenderedReport) -> None:
    """A governor can add them up."""
    book = sheets(report)
    assert list(book) == ["Summary", "By account", "Lines", "How we count"]
    summary = {row[0]: row[1] for row in book["Summary"]}
    assert summary["In time"] == PLAIN.met
    assert summary["Late"] == len(PLAIN.late)
    assert summary["Median wait in hours"] == pytest.approx(PLAIN.median, abs=0.06)
    rows = {row[0]: row[1:8] for row in book["By account"][1:5]}
    assert rows == {**{account: PLAIN.row(account) for account in ACCOUNTS}, "All accounts": PLAIN.row(None)}


def test_the_lines_of_the_spreadsheet_give_its_headline(report: RenderedReport) -> None:
    """Filter by "Due this week" and count: that is the figure on page one."""
    head, *rows = sheets(report)["Lines"]
    lines = [dict(zip(head, row, strict=True)) for row in rows]
    due = Counter(each["Outcome"] for each in lines if each["Due this week"] == "yes")
    assert (due["met"], due["late"]) == (PLAIN.met, len(PLAIN.late))
    assert sum(each["Received this week"] == "yes" for each in lines) == len(PLAIN.received)
    first = next(each for each in lines if each["Item"] == 1)
    assert first["Received"] == datetime(2026, 11, 16, 0, 0)  # noqa: DTZ001 - a cell holds the school's time


def test_the_same_figures_are_the_same_bytes(report: RenderedReport) -> None:
    """PDF, spreadsheet and email, made twice."""
    other = OtherReading("pause", 1, len(PLAIN.late))
    again = render(figures(LINES, previous=Headline("2026-W46", 19, 2, 0), other_reading=other))
    assert again.pdf == report.pdf
    assert again.xlsx == report.xlsx
    assert (again.html, again.text, again.subject) == (report.html, report.text, report.subject)


def test_the_pdf_is_accessible(report: RenderedReport) -> None:
    """PDF/UA-1: tagged, titled, in British English, the chart with words."""
    catalogue: Any = pypdf.PdfReader(BytesIO(report.pdf)).trailer["/Root"]
    assert catalogue["/Lang"] == "en-GB"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in catalogue["/Metadata"].get_object().get_data()
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert len(pypdf.PdfReader(BytesIO(report.pdf)).pages) <= 2


def test_a_quiet_week_says_so() -> None:
    """Sent all the same, in the words of the design."""
    quiet = render(figures([], previous=Headline("2026-W46", 3, 1, 0)))
    for read in (pdf_text, email_text, plain_text):
        words = read(quiet)
        assert "Nothing was due. All 3 accounts were read all week." in words
        assert "Last week: 3 of 4 in time." in words
        assert "%" not in words
    assert quiet.subject == "No reply was due, week to 22 November"


def test_a_blind_account_never_looks_like_a_good_week() -> None:
    """No 100 %, no noughts: not measured."""
    blind = render(
        figures(
            [each for each in week_of(9) if each.outcome is Outcome.MET and each.account != ACCOUNTS[2]],
            coverage=coverage(FULL),
        )
    )
    for read in (pdf_text, email_text, plain_text):
        words = read(blind)
        assert "that we know of" in words
        assert "100%" not in words
        assert "oakfield-youtube was not read all week" in words
        assert "not measured" in words
    assert "oakfield-youtube not measured – – – – – – not measured" in pdf_text(blind)
    assert blind.subject.startswith("1 account partly unread: ")
    rows = {row[0]: row for row in sheets(blind)["By account"]}
    assert rows["oakfield-youtube"][1] == "not measured"


def test_a_quiet_week_with_a_gap_is_not_called_quiet() -> None:
    """Nothing that we know of was due."""
    words = plain_text(render(figures([], coverage=coverage(34 * 60))))
    assert "Nothing that we know of was due. oakfield-youtube was not read for 34 hours." in words


@pytest.mark.parametrize(
    ("met", "late", "said"),
    [
        (1, 0, "The one reply that was due was in time."),
        (4, 0, "All 4 replies that were due were in time."),
        (5, 0, "All 5 replies that were due were in time (100%)."),
        (3, 1, "3 of 4 replies were in time."),
        (1, 4, "1 of 5 replies was in time (20%)."),
        (0, 1, "The one reply that was due was late."),
        (0, 6, "None of the 6 replies that were due was in time (0%)."),
    ],
)
def test_few_replies_are_counted_and_not_rated(met: int, late: int, said: str) -> None:
    """Under five there is no percent."""
    one = replace(
        LINES[0], received_at=MONDAY + HOUR, due_at=MONDAY + 25 * HOUR, opener=True, late_discovery=False
    )
    ends = [(Outcome.MET, MONDAY + 2 * HOUR)] * met + [(Outcome.LATE, MONDAY + 30 * HOUR)] * late
    lines = [
        replace(one, item=number, outcome=outcome, stopped_at=stopped, reference=f"2026-{number:04d}")
        for number, (outcome, stopped) in enumerate(ends)
    ]
    assert said in plain_text(render(figures(lines)))


def test_figures_that_do_not_add_up_say_so_on_the_first_page() -> None:
    """A wrong report is worse than a late one, and a missing one is worse still."""
    week = figures(LINES)
    wrong = render(replace(week, total=replace(week.total, met=week.total.met + 1)))
    assert "These figures do not add up" in pypdf.PdfReader(BytesIO(wrong.pdf)).pages[0].extract_text()


def test_what_a_stranger_named_stays_text_everywhere() -> None:
    """Formulas, markup and templates in a name or a reason are shown, never run."""
    nasty = '=HYPERLINK("http://x.example","y") <b>{{7*7}}</b> #strong[z] $x$ \\'
    line = replace(LINES[2], opener=True, outcome=Outcome.LATE, account="=1+1", reason=nasty, stopped_at=None)
    rendered = render(figures([line], school_name=nasty))
    for row in sheets(rendered)["Lines"] + sheets(rendered)["Summary"] + sheets(rendered)["By account"]:
        assert all(isinstance(cell, str | int | float | datetime | None) for cell in row)
    book = openpyxl.load_workbook(BytesIO(rendered.xlsx))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for cell in cells)
    assert any(cell.value == nasty for cell in cells)
    assert "<b>" not in rendered.html
    assert nasty in pdf_text(rendered)
    assert nasty in email_text(rendered).replace("&#34;", '"').replace("&gt;", ">")


def test_welsh_names_are_set_and_what_no_font_has_does_not_stop_the_report() -> None:
    """ŵ and ŷ as they are; an emoji becomes a question mark on paper and stays in the email."""
    rendered = render(figures(LINES[:9], school_name="Ysgol Tŷ Ŵyn 😀 学校 مدرسة"))
    assert "Ysgol Tŷ Ŵyn ? ??" in pdf_text(rendered)
    assert "Ysgol Tŷ Ŵyn 😀 学校 مدرسة" in email_text(rendered)


def test_nothing_of_who_wrote_is_in_the_report(report: RenderedReport) -> None:
    """No pictures, no links, no request to anywhere."""
    assert not re.search(r"<img|href=|src=|url\(|https?://", report.html)


def test_the_message_to_a_reader_carries_both_files(report: RenderedReport) -> None:
    """One email: the report as its body, PDF and spreadsheet attached."""
    notice = ReportNotice("Oakfield Academy", "oakfield", "2026-W47", AlertStep.WEEKLY_REPORT, NOW, Role.SLT)
    message = report_message(notice, report, "slt@oakfield.example", message_id="<report-1@oakfield.example>")
    mail = mime_message(message, "socialduty@oakfield.example")
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert names == ["socialduty-oakfield-2026-w47.pdf", "socialduty-oakfield-2026-w47.xlsx"]
    assert len(str(mail["Subject"])) <= 60
    assert message.html == report.html


def test_a_busy_week_stays_on_two_pages() -> None:
    """1,500 items, and 15 late ones listed."""
    busy = render(figures(week_of(1500), coverage=coverage(34 * 60)))
    assert len(pypdf.PdfReader(BytesIO(busy.pdf)).pages) <= 2
    assert "more late replies are listed in the spreadsheet" in pdf_text(busy)
