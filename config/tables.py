"""The tables of a settings file: every setting with its type, its default and a sentence about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from config.secret_files import Secret
from config.values import (
    Address,
    BaseUrl,
    Day,
    EmailAddress,
    ExistingFile,
    FeedUrl,
    File,
    Flag,
    Folder,
    Handle,
    Host,
    Identifier,
    Kind,
    Line,
    Moment,
    Port,
    SchoolTime,
    ShortName,
    Token,
    Weekday,
    WeekdayHours,
    Whole,
    is_loopback,
)

PRACTICE_TOKEN = "practice-token"  # noqa: S105  (no secret: the practice platforms take it from anybody)
"""What an account on the practice platforms signs in with when it names no token file."""

Nation = Literal["ENG", "WLS", "SCT", "NIR"]
PlatformName = Literal["x", "facebook", "instagram", "youtube", "bluesky", "mastodon", "feed", "manual"]
Mode = Literal["strict", "carry", "pause", "ignore_calendar"]
ClockKind = Literal["elapsed", "wall"]
Transport = Literal["outbox", "smtp"]
MailSecurity = Literal["starttls", "tls", "none"]
LogLevel = Literal["debug", "info", "warning", "error"]
ScoringMode = Literal["encoder", "linear", "rules"]


class Table(BaseModel):
    """One table of the file. It takes the keys below and no others, and never changes once read."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, hide_input_in_errors=True)


class TargetTable(Table):
    """When an answer is due. The defaults are the policy to the letter."""

    hours: Annotated[Whole, Field(ge=1, le=240)] = Field(
        default=24, description="Hours in which a message that came on a working day is answered."
    )
    mode: Mode = Field(
        default="strict",
        description=(
            "What happens when those hours end on a closed day. strict: due all the same; carry: due on the "
            "next working day; pause: closed days do not count; ignore_calendar: every day is a working day."
        ),
    )
    clock: ClockKind = Field(
        default="elapsed",
        description="elapsed: hours that really pass; wall: the same reading of the clock on the next day.",
    )
    weekend: Annotated[tuple[Weekday, ...], Field(max_length=6)] = Field(
        default=(5, 6), description="The days of the week on which nobody works."
    )
    bank_holidays: Flag = Field(
        default=True, description="Whether the nation's bank holidays are closed days."
    )
    next_day_time: SchoolTime = Field(
        default=time(23, 59, 59), description="The time of the next working day by which an answer is due."
    )
    floor: Flag = Field(
        default=False, description="Whether a message from a closed day has at least the full hours too."
    )
    auto_ack_counts: Flag = Field(
        default=False,
        description="Whether an automatic reply counts as an answer. With true every message is answered at "
        "once on paper.",
    )


class StaffedHoursTable(Table):
    """When somebody is there. Reminders come within these hours of a working day."""

    start: SchoolTime = Field(default=time(8), description="The first minute of a working day.")
    end: SchoolTime = Field(default=time(17), description="The end of a working day.")
    by_weekday: WeekdayHours = Field(
        default={},
        description="Weekdays whose hours differ: two times, or an empty list where nobody looks that day.",
    )


class NamesTable(Table):
    """The names that people call the school and its staff by, so that scoring knows who is meant.

    They stay in this file: no list, message or log shows them. Pupils' names never belong here.
    """

    head: tuple[Line, ...] = Field(
        default=(), repr=False, description="The head's names and nicknames, as parents and pupils use them."
    )
    other_staff: tuple[Line, ...] = Field(
        default=(), repr=False, description="Names and nicknames of other staff and of governors."
    )
    houses: tuple[Line, ...] = Field(
        default=(), repr=False, description="Houses, forms, buildings and places: their names are no insults."
    )
    nicknames: tuple[Line, ...] = Field(
        default=(), repr=False, description="What the school itself is called besides its name."
    )


class School(Table):
    """One school."""

    id: ShortName = Field(description="The school's short name, used by people and accounts below.")
    name: Line = Field(description="The school's name as readers know it.")
    nation: Nation = Field(
        description="Whose bank holidays apply: England, Wales, Scotland or Northern Ireland."
    )
    term_calendar: File | None = Field(
        default=None,
        description="File with the school's own terms, holidays, closures and INSET days: CSV, or iCalendar "
        "(.ics) as calendar programs save it.",
    )
    term_calendar_feed: FeedUrl | None = Field(
        default=None,
        repr=False,
        description="The address of an iCalendar feed with those dates, read every six hours; instead of "
        "term_calendar.",
    )
    rota_file: File | None = Field(
        default=None,
        description="iCalendar file (.ics) whose events say who is on duty, besides the [[rota]] tables. An "
        "event is called by the person's short name, full name or email address; 'second:' before it is the "
        "second person.",
    )
    cover_days: tuple[Day, ...] = Field(
        default=(),
        description="Days in the holidays on which somebody checks the accounts; they are working days.",
    )
    policy_version: Line = Field(
        default="1",
        description="The version of the school's policy that the target below puts into practice.",
    )
    target: TargetTable = Field(default=TargetTable(), description="When an answer is due.")
    staffed_hours: StaffedHoursTable = Field(
        default=StaffedHoursTable(), description="When somebody is there."
    )
    names: NamesTable = Field(
        default=NamesTable(), repr=False, description="What people call the school and its staff."
    )


