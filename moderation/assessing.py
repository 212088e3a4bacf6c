"""From a stored item to a case: score it, say what that means, open a case, and tell who has to know."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from moderation.alerting import plan_for_case
from moderation.alerts import AlertStep
from moderation.assessment import Assessment, Finding, Intent, Route, Severity, Subject
from moderation.cases import Case, CaseId, Clock
from moderation.items import ItemId, StoredItem, digest, says_the_same
from moderation.ports import Ports, School, Unit
from moderation.response import settle, settle_answered
from moderation.tasks import Claim
from sla.calendar import NoDeadlineError
from sla.reminders import digest_time

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
    2. Write the assessment, the case with its clock and the alerts in one transaction.

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
        why = _why_a_person(ports, unit, read, assessment)
        case = _case_of(ports, unit, read, assessment, must_see=why is not None)
        if case is not None:
            _tell(ports, unit, unit.cases.raise_to(case.id, assessment), read, assessment, why)


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
    if (
        assessment.severity >= Severity.MEDIUM
        or assessment.route is not Route.MODERATOR
        or assessment.uncertain
    ):
        return AlertStep.NEW
    return AlertStep.EDITED if _was_edited_after_the_answer(unit, item) else None


def _was_edited_after_the_answer(unit: Unit, item: StoredItem) -> bool:
    """Say whether other words stand there now than those that were answered: the answer may not fit them."""
    before = unit.items.words_before(item)
    if before is None or item.case is None or says_the_same(before[0], item.text):
        return False
    clock = unit.cases.clock(CaseId(item.case))
    return clock is not None and clock.stopped_at is not None and clock.stopped_at < before[1]


def _case_of(
    ports: Ports, unit: Unit, item: StoredItem, assessment: Assessment, *, must_see: bool
) -> Case | None:
    """Return the case in which an item is dealt with, or None when nobody has to do anything.

    An answer that is owed makes a case. What a person must see has one too: a new one, without a clock,
    when words come to light or are changed after their case was closed.
    """
    owed = settle(ports, unit, item, item.author_key).get(item.id)
    if not must_see:
        return owed
    # Read again: settling, or somebody who had the thread before us, may have put it into a case.
    item = unit.items.get(item.id)
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
    occasion = f"{item.id}:{digest(item.text)[:16]}"
    if assessment.severity >= Severity.HIGH:
        plan_for_case(ports, unit, case, AlertStep.URGENT, occasion, now)
    elif why is not None or not _is_due(unit.cases.clock(case.id)):
        at = _next_digest(ports.schools[case.school], now)
        plan_for_case(ports, unit, case, why or AlertStep.NEW, occasion, at)


def _is_due(clock: Clock | None) -> bool:
    return clock is not None and clock.due_at is not None


def _next_digest(school: School, now: datetime) -> datetime:
    """Return when staff read what can wait; at once where the calendar knows no working day at all."""
    try:
        return digest_time(now, school.staffed, school.target, school.calendar)
    except NoDeadlineError:
        return now
