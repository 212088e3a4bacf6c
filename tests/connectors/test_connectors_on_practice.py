"""The connectors on the practice platforms: the real SDKs, a real server, a week of comments, and faults."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import (
    AuthExpired,
    BadResponse,
    ConnectorError,
    Pausing,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    State,
    Transient,
)
from connectors.practice.content import Content, read
from connectors.practice.identities import ACCOUNT_IDS, EXPIRED_TOKEN, SCHOOL, TOKEN, USER_TOKEN, Platform
from connectors.practice.server import PracticePlatforms
from connectors.practice.world import Node
from moderation.items import Sighting
from tests.connectors.wire import connector, poll

MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
END = MONDAY + timedelta(days=6)
PLATFORMS = ("facebook", "x", "youtube")

Line = dict[str, object]


def _lines(platform: str, seed: int, count: int = 60) -> list[Line]:
    """Return posts of the school, comments, replies at any depth and answers, at random times of a week."""
    chance = random.Random(seed)
    lines: list[Line] = []
    for number in range(count):
        line: Line = {"id": f"{platform}-{number}", "platform": platform, "text": f"Words {number}"}
        line["at"] = (MONDAY + timedelta(minutes=chance.randrange(5 * 24 * 60))).isoformat()
        by_school = number < 4 or chance.random() < 0.25
        line["by"] = SCHOOL if by_school else f"parent-{chance.randrange(9)}"
        if number >= 4 and (by_school or chance.random() < 0.85):
            line["under"] = f"{platform}-{chance.randrange(number)}"
        lines.append(line)
    return lines


def _content(lines: list[Line]) -> Content:
    content = read([json.dumps(line).encode() for line in lines])
    assert content.rejected == ()
    return content


class _School:
    """One account on the practice platforms, polled as the product does: every stream, with its state."""

    def __init__(self, platform: str, platforms: PracticePlatforms, **settings: object) -> None:
        self.platform, self.platforms, self.settings = platform, platforms, settings
        self.states: dict[str, State] = {}
        self.items: dict[str, Sighting] = {}

    def poll(self, now: datetime, token: str = TOKEN) -> None:
        """Poll every stream; what pages brought stays, a state moves only when its stream is complete."""
        reader = connector(self.platform, token=token, base_url=self.platforms.url, **self.settings)
        for stream in reader.streams():
            for page in reader.poll(stream, self.states.get(stream, {}), now):
                assert page.rejected == ()
                self.items.update({item.external_id: item for item in page.items})
                if page.cursor is not None:
                    self.states[stream] = json.loads(json.dumps(page.cursor))

    def expected(self, now: datetime) -> dict[str, str]:
        """Return the ids of everything that concerns the school at ``now``, and who wrote it."""
        world = self.platforms.worlds[Platform(self.platform)]
        return {
            _id_of(node): node.author.id
            for node in world.nodes.values()
            if node.at <= now and _concerns_school(node, self.platform)
        }


def _id_of(node: Node) -> str:
    return node.id.rpartition("_")[2] if node.id.count("_") == 1 and node.id[0].isdigit() else node.id


def _concerns_school(node: Node, platform: str) -> bool:
    """Whether it is an item; videos are none, and on X talk among others that does not name the school."""
    if platform == "youtube":
        return node.parent is not None
    if platform == "facebook":
        return True
    named = any(account.is_school for account in node.mentions)
    return named or node.author.is_school or node.post.author.is_school


class _Clock:
    """The time of the practice platforms, moved by the test."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


Start = Callable[..., PracticePlatforms]


@pytest.fixture
def clock() -> _Clock:
    """Return a clock at the end of the week."""
    return _Clock(END)


@pytest.fixture
def start(clock: _Clock) -> Iterator[Start]:
    """Return a function that starts practice platforms; they are stopped at the end."""
    started: list[PracticePlatforms] = []

    def begin(lines: list[Line], **more: str) -> PracticePlatforms:
        platforms = PracticePlatforms(_content(lines), clock, **more)  # type: ignore[arg-type]
        platforms.start()
        started.append(platforms)
        return platforms

    yield begin
    for each in started:
        each.stop()


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_missed_whatever_the_order_of_arrival(
    platform: str, seed: int, start: Start, clock: _Clock
) -> None:
    """After each of many polls at odd times, what was collected is what is there."""
    chance = random.Random(seed)
    school = _School(platform, start(_lines(platform, seed)))
    clock.now = MONDAY
    while clock.now < END:
        clock.now += timedelta(minutes=chance.choice([7, 300, 900, 1500]))
        settled = clock.now - timedelta(seconds=31)  # what is newer, X's search withholds
        school.poll(clock.now)
        assert set(school.expected(settled)) <= set(school.items) <= set(school.expected(clock.now))
    assert len(school.items) > 40


@pytest.mark.parametrize("platform", PLATFORMS)
def test_one_poll_at_the_end_finds_the_whole_week(platform: str, start: Start) -> None:
    """A first poll after a week brings everything that frequent polls would have brought, page by page."""
    school = _School(platform, start(_lines(platform, 3, count=450)))
    school.poll(END)
    assert set(school.items) == set(school.expected(END))
    assert len(school.items) > 300


