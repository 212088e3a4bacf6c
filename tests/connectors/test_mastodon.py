"""What the Mastodon connector promises, against a small server that answers in Mastodon's shapes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import responses

from connectors.answers.markup import plain
from connectors.base import (
    BadResponse,
    BugOrConfig,
    Capability,
    ConnectorError,
    NotFound,
    PermissionMissing,
    RateLimited,
    Refused,
    Unsure,
)
from moderation.actions import Action, ActionKind
from moderation.items import ItemKind, Presence, Reference, digest
from tests.connectors.mastodon_instance import KERRY, ROWAN, SERVER, US, Instance, stamp
from tests.connectors.wire import NOW, Polled, connector, poll


@pytest.fixture
def instance() -> Iterator[Instance]:
    """A server with nothing on it."""
    made = Instance()
    with made.served():
        yield made


def read(stream: str = "notifications", state: Any = None, now: datetime = NOW, **options: Any) -> Polled:
    """Poll one stream with a fresh connector, as the product does."""
    return poll(connector("mastodon", **options), stream, state, now)


def swept(stream: str, since: datetime) -> list[str]:
    """Return what a sweep finds; its pages move nothing."""
    pages = list(connector("mastodon").sweep(stream, since, NOW))
    assert all(page.cursor is None for page in pages)
    return [item.external_id for page in pages for item in page.items]


def reference(item: str = "100", author: str | None = KERRY, **more: Any) -> Reference:
    """Return what the product remembers of a status."""
    known = Reference(item, ItemKind.MENTION, item, author_id=author, digest=digest(f"Words of {item}"))
    return replace(known, **more)


def action(kind: ActionKind, item: Reference | None = None, words: str = "") -> Action:
    """Return what a person decided."""
    return Action(kind, item or reference(), "act-1", NOW - timedelta(minutes=1), words)


# What is read


def test_mention_is_read_in_full(instance: Instance) -> None:
    """Who, what, when, where, under what, and that we are meant."""
    instance.mention(100, content="<p>When is <b>open evening</b>?</p>", media_attachments=[_picture()])
    item = read().one("100")
    assert item.kind is ItemKind.MENTION
    assert (item.author.external_id, item.author.name) == (KERRY, "Kerry Walsh")
    assert item.text == "When is open evening?"
    assert item.created_at == NOW - timedelta(hours=1)
    assert item.permalink == "https://elsewhere.example/@somebody/100"
    assert (item.thread_id, item.parent_id, item.is_own, item.names_school) == ("100", None, False, True)
    assert item.media == ("photo",)


def _picture() -> dict[str, Any]:
    return {"id": "1", "type": "image", "url": "https://elsewhere.example/1.jpg"}


def test_private_mention_is_a_message(instance: Instance) -> None:
    """There is no separate post box: what only we may read is a message of its conversation."""
    instance.mention(100, visibility="direct")
    instance.mention(101, above=100, visibility="direct")
    items = read().items
    assert {item.kind for item in items} == {ItemKind.MESSAGE}
    assert {item.thread_id for item in items} == {"100"}
    assert all(item.names_school for item in items)


def test_warning_and_poll_are_words_too(instance: Instance) -> None:
    """Abuse may stand in the warning before a post, or in the choices of a poll."""
    poll_of_theirs = {"id": "1", "options": [{"title": "Miss Ash"}, {"title": "Mr Beech"}]}
    instance.mention(100, spoiler_text="About a teacher", content="<p>Who is worst?</p>", poll=poll_of_theirs)
    assert read().one("100").text == "About a teacher\n\nWho is worst?\n\n- Miss Ash\n- Mr Beech"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>One<br>two</p><p>three</p>", "One\ntwo\n\nthree"),
        (
            '<p><a href="https://a.example/long"><span class="invisible">https://</span>'
            '<span class="ellipsis">a.example/lo</span><span class="invisible">ng</span></a></p>',
            "https://a.example/long",
        ),
        ('<span class="h-card"><a href="x">@<span>oakfield</span></a></span> hello', "@oakfield hello"),
        ("I &lt;3 you &amp; me&nbsp;too", "I <3 you & me too"),
        ("I <3 you", "I <3 you"),
        ("<script>steal()</script>words<style>p{}</style>", "words"),
        ("<p>open", "open"),
        ("", ""),
    ],
)
def test_markup_becomes_plain_words(markup: str, words: str) -> None:
    """The words that a reader sees, links with their text, and nothing of the markup."""
    assert plain(markup) == words


@pytest.mark.parametrize("piece", ["<a", "<", "<!--", "<script>", "&#", "</", "<p><b>", "&amp;lt;"])
def test_hostile_markup_takes_no_time(piece: str) -> None:
    """A post that is made to keep a reader busy costs as much as any other of its length."""
    began = datetime.now(UTC)
    plain(piece * 400_000)
    assert datetime.now(UTC) - began < timedelta(seconds=2)


def test_time_in_the_future_is_no_time(instance: Instance) -> None:
    """Another server's clock may be wrong; a post from tomorrow was not written tomorrow."""
    instance.mention(100, created_at=stamp(NOW + timedelta(days=1)))
    instance.mention(101, created_at=stamp(NOW + timedelta(minutes=2)))
    polled = read()
    assert polled.one("100").created_at is None
    assert polled.one("101").created_at == NOW + timedelta(minutes=2)


