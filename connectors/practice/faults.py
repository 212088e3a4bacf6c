"""Faults on demand: which platform misbehaves, how, and at which of its requests.

The grammar, for the command line and for tests::

    FAULTS = FAULT[,FAULT...]              the first one that applies to a request wins
    FAULT  = PLATFORM:KIND[=VALUE][@WHEN]  without @WHEN always
    PLATFORM = x | facebook | youtube | instagram | all
    KIND   = refusals:  429 | quota | 402 | 500 | 503 | expired | denied | revoked
             transport: html | type | cut | half | slow[=SECONDS] | down | lost
             pages:     empty | loop | repeat | partial | short[=ITEMS] | ranked | late[=SECONDS]
    VALUE  = seconds for slow and late, items for short; for 429, quota and 503 what they say about when
             to come back: absent | negative | date | SECONDS (without a value: what is usual there)
    WHEN   = N | N-M | N-                  the Nth request to that platform, from 1; a range; from the Nth on

For example ``youtube:quota,x:500@3,facebook:cut@2-4,x:short=2@1,facebook:429=date``.

``down`` does nothing of what was asked; ``lost``, ``cut`` and ``half`` do it, and then the answer is lost or
broken. The faults of pages leave answers alone that are no page of a listing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from connectors.practice.identities import Platform


class FaultKind(StrEnum):
    """A way to misbehave."""

    RATE = "429"
    QUOTA = "quota"
    CREDITS = "402"
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    EXPIRED = "expired"
    DENIED = "denied"
    REVOKED = "revoked"
    HTML = "html"
    TYPE = "type"
    CUT = "cut"
    HALF = "half"
    SLOW = "slow"
    DOWN = "down"
    LOST = "lost"
    EMPTY = "empty"
    LOOP = "loop"
    REPEAT = "repeat"
    PARTIAL = "partial"
    SHORT = "short"
    RANKED = "ranked"
    LATE = "late"


class Comeback(StrEnum):
    """What a refusal says about when to come back."""

    ABSENT = "absent"
    NEGATIVE = "negative"
    DATE = "date"


MEANINGS = {
    FaultKind.RATE: "asks to slow down, and says until when",
    FaultKind.QUOTA: "says that the day's or month's allowance is spent",
    FaultKind.CREDITS: "says that the credits are spent (status 402)",
    FaultKind.SERVER_ERROR: "answers with status 500",
    FaultKind.UNAVAILABLE: "answers with status 503, and says for how long",
    FaultKind.EXPIRED: "says that the token has expired (YouTube's sign-in: invalid_grant)",
    FaultKind.DENIED: "says that the token may not do this",
    FaultKind.REVOKED: "says that a permission was taken back",
    FaultKind.HTML: "answers with a web page and status 200",
    FaultKind.TYPE: "sends the right answer under a wrong content type",
    FaultKind.CUT: "breaks off in the middle of the answer",
    FaultKind.HALF: "sends half an answer as if it were whole",
    FaultKind.SLOW: "waits before it answers (slow=SECONDS, 2 without)",
    FaultKind.DOWN: "drops the connection without an answer, nothing done",
    FaultKind.LOST: "does what was asked, then drops the connection without an answer",
    FaultKind.EMPTY: "sends a page without items that has a next page",
    FaultKind.LOOP: "sends a page whose next page is itself",
    FaultKind.REPEAT: "sends each page twice",
    FaultKind.PARTIAL: "sends a page with an error beside its items, and one item less",
    FaultKind.SHORT: "leaves out the last items of a page (short=ITEMS, 1 without)",
    FaultKind.RANKED: "sends the items of a page in no order of time",
    FaultKind.LATE: "does not know what is newer (late=SECONDS, 600 without)",
}

USUAL_DELAY = 2.0
USUAL_LATENESS = 600.0
LONGEST_DELAY = 600.0
LONGEST_WAIT = 10_000_000.0
MOST_ITEMS = 100
EVERYONE = "all"

_FAULT = re.compile(
    r"(?P<platform>[a-z]+):(?P<kind>[a-z0-9]+)(?:=(?P<value>[a-z0-9.]+))?"
    r"(?:@(?P<first>[0-9]{1,9})(?P<range>-(?P<last>[0-9]{1,9})?)?)?"
)


class FaultsError(ValueError):
    """A list of faults that cannot be read; the text says what is wrong, in one line."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, from request ``first`` to ``last`` (``None``: for ever).

    ``seconds`` is a delay or lateness, ``items`` how many are left out of a page. ``comeback`` is what a
    refusal says about when to come back: one of :class:`Comeback`, seconds, or ``None`` for what is usual.
    """

    platform: Platform | None
    kind: FaultKind
    first: int = 1
    last: int | None = None
    seconds: float = 0.0
    items: int = 0
    comeback: Comeback | float | None = None

    def applies(self, platform: Platform, number: int) -> bool:
        """Say whether it applies to the platform's request of this number."""
        return self.platform in {None, platform} and self.first <= number <= (self.last or number)


