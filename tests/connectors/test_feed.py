"""What the connector for forum feeds promises: RSS and Atom as forums write them, and as nobody should."""

from __future__ import annotations

import codecs
import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

import pytest
import responses

from connectors.answers.feed_document import document
from connectors.base import (
    AuthExpired,
    BadResponse,
    BugOrConfig,
    Capability,
    ConnectorError,
    NotFound,
    Refused,
)
from moderation.actions import Action, ActionKind
from moderation.items import ItemKind, Presence, Reference, Sighting, digest
from tests.connectors.wire import NOW, OPTIONS, Polled, connector, poll

URL = str(OPTIONS["feed"]["urls"][0])  # type: ignore[index]
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def forum() -> Iterator[responses.RequestsMock]:
    """Answers by recordings, one after the other; the last one again and again."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def rfc822(moment: datetime) -> str:
    """Write a time as RSS does."""
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


def item(number: int, **more: str | None) -> str:
    """Return an RSS item; a field given as ``None`` is left out. Names are element names, with _ for :."""
    fields = {
        "guid": f"https://forum.oakfield.example/post/{number}",
        "link": f"https://forum.oakfield.example/t/uniform/7/{number}",
        "title": "Re: Uniform",
        "dc_creator": "Kerry Walsh",
        "description": f"<p>Words of {number}</p>",
        "pubDate": rfc822(NOW - timedelta(minutes=100 - number)),
    } | more
    parts = ((name.replace("_", ":"), value) for name, value in fields.items() if value is not None)
    return f"<item>{''.join(f'<{name}>{escape(value)}</{name}>' for name, value in parts)}</item>"


def rss(*items: str, head: str = "", before: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    """Return a feed."""
    spaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:thr="http://purl.org/syndication/thread/1.0"'
    body = f"<title>Forum</title>{head}{''.join(items)}"
    return f'{before}<rss version="2.0" {spaces}><channel>{body}</channel></rss>'.encode()


def atom(*entries: str) -> bytes:
    """Return an Atom feed."""
    spaces = 'xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"'
    return f"<feed {spaces}><title>Forum</title><id>urn:f</id>{''.join(entries)}</feed>".encode()


def serve(mock: responses.RequestsMock, *bodies: bytes, url: str = URL, **headers: str) -> None:
    """Give these answers, one after the other."""
    for body in bodies:
        mock.get(url, body=body, headers=headers, content_type="application/rss+xml; charset=utf-8")


def read(state: Any = None, now: datetime = NOW, **options: Any) -> Polled:
    """Poll the feed with a fresh connector."""
    return poll(connector("feed", **options), None, state, now)


def only(body: bytes, mock: responses.RequestsMock) -> Sighting:
    """Return the only item of a feed."""
    serve(mock, body)
    (found,) = read().items
    return found


# What is read


def test_rss_item_is_read_in_full(forum: responses.RequestsMock) -> None:
    """Who, what, when, where, in which topic; of markup only the words."""
    found = only(rss(item(1, description="<p>When is <b>it</b>?</p><script>x()</script>")), forum)
    assert found.external_id == "https://forum.oakfield.example/post/1"
    assert found.text == "When is it?"
    assert (found.author.external_id, found.author.name) == ("Kerry Walsh", "Kerry Walsh")
    assert found.created_at == NOW - timedelta(minutes=99)
    assert found.permalink == "https://forum.oakfield.example/t/uniform/7/1"
    assert found.thread_id == "https://forum.oakfield.example/t/uniform/7"
    assert (found.kind, found.is_own, found.parent_id) == (ItemKind.COMMENT, False, None)


def test_atom_entry_is_read_in_full(forum: responses.RequestsMock) -> None:
    """Content before summary, the published time before that of the last change, the entry replied to."""
    entry = (
        "<entry><id>tag:forum,2026:2</id><link rel='alternate' href='https://forum.oakfield.example/p/2#2'/>"
        "<title>Uniform</title><author><name>Rowan</name><uri>https://forum.oakfield.example/u/r</uri></author>"
        "<summary>short</summary><content type='html'>&lt;p&gt;Grey&lt;br&gt;or blue&lt;/p&gt;</content>"
        "<published>2026-11-20T10:00:00Z</published><updated>2026-11-20T11:30:00+00:00</updated>"
        "<thr:in-reply-to ref='tag:forum,2026:1'/></entry>"
    )
    found = only(atom(entry), forum)
    assert found.text == "Uniform\n\nGrey\nor blue"
    assert found.created_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert (found.kind, found.parent_id) == (ItemKind.REPLY, "tag:forum,2026:1")
    assert found.thread_id == "tag:forum,2026:1"
    assert found.author.name == "Rowan"


def test_xhtml_content_is_read(forum: responses.RequestsMock) -> None:
    """Atom may hold markup as elements of its own."""
    entry = (
        "<entry><id>urn:1</id><title>Re: x</title><content type='xhtml'>"
        "<div xmlns='http://www.w3.org/1999/xhtml'><p>One</p><p>two</p></div></content></entry>"
    )
    assert only(atom(entry), forum).text == "One\n\ntwo"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"title": "Mr Ash is a liar", "description": "see above"}, "Mr Ash is a liar\n\nsee above"),
        ({"title": "RE: Uniform", "description": "grey"}, "grey"),
        ({"title": "Grey or", "description": "Grey or blue?"}, "Grey or blue?"),
        ({"title": "Only a title", "description": None}, "Only a title"),
        ({"title": None, "description": "Q&A <3 & é&nbsp;x"}, "Q&A <3 & é x"),
        ({"title": None, "description": ""}, ""),
    ],
)
def test_a_title_is_words_too(forum: responses.RequestsMock, fields: dict[str, Any], text: str) -> None:
    """A topic's title may be all there is; the title of an answer only repeats it."""
    assert only(rss(item(1, **fields)), forum).text == text