def test_broken_status_costs_no_other(instance: Instance) -> None:
    """What cannot be read waits for a person, with its id; a missing author keeps the item."""
    instance.mention(100)
    instance.mention(101, content=7)
    instance.mention(102, account=None)
    polled = read()
    assert sorted(polled.ids) == ["100", "102"]
    assert [(each.external_id, each.reason) for each in polled.rejected] == [("101", "content is not text")]
    assert polled.one("102").author.external_id is None


def test_quote_of_ours_means_us(instance: Instance) -> None:
    """Who quotes us speaks about us, even without our name."""
    instance.post(100)
    instance.notify(100, "quote")
    assert read().one("100").names_school


def test_only_notifications_with_words_are_asked_for(instance: Instance) -> None:
    """Likes and boosts need no answer."""
    instance.post(100, US)
    instance.notify(100, "favourite")
    assert read().ids == []


# No gap


def test_every_page_is_read_upwards(instance: Instance) -> None:
    """After the overlap a poll begins at a known notification and reads all above it, oldest first."""
    instance.page = 3
    instance.mention(100)
    first = read().cursor
    second = read(state=first, now=NOW + timedelta(hours=3)).cursor
    assert second["from"] == "5000"
    for number in range(101, 111):
        instance.mention(number)
    polled = read(state=second, now=NOW + timedelta(hours=3, minutes=5))
    assert sorted(polled.ids) == [str(number) for number in range(101, 111)]
    assert polled.ids[:3] == ["103", "102", "101"]


def test_mark_to_read_from_is_older_than_the_overlap(instance: Instance) -> None:
    """Reading begins at what was the newest at least the overlap ago, never at what came just now."""
    instance.mention(100)
    state = read().cursor
    instance.mention(101)
    state = read(state=state, now=NOW + timedelta(hours=1)).cursor
    assert (state["from"], state["next"]) == ("", "5000")
    state = read(state=state, now=NOW + timedelta(hours=2, minutes=1)).cursor
    assert (state["from"], state["next"]) == ("5000", "5001")


def test_first_poll_reads_back_to_its_days(instance: Instance) -> None:
    """Page by page, down to the first day asked for."""
    instance.page = 2
    for number in range(100, 107):
        instance.mention(number)
    for each in instance.notifications[:3]:
        each["created_at"] = stamp(NOW - timedelta(days=60))
    assert set(read().ids) >= {"103", "104", "105", "106"}
    assert "100" not in read().ids


def test_late_notification_within_the_overlap_is_read(instance: Instance) -> None:
    """What surfaces below a newer one is read again, for as long as the overlap goes."""
    instance.mention(100)
    state = read().cursor
    instance.mention(101)
    instance.notifications[1]["id"] = "4999"
    assert set(read(state=state, now=NOW + timedelta(minutes=5)).ids) == {"100", "101"}


