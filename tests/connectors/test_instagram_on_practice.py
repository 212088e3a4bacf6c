"""The Instagram connector on the practice Instagram: real requests, a week that changes, acts that last."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest

from connectors.base import (
    AuthExpired,
    BadResponse,
    Connector,
    ConnectorError,
    NotFound,
    PermissionMissing,
    RateLimited,
    Refused,
    State,
    Transient,
)
from connectors.practice.content import read
from connectors.practice.identities import (
    EXPIRED_TOKEN,
    INSTAGRAM_ACCOUNT_ID,
    SCHOOL,
    TOKEN,
    USER_TOKEN,
    Platform,
)
from connectors.practice.server import PracticePlatforms
from moderation.actions import Action, ActionKind
from moderation.items import ItemKind, Presence, Reference, Sighting, digest
from tests.connectors.wire import ME, Polled, connector, poll

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
LATER = MONDAY + timedelta(days=3)

Line = dict[str, Any]
Start = Callable[..., PracticePlatforms]


class _Clock:
    """The time of the practice platforms, moved by the test."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    """Return a clock that stands three days after Monday."""
    return _Clock(LATER)


@pytest.fixture
def start(clock: _Clock) -> Iterator[Start]:
    """Return a function that starts practice platforms; they are stopped at the end."""
    started: list[PracticePlatforms] = []

    def begin(*lines: Line, **more: Any) -> PracticePlatforms:
        told = [{"platform": "instagram", "at": MONDAY.isoformat(), **line} for line in lines]
        content = read([json.dumps(line).encode() for line in told])
        assert content.rejected == ()
        platforms = PracticePlatforms(content, clock, **more)
        platforms.start()
        started.append(platforms)
        return platforms

    yield begin
    for each in started:
        each.stop()


def _at(**after_monday: float) -> str:
    return (MONDAY + timedelta(**after_monday)).isoformat()


POST: Line = {"id": "p", "by": SCHOOL, "text": "Sports day"}
COMMENT: Line = {
    "id": "c",
    "by": "kerry-walsh",
    "under": "p",
    "text": "When does it begin?",
    "at": _at(hours=1),
}
REPLY: Line = {"id": "r", "by": "sam-reed", "under": "c", "text": "I wonder too", "at": _at(hours=2)}
MESSAGE: Line = {
    "id": "m",
    "by": "kerry-walsh",
    "private": True,
    "text": "Are you open?",
    "at": _at(days=2.9),
}


def _reader(platforms: PracticePlatforms, token: str = TOKEN, **options: object) -> Connector:
    address = platforms.base_url(Platform.INSTAGRAM)
    return connector("instagram", token=token, base_url=address, **options)


def _everything(reader: Connector, now: datetime, states: dict[str, State] | None = None) -> list[Sighting]:
    """Poll every stream as the product does, and keep the states."""
    kept = {} if states is None else states
    items: list[Sighting] = []
    for stream in reader.streams():
        polled = poll(reader, stream, kept.get(stream), now)
        assert polled.rejected == []
        kept[stream] = polled.cursor
        items.extend(polled.items)
    return items


def _reference(item: Sighting) -> Reference:
    return Reference(
        item.external_id,
        item.kind,
        item.thread_id,
        item.parent_id,
        item.post_id,
        item.author.external_id,
        item.permalink,
        digest(item.text),
    )


def _of(reader: Connector, platforms: PracticePlatforms, key: str, now: datetime = LATER) -> Reference:
    wanted = platforms.external_id(key)
    (item,) = {each for each in _everything(reader, now) if each.external_id == wanted}
    return _reference(item)


@pytest.mark.parametrize("login", ["facebook", "instagram"])
def test_everything_that_concerns_the_school_is_read(login: str, start: Start) -> None:
    """Media, 130 comments over three pages, 60 replies under one of them, and messages; whoever signs in."""
    comments = [COMMENT | {"id": f"c{n}", "by": f"parent-{n}", "at": _at(minutes=n)} for n in range(130)]
    replies = [REPLY | {"id": f"r{n}", "under": "c7", "at": _at(hours=5, minutes=n)} for n in range(60)]
    own = {"id": "o", "by": SCHOOL, "under": "c8", "text": "At ten", "at": _at(hours=9)}
    platforms = start(POST, *comments, *replies, own, MESSAGE)
    items = _everything(_reader(platforms, login=login), LATER)
    world = platforms.world(Platform.INSTAGRAM)
    assert {item.external_id for item in items} == set(world.nodes)
    for item in items:
        node = world.nodes[item.external_id]
        assert (item.text, item.created_at) == (node.text, node.at)
        assert item.author.external_id == node.author.id
        assert item.is_own is node.author.is_school
        assert item.thread_id == (node.conversation or (node.top or node).id)
    assert {item.external_id for item in items if item.is_own} == {
        platforms.external_id("p"),
        platforms.external_id("o"),
    }


def test_each_poll_brings_what_came_since(start: Start, clock: _Clock) -> None:
    """A comment on media of last month is found by the changed number of comments."""
    old = POST | {"at": _at(days=-60)}
    platforms = start(old, COMMENT | {"at": _at(days=-59)}, REPLY | {"at": _at(days=1)})
    reader, states = _reader(platforms), dict[str, State]()
    clock.now = MONDAY
    before = {item.external_id for item in _everything(reader, clock.now, states)}
    clock.now = LATER
    after = {item.external_id for item in _everything(reader, clock.now, states)}
    assert platforms.external_id("r") not in before
    assert {platforms.external_id("r"), platforms.external_id("c")} <= after


def test_sweep_finds_what_no_count_shows(start: Start) -> None:
    """One comment went and one came: the number is the same, and the daily sweep finds the new one."""
    old = POST | {"at": _at(days=-60)}
    gone = COMMENT | {"id": "g", "at": _at(days=-59)}
    deletion = {"change": "delete", "of": "g", "at": _at(days=1)}
    platforms = start(old, gone, deletion, COMMENT | {"at": _at(days=1)})
    reader = _reader(platforms)
    states: dict[str, State] = {}
    _everything(reader, MONDAY, states)
    swept = Polled(list(reader.sweep("comments", LATER - timedelta(days=7), LATER)))
    assert platforms.external_id("c") in swept.ids
    assert platforms.external_id("g") not in swept.ids


def test_what_became_of_a_comment_is_told(start: Start, clock: _Clock) -> None:
    """There, then hidden, then deleted by its author; a message that was unsent is gone too."""
    changes = [
        {"change": "hide", "of": "c", "at": _at(days=4)},
        {"change": "delete", "of": "c", "at": _at(days=5)},
        {"change": "delete", "of": "m", "at": _at(days=5)},
    ]
    platforms = start(POST, COMMENT, REPLY, MESSAGE, MESSAGE | {"id": "m2"}, *changes)
    reader = _reader(platforms)
    comment, message = _of(reader, platforms, "c"), _of(reader, platforms, "m")
    told = []
    for days in (3, 4, 5):
        clock.now = MONDAY + timedelta(days=days, minutes=1)
        told.append([each.presence for each in reader.lookup([comment, message], clock.now)])
    assert told == [
        [Presence.PRESENT, Presence.PRESENT],
        [Presence.HIDDEN, Presence.PRESENT],
        [Presence.DELETED, Presence.DELETED],
    ]


def test_answer_is_recognised_by_the_next_poll(start: Start) -> None:
    """An answer to a reply stands under the comment above, is said so, and is read as our own."""
    platforms = start(POST, COMMENT, REPLY)
    reader = _reader(platforms)
    action = Action(ActionKind.REPLY, _of(reader, platforms, "r"), "a", LATER, "At ten.")
    done = reader.act(action, LATER)
    assert done.confirmed
    assert "top of the thread" in done.remark
    answer = next(item for item in _everything(reader, LATER) if item.external_id == done.external_id)
    assert (answer.is_own, answer.text) == (True, "At ten.")
    assert answer.thread_id == platforms.external_id("c")
    again = reader.verify(action, LATER)
    assert again is not None
    assert again.external_id == done.external_id


def test_hiding_showing_and_deleting_last(start: Start) -> None:
    """Each act is confirmed by what Instagram shows afterwards; a hidden comment takes no answer."""
    platforms = start(POST, COMMENT)
    reader = _reader(platforms)
    item = _of(reader, platforms, "c")

    def act(kind: ActionKind) -> bool:
        return reader.act(Action(kind, item, "a", LATER, "At ten."), LATER).confirmed

    assert act(ActionKind.HIDE)
    with pytest.raises(Refused, match="hidden"):
        act(ActionKind.REPLY)
    assert act(ActionKind.UNHIDE)
    assert act(ActionKind.DELETE)
    assert reader.lookup([item], LATER)[0].presence is Presence.DELETED
    with pytest.raises(NotFound):
        act(ActionKind.REPLY)


def test_messages_are_answered_for_a_day(start: Start, clock: _Clock) -> None:
    """After 24 hours Instagram refuses, and the person is told to answer by hand."""
    platforms = start(POST, MESSAGE)
    reader = _reader(platforms)
    action = Action(ActionKind.REPLY, _of(reader, platforms, "m"), "a", LATER, "We are.")
    done = reader.act(action, LATER)
    assert done.confirmed
    assert reader.verify(action, LATER) is not None
    clock.now = LATER + timedelta(days=2)
    with pytest.raises(Refused, match="24 hours"):
        reader.act(action, clock.now)


def test_author_of_a_message_is_blocked(start: Start) -> None:
    """Nothing shows it afterwards by program, and nothing is claimed."""
    platforms = start(POST, MESSAGE)
    reader = _reader(platforms)
    message = _of(reader, platforms, "m")
    action = Action(ActionKind.BLOCK, message, "a", LATER)
    assert not reader.act(action, LATER).confirmed
    assert reader.verify(action, LATER) is None
    assert platforms.world(Platform.INSTAGRAM).banned == {"kerry-walsh"}


def test_messages_beyond_twenty_are_missed(start: Start, clock: _Clock) -> None:
    """Of twenty-five between two polls twenty are read; a row sends a person there, the gap is said."""
    more = [MESSAGE | {"id": f"m{n}", "at": _at(days=1, minutes=n)} for n in range(25)]
    platforms = start(POST, MESSAGE | {"at": _at(hours=1)}, *more)
    reader = _reader(platforms)
    clock.now = MONDAY + timedelta(hours=2)
    before = poll(reader, "messages", now=clock.now)
    clock.now = LATER
    after = poll(reader, "messages", before.cursor, LATER)
    assert len([item for item in after.items if item.kind is ItemKind.MESSAGE]) == 20
    assert [each.external_id for each in after.rejected] == [platforms.external_id("m4")]
    (missed,) = [each for page in after.pages for each in page.missed]
    assert missed.began_at == MONDAY + timedelta(hours=2)


@pytest.mark.parametrize(
    ("token", "problem"), [(EXPIRED_TOKEN, AuthExpired), (USER_TOKEN, PermissionMissing)]
)
def test_wrong_token_is_noticed_at_once(token: str, problem: type[ConnectorError], start: Start) -> None:
    """An expired token and a person's: neither looks like a quiet account."""
    platforms = start(POST, COMMENT)
    for ask in (lambda reader: poll(reader, now=LATER), lambda reader: reader.prove(LATER)):
        with pytest.raises(problem):
            ask(_reader(platforms, token))


