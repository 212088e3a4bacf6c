"""The ``clocks`` command is a filter for scripts: one thread per line in, its clocks out, in order."""

from __future__ import annotations

import argparse
import copy
import io
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sla.naive_threads import judged, random_thread
from workers.commands import clocks

Event = dict[str, Any]

TUESDAY = "2026-11-24T"
ANN: Event = {
    "t": "msg",
    "id": "a1",
    "by": "ann",
    "at": TUESDAY + "09:00:00Z",
    "seen": TUESDAY + "09:01:00Z",
    "parent": None,
    "mentions": [],
    "kind": "text",
}
DUE = "2026-11-25T09:00:00Z"


def thread(*events: Event, **changes: Any) -> dict[str, Any]:
    """Return a line of the input; a change to ``...`` leaves the key out."""
    line = {
        "id": "q",
        "now": "2026-11-26T09:00:00Z",
        "nation": "ENG",
        "rule": {},
        "closures": [],
        "own": ["school"],
        "responders": ["head"],
        "events": list(events),
    }
    return {name: value for name, value in (line | changes).items() if value is not ...}


def answer(*events: Event, **changes: Any) -> dict[str, Any]:
    """Judge one thread."""
    return next(clocks.answers([json.dumps(thread(*events, **changes)).encode()]))


def without(event: Event, *names: str) -> Event:
    """Return an event that lacks some keys."""
    return {name: value for name, value in event.items() if name not in names}


def reply(at: str = TUESDAY + "15:00:00Z", **changes: Any) -> Event:
    """Return an answer by the school to Ann, seen as soon as it was written."""
    return ANN | {"id": "s1", "by": "school", "parent": "a1", "at": at, "seen": at} | changes


REPLY = reply()


def happened(kind: str, at: str, of: str = "a1", **more: str) -> Event:
    """Return an event about a message, on the Tuesday or at a full time."""
    return {"t": kind, "of": of, "at": at if "T" in at else f"{TUESDAY}{at}:00Z", **more}


