"""The kinds of value that can stand in a settings file, each with its check and its refusal."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, Strict, ValidationInfo

from config.problems import refusal
from config.secret_files import SecretFile, find, holding


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is, in the words of the settings page."""

    words: str


_SHORT_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")
_HOST_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_HOST_LABEL}(?:\.{_HOST_LABEL})*")
_EMAIL = re.compile(
    rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*@(?:{_HOST_LABEL}\.)+{_HOST_LABEL}"
)
_MAX_EMAIL = 254
_MAX_LINE = 1_000
_YEARS = range(2000, 2200)


def _line(text: str) -> str:
    if not text.strip():
        raise refusal("This is empty.", "Write something here, or leave the line out if it is optional.")
    if len(text) > _MAX_LINE:
        raise refusal(f"This is longer than {_MAX_LINE} characters.", "Shorten it.")
    if not text.isprintable():
        raise refusal(
            "This holds a line break or an invisible character.",
            "Write it on one line, without control characters.",
        )
    return text.strip()


def _short_name(text: str) -> str:
    if not _SHORT_NAME.fullmatch(text):
        raise refusal(
            "This cannot be a short name.",
            "Use up to 40 lower-case letters, digits, dots, hyphens or underscores, such as oakfield-x.",
        )
    return text


def _identifier(text: str) -> str:
    if any(letter.isspace() for letter in _line(text)):
        raise refusal("An id has no spaces.", "Copy it from the platform again.")
    return text.strip()


def _handle(text: str) -> str:
    return _identifier(text).removeprefix("@") if text else ""


def _email(text: str) -> str:
    if len(text) > _MAX_EMAIL or not _EMAIL.fullmatch(text):
        raise refusal("This is not an email address that can be used.", "Write it as name@school.example.")
    return text


def _host(text: str) -> str:
    if not is_loopback(text) and not _HOST.fullmatch(text):
        raise refusal(
            "This is not the name of a computer.", 'Write a host name such as "smtp.school.example".'
        )
    return text


def _address(text: str) -> str:
    if text != "localhost":
        try:
            ipaddress.ip_address(text)
        except ValueError:
            raise refusal(
                "This is not an address of this computer.",
                'Write "127.0.0.1", or "0.0.0.0" inside a container.',
            ) from None
    return text


def as_time(value: object) -> time:
    """Return a school-local time written as ``"07:00"`` or, TOML's own way, ``07:00:00``."""
    parsed = value
    if isinstance(value, str):
        try:
            parsed = time.fromisoformat(value)
        except ValueError:
            parsed = None
    if not isinstance(parsed, time) or parsed.tzinfo is not None:
        raise refusal(
            "This is not a time of day at the school.", 'Write hours and minutes in quotes, such as "07:00".'
        )
    return parsed.replace(microsecond=0)


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _weekday_hours(value: object) -> dict[int, tuple[time, time] | None]:
    """Return hours by weekday number, Monday 0; ``None`` for a day on which nobody looks."""
    if not isinstance(value, Mapping) or not all(key in WEEKDAYS for key in value):
        raise refusal("This has to name days of the week.", 'Write it like { friday = ["08:00", "15:30"] }.')
    return {WEEKDAYS.index(day): _hours_of(hours) for day, hours in value.items()}


def _hours_of(hours: object) -> tuple[time, time] | None:
    remedy = 'Write two times, such as ["08:00", "15:30"], or [] where nobody looks on that day.'
    if not isinstance(hours, list | tuple) or len(hours) not in {0, 2}:
        raise refusal("A day has a start and an end.", remedy)
    if not hours:
        return None
    start, end = (as_time(each) for each in hours)
    if end <= start:
        raise refusal("The staffed hours of a day end before they start.", remedy)
    return start, end


def as_date(value: object) -> date:
    """Return a day written as ``2026-09-01``, with or without quotes."""
    parsed = value
    if isinstance(value, str):
        try:
            parsed = date.fromisoformat(value)
        except ValueError:
            parsed = None
    if not isinstance(parsed, date) or isinstance(parsed, datetime) or parsed.year not in _YEARS:
        raise refusal("This is not a day.", "Write year, month and day, such as 2026-09-01.")
    return parsed


def as_moment(value: object) -> datetime:
    """Return the UTC moment of a date and time that says its offset; one that does not is refused."""
    remedy = "Write date, time and offset, such as 2026-11-16T00:00:00Z."
    parsed = value
    if isinstance(value, str):
        try:
            parsed = datetime.fromisoformat(value)
        except ValueError:
            parsed = None
    if not isinstance(parsed, datetime) or parsed.year not in _YEARS:
        raise refusal("This is not a moment in time.", remedy)
    if parsed.tzinfo is None or parsed.utcoffset() is None:
        raise refusal("This time does not say how far it is from UTC.", remedy)
    return parsed.astimezone(UTC)


def _path(value: object, info: ValidationInfo) -> Path:
    if isinstance(value, Path):
        value = str(value)
    if not isinstance(value, str):
        raise refusal("This has to be the name of a file or folder.", 'Put it in quotes: "data"')
    text = _line(value)
    if text.startswith("~") or "?" in text:
        raise refusal(
            "A path cannot start with ~ or hold a question mark.",
            "Write the whole path, or a path relative to this file.",
        )
    folder: Path = (info.context or {}).get("folder", Path())
    return folder / text


