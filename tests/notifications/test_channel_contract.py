"""What every channel promises, and what became of a text message, against real servers on this machine."""

from __future__ import annotations

import logging
import pkgutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

import notifications
from moderation.alerts import DeliveryState, Handed
from notifications import chat, email, govuk_notify, outbox, twilio
from notifications.base import (
    Channel,
    ChannelError,
    Message,
    PermanentError,
    TechnicalError,
    TemporaryError,
    Tracked,
    Unknown,
)
from tests.notifications import notify_server, twilio_server
from tests.notifications.loopback import Loopback
from tests.notifications.notify_server import Notify
from tests.notifications.test_email import Mailbox, certificate_for, serving
from tests.notifications.twilio_server import Twilio

# apprise loads a module that Python 3.13 drops; it has its own where there is none
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")

Maker = Callable[..., Message]
PHONE = "+447700900417"
WORDS = "Oakfield Academy: urgent social media case 2026-0443."
SECRETS = (notify_server.SECRET, twilio_server.TOKEN, "room-token")
TEXTS = ["govuk_notify", "twilio"]
WEB = [*TEXTS, "chat"]


@dataclass(frozen=True)
class Stage:
    """One channel beside its server: how to make it, and whom it reaches or not."""

    make: Callable[..., Channel]
    to: str
    refused: str
    server: Notify | Twilio | Loopback | None = None


def _notify(server: Notify) -> Stage:
    def make(key: str = notify_server.KEY, url: str = server.url, **more: Any) -> Channel:
        options = govuk_notify.Options(
            api_key=SecretStr(key), template_id=notify_server.TEMPLATE, base_url=url, **more
        )
        return govuk_notify.Channel(options)

    return Stage(make, PHONE, notify_server.BAD_NUMBER, server)


def _twilio(server: Twilio) -> Stage:
    def make(key: str = twilio_server.TOKEN, url: str = server.url, **more: Any) -> Channel:
        options = twilio.Options(
            account_sid=twilio_server.ACCOUNT,
            auth_token=SecretStr(key),
            sender=twilio_server.SENDER,
            base_url=url,
            **more,
        )
        return twilio.Channel(options)

    return Stage(make, PHONE, twilio_server.BAD_NUMBER, server)


def _chat(server: Loopback) -> Stage:
    def make(key: str = "", url: str = "", **more: Any) -> Channel:
        return chat.Channel(chat.Options(**more))

    return Stage(
        make, f"json://{server.url.removeprefix('http://')}/room-token", "nothing://room-token", server
    )


def _email(port: int) -> Stage:
    def make(**more: Any) -> Channel:
        options = email.Options(
            host="127.0.0.1",
            port=port,
            security=email.Security.NONE,
            sender="socialduty@oakfield.example",
            **more,
        )
        return email.Channel(options)

    return Stage(make, "priya.nair@oakfield.example", "tom.ellis@oakfield.example")


def _outbox(folder: Path, name: str) -> Stage:
    def make() -> Channel:
        return outbox.Channel(outbox.Options.model_validate({"folder": folder, "name": name}))

    to, refused = (PHONE, "nobody") if name == "sms" else ("priya.nair@oakfield.example", "nobody")
    return Stage(make, to, refused)


KINDS = [*WEB, "email", "outbox for email", "outbox for sms"]


@pytest.fixture
def staged(tmp_path: Path) -> Iterator[Callable[[str], Stage]]:
    """Return a maker of a channel beside its server."""
    with ExitStack() as stack:

        def stage(kind: str) -> Stage:
            match kind:
                case "govuk_notify":
                    return _notify(stack.enter_context(Notify()))
                case "twilio":
                    return _twilio(stack.enter_context(Twilio()))
                case "chat":
                    return _chat(stack.enter_context(Loopback()))
                case "email":
                    return _email(stack.enter_context(serving(Mailbox(refuses="tom.ellis@oakfield.example"))))
                case _:
                    return _outbox(tmp_path, kind.removeprefix("outbox for "))

        yield stage


Staged = Callable[[str], Stage]


def _text(message: Maker, to: str, **changes: object) -> Message:
    return message(to=to, text=WORDS, **changes)


def _tracked(channel: Channel) -> Tracked:
    assert isinstance(channel, govuk_notify.Channel | twilio.Channel)
    return channel


