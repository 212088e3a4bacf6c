"""What platforms do to us, fault by fault: nothing is lost, nobody is left in the dark, no account waits.

The tests stand in the order of the table of faults that every change is reviewed against. Each plays its
fault on real connectors, through the real poll task, into a real database.
"""

from __future__ import annotations

import contextlib
import json
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from connectors import sessions
from connectors.base import ConnectorError
from connectors.practice.changes import Change, ChangeKind
from connectors.practice.identities import EXPIRED_TOKEN, TOKEN
from moderation.assessment import Severity
from moderation.items import MAX_TEXT, AccountName, Presence, digest, storable
from moderation.tasks import TaskKind
from store import listings, tables
from tests.hard_texts import HARD_TEXTS
from tests.journeys.fault_stage import (
    DANGER,
    NOON,
    PLATFORMS,
    Exchange,
    Line,
    Meddle,
    Reset,
    Stage,
    account_on,
    comment,
    comments,
    every,
    honest,
    pile_on,
    post,
)
from workers.allowances import UNSAID_PAUSE
from workers.pace import ASK_AGAIN, PROBE
from workers.polling import LONGEST_PAUSE
from workers.scoring import SECONDS_PER_TEXT

COUNT = 6
TELL_ALL = ["dev", "helen", "miriam"]
"""The network manager and the leadership of the example school."""

LISTING = {"facebook": "/published_posts", "x": "/mentions", "youtube": "/commentThreads"}
"""What the address holds at which the first stream of a platform is listed."""

FIRST = {"facebook": "page_posts", "x": "mentions", "youtube": "comments"}

