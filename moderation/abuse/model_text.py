"""The text that the trained models read: plain words, with emoji named and disguises made plain.

Made from the same pieces as what the rules read, but nothing is guessed at: text speak and dialect stay
as they are written, since their meaning lies in the spelling too, and the models learn it. Capitals stay.

1. Emoji become short words in spaces, flags peoples; skin colours and invisible characters go.
2. Letters and signs that look alike become one; other scripts stay.
3. Links become ``link`` and ``@names`` become ``@user``; phone numbers, emails and postcodes stay.
4. Hashtags are taken apart into words.
5. Words hidden behind digits, signs or spaces become plain where the word is sure to be meant.
6. Letters drawn out become one or two where that makes a known word, else two; rows of signs three.
7. Any white space becomes one space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from moderation.abuse.lexicon import hate, insults, swearing
from moderation.abuse.normalise import emoji, hashtags
from moderation.abuse.normalise.disguises import SUSPECT, THRICE, Vocabulary, squeezed, undisguised
from moderation.abuse.normalise.everyday import COMMON_FIRST
from moderation.abuse.normalise.folding import folded, hashtags_humped, latin_looks
from moderation.abuse.normalise.traced import Edit, Normalised


@dataclass(frozen=True, slots=True)
class ModelText:
    """A text as the models read it; :meth:`original` leads back to what was written."""

    text: str
    reading: Normalised

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the characters of the original from which ``text[start:end]`` came."""
        return self.reading.span(start, end)


_ODD = re.compile(r"[\x00-\x1f\x7f#@]|  |^ | \Z|://|www\.|[a-z]\.[a-z]|([^\w\s]|_)\1{3}")
_NAMED = re.compile(
    r"(?P<link>(?:https?://|www\.)\S{0,2000}[\w/=&%+-]"
    r"|(?<![@\w.-])(?![\w.+-]{1,64}@)(?:[a-z0-9-]{1,63}\.){1,5}"
    r"(?:(?:com|org|net|uk|io|gg|xyz|biz|gl)(?![\w@-])(?:/\S{0,2000})?|[a-z]{2,10}/\S{1,2000}))"
    r"|(?<![\w.@+-])(?P<user>@[a-z_](?:[\w.-]{0,60}\w)?(?:@[\w.-]{1,60}\w)?)",
    re.IGNORECASE,
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]+")
_TAG = re.compile(r"#(?=[^\W\d_])([a-z]{5,48}(?![a-z]))?")
_WORD = re.compile(r"[a-z]+")
_SIGNS = re.compile(r"([^\w\s]|_)\1{3,}")
_SPACES = re.compile(r"\s+")
_LONGEST_DRAWN = 60

_HIDDEN_WORDS = (
    "kill killed killing kills yourself urself myself stab stabbed stabbing shank shoot shooting rape "
    "raped rapist murder hang knife bomb suicide die dead hate hated ugly stupid dumb fat nude nudes "
    "naked porn sex sexy boobs penis dick pussy cock anal paedo paedos pedo pedos paedophile nonce "
    "nonces groomer kys kms drugs weed vape cocaine muslim muslims jews gays trans terrorist nazi "
    "hitler nobody likes deserve hurt"
).split()


@cache
def _vocabulary() -> Vocabulary:
    """Return the words that are hidden, whichever rules there are: the models must not change with those."""
    known = {*_HIDDEN_WORDS, *swearing.STRONG, *insults.STRONG, *insults.MILD, *insults.OF_A_PERSON}
    for name in ("RACE", "RELIGION", "LGBT", "DISABILITY"):
        known |= getattr(hate, f"{name}_CLEAR") | getattr(hate, f"{name}_DOUBLE")
    return Vocabulary(known, (*swearing.MASKED, *hate.MASKED, *insults.MASKED))


@cache
def _all_words() -> frozenset[str]:
    return _vocabulary().known.union(COMMON_FIRST)


def model_text(text: str) -> ModelText:
    """Return the text as the models read it; the original stays what is kept and shown."""
    reading = Normalised.unchanged(text)
    if not text.isascii():
        reading = reading.edited(emoji.flags(text))
        reading = reading.edited(emoji.pictures(reading.text))
        reading = latin_looks(folded(reading))
    lower = reading.text.lower()
    if _ODD.search(lower):
        reading = _named(reading)
        lower = reading.text.lower()
    if SUSPECT.search(lower):
        reading = undisguised(reading, lower, _vocabulary())
        lower = reading.text.lower()
        if THRICE.search(lower):
            reading = reading.edited(_drawn_in(reading.text, lower))
    if _ODD.search(lower):
        reading = reading.edited((*row.span(), row[0][:3]) for row in _SIGNS.finditer(reading.text))
        reading = reading.edited(_spaces_folded(reading.text))
    return ModelText(reading.text, reading)


def _named(reading: Normalised) -> Normalised:
    """Return the text without controls, its links and names called what they are and its hashtags apart."""
    reading = reading.edited((*match.span(), "") for match in _CONTROLS.finditer(reading.text))
    reading = reading.edited(_links_and_names(reading.text))
    if "#" not in reading.text:
        return reading
    reading = hashtags_humped(reading)
    return reading.edited(_tags_apart(reading.text.lower(), reading.text))


def _links_and_names(text: str) -> Iterator[Edit]:
    for match in _NAMED.finditer(text):
        if match["link"]:
            yield *match.span(), " link "
        elif not _is_hidden(match[0].lower()):
            yield *match.span(), " @user "


def _is_hidden(name: str) -> bool:
    """Say whether a name is a word that begins with a drawn ``a``."""
    if name[1:].isalpha():
        return "a" + name[1:] in _vocabulary().known
    return _vocabulary().behind(name) is not None


def _tags_apart(lower: str, text: str) -> Iterator[Edit]:
    costs = _vocabulary().costs
    for tag in _TAG.finditer(lower):
        yield tag.start(), tag.start() + 1, " "
        if tag[1]:
            for start, end, _ in hashtags.apart(tag.start(1), hashtags.words_in(tag[1], costs)):
                yield start, end, " " + text[start:end]


def _drawn_in(text: str, lower: str) -> Iterator[Edit]:
    for match in _WORD.finditer(lower):
        word = match[0]
        if THRICE.search(word):
            short = squeezed(word, _all_words(), shortest=2) if len(word) <= _LONGEST_DRAWN else None
            short = short or THRICE.sub(r"\1\1", word)
            yield *match.span(), short.upper() if text[match.start() : match.end()].isupper() else short


def _spaces_folded(text: str) -> Iterator[Edit]:
    for match in _SPACES.finditer(text):
        outside = match.start() == 0 or match.end() == len(text)
        if outside or match[0] != " ":
            yield *match.span(), "" if outside else " "
