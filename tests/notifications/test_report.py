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
from sla.figures import CoverageLine, Headline, ReportLine, Week, WeeklyFigures, check, weekly_figures

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
    )[item * 5 % 11 % 7]
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
        late_discovery=item % 5 == 3,
        due_on_closed_day=due.weekday() > 4,
        team_due_at=due + (item % 5 == 3) * 60 * HOUR,
        other_due_at=due + (due.weekday() > 4) * 48 * HOUR,
        reading="strict",
        received_in_holidays=item % 13 == 2,
        excused="the site was closed by snow" if item % 3 == 0 else None,
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
        self.outcomes = Counter(each.outcome for each in self.due)
        self.met = sum(each.outcome is Outcome.MET for each in self.due)
        self.late = [each for each in self.due if each.outcome is Outcome.LATE]
        hours = [
            ((each.stopped_at or NOW) - each.received_at) / HOUR
            for each in self.due
            if each.outcome in (Outcome.MET, Outcome.LATE)
        ]
        self.median, self.longest = median(hours), max(hours)
        self.team = [self._judged(each, each.team_due_at) for each in self.due]
        self.other = [self._judged(each, each.other_due_at) for each in self.due]

    def _judged(self, each: ReportLine, due: datetime | None) -> Outcome:
        """Say what a line would count as with another due time, which is never earlier than its own."""
        if each.outcome is not Outcome.LATE or due is None or (each.stopped_at or NOW) > due:
            return each.outcome
        return Outcome.MET if each.stopped_at else Outcome.OPEN

    def waits(self, in_holidays: bool) -> list[float]:
        """Return the hours that people waited who wrote in the holidays, or in term."""
        return [
            ((each.stopped_at or NOW) - each.received_at) / HOUR
            for each in self.due
            if each.outcome in (Outcome.MET, Outcome.LATE) and each.received_in_holidays is in_holidays
        ]

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
    return render(figures(LINES, previous=Headline("2026-W46", 19, 2, 0), other_reading="pause"))


@pytest.mark.parametrize("read", [pdf_text, email_text, plain_text])
def test_the_headline_says_the_plain_count(read: Any, report: RenderedReport) -> None:
    """Counts before percent, in every form."""
    decided = PLAIN.met + len(PLAIN.late)
    words = read(report)
    assert f"{PLAIN.met} of {decided} replies were in time ({PLAIN.met * 100 // decided}%)." in words
    waiting = sum(each.stopped_at is None for each in PLAIN.late)
    assert f"{len(PLAIN.late)} replies were late. {waiting} of them still wait for an answer." in words
    assert "Last week: 19 of 21 in time (90%)." in words
    assert "All 3 accounts were read all week." in words


@pytest.mark.parametrize("read", [pdf_text, email_text, plain_text])
def test_the_other_ways_of_counting_are_the_plain_ones(read: Any, report: RenderedReport) -> None:
    """Each in a sentence of its own, none mixed into the headline."""
    words, late = read(report), len(PLAIN.late)
    assert "Reading of the promise: strict, by the letter of the policy" in words
    met, lost = PLAIN.team.count(Outcome.MET), PLAIN.team.count(Outcome.LATE)
    assert (met, met + lost) != (PLAIN.met, PLAIN.met + late)
    team = f"{met} of {met + lost} in time ({met * 100 // (met + lost)}%)"
    assert f"Counted from when we first saw each message: {team}" in words
    saved = PLAIN.other.count(Outcome.MET) - PLAIN.met
    assert saved > 0
    other = f"Under the other reading of the rule (pause), {saved} of {late} late replies would be in time"
    assert other in words
    let_go, withdrawn = PLAIN.outcomes[Outcome.NOT_NEEDED], PLAIN.outcomes[Outcome.WITHDRAWN]
    assert (
        f"Not counted in the headline: {let_go} needed no reply, as a person decided; {withdrawn} were "
        f"withdrawn by their authors; {PLAIN.outcomes[Outcome.HELD]} are held because of abuse or the media "
        "policy."
    ) in words


