"""Every due time says why in one sentence, and keeps a trace for machines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sla.calendar import calendar_for
from sla.deadline import deadline
from sla.target import Basis, target_from

LONDON = ZoneInfo("Europe/London")
HALF_TERM = {date(2026, 10, 26) + timedelta(days=n): "half term" for n in range(5)}
UNNAMED = dict.fromkeys(HALF_TERM, "")
NOTHING: dict[date, str] = {}

SENTENCES: list[tuple[str, dict[date, str], dict[str, Any], str]] = [
    (
        "2026-11-22T19:42",
        NOTHING,
        {},
        "Received 7:42pm on Sunday, so it is due by 11:59pm on Monday 23 November",
    ),
    (
        "2026-11-24T09:15",
        NOTHING,
        {},
        "Received 9:15am on Tuesday, so it is due 24 hours later, by 9:15am on Wednesday 25 November",
    ),
    (
        "2026-11-20T16:00",
        NOTHING,
        {},
        "Received 4pm on Friday, so it is due 24 hours later, by 4pm on Saturday 21 November",
    ),
    (
        "2026-11-20T16:00",
        NOTHING,
        {"mode": "carry"},
        "Received 4pm on Friday, and a weekend follows, so it is due by 11:59pm on Monday 23 November",
    ),
    (
        "2026-11-20T16:00",
        NOTHING,
        {"mode": "pause"},
        "Received 4pm on Friday, and a weekend follows, so it is due after 24 hours of working days, "
        "by 4pm on Monday 23 November",
    ),
    (
        "2026-04-03T10:00",
        NOTHING,
        {},
        "Received 10am on Friday, a bank holiday (Good Friday), and a bank holiday (Easter Monday) follows, "
        "so it is due by 11:59pm on Tuesday 7 April",
    ),
    (
        "2026-05-03T10:00",
        NOTHING,
        {},
        "Received 10am on Sunday, and the Early May bank holiday follows, "
        "so it is due by 11:59pm on Tuesday 5 May",
    ),
    (
        "2026-04-02T16:00",
        NOTHING,
        {"mode": "carry"},
        "Received 4pm on Thursday, and bank holidays (Good Friday and Easter Monday) and a weekend follow, "
        "so it is due by 11:59pm on Tuesday 7 April",
    ),
    (
        "2026-10-28T12:00",
        HALF_TERM,
        {},
        "Received midday on Wednesday, a school closure (half term), "
        "so it is due by 11:59pm on Monday 2 November",
    ),
    (
        "2026-10-28T12:30",
        UNNAMED,
        {},
        "Received 12:30pm on Wednesday, a school closure, so it is due by 11:59pm on Monday 2 November",
    ),
    (
        "2026-10-24T12:00",
        HALF_TERM,
        {},
        "Received midday on Saturday 24 October, and a school closure (half term) follows, "
        "so it is due by 11:59pm on Monday 2 November",
    ),
    (
        "2026-12-31T18:00",
        NOTHING,
        {},
        "Received 6pm on Thursday, so it is due 24 hours later, by 6pm on Friday 1 January 2027",
    ),
    (
        "2026-11-20T00:05",
        NOTHING,
        {"hours": 23.75},
        "Received 12:05am on Friday, so it is due 23.75 hours later, by 11:50pm on Friday 20 November",
    ),
    (
        "2026-11-20T00:00",
        NOTHING,
        {},
        "Received 12am on Friday, so it is due 24 hours later, by 11:59pm on Friday 20 November",
    ),
    (
        "2026-11-21T21:00",
        NOTHING,
        {"mode": "ignore_calendar", "hours": 1},
        "Received 9pm on Saturday, so it is due 1 hour later on any day, by 10pm on Saturday 21 November",
    ),
    (
        "2026-10-24T16:00",
        NOTHING,
        {"weekend": [6]},
        "Received 4pm on Saturday, so it is due 24 hours later (the clocks change), "
        "by 3pm on Sunday 25 October",
    ),
    (
        "2026-11-22T23:30",
        NOTHING,
        {"next_day_time": "17:00", "floor": True},
        "Received 11:30pm on Sunday, so it is due 24 hours later, by 11:30pm on Monday 23 November",
    ),
    (
        "2026-11-24T09:15",
        NOTHING,
        {"mode": "pause"},
        "Received 9:15am on Tuesday, so it is due 24 hours later, by 9:15am on Wednesday 25 November",
    ),
    (
        "2026-10-23T15:30",
        HALF_TERM,
        {"mode": "pause"},
        "Received 3:30pm on Friday 23 October, and a school closure (half term) follows, "
        "so it is due after 24 hours of working days, by 3:30pm on Monday 2 November",
    ),
    (
        "2026-08-31T09:00",
        NOTHING,
        {},
        "Received 9am on Monday, the Summer bank holiday, so it is due by 11:59pm on Tuesday 1 September",
    ),
    (
        "2026-12-27T12:00",
        NOTHING,
        {},
        "Received midday on Sunday, and a bank holiday (substitute for Boxing Day) follows, "
        "so it is due by 11:59pm on Tuesday 29 December",
    ),
    (
        "2026-12-24T16:00",
        dict.fromkeys((date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31)), "Christmas"),
        {"mode": "carry"},
        "Received 4pm on Thursday 24 December, and bank holidays (Christmas Day, the Boxing Day substitute "
        "and New Year's Day) and a school closure (Christmas) follow, "
        "so it is due by 11:59pm on Monday 4 January 2027",
    ),
    (
        "2026-11-23T08:00",
        {date(2026, 11, 24): "snow", date(2026, 11, 25): "", date(2026, 11, 26): "School closed"},
        {"mode": "carry"},
        "Received 8am on Monday, and school closures (snow and 2 more) follow, "
        "so it is due by 11:59pm on Friday 27 November",
    ),
    (
        "2026-11-23T08:00",
        {date(2026, 11, 24): "School closed", date(2026, 11, 25): ""},
        {"mode": "carry"},
        "Received 8am on Monday, and school closures follow, so it is due by 11:59pm on Thursday 26 November",
    ),
    (
        "2026-11-23T08:00",
        {date(2026, 11, 24) + timedelta(days=n): f"reason {n}" for n in (0, 1, 2, 3, 6, 7)},
        {"mode": "carry"},
        "Received 8am on Monday 23 November, and school closures (reason 0, reason 1, reason 2, reason 3 and "
        "2 more) follow, so it is due by 11:59pm on Wednesday 2 December",
    ),
    (
        "2026-11-20T10:00",
        NOTHING,
        {"weekend": [4, 5]},
        "Received 10am on Friday, a weekend day here, so it is due by 11:59pm on Sunday 22 November",
    ),
    (
        "2026-10-24T16:00",
        NOTHING,
        {"weekend": [6], "clock": "wall"},
        "Received 4pm on Saturday, so it is due 24 hours later on the clock, by 4pm on Sunday 25 October",
    ),
    (
        "2026-10-24T16:00",
        NOTHING,
        {"weekend": [], "mode": "pause"},
        "Received 4pm on Saturday, so it is due 24 hours later (the clocks change), "
        "by 3pm on Sunday 25 October",
    ),
]


@pytest.mark.parametrize(("received", "closures", "rule", "sentence"), SENTENCES)
def test_the_sentence_is_what_a_head_teacher_would_say(
    received: str, closures: dict[date, str], rule: dict[str, Any], sentence: str
) -> None:
    """Times as GOV.UK writes them, the days by name, and what lies between."""
    at = datetime.fromisoformat(received).replace(tzinfo=LONDON)

    assert deadline(at, target_from(rule), calendar_for("ENG", closures)).why == sentence


def test_a_sentence_never_promises_more_than_the_due_time() -> None:
    """Seconds are rounded down, and the last second of a day is never called midnight."""
    at = datetime(2026, 11, 24, 9, 15, 59, tzinfo=UTC)

    assert deadline(at, target_from({}), calendar_for("ENG")).why.endswith(
        "by 9:15am on Wednesday 25 November"
    )


def test_a_label_of_any_length_leaves_a_sentence_that_can_be_read() -> None:
    """Whatever a calendar's author wrote, the sentence keeps to its point."""
    label = (
        "closed for all pupils and visitors because the heating has failed again, see the letter to parents"
    )
    made = deadline(
        datetime(2026, 11, 24, 9, tzinfo=UTC),
        target_from({}),
        calendar_for("ENG", {date(2026, 11, 24): label}),
    )

    assert made.why == (
        "Received 9am on Tuesday, a school closure (closed for all pupils and visitors because the "
        "heating has…), so it is due by 11:59pm on Wednesday 25 November"
    )


