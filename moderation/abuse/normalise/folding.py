"""One spelling of many: characters that look or mean the same become one, and invisible ones go."""

from __future__ import annotations

import re
import unicodedata

from moderation.abuse.normalise import emoji
from moderation.abuse.normalise.traced import Edit, Normalised

_LOOK_ALIKES = {
    # Cyrillic, Greek and Armenian letters that are drawn like Latin ones
    "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "һ": "h", "і": "i", "ї": "i",
    "ј": "j", "к": "k", "ӏ": "l", "м": "m", "н": "h", "о": "o", "р": "p", "ԛ": "q", "ѕ": "s",
    "т": "t", "и": "n", "п": "n", "у": "y", "ү": "y", "ѵ": "v", "ԝ": "w", "х": "x", "г": "r",
    "я": "r", "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "μ": "u", "ν": "v",
    "ο": "o", "π": "n", "ρ": "p", "σ": "o", "ς": "s", "τ": "t", "υ": "u", "χ": "x", "ω": "w",
    "γ": "y", "ա": "w", "ո": "n", "ս": "u", "օ": "o", "հ": "h", "ց": "g", "ք": "p",
    # Latin letters that compatibility forms do not fold
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ß": "ss", "æ": "ae", "œ": "oe", "ɑ": "a",
    "ɡ": "g", "ɩ": "i", "ʟ": "l", "ɪ": "i", "ɴ": "n", "ʀ": "r", "ʙ": "b", "ɢ": "g", "ʜ": "h",
    "ᴀ": "a", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ᴊ": "j", "ᴋ": "k", "ᴍ": "m", "ᴏ": "o", "ᴘ": "p",
    "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ᴢ": "z", "ʏ": "y", "ꜱ": "s", "ꜰ": "f", "ⅼ": "l",
    "ƒ": "f", "ɛ": "e", "ə": "e", "ŧ": "t", "ƀ": "b", "ɨ": "i", "ɫ": "l", "ʋ": "v", "ɯ": "w",
    "ɐ": "a", "ɔ": "c", "ɟ": "f", "ɥ": "h", "ʇ": "t", "ʌ": "v", "ʍ": "w", "ʎ": "y", "ʞ": "k",
    "ǝ": "e", "ɹ": "r", "ǃ": "!", "∨": "v", "ᗪ": "d", "ᗩ": "a", "ᑕ": "c", "ᗴ": "e", "ᖴ": "f",
    "ᕼ": "h", "ᒍ": "j", "ᒪ": "l", "ᗰ": "m", "ᑎ": "n", "ᑭ": "p", "ᖇ": "r", "ᑌ": "u", "ᐯ": "v",
    "ᗯ": "w", "ᗷ": "b",
}  # fmt: skip
_PLAIN_SIGNS = {
    "‘": "'", "’": "'", "‛": "'", "ʼ": "'", "´": "'", "`": "'", "′": "'", "“": '"', "”": '"',
    "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-",
    "—": "-", "−": "-", "❗": "!", "❕": "!", "💲": "$", "\x85": " ", "\u2028": "\n", "\u2029": "\n",
    "\u115f": "", "\u1160": "", "\u3164": "", "\uffa0": "", "\u2800": " ", "🈁": "", "\ufffd": "",
}  # fmt: skip
"""Quote marks, dashes and signs of one kind; and fillers that are letters by name and nothing by sight."""

_DRAWN_LETTERS = ((0x1F1E6, " "), (0x1F130, ""), (0x1F150, ""), (0x1F170, ""))
"""Where the regional, squared and circled letters start. Flags are letters too, so those stand apart."""

_LONGEST_FOLD = 4
"""A few characters stand for a whole sentence; more than this would let a short text grow long."""

_MOST_REMEMBERED = 20_000
_INVISIBLE = frozenset({"Cf", "Me", "Cc", "Cs", "Co", "Cn"})
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_MARKS = ((0x300, 0x370), (0x1AB0, 0x1B00), (0x1DC0, 0x1E00), (0x20D0, 0x2100), (0xFE00, 0xFE30))
"""Accents that any letter may bear, and variation selectors: stacked to disguise, empty of meaning here.

The marks of other scripts are their vowels and stay.
"""


