"""What the school's decisions need from the world. ``store`` and ``workers`` provide it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from moderation.abuse.threads import Remark
from moderation.actions import ActionKind, Done, Order, OrderState, StoredOrder
from moderation.alert_ports import Alerts, Dispatch, Dispatches, Drills, Escalations, Links
from moderation.alert_rules import AlertRules
from moderation.alerts import EMAIL, DeliveryState, Handed, Outgoing, Person
from moderation.assessment import NO_NAMES, Assessment, Route, SchoolNames, Subject
from moderation.cases import Act, Case, CaseEvent, CaseId, Clock
from moderation.items import AccountName, ItemId, Presence, Rejected, Sighting, StoredItem, Version
from moderation.judgements import Judgement
from moderation.stored_calendar import CalendarState, StoredCalendar
from moderation.tasks import Claim, NewTask, TaskKind
from moderation.threshold_moves import Move
from sla.calendar import SchoolCalendar
from sla.clocks import FactKind, StoppedHow
from sla.duty import Rota
from sla.reminders import StaffedHours
from sla.target import ResponseTarget
from sla.term_dates import TermDates

NO_ROTA = Rota()
"""Nobody keeps a rota: desks and the safeguarding lead stand in for it."""

USUAL_RULES = AlertRules()
"""How people are told where the settings say nothing."""


@dataclass(frozen=True, slots=True)
class Account:
    """One of the school's own accounts, as the register has it. Older items than ``go_live`` get no clock.

    ``responders`` are the platform's ids of others who may answer for the school, ``staff`` those of staff
    members' personal accounts, which may not. ``automatic_replies`` are texts that no person writes.
    ``leave_out`` are streams that nobody wants read; ``may_act`` that a person may act on the platform from
    here. Accounts of one ``app`` share its allowance; ``None`` is one for each platform. ``moderators`` are
    the short names of the people who run it.
    """

    name: AccountName
    school: str
    platform: str
    external_id: str
    handle: str
    go_live: datetime
    poll_every_minutes: int
    responders: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    automatic_replies: frozenset[str] = frozenset()
    longest_gap_minutes: int = 30
    sweep_every_hours: int = 24
    leave_out: frozenset[str] = frozenset()
    may_act: bool = False
    app: str | None = None
    monthly_budget_dollars: int | None = None
    moderators: tuple[str, ...] = ()

    @property
    def allowed_gap(self) -> timedelta:
        """The time between two readings that still counts as watched: reading itself takes its time."""
        longest = self.longest_gap_minutes
        return timedelta(minutes=longest + max(2, longest // 10))


@dataclass(frozen=True, slots=True)
class School:
    """A school with the rules that its clocks run by.

    ``auto_ack_counts``: an automatic reply counts as an answer, which it does not by default.
    """

    id: str
    name: str
    nation: str
    target: ResponseTarget
    calendar: SchoolCalendar
    staffed: StaffedHours
    auto_ack_counts: bool = False
    rota: Rota = NO_ROTA
    names: SchoolNames = field(default=NO_NAMES, repr=False)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one sighting: ``text_changed`` also holds for an item seen for the first time.

    ``was`` is where the item was known to be before this sighting.
    """

    item: ItemId
    version: int
    is_new: bool
    text_changed: bool
    was: Presence = Presence.PRESENT


@dataclass(frozen=True, slots=True)
class ItemFact:
    """What happened to an item on its platform. ``by`` is the platform's id of who did it, if known."""

    item: ItemId
    kind: FactKind
    at: datetime
    by: str | None


class Items(Protocol):
    """What was received."""

    def record(
        self,
        account: AccountName,
        sightings: Sequence[Sighting],
        seen_at: datetime,
        earliest: datetime | None,
        swept_after: datetime | None = None,
        stream: str = "",
    ) -> list[Recorded]: ...
    def reject(
        self, account: AccountName, stream: str, rejected: Iterable[Rejected], at: datetime
    ) -> None: ...
    def get(self, item: ItemId) -> StoredItem: ...
    def versions_of(self, items: Iterable[ItemId]) -> dict[ItemId, list[Version]]: ...
    def thread_of(self, thread: int, authors: Iterable[str]) -> list[StoredItem]: ...
    def others_in_private(self, thread: int) -> set[str]: ...
    def parent_authors(self, items: Iterable[StoredItem]) -> dict[ItemId, str | None]: ...
    def put_in_case(self, items: Iterable[ItemId], case: CaseId) -> None: ...
    def lock_thread(self, thread: int) -> None: ...