@pytest.mark.parametrize(
    ("fields", "identifier"),
    [
        ({}, "https://forum.oakfield.example/post/1"),
        ({"guid": None}, "https://forum.oakfield.example/t/uniform/7/1"),
        ({"guid": "17"}, "forum.oakfield.example 17"),
    ],
)
def test_ids_are_the_feeds_own(
    forum: responses.RequestsMock, fields: dict[str, Any], identifier: str
) -> None:
    """The guid, else the link; a bare number is no other forum's."""
    assert only(rss(item(1, **fields)), forum).external_id == identifier


def test_entries_without_any_id_are_told_apart_by_their_words(forum: responses.RequestsMock) -> None:
    """Author, title and text make the id; the same entry has the same one again. Long ids are shortened."""
    bare = {"guid": None, "link": None}
    serve(forum, rss(item(1, **bare), item(2, **bare), item(3, guid="https://x.example/" + "y" * 500)))
    first, again = read().ids, read().ids
    assert first == again
    assert len(set(first)) == 3
    assert all(len(each) <= 256 for each in first)


@pytest.mark.parametrize("told", [None, "yesterday", "Fri, 99 Foo 2026", "", rfc822(NOW + timedelta(days=2))])
def test_a_time_that_cannot_be_is_none(forum: responses.RequestsMock, told: str | None) -> None:
    """Missing, unreadable and future times are not guessed."""
    assert only(rss(item(1, pubDate=told)), forum).created_at is None


def test_only_the_part_of_an_email_address_that_is_a_name_is_kept(forum: responses.RequestsMock) -> None:
    """RSS wants an address as author; the address is nobody's business."""
    found = only(rss(item(1, dc_creator=None, author="kerry.walsh@example.org")), forum)
    assert found.author.name == "kerry.walsh"


