"""Private messages are shown to those whom the case concerns, and every look is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.acts import take
from moderation.alerts import Role
from moderation.assessment import Route, Severity
from moderation.items import ItemKind
from moderation.private import NotForYou, read_messages
from sla.duty import Attendance
from store import listings, tables
from tests.fakes import assessment
from tests.worlds import OUR_ID, World, person, sighting

WORDS = "Please do not tell my form tutor that I wrote to you"


def message(name: str, text: str = WORDS) -> object:
    """Return a private message in one conversation."""
    return sighting(name, text, thread="talk", parent=None, kind=ItemKind.MESSAGE, names_school=True)


def test_listings_show_no_words_of_private_messages(world: World) -> None:
    """Neither the words nor the name, even where words are asked for."""
    world.show(message("m1"))  # type: ignore[arg-type]
    with world.store.begin() as unit:
        rows = [
            *listings.items(unit.connection, limit=9, words=True),
            *listings.cases(unit.connection, now=world.now(), limit=9, words=True),
        ]
    assert len(rows) == 2
    for row in rows:
        assert (row["author"], row["text"]) == ("", listings.PRIVATE)


def test_the_desk_reads_them_and_the_look_is_written_down(world: World) -> None:
    """The moderator has to answer; the history says who looked, and quotes nothing."""
    world.show(message("m1"), message("m2", "Is that all right?"))  # type: ignore[arg-type]
    case = world.case("m1").id
    talk = read_messages(world.ports, case, world.ports.people["ada-moss"])
    assert [each.text for each in talk] == [WORDS, "Is that all right?"]
    looked = [line for line in world.history(case) if line.startswith("viewed")]
    assert len(looked) == 1
    assert not any(WORDS in row.detail for row in world.rows(tables.case_events))


def test_a_safeguarding_case_is_for_the_leads(world: World) -> None:
    """Those who answer parents do not read what a child told."""
    world.scorer.says[WORDS] = assessment(Severity.HIGH, Route.DSL)
    world.show(message("m1"))  # type: ignore[arg-type]
    case = world.case("m1").id
    for name in ("ada-moss", "ned-wood", "sue-dale"):
        with pytest.raises(NotForYou):
            read_messages(world.ports, case, world.ports.people[name])
    for name in ("dee-lane", "eve-ford"):
        assert read_messages(world.ports, case, world.ports.people[name])


def test_somebody_of_another_school_reads_nothing(world: World) -> None:
    """Whatever role that person has there."""
    world.show(message("m1"))  # type: ignore[arg-type]
    stranger = person("zoe-park", Role.MODERATOR, Role.DSL)
    stranger = type(stranger)(
        stranger.name, "Zoe Park", "z@other.example", stranger.roles, frozenset({"other"})
    )
    with pytest.raises(NotForYou):
        read_messages(world.ports, world.case("m1").id, stranger)


def test_who_stands_in_at_a_desk_reads_its_messages_only_while_nobody_sits_there(world: World) -> None:
    """The leadership sees nothing of what parents write to moderators; without a moderator it has to."""
    world.show(message("m1"))  # type: ignore[arg-type]
    case = world.case("m1").id
    with pytest.raises(NotForYou):
        read_messages(world.ports, case, world.ports.people["sue-dale"])
    alone = world.without("ada-moss", "ben-hart")
    assert read_messages(alone.ports, case, alone.ports.people["sue-dale"])


def test_nobody_reads_messages_who_has_left_or_whom_they_are_about(world: World) -> None:
    """A lead who left last week is no lead any more; a lead who is accused is none in that case."""
    world.show(message("m1"))  # type: ignore[arg-type]
    case = world.case("m1").id
    lead, today = world.ports.people["dee-lane"], world.now().date()
    gone = replace(lead, attendance=Attendance(leaves_on=today - timedelta(days=7)))
    left = replace(world.ports, people={**world.ports.people, gone.name: gone})
    with pytest.raises(NotForYou):
        read_messages(left, case, gone)
    with world.store.begin() as unit:
        unit.cases.exclude(case, [lead.name])
    with pytest.raises(NotForYou):
        read_messages(world.ports, case, lead)


def test_our_own_messages_belong_to_the_talk(world: World) -> None:
    """What the school wrote stands between."""
    own = sighting(
        "r1", "Yes, of course.", by=OUR_ID, thread="talk", parent=None, kind=ItemKind.MESSAGE, is_own=True
    )
    world.show(message("m1"), own)  # type: ignore[arg-type]
    talk = read_messages(world.ports, world.case("m1").id, world.ports.people["dee-lane"])
    assert [each.is_own for each in talk] == [False, True]


def test_taking_a_case_gives_no_right_to_its_messages(world: World) -> None:
    """Whoever keeps the network may take a case by mistake, and reads nothing by it."""
    world.show(message("m1"))  # type: ignore[arg-type]
    case = world.case("m1").id
    take(world.ports, case, "ned-wood")
    with pytest.raises(NotForYou):
        read_messages(world.ports, case, world.ports.people["ned-wood"])