def test_ids_that_begin_again_blind_nobody(instance: Instance) -> None:
    """A server set up afresh counts from the beginning; nothing would ever stand above the known id."""
    instance.mention(100)
    state = read().cursor | {"from": "999999", "next": "999999"}
    assert read(state=state, now=NOW + timedelta(minutes=5)).ids == ["100"]


def test_listing_that_runs_in_a_circle_moves_nothing(instance: Instance) -> None:
    """A server that gives the same page for ever is noticed."""
    instance.mention(100)
    state = {"complete_from": NOW.isoformat(), "from": "1", "next": "1", "next_at": NOW.isoformat()}
    page = json.dumps([instance.notifications[0] | {"status": instance.statuses["100"]}])
    instance.fail["GET /api/v1/notifications"] = (200, {}, page)
    with pytest.raises(BadResponse):
        read(state=state)
    assert instance.asked("min_id") == 2
    circle = {"Link": f'<{SERVER}/x?max_id=7>; rel="next"'}
    instance.fail["GET /api/v1/notifications"] = (200, circle, page)
    with pytest.raises(BadResponse):
        read(first_poll_days=365)


def test_empty_page_is_not_the_end(instance: Instance) -> None:
    """A page can be empty because all on it was filtered; only a missing link ends the listing."""
    link = {"Link": f'<{SERVER}/api/v1/notifications?max_id=9000>; rel="next"'}
    us = {"id": US, "acct": "oakfield"}
    with responses.RequestsMock() as mock:
        mock.get(f"{SERVER}/api/v1/accounts/verify_credentials", json=us)
        mock.get(f"{SERVER}/api/v1/notifications", json=[], headers=link)
        instance.mention(100)
        last = instance.notifications[0] | {"status": instance.statuses["100"]}
        end = {"Link": f'<{SERVER}/api/v1/notifications?min_id=5000>; rel="prev"'}
        mock.get(f"{SERVER}/api/v1/notifications", json=[last], headers=end)
        assert read().ids == ["100"]


def test_what_the_filter_keeps_back_is_read(instance: Instance) -> None:
    """A worried parent who never wrote before is exactly whom the filter keeps back."""
    instance.mention(100, by=ROWAN, visibility="direct")
    instance.kept_back.add(ROWAN)
    assert read("notifications").ids == []
    assert read("filtered").ids == ["100"]


def test_old_requests_are_not_read_again(instance: Instance) -> None:
    """Only who wrote since the last poll is asked about."""
    instance.mention(100, by=ROWAN)
    instance.kept_back.add(ROWAN)
    state = {"complete_from": (NOW + timedelta(hours=5)).isoformat()}
    read("filtered", state, NOW + timedelta(hours=6))
    assert instance.asked("account_id") == 0


def test_what_the_filter_drops_is_found_in_the_conversations(instance: Instance) -> None:
    """A dropped private mention makes no notification at all, but there is a conversation."""
    instance.post(100, visibility="direct")
    instance.post(101, above=100, visibility="direct")
    polled = read("messages")
    assert sorted(polled.ids) == ["100", "101"]
    assert {item.kind for item in polled.items} == {ItemKind.MESSAGE}


def test_old_conversations_end_the_reading(instance: Instance) -> None:
    """They come in the order of their last words: what follows an old page is older still."""
    instance.page = 2
    old = stamp(NOW - timedelta(days=60))
    for number in range(100, 120):
        instance.post(number, visibility="direct", created_at=old)
    assert read("messages").ids == []
    assert instance.asked("conversations") == 1


def test_server_without_filter_or_conversations_is_read(instance: Instance) -> None:
    """Servers that only speak like Mastodon lack the newer listings."""
    missing: tuple[int, dict[str, str], str] = (404, {}, '{"error": "Not found"}')
    instance.fail = {"notifications/requests": missing, "conversations": missing}
    assert read("filtered").ids == read("messages").ids == []


def test_reply_that_names_nobody_is_found_by_walking(instance: Instance) -> None:
    """A reply to a reply of somebody who left us out is in the thread all the same."""
    instance.post(100, US)
    instance.post(101, KERRY, above=100)
    instance.post(102, ROWAN, above=101)
    polled = read("threads")
    assert sorted(polled.ids) == ["101", "102"]
    assert {item.thread_id for item in polled.items} == {"100"}
    assert polled.one("101").post_id == "100"


