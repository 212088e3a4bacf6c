"""What every platform's sign-in offers: questions, a page to open, and a token with what it may do.

A sign-in works over ssh: it names an address, a person opens it in any browser, allows the access, and pastes
back what the browser shows. Nothing listens, and nothing secret is part of an address that a person sees.

1. :meth:`SignIn.questions` are asked: the keys of the school's own app on the platform.
2. :meth:`SignIn.open` gives the address and what to ask for afterwards.
3. :meth:`SignIn.finish` turns the answers into a :class:`Grant`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

from connectors.base import BadResponse, BugOrConfig, Identity, Refused

Answers = Mapping[str, str]
"""What a person answered, by the name of the question."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask a person. ``secret``: nothing is shown while they type.

    An empty answer means ``default``; without one the question has to be answered, unless ``optional``.
    """

    name: str
    words: str
    secret: bool = False
    default: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """What a person does in a browser: the ``steps`` in order, at ``address`` if there is one.

    ``questions`` are asked afterwards. ``kept`` is what :meth:`SignIn.finish` needs of the beginning.
    """

    steps: tuple[str, ...] = ()
    address: str | None = None
    questions: tuple[Question, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a platform granted.

    ``secret`` is JSON that only this platform's sign-in and connector read. ``external_id`` is whose it is by
    the platform's own word. ``scopes`` are what it may do. ``expires_at`` (UTC) is when it ends for good,
    ``renew_before`` when it should have been renewed; ``None`` where the platform names no time. ``remarks``
    are sentences for the person.
    """

    secret: str = field(repr=False)
    external_id: str
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    renew_before: datetime | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignInContext:
    """Whose account is signed in, and what it is for: no more is asked for than that takes.

    ``options`` are the connector's own settings. ``base_url`` stands in for all of the platform's addresses.
    """

    identity: Identity
    may_act: bool = False
    reads_messages: bool = True
    base_url: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)


class SignIn(Protocol):
    """How one account on one platform is signed in.

    ``single_use`` says that a token can be renewed once only: whoever begins has to finish, or the account
    has to be connected again. ``lives_on_use``: its end moves away each time that it is used.
    """

    platform: ClassVar[str]
    single_use: ClassVar[bool]
    lives_on_use: ClassVar[bool]

    def scopes(self) -> tuple[str, ...]:
        """Name the permissions that are asked for: for reading, and for acting where the account may act."""
        ...

    def questions(self) -> tuple[Question, ...]:
        """Return what has to be known before the page can be opened."""
        ...

    def open(self, answers: Answers, now: datetime) -> Opening:
        """Return the page where a person allows the access. Raises :class:`ConnectorError`."""
        ...

    def finish(self, opening: Opening, answers: Answers, now: datetime) -> Grant:
        """Turn what came back into a token. Raises :class:`ConnectorError`; then nothing is to be kept."""
        ...

    def token(self, secret: str) -> str:
        """Return what the connector is given, from a grant's secret."""
        ...

    def expires_at(self, secret: str) -> datetime | None:
        """Return when ``secret`` says of itself that it ends; ``None`` when it does not."""
        ...

    def can_renew(self, secret: str, now: datetime) -> bool:
        """Say whether :meth:`renew` could help now."""
        ...

    def renew(self, secret: str, now: datetime) -> Grant:
        """Ask the platform for a newer token in exchange, once.

        Raises:
            Unsure: it was sent and the answer was lost.
            AuthExpired: the platform takes it no more; the account has to be connected again.
            ConnectorError: it was surely not done.
        """
        ...

    def revoke(self, secret: str, now: datetime) -> bool:
        """Tell the platform that the token is not needed any more. ``False`` where it takes no such word.

        Raises :class:`ConnectorError` when it could not be told.
        """
        ...


