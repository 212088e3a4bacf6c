"""The figures of a week: they add up, and a quiet, small or blind week never looks like a good one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sla.calendar import calendar_for
from sla.clocks import Outcome, StoppedHow
from sla.deadline import deadline
from sla.figures import (
    CoverageLine,
    Exempt,
    Headline,
    Marks,
    ReportLine,
    Waiting,
    Week,
    WeeklyFigures,
    came_in_holidays,
    check,
    headline,
    weekly_figures,
)
from sla.target import Mode, ResponseTarget

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
AFTER = datetime(2026, 11, 23, tzinfo=UTC)
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


EDGES = [
    pytest.param("2026-W47", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", id="winter"),
    pytest.param("2026-W30", "2026-07-19T23:00:00Z", "2026-07-26T23:00:00Z", id="summer"),
    pytest.param("2026-W13", "2026-03-23T00:00:00Z", "2026-03-29T23:00:00Z", id="clocks go forward"),
    pytest.param("2026-W43", "2026-10-18T23:00:00Z", "2026-10-26T00:00:00Z", id="clocks go back"),
    pytest.param("2026-W53", "2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z", id="over New Year"),
]


@pytest.mark.parametrize(("week", "first", "after"), EDGES)
def test_sunday_23_59_59_is_this_week_and_monday_00_00_the_next(week: str, first: str, after: str) -> None:
    """To the second, in London, in weeks of 167, 168 and 169 hours; on the right day of the chart too."""
    starts, ends = datetime.fromisoformat(first), datetime.fromisoformat(after)
    second = timedelta(seconds=1)
    moments = [starts - second, starts, ends - second, ends]
    lines = [
        line(number, received_at=due - 24 * HOUR, due_at=due, stopped_at=due)
        for number, due in enumerate(moments)
    ]
    counted = figures(lines, week=week, now=ends + 100 * HOUR)
    assert counted.headline.met == 2
    assert [day.met for day in counted.days] == [1, 0, 0, 0, 0, 0, 1]
    assert {each.item for each in counted.lines if each.due_at and starts <= each.due_at < ends} == {1, 2}
    assert not check(counted)
    span = Week.named(week)
    assert headline(lines, span.before.name).met == headline(lines, span.after.name).met == 1


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


def test_an_excuse_stands_beside_the_lateness_and_never_instead() -> None:
    """The reply stays late; the excuse is the reason, and nobody asks for another one."""
    week = figures([late(1, excused="the site was closed by snow"), *map(line, range(2, 7))])
    assert (week.headline.met, week.headline.late, week.headline.percent) == (5, 1, 83)
    assert week.marks == Marks(late_discovery=0, due_on_closed_day=0, excused=1)
    (only,) = week.late
    assert (only.reason, only.excused) == ("", "the site was closed by snow")


def test_marks_are_counted_of_late_replies_only() -> None:
    """What was in time needs no explanation, be it due on a Saturday."""
    in_time = line(1, due_on_closed_day=True, late_discovery=True, excused="snow")
    week = figures([in_time, late(2, due_on_closed_day=True), late(3, late_discovery=True)])
    assert week.marks == Marks(late_discovery=1, due_on_closed_day=1, excused=0)


def test_the_team_rate_counts_from_when_we_first_saw_each_message() -> None:
    """The same clocks in the same week: found late and answered at once is late, and in time for the team."""
    received = MONDAY + 32 * HOUR
    found_late = late(1, late_discovery=True, team_due_at=received + 60 * HOUR)
    just_in_time = late(2, team_due_at=received + 26 * HOUR)
    too_late = late(3, team_due_at=received + 26 * HOUR - timedelta(seconds=1))
    running = late(4, stopped_at=None, stopped_how=None, team_due_at=NOW)
    due_next_week = late(5, team_due_at=received + 300 * HOUR)
    lines = [found_late, just_in_time, too_late, running, due_next_week, line(6, team_due_at=received + HOUR)]
    week = figures(lines)
    assert week.headline == Headline("2026-W47", met=1, late=5, running=0)
    assert week.team == Headline("2026-W47", met=4, late=1, running=1)


def test_a_clock_that_keeps_no_other_due_time_is_not_said_to_be_saved() -> None:
    """Clocks from before they were kept count by the team and by the other reading as by the policy."""
    week = figures([late(1), line(2)], other_reading="pause")
    assert week.team == week.headline
    assert week.other_reading is not None
    assert week.other_reading.counted == week.headline
    assert week.other_reading.late_in_time == 0


def test_the_other_reading_tells_what_it_would_change_in_both_directions() -> None:
    """Saved, not due yet, or late where it is in time now; never a rate of both."""
    received = MONDAY + 32 * HOUR
    saved = late(1, other_due_at=received + 80 * HOUR)
    running = late(2, stopped_at=None, stopped_how=None, other_due_at=NOW + HOUR)
    still_late = late(3, other_due_at=received + 25 * HOUR)
    stricter = line(4, other_due_at=received + 3 * HOUR)
    other = figures([saved, running, still_late, stricter], other_reading="pause").other_reading
    assert other is not None
    assert (other.name, other.late_in_time, other.late_running, other.met_late) == ("pause", 1, 1, 1)
    assert other.counted == Headline("2026-W47", met=1, late=2, running=1)
    assert figures([saved]).other_reading is None


def test_who_exempted_an_item_is_told_apart() -> None:
    """Emoji alone never had a clock; "Well done!" had one until a person let it go."""
    emoji = line(
        1,
        due_at=None,
        stopped_at=None,
        stopped_how=None,
        outcome=Outcome.NOT_NEEDED,
        opener=False,
        reference=None,
    )
    well_done = line(2, outcome=Outcome.NOT_NEEDED, stopped_how=StoppedHow.EXEMPT)
    week = figures([emoji, replace(emoji, item=3), well_done])
    assert week.exempt == Exempt(automatically=2, by_person=1)
    assert (week.total.not_needed, week.headline.not_needed, week.headline.decided) == (3, 1, 0)


def test_what_has_no_due_time_is_open_and_counted_apart() -> None:
    """A calendar without a working day makes no message vanish, or look as if it asked for nothing."""
    owed = line(1, due_at=None, stopped_at=None, stopped_how=None, outcome=Outcome.OPEN)
    week = figures([owed, replace(owed, item=2, opener=False), replace(owed, item=3, outcome=Outcome.MET)])
    assert week.without_deadline == 1
    assert (week.total.open, week.headline.due, week.exempt) == (2, 0, Exempt(0, 0))


def test_waiting_in_the_holidays_is_told_apart() -> None:
    """A message of the first day of the holidays may wait for weeks; it must not hide how term went."""
    received = MONDAY - 14 * 24 * HOUR
    away = line(
        9, received_at=received, due_at=MONDAY + 24 * HOUR, stopped_at=MONDAY, received_in_holidays=True
    )
    week = figures([line(1), line(2), late(3), away])
    assert week.waiting_in_term == Waiting(people=3, unanswered=0, median_hours=4.0, longest_hours=26.0)
    assert week.waiting_in_holidays == Waiting(
        people=1, unanswered=0, median_hours=336.0, longest_hours=336.0
    )
    assert (week.waiting.people, week.waiting.median_hours, week.waiting.longest_hours) == (4, 15.0, 336.0)
    assert figures([line(1)]).waiting_in_holidays == Waiting(0, 0, None, None)


@pytest.mark.parametrize(
    ("received", "is_in"),
    [
        ("2026-10-23T15:00:00Z", False),  # the Friday before half term is a school day
        ("2026-10-24T15:00:00Z", True),  # the weekend that half term begins with
        ("2026-10-28T15:00:00Z", True),  # a Wednesday of half term
        ("2026-10-31T15:00:00Z", False),  # the weekend after it ends like any other
        ("2026-11-21T15:00:00Z", False),  # a weekend in term
        ("2026-12-25T15:00:00Z", True),  # a bank holiday inside the holidays
        ("2027-03-26T15:00:00Z", False),  # Good Friday of a school that closes for nothing else
    ],
)
@pytest.mark.parametrize("mode", [Mode.STRICT, Mode.PAUSE, Mode.CARRY])
def test_the_trace_tells_what_came_in_the_holidays(received: str, is_in: bool, mode: Mode) -> None:
    """Read from what was kept, not from a calendar that may have changed since."""
    half_term = [date(2026, 10, 26) + timedelta(days=number) for number in range(5)]
    christmas = [date(2026, 12, 21) + timedelta(days=number) for number in range(12)]
    calendar = calendar_for("ENG", dict.fromkeys([*half_term, *christmas], "holiday = closed"))
    made = deadline(datetime.fromisoformat(received), ResponseTarget(mode=mode), calendar)
    assert came_in_holidays(made.trace) is is_in


def test_a_clock_without_days_in_its_trace_is_no_holiday_clock() -> None:
    """An item without a clock has no trace; a clock that ignores the calendar names no day."""
    assert not came_in_holidays(())
    assert not came_in_holidays(("received=2026-10-26T09:00:00Z", "basis=hours", "due=2026-10-27T09:00:00Z"))


def test_replies_that_ran_by_an_earlier_reading_are_counted() -> None:
    """After the governors changed the rule, one week holds clocks of both kinds, and says so."""
    lines = [
        line(1, reading="strict"),
        line(2, reading="pause"),
        line(3),
        line(4, opener=False, reading="strict"),
    ]
    assert figures(lines, reading="pause").by_earlier_reading == 1


# Counted again, with loops


def _ended_as(
    due: datetime | None, stopped: datetime | None, how: StoppedHow | None, now: datetime
) -> Outcome:
    """Say what a clock counts as, written without the product's own rule."""
    end = now if stopped is None else stopped
    if due is not None and end.timestamp() // 1 > due.timestamp():
        return Outcome.LATE
    if stopped is None or how is None:
        return Outcome.OPEN
    return {
        "answered": Outcome.MET,
        "recorded": Outcome.MET,
        "exempt": Outcome.NOT_NEEDED,
        "withdrawn": Outcome.WITHDRAWN,
        "held": Outcome.HELD,
    }[how]


