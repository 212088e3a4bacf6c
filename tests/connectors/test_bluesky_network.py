"""The Bluesky connector on a real server, AppView and moderation service, which run for these tests only."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.answers.bluesky import key_at
from connectors.base import (
    AuthExpired,
    BugOrConfig,
    Capability,
    Connector,
    ConnectorContext,
    Identity,
    PermissionMissing,
    Refused,
    completed,
)
from connectors.registry import connector_for
from moderation.actions import Action, ActionKind
from moderation.items import ItemKind, Presence, Reference, Sighting, digest
from tests.connectors.bluesky_network.running import Network, Person, with_a_database_of_its_own
from tests.connectors.wire import poll

pytestmark = [
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def bluesky() -> Iterator[Network]:
    """Run one Bluesky for all tests here; each of them writes posts of its own."""
    with with_a_database_of_its_own() as running:
        yield running


@pytest.fixture
def school(bluesky: Network) -> Person:
    """Return the school's own account."""
    return bluesky.people["oakfield"]


@pytest.fixture
def kerry(bluesky: Network) -> Person:
    """Return a parent."""
    return bluesky.people["kerry"]


SESSIONS: dict[str, str] = {}
"""The school's session on each server, kept as the product keeps it; signing in takes its time."""


def _connector(person: Person, token: str | None = None, **context: Any) -> Connector:
    if token is None:
        token = SESSIONS.get(person.did, person.privileged)
        context = {"keep_token": lambda kept: SESSIONS.update({person.did: kept})}
    given = ConnectorContext(Identity(person.did, person.handle), token, person.pds, **context)
    return connector_for("bluesky", {}, given)


def _now() -> datetime:
    return datetime.now(UTC)


def _reference(item: Sighting) -> Reference:
    return Reference(
        external_id=item.external_id,
        kind=item.kind,
        thread_id=item.thread_id,
        parent_id=item.parent_id,
        post_id=item.post_id,
        author_id=item.author.external_id,
        digest=digest(item.text),
        created_at=item.created_at,
    )


def _action(kind: ActionKind, item: Sighting, words: str = "") -> Action:
    return Action(kind, _reference(item), uuid.uuid4().hex, _now(), words)


def _item(reader: Connector, uri: str) -> Sighting:
    """Return a post as the connector sees it now, at the cost of a question or two."""
    item = reader.lookup([Reference(uri, ItemKind.REPLY, uri)], _now())[0].item
    assert item is not None
    return item


def _where(reader: Connector, item: Sighting) -> Presence:
    return reader.lookup([_reference(item)], _now())[0].presence


def test_app_password_is_used_once_and_its_session_kept(school: Person) -> None:
    """Signing in is limited to 300 a day: the session is handed out to be kept, and the next poll uses it."""
    kept: list[str] = []
    first = _connector(school, token=school.privileged, keep_token=kept.append)
    first.prove(_now())
    assert first.meter.calls == 2
    second = _connector(school, token=kept[0], keep_token=kept.append)
    second.prove(_now())
    assert second.meter.calls == 1
    assert len(kept) == 1


def test_proof_tells_an_app_password_without_messages(school: Person) -> None:
    """Private messages are a permission of the app password; the session says whether it has it."""
    proof = _connector(school, token=school.ordinary).prove(_now())
    assert proof.lacking == (Capability.READ_MESSAGES,)
    assert proof.expires_at is not None
    assert proof.expires_at > _now() + timedelta(days=80)
    assert _connector(school).prove(_now()).lacking == ()


def test_messages_without_permission_stop_only_that_stream(school: Person) -> None:
    """An app password without messages is alive: only that stream lacks a permission, the rest is read."""
    reader = _connector(school, token=school.ordinary)
    with pytest.raises(PermissionMissing):
        poll(reader, "messages", now=_now())
    poll(reader, "notifications", now=_now())


def test_wrong_app_password_is_expired(school: Person) -> None:
    """A revoked app password is somebody's to renew."""
    with pytest.raises(AuthExpired):
        _connector(school, token="abcd-efgh-ijkl-mnop").prove(_now())


def test_session_of_another_account_is_refused(school: Person, kerry: Person) -> None:
    """A token of somebody else would read the wrong account without a sign."""
    reader = connector_for(
        "bluesky", {}, ConnectorContext(Identity(school.did, kerry.handle), kerry.privileged, school.pds)
    )
    with pytest.raises(BugOrConfig):
        reader.prove(_now())


