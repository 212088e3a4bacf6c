"""The whole sending path on one machine: a desk of real settings, a mail server, two text providers."""

from __future__ import annotations

import asyncio
import email
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, NamedTuple, Self

from aiosmtpd.controller import Controller
from sqlalchemy import select

from config.settings import load
from moderation.cases import CaseId
from moderation.intake import Arrival, receive
from moderation.tasks import TaskKind
from store import tables
from tests.fakes import PassingTime
from tests.notifications import notify_server, twilio_server
from tests.notifications.notify_server import Notify
from tests.notifications.twilio_server import Twilio
from tests.schools import write_settings
from tests.worlds import FACEBOOK, sighting
from workers.bootstrap import open_desk
from workers.desk import Desk
from workers.jobs import JOBS, work_through

DANGER = "I can't do this any more. I want to die."
QUESTION = "When is the concert?"

KINDS = (
    TaskKind.SCORE_ITEM,
    TaskKind.SETTLE_REPLY,
    TaskKind.SET_ASIDE,
    TaskKind.CLIMB,
    TaskKind.DELIVER_TEXT,
    TaskKind.DELIVER_URGENT,
    TaskKind.DELIVER,
    TaskKind.ASK_DELIVERY,
)
"""The work between a message that was read and the people who are told of it."""


class MailServer:
    """A mail server that keeps its letters, up while it is entered; it can also stop, hang and break off.

    ``answers`` holds what an address hears next, one answer for each try. While ``hangs`` it says nothing.
    ``cuts`` is how many letters still meet a line that breaks before they are taken, ``loses`` of how many
    that are taken the answer is lost. ``begun`` counts the senders it heard of.
    """

    def __init__(self, **options: Any) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        self.letters: list[EmailMessage] = []
        self.answers: dict[str, list[str]] = {}
        self.hangs = False
        self.cuts = self.loses = self.begun = 0
        self._options = options
        self._controller: Controller | None = None

    def start(self) -> None:
        """Take letters from now on."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **self._options)
        self._controller.start()

    def stop(self) -> None:
        """Be away from now on."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hangs = False
        self.stop()

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        self.begun += 1
        while self.hangs:
            await asyncio.sleep(0.01)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        waiting = self.answers.get(address)
        answer = waiting.pop(0) if waiting else "250 OK"
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        if self.cuts:
            self.cuts -= 1
            server.transport.abort()
            return "250 OK"
        self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        self.letter_came()
        if self.loses:
            self.loses -= 1
            server.transport.abort()
        return "250 OK"

    def letter_came(self) -> None:
        """A letter was taken, and its sender does not know yet."""


class Told(NamedTuple):
    """What became of one delivery."""

    person: str
    channel: str
    step: str
    occasion: str
    state: str
    attempts: int | None