def test_the_trace_names_every_day_and_what_closed_it() -> None:
    """A machine can check the due time from the trace alone."""
    made = deadline(
        datetime(2026, 12, 25, 11, tzinfo=UTC),
        target_from({}),
        calendar_for("ENG", {date(2026, 12, 29): "staff outing"}),
    )

    assert made.trace == (
        "received=2026-12-25T11:00:00Z",
        "2026-12-25=bank holiday: Christmas Day",
        "2026-12-26=weekend",
        "2026-12-27=weekend",
        "2026-12-28=bank holiday: substitute for Boxing Day",
        "2026-12-29=school closure: staff outing",
        "2026-12-30=working",
        "basis=next-working-day",
        "due=2026-12-30T23:59:59Z",
    )
    assert made.basis is Basis.NEXT_WORKING_DAY


def test_a_late_item_can_be_marked_as_due_on_a_closed_day() -> None:
    """The report is fair to staff: Friday afternoon's message was due on a day when nobody works."""
    friday = datetime(2026, 11, 20, 16, tzinfo=UTC)

    assert deadline(friday, target_from({}), calendar_for("ENG")).due_on_closed_day == "weekend"
    assert deadline(friday, target_from({"mode": "pause"}), calendar_for("ENG")).due_on_closed_day is None
