"""Term dates in a CSV file, one row per entry, as a school keeps them in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sla.term_dates.assembling import term_dates
from sla.term_dates.text import ensure_size, label_of, text_of
from sla.term_dates.values import (
    LONGEST_ENTRY,
    MOST_ENTRIES,
    Entry,
    Kind,
    NotACalendarError,
    Rejected,
    TermDates,
)

_COLUMNS = ("kind", "start", "end_inclusive")
_YES = {"yes", "y", "true", "1"}
_NO = {"no", "n", "false", "0"}
_DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y")


def read_csv(content: bytes) -> TermDates:
    """Read term dates from a CSV file with the columns kind, start, end_inclusive, label, staff_working.

    Kinds are term, holiday, half_term, inset, bank_holiday, closure and cover. Dates are written 2026-10-26
    or, as Excel saves them, 26/10/2026. An empty end means one day; a missing staff_working means yes for
    term, inset and cover and no for the others. Where a staff day lies inside a holiday, the staff day wins.
    A bad row is reported and the rest is kept; so is one that ends before the comma of its
    last day, and a last row that ends before the others do, for the file may have been cut off there.

    Raises:
        NotACalendarError: the file has no such columns or not one row that can be used.
    """
    ensure_size(content)
    rejected: list[Rejected] = []
    entries: list[Entry] = []
    columns, rows = _table(text_of(content))
    least, width = _widths(columns, rows)
    for number, row in enumerate(rows, start=1):
        try:
            entry = _entry(row.where, dict(zip(columns, row.cells, strict=False)))
            # The last row may have been cut off. The others leave out cells at their end on purpose.
            _ensure_whole(row, width if number == len(rows) else least)
        except ValueError as fault:
            rejected.append(Rejected(row.where, str(fault)))
        else:
            entries.append(entry)
    if not entries:
        first = f" ({rejected[0].where}: {rejected[0].reason})" if rejected else ""
        raise NotACalendarError(f"the file holds no row of term dates that can be used{first}")
    return term_dates(entries, rejected=rejected)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: its place in the file, and what stands in it."""

    where: str
    cells: list[str]

    @property
    def filled(self) -> int:
        """How many of its cells there are up to the last one that says something."""
        return max((n for n, cell in enumerate(self.cells, start=1) if cell), default=0)


def _table(text: str) -> tuple[list[str], list[_Row]]:
    """Return the names of the columns, and the rows.

    Line by line, so that an open quotation mark spoils its own row and not all that follow.
    """
    columns: list[str] | None = None
    rows: list[_Row] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip(" ,;\t"):
            continue
        cells = _cells(line)
        if columns is None:
            columns = _columns(cells)
            continue
        rows.append(_Row(f"line {number}", cells))
        if len(rows) > MOST_ENTRIES:
            raise NotACalendarError(f"the file has more than {MOST_ENTRIES} rows: keep the term dates only")
    return columns or _columns([]), rows


def _columns(cells: Iterable[str]) -> list[str]:
    columns = [cell.lower() for cell in cells]
    if missing := [name for name in _COLUMNS if name not in columns]:
        raise NotACalendarError(
            f"the first line has no column {' or '.join(missing)}: it should read "
            "kind,start,end_inclusive,label,staff_working"
        )
    return columns


def _widths(columns: list[str], rows: Iterable[_Row]) -> tuple[int, int]:
    """Return how many fields a row of this file must have to hold both dates, and how many a whole one has.

    Columns at the end that no row fills may be left out, even if some rows have them: Excel saves a file so.
    """
    needed = 1 + max(columns.index(name) for name in _COLUMNS)
    filled = there = 0
    for row in rows:
        filled, there = max(filled, row.filled), max(there, len(row.cells))
    least = min(needed, there)
    return least, min(len(columns), max(filled, least))


def _ensure_whole(row: _Row, width: int) -> None:
    """Refuse a row that ends before those of the same file do: its last date may be lost, or half a date.

    Raises:
        ValueError: it is too short.
    """
    if len(row.cells) < width:
        raise ValueError(
            f"it has {len(row.cells)} fields where other rows have {width}, as if the file was cut off: save "
            "it again, or give the row all its commas"
        )


def _cells(line: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line]))]
    except csv.Error:
        return []


def _entry(where: str, cells: Mapping[str, str]) -> Entry:
    kind = _kind(cells.get("kind", ""))
    start = _date("start", cells.get("start", ""))
    end = _date("end_inclusive", cells["end_inclusive"]) if cells.get("end_inclusive") else start
    if end < start:
        raise ValueError("end_inclusive lies before start: swap them or correct the year")
    entry = Entry(
        where=where,
        kind=kind,
        start=start,
        end=end,
        label=label_of(cells.get("label", "")),
        staff_working=_staff_work(kind, cells),
    )
    if entry.length > LONGEST_ENTRY:
        raise ValueError(f"it is longer than {LONGEST_ENTRY} days: correct the year")
    return entry


def _kind(cell: str) -> Kind:
    try:
        return Kind(cell.lower())
    except ValueError:
        raise ValueError(f"kind must be one of {', '.join(Kind)}") from None


def _date(column: str, cell: str) -> date:
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(cell, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(f"{column} is no date: write it like 2026-10-26")


def _staff_work(kind: Kind, cells: Mapping[str, str]) -> bool:
    said = cells.get("staff_working", "").lower()
    if said and said not in _YES | _NO:
        raise ValueError("staff_working must be yes or no")
    if kind is Kind.COVER and said in _NO:
        raise ValueError("a cover day is one on which somebody works: staff_working cannot be no")
    return said in _YES if said else not kind.is_closed
