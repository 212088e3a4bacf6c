"""An alert: one thing that somebody has to be told, and one delivery for each person and channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moderation.assessment import Intent, Label, Route, Severity


class Role(StrEnum):
    """What a person is to the school. One person may hold several roles."""

    MODERATOR = "moderator"
    DSL = "dsl"
    DEPUTY_DSL = "deputy_dsl"
    SLT = "slt"
    HEADTEACHER = "headteacher"
    GOVERNORS = "governors"
    DATA_PROTECTION = "data_protection"
    MEDIA = "media"
    NETWORK_MANAGER = "network_manager"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is told things. ``name`` is the short name in the settings, used with ``--as``."""

    name: str
    full_name: str = field(repr=False)
    email: str = field(repr=False)
    roles: frozenset[Role]
    schools: frozenset[str]


class AlertStep(StrEnum):
    """Why somebody is told. ``(subject, step, occasion, recipient, channel)`` is told once."""

    URGENT = "urgent"
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


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody is told about. The same topic is told once to each person over each channel.

    ``kind`` says what ``subject`` is the name of: a ``case``, an ``account``, a ``report``, a ``task``, a
    ``delivery``, a ``calendar``, which is named by its school, or the ``scoring`` of a day. ``occasion``
    tells one telling at a step from the next.
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


ENDED = frozenset(
    {
        DeliveryState.DELIVERED,
        DeliveryState.NOT_NEEDED,
        DeliveryState.PERMANENT_FAILURE,
        DeliveryState.TECHNICAL_FAILURE,
    }
)
"""Where a delivery stays: nothing more is sent. A temporary failure may have been given up or not."""


@dataclass(frozen=True, slots=True)
class CaseNotice:
    """What a message about a case may draw on. Wording decides what of it a reader gets to see.

    Times are UTC; ``now`` is the moment of sending. ``due_at`` is ``None`` when no reply is owed.
    ``why`` is the sentence that explains the deadline. ``because`` is the reader's role that brought
    the message to them. ``told`` are the full names of everybody else who was told at this step.
    ``reasons`` are the sentences of ``moderation.abuse.explanation``: why it was flagged, without its words.
    ``private``: it is a private message, of which no words leave the school's server. ``ordered`` says what
    somebody ordered to be done, by whom, and ``result`` what came of it, where the message is about that.
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


Notice = CaseNotice | AccountNotice | SystemNotice | ReportNotice | CalendarNotice