def test_no_channel_is_forgotten_here() -> None:
    """Whatever module of the room holds a channel keeps these promises."""
    held = set()
    for module in pkgutil.iter_modules(notifications.__path__):
        source = Path(notifications.__path__[0], f"{module.name}.py")
        if source.is_file() and "class Channel:" in source.read_text(encoding="utf-8"):
            held.add(module.name)
    assert held == {kind.partition(" ")[0] for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_that_is_taken_is_said_to_be(kind: str, staged: Staged, message: Maker) -> None:
    """With the provider's name, and where it tells later, the provider's own reference."""
    stage = staged(kind)
    channel = stage.make()
    assert channel.name in {"email", "sms", "chat"}
    handed = channel.send(_text(message, stage.to))
    assert handed.provider
    assert (handed.state is DeliveryState.SENDING) == bool(handed.reference) == (kind in TEXTS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_refused_address_is_permanent_and_in_no_text(
    kind: str, staged: Staged, message: Maker, caplog: pytest.LogCaptureFixture
) -> None:
    """Waiting does not help, and neither error nor log names the address, a secret or the words."""
    caplog.set_level(logging.DEBUG)
    stage = staged(kind)
    with pytest.raises(PermanentError) as refusal:
        stage.make().send(_text(message, stage.refused))
    _tells_nothing(refusal.value, caplog, stage.refused)


@pytest.mark.parametrize("kind", [*WEB, "email"])
def test_a_server_that_is_away_is_tried_again(
    kind: str, staged: Staged, message: Maker, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing had left, so nothing is in doubt."""
    caplog.set_level(logging.DEBUG)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    stage = _email(port) if kind == "email" else staged(kind)
    channel = stage.make() if kind == "email" else stage.make(url=f"http://127.0.0.1:{port}")
    to = f"json://127.0.0.1:{port}/room-token" if kind == "chat" else stage.to
    with pytest.raises(TemporaryError) as away:
        channel.send(_text(message, to))
    assert not isinstance(away.value, Unknown)
    _tells_nothing(away.value, caplog, to)


@pytest.mark.parametrize("kind", WEB)
def test_a_server_that_hangs_is_left_in_time(kind: str, staged: Staged, message: Maker) -> None:
    """It costs the time-out and not more; a text message may have been taken."""
    stage = staged(kind)
    assert stage.server is not None
    stage.server.hang = True
    began = time.monotonic()
    with pytest.raises(Unknown if kind in TEXTS else TemporaryError):
        stage.make(connect_timeout=0.3, answer_timeout=0.3).send(_text(message, stage.to))
    assert time.monotonic() - began < 5
    assert len(stage.server.asked) == 1  # nobody tries again behind our back


@pytest.mark.parametrize("kind", TEXTS)
def test_a_wrong_key_is_a_persons_business(
    kind: str, staged: Staged, message: Maker, caplog: pytest.LogCaptureFixture
) -> None:
    """The servers check the real sign-in."""
    caplog.set_level(logging.DEBUG)
    stage = staged(kind)
    wrong = f"{notify_server.SERVICE}-{notify_server.SERVICE}" if kind == "govuk_notify" else "wrong"
    with pytest.raises(TechnicalError) as problem:
        stage.make(key=wrong).send(_text(message, stage.to))
    _tells_nothing(problem.value, caplog, wrong)


@pytest.mark.parametrize("kind", TEXTS)
def test_an_unknown_certificate_gets_no_text(
    kind: str, staged: Staged, message: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger between us and the provider is told neither key nor number."""
    monkeypatch.setenv("NO_PROXY", "*")
    stage = staged(kind)
    assert stage.server is not None
    stage.server.encrypt(certificate_for(tmp_path, "127.0.0.1").server)
    with pytest.raises(TechnicalError, match="certificate"):
        stage.make(url=stage.server.url.replace("http:", "https:")).send(_text(message, stage.to))
    assert not stage.server.asked


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((429, {}), TemporaryError),
        ((500, {}), TemporaryError),
        ((503, "<html>"), TemporaryError),
        ((502, "<html>"), Unknown),
        ((520, ""), Unknown),
        ((200, "<html>fine</html>"), Unknown),
        ((201, ["odd"]), Unknown),
        ((201, {"id": 7, "sid": None}), Unknown),
        ((302, ""), TechnicalError),
        ((404, {}), TechnicalError),
        ((400, "nothing"), TechnicalError),
        ((400, {"code": "21211", "errors": "no"}), TechnicalError),
    ],
)
def test_any_answer_says_whether_waiting_helps(
    kind: str,
    answer: tuple[int, object],
    error: type[ChannelError],
    staged: Staged,
    message: Maker,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A gateway's word for the service, a page instead of an answer, or nothing that was promised."""
    caplog.set_level(logging.DEBUG)
    stage = staged(kind)
    assert stage.server is not None
    stage.server.instead.append(answer)
    with pytest.raises(error) as problem:
        stage.make().send(_text(message, stage.to))
    assert type(problem.value) is error
    assert len(stage.server.asked) == 1
    _tells_nothing(problem.value, caplog, stage.to)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_lost_answer_is_found_again(kind: str, staged: Staged, message: Maker) -> None:
    """The line broke after the message had left: asking shows that it is on its way, so it is sent once."""
    stage = staged(kind)
    assert isinstance(stage.server, Notify | Twilio)
    channel, text = _tracked(stage.make()), _text(message, stage.to)
    assert channel.find(text) is None
    stage.server.lose = True
    with pytest.raises(Unknown):
        channel.send(text)
    found = channel.find(text)
    assert found is not None
    assert (found.state, channel.state_of(found.reference)) == (DeliveryState.SENDING, None)
    other = _text(message, stage.to, message_id="<other@oakfield.example>")
    assert kind == "twilio" or channel.find(other) is None
    assert len(stage.server.taken) == 1


@pytest.mark.parametrize("kind", TEXTS)
def test_the_same_message_has_one_reference(kind: str, staged: Staged, message: Maker) -> None:
    """At every try, so that a repeat can be told."""
    stage = staged(kind)
    assert isinstance(stage.server, Notify | Twilio)
    for attempt in (1, 2):
        stage.make().send(_text(message, stage.to, attempt=attempt))
    first, second = stage.server.taken
    changing = {"id", "sid"}
    assert {k: v for k, v in first.items() if k not in changing} == {
        k: v for k, v in second.items() if k not in changing
    }


@pytest.mark.parametrize("kind", TEXTS)
def test_characters_that_cannot_travel_lose_no_message(kind: str, staged: Staged, message: Maker) -> None:
    """Half a character and NUL among them."""
    stage = staged(kind)
    assert isinstance(stage.server, Notify | Twilio)
    stage.make().send(message(to=stage.to, text="Ŵyn\x00 \ud800 £5"))
    (taken,) = stage.server.taken
    assert (taken.get("body") or taken["personalisation"]["message"]) == "Ŵyn � £5"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("created", None),
        ("sending", None),
        ("pending", None),
        ("sent", None),
        ("delivered", DeliveryState.DELIVERED),
        ("permanent-failure", DeliveryState.PERMANENT_FAILURE),
        ("temporary-failure", DeliveryState.TEMPORARY_FAILURE),
        ("technical-failure", DeliveryState.TECHNICAL_FAILURE),
    ],
)
def test_notify_says_what_became_of_a_text(
    status: str, state: DeliveryState | None, staged: Staged, message: Maker
) -> None:
    """In its own words, which are ours; what has failed is not on its way."""
    stage = staged("govuk_notify")
    assert isinstance(stage.server, Notify)
    channel, text = _tracked(stage.make()), _text(message, stage.to)
    handed = channel.send(text)
    stage.server.statuses[handed.reference] = status
    assert channel.state_of(handed.reference) is state
    arrived = state in {None, DeliveryState.DELIVERED}
    expected = Handed(state or DeliveryState.SENDING, "govuk_notify", handed.reference)
    assert channel.find(text) == (expected if arrived else None)


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [
        ("accepted", None, None),
        ("queued", None, None),
        ("sending", None, None),
        ("sent", None, None),
        ("something new", None, None),
        ("delivered", None, DeliveryState.DELIVERED),
        ("undelivered", 30003, DeliveryState.TEMPORARY_FAILURE),
        ("undelivered", 30004, DeliveryState.PERMANENT_FAILURE),
        ("undelivered", 30005, DeliveryState.PERMANENT_FAILURE),
        ("undelivered", 30006, DeliveryState.PERMANENT_FAILURE),
        ("undelivered", 30007, DeliveryState.PERMANENT_FAILURE),
        ("undelivered", 39999, DeliveryState.TEMPORARY_FAILURE),
        ("failed", 30002, DeliveryState.TECHNICAL_FAILURE),
        ("failed", None, DeliveryState.TECHNICAL_FAILURE),
    ],
)
def test_twilio_says_what_became_of_a_text(
    status: str, code: int | None, state: DeliveryState | None, staged: Staged, message: Maker
) -> None:
    """In the words of GOV.UK Notify; what has failed is not on its way."""
    stage = staged("twilio")
    assert isinstance(stage.server, Twilio)
    channel, text = _tracked(stage.make()), _text(message, stage.to)
    handed = channel.send(text)
    stage.server.statuses[handed.reference] = (status, code)
    assert channel.state_of(handed.reference) is state
    arrived = state in {None, DeliveryState.DELIVERED}
    expected = Handed(state or DeliveryState.SENDING, "twilio", handed.reference)
    assert channel.find(text) == (expected if arrived else None)


