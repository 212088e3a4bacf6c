"""The proof that the figures of a week add up. A report that fails it says so on its first page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from sla.clocks import Outcome
from sla.figures.values import AccountRow, WeeklyFigures
from sla.figures.weeks import Week


def check(figures: WeeklyFigures) -> tuple[str, ...]:
    """Return one sentence for every sum that is wrong; none when the figures add up.

    What can be counted again from the lines is counted again, without pandas.
    """
    return (*_by_account(figures), *_by_kind(figures), *_by_due_week(figures), *_lines(figures))


def _by_account(figures: WeeklyFigures) -> Iterator[str]:
    total = figures.total
    for row in (*figures.accounts, total):
        if row.received != _sum_of(row):
            yield f"{row.account}: received is not met + late + open + withdrawn + not needed + held"
    for column in ("received", "met", "late", "open", "withdrawn", "not_needed", "held"):
        if sum(getattr(row, column) for row in figures.accounts) != getattr(total, column):
            yield f"the accounts do not add up to the total of {column}"


def _sum_of(row: AccountRow) -> int:
    return row.met + row.late + row.open + row.withdrawn + row.not_needed + row.held


def _by_kind(figures: WeeklyFigures) -> Iterator[str]:
    received = figures.total.received
    sums: tuple[tuple[str, Iterable[int]], ...] = (
        ("severities", (count.number for count in figures.severities)),
        ("intents", (count.number for count in figures.intents)),
        ("routes", (row.received for row in figures.routes)),
    )
    for name, numbers in sums:
        if sum(numbers) != received:
            yield f"the {name} do not add up to what was received"
    if sum(row.late for row in figures.routes) != figures.total.late:
        yield "the late items by route do not add up to the late items by account"


def _by_due_week(figures: WeeklyFigures) -> Iterator[str]:
    headline = figures.headline
    for column in ("met", "late", "running"):
        if sum(getattr(day, column) for day in figures.days) != getattr(headline, column):
            yield f"the days do not add up to the replies of the week ({column})"
    if len(figures.late) != headline.late:
        yield "the list of late replies is not as long as their count"
    if figures.other_reading is not None and figures.other_reading.late != headline.late:
        yield "the other reading is about another number of late replies"
    if figures.waiting.people != headline.decided:
        yield "the waiting times are not those of the replies that were decided"


def _lines(figures: WeeklyFigures) -> Iterator[str]:
    week = Week.named(figures.week)
    received = [line for line in figures.lines if week.starts_at <= line.received_at < week.ends_at]
    due = [
        line
        for line in figures.lines
        if line.opener and line.due_at is not None and week.starts_at <= line.due_at < week.ends_at
    ]
    if len(received) != figures.total.received:
        yield "the lines behind the report are not as many as were received"
    outcomes = Counter(line.outcome for line in due)
    if (outcomes[Outcome.MET], outcomes[Outcome.LATE]) != (figures.headline.met, figures.headline.late):
        yield "the lines behind the report do not give its headline"
    if any(number > 1 for number in Counter(line.item for line in figures.lines).values()):
        yield "an item was counted twice"
    if any(line.outcome is Outcome.OPEN and line.due_at and line.due_at < figures.made_at for line in due):
        yield "a reply that is past its due time is counted as still running"
