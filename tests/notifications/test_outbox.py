"""The outbox folder: one file for each message, once, whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from moderation.alerts import DeliveryState, Handed
from notifications.base import Message, PermanentError, TechnicalError
from notifications.outbox import Channel, Options, file_name

Maker = Callable[..., Message]


def outbox(folder: Path) -> Channel:
    """Return the channel into ``folder``."""
    return Channel(Options(folder=folder, sender="socialduty@oakfield.example"))


def test_a_message_becomes_one_readable_file(tmp_path: Path, message: Maker) -> None:
    """The folder is made when it is missing."""
    handed = outbox(tmp_path / "new" / "outbox").send(message())
    assert handed == Handed(DeliveryState.DELIVERED, "outbox")
    (file,) = (tmp_path / "new" / "outbox").iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=default)
    assert mail["To"] == "priya.nair@oakfield.example"
    assert file.name.startswith("case-2026-0443-new-")
    assert file.suffix == ".eml"


def test_the_same_message_twice_is_the_same_file(tmp_path: Path, message: Maker) -> None:
    """A repeat after a crash, minutes later, changes nothing."""
    outbox(tmp_path).send(message())
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    outbox(tmp_path).send(message(sent_at=message().sent_at + timedelta(minutes=5)))
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_two_messages_are_two_files(tmp_path: Path, message: Maker) -> None:
    """Even when their identifiers differ only in what a file name cannot hold."""
    for identifier in ("<a/b@x.example>", "<a:b@x.example>", "<A/b@x.example>", "<../../b@x.example>"):
        outbox(tmp_path).send(message(message_id=identifier))
    assert len(list(tmp_path.iterdir())) == 4


def test_file_names_stay_in_the_folder() -> None:
    """No identifier can name another place."""
    name = file_name("<../../etc/passwd\x00@x.example>")
    assert Path(name).name == name


def test_the_writing_leaves_nothing_else_behind(tmp_path: Path, message: Maker) -> None:
    """No half-written file is ever there under its final name, and no temporary one stays."""
    outbox(tmp_path).send(message())
    assert [file.suffix for file in tmp_path.iterdir()] == [".eml"]


def test_a_folder_that_is_a_file_is_a_persons_business(tmp_path: Path, message: Maker) -> None:
    """Waiting does not help; the text names no path."""
    blocked = tmp_path / "outbox"
    blocked.write_text("not a folder")
    with pytest.raises(TechnicalError, match="outbox folder") as problem:
        outbox(blocked).send(message())
    assert str(tmp_path) not in str(problem.value)


def test_a_wrong_address_is_refused_like_by_a_server(tmp_path: Path, message: Maker) -> None:
    """A rehearsal finds what the real channel would find, and writes nothing."""
    with pytest.raises(PermanentError):
        outbox(tmp_path).send(message(to="nobody"))
    assert not list(tmp_path.iterdir())


def test_the_folder_stands_in_for_every_channel(tmp_path: Path, message: Maker) -> None:
    """A text shows its number; the address of a chat room is a secret, so it is not written down."""
    assert outbox(tmp_path).name == "email"
    text = Channel(Options(folder=tmp_path, name="sms"))
    chat = Channel(Options(folder=tmp_path, name="chat"))
    assert (text.name, chat.name) == ("sms", "chat")
    text.send(message(message_id="<text@x.example>", to="+44 7700 900417"))
    chat.send(message(message_id="<chat@x.example>", to="ntfy://room-token"))
    written = {file.name.partition("-")[0]: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()}
    assert "To: +447700900417@sms.invalid" in written["text"]
    assert "room-token" not in written["chat"]