Begin = Callable[..., Stage]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Return a function that puts lines of content, and changed settings, on the stage."""
    with contextlib.ExitStack() as stack:
        yield lambda lines, *changes: stack.enter_context(Stage(tmp_path, lines, *changes))


def watched(begin: Begin, platform: str, *changes: tuple[str, str]) -> Stage:
    """Return a stage whose one platform with comments was read once, an hour after noon."""
    stage = begin(comments(platform, COUNT), *changes)
    stage.poll(platform)
    assert stage.words(platform) == every(platform, COUNT)
    stage.clock.pass_by(hours=1)
    return stage


def say(stage: Stage, platform: str, *texts: str) -> None:
    """Let people comment, a minute ago."""
    for text in texts:
        line = comment(platform, 0, text, at=(stage.clock() - timedelta(minutes=1)).isoformat())
        stage.say(line)


def at_listings(platform: str, how: Meddle) -> Meddle:
    """Meddle with the answers that list the first stream of a platform, and with no other."""
    return lambda exchange: how(exchange) if LISTING[platform] in exchange.path else honest(exchange)


def people(told: Iterable[tuple[str, str, str]]) -> list[str]:
    """Return who was told, in alphabetical order."""
    return sorted(person for _, _, person in told)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_401_or_token_expired(begin: Begin, platform: str) -> None:
    """One renewal; if that does not help, people hear at once and daily, and a new token reads all of it."""
    stage = watched(begin, platform)
    account, before = account_on(platform), stage.cursors(platform)
    stage.tokens.used[account], stage.tokens.fresh[account] = EXPIRED_TOKEN, [TOKEN]
    say(stage, platform, "Is there a bus?")
    stage.poll(platform)
    assert (stage.tokens.renewals, stage.reason(platform), stage.told("not_watched")) == (1, None, [])
    before = stage.cursors(platform)

    stage.tokens.used[account] = EXPIRED_TOKEN
    assert stage.poll(platform) == ASK_AGAIN
    assert stage.tokens.renewals == 2
    assert people(stage.told("not_watched")) == TELL_ALL
    assert [letter["subject"] for letter in stage.letters() if "Not being read" in letter["subject"]]
    say(stage, platform, "Is the gate open?")
    for _ in range(3):
        stage.clock.pass_by(days=1)
        stage.poll(platform)
    assert people(stage.told("not_watched")) == sorted(TELL_ALL * 4)
    assert stage.cursors(platform) == before

    stage.tokens.used[account] = TOKEN
    stage.poll(platform)
    assert stage.words(platform) == sorted([*every(platform, COUNT), "Is there a bus?", "Is the gate open?"])
    assert people(stage.told("watched_again")) == TELL_ALL


def test_token_near_expiry(begin: Begin) -> None:
    """The network manager is warned fourteen, seven and one day before, and the listing shows the day."""
    stage = begin(comments("x", 1))
    ends = NOON + timedelta(days=16)
    stage.tokens.used["oakfield-x"] = json.dumps({"access_token": TOKEN, "expires_at": ends.isoformat()})
    told = []
    for _ in range(17):
        stage.poll("x")
        told.append(people(stage.told("token_ending")))
        stage.clock.pass_by(days=1)
    assert [len(each) for each in told] == [0, 0, *[1] * 7, *[2] * 6, *[3] * 2]
    assert told[-1] == ["dev"] * 3
    with stage.store.begin() as unit:
        shown = {row["account"]: row["token_ends"] for row in listings.accounts(unit.connection)}
    assert shown["oakfield-x"] == ends


NAMED = {
    ("facebook", "denied"): "pages_read_engagement",
    ("facebook", "revoked"): "pages_read_engagement",
    ("x", "denied"): "project with access",
    ("x", "revoked"): "tweet.read",
    ("youtube", "denied"): "manage YouTube comments|force-ssl",
    ("youtube", "revoked"): "own channel",
}
"""What the error of each refusal has to name: the permission, or whose access is missing."""


@pytest.mark.parametrize(("platform", "fault"), NAMED)
def test_403_permission_revoked_or_role_removed(begin: Begin, platform: str, fault: str) -> None:
    """Asked for once an hour, not in a loop; the refusal names the permission; people hear at once."""
    stage = watched(begin, platform)
    stage.practice.set_faults(f"{platform}:{fault}")
    before, asked = stage.cursors(platform), stage.practice.requests[platform]
    assert stage.poll(platform) == ASK_AGAIN
    assert stage.reason(platform) == "permission_missing"
    assert people(stage.told("not_watched")) == TELL_ALL
    with pytest.raises(ConnectorError, match=NAMED[platform, fault]):
        stage.desk.connector(AccountName(account_on(platform))).prove(stage.clock())
    stage.poll_for(platform, timedelta(hours=6))
    assert stage.practice.requests[platform] - asked <= 8 * len(before)
    assert stage.cursors(platform) == before
    stage.practice.set_faults("")
    stage.poll(platform)
    assert stage.reason(platform) is None


GONE: dict[str, tuple[int, dict[str, Any]]] = {
    "facebook": (400, {"error": {"message": "gone", "code": 100, "error_subcode": 33}}),
    "x": (410, {"title": "Gone", "status": 410, "type": "about:blank"}),
    "youtube": (404, {"error": {"code": 404, "errors": [{"reason": "channelNotFound"}]}}),
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_account_deleted_renamed_or_unpublished(begin: Begin, platform: str) -> None:
    """It is asked for once an hour only, what it brought is kept, and the leadership hears at once."""
    stage = watched(begin, platform)
    status, body = GONE[platform]
    between = stage.meddle(platform, lambda exchange: [exchange.raw(json.dumps(body).encode(), status)])
    assert stage.poll(platform) == ASK_AGAIN
    assert stage.reason(platform) == "not_found"
    assert people(stage.told("not_watched")) == TELL_ALL
    asked = between.number
    stage.poll_for(platform, timedelta(hours=5))
    assert between.number - asked <= 5 * 8
    assert stage.words(platform) == every(platform, COUNT)
    between.meddle = honest
    stage.poll(platform)
    assert stage.reason(platform) is None


TWIN = (
    "[scoring]",
    """[[accounts]]
name = "oakfield-primary"
platform = "youtube"
school = "oakfield"
external_id = "UCOakfieldPrimaryPractice"
app = "oakfield-google"
approved_by = "Helen Marchetti"
approved_on = 2026-09-07
staff = ["priya", "tom"]
go_live = 2026-11-16T00:00:00Z
base_url = "http://127.0.0.1:8765"

