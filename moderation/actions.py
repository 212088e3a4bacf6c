"""What a person decides to do about an item on its platform, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moderation.cases import CaseId
from moderation.items import ItemId, Reference


class ActionKind(StrEnum):
    """What can be done about an item. The words are those of ``connectors.base.Capability``."""

    REPLY = "reply"
    HIDE = "hide"
    UNHIDE = "unhide"
    DELETE = "delete"
    BLOCK = "block"
    UNBLOCK = "unblock"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Action:
    """One act on a platform, as a connector carries it out.

    ``words`` are those of a reply, or the reason given with a report. ``reference`` is ours, the same
    whenever the same action is tried: platforms that take a key against doing things twice are given it.
    ``began_at`` (UTC) is when it was first sent; reading back looks no further.
    """

    kind: ActionKind
    item: Reference
    reference: str
    began_at: datetime
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an action. ``external_id`` is that of a reply that was made.

    ``confirmed``: the platform was asked afterwards and shows it. ``remark`` is for the person who asked for
    it, for example that a reply stands under another comment; it never quotes anybody.
    """

    external_id: str | None = None
    confirmed: bool = False
    remark: str = ""


class OrderState(StrEnum):
    """``unsure``: it was sent and nobody knows whether it was done; it is never sent again by itself."""

    ORDERED = "ordered"
    SENDING = "sending"
    DONE = "done"
    REFUSED = "refused"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done. ``words`` are those of a reply; ``why`` is the reason that is kept with it."""

    kind: ActionKind
    item: ItemId
    words: str = field(default="", repr=False)
    why: str = ""


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """An order as it is remembered. ``reference`` is the same for every attempt at it."""

    id: int
    case: CaseId
    order: Order
    by: str
    approved_by: str | None
    state: OrderState
    reference: str
    ordered_at: datetime
    began_at: datetime | None
    remark: str = ""
