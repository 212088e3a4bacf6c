"""Emoji and tagged friends are told from words, and whatever is uncertain counts as words."""

from __future__ import annotations

import pytest

from sla.clocks import MessageKind, kind_of


@pytest.mark.parametrize(
    "text",
    [
        "😂",
        "👏👏👏",
        "❤️",
        "👍🏽 !",
        "👨‍👩‍👧",
        "🇬🇧",
        "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "1️⃣",
        " ⭐⭐⭐⭐⭐ ",
        "🎉\n🎉",
        "@kerry-walsh 😂",
        "☀️☀️",
        "‼️",
    ],
)
def test_emoji_alone_ask_for_nothing(text: str) -> None:
    """Skin tones, families, flags, keycaps and exclamation marks included."""
    assert kind_of(text) is MessageKind.EMOJI


@pytest.mark.parametrize("text", ["@kerry-walsh", "@kerry @tom.b", "\u200b@kerry\u200b", "@kerry, @tom!"])
def test_tagged_friends_alone_ask_for_nothing(text: str) -> None:
    """One or more, with what platforms put around them."""
    assert kind_of(text) is MessageKind.TAG


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "!!!",
        "???",
        "❓",
        "⁉️",
        "😡?",
        "@kerry ?",
        "1",
        "24",
        "ok 👍",
        "Well done!",
        "no",
        "office@oakfield.example",
        "https://oakfield.example",
        "@Kerry Walsh",
        "😂 @kerry look",
        "\ud83d",
        "#oakfield",
        "*",
    ],
)
def test_everything_else_counts_as_words(text: str) -> None:
    """A photo without words, a question mark, a number, a link: a person looks."""
    assert kind_of(text) is MessageKind.TEXT


def test_a_text_of_a_megabyte_is_told_in_a_moment() -> None:
    """Long rows of anything take no more than their length."""
    assert kind_of("😂" * 300_000) is MessageKind.EMOJI
    assert kind_of("@" * 1_000_000) is MessageKind.TEXT
    assert kind_of("@a " * 300_000 + "why") is MessageKind.TEXT
