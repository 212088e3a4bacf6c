"""Teams, Slack, ntfy and some 170 more, through the library apprise, which only those install who want it."""

from __future__ import annotations

import logging
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from moderation.alerts import DeliveryState, Handed
from notifications.base import Message, PermanentError, TechnicalError, TemporaryError
from notifications.cleaning import clean_line, clean_text
from notifications.web import ANSWER_TIMEOUT, CONNECT_TIMEOUT


class Options(BaseModel):
    """How long a chat service may take, in seconds. Where a message goes is in the message."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    connect_timeout: float = Field(default=CONNECT_TIMEOUT, gt=0)
    answer_timeout: float = Field(default=ANSWER_TIMEOUT, gt=0)


class Channel:
    """Hands messages to chat rooms; ``to`` is an address of apprise, with its secret inside."""

    name: ClassVar[str] = "chat"

    def __init__(self, options: Options) -> None:
        self._options = options

    def send(self, message: Message) -> Handed:
        """Hand ``message`` over. It is delivered as far as we can know when this returns.

        Raises:
            TemporaryError: the service did not take it; apprise does not say why.
            PermanentError: this is no address that apprise knows.
            TechnicalError: apprise is not installed.
        """
        try:
            from apprise import Apprise, AppriseAsset
        except ImportError:
            raise TechnicalError(
                "chat messages need one more library: pip install 'apprise>=1.9,<3'"
            ) from None
        logging.getLogger("apprise").disabled = True  # its lines hold addresses and words
        asset = AppriseAsset(async_mode=False)
        room = Apprise.instantiate(message.to, asset=asset)
        if room is None:
            raise PermanentError("this is not an address of a chat room: correct it in the settings")
        room.socket_connect_timeout = self._options.connect_timeout
        room.socket_read_timeout = self._options.answer_timeout
        room.retry = 0  # when to try again is decided elsewhere
        rooms = Apprise(asset=asset)
        rooms.add(room)
        taken = rooms.notify(
            title=clean_line(message.subject), body=clean_text(message.text), body_format="text"
        )
        if not taken:
            raise TemporaryError("the chat service did not take the message: it will be tried again")
        return Handed(DeliveryState.DELIVERED, "apprise")
