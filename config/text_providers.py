"""What the providers of texts are asked with, each with its check: half a key is found before an alarm is."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from config.problems import refusal
from config.secret_files import SecretFile, find, holding
from config.values import Identifier, Kind, Line

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_NOTIFY_KEY = re.compile(rf"\S*{_UUID}-{_UUID}")
_TWILIO_ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
_TWILIO_SENDER = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{5,6}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


def _known_notify_key(text: str) -> str:
    if not _NOTIFY_KEY.fullmatch(text):
        raise refusal(
            "The file holds no whole key of GOV.UK Notify.",
            "A key is its name and two long identifiers. Make one under API integration, and copy all of it.",
        )
    return text


def _notify_template(text: str) -> str:
    if not re.fullmatch(_UUID, text):
        raise refusal(
            "This is not the id of a template.",
            "Open the template in GOV.UK Notify and copy its id, 36 characters long.",
        )
    return text


def _twilio_account(text: str) -> str:
    if not _TWILIO_ACCOUNT.fullmatch(text):
        raise refusal("This is not an account SID.", "It begins with AC and is 34 characters long.")
    return text


def _twilio_sender(text: str) -> str:
    if not _TWILIO_SENDER.fullmatch(text):
        raise refusal(
            "Twilio can send no texts under this.",
            "Write one of the account's numbers, such as +447700900123, or a name of up to 11 letters.",
        )
    return text


NotifyKeyFile = Annotated[
    SecretFile, BeforeValidator(find), AfterValidator(holding(_known_notify_key)), Kind("secret file")
]
NotifyTemplate = Annotated[Identifier, AfterValidator(_notify_template)]
TwilioAccount = Annotated[Identifier, AfterValidator(_twilio_account)]
TwilioSender = Annotated[Line, AfterValidator(_twilio_sender)]
