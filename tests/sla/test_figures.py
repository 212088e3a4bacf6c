"""The figures of a week: they add up, and a quiet, small or blind week never looks like a good one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla.clocks import Outcome, StoppedHow
from sla.figures import (
    CoverageLine,
    Headline,
    OtherReading,
    ReportLine,
    Week,
    WeeklyFigures,
    check,
    headline,
    weekly_figures,
)

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACCOUNTS = ("oakfield-facebook", "oakfield-x", "oakfield-youtube")
FULL = 7 * 24 * 60


def line(item: int, **changes: Any) -> ReportLine:
    """Return one query of Tuesday morning that was answered after four hours, with whatever differs."""
    received = changes.pop("received_at", MONDAY + 32 * HOUR)
    plain = ReportLine(
        item=item,
        account=ACCOUNTS[0],
        platform="facebook",
        received_at=received,
        seen_at=received + timedelta(minutes=3),
        due_at=received + 24 * HOUR,
        stopped_at=received + 4 * HOUR,
        stopped_how=StoppedHow.ANSWERED,
        outcome=Outcome.MET,
        opener=True,
        severity="none",
        labels=(),
        intent="query",
        route="moderator",
        reference=f"2026-{item:04d}",
    )
    return replace(plain, **changes)


def late(item: int, **changes: Any) -> ReportLine:
    """Return a query that was answered two hours late."""
    received = changes.get("received_at", MONDAY + 32 * HOUR)
    return line(item, **{"outcome": Outcome.LATE, "stopped_at": received + 26 * HOUR, **changes})


def watched(*accounts: str, blind: int = 0) -> list[CoverageLine]:
    """Return accounts that were watched all week but for ``blind`` minutes."""
    return [CoverageLine(account, "facebook", FULL - blind, blind, NOW) for account in accounts]


def figures(lines: list[ReportLine], **changes: Any) -> WeeklyFigures:
    """Count the week of Oakfield Academy."""
    given_: dict[str, Any] = {
        "coverage": watched(*ACCOUNTS),
        "school": "oakfield",
        "school_name": "Oakfield Academy",
        "week": "2026-W47",
        "now": NOW,
        **changes,
    }
    return weekly_figures(lines, **given_)


def test_the_headline_counts_by_the_week_of_the_due_time() -> None:
    """Received on Sunday and due on Monday belongs to the next week; last Sunday's to this one."""
    before = line(1, received_at=MONDAY - 3 * HOUR)
    after = line(
        2, received_at=MONDAY + 167 * HOUR, due_at=MONDAY + 191 * HOUR, stopped_at=None, outcome=Outcome.OPEN
    )
    week = figures([before, after, line(3)])
    assert (week.headline.met, week.headline.due) == (2, 2)
    assert week.total.received == 2
    assert week.due_next_week == 1


def test_a_week_begins_and_ends_at_midnight_in_london() -> None:
    """In summer the first hour of Monday is still Sunday in UTC."""
    week = Week.named("2026-W30")
    assert week.starts_at == datetime(2026, 7, 19, 23, 0, tzinfo=UTC)
    assert week.ends_at == datetime(2026, 7, 26, 23, 0, tzinfo=UTC)
    last_second = datetime(2026, 7, 26, 22, 59, 59, tzinfo=UTC)
    assert Week.of(last_second) == week
    assert Week.of(last_second + timedelta(seconds=1)) == week.after
    assert week.after.before == week


def test_the_week_of_a_clock_change_is_an_hour_longer() -> None:
    """The end of October has 169 hours."""
    week = Week.named("2026-W43")
    assert week.ends_at - week.starts_at == timedelta(hours=169)


@pytest.mark.parametrize("name", ["2026-W60", "2026-47", "2026-W7", "", "2025-W53"])
def test_what_is_no_week_is_refused(name: str) -> None:
    """A mistyped week must not give an empty report."""
    with pytest.raises(ValueError):
        figures([], week=name)


def test_messages_that_joined_a_clock_count_as_items_but_not_as_replies() -> None:
    """One promise, one count."""
    week = figures([line(1), line(2, opener=False), line(3, opener=False)])
    assert (week.headline.due, week.total.received) == (1, 3)


@pytest.mark.parametrize(
    ("met", "late_", "percent"),
    [(4, 0, None), (3, 1, None), (5, 0, 100), (4, 1, 80), (0, 5, 0), (199, 1, 99), (1, 199, 0), (2, 1, None)],
)
def test_a_percentage_is_rounded_down_and_not_given_for_few(
    met: int, late_: int, percent: int | None
) -> None:
    """100 means all; three of four is said as three of four."""
    assert Headline("2026-W47", met, late_, 0).percent == percent


