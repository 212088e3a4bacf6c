"""What an email shows of a post: enough to know what it is about, not enough to hurt or expose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.cleaning import clean_line, clean_text
from notifications.masking import SHOWN, masked

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("he is an idiot", "he is an i***t"),
        ("what an IDIOT!!", "what an I***T!!"),
        ("stuuuupid idea", "s*******d idea"),
        ("you tw4t", "you t**t"),
        ("f**king useless", "f*****g useless"),
        ("f u c k this", "f**k this"),
        ("i\u200bd\u200biot", "i***t"),
        ("ｉｄｉｏｔ", "i***t"),
    ],
)
def test_insults_keep_only_their_first_and_last_letter(said: str, shown: str) -> None:
    """However they are spelled."""
    assert masked(said) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("ring 07700 900417 now", "ring [number] now"),
        ("ring +44 (0)7700 900 417 now", "ring [number] now"),
        ("write to jo.bloggs@example.com", "write to [email]"),
        ("write to jo (at) example (dot) com", "write to [email]"),
        ("ask @joe_b or #joebloggs", "ask [handle] or [handle]"),
        ("he lives at 12 Acacia Avenue", "he lives at [address]"),
        ("he lives at flat 3b, 12 acacia rd", "he lives at [address]"),
        ("near OX1 2AB somewhere", "near [address] somewhere"),
        ("see https://example.com/x?y=1 now", "see [link] now"),
        ("see tinypic.io/abc now", "see [link] now"),
        ("the boys in 9C did it", "the boys in [class] did it"),
    ],
)
def test_contact_details_are_removed(said: str, shown: str) -> None:
    """Telephone numbers, emails, handles, addresses, links and classes."""
    assert masked(said) == shown


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("Mrs Harding never rang back", "Harding"),
        ("MR SMITH IS A DISGRACE TO THIS SCHOOL", "SMITH"),
        ("kerry walsh is lazy", "walsh"),
        ("my son was hit by Tyrese", "Tyrese"),
        ("Oyinkansola is late again", "Oyinkansola"),
        ("ask O'Neill’s mum", "Neill"),
        ("Siân told me", "Siân"),
        ("Mr. Obi-Martin left", "Martin"),
        ("محمد سيء really bad", "محمد"),
    ],
)
def test_names_are_removed(said: str, hidden: str) -> None:
    """With a title, with a capital, from the list of first names, or in a script without capitals."""
    assert hidden not in masked(said)


def test_the_author_is_never_named_even_in_small_letters() -> None:
    """The author's own name is known, so every part of it goes."""
    assert "zuzu" not in masked("signed, zuzu", "Zuzu Plum")


@pytest.mark.parametrize(
    "said",
    [
        "When does the school gate open on Monday?",
        "Well done year 6! The concert was lovely.",
        "Absolutely useless. Third week running.",
        "I miss the old uniform",
        "Dinner costs £2.50 at 12:30",
        "pass the assessment, class",
        "He'll be there, she'd said so",
    ],
)
def test_ordinary_words_stay_readable(said: str) -> None:
    """Masking that hides everything would be ignored."""
    assert masked(said) == said


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_can_be_masked_into_one_printable_line(text: str, author: str) -> None:
    """No character breaks it, and nothing is longer than what may be shown."""
    shown = masked(text, author)
    assert len(shown) <= SHOWN
    assert len(shown.splitlines()) <= 1
    shown.encode()


@given(ANY_TEXT)
def test_a_cleaned_line_is_one_printable_line_and_stays_as_it_is(text: str) -> None:
    """Cleaning twice is cleaning once."""
    line = clean_line(text)
    assert len(line.splitlines()) <= 1
    assert clean_line(line) == line
    assert all(character.isprintable() for character in line)


def test_cleaned_text_keeps_its_lines() -> None:
    """Every kind of line end becomes the plain one."""
    assert clean_text("a\r\nb\u2028c\x00d\ud800") == "a\nb\ncd\ufffd"


def test_a_line_that_is_too_long_ends_in_an_ellipsis() -> None:
    """The reader sees that there is more."""
    assert clean_line("word " * 10, 12) == "word word w…"


def test_a_stack_of_marks_does_not_run_over_other_lines() -> None:
    """Four combining marks are enough for any language."""
    assert len(clean_line("a" + "\u0301" * 500)) == 5
