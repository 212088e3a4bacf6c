"""YouTube: where a comment is, told from what YouTube shows by id, in its lists, and of the video."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from connectors.base import ConnectorError, PermissionMissing, QuotaExhausted
from moderation.items import Found, ItemKind, Presence, Reference, digest
from tests.connectors.wire import (
    NOW,
    REPLIES,
    THREADS,
    VIDEOS,
    connector,
    yt_answer,
    yt_comment,
    yt_error,
    yt_thread,
)

VIDEO = "abc-DEF_123"
Answered = tuple[int, dict[str, str], str]


def known(external_id: str, **more: Any) -> Reference:
    """Return what is remembered of a comment; one with a dot in its id is a reply."""
    thread = external_id.split(".", maxsplit=1)[0]
    told: dict[str, Any] = {
        "kind": ItemKind.COMMENT if thread == external_id else ItemKind.REPLY,
        "thread_id": thread,
        "post_id": VIDEO,
        "digest": digest(f"Words of {external_id}"),
        "created_at": datetime(2026, 11, 20, 10, 0, tzinfo=UTC),
    } | more
    return Reference(external_id, **told)


class Channel:
    """What YouTube would show of a channel: threads and replies by id, lists by status, and its videos."""

    def __init__(self) -> None:
        self.threads: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, dict[str, Any]] = {}
        self.lists: dict[str, list[object]] = {}
        self.replies: dict[str, list[object]] = {}
        self.videos = {VIDEO: "public"}
        self.switched_off: dict[str, str] = {}
        self.refusals: dict[str, tuple[int, str]] = {}
        self.asked: list[dict[str, str]] = []

    def answer(self, request: Any) -> Answered:
        """Answer a request as YouTube would, as far as looking up needs it."""
        address = urlsplit(request.url)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.asked.append(query)
        refused = next((self.refusals[each] for each in query.values() if each in self.refusals), None)
        refused = refused or next((self.refusals[e] for e in _ids(query) if e in self.refusals), None)
        if refused:
            return _said(yt_error(refused[1]), refused[0])
        if query.get("videoId") in self.switched_off:
            return _said(yt_error(self.switched_off[query["videoId"]]), 403)
        return _said(yt_answer(self._entries(address.path.rpartition("/")[2], query)))

    def _entries(self, name: str, query: dict[str, str]) -> list[Any]:
        if "moderationStatus" in query:
            return self.lists.get(query["moderationStatus"], [])
        if "parentId" in query:
            return self.replies.get(query["parentId"], [])
        if name == "videos":
            there = [each for each in _ids(query) if each in self.videos]
            return [{"id": each, "status": {"privacyStatus": self.videos[each]}} for each in there]
        shown = self.threads if name == "commentThreads" else self.comments
        return [shown[each] for each in _ids(query) if each in shown]


def _ids(query: dict[str, str]) -> list[str]:
    return query.get("id", "").split(",")


def _said(body: dict[str, Any], status: int = 200) -> Answered:
    return status, {}, json.dumps(body)


@pytest.fixture
def channel() -> Iterator[Channel]:
    """Return a channel that answers whatever a lookup asks."""
    shown = Channel()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for address in (THREADS, REPLIES, VIDEOS):
            mock.add_callback(responses.GET, address, shown.answer)
        yield shown


def look(*references: Reference) -> list[Found]:
    """Look items up."""
    return connector("youtube").lookup(references, NOW)


def presences(*references: Reference) -> list[Presence]:
    """Look items up and return only where they are."""
    return [each.presence for each in look(*references)]


def test_public_comment_is_present_for_one_unit(channel: Channel) -> None:
    """What all of YouTube sees is in no list of what is held, so those are not read."""
    channel.threads["UgA"] = yt_thread("UgA")
    reader = connector("youtube")
    (found,) = reader.lookup([known("UgA")], NOW)
    assert (found.external_id, found.presence) == ("UgA", Presence.PRESENT)
    assert found.item is not None
    assert found.item.text == "Words of UgA"
    assert (reader.meter.calls, reader.meter.units) == (1, 1)


def test_other_words_are_an_edit(channel: Channel) -> None:
    """The words as they are now come with it."""
    channel.threads["UgA"] = yt_thread("UgA", textDisplay="Other words", updatedAt="2026-11-20T11:00:00Z")
    (found,) = look(known("UgA"))
    assert found.presence is Presence.EDITED
    assert found.item is not None
    assert found.item.text == "Other words"


def test_reply_is_found_under_its_comment(channel: Channel) -> None:
    """Replies are asked for by id too, and keep their place in the thread."""
    channel.threads["UgA"] = yt_thread("UgA", total=1)
    channel.comments["UgA.1"] = yt_comment("UgA.1", parent="UgA", moderationStatus=None)
    (found,) = look(known("UgA.1"))
    assert found.presence is Presence.PRESENT
    assert found.item is not None
    assert (found.item.thread_id, found.item.parent_id, found.item.post_id) == ("UgA", "UgA", VIDEO)


@pytest.mark.parametrize("status", ["heldForReview", "likelySpam", "rejected"])
@pytest.mark.parametrize("is_shown", [True, False])
def test_comment_in_a_list_of_what_is_not_public_is_hidden(
    channel: Channel, status: str, is_shown: bool
) -> None:
    """Whether YouTube shows it by id or not."""
    hidden = yt_thread("UgA", moderationStatus=status)
    hidden["snippet"]["isPublic"] = False
    channel.lists[status] = [yt_thread("UgZ", moderationStatus=status), hidden]
    if is_shown:
        channel.threads["UgA"] = hidden
    (found,) = look(known("UgA"))
    assert found.presence is Presence.HIDDEN
    assert found.item is not None
    assert found.item.hidden


def test_held_reply_beyond_those_that_the_list_shows_is_hidden(channel: Channel) -> None:
    """The thread stands in the list because of it, and is read reply by reply."""
    shown = [yt_comment(f"UgA.{number}", parent="UgA") for number in range(5)]
    channel.threads["UgA"] = yt_thread("UgA", total=6)
    channel.comments["UgA.9"] = yt_comment("UgA.9", parent="UgA", moderationStatus=None)
    channel.comments["UgA.1"] = yt_comment("UgA.1", parent="UgA", moderationStatus=None)
    channel.lists["heldForReview"] = [yt_thread("UgA", *shown, total=6)]
    channel.replies["UgA"] = [yt_comment("UgA.9", parent="UgA", moderationStatus="heldForReview")]
    assert presences(known("UgA.9"), known("UgA.1")) == [Presence.HIDDEN, Presence.PRESENT]


def test_comment_that_is_nowhere_is_deleted(channel: Channel) -> None:
    """Its video is there and shows comments, and no list has it: only then."""
    assert presences(known("UgA"), known("UgB.1")) == [Presence.DELETED, Presence.DELETED]
    statuses = [each["moderationStatus"] for each in channel.asked if "moderationStatus" in each]
    assert statuses == ["heldForReview", "likelySpam", "rejected"]


@pytest.mark.parametrize("video", ["gone", "private", "comments off", "comments off, no permission"])
def test_comment_under_a_video_out_of_sight_is_not_declared_deleted(channel: Channel, video: str) -> None:
    """It may come back with the video."""
    if video == "gone":
        del channel.videos[VIDEO]
    if video == "private":
        channel.videos[VIDEO] = "private"
    if video.startswith("comments off"):
        channel.switched_off[VIDEO] = "commentsDisabled" if video == "comments off" else "forbidden"
    assert presences(known("UgA")) == [Presence.INVISIBLE]


def test_comment_of_an_unknown_video_is_unknown(channel: Channel) -> None:
    """Without a video to ask for, nothing tells a deletion from a video that went."""
    assert presences(known("UgA", post_id=None)) == [Presence.UNKNOWN]


def test_reply_that_is_missing_under_a_held_comment_is_unknown(channel: Channel) -> None:
    """Holding a comment takes its replies out of sight; deleted looks the same."""
    channel.lists["rejected"] = [yt_thread("UgA", moderationStatus="rejected")]
    assert presences(known("UgA.1")) == [Presence.UNKNOWN]


@pytest.mark.parametrize("reason", ["invalidFilters", "operationNotSupported", "processingFailure"])
def test_list_of_the_removed_may_be_missing(channel: Channel, reason: str) -> None:
    """YouTube's documentation leaves it out; then nothing is known of it, and the rest still is."""
    channel.refusals["rejected"] = (400, reason)
    assert presences(known("UgA")) == [Presence.DELETED]