@pytest.mark.parametrize("platform", PLATFORMS)
def test_own_words_are_recognised(platform: str, start: Start) -> None:
    """Everything by the school, and nothing else, is marked as its own."""
    school = _School(platform, start(_lines(platform, 4)))
    school.poll(END)
    me = {each for each, author in school.expected(END).items() if author == ACCOUNT_IDS[Platform(platform)]}
    assert {item.external_id for item in school.items.values() if item.is_own} == me
    assert me


@pytest.mark.parametrize("platform", PLATFORMS)
def test_items_are_told_as_they_were_written(platform: str, start: Start) -> None:
    """Text, time, author and thread of every item are those of the content file."""
    platforms = start(_lines(platform, 5))
    school = _School(platform, platforms)
    school.poll(END)
    by_id = {_id_of(node): node for node in platforms.worlds[Platform(platform)].nodes.values()}
    for item in school.items.values():
        node = by_id[item.external_id]
        assert item.text == node.text
        assert item.created_at is not None
        assert abs(item.created_at - node.at) < timedelta(seconds=1)
        assert item.author.external_id == node.author.id
        root = node.post if platform == "x" else node.top or node
        assert item.thread_id == _id_of(root)
        assert item.permalink.startswith("https://")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_overlap_finds_what_showed_late(platform: str, start: Start, clock: _Clock) -> None:
    """A comment that surfaces an hour after newer ones is found by the next poll."""
    post = {"id": "p", "platform": platform, "by": SCHOOL, "text": "Sports day", "at": MONDAY.isoformat()}
    late, newer = (
        {
            "id": name,
            "platform": platform,
            "by": name,
            "under": "p",
            "text": f"{name} comment",
            "at": (MONDAY + timedelta(minutes=minutes)).isoformat(),
        }
        for name, minutes in (("late", 10), ("newer", 60))
    )
    clock.now = MONDAY + timedelta(minutes=70)
    before = _School(platform, start([post, newer]))
    before.poll(clock.now)
    after = _School(platform, start([post, newer, late]))
    after.states = before.states
    clock.now += timedelta(minutes=5)
    after.poll(clock.now)
    assert "late comment" in {item.text for item in after.items.values()}


def _busy_thread(replies: int) -> list[Line]:
    """Return a video with one comment and so many replies to it, all on Monday morning."""
    lines: list[Line] = [
        {"id": "v", "by": SCHOOL, "text": "Concert"},
        {"id": "c", "by": "kerry-walsh", "under": "v", "text": "Lovely"},
    ]
    lines.extend({"id": f"r{n}", "by": f"p{n}", "under": "c", "text": "Yes"} for n in range(replies))
    return [{"platform": "youtube", "at": MONDAY.isoformat(), **line} for line in lines]


def test_youtube_replies_beyond_those_shown_are_read(start: Start) -> None:
    """A thread with fourteen replies, of which the listing shows five, comes whole."""
    lines = _busy_thread(14)
    platforms = start(lines)
    polled = poll(connector("youtube", token=TOKEN, base_url=platforms.url), now=END)
    assert len(set(polled.ids)) == 15
    assert {item.thread_id for item in polled.items} == {platforms.external_id("c")}


def test_youtube_reply_to_a_comment_of_last_week_is_found(start: Start, clock: _Clock) -> None:
    """An old thread that gets its sixth reply days later is read again."""
    lines = [
        *_busy_thread(8),
        {
            "id": "new",
            "platform": "youtube",
            "by": "sam-reed",
            "under": "c",
            "text": "Still no answer?",
            "at": (MONDAY + timedelta(days=5)).isoformat(),
        },
    ]
    school = _School("youtube", start(lines))
    for days in (1, 4, 5.1):
        clock.now = MONDAY + timedelta(days=days)
        school.poll(clock.now)
    assert "Still no answer?" in {item.text for item in school.items.values()}