class NotRenewed:
    """For platforms whose tokens nobody renews here: they last, or their own SDK renews them."""

    single_use: ClassVar[bool] = False
    lives_on_use: ClassVar[bool] = False

    def expires_at(self, secret: str) -> datetime | None:
        """Such a token says nothing of its end."""
        return None

    def can_renew(self, secret: str, now: datetime) -> bool:
        """Nothing could be done."""
        return False

    def renew(self, secret: str, now: datetime) -> Grant:
        """Is never called, because :meth:`can_renew` says no."""
        raise BugOrConfig("This platform's tokens are not renewed. Connect the account again.")


CALLBACK = Question(
    "pasted", "Paste the whole address that the browser shows now (or only the code in it)", secret=True
)
"""The question after an OAuth page. What is pasted is good for a token, so it is not shown either."""


def address(base_url: str | None, host: str, path: str, query: Mapping[str, str] | None = None) -> str:
    """Return an address on the platform, or on what stands in for it."""
    asked = f"?{urlencode(query)}" if query else ""
    return f"{(base_url or host).rstrip('/')}{path}{asked}"


def fresh_state() -> dict[str, str]:
    """Return a new ``state`` and PKCE ``verifier``: they tie the answer to this very question."""
    return {"state": secrets.token_urlsafe(24), "verifier": secrets.token_urlsafe(48)}


def challenge(verifier: str) -> str:
    """Return what may be shown of a PKCE verifier (RFC 7636, S256)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def code_in(pasted: str, state: str) -> str:
    """Return the code from what a person pasted: the whole address, its query, or the code alone.

    Raises:
        Refused: the person did not allow it, or the address belongs to another sign-in.
        BugOrConfig: there is no code in it.
    """
    text = pasted.strip()
    if not text or any(letter.isspace() for letter in text):
        raise BugOrConfig("That is neither an address nor a code. Begin again and paste it in one piece.")
    if "=" not in text:
        return text.removesuffix("#_")
    told = parse_qs(urlsplit(text).query or text.rpartition("?")[2].partition("#")[0])
    if "error" in told:
        raise Refused("The platform says that the access was not allowed. Begin again, and allow it.")
    if "code" not in told:
        raise BugOrConfig(
            "There is no code in that address. Paste the one shown after you allowed the access."
        )
    if not secrets.compare_digest(told.get("state", [""])[0].encode(), state.encode()):
        raise Refused(
            "That address belongs to another sign-in: its state is not ours. Begin again, and paste the "
            "address that this very sign-in led to."
        )
    return told["code"][0]


def text_in(answer: Mapping[str, object], name: str, platform: str) -> str:
    """Return a text of an answer. Raises :class:`BadResponse` when it is missing or no text."""
    value = answer.get(name)
    if isinstance(value, str) and value:
        return value
    raise BadResponse(f"{platform} answered the sign-in without {name}. Begin again.")


def identifier_in(answer: Mapping[str, object], name: str, platform: str) -> str:
    """Return an id of an answer as text. Raises :class:`BadResponse` when there is none."""
    value = answer.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text_in(answer, name, platform)


def scopes_in(value: object, otherwise: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return permissions given as a list, or as a text with blanks or commas; ``otherwise`` when not said."""
    if isinstance(value, str) and value:
        return tuple(value.replace(",", " ").split())
    if isinstance(value, list):
        return tuple(each for each in value if isinstance(each, str))
    return otherwise


def ahead(seconds: object, now: datetime) -> datetime | None:
    """Return the time so many seconds from ``now``; ``None`` for what is no number of up to 20 years."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < 631_152_000:
        return None
    return now + timedelta(seconds=seconds)


def kept_in(secret: str) -> dict[str, str]:
    """Read back the JSON of a grant's secret. Raises :class:`BugOrConfig` when it is none."""
    try:
        told = json.loads(secret)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise BugOrConfig("The stored token cannot be read. Connect the account again.")
    return {name: value for name, value in told.items() if isinstance(value, str)}


def secret_of(**parts: str) -> str:
    """Write a grant's secret."""
    return json.dumps(parts)