[scoring]""",
)
"""Another account of the same developer app."""

APP = ("poll_every_minutes = 15", 'poll_every_minutes = 15\napp = "oakfield-google"')


def test_429_slow_down(begin: Begin) -> None:
    """The wait is what the platform says, however it says it; an app rests with all its accounts."""
    stage = begin([line for platform in PLATFORMS for line in comments(platform, COUNT)], TWIN, APP)
    usual = {"facebook": timedelta(minutes=5), "x": timedelta(minutes=5), "youtube": timedelta(minutes=15)}
    waits = {
        "absent": UNSAID_PAUSE,
        "negative": UNSAID_PAUSE,
        "date": timedelta(minutes=5),
        "1200": timedelta(minutes=20),
        "86400": LONGEST_PAUSE,
    }
    for form, wait in waits.items():
        for platform in PLATFORMS:
            stage.practice.set_faults(f"{platform}:429={form}")
            assert stage.poll(platform) == max(wait, usual[platform]), (platform, form)
            assert stage.reason(platform) == "rate_limited"
    stage.where["oakfield-primary"] = stage.practice.url
    stage.practice.set_faults("youtube:429=absent")
    asked = stage.poll("youtube"), stage.practice.requests["youtube"]
    stage.poll("youtube", "oakfield-primary")
    assert stage.practice.requests["youtube"] == asked[1], "the app's other account asked all the same"
    stage.practice.set_faults("")
    for platform in PLATFORMS:
        stage.poll(platform)
        assert stage.words(platform) == every(platform, COUNT)


def _hangs(exchange: Exchange) -> Iterator[bytes]:
    time.sleep(0.5)
    yield b""


def _resets(exchange: Exchange) -> list[bytes]:
    raise Reset


TROUBLE: dict[str, Meddle | str] = {
    "500": lambda exchange: [exchange.raw(b'{"error": {"code": 2}}', 500)],
    "503": lambda exchange: [exchange.raw(b"", 503)],
    "no answer": _hangs,
    "reset": _resets,
    "refused": "http://127.0.0.1:9",
    "no such host": "http://nobody.invalid",
    "no TLS": "https://",
}


@pytest.mark.parametrize("kind", TROUBLE)
def test_5xx_timeout_dns_or_tls_error(begin: Begin, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tried again after half a minute, ever later, then every five minutes; the others are read meanwhile."""
    monkeypatch.setattr(sessions, "TIMEOUT", (0.2, 0.2))
    stage = begin([*comments("x", COUNT), *comments("youtube", COUNT)])
    stage.poll("x")
    before, how = stage.cursors("x"), TROUBLE[kind]
    between = stage.meddle("x", honest if isinstance(how, str) else how)
    if isinstance(how, str):
        stage.where["oakfield-x"] = how if how != "https://" else between.url.replace("http:", "https:")
    stage.clock.pass_by(minutes=15)
    waits = [stage.poll("x") for _ in range(6)]
    assert timedelta(seconds=30) <= waits[0] <= timedelta(seconds=36)
    assert waits == sorted(waits)
    assert timedelta(minutes=3) < waits[-1] <= timedelta(minutes=18)
    assert stage.reason("x") in ("unreachable", "bad_response")
    stage.clock.pass_by(hours=2)
    assert PROBE <= stage.poll("x") <= PROBE * 1.2
    assert people(stage.told("not_watched")) == TELL_ALL
    stage.poll("youtube")
    assert stage.words("youtube") == every("youtube", COUNT)
    assert stage.cursors("x") == before
    say(stage, "x", "Is there a bus?")
    stage.where.clear()
    stage.poll("x")
    assert stage.words("x") == sorted([*every("x", COUNT), "Is there a bus?"])


PAGE = b"<!DOCTYPE html><html><body>Be right back</body></html>"
NO_DATA = {"page": PAGE, "empty": b"", "null": b"null", "list": b"[]", "word": b'"x"', "object": b"{}"}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_html_error_page_empty_200_or_wrong_type(begin: Begin, platform: str) -> None:
    """Whatever is no data is an outage; data under another name is data."""
    stage = watched(begin, platform)
    between, before = stage.meddle(platform), stage.cursors(platform)
    for name, body in NO_DATA.items():
        for kind in ("application/json", "text/html"):
            bad = at_listings(platform, lambda each, b=body, k=kind: [each.raw(b, content_type=k)])  # type: ignore[misc]
            between.meddle = bad
            stage.poll(platform)
            assert stage.cursors(platform)[FIRST[platform]] == before[FIRST[platform]], name
            assert stage.reason(platform) == "bad_response", name
    say(stage, platform, "Is there a bus?")
    between.meddle = lambda exchange: [exchange.raw(content_type="text/plain")]
    stage.poll(platform)
    assert stage.words(platform) == sorted([*every(platform, COUNT), "Is there a bus?"])
    assert stage.reason(platform) is None


