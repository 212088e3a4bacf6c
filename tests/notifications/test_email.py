"""Email, handed to real SMTP servers on this machine."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr, ValidationError

from moderation.alerts import DeliveryState, Handed
from notifications.base import ChannelError, Message, PermanentError, TechnicalError, TemporaryError
from notifications.email import Channel, Options, Security

Maker = Callable[..., Message]
SENDER = "socialduty@oakfield.example"
PASSWORD = "correct horse battery"


class Certificate(NamedTuple):
    """A certificate that signs itself, and the server's side of it."""

    file: Path
    server: ssl.SSLContext


class Mailbox:
    """A mail server's inside: keeps what it accepts, and answers RCPT and DATA as it is told."""

    def __init__(self, *rcpt: str, data: str = "250 OK", refuses: str = "") -> None:
        self.rcpt, self.data, self.refuses = list(rcpt), data, refuses
        self.accepted: list[bytes] = []
        self.greeted: list[str] = []

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.greeted.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt.pop(0) if self.rcpt else "250 OK"
        if address == self.refuses:
            answer = f"550 5.1.1 no mailbox {address}"
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data.startswith("2"):
            assert isinstance(envelope.content, bytes)
            self.accepted.append(envelope.content)
        return self.data


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Make a certificate for 127.0.0.1."""
    return certificate_for(tmp_path_factory.mktemp("tls"), "127.0.0.1")


def certificate_for(folder: Path, host: str) -> Certificate:
    """Make a certificate that signs itself, for a server at the address ``host``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Oakfield practice mail")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, key_file = folder / "mail.pem", folder / "mail.key"
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file, key_file)
    return Certificate(file, server)