def test_what_is_withdrawn_held_or_not_needed_is_beside_the_rate() -> None:
    """Neither for nor against the school."""
    others = (Outcome.WITHDRAWN, Outcome.HELD, Outcome.NOT_NEEDED)
    week = figures([line(1), late(2), *(line(3 + n, outcome=each) for n, each in enumerate(others))])
    head = week.headline
    assert (head.met, head.late, head.decided) == (1, 1, 2)
    assert (head.withdrawn, head.held, head.not_needed) == (1, 1, 1)


def test_unanswered_is_late_and_has_waited_until_now() -> None:
    """It is in the list, in the median and in the longest wait."""
    silent = late(1, stopped_at=None, stopped_how=None)
    week = figures([silent, line(2)])
    (only,) = week.late
    assert not only.is_answered
    assert only.waited == NOW - silent.received_at
    assert week.waiting.unanswered == 1
    assert week.waiting.longest_hours == pytest.approx((NOW - silent.received_at).total_seconds() / 3600)


def test_waiting_is_in_elapsed_hours_with_the_median() -> None:
    """Of 4, 4 and 26 hours."""
    week = figures([line(1), line(2), late(3)])
    assert (week.waiting.people, week.waiting.median_hours, week.waiting.longest_hours) == (3, 4.0, 26.0)


def test_a_late_reply_without_a_reason_says_so() -> None:
    """A reason chosen by a person is kept; the marks travel along."""
    known = late(1, reason="staff illness", late_discovery=True, due_on_closed_day=True)
    week = figures([known, late(2)])
    assert [each.reason for each in week.late] == ["staff illness", "no reason given"]
    assert (week.late[0].late_discovery, week.late[0].due_on_closed_day) == (True, True)


def test_a_quiet_week_has_a_row_for_every_account() -> None:
    """Nought is a figure when somebody looked."""
    week = figures([])
    assert [row.account for row in week.accounts] == sorted(ACCOUNTS)
    assert week.total.received == week.headline.due == 0
    assert not week.blind
    assert not check(week)


def test_a_blind_account_is_named_longest_first() -> None:
    """All week is not measured at all."""
    coverage = [
        *watched(ACCOUNTS[0]),
        *watched(ACCOUNTS[1], blind=90),
        CoverageLine(ACCOUNTS[2], "x", 0, FULL, None),
    ]
    week = figures([line(1)], coverage=coverage)
    assert [each.account for each in week.blind] == [ACCOUNTS[2], ACCOUNTS[1]]
    assert [each.is_blind_all_week for each in week.blind] == [True, False]


def test_an_account_nobody_knows_the_coverage_of_is_unmeasured() -> None:
    """It is not silently good."""
    assert figures([line(1, account="oakfield-new")]).unmeasured == ("oakfield-new",)


def test_the_days_are_london_days() -> None:
    """23:30 UTC on a summer Friday is Saturday at school."""
    due = datetime(2026, 7, 24, 23, 30, tzinfo=UTC)
    moved = line(1, received_at=due - 24 * HOUR)
    week = figures([moved], week="2026-W30", now=datetime(2026, 7, 27, tzinfo=UTC))
    assert [day.day for day in week.days if day.met] == [date(2026, 7, 25)]


def test_last_week_is_counted_by_the_same_function() -> None:
    """The comparison in the report is with the figure that was then reported."""
    lines = [line(1), late(2), line(3, received_at=MONDAY - 100 * HOUR)]
    previous = headline(lines, "2026-W46")
    assert (previous.week, previous.met, previous.late) == ("2026-W46", 1, 0)
    assert figures(lines, previous=previous).previous == previous


def test_the_other_reading_must_be_about_the_same_late_replies() -> None:
    """Two numbers about two sets would mislead."""
    assert not check(figures([late(1)], other_reading=OtherReading("pause", 1, 1)))
    assert check(figures([late(1)], other_reading=OtherReading("pause", 1, 2)))