def test_a_thread_is_answered_with_exactly_the_keys_of_the_contract() -> None:
    """State, due time, time of the answer and late discovery, each only where there is one."""
    late_found = ANN | {"id": "b1", "by": "bob", "seen": "2026-11-25T12:00:00Z"}
    joined = ANN | {"id": "a2", "at": TUESDAY + "09:30:00Z", "parent": "a1"}

    assert answer(ANN, joined, REPLY, late_found) == {
        "id": "q",
        "clocks": {
            "a1": {"state": "met", "due": DUE, "acked": "2026-11-24T15:00:00Z"},
            "a2": {"state": "joined"},
            "s1": {"state": "none"},
            "b1": {"state": "overdue", "due": DUE, "late_discovery": True},
        },
    }


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], "overdue"),
        ([REPLY], "met"),
        ([reply(DUE)], "met"),
        ([reply("2026-11-25T09:00:00.999Z")], "met"),
        ([reply("2026-11-25T09:00:01Z")], "late"),
        ([reply(by="head")], "met"),
        ([reply(parent=None, mentions=["ann"])], "met"),
        ([reply(parent=None)], "overdue"),
        ([REPLY, happened("delete", "16:00", "s1", by="school")], "met"),
        ([REPLY, happened("auto", "15:00", "s1")], "overdue"),
        ([happened("auto", "09:00")], "overdue"),
        ([happened("edit", "10:00", by="ann")], "overdue"),
        ([happened("react", "10:00", by="school")], "overdue"),
        ([happened("private", "10:00", by="school")], "met"),
        ([happened("private", "10:00")], "met"),
        ([happened("private", "10:00", by="bob")], "overdue"),
        ([happened("private", DUE.replace("00Z", "01Z"))], "late"),
        ([happened("delete", "10:00", by="ann")], "withdrawn"),
        ([happened("delete", "10:00")], "withdrawn"),
        ([happened("delete", "10:00", by="school")], "moderated"),
        ([happened("delete", "2026-11-25T10:00:00Z", by="ann")], "late"),
        ([happened("hide", "10:00", by="head")], "moderated"),
        ([happened("hide", "2026-11-25T10:00:00Z")], "late"),
        ([happened("mark", "10:00", **{"as": "spam"})], "exempt"),
        ([happened("mark", DUE, **{"as": "no_reply"})], "exempt"),
        ([happened("mark", "2026-11-25T09:00:01Z", **{"as": "no_reply"})], "late"),
        ([happened("mark", "10:00", **{"as": "acked"})], "met"),
        ([happened("mark", "2026-11-25T10:00:00Z", **{"as": "acked"})], "late"),
        ([happened("mark", "10:00", **{"as": "held"})], "moderated"),
        ([happened("delete", "10:00", "nobody knows")], "overdue"),
    ],
)
def test_every_event_of_the_contract_counts_as_the_rules_say(events: list[Event], expected: str) -> None:
    """In whatever order the lines of a poll came."""
    for order in ([ANN, *events], [*reversed(events), ANN], [*events, ANN, *events]):
        assert answer(*order)["clocks"]["a1"]["state"] == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"kind": "emoji"}, "exempt"),
        ({"kind": "tag", "mentions": ["bob"]}, "exempt"),
        ({"kind": "tag", "mentions": ["school"]}, "overdue"),
        ({"parent": "b1"}, "none"),
        ({"parent": "b1", "mentions": ["school"]}, "overdue"),
        ({"parent": "t1"}, "none"),
        ({"parent": "s1"}, "overdue"),
        ({"parent": "the school's post"}, "overdue"),
        ({"by": "school"}, "none"),
        ({"by": "head"}, "none"),
    ],
)
def test_messages_that_ask_for_nothing_have_no_clock(change: Event, expected: str) -> None:
    """Nothing but the state is told of them."""
    bob = ANN | {"id": "b1", "by": "bob"}
    teacher = ANN | {"id": "t1", "by": "a teacher at home", "parent": "b1"}

    found = answer(ANN | change, bob, teacher, reply(parent="b1"))["clocks"]["a1"]

    assert found == ({"state": expected, "due": DUE} if expected == "overdue" else {"state": expected})


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (TUESDAY + "09:00:00Z", "open"),
        (DUE, "open"),
        ("2026-11-25T09:00:00.999+00:00", "open"),
        ("2026-11-25T10:00:01+01:00", "overdue"),
    ],
)
def test_what_waits_is_overdue_from_the_second_after_the_deadline(now: str, state: str) -> None:
    """The deadline is the last second that is in time."""
    assert answer(ANN, now=now)["clocks"]["a1"] == {"state": state, "due": DUE}


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({"rule": {"mode": "pause"}, "closures": ["2026-11-25"]}, "2026-11-26T09:00:00Z"),
        ({"rule": {"hours": 48}}, "2026-11-26T09:00:00Z"),
        ({"closures": ["2026-11-24"]}, "2026-11-25T23:59:59Z"),
        ({"rule": None, "closures": None, "responders": None, "go_live": None}, DUE),
        ({"rule": ..., "closures": ..., "responders": ...}, DUE),
        ({"go_live": TUESDAY + "09:00:00Z"}, DUE),
        ({"go_live": TUESDAY + "09:00:01Z"}, None),
        (
            {"closures": [f"2026-{m:02d}-{d:02d}" for m in (11, 12) for d in range(1, 31)]},
            "2026-12-31T23:59:59Z",
        ),
    ],
)
def test_rule_closures_and_the_day_of_going_live_count(changes: dict[str, Any], due: str | None) -> None:
    """They mean what they mean to the ``due`` command; null and nothing mean the default."""
    assert answer(ANN, **changes)["clocks"]["a1"].get("due") == due


def test_the_nation_counts() -> None:
    """St Andrew's Day is a working day in England only."""
    monday = ANN | {"at": "2026-11-30T09:00:00Z", "seen": "2026-11-30T09:00:00Z"}

    assert answer(monday)["clocks"]["a1"]["due"] == "2026-12-01T09:00:00Z"
    assert answer(monday, nation="SCT")["clocks"]["a1"]["due"] == "2026-12-01T23:59:59Z"


def test_keys_that_a_platform_does_not_tell_may_be_left_out() -> None:
    """No parent, nobody named, words; and where one of the two times is missing, the other counts."""
    assert answer(without(ANN, "parent", "mentions", "kind", "seen"))["clocks"]["a1"]["due"] == DUE
    assert answer(ANN | {"mentions": None, "kind": None, "seen": None})["clocks"]["a1"]["due"] == DUE
    for untold in (without(ANN, "at"), ANN | {"at": None}):
        assert answer(untold)["clocks"]["a1"]["due"] == "2026-11-25T09:01:00Z"
    future = ANN | {"at": TUESDAY + "09:06:01Z"}
    assert answer(future)["clocks"]["a1"]["due"] == "2026-11-25T09:01:00Z"


