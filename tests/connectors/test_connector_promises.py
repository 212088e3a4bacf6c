"""What every connector promises of its platform, on a stage where people speak and things really change.

The promises are the same for all; where a platform does not offer something, the test is skipped with the
reason that the connector itself declares. What the stages are is said in ``stages/stage.py``.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from itertools import count
from types import ModuleType

import pytest

from connectors import registry
from connectors.base import Capability, Connector, NeedsPerson, State, Transient, Unsure
from moderation.actions import Action, ActionKind, Done
from moderation.items import ItemKind, Presence, Reference, Sighting
from tests.connectors.graph_stage import reference_to
from tests.connectors.stages.stage import ROWAN, LackingError, Line, Place, Said, Stage, watched
from tests.connectors.wire import connector

ON_STAGE = tuple(each for each in registry.platforms() if connector(each).streams())
"""Every platform that a program reads; a new one needs a stage here."""


def _stages_of(platform: str) -> ModuleType:
    return import_module(f"tests.connectors.stages.{platform}")


_numbers = count(1)


@pytest.fixture(
    scope="module",
    params=[pytest.param(each, marks=getattr(_stages_of(each), "MARKS", ())) for each in ON_STAGE],
)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """Return what sets up stages of one platform; its servers run for all the tests here."""
    with _stages_of(request.param).place() as opened:
        yield opened


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """Return the line between the connectors of this test and their platform."""
    with watched(monkeypatch) as line:
        yield line


@pytest.fixture
def stage(place: Place, line: Line) -> Iterator[Stage]:
    """Return a new stage. In the end everything that was sent went to it, and to nobody else."""
    with place() as made:
        yield made
        assert line.hosts <= {made.host}


class School:
    """The school as the product follows its account: poll after poll, each stream with its state."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.states: dict[str, State] = {}
        self.items: dict[str, Sighting] = {}

    def reader(self) -> Connector:
        """Return a fresh connector, as every poll has one."""
        return self.stage.reader()

    def poll(self) -> dict[str, Sighting]:
        """Read every stream to its end; return what was shown this time."""
        self.stage.settle()
        shown: dict[str, Sighting] = {}
        reader = self.reader()
        for stream in self._streams(reader):
            for page in reader.poll(stream, self.states.get(stream, {}), self.stage.now):
                assert page.rejected == ()
                shown.update({item.external_id: item for item in page.items})
                if page.cursor is not None:
                    self.states[stream] = json.loads(json.dumps(page.cursor))
        self.items.update(shown)
        return shown

    def sweep(self) -> dict[str, Sighting]:
        """Read everything of the horizon again; return what was shown."""
        reader, shown = self.reader(), dict[str, Sighting]()
        since = self.stage.now - timedelta(days=reader.sweep_days())
        for stream in self._streams(reader):
            for page in reader.sweep(stream, since, self.stage.now):
                assert page.rejected == ()
                assert page.cursor is None
                shown.update({item.external_id: item for item in page.items})
        return shown

    def see(self, said: Said) -> Sighting:
        """Poll, and return what the platform shows of this."""
        return self.poll()[said.external_id]

    def presence(self, item: Sighting) -> Presence:
        """Look where an item is."""
        (found,) = self.reader().lookup([reference_to(item)], self.stage.now)
        assert found.external_id == item.external_id
        return found.presence

    def decide(self, kind: ActionKind, item: Sighting, words: str = "") -> Action:
        """Return what a person decides now."""
        return Action(kind, reference_to(item), f"ours-{next(_numbers)}", self.stage.now, words)

    def do(self, action: Action) -> Done:
        """Do it."""
        return self.reader().act(action, self.stage.now)

    def verify(self, action: Action) -> Done | None:
        """Read back whether it was done."""
        self.stage.settle()
        return self.reader().verify(action, self.stage.now)

    def needs(self, capability: Capability) -> None:
        """Skip the test where the platform does not offer this, or the stage cannot show it."""
        missing = self.reader().capabilities()[capability]
        if missing is not None and not missing.partly:
            pytest.skip(missing.reason)
        if capability in self.stage.lacks:
            pytest.skip(self.stage.lacks[capability])

    def _streams(self, reader: Connector) -> list[str]:
        return [each for each in reader.streams() if each not in self.stage.unread]


@pytest.fixture
def school(stage: Stage) -> School:
    """Return the school, which follows the stage from its beginning."""
    return School(stage)