def test_x_is_read_in_its_new_words(start: Start) -> None:
    """The same week in the vocabulary that X speaks since August 2026."""
    lines = _lines("x", 6)
    old = _School("x", start(lines))
    new = _School("x", start(lines, vocabulary="2.167"))
    old.poll(END)
    new.poll(END)
    assert new.items == old.items
    assert old.items


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("kind", ["500", "cut", "half", "html", "429", "down"])
def test_poll_that_fails_midway_moves_nothing_and_loses_nothing(
    platform: str, kind: str, start: Start
) -> None:
    """Whichever request fails, that stream's state stays; the next poll brings everything."""
    platforms = start(_lines(platform, 7))
    untroubled = _School(platform, platforms)
    untroubled.poll(END)
    requests = platforms.requests[platform]
    for number in {1, 2, requests // 2, requests}:
        school = _School(platform, platforms)
        platforms.set_faults(f"{platform}:{kind}@{number}")
        with pytest.raises(Pausing):
            school.poll(END)
        assert set(school.states) < set(untroubled.states)
        platforms.set_faults("")
        school.poll(END)
        assert school.items == untroubled.items


FAULTS: Mapping[str, tuple[type[ConnectorError], ...]] = {
    "500": (Transient,),
    "html": (BadResponse,),
    "half": (BadResponse,),
    "cut": (BadResponse, Transient),
    "down": (Transient,),
    "expired": (AuthExpired,),
    "denied": (PermissionMissing,),
    "429": (RateLimited,),
    "quota": (QuotaExhausted, RateLimited),
}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("kind", FAULTS)
def test_fault_is_named_and_asked_for_once(platform: str, kind: str, start: Start) -> None:
    """Each fault of the practice platforms ends in its own class of error, without a second request."""
    platforms = start(_lines(platform, 8), faults=f"{platform}:{kind}")
    with pytest.raises(ConnectorError) as caught:
        _School(platform, platforms).poll(END)
    assert type(caught.value) in FAULTS[kind]
    assert platforms.requests[platform] == 1


@pytest.mark.parametrize(
    ("platform", "fault", "wait"),
    [
        ("x", "429", timedelta(minutes=15)),
        ("facebook", "429", timedelta(minutes=5)),
        ("facebook", "quota", timedelta(minutes=57)),
        ("youtube", "quota", timedelta(hours=24)),
    ],
)
def test_pause_is_as_long_as_the_platform_says(
    platform: str, fault: str, wait: timedelta, start: Start
) -> None:
    """The time to try again comes from the platform's own headers, or its quota's midnight."""
    platforms = start(_lines(platform, 8), faults=f"{platform}:{fault}")
    with pytest.raises(Pausing) as caught:
        _School(platform, platforms).poll(END)
    assert caught.value.until is not None
    assert END < caught.value.until <= END + wait


@pytest.mark.parametrize("platform", PLATFORMS)
def test_new_token_reads_what_the_dead_one_missed(platform: str, start: Start) -> None:
    """A token expires, a person renews it, and the backlog is complete."""
    school = _School(platform, start(_lines(platform, 9)))
    with pytest.raises(AuthExpired):
        school.poll(END, token=EXPIRED_TOKEN)
    assert school.states == {}
    school.poll(END)
    assert set(school.items) == set(school.expected(END))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_empty_page_before_the_end_hides_nothing(platform: str, start: Start) -> None:
    """A page without items that has a next page is followed."""
    platforms = start(_lines(platform, 10))
    number = 2 if platform == "facebook" else 1
    platforms.set_faults(f"{platform}:empty@{number}")
    school = _School(platform, platforms)
    school.poll(END)
    assert set(school.items) == set(school.expected(END))


def test_facebook_token_of_a_person_is_found_out(start: Start) -> None:
    """Comments would come back empty with status 200; the connector says so instead."""
    platforms = start(_lines("facebook", 11))
    with pytest.raises(PermissionMissing):
        _School("facebook", platforms).poll(END, token=USER_TOKEN)


def test_youtube_signs_in_with_googles_json(start: Start) -> None:
    """The refresh token of an authorised user is exchanged at Google's token endpoint."""
    platforms = start(_lines("youtube", 12))
    authorised = {
        "refresh_token": TOKEN,
        "client_id": "oakfield.apps.example",
        "client_secret": "practice",
        "token_uri": f"{platforms.url}/token",
    }
    school = _School("youtube", platforms)
    school.poll(END, token=json.dumps(authorised))
    assert set(school.items) == set(school.expected(END))
    assert platforms.requests["token"] == 1
    with pytest.raises(AuthExpired):
        school.poll(END, token=json.dumps(authorised | {"refresh_token": EXPIRED_TOKEN}))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_odd_texts_arrive_whole(platform: str, start: Start) -> None:
    """NUL, lone surrogates and a megabyte go through server, SDK and connector unchanged."""
    texts = ["a\x00b", "\ud800", "\u202eevil", "x" * 1_000_000]
    lines: list[Line] = [
        {"id": str(number), "platform": platform, "text": text, "by": "kerry-walsh"}
        for number, text in enumerate(texts)
    ]
    school = _School(platform, start(lines))
    school.poll(datetime(2026, 11, 23, tzinfo=UTC))
    assert set(texts) <= {item.text for item in school.items.values()}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_logs_hold_neither_token_nor_words(
    platform: str, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even at debug level do the libraries below log addresses, headers or bodies."""
    caplog.set_level(logging.DEBUG)
    _School(platform, start(_lines(platform, 13))).poll(END)
    assert TOKEN not in caplog.text
    assert "Words" not in caplog.text


@pytest.mark.parametrize("platform", PLATFORMS)
def test_platform_that_is_gone_is_transient(platform: str, start: Start) -> None:
    """Connection refused is an outage to wait for."""
    platforms = start([])
    platforms.stop()
    with pytest.raises(Transient):
        _School(platform, platforms).poll(END)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_account_without_anything_is_complete(platform: str, start: Start) -> None:
    """No posts and no comments is a complete answer, with a cursor for every stream."""
    school = _School(platform, start([]))
    school.poll(END)
    assert school.items == {}
    assert set(school.states) == set(connector(platform).streams())
