"""The X connector on the practice X: a real server, acts that last, and every stream read whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.base import Connector, NotFound, Refused
from connectors.practice.content import read
from connectors.practice.identities import SCHOOL, TOKEN, X_USER_ID
from connectors.practice.server import PracticePlatforms
from moderation.actions import Action, ActionKind, Done
from moderation.items import ItemKind, Presence, Reference, Sighting, digest
from tests.connectors.wire import connector, poll

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
NOW = MONDAY + timedelta(days=2)

LINES: list[dict[str, Any]] = [
    {"id": "evening", "by": SCHOOL, "text": "Open evening on Thursday."},
    {"id": "parking", "under": "evening", "text": "Where can we park?"},
    {"id": "rude", "under": "evening", "text": "Nobody cares.", "by": "someone-else"},
    {"id": "aside", "under": "rude", "text": "So do I not.", "by": "another"},
    {"id": "mention", "text": "@OakfieldAcademy what time does it start?"},
    {"id": "quote", "quotes": "evening", "text": "Look at this."},
    {"id": "private", "private": True, "text": "May I ask something in private?"},
]


@pytest.fixture
def platforms() -> Iterator[PracticePlatforms]:
    """Return a practice X with a post of the school, what came under it, a quote and a message."""
    told = [
        {"platform": "x", "by": "parent-1", "at": (MONDAY + timedelta(hours=hour)).isoformat(), **line}
        for hour, line in enumerate(LINES)
    ]
    content = read([json.dumps(line).encode() for line in told])
    assert content.rejected == ()
    with PracticePlatforms(content, lambda: NOW) as started:
        yield started


def _reader(platforms: PracticePlatforms, **settings: object) -> Connector:
    return connector("x", token=TOKEN, base_url=platforms.url, **settings)


def _everything(reader: Connector) -> dict[str, Sighting]:
    found: dict[str, Sighting] = {}
    for stream in reader.streams():
        found.update({item.external_id: item for item in poll(reader, stream, now=NOW).items})
    return found


def _reference(item: Sighting) -> Reference:
    return Reference(
        external_id=item.external_id,
        kind=item.kind,
        thread_id=item.thread_id,
        author_id=item.author.external_id,
        digest=digest(item.text),
    )


def _action(kind: ActionKind, item: Sighting, words: str = "Behind the sports hall.") -> Action:
    return Action(kind, _reference(item), "ours-1", NOW - timedelta(minutes=1), words)


def _texts(items: dict[str, Sighting]) -> set[str]:
    return {item.text.removeprefix("@OakfieldAcademy ") for item in items.values()}


@pytest.mark.parametrize("vocabulary", ["tweet", "post"])
@pytest.mark.filterwarnings("ignore:The 'warn' method is deprecated:DeprecationWarning")
def test_every_stream_brings_what_is_there(platforms: PracticePlatforms, vocabulary: str) -> None:
    """Polls and sweeps each bring every line, the quote and the private message too."""
    reader = _reader(platforms, vocabulary=vocabulary)
    polled = _everything(reader)
    swept = {
        item.external_id: item
        for stream in reader.streams()
        for page in reader.sweep(stream, NOW - timedelta(days=7), NOW)
        for item in page.items
    }
    expected = {line["text"].removeprefix("@OakfieldAcademy ") for line in LINES}
    assert _texts(polled) == _texts(swept) == expected
    assert {item.kind for item in polled.values()} == {
        ItemKind.POST,
        ItemKind.REPLY,
        ItemKind.MENTION,
        ItemKind.MESSAGE,
    }


def test_reply_is_made_once_found_again_and_polled_as_ours(platforms: PracticePlatforms) -> None:
    """The reply is confirmed, can be found by its words, and the next poll knows it as the school's."""
    reader = _reader(platforms)
    item = next(each for each in _everything(reader).values() if "park" in each.text)
    action = _action(ActionKind.REPLY, item)
    assert reader.verify(action, NOW) is None
    done = reader.act(action, NOW)
    assert done.confirmed
    assert not done.remark
    assert reader.verify(action, NOW) == Done(done.external_id, confirmed=True)
    again = _everything(_reader(platforms))[str(done.external_id)]
    assert (again.is_own, again.parent_id) == (True, item.external_id)
    with pytest.raises(Refused, match="same before"):
        reader.act(action, NOW)


def test_uninvited_reply_is_refused(platforms: PracticePlatforms) -> None:
    """X lets programs answer only who names or quotes the school."""
    reader = _reader(platforms)
    items = _everything(reader).values()
    platforms.set_x_rules(summoned_only=True)
    uninvited = next(each for each in items if not each.names_school and each.kind is ItemKind.REPLY)
    with pytest.raises(Refused, match="names or quotes"):
        reader.act(_action(ActionKind.REPLY, uninvited), NOW)
    invited = next(each for each in items if "what time" in each.text)
    assert reader.act(_action(ActionKind.REPLY, invited), NOW).confirmed


def test_message_is_answered_and_its_author_blocked(platforms: PracticePlatforms) -> None:
    """The answer lands in the conversation and can be found there."""
    reader = _reader(platforms)
    item = next(each for each in _everything(reader).values() if each.kind is ItemKind.MESSAGE)
    action = _action(ActionKind.REPLY, item)
    done = reader.act(action, NOW)
    assert done.confirmed
    assert reader.verify(action, NOW) == Done(done.external_id, confirmed=True)
    assert not reader.act(_action(ActionKind.BLOCK, item), NOW).confirmed
    assert not reader.act(_action(ActionKind.UNBLOCK, item), NOW).confirmed


def test_reply_is_hidden_and_own_post_deleted(platforms: PracticePlatforms) -> None:
    """Only under our own posts, and only our own; what is deleted is found gone."""
    reader = _reader(platforms)
    items = _everything(reader).values()
    rude = next(each for each in items if "cares" in each.text)
    assert "Open the item's link" in reader.act(_action(ActionKind.HIDE, rude), NOW).remark
    reader.act(_action(ActionKind.UNHIDE, rude), NOW)
    ours = next(each for each in items if each.is_own)
    assert reader.act(_action(ActionKind.DELETE, ours), NOW) == Done(confirmed=True)
    found = reader.lookup([_reference(ours), _reference(rude)], NOW)
    assert [each.presence for each in found] == [Presence.DELETED, Presence.PRESENT]
    with pytest.raises(NotFound):
        reader.act(_action(ActionKind.DELETE, ours), NOW)


def test_proof_and_allowances(platforms: PracticePlatforms) -> None:
    """The token is the school's; every answer tells of a window, and what was read has a price."""
    reader = _reader(platforms)
    assert reader.prove(NOW).scopes is None
    _everything(reader)
    assert "GET /2/users/{id}/mentions" in reader.meter.windows
    assert X_USER_ID not in " ".join(reader.meter.windows)
    assert reader.meter.cost > 0
