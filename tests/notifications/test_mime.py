"""The email as it travels."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.base import Attachment, Message, PermanentError
from notifications.mime import mime_message, usable_address, usable_id

SENDER = "socialduty@oakfield.example"
Maker = Callable[..., Message]


def test_the_headers_say_that_a_machine_wrote(message: Maker) -> None:
    """No holiday answers, one thread, the identifier and moment we were given."""
    mail = mime_message(message(), SENDER)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Message-ID"] == "<case-2026-0443-new@oakfield.example>"
    assert mail["In-Reply-To"] == mail["References"] == "<case-2026-0443@oakfield.example>"
    assert mail["Date"] == "Fri, 20 Nov 2026 14:30:00 +0000"
    assert "List-Unsubscribe" not in mail


def test_the_plain_text_comes_first_then_html_then_attachments(message: Maker) -> None:
    """The simplest reader finds what it can read first."""
    attached = (Attachment("report.pdf", "application/pdf", b"%PDF-1.7"),)
    mail = message_from_bytes(mime_message(message(attachments=attached), SENDER).as_bytes(), policy=default)
    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "application/pdf"]
    assert [part.get_filename() for part in mail.iter_attachments()] == ["report.pdf"]


def test_every_letter_arrives_over_a_seven_bit_road(message: Maker) -> None:
    """Old servers pass seven bits and 998 characters a line; nothing may change on the way."""
    written = message(subject="Tŷ Ŵyn: reply by 5pm", text="Tŷ Ŵyn 😀\n" + "long " * 600 + "\nFrom here\n.\n")
    wire = mime_message(written, SENDER).as_bytes()
    assert max(wire) < 128
    assert max(map(len, wire.split(b"\r\n"))) <= 998
    assert b"\n" not in wire.replace(b"\r\n", b"")
    mail = message_from_bytes(wire, policy=default)
    assert mail["Subject"] == written.subject
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == written.text


def test_the_same_message_is_the_same_bytes(message: Maker) -> None:
    """Boundaries are made from the identifier, not by chance."""
    attached = (Attachment("report.pdf", "application/pdf", b"%PDF-1.7"),)
    first, second = (mime_message(message(attachments=attached), SENDER).as_bytes() for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@",
        "@b.example",
        "a b@c.example",
        "a@b.example, c@d.example",
        "a@b..example",
        "jürgen@b.example",
        "x" * 65 + "@b.example",
    ],
)
def test_an_address_that_no_server_takes_is_refused_for_good(address: str, message: Maker) -> None:
    """Waiting does not help: somebody corrects the settings. The address is not in the text."""
    with pytest.raises(PermanentError) as refusal:
        mime_message(message(to=address), SENDER)
    assert not address or address not in str(refusal.value)


def test_a_domain_in_other_letters_travels_in_its_ascii_form() -> None:
    """Domains beyond ASCII have one; local parts have none."""
    assert usable_address("office@tŷ.example") == "office@xn--t-foa.example"


@given(st.text(st.characters(exclude_categories=())))
def test_any_identifier_becomes_one_that_does_not_fold(identifier: str) -> None:
    """A broken identifier is replaced by its digest, always the same."""
    ready = usable_id(identifier)
    assert ready == usable_id(identifier)
    assert len(ready) <= 78
    assert ready.count("@") == 1
    assert ready.isascii()


def test_identifiers_that_differ_only_in_broken_characters_stay_different() -> None:
    """Otherwise two alerts would look like one."""
    assert usable_id("<a b@c.example>") != usable_id("<ab@c.example>") == "<ab@c.example>"


def test_nul_and_lone_surrogates_do_not_lose_a_message(message: Maker) -> None:
    """They arrive as the replacement character."""
    written = message(
        text="a\x00b\ud800c\n", html="<p>\x00\ud800</p>", subject="a\x00\r\nBcc: x@y.example\ud800"
    )
    mail = message_from_bytes(mime_message(written, SENDER).as_bytes(), policy=default)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "a Bcc: x@y.example\ufffd"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "a\ufffdb\ufffdc"