def test_replies_mentions_and_quotes_are_notified(bluesky: Network, school: Person, kerry: Person) -> None:
    """What is said to the school arrives with its thread, and says whether the school is named."""
    post = school.post("Open evening on Thursday.")
    bluesky.settle()  # A reply that is indexed at the same moment as its post may never be notified of
    reply = kerry.post("Is there parking?", under=post)
    facet = {
        "index": {"byteStart": 0, "byteEnd": 8},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": school.did}],
    }
    mention = kerry.post("@oakfield thank you", facets=[facet])
    quoted = {"$type": "app.bsky.embed.record", "record": {"uri": post["uri"], "cid": post["cid"]}}
    quote = kerry.post("See you there", embed=quoted)
    bluesky.settle()
    polled = poll(_connector(school), "notifications", now=_now())
    assert polled.rejected == []
    found = polled.one(reply["uri"])
    assert (found.kind, found.parent_id, found.thread_id) == (ItemKind.REPLY, post["uri"], post["uri"])
    assert (found.author.external_id, found.author.name) == (kerry.did, "Kerry")
    assert not found.names_school
    assert polled.one(mention["uri"]).names_school
    assert polled.one(quote["uri"]).names_school
    assert {polled.one(each["uri"]).kind for each in (mention, quote)} == {ItemKind.MENTION}


def test_own_posts_need_no_appview(school: Person, kerry: Person, bluesky: Network) -> None:
    """The own server shows an own reply at once, before anything else of Bluesky has seen it."""
    question = kerry.post("Who leads the choir?")
    bluesky.settle()
    answer = school.post("Mr Adeyemi does.", under=question)
    found = poll(_connector(school), "own", now=_now()).one(answer["uri"])
    assert found.is_own
    assert (found.kind, found.parent_id, found.thread_id) == (
        ItemKind.REPLY,
        question["uri"],
        question["uri"],
    )


def test_deep_thread_is_read_to_its_end(bluesky: Network, school: Person, kerry: Person) -> None:
    """Nobody is told of deep replies, and one answer holds no more than the SDK can parse."""
    post = school.post("What was your favourite trip?")
    reader = _connector(school)
    deep, writes, parent = 130, [], post["uri"]
    for level in range(deep):
        key = key_at(_now(), level)
        record = {
            "$type": "app.bsky.feed.post",
            "text": f"Level {level}",
            "createdAt": _now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "reply": {
                "root": {k: post[k] for k in ("uri", "cid")},
                "parent": {"uri": parent, "cid": post["cid"]},
            },
        }
        parent = f"at://{kerry.did}/app.bsky.feed.post/{key}"
        writes.append(
            {
                "$type": "com.atproto.repo.applyWrites#create",
                "collection": "app.bsky.feed.post",
                "rkey": key,
                "value": record,
            }
        )
    kerry.write("com.atproto.repo.applyWrites", repo=kerry.did, writes=writes)
    bluesky.settle()
    polled = poll(reader, "threads", now=_now())
    levels = {item.text for item in polled.items if item.text.startswith("Level")}
    assert levels == {f"Level {level}" for level in range(deep)}
    notified = poll(reader, "notifications", now=_now())
    assert len([item for item in notified.items if item.text.startswith("Level")]) < deep