def test_ids_may_be_numbers() -> None:
    """Platforms write the same id both ways."""
    events = [
        ANN | {"id": 17, "by": 4},
        reply(by=9, parent="17"),
        happened("edit", "10:00") | {"of": 17},
    ]

    assert answer(*events, own=[9], responders=[])["clocks"]["17"]["state"] == "met"


def test_a_message_told_twice_has_one_clock() -> None:
    """The first time that it was seen decides whether it was found too late."""
    again = ANN | {"seen": "2026-11-25T12:00:00Z"}

    for events in ([ANN, again], [again, ANN]):
        assert answer(*events) == {"id": "q", "clocks": {"a1": {"state": "overdue", "due": DUE}}}


def test_without_a_working_day_the_message_stays_open_without_a_due_time() -> None:
    """Nothing is hidden because a closure was mistyped, or because the bank holidays are not known yet."""
    far = ANN | {"at": "2050-01-03T09:00:00Z", "seen": "2050-01-03T09:00:00Z"}

    assert answer(far) == {"id": "q", "clocks": {"a1": {"state": "open"}}}


def test_beyond_the_contract_staff_and_automatic_replies_can_be_told_of() -> None:
    """Personal accounts of staff have no clock; a school may let automatic replies count."""
    by_teacher = [reply(by="teacher"), ANN | {"id": "t1", "by": "teacher"}]
    automatic = [ANN, happened("auto", "09:00")]

    found = answer(ANN, *by_teacher, staff=["teacher"])["clocks"]
    assert [clock["state"] for clock in found.values()] == ["overdue", "none", "none"]
    assert answer(*automatic, rule={"auto_ack_counts": True})["clocks"]["a1"]["state"] == "met"
    assert answer(*automatic, rule={"auto_ack_counts": False})["clocks"]["a1"]["state"] == "overdue"


def test_an_empty_thread_has_no_clocks() -> None:
    """Nothing happened, nothing is owed."""
    assert answer() == {"id": "q", "clocks": {}}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"now": ...}, "now must be a time with an offset"),
        ({"now": "2026-11-26T09:00:00"}, "now has no offset"),
        ({"now": "0001-01-01T00:00:00+05:00"}, "now lies outside all years"),
        ({"nation": "UK"}, "nation must be one of ENG"),
        ({"nation": ...}, "nation must be one of ENG"),
        ({"rule": "strict"}, "rule must be an object"),
        ({"rule": {"grace": 5}}, "the rule has no grace"),
        ({"rule": {"auto_ack_counts": "yes"}}, "auto_ack_counts must be true or false"),
        ({"closures": "2026-11-23"}, "closures must be a list of dates"),
        ({"own": ...}, "own is missing"),
        ({"own": "school"}, "own must be a list of author ids"),
        ({"own": [None]}, "own must be an id"),
        ({"responders": {"head": True}}, "responders must be a list of author ids"),
        ({"go_live": "2026-11-01"}, "go_live has no offset"),
        ({"events": ...}, "events must be a list of objects"),
        ({"events": {"t": "msg"}}, "events must be a list of objects"),
        ({"events": [ANN, "msg"]}, "events[1] must be an object"),
        ({"events": [ANN | {"t": "message"}]}, "events[0].t must be one of msg, edit,"),
        ({"events": [without(ANN, "t")]}, "events[0].t must be one of msg, edit,"),
        ({"events": [ANN | {"t": []}]}, "events[0].t must be one of msg, edit,"),
        ({"events": [without(ANN, "id")]}, "events[0].id must be an id"),
        ({"events": [ANN | {"id": ""}]}, "events[0].id must be an id"),
        ({"events": [ANN | {"by": None}]}, "events[0].by must be an id"),
        ({"events": [ANN | {"by": True}]}, "events[0].by must be an id"),
        ({"events": [ANN | {"at": "2026-11-24T09:00:00"}]}, "events[0].at has no offset"),
        ({"events": [ANN | {"seen": "2026-11-24 09:00"}]}, "events[0].seen has no offset"),
        ({"events": [ANN | {"at": 1795376520}]}, "events[0].at must be a time with an offset"),
        ({"events": [without(ANN, "at", "seen")]}, "events[0] has neither at nor seen"),
        ({"events": [ANN | {"parent": ["b1"]}]}, "events[0].parent must be an id"),
        ({"events": [ANN | {"mentions": "school"}]}, "events[0].mentions must be a list of author ids"),
        ({"events": [ANN | {"kind": "photo"}]}, "events[0].kind must be one of text, emoji, tag"),
        ({"events": [ANN, without(happened("edit", "10:00"), "of")]}, "events[1].of must be an id"),
        ({"events": [without(happened("edit", "10:00"), "at")]}, "events[0].at must be a time"),
        ({"events": [happened("hide", "10:00") | {"by": 1.5}]}, "events[0].by must be an id"),
        ({"events": [happened("mark", "10:00")]}, "events[0].as must be one of spam, no_reply, acked"),
        ({"events": [happened("mark", "10:00", **{"as": "edit"})]}, "events[0].as must be one of spam"),
    ],
)
def test_a_thread_that_cannot_be_judged_says_which_field_to_change(
    changes: dict[str, Any], complaint: str
) -> None:
    """There are no clocks beside the error: half a thread would be judged wrongly."""
    refused = answer(**({"events": [ANN]} | changes))

    assert set(refused) == {"id", "error"}
    assert refused["id"] == "q"
    assert complaint in refused["error"]


