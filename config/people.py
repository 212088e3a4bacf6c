"""The table of a person at the school, with when they are there and how they are reached."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.secret_files import Secret
from config.tables import Table
from config.values import ChatFile, Day, EmailAddress, Kind, Line, Phone, ShortName, WeekdayHours

RoleName = Literal[
    "moderator",
    "dsl",
    "deputy_dsl",
    "slt",
    "headteacher",
    "governors",
    "data_protection",
    "media",
    "network_manager",
]


class Away(Table):
    """Days on which somebody is not there."""

    first: Day = Field(description="The first day away.")
    last: Day = Field(description="The last day away.")


class Person(Table):
    """Somebody at the school."""

    name: ShortName = Field(description="The person's short name, used with --as and in staff below.")
    full_name: Line = Field(repr=False, description="The person's name as colleagues know it.")
    email: EmailAddress = Field(repr=False, description="Where messages reach the person.")
    roles: Annotated[frozenset[RoleName], Field(min_length=1), Kind("list of roles")] = Field(
        description="What the person is to the school; this decides which messages they get."
    )
    schools: tuple[ShortName, ...] = Field(
        default=(), description="The schools in which the person has these roles; left out: all of them."
    )
    trained_on: Day | None = Field(
        default=None, description="The day on which the person was last trained in the social media policy."
    )
    phone: Phone | None = Field(
        default=None,
        repr=False,
        description="The person's mobile phone, for texts: as 07700 900123, or with its country as +353.",
    )
    chat_file: ChatFile | None = Field(
        default=None,
        description="File with one address as apprise takes it (Teams, Slack, ntfy and others), which is "
        "told besides. Needs the extra 'chat'.",
    )
    known_as: tuple[Line, ...] = Field(
        default=(),
        repr=False,
        description="Other names that people call the person by, so that nobody is told of what is about "
        "themselves.",
    )
    hours: WeekdayHours = Field(
        default={},
        description="Weekdays on which the person's hours differ from the school's: two times, or an empty "
        "list for a day on which they do not work.",
    )
    leaves_on: Day | None = Field(
        default=None, description="The person's last day at the school; afterwards they are told nothing."
    )
    away: tuple[Away, ...] = Field(
        default=(), description="When the person is away; one [[people.away]] table for each time."
    )

    @property
    def chat(self) -> Secret | None:
        """The chat's address; ``None`` when there is none or secrets were not read."""
        return self.chat_file.secret if self.chat_file else None