def test_one_missing_comment_does_not_hide_the_others(channel: Channel) -> None:
    """YouTube may refuse all ids because of one; then they are asked for by halves."""
    names = [f"Ug{number}" for number in range(8)]
    channel.threads = {name: yt_thread(name) for name in names if name != "Ug5"}
    channel.refusals["Ug5"] = (404, "commentThreadNotFound")
    found = presences(*(known(name) for name in names))
    assert found == [Presence.DELETED if name == "Ug5" else Presence.PRESENT for name in names]


def test_one_forbidden_comment_is_invisible(channel: Channel) -> None:
    """It is there, and not shown to us."""
    channel.threads["UgA"] = yt_thread("UgA")
    channel.refusals["UgB"] = (403, "forbidden")
    assert presences(known("UgA"), known("UgB")) == [Presence.PRESENT, Presence.INVISIBLE]


def test_channel_that_shows_nothing_is_a_sign_in_to_mend(channel: Channel) -> None:
    """All of it forbidden: that is no fate of the comments."""
    channel.refusals |= {"UgA": (403, "forbidden"), "UgB": (403, "forbidden")}
    with pytest.raises(PermissionMissing):
        look(known("UgA"), known("UgB"))


def test_comment_that_cannot_be_read_is_there(channel: Channel) -> None:
    """A broken answer is no deletion."""
    channel.threads["UgA"] = yt_thread("UgA", top={"id": "UgA", "snippet": {}})
    channel.comments["UgA.1"] = {"id": "UgA.1", "snippet": []}
    assert presences(known("UgA"), known("UgA.1")) == [Presence.UNKNOWN, Presence.UNKNOWN]


