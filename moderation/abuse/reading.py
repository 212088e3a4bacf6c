"""A reading: one text with what the rules need to know about each place in it.

Who is meant, and who speaks: whether a word stands in a quotation or is reported, is denied, is part of
a harmless idiom, is said in affection, or is aimed at a person. All of it by rules of thumb: see the
limits in ``docs/scoring.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from moderation.abuse import cues
from moderation.abuse.normalise import Normalised, Vocabulary, clean, unmask
from moderation.assessment import NO_NAMES, SchoolNames, Target


class Reading:
    """One text, cleaned and unmasked, with the questions the rules ask about places in it.

    Places are given as characters of :attr:`text`; :meth:`original_span` leads back to the original.
    """

    def __init__(
        self, original: str, vocabulary: Vocabulary, author_name: str = "", names: SchoolNames = NO_NAMES
    ) -> None:
        self.original = original
        self.author_name = author_name
        self.cleaned = clean(original)
        self._words: Normalised = unmask(self.cleaned, vocabulary)
        self.text = self._words.text
        self.tokens = [(match[0], *match.span()) for match in cues.TOKEN.finditer(self.text)]
        self.named = list(_named(self.text, names)) if names != NO_NAMES else []
        self.idioms: list[tuple[int, int]] = []

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the characters of the original behind ``text[start:end]``."""
        return self._words.span(start, end)

    def is_idiom(self, start: int, end: int) -> bool:
        """Say whether a harmless set phrase covers any of the place: ``I'd kill for a coffee``."""
        return any(first < end and start < last for first, last in self.idioms)

    def is_a_name(self, start: int, end: int) -> bool:
        """Say whether the place is no more than one of the school's own names, or a part of it."""
        return any(first <= start and end <= last for first, last, _ in self.named)

    def is_quoted(self, start: int, end: int) -> bool:
        """Say whether the place is quoted from somebody else: in quote marks, with words around them.

        The same words said once more without the marks, to talk about them, are quoted too.
        """
        for first, last in self._quotations:
            if first <= start and end <= last:
                return self._is_from_others(first, last)
        words = self.text[start:end]
        return any(
            words in self.text[first:last] and self._is_from_others(first, last)
            for first, last in self._quotations
        )

    def _is_from_others(self, first: int, last: int) -> bool:
        """Say whether a quotation is one: words stand around it, and it is not thrown at somebody."""
        outside = len(cues.TOKEN.findall(self.text[:first])) + len(cues.TOKEN.findall(self.text[last:]))
        return outside >= _WORDS_AROUND and not cues.ADDRESSED.search(self._before(first))

    def is_reported(self, start: int) -> bool:
        """Say whether what starts here is told of somebody else's words: ``kids keep calling her thick``."""
        before = self._before(start)
        if cues.LISTED.search(before):
            return True
        if (report := cues.REPORT.search(before)) is None:
            return False
        ahead = before[: report.start()]
        return (
            bool(cues.PASSIVE.search(ahead))
            or report["verb"].startswith("hear")
            or not cues.OWN_VOICE.search(ahead)
        )

    def is_word_itself(self, start: int) -> bool:
        """Say whether the word is spoken about, not used: ``the word 'minger'``."""
        return bool(cues.WORD_ITSELF.search(self.text[max(0, start - 24) : start]))

    def is_denied(self, start: int) -> bool:
        """Say whether the place is denied: ``he is not stupid``."""
        found = cues.DENIAL.search(self._before(start))
        return found is not None and not {"only", "but"} & set(found["rest"].split())

    def is_about_the_writer(self, start: int) -> bool:
        """Say whether the writer means themselves: ``I felt a right muppet``."""
        return bool(cues.SELF.search(self._before(start)))

    def names_person_with(self, start: int, end: int) -> bool:
        """Say whether an adjective is said of a person: ``she is so thick``, ``stupid woman``."""
        if cues.NAMED_PERSON.match(self.text, end):
            return True
        before = self._before(start)
        return bool(cues.PREDICATE.search(before)) and not cues.THING.search(before)

    def is_aimed(self, start: int, end: int) -> bool:
        """Say whether an insulting noun is thrown at somebody: ``you muppet``, ``Muppet.``"""
        if len(self.tokens) <= 4:
            return True
        before = self._before(start)
        return (
            not before.strip()
            or bool(cues.NOUN_AIM.search(before))
            or bool(cues.NOUN_TAIL.match(self.text, end))
        )

    def target_at(self, start: int, end: int) -> Target:
        """Return who is meant at a place: the nearest person of the sentence, or whom a pronoun means."""
        first, last = self._sentence(start)
        near = [m for m in self._mentions if first <= m[0] < max(last, end)]
        for wanted in (False, True):  # the writer's own child is the target only when nobody else is there
            candidates = [m for m in near if m[3] is wanted]
            if candidates:
                return min(candidates, key=lambda m: _distance(m, start, end))[2]
        if cues.PRONOUN.search(self.text, max(first, start - 30), end):
            earlier = [m for m in self._mentions if m[1] <= start]
            if earlier:
                return earlier[-1][2]
        return Target.UNKNOWN

    def mentions(self, *targets: Target) -> bool:
        """Say whether the text names any of these people."""
        return any(mention[2] in targets for mention in self._mentions)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every token of the text, once: what wakes a phrase."""
        return frozenset(token for token, _, _ in self.tokens)

    @cached_property
    def speaks_to_staff(self) -> bool:
        """Whether the text opens by addressing a member of staff, as pupils do: ``sir``, ``miss``."""
        return bool(cues.TO_STAFF.match(self.text))

    @cached_property
    def is_affectionate(self) -> bool:
        """Whether the text is warm all through, so that a rough word in it is probably friendly."""
        return bool(cues.AFFECTION.search(self.text)) and not cues.HOSTILE.search(self.text)

    @cached_property
    def is_playful(self) -> bool:
        """Whether the text laughs. Laughing also mocks, so this excuses only the mildest words."""
        return bool(cues.PLAYFUL.search(self.text)) and not cues.HOSTILE.search(self.text)

    @cached_property
    def sounds_adult(self) -> bool:
        """Whether the writer seems to be a parent or another adult."""
        return bool(cues.ADULT_VOICE.search(self.text))

    @cached_property
    def writer_is_victim(self) -> bool:
        """Whether the writer speaks of themselves at all."""
        return bool(cues.VICTIM_IS_WRITER.search(self.text))

    @cached_property
    def _quotations(self) -> list[tuple[int, int]]:
        return [match.span() for match in cues.QUOTATION.finditer(self.text)]

    @cached_property
    def _mentions(self) -> list[tuple[int, int, Target, bool]]:
        found = [(start, end, target, False) for start, end, target in self.named if target is not None]
        for match in cues.MENTION.finditer(self.text):
            kind = str(match.lastgroup)
            target = Target.CHILD if kind == "own" else Target(kind)
            found.append((*match.span(), target, kind == "own"))
        return found

    def _sentence(self, at: int) -> tuple[int, int]:
        first = max(0, at - 240)
        for stop in cues.STOP.finditer(self.text, first, at):
            first = stop.end()
        after = cues.STOP.search(self.text, at, min(len(self.text), at + 240))
        return first, after.start() if after else min(len(self.text), at + 240)

    def _before(self, start: int) -> str:
        first = max(0, start - 80)
        for stop in cues.STOP.finditer(self.text, first, start):
            first = stop.end()
        return self.text[first:start]


_WORDS_AROUND = 3


def _named(text: str, names: SchoolNames) -> Iterator[tuple[int, int, Target | None]]:
    """Yield where one of the school's own names stands, and whom it means; None for a house or a place."""
    for match in _names_pattern(names).finditer(text):
        kind = str(match.lastgroup)
        yield (*match.span(kind), None if kind == "houses" else Target(kind))


@lru_cache(maxsize=64)
def _names_pattern(names: SchoolNames) -> re.Pattern[str]:
    """Return the expression of a school's names, the longest first, each in the spelling of readings."""
    kinds = {"head": names.head, "staff": names.staff, "houses": names.houses, "school": names.school}
    parts = []
    for kind, listed in kinds.items():
        spelt = sorted({clean(name).text.strip() for name in listed} - {""}, key=len, reverse=True)
        if spelt:
            parts.append(f"(?P<{kind}>{'|'.join(re.escape(name) for name in spelt)})")
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts) or '(?!)'})(?!\w)")


def _distance(mention: tuple[int, int, Target, bool], start: int, end: int) -> int:
    """Return how far a mention is; what comes before counts as nearer than what comes after."""
    first, last = mention[0], mention[1]
    if first < end and start < last:
        return 0
    return start - last if last <= start else 2 * (first - end) + 10
