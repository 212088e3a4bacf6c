"""Rules that need no second opinion, and signs that tell only in pairs: what they find and let be."""

from __future__ import annotations

import pytest

from moderation.abuse import ruleset
from moderation.abuse.reading import Reading
from moderation.abuse.score import by_rules
from moderation.assessment import Intent, Label, Severity, Subject, Target
from moderation.triage import severity_of


def sure(text: str) -> Severity:
    """Return the worst severity that holds whatever the models think."""
    signs, trouble = ruleset.shipped().signs(Reading(text, ruleset.vocabulary()))
    assert not trouble
    return severity_of(sign for sign in signs if sign.sure)


@pytest.mark.parametrize(
    "text",
    [
        "I'm going to kill myself after school",
        "my brother says he wants to kill himself and he means it",
        "she took loads of tablets and wont wake up properly",
        "kys nobody likes you",
        "do us all a favour and jump",
        "somebody told my daughter to kys on the bus",
        "theres a bomb in the science block",
        "he's bringing a knife to school tomorrow",
        "My son has not come home from school and his phone is off, please help",
        "nie chcę już żyć",
        "zabij się",
        "nu vreau să mai trăiesc",
        "не хочу більше жити",
    ],
)
def test_plain_danger_holds_whatever_the_models_think(text: str) -> None:
    """Danger to life that is said outright reaches a person at once."""
    assert sure(text) >= Severity.HIGH


@pytest.mark.parametrize(
    "text",
    [
        "this queue is killing me",
        "killing myself laughing at that",
        "if one more parent asks me for oat milk I'll drown myself in the custard",
        "I'd top myself up with tea first",
        "I'll kill you at mario",
        "we've got a nerf gun to bring to school tomorrow for the fair",
        "My son has not come home with his coat again, has anybody found it?",
        "a film about a girl who went missing in 1983, please get in touch",
        "Ring the office on 0161 496 0123",
        "Windows cleaned, ring Gaz on 07700 900412",
        "The fair's at 14 Elm Road this year",
        "we live at 14 Elm Road, could you send the form?",
        "vou morrer de vergonha com essa foto",
        "bardzo dziękuję za pomoc",
    ],
)
def test_harmless_neighbours_wake_nothing_sure(text: str) -> None:
    """Idiom, games, lost coats, trades and the writer's own address need nobody at once."""
    assert sure(text) is Severity.NONE


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("I'll be at the station at 6, come on your own and tell your mum it's choir", Severity.CRITICAL),
        ("I'll be at the station at 6 with the minibus", Severity.NONE),
        ("tell your mum it's choir tonight", Severity.NONE),
        ("gave my ps4 to my brother because i won't need it after friday", Severity.CRITICAL),
        ("gave my ps4 to my brother, got a new one", Severity.NONE),
    ],
)
def test_two_signs_tell_only_together(text: str, severity: Severity) -> None:
    """A time and place is nothing, a secret is nothing, both are."""
    assert by_rules(Subject(text)).severity is severity


def test_a_phone_number_of_somebody_else_is_told_from_a_trades() -> None:
    """Only the number of another person is personal data that urges."""
    assert Label.PERSONAL_DATA in by_rules(Subject("her new number is 07700 900276 ring it all night")).labels
    assert not by_rules(Subject("Deadline 5pm. desk@countyecho.example")).labels


@pytest.mark.parametrize(
    "text",
    [
        "miss whats ur insta so i can tag you",
        "sir add me on snap its jake",
        "coach what's your whatsapp for the club",
    ],
)
def test_a_pupil_who_asks_staff_for_an_account_is_no_groomer(text: str) -> None:
    """It goes to the headteacher as an attempt at contact."""
    said = by_rules(Subject(text))
    assert Label.GROOMING not in said.labels
    assert said.intent is Intent.CONTACT_ATTEMPT


@pytest.mark.parametrize(
    "text",
    [
        'They tell her "your mum is a smackhead" and I have to explain smackhead to a child',
        "today in the corridor my son got: tranny, freak, retard. four lessons",
    ],
)
def test_what_was_said_to_a_child_is_not_said_by_who_tells_it(text: str) -> None:
    """Repeated without the quote marks, or listed after a colon, it is still somebody else's."""
    said = by_rules(Subject(text))
    assert said.abuse < 0.5
    assert not {Label.INSULT, Label.HATE_LGBT, Label.HATE_DISABILITY} & set(said.labels)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("that year 8 girl is a fat cow", Target.CHILD),
        ("Mr Hughes is a bellend", Target.STAFF),
        ("the head is fiddling the books", Target.HEAD),
        ("all muslims are terrorists, get them out", Target.GROUP),
        ("there's a bomb in the science block", Target.SCHOOL),
        ("Absolutely disgusted that the trip was cancelled", Target.SCHOOL),
        ("lovely weather", Target.UNKNOWN),
    ],
)
def test_whom_it_is_about_is_named_where_the_words_show_it(text: str, target: Target) -> None:
    """Also when the rules speak alone."""
    assert by_rules(Subject(text)).target is target
