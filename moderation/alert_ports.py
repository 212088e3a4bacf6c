"""What alerting needs from the world: alerts, the messages that tell them, escalations and links."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from moderation.alert_rules import EscalationLane
from moderation.alerts import AlertStep, DeliveryState, Handed, Role, Topic
from moderation.cases import CaseId
from moderation.items import ItemId
from moderation.mailboxes import Mailbox, Urgency
from sla.escalation import Taken


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert for one person over one channel, joined with the alert that it belongs to."""

    id: int
    alert: int
    recipient: str
    channel: str
    state: DeliveryState
    message_id: str
    topic: Topic
    because: Role
    urgency: Urgency
    send_at: datetime


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One message to one person over one channel, with the deliveries that it carries.

    ``attempts`` counts the tries that were begun. ``provider`` and ``reference`` name it at a provider that
    has taken it and will tell what became of it.
    """

    id: int
    mailbox: Mailbox
    message_id: str
    state: DeliveryState
    attempts: int
    begun_at: datetime
    handed_at: datetime | None
    provider: str
    reference: str
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of the last hours: when it was begun, and the groups of what it told."""

    at: datetime
    urgency: Urgency
    topics: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PlannedAlert:
    """An alert to be written down.

    ``recipients`` maps a person's short name to the role that brings it, ``channels`` to the channels that it
    goes out over; who is not in it is told by email. With ``texts`` a text goes with the email.
    """

    topic: Topic
    recipients: Mapping[str, Role]
    at: datetime
    urgency: Urgency = Urgency.ROUTINE
    texts: bool = False
    channels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Escalation:
    """Cases of one kind in one place that nobody has taken: whom to tell next follows from it.

    ``lead`` is the case that began it, the last one joined at ``newest_at``. ``cases`` counts all of them,
    ``untaken`` those that nobody has, ``open_cases`` those that are neither answered nor closed. ``holds``
    are the spans in which somebody had all of them, and ``holder`` is who has them now. ``word`` is how
    severe a person called the first one, where it climbs because of that.
    """

    id: int
    school: str
    lane: EscalationLane
    lead: CaseId
    began_at: datetime
    newest_at: datetime
    ended_at: datetime | None
    cases: int
    untaken: int
    open_cases: int
    holds: tuple[Taken, ...]
    holder: str | None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A page that takes what one message told of, for the person whom it was sent to."""

    id: str
    person: str
    dispatch: int
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Drill:
    """A practice alert of a school: its ``number`` there, and the short name of who began it."""

    alert: int
    school: str
    number: int
    began_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class DrillLine:
    """What became of one message of a practice alert. ``handed_at`` is None until it was handed over."""

    person: str
    channel: str
    state: DeliveryState
    handed_at: datetime | None
    answered_at: datetime | None


class Alerts(Protocol):
    """Who has to be told what."""

    def plan(self, alert: PlannedAlert, now: datetime) -> None: ...
    def delivery(self, delivery: int) -> Delivery: ...
    def add(
        self,
        alert: int,
        recipients: Mapping[str, Role],
        channels: Sequence[str],
        urgency: Urgency,
        now: datetime,
    ) -> None: ...
    def told_by(self, alert: int) -> tuple[str, ...]: ...
    def told_about(self, kind: str, subject: str, steps: Collection[AlertStep] = ...) -> dict[str, Role]: ...
    def planned(self, kind: str, subject: str, steps: Collection[AlertStep]) -> set[str]: ...
    def arrived(self, alert: int, recipient: str) -> bool: ...
    def undelivered_since(self, since: datetime, recipients: Collection[str]) -> int: ...
    def bad_addresses(self, since: datetime) -> set[tuple[str, str, str]]: ...
    def refuse_address(self, person: str, channel: str, digest: str, at: datetime) -> None: ...


class Dispatches(Protocol):
    """The messages that tell it."""

    def waiting(self, mailbox: Mailbox, now: datetime) -> list[Delivery]: ...
    def sent(self, mailbox: Mailbox, since: datetime) -> list[Sent]: ...
    def drop(self, deliveries: Iterable[int], at: datetime) -> None: ...
    def begin(self, mailbox: Mailbox, deliveries: Sequence[Delivery], at: datetime) -> Dispatch: ...
    def to_retry(self, mailbox: Mailbox, now: datetime) -> Dispatch | None: ...
    def begin_again(self, dispatch: int, at: datetime) -> None: ...
    def get(self, dispatch: int) -> Dispatch: ...
    def record(
        self, dispatch: int, handed: Handed, at: datetime, next_at: datetime | None = None
    ) -> None: ...
    def next_at(self, mailbox: Mailbox, after: datetime) -> datetime | None: ...
    def goes_another_way(self, delivery: Delivery) -> bool: ...
    def told_again(self, carried: Sequence[Delivery], now: datetime) -> set[int]: ...
    def is_known_to_fail(self, mailbox: Mailbox, state: DeliveryState, since: datetime) -> bool: ...


class Escalations(Protocol):
    """What climbs until somebody takes it."""

    def of_case(self, case: CaseId) -> Escalation | None: ...
    def to_join(self, group: str, lane: EscalationLane, since: datetime) -> Escalation | None: ...
    def begin(
        self, school: str, lane: EscalationLane, group: str, case: CaseId, at: datetime, word: str
    ) -> Escalation: ...
    def join(self, escalation: int, case: CaseId, at: datetime) -> None: ...
    def get(self, escalation: int) -> Escalation: ...
    def climbing(self) -> list[Escalation]: ...
    def climbs(self, case: CaseId) -> bool: ...
    def untaken_cases(self, escalation: int) -> list[CaseId]: ...
    def joined_by(self, escalation: int, at: datetime) -> list[CaseId]: ...
    def have(self, case: CaseId, by: str, at: datetime) -> None: ...
    def give_back(self, case: CaseId, at: datetime) -> None: ...
    def told_of(
        self, items: Iterable[ItemId], lanes: Collection[EscalationLane], since: datetime
    ) -> bool: ...
    def end(self, escalation: int, at: datetime) -> None: ...
    def never_begun(self, schools: Collection[str]) -> list[CaseId]: ...


class Links(Protocol):
    """The pages that messages lead to."""

    def make(self, link: Link) -> Link: ...
    def get(self, link: str) -> Link | None: ...
    def open(self, link: str, at: datetime) -> None: ...
    def use(self, link: str, at: datetime) -> bool: ...
    def undo(self, link: str, at: datetime, not_before: datetime) -> bool: ...


class Drills(Protocol):
    """The practice alerts, and who answered them."""

    def new_number(self, school: str) -> int: ...
    def of(self, school: str) -> list[Drill]: ...
    def answer(self, alert: int, person: str, at: datetime) -> bool: ...
    def lines(self, alert: int) -> list[DrillLine]: ...
