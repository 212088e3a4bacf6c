"""Words of a post as an email may show them: enough to know what it is about, not enough to hurt or expose.

Insults keep their first and last letter. Names, handles, telephone numbers, addresses, classes, emails and
links go. What cannot be told apart is hidden: a word too many may go, and a name written in small letters
that is not in our list may stay. Items about children at risk never come here; see ``wording.lanes``.
"""

from __future__ import annotations

import re
import unicodedata

from notifications.cleaning import clean_line
from notifications.masking_lists import (
    ALWAYS_CAPITAL,
    COMMON,
    COMMON_ENDINGS,
    FIRST_NAMES,
    HARSH_STEMS,
    HARSH_WORDS,
    TITLES,
)

SHOWN = 280
"""Characters of a post that a message shows at most."""

NAME = "[name]"
OTHER_SCRIPT = "[words not shown]"

_STREET = (
    "street|st|road|rd|avenue|ave|lane|ln|close|drive|crescent|court|gardens|grove|place|terrace|way|walk|"
    "hill|square|mews|row|park|green"
)
_REMOVED = (
    (
        re.compile(r"[\w.+%-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]+)+", re.I),
        "[email]",
    ),
    (
        re.compile(
            r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|co\.uk|org|net|uk|io|me|gg|ly|tv)\b\S*",
            re.I,
        ),
        "[link]",
    ),
    (re.compile(r"(?<!\w)[@#]\w[\w.-]*"), "[handle]"),
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.I), "[address]"),
    (
        re.compile(
            rf"\b(?:(?:flat|house|no|number)\s)?\d+[a-z]?,?\s+(?:[\w'’-]+\s+){{1,3}}?(?:{_STREET})\b\.?", re.I
        ),
        "[address]",
    ),
    (re.compile(r"\b(?:[0-9]|1[0-3])[A-Z]{1,2}\b"), "[class]"),
    (re.compile(r"(?<!\w)(?:\+|\()?\d(?:[\s().·–-]{0,3}\d){5,}"), "[number]"),
)
_PLACEHOLDER = re.compile(r"\[(?:email|link|handle|address|number|class|name)\]")
_WORD = re.compile(r"[\w$](?:[\w@$*!+'’&-]*\w)?")
_SPELLED = re.compile(r"\b(?:\w[ .*_-]){2,}\w\b")
_SAME_AGAIN = re.compile(r"(.)\1+")
_NAMES_IN_A_ROW = re.compile(r"\[name\](?:(?:'s|’s)?[\s-]+\[name\])+")
_LOOKS_LIKE = str.maketrans("@4310!$57+", "aaeiois" + "stt")
_SENTENCE_END = frozenset('.!?…:;"“([')


def masked(text: str, author_name: str = "") -> str:
    """Return ``text`` as one masked line of at most :data:`SHOWN` characters."""
    line = clean_line(unicodedata.normalize("NFKC", clean_line(text)))
    for pattern, placeholder in _REMOVED:
        line = pattern.sub(placeholder, line)
    line = _without_names(line, _folded_words(author_name))
    line = _SPELLED.sub(lambda match: _spelled_out(match.group()), line)
    line = "".join(
        part if _PLACEHOLDER.fullmatch(part) else _WORD.sub(lambda match: _softened(match.group()), part)
        for part in re.split(r"(\[[a-z]+\])", line)
    )
    return clean_line(_NAMES_IN_A_ROW.sub(NAME, line), SHOWN)


def is_harsh(word: str) -> bool:
    """Say whether ``word`` is an insult or a swear word, disguised spellings included."""
    if "*" in word.strip("*"):
        return True
    plain = _folded(word).replace("'", "").replace("-", "")
    single = _SAME_AGAIN.sub(r"\1", plain)
    if plain in HARSH_WORDS or single in HARSH_WORDS:
        return plain not in COMMON
    return plain.startswith(tuple(HARSH_STEMS)) or single.startswith(_SINGLE_STEMS)


def _softened(word: str) -> str:
    """Keep the first and the last letter of a harsh word."""
    if not is_harsh(word):
        return word
    return f"{word[0]}{'*' * max(1, len(word) - 2)}{word[-1] if len(word) > 1 else ''}"


def _spelled_out(run: str) -> str:
    """Mask a harsh word whose letters stand apart."""
    joined = re.sub(r"[ .*_-]", "", run)
    return _softened(joined) if is_harsh(joined) else run


def _without_names(line: str, author: frozenset[str]) -> str:
    """Replace what is, or may be, somebody's name."""
    shouting = _is_shouting(line)
    pieces: list[str] = []
    end, after_title, after_name = 0, False, False
    for match in _WORD.finditer(line):
        between, word = line[end : match.start()], match.group()
        starts = end == 0 or bool(_SENTENCE_END & set(between))
        bare = _folded(re.sub(r"['’]s$", "", word))
        follows = between.strip() in {"", "."} and (after_title or after_name) and bare not in COMMON
        hidden = bare in author or follows or _may_be_name(word, bare, starts or shouting)
        hidden = hidden and not _inside_placeholder(line, match.start()) and not is_harsh(word)
        pieces += [between, _hide(word) if hidden else word]
        after_title, after_name = bare in TITLES, hidden and bare in FIRST_NAMES
        end = match.end()
    return "".join([*pieces, line[end:]])


def _may_be_name(word: str, bare: str, capital_says_nothing: bool) -> bool:
    letters = [character for character in word if character.isalpha()]
    if not letters:
        return False
    if any(unicodedata.category(letter) == "Lo" for letter in letters):
        return True
    if bare in FIRST_NAMES:
        return True
    if not letters[0].isupper() or bare in ALWAYS_CAPITAL or len(letters) == 1:
        return False
    return not (capital_says_nothing and (bare in COMMON or bare.endswith(COMMON_ENDINGS)))


def _hide(word: str) -> str:
    return OTHER_SCRIPT if any(unicodedata.category(letter) == "Lo" for letter in word) else NAME


def _inside_placeholder(line: str, start: int) -> bool:
    return any(match.start() < start < match.end() for match in _PLACEHOLDER.finditer(line))


def _is_shouting(line: str) -> bool:
    letters = [character for character in _PLACEHOLDER.sub("", line) if character.isalpha()]
    return sum(letter.isupper() for letter in letters) * 2 > len(letters)


def _folded_words(name: str) -> frozenset[str]:
    return frozenset(_folded(word) for word in _WORD.findall(clean_line(name)) if len(word) > 1) - COMMON


def _folded(word: str) -> str:
    """Return ``word`` in small letters, without accents, and with look-alikes as letters."""
    plain = unicodedata.normalize("NFKD", word.replace("’", "'")).casefold()
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return plain.translate(_LOOKS_LIKE) if any(character.isalpha() for character in plain) else plain


_SINGLE_STEMS = tuple(_SAME_AGAIN.sub(r"\1", stem) for stem in HARSH_STEMS)