@pytest.mark.parametrize("read", [pdf_text, email_text, plain_text])
def test_what_explains_lateness_is_counted_and_marked_and_takes_nothing_away(
    read: Any, report: RenderedReport
) -> None:
    """Found late, due on a closed day, excused: said with the headline, and at the reply itself."""
    words = read(report)
    found = sum(each.late_discovery for each in PLAIN.late)
    closed = sum(each.due_on_closed_day for each in PLAIN.late)
    excused = sum(each.excused is not None for each in PLAIN.late)
    assert min(found, closed, excused) > 1
    assert (
        f"Of the late replies, {found} were seen only after they were due, {closed} were due on a closed day "
        f"and {excused} are excused by the leadership."
    ) in words
    assert "excused: the site was closed by snow" in words
    assert f"{len(PLAIN.late) - excused} late replies have no reason given." in words


@pytest.mark.parametrize("read", [pdf_text, email_text, plain_text])
def test_waiting_in_term_and_in_the_holidays_has_a_line_each(read: Any, report: RenderedReport) -> None:
    """Hours as they pass; the long waits of the holidays do not hide how term went."""
    for when, in_holidays in (("term", False), ("the holidays", True)):
        hours = PLAIN.waits(in_holidays)
        found = re.search(
            rf"In {when}, half of the (\d+) people waited ([\d.]+) hours or less, and the longest ([\d.]+) h",
            read(report),
        )
        assert found
        assert int(found[1]) == len(hours)
        assert float(found[2]) == pytest.approx(median(hours), abs=0.06)
        assert float(found[3]) == pytest.approx(max(hours), abs=0.06)


@pytest.mark.parametrize("read", [pdf_text, email_text, plain_text])
def test_who_decided_that_no_reply_was_needed_is_said(read: Any) -> None:
    """Nothing to answer, or a person's word: the two make up the column of the table."""
    nothing: dict[str, Any] = {
        "due_at": None,
        "stopped_at": None,
        "stopped_how": None,
        "opener": False,
        "reference": None,
    }
    emoji = replace(LINES[0], **nothing, outcome=Outcome.NOT_NEEDED)
    let_go = replace(LINES[0], item=900, outcome=Outcome.NOT_NEEDED, stopped_how=StoppedHow.EXEMPT)
    lines = [replace(emoji, item=800 + number) for number in range(3)] + [let_go]
    words = read(render(figures(lines)))
    assert "No reply needed: 3 had nothing in them to answer and 1 was judged so by a person." in words
    assert "4 no reply needed" in words or " 4 0 all week" in words


def test_a_plain_week_is_not_burdened_with_what_says_nothing() -> None:
    """Where every way of counting gives the same, only the headline is said."""
    plain = replace(
        LINES[0], late_discovery=False, due_on_closed_day=False, received_in_holidays=False, excused=None
    )
    lines = [replace(plain, item=number, reference=f"2026-{number:04d}") for number in range(6)]
    words = plain_text(render(figures(lines, other_reading="pause")))
    assert "All 6 replies that were due were in time (100%)." in words
    for silent in (
        "Counted from when",
        "Under the other",
        "Not counted",
        "Of the late",
        "In the holidays, half",
    ):
        assert silent not in words


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            {"met_late": 2},
            "Under the other reading of the rule (strict), 2 of the 6 replies in time would be late.",
        ),
        (
            {"running": 1},
            "Under the other reading of the rule (strict), none of 1 late reply would be in time and 1 would "
            "not be due yet.",
        ),
        ({"late": 1}, "Under the other reading of the rule (strict), none of 1 late reply would be in time."),
        ({"earlier": 1}, "1 reply still ran by the reading that was in force before."),
    ],
)
def test_the_other_reading_is_said_as_it_is(lines: dict[str, int], said: str) -> None:
    """Stricter or laxer, and what ran by the rule from before."""
    received = MONDAY + HOUR
    plain = replace(
        LINES[0], received_at=received, due_at=received + 50 * HOUR, stopped_at=received + 30 * HOUR,
        outcome=Outcome.MET, other_due_at=None, late_discovery=False, reading="pause", excused=None,
    )  # fmt: skip
    lost = replace(plain, outcome=Outcome.LATE, stopped_at=received + 60 * HOUR)
    kinds = {
        "met_late": replace(plain, other_due_at=received + 24 * HOUR),
        "running": replace(lost, stopped_at=None, stopped_how=None, other_due_at=NOW + HOUR),
        "late": replace(lost, other_due_at=received + 51 * HOUR),
        "earlier": replace(plain, reading="strict"),
    }
    week = [kinds[kind] for kind, number in lines.items() for _ in range(number)]
    week += [plain] * (6 - len(week))
    week = [replace(each, item=number, reference=f"2026-{number:04d}") for number, each in enumerate(week)]
    counted = figures(week, reading="pause", other_reading="strict")
    assert not check(counted)
    words = plain_text(render(counted))
    assert said in words
    assert "Reading of the promise: pause, closed days do not count" in words


