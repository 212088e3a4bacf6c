"""Text messages through Twilio, for schools that may not use GOV.UK Notify, and as the second provider."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from moderation.alerts import DeliveryState, Handed
from notifications.base import ChannelError, Message, PermanentError, TemporaryError
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
    import requests

_WHO = "Twilio"
_REMEDY = "check account, token and sender, and that this number may be sent to"
_BAD_NUMBER = frozenset({21211, 21214, 21217, 21610, 21614, 21635})
"""No number, not a mobile one, or its owner has said stop."""
_FULL_QUEUE = 21611

_LOOK_BACK = timedelta(minutes=10)
"""How far before this try an earlier one of the same message is looked for."""

_NOT_DELIVERED: Mapping[object, DeliveryState] = {
    **dict.fromkeys((30001, 30003, 30008, 30017), DeliveryState.TEMPORARY_FAILURE),
    **dict.fromkeys((21610, 30004, 30005, 30006, 30007), DeliveryState.PERMANENT_FAILURE),
    30002: DeliveryState.TECHNICAL_FAILURE,
}
"""What a message came to, by Twilio's reason, in the words of GOV.UK Notify."""


class Options(BaseModel):
    """An account at Twilio. Times are seconds.

    ``sender`` is one of the account's numbers or a name of up to 11 letters; or a
    ``messaging_service_sid`` chooses among several.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    account_sid: str = Field(pattern="^AC[0-9a-fA-F]{32}$")
    auth_token: SecretStr
    sender: str | None = Field(default=None, min_length=1)
    messaging_service_sid: str | None = Field(default=None, pattern="^MG[0-9a-fA-F]{32}$")
    base_url: BaseUrl = "https://api.twilio.com"
    connect_timeout: float = Field(default=CONNECT_TIMEOUT, gt=0)
    answer_timeout: float = Field(default=ANSWER_TIMEOUT, gt=0)

    @model_validator(mode="after")
    def _has_one_sender(self) -> Self:
        if (self.sender is None) == (self.messaging_service_sid is None):
            raise ValueError("set sender or messaging_service_sid, and not both")
        return self


class Channel:
    """Hands text messages to Twilio."""

    name: ClassVar[str] = "sms"

    def __init__(self, options: Options) -> None:
        self._options = options

    def send(self, message: Message) -> Handed:
        """Hand ``message`` over; Twilio tells later what became of it.

        Raises:
            TemporaryError: Twilio is away or busy. Unknown: it may have the message.
            PermanentError: this is not a phone number that can get a text.
            TechnicalError: account, token or sender are wrong, or it is a trial account.
        """
        options = self._options
        form = {"To": message.to, "Body": clean_text(message.text)}
        if options.sender is not None:
            form["From"] = options.sender
        if options.messaging_service_sid is not None:
            form["MessagingServiceSid"] = options.messaging_service_sid
        answer = self._ask("POST", "Messages.json", form=form)
        return Handed(DeliveryState.SENDING, "twilio", value_in(answer, "sid", str, _WHO))

    def state_of(self, reference: str) -> DeliveryState | None:
        return _state(self._ask("GET", f"Messages/{reference}.json"))

    def find(self, message: Message) -> Handed | None:
        """Return an earlier try of ``message``: Twilio keeps no reference of ours, so number and words tell.

        No date is asked for, because a message that still waits at Twilio has none to be found by.
        """
        answer = self._ask("GET", "Messages.json", query={"To": message.to, "PageSize": "50"})
        words, since = clean_text(message.text).strip(), message.sent_at - _LOOK_BACK
        for found in value_in(answer, "messages", list, _WHO):
            state = _state(found) or DeliveryState.SENDING
            if state in {DeliveryState.SENDING, DeliveryState.DELIVERED} and _is_it(found, words, since):
                return Handed(state, "twilio", value_in(found, "sid", str, _WHO))
        return None

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, str] | None = None,
        form: dict[str, str] | None = None,
    ) -> object:
        import requests

        options = self._options
        with requests.Session() as session:
            session.auth = (options.account_sid, options.auth_token.get_secret_value())
            prepare(session, options.base_url)
            url = f"{options.base_url.rstrip('/')}/2010-04-01/Accounts/{options.account_sid}/{path}"
            timeout = (options.connect_timeout, options.answer_timeout)
            try:
                response = session.request(method, url, params=query, data=form, timeout=timeout)
            except requests.RequestException as error:
                # It quotes the address, and that may hold the number: it must not travel on.
                raise unanswered(error, _WHO) from None
        if not response.ok:
            raise _explained(response)
        return _json(response)


def _json(response: requests.Response) -> object:
    try:
        return response.json()
    except ValueError:
        raise unreadable(_WHO) from None


def _is_it(found: object, words: str, since: datetime) -> bool:
    """Say whether a listed message is ours. A trial account's texts begin with Twilio's own words."""
    try:
        created = parsedate_to_datetime(value_in(found, "date_created", str, _WHO))
    except ValueError:
        raise unreadable(_WHO) from None
    return created >= since and clean_text(value_in(found, "body", str, _WHO)).strip().endswith(words)


def _state(answer: object) -> DeliveryState | None:
    """Return what a message came to. A status that Twilio adds one day is still open."""
    status = value_in(answer, "status", str, _WHO)
    code = answer.get("error_code") if isinstance(answer, dict) else None
    match status:
        case "delivered" | "read":
            return DeliveryState.DELIVERED
        case "undelivered":
            return _NOT_DELIVERED.get(code, DeliveryState.TEMPORARY_FAILURE)
        case "failed" | "canceled":
            return _NOT_DELIVERED.get(code, DeliveryState.TECHNICAL_FAILURE)
        case _:
            return None


def _explained(response: requests.Response) -> ChannelError:
    """Say whether trying again can help. The text holds codes, never what Twilio wrote."""
    try:
        body = response.json()
    except ValueError:
        body = None
    code = body.get("code") if isinstance(body, dict) else None
    if code in _BAD_NUMBER:
        return PermanentError(f"{_WHO} refuses this phone number ({code})")
    if code == _FULL_QUEUE:
        return TemporaryError(f"{_WHO} asks us to come back later ({code})")
    remedy = f"{_REMEDY} (Twilio's code {code})" if isinstance(code, int) else _REMEDY
    return refusal(response.status_code, _WHO, remedy)
