"""The report in words and numbers, ready for every form. What is not here is in none of them."""

from __future__ import annotations

from dataclasses import dataclass

from notifications.cleaning import clean_line
from notifications.report import beside, sentences
from notifications.report.explained import HOW_WE_COUNT, NAMED_READINGS, promise_in_force
from notifications.report.sentences import NOT_MEASURED, counted, readable
from notifications.report.waits import waiting_sentences
from notifications.times import clock_words, date_words, day_words, duration_words, local, moment_words
from notifications.wording.letter import fitting
from sla.figures import AccountRow, DayRow, LateLine, WeeklyFigures

LATE_SHOWN = 12
"""Late replies listed in the email and on paper; the spreadsheet holds all."""

_DOTS = 20
"""Dots in a row of the email's chart at most; beyond it one dot stands for several."""


@dataclass(frozen=True, slots=True)
class DayView:
    """One day of the chart. ``dots`` shows the numbers again: solid in time, open late."""

    name: str
    short: str
    met: int
    late: int
    running: int
    dots: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """One row of the table of accounts. ``cells`` are the seven counts, or say that they are not measured."""

    name: str
    cells: tuple[str, ...]
    watched: str
    sentence: str


@dataclass(frozen=True, slots=True)
class LateView:
    """One late reply. ``due_short`` is ``due`` for a narrow column."""

    reference: str
    account: str
    due: str
    due_short: str
    waited: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything that is said, in reading order."""

    subject: str
    file_stem: str
    school: str
    title: str
    period: str
    reading: str
    made: str
    headline: str
    sentences: tuple[str, ...]
    beside: tuple[str, ...]
    attention: tuple[str, ...]
    days: tuple[DayView, ...]
    days_summary: str
    dot_note: str
    late: tuple[LateView, ...]
    late_more: str
    accounts: tuple[AccountView, ...]
    total: AccountView
    received: str
    waiting: tuple[str, ...]
    severities: tuple[tuple[str, int], ...]
    labels: tuple[tuple[str, int], ...]
    intents: tuple[tuple[str, int], ...]
    routes: tuple[tuple[str, int, int], ...]
    ahead: str
    rule: str
    how_we_count: tuple[str, ...]


def view_of(figures: WeeklyFigures) -> ReportView:
    """Put the figures into words."""
    per_dot = max(1, -(-max((day.met + day.late + day.running for day in figures.days), default=0) // _DOTS))
    return ReportView(
        subject=_subject(figures),
        file_stem=_file_stem(figures),
        school=clean_line(figures.school_name, 120),
        title="Weekly social media report",
        period=f"{day_words(figures.first_day)} to {day_words(figures.last_day)} {figures.last_day.year}",
        reading=_reading(figures),
        made=_made(figures),
        headline=sentences.headline_sentence(figures),
        sentences=_sentences(figures),
        beside=_beside(figures),
        attention=sentences.attention(figures),
        days=tuple(_day(day, per_dot) for day in figures.days),
        days_summary=_days_summary(figures),
        dot_note="" if per_dot == 1 else f"One dot stands for up to {per_dot} replies.",
        late=tuple(_late(line, figures) for line in figures.late[:LATE_SHOWN]),
        late_more=_late_more(len(figures.late) - LATE_SHOWN),
        accounts=tuple(_account(row, figures) for row in figures.accounts),
        total=_total(figures.total),
        received=beside.received_sentences(figures.exempt),
        waiting=waiting_sentences(figures),
        severities=tuple((readable(count.name), count.number) for count in figures.severities),
        labels=tuple((readable(count.name), count.number) for count in figures.labels),
        intents=tuple((readable(count.name), count.number) for count in figures.intents),
        routes=tuple((readable(row.route), row.received, row.late) for row in figures.routes),
        ahead=sentences.ahead_sentence(figures),
        rule=_rule(figures),
        how_we_count=HOW_WE_COUNT,
    )


def _subject(figures: WeeklyFigures) -> str:
    """Put the result first: what an inbox shows of a subject is its beginning."""
    until = f"week to {date_words(figures.last_day)}"
    head, unseen = figures.headline, len(figures.blind) + len(figures.unmeasured)
    result = f"{head.met} of {head.decided} replies in time" if head.decided else "No reply was due"
    if head.decided == 0 and head.running:
        result = f"{head.running} replies not due yet"
    if unseen:
        accounts = counted(unseen, "account", "accounts")
        return fitting(f"{accounts} partly unread: {result}, {until}", f"{accounts} partly unread: {result}")
    return fitting(f"{result}, {until}", result)


def _file_stem(figures: WeeklyFigures) -> str:
    school = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in figures.school)
    return f"socialduty-{school.strip('-')[:40] or 'school'}-{figures.week}".lower()


def _made(figures: WeeklyFigures) -> str:
    here = local(figures.made_at)
    return (
        f"Made at {moment_words(here, here).removesuffix(' today')} on {day_words(here.date())} {here.year}"
    )


def _sentences(figures: WeeklyFigures) -> tuple[str, ...]:
    head = figures.headline
    said = (
        sentences.late_sentence(figures),
        beside.marks_sentence(figures),
        f"{counted(head.running, 'more is', 'more are')} not due yet."
        if head.decided and head.running
        else "",
        f"Last week: {sentences.short_headline(figures.previous)}.",
        "" if head.due == 0 else sentences.coverage_sentence(figures),
    )
    return tuple(sentence for sentence in said if sentence)


def _beside(figures: WeeklyFigures) -> tuple[str, ...]:
    """Say what stands beside the headline: what it leaves out, and the other ways of counting."""
    said = (
        beside.not_counted_sentence(figures.headline),
        beside.team_sentence(figures),
        beside.other_reading_sentence(figures),
        beside.earlier_reading_sentence(figures),
    )
    return tuple(sentence for sentence in said if sentence)


def _day(day: DayRow, per_dot: int) -> DayView:
    def dots(number: int, dot: str) -> str:
        return dot * -(-number // per_dot)

    return DayView(
        name=day_words(day.day),
        short=f"{day.day:%a} {day.day.day}",
        met=day.met,
        late=day.late,
        running=day.running,
        dots=f"{dots(day.met, '●')}{dots(day.late, '○')}{dots(day.running, '◌')}",
    )


def _days_summary(figures: WeeklyFigures) -> str:
    """Say the chart in words, for who does not see it."""
    said = [
        f"{day.day:%A} {day.met} in time and {day.late} late"
        + (f", {day.running} not due yet" if day.running else "")
        for day in figures.days
        if day.met + day.late + day.running
    ]
    return f"Replies due each day: {'; '.join(said)}." if said else "No reply was due on any day."


def _late(line: LateLine, figures: WeeklyFigures) -> LateView:
    waited, due = duration_words(line.waited), local(line.due_at)
    said = (
        clean_line(line.reason, 120),
        f"excused: {clean_line(line.excused, 120)}" if line.excused else "",
        "seen only after it was due" if line.late_discovery else "",
        "due on a closed day" if line.due_on_closed_day else "",
    )
    return LateView(
        reference=clean_line(line.reference, 30),
        account=clean_line(line.account, 60),
        due=moment_words(line.due_at, figures.made_at),
        due_short=f"{clock_words(line.due_at)}, {due:%a} {due.day} {due:%b}",
        waited=waited if line.is_answered else f"{waited} and still waiting",
        reason="; ".join(part for part in said if part),
    )


def _late_more(more: int) -> str:
    if more <= 0:
        return ""
    return f"{counted(more, 'more late reply is', 'more late replies are')} listed in the spreadsheet."


def _account(row: AccountRow, figures: WeeklyFigures) -> AccountView:
    line = figures.coverage_of(row.account)
    watched = sentences.watched_words(line)
    unseen = line is not None and line.is_blind_all_week and row.received == 0
    return AccountView(
        name=clean_line(row.account, 60),
        cells=(NOT_MEASURED, *["–"] * 6) if unseen else _cells(row),
        watched=watched,
        sentence="Not read all week: not measured." if unseen else f"{_row_sentence(row)} {_read(watched)}",
    )


def _total(row: AccountRow) -> AccountView:
    return AccountView(name=row.account, cells=_cells(row), watched="", sentence=_row_sentence(row))


def _cells(row: AccountRow) -> tuple[str, ...]:
    numbers = (row.received, row.met, row.late, row.open, row.withdrawn, row.not_needed, row.held)
    return tuple(str(number) for number in numbers)


def _row_sentence(row: AccountRow) -> str:
    return (
        f"{row.received} received: {row.met} in time, {row.late} late, {row.open} open, "
        f"{row.withdrawn} withdrawn, {row.not_needed} no reply needed, {row.held} held."
    )


def _read(watched: str) -> str:
    if watched == NOT_MEASURED:
        return "How it was read is not measured."
    return f"Read {watched}." if watched == "all week" else f"{watched[0].upper()}{watched[1:]}."


def _reading(figures: WeeklyFigures) -> str:
    name = NAMED_READINGS.get(figures.reading, clean_line(figures.reading, 30))
    return f"Reading of the promise: {name}"


def _rule(figures: WeeklyFigures) -> str:
    return promise_in_force(clean_line(figures.reading, 30), figures.hours)
