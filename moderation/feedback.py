"""People say whether scoring was right about an item; what is worse than it said is told at once.

The next training learns from it. A judgement never quietens anything: a case stays open until a person
closes it. But what a person calls worse than scoring did raises a case, a desk that a person names takes the
case over, and whoever has to know is told, in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from moderation.alerting import CaseAlert, by_a_person, plan_for_case
from moderation.alerts import AlertStep, Person, Role
from moderation.assessing import case_to_look_at
from moderation.assessment import Assessment, Route, Severity
from moderation.cases import Act, Case, CaseEvent, CaseId, CaseState
from moderation.edits import next_digest, occasion_of
from moderation.escalating import escalate
from moderation.items import ItemId, StoredItem
from moderation.judgements import (
    UNSAID,
    Correction,
    Judgement,
    Mark,
    NotFitting,
    as_judged,
    completed,
    is_louder,
    is_quieter,
    of_the_words,
)
from moderation.ports import Ports, Unit

_SAFEGUARDING = frozenset({Role.DSL, Role.DEPUTY_DSL})
_LEFT_BY = {Route.DSL: _SAFEGUARDING, Route.GOVERNORS: _SAFEGUARDING | {Role.GOVERNORS}}
"""The desks from which only these may take something."""

_READS_NOTHING = frozenset({Role.NETWORK_MANAGER})


class MayNotJudge(Exception):
    """That person may not see the item, or may not take weight from it. The text says why."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a judgement: the case that it is written down in, and whether that tells somebody."""

    judgement: Judgement
    case: Case | None
    tells: bool


@dataclass(frozen=True, slots=True)
class Says:
    """What a person says of an item: a mark, corrections, or both; ``why`` is their reason, or ""."""

    mark: Mark | None = None
    right: Correction = UNSAID
    why: str = ""


def judge(ports: Ports, number: ItemId, person: Person, says: Says) -> Judged:
    """Record what a person says of an item's scoring; what is worse than was said is told at once.

    1. Read what scoring said last, with nobody else settling the thread meanwhile.
    2. Write the judgement, and a line into the history of the item's case.
    3. What is louder than was said opens or raises a case and tells who has to know, as scoring would have.
    4. A desk that the person names takes the case over and is told; :data:`_LEFT_BY` keep what is theirs.

    An item that its thread raised is judged as raised; what is kept for the training is about its words.

    Saying the same again adds a line to the record and tells nobody twice.

    Raises:
        MayNotJudge: the person has no role for it.
        NotFitting: the item is our own, not scored yet, or the words do not fit what was said of it.
    """
    with ports.store.begin() as unit:
        unit.items.lock_thread(unit.items.get(number).thread)
        item = unit.items.get(number)
        said = _said_of(ports, unit, item)
        _may_see(ports, unit, item, said, person)
        mark, right = completed(said, says.mark, says.right)
        judged = as_judged(said, right)
        _may_quieten(said, judged, person)
        now = ports.now()
        judgement = Judgement(item.id, item.version, mark, said, right, says.why, person.name, now)
        own = unit.feedback.said_of_words(item.id, item.version) or said
        unit.feedback.add(replace(judgement, said=own, right=of_the_words(right, said, own)))
        louder = is_louder(said, judged)
        case = case_to_look_at(ports, unit, item, judged) if louder else _case_of(unit, item)
        if case is not None:
            unit.cases.note(case.id, CaseEvent(Act.JUDGED, person.name, now, history_line(judgement)))
        if case is None or case.state is CaseState.CLOSED:
            return Judged(judgement, case, tells=False)
        changed = unit.cases.raise_to(case.id, judged) if louder else case
        if right.route is not None and _may_leave(unit, changed, item, right.route, person):
            changed = unit.cases.give_to(case.id, right.route)
        # A case that is not left for another desk stays where it is: that desk has been told.
        moves = changed.route is not case.route
        tells = moves or (louder and (judged.severity > said.severity or changed.route is judged.route))
        if tells:
            _tell(ports, unit, changed, item, judged, changed.severity if moves else judged.severity)
        return Judged(judgement, changed, tells)


def _said_of(ports: Ports, unit: Unit, item: StoredItem) -> Assessment:
    if item.account not in ports.accounts:
        raise NotFitting("its account is not in the register any more")
    if item.is_own:
        raise NotFitting("it is the school's own message, which is not scored")
    newest = unit.feedback.said_of(item.id, item.version)
    if newest is None:
        raise NotFitting("its newest words have not been scored yet: judge it when they have been")
    return newest


