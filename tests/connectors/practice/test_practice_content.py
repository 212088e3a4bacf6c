"""Content files: whatever holds texts loads, what cannot be used is named, and nothing else is lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.practice.content import beginning_at, load, read
from connectors.practice.identities import WEEK, WEEK_START, Platform
from connectors.practice.world import build
from tests.connectors.practice.rehearsal import A_WEEK, content


def test_a_complete_line_is_taken_as_it_stands() -> None:
    """Every field that is there is used."""
    thing = content(
        {"id": "a", "platform": "x", "by": "school", "text": "Snow", "at": "2026-11-16T07:00:00Z"},
        {
            "id": "b",
            "platform": "x",
            "by": "kerry-walsh",
            "name": "Kerry W",
            "text": "Buses?",
            "at": "2026-11-16T08:00:00.123456+01:00",
            "under": "a",
            "mentions": ["school", "dan"],
        },
    ).things[1]
    assert (thing.line, thing.key, thing.platform, thing.by, thing.name) == (
        2,
        "b",
        "x",
        "kerry-walsh",
        "Kerry W",
    )
    assert (thing.text, thing.under, thing.mentions) == ("Buses?", "a", ("school", "dan"))
    assert thing.at == datetime(2026, 11, 16, 7, 0, 0, 123000, tzinfo=UTC)


def test_bare_texts_are_spread_over_platforms_authors_and_the_week() -> None:
    """Any list of texts is a content file: platforms in turn, an author each, one week of arrival."""
    things = content(*({"text": f"text {number}"} for number in range(30))).things
    assert [thing.platform for thing in things[:4]] == ["facebook", "x", "youtube", "facebook"]
    assert len({thing.by for thing in things}) == len({thing.key for thing in things}) == 30
    times = [thing.at for thing in things]
    assert times == sorted(times)
    assert times[0] == WEEK_START
    assert WEEK_START + WEEK * 0.9 < times[-1] < WEEK_START + WEEK


def test_loading_twice_gives_the_same() -> None:
    """Filling is no lottery: ids, authors and times are the same on every run."""
    lines = [{"text": "one"}, {"text": "two", "under": "line-1"}, {"text": "three", "platform": "x"}]
    assert content(*lines) == content(*lines)


def test_a_reply_without_platform_or_time_follows_what_it_stands_under() -> None:
    """It is on the same platform, and later."""
    parent, reply = content(
        {"id": "p", "platform": "youtube", "text": "Concert", "at": "2026-11-21T10:00:00Z"},
        {"text": "Lovely", "under": "p"},
    ).things
    assert reply.platform == "youtube"
    assert reply.at == parent.at + timedelta(seconds=1)


def test_a_reply_dated_before_its_parent_is_moved_behind_it() -> None:
    """No platform shows a reply that is older than what it answers."""
    parent, reply = content(
        {"id": "p", "platform": "x", "text": "Snow", "at": "2026-11-18T10:00:00Z"},
        {"text": "First!", "under": "p", "at": "2026-11-17T10:00:00Z"},
    ).things
    assert reply.at == parent.at + timedelta(seconds=1)


def test_a_reply_may_stand_before_its_parent_in_the_file() -> None:
    """The order of the lines does not matter for what stands under what."""
    found = content(
        {"text": "Lovely", "under": "p", "id": "r"}, {"id": "p", "platform": "youtube", "text": "Concert"}
    )
    assert found.loose == ()
    world = build(found, Platform.YOUTUBE)
    assert world.by_key["r"].parent is world.by_key["p"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "cut', "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"text": "caf\xe9"}', "is not UTF-8"),
        (b'["text"]', "is not a JSON object"),
        (b"null", "is not a JSON object"),
        (b'{"id": "a"}', "has no text"),
        (b'{"text": 5}', "has no text"),
        (b'{"text": null}', "has no text"),
        (b'{"text": "a", "platform": "myspace"}', "platform is none of facebook, x, youtube, instagram"),
        (b'{"text": "a", "at": "yesterday"}', "at is not an ISO 8601 time"),
        (b'{"text": "a", "at": "2026-11-16T08:00:00"}', "at has no offset from UTC"),
        (b'{"text": "a", "at": "1999-11-16T08:00:00Z"}', "at is not between 2011 and 2080"),
        (b'{"text": "a", "by": ["b"]}', "by is not a word"),
        (b'{"text": "a", "by": true}', "by is not a word"),
        (b'{"text": "a", "mentions": "school"}', "mentions is not a list of words"),
        (b'{"text": "a", "mentions": [1]}', "mentions is not a list of words"),
        (b'{"text": "a", "seen_from": "later"}', "seen_from is not an ISO 8601 time"),
        (b'{"text": "a", "private": "yes"}', "private is neither true nor false"),
        (b'{"text": "a", "review": true, "rating": 6}', "rating is not a whole number from 1 to 5"),
        (
            b'{"change": "burn", "of": "a"}',
            "change is none of edit, delete, hide, unhide, hold, reject, publish, ban, unban, mute, unmute",
        ),
        (b'{"change": "delete"}', "does not say of what it is a change"),
        (b'{"change": "edit", "of": "a"}', "has no text"),
        (b'{"change": "edit", "of": "a", "text": 5}', "text is not text"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_skipped(line: bytes, reason: str) -> None:
    """The line number and the reason are kept, never the line; the others load."""
    found = read([b'{"text": "one"}\n', line + b"\n", b"\n", b'{"text": "four"}\n'])
    assert [(each.line, each.reason) for each in found.rejected] == [(2, reason)]
    assert [(thing.line, thing.text) for thing in found.things] == [(1, "one"), (4, "four")]


def test_null_and_empty_mean_that_a_field_is_missing() -> None:
    """Exports from tables write empty cells that way."""
    empty = {"id": "", "platform": None, "by": None, "name": "", "at": None, "under": None, "mentions": None}
    thing = content({"text": "one", **empty}).things[0]
    assert (thing.key, thing.by, thing.under) == ("line-1", "visitor-1", None)


def test_numbers_serve_as_ids() -> None:
    """Exports number their rows."""
    found = content({"id": 1, "platform": "x", "text": "one"}, {"id": 2, "under": 1, "text": "two"})
    assert found.things[1].under == "1"


def test_an_id_that_is_taken_costs_nothing_but_the_id() -> None:
    """Both lines load."""
    found = content({"id": "a", "text": "one"}, {"id": "a", "text": "two"}, {"id": "line-2", "text": "three"})
    assert len({thing.key for thing in found.things}) == 3
    assert found.things[0].key == "a"


@pytest.mark.parametrize(
    ("lines", "loose"),
    [
        ([{"text": "a", "under": "nowhere"}], (1,)),
        ([{"id": "a", "text": "a", "under": "a"}], (1,)),
        (
            [{"id": "p", "platform": "x", "text": "p"}, {"platform": "facebook", "text": "a", "under": "p"}],
            (2,),
        ),
    ],
)
def test_standing_under_nothing_is_said_and_loses_no_line(
    lines: list[dict[str, Any]], loose: tuple[int]
) -> None:
    """A corpus may refer to what it does not hold."""
    found = content(*lines)
    assert found.loose == loose
    assert len(found.things) == len(lines)
    assert all(thing.under is None for thing in found.things if thing.line in loose)


def test_a_circle_is_cut_once() -> None:
    """Three lines that stand under each other become a chain."""
    found = content(
        *({"id": str(each), "platform": "x", "text": "a", "under": str((each + 1) % 3)} for each in range(3))
    )
    assert len(found.loose) == 1
    assert sum(thing.under is None for thing in found.things) == 1


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_loads(tmp_path: Path) -> None:
    """Editors on Windows write such files."""
    file = tmp_path / "week.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"text": "one"}\r\n{"text": "two"}\r\n')
    assert [thing.text for thing in load(file).things] == ["one", "two"]


def test_a_missing_file_is_said() -> None:
    """There is no content without a file."""
    with pytest.raises(FileNotFoundError):
        load(Path("/nowhere/week.jsonl"))


def test_what_databases_refuse_is_kept_as_it_is() -> None:
    """NUL, lone surrogates and a megabyte are the connectors' business, so they have to meet them."""
    texts = ["a\x00b", "\ud800 alone \udfff", "long " * 210_000]
    assert [thing.text for thing in content(*({"text": text} for text in texts)).things] == texts