@contextmanager
def serving(mailbox: Mailbox, **options: Any) -> Iterator[int]:
    """Run a real SMTP server around ``mailbox`` and give its port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@contextmanager
def scripted(*answers: bytes) -> Iterator[int]:
    """Run a server that says ``answers``, one for each line it hears, and then hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as heard:
                for number, answer in enumerate(answers):
                    if number:
                        heard.readline()
                    connection.sendall(answer)

        thread = Thread(target=talk, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(5)


def channel(port: int, security: Security = Security.NONE, **options: Any) -> Channel:
    """Return the channel to a practice server on this machine."""
    return Channel(Options(host="127.0.0.1", port=port, security=security, sender=SENDER, **options))


def test_a_message_arrives_whole(message: Maker) -> None:
    """Text, HTML and headers, as they were written."""
    mailbox = Mailbox()
    with serving(mailbox) as port:
        assert channel(port).send(message()) == Handed(DeliveryState.DELIVERED, "smtp")
    (wire,) = mailbox.accepted
    mail = message_from_bytes(wire, policy=default)
    assert mail["Message-ID"] == "<case-2026-0443-new@oakfield.example>"
    assert mail["To"] == "priya.nair@oakfield.example"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == message().text
    assert mailbox.greeted == ["oakfield.example"]


def test_starttls_with_sign_in_delivers(message: Maker, certificate: Certificate) -> None:
    """The ordinary way: encrypted, verified against the school's own authority, signed in."""
    mailbox, seen = Mailbox(), []

    def authenticator(
        server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        assert session.ssl is not None
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)

    with serving(
        mailbox,
        tls_context=certificate.server,
        require_starttls=True,
        auth_required=True,
        authenticator=authenticator,
    ) as port:
        signed_in = {"username": "mailer", "password": SecretStr(PASSWORD), "ca_file": certificate.file}
        channel(port, Security.STARTTLS, **signed_in).send(message())
        with pytest.raises(TechnicalError, match="refuses the sign-in") as refusal:
            channel(port, Security.STARTTLS, **{**signed_in, "password": SecretStr("wrong")}).send(message())
        with pytest.raises(TechnicalError, match="sign-in"):
            channel(port, Security.STARTTLS, ca_file=certificate.file).send(message())
    assert len(mailbox.accepted) == 1
    assert seen[0] == (b"mailer", PASSWORD.encode())
    assert "wrong" not in str(refusal.value)


def test_tls_from_the_first_byte_delivers(message: Maker, certificate: Certificate) -> None:
    """The other ordinary way, port 465."""
    mailbox = Mailbox()
    with serving(mailbox, ssl_context=certificate.server) as port:
        channel(port, Security.TLS, ca_file=certificate.file).send(message())
    assert len(mailbox.accepted) == 1


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_without_encryption_nothing_is_sent(security: Security, message: Maker) -> None:
    """No silent plaintext: a server that offers no encryption gets neither content nor address."""
    mailbox = Mailbox()
    with serving(mailbox) as port, pytest.raises(TechnicalError):
        channel(port, security).send(message())
    assert not mailbox.accepted


def test_an_unknown_certificate_gets_nothing(message: Maker, certificate: Certificate) -> None:
    """A stranger between us and the server is not told."""
    mailbox = Mailbox()
    with (
        serving(mailbox, tls_context=certificate.server) as port,
        pytest.raises(TechnicalError, match="certificate"),
    ):
        channel(port, Security.STARTTLS).send(message())
    assert not mailbox.accepted


def test_a_certificate_for_another_server_gets_nothing(message: Maker, tmp_path: Path) -> None:
    """Even one whose authority we trust."""
    other, mailbox = certificate_for(tmp_path, "192.0.2.1"), Mailbox()
    with (
        serving(mailbox, tls_context=other.server) as port,
        pytest.raises(TechnicalError, match="certificate"),
    ):
        channel(port, Security.STARTTLS, ca_file=other.file).send(message())
    assert not mailbox.accepted


def test_greylisting_is_tried_again_and_never_counted_as_sent(message: Maker) -> None:
    """451 twice, then accepted: delivered once."""
    mailbox = Mailbox("451 4.7.1 greylisted", "451 4.7.1 greylisted")
    with serving(mailbox) as port:
        for _ in range(2):
            with pytest.raises(TemporaryError, match="451") as later:
                channel(port).send(message())
            assert later.value.state is DeliveryState.TEMPORARY_FAILURE
        assert not mailbox.accepted
        channel(port).send(message())
    assert len(mailbox.accepted) == 1


def test_one_refused_address_does_not_touch_the_other(message: Maker) -> None:
    """Each person has a result of their own, and the address is in no text."""
    gone = "tom.ellis@oakfield.example"
    mailbox = Mailbox(refuses=gone)
    with serving(mailbox) as port:
        channel(port).send(message())
        with pytest.raises(PermanentError) as refusal:
            channel(port).send(message(to=gone))
    assert str(refusal.value) == "the mail server refuses this address (550)"
    assert refusal.value.state is DeliveryState.PERMANENT_FAILURE
    assert refusal.value.__suppress_context__
    assert len(mailbox.accepted) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("452 4.3.1 full", TemporaryError),
        ("421 4.3.2 going", TemporaryError),
        ("554 5.7.1 no", PermanentError),
    ],
)
def test_a_refused_message_says_whether_waiting_helps(
    answer: str, error: type[ChannelError], message: Maker
) -> None:
    """After DATA as before it."""
    mailbox = Mailbox(data=answer)
    with serving(mailbox) as port, pytest.raises(error):
        channel(port).send(message())


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ((b"421 busy\r\n",), TemporaryError),
        ((b"554 go away\r\n",), TechnicalError),
        ((b"220 hi\r\n", b"250 hi\r\n", b"550 not you\r\n", b"250 ok\r\n"), TechnicalError),
        ((b"220 hi\r\n", b"250 hi\r\n", b"451 later\r\n", b"250 ok\r\n"), TemporaryError),
        ((b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"), TemporaryError),
        ((b"HTTP/1.1 200 OK\r\n",), TechnicalError),
        ((b"",), TemporaryError),
    ],
    ids=[
        "busy",
        "no service",
        "sender refused",
        "sender later",
        "cut in the data",
        "no mail server",
        "hangs up",
    ],
)
def test_a_server_that_breaks_off_is_understood(
    answers: tuple[bytes, ...], error: type[ChannelError], message: Maker
) -> None:
    """At whatever point of the conversation."""
    with scripted(*answers) as port, pytest.raises(error):
        channel(port).send(message())


