"""Email through the school's own mail server.

Certificates are always verified and nothing is ever sent in the clear to another machine: a server that
offers no encryption gets no message, and a person is told.
"""

from __future__ import annotations

import smtplib
import ssl
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from moderation.alerts import DeliveryState, Handed
from notifications.base import ChannelError, Message, PermanentError, TechnicalError, TemporaryError
from notifications.mime import mime_message, usable_address

_PERMANENT = 500
_SIGN_IN_NEEDED = frozenset({530, 534, 535, 538})


class Security(StrEnum):
    """How the way to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Options(BaseModel):
    """The mail server. Times are seconds. ``ca_file`` adds the school's own certificate authority.

    ``plain_hosts`` are servers on our own container network that may be spoken to without encryption.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1)
    port: int = Field(default=587, ge=1, le=65535)
    security: Security = Security.STARTTLS
    username: str | None = None
    password: SecretStr | None = None
    sender: str
    ca_file: Path | None = None
    plain_hosts: tuple[str, ...] = ()
    connect_timeout: float = Field(default=10.0, gt=0)
    answer_timeout: float = Field(default=30.0, gt=0)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        near = _is_loopback(self.host) or self.host in self.plain_hosts
        if self.security is Security.NONE and not near:
            raise ValueError(
                'security "none" is only for a mail server on this machine or in plain_hosts: use "tls"'
            )
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password go together: set both or neither")
        try:
            self.host.encode("idna")
        except UnicodeError:
            raise ValueError("host is not the name of a mail server") from None
        try:
            usable_address(self.sender)
        except PermanentError:
            raise ValueError("sender is not an email address, such as socialduty@oakfield.example") from None
        return self


class Channel:
    """Hands messages to a mail server, one connection and one result for each."""

    name: ClassVar[str] = "email"

    def __init__(self, options: Options) -> None:
        self._options = options

    def send(self, message: Message) -> Handed:
        """Hand ``message`` over. It is delivered as far as we can know when this returns.

        Raises:
            TemporaryError: the server is away, slow, or asked us to come back.
            PermanentError: the server refuses this address or this message for good.
            TechnicalError: encryption, certificate, sign-in or sender: a person must correct the set-up.
        """
        sender, to = usable_address(self._options.sender), usable_address(message.to)
        content = mime_message(message, sender).as_bytes()
        client: smtplib.SMTP | None = None
        try:
            client = self._connected()
            client.sendmail(sender, [to], content)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            # The cause may quote the address or the server's greeting: it must not travel on.
            raise _explained(error) from None
        finally:
            if client is not None:
                _leave(client)
        return Handed(DeliveryState.DELIVERED, "smtp")

    def _connected(self) -> smtplib.SMTP:
        """Return a connection that is encrypted and signed in; a failed one is closed here."""
        options = self._options
        client = self._greeted()
        try:
            if client.sock is not None:
                client.sock.settimeout(options.answer_timeout)
            if options.security is Security.STARTTLS:
                client.starttls(context=self._context())
            if options.username is not None and options.password is not None:
                client.login(options.username, options.password.get_secret_value())
        except BaseException:
            client.close()
            raise
        return client

    def _greeted(self) -> smtplib.SMTP:
        host, port, timeout = self._options.host, self._options.port, self._options.connect_timeout
        name = usable_address(self._options.sender).rpartition("@")[2]
        if self._options.security is Security.TLS:
            return smtplib.SMTP_SSL(host, port, name, timeout=timeout, context=self._context())
        return smtplib.SMTP(host, port, name, timeout=timeout)

    def _context(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context()
            if self._options.ca_file is not None:
                context.load_verify_locations(cafile=str(self._options.ca_file))
        except (OSError, ssl.SSLError):
            raise TechnicalError(
                "the certificate file of the mail server cannot be read: check ca_file"
            ) from None
        return context


def _leave(client: smtplib.SMTP) -> None:
    """Say goodbye. The outcome is already decided, so a failure here changes nothing."""
    try:
        client.quit()
    except (smtplib.SMTPException, OSError):
        client.close()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _explained(error: Exception) -> ChannelError:
    """Say whether trying again can help. The text holds reply codes, never what the server wrote."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code = next((code for code, _ in error.recipients.values()), _PERMANENT)
            return _refused(code, "this address")
        case smtplib.SMTPDataError():
            return _refused(error.smtp_code, "this message")
        case smtplib.SMTPResponseException():
            return _set_up_refused(error)
        case smtplib.SMTPServerDisconnected() | ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return TemporaryError("the mail server broke off the connection: it will be tried again")
        case smtplib.SMTPException() | ssl.SSLError() | UnicodeError():
            return TechnicalError(f"{_mismatch(error)}. Nothing was sent: check the mail settings")
        case _:
            kind = "no answer in time" if isinstance(error, TimeoutError) else "no connection"
            return TemporaryError(f"the mail server cannot be reached ({kind}): it will be tried again")


def _mismatch(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "the mail server does not offer what the settings ask for (encryption or sign-in)"
    if isinstance(error, ssl.SSLError):
        return "the mail server's certificate or encryption is not right"
    return "the user name and password cannot be used with this mail server"


def _refused(code: int, what: str) -> ChannelError:
    if code in _SIGN_IN_NEEDED:
        return _sign_in_needed(code)
    if code < _PERMANENT:
        return TemporaryError(f"the mail server asked us to come back with {what} ({code})")
    return PermanentError(f"the mail server refuses {what} ({code})")


def _sign_in_needed(code: int) -> ChannelError:
    return TechnicalError(
        f"the mail server wants encryption or a sign-in first ({code}): check security, username and password"
    )


def _set_up_refused(error: smtplib.SMTPResponseException) -> ChannelError:
    code = error.smtp_code
    if 0 <= code < _PERMANENT:
        return TemporaryError(f"the mail server is not ready ({code}): it will be tried again")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return TechnicalError(f"the mail server refuses the sign-in ({code}): check username and password")
    if code in _SIGN_IN_NEEDED:
        return _sign_in_needed(code)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return TechnicalError(f"the mail server refuses our sender address ({code}): check sender")
    return TechnicalError(f"the mail server refuses the connection ({code}): check host and port")
