"""The practice YouTube behaves as the real one when somebody moderates, and the connector sees all of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.base import Connector, PermissionMissing, QuotaExhausted, Refused
from connectors.practice import youtube_quota
from connectors.practice.changes import Change, ChangeKind
from connectors.practice.identities import TOKEN, YOUTUBE_CHANNEL_ID, Platform
from connectors.practice.server import PracticePlatforms
from connectors.practice.wire import Answer, Request
from connectors.practice.youtube import READ_ONLY_TOKEN, TESTING_TOKEN, answer
from connectors.practice.youtube_moderation import SPAM_FILTER
from moderation.actions import Action, ActionKind
from moderation.items import ItemKind, Presence, Reference, digest
from tests.connectors.practice.rehearsal import ALL_THREADS, content
from tests.connectors.wire import connector, poll
from tests.fakes import PassingTime

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
THREADS = "/youtube/v3/commentThreads"
COMMENTS = "/youtube/v3/comments"
MODERATION = f"{COMMENTS}/setModerationStatus"


def _line(key: str, by: str, under: str | None, hours_ago: float) -> dict[str, Any]:
    at = (NOW - timedelta(hours=hours_ago)).isoformat()
    return {"id": key, "platform": "youtube", "by": by, "under": under, "text": f"Words of {key}", "at": at}


LINES = (
    _line("video", "school", None, 90),
    _line("other", "school", None, 89),
    _line("a", "kerry-walsh", "video", 30),
    _line("a-1", "dan-moss", "a", 29),
    _line("a-2", "school", "a", 28),
    _line("b", "dan-moss", "video", 20),
    _line("c", "sam-reed", "other", 10),
    _line("c-1", "kerry-walsh", "c", 9),
    _line("later", "sam-reed", "video", -2),
)


@pytest.fixture
def time() -> PassingTime:
    """Return the time of the practice platforms, standing still."""
    return PassingTime(NOW)


@pytest.fixture
def there(time: PassingTime) -> Iterator[PracticePlatforms]:
    """Return a small channel that is running."""
    with PracticePlatforms(content(*LINES), time) as platforms:
        yield platforms


def reader(there: PracticePlatforms, token: str = TOKEN, **options: object) -> Connector:
    """Return the connector of the channel."""
    return connector("youtube", token=token, base_url=there.url, **options)


def moderate(there: PracticePlatforms, key: str, kind: str, **more: Any) -> None:
    """Let something happen at noon."""
    there.change(Change(key, ChangeKind(kind), NOW, **more))


def known(there: PracticePlatforms, key: str) -> Reference:
    """Return what the product remembers of a line."""
    node = there.world(Platform.YOUTUBE).by_key[key]
    assert node.top is not None
    return Reference(
        node.id,
        ItemKind.REPLY if node.is_reply else ItemKind.COMMENT,
        node.top.id,
        post_id=node.post.id,
        author_id=node.author.id,
        digest=digest(f"Words of {key}"),
        created_at=node.at,
    )


def keys(there: PracticePlatforms, stream: str, now: datetime = NOW) -> dict[str, bool | None]:
    """Return the lines that a stream shows, and whether each is hidden."""
    by_id = {node.id: key for key, node in there.world(Platform.YOUTUBE).by_key.items()}
    return {by_id[item.external_id]: item.hidden for item in poll(reader(there), stream, now=now).items}


def presence(there: PracticePlatforms, key: str, now: datetime = NOW) -> Presence:
    """Return where the connector finds a line."""
    (found,) = reader(there).lookup([known(there, key)], now)
    return found.presence


def say(
    there: PracticePlatforms, path: str, method: str = "GET", body: object = None, **query: object
) -> Answer:
    """Send a request at noon, as a client would, and return the answer."""
    named = {name: (str(value),) for name, value in query.items()}
    request = Request(method, path, named, token=TOKEN, body=body, stage=there.stage)
    return answer(there.world(Platform.YOUTUBE, NOW), request, NOW)


def reason(answered: Answer) -> tuple[int, str]:
    """Return the status of a refusal and its reason."""
    told: Any = answered.body
    return answered.status, told["error"]["errors"][0]["reason"]


def shown(answered: Answer) -> list[Mapping[str, Any]]:
    """Return the things that an answer lists."""
    assert answered.status == 200, answered.body
    found: list[Mapping[str, Any]] = json.loads(answered.encoded())["items"]
    return found


# What the connector sees


def test_held_comment_leaves_the_public_list_for_that_of_the_held(there: PracticePlatforms) -> None:
    """And is hidden, not deleted; published again it is back."""
    assert keys(there, "comments") == dict.fromkeys(("c", "c-1", "b", "a", "a-1", "a-2"), False)
    moderate(there, "b", "hold")
    assert "b" not in keys(there, "comments")
    assert keys(there, "held") == {"b": True}
    assert presence(there, "b") is Presence.HIDDEN
    moderate(there, "b", "publish")
    assert keys(there, "held") == {}
    assert presence(there, "b") is Presence.PRESENT


def test_comment_taken_for_spam_is_in_the_list_of_spam(there: PracticePlatforms) -> None:
    """Nobody at the school held it."""
    moderate(there, "b", "hold", by=SPAM_FILTER)
    assert keys(there, "likely_spam") == {"b": True}
    assert keys(there, "held") == {}
    assert presence(there, "b") is Presence.HIDDEN


def test_thread_is_held_when_any_of_its_replies_is(there: PracticePlatforms) -> None:
    """Only that reply is hidden; the thread stays public."""
    moderate(there, "a-1", "hold")
    assert keys(there, "held") == {"a": False, "a-1": True, "a-2": False}
    assert "a-1" not in keys(there, "comments")
    assert presence(there, "a-1") is Presence.HIDDEN
    assert presence(there, "a") is Presence.PRESENT


def test_removed_comment_is_hidden_and_its_replies_are_unknown(there: PracticePlatforms) -> None:
    """Removing a comment takes its replies out of sight."""
    moderate(there, "c", "reject")
    assert presence(there, "c") is Presence.HIDDEN
    assert presence(there, "c-1") is Presence.UNKNOWN


def test_deleted_comment_is_deleted_with_its_replies(there: PracticePlatforms) -> None:
    """By its author, and only once both are nowhere."""
    moderate(there, "c", "delete", by="sam-reed")
    assert (presence(there, "c"), presence(there, "c-1")) == (Presence.DELETED, Presence.DELETED)


def test_edited_comment_is_found_out(there: PracticePlatforms, time: PassingTime) -> None:
    """By its words; YouTube also says when."""
    moderate(there, "b", "edit", text="Other words")
    time.at = LATER
    assert presence(there, "b", LATER) is Presence.EDITED
    (entry,) = shown(say(there, THREADS, part="snippet", id=known(there, "b").external_id))
    snippet = entry["snippet"]["topLevelComment"]["snippet"]
    assert snippet["updatedAt"] == "2026-11-20T12:00:00Z" > snippet["publishedAt"]


@pytest.mark.parametrize("kind", ["hide", "hold", "delete"])
def test_comments_under_a_video_out_of_sight_are_neither_read_nor_deleted(
    there: PracticePlatforms, kind: str
) -> None:
    """Its comments switched off, private, or gone: the other video is read all the same."""
    references = {key: known(there, key) for key in ("c", "c-1")}
    moderate(there, "other", kind)
    assert set(keys(there, "comments")) == {"a", "a-1", "a-2", "b"}
    found = reader(there).lookup(list(references.values()), NOW)
    assert [each.presence for each in found] == [Presence.INVISIBLE, Presence.INVISIBLE]


def test_everything_that_was_done_shows_on_youtube(there: PracticePlatforms, time: PassingTime) -> None:
    """Reply, hide, show again, delete, block: by the real SDK, and what came of it is read back."""
    acting = reader(there)

    def act(kind: ActionKind, key: str, words: str = "") -> str:
        done = acting.act(Action(kind, known(there, key), "act", time.at, words), time.at)
        assert done.confirmed
        assert acting.verify(Action(kind, known(there, key), "act", time.at, words), time.at)
        return done.external_id or ""

    name = act(ActionKind.REPLY, "a-1", "On Monday.")
    answered = {item.external_id: item for item in poll(acting, now=NOW).items}[name]
    assert (answered.is_own, answered.text, answered.thread_id) == (
        True,
        "On Monday.",
        known(there, "a").thread_id,
    )
    act(ActionKind.HIDE, "b")
    assert presence(there, "b") is Presence.HIDDEN
    act(ActionKind.UNHIDE, "b")
    act(ActionKind.DELETE, "a-2")
    assert presence(there, "a-2") is Presence.DELETED
    act(ActionKind.BLOCK, "c")
    time.at = LATER
    assert "later" not in keys(there, "comments", LATER)  # whoever is blocked is not read any more


def test_comment_that_was_removed_for_good_is_not_promised_back(there: PracticePlatforms) -> None:
    """YouTube would say that it failed to process; whoever asked would not know whether it was done."""
    moderate(there, "a", "reject")
    acting = reader(there)
    with pytest.raises(Refused, match="removed for good"):
        acting.act(Action(ActionKind.UNHIDE, known(there, "a"), "act", NOW), NOW)
    assert acting.meter.units < 10


def test_moderation_in_the_middle_of_a_listing_costs_no_comment(there: PracticePlatforms) -> None:
    """The page token breaks, the listing begins anew in the same poll, and all of it is read."""
    lines = [_line("video", "school", None, 90)]
    lines += [_line(f"c-{number}", "kerry-walsh", "video", 60) for number in range(150)]
    with PracticePlatforms(content(*lines), lambda: NOW) as many:
        pages = reader(many).poll("comments", {}, NOW)
        found = {item.external_id for item in next(pages).items}
        assert len(found) == 100
        moderate(many, "c-7", "hold")
        found |= {item.external_id for page in pages for item in page.items}
        found |= {item.external_id for item in poll(reader(many), "held", now=NOW).items}
        assert len(found) == 150


def test_spent_quota_is_said_and_starts_again_in_california(
    there: PracticePlatforms, time: PassingTime
) -> None:
    """Each project has so many units a day; what was refused costs as well."""
    youtube_quota.allow(there.stage, 4)
    poll(reader(there), now=NOW)
    assert youtube_quota.spent(there.stage, NOW) == 1
    youtube_quota.allow(there.stage, 1)
    with pytest.raises(QuotaExhausted) as caught:
        poll(reader(there), now=NOW)
    assert caught.value.until == datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
    time.at = caught.value.until
    poll(reader(there), now=time.at)


def test_connector_counts_what_youtube_counts(there: PracticePlatforms) -> None:
    """Every request of every kind."""
    acting = reader(there)
    for stream in acting.streams():
        poll(acting, stream, now=NOW)
    acting.act(Action(ActionKind.REPLY, known(there, "a"), "act", NOW, "On Monday."), NOW)
    acting.lookup([known(there, "b")], NOW)
    assert acting.meter.units == youtube_quota.spent(there.stage, NOW) > 50


def _sign_in(there: PracticePlatforms, token: str) -> str:
    told = {"refresh_token": token, "client_id": "c", "client_secret": "s", "token_uri": f"{there.url}/token"}
    return json.dumps(told)


def test_sign_in_without_the_permission_for_comments_is_found_out(there: PracticePlatforms) -> None:
    """It can say whose it is, and read nothing."""
    with pytest.raises(PermissionMissing, match="force-ssl"):
        reader(there, _sign_in(there, READ_ONLY_TOKEN)).prove(NOW)
    with pytest.raises(PermissionMissing, match="force-ssl"):
        poll(reader(there, _sign_in(there, READ_ONLY_TOKEN)), now=NOW)


def test_sign_in_of_an_app_in_testing_ends_in_a_week(there: PracticePlatforms) -> None:
    """One that is published has no end."""
    proof = reader(there, _sign_in(there, TESTING_TOKEN)).prove(NOW)
    assert proof.expires_at == NOW + timedelta(days=7)
    assert reader(there, _sign_in(there, TOKEN)).prove(NOW).expires_at is None


# How it refuses


def test_relevance_has_nothing_to_do_with_time(there: PracticePlatforms) -> None:
    """The order in which comments come is another one, over pages too; none is left out."""
    by_time = [each["id"] for each in shown(say(there, THREADS, part="id", **ALL_THREADS))]
    ranked: list[str] = []
    token: str | None = None
    for _ in by_time:
        asked: dict[str, str] = {} if token is None else {"pageToken": token}
        page = say(there, THREADS, part="id", order="relevance", maxResults=1, **ALL_THREADS, **asked)
        ranked += [each["id"] for each in shown(page)]
        token = json.loads(page.encoded()).get("nextPageToken")
    assert token is None
    assert sorted(ranked) == sorted(by_time)
    assert ranked != by_time


@pytest.mark.parametrize(
    ("of", "status", "more", "expected"),
    [
        ("b", "published", {"banAuthor": "true"}, (400, "banWithoutReject")),
        ("b", "likelySpam", {}, (400, "invalidParameter")),
        ("b", "rejected", {"banAuthor": "1"}, (400, "invalidParameter")),
        ("b", "rejected", {"colour": "red"}, (400, "badRequest")),
        ("nothing", "published", {}, (404, "commentNotFound")),
        ("video", "published", {}, (404, "commentNotFound")),
        ("deleted", "heldForReview", {}, (403, "forbidden")),
        ("rejected", "published", {}, (400, "processingFailure")),
    ],
)
def test_moderation_that_youtube_refuses(
    there: PracticePlatforms, of: str, status: str, more: dict[str, str], expected: tuple[int, str]
) -> None:
    """What was removed cannot come back, and what is gone cannot be moderated."""
    moderate(there, "c", "delete")
    moderate(there, "a-1", "reject")
    key = {"deleted": "c", "rejected": "a-1"}.get(of, of)
    name = there.external_id(key) if key != "nothing" else key
    assert reason(say(there, MODERATION, "POST", id=name, moderationStatus=status, **more)) == expected


@pytest.mark.parametrize(
    ("snippet", "expected"),
    [
        ({"textOriginal": "x"}, (400, "parentIdMissing")),
        ({"parentId": "a", "textOriginal": " "}, (400, "commentTextRequired")),
        ({"parentId": "a"}, (400, "commentTextRequired")),
        ({"parentId": "a", "textOriginal": "x" * 10_001}, (400, "commentTextTooLong")),
        ({"parentId": "a", "textOriginal": "x", "mood": "x"}, (400, "badRequest")),
        ({"parentId": "a-1", "textOriginal": "x"}, (404, "parentCommentNotFound")),
        ({"parentId": "b", "textOriginal": "x"}, (400, "parentCommentIsPrivate")),
        ({"parentId": "c", "textOriginal": "x"}, (403, "commentsDisabled")),
        (None, (400, "invalidCommentMetadata")),
    ],
)
def test_replies_that_youtube_refuses(
    there: PracticePlatforms, snippet: dict[str, str] | None, expected: tuple[int, str]
) -> None:
    """Under a top-level comment only, that is public, with words that are not too many."""
    moderate(there, "b", "hold")
    moderate(there, "other", "hide")
    if snippet and "parentId" in snippet:
        snippet = snippet | {"parentId": there.external_id(snippet["parentId"])}
    body = {"snippet": snippet} if snippet is not None else None
    assert reason(say(there, COMMENTS, "POST", body, part="snippet")) == expected


def test_only_its_own_comments_can_be_deleted(there: PracticePlatforms) -> None:
    """Those of others, and those that are not there, cannot."""
    assert reason(say(there, COMMENTS, "DELETE", id=there.external_id("a"))) == (403, "forbidden")
    assert reason(say(there, COMMENTS, "DELETE", id="nothing")) == (404, "commentNotFound")
    assert say(there, COMMENTS, "DELETE", id=there.external_id("a-2")).status == 204
    assert reason(say(there, COMMENTS, "DELETE", id=there.external_id("a-2"))) == (404, "commentNotFound")


def test_video_whose_comments_are_switched_off_says_so(there: PracticePlatforms) -> None:
    """Asked for alone it is an error; among the channel's it is passed over."""
    moderate(there, "other", "hide")
    assert reason(say(there, THREADS, part="id", videoId=there.external_id("other"))) == (
        403,
        "commentsDisabled",
    )
    assert len(shown(say(there, THREADS, part="id", allThreadsRelatedToChannelId=YOUTUBE_CHANNEL_ID))) == 2
