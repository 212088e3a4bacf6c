"""Scoring texts: the rules read each one, the models give their opinion, and a verdict is made of both."""

from __future__ import annotations

import re
from collections.abc import Sequence

from moderation.abuse import ruleset
from moderation.abuse.intent import intent_of
from moderation.abuse.linear import MAX_CHARACTERS
from moderation.abuse.normalise.everyday import COMMON_FIRST
from moderation.abuse.opinion import Models
from moderation.abuse.reading import Reading
from moderation.abuse.ruleset import Ruleset
from moderation.abuse.verdict import Cuts, verdict, without_models
from moderation.assessment import Assessment, Finding, Severity, Subject
from moderation.items import MAX_TEXT, kept_text
from moderation.triage import judge, severity_of

RULES_VERSION = "rules-2026.11"
"""The version of the rules; with that of the models it is stored with every assessment."""

_LETTER = re.compile(r"[^\W\d_]")
_READABLE = re.compile(r"[a-z]")
_EVERYDAY = frozenset(COMMON_FIRST)
_ENOUGH_WORDS = 4
_KNOWN_SHARE = 0.2


class Scorer:
    """What scores texts: the rules, and the trained models where there are any.

    ``models`` may be None: then the rules speak alone, as they do whenever the models fail. ``moved`` names
    in the version the cuts that people have moved, "" where they are as they ship.
    """

    def __init__(self, models: Models | None, cuts: Cuts | None, moved: str = "") -> None:
        self._models = models
        self._cuts = cuts
        named = [] if models is None else [models.name]
        self.version = "+".join([*named, RULES_VERSION, *([moved] if moved else [])])

    def assess(self, subject: Subject) -> Assessment:
        """Return the assessment of one text. It never raises for anything a text can hold."""
        return self.assess_all([subject])[0]

    def assess_all(self, subjects: Sequence[Subject]) -> list[Assessment]:
        """Return the assessment of each text; together they cost less than one by one."""
        ruled = [_by_rules(subject, self.version) for subject in subjects]
        if self._models is None or self._cuts is None:
            return [assessment for assessment, _ in ruled]
        try:
            texts = [kept_text(subject.text) for subject in subjects]
            opinions = self._models.opinions(texts, [assessment for assessment, _ in ruled])
        except Exception as error:  # noqa: BLE001  whatever a model trips over, the rules have spoken
            why = f"failed: {type(error).__name__}"
            return [without_models(assessment, why) for assessment, _ in ruled]
        return [
            verdict(assessment, sure, opinion, self._cuts)
            for (assessment, sure), opinion in zip(ruled, opinions, strict=True)
        ]


def by_rules(subject: Subject, rules: Ruleset | None = None) -> Assessment:
    """Return what the rules alone make of one text: the shipped rules, or others in their place."""
    return _by_rules(subject, RULES_VERSION, rules)[0]


def _by_rules(subject: Subject, version: str, rules: Ruleset | None = None) -> tuple[Assessment, Severity]:
    """Return what the rules make of a text, and the worst severity that a sure rule gave it.

    Only the first :data:`moderation.items.MAX_TEXT` characters are read; a longer text, an empty one and
    one in letters that the rules cannot read are uncertain, so that a person looks.
    """
    text = kept_text(subject.text)
    reading = Reading(text, ruleset.vocabulary(), kept_text(subject.author_name), subject.names)
    signs, trouble = (rules or ruleset.shipped()).signs(reading)
    trouble = _unread(subject.text, reading) + trouble
    sure = severity_of(sign for sign in signs if sign.sure)
    return judge(signs, intent_of(reading, signs), version, trouble), sure


def _unread(text: str, reading: Reading) -> list[Finding]:
    """Say what of the text could not be read: all of it, its end, or its letters."""
    if not text.strip():
        return [Finding("reader", "nothing to read", 0, 0)]
    if len(text) > MAX_TEXT:
        return [Finding("reader", "only the beginning was read", 0, MAX_TEXT)]
    if len(text) > MAX_CHARACTERS:
        return [Finding("reader", "only parts of it were read", 0, len(text))]
    letters = len(_LETTER.findall(reading.text))
    if letters > 2 * len(_READABLE.findall(reading.text)):
        return [Finding("reader", "letters that the rules cannot read", 0, len(text))]
    if _is_foreign(reading):
        return [Finding("reader", "a language that is hardly understood", 0, len(text))]
    return []


def _is_foreign(reading: Reading) -> bool:
    """Say whether hardly any word is an everyday English one, in a text long enough to tell."""
    words = [token for token, _, _ in reading.tokens if token.isalpha()]
    known = sum(word in _EVERYDAY for word in words)
    return len(words) >= _ENOUGH_WORDS and known < _KNOWN_SHARE * len(words)
