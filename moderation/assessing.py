"""From a stored item to a case: score it, say what that means, open a case, and tell who has to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from moderation.abuse.threads import (
    WINDOW,
    Remark,
    ThreadVerdict,
    is_jibe,
    raised_to,
    why_raised,
    with_thread,
)
from moderation.alert_rules import EscalationLane
from moderation.alerting import CaseAlert, plan_for_case, plan_for_role
from moderation.alerts import AlertStep, Role, Topic
from moderation.assessment import Assessment, Finding, Intent, Lack, Route, Severity, Subject
from moderation.cases import Act, Case, needs_a_person
from moderation.desks import whom_it_is_about
from moderation.edits import changed_since_the_answer, next_digest, occasion_of
from moderation.escalating import escalate
from moderation.items import ItemId, StoredItem
from moderation.ports import Ports, Unit, system_event
from moderation.response import settle, settle_answered
from moderation.tasks import Claim

UNSCORED = Assessment(
    score=0.5,
    abuse=0.0,
    severity=Severity.MEDIUM,
    labels=(),
    intent=Intent.COMMENT,
    route=Route.MODERATOR,
    findings=(),
    model="none",
    uncertain=True,
)
"""What stands for an item that could not be scored: a person has to read it the same day."""

OUT_AFTER = 3
"""After so many items in a row in which the trained models had no say, they are taken to be out."""

Scored = Mapping[tuple[ItemId, int], Assessment]
"""What the scorer said about items, by item and version of its words."""

_NOTHING_YET: Scored = MappingProxyType({})


def score_together(ports: Ports, claims: Iterable[Claim]) -> Scored:
    """Score the newest words of several items in one call and write nothing down.

    An item whose account has left the register is left out: it is for its own task to fail.

    Raises whatever the scorer or the store raises: then each item is scored for itself.
    """
    with ports.store.begin() as unit:
        read = [unit.items.get(ItemId(int(claim.subject))) for claim in claims]
    known = [item for item in read if item.account in ports.accounts]
    said = ports.score([_subject(ports, item) for item in known]) if known else []
    return {(item.id, item.version): each for item, each in zip(known, said, strict=True)}


def score_item(ports: Ports, claim: Claim, scored: Scored = _NOTHING_YET) -> None:
    """Score one item's newest words, then open or join its case and tell who has to know.

    1. Read the item and score it, unless ``scored`` holds what these very words were given together with
       others. A scorer that fails leaves an item for a person, never a clean one.
    2. Write the assessment, raised with others of its thread where they are bullying only together, and
       settle who is owed an answer: it may turn out to have been given.
    3. Write the case and the alerts for whatever a person must see, all in one transaction.

    Items from before the account's go-live are scored silently: no case, no clock, no alert.
    """
    with ports.store.begin() as unit:
        read = unit.items.get(ItemId(int(claim.subject)))
    alone = _at_its_desk(ports, read, scored.get((read.id, read.version)) or _score(ports, read))
    with ports.store.finishing(claim) as unit:
        together = _in_its_thread(ports, unit, read, alone)
        unit.items.lock_thread(read.thread)
        unit.assessments.add(read.id, read.version, alone, ports.now())
        _tell_of_models(ports, unit, read, alone)
        if _is_history(ports, read) and not _is_news(ports, read, alone):
            return
        assessment = _raise_together(ports, unit, read, together)
        if read.author_key in ports.accounts[read.account].responders:
            settle_answered(ports, unit, read)
        owed = settle(ports, unit, read, read.author_key).get(read.id)
        # Settling, or somebody who had the thread before us, may have put it into a case. The words stay
        # those that were scored: newer ones have a scoring of their own.
        item = replace(read, case=unit.items.get(read.id).case)
        why = _why_a_person(ports, unit, item, assessment)
        case = owed if why is None else case_to_look_at(ports, unit, item, assessment)
        if case is None:
            return
        case = _raise(ports, unit, case, item, assessment)
        case = _keep_from_whom_it_is_about(ports, unit, case, item, assessment)
        if _is_known(ports, unit, item, together):
            # Who has to know was told with those before it: now only if its own words call for it.
            assessment, why = alone, _why_a_person(ports, unit, item, alone)
        if owed is not None or why is not None:
            _tell(ports, unit, case, item, assessment, why)


def _score(ports: Ports, item: StoredItem) -> Assessment:
    try:
        [said] = ports.score([_subject(ports, item)])
    except Exception as error:  # noqa: BLE001 - whatever the scorer trips over, a person reads the item
        why = Finding("scorer", f"failed: {type(error).__name__}", 0, 0)
        return replace(UNSCORED, findings=(why,))
    return said


def _subject(ports: Ports, item: StoredItem) -> Subject:
    names = ports.school_of(item.account).names
    author = item.author.name
    return Subject(
        text=item.text, platform=item.platform, kind=str(item.kind), author_name=author, names=names
    )


def _at_its_desk(ports: Ports, item: StoredItem, said: Assessment) -> Assessment:
    if item.author_key in ports.accounts[item.account].staff and said.route is Route.MODERATOR:
        # A colleague on a personal account is no matter for those who answer parents.
        return replace(said, route=Route.HEADTEACHER)
    return said


def _tell_of_models(ports: Ports, unit: Unit, item: StoredItem, assessment: Assessment) -> None:
    """Tell the network manager, once a day for each reason, that the trained models do not work.

    One odd text that they stumble over is for a moderator: only several in a row mean that they are out.
    """
    if assessment.lacks is None:
        return
    if assessment.lacks is not Lack.NOT_LOADED:
        newest = unit.assessments.newest(OUT_AFTER)
        if len({number for number, said in newest if said.lacks}) < OUT_AFTER:
            return
    topic = Topic("scoring", f"{ports.now():%Y%m%d}", AlertStep.RULES_ALONE, str(assessment.lacks))
    plan_for_role(ports, unit, ports.school_of(item.account).id, Role.NETWORK_MANAGER, topic)


def _is_known(ports: Ports, unit: Unit, item: StoredItem, together: ThreadVerdict) -> bool:
    """Say whether who has to know was told of what a thread does, lately and in a case that is not closed.

    What goes on after people have closed their case, or for longer than a day, is news to them.
    """
    if not together.joins:
        return False
    is_grave = (raised_to(together.assessment) or Severity.NONE) >= Severity.HIGH
    lanes = [lane for lane in EscalationLane if lane.at_any_hour or not is_grave]
    return unit.escalations.told_of([*together.joins, item.id], lanes, ports.now() - WINDOW)


def _in_its_thread(ports: Ports, unit: Unit, item: StoredItem, alone: Assessment) -> ThreadVerdict:
    """Return what the messages around an item make of it, with every thread locked in which one is raised.

    Threads are locked in one order, here and elsewhere, so that no two wait for each other.
    """
    if not is_jibe(alone) or _is_history(ports, item):
        return ThreadVerdict(alone)
    unit.remarks.take_turns(item.account)
    near = unit.remarks.near(item, WINDOW, ports.accounts[item.account].go_live)
    new = Remark(item.id, item.version, item.thread, item.author_key, item.received_at, alone)
    verdict = with_thread(new, near)
    for thread in sorted({item.thread, *(each.thread for each in verdict.raised)}):
        unit.items.lock_thread(thread)
    return verdict


def _raise_together(ports: Ports, unit: Unit, item: StoredItem, together: ThreadVerdict) -> Assessment:
    """Write down what a thread makes of an item and of the earlier ones, and raise the cases of those.

    Nobody is told of each: the newest one stands for all. A closed case stays closed for the same reason.
    Returns the item's own assessment, raised where its thread raises it.
    """
    for each in together.raised:
        unit.assessments.add(each.item, each.version, each.said, ports.now())
        earlier = unit.items.get(each.item)
        case = unit.cases.not_closed(earlier)
        if case is None and earlier.case is None:
            case = case_to_look_at(ports, unit, earlier, each.said)
        if case is not None:
            _raise(ports, unit, case, earlier, each.said)
    unit.assessments.add(item.id, item.version, together.assessment, ports.now())
    return together.assessment


def _raise(ports: Ports, unit: Unit, case: Case, item: StoredItem, said: Assessment) -> Case:
    """Let an assessment count in a case, and note in its history what a thread had to do with it."""
    if why := why_raised(said):
        detail = f"item {item.id} raised with its thread: {why}"
        unit.cases.note(case.id, system_event(Act.NOTED, ports.now(), detail))
    return unit.cases.raise_to(case.id, said)


def _keep_from_whom_it_is_about(
    ports: Ports, unit: Unit, case: Case, item: StoredItem, said: Assessment
) -> Case:
    """Let nobody deal with what is about themselves: the next one at the desk does."""
    people = [person for person in ports.people.values() if case.school in person.schools]
    about = whom_it_is_about(people, item.text, said)
    return unit.cases.exclude(case.id, about) if about else case


def _is_news(ports: Ports, item: StoredItem, said: Assessment) -> bool:
    """Say whether what is older than the beginning has to be seen all the same.

    It is serious, and either its words were changed since, or it reached us long after the account was first
    read: a date may be made up, a cry for help is not left lying for it. No clock runs for it.
    """
    account = ports.accounts[item.account]
    fresh = item.earliest_possible_at is not None and item.received_at >= account.go_live
    return said.severity >= Severity.HIGH and (item.version > 1 or fresh)


def _is_history(ports: Ports, item: StoredItem) -> bool:
    return item.is_older_than(ports.accounts[item.account].go_live)


def _why_a_person(ports: Ports, unit: Unit, item: StoredItem, assessment: Assessment) -> AlertStep | None:
    """Return why somebody has to look although no reply is owed; None where nobody has to."""
    if item.author_key in ports.accounts[item.account].staff:
        return AlertStep.STAFF_ACCOUNT
    if needs_a_person(assessment):
        return AlertStep.NEW
    return AlertStep.EDITED if changed_since_the_answer(unit, item) else None


def case_to_look_at(ports: Ports, unit: Unit, item: StoredItem, assessment: Assessment) -> Case:
    """Return the case in which somebody looks at an item, whether or not an answer is owed.

    It is a new one, without a clock, when words come to light or are changed after their case was closed.
    """
    going_on = unit.cases.not_closed(item)
    if going_on is not None:
        return going_on
    case = unit.cases.open(item, ports.accounts[item.account].school, assessment, ports.now())
    if item.case is None:
        unit.items.put_in_case([item.id], case.id)
    return case


def _tell(
    ports: Ports,
    unit: Unit,
    case: Case,
    item: StoredItem,
    assessment: Assessment,
    why: AlertStep | None,
) -> None:
    """Tell who has to know of this item: what somebody has to look at climbs until somebody takes it.

    What only waits for an answer is told once, in staffed hours or with the digest, however often its words
    change; its clock reminds of it. Of a case that climbs whoever takes it sees all there is.
    """
    at = next_digest(ports.schools[case.school], ports.now())
    if why is AlertStep.EDITED:
        plan_for_case(ports, unit, case, CaseAlert(why, occasion_of(item, why), at))
    elif why is not None or assessment.severity >= Severity.HIGH:
        escalate(ports, unit, case, item, assessment)
    elif not unit.escalations.climbs(case.id):
        plan_for_case(ports, unit, case, CaseAlert(AlertStep.NEW, str(item.id), at))