def _may_see(ports: Ports, unit: Unit, item: StoredItem, said: Assessment, person: Person) -> None:
    """What the head is accused of is kept from the head; a network manager looks after machines alone."""
    if ports.accounts[item.account].school not in person.schools or person.roles <= _READS_NOTHING:
        raise MayNotJudge(f"{person.name} has no role at that school for which items are read")
    case = _case_of(unit, item)
    accused = said.route is Route.GOVERNORS or (case is not None and case.route is Route.GOVERNORS)
    if accused and Role.HEADTEACHER in person.roles:
        raise MayNotJudge(f"{person.name} cannot judge that item: it is for the governors")


def _may_quieten(said: Assessment, judged: Assessment, person: Person) -> None:
    """Anybody may say that a thing is worse; less of what is the safeguarding lead's only that desk says."""
    if said.route is Route.DSL and is_quieter(said, judged) and _SAFEGUARDING.isdisjoint(person.roles):
        raise MayNotJudge("only the safeguarding lead or a deputy can say that it is less than that")
    if said.route is Route.GOVERNORS and not _may_move(said.route, judged.route, person):
        raise MayNotJudge("only the governors, the safeguarding lead or a deputy can give it to another desk")


def _may_move(current: Route, to: Route, person: Person) -> bool:
    """Say whether a person may take something from a desk. To the safeguarding lead anybody may give it."""
    return (
        to in (current, Route.DSL)
        or current not in _LEFT_BY
        or not _LEFT_BY[current].isdisjoint(person.roles)
    )


def _may_leave(unit: Unit, case: Case, item: StoredItem, to: Route, person: Person) -> bool:
    """Say whether the case may go to another desk by a person's word about one of its items.

    It stays with the safeguarding lead or the governors while another item in it is theirs.
    """
    if case.route not in _LEFT_BY:
        return True
    if not _may_move(case.route, to, person):
        return False
    beside = unit.items.thread_of(case.thread, [item.author_key])
    others = [each.id for each in beside if each.case == case.id and each.id != item.id]
    said = [unit.assessments.latest(each) for each in others]
    return not any(each is not None and each.route is case.route for each in said)


def _case_of(unit: Unit, item: StoredItem) -> Case | None:
    """Return the case in which the item's judgement belongs: one that is open before one that is closed."""
    going_on = unit.cases.not_closed(item)
    if going_on is not None or item.case is None:
        return going_on
    return unit.cases.get(CaseId(item.case))


def _tell(
    ports: Ports, unit: Unit, case: Case, item: StoredItem, judged: Assessment, severity: Severity
) -> None:
    """Tell who has to know: by the person's word it climbs, unless it does already or somebody has it.

    Then the desk, or whoever has it, is told in staffed hours of what is not severe. The occasion names what
    the person said: whoever was told of the item for less is told of this too.
    """
    is_new = not unit.escalations.climbs(case.id) and case.state is not CaseState.TAKEN
    if severity >= Severity.HIGH or is_new:
        escalate(ports, unit, case, item, replace(judged, severity=severity), word=judged.severity.word)
        return
    at = next_digest(ports.schools[case.school], ports.now())
    about = by_a_person(occasion_of(item, AlertStep.NEW), judged)
    plan_for_case(ports, unit, case, CaseAlert(AlertStep.NEW, about, at))


def history_line(judgement: Judgement) -> str:
    """Return the line of a case's history: the mark, what the person calls it, what it had been called.

    The reason is left out: it may quote somebody, and histories are shown without anybody's words.
    """
    right, said = judgement.right, judgement.said
    stated = [
        *([] if right.severity is None else [right.severity.word]),
        *([] if right.labels is None else [str(label) for label in right.labels]),
        *[str(each) for each in (right.intent, right.route) if each is not None],
    ]
    was = [said.severity.word, *map(str, said.labels), str(said.intent), str(said.route)]
    line = f"item {judgement.item}: {str(judgement.mark).replace('_', ' ')}"
    if judgement.mark is not Mark.RIGHT:
        line += f": {', '.join(stated)}; was {', '.join(was)}" if stated else f"; was {', '.join(was)}"
    return line
