"""The corpus that the models learn from holds what it must, and nothing it must not."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from moderation.abuse.training import checking, corpus
from moderation.abuse.training.agreement import kappa, labelled_twice
from moderation.abuse.training.corpus import Message, Part
from moderation.assessment import Intent, Label, Route, Severity

pytestmark = pytest.mark.skipif(not corpus.messages(), reason="the corpus is not part of an installed copy")

CONDUCT = frozenset(
    {Label.INSULT, Label.BULLYING, Label.DEFAMATION, *(each for each in Label if each.startswith("hate_"))}
)
WEB = re.compile(r"(?:https?://|www\.)[\w.-]+|[\w.+-]+@[\w-]+\.[\w.]+", re.I)


def test_there_is_enough_of_every_kind() -> None:
    """Twelve thousand messages, each label often enough, half of them harmless, and enough contrast pairs."""
    assert checking.missing(corpus.messages()) == []


def test_no_message_stands_twice() -> None:
    """No two messages are nearly the same, but for the two halves of a contrast pair."""
    assert [(one.id, other.id) for one, other in checking.near_duplicates(corpus.messages())] == []


def test_numbers_and_addresses_are_invented() -> None:
    """Telephone numbers are those kept free for drama; sites and mail lie where nobody can register."""
    assert [message.id for message in checking.telephone_numbers(corpus.messages())] == []
    real = [
        (message.id, found)
        for message in corpus.messages()
        for found in WEB.findall(message.text)
        if not re.search(r"\.(?:example|test|invalid)\b", found, re.I)
    ]
    assert real == []


def test_no_person_is_in_two_parts() -> None:
    """A batch, that is one invented person, is learnt from or measured on, never both."""
    parts: dict[str, set[Part]] = {}
    for message in corpus.messages():
        parts.setdefault(message.batch, set()).add(message.part)
    assert [batch for batch, found in parts.items() if len(found) > 1] == []
    assert len(corpus.of(Part.TEST)) >= 2_000


def contradictions(message: Message) -> list[str]:
    """Say what in a message's answers contradicts the labelling guide."""
    found = []
    if not message.abuse and message.labels & CONDUCT:
        found.append("a label of conduct without abuse")
    if message.abuse and not message.labels:
        found.append("abuse without a label")
    if message.severity is Severity.NONE and message.labels - {Label.SPAM}:
        found.append("a label without severity")
    if (message.intent is Intent.JOURNALIST) != (message.route is Route.MEDIA):
        found.append("the press on another desk, or another on the press desk")
    return found


def test_labels_do_not_contradict_the_guide() -> None:
    """What the labelling guide says of labels, severity and desks holds for every message."""
    wrong = {message.id: found for message in corpus.messages() if (found := contradictions(message))}
    assert wrong == {}


def test_a_message_that_stands_twice_is_found() -> None:
    """The check for duplicates finds one, whatever its capitals and stops."""
    first, second = corpus.messages()[0], corpus.messages()[500]
    copied = replace(second, text=first.text.upper() + "!")
    assert list(checking.near_duplicates([first, second, copied])) == [(first, copied)]


def test_kappa_is_what_the_books_say() -> None:
    """Full agreement is 1, chance is 0, and a known table gives the known figure (Cohen 1960)."""
    assert kappa([(True, True), (False, False)]) == 1
    assert kappa([(True, True), (True, False), (False, True), (False, False)]) == 0
    table = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    assert round(kappa(table), 3) == 0.4


def test_at_least_eight_hundred_messages_were_labelled_twice() -> None:
    """Both answers to each lie in the project, so that anybody can work the agreement out again."""
    assert len(labelled_twice()) >= 800