def test_an_error_quotes_nothing_but_field_names() -> None:
    """What stands in a thread was written by people."""
    for field in ("t", "id", "by", "at", "seen", "parent", "mentions", "kind"):
        refused = answer(ANN | {field: {"secret": "words"}})
        assert "secret" not in refused["error"]


@pytest.mark.parametrize("line", [b"{", b"[]", b"null", b"\xff", b"[" * 100_000, None])
def test_a_line_that_cannot_be_read_gives_an_error_without_an_id(line: bytes | None) -> None:
    """Whatever comes down a pipe, even a line too long to be read, the next line is answered."""
    broken, fine = clocks.answers([line, json.dumps(thread(ANN)).encode()])

    assert broken["id"] is None
    assert set(broken) == {"id", "error"}
    assert fine["clocks"]["a1"]["state"] == "overdue"


def test_no_value_anywhere_breaks_the_command() -> None:
    """Whatever stands in whatever place, there is an answer, and it is JSON."""
    junk: list[Any] = [
        None,
        True,
        0,
        -1,
        1.5,
        10**30,
        "",
        "x",
        "\ud800",
        [],
        [[]],
        {},
        {"t": "msg"},
        DUE,
        ["x"],
    ]
    whole = thread(ANN, REPLY, happened("mark", "10:00", **{"as": "spam"}), go_live=DUE, staff=["t"])

    for value in junk:
        for name in whole:
            _answered(whole | {name: value})
        for number, event in enumerate(whole["events"]):
            for name in event:
                changed = copy.deepcopy(whole)
                changed["events"][number][name] = value
                _answered(changed)


def _answered(line: dict[str, Any]) -> None:
    found = next(clocks.answers([json.dumps(line).encode()]))
    assert set(found) in ({"id", "clocks"}, {"id", "error"})
    json.dumps(found, allow_nan=False)


def test_the_command_agrees_with_a_second_way_to_judge() -> None:
    """From JSON to JSON, on threads by chance; the rules themselves are compared at more length elsewhere."""
    dice = random.Random(20261122)
    for _ in range(300):
        by_chance = random_thread(dice)
        assert next(clocks.answers([json.dumps(by_chance).encode()])) == {
            "id": "t",
            "clocks": judged(by_chance),
        }


def test_the_command_keeps_the_order_and_ends_with_one_after_doing_the_rest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1 says that something needs a person; all good lines are answered all the same."""
    good = [json.dumps(thread(ANN, id=number)) for number in range(3)]
    text = "\n".join([good[0], "", "broken", good[1], "   ", good[2]])

    codes = []
    for lines in (text, "\n".join(good), ""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
        codes.append(clocks.run(argparse.Namespace()))
    shown = [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()]

    assert codes == [1, 0, 0]
    assert shown == [0, None, 1, 2, 0, 1, 2]


def test_the_command_works_in_a_pipe(root: Path) -> None:
    """The real command line, as a script calls it."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from workers.cli import main; sys.exit(main(['clocks']))"],
        input=json.dumps(thread(ANN, REPLY, id="ü")) + "\nbroken\n",
        capture_output=True,
        text=True,
        cwd=root,
        encoding="utf-8",
        timeout=60,
        check=False,
    )

    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 1
    assert (first["id"], first["clocks"]["a1"]["state"]) == ("ü", "met")
    assert "error" in second
