"""The tables about who is told when and over what: rota, texts, alerts and escalation."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import Field

from config.secret_files import Secret
from config.tables import Table
from config.text_providers import NotifyKeyFile, NotifyTemplate, TwilioAccount, TwilioSender
from config.values import (
    WEEKDAYS,
    BaseUrl,
    Day,
    Flag,
    PingFile,
    PublicUrl,
    SchoolTime,
    ShortName,
    Token,
    Whole,
)

WeekdayName = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
TextProvider = Literal["none", "govuk_notify", "twilio", "outbox"]
Who = Literal[
    "on_duty",
    "second_on_duty",
    "desk",
    "moderator",
    "dsl",
    "deputy_dsl",
    "slt",
    "headteacher",
    "governors",
    "network_manager",
]


class Rota(Table):
    """A turn of duty that comes every week. Several people may be on duty at once."""

    person: ShortName = Field(description="The short name of who is on duty.")
    school: ShortName | None = Field(
        default=None, description="The id of the school; needed when there are several."
    )
    second: Flag = Field(
        default=False,
        description="Whether the person is second on duty: told when the first does not answer.",
    )
    weekdays: Annotated[tuple[WeekdayName, ...], Field(min_length=1)] = Field(
        default=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        description="The days of the week on which the turn starts.",
    )
    start: SchoolTime = Field(default=time(), description="When the turn starts.")
    end: SchoolTime = Field(
        default=time(),
        description="When it ends; a time not later than the start is on the next day. With both left "
        "out the turn is the whole day.",
    )
    first: Day | None = Field(default=None, description="The first day on which the turn starts.")
    last: Day | None = Field(default=None, description="The last day on which the turn starts.")

    @property
    def weekday_numbers(self) -> frozenset[int]:
        """The days of the week on which the turn starts, Monday 0."""
        return frozenset(WEEKDAYS.index(name) for name in self.weekdays)


class Sms(Table):
    """How text messages leave."""

    provider: TextProvider = Field(
        default="none",
        description="Who sends texts. none: nobody; outbox: texts become files in the folder of [email].",
    )
    fallback: TextProvider = Field(default="none", description="Who sends them while the provider cannot.")
    notify_key_file: NotifyKeyFile | None = Field(
        default=None, description="GOV.UK Notify: file with the API key."
    )
    notify_template: NotifyTemplate | None = Field(
        default=None,
        description="GOV.UK Notify: the id of a text message template that holds nothing but ((message)).",
    )
    notify_base_url: BaseUrl | None = Field(
        default=None, description="GOV.UK Notify: where it is reached; left out: the real service."
    )
    twilio_account: TwilioAccount | None = Field(default=None, description="Twilio: the account SID.")
    twilio_token_file: Token | None = Field(default=None, description="Twilio: file with the auth token.")
    twilio_sender: TwilioSender | None = Field(
        default=None, description="Twilio: the number or name that texts come from."
    )
    twilio_base_url: BaseUrl | None = Field(
        default=None, description="Twilio: where it is reached; left out: the real service."
    )

    @property
    def providers(self) -> tuple[TextProvider, ...]:
        """Who sends texts, in the order in which they are asked; nothing when nobody does."""
        return tuple(name for name in (self.provider, self.fallback) if name != "none")

    @property
    def notify_key(self) -> Secret | None:
        """GOV.UK Notify's API key; ``None`` when there is none or secrets were not read."""
        return self.notify_key_file.secret if self.notify_key_file else None

    @property
    def twilio_token(self) -> Secret | None:
        """Twilio's auth token; ``None`` when there is none or secrets were not read."""
        return self.twilio_token_file.secret if self.twilio_token_file else None


class Alerts(Table):
    """How people are told, and how they take a case."""

    public_url: PublicUrl | None = Field(
        default=None,
        description="The https address under which staff reach the console; left out: messages have no link.",
    )
    require_sign_in_to_take: Flag = Field(
        default=False, description="Whether a case can only be taken after signing in, not by a link alone."
    )
    link_hours: Annotated[Whole, Field(ge=1, le=168)] = Field(
        default=72, description="Hours for which the link in a message can be used."
    )
    texts_a_day: Annotated[Whole, Field(ge=1, le=100)] = Field(
        default=6, description="Texts that one person gets in a day at most."
    )
    alerts_an_hour: Annotated[Whole, Field(ge=1, le=100)] = Field(
        default=10, description="Alerts that one person gets in an hour before they become one summary."
    )
    still_open_hours: Annotated[Whole, Field(ge=1, le=72)] = Field(
        default=4,
        description="Hours after which whoever took an urgent case is told again that it is still open.",
    )
    heartbeat: Flag = Field(
        default=True,
        description="Whether a message every morning says what is being watched, and since when.",
    )
    heartbeat_at: SchoolTime = Field(default=time(8), description="When that message goes out.")
    ping_url_file: PingFile | None = Field(
        default=None,
        description="File with a web address that is pinged while all is well, so that another service can "
        "raise the alarm when the pings stop.",
    )
    ping_every_minutes: Annotated[Whole, Field(ge=1, le=60)] = Field(
        default=5, description="Minutes between two pings."
    )

    @property
    def ping_url(self) -> Secret | None:
        """The address that is pinged; ``None`` when there is none or secrets were not read."""
        return self.ping_url_file.secret if self.ping_url_file else None


class EscalationStep(Table):
    """One step: who is told while nobody has taken the case."""

    after_minutes: Annotated[Whole, Field(ge=0, le=10_080)] = Field(
        description="Minutes after the alert. The first step has 0, each later one more than the one before."
    )
    who: Annotated[tuple[Who, ...], Field(min_length=1)] = Field(
        description="Whom to tell; desk is whoever the case belongs to."
    )
    every_minutes: Annotated[Whole, Field(ge=1, le=1440)] | None = Field(
        default=None, description="Minutes until they are told again; left out: they are told once."
    )
    repeats: Annotated[Whole, Field(ge=1, le=1000)] | None = Field(
        default=None,
        description="How often they are told again; left out: until somebody takes the case, as the last "
        "step needs it.",
    )


class Escalation(Table):
    """Who is told next while nobody takes a case. Left out: the steps that the example shows."""

    critical: tuple[EscalationStep, ...] = Field(
        default=(), description="Danger to life: one [[escalation.critical]] table for each step."
    )
    severe: tuple[EscalationStep, ...] = Field(
        default=(), description="A child may be at risk: one [[escalation.severe]] table for each step."
    )
