"""What the author wants, by rules: the first of these that the signs show."""

from __future__ import annotations

from collections.abc import Iterable

from moderation.abuse.reading import Reading
from moderation.assessment import Intent, Label, Severity
from moderation.triage import Fact, Sign

_REACTION_WORDS = frozenset(
    "lol lmao haha hahaha hehe rofl wow omg yay yes yep yeah no nope nice cool ok okay same this first "
    "aww aw ooh yass x xx xxx true facts fr ngl bump following tagged k wtf pmsl ha woo woohoo hi hello "
    "hey".split()
)
_MOST_REACTION_WORDS = 3


def intent_of(reading: Reading, signs: Iterable[Sign]) -> Intent:
    """Return what the author wants.

    Somebody who discloses may also ask or complain; the disclosure comes first, because it decides who
    must answer. A complaint comes before a question: ``why was nobody told?`` is not after a time.
    """
    signs = tuple(signs)
    facts = {fact for sign in signs for fact in sign.facts}
    for fact, intent in (
        (Fact.PRESS, Intent.JOURNALIST),
        (Fact.DISCLOSURE, Intent.DISCLOSURE),
        (Fact.PRIVATE_CONTACT, Intent.CONTACT_ATTEMPT),
        (Fact.STAFF_CONTACT, Intent.CONTACT_ATTEMPT),
        (Fact.ADVERT, Intent.SPAM),
        (Fact.COMPLAINT, Intent.COMPLAINT),
        (Fact.QUERY, Intent.QUERY),
    ):
        if fact in facts:
            return intent
    if is_reaction(reading):
        return Intent.REACTION
    hostile = any(sign.severity >= Severity.MEDIUM and Label.SPAM not in sign.labels for sign in signs)
    return Intent.PRAISE if Fact.PRAISE in facts and not hostile else Intent.COMMENT


def is_reaction(reading: Reading) -> bool:
    """Say whether the text only reacts: emoji, a laugh, a tag, a word or two of cheer."""
    words = [token for token, _, _ in reading.tokens if token.isascii()]
    if not words:
        return bool(reading.text.strip())
    return len(words) <= _MOST_REACTION_WORDS and all(
        word in _REACTION_WORDS or _laughs(word) for word in words
    )


def _laughs(word: str) -> bool:
    return len(word) > 2 and set(word) <= set("hae")
