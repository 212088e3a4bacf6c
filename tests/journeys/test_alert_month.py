"""A week of alerts is what the plain rules say, and what people can count on is told by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import tables
from tests.journeys.alert_month import Month, open_month, planned, play
from tests.journeys.naive_alerts import Telling
from tests.journeys.naive_school import Done, Said

MONDAY, WEDNESDAY = datetime(2026, 11, 30, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC)
EVENING, NIGHT, MORNING = timedelta(hours=20), timedelta(hours=23), timedelta(hours=9)
HALF = timedelta(seconds=30)


@pytest.mark.slow
def test_everything_that_was_told_in_a_week_is_what_the_plain_rules_say(tmp_path: Path) -> None:
    """Who, when, over what, and nothing besides: 80 things, taken, answered, closed or ignored."""
    outcome = play(tmp_path, items=80, days=7, chosen=11)
    assert outcome.planned > 250
    assert (outcome.invented, outcome.missing, outcome.wrong) == ([], [], [])


def _played(folder: Path, said: list[Said], *done: Done, hours: int = 27) -> Month:
    """Play hours of the school in which nothing is done but about the first thing that is said."""
    month = open_month(folder, 0, 1, 1)
    month.until = MONDAY + timedelta(hours=hours)
    month.said, month.done = said, {each.name: [] for each in said}
    month.done[said[0].name] = list(done)
    month.play()
    month.world.store.engine.dispose()
    return month


def _first_told(month: Month, step: str) -> dict[str, str]:
    """Return when each person was first told at a step by email."""
    found: dict[str, str] = {}
    for each in sorted(planned(month), key=lambda telling: telling.at):
        if (each.step, each.channel) == (step, "email"):
            found.setdefault(each.person, f"{each.at:%H:%M}")
    return found


def _steps(month: Month, step: str) -> list[Telling]:
    return sorted(each for each in planned(month) if each.step == step)


def test_danger_climbs_from_person_to_person_and_then_comes_every_hour(tmp_path: Path) -> None:
    """On duty at once, the second person after 10 minutes, leadership and DSL after 20, the head after 40."""
    danger = Said("a0", MONDAY + EVENING, 4, "dsl", "p0")
    month = _played(tmp_path, [danger])
    assert _first_told(month, "urgent") == {
        "dee-lane": "20:00",
        "sue-dale": "20:10",
        "hal-king": "20:20",
        "tom-wells": "20:20",
    }
    texts = {
        each.at for each in _steps(month, "urgent") if (each.person, each.channel) == ("dee-lane", "sms")
    }
    assert min(texts) == danger.at
    later = sorted({each.at for each in _steps(month, "urgent") if each.at > danger.at + timedelta(hours=2)})
    assert [f"{at:%H:%M}" for at in later[:4]] == ["23:00", "00:00", "01:00", "02:00"]
    assert later[-1] >= month.until - timedelta(hours=1)


def test_once_somebody_has_it_nobody_else_is_told(tmp_path: Path) -> None:
    """After four hours whoever has it is reminded, be it night: somebody may be in danger."""
    danger = Said("a0", MONDAY + EVENING, 4, "dsl", "p0")
    taken = danger.at + timedelta(minutes=12) + HALF
    month = _played(tmp_path, [danger], Done(taken, "take", "sue-dale"), hours=24)
    assert _first_told(month, "urgent") == {"dee-lane": "20:00", "sue-dale": "20:10"}
    assert all(row.begun_at < taken for row in month.rows(tables.dispatches))
    month = _played(_folder(tmp_path), [danger], Done(taken, "take", "sue-dale"))
    assert {(each.person, each.at) for each in _steps(month, "still_open")} >= {
        ("sue-dale", taken + timedelta(hours=4))
    }


def _folder(path: Path) -> Path:
    (path / "another").mkdir()
    return path / "another"


def test_whoever_took_what_can_wait_is_reminded_after_four_hours(tmp_path: Path) -> None:
    """Not only on the next working day, when nobody would have been told of it again either."""
    abuse = Said("a0", MONDAY + MORNING, 2, "slt", "p0")
    month = _played(tmp_path, [abuse], Done(abuse.at + HALF, "take", "sue-dale"), hours=24)
    [reminded] = _steps(month, "still_open")
    assert (reminded.person, reminded.at) == ("sue-dale", abuse.at + HALF + timedelta(hours=4))


def test_what_joins_in_the_night_what_can_wait_is_told_with_it_in_the_morning(tmp_path: Path) -> None:
    """Nobody on duty hears of what is for the desk because a second one came before the desk was told."""
    said = [
        Said(f"a{number}", MONDAY + NIGHT + number * timedelta(minutes=5), 2, "slt", "p0")
        for number in (0, 1)
    ]
    month = _played(tmp_path, said, hours=48)
    assert _steps(month, "more") == []
    assert _first_told(month, "new") == dict.fromkeys(("hal-king", "sue-dale", "tom-wells"), "08:15")


def test_who_was_not_there_when_it_fell_due_hears_of_it_with_the_others_on_the_next_day(
    tmp_path: Path,
) -> None:
    """One of the moderators never works on Wednesdays: what is late then is told to them once on Thursday."""
    late = Said("a0", WEDNESDAY - timedelta(hours=14), 0, "moderator", "p0")
    month = _played(tmp_path, [late], hours=96)
    told = [each.at.date().day for each in _steps(month, "late") if each.person == "ada-moss"]
    assert told == [3]


def test_what_is_late_for_a_day_is_told_once_to_whoever_is_there(tmp_path: Path) -> None:
    """It is about the head, so the leadership hears of it: not later those too who were not there then."""
    late = Said("a0", WEDNESDAY - timedelta(hours=14), 1, "slt", "p0", about="hal-king")
    month = _played(tmp_path, [late], hours=192)
    assert {(each.person, each.at.date().day) for each in _steps(month, "still_late")} == {("tom-wells", 3)}


def test_what_is_held_back_until_somebody_is_away_waits_until_they_are_back(tmp_path: Path) -> None:
    """News that came minutes after other news on the last afternoon before a week off is kept."""
    afternoon = WEDNESDAY + timedelta(days=1, hours=16)
    said = [
        Said(f"a{number}", afternoon + timedelta(minutes=minutes), 0, "moderator", f"p{number}")
        for number, minutes in enumerate((52, 58))
    ]
    month = _played(tmp_path, said, hours=288)
    told = {row.begun_at.date().day for row in month.rows(tables.dispatches) if row.recipient == "ben-hart"}
    assert told == {3}