def test_back_dated_reply_is_found_by_walking(bluesky: Network, school: Person, kerry: Person) -> None:
    """A reply dated back by days sinks below everything that the notifications' poll reads."""
    post = school.post("Results are out.")
    bluesky.settle()
    before = (_now() - timedelta(days=3)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    reply = kerry.post("Shame on you", under=post, createdAt=before)
    bluesky.settle()
    state = completed(_now())
    assert reply["uri"] in poll(_connector(school), "threads", state, now=_now()).ids
    listed = school.ask("app.bsky.notification.listNotifications", limit=100)["notifications"]
    assert listed[-1]["uri"] == reply["uri"]


def test_what_stands_below_a_deleted_reply_is_still_found(
    bluesky: Network, school: Person, kerry: Person
) -> None:
    """A deleted reply takes its subtree out of the thread; new replies there are found all the same."""
    zeta = bluesky.people["zeta"]
    post = school.post("Sports day pictures are up.")
    middle = kerry.post("Nice", under=post)
    low = zeta.post("Where?", under=middle)
    bluesky.settle()
    reader = _connector(school)
    state = poll(reader, "threads", now=_now()).cursor
    kerry.remove(middle["uri"])
    later = kerry.post("On the website", under=low)
    bluesky.settle()
    assert later["uri"] not in poll(_connector(school), "threads", now=_now()).ids
    second = poll(reader, "threads", state, now=_now())
    assert {low["uri"], later["uri"]} <= set(second.ids)
    assert {low["uri"], later["uri"]} <= set(second.cursor["below"][post["uri"]])  # type: ignore[index]


def test_edit_is_told_by_its_words(bluesky: Network, school: Person, kerry: Person) -> None:
    """An edit keeps the address and changes the words; looking up tells."""
    reply = kerry.post("When does term end?", under=school.post("Dates are on the website."))
    bluesky.settle()
    reader = _connector(school)
    item = _item(reader, reply["uri"])
    assert _where(reader, item) is Presence.PRESENT
    did, collection, key = reply["uri"].removeprefix("at://").split("/")
    record = kerry.ask("com.atproto.repo.getRecord", repo=did, collection=collection, rkey=key)["value"]
    kerry.write(
        "com.atproto.repo.putRecord",
        repo=did,
        collection=collection,
        rkey=key,
        record={**record, "text": "When does term start?"},
    )
    bluesky.settle()
    assert _where(reader, item) is Presence.EDITED
    assert _item(reader, reply["uri"]).text == "When does term start?"


def test_reply_is_there_once_however_often_it_is_sent(
    bluesky: Network, school: Person, kerry: Person
) -> None:
    """The record's key follows from the action: sent twice, it is one reply, and reading back finds it."""
    question = kerry.post("Which gate is open?", under=school.post("Fair on Saturday."))
    bluesky.settle()
    reader = _connector(school)
    action = _action(ActionKind.REPLY, _item(reader, question["uri"]), "The north gate: https://a.example/")
    assert reader.verify(action, _now()) is None
    done = reader.act(action, _now())
    assert done.confirmed
    assert reader.act(action, _now()).external_id == done.external_id
    assert reader.verify(action, _now()) == done
    bluesky.settle()
    own = poll(reader, "own", now=_now()).items
    replies = [item for item in own if item.parent_id == question["uri"]]
    assert [item.external_id for item in replies] == [done.external_id]
    assert [item.text for item in replies] == [action.words]


def test_reply_longer_than_bluesky_takes_is_refused(bluesky: Network, school: Person, kerry: Person) -> None:
    """Too many letters are told before anything is sent; the server's own limit is the same."""
    question = kerry.post("Tell me all.", under=school.post("We have news."))
    bluesky.settle()
    reader = _connector(school)
    item = _item(reader, question["uri"])
    with pytest.raises(Refused):
        reader.act(_action(ActionKind.REPLY, item, "a" * 301), _now())
    assert reader.act(_action(ActionKind.REPLY, item, "é" * 300), _now()).confirmed


def test_hiding_keeps_who_may_reply(bluesky: Network, school: Person, kerry: Person) -> None:
    """Hidden replies stand beside the rules of who may reply; hiding and showing leave those alone."""
    post = school.post("Uniform sale.")
    key = post["uri"].rpartition("/")[2]
    gate = {
        "$type": "app.bsky.feed.threadgate",
        "post": post["uri"],
        "createdAt": "2026-01-02T03:04:05.000Z",
        "allow": [{"$type": "app.bsky.feed.threadgate#followerRule"}],
    }
    asked = {"repo": school.did, "collection": "app.bsky.feed.threadgate", "rkey": key}
    reply = kerry.post("Rubbish quality", under=post)
    other = kerry.post("And dear", under=post)
    bluesky.settle()
    reader = _connector(school)
    item = _item(reader, reply["uri"])
    school.write("com.atproto.repo.createRecord", record=gate, **asked)
    hide = _action(ActionKind.HIDE, item)
    assert reader.verify(hide, _now()) is None
    assert reader.act(hide, _now()).confirmed
    assert reader.verify(hide, _now()) is not None
    kept = school.ask("com.atproto.repo.getRecord", **asked)["value"]
    assert kept == {**gate, "hiddenReplies": [reply["uri"]]}
    bluesky.settle()
    assert _where(reader, item) is Presence.HIDDEN
    assert _where(reader, _in_own_words(item, other["uri"], "And dear")) is Presence.PRESENT
    assert reader.act(_action(ActionKind.UNHIDE, item), _now()).confirmed
    assert school.ask("com.atproto.repo.getRecord", **asked)["value"] == {**gate, "hiddenReplies": []}
    assert _where(reader, item) is Presence.PRESENT


def _in_own_words(item: Sighting, uri: str, text: str) -> Sighting:
    return replace(item, external_id=uri, text=text)


def test_hiding_in_a_thread_without_rules_lets_everybody_reply(
    bluesky: Network, school: Person, kerry: Person
) -> None:
    """The first hidden reply of a thread makes its list, which says nothing of who may reply."""
    reply = kerry.post("No", under=school.post("Clubs start on Monday."))
    bluesky.settle()
    reader = _connector(school)
    assert reader.act(_action(ActionKind.HIDE, _item(reader, reply["uri"])), _now()).confirmed
    bluesky.settle()
    assert kerry.post("Still here", under={**reply})


def test_reply_in_somebody_elses_thread_cannot_be_hidden(
    bluesky: Network, school: Person, kerry: Person
) -> None:
    """Only the owner of a thread hides in it; the refusal says what a person can do."""
    facet = {
        "index": {"byteStart": 0, "byteEnd": 8},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": school.did}],
    }
    mention = kerry.post("@oakfield hello", facets=[facet])
    bluesky.settle()
    reader = _connector(school)
    item = poll(reader, "notifications", now=_now()).one(mention["uri"])
    with pytest.raises(Refused, match="report the post or block"):
        reader.act(_action(ActionKind.HIDE, item), _now())
    with pytest.raises(Refused, match="nobody delete"):
        reader.act(_action(ActionKind.DELETE, item), _now())


def test_own_reply_is_deleted_and_seen_to_be_gone(bluesky: Network, school: Person, kerry: Person) -> None:
    """Deleting an own record is read back from the own server."""
    question = kerry.post("Any news?", under=school.post("The pool reopens."))
    bluesky.settle()
    reader = _connector(school)
    done = reader.act(_action(ActionKind.REPLY, _item(reader, question["uri"]), "Soon."), _now())
    assert done.external_id is not None
    own = poll(reader, "own", now=_now()).one(done.external_id)
    assert _where(reader, own) is Presence.PRESENT
    delete = _action(ActionKind.DELETE, own)
    assert reader.verify(delete, _now()) is None
    assert reader.act(delete, _now()).confirmed
    assert reader.verify(delete, _now()) is not None
    assert _where(reader, own) is Presence.DELETED


def test_deleted_reply_is_told_from_one_we_may_not_see(
    bluesky: Network, school: Person, kerry: Person
) -> None:
    """Gone is only what its author took away; of an author who blocks us, nothing is known."""
    zeta = bluesky.people["zeta"]
    post = school.post("Concert on Friday.")
    mine = kerry.post("I will be there", under=post)
    theirs = zeta.post("So will I", under=post)
    bluesky.settle()
    reader = _connector(school)
    gone, unseen = _item(reader, mine["uri"]), _item(reader, theirs["uri"])
    kerry.remove(mine["uri"])
    block = zeta.create(
        "app.bsky.graph.block",
        {"$type": "app.bsky.graph.block", "subject": school.did, "createdAt": "2026-11-20T10:00:00Z"},
    )
    bluesky.settle()
    assert [_where(reader, each) for each in (gone, unseen)] == [Presence.DELETED, Presence.INVISIBLE]
    zeta.remove(block["uri"])
    bluesky.settle()
    assert _where(reader, unseen) is Presence.PRESENT


def test_author_is_blocked_once_and_unblocked(bluesky: Network, school: Person) -> None:
    """A block is one record; what its author wrote is then not shown to us, and not gone."""
    zeta = bluesky.people["zeta"]
    reply = zeta.post("Losers", under=school.post("We won the cup."))
    bluesky.settle()
    reader = _connector(school)
    item = _item(reader, reply["uri"])
    block, unblock = _action(ActionKind.BLOCK, item), _action(ActionKind.UNBLOCK, item)
    assert reader.verify(block, _now()) is None
    assert reader.act(block, _now()).confirmed
    assert "already" in reader.act(block, _now()).remark
    assert reader.verify(block, _now()) is not None
    bluesky.settle()
    assert _where(reader, item) is Presence.INVISIBLE
    assert reader.act(unblock, _now()).confirmed
    assert reader.verify(unblock, _now()) is not None
    bluesky.settle()
    assert _where(reader, item) is Presence.PRESENT


def test_report_reaches_the_moderators(bluesky: Network, school: Person, kerry: Person) -> None:
    """A report is taken by the moderation service; nobody can read it back."""
    reply = kerry.post("Idiots", under=school.post("Assembly moved."))
    bluesky.settle()
    reader = _connector(school)
    report = _action(ActionKind.REPORT, _item(reader, reply["uri"]), "Insults a pupil")
    done = reader.act(report, _now())
    assert not done.confirmed
    assert "took the report" in done.remark
    assert reader.verify(report, _now()) is None


def test_sweep_reads_everything_again(bluesky: Network, school: Person, kerry: Person) -> None:
    """The daily sweep needs no memory: whatever polls left is in it, and it moves no watermark."""
    post = school.post("Lost property is full.")
    bluesky.settle()
    reply = kerry.post("We miss a coat", under=post)
    bluesky.settle()
    reader = _connector(school)
    for stream, uri in (("notifications", reply["uri"]), ("threads", reply["uri"]), ("own", post["uri"])):
        pages = list(reader.sweep(stream, _now() - timedelta(days=7), _now()))
        assert all(page.cursor is None for page in pages)
        assert uri in {item.external_id for page in pages for item in page.items}