def random_line(item: int, chance: Random, now: datetime) -> ReportLine:
    """Return an item with facts that could be true; every outcome, mark and missing value occurs."""
    received = now - timedelta(seconds=chance.randint(0, 300 * 3600))
    facts: dict[str, Any] = {
        "received_at": received,
        "account": chance.choice(ACCOUNTS),
        "severity": chance.choice(["none", "low", "medium", "high", "critical"]),
        "labels": tuple(chance.sample(["insult", "spam", "threat"], chance.randint(0, 3))),
        "intent": chance.choice(["query", "complaint"]),
        "route": chance.choice(["moderator", "dsl", "slt"]),
    }
    if chance.random() < 0.15:
        outcome = chance.choice([Outcome.NOT_NEEDED, Outcome.NOT_NEEDED, Outcome.OPEN])
        no_clock = {
            "due_at": None,
            "stopped_at": None,
            "stopped_how": None,
            "opener": False,
            "reference": None,
        }
        return line(item, **facts, **no_clock, outcome=outcome)
    due = max(received + HOUR, chance.choice([received + chance.randint(24, 90) * HOUR, MONDAY, AFTER]))
    end = received + timedelta(seconds=chance.randint(60, 150 * 3600))
    if chance.random() < 0.3:
        end = due + timedelta(microseconds=chance.choice([0, 999_999, 1_000_000]))
    has_ended = end <= now and chance.random() < 0.8
    stopped, how = (end, chance.choice(list(StoppedHow))) if has_ended else (None, None)
    if chance.random() < 0.04:
        no_deadline = {
            "due_at": None,
            "stopped_at": stopped,
            "stopped_how": how,
            "opener": chance.random() < 0.8,
        }
        return line(item, **facts, **no_deadline, outcome=_ended_as(None, stopped, how, now))
    seen_late = timedelta(seconds=chance.choice([0, 0, 180, 100_000, 400_000]))
    other = chance.choice([None, timedelta(), timedelta(hours=48), timedelta(hours=-20)])
    return line(
        item,
        **facts,
        due_at=due,
        stopped_at=stopped,
        stopped_how=how,
        outcome=_ended_as(due, stopped, how, now),
        opener=chance.random() < 0.8,
        team_due_at=None if chance.random() < 0.1 else due + seen_late,
        other_due_at=None if other is None else due + other,
        late_discovery=chance.random() < 0.2,
        due_on_closed_day=chance.random() < 0.2,
        received_in_holidays=chance.random() < 0.3,
        excused=chance.choice([None, None, "", "the school was closed by snow"]),
        reason=chance.choice(["", "staff illness"]),
        reading=chance.choice(["strict", "strict", "pause", ""]),
    )


