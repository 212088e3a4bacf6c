"""An email file that was forwarded to the school, as something that a person brings in by hand."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser

LARGEST = 5_000_000
"""Bytes of the largest file that is read; attachments are never opened, whatever they are."""


class NoEmail(Exception):
    """The file holds no email with words. The text quotes nothing."""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What an email says. ``sent_at`` is UTC, ``None`` where the email has no date that can be read."""

    sender: str = field(repr=False)
    words: str = field(repr=False)
    sent_at: datetime | None


def read_email(content: bytes) -> Forwarded:
    """Read an email file (.eml): subject and plain words, else the words of its HTML. Nothing is fetched.

    Raises:
        NoEmail: it is too large, or there are no words in it.
    """
    if len(content) > LARGEST:
        raise NoEmail("the file is larger than 5 MB: save the email without its attachments")
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - the policy makes it one
    subject = _header(message, "subject")
    words = "\n\n".join(part for part in (subject, _body(message).strip()) if part)
    if not words or not {"from", "date"} & {name.lower() for name in message.keys()}:  # noqa: SIM118
        raise NoEmail("this is no email with words: save it as an .eml file")
    return Forwarded(_sender(message), words, _date(message))


def _sender(message: EmailMessage) -> str:
    name, address = parseaddr(_header(message, "from"))
    return name or address.partition("@")[0]


def _header(message: EmailMessage, name: str) -> str:
    """Return a header's words; one that breaks the rules of email so badly that Python stumbles has none."""
    try:
        return " ".join(str(message.get(name, "")).split())
    except (AttributeError, IndexError, ValueError):
        return ""


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        content = str(part.get_content())
    except (LookupError, UnicodeError, ValueError):
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return _plain(content) if part.get_content_subtype() == "html" else content


def _date(message: EmailMessage) -> datetime | None:
    try:
        read = parsedate_to_datetime(_header(message, "date"))
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "head"):
            self._silent += 1
        elif tag in ("p", "br", "div", "li", "tr", "h1", "h2", "h3", "blockquote"):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "head") and self._silent:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def _plain(html: str) -> str:
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return "\n".join(line for line in lines if line)