def test_comments_under_nothing_go_to_the_newest_earlier_post() -> None:
    """A line without ``under`` is a comment on Facebook and YouTube."""
    world = build(
        content(
            {
                "id": "old",
                "platform": "facebook",
                "by": "school",
                "text": "one",
                "at": "2026-11-16T08:00:00Z",
            },
            {
                "id": "new",
                "platform": "facebook",
                "by": "school",
                "text": "two",
                "at": "2026-11-18T08:00:00Z",
            },
            {"id": "a", "platform": "facebook", "text": "early", "at": "2026-11-17T08:00:00Z"},
            {"id": "b", "platform": "facebook", "text": "late", "at": "2026-11-18T08:00:01Z"},
        ),
        Platform.FACEBOOK,
    )
    assert world.by_key["a"].post.thing.key == "old"
    assert world.by_key["b"].post.thing.key == "new"


def test_one_post_is_made_when_the_school_has_none() -> None:
    """A corpus of bare comments has something to stand under, from before the first of them."""
    world = build(
        content(*({"platform": "youtube", "text": f"{each}"} for each in range(5))), Platform.YOUTUBE
    )
    assert len(world.posts) == 1
    assert len(world.comments) == 5
    assert len(world.nodes) == 6


def test_a_strangers_post_on_x_names_the_school_and_a_reply_whoever_it_answers() -> None:
    """So a reply to another visitor is found by its conversation only."""
    world = build(content(*A_WEEK), Platform.X)
    named = {key: [account.key for account in node.mentions] for key, node in world.by_key.items()}
    assert named["x-4"] == ["school"]
    assert named["x-2"] == ["school"]
    assert named["x-3"] == ["kerry-walsh"]
    assert named["x-1"] == []


