"""An email that was forwarded: its words, its sender's name, its date; never its attachments."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from workers.forwarded import LARGEST, NoEmail, read_email


def message(**headers: str) -> EmailMessage:
    """Return an email of an invented parent."""
    email = EmailMessage()
    usual = {
        "Subject": "Lost coat",
        "From": "Kerry Walsh <kerry@walsh.example>",
        "Date": "Tue, 17 Nov 2026 09:30:00 +0100",
    }
    for name, value in {**usual, **headers}.items():
        email[name] = value
    return email


def test_subject_words_sender_and_date_are_read() -> None:
    """The name is shown, the address is not kept."""
    email = message()
    email.set_content("My son left his coat in the hall.\n")
    read = read_email(email.as_bytes())
    assert read.words == "Lost coat\n\nMy son left his coat in the hall."
    assert read.sender == "Kerry Walsh"
    assert read.sent_at == datetime(2026, 11, 17, 8, 30, tzinfo=UTC)


def test_html_alone_is_read_as_words() -> None:
    """No tags, no scripts, nothing that would be fetched."""
    email = message()
    email.set_content(
        "<html><head><style>p {color: red}</style></head><body><script>steal()</script>"
        "<p>The gate is locked &amp; nobody answers.</p><img src='https://tracker.example/x.png'></body></html>",
        subtype="html",
    )
    read = read_email(email.as_bytes())
    assert read.words == "Lost coat\n\nThe gate is locked & nobody answers."


def test_attachments_are_never_opened() -> None:
    """Whatever they are."""
    email = message()
    email.set_content("See the photo.")
    email.add_attachment(b"\xff\xd8\xff not opened", maintype="image", subtype="jpeg", filename="x.jpg")
    assert "opened" not in read_email(email.as_bytes()).words


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"x" * (LARGEST + 1)], ids=["empty", "bytes", "huge"]
)
def test_what_is_no_email_is_refused(content: bytes) -> None:
    """With a reason that quotes nothing."""
    with pytest.raises(NoEmail):
        read_email(content)


def test_odd_letters_and_dates_stop_nobody() -> None:
    """A character set that does not exist, a date that is none."""
    raw = (
        b"From: x@walsh.example\r\nDate: yesterday\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\n"
        b"Content-Type: text/plain; charset=no-such-set\r\n\r\nIs the caf\xe9 open?\r\n"
    )
    read = read_email(raw)
    assert read.sent_at is None
    assert read.words.startswith("Café")
    assert "open?" in read.words


def test_headers_that_break_every_rule_stop_nobody() -> None:
    """A date beyond all calendars, a sender that is none."""
    odd = b"From: a:b;c@[\r\nDate: Fri, 31 Dec 9999 23:59:59 -1200\r\n"
    raw = odd + b"Subject: Lost coat\r\n\r\nWhere is it?\r\n"
    read = read_email(raw)
    assert read.sent_at is None
    assert read.words == "Lost coat\n\nWhere is it?"