def _words(text: str) -> str:
    """Return words that nobody else says."""
    return f"{text} ({next(_numbers)})"


def _names(items: dict[str, Sighting], *said: Said) -> dict[str, set[str]]:
    """Return under which names the words of each were shown. X puts names before the words."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for item in items.values():
        for each in said:
            if item.text.endswith(each.words):
                found[each.words].add(item.external_id)
    return dict(found)


def _each_once(*said: Said) -> dict[str, set[str]]:
    return {each.words: {each.external_id} for each in said}


# Reading


def test_everything_said_is_found_once(stage: Stage, school: School) -> None:
    """One poll brings comments and replies, one item each; a second poll brings nothing that is new."""
    post = stage.post(_words("Open evening is on Thursday."))
    first = stage.comment(_words("Where can we park?"), post)
    reply = stage.comment(_words("Behind the church."), first, ROWAN)
    other = stage.comment(_words("When does it end?"), post, ROWAN)
    said = (first, reply, other)
    school.poll()
    assert _names(school.items, *said) == _each_once(*said)
    known = dict(school.items)
    again = school.poll()
    assert {name: known.get(name) for name in again} == again
    item = school.items[first.external_id]
    assert not item.is_own
    assert item.author.external_id
    assert item.created_at is not None
    assert abs(item.created_at - stage.now) < timedelta(minutes=10)
    assert item.permalink.startswith("https://")
    assert school.items[reply.external_id].thread_id == item.thread_id


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_missed_in_whatever_order_it_arrives(stage: Stage, school: School, seed: int) -> None:
    """Comments claim times out of order and come in between polls; in the end each was found once."""
    chance = random.Random(seed)
    post = stage.post(_words("Sports day is on Friday."))
    school.poll()
    said: list[Said] = []
    for number in range(8):
        claimed = timedelta(minutes=chance.choice([0, 10, 50, 100]))
        under = chance.choice([each for each in said if not claimed] or [post]) if not claimed else post
        said.append(stage.comment(_words(f"Question {number}"), under, claimed=claimed))
        if chance.random() < 0.4:
            school.poll()
    school.poll()
    assert _names(school.items, *said) == _each_once(*said)


@pytest.mark.parametrize("hours", [1, 5, 30])
def test_back_dated_comment_is_found(stage: Stage, school: School, hours: int) -> None:
    """What surfaces long after the time it claims is brought by the next poll, or by the daily sweep."""
    post = stage.post(_words("Results are out."))
    before = stage.comment(_words("Well done."), post)
    school.poll()
    late = stage.comment(_words("Shame on you."), post, claimed=timedelta(hours=hours))
    after = stage.comment(_words("Congratulations."), post)
    said = (before, late, after)
    school.poll()
    assert _names(school.items | school.sweep(), *said) == _each_once(*said)


def test_sweep_shows_everything_of_the_horizon(stage: Stage, school: School) -> None:
    """It needs no memory, moves no cursor, and finds what polls found: comments, replies and our answers."""
    post = stage.post(_words("Lost property is full."))
    first = stage.comment(_words("We miss a coat."), post, claimed=timedelta(hours=30))
    second = stage.comment(_words("So do we."), first, ROWAN)
    answer = stage.answer(_words("Come to the office."), first)
    said = (first, second, answer)
    stage.settle()
    assert _names(school.sweep(), *said) == _each_once(*said)
    school.poll()
    assert _names(school.items, *said) == _each_once(*said)


def test_edit_changes_the_words_and_not_the_name(stage: Stage, school: School) -> None:
    """New words come under the old name, and whoever looks it up is told."""
    school.needs(Capability.SEE_EDITS)
    said = stage.editable(_words("When does term end?"))
    before = school.poll().get(said.external_id)
    assert before is not None
    assert school.presence(before) is Presence.PRESENT
    changed = _words("When does term start?")
    stage.edit(said, changed)
    stage.settle()
    (found,) = school.reader().lookup([reference_to(before)], stage.now)
    assert (found.external_id, found.presence) == (said.external_id, Presence.EDITED)
    assert found.item is not None
    assert found.item.text.endswith(changed)
    shown = school.poll() | school.sweep()
    assert shown[said.external_id].text.endswith(changed)
    assert len([item for item in shown.values() if item.text.endswith(changed)]) == 1


def test_own_answers_are_known_as_ours_and_stand_where_they_answer(stage: Stage, school: School) -> None:
    """What somebody at the school writes on the platform is ours, in its thread, and stops the clock."""
    question = stage.comment(_words("Is there a lift?"), stage.post(_words("The new hall is open.")))
    answer = stage.answer(_words("Yes, by the stairs."), question)
    school.poll()
    asked, answered = (school.items[each.external_id] for each in (question, answer))
    assert (asked.is_own, answered.is_own) == (False, True)
    assert answered.parent_id == question.external_id
    assert answered.thread_id == asked.thread_id
    assert answered.kind is ItemKind.REPLY


def test_private_messages_are_one_thread_for_each_conversation(stage: Stage, school: School) -> None:
    """They are messages to the school, whoever writes; two people's never share a thread."""
    school.needs(Capability.READ_MESSAGES)
    first = stage.message(_words("May I ask something?"))
    second = stage.comment(_words("It is about lunch."), first)
    other = stage.message(_words("Is the office open?"), ROWAN)
    answer = stage.answer(_words("Please do."), first)
    said = (first, second, other, answer)
    school.poll()
    assert _names(school.items, *said) == _each_once(*said)
    items = {each: school.items[each.external_id] for each in said}
    assert {item.kind for item in items.values()} == {ItemKind.MESSAGE}
    assert all(item.names_school for each, item in items.items() if each is not answer)
    assert [items[each].is_own for each in said] == [each is answer for each in said]
    threads = {items[each].thread_id for each in said if each is not other}
    assert len(threads) == 1
    assert items[other].thread_id not in threads


