"""What somebody has to look at climbs from person to person until one of them takes it."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.alert_ports import Escalation, PlannedAlert
from moderation.alert_rules import EscalationLane
from moderation.alerting import CaseAlert, plan, plan_for_case, taker
from moderation.alerts import AlertStep, Role, Topic
from moderation.assessment import GRAVEST_FIRST, Assessment, Severity
from moderation.calendars import tell as tell_calendar
from moderation.cases import Act, Case, CaseId, CaseState, is_open
from moderation.desks import who
from moderation.edits import next_digest, occasion_of
from moderation.items import AccountName, StoredItem
from moderation.mailboxes import Urgency
from moderation.ports import Ports, Unit, system_event
from moderation.tasks import Claim, NewTask, TaskKind
from sla.calendar import NoDeadlineError
from sla.duty import can_be_reached
from sla.escalation import Ladder, next_rung_at, rungs_due
from sla.patience import PatientStep, patient_steps
from sla.reminders import is_staffed, next_daily_digest

TOGETHER = timedelta(hours=1)
"""What comes within this time, in one place and of one kind, is one escalation while nobody has taken it."""

MORE_AFTER = (timedelta(minutes=10), timedelta(minutes=30))
"""Of cases that join an escalation people are told after the first of these, then again after the second."""

MORE_OF_DANGER_AFTER = timedelta(minutes=1)
"""Where somebody may be in danger, people hear of the first ones to join after this."""

LOOK_AGAIN = timedelta(hours=1)

URGENCY: Mapping[EscalationLane, Urgency] = {
    EscalationLane.CRITICAL: Urgency.CRITICAL,
    EscalationLane.SEVERE: Urgency.URGENT,
    EscalationLane.ABUSE: Urgency.ROUTINE,
    EscalationLane.DESK: Urgency.ROUTINE,
}


def lane_of(said: Assessment | Case) -> EscalationLane:
    """Return how fast something climbs that somebody has to look at."""
    if said.severity is Severity.CRITICAL:
        return EscalationLane.CRITICAL
    if said.severity is Severity.HIGH:
        return EscalationLane.SEVERE
    return EscalationLane.ABUSE if said.severity is Severity.MEDIUM else EscalationLane.DESK


def escalate(
    ports: Ports, unit: Unit, case: Case, item: StoredItem, said: Assessment, *, word: str = ""
) -> None:
    """See that somebody looks at an item: tell people one after the other until one of them takes its case.

    1. While its case climbs as fast already, nothing more is told: whoever takes it sees all of it.
    2. Somebody who has the case is told of the new words, once for each wording. Where it is more urgent than
       what they took, it climbs anew: they may be asleep. So it does after an answer: nobody has it then.
    3. What joins others of its kind in one place, which nobody has taken, is told together with them.

    ``word`` is how severe a person called it, where a person did.
    """
    now, lane = ports.now(), lane_of(said)
    known = unit.escalations.of_case(case.id)
    known_as = known.lane if known is not None and known.ended_at is None else EscalationLane.ABUSE
    if not lane.outranks(known_as):
        if unit.escalations.climbs(case.id):
            return
        if case.state is CaseState.TAKEN:
            _tell_whoever_has_it(ports, unit, case, item, lane)
            return
    group = _group(case, item, said)
    others = None if word else unit.escalations.to_join(group, lane, now - TOGETHER)
    if others is None:
        begun = unit.escalations.begin(case.school, lane, group, case.id, now, word)
        unit.tasks.add([NewTask(TaskKind.CLIMB, str(begun.id), str(begun.id), now)], now)
        return
    unit.escalations.join(others.id, case.id, now)
    lead = unit.cases.get(others.lead)
    unit.cases.note(case.id, system_event(Act.ESCALATED, now, f"together with {lead.reference}"))
    _tell_of_more(ports, unit, others, now)


def _tell_whoever_has_it(
    ports: Ports, unit: Unit, case: Case, item: StoredItem, lane: EscalationLane
) -> None:
    now = ports.now()
    step = AlertStep.URGENT if lane.at_any_hour else AlertStep.NEW
    at = now if lane.at_any_hour else next_digest(ports.schools[case.school], now)
    plan_for_case(ports, unit, case, CaseAlert(step, occasion_of(item, step), at, URGENCY[lane]))


def _group(case: Case, item: StoredItem, said: Assessment) -> str:
    """Name the place and the kind: only what the same people may read is told together."""
    about = next((label for label in GRAVEST_FIRST if label in said.labels), said.intent)
    place = item.post_id or f"thread {item.thread}"
    facts = (case.school, item.account, place, about, case.route, *sorted(case.excluded))
    return hashlib.sha256("\x1f".join(map(str, facts)).encode(errors="replace")).hexdigest()


def _tell_of_more(ports: Ports, unit: Unit, others: Escalation, now: datetime) -> None:
    """Tell those who were told before, at the next of the moments that are set for it."""
    first, then = MORE_AFTER
    is_danger = others.lane is EscalationLane.CRITICAL
    moments = [others.began_at + MORE_OF_DANGER_AFTER] if is_danger else []
    moments.append(others.began_at + first)
    while moments[-1] <= now:
        moments.append(moments[-1] + then)
    slot, at = next((number, moment) for number, moment in enumerate(moments) if moment > now)
    told = unit.alerts.told_about("escalation", str(others.id))
    if not told:
        return  # the first telling is yet to come, and tells of all of them
    school = ports.schools[others.school]
    if not others.lane.at_any_hour:
        at = next_digest(school, at)
    day = at.astimezone(school.target.zone).date()
    there = [name for name in told if name in ports.people]
    told = {name: told[name] for name in there if can_be_reached(ports.people[name].attendance, day)}
    topic = Topic("escalation", str(others.id), AlertStep.MORE, str(slot))
    plan(ports, unit, PlannedAlert(topic, told, at, URGENCY[others.lane]))


def climb(ports: Ports, claim: Claim) -> None:
    """Tell whoever is next of one escalation, then look again when the next step comes.

    While somebody has all of it nothing climbs; after some hours they are reminded that it is still open.
    When none of its cases is open any more it is over.
    """
    with ports.store.holding(claim) as unit:
        now = ports.now()
        escalation = unit.escalations.get(int(claim.subject))
        if escalation.ended_at is not None:
            unit.tasks.finish(claim, now)
            return
        if escalation.school not in ports.schools:
            # It has left the settings, perhaps by mistake: what nobody has taken waits for it.
            unit.tasks.put_back(claim, now + LOOK_AGAIN)
            return
        lead = unit.cases.get(stands_for(unit, escalation, now))
        again = _Climb(ports, unit, escalation, lead, now).step()
        if again is None:
            unit.escalations.end(escalation.id, now)
            unit.tasks.finish(claim, now)
        else:
            unit.tasks.put_back(claim, again)


def stands_for(unit: Unit, escalation: Escalation, now: datetime) -> CaseId:
    """Return the case that stands for all: the first that nobody has, else the first that is still open."""
    if untaken := unit.escalations.untaken_cases(escalation.id):
        return untaken[0]
    cases = unit.cases.standings(unit.escalations.joined_by(escalation.id, now))
    return next((number for number in sorted(cases) if is_open(cases[number].state)), escalation.lead)


FIRST = "1.1"
"""The occasion of the first telling of all."""


@dataclass(frozen=True, slots=True)
class _Climb:
    """One look at an escalation. ``lead`` is the case that stands for all."""

    ports: Ports
    unit: Unit
    escalation: Escalation
    lead: Case
    now: datetime

    def step(self) -> datetime | None:
        """Tell whoever is to be told now; return when to look again, None when it is over."""
        if not self.escalation.untaken:
            return self._had()
        ladder = self.ports.alerting.ladders.get(self.escalation.lane)
        return self._patiently() if ladder is None else self._up(ladder)

    def _had(self) -> datetime | None:
        """Remind whoever has it after some hours, then every working day, while something of it is open."""
        if not self.escalation.open_cases:
            return None
        held = self.escalation.holds[-1].at if self.escalation.holds else self.now
        remind_at = held + self.ports.alerting.still_open_after
        if self.now < remind_at:
            return remind_at
        school = self.ports.schools[self.escalation.school]
        # Somebody has it: only where life is in danger are they told of it in the night.
        is_danger = self.escalation.lane is EscalationLane.CRITICAL
        at = self.now if is_danger else next_digest(school, self.now)
        holder = taker(self.ports, self.lead, at) or who(self.ports, self.lead, "desk", at)
        urgency = URGENCY[self.escalation.lane] if is_danger else Urgency.ROUTINE
        self._tell(AlertStep.STILL_OPEN, f"{at:%Y-%m-%d}", holder, at, urgency)
        with contextlib.suppress(NoDeadlineError):
            return next_daily_digest(self.now, school.staffed, school.target, school.calendar)
        return self.now + LOOK_AGAIN

    def _up(self, ladder: Ladder) -> datetime:
        """Tell every rung that has come and was not told; return when the next one comes.

        A rung that reaches nobody new lets nobody wait: the next one is told at once. What the last rung
        repeats comes on the hour, so that one message tells of everything that nobody takes.
        """
        began, holds = self.escalation.began_at, self.escalation.holds
        told = self.unit.alerts.planned("escalation", str(self.escalation.id), [AlertStep.URGENT])
        for due in rungs_due(ladder, began, holds, self.now):
            number, words = due.rung, due.who
            occasion = f"{number}.{due.occurrence}"
            while occasion not in told:
                told.add(occasion)
                is_last = number == len(ladder.rungs)
                at = _next_hour(self.now) if is_last and due.occurrence > 1 else self.now
                if self._rung(occasion, words, at) or due.occurrence > 1 or is_last:
                    break
                words, number = ladder.rungs[number].who, number + 1
                occasion = f"{number}.1"
        return next_rung_at(ladder, began, holds, self.now) or self.now + LOOK_AGAIN

    def _rung(self, occasion: str, words: tuple[str, ...], at: datetime) -> bool:
        """Tell whom the words of a rung mean; return whether that reaches anybody who was not told before."""
        recipients = whom(self.ports, self.lead, words, at)
        if occasion == FIRST and self._people_are_at_work():
            # Whose case it is hears of it at once, on duty or not.
            recipients = whom(self.ports, self.lead, (*words, "desk"), self.now)
        steps = [AlertStep.URGENT]
        before = self.unit.alerts.told_about("escalation", str(self.escalation.id), steps)
        if recipients:
            self._tell(AlertStep.URGENT, occasion, recipients, at)
        return not recipients.keys() <= before.keys()

    def _people_are_at_work(self) -> bool:
        school = self.ports.schools[self.escalation.school]
        with contextlib.suppress(NoDeadlineError):
            return is_staffed(self.now, school.staffed, school.target, school.calendar)
        return True

    def _patiently(self) -> datetime:
        """Tell every step of staffed hours that has come and was not told; return when the next one comes."""
        school = self.ports.schools[self.escalation.school]
        is_abuse = self.escalation.lane is EscalationLane.ABUSE
        rules = (school.staffed, school.target, school.calendar)
        try:
            steps, following = patient_steps(self.escalation.began_at, self.now, *rules, abuse=is_abuse)
        except NoDeadlineError:
            tell_calendar(self.ports, self.unit, school.id, "no_deadline", school.calendar.version)
            steps, following = [PatientStep(1, self.now, ("desk",))], self.now + LOOK_AGAIN
        first = self._first_step()
        told = self.unit.alerts.planned("escalation", str(self.escalation.id), [first, AlertStep.WAITING])
        for step in steps:
            if str(step.number) not in told:
                recipients = whom(self.ports, self.lead, step.who, self.now, any_day=False)
                said = first if step.number == 1 else AlertStep.WAITING
                self._tell(said, str(step.number), recipients, self.now)
        return following

    def _first_step(self) -> AlertStep:
        account = self.ports.accounts.get(AccountName(self.lead.account))
        author = self.unit.items.get(self.lead.opening_item).author_key
        is_colleague = account is not None and author in account.staff
        return AlertStep.STAFF_ACCOUNT if is_colleague else AlertStep.NEW

    def _tell(
        self,
        step: AlertStep,
        occasion: str,
        recipients: Mapping[str, Role],
        at: datetime,
        urgency: Urgency | None = None,
    ) -> None:
        """Plan one telling, and write the step into the history of the case that stands for all."""
        topic = Topic("escalation", str(self.escalation.id), step, occasion)
        hurry = URGENCY[self.escalation.lane] if urgency is None else urgency
        plan(self.ports, self.unit, PlannedAlert(topic, recipients, at, hurry))
        detail = f"{step} {occasion}: {', '.join(recipients) or 'nobody is there'}"
        self.unit.cases.note(self.lead.id, system_event(Act.ESCALATED, self.now, detail))


def _next_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def whom(
    ports: Ports, case: Case, words: tuple[str, ...], at: datetime, *, any_day: bool = True
) -> dict[str, Role]:
    """Return whom the words of a step mean for a case, each person with the role that came first."""
    found: dict[str, Role] = {}
    for word in words:
        for name, role in who(ports, case, word, at, any_day=any_day).items():
            found.setdefault(name, role)
    return found


def adopt(ports: Ports) -> None:
    """Let what somebody has to look at climb, where it came before anything climbed."""
    with ports.store.begin() as unit:
        for number in unit.escalations.never_begun(ports.schools):
            case = unit.cases.get(number)
            group = f"case {number}"
            begun = unit.escalations.begin(case.school, lane_of(case), group, number, ports.now(), "")
            task = NewTask(TaskKind.CLIMB, str(begun.id), str(begun.id), ports.now())
            unit.tasks.add([task], ports.now())