def test_handles_are_legal_and_nobody_shares_one() -> None:
    """Search on X goes by handle."""
    keys = [
        "Kerry Walsh",
        "kerrywalsh",
        "KERRY-WALSH",
        "школа",
        "",
        "a" * 40,
        "a" * 41,
        "OakfieldAcademy",
        "\ud800",
    ]
    world = build(
        content(*({"platform": "x", "by": key, "text": "hi", "id": f"{n}"} for n, key in enumerate(keys))),
        Platform.X,
    )
    assert len(world.handles) == len(keys) + 1
    assert all(
        account.handle.isascii() and 1 <= len(account.handle) <= 15 for account in world.handles.values()
    )


def test_content_can_begin_at_another_time() -> None:
    """A rehearsal next year plays the same week; the distances stay."""
    found = content(*A_WEEK)
    moment = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
    later = beginning_at(found, moment)
    assert min(thing.at for thing in later.things) == moment
    apart = {after.at - before.at for before, after in zip(found.things, later.things, strict=True)}
    assert len(apart) == 1
    assert beginning_at(read([]), moment).things == ()
    with pytest.raises(ValueError, match="between 2011 and 2080"):
        beginning_at(found, datetime(2079, 12, 31, tzinfo=UTC))


LINES = st.lists(
    st.fixed_dictionaries(
        {"text": st.text(max_size=20)},
        optional={
            "id": st.sampled_from(["a", "b", "c", "d"]) | st.none(),
            "under": st.sampled_from(["a", "b", "c", "d", "line-1", "line-2"]) | st.none(),
            "platform": st.sampled_from(list(Platform)) | st.none(),
            "by": st.sampled_from(["school", "hidden", "kerry", "dan"]) | st.none(),
            "at": st.integers(0, 30 * 86400).map(
                lambda seconds: (datetime(2026, 11, 1, tzinfo=UTC) + timedelta(seconds=seconds)).isoformat()
            ),
            "mentions": st.lists(st.sampled_from(["school", "kerry", "nobody-else"])),
        },
    ),
    max_size=12,
)


@given(lines=LINES)
def test_whatever_holds_texts_loads_and_hangs_together(lines: list[dict[str, Any]]) -> None:
    """Every line becomes one thing, later than what it stands under, below a post of the school."""
    found = read(json.dumps(line).encode() for line in lines)
    assert [thing.text for thing in found.things] == [line["text"] for line in lines]
    built = {platform: build(found, platform) for platform in Platform}
    assert sum(len(world.by_key) for world in built.values()) - len(lines) == sum(
        f"{platform}-made-post" in world.by_key for platform, world in built.items()
    )
    for platform, world in built.items():
        assert len(world.everything) == len(world.by_key)
        for node in world.by_key.values():
            assert node.parent is None or node.parent.order < node.order
            assert platform is Platform.X or node.post.author.is_school


@pytest.mark.slow
def test_a_large_corpus_loads() -> None:
    """200,000 lines, half of them replies, the deepest thread 1,000 replies deep."""
    chain = [{"text": "deep", "under": f"line-{line}"} for line in range(1, 1000)]
    rest = [
        {"text": "wide", "under": f"line-{line % 5000 + 1}"} if line % 2 else {"text": "top"}
        for line in range(199_000)
    ]
    found = read(json.dumps(line).encode() for line in [{"text": "root"}, *chain, *rest])
    assert len(found.things) == 200_000
    assert sum(len(build(found, platform).everything) for platform in Platform) >= 200_000
