"""Words that were changed after their answer: a person has to look whether the answer still fits them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from moderation.abuse.threads import raised_to
from moderation.alerting import plan_for_case
from moderation.alerts import AlertStep
from moderation.cases import CaseId, needs_a_person
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
        # Whoever was raised only with the thread was not told of by name.
        told = said is not None and needs_a_person(said) and raised_to(said) is None
        if case is None or told:
            continue
        if changed_since_the_answer(unit, item):
            at = next_digest(ports.schools[case.school], ports.now())
            plan_for_case(ports, unit, case, AlertStep.EDITED, occasion_of(item, AlertStep.EDITED), at)


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
