"""The school's own names: who is meant, and what is no insult, when a school says what people call it."""

from __future__ import annotations

import pytest

from moderation.abuse.explanation import reasons_of
from moderation.abuse.score import by_rules
from moderation.assessment import Assessment, Route, SchoolNames, Severity, Subject, Target

NAMES = SchoolNames(
    head=("Mrs Okonkwo", "Old Ferret"),
    staff=("Hughesy", "Mr Cockburn"),
    houses=("Muppet House", "The Clown Room"),
    school=("Oakie",),
)


def scored(text: str, names: SchoolNames = NAMES) -> Assessment:
    """Return what the rules make of a text sent to the school of these names."""
    return by_rules(Subject(text, names=names))


def test_an_accused_head_is_known_by_a_nickname() -> None:
    """Accusations against the head go to the governors, whatever the head is called."""
    text = "Old Ferret has been pocketing the trip money"
    assert (scored(text).route, scored(text).target) == (Route.GOVERNORS, Target.HEAD)
    assert by_rules(Subject(text)).route is not Route.GOVERNORS


def test_an_accused_colleague_is_known_by_a_nickname() -> None:
    """Accusations against staff go to the headteacher."""
    text = "everyone knows Hughesy turned up drunk again"
    assert (scored(text).route, scored(text).target) == (Route.HEADTEACHER, Target.STAFF)
    assert scored("Hughesy was brilliant at the fair. Somebody was drunk though").severity is Severity.NONE


def test_an_insult_at_a_nickname_is_at_staff() -> None:
    """The nearest person of the sentence is the one whom the school named."""
    assert scored("hughesy you absolute bellend").target is Target.STAFF


@pytest.mark.parametrize("text", ["see you at Muppet House you lot", "Meet in the clown room at ten"])
def test_a_house_is_no_insult(text: str) -> None:
    """Words that belong to a name of the school say nothing about anybody."""
    assert scored(text).severity is Severity.NONE
    assert not scored(text).labels


def test_a_name_hides_nothing_beside_it() -> None:
    """A threat or an insult that only touches a name is what it is."""
    assert scored("gonna stab Old Ferret at the gates").severity is Severity.CRITICAL
    assert scored("Muppet House are a bunch of muppets").labels


@pytest.mark.parametrize("name", ["", "   ", "(", "a|b", "\\", "[", "💥", "x" * 900])
def test_any_name_can_stand_in_the_settings(name: str) -> None:
    """Names are names: no character in them means anything else."""
    odd = SchoolNames(head=(name,), staff=(name,), houses=(name,), school=(name,))
    assert scored("you are a bellend (really)", odd).severity is scored("you are a bellend (really)").severity


def test_no_name_appears_in_what_is_said() -> None:
    """Names tell who is meant and are never shown."""
    subject = Subject("Old Ferret has been pocketing the trip money", names=NAMES)
    assert "Ferret" not in repr(subject).replace(subject.text, "")
    said = repr(scored(subject.text)) + " ".join(reasons_of(scored(subject.text)))
    assert not any(name in said for name in (*NAMES.head, *NAMES.staff, *NAMES.houses))
