"""From a stored item to a case: score it, say what that means, open a case, and tell who has to know."""

from __future__ import annotations

from dataclasses import replace

from moderation.alerting import plan_for_case
from moderation.alerts import AlertStep
from moderation.assessment import Assessment, Finding, Intent, Route, Severity, Subject
from moderation.cases import Case, Clock, needs_a_person
from moderation.edits import changed_since_the_answer, next_digest, occasion_of
from moderation.items import ItemId, StoredItem
from moderation.ports import Ports, Unit
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


def score_item(ports: Ports, claim: Claim) -> None:
    """Score one item's newest words, then open or join its case and tell who has to know.

    1. Read the item and score it; a scorer that fails leaves an item for a person, never a clean one.
    2. Write the assessment and settle who is owed an answer: it may turn out to have been given.
    3. Write the case and the alerts for whatever a person must see, all in one transaction.

    Items from before the account's go-live are scored silently: no case, no clock, no alert.
    """
    with ports.store.begin() as unit:
        read = unit.items.get(ItemId(int(claim.subject)))
    assessment = _scored(ports, read)
    with ports.store.finishing(claim) as unit:
        unit.items.lock_thread(read.thread)
        unit.assessments.add(read.id, read.version, assessment, ports.now())
        if _is_history(ports, read):
            return
        if read.author_key in ports.accounts[read.account].responders:
            settle_answered(ports, unit, read)
        owed = settle(ports, unit, read, read.author_key).get(read.id)
        # Settling, or somebody who had the thread before us, may have put it into a case. The words stay
        # those that were scored: newer ones have a scoring of their own.
        item = replace(read, case=unit.items.get(read.id).case)
        why = _why_a_person(ports, unit, item, assessment)
        case = owed if why is None else _case_to_look_at(ports, unit, item, assessment)
        if case is not None:
            _tell(ports, unit, unit.cases.raise_to(case.id, assessment), item, assessment, why)


def _scored(ports: Ports, item: StoredItem) -> Assessment:
    subject = Subject(
        text=item.text, platform=item.platform, kind=str(item.kind), author_name=item.author.name
    )
    try:
        said = ports.score(subject)
    except Exception as error:  # noqa: BLE001 - whatever the scorer trips over, a person reads the item
        why = Finding("scorer", f"failed: {type(error).__name__}", 0, 0)
        return replace(UNSCORED, findings=(why,))
    if item.author_key in ports.accounts[item.account].staff and said.route is Route.MODERATOR:
        # A colleague on a personal account is no matter for those who answer parents.
        return replace(said, route=Route.HEADTEACHER)
    return said


def _is_history(ports: Ports, item: StoredItem) -> bool:
    return item.received_at < ports.accounts[item.account].go_live


def _why_a_person(ports: Ports, unit: Unit, item: StoredItem, assessment: Assessment) -> AlertStep | None:
    """Return why somebody has to look although no reply is owed; None where nobody has to."""
    if item.author_key in ports.accounts[item.account].staff:
        return AlertStep.STAFF_ACCOUNT
    if needs_a_person(assessment):
        return AlertStep.NEW
    return AlertStep.EDITED if changed_since_the_answer(unit, item) else None


def _case_to_look_at(ports: Ports, unit: Unit, item: StoredItem, assessment: Assessment) -> Case:
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
    """Plan the alert that this item calls for: at any hour when severe, in staffed hours otherwise.

    The same words of the same item are told once, however often a platform shows now these, now others.
    Routine items alert nobody by themselves: the reminder before their deadline does. Where no deadline
    can be told, because a calendar leaves no working day, nothing would remind: so that is told at once.
    """
    now = ports.now()
    if assessment.severity >= Severity.HIGH:
        step, at = AlertStep.URGENT, now
    elif why is not None or not _is_due(unit.cases.clock(case.id)):
        step, at = why or AlertStep.NEW, next_digest(ports.schools[case.school], now)
    else:
        return
    plan_for_case(ports, unit, case, step, occasion_of(item, step), at)


def _is_due(clock: Clock | None) -> bool:
    return clock is not None and clock.due_at is not None
