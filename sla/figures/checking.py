"""The proof that the figures of a week add up. A report that fails it says so on its first page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from math import isclose
from statistics import median

from sla.figures.lines import ReportLine, other_outcome, team_outcome
from sla.figures.values import AccountRow, Exempt, Headline, LateLine, Marks, Waiting, WeeklyFigures
from sla.figures.weeks import LONDON, Week
from sla.outcomes import Outcome

_HOUR = timedelta(hours=1)


def check(figures: WeeklyFigures) -> tuple[str, ...]:
    """Return one sentence for every sum that is wrong; none when the figures add up.

    What can be counted again from the lines is counted again, without pandas.
    """
    week = Week.named(figures.week)
    received = [line for line in figures.lines if week.starts_at <= line.received_at < week.ends_at]
    due = [line for line in figures.lines if _is_due_in(line, week)]
    return (
        *_by_account(figures),
        *_by_kind(figures),
        *_by_day(figures, due),
        *_lines(figures, received, due),
        *_rates(figures, due),
        *_beside(figures, received, due),
        *_waits(figures, due),
    )


def _is_due_in(line: ReportLine, week: Week) -> bool:
    return line.opener and line.due_at is not None and week.starts_at <= line.due_at < week.ends_at


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


def _by_day(figures: WeeklyFigures, due: Sequence[ReportLine]) -> Iterator[str]:
    days = Counter(line.due_at.astimezone(LONDON).date() for line in due if line.due_at and _counts(line))
    if {row.day: row.met + row.late + row.running for row in figures.days} != {
        day: days[day] for day in Week.named(figures.week).days
    }:
        yield "the days are not those of the lines behind the report"
    for column in ("met", "late", "running"):
        if sum(getattr(day, column) for day in figures.days) != getattr(figures.headline, column):
            yield f"the days do not add up to the replies of the week ({column})"


def _counts(line: ReportLine) -> bool:
    return line.outcome in (Outcome.MET, Outcome.LATE, Outcome.OPEN)


def _lines(
    figures: WeeklyFigures, received: Sequence[ReportLine], due: Sequence[ReportLine]
) -> Iterator[str]:
    if len(received) != figures.total.received:
        yield "the lines behind the report are not as many as were received"
    if any(number > 1 for number in Counter(line.item for line in figures.lines).values()):
        yield "an item was counted twice"
    if any(line.outcome is Outcome.OPEN and line.due_at and line.due_at < figures.made_at for line in due):
        yield "a reply that is past its due time is counted as still running"


def _rates(figures: WeeklyFigures, due: Sequence[ReportLine]) -> Iterator[str]:
    """Count the rate in force, the team's and the other reading's again; none may borrow from another."""
    if not _agrees(figures.headline, Counter(line.outcome for line in due)):
        yield "the lines behind the report do not give its headline"
    if not _agrees(figures.team, _judged(due, team_outcome, figures.made_at)):
        yield "the lines behind the report do not give the count from when we first saw them"
    other = figures.other_reading
    if other is None:
        return
    if not _agrees(other.counted, _judged(due, other_outcome, figures.made_at)):
        yield "the lines behind the report do not give the other reading"
    moved = Counter((line.outcome, other_outcome(line, figures.made_at)) for line in due)
    if (other.late_in_time, other.late_running, other.met_late) != (
        moved[Outcome.LATE, Outcome.MET],
        moved[Outcome.LATE, Outcome.OPEN],
        moved[Outcome.MET, Outcome.LATE],
    ):
        yield "the other reading is about other replies than the headline"


def _judged(
    due: Iterable[ReportLine], judge: Callable[[ReportLine, datetime], Outcome], now: datetime
) -> Counter[Outcome]:
    return Counter(judge(line, now) for line in due)


def _agrees(head: Headline, outcomes: Counter[Outcome]) -> bool:
    return (head.met, head.late, head.running, head.withdrawn, head.not_needed, head.held) == (
        outcomes[Outcome.MET],
        outcomes[Outcome.LATE],
        outcomes[Outcome.OPEN],
        outcomes[Outcome.WITHDRAWN],
        outcomes[Outcome.NOT_NEEDED],
        outcomes[Outcome.HELD],
    )


def _beside(
    figures: WeeklyFigures, received: Sequence[ReportLine], due: Sequence[ReportLine]
) -> Iterator[str]:
    late = [line for line in due if line.outcome is Outcome.LATE]
    if len(figures.late) != figures.headline.late:
        yield "the list of late replies is not as long as their count"
    if sorted((line.account, line.due_at) for line in figures.late) != sorted(
        (line.account, line.due_at) for line in late if line.due_at
    ):
        yield "the list of late replies is not that of the lines behind the report"
    listed = _marks(figures.late)
    if not listed == _marks(late) == figures.marks:
        yield "the marks of the late replies are not those of the list"
    exempt = [line.is_exempt_by_person for line in received if line.outcome is Outcome.NOT_NEEDED]
    if figures.exempt != Exempt(exempt.count(False), exempt.count(True)):
        yield "who said that no reply was needed is not what the lines behind the report say"
    if figures.exempt.automatically + figures.exempt.by_person != figures.total.not_needed:
        yield "no reply needed, automatically and by a person, do not add up"
    if figures.without_deadline != sum(line.has_no_deadline for line in received):
        yield "the messages without a due time are not those of the lines behind the report"
    if figures.by_earlier_reading != sum(line.reading not in ("", figures.reading) for line in due):
        yield "the replies by an earlier reading are not those of the lines behind the report"


def _marks(late: Iterable[ReportLine | LateLine]) -> Marks:
    marked = list(late)
    return Marks(
        late_discovery=sum(line.late_discovery for line in marked),
        due_on_closed_day=sum(line.due_on_closed_day for line in marked),
        excused=sum(bool(line.excused) for line in marked),
    )


def _waits(figures: WeeklyFigures, due: Sequence[ReportLine]) -> Iterator[str]:
    decided = [line for line in due if line.outcome in (Outcome.MET, Outcome.LATE)]
    if figures.waiting.people != figures.headline.decided:
        yield "the waiting times are not those of the replies that were decided"
    parts = (
        ("of everybody", figures.waiting, decided),
        ("in term", figures.waiting_in_term, [line for line in decided if not line.received_in_holidays]),
        (
            "in the holidays",
            figures.waiting_in_holidays,
            [line for line in decided if line.received_in_holidays],
        ),
    )
    for name, waiting, lines in parts:
        if not _is_wait_of(waiting, lines, figures.made_at):
            yield f"the waiting times {name} are not those of the lines behind the report"


def _is_wait_of(waiting: Waiting, lines: Sequence[ReportLine], now: datetime) -> bool:
    unanswered = sum(line.stopped_at is None for line in lines)
    if (waiting.people, waiting.unanswered) != (len(lines), unanswered):
        return False
    if waiting.median_hours is None or waiting.longest_hours is None:
        return not lines
    hours = [((line.stopped_at or now) - line.received_at) / _HOUR for line in lines]
    return (
        bool(hours)
        and isclose(waiting.median_hours, median(hours), abs_tol=1e-6)
        and isclose(waiting.longest_hours, max(hours), abs_tol=1e-6)
    )
