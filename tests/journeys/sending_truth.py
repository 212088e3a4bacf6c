"""What was planned, compared with what the providers have: without the code that sent it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, select

from moderation.assessment import Severity
from store import tables
from store.store import Unit
from tests.journeys.alert_stage import Stage

NEVER = datetime.max.replace(tzinfo=UTC)
ENDING = frozenset({"taken", "answered", "closed"})


@dataclass(slots=True)
class Comparison:
    """What came of it. ``lost`` and ``wrong`` say in words what should not be."""

    planned: int = 0
    letters: int = 0
    texts: int = 0
    letters_twice: int = 0
    texts_twice: int = 0
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.planned} planned, {self.letters} letters and {self.texts} texts: {len(self.lost)} lost, "
            f"{len(self.wrong)} wrong, {self.letters_twice} letters and {self.texts_twice} texts came twice"
        )


def compare(stage: Stage, doubted: Mapping[str, int], left_alone_at: datetime) -> Comparison:
    """Compare, after everything has come to its end.

    ``doubted`` counts the kills between a provider's yes and our record, by the name of the message.
    ``left_alone_at``: from then on nobody was killed, and for a while nobody took anything.
    """
    with stage.desk.store.begin() as unit:
        kept = _Kept(unit)
    arrived = Counter(str(letter["Message-ID"]) for letter in stage.mail.letters)
    arrived.update(f"<{text['reference']}>" for text in stage.notify.taken)
    sids = {text["sid"] for text in stage.twilio.taken}
    found = Comparison(
        planned=len(kept.deliveries),
        letters=len(stage.mail.letters),
        texts=len(stage.notify.taken) + len(sids),
    )
    found.lost += [f"nobody was told of {each}" for each in kept.untold(left_alone_at)]
    found.lost += [
        f"delivery {row.id} by {row.channel} is {row.state}: {kept.what(row)}"
        for row in kept.deliveries
        if not kept.came(row, arrived, sids) and not kept.is_needless(row)
    ]
    _count_repeats(found, kept.dispatches, doubted, arrived, sids)
    return found


class _Kept:
    """Everything that the store says about it."""

    def __init__(self, unit: Unit) -> None:
        def rows(table: Table) -> list[Any]:
            return list(unit.connection.execute(select(table).order_by(*table.primary_key.columns)))

        self.alerts = {row.id: row for row in rows(tables.alerts)}
        self.deliveries = rows(tables.deliveries)
        self.dispatches = {row.id: row for row in rows(tables.dispatches)}
        self._cases = rows(tables.cases)
        self._members = rows(tables.escalation_cases)
        self._letters = {(row.alert, row.recipient) for row in self.deliveries if row.channel == "email"}
        self._last_word: dict[tuple[str, str, str], Any] = {}
        for row in self.deliveries:
            about = self.alerts[row.alert]
            if about.subject_kind == "escalation":
                self._last_word[about.subject, row.recipient, row.channel] = row
        self._ended: dict[str, datetime] = {}
        for row in reversed(rows(tables.case_events)):
            if row.act in ENDING:
                self._ended[str(row.case)] = row.at
        self._taken: dict[str, datetime] = defaultdict(lambda: datetime.min.replace(tzinfo=UTC))
        for row in self._members:
            name = str(row.escalation)
            self._taken[name] = max(self._taken[name], row.had_at or NEVER)

    def untold(self, left_alone_at: datetime) -> list[str]:
        """Return the cases that a person has to look at, and of which nobody was to be told at all."""
        climbing = {row.case: row.escalation for row in self._members}
        told = {row.subject for row in self.alerts.values() if row.subject_kind == "escalation"}
        missing = [f"case {row.id}" for row in self._cases if _needs_eyes(row) and row.id not in climbing]
        return missing + [
            f"escalation {number}"
            for number in sorted(set(climbing.values()))
            if str(number) not in told and self._taken[str(number)] > left_alone_at
        ]

    def came(self, row: Any, arrived: Mapping[str, int], sids: set[str]) -> bool:
        """Say whether the provider has the message that a delivery went out with."""
        sent = self.dispatches.get(row.dispatch)
        if row.state != "delivered" or sent is None:
            return False
        return sent.message_id in arrived or sent.reference in sids

    def _was_told_of_all(self, row: Any) -> bool:
        """Say whether a message that began after the last case had joined told the same person of it."""
        subject = self.alerts[row.alert].subject
        joined = max(
            each.joined_at
            for each in self._members
            if str(each.escalation) == subject and each.joined_at <= row.changed_at
        )
        return any(
            self.dispatches[each.dispatch].begun_at >= joined
            for each in self.deliveries
            if each.state == "delivered"
            and (each.recipient, each.channel) == (row.recipient, row.channel)
            and self.alerts[each.alert].subject_kind == "escalation"
            and self.alerts[each.alert].subject == subject
        )

    def what(self, row: Any) -> str:
        """Return what a delivery was to tell, for whoever looks into a loss."""
        about = self.alerts[row.alert]
        taken = self._taken[about.subject] if about.subject_kind == "escalation" else None
        return (
            f"{about.subject_kind} {about.subject} {about.step} {about.occasion} to {row.recipient}, planned"
            f" {about.send_at:%d %H:%M:%S}, changed {row.changed_at:%d %H:%M:%S}, taken {taken}"
        )

    def is_needless(self, row: Any) -> bool:
        """Say whether a message may stay away.

        A text may when its letter counts. A letter may when somebody had the case by then, or when the same
        person was told of the same escalation later, or would have been if nobody had taken it meanwhile.
        """
        about = self.alerts[row.alert]
        if row.state != "not-needed":
            return False
        if row.channel == "sms":
            return (row.alert, row.recipient) in self._letters
        if about.subject_kind == "case":
            return bool(self._ended.get(about.subject, NEVER) <= row.changed_at)
        return about.subject_kind == "escalation" and self._was_heard_of(row)

    def _was_heard_of(self, row: Any) -> bool:
        """Say whether somebody had an escalation by then, or its person was told of it in another message."""
        about = self.alerts[row.alert]
        last = self._last_word[about.subject, row.recipient, row.channel]
        if about.step == "more" and self._was_told_of_all(row):
            return True
        if last.id <= row.id:
            return bool(self._taken[about.subject] <= row.changed_at)
        return last.state == "delivered" or self.is_needless(last)


def _needs_eyes(case: Any) -> bool:
    return bool(case.severity >= Severity.MEDIUM or case.uncertain or case.route != "moderator")


def _count_repeats(
    found: Comparison,
    dispatches: Mapping[int, Any],
    doubted: Mapping[str, int],
    arrived: Mapping[str, int],
    sids: set[str],
) -> None:
    named = {row.message_id: row for row in dispatches.values()}
    for name, count in arrived.items():
        if name not in named:
            found.wrong.append(f"{name} belongs to no message")
        elif count > 1 + doubted.get(name, 0):
            found.wrong.append(f"{name} came {count} times")
        elif named[name].channel == "email":
            found.letters_twice += count - 1
        else:
            found.texts_twice += count - 1
    # Twilio keeps no name of ours: what none of our messages knows of came twice
    unknown = sids - {row.reference for row in dispatches.values()}
    found.texts_twice += len(unknown)
    found.wrong += [f"text {sid} was not in doubt" for sid in unknown if sid not in doubted]