def test_a_message_without_a_due_time_needs_somebody() -> None:
    """On the first page: nothing would ever be late about it."""
    owed = replace(LINES[0], due_at=None, stopped_at=None, stopped_how=None, outcome=Outcome.OPEN)
    words = pdf_text(render(figures([owed])))
    assert "1 message has no due time: the school's calendar has no working day after it." in words


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
    replies = "1 reply is" if open_next == 1 else f"{open_next} replies are"
    assert f"{replies} due next week so far." in read(report)


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
    assert summary["Reading in force"] == "strict"
    assert summary["Counted from first seen: in time"] == PLAIN.team.count(Outcome.MET)
    assert summary["Counted from first seen: late"] == PLAIN.team.count(Outcome.LATE)
    assert summary["Under the reading pause: in time"] == PLAIN.other.count(Outcome.MET)
    assert summary["Under the reading pause: late"] == PLAIN.other.count(Outcome.LATE)
    assert summary["Late, but in time under the reading pause"] == PLAIN.other.count(Outcome.MET) - PLAIN.met
    assert summary["Late, and seen only after due"] == sum(each.late_discovery for each in PLAIN.late)
    assert summary["Late, and due on a closed day"] == sum(each.due_on_closed_day for each in PLAIN.late)
    assert summary["Late, and excused by the leadership"] == sum(bool(each.excused) for each in PLAIN.late)
    assert summary["In term: people who waited"] == len(PLAIN.waits(False))
    assert summary["In the holidays: longest wait in hours"] == pytest.approx(
        max(PLAIN.waits(True)), abs=0.06
    )
    exempt = sum(each.outcome is Outcome.NOT_NEEDED for each in PLAIN.received)
    assert summary["Received, no reply needed: a person said so"] == exempt
    rows = {row[0]: row[1:8] for row in book["By account"][1:5]}
    assert rows == {**{account: PLAIN.row(account) for account in ACCOUNTS}, "All accounts": PLAIN.row(None)}


def test_the_lines_of_the_spreadsheet_give_its_headline(report: RenderedReport) -> None:
    """Filter by "Due this week" and count: that is the figure on page one."""
    head, *rows = sheets(report)["Lines"]
    lines = [dict(zip(head, row, strict=True)) for row in rows]
    due = Counter(each["Outcome"] for each in lines if each["Due this week"] == "yes")
    assert (due["met"], due["late"]) == (PLAIN.met, len(PLAIN.late))
    assert sum(each["Received this week"] == "yes" for each in lines) == len(PLAIN.received)
    theirs = [each for each in lines if each["Due this week"] == "yes"]
    by_team = Counter(each["Outcome, counted from first seen"] for each in theirs)
    assert by_team["met"] == PLAIN.team.count(Outcome.MET)
    assert Counter(each["Outcome by the other reading"] for each in theirs)["late"] == PLAIN.other.count(
        Outcome.LATE
    )
    assert sum(each["Excused"] is not None and each["Outcome"] == "late" for each in theirs) == sum(
        bool(each.excused) for each in PLAIN.late
    )
    assert sum(each["Received in the holidays"] == "yes" for each in theirs) == sum(
        each.received_in_holidays for each in PLAIN.due
    )
    first = next(each for each in lines if each["Item"] == 1)
    assert first["Received"] == datetime(2026, 11, 16, 0, 0)  # noqa: DTZ001 - a cell holds the school's time


def test_the_same_figures_are_the_same_bytes(report: RenderedReport) -> None:
    """PDF, spreadsheet and email, made twice."""
    again = render(figures(LINES, previous=Headline("2026-W46", 19, 2, 0), other_reading="pause"))
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
    """1,500 items, and a dozen late ones listed."""
    busy = render(figures(week_of(1500), coverage=coverage(34 * 60)))
    assert len(pypdf.PdfReader(BytesIO(busy.pdf)).pages) <= 2
    assert "more late replies are listed in the spreadsheet" in pdf_text(busy)
