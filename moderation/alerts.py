"""An alert: one thing that somebody has to be told, and one delivery for each person and channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moderation.assessment import Intent, Label, Route, Severity
from sla.duty import ALWAYS_THERE, Attendance


class Role(StrEnum):
    """What a person is to the school. One person may hold several roles.

    Nobody is given ``on_duty`` in the settings: the rota says whom it brings in, and when.
    """

    MODERATOR = "moderator"
    DSL = "dsl"
    DEPUTY_DSL = "deputy_dsl"
    SLT = "slt"
    HEADTEACHER = "headteacher"
    GOVERNORS = "governors"
    DATA_PROTECTION = "data_protection"
    MEDIA = "media"
    NETWORK_MANAGER = "network_manager"
    ON_DUTY = "on_duty"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is told things. ``name`` is the short name in the settings, used with ``--as``.

    ``phone`` (``+447700900123``) and ``chat`` are further ways to reach them; empty where there are none.
    ``known_as`` are other names that people call them by. ``attendance`` says when they are there.
    """

    name: str
    full_name: str = field(repr=False)
    email: str = field(repr=False)
    roles: frozenset[Role]
    schools: frozenset[str]
    phone: str = field(default="", repr=False)
    chat: str = field(default="", repr=False)
    known_as: tuple[str, ...] = field(default=(), repr=False)
    attendance: Attendance = ALWAYS_THERE

    def address(self, channel: str) -> str:
        """Return where a channel reaches this person; empty where it cannot."""
        return {EMAIL: self.email, SMS: self.phone, CHAT: self.chat}.get(channel, "")


EMAIL, SMS, CHAT = "email", "sms", "chat"
"""The names of the channels. Only email reaches everybody."""


class AlertStep(StrEnum):
    """Why somebody is told. ``(subject, step, occasion, recipient, channel)`` is told once.

    ``more``: others of the same kind joined what people were told of. ``waiting``: nobody has taken it yet.
    ``still_open``: somebody took it hours ago, and it is not closed.
    """

    URGENT = "urgent"
    MORE = "more"
    WAITING = "waiting"
    STILL_OPEN = "still_open"
    NEW = "new"
    REMINDER = "reminder"
    LATE = "late"
    STILL_LATE = "still_late"
    EDITED = "edited"
    STAFF_ACCOUNT = "staff_account"
    NOT_DONE = "not_done"
    HIDDEN_THERE = "hidden_there"
    APPROVAL_NAMED = "approval_named"
    NOT_WATCHED = "not_watched"
    WATCHED_AGAIN = "watched_again"
    TOKEN_ENDING = "token_ending"  # noqa: S105 - the name of a step
    MONEY_ENDING = "money_ending"
    SET_ASIDE = "set_aside"
    NOT_DELIVERED = "not_delivered"
    WEEKLY_REPORT = "weekly_report"
    CALENDAR = "calendar"
    RULES_ALONE = "rules_alone"
    NOBODY_ON_DUTY = "nobody_on_duty"
    STORM = "storm"
    DRILL = "drill"
    HEARTBEAT = "heartbeat"


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody is told about. The same topic is told once to each person over each channel.

    ``kind`` says what ``subject`` is the name of: a ``case``, an ``escalation`` of cases, an ``account``, a
    ``report``, a ``task``, a ``delivery``, a ``drill``, the ``scoring`` of a day; or of the school whose
    ``calendar``, ``duty``, ``storm`` or ``watch`` it is. ``occasion`` tells one telling at a step from the
    next.
    """

    kind: str
    subject: str
    step: AlertStep
    occasion: str = ""


class DeliveryState(StrEnum):
    """Where one message to one person stands. The words are GOV.UK Notify's, plus ``not-needed``."""

    CREATED = "created"
    SENDING = "sending"
    DELIVERED = "delivered"
    NOT_NEEDED = "not-needed"
    TEMPORARY_FAILURE = "temporary-failure"
    PERMANENT_FAILURE = "permanent-failure"
    TECHNICAL_FAILURE = "technical-failure"