Faults = tuple[Fault, ...]


def parse_faults(text: str) -> Faults:
    """Read a list of faults; an empty text means none. Raises :class:`FaultsError`."""
    return tuple(_fault(part.strip()) for part in text.split(",")) if text.strip() else ()


def fault_at(faults: Faults, platform: Platform, number: int) -> Fault | None:
    """Return the fault that the platform's request of this number meets."""
    return next((fault for fault in faults if fault.applies(platform, number)), None)


def _fault(text: str) -> Fault:
    parts = _FAULT.fullmatch(text)
    if parts is None:
        raise FaultsError(f"{text!r} is no fault; write PLATFORM:KIND or PLATFORM:KIND@N, such as x:500@3")
    first = int(parts["first"] or 1)
    last = _last(parts)
    if first < 1 or (last is not None and last < first):
        raise FaultsError(f"{text!r}: requests count from 1, and a range goes upwards")
    kind = _kind(parts["kind"], text)
    return _with_value(Fault(_platform(parts["platform"], text), kind, first, last), parts["value"], text)


def _last(parts: re.Match[str]) -> int | None:
    if parts["first"] is None or (parts["range"] and not parts["last"]):
        return None
    return int(parts["last"] or parts["first"])


def _platform(word: str, text: str) -> Platform | None:
    if word == EVERYONE:
        return None
    if word not in set(Platform):
        raise FaultsError(f"{text!r}: the platform is one of {', '.join([*Platform, EVERYONE])}")
    return Platform(word)


def _kind(word: str, text: str) -> FaultKind:
    if word not in set(FaultKind):
        raise FaultsError(f"{text!r}: the kind is one of {', '.join(FaultKind)}")
    return FaultKind(word)


def _with_value(fault: Fault, value: str | None, text: str) -> Fault:
    match fault.kind:
        case FaultKind.SLOW:
            return replace(fault, seconds=_number(value, USUAL_DELAY, LONGEST_DELAY, text))
        case FaultKind.LATE:
            return replace(fault, seconds=_number(value, USUAL_LATENESS, LONGEST_WAIT, text))
        case FaultKind.SHORT:
            return replace(fault, items=int(_number(value, 1, MOST_ITEMS, text)))
        case FaultKind.RATE | FaultKind.QUOTA | FaultKind.UNAVAILABLE if value is not None:
            return replace(fault, comeback=_comeback(value, text))
    if value is not None:
        takers = "slow, late, short, 429, quota and 503"
        raise FaultsError(f"{text!r}: only {takers} take a value")
    return fault


def _comeback(value: str, text: str) -> Comeback | float:
    return Comeback(value) if value in set(Comeback) else _number(value, 0.0, LONGEST_WAIT, text)


def _number(value: str | None, usual: float, most: float, text: str) -> float:
    if value is None:
        return usual
    try:
        number = float(value)
    except ValueError:
        raise FaultsError(f"{text!r}: the value is a number, such as slow=2.5") from None
    if not 0 <= number <= most:
        raise FaultsError(f"{text!r}: the value is at most {most:.0f}")
    return number