def test_twilio_takes_no_older_text_with_the_same_words_for_this_one(staged: Staged, message: Maker) -> None:
    """A reminder that repeats itself is not an earlier try of itself."""
    stage = staged("twilio")
    assert isinstance(stage.server, Twilio)
    channel, text = _tracked(stage.make()), _text(message, stage.to)
    stage.server.created -= timedelta(minutes=15)
    channel.send(text)
    assert channel.find(text) is None


def test_a_reference_that_is_gone_is_a_persons_business(staged: Staged) -> None:
    """Neither provider keeps messages for ever."""
    for kind in TEXTS:
        with pytest.raises(TechnicalError, match="404"):
            _tracked(staged(kind).make()).state_of("gone")


def test_who_may_not_be_sent_to_by_our_set_up_is_not_a_bad_number(staged: Staged, message: Maker) -> None:
    """A trial account, a key for the team only; but who said stop is refused for good."""
    with pytest.raises(TechnicalError, match="live"):
        staged("govuk_notify").make().send(_text(message, notify_server.OUTSIDER))
    stage = staged("twilio")
    assert stage.server is not None
    stage.server.instead.append(twilio_server.refused(400, 21608, f"The number {PHONE} is unverified"))
    with pytest.raises(TechnicalError, match="21608"):
        stage.make().send(_text(message, PHONE))
    stage.server.instead.append(twilio_server.refused(400, 21611, "queue"))
    with pytest.raises(TemporaryError, match="21611"):
        stage.make().send(_text(message, PHONE))
    with pytest.raises(PermanentError, match="21610"):
        stage.make().send(_text(message, twilio_server.STOPPED))