def random_week(seed: int, most: int = 60) -> tuple[list[ReportLine], datetime]:
    """Return such items and when they are counted: on Monday after the week, or in the middle of it."""
    chance = Random(seed)
    now = NOW - 62 * HOUR if seed % 3 == 0 else NOW
    return [random_line(item, chance, now) for item in range(chance.randint(most // 2, most))], now


def head(outcomes: Iterable[Outcome]) -> Headline:
    """Count outcomes of the week."""
    counted = Counter(outcomes)
    return Headline(
        "2026-W47",
        met=counted[Outcome.MET],
        late=counted[Outcome.LATE],
        running=counted[Outcome.OPEN],
        withdrawn=counted[Outcome.WITHDRAWN],
        not_needed=counted[Outcome.NOT_NEEDED],
        held=counted[Outcome.HELD],
    )


SEEDS = pytest.mark.parametrize("seed", range(30))


def received_in_week(lines: list[ReportLine]) -> list[ReportLine]:
    """Return what was received in the week."""
    return [each for each in lines if MONDAY <= each.received_at < AFTER]


def due_in_week(lines: list[ReportLine]) -> list[ReportLine]:
    """Return the clocks that fell due in the week, each with the item that started it."""
    return [each for each in lines if each.opener and each.due_at and MONDAY <= each.due_at < AFTER]


@SEEDS
def test_every_rate_equals_a_plain_count(seed: int) -> None:
    """The policy's, the team's and the other reading's, each over the same clocks and each by itself."""
    lines, now = random_week(seed)
    week, due = figures(lines, now=now, other_reading="pause"), due_in_week(lines)
    assert not check(week)
    assert week.headline == headline(lines, "2026-W47") == head(each.outcome for each in due)
    by_team = [
        each.outcome
        if each.team_due_at is None
        else _ended_as(each.team_due_at, each.stopped_at, each.stopped_how, now)
        for each in due
    ]
    assert week.team == head(by_team)
    by_other = [
        each.outcome
        if each.other_due_at is None
        else _ended_as(each.other_due_at, each.stopped_at, each.stopped_how, now)
        for each in due
    ]
    other = week.other_reading
    assert other is not None
    assert other.counted == head(by_other)
    changes = [(str(each.outcome), str(there)) for each, there in zip(due, by_other, strict=True)]
    assert other.late_in_time == changes.count(("late", "met"))
    assert other.late_running == changes.count(("late", "open"))
    assert other.met_late == changes.count(("met", "late"))
    for rate in (week.team, other.counted):
        assert rate.due + rate.withdrawn + rate.not_needed + rate.held == len(due)
        assert rate.percent == (rate.met * 100 // rate.decided if rate.decided > 4 else None)


@SEEDS
def test_everything_beside_the_rates_equals_a_plain_count(seed: int) -> None:
    """Marks, who exempted, what has no due time, what ran by another rule, and the waiting times."""
    lines, now = random_week(seed)
    week, due, received = figures(lines, now=now), due_in_week(lines), received_in_week(lines)
    late_ones = [each for each in due if each.outcome is Outcome.LATE]
    assert week.marks == Marks(
        late_discovery=len([each for each in late_ones if each.late_discovery]),
        due_on_closed_day=len([each for each in late_ones if each.due_on_closed_day]),
        excused=len([each for each in late_ones if each.excused]),
    )
    assert Counter(each.reference for each in week.late) == Counter(each.reference for each in late_ones)
    exempt = [each for each in received if each.outcome is Outcome.NOT_NEEDED]
    assert week.exempt.by_person == len([each for each in exempt if each.stopped_at])
    assert week.exempt.automatically == len([each for each in exempt if not each.stopped_at])
    assert week.without_deadline == len(
        [each for each in received if each.opener and not each.due_at and not each.stopped_at]
    )
    assert week.by_earlier_reading == len([each for each in due if each.reading == "pause"])
    decided = [each for each in due if each.outcome in (Outcome.MET, Outcome.LATE)]
    for waiting, people in (
        (week.waiting, decided),
        (week.waiting_in_term, [each for each in decided if not each.received_in_holidays]),
        (week.waiting_in_holidays, [each for each in decided if each.received_in_holidays]),
    ):
        hours = [((each.stopped_at or now) - each.received_at) / HOUR for each in people]
        assert (waiting.people, waiting.unanswered) == (
            len(people),
            len([each for each in people if not each.stopped_at]),
        )
        assert waiting.median_hours == (pytest.approx(median(hours)) if hours else None)
        assert waiting.longest_hours == (pytest.approx(max(hours)) if hours else None)
    assert week.waiting.people == week.waiting_in_term.people + week.waiting_in_holidays.people


@SEEDS
def test_every_table_equals_a_plain_count(seed: int) -> None:
    """By account, kind and day; received = met + late + open + withdrawn + not needed + held."""
    lines, now = random_week(seed)
    week, due, received = figures(lines, now=now), due_in_week(lines), received_in_week(lines)
    outcomes = Counter(each.outcome for each in received)
    total = week.total
    assert total.received == len(received)
    assert {
        Outcome.MET: total.met,
        Outcome.LATE: total.late,
        Outcome.OPEN: total.open,
        Outcome.WITHDRAWN: total.withdrawn,
        Outcome.NOT_NEEDED: total.not_needed,
        Outcome.HELD: total.held,
    } == {outcome: outcomes[outcome] for outcome in Outcome}
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
    days = Counter(
        (each.due_at.astimezone(ZoneInfo("Europe/London")).date(), each.outcome)
        for each in due
        if each.due_at
    )
    assert [(day.met, day.late, day.running) for day in week.days] == [
        (days[day, Outcome.MET], days[day, Outcome.LATE], days[day, Outcome.OPEN])
        for day in (date(2026, 11, 16) + timedelta(days=number) for number in range(7))
    ]
    assert {each.item for each in week.lines} == {each.item for each in (*received, *due)}


def test_the_random_weeks_hold_everything_that_can_happen() -> None:
    """A recount proves nothing about what never occurs in it."""
    counted = [random_week(seed) for seed in range(30)]
    due = [each for lines, _ in counted for each in due_in_week(lines)]
    assert {each.outcome for each in due} == {*Outcome}
    late_ones = [each for each in due if each.outcome is Outcome.LATE]
    assert {each.stopped_how for each in late_ones} == {None, *StoppedHow}
    weeks = [figures(lines, now=now, other_reading="pause") for lines, now in counted]
    assert sum(week.team.met > week.headline.met for week in weeks) > 10
    assert sum(week.other_reading is not None and week.other_reading.met_late > 0 for week in weeks) > 3
    assert (
        min(sum(week.without_deadline for week in weeks), sum(week.exempt.automatically for week in weeks))
        > 5
    )


def _one_more(field: str, part: str) -> Callable[[WeeklyFigures], WeeklyFigures]:
    def wrong(right: WeeklyFigures) -> WeeklyFigures:
        value = getattr(right, field)
        return replace(right, **{field: replace(value, **{part: (getattr(value, part) or 0) + 1})})

    wrong.__name__ = f"{field}_{part}"
    return wrong


def _without_last(field: str) -> Callable[[WeeklyFigures], WeeklyFigures]:
    def wrong(right: WeeklyFigures) -> WeeklyFigures:
        return replace(right, **{field: getattr(right, field)[:-1]})

    wrong.__name__ = f"{field}_too_short"
    return wrong


RATE = ("met", "late", "running", "withdrawn", "not_needed", "held")
WAITING = ("people", "unanswered", "median_hours", "longest_hours")
WRONG: list[Callable[[WeeklyFigures], WeeklyFigures]] = [
    *(
        _one_more("total", part)
        for part in ("received", "met", "late", "open", "withdrawn", "not_needed", "held")
    ),
    *(_one_more(field, part) for field in ("headline", "team") for part in RATE),
    *(_one_more("other_reading", part) for part in ("late_in_time", "late_running", "met_late")),
    *(
        _one_more(field, part)
        for field in ("waiting", "waiting_in_term", "waiting_in_holidays")
        for part in WAITING
    ),
    *(_one_more("marks", part) for part in ("late_discovery", "due_on_closed_day", "excused")),
    *(_one_more("exempt", part) for part in ("automatically", "by_person")),
    *map(_without_last, ("accounts", "severities", "intents", "routes", "days", "late", "lines")),
]


@pytest.fixture(scope="module")
def right() -> WeeklyFigures:
    """Count a week that has a little of everything."""
    lines, now = random_week(7, most=400)
    week = figures(lines, now=now, other_reading="pause")
    assert not check(week)
    return week


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_a_figure_that_is_wrong_is_found(
    wrong: Callable[[WeeklyFigures], WeeklyFigures], right: WeeklyFigures
) -> None:
    """Each figure that could be wrong is noticed when it is."""
    assert check(wrong(right))


def test_figures_that_are_right_in_sum_and_wrong_in_part_are_found(right: WeeklyFigures) -> None:
    """Exchanged figures, a rate borrowed from another, a line that is there twice."""
    other = right.other_reading
    assert other is not None
    swapped = (right.days[1], right.days[0], *right.days[2:])
    wrong = [
        replace(right, team=right.headline),
        replace(right, headline=right.team),
        replace(right, other_reading=replace(other, counted=right.headline)),
        replace(right, waiting_in_term=right.waiting_in_holidays, waiting_in_holidays=right.waiting_in_term),
        replace(right, exempt=Exempt(right.exempt.automatically + 1, right.exempt.by_person - 1)),
        replace(
            right, days=tuple(replace(day, day=was.day) for day, was in zip(swapped, right.days, strict=True))
        ),
        replace(right, late=(right.late[0], right.late[0], *right.late[2:])),
        replace(right, late=tuple(replace(each, excused=None) for each in right.late)),
        replace(right, lines=(*right.lines, right.lines[0])),
        replace(right, without_deadline=right.without_deadline + 1),
        replace(right, by_earlier_reading=right.by_earlier_reading + 1),
    ]
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
