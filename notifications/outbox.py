"""The outbox: every message becomes one ``.eml`` file in a folder, for demos, rehearsals and proof."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from moderation.alerts import DeliveryState, Handed
from notifications.base import Message, PermanentError, TechnicalError, TemporaryError
from notifications.mime import mime_message

_NUMBER = re.compile(r"\+?[0-9 ]{7,20}")
_PASSING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EAGAIN, errno.EMFILE, errno.ENFILE})


class Options(BaseModel):
    """Where the files go, the address that they say they are from, and the channel that they stand in for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path
    sender: str = "socialduty@localhost.localdomain"
    name: Literal["email", "sms", "chat"] = "email"


class Channel:
    """Writes messages into a folder. The same message twice is one file, whenever it is sent."""

    def __init__(self, options: Options) -> None:
        self._options = options

    @property
    def name(self) -> str:
        """The channel that this folder stands in for."""
        return self._options.name

    def send(self, message: Message) -> Handed:
        """Write ``message``; a file of the same message that is already there stays as it is.

        Raises:
            PermanentError: the real channel could not send to this address either.
            TemporaryError: the disk is full or busy.
            TechnicalError: the folder cannot be written.
        """
        message = replace(message, to=_mailable(message.to, self.name))
        content = mime_message(message, self._options.sender).as_bytes()
        target = self._options.folder / file_name(message.message_id)
        try:
            self._options.folder.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                _write_whole(target, content)
        except OSError as error:
            what = (
                f"the outbox folder could not be written ({errno.errorcode.get(error.errno or 0, 'unknown')})"
            )
            if error.errno in _PASSING:
                raise TemporaryError(f"{what}: make room on the disk") from None
            raise TechnicalError(f"{what}: correct the folder or its permissions") from None
        return Handed(DeliveryState.DELIVERED, "outbox")

    def state_of(self, reference: str) -> DeliveryState | None:
        """Return that it is there: what was written stays."""
        return DeliveryState.DELIVERED

    def find(self, message: Message) -> Handed | None:
        """Return that an earlier try wrote ``message``, if it did."""
        is_there = (self._options.folder / file_name(message.message_id)).exists()
        return Handed(DeliveryState.DELIVERED, "outbox") if is_there else None


def _mailable(address: str, channel: str) -> str:
    """Return ``address`` as a mail header can hold it. That of a chat room is a secret, so it stays out."""
    match channel:
        case "sms" if _NUMBER.fullmatch(address):
            return f"{address.replace(' ', '')}@sms.invalid"
        case "sms":
            raise PermanentError("this is not a phone number that can be used: correct it in the settings")
        case "chat":
            return "room@chat.invalid"
        case _:
            return address


def file_name(message_id: str) -> str:
    """Return the file's name: readable, the same for the same message, different for every other."""
    readable = re.sub(r"[^A-Za-z0-9-]+", "-", message_id.partition("@")[0]).strip("-").lower()[:60]
    digest = hashlib.sha256(message_id.encode(errors="replace")).hexdigest()[:10]
    return f"{readable or 'message'}-{digest}.eml"


def _write_whole(target: Path, content: bytes) -> None:
    """Write the file so that a reader, and a kill at any moment, see all of it or nothing."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