def test_own_answer_below_an_own_post_is_not_walked_again(instance: Instance) -> None:
    """It stands in a thread that was just read."""
    instance.post(100, US)
    instance.post(101, KERRY, above=100)
    instance.post(102, US, above=101)
    assert set(read("threads").ids) == {"101", "102"}
    assert instance.asked("/context") == 1


def test_old_threads_rest_and_come_round(instance: Instance) -> None:
    """Threads of today are walked by every poll, older ones every hour, and none is left out for ever."""
    instance.post(100, US)
    instance.post(101, US, created_at=stamp(NOW - timedelta(days=3)))
    state = read("threads").cursor
    instance.sent.clear()
    state = read("threads", state, NOW + timedelta(minutes=5)).cursor
    assert (instance.asked("100/context"), instance.asked("101/context")) == (1, 0)
    read("threads", state, NOW + timedelta(minutes=61))
    assert instance.asked("101/context") == 1


def test_own_posts_and_replies_are_recognised(instance: Instance) -> None:
    """Our answer stands in the thread of the question, or no clock would ever stop."""
    instance.mention(100)
    instance.post(101, US, above=100)
    reader = connector("mastodon")
    question = poll(reader, "notifications").one("100")
    answer = poll(reader, "own").one("101")
    assert answer.is_own
    assert answer.parent_id == "100"
    assert answer.thread_id == question.thread_id


def test_conversation_keeps_its_name_when_its_beginning_is_deleted(instance: Instance) -> None:
    """The first post may go; what follows still belongs together."""
    instance.post(99, ROWAN)
    instance.mention(100, above=99)
    state = read().cursor
    del instance.statuses["99"]
    instance.statuses["100"]["in_reply_to_id"] = None
    instance.mention(101, above=100)
    polled = read(state=state, now=NOW + timedelta(minutes=5))
    assert {item.thread_id for item in polled.items} == {"99"}


def test_one_thread_costs_two_questions(instance: Instance) -> None:
    """Two hundred replies under one post do not cost two hundred requests."""
    instance.post(99, ROWAN)
    for number in range(100, 130):
        instance.mention(number, above=99)
    assert {item.thread_id for item in read().items} == {"99"}
    assert instance.asked("/context") == 2


def test_boosts_are_nobodys_words(instance: Instance) -> None:
    """What we pass on is not ours."""
    instance.post(100, US, reblog={"id": "7"})
    assert read("own").ids == []


@pytest.mark.parametrize("stream", ["notifications", "filtered", "threads", "own", "messages"])
def test_sweep_reads_all_again(instance: Instance, stream: str) -> None:
    """Without any watermark, page by page, back to where it was asked to begin."""
    instance.page = 2
    instance.kept_back.add(ROWAN)
    for number in range(100, 106, 2):
        instance.mention(number, visibility="direct")
        instance.mention(1000 + number, by=ROWAN)
        instance.post(number + 1, US)
        instance.post(2000 + number, above=number + 1)
    expected = {
        "notifications": {"100", "102", "104"},
        "filtered": {"1100", "1102", "1104"},
        "threads": {"2100", "2102", "2104"},
        "own": {"101", "103", "105"},
        "messages": {"100", "102", "104"},
    }
    assert set(swept(stream, NOW - timedelta(days=7))) == expected[stream]


# Where it is now


def found(*references: Reference) -> list[Presence]:
    """Look items up."""
    return [each.presence for each in connector("mastodon").lookup(references, NOW)]


def test_lookup_tells_what_the_server_tells(instance: Instance) -> None:
    """There, reworded, gone; gone of our own is surely gone."""
    instance.post(100)
    instance.post(101, content="<p>Other words</p>")
    asked = [reference("100"), reference("101"), reference("102"), reference("103", US)]
    assert found(*asked) == [Presence.PRESENT, Presence.EDITED, Presence.DELETED, Presence.DELETED]