def _free_table(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else value


class Account(Table):
    """One entry of the account register. What is not in the register is not read."""

    name: ShortName = Field(description="The account's short name, used in listings and commands.")
    platform: PlatformName = Field(description="The platform the account is on.")
    school: ShortName = Field(description="The id of the school whose account it is.")
    external_id: Identifier = Field(description="The platform's own id of the account, in quotes.")
    handle: Handle = Field(default="", description="The account's public name, without @.")
    approved_by: Line = Field(repr=False, description="Who in the leadership team approved the account.")
    approved_on: Day = Field(description="The day of the approval.")
    staff: tuple[ShortName, ...] = Field(
        description="The people who run the account: two different ones or more."
    )
    go_live: Moment = Field(
        description="From when on messages have to be answered; older ones are only listed."
    )
    poll_every_minutes: Annotated[Whole, Field(ge=1, le=1440)] = Field(
        default=5, description="Minutes between two readings of the account."
    )
    longest_gap_minutes: Annotated[Whole, Field(ge=1, le=1440)] = Field(
        default=30,
        description="Minutes between two readings at most, however quiet it is and however little the "
        "platform allows: beyond it the account counts as not watched.",
    )
    sweep_every_hours: Annotated[Whole, Field(ge=1, le=168)] = Field(
        default=24,
        description="Hours between two sweeps, which read everything of the last days again and look up "
        "what is no longer shown.",
    )
    leave_out: tuple[Line, ...] = Field(
        default=(),
        description="Streams that are not read, for example messages; somebody has to look there by hand.",
    )
    may_act: Flag = Field(
        default=False,
        description="Whether replies, hiding, deleting and blocking may be done from here, when a person "
        "says so. It needs a token with those permissions.",
    )
    app: ShortName | None = Field(
        default=None,
        description="The developer app or project that the token belongs to, where several accounts share "
        "one and its allowance; left out: one for each platform.",
    )
    monthly_budget_dollars: Annotated[Whole, Field(ge=1)] | None = Field(
        default=None,
        description="What reading the account may cost in a month, in US dollars. When it comes near, the "
        "account is read as seldom as longest_gap_minutes allows, and the network manager is told.",
    )
    base_url: BaseUrl | None = Field(
        default=None,
        description="Where the platform is reached; left out: the real platform. For practice and proxies.",
    )
    token_file: Token | None = Field(
        default=None,
        description="File with the account's access token. Left out: the token that 'accounts connect' "
        "stored; on this computer's practice platforms none is needed.",
    )
    responders: tuple[Identifier, ...] = Field(
        default=(),
        description="The platform's ids of other accounts that may answer for the school."
        " What they answer counts.",
    )
    staff_accounts: tuple[Identifier, ...] = Field(
        default=(),
        repr=False,
        description="The platform's ids of staff members' personal accounts. What they write is no answer, "
        "and the headteacher is told.",
    )
    automatic_replies: tuple[Line, ...] = Field(
        default=(),
        description="The texts that the platform sends in the school's name by itself, word for word: they "
        "are no answers.",
    )
    options: Annotated[dict[str, Any], BeforeValidator(_free_table), Kind("table")] = Field(
        default={}, description="Further settings of this platform's connector."
    )

    @property
    def token(self) -> Secret | None:
        """The token that the settings give; ``None`` when there is none, or secrets were not read."""
        if self.token_file is not None:
            return self.token_file.secret
        return Secret(PRACTICE_TOKEN) if self.is_practice else None

    @property
    def is_practice(self) -> bool:
        """Whether the account is on this computer's practice platforms."""
        return self.base_url is not None and is_loopback(urlsplit(self.base_url).hostname or "")


class Scoring(Table):
    """How messages are judged."""

    mode: ScoringMode = Field(
        default="encoder",
        description="encoder: rules and both models; linear: rules and the small model, for machines with "
        "little memory; rules: the rules alone, which miss a good deal.",
    )


class Email(Table):
    """How email leaves."""

    transport: Transport = Field(
        default="outbox",
        description="outbox: messages become files in folder; smtp: a mail server sends them.",
    )
    folder: Folder = Field(default=Path("outbox"), description="Where the outbox is.")
    host: Host | None = Field(default=None, description="The mail server.")
    port: Port = Field(
        default=587, description="The mail server's port; usually 587 with starttls, 465 with tls."
    )
    security: MailSecurity = Field(
        default="starttls",
        description="How the way to the mail server is protected; none is for plain_hosts only.",
    )
    plain_hosts: tuple[Host, ...] = Field(
        default=(),
        description="Mail servers without TLS on our own container network: names without a dot. This "
        "computer itself never needs to be listed.",
    )
    username: Line | None = Field(
        default=None, description="The name to sign in with, when the server asks for one."
    )
    ca_file: ExistingFile | None = Field(
        default=None,
        description="Certificates (PEM) of the school's own authority, when its mail server has one.",
    )
    password_file: Token | None = Field(
        default=None, description="File with the password that belongs to username."
    )
    sender: EmailAddress = Field(
        default="socialduty@school.invalid",
        description="The address that messages come from; needed for smtp.",
    )

    @property
    def password(self) -> Secret | None:
        """The password; ``None`` when there is none or secrets were not read."""
        return self.password_file.secret if self.password_file else None


class Report(Table):
    """The weekly report."""

    folder: Folder = Field(default=Path("reports"), description="Where reports are kept.")
    send_at: SchoolTime = Field(default=time(7), description="When the report goes out.")
    weekday: Weekday = Field(
        default=0, description="The day on which the report about the last week goes out."
    )


class Console(Table):
    """The pages on which moderators work."""

    host: Address = Field(default="127.0.0.1", description="The address on which the console listens.")
    port: Port = Field(default=8080, description="The port on which the console listens.")