def test_comment_published_while_we_look_is_not_declared_deleted(channel: Channel) -> None:
    """It left the list of the held after we asked by id, and before we read the list."""

    class Moving(Channel):
        def answer(self, request: Any) -> Answered:
            if "heldForReview" in request.url:
                self.threads["UgA"] = yt_thread("UgA")
            return super().answer(request)

    moving = Moving()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for address in (THREADS, REPLIES, VIDEOS):
            mock.add_callback(responses.GET, address, moving.answer)
        assert presences(known("UgA")) == [Presence.PRESENT]


def test_many_are_asked_for_fifty_at_a_time(channel: Channel) -> None:
    """In the order in which they were asked for."""
    names = [f"Ug{number:03}" for number in range(120)]
    channel.threads = {name: yt_thread(name) for name in names}
    assert [each.external_id for each in look(*(known(name) for name in names))] == names
    assert sorted(len(_ids(each)) for each in channel.asked) == [20, 50, 50]


def test_nothing_to_look_up_costs_nothing(channel: Channel) -> None:
    """No reference, no request."""
    assert look() == []
    assert channel.asked == []


@pytest.mark.parametrize(
    "status", [(403, "quotaExceeded", QuotaExhausted), (500, "backendError", ConnectorError)]
)
def test_trouble_is_an_error_and_no_answer(
    channel: Channel, status: tuple[int, str, type[ConnectorError]]
) -> None:
    """What could not be asked says nothing about the comment."""
    channel.refusals["UgA"] = status[:2]
    with pytest.raises(status[2]):
        look(known("UgA"))
