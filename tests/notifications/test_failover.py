"""Text messages through two providers, of which one fails."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import ClassVar

import pytest
from pydantic import SecretStr

from moderation.alerts import DeliveryState, Handed
from notifications import govuk_notify, twilio
from notifications.base import ChannelError, Message, PermanentError, TechnicalError, TemporaryError, Unknown
from notifications.failover import Provider, Texts
from tests.notifications import notify_server, twilio_server

Maker = Callable[..., Message]
SENDING = DeliveryState.SENDING


@dataclass
class Line:
    """A provider that does what it is told: ``trouble`` is raised at every try until it is taken away."""

    name: ClassVar[str] = "sms"
    trouble: ChannelError | None = None
    tried: int = 0
    has: set[str] = field(default_factory=set)

    def send(self, message: Message) -> Handed:
        self.tried += 1
        if not self.trouble or isinstance(self.trouble, Unknown):
            self.has.add(message.message_id)
        if self.trouble:
            raise self.trouble
        return Handed(SENDING, "its own name", message.message_id)

    def state_of(self, reference: str) -> DeliveryState | None:
        return DeliveryState.DELIVERED if reference in self.has else None

    def find(self, message: Message) -> Handed | None:
        if isinstance(self.trouble, TemporaryError) and not isinstance(self.trouble, Unknown):
            raise self.trouble
        return Handed(SENDING, "", message.message_id) if message.message_id in self.has else None


class Desk:
    """Two providers, a clock, and messages one after the other."""

    def __init__(self, message: Maker, count: int = 2) -> None:
        self.now = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
        self.first, self.second = Line(), Line()
        named = (Provider("first", self.first), Provider("second", self.second))
        self.texts = Texts(named[:count], lambda: self.now)
        self._message, self._sent = message, 0

    def send(self) -> str:
        """Send a new message until it is taken, with 30 seconds between the tries, and say who took it."""
        self._sent += 1
        for attempt in range(1, 9):
            try:
                return self.once(attempt).provider
            except TemporaryError:
                self.now += timedelta(seconds=30)
        return "nobody"

    def once(self, attempt: int) -> Handed:
        """Try the message of this moment once."""
        identifier = f"<{self._sent}@oakfield.example>"
        return self.texts.send(self._message(to="+447700900417", message_id=identifier, attempt=attempt))


@pytest.fixture
def desk(message: Maker) -> Desk:
    """Return two providers that work."""
    return Desk(message)


def test_the_first_choice_carries_what_it_can(desk: Desk) -> None:
    """The other one is not bothered, and whoever took it is asked what became of it."""
    assert desk.texts.name == "sms"
    assert [desk.send() for _ in range(3)] == ["first"] * 3
    assert desk.second.tried == 0
    assert desk.texts.state_of("first", "<1@oakfield.example>") is DeliveryState.DELIVERED
    assert desk.texts.state_of("second", "<1@oakfield.example>") is None
    with pytest.raises(TechnicalError, match="no longer in the settings"):
        desk.texts.state_of("gone", "<1@oakfield.example>")


def test_a_failure_is_tried_again_at_the_same_provider_and_then_at_the_other(desk: Desk) -> None:
    """After 30 seconds, and after 30 more."""
    desk.first.trouble = TemporaryError("away")
    assert desk.send() == "second"
    assert (desk.first.tried, desk.second.tried) == (2, 1)


def test_a_single_failure_puts_nobody_out(desk: Desk) -> None:
    """Not even several, with successes between them."""
    for _ in range(3):
        desk.first.trouble = TemporaryError("busy")
        with pytest.raises(TemporaryError):
            desk.once(1)
        desk.first.trouble = None
        assert desk.send() == "first"


def test_a_provider_that_is_out_is_left_alone_for_a_quarter_of_an_hour(desk: Desk) -> None:
    """Meanwhile messages go to the other at once."""
    desk.first.trouble = TemporaryError("away")
    desk.send()
    tried = desk.first.tried
    for _ in range(5):
        assert desk.send() == "second"
    desk.now += timedelta(minutes=13)
    assert desk.send() == "second"
    assert desk.first.tried == tried


def test_a_trial_that_fails_costs_the_message_nothing(desk: Desk) -> None:
    """The other provider carries it at once, and a quarter of an hour begins anew."""
    desk.first.trouble = TemporaryError("away")
    desk.send()
    desk.now += timedelta(minutes=15)
    before = desk.now
    assert desk.send() == "second"
    assert (desk.now, desk.first.tried) == (before, 3)
    assert desk.send() == "second"
    assert desk.first.tried == 3


def test_two_successes_in_a_row_end_the_trial(desk: Desk) -> None:
    """After one, a single failure still puts it out; after two, it does not."""
    desk.first.trouble = TemporaryError("away")
    desk.send()
    for successes, then in ((1, "second"), (2, "first")):
        desk.first.trouble = None
        desk.now += timedelta(minutes=15)
        assert [desk.send() for _ in range(successes)] == ["first"] * successes
        desk.first.trouble = TemporaryError("again")
        if then == "first":
            with pytest.raises(TemporaryError):
                desk.once(1)
            desk.first.trouble = None
        assert desk.send() == then


def test_a_flapping_provider_does_not_flap_messages(desk: Desk) -> None:
    """In a day in which it works every other minute, every message is taken, and it is left alone mostly."""
    takers = []
    for minute in range(24 * 60):
        desk.now = datetime(2026, 11, 21, tzinfo=UTC) + timedelta(minutes=minute)
        desk.first.trouble = None if minute % 2 else TemporaryError("flaps")
        takers.append(desk.send())
    changes = sum(one != other for one, other in pairwise(takers))
    assert set(takers) <= {"first", "second"}
    assert changes <= 24 * 60 / 15 * 2


def test_a_wrong_set_up_is_the_others_chance_at_once(desk: Desk) -> None:
    """Waiting would not help; and when both are wrong, a person must know."""
    desk.first.trouble = TechnicalError("key")
    assert desk.send() == "second"
    assert desk.first.tried == 1
    desk.second.trouble = TechnicalError("key")
    with pytest.raises(TechnicalError):
        desk.send()
    desk.second.trouble = TemporaryError("away")
    with pytest.raises(TemporaryError):
        desk.once(1)


def test_a_bad_number_is_bad_everywhere(desk: Desk) -> None:
    """No other provider is asked, and the first one is as good as before."""
    desk.first.trouble = PermanentError("number")
    for _ in range(3):
        with pytest.raises(PermanentError):
            desk.send()
    assert desk.second.tried == 0
    desk.first.trouble = None
    assert desk.send() == "first"


def test_what_may_have_been_taken_is_asked_for_before_it_is_sent_again(desk: Desk) -> None:
    """Even by another process, which knows only that there was an earlier try."""
    desk.first.trouble = Unknown("lost")
    assert desk.send() == "first"
    assert (desk.first.tried, desk.second.tried) == (1, 0)


def test_what_cannot_be_asked_for_is_sent_again(desk: Desk) -> None:
    """Rather twice than never."""
    desk.first.trouble = Unknown("lost")
    with pytest.raises(Unknown):
        desk.once(1)
    desk.first.trouble = TemporaryError("away")
    with pytest.raises(TemporaryError):
        desk.once(2)
    assert desk.once(3).provider == "second"


def test_when_both_are_out_they_are_tried_in_turn(desk: Desk) -> None:
    """An alert is never kept back because nobody is trusted."""
    desk.first.trouble = desk.second.trouble = TemporaryError("away")
    assert desk.send() == "nobody"
    assert (desk.first.tried, desk.second.tried) == (4, 4)
    desk.second.trouble = None
    assert desk.send() == "second"


def test_one_provider_alone_is_always_tried(message: Maker) -> None:
    """However often it has failed."""
    desk = Desk(message, count=1)
    desk.first.trouble = TemporaryError("away")
    assert desk.send() == "nobody"
    assert desk.first.tried == 8
    desk.first.trouble = None
    assert desk.send() == "first"


def test_many_threads_agree_who_is_out(desk: Desk) -> None:
    """Failures at the same moment are all counted."""
    desk.first.trouble = TemporaryError("away")

    def attempt(_: int) -> str:
        try:
            return desk.once(1).provider
        except TemporaryError:
            return "again"

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(attempt, range(200)))
    assert set(taken) <= {"again", "second"}
    assert taken.count("again") <= 9
    assert desk.first.tried == taken.count("again")


def test_real_channels_stand_in_for_each_other(message: Maker) -> None:
    """GOV.UK Notify loses an answer and is found to have it; then it goes away, and Twilio takes over."""
    with twilio_server.Twilio() as second:
        with notify_server.Notify() as first:
            notify = govuk_notify.Options(
                api_key=SecretStr(notify_server.KEY), template_id=notify_server.TEMPLATE, base_url=first.url
            )
            other = twilio.Options(
                account_sid=twilio_server.ACCOUNT,
                auth_token=SecretStr(twilio_server.TOKEN),
                sender=twilio_server.SENDER,
                base_url=second.url,
            )
            texts = Texts(
                (
                    Provider("notify", govuk_notify.Channel(notify)),
                    Provider("twilio", twilio.Channel(other)),
                ),
                lambda: message().sent_at,
            )
            first.lose = True
            with pytest.raises(Unknown):
                texts.send(message(to="+447700900417"))
            found = texts.send(message(to="+447700900417", attempt=2))
            assert (found.provider, len(first.taken), second.taken) == ("notify", 1, [])
            assert texts.state_of("notify", found.reference) is None
        later = message(to="+447700900417", message_id="<later@oakfield.example>")
        with pytest.raises(TemporaryError):
            texts.send(later)
        assert texts.send(replace(later, attempt=2)).provider == "twilio"


def test_texts_without_a_provider_are_a_persons_business(message: Maker) -> None:
    """Nothing is dropped in silence."""
    for attempt in (1, 2):
        with pytest.raises(TechnicalError, match="no provider"):
            Texts((), lambda: message().sent_at).send(message(attempt=attempt))
