"""The whole path: from a comment on a platform to an answer on time and a weekly report."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.practice.content import sample_week
from tests.journeys.week import COMMAND, Week, external_ids

TRUTH: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "connectors" / "sample_week_truth.json").read_text(encoding="utf-8")
)
SEVERITIES = ("none", "low", "medium", "high", "critical")


@pytest.fixture(scope="session")
def ids() -> dict[str, str]:
    """What the platforms call the lines of the sample week."""
    return external_ids()


def test_the_demo_ends_well(week: Week) -> None:
    """One command shows the main job and ends by itself."""
    assert week.code == 0, week.stderr[-2_000:]
    shown = json.loads(week.stdout)
    assert shown["totals"]["received"] > 100
    assert (week.folder / "reports" / "oakfield" / "2026-W47" / "report.pdf").read_bytes()[:4] == b"%PDF"
    assert (week.folder / "reports" / "oakfield" / "2026-W47" / "report.xlsx").read_bytes()[:2] == b"PK"


def test_everything_that_concerns_the_school_was_stored_once(week: Week, ids: dict[str, str]) -> None:
    """Nothing is missed and nothing is counted twice, whatever the polls overlap."""
    stored = [row["external_id"] for row in week.rows("select external_id from items")]
    assert len(stored) == len(set(stored))
    expected = {ids[thing.key] for thing in sample_week().things if thing.by != "school"}
    assert expected <= set(stored)


def test_the_outcomes_add_up_to_what_was_received(week: Week) -> None:
    """received = met + late + open + withdrawn + not needed + held."""
    outcomes = json.loads(week.stdout)["outcomes"]
    received = outcomes.pop("received")
    assert received == sum(outcomes.values())
    assert received == week.rows("select count(*) as n from items where not is_own")[0]["n"]


def test_everything_received_was_scored(week: Week) -> None:
    """No item is left without an assessment, and no task without an end or a next time."""
    unscored = week.rows("select id from items where not is_own and id not in (select item from assessments)")
    assert unscored == []
    assert week.rows("select id from tasks where state in ('leased', 'set_aside')") == []


@pytest.mark.parametrize("key", TRUTH)
def test_key_lines_end_as_reasoned(week: Week, ids: dict[str, str], key: str) -> None:
    """What was worked out by hand from the rules is what the system found."""
    truth = TRUTH[key]
    (row,) = week.rows(
        f"""
        select i.id, i."case", a.severity, a.labels, a.intent, a.route, k.item as opener, k.due_at,
               k.stopped_at, k.stopped_how
        from items i join assessments a on a.item = i.id left join clocks k on k."case" = i."case"
        where i.external_id = '{ids[key]}'
        order by a.id desc limit 1
        """
    )
    assert _state(row) == ("none" if truth["clock"] == "exempt" else truth["clock"]), truth["why"]
    if truth["due"] is not None:
        assert datetime.fromisoformat(row["due_at"] + "+00:00") == datetime.fromisoformat(truth["due"])
    severity = row["severity"]
    assert severity >= SEVERITIES.index(truth.get("severity_at_least", "none")), truth["why"]
    assert severity <= SEVERITIES.index(truth.get("severity_at_most", "critical")), truth["why"]
    assert set(truth.get("labels", ())) <= set(json.loads(row["labels"])), truth["why"]
    assert row["intent"] == truth.get("intent", row["intent"]), truth["why"]
    assert row["route"] == truth.get("route", row["route"]), truth["why"]


def _state(row: Any) -> str:
    """Return the truth file's word for what became of an item."""
    if row["due_at"] is None:
        return "none"
    if row["opener"] != row["id"]:
        return "joined"
    ended = row["stopped_at"]
    if ended is None:
        return "open" if row["due_at"] > "2026-11-23 08" else "overdue"
    return "met" if ended <= row["due_at"] else "late"


def test_the_safeguarding_leads_were_told_of_the_child_at_once(week: Week, ids: dict[str, str]) -> None:
    """A child who writes late in the evening is not left until the morning."""
    rows = week.rows(
        f"""
        select a.occasion, d.recipient, d.channel, d.state, d.changed_at, i.first_seen_at
        from deliveries d join alerts a on a.id = d.alert join escalations e on e.id = a.subject
        join cases c on c.id = e.lead join items i on i.id = c.opening_item
        where a.subject_kind = 'escalation' and a.step = 'urgent' and i.external_id = '{ids["x-038"]}'
        """
    )
    first = [row for row in rows if row["occasion"] == "1.1"]
    assert {(row["recipient"], row["channel"]) for row in first} >= {("miriam", "email"), ("miriam", "sms")}
    assert all(row["state"] == "delivered" and row["changed_at"] == row["first_seen_at"] for row in first)


def test_every_message_is_one_letter_and_no_letter_comes_twice(week: Week) -> None:
    """The outbox holds exactly what the database says was delivered, and everything told is in a message."""
    delivered = [
        row["message_id"] for row in week.rows("select message_id from dispatches where state='delivered'")
    ]
    names = [str(letter["Message-ID"]) for letter in week.letters()]
    assert sorted(names) == sorted(delivered)
    assert not week.rows("select id from deliveries where state='delivered' and dispatch is null")


def test_nobody_was_reminded_of_what_was_answered(week: Week) -> None:
    """A reminder goes out only while an answer is owed; a late notice only after the time is over."""
    rows = week.rows(
        """
        select a.step, d.changed_at, k.due_at, k.stopped_at
        from deliveries d join alerts a on a.id = d.alert join clocks k on k."case" = a.subject
        where a.subject_kind = 'case' and a.step in ('reminder', 'late') and d.state = 'delivered'
        """
    )
    assert rows
    for row in rows:
        assert row["stopped_at"] is None or row["changed_at"] < _hour_after(row["stopped_at"])
        assert (row["changed_at"] > row["due_at"]) == (row["step"] == "late")


def _hour_after(moment: str) -> str:
    """The demo reads each account once an hour, so an answer is known an hour later at most."""
    return str(datetime.fromisoformat(moment) + timedelta(hours=1, minutes=1))


def test_logs_hold_nothing_that_people_wrote_or_are_called(week: Week) -> None:
    """Ids and our own words only, even when everything is logged."""
    log = week.stderr
    assert "practice-token" not in log
    assert "oakfield.example" not in log
    for thing in sample_week().things:
        words = thing.text.strip()
        assert len(words) < 12 or words[:40] not in log
        assert thing.by == "school" or (thing.name not in log and thing.by not in log.split())


def test_letters_to_severe_lanes_quote_nothing(week: Week, ids: dict[str, str]) -> None:
    """Where a child may be at risk the message carries none of the child's words and no name."""
    things = {thing.key: thing for thing in sample_week().things}
    for key in ("x-038", "y-021"):
        words, name = things[key].text, things[key].name
        pieces = [words[start : start + 25] for start in range(0, max(1, len(words) - 25), 10)]
        for letter in week.letters():
            body = letter.as_string()
            assert name not in body
            assert not any(piece in body for piece in pieces)


def test_the_other_commands_look_into_what_it_left(week: Week) -> None:
    """Whoever has seen the demo wants to look closer; the settings for that are left beside the database."""
    command = [*COMMAND, "--settings", "demo/socialduty.toml", "cases", "--json"]
    listed = subprocess.run(command, cwd=week.folder, capture_output=True, text=True, timeout=60, check=True)
    assert len(listed.stdout.splitlines()) == week.rows("select count(*) from cases")[0][0] > 0