def test_not_found_of_who_blocked_us_is_invisible(instance: Instance) -> None:
    """404 is also what those get who may not look."""
    instance.blocked_by.add(KERRY)
    instance.suspended.add(ROWAN)
    assert found(reference("100"), reference("101", ROWAN)) == [Presence.INVISIBLE, Presence.INVISIBLE]


def test_not_found_without_a_reason_is_unknown(instance: Instance) -> None:
    """Without knowing the author, or how we stand to each other, nothing is guessed."""
    assert found(reference("100", None)) == [Presence.UNKNOWN]
    instance.fail["relationships"] = (403, {}, '{"error": "This action is outside the authorized scopes"}')
    assert found(reference("100")) == [Presence.UNKNOWN]
    instance.fail = {f"GET /api/v1/accounts/{KERRY}": (404, {}, '{"error": "Record not found"}')}
    assert found(reference("100")) == [Presence.UNKNOWN]


def test_lookup_asks_for_many_at_once(instance: Instance) -> None:
    """A hundred items do not cost a hundred requests, where the server can do that."""
    for number in range(100, 140):
        instance.post(number)
    wanted = [reference(str(number)) for number in range(100, 140)]
    assert found(*wanted) == [Presence.PRESENT] * 40
    assert len(instance.sent) == 3
    instance.fail["GET /api/v1/statuses"] = (404, {}, '{"error": "Not found"}')
    assert found(*wanted[:2]) == [Presence.DELETED] * 2


# What is done


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private", "direct"])
def test_reply_has_the_readers_of_what_it_answers(instance: Instance, visibility: str) -> None:
    """Under the item, to the same circle, naming its author: who is not named does not see a private one."""
    instance.mention(100, visibility=visibility)
    done = connector("mastodon").act(action(ActionKind.REPLY, words="On Thursday at six."), NOW)
    assert (done.confirmed, done.remark) == (True, "")
    made = instance.statuses[str(done.external_id)]
    assert made["in_reply_to_id"] == "100"
    assert made["visibility"] == visibility
    assert made["content"] == "<p>@kerry@elsewhere.example On Thursday at six.</p>"


def test_reply_is_made_once_for_one_action(instance: Instance) -> None:
    """The same action carries the same key."""
    instance.mention(100)
    decided = action(ActionKind.REPLY, words="On Thursday.")
    first = connector("mastodon").act(decided, NOW)
    assert connector("mastodon").act(decided, NOW).external_id == first.external_id
    assert len(instance.statuses) == 2


def test_lost_answer_is_unsure_and_found_again(instance: Instance) -> None:
    """Whether a reply was made is read back, never tried again."""
    instance.mention(100)
    decided = action(ActionKind.REPLY, words="On Thursday.")
    instance.fail["POST /api/v1/statuses"] = (502, {}, "<html>Bad gateway</html>")
    with pytest.raises(Unsure):
        connector("mastodon").act(decided, NOW)
    assert instance.asked("/api/v1/statuses") == 2
    assert connector("mastodon").verify(decided, NOW) is None
    instance.fail.clear()
    made = connector("mastodon").act(decided, NOW)
    assert connector("mastodon").verify(decided, NOW) == made


def test_older_reply_with_the_same_words_is_not_taken_for_this_one(instance: Instance) -> None:
    """Reading back looks no further than the action's beginning."""
    instance.mention(100)
    old = stamp(NOW - timedelta(hours=1))
    instance.post(101, US, above=100, content="<p>@kerry@elsewhere.example Thanks</p>", created_at=old)
    assert connector("mastodon").verify(action(ActionKind.REPLY, words="Thanks"), NOW) is None


def test_reply_that_landed_elsewhere_is_said(instance: Instance) -> None:
    """The item may be deleted in the moment of the answer."""
    instance.mention(100)
    instance.post(900_000, US)
    made = json.dumps(instance.statuses["900000"])
    instance.fail["POST /api/v1/statuses"] = (200, {}, made)
    done = connector("mastodon").act(action(ActionKind.REPLY, words="Thanks"), NOW)
    assert "stands alone" in done.remark