@pytest.mark.parametrize(
    ("link", "thread"),
    [
        ("https://a.example/blog/open-day/#comment-12", "https://a.example/blog/open-day/"),
        ("https://a.example/viewtopic.php?f=2&t=9&p=12#p12", "https://a.example/viewtopic.php?t=9"),
        ("https://a.example/threads/uniform.9/post-12", "https://a.example/threads/uniform.9"),
        ("https://a.example/t/uniform/9/12", "https://a.example/t/uniform/9"),
        ("https://a.example/viewtopic.php?p=12#p12", "https://forum.oakfield.example/post/1"),
        ("https://a.example/[", "https://forum.oakfield.example/post/1"),
    ],
)
def test_topic_is_read_from_the_link(forum: responses.RequestsMock, link: str, thread: str) -> None:
    """The usual forums and blogs; where nothing tells, an entry is a thread of its own."""
    assert only(rss(item(1, link=link)), forum).thread_id == thread


def test_own_answer_is_recognised_in_its_thread(forum: responses.RequestsMock) -> None:
    """By the names that the settings give, in any spelling; capitals do not matter."""
    serve(forum, rss(item(1), item(2, dc_creator="oakfield academy")))
    polled = read()
    question, answer = polled.items
    assert (question.is_own, answer.is_own) == (False, True)
    assert answer.kind is ItemKind.REPLY
    assert answer.thread_id == question.thread_id


def test_thread_of_an_answer_is_remembered(forum: responses.RequestsMock) -> None:
    """The entry that is replied to may have left the feed; its thread is still known."""
    first = item(1, link="https://a.example/1")
    second = "<item><guid>urn:2</guid><title>Re: x</title><thr:in-reply-to ref='{}'/></item>"
    third = "<item><guid>urn:3</guid><title>Re: x</title><thr:in-reply-to ref='urn:2'/></item>"
    above = "https://forum.oakfield.example/post/1"
    serve(forum, rss(first, second.format(above)), rss(third))
    state = read().cursor
    assert read(state, LATER).one("urn:3").thread_id == above


def test_kinds_of_media_are_kept_and_no_addresses(forum: responses.RequestsMock) -> None:
    """What is shown beside the words is only named."""
    enclosure = '<enclosure url="https://a.example/1.jpg" length="1" type="image/jpeg"/></item>'
    assert only(rss(item(1).replace("</item>", enclosure)), forum).media == ("photo",)


# Nothing new, gaps, pages


def test_unchanged_feed_is_not_sent_again(forum: responses.RequestsMock) -> None:
    """What the server said of its feed is sent back; 304 is nothing new and keeps all that was known."""
    serve(forum, rss(item(1)), ETag='W/"abc"', **{"Last-Modified": "Fri, 20 Nov 2026 10:00:00 GMT"})
    forum.get(URL, status=304)
    first = read().cursor
    second = read(first, LATER)
    asked = forum.calls[1].request.headers
    assert asked["If-None-Match"] == 'W/"abc"'
    assert asked["If-Modified-Since"] == "Fri, 20 Nov 2026 10:00:00 GMT"
    assert second.items == []
    assert second.cursor == first | {"complete_from": LATER.isoformat()}


def test_unchanged_without_having_asked_is_no_answer(forum: responses.RequestsMock) -> None:
    """A server that says 304 to the first question has said nothing."""
    forum.get(URL, status=304)
    with pytest.raises(BadResponse):
        read()


def test_feed_that_reaches_back_missed_nothing(forum: responses.RequestsMock) -> None:
    """As long as one of the newest entries of before is still there."""
    serve(forum, rss(item(2), item(1)), rss(item(3), item(2)))
    second = read(read().cursor, LATER)
    assert second.pages[-1].missed == ()
    assert "https://forum.oakfield.example/post/3" in second.ids