def test_a_messaging_service_sends_as_a_number_does(message: Maker) -> None:
    """It chooses the number itself."""
    with Twilio() as server:
        options = twilio.Options(
            account_sid=twilio_server.ACCOUNT,
            auth_token=SecretStr(twilio_server.TOKEN),
            messaging_service_sid="MG" + "0" * 32,
            base_url=server.url,
        )
        assert twilio.Channel(options).send(_text(message, PHONE)).reference.startswith("SM")


def test_chat_without_its_library_says_what_to_install(
    message: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an extra."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(TechnicalError, match="pip install"):
        chat.Channel(chat.Options()).send(_text(message, "json://127.0.0.1/room-token"))


def test_a_chat_message_arrives_with_subject_and_words(staged: Staged, message: Maker) -> None:
    """And one that the service refuses is tried again."""
    stage = staged("chat")
    assert stage.server is not None
    stage.make().send(_text(message, stage.to))
    (asked,) = stage.server.asked
    assert WORDS in asked.body.decode()
    assert message().subject in asked.body.decode()
    stage.server.instead.append((500, ""))
    with pytest.raises(TemporaryError):
        stage.make().send(_text(message, stage.to))


def test_wrong_settings_are_refused_without_being_repeated() -> None:
    """Neither key nor token is in what a person reads about them."""
    good = {"account_sid": twilio_server.ACCOUNT, "auth_token": twilio_server.TOKEN, "sender": "Oakfield"}
    for change in ({"sender": None}, {"account_sid": "x"}, {"base_url": "http://api.twilio.com"}):
        with pytest.raises(ValidationError) as problem:
            twilio.Options.model_validate({**good, **change})
        assert twilio_server.TOKEN not in str(problem.value)
    key = notify_server.KEY
    for change in ({"api_key": key[:-1]}, {"template_id": "x"}, {"base_url": "https://"}, {"sender_id": "x"}):
        with pytest.raises(ValidationError) as problem:
            govuk_notify.Options.model_validate(
                {"api_key": key, "template_id": notify_server.TEMPLATE, **change}
            )
        assert notify_server.SECRET[:-1] not in str(problem.value)


def _tells_nothing(error: ChannelError, caplog: pytest.LogCaptureFixture, address: str) -> None:
    assert error.__suppress_context__ or error.__context__ is None
    # What the practice mail server logs is its own business
    lines = [record.getMessage() for record in caplog.records if record.name != "mail.log"]
    said = f"{error} {error!r} {lines}"
    assert not any(hidden in said for hidden in (*SECRETS, WORDS, "case 2026-0443", address, PHONE[1:]))
