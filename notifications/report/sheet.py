"""The report as a spreadsheet: the same figures, and every line behind them. No cell is ever a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from notifications.cleaning import clean_line
from notifications.report.sentences import NOT_MEASURED, readable, short_headline
from notifications.report.view import ReportView
from notifications.times import local
from sla.figures import (
    Headline,
    ReportLine,
    Waiting,
    Week,
    WeeklyFigures,
    other_outcome,
    team_outcome,
)

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | datetime | None

_CELL_LIMIT = 1000
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LINE_HEADS = (
    "Item",
    "Case",
    "Account",
    "Platform",
    "Received",
    "First seen",
    "Due",
    "Ended",
    "How it ended",
    "Outcome",
    "Starts a clock",
    "Received this week",
    "Due this week",
    "Severity",
    "Labels",
    "Intent",
    "Desk",
    "Seen only after due",
    "Due on a closed day",
    "Received in the holidays",
    "Reason if late",
    "Excused",
    "Reading",
    "Due, counted from first seen",
    "Outcome, counted from first seen",
    "Due by the other reading",
    "Outcome by the other reading",
)


def sheet_of(figures: WeeklyFigures, report: ReportView) -> bytes:
    """Set the report as XLSX with four sheets: Summary, By account, Lines, How we count."""
    from xlsxwriter import Workbook

    content = BytesIO()
    book = Workbook(content, _OPTIONS)
    # A fixed date, so that the same figures are the same bytes.
    made = figures.made_at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": f"{report.title} {figures.week}", "author": "socialduty", "created": made})
    paper = _Paper(book)
    paper.table("Summary", ("What", "Figure"), _summary(figures, report), (44, 70))
    paper.table("By account", _ACCOUNT_HEADS, _by_account(figures, report), (28, *[14] * 7, 26))
    paper.table("Lines", _LINE_HEADS, (_line(line, figures) for line in figures.lines), _LINE_WIDTHS)
    paper.table("How we count", ("How we count",), _how(report), (110,))
    book.close()
    return content.getvalue()


_ACCOUNT_HEADS = (
    "Account",
    "Received",
    "In time",
    "Late",
    "Open",
    "Withdrawn",
    "No reply needed",
    "Held",
    "Read",
)
_LINE_WIDTHS = (10, 12, 24, 12, *[17] * 4, 14, 12, *[10] * 4, 24, 16, 16, 10, 10, 12, 30, 30, 12, *[17] * 4)


class _Paper:
    """The workbook with its four looks of cell."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._head: Format = book.add_format({"bold": True, "bottom": 2, "valign": "top", "text_wrap": True})
        self._text: Format = book.add_format({"valign": "top", "text_wrap": True})
        self._number: Format = book.add_format({"valign": "top", "align": "left"})
        self._moment: Format = book.add_format(
            {"valign": "top", "align": "left", "num_format": "dd/mm/yyyy hh:mm"}
        )

    def table(
        self, name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int]
    ) -> None:
        """Add one sheet: a row of headings that stays in view, then the rows."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self._head)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                self._write(sheet, number, column, cell)

    def _write(self, sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
        match cell:
            case None:
                pass
            case str():
                sheet.write_string(row, column, clean_line(cell, _CELL_LIMIT), self._text)
            case datetime():
                sheet.write_datetime(
                    row, column, local(cell).replace(tzinfo=None, microsecond=0), self._moment
                )
            case int() | float():
                sheet.write_number(row, column, cell, self._number)


def _summary(figures: WeeklyFigures, report: ReportView) -> list[Sequence[Cell]]:
    head = figures.headline
    return [
        ("School", report.school),
        ("Week", f"{figures.week}, {report.period}"),
        ("Report made", figures.made_at),
        ("Reading in force", readable(figures.reading)),
        ("Headline", report.headline),
        ("Replies due in the week", head.due),
        *_rate("", head, figures),
        ("Last week", short_headline(figures.previous)),
        ("Late, and seen only after due", figures.marks.late_discovery),
        ("Late, and due on a closed day", figures.marks.due_on_closed_day),
        ("Late, and excused by the leadership", figures.marks.excused),
        ("No reply needed, not counted above", head.not_needed),
        ("Withdrawn, not counted above", head.withdrawn),
        ("Held (abuse or media policy), not counted above", head.held),
        *_rate("Counted from first seen: ", figures.team, figures),
        *_other_reading(figures),
        *_by_earlier_reading(figures),
        *_waits("", figures.waiting),
        *_waits("In term: ", figures.waiting_in_term),
        *_waits("In the holidays: ", figures.waiting_in_holidays),
        ("Received, no reply needed: nothing to answer", figures.exempt.automatically),
        ("Received, no reply needed: a person said so", figures.exempt.by_person),
        ("Received, no due time can be told", figures.without_deadline),
        ("Due next week so far", figures.due_next_week),
        *((f"Severity: {name}", number) for name, number in report.severities),
        *((f"Label: {name}", number) for name, number in report.labels),
        *((f"Intent: {name}", number) for name, number in report.intents),
        *((f"Desk: {name}", number) for name, number, _ in report.routes),
        *((f"Late on desk: {name}", late) for name, _, late in report.routes),
        *((f"Due on {day.name}: in time", day.met) for day in report.days),
        *((f"Due on {day.name}: late", day.late) for day in report.days),
    ]


def _rate(prefix: str, head: Headline, figures: WeeklyFigures) -> list[Sequence[Cell]]:
    """Return one count of the promise; ``prefix`` says which, so that no two can be taken for one."""
    return [
        (_named(prefix, "In time"), head.met),
        (_named(prefix, "Late"), head.late),
        (_named(prefix, "Not due yet"), head.running),
        (_named(prefix, "In time, percent of those decided"), _percent(head, figures)),
    ]


def _waits(prefix: str, waiting: Waiting) -> list[Sequence[Cell]]:
    return [
        (_named(prefix, "People who waited"), waiting.people),
        (_named(prefix, "Still without an answer"), waiting.unanswered),
        (_named(prefix, "Median wait in hours"), _rounded(waiting.median_hours)),
        (_named(prefix, "Longest wait in hours"), _rounded(waiting.longest_hours)),
    ]


def _named(prefix: str, name: str) -> str:
    return f"{prefix}{name[0].lower()}{name[1:]}" if prefix else name


def _percent(head: Headline, figures: WeeklyFigures) -> Cell:
    """Return the percent, or why there is none: too few, or not everything was seen."""
    if head.percent is None:
        return f"{head.met} of {head.decided}"
    if head.late == 0 and (figures.blind or figures.unmeasured):
        return f"{head.met} of {head.decided}, partly {NOT_MEASURED}"
    return head.percent


def _other_reading(figures: WeeklyFigures) -> list[Sequence[Cell]]:
    other = figures.other_reading
    if other is None:
        return []
    name = readable(other.name)
    return [
        *_rate(f"Under the reading {name}: ", other.counted, figures),
        (f"Late, but in time under the reading {name}", other.late_in_time),
        (f"Late, but not due yet under the reading {name}", other.late_running),
        (f"In time, but late under the reading {name}", other.met_late),
    ]


def _by_earlier_reading(figures: WeeklyFigures) -> list[Sequence[Cell]]:
    number = figures.by_earlier_reading
    return [("Counted by a reading that was in force before", number)] if number else []


def _rounded(hours: float | None) -> Cell:
    return "nobody waited" if hours is None else round(hours, 1)


def _by_account(figures: WeeklyFigures, report: ReportView) -> Iterable[Sequence[Cell]]:
    for row in (*report.accounts, report.total):
        yield (row.name, *(int(cell) if cell.isdecimal() else cell for cell in row.cells), row.watched)
    yield ()
    for line in figures.coverage:
        last = line.last_read
        yield (
            f"{line.account}: minutes read, minutes not read, last read",
            line.watched_minutes,
            line.blind_minutes,
            "never" if last is None else f"{local(last):%d/%m/%Y %H:%M}",
        )


def _line(line: ReportLine, figures: WeeklyFigures) -> Sequence[Cell]:
    week = Week.named(figures.week)
    due_now = line.opener and line.due_at is not None and week.starts_at <= line.due_at < week.ends_at
    return (
        line.item,
        line.reference,
        line.account,
        line.platform,
        line.received_at,
        line.seen_at,
        line.due_at,
        line.stopped_at,
        None if line.stopped_how is None else readable(line.stopped_how),
        readable(line.outcome),
        _yes(line.opener),
        _yes(week.starts_at <= line.received_at < week.ends_at),
        _yes(due_now),
        readable(line.severity),
        ", ".join(readable(label) for label in line.labels),
        readable(line.intent),
        readable(line.route),
        _yes(line.late_discovery),
        _yes(line.due_on_closed_day),
        _yes(line.received_in_holidays),
        line.reason,
        line.excused,
        readable(line.reading),
        line.team_due_at,
        readable(team_outcome(line, figures.made_at)),
        *_other_cells(line, figures),
    )


def _other_cells(line: ReportLine, figures: WeeklyFigures) -> Sequence[Cell]:
    if figures.other_reading is None:
        return (None, None)
    return (line.other_due_at, readable(other_outcome(line, figures.made_at)))


def _yes(claim: bool) -> str:
    return "yes" if claim else "no"


def _how(report: ReportView) -> Iterable[Sequence[Cell]]:
    return ((paragraph,) for paragraph in (report.rule, *report.how_we_count))