def test_gap_is_told(forum: responses.RequestsMock) -> None:
    """More came than the feed shows: from when to when is said. Pinned entries hide no gap."""
    pinned = item(-5000)
    serve(forum, rss(pinned, *map(item, range(1, 11))), rss(pinned, *map(item, range(20, 31))))
    (missed,) = read(read().cursor, LATER).pages[-1].missed
    assert missed.began_at == NOW - timedelta(minutes=90)
    assert missed.ended_at == NOW - timedelta(minutes=80)


def test_entry_that_was_new_and_is_pinned_since_hides_no_gap(forum: responses.RequestsMock) -> None:
    """An announcement of today stays on top for days: that it is still there shows nothing."""
    pinned = item(10)
    serve(forum, rss(pinned, *map(item, range(9, 0, -1))), rss(pinned, *map(item, range(30, 20, -1))))
    (missed,) = read(read().cursor, LATER).pages[-1].missed
    assert (missed.began_at, missed.ended_at) == (NOW - timedelta(minutes=90), NOW - timedelta(minutes=79))


def test_gap_is_told_without_any_times(forum: responses.RequestsMock) -> None:
    """Then from the last poll to this one."""
    serve(forum, rss(item(1, pubDate=None)), rss(item(20, pubDate=None)))
    (missed,) = read(read().cursor, LATER).pages[-1].missed
    assert (missed.began_at, missed.ended_at) == (NOW, LATER)


def test_gap_is_closed_where_the_feed_has_pages(forum: responses.RequestsMock) -> None:
    """Further pages are read, on the same host only, until one reaches back."""
    following = '<link xmlns="http://www.w3.org/2005/Atom" rel="next" href="{}"/>'
    serve(
        forum,
        rss(item(2), item(1)),
        rss(item(7), item(6), head=following.format("/posts.rss?page=2")),
    )
    serve(
        forum,
        rss(item(4), item(2), head=following.format("/posts.rss?page=3")),
        url=f"{URL}?page=2",
    )
    polled = read(read().cursor, LATER)
    assert [each.rpartition("/")[2] for each in polled.ids] == ["7", "6", "4", "2"]
    assert polled.pages[-1].missed == ()


@pytest.mark.parametrize(
    "following", ["https://elsewhere.example/feed", URL, "http://[", "/posts.rss?page=2"]
)
def test_pages_that_lead_astray_are_not_followed(forum: responses.RequestsMock, following: str) -> None:
    """Not to another host, not in circles, and not for ever; the gap is told instead."""
    link = f'<link xmlns="http://www.w3.org/2005/Atom" rel="next" href="{following}"/>'
    serve(forum, rss(item(1)), rss(item(20), head=link))
    serve(forum, rss(item(19), head=link), url=f"{URL}?page=2")
    polled = read(read().cursor, LATER)
    assert len(polled.pages[-1].missed) == 1
    assert len(forum.calls) <= 3


def test_edit_is_seen_while_the_feed_shows_it(forum: responses.RequestsMock) -> None:
    """The same id with other words."""
    serve(forum, rss(item(1)), rss(item(1, description="Other words")))
    first = read()
    second = read(first.cursor, LATER)
    assert first.ids == second.ids
    assert digest(first.items[0].text) != digest(second.items[0].text)


def test_sweep_reads_what_the_feed_still_shows(forum: responses.RequestsMock) -> None:
    """In full, whatever is known, and moving nothing."""
    serve(forum, rss(item(1), item(2)))
    reader = connector("feed")
    pages = list(reader.sweep(reader.streams()[0], NOW - timedelta(days=7), NOW))
    assert all(page.cursor is None for page in pages)
    assert sum(len(page.items) for page in pages) == 2
    assert "If-None-Match" not in forum.calls[0].request.headers


def test_each_feed_is_a_stream_and_its_key_is_not_shown(forum: responses.RequestsMock) -> None:
    """The name of a stream goes into logs and status pages; the order of the settings does not matter."""
    other = "https://other.example/feed.php?mode=posts&key=geheim"
    reader = connector("feed", urls=[URL, other])
    assert set(reader.streams()) == set(connector("feed", urls=[other, URL]).streams())
    assert len(set(reader.streams())) == 2
    assert all("geheim" not in name and len(name) <= 64 for name in reader.streams())
    serve(forum, rss(item(1)), url=other)
    assert len(poll(reader, reader.streams()[1]).items) == 1