def test_refused_reply_was_not_made(instance: Instance) -> None:
    """Too long, or to something that is gone: said before or at once, and nothing is unsure."""
    instance.mention(100)
    instance.fail["POST /api/v1/statuses"] = (422, {}, '{"error": "Validation failed"}')
    with pytest.raises(Refused, match="too long"):
        connector("mastodon").act(action(ActionKind.REPLY, words="x" * 600), NOW)
    with pytest.raises(NotFound):
        connector("mastodon").act(action(ActionKind.REPLY, reference("404")), NOW)


def test_only_our_own_can_be_deleted(instance: Instance) -> None:
    """Other people's posts are their server's to delete."""
    instance.post(100, US)
    done = connector("mastodon").act(action(ActionKind.DELETE, reference(author=US)), NOW)
    assert done.confirmed
    with pytest.raises(Refused, match="nobody delete another"):
        connector("mastodon").act(action(ActionKind.DELETE), NOW)


def test_block_is_read_back(instance: Instance) -> None:
    """Blocking and letting in again, each confirmed by the server."""
    assert connector("mastodon").act(action(ActionKind.BLOCK), NOW).confirmed
    assert instance.blocking == {KERRY}
    assert connector("mastodon").verify(action(ActionKind.UNBLOCK), NOW) is None
    assert connector("mastodon").act(action(ActionKind.UNBLOCK), NOW).confirmed
    for nobody in (None, US):
        with pytest.raises(Refused):
            connector("mastodon").act(action(ActionKind.BLOCK, reference(author=nobody)), NOW)


def test_block_that_cannot_be_read_back_is_not_confirmed(instance: Instance) -> None:
    """Without the permission to look, the act is done and not confirmed."""
    instance.fail["relationships"] = (403, {}, '{"error": "This action is outside the authorized scopes"}')
    done = connector("mastodon").act(action(ActionKind.BLOCK), NOW)
    assert not done.confirmed
    assert done.remark


@pytest.mark.parametrize("forward", [False, True])
def test_report_goes_to_the_server(instance: Instance, forward: bool) -> None:
    """With the post, the reason, and to the author's server only when the school wants that."""
    reporter = connector("mastodon", forward_reports=forward)
    done = reporter.act(action(ActionKind.REPORT, words="Threatens a pupil"), NOW)
    assert not done.confirmed
    assert done.remark
    sent = instance.reports[0]
    assert (sent["account_id"], sent["status_ids[]"]) == ([KERRY], ["100"])
    assert sent["comment"] == ["Threatens a pupil"]
    assert ("forward" in sent) is forward
    assert reporter.verify(action(ActionKind.REPORT), NOW) is None


def test_reason_that_is_too_long_is_not_cut(instance: Instance) -> None:
    """Nobody's words are shortened without asking."""
    with pytest.raises(Refused, match="1000"):
        connector("mastodon").act(action(ActionKind.REPORT, words="x" * 1001), NOW)
    assert instance.reports == []


@pytest.mark.parametrize("kind", [ActionKind.HIDE, ActionKind.UNHIDE])
def test_hiding_is_not_offered(instance: Instance, kind: ActionKind) -> None:
    """The error says what can be done instead."""
    with pytest.raises(Refused, match="cannot hide"):
        connector("mastodon").act(action(kind), NOW)


def test_nothing_is_written_with_a_token_of_another_account(instance: Instance) -> None:
    """A school's answer never appears under somebody else's name."""
    instance.mention(100)
    instance.whose = ROWAN
    with pytest.raises(BugOrConfig, match="another Mastodon account"):
        connector("mastodon").act(action(ActionKind.REPLY, words="Thanks"), NOW)
    with pytest.raises(BugOrConfig):
        read()
    assert [request.method for request in instance.sent] == ["GET", "GET"]


# Tokens, limits, errors


def test_proof_says_what_the_token_may(instance: Instance) -> None:
    """The broad permissions hold the narrow ones; the old word for follows is known."""
    proof = connector("mastodon").prove(NOW)
    assert (proof.scopes, proof.lacking, proof.expires_at) == (("read", "write"), (), None)
    instance.scopes = ["read", "write:statuses", "follow"]
    assert connector("mastodon").prove(NOW).lacking == (Capability.REPORT,)