class _Folding(dict[str, str]):
    """What each character becomes, worked out at its first sight."""

    def __missing__(self, character: str) -> str:
        folded = _fold(character)
        if len(self) < _MOST_REMEMBERED:
            self[character] = folded
        return folded


def _fold(character: str) -> str:
    if (sign := _PLAIN_SIGNS.get(character)) is not None:
        return sign
    code, category = ord(character), unicodedata.category(character)
    if category in _INVISIBLE or code in _SKIN_TONES or _is_mark(code):
        return ""
    if category[0] == "Z":
        return " "
    for first, before in _DRAWN_LETTERS:
        if 0 <= code - first < 26:
            return before + chr(ord("a") + code - first)
    parts = unicodedata.normalize("NFKD", character)
    if not (parts[0].isascii() or parts[0].lower() in _LOOK_ALIKES) or _is_other_alphabet(parts[0]):
        return unicodedata.normalize("NFKC", character)[:_LONGEST_FOLD]
    kept = [c for c in parts if unicodedata.category(c) not in {"Mn", "Cf"}][:_LONGEST_FOLD]
    return "".join(_LOOK_ALIKES.get(c.lower(), c) for c in kept)


def _is_mark(code: int) -> bool:
    return any(first <= code < last for first, last in _MARKS)


def _is_other_alphabet(character: str) -> bool:
    return "\u0370" <= character <= "\u058f"


_folding = _Folding()
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_LATIN = re.compile(r"[a-zA-Z]")
_OTHER_ALPHABET = re.compile(r"[\u0370-\u058f][^\W\d_]*")
_ASCII_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_CAMEL = re.compile(r"#\w{2,140}")
_HUMP = re.compile(r"(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])|(?<=[A-Za-z])[0-9](?=[0-9]{3})|_")


def folded(before: Normalised) -> Normalised:
    """Return the text with one look for each letter and sign; capitals stay, and so do emoji."""
    text = before.text
    if text.isascii():
        return before
    pieces, positions, ends, done = list[str](), list[int](), list[int](), 0
    for match in _NOT_ASCII.finditer(text):
        start, end = match.span()
        pieces.append(text[done:start])
        positions += before.positions[done:start]
        ends += before.ends[done:start]
        for place, new in enumerate(map(_folding.__getitem__, match[0]), start):
            if new:
                pieces.append(new)
                positions += [before.positions[place]] * len(new)
                ends += [before.ends[place]] * len(new)
        done = end
    pieces.append(text[done:])
    positions += before.positions[done:]
    ends += before.ends[done:]
    return Normalised("".join(pieces), positions, ends)


def hashtags_humped(before: Normalised) -> Normalised:
    """Return the text with the capitalised words of a hashtag set apart: ``#BeKind`` is ``#Be Kind``."""
    if "#" not in before.text:
        return before
    edits = list[Edit]()
    for tag in _CAMEL.finditer(before.text):
        for hump in _HUMP.finditer(before.text, tag.start() + 1, tag.end()):
            edits.append((*hump.span(), " " + hump[0].replace("_", "")))
    return before.edited(edits)


def latin_looks(before: Normalised) -> Normalised:
    """Return the text with words of another alphabet read as Latin when every letter has a Latin look.

    Real words have not; and a text all in another alphabet is not pretending to be Latin.
    """
    if before.text.isascii() or not _LATIN.search(before.text):
        return before
    return before.respelt(_OTHER_ALPHABET.sub(_latin_look, before.text))


def _latin_look(match: re.Match[str]) -> str:
    looks = [_LOOK_ALIKES.get(unicodedata.normalize("NFKD", c)[0].lower(), c) for c in match[0]]
    return "".join(looks) if all(len(c) == 1 and c.isascii() for c in looks) else match[0]


def clean(text: str) -> Normalised:
    """Return the text in one spelling; nothing is judged or guessed here."""
    reading = Normalised.unchanged(text)
    if not text.isascii():
        reading = folded(reading.edited(emoji.flags(text)))
    reading = hashtags_humped(reading)
    plain = _ASCII_CONTROLS.sub(" ", reading.text).lower()
    return latin_looks(reading.respelt(plain))