class Places(Protocol):
    """Where items are on their platforms."""

    def note(self, item: ItemId, presence: Presence, at: datetime) -> None: ...
    def own_post_is_gone(self, item: ItemId) -> bool: ...
    def digest_of(self, item: ItemId) -> str: ...
    def remove_text(self, item: ItemId, at: datetime) -> None: ...


class Facts(Protocol):
    """What happened to items on their platforms."""

    def add(self, fact: ItemFact, noticed_at: datetime) -> None: ...
    def end_all(self, item: ItemId, at: datetime) -> list[ItemFact]: ...
    def undo_stop(self, case: CaseId, fact: ItemFact, event: CaseEvent) -> bool: ...
    def of(self, items: Iterable[ItemId]) -> list[ItemFact]: ...


class Assessments(Protocol):
    """What scoring said."""

    def add(self, item: ItemId, version: int, assessment: Assessment, at: datetime) -> None: ...
    def latest(self, item: ItemId) -> Assessment | None: ...
    def newest(self, count: int) -> list[tuple[ItemId, Assessment]]: ...


class Remarks(Protocol):
    """What was said around one item."""

    def take_turns(self, account: AccountName) -> None: ...
    def near(self, item: StoredItem, window: timedelta, earliest: datetime) -> list[Remark]: ...


class Feedback(Protocol):
    """What people say of the scoring."""

    def said_of(self, item: ItemId, version: int) -> Assessment | None: ...
    def said_of_words(self, item: ItemId, version: int) -> Assessment | None: ...
    def add(self, judgement: Judgement) -> None: ...


class Thresholds(Protocol):
    """How the thresholds of the scoring were moved."""

    def moves(self) -> list[Move]: ...
    def take_turns(self) -> None: ...
    def add(self, move: Move) -> None: ...


class Cases(Protocol):
    """Cases, their clocks and their history."""

    def open(self, item: StoredItem, school: str, assessment: Assessment | None, at: datetime) -> Case: ...
    def get(self, case: CaseId) -> Case: ...
    def not_closed(self, item: StoredItem) -> Case | None: ...
    def raise_to(self, case: CaseId, assessment: Assessment) -> Case: ...
    def give_to(self, case: CaseId, route: Route) -> Case: ...
    def exclude(self, case: CaseId, people: Collection[str]) -> Case: ...
    def move(self, case: CaseId, event: CaseEvent) -> bool: ...
    def take_over(self, case: CaseId, event: CaseEvent) -> None: ...
    def standings(self, cases: Iterable[CaseId]) -> dict[CaseId, Case]: ...
    def opened_since(self, school: str, since: datetime) -> int: ...
    def to_do(self, school: str, now: datetime) -> tuple[int, int]: ...
    def note(self, case: CaseId, event: CaseEvent) -> None: ...
    def note_all(self, events: Mapping[CaseId, CaseEvent]) -> None: ...
    def clock(self, case: CaseId) -> Clock | None: ...
    def clocks_of(self, cases: Iterable[CaseId]) -> dict[CaseId, Clock]: ...
    def start_clock(self, clock: Clock) -> None: ...
    def redate_clock(self, clock: Clock, now: datetime) -> bool: ...
    def running(self, school: str, due_before: datetime | None = None) -> list[CaseId]: ...
    def counted_otherwise(
        self, school: School, now: datetime, after: CaseId, limit: int
    ) -> list[tuple[Clock, datetime]]: ...
    def excuse(self, case: CaseId, why: str) -> None: ...
    def waiting_beside(self, case: CaseId, since: datetime) -> list[Case]: ...
    def redate_clocks(self, clocks: Iterable[Clock], now: datetime) -> None: ...
    def stop_clock(
        self, case: CaseId, at: datetime, how: StoppedHow, answer: ItemId | None = None
    ) -> bool: ...


class Orders(Protocol):
    """What people ordered to be done on platforms."""

    def add(self, case: CaseId, order: Order, by: str, approved_by: str | None, at: datetime) -> int: ...
    def get(self, number: int) -> StoredOrder: ...
    def begin(self, number: int, at: datetime) -> bool: ...
    def end(self, number: int, state: OrderState, at: datetime, result: Done) -> None: ...
    def about(self, item: ItemId, kinds: Collection[ActionKind]) -> bool: ...
    def same_reply(self, item: ItemId, words: str) -> int | None: ...