def test_a_server_that_hangs_up_after_accepting_has_accepted(message: Maker) -> None:
    """A lost goodbye does not send the message twice."""
    lines = b"354 go\r\n"
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as heard:
                for answer in (b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", lines):
                    connection.sendall(answer)
                    heard.readline()
                while heard.readline() != b".\r\n":
                    pass
                connection.sendall(b"250 taken\r\n")

        thread = Thread(target=talk, daemon=True)
        thread.start()
        channel(listener.getsockname()[1]).send(message())
        thread.join(5)


def test_a_line_that_breaks_in_the_middle_of_the_message_is_tried_again(message: Maker) -> None:
    """What arrived in part has not arrived."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as heard:
                for answer in (b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
                    connection.sendall(answer)
                    heard.readline()
                heard.read(1000)

        thread = Thread(target=talk, daemon=True)
        thread.start()
        with pytest.raises(TemporaryError):
            channel(listener.getsockname()[1]).send(message(text="A long line of words.\n" * 500_000))
        thread.join(5)


def test_a_server_that_never_answers_is_left_in_time(message: Maker) -> None:
    """A hanging server costs the time-out and not more."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        silent = channel(listener.getsockname()[1], connect_timeout=0.2, answer_timeout=0.2)
        with pytest.raises(TemporaryError, match=r"cannot be reached|broke off"):
            silent.send(message())


def test_a_server_that_stops_answering_is_left_in_time(message: Maker) -> None:
    """After the greeting the second time-out holds."""
    with scripted(b"220 hi\r\n", b"") as port:
        slow = channel(port, connect_timeout=5, answer_timeout=0.2)
        with pytest.raises(TemporaryError):
            slow.send(message())


def test_nobody_listening_is_tried_again(message: Maker) -> None:
    """A server that is down for the night comes back."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(TemporaryError, match="cannot be reached"):
        channel(port).send(message())


def test_a_password_that_cannot_be_sent_is_not_shown(message: Maker) -> None:
    """The library's own error would quote it."""
    secret = "pässwörd"
    with (
        scripted(b"220 hi\r\n", b"250-hi\r\n250 AUTH PLAIN\r\n", b"221 bye\r\n") as port,
        pytest.raises(TechnicalError) as problem,
    ):
        channel(port, username="mailer", password=SecretStr(secret)).send(message())
    assert secret not in str(problem.value)
    assert problem.value.__suppress_context__


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"host": "mail.oakfield.example", "security": "none"}, "only for a mail server on this machine"),
        ({"host": "10.0.0.5", "security": "none"}, "only for a mail server on this machine"),
        ({"username": "mailer"}, "go together"),
        ({"password": "x"}, "go together"),
        ({"sender": "socialduty"}, "not an email address"),
        ({"host": "x" * 70}, "not the name of a mail server"),
        ({"host": ""}, "at least 1"),
        ({"port": 0}, "greater than"),
        ({"hots": "typo"}, "Extra inputs"),
    ],
)
def test_a_wrong_setting_is_refused_with_a_remedy(options: dict[str, Any], problem: str) -> None:
    """Before anything is sent."""
    right = {"host": "mail.oakfield.example", "sender": SENDER}
    with pytest.raises(ValidationError, match=problem):
        Options(**{**right, **options})


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_the_clear_is_allowed_on_this_machine(host: str) -> None:
    """For a mail server or catcher beside us."""
    assert Options(host=host, security=Security.NONE, sender=SENDER).port == 587


def test_the_password_is_not_in_what_gets_logged() -> None:
    """Neither in the text form of the settings."""
    options = Options(host="localhost", sender=SENDER, username="mailer", password=SecretStr(PASSWORD))
    assert PASSWORD not in repr(options)
