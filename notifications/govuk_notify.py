"""Text messages through GOV.UK Notify, which state-funded schools may use.

The template in Notify is one line, ``((message))``: what a message says is decided here, not there.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from moderation.alerts import DeliveryState, Handed
from notifications.base import ChannelError, Message, PermanentError, TechnicalError
from notifications.cleaning import clean_text
from notifications.web import (
    ANSWER_TIMEOUT,
    CONNECT_TIMEOUT,
    BaseUrl,
    prepare,
    refusal,
    unanswered,
    unreadable,
    value_in,
)

if TYPE_CHECKING:
    from notifications_python_client.errors import APIError
    from notifications_python_client.notifications import NotificationsAPIClient

_WHO = "GOV.UK Notify"
_UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_DECIDED = {
    "delivered": DeliveryState.DELIVERED,
    "permanent-failure": DeliveryState.PERMANENT_FAILURE,
    "temporary-failure": DeliveryState.TEMPORARY_FAILURE,
    "technical-failure": DeliveryState.TECHNICAL_FAILURE,
}
"""Every other status (created, sending, pending, sent) is still open."""


class Options(BaseModel):
    """A service in Notify. Times are seconds.

    ``template_id`` and ``sender_id`` (empty: the service's usual sender) are copied from Notify's pages.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    api_key: SecretStr
    template_id: str = Field(pattern=f"^{_UUID}$")
    sender_id: str | None = Field(default=None, pattern=f"^{_UUID}$")
    base_url: BaseUrl = "https://api.notifications.service.gov.uk"
    connect_timeout: float = Field(default=CONNECT_TIMEOUT, gt=0)
    answer_timeout: float = Field(default=ANSWER_TIMEOUT, gt=0)

    @field_validator("api_key")
    @classmethod
    def _is_whole(cls, key: SecretStr) -> SecretStr:
        if not re.fullmatch(rf".*{_UUID}-{_UUID}", key.get_secret_value()):
            raise ValueError("api_key is not a whole key of GOV.UK Notify: its name and two long identifiers")
        return key


class Channel:
    """Hands text messages to GOV.UK Notify. Our own reference is the Message-ID."""

    name: ClassVar[str] = "sms"

    def __init__(self, options: Options) -> None:
        self._options = options

    def send(self, message: Message) -> Handed:
        """Hand ``message`` over; Notify tells later what became of it.

        Raises:
            TemporaryError: Notify is away or busy, or a limit is reached. Unknown: it may have the message.
            PermanentError: this is not a phone number that Notify can send to.
            TechnicalError: key, clock, template or sender are wrong, or the service is in trial mode.
        """
        answer = self._ask(
            lambda client: client.send_sms_notification(
                phone_number=message.to,
                template_id=self._options.template_id,
                personalisation={"message": clean_text(message.text)},
                reference=_reference(message),
                sms_sender_id=self._options.sender_id,
            )
        )
        return _handed(answer)

    def state_of(self, reference: str) -> DeliveryState | None:
        answer = self._ask(lambda client: client.get_notification_by_id(reference))
        return _DECIDED.get(value_in(answer, "status", str, _WHO))

    def find(self, message: Message) -> Handed | None:
        answer = self._ask(
            lambda client: client.get_all_notifications(template_type="sms", reference=_reference(message))
        )
        for found in value_in(answer, "notifications", list, _WHO):
            state = _DECIDED.get(value_in(found, "status", str, _WHO), DeliveryState.SENDING)
            if state in {DeliveryState.SENDING, DeliveryState.DELIVERED}:
                return _handed(found, state)
        return None

    def _ask(self, question: Callable[[NotificationsAPIClient], object]) -> object:
        from notifications_python_client.errors import APIError

        client = self._client()  # one for each question: it is not made for threads
        try:
            return question(client)
        except APIError as error:
            # What Notify writes may quote the number: it must not travel on.
            raise _explained(error) from None
        finally:
            client.request_session.close()

    def _client(self) -> NotificationsAPIClient:
        from notifications_python_client.notifications import NotificationsAPIClient

        logging.getLogger("notifications_python_client.base").disabled = True  # it repeats Notify's words
        options = self._options
        client = NotificationsAPIClient(
            options.api_key.get_secret_value(),
            options.base_url,
            timeout=(options.connect_timeout, options.answer_timeout),
        )
        prepare(client.request_session, options.base_url)
        return client


def _reference(message: Message) -> str:
    return message.message_id.strip("<>")


def _handed(answer: object, state: DeliveryState = DeliveryState.SENDING) -> Handed:
    return Handed(state, "govuk_notify", value_in(answer, "id", str, _WHO))


def _explained(error: APIError) -> ChannelError:
    """Say whether trying again can help. The text holds status codes, never what Notify wrote."""
    from notifications_python_client.errors import InvalidResponse

    if isinstance(error, InvalidResponse):
        return unreadable(_WHO)
    if error.response is None:
        return unanswered(error.__cause__, _WHO)
    status = error.status_code
    if status == 400 and _is_about_the_number(error.message):
        return PermanentError(f"{_WHO} refuses this phone number ({status})")
    if status == 400:
        return TechnicalError(
            f"{_WHO} refuses the message ({status}): check that the service is live, the key is not for the "
            "team only, and template and sender are the service's own"
        )
    return refusal(status, _WHO, "check the key, and that this machine's clock is right")


def _is_about_the_number(errors: object) -> bool:
    """Say whether a validation error is about the number: its text begins with the field's name."""
    return isinstance(errors, list) and any(
        isinstance(each, dict)
        and each.get("error") == "ValidationError"
        and str(each.get("message")).startswith("phone_number ")
        for each in errors
    )