# Looking up


def test_lookup_tells_present_from_deleted(stage: Stage, school: School) -> None:
    """What its author took away is gone; what stands beside it is there, each answer in its place."""
    post = stage.post(_words("Concert on Friday."))
    stays, goes = stage.comment(_words("We come."), post), stage.comment(_words("I do not."), post, ROWAN)
    school.poll()
    asked = [reference_to(school.items[each.external_id]) for each in (goes, stays)]
    before = school.reader().lookup(asked, stage.now)
    assert [each.presence for each in before] == [Presence.PRESENT, Presence.PRESENT]
    stage.delete(goes)
    stage.settle()
    found = school.reader().lookup(asked, stage.now)
    assert [each.external_id for each in found] == [goes.external_id, stays.external_id]
    tells = school.reader().capabilities()[Capability.SEE_DELETIONS]
    gone = Presence.DELETED if tells is None or tells.partly else Presence.UNKNOWN
    assert [each.presence for each in found] == [gone, Presence.PRESENT]


def test_leaving_the_listing_is_not_deletion(stage: Stage, school: School) -> None:
    """A poll that does not show an item says nothing of it; looked up, it is there."""
    said = stage.comment(_words("Is there cake?"), stage.post(_words("The fair is on Saturday.")))
    item = school.see(said)
    try:
        with stage.unlisted():
            assert said.external_id not in school.poll()
    except LackingError as lacking:
        pytest.skip(str(lacking))
    assert school.presence(item) is Presence.PRESENT


# Acting


@pytest.mark.parametrize("kind", ActionKind)
def test_act_is_done_once_and_read_back(stage: Stage, school: School, line: Line, kind: ActionKind) -> None:
    """It is visible on the platform, confirmed as far as the platform shows it, and found by looking."""
    item, said, action = _prepared(stage, school, kind)
    assert stage.count(kind, said) == 0
    assert school.verify(action) is None
    sent = line.writes
    done = school.do(action)
    stage.settle()
    assert line.writes == sent + 1
    assert stage.count(kind, said) == 1
    assert done.confirmed or done.remark
    seen = school.verify(action)
    if kind in stage.unseen:
        assert seen is None or not seen.confirmed
    else:
        assert done.confirmed
        assert seen is not None
        assert seen.confirmed
        assert seen.external_id == done.external_id
    _as_it_shows(stage, school, action, item, done)


def _as_it_shows(stage: Stage, school: School, action: Action, item: Sighting, done: Done) -> None:
    """Make sure that reading shows an act that was confirmed."""
    if not done.confirmed:
        return
    match action.kind:
        case ActionKind.REPLY:
            ours = school.poll()[str(done.external_id)]
            assert ours.is_own
            assert ours.text.endswith(action.words)
            assert ours.parent_id == item.external_id or done.remark
            assert ours.thread_id == item.thread_id
        case ActionKind.HIDE:
            assert school.presence(item) is Presence.HIDDEN
        case ActionKind.UNHIDE:
            assert school.presence(item) is Presence.PRESENT
        case ActionKind.DELETE:
            assert school.presence(item) is Presence.DELETED