@dataclass(slots=True)
class Stage:
    """A desk and all that it speaks to. ``fates``: what becomes of somebody's texts, if not delivered."""

    desk: Desk
    now: PassingTime
    mail: MailServer
    notify: Notify
    twilio: Twilio
    fates: dict[str, str] = field(default_factory=dict)

    def hear(self, name: str, words: str = DANGER) -> None:
        """Take in a comment, under a post of its own."""
        item = sighting(name, words, at=self.now(), thread=f"thread-{name}", parent=None)
        page: dict[str, Any] = {"stream": "comments", "rejected": (), "cursor": None, "earliest": None}
        items = (replace(item, post_id=f"post-{name}"),)
        receive(self.desk.ports, Arrival(FACEBOOK, items=items, started_at=self.now(), **page))

    def work(self, kinds: Sequence[TaskKind] = KINDS) -> None:
        """Do everything that is due now, what follows from it included."""
        while due := due_kinds(self.desk, kinds):
            for kind in due:
                work_through(self.desk, JOBS[kind])
            self.settle_texts()

    def settle_texts(self) -> None:
        """Let texts that were taken come to their fate."""
        fates = {self.desk.ports.people[name].phone: fate for name, fate in self.fates.items()}
        for each in self.notify.taken:
            self.notify.statuses[each["id"]] = fates.get(each["phone_number"], "delivered")
        for each in self.twilio.taken:
            self.twilio.statuses[each["sid"]] = (fates.get(each["to"], "delivered"), None)

    def play(self, **span: float) -> None:
        """Let time pass, and do everything at the moment when it comes due."""
        until = self.now() + timedelta(**span)
        self.work()
        while (at := self._next_at()) is not None and at <= until:
            self._set(max(at, self.now()))
            self.settle_texts()
            self.work()
        self._set(until)

    def _next_at(self) -> datetime | None:
        with self.desk.store.begin() as unit:
            return unit.tasks.next_at(KINDS)

    def _set(self, at: datetime) -> None:
        self.now.at = self.twilio.created = at

    def letters_to(self, person: str) -> list[EmailMessage]:
        """Return the letters that somebody got, in order."""
        address = self.desk.ports.people[person].email
        return [letter for letter in self.mail.letters if letter["To"] == address]

    def texts_to(self, person: str) -> list[dict[str, Any]]:
        """Return the texts to somebody that a provider took, those of GOV.UK Notify first."""
        phone = self.desk.ports.people[person].phone
        own = [each for each in self.notify.taken if each["phone_number"] == phone]
        return own + [each for each in self.twilio.taken if each["to"] == phone]

    def told(self, person: str | None = None, channel: str | None = None) -> list[Told]:
        """Return every delivery, or those to a person or over a channel, in the order of planning."""
        each, alert, dispatch = tables.deliveries.c, tables.alerts.c, tables.dispatches.c
        query = (
            select(each.recipient, each.channel, alert.step, alert.occasion, each.state, dispatch.attempts)
            .select_from(tables.deliveries.join(tables.alerts).outerjoin(tables.dispatches))
            .order_by(each.id)
        )
        with self.desk.store.begin() as unit:
            rows = [Told(*row) for row in unit.connection.execute(query)]
        return [row for row in rows if person in (None, row.person) and channel in (None, row.channel)]

    def case(self, number: int = 1) -> CaseId:
        """Return the id of a case, by the order of their coming."""
        with self.desk.store.begin() as unit:
            found = unit.connection.execute(select(tables.cases.c.id).order_by(tables.cases.c.id))
            return CaseId(list(found.scalars())[number - 1])


def settings_at(
    folder: Path, mail: MailServer, notify_url: str, twilio_url: str, *changes: tuple[str, str]
) -> Path:
    """Write settings that send email through ``mail`` and texts through Notify, or else Twilio."""
    (folder / "secrets").mkdir(exist_ok=True)
    for name, secret in (("notify-key", notify_server.KEY), ("twilio-token", twilio_server.TOKEN)):
        (folder / "secrets" / name).write_text(secret)
        (folder / "secrets" / name).chmod(0o600)
    account = "AC00000000000000000000000000000000"
    return write_settings(
        folder,
        "http://127.0.0.1:9",
        ('mode = "encoder"', 'mode = "rules"'),
        ('transport = "outbox"', 'transport = "smtp"\nhost = "127.0.0.1"'),
        ("port = 587", f"port = {mail.port}"),
        ('security = "starttls"', 'security = "none"'),
        ('provider = "none"', 'provider = "govuk_notify"'),
        ('fallback = "none"', 'fallback = "twilio"'),
        ("#notify_key_file", "notify_key_file"),
        ("#notify_template", "notify_template"),
        ('#notify_base_url = "http://127.0.0.1:8766"', f'notify_base_url = "{notify_url}"'),
        (f'#twilio_account = "{account}"', f'twilio_account = "{twilio_server.ACCOUNT}"'),
        ("#twilio_token_file", "twilio_token_file"),
        ("#twilio_sender", "twilio_sender"),
        ('#twilio_base_url = "http://127.0.0.1:8767"', f'twilio_base_url = "{twilio_url}"'),
        ("#public_url", "public_url"),
        (
            'email = "d.chaudhary@oakfield.example"',
            'email = "d.chaudhary@oakfield.example"\nphone = "07700 900106"',
        ),
        *changes,
    )


def due_kinds(desk: Desk, kinds: Sequence[TaskKind] = KINDS) -> list[TaskKind]:
    """Return which kinds of work are due now, in the order in which one follows from the other."""
    due = {kind for kind, _, _ in desk.store.due()}
    return [kind for kind in kinds if kind in due]


@contextmanager
def stage(
    folder: Path, *changes: tuple[str, str], mail: MailServer | None = None, now: PassingTime | None = None
) -> Iterator[Stage]:
    """Open a desk in ``folder``, on Tuesday at noon unless told otherwise, with everything it speaks to.

    ``changes`` are pairs of a text in the settings and what stands in its place.
    """
    now = now or PassingTime()
    with mail or MailServer() as post, Notify() as notify, Twilio() as twilio:
        twilio.created = now()
        settings = load(settings_at(folder, post, notify.url, twilio.url, *changes))
        with open_desk(settings, now) as desk:
            yield Stage(desk, now, post, notify, twilio)
