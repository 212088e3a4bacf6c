"""The text that the models read: emoji in words, disguises plain, dialect kept, and a way back."""

from __future__ import annotations

import random
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.abuse.model_text import ModelText, model_text

anything = st.text(st.characters(codec=None), max_size=200)
tricks = st.text("k1l😂🔪\u200d🏽️.*_ !iІ\u200b#@aK\n🇵🇰", max_size=80)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("tick tock 🔪", "tick tock knife"),
        ("😂😂😂😂 omg", "laughing laughing omg"),
        ("👩🏽‍🏫 is ace❤️", "teacher is ace heart"),
        ("🇵🇰 out", "pakistani out"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "english flag"),
        ("🏳️‍🌈", "pride flag"),
        ("🇰🇾🇸", "kys"),
        ("🪗", "accordion"),
        ("see https://a.example/b?c=1, or bit.ly/x", "see link , or link"),
        ("@MrSmith is @ home", "@user is @ home"),
        ("#KillAllTeachers #killallteachers", "Kill All Teachers kill all teachers"),
        ("#Leavers2026", "Leavers 2026"),
        ("k1ll y0urself", "kill yourself"),
        ("k i l l y o u r s e l f", "kill yourself"),
        ("f**k off you @sshole", "fuck off you asshole"),
        ("kіll уоu", "kill you"),
        ("b1️⃣t©️h f🅰️gg0️⃣t$", "bitch faggots"),
        ("shi\u00adt p\u200bi\u200bkey", "shit pikey"),
        ("STUUUUPID sooooo goooodddd", "STUPID so good"),
        ("mmmmph!!!!!!", "mmph!!!"),
        (" a \n\n b\tc\x00d ", "a b cd"),
        ("Dziękuję", "Dziekuje"),
        ("привет, йод 谢谢", "привет, йод 谢谢"),
        ("\ud83d", ""),
    ],
    ids=lambda text: ascii(text[:24]),
)
def test_text_is_made_plain_for_the_models(written: str, read: str) -> None:
    """Emoji become words, links and names their kind, and what is hidden comes out."""
    assert model_text(written).text == read


@pytest.mark.parametrize(
    "text",
    [
        "h8 u m8, idk wot ur on abt, cba",
        "he isnae right in the heid, ken?",
        "Ring 07700 900123 or mail first.last@oakfield.example, NG11 7XX",
        "She got an A* and 5 A*-C in GCSE 2026 at 3.15pm, room G12, 10am or 5am, £5.50",
        "P.E. kit, a b c d e, h2o and co2, 4x4",
        "Why bother with a survey?! So good...",
    ],
)
def test_meaning_that_lies_in_the_spelling_stays(text: str) -> None:
    """Dialect, text speak, phone numbers, emails, postcodes, grades and times are not touched."""
    assert model_text(text).text == text


def test_span_leads_back_to_what_was_written() -> None:
    """A word that a model points at is shown in the author's own characters."""
    original = "well 👩🏽‍🏫  y0u k\u200bill\u200b #BeKind"
    read = model_text(original)
    shown = {word: original[slice(*read.original(at, at + len(word)))] for word, at in _words(read)}
    assert shown == {
        "well": "well", "teacher": "👩🏽‍🏫", "y0u": "y0u", "kill": "k\u200bill", "Be": "Be", "Kind": "Kind",
    }  # fmt: skip
    assert read.original(3, 3) == (0, 0)


def _words(read: ModelText) -> list[tuple[str, int]]:
    return [(word, read.text.index(word)) for word in read.text.split()]


@given(anything | tricks)
def test_any_text_is_read_and_every_span_lies_inside_it(text: str) -> None:
    """It never raises; spans lie in the original and in its order; nothing invisible or unpaired is left."""
    read = model_text(text)
    last_start = last_end = 0
    for place in range(len(read.text)):
        start, end = read.original(place, place + 1)
        assert 0 <= start < end <= len(text)
        assert start >= last_start
        assert end >= last_end
        last_start, last_end = start, end
    assert not [c for c in read.text if unicodedata.category(c) in {"Cc", "Cs", "Cf"}]
    assert "  " not in read.text
    assert read.text == read.text.strip()


@given(st.lists(st.sampled_from("the school Lunch was good today but Mrs Patel is not happy is she".split())))
def test_plain_words_pass_unchanged(words: list[str]) -> None:
    """Ordinary words in ordinary letters stay as they are, each at its own place."""
    text = " ".join(words)
    read = model_text(text)
    assert read.text == text
    assert all(read.original(i, i + 1) == (i, i + 1) for i in range(len(text)))


PIECES = "k1ll 😂 @bob http://a.example #BeKind sooo f**k 🇵🇰 ok! kіll 👩🏽‍🏫 \n Zoë".split(" ")


@given(st.lists(st.sampled_from(PIECES)))
@settings(max_examples=60)
def test_reading_again_changes_nothing(words: list[str]) -> None:
    """What the models read is already plain."""
    once = model_text(" ".join(words)).text
    assert model_text(once).text == once


_ANY = random.Random(7)


@pytest.mark.parametrize(
    "text",
    ["a" + "\u0301" * 19_999, "k\u0301\u0302i\u0303l\u0304l" * 2_500, "кіӏӏ " * 4_000, "kіll " * 4_000,
     "😂🔪" * 10_000, "👩🏽‍🏫" * 5_000, "👩\u200d" * 10_000, "🇵🇰" * 10_000, "🏴\U000e0067" * 10_000,
     "#" + "killallteachers" * 1_333, "#killallteachers " * 1_176, "#" + "Kill" * 5_000, "k i l l " * 2_500,
     "*" * 20_000, "f**k " * 4_000, "k" + "i" * 19_997 + "ll", "ab" * 10_000, "@bob " * 4_000,
     "http://" * 2_857,
     "http://" + "!" * 19_993, "a." * 10_000, "a-b.c" * 4_000, "x.y@" * 5_000, " " * 20_000, "\0" * 20_000,
     "ﷺ" * 20_000, "".join(chr(_ANY.randrange(0x110000)) for _ in range(20_000))],
    ids=lambda text: ascii(text[:6]),
)  # fmt: skip
def test_longest_text_is_read_within_the_time_box(text: str) -> None:
    """20,000 characters of the worst kind take less than 200 ms, the best of at most three runs."""
    best = 1.0
    for _ in range(3):
        began = time.process_time()
        model_text(text)
        best = min(best, time.process_time() - began)
        if best < 0.1:
            break
    assert best < 0.2
