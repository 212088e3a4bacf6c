"""A school's own term dates, read from a CSV file: the days on which nobody works, and the staff days."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType

LONGEST_ROW = 366
LONGEST_USUAL_CLOSURE = 50

_COLUMNS = ("kind", "start", "end_inclusive")
_TERM = "term"
_INSET = "inset"
_CLOSED_KINDS = ("holiday", "half_term", "bank_holiday", "closure")
_YES = {"yes", "y", "true", "1"}
_NO = {"no", "n", "false", "0"}
_DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y")
_BETWEEN_TERMS = "school holiday"
_ONE_DAY = timedelta(days=1)


class NotACalendarError(ValueError):
    """The file holds no term dates at all. Whatever calendar was in force stays."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """One entry that could not be used: where it stands in the file, and what to do about it."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class TermDates:
    """What a file of term dates says.

    ``closures`` are the days on which nobody works, with their labels; ``staff_days`` those on which staff
    work and pupils do not. ``rejected`` entries were left out, ``warnings`` are worth a look.
    """

    closures: Mapping[date, str]
    staff_days: Mapping[date, str]
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def last_day(self) -> date | None:
        """The last day of which the file says anything: after it no closure is known."""
        return max((*self.closures, *self.staff_days), default=None)


@dataclass(frozen=True, slots=True)
class _Row:
    where: str
    kind: str
    start: date
    end: date
    label: str
    staff_work: bool

    @property
    def days(self) -> Iterator[date]:
        return (self.start + timedelta(days=n) for n in range((self.end - self.start).days + 1))


def read_csv(content: bytes) -> TermDates:
    """Read term dates from a CSV file with the columns kind, start, end_inclusive, label, staff_working.

    Kinds are term, holiday, half_term, inset, bank_holiday and closure. Dates are written 2026-10-26 or,
    as Excel saves them, 26/10/2026. A missing end means one day; a missing staff_working means yes for
    term and inset and no for the others. Where a staff day lies inside a holiday, the staff day wins. A
    file that lists terms only closes the days between them. A bad row is reported and the rest is kept.

    Raises:
        NotACalendarError: the file has no such columns or not one row that can be used.
    """
    rejected: list[Rejected] = []
    rows: list[_Row] = []
    for where, cells in _table(_decoded(content)):
        try:
            rows.append(_row(where, cells))
        except ValueError as fault:
            rejected.append(Rejected(where, str(fault)))
    if not rows:
        first = f" ({rejected[0].where}: {rejected[0].reason})" if rejected else ""
        raise NotACalendarError(f"the file holds no row of term dates that can be used{first}")
    return _term_dates(rows, tuple(rejected))


def _decoded(content: bytes) -> str:
    """Return the text of a file saved by Excel or by anything better."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _table(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every row as a dictionary with its place in the file.

    Line by line, so that an open quotation mark spoils its own row and not all that follow.
    """
    columns: list[str] | None = None
    for number, line in enumerate(text.replace("\0", "").splitlines(), start=1):
        if not line.strip(" ,;\t"):
            continue
        cells = _cells(line)
        if columns is None:
            columns = [cell.lower() for cell in cells]
            if missing := [name for name in _COLUMNS if name not in columns]:
                raise NotACalendarError(
                    f"the first line has no column {' or '.join(missing)}: it should read "
                    "kind,start,end_inclusive,label,staff_working"
                )
        else:
            yield f"line {number}", dict(zip(columns, cells, strict=False))


def _cells(line: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line]))]
    except csv.Error:
        return []


def _row(where: str, cells: Mapping[str, str]) -> _Row:
    kind = cells.get("kind", "").lower()
    if kind not in (_TERM, _INSET, *_CLOSED_KINDS):
        raise ValueError(f"kind must be one of {', '.join((_TERM, _INSET, *_CLOSED_KINDS))}")
    start = _date("start", cells.get("start", ""))
    end = _date("end_inclusive", cells["end_inclusive"]) if cells.get("end_inclusive") else start
    if end < start:
        raise ValueError("end_inclusive lies before start: swap them or correct the year")
    if (end - start).days >= LONGEST_ROW:
        raise ValueError(f"it is longer than {LONGEST_ROW} days: correct the year")
    return _Row(where, kind, start, end, " ".join(cells.get("label", "").split()), _staff_work(kind, cells))


def _date(column: str, cell: str) -> date:
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(cell, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(f"{column} is no date: write it like 2026-10-26")


def _staff_work(kind: str, cells: Mapping[str, str]) -> bool:
    said = cells.get("staff_working", "").lower()
    if said and said not in _YES | _NO:
        raise ValueError("staff_working must be yes or no")
    return said in _YES if said else kind in {_TERM, _INSET}


def _term_dates(rows: list[_Row], rejected: tuple[Rejected, ...]) -> TermDates:
    closed: dict[date, str] = {}
    staff: dict[date, str] = {}
    for row in rows:
        if row.kind != _TERM:
            named = staff if row.staff_work else closed
            named.update({day: row.label for day in row.days if day not in named})
    if not any(row.kind in _CLOSED_KINDS for row in rows):
        closed |= {day: _BETWEEN_TERMS for day in _between_terms(rows) if day not in closed}
    return TermDates(
        closures=MappingProxyType({day: closed[day] for day in sorted(closed) if day not in staff}),
        staff_days=MappingProxyType({day: staff[day] for day in sorted(staff)}),
        rejected=rejected,
        warnings=tuple(_warnings(rows, closed)),
    )


def _between_terms(rows: Iterable[_Row]) -> Iterator[date]:
    terms = sorted((row.start, row.end) for row in rows if row.kind == _TERM)
    for (_, end), (start, _) in pairwise(terms):
        day = end + _ONE_DAY
        while day < start:
            yield day
            day += _ONE_DAY


def _warnings(rows: Iterable[_Row], closed: Mapping[date, str]) -> Iterator[str]:
    """Yield what is usual in real files and yet worth a look."""
    for row in rows:
        inside = [day.isoformat() for day in row.days if day in closed]
        if row.kind == _INSET and row.staff_work and inside:
            yield (
                f"{row.where}: INSET on {', '.join(inside)} lies inside a closure and counts as a "
                "working day; set staff_working to no if nobody is in"
            )
        length = (row.end - row.start).days + 1
        if row.kind in _CLOSED_KINDS and not row.staff_work and length > LONGEST_USUAL_CLOSURE:
            yield f"{row.where}: the school is closed for {length} days on end; check the year"