# What is no feed


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html><body>Sign in</body></html>",
        b"<html xmlns='http://www.w3.org/1999/xhtml'><body><p>Sign in</p></body></html>",
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>Fo',
        b'{"items": []}',
        b"/etc/hostname",
        b"   ",
    ],
)
def test_what_is_no_feed_is_never_nothing_new(forum: responses.RequestsMock, body: bytes) -> None:
    """A sign-in page, a cut answer, other data: the feed could not be read, and the cursor stays."""
    serve(forum, body)
    with pytest.raises(BadResponse):
        read()


def test_words_that_name_a_file_are_not_opened(forum: responses.RequestsMock, tmp_path: Path) -> None:
    """The library takes bare bytes for a file's name; a forum must not choose what is read here."""
    hidden = tmp_path / "feed.xml"
    hidden.write_bytes(rss(item(1)))
    serve(forum, str(hidden).encode())
    with pytest.raises(BadResponse):
        read()


def test_empty_feed_is_nothing_new(forum: responses.RequestsMock) -> None:
    """A forum on its first day."""
    serve(forum, rss())
    assert read().items == []


def test_broken_tail_costs_only_what_is_broken(forum: responses.RequestsMock) -> None:
    """Whole entries are read, no half one, the rest waits for a person; next time all is asked for again."""
    whole = rss(item(1), item(2), item(3))
    serve(forum, whole[: whole.rindex(b"Words of 3")], ETag='"1"')
    polled = read()
    assert [each.rpartition("/")[2] for each in polled.ids] == ["1", "2"]
    assert "breaks off" in polled.rejected[0].reason
    assert "etag" not in polled.cursor


@pytest.mark.parametrize(
    ("fault", "meant"),
    [
        (b"Tom & Jerry", "Tom & Jerry"),
        (b"caf&eacute; for&nbsp;&pound;5", "caf\xe9 for \xa35"),
        (b"bell \x07 here", "bell \ufffd here"),
        (b"nothing &#0; &#x1F600; &#99999999;", "nothing \ufffd \U0001f600 \ufffd"),
        ("caf\xe9".encode("cp1252"), "caf\xe9"),
        (b"&unheard; of", "&unheard; of"),
        (b"<![CDATA[<b>bold</b> & more]]>", "bold & more"),
        (b"<slash:comments>4</slash:comments>plain", "plain"),
    ],
)
def test_usual_faults_cost_nothing(forum: responses.RequestsMock, fault: bytes, meant: str) -> None:
    """Bare ampersands, names from HTML, stray bytes, forgotten namespaces: forums write all of them."""
    body = rss(item(1, description="HERE", title=None), item(2)).replace(b"HERE", fault)
    serve(forum, body)
    polled = read()
    assert len(polled.items) == 2
    assert meant in (polled.items[0].text or meant)
    assert polled.rejected == []


