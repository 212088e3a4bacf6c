"""Faults on demand: which platform misbehaves, how, and at which of its requests.

The grammar, for the command line and for tests::

    FAULTS = FAULT[,FAULT...]          the first one that applies to a request wins
    FAULT  = PLATFORM:KIND[@WHEN]      without @WHEN always
    PLATFORM = x | facebook | youtube | all
    KIND   = 429 | quota | 500 | expired | denied | html | cut | half | empty | slow[=SECONDS] | down
    WHEN   = N | N-M | N-              the Nth request to that platform, from 1; a range; from the Nth on

For example ``youtube:quota,x:500@3,facebook:cut@2-4``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from connectors.practice.identities import Platform


class FaultKind(StrEnum):
    """A way to misbehave."""

    RATE = "429"
    QUOTA = "quota"
    SERVER_ERROR = "500"
    EXPIRED = "expired"
    DENIED = "denied"
    HTML = "html"
    CUT = "cut"
    HALF = "half"
    EMPTY = "empty"
    SLOW = "slow"
    DOWN = "down"


MEANINGS = {
    FaultKind.RATE: "asks to slow down, and says until when",
    FaultKind.QUOTA: "says that the day's or month's allowance is spent",
    FaultKind.SERVER_ERROR: "answers with status 500",
    FaultKind.EXPIRED: "says that the token has expired (YouTube's sign-in: invalid_grant)",
    FaultKind.DENIED: "says that the token may not do this",
    FaultKind.HTML: "answers with a web page and status 200",
    FaultKind.CUT: "breaks off in the middle of the answer",
    FaultKind.HALF: "sends half an answer as if it were whole",
    FaultKind.EMPTY: "sends a page without items that has a next page",
    FaultKind.SLOW: "waits before it answers (slow=SECONDS, 2 without)",
    FaultKind.DOWN: "drops the connection without an answer",
}

USUAL_DELAY = 2.0
LONGEST_DELAY = 600.0
EVERYONE = "all"

_FAULT = re.compile(
    r"(?P<platform>[a-z]+):(?P<kind>[a-z0-9]+)(?:=(?P<value>[0-9.]+))?"
    r"(?:@(?P<first>[0-9]{1,9})(?P<range>-(?P<last>[0-9]{1,9})?)?)?"
)


class FaultsError(ValueError):
    """A list of faults that cannot be read; the text says what is wrong, in one line."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, from request ``first`` to ``last`` (``None``: for ever); ``seconds`` is a delay."""

    platform: Platform | None
    kind: FaultKind
    first: int = 1
    last: int | None = None
    seconds: float = 0.0

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
    return Fault(_platform(parts["platform"], text), kind, first, last, _seconds(kind, parts["value"], text))


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


def _seconds(kind: FaultKind, value: str | None, text: str) -> float:
    if kind is not FaultKind.SLOW:
        if value is not None:
            raise FaultsError(f"{text!r}: only slow takes a value")
        return 0.0
    if value is None:
        return USUAL_DELAY
    try:
        seconds = float(value)
    except ValueError:
        raise FaultsError(f"{text!r}: slow takes seconds, such as slow=2.5") from None
    if seconds > LONGEST_DELAY:
        raise FaultsError(f"{text!r}: slow takes at most {LONGEST_DELAY:.0f} seconds")
    return seconds