@pytest.mark.parametrize("platform", PLATFORMS)
def test_truncated_body_or_headers_cut(begin: Begin, platform: str) -> None:
    """Wherever an answer breaks off, with its length told or not, that stream's cursor stays where it was."""
    stage = watched(begin, platform)
    between, before = stage.meddle(platform), stage.cursors(platform)[FIRST[platform]]
    say(stage, platform, "Is there a bus?")
    seen: list[bytes] = []

    def cut_at_the_last_byte(exchange: Exchange) -> list[bytes]:
        seen.append(exchange.raw())
        return [exchange.raw()[:-1]]

    between.meddle = at_listings(platform, cut_at_the_last_byte)
    stage.poll(platform)
    length, head = len(seen[0]), seen[0].index(b"\r\n\r\n")
    for end in {0, 1, 12, 17, head - 1, head + 2, head + 4, head + 5, *range(100, length, length // 4 + 1)}:
        for told in ("", None):
            between.meddle = at_listings(platform, lambda each, e=end, t=told: [_cut(each, e, t)])  # type: ignore[misc]
            stage.poll(platform)
            assert stage.cursors(platform)[FIRST[platform]] == before, (end, told)
            assert stage.reason(platform) is not None
    between.meddle = honest
    stage.poll(platform)
    assert stage.words(platform) == sorted([*every(platform, COUNT), "Is there a bus?"])


def _cut(exchange: Exchange, end: int, told: str | None) -> bytes:
    """Return the beginning of an answer; with ``None`` for ``told`` it does not say how long it is."""
    whole = exchange.raw() if told is not None else exchange.raw(content_length=None)
    return whole[: min(end, len(whole) - 1)]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_complete_looking_but_short_page(begin: Begin, platform: str) -> None:
    """What a page leaves out is found by the next poll, which reads the last two days again."""
    stage = watched(begin, platform)
    news = ["Is there a bus?", "Is the gate open?", "Is there a choir?"]
    say(stage, platform, *news)
    stage.practice.set_faults(f"{platform}:short={COUNT + 2}")
    stage.poll(platform)
    assert stage.reason(platform) is None
    assert len(stage.words(platform)) < COUNT + len(news)
    stage.practice.set_faults("")
    stage.poll(platform)
    assert stage.words(platform) == sorted([*every(platform, COUNT), *news])
    assert {row.found_by for row in stage.rows(tables.items)} == {"poll"}


_NUMBERS = (True, -1, 0.5, float("nan"), float("inf"), 10**30)
_WORDS = ("", "mystery", "\x00", "\ud800", "x" * 300, "2026-13-45T99:99:99Z")
_SHAPES: tuple[object, ...] = (None, [], {}, [[]], {"id": {}})
_ODD = some.sampled_from([*_NUMBERS, *_WORDS, *_SHAPES])


@pytest.mark.parametrize("platform", PLATFORMS)
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
def test_malformed_json_nan_unknown_enum_or_missing_field(platform: str, data: some.DataObject) -> None:
    """One broken item waits for a person, with its reason, and the others of its page go on."""
    spoil = data.draw(_spoiler())
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder), comments(platform, COUNT)) as stage:
        stage.meddle(platform, lambda exchange: [_spoilt(exchange, spoil)])
        stage.poll(platform)
        assert stage.reason(platform) is None
        assert set(every(platform, COUNT)) - {VICTIM} <= set(stage.words(platform))
        with stage.store.begin() as unit:
            rejected = listings.rejected(unit.connection, limit=99)
        assert len(stage.items(platform)) + len(rejected) >= COUNT
        assert all(len(row["reason"]) < 100 and VICTIM not in row["reason"] for row in rejected)


VICTIM = "Question 3"