def test_encodings_are_read() -> None:
    """What the document says, what HTTP says, and byte order marks."""
    text = rss(item(1, description="caf\xe9"), before="").decode()
    for body, charset in (
        (codecs.BOM_UTF16_LE + text.encode("utf-16-le"), None),
        (codecs.BOM_UTF8 + text.encode(), None),
        (b'<?xml version="1.0" encoding="iso-8859-1"?>' + text.encode("iso-8859-1"), None),
        (text.encode("cp1252"), "windows-1252"),
        (text.encode("cp1252"), "no-such-thing"),
        (b'<?xml version="1.0" encoding="punycode"?>' + text.encode(), "zlib"),
    ):
        assert "caf\xe9" in document(body, charset).content.decode()


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "entities": rss(item(1), before=f'<!DOCTYPE rss [<!ENTITY e0 "ha">{BOMB}]>'),
    "outside entity": rss(item(1), before='<!DOCTYPE rss [<!ENTITY e SYSTEM "file:///etc/hostname">]>'),
    "deep": rss("<a>" * 300_000),
    "deep and whole": rss("<a>" * 100_000 + "</a>" * 100_000),
    "deep entry": rss(item(1, description=None).replace("</item>", "<a>" * 50_000)),
    "long author": rss(item(1, dc_creator="a." * 400_000)),
    "long attribute": rss('<item a="' + "x" * 1_000_000 + '"/>'),
    "many brackets": rss("<" * 1_000_000),
    "many ampersands": rss(item(1, title="&" * 200_000)),
    "many comments": rss("<!--" * 200_000),
    "many sections": rss("<![CDATA[" * 100_000),
    "many attributes": rss("<item " + "a='1' " * 100_000 + ">"),
    "many tags in words": rss(item(1, description="<a" * 250_000)),
    "many entries": rss("<item/>" * 120_000),
    "long date": rss(item(1, pubDate="1:" * 400_000)),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_feed_stops_nobody(forum: responses.RequestsMock, body: bytes) -> None:
    """Made to keep a reader busy for minutes, it is read or refused within seconds."""
    serve(forum, body)
    began = datetime.now(UTC)
    with contextlib.suppress(BadResponse):
        assert all(len(each.author.name) <= 2_000 for each in read().items)
    assert datetime.now(UTC) - began < timedelta(seconds=10)


def test_one_poisoned_entry_costs_no_other(forum: responses.RequestsMock) -> None:
    """Whoever chooses a name of a hundred thousand letters does not blind the school."""
    serve(forum, rss(item(1), item(2, dc_creator="a." * 50_000), item(3)))
    polled = read()
    assert [each.rpartition("/")[2] for each in polled.ids] == ["1", "3"]
    assert len(polled.rejected) == 1


def test_entities_of_its_own_are_refused(forum: responses.RequestsMock) -> None:
    """Never expanded, and never fetched from elsewhere."""
    for body in (HOSTILE["entities"], HOSTILE["outside entity"]):
        with pytest.raises(BadResponse, match="no forum writes"):
            document(body, None)


def test_elements_without_end_are_refused() -> None:
    """Outside of an entry the feed itself is at fault; within one the entry is left out."""
    with pytest.raises(BadResponse, match="no forum writes"):
        document(rss("<a>" * 200 + "</a>" * 200), None)
    within = item(1, description=None).replace("</item>", "<a>" * 200 + "</a>" * 200 + "</item>")
    assert document(rss(item(2), within), None).left_out == 1


def test_forgotten_namespaces_are_declared() -> None:
    """Otherwise the feed would be no XML, and be read with patterns instead."""
    fixed = document(rss("<item><slash:comments>4</slash:comments></item>"), None)
    assert b'xmlns:slash="' in fixed.content
    assert fixed.content.count(b"xmlns:dc=") == 1


def test_size_is_limited(forum: responses.RequestsMock) -> None:
    """A feed that never ends is not read to its end."""
    serve(forum, rss(item(1, description="x" * 300_000)))
    with pytest.raises(BadResponse, match="max_megabytes"):
        read(max_megabytes=0.2)
    assert len(read(max_megabytes=0.5).items) == 1


# Where it is, what can be done, what goes wrong


def test_lookup_knows_only_what_is_shown(forum: responses.RequestsMock) -> None:
    """A feed tells of no deletion: what it no longer shows may well be there."""
    serve(forum, rss(item(1), item(2)))
    base = "https://forum.oakfield.example/post/"
    known = [
        Reference(f"{base}1", ItemKind.COMMENT, "t", digest=digest("Words of 1")),
        Reference(f"{base}2", ItemKind.COMMENT, "t", digest=digest("Older words")),
        Reference(f"{base}3", ItemKind.COMMENT, "t"),
    ]
    presences = [each.presence for each in connector("feed").lookup(known, NOW)]
    assert presences == [Presence.PRESENT, Presence.EDITED, Presence.UNKNOWN]


