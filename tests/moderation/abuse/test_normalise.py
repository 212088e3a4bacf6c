"""The normaliser: one spelling of many, hidden words made plain, and always a way back to the original."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.abuse.normalise import Normalised, Vocabulary, clean, unmask

WORDS = Vocabulary(
    ["kill", "kys", "stupid", "bellend", "yourself", "fuck", "pikey", "shit", "you", "are", "all", "hate",
     "teachers", "head", "pig", "stab", "great", "mate", "tomorrow", "school", "dont", "be", "bitch", "isnt"],
    ["fuck", "fucking", "cunt", "shit", "bitch", "paki"],
)  # fmt: skip
anything = st.text(st.characters(codec=None), max_size=200)


def plain(text: str) -> str:
    """Return the text as scoring reads it."""
    return unmask(clean(text), WORDS).text


@pytest.mark.parametrize(
    ("hidden", "word"),
    [
        ("k1ll", "kill"),
        ("b3ll3nd", "bellend"),
        ("k i l l", "kill"),
        ("k.y.s", "kys"),
        ("f_u_c_k", "fuck"),
        ("stuuuupid", "stupid"),
        ("f**k", "fuck"),
        ("f*ck", "fuck"),
        ("f**king", "fucking"),
        ("p*ki", "paki"),
        ("sh!t", "shit"),
        ("pi\u200bkey", "pikey"),
        ("kіll", "kill"),
        ("ｋｉｌｌ", "kill"),
        ("𝓴𝓲𝓵𝓵", "kill"),
        ("🇰🇾🇸", "kys"),
        ("🅺🅸🅻🅻", "kill"),
        ("kíłł", "kill"),
        ("k\u0336i\u0336l\u0336l\u0336", "kill"),
        ("ki11", "kill"),
        ("kkkiiillll", "kill"),
        ("k\ni\nl\nl", "kill"),
        ("s t u p i d y o u", "stupid you"),
        ("biitch", "bitch"),
        ("b1️⃣t©️h", "bitch"),
        ("🅿️🅰️🅺ℹ️", "paki"),
        ("#killallteachers", "#kill all teachers"),
        ("#KillAllTeachers", "#kill all teachers"),
        ("🇵🇰", "pakistani"),
    ],
)
def test_hidden_word_is_made_plain(hidden: str, word: str) -> None:
    """Each way of hiding a word that schools see is undone."""
    assert plain(hidden).strip() == word


@pytest.mark.parametrize(
    "text",
    [
        "year 7b meets at 3.15pm in room g12",
        "ng11 7xx",
        "she got an a* and two b's, a*s all round",
        "gcse 2026: 5 a*-c grades",
        "h2o and co2",
        "so good!!! really *really* good",
        "p e kit, a b c and d e f",
        "привет всем, спасибо за концерт",
        "i'm a reporter",
    ],
)
def test_ordinary_writing_keeps_its_shape(text: str) -> None:
    """Grades, times, rooms, postcodes, emphasis and other languages are not taken for hidden words."""
    assert plain(text) == text


def test_emoji_stay() -> None:
    """Emoji carry meaning, so they are kept; their invisible joiners go."""
    assert clean("well done ❤️👩‍🏫").text == "well done ❤👩🏫"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gr8 m8", "great mate"),
        ("skl 2moz", "school tomorrow"),
        ("idk why", "i dont know why"),
        ("h8 u", "hate u"),
        ("he isnae right in the heid", "he isn't right in the head"),
        ("dinnae kill yersel", "don't kill yourself"),
        ("i want 2 kill u", "i want to kill u"),
        ("fvck", "fuck"),
        ("gonna 🔪 you", "gonna  stab  you"),
        ("you fat 🐷", "you fat  pig "),
    ],
)
def test_other_spelling_is_read_as_what_it_means(written: str, meant: str) -> None:
    """Text speak, dialect, digits and emoji that stand for words become words that the rules know."""
    assert plain(written) == meant


@pytest.mark.parametrize(
    "text",
    ["mum's mate mrs moran", "year 2 go home at 3", "drop a 🐷 if you agree", "#therapist", "kys",
     "the wee bairn", "p.e. kit in room 4", "so 🔪 and 🔫", "school"],
)  # fmt: skip
def test_spelling_that_is_known_or_unsure_stays(text: str) -> None:
    """What a rule knows itself, a name, a class or an emoji on its own is left as it is."""
    assert plain(text) == text


def test_skin_colour_is_not_read() -> None:
    """An emoji is the same emoji in every skin colour."""
    assert clean("👎🏻👎🏿").text == "👎👎"


def test_span_of_a_split_hashtag_leads_back_to_its_letters() -> None:
    """A word found inside a hashtag is shown as the author wrote it, with nothing around it."""
    original = "wow #KillAllTeachers"
    reading = unmask(clean(original), WORDS)
    start = reading.text.index("all")
    first, last = reading.span(start, start + len("all"))
    assert original[first:last] == "All"


def test_span_leads_back_to_the_original() -> None:
    """What was found in the plain text is shown in the author's own characters."""
    original = "just k\u200bi\u200bl\u200bl y0urself ok"
    reading = unmask(clean(original), WORDS)
    start = reading.text.index("kill")
    first, last = reading.span(start, start + len("kill yourself"))
    assert original[first:last] == "k\u200bi\u200bl\u200bl y0urself"


