"""Words that were changed after their answer: a person has to look whether the answer still fits them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from moderation.abuse.threads import raised_to
from moderation.alerting import CaseAlert, plan_for_case
from moderation.alerts import AlertStep
from moderation.assessment import Assessment
from moderation.cases import Case, CaseId, needs_a_person
from moderation.items import StoredItem, bare_words, digest, says_the_same
from moderation.ports import Ports, School, Unit
from sla.calendar import NoDeadlineError
from sla.reminders import digest_time


def changed_since_the_answer(unit: Unit, item: StoredItem) -> bool:
    """Say whether other words stand there now than when the clock of the item's case was stopped.

    What the platform showed last before that moment is what was answered, however often it changed since.
    """
    clock = None if item.case is None or item.version == 1 else unit.cases.clock(CaseId(item.case))
    if clock is None or clock.stopped_at is None:
        return False
    first, *later = unit.items.versions_of([item.id])[item.id]
    answered = [first, *(each for each in later if each.seen_at <= clock.stopped_at)][-1]
    return not says_the_same(answered.text, item.text)


def tell_changed(ports: Ports, unit: Unit, items: Iterable[StoredItem]) -> None:
    """Tell of those of ``items`` that were changed after the answer which a case has just been given.

    Left out is what somebody is told of for what it says, and what somebody has closed since.
    """
    for item in [unit.items.get(each.id) for each in items if each.version > 1]:
        said = unit.assessments.latest(item.id)
        case = unit.cases.not_closed(item)
        if case is None or (said is not None and _is_told_for_what_it_says(unit, case, said)):
            continue
        if changed_since_the_answer(unit, item):
            at = next_digest(ports.schools[case.school], ports.now())
            about = occasion_of(item, AlertStep.EDITED)
            plan_for_case(ports, unit, case, CaseAlert(AlertStep.EDITED, about, at))


def _is_told_for_what_it_says(unit: Unit, case: Case, said: Assessment) -> bool:
    """Say whether somebody is told of words for their own sake; the answer may have ended that before."""
    if not needs_a_person(said) or raised_to(said) is not None:
        return False  # whoever was raised only with the thread was not told of by name
    known = unit.escalations.of_case(case.id)
    return (
        known is None
        or unit.escalations.climbs(case.id)
        or bool(unit.alerts.told_about("escalation", str(known.id)))
    )


def occasion_of(item: StoredItem, step: AlertStep) -> str:
    """Return what tells one telling about an item from another: each wording is told once.

    Of an edit, one that differs in nothing but capitals, blanks and punctuation is no further one.
    """
    words = bare_words(item.text) if step is AlertStep.EDITED else item.text
    return f"{item.id}:{digest(words)[:16]}"


def next_digest(school: School, now: datetime) -> datetime:
    """Return when staff read what can wait; at once where the calendar knows no working day at all."""
    try:
        return digest_time(now, school.staffed, school.target, school.calendar)
    except NoDeadlineError:
        return now
