"""Scoring one text: read it, gather signs from every source, and let triage say what they mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from moderation.abuse import ruleset
from moderation.abuse.intent import intent_of
from moderation.abuse.reading import Reading
from moderation.assessment import Assessment, Finding, Subject
from moderation.items import MAX_TEXT, kept_text
from moderation.triage import Sign, judge

MODEL = "rules-2026.11"
"""The version of what produces assessments; it is stored with each one and changes when they may change."""

_LETTER = re.compile(r"[^\W\d_]")
_READABLE = re.compile(r"[a-z]")


class SignSource(Protocol):
    """Something that notices signs in a text: the rules today, a trained model beside them later.

    A source answers with what it noticed and with findings about its own trouble. What it raises is
    recorded too, and the other sources still speak; either makes the assessment uncertain.
    """

    @property
    def name(self) -> str:
        """The stable word that findings name it by."""

    def signs(self, reading: Reading) -> tuple[list[Sign], list[Finding]]:
        """Return the signs in the reading, and what went wrong on the way."""


def assess(subject: Subject, sources: Sequence[SignSource] | None = None) -> Assessment:
    """Return the assessment of one text. It never raises for anything a text can hold.

    Only the first :data:`moderation.items.MAX_TEXT` characters are read; a longer text, an empty one and
    one in letters that the rules cannot read are uncertain, so that a person looks.
    """
    text = kept_text(subject.text)
    reading = Reading(text, ruleset.vocabulary(), kept_text(subject.author_name))
    signs, trouble = list[Sign](), _unread(subject.text, reading)
    for source in sources if sources is not None else (ruleset.shipped(),):
        try:
            noticed, failed = source.signs(reading)
        except Exception as error:  # noqa: BLE001  a broken source must not lose the item: it becomes uncertain
            trouble.append(Finding(source.name, f"failed: {type(error).__name__}", 0, 0))
            continue
        signs += noticed
        trouble += failed
    return judge(signs, intent_of(reading, signs), MODEL, trouble)


def _unread(text: str, reading: Reading) -> list[Finding]:
    """Say what of the text could not be read: all of it, its end, or its letters."""
    if not text.strip():
        return [Finding("reader", "nothing to read", 0, 0)]
    if len(text) > MAX_TEXT:
        return [Finding("reader", "only the beginning was read", 0, MAX_TEXT)]
    letters = len(_LETTER.findall(reading.text))
    if letters > 2 * len(_READABLE.findall(reading.text)):
        return [Finding("reader", "letters that the rules cannot read", 0, len(text))]
    return []