@given(anything)
def test_any_text_is_normalised_and_every_span_lies_inside_it(text: str) -> None:
    """It never raises, and every span lies inside the original, whatever characters come."""
    for reading in (clean(text), unmask(clean(text), WORDS)):
        assert isinstance(reading, Normalised)
        assert len(reading.positions) == len(reading.text)
        for place in range(len(reading.text)):
            first, last = reading.span(place, place + 1)
            assert 0 <= first < last <= len(text)


@given(anything)
def test_positions_never_run_backwards(text: str) -> None:
    """Later characters of the plain text come from later places of the original."""
    positions = list(unmask(clean(text), WORDS).positions)
    assert positions == sorted(positions)


@given(st.text("k1l.*_ !iІ\u200b", max_size=120))
@settings(max_examples=200)
def test_hiding_tricks_mixed_at_random_are_survived(text: str) -> None:
    """Any mix of the tricks is read without an error and with spans inside the original."""
    reading = unmask(clean(text), WORDS)
    assert all(0 <= place < len(text) for place in reading.positions)


@pytest.mark.parametrize(
    "text",
    ["a" * 20_000, "k " * 10_000, "f*" * 10_000, "і" * 20_000, "\u0301" * 20_000, "k.1_l*" * 3_400,
     "ﷺ" * 20_000, "漢" * 20_000, "kil" + "l" * 19_000, "😀\u200d" * 10_000, "k!" * 10_000, "*" * 20_000,
     "a." * 10_000, "#" + "killallteachers" * 1_333, "#killallteachers " * 1_176, "#a" * 10_000,
     "🔪" * 20_000, "gonna 🔪 " * 2_500, "🇵🇰" * 10_000, "gr8 m8 2 u " * 1_800, "k\u0301\u0302" * 6_666,
     "aaabbbcccddd " * 1_538],
    ids=lambda text: ascii(text[:6]),
)  # fmt: skip
def test_longest_text_is_normalised_within_the_time_box(text: str) -> None:
    """20,000 characters of the worst kind take less than 200 ms of processor time."""
    assert best_of_three(text) < 0.2


def best_of_three(text: str) -> float:
    """Return the seconds that normalising takes, the best of at most three runs."""
    best = 1.0
    for _ in range(3):
        began = time.process_time()
        unmask(clean(text), WORDS)
        best = min(best, time.process_time() - began)
        if best < 0.1:
            break
    return best
