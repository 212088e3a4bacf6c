"""The rules in their order, and how a reading is put before them.

To add a rule: write it in the file of its kind under ``rules/`` and give it its place here. Rules do
not depend on each other; the order is that of the findings a person reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from moderation.abuse import idioms
from moderation.abuse.lexicon import hate, insults, swearing
from moderation.abuse.lists import LISTS
from moderation.abuse.normalise import Vocabulary
from moderation.abuse.phrases import Phrase, phrase, words_of
from moderation.abuse.reading import Reading
from moderation.abuse.rules import (
    bullying,
    contact,
    danger,
    disclosures,
    extremism,
    hatred,
    languages,
    personal,
    purpose,
    rudeness,
    self_harm,
    selling,
    sexual,
    standing,
    threats,
)
from moderation.abuse.rules.base import Rule
from moderation.abuse.rules.together import Together
from moderation.assessment import Finding
from moderation.triage import Sign

RULES: tuple[Rule, ...] = (
    *danger.RULES,
    *self_harm.RULES,
    *threats.RULES,
    *contact.RULES,
    *disclosures.RULES,
    *sexual.RULES,
    *extremism.RULES,
    *hatred.RULES,
    *languages.RULES,
    *bullying.RULES,
    *rudeness.RULES,
    *personal.RULES,
    *standing.RULES,
    *selling.RULES,
    *purpose.RULES,
)

_WINDOW = 1_000
_OVERLAP = 240
_MOST_FINDS = 40


class Ruleset:
    """Rules with an index from words to what those words may wake, so that most rules sleep on most texts."""

    name = "rules"

    def __init__(self, rules: tuple[Rule, ...], harmless: tuple[str, ...] = ()) -> None:
        self._by_word: dict[str, list[Rule]] = defaultdict(list)
        self._by_key: dict[str, list[tuple[Rule | None, Phrase]]] = defaultdict(list)
        self._searching = [rule for rule in rules if rule.find is not None]
        for rule in rules:
            for word in rule.words:
                self._by_word[word].append(rule)
            for text in rule.phrases:
                self._wake(phrase(text), rule)
        for text in harmless:
            self._wake(phrase(text), None)

    def _wake(self, woken: Phrase, rule: Rule | None) -> None:
        for key in woken.keys:
            self._by_key[key].append((rule, woken))

    def signs(self, reading: Reading) -> tuple[list[Sign], list[Finding]]:
        """Return every sign in the reading, and a finding for each rule that failed; the rest still ran."""
        finds, trouble = self._finds(reading)
        signs = list[Sign]()
        for rule, places in finds.items():
            try:
                signs += [sign for place in places if (sign := rule.weigh(reading, *place)) is not None]
            except Exception as error:  # noqa: BLE001  a broken rule must not silence the others
                trouble.append(_failed(rule, error))
        return signs, trouble

    def _finds(self, reading: Reading) -> tuple[dict[Rule, set[tuple[int, int]]], list[Finding]]:
        """Return where each rule found something, after noting the harmless set phrases in the reading."""
        finds: dict[Rule, set[tuple[int, int]]] = defaultdict(set)
        for token, start, end in reading.tokens:
            for rule in self._by_word.get(token, ()):
                finds[rule].add((start, end))
        for first, last, tokens in _windows(reading):
            for woken_rule, woken in self._awake(tokens):
                places = woken.spans(reading.text, first, last)
                if woken_rule is None:
                    reading.idioms.extend(places)
                else:
                    finds[woken_rule].update(places)
        trouble = list[Finding]()
        for rule in self._searching:
            try:
                finds[rule].update(rule.find(reading) if rule.find else ())
            except Exception as error:  # noqa: BLE001  as above
                trouble.append(_failed(rule, error))
        trouble += [_cut(rule) for rule, places in finds.items() if len(places) > _MOST_FINDS]
        return {rule: set(sorted(found)[:_MOST_FINDS]) for rule, found in finds.items() if found}, trouble

    def _awake(self, tokens: set[str]) -> Iterable[tuple[Rule | None, Phrase]]:
        woken: dict[int, tuple[Rule | None, Phrase]] = {}
        for token in tokens & self._by_key.keys():
            for pair in self._by_key[token]:
                if pair[1].may_stand_among(tokens):
                    woken[id(pair[1])] = pair
        return woken.values()


def _failed(rule: Rule, error: Exception) -> Finding:
    """Note a failed rule by its name and the error's class; an error's text could hold a comment's words."""
    return Finding(by=rule.name, label=f"failed: {type(error).__name__}", start=0, end=0)


def _cut(rule: Rule) -> Finding:
    """Note that a rule found more than it may weigh, so that a person looks at the rest."""
    return Finding(by=rule.name, label="too many finds", start=0, end=0)


def _windows(reading: Reading) -> Iterator[tuple[int, int, set[str]]]:
    """Cut a long text into overlapping stretches, so that words far apart do not wake phrases together."""
    text, tokens = reading.text, reading.tokens
    if len(text) <= _WINDOW:
        yield 0, len(text), {token for token, _, _ in tokens}
        return
    for first in range(0, len(text), _WINDOW - _OVERLAP):
        last = min(first + _WINDOW, len(text))
        yield first, last, {token for token, start, end in tokens if first <= start and end <= last}
        if last == len(text):
            return


@cache
def shipped() -> Ruleset:
    """Return the rules that ship, indexed; built at the first text, not at import."""
    return Ruleset(RULES, idioms.HARMLESS)


@cache
def vocabulary() -> Vocabulary:
    """Return the words that hidden ones may turn out to be: those that some rule would notice."""
    english = [rule for rule in RULES if rule not in languages.RULES]
    phrases = [text for rule in english for text in (*rule.phrases, *_texts(rule))]
    single = {word for rule in english for word in rule.words}
    known = words_of([*phrases, *LISTS.values()]) | single | {"killyourself", "yourself"}
    return Vocabulary(known, (*swearing.MASKED, *hate.MASKED, *insults.MASKED))


def _texts(rule: Rule) -> tuple[str, ...]:
    """Return the phrases of a rule that finds two things together."""
    return rule.find.texts if isinstance(rule.find, Together) else ()