MOMENTS = st.integers(-200 * 60, 500 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


@st.composite
def _lines(draw: st.DrawFn) -> list[ReportLine]:
    made = []
    for item in range(draw(st.integers(0, 25))):
        received = draw(MOMENTS)
        outcome = draw(st.sampled_from(Outcome))
        due = received + draw(st.integers(24, 90)) * HOUR
        if outcome is Outcome.OPEN and due < NOW:
            outcome = Outcome.LATE
        stopped = None if outcome is Outcome.OPEN else received + draw(st.integers(0, 200)) * HOUR
        made.append(
            line(
                item,
                received_at=received,
                due_at=draw(st.sampled_from([due, due, None])),
                outcome=outcome,
                stopped_at=None if outcome is Outcome.LATE and draw(st.booleans()) else stopped,
                account=draw(st.sampled_from(ACCOUNTS)),
                opener=draw(st.booleans()),
                severity=draw(st.sampled_from(["none", "low", "medium", "high", "critical"])),
                labels=tuple(draw(st.lists(st.sampled_from(["insult", "spam", "threat"]), unique=True))),
                intent=draw(st.sampled_from(["query", "complaint"])),
                route=draw(st.sampled_from(["moderator", "dsl", "slt"])),
            )
        )
    return made


@given(_lines())
@settings(max_examples=60, deadline=None)
def test_every_figure_equals_a_plain_count(lines: list[ReportLine]) -> None:
    """Counted again here with loops, and received = met + late + open + withdrawn + not needed + held."""
    week, span = figures(lines), Week.named("2026-W47")
    assert not check(week)
    received = [each for each in lines if span.starts_at <= each.received_at < span.ends_at]
    due = [
        each for each in lines if each.opener and each.due_at and span.starts_at <= each.due_at < span.ends_at
    ]
    outcomes = Counter(each.outcome for each in received)
    total = week.total
    assert total.received == len(received) == sum(outcomes.values())
    assert (total.met, total.late, total.open) == tuple(
        outcomes[each] for each in (Outcome.MET, Outcome.LATE, Outcome.OPEN)
    )
    assert (total.withdrawn, total.not_needed, total.held) == tuple(
        outcomes[each] for each in (Outcome.WITHDRAWN, Outcome.NOT_NEEDED, Outcome.HELD)
    )
    assert {row.account: row.received for row in week.accounts if row.received} == Counter(
        each.account for each in received
    )
    assert {count.name: count.number for count in week.severities if count.number} == Counter(
        each.severity for each in received
    )
    assert {count.name: count.number for count in week.labels} == Counter(
        label for each in received for label in each.labels
    )
    assert {row.route: (row.received, row.late) for row in week.routes} == {
        route: (number, sum(each.route == route and each.outcome is Outcome.LATE for each in received))
        for route, number in Counter(each.route for each in received).items()
    }
    decided = [each for each in due if each.outcome in (Outcome.MET, Outcome.LATE)]
    hours = [((each.stopped_at or NOW) - each.received_at) / HOUR for each in decided]
    assert week.waiting.median_hours == (pytest.approx(median(hours)) if hours else None)
    assert [day.met for day in week.days] == [
        sum(
            each.outcome is Outcome.MET and each.due_at is not None and each.due_at.date() == day
            for each in due
        )
        for day in span.days
    ]
    assert {each.item for each in week.lines} == {each.item for each in (*received, *due)}


def test_figures_that_do_not_add_up_are_found() -> None:
    """Each kind of sum that could be wrong is noticed."""
    right = figures([line(1), late(2), line(3, labels=("insult",), severity="medium")])
    wrong = [
        replace(right, total=replace(right.total, met=right.total.met + 1)),
        replace(right, total=replace(right.total, received=right.total.received + 1)),
        replace(right, accounts=right.accounts[1:]),
        replace(right, severities=right.severities[:-1]),
        replace(right, intents=()),
        replace(right, routes=()),
        replace(right, days=right.days[:2]),
        replace(right, late=()),
        replace(right, headline=replace(right.headline, met=right.headline.met + 1)),
        replace(right, lines=(*right.lines, right.lines[0])),
        replace(right, waiting=replace(right.waiting, people=9)),
    ]
    assert not check(right)
    assert [number for number, each in enumerate(wrong) if not check(each)] == []


def test_a_reply_past_its_time_that_still_counts_as_running_is_found() -> None:
    """It would hide a late reply."""
    assert check(figures([line(1, outcome=Outcome.OPEN, stopped_at=None)]))


@pytest.mark.slow
def test_two_hundred_thousand_lines_take_seconds() -> None:
    """A trust's busiest week; the first import of pandas is part of it."""
    lines = [
        line(
            item,
            received_at=MONDAY + timedelta(seconds=item * 3),
            account=ACCOUNTS[item % 3],
            labels=("spam",),
        )
        for item in range(200_000)
    ]
    started = perf_counter()
    week = figures(lines)
    assert perf_counter() - started < 20
    assert week.total.received == 200_000