@pytest.mark.parametrize("kind", ActionKind)
def test_write_in_trouble_is_done_once_or_surely_not(
    stage: Stage, school: School, line: Line, kind: ActionKind
) -> None:
    """Not sent, it was surely not done. Sent and its answer lost, it is unsure and never sent again.

    Reading back tells that it was done, wherever the platform shows it.
    """
    _, said, action = _prepared(stage, school, kind)
    line.cut = True
    with pytest.raises(Transient):
        school.do(action)
    line.cut = False
    assert stage.count(kind, said) == 0
    assert school.verify(action) is None
    sent, line.loses = line.writes, True
    with pytest.raises(Unsure):
        school.do(action)
    line.loses = False
    assert line.writes == sent + 1
    seen = school.verify(action)
    assert (seen is None or not seen.confirmed) == (kind in stage.unseen)
    assert line.writes == sent + 1
    assert stage.count(kind, said) == 1


def test_answer_to_a_reply_is_found_under_what_it_says(stage: Stage, school: School) -> None:
    """Platforms with flat threads put it under the comment above: then the school is told."""
    school.needs(Capability.REPLY)
    above = stage.comment(_words("Is it far?"), stage.post(_words("The trip is to the sea.")))
    item = school.see(stage.comment(_words("I wonder too."), above, ROWAN))
    done = school.do(school.decide(ActionKind.REPLY, item, _words("An hour by coach.")))
    ours = school.poll()[str(done.external_id)]
    assert ours.is_own
    assert ours.thread_id == item.thread_id
    assert ours.parent_id == item.external_id or done.remark


def test_private_message_is_answered_in_its_conversation(stage: Stage, school: School) -> None:
    """The answer is ours, in the same thread, and there once."""
    school.needs(Capability.READ_MESSAGES)
    school.needs(Capability.REPLY)
    said = stage.message(_words("May I ask something?"))
    item = school.see(said)
    action = school.decide(ActionKind.REPLY, item, _words("Of course."))
    done = school.do(action)
    assert done.confirmed
    shown = school.poll()
    ours = shown[str(done.external_id)]
    assert (ours.kind, ours.is_own, ours.thread_id) == (ItemKind.MESSAGE, True, item.thread_id)
    assert len([each for each in shown.values() if each.text.endswith(action.words)]) == 1
    assert school.verify(action) == Done(done.external_id, confirmed=True)


def _prepared(stage: Stage, school: School, kind: ActionKind) -> tuple[Sighting, Said, Action]:
    """Have something said about which this can be done, and let a person decide it."""
    school.needs(Capability(str(kind)))
    said = stage.target(kind, _words("Nobody asked you."))
    item = school.see(said)
    before = {ActionKind.UNHIDE: ActionKind.HIDE, ActionKind.UNBLOCK: ActionKind.BLOCK}.get(kind)
    if before is not None:
        school.do(school.decide(before, item))
        stage.settle()
    words = _words("At four, in the hall.") if kind in (ActionKind.REPLY, ActionKind.REPORT) else ""
    return item, said, school.decide(kind, item, words)


# Proving


def test_right_token_is_proven_and_the_wrong_kind_refused(stage: Stage, school: School) -> None:
    """A wrong token would read as if nobody had said anything: it has to be told at the start."""
    proof = school.reader().prove(stage.now)
    assert proof.lacking == ()
    assert proof.expires_at is None or proof.expires_at > stage.now
    try:
        wrong = stage.wrong_reader()
    except LackingError as lacking:
        pytest.skip(str(lacking))
    with pytest.raises(NeedsPerson):
        wrong.prove(stage.now)


def test_everything_sent_is_on_the_meter(stage: Stage, school: School, line: Line) -> None:
    """Polling, sweeping and looking up cost what the line has carried, no more and no less."""
    stage.comment(_words("Is there a lift?"), stage.post(_words("The new hall is open.")))
    stage.settle()
    reader = school.reader()
    begun = line.calls - reader.meter.calls
    items: list[Sighting] = []
    for stream in reader.streams():
        if stream not in stage.unread:
            items += [item for page in reader.poll(stream, {}, stage.now) for item in page.items]
    references: list[Reference] = [reference_to(item) for item in items]
    reader.lookup(references, stage.now)
    reader.prove(stage.now)
    assert reader.meter.calls == line.calls - begun > 0