def test_proof_tells_what_the_accounts_filter_drops(instance: Instance) -> None:
    """What is dropped makes no notification and can never be read."""
    instance.policy = "drop"
    assert connector("mastodon").prove(NOW).lacking == (Capability.READ_MENTIONS, Capability.READ_MESSAGES)


def test_proof_fails_for_a_token_that_cannot_read(instance: Instance) -> None:
    """The app's permissions are not the token's: one notification is really read."""
    refused = '{"error": "This action is outside the authorized scopes"}'
    instance.fail["GET /api/v1/notifications"] = (403, {}, refused)
    with pytest.raises(PermissionMissing):
        connector("mastodon").prove(NOW)


def test_what_is_left_of_the_allowance_is_noted(instance: Instance) -> None:
    """From the server's own headers, with the calls counted."""
    reader = connector("mastodon")
    poll(reader)
    window = reader.meter.windows["requests"]
    assert (window.limit, window.remaining) == (300, 288)
    assert window.resets_at == datetime(2026, 11, 20, 12, 5, tzinfo=UTC)
    assert reader.meter.calls == len(instance.sent) == 2


@pytest.mark.parametrize(
    ("told", "until"),
    [
        ("2026-11-20T12:04:00.123Z", NOW + timedelta(minutes=4, microseconds=123_000)),
        (str(int((NOW + timedelta(minutes=3)).timestamp())), NOW + timedelta(minutes=3)),
        ("soon", None),
        ("2026-11-20T12:04:00", None),
        ("9" * 30, None),
    ],
)
def test_reset_is_read_as_a_date_and_as_seconds(
    instance: Instance, told: str, until: datetime | None
) -> None:
    """Mastodon writes a date, GoToSocial Unix seconds; the SDK itself stumbles over anything else."""
    instance.fail["notifications"] = (429, {"X-RateLimit-Reset": told}, '{"error": "Too many requests"}')
    with pytest.raises(RateLimited) as caught:
        read()
    assert caught.value.until == until


@pytest.mark.parametrize("name", ["X-RateLimit-Reset", "X-RateLimit-Remaining", "Deprecation", "Link"])
def test_odd_header_costs_nothing(instance: Instance, name: str) -> None:
    """What a proxy makes of a header does not stop the reading."""
    instance.mention(100)
    instance.headers = {name: "@nonsense"}
    assert read().ids == ["100"]


def test_listing_goes_on_where_a_proxy_drops_the_link(instance: Instance) -> None:
    """Then the oldest entry of a page tells where the next one begins."""
    instance.page = 2
    for number in range(100, 105):
        instance.mention(number)
    instance.headers = {"Link": ""}
    assert sorted(read().ids) == ["100", "101", "102", "103", "104"]


def test_server_has_to_be_named_and_secure() -> None:
    """Mastodon is many servers; the token goes to none of them unprotected."""
    with pytest.raises(BugOrConfig, match="server is missing"):
        connector("mastodon", server="")
    with pytest.raises(BugOrConfig, match="server"):
        connector("mastodon", server="http://social.oakfield.example")
    assert connector("mastodon", server="", base_url="http://127.0.0.1:9").platform == "mastodon"


def test_mastodon_costs_nothing() -> None:
    """No plan, no price."""
    assert connector("mastodon").monthly_estimate(1000) == Decimal(0)


def test_state_that_cannot_be_read_reads_more(instance: Instance) -> None:
    """Whatever stands in the database, a poll reads and writes a new one."""
    instance.mention(100)
    for broken in ({"roots": 7, "from": 3, "next": []}, {"walked": "x"}, {"next_at": "never", "next": "1"}):
        assert read(state=broken).ids == ["100"]
        assert read("threads", broken).cursor["complete_from"]


def test_errors_of_the_sdk_name_no_address(instance: Instance) -> None:
    """Not even the server's own words travel on."""
    instance.fail["notifications"] = (418, {}, '{"error": "Zeta said this"}')
    with pytest.raises(ConnectorError) as caught:
        read()
    assert "Zeta" not in str(caught.value)
    assert caught.value.__context__ is None