ENDED = frozenset({DeliveryState.DELIVERED, DeliveryState.NOT_NEEDED, DeliveryState.PERMANENT_FAILURE})
"""Where a delivery stays. A temporary failure may pass, a technical one be mended: both are tried again."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What a channel said when it took a message.

    ``delivered``: as far as we can know it is there. ``sending``: ``provider`` has it, and can be asked later
    what became of ``reference``, its own name for it.
    """

    state: DeliveryState
    provider: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class CaseNotice:
    """What a message about a case may draw on. Wording decides what of it a reader gets to see.

    Times are UTC; ``now`` is the moment of sending. ``due_at`` is ``None`` when no reply is owed.
    ``why`` is the sentence that explains the deadline. ``because`` is the reader's role that brought
    the message to them. ``told`` are the full names of everybody else who was told at this step.
    ``reasons`` are the sentences of ``moderation.abuse.explanation``: why it was flagged, without its words.
    ``private``: it is a private message, of which no words leave the school's server. ``ordered`` says what
    somebody ordered to be done, by whom, and ``result`` what came of it, where the message is about that.
    ``more`` is how many further cases of the same kind this one stands for. Unless somebody takes it,
    ``next_who`` (full names) are told at ``next_at``. ``taken_by`` is the full name of whoever has it.
    ``blind_since``: the account has not been read since then, so an answer there may not have been seen.
    """

    reference: str
    school_name: str
    platform: str
    account_handle: str
    step: AlertStep
    severity: Severity
    labels: tuple[Label, ...]
    intent: Intent
    route: Route
    uncertain: bool
    text: str = field(repr=False)
    author_name: str = field(repr=False)
    permalink: str
    received_at: datetime
    due_at: datetime | None
    why: str
    now: datetime
    because: Role
    told: tuple[str, ...] = field(repr=False, default=())
    reasons: tuple[str, ...] = ()
    private: bool = False
    ordered: str = ""
    result: str = ""
    more: int = 0
    next_at: datetime | None = None
    next_who: tuple[str, ...] = field(repr=False, default=())
    taken_by: str = field(repr=False, default="")
    taken_at: datetime | None = None
    blind_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountNotice:
    """What a message about an account that is, was or soon will not be read may draw on.

    ``reason`` is one of the stable words of ``connectors.base``; ``since`` is when reading last worked, when
    a token ends, or from when money is counted. ``stream`` names the part that is not read; empty is all.
    ``detail`` is the connector's own sentence about it: what is missing, and what to do.
    """

    school_name: str
    platform: str
    account_name: str
    step: AlertStep
    reason: str
    since: datetime
    now: datetime
    because: Role
    stream: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SystemNotice:
    """Work that the system could not do by itself: a person has to look at task or delivery ``number``.

    At the step ``rules_alone`` it is the trained models that do not work; ``reason`` is a word of ``Lack``.
    """

    school_name: str
    step: AlertStep
    what: str
    number: int
    reason: str
    now: datetime
    because: Role


@dataclass(frozen=True, slots=True)
class ReportNotice:
    """The weekly report on its way to one reader. ``week`` is ISO 8601, for example ``2026-W47``."""

    school_name: str
    school: str
    week: str
    step: AlertStep
    now: datetime
    because: Role


@dataclass(frozen=True, slots=True)
class CalendarNotice:
    """A school's term calendar needs a person. ``reason`` is one of the words of ``moderation.calendars``."""

    school_name: str
    school: str
    step: AlertStep
    reason: str
    now: datetime
    because: Role


@dataclass(frozen=True, slots=True)
class DutyNotice:
    """Nobody is on duty, or nobody of a role that is needed is there, in the days ahead.

    ``gaps`` are the spans (UTC), in order; ``roles`` are the roles that nobody holds on those days, empty
    where it is the rota that has the gap.
    """

    school_name: str
    step: AlertStep
    gaps: tuple[tuple[datetime, datetime], ...]
    roles: tuple[Role, ...]
    now: datetime
    because: Role


@dataclass(frozen=True, slots=True)
class StormNotice:
    """So much came at once that messages are gathered: ``cases`` of them since ``since``."""

    school_name: str
    step: AlertStep
    cases: int
    since: datetime
    now: datetime
    because: Role


@dataclass(frozen=True, slots=True)
class DrillNotice:
    """A practice alert: ``number`` is what the answer names. Nothing has happened."""

    school_name: str
    step: AlertStep
    number: str
    now: datetime
    because: Role


@dataclass(frozen=True, slots=True)
class WatchedAccount:
    """One account as the morning message shows it. ``since``: read without a gap since then.

    Where it is not read, ``reason`` is why, and ``since`` when it was read last; None if it never was. With
    ``by_hand`` no program reads it: people look there.
    """

    platform: str
    name: str
    since: datetime | None
    reason: str = ""
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class HeartbeatNotice:
    """What the school's network manager is told every morning, so that silence is noticed.

    ``open_cases`` wait for somebody, ``late`` of them are past their due time. ``on_duty`` are full names.
    """

    school_name: str
    step: AlertStep
    accounts: tuple[WatchedAccount, ...]
    open_cases: int
    late: int
    undelivered: int
    on_duty: tuple[str, ...] = field(repr=False)
    now: datetime
    because: Role


Notice = (
    CaseNotice
    | AccountNotice
    | SystemNotice
    | ReportNotice
    | CalendarNotice
    | DutyNotice
    | StormNotice
    | DrillNotice
    | HeartbeatNotice
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one person over one channel, at one of its tries.

    ``notices`` is what it tells, the gravest first; there are several only about cases, or about accounts,
    and each case is in it once. ``more`` is how many further cases it stands for without naming them.
    ``message_id`` is the same at every try. ``link`` is the name of the page that takes what it tells of,
    if there is one.
    """

    id: int
    channel: str
    message_id: str
    attempt: int
    notices: tuple[Notice, ...]
    more: int = 0
    link: str | None = field(default=None, repr=False)