class Tasks(Protocol):
    """Work that is due."""

    def add(self, tasks: Iterable[NewTask], now: datetime) -> None: ...
    def hurry(self, kind: TaskKind, keys: Iterable[str], now: datetime) -> None: ...
    def reopen(self, kind: TaskKind, keys: Iterable[str], next_at: datetime) -> None: ...
    def need(self, task: NewTask, now: datetime) -> None: ...
    def finish(self, claim: Claim, now: datetime) -> None: ...
    def put_back(self, claim: Claim, next_at: datetime) -> None: ...


class Cursors(Protocol):
    """Where each stream was read up to."""

    def get(self, account: AccountName, stream: str) -> tuple[Mapping[str, object], datetime | None]: ...
    def move(
        self, account: AccountName, stream: str, state: Mapping[str, object], started_at: datetime
    ) -> None: ...


class Watching(Protocol):
    """Whether each account is being read, and when it was not."""

    def read(self, account: AccountName, at: datetime, allowed_gap: timedelta) -> str | None: ...
    def failed(self, account: AccountName, at: datetime, reason: str, detail: str = "") -> datetime: ...
    def detail(self, account: AccountName, stream: str = "") -> str: ...
    def alarm(self, account: AccountName, at: datetime, again_after: timedelta) -> bool: ...
    def is_by_hand(self, account: AccountName) -> bool: ...
    def not_watched(self, account: AccountName) -> tuple[str, datetime] | None: ...
    def last_read_at(self, account: AccountName) -> datetime | None: ...
    def watched_since(self, account: AccountName) -> datetime | None: ...


class Calendars(Protocol):
    """The term calendars of the schools, with what went before."""

    def one(self, school: str, state: CalendarState) -> StoredCalendar | None: ...
    def add(
        self, school: str, version: str, dates: TermDates, state: CalendarState, at: datetime
    ) -> None: ...
    def retire(self, school: str, state: CalendarState) -> None: ...
    def put_in_force(self, calendar: int, by: str, at: datetime) -> None: ...


class Unit(Protocol):
    """One transaction: everything written through it becomes true together, or not at all."""

    @property
    def items(self) -> Items: ...
    @property
    def places(self) -> Places: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def assessments(self) -> Assessments: ...
    @property
    def remarks(self) -> Remarks: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def orders(self) -> Orders: ...
    @property
    def alerts(self) -> Alerts: ...
    @property
    def dispatches(self) -> Dispatches: ...
    @property
    def escalations(self) -> Escalations: ...
    @property
    def links(self) -> Links: ...
    @property
    def drills(self) -> Drills: ...
    @property
    def tasks(self) -> Tasks: ...
    @property
    def cursors(self) -> Cursors: ...
    @property
    def watching(self) -> Watching: ...
    @property
    def calendars(self) -> Calendars: ...
    @property
    def feedback(self) -> Feedback: ...
    @property
    def thresholds(self) -> Thresholds: ...


class Store(Protocol):
    """What is remembered."""

    def begin(self) -> AbstractContextManager[Unit]:
        """Open a transaction that commits when the block ends well."""
        ...

    def holding(self, claim: Claim) -> AbstractContextManager[Unit]:
        """Open a transaction in which a task is surely ours. Raises LeaseLost when it is not any more."""
        ...

    def finishing(self, claim: Claim) -> AbstractContextManager[Unit]:
        """Open a transaction that also finishes the task. Raises LeaseLost when it is not ours any more."""
        ...

    def continuing(self, claim: Claim, next_at: datetime) -> AbstractContextManager[Unit]:
        """Open a transaction that also puts the task back, to be looked at again at ``next_at``."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a job is given: nothing in here is global.

    ``now`` is the school's time (UTC), ``score`` judges a few texts together and answers each in its place,
    ``send`` hands a message to a person and says how that went, ``ask`` asks a provider what became of one
    (None: not decided yet). ``channels`` are those that are set up.
    """

    store: Store
    now: Callable[[], datetime]
    score: Callable[[Sequence[Subject]], list[Assessment]]
    send: Callable[[Outgoing, Person], Handed]
    accounts: Mapping[AccountName, Account]
    schools: Mapping[str, School]
    people: Mapping[str, Person]
    channels: tuple[str, ...] = (EMAIL,)
    ask: Callable[[Dispatch], DeliveryState | None] = lambda dispatch: None
    alerting: AlertRules = USUAL_RULES

    def school_of(self, account: AccountName) -> School:
        """Return the school that an account belongs to."""
        return self.schools[self.accounts[account].school]


SYSTEM = "socialduty"
"""Who acted, where no person did."""


def system_event(act: Act, at: datetime, detail: str = "") -> CaseEvent:
    """Return a line of history for something that the system noticed or did by itself."""
    return CaseEvent(act=act, by=SYSTEM, at=at, detail=detail)