def test_proof_of_a_good_token_lacks_nothing(start: Start) -> None:
    """The Page's token with all permissions and no end."""
    proof = _reader(start(POST)).prove(LATER)
    assert (proof.expires_at, proof.lacking) == (None, ())


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        ("429", RateLimited),
        ("quota", RateLimited),
        ("500", Transient),
        ("denied", PermissionMissing),
        ("html", BadResponse),
        ("half", BadResponse),
        ("down", Transient),
    ],
)
def test_fault_at_any_request_moves_nothing_and_loses_nothing(
    kind: str, problem: type[ConnectorError], start: Start
) -> None:
    """Whichever request of the first stream fails, the next poll brings everything."""
    platforms = start(POST, COMMENT, REPLY)
    whole = set(poll(_reader(platforms), now=LATER).ids)
    for number in range(1, platforms.requests["instagram"] + 1):
        platforms.set_faults(f"instagram:{kind}@{number}")
        with pytest.raises(problem):
            poll(_reader(platforms), now=LATER)
        platforms.set_faults("")
        assert set(poll(_reader(platforms), now=LATER).ids) == whole


def test_empty_page_with_a_next_one_is_not_the_end(start: Start) -> None:
    """Graph hands out such pages; what comes after them is read."""
    platforms = start(POST, COMMENT, REPLY)
    whole = set(poll(_reader(platforms), now=LATER).ids)
    platforms.set_faults("instagram:empty@2,instagram:empty@4")
    assert set(poll(_reader(platforms), now=LATER).ids) == whole


def test_independent_client_reads_the_practice_instagram_too(start: Start) -> None:
    """Somebody else's idea of Instagram's API agrees with ours: media, comments and replies."""
    platforms = start(POST, COMMENT, REPLY)
    client = import_module("pyfacebook").IGBusinessApi(
        access_token=TOKEN,
        instagram_business_id=INSTAGRAM_ACCOUNT_ID,
        base_url=f"{platforms.base_url(Platform.INSTAGRAM)}/",
        version="v26.0",
        ignore_version_check=True,
        sleep_on_rate_limit=False,
    )
    (media,) = client.user.get_media(fields="id,caption,comments_count").data
    (comment,) = client.media.get_comments(media_id=media.id, fields="id,text,username").data
    (reply,) = client.comment.get_replies(comment_id=comment.id, fields="id,text").data
    assert (media.caption, media.comments_count) == ("Sports day", 2)
    assert (comment.text, comment.username) == ("When does it begin?", "kerrywalsh")
    assert reply.text == "I wonder too"
    assert client.user.get_info(fields="id,username").username == ME["instagram"].handle
