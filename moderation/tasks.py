"""A task: one row of due work. The row is the truth; the broker only says "look at row N"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

TaskId = NewType("TaskId", int)


class Lane(StrEnum):
    """Work that shares threads. Alerts never wait for anything else, nor one way of telling for another."""

    ALERTS = "alerts"
    URGENT = "urgent"
    TEXTS = "texts"
    MAIL = "mail"
    INGEST = "ingest"
    SCORE = "score"
    REPORT = "report"


class TaskKind(StrEnum):
    """What is to be done; ``subject`` in the row says to what."""

    POLL_ACCOUNT = "poll_account"
    SCORE_ITEM = "score_item"
    SETTLE_REPLY = "settle_reply"
    WATCH_CLOCK = "watch_clock"
    CLIMB = "climb"
    DELIVER = "deliver"
    DELIVER_URGENT = "deliver_urgent"
    DELIVER_TEXT = "deliver_text"
    ASK_DELIVERY = "ask_delivery"
    LOOK_AHEAD = "look_ahead"
    HEARTBEAT = "heartbeat"
    PING = "ping"
    WEEKLY_REPORT = "weekly_report"
    READ_CALENDAR = "read_calendar"
    REDATE_CLOCKS = "redate_clocks"
    SET_ASIDE = "set_aside"
    SETTLE_ITEM = "settle_item"
    CARRY_OUT = "carry_out"
    FORGET_TEXT = "forget_text"


class TaskState(StrEnum):
    """``set_aside`` means that it failed too often and waits for a person."""

    WAITING = "waiting"
    LEASED = "leased"
    DONE = "done"
    SET_ASIDE = "set_aside"


LANE_OF: dict[TaskKind, Lane] = {
    TaskKind.POLL_ACCOUNT: Lane.INGEST,
    TaskKind.SCORE_ITEM: Lane.SCORE,
    TaskKind.SETTLE_REPLY: Lane.SCORE,
    TaskKind.WATCH_CLOCK: Lane.ALERTS,
    TaskKind.CLIMB: Lane.ALERTS,
    TaskKind.DELIVER: Lane.MAIL,
    TaskKind.DELIVER_URGENT: Lane.URGENT,
    TaskKind.DELIVER_TEXT: Lane.TEXTS,
    TaskKind.ASK_DELIVERY: Lane.TEXTS,
    TaskKind.LOOK_AHEAD: Lane.ALERTS,
    TaskKind.HEARTBEAT: Lane.ALERTS,
    TaskKind.PING: Lane.MAIL,
    TaskKind.SET_ASIDE: Lane.ALERTS,
    TaskKind.WEEKLY_REPORT: Lane.REPORT,
    TaskKind.READ_CALENDAR: Lane.INGEST,
    TaskKind.REDATE_CLOCKS: Lane.REPORT,
    TaskKind.SETTLE_ITEM: Lane.SCORE,
    TaskKind.CARRY_OUT: Lane.INGEST,
    TaskKind.FORGET_TEXT: Lane.REPORT,
}


@dataclass(frozen=True, slots=True)
class NewTask:
    """Work to be written down. A second task with the same kind and key is the same task."""

    kind: TaskKind
    key: str
    subject: str
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """A task that is ours until the lease ends. Whoever holds a stale token cannot finish it."""

    id: TaskId
    kind: TaskKind
    key: str
    subject: str
    attempts: int
    token: str


class LeaseLost(Exception):
    """Somebody else has the task now: what was done under the old lease is rolled back."""
