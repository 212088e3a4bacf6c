"""Whatever no program can read: people bring it in by hand, with the ``intake`` command.

An account on this platform stands for such a place, for example a local group that lets no app in, so that
what is brought in from there has a school, staff and a clock. Nothing is polled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from connectors.base import (
    BugOrConfig,
    Capabilities,
    Capability,
    ConnectorContext,
    Missing,
    Page,
    Proof,
    State,
    unsupported,
)
from connectors.meter import Meter
from moderation.actions import Action, Done
from moderation.items import Found, Presence, Reference

_UNREAD = "No program reads this place."
_LOOK = "Somebody looks there every school day and brings in what concerns the school: 'intake'."
_BY_HAND = "Open the item's link, do it there, and record it here."


class Options(BaseModel):
    """There is nothing to set."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Connector:
    """A place that only people can read."""

    platform: ClassVar[str] = "manual"

    def __init__(self, options: Options, context: ConnectorContext) -> None:
        self.meter = Meter()

    def capabilities(self) -> Capabilities:
        """Nothing works by itself; everything has a way by hand."""
        reads = {
            Capability.READ_COMMENTS,
            Capability.READ_MENTIONS,
            Capability.READ_MESSAGES,
            Capability.READ_REVIEWS,
            Capability.SEE_OWN_REPLIES,
            Capability.SEE_EDITS,
            Capability.SEE_DELETIONS,
        }
        return {each: Missing(_UNREAD, _LOOK if each in reads else _BY_HAND) for each in Capability}

    def streams(self) -> tuple[str, ...]:
        """None: nothing is read."""
        return ()

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        """Refuse: there is nothing to poll."""
        raise BugOrConfig("A place that is read by hand has no streams.")

    def sweep_days(self) -> int:
        """No day: nothing is read."""
        return 0

    def sweep(self, stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        """Refuse: there is nothing to sweep."""
        raise BugOrConfig("A place that is read by hand has no streams.")

    def lookup(self, references: Sequence[Reference], now: datetime) -> list[Found]:
        """Nobody can tell."""
        return [Found(each.external_id, Presence.UNKNOWN) for each in references]

    def act(self, action: Action, now: datetime) -> Done:
        """Refuse, with the way by hand."""
        raise unsupported(action, self.capabilities())

    def verify(self, action: Action, now: datetime) -> Done | None:
        """Nobody can tell."""
        return None

    def monthly_estimate(self, items_per_day: float) -> Decimal:
        """Nothing is charged."""
        return Decimal(0)

    def prove(self, now: datetime) -> Proof:
        """There is no token."""
        return Proof()
