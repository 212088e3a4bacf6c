"""Text messages through one of two providers: when one fails, the other carries them.

1. The first try of a message and its retry go to the first provider, the next two tries to the second.
2. A provider that failed twice in a row, whatever the messages, is out: nothing goes there for 15 minutes.
3. After that, first tries go there again, on trial: a failure puts it out for another 15 minutes and costs
   the message nothing, because the other provider carries it at once. Two successes in a row end the trial.
4. Before a message is sent again, each provider is asked whether an earlier try has arrived after all.
5. A number that is refused is wrong everywhere, so it is not tried elsewhere.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import ClassVar

from moderation.alerts import DeliveryState, Handed
from notifications.base import (
    ChannelError,
    Message,
    PermanentError,
    TechnicalError,
    TemporaryError,
    Tracked,
    Unknown,
)

OUT_FOR = timedelta(minutes=15)
"""How long a provider that fails is left alone."""

_FAILURES = 2
_SUCCESSES = 2
_TRIES_EACH = 2


@dataclass(slots=True)
class _Standing:
    """How a provider has done of late. ``out_since`` is its last failure while it is out."""

    failures: int = 0
    successes: int = 0
    out_since: datetime | None = None

    def rests(self, now: datetime) -> bool:
        return self.out_since is not None and now < self.out_since + OUT_FOR

    def failed(self, now: datetime) -> None:
        self.successes = 0
        self.failures += 1
        if self.failures >= _FAILURES:
            self.out_since = now

    def worked(self, now: datetime) -> None:
        if self.out_since is None:
            self.failures = 0
        elif not self.rests(now):
            self.successes += 1
            if self.successes >= _SUCCESSES:
                self.failures, self.successes, self.out_since = 0, 0, None


@dataclass(frozen=True, slots=True)
class Provider:
    """One way to send text messages, and what it is called in the settings."""

    name: str
    channel: Tracked = field(repr=False)


class Texts:
    """Sends text messages through the first of its providers that works. Safe to use from many threads."""

    name: ClassVar[str] = "sms"

    def __init__(self, providers: tuple[Provider, ...], now: Callable[[], datetime]) -> None:
        self._providers = providers
        self._now = now
        self._standings = {provider.name: _Standing() for provider in providers}
        self._lock = Lock()

    def send(self, message: Message) -> Handed:
        """Hand ``message`` over, once for each try; ``provider`` of what comes back says to whom.

        Raises:
            TemporaryError: try again, counting ``message.attempt`` up.
            PermanentError: the number is refused.
            TechnicalError: no provider is set up rightly.
        """
        if message.attempt > 1 and (arrived := self._found(message)):
            return arrived
        problem: ChannelError = TechnicalError("no provider of text messages is set up")
        for provider, is_last_word in self._choices(message.attempt):
            try:
                return self._sent(provider, message)
            except (PermanentError, Unknown):
                raise
            except TemporaryError as error:
                problem = error
                if is_last_word:
                    break
            except TechnicalError as error:
                problem = problem if isinstance(problem, TemporaryError) else error
        raise problem

    def state_of(self, provider: str, reference: str) -> DeliveryState | None:
        """Return where a message stands that ``provider`` took as ``reference``, ``None`` while that is open.

        Raises:
            ChannelError: it cannot be asked, or is no longer in the settings.
        """
        for each in self._providers:
            if each.name == provider:
                return each.channel.state_of(reference)
        raise TechnicalError("the provider that took this message is no longer in the settings")

    def _found(self, message: Message) -> Handed | None:
        for provider in self._providers:
            # One that cannot be asked may have it or not: rather twice than never.
            with contextlib.suppress(ChannelError):
                if handed := provider.channel.find(message):
                    return replace(handed, provider=provider.name)
        return None

    def _choices(self, attempt: int) -> Iterator[tuple[Provider, bool]]:
        """Yield whom to try, best first, and whether that one's "come back later" is the last word.

        It is, unless a provider is on trial. Where all are out, they are tried in turn all the same.
        """
        turn = (attempt - 1) // _TRIES_EACH % max(1, len(self._providers))
        order = [*self._providers[turn:], *self._providers[:turn]]
        with self._lock:
            now = self._now()
            resting = {each.name for each in order if self._standings[each.name].rests(now)}
            out = {each.name for each in order if self._standings[each.name].out_since is not None}
        if attempt > 1:
            resting |= out
        for provider in sorted(order, key=lambda each: each.name in resting):
            yield provider, provider.name not in out or len(out) == len(order)

    def _sent(self, provider: Provider, message: Message) -> Handed:
        try:
            handed = provider.channel.send(message)
        except (TemporaryError, TechnicalError):
            with self._lock:
                self._standings[provider.name].failed(self._now())
            raise
        with self._lock:
            self._standings[provider.name].worked(self._now())
        return replace(handed, provider=provider.name)
