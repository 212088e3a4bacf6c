"""The email as it travels: headers, plain text first, then HTML, then attachments.

The same message and the same moment give the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from notifications.base import Message, PermanentError
from notifications.cleaning import clean_line

SUBJECT_LIMIT = 200
"""Characters of a subject that travel. Wording keeps its own, stricter limit."""

_POLICY = SMTP.clone(cte_type="7bit")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_ADDRESS_LIMIT = 254
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9.!#$%&'*+/=?^_`{|}~@-]")
_ID_LIMIT = 70
"""Longer identifiers would be folded in the middle, and threads would fall apart."""


def mime_message(message: Message, sender: str) -> EmailMessage:
    """Build the email for ``message``, from ``sender``.

    Raises:
        PermanentError: an address cannot be used in a header; no server would take it.
    """
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = usable_address(sender)
    mail["To"] = usable_address(message.to)
    mail["Subject"] = clean_line(message.subject, SUBJECT_LIMIT) or "A message from socialduty"
    mail["Date"] = format_datetime(message.sent_at)
    mail["Message-ID"] = usable_id(message.message_id)
    if message.thread_id is not None:
        mail["In-Reply-To"] = usable_id(message.thread_id)
        mail["References"] = usable_id(message.thread_id)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    _add_content(mail, message)
    _fix_boundaries(mail, message.message_id)
    return mail


def usable_address(address: str) -> str:
    """Return ``address`` ready for a header; a domain with letters beyond ASCII in its ASCII form.

    Raises:
        PermanentError: it is no address that every mail server understands.
    """
    local, _, domain = clean_line(address).rpartition("@")
    try:
        ready = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        ready = ""
    if len(ready) > _ADDRESS_LIMIT or not _ADDRESS.fullmatch(ready):
        raise PermanentError("this is not an email address that can be used: correct it in the settings")
    return ready


def usable_id(identifier: str) -> str:
    """Return a Message-ID in angle brackets; an over-long or broken one becomes its digest."""
    bare = _NOT_IN_ID.sub("", identifier)
    local, at, domain = bare.rpartition("@")
    if not (at and local and domain) or "@" in local or len(bare) > _ID_LIMIT or f"<{bare}>" != identifier:
        local, domain = (
            hashlib.sha256(identifier.encode(errors="replace")).hexdigest()[:32],
            "socialduty.invalid",
        )
    return f"<{local}@{domain}>"


def _add_content(mail: EmailMessage, message: Message) -> None:
    mail.set_content(_encodable(message.text), charset="utf-8", cte="quoted-printable")
    if message.html is not None:
        mail.add_alternative(
            _encodable(message.html), subtype="html", charset="utf-8", cte="quoted-printable"
        )
    for attachment in message.attachments:
        kind, _, subtype = clean_line(attachment.media_type).partition("/")
        mail.add_attachment(
            attachment.content,
            maintype=kind or "application",
            subtype=subtype or "octet-stream",
            filename=clean_line(attachment.name, 100) or "attachment",
        )


def _encodable(text: str) -> str:
    """Return ``text`` without NUL and lone surrogates, which mail cannot carry."""
    return re.sub("[\x00\ud800-\udfff]", "\ufffd", text)


def _fix_boundaries(mail: EmailMessage, seed: str) -> None:
    """Replace the random boundaries of the parts, so that the same message is the same bytes."""
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        digest = hashlib.sha256(f"{number} {seed}".encode(errors="replace")).hexdigest()[:32]
        part.set_boundary(f"=_{digest}")