@pytest.mark.parametrize("kind", list(ActionKind))
def test_nothing_can_be_done_and_the_way_by_hand_is_named(kind: ActionKind) -> None:
    """A feed can only be read."""
    decided = Action(kind, Reference("1", ItemKind.COMMENT, "1"), "act-1", NOW)
    with pytest.raises(Refused, match="link"):
        connector("feed").act(decided, NOW)
    assert connector("feed").verify(decided, NOW) is None


def test_own_answers_are_not_seen_without_names() -> None:
    """A feed knows no accounts; the settings have to say who the school is."""
    missing = connector("feed", school_authors=[]).capabilities()[Capability.SEE_OWN_REPLIES]
    assert missing is not None
    assert "school_authors" in missing.manual_way


def test_proof_reads_every_feed(forum: responses.RequestsMock) -> None:
    """No token, no end, no permissions; but every address has to hold a feed."""
    serve(forum, rss())
    proof = connector("feed", urls=[URL]).prove(NOW)
    assert (proof.expires_at, proof.scopes, proof.lacking) == (None, None, ())
    forum.get("https://other.example/feed", body=b"<html></html>")
    with pytest.raises(BadResponse):
        connector("feed", urls=[URL, "https://other.example/feed"]).prove(NOW)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, BugOrConfig),
        (302, BadResponse),
        (307, BadResponse),
        (308, BugOrConfig),
        (401, AuthExpired),
        (404, NotFound),
        (410, NotFound),
    ],
)
def test_what_a_forum_says_with_a_page(
    forum: responses.RequestsMock, status: int, kind: type[ConnectorError]
) -> None:
    """Forums answer errors with pages. A moved feed is a person's to correct, and is not followed."""
    forum.get(URL, body=b"<html>Sorry</html>", status=status, headers={"Location": "https://x.example/"})
    with pytest.raises(kind):
        read()
    assert len(forum.calls) == 1


@pytest.mark.parametrize("url", ["ftp://a.example/f", "/posts.rss", "https://", "https://me:pw@a.example/f"])
def test_addresses_are_checked_and_not_repeated(url: str) -> None:
    """Only web addresses, and no passwords in them; the message does not show what was written."""
    with pytest.raises(BugOrConfig, match=r"urls\.0") as caught:
        connector("feed", urls=[url])
    assert "pw" not in str(caught.value)
    with pytest.raises(BugOrConfig, match="address is missing"):
        connector("feed", urls=[])


def test_practice_keeps_path_and_query(forum: responses.RequestsMock) -> None:
    """Another host for a rehearsal, the same feed."""
    serve(forum, rss(item(1)), url="http://127.0.0.1:8799/posts.rss?a=b")
    reader = connector("feed", urls=[f"{URL}?a=b"], base_url="http://127.0.0.1:8799")
    assert len(poll(reader).items) == 1


@pytest.mark.parametrize(
    "state",
    [
        {"marks": 7, "newest": [], "threads": "x", "etag": "a\nb"},
        {"marks": [1, None], "newest": "2026", "etag": "é", "modified": "x" * 9_999},
        {"marks": ["a"], "newest": "2026-11-20T10:00:00"},
    ],
)
def test_state_that_cannot_be_read_reads_more(forum: responses.RequestsMock, state: Any) -> None:
    """Whatever stands in the database, a poll reads in full and writes a new one."""
    serve(forum, rss(item(1)))
    polled = read(state)
    assert len(polled.items) == 1
    assert polled.cursor["complete_from"] == NOW.isoformat()
    assert "If-None-Match" not in forum.calls[0].request.headers


def test_a_feed_costs_nothing() -> None:
    """No plan, no price."""
    assert connector("feed").monthly_estimate(1000) == Decimal(0)