def is_file(path: Path) -> bool:
    """Say whether a file is there that can be looked at."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _existing_file(path: Path) -> Path:
    if not is_file(path):
        raise refusal(
            "There is no such file.",
            "Correct the path (it is relative to this settings file), or leave the line out.",
        )
    return path


def is_loopback(host: str) -> bool:
    """Say whether ``host`` is this computer itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def split_url(text: str) -> SplitResult | None:
    """Return the parts of a URL, or ``None`` when it is none."""
    try:
        parts = urlsplit(text)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        return None
    return parts if port_fits and parts.scheme and text.isprintable() and " " not in text else None


def _web_address(text: str, danger: str, remedy: str, example: str = "https://host") -> SplitResult:
    """Return the parts of a web address that nobody on the way can read; ``danger`` says why that matters."""
    parts = split_url(text)
    if parts is None or not parts.hostname or "@" in parts.netloc:
        raise refusal("This is not a web address that can be used.", f'Write it as "{example}".')
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise refusal(danger, remedy)
    return parts


def _base_url(text: str) -> str:
    parts = _web_address(
        text,
        "A token must not travel unprotected.",
        "Use https, or leave the line out for the real service; http is for practice on this computer.",
    )
    if parts.query or parts.fragment:
        raise refusal("This is more than the beginning of an address.", 'Write it as "https://host".')
    return text.rstrip("/")


def _public_url(text: str) -> str:
    """Take the address of the console: links in messages are made of it and a few letters."""
    example = "https://socialduty.school.example"
    parts = _web_address(
        text,
        "Whoever is on the way could take a case.",
        "Use https; http is for practice on this computer.",
        example,
    )
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise refusal("The address goes on after the host.", f'Write it as "{example}".')
    return text.rstrip("/")


def _feed_url(text: str) -> str:
    """Take the address of a calendar feed; its query may hold a key, as with private Google calendars."""
    scheme, colon, rest = text.partition("://")
    address = f"https://{rest}" if colon and scheme.lower() == "webcal" else text
    _web_address(
        address,
        "Whoever is on the way could change the calendar.",
        "Use an address with https.",
        "https://school.example/terms.ics",
    )
    return address


def _known_ping(text: str) -> SplitResult:
    return _web_address(text, "Whoever is on the way could ping in our place.", "Use an address with https.")


def _known_chat(text: str) -> SplitResult:
    parts = split_url(text)
    if parts is None:
        raise refusal(
            "The file holds no address of a chat.",
            "Write it as apprise takes it, such as ntfys://host/topic.",
        )
    return parts


_BETWEEN_DIGITS = re.compile(r"\(0\)|[ ().-]")
_PHONE = re.compile(r"\+(?:447[1-9][0-9]{8}|(?!44|0)[0-9]{8,15})")


def _phone(text: str) -> str:
    """Return a mobile number as ``+447700900123``. British numbers may begin with 07."""
    digits = _BETWEEN_DIGITS.sub("", text)
    for before, after in (("00", "+"), ("07", "+447")):
        if digits.startswith(before):
            digits = after + digits.removeprefix(before)
    if not _PHONE.fullmatch(digits):
        raise refusal(
            "This is not the number of a mobile phone.",
            "Write it as 07700 900123, or with its country as +353.",
        )
    return digits


Whole = Annotated[int, Strict(), Kind("whole number")]
Flag = Annotated[bool, Strict(), Kind("true or false")]
Line = Annotated[str, AfterValidator(_line), Kind("text")]
ShortName = Annotated[str, AfterValidator(_short_name), Kind("short name")]
Identifier = Annotated[str, AfterValidator(_identifier), Kind("text")]
Handle = Annotated[str, AfterValidator(_handle), Kind("text")]
EmailAddress = Annotated[str, AfterValidator(_email), Kind("email address")]
Host = Annotated[str, AfterValidator(_host), Kind("host name")]
Address = Annotated[str, AfterValidator(_address), Kind("IP address")]
Port = Annotated[int, Strict(), Field(ge=1, le=65_535), Kind("whole number")]
Weekday = Annotated[int, Strict(), Field(ge=0, le=6), Kind("weekday, Monday is 0")]
SchoolTime = Annotated[time, BeforeValidator(as_time), Kind("time of day")]
WeekdayHours = Annotated[
    dict[int, tuple[time, time] | None], BeforeValidator(_weekday_hours), Kind("table of weekdays")
]
Day = Annotated[date, BeforeValidator(as_date), Kind("date")]
Moment = Annotated[datetime, BeforeValidator(as_moment), Kind("date and time with offset")]
Folder = Annotated[Path, BeforeValidator(_path), Kind("folder")]
File = Annotated[Path, BeforeValidator(_path), Kind("file")]
ExistingFile = Annotated[Path, BeforeValidator(_path), AfterValidator(_existing_file), Kind("file")]
Phone = Annotated[str, AfterValidator(_phone), Kind("mobile number")]
BaseUrl = Annotated[str, AfterValidator(_base_url), Kind("web address")]
PublicUrl = Annotated[str, AfterValidator(_public_url), Kind("web address")]
FeedUrl = Annotated[str, AfterValidator(_feed_url), Kind("web address")]
Token = Annotated[SecretFile, BeforeValidator(find), Kind("secret file")]
PingFile = Annotated[
    SecretFile, BeforeValidator(find), AfterValidator(holding(_known_ping)), Kind("secret file")
]
ChatFile = Annotated[
    SecretFile, BeforeValidator(find), AfterValidator(holding(_known_chat)), Kind("secret file")
]
