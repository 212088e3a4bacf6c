"""From the store to the figures: what was kept with each clock is counted, and nothing is computed anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from moderation.acts import close
from moderation.assessing import score_item
from moderation.cases import CaseId, CloseReason
from moderation.intake import Arrival, receive
from moderation.items import Sighting
from moderation.ports import School
from moderation.tasks import TaskKind
from sla.calendar import calendar_for
from sla.figures import Exempt, Headline, Marks, ReportLine, Week, WeeklyFigures, check
from sla.target import Mode, ResponseTarget
from store import tables
from tests.workers.conftest import Clock
from tests.worlds import FACEBOOK, sighting
from workers.desk import Desk
from workers.reporting import figures_of

WEEK = Week.named("2026-W47")
TUESDAY = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)

Show = Callable[..., None]


@pytest.fixture
def school(desk: Desk) -> School:
    """Oakfield Academy, in England and by the letter."""
    found = desk.ports.schools["oakfield"]
    return replace(found, target=ResponseTarget(), calendar=calendar_for("ENG"))


@pytest.fixture
def show(desk: Desk) -> Show:
    """Take comments in and score them."""

    def take_in(*items: Sighting) -> None:
        page: dict[str, Any] = {"stream": "comments", "rejected": (), "cursor": None, "earliest": None}
        receive(desk.ports, Arrival(account=FACEBOOK, items=items, started_at=desk.ports.now(), **page))
        for claim in desk.store.claim(TaskKind.SCORE_ITEM, 60):
            score_item(desk.ports, claim)

    return take_in


def keep(desk: Desk, **values: Any) -> None:
    """Write into every clock what was kept with it."""
    with desk.store.begin() as unit:
        unit.connection.execute(update(tables.clocks).values(**values))


def counted(desk: Desk, school: School) -> WeeklyFigures:
    """Count the week; what is counted adds up."""
    figures = figures_of(desk, school, WEEK)
    assert check(figures) == ()
    return figures


def only(figures: WeeklyFigures) -> ReportLine:
    """Return the one line that was counted."""
    (line,) = figures.lines
    return line


def test_what_was_kept_with_a_clock_is_what_the_report_says(
    desk: Desk, clock: Clock, school: School, show: Show
) -> None:
    """Both other due times, the closed day and the leadership's reason, beside a lateness that stands."""
    show(sighting("c1", at=TUESDAY))
    clock.pass_by(days=6)
    keep(
        desk,
        team_due_at=clock.at + HOUR,
        other_due_at=clock.at,
        due_on_closed_day=True,
        late_discovery=True,
        excused="the site was closed by snow",
    )
    figures = counted(desk, school)
    assert figures.headline == Headline("2026-W47", met=0, late=1, running=0)
    assert figures.team == Headline("2026-W47", met=0, late=0, running=1)
    assert figures.marks == Marks(late_discovery=1, due_on_closed_day=1, excused=1)
    assert figures.other_reading is not None
    assert (figures.other_reading.name, figures.other_reading.late_running) == ("pause", 1)
    assert only(figures).excused == "the site was closed by snow"


def test_a_calendar_changed_afterwards_changes_no_report(
    desk: Desk, clock: Clock, school: School, show: Show
) -> None:
    """A week of snow declared later saves nothing that was late, under either reading."""
    show(sighting("c1", at=TUESDAY), sighting("c2", by="ann-lee", at=TUESDAY, thread="t2"))
    clock.pass_by(days=6)
    before = counted(desk, school)
    snow = [date(2026, 11, 16) + timedelta(days=number) for number in range(7)]
    assert counted(desk, replace(school, calendar=calendar_for("ENG", dict.fromkeys(snow, "snow")))) == before
    assert before.headline.late == 2
    assert before.marks.due_on_closed_day == 0
    assert before.waiting_in_holidays.people == 0


def test_a_clock_from_before_other_due_times_were_kept_saves_nobody(
    desk: Desk, clock: Clock, school: School, show: Show
) -> None:
    """Where it is not known what another way of counting gives, the policy's own count stands."""
    show(sighting("c1", at=TUESDAY))
    clock.pass_by(days=6)
    keep(desk, team_due_at=None, other_due_at=None)
    figures = counted(desk, school)
    assert figures.team == figures.headline
    assert figures.other_reading is not None
    assert figures.other_reading.counted == figures.headline


def test_a_clock_by_another_reading_than_todays_is_told(
    desk: Desk, clock: Clock, school: School, show: Show
) -> None:
    """After the governors' decision its other due time is by the new reading, so it says nothing here."""
    show(sighting("c1", at=TUESDAY))
    clock.pass_by(days=6)
    keep(desk, other_due_at=clock.at + HOUR)
    figures = counted(desk, replace(school, target=ResponseTarget(mode=Mode.PAUSE)))
    assert (figures.reading, figures.by_earlier_reading) == ("pause", 1)
    assert figures.other_reading is not None
    assert (figures.other_reading.name, figures.other_reading.late_running) == ("strict", 0)
    assert counted(desk, school).by_earlier_reading == 0


def test_a_school_whose_rule_fits_one_reading_has_no_other(desk: Desk, school: School) -> None:
    """Pause and an end before the day's end do not go together, so there is nothing to compare."""
    five = replace(ResponseTarget(), next_day_time=datetime(2026, 11, 17, 17, 0, tzinfo=UTC).time())
    assert counted(desk, replace(school, target=five)).other_reading is None


def test_emoji_are_exempt_by_themselves_and_praise_by_a_person(
    desk: Desk, clock: Clock, school: School, show: Show
) -> None:
    """The table says who decided."""
    show(
        sighting("c1", "👏👏", at=TUESDAY),
        sighting("c2", "Well done everyone!", by="ann-lee", at=TUESDAY, thread="t2"),
    )
    clock.pass_by(minutes=5)
    with desk.store.begin() as unit:
        (number,) = unit.connection.execute(tables.clocks.select()).scalars()
    close(desk.ports, CaseId(number), "ada-moss", CloseReason.NO_REPLY_NEEDED)
    assert counted(desk, school).exempt == Exempt(automatically=1, by_person=1)


def test_what_is_owed_without_a_due_time_stays_open(
    desk: Desk, clock: Clock, school: School, show: Show
) -> None:
    """A calendar without a working day must not make a question look as if it needed no reply."""
    show(sighting("c1", at=TUESDAY))
    clock.pass_by(days=6)
    keep(desk, due_at=None, team_due_at=None, other_due_at=None, trace=[])
    figures = counted(desk, school)
    assert (figures.total.open, figures.total.not_needed, figures.without_deadline) == (1, 0, 1)
    assert figures.headline.due == 0


def test_the_kept_trace_says_what_came_in_the_holidays(
    desk: Desk, clock: Clock, school: School, show: Show
) -> None:
    """The day of receipt was a school closure when the due time was set."""
    show(sighting("c1", at=TUESDAY))
    clock.pass_by(days=6)
    keep(
        desk, trace=["received=2026-11-17T09:30:00Z", "2026-11-17=school closure: snow", "2026-11-18=working"]
    )
    figures = counted(desk, school)
    assert only(figures).received_in_holidays
    assert (figures.waiting_in_term.people, figures.waiting_in_holidays.people) == (0, 1)