@some.composite
def _spoiler(draw: some.DrawFn) -> Callable[[Any], None]:
    """Return what takes a field of an item away, or puts something odd into it."""
    place, odd, gone = draw(some.integers(0, 40)), draw(_ODD), draw(some.booleans())

    def spoil(item: Any) -> None:
        fields = list(_fields(item))
        holder, name = fields[place % len(fields)]
        if gone:
            del holder[name]
        else:
            holder[name] = odd

    return spoil


def _fields(thing: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every field of an item, however deep, with what holds it."""
    pairs = thing.items() if isinstance(thing, dict) else enumerate(thing if isinstance(thing, list) else ())
    for name, value in list(pairs):
        yield thing, name
        yield from _fields(value)


def _spoilt(exchange: Exchange, spoil: Callable[[Any], None]) -> bytes:
    """Return an answer in which the item that says :data:`VICTIM` is broken."""
    if VICTIM.encode() not in exchange.body:
        return exchange.raw()
    said = exchange.said()
    for name in ("data", "items"):
        for item in said.get(name, ()):
            if json.dumps(VICTIM) in json.dumps(item):
                spoil(item)
    return exchange.saying(said)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_duplicate_pages_repeated_or_looping_cursor(begin: Begin, platform: str) -> None:
    """What comes twice is stored once; a listing without an end stops, moves no cursor, and is told."""
    stage = begin(comments(platform, COUNT))
    stage.practice.set_faults(f"{platform}:repeat")
    stage.poll(platform)
    assert stage.words(platform) == every(platform, COUNT)
    before, asked = stage.cursors(platform)[FIRST[platform]], stage.practice.requests[platform]
    stage.practice.set_faults(f"{platform}:loop")
    stage.poll(platform)
    assert stage.practice.requests[platform] - asked < 40
    assert stage.reason(platform) == "bad_response"
    stage.poll_for(platform, timedelta(hours=1))
    assert stage.cursors(platform)[FIRST[platform]] == before
    assert people(stage.told("not_watched")) == TELL_ALL


@pytest.mark.parametrize("platform", PLATFORMS)
@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
def test_items_out_of_order_late_or_edited(platform: str, data: some.DataObject) -> None:
    """The newest words count and are judged anew; when an item came to us, and its clock, never move."""
    minutes = some.integers(0, 300)
    lates = data.draw(some.lists(minutes, min_size=6, max_size=6))
    edits = data.draw(some.lists(some.tuples(some.integers(0, 5), minutes), max_size=4))
    lines: list[Line] = [post(platform)]
    for number, late in enumerate(lates):
        lines.append(comment(platform, number, seen_from=(NOON + timedelta(minutes=late)).isoformat()))
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder), lines) as stage:
        newest = {number: f"Question {number}" for number in range(6)}
        for place, (number, at) in enumerate(sorted(edits, key=lambda each: each[1])):
            newest[number] = f"Question {number}, changed {place}"
            when = NOON + timedelta(minutes=max(at, lates[number]) + place)
            key = f"{platform}-{number}"
            stage.practice.change(Change(key, ChangeKind.EDIT, when, newest[number], by=f"parent-{number}"))
        stage.practice.set_faults(f"{platform}:ranked")
        first: dict[int, tuple[datetime, datetime]] = {}
        for hours in (1, 2, 2, 25, 0):  # what surfaces or changes later than a poll looks, the sweep finds
            stage.poll(platform)
            stage.work(TaskKind.SCORE_ITEM, TaskKind.SETTLE_REPLY)
            for item in stage.items(platform):
                seen = item.first_seen_at, item.received_at
                assert first.setdefault(item.id, seen) == seen
            stage.clock.pass_by(hours=hours)
        assert stage.words(platform) == sorted(newest.values())
        assert all(row.received_at == first[row.item][1] for row in stage.rows(tables.clocks))
        versions = {(row.item, row.number) for row in stage.rows(tables.item_versions)}
        own = {row.id for row in stage.rows(tables.items) if row.is_own}
        scored = {(row.item, row.version) for row in stage.rows(tables.assessments)}
        assert {each for each in versions if each[0] not in own} <= scored | _overtaken(versions)


def _overtaken(versions: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the wordings that were edited again."""
    return {(item, number) for item, number in versions if (item, number + 1) in versions}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_comment_deleted_by_author_or_platform(begin: Begin, platform: str) -> None:
    """Only a lookup says that it is gone; its words go within a day unless they are evidence; rows stay."""
    lines = [*comments(platform, 5), comment(platform, 7, DANGER)]
    stage = begin(lines)
    stage.poll(platform)
    stage.work()
    rows = len(stage.rows(tables.items)), len(stage.rows(tables.clocks))
    for number in (1, 7):
        key = f"{platform}-{number}"
        stage.practice.change(Change(key, ChangeKind.DELETE, stage.clock(), by=f"parent-{number}"))
    stage.poll(platform)
    assert {item.presence for item in stage.items(platform)} == {Presence.PRESENT}
    stage.clock.pass_by(hours=25)
    stage.poll(platform)
    gone = {item.text: item.presence for item in stage.items(platform)}
    assert gone == {line["text"]: Presence.PRESENT for line in lines[1:]} | {
        "Question 1": Presence.DELETED,
        DANGER: Presence.DELETED,
    }
    stage.work()
    stage.clock.pass_by(hours=23)
    stage.work()
    assert stage.words(platform) == sorted(["", *(text for text in gone if text != "Question 1")])
    assert (len(stage.rows(tables.items)), len(stage.rows(tables.clocks))) == rows
    versions = [row.text for row in stage.rows(tables.item_versions)]
    assert "Question 1" not in versions


@pytest.mark.parametrize("platform", PLATFORMS)
def test_platform_clock_skew_future_or_1970_timestamp(begin: Begin, platform: str) -> None:
    """A clock starts when the platform says, unless that cannot be true: then when we saw the message."""
    stage = watched(begin, platform)
    stage.work()
    last_read = max(stage.cursors(platform).values())
    written = {
        "1970": "1970-01-01T00:00:00",
        "2099": "2099-01-01T00:00:00",
        "old": (last_read - timedelta(days=2)).isoformat()[:19],
        "true": "",
    }
    real: dict[str, str] = {}
    for number, name in enumerate(written):
        at = stage.clock() - timedelta(minutes=3 + number)
        real[name] = at.isoformat()[:19]
        stage.say(comment(platform, 50 + number, f"When was {name}?", at=at.isoformat()))

    def other_times(exchange: Exchange) -> list[bytes]:
        body = exchange.body
        for name, told in written.items():
            body = body.replace(real[name].encode(), told.encode()) if told else body
        return [exchange.raw(body)]

    stage.meddle(platform, other_times)
    stage.poll(platform)
    stage.work()
    received = {item.text: item.received_at for item in stage.items(platform)}
    assert received["When was 1970?"] == received["When was 2099?"] == stage.clock()
    assert received["When was old?"] == last_read
    assert received["When was true?"].isoformat()[:19] == real["true"]
    clocks = {row.received_at for row in stage.rows(tables.clocks)}
    assert clocks <= {*received.values()}
    assert min(clocks) >= NOON - timedelta(days=1)


RENAMED = {
    "facebook": [(b'"message"', b'"body"')],
    "x": [(b'"text"', b'"body"')],
    "youtube": [(b'"textDisplay"', b'"shown"'), (b'"textOriginal"', b'"written"')],
}
SWITCHED_OFF = {
    "facebook": (400, {"error": {"message": "version", "type": "OAuthException", "code": 2635}}),
    "x": (410, {"title": "Gone", "status": 410, "type": "about:blank"}),
    "youtube": (410, {"error": {"code": 410, "errors": [{"reason": "deprecated"}]}}),
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_api_version_switched_off_or_field_renamed(begin: Begin, platform: str) -> None:
    """People hear of it after one poll; the cursor stays, and once the words are back they are all read."""
    stage = begin(comments(platform, COUNT))

    def renamed(exchange: Exchange) -> list[bytes]:
        body = exchange.body
        for old, new in RENAMED[platform]:
            body = body.replace(old, new)
        return [exchange.raw(body)]

    between = stage.meddle(platform, renamed)
    stage.poll(platform)
    assert people(stage.told("not_watched")) == TELL_ALL
    assert FIRST[platform] not in stage.cursors(platform)
    between.meddle = honest
    stage.poll(platform)
    assert stage.words(platform) == every(platform, COUNT)
    assert FIRST[platform] in stage.cursors(platform)

    status, body = SWITCHED_OFF[platform]
    between.meddle = lambda exchange: [exchange.raw(json.dumps(body).encode(), status)]
    stage.clock.pass_by(days=2)
    stage.poll(platform)
    assert people(stage.told("not_watched")) == sorted(TELL_ALL * 2)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_huge_text_emoji_and_combining_marks(begin: Begin, platform: str) -> None:
    """20,000 characters are kept and the hash of all; each is judged in its time; an edit far out counts."""
    texts = {
        "megabyte": "word " * 200_000,
        "emoji": "\U0001f600" * 10_000,
        "marks": "g\u0308\u0301\u0316" * 5_000,
        "one word": "x" * 1_000_000,
    }
    lines = [comment(platform, number, text) for number, text in enumerate(texts.values())]
    stage = begin([post(platform), *lines])
    stage.poll(platform)
    began = time.process_time()  # of this process: others on the machine are no matter
    stage.work()
    assert time.process_time() - began < 1 + SECONDS_PER_TEXT * len(texts)
    kept = {storable(text[:MAX_TEXT]): digest(text) for text in texts.values()}
    hashes = {row.id: row.digest for row in stage.rows(tables.items)}
    assert {item.text: hashes[item.id] for item in stage.items(platform)} == kept
    said = stage.rows(tables.assessments)
    assert len({row.item for row in said}) == len(texts)
    assert all(row.uncertain for row in said)  # nobody can say what they mean: a person looks
    longer = texts["megabyte"] + "and more"
    stage.practice.change(Change(f"{platform}-0", ChangeKind.EDIT, stage.clock(), longer, by="parent-0"))
    stage.clock.pass_by(minutes=20)
    stage.poll(platform)
    assert max(item.version for item in stage.items(platform)) == 2


DISGUISED = {
    "bidi": "\u202e\u2066kill yourself\u2069\u202c",
    "zero width": "k\u200bi\u200dl\u2060l y\ufeffo\u200burself",
    "homoglyph": "k\u0456ll y\u043eurs\u0435lf",
    "full width": "\uff4b\uff49\uff4c\uff4c yourself",
    "mathematical": "\U0001d424\U0001d422\U0001d425\U0001d425 yourself",
}


def test_rtl_override_zero_width_and_homoglyphs(begin: Begin) -> None:
    """Words in disguise are judged as what they say, and kept as they were written."""
    texts = ["kill yourself", *DISGUISED.values()]
    stage = begin(
        [post("facebook"), *(comment("facebook", number, text) for number, text in enumerate(texts))]
    )
    stage.poll("facebook")
    stage.work()
    assert stage.words("facebook") == sorted(texts)
    judged = stage.rows(tables.assessments)
    assert {row.item for row in judged} == {item.id for item in stage.items("facebook")}
    assert {row.severity for row in judged} == {Severity.CRITICAL}
    assert all("self_harm" in row.labels for row in judged)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_nul_and_lone_surrogates(begin: Begin, platform: str) -> None:
    """From the platform to the letter, nothing trips over them: they become a sign for a broken letter."""
    broken = f"{DANGER} \x00 half \ud83d a pair \udc00"
    names = {"name": "Kerry\x00 Walsh\ud800"}
    hard = [text for text in HARD_TEXTS.values() if text.strip() and len(text) < 1_000]
    odd = [comment(platform, number + 1, text) for number, text in enumerate(hard)]
    stage = begin([post(platform), comment(platform, 0, broken, **names), *odd])
    stage.poll(platform)
    letters = stage.letters()
    assert any("\ufffd" in text for text in stage.words(platform))
    assert not any(
        letter == "\x00" or "\ud800" <= letter <= "\udfff"
        for text in stage.words(platform)
        for letter in text
    )
    assert {row.item for row in stage.rows(tables.assessments)} == {item.id for item in stage.items(platform)}
    urgent = {person for _, _, person in stage.told("urgent")}
    assert urgent
    alarms = {row.id for row in stage.rows(tables.alerts) if row.step == "urgent"}
    assert {row.state for row in stage.rows(tables.deliveries) if row.alert in alarms} == {"delivered"}
    assert not [letter for letter in letters if "\x00" in letter.as_string()]
    assert not [row for row in stage.rows(tables.tasks) if row.state == "set_aside"]
    with stage.store.begin() as unit:
        assert listings.items(unit.connection, limit=99, words=True)


def test_links_in_comments(begin: Begin) -> None:
    """Nothing that people or platforms point to is ever fetched: a server that waits for it hears nothing."""
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.2)
        address = f"http://127.0.0.1:{trap.getsockname()[1]}/"
        texts = [f"See {address}a", f'<img src="{address}b">', f"![x]({address}c)", f"{DANGER} {address}d"]
        lines = [
            comment(platform, number, text) for platform in PLATFORMS for number, text in enumerate(texts)
        ]
        stage = begin([*map(post, PLATFORMS), *lines])
        for platform in PLATFORMS:
            stage.meddle(platform, lambda exchange: [exchange.raw(_with_picture(exchange.body, address))])
            stage.poll(platform)
            assert stage.words(platform) == sorted(texts)
        letters = stage.letters()
        assert letters
        assert not [letter for letter in letters if address in letter.as_string()]
        with pytest.raises(TimeoutError):
            trap.accept()


def _with_picture(body: bytes, address: str) -> bytes:
    """Return an answer in which every author has a picture and every comment an attachment."""
    picture = f'"profile_image_url": "{address}p", "picture": {{"data": {{"url": "{address}q"}}}}, '
    shown = f'"attachment": {{"type": "photo", "media": {{"image": {{"src": "{address}r"}}}}}}, '
    return body.replace(b'{"id":', b"{" + (picture + shown).encode() + b'"id":')


def test_pile_on(tmp_path: Path) -> None:
    """A crowd is stored and judged in its time, nobody gets a letter for each, and danger is told meanwhile.

    The ten thousand of the table: ``python -m tests.journeys.fault_stage 10000``.
    """
    went = pile_on(tmp_path, 200, "rules")
    part = went.comments / 10_000
    assert went.effort <= 2 + 65 * part
    assert 0 < went.found <= went.told <= went.stored + went.scored + 2
    assert went.letters <= 10


def test_backfill_or_new_account_connected(begin: Begin) -> None:
    """What was said before the account went live is judged silently: no case, no clock, no letter."""
    live = ("go_live = 2026-11-16T00:00:00Z", "go_live = 2026-11-17T12:00:00Z")
    history = [comment("facebook", 30 + number, DANGER, id=f"old-{number}") for number in range(5)]
    stage = begin([*comments("facebook", COUNT), *history], live)
    stage.poll("facebook")
    stage.work()
    assert len(stage.rows(tables.assessments)) == COUNT + 5
    assert {step for _, step, _ in stage.told()} <= {"heartbeat"}
    assert stage.rows(tables.cases) == stage.rows(tables.escalations) == stage.rows(tables.clocks) == []
    stage.clock.pass_by(minutes=10)
    say(stage, "facebook", "When is the concert?")
    stage.poll("facebook")
    stage.work()
    assert [row.received_at for row in stage.rows(tables.clocks)] == [NOON + timedelta(minutes=9)]


def test_one_poisoned_account(begin: Begin) -> None:
    """While one platform drips its answer, the others are read; nothing of its own is lost."""
    stage = begin([line for platform in PLATFORMS for line in comments(platform, COUNT)])
    caught, go_on = threading.Event(), threading.Event()

    def drips(exchange: Exchange) -> Iterator[bytes]:
        for place, byte in enumerate(exchange.raw()):
            if place == 20:
                caught.set()
                go_on.wait(20)
            yield bytes([byte])

    between = stage.meddle("facebook", drips)
    slow = threading.Thread(target=stage.poll, args=("facebook",))
    slow.start()
    assert caught.wait(10)
    for platform in ("x", "youtube"):
        stage.poll(platform)
        assert stage.words(platform) == every(platform, COUNT)
    assert stage.words("facebook") == []
    between.meddle = honest
    go_on.set()
    slow.join(20)
    assert stage.words("facebook") == every("facebook", COUNT)
